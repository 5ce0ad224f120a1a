"""Options of tables and indexes of MySQL and MariaDB: their text, and that the server takes them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    Computed,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    Text,
    exc,
    func,
    inspect,
    select,
    text,
)
from relvar.dialects import mysql
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.schema import CreateIndex, CreateTable, DropTableComment, SetTableComment

DIALECTS = {"mysql": mysql.dialect(), "mariadb": MariaDBDialect()}


OPTIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"},
        "ENGINE=InnoDB CHARSET=utf8mb4 COLLATE utf8mb4_bin",
    ),
    # a collation comes after its character set
    ({"collate": "latin1_bin", "default_charset": "latin1"}, "DEFAULT CHARSET=latin1 COLLATE latin1_bin"),
    ({"character_set": "latin1"}, "CHARACTER SET latin1"),
    (
        {"row_format": "COMPRESSED", "key_block_size": 4, "stats_persistent": 1},
        "ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4 STATS_PERSISTENT=1",
    ),
    ({"engine": "MyISAM", "checksum": True, "max_rows": 5}, "ENGINE=MyISAM CHECKSUM=1 MAX_ROWS=5"),
    ({"engine": None, "auto_increment": 7}, "AUTO_INCREMENT=7"),
    ({"comment": "it's \\ %"}, "COMMENT='it''s \\\\ %%'"),
    ({"partitions": 4, "partition_by": "HASH(x)"}, "PARTITION BY HASH(x) PARTITIONS 4"),
    (
        {"engine": "InnoDB", "partition_by": "RANGE COLUMNS(x)", "subpartition_by": "HASH(x)"},
        "ENGINE=InnoDB PARTITION BY RANGE COLUMNS(x) SUBPARTITION BY HASH(x)",
    ),
]


@pytest.mark.feature("E039")
@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize(("given", "expected"), OPTIONS)
def test_text_of_options(name: str, given: dict[str, Any], expected: str) -> None:
    keywords = {f"{name}_{key}": value for key, value in given.items()}
    table = Table("t", MetaData(), Column("x", Integer), **keywords)
    assert " ".join(str(CreateTable(table).compile(dialect=DIALECTS[name])).split()) == (
        f"CREATE TABLE t ( x INTEGER ){expected}"
    )
    # those of the other name mean nothing
    other = "mariadb" if name == "mysql" else "mysql"
    assert str(CreateTable(table).compile(dialect=DIALECTS[other])).endswith(")\n\n")


@pytest.mark.feature("E039")
def test_options_that_the_server_takes(mariadb_engine: Any) -> None:
    metadata = MetaData()
    taken: dict[str, dict[str, Any]] = {
        "a": {"engine": "MyISAM", "charset": "latin1", "collate": "latin1_bin", "checksum": 1},
        "b": {"engine": "InnoDB", "row_format": "COMPRESSED", "key_block_size": 4},
        "c": {"engine": "InnoDB", "comment": "it's"},
        "d": {"partition_by": "HASH(x)", "partitions": 3},
        "e": {
            "partition_by": "RANGE(x) (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN (9))"
        },
        "f": {"engine": "MEMORY", "max_rows": 100},
    }
    for name, given in taken.items():
        keywords = {f"mariadb_{key}": value for key, value in given.items()}
        Table(name, metadata, Column("x", Integer, primary_key=True), **keywords)
    metadata.create_all(mariadb_engine)
    found = {
        name: {
            key.partition("_")[2]: value
            for key, value in inspect(mariadb_engine).get_table_options(name).items()
        }
        for name in taken
    }
    assert found["a"]["engine"] == "MyISAM"
    assert found["a"]["collate"] == "latin1_bin"
    assert found["a"]["checksum"] == "1"
    assert (found["b"]["row_format"], found["b"]["key_block_size"]) == ("COMPRESSED", "4")
    assert found["c"]["comment"] == "it's"
    assert (found["d"]["partition_by"], found["d"]["partitions"]) == ("HASH (`x`)", "3")
    assert found["e"]["partition_definitions"].startswith(
        "PARTITION `p0` VALUES LESS THAN (5) ENGINE = InnoDB, "
    )
    assert (found["f"]["engine"], found["f"]["max_rows"]) == ("MEMORY", "100")


@pytest.mark.feature("E039")
def test_partitions_are_made_again_from_reflection(mariadb_engine: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(
            "create table p (d date, c varchar(3)) partition by range (year(d)) subpartition by hash"
            " (to_days(d)) subpartitions 2 (partition p0 values less than (1990),"
            " partition p1 values less than maxvalue)"
        )
        found = inspect(connection).get_table_options("p")
        definitions = found.pop("mariadb_partition_definitions")
        assert definitions == (
            "PARTITION `p0` VALUES LESS THAN (1990) ENGINE = InnoDB, "
            "PARTITION `p1` VALUES LESS THAN MAXVALUE ENGINE = InnoDB"
        )
        assert found["mariadb_partition_by"] == "RANGE (year(`d`))"
        assert found["mariadb_subpartition_by"] == "HASH (to_days(`d`))"
        assert found["mariadb_subpartitions"] == "2"
        reflected = Table("p", MetaData(), autoload_with=connection)
        assert reflected.dialect_options["mariadb"]["partition_by"] == "RANGE (year(`d`))"


def test_comments_and_prefixes(mariadb_engine: Any) -> None:
    table = Table("t", MetaData(), Column("x", Integer), comment="first", prefixes=["TEMPORARY"])
    assert "CREATE TEMPORARY TABLE t" in str(CreateTable(table).compile(dialect=DIALECTS["mysql"]))
    lasting = Table("t", MetaData(), Column("x", Integer, comment="of x"), comment="it's\\")
    with mariadb_engine.begin() as connection:
        lasting.create(connection)
        assert inspect(connection).get_table_comment("t") == {"text": "it's\\"}
        lasting.comment = "second"
        connection.execute(SetTableComment(lasting))
        assert inspect(connection).get_table_comment("t") == {"text": "second"}
        connection.execute(DropTableComment(lasting))
        assert inspect(connection).get_table_comment("t") == {"text": None}


# -- indexes -----------------------------------------------------------------------------------------


def index(name: str, *elements: Any, unique: bool = False, **given: Any) -> Index:
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("a", String(30)),
        Column("b", Text, key="bk"),
        Column("c c", Integer),
    )
    columns = [element(table.c) if callable(element) else table.c[element] for element in elements]
    return Index("ix", *columns, unique=unique, **{f"{name}_{key}": value for key, value in given.items()})


INDEXES: list[tuple[list[Any], dict[str, Any], str]] = [
    (["a"], {"length": 5}, "CREATE INDEX ix ON t (a(5))"),
    (["a", "bk"], {"length": {"a": 5, "b": 6}}, "CREATE INDEX ix ON t (a(5), b(6))"),
    # by the key as well as by the name
    (["a", "bk"], {"length": {"bk": 6}}, "CREATE INDEX ix ON t (a, b(6))"),
    (["bk"], {"prefix": "FULLTEXT"}, "CREATE FULLTEXT INDEX ix ON t (b)"),
    (
        ["bk"],
        {"prefix": "FULLTEXT", "with_parser": "ngram"},
        "CREATE FULLTEXT INDEX ix ON t (b) WITH PARSER ngram",
    ),
    (["a"], {"prefix": "SPATIAL"}, "CREATE SPATIAL INDEX ix ON t (a)"),
    (["a"], {"using": "btree"}, "CREATE INDEX ix ON t (a) USING btree"),
    (["a"], {"using": "hash", "unique": True}, "CREATE UNIQUE INDEX ix ON t (a) USING hash"),
    ([lambda c: c.a.desc(), "c c"], {"length": {"a": 3}}, "CREATE INDEX ix ON t (a(3) DESC, `c c`)"),
    ([lambda c: func.lower(c.a)], {}, "CREATE INDEX ix ON t ((lower(a)))"),
    ([lambda c: func.lower(c.a).desc()], {}, "CREATE INDEX ix ON t ((lower(a)) DESC)"),
    ([lambda c: c["c c"] + 1, "a"], {}, "CREATE INDEX ix ON t ((`c c` + 1), a)"),
    (["c c", lambda c: text("a(3)")], {}, "CREATE INDEX ix ON t (`c c`, a(3))"),
]


@pytest.mark.feature("E040")
@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize(("elements", "given", "expected"), INDEXES)
def test_text_of_indexes(name: str, elements: list[Any], given: dict[str, Any], expected: str) -> None:
    made = index(name, *elements, **given)
    assert str(CreateIndex(made).compile(dialect=DIALECTS[name])) == expected


@pytest.mark.feature("E040")
def test_indexes_that_the_server_takes(mariadb_engine: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(
            "create table t (id int primary key, a varchar(30), b text, `c c` int, g point not null)"
        )
        wanted = [
            index("mariadb", "a", length=5),
            index("mariadb", "a", "bk", length={"a": 5, "b": 6}, unique=True),
            index("mariadb", "bk", prefix="FULLTEXT"),
            index("mariadb", "a", using="hash"),
            index("mariadb", lambda c: c.a.desc(), "c c"),
        ]
        for number, made in enumerate(wanted):
            made.name = f"ix{number}"
            connection.execute(CreateIndex(made))
        connection.exec_driver_sql("create spatial index ix9 on t (g)")
        found = {item["name"]: item for item in inspect(connection).get_indexes("t")}
    assert found["ix0"]["dialect_options"] == {"mariadb_length": {"a": 5}}
    assert found["ix1"]["unique"]
    assert found["ix1"]["dialect_options"] == {"mariadb_length": {"a": 5, "b": 6}}
    assert found["ix2"]["dialect_options"] == {"mariadb_prefix": "FULLTEXT"}
    assert "dialect_options" not in found["ix3"]
    assert found["ix4"]["column_names"] == ["a", "c c"]
    assert found["ix9"]["dialect_options"] == {"mariadb_prefix": "SPATIAL"}


@pytest.mark.feature("E040")
def test_reflected_indexes_are_made_again(mariadb_engine: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(
            "create table t (id int primary key, a varchar(30), b text, key k (a(3), id), fulltext key f (b))"
        )
        metadata = MetaData()
        Table("t", metadata, autoload_with=connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        found = {item["name"]: item.get("dialect_options") for item in inspect(connection).get_indexes("t")}
    assert found == {"k": {"mariadb_length": {"a": 3}}, "f": {"mariadb_prefix": "FULLTEXT"}}


@pytest.mark.feature("E040")
def test_a_primary_key_with_a_method(mariadb_engine: Any) -> None:
    table = Table("t", MetaData(), Column("a", Integer), PrimaryKeyConstraint("a", mariadb_using="hash"))
    text = " ".join(str(CreateTable(table).compile(dialect=DIALECTS["mariadb"])).split())
    assert text.endswith("PRIMARY KEY (a) USING hash )")
    table.create(mariadb_engine)


def test_options_nobody_has() -> None:
    for kind in (
        lambda: Index("i", Column("a", Integer), mysql_foo=1),
        lambda: PrimaryKeyConstraint("a", mysql_foo=1),
    ):
        with pytest.raises(
            exc.ArgumentError, match="Argument 'mysql_foo' is not accepted by dialect 'mysql'"
        ):
            kind()


# -- generated columns, sequences -----------------------------------------------------------------------


def test_generated_columns(mariadb_engine: Any) -> None:
    metadata = MetaData()
    table = Table(
        "g",
        metadata,
        Column("a", Integer, primary_key=True, autoincrement=False),
        Column("b", Integer, Computed("a + 1")),
        Column("c", Integer, Computed("a * 2", persisted=True)),
        Column("d", Integer, Computed("a - 1", persisted=False)),
    )
    with mariadb_engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(table.insert(), {"a": 4})
        assert connection.execute(table.select()).one() == (4, 5, 8, 3)
        b, c, d = inspect(connection).get_columns("g")[1:]
    assert b["computed"] == {"sqltext": "(`a` + 1)", "persisted": False}
    assert c["computed"] == {"sqltext": "(`a` * 2)", "persisted": True}
    assert d["computed"]["persisted"] is False


def test_sequences(mariadb_engine: Any) -> None:
    metadata = MetaData()
    sequence = Sequence("numbers", start=5, increment=2, metadata=metadata)
    table = Table("s", metadata, Column("id", Integer, sequence, primary_key=True), Column("x", Integer))
    with mariadb_engine.begin() as connection:
        metadata.create_all(connection)
        assert inspect(connection).get_sequence_names() == ["numbers"]
        assert inspect(connection).has_sequence("numbers")
        assert connection.execute(table.insert(), {"x": 1}).inserted_primary_key == (5,)
        assert connection.scalar(sequence) == 7
        assert connection.scalar(select(sequence.next_value())) == 9
        rows = connection.execute(table.insert().returning(table.c.id), [{"x": 2}, {"x": 3}]).all()
        assert rows == [(11,), (13,)]
        metadata.drop_all(connection)
        assert inspect(connection).get_sequence_names() == []
