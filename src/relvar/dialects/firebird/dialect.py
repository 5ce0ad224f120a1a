"""
The dialect of Firebird, whatever the driver.

What a server can do is read from its version when the first connection is made; without a connection it is
taken for Firebird 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from relvar.dialect.characteristics import CONNECTION_CHARACTERISTICS, ConnectionCharacteristic
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.interface import BindTyping
from relvar.dialects.firebird import errors
from relvar.dialects.firebird.compiler import FBCompiler
from relvar.dialects.firebird.ddl import FBDDLCompiler, FBTypeCompiler
from relvar.dialects.firebird.names import FBIdentifierPreparer
from relvar.dialects.firebird.reflection import FBInspector, FBReflection
from relvar.dialects.firebird.transactions import LockTimeout, ReadOnly, Transactions, check_lock_timeout
from relvar.dialects.firebird.types import COLSPECS
from relvar.schema import Index, Table
from relvar.util.immutable import immutabledict

_VERSION = re.compile(r"\d+")


class FBExecutionContext(DefaultExecutionContext):
    """
    One execution on Firebird.
    """

    dialect: Any

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        name = self.identifier_preparer.format_sequence(seq)
        return self._execute_scalar(f"SELECT NEXT VALUE FOR {name} FROM rdb$database", type_)

    def get_lastrowid(self) -> Any:
        """Give nothing: keys come by RETURNING only."""
        return None

    def get_rowcount(self) -> int | None:
        """Count the rows that were changed: drivers count none where RETURNING gives one row."""
        if self.is_crud and not self.executemany:
            return int(self.dialect._changed_rows(self.cursor))
        return super().get_rowcount()


class FBDialect(FBReflection, Transactions):
    """
    Firebird.

    Args:
        lock_timeout: Seconds that transactions wait for locks; 0: not at all; None: as long as it takes.
    """

    name = "firebird"
    supports_statement_cache = True

    statement_compiler: Any = FBCompiler
    ddl_compiler = FBDDLCompiler
    type_compiler_cls = FBTypeCompiler
    preparer: Any = FBIdentifierPreparer
    execution_ctx_cls = FBExecutionContext
    inspector = FBInspector
    colspecs: Mapping[Any, Any] = COLSPECS
    bind_typing = BindTyping.RENDER_CASTS

    default_paramstyle = "qmark"
    requires_name_normalize = True
    supports_schemas = False
    supports_native_boolean: bool = True
    supports_native_decimal = True
    supports_sequences = True
    sequences_optional = True
    supports_identity_columns: bool = True
    supports_comments = True
    supports_default_values = True
    supports_empty_insert = False
    supports_is_distinct_from = True
    supports_sane_multi_rowcount = False
    postfetch_lastrowid = False
    insert_returning = True
    update_returning: bool = True
    delete_returning: bool = True
    cte_follows_insert = True
    # many rows go into a block
    use_insertmanyvalues = True
    use_insertmanyvalues_wo_returning = True
    insert_executemany_returning = True
    insert_executemany_returning_sort_by_parameter_order = True
    returns_native_bytes = True
    div_is_floordiv = True
    binary_literal_template: str | None = "x'{}'"
    non_finite_literals: Mapping[str, str] = immutabledict()
    exponent_makes_float = True
    nul_ends_statement = False
    max_identifier_length: int = 63

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (Table, {"on_commit": None}),
        (Index, {"descending": False, "where": None}),
    ]

    connection_characteristics: Mapping[str, ConnectionCharacteristic] = CONNECTION_CHARACTERISTICS.union(
        {"firebird_lock_timeout": LockTimeout(), "firebird_readonly": ReadOnly()}
    )

    _has_version_4 = True
    _has_version_5 = True
    _supports_offset_fetch = True
    _has_blocks = True
    # bytes of text that the driver can send; None: any number
    _longest_statement: ClassVar[int | None] = None
    _dialect_specific_select_one = "SELECT 1 FROM rdb$database"

    def __init__(self, lock_timeout: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lock_timeout = check_lock_timeout(lock_timeout)

    def _options_of(self, url: Any) -> dict[str, Any]:
        """
        Return the query of a URL for the driver; ``lock_timeout`` is the dialect's.
        """
        options = dict(url.query)
        seconds = options.pop("lock_timeout", None)
        if seconds is not None:
            self.lock_timeout = check_lock_timeout(int(seconds) if seconds.isdigit() else seconds)
        return options

    # -- the server -------------------------------------------------------------

    def initialize(self, connection: Any) -> None:
        """
        Find out what the server is and can do.

        Source:
            Release notes of 2.5 to 5.0; what was seen on 3.0.11 and 5.0.4.
        """
        super().initialize(connection)
        self._set_version(self.server_version_info or (5,))

    def _set_version(self, version: tuple[int, ...]) -> None:
        """
        Be a dialect of a version of Firebird.
        """
        self._has_version_4 = version >= (4,)
        self._has_version_5 = version >= (5,)
        self._has_blocks = self._supports_offset_fetch = self.supports_native_boolean = version >= (3,)
        self.supports_identity_columns = version >= (3,)
        # one row at most comes back before that
        self.update_returning = self._has_version_5
        self.delete_returning = self._has_version_5
        if not self._user_defined_max_identifier_length:
            self.max_identifier_length = 63 if self._has_version_4 else 31
        self.identifier_preparer._set_version(version)

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = connection.exec_driver_sql(
            "SELECT rdb$get_context('SYSTEM', 'ENGINE_VERSION') FROM rdb$database"
        ).scalar()
        return tuple(map(int, _VERSION.findall(text)))

    # -- values ------------------------------------------------------------------

    def _timestamp_converter(self, timezone: bool) -> Callable[[Any], Any] | None:
        """
        Give what makes of a date and time what the driver takes; None: it takes it as it is.
        """
        return None

    def _time_converter(self, timezone: bool) -> Callable[[Any], Any] | None:
        """
        The same for a time of day.
        """
        return None

    # -- errors ------------------------------------------------------------------

    def _pep249_name(self, e: BaseException) -> str | None:
        return errors.class_name(e)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost."""
        return not errors.LOST.isdisjoint(errors.codes_of(e))

    def is_retryable(self, e: BaseException) -> bool:
        """Tell whether a transaction failed by a conflict with others."""
        return not errors.RETRYABLE.isdisjoint(errors.codes_of(e))

    def _is_cancelled(self, e: BaseException) -> bool:
        codes = errors.codes_of(e)
        return errors.CANCELLED in codes or not errors.STATEMENT_TIMEOUTS.isdisjoint(codes)
