"""
The dialect that others build on: PEP 249 as written, SQL as in the standard.

A dialect says what a database can do (class attributes, each a question with
a default answer), which classes make text for it, and how to speak to the
driver (``do_...`` methods).  What is only known once connected is found out
in `initialize`, on the first connection of an engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar
from uuid import uuid4
from weakref import WeakKeyDictionary

from relvar import event, exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.ddl import DDLCompiler
from relvar.compile.names import IdentifierPreparer
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.interface import (
    CONNECTION_CHARACTERISTICS,
    AggregateOrderByStyle,
    BindTyping,
    ConnectionCharacteristic,
    Dialect,
)
from relvar.dialect.reflect import DialectReflection
from relvar.dialect.registry import registry
from relvar.expr.dialectkw import set_dialect_loader
from relvar.expr.names import quoted_name
from relvar.types import adapt_type
from relvar.util.convert import asbool, asint, bool_or_str
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn

_NOT_GIVEN: Any = object()


class DefaultDialect(DialectReflection, Dialect):
    """
    Implementation of `Dialect` for PEP 249 drivers.
    """

    # -- classes that make text ------------------------------------------
    statement_compiler: Any = SQLCompiler
    ddl_compiler: Any = DDLCompiler
    type_compiler_cls: Any = GenericTypeCompiler
    preparer: Any = IdentifierPreparer
    execution_ctx_cls: Any = DefaultExecutionContext
    inspector: Any = None

    # -- who it is --------------------------------------------------------
    name: str = "default"
    driver: str = ""
    is_async: bool = False
    minimum_dbapi_version: Any = None
    # What to say when the driver is not installed.
    pip_name: ClassVar[str | None] = None

    # -- types -------------------------------------------------------------
    colspecs: Mapping[type[Any], type[Any]] = {}
    ischema_names: Mapping[str, Any] = {}
    supports_native_enum: bool = False
    supports_native_boolean: bool = False
    supports_native_uuid: bool = False
    supports_native_decimal: bool = False
    supports_native_json_serialization: bool = False
    supports_native_json_deserialization: bool = False
    dialect_injects_custom_json_deserializer: bool = False
    non_native_boolean_check_constraint: bool = True
    returns_native_bytes: bool = False
    bind_typing: BindTyping = BindTyping.NONE
    include_set_input_sizes: Any = None
    exclude_set_input_sizes: Any = None
    _json_serializer: Callable[[Any], str] | None = None
    _json_deserializer: Callable[[str], Any] | None = None
    _legacy_binary_type_literal_encoding: str = "utf-8"

    # -- SQL -----------------------------------------------------------------
    default_paramstyle: str = "named"
    div_is_floordiv: bool = True
    tuple_in_values: bool = False
    supports_is_distinct_from: bool = True
    supports_simple_order_by_label: bool = True
    supports_for_update_of: bool = False
    cte_follows_insert: bool = False
    aggregate_order_by_style: AggregateOrderByStyle = AggregateOrderByStyle.INLINE
    requires_name_normalize: bool = False

    # -- INSERT, UPDATE, DELETE -------------------------------------------
    supports_default_values: bool = False
    supports_default_metavalue: bool = False
    default_metavalue_token: str = "DEFAULT"
    supports_empty_insert: bool = True
    supports_multivalues_insert: bool = False
    insert_returning: bool = False
    update_returning: bool = False
    delete_returning: bool = False
    update_returning_multifrom: bool = False
    delete_returning_multifrom: bool = False
    update_executemany_returning: bool = False
    delete_executemany_returning: bool = False
    favor_returning_over_lastrowid: bool = False
    postfetch_lastrowid: bool = True
    insert_null_pk_still_autoincrements: bool = False
    preexecute_autoincrement_sequences: bool = False
    use_insertmanyvalues: bool = False
    use_insertmanyvalues_wo_returning: bool = False
    insertmanyvalues_implicit_sentinel: Any = 1
    insertmanyvalues_page_size: int = 1000
    insertmanyvalues_max_parameters: int = 32700
    supports_sane_rowcount: bool = True
    supports_sane_multi_rowcount: bool = True

    # -- schema ----------------------------------------------------------------
    construct_arguments: Any = None
    supports_schemas: bool = True
    supports_alter: bool = True
    supports_views: bool = True
    supports_comments: bool = False
    inline_comments: bool = False
    supports_constraint_comments: bool = False
    supports_sequences: bool = False
    sequences_optional: bool = False
    supports_identity_columns: bool = False
    default_sequence_base: int = 1
    max_identifier_length: int = 9999
    max_index_name_length: int | None = None
    max_constraint_name_length: int | None = None
    _user_defined_max_identifier_length: int | None = None
    label_length: int | None = None
    reflection_options: tuple[str, ...] = ()
    default_schema_name: str | None = None
    server_version_info: tuple[Any, ...] | None = None

    # -- connections -----------------------------------------------------------
    supports_statement_cache: bool = True
    supports_server_side_cursors: Any = False
    server_side_cursors: bool = False
    has_terminate: bool = False
    isolation_level: str | None = None
    default_isolation_level: str | None = None
    execute_sequence_format: type[Any] = tuple
    dbapi_exception_translation_map: Mapping[str, str] = EMPTY_DICT
    connection_characteristics: Mapping[str, ConnectionCharacteristic] = CONNECTION_CHARACTERISTICS
    # The engine names the default here: the pool is no business of the dialect layer.
    poolclass: ClassVar[Any] = None
    # Rows to ask the driver for at a time; 0 for a driver that holds all of them anyhow.
    fetch_chunk: ClassVar[int] = 0

    engine_config_types: Mapping[str, Any] = immutabledict(
        {
            "pool_timeout": asint,
            "echo": bool_or_str("debug"),
            "echo_pool": bool_or_str("debug"),
            "pool_recycle": asint,
            "pool_size": asint,
            "max_overflow": asint,
            "future": asbool,
        }
    )

    def __init__(
        self,
        paramstyle: str | None = None,
        isolation_level: str | None = None,
        dbapi: Any = None,
        implicit_returning: bool = True,
        supports_native_boolean: bool | None = None,
        max_identifier_length: int | None = None,
        label_length: int | None = None,
        insertmanyvalues_page_size: int = _NOT_GIVEN,
        use_insertmanyvalues: bool | None = None,
        compiler_linting: Any = 0,
        server_side_cursors: bool = False,
        skip_autocommit_rollback: bool = False,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            names = ", ".join(repr(name) for name in kwargs)
            raise TypeError(f"Dialect '{self.name}' does not take the argument(s) {names}")
        if server_side_cursors:
            if not self.supports_server_side_cursors:
                raise exc.ArgumentError(f"Dialect {self} does not support server side cursors")
            self.server_side_cursors = True
        self.dbapi = dbapi
        self.skip_autocommit_rollback = skip_autocommit_rollback
        if paramstyle is not None:
            self.paramstyle = paramstyle
        elif dbapi is not None:
            self.paramstyle = dbapi.paramstyle
        else:
            self.paramstyle = self.default_paramstyle
        self.positional = self.paramstyle in ("qmark", "format", "numeric", "numeric_dollar")
        self._on_connect_isolation_level = isolation_level
        self.implicit_returning = implicit_returning
        self.identifier_preparer = self.preparer(self)
        self.type_compiler_instance = self._make_type_compiler()
        if supports_native_boolean is not None:
            self.supports_native_boolean = supports_native_boolean
        self._user_defined_max_identifier_length = max_identifier_length
        if max_identifier_length:
            self.max_identifier_length = max_identifier_length
        self.label_length = label_length
        self.compiler_linting = compiler_linting
        if use_insertmanyvalues is not None:
            self.use_insertmanyvalues = use_insertmanyvalues
        if insertmanyvalues_page_size is not _NOT_GIVEN:
            self.insertmanyvalues_page_size = insertmanyvalues_page_size

    def _make_type_compiler(self) -> Any:
        # Third-party dialects written for 1.4 name the class ``type_compiler``.
        cls = self.__class__.__dict__.get("type_compiler", None)
        return (cls if isinstance(cls, type) else self.type_compiler_cls)(self)

    @property
    def type_compiler(self) -> Any:
        """The type compiler, under its older name."""
        return self.type_compiler_instance

    # -- finding and loading ----------------------------------------------------

    @classmethod
    def get_dialect_cls(cls, url: Any) -> type[Dialect]:
        """Give the class to use for *url*; a class may send to another one."""
        return cls

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Dialect]:
        """Give the class to use for *url* under asyncio."""
        return cls.get_dialect_cls(url)

    @classmethod
    def load_provisioning(cls) -> None:
        """Import what the test suite needs for this dialect; nothing here."""

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
        return cls.poolclass  # type: ignore[no-any-return]  # a class

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
    def dbapi_version(self) -> Any:
        """The version of the driver."""
        return self.retrieve_dbapi_version(self.loaded_dbapi)

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Read the version of a driver module, as a tuple of numbers; None if it does not say."""
        text = getattr(dbapi, "__version__", None) or getattr(dbapi, "version", None)
        if not isinstance(text, str):
            return None
        return tuple(int(part) for part in re.findall(r"\d+", text)[:3])

    # -- capabilities derived from others ---------------------------------------

    @property
    def full_returning(self) -> bool:
        """Whether INSERT, UPDATE and DELETE all have RETURNING."""
        return self.insert_returning and self.update_returning and self.delete_returning

    @memoized_property
    def insert_executemany_returning(self) -> bool:
        """Whether an INSERT of many rows can give rows back."""
        return self.insert_returning and self.supports_multivalues_insert and self.use_insertmanyvalues

    @memoized_property
    def insert_executemany_returning_sort_by_parameter_order(self) -> bool:
        """Whether these rows can come in the order of the parameters."""
        return (
            self.insert_returning
            and self.supports_multivalues_insert
            and self.use_insertmanyvalues
            and bool(int(self.insertmanyvalues_implicit_sentinel) != 0)
        )

    @property
    def supports_sane_rowcount_returning(self) -> bool:
        """Whether ``rowcount`` is right when there is RETURNING."""
        return self.supports_sane_rowcount

    @memoized_property
    def _supports_statement_cache(self) -> bool:
        own = self.__class__.__dict__.get("supports_statement_cache", None)
        if own is None:
            warn(
                f"Dialect {self.name}:{self.driver} will not make use of SQL compilation caching as it does "
                "not set "
                "the 'supports_statement_cache' attribute to ``True``.  This can have significant "
                "performance "
                "implications including some performance degradations in comparison to prior SQLAlchemy "
                "versions.  "
                "Dialect maintainers should seek to set this attribute to True after appropriate "
                "development and "
                "testing for SQLAlchemy 1.4 caching support.   Alternatively, this attribute may be set to "
                "False "
                "which will disable this warning.",
                code="cprf",
            )
        return bool(own)

    @property
    def _bind_typing_render_casts(self) -> bool:
        return self.bind_typing is BindTyping.RENDER_CASTS

    @memoized_property
    def _dialect_specific_select_one(self) -> str:
        return "SELECT 1"

    # -- types ------------------------------------------------------------------

    @memoized_property
    def _type_memos(self) -> Any:
        return WeakKeyDictionary()

    def type_descriptor(self, typeobj: Any) -> Any:
        """Give the dialect's own version of a generic type."""
        return adapt_type(typeobj, self.colspecs)

    def min_year_for_type(self, typeobj: Any) -> int | None:
        """Give the first year a date type can hold, or None."""
        return None

    # -- names --------------------------------------------------------------------

    def validate_identifier(self, ident: str) -> None:
        """Refuse a name that is too long."""
        if len(ident) > self.max_identifier_length:
            raise exc.IdentifierError(
                f"Identifier '{ident}' exceeds maximum length of {self.max_identifier_length} characters"
            )

    def normalize_name(self, name: str | None) -> str | None:
        """Turn a name as the database reports it into one as programs write it."""
        if name is None:
            return None
        if name.upper() == name and not self.identifier_preparer._requires_quotes(name.lower()):
            return name.lower()
        if name.lower() == name:
            return quoted_name(name, quote=True)
        return name

    def denormalize_name(self, name: str | None) -> str | None:
        """Turn a name as programs write it into one as the database has it."""
        if name is None:
            return None
        if name.lower() == name and not self.identifier_preparer._requires_quotes(name.lower()):
            return name.upper()
        return name

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

    def initialize(self, connection: Any) -> None:
        """
        Find out what only a connection can tell.

        Args:
            connection: A `Connection` outside of any transaction.
        """
        try:
            self.server_version_info = self._get_server_version_info(connection)
        except NotImplementedError:
            self.server_version_info = None
        try:
            self.default_schema_name = self._get_default_schema_name(connection)
        except NotImplementedError:
            self.default_schema_name = None
        try:
            self.default_isolation_level = self.get_default_isolation_level(
                connection.connection.dbapi_connection
            )
        except NotImplementedError:
            self.default_isolation_level = None
        if not self._user_defined_max_identifier_length:
            length = self._check_max_identifier_length(connection)
            if length:
                self.max_identifier_length = length
        if self.label_length and self.label_length > self.max_identifier_length:
            raise exc.ArgumentError(
                f"Label length of {self.label_length} is greater than this dialect's maximum identifier "
                "length of "
                f"{self.max_identifier_length}"
            )

    def _get_server_version_info(self, connection: Any) -> Any:
        raise NotImplementedError()

    def _get_default_schema_name(self, connection: Any) -> Any:
        raise NotImplementedError()

    def _check_max_identifier_length(self, connection: Any) -> int | None:
        return None

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection behind a DBAPI connection."""
        return connection

    # -- isolation ----------------------------------------------------------------

    def set_engine_execution_options(self, engine: Any, opts: Mapping[str, Any]) -> None:
        """Have new connections of *engine* take the characteristics among *opts*."""
        supported = set(self.connection_characteristics).intersection(opts)
        if not supported:
            return
        characteristics = {name: opts[name] for name in supported}

        @event.listens_for(engine, "engine_connect")
        def set_connection_characteristics(connection: Any) -> None:
            self._set_connection_characteristics(connection, characteristics)

    def set_connection_execution_options(self, connection: Any, opts: Mapping[str, Any]) -> None:
        """Apply the characteristics among *opts* to a connection."""
        supported = set(self.connection_characteristics).intersection(opts)
        if supported:
            self._set_connection_characteristics(connection, {name: opts[name] for name in supported})

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
        names = {name for name, characteristic, _ in found}
        connection.connection._connection_record.finalize_callback.append(
            lambda dbapi_conn: self._reset_characteristics(dbapi_conn, names)
        )

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

    def get_isolation_level_values(self, dbapi_conn: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        raise NotImplementedError()

    def _assert_and_set_isolation_level(self, dbapi_conn: Any, level: str) -> None:
        level = level.replace("_", " ")
        try:
            levels = self.get_isolation_level_values(dbapi_conn)
        except NotImplementedError:
            levels = None
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

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction; PEP 249 does it by itself."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        if self.skip_autocommit_rollback and self.detect_autocommit_setting(dbapi_connection):
            return
        dbapi_connection.rollback()

    # the pool need not ask, unless skip_autocommit_rollback is set
    do_rollback.only_rolls_back = True  # type: ignore[attr-defined]  # a mark on the function

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit."""
        dbapi_connection.commit()

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
        connection._run_control(f"SAVEPOINT {self.identifier_preparer.quote(name)}")

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        """Roll back to a savepoint."""
        connection._run_control(f"ROLLBACK TO SAVEPOINT {self.identifier_preparer.quote(name)}")

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Release a savepoint."""
        connection._run_control(f"RELEASE SAVEPOINT {self.identifier_preparer.quote(name)}")

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin a two-phase transaction."""
        raise NotImplementedError()

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

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows of parameters."""
        cursor.executemany(statement, parameters)

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement."""
        cursor.execute(statement, parameters)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        """Run a statement without saying that there are no parameters."""
        cursor.execute(statement)

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        """Tell the driver the types of parameters; see `BindTyping.SETINPUTSIZES`."""
        raise NotImplementedError()

    # Whether ``cursor.lastrowid`` is what `_lastrowid` gives.
    _lastrowid_is_native: ClassVar[bool] = True

    def _lastrowid(self, cursor: Any) -> Any:
        """Give the key the database made for the row just inserted."""
        return getattr(cursor, "lastrowid", None)

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        """Make a cursor whose rows stay on the server, or None if the ordinary one will do."""
        return None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether an error of the driver means that the connection is lost."""
        return False

    @classmethod
    def _missing_driver(cls, err: ModuleNotFoundError, package: str) -> ModuleNotFoundError:
        """Make an error that says what to install."""
        return ModuleNotFoundError(
            f"{err}; the {cls.name} dialect needs the driver {package!r}: pip install {package}",
            name=err.name,
        )


def _dialect_class(name: str) -> Any:
    """
    Find the dialect whose options a table or index was given, by name.
    """
    found = registry.load(name)
    inner = getattr(found, "dialect", None)
    return inner if isinstance(inner, type) else found


set_dialect_loader(_dialect_class)
