"""Declared classes: types of annotations, mixins, dataclasses, imperative mappings, validators, binds."""

# ruff: noqa: UP006, UP007, UP035, UP037, UP045  (programs spell annotations in all these ways)

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, ClassVar, List, Literal, Optional, Union

import pytest

from relvar import (
    JSON,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    exc,
    exists,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    union,
    update,
)
from relvar.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    Mapped,
    MappedAsDataclass,
    Session,
    aliased,
    attribute_keyed_dict,
    backref,
    column_property,
    configure_mappers,
    declarative_base,
    declared_attr,
    deferred,
    has_inherited_table,
    mapped_column,
    registry,
    relationship,
    scoped_session,
    selectinload,
    sessionmaker,
    synonym,
    synonym_for,
    validates,
)
from relvar.schema import CreateTable


def ddl(table: Any) -> str:
    return " ".join(str(CreateTable(table)).split())


class Color(enum.Enum):
    red = 1
    blue = 2


intpk = Annotated[int, mapped_column(primary_key=True)]
str50 = Annotated[str, mapped_column(String(50))]
optional_text = Annotated[Optional[str], mapped_column(String(20))]
to_typed = Annotated[int, mapped_column(ForeignKey("typed.id"))]


# annotations ------------------------------


def test_types_of_annotations() -> None:
    class Base(DeclarativeBase):
        type_annotation_map = {bytes: LargeBinary(10), dict[str, Any]: JSON}

    class Typed(Base):
        __tablename__ = "typed"
        id: Mapped[intpk]
        plain: Mapped[str]
        maybe: Mapped[Optional[str]]
        pipe: Mapped[str | None]
        union: Mapped[Union[str, None]]
        mapped: Mapped[str50]
        inner: Mapped[optional_text]
        stamp: Mapped[datetime.datetime]
        day: Mapped[datetime.date]
        span: Mapped[datetime.timedelta]
        flag: Mapped[bool]
        real: Mapped[float]
        exact: Mapped[decimal.Decimal]
        raw: Mapped[bytes]
        key: Mapped[uuid.UUID]
        json: Mapped[dict[str, Any]]
        color: Mapped[Color]
        word: Mapped[Literal["x", "yy"]]
        renamed: Mapped[int] = mapped_column("other", index=True)
        forced: Mapped[Optional[int]] = mapped_column(nullable=False)
        loose: Mapped[str] = mapped_column(String(7), nullable=True, unique=True)
        bare = mapped_column(Integer)
        unmapped: ClassVar[int] = 3

    columns = Typed.__table__.c
    types = {
        "plain": "VARCHAR",
        "mapped": "VARCHAR(50)",
        "inner": "VARCHAR(20)",
        "stamp": "DATETIME",
        "day": "DATE",
        "flag": "BOOLEAN",
        "real": "DOUBLE",
        "exact": "NUMERIC",
        "key": "CHAR(32)",
        "json": "JSON",
        "color": "VARCHAR(4)",
        "word": "VARCHAR(2)",
    }
    for name, shown in types.items():
        assert str(columns[name].type) == shown, name
    assert isinstance(columns.color.type, Enum) and columns.word.type.enums == ["x", "yy"]
    assert isinstance(columns.raw.type, LargeBinary) and columns.raw.type.length == 10
    nullable = {c.name for c in columns if c.nullable}
    assert nullable == {"maybe", "pipe", "union", "inner", "loose", "bare"}
    assert Typed.renamed.property.columns[0] is columns.other and columns.other.index
    assert Typed.unmapped == 3 and "unmapped" not in columns

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[intpk]
        one: Mapped[to_typed]
        two: Mapped[Optional[to_typed]]

    assert [c.nullable for c in Child.__table__.c] == [False, False, True]
    assert len(Child.__table__.foreign_keys) == 2

    def column_type(annotation: Any) -> Any:
        name = f"T{len(Base.metadata.tables)}"
        annotations = {"id": Mapped[intpk], "value": annotation}
        made = type(Base)(name, (Base,), {"__tablename__": name.lower(), "__annotations__": annotations})
        return made.__table__.c.value.type

    for annotation in (Mapped[object], Mapped[list[str]], Mapped[Union[int, str]]):
        with pytest.raises(exc.ArgumentError, match="Could not locate SQLAlchemy Core type for Python type|"):
            column_type(annotation)
    with pytest.raises(
        exc.ArgumentError, match='Type annotation for "T.*.value" can\'t be correctly interpr'
    ):
        column_type(int)
    for annotation in ("Mapped[int]", "Mapped['int']"):
        assert isinstance(column_type(annotation), Integer)


