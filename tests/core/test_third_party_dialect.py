"""A dialect of another package overrides what it must, and everything it overrides is called."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Uuid,
    bindparam,
    cast,
    create_engine,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    true,
    tuple_,
)
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.interface import AggregateOrderByStyle, BindTyping
from relvar.dialects import registry
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite
from relvar.engine import make_url
from relvar.engine.default import DefaultDialect
from relvar.pool import NullPool, StaticPool
from relvar.schema import CreateTable, SetTableComment
from relvar.sql import LABEL_STYLE_TABLENAME_PLUS_COL

SOURCE = Path(relvar.__file__).parent.parent
EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "dialect"

calls: list[str] = []

DO = """
    do_begin do_rollback do_commit do_close do_ping do_savepoint do_rollback_to_savepoint do_release_savepoint
    do_execute do_executemany do_execute_no_params initialize connect create_connect_args on_connect
    is_disconnect get_default_isolation_level reset_isolation_level set_isolation_level get_isolation_level
    set_connection_execution_options get_dialect_pool_class
""".split()
CLASS = ("get_dialect_cls", "import_dbapi", "get_pool_class", "engine_created")
CONTEXT = (
    "create_cursor create_default_cursor pre_exec post_exec get_lastrowid handle_dbapi_exception "
    "fetchall_for_returning get_result_processor get_rowcount"
).split()


def noting(name: str, base: type, label: str) -> Any:
    """A method that notes its call and does what the base does."""

    def method(self: Any, *args: Any, **kw: Any) -> Any:
        calls.append(label)
        return getattr(base, name)(self, *args, **kw)

    return method


def noting_class(name: str, base: Any) -> Any:
    """The same for a class method."""

    def method(cls: Any, *args: Any, **kw: Any) -> Any:
        calls.append(name)
        return getattr(base, name).__func__(cls, *args, **kw)

    return classmethod(method)


NotingContext = type(
    "NotingContext",
    (DefaultExecutionContext,),
    {name: noting(name, DefaultExecutionContext, f"context.{name}") for name in CONTEXT},
)
NotingDialect = type(
    "NotingDialect",
    (SQLiteDialect_pysqlite,),
    {
        "driver": "noting",
        "supports_statement_cache": True,
        "execution_ctx_cls": NotingContext,
        **{name: noting(name, SQLiteDialect_pysqlite, name) for name in DO},
        **{name: noting_class(name, SQLiteDialect_pysqlite) for name in CLASS},
    },
)


class Renaming(DefaultExecutionContext):
    """A context that changes the statement."""

    def pre_exec(self) -> None:
        self.statement = self.statement.replace("INTO things", "INTO real_things")


class Driver:
    """The driver's module, with the type objects of PEP 249 that it lacks."""

    STRING, NUMBER = "text", "number"

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


class SizedDialect(SQLiteDialect_pysqlite):
    driver = "sized"
    supports_statement_cache = True
    bind_typing = BindTyping.SETINPUTSIZES

    @classmethod
    def import_dbapi(cls) -> Any:
        return Driver()

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        assert context.compiled is not None
        calls.append(f"sizes {[(name, kind, str(type_)) for name, kind, type_ in list_of_tuples]}")


def engine_of(tmp_path: Path | None = None, base: type = SQLiteDialect_pysqlite, **attributes: Any) -> Any:
    """An engine of a dialect of another package, on SQLite."""
    options = attributes.pop("options", {})
    cls = type("Theirs", (base,), {"driver": "theirs", "supports_statement_cache": True, **attributes})
    registry.impls["sqlite.theirs"] = lambda: cls
    try:
        return create_engine(f"sqlite+theirs:///{tmp_path / 't.db' if tmp_path else ''}", **options)
    finally:
        registry.deregister("sqlite.theirs")


@pytest.fixture(autouse=True)
def cleared() -> Iterator[None]:
    calls.clear()
    yield


t = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("n", Integer, default=lambda: 4, onupdate=lambda: 6),
)


def seen() -> list[str]:
    """What was called since the last time."""
    found = list(calls)
    calls.clear()
    return found


