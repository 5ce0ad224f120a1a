"""
The dialect of Amazon Redshift, whatever the driver.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from relvar import types as sqltypes
from relvar.compile.insertmany import InsertmanyvaluesSentinelOpts
from relvar.dialect.default import DefaultDialect
from relvar.dialect.interface import AggregateOrderByStyle
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.json import JSONB
from relvar.schema import Column, CreateTableAs, CreateView, Table
from relvar_redshift.compiler import RedshiftCompiler
from relvar_redshift.ddl import RedshiftDDLCompiler
from relvar_redshift.names import RedshiftIdentifierPreparer
from relvar_redshift.reflection import RedshiftReflection
from relvar_redshift.types import ISCHEMA_NAMES, SUPER
from relvar_redshift.typesql import RedshiftTypeCompiler

__all__ = ["RedshiftDialectMixin", "colspecs"]

_REDSHIFT = re.compile(r"\bRedshift ([\d.]+)")
_DISTRIBUTED = {"diststyle": None, "distkey": None, "sortkey": None, "interleaved_sortkey": None}

_NOT_THERE = (sqltypes.ARRAY, sqltypes.Enum, sqltypes.JSON.JSONPathType, sqltypes.Uuid)


def colspecs(of_postgresql: Mapping[Any, Any]) -> dict[Any, Any]:
    """
    Return generic type -> what Redshift uses for it, from what a driver has for PostgreSQL.
    """
    kept = {kind: spec for kind, spec in of_postgresql.items() if not issubclass(kind, _NOT_THERE)}
    return {**{kind: spec for kind, spec in kept.items() if kind is not JSONB}, sqltypes.JSON: SUPER}


class RedshiftDialectMixin(RedshiftReflection):
    """
    What Redshift changes of PostgreSQL's dialect.
    """

    name = "redshift"
    supports_statement_cache = True

    statement_compiler: Any = RedshiftCompiler
    ddl_compiler: Any = RedshiftDDLCompiler
    type_compiler_cls: Any = RedshiftTypeCompiler
    preparer: Any = RedshiftIdentifierPreparer
    ischema_names: Any = ISCHEMA_NAMES

    # https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
    max_identifier_length = 127
    supports_native_enum = False
    supports_native_uuid = False
    supports_sequences = False
    sequences_optional = True
    preexecute_autoincrement_sequences = False
    supports_is_distinct_from = False
    supports_identity_columns: Any = True
    aggregate_order_by_style = AggregateOrderByStyle.WITHIN_GROUP
    supports_constraint_comments = False
    insert_returning = update_returning = delete_returning = False
    update_returning_multifrom = delete_returning_multifrom = False
    insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.NOT_SUPPORTED
    use_insertmanyvalues = True
    # rows one by one are slow there: https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
    use_insertmanyvalues_wo_returning = True

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        *PGDialect.construct_arguments,
        (Table, {**_DISTRIBUTED, "backup": None, "encode": None}),
        (Column, {"encode": None, "distkey": None, "sortkey": None, "identity": None}),
        (CreateView, {**_DISTRIBUTED, "with_no_schema_binding": False}),
        (CreateTableAs, dict(_DISTRIBUTED)),
    ]

    # https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
    _CONFLICTS = ("Serializable isolation violation", "could not serialize", "deadlock detected")

    is_redshift = True
    # in a literal too: https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html
    _backslash_escapes = True
    _supports_jsonb_subscripting = False

    def initialize(self, connection: Any) -> None:
        """Find out what the server is; a PostgreSQL that stands in for it is asked what it has, as ever."""
        text = connection.exec_driver_sql("select version()").scalar()
        self.is_redshift = _REDSHIFT.search(text) is not None
        if self.is_redshift:
            # what PostgreSQL's dialects ask besides, of settings and types, came after PostgreSQL 8.0
            DefaultDialect.initialize(self, connection)  # type: ignore[arg-type]  # it is mixed with one
            return
        super().initialize(connection)  # type: ignore[misc]  # of the dialect that this is mixed with
        self.supports_identity_columns = True
        self._supports_jsonb_subscripting = False

    def is_retryable(self, e: BaseException) -> bool:
        """Tell whether a transaction may succeed if it is tried again: error 1023 has no code of its own."""
        said = str(e)
        return any(words in said for words in self._CONFLICTS) or bool(
            super().is_retryable(e)  # type: ignore[misc]  # of the dialect that this is mixed with
        )

    def get_isolation_level_values(self, dbapi_connection: Any) -> tuple[str, ...]:
        """
        List the isolation levels there are; each of them is SERIALIZABLE, or the SNAPSHOT of the database.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
        """
        return ("AUTOCOMMIT", "SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ")

    def do_begin_twophase(self, connection: Any, xid: Any) -> NoReturn:
        """Refuse two-phase transactions."""
        raise NotImplementedError(
            "Amazon Redshift has no two-phase transactions; use begin(), not begin_twophase()"
        )
