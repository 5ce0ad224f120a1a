# Compiled as it is, see setup.py.
"""
Turn states into the values that statements need.

Pure: reads attributes, writes nothing, knows no database.  A row belongs to a
*shape*, the columns it has values for; rows of one shape run through one
prepared statement.

Rule 1: inserted rows keep the order of the states; only neighbours share a
    statement.  Updated rows of one shape share one, wherever they stand, if their
   order does not matter.
Rule 2: an INSERT leaves a column out when the database is to fill it in, and
    writes NULL where nobody does.
Rule 3: an UPDATE has exactly the columns whose value is another than after the
    last flush.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from relvar._kernels.attributes import NO_VALUE, probe
from relvar._kernels.flush import COMPUTE, INCLUDE_NULL, insert_rows, pk_rows, update_rows
from relvar.orm.flush.facts import TableFacts

__all__ = ["Batch", "delete_rows", "insert_batches", "post_update_batches", "update_batches"]

State = Any

# Values of these types are never SQL expressions.
_PLAIN = frozenset({int, str, float, bool, bytes, type(None)})


class Batch:
    """
    Rows of one shape.

    Args:
        mask: Which columns the rows have values for, bit by bit in table order.

        expressions: SQL expressions to write, by column; such a batch has
            one row.
    """

    __slots__ = ("expressions", "mask", "rows", "states")

    def __init__(
        self,
        mask: int,
        rows: list[tuple[Any, ...]],
        states: list[State],
        expressions: dict[Any, Any] | None = None,
    ) -> None:
        self.mask: int = mask
        self.rows: list[tuple[Any, ...]] = rows
        self.states: list[State] = states
        self.expressions: dict[Any, Any] | None = expressions


def is_expression(value: Any) -> bool:
    """
    Tell whether a value is an SQL expression rather than a plain one.
    """
    return hasattr(value, "__clause_element__") or hasattr(type(value), "__visit_name__")


def insert_batches(
    table: TableFacts,
    states: Iterable[State],
    context: Callable[[dict[str, Any]], Any],
) -> list[Batch]:
    """
    Group the rows that *states* insert into *table*.

    Args:
        context: Makes what a default function gets, from the values so far.

    Cost: one attribute read per column and state.
    """
    states = list(states)
    masks, rows = insert_rows(states, *table.insert_arguments, context)
    first = masks[0]
    if first >= 0 and masks.count(first) == len(masks):
        return [Batch(first, rows, states)]
    batches: list[Batch] = []
    current: Batch | None = None
    for state, mask, values in zip(states, masks, rows, strict=True):
        expressions = None
        if mask < 0:
            mask, values, expressions = _insert_row(table, state, context)
        if current is None or mask != current.mask or expressions or current.expressions:
            current = Batch(mask, [], [], expressions)
            batches.append(current)
        current.rows.append(values)
        current.states.append(state)
    return batches


def _insert_row(
    table: TableFacts, state: State, context: Callable[[dict[str, Any]], Any]
) -> tuple[int, tuple[Any, ...], dict[Any, Any] | None]:
    """
    Collect the values of one new row, with a bit per column that has one.
    """
    obj = state()
    mask = 0
    values: list[Any] = []
    expressions: dict[Any, Any] | None = None
    for column in table.columns:
        value = probe(obj, column.key)
        if value is None or value is NO_VALUE:
            when_missing = column.when_missing
            if value is None and column.eval_none:
                pass
            elif when_missing == INCLUDE_NULL:
                value = None
            elif when_missing == COMPUTE:
                assert column.default is not None
                known = {
                    c.name: v
                    for c, v in zip([c for c in table.columns if mask >> c.index & 1], values, strict=False)
                }
                value = column.default(context(known))
            else:
                continue
        elif type(value) not in _PLAIN and is_expression(value):
            if expressions is None:
                expressions = {}
            expressions[column.column] = value
            continue
        mask |= 1 << column.index
        values.append(value)
    return mask, tuple(values), expressions


def changed_columns(
    table: TableFacts, state: State, keys: Iterable[str] | None = None
) -> tuple[list[str], list[Any], dict[Any, Any] | None]:
    """
    Return the columns of *table* that have another value than before.

    Args:
        keys: Look at these attributes only, and take them as changed.

    Returns:
        Names and values side by side, in table order, and the SQL
        expressions among them apart.
    """
    old = state.old
    obj = state()
    names: list[str] = []
    values: list[Any] = []
    expressions: dict[Any, Any] | None = None
    impls = state.manager.impls
    for column in table.columns:
        key = column.key
        if keys is not None:
            if key not in keys:
                continue
        elif old is None or key not in old or (table.follows_key and column.is_pk):
            continue
        value = probe(obj, key)
        if value is NO_VALUE:
            if keys is None and state.expired_keys is not None and key in state.expired_keys:
                continue
            value = None
        if type(value) not in _PLAIN and is_expression(value):
            if expressions is None:
                expressions = {}
            expressions[column.column] = value
            continue
        if keys is None:
            assert old is not None
            before = old[key]
            if before is not NO_VALUE and (before is value or impls[key].is_equal(value, before) is True):
                continue
        names.append(column.name)
        values.append(value)
    return names, values, expressions


def identity_values(table: TableFacts, state: State) -> tuple[Any, ...]:
    """
    Return the primary key under which the row of *state* is in the database.
    """
    old = state.old
    obj = state()
    values = []
    for key in table.pk_keys:
        if state.pk is not None and old is not None and key in old:
            # changed while it was not loaded: only the identity tells
            value = old[key]
        else:
            value = probe(obj, key)
        if value is NO_VALUE:
            value = _from_identity(state, key)
        values.append(value)
    return tuple(values)


def _present_key(state: State, key: str) -> Any:
    """
    Return one value of the primary key as this flush has written it; what is not loaded has not changed.
    """
    value = probe(state(), key)
    return _from_identity(state, key) if value is NO_VALUE else value


def _from_identity(state: State, key: str) -> Any:
    """
    Take one value of the primary key from the identity of a state.
    """
    mapper = state.manager.mapper
    if state.pk is None:
        return getattr(state(), key)
    columns = list(mapper.primary_key)
    if len(columns) == 1:
        return state.pk
    for column, value in zip(columns, state.pk, strict=True):
        if mapper.get_property_by_column(column).key == key:
            return value
    return getattr(state(), key)


def take_over_batch(
    table: TableFacts, state: State, former: State, next_version: Callable[[Any], Any] | None
) -> Batch | None:
    """
    Return the UPDATE by which a new object takes over the row of a former one.
    """
    keys = {c.key for c in table.columns if not c.is_pk and probe(state(), c.key) is not NO_VALUE}
    names, values, expressions = changed_columns(table, state, keys)
    if not names and not expressions:
        return None
    find = identity_values(table, state)
    if table.version is not None:
        before = _old_value(former, table.version.key)
        find = (*find, before)
        if next_version is not None:
            version = next_version(before)
            names, values = _insert_in_order(table, names, values, table.version.name, version)
    return Batch(_mask(table, names), [(*values, *find)], [state], expressions)


def _mask(table: TableFacts, names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= 1 << table.by_name[name].index
    return mask


def update_batches(
    table: TableFacts,
    states: Iterable[State],
    context: Callable[[dict[str, Any]], Any],
    next_version: Callable[[Any], Any] | None = None,
    bumped: frozenset[State] | set[State] = frozenset(),
    in_order: bool = False,
) -> list[Batch]:
    """
    Group the UPDATEs that *states* need in *table*; a state without a net
    change is in none.

    Args:
        next_version: Computes the next version from the current one.

        bumped: States whose version counts up though no column of theirs
            has changed.

        in_order: Rows are written in the order of the states.

    Returns:
        Batches; their rows are the new values, then the values that find the
        row: primary key, then version.
    """
    states = list(states)
    if table.is_plain_update and not bumped:
        counted = table.version
        version = None if counted is None else (counted.key, counted.index, next_version)
        masks, rows = update_rows(states, table.positions, table.pk_keys, table.plain_on_update, version)
        first = masks[0]
        if first > 0 and masks.count(first) == len(masks):
            return [Batch(first, rows, states)]
    else:
        masks, rows = [-1] * len(states), [None] * len(states)
    batches: list[Batch] = []
    shapes: dict[int, Batch] = {}
    for state, mask, row in zip(states, masks, rows, strict=True):
        if mask == 0:
            continue
        expressions = None
        if mask < 0:
            made = _update_row(table, state, context, next_version, state in bumped)
            if made is None:
                continue
            mask, row, expressions = made
        _add_row(batches, shapes, state, mask, row, expressions, in_order)
    return batches


def post_update_batches(
    table: TableFacts,
    waiting: Iterable[tuple[State, Iterable[str], bool]],
    context: Callable[[dict[str, Any]], Any],
    next_version: Callable[[Any], Any] | None,
    saved: frozenset[State] | set[State],
) -> list[Batch]:
    """
    Group the UPDATEs of columns that had to wait until the rows were saved.

    Args:
        waiting: States, the attributes to write, and whether the row is found by the key that the object has
            now.

        saved: States whose version was counted up in this flush.
    """
    batches: list[Batch] = []
    shapes: dict[int, Batch] = {}
    for state, keys, by_new_key in waiting:
        version = None if state in saved else next_version
        made = _update_row(table, state, context, version, False, keys, by_new_key)
        if made is not None:
            mask, row, expressions = made
            _add_row(batches, shapes, state, mask, row, expressions)
    return batches


def _add_row(
    batches: list[Batch],
    shapes: dict[int, Batch],
    state: State,
    mask: int,
    row: Any,
    expressions: dict[Any, Any] | None,
    in_order: bool = False,
) -> None:
    if expressions:
        batches.append(Batch(mask, [row], [state], expressions))
        return
    batch = shapes.get(mask)
    if batch is None or (in_order and batch is not batches[-1]):
        batch = shapes[mask] = Batch(mask, [], [])
        batches.append(batch)
    batch.rows.append(row)
    batch.states.append(state)


def _update_row(
    table: TableFacts,
    state: State,
    context: Callable[[dict[str, Any]], Any],
    next_version: Callable[[Any], Any] | None,
    is_bumped: bool,
    keys: Iterable[str] | None = None,
    by_new_key: bool = False,
) -> tuple[int, tuple[Any, ...], dict[Any, Any] | None] | None:
    """
    Collect the changed values of one row, then the values that find it.
    """
    names, values, expressions = changed_columns(table, state, keys)
    if not names and not expressions and not is_bumped:
        return None
    if table.follows_key or by_new_key:
        # the row, or that of the superclass, was updated before
        find: tuple[Any, ...] = tuple([_present_key(state, key) for key in table.pk_keys])
    else:
        find = identity_values(table, state)
    if table.with_onupdate:
        names, values = _with_onupdate(table, names, values, expressions, context)
    version = table.version
    if version is not None:
        before = _old_value(state, version.key)
        find = (*find, before)
        if next_version is not None and version.name not in names:
            names, values = _insert_in_order(table, names, values, version.name, next_version(before))
        elif is_bumped and not names:
            # the database counts: the row is written all the same
            names, values = [version.name], [before]
    return _mask(table, names), (*values, *find), expressions


def _old_value(state: State, key: str) -> Any:
    old = state.old
    if old is not None and key in old and old[key] is not NO_VALUE:
        return old[key]
    return getattr(state(), key)


def _with_onupdate(
    table: TableFacts,
    names: list[str],
    values: list[Any],
    expressions: dict[Any, Any] | None,
    context: Callable[[dict[str, Any]], Any],
) -> tuple[list[str], list[Any]]:
    """
    Add the columns whose Python-side ``onupdate`` has to run.
    """
    for column in table.with_onupdate:
        if column.name in names or (expressions and column.column in expressions):
            continue
        assert column.onupdate is not None
        value = column.onupdate(context(dict(zip(names, values, strict=True))))
        names, values = _insert_in_order(table, names, values, column.name, value)
    return names, values


def _insert_in_order(
    table: TableFacts, names: list[str], values: list[Any], name: str, value: Any
) -> tuple[list[str], list[Any]]:
    known = dict(zip(names, values, strict=True))
    known[name] = value
    ordered = [c.name for c in table.columns if c.name in known]
    return ordered, [known[n] for n in ordered]


def delete_rows(table: TableFacts, states: list[State]) -> list[tuple[Any, ...]]:
    """
    Return what finds the rows of *states* in *table*: primary key, then version.
    """
    version = table.version
    if table.is_plain_key:
        version_key = None if version is None else version.key
        simple: list[tuple[Any, ...]] | None = pk_rows(states, table.pk_keys, version_key)
        if simple is not None:
            return simple
    rows = [identity_values(table, state) for state in states]
    if version is None:
        return rows
    return [(*row, _old_value(state, version.key)) for row, state in zip(rows, states, strict=True)]
