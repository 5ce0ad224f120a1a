"""
Copy the state of objects onto their counterparts in a session.

For each object: find the counterpart by identity (in the session, then in the
database), else make a new one; then copy attribute by attribute, following
relationships with ``merge`` in their cascade.

Rule 1: every given object is merged once; ``seen`` maps it to its counterpart,
    which is also how circles of references end.
Rule 2: with ``load=False`` nothing is emitted and nothing counts as changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.attributes import (
    MODIFIED,
    NO_VALUE,
    get_state,
    mark_clean,
    probe,
    set_loaded,
)
from relvar.orm import exc as orm_exc
from relvar.orm.flush.facts import column_keys, facts_of
from relvar.orm.session.contents import state_of, state_str
from relvar.orm.state.flags import PASSIVE_MERGE
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.orm.session.session import Session
    from relvar.rows.result import FrozenResult

__all__ = ["merge", "merge_frozen_result", "merge_result", "merge_rows"]

State = Any


class Merge:
    """
    What one call of `Session.merge` knows.
    """

    __slots__ = ("by_key", "load", "options", "seen", "session", "walked")

    def __init__(self, session: Session, load: bool, options: Sequence[Any] | None) -> None:
        self.session: Session = session
        self.load: bool = load
        self.options: Sequence[Any] | None = options
        self.seen: dict[State, Any] = {}
        self.by_key: dict[Any, Any] = {}
        self.walked: set[tuple[State, Any]] = set()


def merge(session: Session, instance: Any, load: bool, options: Sequence[Any] | None) -> Any:
    """
    Merge one object, see `Session.merge`.
    """
    return merge_many(session, [instance], load, options)[0]


def merge_many(
    session: Session, instances: Sequence[Any], load: bool, options: Sequence[Any] | None
) -> list[Any]:
    """
    Merge several objects that may refer to each other.
    """
    if session._warn_on_events:
        session._flush_warning("Session.merge()")
    states = [state_of(instance) for instance in instances]
    if load:
        session._autoflush()
    if not session._new:
        session._merged_new.clear()
    run = Merge(session, load, options)
    autoflush = session.autoflush
    session.autoflush = False
    try:
        return [_merge_state(run, state) for state in states]
    finally:
        session.autoflush = autoflush


def merge_frozen_result(
    session: Session, statement: Any, frozen_result: FrozenResult[Any], load: bool = True
) -> FrozenResult[Any]:
    """
    Move the objects of a frozen result into a session.

    For results kept in a cache: what ``do_orm_execute`` listeners return may come from another session.

    Args:
        statement: What gave the result.
        load: False takes the objects as they are, without asking the database.

    >>> from relvar import create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, merge_frozen_result
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1))
    ...     session.commit()
    ...     frozen = session.execute(select(User)).freeze()
    >>> with Session(engine) as other:
    ...     moved = merge_frozen_result(other, select(User), frozen, load=False)
    ...     moved().scalar_one() in other
    True
    """
    return frozen_result.with_new_rows(merge_rows(session, frozen_result.rewrite_rows(), load))


def merge_rows(session: Session, rows: Iterable[Any], load: bool) -> list[tuple[Any, ...]]:
    """
    Return rows with the objects in them moved into a session.
    """
    rows = list(rows)
    objects = [item for row in rows for item in row if _is_mapped(item)]
    moved = iter(merge_many(session, objects, load, None))
    return [tuple([next(moved) if _is_mapped(item) else item for item in row]) for row in rows]


def merge_result(query: Any, iterator: Any, load: bool = True) -> Any:
    """
    Merge objects of a result into the session of a `Query`; superseded by `merge_frozen_result`.
    """
    return query.merge_result(iterator, load=load)


def _is_mapped(item: Any) -> bool:
    """
    Tell whether something is a mapped object.
    """
    return hasattr(item, "_sa_instance_state")


def _merge_state(run: Merge, state: State) -> Any:
    if state in run.seen:
        return run.seen[state]
    session = run.session
    mapper = state.manager.mapper
    pk, key_is_usable = _identity(run, state)
    token = state.identity_token
    lookup = (mapper.identity_mapper, pk, token)

    merged = session.identity_map.get_by_pk(mapper.identity_mapper, pk, token) if key_is_usable else None
    is_new = False
    if merged is None:
        if key_is_usable and lookup in run.by_key:
            merged = run.by_key[lookup]
        elif not run.load:
            merged = _attach_copy(run, state)
            is_new = True
        elif key_is_usable:
            merged = _still_pending(session, mapper, lookup) or session.get(
                mapper.class_,
                pk if isinstance(pk, tuple) and len(mapper.primary_key) > 1 else (pk,),
                identity_token=token,
                options=run.options,
            )
    if merged is None:
        _refuse_unread(mapper, state)
        merged = mapper.class_manager.new_instance()
        is_new = True
        session._save_or_update_state(get_state(merged))
        if key_is_usable:
            session._merged_new[lookup] = get_state(merged)
    merged_state: State = get_state(merged)
    run.seen[state] = merged
    if key_is_usable:
        run.by_key[lookup] = merged
    if state is not merged_state:
        _check_version(mapper, state, merged_state)
        _copy_attributes(run, mapper, state, merged_state)
    if not run.load:
        mark_clean(merged_state)
    if is_new:
        for listener in merged_state.manager.listeners.load:
            listener(merged_state, None)
    return merged


def _refuse_unread(mapper: Any, state: State) -> None:
    """
    Raise if a new row were to be made of an object whose values nobody has: they went with its row.
    """
    expired = state.expired_keys
    if state.pk is not None and expired is not None and expired.issuperset(facts_of(mapper).pk_keys):
        raise orm_exc.ObjectDeletedError(
            state,
            f"Instance {state_str(state)} can't be merged: its row is gone, and what its attributes were is "
            "not known, as they were expired. Read them while the row is there, as by session.refresh(), or "
            "make a new object.",
        )


def _still_pending(session: Session, mapper: Any, lookup: Any) -> Any:
    """
    Return the object that an earlier merge made for a key, if no flush has written it since.
    """
    state = session._merged_new.get(lookup)
    if state is None or state not in session._new:
        return None
    obj = state()
    values = tuple([probe(obj, key) for key in facts_of(mapper).pk_keys])
    return obj if (values[0] if len(values) == 1 else values) == lookup[1] else None


def _identity(run: Merge, state: State) -> tuple[Any, bool]:
    """
    Return the bare primary key to look for, and whether it can be looked for.
    """
    if state.pk is not None:
        return state.pk, True
    if state in run.session._new:
        warn(
            f"Instance {state_str(state)} is already pending in this Session yet is "
            "being merged again; this is probably not what you want to do"
        )
    if not run.load:
        raise exc.InvalidRequestError(
            "merge() with load=False option does not support objects transient "
            "(i.e. unpersisted) objects.  flush() all changes on mapped instances "
            "before merging with load=False."
        )
    mapper = state.manager.mapper
    obj = state()
    keys = facts_of(mapper).pk_keys
    if state.expired_keys is not None:
        for key in keys:
            getattr(obj, key)  # which is an error if it was expired before its row was rolled back
    values = [probe(obj, key) for key in keys]
    if NO_VALUE in values:
        return None, False
    missing = [value is None for value in values]
    usable = not all(missing) if mapper.allow_partial_pks else not any(missing)
    return (values[0] if len(values) == 1 else tuple(values)), usable


def _attach_copy(run: Merge, state: State) -> Any:
    """
    Make a persistent counterpart without asking the database.
    """
    if state.flags & MODIFIED:
        raise exc.InvalidRequestError(
            "merge() with load=False option does not support objects marked as "
            "'dirty'.  flush() all changes on mapped instances before merging with "
            "load=False."
        )
    merged = state.manager.new_instance()
    merged_state: State = get_state(merged)
    merged_state.pk = state.pk
    if state.identity_token is not None:
        merged_state.identity_token = state.identity_token
    run.session._update_impl(merged_state)
    return merged


def _check_version(mapper: Any, state: State, merged_state: State) -> None:
    """
    Raise if both sides have a version and they differ.
    """
    version_column = mapper.version_id_col
    if version_column is None:
        return
    key = mapper.get_property_by_column(version_column).key
    given = probe(state(), key)
    existing = probe(merged_state(), key)
    if given is not NO_VALUE and existing is not NO_VALUE and given != existing:
        raise orm_exc.StaleDataError(
            f"Version id '{given}' on merged state {state_str(state)} does not match "
            f"existing version '{existing}'. Leave the version attribute unset when "
            "merging to update the most recent version."
        )


def _copy_attributes(run: Merge, mapper: Any, state: State, merged_state: State) -> None:
    source, target = state(), merged_state()
    expire: list[str] = []
    for key in column_keys(mapper):
        value = probe(source, key)
        if value is not NO_VALUE:
            if run.load:
                setattr(target, key, value)
            else:
                set_loaded(target, key, value)
                merged_state.forget_old(key)
        elif merged_state.pk is not None and probe(target, key) is NO_VALUE:
            expire.append(key)
    if expire:
        merged_state.expire(expire, deferred=False)
    for prop in mapper.relationships:
        _merge_relationship(run, prop, state, merged_state)


def _merge_relationship(run: Merge, prop: Any, state: State, merged_state: State) -> None:
    """
    Merge the objects behind one relationship and put them into the copy.
    """
    if run.load and any((state, other) in run.walked for other in prop._reverse_property):
        return
    source, target = state(), merged_state()
    if not prop.cascade.merge:
        return
    impl = merged_state.manager.impls[prop.key]
    current = (impl.added_items(state) or NO_VALUE) if impl.dynamic else probe(source, prop.key)
    if current is NO_VALUE:
        return
    if prop.uselist:
        if run.load and not impl.dynamic:
            # The old content must be known, so that removals are seen: who merges asks for it.
            impl.get(merged_state, target, PASSIVE_MERGE)
        merged = []
        for item in list(state.manager.impls[prop.key].members(current)):
            item_state = state_of(item)
            run.walked.add((item_state, prop))
            merged.append(_merge_state(run, item_state))
        if impl.dynamic:
            impl.set(merged_state, target, merged)
        elif run.load:
            collection = impl._make(merged_state)
            collection._sa_adapter.append_multiple_without_event(merged)
            impl.set(merged_state, target, collection)
        else:
            impl.set_committed_value(merged_state, target, merged)
        return
    value = None
    if current is not None:
        other = state_of(current)
        run.walked.add((other, prop))
        value = _merge_state(run, other)
    if run.load:
        setattr(target, prop.key, value)
    else:
        set_loaded(target, prop.key, value)
