"""Reflecting much at once: how many questions, which kinds, scopes, filters and schemas, what is kept."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    exc,
    func,
    inspect,
    text,
)
from relvar.engine import interfaces
from relvar.engine.reflection import ObjectKind, ObjectScope, ReflectionDefaults, cache, flexi_cache
from relvar.schema import RETAIN_SCHEMA, CreateIndex

QUESTIONS = {
    "columns": interfaces.ReflectedColumn,
    "pk_constraint": interfaces.ReflectedPrimaryKeyConstraint,
    "foreign_keys": interfaces.ReflectedForeignKeyConstraint,
    "indexes": interfaces.ReflectedIndex,
    "unique_constraints": interfaces.ReflectedUniqueConstraint,
    "check_constraints": interfaces.ReflectedCheckConstraint,
    "table_comment": interfaces.ReflectedTableComment,
    "table_options": dict,
}


def _chain(count: int) -> MetaData:
    """Tables that refer to one another."""
    metadata = MetaData()
    for number in range(count):
        columns = [Column("id", Integer, primary_key=True), Column("name", String(9), index=True)]
        if number:
            columns.append(Column("up", Integer, ForeignKey(f"t{number - 1}.id")))
        Table(f"t{number}", metadata, *columns, UniqueConstraint("name", "id", name=f"uq{number}"))
    return metadata


@pytest.fixture
def thousand(pg_engine: Any) -> Any:
    """A thousand tables, each referring to the one before; few per transaction, as locks are limited."""
    chunks = [range(start, start + 50) for start in range(0, 1000, 50)]
    for chunk in chunks:
        tables = [
            f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t{max(n - 1, 0)})"
            for n in chunk
        ]
        with pg_engine.begin() as connection:
            connection.exec_driver_sql("; ".join(tables))
    yield pg_engine
    for chunk in reversed(chunks):
        with pg_engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {', '.join(f't{n}' for n in chunk)}")


@pytest.mark.feature("C034")
def test_a_thousand_tables_take_as_many_queries_as_two(thousand: Any, sql_log: Any) -> None:
    log = sql_log(thousand)
    asked = []
    for only in (["t0", "t1"], None):
        metadata = MetaData()
        log.clear()
        metadata.reflect(thousand, only=only)
        asked.append(len(log))
    assert len(metadata.tables) == 1000
    assert all(len(table.foreign_keys) == 1 for table in metadata.tables.values())
    assert asked == [10, 10]


@pytest.mark.feature("C034")
def test_queries_do_not_grow_with_tables(engine: Any, sql_log: Any) -> None:
    log = sql_log(engine)
    asked = []
    for count in (10, 20):
        _chain(count).create_all(engine)
        log.clear()
        metadata = MetaData()
        metadata.reflect(engine)
        asked.append(len(log))
        assert len(metadata.tables) == count
        assert [t.name for t in metadata.sorted_tables] == [f"t{n}" for n in range(count)]
        assert all(len(table.indexes) >= 1 for table in metadata.tables.values())
        _chain(count).drop_all(engine)
    assert asked[0] == asked[1] < 20


@pytest.fixture
def mixed(engine: Any) -> Any:
    """A connection to a database with a table, a view, temporary ones, and a second schema."""
    name = engine.dialect.name
    with engine.connect() as connection:
        if name == "sqlite":
            connection.exec_driver_sql("ATTACH ':memory:' AS other")
        else:
            connection.exec_driver_sql("CREATE SCHEMA other")
        for statement in (
            "CREATE TABLE plain (id INTEGER NOT NULL PRIMARY KEY, n INTEGER, CONSTRAINT cn CHECK (n > 3))",
            "CREATE TABLE bare (x INTEGER)",
            "CREATE VIEW seen AS SELECT id, n FROM plain",
            "CREATE TEMPORARY TABLE fleeting (id INTEGER PRIMARY KEY)",
            "CREATE TABLE other.far (id INTEGER PRIMARY KEY, n INTEGER UNIQUE)",
        ):
            connection.exec_driver_sql(statement)
        if name == "postgresql":
            connection.exec_driver_sql("CREATE MATERIALIZED VIEW kept AS SELECT id FROM plain")
        yield connection
        connection.rollback()
    if name == "mariadb":
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP SCHEMA other")


@pytest.mark.feature("C034", "C035")
def test_kinds_scopes_and_filters(mixed: Any) -> None:
    inspector = inspect(mixed)
    name = mixed.dialect.name
    views = {"seen"} | ({"kept"} if name == "postgresql" else set())
    # MariaDB does not list temporary tables
    fleeting = {"fleeting"} if name != "mariadb" else set()
    expected = {
        (ObjectKind.TABLE, ObjectScope.DEFAULT): {"plain", "bare"},
        (ObjectKind.ANY_VIEW, ObjectScope.DEFAULT): views,
        (ObjectKind.MATERIALIZED_VIEW, ObjectScope.DEFAULT): views - {"seen"},
        (ObjectKind.VIEW, ObjectScope.ANY): {"seen"},
        (ObjectKind.ANY, ObjectScope.DEFAULT): {"plain", "bare"} | views,
        (ObjectKind.TABLE, ObjectScope.TEMPORARY): fleeting,
        (ObjectKind.ANY, ObjectScope.ANY): {"plain", "bare"} | views | fleeting,
    }
    for question, shape in QUESTIONS.items():
        ask = getattr(inspector, f"get_multi_{question}")
        if name == "sqlite" and question == "table_comment":
            with pytest.raises(NotImplementedError):
                ask()
            continue
        for (kind, scope), names in expected.items():
            assert {key[1] for key in ask(kind=kind, scope=scope)} == names, (question, kind, scope)
        assert set(ask(filter_names=["plain", "nobody"])) == {(None, "plain")}
        assert set(ask(schema="other")) == {("other", "far")}
        found = ask(kind=ObjectKind.ANY)
        for (schema, table), answer in found.items():
            single = getattr(inspector, f"get_{question}")(table, schema)
            assert str(single) == str(answer)
            for item in answer if isinstance(answer, list) else [answer]:
                if shape is not dict:
                    _has_shape(item, shape)
    assert inspector.get_multi_pk_constraint()[None, "bare"]["constrained_columns"] == []
    assert ReflectionDefaults.pk_constraint() == {"constrained_columns": [], "name": None}
    assert ReflectionDefaults.table_comment() == {"text": None}
    for empty in ("columns", "foreign_keys", "indexes", "unique_constraints", "check_constraints"):
        assert getattr(ReflectionDefaults, empty)() == []
    assert ReflectionDefaults.table_options() == {}


def _has_shape(item: dict[str, Any], shape: Any) -> None:
    required = {
        name
        for name, annotation in typing.get_type_hints(shape, include_extras=True).items()
        if typing.get_origin(annotation) is not typing.NotRequired
    }
    assert required <= set(item)
    # SQLite says which columns are in the primary key
    assert set(item) - _annotations(shape) <= {"primary_key"}


def _annotations(shape: Any) -> set[str]:
    return set(typing.get_type_hints(shape))


@pytest.mark.feature("C035")
def test_shapes_of_identity_and_computed(pg_engine: Any) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY, n INTEGER, "
            "m INTEGER GENERATED ALWAYS AS (n * 2) STORED)"
        )
    key, _, computed = inspect(pg_engine).get_columns("t")
    assert set(key["identity"]) <= _annotations(interfaces.ReflectedIdentity)
    assert set(computed["computed"]) == _annotations(interfaces.ReflectedComputed)
    assert _annotations(interfaces.ReflectedConstraint) == {"name", "comment"}


@pytest.mark.feature("C032")
def test_reflecting_a_schema(mixed: Any) -> None:
    metadata = MetaData()
    metadata.reflect(mixed, schema="other")
    assert list(metadata.tables) == ["other.far"]
    metadata.reflect(mixed, views=True, only=lambda name, _: name in ("plain", "seen"))
    assert sorted(metadata.tables) == ["other.far", "plain", "seen"]
    own = MetaData(schema="other")
    own.reflect(mixed)
    assert list(own.tables) == ["other.far"]
    kept = MetaData()
    mine = Table("plain", kept, Column("n", String(3)), Column("extra", Integer))
    kept.reflect(mixed, only=["plain"], extend_existing=True, autoload_replace=False)
    assert isinstance(mine.c.n.type, String)
    assert sorted(mine.c.keys()) == ["extra", "id", "n"]
    kept.reflect(mixed, only=["plain"], extend_existing=True)
    assert isinstance(mine.c.n.type, Integer)
    with pytest.raises(exc.InvalidRequestError, match=r"not available in .* schema 'other': \(plain\)"):
        metadata.reflect(mixed, schema="other", only=["plain"])


@pytest.mark.feature("C032")
def test_resolving_foreign_keys_or_not(engine: Any) -> None:
    _chain(4).create_all(engine)
    alone, led = MetaData(), MetaData()
    alone.reflect(engine, only=["t2"], resolve_fks=False)
    led.reflect(engine, only=["t2"])
    assert list(alone.tables) == ["t2"]
    assert sorted(led.tables) == ["t0", "t1", "t2"]
    assert led.tables["t2"].c.up.references(led.tables["t1"].c.id)
    with pytest.raises(exc.NoReferencedTableError):
        _ = next(iter(alone.tables["t2"].foreign_keys)).column


@pytest.mark.backends("mariadb")
@pytest.mark.feature("C032")
def test_a_broken_view_is_skipped_with_a_warning(engine: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE gone (a INTEGER)")
        connection.exec_driver_sql("CREATE VIEW broken AS SELECT a FROM gone")
        connection.exec_driver_sql("DROP TABLE gone")
        connection.exec_driver_sql("CREATE TABLE whole (a INTEGER)")
    metadata = MetaData()
    with pytest.warns(exc.SAWarning, match="Skipping table broken: Table or view named"):
        metadata.reflect(engine, views=True)
    assert list(metadata.tables) == ["whole"]
    with pytest.raises(exc.UnreflectableTableError, match="`broken` could not be reflected"):
        inspect(engine).get_columns("broken")
    with pytest.raises(exc.NoSuchTableError, match="^`whole`$"):
        inspect(engine).get_view_definition("whole")


@pytest.mark.backends("mariadb")
@pytest.mark.feature("C031", "C033")
def test_a_temporary_table_of_mariadb_is_described_like_a_lasting_one(engine: Any) -> None:
    body = (
        "(id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'it''s DEFAULT 5', b VARCHAR(5) NOT NULL DEFAULT 'x''y', "
        "c ENUM('a','b,)') DEFAULT 'a', d DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE "
        "CURRENT_TIMESTAMP(3), e INT GENERATED ALWAYS AS (f * (2 + 1)) STORED COMMENT 'made', f INT UNSIGNED "
        "ZEROFILL CHECK (f > 3), g VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_bin, `o``d` DECIMAL(5,2) "
        "DEFAULT 1.50, UNIQUE KEY u (b), KEY k (g, f), CONSTRAINT ck CHECK (f < 9)) COMMENT 'all'"
    )
    with engine.connect() as connection:
        answers = []
        for word in ("", "TEMPORARY "):
            connection.exec_driver_sql(f"CREATE {word}TABLE t {body}")
            inspector = inspect(connection)
            answers.append(
                {
                    question: str(getattr(inspector, f"get_{question}")("t"))
                    for question in QUESTIONS
                    if question != "foreign_keys"
                }
            )
            connection.exec_driver_sql(f"DROP {word}TABLE t")
        assert "made" in answers[0]["columns"]
        assert answers[0] == answers[1]


@pytest.mark.feature("C037")
def test_a_dialect_of_others_keeps_answers() -> None:
    class Dialect:
        asked = 0

        @cache
        def get_things(self, connection: Any, name: str, schema: str | None = None, **kw: Any) -> int:
            """Say how often it was asked."""
            self.asked += 1
            return self.asked

        @flexi_cache(("names", None))
        def get_many(self, connection: Any, names: list[str], **kw: Any) -> int:
            self.asked += 1
            return self.asked

    dialect, kept = Dialect(), {}
    assert [dialect.get_things(None, "a"), dialect.get_things(None, "a")] == [1, 2]
    ask = {"info_cache": kept}
    assert [dialect.get_things(None, "a", **ask), dialect.get_things(None, "a", **ask)] == [3, 3]
    by_position, by_name = (
        dialect.get_things(None, "a", "s", **ask),
        dialect.get_things(None, "a", schema="s", **ask),
    )
    assert by_position == by_name == 4
    assert dialect.get_things(None, "a", flag=1, **ask) == 5
    assert [dialect.get_many(None, ["x"], **ask), dialect.get_many(None, ["x"], **ask)] == [6, 6]
    assert dialect.get_many(None, ["y"], **ask) == 7
    kept.clear()
    assert dialect.get_things(None, "a", **ask) == 8
    assert dialect.get_things.__name__ == "get_things"


@pytest.mark.feature("C036")
def test_vendor_types_become_generic_ones(engine: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a INTEGER, b VARCHAR(30), c NUMERIC(8, 3), d DATE, e TEXT, f SMALLINT, g BIGINT)"
        )
    metadata = MetaData()
    seen = []

    @event.listens_for(metadata, "column_reflect")
    def generic(inspector: Any, table: Any, column: Any) -> None:
        seen.append((table.name, column["name"]))
        column["type"] = column["type"].as_generic()
        if column["name"] == "a":
            column["key"], column["info"], column["comment"] = "alpha", {"x": 1}, "said"

    table = Table("t", metadata, autoload_with=engine)
    assert seen == [("t", name) for name in "abcdefg"]
    assert {name: repr(column.type) for name, column in table.c.items()} == {
        "alpha": "Integer()",
        "b": "String(length=30)",
        "c": "Numeric(precision=8, scale=3)",
        "d": "Date()",
        "e": "Text()",
        "f": "SmallInteger()",
        "g": "BigInteger()",
    }
    assert (table.c.alpha.name, table.c.alpha.info, table.c.alpha.comment) == ("a", {"x": 1}, "said")
    made = MetaData()
    Table("copy", made, *[Column(column.name, column.type) for column in table.c])
    made.create_all(engine)
    assert inspect(engine).has_table("copy")


@pytest.mark.feature("C038")
def test_copying_to_another_metadata(engine: Any) -> None:
    source = MetaData()
    parent = Table(
        "parent",
        source,
        Column("id", Integer, Identity(start=5), primary_key=True),
        Column("name", String(9), key="n", server_default="x", comment="said", info={"q": 1}),
        CheckConstraint("id > 0", name="positive")
        if engine.dialect.name != "mariadb"
        else Column("y", Integer),
        comment="all",
        info={"z": 2},
    )
    child = Table(
        "child",
        source,
        Column("id", Integer, primary_key=True),
        Column("up", Integer, ForeignKey("parent.id", name="fk_up", ondelete="CASCADE")),
        Column("own", Integer, ForeignKey("child.id", name="fk_own")),
    )
    Index("ix_up", child.c.up, func.abs(child.c.own), postgresql_where=text("up > 1"))
    target = MetaData()
    copied, other = parent.to_metadata(target), child.to_metadata(target)
    assert (copied.metadata, copied.comment, copied.info) == (target, "all", {"z": 2})
    assert (copied.c.n.name, copied.c.n.comment, copied.c.n.info) == ("name", "said", {"q": 1})
    assert copied.c.n is not parent.c.n
    assert copied.c.id.identity.start == 5
    assert other.c.up.references(copied.c.id)
    assert other.c.own.references(other.c.id)
    (index,) = other.indexes
    assert str(CreateIndex(index)) == str(CreateIndex(next(iter(child.indexes))))
    with pytest.warns(exc.SAWarning, match="already exists within the given MetaData"):
        assert parent.to_metadata(target) is copied
    named = child.to_metadata(MetaData(), name="infant", schema="s")
    assert named.fullname == "s.infant"
    asked = []

    def referred(table: Any, schema: Any, constraint: Any, referred_schema: Any) -> str:
        asked.append((table.name, schema, constraint.name, referred_schema))
        return "elsewhere"

    moved = child.to_metadata(MetaData(), schema="s", referred_schema_fn=referred)
    assert sorted(asked) == [("child", "s", "fk_own", None), ("child", "s", "fk_up", None)]
    assert {fk._get_colspec() for fk in moved.foreign_keys} == {"elsewhere.parent.id", "elsewhere.child.id"}
    assert child.to_metadata(MetaData(schema="d"), schema=None).schema == "d"
    assert named.to_metadata(MetaData(schema="d"), schema=RETAIN_SCHEMA).schema == "s"
    if engine.dialect.name != "mariadb":
        return
    target.remove(other)
    target.create_all(engine)
    assert inspect(engine).get_table_comment("parent") == {"text": "all"}
