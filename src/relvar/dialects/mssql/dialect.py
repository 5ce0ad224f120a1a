"""
The dialect of Microsoft SQL Server, whatever the driver.

Source: https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from relvar import exc
from relvar.compile.insertmany import InsertmanyvaluesSentinelOpts
from relvar.dialect.default import DefaultDialect
from relvar.dialect.interface import AggregateOrderByStyle
from relvar.dialects.mssql.compiler import MSSQLCompiler
from relvar.dialects.mssql.ddl import MSDDLCompiler
from relvar.dialects.mssql.execution import MSExecutionContext
from relvar.dialects.mssql.names import MSIdentifierPreparer
from relvar.dialects.mssql.reflection import MSReflection
from relvar.dialects.mssql.types import COLSPECS, ISCHEMA_NAMES
from relvar.dialects.mssql.typesql import MSTypeCompiler
from relvar.schema import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from relvar.util.immutable import EMPTY_DICT

# Of other transactions: deadlock, lock request timeout, update conflict under SNAPSHOT (3960 of rows, 3961 of
# metadata), and conflicts over memory-optimised tables (413xx).
# Source: https://learn.microsoft.com/sql/relational-databases/in-memory-oltp/transactions-with-memory-optimized-tables
_RETRYABLE = frozenset({1205, 1222, 3960, 3961, 41301, 41302, 41305, 41325, 41839})

_ISOLATION_LEVELS = (
    "SERIALIZABLE",
    "SNAPSHOT",
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "AUTOCOMMIT",
)


class MSDialect(MSReflection, DefaultDialect):
    """
    Microsoft SQL Server.

    Args:
        query_timeout: How many seconds a statement may take, as the driver counts them; 0: for ever.
        use_scope_identity: Ask for new keys by ``scope_identity()``, where OUTPUT is not used; else by
            ``@@identity``, which triggers change.
        schema_name: The schema that is the default where the server does not say.
        deprecate_large_types: ``VARCHAR(max)`` and so on in place of TEXT, NTEXT and IMAGE; None: on 2012
            and later.
        supports_comments: Whether the server keeps comments; None: it is asked.
        json_serializer, json_deserializer: Functions for JSON, in place of `json`'s.
        native_json: JSON columns are of the type JSON of SQL Server 2025, not ``NVARCHAR(max)``.
        ignore_no_transaction_on_rollback: Do not mind that there was none to roll back (Azure Synapse).

    Raises:
        ArgumentError: ``legacy_schema_aliasing=True``, which there is no more.
    """

    name = "mssql"
    supports_statement_cache = True

    statement_compiler: Any = MSSQLCompiler
    ddl_compiler = MSDDLCompiler
    type_compiler_cls = MSTypeCompiler
    preparer: Any = MSIdentifierPreparer
    execution_ctx_cls: Any = MSExecutionContext
    colspecs: dict[Any, Any] = COLSPECS
    ischema_names: dict[str, Any] = ISCHEMA_NAMES

    supports_default_values = True
    supports_empty_insert = False
    supports_default_metavalue = True
    supports_multivalues_insert: bool = True
    supports_native_boolean = False
    supports_native_decimal = True
    supports_unicode_binds = True
    supports_comments: bool = True
    supports_sequences = True
    sequences_optional = True
    # a sequence starts at the lowest number of its type unless told otherwise
    default_sequence_base = 1
    non_native_boolean_check_constraint = False
    returns_native_bytes = True
    binary_literal_template: str = "0x{}"
    non_finite_literals: Mapping[str, str] = EMPTY_DICT
    exponent_makes_float = True
    favor_returning_over_lastrowid = True
    postfetch_lastrowid = True
    insert_returning = True
    update_returning = True
    delete_returning = True
    update_returning_multifrom = True
    delete_returning_multifrom = True
    use_insertmanyvalues = True
    use_insertmanyvalues_wo_returning = True
    insertmanyvalues_implicit_sentinel = (
        InsertmanyvaluesSentinelOpts.AUTOINCREMENT
        | InsertmanyvaluesSentinelOpts.IDENTITY
        | InsertmanyvaluesSentinelOpts.USE_INSERT_FROM_SELECT
    )
    # 2,100 less one: https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
    insertmanyvalues_max_parameters = 2099
    supports_sane_multi_rowcount = True
    aggregate_order_by_style = AggregateOrderByStyle.WITHIN_GROUP
    max_identifier_length = 128
    # cursors have none: it is asked for
    _lastrowid_is_native: ClassVar[bool] = False
    use_scope_identity: bool = True
    scope_identity_must_be_embedded = False
    legacy_schema_aliasing = False
    server_version_info: tuple[Any, ...] | None = ()

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (PrimaryKeyConstraint, {"clustered": None}),
        (UniqueConstraint, {"clustered": None}),
        (Index, {"clustered": None, "include": None, "where": None, "columnstore": None}),
        (Column, {"identity_start": None, "identity_increment": None, "sparse": None}),
        (
            Table,
            {
                "data_compression": None,
                "durability": None,
                "memory_optimized": None,
                "on": None,
                "period": None,
                "period_hidden": None,
                "system_versioning": None,
            },
        ),
    ]

    _RETRYABLE_CODES: ClassVar[frozenset[Any]] = _RETRYABLE
    _supports_offset_fetch = False
    _supports_nvarchar_max = False

    def __init__(
        self,
        query_timeout: int | None = None,
        use_scope_identity: bool = True,
        schema_name: str = "dbo",
        deprecate_large_types: bool | None = None,
        supports_comments: bool | None = None,
        json_serializer: Callable[[Any], str] | None = None,
        json_deserializer: Callable[[str], Any] | None = None,
        native_json: bool = False,
        legacy_schema_aliasing: bool | None = None,
        ignore_no_transaction_on_rollback: bool = False,
        **opts: Any,
    ) -> None:
        super().__init__(**opts)
        self.query_timeout: int = int(query_timeout or 0)
        self.schema_name = schema_name
        self.use_scope_identity = use_scope_identity
        self.deprecate_large_types = deprecate_large_types
        self.ignore_no_transaction_on_rollback = ignore_no_transaction_on_rollback
        self._finds_comments = supports_comments is None
        if supports_comments is not None:
            self.supports_comments = supports_comments
        if legacy_schema_aliasing:
            raise exc.ArgumentError(
                "legacy_schema_aliasing is not supported: tables in schemas have no aliases of their own; "
                "give one with alias() where you want it"
            )
        self.native_json = native_json
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer

    def initialize(self, connection: Any) -> None:
        """
        Find out what the server can do.

        Source:
            OFFSET and FETCH since 2012 (11): https://learn.microsoft.com/sql/t-sql/queries/select-order-by-clause-transact-sql;
            several rows of VALUES since 2008 (10): .../table-value-constructor-transact-sql;
            NVARCHAR(max) since 2005 (9): .../data-types/nchar-and-nvarchar-transact-sql.
        """
        super().initialize(connection)
        version = self.server_version_info or ()
        self._supports_offset_fetch = version >= (11,)
        self._supports_nvarchar_max = version >= (9,)
        self.supports_multivalues_insert = version >= (10,)
        if self.deprecate_large_types is None:
            self.deprecate_large_types = version >= (11,)
        if self._finds_comments and not self._has_extended_properties(connection):
            self.supports_comments = False

    def _has_extended_properties(self, connection: Any) -> bool:
        """
        Tell whether the server keeps comments: Azure Synapse does not.
        """
        arguments = ", ".join(["default"] * 7)
        try:
            connection.exec_driver_sql(f"SELECT 1 FROM fn_listextendedproperty({arguments})").close()
        except exc.DBAPIError:
            return False
        return True

    def do_savepoint(self, connection: Any, name: str) -> None:
        """Create a savepoint, in a transaction that the server knows of."""
        connection.exec_driver_sql("IF @@TRANCOUNT = 0 BEGIN TRANSACTION")
        super().do_savepoint(connection, name)

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Do nothing: savepoints of this database are not released."""

    def _get_default_schema_name(self, connection: Any) -> str:
        return connection.exec_driver_sql("SELECT schema_name()").scalar() or self.schema_name

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return _ISOLATION_LEVELS

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the session; AUTOCOMMIT is the driver's."""
        self._set_autocommit(dbapi_connection, level == "AUTOCOMMIT")
        if level == "AUTOCOMMIT":
            return
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        cursor.close()
        if level == "SNAPSHOT":
            # a transaction that has begun under another level may not read under this one
            dbapi_connection.commit()

    def _set_autocommit(self, dbapi_connection: Any, on: bool) -> None:
        dbapi_connection.autocommit = on

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """
        Read the isolation level of the session.

        Raises:
            NotImplementedError: The login may not see the view that tells it.
        """
        cursor = dbapi_connection.cursor()
        try:
            # Azure Synapse has it under another name
            cursor.execute(
                "SELECT name FROM sys.system_views WHERE name IN ('dm_exec_sessions', "
                "'dm_pdw_nodes_exec_sessions')"
            )
            view = cursor.fetchone()
            if view is None:
                raise NotImplementedError(
                    "The isolation level can't be read: there is no sys.dm_exec_sessions that this login sees"
                )
            cursor.execute(
                "SELECT CASE transaction_isolation_level WHEN 0 THEN NULL WHEN 1 THEN 'READ UNCOMMITTED' "
                "WHEN 2 THEN 'READ COMMITTED' WHEN 3 THEN 'REPEATABLE READ' WHEN 4 THEN 'SERIALIZABLE' "
                f"WHEN 5 THEN 'SNAPSHOT' END FROM sys.{view[0]} WHERE session_id = @@SPID"
            )
            row = cursor.fetchone()
        except self.loaded_dbapi.Error as err:
            raise NotImplementedError(f"The isolation level can't be read: {err}") from err
        finally:
            cursor.close()
        return str(row[0]).upper()

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = connection.exec_driver_sql("SELECT CAST(SERVERPROPERTY('ProductVersion') AS VARCHAR)").scalar()
        return tuple(int(part) for part in re.findall(r"\d+", text or ""))
