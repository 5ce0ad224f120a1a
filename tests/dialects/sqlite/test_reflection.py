"""Reflection on SQLite: many tables at once, what only the text tells, schemas, views, names that are odd."""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    exc,
    func,
    inspect,
    text,
)
from relvar.engine.reflection import ObjectKind, ObjectScope
from relvar.schema import CreateIndex, CreateTable

QUESTIONS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_options",
)


class OlderSQLite:
    """The driver of SQLite, which says it is linked to an older library."""

    def __init__(self, version: tuple[int, int, int]) -> None:
        self.sqlite_version_info = version
        self.sqlite_version = ".".join(map(str, version))

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


def chain(count: int) -> MetaData:
    """Tables that refer to one another."""
    metadata = MetaData()
    for number in range(count):
        columns = [
            Column("id", Integer, primary_key=True),
            Column("name", String(9), index=True),
            Column("twice", Integer, Computed("id * 2")),
        ]
        if number:
            columns.append(Column("up", Integer, ForeignKey(f"t{number - 1}.id", ondelete="CASCADE")))
        Table(f"t{number}", metadata, *columns, UniqueConstraint("name", "id", name=f"uq{number}"))
    return metadata


@pytest.fixture
def connection(sqlite_engine: Any) -> Iterator[Any]:
    with sqlite_engine.connect() as connection:
        yield connection


def run(connection: Any, *statements: str) -> Any:
    """Run statements and return an inspector."""
    for statement in statements:
        connection.exec_driver_sql(statement)
    return inspect(connection)


def shown(answer: Any) -> str:
    """An answer as text: types and clauses are not comparable."""
    return re.sub(r"<\S+ object at \w+>", "clause", str(answer))


def told(inspector: Any, names: list[str] | None = None) -> dict[str, str]:
    """All answers about many tables, as text."""
    return {
        question: shown(
            sorted(
                getattr(inspector, f"get_multi_{question}")(
                    kind=ObjectKind.ANY, scope=ObjectScope.ANY, filter_names=names
                ).items()
            )
        )
        for question in QUESTIONS
    }


# How many queries -------------------------------------------------------------------------------------


@pytest.mark.feature("E014")
def test_a_thousand_tables_take_as_many_queries_as_two(sqlite_engine: Any, sql_log: Any) -> None:
    chain(1000).create_all(sqlite_engine)
    log = sql_log(sqlite_engine)
    asked = []
    for only in (["t0", "t1"], None):
        metadata = MetaData()
        log.clear()
        metadata.reflect(sqlite_engine, only=only)
        asked.append(len(log))
    assert asked == [10, 10]
    assert len(metadata.tables) == 1000
    last = metadata.tables["t999"]
    assert last.c.up.references(metadata.tables["t998"].c.id)
    assert str(last.c.twice.computed.sqltext) == "id * 2"
    assert {index.name for index in last.indexes} == {"ix_t999_name"}
    assert {c.name for c in last.constraints if isinstance(c, UniqueConstraint)} == {"uq999"}


@pytest.mark.feature("E014")
def test_each_question_about_many_is_a_few_queries(sqlite_engine: Any, sql_log: Any) -> None:
    chain(30).create_all(sqlite_engine)
    log = sql_log(sqlite_engine)
    for question in QUESTIONS:
        log.clear()
        assert len(getattr(inspect(sqlite_engine), f"get_multi_{question}")()) == 30
        assert len(log) <= 6, log.texts()
    # of the dialect, without an inspector that keeps answers
    with sqlite_engine.connect() as connection:
        log.clear()
        assert len(dict(sqlite_engine.dialect.get_multi_columns(connection))) == 30
        assert len(log) == 3


@pytest.mark.feature("E014")
@pytest.mark.parametrize("version", [(3, 25, 0), (3, 15, 0), (3, 12, 0)])
def test_older_libraries_are_asked_in_their_way(version: tuple[int, int, int], sql_log: Any) -> None:
    """Without PRAGMA functions (3.16) per table; without table_xinfo (3.26) by table_info."""
    statements = [
        "CREATE TABLE p (id INTEGER PRIMARY KEY, x INT, UNIQUE (x))",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, up INT REFERENCES p, CONSTRAINT ck CHECK (up > 1))",
        "CREATE INDEX i ON c (up) WHERE up > 5",
    ]
    answers = []
    for module in (None, OlderSQLite(version)):
        engine = create_engine("sqlite://", **({} if module is None else {"module": module}))
        with engine.connect() as connection:
            inspector = run(connection, *statements)
            log = sql_log(engine)
            answers.append(told(inspector))
            asks = " ".join(log.texts())
            if module is not None:
                assert ("pragma_" in asks) is (version >= (3, 16))
                assert "xinfo(m" not in asks.replace("index_xinfo", "")
                assert "table_info" in asks
        engine.dispose()
    assert answers[0] == answers[1]


