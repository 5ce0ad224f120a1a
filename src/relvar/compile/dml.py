"""
Rules for INSERT, UPDATE and DELETE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.clauses import update_text
from relvar._kernels.froms import from_objects
from relvar.compile.assignment import Crud
from relvar.compile.base import NO_LINTING, WARN_LINTING
from relvar.compile.crud_wishes import refuse_both_returnings
from relvar.compile.insertmany import InsertManyRules, Sentinels
from relvar.compile.linter import FromLinter
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE, FRAME_SELECTABLE
from relvar.expr import make


class DMLRules(InsertManyRules):
    """
    Rules for statements that change data.
    """

    compile_state: Any
    dml_compile_state: Any

    _returning_names_tables = True
    "Columns stand behind the names of their tables in RETURNING."

    # -- shared ----------------------------------------------------------

    def _core_form(self, stmt: Any) -> Any:
        """
        Return a statement on a mapped class as the statement on its table.
        """
        if stmt._is_orm and make.orm_core_dml is not None:
            return make.orm_core_dml(stmt, self.dialect)
        return stmt

    def _push_dml_frame(self, stmt: Any, froms: Iterable[Any]) -> bool:
        """
        Enter a statement.

        Returns:
            Whether it is the one that is executed.
        """
        toplevel = not self.stack
        known = set(froms)
        self.stack.append({FRAME_CORRELATE: known, FRAME_ASFROM: known, FRAME_SELECTABLE: stmt})
        if toplevel:
            self.compile_state = self.dml_compile_state = stmt
        return toplevel

    def _crud_hints(self, stmt: Any, table_text: str) -> tuple[dict[Any, str], str]:
        """
        Return the hints for this dialect, and the table's text with its own.
        """
        hints = {
            table: text
            for (table, dialect), text in (stmt._hints or {}).items()
            if dialect in ("*", self.dialect.name)
        }
        if stmt.table in hints:
            table_text = self.format_from_hint_text(table_text, stmt.table, hints[stmt.table], True)
        return hints, table_text

    def get_crud_hint_text(self, table: Any, text: str) -> str | None:
        """
        Return the hint for the table of a statement, if the database has such.
        """
        return None

    def _returning_text(self, stmt: Any, columns: Sequence[Any], toplevel: bool) -> str:
        return self.returning_clause(stmt, columns, populate_result_map=toplevel)

    def returning_clause(
        self, stmt: Any, returning_cols: Any, *, populate_result_map: bool, **kw: Any
    ) -> str:
        """
        Render ``RETURNING ...``.
        """
        if not self._returning_names_tables:
            kw["include_table"] = False
        columns = self._plain_returning(returning_cols, populate_result_map, kw)
        if columns is None:
            columns = [
                self._label_returning_column(stmt, column, populate_result_map, name=name, **kw)
                for column, name in self._named_returning(stmt, returning_cols)
            ]
        return f"RETURNING {', '.join(columns)}"

    def _where_text(self, criteria: Sequence[Any], **kw: Any) -> str:
        raise NotImplementedError

    def _effective_returning(self, stmt: Any, toplevel: bool) -> Sequence[Any]:
        """
        Return the columns that come back, asked for or implied.
        """
        if stmt._returning:
            return list(stmt._all_returned)
        return (toplevel and self.implicit_returning) or ()

    # -- INSERT ----------------------------------------------------------

    def visit_insert(
        self, insert_stmt: Any, visited_bindparam: Any = None, visiting_cte: Any = None, **kw: Any
    ) -> str:
        """
        Render an INSERT.
        """
        asfrom = kw.pop("asfrom", False)
        insert_stmt = self._core_form(insert_stmt)
        toplevel = self._push_dml_frame(insert_stmt, ())
        if toplevel:
            self.isinsert = True
        crud = self._crud_params(insert_stmt, (), toplevel, **kw)
        if insert_stmt._independent_ctes:
            self._dispatch_independent_ctes(insert_stmt, kw)
        dialect = self.dialect
        if insert_stmt._multi_values and not dialect.supports_multivalues_insert:
            raise exc.CompileError(
                f"The '{dialect.name}' dialect with current database version settings does not support "
                "in-place multirow inserts."
            )
        if insert_stmt._multi_values and insert_stmt._sort_by_parameter_order and insert_stmt._returning:
            self._refuse_sorted_rows()
        is_empty = not crud.single and not crud.is_default and insert_stmt.select is None
        if is_empty and not (
            dialect.supports_default_values
            or dialect.supports_default_metavalue
            or dialect.supports_empty_insert
        ):
            raise exc.CompileError(
                f"The '{dialect.name}' dialect with current database version settings does not support "
                "empty inserts."
            )
        text = self._insert_head(insert_stmt, crud, kw)
        returned = self._effective_returning(insert_stmt, toplevel)
        if toplevel:
            self.effective_returning = returned
        sentinels = None
        imv = toplevel and self._uses_insertmanyvalues(insert_stmt, crud)
        if imv and returned:
            sentinels = self._sentinels(insert_stmt, crud)
        returning = ""
        if returned:
            columns = [*returned, *(sentinels.columns if sentinels else ())]
            returning = self._returning_text(insert_stmt, columns, toplevel)
        if returning and self.returning_precedes_values:
            text += f" {returning}"
        text += self._insert_body(insert_stmt, crud, sentinels, is_empty, asfrom, kw)
        body_end = len(text)
        if insert_stmt._post_values_clause is not None:
            clause = self.process(insert_stmt._post_values_clause, **kw)
            if clause:
                text += f" {clause}"
        if returning and not self.returning_precedes_values:
            text += f" {returning}"
        if imv:
            self._insertmanyvalues = self._insertmanyvalues_of(
                insert_stmt, crud, sentinels, behind=text[body_end:]
            )
        if not dialect.cte_follows_insert:
            text = self._render_cte_clause() + text
        elif with_clause := self._render_cte_clause():
            raise exc.CompileError(
                f"The {dialect.name!r} dialect writes WITH before the SELECT of an INSERT only; this INSERT "
                f"has no place for: {' '.join(with_clause.split())[:200]}. Use insert().from_select(), or "
                "execute the CTE as a statement of its own."
            )
        self.stack.pop()
        return text

    def _insert_head(self, stmt: Any, crud: Crud, kw: dict[str, Any]) -> str:
        prefixes = self._generate_prefixes(stmt, stmt._prefixes, **kw) if stmt._prefixes else ""
        table_text = self.preparer.format_table(stmt.table)
        if stmt._hint_pairs:
            _, table_text = self._crud_hints(stmt, table_text)
        text = f"INSERT {prefixes}INTO {table_text}"
        names = [assignment.name for assignment in crud.single]
        if names or (not self.dialect.supports_default_values and not crud.is_default):
            text += f" ({', '.join(names)})"
        return text

    def _refuse_sorted_rows(self) -> None:
        """
        Refuse to promise an order for rows that stand in the statement itself.
        """
        raise exc.CompileError(
            "RETURNING cannot be deterministically sorted when using an INSERT which includes multi-row "
            "values()."
        )

    def _insert_body(
        self,
        stmt: Any,
        crud: Crud,
        sentinels: Sentinels | None,
        is_empty: bool,
        asfrom: bool,
        kw: dict[str, Any],
    ) -> str:
        dialect = self.dialect
        if stmt.select is not None:
            self.stack[-1]["holds_ctes"] = True
            select_text = self.process(self._select_of_insert(stmt), insert_into=True, asfrom=asfrom, **kw)
            if dialect.cte_follows_insert:
                select_text = self._render_cte_clause() + select_text
            return f" {select_text}"
        if (is_empty or crud.is_default) and dialect.supports_default_values:
            return " DEFAULT VALUES"
        if crud.rows:
            rows = ", ".join("(" + ", ".join(row) + ")" for row in crud.rows)
            return f" VALUES {rows}"
        values = ", ".join(assignment.text for assignment in crud.single)
        if len(self.stack) == 1:
            self.insert_single_values_expr: str = values
        if sentinels is not None and sentinels.embed and crud.single:
            return f" {self._embedded_values(crud, sentinels)}"
        return f" VALUES ({values})"

    _insert_select_extra: Sequence[Any] | None = None

    def _select_of_insert(self, stmt: Any) -> Any:
        """
        Return the SELECT that makes the rows, with columns for defaults.
        """
        select = stmt.select
        extra = self._insert_select_extra
        if extra:
            self._insert_select_extra = None
            made = select._clone()
            made._raw_columns = type(select._raw_columns)([*select._raw_columns, *extra])
            return made
        return select

    def implicit_returning_has_pk(self) -> bool:
        """
        Tell whether the new key comes back with RETURNING.
        """
        return any(column.primary_key for column in self.implicit_returning or ())

    # -- UPDATE ----------------------------------------------------------

    def visit_update(
        self, update_stmt: Any, visiting_cte: Any = None, asfrom: bool = False, **kw: Any
    ) -> str:
        """
        Render an UPDATE.
        """
        # as `UpdateBase._is_orm` has it
        if "compile_state_plugin" in update_stmt._propagate_attrs:
            update_stmt = self._core_form(update_stmt)
        if not kw and (self.linting is NO_LINTING or not self._lints((update_stmt.table,))):
            plain = update_text(update_stmt, self)
            if plain is not None:
                return plain
        table = update_stmt.table
        extra = update_stmt._extra_froms()
        joined = self._joined_tables(table) if table._is_join else ()
        toplevel = self._push_dml_frame(update_stmt, from_objects([table, *extra]))
        if toplevel:
            self.isupdate = True
        prefixes = (
            self._generate_prefixes(update_stmt, update_stmt._prefixes, **kw) if update_stmt._prefixes else ""
        )
        linted = self._linted(kw, [table, *extra], toplevel) if kw or self.linting is not NO_LINTING else kw
        table_text = self.update_tables_clause(update_stmt, table, extra, **linted)
        crud = self._crud_params(update_stmt, [*joined, *extra], toplevel, **kw)
        if update_stmt._independent_ctes:
            self._dispatch_independent_ctes(update_stmt, kw)
        hints: Mapping[Any, str] | None = None
        if update_stmt._hint_pairs:
            hints, table_text = self._crud_hints(update_stmt, table_text)
        assignments = ", ".join([f"{a.name}={a.text}" for a in crud.single])
        text = f"UPDATE {prefixes}{table_text} SET {assignments}"
        returned = self._effective_returning(update_stmt, toplevel)
        if toplevel:
            self.effective_returning = returned
        if returned and self.returning_precedes_values:
            text += f" {self._returning_text(update_stmt, returned, toplevel)}"
        if extra or self._repeats_target(table):
            from_text = self.update_from_clause(update_stmt, table, extra, hints, **linted)
            if from_text:
                text += f" {from_text}"
        text += self._dml_tail(update_stmt, self.update_post_criteria_clause, kw, linted, "UPDATE")
        if returned and not self.returning_precedes_values:
            text += f" {self._returning_text(update_stmt, returned, toplevel)}"
        if self._written:
            text = self._render_cte_clause() + text
        self.stack.pop()
        return text

    def _linted(self, kw: dict[str, Any], froms: Sequence[Any], toplevel: bool) -> dict[str, Any]:
        """
        Return *kw* for the tables and criteria of a statement, with a linter if there is something to find.
        """
        kw.pop("from_linter", None)
        if self.linting is NO_LINTING or not self._lints(froms):
            return kw
        linter = FromLinter()
        if toplevel:
            self.from_linter = linter
        return {**kw, "from_linter": linter}

    def _dml_tail(
        self, stmt: Any, post_criteria: Any, kw: dict[str, Any], linted: dict[str, Any], kind: str
    ) -> str:
        """
        Render WHERE and what follows it.

        Args:
            linted: For the WHERE.
            kind: The statement's first word, for warnings.
        """
        text = ""
        if stmt._where_criteria:
            where = self._where_text(stmt._where_criteria, **linted)
            if where:
                text += f" WHERE {where}"
        after = post_criteria(stmt, **kw)
        if after:
            text += f" {after}"
        if "from_linter" in linted and self.linting & WARN_LINTING:
            linted["from_linter"].warn(kind)
        return text

    def _joined_tables(self, table: Any) -> list[Any]:
        """
        Return the tables besides the first of a join that is updated.

        Raises:
            CompileError: The database can't update a join.
        """
        if not self.render_table_with_column_in_update_from:
            raise exc.CompileError(
                f"The '{self.dialect.name}' dialect can't UPDATE a join; update one table and name the "
                "others in where(): update(a).where(a.c.id == b.c.a_id)"
            )
        return [part for part in table._from_objects if not part._is_join][1:]

    def update_tables_clause(self, update_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        """
        Render what stands between UPDATE and SET.
        """
        kw["asfrom"] = True
        return from_table._compiler_dispatch(self, iscrud=True, **kw)  # type: ignore[no-any-return]  # text

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str | None:
        """
        Render the further tables of an UPDATE.

        Raises:
            NotImplementedError: The database has no such thing.
        """
        raise NotImplementedError("This backend does not support multiple-table criteria within UPDATE")

    def _repeats_target(self, table: Any) -> bool:
        """
        Tell whether the table that changes is named once more behind FROM, though it is the only one.
        """
        return False

    def _dml_froms(self, tables: Sequence[Any], from_hints: Any, **kw: Any) -> str:
        """
        Render the tables of an UPDATE or DELETE beside the one that changes.
        """
        kw["asfrom"] = True
        return ", ".join([t._compiler_dispatch(self, fromhints=from_hints, **kw) for t in tables])

    def update_post_criteria_clause(self, update_stmt: Any, **kw: Any) -> str | None:
        """
        Render what stands behind the WHERE of an UPDATE.
        """
        return self._post_criteria(update_stmt, **kw)

    def _post_criteria(self, stmt: Any, **kw: Any) -> str | None:
        clause = getattr(stmt, "_post_criteria_clause", None)
        return self.process(clause, **kw) if clause is not None else None

    # -- DELETE ----------------------------------------------------------

    def visit_delete(self, delete_stmt: Any, visiting_cte: Any = None, **kw: Any) -> str:
        """
        Render a DELETE.
        """
        kw.pop("asfrom", None)
        delete_stmt = self._core_form(delete_stmt)
        table = delete_stmt.table
        extra = delete_stmt._extra_froms()
        toplevel = self._push_dml_frame(delete_stmt, from_objects([table, *extra]))
        if toplevel:
            self.isdelete = True
        if delete_stmt._independent_ctes:
            self._dispatch_independent_ctes(delete_stmt, kw)
        prefixes = (
            self._generate_prefixes(delete_stmt, delete_stmt._prefixes, **kw) if delete_stmt._prefixes else ""
        )
        linted = self._linted(kw, [table, *extra], toplevel)
        # some compilers of others take no further arguments
        table_text = self.delete_table_clause(delete_stmt, table, extra)
        if "from_linter" in linted:
            linted["from_linter"].froms[table] = getattr(table, "fullname", table.name)
        hints: Mapping[Any, str] | None = None
        if delete_stmt._hints:
            hints, table_text = self._crud_hints(delete_stmt, table_text)
        text = f"DELETE {prefixes}FROM {table_text}"
        if toplevel:
            self.implicit_returning: list[Any] = self._defaults_of_delete(delete_stmt)
        returned = self._effective_returning(delete_stmt, toplevel)
        if toplevel:
            self.effective_returning: Sequence[Any] = returned
        if returned and self.returning_precedes_values:
            text += f" {self._returning_text(delete_stmt, returned, toplevel)}"
        if extra or self._repeats_target(table):
            from_text = self.delete_extra_from_clause(delete_stmt, table, extra, hints, **linted)
            if from_text:
                text += f" {from_text}"
        text += self._dml_tail(delete_stmt, self.delete_post_criteria_clause, kw, linted, "DELETE")
        if returned and not self.returning_precedes_values:
            text += f" {self._returning_text(delete_stmt, returned, toplevel)}"
        text = self._render_cte_clause() + text
        self.stack.pop()
        return text

    def _defaults_of_delete(self, stmt: Any) -> list[Any]:
        """
        Return the columns that ``return_defaults()`` names: a DELETE brings back no others.
        """
        dialect = self.dialect
        if stmt._return_defaults and stmt._returning:
            refuse_both_returnings()
        if not (stmt._return_defaults and stmt.table.implicit_returning and dialect.delete_returning):
            return []
        named = [*(stmt._return_defaults_columns or ()), *(stmt._supplemental_returning or ())]
        return list({id(column): column for column in named}.values())

    def delete_table_clause(self, delete_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        """
        Render what stands behind ``DELETE FROM``.
        """
        return from_table._compiler_dispatch(self, asfrom=True, iscrud=True, **kw)  # type: ignore[no-any-return]  # text

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        """
        Render the further tables of a DELETE.

        Raises:
            NotImplementedError: The database has no such thing.
        """
        raise NotImplementedError("This backend does not support multiple-table criteria within DELETE")

    def delete_post_criteria_clause(self, delete_stmt: Any, **kw: Any) -> str | None:
        """
        Render what stands behind the WHERE of a DELETE.
        """
        return self._post_criteria(delete_stmt, **kw)

    def _generate_prefixes(self, stmt: Any, prefixes: Any, **kw: Any) -> str:
        raise NotImplementedError
