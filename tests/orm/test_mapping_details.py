"""Smaller things that mappings can be told: strings, collections, defaults, values set as loaded."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    cast,
    event,
    exc,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.ext.associationproxy import association_proxy
from relvar.ext.hybrid import hybrid_property
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    PropComparator,
    Query,
    Session,
    aliased,
    attributes,
    column_property,
    composite,
    declarative_base,
    mapped_column,
    relationship,
    synonym,
)
from relvar.orm.attributes import set_committed_value


def rows_of(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    """Return rows as the database has them."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_what_strings_may_mean() -> None:
    def mapped(**given: Any) -> Any:
        Base = declarative_base()
        Table("a.b", Base.metadata, Column("a_id", ForeignKey("a.id")), Column("b_id", ForeignKey("b.id")))

        class A(Base):
            __tablename__ = "a"
            id = Column(Integer, primary_key=True)
            b_id = Column(ForeignKey("b.id"))
            bs = relationship("B", **given)

        class B(Base):
            __tablename__ = "b"
            id = Column(Integer, primary_key=True)
            s = Column(String(9))

        try:
            return A.bs.property  # configures
        finally:
            Base.registry.dispose()

    for order, shown in {
        "cast(B.s, Integer)": "CAST(b.s AS INTEGER)",
        "type_coerce(B.s, types.Integer)": None,
        "collate(B.s, 'x')": "b.s COLLATE x",
        "cast(B.s, Numeric(10, 2)).desc()": "CAST(b.s AS NUMERIC(10, 2)) DESC",
        "Cast(B.s, Integer)": "CAST(b.s AS INTEGER)",
        "bitwise_not(B.id)": "~b.id",
        "create_engine('sqlite://')": None,
        "inspect(B)": None,
        "exc": None,
        "open('x')": None,
    }.items():
        if shown is None:
            with pytest.raises(exc.InvalidRequestError, match="failed to locate a name"):
                mapped(order_by=order)
        else:
            assert [str(one) for one in mapped(order_by=order).order_by] == [shown]
    for no_column in ("text('x')", "table('x')", "select(B.id)", "Select", "Integer", "func"):
        with pytest.raises(exc.ArgumentError, match="Column expression expected for argument 'order_by'"):
            mapped(order_by=no_column)
    assert mapped(secondary="a.b").secondary.name == "a.b"
    for no_table in ("join(A, B)", "a.join(b)", "func.x(1)", "func"):
        with pytest.raises(exc.InvalidRequestError, match="failed to locate a name"):
            mapped(secondary=no_table)


class Things(list[Any]):
    """A collection of one's own."""


class Pair:
    """A value of two columns."""

    def __init__(self, x: int | None, y: int | None) -> None:
        self.x, self.y = x, y

    def __composite_values__(self) -> tuple[int | None, int | None]:
        return self.x, self.y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and (other.x, other.y) == (self.x, self.y)

    __hash__ = None  # type: ignore[assignment]  # a value that changes


def test_a_collection_class_for_an_annotation_of_its_own(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("parents.id"))

    class Parent(Base):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)
        children: Mapped[Things] = relationship("Child", collection_class=Things)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Parent(children=Things([Child(), Child()])))
        session.commit()
    with Session(engine) as session:
        parent = session.scalars(select(Parent)).one()
        assert type(parent.children) is Things and len(parent.children) == 2
        parent.children.pop()
        session.commit()
    assert len(rows_of(engine, "SELECT id FROM children WHERE parent_id IS NOT NULL")) == 1


def test_defaults_of_fields_are_for_dataclasses() -> None:
    class Base(DeclarativeBase):
        pass

    with pytest.raises(exc.ArgumentError, match="Only 'None' is accepted as dataclass default"):
        relationship("Other", default=5)
    for made in (
        lambda: relationship("Other", default=None),
        lambda: composite(Pair, Column("x", Integer), Column("y", Integer), default=None),
        lambda: association_proxy("others", "name", default=None),
    ):
        with pytest.raises(exc.ArgumentError, match="includes dataclasses argument.s.: 'default'"):
            type("A", (Base,), {"__tablename__": "a", "id": Column(Integer, primary_key=True), "x": made()})
        Base.metadata.clear()


def test_committed_values_of_composites(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Dot(Base):
        __tablename__ = "dots"
        id: Mapped[int] = mapped_column(primary_key=True)
        at: Mapped[Pair] = composite(mapped_column("x", Integer), mapped_column("y", Integer))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Dot(at=Pair(1, 2)))
        session.commit()
        dot = session.scalars(select(Dot)).one()
        set_committed_value(dot, "at", Pair(3, 4))
        assert dot.at == Pair(3, 4) and not session.dirty
        session.commit()
        assert dot.at == Pair(1, 2)
        set_committed_value(dot, "at", None)
        assert dot.at is None and not session.dirty
        dot.at = Pair(5, 6)
        session.commit()
        with pytest.raises(KeyError):
            set_committed_value(dot, "nothing", 1)
    assert rows_of(engine, "SELECT x, y FROM dots") == [(5, 6)]


