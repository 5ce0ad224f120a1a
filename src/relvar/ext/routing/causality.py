"""
What a session has written, as a position that whoever reads for it must have reached.

Rule 1: the position is asked for when somebody wants to know it, not with each commit: a program that writes
    and does not read afterwards pays nothing.
Rule 2: what a transaction reads for itself it reads from one server: a replica, until it writes.
Rule 3: rows that were read from a replica may be older than those that a change of them meets. So a
    transaction that has read from one changes none but rows with a ``version_id_col``, and its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from relvar import exc

if TYPE_CHECKING:
    from relvar.engine import Connection
    from relvar.ext.routing.engine import ReplicatedEngine
    from relvar.ext.routing.replicas import Replica

__all__ = ["Causality", "Reading", "causal_token", "causality_of", "follow"]


class Causality:
    """
    What one session must see of one database.
    """

    __slots__ = ("is_due", "last", "wanted", "writing")

    def __init__(self) -> None:
        self.wanted: tuple[str, ...] = ()
        # written since, at a position that is not known
        self.is_due: bool = False
        # the root transaction that wrote last
        self.writing: Any = None
        self.last: Replica | None = None

    def now_wanted(self, engine: ReplicatedEngine) -> tuple[str, ...]:
        """
        Return the positions to be reached, asking the primary if it must be.
        """
        if self.is_due:
            self.wanted = (engine.token(),)
            self.is_due = False
        return self.wanted

    def check_flush(self, session: Any, states: Iterable[Any]) -> None:
        """
        Refuse to change what may have been read from a replica, see rule 3.

        Raises:
            InvalidRequestError: The flush would.
        """
        chain = list(session._transaction._chain())
        binds = [link.bind for each in chain for link in each._links]
        if not any(isinstance(bind, Reading) and bind.causality is self for bind in binds):
            return
        own = [each._kept_snapshot.new for each in chain if each._kept_snapshot is not None]
        for state in states:
            if state.pk is None or any(state in new for new in own):
                continue
            if any(mapper.version_id_col is not None for mapper in state.mapper.iterate_to_root()):
                continue
            obj = state.obj()
            if state in session._deleted or session.is_modified(obj, include_collections=False):
                raise exc.InvalidRequestError(
                    f"{obj!r} is to be changed in a transaction that has read from a replica, where rows may "
                    "be older than what the change would overwrite. Begin transactions that change rows "
                    "with session.begin(), so that they read from the primary, or read with the execution "
                    "option read_from='primary', or give the class a version_id_col"
                )


class Reading:
    """
    What a session's transaction reads through: connects to a replica, or the primary.
    """

    __slots__ = ("causality", "engine", "place")

    def __init__(self, engine: ReplicatedEngine, causality: Causality, place: str) -> None:
        self.engine: ReplicatedEngine = engine
        self.causality: Causality = causality
        self.place: str = place

    def connect(self) -> Connection:
        """
        Return a connection to read with.
        """
        return self.engine._connect_to_read(self.causality, self.place)

    def serves(self, place: str) -> bool:
        """
        Tell whether a read that asks for *place* can be made here as well.
        """
        return place in (self.place, "stale_replica") or (place, self.place) == ("auto", "replica")


def causality_of(session: Any, engine: ReplicatedEngine) -> Causality:
    """
    Return what a session must see of the database of an engine.
    """
    if session._causality is None:
        session._causality = {}
    found: Causality = session._causality.setdefault(engine._group, None) or Causality()
    session._causality[engine._group] = found
    return found


def causal_token(session: Any, engine: ReplicatedEngine | None = None) -> str | None:
    """
    Return text that tells another session what it must see: all that this one has written, or follows.

    Asks the primary if the session has written since; ``await session.run_sync(causal_token)`` under asyncio.

    Args:
        engine: Of which database, if the session has several.

    Returns:
        None: The session has written nothing.

    Raises:
        InvalidRequestError: What was written is not committed.
    """
    engine = _engine_of(session, engine)
    known = causality_of(session, engine)
    if known.is_due and known.writing._session is not None:
        raise exc.InvalidRequestError(
            "The session has written in a transaction that goes on: what it has written has no position "
            "before it is committed"
        )
    wanted = known.now_wanted(engine)
    if len(wanted) > 1:
        # several are covered by what the primary has now
        known.is_due = True
        wanted = known.now_wanted(engine)
    return wanted[0] if wanted else None


def follow(session: Any, token: str | None, engine: ReplicatedEngine | None = None) -> None:
    """
    Have a session see all that the session saw, or wrote, from which the token is.

    Args:
        session: Blocking, or of asyncio.
        token: From `causal_token`; None changes nothing.
        engine: Of which database, if the session has several.

    Raises:
        ArgumentError: It is no token of this kind of database.
    """
    if token is None:
        return
    session = getattr(session, "sync_session", session)
    engine = _engine_of(session, engine)
    known = causality_of(session, engine)
    known.wanted = (*engine._group.not_covered(known.wanted, token), token)


def _engine_of(session: Any, engine: Any) -> ReplicatedEngine:
    for each in (engine, session.bind):
        each = getattr(each, "sync_engine", each)
        if getattr(each, "_has_replicas", False):
            found: ReplicatedEngine = each
            return found
    raise exc.ArgumentError(
        f"Which database's? The session is bound to {session.bind!r}, and the engine given is {engine!r}: "
        "one of them is to be a ReplicatedEngine"
    )