@pytest.mark.feature("E001")
def test_hooks_are_called_in_order(tmp_path: Path) -> None:
    registry.impls["sqlite.noting"] = lambda: NotingDialect
    try:
        engine = create_engine(f"sqlite+noting:///{tmp_path}/noting.db", pool_pre_ping=True)
    finally:
        registry.deregister("sqlite.noting")
    assert seen() == [
        *("get_dialect_cls", "import_dbapi", "create_connect_args"),
        *("get_dialect_pool_class", "get_pool_class", "on_connect", "engine_created"),
    ]
    with engine.connect() as conn:
        found = seen()
        assert found[:2] == ["connect", "initialize"]
        assert "get_default_isolation_level" in found
        conn.exec_driver_sql("create table things (id integer primary key, name varchar(20), n integer)")
        assert seen() == [
            *("do_begin", "context.create_cursor", "context.create_default_cursor", "context.pre_exec"),
            *("do_execute", "context.post_exec", "context.get_rowcount"),
        ]
        conn.execute(insert(t), {"name": "a"})
        assert seen() == [
            *("context.create_cursor", "context.create_default_cursor", "context.pre_exec", "do_execute"),
            *("context.post_exec", "context.get_rowcount", "context.get_lastrowid"),
        ]
        conn.execute(insert(t), [{"name": "b", "n": 1}, {"name": "c", "n": 1}])
        assert "do_executemany" in seen()
        rows = conn.execute(insert(t).returning(t.c.id), [{"name": "d", "n": 1}, {"name": "e", "n": 1}])
        assert len(rows.all()) == 2
        assert seen() == [
            *("context.create_cursor", "context.create_default_cursor", "context.pre_exec", "do_execute"),
            *("context.fetchall_for_returning", "context.post_exec", "context.get_result_processor"),
        ]
        assert conn.execute(t.update().values(name="x")).rowcount == 5
        assert "context.get_rowcount" in seen()
        with pytest.raises(exc.OperationalError):
            conn.execute(text("select nothing"))
        assert seen()[-2:] == ["is_disconnect", "context.handle_dbapi_exception"]
        conn.begin_nested().commit()
        conn.begin_nested().rollback()
        nested = [call for call in seen() if "savepoint" in call]
        assert nested == ["do_savepoint", "do_release_savepoint", "do_savepoint", "do_rollback_to_savepoint"]
        conn.commit()
        assert seen() == ["do_commit"]
        conn.execution_options(isolation_level="AUTOCOMMIT")
        assert seen() == ["set_connection_execution_options", "set_isolation_level"]
    assert seen()[:2] == ["do_rollback", "reset_isolation_level"]
    with engine.connect():
        assert seen() == ["do_ping"]
    engine.dispose()
    assert seen() == ["do_rollback", "do_close"]


@pytest.mark.feature("E001")
def test_a_context_may_change_the_statement() -> None:
    with engine_of(execution_ctx_cls=Renaming).connect() as conn:
        for name in ("things", "real_things"):
            conn.exec_driver_sql(f"create table {name} (id integer primary key, name varchar(20), n integer)")
        conn.execute(insert(t), {"name": "a"})
        assert conn.exec_driver_sql("select count(*) from real_things").scalar() == 1
        assert conn.execute(select(t.c.id)).all() == []


@pytest.mark.feature("E001")
def test_contexts_derived_from_ours_are_called(pg_engine: Any) -> None:
    class Context(pg_engine.dialect.execution_ctx_cls):  # type: ignore[misc,name-defined]  # known at run time
        def pre_exec(self) -> None:
            calls.append(self.statement)

    class Theirs(type(pg_engine.dialect)):  # type: ignore[misc]  # a class known at run time
        driver = "theirs"
        supports_statement_cache = True
        execution_ctx_cls = Context

    registry.impls["postgresql.theirs"] = lambda: Theirs
    try:
        engine = create_engine(pg_engine.url.set(drivername="postgresql+theirs"))
    finally:
        registry.deregister("postgresql.theirs")
    with engine.connect() as conn:
        seen()
        conn.execute(select(literal(1)))
    engine.dispose()
    assert len(seen()) == 1


@pytest.mark.feature("E001")
def test_drivers_calls_see_the_context() -> None:
    class Theirs(SQLiteDialect_pysqlite):
        def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
            calls.append(f"insert {context.isinsert}")
            cursor.execute(statement, parameters)

        def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
            calls.append(f"many {context.executemany}")
            cursor.executemany(statement, parameters)

    with engine_of(base=Theirs).connect() as conn:
        t.create(conn)
        seen()
        conn.execute(insert(t), {"name": "a"})
        conn.execute(insert(t), [{"name": "a"}, {"name": "b"}])
    assert seen() == ["insert True", "many True"]


