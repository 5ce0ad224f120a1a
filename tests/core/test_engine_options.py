"""What `create_engine` and its relatives take: plugins, mock engines, pools, lengths, parameter styles."""

from __future__ import annotations

import copy
import sqlite3
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    URL,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    create_mock_engine,
    create_pool_from_url,
    engine_from_config,
    event,
    exc,
    insert,
    literal,
    make_url,
    select,
    text,
)
from relvar.dialects import plugins
from relvar.dialects import sqlite as sqlite_dialects
from relvar.dialects.mysql import pymysql
from relvar.engine import CreateEnginePlugin
from relvar.engine.default import DefaultDialect
from relvar.pool import NullPool, QueuePool, SingletonThreadPool
from relvar.schema import CreateIndex
from relvar.sql import LABEL_STYLE_TABLENAME_PLUS_COL

# Engines ---------------------------------------------------------------------------------------------


def test_a_copy_of_an_engine_has_its_pool_and_options_of_its_own() -> None:
    engine = create_engine("sqlite://", execution_options={"yield_per": 7})
    for original in (engine, engine.execution_options(max_row_buffer=3)):
        copied = copy.copy(original)
        assert copied.pool is engine.pool and copied.dialect is engine.dialect
        assert copied.get_execution_options() == original.get_execution_options()
        copied.update_execution_options(yield_per=8)
        assert original.get_execution_options()["yield_per"] == 7
        with copied.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
            assert connection.get_execution_options()["yield_per"] == 8
    engine.dispose()


# Mock engines ----------------------------------------------------------------------------------------


@pytest.mark.feature("A003")
def test_mock_engine_hands_over_what_would_be_sent() -> None:
    sent: list[Any] = []

    def dump(sql: Any, *multiparams: Any, **params: Any) -> None:
        sent.append((" ".join(str(sql.compile(dialect=engine.dialect)).split()), multiparams, params))

    engine: Any = create_mock_engine("postgresql+psycopg://", dump)
    metadata = MetaData()
    t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("n", String(5), index=True))
    metadata.create_all(engine, checkfirst=False)
    table = "CREATE TABLE t ( id SERIAL NOT NULL, n VARCHAR(5), PRIMARY KEY (id) )"
    assert [text_ for text_, _, _ in sent] == [table, "CREATE INDEX ix_t_n ON t (n)"]
    sent.clear()
    metadata.create_all(engine)  # nothing can be looked up
    assert [text_ for text_, _, _ in sent] == [table, "CREATE INDEX ix_t_n ON t (n)"]
    sent.clear()
    metadata.drop_all(engine, checkfirst=False)
    assert sent[-1][0] == "DROP TABLE t"
    sent.clear()
    engine.execute(insert(t), {"id": 1})
    assert sent[0][0].startswith("INSERT INTO t") and {"id": 1} in (*sent[0][1], sent[0][2])
    assert engine.connect() is engine and engine.engine is engine
    assert engine.execution_options(a=1) is engine
    assert (engine.name, engine.dialect.name) == ("postgresql", "postgresql")


@pytest.mark.feature("A003")
def test_mock_engine_takes_options_of_the_dialect() -> None:
    def nowhere(sql: Any, *args: Any, **kw: Any) -> None:
        raise AssertionError

    assert create_mock_engine("sqlite://", nowhere, paramstyle="named").dialect.paramstyle == "named"
    assert create_mock_engine(make_url("mysql+pymysql://"), nowhere).dialect.name == "mysql"
    with pytest.raises(exc.NoSuchModuleError, match="nope"):
        create_mock_engine("nope://", nowhere)
    with pytest.raises(TypeError, match="nonsense"):
        create_mock_engine("sqlite://", nowhere, nonsense=1)
    with pytest.warns(exc.SADeprecationWarning, match="create_mock_engine"):
        assert create_engine("sqlite://", strategy="mock", executor=nowhere).name == "sqlite"
    with (
        pytest.warns(exc.SADeprecationWarning),
        pytest.raises(exc.ArgumentError, match="unknown strategy: 'x'"),
    ):
        create_engine("sqlite://", strategy="x")


# Pools -----------------------------------------------------------------------------------------------


