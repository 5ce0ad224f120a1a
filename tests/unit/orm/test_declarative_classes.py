"""How declarative classes are read."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, ClassVar, Literal, NewType, Optional, Union

import pytest

from relvar import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    exc,
    func,
)
from relvar.inspection import inspect
from relvar.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    DeclarativeMeta,
    DynamicMapped,
    Mapped,
    MappedAsDataclass,
    MappedColumn,
    Unmapped,
    WriteOnlyMapped,
    add_mapped_attribute,
    as_declarative,
    attribute_keyed_dict,
    column_property,
    composite,
    declarative_base,
    declared_attr,
    has_inherited_table,
    mapped_as_dataclass,
    mapped_column,
    orm_insert_sentinel,
    registry,
    relationship,
    synonym,
    synonym_for,
    unmapped_column,
    unmapped_dataclass,
)
from relvar.orm.exc import MappedAnnotationError


class Color(enum.Enum):
    RED = 1
    GREEN = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int | None


UserId = NewType("UserId", int)
intpk = Annotated[int, mapped_column(primary_key=True)]
str50 = Annotated[str, 50]
stamp = Annotated[datetime.datetime, mapped_column(nullable=False, server_default=func.now())]


def columns(cls: Any) -> list[tuple[str, str, bool]]:
    return [(c.name, repr(c.type), c.nullable) for c in cls.__table__.c]


def make(base: Any, annotation: Any = None, value: Any = None, name: str = "Made", **body: Any) -> Any:
    """Map a class with one attribute ``x``."""
    body = {"__tablename__": "made", "id": Column(Integer, primary_key=True), "__module__": __name__, **body}
    if annotation is not None:
        body["__annotations__"] = {"x": annotation}
    if value is not None:
        body["x"] = value
    return type(name, (base,), body)


@pytest.fixture
def Base() -> Any:
    class Base(DeclarativeBase):
        pass

    return Base


def test_types_and_nullability_from_annotations(Base: Any) -> None:
    class D(Base):
        __tablename__ = "d"
        a: Mapped[UserId] = mapped_column(primary_key=True)
        b: Mapped[bool]
        c: Mapped[bytes]
        d: Mapped[datetime.date]
        e: Mapped[datetime.timedelta]
        f: Mapped[decimal.Decimal]
        g: Mapped[float]
        h: Mapped[uuid.UUID]
        i: Mapped[Color]
        j: Mapped[Literal["a", "b"]]
        k: Mapped[datetime.time | None]
        l: Mapped[Optional[str]]  # noqa: UP045, E741  # a spelling people use
        m: Mapped[Union[int, None]]  # noqa: UP007  # as above
        n: Mapped["str"]  # noqa: UP037  # as above
        o = mapped_column(Integer)
        p: Mapped[int] = mapped_column(nullable=True)
        q: Mapped[dict[str, Any]] = mapped_column(JSON)

    assert columns(D) == [
        ("a", "Integer()", False),
        ("b", "Boolean()", False),
        ("c", "LargeBinary()", False),
        ("d", "Date()", False),
        ("e", "Interval()", False),
        ("f", "Numeric()", False),
        ("g", "Double()", False),
        ("h", "Uuid()", False),
        ("i", "Enum('RED', 'GREEN', name='color')", False),
        ("j", "Enum('a', 'b', native_enum=False)", False),
        ("k", "Time()", True),
        ("l", "String()", True),
        ("m", "Integer()", True),
        ("n", "String()", False),
        ("o", "Integer()", True),
        ("p", "Integer()", True),
        ("q", "JSON()", False),
    ]


def test_type_maps_and_presets() -> None:
    class Base(DeclarativeBase):
        type_annotation_map = {str50: String(50), str: Text(), dict[str, Any]: JSON(), int | str: String(7)}

    class F(Base):
        __tablename__ = "f"
        id: Mapped[intpk]
        a: Mapped[str50]
        b: Mapped[str50 | None]
        c: Mapped[stamp]
        d: Mapped[str]
        e: Mapped[dict[str, Any]]
        f: Mapped[Annotated[str, "other"]]
        g: Mapped[stamp | None]
        h: Mapped[str | int]

    assert columns(F) == [
        ("id", "Integer()", False),
        ("a", "String(length=50)", False),
        ("b", "String(length=50)", True),
        ("c", "DateTime()", False),
        ("d", "Text()", False),
        ("e", "JSON()", False),
        ("f", "Text()", False),
        ("g", "DateTime()", False),
        ("h", "String(length=7)", False),
    ]
    assert F.__table__.c.id.primary_key and F.__table__.c.c.server_default is not None

    @event.listens_for(Base.registry, "resolve_type_annotation")
    def _resolve(resolve_type: Any) -> Any:
        if resolve_type.resolved_type is Color:
            return String(resolve_type.resolve(str50).length + 1)
        return None

    assert repr(make(Base, Mapped[Color]).__table__.c.x.type) == "String(length=51)"


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        (
            Mapped[object],
            None,
            "Could not locate SQLAlchemy Core type when resolving for Python type indicated by",
        ),
        (Mapped[list[str]], None, "'list\\[str\\]' inside the Mapped\\[\\] annotation for the 'x' attribute"),
        (Mapped[int | str], None, "the type object is not resolvable by the registry"),
        (int, None, 'Type annotation for "Made.x" can\'t be correctly interpreted'),
        (int, mapped_column(Integer), 'Type annotation for "Made.x" can\'t be correctly interpreted'),
        (int, relationship("Made"), 'Type annotation for "Made.x" can\'t be correctly interpreted'),
        (Mapped, None, 'Type annotation for "Made.x" can\'t be correctly interpreted'),
        (Mapped["Zip"], None, "Could not resolve all types within mapped annotation: .*Ensure all types"),  # type: ignore[name-defined]
        ("Mapped[", None, "Could not interpret annotation"),
    ],
)
def test_wrong_annotations(Base: Any, annotation: Any, value: Any, message: str) -> None:
    with pytest.raises(MappedAnnotationError, match=message):
        make(Base, annotation, value)


def test_what_is_not_mapped(Base: Any) -> None:
    assert make(Base, ClassVar[int], 5).x == 5
    assert make(Base, "ClassVar[int]", __tablename__="other", name="Other").__table__.c.keys() == ["id"]
    body = {"__tablename__": "third", "__allow_unmapped__": True, "up": Column(ForeignKey("third.id"))}
    made = make(Base, int, relationship("Third"), name="Third", **body)
    assert made.__table__.c.keys() == ["id", "up"]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (
            {"__tablename__": None},
            exc.InvalidRequestError,
            "does not have a __table__ or __tablename__ specified and does not inherit from an existing",
        ),
        (
            {"id": None},
            exc.ArgumentError,
            "could not assemble any primary key columns for mapped table 'made'",
        ),
        ({"__table_args__": 5}, exc.ArgumentError, "__table_args__ value must be a tuple, dict, or None"),
        (
            {"id": mapped_column(primary_key=True)},
            exc.ArgumentError,
            'Python typing annotation is required for attribute "Made.id"',
        ),
        (
            {
                "__table__": Table("x", MetaData(), Column("id", Integer, primary_key=True)),
                "id": None,
                "y": Column(Integer),
            },
            exc.ArgumentError,
            "Can't add additional column 'y' when specifying __table__",
        ),
    ],
)
def test_wrong_classes(Base: Any, body: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make(Base, **body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"metadata": Column(Integer)}, "Attribute name 'metadata' should be left reserved for the MetaData"),
        ({"registry": Column(Integer)}, "Attribute name 'registry' should be left reserved"),
        ({"y": (Column(Integer),)}, "Ignoring declarative-like tuple value of attribute 'y'"),
    ],
)
def test_warnings(Base: Any, body: Any, message: str) -> None:
    with pytest.warns(exc.SAWarning, match=message):
        make(Base, **body)


def test_the_order_of_columns(Base: Any) -> None:
    class Mixin:
        mid = mapped_column(Integer, primary_key=True)
        created: Mapped[datetime.datetime]
        x = Column(Integer)

        @declared_attr
        def made(cls) -> Any:
            return mapped_column(ForeignKey("a.id2"))

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

    class Second:
        second: Mapped[str]

    class A(Mixin, Second, Base):
        id2 = mapped_column(Integer)
        title: Mapped[str]
        z = Column("zed", Integer)
        y: Mapped[int | None] = mapped_column(sort_order=-1)
        late = Column(Integer)

    names = ["y", "id2", "zed", "title", "late", "mid", "x", "created", "made", "second"]
    assert A.__table__.c.keys() == names and A.__table__.name == "a"
    assert inspect(A).attrs.keys() == [name.replace("zed", "z") for name in names]
    assert A.x is not Mixin.x and isinstance(Mixin.x, Column)


def test_relationships_from_annotations(Base: Any) -> None:
    class A(Base):
        __tablename__ = "a"
        id: Mapped[intpk]
        many: Mapped[list[B]] = relationship(back_populates="one")
        some: Mapped[set["B"]] = relationship(viewonly=True)  # noqa: UP037  # a spelling people use
        by_id: Mapped[dict[int, B]] = relationship(viewonly=True, collection_class=attribute_keyed_dict("id"))
        query: DynamicMapped[B] = relationship(viewonly=True)
        write: WriteOnlyMapped["B"] = relationship(viewonly=True)  # noqa: UP037  # as above

    class B(Base):
        __tablename__ = "b"
        id: Mapped[intpk]
        a_id: Mapped[int] = mapped_column(ForeignKey("a.id"))
        one: Mapped[Optional["A"]] = relationship(back_populates="many")  # noqa: UP045, UP037  # as above

    Base.registry.configure()
    props = inspect(A).relationships
    assert [props[k].mapper.class_ for k in ("many", "some", "by_id", "query", "write")] == [B] * 5
    assert (props.many.collection_class, props.some.collection_class) == (list, set)
    assert (props.query.lazy, props.write.lazy) == ("dynamic", "write_only")
    assert not inspect(B).relationships.one.uselist
    with pytest.raises(MappedAnnotationError, match="for relationship 'x' is not a class or the name of one"):
        make(Base, Mapped[5], relationship())  # type: ignore[valid-type]  # the test


def test_mix_ins_and_abstract_classes(Base: Any) -> None:
    class HasName:
        name: Mapped[str]

        @declared_attr.directive
        def __table_args__(cls) -> Any:
            return (UniqueConstraint("name"), {"info": {"of": cls.__name__}})

        @declared_attr
        def copies(cls) -> Mapped[list[Any]]:
            return relationship(cls, remote_side=[cls.id], primaryjoin=lambda: cls.id == cls.parent_id)

    class Abstract(HasName, Base):
        __abstract__ = True
        id: Mapped[intpk]
        metadata = MetaData()

    class A(Abstract):
        __tablename__ = "a"
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("a.id"))

    class B(Abstract):
        __tablename__ = "b"
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("b.id"))

    Base.registry.configure()
    assert A.__table__.metadata is Abstract.metadata and A.__table__.info == {"of": "A"}
    assert A.copies.property.mapper.class_ is A and B.copies.property.mapper.class_ is B
    assert A.name.property is not B.name.property and inspect(Abstract, raiseerr=False) is None
    with pytest.raises(exc.InvalidRequestError, match="must be declared as @declared_attr callables"):
        type(
            "C",
            (type("Mixin", (), {"a": relationship("A")}), Base),
            {"__tablename__": "c", "id": Column(Integer, primary_key=True)},
        )


def test_cascading_declared_attr(Base: Any) -> None:
    class Mixin:
        @declared_attr.cascading
        def id(cls) -> Any:
            if has_inherited_table(cls):
                return mapped_column(ForeignKey("a.id"), primary_key=True)
            return mapped_column(Integer, primary_key=True)

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

    class A(Mixin, Base):
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "a"}

    class B(A):
        __tablename__ = "b"
        __mapper_args__ = {"polymorphic_identity": "b"}

    assert str(inspect(B).inherit_condition) == "a.id = b.id"


def test_unmanaged_access_warns() -> None:
    class Mixin:
        @declared_attr
        def x(cls) -> Any:
            return mapped_column(Integer)

    with pytest.warns(
        exc.SAWarning, match="Unmanaged access of declarative attribute x from non-mapped class Mixin"
    ):
        assert isinstance(Mixin.x, MappedColumn)


def test_attributes_that_come_later(Base: Any) -> None:
    class E(Base):
        __tablename__ = "e"
        id: Mapped[intpk]

    E.a = mapped_column(Integer)
    E.b = Column("l2", String)
    E.c = column_property(E.__table__.c.a + 1)
    E.d = E.a
    E.plain = 5
    add_mapped_attribute(E, "up_id", mapped_column(ForeignKey("e.id")))
    E.up = relationship("E", remote_side=E.id)
    assert E.__table__.c.keys() == ["id", "a", "l2", "up_id"]
    assert inspect(E).attrs.keys() == ["id", "a", "b", "c", "d", "up_id", "up"]
    thing = E(d=4, up=E(b="x"))
    assert thing.a == 4 and thing.up.b == "x" and E.plain == 5
    with pytest.raises(
        NotImplementedError, match="Can't un-map individual mapped attributes on a mapped class"
    ):
        del E.b
    del E.plain


def test_bases() -> None:
    metadata = MetaData()

    class Root:
        """A base of the program's own."""

        def hello(self) -> str:
            return "hello"

    Made = declarative_base(cls=Root, name="Made", metadata=metadata, constructor=None)
    assert isinstance(Made, DeclarativeMeta) and Made.__doc__ == Root.__doc__ and Made.metadata is metadata

    class A(Made):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)

    assert A().hello() == "hello"
    with pytest.raises(TypeError):
        A(id=1)

    class NoMeta(DeclarativeBaseNoMeta):
        registry = registry(metadata=metadata)

    class B(NoMeta):
        __tablename__ = "b"
        id: Mapped[intpk]

    assert B(id=1).id == 1 and type(B) is type and B.metadata is metadata

    @as_declarative(metadata=metadata)
    class Decorated:
        def hi(self) -> str:
            return "hi"

    class C(Decorated):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)

    assert C(id=2).hi() == "hi" and inspect(C).local_table.metadata is metadata
    reg = registry()

    @reg.mapped
    class D:
        __tablename__ = "d"
        id = Column(Integer, primary_key=True)

    assert D(id=3).id == 3  # type: ignore[call-arg]  # the constructor came with the mapping
    with pytest.raises(
        exc.InvalidRequestError, match="Cannot use 'DeclarativeBase' directly as a declarative base"
    ):
        type("E", (DeclarativeBase,), {"__tablename__": "e"})
    with pytest.raises(exc.InvalidRequestError, match="not an instance of sqlalchemy.orm.registry"):
        type("F", (DeclarativeBase,), {"registry": 5})
    with pytest.raises(exc.InvalidRequestError, match="no 'registry' attribute"):
        DeclarativeMeta("G", (), {})


