"""
Which dialect an address names, what each says in its own words, and how others join them.
"""

from __future__ import annotations

import datetime
import decimal
import importlib
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    exc,
    func,
    insert,
    literal,
    make_url,
    select,
    text,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, registry, sqlite
from relvar.schema import CreateTable

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String(20)))


def folded(thing: Any) -> str:
    return " ".join(str(thing).split())


# Paging ----------------------------------------------------------------------------------------------

TOP = {"render_postcompile": True}


@pytest.mark.feature("S011")
@pytest.mark.parametrize(
    ("dialect", "page", "offset"),
    [
        (
            mssql.dialect(),
            "SELECT TOP 10 t.id, t.x FROM t ORDER BY t.id",
            (
                "SELECT anon_1.id, anon_1.x FROM (SELECT t.id AS id, t.x AS x, "
                "ROW_NUMBER() OVER (ORDER BY t.id) AS mssql_rn FROM t) AS anon_1 "
                "WHERE mssql_rn > :param_1 AND mssql_rn <= :param_2 + :param_1"
            ),
        ),
        (
            mysql.dialect(),
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT %s",
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT %s, %s",
        ),
        (
            postgresql.dialect(),
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT %(param_1)s::INTEGER",
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT %(param_1)s::INTEGER OFFSET %(param_2)s::INTEGER",
        ),
        (
            sqlite.dialect(),
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT ? OFFSET ?",
            "SELECT t.id, t.x FROM t ORDER BY t.id LIMIT ? OFFSET ?",
        ),
    ],
    ids=["mssql", "mysql", "postgresql", "sqlite"],
)
def test_one_limit_many_texts(dialect: Any, page: str, offset: str) -> None:
    statement = select(t).order_by(t.c.id).limit(10)
    assert folded(statement.compile(dialect=dialect, compile_kwargs=TOP)) == page
    assert folded(statement.offset(5).compile(dialect=dialect, compile_kwargs=TOP)) == offset


@pytest.mark.feature("S011")
def test_the_number_of_rows_is_no_parameter_on_sql_server() -> None:
    compiled = select(t.c.x).limit(10).compile(dialect=mssql.dialect())
    assert folded(compiled) == "SELECT TOP __[POSTCOMPILE_param_1] t.x FROM t"
    assert compiled.params == {"param_1": 10}
    compiled = select(t.c.x).limit(10).compile(dialect=mssql.dialect(), compile_kwargs=TOP)
    assert folded(compiled) == "SELECT TOP 10 t.x FROM t" and compiled.params == {}


@pytest.mark.feature("S011")
def test_limit_runs(engine: Any, sql_log: Any) -> None:
    t.create(engine)
    with engine.begin() as conn:
        conn.execute(insert(t), [{"id": i, "x": f"x{i}"} for i in range(1, 21)])
        log = sql_log(engine)
        for count in (10, 3):
            rows = conn.scalars(select(t.c.id).order_by(t.c.id).limit(count)).all()
            assert rows == list(range(1, count + 1))
        assert conn.scalars(select(t.c.id).order_by(t.c.id).limit(2).offset(4)).all() == [5, 6]
    limits = {
        "sqlite": [("LIMIT ? OFFSET ?", (10, 0)), ("LIMIT ? OFFSET ?", (2, 4))],
        "postgresql": [
            ("LIMIT %(param_1)s::INTEGER", {"param_1": 10}),
            ("OFFSET", {"param_1": 2, "param_2": 4}),
        ],
        "mariadb": [
            ("LIMIT %(param_1)s", {"param_1": 10}),
            ("LIMIT %(param_1)s, %(param_2)s", {"param_1": 4, "param_2": 2}),
        ],
    }[engine.name]
    for (statement, parameters), (part, expected) in zip([log[0], log[2]], limits):
        assert part in statement
        assert (dict if isinstance(expected, dict) else tuple)(parameters) == expected


# The dialects by their addresses ---------------------------------------------------------------------


