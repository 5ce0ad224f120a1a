"""
Classes that programs derive from those of statements and connections: what they say of themselves counts.

Executing reads what relvar's own classes have where these keep it.
"""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    BindParameter,
    Column,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    select,
)
from relvar.engine import Connection, CursorResult, Engine


@pytest.fixture
def table() -> Any:
    return Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


@pytest.fixture
def connection(table: Any) -> Iterator[Any]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}])
        yield connection
    engine.dispose()


def test_a_parameter_that_computes_its_value(connection: Any, table: Any) -> None:
    class Latest(BindParameter):  # type: ignore[type-arg]  # of any type
        inherit_cache = True
        asked = 0

        @property
        def value(self) -> Any:
            Latest.asked += 1
            return 2

        @value.setter
        def value(self, given: Any) -> None:
            pass

    statement = select(table.c.name).where(table.c.id == Latest("latest", type_=Integer(), required=False))
    assert connection.execute(statement).one() == ("bob",)
    asked = Latest.asked
    assert asked
    assert connection.execute(statement).scalar_one() == "bob"
    assert Latest.asked > asked
    listed = table.c.id.in_([1]) | (table.c.id == Latest("latest", type_=Integer(), required=False))
    assert connection.execute(select(table.c.id).where(listed)).scalars().all() == [1, 2]


def test_a_column_that_says_itself_what_it_is(connection: Any, table: Any) -> None:
    class Loud(Column):  # type: ignore[type-arg]  # of any type
        inherit_cache = True

        @property
        def type(self) -> Any:
            return String(7)

        @type.setter
        def type(self, given: Any) -> None:
            pass

    loud = Table("t", MetaData(), Column("id", Integer), Loud("name", Integer)).c.name
    compared = loud == "ann"
    assert isinstance(compared.right.type, String)
    assert compared.right.type.length == 7
    assert connection.execute(select(loud).where(compared)).one() == ("ann",)


def test_a_statement_with_options_of_its_class(connection: Any, table: Any) -> None:
    class Tagged(Select):  # type: ignore[type-arg]  # of any columns
        inherit_cache = True
        _execution_options = {"tag": "reports"}

    class Bound(Select):  # type: ignore[type-arg]  # of any columns
        inherit_cache = True

        @property
        def _params(self) -> Any:
            return {"wanted": 2}

    assert connection.execute(Tagged(table.c.name)).all() == [("ann",), ("bob",)]
    assert Tagged(table.c.name).get_execution_options() == {"tag": "reports"}
    statement = Bound(table.c.name).where(table.c.id == bindparam("wanted", type_=Integer))
    assert connection.execute(statement).one() == ("bob",)


def test_a_statement_with_a_where_of_its_own(table: Any) -> None:
    class Counting(Select):  # type: ignore[type-arg]  # of any columns
        inherit_cache = True

        def where(self, *whereclause: Any) -> Any:
            """Count the conditions."""
            made = super().where(*whereclause)
            made.conditions = len(whereclause)
            return made

    statement = Counting(table.c.id).filter(table.c.id > 1, table.c.name.is_(None))
    assert statement.conditions == 2
    assert "WHERE t.id > :id_1 AND t.name IS NULL" in str(statement)


def test_methods_say_how_they_are_called() -> None:
    assert str(inspect.signature(Select.where)).startswith("(self, *whereclause: ")
    assert str(inspect.signature(Select.options)).startswith("(self: ")
    assert Select.having.__name__ == "having"
    assert "conditions on groups" in Select.having.__doc__
    parameters = inspect.signature(Connection.execute).parameters
    assert list(parameters) == ["self", "statement", "parameters", "execution_options"]
    assert Connection.execute.__qualname__ == "Connection.execute"
    assert "ObjectNotExecutableError" in Connection.execute.__doc__


def test_a_connection_with_an_execute_of_its_own(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(Connection):
        sent = 0

        def execute(self, *arguments: Any, **options: Any) -> Any:
            """Count statements."""
            Counted.sent += 1
            return super().execute(*arguments, **options)

    engine = create_engine("sqlite://")
    monkeypatch.setattr(engine, "_connection_cls", Counted)
    with engine.connect() as connection:
        assert connection.execute(select(1)).one() == (1,)
        assert connection.execute(select(1), execution_options={"tag": 1}).one() == (1,)
    assert Counted.sent == 2


def test_a_result_with_a_one_of_its_own(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def one(self: Any) -> Any:
        read.append(self)
        return original(self)

    original = CursorResult.one
    monkeypatch.setattr(CursorResult, "one", one)
    assert connection.execute(select(1)).one() == (1,)
    assert len(read) == 1


def test_an_engine_that_chooses_its_pool() -> None:
    pools = [create_engine("sqlite://").pool for _ in range(2)]
    chosen = [0]

    class Switching(Engine):
        @property
        def pool(self) -> Any:
            return pools[chosen[0]]

        @pool.setter
        def pool(self, given: Any) -> None:
            pass

    plain = create_engine("sqlite://")
    engine = Switching(plain.pool, plain.dialect, plain.url)
    for made in (engine, copy.copy(engine)):
        for place, pool in enumerate(pools):
            chosen[0] = place
            with made.connect() as connection:
                assert connection.connection._pool is pool  # type: ignore[attr-defined]  # whose it is
    for pool in (*pools, plain.pool):
        pool.dispose()


def test_a_comparison_keeps_what_the_orm_notes_of_it(table: Any) -> None:
    noted = {"compile_state_plugin": "orm", "plugin_subject": None}
    plain = table.c.id == 1
    assert dict(plain._propagate_attrs) == {}
    marked = (table.c.id == 1)._set_propagate_attrs(noted)
    copies = [
        marked,
        copy.copy(marked),
        copy.deepcopy(marked),
        pickle.loads(pickle.dumps(marked)),
        marked._clone(),
        select(marked.label("same")).selected_columns[0],
    ]
    assert [dict(made._propagate_attrs) for made in copies] == [noted] * len(copies)
    assert dict(select(marked)._propagate_attrs) == noted
    assert dict(plain._propagate_attrs) == {}