@pytest.mark.feature("E001")
def test_input_sizes_are_set() -> None:
    registry.impls["sqlite.sized"] = lambda: SizedDialect
    try:
        engine = create_engine("sqlite+sized://")
    finally:
        registry.deregister("sqlite.sized")
    with engine.connect() as conn:
        conn.exec_driver_sql("create table things (id integer primary key, name varchar(20), n integer)")
        conn.execute(select(t).where(t.c.name == "a", t.c.id == 1))
    assert seen() == ["sizes [('name_1', 'text', 'VARCHAR(20)'), ('id_1', 'number', 'INTEGER')]"]


@pytest.mark.feature("E001")
def test_a_dialect_class_may_send_to_another_and_choose_a_pool() -> None:
    class Real(SQLiteDialect_pysqlite):
        @classmethod
        def get_pool_class(cls, url: Any) -> Any:
            return NullPool if url.database else StaticPool

        def create_connect_args(self, url: Any) -> Any:
            calls.append(url.render_as_string())
            return [":memory:"], {"timeout": 3}

    engine = engine_of(get_dialect_cls=classmethod(lambda cls, url: Real))
    assert type(engine.dialect) is Real
    assert type(engine.pool) is StaticPool
    assert seen() == ["sqlite+theirs:///"]


@pytest.mark.feature("E001")
def test_on_connect_runs_for_each_connection_before_initialize(tmp_path: Path) -> None:
    class Theirs(SQLiteDialect_pysqlite):
        def on_connect(self) -> Any:
            def connected(dbapi_connection: Any) -> None:
                calls.append("connected")

            return connected

        def initialize(self, connection: Any) -> None:
            calls.append("initialize")
            super().initialize(connection)
            self.supports_comments = True

        def _get_server_version_info(self, connection: Any) -> Any:
            return (9, 5)

        def _get_default_schema_name(self, connection: Any) -> str:
            return "home"

        def _check_max_identifier_length(self, connection: Any) -> int:
            return 40

    engine = engine_of(tmp_path, Theirs, options={"poolclass": NullPool})
    for _ in range(2):
        engine.connect().close()
    assert seen() == ["connected", "initialize", "connected"]
    dialect = engine.dialect
    assert (dialect.server_version_info, dialect.default_schema_name) == ((9, 5), "home")
    assert (dialect.max_identifier_length, dialect.supports_comments) == (40, True)
    assert inspect(engine).default_schema_name == "home"


@pytest.mark.feature("E001")
def test_versions_of_drivers() -> None:
    class Theirs(SQLiteDialect_pysqlite):
        minimum_dbapi_version = (2, 0)

        def retrieve_dbapi_version(self, dbapi: Any) -> Any:
            return self.found

    engine = engine_of(base=Theirs, found=(2, 1))
    assert engine.dialect.dbapi_version == (2, 1)
    with pytest.raises(
        exc.InvalidRequestError,
        match=r"requires version \(2, 0\) or greater of the theirs DBAPI; version \(1, 9\) is installed",
    ):
        engine_of(base=Theirs, found=(1, 9))
    assert engine_of(base=Theirs, found=None).dialect.minimum_dbapi_version == (2, 0)
    with pytest.raises(exc.NoDBAPILoaded, match="has no DBAPI module loaded; no DBAPI version is available"):
        DefaultDialect().dbapi_version  # it raises


@pytest.mark.feature("E001")
def test_isolation_levels_have_to_be_written_as_they_should() -> None:
    engine = engine_of(get_isolation_level_values=lambda self, connection: ["READ_COMMITTED"])
    with engine.connect() as conn, pytest.raises(ValueError, match="should return names as UPPERCASE"):
        conn.execution_options(isolation_level="READ COMMITTED")


@pytest.mark.feature("E001")
def test_own_characteristics_of_connections() -> None:
    from relvar.engine.characteristics import ConnectionCharacteristic

    class Cache(ConnectionCharacteristic):
        transactional = False

        def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
            calls.append("reset")

        def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
            calls.append(f"set {value}")

        def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
            return 5

    characteristics = DefaultDialect.connection_characteristics.union({"cache": Cache()})
    engine = engine_of(connection_characteristics=characteristics)
    with engine.connect() as conn:
        conn.execution_options(cache=7)
        assert seen() == ["set 7"]
    assert seen() == ["reset"]
    with engine.execution_options(cache=9).connect():
        assert seen() == ["set 9"]