def test_other_kinds_of_attributes(Base: Any) -> None:
    class V(Base):
        __tablename__ = "v"
        id: Mapped[intpk]
        start: Mapped[Point] = composite(mapped_column("x1"), mapped_column("y1"))
        end: Mapped[Point | None] = composite(mapped_column("x2"), mapped_column("y2"))
        name: Mapped[str] = mapped_column("nm")
        other = synonym("name")
        hidden: Unmapped[int] = unmapped_column(Integer, server_default="1")
        sentinel: Mapped[int] = orm_insert_sentinel()

        @synonym_for("name")
        @property
        def loud(self) -> str:
            return self.name.upper()

    assert [c.nullable for c in V.__table__.c if c.name in ("x1", "y1", "nm")] == [False, True, False]
    assert not hasattr(V, "hidden") and "hidden" in V.__table__.c
    thing = V(start=Point(1, 2), other="a")
    assert thing.name == "a" and thing.loud == "A" and thing.end is None and thing.start == Point(1, 2)
    thing.end = Point(3, 4)
    assert (thing.x2, thing.y2) == (3, 4)
    thing.end = None
    assert thing.x2 is None
    assert str(V.start == Point(1, 2)) == "v.x1 = :x1_1 AND v.y1 = :y1_1"
    assert str(V.other == "a") == "v.nm = :nm_1" == str(V.loud == "a")


