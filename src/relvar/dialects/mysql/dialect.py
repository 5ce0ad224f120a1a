"""
The dialects of MySQL and MariaDB, whatever the driver.

One class serves both: which server it is, and what it can do, is read from its
version when the first connection is made.  ``mariadb://`` insists on MariaDB.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar._kernels.convert import str_to_uuid
from relvar.compile.insertmany import InsertmanyvaluesSentinelOpts
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.default import DefaultDialect
from relvar.dialect.driver import ignores_context
from relvar.dialects.mysql.compiler import MySQLCompiler
from relvar.dialects.mysql.ddl import MySQLDDLCompiler, MySQLTypeCompiler
from relvar.dialects.mysql.names import MariaDBIdentifierPreparer, MySQLIdentifierPreparer
from relvar.dialects.mysql.reflection import MySQLReflection
from relvar.dialects.mysql.types import COLSPECS, ISCHEMA_NAMES
from relvar.expr.text import text
from relvar.schema import Index, PrimaryKeyConstraint, Table
from relvar.stmt.delete import Delete
from relvar.stmt.update import Update
from relvar.util.immutable import EMPTY_DICT
from relvar.util.warning import warn

_ISOLATION_LEVELS = ("SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "AUTOCOMMIT")

# https://dev.mysql.com/doc/mysql-errors/8.0/en/client-error-reference.html and server errors:
# 1927 killed (MariaDB), 2006 gone away, 2013 lost during query, 2014 out of sync, 2045/2055 lost,
# 4031 idle timeout.
_LOST = frozenset({1927, 2006, 2013, 2014, 2045, 2055, 4031})

# no socket, no host, too many connections, shutting down
_NOT_THERE = frozenset({2002, 2003, 1040, 1053})

# CR_SERVER_GONE_ERROR: nothing could be sent
_GONE = 2006

# What a node of Galera says that has lost its cluster, and would say to all that comes. By the second it
# answers a COMMIT that the cluster may have: when that comes together again the transaction is there.
# Tried on MariaDB 10.11, tests/replicas/test_galera.py
_NOT_READY = (1047, "WSREP has not yet prepared node")
_NO_CLUSTER = (_NOT_READY, (1180, "Not connected to Primary Component"))

_NUMBERS = re.compile(r"(?:^|\.)(\d+)")
_BEHIND_VALUES = " ON DUPLICATE KEY UPDATE "


class _Uuid(sqltypes.Uuid[Any]):
    """
    MariaDB's UUID, which the drivers give and take as text.
    """

    def bind_processor(self, dialect: Any) -> Any:
        """Give text; the drivers know no UUID objects."""
        if self._is_character_based(dialect):
            return super().bind_processor(dialect)
        return _to_text

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """Make UUIDs of text."""
        if self._is_character_based(dialect):
            return super().result_processor(dialect, coltype)
        return str_to_uuid if self.as_uuid else None

    def literal_processor(self, dialect: Any) -> Any:
        """Write the hexadecimal digits alone, as where there is no such type."""
        return sqltypes.Uuid(as_uuid=self.as_uuid, native_uuid=False).literal_processor(dialect)


def _to_text(value: Any) -> Any:
    return None if value is None else str(value)


def _xid_of(data: Any, length: int) -> Any:
    """
    Return the first part of a transaction's name, as `begin_twophase` takes it.
    """
    if not isinstance(data, (bytes, bytearray)):
        return data[:length]
    name = bytes(data[:length])
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name


class MySQLExecutionContext(DefaultExecutionContext):
    """
    One execution on MySQL or MariaDB.
    """

    # The engine knows these hooks: they do not force a context per execution.
    _hooks_are_native = True

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence (MariaDB)."""
        return self._execute_scalar(f"select nextval({self.identifier_preparer.format_sequence(seq)})", type_)


