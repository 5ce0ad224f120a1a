"""
The `Session`: a unit of work over mapped objects.

It collects pending, changed and deleted objects (`contents`), writes them as one
unit (`relvar.orm.flush`), runs statements in its transaction (`execute`) and gives
every row one object.

Rule 1: there is a transaction from the first use on, unless ``autobegin`` is off;
    connections join it when they are needed.
Rule 2: a session is used by one thread or task at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from relvar import exc
from relvar._kernels.identity import IdentityMap
from relvar._kernels.lend import clock
from relvar.expr.options import report_unknown_options
from relvar.orm.session import binds as bind_rules
from relvar.orm.session.binds import mapper_of
from relvar.orm.session.cascade import session_of
from relvar.orm.session.contents import state_of
from relvar.orm.session.execute import _session_get_bind
from relvar.orm.session.instances import object_session
from relvar.orm.session.objects import SessionObjects
from relvar.orm.state import hooks
from relvar.util.immutable import immutabledict
from relvar.util.memoized import memoized_property
from relvar.util.symbol import symbol

if TYPE_CHECKING:
    from relvar.engine.base import Connection, Engine
    from relvar.orm.load.lazy_modes import LazyReport

__all__ = ["Session"]

_session_numbers = count(1)

_JOIN_MODES = frozenset({"conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"})
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()
NO_ARG: Any = symbol("NO_ARG")


class _SessionClassMethods:
    """
    Functions that `Session` and `sessionmaker` offer on the class.
    """

    @classmethod
    def identity_key(
        cls,
        class_: Any = None,
        ident: Any = None,
        *,
        instance: Any = None,
        row: Any = None,
        identity_token: Any = None,
    ) -> Any:
        """
        Return an identity key, see `relvar.orm.identity_key`.
        """
        if class_ is not None:
            mapper = mapper_of(class_)
            if row is None:
                if ident is None:
                    raise exc.ArgumentError("ident or row is required")
                values = ident if isinstance(ident, (tuple, list)) else (ident,)
                return mapper.identity_key_from_primary_key(tuple(values), identity_token=identity_token)
            return mapper.identity_key_from_row(row, identity_token=identity_token)
        if instance is not None:
            return state_of(instance).mapper.identity_key_from_instance(instance)
        raise exc.ArgumentError("class or instance is required")

    @classmethod
    def object_session(cls, instance: object) -> Session | None:
        """
        Return the session that an object belongs to.
        """
        return object_session(instance)


class ClassEvents:
    """
    The events of a class of sessions, and when it was last found that
    somebody or nobody listens to them.
    """

    __slots__ = ("_heard_at", "_quiet_at", "cls", "dispatch")

    def __init__(self, cls: Any) -> None:
        self.cls: Any = cls
        self.dispatch: Any = None if cls is None else cls.dispatch
        self._heard_at = self._quiet_at = -1


class Session(SessionObjects, _SessionClassMethods):
    """
    Manages persistence operations for ORM-mapped objects.

    It keeps one object for each row, notes what changes, and writes it as one unit.  It is used by one thread
    at a time, and connects when it first needs to.

    Args:
        bind: An `Engine` or `Connection`.
        binds: Those by class, mapper or table.
        autoflush: Write changes before each statement, so that it sees them.
        expire_on_commit: Read objects anew after a commit; False: they keep what they have.
        autobegin: Begin a transaction when one is needed; False: only `begin` does.
        twophase: Prepare the transactions of all engines before the first is committed.
        join_transaction_mode: What `commit` and `rollback` do to a transaction that *bind* is in already.
        close_resets_only: False: a session that was closed can't be used again.
        execution_options: Options of each statement.
        info: A dictionary of the program's own.
        query_cls: The class that `query` makes.
        strict: Raise `LossError` where something given would be lost.
        lazy_loading: What happens when an attribute loads itself: "peers" loads it for all objects of its
            result, "report" counts, "strict" raises.

    Raises:
        PendingRollbackError: By any use after a flush has failed, until `rollback`.

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
    ...     session.add(User(name="ann"))
    ...     session.commit()
    ...     user = session.scalars(select(User)).one()
    ...     user.id, user.name
    (1, 'ann')
    """

    hash_key: int

    _is_asyncio = False
    strict: bool = False
    "Whether what would be lost is an error, a `LossError`, in this session."
    lazy_loading: str | None = None
    """
    What happens when an attribute loads itself: None as in SQLAlchemy, ``peers`` for all objects of its
    result at once, ``report`` to have it counted, ``strict`` for an error.
    """
    # The run of a loader whose objects are read one by one: what those need is loaded for all together.
    _reading: Any = None
    _query_cls: Any = None
    # of the class that has it in its own right; a new subclass gets its own
    _class_events = ClassEvents(None)
    _heard_at = -1

    dispatch: Any

    def __init__(
        self,
        bind: Any = None,
        *,
        autoflush: bool = True,
        future: bool = True,
        expire_on_commit: bool = True,
        autobegin: bool = True,
        twophase: bool = False,
        binds: Mapping[Any, Any] | None = None,
        enable_baked_queries: bool = True,
        info: dict[Any, Any] | None = None,
        query_cls: Any = None,
        autocommit: bool = False,
        join_transaction_mode: str = "conditional_savepoint",
        close_resets_only: Any = NO_ARG,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        strict: bool = False,
        lazy_loading: Literal["select", "peers", "report", "strict"] | None = None,
    ) -> None:
        if lazy_loading is not None:
            from relvar.orm.load.lazy_modes import checked  # few programs say it

            self.lazy_loading = checked(lazy_loading)
        if strict:
            self.strict = True
        if execution_options:
            report_unknown_options(execution_options, strict)
        if autocommit:
            raise exc.ArgumentError("autocommit=True is no longer supported")
        if not future:
            raise exc.ArgumentError("The 'future' parameter passed to Session() may only be set to True.")
        if join_transaction_mode not in _JOIN_MODES:
            raise exc.ArgumentError(f'invalid selection for join_transaction_mode: "{join_transaction_mode}"')
        if isinstance(bind, (str, int)):
            raise exc.ArgumentError(f"Session() is bound to an Engine or a Connection, got {bind!r}")
        self.hash_key = number = next(_session_numbers)
        self.identity_map: IdentityMap = IdentityMap(number, self)
        self.bind = bind
        self._binds: dict[Any, Any] = {}
        self._new = {}
        self._deleted = {}
        self._transaction = None
        known = self._class_events
        if known.cls is not type(self):
            known = type(self)._class_events = ClassEvents(type(self))
        self._events = known.dispatch
        self._quiet_at = known._quiet_at
        self.autoflush = autoflush
        self.autobegin = autobegin
        if not autobegin:
            self.identity_map.guard = _require_begun
        self.expire_on_commit = expire_on_commit
        self.enable_baked_queries = enable_baked_queries
        self.twophase = twophase
        self.join_transaction_mode = join_transaction_mode
        self._close_resets_only = close_resets_only
        self.execution_options: Mapping[str, Any] = (
            immutabledict(execution_options) if execution_options else _NO_OPTIONS
        )
        if query_cls is not None:
            self._query_cls = query_cls
        if info:
            self.info.update(info)
        if binds is not None:
            for key, value in binds.items():
                bind_rules.add_bind(self._binds, key, value)

    # -- facts -------------------------------------------------------------

    def _listens(self) -> bool:
        """
        Tell whether anybody listens to this session; asked anew only after a
        listener came or went anywhere.
        """
        ticks = clock.ticks
        if self._quiet_at == ticks:
            return False
        if self._heard_at == ticks:
            return True
        known = self._class_events
        events = self._events
        holder = self if events is not known.dispatch else known
        if holder._heard_at == ticks or events._any():
            self._heard_at = holder._heard_at = ticks
            return True
        self._quiet_at = holder._quiet_at = ticks
        return False

    @property
    def binds(self) -> dict[Any, Any]:
        """
        Binds by class and table.
        """
        return self._binds

    @property
    def info(self) -> dict[Any, Any]:
        """
        A dictionary for the program's own use.
        """
        found: dict[Any, Any] = self.__dict__.setdefault("_info", {})
        return found

    @memoized_property
    def _merged_new(self) -> dict[Any, Any]:
        """
        States that `merge` made for keys that are in no row.
        """
        return {}

    @memoized_property
    def lazy_report(self) -> LazyReport:
        """
        What was loaded one object at a time; of sessions with ``lazy_loading="report"``.
        """
        from relvar.orm.load.lazy_modes import LazyReport  # few programs ask

        return LazyReport()

    # -- binds -------------------------------------------------------------

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """
        Use *bind* for a mapper or mapped class.
        """
        bind_rules.add_bind(self._binds, mapper, bind)

    def bind_table(self, table: Any, bind: Any) -> None:
        """
        Use *bind* for a table.
        """
        bind_rules.add_bind(self._binds, table, bind)

    def get_bind(
        self,
        mapper: Any = None,
        *,
        clause: Any = None,
        bind: Any = None,
        _sa_skip_events: bool | None = None,
        _sa_skip_for_implicit_returning: bool = False,
        **kw: Any,
    ) -> Engine | Connection:
        """
        Return the engine or connection for a mapper and a statement.

        Raises:
            UnboundExecutionError: there is none.
        """
        if kw:
            bind_rules.report_misspelt(kw, self.strict)
        if bind is not None:
            return bind  # type: ignore[no-any-return]  # as declared
        return bind_rules.locate_bind(self.bind, self._binds, mapper, clause)  # type: ignore[no-any-return]  # as declared


def _require_begun(session: Session | None) -> None:
    """
    Raise if an object is changed in a session that waits for `begin`.
    """
    if session is not None and not session.autobegin:
        session._autobegin_t()


hooks.session_hook[0] = session_of
_session_get_bind[0] = Session.get_bind