def test_containers_of_relationships() -> None:
    class Base(DeclarativeBase):
        pass

    class Parent(Base):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)
        many: Mapped[List["Child"]] = relationship(back_populates="parent", overlaps="*")
        few: Mapped[set["Child"]] = relationship(viewonly=True)
        named: Mapped[dict[str, "Child"]] = relationship(
            collection_class=attribute_keyed_dict("name"), viewonly=True
        )

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("parents.id"))
        parent: Mapped[Optional["Parent"]] = relationship(back_populates="many")
        again: Mapped["Parent | None"] = relationship(viewonly=True)

    configure_mappers()
    kinds = {
        name: (prop.uselist, prop.mapper.class_)
        for cls in (Parent, Child)
        for name, prop in inspect(cls).relationships.items()
    }
    assert kinds == {
        "many": (True, Child),
        "few": (True, Child),
        "named": (True, Child),
        "parent": (False, Parent),
        "again": (False, Parent),
    }
    parent = Parent()
    assert (type(parent.many).__mro__[1], type(parent.few).__mro__[1]) == (list, set)


# mixins ------------------------------


def test_mixins(engine: Any) -> None:
    class Base(DeclarativeBase):
        metadata = MetaData(
            naming_convention={
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "ix": "ix_%(table_name)s_%(column_0_name)s",
            }
        )

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

        id: Mapped[int] = mapped_column(primary_key=True)

    class Owned:
        created: Mapped[Optional[datetime.datetime]] = mapped_column(
            default=datetime.datetime(2020, 1, 1), sort_order=10
        )
        position: Mapped[Optional[int]] = mapped_column(index=True, sort_order=-1)

        @declared_attr
        def owner_id(cls) -> Mapped[Optional[int]]:
            return mapped_column(ForeignKey("owner.id"))

        @declared_attr
        def owner(cls) -> Mapped[Optional["Owner"]]:
            return relationship("Owner")

        @declared_attr.cascading
        def length(cls) -> Mapped[int]:
            return mapped_column(Integer, default=len(cls.__name__))

        def doubled(self) -> int:
            return 2 * self.id

    class Owner(Base):
        name: Mapped[Optional[str]] = mapped_column(String(9))

    class One(Owned, Base):
        value: Mapped[Optional[int]]

    class Two(Owned, Base):
        value: Mapped[Optional[int]]
        __table_args__ = (UniqueConstraint("value"), Index("i_value", "value"), {"comment": "cc"})

    assert [c.name for c in One.__table__.c] == ["position", "value", "owner_id", "length", "id", "created"]
    assert "CONSTRAINT fk_one_owner_id FOREIGN KEY(owner_id) REFERENCES owner (id)" in ddl(One.__table__)
    assert {i.name for i in Two.__table__.indexes} == {"i_value", "ix_two_position"}
    assert Two.__table__.comment == "cc"
    assert One.owner_id.property is not Two.owner_id.property

    with pytest.warns(exc.SAWarning, match="Implicitly combining column one.length with column below.length"):

        class Below(One):
            __tablename__ = "below"
            id: Mapped[int] = mapped_column(ForeignKey("one.id"), primary_key=True)

        configure_mappers()
    # what the mixin declared is on the superclass; what cascades is here too
    assert [c.name for c in Below.__table__.c] == ["id", "length"]
    assert has_inherited_table(Below) and not has_inherited_table(One)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([One(id=1, value=1, owner=Owner(name="o")), Below(id=2)])
        session.commit()
        one = session.get(One, 1)
        assert (one.owner.name, one.created.year, one.length, one.doubled()) == ("o", 2020, 3, 2)
    Base.registry.dispose()


