"""
Run ``INSERT ... VALUES (...), (...) ... RETURNING`` in batches.

Many rows go into one statement, as many as the page size and the database's
limit on parameters allow; the returned rows of all batches make one result.

How returned rows are put in the order of the parameters, if that is asked for:
    1. no sentinel: the order is not known, and each row is sent alone;
    2. the client knows the sentinels (they are parameters): rows are matched by value;
    3. the server makes the sentinels, counting up: rows are sorted by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.binds import flatten_rows
from relvar._kernels.rows import cut_rows
from relvar.compile.marks import POSITION_OR_LIST
from relvar.dialect.interface import BindTyping
from relvar.engine.errors import STARTED
from relvar.engine.send import call_driver, context_if_needed, implicit_result, log_statement
from relvar.rows.cursor import NO_ROWS, CursorResult, buffered_result
from relvar.util.fields import NamedTuple

if TYPE_CHECKING:
    from relvar.engine.base import Connection
    from relvar.engine.plan import Plan


# How much of a batch's text the log shows.
_LOGGED_LENGTH, _LOGGED_HEAD, _LOGGED_TAIL = 500, 250, 100

# With fewer rows, reading the text costs psycopg no more than making arrays (nine columns, psycopg 3.3.9).
FEWEST_BY_ARRAY = 10


class Batch(NamedTuple):
    """
    One statement of several.

    Attributes:
        text: The SQL text.
        parameters: What the driver gets.
        rows: The rows' values by name, for the log and for matching.
        number: 1 for the first batch.
        total: How many batches there are.
        is_downgraded: The rows are sent one by one.
    """

    text: str
    parameters: Any
    rows: Sequence[Mapping[str, Any]]
    number: int
    total: int
    is_downgraded: bool


def execute(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    statement: Any,
    named: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    note: Any,
) -> Any:
    """
    Run a batched INSERT; gives its result.
    """
    returns = bool(plan.compiled.effective_returning)
    cursor, rows = _run(conn, dbapi_connection, plan, statement, named, options, note, returns)
    result: CursorResult[Any]
    shown = _visible(plan, rows)
    if plan.explicit_returning:
        result = buffered_result(conn, plan, cursor, plan.layout_for(cursor), shown)
    elif returns:
        result = implicit_result(conn, plan, cursor, plan.layout_for(cursor), shown)
    else:
        result = CursorResult(conn, plan, cursor, NO_ROWS)
    result._rowcount = len(named)
    result._statement = statement
    result._values = list(named)
    result._options = options
    return result


def execute_raw(
    conn: Connection, dbapi_connection: Any, plan: Plan, values: Sequence[Sequence[Any]]
) -> list[Any]:
    """
    Run a batched INSERT for rows of values in the order of the plan's names; gives its raw rows.
    """
    found = _run_as_arrays(conn, dbapi_connection, plan, values)
    if found is not None:
        return _visible(plan, found)
    named = [dict(zip(plan.names, row, strict=True)) for row in values]
    _, rows = _run(
        conn, dbapi_connection, plan, plan.compiled.statement, named, conn._execution_options, None, True
    )
    return _visible(plan, rows)


def _visible(plan: Plan, rows: list[Any]) -> list[Any]:
    """
    Leave out the sentinel columns that the compiler added.
    """
    extra = plan.insertmanyvalues.num_sentinel_columns
    return cut_rows(rows, len(rows[0]) - extra) if extra and rows else rows


def _run(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    statement: Any,
    named: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    note: Any,
    returns: bool,
) -> tuple[Any, list[Any]]:
    dialect = conn.dialect
    imv = plan.insertmanyvalues
    page = options.get("insertmanyvalues_page_size") or dialect.insertmanyvalues_page_size
    collected: list[Any] = []
    cursor: Any = None
    if returns and not options and conn._is_plain() and _is_downgraded(plan):
        return _run_one_by_one(conn, dbapi_connection, plan, named)
    has_events = conn._has_events or conn.engine._has_events
    try:
        translate = options.get("schema_translate_map")
        batches = list(plan_batches(plan, dialect, dbapi_connection, named, page, translate))
    except Exception as err:
        conn._handle_error(err, plan.text, list(named), None, None)
    context = context_if_needed(conn, plan, statement, named, named, options, True, note)
    hooks = context if conn.engine._context_always else None
    within = None
    if "timeout" in options:
        from relvar.engine.deadline import limiter  # few statements have a limit

        within = limiter(conn, dbapi_connection, options)
    for batch in batches:
        text, parameters = batch.text, batch.parameters
        if context is not None:
            context.statement, context.parameters = text, [parameters]
        if cursor is None:
            new_cursor = (conn, dbapi_connection, text, parameters, hooks)
            cursor = _first_cursor(*new_cursor) if within is None else within(_first_cursor, *new_cursor)
        if context is not None:
            context.cursor = cursor
        if has_events:
            for listener in conn.dispatch.before_cursor_execute:
                text, parameters = listener(conn, cursor, text, parameters, context, True)
        if conn._echo:
            _log(conn, batch, imv, parameters, note)
        if conn.dialect.bind_typing is BindTyping.SETINPUTSIZES:
            from relvar.engine.inputsizes import set_input_sizes  # few drivers want them

            names = _writer(plan, imv).order(len(batch.rows))
            set_input_sizes(conn, plan, cursor, text, parameters, context, names)
        try:
            if within is None:
                rows = _send_batch(conn, cursor, text, parameters, options, context, hooks, returns)
            else:
                rows = within(_send_batch, conn, cursor, text, parameters, options, context, hooks, returns)
            if has_events:
                conn.dispatch.after_cursor_execute(conn, cursor, text, parameters, context, True)
        except BaseException as err:
            conn._handle_error(err, text, parameters, cursor, context or STARTED)
        if returns and imv.sort_by_parameter_order and not batch.is_downgraded and len(batch.rows) > 1:
            rows = _sorted(plan, imv, batch, rows, cursor)
        collected.extend(rows)
    if returns and conn._echo and conn.engine._should_log_debug():
        from relvar.engine.logged import log_columns, log_rows  # few programs log rows

        log_columns(conn, cursor)
        log_rows(conn, _visible(plan, collected))
    # what is sent now may change what the cursor says
    kept = _Closed(cursor) if returns else cursor
    if hooks is not None:
        try:
            hooks.post_exec()
        except BaseException as err:
            conn._handle_error(err, context.statement, context.parameters[0], cursor, context)
    if plan.layout is None and returns:
        plan.layout_for(_Description(_visible(plan, [kept.description])[0]))
    conn._close_cursor(cursor)
    return kept, collected


def _send_batch(
    conn: Connection,
    cursor: Any,
    text: str,
    parameters: Any,
    options: Mapping[str, Any],
    context: Any,
    hooks: Any,
    returns: bool,
) -> list[Any]:
    call_driver(conn, conn.dialect, cursor, text, parameters, False, options, context)
    if not returns:
        return []
    return list(cursor.fetchall() if hooks is None else hooks.fetchall_for_returning(cursor))


def _first_cursor(conn: Connection, dbapi_connection: Any, text: str, parameters: Any, hooks: Any) -> Any:
    """
    Make the cursor that all batches share, as the dialect's context does if it has a way of its own.
    """
    if hooks is None:
        return conn._driver_cursor(dbapi_connection, text)
    try:
        hooks.cursor = cursor = hooks.create_cursor()
        hooks.pre_exec()
    except BaseException as err:
        conn._handle_error(err, text, parameters, None, hooks)
    return cursor


def _run_one_by_one(
    conn: Connection, dbapi_connection: Any, plan: Plan, named: Sequence[Mapping[str, Any]]
) -> tuple[Any, list[Any]]:
    """
    Send the rows one by one, when nothing listens or logs.
    """
    parameters: Any
    try:
        _, parameters = plan.prepare_rows((), named)
    except Exception as err:
        conn._handle_error(err, plan.text, list(named), None, None)
    collected: list[Any] = []
    text = plan.text
    cursor = conn._driver_cursor(dbapi_connection, text)
    execute, fetchall, extend = cursor.execute, cursor.fetchall, collected.extend
    for one in parameters:
        try:
            execute(text, one)
            extend(fetchall())
        except BaseException as err:
            conn._handle_error(err, text, one, cursor, STARTED)
    if plan.layout is None:
        plan.layout_for(_Description(_visible(plan, [cursor.description])[0]))
    kept = _Closed(cursor)
    conn._close_cursor(cursor)
    return kept, collected


def _run_as_arrays(
    conn: Connection, dbapi_connection: Any, plan: Plan, values: Sequence[Sequence[Any]]
) -> list[Any] | None:
    """
    Send rows as arrays without giving each its names, when nothing listens or logs.

    Returns:
        The raw rows; None if that does not suffice, and nothing was sent.
    """
    dialect: Any = conn.dialect
    imv = plan.insertmanyvalues
    if not dialect.writes_by_array or len(values) < FEWEST_BY_ARRAY or not conn._is_plain():
        return None
    is_matched = imv.sort_by_parameter_order and not imv.implicit_sentinel
    if (
        conn._execution_options
        or plan.translates
        or is_matched
        or imv.is_default_expr
        or _is_downgraded(plan)
    ):
        return None
    before, _, after = _cut(plan.text, imv)
    arrays = _array_writer(plan, dialect, before, after)
    if arrays is None or arrays.others:
        return None
    page = dialect.insertmanyvalues_page_size
    pages = [values[start : start + page] for start in range(0, len(values), page)]
    sends_as_text = dialect._text_senders(dbapi_connection)
    try:
        sent = [arrays.parameters_of_tuples(rows, sends_as_text) for rows in pages]
    except Exception as err:
        conn._handle_error(err, plan.text, list(values), None, None)
    if None in sent:
        return None
    text = arrays.text(before, after)
    collected: list[Any] = []
    cursor = conn._driver_cursor(dbapi_connection, text)
    for parameters in sent:
        try:
            cursor.execute(text, parameters)
            rows = cursor.fetchall()
        except BaseException as err:
            conn._handle_error(err, text, parameters, cursor, STARTED)
        collected.extend(_by_counters(imv, rows) if imv.implicit_sentinel else rows)
    if plan.layout is None:
        plan.layout_for(_Description(_visible(plan, [cursor.description])[0]))
    conn._close_cursor(cursor)
    return collected


def _by_counters(imv: Any, rows: list[Any]) -> list[Any]:
    """
    Sort rows by what the server has counted.
    """
    count = imv.num_sentinel_columns
    if count == 1:
        return sorted(rows, key=itemgetter(-1))
    return sorted(rows, key=lambda row: tuple(row[-count:]))


class _Closed:
    """
    What a cursor says of itself.

    pyodbc and MariaDB Connector/Python refuse to tell once the cursor is closed.
    """

    def __init__(self, cursor: Any) -> None:
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = getattr(cursor, "lastrowid", None)


class _Description:
    """
    The columns of a cursor, without those the program does not see.
    """

    def __init__(self, description: Any) -> None:
        self.description = description


def _log(conn: Connection, batch: Batch, imv: Any, parameters: Any, note: Any) -> None:
    order = "ordered" if imv.sort_by_parameter_order and not batch.is_downgraded else "unordered"
    if batch.is_downgraded:
        order = "ordered; batch not supported" if imv.sort_by_parameter_order else "batch not supported"
    how = f"insertmanyvalues) {batch.number}/{batch.total} ({order})"
    stats = f"{note.text()} ({how}" if batch.number == 1 and note is not None else how.replace(")", "", 1)
    log_statement(conn, _shortened(batch.text), parameters, False, note, stats)


def _shortened(text: str) -> str:
    """
    Leave out the middle of a long text, which repeats one row's placeholders.
    """
    if len(text) <= _LOGGED_LENGTH:
        return text
    left_out = len(text) - _LOGGED_HEAD - _LOGGED_TAIL
    return f"{text[:_LOGGED_HEAD]} ... {left_out} characters truncated ... {text[-_LOGGED_TAIL:]}"


def _sorted(plan: Plan, imv: Any, batch: Batch, rows: list[Any], cursor: Any) -> list[Any]:
    """
    Put returned rows in the order of the parameters.

    Raises:
        InvalidRequestError: The rows do not match the parameters.
    """
    count = imv.num_sentinel_columns
    if not count:
        return rows
    processors = _sentinel_processors(plan, imv, cursor)
    if imv.implicit_sentinel:
        return _by_counters(imv, rows)

    def sentinel(row: Any) -> Any:
        values = [v if p is None else p(v) for p, v in zip(processors, row[-count:], strict=True)]
        return values[0] if count == 1 else tuple(values)

    by_sentinel = {sentinel(row): row for row in rows}
    if len(by_sentinel) != len(batch.rows):
        raise exc.InvalidRequestError(
            f"Sentinel-keyed result set did not produce correct number of rows {len(batch.rows)}; produced "
            f"{len(by_sentinel)}.  Please ensure the sentinel column is fully unique and populated in all "
            "cases."
        )
    keys = imv.sentinel_param_keys
    try:
        return [
            by_sentinel[row[keys[0]] if count == 1 else tuple(row[key] for key in keys)] for row in batch.rows
        ]
    except KeyError as err:
        raise exc.InvalidRequestError(
            f"Can't match sentinel values in result set to parameter sets; key {err.args[0]!r} was not "
            "found. There "
            "may be a mismatch between the datatype passed to the DBAPI driver vs. that which it returns in "
            "a result "
            "row.  Ensure the given Python value matches the expected result type *exactly*, taking care to "
            "not rely "
            "upon implicit conversions which may occur such as when using strings in place of UUID or "
            "integer values, "
            "etc. "
        ) from err


def _sentinel_processors(plan: Plan, imv: Any, cursor: Any) -> list[Any]:
    types = cursor.description[-imv.num_sentinel_columns :]
    columns = imv.sentinel_columns or ()
    return [
        column.type._cached_sentinel_value_processor(plan.dialect)
        if hasattr(column.type, "_cached_sentinel_value_processor")
        else column.type._cached_result_processor(plan.dialect, described[1])
        for column, described in zip(columns, types, strict=True)
    ]


def plan_batches(
    plan: Plan,
    dialect: Any,
    dbapi_connection: Any,
    named: Sequence[Mapping[str, Any]],
    page_size: int,
    translate: Any,
) -> Iterator[Batch]:
    """
    Divide rows into batches, each with its text and parameters.
    """
    compiled = plan.compiled
    imv = plan.insertmanyvalues
    writer = _writer(plan, imv)
    one_by_one = (
        imv.is_default_expr
        or (imv.block is None and not dialect.supports_multivalues_insert)
        or _is_downgraded(plan)
        or _lacks_sentinels(imv, named)
        or (writer.other_count > 0 and _differ_elsewhere(plan, writer.names, named))
    )
    size = max(
        min(page_size, (dialect.insertmanyvalues_max_parameters - writer.other_count) // writer.per_row), 1
    )
    if imv.block is not None:
        size = min(size, imv.block.most_rows)
    if one_by_one:
        size = 1
    total = -(-len(named) // size)
    is_whole = imv.is_default_expr or imv.block is not None
    before, single, after = ("", plan.text, "") if is_whole else _cut(plan.text, imv)
    arrays = _array_writer(plan, dialect, before, after) if not (one_by_one or is_whole) else None
    for number in range(total):
        rows = named[number * size : (number + 1) * size] if total > 1 else named
        text = plan.text
        parameters = None
        if arrays is not None and len(rows) >= FEWEST_BY_ARRAY:
            parameters = arrays.parameters(rows, dialect._text_senders(dbapi_connection))
        if arrays is not None and parameters is not None:
            text = arrays.text(before, after)
        elif imv.block is None:
            text = f"{before}{writer.values(single, len(rows))}{after}"
        elif len(rows) > 1:
            text = imv.block.text(len(rows))
        if parameters is None:
            parameters = writer.parameters(rows)
        if plan.translates:
            text = compiled.preparer._render_schema_translates(text, translate or {})
        yield Batch(text, parameters, rows, number + 1, total, bool(one_by_one))


def _array_writer(plan: Plan, dialect: Any, before: str, after: str) -> Any:
    """
    Give what writes the rows of a plan as arrays, None if nothing does.
    """
    if not dialect.writes_by_array:
        return None
    if plan.array_writer is None:
        plan.array_writer = dialect._array_writer(plan, before, after) or False
    return plan.array_writer or None


def _is_downgraded(plan: Plan) -> bool:
    """
    Tell whether the order is asked for and no batch can keep it.
    """
    imv = plan.insertmanyvalues
    if not imv.sort_by_parameter_order or not plan.compiled.effective_returning or imv.block is not None:
        return False
    if not imv.num_sentinel_columns:
        return True
    if imv.implicit_sentinel:
        return bool(imv.includes_upsert_behaviors)
    return not imv.sentinel_param_keys


def _lacks_sentinels(imv: Any, named: Sequence[Mapping[str, Any]]) -> bool:
    """
    Tell whether a row leaves its sentinel to the database, which numbers rows that come with NULL.
    """
    keys = imv.sentinel_param_keys if imv.sort_by_parameter_order else None
    return keys is not None and any(row[key] is None for row in named for key in keys)


def _differ_elsewhere(plan: Plan, names: Sequence[str], named: Sequence[Mapping[str, Any]]) -> bool:
    """
    Tell whether rows have different values for a parameter outside of VALUES, which a batch has once.
    """
    first = named[0]
    others = [name for name in dict.fromkeys(plan.names) if name not in names]
    return any(row[name] is not first[name] and row[name] != first[name] for row in named for name in others)


def _writer(plan: Plan, imv: Any) -> _Positional | _Numbered | _Named:
    """
    Give what writes the batches of a plan, from the plan if it has been made.
    """
    if plan.batch_writer is None:
        made: Any = _Positional if plan.positional else _Named
        if plan.compiled._numeric_binds:
            made = _Numbered
        plan.batch_writer = made(plan, imv)
    return plan.batch_writer  # type: ignore[no-any-return]  # as made here


def _cut(text: str, imv: Any) -> tuple[str, str, str]:
    """
    Cut the text around the values of its one row, which keep their parentheses.

    A name or a value may have the same text: it is known what is behind the values.
    """
    single = f"({imv.single_values_expr})"
    values = f"VALUES {single}"
    before, *after = text.rsplit(values, imv.text_behind.count(values) + 1)
    if not after:
        raise exc.InvalidRequestError(f"The text of this INSERT has no '{values}' to repeat: {text}")
    return f"{before}VALUES ", single, values.join(after)


class _Positional:
    """
    Batches for drivers whose parameters have positions.
    """

    def __init__(self, plan: Plan, imv: Any) -> None:
        names = [name for _, _, _, names in imv.insert_crud_params for name in names]
        order = list(plan.compiled.positiontup)
        start = 0
        if names:
            start = next(i for i in range(len(order)) if order[i : i + len(names)] == names)
        processors = plan.processors or (None,) * len(order)
        stop = start + len(names)
        self.embeds = imv.embed_values_counter
        self.names = tuple(names)
        self.per_row = max(len(names), 1)
        self.processors = processors[start:stop] if any(processors[start:stop]) else None
        self.before = list(zip(order[:start], processors[:start], strict=True))
        self.after = list(zip(order[stop:], processors[stop:], strict=True))
        self.other_count = len(order) - len(names)

    def values(self, single: str, count: int) -> str:
        """Write the values of *count* rows."""
        if self.embeds:
            head = single[:-1]
            return ", ".join([f"{head}, {number})" for number in range(count)])
        return ", ".join([single] * count)

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        """Give the driver's parameters."""
        flat = flatten_rows(rows, self.names, self.processors)
        if not self.other_count:
            return tuple(flat)
        before = [_apply(p, rows[0][name]) for name, p in self.before]
        return (*before, *flat, *[_apply(p, rows[0][name]) for name, p in self.after])

    def order(self, count: int) -> list[str]:
        """Name the parameters of a batch of *count* rows, in the order of `parameters`."""
        return [
            *[name for name, _ in self.before],
            *self.names * count,
            *[name for name, _ in self.after],
        ]


