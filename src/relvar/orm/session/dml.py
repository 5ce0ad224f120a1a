"""
ORM-enabled INSERT, UPDATE and DELETE through `Session.execute`.

Attribute names are accepted where Core takes column names, and objects of the
session are kept in step with UPDATE and DELETE as ``synchronize_session`` says:

============  ==============================================================
``evaluate``  answer the WHERE clause in Python for the objects in memory; where the
              answer is not sure to be the database's, fetch
``fetch``     let the database tell the primary keys: RETURNING, or a SELECT
``auto``      evaluate where possible, else fetch (the default)
``False``     leave objects alone; None is the same
============  ==============================================================
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.attributes import NO_VALUE, get_state, probe, set_loaded
from relvar.expr import make
from relvar.expr.tuple import tuple_
from relvar.orm.flush.facts import facts_of
from relvar.orm.flush.work import switch_keys
from relvar.orm.load.core_dml import core_dml, entity_of_dml, values_of
from relvar.orm.load.from_statement import entities_of_result, returned_columns
from relvar.orm.mapping.traverse import columns_of
from relvar.orm.session.bulk import groups_of, insert_mappings, update_mappings, update_with_clauses
from relvar.orm.session.evaluate import UNKNOWN, UNSURE, Evaluation, OtherRowsError, UnevaluatableError
from relvar.orm.session.stored import is_kept
from relvar.rows.cursor import NO_ROWS, CursorResult
from relvar.rows.layout import Layout
from relvar.rows.result import IteratorResult

__all__ = ["execute_dml"]

_KEYS_AT_ONCE = 500
"""
How many keys go into one IN: databases limit parameters, SQLite to 32,766.
"""

_SYNCHRONISE = ("auto", "evaluate", "fetch", False, None)
_STRATEGIES = {
    "INSERT": ("raw", "orm", "bulk", "auto"),
    "UPDATE": ("orm", "auto", "bulk", "core_only"),
    "DELETE": ("orm", "auto", "core_only"),
}


def execute_dml(
    session: Any,
    statement: Any,
    params: Any,
    execution_options: Mapping[str, Any],
    bind_arguments: Mapping[str, Any],
    mapper: Any,
) -> Any:
    """
    Execute an INSERT, UPDATE or DELETE whose table belongs to *mapper*.
    """
    options = {**statement._execution_options, **execution_options}
    if options.get("autoflush", True):
        session._autoflush()
    connection = session._connection_for(mapper, statement, bind_arguments)
    if statement.is_insert:
        return _insert(session, connection, statement, params, options, execution_options, mapper)
    synchronise = options.get("synchronize_session", "auto")
    if synchronise not in _SYNCHRONISE:
        raise exc.ArgumentError(
            "Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', False"
        )
    strategy = options.get("dml_strategy", "auto")
    kind = "UPDATE" if statement.is_update else "DELETE"
    if strategy not in _STRATEGIES[kind]:
        known = ", ".join(map(repr, _STRATEGIES[kind]))
        raise exc.ArgumentError(f"Valid strategies for ORM {kind} strategy are {known}")
    has_rows = isinstance(params, (list, tuple))
    if strategy == "core_only" or (strategy == "orm" and has_rows):
        statement = core_dml(statement, connection.dialect)
        return connection.execute(statement, params, execution_options=execution_options)
    if has_rows:
        if statement.is_delete:
            raise exc.InvalidRequestError(
                "Bulk ORM DELETE not supported right now. Statement may be invoked at the Core level using "
                "session.connection().execute(stmt, parameters)"
            )
        return _update_rows(session, connection, statement, params, execution_options, mapper, synchronise)
    if strategy == "bulk":
        raise exc.InvalidRequestError(
            'Can\'t use "bulk" ORM update strategy without passing separate parameters'
        )
    entity = entity_of_dml(statement) or mapper
    return _with_criteria(session, connection, statement, params, execution_options, entity, synchronise)


def _no_rows(connection: Any, count: int) -> Any:
    """
    Return the result of an INSERT of *count* rows that gives none back.
    """
    made: Any = CursorResult(connection, None, None, NO_ROWS)
    made._rowcount = count
    return made


# -- INSERT ----------------------------------------------------------------------


def _insert(
    session: Any,
    connection: Any,
    statement: Any,
    params: Any,
    options: Mapping[str, Any],
    execution_options: Mapping[str, Any],
    mapper: Any,
) -> Any:
    """
    Execute an INSERT: in bulk when parameters are given apart, else as it is.
    """
    strategy = options.get("dml_strategy", "auto")
    if strategy not in _STRATEGIES["INSERT"]:
        known = ", ".join(map(repr, _STRATEGIES["INSERT"]))
        raise exc.ArgumentError(f"Valid strategies for ORM insert strategy are {known}")
    has_values = bool(statement._values or statement._multi_values or statement._select_names)
    if strategy == "auto":
        strategy = "bulk" if params and not has_values else "orm"
    if strategy == "raw":
        return connection.execute(statement, params, execution_options=execution_options)
    if strategy == "orm":
        statement = core_dml(statement, connection.dialect)
        if statement._returning:
            return _load_returned(session, connection, statement, params, execution_options)
        return connection.execute(statement, params, execution_options=execution_options)
    if params is None:
        raise exc.InvalidRequestError(
            'Can\'t use "bulk" ORM insert strategy without passing separate parameters'
        )
    rows: Sequence[Mapping[str, Any]] = [params] if isinstance(params, Mapping) else params
    render_nulls = bool(options.get("render_nulls", False))
    is_plain = not statement._returning and getattr(statement, "_post_values_clause", None) is None
    if is_plain and not statement._prefixes and not has_values:
        if options:
            with connection._options_for(statement, execution_options):
                insert_mappings(connection, mapper, rows, render_nulls=render_nulls)
        else:
            insert_mappings(connection, mapper, rows, render_nulls=render_nulls)
        return _no_rows(connection, len(rows))
    return _bulk_with_statement(session, connection, statement, rows, render_nulls, execution_options, mapper)


def _bulk_with_statement(
    session: Any,
    connection: Any,
    statement: Any,
    rows: Sequence[Mapping[str, Any]],
    render_nulls: bool,
    execution_options: Mapping[str, Any],
    mapper: Any,
) -> Any:
    """
    Insert rows by the given statement, which returns rows or has clauses of its own.
    """
    facts = facts_of(mapper)
    statement = core_dml(statement, connection.dialect)
    rows = facts.taken_apart(rows)
    results = []
    if len(facts.tables) > 1:
        if statement._post_values_clause is not None:
            raise exc.InvalidRequestError(
                "bulk INSERT with a 'post values' clause (typically upsert) not supported for multi-table "
                f"mapper {mapper}"
            )
        made = insert_mappings(connection, mapper, rows, render_nulls=render_nulls, return_keys=True)
        return _select_inserted(session, statement, made, mapper, execution_options)
    (table,) = facts.tables
    for group in groups_of(connection, facts, rows, render_nulls):
        columns = [c for c in table.columns if c.key in group.keys]
        sent = [{c.name: row[c.key] for c in columns} for row in group.rows]
        if facts.polymorphic is not None and facts.polymorphic[0] not in group.keys:
            key, identity = facts.polymorphic
            for one in sent:
                one[table.by_key[key].name] = identity
        version = table.version
        if version is not None and version.default is not None and version.key not in group.keys:
            for one in sent:
                one[version.name] = version.default(None)
        if statement._returning:
            results.append(_load_returned(session, connection, statement, sent, execution_options))
        else:
            connection.execute(statement, sent, execution_options=execution_options)
    if not results:
        return _no_rows(connection, len(rows))
    return results[0] if len(results) == 1 else results[0].merge(*results[1:])


def _select_inserted(
    session: Any,
    statement: Any,
    rows: Sequence[Mapping[str, Any]],
    mapper: Any,
    execution_options: Mapping[str, Any],
) -> Any:
    """
    Load what ``returning()`` asks for, when the rows went to several tables.
    """
    pk_keys = facts_of(mapper).pk_keys
    columns = mapper.primary_key
    place = tuple_(*columns) if len(columns) > 1 else columns[0]
    query = make.Select(*statement._returning, *columns).options(*statement._with_options)
    options = {**execution_options, "populate_existing": True}
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    keys: Sequence[str] = ()
    identities = [tuple([row[key] for key in pk_keys]) for row in rows]
    for start in range(0, len(identities), _KEYS_AT_ONCE):
        some = identities[start : start + _KEYS_AT_ONCE]
        wanted = some if len(columns) > 1 else [key[0] for key in some]
        result = session.execute(query.where(place.in_(wanted)), execution_options=options)
        keys = list(result.keys())[: -len(columns)]
        found.update((row[-len(columns) :], row[: -len(columns)]) for row in result.unique())
    return IteratorResult(Layout(keys), iter([found[key] for key in identities]))


def _load_returned(
    session: Any,
    connection: Any,
    statement: Any,
    params: Any,
    execution_options: Mapping[str, Any],
) -> Any:
    """
    Execute a statement with RETURNING and load entities from its rows.
    """
    sent = statement._clone()
    sent._returning = returned_columns(statement._returning, statement._with_options)
    source = connection.execute(sent, params, execution_options=execution_options)
    return _entities(session, connection, source, statement._returning, statement, execution_options)


def _entities(
    session: Any,
    connection: Any,
    source: Any,
    columns: Sequence[Any],
    statement: Any,
    execution_options: Mapping[str, Any],
) -> Any:
    """
    Load entities from the rows that a statement returned.
    """
    return entities_of_result(
        session,
        connection,
        source,
        columns,
        with_options=statement._with_options,
        execution_options=execution_options,
    )


# -- UPDATE by primary key ----------------------------------------------------------


def _update_rows(
    session: Any,
    connection: Any,
    statement: Any,
    rows: Sequence[Mapping[str, Any]],
    execution_options: Mapping[str, Any],
    mapper: Any,
    strategy: Any,
) -> Any:
    """
    Update rows found by the primary key among their values, and the objects of the session.

    Raises:
        InvalidRequestError: Objects can't be kept in step, or rows were to come back.
    """
    if strategy == "fetch":
        raise exc.InvalidRequestError(
            "The 'fetch' synchronization strategy is not available for 'bulk' ORM updates (i.e. multiple "
            "parameter sets)"
        )
    if statement._where_criteria and strategy:
        raise exc.InvalidRequestError(
            "bulk synchronize of persistent objects not supported when using bulk update with additional "
            "WHERE criteria right now.  add synchronize_session=None execution option to bypass "
            "synchronize of persistent objects."
        )
    if statement._returning:
        raise exc.InvalidRequestError(
            "An UPDATE of several rows by primary key can't return rows; execute it for each row, or read "
            "the rows afterwards."
        )
    rows = facts_of(mapper).taken_apart(rows)
    with connection._options_for(statement, execution_options):
        if statement._where_criteria or statement._values:
            keys = update_with_clauses(connection, mapper, core_dml(statement, connection.dialect), rows)
        else:
            update_mappings(connection, mapper, rows)
            keys = frozenset()
    # without objects of the class, there is nothing to be kept in step
    if strategy and rows and session.identity_map.table(mapper.identity_mapper):
        token = execution_options.get("identity_token")
        _synchronise_rows(session, connection.dialect, mapper, rows, keys, token)
    return IteratorResult(Layout([]), iter(()))


def _synchronise_rows(
    session: Any,
    dialect: Any,
    mapper: Any,
    rows: Sequence[Mapping[str, Any]],
    computed: Iterable[str],
    token: Any,
) -> None:
    """
    Give objects in memory the values of rows that were written by their key.

    Args:
        computed: Attributes that got a value from the database in each row.
        token: The identity token of the objects that are meant.
    """
    facts = facts_of(mapper)
    types = {column.key: column.column.type for each in facts.tables for column in each.columns}
    touched = dict.fromkeys([*_touched_by_update(facts), *computed])
    affected = []
    for row in rows:
        found = _in_memory(session, mapper, [tuple([row[key] for key in facts.pk_keys])], token)
        if not found:
            continue
        (state,) = found
        affected.append(state)
        given: dict[str, Any] = dict(touched)
        for key in row.keys() & types.keys():
            if key not in facts.pk_keys and is_kept(row[key], types[key], dialect):
                given[key] = _constant(row[key])
            elif key not in facts.pk_keys:
                given[key] = None
        _update_in_memory(state, given)
    _remember(session, affected)


def _constant(value: Any) -> Any:
    return lambda state: value


# -- UPDATE and DELETE --------------------------------------------------------------


class Synchronised:
    """
    The objects in memory that a statement concerns, and what becomes of them.

    Attributes:
        matched: States whose rows it changes.
        unknown: States whose rows it may change; what it sets they load again.
        needs_fetch: Only the database knows which they are.
    """

    __slots__ = ("matched", "needs_fetch", "unknown")

    def __init__(self, needs_fetch: bool = False) -> None:
        self.matched: list[Any] = []
        self.unknown: list[Any] = []
        self.needs_fetch: bool = needs_fetch


def _with_criteria(
    session: Any,
    connection: Any,
    statement: Any,
    params: Any,
    execution_options: Mapping[str, Any],
    entity: Any,
    strategy: Any,
) -> Any:
    """
    Execute an UPDATE or DELETE with its criteria and keep objects in step.
    """
    dialect = connection.dialect
    statement = core_dml(statement, dialect)
    evaluation = Evaluation(entity, statement.table, dialect, params if isinstance(params, Mapping) else None)
    affected = Synchronised(needs_fetch=strategy == "fetch")
    token = execution_options.get("identity_token")
    if strategy in ("auto", "evaluate"):
        affected = _evaluated(session, evaluation, statement, strategy, token)
    changes: dict[str, Any] = {}
    if statement.is_update and (affected.matched or affected.unknown or affected.needs_fetch):
        changes = _changes(evaluation, statement, params)
    returning = statement._returning
    if returning:
        statement = statement._clone()
        statement._returning = returned_columns(returning, statement._with_options)
    may_skip = bool(statement._prefixes or statement.dialect_kwargs)
    if affected.needs_fetch:
        mapper = entity.mapper
        if _can_tell_keys(dialect, statement, changes.keys() & set(facts_of(mapper).pk_keys)):
            keys = _key_columns(mapper, statement.table)
            statement = statement._clone()
            given = statement._returning
            asked = {column._deannotate() for each in given for column in each._select_iterable}
            statement._returning = (*[key for key in keys if key not in asked], *given)
            result = connection.execute(statement, params, execution_options=execution_options)
            affected.matched = _in_memory(session, mapper, _keys_of(result, keys), token)
            may_skip = False
        else:
            rows = _selected(connection, statement, params, mapper)
            affected.matched = _in_memory(session, mapper, rows, token)
            result = connection.execute(statement, params, execution_options=execution_options)
            returning = ()
    else:
        result = connection.execute(statement, params, execution_options=execution_options)
    if may_skip:
        # ``LIMIT 1``, ``OR IGNORE``: not all rows that meet the criteria
        affected.unknown += affected.matched
        affected.matched = []
    if statement._returning and not returning:
        # rows that nobody asked for
        result._pending = iter(())
    if returning and statement.is_delete and strategy:
        # objects are the session's own, and then deleted
        result = _entities(session, connection, result, returning, statement, execution_options)
        affected.matched = list(dict.fromkeys([*affected.matched, *_states_in(result)]))
    _synchronise(session, statement, entity.mapper, affected, changes)
    if returning and not (statement.is_delete and strategy):
        options = {**execution_options, "populate_existing": True}
        result = _entities(session, connection, result, returning, statement, options)
    return result


def _states_in(result: Any) -> list[Any]:
    """
    Return the states of the objects in a result that is still to be read.
    """
    result._buffer()
    rows = list(result._pending)
    result._pending = iter(rows)
    items = [item for row in rows for item in (row if isinstance(row, tuple) else (row,))]
    return [state for item in items if (state := get_state(item)) is not None]


def _can_tell_keys(dialect: Any, statement: Any, changes_keys: Any) -> bool:
    """
    Tell whether the statement itself can return the keys that its rows had.
    """
    kind = "update" if statement.is_update else "delete"
    if changes_keys or not getattr(dialect, f"{kind}_returning"):
        return False
    return not statement._extra_froms() or getattr(dialect, f"{kind}_returning_multifrom")


def _key_columns(mapper: Any, table: Any) -> list[Any]:
    """
    Return the columns of a table (or alias of one) that hold a mapper's primary key.
    """
    plain = getattr(table, "element", table)
    facts = next((each for each in facts_of(mapper).tables if each.table is plain), None)
    if facts is None:
        return list(mapper.primary_key)
    by_key = {column.key: column.column for column in facts.pk}
    return [table.c[by_key[key].key] for key in facts_of(mapper).pk_keys]


def _keys_of(result: Any, columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """
    Return the values of columns in a result that is still to be read.
    """
    result._buffer()
    rows = list(result._pending)
    result._pending = iter(rows)
    if result.rowcount < 0:
        # the driver of SQLite does not count what begins with WITH
        result._rowcount = len(rows)
    layout = result._layout
    places = [layout._find(column) for column in columns]
    processors = layout.processors or (None,) * len(layout.keys)
    return [
        tuple(
            [row[place] if processors[place] is None else processors[place](row[place]) for place in places]
        )
        for row in rows
    ]


def _evaluated(
    session: Any, evaluation: Evaluation, statement: Any, strategy: Any, token: Any
) -> Synchronised:
    """
    Find the concerned objects by evaluating the criteria in Python.
    """
    mapper = evaluation.mapper
    states = [
        state
        for state in session.identity_map.table(mapper.identity_mapper).values()
        if state() is not None
        and (state.manager.mapper is mapper or state.manager.mapper.isa(mapper))
        and (token is None or state.identity_token == token)
    ]
    try:
        criteria = [evaluation.compile(part) for part in statement._where_criteria]
    except OtherRowsError:
        return Synchronised(needs_fetch=bool(states))
    except UnevaluatableError as err:
        if strategy == "auto":
            return Synchronised(needs_fetch=True)
        raise exc.InvalidRequestError(
            f"Could not evaluate current criteria in Python: \"{err}\". Specify 'fetch' or False "
            "for the synchronize_session execution option."
        ) from err
    affected = Synchronised()
    for state in states:
        is_unknown = is_unsure = False
        for test in criteria:
            answer = test(state)
            if answer is False or answer is None:
                break
            if answer is UNKNOWN:
                is_unknown = True
            elif answer is not True:
                is_unsure = True
        else:
            if is_unsure:
                return Synchronised(needs_fetch=True)
            (affected.unknown if is_unknown else affected.matched).append(state)
    return affected


def _selected(connection: Any, statement: Any, params: Any, mapper: Any) -> Sequence[Any]:
    """
    Ask for the primary keys the criteria match, before the statement runs.
    """
    query = make.Select(*_key_columns(mapper, statement.table)).where(*statement._where_criteria)
    found: Sequence[Any] = connection.execute(query, params).all()
    return found


def _in_memory(session: Any, mapper: Any, rows: Sequence[Any], token: Any) -> list[Any]:
    """
    Return the states of the objects with these primary keys.
    """
    found = []
    for row in rows:
        pk = row[0] if len(row) == 1 else tuple(row)
        obj = session.identity_map.get_by_pk(mapper.identity_mapper, pk, token)
        if obj is not None:
            found.append(get_state(obj))
    return found


def _touched_by_update(facts: Any) -> list[str]:
    """
    Return the attributes that get another value with any UPDATE.
    """
    found = [column.key for table in facts.tables for column in (*table.server_updated, *table.with_onupdate)]
    return [*found, *facts.touched_by_update]


def _changes(evaluation: Evaluation, statement: Any, params: Any) -> dict[str, Any]:
    """
    Return what an UPDATE sets: attributes, with what evaluates the new value, or None.
    """
    given = dict(values_of(statement))
    if isinstance(params, Mapping):
        named = {column.key: column for column in statement.table.c}
        given.update((named[name], value) for name, value in params.items() if name in named)
    keys = {}
    for column, value in given.items():
        try:
            key = column if isinstance(column, str) else evaluation.key_of(column)
        except (exc.InvalidRequestError, OtherRowsError):
            continue  # no attribute of the entity
        keys[key] = (column, value)
    changed: dict[str, Any] = {}
    for key, (column, value) in keys.items():
        changed[key] = _new_value(evaluation, column, value, keys.keys() - {key})
    for key in _touched_by_update(facts_of(evaluation.mapper)):
        changed.setdefault(key, None)
    return changed


def _new_value(evaluation: Evaluation, column: Any, value: Any, others: Collection[str]) -> Any:
    """
    Return what computes a new value, None if only the database can.

    Args:
        others: The further attributes that are set.  MySQL computes with their new values.
    """
    type_ = getattr(column, "type", None)
    if type_ is None:
        return None
    dialect = evaluation.dialect
    try:
        if getattr(value, "__visit_name__", "bindparam") == "bindparam":
            plain = evaluation.value_of(value) if hasattr(value, "__visit_name__") else value
            return _constant(plain) if is_kept(plain, type_, dialect) else None
        compute = evaluation.compile(value)
        if dialect.name in ("mysql", "mariadb"):
            read = {evaluation.key_of(each) for each in columns_of(value)}
            if not read.isdisjoint(others):
                return None
    except (UnevaluatableError, OtherRowsError):
        return None

    def new_value(state: Any) -> Any:
        found = compute(state)
        if found is UNKNOWN or found is UNSURE:
            return UNKNOWN
        return found if is_kept(found, type_, dialect) else UNKNOWN

    return new_value


def _synchronise(
    session: Any, statement: Any, mapper: Any, affected: Synchronised, changes: Mapping[str, Any]
) -> None:
    """
    Apply the statement to the concerned objects.
    """
    if statement.is_delete:
        session._remove_newly_deleted(affected.matched)
        for state in affected.unknown:
            state.expire()
        return
    for state in affected.matched:
        _update_in_memory(state, changes)
    for state in affected.unknown:
        state.expire([key for key in changes if probe(state(), key) is not NO_VALUE])
    _remember(session, (*affected.matched, *affected.unknown))
    if not changes.keys().isdisjoint(facts_of(mapper).pk_keys):
        switch_keys(session, affected.matched)


def _remember(session: Any, states: Iterable[Any]) -> None:
    """
    Note states whose values a rollback has to forget.
    """
    dirty = session._transaction._snapshot.dirty
    for state in states:
        dirty[state] = True


def _update_in_memory(state: Any, changes: Mapping[str, Any]) -> None:
    """
    Give one object the values that its row has got; what is not known it loads again.

    What the program changed and did not flush stays.
    """
    obj = state()
    pending = state.old or ()
    stale: list[str] = []
    values: dict[str, Any] = {}
    for key, evaluator in changes.items():
        if key in pending or probe(obj, key) is NO_VALUE:
            continue
        value = UNKNOWN if evaluator is None else evaluator(state)
        if value is UNKNOWN:
            stale.append(key)
        else:
            values[key] = value
    for key, value in values.items():
        set_loaded(obj, key, value)
        state.forget_old(key)
    if values:
        for fn in state.manager.listeners.refresh:
            fn(state, None, set(values))
    if stale:
        state.expire(stale)
