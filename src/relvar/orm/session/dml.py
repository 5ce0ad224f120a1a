"""
ORM-enabled INSERT, UPDATE and DELETE through `Session.execute`.

Attribute names are accepted where Core takes column names, and objects of the
session are kept in step with UPDATE and DELETE as ``synchronize_session`` says:

============  ==============================================================
``evaluate``  answer the WHERE clause in Python for the objects in memory
``fetch``     let the database tell the primary keys: RETURNING, or a SELECT
``auto``      evaluate where possible, else fetch (the default)
``False``     leave objects alone
============  ==============================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.attributes import NO_VALUE, probe, set_loaded
from relvar.expr import make
from relvar.orm.flush.facts import facts_of
from relvar.orm.load.core_dml import core_dml, values_of
from relvar.orm.load.from_statement import entities_of_result
from relvar.orm.session.bulk import groups_of, insert_mappings, update_mappings
from relvar.orm.session.evaluate import UNKNOWN, UnevaluatableError, compile_criteria
from relvar.rows.layout import Layout
from relvar.rows.result import IteratorResult, null_result

__all__ = ["execute_dml"]

_STRATEGIES = ("auto", "evaluate", "fetch", False)


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
    strategy = options.get("synchronize_session", "auto")
    if strategy not in _STRATEGIES:
        raise exc.ArgumentError(
            "Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', False"
        )
    if statement.is_update and isinstance(params, (list, tuple)):
        dml_strategy = options.get("dml_strategy", "auto")
        if dml_strategy in ("auto", "bulk") and not statement._where_criteria:
            with connection._options_for(statement, execution_options):
                update_mappings(connection, mapper, params)
            return _no_rows()
    return _with_criteria(session, connection, statement, params, execution_options, mapper, strategy)


def _no_rows() -> Any:
    return null_result()


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
    if strategy not in ("auto", "bulk", "orm", "raw", "core_only"):
        raise exc.ArgumentError("Valid strategies for ORM insert strategy are 'raw', 'orm', 'bulk', 'auto'")
    has_values = bool(statement._values or statement._multi_values or statement._select_names)
    if strategy == "auto":
        strategy = "bulk" if params and not has_values else "orm"
    if strategy in ("raw", "core_only"):
        return connection.execute(statement, params, execution_options=execution_options)
    if strategy == "orm":
        statement = core_dml(statement, connection.dialect)
        if statement._returning:
            return _load_returned(session, connection, statement, params, execution_options)
        return connection.execute(statement, params, execution_options=execution_options)
    rows: Sequence[Mapping[str, Any]] = [params] if isinstance(params, Mapping) else params
    render_nulls = bool(options.get("render_nulls", False))
    is_plain = not statement._returning and getattr(statement, "_post_values_clause", None) is None
    if is_plain and not statement._prefixes and not has_values:
        if options:
            with connection._options_for(statement, execution_options):
                insert_mappings(connection, mapper, rows, render_nulls=render_nulls)
        else:
            insert_mappings(connection, mapper, rows, render_nulls=render_nulls)
        return _no_rows()
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
        if statement._returning:
            results.append(_load_returned(session, connection, statement, sent, execution_options))
        else:
            connection.execute(statement, sent, execution_options=execution_options)
    if not results:
        return _no_rows()
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
    column = mapper.primary_key[0]
    by_pk = {row[pk_keys[0]]: i for i, row in enumerate(rows)}
    query = make.Select(mapper.class_).where(column.in_(list(by_pk)))
    found = session.scalars(query, execution_options={**execution_options, "populate_existing": True}).all()
    found = sorted(found, key=lambda obj: by_pk[getattr(obj, pk_keys[0])])
    return IteratorResult(Layout([mapper.class_.__name__]), iter([(o,) for o in found]))


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
    source = connection.execute(statement, params, execution_options=execution_options)
    return entities_of_result(
        session,
        connection,
        source,
        statement._returning,
        with_options=statement._with_options,
        execution_options=execution_options,
    )


# -- UPDATE and DELETE --------------------------------------------------------------


class Synchronised:
    """
    The objects in memory that a statement concerns, and what becomes of them.
    """

    __slots__ = ("matched", "needs_fetch", "unknown")

    def __init__(self) -> None:
        self.matched: list[Any] = []
        self.unknown: list[Any] = []
        self.needs_fetch = False


def _with_criteria(
    session: Any,
    connection: Any,
    statement: Any,
    params: Any,
    execution_options: Mapping[str, Any],
    mapper: Any,
    strategy: Any,
) -> Any:
    """
    Execute an UPDATE or DELETE with its criteria and keep objects in step.
    """
    statement = core_dml(statement, connection.dialect)
    affected = Synchronised()
    if strategy in ("auto", "evaluate"):
        affected = _evaluated(session, statement, mapper, strategy)
    elif strategy == "fetch":
        affected.needs_fetch = True
    if statement._returning:
        if affected.needs_fetch:
            affected.matched = _selected(session, connection, statement, params, mapper)
        _synchronise(session, statement, mapper, affected)
        return _load_returned(
            session, connection, statement, params, {**execution_options, "populate_existing": True}
        )
    if not affected.needs_fetch:
        result = connection.execute(statement, params, execution_options=execution_options)
        _synchronise(session, statement, mapper, affected)
        return result
    dialect = connection.dialect
    can_return = dialect.update_returning if statement.is_update else dialect.delete_returning
    if can_return and not statement._extra_froms():
        returning = statement.returning(*mapper.primary_key)
        result = connection.execute(returning, params, execution_options=execution_options)
        affected.matched = _in_memory(session, mapper, result.all())
    else:
        affected.matched = _selected(session, connection, statement, params, mapper)
        result = connection.execute(statement, params, execution_options=execution_options)
    _synchronise(session, statement, mapper, affected)
    return result


def _evaluated(session: Any, statement: Any, mapper: Any, strategy: Any) -> Synchronised:
    """
    Find the concerned objects by evaluating the criteria in Python.
    """
    affected = Synchronised()
    try:
        criteria = [compile_criteria(mapper, part) for part in statement._where_criteria]
    except UnevaluatableError as err:
        if strategy == "auto":
            affected.needs_fetch = True
            return affected
        raise exc.InvalidRequestError(
            f"Could not evaluate current criteria in Python: \"{err}\". Specify 'fetch' or False "
            "for the synchronize_session execution option."
        ) from err
    for state in session.identity_map.all_states():
        obj = state()
        if obj is None or not state.manager.mapper.isa(mapper):
            continue
        answer: Any = True
        for test in criteria:
            answer = test(obj)
            if answer is UNKNOWN:
                continue
            if not answer:
                break
        else:
            (affected.unknown if answer is UNKNOWN else affected.matched).append(state)
    return affected


def _evaluator_or_none(mapper: Any, value: Any) -> Any:
    if not hasattr(value, "__visit_name__"):
        return lambda obj: value
    try:
        return compile_criteria(mapper, value)
    except UnevaluatableError:
        return None


def _selected(session: Any, connection: Any, statement: Any, params: Any, mapper: Any) -> list[Any]:
    """
    Ask for the primary keys the criteria match, before the statement runs.
    """
    query = make.Select(*mapper.primary_key).where(*statement._where_criteria)
    single = params if isinstance(params, Mapping) else None
    return _in_memory(session, mapper, connection.execute(query, single).all())


def _in_memory(session: Any, mapper: Any, rows: Sequence[Any]) -> list[Any]:
    table = session.identity_map.table(mapper.identity_mapper)
    found = []
    for row in rows:
        state = table.get(row[0] if len(row) == 1 else tuple(row))
        if state is not None and state() is not None:
            found.append(state)
    return found


def _synchronise(session: Any, statement: Any, mapper: Any, affected: Synchronised) -> None:
    """
    Apply the statement to the concerned objects.
    """
    if statement.is_delete:
        session._remove_newly_deleted(affected.matched)
        for state in affected.unknown:
            state.expire()
        return
    by_key: dict[str, Any] = {}
    for column, value in values_of(statement):
        try:
            key = column if isinstance(column, str) else mapper.get_property_by_column(column).key
        except Exception:  # a column without attribute concerns no object
            continue
        by_key[key] = _evaluator_or_none(mapper, value)
    for table in facts_of(mapper).tables:
        for facts in (*table.server_updated, *table.with_onupdate):
            by_key.setdefault(facts.key, None)
    for state in affected.matched:
        _update_in_memory(state, by_key)
    for state in affected.unknown:
        state.expire([key for key in by_key if probe(state(), key) is not NO_VALUE])
    dirty = session._transaction._snapshot.dirty
    for state in (*affected.matched, *affected.unknown):
        dirty[state] = True


def _update_in_memory(state: Any, by_key: Mapping[str, Any]) -> None:
    obj = state()
    stale: list[str] = []
    values: dict[str, Any] = {}
    for key, evaluator in by_key.items():
        if probe(obj, key) is NO_VALUE:
            continue
        value = UNKNOWN if evaluator is None else evaluator(obj)
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
