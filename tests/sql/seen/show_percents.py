"""Percent signs in every place, per style of parameters: doubled where the driver halves them, else not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    DDL,
    CheckConstraint,
    Column,
    Enum,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
    values,
)
from relvar.engine.default import DefaultDialect
from relvar.schema import (
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DropTable,
    SetColumnComment,
    SetTableComment,
)

STYLES = ("qmark", "format", "pyformat", "named", "numeric", "numeric_dollar")

t = Table(
    "t%",
    MetaData(),
    Column("a%", Integer, primary_key=True),
    Column("b%(x)s", String(10), server_default="d%", comment="c%"),
    Column("c", Integer, CheckConstraint("c % 2 = 0")),
    CheckConstraint("c %% 2 = 0", name="ck%"),
    comment="t%%",
    schema="s%",
)
index = Index("ix%", t.c.c, text("c % 3"))
a, b, c = t.c

STATEMENTS: dict[str, Callable[[], Any]] = {
    "text": lambda: text("a % b %% c %s %(x)s :p LIKE '%'"),
    "text with a value": lambda: text("a % :x").bindparams(x=5),
    "text with columns": lambda: text("select a % 2").columns(column("a%")),
    "literal column": lambda: literal_column("a % b %%"),
    "label of a literal column": lambda: select(literal_column("'%'").label("100%")),
    "select": lambda: select(t).where(a == 5),
    "labels": lambda: select(a.label("x%y"), literal("%")),
    "modulo": lambda: a % 5,
    "reversed modulo": lambda: 5 % a,
    "operator": lambda: a.op("%")(5),
    "doubled operator": lambda: a.op("%%")(5),
    "operators with others": lambda: select(a.op("%>")(5), a.bool_op("<%")(5)),
    "like": lambda: select(b.like("%a%"), b.contains("%a", autoescape=True), b.startswith("%a")),
    "function arguments": lambda: func.f("%", type_=String),
    "prefixes": lambda: select(c).prefix_with("/*%*/").suffix_with("/*%%*/"),
    "hints": lambda: select(c).with_hint(t, "USE 100%% %(name)s").with_statement_hint("x%"),
    "alias": lambda: select(t.alias("al%").c["a%"]),
    "cte": lambda: select(select(a).cte("cte%").c["a%"]),
    "insert": lambda: insert(t).values({"a%": 1, "b%(x)s": "%"}),
    "update": lambda: update(t).values({"a%": 1, "b%(x)s": "%"}).where(a == 2),
    "delete": lambda: delete(t).where(a == 2),
    "returning": lambda: delete(t).returning(a, a % 2),
    "names of parameters": lambda: select(bindparam("a%b"), bindparam("%(x)s")),
    "in": lambda: a.in_([1]),
    "collation": lambda: b.collate("x_y") + "%",
    "cast": lambda: cast(a, Enum("%", name="e%")),
    "case": lambda: case((c == 1, "%"), else_=literal_column("'%'")),
    "order by label": lambda: select(a.label("l%")).order_by("l%"),
    "window": lambda: func.sum(a).over(partition_by=a % 2),
    "values": lambda: values(column("v%", Integer), name="vv%").data([(1,)]),
    "table valued": lambda: func.g("%").table_valued("c%", name="tv%"),
}
DDL_STATEMENTS: dict[str, Callable[[], Any]] = {
    "create table": lambda: CreateTable(t),
    "drop table": lambda: DropTable(t),
    "create index": lambda: CreateIndex(index),
    "comments": lambda: (SetTableComment(t), SetColumnComment(b)),
    "create schema": lambda: CreateSchema("s%"),
    "create sequence": lambda: CreateSequence(Sequence("q%")),
    "ddl": lambda: DDL("x %% y"),
    "ddl with context": lambda: DDL("x %(a)s", {"a": "%"}),
}


def _by_style(make: Callable[[], Any], **options: Any) -> Callable[[], str]:
    def texts() -> str:
        shown = []
        for style in STYLES:
            compiled = make().compile(dialect=DefaultDialect(paramstyle=style), **options)
            shown.append(f"{style}: {' '.join(str(compiled).split())} {compiled.params}")
        return "\n".join(shown)

    return texts


CASES: dict[str, Callable[[], Any]] = {
    **{f"all: {name}": make for name, make in {**STATEMENTS, **DDL_STATEMENTS}.items()},
    **{f"{name}, by style": _by_style(make) for name, make in STATEMENTS.items()},
    **{
        f"{name}, inlined, by style": _by_style(make, compile_kwargs={"literal_binds": True})
        for name, make in STATEMENTS.items()
        if name != "names of parameters"
    },
}
