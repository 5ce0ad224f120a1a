"""Types that put SQL around values, types from scratch, operators of types."""

from __future__ import annotations

from typing import Any

from own_types import (
    Cat,
    Geometry,
    Idx,
    LogInt,
    NoSpec,
    Point,
    Silent,
    Spec,
    Wrapped,
    g,
    lit,
    n,
    p,
    tab,
    w,
    ww,
    x,
)

from relvar import (
    ARRAY,
    Integer,
    String,
    Text,
    TypeDecorator,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
    type_coerce,
    types,
    union,
    update,
    values,
)
from relvar.schema import CreateTable
from relvar.types import TypeEngine

CASES: dict[str, Any] = {
    # SQL around values
    "all: wrapped select": lambda: select(x, g),
    "all: wrapped where": lambda: select(w.c.id).where(x == "a", g == "p", x.in_(["a", "b"]), x.in_([])),
    "wrapped label": lambda: (
        select(x.label("q")),
        select(func.lower(x)),
        select(x + "y"),
        select(x).order_by(x),
        select(x).group_by(x).having(x > "a"),
        select(x.label("q")).order_by("q"),
    ),
    "wrapped twice": lambda: (select(ww), ww == "a"),
    "wrapped subquery": lambda: (
        select(select(x, g).subquery().c.c0),
        select(select(x).cte("q")),
        select(select(x).scalar_subquery()),
        select(w.alias("z").c.c0),
        select(x).where(x.in_(select(x))),
    ),
    "wrapped union": lambda: (select(x).union(select(x)), union(select(x), select(x)).subquery().select()),
    "wrapped insert": lambda: (
        insert(w).values(c0="a", c1="p"),
        insert(w).values([{"c0": "a"}, {"c0": "b"}]),
        insert(w).from_select(["c0"], select(x)),
        insert(w),
    ),
    "wrapped insert default": lambda: insert(w).values(c0=func.foo("x")),
    "postgresql,sqlite: wrapped returning": lambda: (
        insert(w).values(c0="a").returning(x, g),
        update(w).values(c0="a").returning(x),
        delete(w).where(x == "a").returning(x.label("q")),
    ),
    "wrapped update": lambda: (
        update(w).values(c0="a", c1="p").where(x == "b"),
        update(w).values({x: x + "z"}),
    ),
    "wrapped case": lambda: (
        select(case((x == "a", "b"), else_=x)),
        select(func.coalesce(x, "z")),
        select(cast(x, String)),
        select(cast("a", Wrapped())),
        select(type_coerce("a", Wrapped())),
        select(type_coerce(column("q"), Wrapped())),
    ),
    "wrapped literal": lambda: (
        literal("a", Wrapped()),
        select(literal("a", Wrapped())),
        bindparam("q", "v", Wrapped()),
    ),
    "wrapped literal binds": lambda: (
        lit(select(x).where(x == "a")),
        lit(x.in_(["a", "b"])),
        lit(insert(w).values(c0="a")),
    ),
    "wrapped tuple": lambda: (tuple_(x, w.c.id).in_([("a", 1)]), tuple_(x, w.c.id) == ("a", 1)),
    "wrapped between": lambda: (x.between("a", "b"), x.like("q"), x.is_(None), x == None),
    "wrapped distinct": lambda: (select(x).distinct(), select(func.count(x.distinct()))),
    "wrapped text": lambda: (
        text("select :q").bindparams(bindparam("q", "v", Wrapped())),
        text("select c0 from t").columns(x),
        select(text("select c0 from t").columns(x).subquery()),
    ),
    "wrapped values": lambda: values(column("a", Wrapped()), name="v").data([("q",)]),
    "wrapped array": lambda: (column("q", ARRAY(Wrapped())) == ["a"],),
    "wrapped in expanding": lambda: (
        x.in_(bindparam("q", expanding=True)).compile(compile_kwargs={"render_postcompile": True}).string
        if False
        else x.in_(["a", "b"]).compile(compile_kwargs={"render_postcompile": True}).string
    ),
    "type coerce around": lambda: (select(type_coerce(x, String)), type_coerce(x, String) == "a"),
    # user-defined
    "user ddl": lambda: CreateTable(tab(Geometry(), Geometry(5), Point(), Spec(), Silent())),
    "user no spec": lambda: NoSpec().compile(),
    "user no spec ddl": lambda: CreateTable(tab(NoSpec())),
    "user repr": lambda: (
        repr(Geometry()),
        repr(Geometry(5)),
        repr(Point()),
        repr(NoSpec()),
        str(Geometry(5)),
        str(Point()),
    ),
    "user cast": lambda: (cast("x", Geometry(5)), cast("x", Point())),
    "user compared": lambda: (
        repr((column("q", Geometry()) == 5).right.type),
        repr((column("q", Silent()) + "x").right.type),
        repr((column("q", Geometry()) + "x").type),
    ),
    "user operators": lambda: (
        p.near("x"),
        p + "x",
        p == "x",
        p != "x",
        p.near(p),
        repr(p.near("x").type),
        repr((p == "x").type),
        n.log(5),
        n % 7,
        n + 1,
        -n,
    ),
    "user operator missing": lambda: p.far("x"),
    "user comparators kept": lambda: (
        (n + 1).log(5),
        func.max(n, type_=LogInt()).log(3),
        cast("5", LogInt()).log(2),
        literal(5, LogInt()).log(2),
        select(n).scalar_subquery().log(2),
        type_coerce(n, LogInt()).label("q").log(1),
    ),
    "user comparators lost": lambda: func.lower(n).log(5),
    "decorator of comparator": lambda: (
        type("D", (TypeDecorator,), {"impl": LogInt, "cache_ok": True})().comparator_factory(n).log(5)
    ),
    "decorator comparator": lambda: column(
        "q", type("D", (TypeDecorator,), {"impl": LogInt, "cache_ok": True})()
    ).log(5),
    "concatenable": lambda: (
        column("q", Cat()) + "x",
        repr((column("q", Cat()) + "x").type),
        column("q", Cat()) + 5,
        column("q", Cat()).concat("z"),
        column("q", Integer) + "x",
        column("q", String) + 5,
        column("q", Text) + column("r", String),
    ),
    "indexable": lambda: (column("q", Idx())[5], repr(column("q", Idx())[5].type), column("q", Idx())["a"]),
    "indexable missing": lambda: column("q", type("I", (types.Indexable, TypeEngine), {"cache_ok": True})())[
        5
    ],
    "index of integer": lambda: column("q", Integer)[5],
    "getitem of array": lambda: (
        column("q", ARRAY(Integer))[1],
        column("q", ARRAY(Integer))[1:2],
        column("q", ARRAY(Integer, zero_indexes=True))[1],
        column("q", ARRAY(Integer, dimensions=2))[1][2],
        repr(column("q", ARRAY(Integer, dimensions=2))[1].type),
    ),
    "nested arrays": lambda: ARRAY(ARRAY(Integer)),
    "array python type": lambda: (
        ARRAY(Integer).python_type.__name__,
        ARRAY(Integer, as_tuple=True).python_type.__name__,
        ARRAY(Integer).hashable,
        ARRAY(Integer, as_tuple=True).hashable,
    ),
}
