"""Reflection of MySQL and MariaDB: other schemas, views, many tables at once, names in lower case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import relvar
from relvar import Column, ForeignKey, Integer, MetaData, String, Table, exc, inspect, select
from relvar.engine.reflection import ObjectKind


@pytest.fixture
def other(mariadb_engine: Any) -> Iterator[list[str]]:
    """Two more schemas, one with a dot in its name."""
    names = [f"{mariadb_engine.url.database}_o", f"{mariadb_engine.url.database}.d"]
    with mariadb_engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"create database `{name}` character set utf8mb4")
    yield names
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("set foreign_key_checks = 0")
        for name in names:
            connection.exec_driver_sql(f"drop database `{name}`")


@pytest.mark.feature("E046")
def test_foreign_keys_into_other_schemas(mariadb_engine: Any, other: list[str]) -> None:
    plain, dotted = other
    metadata = MetaData()
    Table("away", metadata, Column("id", Integer, primary_key=True), schema=plain)
    Table("far.away", metadata, Column("id", Integer, primary_key=True), schema=dotted)
    Table(
        "here.now",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", ForeignKey(f"{plain}.away.id", name="fka", ondelete="CASCADE")),
    )
    metadata.create_all(mariadb_engine)
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(
            "create table deep (id int, constraint fkd foreign key (id) references"
            f" `{dotted}`.`far.away` (id) on update set null)"
        )
        connection.exec_driver_sql(
            f"create table `{plain}`.back (id int, constraint fkb foreign key (id) references"
            f" `{mariadb_engine.url.database}`.`here.now` (id))"
        )
    inspector = inspect(mariadb_engine)
    assert inspector.get_foreign_keys("here.now") == [
        {
            "name": "fka",
            "constrained_columns": ["a"],
            "referred_schema": plain,
            "referred_table": "away",
            "referred_columns": ["id"],
            "options": {"ondelete": "CASCADE"},
        }
    ]
    (deep,) = inspector.get_foreign_keys("deep")
    assert (deep["referred_schema"], deep["referred_table"]) == (dotted, "far.away")
    assert deep["options"] == {"onupdate": "SET NULL"}
    # seen from another schema, the default one has a name
    (back,) = inspector.get_foreign_keys("back", schema=plain)
    assert (back["referred_schema"], back["referred_table"]) == (mariadb_engine.url.database, "here.now")
    assert inspector.get_table_names(schema=dotted) == ["far.away"]
    assert {plain, dotted} <= set(inspector.get_schema_names())
    reflected = MetaData()
    reflected.reflect(mariadb_engine)
    assert f"{dotted}.far.away" in reflected.tables
    assert reflected.tables["here.now"].c.a.references(reflected.tables[f"{plain}.away"].c.id)


VARIED = r"""
create table parent (
    id int primary key auto_increment, x int, y int, n varchar(50) not null default 'x''y' comment 'it''s',
    unique key uq (x, y), key part (n(10)), fulltext key ft (n)
) comment='a ''table'' \\ x=y';
create table child (
    id int, p int, q int, key (q),
    constraint z_fk foreign key (p) references parent (id) on delete cascade,
    constraint `a fk` foreign key (p, q) references parent (x, y)
);
create table checked (
    a int check (a > 5), b int, c varchar(9), j json,
    constraint z_ck check (a > b and b < 10),
    constraint `a ck` check (c <> 'x''y' or (a > 1 and b > 2))
);
create table made (a int, b int as (a + 1) virtual, c int as (a * 2) stored);
create table myisam (id int) engine=MyISAM charset=latin1 collate=latin1_bin max_rows=9 checksum=1;
create table small (id int primary key) row_format=compressed key_block_size=4;
create table aria (id int) engine=Aria;
create table parts (id int primary key) partition by hash (id) partitions 4;
create table lists (x varchar(3)) partition by list columns (x) (
    partition pa values in ('a','b'), partition pb values in ('c')
);
create table versions (a int) with system versioning;
create table periods (id int, s date, e date, period for ev (s, e));
create table latin (a varchar(3)) charset=latin1;
create view seen as select id, x from parent;
create table gone (x int);
create view broken as select x from gone;
drop table gone
"""


@pytest.fixture
def varied(mariadb_engine: Any) -> Any:
    """An engine on tables of many kinds, and on views of which one is broken."""
    with mariadb_engine.begin() as connection:
        for statement in VARIED.split(";\n"):
            connection.exec_driver_sql(statement)
    return mariadb_engine


QUESTIONS = (
    "columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints",
    "table_comment", "table_options",
)  # fmt: skip


@pytest.mark.feature("E046")
@pytest.mark.parametrize("question", QUESTIONS)
def test_many_tables_are_told_as_each_of_them(varied: Any, question: str) -> None:
    """What the catalogs say of many is what SHOW CREATE TABLE says of one."""
    inspector = inspect(varied)
    many = getattr(inspector, f"get_multi_{question}")(kind=ObjectKind.ANY)
    names = set(inspector.get_table_names()) | set(inspector.get_view_names())
    assert {name for _, name in many} == names - {"broken"}
    for (_, name), found in many.items():
        inspector.clear_cache()
        one = getattr(inspector, f"get_{question}")(name)
        # types have no order and no equality
        assert str(one) == str(found) or (isinstance(one, dict) and one == found), name


@pytest.mark.feature("E046")
def test_what_is_told(varied: Any) -> None:
    inspector = inspect(varied)
    assert inspector.get_view_names() == ["broken", "seen"]
    assert [c["name"] for c in inspector.get_columns("seen")] == ["id", "x"]
    assert "select" in inspector.get_view_definition("seen")
    with pytest.raises(exc.NoSuchTableError):
        inspector.get_view_definition("parent")
    for question in ("columns", "check_constraints", "table_options", "table_comment", "indexes"):
        with pytest.raises(exc.UnreflectableTableError, match="`broken` could not be reflected"):
            getattr(inspector, f"get_{question}")("broken")
    assert [key["name"] for key in inspector.get_foreign_keys("child")] == ["a fk", "z_fk"]
    assert inspector.get_check_constraints("checked") == [
        {"name": "a ck", "sqltext": "`c` <> 'x\\'y' or `a` > 1 and `b` > 2"},
        {"name": "z_ck", "sqltext": "`a` > `b` and `b` < 10"},
    ]
    assert inspector.get_check_constraints("periods") == []
    assert inspector.get_table_options("myisam") == {
        "mariadb_engine": "MyISAM",
        "mariadb_default charset": "latin1",
        "mariadb_collate": "latin1_bin",
        "mariadb_max_rows": "9",
        "mariadb_checksum": "1",
    }
    assert inspector.get_table_options("aria")["mariadb_page_checksum"] == "1"
    assert inspector.get_table_options("lists")["mariadb_partition_definitions"] == (
        "PARTITION `pa` VALUES IN ('a','b') ENGINE = InnoDB, PARTITION `pb` VALUES IN ('c') ENGINE = InnoDB"
    )
    assert inspector.get_table_comment("parent") == {"text": "a 'table' \\ x=y"}
    # options are told under the name of the URL
    with relvar.create_engine(varied.url.set(drivername="mysql+pymysql")).connect() as connection:
        assert inspect(connection).get_table_options("small")["mysql_key_block_size"] == "4"


@pytest.mark.feature("E046")
def test_a_broken_view_is_skipped(varied: Any) -> None:
    metadata = MetaData()
    with pytest.warns(exc.SAWarning, match="Skipping table broken"):
        metadata.reflect(varied, views=True)
    assert "seen" in metadata.tables
    assert "broken" not in metadata.tables


def make_tables(engine: Any, count: int) -> None:
    metadata = MetaData()
    for number in range(count):
        table = Table(
            f"t{number:04}",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("name", String(20), unique=True, comment=f"of {number}"),
            comment=f"number {number}",
            mariadb_engine="InnoDB",
        )
        if number:
            table.append_column(Column("up", ForeignKey(f"t{number - 1:04}.id")))
    metadata.create_all(engine)


@pytest.mark.feature("E046")
def test_queries_do_not_grow_with_the_tables(mariadb_engine: Any, sql_log: Any) -> None:
    sent: list[int] = []
    for count in (3, 60):
        make_tables(mariadb_engine, count)
        log = sql_log(mariadb_engine)
        metadata = MetaData()
        metadata.reflect(mariadb_engine)
        assert len(metadata.tables) == count
        sent.append(len(log))
    last = metadata.tables["t0059"]
    assert last.comment == "number 59"
    assert last.c.name.comment == "of 59"
    assert last.c.up.references(metadata.tables["t0058"].c.id)
    assert last.dialect_options["mariadb"]["engine"] == "InnoDB"
    assert sent[0] == sent[1] < 25


# -- lower_case_table_names ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lower_case_server(private_server: Any) -> str:
    """The URL of a private server that keeps names of tables in lower case."""
    return str(private_server("--lower-case-table-names=1"))


@pytest.mark.feature("E046")
def test_names_in_lower_case(lower_case_server: str) -> None:
    engine = relvar.create_engine(lower_case_server)
    metadata = MetaData()
    Table("Parent", metadata, Column("Id", Integer, primary_key=True), comment="p")
    Table(
        "CamelCase",
        metadata,
        Column("Id", Integer, primary_key=True),
        Column("Up", ForeignKey("Parent.Id", name="FkUp")),
    )
    metadata.create_all(engine)
    assert engine.dialect._casing == 1
    inspector = inspect(engine)
    assert inspector.get_table_names() == ["camelcase", "parent"]
    for name in ("CamelCase", "camelcase", "CAMELCASE"):
        assert inspector.has_table(name)
        assert [c["name"] for c in inspector.get_columns(name)] == ["Id", "Up"]
        assert inspector.get_pk_constraint(name)["constrained_columns"] == ["Id"]
        (key,) = inspector.get_foreign_keys(name)
        assert (key["name"], key["referred_table"], key["referred_columns"]) == ("FkUp", "parent", ["Id"])
    assert inspector.get_table_comment("PARENT") == {"text": "p"}
    reflected = MetaData()
    reflected.reflect(engine)
    assert sorted(reflected.tables) == ["camelcase", "parent"]
    assert reflected.tables["camelcase"].c.Up.references(reflected.tables["parent"].c.Id)
    loaded = Table("CamelCase", MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        assert connection.execute(select(loaded)).all() == []
    # what is there is not made again
    metadata.create_all(engine)
    metadata.drop_all(engine)
    engine.dispose()


@pytest.mark.feature("E046")
def test_names_as_they_are_written(mariadb_engine: Any) -> None:
    """Where case matters, two tables may differ in it."""
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("create table Tab (a int, b int comment 'upper')")
        connection.exec_driver_sql("create table tab (a int, c int comment 'lower')")
    inspector = inspect(mariadb_engine)
    assert mariadb_engine.dialect._casing == 0
    assert [c["name"] for c in inspector.get_columns("Tab")] == ["a", "b"]
    assert [c["name"] for c in inspector.get_columns("tab")] == ["a", "c"]
    assert not inspector.has_table("TAB")
    many = inspector.get_multi_columns(filter_names=["Tab", "tab"])
    assert {name: [c["name"] for c in columns] for (_, name), columns in many.items()} == {
        "Tab": ["a", "b"],
        "tab": ["a", "c"],
    }
