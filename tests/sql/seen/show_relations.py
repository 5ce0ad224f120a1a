"""FROM elements: aliases, joins, CTEs, VALUES, functions as tables, column collections, adapters."""

from __future__ import annotations

from typing import Any

from relvar import (
    ARRAY,
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    TableValuedAlias,
    alias,
    and_,
    column,
    cte,
    exists,
    func,
    insert,
    join,
    lateral,
    literal,
    literal_column,
    outerjoin,
    select,
    table,
    tablesample,
    text,
    true,
    values,
)
from relvar.sql import util as sql_util
from relvar.sql import visitors
from relvar.sql.expression import FromGrouping

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("s", String(20)),
    Column("j", JSON),
    Column("a", ARRAY(Integer)),
)
u = Table(
    "u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")), Column("y", Integer)
)
v = Table(
    "v", m, Column("id", Integer, primary_key=True), Column("u_id", ForeignKey("u.id")), Column("z", Integer)
)
two = Table(
    "two",
    m,
    Column("id", Integer, primary_key=True),
    Column("a_id", ForeignKey("t.id")),
    Column("b_id", ForeignKey("t.id")),
)
pair = Table("pair", m, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
note = Table(
    "note",
    m,
    Column("id", Integer),
    Column("a", Integer),
    Column("b", Integer),
    ForeignKeyConstraint(["a", "b"], ["pair.a", "pair.b"]),
)
sub = Table("sub_t", m, Column("id", Integer, ForeignKey("t.id"), primary_key=True), Column("w", Integer))
lost = Table("lost", m, Column("id", Integer), Column("nope_id", ForeignKey("nowhere.id")))
named = Table(
    "named", MetaData(schema="sch"), Column("id", Integer, primary_key=True), Column("X y", Integer, key="xy")
)
q = select(t.c.id, t.c.x).where(t.c.x > 1)


def adapted(expression: Any, target: Any, **kw: Any) -> Any:
    return sql_util.ClauseAdapter(target, **kw).traverse(expression)


def columns_of(element: Any) -> str:
    return repr([(key, str(c)) for key, c in element.c.items()])


def seen_names(element: Any) -> str:
    found: list[str] = []
    visitors.traverse(
        element,
        {},
        {"column": lambda c: found.append(f"c {c.name}"), "table": lambda x: found.append(f"t {x.name}")},
    )
    return repr(found)


def renamed(element: Any) -> Any:
    def rename(bind: Any) -> None:
        bind.value = 99

    return visitors.cloned_traverse(element, {}, {"bindparam": rename})


def replaced(element: Any) -> Any:
    return visitors.replacement_traverse(
        element, {}, lambda e, **kw: literal_column("R") if e is t.c.x else None
    )


class Finds(visitors.ExternalTraversal):
    """Collects the names of binds."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def visit_bindparam(self, bind: Any) -> None:
        self.found.append(bind.value)


class Doubles(visitors.CloningExternalTraversal):
    """Doubles values in a copy."""

    def visit_bindparam(self, bind: Any) -> None:
        bind.value *= 2


class Swaps(visitors.ReplacingExternalTraversal):
    """Puts a column in the place of another."""

    def replace(self, elem: Any) -> Any:
        return u.c.y if elem is t.c.x else None


def found(element: Any) -> str:
    finder = Finds()
    finder.traverse(element)
    return repr(finder.found)


def chained() -> Any:
    other = Finds()
    doubles = Doubles().chain(other)
    made = doubles.traverse(and_(t.c.x == 2, t.c.id == 3))
    return made, repr(other.found), repr(len(list(doubles.visitor_iterator)))


CASES: dict[str, Any] = {
    # Joins
    "join": lambda: select(join(t, u)),
    "join on": lambda: select(t.join(u, t.c.x == u.c.y)),
    "join text": lambda: select(t.c.id).select_from(t.join(u, text("a = b"))),
    "join true": lambda: select(t.c.id).select_from(t.join(u, true())),
    "join python true": lambda: select(t.c.id).join(u, True),
    "join outer": lambda: select(outerjoin(t, u).outerjoin(v)),
    "all: join full": lambda: select(t.join(u, full=True)),
    "join nested": lambda: select(t.c.id).select_from(t.join(u.join(v), t.c.id == u.c.t_id)),
    "join nested outer": lambda: select(t.c.id).select_from(t.outerjoin(u.join(v))),
    "join none": lambda: t.join(v),
    "join nested none": lambda: v.join(t.join(u)),
    "join none to join": lambda: t.join(pair.join(note)),
    "join ambiguous": lambda: t.join(two),
    "join pair": lambda: pair.join(note),
    "join lost": lambda: lost.join(t),
    "join self": lambda: select(t.join(t.alias("o"), t.c.id == t.alias("o").c.x)),
    "join alias": lambda: t.alias("q").join(u.alias("w")),
    "join subquery": lambda: u.join(q.subquery("z")),
    "join select": lambda: t.join(q, t.c.id == 1),
    "join string": lambda: t.join("u"),
    "select join string": lambda: select(t).join("u"),
    "select join select": lambda: select(t).join(q),
    "select join none": lambda: select(t).join(None),
    "select join column": lambda: select(t).join(t.c.id),
    "select join from": lambda: select(t.c.id).join_from(t, u).join_from(u, v),
    "select join from other": lambda: select(t.c.id).join_from(u, v),
    "select join no left": lambda: select(literal(1)).join(u),
    "select join two lefts": lambda: select(t.c.id, two.c.id).join(v, v.c.id == 1),
    "select join two lefts found": lambda: select(t.c.id, pair.c.a).join(note),
    "select join ambiguous left": lambda: select(t.c.id, v.c.id).join(u),
    "select join not related": lambda: select(t.c.id, pair.c.a).join(v),
    "select join on left": lambda: select(t.c.id, v.c.id).join(u, u.c.t_id == t.c.id),
    "select join on neither": lambda: select(t.c.id, v.c.id).join(u, u.c.y == 5),
    "select outer": lambda: select(t.c.id).outerjoin(u).outerjoin_from(t, two, two.c.a_id == t.c.id),
    "select join full": lambda: select(t.c.id).join(u, full=True).join(v, isouter=True),
    "select join select_from": lambda: select(t.c.id).select_from(t, u).join(v, v.c.u_id == u.c.id),
    "select join from alias": lambda: select(t.c.id).select_from(t.join(u)).join(v),
    "select join on string": lambda: select(t).join(u, "a = b"),
    "select join on number": lambda: select(t).join(u, 5),
    "join columns": lambda: columns_of(t.join(u)),
    "join description": lambda: t.join(u).description,
    "join select method": lambda: t.join(u).select(),
    "join alias method": lambda: t.join(u).select().subquery("j"),
    "join aliased": lambda: t.join(u).alias("foo"),
    "join aliased flat": lambda: select(t.join(u)._anonymous_fromclause(flat=True)),
    "join aliased flat named": lambda: select(t.join(u)._anonymous_fromclause(flat=True, name="foo")),
    "join aliased deep": lambda: select(t.join(u)._anonymous_fromclause()),
    "join nested flat": lambda: select(t.join(u.join(v))._anonymous_fromclause(flat=True)),
    "join derived": lambda: repr(
        [
            t.join(u).is_derived_from(t),
            t.join(u).is_derived_from(v),
            t.alias().is_derived_from(t),
            t.is_derived_from(u),
        ]
    ),
    "join keys": lambda: repr(
        (sorted(map(str, t.join(u).primary_key)), sorted(str(f) for f in t.join(u).foreign_keys))
    ),
    "join inherited keys": lambda: repr(sorted(map(str, t.join(sub).primary_key))),
    "join filter by": lambda: select(t.join(u)).filter_by(y=5),
    "join grouping": lambda: repr(type(t.join(u).self_group()).__name__),
    "from grouping": lambda: (
        columns_of(FromGrouping(t)),
        repr(sorted(map(str, FromGrouping(u).primary_key))),
        repr(sorted(map(str, FromGrouping(u).foreign_keys))),
        repr(FromGrouping(t).is_derived_from(t)),
        select(FromGrouping(t.join(u)).alias("w").c.id) if False else "ok",
    ),
    "reduce": lambda: select(t.join(u)).reduce_columns(),
    "reduce synonyms": lambda: select(t.join(u)).reduce_columns(only_synonyms=False),
    "reduce where": lambda: select(t, u).where(t.c.x == u.c.y).reduce_columns(only_synonyms=False),
    "reduce util": lambda: repr(
        [str(c) for c in sql_util.reduce_columns([t.c.id, u.c.t_id, u.c.y], t.c.x == u.c.y)]
    ),
    "reduce util fk": lambda: repr(
        [str(c) for c in sql_util.reduce_columns([u.c.t_id, t.c.id, t.c.x, u.c.y], None, t.c.x == u.c.y)]
    ),
    # Aliases
    "alias": lambda: select(alias(t, "q").c.x, t.alias().c.x, t.alias().c.id),
    "alias of alias": lambda: select(t.alias("a").alias("b").c.x),
    "alias original": lambda: t.alias("a").original.name,
    "alias describe": lambda: (
        t.alias("a").description,
        t.alias().description,
        t.description,
        q.subquery("b").description,
    ),
    "alias schema": lambda: select(named.alias("n")),
    "alias key": lambda: select(named.c.xy, named.alias("n").c.xy),
    "schema label": lambda: select(named).set_label_style(
        __import__("relvar").LABEL_STYLE_TABLENAME_PLUS_COL
    ),
    "alias init": lambda: type(t.alias())(t),
    "subquery init": lambda: type(q.subquery())(q),
    "alias of string": lambda: alias("t"),
    "alias of select": lambda: select(alias(q, "zz")),
    "alias implicit": lambda: repr(t.alias().implicit_returning),
    "subquery": lambda: select(q.subquery("z").c.x, q.subquery("y").c.id),
    "subquery as scalar": lambda: select(select(t.c.x).subquery().as_scalar()),
    "subquery anon": lambda: select(q.subquery(), q.subquery()),
    "subquery alias": lambda: select(q.subquery("z").alias("w")),
    "subquery duplicate": lambda: select(select(t.c.id, u.c.id, t.c.id.label("id_1")).subquery("z")),
    "subquery duplicate columns": lambda: columns_of(
        select(t.c.id, u.c.id, t.c.id, (t.c.x + 1)).subquery("z")
    ),
    "subquery labels": lambda: select(select(t.c.id, (t.c.x + 1), func.foo(1), literal(5)).subquery("z")),
    "subquery text": lambda: select(select(text("a"), t.c.x).subquery("z")),
    "subquery star": lambda: select(select(literal_column("*")).select_from(t).subquery("z")),
    "subquery of text": lambda: select(text("select a").columns(column("a")).subquery("z").c.a),
    "from select": lambda: select(t.c.id).select_from(q),
    "from string": lambda: select(t.c.id).select_from("t"),
    "from text": lambda: select(text("a")).select_from(text("foo")),
    "from number": lambda: select(t.c.id).select_from(5),
    "from column": lambda: select(t.c.id).select_from(t.c.x),
    "select select": lambda: select(q),
    "select scalar": lambda: select(q.subquery().c.x, select(t.c.x).scalar_subquery().label("w")),
    "select list": lambda: select([t.c.id]),
    "select string": lambda: select("id"),
    "select text string": lambda: select("id as x"),
    "select star string": lambda: select("*"),
    "select number": lambda: select(5, 2.5),
    "select none": lambda: select(None, True, False),
    "select object": lambda: select(object),
    "select dict": lambda: select({"a": 1}),
    "lateral": lambda: select(t.c.id, lateral(select(u.c.y).where(u.c.t_id == t.c.id), name="l").c.y),
    "lateral method": lambda: select(t, select(u.c.y).where(u.c.t_id == t.c.id).lateral()),
    "lateral join": lambda: select(t.c.id).join(select(u.c.y).where(u.c.t_id == t.c.id).lateral("l"), true()),
    "lateral of table": lambda: select(t.lateral("l")),
    "lateral of function": lambda: select(t.c.id, func.json_each(t.c.j).table_valued("value").lateral("l")),
    "lateral function": lambda: select(t.c.id, func.generate_series(1, t.c.x).lateral("l")),
    "lateral of string": lambda: lateral("foo"),
    "postgresql,mssql,mysql: lateral": lambda: select(t.c.id).join(
        select(u.c.y).where(u.c.t_id == t.c.id).lateral("l"), true()
    ),
    "tablesample": lambda: select(
        tablesample(t, 5), t.tablesample(func.bernoulli(10), name="q", seed=func.random())
    ),
    "all: tablesample": lambda: select(t.alias("z").tablesample(text("5"), seed=func.foo()).c.id),
    "tablesample string": lambda: tablesample("t", 5),
    "replace selectable": lambda: select(t.c.id).where(t.c.x == 1).replace_selectable(t, t.alias("n")),
    # CTE
    "cte": lambda: select(cte(q, "w").c.x),
    "cte recursive": lambda: select(cte(q, "w", recursive=True).union_all(q)),
    "cte union": lambda: select(q.cte("w", recursive=True).union(select(t.c.id, t.c.x))),
    "cte of table": lambda: cte(t),
    "cte of text": lambda: select(text("select 1 as a").columns(column("a")).cte("w")),
    "cte of insert": lambda: select(insert(t).values(x=1).returning(t.c.id).cte("w").c.id),
    "cte of delete": lambda: select(cte(t.delete().returning(t.c.id), "w")),
    "cte alias": lambda: select(q.cte("w").alias("z").c.x),
    "cte alias twice": lambda: select(q.cte("w").alias("z").c.x, q.cte("w").alias("y").c.x),
    "cte alias anon": lambda: select(q.cte().alias().c.x),
    "cte alias join": lambda: (lambda w: select(w.c.x, w.alias("o").c.id).where(w.c.id == w.alias("o").c.id))(
        q.cte("w")
    ),
    "cte same name": lambda: select(q.cte("w").c.x, select(u.c.id).cte("w").c.id),
    "cte same twice": lambda: select(q.cte("w").c.x, q.cte("w").c.id),
    "cte nesting": lambda: select(select(q.cte("w", nesting=True).c.x).subquery("z")),
    "cte nested in cte": lambda: select(select(q.cte("w", nesting=True).c.x).cte("outer")),
    "cte nested same": lambda: select(select(q.cte("w", nesting=True).c.x).cte("outer").c.x, q.cte("w").c.id),
    "cte nested update": lambda: t.update().values(x=select(q.cte("w", nesting=True).c.x).scalar_subquery()),
    "cte nested union": lambda: select(q.cte("w", nesting=True)).union(select(q.cte("w", nesting=True))),
    "cte in union": lambda: select(q.cte("w")).union(select(t.c.id, t.c.x)),
    "cte prefix": lambda: select(q.cte("w").prefix_with("MATERIALIZED").suffix_with("SEARCH DEPTH")),
    "cte prefix dialect": lambda: select(q.cte("w").prefix_with("MATERIALIZED", dialect="postgresql")),
    "postgresql: cte prefix": lambda: select(q.cte("w").prefix_with("MATERIALIZED", dialect="postgresql")),
    "prefix element": lambda: select(t.c.id).prefix_with(text("A"), "B").suffix_with(literal_column("C")),
    "cte add": lambda: select(t.c.id).add_cte(q.cte("w"), t.insert().values(x=1).cte("i")),
    "cte add nest": lambda: select(t.c.id).add_cte(q.cte("w"), nest_here=True),
    "cte add to delete": lambda: t.delete().add_cte(q.cte("w")),
    "cte add to update": lambda: t.update().values(x=1).add_cte(q.cte("w")),
    "cte add to insert": lambda: t.insert().values(x=1).add_cte(q.cte("w")),
    "cte add to union": lambda: q.union(q).add_cte(select(u.c.id).cte("w")),
    "cte add to text": lambda: text("select 1").columns(column("a")).add_cte(q.cte("w")),
    "cte add to values": lambda: select(
        values(column("a", Integer), name="v").data([(1,)]).add_cte(q.cte("w"))
    ),
    "cte of cte add": lambda: select(select(t.c.id).add_cte(q.cte("w")).cte("z")),
    "cte alone": lambda: q.cte("w"),
    "cte insert from": lambda: u.insert().from_select(["id", "y"], select(q.cte("w"))),
    "postgresql,mssql,mysql,sqlite: cte insert from": lambda: u.insert().from_select(
        ["id", "y"], select(q.cte("w"))
    ),
    "all: cte delete": lambda: t.delete().where(t.c.id.in_(select(q.cte("w").c.id))),
    "cte columns": lambda: columns_of(q.cte("w")),
    "cte children": lambda: repr([type(e).__name__ for e in q.cte("w").get_children()]),
    "cte fetch": lambda: select(q.order_by(t.c.id).limit(5).cte("w")),
    "cte column names": lambda: select(select(t.c.id, func.foo(1), (t.c.x + 1)).cte("w", recursive=True)),
    "cte exists": lambda: select(t.c.id).where(exists().where(q.cte("w").c.id == t.c.id)),
    "cte hints": lambda: select(q.cte("w")).with_hint(q.cte("w"), "H"),
    "mssql: cte hints": lambda: (lambda w: select(w).with_hint(w, "H"))(q.cte("w")),
    "cte nested beside": lambda: (lambda n: select(select(n.c.x).cte("o").c.x, n.c.x))(
        q.cte("w", nesting=True)
    ),
    "cte nested used by other": lambda: (lambda n: select(n.c.x, select(n.c.x).cte("o").c.x))(
        q.cte("w", nesting=True)
    ),
    "cte nested in parts": lambda: (lambda n: select(n).union(select(n)))(q.cte("w", nesting=True)),
    "cte nested in parts below": lambda: (lambda n: select(select(n).union(select(n)).subquery("z")))(
        q.cte("w", nesting=True)
    ),
    "cte nested twice": lambda: (lambda n: select(select(n.c.x).subquery(), select(n.c.x).subquery()))(
        q.cte("w", nesting=True)
    ),
    "cte nested and scalar": lambda: (lambda n: select(n.c.x, select(n.c.x).scalar_subquery()))(
        q.cte("w", nesting=True)
    ),
    "cte nested insert": lambda: t.insert().from_select(["x"], select(q.cte("w", nesting=True).c.x)),
    "postgresql,mssql,mysql,sqlite: cte nested insert": lambda: t.insert().from_select(
        ["x"], select(q.cte("w", nesting=True).c.x)
    ),
    "cte nested set": lambda: t.update().values(x=q.cte("w", nesting=True).c.x),
    "cte nested delete": lambda: t.delete().where(t.c.x == q.cte("w", nesting=True).c.x),
    "cte nested text": lambda: text("select 1").columns(column("a")).add_cte(q.cte("w", nesting=True)),
    "cte aliases share a name": lambda: (lambda w: select(w.alias("z").c.x, w.alias("z").c.id))(q.cte("w")),
    "cte annotated": lambda: (lambda w: select(w.c.x, w._annotate({"a": 1}).c.id))(q.cte("w")),
    # VALUES
    "values": lambda: select(
        values(column("a", Integer), column("b", String), name="v").data([(1, "x")]).data([(2, "y")])
    ),
    "values unnamed": lambda: select(values(column("a", Integer), column("b", String)).data([(1, "x")])),
    "values literal": lambda: select(
        values(column("a", Integer), column("b", String), name="v", literal_binds=True).data(
            [(1, "x"), (2, None)]
        )
    ),
    "values elements": lambda: select(values(column("a", Integer), name="v").data([(func.foo(),), (t.c.x,)])),
    "values alias": lambda: select(values(column("a", Integer), name="v").data([(1,)]).alias("w").c.a),
    "values alias anon": lambda: select(values(column("a", Integer), name="v").data([(1,)]).alias().c.a),
    "values lateral": lambda: select(
        t.c.id, values(column("a", Integer), name="v").data([(1,)]).lateral("w")
    ),
    "values lateral anon": lambda: select(t.c.id, values(column("a", Integer)).data([(1,)]).lateral()),
    "values lateral same": lambda: select(
        t.c.id, values(column("a", Integer), name="v").data([(1,)]).lateral()
    ),
    "values scalar": lambda: select(t.c.id).where(
        t.c.id.in_(values(column("a", Integer)).data([(1,), (2,)]).scalar_values())
    ),
    "values scalar literal": lambda: select(
        values(column("a", Integer), literal_binds=True).data([(1,), (2,)]).scalar_values()
    ),
    "values cte": lambda: select(values(column("a", Integer), name="v").data([(1,)]).cte("w")),
    "values cte unnamed": lambda: select(values(column("a", Integer)).data([(1,)]).cte("w").c.a),
    "values columns": lambda: columns_of(values(column("a", Integer), column("b"), name="v")),
    "values short row": lambda: select(
        values(column("a", Integer), column("b", Integer), name="v").data([(1,)])
    ),
    "values empty": lambda: select(values(column("a", Integer), name="v")),
    "all: values": lambda: select(
        values(column("a", Integer), column("b", String), name="v").data([(1, "x"), (2, "y")])
    ),
    "all: values cte": lambda: select(values(column("a", Integer), name="v").data([(1,)]).cte("w")),
    "values from table columns": lambda: select(values(t.c.id, t.c.x, name="v").data([(1, 2)])),
    "values join": lambda: select(t.c.id).join(
        values(column("a", Integer), name="v").data([(1,)]), column("a") == t.c.id
    ),
    # Functions as tables
    "table valued": lambda: select(func.json_each(t.c.j).table_valued("key", "value")),
    "table valued typed": lambda: select(func.f(1).table_valued(column("a", Integer), "b", name="w").c.a + 1),
    "table valued ordinality": lambda: select(
        func.f(1).table_valued("a", with_ordinality="n").render_derived()
    ),
    "table valued derived": lambda: select(func.f(1).table_valued("a", "b").render_derived(name="w")),
    "table valued derived types": lambda: select(
        func.f(1)
        .table_valued(column("a", Integer), column("b", String))
        .render_derived(name="w", with_types=True)
    ),
    "table valued derived alias": lambda: select(
        func.f(1).table_valued(column("a", Integer)).render_derived(name="w", with_types=True).alias("z")
    ),
    "table valued derived lateral": lambda: select(
        t.c.id, func.f(t.c.x).table_valued("a").render_derived(name="w").lateral("z")
    ),
    "table valued alias": lambda: select(func.f(1).table_valued("a").alias("w")),
    "table valued type": lambda: isinstance(func.f(1).table_valued("a"), TableValuedAlias),
    "table valued join": lambda: select(t.c.id).join(
        func.json_each(t.c.j).table_valued("value", joins_implicitly=True), true()
    ),
    "table valued column": lambda: select(func.row_to_json(t.table_valued())),
    "table valued subquery": lambda: select(func.row_to_json(q.subquery("z").table_valued())),
    "table valued alias column": lambda: select(func.row_to_json(t.alias("w").table_valued())),
    "table valued alias column expr": lambda: t.alias("w").table_valued() == 5,
    "column valued": lambda: select(func.unnest(t.c.a).column_valued("w"), func.f(1).column_valued()),
    "column valued derived": lambda: select(
        func.f(1).column_valued("w").scalar_alias.render_derived()
        if False
        else func.f(1).column_valued("w") + 1
    ),
    "column valued where": lambda: (lambda f: select(f).where(f > 5))(
        func.generate_series(1, 9).column_valued()
    ),
    "scalar table valued": lambda: select(
        func.f(1).scalar_table_valued("a"), func.f(2).scalar_table_valued("b", Integer)
    ),
    "postgresql: functions": lambda: select(
        func.f(1).scalar_table_valued("a b"),
        func.unnest(t.c.a).column_valued(),
        func.row_to_json(t.table_valued()),
        func.f(1).table_valued("a", with_ordinality="n").render_derived(with_types=False).c.n,
    ),
    "function alias": lambda: select(func.f(1).alias("w"), func.f(1).alias("w").column),
    "function select": lambda: (func.f(1).select(), func.f(1).select().where(t.c.x == 1)),
    "function select options": lambda: repr(
        dict(func.f(1).execution_options(a=1).select().get_execution_options())
    ),
    "function columns": lambda: repr(
        (
            list(func.f(1).c.keys()),
            list(func.f(1).columns.keys()),
            [str(c) for c in func.f(1).exported_columns],
        )
    ),
    "function from": lambda: select(literal_column("a")).select_from(func.f(1)),
    "function as comparison": lambda: repr(
        (
            str(func.f(t.c.id, u.c.id).as_comparison(1, 2)),
            str(func.f(t.c.id, u.c.id).as_comparison(1, 2).left),
            str(func.f(t.c.id, u.c.id).as_comparison(1, 2).right),
        )
    ),
    "function as comparison join": lambda: select(t.join(u, func.f(t.c.id, u.c.id).as_comparison(1, 2))),
    "function as comparison adapt": lambda: adapted(func.f(t.c.id, u.c.id).as_comparison(1, 2), t.alias("w")),
    "function within": lambda: select(func.f(1).alias()),
    "function scalar alias": lambda: (
        select(func.f(t.c.x).scalar_subquery()) if hasattr(func.f(1), "scalar_subquery") else "none"
    ),
    # Tables and collections
    "table": lambda: select(table("foo", column("a"), column("b"), schema="sch")),
    "table odd": lambda: table("foo", column("a"), nope=5),
    "table str": lambda: (str(table("foo", schema="sch")), str(table("foo")), table("foo").description),
    "table append": lambda: columns_of(
        (lambda x: (x.append_column(column("z")), x)[1])(table("foo", column("a")))
    ),
    "table append taken": lambda: table("foo").append_column(table("bar", column("a")).c.a),
    "table no columns": lambda: select(table("foo")),
    "table count": lambda: select(func.count()).select_from(table("foo")),
    "table dml": lambda: (
        table("foo", column("a")).insert().values(a=1),
        table("foo", column("a")).update().values(a=1),
        table("foo").delete(),
    ),
    "table primary key": lambda: repr(
        (list(table("foo", column("a")).primary_key), list(table("foo").foreign_keys))
    ),
    "columns": lambda: repr(
        (
            t.c.keys(),
            [str(x) for x in t.c.values()],
            [k for k, _ in t.c.items()],
            len(t.c),
            bool(t.c),
            bool(table("foo").c),
        )
    ),
    "columns get": lambda: repr(
        (
            str(t.c["x"]),
            str(t.c[0]),
            str(t.c[-1].name),
            [str(c) for c in t.c["x", "s"]],
            [str(c) for c in t.c[0:2]],
            t.c.get("nope"),
            str(t.c.get("x")),
            t.c.get("nope", 5),
        )
    ),
    "columns get missing": lambda: t.c["nope"],
    "columns get number": lambda: t.c[99],
    "columns get many missing": lambda: t.c["x", "nope"],
    "columns attribute": lambda: t.c.nope,
    "columns set": lambda: setattr(t.c, "foo", 5),
    "columns set item": lambda: t.c.__setitem__("foo", 5),
    "columns delete": lambda: t.c.__delitem__("foo"),
    "columns contains": lambda: repr(
        ("x" in t.c, "nope" in t.c, t.c.contains_column(t.c.x), t.c.contains_column(u.c.id))
    ),
    "columns contains object": lambda: t.c.x in t.c,
    "columns contains string": lambda: t.c.contains_column("x"),
    "columns compare": lambda: repr((t.c == t.c, t.c == u.c, t.c.compare(t.c), t.c != u.c)),
    "columns text": lambda: str(table("foo", column("a")).c),
    "columns repr": lambda: repr(table("foo", column("a")).c).split("object")[0][-20:],
    "columns corresponding": lambda: repr(
        [
            str(e)
            for e in (
                t.alias("q").c.corresponding_column(t.c.x),
                q.subquery("q").c.corresponding_column(t.c.x),
                q.subquery("q").c.corresponding_column(t.c.s),
                t.c.corresponding_column(q.subquery("q").c.x),
                q.subquery("a").alias("b").c.corresponding_column(t.c.id),
                t.join(u).c.corresponding_column(u.c.id),
                select(t.c.x, t.c.x.label("y")).subquery("z").c.corresponding_column(t.c.x),
                select(t.c.x.label("y"), t.c.x).subquery("z").c.corresponding_column(t.c.x),
                union_of().c.corresponding_column(t.c.x),
                t.alias("q").corresponding_column(t.c.x, require_embedded=True),
                func.f(1).corresponding_column(t.c.x),
                t.insert().returning(t.c.id).corresponding_column(t.c.id),
            )
        ]
    ),
    "columns readonly remove": lambda: t.c.remove(column("z")),
    "columns readonly update": lambda: t.c.update({}),
    "columns readonly extend": lambda: t.c.extend([]),
    "columns readonly clear": lambda: t.c.clear(),
    # Traversal and adaption
    "adapt": lambda: adapted(t.c.x == 5, t.alias("q")),
    "adapt select": lambda: adapted(select(t.c.x).where(t.c.id == 1), t.alias("q")),
    "adapt join": lambda: select(adapted(t.join(u), t.alias("q"))),
    "adapt subquery": lambda: adapted((t.c.x + t.c.s) == u.c.y, q.subquery("z")),
    "adapt names": lambda: adapted(
        t.c.x == u.c.y, select(column("y"), column("x")).subquery("z"), adapt_on_names=True
    ),
    "adapt equivalents": lambda: adapted(u.c.t_id == 1, t.alias("q"), equivalents={u.c.t_id: {t.c.id}}),
    "adapt include": lambda: adapted(t.c.x == t.c.id, t.alias("q"), include_fn=lambda c: c.name == "x"),
    "adapt exclude": lambda: adapted(t.c.x == t.c.id, t.alias("q"), exclude_fn=lambda c: c.name == "x"),
    "adapt from": lambda: adapted(t.c.x == t.c.id, t.alias("q"), adapt_from_selectables=[t]),
    "adapt from other": lambda: adapted(t.c.x == t.c.id, t.alias("q"), adapt_from_selectables=[u]),
    "adapt from table": lambda: adapted(
        select(t.c.id).select_from(t.join(u)), t.alias("q"), adapt_from_selectables=[u]
    ),
    "adapter": lambda: (
        lambda a: (
            a.columns[t.c.x],
            a.traverse(t.c.id + 1),
            a.adapt_clause(t.c.x > 1) if hasattr(a, "adapt_clause") else "",
            repr([str(c) for c in a.adapt_list([t.c.x, t.c.id])]),
        )
    )(sql_util.ColumnAdapter(t.alias("q"))),
    "visit": lambda: seen_names(select(t.c.x).where(t.c.id == u.c.id)),
    "visit none": lambda: repr(visitors.traverse(None, {}, {})),
    "visit iterate": lambda: repr(
        [type(e).__name__ for e in visitors.iterate(and_(t.c.x == 1, t.c.id == 2))]
    ),
    "clone": lambda: (
        renamed(t.c.x == 5),
        renamed(select(t.c.x).where(t.c.x.in_(select(u.c.y).where(u.c.y == 1)))),
    ),
    "clone none": lambda: repr(visitors.cloned_traverse(None, {}, {})),
    "clone stop": lambda: (
        lambda part: visitors.cloned_traverse(
            and_(part, t.c.id == 2), {"stop_on": [part]}, {"bindparam": lambda b: setattr(b, "value", 99)}
        )
    )(t.c.x == 1),
    "replace": lambda: (replaced(t.c.x == 5), replaced(select(t.c.x, t.c.id).where(t.c.x > 1))),
    "replace none": lambda: repr(visitors.replacement_traverse(None, {}, lambda e, **kw: None)),
    "external": lambda: found(and_(t.c.x == 5, t.c.id == 7)),
    "external clone": chained,
    "external list": lambda: Doubles().copy_and_process([t.c.x == 1, t.c.x == 2])[1],
    "external replace": lambda: Swaps().traverse(t.c.x + t.c.id),
    "external iterate": lambda: repr([type(e).__name__ for e in Finds().iterate(t.c.x == 1)]),
    "constraint": lambda: CheckConstraint(t.c.x > 5).sqltext,
}


def union_of() -> Any:
    return select(t.c.id, t.c.x).union(select(u.c.id, u.c.y)).subquery("un")
