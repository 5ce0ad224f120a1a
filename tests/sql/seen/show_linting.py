"""
Which FROM elements nothing joins: what the linter finds for many shapes of FROM, WHERE and statements.

Shown are the connected groups, and how many statements inside of the statement are warned of: which
elements a warning names first is not fixed in SQLAlchemy.
"""

from __future__ import annotations

import warnings
from typing import Any

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    all_,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    extract,
    false,
    func,
    insert,
    lateral,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    type_coerce,
    union,
    update,
    values,
)
from relvar.sql.compiler import FROM_LINTING

m = MetaData()
a, b, c, d = (
    Table(
        name,
        m,
        Column("id", Integer, primary_key=True),
        Column("a_id", Integer),
        Column("x", Integer),
        Column("s", String(9)),
    )
    for name in "abcd"
)
odd = Table("odd name", m, Column("id", Integer), Column("x", Integer))
other_a = Table("a", m, Column("id", Integer), schema="sch")
link = Table(
    "link",
    m,
    Column("id", Integer, primary_key=True),
    Column("a_id", ForeignKey("a.id")),
    Column("b_id", ForeignKey("b.id")),
)
alias, named = a.alias(), a.alias("a2")
below, anonymous = select(b).subquery("below"), select(b.c.id, b.c.x).subquery()
cte = select(b).cte("cte")
pair = select(a.c.id, b.c.x).subquery("pair")
series = func.series(1, 5).table_valued("v", name="series")
implicit = func.series(1, 5).table_valued("v", name="implicit", joins_implicitly=True)
of_a = func.json_each(a.c.s).table_valued("value", name="of_a")
rows = values(column("p", Integer), name="rows").data([(1,)])
beside = lateral(select(b).where(b.c.id == a.c.id), name="beside")
apart = lateral(select(b).where(b.c.x == 5), name="apart")
deep = lateral(select(b).where(exists().where(c.c.id == a.c.id, c.c.x == b.c.x)), name="deep")
either = lateral(union(select(b.c.id).where(b.c.id == a.c.id), select(c.c.id)), name="either")