class _Numbered:
    """
    Batches for drivers whose parameters have numbers.

    The text has the numbers of one row; further rows get the numbers after all of these.
    """

    def __init__(self, plan: Plan, imv: Any) -> None:
        order = list(plan.compiled.positiontup)
        self.embeds = imv.embed_values_counter
        self.names = tuple(dict.fromkeys(name for _, _, _, names in imv.insert_crud_params for name in names))
        self.per_row = max(len(self.names), 1)
        every = dict(zip(order, plan.processors or (None,) * len(order), strict=True))
        self.order_of_one = list(every.items())
        self.processors: Any = tuple(every[name] for name in self.names)
        if not any(self.processors):
            self.processors = None
        self.other_count = len(order) - len(self.names)
        self.char = plan.compiled._numeric_binds_identifier_char
        places = {name: place for place, name in enumerate(self.names)}
        escaped = plan.compiled.escaped_bind_names
        original = {fit: name for name, fit in escaped.items()}
        self.pieces: list[Any] = []
        end = 0
        text = f"({imv.marked_values_expr})"
        for found in POSITION_OR_LIST.finditer(text):
            name = found.group(1)
            self.pieces.extend((text[end : found.start()], places[original.get(name, name)]))
            end = found.end()
        self.pieces.append(text[end:])

    def values(self, single: str, count: int) -> str:
        """Write the values of *count* rows."""
        texts = [
            single,
            *[self._row(len(self.order_of_one) + row * self.per_row + 1) for row in range(count - 1)],
        ]
        if self.embeds:
            texts = [f"{text[:-1]}, {number})" for number, text in enumerate(texts)]
        return ", ".join(texts)

    def _row(self, first: int) -> str:
        return "".join(
            [piece if isinstance(piece, str) else f"{self.char}{first + piece}" for piece in self.pieces]
        )

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        """Give the driver's parameters."""
        first = [_apply(processor, rows[0][name]) for name, processor in self.order_of_one]
        return (*first, *flatten_rows(rows[1:], self.names, self.processors))

    def order(self, count: int) -> list[str]:
        """Name the parameters of a batch of *count* rows, in the order of `parameters`."""
        return [*[name for name, _ in self.order_of_one], *self.names * (count - 1)]