@pytest.mark.feature("E001")
def test_a_preparer_may_add_reserved_words() -> None:
    ours = SQLiteDialect_pysqlite.preparer

    class Theirs(ours):  # type: ignore[valid-type,misc]  # a class known at run time
        def __init__(self, dialect: Any, **kw: Any) -> None:
            super().__init__(dialect, **kw)
            self.reserved_words.update({"moon"})

    moon = Table("moon", MetaData(), Column("id", Integer))
    assert '"moon"' in str(select(moon).compile(engine_of(preparer=Theirs)))
    assert '"moon"' not in str(select(moon).compile(create_engine("sqlite://")))


@pytest.mark.feature("E001")
def test_has_table_refuses_what_is_no_connection() -> None:
    class Theirs(SQLiteDialect_pysqlite):
        def has_table(self, connection: Any, table_name: str, schema: Any = None, **kw: Any) -> bool:
            self._ensure_has_table_connection(connection)
            return True

    engine = engine_of(base=Theirs)
    with pytest.raises(exc.ArgumentError, match="should be a Connection"):
        engine.dialect.has_table(engine, "x")
    assert inspect(engine).has_table("x")


# Flags -----------------------------------------------------------------------------------------------

m = MetaData()
w = Table(
    "w",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer, server_default="3"),
    Column("n", Numeric(10, 2)),
    Column("flag", Boolean(create_constraint=True, name="ck")),
    Column("e", Enum("a", "b", name="letters")),
    Column("u", Uuid),
    Column("b", LargeBinary),
    comment="a comment",
)
numbered = Table("numbered", m, Column("id", Integer, Identity(start=3), primary_key=True))
sequenced = Table(
    "sequenced", m, Column("id", Integer, Sequence("sq"), primary_key=True), Column("z", Integer)
)
elsewhere = Table("elsewhere", m, Column("id", Integer, primary_key=True), schema="sc")
cycle = MetaData()
Table("a", cycle, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id", name="fk_b")))
Table("b", cycle, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id", name="fk_a")))
label = (w.c.x + 1).label("lx")
cte = select(literal(1).label("one")).cte("source")

# flag -> statement, value, text without it, text with it
TEXTS: dict[str, tuple[Any, Any, str, str]] = {
    "supports_native_boolean": (select(true()), True, "SELECT 1 AS anon_1", "SELECT true AS anon_1"),
    "supports_default_values": (
        w.insert().values({}),
        True,
        "INSERT INTO w () VALUES ()",
        "INSERT INTO w DEFAULT VALUES",
    ),
    "cte_follows_insert": (
        w.insert().from_select(["x"], select(cte)),
        True,
        "WITH source AS (SELECT 1 AS one) INSERT INTO w (x) SELECT source.one FROM source",
        "INSERT INTO w (x) WITH source AS (SELECT 1 AS one) SELECT source.one FROM source",
    ),
    "div_is_floordiv": (
        select((w.c.x / 2).label("d")),
        False,
        "SELECT w.x / CAST(2 AS NUMERIC) AS d FROM w",
        "SELECT w.x / 2 AS d FROM w",
    ),
    "tuple_in_values": (
        select(w.c.id).where(tuple_(w.c.id, w.c.x).in_([(1, 2)])),
        True,
        "SELECT w.id FROM w WHERE (w.id, w.x) IN ((1, 2))",
        "SELECT w.id FROM w WHERE (w.id, w.x) IN (VALUES (1, 2))",
    ),
    "supports_simple_order_by_label": (
        select(label).order_by(label),
        False,
        "SELECT w.x + 1 AS lx FROM w ORDER BY lx",
        "SELECT w.x + 1 AS lx FROM w ORDER BY w.x + 1",
    ),
    "supports_identity_columns": (
        CreateTable(numbered),
        True,
        "CREATE TABLE numbered ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
        (
            "CREATE TABLE numbered ( id INTEGER GENERATED BY DEFAULT AS IDENTITY (START WITH 3), "
            "PRIMARY KEY (id) )"
        ),
    ),
    "supports_sequences": (
        sequenced.insert().inline().values(z=1),
        True,
        "INSERT INTO sequenced (z) VALUES (1)",
        "INSERT INTO sequenced (id, z) VALUES (<next value of sq>, 1)",
    ),
    "supports_native_uuid": (
        select(cast(w.c.x, Uuid)),
        True,
        "SELECT CAST(w.x AS CHAR(32)) AS x FROM w",
        "SELECT CAST(w.x AS UUID) AS x FROM w",
    ),
    "label_length": (
        select(w.c.flag).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
        4,
        "SELECT w.flag AS w_flag FROM w",
        "SELECT w.flag AS _1 FROM w",
    ),
}


def compiled(statement: Any, **attributes: Any) -> str:
    """The text in a dialect that has these attributes."""
    cls = DefaultDialect.statement_compiler
    compiler = type(
        "Their", (cls,), {"visit_sequence": lambda self, seq, **kw: f"<next value of {seq.name}>"}
    )
    dialect = type("Theirs", (DefaultDialect,), {"name": "theirs", "statement_compiler": compiler})()
    for name, value in attributes.items():
        setattr(dialect, name, value)
    ddl = isinstance(statement, (CreateTable, SetTableComment))
    options = {} if ddl else {"compile_kwargs": {"literal_binds": True}}
    return " ".join(str(statement.compile(dialect=dialect, **options)).split())


@pytest.mark.feature("E001")
@pytest.mark.parametrize("flag", TEXTS)
def test_a_flag_switches_a_text(flag: str) -> None:
    statement, value, without, with_it = TEXTS[flag]
    assert compiled(statement) == without
    assert compiled(statement, **{flag: value}) == with_it


@pytest.mark.feature("E001")
def test_flags_switch_how_rows_are_inserted() -> None:
    def sent(**flags: Any) -> list[str]:
        engine = engine_of(**flags)
        texts: list[str] = []
        with engine.connect() as conn:
            t.create(conn)
            event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: texts.append(text))
            key = conn.execute(insert(t), {"name": "a", "n": 1}).inserted_primary_key
            assert key == ((1,) if flags.get("postfetch_lastrowid", True) else (None,))
            conn.execute(insert(t), [{"name": "b", "n": 1}, {"name": "c", "n": 1}])
        return [" ".join(text.split()) for text in texts]

    plain = "INSERT INTO things (name, n) VALUES (?, ?)"
    assert sent() == [plain, plain]
    assert sent(favor_returning_over_lastrowid=True) == [plain + " RETURNING id", plain]
    assert sent(use_insertmanyvalues_wo_returning=True) == [plain, plain + ", (?, ?)"]
    assert sent(insert_returning=False, postfetch_lastrowid=False) == [plain, plain]


@pytest.mark.feature("E001")
@pytest.mark.parametrize("flag", ["insert_returning", "use_insertmanyvalues"])
def test_returning_of_many_rows_wants_both(flag: str) -> None:
    with engine_of(**{flag: False}).connect() as conn:
        t.create(conn)
        with pytest.raises(exc.StatementError, match="does not support INSERT..RETURNING when executemany"):
            conn.execute(insert(t).returning(t.c.id), [{"name": "b"}, {"name": "c"}])


@pytest.mark.feature("E001")
@pytest.mark.parametrize("kind", ["update", "delete"])
def test_returning_of_many_updates_is_refused_or_sent(kind: str) -> None:
    stmt = getattr(t, kind)().where(t.c.id == bindparam("key")).returning(t.c.id)
    if kind == "update":
        stmt = stmt.values(name="x")
    with engine_of().connect() as conn:
        t.create(conn)
        with pytest.raises(exc.StatementError, match=f"does not support {kind.upper()}..RETURNING"):
            conn.execute(stmt, [{"key": 1}, {"key": 2}])


@pytest.mark.feature("E001")
def test_pages_of_batches() -> None:
    def sizes(**flags: Any) -> list[int]:
        found: list[int] = []
        engine = engine_of(**flags)
        with engine.connect() as conn:
            t.create(conn)
            event.listen(
                engine, "before_cursor_execute", lambda c, cur, text, *rest: found.append(text.count("(?"))
            )
            conn.execute(insert(t).returning(t.c.id), [{"name": str(n), "n": n} for n in range(7)]).all()
        return found

    assert sizes() == [7]
    assert sizes(insertmanyvalues_page_size=3) == [3, 3, 1]
    assert sizes(insertmanyvalues_max_parameters=5) == [2, 2, 2, 1]


@pytest.mark.feature("E001")
def test_flags_switch_what_is_created() -> None:
    def created(metadata: MetaData, **flags: Any) -> str:
        engine = engine_of(**flags)
        texts: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: texts.append(text))
        with engine.connect() as conn:
            metadata.create_all(conn, checkfirst=False)
        return " ".join(" ".join(texts).split())

    assert "ALTER TABLE" not in created(cycle)
    with pytest.raises(exc.OperationalError, match="ALTER TABLE"):
        created(cycle, supports_alter=True)
    checked = MetaData()
    Table(
        "c",
        checked,
        Column("b", Boolean(create_constraint=True, name="ck")),
        Column("i", Integer, CheckConstraint("i > 1")),
    )
    assert "CHECK (b IN (0, 1))" in created(checked)
    assert "CHECK (b IN (0, 1))" not in created(checked, supports_native_boolean=True)
    assert "CHECK (b IN (0, 1))" not in created(checked, non_native_boolean_check_constraint=False)
    commented = MetaData()
    Table("c", commented, Column("x", Integer, comment="of x"), comment="of c")
    assert "COMMENT" not in created(commented)
    with pytest.raises(exc.OperationalError, match="COMMENT ON TABLE c IS 'of c'"):
        created(commented, supports_comments=True)
    assert "COMMENT ON" not in created(commented, supports_comments=True, inline_comments=True)


