"""
The dialect of Oracle Database, whatever the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar import exc
from relvar.dialect.default import DefaultDialect
from relvar.dialect.interface import AggregateOrderByStyle
from relvar.dialects.oracle.compiler import OracleCompiler
from relvar.dialects.oracle.ddl import OracleDDLCompiler, OracleTypeCompiler
from relvar.dialects.oracle.names import OracleIdentifierPreparer
from relvar.dialects.oracle.reflection import OracleReflection
from relvar.dialects.oracle.types import COLSPECS, ISCHEMA_NAMES
from relvar.schema import Identity, Index, Table
from relvar.schema import Sequence as SQLSequence
from relvar.stmt.compound import CompoundSelect
from relvar.stmt.select import Select
from relvar.util.warning import warn_deprecated

_NOT_GIVEN: Any = object()
# a version of a server that nobody asked
_NEWEST = 99
# how long names may be before 12.2
_SHORT_NAMES = 30


class OracleDialect(OracleReflection, DefaultDialect):
    """
    Oracle Database.

    Args:
        optimize_limits: Hint how many rows are wanted where paging is by ``ROWNUM``.
        use_nchar_for_unicode: `Unicode` and `UnicodeText` are types of the national character set.
        exclude_tablespaces: Tables of these are not listed.
        use_ansi: Write joins with JOIN; else with commas and ``(+)``, as Oracle 8 has them.
        enable_offset_fetch: Page by ``OFFSET ... FETCH`` where the server has it, not by ``ROWNUM``.
        json_serializer, json_deserializer: Functions for JSON, in place of `json`'s.
    """

    name = "oracle"
    supports_statement_cache = True

    statement_compiler: Any = OracleCompiler
    ddl_compiler = OracleDDLCompiler
    type_compiler_cls = OracleTypeCompiler
    preparer: Any = OracleIdentifierPreparer
    colspecs: dict[Any, Any] = COLSPECS
    ischema_names: dict[str, Any] = ISCHEMA_NAMES

    supports_alter = True
    supports_comments = True
    supports_sequences = True
    sequences_optional = False
    supports_identity_columns: bool = True
    supports_default_values = False
    supports_default_metavalue = True
    supports_empty_insert = False
    supports_native_boolean: bool = True
    supports_simple_order_by_label = False
    postfetch_lastrowid = False
    insert_returning = True
    update_returning = True
    delete_returning = True
    div_is_floordiv = False
    cte_follows_insert = True
    returns_native_bytes = True
    requires_name_normalize = True
    default_paramstyle = "named"
    aggregate_order_by_style = AggregateOrderByStyle.WITHIN_GROUP
    # since 12.2; `initialize` lowers it for older servers
    max_identifier_length = 128
    reflection_options: tuple[str] = ("oracle_resolve_synonyms",)

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (Table, {"resolve_synonyms": False, "on_commit": None, "compress": False, "tablespace": None}),
        (Index, {"bitmap": False, "compress": False, "vector": False}),
        (SQLSequence, {"order": None}),
        (Identity, {"on_null": None, "order": None}),
        (Select, {"fetch_approximate": False}),
        (CompoundSelect, {"fetch_approximate": False}),
    ]

    _supports_char_length = True
    _supports_oracle_json = True
    _supports_table_compression = True
    _supports_table_compress_for = True

    def __init__(
        self,
        use_ansi: bool = True,
        optimize_limits: bool = False,
        use_binds_for_limits: Any = _NOT_GIVEN,
        use_nchar_for_unicode: bool = False,
        exclude_tablespaces: Sequence[str] = ("SYSTEM", "SYSAUX"),
        enable_offset_fetch: bool = True,
        json_serializer: Callable[[Any], str] | None = None,
        json_deserializer: Callable[[str], Any] | None = None,
        **opts: Any,
    ) -> None:
        super().__init__(**opts)
        if use_binds_for_limits is not _NOT_GIVEN:
            warn_deprecated(
                "The ``use_binds_for_limits`` Oracle Database dialect parameter is deprecated. The dialect "
                "now renders LIMIT / OFFSET integers inline in all cases using a post-compilation hook, so "
                "that the value is still represented by a 'bound parameter' on the Core Expression side.",
                "1.4",
            )
        self.use_ansi: bool = use_ansi
        self.optimize_limits = optimize_limits
        self._use_nchar_for_unicode = use_nchar_for_unicode
        self.exclude_tablespaces = exclude_tablespaces
        self.enable_offset_fetch = self._supports_offset_fetch = enable_offset_fetch
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer

    # -- what the server is -----------------------------------------------------------

    def initialize(self, connection: Any) -> None:
        """Find out what the server can do."""
        super().initialize(connection)
        version = self.server_version_info or (_NEWEST,)
        # https://docs.oracle.com/en/database/oracle/oracle-database/23/nfcoa/ and the same of older ones
        self.use_ansi = self.use_ansi and version >= (9,)
        self._supports_char_length = version >= (9,)
        self._supports_table_compression = version >= (10, 1)
        self._supports_table_compress_for = version >= (11,)
        self._supports_offset_fetch = self.enable_offset_fetch and version >= (12,)
        self.supports_identity_columns = version >= (12,)
        self._supports_oracle_json = version >= (21,)
        self.supports_native_boolean = version >= (23,)

    def _get_default_schema_name(self, connection: Any) -> str | None:
        name = connection.exec_driver_sql(
            "SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM DUAL"
        ).scalar()
        return self.normalize_name(name)

    def _check_max_identifier_length(self, connection: Any) -> int | None:
        # https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Database-Object-Names-and-Qualifiers.html
        return _SHORT_NAMES if (self.server_version_info or (_NEWEST,)) < (12, 2) else None

    # -- isolation ----------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ["READ COMMITTED", "SERIALIZABLE"]

    def get_default_isolation_level(self, dbapi_conn: Any) -> str:
        """
        Give the level that sessions have if nothing else is said.

        Reading it would need a privilege, and begin a transaction.
        """
        return "READ COMMITTED"

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """
        Read the isolation level of the transaction, which this begins; needs the right to read V$TRANSACTION.

        Source: https://docs.oracle.com/en/database/oracle/oracle-database/23/refrn/V-TRANSACTION.html
        """
        cursor = dbapi_connection.cursor()
        try:
            name = cursor.var(str)
            cursor.execute(
                "BEGIN :trans_id := DBMS_TRANSACTION.LOCAL_TRANSACTION_ID(TRUE); END;", {"trans_id": name}
            )
            usn, slot, sqn = name.getvalue().split(".", 2)
            cursor.execute(
                "SELECT CASE BITAND(t.flag, POWER(2, 28)) WHEN 0 THEN 'READ COMMITTED' ELSE "
                "'SERIALIZABLE' END "
                "FROM v$transaction t WHERE t.xidusn = :usn AND t.xidslot = :slot AND t.xidsqn = :sqn",
                {"usn": int(usn), "slot": int(slot), "sqn": int(sqn)},
            )
            row = cursor.fetchone()
        finally:
            cursor.close()
        if row is None:
            raise exc.InvalidRequestError("Could not retrieve isolation level")
        return str(row[0])