FROMS: dict[str, Any] = {
    "two": (a, b),
    "four": (a, b, c, d),
    "alias": (a, alias),
    "aliases": (a, alias, named),
    "subquery": (a, below),
    "subqueries": (below, anonymous),
    "cte": (a, cte),
    "cte twice": (cte, cte.alias("again")),
    "odd names": (odd, other_a),
    "series": (a, series),
    "series alone": (series,),
    "series implicit": (a, implicit),
    "series of a column": (a, of_a),
    "series of a column lateral": (a, of_a.lateral("l")),
    "series derived": (a, of_a.render_derived("r")),
    "column valued": (a, func.series(1).column_valued("v")),
    "column valued of a column": (a, func.series(a.c.x).column_valued("v")),
    "function alias": (a, func.series(1).alias("z")),
    "function": (a, func.f(b.c.x)),
    "values": (a, rows),
    "lateral": (a, beside),
    "lateral apart": (a, apart),
    "lateral alone": (lateral(select(b), name="l"),),
    "lateral in exists": (a, deep),
    "lateral union": (a, either),
    "lateral of two": (a, b, lateral(select(c).where(c.c.id == a.c.id, c.c.x == b.c.x), name="l")),
    "lateral of one": (a, b, lateral(select(c).where(c.c.id == a.c.id), name="l")),
    "sample": (a, b.tablesample(5)),
    "join": (a.join(b, a.c.id == b.c.id), c),
    "join true": (a.join(b, true()), c),
    "join text": (a.join(b, text("1=1")),),
    "join left": (a.outerjoin(b, true()), c),
    "join full": (a.join(b, a.c.x == 5, full=True),),
    "joins": (a.join(b, a.c.id == b.c.id), c.join(d, c.c.id == d.c.id)),
    "nested join": (a.join(b.join(c, b.c.id == c.c.id), a.c.id == b.c.id), d),
    "inferred join": (link.join(a).join(b),),
    "inferred join and more": (link.join(a), b),
    "text": (text("zz"), a),
    "light tables": (table("t1", column("x")), table("t2", column("x"))),
    "text subquery": (a, select(text("1")).subquery("st")),
    "pair": (pair,),
    "pair and more": (pair, c),
    "union": (a, union(select(a.c.id), select(b.c.id)).subquery("u")),
}
CRITERIA: dict[str, Any] = {
    "equal": a.c.id == b.c.a_id,
    "less": a.c.id < b.c.id,
    "different": a.c.id != b.c.id,
    "own column": a.c.x == 5,
    "arithmetic": a.c.id + b.c.id == 5,
    "arithmetic right": a.c.id == b.c.id + 1,
    "function left": func.f(a.c.id) == b.c.id,
    "function both": func.f(a.c.id, b.c.id) == 1,
    "function": func.f(a.c.id, b.c.id),
    "in": a.c.id.in_([1, 2]),
    "in columns": a.c.id.in_([b.c.id, b.c.x]),
    "in select": a.c.id.in_(select(c.c.id).where(c.c.x == b.c.x)),
    "like": a.c.s.like(b.c.s),
    "ilike": a.c.s.ilike(b.c.s),
    "contains": a.c.s.contains(b.c.s),
    "regexp": a.c.s.regexp_match(b.c.s),
    "match": a.c.s.match(b.c.s),
    "between": a.c.id.between(b.c.id, b.c.x),
    "distinct from": a.c.id.is_distinct_from(b.c.id),
    "or": or_(a.c.id == b.c.id, a.c.x == 3),
    "or apart": or_(a.c.x == 1, b.c.x == 3),
    "not": not_(a.c.id == b.c.id),
    "not or": ~or_(a.c.id == b.c.id, a.c.x == 3),
    "and": and_(a.c.id == b.c.id, a.c.x == 3),
    "case": case((a.c.id == b.c.id, 1), else_=0) == 1,
    "case of values": case((a.c.x == 1, b.c.id), else_=0) == 1,
    "exists": exists(select(c.c.id).where(c.c.id == a.c.id, c.c.x == b.c.id)),
    "exists both": exists().where(a.c.id == b.c.id),
    "scalar": select(c.c.id).where(c.c.x == a.c.x).scalar_subquery() == b.c.id,
    "text": text("a.id = b.id"),
    "literal columns": literal_column("a.id") == literal_column("b.id"),
    "own operator": a.c.id.op("&&")(b.c.id),
    "own comparison": a.c.id.bool_op("&&")(b.c.id),
    "true": true(),
    "false": false(),
    "tuples": tuple_(a.c.id, a.c.x) == tuple_(b.c.id, b.c.x),
    "tuple in": tuple_(a.c.id, b.c.id).in_([(1, 2)]),
    "any": a.c.id == any_(select(b.c.id).scalar_subquery()),
    "all": a.c.id >= all_(select(b.c.id).scalar_subquery()),
    "cast": cast(a.c.id, String) == b.c.s,
    "type_coerce": type_coerce(a.c.id, String) == b.c.s,
    "collate": a.c.s.collate("x") == b.c.s,
    "negative": -a.c.id == b.c.id,
    "label": a.c.id.label("q") == b.c.id,
    "as_comparison": func.f(a.c.id, b.c.id).as_comparison(1, 2),
    "bind": a.c.id == bindparam("q"),
    "extract": extract("year", a.c.s) == b.c.x,
    "concat": a.c.s.concat(b.c.s) == "q",
    "comparison compared": (a.c.id == b.c.id) == True,
    "window": a.c.id == func.max(b.c.id).over(order_by=a.c.x),
    "filter": a.c.x == func.count().filter(b.c.id == 5),
    "bitwise": a.c.id.bitwise_and(b.c.id) == 1,
    "third table": func.coalesce(a.c.id, b.c.id) == c.c.id,
    "series": a.c.id == series.c.v,
    "subquery": and_(a.c.id == below.c.id, b.c.id == below.c.x),
}
STATEMENTS: dict[str, Any] = {
    "update from": update(a).values(x=b.c.x),
    "update from where": update(a).values(x=b.c.x).where(b.c.id == a.c.id),
    "update from two": update(a).values(x=b.c.x).where(b.c.id == c.c.id),
    "update from scalar": update(a).values(x=select(b.c.x).where(b.c.id == a.c.id).scalar_subquery()),
    "update exists": update(a).values(x=1).where(exists().where(b.c.id == a.c.id)),
    "update from cte": update(a).values(x=cte.c.x),
    "update from alias": update(a).values(x=named.c.x).where(named.c.id == a.c.id),
    "update from values": update(a).values(x=rows.c.p),
    "delete using": delete(a).where(b.c.x == 1),
    "delete using joined": delete(a).where(b.c.id == a.c.id),
    "delete using two": delete(a).where(b.c.id == a.c.id, c.c.x == 1),
    "delete in": delete(a).where(a.c.id.in_(select(b.c.id))),
    "delete exists": delete(a).where(exists(select(b, c))),
    "insert from select": insert(a).from_select(["id"], select(b.c.id).select_from(b, c)),
    "insert scalar": insert(a).values(x=select(b.c.id).select_from(b, c).scalar_subquery()),
    "insert with cte": insert(a).values(x=1).add_cte(select(b.c.id, c.c.id).cte("q")),
    "inserted in cte": select(insert(a).values(x=1).returning(a.c.id).cte("ins"), b),
    "updated in cte": select(update(a).values(x=b.c.x).returning(a.c.id).cte("up")),
    "deleted in cte": select(delete(a).where(b.c.x == 1).returning(a.c.id).cte("de"), c),
    "union": union(select(a.c.id, b.c.id), select(c.c.id, d.c.id)),
    "union joined": union(select(a.c.id), select(c.c.id)),
    "correlated": select(a.c.id, select(b.c.id).where(b.c.id == c.c.id).scalar_subquery()),
    "correlated in exists": select(a, d).where(
        exists(select(b.c.id).where(b.c.x == d.c.x, b.c.id == a.c.id))
    ),
    "uncorrelated": select(a.c.id).where(exists(select(b.c.id, c.c.id))),
    "order by": select(a.c.id).order_by(b.c.id),
    "group by": select(a.c.id).group_by(b.c.id),
    "window": select(func.row_number().over(partition_by=b.c.id, order_by=a.c.id)),
    "columns added": select(a.c.id + b.c.id),
    "columns compared": select(a.c.id == b.c.id),
    "text columns": select(text("a.id, b.id")).select_from(a, b),
    "three in a row": select(a, b, c).where(a.c.id == b.c.id, b.c.id == c.c.id),
    "star": select(a, b, c).where(a.c.id == b.c.id).where(a.c.id == c.c.id),
    "two pairs": select(a, b, c, d).where(a.c.id == b.c.id, c.c.id == d.c.id),
    "pairs joined": select(a, b, c, d).where(a.c.id == b.c.id, c.c.id == d.c.id, a.c.x == d.c.x),
    "all by true": select(a).join(b, true()).join(c, true()),
    "locked": select(a, b).with_for_update(),
    "paged": select(a, b).limit(3).offset(1),
    "literal": select(literal(1)),
}


