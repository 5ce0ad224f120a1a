"""
Statements whose SQL text is a contract, per row of features.tsv.

Each function yields ``(name, statement)``.  ``core.json`` holds what each
must compile to on each dialect, and with which parameters.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    alias,
    all_,
    and_,
    any_,
    asc,
    between,
    bindparam,
    bitwise_not,
    case,
    cast,
    collate,
    column,
    delete,
    desc,
    distinct,
    except_,
    exists,
    extract,
    false,
    func,
    insert,
    intersect,
    join,
    lateral,
    literal,
    literal_column,
    not_,
    null,
    nulls_first,
    nulls_last,
    or_,
    outerjoin,
    over,
    select,
    table,
    text,
    true,
    try_cast,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
    values,
)

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("full name", String(50), key="full_name"),
    Column("age", Integer),
    Column("order", Integer),
    Column("active", Boolean),
    Column("made", DateTime),
    Column("born", Date),
    Column("price", Numeric(10, 2)),
    Column("size", Float),
    Column("data", JSON),
)
addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("email", String(50)),
    Column("name", String(50)),
)
pairs = Table(
    "pairs",
    metadata,
    Column("a", Integer, primary_key=True),
    Column("b", Integer, primary_key=True),
    Column("x", Integer),
)
pair_notes = Table(
    "pair_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Integer),
    Column("b", Integer),
    ForeignKeyConstraint(["a", "b"], ["pairs.a", "pairs.b"]),
)
nodes = Table(
    "nodes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("nodes.id")),
    Column("n", Integer),
)
other = Table(
    "Other Table",
    metadata,
    Column("Id", Integer, primary_key=True),
    Column("select", String(5)),
    schema="my schema",
)
defaults = Table(
    "defaults",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Integer, default=5),
    Column("b", Integer, server_default="7"),
    Column("c", Integer, onupdate=9),
    Column("d", DateTime, default=func.now()),
)

u, a = users.c, addresses.c

Case = tuple[str, Any]
CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Iterator[Case]]], Callable[[], Iterator[Case]]]:
    """Register the cases of a feature row."""

    def register(function: Callable[[], Iterator[Case]]) -> Callable[[], Iterator[Case]]:
        CASES[name] = function
        return function

    return register


@row("D001")
def selects() -> Iterator[Case]:
    yield "table", select(users)
    yield "columns", select(u.id, u.name)
    yield "two tables", select(users, addresses).where(u.id == a.user_id)
    yield "labels", select(u.id.label("key"), (u.age + 1).label("next"), literal(5).label("five"))
    yield "unlabelled expressions", select(u.age + 1, u.age * 2, func.count(u.id), literal(5), null(), true())
    yield "same column twice", select(u.id, u.id)
    yield "same expression twice", select(f := func.lower(u.name), f)
    yield "like names", select(u.id, a.id, u.name, a.name, a.id)
    yield "literal column", select(literal_column("1 + 1"), literal_column("x").label("y"))
    yield "lower-case", select(column("a"), column("b", Integer)).select_from(table("t", column("c")))
    yield "add columns", select(u.id).add_columns(u.name, a.id)
    yield "with only columns", select(u.id, a.id).with_only_columns(u.name)
    yield "kept froms", select(u.id, a.id).with_only_columns(u.name, maintain_column_froms=True)
    yield "nothing", select()
    yield "no from", select(literal(1), text("2"))
    yield "quoted names", select(other, u["full_name"], u.order)
    yield "reduced", select(users, addresses).where(u.id == a.user_id).reduce_columns()


@row("D002")
def criteria() -> Iterator[Case]:
    yield "one", select(u.id).where(u.name == "x")
    yield "several", select(u.id).where(u.name == "x", u.age > 5).where(u.id != 3)
    yield "filter", select(u.id).filter(u.name == "x", u.age > 5)
    yield "filter_by", select(users).filter_by(name="x", age=5)
    yield "filter_by after join", select(users).join(addresses).filter_by(email="x", age=6)
    yield "or in and", select(u.id).where(or_(u.name == "x", u.age > 5), u.id < 3)
    yield "column alone", select(u.id).where(u.active)
    yield "not column", select(u.id).where(~u.active)
    yield "true", select(u.id).where(true())
    yield "false", select(u.id).where(false())
    yield "text", select(u.id).where(text("age > :least")).params(least=5)


@row("D003")
def joins() -> Iterator[Case]:
    yield "inferred", select(users).join(addresses)
    yield "explicit", select(users).join(addresses, u.id == a.user_id)
    yield "outer", select(users).outerjoin(addresses)
    yield "isouter", select(users).join(addresses, isouter=True)
    yield "full", select(users).join(addresses, full=True)
    yield "from", select(u.id).join_from(users, addresses)
    yield "outer from", select(u.id).outerjoin_from(addresses, users)
    yield "three", select(u.id).join(addresses).join(nodes, nodes.c.id == a.id)
    yield "composite", select(pairs).join(pair_notes)
    yield "self", select(nodes).join(n := nodes.alias(), nodes.c.id == n.c.parent_id)
    yield "method", select(users.join(addresses))
    yield "function", select(join(users, addresses, u.id == a.user_id))
    yield "outer function", select(u.id).select_from(outerjoin(users, addresses, full=False))
    yield (
        "nested",
        select(u.id).select_from(users.join(addresses.join(nodes, a.id == nodes.c.id), u.id == a.user_id)),
    )
    yield (
        "aliased",
        select(users).join(x := addresses.alias("x"), x.c.user_id == u.id).where(x.c.email == "e"),
    )
    yield "several criteria", select(users).join(addresses, and_(u.id == a.user_id, a.email.like("%x")))
    yield "from the other side", select(addresses).join(users)
    yield (
        "subquery",
        select(users).join(s := select(a.user_id).where(a.email == "x").subquery(), s.c.user_id == u.id),
    )


@row("D004")
def explicit_from() -> Iterator[Case]:
    yield "table", select(func.count()).select_from(users)
    yield "two", select(literal(1)).select_from(users, addresses).where(u.id == a.user_id)
    yield "join", select(u.id).select_from(users.join(addresses))
    yield "text", select(literal_column("x")).select_from(text("my_table"))
    yield (
        "subquery",
        select(func.max(column("n"))).select_from(
            select(func.count().label("n")).select_from(users).subquery()
        ),
    )
    yield "alias", select(literal(1)).select_from(users.alias("u"))
    yield "covers a table", select(u.id, a.id).select_from(users.join(addresses))


@row("D005")
def ordering() -> Iterator[Case]:
    yield "order", select(u.id).order_by(u.name, u.age.desc(), asc(u.id))
    yield "desc function", select(u.id).order_by(desc(u.name), desc("id"))
    yield (
        "nulls",
        select(u.id).order_by(
            u.name.nulls_first(), u.age.desc().nulls_last(), nulls_first(u.id), nulls_last(desc(u.order))
        ),
    )
    yield "label", select((u.age + 1).label("next")).order_by("next")
    yield "label object", select(e := (u.age + 1).label("next")).order_by(e, e.desc())
    yield (
        "label of function",
        select(func.count(u.id).label("n"), u.name).group_by(u.name).order_by(desc("n")),
    )
    yield "text", select(u.id).order_by(text("1"))
    yield "none", select(u.id).order_by(u.name).order_by(None)
    yield "none then one", select(u.id).order_by(u.name).order_by(None).order_by(u.age)
    yield "group", select(u.name, func.count()).group_by(u.name, u.age)
    yield "group label", select((u.age / 10).label("decade"), func.count(u.id)).group_by("decade")
    yield "group none", select(u.name).group_by(u.name).group_by(None)
    yield (
        "having",
        select(u.name, func.sum(u.age)).group_by(u.name).having(func.sum(u.age) > 5, func.count() < 3),
    )
    yield "expression", select(u.id).order_by(u.age + 1, func.lower(u.name).desc())
    yield "collate", select(u.id).order_by(collate(u.name, "binary"), u.name.collate("nocase").desc())


@row("D006")
def limits() -> Iterator[Case]:
    yield "limit", select(u.id).limit(10)
    yield "limit ordered", select(u.id).order_by(u.id).limit(10)
    yield "offset", select(u.id).order_by(u.id).offset(5)
    yield "both", select(u.id).order_by(u.id).limit(10).offset(5)
    yield "zero", select(u.id).order_by(u.id).limit(0)
    yield "slice", select(u.id).order_by(u.id).slice(5, 15)
    yield "expression", select(u.id).order_by(u.id).limit(literal(5) + 5).offset(bindparam("o", 3))
    yield "none", select(u.id).limit(5).limit(None)
    yield "in subquery", select(select(u.id).order_by(u.id).limit(3).subquery())
    yield "distinct", select(u.name).distinct().order_by(u.name).limit(3)


@row("D007")
def distincts() -> Iterator[Case]:
    yield "distinct", select(u.name).distinct()
    yield "function", select(distinct(u.name))
    yield "in aggregate", select(func.count(distinct(u.name)), func.count(u.name.distinct()))


@row("D009")
def subqueries() -> Iterator[Case]:
    sub = select(u.id, u.name).where(u.age > 5).subquery()
    named = select(u.id, func.count().label("n")).group_by(u.id).subquery("counts")
    yield "anonymous", select(sub)
    yield "named", select(named.c.n).where(named.c.id == 5)
    s2, x, y, z = select(u.id).subquery(), users.alias(), users.alias(), users.alias()
    yield "twice", select(sub.c.id, s2.c.id)
    yield (
        "scalar",
        select(u.name, select(func.count(a.id)).where(a.user_id == u.id).scalar_subquery().label("n")),
    )
    yield "scalar compared", select(u.id).where(u.age == select(func.max(u.age)).scalar_subquery())
    yield "scalar uncorrelated alias", select(u.id).where(u.age > select(func.avg(x.c.age)).scalar_subquery())
    yield "nested", select(select(sub.c.name).subquery())
    yield "alias", select(v := users.alias("v")).where(v.c.id == 1)
    yield "alias function", select(alias(users)).limit(1)
    yield "anonymous alias", select(y.c.id, z.c.id).where(y.c.id == z.c.order)
    yield "alias of subquery", select(sub.alias("again").c.name)
    yield "in", select(u.id).where(u.id.in_(select(a.user_id)))
    yield "expression names", select(select(u.age + 1, func.lower(u.name)).subquery())
    yield "label in subquery", select(select((u.age + 1).label("next")).subquery().c.next)
    yield (
        "correlate",
        select(u.id).where(u.age == select(a.id).where(a.user_id == u.id).correlate(users).scalar_subquery()),
    )
    yield (
        "correlate none",
        select(u.id).where(u.age == select(func.max(u.id)).correlate(None).scalar_subquery()),
    )


@row("D011")
def exist() -> Iterator[Case]:
    yield "select exists", select(u.id).where(select(a.id).where(a.user_id == u.id).exists())
    yield "exists where", select(u.id).where(exists().where(a.user_id == u.id))
    yield "exists column", select(u.id).where(exists(a.id).where(a.user_id == u.id))
    yield "not", select(u.id).where(~exists().where(a.user_id == u.id))
    yield (
        "select from",
        select(u.id).where(exists(literal(1)).select_from(addresses).where(a.user_id == u.id)),
    )
    yield "selected", select(exists().where(u.id == 5))
    yield "correlate", select(u.id).where(exists(a.id).where(a.user_id == u.id).correlate(users))


@row("D023")
def generative() -> Iterator[Case]:
    base = select(u.id)
    one, two = base.where(u.age > 1), base.where(u.age > 2).limit(3)
    yield "base unchanged", base
    yield "one", one
    yield "two", two
    first = insert(users).values(name="x")
    yield "insert and more", first.values(age=5)
    yield "insert unchanged", first


@row("D024")
def texts() -> Iterator[Case]:
    yield "plain", text("select * from users where id = :id and name = :name").bindparams(id=5, name="x")
    yield "colon", text(r"select '\:x', a::text, :y")
    yield (
        "typed",
        text("select :made").bindparams(
            bindparam("made", type_=DateTime, value=datetime.datetime(2026, 1, 2))
        ),
    )
    t = text("select id, name from users").columns(column("id", Integer), column("name", String))
    yield "columns", t
    yield "columns subquery", select(t.subquery("t").c.name)
    yield "by keyword", text("select id, n from users").columns(id=Integer, n=String).subquery().select()
    yield "in where", select(u.id).where(text("age > :x"), u.id > 5).params(x=6)
    yield "percent", text("select 5 % 3, '%'")
    yield (
        "expanding",
        text("select * from users where id in :ids").bindparams(bindparam("ids", [1, 2], expanding=True)),
    )


@row("D027")
def inserts() -> Iterator[Case]:
    yield "all", insert(users)
    yield "values", insert(users).values(name="x", age=5)
    yield "by column", insert(users).values({u.name: "x", u["full_name"]: "y"})
    yield (
        "expression",
        insert(users).values(
            name=func.lower("X"), age=literal_column("1 + 1"), id=select(func.max(a.id)).scalar_subquery()
        ),
    )
    yield "multi", insert(users).values([{"name": "x", "age": 1}, {"name": "y", "age": 2}])
    yield "tuple", insert(pairs).values((1, 2, 3))
    yield "tuples", insert(pairs).values([(1, 2, 3), (4, 5, 6)])
    yield (
        "from select",
        insert(addresses).from_select(["user_id", "email"], select(u.id, u.name).where(u.age > 5)),
    )
    yield "from select defaults", insert(defaults).from_select(["b"], select(u.age))
    yield (
        "from select no defaults",
        insert(defaults).from_select(["b"], select(u.age), include_defaults=False),
    )
    yield "defaults", insert(defaults).values(b=3)
    yield "default values", insert(pairs).values({})
    yield "inline", insert(defaults).values(b=3).inline()
    yield "method", users.insert().values(name="x")
    yield "null", insert(users).values(name=None, age=null())
    yield "quoted", insert(other).values(select="x")


@row("D028")
def updates() -> Iterator[Case]:
    yield "all", update(users).values(name="x")
    yield "where", update(users).where(u.id == 5).values(name="x", age=u.age + 1)
    yield "two where", update(users).where(u.id == 5).where(u.age > 6).values({u.name: "y"})
    yield (
        "subquery",
        update(users).values(age=select(func.count(a.id)).where(a.user_id == u.id).scalar_subquery()),
    )
    yield "ordered", update(users).ordered_values(("age", 5), (u.name, "x"))
    yield "onupdate", update(defaults).where(defaults.c.id == 1).values(a=2)
    yield "in", update(users).where(u.id.in_([1, 2])).values(name="x")
    yield "exists", update(users).where(exists().where(a.user_id == u.id)).values(name="x")
    yield "method", users.update().where(u.id == bindparam("key")).values(name=bindparam("new"))
    yield "null", update(users).values(name=None)


@row("D029")
def deletes() -> Iterator[Case]:
    yield "all", delete(users)
    yield "where", delete(users).where(u.id == 5, u.age > 6)
    yield "in select", delete(users).where(u.id.in_(select(a.user_id)))
    yield "exists", delete(users).where(~exists().where(a.user_id == u.id))
    yield "method", users.delete().where(u.name.is_(None))


@row("D036")
def comparisons() -> Iterator[Case]:
    for name, e in {
        "eq": u.age == 5,
        "ne": u.age != 5,
        "lt": u.age < 5,
        "le": u.age <= 5,
        "gt": u.age > 5,
        "ge": u.age >= 5,
        "reversed": 5 > u.age,
        "columns": u.age == u.order,
        "eq none": u.name == None,
        "ne none": u.name != None,
        "is": u.name.is_(None),
        "is not": u.name.is_not(None),
        "isnot": u.name.isnot(None),
        "is true": u.active.is_(True),
        "is distinct": u.name.is_distinct_from("x"),
        "is not distinct": u.name.is_not_distinct_from(None),
        "legacy distinct": u.name.isnot_distinct_from("x"),
        "not eq": not_(u.age == 5),
        "not lt": ~(u.age < 5),
        "not is": ~u.name.is_(None),
        "eq true": u.active == True,
        "ne false": u.active != False,
        "eq select": u.age == select(func.max(u.id)).scalar_subquery(),
        "op": u.age.op("<=>")(5),
        "bool op": u.age.bool_op("~")(5),
        "precedence": u.age.op("+", precedence=7)(1) * 2,
    }.items():
        yield name, select(u.id).where(e)


@row("D037")
def booleans() -> Iterator[Case]:
    x, y, z = u.age > 1, u.name == "b", u.id < 3
    for name, e in {
        "and": and_(x, y),
        "or": or_(x, y),
        "operators": (x & y) | ~z,
        "nested": and_(or_(x, y), or_(y, z)),
        "not and": not_(and_(x, y)),
        "not or": ~or_(x, y),
        "and true": and_(x, true()),
        "and false": and_(x, false()),
        "or true": or_(x, true()),
        "or false": or_(false(), x),
        "and one": and_(x),
        "and in and": and_(x, and_(y, z)),
        "or in and": and_(x, or_(y, z)),
        "column": and_(u.active, ~u.active),
        "not true": not_(true()),
        "empty true": and_(true(), *[]),
        "not column": not_(u.active),
        "not not": not_(not_(x)),
        "flat": x & y & z,
        "or flat": x | y | z,
        "none": and_(None, x),
        "python bool": and_(True, x),
    }.items():
        yield name, select(u.id).where(e)
    yield "selected", select(x, and_(x, y), not_(y).label("n"))


@row("D038")
def likes() -> Iterator[Case]:
    for name, e in {
        "like": u.name.like("a%"),
        "not like": u.name.not_like("a%"),
        "notlike": u.name.notlike("a%"),
        "escape": u.name.like("a/%", escape="/"),
        "ilike": u.name.ilike("a%"),
        "not ilike": u.name.not_ilike("a%", escape="#"),
        "not": ~u.name.like("x"),
        "startswith": u.name.startswith("a"),
        "endswith": u.name.endswith("a"),
        "contains": u.name.contains("a"),
        "autoescape": u.name.startswith("a%_/b", autoescape=True),
        "autoescape escape": u.name.contains("a%^b", autoescape=True, escape="^"),
        "of column": u.name.contains(u["full_name"]),
        "not contains": ~u.name.contains("x"),
        "istartswith": u.name.istartswith("A"),
        "iendswith": u.name.iendswith("A"),
        "icontains": u.name.icontains("A", autoescape=True),
        "literal column": u.name.startswith(literal_column("'a'")),
        "function": func.lower(u.name).like("x"),
    }.items():
        yield name, select(u.id).where(e)


@row("D040")
def ins() -> Iterator[Case]:
    for name, e in {
        "list": u.id.in_([1, 2, 3]),
        "one": u.id.in_([1]),
        "empty": u.id.in_([]),
        "not in": u.id.not_in([1, 2]),
        "not empty": u.id.not_in([]),
        "notin": u.id.notin_([1]),
        "not": ~u.id.in_([1, 2]),
        "strings": u.name.in_(["a", "b"]),
        "set": u.id.in_({4}),
        "range": u.id.in_(range(2)),
        "select": u.id.in_(select(a.user_id)),
        "not select": u.id.not_in(select(a.user_id)),
        "bind": u.id.in_(bindparam("ids", [7, 8], expanding=True)),
        "expressions": u.id.in_([literal(1), u.age, u.order + 1]),
        "tuple": tuple_(u.id, u.name).in_([(1, "a"), (2, "b")]),
        "tuple empty": tuple_(u.id, u.name).in_([]),
        "tuple select": tuple_(u.id, u.name).in_(select(a.id, a.name)),
        "none": u.id.in_([1, None]),
    }.items():
        yield name, select(u.id).where(e)


@row("D041")
def betweens() -> Iterator[Case]:
    for name, e in {
        "between": u.age.between(1, 5),
        "function": between(u.age, 1, 5),
        "not": ~u.age.between(1, 5),
        "columns": u.age.between(u.id, u.order),
        "symmetric": u.age.between(5, 1, symmetric=True),
        "not symmetric": ~u.age.between(5, 1, symmetric=True),
        "in and": and_(u.age.between(1, 2), u.id == 3),
        "dates": u.born.between(datetime.date(2000, 1, 1), datetime.date(2001, 1, 1)),
    }.items():
        yield name, select(u.id).where(e)


@row("D042")
def arithmetic() -> Iterator[Case]:
    for name, e in {
        "add": u.age + 1,
        "sub": u.age - 1,
        "mul": u.age * 2,
        "div": u.age / 2,
        "floor": u.age // 2,
        "mod": u.age % 2,
        "radd": 1 + u.age,
        "rsub": 1 - u.age,
        "rmul": 2 * u.age,
        "rdiv": 2 / u.age,
        "rfloor": 7 // u.age,
        "rmod": 7 % u.age,
        "neg": -u.age,
        "neg neg": -(-u.age),  # noqa: B002  # minus minus, in SQL
        "neg sum": -(u.age + 1),
        "precedence": (u.age + 1) * 2,
        "no parens": u.age * 2 + 1,
        "sub sub": u.age - (u.order - 1),
        "div div": u.age / (u.order / 2),
        "float div": u.size / 2,
        "float floor": u.size // 2,
        "numeric div": u.price / 3,
        "numeric floor": u.price // 3,
        "concat": u.name + "x",
        "rconcat": "x" + u.name,
        "concat 2": u.name.concat("y"),
        "pow": func.pow(u.age, 2),
        "bits": u.age.bitwise_and(1),
        "bits or": u.age.bitwise_or(2),
        "xor": u.age.bitwise_xor(3),
        "shift": u.age.bitwise_lshift(1),
        "rshift": u.age.bitwise_rshift(1),
        "not": bitwise_not(u.age),
        "mixed": u.age + u.price,
    }.items():
        yield name, select(e)


@row("D045")
def cases() -> Iterator[Case]:
    for name, e in {
        "searched": case((u.age > 5, "old"), (u.age > 3, "middle"), else_="young"),
        "simple": case((1, "one"), (2, "two"), value=u.age),
        "shorthand": case({1: "one", 2: "two"}, value=u.age, else_="many"),
        "no else": case((u.id == 1, u.age)),
        "columns": case((u.id == 1, u.age), else_=u.order),
        "in expression": case((u.id == 1, 2), else_=3) + 4,
        "null": case((u.id == 1, None), else_=null()),
        "labelled": case((u.id == 1, 2)).label("x"),
    }.items():
        yield name, select(e)


@row("D046")
def casts() -> Iterator[Case]:
    for name, e in {
        "integer": cast(u.name, Integer),
        "string": cast(u.age, String(10)),
        "method": u.age.cast(Numeric(10, 2)),
        "literal": cast("5", Integer),
        "date": cast(u.made, Date),
        "none": cast(None, Integer),
        "coerce": type_coerce(u.name, Integer) + 1,
        "coerce literal": type_coerce("5", String),
        "arithmetic": cast(u.name, Integer) + 1,
        "labelled": cast(u.age, String).label("s"),
        "in function": func.max(cast(u.name, Integer)),
        "float": cast(u.age, Float),
        "bool": cast(u.age, BigInteger),
    }.items():
        yield name, select(e)


@row("D048")
def binds() -> Iterator[Case]:
    yield (
        "literal",
        select(
            literal(5),
            literal("x"),
            literal(None),
            literal(2.5),
            literal(True),
            literal(decimal.Decimal("1.5")),
        ),
    )
    yield "bindparam", select(u.id).where(u.name == bindparam("who"), u.age > bindparam("least", 5))
    yield "typed", select(bindparam("x", 5, type_=BigInteger))
    yield (
        "unique",
        select(u.id).where(
            u.name == bindparam("n", "a", unique=True), u.name != bindparam("n", "b", unique=True)
        ),
    )
    yield "callable", select(u.id).where(u.age == bindparam("x", callable_=lambda: 7))
    yield "same name", select(u.id).where(u.age == bindparam("x", 5), u.id == bindparam("x", 5))
    yield (
        "literal execute",
        select(u.id).where(
            u.age == bindparam("x", 5, literal_execute=True), u.id == literal(6, literal_execute=True)
        ),
    )
    yield "expanding", select(u.id).where(u.id.in_(bindparam("ids", expanding=True, value=[1])))
    yield "odd name", select(u.id).where(u.name == bindparam("a b%c", "x"))
    yield "null", select(null()).where(u.name == null())
    yield "generated names", select(u.id).where(u.age == 1, u.age == 2, u.age + 3 > 4)


@row("D049")
def labels() -> Iterator[Case]:
    yield "label", select(u.age.label("a"), (u.age + 1).label("b"), func.now().label("c"))
    yield "quoted", select(u.age.label("select"), u.age.label("Mixed Case"))
    yield "anonymous", select((e := (u.age + 1).label(None)), e)
    yield "of subquery", select(select(u.id).limit(1).scalar_subquery().label("x"))
    yield "in where", select(x := (u.age + 1).label("n")).where(x > 5).group_by(x).having(x < 9)
    yield "twice", select(u.age.label("n"), u.id.label("n"))


@row("D058")
def functions() -> Iterator[Case]:
    for name, e in {
        "any": func.my_function(u.id, "x"),
        "package": func.my.pkg.fn(1),
        "none": func.now(),
        "count": func.count(),
        "count col": func.count(u.id),
        "typed": func.foo(u.id, type_=Integer) + 1,
        "nested": func.lower(func.trim(u.name)),
        "comparison": func.lower(u.name) == "x",
        "quoted": func.MixedCase(1),
        "over": func.row_number().over(order_by=u.id, partition_by=u.name),
        "filter": func.count(u.id).filter(u.age > 5),
        "label": func.sum(u.age).label("total"),
        "trailing": func.print_(1),
        "select": func.coalesce(select(u.id).limit(1).scalar_subquery(), 0),
    }.items():
        yield name, select(e)
    yield (
        "window",
        select(over(func.sum(u.age), partition_by=[u.name, u.active], order_by=u.id.desc(), rows=(None, 0))),
    )
    yield "range", select(func.avg(u.age).over(order_by=u.id, range_=(-5, 10)))


@row("D059")
def known_functions() -> Iterator[Case]:
    yield "aggregates", select(func.count(u.id), func.sum(u.age), func.max(u.age), func.min(u.name))
    yield (
        "times",
        select(
            func.now(),
            func.current_date(),
            func.current_time(),
            func.current_timestamp(),
            func.localtime(),
            func.localtimestamp(),
        ),
    )
    yield "users", select(func.current_user(), func.session_user(), func.user())
    yield (
        "others",
        select(
            func.coalesce(u.name, "x"),
            func.char_length(u.name),
            func.random(),
            func.pow(u.age, 2),
            func.concat(u.name, "x"),
        ),
    )
    yield "sysdate", select(func.sysdate())
    yield "strings", select(func.aggregate_strings(u.name, ","))


@row("ctes")
def ctes() -> Iterator[Case]:
    c = select(u.id, u.age).where(u.age > 5).cte("old")
    yield "cte", select(c).where(c.c.id > 1)
    yield "anonymous", select(select(u.id).cte().c.id)
    tree = select(nodes.c.id, nodes.c.parent_id).where(nodes.c.id == 1).cte("tree", recursive=True)
    tree = tree.union_all(select(nodes.c.id, nodes.c.parent_id).join(tree, nodes.c.parent_id == tree.c.id))
    yield "recursive", select(tree)
    d = select(a.id).where(a.id.in_(select(c.c.id))).cte("d")
    yield "two", select(c.c.id, d.c.id).where(c.c.id == d.c.id)


@row("compounds")
def compounds() -> Iterator[Case]:
    one, two = select(u.id, u.name).where(u.age > 1), select(a.id, a.name)
    yield "union", union(one, two)
    yield "union all", union_all(one, two).order_by("name").limit(3)
    yield "method", one.union(two)
    yield "except", except_(one, two)
    yield "intersect", one.intersect(two)
    yield "subquery", select(union(one, two).subquery("both").c.name)
    yield "ordered parts", union(one.order_by(u.id).limit(1), two)
    yield "nested", union(one, intersect(two, one))


@row("other")
def others() -> Iterator[Case]:
    yield "extract", select(extract("year", u.made), func.extract("month", u.born))
    yield "for update", select(u.id).with_for_update()
    yield (
        "values",
        select(values(column("a", Integer), column("b", String), name="v").data([(1, "x"), (2, "y")])),
    )
    yield "lateral", select(users, lateral(select(a.email).where(a.user_id == u.id), name="l"))
    yield "prefix", select(u.id).prefix_with("ALL").suffix_with("-- end")
    yield "json", select(u.data["key"], u.data[1], u.data["key"].as_string(), u.data[("a", "b")].as_integer())
    yield (
        "any all",
        select(u.id).where(
            u.age == any_(select(a.id).scalar_subquery()), u.age > all_(select(a.id).scalar_subquery())
        ),
    )
    yield "column alone", u.id + 5
    yield "try cast", select(try_cast(u.name, Integer))
