"""
The execution context: one execution as an object, for those who ask for one.

The engine itself runs without it.  It is made when a default function wants to
see the parameters, when an event listens, when ``result.context`` is read, or
when a third-party dialect's own context class overrides one of the hooks below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from relvar import exc
from relvar.dialect.interface import CacheStats, ExecuteStyle, ExecutionContext
from relvar.util.immutable import EMPTY_DICT
from relvar.util.pattern import pattern

# Overriding one of these makes the engine create a context for every execution.
HOOKS = (
    "pre_exec",
    "post_exec",
    "create_cursor",
    "create_default_cursor",
    "create_server_side_cursor",
    "get_lastrowid",
    "get_result_processor",
    "get_result_proxy",
    "handle_dbapi_exception",
    "_setup_result_proxy",
    "rowcount",
    "get_rowcount",
    "fetchall_for_returning",
    "get_insert_default",
    "get_update_default",
    "_use_server_side_cursor",
    "get_out_parameter_values",
)


_READS = pattern(r"[\s(]*(SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)


def wants_server_side(dialect: Any, options: Mapping[str, Any], statement: str) -> bool:
    """
    Tell whether rows of a statement are to stay on the server until they are read.

    There are three cases:
    1. the option ``yield_per`` says so, or ``stream_results`` does, or that they are not;
    2. the engine was made with ``server_side_cursors=True``: of each statement that reads;
    3. nobody says anything: no.
    """
    if not dialect.supports_server_side_cursors:
        return False
    if options.get("yield_per"):
        return True
    said = options.get("stream_results")
    if said is not None:
        return bool(said)
    return bool(dialect.server_side_cursors) and _READS.match(statement) is not None


def result_processor(dialect: Any, type_: Any, name: str, coltype: Any) -> Any:
    """
    Give the result processor of a column, as the dialect's context does if it has a way of its own.
    """
    cls = dialect.execution_ctx_cls
    if cls.get_result_processor is DefaultExecutionContext.get_result_processor:
        return type_._cached_result_processor(dialect, coltype)
    # columns are described once for all executions: of the context only the dialect is known
    context = cls.__new__(cls)
    context.dialect = dialect
    return context.get_result_processor(type_, name, coltype)


class DefaultExecutionContext(ExecutionContext):
    """
    One execution of a statement.

    Attributes:
        plan: What is executed, without its values.
        compiled_parameters: The parameters by name, before bind processors; one dictionary per row.
        parameters: What the driver gets.
        current_parameters: While a default function runs: the row it is for.
        cursor_fetch_strategy: Where the rows are, if ``post_exec()`` has read them.
    """

    isinsert = False
    isupdate = False
    isdelete = False
    is_crud = False
    is_text = False
    isddl = False
    execute_style = ExecuteStyle.EXECUTE
    compiled: Any = None
    cursor: Any = None
    statement: str = ""
    result_column_struct: Any = None
    returned_default_rows: Any = None
    execution_options: Mapping[str, Any] = EMPTY_DICT
    cache_hit: CacheStats = CacheStats.NO_CACHE_KEY
    invoked_statement: Any = None
    current_parameters: dict[str, Any] | None = None
    current_column: Any = None
    no_parameters = False
    cursor_fetch_strategy: Any = None
    plan: Any = None
    extracted_parameters: Any = None
    unicode_statement: str = ""
    include_set_input_sizes: Any = None
    exclude_set_input_sizes: Any = None

    _is_implicit_returning = False
    _is_explicit_returning = False
    _is_server_side = False
    _soft_closed = False
    _rowcount: int | None = None
    _dbapi_connection: Any = None

    def __init__(self) -> None:
        self.compiled_parameters: list[dict[str, Any]] = []
        self.parameters: Any = []

    @classmethod
    def _of_execution(
        cls,
        connection: Any,
        plan: Any,
        *,
        parameters: Any = None,
        compiled_parameters: Any = None,
        invoked_statement: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        cursor: Any = None,
        many: bool = False,
        cache_hit: CacheStats = CacheStats.NO_CACHE_KEY,
        statement: str | None = None,
    ) -> DefaultExecutionContext:
        """
        Make the context of an execution of *plan*.
        """
        self = cls.__new__(cls)
        self.plan = plan
        self.root_connection = connection
        self._dbapi_connection = connection.connection if not connection.closed else None
        self.dialect = connection.dialect
        self.cursor = cursor
        self.parameters = parameters
        self.compiled_parameters = compiled_parameters or []
        self.invoked_statement = invoked_statement
        self.execution_options = execution_options
        self.cache_hit = cache_hit
        self.execute_style = ExecuteStyle.EXECUTEMANY if many else ExecuteStyle.EXECUTE
        if plan is not None:
            self.statement = plan.text if statement is None else statement
            compiled = self.compiled = plan.compiled
            self.isinsert = plan.is_insert
            self.isupdate = plan.is_update
            self.isdelete = plan.is_delete
            self.is_crud = plan.is_insert or plan.is_update or plan.is_delete
            self.isddl = plan.is_ddl
            self.is_text = plan.is_text
            self.unicode_statement = self.statement
            self._is_implicit_returning = bool(plan.implicit_returning)
            self._is_explicit_returning = bool(
                plan.is_crud and plan.returns_rows and not plan.implicit_returning
            )
            if compiled is not None:
                self.result_column_struct = (
                    compiled._result_columns,
                    getattr(compiled, "_ordered_columns", True),
                    getattr(compiled, "_textual_ordered_columns", False),
                    getattr(compiled, "_ad_hoc_textual", False),
                    getattr(compiled, "_loose_column_name_matching", False),
                )
        elif statement is not None:
            self.statement = statement
            self.is_text = True
        self._is_server_side = wants_server_side(self.dialect, execution_options, self.statement)
        return self

    # -- what there is ----------------------------------------------------------

    @property
    def executemany(self) -> bool:  # type: ignore[override]  # an attribute to those who only read it
        """Whether there are several rows of parameters."""
        return self.execute_style is not ExecuteStyle.EXECUTE

    @property
    def engine(self) -> Any:
        """The engine."""
        return self.root_connection.engine

    @property
    def connection(self) -> Any:
        """The connection."""
        return self.root_connection

    @property
    def identifier_preparer(self) -> Any:
        """Quotes names, with the schema translation of the execution."""
        if self.compiled is not None:
            return self.compiled.preparer
        if "schema_translate_map" in self.execution_options:
            return self.dialect.identifier_preparer._with_schema_translate(
                self.execution_options["schema_translate_map"]
            )
        return self.dialect.identifier_preparer

    @property
    def postfetch_cols(self) -> Any:
        """Columns whose values only the database knows now."""
        return self.compiled.postfetch if self.is_crud and self.compiled is not None else None

    @property
    def prefetch_cols(self) -> Any:
        """Columns whose defaults were computed before the execution."""
        if self.compiled is None:
            return ()
        if self.isinsert:
            return self.compiled.insert_prefetch
        if self.isupdate:
            return self.compiled.update_prefetch
        return ()

    def supports_sane_rowcount(self) -> bool:
        """Whether ``rowcount`` is right."""
        return bool(self.dialect.supports_sane_rowcount)

    def supports_sane_multi_rowcount(self) -> bool:
        """Whether ``rowcount`` is right after executemany."""
        return bool(self.dialect.supports_sane_multi_rowcount)

    @property
    def rowcount(self) -> int:
        """How many rows the statement met."""
        count = self.get_rowcount() if self._rowcount is None else self._rowcount
        return -1 if count is None else count

    def get_rowcount(self) -> int | None:
        """How many rows the statement met; hook for dialects."""
        return self.cursor.rowcount  # type: ignore[no-any-return]  # a driver's attribute

    def lastrow_has_defaults(self) -> bool:
        """Whether the last row got values that only the database knows."""
        return (self.isinsert or self.isupdate) and bool(self.compiled.postfetch)

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """
        Give the parameters of the row a default function is called for.

        Args:
            isolate_multiinsert_groups:
                For ``INSERT ... VALUES (...), (...)``: only the row at hand, under plain column names.

        Raises:
            InvalidRequestError: No default function is running.
        """
        if self.current_parameters is None:
            raise exc.InvalidRequestError(
                "get_current_parameters() can only be invoked in the context of a Python side column "
                "default function"
            )
        column = self.current_column
        if not isolate_multiinsert_groups or not getattr(self.compiled.statement, "_multi_values", ()):
            return self.current_parameters
        return self._group_of_row(column, self.current_parameters)

    @staticmethod
    def _group_of_row(column: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """
        Pick the parameters of one row of ``VALUES (...), (...)``, which end in ``_m<row>``.

        Only the defaults of the first row have plain names.
        """
        is_first = not hasattr(column, "original")
        row = 0 if is_first else column.index + 1
        table = column.table if is_first else column.original.table
        names = {c.key for c in table.c}
        group: dict[str, Any] = {}
        for key, value in parameters.items():
            base, _, number = key.rpartition("_m")
            if base in names and number.isdigit():
                if int(number) == row:
                    group[base] = value
            elif is_first:
                group[key] = value
        return group

    # -- hooks for dialects -----------------------------------------------------

    def pre_exec(self) -> None:
        """Run just before the cursor executes; may change ``statement`` and ``parameters``."""

    def post_exec(self) -> None:
        """Run just after the cursor executed."""

    def create_cursor(self) -> Any:
        """Make the cursor."""
        if self._use_server_side_cursor():
            self._is_server_side = True
            return self.create_server_side_cursor()
        self._is_server_side = False
        return self.create_default_cursor()

    def _use_server_side_cursor(self) -> bool:
        return wants_server_side(self.dialect, self.execution_options, self.statement)

    def create_default_cursor(self) -> Any:
        """Make an ordinary cursor."""
        return self._dbapi_connection.cursor()

    def create_server_side_cursor(self) -> Any:
        """Make a cursor whose rows stay on the server; for dialects that have them."""
        raise NotImplementedError()

    def fetchall_for_returning(self, cursor: Any) -> Any:
        """Read all rows of RETURNING."""
        return cursor.fetchall()

    def get_out_parameter_values(self, out_param_names: Any) -> Any:
        """Read OUT parameters; for dialects that have them."""
        raise NotImplementedError()

    def get_lastrowid(self) -> Any:
        """Give the key the database made for the last row."""
        return self.dialect._lastrowid(self.cursor)

    def handle_dbapi_exception(self, e: BaseException) -> None:
        """See a driver's error before it is wrapped."""

    def get_result_processor(self, type_: Any, colname: str, coltype: Any) -> Any:
        """Give the result processor of a column."""
        return type_._cached_result_processor(self.dialect, coltype)

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        raise NotImplementedError()

    def _execute_scalar(self, stmt: str, type_: Any, parameters: Any = None) -> Any:
        """
        Run text on a cursor of its own, giving the first value.
        """
        translate = self.execution_options.get("schema_translate_map")
        if translate:
            stmt = self.identifier_preparer._render_schema_translates(stmt, translate)
        cursor = self._dbapi_connection.cursor()
        try:
            if parameters is None:
                parameters = self.dialect.execute_sequence_format() if self.dialect.positional else {}
            self.root_connection._cursor_execute(cursor, stmt, parameters, self)
            row = cursor.fetchone()
        finally:
            cursor.close()
        value = row[0] if row is not None else None
        if type_ is not None:
            processor = type_._cached_result_processor(self.dialect, None)
            if processor is not None:
                return processor(value)
        return value

    def _exec_default(self, column: Any, default: Any, type_: Any) -> Any:
        if default.is_sequence:
            if self.cursor is not None or type(self).fire_sequence.__module__.startswith("relvar."):
                return self.fire_sequence(default, type_)
            # contexts of others may use it
            with closing(self.create_cursor()) as cursor:
                self.cursor = cursor
                try:
                    return self.fire_sequence(default, type_)
                finally:
                    self.cursor = None
        if default.is_callable:
            self.current_column = column
            return default.arg(self)
        if default.is_clause_element:
            return self.root_connection.scalar(default.arg)
        return default.arg

    def get_insert_default(self, column: Any) -> Any:
        """Compute the default of a column for an INSERT."""
        return None if column.default is None else self._exec_default(column, column.default, column.type)

    def get_update_default(self, column: Any) -> Any:
        """Compute the default of a column for an UPDATE."""
        return None if column.onupdate is None else self._exec_default(column, column.onupdate, column.type)