@pytest.mark.feature("A004")
def test_pool_from_a_url(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    assert isinstance(create_pool_from_url("sqlite://"), SingletonThreadPool)
    connected: list[Any] = []
    pool = create_pool_from_url(
        url,
        poolclass=QueuePool,
        pool_size=3,
        max_overflow=1,
        timeout=2,
        recycle=9,
        pre_ping=True,
        use_lifo=True,
        echo=False,
        logging_name="mine",
        reset_on_return="commit",
        events=[(lambda connection, record: connected.append(connection), "connect")],
    )
    assert (pool.size(), pool.timeout(), pool.logging_name) == (3, 2, "mine")
    assert (pool._recycle, pool._pre_ping, pool._max_overflow, pool._reset_on_return.name) == (
        9,
        True,
        1,
        "reset_commit",
    )
    connection = pool.connect()
    cursor = connection.cursor()
    assert cursor.execute("SELECT 5").fetchone() == (5,)
    cursor.close()
    assert connected == [connection.dbapi_connection]
    connection.close()
    pool.dispose()
    named = create_pool_from_url(url, poolclass=QueuePool, pool_timeout=3, pool_recycle=4)
    assert (named.timeout(), named._recycle) == (3, 4)
    assert isinstance(create_pool_from_url(url, poolclass=NullPool), NullPool)
    with pytest.raises(TypeError, match="nonsense"):
        create_pool_from_url(url, nonsense=1)


@pytest.mark.feature("A004")
def test_pool_from_a_url_of_each_server(url: str) -> None:
    pool = create_pool_from_url(url, connect_args={})
    connection = pool.connect()
    cursor = connection.cursor()
    cursor.execute("SELECT 7")
    assert cursor.fetchone() == (7,)
    cursor.close()
    connection.close()
    pool.dispose()


# Names of databases ----------------------------------------------------------------------------------


@pytest.mark.feature("A006")
@pytest.mark.parametrize(
    ("database", "shown"),
    [
        ("a?b.db", "a%3Fb.db"),
        ("da?ta/x%y", "da%3Fta/x%25y"),
        ("a b", "a b"),
        ("a+b", "a+b"),
        ("wé#&=", None),
    ],
)
def test_name_of_the_database_is_escaped(database: str, shown: str | None) -> None:
    url = URL.create("postgresql", host="h", database=database)
    again = make_url(url.render_as_string())
    assert again == url and again.database == database and dict(again.query) == {}
    if shown is not None:
        assert str(url) == f"postgresql://h/{shown}"


@pytest.mark.feature("A006")
def test_file_with_a_question_mark_in_its_name(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/what%3F%25.db")
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE t (id INTEGER)"))
    engine.dispose()
    assert (tmp_path / "what?%.db").exists()


# Plugins ---------------------------------------------------------------------------------------------


class Noting(CreateEnginePlugin):
    """Notes what it is asked, and changes what it may."""

    calls: list[Any]

    def __init__(self, url: URL, kwargs: dict[str, Any]) -> None:
        self.calls = [("init", str(url))]
        self.given = (url.query.get("level"), kwargs.pop("plugin_option", None))

    def update_url(self, url: URL) -> URL:
        self.calls.append("update_url")
        return url.difference_update_query(["level"])

    def handle_dialect_kwargs(self, dialect_cls: type[Any], dialect_args: dict[str, Any]) -> None:
        self.calls.append(("dialect", dialect_cls.name))
        dialect_args["label_length"] = 12

    def handle_pool_kwargs(self, pool_cls: type[Any], pool_args: dict[str, Any]) -> None:
        self.calls.append(("pool", pool_cls.__name__))
        pool_args["logging_name"] = "of the plugin"

    def engine_created(self, engine: Any) -> None:
        self.calls.append("engine_created")
        engine.plugin = self


class Quiet(CreateEnginePlugin):
    """Takes nothing, changes nothing but its own name in the URL."""

    def update_url(self, url: URL) -> URL:
        return url


@pytest.fixture
def registered() -> Iterator[None]:
    plugins.register("noting", __name__, "Noting")
    plugins.register("quiet", __name__, "Quiet")
    yield
    for name in ("noting", "quiet"):
        plugins.impls.pop(name, None)


@pytest.mark.feature("A007")
@pytest.mark.parametrize("where", ["url", "keyword", "config"])
def test_plugins(registered: None, where: str) -> None:
    if where == "url":
        engine: Any = create_engine("sqlite:///?plugin=noting&level=5", plugin_option=7, poolclass=NullPool)
    elif where == "keyword":
        engine = create_engine("sqlite:///?level=5", plugins=["noting"], plugin_option=7, poolclass=NullPool)
    else:
        config = {"sqlalchemy.url": "sqlite:///?level=5", "sqlalchemy.plugins": ["noting"]}
        engine = engine_from_config(config, plugin_option=7, poolclass=NullPool)
    assert engine.plugin.given == ("5", 7)
    assert engine.plugin.calls[1:] == [
        "update_url",
        ("dialect", "sqlite"),
        ("pool", "NullPool"),
        "engine_created",
    ]
    assert not engine.url.query and engine.url.drivername == "sqlite"
    assert engine.dialect.label_length == 12 and engine.pool.logging_name == "of the plugin"
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT 1")) == 1


@pytest.mark.feature("A007")
def test_plugins_that_do_little_or_are_unknown(registered: None) -> None:
    assert str(create_engine("sqlite:///x?plugin=quiet&timeout=5").url) == "sqlite:///x?timeout=5"
    both: Any = create_engine("sqlite:///?plugin=noting&plugin=quiet")
    assert both.plugin.calls[-1] == "engine_created"
    with pytest.raises(exc.NoSuchModuleError, match="Can't load plugin: sqlalchemy.plugins:nope"):
        create_engine("sqlite:///?plugin=nope")
    with pytest.raises(exc.NoSuchModuleError, match="nope"):
        create_engine("sqlite://", plugins=["nope"])


# Engines on engines ----------------------------------------------------------------------------------


@pytest.mark.feature("A010")
def test_engine_with_options_of_its_own(url: str) -> None:
    engine = create_engine(url, execution_options={"a": 1, "b": 1})
    second = engine.execution_options(b=2, c=2)
    third = second.execution_options(c=3)
    assert [dict(each.get_execution_options()) for each in (engine, second, third)] == [
        {"a": 1, "b": 1},
        {"a": 1, "b": 2, "c": 2},
        {"a": 1, "b": 2, "c": 3},
    ]
    assert second.pool is engine.pool and third.dialect is engine.dialect and third.url is engine.url
    assert second.engine is second and repr(second) == repr(engine)
    with third.connect() as conn:
        assert dict(conn.get_execution_options()) == {"a": 1, "b": 2, "c": 3} and conn.engine is third
        conn.execution_options(d=4)
        assert dict(third.get_execution_options()) == {"a": 1, "b": 2, "c": 3}
    engine.update_execution_options(z=1)
    assert "z" in engine.get_execution_options() and "z" not in second.get_execution_options()
    before = engine.pool
    second.dispose()
    assert engine.pool is second.pool is third.pool and engine.pool is not before
    engine.dispose()


@pytest.mark.feature("A010")
def test_what_copies_of_an_engine_hear_and_share(url: str) -> None:
    engine = create_engine(url)
    second = engine.execution_options(tenant="x")
    heard: list[str] = []
    event.listen(engine, "before_execute", lambda *args: heard.append("first"))
    event.listen(second, "before_execute", lambda *args: heard.append("second"))
    for each, expected in ((engine, ["first"]), (second, ["first", "second"])):
        with each.connect() as conn:
            conn.execute(select(literal(1)))
        assert sorted(heard) == expected
        heard.clear()
    with engine.connect() as one, second.connect() as two:
        one.execute(select(literal(7).label("shared")))
        result = two.execute(select(literal(7).label("shared")))
        assert result.context.cache_hit.name == "CACHE_HIT"
    engine.dispose()


@pytest.mark.feature("A010")
def test_copies_with_another_level_of_isolation(url: str) -> None:
    engine = create_engine(url)
    serial = engine.execution_options(isolation_level="SERIALIZABLE")
    with serial.connect() as conn:
        assert conn.get_isolation_level() == "SERIALIZABLE"
    with engine.connect() as conn:
        assert conn.get_isolation_level() == conn.default_isolation_level
    with pytest.raises(exc.ArgumentError, match="Invalid value 'NOPE' for isolation_level"):
        engine.execution_options(isolation_level="NOPE").connect()
    engine.dispose()


# Lengths ---------------------------------------------------------------------------------------------


def long_names(metadata: MetaData) -> Table:
    return Table(
        "a_rather_long_table_name",
        metadata,
        Column("a_rather_long_column_name", Integer, primary_key=True),
        Column("value", Integer, index=True),
    )


@pytest.mark.feature("A041")
def test_labels_are_cut_to_the_length_given(url: str) -> None:
    engine = create_engine(url, label_length=10)
    metadata = MetaData()
    t = long_names(metadata)
    metadata.create_all(engine)
    statement = (
        select(t).where(t.c.a_rather_long_column_name == 5).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    compiled = statement.compile(engine)
    assert " AS a_ra_1" in str(compiled) and " AS a_ra_2" in str(compiled)
    assert list(compiled.params) == ["a_ra_1"]
    with engine.begin() as conn:
        conn.execute(insert(t), {"a_rather_long_column_name": 5, "value": 6})
        row = conn.execute(statement).one()
        assert row._mapping[t.c.a_rather_long_column_name] == 5 and row._mapping[t.c.value] == 6
        assert conn.execute(select(literal(1).label("x" * 60))).scalar() == 1
    engine.dispose()


@pytest.mark.feature("A041")
def test_lengths_of_identifiers(url: str) -> None:
    own = create_engine(url)
    with own.connect() as conn:
        limit = conn.dialect.max_identifier_length
    assert limit == {"sqlite": 9999, "postgresql": 63, "mariadb": 255}[own.dialect.name]
    own.dispose()


@pytest.mark.feature("A041")
@pytest.mark.backends("sqlite", "postgresql")  # MySQL has a limit of its own for names of indexes
def test_length_given_for_identifiers(url: str) -> None:
    engine = create_engine(url, max_identifier_length=30)
    metadata = MetaData()
    t = long_names(metadata)
    (index,) = t.indexes
    (found,) = [" ".join(str(CreateIndex(index).compile(dialect=engine.dialect)).split())]
    name = found.split()[2]
    assert len(name) <= 30 and name.startswith("ix_a_rather_long_table_")
    metadata.create_all(engine)
    with engine.connect() as conn:
        assert conn.dialect.max_identifier_length == 30
        assert conn.execute(select(t)).all() == []
    Table("t", metadata, Column("i", Integer), Index("an_index_whose_name_is_longer_than_that", "i"))
    with pytest.raises(exc.IdentifierError, match="exceeds maximum length of 30 characters"):
        metadata.create_all(engine)
    engine.dispose()


@pytest.mark.feature("A041")
def test_lengths_that_cannot_be() -> None:
    with pytest.raises(exc.ArgumentError, match="Label length of 30 is greater than this dialect's maximum"):
        create_engine("sqlite://", label_length=30, max_identifier_length=20).connect()


# Drivers ---------------------------------------------------------------------------------------------


@pytest.mark.feature("A043")
@pytest.mark.parametrize(
    ("style", "marks"),
    [
        ("qmark", "? + ?"),
        ("named", ":a + :b"),
        ("numeric", ":1 + :2"),
        ("numeric_dollar", "$1 + $2"),
        ("format", "%s + %s"),
        ("pyformat", "%(a)s + %(b)s"),
    ],
)
def test_styles_of_parameters(style: str, marks: str) -> None:
    engine = create_engine("sqlite://", paramstyle=style)
    statement = select(bindparam("a", type_=Integer) + bindparam("b", type_=Integer))
    assert marks in str(statement.compile(engine))
    assert engine.dialect.paramstyle == style
    if style in ("format", "pyformat", "numeric_dollar"):
        return  # not of this driver
    with engine.connect() as conn:
        assert conn.scalar(statement, {"b": 2, "a": 1}) == 3
        assert conn.scalar(text("SELECT :a + :b + :a"), {"b": 2, "a": 1}) == 4
        assert conn.scalars(select(literal(1)).where(literal(2).in_([1, 2, 3]))).all() == [1]


@pytest.mark.feature("A043")
@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.parametrize("style", ["pyformat", "format"])
def test_styles_of_servers(url: str, style: str) -> None:
    engine = create_engine(url, paramstyle=style)
    assert engine.dialect.positional is (style == "format")
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("n", String(9)))
    with engine.begin() as conn:
        t.create(conn)
        conn.execute(insert(t), [{"n": "a", "id": 1}, {"id": 2, "n": "b%"}])
        assert conn.execute(
            select(t.c.n).where(t.c.id.in_([1, 2]), t.c.n == bindparam("n")), {"n": "b%"}
        ).all() == [("b%",)]
        assert conn.scalar(text("SELECT n FROM t WHERE id = :id AND n LIKE 'a%'"), {"id": 1}) == "a"
    engine.dispose()


@pytest.mark.feature("A043")
def test_a_style_that_is_none() -> None:
    with pytest.raises(exc.ArgumentError, match="takes one of qmark, .* as 'paramstyle', got 'bad'"):
        create_engine("sqlite://", paramstyle="bad")


@pytest.mark.feature("A045")
def test_version_of_the_driver(engine: Any) -> None:
    version = engine.dialect.dbapi_version
    assert isinstance(version, tuple) and len(version) >= 2 and all(isinstance(part, int) for part in version)
    assert engine.dialect.retrieve_dbapi_version(engine.dialect.dbapi) == version
    driver = engine.dialect.dbapi
    if engine.dialect.name == "sqlite":  # its driver is as old as Python
        assert version == sys.version_info[:3]
    else:
        said = getattr(driver, "VERSION", None) or driver.__version__.split(".")
        assert list(version[:2]) == [int(part) for part in said[:2]]


@pytest.mark.feature("A045")
def test_versions_of_odd_drivers() -> None:
    with pytest.raises(exc.NoDBAPILoaded, match=r"sqlite\+pysqlite has no DBAPI module loaded"):
        _ = sqlite_dialects.dialect().dbapi_version
    driver: Any = types.ModuleType("odd")
    driver.paramstyle = "qmark"
    for said, expected in (("1.2.3", (1, 2, 3)), ("1.2.3rc1", (1, 2, 3)), ("7", (7,))):
        driver.__version__ = said
        assert DefaultDialect(dbapi=driver).dbapi_version[: len(expected)] == expected
    with pytest.raises(exc.NoDBAPILoaded, match=r"mysql\+pymysql could not determine a version .* 'odd'"):
        _ = pymysql.dialect(dbapi=driver).dbapi_version


# Each option has its effect, and wrong ones are refused ----------------------------------------------


@pytest.mark.feature("A001")
def test_options_of_statements_have_effect(url: str) -> None:
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))
    engine = create_engine(url, insertmanyvalues_page_size=2, query_cache_size=0, enable_from_linting=False)
    texts: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: texts.append(args[2]))
    with engine.begin() as conn:
        t.create(conn)
        other = t.alias()
        conn.execute(select(t.c.id, other.c.id))  # does not warn of a cartesian product
        texts.clear()
        conn.execute(insert(t).returning(t.c.id), [{"n": i} for i in range(5)])
        result = conn.execute(select(t.c.n))
        assert result.context.cache_hit.name == "CACHING_DISABLED"
    assert sum(text_.startswith("INSERT") for text_ in texts) == 3
    engine.dispose()
    single = create_engine(url, use_insertmanyvalues=False)
    with single.connect() as conn:
        with pytest.raises(exc.StatementError, match="does not support INSERT..RETURNING when executemany"):
            conn.execute(insert(t).returning(t.c.id), [{"n": 1}, {"n": 2}])
    single.dispose()