def _apply(processor: Any, value: Any) -> Any:
    return value if processor is None else processor(value)


class _Named:
    """
    Batches for drivers whose parameters have names: each row's get a number.
    """

    def __init__(self, plan: Plan, imv: Any) -> None:
        escaped = plan.compiled.escaped_bind_names
        names = list(dict.fromkeys(name for _, _, _, names in imv.insert_crud_params for name in names))
        every = dict(zip(plan.names, plan.processors or (None,) * len(plan.names), strict=True))
        self.embeds = imv.embed_values_counter
        self.names = tuple(names)
        self.per_row = max(len(names), 1)
        self.keys = [escaped.get(name, name) if escaped else name for name in names]
        self.processors: Any = tuple(every[name] for name in names)
        if not any(self.processors):
            self.processors = None
        self.others = [
            (name, escaped.get(name, name) if escaped else name, processor)
            for name, processor in every.items()
            if name not in self.names
        ]
        self.other_count = len(self.others)
        self.template = template = plan.compiled.bindtemplate
        self.marks = {template % {"name": key}: key for key in self.keys}
        longest_first = "|".join(re.escape(mark) for mark in sorted(self.marks, key=len, reverse=True))
        # a percent sign that is doubled is data, and so is what stands in quotes
        skipped = "%%" if template.startswith("%") else "'(?:[^']|'')*'"
        self.pattern = re.compile(f"{skipped}|({longest_first})") if self.marks else None
        self.number = "__"
        others = [escaped.get(name, name) for name in every if name not in self.names]
        while any(key.startswith(f"{known}{self.number}") for key in others for known in self.keys):
            self.number += "_"
        # Names and texts of as many rows as were sent so far.
        self._numbered_keys: list[str] = []
        self._texts: list[str] = []
        self._single = ""

    def values(self, single: str, count: int) -> str:
        """Write the values of *count* rows."""
        if single != self._single:
            self._single, self._texts = single, []
        texts = self._texts
        for number in range(len(texts), count):
            text = single
            if self.pattern is not None:
                text = self.pattern.sub(self._numbered(number), single)
            texts.append(f"{text[:-1]}, {number})" if self.embeds else text)
        return ", ".join(texts if len(texts) == count else texts[:count])

    def _numbered(self, number: int) -> Callable[[re.Match[str]], str]:
        def numbered(found: re.Match[str]) -> str:
            if found.group(1) is None:
                return found.group(0)
            name: str = self.template % {"name": f"{self.marks[found.group(0)]}{self.number}{number}"}
            return name

        return numbered

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Give the driver's parameters."""
        keys = self._numbered_keys
        if len(keys) < len(rows) * len(self.keys):
            keys = [f"{key}{self.number}{number}" for number in range(len(rows)) for key in self.keys]
            self._numbered_keys = keys
        named = dict(zip(keys, flatten_rows(rows, self.names, self.processors)))  # keys may be more
        for name, key, processor in self.others:
            named[key] = _apply(processor, rows[0][name])
        return named

    def order(self, count: int) -> list[str]:
        """Name the parameters of a batch of *count* rows, in the order of `parameters`."""
        return [*self.names * count, *[name for name, _, _ in self.others]]
