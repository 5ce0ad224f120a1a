"""
More statements that the comparison of random ones (``bench/rival``) found to differ, made small.

As ``cases_random.py``; ``random_more.json`` holds what each must compile to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    Column,
    Integer,
    MetaData,
    Table,
    column,
    func,
    select,
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
    yield "in a function", select(func.max(row).over(partition_by=row, order_by=x))


CASES: dict[str, Callable[[], Cases]] = {
    "rows as columns": rows_as_columns,
}
