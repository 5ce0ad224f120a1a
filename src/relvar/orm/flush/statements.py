# Compiled as it is, see setup.py.
"""
The prepared statements of a flush: one per table and shape, made once.

Each function returns a plan from the engine's cache for values that come as
tuples; a `Prepared` also says how to put such a tuple into the plan's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar.engine.defaults import plain_makers, with_defaults
from relvar.engine.prepared import plan_for, run_listed
from relvar.expr import make
from relvar.orm.flush.facts import TableFacts
from relvar.schema.constraint import CheckConstraint, ColumnCollectionConstraint
from relvar.schema.foreignkey import ForeignKeyConstraint

__all__ = [
    "Prepared",
    "delete_listed",
    "may_be_listed",
    "prepare_delete",
    "prepare_insert",
    "prepare_update",
    "update_listed",
]


class Prepared:
    """
    A plan, and where in it each value of a row goes.

    ``order`` is None when rows are in the plan's order already; otherwise it
    has, per name of the plan, the index of the value in the row, or the
    constant that goes there.  Columns without an attribute may have defaults
    that are computed here, for each row.
    """

    __slots__ = ("names", "order", "plan")

    def __init__(self, plan: Any, names: Sequence[str]) -> None:
        self.plan: Any = plan
        self.names: tuple[str, ...] = tuple(names)
        places = {name: i for i, name in enumerate(names)}
        wanted: tuple[str, ...] = plan.names
        if wanted == tuple(names):
            self.order: list[tuple[int, Any]] | None = None
            return
        self.order = []
        for name in wanted:
            if name in places:
                self.order.append((places[name], None))
            else:
                self.order.append((-1, plan.compiled.binds[name].effective_value))

    def arrange(self, connection: Any, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        """
        Put the values of *rows* into the plan's order.
        """
        order = self.order
        if order is None:
            return rows
        if self.plan.prefetch:
            makers = plain_makers(self.plan)
            if makers is not None:
                return self._with_made(rows, *makers)
            return [self._with_defaults(connection, row, number) for number, row in enumerate(rows)]
        return [tuple([constant if i < 0 else row[i] for i, constant in order]) for row in rows]

    def _with_made(
        self,
        rows: Sequence[tuple[Any, ...]],
        constants: Mapping[str, Any],
        calls: Sequence[tuple[str, Callable[[], Any]]],
    ) -> Sequence[tuple[Any, ...]]:
        """
        Put values and defaults into the plan's order: first those of a row, then what is made for it.
        """
        assert self.order is not None
        width = len(self.names)
        places = {name: width + i for i, (name, _) in enumerate(calls)}
        functions = [function for _, function in calls]
        order = [
            (places.get(name, i), constants.get(name, constant))
            for name, (i, constant) in zip(self.plan.names, self.order, strict=True)
        ]
        arranged = []
        for row in rows:
            known = (*row, *[function() for function in functions])
            arranged.append(tuple([constant if i < 0 else known[i] for i, constant in order]))
        return arranged

    def _with_defaults(self, connection: Any, row: tuple[Any, ...], number: int) -> tuple[Any, ...]:
        assert self.order is not None
        given = dict(zip(self.names, row, strict=True))
        known = with_defaults(connection, self.plan, (), given, connection._execution_options, number)
        return tuple(
            [
                known[name] if name in known else constant
                for name, (_, constant) in zip(self.plan.names, self.order, strict=True)
            ]
        )


def _prepared(
    connection: Any,
    key: tuple[Any, ...],
    names: tuple[str, ...],
    build: Callable[[], tuple[Any, tuple[str, ...]]],
    many: bool = True,
) -> Prepared:
    """
    Find a prepared statement in the engine's cache, or make it.

    Args:
        names: The columns that get values.

        build: Returns the statement and the names of further parameters.
    """
    more: list[tuple[str, ...]] = []

    def make_plan() -> tuple[Any, None]:
        stmt, extra = build()
        more.append(extra)
        return stmt, None

    plan = plan_for(connection, key, make_plan, column_keys=names, many=many)
    found: Prepared | None = plan.load
    if found is None:
        if not more:
            more.append(build()[1])
        found = plan.load = Prepared(plan, (*names, *more[0]))
    return found


def prepare_insert(
    connection: Any,
    table: TableFacts,
    names: tuple[str, ...],
    returning: tuple[Any, ...] = (),
    many: bool = True,
) -> Prepared:
    """
    Prepare ``INSERT`` for rows with *names*, returning columns in row order.

    Args:
        many: There are several rows; the text for one row may be another.
    """

    def build() -> tuple[Any, tuple[str, ...]]:
        stmt = make.Insert(table.table)
        if returning:
            stmt = stmt.returning(*returning, sort_by_parameter_order=True)
        return stmt, ()

    key = ("flush insert", table.table, returning)
    return _prepared(connection, key, names, build, many)


def returns_inserted(table: Any, dialect: Any) -> bool:
    """
    Tell whether the flush may ask for values of new rows with RETURNING.

    Not of a table that is not to be asked so (``implicit_returning=False``), if the key can be had otherwise.
    """
    return bool(dialect.insert_returning) and (table.implicit_returning or not dialect.postfetch_lastrowid)


def prepare_insert_for_key(connection: Any, table: TableFacts, names: tuple[str, ...]) -> Prepared:
    """
    Prepare ``INSERT`` for single rows, each of which tells its key as ``lastrowid``.
    """
    return prepare_insert(connection, table, names, (), bool(connection.dialect._lastrowid_is_native))


def find_name(table: Any, column: Any) -> str:
    """
    Name the parameter that finds a row by *column*; not the name of a column.
    """
    label = f"{table.name}_{column.key}"
    name, number = label, 1
    while name in table.c:
        name = f"{label}_{number}"
        number += 1
    return name


def criteria(
    table: TableFacts, find: tuple[str, ...], beside_columns: bool = True
) -> tuple[Any, tuple[str, ...]]:
    """
    Return the condition that finds one row, and the names of its parameters.

    Args:
        beside_columns: The statement has parameters named like columns, so
            these here must have other names.
    """
    clauses = []
    names = []
    for column_name in find:
        column = table.by_name[column_name].column
        name = find_name(table.table, column) if beside_columns else column.key
        names.append(name)
        clauses.append(column == make.BindParameter(name, type_=column.type, required=True))
    return make.and_(*clauses), tuple(names)


def prepare_update(
    connection: Any,
    table: TableFacts,
    names: tuple[str, ...],
    find: tuple[str, ...],
    returning: tuple[Any, ...] = (),
) -> Prepared:
    """
    Prepare ``UPDATE`` of *names* for rows found by *find*.
    """

    def build() -> tuple[Any, tuple[str, ...]]:
        condition, find_names = criteria(table, find)
        stmt = make.Update(table.table).where(condition)
        if returning:
            stmt = stmt.returning(*returning)
        return stmt, find_names

    key = ("flush update", table.table, find, returning)
    return _prepared(connection, key, names, build, many=not returning)


def prepare_delete(connection: Any, table: TableFacts, find: tuple[str, ...]) -> Prepared:
    """
    Prepare ``DELETE`` of rows found by *find*.
    """

    def build() -> tuple[Any, tuple[str, ...]]:
        condition, find_names = criteria(table, find, beside_columns=False)
        return make.Delete(table.table).where(condition), find_names

    return _prepared(connection, ("flush delete", table.table, find), (), build)


def update_listed(
    connection: Any, table: TableFacts, prepared: Prepared, rows: Sequence[tuple[Any, ...]]
) -> int | None:
    """
    Update rows by statements that have many rows each, where that is the same as one for each row.

    It is not where the order of the rows could matter: for columns that a constraint compares with those of
    other rows.

    Args:
        rows: In the plan's order, each of another row of the database.

    Returns:
        The number of rows matched; None if nothing was sent.
    """
    if len(rows) == 1 or _are_compared(table.table, prepared.names):
        return None
    matched = run_listed(connection, prepared.plan, rows)
    if matched is None or table.version is not None or connection.dialect.supports_sane_multi_rowcount:
        return matched
    # not counted, as where there is a statement for each
    return -1


def _are_compared(table: Any, names: Sequence[str]) -> bool:
    """
    Tell whether a constraint or an index compares columns with those of other rows.
    """
    comparing = [c for c in table.constraints if isinstance(c, ColumnCollectionConstraint)]
    for constraint in comparing:
        if isinstance(constraint, (ForeignKeyConstraint, CheckConstraint)):
            continue
        if any(column.name in names for column in constraint.columns):
            return True
    # the columns of an index on text are not known
    return any(
        index.unique and (not len(index.columns) or any(column.name in names for column in index.columns))
        for index in table.indexes
    )


# Rows of one DELETE ... IN (...).
_LISTED = 500


def may_be_listed(connection: Any, table: TableFacts, rows: Sequence[tuple[Any, ...]]) -> bool:
    """
    Tell whether one statement is to delete *rows*, in any order: on dialects that send one for each row.

    Not rows that may refer to each other, and not those with a NULL in what finds them.
    """
    own = table.table
    return (
        len(rows) > 1
        and connection.dialect.deletes_by_list
        and not any(key.column.table is own for key in own.foreign_keys)
        and not any(None in row for row in rows)
    )


def delete_listed(
    connection: Any, table: TableFacts, find: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> int:
    """
    Delete rows by lists of what finds them; gives how many were there.
    """
    columns = [table.by_name[name].column for name in find]
    matched = 0
    for start in range(0, len(rows), _LISTED):
        part = rows[start : start + _LISTED]
        if len(columns) == 1:
            condition = columns[0].in_([row[0] for row in part])
        else:
            condition = make.Tuple(*columns).in_(part)
        matched += connection.execute(make.Delete(table.table).where(condition)).rowcount
    return matched
