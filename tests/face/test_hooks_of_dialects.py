"""Hooks of dialects, their inspectors and execution contexts are called when they are overridden."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, create_engine, exc, insert, inspect, select
from relvar.dialects import registry
from relvar.dialects.sqlite.base import SQLiteDialect
from relvar.engine.default import DefaultDialect

sys.path.insert(0, str(Path(__file__).parent))

import hooks_of_dialects as dialects  # beside this file, not a package

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer))


def dialect(**attributes: Any) -> Any:
    """An instance of a dialect of another program."""
    return type("TheirDialect", (DefaultDialect,), {"name": "theirs", **attributes})()


# Dialects -----------------------------------------------------------------------------------------


@pytest.mark.feature("D090")
@pytest.mark.parametrize("flag", dialects.FLAGS)
def test_flag_of_a_dialect(flag: str) -> None:
    value, look = dialects.FLAGS[flag]
    given = {**dialects.BESIDE.get(flag, {}), flag: value}
    seen, before = look(dialect(**given)), look(dialect(**dialects.BESIDE.get(flag, {})))
    assert seen != before, (seen, before)


def engine_of(**attributes: Any) -> Any:
    """An engine of a dialect of another program, on SQLite."""
    name = "theirs"
    base: Any = registry.load("sqlite")
    cls = type("TheirDialect", (base,), {"driver": name, "supports_statement_cache": True, **attributes})
    registry.impls[f"sqlite.{name}"] = lambda: cls
    try:
        return create_engine(f"sqlite+{name}://")
    finally:
        del registry.impls[f"sqlite.{name}"]


REFLECTION = {
    "get_table_names": ((), ["a", "b"]),
    "get_view_names": ((), ["v"]),
    "get_schema_names": ((), ["s"]),
    "get_temp_table_names": ((), ["temp"]),
    "get_temp_view_names": ((), ["tempv"]),
    "get_sequence_names": ((), ["q"]),
    "get_indexes": (("t",), [{"name": "i", "column_names": ["a"], "unique": False}]),
    "get_pk_constraint": (("t",), {"constrained_columns": ["a"], "name": None}),
    "get_foreign_keys": (("t",), [{"name": "f"}]),
    "get_unique_constraints": (("t",), [{"name": "u", "column_names": ["a"]}]),
    "get_check_constraints": (("t",), [{"name": "c", "sqltext": "a > 1"}]),
    "get_table_comment": (("t",), {"text": "told"}),
    "get_table_options": (("t",), {"o": 1}),
    "get_view_definition": (("t",), "SELECT 1"),
    "has_table": (("t",), True),
    "has_schema": (("s",), True),
    "has_sequence": (("q",), True),
    "has_index": (("t", "i"), True),
}


@pytest.mark.feature("D090")
@pytest.mark.parametrize("hook", REFLECTION)
def test_reflection_of_a_dialect(hook: str) -> None:
    args, answer = REFLECTION[hook]
    given: list[Any] = []

    def method(self: Any, connection: Any, *positional: Any, **kw: Any) -> Any:
        given.append(positional)
        return answer

    engine = engine_of(**{hook: method})
    assert getattr(inspect(engine), hook)(*args) == answer
    assert given[0][: len(args)] == args
    engine.dispose()


@pytest.mark.feature("D090")
@pytest.mark.parametrize(
    "kind",
    [
        "columns",
        "indexes",
        "pk_constraint",
        "foreign_keys",
        "unique_constraints",
        "check_constraints",
        "table_comment",
    ],
)
def test_reflection_of_many_tables(kind: str) -> None:
    answers = {(None, "t"): [{"name": "a", "type": Integer()}], (None, "u"): []}
    engine = engine_of(**{f"get_multi_{kind}": lambda self, connection, **kw: list(answers.items())})
    inspector = inspect(engine)
    assert getattr(inspector, f"get_multi_{kind}")() == answers
    engine.dispose()


@pytest.mark.feature("D090")
def test_columns_of_a_dialect_make_a_table() -> None:
    def get_columns(self: Any, connection: Any, table_name: str, schema: Any = None, **kw: Any) -> Any:
        return [{"name": "one", "type": Integer(), "nullable": False, "default": None}]

    engine = engine_of(get_columns=get_columns)
    with engine.begin() as conn:
        conn.exec_driver_sql("create table t (other integer)")
        assert [c["name"] for c in inspect(conn).get_columns("t")] == ["one"]
        made = Table("t", MetaData(), autoload_with=conn)
        assert made.c.keys() == ["one"] and isinstance(made.c.one.type, Integer)
    engine.dispose()


@pytest.mark.feature("D090")
def test_type_names_of_a_dialect() -> None:
    class Theirs(String):
        pass

    engine = engine_of(ischema_names={**SQLiteDialect.ischema_names, "THEIRS": Theirs})
    with engine.begin() as conn:
        conn.exec_driver_sql("create table t (a theirs(5))")
        kind = inspect(conn).get_columns("t")[0]["type"]
        assert isinstance(kind, Theirs) and kind.length == 5
    engine.dispose()


@pytest.mark.feature("D090")
def test_inspectors_of_a_dialect() -> None:
    from relvar.engine.reflection import Inspector

    reflected: list[str] = []

    class Theirs(Inspector):
        def reflect_table(self, table: Any, *args: Any, **kw: Any) -> None:
            reflected.append(table.name)
            super().reflect_table(table, *args, **kw)

        def get_check_constraints(self, table_name: str, schema: Any = None, **kw: Any) -> Any:
            return [{"name": "theirs", "sqltext": "1"}]

        def get_indexes(self, table_name: str, schema: Any = None, **kw: Any) -> Any:
            return [{"name": "theirs", "column_names": [], "unique": False}]

        def get_foreign_keys(self, table_name: str, schema: Any = None, **kw: Any) -> Any:
            return []

        def get_unique_constraints(self, table_name: str, schema: Any = None, **kw: Any) -> Any:
            return []

    engine = engine_of(inspector=Theirs)
    with engine.begin() as conn:
        conn.exec_driver_sql("create table t (a integer)")
        inspector = inspect(conn)
        assert isinstance(inspector, Theirs)
        Table("t", MetaData(), autoload_with=conn)
        assert reflected == ["t"]
        assert (
            inspector.get_check_constraints("t")[0]["name"]
            == inspector.get_indexes("t")[0]["name"]
            == "theirs"
        )
        assert inspector.get_foreign_keys("t") == inspector.get_unique_constraints("t") == []
    engine.dispose()


@pytest.mark.feature("D090")
def test_connecting_by_a_dialect() -> None:
    calls: list[str] = []
    base: Any = registry.load("sqlite")

    class Theirs(base):
        driver = "theirs"
        supports_statement_cache = True

        def __init__(self, **kw: Any) -> None:
            calls.append("__init__")
            super().__init__(**kw)

        @classmethod
        def import_dbapi(cls) -> Any:
            calls.append("import_dbapi")
            return super().import_dbapi()

        @classmethod
        def get_pool_class(cls, url: Any) -> Any:
            calls.append("get_pool_class")
            return super().get_pool_class(url)

        def create_connect_args(self, url: Any) -> Any:
            calls.append("create_connect_args")
            return super().create_connect_args(url)

        def connect(self, *args: Any, **kw: Any) -> Any:
            calls.append("connect")
            return super().connect(*args, **kw)

        def on_connect(self) -> Any:
            calls.append("on_connect")
            return super().on_connect()

        def initialize(self, connection: Any) -> None:
            calls.append("initialize")
            super().initialize(connection)

        def _get_server_version_info(self, connection: Any) -> Any:
            calls.append("_get_server_version_info")
            return (9, 8)

        def _get_default_schema_name(self, connection: Any) -> Any:
            calls.append("_get_default_schema_name")
            return "theirs"

        def get_default_isolation_level(self, dbapi_connection: Any) -> Any:
            calls.append("get_default_isolation_level")
            return super().get_default_isolation_level(dbapi_connection)

        def get_isolation_level(self, dbapi_connection: Any) -> Any:
            calls.append("get_isolation_level")
            return "SERIALIZABLE"

        def set_isolation_level(self, dbapi_connection: Any, level: Any) -> None:
            calls.append(f"set_isolation_level {level}")

        def get_isolation_level_values(self, dbapi_connection: Any) -> Any:
            return ["SERIALIZABLE", "MINE"]

        def reset_isolation_level(self, dbapi_connection: Any) -> None:
            calls.append("reset_isolation_level")

        def do_begin(self, dbapi_connection: Any) -> None:
            calls.append("do_begin")

        def do_commit(self, dbapi_connection: Any) -> None:
            calls.append("do_commit")
            super().do_commit(dbapi_connection)

        def do_rollback(self, dbapi_connection: Any) -> None:
            calls.append("do_rollback")
            super().do_rollback(dbapi_connection)

        def do_savepoint(self, connection: Any, name: str) -> None:
            calls.append("do_savepoint")
            super().do_savepoint(connection, name)

        def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
            calls.append("do_rollback_to_savepoint")
            super().do_rollback_to_savepoint(connection, name)

        def do_release_savepoint(self, connection: Any, name: str) -> None:
            calls.append("do_release_savepoint")
            super().do_release_savepoint(connection, name)

        def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
            calls.append("do_execute")
            super().do_execute(cursor, statement, parameters, context)

        def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
            calls.append("do_executemany")
            super().do_executemany(cursor, statement, parameters, context)

        def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
            calls.append("is_disconnect")
            return False

        def type_descriptor(self, typeobj: Any) -> Any:
            return super().type_descriptor(typeobj)

    registry.impls["sqlite.theirs"] = lambda: Theirs
    try:
        engine = create_engine("sqlite+theirs://")
    finally:
        del registry.impls["sqlite.theirs"]
    assert set(calls) >= {"__init__", "import_dbapi", "get_pool_class", "create_connect_args", "on_connect"}
    calls.clear()
    with engine.begin() as conn:
        assert set(calls) >= {
            "connect",
            "initialize",
            "_get_server_version_info",
            "_get_default_schema_name",
            "get_default_isolation_level",
            "get_isolation_level",
            "do_begin",
        }
        assert engine.dialect.server_version_info == (9, 8)
        assert engine.dialect.default_schema_name == inspect(conn).default_schema_name == "theirs"
        assert conn.default_isolation_level == conn.get_isolation_level() == "SERIALIZABLE"
        t.create(conn)
        calls.clear()
        with conn.begin_nested():
            conn.execute(insert(t), {"x": 1})
        nested = conn.begin_nested()
        conn.execute(insert(t), [{"x": 2}, {"x": 3}])
        nested.rollback()
        assert [name for name in calls if name != "do_execute"] == [
            "do_savepoint",
            "do_release_savepoint",
            "do_savepoint",
            "do_executemany",
            "do_rollback_to_savepoint",
        ]
        assert conn.scalars(select(t.c.x)).all() == [1]
    assert "do_commit" in calls
    calls.clear()
    with engine.connect().execution_options(isolation_level="MINE") as conn:
        with pytest.raises(exc.OperationalError):
            conn.exec_driver_sql("nonsense")
    assert calls[0] == "set_isolation_level MINE" and "is_disconnect" in calls and "do_rollback" in calls
    assert "reset_isolation_level" in calls
    engine.dispose()


@pytest.mark.feature("D090")
def test_names_are_normalized_by_a_dialect() -> None:
    theirs = dialect(
        requires_name_normalize=True,
        normalize_name=lambda self, name: name.lower(),
        denormalize_name=lambda self, name: name.upper(),
    )
    assert theirs.normalize_name("AB") == "ab" and theirs.denormalize_name("ab") == "AB"


# Execution contexts -------------------------------------------------------------------------------


@pytest.mark.feature("D090")
def test_of_an_execution_context() -> None:
    calls: list[str] = []
    base: Any = SQLiteDialect.execution_ctx_cls

    class Theirs(base):
        def pre_exec(self) -> None:
            calls.append("pre_exec")
            self.statement = self.statement.replace("given", "t")

        def post_exec(self) -> None:
            calls.append("post_exec")

        def create_cursor(self) -> Any:
            calls.append("create_cursor")
            return super().create_cursor()

        def create_server_side_cursor(self) -> Any:
            calls.append("create_server_side_cursor")
            return self._dbapi_connection.cursor()

        def get_lastrowid(self) -> Any:
            calls.append("get_lastrowid")
            return super().get_lastrowid() + 100

        @property
        def rowcount(self) -> int:
            calls.append("rowcount")
            return 55

    engine = engine_of(execution_ctx_cls=Theirs, supports_server_side_cursors=True)
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer))
    with engine.begin() as conn:
        table.create(conn)
        calls.clear()
        result = conn.execute(insert(table))
        assert result.inserted_primary_key == (101,)
        assert {"create_cursor", "pre_exec", "post_exec", "get_lastrowid"} <= set(calls)
        assert conn.exec_driver_sql("select count(*) from given").scalar() == 1
        assert conn.execute(table.delete()).rowcount == 55
        calls.clear()
        conn.execution_options(stream_results=True).execute(select(table.c.x)).all()
        assert "create_server_side_cursor" in calls
    engine.dispose()


@pytest.mark.feature("D090")
def test_sequences_by_an_execution_context() -> None:
    from relvar import Sequence

    asked: list[str] = []

    class Theirs(SQLiteDialect.execution_ctx_cls):  # type: ignore[misc,name-defined]  # an attribute
        def fire_sequence(self, seq: Any, type_: Any) -> Any:
            return 1234

        def get_insert_default(self, column: Any) -> Any:
            asked.append(column.name)
            return super().get_insert_default(column)

    engine = engine_of(
        execution_ctx_cls=Theirs,
        supports_sequences=True,
        preexecute_autoincrement_sequences=True,
        insert_returning=False,
        use_insertmanyvalues=False,
    )
    table = Table(
        "t", MetaData(), Column("id", Integer, Sequence("s"), primary_key=True), Column("x", Integer)
    )
    with engine.begin() as conn:
        conn.exec_driver_sql("create table t (id integer primary key, x integer)")
        assert conn.execute(insert(table).values(x=1)).inserted_primary_key == (1234,)
        assert conn.scalar(select(table.c.id)) == 1234 and asked == ["id"]
    engine.dispose()
