# Compiled as it is, see setup.py.
"""
Which objects a session holds, and how they come and go.

An object is, for a session, in one of four places:

============  ==============================  =============================
state         held in                         leaves to
============  ==============================  =============================
pending       ``_new`` (strongly)             persistent (flush), transient
persistent    ``identity_map`` (weakly)       deleted (flush), detached
to delete     ``identity_map``, ``_deleted``  deleted (flush), persistent
deleted       the transaction's snapshot      detached (commit), persistent
============  ==============================  =============================

Rule 1: ``state.session_id`` is set as long as the object is in one of them.
Rule 2: only the methods here move states, so the lifecycle events fire in one
    place.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.attributes import (
    DELETED,
    MODIFIED,
    ORPHANED,
    WAS_DELETED,
    get_state,
)
from relvar._kernels.attributes import sessions as _identity_maps
from relvar._kernels.flush import attach_new, detach_deleted, expire_states
from relvar._kernels.identity import SessionFields, mark_deleted
from relvar._kernels.lend import clock
from relvar.orm import exc as orm_exc
from relvar.orm.flush.facts import facts_of
from relvar.orm.session.cascade import cascade_states, cascading
from relvar.orm.session.transaction import transaction_of
from relvar.orm.state.flags import ABANDONED
from relvar.orm.state.hooks import expiry_heard
from relvar.util.ordered import IdentitySet

if TYPE_CHECKING:
    from relvar.orm.session.transaction import SessionTransaction

__all__ = ["SessionContents", "state_str", "state_of"]

State = Any


def state_of(instance: object) -> State:
    """
    Return the state of a mapped instance.

    Raises:
        UnmappedInstanceError: *instance* is not of a mapped class.
    """
    state = get_state(instance) if not isinstance(instance, type) else None
    if state is None:
        raise orm_exc.UnmappedInstanceError(instance)
    return state


def state_str(state: State) -> str:
    """
    Name the object of a state as error messages do: ``<User at 0x7f...>``.
    """
    obj = state()
    if obj is None:
        return "None"
    return f"<{type(obj).__name__} at 0x{id(obj):x}>"


class SessionContents(SessionFields):
    """
    The part of `Session` that adds, removes and lists objects.
    """

    _transaction: SessionTransaction | None
    _context_transaction: SessionTransaction | None

    # -- what is there ---------------------------------------------------

    @property
    def new(self) -> IdentitySet:
        """
        The instances marked as 'new' (pending) in this session.
        """
        return IdentitySet(self._new.values())

    @property
    def deleted(self) -> IdentitySet:
        """
        The instances marked as 'deleted' in this session.
        """
        return IdentitySet(list(self._deleted.values()))

    @property
    def dirty(self) -> IdentitySet:
        """
        The persistent instances that had some change.

        Optimistic: setting an attribute to the value it had counts, though
        the flush may find nothing to write.
        """
        deleted = self._deleted
        return IdentitySet([obj for state, obj in self.identity_map.modified.items() if state not in deleted])

    def __contains__(self, instance: object) -> bool:
        """
        Tell whether the instance is pending or persistent in this session.
        """
        return self._contains_state(state_of(instance))

    def __iter__(self) -> Iterator[object]:
        """
        Iterate over all pending or persistent instances of this session.
        """
        return iter(list(self._new.values()) + self.identity_map.values())

    def _contains_state(self, state: State) -> bool:
        return state in self._new or (
            state.session_id == self.hash_key and self.identity_map.contains_state(state)
        )

    # -- add -------------------------------------------------------------

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """
        Place an object into this session: a transient one becomes pending, a
        detached one persistent.

        Raises:
            UnmappedInstanceError: *instance* is not of a mapped class.
            InvalidRequestError: it is attached to another session, or another
                object with its key is present in this one.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(name="ann"))
        ...     user in session.new
        ...     session.flush()
        ...     user in session.new, user in session
        True
        (False, True)
        """
        if _warn and self._warn_on_events:
            self._flush_warning("Session.add()")
        if _added(self, instance):
            return
        state = state_of(instance)
        self._save_or_update_state(state)
        remember_cascades(state.manager)

    def add_all(self, instances: Iterable[object]) -> None:
        """
        Add each of *instances*, see `add`.

        >>> from relvar import create_engine, select
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add_all([User(name="ann"), User(name="bob")])
        ...     session.scalars(select(User.name)).all()
        ['ann', 'bob']
        """
        if self._warn_on_events:
            self._flush_warning("Session.add_all()")
        if self._listens():
            for instance in instances:
                self._save_or_update_state(state_of(instance))
            return
        self._autobegin_t()
        pending, number = self._new, self.hash_key
        for instance in instances:
            if not attach_new(instance, pending, number):
                state = state_of(instance)
                self._save_or_update_state(state)
                remember_cascades(state.manager)

    def _save_or_update_state(self, state: State) -> None:
        state.flags &= ~ORPHANED
        self._save_or_update_impl(state)
        if cascading(state.manager.mapper, "save-update"):
            for other in cascade_states(state, "save-update", halt_on=self._contains_state):
                self._save_or_update_impl(other)
                remember_cascades(other.manager)

    def _save_or_update_impl(self, state: State) -> None:
        if state.pk is None:
            self._save_impl(state)
        else:
            self._update_impl(state)

    def _save_impl(self, state: State) -> None:
        """
        Make a transient object pending.
        """
        obj = state()
        to_attach = self._before_attach(state, obj)
        if state not in self._new:
            self._new[state] = obj
        if to_attach:
            self._after_attach(state, obj)
            if self._listens():
                self._events.transient_to_pending(self, obj)

    def _update_impl(self, state: State) -> None:
        """
        Make a detached object persistent, or undo `delete` before the flush.
        """
        if state.flags & (DELETED | WAS_DELETED):
            raise exc.InvalidRequestError(
                f"Instance '{state_str(state)}' has been deleted.  Use the "
                "make_transient() function to send this object back to the "
                "transient state."
            )
        obj = state()
        to_attach = self._before_attach(state, obj)
        self._deleted.pop(state, None)
        self._add_to_identity_map(state)
        if to_attach:
            self._after_attach(state, obj)
            if self._listens():
                self._events.detached_to_persistent(self, obj)

    def _add_to_identity_map(self, state: State) -> None:
        known = self.identity_map.add(state)
        if known is not None:
            raise exc.InvalidRequestError(
                f"Can't attach instance {state_str(state)}; another instance with "
                f"key {state.key} is already present in this session."
            )

    def _before_attach(self, state: State, obj: object) -> bool:
        """
        Check that the object may come in; return True if it is not in yet.
        """
        self._autobegin_t()
        session_id = state.session_id
        if session_id == self.hash_key:
            return False
        if session_id:
            if session_id == ABANDONED:
                raise exc.InvalidRequestError(
                    f"Object '{state_str(state)}' belongs to a try of run() that failed and was rolled back; "
                    "make or load objects in the function given to run()"
                )
            other = _identity_maps.get(session_id)
            if other is not None and other() is not None:
                raise exc.InvalidRequestError(
                    f"Object '{state_str(state)}' is already attached to session "
                    f"'{session_id}' (this is '{self.hash_key}')"
                )
        if self._listens():
            self._events.before_attach(self, obj)
        return True

    def _after_attach(self, state: State, obj: object) -> None:
        state.session_id = self.hash_key
        if state.flags & MODIFIED and state.pk is not None:
            self.identity_map.modified[state] = obj
        if self._listens():
            self._events.after_attach(self, obj)

    # -- delete ----------------------------------------------------------

    def delete(self, instance: object) -> None:
        """
        Mark an instance as deleted: the next flush emits the DELETE.

        Raises:
            InvalidRequestError: the instance is not persisted.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     session.delete(user)
        ...     session.flush()
        ...     session.get(User, 1), user in session
        (None, False)
        """
        if mark_deleted(self, instance):
            return
        if self._warn_on_events:
            self._flush_warning("Session.delete()")
        self._delete_impl(state_of(instance), instance, head=True)

    def delete_all(self, instances: Iterable[object]) -> None:
        """
        Mark each of *instances* as deleted, see `delete`.
        """
        if self._warn_on_events:
            self._flush_warning("Session.delete_all()")
        for instance in list(instances):
            if not mark_deleted(self, instance):
                self._delete_impl(state_of(instance), instance, head=True)

    def _delete_impl(self, state: State, obj: object, head: bool) -> None:
        if state.pk is None:
            if head:
                raise exc.InvalidRequestError(f"Instance '{state_str(state)}' is not persisted")
            return
        to_attach = self._before_attach(state, obj)
        if state in self._deleted:
            return
        if not state.flags & DELETED:
            self._add_to_identity_map(state)
        if to_attach:
            self._after_attach(state, obj)
            if self._listens():
                self._events.detached_to_persistent(self, obj)
        cascaded: Sequence[State] = ()
        if not cascading(state.manager.mapper, "delete"):
            state.manager.deletes_alone = True
        elif head:
            # Listed before anything is marked: the cascade may load, and
            # loading may flush.
            cascaded = list(cascade_states(state, "delete"))
        if state.flags & DELETED:
            return
        self._deleted[state] = obj
        for other in cascaded:
            self._delete_impl(other, other(), head=False)

    # -- expunge ---------------------------------------------------------

    def expunge(self, instance: object) -> None:
        """
        Remove an instance from this session, and what its ``expunge`` cascade
        reaches.

        Raises:
            InvalidRequestError: it is not in this session.

        >>> from relvar import create_engine, inspect
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     session.expunge(user)
        ...     user in session, inspect(user).detached
        (False, True)
        """
        state = state_of(instance)
        if state.session_id != self.hash_key:
            raise exc.InvalidRequestError(f"Instance {state_str(state)} is not present in this Session")
        self._expunge_states([state, *cascade_states(state, "expunge")])

    def expunge_all(self) -> None:
        """
        Remove all instances from this session.
        """
        states = _all_of(self)
        if not states:
            return
        held = (dict(self._new), dict(self._deleted), dict(self.identity_map.modified))
        self.identity_map.clear()
        self._new.clear()
        self._deleted.clear()
        self._detach_states(states, was_pending=held[0])

    def _expunge_states(self, states: Iterable[State], to_transient: bool = False) -> None:
        """
        Take states out; with *to_transient* they also lose their identity.
        """
        # The session was what held these objects; the events want them alive.
        pending: dict[State, object] = {}
        gone: list[State] = []
        for state in states:
            if state in self._new:
                pending[state] = self._new.pop(state)
            elif state.session_id == self.hash_key and self.identity_map.contains_state(state):
                self.identity_map.safe_discard(state)
                self._deleted.pop(state, None)
            elif self._transaction is not None:
                # deleted in this transaction: only the snapshot knows it
                self._transaction._snapshot.deleted.pop(state, None)
            gone.append(state)
        self._detach_states(gone, pending, to_transient)

    def _detach_states(
        self,
        states: Iterable[State],
        was_pending: Container[State],
        to_transient: bool = False,
    ) -> None:
        """
        Cut states off this session and fire the events that say so.
        """
        dispatch = self._events
        heard = self._listens()
        for state in states:
            obj = state()
            modified = state.flags & MODIFIED
            if modified and state.pk is not None:
                self.identity_map.modified.pop(state, None)
            state.session_id = 0
            deleted = state.flags & DELETED
            if to_transient:
                if state.pk is not None:
                    # values that were to be read again are not known: they are not None
                    expired = state.expired_keys
                    forget_identity(state)
                    state.expired_keys = expired
                    state.flags |= MODIFIED
            elif deleted:
                state.flags = (state.flags & ~DELETED) | WAS_DELETED
            if obj is None or not heard:
                continue
            if state in was_pending or (state.pk is None and not to_transient):
                dispatch.pending_to_transient(self, obj)
            elif to_transient:
                dispatch.persistent_to_transient(self, obj)
            elif deleted:
                dispatch.deleted_to_detached(self, obj)
            else:
                dispatch.persistent_to_detached(self, obj)

    def _detach_deleted(self, states: list[State]) -> None:
        """
        Make deleted objects detached, as their deletion was committed.
        """
        if not self._listens():
            detach_deleted(states, self.hash_key, self.identity_map.modified)
            return
        self._detach_states(
            [s for s in states if s.session_id == self.hash_key and s.flags & DELETED],
            frozenset(),
        )

    # -- restore, for rollbacks -------------------------------------------

    def _switch_key_back(self, state: State, old: Any, new: Any) -> None:
        """
        Give a state the primary key back that it had before a flush.
        """
        self.identity_map.safe_discard(state)
        state.pk = old
        if not state.flags & DELETED:
            self.identity_map.replace(state)

    def _revert_deletion(self, state: State) -> None:
        """
        Make a deleted object persistent again.
        """
        obj = state()
        was_deleted = state.flags & DELETED
        state.flags &= ~DELETED
        if obj is None:
            return
        self._deleted.pop(state, None)
        state.session_id = self.hash_key
        self.identity_map.replace(state)
        if was_deleted and self._listens():
            self._events.deleted_to_persistent(self, obj)

    # -- expire ----------------------------------------------------------

    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None:
        """
        Forget attribute values of a persistent instance, all or the named
        ones; the next access loads them.

        Raises:
            InvalidRequestError: it is not persistent in this session.

        >>> from relvar import create_engine, inspect
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     session.expire(user, ["name"])
        ...     inspect(user).expired_attributes
        ...     user.name
        {'name'}
        'ann'
        """
        self._expire_state(state_of(instance), attribute_names)

    def expire_all(self) -> None:
        """
        Expire all persistent instances of this session.
        """
        self._expire_all_states()

    def _expire_state(self, state: State, attribute_names: Iterable[str] | None) -> None:
        self._validate_persistent(state)
        if attribute_names:
            names = []
            for name in attribute_names:
                if name in state.manager.impls:
                    names.append(name)
                elif not state.manager.mapper.has_property(name):
                    raise KeyError(name)
            state.expire(names)
            return
        cascaded: Sequence[State] = ()
        if cascading(state.manager.mapper, "refresh-expire"):
            cascaded = list(cascade_states(state, "refresh-expire"))
        self._conditional_expire(state)
        for other in cascaded:
            self._conditional_expire(other)

    def _conditional_expire(self, state: State) -> None:
        if state.pk is not None:
            obj = state()
            if obj is not None:
                state.expire()
        elif state in self._new and facts_of(state.manager.mapper).can_be_orphan:
            # a new part of what is loaded again has no place there
            held = {state: self._new.pop(state)}
            self._detach_states([state], held)

    def _expire_all_states(self) -> None:
        states: list[State] = self.identity_map.all_states()
        expire_states(states)
        if expiry_heard[0]:
            for state in states:
                if state() is not None:
                    state._tell_expired(None)

    def _expire_dirty_states(self, dirty: Iterable[State], spared: Container[State]) -> None:
        """
        Expire what changed since a savepoint.

        Args:
            spared: States whose rows will be gone: they keep what they have.
        """
        states = dict.fromkeys(dirty)
        states.update(dict.fromkeys(self.identity_map.modified))
        for state in states:
            obj = state()
            if obj is not None and state not in spared and self._contains_state(state):
                state.expire()

    def _validate_persistent(self, state: State) -> None:
        if state.session_id != self.hash_key or not self.identity_map.contains_state(state):
            raise exc.InvalidRequestError(
                f"Instance '{state_str(state)}' is not persistent within this Session"
            )

    # -- what the rest of the session provides -----------------------------

    def _autobegin_t(self) -> Any:
        raise NotImplementedError

    def _flush_warning(self, method: str) -> None:
        raise NotImplementedError

    def _listens(self) -> bool:
        raise NotImplementedError


def _added(session: Any, instance: object) -> bool:
    """
    Make a new object pending, where nobody listens and nothing comes with it; else say so.
    """
    if session._quiet_at != clock.ticks and session._listens():
        return False
    if session._transaction is None or session._context_transaction is not None:
        transaction_of(session, False)
    return attach_new(instance, session._new, session.hash_key)


def _all_of(session: Any) -> list[State]:
    """
    Return the states of all objects of a session; without any, its identity map is emptied.
    """
    states: list[State] = session.identity_map.all_states()
    if session._new:
        states += session._new
    if not states:
        session.identity_map.clear()
    return states


def remember_cascades(manager: Any) -> None:
    """
    Let objects of a class be added the short way from now on.
    """
    manager.cascading = tuple([(p.key, p.mapper.class_) for p in cascading(manager.mapper, "save-update")])


def forget_identity(state: State) -> None:
    """
    Take the identity off a state; its attribute values stay, who owns it, and ``info``.
    """
    state.pk = None
    state.old = None
    state.flags &= ~(DELETED | WAS_DELETED)
    state.expired_keys = None
    if state.extra is not None:
        state.extra = {k: v for k, v in state.extra.items() if k in ("parents", "info")} or None