@pytest.mark.feature("E014")
def test_answers_about_many_are_those_about_one(connection: Any) -> None:
    inspector = run(
        connection,
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT DEFAULT 'y' UNIQUE, CHECK (x > 'a'))",
        'CREATE TABLE "b c" (a INT REFERENCES a, b INT, CONSTRAINT "k k" PRIMARY KEY (b, a)) WITHOUT ROWID',
        "CREATE INDEX i ON a (lower(x), id DESC) WHERE x > 'b'",
        "CREATE VIEW v AS SELECT * FROM a",
        "CREATE TEMP TABLE t (id INTEGER PRIMARY KEY, x INT UNIQUE)",
        "CREATE INDEX temp.ti ON t (x) WHERE x > 1",
        "CREATE TEMP VIEW tv AS SELECT 1 AS one",
        "CREATE VIRTUAL TABLE f USING fts5(title)",
    )
    for question in QUESTIONS:
        many = getattr(inspector, f"get_multi_{question}")(kind=ObjectKind.ANY, scope=ObjectScope.ANY)
        assert {"a", "b c", "v", "t", "tv", "f"} <= {name for _, name in many}
        for (schema, name), answer in many.items():
            assert shown(getattr(inspect(connection), f"get_{question}")(name, schema)) == shown(answer)


@pytest.mark.feature("E014")
def test_a_broken_view_does_not_slow_down_tables(connection: Any, sql_log: Any) -> None:
    chain(20).create_all(connection)
    run(
        connection,
        "CREATE TABLE gone (a INT)",
        "CREATE VIEW broken AS SELECT a FROM gone",
        "CREATE VIEW whole AS SELECT id FROM t1",
        "DROP TABLE gone",
    )
    log = sql_log(connection)
    metadata = MetaData()
    metadata.reflect(connection)
    assert len(metadata.tables) == 20
    assert len(log) < 20
    with pytest.warns(
        exc.SAWarning, match="Skipping table broken: 'broken' could not be reflected: no such table"
    ):
        metadata.reflect(connection, views=True)
    assert len(metadata.tables) == 21 and "whole" in metadata.tables
    inspector = inspect(connection)
    with pytest.raises(exc.UnreflectableTableError, match="gone"):
        inspector.get_columns("broken")
    assert inspector.has_table("broken")
    assert inspector.get_view_definition("broken") == "CREATE VIEW broken AS SELECT a FROM gone"
    assert [column["name"] for column in inspector.get_columns("whole")] == ["id"]


# What the text tells ----------------------------------------------------------------------------------

EVERYTHING = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT, b INT, UNIQUE (a, b))",
    """CREATE TABLE t (
        id INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
        a INT NOT NULL ON CONFLICT IGNORE
            CONSTRAINT fk REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        b INT CONSTRAINT uq UNIQUE ON CONFLICT FAIL, c TEXT COLLATE nocase CHECK (c <> 'CHECK (x)'),
        d INT GENERATED ALWAYS AS (a + (b * 2)) STORED,
        CONSTRAINT both UNIQUE (a, b) ON CONFLICT ROLLBACK,
        CONSTRAINT positive CHECK (a > 0 AND c NOT IN ('a)', 'b')),
        FOREIGN KEY (a, b) REFERENCES p (a, b) ON UPDATE SET NULL
    )""",
    "CREATE INDEX by_name ON t (lower(c) DESC, a) WHERE c LIKE 'WHERE %'",
    "CREATE UNIQUE INDEX down ON t (a DESC, c)",
)