class MySQLDialect(MySQLReflection, DefaultDialect):
    """
    MySQL, or MariaDB if that is what answers.
    """

    supports_native_uuid: bool

    name = "mysql"
    is_mariadb: bool = False
    is_tidb: bool = False
    supports_statement_cache = True

    statement_compiler: Any = MySQLCompiler
    ddl_compiler = MySQLDDLCompiler
    type_compiler_cls = MySQLTypeCompiler
    preparer: Any = MySQLIdentifierPreparer
    execution_ctx_cls = MySQLExecutionContext
    colspecs: Mapping[Any, Any] = {**COLSPECS, sqltypes.Uuid: _Uuid}
    ischema_names = ISCHEMA_NAMES

    default_paramstyle = "format"
    supports_alter = True
    # BOOL is TINYINT
    supports_native_boolean = False
    supports_native_bit = False
    supports_native_enum = True
    # identifiers are at most 64 characters, but aliases may have 255
    max_identifier_length = 255
    max_index_name_length: int = 64
    max_constraint_name_length: int = 64
    div_is_floordiv = False
    returns_native_bytes = True
    binary_literal_template: str = "X'{}'"
    non_finite_literals: Mapping[str, str] = EMPTY_DICT
    exponent_makes_float = True
    supports_sequences: bool = False
    sequences_optional = False
    supports_for_update_of: bool = False
    use_mysql_for_share: bool = False
    supports_default_values = False
    supports_default_metavalue = True
    supports_multivalues_insert = True
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = False
    deletes_rows_that_refer_to_themselves = False  # InnoDB: error 1451
    deletes_by_list: bool = True
    updates_by_list: bool = True
    use_insertmanyvalues = True
    insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT
    insert_null_pk_still_autoincrements = True
    supports_comments = True
    inline_comments = True
    cte_follows_insert = True

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (Table, {"*": None}),
        (Update, {"limit": None}),
        (Delete, {"limit": None}),
        (PrimaryKeyConstraint, {"using": None}),
        (Index, {"using": None, "length": None, "prefix": None, "with_parser": None}),
    ]

    # Whether the driver makes one statement of the rows of an INSERT.
    _joins_rows = True
    # What a cursor of the driver keeps its rowcount in.
    _rowcount_attribute = "rowcount"
    # Whether the driver takes ``%`` as it is, though it has parameters like ``%(name)s``.
    _percents_are_plain = False
    _requires_alias_for_on_duplicate_key = False
    _allows_uuid_binds: bool = False
    _backslash_escapes = True
    _server_ansiquotes = False
    _casing = 0
    _support_default_function = True
    _support_float_cast = False
    # VALUES ROW(1, 2), ROW(3, 4)
    _values_are_rows = False
    # (...) AS name (column, column)
    _derived_columns_have_names = True
    _sql_mode = ""

    def __init__(
        self,
        json_serializer: Callable[[Any], str] | None = None,
        json_deserializer: Callable[[str], Any] | None = None,
        is_mariadb: bool | None = None,
        deletes_by_list: bool = True,
        updates_by_list: bool | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.pop("use_ansiquotes", None)
        super().__init__(**kwargs)
        self.deletes_by_list: bool = deletes_by_list
        if updates_by_list is not None:
            self.updates_by_list = updates_by_list
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer
        self._set_mariadb(is_mariadb, ())

    def _list_writer(self, plan: Any) -> Any:
        """
        Give what sends an UPDATE of many rows as one, None if nothing does.
        """
        if not (self.updates_by_list and plan.is_update):
            return None
        from relvar.dialects.mysql.lists import ListedUpdate  # with the first such UPDATE

        return ListedUpdate.make(plan)

    def _set_mariadb(self, is_mariadb: bool | None, version: tuple[Any, ...]) -> None:
        """
        Be a dialect of MariaDB, or refuse to.
        """
        if is_mariadb is None:
            return
        if not is_mariadb and self.is_mariadb:
            spelled = ".".join(map(str, version))
            raise exc.InvalidRequestError(f"MySQL version {spelled} is not a MariaDB variant.")
        if is_mariadb and not self.is_mariadb:
            self.preparer = MariaDBIdentifierPreparer
            self.identifier_preparer = self.preparer(self)
        self.is_mariadb = is_mariadb

    @property
    def _is_mariadb(self) -> bool:
        return self.is_mariadb

    @property
    def _is_mysql(self) -> bool:
        return not self.is_mariadb

    @property
    def _mariadb_normalized_version_info(self) -> Any:
        return self.server_version_info

    # -- the server -------------------------------------------------------------

    def initialize(self, connection: Any) -> None:
        """
        Find out what the server is and can do.

        Source:
            https://mariadb.com/kb/en/insertreturning/ (10.5), .../delete/ (10.0.5),
            .../sequence-overview/ (10.3), .../uuid-data-type/ (10.7), .../cast/ (10.4.5);
            https://jira.mariadb.org/browse/MDEV-31466 (11.7, names of derived columns);
            MySQL release notes of 8.0.1 (FOR SHARE), 8.0.13 (expressions as defaults),
            8.0.17 (CAST AS FLOAT), 8.0.19 (VALUES ROW()), 8.0.20 (row alias for ON DUPLICATE KEY).
        """
        self._detect_sql_mode(connection)
        self._detect_ansiquotes(connection)
        super().initialize(connection)
        version = self.server_version_info or ()
        self._casing = self._detect_casing(connection)
        if self._server_ansiquotes:
            self.identifier_preparer: Any = self.preparer(self, server_ansiquotes=True)
        if self.is_mariadb:
            self.supports_sequences = version >= (10, 3)
            self.delete_returning: bool = version >= (10, 0, 5)
            self.insert_returning: bool = version >= (10, 5)
            self.supports_for_update_of = False
            self.supports_native_uuid = self._allows_uuid_binds = version >= (10, 7)
            self._support_default_function = version >= (10, 2, 1)
            self._support_float_cast = version >= (10, 4, 5)
            self._derived_columns_have_names = version >= (11, 7)
            self._requires_alias_for_on_duplicate_key = False
            self.supports_is_distinct_from = True
        else:
            self.supports_for_update_of = version >= (8,)
            self.use_mysql_for_share = version >= (8, 0, 1)
            self._requires_alias_for_on_duplicate_key = version >= (8, 0, 20)
            self._support_float_cast = version >= (8, 0, 17)
            self._values_are_rows = version >= (8, 0, 19)
            self._support_default_function = version >= (8, 0, 13)
        for derived in (
            "insert_executemany_returning",
            "insert_executemany_returning_sort_by_parameter_order",
        ):
            self.__dict__.pop(derived, None)

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = connection.exec_driver_sql("SELECT VERSION()").scalar()
        return self._parse_server_version(text.decode() if isinstance(text, bytes) else text)

    def _parse_server_version(self, text: str) -> tuple[int, ...]:
        """
        Read a version text; ``5.5.5-10.6.1-MariaDB`` is MariaDB 10.6.1.

        What follows a dash says who built it; words between dots are left out (``8.0.mysql_aurora.3.04.0``).
        """
        is_mariadb = "mariadb" in text.lower()
        self.is_tidb = "-tidb-" in text.lower()
        if is_mariadb:
            text = re.sub(r"^5\.5\.5-", "", text)
        version = tuple(map(int, _NUMBERS.findall(text.partition("-")[0])))
        self._set_mariadb(is_mariadb if is_mariadb or self.is_mariadb else None, version)
        return version

    def _get_default_schema_name(self, connection: Any) -> Any:
        return connection.exec_driver_sql("SELECT DATABASE()").scalar()

    def _fetch_setting(self, connection: Any, name: str) -> Any:
        value = connection.exec_driver_sql(f"SELECT @@{name}").scalar()
        return value.decode() if isinstance(value, bytes) else value

    def _detect_casing(self, connection: Any) -> int:
        """
        Read how the server treats upper and lower case in table names.

        Returns:
            0 as written and sensitive, 1 lower case, 2 as written and insensitive.
        """
        return int(self._fetch_setting(connection, "lower_case_table_names") or 0)

    def _detect_sql_mode(self, connection: Any) -> None:
        mode = self._fetch_setting(connection, "sql_mode")
        if mode is None:
            warn(
                "Could not retrieve SQL_MODE; please ensure the MySQL user has permissions to SHOW VARIABLES"
            )
        self._sql_mode = mode or ""

    def _detect_ansiquotes(self, connection: Any) -> None:
        modes = self._sql_mode.split(",")
        self._server_ansiquotes = "ANSI_QUOTES" in modes
        self._backslash_escapes = "NO_BACKSLASH_ESCAPES" not in modes

    # -- isolation ---------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return _ISOLATION_LEVELS

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the session; AUTOCOMMIT is the driver's."""
        self._set_autocommit(dbapi_connection, level == "AUTOCOMMIT")
        if level == "AUTOCOMMIT":
            return
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {level}")
        cursor.execute("COMMIT")
        cursor.close()

    def _set_autocommit(self, dbapi_connection: Any, on: bool) -> None:
        """Have the driver commit after each statement, or not: an attribute, as most drivers have it."""
        dbapi_connection.autocommit = on

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level."""
        cursor = dbapi_connection.cursor()
        # MySQL renamed the variable in 5.7.20, MariaDB in 11.1
        newer = not self.is_mariadb and (self.server_version_info or ()) >= (5, 7, 20)
        cursor.execute("SELECT @@transaction_isolation" if newer else "SELECT @@tx_isolation")
        row = cursor.fetchone()
        cursor.close()
        if row is None:
            warn("Could not retrieve transaction isolation level for MySQL connection.")
            raise NotImplementedError()
        value = row[0]
        level: str = value.decode() if isinstance(value, bytes) else value
        return level.upper().replace("-", " ")

    # -- two phases: https://dev.mysql.com/doc/refman/8.0/en/xa-statements.html ------

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin."""
        connection.execute(text("XA BEGIN :xid"), {"xid": xid})

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare."""
        connection.execute(text("XA END :xid"), {"xid": xid})
        connection.execute(text("XA PREPARE :xid"), {"xid": xid})

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back."""
        if not is_prepared:
            connection.execute(text("XA END :xid"), {"xid": xid})
        self._end_twophase(connection, "XA ROLLBACK :xid", xid, recover)

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit."""
        if not is_prepared:
            self.do_prepare_twophase(connection, xid)
        self._end_twophase(connection, "XA COMMIT :xid", xid, recover)

    def _end_twophase(self, connection: Any, statement: str, xid: Any, recover: bool) -> None:
        """
        End a prepared transaction.

        One of another connection is, to MariaDB, outside work (error 1400) unless autocommit is on; that must
        not commit what the connection did itself, of which the server then complains.
        """
        dbapi_connection = connection.connection.dbapi_connection
        switch = (
            recover
            and self.is_mariadb
            and not self.detect_autocommit_setting(dbapi_connection)
            and not connection.exec_driver_sql("SELECT @@in_transaction").scalar()
        )
        if switch:
            self._set_autocommit(dbapi_connection, True)
        try:
            connection.execute(text(statement), {"xid": xid})
        finally:
            if switch:
                self._set_autocommit(dbapi_connection, False)

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are: text, or bytes that are none."""
        rows = connection.exec_driver_sql("XA RECOVER").all()
        return [_xid_of(row[3], row[1]) for row in rows]

    # -- the driver ----------------------------------------------------------------

    @ignores_context
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """
        Run a statement for many rows.

        Some drivers make one statement of the rows of an INSERT, and have no values for parameters behind
        VALUES (``executemany`` of PyMySQL, mysqlclient, CyMySQL and MySQL Connector/Python); such rows go
        one by one.
        """
        behind = statement.rpartition(_BEHIND_VALUES)[2] if _BEHIND_VALUES in statement else ""
        if not (self._joins_rows and "%" in behind):
            super().do_executemany(cursor, statement, parameters, context)
            return
        count = 0
        for row in parameters:
            cursor.execute(statement, row)
            count += cursor.rowcount
        setattr(cursor, self._rowcount_attribute, count)

    def do_cancel(self, dbapi_connection: Any) -> None:
        """
        Stop the statement that runs on a connection, by ``KILL QUERY`` on another one.

        Raises:
            InterfaceError: The other one is connected to another server, where the number is somebody else's.
        """
        thread_id = self._thread_id(dbapi_connection)
        messenger = self._connect_again()
        try:
            if self._peer(messenger) != self._peer(dbapi_connection):
                raise self.loaded_dbapi.InterfaceError("Another server answers now; can't stop the statement")
            cursor = messenger.cursor()
            cursor.execute(f"KILL QUERY {thread_id}")
            cursor.close()
        finally:
            self.do_close(messenger)

    def _thread_id(self, dbapi_connection: Any) -> int:
        """Give the number that the server has for a connection."""
        return dbapi_connection.thread_id()  # type: ignore[no-any-return]  # a number

    # https://mariadb.com/kb/en/mariadb-error-code-reference/: deadlock; a lock waited for in vain; a row
    # changed since the snapshot; a table defined anew; a deadlock within XA
    _RETRYABLE_CODES = frozenset({1213, 1205, 1020, 1412, 1614})
    # KILL QUERY; a limit of the server's own
    _CANCELLED_CODES = frozenset({1317, 1969, 3024})

    # https://docs.pingcap.com/tidb/stable/error-codes/ says that the whole transaction may be tried again: a
    # conflict with FOR UPDATE; a stale write; not committed, and rolled back; the schema changed; a conflict
    _TIDB_CONFLICTS = frozenset({8002, 8005, 8022, 8028, 9007})

    def is_retryable(self, e: BaseException) -> bool:
        """
        Tell whether a transaction may succeed if it is tried again; TiDB has codes of its own for conflicts.
        """
        return super().is_retryable(e) or (self.is_tidb and self._error_code(e) in self._TIDB_CONFLICTS)

    def _error_code(self, e: BaseException) -> Any:
        return self._extract_error_code(e)

    def _is_unreachable(self, e: BaseException) -> bool:
        return self._extract_error_code(e) in _NOT_THERE or self.is_disconnect(e, None, None)

    def _is_unsent(self, e: BaseException) -> bool:
        return self._extract_error_code(e) == _GONE or "(0, '')" in str(e) or self._says(e, _NOT_READY)

    def _says(self, e: BaseException, *answers: tuple[int, str]) -> bool:
        code = self._extract_error_code(e)
        return any(code == number and words in str(e) for number, words in answers)

    def _extract_error_code(self, exception: Any) -> int | None:
        code = exception.args[0] if exception.args else None
        return code if isinstance(code, int) else None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by error number or the driver's word."""
        dbapi = self.loaded_dbapi
        if isinstance(e, (dbapi.OperationalError, dbapi.ProgrammingError, dbapi.InterfaceError)) and (
            self._extract_error_code(e) in _LOST
        ):
            return True
        if isinstance(e, (dbapi.InterfaceError, dbapi.InternalError)) and "(0, '')" in str(e):
            return True
        return self._says(e, *_NO_CLUSTER)


class MariaDBDialect(MySQLDialect):
    """
    MariaDB, asked for by name.
    """

    name = "mariadb"
    is_mariadb = True
    supports_statement_cache = True
    insert_returning = True
    delete_returning = True
    supports_native_uuid = True
    _allows_uuid_binds = True
    preparer: Any = MariaDBIdentifierPreparer