def test_names_of_mapped_things_and_their_loggers() -> None:
    class Base(DeclarativeBase):
        pass

    class Dot(Base):
        __tablename__ = "dots"
        id: Mapped[int] = mapped_column(primary_key=True)
        next_id: Mapped[int | None] = mapped_column(ForeignKey("dots.id"))
        next: Mapped[Dot | None] = relationship(remote_side=[id])

    mapper = inspect(Dot)
    shown = (mapper, mapper.attrs.id, mapper.attrs.next, inspect(aliased(Dot, name="d")))
    assert [one.path_string() for one in shown] == ["Dot", "Dot.id", "Dot.next", "aliased(Dot)"]
    logging = (mapper, mapper.attrs.id, mapper.attrs.next, Query(Dot))
    assert [(one.logger.name, one.logging_name) for one in logging] == [
        ("sqlalchemy.orm.mapper.Mapper", None),
        ("sqlalchemy.orm.properties.ColumnProperty", None),
        ("sqlalchemy.orm.relationships.RelationshipProperty", None),
        ("sqlalchemy.orm.query.Query", None),
    ]
    assert Mapper.logger is mapper.logger


def test_functions_of_attributes_know_synonyms(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(9))
        login: Mapped[str] = synonym("name")
        also: Mapped[str] = synonym("login")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(login="ann"))
        session.commit()
        user = session.scalars(select(User)).one()
        set_committed_value(user, "also", "loaded")
        assert user.name == "loaded" and not session.dirty
        attributes.set_attribute(user, "login", "set")
        assert attributes.get_attribute(user, "also") == "set"
        assert attributes.get_history(user, "login") == ([("set")], (), ["loaded"])
        session.commit()
        assert user.name == "set"
        attributes.flag_modified(user, "login")
        assert user in session.dirty
        with pytest.raises(KeyError, match="User has no mapped attribute 'lgoin'; did you mean 'login'"):
            attributes.flag_modified(user, "lgoin")
        session.commit()
    assert rows_of(engine, "SELECT name FROM users") == [("set",)]
    mapper = inspect(User)
    with pytest.raises(AttributeError, match="nam; did you mean 'name'"):
        mapper.attrs.nam  # the access raises
    with pytest.raises(AttributeError, match="nam; did you mean 'name'"):
        mapper.columns.nam  # as above
    with pytest.raises(TypeError, match="ReadOnlyProperties object is immutable"):
        mapper.attrs.name = None