@pytest.mark.feature("A001")
def test_options_of_connecting_have_effect(tmp_path: Path) -> None:
    driver: Any = types.ModuleType("driver")
    driver.__dict__.update(
        {name: getattr(sqlite3, name) for name in dir(sqlite3) if not name.startswith("__")}
    )
    arguments: list[Any] = []

    def connect(*args: Any, **kw: Any) -> Any:
        arguments.append((args, kw))
        return sqlite3.connect(*args, **kw)

    driver.connect = connect
    engine = create_engine(
        f"sqlite:///{tmp_path}/x.db",
        module=driver,
        connect_args={"cached_statements": 7},
        poolclass=QueuePool,
    )
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT 1")) == 1
    assert engine.dialect.dbapi is driver
    assert arguments[0][0] == (f"{tmp_path}/x.db",) and arguments[0][1]["cached_statements"] == 7
    engine.dispose()


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"isolation_level": "NOPE"}, exc.ArgumentError, "Valid isolation levels for 'sqlite' are"),
    ({"pool_reset_on_return": "zz"}, exc.ArgumentError, "Invalid value for 'reset_on_return': 'zz'"),
    ({"future": False}, exc.ArgumentError, "may only be set to True"),
    (
        {"poolclass": "QueuePool"},
        exc.ArgumentError,
        "poolclass is a class such as QueuePool; got 'QueuePool'",
    ),
    (
        {"nonsense": 1, "other": 2},
        TypeError,
        r"Invalid argument\(s\) 'nonsense','other' sent to create_engine",
    ),
    (
        {"poolclass": NullPool, "pool_size": 3},
        TypeError,
        r"'pool_size' .*SQLiteDialect_pysqlite/NullPool/Engine",
    ),
    ({"encoding": "utf8"}, TypeError, "'encoding'"),
    ({"server_side_cursors": True}, exc.ArgumentError, "does not support server side cursors"),
    ({"label_length": 30, "max_identifier_length": 20}, exc.ArgumentError, "Label length of 30 is greater"),
]


