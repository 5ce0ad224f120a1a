"""INSERT, UPDATE and DELETE: their SQL text on each dialect, per row of features.tsv."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    JSON,
    Column,
    Computed,
    DateTime,
    FetchedValue,
    ForeignKey,
    Identity,
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
    exists,
    from_dml_column,
    func,
    insert,
    lateral,
    literal,
    literal_column,
    null,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from relvar.dialects import mysql, postgresql, sqlite

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("full name", String(50), key="full_name"),
    Column("order", Integer),
    Column("data", JSON),
)
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("name", String(50)),
    Column("n", Integer, onupdate=5),
)
tags = Table(
    "tags",
    metadata,
    Column("a", Integer, primary_key=True),
    Column("b", Integer, primary_key=True),
    Column("note_id", ForeignKey("notes.id")),
    Column("x", Integer),
)
made = Table(
    "made",
    metadata,
    Column("id", Integer, Sequence("made_seq"), primary_key=True),
    Column("a", Integer, default=5),
    Column("b", Integer, default=func.foo(1)),
    Column("c", Integer, default=lambda: 3),
    Column("e", Integer, server_default="9"),
    Column("f", Integer, Computed("a + 1")),
    Column("g", Integer, onupdate=7),
    Column("h", Integer, onupdate=func.bar(2)),
    Column("i", Integer, server_onupdate=FetchedValue()),
    Column("j", Integer, Sequence("j_seq", optional=True)),
    Column("k", Integer, default=select(func.max(users.c.order)).scalar_subquery()),
    Column("at", DateTime, default=func.now(), onupdate=func.now()),
)
ident = Table("ident", metadata, Column("id", Integer, Identity(), primary_key=True), Column("v", Integer))
far = Table(
    "far",
    metadata,
    Column("Id", Integer, primary_key=True),
    Column("select", String(5)),
    Column("from", Integer, key="origin"),
    schema="my schema",
)
bare = table("bare", column("x", Integer), column("y"))
only = Table("only_defaults", metadata, Column("a", Integer, default=1), Column("b", Integer))
nodes = Table(
    "nodes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("nodes.id")),
    Column("n", Integer),
)

u, n, t, m, f = users.c, notes.c, tags.c, made.c, far.c

Case = tuple[str, Any]
CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Iterator[Case]]], Callable[[], Iterator[Case]]]:
    """Register the cases of a feature row."""

    def register(function: Callable[[], Iterator[Case]]) -> Callable[[], Iterator[Case]]:
        CASES[name] = function
        return function

    return register


@row("D027")
def inserts() -> Iterator[Case]:
    yield "all defaults", insert(made)
    yield "one default given", insert(made).values(a=1)
    yield "null for default", insert(made).values(a=None, b=null(), e=None)
    yield "expression for default", insert(made).values(a=func.foo(), id=literal_column("7"))
    yield "inline", insert(made).values(a=1).inline()
    yield "inline, nothing", insert(made).inline()
    yield "many with defaults", insert(made).values([{"a": 1}, {"a": 2}, {"a": 3}])
    yield "many, keys differ", insert(made).values([{"a": 1, "e": 2}, {"a": 2, "e": func.foo()}])
    yield "many, first has less", insert(only).values([{"b": 1}, {"b": 2, "a": 5}])
    yield "many, later has default", insert(only).values([{"b": 1, "a": 4}, {"b": 2}])
    yield "many twice", insert(users).values([{"name": "a"}]).values([{"name": "b"}, {"name": "c"}])
    yield (
        "many expressions",
        insert(users).values(
            [
                {"name": func.lower("A"), "order": 1},
                {"name": literal("b"), "order": select(func.max(n.n)).scalar_subquery()},
                {"name": null(), "order": literal_column("4") + 5},
            ]
        ),
    )
    yield (
        "many by column",
        insert(users).values([{u.name: "a", u["full_name"]: "b"}, {u.name: "c", "full_name": "d"}]),
    )
    yield "many one row", insert(users).values([{"name": "a"}])
    yield "tuple", insert(tags).values((1, 2, 3, 4))
    yield "short tuple", insert(tags).values((1, 2))
    yield "list", insert(tags).values([1, 2, 3, 4])
    yield "tuples", insert(tags).values([(1, 2, 3, 4), (5, 6, 7, 8)])
    yield "values twice", insert(users).values(name="a").values(order=5).values(name="c")
    yield "empty", insert(users).values({})
    yield "empty inline", insert(users).values({}).inline()
    yield "names", insert(far).values(select="x", origin=4)
    yield "names, many", insert(far).values([{"select": "x", "origin": 4}, {"select": "y", "origin": 5}])
    yield "lightweight", insert(bare)
    yield "lightweight values", insert(bare).values(x=1, y=func.foo())
    yield "lightweight tuple", insert(bare).values((1, 2))
    yield "bind", insert(users).values(name=bindparam("new_name"), order=bindparam("o", type_=String))
    yield "bind with value", insert(users).values(name=bindparam("new_name", "val"))
    yield "unique bind", insert(users).values(name=bindparam("new_name", "val", unique=True))
    yield (
        "bind in expression",
        insert(users).values(name=func.lower(bindparam("given")), order=bindparam("o") + 1),
    )
    yield "case", insert(users).values(order=case((literal(1) == 2, 3), else_=4))
    yield "cast", insert(users).values(name=cast(5, String(9)))
    yield "json", insert(users).values(data={"a": [1]})
    yield "json null", insert(users).values(data=JSON.NULL)
    yield "json sql null", insert(users).values(data=null())
    yield "sequence value", insert(users).values(id=Sequence("s").next_value())
    yield "correlated", insert(users).values(order=select(n.n).where(n.id == 1).scalar_subquery())
    yield "own table in subquery", insert(users).values(order=select(func.max(u.order)).scalar_subquery())
    yield "bare select as value", insert(users).values(order=select(n.n).where(n.id == 1))
    yield "prefix", insert(users).values(name="a").prefix_with("OR REPLACE")
    yield "prefixes", insert(users).prefix_with("X").prefix_with("Y", dialect="sqlite").values(name="a")
    yield "hint", insert(users).values(name="a").with_hint("WITH (PAGLOCK)", dialect_name="mssql")
    yield "identity", insert(ident).values(v=1)
    yield "identity given", insert(ident).values(id=5, v=1)
    yield "identity bare", insert(ident).values({})
    yield "text value", insert(users).values(name=text("'x'"))
    yield "schema translated text", insert(far).values(select=text(":x").bindparams(x=4))
    yield "from select", insert(users).from_select(["id", "name"], select(n.id, n.name))
    yield "from select columns", insert(users).from_select([u.name, u["full_name"]], select(n.name, n.name))
    yield "from select where", insert(users).from_select(["name"], select(n.name).where(n.n > 5).limit(3))
    yield "from select own", insert(users).from_select(["name"], select(u.name).where(u.id == 1))
    yield "from select defaults", insert(made).from_select(["a"], select(u.order))
    yield "from select no defaults", insert(made).from_select(["a"], select(u.order), include_defaults=False)
    yield "from select default distinct", insert(made).from_select(["a"], select(u.order).distinct())
    yield (
        "from select group",
        insert(made).from_select(["a"], select(u.order).group_by(u.order).having(func.count() > 1)),
    )
    yield "from select literal", insert(users).from_select(["id", "name"], select(literal(5), literal("x")))
    yield "from union", insert(users).from_select(["name"], union(select(n.name), select(u.name)))
    yield (
        "from union all limited",
        insert(users).from_select(["name"], union_all(select(n.name), select(u.name)).limit(2)),
    )
    yield (
        "from union defaults",
        insert(only).from_select(["b"], union(select(n.n), select(u.order)), include_defaults=False),
    )
    cte = select(n.name).where(n.n == 1).cte("c")
    yield "from select with cte", insert(users).from_select(["name"], select(cte.c.name))
    yield (
        "from values",
        insert(users).from_select(
            ["id", "name"],
            select(values(column("a", Integer), column("b", String), name="v").data([(1, "x"), (2, "y")])),
        ),
    )
    yield (
        "from text",
        insert(users).from_select(["id", "name"], text("SELECT 1, :b").columns(column("a"), column("b"))),
    )
    yield "from select names", insert(far).from_select(["select", "origin"], select(u.name, u.order))
    yield "from alias", insert(users).from_select(["name"], select(notes.alias("q").c.name))
    yield "from aliased subquery", insert(users).from_select(["name"], select(select(n.name).subquery()))
    yield "from select lightweight", insert(bare).from_select(["x", "y"], select(n.id, n.n))
    yield "from select order", insert(users).from_select(["name"], select(n.name).order_by(n.id.desc()))
    yield "method", users.insert().values(name="x")
    yield "label values", insert(users).values(name=func.foo().label("q"))
    yield "column value", insert(users).values(name=literal_column("q"))
    yield "boolean value", insert(users).values(order=true())


@row("D028")
def updates() -> Iterator[Case]:
    yield "everything", update(users)
    yield "onupdates", update(made).values(a=1)
    yield "onupdates overridden", update(made).values(a=1, g=None, h=func.foo(), i=4)
    yield "onupdates, none given", update(made)
    yield "inline", update(made).values(a=1).inline()
    yield "names", update(far).values(select="x", origin=4).where(f.Id == 5, f.origin > 3)
    yield "by column", update(users).values({u["full_name"]: "x", "order": u.order + 1})
    yield "values twice", update(users).values(name="a").values(order=5).values(name="b")
    yield "same name in where", update(users).values(name="x").where(u.name == "y", u.name != "z")
    yield "bind in where", update(users).values(name=bindparam("new")).where(u.id == bindparam("which"))
    yield "bind in expression", update(users).values(order=u.order + bindparam("by"))
    yield "case", update(users).values(name=case((u.order > 5, "x"), else_=u.name))
    yield "tuple where", update(users).values(name="x").where(tuple_(u.id, u.order).in_([(1, 2), (3, 4)]))
    yield "correlated", update(users).values(name=select(n.name).where(n.user_id == u.id).scalar_subquery())
    yield "correlated bare", update(users).values(name=select(n.name).where(n.user_id == u.id))
    yield (
        "correlated limit",
        update(users).values(
            name=select(n.name).where(n.user_id == u.id).order_by(n.n).limit(1).scalar_subquery()
        ),
    )
    yield (
        "correlated explicitly",
        update(users).values(name=select(n.name).where(n.user_id == u.id).correlate(users).scalar_subquery()),
    )
    yield (
        "not correlated",
        update(users).values(order=select(func.max(u.order)).correlate(None).scalar_subquery()),
    )
    yield "own maximum", update(users).values(order=select(func.max(u.order)).scalar_subquery())
    other = users.alias("other")
    yield (
        "own alias maximum",
        update(users).values(
            order=select(func.max(other.c.order)).where(other.c.id < u.id).scalar_subquery()
        ),
    )
    yield (
        "where exists",
        update(users).values(name="x").where(exists().where(n.user_id == u.id, n.name == u.name)),
    )
    yield (
        "where in",
        update(users).values(name="x").where(u.id.in_(select(n.user_id).where(n.name == u.name))),
    )
    yield (
        "where scalar",
        update(users).values(name="x").where(u.name == select(n.name).where(n.id == u.id).scalar_subquery()),
    )
    yield "from one", update(users).values(name=n.name).where(n.user_id == u.id)
    yield "from where only", update(users).values(name="x").where(n.user_id == u.id, n.name == "y")
    yield "from values only", update(users).values(name=n.name)
    yield "from two", update(users).values(name=n.name, order=t.x).where(n.user_id == u.id, t.note_id == n.id)
    yield "from alias", update(users).values(name=notes.alias("q").c.name)
    q = notes.alias("q")
    yield "from one alias", update(users).values(name=q.c.name).where(q.c.user_id == u.id)
    yield "from self alias", update(users).values(name=other.c.name).where(other.c.order == u.id)
    sub = select(n.user_id, func.max(n.name).label("name")).group_by(n.user_id).subquery("sub")
    yield "from subquery", update(users).values(name=sub.c.name).where(sub.c.user_id == u.id)
    anon = select(n.user_id, n.name).subquery()
    yield "from anonymous", update(users).values(name=anon.c.name).where(anon.c.user_id == u.id)
    v = values(column("id", Integer), column("name", String), name="v").data([(1, "x"), (2, "y")])
    yield "from values()", update(users).values(name=v.c.name).where(v.c.id == u.id)
    j = notes.join(tags, n.id == t.note_id)
    yield (
        "from join",
        update(users).values(name=n.name).where(n.user_id == u.id, n.id.in_(select(n.id).select_from(j))),
    )
    yield "from names", update(users).values(name=f.select).where(f.Id == u.id)
    yield "names from", update(far).values(select=u.name, origin=u.order).where(f.Id == u.id)
    yield "from onupdate", update(made).values(a=u.order).where(m.id == u.id)
    yield (
        "from same column names",
        update(users).values(name=n.name, order=5).where(n.user_id == u.id, n.name == "a", u.name == "b"),
    )
    yield (
        "from lateral",
        (lambda s: update(users).values(name=s.c.name).where(s.c.name == u.name))(
            lateral(select(n.name).where(n.n == 1), "l")
        ),
    )
    yield "two tables set", update(users).values({u.name: "a", n.name: "b"}).where(u.id == n.user_id)
    yield (
        "two tables set, from both",
        update(users).values({u.name: n.name, n.n: u.order}).where(u.id == n.user_id),
    )
    yield (
        "two tables set, one key",
        update(users).values({u.name: "a", n.name: u.name, n.id: 3}).where(u.id == n.user_id),
    )
    yield (
        "three tables set",
        update(users).values({u.name: "a", n.name: "b", t.x: 3}).where(u.id == n.user_id, t.note_id == n.id),
    )
    yield "other table set alone", update(users).values({n.name: "b"}).where(u.id == n.user_id)
    yield "other table's onupdate", update(users).values({u.name: "a", m.a: 4}).where(u.id == m.id)
    yield "alias set", update(users).values({u.name: "a", q.c.name: "b"}).where(u.id == q.c.user_id)
    yield (
        "two tables, ordered",
        update(users).ordered_values((n.name, "b"), (u.name, "a")).where(u.id == n.user_id),
    )
    yield (
        "ordered",
        update(users).ordered_values(("order", u.order + 1), ("name", "x"), (u["full_name"], u.name)),
    )
    yield "ordered onupdate", update(made).ordered_values(("e", 1), ("a", 2))
    yield (
        "ordered from",
        update(users).ordered_values((u.order, 3), (u.name, n.name)).where(u.id == n.user_id),
    )
    yield "alias", update(users.alias("q")).values(name="x")
    qu = users.alias("q")
    yield "alias where", update(qu).values(name="x", order=qu.c.order + 1).where(qu.c.id == 5)
    yield "alias from", update(qu).values(name=n.name).where(qu.c.id == n.user_id)
    yield "lightweight", update(bare).values(x=5).where(bare.c.y == 4)
    yield "lightweight from", update(bare).values(x=u.order).where(bare.c.y == u.id)
    yield "json part", update(users).values({u.data["a"]: 5})
    yield "null", update(users).values(name=null(), order=None)
    yield "true", update(users).values(order=1).where(true())
    yield "text", update(users).values(name=text("'x'")).where(text("id = :i").bindparams(i=4))
    yield "literal column", update(users).values(name=literal_column("upper(name)"))
    yield "prefix", update(users).prefix_with("LOW_PRIORITY", dialect="mysql").values(name="x")
    yield "hint", update(users).values(name="x").with_hint("WITH (PAGLOCK)", dialect_name="mssql")
    yield (
        "hint on other",
        update(users)
        .values(name=n.name)
        .where(u.id == n.user_id)
        .with_hint("WITH (PAGLOCK)", selectable=notes, dialect_name="mssql"),
    )
    yield "filter_by", update(users).filter_by(name="x", order=4).values(name="y")
    yield "ctes in where", update(users).values(name="x").where(u.id.in_(select(select(n.id).cte("c").c.id)))
    yield (
        "aggregate filter",
        update(users).values(order=select(func.count(n.id)).where(n.user_id == u.id).scalar_subquery() + 1),
    )
    yield (
        "nested correlation",
        update(users).values(
            name=select(n.name)
            .where(n.user_id == u.id, exists().where(t.note_id == n.id, t.x == u.order))
            .scalar_subquery()
        ),
    )


@row("D029")
def deletes() -> Iterator[Case]:
    yield "names", delete(far).where(f.Id == 5, f["select"] == "x")
    yield "from one", delete(users).where(u.id == n.user_id)
    yield "from two", delete(users).where(u.id == n.user_id, t.note_id == n.id)
    yield "using", delete(users).using(notes).where(u.id == n.user_id)
    yield "using two", delete(users).using(notes, tags).where(u.id == n.user_id)
    yield "using twice", delete(users).using(notes).using(tags).where(u.id == n.user_id)
    yield "using unused", delete(users).using(notes)
    yield "using and where", delete(users).using(tags).where(u.id == n.user_id)
    yield "using join", delete(users).using(notes.join(tags)).where(u.id == n.user_id)
    q = notes.alias("q")
    yield "using alias", delete(users).using(q).where(u.id == q.c.user_id)
    other = users.alias("other")
    yield "using self", delete(users).using(other).where(u.id > other.c.id, u.name == other.c.name)
    yield "self", delete(users).where(u.id > other.c.id, u.name == other.c.name)
    sub = select(n.user_id).where(n.n > 5).subquery("sub")
    yield "using subquery", delete(users).using(sub).where(u.id == sub.c.user_id)
    anon = select(n.user_id).where(n.n > 5).subquery()
    yield "subquery", delete(users).where(u.id == anon.c.user_id)
    yield "using names", delete(far).using(users).where(f.Id == u.id)
    yield "names in using", delete(users).using(far).where(f.Id == u.id)
    qu = users.alias("q")
    yield "alias", delete(qu).where(qu.c.id == 5)
    yield "alias using", delete(qu).using(notes).where(qu.c.id == n.user_id)
    v = values(column("id", Integer), name="v").data([(1,), (2,)])
    yield "using values", delete(users).using(v).where(v.c.id == u.id)
    yield "correlated", delete(users).where(exists().where(n.user_id == u.id))
    yield "not in", delete(users).where(u.id.not_in(select(n.user_id).where(n.name == u.name)))
    yield (
        "own maximum",
        delete(users).where(u.order < select(func.max(u.order)).correlate(None).scalar_subquery()),
    )
    yield "in list", delete(users).where(u.id.in_([1, 2, 3]))
    yield "in empty", delete(users).where(u.id.in_([]))
    yield "tuple in", delete(tags).where(tuple_(t.a, t.b).in_([(1, 2), (3, 4)]))
    yield "bind", delete(users).where(u.id == bindparam("which"))
    yield "text", delete(users).where(text("id > 5"))
    yield "filter_by", delete(users).filter_by(name="x", id=4)
    yield "lightweight", delete(bare).where(bare.c.x == 5)
    yield "lightweight using", delete(bare).where(bare.c.x == u.id)
    yield "prefix", delete(users).prefix_with("QUICK")
    yield "hint", delete(users).with_hint("WITH (PAGLOCK)", dialect_name="mssql")
    yield (
        "hint on other",
        delete(users)
        .where(u.id == n.user_id)
        .with_hint("WITH (PAGLOCK)", selectable=notes, dialect_name="mssql"),
    )


@row("D030")
def returned() -> Iterator[Case]:
    for name, statement in {
        "insert": insert(users).values(name="x"),
        "insert made": insert(made).values(a=1),
        "insert many": insert(users).values([{"name": "x"}, {"name": "y"}]),
        "insert from select": insert(users).from_select(["name"], select(n.name)),
        "insert inline": insert(made).values(a=1).inline(),
        "update": update(users).values(name="x").where(u.id == 5),
        "update from": update(users).values(name=n.name).where(u.id == n.user_id),
        "delete": delete(users).where(u.id == 5),
        "delete from": delete(users).where(u.id == n.user_id),
    }.items():
        target = made if name.endswith(("made", "inline")) else users
        c = target.c
        yield name, statement.returning(c.id)
        yield f"{name}, all", statement.returning(target)
        yield f"{name}, twice", statement.returning(c.id).returning(c.id + 1)
        yield f"{name}, same twice", statement.returning(c.id, c.id)
        yield (
            f"{name}, label",
            statement.returning(c.id.label("the id"), func.lower(cast(c.id, String)).label("l")),
        )
        yield (
            f"{name}, function",
            statement.returning(func.abs(c.id), literal("x"), literal_column("5"), text("7")),
        )
        yield f"{name}, subquery", statement.returning(select(func.count(t.a)).scalar_subquery())
        yield f"{name}, defaults", statement.return_defaults()
        yield f"{name}, some defaults", statement.return_defaults(c.id)
        yield f"{name}, supplemental", statement.return_defaults(supplemental_cols=[c.id])
        yield f"{name}, both", statement.return_defaults(c.id, supplemental_cols=[list(c)[2]])
        if name.startswith("insert"):
            yield f"{name}, sorted", statement.returning(c.id, sort_by_parameter_order=True)
            yield f"{name}, defaults sorted", statement.return_defaults(c.id, sort_by_parameter_order=True)
    yield (
        "other table",
        update(users).values(name=n.name).where(u.id == n.user_id).returning(u.id, n.name, n.id),
    )
    yield "other table deleted", delete(users).where(u.id == n.user_id).returning(u.id, n.name)
    yield "names", insert(far).values(select="x").returning(far)
    yield "names updated", update(far).values(select="x").returning(f["select"], f.origin)
    yield "names deleted", delete(far).returning(f.Id, f["select"].label("from"))
    yield "schema and alias", update(users.alias("q")).values(name="x").returning(text("q.id"))
    yield "computed", update(made).values(a=1).return_defaults(m.f, m.h, m.i)
    yield "onupdates", update(made).values(a=1).return_defaults()
    yield "expression set", update(made).values(a=m.a + 1).return_defaults()
    yield "identity", insert(ident).values(v=1).returning(ident.c.id)
    yield "given expression key", insert(users).values(id=func.foo())
    yield "given expression key, defaults", insert(users).values(id=func.foo()).return_defaults()
    yield "defaults twice", insert(made).values(a=1).return_defaults(m.e).return_defaults(m.f)
    yield "type", insert(users).values(data={}).returning(u.data, u.data["a"])
    yield "case", delete(users).returning(case((u.id > 5, "x"), else_="y"))


@row("D032")
def with_ctes() -> Iterator[Case]:
    c = select(n.user_id, n.name).where(n.n > 5).cte("c")
    yield "insert", insert(users).from_select(["name"], select(c.c.name))
    yield "insert added", insert(users).from_select(["name"], select(c.c.name)).add_cte(c)
    yield "insert values", insert(users).values(order=select(func.count(c.c.name)).scalar_subquery())
    yield "insert values added", insert(users).values(name="x").add_cte(c)
    yield "update where", update(users).values(name="x").where(u.id.in_(select(c.c.user_id)))
    yield "update from", update(users).values(name=c.c.name).where(u.id == c.c.user_id)
    yield "update added", update(users).values(name="x").add_cte(c)
    yield "delete where", delete(users).where(u.id.in_(select(c.c.user_id)))
    yield "delete using", delete(users).where(u.id == c.c.user_id)
    yield "delete added", delete(users).add_cte(c)
    d = delete(notes).where(n.n > 5).returning(n.user_id, n.name).cte("gone")
    yield "delete selected", select(d)
    yield "delete inserted", insert(users).from_select(["id", "name"], select(d.c.user_id, d.c.name))
    yield "delete updated", update(users).values(name=d.c.name).where(u.id == d.c.user_id)
    i = insert(users).values(name="x", order=4).returning(u.id).cte("added")
    yield "insert selected", select(i.c.id)
    yield "insert inserted", insert(notes).from_select(["user_id"], select(i.c.id))
    yield "insert used twice", select(i.c.id, select(func.count(i.c.id)).scalar_subquery())
    up = update(users).values(name="y", order=u.order + 1).where(u.id == 7).returning(u).cte("changed")
    yield "update selected", select(up).where(up.c.order > 3)
    yield "update joined", select(n.id, up.c.name).join(up, up.c.id == n.user_id)
    yield (
        "update same column",
        update(users).values(name="z").where(u.id == select(up.c.id).scalar_subquery()),
    )
    im = insert(made).values(a=1).returning(m.id, m.a).cte("i")
    yield "defaults in cte", select(im)
    uo = update(made).values(a=1).returning(m.id).cte("i")
    yield "onupdates in cte", select(uo)
    yield "no returning", select(literal(1)).add_cte(insert(users).values(name="x").cte("w"))
    yield "two", select(i.c.id, d.c.name).where(i.c.id == d.c.user_id)
    yield "nested", select(insert(users).from_select(["name"], select(d.c.name)).returning(u.id).cte("w"))
    yield (
        "nesting",
        update(users).values(name="x").where(u.id.in_(select(select(n.id).cte("inner", nesting=True).c.id))),
    )
    yield "nest here", update(users).values(name="x").add_cte(select(n.id).cte("c2"), nest_here=True)
    r = select(nodes.c.id).where(nodes.c.id == 1).cte("r", recursive=True)
    r = r.union_all(select(nodes.c.id).where(nodes.c.parent_id == r.c.id))
    yield "recursive delete", delete(nodes).where(nodes.c.id.in_(select(r.c.id)))
    yield "recursive update", update(nodes).values(n=5).where(nodes.c.id == r.c.id)
    yield "recursive insert", insert(notes).from_select(["id"], select(r.c.id))
    yield "many in cte", select(insert(users).values([{"name": "x"}, {"name": "y"}]).returning(u.id).cte("w"))
    yield "prefix", select(delete(users).returning(u.id).cte("w").prefix_with("MATERIALIZED"))
    yield "suffix", update(users).values(name="x").add_cte(c.suffix_with("AFTER"))
    yield (
        "upsert cte",
        select(
            postgresql.insert(users).values(id=1, name="x").on_conflict_do_nothing().returning(u.id).cte("w")
        ),
    )
    yield (
        "bind names",
        update(users)
        .values(name="a")
        .where(
            u.id.in_(
                select(
                    update(notes)
                    .values(name="b")
                    .where(n.name == "c")
                    .returning(n.user_id)
                    .cte("w")
                    .c.user_id
                )
            )
        ),
    )
    yield "alias of dml cte", (lambda w: select(w.alias("w2").c.id))(delete(users).returning(u.id).cte("w"))


@row("D033")
def dialect_options() -> Iterator[Case]:
    for dialect in ("mysql", "mariadb"):
        options = {f"{dialect}_limit": 5}
        yield f"update {dialect}", update(users).values(name="x").with_dialect_options(**options)
        yield (
            f"update where {dialect}",
            update(users).values(name="x").where(u.id > 3).with_dialect_options(**options),
        )
        yield f"delete {dialect}", delete(users).where(u.id > 3).with_dialect_options(**options)
        yield f"delete from {dialect}", delete(users).where(u.id == n.user_id).with_dialect_options(**options)
    yield "both", delete(users).with_dialect_options(mysql_limit=5, mariadb_limit=6)
    yield "twice", delete(users).with_dialect_options(mysql_limit=5).with_dialect_options(mysql_limit=6)
    yield "none", delete(users).with_dialect_options(mysql_limit=None)
    yield "zero", delete(users).with_dialect_options(mysql_limit=0)
    yield "text", delete(users).with_dialect_options(mysql_limit="7")
    yield "values after", update(users).with_dialect_options(mysql_limit=5).values(name="x").where(u.id == 4)
    yield "ext update", update(users).values(name="x").where(u.id > 3).ext(mysql.limit(5))
    yield "ext delete", delete(users).where(u.id > 3).ext(mysql.limit(5))
    yield "ext bind", delete(users).ext(mysql.limit(bindparam("top")))
    yield "ext twice", delete(users).ext(mysql.limit(5)).ext(mysql.limit(6))
    yield "ext expression", delete(users).ext(mysql.limit(literal_column("3")))
    yield "ext and option", delete(users).ext(mysql.limit(5)).with_dialect_options(mysql_limit=6)


@row("D034")
def reused() -> Iterator[Case]:
    yield "update", update(users).values(order=5, name=func.str(from_dml_column(u.order)))
    yield "update later", update(users).values(name=func.str(from_dml_column(u.order)), order=u.order + 1)
    yield "update unset", update(users).values(name=func.str(from_dml_column(u.order)))
    yield (
        "update twice",
        update(users).values(
            order=u.order + 1, name=func.f(from_dml_column(u.order), from_dml_column(u.order))
        ),
    )
    yield "update where", update(users).values(order=u.order + 1).where(u.id == 5, u.order < 7)
    yield "update full name", update(users).values(full_name="a", name=from_dml_column(u["full_name"]))
    yield "update full name unset", update(users).values(name=from_dml_column(u["full_name"]))
    yield (
        "ordered",
        update(users).ordered_values((u.name, from_dml_column(u["full_name"])), (u["full_name"], "z")),
    )
    yield "insert", insert(users).values(id=1, order=from_dml_column(u.id) + 3)
    yield "insert expression", insert(users).values(name=func.lower("A"), full_name=from_dml_column(u.name))
    yield (
        "insert many",
        insert(users).values(
            [{"id": 1, "order": from_dml_column(u.id)}, {"id": 2, "order": from_dml_column(u.id) + 1}]
        ),
    )
    yield "insert missing", insert(users).values(order=from_dml_column(u.id))
    yield "insert default", insert(made).values(e=from_dml_column(m.a))
    yield "insert default expression", insert(made).values(e=from_dml_column(m.b))
    yield "update onupdate", update(made).values(e=from_dml_column(m.g), a=from_dml_column(m.h))
    yield "bind", update(users).values(order=bindparam("o"), id=from_dml_column(u.order))
    yield "names", update(far).values(select=from_dml_column(f["origin"]), origin=4)
    yield "update from", update(users).values(order=n.n, id=from_dml_column(u.order)).where(n.user_id == u.id)
    yield "case", update(users).values(order=case((u.order > 3, 1), else_=2), id=from_dml_column(u.order) * 2)
    yield "select", update(users).values(order=select(n.n).scalar_subquery(), id=from_dml_column(u.order) + 2)
    yield "operand", update(users).values(order=u.id + 1, id=from_dml_column(u.order) * 2)


@row("D035")
def named_binds() -> Iterator[Case]:
    yield "update", update(users).where(u.id == bindparam("b_id")).values(name=bindparam("b_name"))
    yield "update typed", update(users).where(u.name == bindparam("b_id", type_=Integer))
    yield "delete", delete(users).where(u.id == bindparam("b_id"), u.name == bindparam("b name"))
    yield "in", delete(users).where(u.id.in_(bindparam("ids", expanding=True)))
    yield (
        "twice",
        update(users).where(u.id == bindparam("b"), u.order == bindparam("b")).values(name=bindparam("b")),
    )
    yield "odd", update(users).where(u.id == bindparam("a:b%c(d)")).values(name="x")
    yield "unique", update(users).where(u.id == bindparam("id", unique=True)).values(id=5)
    yield "callable", delete(users).where(u.id == bindparam("b", callable_=lambda: 7))
    yield "in subquery", delete(users).where(u.id.in_(select(n.id).where(n.name == bindparam("name"))))


class On:
    """A statement that only one database has, whichever text is asked for."""

    def __init__(self, dialect: Any, statement: Any) -> None:
        self.dialect, self.statement = dialect, statement

    def compile(self, dialect: Any) -> Any:
        """Compile for its own database."""
        return self.statement.compile(dialect=self.dialect)


SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()


@row("D031")
def upserts() -> Iterator[Case]:
    for name, statement in conflicts("sqlite", sqlite.insert):
        yield name, On(SQLITE, statement)
    yield from conflicts("postgresql", postgresql.insert)
    yield from more_conflicts()
    yield from duplicates()


def conflicts(dialect: str, make: Any) -> Iterator[Case]:
    """Yield what SQLite and PostgreSQL have alike."""
    i = make(users).values(id=1, name="x", order=3)
    e = i.excluded
    yield f"{dialect} nothing", i.on_conflict_do_nothing()
    yield f"{dialect} nothing by column", i.on_conflict_do_nothing(index_elements=[u.id])
    yield f"{dialect} nothing by name", i.on_conflict_do_nothing(index_elements=["id", "full name"])
    yield f"{dialect} nothing where", i.on_conflict_do_nothing(index_elements=[u.id], index_where=u.order > 5)
    yield f"{dialect} update", i.on_conflict_do_update(index_elements=[u.id], set_={"name": "y"})
    yield (
        f"{dialect} excluded",
        i.on_conflict_do_update(
            index_elements=["id"],
            set_={u.name: e.name, "full_name": e["full_name"], "order": u.order + e.order},
        ),
    )
    yield f"{dialect} excluded all", i.on_conflict_do_update(index_elements=["id"], set_=e)
    yield f"{dialect} collection", i.on_conflict_do_update(index_elements=["id"], set_=users.c)
    yield (
        f"{dialect} index where",
        i.on_conflict_do_update(index_elements=[u.name], index_where=u.order.in_([1, 2]), set_={"name": "y"}),
    )
    yield (
        f"{dialect} where",
        i.on_conflict_do_update(
            index_elements=[u.id], set_={"name": "y"}, where=(u.order < e.order) & (u.name != "z")
        ),
    )
    yield (
        f"{dialect} where subquery",
        i.on_conflict_do_update(
            index_elements=[u.id],
            set_={"name": select(n.name).where(n.id == u.id).scalar_subquery()},
            where=exists().where(n.user_id == u.id),
        ),
    )
    yield (
        f"{dialect} text elements",
        i.on_conflict_do_update(
            index_elements=[text("lower(name)"), "id"], index_where=text("id > 5"), set_={"name": "y"}
        ),
    )
    yield (
        f"{dialect} expression",
        i.on_conflict_do_update(index_elements=[func.lower(u.name)], set_={"name": func.lower(e.name)}),
    )
    yield f"{dialect} collate", i.on_conflict_do_nothing(index_elements=[u.name.collate("C"), u["full_name"]])
    yield (
        f"{dialect} literal column",
        i.on_conflict_do_nothing(index_elements=[literal_column("name text_ops")]),
    )
    yield (
        f"{dialect} many",
        make(users)
        .values([{"id": 1, "name": "x"}, {"id": 2, "name": "y"}])
        .on_conflict_do_update(index_elements=["id"], set_={"name": e.name}),
    )
    yield (
        f"{dialect} returning",
        i.on_conflict_do_update(index_elements=["id"], set_={"name": "q"}).returning(u.id, u.name),
    )
    yield (
        f"{dialect} from select",
        make(users).from_select(["id", "name"], select(n.id, n.name).where(n.n > 3)).on_conflict_do_nothing(),
    )
    yield f"{dialect} json", i.on_conflict_do_update(index_elements=["id"], set_={"data": {"a": 1}})
    yield (
        f"{dialect} null",
        i.on_conflict_do_update(index_elements=["id"], set_={"name": None, "order": null()}),
    )
    yield (
        f"{dialect} bind",
        i.on_conflict_do_update(
            index_elements=["id"], set_={"name": bindparam("n"), "order": bindparam("order")}
        ),
    )
    yield (
        f"{dialect} literal",
        i.on_conflict_do_update(index_elements=["id"], set_={"name": literal("q") + e.name}),
    )
    yield (
        f"{dialect} names",
        make(far)
        .values(select="x")
        .on_conflict_do_update(
            index_elements=[f["select"]], set_={"origin": 5, f.Id: f.Id + 1}, where=f.origin == 4
        ),
    )
    yield (
        f"{dialect} defaults",
        make(made).values(a=1).on_conflict_do_update(index_elements=["id"], set_={"a": 7}),
    )
    yield (
        f"{dialect} unknown column",
        i.on_conflict_do_update(index_elements=["id"], set_={"name": "x", "nope": 5}),
    )
    yield (
        f"{dialect} case",
        i.on_conflict_do_update(
            index_elements=["id"], set_={"order": case((e.order > u.order, e.order), else_=u.order)}
        ),
    )
    yield (
        f"{dialect} cte",
        i.on_conflict_do_update(
            index_elements=["id"], set_={"name": select(select(n.name).cte("c").c.name).scalar_subquery()}
        ),
    )
    yield f"{dialect} all columns", make(users).on_conflict_do_nothing()
    yield (
        f"{dialect} order",
        i.on_conflict_do_update(index_elements=["id"], set_={"order": 1, "name": "b", "id": 3}),
    )
    yield f"{dialect} alias in set", i.on_conflict_do_update(index_elements=["id"], set_={"order": n.n})
    yield (
        f"{dialect} lightweight",
        make(bare).values(x=1).on_conflict_do_update(index_elements=["x"], set_={"y": 5}),
    )
    yield f"{dialect} inline", i.inline().on_conflict_do_nothing()
    yield f"{dialect} return defaults", i.on_conflict_do_nothing().return_defaults()


def more_conflicts() -> Iterator[Case]:
    """Yield what only one of them has."""
    i = postgresql.insert(users).values(id=1)
    yield "constraint", On(POSTGRESQL, i.on_conflict_do_nothing(constraint="pk users"))
    named = i.on_conflict_do_update(constraint="users_pkey", set_={"name": "y"}, where=u.order > 4)
    yield "constraint update", On(POSTGRESQL, named)
    yield "primary key", i.on_conflict_do_update(constraint=users.primary_key, set_={"name": "y"})
    one, two = sqlite.insert(users).values(id=1), {"name": "y"}
    yield (
        "sqlite two clauses",
        On(
            SQLITE,
            one.on_conflict_do_nothing(index_elements=["id"]).on_conflict_do_update(
                index_elements=["name"], set_=two
            ),
        ),
    )
    yield (
        "sqlite three clauses",
        On(
            SQLITE,
            one.on_conflict_do_nothing(index_elements=["id"])
            .on_conflict_do_update(index_elements=["name"], set_=two)
            .on_conflict_do_update(set_={"order": one.excluded.order}),
        ),
    )


def duplicates() -> Iterator[Case]:
    """Yield what MySQL and MariaDB have."""
    i = mysql.insert(users).values(id=1, name="x", order=3)
    yield "mysql", i.on_duplicate_key_update(name="y")
    yield "mysql inserted", i.on_duplicate_key_update(name=i.inserted.name, order=u.order + i.inserted.order)
    yield "mysql inserted, odd name", i.on_duplicate_key_update(full_name=i.inserted["full_name"])
    yield "mysql dict", i.on_duplicate_key_update({"name": "y", "order": func.foo(i.inserted.order)})
    yield "mysql columns", i.on_duplicate_key_update({u.name: "y", u.order: i.inserted.order})
    yield "mysql ordered", i.on_duplicate_key_update([("order", 5), ("name", i.inserted.name)])
    yield (
        "mysql ordered expressions",
        i.on_duplicate_key_update([("order", u.order + 1), ("name", func.concat(u.name, u.order))]),
    )
    yield "mysql collection", i.on_duplicate_key_update(i.inserted)
    yield "mysql null", i.on_duplicate_key_update(name=None, order=null())
    yield "mysql literal", i.on_duplicate_key_update(name=literal("q") + i.inserted.name)
    yield "mysql bind", i.on_duplicate_key_update(name=bindparam("other"))
    yield (
        "mysql many",
        mysql.insert(users)
        .values([{"id": 1, "name": "x"}, {"id": 2, "name": "y"}])
        .on_duplicate_key_update(name=i.inserted.name),
    )
    yield (
        "mysql from select",
        mysql.insert(users)
        .from_select(["id", "name"], select(n.id, n.name))
        .on_duplicate_key_update(name=n.name),
    )
    yield (
        "mysql from select values",
        (lambda s: s.on_duplicate_key_update(name=s.inserted.name))(
            mysql.insert(users).from_select(["id", "name"], select(n.id, n.name))
        ),
    )
    yield (
        "mysql from union",
        mysql.insert(users)
        .from_select(["id"], union(select(n.id), select(t.a)))
        .on_duplicate_key_update(name="x"),
    )
    yield "mysql returning", i.on_duplicate_key_update(name="y").returning(u.id)
    yield "mysql names", mysql.insert(far).values(select="x").on_duplicate_key_update(origin=f.origin + 1)
    yield (
        "mysql names inserted",
        (lambda s: s.on_duplicate_key_update(origin=s.inserted.origin + f.origin))(
            mysql.insert(far).values(select="x")
        ),
    )
    yield "mysql unknown", i.on_duplicate_key_update(name="x", nope=5)
    yield (
        "mysql subquery",
        i.on_duplicate_key_update(name=select(n.name).where(n.id == i.inserted.id).scalar_subquery()),
    )
    yield "mysql case", i.on_duplicate_key_update(order=case((i.inserted.order > u.order, 1), else_=u.order))
    yield "mysql json", i.on_duplicate_key_update(data={"a": 1})
    yield "mysql coalesce", i.on_duplicate_key_update(name=func.coalesce(i.inserted.name, u.name))
    yield "mysql lightweight", mysql.insert(bare).values(x=1).on_duplicate_key_update(y=5)
    yield "mysql defaults", mysql.insert(made).values(a=1).on_duplicate_key_update(a=4)
    yield (
        "mysql all columns",
        (lambda s: s.on_duplicate_key_update(name=s.inserted.name))(mysql.insert(users)),
    )
    yield "mysql ignore", mysql.insert(users).prefix_with("IGNORE").values(id=1)
