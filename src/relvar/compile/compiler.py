"""
The compilers of SQL statements: the rule families put together.
"""

from __future__ import annotations

from typing import Any

from relvar.compile.dml import DMLRules
from relvar.compile.select import SelectRules
from relvar.expr import operators


class SQLCompiler(SelectRules, DMLRules):
    """
    Compile SQL statements and expressions.

    A dialect's compiler derives from it and overrides ``visit_...`` methods and
    ``..._clause`` methods.
    """

    # -- transactions ----------------------------------------------------

    def visit_savepoint(self, savepoint_stmt: Any, **kw: Any) -> str:
        """
        Render ``SAVEPOINT name``.
        """
        return f"SAVEPOINT {self.preparer.format_savepoint(savepoint_stmt)}"

    def visit_rollback_to_savepoint(self, savepoint_stmt: Any, **kw: Any) -> str:
        """
        Render ``ROLLBACK TO SAVEPOINT name``.
        """
        return f"ROLLBACK TO SAVEPOINT {self.preparer.format_savepoint(savepoint_stmt)}"

    def visit_release_savepoint(self, savepoint_stmt: Any, **kw: Any) -> str:
        """
        Render ``RELEASE SAVEPOINT name``.
        """
        return f"RELEASE SAVEPOINT {self.preparer.format_savepoint(savepoint_stmt)}"


class StrSQLCompiler(SQLCompiler):
    """
    Compile for reading: ``str(statement)`` without a dialect.

    What no generic SQL exists for is rendered in a form that says what it is.
    """

    _bind_names_are_sent = False

    def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> Any:
        """
        Ask the compiler of the dialect that the element says it belongs to.
        """
        name = getattr(element, "stringify_dialect", "default")
        if name != "default":
            dialect = self.dialect.dialect_by_name(name)
            compiler = dialect.statement_compiler(dialect, None, _supporting_against=self)
            if not isinstance(compiler, StrSQLCompiler):
                text = compiler.process(element, **kw)
                return compiler._placed(text, []) if compiler.positional else text
        return super().visit_unsupported_compilation(element, err, **kw)

    def _get_bind_name_for_col(self, column: Any) -> str:
        return column.key  # type: ignore[no-any-return]  # keys are text

    def visit_getitem_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a[b]``.
        """
        return f"{self.process(binary.left, **kw)}[{self.process(binary.right, **kw)}]"

    def visit_json_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a[b]``.
        """
        return self.visit_getitem_binary(binary, operator, **kw)

    def visit_json_path_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a[b]``.
        """
        return self.visit_getitem_binary(binary, operator, **kw)

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"<next sequence value: {self.preparer.format_sequence(sequence)}>"

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "aggregate_strings", **kw: Any
    ) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    def visit_try_cast(self, cast: Any, **kw: Any) -> str:
        """
        Render ``TRY_CAST(x AS type)``.
        """
        type_text = cast.typeclause._compiler_dispatch(self, **kw)
        return f"TRY_CAST({cast.clause._compiler_dispatch(self, **kw)} AS {type_text})"

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        kw["asfrom"] = True
        froms = ", ".join(t._compiler_dispatch(self, fromhints=from_hints, **kw) for t in extra_froms)
        return f"FROM {froms}"

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        kw["asfrom"] = True
        froms = ", ".join(t._compiler_dispatch(self, fromhints=from_hints, **kw) for t in extra_froms)
        return f", {froms}"

    def visit_empty_set_expr(self, element_types: Any, **kw: Any) -> str:
        return "SELECT 1 WHERE 1!=1"

    def get_from_hint_text(self, table: Any, text: str) -> str | None:
        return f"[{text}]"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, " <regexp> ", **kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, " <not regexp> ", **kw)

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"<regexp replace>({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"


OPERATORS = operators.SYMBOLS
