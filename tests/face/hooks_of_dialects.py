"""
What reaches each hook of a dialect: what overriding it changes.

A flag is set on a subclass of a dialect, and something that it decides is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Boolean,
    Column,
    Identity,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Uuid,
    exc,
    func,
    insert,
    select,
)
from relvar.engine.mock import MockConnection
from relvar.schema import CreateTable
from relvar.sql.compiler import DDLCompiler, GenericTypeCompiler, IdentifierPreparer, SQLCompiler
from relvar.types import TypeDecorator

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer, comment="told"),
    Column("s", String(9)),
)
c = t.c
with_sequence = MetaData()
Table("q", with_sequence, Column("id", Integer, Sequence("s", optional=True), primary_key=True))

Look = Callable[[Any], Any]


def text(thing: Any, dialect: Any) -> str:
    try:
        return " ".join(str(thing.compile(dialect=dialect)).split())
    except exc.CompileError as error:
        return str(error)


def text_of(thing: Callable[[], Any]) -> Look:
    return lambda dialect: text(thing(), dialect)


class MyPreparer(IdentifierPreparer):
    def quote(self, ident: Any) -> str:
        return f"|{ident}|"


class MyCompiler(SQLCompiler):
    def visit_function(self, func: Any, add_to_result_map: Any = None, **kw: Any) -> str:
        return "MINE()"


class MyDDL(DDLCompiler):
    def post_create_table(self, table: Any) -> str:
        return " MINE"


class MyTypes(GenericTypeCompiler):
    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
        return "MINE"


class Ten(TypeDecorator[int]):
    impl = Integer
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Any) -> str:
        return "10"


def _numbers(*parts: Any) -> Any:
    return CreateTable(Table("q", MetaData(), *parts))


# what makes a difference only if something else is set
BESIDE: dict[str, dict[str, Any]] = {
    "inline_comments": {"supports_comments": True},
    "sequences_optional": {"supports_sequences": True},
    "supports_default_values": {"supports_empty_insert": False},
}

# hook -> (what it is set to, what is looked at)
FLAGS: dict[str, tuple[Any, Look]] = {
    "name": ("mine", lambda d: d.name),
    "driver": ("mine", lambda d: getattr(d, "driver", None) == "mine"),
    "preparer": (MyPreparer, text_of(lambda: select(c.x))),
    "statement_compiler": (MyCompiler, text_of(lambda: select(func.f()))),
    "ddl_compiler": (MyDDL, text_of(lambda: CreateTable(t))),
    "type_compiler": (MyTypes, text_of(lambda: CreateTable(t))),
    "colspecs": ({Integer: Ten}, lambda d: type(Integer().dialect_impl(d)).__name__),
    "supports_native_boolean": (True, text_of(lambda: select(c.x).where(~_boolean()))),
    "supports_multivalues_insert": (True, text_of(lambda: insert(t).values([{"x": 1}, {"x": 2}]))),
    "supports_comments": (True, lambda d: emitted(m, d)),
    "inline_comments": (True, lambda d: emitted(m, d)),
    "supports_sequences": (True, lambda d: emitted(with_sequence, d)),
    "sequences_optional": (True, lambda d: emitted(with_sequence, d)),
    "supports_default_values": (True, text_of(lambda: insert(t).values({}))),
    "supports_empty_insert": (False, text_of(lambda: insert(t).values({}))),
    "supports_native_enum": (True, lambda d: d.supports_native_enum),
    "supports_native_uuid": (True, text_of(lambda: _numbers(Column("a", Uuid)))),
    "supports_native_decimal": (True, lambda d: d.supports_native_decimal),
    "supports_identity_columns": (True, text_of(lambda: _numbers(Column("a", Integer, Identity())))),
    "supports_is_distinct_from": (False, lambda d: d.supports_is_distinct_from),
    "supports_for_update_of": (True, lambda d: d.supports_for_update_of),
    "supports_simple_order_by_label": (False, text_of(lambda: _ordered_by_label())),
    "supports_schemas": (False, lambda d: d.supports_schemas),
    "cte_follows_insert": (True, text_of(lambda: _insert_with_cte())),
    "div_is_floordiv": (False, text_of(lambda: c.x // 2)),
    "non_native_boolean_check_constraint": (
        False,
        text_of(lambda: _numbers(Column("a", Boolean(create_constraint=True)))),
    ),
    "default_paramstyle": ("format", lambda d: str(select(c.x).where(c.x == 1).compile(dialect=d))),
    "max_identifier_length": (12, text_of(lambda: _with_long_names())),
    "supports_alter": (False, lambda d: d.supports_alter),
    "requires_name_normalize": (True, lambda d: d.requires_name_normalize),
    "supports_server_side_cursors": (True, lambda d: d.supports_server_side_cursors),
    "returns_native_bytes": (True, lambda d: d.returns_native_bytes),
    "construct_arguments": (
        [(Table, {"mine": None})],
        lambda d: d.construct_arguments,
    ),
    "postfetch_lastrowid": (False, lambda d: d.postfetch_lastrowid),
    "supports_sane_rowcount": (False, lambda d: d.supports_sane_rowcount),
    "supports_sane_multi_rowcount": (False, lambda d: d.supports_sane_multi_rowcount),
    "is_async": (True, lambda d: d.is_async),
    "isolation_level": ("MINE", lambda d: d.isolation_level),
}


def _boolean() -> Any:
    return Table("q", MetaData(), Column("b", Boolean)).c.b


def _ordered_by_label() -> Any:
    label = (c.x + 1).label("q")
    return select(label).order_by(label)


def _with_long_names() -> Any:
    table = Table("a_long_name", MetaData(), Column("another_long_name", Integer))
    return select(table).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)


def emitted(metadata: MetaData, dialect: Any) -> list[str]:
    """What creating everything sends."""
    sent: list[str] = []
    bind: Any = MockConnection(dialect, lambda statement, *args, **kw: sent.append(type(statement).__name__))
    metadata.create_all(bind, checkfirst=False)
    return sent


def _insert_with_cte() -> Any:
    q = select(c.id.label("x")).cte("q")
    return insert(t).from_select(["x"], select(q.c.x))
