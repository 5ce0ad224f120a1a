"""ENUM types and domains as objects of the database: who creates and drops them, in which schema."""

from __future__ import annotations

import enum
import pickle
from typing import Any

import pytest

from relvar import (
    ARRAY,
    Column,
    Enum,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
    cast,
    exc,
    func,
    insert,
    inspect,
    literal_column,
    select,
    text,
)
from relvar.dialects import postgresql, sqlite
from relvar.dialects.postgresql import (
    DOMAIN,
    ENUM,
    CreateDomainType,
    CreateEnumType,
    DropDomainType,
    DropEnumType,
    NamedType,
)
from relvar.schema import CheckFirst, CreateSchema, CreateTable

DIALECT = postgresql.dialect()

KINDS = {
    "ENUM": lambda **kw: ENUM("a", "b", name="x", **kw),
    "Enum": lambda **kw: Enum("a", "b", name="x", **kw),
    "DOMAIN": lambda **kw: DOMAIN("x", Integer, **kw),
}
every_kind = pytest.mark.parametrize("kind", list(KINDS))


def types_of(bind: Any, schema: str = "*") -> list[str]:
    """Return ENUM types and domains as ``schema.name``."""
    inspector = inspect(bind)
    found = [*inspector.get_enums(schema), *inspector.get_domains(schema)]
    return sorted(f"{d['schema']}.{d['name']}" for d in found if d["schema"] != "information_schema")


def ddl(log: Any) -> list[str]:
    """Return the CREATE and DROP statements, shortened, and forget them."""
    texts = [" ".join(text.split()[:3]) for text in log.texts() if text.startswith(("CREATE", "DROP"))]
    log.clear()
    return texts


def table_ddl(table: Table) -> str:
    """Return how the table's column "c" is written."""
    return (
        next(
            line.strip(", ")
            for line in str(CreateTable(table).compile(dialect=DIALECT)).split("\n\t")
            if "c " in line
        )
        .split(",")[0]
        .split("\n")[0]
    )


# -- the life of a type ------------------------------------------------------------


@pytest.mark.feature("E021")
@every_kind
def test_with_all_tables(pg_engine: Any, sql_log: Any, kind: str) -> None:
    log = sql_log(pg_engine)
    metadata = MetaData()
    shared = KINDS[kind]()
    Table("one", metadata, Column("c", shared))
    Table("two", metadata, Column("c", shared), Column("again", KINDS[kind]()))
    word = "DOMAIN" if kind == "DOMAIN" else "TYPE"
    metadata.create_all(pg_engine)
    assert ddl(log) == [f"CREATE {word} x", "CREATE TABLE one", "CREATE TABLE two"]
    metadata.create_all(pg_engine)
    assert ddl(log) == []
    metadata.drop_all(pg_engine)
    assert ddl(log) == ["DROP TABLE two", "DROP TABLE one", f"DROP {word} x"]
    metadata.drop_all(pg_engine)
    assert ddl(log) == []
    metadata.create_all(pg_engine, checkfirst=False)
    assert ddl(log)[0] == f"CREATE {word} x"
    with pytest.raises(exc.ProgrammingError, match="already exists"):
        metadata.create_all(pg_engine, checkfirst=CheckFirst.TABLES)
    ddl(log)
    metadata.drop_all(pg_engine, checkfirst=False)
    assert ddl(log)[-1] == f"DROP {word} x"


@pytest.mark.feature("E021")
@every_kind
def test_with_one_table(pg_engine: Any, sql_log: Any, kind: str) -> None:
    metadata = MetaData()
    shared = KINDS[kind]()
    one = Table("one", metadata, Column("c", shared))
    two = Table("two", metadata, Column("c", shared))
    one.create(pg_engine)
    two.create(pg_engine)
    assert types_of(pg_engine) == ["public.x"]
    one.drop(pg_engine)
    assert types_of(pg_engine) == ["public.x"]  # another table may use it
    two.drop(pg_engine)
    assert types_of(pg_engine) == ["public.x"]
    metadata.drop_all(pg_engine)
    assert types_of(pg_engine) == []


@pytest.mark.feature("E021")
@every_kind
def test_of_a_metadata(pg_engine: Any, kind: str) -> None:
    metadata = MetaData()
    owned = KINDS[kind](metadata=metadata)
    metadata.create_all(pg_engine)  # there is no table
    assert types_of(pg_engine) == ["public.x"]
    table = Table("t", metadata, Column("c", owned))
    table.create(pg_engine)
    table.drop(pg_engine)
    metadata.drop_all(pg_engine)
    assert types_of(pg_engine) == []


