"""Classes in the place of relvar's own are called as any class is; statements say what they have to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, Select, String, create_engine, exc, select
from relvar.engine import Connection, CursorResult, Engine, RootTransaction
from relvar.orm import Session, SessionTransaction, declarative_base

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


@pytest.fixture
def engine() -> Iterator[Any]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all([User(id=1, name="ann"), User(id=2, name="bob")])
    yield engine
    engine.dispose()


def own(base: Any, method: str, seen: list[str]) -> Any:
    """Make a class with one of the three methods by which making an object may do more."""
    if method == "__call__":

        class Meta(type(base)):  # type: ignore[misc]  # made here
            def __call__(cls, *args: Any, **kw: Any) -> Any:
                seen.append(method)
                return super().__call__(*args, **kw)

        return Meta("Own", (base,), {})

    def new(cls: Any, *args: Any, **kw: Any) -> Any:
        seen.append(method)
        return base.__new__(cls)

    def init(self: Any, *args: Any, **kw: Any) -> None:
        seen.append(method)
        base.__init__(self, *args, **kw)

    return type("Own", (base,), {method: new if method == "__new__" else init})


METHODS = pytest.mark.parametrize("method", ["__init__", "__new__", "__call__"])


@METHODS
def test_connections_of_an_engine(engine: Any, method: str) -> None:
    seen: list[str] = []
    engine._connection_cls = own(Connection, method, seen)
    with engine.connect() as connection:
        assert type(connection) is engine._connection_cls
        assert connection.execute(select(User.name).order_by(User.id)).all() == [("ann",), ("bob",)]
    with Session(engine) as session:
        assert session.get(User, 1).name == "ann"
    assert seen == [method] * 2


def test_a_class_of_connections_with_methods_of_its_own_for_anything_else(engine: Any) -> None:
    class Named(Connection):
        def name_of(self, number: int) -> str:
            return str(self.scalar(select(User.name).where(User.id == number)))

    engine._connection_cls = Named
    with engine.connect() as connection:
        assert (type(connection), connection.name_of(2), connection.closed) == (Named, "bob", False)
    assert connection.closed


def test_an_engine_that_connects_in_its_own_way(engine: Any) -> None:
    seen = []

    class Counting(Engine):
        def connect(self) -> Connection:
            seen.append("connect")
            return super().connect()

    counting = Counting(engine.pool, engine.dialect, engine.url)
    with counting.connect() as connection, connection.begin():
        assert connection.scalar(select(User.name)) == "ann"
    with Session(counting) as session:
        assert session.scalars(select(User).order_by(User.id)).first().name == "ann"
    with counting.begin() as connection:
        assert connection.scalar(select(User.id)) == 1
    assert seen == ["connect"] * 3


@METHODS
@pytest.mark.parametrize(
    ("place", "base"),
    [
        ("relvar.engine.transactions", RootTransaction),
        ("relvar.orm.session.transaction", SessionTransaction),
        ("relvar.engine.execute", CursorResult),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_classes_put_in_the_place_of_others(
    engine: Any, monkeypatch: pytest.MonkeyPatch, place: str, base: Any, method: str
) -> None:
    seen: list[str] = []
    name = base.__name__
    monkeypatch.setattr(f"{place}.{name}", own(base, method, seen))
    with Session(engine) as session:
        row = session.execute(select(User.name).where(User.id == 1).order_by(User.name)).one()
        assert row.name == "ann"
        session.get(User, 2).name = "bea"
        session.commit()
        assert session.connection().execute(select(User.name).order_by(User.id)).scalars().all() == [
            "ann",
            "bea",
        ]
    assert method in seen


class Counted(Select[Any]):
    """A statement whose options are made when they are asked for."""

    inherit_cache = True
    asked = 0

    @property
    def _execution_options(self) -> Any:
        Counted.asked += 1
        return {"populate_existing": True}


def test_statements_with_properties(engine: Any) -> None:
    with Session(engine) as session:
        ann = session.get(User, 1)
        ann.name = "another"
        with session.no_autoflush:
            found = session.scalars(Counted(User).where(User.id == 1)).one()
        assert (found is ann, ann.name) == (True, "ann")
        with session.no_autoflush:
            ann.name = "another"
            assert session.scalars(select(User).where(User.id == 1)).one().name == "another"
    assert Counted.asked


def test_parameters_and_options_of_a_statement(engine: Any) -> None:
    statement = select(User).where(User.name == "ann")
    with Session(engine) as session:
        ann = session.scalars(statement).one()
        assert session.scalars(statement.params(name_1="bob")).one().name == "bob"
        ann.name = "another"
        with session.no_autoflush:
            again = statement.execution_options(populate_existing=True)
            assert session.scalars(again).one().name == "ann"


@pytest.mark.parametrize(
    "given",
    [User, Select, "select 1", 5, None, User.id, User.__table__.c.id, User.__table__.c.id == 1, select],
)
def test_what_is_no_statement(engine: Any, given: Any) -> None:
    with Session(engine) as session:
        for _ in range(2):  # what is known of a class afterwards changes nothing
            with pytest.raises(
                exc.ArgumentError, match=r"Executable SQL or text\(\)|should be explicitly declared"
            ):
                session.execute(given)
        assert session.scalar(select(User.name).where(User.id == 1)) == "ann"