@pytest.mark.feature("E014")
def test_what_only_the_text_tells(connection: Any) -> None:
    inspector = run(connection, *EVERYTHING)
    columns = {column["name"]: column for column in inspector.get_columns("t")}
    assert columns["id"]["dialect_options"] == {"sqlite_on_conflict_primary_key": "REPLACE"}
    assert columns["a"]["dialect_options"] == {"sqlite_on_conflict_not_null": "IGNORE"}
    assert columns["c"]["type"].collation == "nocase"
    assert columns["d"]["computed"] == {"sqltext": "a + (b * 2)", "persisted": True}
    assert inspector.get_pk_constraint("t") == {"constrained_columns": ["id"], "name": "pk"}
    assert inspector.get_table_options("t") == {"sqlite_autoincrement": True}
    assert inspector.get_unique_constraints("t") == [
        {"name": "both", "column_names": ["a", "b"], "dialect_options": {"sqlite_on_conflict": "ROLLBACK"}},
        {"name": "uq", "column_names": ["b"], "dialect_options": {"sqlite_on_conflict": "FAIL"}},
    ]
    assert inspector.get_check_constraints("t") == [
        {"sqltext": "a > 0 AND c NOT IN ('a)', 'b')", "name": "positive"},
        {"sqltext": "c <> 'CHECK (x)'", "name": None},
    ]
    composite, inline = inspector.get_foreign_keys("t")
    assert (composite["name"], composite["options"]) == (None, {"onupdate": "SET NULL"})
    assert (inline["name"], inline["referred_columns"]) == ("fk", ["id"])
    assert inline["options"] == {"ondelete": "CASCADE", "deferrable": True, "initially": "DEFERRED"}
    by_name, down = inspector.get_indexes("t")
    assert (by_name["column_names"], by_name["expressions"]) == ([None, "a"], ["lower(c)", "a"])
    assert by_name["column_sorting"] == {"lower(c)": ("desc",)}
    assert str(by_name["dialect_options"]["sqlite_where"]) == "c LIKE 'WHERE %'"
    assert (down["column_names"], down["unique"]) == (["a", "c"], 1)
    assert down["column_sorting"] == {"a": ("desc",)}
    assert inspector.has_index("t", "by_name") and not inspector.has_index("t", "nothing")


@pytest.mark.feature("E014")
def test_what_was_reflected_creates_the_same_again(connection: Any) -> None:
    run(connection, *EVERYTHING)
    metadata = MetaData()
    metadata.reflect(connection)
    first = told(inspect(connection))
    texts = sorted(str(CreateTable(table).compile(connection)) for table in metadata.tables.values())
    metadata.drop_all(connection)
    metadata.create_all(connection)
    again = MetaData()
    again.reflect(connection)
    assert sorted(str(CreateTable(table).compile(connection)) for table in again.tables.values()) == texts
    second = told(inspect(connection))
    # what stood with columns stands with the table now, which is another order
    for question in ("columns", "indexes", "unique_constraints", "table_options"):
        assert second[question] == first[question]
    # AUTOINCREMENT is written without the name of the key, as SQLAlchemy does
    assert second["pk_constraint"] == first["pk_constraint"].replace("'pk'", "None")
    assert sorted(second["foreign_keys"]) == sorted(first["foreign_keys"])


@pytest.mark.feature("E014", "E010")
def test_table_options(connection: Any) -> None:
    metadata = MetaData()
    options = {
        "plain": {},
        "counted": {"sqlite_autoincrement": True},
        "keyed": {"sqlite_with_rowid": False},
        "strict": {"sqlite_strict": True},
        "both": {"sqlite_strict": True, "sqlite_with_rowid": False},
    }
    for name, given in options.items():
        Table(name, metadata, Column("id", Integer, primary_key=True), **given)
    metadata.create_all(connection)
    inspector = inspect(connection)
    assert {name: inspector.get_table_options(name) for name in options} == options
    found = MetaData()
    found.reflect(connection)
    for name, table in found.tables.items():
        assert str(CreateTable(table).compile(connection)) == str(
            CreateTable(metadata.tables[name]).compile(connection)
        )


# Which tables there are -------------------------------------------------------------------------------


@pytest.mark.feature("E014")
def test_internal_tables(connection: Any) -> None:
    inspector = run(
        connection, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x INT UNIQUE)", "ANALYZE"
    )
    assert inspector.get_table_names() == ["t"]
    internal = inspector.get_table_names(sqlite_include_internal=True)
    assert {"sqlite_sequence", "t"} <= set(internal)
    assert inspector.get_indexes("t") == []
    (automatic,) = inspector.get_indexes("t", include_auto_indexes=True)
    assert automatic["name"] == "sqlite_autoindex_t_1"
    assert inspector.has_table("sqlite_sequence")
    assert [c["name"] for c in inspector.get_columns("sqlite_sequence")] == ["name", "seq"]
    master = Table("sqlite_master", MetaData(), autoload_with=connection)
    assert master.c.keys() == ["type", "name", "tbl_name", "rootpage", "sql"]
    metadata = MetaData()
    metadata.reflect(connection)
    assert list(metadata.tables) == ["t"]