@pytest.mark.feature("A001")
@pytest.mark.parametrize(("options", "error", "said"), REFUSED)
def test_what_create_engine_refuses(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        create_engine("sqlite://", **options).connect()


@pytest.mark.feature("A001")
@pytest.mark.parametrize("name", ["implicit_returning", "empty_in_strategy"])
def test_what_create_engine_takes_with_a_warning(name: str) -> None:
    with pytest.warns(exc.SADeprecationWarning, match=f"create_engine.{name} .* deprecated"):
        create_engine("sqlite://", **{name: True})


# name, text, how to read it back, what it is
COERCED: list[tuple[str, str, Any, Any]] = [
    ("echo", "true", lambda e: e.echo, True),
    ("echo", "debug", lambda e: e.echo, "debug"),
    ("echo_pool", "debug", lambda e: e.pool.echo, "debug"),
    ("pool_size", "3", lambda e: e.pool.size(), 3),
    ("max_overflow", "2", lambda e: e.pool._max_overflow, 2),
    ("pool_timeout", "7", lambda e: e.pool.timeout(), 7),
    ("pool_recycle", "40", lambda e: e.pool._recycle, 40),
    ("pool_pre_ping", "yes", lambda e: e.pool._pre_ping, True),
    ("hide_parameters", "no", lambda e: e.hide_parameters, False),
    ("label_length", "20", lambda e: e.dialect.label_length, 20),
    ("max_identifier_length", "30", lambda e: e.dialect.max_identifier_length, 30),
    ("insertmanyvalues_page_size", "4", lambda e: e.dialect.insertmanyvalues_page_size, 4),
    ("use_insertmanyvalues", "false", lambda e: e.dialect.use_insertmanyvalues, False),
    ("query_cache_size", "9", lambda e: e._compiled_cache.capacity, 9),
    ("pool_reset_on_return", "none", lambda e: e.pool._reset_on_return.name, "reset_none"),
    ("logging_name", "mine", lambda e: e.logging_name, "mine"),
    ("future", "true", lambda e: e.name, "sqlite"),
]


@pytest.mark.feature("A002")
@pytest.mark.parametrize(("name", "value", "read", "expected"), COERCED)
def test_settings_in_text(name: str, value: str, read: Any, expected: Any) -> None:
    settings = {
        "sqlalchemy.url": "sqlite:///x.db",
        "sqlalchemy.poolclass": QueuePool,
        f"sqlalchemy.{name}": value,
    }
    engine = engine_from_config(settings)
    assert read(engine) == expected
    assert engine_from_config({"url": "sqlite://", "echo": "no"}, prefix="").echo is False


@pytest.mark.feature("A002")
@pytest.mark.parametrize(
    ("name", "value"),
    [("echo", "loud"), ("pool_size", "three"), ("pool_pre_ping", "maybe"), ("pool_recycle", "")],
)
def test_settings_that_are_no_such_text(name: str, value: str) -> None:
    settings = {
        "sqlalchemy.url": "sqlite:///x.db",
        "sqlalchemy.poolclass": QueuePool,
        f"sqlalchemy.{name}": value,
    }
    with pytest.raises(ValueError, match=r"String is not true/false|invalid literal"):
        engine_from_config(settings)
