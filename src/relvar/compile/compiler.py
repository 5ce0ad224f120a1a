"""
The compilers of SQL statements: the rule families put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.clauses import configure_clauses
from relvar._kernels.lists import configure_lists
from relvar._kernels.texts import PlainRules, configure_texts
from relvar.compile.assignment import new_assignment
from relvar.compile.base import new_entry
from relvar.compile.bindname import _stems
from relvar.compile.compound import CompoundRules
from relvar.compile.dml import DMLRules
from relvar.compile.marks import LIST_START
from relvar.compile.names import IdentifierPreparer
from relvar.expr import operators
from relvar.expr.binary import BinaryExpression, _grouped
from relvar.expr.boolean import CONSTANTS, criteria_that_count
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import Grouping
from relvar.expr.label import Label
from relvar.expr.names import _anonymous_label, _truncated_label
from relvar.expr.operators import SYMBOLS
from relvar.stmt.labels import LABEL_STYLE_DISAMBIGUATE_ONLY, ColumnName, columns_plus_names, key_of

if TYPE_CHECKING:
    from relvar.compile.upsert import Conflict


# Name of a node -> its rule, and those that this asks.
PLAIN_RULES: dict[str, tuple[str, ...]] = {
    "column": ("_column_table_text", "_truncated_identifier"),
    "bindparam": (
        "visit_bindparam",
        "_truncate_bindparam",
        "_numbered_name",
        "_register_bind",
        "_check_bind_conflict",
    ),
    "binary": ("visit_binary", "_generate_generic_binary", "_operator_text"),
    "expression_clauselist": ("visit_expression_clauselist", "_joined", "_operator_text"),
    "clauselist": ("visit_clauselist", "_joined", "_operator_text"),
    "grouping": ("visit_grouping",),
    "case": ("visit_case",),
    "literal_column": ("escape_literal_column",),
    "pattern": ("visit_like_op_binary", "visit_not_like_op_binary", "_like"),
    "label": ("visit_label",),
    "table": ("visit_table",),
    "alias": ("visit_alias", "_alias_name", "get_render_as_alias_suffix"),
    "join": ("visit_join",),
    "assignment": ("_planned", "_given_values", "_crud_text"),
    "update": (
        "visit_update",
        "_crud_params",
        "_effective_returning",
        "_dml_tail",
        "_where_text",
        "_repeats_target",
        "update_tables_clause",
        "update_post_criteria_clause",
    ),
    "returning": (
        "_returning_text",
        "returning_clause",
        "_plain_returning",
        "_named_returning",
        "_label_returning_column",
    ),
}

# Operators with a method that writes no more than these.
_PATTERNS = {operators.like_op: " LIKE ", operators.not_like_op: " NOT LIKE "}


def _overrides(cls: Any, rules: tuple[str, ...]) -> bool:
    """
    Tell whether a class of compilers has any of the rules in a form of its own.
    """
    return any(getattr(cls, name) is not getattr(_with_rule(name), name) for name in rules)


def _with_rule(name: str) -> Any:
    """
    Return the class that brings a rule into all compilers.
    """
    return CompoundRules if hasattr(CompoundRules, name) else DMLRules


class SQLCompiler(CompoundRules, DMLRules):
    """
    Compile SQL statements and expressions.

    A dialect's compiler derives from it and overrides ``visit_...`` methods and
    ``..._clause`` methods.
    """

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        plain = frozenset(name for name, rules in PLAIN_RULES.items() if not _overrides(cls, rules))
        if cls.ansi_bind_rules or cls._own_bind_rule:
            plain -= {"bindparam", "binary"}
        if cls._own_column_rule:
            plain -= {"column"}
        cls._plain_rules = PlainRules(
            plain,
            SYMBOLS,
            _PATTERNS,
            cls._method_names,
            _stems,
            _truncated_label,
            _anonymous_label,
            BinaryExpression,
            _grouped,
            IdentifierPreparer.quote,
            LIST_START,
        )

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

    # -- upsert() --------------------------------------------------------

    def visit_upsert(self, upsert_stmt: Any, **kw: Any) -> str:
        """
        Render an upsert: an INSERT with a clause, unless the database has MERGE.
        """
        return self.visit_insert(upsert_stmt, **kw)

    def visit_conflict_rule(self, rule: Any, **kw: Any) -> str:
        """
        Render the clause behind the values of an upsert.
        """
        from relvar.compile.upsert import plan_conflict  # rare

        toplevel = len(self.stack) == 1
        stmt = self.stack[-1]["selectable"]
        conflict = plan_conflict(stmt, self.column_keys if toplevel else None, self.dialect.name)
        if stmt._returning and not self.dialect.insert_returning:
            raise exc.CompileError(
                f"The '{self.dialect.name}' dialect has no INSERT ... RETURNING: upsert, then select the rows"
            )
        return self.conflict_clause(conflict, **kw)

    def conflict_clause(self, conflict: Conflict, **kw: Any) -> str:
        """
        Render what makes an INSERT an upsert.

        Raises:
            CompileError: relvar does not know how this database says it.
        """
        raise exc.CompileError(
            f"upsert() is not available for the '{self.dialect.name}' dialect: update() the rows that are "
            "there, then insert() the others, in one transaction; or send the database's own MERGE with "
            "text()"
        )


class StrSQLCompiler(SQLCompiler):
    """
    Compile for reading: ``str(statement)`` without a dialect.

    What no generic SQL exists for is rendered in a form that says what it is.
    """

    literal_execute_params: Any
    post_compile_params: Any

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
                self.literal_execute_params |= compiler.literal_execute_params
                self.post_compile_params |= compiler.post_compile_params
                return compiler._placed(text, []) if compiler.positional else text
        return super().visit_unsupported_compilation(element, err, **kw)

    def _fallback_column_name(self, column: Any) -> str:
        return "<name unknown>"

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        # no database ignores DISTINCT ON here: nothing to warn of
        return "DISTINCT " if select._distinct else ""

    def _named_returning(self, stmt: Any, columns: Any) -> list[tuple[Any, Any]]:
        # each column by itself: what is read need not tell columns of the same name apart
        return [(column, self._returning_name(column)) for raw in columns for column in raw._select_iterable]

    def _returning_name(self, column: Any) -> ColumnName:
        entry = columns_plus_names([column], LABEL_STYLE_DISAMBIGUATE_ONLY)[0]
        is_plain = column._is_named and not isinstance(column, Label)
        if is_plain and self._type_facts(column.type).wraps_columns:
            return entry._replace(required_label_name=column._anon_name_label)
        return entry

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
        return f"FROM {self._dml_froms(extra_froms, from_hints, **kw)}"

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f", {self._dml_froms(extra_froms, from_hints, **kw)}"

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

configure_texts(Grouping, ColumnElement, CONSTANTS, criteria_that_count, operators._asbool, operators.and_)
configure_lists(Label, new_entry, key_of)
configure_clauses(new_assignment)
