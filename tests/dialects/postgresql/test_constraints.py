"""Constraints of PostgreSQL: NOT VALID, INCLUDE, NULLS NOT DISTINCT, SET NULL of some columns, EXCLUDE."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    cast,
    column,
    exc,
    func,
    insert,
    inspect,
    literal_column,
    select,
    text,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import INET, INT4RANGE, ExcludeConstraint, Range
from relvar.schema import AddConstraint, CreateTable, DropConstraint

DIALECT = postgresql.dialect()


def written(constraint: Any) -> str:
    """Return how a table writes its only constraint."""
    table = Table(
        "t",
        MetaData(),
        Column("a", Integer),
        Column("b", Integer),
        Column("odd name", Integer, key="odd"),
        Column("r", INT4RANGE),
        constraint,
    )
    Table("p", table.metadata, Column("id", Integer, primary_key=True))
    lines = str(CreateTable(table).compile(dialect=DIALECT)).split("\n\t")
    return lines[-1].split("\n")[0]


@pytest.mark.feature("E026")
@pytest.mark.parametrize(
    "constraint, expected",
    [
        (
            CheckConstraint("a > 5", name="c", postgresql_not_valid=True),
            "CONSTRAINT c CHECK (a > 5) NOT VALID",
        ),
        (CheckConstraint("a > 5", postgresql_no_inherit=True), "CHECK (a > 5) NO INHERIT"),
        (
            ForeignKeyConstraint(
                ["a"], ["p.id"], postgresql_not_valid=True, deferrable=True, initially="DEFERRED"
            ),
            "FOREIGN KEY(a) REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
        ),
        (
            ForeignKeyConstraint(["a", "odd"], ["p.id", "p.id"], ondelete='SET NULL (a, "odd name")'),
            'FOREIGN KEY(a, "odd name") REFERENCES p (id, id) ON DELETE SET NULL (a, "odd name")',
        ),
        (
            ForeignKeyConstraint(["a"], ["p.id"], ondelete="set default (a)"),
            "FOREIGN KEY(a) REFERENCES p (id) ON DELETE set default (a)",
        ),
        (UniqueConstraint("a", postgresql_include=["b", "odd"]), 'UNIQUE (a) INCLUDE (b, "odd name")'),
        (PrimaryKeyConstraint("a", postgresql_include=["b"]), "PRIMARY KEY (a) INCLUDE (b)"),
        (UniqueConstraint("a", postgresql_nulls_not_distinct=True), "UNIQUE NULLS NOT DISTINCT (a)"),
        (UniqueConstraint("a", postgresql_nulls_not_distinct=False), "UNIQUE NULLS DISTINCT (a)"),
        (
            UniqueConstraint(
                "a", name="u", postgresql_nulls_not_distinct=True, postgresql_include=["b"], deferrable=True
            ),
            "CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE",
        ),
        (ExcludeConstraint(("a", "=")), "EXCLUDE USING gist (a WITH =)"),
        (
            ExcludeConstraint((column("a"), "="), (column("r"), "&&"), name="e", using="gist"),
            "CONSTRAINT e EXCLUDE USING gist (a WITH =, r WITH &&)",
        ),
        (ExcludeConstraint(("odd", "="), using="btree"), 'EXCLUDE USING btree ("odd name" WITH =)'),
        (
            ExcludeConstraint(
                ("a", "="),
                where=column("b") > 5,
                ops={"a": "int4_ops"},
                deferrable=True,
                initially="DEFERRED",
            ),
            "EXCLUDE USING gist (a int4_ops WITH =) WHERE (b > 5) DEFERRABLE INITIALLY DEFERRED",
        ),
        (ExcludeConstraint(("a", "="), where="b > 5"), "EXCLUDE USING gist (a WITH =) WHERE (b > 5)"),
        (
            ExcludeConstraint((func.int4range(column("a"), column("b")), "&&")),
            "EXCLUDE USING gist (int4range(a, b) WITH &&)",
        ),
        (
            ExcludeConstraint((text("int4range(a, b)"), "&&"), (literal_column("a"), "<>")),
            "EXCLUDE USING gist (int4range(a, b) WITH &&, a WITH <>)",
        ),
        (
            ExcludeConstraint((cast(column("a"), String), "=")),
            "EXCLUDE USING gist (CAST(a AS VARCHAR) WITH =)",
        ),
        (ExcludeConstraint((column("a") + 1, "=")), "EXCLUDE USING gist ((a + 1) WITH =)"),
    ],
)
def test_text(constraint: Any, expected: str) -> None:
    assert written(constraint) == expected


@pytest.mark.feature("E026")
def test_exclude(pg_engine: Any) -> None:
    metadata = MetaData()
    bookings = Table(
        "bookings",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("room", Integer),
        Column("hours", INT4RANGE),
        Column("cancelled", Integer, default=0),
    )
    overlap = ExcludeConstraint(
        (func.int4range(bookings.c.room, bookings.c.room, "[]"), "&&"),
        (bookings.c.hours, "&&"),
        where=bookings.c.cancelled == 0,
        name="one_at_a_time",
        ops={"hours": "range_ops"},
    )
    bookings.append_constraint(overlap)
    assert str(AddConstraint(overlap, isolate_from_table=False).compile(dialect=DIALECT)) == (
        "ALTER TABLE bookings ADD CONSTRAINT one_at_a_time EXCLUDE USING gist "
        "(int4range(room, room, '[]') WITH &&, hours range_ops WITH &&) WHERE (bookings.cancelled = 0)"
    )
    metadata.create_all(pg_engine)
    add = insert(bookings)
    with pg_engine.begin() as connection:
        connection.execute(add, {"id": 1, "room": 1, "hours": Range(9, 11)})
        connection.execute(add, {"id": 2, "room": 1, "hours": Range(11, 12)})
        connection.execute(add, {"id": 3, "room": 1, "hours": Range(9, 12), "cancelled": 1})
    with pytest.raises(exc.IntegrityError, match="one_at_a_time"), pg_engine.begin() as connection:
        connection.execute(add, {"id": 4, "room": 1, "hours": Range(10, 12)})
    with pg_engine.begin() as connection:
        connection.execute(DropConstraint(overlap))
        connection.execute(add, {"id": 4, "room": 1, "hours": Range(10, 12)})
    copied = bookings.to_metadata(MetaData())
    (again,) = [c for c in copied.constraints if isinstance(c, ExcludeConstraint)]
    assert (again.name, again.using, again.operators) == ("one_at_a_time", "gist", {"hours": "&&"})
    bookings.drop(pg_engine)
    copied.create(pg_engine)
    (found,) = list(inspect(pg_engine).get_indexes("bookings"))
    assert (found["name"], found["duplicates_constraint"]) == ("one_at_a_time", "one_at_a_time")


@pytest.mark.feature("E026")
def test_exclude_is_reflected(pg_engine: Any) -> None:
    metadata = MetaData()
    Table(
        "exclusion",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("Net work", INET),
        Column("during", INT4RANGE),
        ExcludeConstraint(
            ("Net work", "&&"),
            (func.int4range(0, literal_column("id")), "&&"),
            name="apart",
            where=text('id > 0 AND "Net work" IS NOT NULL'),
            ops={"Net work": "inet_ops"},
            deferrable=True,
            initially="DEFERRED",
        ),
        ExcludeConstraint(("during", "&&"), name="simple"),
    )
    metadata.create_all(pg_engine)
    inspector = inspect(pg_engine)
    first = inspector.get_exclude_constraints("exclusion")
    assert [each["name"] for each in first] == ["apart", "simple"]
    assert first[0]["column_names"] == ["Net work", None]
    assert first[0]["operators"] == ["&&", "&&"]
    assert first[0]["ops"] == {"Net work": "inet_ops"}
    assert inspector.get_multi_exclude_constraints(filter_names=["exclusion"]) == {(None, "exclusion"): first}
    # what was reflected, by MetaData and alone, creates the same again
    again, alone = MetaData(), MetaData()
    again.reflect(pg_engine, only=["exclusion"])
    Table("exclusion", alone, autoload_with=pg_engine)
    metadata.drop_all(pg_engine)
    for reflected in (again, alone):
        reflected.create_all(pg_engine)
        assert inspect(pg_engine).get_exclude_constraints("exclusion") == first
        reflected.drop_all(pg_engine)


@pytest.mark.feature("E024")
def test_operator_classes_of_expressions(pg_engine: Any) -> None:
    metadata = MetaData()
    words = Table("words", metadata, Column("word", String), Column("lang", String))
    Index(
        "by_word",
        func.lower(words.c.word).label("low").desc(),
        words.c.lang.desc().nulls_last(),
        postgresql_ops={"low": "text_pattern_ops", "lang": "varchar_pattern_ops"},
    )
    metadata.create_all(pg_engine)
    (first,) = inspect(pg_engine).get_indexes("words")
    expression = first["expressions"][0]
    assert first["dialect_options"]["postgresql_ops"] == {
        expression: "text_pattern_ops",
        "lang": "varchar_pattern_ops",
    }
    assert first["column_sorting"] == {expression: ("desc",), "lang": ("desc", "nulls_last")}
    reflected = MetaData()
    reflected.reflect(pg_engine, only=["words"])
    metadata.drop_all(pg_engine)
    reflected.create_all(pg_engine)
    assert inspect(pg_engine).get_indexes("words") == [first]
    reflected.drop_all(pg_engine)


@pytest.mark.feature("E026")
def test_not_valid(pg_engine: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", Integer))
    metadata.create_all(pg_engine)
    check = CheckConstraint(table.c.a > 5, name="big", postgresql_not_valid=True)
    up = ForeignKeyConstraint(["a"], ["t.id"], name="up", postgresql_not_valid=True)
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "a": 2})  # neither holds for this row
        for constraint in (check, up):
            table.append_constraint(constraint)
            connection.execute(AddConstraint(constraint))
        inspector = inspect(connection)
        assert inspector.get_check_constraints("t")[0]["dialect_options"] == {"not_valid": True}
        assert inspector.get_foreign_keys("t")[0]["options"] == {"postgresql_not_valid": True}
        reflected = Table("t", MetaData(), autoload_with=connection)
        again = str(CreateTable(reflected).compile(dialect=DIALECT))
        assert again.count("NOT VALID") == 2
    with pytest.raises(exc.IntegrityError), pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 2, "a": 1})
    with pytest.raises(exc.IntegrityError, match="is violated by some row"), pg_engine.begin() as connection:
        connection.execute(text("ALTER TABLE t VALIDATE CONSTRAINT big"))


@pytest.mark.feature("E026")
def test_no_inherit(pg_engine: Any) -> None:
    metadata = MetaData()
    parent = Table(
        "parent",
        metadata,
        Column("a", Integer),
        CheckConstraint("a > 5", name="here", postgresql_no_inherit=True),
        CheckConstraint("a < 50", name="both"),
    )
    child = Table("child", metadata, postgresql_inherits="parent")
    child.add_is_dependent_on(parent)
    metadata.create_all(pg_engine)
    inspector = inspect(pg_engine)
    assert [c["name"] for c in inspector.get_check_constraints("child")] == ["both"]
    found = {c["name"]: c.get("dialect_options") for c in inspector.get_check_constraints("parent")}
    assert found == {"both": None, "here": {"no_inherit": True}}
    reflected = Table("parent", MetaData(), autoload_with=pg_engine)
    assert "CHECK (a > 5) NO INHERIT" in str(CreateTable(reflected).compile(dialect=DIALECT))


@pytest.mark.feature("E026")
def test_keys(pg_engine: Any) -> None:
    metadata = MetaData()
    Table(
        "parent",
        metadata,
        Column("x", Integer),
        Column("y", Integer),
        Column("more", String),
        PrimaryKeyConstraint("x", "y", postgresql_include=["more"], name="key"),
    )
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", Integer),
        Column("once", Integer),
        UniqueConstraint("once", name="once", postgresql_nulls_not_distinct=True, postgresql_include=["x"]),
        ForeignKeyConstraint(["x", "y"], ["parent.x", "parent.y"], ondelete="SET NULL (y)", name="up"),
    )
    metadata.create_all(pg_engine)
    inspector = inspect(pg_engine)
    assert inspector.get_pk_constraint("parent")["dialect_options"] == {"postgresql_include": ["more"]}
    (unique,) = inspector.get_unique_constraints("child")
    assert unique["dialect_options"] == {
        "postgresql_include": ["x"],
        "postgresql_nulls_not_distinct": True,
    }
    (foreign,) = inspector.get_foreign_keys("child")
    assert foreign["options"] == {"ondelete": "SET NULL (y)"}
    with pg_engine.begin() as connection:
        connection.execute(insert(metadata.tables["parent"]), {"x": 1, "y": 2})
        connection.execute(insert(child), {"id": 1, "x": 1, "y": 2})
        connection.execute(metadata.tables["parent"].delete())
        assert connection.execute(select(child)).one() == (1, 1, None, None)
        with pytest.raises(exc.IntegrityError, match="once"):
            connection.execute(insert(child), {"id": 2})


def test_what_is_refused() -> None:
    for make, error, message in [
        (lambda: ExcludeConstraint(), exc.ArgumentError, "takes pairs .column, operator.; there are none"),
        (lambda: ExcludeConstraint("a"), exc.ArgumentError, "takes pairs .column, operator., got 'a'"),
        (lambda: ExcludeConstraint(("a", 5)), exc.ArgumentError, "takes pairs"),
        (
            lambda: ExcludeConstraint(("nope", "=")),
            exc.ConstraintColumnNotFoundError,
            "no column named 'nope'",
        ),
        (
            lambda: ExcludeConstraint(("a", "="), using="b ad"),
            exc.CompileError,
            "Unexpected SQL phrase: 'b ad'",
        ),
        (
            lambda: ForeignKeyConstraint(["a"], ["p.id"], ondelete="SET NULL (a); drop"),
            exc.CompileError,
            "Unexpected SQL phrase",
        ),
        (
            lambda: ForeignKeyConstraint(["a"], ["p.id"], onupdate="SET NULL (a)"),
            exc.CompileError,
            "Unexpected SQL phrase",
        ),
        (
            lambda: UniqueConstraint("a", postgresql_nope=1),
            exc.ArgumentError,
            "'postgresql_nope' is not accepted",
        ),
    ]:
        with pytest.raises(error, match=message):
            written(make())
