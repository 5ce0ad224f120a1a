# Compiled as it is, see setup.py.
"""
Load columns of an object that is there: expired ones, deferred ones, or all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relvar import exc
from relvar._kernels.attributes import NO_VALUE, State, probe
from relvar._kernels.loader import Run, made_context
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.orm.exc import DetachedInstanceError, ObjectDeletedError
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.facts import load_facts, pk_binds
from relvar.orm.load.heard import COLUMNS
from relvar.orm.load.identity import for_update, path_key, pk_statement
from relvar.orm.load.lazy import state_text
from relvar.orm.load.plan import plan_select
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import new_run
from relvar.orm.load.tree import EMPTY, OptionTree
from relvar.orm.state import hooks
from relvar.orm.state.flags import (
    ABANDONED,
    ATTR_EMPTY,
    ATTR_WAS_SET,
    NO_AUTOFLUSH,
    NO_RAISE,
    PASSIVE_NO_RESULT,
    PASSIVE_OFF,
    SQL_OK,
)

__all__ = ["load_columns", "refresh_state"]


def load_columns(state: Any, keys: Any, passive: int) -> Any:
    """
    Load column attributes of a persistent or detached object from its row (see ``hooks.load_hook``).

    Raises:
        DetachedInstanceError: The object is in no session.
        ObjectDeletedError: The row is not there any more.
        InvalidRequestError: Options forbid to load the attribute.
    """
    if not passive & SQL_OK:
        return PASSIVE_NO_RESULT
    expired = keys is state.expired_keys
    mapper = state.manager.mapper
    # expired objects have more names than that, but for what no SELECT brings
    if (not expired or len(keys) <= 2) and all(mapper.get_property(key).is_unset for key in keys):
        return ATTR_EMPTY
    session = hooks.session_hook[0](state)
    if session is None:
        if passive & NO_RAISE:
            return PASSIVE_NO_RESULT
        raise DetachedInstanceError(_detached(state, keys, expired))
    if state.pk is None and _inserted_key(state, mapper) is None:
        raise _unknown(state)
    # A flush needs columns only; related rows that it has yet to write would be missing from what is read.
    whole = keys is state.manager.expirable_set and not session._flushing
    wanted = None if whole else _wanted_names(state, mapper, keys, expired)
    if not passive & NO_AUTOFLUSH:
        session._autoflush()
    if (session.lazy_loading is not None or not expired) and _is_done_otherwise(
        session, state, mapper, keys, wanted, expired, passive
    ):
        return ATTR_WAS_SET
    if not _load(session, state, mapper, wanted, fill=frozenset(keys) if whole else wanted):
        raise ObjectDeletedError(state)
    return ATTR_WAS_SET


def _is_done_otherwise(
    session: Any,
    state: Any,
    mapper: Any,
    keys: Any,
    wanted: frozenset[str] | None,
    expired: bool,
    passive: int,
) -> bool:
    """
    Do what the session or the mapping wants done about a statement for one object alone.

    Returns:
        Whether the columns are loaded now.
    """
    mode = session.lazy_loading
    if mode is None and state.peers is None:
        return False
    explicit = None if expired else _peers_wanted(state, mapper, keys)
    if explicit or (mode == "peers" and explicit is None):
        from relvar.orm.load.peers import load_columns as load_for_peers  # where it is asked for

        return load_for_peers(session, state, wanted, expired)
    if mode == "strict" and not expired and explicit is None and not passive & NO_RAISE:
        from relvar.orm.load.lazy_modes import refuse  # which ends in an error

        refuse(state, f"{mapper.class_.__name__}.{next(iter(keys))}", "undefer")
    if mode == "report":
        what = "(expired)" if expired else next(iter(keys))
        session.lazy_report.note(state, f"{mapper.class_.__name__}.{what}")
    return False


def _peers_wanted(state: Any, mapper: Any, keys: Iterable[str]) -> bool | None:
    """Tell what options or the mapping say about loading deferred columns for all peers; None if nothing."""
    for key in keys:
        prop = mapper.get_property(key)
        element = _element_of(state, mapper, prop)
        if element is not None and element.name in ("peers", "defer"):
            return bool(element.name == "peers")
        if getattr(prop, "lazy", None) == "peers":
            return True
    return None


def _element_of(state: Any, mapper: Any, prop: Any) -> Any:
    """Return what the options that an object keeps say about a column, or None."""
    if state.load_options is None:
        return None
    tree, path = state.load_options
    branch = tree.at(path)
    twig = branch.twig(prop, mapper)
    if twig is not None and twig.element is not None:
        return twig.element
    return branch.columns or tree.anywhere.columns


def _unknown(state: Any) -> exc.InvalidRequestError:
    """Return the error of an object that was expired before its row was rolled back."""
    return exc.InvalidRequestError(
        f"Instance {state_text(state)} cannot be refreshed - it's not  persistent and does not contain a "
        "full primary key.  It was expired, and then the INSERT of its row was rolled back, so its values "
        "are not known: set them, or make a new object."
    )


def _inserted_key(state: Any, mapper: Any) -> Any:
    """Return the primary key of a row that a flush has inserted, before the object is persistent; or None."""
    obj = state()
    values = [probe(obj, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
    if any(value is NO_VALUE or value is None for value in values):
        return None
    return values[0] if len(values) == 1 else tuple(values)


def _detached(state: Any, keys: Any, expired: bool) -> str:
    if state.session_id == ABANDONED:
        return (
            f"Instance {state_text(state)} belongs to a try of run() that failed; use the "
            "objects that the function makes or loads each time"
        )
    if expired:
        return (
            f"Instance {state_text(state)} is not bound to a Session; "
            "attribute refresh operation cannot proceed"
        )
    name = next(iter(keys))
    return (
        f"Parent instance {state_text(state)} is not bound to a Session; "
        f"deferred load operation of attribute '{name}' cannot proceed"
    )


def _wanted_names(state: Any, mapper: Any, keys: Iterable[str], expired: bool) -> frozenset[str]:
    """
    Return the names to load along: all expired ones; a deferred one with its group; what a SELECT of the
    superclass did not bring, with all that it did not.
    """
    if expired:
        return frozenset(key for key in keys if mapper.has_property(key))
    names: set[str] = set()
    for key in keys:
        prop = mapper.get_property(key)
        _check_raise(state, mapper, prop)
        names.add(key)
        if prop.group is not None:
            names.update(p.key for p in mapper.column_attrs if p.group == prop.group and p.deferred)
        if _is_left_out(state, mapper, prop):
            obj = state()
            names.update(
                p.key
                for p in mapper.column_attrs
                if probe(obj, p.key) is NO_VALUE and not p.is_unset and _is_left_out(state, mapper, p)
            )
    return frozenset(names)


def _is_left_out(state: Any, mapper: Any, prop: Any) -> bool:
    """Tell whether neither the mapping nor an option has a column loaded by itself."""
    return not prop.deferred and _element_of(state, mapper, prop) is None


def _check_raise(state: Any, mapper: Any, prop: Any) -> None:
    """Raise where an option or the mapping forbids to load a column."""
    element = _element_of(state, mapper, prop)
    forbidden = prop.raiseload if element is None else dict(element.opts).get("raiseload", False)
    if forbidden:
        raise exc.InvalidRequestError(f"'{prop}' is not available due to raiseload=True")


def _load(
    session: Any,
    state: State,
    mapper: Any,
    names: frozenset[str] | None,
    *,
    fill: frozenset[str] | None = None,
    with_for_update: Any = None,
    execution_options: Mapping[str, Any] | None = None,
) -> bool:
    """
    Run the statement that loads ``names`` (None: all there are) of one object; tell whether its row is there.
    """
    tree, path = state.load_options if state.load_options is not None else (None, ())
    prepared, values = _prepared(state, mapper, names, tree, path, with_for_update)
    run: Run = new_run(session, made_context(session, None, None, (), execution_options), tree)
    run.refresh = state
    run.only = fill
    run.token = None if state.extra is None else state.extra.get("identity_token")
    found = prepared.objects(run, values, tree, (mapper, COLUMNS, (), None))
    return bool(run.refreshed or found)


def _prepared(
    state: State,
    mapper: Any,
    names: frozenset[str] | None,
    tree: OptionTree | None,
    path: tuple[Any, ...],
    with_for_update: Any,
) -> tuple[Prepared, list[Any]]:
    """Return the refresh statement and the values of this object."""
    pk = state.pk if state.pk is not None else _inserted_key(state, mapper)
    values = list(pk) if mapper.has_composite_pk else [pk]
    facts = load_facts(mapper)
    key = (names, None if tree is None else (tree.key, path_key(path)))
    if with_for_update is None and (tree is None or tree.key is not None):
        found = facts.columns.get(key)
        if found is None:
            found = facts.columns[key] = _prepare(mapper, names, tree, path, None)
        return found, values
    return _prepare(mapper, names, tree, path, with_for_update), values


def _prepare(
    mapper: Any,
    names: frozenset[str] | None,
    tree: OptionTree | None,
    path: tuple[Any, ...],
    with_for_update: Any,
) -> Prepared:
    short = _own_table_statement(mapper, names) if with_for_update is None else None
    if short is not None:
        select, binds = short
    else:
        binds = pk_binds(mapper)
        select = pk_statement(mapper, binds)
        if with_for_update is not None:
            select = for_update(select, with_for_update)

    def plan(statement: Any, tree: OptionTree, given: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        branch = tree.at(path) if path else EMPTY
        return plan_select(
            statement,
            tree=tree,
            binds=given,
            path=path or (mapper,),
            branch=branch,
            refresh=True,
            only=names,
        )

    return Prepared(lambda: select, plan, binds, Followed.options(tree, plan_select))


def _own_table_statement(mapper: Any, names: frozenset[str] | None) -> tuple[Any, list[Any]] | None:
    """
    Return a statement over the tables of subclasses alone, where these have all the columns wanted.

    For joined inheritance: the rows of the superclass's tables are loaded already.
    """
    if names is None or mapper.inherits is None or mapper.single or mapper.concrete:
        return None
    wanted = set()
    for name in names:
        prop = mapper.get_property(name)
        if hasattr(prop, "direction"):
            return None
        tables = {getattr(column, "table", None) for column in prop.columns}
        if len(tables) != 1:
            return None
        wanted |= tables
    lineage = [m for m in mapper.iterate_to_root() if not m.single and m.inherits is not None]
    places = [place for place, m in enumerate(lineage) if m.local_table in wanted]
    if len(places) != len(wanted) or not places:
        return None
    # from the class nearest to the root down to the one farthest from it
    chain = lineage[places[0] : places[-1] + 1][::-1]
    key = list(chain[0].local_table.primary_key)
    if len(key) != len(mapper.primary_key):
        return None
    binds: list[Any] = [BindParameter(None, None, type_=column.type, unique=True) for column in key]
    statement = make.Select(mapper.class_)
    statement._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
    statement._where_criteria = (
        *(bind == column for bind, column in zip(binds, key, strict=True)),
        *(m.inherit_condition for m in chain[1:]),
    )
    statement._from_obj = tuple([m.local_table for m in chain])
    return statement, binds


def refresh_state(
    session: Any,
    state: Any,
    names: Iterable[str] | None = None,
    *,
    with_for_update: Any = None,
    execution_options: Mapping[str, Any] | None = None,
) -> bool:
    """
    Load an object again, whole or by attribute names, over what it has.

    Relationships among ``names`` that no join brings are loaded one by one.

    Returns:
        Whether the row is still there.
    """
    mapper = state.manager.mapper
    wanted = None if names is None else frozenset(names)
    found = _load(
        session,
        state,
        mapper,
        wanted,
        fill=wanted,
        with_for_update=with_for_update,
        execution_options=execution_options,
    )
    if found and wanted is not None:
        obj = state()
        for prop in mapper.relationships:
            if prop.key in wanted and prop.lazy not in ("write_only", "dynamic"):
                state.manager.impls[prop.key].get(state, obj, PASSIVE_OFF | NO_RAISE)
    return found