@pytest.mark.feature("E021")
@pytest.mark.parametrize("kind", ["ENUM", "DOMAIN"])
def test_by_itself(pg_engine: Any, kind: str) -> None:
    alone = KINDS[kind]()
    assert isinstance(alone, NamedType)
    for bind_first in (True, False):
        alone.create(pg_engine)
        alone.create(pg_engine, checkfirst=True)
        assert types_of(pg_engine) == ["public.x"]
        with pytest.raises(exc.ProgrammingError, match='"x" already exists'):
            alone.create(pg_engine, checkfirst=False)
        with pg_engine.begin() as connection:
            alone.drop(connection)
            assert not inspect(connection).has_type("x") or bind_first
        alone.drop(pg_engine, checkfirst=True)
        with pytest.raises(exc.ProgrammingError, match='"x" does not exist'):
            alone.drop(pg_engine, checkfirst=False)
    generic = Enum("a", name="generic")
    generic.create(pg_engine)
    generic.create(pg_engine)
    assert types_of(pg_engine) == ["public.generic"]
    generic.drop(pg_engine)
    generic.drop(pg_engine)
    assert types_of(pg_engine) == []


@pytest.mark.feature("E021")
@every_kind
def test_create_type_false(pg_engine: Any, kind: str) -> None:
    metadata = MetaData()
    outside = KINDS[kind](create_type=False)
    Table("t", metadata, Column("c", outside))
    Table("owned", metadata, Column("c", KINDS[kind](create_type=False, metadata=metadata)))
    with pytest.raises(exc.ProgrammingError, match='type "x" does not exist'):
        metadata.create_all(pg_engine)
    outside.create(pg_engine)
    if kind == "Enum":
        KINDS["ENUM"]().create(pg_engine)
    metadata.create_all(pg_engine)
    metadata.drop_all(pg_engine)
    assert types_of(pg_engine) == ["public.x"]


@pytest.mark.feature("E021")
def test_statements(pg_engine: Any) -> None:
    letters = ENUM("it's", "100%", "a:b", "back\\slash", name="We Ird")
    domain = DOMAIN(
        "d",
        Numeric(6, 2),
        default=text("1 + 1"),
        constraint_name="is small",
        check=literal_column("VALUE") < 100,
        not_null=True,
    )
    for statement, expected in [
        (
            CreateEnumType(ENUM("a", "it's", name="x", schema="S")),
            "CREATE TYPE \"S\".x AS ENUM ('a', 'it''s')",
        ),
        (DropEnumType(ENUM("a", name="x")), "DROP TYPE x"),
        (
            CreateDomainType(domain),
            (
                'CREATE DOMAIN d AS NUMERIC(6, 2) DEFAULT 1 + 1 CONSTRAINT "is small" NOT NULL '
                "CHECK (VALUE < 100)"
            ),
        ),
        (
            CreateDomainType(DOMAIN("d", String(5), collation="C")),
            'CREATE DOMAIN d AS VARCHAR(5) COLLATE "C"',
        ),
        (
            CreateDomainType(DOMAIN("d", String, collation="C", collation_schema="s", default="it's")),
            "CREATE DOMAIN d AS VARCHAR COLLATE s.\"C\" DEFAULT 'it''s'",
        ),
        (CreateDomainType(DOMAIN("d", Integer)), "CREATE DOMAIN d AS INTEGER "),
        (DropDomainType(DOMAIN("d", Integer, schema="s")), "DROP DOMAIN s.d"),
    ]:
        assert str(statement.compile(dialect=DIALECT)) == expected
        assert str(statement) == expected  # without a dialect, too
    with pg_engine.begin() as connection:
        connection.execute(CreateEnumType(letters))
        connection.execute(CreateDomainType(domain))
        (found,) = inspect(connection).get_enums()
        assert found["labels"] == letters.enums
        (found,) = inspect(connection).get_domains()
        assert (found["nullable"], found["default"]) == (False, "(1 + 1)")
        assert [c["check"] for c in found["constraints"]] == ["VALUE < 100::numeric"]
        assert connection.scalar(select(cast(5, domain))) == 5
        connection.execute(DropDomainType(domain))
        connection.execute(DropEnumType(letters))
    assert types_of(pg_engine) == []


