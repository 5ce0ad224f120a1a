"""What the server's SQL mode changes: quotes, backslashes; character sets of connections."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    func,
    inspect,
    literal,
    select,
)

MODES = {
    # mode -> (backslashes escape, double quotes are for names)
    "STRICT_TRANS_TABLES": (True, False),
    "ANSI_QUOTES": (True, True),
    "NO_BACKSLASH_ESCAPES": (False, False),
    "ANSI_QUOTES,NO_BACKSLASH_ESCAPES": (False, True),
    "ANSI": (True, True),
    "TRADITIONAL": (True, False),
}
MODULES = {"mysqldb": "MySQLdb", "mysqlconnector": "mysql.connector", "mariadbconnector": "mariadb"}


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(request: pytest.FixtureRequest, make_engine: Any, mode: str) -> Any:
    driver = getattr(request, "param", "pymysql")
    pytest.importorskip(MODULES.get(driver, driver))
    return make_engine(driver, query={"init_command": f"SET sql_mode = '{mode}'"})


def tables() -> MetaData:
    metadata = MetaData()
    Table(
        'pa"r`ent',
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column('a"b', String(30), server_default='it\'s \\ "x"', comment="c'\"\\n"),
        Column("se lect", Enum("a", "b\\c", "d'\"")),
        Index("i x", 'a"b'),
        CheckConstraint("id > 0", name="ch eck"),
        comment="t'\"\\",
    )
    Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("up", ForeignKey('pa"r`ent.id', name="f k")),
    )
    return metadata


@pytest.mark.feature("E045")
@pytest.mark.parametrize("engine", ["pymysql", "mysqldb", "mysqlconnector"], indirect=True)
def test_modes(engine: Any, mode: str) -> None:
    escapes, ansi = MODES[mode]
    metadata = tables()
    table = metadata.tables['pa"r`ent']
    column = table.c['a"b']
    odd = "\\ ' \" % \\n \\%"
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(table.insert(), {"id": 1, 'a"b': odd, "se lect": "b\\c"})
        connection.execute(table.insert(), {"id": 2})
        assert connection.execute(select(column, table.c["se lect"]).order_by(table.c.id)).all() == [
            (odd, "b\\c"),
            ('it\'s \\ "x"', None),
        ]
        assert connection.scalar(select(literal(odd, literal_execute=True))) == odd
        found = select(table.c.id).where(column.contains("\\n \\", autoescape=True))
        assert connection.scalars(found).all() == [1]
        assert connection.scalar(select(func.concat(column, "!")).where(column == odd)) == odd + "!"
    dialect = engine.dialect
    assert dialect._backslash_escapes is escapes
    assert dialect._server_ansiquotes is ansi
    assert dialect.identifier_preparer.quote("a b") == ('"a b"' if ansi else "`a b`")


@pytest.mark.feature("E045", "E046")
def test_reflection_in_each_mode(engine: Any, mode: str) -> None:
    metadata = tables()
    metadata.create_all(engine)
    inspector = inspect(engine)
    parent = {c["name"]: c for c in inspector.get_columns('pa"r`ent')}
    assert list(parent) == ["id", 'a"b', "se lect"]
    assert parent['a"b']["comment"] == "c'\"\\n"
    assert parent["se lect"]["type"].enums == ["a", "b\\c", "d'\""]
    assert inspector.get_table_comment('pa"r`ent') == {"text": "t'\"\\"}
    (check,) = inspector.get_check_constraints('pa"r`ent')
    assert check == {"name": "ch eck", "sqltext": '"id" > 0' if MODES[mode][1] else "`id` > 0"}
    assert [i["name"] for i in inspector.get_indexes('pa"r`ent')] == ["i x"]
    (key,) = inspector.get_foreign_keys("child")
    assert (key["name"], key["referred_table"]) == ("f k", 'pa"r`ent')
    again = MetaData()
    again.reflect(engine)
    assert sorted(again.tables) == ["child", 'pa"r`ent']
    # what was reflected can be made again
    again.drop_all(engine)
    again.create_all(engine)
    assert {c["name"]: c["comment"] for c in inspect(engine).get_columns('pa"r`ent')} == {
        name: column["comment"] for name, column in parent.items()
    }


@pytest.mark.feature("E046")
def test_temporary_tables_in_each_mode(engine: Any, mode: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "create temporary table passing (id int primary key, b varchar(20) default 'q' comment 'x',"
            " key kk (b), constraint cn check (id < 9)) comment='tc'"
        )
        inspector = inspect(connection)
        assert [(c["name"], c["default"], c["comment"]) for c in inspector.get_columns("passing")] == [
            ("id", None, None),
            ("b", "'q'", "x"),
        ]
        assert inspector.get_pk_constraint("passing")["constrained_columns"] == ["id"]
        assert [c["name"] for c in inspector.get_check_constraints("passing")] == ["cn"]


@pytest.mark.feature("E046")
def test_views_in_each_mode(engine: Any, mode: str) -> None:
    metadata = tables()
    metadata.create_all(engine)
    quote = engine.dialect.identifier_preparer.quote_identifier
    with engine.begin() as connection:
        connection.exec_driver_sql(f"create view {quote('v(w')} as select id as {quote('VIEW')} from child")
        connection.exec_driver_sql("create table looks (a int comment 'CREATE VIEW')")
    inspector = inspect(engine)
    assert inspector.get_view_names() == ["v(w"]
    assert " AS select " in inspector.get_view_definition("v(w")
    assert [c["name"] for c in inspector.get_columns("v(w")] == ["VIEW"]
    assert inspector.get_table_options("v(w") == {}


# -- character sets --------------------------------------------------------------------------------------


@pytest.mark.feature("E045")
def test_character_sets(make_engine: Any, driver: str) -> None:
    if driver in ("pyodbc", "mariadbconnector"):
        with make_engine(driver).connect() as connection:
            used = connection.exec_driver_sql("select @@character_set_client, @@character_set_results").one()
            assert used == ("utf8mb4", "utf8mb4"), "it has no other, without a choice"
            assert connection.scalar(select(literal("é😀"))) == "é😀"
        return
    for charset in ("utf8mb4", "latin1"):
        engine = make_engine(driver, query={"charset": charset})
        with engine.connect() as connection:
            used = connection.exec_driver_sql("select @@character_set_client, @@character_set_results").one()
            assert used == (charset, charset)
            assert connection.scalar(select(literal("é"))) == "é"
    with make_engine(driver).connect() as connection:
        assert connection.scalar(select(literal("é😀"))) == "é😀"


@pytest.mark.feature("E045")
def test_time_outs_and_compression_by_url(make_engine: Any) -> None:
    for driver, query in (
        ("pymysql", {"connect_timeout": "5", "read_timeout": "5"}),
        ("mysqldb", {"connect_timeout": "5", "compress": "1"}),
        ("mysqlconnector", {"connection_timeout": "5", "compress": "1", "use_pure": "1"}),
        ("mariadbconnector", {"connect_timeout": "5", "read_timeout": "5", "compress": "1"}),
    ):
        pytest.importorskip(MODULES.get(driver, driver))
        with make_engine(driver, query=query).connect() as connection:
            assert connection.scalar(select(literal(1))) == 1
