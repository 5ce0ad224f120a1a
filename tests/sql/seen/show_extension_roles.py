"""What may stand where, what is said of the rest, and clauses put in by `ext()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    union,
    update,
    values,
)
from relvar.dialects import mysql, postgresql
from relvar.ext.compiler import compiles
from relvar.sql import SyntaxExtension, coercions, roles
from relvar.sql.expression import ClauseElement, ColumnElement

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")))


class Named:
    """Stands for something."""

    def __init__(self, element: Any) -> None:
        self.element = element

    def __clause_element__(self) -> Any:
        return self.element

    def __repr__(self) -> str:
        return "Named"


class Odd:
    def __repr__(self) -> str:
        return "Odd"


GIVEN: dict[str, Callable[[], Any]] = {
    "column": lambda: t.c.x,
    "named column": lambda: Named(t.c.x),
    "named named": lambda: Named(Named(t.c.x)),
    "named string": lambda: Named("x"),
    "named table": lambda: Named(t),
    "named select": lambda: Named(select(t.c.x)),
    "table": lambda: t,
    "alias": lambda: t.alias("ta"),
    "join": lambda: t.join(u),
    "select": lambda: select(t.c.x),
    "union": lambda: union(select(t.c.x), select(u.c.id)),
    "subquery": lambda: select(t.c.x).subquery("sq"),
    "cte": lambda: select(t.c.x).cte("ct"),
    "scalar": lambda: select(t.c.x).scalar_subquery(),
    "exists": lambda: select(t.c.x).exists(),
    "text": lambda: text("a"),
    "text columns": lambda: text("select a").columns(a=Integer),
    "label": lambda: t.c.x.label("lx"),
    "function": lambda: func.f(t.c.x),
    "string": lambda: "x",
    "star": lambda: "*",
    "odd string": lambda: "a b",
    "int": lambda: 5,
    "float": lambda: 5.5,
    "none": lambda: None,
    "true": lambda: True,
    "list": lambda: [t.c.x, t.c.id],
    "tuple": lambda: (t.c.x, t.c.id),
    "dict": lambda: {"a": 1},
    "bytes": lambda: b"q",
    "odd": Odd,
    "class": lambda: Odd,
    "type": lambda: Integer,
    "type object": lambda: Integer(),
    "insert": lambda: insert(t),
    "update": lambda: update(t).values(x=1),
    "returning": lambda: insert(t).values(x=1).returning(t.c.id),
    "desc": lambda: t.c.x.desc(),
    "index": lambda: Index("ix", t.c.s),
    "values": lambda: values(column("a"), name="v").data([(1,)]),
    "bool clause": lambda: and_(t.c.x == 1, t.c.id == 2),
}

PLACES: dict[str, Callable[[Any], Any]] = {
    "select()": lambda g: select(g),
    "where()": lambda g: select(t.c.id).where(g),
    "having()": lambda g: select(t.c.id).having(g),
    "select_from()": lambda g: select(literal(1)).select_from(g),
    "join()": lambda g: select(t.c.id).join(g, t.c.x == 1),
    "join on": lambda g: select(t.c.id).join(u, g),
    "order_by()": lambda g: select(t.c.x).order_by(g),
    "group_by()": lambda g: select(t.c.x).group_by(g),
    "limit()": lambda g: select(t.c.x).limit(g),
    "distinct()": lambda g: select(t.c.x).distinct(g),
    "== right": lambda g: t.c.x == g,
    "+ right": lambda g: t.c.x + g,
    "in_()": lambda g: t.c.x.in_(g),
    "and_()": lambda g: and_(t.c.id == 1, g),
    "or_()": lambda g: or_(t.c.id == 1, g),
    "not_()": lambda g: not_(g),
    "func argument": lambda g: func.f(g),
    "case when": lambda g: case((g, 1)),
    "case then": lambda g: case((t.c.x == 1, g)),
    "cast": lambda g: cast(g, Integer),
    "type_coerce": lambda g: type_coerce(g, Integer),
    "tuple_": lambda g: tuple_(t.c.x, g),
    "union": lambda g: union(select(t.c.x), g),
    "insert()": lambda g: insert(g),
    "update()": lambda g: update(g),
    "delete()": lambda g: delete(g),
    "values(x=)": lambda g: insert(t).values(x=g),
    "set(x=)": lambda g: update(t).values(x=g),
    "values key": lambda g: update(t).values({g: 5}),
    "from_select": lambda g: insert(t).from_select(["x"], g),
    "from_select name": lambda g: insert(t).from_select([g], select(u.c.id)),
    "returning": lambda g: insert(t).returning(g),
    "over": lambda g: func.f().over(partition_by=g),
    "over order": lambda g: func.f().over(order_by=g),
    "filter": lambda g: func.f().filter(g),
    "within group": lambda g: func.f().within_group(g),
    "between": lambda g: t.c.x.between(g, 5),
    "like": lambda g: t.c.s.like(g),
    "concat": lambda g: t.c.s + g,
    "correlate": lambda g: select(t.c.x).correlate(g),
    "with_for_update of": lambda g: select(t.c.x).with_for_update(of=g),
    "Index": lambda g: _index(g),
    "literal": lambda g: literal(g),
}


def _index(given: Any) -> Any:
    made = Index("ix_q", given)
    return repr([str(e) for e in made.expressions]), repr(made.table)


ROLES: tuple[Any, ...] = (
    roles.ExpressionElementRole,
    roles.ColumnsClauseRole,
    roles.LabeledColumnExprRole,
    roles.WhereHavingRole,
    roles.OnClauseRole,
    roles.OrderByRole,
    roles.GroupByRole,
    roles.ByOfRole,
    roles.LimitOffsetRole,
    roles.FromClauseRole,
    roles.JoinTargetRole,
    roles.DMLTableRole,
    roles.DMLColumnRole,
    roles.StatementRole,
    roles.SelectStatementRole,
    roles.CompoundElementRole,
    roles.ReturnsRowsRole,
    roles.ConstExprRole,
    roles.DDLExpressionRole,
    roles.DDLConstraintColumnRole,
    roles.LiteralValueRole,
    roles.ColumnArgumentRole,
    roles.ColumnArgumentOrKeyRole,
    roles.StrAsPlainColumnRole,
    roles.BinaryElementRole,
    roles.InElementRole,
)


def _expected(role: Any, given: Any) -> Any:
    found = coercions.expect(role, given, **({"expr": t.c.x, "operator": None} if role in NEED_EXPR else {}))
    return type(found).__name__, found if isinstance(found, str) else str(found)


NEED_EXPR = (roles.BinaryElementRole, roles.InElementRole)

# Where SQLAlchemy raises an error of Python instead of one that says what is wrong, or
# renders what no database takes.
NOT_SHOWN: dict[str, tuple[str, ...]] = {
    "select_from()": ("named string", "index"),
    "correlate": ("named string", "index", "list", "dict"),
    "group_by()": (
        *("named string", "named select", "select", "union", "text columns"),
        *("insert", "update", "returning", "index"),
    ),
    "in_()": ("named string", "index"),
    "not_()": ("text",),
    "insert()": ("join", "text"),
    "update()": ("join", "text"),
    "delete()": ("join", "text"),
    "union": ("text columns",),
    "values key": ("label",),
    "from_select": ("named string", "index"),
    "from_select name": ("scalar", "exists", "function", "desc", "bool clause"),
    "over": ("bool clause",),
    "over order": ("bool clause",),
    "with_for_update of": ("dict",),
    "LabeledColumnExprRole": ("text",),
    "OrderByRole": ("label", "string", "star", "odd string"),
    "ByOfRole": ("string", "star", "odd string"),
    "FromClauseRole": ("named string", "index"),
    "DMLTableRole": ("text",),
    "StatementRole": ("named string", "named select", "index"),
    "SelectStatementRole": ("named string", "index"),
    "LiteralValueRole": ("named column", "named named", "named string", "named table", "named select"),
    "StrAsPlainColumnRole": ("label",),
    "InElementRole": ("named string", "index"),
}
CASES: dict[str, Callable[[], Any]] = {}
for _place in PLACES:
    for _given in GIVEN:
        if _given not in NOT_SHOWN.get(_place, ()):
            CASES[f"{_place} {_given}"] = lambda p=_place, g=_given: PLACES[p](GIVEN[g]())
for _role in ROLES:
    if _role in (roles.GroupByRole, roles.LimitOffsetRole, roles.ReturnsRowsRole):
        continue
    for _given in GIVEN:
        if _given not in NOT_SHOWN.get(_role.__name__, ()):
            CASES[f"expect {_role.__name__} {_given}"] = lambda r=_role, g=_given: _expected(r, GIVEN[g]())
MAIN_ROLES = (
    roles.ExpressionElementRole,
    roles.ColumnsClauseRole,
    roles.LabeledColumnExprRole,
    roles.WhereHavingRole,
    roles.OrderByRole,
    roles.FromClauseRole,
    roles.DMLTableRole,
    roles.StatementRole,
    roles.ConstExprRole,
    roles.BinaryElementRole,
)
for _given in GIVEN:
    if _given != "text":
        CASES[f"roles of {_given}"] = lambda g=_given: repr(
            [r.__name__ for r in MAIN_ROLES if isinstance(GIVEN[g](), r)]
        )


# Clauses put in ---------------------------------------------------------------------------------


class Clause(SyntaxExtension, ClauseElement):
    """Puts its text where it is told."""

    inherit_cache = False

    def __init__(self, word: str, where: str, keep: bool = True, element: Any = None) -> None:
        self.word, self.where, self.keep, self.element = word, where, keep, element

    def _apply(self, statement: Any) -> None:
        if self.keep:
            statement.apply_syntax_extension_point(lambda existing: [*existing, self], self.where)
        else:
            statement.apply_syntax_extension_point(self.append_replacing_same_type, self.where)

    apply_to_select = apply_to_insert = apply_to_update = apply_to_delete = _apply


class OtherClause(Clause):
    inherit_cache = False


class Nowhere(SyntaxExtension, ClauseElement):
    inherit_cache = False


@compiles(Clause)
def _clause(element: Any, compiler: Any, **kw: Any) -> str:
    inner = "" if element.element is None else f"({compiler.process(element.element, **kw)})"
    return f"<{element.word}{inner}>"


STATEMENTS: dict[str, Callable[[], Any]] = {
    "select": lambda: select(t.c.id).where(t.c.x == 1).order_by(t.c.x).limit(3).with_for_update(),
    "select distinct": lambda: select(t.c.id).distinct(),
    "select grouped": lambda: select(t.c.x).group_by(t.c.x).having(t.c.x > 1),
    "insert": lambda: insert(t).values(x=1),
    "insert returning": lambda: insert(t).values(x=1).returning(t.c.id),
    "insert select": lambda: insert(t).from_select(["x"], select(u.c.id)),
    "update": lambda: update(t).values(x=1).where(t.c.id == 1),
    "update returning": lambda: update(t).values(x=1).returning(t.c.id),
    "delete": lambda: delete(t).where(t.c.id == 1),
    "union": lambda: union(select(t.c.id), select(u.c.id)).order_by("id"),
}
POSITIONS = ("post_select", "pre_columns", "post_criteria", "post_body", "post_values", "nonsense")

for _statement in STATEMENTS:
    if _statement == "union":
        # SQLAlchemy's has no such method; a relvar statement neither
        CASES["ext of a union"] = lambda: repr(hasattr(STATEMENTS["union"](), "ext"))
        continue
    for _position in POSITIONS:
        CASES[f"ext {_statement} {_position}"] = lambda s=_statement, p=_position: STATEMENTS[s]().ext(
            Clause("A", p)
        )
        CASES[f"ext twice {_statement} {_position}"] = lambda s=_statement, p=_position: (
            STATEMENTS[s]().ext(Clause("A", p)).ext(Clause("B", p)).ext(OtherClause("C", p))
        )
        CASES[f"ext replaced {_statement} {_position}"] = lambda s=_statement, p=_position: (
            STATEMENTS[s]().ext(OtherClause("C", p)).ext(Clause("A", p, False)).ext(Clause("B", p, False))
        )
    CASES[f"ext nowhere {_statement}"] = lambda s=_statement: STATEMENTS[s]().ext(Nowhere())
    CASES[f"ext of no extension {_statement}"] = lambda s=_statement: STATEMENTS[s]().ext(t.c.x)
    CASES[f"postgresql: distinct_on {_statement}"] = lambda s=_statement: STATEMENTS[s]().ext(
        postgresql.distinct_on(t.c.x, "id")
    )
    CASES[f"mysql: limit {_statement}"] = lambda s=_statement: STATEMENTS[s]().ext(mysql.limit(5))


def _seen_by_apply() -> Any:
    told: list[Sequence[str]] = []

    def look(existing: Any) -> Any:
        told.append([e.word for e in existing])
        return existing

    made = select(t.c.id).ext(Clause("A", "post_body")).ext(Clause("B", "post_body"))
    made.apply_syntax_extension_point(look, "post_body")
    return repr(told), str(made)


class Dual(ColumnElement[int]):
    inherit_cache = True
    type = Integer()

    def __clause_element__(self) -> Any:
        return t.c.x


CASES |= {
    "ext with binds": lambda: (
        select(t.c.id)
        .where(t.c.x == 1)
        .ext(Clause("A", "post_select", element=literal(5)))
        .ext(Clause("B", "pre_columns", element=literal(6)))
        .ext(Clause("C", "post_criteria", element=literal(7)))
        .ext(Clause("D", "post_body", element=literal(8)))
    ),
    "ext does not change the original": lambda: _original(),
    "ext in subquery": lambda: select(select(t.c.id).ext(Clause("A", "post_body")).subquery().c.id),
    "ext in cte": lambda: select(select(t.c.id).ext(Clause("A", "pre_columns")).cte("c")),
    "ext in union": lambda: union(select(t.c.id).ext(Clause("A", "post_criteria")), select(u.c.id)),
    "ext what apply sees": _seen_by_apply,
    "ext key": lambda: (
        repr(
            update(t).ext(mysql.limit(4))._generate_cache_key()
            == update(t).ext(mysql.limit(5))._generate_cache_key()
        ),
        repr(update(t).ext(mysql.limit(4))._generate_cache_key() == update(t)._generate_cache_key()),
        repr(update(t).ext(Clause("A", "post_criteria"))._generate_cache_key()),
    ),
    "ext compare": lambda: (
        repr(update(t).ext(mysql.limit(4)).compare(update(t).ext(mysql.limit(4)))),
        repr(update(t).ext(mysql.limit(4)).compare(update(t).ext(mysql.limit(5)))),
    ),
    "mysql: limit twice": lambda: delete(t).ext(mysql.limit(5)).ext(mysql.limit(6)),
    "mysql: limit of an expression": lambda: delete(t).ext(mysql.limit(literal(5) + 1)),
    "mysql: limit of nothing": lambda: delete(t).ext(mysql.limit(None)),
    "mysql: limit of text": lambda: delete(t).ext(mysql.limit("q")),
    "default: limit str": lambda: str(delete(t).ext(mysql.limit(5))),
    "sqlite: limit elsewhere": lambda: delete(t).ext(mysql.limit(5)),
    "postgresql: distinct_on twice": lambda: (
        select(t.c.id).ext(postgresql.distinct_on(t.c.x)).ext(postgresql.distinct_on(t.c.s))
    ),
    "postgresql: distinct_on nothing": lambda: select(t.c.id).ext(postgresql.distinct_on()),
    "postgresql: distinct_on label": lambda: select(t.c.x.label("q")).ext(postgresql.distinct_on("q")),
    "postgresql: distinct_on and distinct": lambda: (
        select(t.c.id).distinct().ext(postgresql.distinct_on(t.c.x))
    ),
    "postgresql: distinct_on before order": lambda: (
        select(t.c.id).order_by(t.c.x).ext(postgresql.distinct_on(t.c.x)).limit(3)
    ),
    "str: distinct_on str": lambda: str(select(t.c.id).ext(postgresql.distinct_on(t.c.x))),
    "sqlite: distinct_on elsewhere": lambda: select(t.c.id).ext(postgresql.distinct_on(t.c.x)),
    "clause element of an element": lambda: select(Dual()),
    "clause element raises": lambda: select(Raising()),
    "expect argname": lambda: coercions.expect(roles.FromClauseRole, 5, argname="the argument"),
    "role names": lambda: repr([getattr(r, "_role_name", None) for r in ROLES]),
}


def _original() -> Any:
    first = select(t.c.id)
    second = first.ext(Clause("A", "post_body"))
    return str(first), str(second), repr(first is second)


class Raising:
    def __clause_element__(self) -> Any:
        raise ValueError("not today")

    def __repr__(self) -> str:
        return "Raising"