def test_classes_that_are_refused() -> None:
    class Base(DeclarativeBase):
        pass

    def make(name: str, **members: Any) -> Any:
        return type(Base)(name, (Base,), {"__module__": __name__, **members})

    key = mapped_column(Integer, primary_key=True)
    with pytest.raises(exc.ArgumentError, match=r"Mapper\[A1\(a1\)\] could not assemble any primary key"):
        make("A1", __tablename__="a1", x=Column(Integer))
    with pytest.raises(exc.ArgumentError, match="__table_args__ value must be a tuple, dict, or None"):
        make("A2", __tablename__="a2", id=key, __table_args__=5)
    make("A3", __tablename__="a3", id=mapped_column(Integer, primary_key=True))
    with pytest.raises(exc.InvalidRequestError, match="Table 'a3' is already defined for this MetaData inst"):
        make("A4", __tablename__="a3", id=mapped_column(Integer, primary_key=True))
    with pytest.warns(exc.SAWarning, match="Ignoring declarative-like tuple value of attribute 'z'"):
        make("A5", __tablename__="a5", id=mapped_column(Integer, primary_key=True), z=(Column(Integer),))
    with pytest.warns(
        exc.SAWarning, match="This declarative base already contains a class with the same cla"
    ):
        make("A3", __tablename__="a6", id=mapped_column(Integer, primary_key=True))
    with pytest.raises(
        exc.InvalidRequestError, match="Cannot use 'DeclarativeBase' directly as a declarativ"
    ):
        type("Direct", (DeclarativeBase,), {"__tablename__": "direct"})
    A7 = make("A7", __tablename__="a7", id=mapped_column(Integer, primary_key=True))
    with pytest.raises(TypeError, match="'nope' is an invalid keyword argument for A7"):
        A7(nope=3)
    with pytest.raises(TypeError, match="takes 1 positional argument but 3 were given"):
        A7(1, 2)
    abstract = make("Abstract", __abstract__=True, extra=mapped_column(Integer))

    class Concrete(abstract):  # type: ignore[valid-type,misc]  # made at run time
        __tablename__ = "concrete"
        id = mapped_column(Integer, primary_key=True)

    assert set(Concrete.__table__.c.keys()) == {"extra", "id"}
    Base.registry.dispose()


# dataclasses ------------------------------


class DataBase(MappedAsDataclass, DeclarativeBase):
    pass


class Stamped(MappedAsDataclass):
    created: Mapped[int] = mapped_column(init=False, default=4)
    label: Mapped[Optional[str]] = mapped_column(String(9), default="u", kw_only=True)


class DataUser(DataBase):
    __tablename__ = "data_users"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(String(9))
    nick: Mapped[Optional[str]] = mapped_column(String(9), default=None)
    notes: Mapped[List["DataNote"]] = relationship(back_populates="user", default_factory=list, repr=False)
    number: Mapped[int] = mapped_column(default=3, kw_only=True)
    hidden: Mapped[int] = mapped_column(default=1, compare=False, repr=False)


class DataNote(DataBase):
    __tablename__ = "data_notes"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    user_id: Mapped[Optional[int]] = mapped_column(ForeignKey("data_users.id"), init=False)
    text: Mapped[str] = mapped_column(String(9), default="q")
    user: Mapped[Optional[DataUser]] = relationship(back_populates="notes", default=None, repr=False)


class DataThing(Stamped, DataBase):
    __tablename__ = "data_things"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def test_dataclasses(engine: Any) -> None:
    DataBase.metadata.create_all(engine)
    assert repr(DataUser("x")) == "DataUser(id=None, name='x', nick=None, number=3)"
    assert DataUser("a", hidden=2) == DataUser("a", hidden=3) and DataUser("a") != DataUser("b")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        DataUser()  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError, match="unexpected keyword argument 'id'"):
        DataUser("a", id=3)  # type: ignore[call-arg]  # on purpose
    assert repr(DataThing(3)) == "DataThing(created=4, label='u', id=3)"
    with Session(engine) as session:
        session.add_all(
            [DataUser("x", notes=[DataNote("1"), DataNote()]), DataThing(1), DataThing(2, label="l")]
        )
        session.commit()
        user = session.scalars(select(DataUser)).one()
        assert [note.text for note in user.notes] == ["1", "q"] and user.notes[0].user is user
        rows = select(DataThing.id, DataThing.created, DataThing.label).order_by(DataThing.id)
        assert session.execute(rows).all() == [(1, 4, "u"), (2, 4, "l")]


