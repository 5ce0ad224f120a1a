"""
Random schemas with hostile names are told truly, and made again elsewhere they are told the same.

Beside `tests/property/test_schema_round_trip.py`, which is about types and options, this is about
names, keys, schemas and cycles: each schema is created in one place, compared with what was defined,
created in another place from what was reflected, and compared again.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    func,
    inspect,
)
from relvar.schema import CreateSchema, CreateTable, DropSchema
from relvar.types import TypeEngine

NAMES = (
    "a",
    "b",
    "UPPER",
    "Mixed Case",
    "select",
    "order",
    'qu"ote',
    "it's",
    "per%cent",
    "%(x)s",
    "x.y",
    ".",
    "back`tick",
    "ünï",
    "1st",
    "semi;colon",
    ":colon",
    "(paren)",
    "[bracket]",
    "a,b",
    "-- comment",
    "/* c */",
    "back\\slash",
    "primary key",
    "$dollar",
    "_under",
)
NAME = st.sampled_from(NAMES)
COMMENT = st.sampled_from((None, None, "plain", "it's 100%% \\ 'odd'\nline ; -- :x %(y)s"))
DEFAULT = st.sampled_from((None, None, "it's", "100%", "a:b \\", "", "x ' || \" y"))
ACTIONS = {
    "sqlite": (None, "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT"),
    "postgresql": (None, "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT"),
    # MariaDB refuses SET DEFAULT, and actions on columns that are in a CHECK; RESTRICT is as none
    "mariadb": (None,),
}
EXAMPLES = {"sqlite": 40, "postgresql": 20, "mariadb": 10}
BACKENDS = ("sqlite", "postgresql", "mariadb")


@st.composite
def schemas(draw: Any, backend: str, schema: str) -> MetaData:
    """Draw up to four tables, their keys, and foreign keys in any direction."""
    metadata = MetaData(schema=schema)
    names = draw(st.lists(NAME, min_size=1, max_size=4, unique_by=str.lower))
    tables = [_table(draw, backend, metadata, name) for name in names]
    # a constraint's name is unique in its table, its schema, or everywhere: take each but once
    free = list(draw(st.permutations([f"{name} {n}" for n in range(2) for name in NAMES])))
    for table in tables:
        _constraints(draw, backend, table, free)
    for table in tables:
        if draw(st.booleans()):
            _foreign_key(draw, backend, table, draw(st.sampled_from(tables)), free)
    return metadata


def _table(draw: Any, backend: str, metadata: MetaData, name: str) -> Table:
    names = draw(st.lists(NAME, min_size=3, max_size=5, unique_by=str.lower))
    comment = COMMENT if backend != "sqlite" else st.none()
    columns: list[Column[Any]] = []
    for number, column_name in enumerate(names):
        if number < 2:
            columns.append(Column(column_name, Integer, nullable=draw(st.booleans()), comment=draw(comment)))
        else:
            columns.append(
                Column(
                    column_name,
                    String(20),
                    nullable=draw(st.booleans()),
                    server_default=draw(DEFAULT),
                    comment=draw(comment),
                )
            )
    return Table(name, metadata, *columns, comment=draw(comment))


def _constraints(draw: Any, backend: str, table: Table, free: list[str]) -> None:
    numbers, words = list(table.c)[:2], list(table.c)[2:]
    key = draw(st.permutations(numbers))[: draw(st.integers(1, 2))]
    # MySQL and MariaDB know no names of primary keys
    name = free.pop() if backend != "mariadb" and draw(st.booleans()) else None
    table.append_constraint(PrimaryKeyConstraint(*key, name=name))
    if key != numbers:
        # what a foreign key refers to; PostgreSQL makes no second constraint over the columns of the key
        table.append_constraint(UniqueConstraint(*numbers, name=free.pop()))
    # MariaDB refuses checks of columns that it numbers
    checked = numbers[0] if backend != "mariadb" else next((c for c in numbers if c not in key), words[0])
    if draw(st.booleans()):
        table.append_constraint(CheckConstraint(checked > 3, name=free.pop()))
    if draw(st.booleans()):
        check = CheckConstraint((words[0] != "it's (100%) :x \\") | (checked == 5), name=free.pop())
        table.append_constraint(check)
    for _ in range(draw(st.integers(0, 2))):
        elements: list[Any] = list(draw(st.permutations([*numbers, *words])))[: draw(st.integers(1, 3))]
        if draw(st.booleans()):
            elements[0] = elements[0].desc()
        if backend != "mariadb" and draw(st.booleans()):
            elements.append(func.lower(words[0]))
        options: dict[str, Any] = {}
        if backend != "mariadb" and draw(st.booleans()):
            options[f"{backend}_where"] = words[0] != "it's :x"
        Index(free.pop(), *elements, unique=draw(st.booleans()), **options)


def _foreign_key(draw: Any, backend: str, table: Table, target: Table, free: list[str]) -> None:
    own, theirs = list(table.c)[:2], list(target.c)[:2]
    if backend == "mariadb" and table is target and list(table.primary_key) != theirs:
        # what is reflected as an index is made after the table, too late for a key to itself
        return
    actions = ACTIONS[backend]
    deferrable = draw(st.sampled_from((None, True))) if backend != "mariadb" else None
    table.append_constraint(
        ForeignKeyConstraint(
            draw(st.permutations(own)),
            theirs,
            name=free.pop(),
            # where NOT NULL or a generated column forbids it, the database says so when rows change
            ondelete=draw(st.sampled_from(actions)),
            onupdate=draw(st.sampled_from(actions)),
            deferrable=deferrable,
            initially="DEFERRED" if deferrable and draw(st.booleans()) else None,
            use_alter=draw(st.booleans()),
        )
    )


# What is told -----------------------------------------------------------------------------------------

QUESTIONS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_comment",
    "table_options",
)


def _facts(connection: Any, schema: str) -> dict[str, Any]:
    """Return everything the inspector says of a schema, with its name taken out."""
    inspector = inspect(connection)
    facts: dict[str, Any] = {}
    for question in QUESTIONS:
        try:
            found = getattr(inspector, f"get_multi_{question}")(schema)
        except NotImplementedError:
            continue
        facts[question] = {name: _plain(answer, schema) for (_, name), answer in found.items()}
    return facts


def _plain(value: Any, schema: str) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item, schema) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_plain(item, schema) for item in value]
        return sorted(items, key=lambda item: str(item["name"])) if _are_named(items) else items
    if value == schema:
        return "the schema"
    if isinstance(value, str) and "nextval(" in value:
        quoted = schema.replace('"', '""').replace("'", "''")
        return value.replace(f'"{quoted}"', "the schema")
    if value is None or isinstance(value, (str, int)):
        return value
    return repr(value) if isinstance(value, TypeEngine) else str(value)


def _are_named(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(i, dict) and "name" in i and "type" not in i for i in items)


def _defined(metadata: MetaData) -> dict[str, Any]:
    """Return what the tables of a metadata are, as far as every database tells it."""
    return {
        table.name: {
            "columns": [
                (c.name, c.nullable or c.primary_key, c.type._type_affinity.__name__, c.comment)
                for c in table.c
            ],
            "key": [c.name for c in table.primary_key],
            "comment": table.comment,
            "checks": {c.name for c in table.constraints if isinstance(c, CheckConstraint)},
            "foreign keys": {
                (
                    fkc.name,
                    *(
                        (fk.parent.name, fk.column.name, fk.column.table.name, fk.column.table.schema)
                        for fk in fkc.elements
                    ),
                    fkc.ondelete,
                    fkc.onupdate,
                    fkc.deferrable,
                    fkc.initially,
                )
                for fkc in table.foreign_key_constraints
            },
            "unique": {
                (item.name, *(c.name for c in item.columns))
                for item in table.constraints
                if isinstance(item, UniqueConstraint)
            }
            | {(item.name, *_column_names(item)) for item in table.indexes if item.unique},
            "indexes": {(item.name, *_column_names(item)) for item in table.indexes if not item.unique},
        }
        for table in metadata.tables.values()
    }


def _column_names(index: Index) -> list[str]:
    """Return names of an index's columns, and whether DESC; what is reflected of expressions is text."""
    plain = ((getattr(e, "element", e), e) for e in index.expressions)
    return [c.name if e is c else f"{c.name} DESC" for c, e in plain if isinstance(c, Column)]


