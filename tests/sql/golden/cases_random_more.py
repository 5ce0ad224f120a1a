"""
More statements that the comparison of random ones (``bench/rival``) found to differ, made small.

As ``cases_random.py``; ``random_more.json`` holds what each must compile to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    ARRAY,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    all_,
    and_,
    any_,
    bindparam,
    cast,
    column,
    delete,
    distinct,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    table,
    text,
    true,
    update,
)
from relvar.dialects.postgresql import ARRAY as PG_ARRAY
from relvar.dialects.postgresql import array

Cases = Iterator[tuple[str, Any]]

metadata = MetaData()
users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("age", Integer))


def rows_as_columns() -> Cases:
    x, row = column("x"), func.f().column_valued()
    of_table = users.c.id
    yield "a column and a row", select(x == row, x < row, x + row, x != row, x.in_([row]))
    yield "a row and a column", select(row == x, row < x, row + x, row != x)
    yield "a column of a table", select(of_table == row, of_table + row, row - of_table)
    yield "in a subquery", select(select(row, x).subquery())
    yield "labeled", select(row.label("y"), row).order_by(row)
    array = func.f(type_=ARRAY(Integer)).column_valued("a")
    yield "index", select(array[1], array[1:2])
    yield "set", update(users).values({row: 1})
    yield "in a function", select(func.max(row).over(partition_by=row, order_by=x))


def ctes_of_one_name() -> Cases:
    for nests in (False, True):
        a = select(literal_column("1").label("a")).cte("x", nesting=nests)
        b = select(literal_column("2").label("a")).cte("x", nesting=True)
        which = "nesting, " if nests else ""
        yield which + "beside", select(a, b)
        yield which + "joined", select(b).select_from(a).join(b, true())
        yield which + "below", select(a).where(exists(select(b)))
        yield which + "above", select(b).where(exists(select(a)))
        yield which + "in a CTE", select(select(a).cte("y"), b)
        yield which + "in a CTE that nests", select(a, select(b).cte("y", nesting=True))
        yield which + "added", select(b).add_cte(a)
        yield which + "of an alias", select(a.alias("z"), b)


class Loud(TypeDecorator[str]):
    """A type that takes all values as its own."""

    impl = String(5)
    cache_ok = True


def members() -> Cases:
    """A value is of the type of those that it is compared with."""
    rows = select(column("x", Loud)).scalar_subquery()
    for what, those in (
        ("array", column("a", ARRAY(Loud))),
        ("rows", rows),
        ("column", column("x", Loud)),
    ):
        yield what, select(any_(those) == 5, 5 < all_(those), any_(those).is_distinct_from(5))
        yield what + ", no type", select(all_(those) == bindparam("q"), any_(those) == column("b"))
    yield "no type", select(any_(column("z")) == 5, all_(column("z")) == "x")


def patterns_of_no_type() -> Cases:
    for method in ("contains", "startswith", "endswith", "icontains", "istartswith", "iendswith"):
        x = getattr(column("z"), method)
        yield method, select(x(bindparam("q")), ~x(literal([])), x(func.f(bindparam("q"))))


def with_of_an_insert() -> Cases:
    changing = update(users).values(age=1).cte("c")
    reading = select(users.c.id).cte("c")
    for what, cte in (("changing", changing), ("reading", reading)):
        yield what, insert(users).values(age=2).add_cte(cte)
        yield what + ", several rows", insert(users).values([{"age": 2}, {"age": 3}]).add_cte(cte)
        yield what + ", of a select", insert(users).from_select(["age"], select(literal(1))).add_cte(cte)


def lists() -> Cases:
    """Items of IN have parentheses where a comma would bind closer."""
    x = column("x", Integer)
    for precedence in (-2, -1, 0, 5, 100):
        item = x.op("+", precedence=precedence)(5)
        yield f"IN {precedence}", select(x.in_([item]), x.not_in([item, item]), func.f(item))
    plain = literal_column("a", ARRAY(Integer))
    two = literal_column("a", ARRAY(Integer, dimensions=2))
    for name, items in (("array", [plain]), ("of two", [two, two]), ("in an array", [array([plain])])):
        yield name, select(cast(array(items), array(items).type))


def repeated() -> Cases:
    """An operator before a column has a name in a subquery only."""
    for name, x in (("minus", -users.c.age), ("not", ~users.c.age), ("distinct", distinct(users.c.age))):
        yield name, select(x, x)
        yield name + " and column", select(users.c.age, x, x)
        yield name + " in a subquery", select(x, users.c.age, x).subquery().select()


def conditions() -> Cases:
    """Some operators have parentheses in an AND, but not in the list of a WHERE."""
    contains, other = column("c", PG_ARRAY(Integer)).contains([1]), column("x") == 1
    flag = func.f(type_=Boolean)
    for name, more in (
        ("comparison", other),
        ("function", flag),
        ("not", ~contains),
        ("exists", exists()),
        ("list", and_(other, flag)),
        ("or", or_(other, flag)),
        ("true", true()),
    ):
        yield name, select(column("x")).where(contains, more).having(contains, more)
        yield name + " first", select(column("x")).where(more).where(contains)
        yield name + " in AND", select(column("x")).where(and_(contains, more), flag)
        yield name + " changing", update(users).values(age=1).where(contains, more)


def empty_conditions() -> Cases:
    """An AND of nothing has no text; so has a text of nothing."""
    flag, nothing = func.f(type_=Boolean), text("")
    for name, empty in (("and", and_()), ("or", or_()), ("text", nothing), ("list", and_(and_(), or_()))):
        yield name, select(column("x")).where(empty, flag).having(flag, empty)
        yield name + " alone", select(column("x")).where(empty)
        yield name + " twice", select(column("x")).where(empty, empty)
        yield name + " beside null", select(column("x")).where(null(), empty).subquery().select()
        yield name + " changing", update(users).values(age=1).where(empty, flag, empty)
        yield name + " deleting", delete(users).where(users.c.age == 1).where(empty)


def synonyms() -> Cases:
    """Columns are left out if they are called like what they are equal to, not like any other."""
    boss = Table(
        "boss", MetaData(), Column("id", Integer, primary_key=True), Column("up", ForeignKey("boss.id"))
    )
    up, key = boss.c.up, boss.c.id
    other = table("t", column("up"), column("x")).c.up
    for name, columns in (
        ("plain", (key, up)),
        ("called like another", (up, other, key)),
        ("labelled like another", (up.label("up"), other, key)),
        ("labelled like it", (other, up.label("id"), key)),
        ("both labelled", (up.label("z"), key.label("z"), other)),
    ):
        yield name, select(*columns).reduce_columns()
        yield name + ", all", select(*columns).reduce_columns(only_synonyms=False)


def given_later() -> Cases:
    """params() is for what a statement gets later, too; also in a part of another."""
    inner = select(bindparam("q", type_=Integer).label("y")).subquery()
    given = select(column("x")).params(q=5)
    for name, part in (
        ("where", given.where(column("x") == inner.c.y)),
        ("only", given.with_only_columns(inner.c.y)),
    ):
        yield name, part
        yield name + " subquery", select(part.subquery())
        yield name + " CTE", select(part.cte("c"))
        yield name + " scalar", select(part.scalar_subquery())
        yield name + " exists", select(column("z")).where(part.exists())
        yield name + " IN", select(column("z")).where(column("z").in_(part))
        yield name + " INSERT", insert(users).from_select(["age"], part)


def slices() -> Cases:
    """Numbers of a slice are called after a column or label."""
    for name, x in (
        ("column", column("a", ARRAY(Integer))),
        ("label", column("a", ARRAY(Integer)).label("x")),
        ("no label", column("a", ARRAY(Integer)).label(None)),
        ("function", func.f(type_=ARRAY(Integer))),
    ):
        yield name, select(x[1:2], x[1:2][3:4], x[column("i", Integer) : 2], x[bindparam("q") : 5])


CASES: dict[str, Callable[[], Cases]] = {
    "rows as columns": rows_as_columns,
    "CTEs of one name": ctes_of_one_name,
    "members": members,
    "patterns of no type": patterns_of_no_type,
    "WITH of an INSERT": with_of_an_insert,
    "lists": lists,
    "slices": slices,
    "repeated": repeated,
    "conditions": conditions,
    "empty conditions": empty_conditions,
    "synonyms": synonyms,
    "given later": given_later,
}