# -- schemas -----------------------------------------------------------------------


@pytest.mark.feature("E021")
@every_kind
def test_schema_of_the_type(pg_engine: Any, kind: str) -> None:
    make = KINDS[kind]
    for schema, of_metadata, of_table, expected in [
        ("one", None, None, "one.x"),
        ("one", "two", "three", "one.x"),
        (None, "two", None, "two.x"),
        (None, "two", "three", "two.x"),
        (None, None, "three", "public.x"),
    ]:
        metadata = MetaData(schema=of_metadata)
        type_ = make() if schema is None else make(schema=schema)
        Table("t", metadata, Column("c", type_), Column("in_array", postgresql.ARRAY(type_)), schema=of_table)
        with pg_engine.begin() as connection:
            for name in ("one", "two", "three"):
                connection.execute(CreateSchema(name, if_not_exists=True))
            metadata.create_all(connection)
            assert types_of(connection) == [expected]
            metadata.create_all(connection)
            metadata.drop_all(connection)
            assert types_of(connection) == []


@every_kind
def test_the_first_table_decides(kind: str) -> None:
    shared = KINDS[kind]()
    first, second = MetaData(schema="one"), MetaData(schema="two")
    one = Table("t", first, Column("c", shared))
    two = Table("t", second, Column("c", shared))
    assert (table_ddl(one), table_ddl(two)) == ("c one.x", "c one.x")
    assert shared.metadata is first
    assert (shared.copy().schema, shared.copy(schema="three").schema) == ("one", "three")


@every_kind
def test_copies_of_tables(pg_engine: Any, kind: str) -> None:
    make = KINDS[kind]
    metadata = MetaData()
    table = Table("t", metadata, Column("c", make()), Column("i", Integer))
    listed = Table("l", metadata, Column("c", postgresql.ARRAY(make())))
    other = MetaData(schema="two")
    moved = table.to_metadata(other)
    assert (table_ddl(table), table_ddl(moved)) == ("c x", "c x")
    assert moved.c.c.type.metadata is other
    assert table_ddl(table.to_metadata(MetaData(), schema="three")) == "c three.x"
    assert table_ddl(table.to_metadata(MetaData(schema="four"), schema=None)) == "c four.x"
    assert (table_ddl(listed.to_metadata(other)), table_ddl(listed)) == ("c x[]", "c x[]")
    alone = MetaData()
    table.to_metadata(alone)
    alone.create_all(pg_engine)
    assert types_of(pg_engine) == ["public.x"]
    alone.drop_all(pg_engine)
    assert types_of(pg_engine) == []
    assert pickle.loads(pickle.dumps(table.c.c.type)).name == "x"


def test_inherit_schema() -> None:
    with pytest.deprecated_call(match="inherit_schema"):
        shared = ENUM("a", name="x", inherit_schema=True)
    one = Table("t", MetaData(), Column("c", shared), schema="one")
    assert table_ddl(one) == "c one.x"
    with pytest.raises(exc.ArgumentError, match="Ambiguously setting inherit_schema=True"):
        ENUM("a", name="x", schema="s", inherit_schema=True)


@pytest.mark.feature("E021")
@every_kind
def test_schema_translate_map(pg_engine: Any, kind: str) -> None:
    make = KINDS[kind]
    with pg_engine.begin() as connection:
        for name in ("one", "two"):
            connection.execute(CreateSchema(name))
    metadata = MetaData()
    table = Table(
        "t",
        metadata,
        Column("c", make()),
        Column("many", postgresql.ARRAY(make())),
        Column("far", ENUM("q", name="far", schema="far")),
    )
    value = 1 if kind == "DOMAIN" else "a"
    for near in ("one", "two"):
        translated = pg_engine.execution_options(schema_translate_map={None: near, "far": "one"})
        metadata.create_all(translated)
        metadata.create_all(translated)
        assert types_of(pg_engine) == sorted(["one.far", f"{near}.x"])
        with translated.begin() as connection:
            connection.execute(insert(table), {"c": value, "many": [value], "far": "q"})
            found = select(table, cast(value, table.c.c.type)).where(
                table.c.c == value, table.c.many == [value], table.c.far == "q"
            )
            assert connection.execute(found).one() == (value, [value], "q", value)
        metadata.drop_all(translated)
        assert types_of(pg_engine) == []


