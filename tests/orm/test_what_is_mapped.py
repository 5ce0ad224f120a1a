"""Which names of a class body and its bases become mapped attributes, and when other classes are needed."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, ClassVar, Generic, Literal, TypeVar

import pytest

from relvar import (
    Column,
    Date,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.ext.hybrid import hybrid_property
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    WriteOnlyMapped,
    aliased,
    declarative_base,
    declared_attr,
    mapped_column,
    registry,
    relationship,
    synonym,
)


def new_base(**attributes: Any) -> Any:
    return type("Base", (DeclarativeBase,), attributes)


def names(cls: Any) -> list[str]:
    return sorted(inspect(cls).attrs.keys())


# What a class has itself ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "held", [5, "", False, property(lambda self: "own"), staticmethod(len), None], ids=repr
)
def test_what_a_class_has_itself_takes_the_place_of_a_column(engine: Any, held: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("name", String(9)))
    mapping = registry()
    is_mapped = held is None

    class Plain:
        name = held

    class Inherits(Plain):
        pass

    class Base(DeclarativeBase):
        pass

    class Given(Base):
        __table__ = table
        name = held

    class Whole(Base):
        __tablename__ = "whole"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None] = mapped_column(String(9))

    class Single(Whole):
        name = held

    class Joined(Whole):
        __tablename__ = "joined"
        id: Mapped[int] = mapped_column(ForeignKey("whole.id"), primary_key=True)
        name = held

    mapping.map_imperatively(Plain, table)
    for cls in (Plain, Given, Single, Joined):
        assert names(cls) == (["id", "name"] if is_mapped else ["id"])
    assert names(Whole) == ["id", "name"]
    mapping.dispose()
    mapping.map_imperatively(Inherits, table)  # a base's attribute gives way
    assert names(Inherits) == ["id", "name"]

    metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Given(id=1))
        session.commit()
    with Session(engine) as session:
        assert session.execute(select(table)).all() == [(1, None)]
        assert session.scalars(select(Given)).one().name == Given(id=1).name


def test_fields_of_dataclasses_and_columns_of_other_names_are_mapped() -> None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(9)))
    mapping = registry()

    @dataclasses.dataclass
    class Data:
        id: int = 0
        name: str = "nobody"

    class Renamed:
        @property
        def id(self) -> int:
            return self._id  # type: ignore[attr-defined,no-any-return]  # the column's attribute

        @hybrid_property
        def name(self) -> Any:
            return self._name

    class Prefixed(Renamed):
        pass

    mapping.map_imperatively(Data, table)
    mapping.map_imperatively(Renamed, table, properties={"_id": table.c.id, "_name": table.c.name})
    mapping.map_imperatively(Prefixed, table, column_prefix="_")
    assert names(Data) == ["id", "name"] and Data().name == "nobody"
    for cls in (Renamed, Prefixed):
        assert names(cls) == ["_id", "_name"] and cls(_id=4).id == 4  # type: ignore[call-arg]  # mapped
        assert str(select(cls.name)).split() == "SELECT t.name FROM t".split()


# What mix-ins declare ---------------------------------------------------------------------------------


def test_mixins_and_what_takes_their_place() -> None:
    class Named:
        name: Mapped[str] = mapped_column(String(9))
        code: Mapped[int]

        @declared_attr
        def made(cls) -> Mapped[int]:
            return mapped_column(index=True)

    class Plain:
        name = "plain"
        code = 5
        made = None

    base = new_base()

    def columns(number: int, *bases: Any, ann: Any = None, **body: Any) -> dict[str, Any]:
        body |= {"__tablename__": f"t{number}", "id": mapped_column(Integer, primary_key=True)}
        cls: Any = type(f"C{number}", (*bases, base), {**body, "__annotations__": ann or {}})
        return {c.key: type(c.type).__name__ for c in cls.__table__.c if c.key != "id"}

    assert columns(1, Named) == {"name": "String", "code": "Integer", "made": "Integer"}
    # a value in the class, or in a mix-in before, takes the name; None does of a column, not of an annotation
    assert columns(2, Named, name=1, code=1, made=1) == {}
    assert columns(3, Named, name=None, code=None, made=None) == {"code": "Integer"}
    assert columns(4, Plain, Named) == {}
    assert columns(5, Named, Plain) == {"name": "String", "made": "Integer"}
    # an annotation alone leaves the declaration to the mix-in
    again = {"name": Mapped[int], "code": Mapped[str], "made": Mapped[str]}
    assert columns(6, Named, ann=again) == {"name": "String", "code": "Integer", "made": "String"}
    assert columns(7, type("Again", (), {"__annotations__": again}), Named) == {
        "name": "String",
        "code": "String",
        "made": "Integer",
    }
    # with None it is a declaration
    assert columns(8, Named, ann={"name": Mapped[int | None]}, name=None)["name"] == "Integer"
    assert columns(9, ann={"name": Mapped[str | None], "rest": ClassVar[int]}, name=None) == {
        "name": "String"
    }


def test_cascading_attributes_win() -> None:
    class Dated:
        @declared_attr.cascading
        def day(cls) -> Any:
            return mapped_column(Date)

    base = new_base()
    with pytest.warns(exc.SAWarning, match="'day' on class .*cannot be processed due to @declared_attr.casc"):

        class Own(Dated, base):
            __tablename__ = "own"
            id: Mapped[int] = mapped_column(primary_key=True)
            day: Mapped[str] = mapped_column(String(9))

    class Annotated(Dated, base):
        __tablename__ = "annotated"
        id: Mapped[int] = mapped_column(primary_key=True)
        day: Mapped[str]

    assert isinstance(Own.__table__.c.day.type, Date) and isinstance(Annotated.__table__.c.day.type, Date)


# A table that was given, reserved names ----------------------------------------------------------------


def test_annotations_beside_a_table_are_for_type_checkers(sqlite_engine: Any) -> None:
    base = new_base()

    class Keyed:
        id: Mapped[int] = mapped_column(primary_key=True)
        absent: Mapped[int]

    class Node(Keyed, base):
        __table__ = Table(
            "node",
            base.metadata,
            Column("id", Integer, primary_key=True),
            Column("node_id", ForeignKey("node.id")),
        )
        node_id: Mapped[int | None]
        nothing: Mapped[complex]
        nodes: WriteOnlyMapped[Node] = relationship()

    assert names(Node) == ["id", "node_id", "nodes"] and not hasattr(Node, "nothing")
    base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add_all([Node(id=1), Node(id=2, node_id=1)])
        session.commit()
        assert session.scalars(session.get(Node, 1).nodes.select()).one().node_id == 1  # type: ignore[union-attr]


def test_attributes_of_reserved_names_are_stored(sqlite_engine: Any) -> None:
    base = new_base()
    with pytest.warns(exc.SAWarning, match="should be left reserved"):

        class Document(base):
            __tablename__ = "document"
            id: Mapped[int] = mapped_column(primary_key=True)
            metadata: Mapped[str]
            parent_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
            parent: Mapped[Document | None] = relationship("Document", remote_side="Document.id")

    base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(Document(id=2, metadata="b", parent=Document(id=1, metadata="a")))
        session.commit()
        assert session.scalars(select(Document.metadata).order_by(Document.id)).all() == ["a", "b"]


def test_a_generic_base_stays_generic() -> None:
    T = TypeVar("T")

    class Own(Generic[T]):
        pass

    Base = declarative_base(cls=Own)

    class User(Base[int]):  # type: ignore[misc,valid-type]  # made by a function
        __tablename__ = "user"
        id = Column(Integer, primary_key=True)

    assert Base[int] is Base and User[str] is User and User(id=1).id == 1


class Colour(enum.Enum):
    red = "r"


def test_enums_of_the_type_map() -> None:
    base = new_base(type_annotation_map={enum.Enum: Enum(native_enum=False, length=20)})
    named = new_base(type_annotation_map={enum.Enum: Enum, Literal: Enum(enum.Enum, name="word")})
    texts = new_base(type_annotation_map={Literal: String(7)})
    found = []
    for each in (base, named, texts):

        class Thing(each):  # type: ignore[misc,valid-type]  # a variable
            __tablename__ = "thing"
            id: Mapped[int] = mapped_column(primary_key=True)
            colour: Mapped[Colour]
            word: Mapped[Literal["a", "bb"]]

        found += [Thing.__table__.c.colour.type, Thing.__table__.c.word.type]
    assert list(map(repr, found)) == [
        "Enum('red', name='colour', native_enum=False, length=20)",
        "Enum('a', 'bb', native_enum=False)",
        "Enum('red', name='colour')",
        "Enum('a', 'bb', name='word', native_enum=False)",
        "Enum('red', name='colour')",
        "String(length=7)",
    ]


# Before other classes are known -------------------------------------------------------------------------

EARLY: dict[str, Any] = {
    "select": select,
    "columns": lambda A: select(A.id).where(A.id == 1).order_by(A.id),
    "join": lambda A: select(A).join(A.b),
    "text": lambda A: select(A).from_statement(text("SELECT * FROM a")),
    "alias": lambda A: select(aliased(A)),
    "in": lambda A: select(A.id).where(A.id.in_(select(A.id))),
    "exists": lambda A: select(A.id).where(select(A).exists()),
    "count": lambda A: select(func.count()).select_from(A),
    "insert": lambda A: insert(A).values(kind="a").returning(A),
    "update": lambda A: update(A).where(A.id == 1).values(kind="a"),
    "delete": lambda A: delete(A).where(A.id == 9),
}


@pytest.mark.parametrize("build", EARLY.values(), ids=EARLY)
def test_statements_are_built_before_related_classes_are_there(build: Any) -> None:
    engine = create_engine("sqlite://")
    base = new_base()

    class A(base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        b_id: Mapped[int | None] = mapped_column(ForeignKey("b.id"))
        b: Mapped[B | None] = relationship("B", back_populates="a_s")
        also: Mapped[int] = synonym("id")
        __mapper_args__: ClassVar[Any] = {"polymorphic_on": "kind", "polymorphic_identity": "a"}

    statement, mapper = build(A), inspect(A)
    assert not mapper.configured and mapper.columns.keys() == ["id", "kind", "b_id"]
    assert mapper.has_property("b") and A.id.property.columns == [A.__table__.c.id]

    class Sub(A):
        __tablename__ = "sub"
        id: Mapped[int] = mapped_column(ForeignKey("a.id"), primary_key=True)
        more: Mapped[str]
        __mapper_args__: ClassVar[Any] = {"polymorphic_identity": "sub", "polymorphic_load": "inline"}

    class B(base):
        __tablename__ = "b"
        id: Mapped[int] = mapped_column(primary_key=True)
        a_s: Mapped[list[A]] = relationship(back_populates="b")

    base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(B.__table__.insert().values(id=1))
        connection.execute(A.__table__.insert().values(id=1, kind="sub", b_id=1))
        connection.execute(Sub.__table__.insert().values(id=1, more="x"))
    executed = []
    event.listen(engine, "before_cursor_execute", lambda *args: executed.append(args[2]))
    with Session(engine) as session:
        result = session.execute(statement)
        if not getattr(statement, "is_dml", False):
            (first,) = result.one()
            if isinstance(first, Sub):
                assert first.more == "x"
        assert len(executed) <= 2
    assert A(b=B()).b.a_s