def exercise(engine: Any, quote: str) -> None:
    """Create, fill, read, change and drop a table of many types."""
    metadata = MetaData()
    things = Table(
        "things of all kinds",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("select", String(30), nullable=False),
        Column("body", Text),
        Column("amount", Numeric(10, 2)),
        Column("flag", Boolean),
        Column("at", DateTime),
        Column("raw", LargeBinary),
        Column("data", JSON),
    )
    values = {
        "select": "wörd ☃ %s :x ? %(y)s 100%",
        "body": "a\nb" * 100,
        "amount": decimal.Decimal("12.50"),
        "flag": True,
        "at": datetime.datetime(2024, 2, 29, 12, 30, 15),
        "raw": b"\x00\xff'\\",
        "data": {"a": [1, None, "ä"]},
    }
    c = things.c
    with engine.begin() as conn:
        metadata.create_all(conn)
        result = conn.execute(insert(things), values)
        assert result.inserted_primary_key == (1,)
        row = conn.execute(select(things).where(c["select"] == values["select"], c.flag.is_(True))).one()
        assert dict(row._mapping) == {"id": 1, **values}
        conn.execute(insert(things), [{"select": str(i), "amount": i} for i in range(5)])
        assert conn.scalar(select(func.count()).select_from(things).where(c["select"].like("%w_ %"))) == 0
        assert conn.scalar(select(c.id).where(c["select"].contains("00%", autoescape=True))) == 1
        assert conn.execute(update(things).where(c.amount < 3, c.id > 1).values(flag=False)).rowcount == 3
        assert conn.execute(delete(things).where(c.flag.is_(False))).rowcount == 3
        assert conn.scalars(select(c["select"] + "!").order_by(c.id)).all()[1:] == ["3!", "4!"]
        assert conn.scalar(text("select :x"), {"x": "100%"}) == "100%"
        with pytest.raises(exc.IntegrityError):
            with conn.begin_nested():
                conn.execute(insert(things), {"id": 1, "select": "twice"})
        assert conn.scalar(select(literal(5) / 2)) == decimal.Decimal("2.5")
        metadata.drop_all(conn)
    name = select(c["select"]).compile(dialect=engine.dialect)
    table, column = (f"{quote}{word}{quote}" for word in ("things of all kinds", "select"))
    assert folded(name) == f"SELECT {table}.{column} FROM {table}"


def addressed(server: Any, drivername: str, **query: str) -> Any:
    return server.url.set(drivername=drivername).update_query_dict(query)


@pytest.fixture
def mysqlclient() -> Any:
    return pytest.importorskip("MySQLdb", reason="mysqlclient is not installed")


@pytest.mark.feature("S014")
@pytest.mark.parametrize("drivername", ["mysql", "mysql+mysqldb", "mariadb", "mariadb+mysqldb"])
def test_mysql_with_mysqlclient(mariadb_engine: Any, mysqlclient: Any, drivername: str) -> None:
    engine = create_engine(addressed(mariadb_engine, drivername, charset="utf8mb4"))
    try:
        assert (engine.driver, engine.dialect.dbapi) == ("mysqldb", mysqlclient)
        check_mysql(engine, drivername)
    finally:
        engine.dispose()


@pytest.mark.feature("S014")
@pytest.mark.parametrize("drivername", ["mysql+pymysql", "mariadb+pymysql"])
def test_mysql_with_pymysql(mariadb_engine: Any, drivername: str) -> None:
    engine = create_engine(addressed(mariadb_engine, drivername))
    try:
        assert engine.driver == "pymysql"
        check_mysql(engine, drivername)
    finally:
        engine.dispose()


def check_mysql(engine: Any, drivername: str) -> None:
    assert engine.name == engine.dialect.name == drivername.split("+")[0]
    assert isinstance(engine.dialect, mysql.dialect().__class__.__mro__[1])
    exercise(engine, "`")
    assert engine.dialect.is_mariadb and engine.dialect.server_version_info > (10,)
    kinds = Table(
        "kinds",
        MetaData(),
        Column("id", mysql.INTEGER(unsigned=True), primary_key=True, autoincrement=False),
        Column("e", mysql.ENUM("a", "b'c")),
        Column("s", mysql.SET("x", "y")),
        Column("tiny", mysql.TINYINT(1)),
        Column("at", mysql.DATETIME(fsp=6)),
        Column("long", mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin")),
        mysql_engine="InnoDB",
    )
    at = datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)
    first = {"id": 4294967295, "e": "b'c", "s": {"x", "y"}, "tiny": 1, "at": at, "long": "ß"}
    with engine.begin() as conn:
        kinds.create(conn)
        conn.execute(insert(kinds), first)
        upsert = mysql.insert(kinds).values(id=first["id"], e="a")
        conn.execute(upsert.on_duplicate_key_update(e=upsert.inserted.e))
        assert conn.execute(select(kinds)).one()._asdict() == {**first, "e": "a"}
        assert conn.scalar(select(kinds.c.id).limit(1)) == first["id"]
        kinds.drop(conn)


