"""
More statements that the comparison of random ones (``bench/rival``) found to differ, made small.

As ``cases_random.py``; ``random_more.json`` holds what each must compile to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    ARRAY,
    Column,
    Integer,
    MetaData,
    Table,
    column,
    exists,
    func,
    literal_column,
    select,
    true,
    update,
)

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


CASES: dict[str, Callable[[], Cases]] = {
    "rows as columns": rows_as_columns,
    "CTEs of one name": ctes_of_one_name,
}
