"""
CockroachDB.

Sources: https://www.cockroachlabs.com/docs/stable/postgresql-compatibility,
https://www.cockroachlabs.com/docs/stable/transaction-retry-error-reference
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.dialects.postgresql.compiler import PGCompiler
from relvar.dialects.postgresql.ddl import PGDDLCompiler
from relvar.dialects.postgresql.variants.as_of import AsOfSystemTime
from relvar.dialects.postgresql.variants.base import Variant

__all__ = ["CockroachVariant"]

_VERSION = re.compile(r"CockroachDB \w+ v(\d+)\.(\d+)\.(\d+)")
_DEFERRABLE = "https://github.com/cockroachdb/cockroach/issues/31632"


class _BehindTables:
    """
    The last FROM element of a SELECT, with what stands behind it.
    """

    def __init__(self, last: Any, clause: str) -> None:
        self.last, self.clause = last, clause

    def _compiler_dispatch(self, compiler: Any, **kw: Any) -> str:
        return f"{self.last._compiler_dispatch(compiler, **kw)} {self.clause}"


class _Compiler(PGCompiler):
    """
    SQL for CockroachDB.
    """

    def _compose_select_body(
        self,
        text: str,
        select_stmt: Any,
        compile_state: Any,
        inner_columns: Sequence[str],
        froms: Sequence[Any],
        byfrom: Any,
        toplevel: bool,
        kwargs: dict[str, Any],
    ) -> str:
        clauses = select_stmt._post_criteria_clause
        for clause in () if clauses is None else clauses.clauses:
            if isinstance(clause, AsOfSystemTime):
                if not froms:
                    raise exc.CompileError("AS OF SYSTEM TIME stands behind tables, and this SELECT has none")
                if select_stmt._for_update_arg is not None:
                    raise exc.CompileError(
                        "What was there in the past cannot be locked: leave out AS OF SYSTEM TIME, or "
                        "FOR UPDATE"
                    )
                when = self.process(clause.when, **kwargs)
                froms = [*froms[:-1], _BehindTables(froms[-1], f"AS OF SYSTEM TIME {when}")]
        return super()._compose_select_body(
            text, select_stmt, compile_state, inner_columns, froms, byfrom, toplevel, kwargs
        )

    def visit_as_of_system_time(self, element: Any, **kw: Any) -> str:
        """Render nothing here: it stands behind the tables."""
        return ""


class _DDLCompiler(PGDDLCompiler):
    """
    DDL for CockroachDB.
    """

    def define_constraint_deferrability(self, constraint: Any) -> str:
        """Refuse DEFERRABLE."""
        if constraint.deferrable or constraint.initially:
            raise CockroachVariant._missing(
                "deferrable constraints", "write the rows in the order of their keys", _DEFERRABLE
            )
        return ""


class CockroachVariant(Variant):
    """
    CockroachDB, by any driver of PostgreSQL.

    Conflicts (SQLSTATE 40001) are tried again by ``run()``, as the manual asks clients to.
    """

    variant = "cockroachdb"
    title = "CockroachDB"
    cockroach_version: tuple[int, ...] = ()
    statement_compiler: Any = _Compiler
    ddl_compiler: Any = _DDLCompiler

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = connection.exec_driver_sql("select version()").scalar()
        found = _VERSION.match(text)
        if found is None:
            raise exc.InvalidRequestError(
                f"A URL cockroachdb://... is for CockroachDB, and the server says that it is {text!r}"
            )
        self.cockroach_version = tuple(map(int, found.groups()))
        like = connection.exec_driver_sql("show server_version").scalar()
        return tuple(int(part) for part in re.findall(r"\d+", like)[:3])
