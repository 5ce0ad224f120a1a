"""
Which column gets which value in an INSERT or UPDATE.

Cases for one column, in this order:
  1. the statement or the execution gives a value: a parameter or an expression;
  2. a primary key column of an INSERT whose new key is wanted: see `_primary_key`;
  3. a default (INSERT) or onupdate (UPDATE) on the client's side: an expression
     goes into the text, anything else becomes a parameter that is computed first
     (*prefetch*);
  4. a default of the database: fetched with RETURNING if the statement asks for
     defaults, else noted as to be fetched later (*postfetch*);
  5. nothing: the column is left out.

Rule 1: columns are written in the order of the table, or of ``ordered_values()``.
Rule 2: a value that no column takes is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from relvar import exc
from relvar.compile.columns import ColumnsRules
from relvar.compile.copied import Assignment, Copies
from relvar.expr.bind import REQUIRED, BindParameter
from relvar.expr.column import ColumnClause
from relvar.util.warning import warn


class Crud(NamedTuple):
    """
    What `CrudRules._crud_params` found.

    Attributes:
        single: The assignments, or those of the first row.
        rows: For several rows, the texts of each row's values.
        is_default: No column at all: the row consists of defaults.
    """

    single: list[Assignment]
    rows: list[list[str]]
    is_default: bool


def refuse_both_returnings() -> NoReturn:
    """
    Refuse a statement that names what comes back and asks for the defaults too.
    """
    raise exc.CompileError(
        "Can't compile statement that includes returning() and return_defaults() simultaneously"
    )


class _RowColumn:
    """
    A column's default for a row that is not the first.
    """

    def __init__(self, original: Any, index: int, value: Any) -> None:
        self.index = index
        self.key = f"{original.key}_m{index + 1}"
        self.original = original
        self.default = value
        self.type = original.type
        self.table = original.table
        self.name = original.name

    def __hash__(self) -> int:
        return hash((self.key, self.original))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RowColumn) and self.key == other.key and self.original is other.original


class CrudRules(ColumnsRules):
    """
    Rules for the values of INSERT and UPDATE.
    """

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
        self.postfetch, self.insert_prefetch, self.update_prefetch = [], [], []
        self.implicit_returning = []
        is_update = bool(stmt.is_update)
        column_keys = self.column_keys if toplevel else None
        given = self._given_values(stmt)
        plan = _Plan(self, stmt, extra_tables, toplevel, kw)
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
            if not isinstance(column, ColumnClause):
                plan.part(column, value)
                continue
            if column.table is not stmt.table and column.table not in extra_tables:
                key = column.key
            else:
                key = plan.key_of(column)
            parameters[key] = value
        if is_update:
            plan.check_tables(unresolved)
            if extra_tables:
                plan.multitable(parameters, unresolved)
        if stmt.is_insert and stmt.select is not None:
            plan.from_select(parameters)
        else:
            plan.columns(parameters)
        plan.check_consumed(parameters, column_keys, given)
        if stmt.is_insert and stmt._multi_values:
            rows = plan.further_rows(self._multi_rows(stmt))
        else:
            rows = []
        if plan.copied:
            plan.values = Copies(self, stmt, plan.copied).fill(plan.values, rows)
        is_default = False
        if (
            not plan.values
            and stmt.is_insert
            and self.for_executemany
            and self.dialect.use_insertmanyvalues
            and (stmt._returning or self.implicit_returning)
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

    def _given_values(self, stmt: Any) -> dict[Any, Any]:
        """
        Return the statement's own values; of several rows, those of the first.
        """
        ordered = getattr(stmt, "_ordered_values", None)
        if ordered:
            return dict(ordered)
        if getattr(stmt, "_multi_values", None):
            return dict(self._multi_rows(stmt)[0])
        return dict(stmt._values or {})

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

    def _all_columns(self, stmt: Any, plan: _Plan) -> Crud:
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
        self, column: Any, name: str, value: Any, required: bool, type_: Any = None, **kw: Any
    ) -> str:
        """
        Render a parameter that this compiler makes for a column.
        """
        bindparam: BindParameter[Any] = BindParameter(
            name, value, type_=type_ or column.type, required=required, _is_crud=True
        )
        return self._crud_text(bindparam.self_group(), column, **kw)

    def _crud_text(self, value: Any, column: Any, **kw: Any) -> str:
        return value._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # text


class _Plan:
    """
    The work on one statement.
    """

    def __init__(
        self, compiler: CrudRules, stmt: Any, extra_tables: Sequence[Any], toplevel: bool, kw: dict[str, Any]
    ) -> None:
        self.compiler = compiler
        self.stmt = stmt
        self.extra_tables = extra_tables
        self.toplevel = toplevel
        self.kw = kw
        self.values: list[Assignment] = []
        self.consumed: set[str] = set()
        # what `from_dml_column` asks for, by the column's key
        self.copied: dict[str, Any] = {}
        self._set_key_of()
        self._set_wishes()

    def _set_key_of(self) -> None:
        if self.stmt.is_update and self.extra_tables:
            others = set(self.extra_tables)

            def key_of(column: Any) -> str:
                if column.table in others:
                    return f"{column.table.name}_{column.key}"
                return column.key  # type: ignore[no-any-return]  # keys are text
        else:

            def key_of(column: Any) -> str:
                return column.key  # type: ignore[no-any-return]  # keys are text

        self.key_of = key_of
        if self.toplevel:
            self.compiler._crud_key = key_of

    def _set_wishes(self) -> None:
        """
        Find out what the statement is expected to bring back.
        """
        compiler, stmt = self.compiler, self.stmt
        dialect = compiler.dialect
        explicit = bool(stmt._returning)
        is_insert = bool(stmt.is_insert)
        many = compiler.for_executemany
        wants_defaults = bool(stmt._return_defaults)
        if explicit and wants_defaults:
            refuse_both_returnings()
        inline = bool(getattr(stmt, "_inline", False))
        if is_insert and stmt._multi_values:
            inline_for_returning = True
        else:
            inline_for_returning = inline
        self.need_pks = (
            is_insert
            and self.toplevel
            and not inline_for_returning
            and not explicit
            and (not many or (dialect.insert_executemany_returning and wants_defaults))
        )
        if is_insert:
            can_return = dialect.insert_returning and (not many or dialect.insert_executemany_returning)
            automatic = dialect.implicit_returning and dialect.insert_returning
        else:
            can_return = dialect.update_returning
            automatic = False
        if not stmt.table.implicit_returning:
            can_return = automatic = False
        self.implicit_returning = self.need_pks and automatic
        self.prefers_returning = dialect.favor_returning_over_lastrowid or not dialect.postfetch_lastrowid
        self.return_defaults = (
            wants_defaults and not explicit and can_return and self.toplevel and not (inline_for_returning)
        )
        columns = stmt._return_defaults_columns
        self.return_columns = None if columns is None else set(columns)
        self.postfetch_lastrowid = (
            self.need_pks
            and dialect.postfetch_lastrowid
            and not (self.implicit_returning and dialect.favor_returning_over_lastrowid)
            and not many
            and not self.return_defaults
        )
        self.supplemental = tuple(getattr(stmt, "_supplemental_returning", None) or ())
        if self.toplevel and is_insert:
            compiler.inline = inline or getattr(stmt, "select", None) is not None

    def _wants_default(self, column: Any) -> bool:
        return self.return_defaults and (self.return_columns is None or column in self.return_columns)

    def _returning(self, column: Any) -> None:
        found = self.compiler.implicit_returning
        if all(column is not known for known in found or ()):
            found.append(column)  # type: ignore[union-attr]  # a list while compiling

    # -- the table's columns -----------------------------------------------

    def _ordered(self) -> Iterable[Any]:
        stmt = self.stmt
        ordered = getattr(stmt, "_ordered_values", None)
        columns = list(stmt.table.columns)
        if not ordered:
            return columns
        first = []
        for key, _ in ordered:
            column = key if key in columns else stmt.table.c.get(key if isinstance(key, str) else key.key)
            if column is not None:
                first.append(column)
        return first + [column for column in columns if column not in first]

    def columns(self, parameters: Mapping[str, Any]) -> None:
        """
        Decide about every column of the table.
        """
        stmt, compiler = self.stmt, self.compiler
        is_insert = bool(stmt.is_insert)
        autoincrement = getattr(stmt.table, "_autoincrement_column", None)
        lastrowid = False
        supplemental = set(self.supplemental) if not stmt._returning else None
        done = {assignment.column for assignment in self.values} if stmt.table._is_join else ()
        for column in self._ordered():
            if column in done:
                continue
            key = self.key_of(column)
            if key in parameters and key not in self.consumed:
                self._given(column, key, parameters[key])
            elif is_insert:
                if column.primary_key and self.need_pks and not self._is_select():
                    lastrowid |= self._primary_key(column, autoincrement)
                elif column.default is not None:
                    self._insert_default(column)
                elif column.server_default is not None:
                    if self._wants_default(column):
                        self._returning(column)
                    elif not column.primary_key:
                        compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
                elif self._wants_default(column) and not column._omit_from_statements:
                    self._returning(column)
                elif column.primary_key and column is not autoincrement and not column.nullable:
                    self._warn_no_key(column)
            else:
                self._update_default(column)
            if supplemental and column in supplemental:
                self._returning(column)
        if is_insert and self.toplevel:
            pk_given = autoincrement is not None and self.key_of(autoincrement) in parameters
            if pk_given:
                lastrowid = self._lastrowid_of_given(autoincrement, parameters)
            compiler.postfetch_lastrowid = bool(
                self.postfetch_lastrowid and lastrowid and not compiler.implicit_returning_has_pk()  # type: ignore[attr-defined]  # see DML rules
            )
            compiler.inline = compiler.inline or (
                compiler.for_executemany and bool(compiler.implicit_returning)
            )
        elif self.toplevel:
            compiler.inline = compiler.for_executemany
        for column in self.supplemental:
            if not stmt._returning:
                self._returning(column)

    def _is_select(self) -> bool:
        return getattr(self.stmt, "select", None) is not None

    def _lastrowid_of_given(self, column: Any, parameters: Mapping[str, Any]) -> bool:
        """
        Tell whether the database may number the row although a key is given.
        """
        value = parameters[self.key_of(column)]
        if value is REQUIRED or getattr(value, "_is_bind_parameter", False):
            return bool(self.compiler.dialect.insert_null_pk_still_autoincrements)
        return True

    # -- 1. a value is given -----------------------------------------------

    def part(self, expression: Any, value: Any) -> None:
        """
        Assign to a part of a column: ``data['key']``.
        """
        names: set[str] = set()
        target = self.compiler.process(expression, include_table=False, **self.kw)
        if getattr(value, "_is_bind_parameter", False) and value.type._isnull:
            value = value._with_binary_element_type(expression.type)
        text = self.compiler._crud_text(
            value.self_group(), expression, accumulate_bind_names=names, bindmarkers=self.copied, **self.kw
        )
        self.values.append(Assignment(expression, target, text, tuple(names)))

    def _name(self, column: Any) -> str:
        """
        Return what stands before the equals sign: with its table, where several tables can be set.
        """
        compiler = self.compiler
        name: str = compiler.preparer.quote(column.name)
        if self.stmt.is_update and self.extra_tables and compiler.render_table_with_column_in_update_from:
            return f"{self._table_name(column.table)}.{name}"
        return name

    def _table_name(self, table: Any) -> str:
        """
        Return the name of a table in SET: with its schema only if another has the same name.
        """
        compiler = self.compiler
        tables = [part for t in (self.stmt.table, *self.extra_tables) for part in t._from_objects]
        if table._is_table and not any(
            other is not table and getattr(other, "name", None) == table.name for other in tables
        ):
            return compiler.preparer.quote(table.name)  # type: ignore[no-any-return]  # text
        return compiler._column_table_text(table)

    def _given(self, column: Any, key: str, value: Any) -> None:
        compiler, stmt = self.compiler, self.stmt
        self.consumed.add(key)
        name = self._name(column)
        names: set[str] = set()
        multi = stmt.is_insert and stmt._multi_values
        if value is REQUIRED:
            text = compiler._crud_bind(
                column, key, REQUIRED, required=True, accumulate_bind_names=names, **self.kw
            )
            if (
                stmt.is_insert
                and self.return_defaults
                and compiler.dialect.insert_null_pk_still_autoincrements
                and column is getattr(stmt.table, "_autoincrement_column", None)
            ):
                self._returning(column)  # it may be NULL, and then the database numbers the row
        elif getattr(value, "_is_bind_parameter", False):
            if value.type._isnull:
                value = value._with_binary_element_type(column.type)
            self._name_bind(value, f"{key}_m0" if multi else key)
            text = compiler._crud_text(value, column, accumulate_bind_names=names, **self.kw)
        else:
            text = compiler._crud_text(
                value.self_group(),
                column,
                accumulate_bind_names=names,
                bindmarkers=self.copied,
                **self.kw,
            )
            if stmt.is_insert:
                if column.primary_key and self.need_pks and self.implicit_returning:
                    autoincrement = getattr(stmt.table, "_autoincrement_column", None)
                    if self.prefers_returning or self.return_defaults or column is not autoincrement:
                        self._returning(column)
                elif self._wants_default(column):
                    self._returning(column)
                elif not column.primary_key:
                    compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
            elif self._wants_default(column):
                self._returning(column)
            else:
                compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
        self.values.append(Assignment(column, name, text, tuple(names) or ()))

    def _name_bind(self, bindparam: Any, name: str) -> None:
        """
        Call the parameter of a plain value like its column.

        In a CTE it keeps its own name: the statement may have values for the
        same column.
        """
        if bindparam.unique and bindparam._takes_column_name and self.toplevel:
            self.compiler._crud_names[bindparam] = name

    # -- 2. a primary key that nobody gives ---------------------------------

    def _primary_key(self, column: Any, autoincrement: Any) -> bool:
        """
        Decide how the new key becomes known.

        Returns:
            Whether the driver's "last row id" will be it.
        """
        dialect = self.compiler.dialect
        default = column.default
        returns = self.implicit_returning and (
            self.prefers_returning or self.return_defaults or column is not autoincrement
        )
        if default is not None:
            if default.is_sequence:
                if dialect.supports_sequences and (not default.optional or not dialect.sequences_optional):
                    if returns or self.implicit_returning and self.prefers_returning:
                        self._sequence(column, default)
                        self._returning(column)
                        return False
                    if self.implicit_returning and not dialect.postfetch_lastrowid:
                        self._sequence(column, default)
                        self._returning(column)
                        return False
                    self._prefetch(column)
                    return False
                # the sequence does not exist there: the database numbers rows itself
                if returns:
                    self._returning(column)
                    return False
                return True
            if default.is_clause_element and self.implicit_returning:
                self._expression(column, default.arg)
                self._returning(column)
                return False
            if default.is_sentinel:
                self._sentinel(column)
                return False
            self._prefetch(column)
            return False
        if column is autoincrement or column.server_default is not None:
            if returns:
                self._returning(column)
                return False
            return True
        if not column.nullable:
            self._warn_no_key(column)
        return False

    def _warn_no_key(self, column: Any) -> None:
        """
        Warn of a primary key column that will get no value.
        """
        table = self.stmt.table
        hint = ""
        if len(table.primary_key) > 1:
            hint = (
                " Note that as of SQLAlchemy 1.1, 'autoincrement=True' must be indicated explicitly for "
                "composite (e.g. multicolumn) primary keys if AUTO_INCREMENT/SERIAL/IDENTITY behavior is "
                "expected for one of the columns in the primary key. CREATE TABLE statements are impacted "
                "by this change as well on most backends."
            )
        warn(
            f"Column '{table.name}.{column.name}' is marked as a member of the primary key for table "
            f"'{table.name}', but has no Python-side or server-side default generator indicated, nor does it "
            "indicate 'autoincrement=True' or 'nullable=True', and no explicit value is passed.  Primary key "
            f"columns typically may not store NULL.{hint}"
        )

    # -- 3. defaults of the client's side ------------------------------------

    def _insert_default(self, column: Any) -> None:
        compiler, dialect = self.compiler, self.compiler.dialect
        default = column.default
        if default.is_sequence:
            if dialect.supports_sequences and (not default.optional or not dialect.sequences_optional):
                self._sequence(column, default)
                if self._wants_default(column):
                    self._returning(column)
                elif not column.primary_key:
                    compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
        elif default.is_clause_element:
            self._expression(column, default.arg)
            if self._wants_default(column):
                self._returning(column)
            elif not column.primary_key:
                compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
        elif default.is_sentinel:
            self._sentinel(column)
        else:
            self._prefetch(column)

    def _sentinel(self, column: Any) -> None:
        """
        Number the rows of a batch, if they are to be told apart when they come back.
        """
        compiler = self.compiler
        if (
            self.stmt._sort_by_parameter_order
            and compiler.for_executemany
            and compiler.dialect.use_insertmanyvalues
            and (self.stmt._returning or compiler.dialect.insert_executemany_returning)
            and any(column is c for c in self.stmt.table._sentinel_column_characteristics.columns or ())
        ):
            self._prefetch(column)

    def _prefetch(self, column: Any, insert: bool = True) -> None:
        compiler = self.compiler
        names: set[str] = set()
        text = compiler._crud_bind(
            column, self.key_of(column), None, required=False, accumulate_bind_names=names, **self.kw
        )
        self.values.append(Assignment(column, self._name(column), text, tuple(names)))
        prefetch: Any = compiler.insert_prefetch if insert else compiler.update_prefetch
        prefetch.append(column)

    def _sequence(self, column: Any, sequence: Any) -> None:
        compiler = self.compiler
        text = compiler.process(sequence.next_value(), **self.kw)
        self.values.append(Assignment(column, compiler.preparer.quote(column.name), text, ()))

    def _expression(self, column: Any, expression: Any) -> None:
        compiler = self.compiler
        names: set[str] = set()
        text = compiler.process(
            expression.self_group(), accumulate_bind_names=names, bindmarkers=self.copied, **self.kw
        )
        self.values.append(Assignment(column, self._name(column), text, tuple(names)))

    def _update_default(self, column: Any) -> None:
        compiler = self.compiler
        onupdate = column.onupdate
        if onupdate is not None and not onupdate.is_sequence:
            if onupdate.is_clause_element:
                self._expression(column, onupdate.arg)
                if self._wants_default(column):
                    self._returning(column)
                else:
                    compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
            else:
                self._prefetch(column, insert=False)
        elif column.server_onupdate is not None:
            if self._wants_default(column):
                self._returning(column)
            else:
                compiler.postfetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
        elif self.return_defaults and self.return_columns is not None and column in self.return_columns:
            self._returning(column)

    # -- INSERT from SELECT --------------------------------------------------

    def from_select(self, parameters: dict[str, Any]) -> None:
        """
        Pair the SELECT's columns with the names; add defaults as columns of the SELECT.
        """
        stmt, compiler = self.stmt, self.compiler
        columns = [
            stmt.table.c[name] if isinstance(name, str) else stmt.table.c[name.key]
            for name in stmt._select_names
        ]
        for column in columns:
            self.consumed.add(self.key_of(column))
            self.values.append(Assignment(column, compiler.preparer.quote(column.name), "", ()))
        if not stmt.include_insert_from_select_defaults:
            return
        given = set(columns)
        extra: list[tuple[Any, Any]] = []
        for column in stmt.table.columns:
            if column in given or column.default is None or column._insert_sentinel:
                continue
            default = column.default
            if default.is_sequence:
                dialect = compiler.dialect
                if dialect.supports_sequences and not (default.optional and dialect.sequences_optional):
                    extra.append((column, default.next_value()))
            elif default.is_clause_element:
                extra.append((column, default.arg.self_group()))
            elif not default.is_sentinel:
                bindparam: BindParameter[Any] = BindParameter(
                    self.key_of(column), None, type_=column.type, required=False, _is_crud=True
                )
                extra.append((column, bindparam))
                compiler.insert_prefetch.append(column)  # type: ignore[attr-defined]  # a list while compiling
        if extra:
            if not stmt.select._is_select_statement:
                names = ", ".join(repr(column.key) for column, _ in extra)
                raise exc.CompileError(
                    "Can't extend statement for INSERT..FROM SELECT to include additional default-holding "
                    f"column(s) {names}.  Convert the selectable to a subquery() first, or pass "
                    "include_defaults=False to Insert.from_select() to skip these columns."
                )
            for column, _ in extra:
                self.values.append(Assignment(column, compiler.preparer.quote(column.name), "", ()))
            compiler._insert_select_extra = [value for _, value in extra]  # type: ignore[attr-defined]  # see DML rules

    # -- several rows --------------------------------------------------------

    def further_rows(self, rows: list[Mapping[Any, Any]]) -> list[list[str]]:
        """
        Return the texts of all rows' values; the first row's are known.
        """
        compiler = self.compiler
        texts = [[assignment.text for assignment in self.values]]
        for index, row in enumerate(rows[1:]):
            by_key = {key if isinstance(key, str) else key.key: value for key, value in row.items()}
            line: list[str] = []
            for assignment in self.values:
                column = assignment.column
                value = by_key.get(column.key, REQUIRED)
                if value is REQUIRED:
                    line.append(self._default_of_further_row(column, index, assignment))
                elif value._is_bind_parameter:
                    if value.type._isnull:
                        value = value._with_binary_element_type(column.type)
                    if value._is_crud:
                        self._name_bind(value, f"{column.key}_m{index + 1}")
                    line.append(compiler._crud_text(value, column, **self.kw))
                else:
                    line.append(
                        compiler._crud_text(value.self_group(), column, bindmarkers=self.copied, **self.kw)
                    )
            texts.append(line)
        return texts

    def _default_of_further_row(self, column: Any, index: int, assignment: Assignment) -> str:
        default = column.default
        if default is None:
            raise exc.CompileError(
                f"INSERT value for column {column} is explicitly rendered as a boundparameter in the VALUES "
                "clause; a Python-side value or SQL expression is required"
            )
        if default.is_clause_element or default.is_sequence:
            return assignment.text
        made = _RowColumn(column, index, default)
        text = self.compiler._crud_bind(column, made.key, None, required=False, **self.kw)
        self.compiler.insert_prefetch.append(made)  # type: ignore[attr-defined]  # a list while compiling
        return text

    # -- the rest ------------------------------------------------------------

    def check_tables(self, given: Iterable[Any]) -> None:
        """
        Refuse columns of tables that the UPDATE does not have; aliases of its own table stand for that.
        """
        own, others = self.stmt.table, []
        for column in given:
            table = getattr(column, "table", None)
            if table is None or table in own._from_objects or table in self.extra_tables:
                continue
            named = own.c.get(column.key)
            if named is None or not named.shares_lineage(column):
                others.append(table)
        if others:
            names = ", ".join(f"'{name}'" for name in sorted({table.name for table in others}))
            problem = (
                "Statement is not a multi-table UPDATE statement"
                if self.compiler.render_table_with_column_in_update_from
                else "Backend does not support additional tables in the SET clause"
            )
            raise exc.CompileError(f"{problem}; cannot include columns from table(s) {names} in SET clause")

    def multitable(self, parameters: dict[str, Any], given: Mapping[Any, Any]) -> None:
        """
        Assign columns of further tables that an UPDATE names.
        """
        others = [column for column in given if column.table in self.extra_tables]
        if not others:
            return
        if not self.compiler.render_table_with_column_in_update_from:
            names = ", ".join(f"'{name}'" for name in sorted({c.table.name for c in others}))
            raise exc.CompileError(
                "Backend does not support additional tables in the SET clause; cannot include columns from "
                f"table(s) {names} in SET clause"
            )
        order = {table: i for i, table in enumerate(self.extra_tables)}
        places = {column: i for table in order for i, column in enumerate(table.c)}
        for column in sorted(others, key=lambda c: (order[c.table], places[c])):
            key = self.key_of(column)
            self._given(column, key, parameters[key])
        for table in dict.fromkeys(column.table for column in others):
            for column in table.c:
                if column in given:
                    continue
                if column.onupdate is not None or column.server_onupdate is not None:
                    self._update_default(column)

    def default_metavalue(self) -> bool:
        """
        Let one column stand for a row of defaults, where rows are sent in batches.

        Returns:
            Whether none can: the row has to be ``DEFAULT VALUES``.
        """
        compiler, dialect = self.compiler, self.compiler.dialect
        column = next(iter([*self.stmt.table.primary_key, *self.stmt.table.columns]), None)
        token = dialect.default_metavalue_token
        is_null = token == "NULL"  # which only a column that numbers rows takes for its default
        if (
            column is None
            or not dialect.supports_default_metavalue
            or not compiler._defaults_by_column
            or (is_null and column is not getattr(self.stmt.table, "_autoincrement_column", None))
        ):
            return bool(dialect.supports_default_values)
        self.values.append(Assignment(column, compiler.preparer.quote(column.name), token, ()))
        return False

    def check_consumed(
        self, parameters: Mapping[str, Any], column_keys: Sequence[str] | None, given: Mapping[Any, Any]
    ) -> None:
        """
        Refuse values of the statement that no column took.
        """
        names = {
            key if isinstance(key, str) else self.key_of(key)
            for key in given
            if isinstance(key, (str, ColumnClause))
        }
        left = [name for name in names if name not in self.consumed]
        if left and not self._is_select():
            raise exc.CompileError(
                f"Unconsumed column names: {', '.join(sorted(str(name) for name in left))}"
            )