def test_dataclasses_by_decorator() -> None:
    reg = registry()

    @reg.mapped_as_dataclass(order=True, kw_only=True)
    class Point:
        __tablename__ = "points"
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int] = mapped_column(default=0)

    assert repr(Point(id=1)).endswith("Point(id=1, x=0)") and Point(id=1) < Point(id=2)
    with pytest.raises(TypeError):
        Point(1)
    with pytest.raises(exc.InvalidRequestError, match="Python dataclasses error encountered when creating d"):

        @reg.mapped_as_dataclass
        class Wrong:
            __tablename__ = "wrong"
            id: Mapped[int] = mapped_column(primary_key=True, default=1)
            x: Mapped[int] = mapped_column()

    reg.dispose()


def test_bases_without_a_metaclass() -> None:
    class Base(DeclarativeBaseNoMeta):
        pass

    class Thing(Base):
        __tablename__ = "things"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert type(Thing) is type and inspect(Thing).local_table.name == "things"
    Base.registry.dispose()


# imperative ------------------------------


def test_imperative_mappings(engine: Any) -> None:
    reg = registry()
    groups = Table("groups_", reg.metadata, Column("id", Integer, primary_key=True), Column("n", String(4)))
    things = Table(
        "things",
        reg.metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("b", String(5)),
        Column("skipped", Integer),
        Column("group_id", ForeignKey("groups_.id")),
    )

    class Thing:
        def __init__(self, **values: Any) -> None:
            for key, value in values.items():
                setattr(self, key, value)

    class Group:
        pass

    mapper = reg.map_imperatively(
        Thing,
        things,
        properties={
            "number": things.c.a,
            "group": relationship(Group, backref=backref("things", order_by=things.c.id)),
            "more": column_property(things.c.a + 1),
            "late": deferred(things.c.b),
            "other": synonym("number"),
        },
        exclude_properties=["skipped"],
    )
    reg.map_imperatively(Group, groups, column_prefix="_")
    reg.metadata.create_all(engine)
    with Session(engine) as session:
        group = Group()
        group._n = "n"
        thing = Thing(number=3, late="bb", group=group)
        session.add(thing)
        session.commit()
        assert (thing.number, thing.more, thing.late, thing.other) == (3, 4, "bb", 3)
        assert group.things == [thing] and not hasattr(Thing, "skipped")
        assert session.scalars(select(Thing).where(Thing.other == 3)).one() is thing
        assert session.query(Thing).filter_by(other=3).count() == 1
    assert set(mapper.column_attrs.keys()) == {"number", "more", "late", "id", "group_id"}
    assert mapper.synonyms.keys() == ["other"] and mapper.relationships.keys() == ["group"]
    with pytest.raises(exc.ArgumentError, match="Class '.*Thing.* already has a primary mapper defined"):
        reg.map_imperatively(Thing, things)
    with pytest.raises(exc.InvalidRequestError, match="Mapper 'Mapper.*' has no property 'nope'"):
        mapper.get_property("nope")
    with pytest.raises(exc.NoInspectionAvailable):
        inspect(object())
    reg.dispose()


# validators, synonyms, binds ------------------------------


def test_validators() -> None:
    Base = declarative_base()
    seen: list[Any] = []

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        nick = Column(String(9))
        notes = relationship("Note", back_populates="user")
        by_text = relationship("Note", collection_class=attribute_keyed_dict("text"), viewonly=True)

        @validates("name", "nick")
        def check_names(self, key: str, value: Any) -> Any:
            if value == "bad":
                raise ValueError("no")
            return value.upper() if value else value

        @validates("notes", include_removes=True)
        def check_notes(self, key: str, note: Any, is_remove: bool) -> Any:
            seen.append((note.text, is_remove))
            return note

        @validates("by_text")
        def check_texts(self, key: str, note: Any) -> Any:
            seen.append(note.text)
            return note

    class Note(Base):
        __tablename__ = "notes"
        id = Column(Integer, primary_key=True)
        user_id = Column(ForeignKey("users.id"))
        text = Column(String(9))
        user = relationship(User, back_populates="notes")

        @validates("user", include_backrefs=False)
        def check_user(self, key: str, user: Any) -> Any:
            seen.append("user")
            return user

    user = User(name="a", nick=None)
    assert user.name == "A" and user.nick is None
    with pytest.raises(ValueError, match="no"):
        user.nick = "bad"
    one, two = Note(text="1"), Note(text="2")
    user.notes.append(one)
    assert seen == [("1", False)]
    seen.clear()
    user.notes = [one, two]
    assert ("2", False) in seen and "user" not in seen
    seen.clear()
    user.notes.remove(one)
    assert ("1", True) in seen
    seen.clear()
    Note(text="3", user=user)
    assert seen == ["user", ("3", False)]
    seen.clear()
    user.by_text["k"] = Note(text="k")
    user.by_text = {"z": Note(text="z")}
    assert seen == ["k", "z"]
    with pytest.raises(
        exc.InvalidRequestError, match="A validation function for mapped attribute 'id' on ma"
    ):

        class Twice(Base):
            __tablename__ = "twice"
            id = Column(Integer, primary_key=True)

            @validates("id")
            def first(self, key: str, value: Any) -> Any:
                return value

            @validates("id")
            def second(self, key: str, value: Any) -> Any:
                return value

    Base.registry.dispose()


