"""
The dialect of Oracle Database, whatever the driver.

Enough to write SQL for it; drivers and reflection are not there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialect.default import DefaultDialect
from relvar.dialect.interface import AggregateOrderByStyle
from relvar.dialects.oracle.compiler import OracleCompiler
from relvar.dialects.oracle.ddl import OracleDDLCompiler, OracleTypeCompiler
from relvar.dialects.oracle.names import OracleIdentifierPreparer
from relvar.dialects.oracle.types import COLSPECS, ISCHEMA_NAMES
from relvar.schema import Identity, Index, Table
from relvar.schema import Sequence as SQLSequence
from relvar.stmt.compound import CompoundSelect
from relvar.stmt.select import Select
from relvar.util.warning import warn_deprecated

_NOT_GIVEN: Any = object()


class OracleDialect(DefaultDialect):
    """
    Oracle Database.

    Args:
        optimize_limits: Hint how many rows are wanted where paging is by ``ROWNUM``.
        use_nchar_for_unicode: `Unicode` and `UnicodeText` are types of the national character set.
        exclude_tablespaces: Tables of these are not listed.
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
    supports_identity_columns = True
    supports_default_values = False
    supports_default_metavalue = True
    supports_empty_insert = False
    supports_native_boolean = True
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
        (Identity, {"order": None, "on_null": None}),
        (Select, {"fetch_approximate": False}),
        (CompoundSelect, {"fetch_approximate": False}),
    ]

    _supports_char_length = True
    _supports_oracle_json = True

    def __init__(
        self,
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
        self.optimize_limits = optimize_limits
        self._use_nchar_for_unicode = use_nchar_for_unicode
        self.exclude_tablespaces = exclude_tablespaces
        self.enable_offset_fetch = self._supports_offset_fetch = enable_offset_fetch
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer
