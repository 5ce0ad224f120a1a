"""
SQL for Redshift: PostgreSQL's, without what Redshift refuses.
"""

from __future__ import annotations

from typing import Any, NoReturn

from relvar.dialects.postgresql.compiler import PGCompiler
from relvar.dialects.postgresql.drivers._pg8000_compiler import PGCompiler_pg8000
from relvar_redshift.refusal import refusal

__all__ = ["RedshiftCompiler", "RedshiftCompiler_redshift_connector"]


class RedshiftCompiler(PGCompiler):
    """
    Compile SQL for Redshift.
    """

    def returning_clause(self, stmt: Any, returning_cols: Any, **kw: Any) -> NoReturn:
        """Refuse RETURNING."""
        raise refusal("returning")

    def conflict_clause(self, conflict: Any, **kw: Any) -> NoReturn:
        """Refuse upsert()."""
        raise refusal("on conflict")

    def visit_on_conflict_do_nothing(self, on_conflict: Any, **kw: Any) -> NoReturn:
        """Refuse ON CONFLICT."""
        raise refusal("on conflict")

    def visit_on_conflict_do_update(self, on_conflict: Any, **kw: Any) -> NoReturn:
        """Refuse ON CONFLICT."""
        raise refusal("on conflict")

    def for_update_clause(self, select: Any, **kw: Any) -> NoReturn:
        """Refuse FOR UPDATE."""
        raise refusal("for update")

    def visit_array(self, element: Any, **kw: Any) -> NoReturn:
        """Refuse ARRAY[...]."""
        raise refusal("array")

    def visit_json_getitem_op_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> NoReturn:
        """Refuse ``->`` and ``->>``."""
        raise refusal("json operators")

    visit_json_path_getitem_op_binary = visit_json_getitem_op_binary

    def visit_sequence(self, sequence: Any, **kw: Any) -> NoReturn:
        """Refuse nextval()."""
        raise refusal("sequence")

    def visit_savepoint(self, savepoint_stmt: Any, **kw: Any) -> NoReturn:
        """Refuse SAVEPOINT."""
        raise refusal("savepoint")

    visit_rollback_to_savepoint = visit_release_savepoint = visit_savepoint

    def visit_postgresql_distinct_on(self, element: Any, **kw: Any) -> NoReturn:
        """Refuse DISTINCT ON."""
        raise refusal("distinct on")

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        """Refuse DISTINCT ON."""
        if select._distinct_on:
            raise refusal("distinct on")
        return super().get_select_precolumns(select, **kw)

    def visit_is_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Say IS DISTINCT FROM, which Redshift has not, with what it has.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-functions.html
        """
        return f"NOT {self.visit_is_not_distinct_from_binary(binary, operator, **kw)}"

    def visit_is_not_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """Compare so that two NULLs are equal."""
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"(CASE WHEN {left} = {right} OR ({left} IS NULL AND {right} IS NULL) THEN 1 ELSE 0 END = 1)"

    def visit_aggregate_strings_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``LISTAGG``; STRING_AGG there is none.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
        """
        return super().visit_aggregate_strings_func(fn, use_function_name="LISTAGG", **kw)


class RedshiftCompiler_redshift_connector(RedshiftCompiler, PGCompiler_pg8000):
    """
    Compile SQL for redshift_connector, whose ancestor is pg8000.
    """
