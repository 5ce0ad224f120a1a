"""What the hooks of a statement compiler are called with, and what becomes of what they return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    Column,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    case,
    column,
    delete,
    extract,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
    text,
    true,
    tuple_,
    union,
    update,
    values,
)
from relvar.engine.default import DefaultDialect
from relvar.sql.compiler import SQLCompiler

t = Table(
    "t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(9))
)


def compiler(**methods: Any) -> Any:
    """A dialect whose statement compiler has these methods."""
    theirs = type("Theirs", (SQLCompiler,), methods)
    return type("TheirDialect", (DefaultDialect,), {"name": "theirs", "statement_compiler": theirs})()


def written(thing: Any, dialect: Any) -> str:
    return " ".join(str(thing.compile(dialect=dialect)).split())


CASES: dict[str, Callable[[], Any]] = {
    "col": lambda: written(
        select(t.c.x).where(t.c.x == 1),
        compiler(
            visit_column=lambda self, column, add_to_result_map=None, include_table=True, **kw: (
                SQLCompiler.visit_column(
                    self, column, add_to_result_map=add_to_result_map, include_table=False, **kw
                )
            )
        ),
    ),
    "bind": lambda: written(
        select(t.c.x).where(t.c.x == 1),
        compiler(
            visit_bindparam=lambda self, bindparam, within_columns_clause=False, literal_binds=False, **kw: (
                SQLCompiler.visit_bindparam(
                    self, bindparam, within_columns_clause=within_columns_clause, literal_binds=True, **kw
                )
            )
        ),
    ),
    "table": lambda: written(
        select(t.c.x).select_from(t.alias("q")),
        compiler(
            visit_table=lambda self, table, asfrom=False, iscrud=False, ashint=False, fromhints=None, **kw: (
                ("FROM:" if asfrom else "")
                + SQLCompiler.visit_table(
                    self, table, asfrom=asfrom, iscrud=iscrud, ashint=ashint, fromhints=fromhints, **kw
                )
            )
        ),
    ),
    "alias": lambda: written(
        select(t.alias("q")), compiler(get_render_as_alias_suffix=lambda self, txt: " !" + txt)
    ),
    "label": lambda: written(
        select(t.c.x.label("z")),
        compiler(
            visit_label=lambda self, label, **kw: (
                SQLCompiler.visit_label(self, label, **{**kw, "within_columns_clause": True}) + "#"
            )
        ),
    ),
    "select kw": lambda: written(
        select(t.c.x).where(t.c.x.in_(select(t.c.id))),
        compiler(
            visit_select=lambda self, s, asfrom=False, **kw: (
                f"[{asfrom}]" + SQLCompiler.visit_select(self, s, asfrom=asfrom, **kw)
            )
        ),
    ),
    "compound": lambda: written(
        union(select(t.c.x), select(t.c.id)),
        compiler(
            visit_compound_select=lambda self, cs, asfrom=False, **kw: (
                "CS:" + SQLCompiler.visit_compound_select(self, cs, asfrom=asfrom, **kw)
            )
        ),
    ),
    "cte": lambda: written(
        select(select(t.c.x).cte("q")),
        compiler(
            visit_cte=lambda self, cte, asfrom=False, **kw: (
                "CTE:" + (SQLCompiler.visit_cte(self, cte, asfrom=asfrom, **kw) or "")
            )
        ),
    ),
    "fn": lambda: written(
        func.f(t.c.x),
        compiler(
            visit_function=lambda self, func, add_to_result_map=None, **kw: SQLCompiler.visit_function(
                self, func, add_to_result_map=add_to_result_map, **kw
            ).upper()
        ),
    ),
    "argspec": lambda: written(
        func.f(t.c.x, 1),
        compiler(
            function_argspec=lambda self, func, **kw: (
                "<" + ",".join(self.process(a, **kw) for a in func.clauses) + ">"
            )
        ),
    ),
    "binary": lambda: written(
        t.c.x + 1,
        compiler(
            visit_binary=lambda self, binary, override_operator=None, eager_grouping=False, **kw: (
                "B:"
                + SQLCompiler.visit_binary(
                    self, binary, override_operator=override_operator, eager_grouping=eager_grouping, **kw
                )
            )
        ),
    ),
    "unary": lambda: written(
        -t.c.x,
        compiler(
            visit_unary=lambda self, unary, add_to_result_map=None, result_map_targets=(), **kw: (
                "U:" + SQLCompiler.visit_unary(self, unary, **kw)
            )
        ),
    ),
    "grouping": lambda: written(
        (t.c.x + 1) * 2,
        compiler(
            visit_grouping=lambda self, grouping, asfrom=False, **kw: (
                "[" + grouping.element._compiler_dispatch(self, **kw) + "]"
            )
        ),
    ),
    "null": lambda: written(
        select(null(), true(), false()),
        compiler(
            visit_null=lambda self, e, **kw: "N",
            visit_true=lambda self, e, **kw: "T",
            visit_false=lambda self, e, **kw: "F",
        ),
    ),
    "insert": lambda: written(
        insert(t).values(x=1),
        compiler(
            visit_insert=lambda self, insert_stmt, visited_bindparam=None, visiting_cte=None, **kw: (
                "I:"
                + SQLCompiler.visit_insert(
                    self, insert_stmt, visited_bindparam=visited_bindparam, visiting_cte=visiting_cte, **kw
                )
            )
        ),
    ),
    "update": lambda: written(
        update(t).values(x=1).where(t.c.id == 1),
        compiler(
            visit_update=lambda self, update_stmt, visiting_cte=None, **kw: (
                "U:" + SQLCompiler.visit_update(self, update_stmt, visiting_cte=visiting_cte, **kw)
            ),
            update_limit_clause=lambda self, u: " UL",
            update_tables_clause=lambda self, update_stmt, from_table, extra_froms, **kw: "UT",
            update_post_criteria_clause=lambda self, u, **kw: "UPC",
        ),
    ),
    "delete": lambda: written(
        delete(t).where(t.c.id == 1),
        compiler(
            visit_delete=lambda self, delete_stmt, visiting_cte=None, **kw: (
                "D:" + SQLCompiler.visit_delete(self, delete_stmt, visiting_cte=visiting_cte, **kw)
            ),
            delete_limit_clause=lambda self, u: " DL",
            delete_table_clause=lambda self, delete_stmt, from_table, extra_froms, **kw: "DT",
            delete_post_criteria_clause=lambda self, u, **kw: "DPC",
        ),
    ),
    "fetch": lambda: written(select(t.c.x).fetch(5), compiler(fetch_clause=lambda self, select, **kw: " FC")),
    "limit2": lambda: written(
        select(t.c.x).limit(5).offset(6),
        compiler(limit_clause=lambda self, select, **kw: f" L{select._limit} O{select._offset}"),
    ),
    "post": lambda: str(
        text("a%b:c").compile(dialect=compiler(post_process_text=lambda self, text: text.replace("%", "PC")))
    ),
    "escape": lambda: written(
        literal_column("a%b"), compiler(escape_literal_column=lambda self, text: text.replace("%", "PC"))
    ),
    "trunc": lambda: written(
        select(t.c.x.label("a")), compiler(_truncated_identifier=lambda self, ident_class, name: "T")
    ),
    "hint": lambda: written(
        select(t)
        .with_hint(
            t,
            "h",
        )
        .with_statement_hint("sh"),
        compiler(
            get_select_hint_text=lambda self, byfroms: "SH " + str(len(byfroms)),
            get_from_hint_text=lambda self, table, text: text,
            get_statement_hint_text=lambda self, texts: str(texts),
            format_from_hint_text=lambda self, sqltext, table, hint, iscrud: sqltext + "{" + hint + "}",
        ),
    ),
    "crudhint": lambda: written(
        update(t).values(x=1).with_hint("h"),
        compiler(
            get_crud_hint_text=lambda self, table, text: "CH" + text,
            format_from_hint_text=lambda self, sqltext, table, hint, iscrud: (
                sqltext + "{" + hint + f"{iscrud}" + "}"
            ),
        ),
    ),
    "in": lambda: written(
        t.c.x.in_([1, 2]),
        compiler(
            visit_in_op_binary=lambda self, binary, operator, **kw: (
                "IN!" + self._generate_generic_binary(binary, " in ", **kw)
            )
        ),
    ),
    "like": lambda: written(
        t.c.s.like("a", escape="/"),
        compiler(
            visit_like_op_binary=lambda self, binary, operator, **kw: f"LIKE {binary.modifiers.get('escape')}"
        ),
    ),
    "extract": lambda: written(
        extract("year", t.c.x),
        compiler(
            visit_extract=lambda self, extract, **kw: f"{extract.field} {self.process(extract.expr, **kw)}"
        ),
    ),
    "over": lambda: written(
        func.f().over(order_by=t.c.x),
        compiler(
            visit_over=lambda self, over, **kw: (
                f"{self.process(over.element, **kw)} {self.process(over.order_by, **kw)}"
            )
        ),
    ),
    "case": lambda: written(
        case((t.c.x == 1, "a"), else_="b"),
        compiler(
            visit_case=lambda self, clause, **kw: (
                " ".join(self.process(a, **kw) + ">" + self.process(b, **kw) for a, b in clause.whens)
                + self.process(clause.else_, **kw)
            )
        ),
    ),
    "tuple": lambda: written(
        tuple_(t.c.x, 1),
        compiler(visit_tuple=lambda self, clauselist, **kw: "TUP" + self.visit_clauselist(clauselist, **kw)),
    ),
    "values": lambda: written(
        select(values(column("a", Integer), name="v").data([(1,)])),
        compiler(
            visit_values=lambda self, element, asfrom=False, from_linter=None, **kw: (
                "V:" + SQLCompiler.visit_values(self, element, asfrom=asfrom, from_linter=from_linter, **kw)
            )
        ),
    ),
    "seq": lambda: written(
        Sequence("s").next_value(),
        compiler(
            visit_sequence=lambda self, sequence, **kw: "NEXT " + self.preparer.format_sequence(sequence)
        ),
    ),
}
