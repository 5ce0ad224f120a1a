"""Options of indexes and tables of PostgreSQL: what is written, what it does, what is reflected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from relvar import (
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import JSONB
from relvar.schema import CreateIndex, CreateTable, DropIndex

DIALECT = postgresql.dialect()


def things(*indexes: Any) -> Table:
    return Table(
        "things",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("a", String(20)),
        Column("b", Integer),
        Column("j", JSONB),
        Column("odd name", Integer, key="odd"),
        *indexes,
    )


def created(statement: Any) -> str:
    return str(statement.compile(dialect=DIALECT))


# -- indexes -----------------------------------------------------------------------


def an_index(table: Table, *expressions: Any, **options: Any) -> Index:
    return Index("ix", *expressions, _table=table, **options)


# (options as a function of the table, what follows "INDEX ix ON things")
INDEXES: list[tuple[Any, str]] = [
    (lambda t: ([t.c.a], {}), "(a)"),
    (lambda t: ([t.c.b], {"postgresql_using": "hash"}), "USING hash (b)"),
    (lambda t: ([t.c.j], {"postgresql_using": "GIN"}), "USING gin (j)"),
    (
        lambda t: ([t.c.a, t.c.b], {"postgresql_ops": {"a": "text_pattern_ops", "b": "int4_ops"}}),
        "(a text_pattern_ops, b int4_ops)",
    ),
    (
        lambda t: ([func.lower(t.c.a).label("low")], {"postgresql_ops": {"low": "text_pattern_ops"}}),
        "(lower(a) text_pattern_ops)",
    ),
    (lambda t: ([t.c.odd], {"postgresql_ops": {"odd": "int4_ops"}}), '("odd name" int4_ops)'),
    (lambda t: ([t.c.a], {"postgresql_where": t.c.b > 5}), "(a) WHERE b > 5"),
    (lambda t: ([t.c.a], {"postgresql_where": "b > 5"}), "(a) WHERE b > 5"),
    (
        lambda t: ([t.c.a], {"postgresql_where": and_(t.c.b.in_([1, 2]), t.c.a == "it's")}),
        "(a) WHERE b IN (1, 2) AND a = 'it''s'",
    ),
    (lambda t: ([t.c.a], {"postgresql_include": ["b", t.c.odd]}), '(a) INCLUDE (b, "odd name")'),
    (lambda t: ([t.c.a], {"postgresql_with": {"fillfactor": 50}}), "(a) WITH (fillfactor = 50)"),
    (
        lambda t: ([t.c.j], {"postgresql_using": "gin", "postgresql_with": {"fastupdate": False}}),
        "USING gin (j) WITH (fastupdate = false)",
    ),
    (lambda t: ([t.c.a], {"postgresql_tablespace": "pg_default"}), "(a) TABLESPACE pg_default"),
    (lambda t: ([t.c.a.desc().nulls_last(), t.c.b.nulls_first()], {}), "(a DESC NULLS LAST, b NULLS FIRST)"),
    (lambda t: ([t.c.b + 1], {}), "((b + 1))"),
    (lambda t: ([(t.c.b + 1).desc()], {}), "((b + 1) DESC)"),
    (lambda t: ([t.c.j["k"].astext], {}), "((j ->> 'k'))"),
    (lambda t: ([func.lower(t.c.a).collate("C").desc()], {}), '(lower(a) COLLATE "C" DESC)'),
    (lambda t: ([t.c.a.collate("C")], {}), '((a COLLATE "C"))'),
    (
        lambda t: ([func.to_tsvector("english", t.c.a)], {"postgresql_using": "gin"}),
        "USING gin (to_tsvector('english', a))",
    ),
]


@pytest.mark.feature("E024")
def test_indexes(pg_engine: Any) -> None:
    for make, expected in INDEXES:
        table = things()
        expressions, options = make(table)
        an_index(table, *expressions, **options)
        (index,) = table.indexes
        assert created(CreateIndex(index)) == f"CREATE INDEX ix ON things {expected}"
        with pg_engine.connect() as connection:
            table.create(connection)
            assert inspect(connection).has_index("things", "ix"), expected
            if "low" in options.get("postgresql_ops", ()) or "COLLATE" in expected:
                continue  # operator classes of expressions and collations are not reflected
            # what is reflected is the same index, and makes the same again
            again = Table("things", MetaData(), autoload_with=connection)
            definition = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix'")
            first = connection.scalar(definition)
            again.drop(connection)
            again.create(connection)
            assert connection.scalar(definition) == first
            connection.rollback()


@pytest.mark.feature("E024")
def test_nulls_not_distinct(pg_engine: Any) -> None:
    for option, words, is_refused in [(True, " NULLS NOT DISTINCT", True), (False, " NULLS DISTINCT", False)]:
        table = things()
        index = an_index(table, table.c.a, unique=True, postgresql_nulls_not_distinct=option)
        assert created(CreateIndex(index)) == f"CREATE UNIQUE INDEX ix ON things (a){words}"
        with pg_engine.connect() as connection:
            table.create(connection)
            (found,) = inspect(connection).get_indexes("things")
            assert found["dialect_options"].get("postgresql_nulls_not_distinct", False) is option
            connection.execute(insert(table), {"a": None})
            if is_refused:
                with pytest.raises(exc.IntegrityError):
                    connection.execute(insert(table), {"a": None})
            else:
                connection.execute(insert(table), {"a": None})
            connection.rollback()


@pytest.mark.feature("E024")
def test_concurrently(pg_engine: Any, sql_log: Any) -> None:
    table = things()
    table.create(pg_engine)
    index = an_index(table, table.c.a, postgresql_concurrently=True)
    assert created(CreateIndex(index, if_not_exists=True)) == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON things (a)"
    )
    assert created(DropIndex(index, if_exists=True)) == "\nDROP INDEX CONCURRENTLY IF EXISTS ix"
    with pytest.raises(exc.InternalError, match="cannot run inside a transaction block"):
        index.create(pg_engine)
    alone = pg_engine.execution_options(isolation_level="AUTOCOMMIT")
    log = sql_log(pg_engine)
    index.create(alone)
    assert inspect(pg_engine).has_index("things", "ix")
    index.drop(alone)
    assert not inspect(pg_engine).has_index("things", "ix")
    assert [text for text in log.texts() if "CONCURRENTLY" in text] == [
        "CREATE INDEX CONCURRENTLY ix ON things (a)",
        "DROP INDEX CONCURRENTLY ix",
    ]


@pytest.mark.feature("E024")
def test_all_options_at_once(pg_engine: Any) -> None:
    table = things()
    index = an_index(
        table,
        table.c.a,
        unique=True,
        postgresql_using="btree",
        postgresql_ops={"a": "varchar_ops"},
        postgresql_include=["b"],
        postgresql_nulls_not_distinct=True,
        postgresql_with={"fillfactor": 50},
        postgresql_tablespace="pg_default",
        postgresql_where=table.c.b > 1,
    )
    assert created(CreateIndex(index)) == (
        "CREATE UNIQUE INDEX ix ON things USING btree (a varchar_ops) INCLUDE (b) NULLS NOT DISTINCT "
        "WITH (fillfactor = 50) TABLESPACE pg_default WHERE b > 1"
    )
    table.create(pg_engine)
    (found,) = inspect(pg_engine).get_indexes("things")
    assert (found["column_names"], found["unique"]) == (["a"], True)
    options = found["dialect_options"]
    assert options["postgresql_with"] == {"fillfactor": "50"}
    assert options["postgresql_where"] == "(b > 1)"
    assert options["postgresql_include"] == ["b"]
    assert options["postgresql_nulls_not_distinct"] is True


def test_options_that_are_refused() -> None:
    table = things()
    for options, error, message in [
        ({"postgresql_using": "b tree; drop"}, exc.CompileError, "Unexpected SQL phrase: 'b tree; drop'"),
        (
            {"postgresql_where": 5},
            exc.ArgumentError,
            "SQL expression element for DDL constraint expected, got 5",
        ),
        ({"postgresql_include": ["nope"]}, KeyError, "nope"),
    ]:
        with pytest.raises(error, match=message):
            created(CreateIndex(an_index(things(), table.c.a, **options)))
    with pytest.raises(exc.ArgumentError, match="'postgresql_nope' is not accepted by dialect 'postgresql'"):
        an_index(table, table.c.a, postgresql_nope=1)


# -- tables ------------------------------------------------------------------------


@pytest.mark.feature("E025")
@pytest.mark.parametrize(
    "options, expected",
    [
        ({"postgresql_partition_by": "RANGE (a)"}, "PARTITION BY RANGE (a)"),
        ({"postgresql_inherits": "parent"}, "INHERITS (parent)"),
        ({"postgresql_inherits": ("parent", "Odd one")}, 'INHERITS (parent, "Odd one")'),
        ({"postgresql_on_commit": "PRESERVE ROWS"}, "ON COMMIT PRESERVE ROWS"),
        ({"postgresql_on_commit": "delete_rows"}, "ON COMMIT DELETE ROWS"),
        ({"postgresql_tablespace": "Odd"}, 'TABLESPACE "Odd"'),
        ({"postgresql_using": "heap"}, "USING heap"),
        (
            {"postgresql_with": {"fillfactor": 70, "autovacuum_enabled": False}},
            "WITH (fillfactor = 70, autovacuum_enabled = false)",
        ),
        ({"postgresql_with_oids": True}, "WITH OIDS"),
        ({"postgresql_with_oids": False}, "WITHOUT OIDS"),
        (
            {
                "postgresql_tablespace": "ts",
                "postgresql_on_commit": "DROP",
                "postgresql_with_oids": False,
                "postgresql_with": {"fillfactor": 70},
                "postgresql_using": "heap",
                "postgresql_partition_by": "LIST (a)",
                "postgresql_inherits": "p",
            },
            (
                "INHERITS (p)\n PARTITION BY LIST (a)\n USING heap\n WITH (fillfactor = 70)\n WITHOUT OIDS\n"
                " ON COMMIT DROP\n TABLESPACE ts"
            ),
        ),
    ],
)
def test_text_of_tables(options: Any, expected: str) -> None:
    table = Table("t", MetaData(), Column("a", Integer), **options)
    assert created(CreateTable(table)) == f"\nCREATE TABLE t (\n\ta INTEGER\n)\n {expected}\n\n"


@pytest.mark.feature("E025")
def test_partitions(pg_engine: Any) -> None:
    metadata = MetaData()
    sales = Table(
        "sales",
        metadata,
        Column("day", Date, primary_key=True),
        Column("amount", Integer),
        postgresql_partition_by="RANGE (day)",
    )
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        for year in (2020, 2021):
            bounds = f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            connection.execute(text(f"CREATE TABLE sales_{year} PARTITION OF sales {bounds}"))
        days = [dt.date(2020, 5, 1), dt.date(2021, 5, 1)]
        connection.execute(insert(sales), [{"day": day, "amount": 1} for day in days])
        only = connection.execute(text("SELECT day FROM sales_2021")).scalars().all()
        assert only == days[1:]
        inspector = inspect(connection)
        assert inspector.has_table("sales")
        assert sorted(inspector.get_table_names()) == ["sales", "sales_2020", "sales_2021"]
        assert inspector.get_table_options("sales_2020") == {"postgresql_inherits": ("sales",)}
        assert inspector.get_pk_constraint("sales")["constrained_columns"] == ["day"]
    with pytest.raises(exc.IntegrityError, match="no partition"), pg_engine.begin() as connection:
        connection.execute(insert(sales), {"day": dt.date(1999, 1, 1)})


@pytest.mark.feature("E025")
def test_inheritance_storage_and_temporary_tables(pg_engine: Any) -> None:
    metadata = MetaData()
    parent = Table("parent", metadata, Column("a", Integer))
    child = Table(
        "child",
        metadata,
        Column("b", Integer),
        postgresql_inherits="parent",
        postgresql_using="heap",
        postgresql_with={"fillfactor": 60},
        postgresql_tablespace="pg_default",
    )
    child.add_is_dependent_on(parent)
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        reflected = Table("child", MetaData(), autoload_with=connection)
        assert list(reflected.c.keys()) == ["a", "b"]
        connection.execute(insert(reflected), {"a": 1, "b": 2})
        assert connection.scalars(select(parent.c.a)).all() == [1]
        only = select(parent.c.a).with_hint(parent, "ONLY", "postgresql")
        assert connection.scalars(only).all() == []
        options = inspect(connection).get_table_options("child")
        assert options == {"postgresql_inherits": ("parent",), "postgresql_with": {"fillfactor": "60"}}
        assert reflected.dialect_options["postgresql"]["with"] == {"fillfactor": "60"}
    metadata.drop_all(pg_engine)
    for action, left in [("DROP", None), ("DELETE ROWS", []), ("PRESERVE ROWS", [1])]:
        temporary = Table(
            "temporary",
            MetaData(),
            Column("a", Integer),
            prefixes=["TEMPORARY"],
            postgresql_on_commit=action,
        )
        with pg_engine.connect() as connection:
            temporary.create(connection)
            connection.execute(insert(temporary), {"a": 1})
            assert inspect(connection).get_temp_table_names() == ["temporary"]
            connection.commit()
            if left is None:
                assert not inspect(connection).has_table("temporary")
            else:
                assert connection.scalars(select(temporary.c.a)).all() == left
                temporary.drop(connection)
                connection.commit()