@pytest.mark.feature("S014")
def test_text_of_mysql() -> None:
    dialect = mysql.dialect()
    statement = select(t.c.x).where(t.c.x == "a", t.c.id > 1).with_for_update(read=True)
    assert folded(statement.compile(dialect=dialect)) == (
        "SELECT t.x FROM t WHERE t.x = %s AND t.id > %s LOCK IN SHARE MODE"
    )
    assert folded(CreateTable(t).compile(dialect=dialect)) == (
        "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, x VARCHAR(20), PRIMARY KEY (id) )"
    )
    assert folded((t.c.x + "b").compile(dialect=dialect)) == "concat(t.x, %s)"
    assert mysql.dialect().name == "mysql" and mysql.dialect().driver == "mysqldb"
    for url in ("mysql://u@h/d", "mariadb://u@h/d"):
        assert make_url(url).get_driver_name() == "mysqldb"
        assert make_url(url).get_dialect().driver == "mysqldb"
    assert make_url("mariadb+pymysql://").get_dialect().name == "mariadb"


@pytest.mark.feature("S016")
@pytest.mark.parametrize("drivername", ["postgresql", "postgresql+psycopg"])
def test_postgresql(pg_engine: Any, drivername: str) -> None:
    engine = create_engine(addressed(pg_engine, drivername))
    try:
        assert (engine.name, engine.driver) == ("postgresql", "psycopg")
        assert engine.dialect.dbapi.__name__ == "psycopg"
        assert isinstance(engine.dialect, postgresql.dialect)
        exercise(engine, '"')
        kinds = Table(
            "kinds",
            MetaData(),
            Column("id", postgresql.BIGINT, primary_key=True),
            Column("tags", postgresql.ARRAY(postgresql.TEXT)),
            Column("doc", postgresql.JSONB),
            Column("span", postgresql.INTERVAL),
            Column("at", postgresql.TIMESTAMP(timezone=True)),
        )
        first = {
            "id": 1,
            "tags": ["a", 'b"c', "{d}", "e\\f"],
            "doc": {"k": {"n": 1.5}},
            "span": datetime.timedelta(days=2, seconds=3),
            "at": datetime.datetime(2024, 1, 2, 3, 4, 5, 678901, datetime.UTC),
        }
        with engine.begin() as conn:
            kinds.create(conn)
            conn.execute(insert(kinds), first)
            upsert = postgresql.insert(kinds).values(id=1, tags=["new"])
            upsert = upsert.on_conflict_do_update(index_elements=["id"], set_={"tags": upsert.excluded.tags})
            assert conn.scalar(upsert.returning(kinds.c.tags)) == ["new"]
            assert conn.execute(select(kinds)).one()._asdict() == {**first, "tags": ["new"]}
            assert conn.scalar(select(kinds.c.id).where(kinds.c.doc["k"]["n"].as_float() == 1.5)) == 1
            kinds.drop(conn)
    finally:
        engine.dispose()


@pytest.mark.feature("S016")
def test_text_of_postgresql() -> None:
    dialect = postgresql.dialect()
    statement = select(t.c.x).where(t.c.x.ilike("a"), t.c.id > 1).with_for_update(skip_locked=True)
    assert folded(statement.compile(dialect=dialect)) == (
        "SELECT t.x FROM t WHERE t.x ILIKE %(x_1)s::VARCHAR AND t.id > %(id_1)s::INTEGER "
        "FOR UPDATE SKIP LOCKED"
    )
    assert folded(CreateTable(t).compile(dialect=dialect)) == (
        "CREATE TABLE t ( id SERIAL NOT NULL, x VARCHAR(20), PRIMARY KEY (id) )"
    )
    assert folded(insert(t).compile(dialect=dialect)) == (
        "INSERT INTO t (id, x) VALUES (%(id)s::INTEGER, %(x)s::VARCHAR)"
    )
    assert make_url("postgresql://h/d").get_driver_name() == "psycopg"
    assert make_url("postgresql+psycopg2://h/d").get_dialect().driver == "psycopg2"


