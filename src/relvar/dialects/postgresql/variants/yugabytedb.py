"""
YugabyteDB (YSQL).

Sources: https://docs.yugabyte.com/stable/develop/learn/transactions/transactions-errorcodes-ysql,
https://docs.yugabyte.com/stable/api/ysql/the-sql-language/statements/ddl_create_table/
"""

from __future__ import annotations

from typing import Any, NoReturn

from relvar import exc
from relvar.dialects.postgresql.ddl import PGDDLCompiler
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.variants.base import Variant
from relvar.schema import Table

__all__ = ["YugabyteVariant"]

_PAGE = "https://docs.yugabyte.com/stable/explore/ysql-language-features/postgresql-compatibility/"


class _DDLCompiler(PGDDLCompiler):
    """
    DDL for YugabyteDB.
    """

    def visit_exclude_constraint(self, constraint: Any, **kw: Any) -> NoReturn:
        """Refuse EXCLUDE."""
        raise YugabyteVariant._missing("EXCLUDE constraints", "leave it out with ddl_if()", _PAGE)

    def post_create_table(self, table: Any) -> str:
        """Render what follows the columns, then into how many tablets the rows are split."""
        text = super().post_create_table(table)
        tablets = table.dialect_options["yugabytedb"]["split_into"]
        if tablets is None:
            return text
        if not isinstance(tablets, int) or tablets < 1:
            raise exc.CompileError(f"yugabytedb_split_into is a number of tablets, not {tablets!r}")
        return f"{text}\n SPLIT INTO {tablets} TABLETS"


class YugabyteVariant(Variant):
    """
    YugabyteDB, by any driver of PostgreSQL.

    Conflicts (SQLSTATE 40001, also "Restart read required") and deadlocks (40P01) are tried again by
    ``run()``.
    """

    variant = "yugabytedb"
    title = "YugabyteDB"
    ddl_compiler: Any = _DDLCompiler
    construct_arguments: Any = [
        *PGDialect.construct_arguments,
        (Table, {"split_into": None}),
    ]  # read-only by convention

    def _version_of(self, text: str) -> tuple[int, ...]:
        # "PostgreSQL 15.2-YB-2.25.0.0-b0 on ..."
        if "-YB-" not in text:
            raise exc.InvalidRequestError(
                f"A URL yugabytedb://... is for YugabyteDB, and the server says that it is {text!r}: take "
                "postgresql://"
            )
        return super()._version_of(text)  # type: ignore[misc,no-any-return]  # of the driver's dialect

    def do_begin_twophase(self, connection: Any, xid: Any) -> NoReturn:
        """Refuse two-phase transactions of a client."""
        raise NotImplementedError(
            "YugabyteDB has no two-phase transactions of clients; use begin(): it commits on all of its "
            f"nodes, or on none ({_PAGE})"
        )
