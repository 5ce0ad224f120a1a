"""
Statements that the comparison of random ones (``bench/rival``) found to differ once, made small.

Each function yields ``(name, statement)``.  ``random.json`` holds what each must compile to on each
dialect, and with which parameters; the rows of the feature table have their own cases elsewhere.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from relvar import (
    ARRAY,
    JSON,
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    table,
    text,
    true,
    type_coerce,
    union,
    union_all,
    update,
    values,
)
from relvar.types import UserDefinedType

Cases = Iterator[tuple[str, Any]]

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(30)),
    Column("data", JSON),
)
orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("note", String(20), default="new"),
)
lines = Table(
    "lines", metadata, Column("id", Integer, primary_key=True), Column("order_id", ForeignKey("orders.id"))
)
u, o, n = users.c, orders.c, lines.c


class Upper(UserDefinedType[str]):
    """Wraps columns in a function."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "UPPER"

    def column_expression(self, column: Any) -> Any:
        return func.upper(column, type_=self)


def joins() -> Cases:
    after = select(u.id).join(orders).with_only_columns(n.id)
    yield "the columns change after", select(users).join(orders).with_only_columns(o.id)
    yield "others come in", after
    yield "and join again", after.join(lines)
    yield "with the FROM kept", select(u.id).join(orders).with_only_columns(n.id, maintain_column_froms=True)
    yield "to itself", select(u.id).join(users, true())
    yield "by WHERE", select(u.id).where(o.id == 3).join(users, u.id == o.id)
    yield "none fits", select(users).join(users, o.id == u.id).where(n.id == 3)
    yield "one fits", select(users).join(users, n.id == u.id).where(n.id == 3)
    yield "no columns in ON", select(users).join(users, true()).where(n.id == 3)


def ctes() -> Cases:
    nested = select(literal("ed").label("a")).cte("a", nesting=True)
    yield "nesting in a part", union(select(literal(1)), union_all(select(nested.c.a), select(literal(2))))
    yield (
        "nesting in INSERT",
        insert(users).from_select(["name"], union(select(nested.c.a), select(literal("b")))),
    )
    plain = select(u.id).cte("c")
    again = plain.alias("one").alias("two")
    yield "alias of an alias", select(plain.c.id, again.c.id)


def params() -> Cases:
    shared = select(literal("q").label("z")).subquery("s")
    inner = select(shared.c.z).where(shared.c.z == bindparam("a")).params(a="q").subquery("i")
    yield "what is shared stays", select(inner).join(shared, shared.c.z == inner.c.z)
    late = select(u.id).where(u.id == bindparam("a")).subquery("l")
    yield "columns follow", select(late.c.id + 1, o.id).join(orders, o.id == late.c.id).params(a=3)
    first = select(literal(1).label("n")).cte("r", recursive=True)
    climbed = first.union_all(select(first.c.n + 1).where(first.c.n < 3))
    one = select(climbed.c.n).params(a=1).scalar_subquery()
    yield "recursive", select(climbed.c.n, one)


def parameters() -> Cases:
    yield "of no name", insert(users).values(name=bindparam(None, "ed"), id=literal(1))
    yield "of no name, SET", update(users).values(name=bindparam(None, "ed"))
    yield "None of JSON", select(type_coerce(None, JSON), cast(None, JSON), cast(None, Integer))
    rows = values(column("a", Integer), column("b", JSON), name="v").data([(None, None), (1, 2)])
    yield "None in VALUES", select(rows)
    yield "literal UUID", select(literal(uuid.UUID(int=1), Uuid, literal_execute=True))
    where = select(u.data).where(u.name == type_coerce("x", String)).scalar_subquery()
    yield "coerced, twice", where["a"].as_float()


def paging() -> Cases:
    for name, count in (("literal", literal(2)), ("bindparam", bindparam("x", 2)), ("number", 2)):
        yield name, select(u.id).limit(count).order_by(u.id)
    page = select(u.id).slice(1, 3).subquery("p")
    yield "a page twice", select(page).join(page, true(), full=True)
    yield "percent", select(u.id).fetch(literal_column("2"), percent=True)
    yield "a join by what is ordered by", select(u.id).join(users, o.id == u.id).slice(1, 3).order_by(o.id)