@pytest.mark.feature("S017")
@pytest.mark.parametrize(
    "form", ["sqlite://", "sqlite:///:memory:", "sqlite+pysqlite://", "sqlite:///{}/a%20b.db"]
)
def test_sqlite(tmp_path: Path, form: str) -> None:
    engine = create_engine(form.format(tmp_path))
    try:
        assert (engine.name, engine.driver) == ("sqlite", "pysqlite")
        assert isinstance(engine.dialect, sqlite.dialect)
        exercise(engine, '"')
        kinds = Table(
            "kinds",
            MetaData(),
            Column("id", sqlite.INTEGER, primary_key=True),
            Column("day", sqlite.DATE),
            Column("at", sqlite.DATETIME),
            Column("doc", sqlite.JSON),
        )
        first = {
            "id": 1,
            "day": datetime.date(2024, 2, 29),
            "at": datetime.datetime(2024, 1, 2, 3, 4, 5, 678901),
            "doc": {"k": [1, 2]},
        }
        with engine.begin() as conn:
            kinds.create(conn)
            conn.execute(insert(kinds), first)
            upsert = sqlite.insert(kinds).values(id=1, doc={"k": "v"})
            conn.execute(upsert.on_conflict_do_update(set_={"doc": upsert.excluded.doc}))
            assert conn.execute(select(kinds)).one()._asdict() == {**first, "doc": {"k": "v"}}
            assert conn.scalar(select(kinds.c.doc["k"].as_string())) == "v"
    finally:
        engine.dispose()


@pytest.mark.feature("S017")
def test_text_of_sqlite() -> None:
    dialect = sqlite.dialect()
    statement = select(t.c.x).where(t.c.x.ilike("a"), t.c.id > 1).with_for_update()
    assert folded(statement.compile(dialect=dialect)) == (
        "SELECT t.x FROM t WHERE lower(t.x) LIKE lower(?) AND t.id > ?"
    )
    assert folded(CreateTable(t).compile(dialect=dialect)) == (
        "CREATE TABLE t ( id INTEGER NOT NULL, x VARCHAR(20), PRIMARY KEY (id) )"
    )
    assert (
        folded(insert(t).values().compile(dialect=dialect, column_keys=[])) == "INSERT INTO t DEFAULT VALUES"
    )


