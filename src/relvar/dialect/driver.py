"""
The part of a dialect that speaks to the driver: connect, isolate, execute, recognise errors.

Everything here follows PEP 249 as written; dialects override what their driver does otherwise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

from relvar import event, exc
from relvar._kernels.lend import DriverTransactions
from relvar.dialect.characteristics import CONNECTION_CHARACTERISTICS, ConnectionCharacteristic
from relvar.util.immutable import EMPTY_DICT
from relvar.util.memoized import memoized_property
from relvar.util.moved import module_of

_F = TypeVar("_F", bound=Callable[..., Any])


def ignores_context(fn: _F) -> _F:
    """
    Mark a way to call the cursor that never looks at the execution context; then none is made for it.
    """
    fn.ignores_context = True  # type: ignore[attr-defined]  # a mark on the function
    return fn


# socket.SHUT_RDWR, without importing the module
_BOTH_WAYS = 2


class DriverMethods(DriverTransactions):
    """
    What a dialect does with its driver.
    """

    name: str
    driver: str
    dbapi: Any
    identifier_preparer: Any
    is_async: bool = False
    # Whether a connection works in no other event loop than the one it was made in.
    _serves_one_loop: bool = False
    minimum_dbapi_version: Any = None
    skip_autocommit_rollback: bool = False
    dispatch: Any
    _has_events = False
    # A statement that any server answers.
    _dialect_specific_select_one: Any = "SELECT 1"
    _on_connect_isolation_level: str | None = None

    supports_statement_cache: bool = True
    supports_server_side_cursors: Any = False
    server_side_cursors: bool = False
    has_terminate: bool = False
    # Whether the database runs in this process, so that connecting waits for no server; connections
    # that a pool shares by threads or statically then outlive a fork.
    is_in_process: bool = False
    isolation_level: str | None = None
    default_isolation_level: str | None = None
    execute_sequence_format: type[Any] = tuple
    dbapi_exception_translation_map: Mapping[str, str] = EMPTY_DICT
    connection_characteristics: Mapping[str, ConnectionCharacteristic] = CONNECTION_CHARACTERISTICS
    # The engine names the defaults here: the pool is no business of the dialect layer.
    poolclass: ClassVar[Any] = None
    _async_poolclass: ClassVar[Any] = None
    # Rows to ask the driver for at a time; 0 for a driver that holds all of them anyhow.
    fetch_chunk: ClassVar[int] = 0

    # Codes as `_error_code` gives them: the whole transaction may succeed if it is tried again ...
    _RETRYABLE_CODES: ClassVar[frozenset[Any]] = frozenset()
    # ... and the statement was stopped because somebody asked for it.
    _CANCELLED_CODES: ClassVar[frozenset[Any]] = frozenset()

    # -- finding and loading ----------------------------------------------------

    @classmethod
    def get_dialect_cls(cls, url: Any) -> type[Any]:
        """Give the class to use for *url*; a class may send to another one."""
        return cls

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Any]:
        """Give the class to use for *url* under asyncio."""
        return cls.get_dialect_cls(url)

    @classmethod
    def load_provisioning(cls) -> None:
        """
        Import what the test suite needs for this dialect.

        That is the module ``provision`` beside the dialect's own, where there is one.
        """
        from importlib import import_module
        from importlib.util import find_spec

        name = module_of(cls).rpartition(".")[0] + ".provision"
        if name != ".provision" and find_spec(name) is not None:
            import_module(name)

    @classmethod
    def import_dbapi(cls) -> Any:
        """
        Import the driver.

        Raises:
            ModuleNotFoundError: The driver is not installed; says what to install.
        """
        raise NotImplementedError()

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Any]:
        """Give the pool class to use for *url*."""
        return cls._async_poolclass if cls.is_async else cls.poolclass  # type: ignore[no-any-return]  # a class

    def get_dialect_pool_class(self, url: Any) -> type[Any]:
        """Give the pool class to use for *url*."""
        return self.get_pool_class(url)

    @classmethod
    def engine_created(cls, engine: Any) -> None:
        """See a finished engine."""

    @property
    def dialect_description(self) -> str:
        """Name and driver, as in a URL."""
        return f"{self.name}+{self.driver}"

    @memoized_property
    def loaded_dbapi(self) -> Any:
        """The driver module; raises InvalidRequestError if there is none."""
        if self.dbapi is None:
            raise exc.NoDBAPILoaded(
                f"Dialect {self} does not have a Python DBAPI established and cannot be used for actual "
                "database interaction"
            )
        return self.dbapi

    @memoized_property
    def connects_in_place(self) -> bool:
        """
        Whether connect() must be called in the thread that uses the connection.

        Otherwise it is called in a thread that can be left behind when it takes longer than the pool's
        timeout.  Dialects of others may have drivers that do not bear that, unless they say ``False``.
        """
        known = next((cls for cls in type(self).__mro__ if "import_dbapi" in vars(cls)), type(self))
        return not module_of(known).startswith(("relvar.dialects.", "relvar_"))

    @memoized_property
    def dbapi_version(self) -> Any:
        """
        The version of the driver.

        Raises:
            NoDBAPILoaded: There is no driver, or it does not say.
        """
        if self.dbapi is None:
            raise exc.NoDBAPILoaded(
                f"Dialect {self.dialect_description} has no DBAPI module loaded; no DBAPI version is "
                "available"
            )
        version = self.retrieve_dbapi_version(self.dbapi)
        if version is None:
            raise exc.NoDBAPILoaded(
                f"Dialect {self.dialect_description} could not determine a version for its DBAPI module "
                f"{getattr(self.dbapi, '__name__', self.dbapi)!r}"
            )
        return version

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Read the version of a driver module, as a tuple of numbers; None if it does not say."""
        text = getattr(dbapi, "__version__", None) or getattr(dbapi, "version", None)
        from relvar.dialect.version import VersionInfo  # few programs ask

        return VersionInfo.parse(text) if isinstance(text, str) else None

    def _check_minimum_dbapi_version(self) -> None:
        """
        Refuse a driver that is older than `minimum_dbapi_version`; one that does not say is taken.

        Raises:
            InvalidRequestError: It is.
        """
        version = self.retrieve_dbapi_version(self.dbapi)
        if version is not None and version < self.minimum_dbapi_version:
            wanted = tuple(self.minimum_dbapi_version)
            raise exc.InvalidRequestError(
                f"Dialect {self.dialect_description} requires version {wanted} or greater of the "
                f"{self.driver} DBAPI; version {tuple(version)} is installed"
            )

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of the driver's ``connect()``."""
        opts = url.translate_connect_args()
        opts.update(url.query)
        return ([], opts)

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect."""
        return self.loaded_dbapi.connect(*cargs, **cparams)

    def on_connect_url(self, url: Any) -> Callable[[Any], Any] | None:
        """Give what to do with each new DBAPI connection; sees the URL."""
        return self.on_connect()

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Give what to do with each new DBAPI connection."""
        return None

    def _builtin_onconnect(self) -> Callable[..., Any] | None:
        if self._on_connect_isolation_level is None:
            return None
        level = self._on_connect_isolation_level

        def set_level(dbapi_conn: Any, conn_rec: Any) -> None:
            self._assert_and_set_isolation_level(dbapi_conn, level)

        return set_level

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection behind a DBAPI connection."""
        return connection

    # -- isolation ----------------------------------------------------------------

    def set_engine_execution_options(self, engine: Any, opts: Mapping[str, Any]) -> None:
        """Have new connections of *engine* take the characteristics among *opts*."""
        characteristics = self._characteristics_among(opts)
        if not characteristics:
            return

        @event.listens_for(engine, "engine_connect")
        def set_connection_characteristics(connection: Any) -> None:
            self._set_connection_characteristics(connection, characteristics)

    def set_connection_execution_options(self, connection: Any, opts: Mapping[str, Any]) -> None:
        """Apply the characteristics among *opts* to a connection."""
        characteristics = self._characteristics_among(opts)
        if characteristics:
            self._set_connection_characteristics(connection, characteristics)

    def _characteristics_among(self, opts: Mapping[str, Any]) -> dict[str, Any]:
        # in this order: a driver may set READ ONLY in one way with AUTOCOMMIT and in another without
        return {name: opts[name] for name in self.connection_characteristics if name in opts}

    def _set_connection_characteristics(self, connection: Any, characteristics: Mapping[str, Any]) -> None:
        found = [
            (name, self.connection_characteristics[name], value) for name, value in characteristics.items()
        ]
        if connection.in_transaction():
            blocked = [name for name, characteristic, _ in found if characteristic.transactional]
            if blocked:
                raise exc.InvalidRequestError(
                    "This connection has already initialized a SQLAlchemy Transaction() object via begin() "
                    "or "
                    f"autobegin; {', '.join(blocked)} may not be altered unless rollback() or commit() is "
                    "called first."
                )
        dbapi_connection = connection.connection.dbapi_connection
        for _, characteristic, value in found:
            characteristic.set_connection_characteristic(self, connection, dbapi_connection, value)
        names = [name for name, characteristic, _ in found]
        record = connection.connection._connection_record
        # a detached connection goes nowhere, so nothing needs changing back
        if record is not None:
            record.finalize_callback.append(lambda dbapi_conn: self._reset_characteristics(dbapi_conn, names))

    def _reset_characteristics(self, dbapi_connection: Any, names: Collection[str]) -> None:
        for name in names:
            self.connection_characteristics[name].reset_characteristic(self, dbapi_connection)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of a DBAPI connection."""
        raise NotImplementedError()

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level of a DBAPI connection."""
        raise NotImplementedError()

    def get_default_isolation_level(self, dbapi_conn: Any) -> str:
        """Read the isolation level a new connection has."""
        return self.get_isolation_level(dbapi_conn)

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        raise NotImplementedError()

    def _gen_allowed_isolation_levels(self, dbapi_conn: Any) -> tuple[str, ...] | None:
        """
        List the isolation levels there are; None if the dialect does not.

        Raises:
            ValueError: The dialect's names are not written as they should be.
        """
        try:
            levels = self.get_isolation_level_values(dbapi_conn)
        except NotImplementedError:
            return None
        wrong = [level for level in levels if level != level.replace("_", " ").upper()]
        if wrong:
            raise ValueError(
                f"Dialect {self.name!r} get_isolation_level_values() method should return names as UPPERCASE "
                f"using spaces, not underscores; got {wrong}"
            )
        return tuple(levels)

    def _assert_and_set_isolation_level(self, dbapi_conn: Any, level: str) -> None:
        level = level.replace("_", " ").upper()
        levels = self._gen_allowed_isolation_levels(dbapi_conn)
        if levels is not None and level not in levels:
            raise exc.ArgumentError(
                f"Invalid value {level!r} for isolation_level. Valid isolation levels for {self.name!r} are "
                f"{', '.join(levels)}"
            )
        self.set_isolation_level(dbapi_conn, level)

    def reset_isolation_level(self, dbapi_conn: Any) -> None:
        """Go back to the engine's isolation level, or else the default one."""
        level = self._on_connect_isolation_level or self.default_isolation_level
        if level is not None:
            self._assert_and_set_isolation_level(dbapi_conn, level)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether a DBAPI connection is in driver-level autocommit mode."""
        raise NotImplementedError()

    # -- the driver -----------------------------------------------------------------

    def do_close(self, dbapi_connection: Any) -> None:
        """Close."""
        dbapi_connection.close()

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close without waiting for the server."""
        self.do_close(dbapi_connection)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there; raises the driver's error if not."""
        cursor = dbapi_connection.cursor()
        try:
            cursor.execute(self._dialect_specific_select_one)
        finally:
            cursor.close()
        return True

    def _do_ping_w_event(self, dbapi_connection: Any) -> bool:
        """
        Ping, through the ``handle_error`` event.

        Returns:
            False when the connection is lost.
        """
        try:
            return self.do_ping(dbapi_connection)
        except self.loaded_dbapi.Error as err:
            lost = self.is_disconnect(err, dbapi_connection, None)
            if self._has_events:
                try:
                    self._handle_ping_error(err, lost)
                except exc.StatementError as new_err:
                    lost = bool(getattr(new_err, "connection_invalidated", lost))
            if lost:
                return False
            raise

    # Set by the engine: shows an error of a ping to the handle_error listeners.
    _handle_ping_error: Callable[..., Any] = staticmethod(lambda *args: None)

    def create_xid(self) -> Any:
        """Make a name for a two-phase transaction."""
        return f"_sa_{uuid4().hex}"

    def do_savepoint(self, connection: Any, name: str) -> None:
        """Create a savepoint."""
        from relvar.stmt.savepoint import SavepointClause  # few programs nest transactions

        connection.execute(SavepointClause(name))

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        """Roll back to a savepoint."""
        from relvar.stmt.savepoint import RollbackToSavepointClause  # as above

        connection.execute(RollbackToSavepointClause(name))

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Release a savepoint."""
        from relvar.stmt.savepoint import ReleaseSavepointClause  # as above

        connection.execute(ReleaseSavepointClause(name))

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin a two-phase transaction."""
        raise NotImplementedError(
            f"{self.dialect_description} has no two-phase transactions; use begin(), not begin_twophase()"
        )

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare a two-phase transaction."""
        raise NotImplementedError()

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back a two-phase transaction."""
        raise NotImplementedError()

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit a two-phase transaction."""
        raise NotImplementedError()

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are."""
        raise NotImplementedError()

    @ignores_context
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows of parameters."""
        cursor.executemany(statement, parameters)

    @ignores_context
    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement."""
        cursor.execute(statement, parameters)

    @ignores_context
    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        """Run a statement without saying that there are no parameters."""
        cursor.execute(statement)

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        """Tell the driver the types of parameters; see `BindTyping.SETINPUTSIZES`."""
        raise NotImplementedError()

    # Whether ``cursor.lastrowid`` is what `_lastrowid` gives.
    _lastrowid_is_native: ClassVar[bool] = True
    # Whether cursors have ``execute_each(statement, rows)``: each lastrowid, and the error that ended it.
    _executes_each: ClassVar[bool] = False

    def _lastrowid(self, cursor: Any) -> Any:
        """Give the key the database made for the row just inserted."""
        return getattr(cursor, "lastrowid", None)

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        """Make a cursor whose rows stay on the server, or None if the ordinary one will do."""
        return None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether an error of the driver means that the connection is lost."""
        return False

    # -- stopping -------------------------------------------------------------------

    def do_cancel(self, dbapi_connection: Any) -> None:
        """
        Stop the statement that runs on a connection, from another thread; the connection stays usable.

        Raises:
            NotImplementedError: The driver has no way to do it.
        """
        raise NotImplementedError()

    def do_sever(self, dbapi_connection: Any) -> None:
        """
        Cut a connection, from another thread, so that a call that waits for its server ends with an error.

        Does not wait for the server, which may be frozen or out of reach.
        """
        shared = self._shared_socket(dbapi_connection)
        if shared is not None:
            with shared, contextlib.suppress(OSError):
                shared.shutdown(_BOTH_WAYS)

    def _outlive_loop(self, dbapi_connection: Any) -> None:
        """Drop a connection of asyncio whose event loop is closed, so that no goodbye is possible."""
        self.do_sever(dbapi_connection)

    def _fileno(self, dbapi_connection: Any) -> int | None:
        """Give the descriptor of the socket to the server; None or an error: there is none."""
        return dbapi_connection.fileno()  # type: ignore[no-any-return]  # a number

    def _shared_socket(self, dbapi_connection: Any) -> Any:
        """
        Give an object for the socket to the server, to be closed by the caller, or None.

        It has a descriptor of its own: what the driver does to its one can't make ours another file.
        """
        import os  # only a call that hangs is cut off
        import socket

        try:
            fileno = self._fileno(dbapi_connection)
            return None if fileno is None else socket.socket(fileno=os.dup(fileno))
        except Exception:
            # closed already, or a driver that does not show it
            return None

    def _peer(self, dbapi_connection: Any) -> Any:
        """Give the address of the server a connection is to, or None where there is none to be had."""
        shared = self._shared_socket(dbapi_connection)
        if shared is None:
            return None
        with shared:
            try:
                return shared.getpeername()
            except OSError:
                return None

    def _connect_again(self) -> Any:
        """
        Connect once more, as the pool does; the connection is the caller's to close.  Replaced by the engine.

        Raises:
            NotImplementedError: There is no engine that says where to.
        """
        raise NotImplementedError()

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        """
        Make a context manager that lets the call in it take so many seconds.

        Args:
            can_cancel: Whether to ask the server to stop; else the connection is cut at once.
        """
        from relvar.dialect.limit import AsyncLimit, Limit  # few calls have a limit

        kind = AsyncLimit if self.is_async else Limit
        return kind(self, dbapi_connection, seconds, can_cancel)

    # -- transactions to be tried again ---------------------------------------------

    def _begin_whole(self, connection: Any) -> None:
        """Have the transaction of a connection, just begun, hold everything: reads and DDL too."""

    def _is_failed(self, dbapi_connection: Any) -> bool:
        """Tell whether a transaction is given up by the database, and would be rolled back by a COMMIT."""
        return False

    # -- telling errors apart -----------------------------------------------------

    def _error_code(self, e: BaseException) -> Any:
        """Give the database's own code for an error of the driver, or None."""
        return None

    def _pep249_name(self, e: BaseException) -> str | None:
        """Name the class of PEP 249 for an error of a driver that has too few classes; None: its own."""
        return None

    def is_retryable(self, e: BaseException) -> bool:
        """
        Tell whether a transaction that ended with an error of the driver may succeed if it is tried again.

        These are conflicts with other transactions: deadlocks, failed serialization, locks waited for.
        """
        return self._error_code(e) in self._RETRYABLE_CODES

    def _is_unreachable(self, e: BaseException) -> bool:
        """Tell whether an error while connecting says that the server is not there, or not yet."""
        return self.is_disconnect(e, None, None)

    def _is_cancelled(self, e: BaseException) -> bool:
        """Tell whether an error of the driver says that the statement was stopped on request."""
        return self._error_code(e) in self._CANCELLED_CODES

    def _is_unsent(self, e: BaseException) -> bool:
        """Tell whether an error of a lost connection says that nothing was sent."""
        return False

    @classmethod
    def _missing_driver(cls, err: ModuleNotFoundError, package: str) -> ModuleNotFoundError:
        """Make an error that says what to install."""
        return ModuleNotFoundError(
            f"{err}; the {cls.name} dialect needs the driver {package!r}: pip install {package}",
            name=err.name,
        )
