"""
The dialects of SAP ASE and SQL Anywhere, whatever the driver.

Source: ASE 15.7, Reference Manual: Commands, set (transaction isolation level); SQL Anywhere 16, SQL Usage:
isolation levels and consistency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from relvar import types as sqltypes
from relvar.dialect.default import DefaultDialect
from relvar.dialects.sybase.compiler import AnywhereCompiler, AseCompiler
from relvar.dialects.sybase.ddl import AnywhereDDLCompiler, AseDDLCompiler
from relvar.dialects.sybase.execution import AnywhereExecutionContext, AseExecutionContext
from relvar.dialects.sybase.names import AnywhereIdentifierPreparer, AseIdentifierPreparer
from relvar.dialects.sybase.reflection import AnywhereReflection, AseReflection
from relvar.dialects.sybase.types import ANYWHERE_NAMES, ASE_NAMES
from relvar.dialects.sybase.typesql import AnywhereTypeCompiler, AseTypeCompiler
from relvar.schema import Index
from relvar.util.immutable import EMPTY_DICT

__all__ = ["AnywhereDialect", "AseDialect"]

_NUMBERS = re.compile(r"\d+(?:\.\d+)+")
_SERVICE_PACK = re.compile(r"\bSP(\d+)")
# where ROWS LIMIT came
_ROWS_SINCE = (16, 0, 2)


class _SybaseDialect(DefaultDialect):
    """
    What both have in common.
    """

    default_paramstyle = "qmark"
    supports_native_boolean = False
    supports_native_decimal = True
    non_native_boolean_check_constraint = False
    supports_unicode_binds = True
    supports_sane_multi_rowcount = False
    postfetch_lastrowid = True
    returns_native_bytes = True
    binary_literal_template: str = "0x{}"
    non_finite_literals: Mapping[str, str] = EMPTY_DICT
    exponent_makes_float = True
    supports_alter = True
    _asks_for_version = "SELECT @@version"

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = str(connection.exec_driver_sql(self._asks_for_version).scalar())
        found = _NUMBERS.search(text)
        return () if found is None else tuple(int(part) for part in found[0].split("."))

    def _get_default_schema_name(self, connection: Any) -> str | None:
        name: str | None = connection.exec_driver_sql("SELECT USER_NAME()").scalar()
        return name


class AseDialect(AseReflection, _SybaseDialect):
    """
    SAP ASE, once Sybase Adaptive Server Enterprise.

    Args:
        rows_limit: The server has ``ROWS LIMIT n OFFSET m``; when not given, it is asked for its version.
    """

    name = "sybase"
    supports_statement_cache = True

    statement_compiler: Any = AseCompiler
    ddl_compiler = AseDDLCompiler
    type_compiler_cls = AseTypeCompiler
    preparer: Any = AseIdentifierPreparer
    execution_ctx_cls: Any = AseExecutionContext
    ischema_names: dict[str, Any] = ASE_NAMES

    max_identifier_length: int = 255
    supports_default_values = False
    supports_empty_insert = True
    construct_arguments: Any = [
        (Index, {"clustered": None})
    ]  # read-only by convention, as in third-party dialects
    # deadlock
    _RETRYABLE_CODES: ClassVar[frozenset[Any]] = frozenset({1205})

    def __init__(self, rows_limit: bool | None = None, **opts: Any) -> None:
        super().__init__(**opts)
        self._finds_rows_limit = rows_limit is None
        self.rows_limit: bool = bool(rows_limit)

    def initialize(self, connection: Any) -> None:
        """Find out what the server can do."""
        super().initialize(connection)
        version = self.server_version_info or ()
        if self._finds_rows_limit:
            self.rows_limit = version >= _ROWS_SINCE
        if version and version < (15,):
            self.max_identifier_length = 30

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        # Adaptive Server Enterprise/16.0 SP03 PL08/...
        text = str(connection.exec_driver_sql(self._asks_for_version).scalar())
        found, pack = _NUMBERS.search(text), _SERVICE_PACK.search(text)
        if found is None:
            return ()
        numbers = [int(part) for part in found[0].split(".")]
        return (*numbers[:2], int(pack[1]) if pack else 0)

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return list(_LEVELS)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the session."""
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {_LEVELS[level]}")
        cursor.close()

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level of the session."""
        cursor = dbapi_connection.cursor()
        cursor.execute("SELECT @@isolation")
        number = int(cursor.fetchone()[0])
        cursor.close()
        return next(level for level, known in _LEVELS.items() if known == number)

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Do nothing: a savepoint ends with its transaction."""


_LEVELS = {"READ UNCOMMITTED": 0, "READ COMMITTED": 1, "REPEATABLE READ": 2, "SERIALIZABLE": 3}


class AnywhereDialect(AnywhereReflection, _SybaseDialect):
    """
    SQL Anywhere, 12 and later.
    """

    name = "sqlany"
    supports_statement_cache = True

    statement_compiler: Any = AnywhereCompiler
    ddl_compiler = AnywhereDDLCompiler
    type_compiler_cls = AnywhereTypeCompiler
    preparer: Any = AnywhereIdentifierPreparer
    execution_ctx_cls: Any = AnywhereExecutionContext
    ischema_names: dict[str, Any] = ANYWHERE_NAMES

    max_identifier_length: int = 128
    supports_default_values = True
    supports_comments = True
    supports_sequences = True
    sequences_optional = True
    cte_follows_insert = True
    construct_arguments: Any = [
        (Index, {"clustered": None})
    ]  # read-only by convention, as in third-party dialects
    colspecs: dict[Any, Any] = {sqltypes.Boolean: sqltypes.Boolean}
    # deadlock, all threads blocked, row locked by another: SQL Anywhere 16, Error Messages by SQLCODE
    _RETRYABLE_CODES: ClassVar[frozenset[Any]] = frozenset({-306, -307, -210})

    def _get_default_schema_name(self, connection: Any) -> str | None:
        name: str | None = connection.exec_driver_sql("SELECT CURRENT USER").scalar()
        return name

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return [*_LEVELS, "SNAPSHOT", "STATEMENT SNAPSHOT", "READONLY STATEMENT SNAPSHOT"]

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the connection."""
        value = str(_LEVELS[level]) if level in _LEVELS else f"'{level.lower().replace(' ', '-')}'"
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET TEMPORARY OPTION isolation_level = {value}")
        cursor.close()

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level of the connection."""
        cursor = dbapi_connection.cursor()
        cursor.execute("SELECT CONNECTION_PROPERTY('isolation_level')")
        value = str(cursor.fetchone()[0])
        cursor.close()
        if value.isdigit():
            return next(level for level, known in _LEVELS.items() if known == int(value))
        return value.upper().replace("-", " ")
