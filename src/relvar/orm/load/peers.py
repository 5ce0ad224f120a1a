"""
Load for all what one object lacks.

When an attribute is read that was not loaded, the objects of the same result that lack it too (its peers)
get it by the same statement: a loop over a result sends one statement per attribute and level, not one per
object.

Rule 1: a peer takes part only if its own lazy load would do the same: same session, same options, nothing
pending or expired that the load would overrule.
Rule 2: where there is nobody but the object itself, it is loaded as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from relvar._kernels.attributes import EXPIRED, NO_VALUE, probe
from relvar._kernels.loader import made_context
from relvar.expr import make
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.facts import load_facts
from relvar.orm.load.heard import COLUMNS
from relvar.orm.load.identity import path_key
from relvar.orm.load.plan import plan_select
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import new_run, note_site
from relvar.orm.load.selectin import SelectinPost
from relvar.orm.load.shape import key_in
from relvar.orm.load.strategies import Setting, setting_of
from relvar.orm.load.tree import EMPTY, NO_OPTIONS, OptionTree
from relvar.orm.state.flags import LOAD_AGAINST_COMMITTED, NO_AUTOFLUSH

__all__ = ["load_columns", "load_expired", "load_related"]

# One statement takes the keys of that many peers, where the database takes so many parameters.
_MOST = 20_000
# ... and of those known, none takes fewer: SQL Server has 2,100.
_FEW = 2_000


def load_related(
    loader: Any, session: Any, state: Any, passive: int, tree: OptionTree | None, path: tuple[Any, ...]
) -> bool:
    """
    Load a relationship for an object and its peers; tell whether that was done.

    Args:
        loader: The `LazyLoader` of the attribute.
        tree, path: The options that the object keeps, and where it stands in them.
    """
    if state.peers is None or passive & LOAD_AGAINST_COMMITTED:
        return False
    if not passive & NO_AUTOFLUSH:
        session._autoflush()
    names = loader.foreign_keys() if loader.use_get else loader.clause()[2]
    values = loader._values(state, names, passive)
    if type(values) is not list:
        # what the columns of an expired parent brought along, or no row of its own
        return probe(state(), loader.key) is not NO_VALUE
    todo = list(_lacking(loader, session, state))
    if len(todo) < 2:
        return False
    prop = loader.prop
    context = made_context(session)
    if session.lazy_loading is not None:
        note_site(context)
    run = new_run(session, context, tree)
    run.token = (state.extra or {}).get("identity_token")
    _post(prop, tree, path, _limit(session, prop.parent))(run, None, todo)
    return probe(state(), loader.key) is not NO_VALUE


def _lacking(loader: Any, session: Any, state: Any) -> Iterator[tuple[Any, Any, bool]]:
    """
    Yield the peers that lack a relationship, the object itself among them.
    """
    prop = loader.prop
    key = loader.key
    like: dict[int, bool] = {id(state.load_options): True}
    present = session.identity_map.get_by_pk if loader.use_get else None
    for peer, obj in _alive(session, state):
        if peer is not state:
            if peer.flags & EXPIRED or not peer.manager.mapper.isa(prop.parent):
                continue
            if probe(obj, key) is not NO_VALUE or (peer.old is not None and key in peer.old):
                continue
            alike = like.get(id(peer.load_options))
            if alike is None:
                alike = like[id(peer.load_options)] = _loads_alike(loader, peer)
            if not alike or (present is not None and _is_present(loader, peer, obj, present)):
                continue
        yield peer, obj, False


def _alive(session: Any, state: Any) -> Iterator[tuple[Any, Any]]:
    """
    Yield the peers that are in the same session still, with their objects.
    """
    cohort = state.peers
    table = session.identity_map.table(state.manager.mapper.base_mapper)
    for key in cohort.keys:
        peer = table.get(key)
        if peer is not None and peer.peers is cohort:
            obj = peer()
            if obj is not None:
                yield peer, obj


def _loads_alike(loader: Any, peer: Any) -> bool:
    """Tell whether a peer that was loaded with other options loads the attribute like all others."""
    if peer.load_options is None:
        return True
    tree, path = peer.load_options
    entity = path[-1].entity if len(path) > 1 else path[0]
    setting = setting_of(loader.prop, entity, tree.at(path), tree)
    return setting.strategy in ("select", "peers") and not setting.criteria and not tree.criteria


def _is_present(loader: Any, peer: Any, obj: Any, present: Any) -> bool:
    """Tell whether what a peer refers to is in the session: it needs no statement."""
    values = [probe(obj, name) for name in loader.foreign_keys()]
    if any(value is None or value is NO_VALUE for value in values):
        return True
    pk = values[0] if len(values) == 1 else tuple(values)
    return present(loader.prop.mapper.base_mapper, pk, None) is not None


def _limit(session: Any, mapper: Any) -> int:
    """Return how many keys fit in a statement, whichever of the session's databases it goes to."""
    transaction = session._transaction
    binds = [] if transaction is None else list(transaction.connections)
    if not binds and session.bind is not None:
        binds.append(session.bind)
    most = min((bind.dialect.insertmanyvalues_max_parameters for bind in binds), default=_FEW)
    most = min(_MOST, most)
    return max(1, (most - 100) // len(mapper.primary_key))


def _post(prop: Any, tree: OptionTree | None, path: tuple[Any, ...], limit: int) -> SelectinPost:
    """Return what loads a relationship for many objects, made once for options of one shape."""
    facts = load_facts(prop.parent)
    given = tree is not None and tree.key is None
    key = ("peers", prop, None if tree is None else tree.key, path_key(path), limit)
    found = None if given else facts.lazy.get(key)
    if found is None:
        entity = path[-1].entity if len(path) > 1 else path[0] if path else prop.parent
        setting = Setting("selectin", {}, None, False)
        if tree is not None:
            setting = setting_of(prop, entity, tree.at(path), tree)
        setting = setting._replace(opts={"chunksize": limit})
        followed = Followed.options(tree, plan_select)
        found = SelectinPost(followed, prop, path or (prop.parent,), setting)
        if not given:
            facts.lazy[key] = found
    return found


def load_columns(session: Any, state: Any, names: frozenset[str] | None, expired: bool) -> bool:
    """
    Load columns for an object and its peers that have them as well; tell whether the object has them now.

    Args:
        names: Attributes that none of them has; None for all of an expired object.
    """
    if state.peers is None:
        return False
    mapper = state.manager.mapper
    if names is not None and not expired:
        mapper = _owner(mapper, names)
    found = [peer for peer, obj in _alive(session, state) if _lacks(peer, obj, state, mapper, names, expired)]
    if len(found) < 2:
        return False
    _load_by_keys(session, found, state, mapper, names)
    obj = state()
    if names is None:
        return not state.flags & EXPIRED
    return all(probe(obj, name) is not NO_VALUE for name in names)


def load_expired(session: Any, states: Iterable[Any]) -> None:
    """
    Load the columns of expired objects, those alike by one statement; what is alone is left to be read.
    """
    if session.connection_callable is not None:
        # each may be in a database of its own
        return
    alike: dict[Any, list[Any]] = {}
    for state in states:
        if state.expired_keys is not None and state() is not None:
            key = (state.manager, frozenset(state.expired_keys), id(state.load_options))
            alike.setdefault(key, []).append(state)
    for (manager, names, _options), found in alike.items():
        mapper = manager.mapper
        if len(found) > 1:
            columns = frozenset(name for name in names if mapper.has_property(name))
            _load_by_keys(session, found, found[0], mapper, columns)


def _load_by_keys(
    session: Any, states: list[Any], state: Any, mapper: Any, names: frozenset[str] | None
) -> None:
    """Load columns of many objects that were loaded by the same options as one of them, *state*."""
    tree, path = state.load_options if state.load_options is not None else (None, ())
    prepared = _by_keys(mapper, names, tree, path)
    limit = _limit(session, mapper)
    for start in range(0, len(states), limit):
        keys = [each.pk for each in states[start : start + limit]]
        run = new_run(session, made_context(session), tree)
        run.token = (state.extra or {}).get("identity_token")
        # whom they came with does not change
        run.cohorts = None
        prepared.objects(run, [keys], tree, (mapper, COLUMNS, path, None))


def _owner(mapper: Any, names: frozenset[str]) -> Any:
    """Return the class that all these columns come from, whose subclasses have them too."""
    while (
        mapper.inherits is not None and not mapper.concrete and all(map(mapper.inherits.has_property, names))
    ):
        mapper = mapper.inherits
    return mapper


def _lacks(peer: Any, obj: Any, state: Any, mapper: Any, names: frozenset[str] | None, expired: bool) -> bool:
    if peer is state:
        return True
    if peer.load_options is not state.load_options and peer.load_options != state.load_options:
        return False
    if expired:
        return peer.manager is state.manager and bool(peer.expired_keys == state.expired_keys)
    if not peer.manager.mapper.isa(mapper):
        return False
    return not peer.flags & EXPIRED and all(
        probe(obj, name) is NO_VALUE and not (peer.old and name in peer.old) for name in names or ()
    )


def _by_keys(
    mapper: Any, names: frozenset[str] | None, tree: OptionTree | None, path: tuple[Any, ...]
) -> Prepared:
    """Return the statement that loads columns of many objects."""
    facts = load_facts(mapper)
    given = tree is not None and tree.key is None
    key = ("peers", names, None if tree is None else (tree.key, path_key(path)))
    found: Prepared | None = None if given else facts.columns.get(key)
    if found is None:
        criterion, bind = key_in(mapper.primary_key)

        def make_statement() -> Any:
            statement = make.Select(mapper.class_)
            statement._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
            statement._where_criteria = (criterion,)
            return statement

        def make_plan(statement: Any, options: OptionTree, given: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
            branch = EMPTY if options is NO_OPTIONS or not path else options.at(path)
            return plan_select(
                statement, tree=options, binds=given, path=path or (mapper,), branch=branch, only=names
            )

        found = Prepared(make_statement, make_plan, [bind], Followed.options(tree, plan_select))
        if not given:
            facts.columns[key] = found
    return found