def test_hybrids_in_casts_bulk_operations_and_proxies(sqlite_engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        boss_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
        boss: Mapped[User | None] = relationship("User", remote_side="User.id")
        boss_shown = association_proxy("boss", "shown")
        twice = column_property(id * 2)

        @hybrid_property
        def shown(self) -> Any:
            return self.name + "!"

        @shown.inplace.setter
        def _set_shown(self, value: str) -> None:
            self.name = value.rstrip("!")

        @hybrid_property
        def kind(self) -> str:
            return "user"

    Base.metadata.create_all(sqlite_engine)
    assert str(select(cast(User.shown, Text))).endswith("AS TEXT) AS anon_1 \nFROM users")
    with pytest.raises(exc.InvalidRequestError, match="\"User.kind\" as a SQL expression.*got: 'user'"):
        select(User.kind)
    with Session(sqlite_engine) as session:
        for refused in (insert(User), update(User)):
            with pytest.raises(exc.InvalidRequestError, match="bulk_dml decorated function: User.shown"):
                session.execute(refused, [{"id": 1, "shown": "ann!"}])
        session.add(User(name="ann", boss=User(name="bob")))
        session.commit()
        ann = session.scalars(select(User).where(User.boss_shown == "bob!")).one()
        ann.boss_shown = "cy!"
        assert (ann.name, ann.boss_shown, ann.boss.name) == ("ann", "cy!", "cy")  # type: ignore[union-attr]  # has one
    assert inspect(User).columns.keys() == ["twice", "id", "name", "boss_id"]


def test_columns_of_several_subclasses_are_read_at_once(engine: Any, sql_log: Any) -> None:
    class Base(DeclarativeBase):
        type_annotation_map: ClassVar[Any] = {str: String(9)}

    class A(Base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        __mapper_args__: ClassVar[Any] = {"polymorphic_on": "kind", "polymorphic_identity": "a"}

    class B(A):
        __tablename__ = "b"
        id: Mapped[int] = mapped_column(ForeignKey("a.id"), primary_key=True)
        x: Mapped[int]
        __mapper_args__: ClassVar[Any] = {"polymorphic_identity": "b"}

    class C(B):
        __tablename__ = "c"
        id: Mapped[int] = mapped_column(ForeignKey("b.id"), primary_key=True)
        y: Mapped[int]
        __mapper_args__: ClassVar[Any] = {"polymorphic_identity": "c"}

    class D(A):
        __tablename__ = "d"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str | None]
        z: Mapped[int]
        __mapper_args__: ClassVar[Any] = {"concrete": True}

    assert inspect(D).attrs.keys() == ["kind", "id", "z"]
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(C(x=1, y=2))
        session.commit()
        log = sql_log(engine)
        found = session.scalars(select(A)).one()
        assert (found.x, found.y, len(log)) == (1, 2, 2)  # type: ignore[attr-defined]  # a C
        assert "FROM b, c" in " ".join(log[1][0].split()) and "a.id" not in log[1][0]


def test_rows_are_found_by_all_that_is_known_as_their_key(engine: Any, sql_log: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Place(Base):
        __table__ = Table(
            "places", Base.metadata, Column("row", Integer), Column("seat", Integer), Column("who", String(9))
        )
        __mapper_args__: ClassVar[Any] = {"primary_key": [__table__.c.row, __table__.c.seat]}

    class Coded(Base):
        __tablename__ = "coded"
        id: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str] = mapped_column(String(9))
        number: Mapped[int]
        __mapper_args__: ClassVar[Any] = {"primary_key": ["code"]}

    with pytest.warns(
        exc.SAWarning, match="any primary keys for locally mapped table 'sub'.*primary_key=True"
    ):

        class Sub(Coded):
            __tablename__ = "sub"
            coded_id: Mapped[int] = mapped_column(ForeignKey("coded.id"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Place(row=1, seat=n, who="x") for n in (1, 2)])
        session.add_all([Coded(id=n, code=str(n), number=0) for n in (1, 2)])
        session.add(Sub(id=3, code="3", number=0))
        session.commit()
        log = sql_log(engine)
        session.get(Place, (1, 2)).who = "y"  # type: ignore[union-attr]  # it is there
        session.get(Coded, "2").number = 5  # type: ignore[union-attr]  # as above
        session.commit()
        session.delete(session.get(Place, (1, 1)))
        session.commit()
    assert (
        rows_of(engine, "SELECT who FROM places") == [("y",)] and rows_of(engine, "SELECT * FROM sub") == []
    )
    assert rows_of(engine, "SELECT number FROM coded ORDER BY id") == [(0,), (5,), (0,)]
    changes = [statement for statement, _ in log if statement.startswith("UPDATE")]
    assert len(changes) == 2 and all(each.count(" AND ") == 1 for each in changes)


def test_a_synonym_tells_of_which_property_it_is() -> None:
    class Base(DeclarativeBase): ...

    class Named(Base):
        __tablename__ = "named"
        id: Mapped[int] = mapped_column(primary_key=True)
        first: Mapped[str]
        second = synonym("first")
        third = synonym("second")

    properties = inspect(Named).attrs
    assert properties["second"]._proxied_object is properties["first"]
    assert properties["third"]._proxied_object is properties["first"]


def test_an_object_that_takes_over_a_row_was_updated(sqlite_engine: Any) -> None:
    class Base(DeclarativeBase): ...

    class Kept(Base):
        __tablename__ = "kept"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    told: list[str] = []
    for name in ("before_insert", "after_insert", "before_update", "after_update", "after_delete"):
        event.listen(Kept, name, lambda m, c, obj, name=name: told.append(f"{name} {obj.name}"))
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(old := Kept(id=1, name="old"))
        session.commit()
        told.clear()
        session.delete(old)
        session.add(Kept(id=1, name="new"))
        session.commit()
    assert told == ["before_insert new", "after_update new"]


def test_a_column_property_may_name_a_column_twice() -> None:
    class Base(DeclarativeBase): ...

    class Twice(Base):
        __table__ = Table("twice", Base.metadata, Column("id", Integer, primary_key=True))
        number = column_property(__table__.c.id, __table__.c.id)

    assert inspect(Twice).get_property_by_column(Twice.__table__.c.id).key == "number"


def test_a_comparator_may_set_its_property() -> None:
    class Own(PropComparator[Any]):
        def __init__(self, prop: Any) -> None:
            self.property = prop

    assert Own("named").property == "named"


def test_a_property_of_ones_own_that_does_not_say_that_it_is_set_up_is_set_up_once() -> None:
    from relvar.orm.interfaces import MapperProperty

    made: list[str] = []

    class Generic(MapperProperty):  # type: ignore[type-arg]  # as programs write it
        inherit_cache = True

        def init(self) -> None:
            made.append(self.key)

    class Thing(declarative_base()):  # type: ignore[misc]  # made in this test
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        other = Generic()

    Thing()
    assert made == ["other"]
