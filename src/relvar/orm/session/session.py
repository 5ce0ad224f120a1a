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

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.lend import clock
from relvar.orm.session import binds as bind_rules
from relvar.orm.session.binds import mapper_of
from relvar.orm.session.cascade import session_of
from relvar.orm.session.contents import state_of
from relvar.orm.session.execute import _session_get_bind
from relvar.orm.session.instances import object_session
from relvar.orm.session.options import SessionOptions
from relvar.orm.state import hooks
from relvar.util.memoized import memoized_property

if TYPE_CHECKING:
    from relvar.engine.base import Connection, Engine
    from relvar.orm.load.lazy_modes import LazyReport

__all__ = ["Session"]


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


class Session(SessionOptions, _SessionClassMethods):
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

    _is_asyncio = False
    # The run of a loader whose objects are read one by one: what those need is loaded for all together.
    _reading: Any = None
    _query_cls: Any = None
    _heard_at = -1

    dispatch: Any

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


hooks.session_hook[0] = session_of
_session_get_bind[0] = Session.get_bind
