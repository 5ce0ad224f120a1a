"""
FROM elements and the rest of SELECT: LATERAL, set operations, VALUES, functions in FROM, hints, label
styles, options, text, template strings, column collections (rows D013-D026).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from cases_select import Boss, Case, Task, boss, far, pair, step, task
from template import template

from relvar import (
    ARRAY,
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    DateTime,
    Integer,
    Numeric,
    String,
    and_,
    bindparam,
    cast,
    column,
    delete,
    except_,
    except_all,
    exists,
    func,
    insert,
    intersect,
    intersect_all,
    lateral,
    literal,
    literal_column,
    or_,
    select,
    table,
    tablesample,
    text,
    true,
    tstring,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from relvar.orm import aliased

b, t, s = boss.c, task.c, step.c

CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Iterator[Case]]], Callable[[], Iterator[Case]]]:
    """Register the cases of a feature row."""

    def register(function: Callable[[], Iterator[Case]]) -> Callable[[], Iterator[Case]]:
        CASES[name] = function
        return function

    return register


@row("D013")
def laterals() -> Iterator[Case]:
    inner = select(t.cost, t.title).where(t.boss_id == b.id)
    yield "method", select(b.id, inner.lateral("l").c.cost)
    yield "function", select(b.id, lateral(inner, "l").c.cost)
    yield "anonymous", select(b.id, inner.lateral().c.cost)
    yield "joined", select(b.id, (x := inner.lateral("l")).c.cost).join(x, true())
    yield "outer joined", select(b.id).select_from(boss.outerjoin(inner.lateral("l"), true()))
    yield (
        "two",
        select(
            b.id, (x := inner.lateral("l")).c.cost, select(s.id).where(s.cost == x.c.cost).lateral("m").c.id
        ),
    )
    yield "of a table", select(b.id, lateral(task, "l"))
    yield "of a function", select(b.id, func.gen(b.id).table_valued("n").lateral("g").c.n)
    yield "of a function element", select(b.id).join(func.gen(b.id).lateral("g"), true())
    yield (
        "of a union",
        select(b.id, union(inner, select(s.cost, literal("x")).where(s.id == b.id)).lateral("u").c.cost),
    )
    yield "of values", select(b.id, values(column("n", Integer), name="v").data([(1,)]).lateral())
    yield "limited", select(b.id, inner.order_by(t.cost).limit(1).lateral("top").c.title)
    yield "in subquery", select(select(b.id, inner.lateral("l").c.cost).subquery("q"))
    yield "correlated explicitly", select(b.id, inner.correlate(boss).lateral("l").c.cost)
    yield "alias of lateral", select(b.id, inner.lateral("l").alias("z").c.cost)
    yield "orm", select(Boss.id, select(Task.cost).where(Task.boss_id == Boss.id).lateral("l").c.cost)
    yield (
        "orm entity",
        select(Boss.id).join(aliased(Task, select(Task).where(Task.boss_id == Boss.id).lateral("l")), true()),
    )


@row("D014")
def set_operations() -> Iterator[Case]:
    one, two, three = select(b.id, b.name), select(t.id, t.title), select(s.id, literal("x").label("name"))
    for make in (union, union_all, except_, except_all, intersect, intersect_all):
        yield make.__name__, make(one, two)
        yield f"{make.__name__} of three", make(one, two, three)
        yield f"{make.__name__} method", getattr(one, make.__name__)(two, three)
        yield f"{make.__name__} in union", union(make(one, two), three)
        yield f"{make.__name__} around union", make(one, union(two, three))
        yield f"{make.__name__} around itself", make(make(one, two), three)
        yield f"{make.__name__} ordered", make(one, two).order_by("name").limit(3)
        yield f"{make.__name__} of ordered", make(one.order_by(b.id), two.limit(2), three.offset(1))
    yield "deep", union(except_(union(one, two), three), intersect(two, three))
    yield "ordered inside", union(union(one, two).order_by("id").limit(1), three)
    yield "one only", union(one)
    yield "one grouped", union(union(one, two))
    yield "as subquery", select(union(one, two).subquery("u").c.name)
    yield "as anonymous", select(union(one, two).subquery())
    yield "as alias", select(union(one, two).alias("u"))
    yield "as cte", select(union(one, two).cte("u"))
    yield "as scalar", select(union(select(b.id), select(t.id)).scalar_subquery())
    yield "as exists", select(b.id).where(exists(union(select(b.id), select(t.id)).subquery()))
    yield "in IN", select(b.id).where(b.id.in_(union(select(t.id), select(s.id))))
    yield (
        "in IN of nested",
        select(b.id).where(b.id.in_(union(select(t.id), except_(select(s.id), select(t.id))))),
    )
    yield "with where", union(one.where(b.id > 5), two.where(t.id < 5).group_by(t.id))
    yield "with ctes", union(select(select(b.id).cte("c")), select(select(t.id).cte("d")))
    yield "with the same cte", union(select(c := select(b.id).cte("c")), select(c))
    yield "grouped", union(one, two).group_by("name")
    yield (
        "order by columns",
        (u := union(one, two)).order_by(u.selected_columns.name, u.selected_columns[0].desc()),
    )
    yield "order by label", union(select(b.id.label("x")), select(t.id)).order_by("x")
    yield "order by none", union(one, two).order_by("id").order_by(None)
    yield "labels of first", select(union(select(b.id.label("x")), select(t.id.label("y"))).subquery().c.x)
    yield "duplicate columns", union(select(b.id, b.id), select(t.id, t.cost))
    yield "duplicate columns in subquery", select(union(select(b.id, b.id), select(t.id, t.cost)).subquery())
    yield "expressions", select(union(select(b.id + 1, func.max(b.id)), select(t.id, t.cost)).subquery())
    yield "of tables", union(boss.select(), boss.select().where(b.id == 1))
    yield "of text", union(select(b.id), text("SELECT 1").columns(column("id", Integer)))
    yield "of values", union(select(b.id), select(values(column("n", Integer), name="v").data([(1,)])))
    yield "of subquery select", union(select(select(b.id).subquery()), select(t.id))
    yield "literals", union_all(select(literal(1)), select(literal(2)), select(literal(3)))
    yield "same binds", union_all(select(bindparam("x", 1)), select(bindparam("x", 1)))
    yield "lock", union(one.with_for_update(), two)
    yield "fetch", union(one, two).fetch(5, with_ties=True).offset(2)
    yield "label style", union(one, two).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    yield (
        "of labelled",
        select(
            union(
                select(boss, task).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL), select(boss, task)
            ).subquery()
        ),
    )
    yield "insert from", insert(boss).from_select(["id", "name"], union(one, two))
    yield "select of it", union(one, two).subquery("u").select()
    yield (
        "correlated",
        select(b.id).where(exists(union(select(t.id).where(t.boss_id == b.id), select(s.id)).subquery())),
    )
    yield (
        "recursive parts",
        select(
            (r := select(literal(1).label("n")).cte("r", recursive=True)).union_all(
                select(r.c.n + 1), select(r.c.n + 2)
            )
        ),
    )
    yield "orm", select(Boss.id).union(select(Task.id))
    yield (
        "orm entities",
        select(aliased(Boss, union(select(Boss), select(Boss).where(Boss.id > 1)).subquery())),
    )
    yield "null types", union(select(literal(None)), select(literal(1)))


@row("D015")
def value_rows() -> Iterator[Case]:
    v = values(column("a", Integer), column("b", String), name="v").data([(1, "x"), (2, "y")])
    yield "select", select(v)
    yield "columns", select(v.c.a, v.c.b.label("z")).where(v.c.a > 1)
    yield "anonymous", select(values(column("a", Integer)).data([(1,), (2,)]))
    yield "alias", select(values(column("a", Integer), name="v").data([(1,)]).alias("w").c.a)
    yield "anonymous alias", select(values(column("a", Integer), name="v").data([(1,)]).alias().c.a)
    yield (
        "literal",
        select(
            values(column("a", Integer), column("b", String), name="v", literal_binds=True).data(
                [(1, "it's")]
            )
        ),
    )
    yield "several data", select(v.data([(3, "z")]).data([(4, None)]))
    yield "rows of lists", select(values(column("a", Integer), name="v").data([[1], [2]]))
    yield (
        "expressions",
        select(
            values(column("a", Integer), column("d", DateTime), name="v").data([(literal(1) + 1, func.now())])
        ),
    )
    yield (
        "types",
        select(
            values(column("d", DateTime), column("n", Numeric(5, 2)), name="v").data(
                [(datetime.datetime(2026, 1, 2), 5)]
            )
        ),
    )
    yield "typeless", select(values(column("a"), column("b"), name="v").data([(1, "x")]))
    yield (
        "quoted",
        select(values(column("A b", Integer), column("select", String), name="My values").data([(1, "x")])),
    )
    yield "join", select(b.id, v.c.b).join(v, v.c.a == b.id)
    yield "in where", select(b.id).where(b.id.in_(select(v.c.a)))
    yield "scalar", select(b.id).where(tuple_(b.id, b.name).in_(v.scalar_values()))
    yield "scalar one", select(b.id == values(column("a", Integer)).data([(1,)]).scalar_values())
    yield "cte", select(v.cte("c"))
    yield "cte unnamed values", select(values(column("a", Integer)).data([(1,)]).cte("c").c.a)
    yield "cte joined", select(b.id).join(c := v.cte("c"), c.c.a == b.id)
    yield "lateral", select(b.id, values(column("n", Integer), name="l").data([(1,)]).lateral())
    yield "union", union(select(v), select(b.id, b.name))
    yield "subquery", select(select(v).subquery("s"))
    yield "update from", update(boss).values(name=v.c.b).where(b.id == v.c.a)
    yield "delete using", delete(boss).where(b.id == v.c.a)
    yield "insert from", insert(boss).from_select(["id", "name"], select(v))
    yield "group", select(v.c.b, func.sum(v.c.a)).group_by(v.c.b).order_by(v.c.b)


@row("D016")
def samples() -> Iterator[Case]:
    yield "method", select(boss.tablesample(5, name="x"))
    yield "anonymous", select(boss.tablesample(5).c.id)
    yield "seed", select(boss.tablesample(5, name="x", seed=func.f(3)).c.id)
    yield "function", select(tablesample(boss, func.bernoulli(1), name="x", seed=func.random()).c.id)
    yield "alias", select(boss.alias("q").tablesample(func.system(5), name="x").c.id)
    yield "join", select(b.id).join(x := task.tablesample(10, name="x"), x.c.boss_id == b.id)
    yield "expression", select(boss.tablesample(literal(5) + 5, name="x").c.id)
    yield "two", select(boss.tablesample(5, name="x").c.id, boss.tablesample(6, name="y").c.id)
    yield "orm", select(aliased(Boss, boss.tablesample(5, name="x")).id)


@row("D017")
def functions_in_from() -> Iterator[Case]:
    each = func.each(b.name)
    yield "one", select(func.gen(1, 5).table_valued("n"))
    yield "several", select(func.each("x").table_valued("key", "value"))
    yield "typed", select((f := func.gen(1).table_valued(column("n", Integer))).c.n + 1, f.c.n == 5)
    yield "named", select(func.gen(1).table_valued("n", name="g").c.n)
    yield "alias", select(func.gen(1).table_valued("n").alias("h").c.n)
    yield "of a column", select(b.id, each.table_valued("value").c.value)
    yield "joins implicitly", select(b.id, each.table_valued("value", joins_implicitly=True).c.value)
    yield "joined", select(b.id).join(f := each.table_valued("value"), true()).where(f.c.value == "x")
    yield "ordinality", select(func.gen(1).table_valued("n", with_ordinality="o"))
    yield "ordinality derived", select(func.gen(1).table_valued("n", with_ordinality="o").render_derived())
    yield "derived", select(func.gen(1).table_valued("n", name="g").render_derived())
    yield (
        "derived with types",
        select(
            func.rec("x")
            .table_valued(column("a", Integer), column("b", String))
            .render_derived(with_types=True)
        ),
    )
    yield "derived and named", select(func.gen(1).table_valued("n").render_derived(name="d"))
    yield "derived quoted", select(func.gen(1).table_valued("A b", name="select").render_derived())
    yield "column valued", select(func.gen(1).column_valued())
    yield "column valued named", select((x := func.gen(1).column_valued("x")) + 1, x)
    yield "column valued of a column", select(b.id, func.unnest(b.name).column_valued("u"))
    yield (
        "column valued implicit",
        select(b.id, func.unnest(b.name).column_valued("u", joins_implicitly=True)),
    )
    yield "column valued typed", select(func.gen(1, type_=Integer).column_valued("x") + 1)
    yield "column valued in where", select(b.id).where(b.id == func.gen(1).column_valued("x"))
    yield "function alias", select(func.gen(1).alias("g").column)
    yield "function alias in from", select(literal_column("n")).select_from(func.gen(1).alias("g"))
    yield "function in from", select(literal_column("n")).select_from(func.gen(1))
    yield (
        "scalar table valued",
        select(func.rec(b.id).scalar_table_valued("a"), func.rec(1).scalar_table_valued("b", Integer) + 1),
    )
    yield "table as row", select(func.row_to_json(boss.table_valued()))
    yield "alias as row", select(func.row_to_json(boss.alias("q").table_valued()))
    yield "subquery as row", select(func.row_to_json(select(b.id).subquery("q").table_valued()))
    yield "lateral", select(b.id, each.table_valued("value").lateral("l").c.value)
    yield "lateral derived", select(b.id, each.table_valued("value").render_derived().lateral("l").c.value)
    yield "two", select(func.gen(1).table_valued("n").c.n, func.gen(2).table_valued("n").c.n)
    yield "packages", select(func.pkg.sub.gen(1).table_valued("n"))
    yield (
        "in exists",
        select(b.id).where(exists().select_from(f := each.table_valued("value")).where(f.c.value == "x")),
    )
    yield (
        "in scalar",
        select(b.id, select(func.max((f := func.gen(b.id).table_valued("n")).c.n)).scalar_subquery()),
    )
    yield "cast", select(cast(func.gen(1).column_valued("x"), String))
    yield "cte", select(select(func.gen(1).table_valued("n")).cte("c"))
    yield "array", select(func.unnest(literal([1, 2], ARRAY(Integer))).column_valued("x"))


@row("D018")
def lightweight() -> Iterator[Case]:
    light = table("light", column("id", Integer), column("name", String), schema="s")
    yield "table", select(light)
    yield "no columns", select(table("empty"))
    yield "select", light.select().where(light.c.id == 5)
    yield "insert", light.insert().values(id=1, name="x")
    yield "update", light.update().where(light.c.id == 1).values(name="x")
    yield "delete", light.delete().where(light.c.id == 1)
    yield "alias", select(light.alias("l").c.name)
    yield "join", select(light.c.id).select_from(light.join(boss, light.c.id == b.id))
    yield "quoted", select(table("Big", column("Col"), column("a b"), column("order")))
    yield "quoted schema", select(table("x", column("y"), schema="My schema"))
    yield "column", select(column("x"))
    yield "typed column", select(column("x", Integer) + 5, column("x", String) + "y")
    yield "literal column", select(literal_column("x + 1"), literal_column("'a b'").label("c"))
    yield "typed literal column", select(literal_column("x", Integer) + 1, literal_column("x", String) + "y")
    yield "literal column is_literal", select(column("x y", is_literal=True), column("x y"))
    yield (
        "literal column percent",
        select(literal_column("5 % 3"), column("a%b"), table("c%d", column("e%f"))),
    )
    yield (
        "literal column order",
        select(literal_column("x").label("y")).order_by("y", literal_column("z").desc()),
    )
    yield "column of text select", select(column("x")).select_from(text("y"))
    yield (
        "column operators",
        select(column("a") == column("b"), column("a").in_([1, 2]), -column("a"), column("a").is_(None)),
    )
    yield "literal column in where", select(b.id).where(literal_column("a = 1"), literal_column("b"))
    yield "same columns", select(column("x"), column("x"), light.c.id, light.c.id)
    yield "in subquery", select(select(column("x"), literal_column("1 + 1")).subquery("q"))
    yield "schema of two", select(light, table("light", column("id")))
    yield "insert into lower-case", insert(table("q", column("a"))).values(a=5)


@row("D019")
def hints() -> Iterator[Case]:
    alias_ = boss.alias("q")
    yield "table hint", select(b.id).with_hint(boss, "HINT(%(name)s)")
    yield "hint of alias", select(alias_.c.id).with_hint(alias_, "HINT(%(name)s)")
    yield "hint of schema table", select(far.c.id).with_hint(far, "HINT(%(name)s)")
    for dialect in ("*", "sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"):
        yield f"hint for {dialect}", select(b.id).with_hint(boss, "H", dialect)
        yield f"statement hint for {dialect}", select(b.id).with_statement_hint("S", dialect)
        yield f"prefix for {dialect}", select(b.id).prefix_with("P", dialect=dialect)
        yield f"suffix for {dialect}", select(b.id).suffix_with("S", dialect=dialect)
    yield "two hints", select(b.id).with_hint(boss, "A").with_hint(task, "B").join(task)
    yield "hint of same table", select(b.id).with_hint(boss, "A").with_hint(boss, "B")
    yield "hint of unused table", select(b.id).with_hint(task, "B")
    yield "hint in subquery", select(select(b.id).with_hint(boss, "A").subquery())
    yield "hint of join", select(b.id, t.id).select_from(boss.join(task)).with_hint(task, "USE")
    yield "statement hints", select(b.id).with_statement_hint("A").with_statement_hint("B")
    yield "statement hint in subquery", select(select(b.id).with_statement_hint("A").subquery())
    yield "prefixes", select(b.id).prefix_with("A", "B").prefix_with(text("C"))
    yield "prefix with bind", select(b.id).prefix_with(text("x(:y)").bindparams(y=5))
    yield "prefix and distinct", select(b.id).distinct().prefix_with("HIGH")
    yield "suffixes", select(b.id).suffix_with("A", "B").suffix_with(text("C"))
    yield "suffix of union part", union(select(b.id).suffix_with("X"), select(t.id))
    yield (
        "everything",
        select(b.id)
        .with_hint(boss, "H")
        .with_statement_hint("S")
        .prefix_with("P")
        .suffix_with("X")
        .order_by(b.id)
        .limit(1)
        .with_for_update(),
    )
    yield "insert prefix", insert(boss).prefix_with("IGNORE").values(id=1)
    yield "insert prefix of dialect", insert(boss).prefix_with("OR IGNORE", dialect="sqlite").values(id=1)
    yield "update prefix", update(boss).prefix_with("LOW").values(id=1)
    yield "delete prefix", delete(boss).prefix_with("QUICK")
    yield "insert hint", insert(boss).with_hint("WITH (X)", selectable=boss).values(id=1)
    yield "update hint", update(boss).with_hint("WITH (X)").values(id=1)
    yield "update hint of dialect", update(boss).with_hint("WITH (X)", dialect_name="mssql").values(id=1)
    yield "delete hint", delete(boss).with_hint("WITH (X)").where(b.id == 1)
    yield "exists hint", select(b.id).where(exists(t.id).where(t.boss_id == b.id).with_hint(task, "H"))
    yield (
        "orm",
        select(Boss)
        .with_hint(Boss, "H(%(name)s)")
        .prefix_with("P")
        .suffix_with("S")
        .with_statement_hint("T"),
    )
    yield "orm alias", select(x := aliased(Boss, name="x")).with_hint(x, "H(%(name)s)")


@row("D020")
def label_styles() -> Iterator[Case]:
    q = select(b.id, t.id, b.name.label("n"), t.title, func.max(b.id), b.id + 1, literal(5))
    for style in (
        LABEL_STYLE_NONE,
        LABEL_STYLE_DISAMBIGUATE_ONLY,
        LABEL_STYLE_TABLENAME_PLUS_COL,
        LABEL_STYLE_DEFAULT,
    ):
        name = style.name
        yield name, q.set_label_style(style)
        yield f"{name} subquery", select(q.set_label_style(style).subquery("q"))
        yield f"{name} of tables", select(boss, task).set_label_style(style)
        yield f"{name} of aliases", select(boss.alias("x"), boss.alias()).set_label_style(style)
        yield f"{name} twice", select(b.id, b.id, t.id, t.id).set_label_style(style)
        yield f"{name} schema", select(far, task.c.id).set_label_style(style)
        yield (
            f"{name} quoted",
            select(b.order, far.c.Up, column("x"), table("A b", column("C d")).c["C d"]).set_label_style(
                style
            ),
        )
        yield (
            f"{name} clash",
            select(table("a", column("b_c")).c.b_c, table("a_b", column("c")).c.c).set_label_style(style),
        )
        yield f"{name} order", q.set_label_style(style).order_by("n", b.id, t.id)
        yield f"{name} union", select(union(q.set_label_style(style), q).subquery())
        if style is not LABEL_STYLE_NONE:  # see docs/from-sqlalchemy.md
            yield f"{name} cte", select(select(boss, task).set_label_style(style).cte("c"))
        yield f"{name} orm", select(Boss, Task).join(Boss.tasks).set_label_style(style)
        yield (
            f"{name} functions",
            select(func.f(b.id), func.f(t.id), cast(b.id, String), cast(t.id, String)).set_label_style(style),
        )
        yield f"{name} negations", select(~b.level, -b.id, b.name.desc(), -t.id).set_label_style(style)
    yield "again", q.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).set_label_style(LABEL_STYLE_NONE)
    yield (
        "inner and outer",
        select(
            select(boss, task).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery("q")
        ).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
    )


@row("D021")
def late_values() -> Iterator[Case]:
    x = bindparam("x", type_=Integer)
    q = select(b.id).where(b.level > x)
    yield "one", q.params(x=5)
    yield "mapping", q.params({"x": 5})
    yield "twice", q.params(x=5).params(x=6)
    yield "of two", q.where(b.name == bindparam("y")).params(x=5, y="z")
    yield "some", q.where(b.name == bindparam("y")).params(x=5)
    yield "unknown", q.params(z=5)
    yield "numbered", select(b.id).where(b.level > 5).params(level_1=6)
    yield "numbered literal", select(literal(5)).params(param_1=6)
    yield "numbered limit", select(b.id).order_by(b.id).limit(5).params(param_1=6)
    yield "numbered list", select(b.id).where(b.id.in_([1, 2])).params(id_1=[3])
    yield "before the parameter", select(b.id).params(x=5).where(b.level > x)
    yield "subquery", select(q.subquery()).params(x=5)
    yield "in subquery", select(q.params(x=5).subquery())
    yield "outer wins", select(q.params(x=5).subquery()).params(x=6)
    yield "scalar", select(q.scalar_subquery()).params(x=5)
    yield "exists", select(t.id).where(exists().where(b.level > x)).params(x=5)
    yield "cte", select(q.cte("c")).params(x=5)
    yield "union", union(q, select(t.id).where(t.cost == x)).params(x=5)
    yield "join", select(t.id).join(boss, b.level == x).params(x=5)
    yield "order", select(b.id).order_by(b.level * x).params(x=5)
    yield "text", text("SELECT :x, :y").params(x=1, y=2)
    yield "text columns", text("SELECT :x AS a").columns(column("a")).params(x=1)
    yield "text in where", select(b.id).where(text("level > :x")).params(x=1)
    yield "list", select(b.id).where(b.id.in_(bindparam("l", expanding=True))).params(l=[1, 2])
    yield "literal execute", select(b.id).where(b.id == bindparam("l", literal_execute=True)).params(l=1)
    yield "None", q.params(x=None)
    yield "orm", select(Boss).where(Boss.level > x).params(x=5)
    yield "orm subquery", select(aliased(Boss, select(Boss).where(Boss.level > x).subquery())).params(x=5)


@row("D022")
def options() -> Iterator[Case]:
    from relvar.orm import defer, joinedload, lazyload, load_only, selectinload, with_loader_criteria

    yield "execution options", select(b.id).execution_options(a=1)
    yield "union", union(select(b.id), select(t.id)).execution_options(a=1)
    yield "text", text("SELECT 1").execution_options(a=1)
    yield "insert", insert(boss).values(id=1).execution_options(a=1)
    yield "options of nothing", select(b.id).options()
    yield "joinedload", select(Boss).options(joinedload(Boss.tasks))
    yield "joinedload inner", select(Task).options(joinedload(Task.boss, innerjoin=True))
    yield "joinedload limited", select(Boss).options(joinedload(Boss.tasks)).limit(3)
    yield "selectinload", select(Boss).options(selectinload(Boss.tasks))
    yield "lazyload", select(Boss).options(lazyload("*"))
    yield "load_only", select(Boss).options(load_only(Boss.name))
    yield "defer", select(Boss).options(defer(Boss.name), defer(Boss.level))
    yield "criteria", select(Boss).options(with_loader_criteria(Boss, Boss.level > 5))


@row("D023")
def generative() -> Iterator[Case]:
    base = select(b.id)
    changed = [
        base.add_columns(b.name),
        base.where(b.id == 1),
        base.join(task),
        base.order_by(b.id),
        base.group_by(b.id),
        base.having(b.id > 1),
        base.limit(1),
        base.offset(1),
        base.fetch(1),
        base.distinct(),
        base.with_for_update(),
        base.with_hint(boss, "H"),
        base.with_statement_hint("S"),
        base.prefix_with("P"),
        base.suffix_with("S"),
        base.correlate(task),
        base.correlate_except(task),
        base.select_from(task),
        base.with_only_columns(b.name),
        base.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
        base.add_cte(select(t.id).cte("c")),
        base.reduce_columns(),
    ]
    yield "untouched", base
    for number, statement in enumerate(changed):
        yield f"change {number}", statement
        yield f"change {number} and more", statement.where(b.level == number)
    everything = base
    everything = everything.join(task).where(t.cost > 1).group_by(b.id).having(func.count() > 1)
    everything = everything.order_by(b.id).limit(5).offset(1).distinct().with_for_update()
    yield "chained", everything
    yield "from one base", and_(*[or_(b.id == 1, b.id == 2)])
    added = insert(boss).values(id=1)
    yield "insert", added
    yield "insert changed", added.values(name="x")
    yield "insert returning", added.returning(b.id)
    changed_row = update(boss).values(name="x")
    yield "update", changed_row
    yield "update where", changed_row.where(b.id == 1)
    yield "update more values", changed_row.values(level=1)
    gone = delete(boss)
    yield "delete", gone
    yield "delete where", gone.where(b.id == 1)
    both = union(base, select(t.id))
    yield "union", both
    yield "union changed", both.order_by("id").limit(1)


@row("D024")
def texts() -> Iterator[Case]:
    yield "names", text("SELECT :a, :b, :a, :long_name1")
    yield "not names", text(r"SELECT a::int, ':quoted', x:y, \:escaped, 12:30:00, ::, :")
    yield "brackets", text("SELECT (:a),:b;:c")
    yield "percent", text("SELECT 5 % 3, '%s', '%(x)s', '%%' WHERE x LIKE '%a' AND y = :y")
    yield "bind types", text("SELECT :d").bindparams(bindparam("d", type_=DateTime))
    yield "bind values", text("SELECT :a, :b").bindparams(a=1, b="x")
    yield "bind twice", text("SELECT :a").bindparams(a=1).bindparams(a=2)
    yield "bind typed value", text("SELECT :a").bindparams(bindparam("a", 5, Integer))
    yield "bind keeps type", text("SELECT :a").bindparams(bindparam("a", type_=String)).bindparams(a="x")
    yield (
        "expanding",
        text("SELECT 1 WHERE a IN :a AND b IN :b").bindparams(
            bindparam("a", expanding=True), bindparam("b", [1, 2], expanding=True)
        ),
    )
    yield "unique", text("SELECT :a").bindparams(bindparam("a", 1, unique=True))
    typed = text("SELECT id, name FROM boss").columns(b.id, b.name)
    yield "columns", typed
    yield "columns by name", text("SELECT id, at FROM x").columns(id=Integer, at=DateTime)
    yield "columns mixed", text("SELECT id, at FROM x").columns(column("id", Integer), at=DateTime)
    yield "columns and types", text("SELECT id, at FROM x").columns(column("id"), column("at"), at=DateTime)
    yield "subquery", select(typed.subquery("q")).where(column("id") == 5)
    yield "subquery columns", select(typed.subquery("q").c.name)
    yield "anonymous subquery", select(typed.subquery())
    yield "alias", select(typed.alias("q").c.id)
    yield "cte", select(typed.cte("q").c.id)
    yield "lateral", select(b.id, typed.lateral("q").c.name)
    yield "scalar", select(text("SELECT 1").columns(column("x", Integer)).scalar_subquery() + 1)
    yield "exists", select(text("SELECT 1").columns(column("x")).exists())
    yield "in IN", select(b.id).where(b.id.in_(text("SELECT 1").columns(column("x"))))
    yield "in IN as text", select(b.id).where(b.id.in_(text("(SELECT 1)")))
    yield "union", union(select(b.id, b.name), typed)
    yield "join", select(t.id).join(q := typed.subquery("q"), q.c.id == t.boss_id)
    yield (
        "entity",
        select(aliased(Boss, text("SELECT * FROM boss").columns(Boss.id, Boss.name).subquery("q")).name),
    )
    yield (
        "from_statement",
        select(Boss).from_statement(text("SELECT * FROM boss WHERE id = :x").bindparams(x=5)),
    )
    yield "from_statement columns", select(Boss).from_statement(text("SELECT id FROM boss").columns(Boss.id))
    yield "in columns", select(text("a"), text("b AS c"), b.id)
    yield "in where", select(b.id).where(text("a > :x"), or_(text("b"), text("c"))).params(x=5)
    yield "in order", select(b.id).order_by(text("a DESC"), text("b")).group_by(text("c"))
    yield "in having", select(b.id).group_by(b.id).having(text("count(*) > 1"))
    yield "in function", select(func.f(text("DISTINCT x")))
    yield "in from", select(text("x")).select_from(text("y JOIN z USING (a)"), boss)
    yield "in join", select(b.id).join(task, text("a = b"))
    yield "in comparison", select(b.id == text("x"), b.id + text("y"), b.id.between(text("1"), text("2")))
    yield "in values", insert(boss).values(name=text("'x'"), level=text(":y"))
    yield "in update", update(boss).values(level=text("level + 1")).where(text("id = 1"))
    yield "self group", select(b.id.in_([1])).where(and_(text("a"), b.id == 1))


@row("D025")
def template_strings() -> Iterator[Case]:
    yield (
        "values",
        tstring(template("SELECT ", {"v": 5}, ", ", {"v": "it's"}, ", ", {"v": None}, ", ", {"v": True})),
    )
    yield "only text", tstring(template("SELECT ':x', a::int, 5 % 3, '%s'"))
    yield "table and columns", tstring(template("SELECT ", b.id, ", ", t.title, " FROM ", boss, ", ", task))
    yield "quoted", tstring(template("SELECT ", b.order, ", ", far.c.Up, " FROM ", far))
    yield "alias", tstring(template("SELECT ", (z := boss.alias("z")).c.id, " FROM ", z))
    yield (
        "expressions",
        tstring(template("SELECT ", b.level + 1, " FROM x WHERE ", or_(b.id == 1, b.id == 2))),
    )
    yield "function", tstring(template("SELECT ", func.max(b.id), ", ", func.now()))
    yield "select", tstring(template("SELECT * FROM ", select(b.id, b.name).where(b.level > 5), " q"))
    yield "subquery", tstring(template("SELECT * FROM ", select(b.id).subquery("q")))
    yield "scalar", tstring(template("SELECT ", select(func.max(b.id)).scalar_subquery()))
    yield (
        "nested",
        tstring(template("SELECT 1 WHERE ", tstring(template("x = ", {"v": 7}, " AND ", b.id == 5)))),
    )
    yield "text", tstring(template("SELECT ", text("a + :b").bindparams(b=5), ", ", literal_column("now()")))
    yield "bind", tstring(template("SELECT ", bindparam("q", 5), ", ", bindparam("r")))
    yield "list", tstring(template("SELECT 1 WHERE a IN ", bindparam("q", [1, 2], expanding=True)))
    yield "same value twice", tstring(template({"v": 5}, " ", {"v": 5}, " ", {"v": 6}))
    yield (
        "columns",
        select(tstring(template("SELECT a FROM ", boss)).columns(column("a", Integer)).subquery("q").c.a + 1),
    )
    yield "columns by name", tstring(template("SELECT a, b FROM ", boss)).columns(a=Integer, b=String)
    yield "cte", select(tstring(template("SELECT a FROM ", boss)).columns(a=Integer).cte("c").c.a)
    yield "in where", select(b.id).where(tstring(template(b.level, " > ", {"v": 3})), b.id == 5)
    yield "in or", select(b.id).where(or_(tstring(template("a = ", {"v": 3})), b.id == 5))
    yield (
        "in order",
        select(b.id).order_by(tstring(template("x ", b.name, " DESC"))).group_by(tstring(template("y"))),
    )
    yield "in from", select(b.id).select_from(tstring(template("foo(", {"v": 3}, ")")))
    yield "in join", select(b.id).join(task, tstring(template(b.id, " = ", t.boss_id)))
    yield "in function", select(func.f(tstring(template("x ", {"v": 3}))))
    yield "in comparison", select(b.id == tstring(template("x ", {"v": 3})))
    yield (
        "in update",
        update(boss)
        .values(level=tstring(template("level + ", {"v": 1})))
        .where(tstring(template("a = ", {"v": 2}))),
    )
    yield "in insert", insert(boss).values(level=tstring(template("1 + ", {"v": 1})))
    yield "params", tstring(template("SELECT ", bindparam("q"))).params(q=5)
    yield "label", tstring(template("SELECT ", b.id.label("x")))
    yield (
        "orm",
        tstring(template("SELECT ", Boss.id, ", ", Boss.name, " FROM ", Boss, " WHERE ", Boss.level > 5)),
    )
    yield "orm alias", tstring(template("SELECT * FROM ", aliased(Boss, name="q")))
    yield (
        "from_statement",
        select(Boss).from_statement(tstring(template("SELECT * FROM ", Boss, " WHERE id = ", {"v": 5}))),
    )


@row("D026")
def column_collections() -> Iterator[Case]:
    yield "two", select(boss.c["id", "name"])
    yield "one by tuple", select(boss.c["id",])
    yield "positions", select(boss.c[0], boss.c[1])
    yield "slice", select(*boss.c[1:3])
    yield "key", select(task.c["title"], task.c["id", "title"])
    yield "alias", select(boss.alias("q").c["id", "name"])
    yield "subquery", select(select(boss).subquery("q").c["id", "level"])
    yield "all", select(*boss.c)
    yield "by items", select(*[c for name, c in boss.c.items() if name != "id"])
    yield "by keys", select(*[boss.c[name] for name in boss.c.keys()])
    yield "by values", select(*boss.c.values()[:2])
    yield "contained", select(*[c for c in (b.id, t.id) if boss.c.contains_column(c)])
    yield "of join", select(*boss.join(task).c.values())
    yield "join key", select(boss.join(task).c.task_title)
    yield "join tuple", select(boss.join(task).c["boss_name", "task_title"])
    yield "corresponding", select(select(boss).subquery("q").c.corresponding_column(b.name))
    yield (
        "named like methods",
        select(
            (
                odd := table(
                    "odd", column("keys"), column("values"), column("items"), column("get"), column("add")
                )
            ).c["keys"],
            odd.c["values"],
            odd.c.add,
        ),
    )
    yield "pair", select(pair.c["b", "a"])