# Dataclasses ----------------------------------------------------------------------------------------------


def test_mapped_dataclasses(Base: Any) -> None:
    class G(MappedAsDataclass, Base):
        __tablename__ = "g"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        name: Mapped[str]
        n: Mapped[int | None] = mapped_column(default=7)
        kids: Mapped[list[H]] = relationship(default_factory=list, back_populates="g")

    class H(MappedAsDataclass, Base, kw_only=True):
        __tablename__ = "h"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        gid: Mapped[int] = mapped_column(ForeignKey("g.id"), init=False)
        g: Mapped[G | None] = relationship(back_populates="kids", default=None, repr=False)

    thing = G("x")
    assert repr(thing).endswith("G(id=None, name='x', n=7, kids=[])") and thing == G("x")
    assert "n" not in vars(G("y"))
    assert [f.name for f in dataclasses.fields(G)] == ["id", "name", "n", "kids"]
    kid = H(g=thing)
    assert thing.kids == [kid] and G(name="z", n=None).n is None
    with pytest.raises(TypeError):
        G()  # type: ignore[call-arg]  # the test
    with pytest.raises(TypeError):
        H(thing)  # type: ignore[misc]  # the test
    assert G.__table__.c.n.default.arg == 7


def test_dataclass_decorators_and_mix_ins() -> None:
    reg = registry()

    @unmapped_dataclass(kw_only=True)
    class Mixin:
        note: Mapped[str | None] = mapped_column(default=None)

    @mapped_as_dataclass(reg, repr=False)
    class A(Mixin):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)

    thing: Any = A(1, note="n")  # type: ignore[call-arg]  # the constructor came with the mapping
    assert (thing.id, thing.note) == (1, "n") and "id=1" not in repr(thing)
    with pytest.raises(TypeError, match="unexpected keyword argument 'nothing'"):
        reg.mapped_as_dataclass(nothing=1)(type("B", (), {"__tablename__": "b", "__annotations__": {}}))
    with pytest.raises(exc.ArgumentError, match="includes dataclasses argument.s.: 'init' but class"):
        reg.mapped(
            type("C", (), {"__tablename__": "c", "id": mapped_column(Integer, primary_key=True, init=False)})
        )