@pytest.mark.feature("E001")
def test_lengths_of_names() -> None:
    engine = engine_of(max_identifier_length=12)
    with pytest.raises(exc.IdentifierError, match="exceeds maximum length of 12 characters"):
        Table("a_rather_long_name", MetaData(), Column("x", Integer)).create(engine)
    with pytest.raises(exc.ArgumentError, match="Label length of 20 is greater than"):
        engine_of(options={"max_identifier_length": 12, "label_length": 20}).connect()


@pytest.mark.feature("E001")
def test_aggregates_are_ordered_where_the_dialect_says() -> None:
    stmt = select(func.array_agg(w.c.x).aggregate_order_by(w.c.id))
    assert "array_agg(w.x ORDER BY w.id)" in compiled(stmt)
    within = compiled(stmt, aggregate_order_by_style=AggregateOrderByStyle.WITHIN_GROUP)
    assert "array_agg(w.x) WITHIN GROUP (ORDER BY w.id)" in within


@pytest.mark.feature("E001")
def test_statements_are_cached_where_the_dialect_says() -> None:
    with engine_of().connect() as conn:
        found = [conn.execute(select(literal(1))).context.cache_hit.name for _ in range(2)]
    assert found[1] == "CACHE_HIT"
    with pytest.warns(exc.SAWarning, match="will not make use of SQL compilation caching"):
        cls = type("Theirs", (SQLiteDialect_pysqlite,), {"driver": "theirs"})
        registry.impls["sqlite.theirs"] = lambda: cls
        with create_engine("sqlite+theirs://").connect() as conn:
            conn.execute(select(literal(1)))
    registry.deregister("sqlite.theirs")