@pytest.mark.feature("E014")
def test_attached_databases_and_temporary_tables(connection: Any) -> None:
    inspector = run(
        connection,
        "ATTACH ':memory:' AS other",
        "ATTACH ':memory:' AS \"odd name\"",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, main_only INT)",
        "CREATE TABLE other.t (id INTEGER PRIMARY KEY, up INT REFERENCES t, CONSTRAINT u UNIQUE (up))",
        "CREATE TABLE other.s (id INTEGER PRIMARY KEY)",
        "CREATE INDEX other.i ON t (up) WHERE up > 3",
        "CREATE VIEW other.v AS SELECT id FROM t",
        'CREATE TABLE "odd name"."a.b" (id INTEGER PRIMARY KEY)',
        "CREATE TEMP TABLE t (id INTEGER PRIMARY KEY, temp_only INT)",
        "CREATE TEMP TABLE only_temp (id INTEGER PRIMARY KEY, x INT CONSTRAINT ux UNIQUE)",
        "CREATE INDEX temp.ti ON only_temp (x) WHERE x > 1",
    )
    assert inspector.get_schema_names() == ["main", "other", "odd name"]
    assert (inspector.get_table_names("other"), inspector.get_view_names("other")) == (["s", "t"], ["v"])
    assert inspector.get_table_names("odd name") == ["a.b"]
    assert inspector.get_temp_table_names() == ["only_temp", "t"]
    assert inspector.has_table("s", "other") and not inspector.has_table("s")
    assert not inspector.has_table("t", "nowhere") and not inspector.has_schema("nowhere")
    # the main database comes first, as in SQLAlchemy
    assert [column["name"] for column in inspector.get_columns("t")] == ["id", "main_only"]
    assert [column["name"] for column in inspector.get_columns("t", "temp")] == ["id", "temp_only"]
    for schema in (None, "temp"):
        (unique,) = inspector.get_unique_constraints("only_temp", schema)
        assert unique == {"name": "ux", "column_names": ["x"]}
        (index,) = inspector.get_indexes("only_temp", schema)
        assert str(index["dialect_options"]["sqlite_where"]) == "x > 1"
    (key,) = inspector.get_foreign_keys("t", "other")
    assert (key["referred_schema"], key["referred_table"], key["referred_columns"]) == ("other", "t", ["id"])
    metadata = MetaData()
    metadata.reflect(connection, schema="other")
    assert sorted(metadata.tables) == ["other.s", "other.t"]
    table = metadata.tables["other.t"]
    assert table.c.up.references(table.c.id)
    (index,) = table.indexes
    assert str(CreateIndex(index).compile(connection)) == "CREATE INDEX other.i ON t (up) WHERE up > 3"
    odd = MetaData()
    odd.reflect(connection, schema="odd name")
    assert list(odd.tables) == ["odd name.a.b"]


@pytest.mark.feature("E014")
def test_names_without_regard_to_case(connection: Any) -> None:
    inspector = run(
        connection,
        "CREATE TABLE P (Id INTEGER PRIMARY KEY, X INT CONSTRAINT U UNIQUE)",
        "CREATE TABLE c (id INT, CONSTRAINT f FOREIGN KEY (ID) REFERENCES p (ID), UNIQUE (ID))",
    )
    assert inspector.has_table("p")
    assert inspector.get_unique_constraints("p") == [{"name": "U", "column_names": ["X"]}]
    assert inspector.get_unique_constraints("c") == [{"name": None, "column_names": ["id"]}]
    (key,) = inspector.get_foreign_keys("c")
    assert key["name"] == "f"


@pytest.mark.feature("E014")
def test_tables_that_are_not_there(connection: Any) -> None:
    inspector = run(connection, "CREATE TABLE t (id INT)", "ATTACH ':memory:' AS other")
    for question in QUESTIONS:
        with pytest.raises(exc.NoSuchTableError, match=r"^nothing$"):
            getattr(inspector, f"get_{question}")("nothing")
        with pytest.raises(exc.NoSuchTableError, match=r"^other\.t$"):
            getattr(inspector, f"get_{question}")("t", "other")
        assert getattr(inspector, f"get_multi_{question}")(filter_names=["t", "nothing"]).keys() == {
            (None, "t")
        }
    with pytest.raises(exc.NoSuchTableError, match=r"^t$"):
        inspector.get_view_definition("t")