# -- values ------------------------------------------------------------------------


class Color(enum.Enum):
    red = "r"
    green = "g"


@pytest.mark.feature("E021")
def test_values(pg_engine: Any) -> None:
    metadata = MetaData()
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("names", ENUM(Color, name="by_name")),
        Column("by_value", Enum(Color, name="by_value", values_callable=lambda e: [m.value for m in e])),
        Column("checked", Enum("a", "b", name="checked", validate_strings=True)),
        Column("number", DOMAIN("number", Numeric(5, 2), default="7", not_null=True)),
        Column("doc", DOMAIN("doc", postgresql.JSONB)),
    )
    metadata.create_all(pg_engine)
    c = table.c
    row = {"names": Color.red, "by_value": Color.green, "checked": "a", "doc": {"k": [1]}}
    with pg_engine.begin() as connection:
        assert connection.execute(insert(table).returning(table), row).one() == (
            1,
            *list(row.values())[:3],
            7,
            {"k": [1]},
        )
        stored = select(cast(c.names, String), cast(c.by_value, String))
        assert connection.execute(stored).one() == ("red", "g")
        found = select(c.id).where(
            c.names == Color.red, c.by_value.in_([Color.green]), c.checked < "b", c.number > 1
        )
        assert connection.scalar(found) == 1
        assert connection.scalar(select(func.max(c.names))) is Color.red
        assert connection.scalar(select(c.number + 1)) == 8
        inline = str(
            select(c.id)
            .where(c.names == Color.red)
            .compile(pg_engine, compile_kwargs={"literal_binds": True})
        )
        assert inline.endswith("t.names = 'red'")
    for bad in ({"names": "nope"}, {"checked": "nope"}, {"number": None}):
        with pytest.raises((exc.DBAPIError, exc.StatementError)), pg_engine.begin() as connection:
            connection.execute(insert(table), {**row, **bad})


@pytest.mark.feature("E021")
def test_what_columns_can_be(pg_engine: Any) -> None:
    class Decorated(TypeDecorator[Any]):
        impl = ENUM("a", name="decorated")
        cache_ok = True

    metadata = MetaData()
    table = Table(
        "t",
        metadata,
        Column("decorated", Decorated),
        Column("variant", String(3).with_variant(ENUM("b", name="variant"), "postgresql")),
        Column("generic_array", ARRAY(Enum("c", name="generic_array"))),
        Column("text", Enum("d", name="not_native", native_enum=False)),
    )
    metadata.create_all(pg_engine)
    assert types_of(pg_engine) == ["public.decorated", "public.generic_array", "public.variant"]
    with pg_engine.begin() as connection:
        connection.execute(
            insert(table), {"decorated": "a", "variant": "b", "generic_array": ["c"], "text": "d"}
        )
        assert connection.execute(select(table)).one() == ("a", "b", ["c"], "d")
    metadata.drop_all(pg_engine)
    assert types_of(pg_engine) == []
    # other databases do without
    assert "c VARCHAR(1)" in str(
        CreateTable(Table("t", MetaData(), Column("c", Enum("a", name="x")))).compile(
            dialect=sqlite.dialect()
        )
    )


def test_what_is_refused(pg_engine: Any) -> None:
    for nameless in (ENUM("a"), Enum("a")):
        with pytest.raises(exc.CompileError, match="type requires a name"):
            Table("t", MetaData(), Column("c", nameless)).create(pg_engine)
    with pytest.raises(exc.ArgumentError, match="SQL expression element for DDL constraint expected, got 5"):
        DOMAIN("d", Integer, check=5)
    with pytest.warns(exc.SAWarning, match="native_enum flag does not apply"):
        ENUM("a", name="x", native_enum=False)


def test_events(pg_engine: Any) -> None:
    from relvar import event

    metadata = MetaData()
    letters = ENUM("a", name="x", metadata=metadata)
    seen: list[str] = []
    for name in ("before_create", "after_create", "before_drop", "after_drop"):
        event.listen(letters, name, lambda target, connection, name=name, **kw: seen.append(name))
    metadata.create_all(pg_engine)
    metadata.create_all(pg_engine)
    metadata.drop_all(pg_engine)
    assert seen == ["before_create", "after_create", "before_drop", "after_drop"]