def test_synonyms(engine: Any) -> None:
    Base = declarative_base()

    class Item(Base):
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        _x = Column("x", Integer)
        y = Column(Integer)
        parts = relationship("Part")

        def _get_x(self) -> int:
            return (self._x or 0) * 10

        def _set_x(self, value: int) -> None:
            self._x = value // 10

        x = synonym("_x", descriptor=property(_get_x, _set_x))
        pieces = synonym("parts")
        z = synonym("y", info={"a": 1})

        @synonym_for("y")
        @property
        def shown(self) -> str:
            return f"Y{self.y}"

    class Part(Base):
        __tablename__ = "parts"
        id = Column(Integer, primary_key=True)
        item_id = Column(ForeignKey("items.id"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        item = Item(x=50, z=3, pieces=[Part()])
        session.add(item)
        session.commit()
        assert (item.x, item._x, item.z, item.y, len(item.pieces), item.shown) == (50, 5, 3, 3, 1, "Y3")
        found = select(Item).where(Item.x == 5, Item.z == 3, Item.shown == 3)
        assert session.scalars(found).one() is item
        assert dict(session.execute(select(Item.x, Item.z)).one()._mapping) == {"x": 5, "z": 3}
        assert session.scalars(select(Item.id).join(Item.pieces)).all() == [item.id]
        assert session.scalars(select(Item.id).join(Part, Item.pieces)).all() == [item.id]
        assert session.scalars(select(Item.id).where(Item.pieces.any())).all() == [item.id]
        other = aliased(Item)
        assert session.scalars(select(other.z).join(other.pieces).where(other.x == 5)).all() == [3]
        session.expunge_all()
        item = session.scalars(select(Item).options(selectinload(Item.pieces))).one()
        assert "parts" in item.__dict__
        del item.z
        assert item.y is None and session.query(Item).filter_by(z=None).count() == 1
    assert inspect(Item).synonyms.keys() == ["x", "pieces", "z", "shown"]
    assert inspect(Item).attrs.z.info == {"a": 1}
    Base.registry.dispose()


def test_binds_of_classes_and_tables() -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        x = Column(Integer)

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        x = Column(Integer)

    class D(A):
        __tablename__ = "d"
        id = Column(ForeignKey("a.id"), primary_key=True)

    one, two = create_engine("sqlite://"), create_engine("sqlite://")
    for engine in (one, two):
        Base.metadata.create_all(engine)
    a, c = A.__table__, C.__table__
    for binds in (
        {A: one, C: two},
        {a: one, c: two},
        {inspect(A): one, inspect(C): two},
        {Base: one, C: two},
    ):
        with Session(binds=binds) as session:
            for entity, expected in ((A, one), (C, two), (D, one)):
                assert session.get_bind(entity) is expected, (binds, entity)
            for clause, expected in (
                (select(A.x).where(A.id == 1), one),
                (select(C.x).where(C.id == 1), two),
                (select(func.count(C.id)), two),
                (select(literal(1)).where(exists().where(C.id == 2)), two),
                (union(select(C.id), select(C.id)), two),
            ):
                assert session.get_bind(clause=clause) is expected, (binds, str(clause))
            if Base not in binds:
                for clause in (
                    select(c.c.x).where(c.c.id == 1),
                    insert(c).values(x=1),
                    update(c).values(x=1),
                    c,
                ):
                    assert session.get_bind(clause=clause) is two, (binds, str(clause))
            session.add_all([A(x=1), C(x=2), D(x=3)])
            session.commit()
            for entity, expected in ((A, one), (C, two), (D, one)):
                count = session.scalar(select(func.count()).select_from(entity))
                with expected.connect() as connection:
                    table = entity.__table__
                    assert count == connection.scalar(select(func.count()).select_from(table)) > 0
            with pytest.raises(
                exc.UnboundExecutionError, match="Could not locate a bind configured on SQL exp"
            ):
                session.execute(text("SELECT 1"))
            assert session.scalar(text("SELECT 1"), bind_arguments={"bind": two}) == 1
    with Session() as session:
        with pytest.raises(
            exc.UnboundExecutionError, match=r"Could not locate a bind configured on mapper M"
        ):
            session.get_bind(A)
        with pytest.raises(
            exc.UnboundExecutionError, match="not bound to a single Engine or Connection, and "
        ):
            session.connection()
        session.bind_mapper(A, one)
        session.bind_table(c, two)
        assert session.get_bind(A) is one and session.get_bind(C) is two
        with pytest.raises(exc.ArgumentError, match="Not an acceptable bind target: 5"):
            session.bind_mapper(5, one)
    for engine in (one, two):
        engine.dispose()
    Base.registry.dispose()


def test_scoped_sessions_hand_everything_on(sqlite_engine: Any) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        x = Column(Integer)

    Base.metadata.create_all(sqlite_engine)
    Scoped = scoped_session(sessionmaker(sqlite_engine))
    first = A(id=1, x=1)
    Scoped.add(first)
    Scoped.add_all([A(id=2), A(id=3)])
    assert first in Scoped and first in Scoped.new and len(list(Scoped)) == 3
    Scoped.flush()
    assert not Scoped.new and Scoped.is_active and Scoped.bind is sqlite_engine
    assert Scoped.get(A, 1) is first and Scoped.get_one(A, 1) is first
    first.x = 2
    assert Scoped.is_modified(first) and first in Scoped.dirty
    Scoped.commit()
    assert Scoped.execute(select(A.x).where(A.id == 1)).scalar() == 2
    assert Scoped.scalar(select(func.count(A.id))) == 3 and len(Scoped.scalars(select(A)).all()) == 3
    assert Scoped.query(A).count() == 3 and Scoped.connection().scalar(text("SELECT 1")) == 1
    Scoped.expire(first)
    Scoped.refresh(first)
    Scoped.expire_all()
    assert Scoped.merge(A(id=1, x=5)) is first and Scoped.merge_all([A(id=1, x=6)]) == [first]
    with Scoped.begin_nested():
        Scoped.delete(first)
    assert first not in Scoped
    Scoped.rollback()
    with Scoped.no_autoflush:
        assert Scoped.autoflush is False
    Scoped.autoflush = True
    assert Scoped.object_session(first) is Scoped() and Scoped.identity_key(A, 1)[1] == (1,)
    assert Scoped.get_bind() is sqlite_engine and Scoped.info == {} and len(Scoped.deleted) == 0
    two = Scoped.get(A, 2)
    Scoped.expunge(two)
    Scoped.expunge_all()
    assert len(list(Scoped.identity_map)) == 0
    Scoped.bulk_save_objects([A(id=7)])
    Scoped.bulk_insert_mappings(A, [{"id": 8}])
    Scoped.bulk_update_mappings(A, [{"id": 8, "x": 9}])
    Scoped.commit()
    with Scoped.begin():
        assert Scoped.delete_all([Scoped.get(A, 7), Scoped.get(A, 8)]) is None
    before = Scoped()
    Scoped.reset()
    Scoped.close()
    Scoped.remove()
    assert Scoped() is not before
    with pytest.raises(exc.InvalidRequestError, match="Scoped session is already present"):
        Scoped(autoflush=False)
    Scoped.remove()
    with pytest.warns(exc.SAWarning, match="At least one scoped session is already present"):
        Scoped()
        Scoped.configure(expire_on_commit=False)
    Scoped.remove()
    assert Scoped.registry.has() is False
    Base.query = Scoped.query_property()
    assert A.query.count() == 3
    Scoped.remove()
    Base.registry.dispose()


def test_classes_made_by_exec_are_mapped() -> None:
    Base = declarative_base()
    names: dict[str, Any] = {"Base": Base, "Column": Column, "Integer": Integer}
    exec("class Made(Base):\n    __tablename__ = 'made'\n    id = Column(Integer, primary_key=True)\n", names)
    made = names["Made"]
    assert made.__module__ == "builtins"
    assert str(select(made)).split() == "SELECT made.id FROM made".split()
