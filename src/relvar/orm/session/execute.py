# Compiled as it is, see setup.py.
"""
Statements in a session's transaction: ``execute``, ``scalars``, ``scalar``.

A statement goes one of four ways:

1. SELECT of mapped entities: flush what is pending, then `relvar.orm.load`;
2. INSERT, UPDATE, DELETE of a mapped entity: `dml`, which keeps the objects of
   the session in step;
3. anything else: straight to the connection;
4. with ``do_orm_execute`` listeners: through them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack, overload

from relvar import exc
from relvar._kernels.identity import EXECUTION_OPTIONS, bind_of, given
from relvar._kernels.lend import clock
from relvar._kernels.loader import Connecting, LoadContext, connects
from relvar._kernels.own import item_of
from relvar.engine.transactions import EngineBase
from relvar.expr import coerce_rows
from relvar.orm.load.execute import execute_select, told_by
from relvar.orm.load.from_statement import execute_from_statement
from relvar.orm.session.execute_state import ORMExecuteState
from relvar.orm.session.get import SessionGet
from relvar.orm.session.transaction import TransactionBase, transaction_of
from relvar.orm.session.transaction_states import ACTIVE, CLOSED
from relvar.orm.state import hooks
from relvar.util.generics import subscriptable
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from relvar._kernels.identity import IdentityMap
    from relvar.engine.base import Connection, Engine
    from relvar.orm.query.typed import MakesQueries
    from relvar.orm.session.transaction import SessionTransaction
    from relvar.rows.cursor import CursorResult
    from relvar.rows.result import Result, ScalarResult
    from relvar.stmt.dml import UpdateBase
    from relvar.stmt.typed import Statement, TypedReturnsRows
else:
    MakesQueries = subscriptable()

__all__ = ["SessionExecution"]

_O = TypeVar("_O")
_T = TypeVar("_T")
# written as Unpack[_Ts] below: compiled, the text of an annotation has no star
_Ts = TypeVarTuple("_Ts")
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()


class SessionExecution(MakesQueries, SessionGet):
    """
    The part of `Session` that runs statements.
    """

    _transaction: SessionTransaction | None
    _context_transaction: SessionTransaction | None
    _query_cls: Any
    bind: Engine | Connection | None
    execution_options: Mapping[str, Any]
    identity_map: IdentityMap
    # what the session has written through engines with replicas, see `relvar.ext.routing`
    _causality: dict[Any, Any] | None

    @overload
    def execute(
        self,
        statement: TypedReturnsRows[Unpack[_Ts]],  # noqa: UP044
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Result[Unpack[_Ts]]: ...  # noqa: UP044

    @overload
    def execute(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> CursorResult[Unpack[tuple[Any, ...]]]: ...  # noqa: UP044

    @overload
    def execute(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Result[Unpack[tuple[Any, ...]]]: ...  # noqa: UP044

    def execute(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Any:
        """
        Execute a statement and return its `Result`.

        Args:
            params: A dictionary, or a list of them to execute for each.

            bind_arguments: Arguments for `Session.get_bind`.

        Raises:
            ArgumentError: *statement* is not executable.

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
        ...     session.add(User(id=1, name="ann"))
        ...     session.execute(select(User.id, User.name).where(User.name == "ann")).all()
        [(1, 'ann')]
        """
        return _executed(
            self,
            statement,
            params,
            execution_options,
            bind_arguments,
            _parent_execute_state,
            _add_event,
            None,
        )

    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[_T, Unpack[tuple[Any, ...]]],  # noqa: UP044
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[_T]: ...

    @overload
    def scalars(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]: ...

    def scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """
        Execute a statement and return the first element of each row.

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
        ...     session.add_all([User(name="bob"), User(name="ann")])
        ...     session.scalars(select(User.name).order_by(User.name)).all()
        ['ann', 'bob']
        """
        if kw:  # spelled out below, as passing none on costs time
            return self._execute_internal(
                statement, params, execution_options, bind_arguments, **kw
            ).scalars()
        return _executed(
            self, statement, params, execution_options, bind_arguments, None, None, None
        ).scalars()

    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[_T, Unpack[tuple[Any, ...]]],  # noqa: UP044
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> _T | None: ...

    @overload
    def scalar(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any: ...

    def scalar(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """
        Execute a statement and return the first element of the first row, or
        None if there is no row.

        >>> from relvar import create_engine, func, select
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
        ...     session.scalar(select(func.count()).select_from(User))
        1
        """
        if kw:  # as above
            return self._execute_internal(statement, params, execution_options, bind_arguments, **kw).scalar()
        return _executed(
            self, statement, params, execution_options, bind_arguments, None, None, None
        ).scalar()

    def _execute_internal(
        self,
        statement: Any,
        params: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
        _load: Any = None,
    ) -> Any:
        return _executed(
            self,
            statement,
            params,
            execution_options,
            bind_arguments,
            _parent_execute_state,
            _add_event,
            _load,
        )

    def _execute_heard(
        self, statement: Any, context: Any, mapper: Any, params: Mapping[str, Any], facts: Any, load: Any
    ) -> Any:
        """
        Run a load of the session's own through the ``do_orm_execute`` listeners (see `load.heard`).

        Args:
            context: That of the load, with what the program said about its execution.
            facts: What the listeners may ask about it.
            load: Called at the end with statement, parameters, execution options and bind arguments.
        """
        options: dict[str, Any] = {**context.execution_options, "_sa_orm_load_options": facts}
        # said of the first statement only, as the choice of its connection holds for those that follow
        arguments = context.bind_arguments if context.connection is None else None
        if facts.identity_token is not None and facts.lazy_loaded_from is None:
            # of the objects for which it loads, or of the one that is loaded again
            options["identity_token"] = facts.identity_token
        return self._execute_internal(
            statement,
            params,
            execution_options=options,
            bind_arguments={**(arguments or {}), "clause": statement, "mapper": mapper},
            _load=load,
        )

    # -- connections -------------------------------------------------------

    def _connection_for(
        self,
        mapper: Any,
        clause: Any,
        bind_arguments: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Any:
        """
        Return the connection, in this transaction, for a mapper and statement.

        Args:
            options: Execution options of the call; those of the statement and the session hold as well.
        """
        return _connection(self, mapper, clause, bind_arguments, options, None)

    def _connection_for_bind(
        self, engine: Any, execution_options: Mapping[str, Any] | None = None, **kw: Any
    ) -> Any:
        """
        Return the connection for an engine, in this transaction.
        """
        return self._autobegin_t()._connection_for_bind(engine, execution_options)

    def connection(
        self,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Connection:
        """
        Return the `Connection` of the current transaction, begun if there is none.

        Args:
            execution_options: For the connection, if it is only made now.
        """
        arguments = dict(bind_arguments) if bind_arguments else {}
        bind = arguments.pop("bind", None)
        if bind is None:
            bind = self.get_bind(**arguments)
        return self._connection_for_bind(bind, execution_options)  # type: ignore[no-any-return]  # as declared

    if not TYPE_CHECKING:  # overloads, in MakesQueries

        def query(self, *entities, **kwargs):
            """
            Return a `Query` in this session.
            """
            cls = self._query_cls if self._query_cls is not None else hooks.query_hook[0]
            return cls(entities, self, **kwargs)

    # -- what the rest of the session provides -------------------------------

    def _autobegin_t(self) -> SessionTransaction:
        raise NotImplementedError

    def _autoflush(self) -> None:
        raise NotImplementedError

    def _listens(self) -> bool:
        raise NotImplementedError

    def get_bind(self, mapper: Any = None, *, clause: Any = None, **kw: Any) -> Engine | Connection:
        """
        Return the engine or connection for a mapper and a statement.
        """
        raise NotImplementedError


def _executed(
    session: Any,
    statement: Any,
    params: Any,
    execution_options: Mapping[str, Any],
    bind_arguments: Mapping[str, Any] | None,
    parent: Any,
    add_event: Any,
    load: Any,
) -> Any:
    """
    Execute a statement in one of the four ways.

    Args:
        parent: The `ORMExecuteState` of a listener that executes it, or None.
        add_event: A listener for this execution alone, or None.
        load: What executes it, for a load of the session's own.
    """
    told = told_by(statement)
    if not told.can_run:
        statement = coerce_rows.statement(statement)
        told = told_by(statement)
    attrs = told.propagated
    is_orm = bool(attrs) and item_of(attrs, "compile_state_plugin") == "orm"
    of_session = given(session, EXECUTION_OPTIONS)
    if of_session:
        own = told.execution_options
        wide = {name: value for name, value in of_session.items() if name not in own}
        execution_options = immutabledict({**wide, **execution_options})

    if parent is not None:
        listeners = parent._remaining_events()
        load = parent._load
    elif session._quiet_at == clock.ticks or not session._listens():
        listeners = None if add_event is None else [add_event]
    else:
        listeners = session._events.do_orm_execute
        if add_event is not None:
            listeners = [*listeners, add_event]
    arguments = bind_arguments
    if listeners:
        arguments = dict(bind_arguments) if bind_arguments else {}
        arguments.setdefault("clause", statement)
        mapper = _mapper_of(attrs) if is_orm else None
        if mapper is not None:
            arguments.setdefault("mapper", mapper)
        state = ORMExecuteState(
            session,
            statement,
            params,
            execution_options,
            arguments,
            "orm" if is_orm else None,
            listeners,
            load,
        )
        for i, listener in enumerate(list(listeners)):
            state._starting_event_idx = i
            result = listener(state)
            if result is not None:
                return result
        if state.statement is not statement:
            statement = state.statement
            told = told_by(statement)
        params = state.parameters
        execution_options = state.local_execution_options

    if load is not None:
        return load(statement, params or {}, execution_options, arguments or {})
    if is_orm:
        if told.resolved is not None:
            statement = told.resolved
            told = told_by(statement)
        if told.is_dml:
            from relvar.orm.session.dml import execute_dml  # with the first INSERT, UPDATE or DELETE

            mapper = _mapper_of(attrs)
            return execute_dml(session, statement, params, execution_options, arguments or {}, mapper)
        if params is not None:
            params = _one_set(params)
        if told.params is not None:
            params = {**told.params, **(params or {})}
        if told.is_from_statement:
            return execute_from_statement(session, statement, params, execution_options, arguments)
        return execute_select(session, statement, told, params, execution_options, arguments)
    if not execution_options or execution_options.get("autoflush", True):
        session._autoflush()
    connection = session._connection_for(None, statement, arguments, execution_options)
    return connection.execute(statement, params, execution_options=execution_options)


def _mapper_of(attrs: Mapping[str, Any]) -> Any:
    """
    Return the mapper that an ORM statement is about, if there is one.
    """
    subject = attrs.get("plugin_subject")
    return None if subject is None else subject.mapper


def _one_set(params: Any) -> Any:
    """
    Return the parameters of a SELECT as one dictionary.

    Raises:
        InvalidRequestError: there are several sets.
    """
    if not isinstance(params, (list, tuple)):
        return params
    if len(params) > 1:
        raise exc.InvalidRequestError("executemany() can only execute DML statements.")
    return params[0] if params else None


def _connection(session: Any, mapper: Any, clause: Any, bind_arguments: Any, options: Any, make: Any) -> Any:
    """
    Return the connection of a session, see `SessionExecution._connection_for`.
    """
    transaction: TransactionBase | None = session._transaction
    context: TransactionBase | None = session._context_transaction
    if transaction is None or (context is not None and context._state is CLOSED):
        transaction = transaction_of(session, False)
    bind = bind_of(session)
    is_routed = type(session).get_bind is not _session_get_bind[0]
    if is_routed and clause is None and make is not None:
        clause = make()
    if bind is not None and not bind_arguments and not session._binds:
        if is_routed:
            bind = session.get_bind(mapper, clause=clause)
        found = _used(transaction, bind)
        if found is not None:
            return found
    else:
        bind = session.get_bind(**{"mapper": mapper, "clause": clause, **(bind_arguments or {})})
    engine = bind if isinstance(bind, EngineBase) else None
    if engine is not None and engine._has_replicas:
        statement = make() if clause is None and make is not None else clause
        bind = bind._bind_for(transaction, statement, options)
    elif transaction._parent is None and not transaction._links and transaction._state is ACTIVE:
        return transaction._connect_to(bind, None)
    return transaction._connection_for_bind(bind)


def _connection_to_load(session: Any, context: LoadContext, mapper: Any, make: Callable[[], Any]) -> Any:
    """
    Return the connection for a statement of loading, see `Connecting`.
    """
    found = context.connection
    if found is None:
        arguments, options = context.bind_arguments, context.execution_options
        context.connection = found = _connection(session, mapper, None, arguments, options, make)
    elif session._binds or type(session).get_bind is not _session_get_bind[0]:
        return _connection(session, mapper, None, None, context.execution_options, make)
    return found


class _SessionConnecting(Connecting):
    """
    How sessions get the connections of loading.
    """

    def of(self, session: Any, mapper: Any, clause: Any, bind_arguments: Any, options: Any) -> Any:
        return _connection(session, mapper, clause, bind_arguments, options, None)

    def to_load(self, session: Any, context: LoadContext, mapper: Any, make: Any) -> Any:
        return _connection_to_load(session, context, mapper, make)


connects.by = _SessionConnecting()


def _used(transaction: TransactionBase, bind: Any) -> Any:
    """
    Return the first connection of a transaction, if it was made for a bind and can be used.
    """
    links = transaction._links
    if not links or transaction._state is not ACTIVE:
        return None
    link = links[0]
    return link.connection if link.bind is bind else None


_session_get_bind: list[Any] = [None]
"""
``Session.get_bind`` itself, to tell whether a subclass overrides it.
"""