def changes() -> Cases:
    other = users.alias("x")
    yield "ordered by an alias", update(other).ordered_values((u.name, "a"), (u.id, 3))
    yield "both", update(other).values({u.name: "a", other.c.id: 3})
    yield "two RETURNINGs", delete(users).returning(u.id).return_defaults()
    yield "a UNION and defaults", insert(orders).from_select(["id"], union(select(u.id), select(n.id)))
    silent = Table(
        "silent",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        implicit_returning=False,
    )
    yield "a key fetched first", insert(silent).values(x=1)
    yield "what an alias stands for", update(other).values(name="a").returning(users.c.id, other.c.name)
    light = table("light", column("id"), column("x"))
    yield "no defaults of a light table", update(light).values(x=func.f()).return_defaults(light.c.x)


def names() -> Cases:
    wraps = Upper()
    yield (
        "lone columns",
        select(column("x", wraps), literal_column("a.b", wraps), column("x", wraps).label("k")),
    )
    yield "reduced", select(u.id, users, u.id + 1, literal_column("q")).reduce_columns()
    function = func.unnest(literal_column("a")).table_valued("x", with_ordinality="o")
    yield "ordinality", select(function.c.o, function.c.x)


def anonymous() -> Cases:
    yield "a label without a name", select(u.id.label("x").label(None), (u.id + 1).label("y").label(None))
    yield "of an ordered set", select(func.mode().within_group(u.id).label(None))
    yield "casts of one value", select(null(), cast(null(), Integer), cast(null(), String))
    yield "a column after its cast", select(u.id, cast(u.id, String), u.id, u.id)
    yield "a cast of text", select(cast(text("q"), Integer), type_coerce(text("q"), Integer))
    row = func.generate_series(1, 2).column_valued("g")
    yield "rows as values, twice", union(select(row, row), select(row, row))


def qualified() -> Cases:
    unnamed = values(column("a", Integer)).data([(1,)])
    for name, columns in (
        ("literals", (cast(literal_column("1"), Integer), literal_column("2"))),
        ("VALUES", (unnamed,)),
        ("casts", (u.id, cast(u.id, String), u.id)),
    ):
        yield name, select(*columns).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)


def fields() -> Cases:
    one, other = func.f(u.id).scalar_table_valued("v"), func.f(u.id).scalar_table_valued("v", Integer)
    for style in (LABEL_STYLE_TABLENAME_PLUS_COL, LABEL_STYLE_DISAMBIGUATE_ONLY):
        yield f"of functions, {style.name}", select(one, u.id).set_label_style(style)
        yield f"twice, {style.name}", select(one, other).set_label_style(style)
        yield f"in a subquery, {style.name}", select(select(one, one).set_label_style(style).subquery())


def empty() -> Cases:
    yield "first", select(text(""), u.id)
    yield "between", select(u.id, text(""), u.name)
    yield "only", select(text(""))
    yield "from a table", select(text("")).select_from(users)
    yield "in a subquery", select(select(text(""), u.id).subquery())


def operators() -> Cases:
    yield "ANY", u.id == any_(literal([1]).op("->", precedence=100, return_type=ARRAY(Integer))([2]))
    array = column("a", ARRAY(Integer))
    yield "index", select(array[1], array["a"], array[datetime.date(2020, 1, 1)])
    yield "numbers", select(Decimal("1.50"), 2, 2.5)
    yield "match", (u.name + "x").match("y")
    rows = values(column("a", Integer), literal_binds=True).data([(1,), (2,)])
    yield "literal rows", select(literal("ed")).select_from(rows).where(u.id == literal(3)).params(x=1)


def filters() -> Cases:
    joined = users.join(orders)
    yield "one side", select(orders).select_from(joined).filter_by(id=1)
    yield "as the join calls it", select(orders).select_from(joined).filter_by(users_id=1)
    yield "a join in a join", select(lines).join(joined, o.id == n.order_id).filter_by(id=1)
    yield "another table", select(literal(1)).join_from(users, orders).filter_by(id=1)
    yield "UPDATE", update(users).where(o.user_id == u.id).filter_by(note="x").values(name="y")


CASES: dict[str, Callable[[], Cases]] = {
    "joins": joins,
    "ctes": ctes,
    "params": params,
    "parameters": parameters,
    "paging": paging,
    "changes": changes,
    "names": names,
    "anonymous": anonymous,
    "qualified": qualified,
    "fields": fields,
    "empty texts": empty,
    "operators": operators,
    "filters": filters,
}
