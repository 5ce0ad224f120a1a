"""
Every hook that programs are known to override is called when it is overridden.

``client_hooks.toml`` lists them, by what they are methods of; the tables of
``hooks_of_*.py`` say how each is reached.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    column,
    insert,
    select,
    union,
)
from relvar import text as sql_text
from relvar.dialects import mysql, postgresql
from relvar.engine.default import DefaultDialect
from relvar.sql.compiler import DDLCompiler, GenericTypeCompiler, IdentifierPreparer, SQLCompiler

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import hooks_elsewhere as elsewhere  # noqa: E402
import hooks_of_compilers as compilers  # noqa: E402  # beside this file, not a package
import hooks_of_dialects as dialects  # noqa: E402

HOOKS = {
    section: [name.lstrip("=") for name in names]
    for section, names in tomllib.loads((FOLDER / "client_hooks.toml").read_text()).items()
}

t = Table(
    "t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(9))
)


def overriding(base: type[Any], hook: str, given: list[Any]) -> type[Any]:
    """A class that overrides one hook, keeping what it is called with."""

    def method(self: Any, *args: Any, **kw: Any) -> str:
        given.append((args, kw))
        return compilers.mark(hook)

    return type("Theirs", (base,), {hook: method})


def dialect(**attributes: Any) -> Any:
    """An instance of a dialect of another program."""
    return type("TheirDialect", (DefaultDialect,), {"name": "theirs", **attributes})()


def text(thing: Any, on: Any, **kw: Any) -> str:
    return " ".join(str(thing.compile(dialect=on, compile_kwargs=kw)).split())


TYPES = {
    **{
        hook: compilers.of_type(hook.removeprefix("visit_"))
        for hook in HOOKS["type"]
        if hook.startswith("visit_")
    },
    **compilers.TYPES,
}
TABLES: dict[str, Any] = {
    "sql": compilers.SQL,
    "ddl": compilers.DDL,
    "type": TYPES,
    "dialect": dialects.FLAGS,
}


@pytest.mark.feature("D090")
@pytest.mark.parametrize("section", HOOKS)
def test_every_hook_is_reached(section: str) -> None:
    """A hook is in one of the tables, or it is said where it is."""
    reached = set(TABLES.get(section, ())) | elsewhere.TOLD.get(section, frozenset())
    known = reached | set(elsewhere.LATER.get(section, ())) | elsewhere.THEIR_OWN.get(section, frozenset())
    assert not set(HOOKS[section]) - known
    assert not reached & elsewhere.THEIR_OWN.get(section, frozenset())


@pytest.mark.feature("D090")
@pytest.mark.parametrize("hook", compilers.SQL)
def test_of_a_statement_compiler(hook: str) -> None:
    given: list[Any] = []
    theirs = dialect(statement_compiler=overriding(SQLCompiler, hook, given), supports_sequences=True)
    assert compilers.mark(hook) in text(compilers.SQL[hook](), theirs)
    assert given


@pytest.mark.feature("D090")
@pytest.mark.parametrize("hook", compilers.DDL)
def test_of_a_ddl_compiler(hook: str) -> None:
    given: list[Any] = []
    theirs = dialect(
        ddl_compiler=overriding(DDLCompiler, hook, given),
        supports_comments=True,
        supports_identity_columns=True,
    )
    assert compilers.mark(hook) in text(compilers.DDL[hook](), theirs)
    assert given


@pytest.mark.feature("D090")
@pytest.mark.parametrize("hook", TYPES)
def test_of_a_type_compiler(hook: str) -> None:
    given: list[Any] = []
    theirs = dialect(
        type_compiler_cls=overriding(GenericTypeCompiler, hook, given),
        supports_native_uuid=True,
        supports_native_enum=True,
    )
    made = compilers.CreateTable(Table("q", MetaData(), Column("a", TYPES[hook]())))
    assert f"a {compilers.mark(hook)}" in text(made, theirs)
    assert given and ("type_expression" in given[0][1] or hook.startswith("_"))


# What returns something else than text ------------------------------------------------------------


@pytest.mark.feature("D090")
def test_statement_compilers_that_are_made_otherwise() -> None:
    class Theirs(SQLCompiler):
        compound_keywords = {**SQLCompiler.compound_keywords, "x": "y"}

        def __init__(self, *args: Any, **kw: Any) -> None:
            self.noted = "before"
            super().__init__(*args, **kw)

        def render_literal_value(self, value: Any, type_: Any) -> str:
            return f"<{value!r} {type_}>"

        def visit_empty_set_expr(self, element_types: Any, **kw: Any) -> str:
            return f"NOTHING OF {len(element_types)}"

        def visit_bindparam(self, bindparam: Any, **kw: Any) -> str:
            return self.noted + super().visit_bindparam(bindparam, **kw)

    theirs = dialect(statement_compiler=Theirs)
    assert text(t.c.x == 5, theirs) == "t.x = before:x_1"
    assert text(t.c.x == 5, theirs, literal_binds=True) == "t.x = before<5 INTEGER>"
    empty = sql_text("x IN :q").bindparams(bindparam("q", [], expanding=True))
    assert text(empty, theirs, render_postcompile=True) == "x IN before(NOTHING OF 1)"


@pytest.mark.feature("D090")
def test_keywords_between_selects() -> None:
    from relvar.sql.selectable import CompoundSelect

    class Theirs(SQLCompiler):
        compound_keywords = {**SQLCompiler.compound_keywords, CompoundSelect.UNION: "AND ALSO"}

    made = union(select(t.c.id), select(t.c.x))
    assert text(made, dialect(statement_compiler=Theirs)) == "SELECT t.id FROM t AND ALSO SELECT t.x FROM t"


@pytest.mark.feature("D090")
def test_of_compilers_of_databases() -> None:
    """Hooks that only the compilers of some databases have."""
    given: list[Any] = []
    theirs = mysql.dialect()
    theirs.statement_compiler = overriding(
        theirs.statement_compiler, "_render_json_extract_from_binary", given
    )
    data = compilers.c.j
    assert compilers.mark("_render_json_extract_from_binary") in text(data["a"].as_string(), theirs)
    theirs = postgresql.dialect()
    theirs.statement_compiler = overriding(theirs.statement_compiler, "_regexp_match", given)
    assert text(t.c.s.regexp_match("a"), theirs) == compilers.mark("_regexp_match")
    assert len(given) == 2


# Preparers ----------------------------------------------------------------------------------------


class Preparer(IdentifierPreparer):
    reserved_words = {"x"}
    illegal_initial_characters = {"s"}

    def __init__(self, dialect: Any, **kw: Any) -> None:
        super().__init__(dialect, initial_quote="[", final_quote="]", **kw)


def prepared(**methods: Any) -> Any:
    return dialect(preparer=type("Theirs", (Preparer,), methods))


PREPARER: dict[str, tuple[dict[str, Any], Any, str]] = {
    "__init__": ({}, lambda: select(t.c.x), "SELECT t.[x] FROM t"),
    "reserved_words": (
        {"reserved_words": {"id"}},
        lambda: select(t.c.id, t.c.x),
        "SELECT t.[id], t.x FROM t",
    ),
    "illegal_initial_characters": (
        {"illegal_initial_characters": {"i"}},
        lambda: select(t.c.id, t.c.s),
        "SELECT t.[id], t.s FROM t",
    ),
    "format_label": (
        {"format_label": lambda self, label, name=None: f"label {name or label.name}"},
        lambda: select(t.c.id.label("q")),
        "SELECT t.id AS label q FROM t",
    ),
    "quote_schema": (
        {"quote_schema": lambda self, schema: f"<{schema}>"},
        lambda: select(column("a")).select_from(Table("q", MetaData(), schema="sch")),
        "SELECT a FROM <sch>.q",
    ),
    "_escape_identifier": (
        {"_escape_identifier": lambda self, value: value.replace("]", "()")},
        lambda: select(column("a]b")),
        "SELECT [a()b]",
    ),
    "_requires_quotes": (
        {"_requires_quotes": lambda self, value: True},
        lambda: select(t.c.id),
        "SELECT [t].[id] FROM [t]",
    ),
    "format_schema": (
        {"format_schema": lambda self, name: f"sch {name}"},
        lambda: None,
        "",
    ),
    "format_table": (
        {"format_table": lambda self, table, use_schema=True, name=None: f"<{table.name}>"},
        lambda: insert(t).values(x=1),
        "INSERT INTO <t> ([x]) VALUES (:x)",
    ),
    "quote": (
        {"quote": lambda self, ident: f"({ident})"},
        lambda: select(t.c.id),
        "SELECT (t).(id) FROM (t)",
    ),
}


@pytest.mark.feature("D090")
@pytest.mark.parametrize("hook", [name for name in PREPARER if name != "format_schema"])
def test_of_a_preparer(hook: str) -> None:
    methods, thing, expected = PREPARER[hook]
    assert text(thing(), prepared(**methods)) == expected


@pytest.mark.feature("D090")
def test_schemas_by_a_preparer() -> None:
    from relvar.schema import CreateSchema, DropSchema

    theirs = prepared(format_schema=PREPARER["format_schema"][0]["format_schema"])
    assert text(CreateSchema("a"), theirs) == "CREATE SCHEMA sch a"
    assert text(DropSchema("a"), theirs) == "DROP SCHEMA sch a"
