"""Walking, copying, replacing, comparing, annotating: what elements become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from relvar.ext.compiler import compiles
from relvar.schema import CreateTable
from relvar.sql import util as sql_util
from relvar.sql import visitors
from relvar.sql.elements import BinaryExpression
from relvar.sql.expression import ColumnElement

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table(
    "u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")), Column("y", Integer)
)
v = Table("v", m, Column("id", ForeignKey("t.id"), primary_key=True), Column("z", Integer))
w = Table("w", m, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
wn = Table(
    "wn", m, Column("a", Integer), Column("b", Integer), ForeignKeyConstraint(["a", "b"], ["w.a", "w.b"])
)
ta, ua = t.alias("ta"), u.alias("ua")


class Pair(ColumnElement[int]):
    """Tells its structure itself."""

    inherit_cache = True
    type = Integer()
    _traverse_internals = [
        ("first", visitors.InternalTraversal.dp_clauseelement),
        ("others", visitors.InternalTraversal.dp_clauseelement_list),
        ("note", visitors.InternalTraversal.dp_string),
    ]

    def __init__(self, first: Any, *others: Any, note: str = "") -> None:
        self.first = first
        self.others = list(others)
        self.note = note


@compiles(Pair)
def _pair(element: Any, compiler: Any, **kw: Any) -> str:
    parts = ", ".join(compiler.process(e, **kw) for e in [element.first, *element.others])
    return f"pair{element.note}({parts})"


class Walked(ColumnElement[int]):
    """Has its own `get_children` and `_copy_internals`."""

    inherit_cache = False
    type = Integer()
    _traverse_internals = ()

    def __init__(self, element: Any) -> None:
        self.element = element

    def get_children(self, **kw: Any) -> Any:
        return [self.element]

    def _copy_internals(self, clone: Any = None, **kw: Any) -> None:
        self.element = clone(self.element, **kw)


@compiles(Walked)
def _walked(element: Any, compiler: Any, **kw: Any) -> str:
    return f"walked({compiler.process(element.element, **kw)})"


NAMED = ("column", "table", "function")
TOLD = ("column", "bindparam", "table", "select", "function", "alias", "cte", "label", "case")


def names(obj: Any) -> tuple[str, ...]:
    """Which elements an iteration meets."""
    met = [e for e in visitors.iterate(obj) if e.__visit_name__ in TOLD]
    return tuple(sorted({f"{e.__visit_name__} {e.name if e.__visit_name__ in NAMED else ''}" for e in met}))


def some() -> dict[str, Any]:
    """Elements of many kinds."""
    s = select(t.c.id).where(t.c.x == 5)
    sub = select(t.c.x.label("q")).subquery()
    return {
        "column": t.c.x,
        "binary": t.c.x == 5,
        "and": and_(t.c.x == 5, or_(t.c.id > 1, t.c.s.like("q"))),
        "function": func.coalesce(t.c.x, func.lower("A"), 5),
        "over": func.row_number().over(partition_by=t.c.x, order_by=[t.c.id.desc()]),
        "filter": func.count(t.c.x).filter(t.c.id > 5),
        "within": func.percentile_cont(0.5).within_group(t.c.x),
        "case": case((t.c.x == 1, t.c.s), else_="q"),
        "cast": cast(t.c.x, Numeric(5, 2)),
        "label": (t.c.x + 1).label("lab"),
        "tuple": tuple_(t.c.x, t.c.s),
        "unary": -t.c.x,
        "not": ~(t.c.x == 4),
        "in": t.c.x.in_([1, 2]),
        "in select": t.c.x.in_(select(u.c.id)),
        "between": t.c.x.between(1, 5),
        "exists": exists().where(t.c.x == u.c.id),
        "scalar": select(t.c.x).scalar_subquery(),
        "select": s,
        "select more": s.group_by(t.c.x).having(t.c.x > 1).order_by(t.c.s).limit(3).offset(4),
        "select join": select(t.c.id).join(u),
        "select from": select(t.c.id).select_from(t.outerjoin(u, u.c.t_id == t.c.id)),
        "distinct": select(t.c.id).distinct(),
        "for update": select(t.c.id).with_for_update(of=t.c.x),
        "union": union(select(t.c.id), select(u.c.id)).order_by("id"),
        "subquery": sub,
        "subquery column": sub.c.q,
        "cte": select(t.c.id).cte("c"),
        "recursive": _recursive(),
        "alias": ta,
        "alias column": ta.c.x,
        "join": t.join(u),
        "table": t,
        "lower-case": table("q", column("a")),
        "text": text("a = :b").bindparams(b=5),
        "literal column": literal_column("7"),
        "bind": bindparam("q", 6),
        "literal": literal("q"),
        "insert": insert(t).values(x=5),
        "insert many": insert(t).values([{"x": 5}, {"x": 6}]),
        "insert select": insert(t).from_select(["x"], select(u.c.y)),
        "returning": insert(t).values(x=5).returning(t.c.id),
        "update": update(t).values(x=t.c.x + 1).where(t.c.id == 4),
        "delete": delete(t).where(t.c.id == 4),
        "values": values(column("a", Integer), name="vals").data([(1,), (2,)]),
        "collate": t.c.s.collate("C"),
        "extract": func.extract("year", t.c.s),
        "grouping": (t.c.x + 1) * 5,
        "pair": Pair(t.c.x, t.c.id, literal(5), note="!"),
        "walked": Walked(t.c.x + 1),
        "tablesample": t.tablesample(5),
        "lateral": select(u.c.id).where(u.c.t_id == t.c.id).lateral("l"),
        "table valued": func.f(1).table_valued("a"),
        "text columns": text("select 1").columns(t.c.id, x=Integer),
        "slice": func.f(t.c.x).op("@")(4),
        "true": t.c.x.is_(None),
    }


def _recursive() -> Any:
    c = select(t.c.id).cte("r", recursive=True)
    return c.union_all(select(c.c.id + 1).where(c.c.id < 5))


def replaced(element: Any) -> Any:
    """`t` becomes `ta`."""

    def swap(found: Any) -> Any:
        if found is t:
            return ta
        if isinstance(found, Column) and found.table is t:
            return ta.c[found.key]
        return None

    return visitors.replacement_traverse(element, {}, swap)


def recloned(element: Any) -> Any:
    """Every bind has a new value."""

    def visit(bind: Any) -> None:
        bind.value = 99

    return visitors.cloned_traverse(element, {}, {"bindparam": visit})


def shown(thing: Any) -> tuple[str, ...]:
    compiled = thing.compile()
    return " ".join(str(compiled).split()), repr(sorted(compiled.params.items())) if compiled.params else ""


# What SQLAlchemy does otherwise: it does not look into the rows of VALUES, and gives
# a CTE alone without the one that it refers to.
ROWS = ("insert many", "values")
LONELY = ("recursive",)

CASES: dict[str, Callable[[], Any]] = {}
for _name in some():
    CASES[f"find_tables {_name}"] = lambda n=_name: _tables(some()[n])
    CASES[f"clone is another {_name}"] = lambda n=_name: repr(_is_same(some()[n]))
    CASES[f"deannotated {_name}"] = lambda n=_name: _annotated(some()[n])
    if _name not in ROWS:
        # how the parts of a join without ON are told differs
        if _name != "select join":
            CASES[f"iterate {_name}"] = lambda n=_name: names(some()[n])
        CASES[f"compare {_name}"] = lambda n=_name: _comparisons(n)
        # SQLAlchemy keys a class that says no, if it lists its parts
        if _name != "walked":
            CASES[f"key {_name}"] = lambda n=_name: _key(n)
    if _name not in (*ROWS, *LONELY):
        CASES[f"cloned {_name}"] = lambda n=_name: shown(recloned(some()[n]))
        CASES[f"params {_name}"] = lambda n=_name: shown(some()[n].params(q=77, b=78))
    if _name not in (*LONELY, "insert", "insert many", "returning"):
        CASES[f"replaced {_name}"] = lambda n=_name: shown(replaced(some()[n]))
        CASES[f"adapted {_name}"] = lambda n=_name: shown(sql_util.ClauseAdapter(ta).traverse(some()[n]))


def _is_same(element: Any) -> bool:
    return visitors.cloned_traverse(element, {}, {}) is element


def _comparisons(name: str) -> Any:
    mine, again = some()[name], some()[name]
    return tuple(
        f"{other}: {mine.compare(thing)}" for other, thing in some().items() if mine.compare(thing)
    ) + (repr(mine.compare(again)), repr(mine.compare(recloned(again))))


def _tables(element: Any) -> Any:
    return (
        repr(sorted({str(x) for x in sql_util.find_tables(element)})),
        repr(
            sorted(
                {type(x).__name__ for x in sql_util.find_tables(element, include_aliases=True)} - {"Subquery"}
            )
        ),
        repr(
            sorted(
                {
                    type(x).__name__
                    for x in sql_util.find_tables(element, include_selects=True, include_crud=True)
                }
            )
        ),
        repr(sorted({str(x) for x in sql_util.find_tables(element, check_columns=True)})),
        repr([type(x).__name__ for x in sql_util.surface_selectables(element)]),
    )


def _key(name: str) -> Any:
    a, b = some()[name], some()[name]
    ka, kb = a._generate_cache_key(), b._generate_cache_key()
    return (
        repr(ka is None),
        repr(ka == kb),
        repr(ka is not None and sorted(x.key.split(" ")[-1] for x in ka.bindparams)),
    )


def _annotated(element: Any) -> Any:
    made = element._annotate({"note": 5})
    return (
        repr(dict(made._annotations)),
        repr(made is element),
        repr(dict(made._deannotate()._annotations)),
        repr(made.compare(element)),
        repr(made._annotate({"more": 6})._annotations["note"]),
        repr(dict(made._with_annotations({"other": 1})._annotations)),
        str(made) == str(element) and "same text",
    )


class Counting(visitors.ClauseVisitor):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def visit_column(self, column: Any) -> None:
        self.seen.append(f"column {column.name}")

    def visit_bindparam(self, bind: Any) -> None:
        self.seen.append(f"bind {bind.value}")


class Binding(visitors.CloningVisitor):
    def visit_bindparam(self, bind: Any) -> None:
        bind.value = "new"


class Swapping(visitors.ReplacingCloningVisitor):
    def replace(self, elem: Any) -> Any:
        if isinstance(elem, BinaryExpression):
            return literal_column("swapped")
        return None


class Others(visitors.ReplacingCloningVisitor):
    def replace(self, elem: Any) -> Any:
        return column("other") if isinstance(elem, Column) else None


def _count(element: Any) -> Any:
    visitor = Counting()
    result = visitor.traverse(element)
    return repr(result is element), *visitor.seen


def _chain() -> Any:
    one, two = Counting(), Counting()
    chained = one.chain(two)
    assert chained is one
    one.traverse_single(t.c.x)
    return repr(one.seen), repr(two.seen), repr(list(one.visitor_iterator) == [one, two])


def _using() -> Any:
    seen: list[str] = []
    e = and_(t.c.x == 5, t.c.id == 6)
    result = visitors.traverse_using(
        reversed(list(visitors.iterate(e))),
        e,
        {"column": lambda c: seen.append(c.name), "bindparam": lambda b: seen.append(str(b.value))},
    )
    return repr(result is e), repr(seen)


def _stop() -> Any:
    inner = t.c.x == 5
    e = and_(inner, t.c.id == 6)
    made = visitors.cloned_traverse(e, {"stop_on": [inner]}, {"bindparam": lambda b: setattr(b, "value", 1)})
    swapped = visitors.replacement_traverse(
        e, {"stop_on": [inner]}, lambda x: column("q") if isinstance(x, Column) else None
    )
    return shown(made), shown(swapped)


def _adapter() -> Any:
    a = sql_util.ColumnAdapter(ta)
    sub = select(t).subquery("s")
    b = sql_util.ColumnAdapter(sub)
    return (
        str(a.columns[t.c.x]),
        str(a.columns[u.c.id]),
        str(a.traverse(t.c.x == u.c.id)),
        str(b.columns[t.c.x]),
        str(select(b.traverse(t.c.x > 4))),
        repr(a.columns[t.c.x] is a.columns[t.c.x]),
        str(sql_util.ClauseAdapter(ta, equivalents={u.c.t_id: {t.c.id}}).traverse(u.c.t_id == 5)),
        str(
            sql_util.ClauseAdapter(ta, include_fn=lambda c: getattr(c, "name", None) == "x").traverse(
                t.c.x == t.c.id
            )
        ),
        str(
            sql_util.ClauseAdapter(ta, exclude_fn=lambda c: getattr(c, "name", None) == "x").traverse(
                t.c.x == t.c.id
            )
        ),
        str(sql_util.ClauseAdapter(ta, adapt_on_names=True).traverse(column("x") + u.c.id)),
        str(a.adapt_clause(t.c.x)),
        repr(a.adapt_check_present(u.c.y)),
        str(a.adapt_check_present(t.c.x)),
    )


CASES |= {
    "visitor": lambda: _count(and_(t.c.x == 5, t.c.id.in_([1]))),
    "visitor of select": lambda: _count(select(t.c.x).where(t.c.id == 3).order_by(t.c.s)),
    "cloning visitor": lambda: shown(Binding().traverse(and_(t.c.x == 5, t.c.s == "q"))),
    "copy_and_process": lambda: tuple(
        shown(e)[1] for e in Binding().copy_and_process([t.c.x == 5, t.c.x == 6])
    ),
    "replacing visitor": lambda: shown(Swapping().traverse(select(t.c.x).where(t.c.x == 5))),
    "chained replacing": lambda: shown(
        Swapping().chain(Others()).traverse(select(t.c.x).where(func.f(t.c.x == 5)))
    ),
    "chain": _chain,
    "traverse_using": _using,
    "stop_on": _stop,
    "iterate nothing": lambda: repr(list(visitors.iterate(None))),
    "traverse nothing": lambda: repr(visitors.traverse(None, {}, {})),
    "cloned nothing": lambda: repr(visitors.cloned_traverse(None, {}, {})),
    "replaced nothing": lambda: repr(visitors.replacement_traverse(None, {}, lambda e: None)),
    "iterate a string": lambda: repr(list(visitors.iterate("a"))),
    "visitors are shared": lambda: repr(visitors.ClauseVisitor is visitors.ExternalTraversal),
    "replace is kept": lambda: repr(Swapping().replace(t.c.x)),
    "visitable": lambda: (
        repr(isinstance(t.c.x, visitors.Visitable)),
        repr(isinstance(Integer(), visitors.Visitable)),
        repr(isinstance(CreateTable(t), visitors.Visitable)),
        repr(isinstance(5, visitors.Visitable)),
    ),
    "dispatch": lambda: _dispatch(),
    "internal traversal": lambda: repr(sorted(visitors.InternalTraversal.__members__)),
    "traverse_internals": lambda: repr([name for name, _ in Pair._traverse_internals]),
    "omit_attrs": lambda: repr([c.__visit_name__ for c in (t.c.x == 5).get_children(omit_attrs=("right",))]),
    "adapter": _adapter,
    "adapt select": lambda: shown(
        sql_util.ClauseAdapter(ta).traverse(select(t.c.x, u.c.id).join(u).where(t.c.id == 3))
    ),
    "adapt subquery": lambda: shown(
        sql_util.ClauseAdapter(select(t.c.x, t.c.id).subquery("s")).traverse(and_(t.c.x == 5, t.c.s == "a"))
    ),
    "adapt labelled": lambda: shown(
        sql_util.ClauseAdapter(select(t.c.x.label("lx")).subquery("s")).traverse(t.c.x + 1)
    ),
    "adapt a union": lambda: shown(
        sql_util.ClauseAdapter(union_all(select(t.c.x), select(u.c.y)).subquery("s")).traverse(t.c.x + u.c.y)
    ),
    "corresponding": lambda: _corresponding(),
    "derived": lambda: _derived(),
    "lineage": lambda: _lineage(),
    "join_condition": lambda: (str(sql_util.join_condition(t, u)), str(sql_util.join_condition(w, wn))),
    "join_condition none": lambda: sql_util.join_condition(t, w),
    "reduce_columns": lambda: (
        repr([str(c) for c in sql_util.reduce_columns([t.c.id, v.c.id, v.c.z])]),
        repr([str(c) for c in sql_util.reduce_columns([t.c.id, u.c.id, u.c.t_id], t.c.id == u.c.id)]),
        repr([str(c) for c in sql_util.reduce_columns([t.c.id, u.c.y, t.c.x], t.c.x == u.c.y)]),
    ),
    "criterion_as_pairs": lambda: (
        repr(
            [
                (str(a), str(b))
                for a, b in sql_util.criterion_as_pairs(and_(t.c.id == u.c.t_id, t.c.x == 5, t.c.x == u.c.y))
            ]
        ),
        repr(
            [
                (str(a), str(b))
                for a, b in sql_util.criterion_as_pairs(
                    t.c.id == u.c.t_id, consider_as_foreign_keys={u.c.t_id}
                )
            ]
        ),
        repr([(str(a), str(b)) for a, b in sql_util.criterion_as_pairs(t.c.id == u.c.y, any_operator=True)]),
    ),
    "adapt_criterion_to_null": lambda: shown(
        sql_util.adapt_criterion_to_null(and_(t.c.id == bindparam("p"), t.c.x != bindparam("q")), ["p"])
    ),
    "bind_values": lambda: repr(sql_util.bind_values(and_(t.c.x == 5, t.c.s == "q", t.c.id.in_([1, 2])))),
    "clause_is_present": lambda: (
        repr(sql_util.clause_is_present(t, t.join(u))),
        repr(sql_util.clause_is_present(v, t.join(u))),
    ),
    "surface": lambda: (
        repr([str(x) for x in sql_util.surface_selectables(t.join(u))]),
        repr([str(x) for x in sql_util.tables_from_leftmost(t.join(u).join(v, v.c.id == t.c.id))]),
        repr([type(x).__name__ for x in sql_util.surface_selectables_only(select(t.c.x).subquery())]),
    ),
    "selectables_overlap": lambda: (
        repr(sql_util.selectables_overlap(t, t.join(u))),
        repr(sql_util.selectables_overlap(t, u)),
    ),
    "find_join_source": lambda: repr(sql_util.find_join_source([t, u], t)),
    "find_left_clause": lambda: (
        repr(sql_util.find_left_clause_that_matches_given([t, u.join(v, v.c.id == u.c.id)], u)),
        repr(sql_util.find_left_clause_to_join_from([t, w], u, None)),
    ),
    "unwrap_order_by": lambda: (
        repr([str(c) for c in sql_util.unwrap_order_by(and_(t.c.x, t.c.id))]),
        repr([str(c) for c in sql_util.unwrap_order_by(t.c.x.desc().nulls_last())]),
    ),
    "unwrap_label_reference": lambda: str(
        sql_util.unwrap_label_reference(select(t.c.x).order_by(t.c.x.label("q").desc())._order_by_clauses[0])
    ),
    "expand_column_list_from_order_by": lambda: repr(
        [str(c) for c in sql_util.expand_column_list_from_order_by([t.c.x], [t.c.id.desc(), t.c.x])]
    ),
    "visit_binary_product": lambda: _product(),
    "extract_first_column_annotation": lambda: (
        repr(sql_util.extract_first_column_annotation(t.c.x._annotate({"note": 7}) + 1, "note")),
        repr(sql_util.extract_first_column_annotation(func.f(t.c.x), "note")),
    ),
    "compare options": lambda: (
        repr(t.c.x.compare(select(t).subquery().c.x)),
        repr(t.c.x.compare(select(t).subquery().c.x, use_proxies=True)),
        repr(t.c.x.compare(ta.c.x, use_proxies=True)),
        repr((t.c.x == 5).compare(t.c.x == 6)),
        repr((t.c.x == 5).compare(t.c.x == 6, compare_values=False)),
        repr((t.c.x == u.c.id).compare(u.c.id == t.c.x)),
        repr((t.c.x > u.c.id).compare(u.c.id < t.c.x)),
        repr(and_(t.c.x == 1, t.c.id == 2).compare(and_(t.c.id == 2, t.c.x == 1))),
        repr((t.c.x + u.c.id).compare(u.c.id + t.c.x)),
        repr((t.c.x - u.c.id).compare(u.c.id - t.c.x)),
        repr(t.c.x.compare(t.c.x.label("q"))),
        repr(t.c.x.label("q").compare(t.c.x.label("q"))),
        repr(t.c.x.label("q").compare(t.c.x.label("r"))),
        repr(bindparam("a", 5).compare(bindparam("a", 5))),
        repr(bindparam("a", 5).compare(bindparam("b", 5))),
        repr(bindparam("a", 5).compare(bindparam("a", 6))),
        repr(bindparam("a", type_=Integer).compare(bindparam("a", type_=String))),
        repr(literal(5).compare(literal(5))),
        repr(column("a").compare(column("a"))),
        repr(column("a").compare(column("a", Integer))),
        repr(table("a").compare(table("a"))),
        repr(t.compare(t)),
        repr(ta.compare(t.alias("ta"))),
        repr(t.alias().compare(t.alias())),
        repr(select(t).compare(select(t))),
        repr(select(t).compare(select(u))),
        repr(func.f(1).compare(func.f(1))),
        repr(func.f(1).compare(func.g(1))),
        repr(text("a").compare(text("a"))),
        repr(text("a").compare(text("b"))),
        repr(t.c.x.compare(Table("t", MetaData(), Column("x", Integer)).c.x)),
        repr(t.compare(Table("t", MetaData(), Column("x", Integer)))),
        repr(Pair(t.c.x, note="a").compare(Pair(t.c.x, note="a"))),
        repr(Pair(t.c.x, note="a").compare(Pair(t.c.x, note="b"))),
        repr(Pair(t.c.x).compare(Pair(t.c.x, t.c.id))),
        repr(case((t.c.x == 1, 2)).compare(case((t.c.x == 1, 2)))),
        repr(case((t.c.x == 1, 2)).compare(case((t.c.x == 1, 3)))),
        repr(insert(t).values(x=1).compare(insert(t).values(x=1))),
        repr(insert(t).values(x=1).compare(insert(t).values(x=2))),
        repr(insert(t).values(x=1).compare(insert(t).values(s="a"))),
    ),
    "operators compare": lambda: (
        repr((t.c.x == 5).operator),
        repr((t.c.x == 5).negate),
        repr((t.c.x.like("a", escape="/")).modifiers["escape"]),
        repr((~(t.c.x == 5)).operator),
    ),
}


def _dispatch() -> Any:
    class Visitor:
        def visit_column(self, column: Any, **kw: Any) -> str:
            return f"column {column.name} {sorted(kw)}"

        def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> str:
            return f"unsupported {element.__visit_name__} {type(err).__name__}"

    return t.c.x._compiler_dispatch(Visitor(), a=1), literal(5)._compiler_dispatch(Visitor())


def _product() -> Any:
    seen: list[str] = []
    sql_util.visit_binary_product(
        lambda binary, left, right: seen.append(f"{left} {binary.operator.__name__} {right}"),
        and_(t.c.id == u.c.t_id, t.c.x + u.c.y > v.c.z),
    )
    return tuple(seen)


def _corresponding() -> Any:
    sub = select(t.c.id, t.c.x.label("lx"), (t.c.x + 1).label("more"), t.c.id.label("again")).subquery("s")
    joined = t.join(u).alias("j") if False else select(t, u).join(u).subquery("j")
    both = union(select(t.c.id, t.c.x), select(u.c.id, u.c.y)).subquery("un")
    return (
        repr(sub.corresponding_column(t.c.id)),
        repr(sub.corresponding_column(t.c.x)),
        repr(sub.corresponding_column(t.c.s)),
        repr(sub.corresponding_column(ta.c.id)),
        repr(sub.corresponding_column(t.c.x, require_embedded=True)),
        repr(sub.c.corresponding_column(t.c.x)),
        repr(sub.c.corresponding_column(t.c.id, require_embedded=True)),
        repr(joined.corresponding_column(u.c.id)),
        repr(joined.corresponding_column(t.c.id)),
        repr(both.corresponding_column(t.c.x)),
        repr(both.corresponding_column(u.c.y)),
        repr(both.corresponding_column(u.c.id)),
        repr(ta.corresponding_column(sub.c.id)),
        repr(t.corresponding_column(ta.c.id)),
        repr(ta.corresponding_column(t.c.id)),
        repr(select(t).corresponding_column(t.c.x)),
        repr(t.join(u).corresponding_column(u.c.y)),
        repr(ta.alias("tb").corresponding_column(ta.c.x)),
        repr(ta.alias("tb").corresponding_column(t.c.x)),
        repr(t.c.contains_column(t.c.x)),
        repr(t.c.contains_column(ta.c.x)),
    )


def _derived() -> Any:
    sub = select(t.c.id).subquery("s")
    return (
        repr(t.is_derived_from(t)),
        repr(t.is_derived_from(u)),
        repr(ta.is_derived_from(t)),
        repr(t.is_derived_from(ta)),
        repr(sub.is_derived_from(t)),
        repr(sub.is_derived_from(u)),
        repr(sub.alias("q").is_derived_from(t)),
        repr(t.join(u).is_derived_from(u)),
        repr(t.join(u).is_derived_from(ta)),
        repr(t.is_derived_from(None)),
        repr(union(select(t.c.id), select(u.c.id)).subquery().is_derived_from(u)),
        repr(select(t).is_derived_from(t)),
        repr(select(t).cte().is_derived_from(t)),
        repr(table("q").is_derived_from(t)),
        repr(values(column("a"), name="q").is_derived_from(t)),
        repr(func.f().table_valued("a").is_derived_from(t)),
    )


def _lineage() -> Any:
    sub = select(t.c.id, t.c.x.label("lx"), (t.c.x + 1).label("more")).subquery("s")
    return (
        repr(sub.c.id.shares_lineage(t.c.id)),
        repr(sub.c.lx.shares_lineage(t.c.x)),
        repr(sub.c.more.shares_lineage(t.c.x)),
        repr(ta.c.x.shares_lineage(t.c.x)),
        repr(t.c.x.shares_lineage(u.c.id)),
        repr(ta.c.x.shares_lineage(sub.c.lx)),
        repr([str(c) for c in sub.c.id.base_columns]),
        repr(len(sub.c.id.proxy_set)),
        repr([str(c) for c in ta.c.x.base_columns]),
        repr([str(c) for c in (t.c.x + 1).base_columns]),
        repr(sorted(str(c) for c in ta.c.x.proxy_set)),
    )