# A whole package -------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The dialect under examples, installed: its metadata say where its class is."""
    shutil.copytree(EXAMPLE / "vaultdb", tmp_path / "vaultdb")
    info = tmp_path / "vaultdb-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vaultdb\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[relvar.dialects]\nvaultdb = vaultdb.base:VaultDialect\nvaultdb.file = vaultdb.base:VaultDialect\n"
    )
    return tmp_path


@pytest.mark.feature("E001")
def test_a_package_is_found_by_its_entry_points(project: Path) -> None:
    program = """
from relvar import *
from relvar.schema import CreateTable

engine = create_engine("vaultdb:///v.db")
m = MetaData()
columns = [Column("id", Integer, primary_key=True), Column("when", DateTime)]
t = Table("t", m, *columns, vaultdb_without_rowid=True)
m.create_all(engine)
assert "WITHOUT ROWID" in str(CreateTable(t).compile(engine))
with engine.begin() as conn:
    conn.execute(t.insert(), {"id": 1, "when": __import__("datetime").datetime(2024, 2, 29)})
    print(conn.execute(select(t)).one())
print([(c["name"], repr(c["type"])) for c in inspect(engine).get_columns("t")])
try:
    Table("u", m, Column("x", Integer), vaultdb_nothing=1)
except exc.ArgumentError as err:
    print(err)
try:
    create_engine("vaultdb+nothing://")
except exc.NoSuchModuleError as err:
    print(err)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(project)])}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "(1, datetime.datetime(2024, 2, 29, 0, 0))"
    assert lines[1] == "[('id', 'INTEGER()'), ('when', 'VaultDateTime()')]"
    assert lines[2].startswith("Argument 'vaultdb_nothing' is not accepted by dialect 'vaultdb'")
    assert lines[3] == (
        "Can't load plugin: sqlalchemy.dialects:vaultdb.nothing (known drivers of vaultdb: file)"
    )


@pytest.mark.feature("E001")
def test_names_of_dialects_in_urls() -> None:
    registry.register("elsewhere.one", __name__, "SizedDialect")
    try:
        registry.impls["elsewhere.one"] = lambda: SizedDialect
        assert make_url("elsewhere+one://h/d").get_dialect() is SizedDialect
    finally:
        registry.deregister("elsewhere.one")
    with pytest.raises(exc.NoSuchModuleError, match="known dialects"):
        make_url("elsewhere+one://h/d").get_dialect()


def test_a_type_compiler_may_be_named_as_of_old() -> None:
    class Types(GenericTypeCompiler):
        def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
            return "INT64"

    class Theirs(DefaultDialect):
        name = "theirs"
        type_compiler = Types

    class Derived(Theirs): ...

    for dialect in (Theirs(), Derived()):
        assert dialect.type_compiler.process(Integer()) == "INT64"
        assert str(cast("1", Integer).compile(dialect=dialect)) == "CAST(:param_1 AS INT64)"


def test_compilers_take_out_of_an_expression_what_they_render_themselves() -> None:
    class Compiler(SQLiteDialect_pysqlite.statement_compiler):  # type: ignore[misc]  # an Any
        def visit_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
            taken = binary._clone()
            return f"{taken.modifiers.pop('escape', None)}"

    engine = engine_of(statement_compiler=Compiler)
    column = Column("x", String)
    assert str(column.like("a%").compile(engine)) == "None"
    assert str(column.like("a%", escape="/").compile(engine)) == "/"
    with pytest.raises(KeyError):
        column.like("a%").modifiers.pop("escape")


def test_columns_without_a_name_are_refused() -> None:
    class Compiler(SQLiteDialect_pysqlite.statement_compiler):  # type: ignore[misc]  # an Any
        def visit_column(self, column: Any, *args: Any, **kw: Any) -> str:
            return str(self._fallback_column_name(column))

    nameless = Column(Integer)
    for engine in (engine_of(), engine_of(statement_compiler=Compiler)):
        with pytest.raises(
            exc.CompileError, match="Cannot compile Column object until its 'name' is assigned"
        ):
            (nameless == 1).compile(engine)


def test_rows_are_read_one_by_one_where_a_cursor_gives_no_lists() -> None:
    class Cursor:
        def __init__(self, cursor: Any) -> None:
            self.own = cursor

        def __getattr__(self, name: str) -> Any:
            if name == "fetchmany":
                raise AttributeError(name)
            return getattr(self.own, name)

    class Context(DefaultExecutionContext):
        def create_cursor(self) -> Any:
            return Cursor(super().create_cursor())

    with engine_of(execution_ctx_cls=Context).connect() as conn:
        rows = conn.execute(text("select 1 union all select 2 union all select 3"))
        assert [row[0] for row in rows] == [1, 2, 3]


def test_ways_of_hooks_are_found_by_what_stands_in_for_a_config() -> None:
    from unittest.mock import Mock

    from relvar.testing.provision import create_db

    @create_db.for_db("theirs_of_hooks")
    def ours(cfg: Any, eng: Any, ident: str) -> str:
        return ident

    config = Mock()
    config.db.url = make_url("theirs_of_hooks://h/d")
    assert ours(config, Mock(), "gw3") == "gw3"
    # some are called with a connection
    connection = Mock(spec=["dialect"])
    connection.dialect.name = "theirs_of_hooks"
    assert ours(connection, Mock(), "gw4") == "gw4"


def test_classes_for_the_compilation_of_select_are_taken() -> None:
    from relvar.compile.compilestate import CompileState
    from relvar.stmt.froms import SelectState

    @CompileState.plugin_for("default", "select")
    class Theirs(SelectState):
        pass

    # by its name, as dialects import it; it is not asked
    assert issubclass(Theirs, SelectState)
    assert CompileState.get_plugin_class(select(1)) is SelectState
