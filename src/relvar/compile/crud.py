"""
Which column gets which value in an INSERT or UPDATE.

Cases for one column, in this order:
  1. the statement or the execution gives a value: a parameter or an expression;
  2. a primary key column of an INSERT whose new key is wanted: see `crud_defaults`;
  3. a default (INSERT) or onupdate (UPDATE) on the client's side: an expression
     goes into the text, anything else becomes a parameter that is computed first
     (*prefetch*);
  4. a default of the database: fetched with RETURNING if the statement asks for
     defaults, else noted as to be fetched later (*postfetch*);
  5. nothing: the column is left out.

Rule 1: columns are written in the order of the table, or of ``ordered_values()``.
Rule 2: a value that no column takes is an error.

`crud_wishes` (what is to come back), `crud_values` (1.), `crud_defaults` (2. and 3.) and `crud_plan` (all
columns of a table) are the layers of one class, the work on a statement; `crud_select`, `crud_rows` and
`crud_tables` are what few statements need besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar._kernels.clauses import assignments_by_name
from relvar.compile.assignment import Assignment, Crud
from relvar.compile.columns import ColumnsRules
from relvar.compile.crud_plan import Plan
from relvar.expr.bind import REQUIRED, BindParameter
from relvar.expr.column import NamedColumn


class CrudRules(ColumnsRules):
    """
    Rules for the values of INSERT and UPDATE.
    """

    postfetch: Any
    insert_prefetch: Any
    update_prefetch: Any

    _crud_key: Any = None
    _defaults_by_column = True
    "A row of defaults may be written as the default of one column."

    def _within_exec_param_key_getter(self, column: Any) -> str:
        """
        Return the name of the parameter that the statement has for *column*.
        """
        getter = self._crud_key
        return getter(column) if getter is not None else column.key  # type: ignore[no-any-return]  # keys are text

    # -- entry -----------------------------------------------------------

    def _crud_params(self, stmt: Any, extra_tables: Sequence[Any], toplevel: bool, **kw: Any) -> Crud:
        """
        Decide about every column of *stmt*'s table.

        Args:
            extra_tables: Further tables of an UPDATE, whose columns may be set too.
            toplevel: The statement is the one that is executed, not a CTE in it.
        """
        self._begin_crud()
        if stmt.is_update and not (extra_tables or kw):
            assigned = assignments_by_name(stmt, self, toplevel)
            if assigned is not None:
                return Crud(assigned, [], False)
        column_keys = self.column_keys if toplevel else None
        given = self._given_values(stmt)
        plan = Plan(self, stmt, extra_tables, toplevel, kw)
        around, self._copied = self._copied, plan.copied
        crud = self._planned(stmt, plan, given, column_keys, toplevel)
        self._copied = around
        return crud

    def _begin_crud(self) -> None:
        """
        Have a place for what is found out about columns.
        """
        if not isinstance(self.insert_prefetch, list):
            # one list for all statements: what a CTE sets is computed along with the rest
            self.postfetch, self.insert_prefetch, self.update_prefetch = [], [], []
        if self.implicit_returning is None:
            self.implicit_returning: list[Any] = []

    def _with_copies(
        self,
        stmt: Any,
        values: Sequence[Assignment],
        wanted: Mapping[str, Any],
        rows: Sequence[list[str]] = (),
    ) -> list[Assignment]:
        """
        Return assignments with the values that are asked for once more, by their columns' keys.
        """
        from relvar.compile.copied import Copies  # rare

        return Copies(self, stmt, wanted).fill(values, rows)

    def _planned(
        self,
        stmt: Any,
        plan: Plan,
        given: Mapping[Any, Any],
        column_keys: Sequence[str] | None,
        toplevel: bool,
    ) -> Crud:
        """
        Decide about every column, with what the statement itself gives.
        """
        extra_tables = plan.extra_tables
        if column_keys is None and not given and not self._has_values(stmt):
            return self._all_columns(stmt, plan)
        parameters: dict[str, Any] = {}
        if column_keys is not None:
            # keys that the statement itself has are the statement's
            for key in column_keys:
                if key not in given:
                    parameters[key] = REQUIRED
        unresolved: dict[Any, Any] = {}
        for key, value in given.items():
            if isinstance(key, str):
                parameters[key] = value
            else:
                unresolved[key] = value
        for column, value in unresolved.items():
            if not isinstance(column, NamedColumn):
                plan.part(column, value)
                continue
            if column.table is not stmt.table and column.table not in extra_tables:
                key = column.key
            else:
                key = plan.key_of(column)
            parameters[key] = value
        if (unresolved or extra_tables) and stmt.is_update:
            from relvar.compile import crud_tables  # INSERT has no need of it

            crud_tables.check_tables(plan, unresolved)
            if extra_tables:
                crud_tables.assign_further_tables(plan, parameters, unresolved)
        if stmt.is_insert and stmt.select is not None:
            from relvar.compile.crud_select import pair_with_select  # rare

            pair_with_select(plan)
        else:
            plan.columns(parameters)
        if not plan.consumed.issuperset(parameters):
            plan.check_consumed(given)
        if stmt.is_insert and stmt._multi_values:
            from relvar.compile.crud_rows import texts_of_rows  # rare

            rows = texts_of_rows(plan, self._multi_rows(stmt))
        else:
            rows = []
        if plan.copied:
            plan.values = self._with_copies(stmt, plan.values, plan.copied, rows)
        is_default = False
        if (
            not plan.values
            and stmt.is_insert
            and self.for_executemany
            and self.dialect.use_insertmanyvalues
            and (stmt._returning or (toplevel and self.implicit_returning))
        ):
            is_default = plan.default_metavalue()
        return Crud(plan.values, rows, is_default)

    @staticmethod
    def _has_values(stmt: Any) -> bool:
        return bool(
            stmt._values is not None
            or getattr(stmt, "_multi_values", None)
            or getattr(stmt, "select", None) is not None
            or getattr(stmt, "_ordered_values", None)
        )

    def _given_values(self, stmt: Any) -> Mapping[Any, Any]:
        """
        Return the statement's own values; of several rows, those of the first.
        """
        if stmt._ordered_values:
            return dict(stmt._ordered_values)
        if stmt._multi_values:
            return self._multi_rows(stmt)[0]
        return stmt._values or {}

    def _multi_rows(self, stmt: Any) -> list[Mapping[Any, Any]]:
        """
        Return the rows of ``values([...])`` as dictionaries.
        """
        rows: list[Mapping[Any, Any]] = []
        columns = None
        for block in stmt._multi_values:
            for row in block:
                if isinstance(row, Mapping):
                    rows.append(row)
                else:
                    if columns is None:
                        columns = list(stmt.table.c)
                    rows.append(dict(zip(columns, row, strict=False)))
        return rows

    def _all_columns(self, stmt: Any, plan: Plan) -> Crud:
        """
        Give every column a parameter: nothing is known of the execution.
        """
        values = [
            Assignment(
                column,
                self.preparer.quote(column.name),
                self._crud_bind(column, plan.key_of(column), None, required=True),
                (column.key,),
            )
            for column in stmt.table.columns
            if not column._omit_from_statements
        ]
        return Crud(values, [], False)

    # -- parameters ------------------------------------------------------

    def _crud_bind(
        self,
        column: Any,
        name: str,
        value: Any,
        required: bool,
        type_: Any = None,
        accumulate_bind_names: set[str] | None = None,
        **kw: Any,
    ) -> str:
        """
        Render a parameter that this compiler makes for a column.

        Args:
            accumulate_bind_names: Gets the names of the parameters in the text.
        """
        bindparam: BindParameter[Any] = BindParameter(
            name, value, type_=type_ or column.type, required=required, _is_crud=True
        )
        if accumulate_bind_names is None:
            return self._crud_text(bindparam, column, **kw)
        if self._own_bind_rule or self._type_facts(bindparam.type).binds_differ:
            return self._crud_text(bindparam, column, accumulate_bind_names=accumulate_bind_names, **kw)
        # a placeholder and no more, whose name is noted anyway: nothing is handed down for it
        text = self._crud_text(bindparam, column, **kw)
        bound = self.bind_names.get(bindparam)
        if bound is not None:  # None, if its value was written instead
            accumulate_bind_names.add(bound)
        return text

    def _crud_text(self, value: Any, column: Any, **kw: Any) -> str:
        return value._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # text
