"""
Functions on mapped objects that concern the session they are in, or make them leave it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.attributes import DELETED, EXPIRED, NO_VALUE, WAS_DELETED, extras, probe, sessions
from relvar.orm.session.cascade import session_of
from relvar.orm.session.contents import forget_identity, state_of

if TYPE_CHECKING:
    from relvar.orm.session.session import Session

__all__ = [
    "close_all_sessions",
    "make_transient",
    "make_transient_to_detached",
    "object_session",
    "was_deleted",
]


def object_session(instance: object) -> Session | None:
    """
    Return the session to which an instance belongs, or None.

    Raises:
        UnmappedInstanceError: it is not of a mapped class.

    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, object_session
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> session, user = Session(), User(name="ann")
    >>> print(object_session(user))
    None
    >>> session.add(user)
    >>> object_session(user) is session
    True
    """
    found: Session | None = session_of(state_of(instance))
    return found


def was_deleted(object_: object) -> bool:
    """
    Tell whether the row of an object was deleted by a flush of its session.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, was_deleted
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
    ...     was_deleted(user)
    True
    """
    return bool(state_of(object_).flags & (DELETED | WAS_DELETED))


def close_all_sessions() -> None:
    """
    Close all sessions in memory.
    """
    for reference in list(sessions.values()):
        identity_map = reference()
        session = None if identity_map is None else identity_map.owner()
        if session is not None:
            session.close()


def make_transient(instance: object) -> None:
    """
    Take identity and session off an instance: `add()` makes a new row of it.

    What was loaded is no change: the row has all values, objects that the instance refers to stay where they
    are.

    >>> from relvar import create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, make_transient, mapped_column
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
    ...     make_transient(user)
    ...     user.id = 2
    ...     session.add(user)
    ...     session.flush()
    ...     session.scalars(select(User.id)).all()
    [1, 2]
    """
    state: Any = instance._sa_instance_state  # type: ignore[attr-defined]  # every mapped object has it
    session = session_of(state)
    if session is not None:
        session._expunge_states([state])
    old, had_identity = state.old, state.pk is not None
    forget_identity(state)
    state.flags &= ~(EXPIRED | DELETED | WAS_DELETED)
    if had_identity:
        loaded = {key for key in state.manager.impls if probe(instance, key) is not NO_VALUE}
        extras(state)["committed"] = loaded.difference(old or ())
        state.old = old


def make_transient_to_detached(instance: object) -> None:
    """
    Make a transient instance detached, as if it had been loaded and expunged;
    attributes that have no value are expired.

    Raises:
        InvalidRequestError: it is in a session or has an identity already; it has no primary key.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1, name="ann"))
    ...     session.commit()
    >>> user = User(id=1)
    >>> make_transient_to_detached(user)
    >>> with Session(engine) as session:
    ...     session.add(user)
    ...     user.name
    'ann'
    """
    state = state_of(instance)
    if session_of(state) is not None or state.pk is not None:
        raise exc.InvalidRequestError("Given object must be transient")
    mapper = state.manager.mapper
    values = mapper.primary_key_from_instance(instance)
    if all(value is None for value in values):
        raise exc.InvalidRequestError(
            f"Instance {state} has no primary key to be known by; set "
            f"{', '.join(mapper.get_property_by_column(column).key for column in mapper.primary_key)} first"
        )
    state.pk = values[0] if len(values) == 1 else tuple(values)
    state.flags &= ~(DELETED | WAS_DELETED)
    state.commit_all()
    state.expire(list(state.unloaded), deferred=False)