def _expect(found: dict[str, Any], expected: dict[str, Any], metadata: MetaData, connection: Any) -> None:
    """Compare two levels deep, so that a failure shows what is different, and of which table."""
    wrong = [
        f"{outer} {inner}:\n  found    {found[outer].get(inner)}\n  expected {expected[outer].get(inner)}"
        for outer in expected
        for inner in expected[outer]
        if found[outer].get(inner) != expected[outer].get(inner)
    ]
    shown = [str(CreateTable(table).compile(connection)) for table in metadata.tables.values()]
    assert not wrong, "\n".join([*wrong, *shown])
    assert found == expected


# The test ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _places(backend: str, request: pytest.FixtureRequest) -> Iterator[tuple[Any, str, str]]:
    """Give a connection, and the names of two schemas on it that are empty."""
    engine = request.getfixturevalue(
        {"sqlite": "sqlite_engine", "postgresql": "pg_engine", "mariadb": "mariadb_engine"}[backend]
    )
    # databases of a MariaDB server are seen by everyone who uses it
    base = f"{engine.url.database} " if backend == "mariadb" else ""
    names = f'{base}Odd "one".x', f"{base}it's %(two)s"
    with engine.connect() as connection:
        for name in names:
            if backend == "sqlite":
                connection.exec_driver_sql("ATTACH ':memory:' AS \"{}\"".format(name.replace('"', '""')))
            else:
                connection.execute(CreateSchema(name))
        connection.commit()
        try:
            yield connection, *names
        finally:
            connection.rollback()
            if backend == "mariadb":
                for name in names:
                    connection.execute(DropSchema(name))


@pytest.mark.feature("C003", "C006", "C009", "C010", "C022", "C031", "C032", "C034", "C038")
@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_reflected_is_what_was_defined(backend: str, request: pytest.FixtureRequest) -> None:
    with _places(backend, request) as (connection, first, second):

        @settings(max_examples=EXAMPLES[backend], deadline=None, suppress_health_check=list(HealthCheck))
        @given(schemas(backend, first))
        def check(metadata: MetaData) -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                _check(connection, metadata, first, second)

        check()


def _check(connection: Any, metadata: MetaData, first: str, second: str) -> None:
    copies = MetaData()
    if connection.dialect.name == "sqlite":
        # the driver begins by itself before rows change, not before DDL
        connection.exec_driver_sql("BEGIN")
    try:
        metadata.create_all(connection)
        reflected = MetaData()
        reflected.reflect(connection, schema=first)
        told, defined = _defined(reflected), _defined(metadata)
        if connection.dialect.name == "mariadb":
            for name, table in told.items():
                # the database makes an index for a foreign key that has none
                table["indexes"] &= defined[name]["indexes"]
        _expect(told, defined, metadata, connection)
        facts = _facts(connection, first)
        for table in reflected.tables.values():
            table.to_metadata(copies, schema=second)
        copies.create_all(connection)
        _expect(_facts(connection, second), facts, metadata, connection)
    finally:
        if connection.dialect.name == "mariadb":
            copies.drop_all(connection)
            metadata.drop_all(connection)
        else:
            connection.rollback()