def found(statement: Any) -> Any:
    """Return the connected groups, and how often which kind of statement is warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compiled = statement.compile(linting=FROM_LINTING)
    kinds = sorted(str(w.message).partition(" has a cartesian product")[0] for w in caught)
    linter = getattr(compiled, "from_linter", None)
    names = set(linter.froms.values()) if linter else set()
    groups = set()
    for start in linter.froms if linter else ():
        missing, _ = linter.lint(start)
        groups.add(tuple(sorted(names - {linter.froms[element] for element in missing or ()})))
    return str(kinds), str(sorted(groups))


CASES: dict[str, Any] = {
    **{f"from {k}": lambda f=f: found(select(literal(1)).select_from(*f)) for k, f in FROMS.items()},
    **{f"select {k}": lambda f=f: found(select(*f)) for k, f in FROMS.items()},
    **{
        f"from {k} where": lambda f=f: found(select(literal(1)).select_from(*f).where(a.c.id == b.c.id))
        for k, f in FROMS.items()
        if k != "lateral apart"  # SQLAlchemy takes b for correlated, although the text has it in FROM
    },
    **{
        f"exists {k}": lambda f=f: found(select(d).where(exists().where(d.c.id == 5).select_from(*f)))
        for k, f in FROMS.items()
    },
    **{f"where {k}": lambda w=w: found(select(a, b).where(w)) for k, w in CRITERIA.items()},
    **{f"on {k}": lambda w=w: found(select(a).join(b, w)) for k, w in CRITERIA.items()},
    **{f"having {k}": lambda w=w: found(select(a, b).having(w)) for k, w in CRITERIA.items()},
    **{f"selected {k}": lambda w=w: found(select(w).select_from(a, b)) for k, w in CRITERIA.items()},
    **{f"update {k}": lambda w=w: found(update(a).values(x=b.c.x).where(w)) for k, w in CRITERIA.items()},
    **{f"delete {k}": lambda w=w: found(delete(a).where(w, b.c.id > 1)) for k, w in CRITERIA.items()},
    **{
        f"in subquery {k}": lambda w=w: found(select(select(a.c.id, b.c.x).where(w).subquery()))
        for k, w in CRITERIA.items()
    },
    **{
        f"in cte {k}": lambda w=w: found(select(select(a.c.id, b.c.x).where(w).cte("z")))
        for k, w in CRITERIA.items()
    },
    **{
        f"three {k}": lambda w=w: found(select(a, b, c).where(w, b.c.id == c.c.id))
        for k, w in CRITERIA.items()
    },
    **{k: lambda s=s: found(s) for k, s in STATEMENTS.items()},
}