@pytest.mark.feature("E014")
def test_two_foreign_keys_that_are_alike(connection: Any) -> None:
    inspector = run(
        connection,
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (x INT REFERENCES p, "
        "CONSTRAINT one FOREIGN KEY (x) REFERENCES p (id) ON DELETE CASCADE, "
        "CONSTRAINT two FOREIGN KEY (x) REFERENCES p (id), FOREIGN KEY (x) REFERENCES gone)",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = inspector.get_foreign_keys("c")
    assert [(key["name"], key["referred_table"], key["options"]) for key in found] == [
        ("one", "p", {"ondelete": "CASCADE"}),
        ("two", "p", {}),
        (None, "gone", {}),
        (None, "p", {}),
    ]


@pytest.mark.feature("E011", "E014")
def test_partial_and_expression_indexes(connection: Any) -> None:
    metadata = MetaData()
    table = Table(
        "t", metadata, Column("a", Integer), Column("b c", String(5)), CheckConstraint("a > 0", name="ck")
    )
    Index("partial", table.c.a, sqlite_where=(table.c.a > 5) & (table.c["b c"] != "it's"), unique=True)
    Index("computed", func.lower(table.c["b c"]), (table.c.a + 1).desc(), table.c.a)
    metadata.create_all(connection)
    found = Table("t", MetaData(), autoload_with=connection)
    indexes = {index.name: str(CreateIndex(index).compile(connection)) for index in found.indexes}
    assert indexes == {
        "partial": "CREATE UNIQUE INDEX partial ON t (a) WHERE a > 5 AND \"b c\" != 'it''s'",
        "computed": 'CREATE INDEX computed ON t (lower("b c"), a + 1 DESC, a)',
    }
    # SQLite uses it for what it is about, and holds only rows of its condition unique
    plan = connection.execute(text("EXPLAIN QUERY PLAN SELECT * FROM t WHERE lower(\"b c\") = 'x'")).all()
    assert "computed" in plan[0].detail
    connection.execute(table.insert(), [{"a": 1, "b c": "x"}, {"a": 1, "b c": "x"}, {"a": 7, "b c": "x"}])
    with pytest.raises(exc.IntegrityError):
        connection.execute(table.insert(), {"a": 7, "b c": "y"})


@pytest.mark.feature("E014")
def test_collations_of_columns(connection: Any) -> None:
    metadata = MetaData()
    columns = [Column("a", String(5, collation="NOCASE"), unique=True), Column("b", String(collation="a b"))]
    connection.connection.dbapi_connection.create_collation("a b", lambda a, b: (a > b) - (a < b))
    Table("t", metadata, *columns).create(connection)
    found = Table("t", MetaData(), autoload_with=connection)
    assert [(repr(column.type), column.type.collation) for column in found.c] == [
        ("VARCHAR(length=5, collation='NOCASE')", "NOCASE"),
        ("VARCHAR(collation='a b')", "a b"),
    ]
    connection.exec_driver_sql("DROP TABLE t")
    found.create(connection)
    connection.execute(found.insert(), {"a": "x"})
    with pytest.raises(exc.IntegrityError):
        connection.execute(found.insert(), {"a": "X"})


@pytest.mark.feature("E014")
def test_declared_types(connection: Any) -> None:
    """SQLite takes any words; kinds and arguments it passes over are not taken for something else."""
    declared = {
        "INT": "INTEGER()",
        "VARCHAR(10, 5)": "VARCHAR(length=10)",
        "NCHAR(55)": "NCHAR(length=55)",
        "NATIVE CHARACTER(70)": "TEXT(length=70)",
        "UNSIGNED BIG INT": "INTEGER()",
        "DECIMAL( 4 , 2 )": "DECIMAL(precision=4, scale=2)",
        "DOUBLE PRECISION": "REAL()",
        "DOUBLE(5, 2)": "DOUBLE(precision=5)",
        "FLOATING POINT": "INTEGER()",
        "DATE(3)": "DATE()",
        "DATETIME(6)": "DATETIME()",
        "TIME_CHAR": "TIME()",
        "TIMESTAMP(6)": "TIMESTAMP()",
        "BOOLEAN(1)": "BOOLEAN()",
        "JSON(3)": "JSON()",
        "STRING": "NUMERIC()",
        "": "NullType()",
    }
    columns = ", ".join(f"c{number} {name}" for number, name in enumerate(declared))
    inspector = run(connection, f"CREATE TABLE t ({columns})", "CREATE TABLE u (n INTEGER(5))")
    assert [repr(column["type"]) for column in inspector.get_columns("t")] == list(declared.values())
    with pytest.warns(exc.SAWarning, match=r"INTEGER'> with reflected arguments \['5'\]; using no arguments"):
        assert repr(inspector.get_columns("u")[0]["type"]) == "INTEGER()"