@pytest.mark.feature("S017")
def test_places_of_sqlite_databases(tmp_path: Path) -> None:
    for url, place in [
        ("sqlite://", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
        (f"sqlite:///{tmp_path}/x.db", f"{tmp_path}/x.db"),
        ("sqlite:///file:m?cache=shared&mode=memory&uri=true", "file:m?cache=shared&mode=memory"),
    ]:
        dialect = make_url(url).get_dialect()()
        arguments, keywords = dialect.create_connect_args(make_url(url))
        assert list(arguments) == [place], url
        assert keywords.get("uri", False) is ("uri=true" in url)


# Versions of the server ------------------------------------------------------------------------------


@pytest.mark.feature("E002")
def test_the_version_of_the_server_is_known(engine: Any) -> None:
    assert getattr(engine.dialect, "server_version_info", None) is None or engine.name == "sqlite"
    with engine.connect() as conn:
        version = engine.dialect.server_version_info
        assert isinstance(version, tuple) and version >= {"sqlite": (3,), "postgresql": (9, 6)}.get(
            engine.name, (10,)
        )
        asked = {"sqlite": "select sqlite_version()"}.get(engine.name, "select version()")
        assert ".".join(map(str, version[:2])) in conn.exec_driver_sql(asked).scalar()


def of_version(base: type[Any], version: tuple[int, ...]) -> type[Any]:
    """A dialect that takes any server for one of this version."""

    class Dated(base):  # type: ignore[misc]
        supports_statement_cache = True

        def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
            return version

    return Dated


@pytest.fixture
def dated() -> Iterator[Any]:
    names: list[str] = []

    def make(url: Any, version: tuple[int, ...], **options: Any) -> Any:
        cls = of_version(url.get_dialect(), version)
        name = f"{url.get_backend_name()}.v{'_'.join(map(str, version))}"
        registry.impls[name] = lambda: cls
        names.append(name)
        return create_engine(url.set(drivername=name.replace(".", "+")), **options)

    yield make
    for name in names:
        registry.impls.pop(name)


@pytest.mark.feature("E002")
def test_text_follows_the_version_of_postgresql(pg_engine: Any, dated: Any) -> None:
    table = Table("numbered", MetaData(), Column("id", Integer, Identity(), primary_key=True))
    for version, kind in [((9, 6), "id SERIAL"), ((16, 1), "id INTEGER GENERATED BY DEFAULT AS IDENTITY")]:
        engine = dated(pg_engine.url, version)
        with engine.begin() as conn:
            assert kind in folded(CreateTable(table).compile(dialect=engine.dialect))
            table.create(conn)
            assert conn.execute(insert(table)).inserted_primary_key == (1,)
            table.drop(conn)
        engine.dispose()


@pytest.mark.feature("E002")
def test_text_follows_the_version_of_mariadb(mariadb_engine: Any, dated: Any, sql_log: Any) -> None:
    for version, returns in [((10, 4, 0), False), ((10, 6, 0), True)]:
        engine = dated(mariadb_engine.url, version)
        with engine.begin() as conn:
            t.create(conn)
            assert engine.dialect.insert_returning is returns
            log = sql_log(engine)
            result = conn.execute(insert(t).return_defaults(), {"x": "a"})
            assert result.inserted_primary_key == (1,)
            assert ("RETURNING" in log.texts()[0]) is returns
            t.drop(conn)
        engine.dispose()


class OldSQLite:
    """The driver of SQLite, linked to an old library."""

    sqlite_version_info = (3, 30, 0)
    sqlite_version = "3.30.0"

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


@pytest.mark.feature("E002")
def test_text_follows_the_version_of_sqlite(sql_log: Any) -> None:
    engine = create_engine("sqlite://", module=OldSQLite())
    log = sql_log(engine)
    with engine.begin() as conn:
        assert engine.dialect.server_version_info == (3, 30, 0)
        t.create(conn)
        assert conn.execute(insert(t).return_defaults(), {"x": "a"}).inserted_primary_key == (1,)
    assert log.texts()[-1] == "INSERT INTO t (x) VALUES (?)"
    engine.dispose()


# Transactions of SQLite ------------------------------------------------------------------------------


@pytest.mark.feature("E012")
def test_isolation_levels_of_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    engine = create_engine(url)
    with engine.connect() as conn:
        assert conn.default_isolation_level == conn.get_isolation_level() == "SERIALIZABLE"
        assert set(engine.dialect.get_isolation_level_values(conn.connection.dbapi_connection)) == {
            *("SERIALIZABLE", "READ UNCOMMITTED", "AUTOCOMMIT")
        }
        conn.execution_options(isolation_level="READ UNCOMMITTED")
        assert conn.get_isolation_level() == "READ UNCOMMITTED"
        assert conn.exec_driver_sql("pragma read_uncommitted").scalar() == 1
    with engine.connect() as conn:
        assert conn.get_isolation_level() == "SERIALIZABLE"
    engine.dispose()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        t.create(conn)
        conn.execute(insert(t), {"x": "kept"})
        conn.rollback()
        assert conn.connection.dbapi_connection.isolation_level is None
    with engine.connect() as conn:
        assert conn.scalars(select(t.c.x)).all() == ["kept"]
    engine.dispose()
    with pytest.raises(exc.ArgumentError, match="Invalid value 'REPEATABLE READ' for isolation_level"):
        create_engine(url, isolation_level="REPEATABLE READ").connect()


@pytest.mark.feature("E012")
def test_the_driver_of_sqlite_begins_late(tmp_path: Path) -> None:
    """As the standard driver does it: SELECT and DDL run outside transactions, INSERT begins one."""
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as conn:
        t.create(conn)
        raw = conn.connection.dbapi_connection
        conn.execute(select(t))
        assert conn.in_transaction() and not raw.in_transaction
        conn.execute(insert(t), {"x": "a"})
        assert raw.in_transaction
        conn.rollback()
        assert not raw.in_transaction
        assert conn.scalar(select(func.count()).select_from(t)) == 0
    engine.dispose()


def check_begin(engine: Any) -> None:
    """Everything, DDL included, is inside the transaction, and savepoints work."""
    with engine.connect() as conn:
        t.create(conn)
        assert conn.connection.dbapi_connection.in_transaction
        conn.rollback()
        assert conn.scalar(text("select count(*) from sqlite_master")) == 0
    with engine.begin() as conn:
        t.create(conn)
        with conn.begin_nested():
            conn.execute(insert(t), {"x": "a"})
        with conn.begin_nested() as savepoint:
            conn.execute(insert(t), {"x": "b"})
            savepoint.rollback()
        with conn.begin_nested():
            conn.execute(select(t))
    with engine.connect() as conn:
        assert conn.scalars(select(t.c.x)).all() == ["a"]
        with conn.begin_nested() as savepoint:
            conn.execute(delete(t))
            savepoint.rollback()
        conn.commit()
        assert conn.scalars(select(t.c.x)).all() == ["a"]


@pytest.mark.feature("E012")
def test_own_begin_on_sqlite(tmp_path: Path) -> None:
    """The recipe: the driver is told to leave transactions alone, a listener begins them."""
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    begun: list[str] = []

    @event.listens_for(engine, "connect")
    def leave_alone(dbapi_connection: Any, connection_record: Any) -> None:
        dbapi_connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(conn: Any) -> None:
        begun.append("begin")
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    check_begin(engine)
    assert len(begun) == 5
    engine.dispose()


@pytest.mark.feature("E012")
def test_autocommit_mode_of_newer_drivers(tmp_path: Path) -> None:
    """``autocommit=False`` of Python 3.12 makes the driver begin at once; older drivers refuse it."""
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", connect_args={"autocommit": False})
    if sys.version_info < (3, 12):
        with pytest.raises(TypeError, match="autocommit"):
            engine.connect()
    else:
        check_begin(engine)
    engine.dispose()


# Dialects of other packages --------------------------------------------------------------------------

OTHER = """
from {package}.dialects.sqlite.pysqlite import dialect as base


class OtherDialect(base):
    name = "{name}"
    driver = "otherdriver"
    supports_statement_cache = True


class SecondDialect(OtherDialect):
    driver = "second"
    supports_statement_cache = True
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that makes an importable module with dialects, and a distribution around it."""
    made: list[str] = []
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(module: str, name: str, entry_points: str = "") -> None:
        library = create_engine.__module__.split(".")[0]
        (tmp_path / f"{module}.py").write_text(OTHER.format(package=library, name=name))
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(entry_points)
        importlib.invalidate_caches()
        made.append(module)

    yield make
    for module in made:
        sys.modules.pop(module, None)


def uses(drivername: str, name: str, driver: str) -> None:
    engine = create_engine(f"{drivername}://")
    assert (engine.dialect.name, engine.driver) == (name, driver)
    with engine.begin() as conn:
        t.create(conn)
        conn.execute(insert(t), {"x": "a"})
        assert conn.scalar(select(t.c.x)) == "a"
    engine.dispose()


@pytest.mark.feature("S019", "A008")
def test_registered_dialect(package: Any) -> None:
    with pytest.raises(exc.NoSuchModuleError, match="Can't load plugin: sqlalchemy.dialects:otherdb"):
        create_engine("otherdb://")
    package("other_dialect_a", "otherdb")
    registry.register("otherdb", "other_dialect_a", "OtherDialect")
    registry.register("otherdb.second", "other_dialect_a", "SecondDialect")
    try:
        uses("otherdb", "otherdb", "otherdriver")
        uses("otherdb+second", "otherdb", "second")
    finally:
        registry.deregister("otherdb")
        registry.deregister("otherdb.second")
    with pytest.raises(exc.NoSuchModuleError):
        create_engine("otherdb://")


@pytest.mark.feature("S019", "A008")
def test_dialect_of_an_installed_distribution(package: Any) -> None:
    # what the group of SQLAlchemy announces is read while relvar stands in: tests/compat
    module, name = "other_dialect_installed", "installeddb"
    package(
        module,
        name,
        f"[relvar.dialects]\n{name} = {module}:OtherDialect\n{name}.second = {module}:SecondDialect\n",
    )
    try:
        uses(name, name, "otherdriver")
        uses(f"{name}+second", name, "second")
    finally:
        registry.impls.pop(name, None)
        registry.impls.pop(f"{name}.second", None)
