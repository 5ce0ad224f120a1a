"""
Rules for SELECT, and for what combines SELECTs.

One SELECT is rendered in these steps:
  1. which FROM elements are its own, and which belong to a SELECT around it;
  2. the columns clause, which also says what the result's columns are;
  3. the other clauses, in their order (`_compose_select_body`);
  4. the CTEs that are written in front of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.base import COLLECT_CARTESIAN_PRODUCTS, NO_LINTING, WARN_LINTING, ResultColumnsEntry
from relvar.compile.columns import ColumnsRules, LabelTargets
from relvar.compile.linter import FromLinter
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE, FRAME_SELECTABLE
from relvar.expr import make
from relvar.expr.binary import BinaryExpression
from relvar.expr.boolean import and_
from relvar.expr.names import _anonymous_label
from relvar.expr.operators import _asbool
from relvar.expr.operators import and_ as op_and
from relvar.stmt.compound import _CompoundSelectKeyword as CompoundKeyword
from relvar.util.warning import warn_deprecated

_NOTHING: frozenset[Any] = frozenset()
_NO_FRAME: dict[str, Any] = {FRAME_CORRELATE: _NOTHING, FRAME_ASFROM: _NOTHING}

COMPOUND_KEYWORDS = {
    CompoundKeyword.UNION: "UNION",
    CompoundKeyword.UNION_ALL: "UNION ALL",
    CompoundKeyword.EXCEPT: "EXCEPT",
    CompoundKeyword.EXCEPT_ALL: "EXCEPT ALL",
    CompoundKeyword.INTERSECT: "INTERSECT",
    CompoundKeyword.INTERSECT_ALL: "INTERSECT ALL",
}

# What a statement within the statement must not hear of.
_NOT_FOR_SUBQUERIES = (
    "within_columns_clause",
    "within_label_clause",
    "include_table",
    "use_schema",
    "add_to_result_map",
    "result_map_targets",
    "render_label_as_label",
    "enclosing_alias",
    "is_upsert_set",
    "iscrud",
    "ashint",
    "visiting_cte",
    "subquery",
    "eager_grouping",
)


class SelectRules(ColumnsRules):
    """
    Rules for SELECT.
    """

    compound_keywords: Mapping[Any, str] = COMPOUND_KEYWORDS

    # -- SELECT ----------------------------------------------------------

    def visit_select(
        self,
        select_stmt: Any,
        asfrom: bool = False,
        insert_into: bool = False,
        fromhints: Any = None,
        compound_index: int | None = None,
        select_wraps_for: Any = None,
        lateral: bool = False,
        from_linter: Any = None,
        **kwargs: Any,
    ) -> str:
        """
        Render a SELECT.
        """
        if kwargs:
            for name in _NOT_FOR_SUBQUERIES:
                kwargs.pop(name, None)
        stack = self.stack
        toplevel = not stack
        if select_stmt._is_orm and make.orm_core_select is not None:
            frame = _NO_FRAME if toplevel else stack[-1]
            select_stmt = make.orm_core_select(
                select_stmt, toplevel, frame[FRAME_CORRELATE], frame[FRAME_ASFROM]
            )
        if self.translate_select_structure is not None:
            translated = self.translate_select_structure(select_stmt, asfrom=asfrom, **kwargs)
            if translated is not select_stmt:
                return self.visit_select(
                    translated,
                    asfrom=asfrom,
                    compound_index=compound_index,
                    select_wraps_for=select_stmt,
                    lateral=lateral,
                    **kwargs,
                )
        state = select_stmt._select_state
        if toplevel:
            self.is_select = True
            self.compile_state = state
            outer = _NO_FRAME
        else:
            outer = stack[-1]
        populate = toplevel or (compound_index == 0 and outer.get("result_map", False))
        froms = self._setup_select_stack(select_stmt, state, outer, asfrom, lateral, compound_index)
        lateral_linter = kwargs.pop("lateral_from_linter", None)
        if lateral_linter is not None:
            stack[-1]["lateral"] = {
                "lateral_from_linter": lateral_linter,
                "enclosing_lateral": kwargs.pop("enclosing_lateral"),
            }
        if select_stmt._independent_ctes:
            self._dispatch_independent_ctes(select_stmt, kwargs)
        byfrom = None
        if select_stmt._hints:
            byfrom = self._setup_select_hints(select_stmt)
        text = "SELECT "
        after_word = select_stmt._post_select_clause
        if after_word is not None:
            text += f"{self.process(after_word, **kwargs)} "
        if byfrom:
            hint = self.get_select_hint_text(byfrom)
            if hint:
                text += f"{hint} "
        if select_stmt._prefixes:
            text += self._generate_prefixes(select_stmt, select_stmt._prefixes, **kwargs)
        text += self.get_select_precolumns(select_stmt, **kwargs)
        before = select_stmt._pre_columns_clause
        if before is not None:
            extension = self.process(before, **kwargs)
            if extension:
                text += f"{extension} "
        columns = self._select_columns(
            select_stmt,
            populate,
            asfrom,
            kwargs,
            wrapped=select_wraps_for,
            convert=populate or (compound_index is not None and outer.get("result_map", False)),
        )
        text = self._compose_select_body(text, select_stmt, state, columns, froms, byfrom, toplevel, kwargs)
        if select_stmt._statement_hints:
            hints = [
                hint for dialect, hint in select_stmt._statement_hints if dialect in ("*", self.dialect.name)
            ]
            if hints:
                text += f" {self.get_statement_hint_text(hints)}"
        if select_stmt._suffixes:
            text += f" {self._generate_prefixes(select_stmt, select_stmt._suffixes, **kwargs)}"
        after = select_stmt._post_body_clause
        if after is not None:
            text += f" {self.process(after, **kwargs)}"
        if self._written:
            text = self._render_cte_clause() + text
        stack.pop()
        return text

    def _setup_select_stack(
        self,
        select: Any,
        state: Any,
        outer: dict[str, Any],
        asfrom: bool,
        lateral: bool,
        compound_index: int | None,
    ) -> list[Any]:
        """
        Enter a SELECT and return its own FROM elements.
        """
        around, beside = outer[FRAME_CORRELATE], outer[FRAME_ASFROM]
        if asfrom and not lateral:
            # FROM elements beside a subquery are out of its sight
            froms = state.get_display_froms(around - beside if around else around, _NOTHING)
        else:
            froms = state.get_display_froms(around, beside)
        own = {part for element in froms for part in element._from_objects}
        frame = {
            FRAME_SELECTABLE: select,
            FRAME_ASFROM: own,
            FRAME_CORRELATE: own | around if around else own,
            "froms": state.froms,
        }
        if len(own) > 1 or around:
            ambiguous = _ambiguous_names(own, around)
            if ambiguous:
                frame["ambiguous"] = ambiguous
                self._plain_columns = False
        self.stack.append(frame)
        return froms  # type: ignore[no-any-return]  # a list

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
        """
        Render the clauses from the columns to FOR UPDATE.
        """
        text += ", ".join(inner_columns)
        linter = None
        if self.linting is not NO_LINTING and self.linting & COLLECT_CARTESIAN_PRODUCTS:
            linter = FromLinter()
            if len(self.stack) == 1:
                self.from_linter = linter
            kwargs = {**kwargs, "from_linter": linter}
        if froms:
            if byfrom:
                from_texts = [
                    f._compiler_dispatch(self, asfrom=True, fromhints=byfrom, **kwargs) for f in froms
                ]
            else:
                from_texts = [f._compiler_dispatch(self, asfrom=True, **kwargs) for f in froms]
            text = (
                f"{text} \nFROM {', '.join(from_texts)}"
                if inner_columns
                else f"{text}\nFROM {', '.join(from_texts)}"
            )
        else:
            text = f"{text if inner_columns else text.rstrip()}{self.default_from()}"
        if select_stmt._where_criteria:
            around = self.stack[-1].get("lateral") if linter is not None else None
            where = self._where_text(select_stmt._where_criteria, **kwargs, **(around or {}))
            if where:
                text += f" \nWHERE {where}"
        if linter is not None:
            kwargs.pop("from_linter")
            if self.linting & WARN_LINTING:
                linter.warn()
        if select_stmt._group_by_clauses:
            text += self.group_by_clause(select_stmt, **kwargs)
        if select_stmt._having_criteria:
            having = self._where_text(select_stmt._having_criteria, **kwargs)
            if having:
                text += f" \nHAVING {having}"
        after_criteria = select_stmt._post_criteria_clause
        if after_criteria is not None:
            text += f" \n{self.process(after_criteria, **kwargs)}"
        if select_stmt._order_by_clauses:
            text += self.order_by_clause(select_stmt, **kwargs)
        if (
            select_stmt._limit_clause is not None
            or select_stmt._offset_clause is not None
            or select_stmt._fetch_clause is not None
        ):
            text += self._row_limit_clause(select_stmt, **kwargs)
        if select_stmt._for_update_arg is not None:
            text += self.for_update_clause(select_stmt, **kwargs)
        return text

    # -- clauses ---------------------------------------------------------

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        """
        Render what stands between SELECT and the columns, a blank at its end.
        """
        if select._distinct_on:
            warn_deprecated(
                "DISTINCT ON is currently supported only by the PostgreSQL dialect.  Use of DISTINCT ON for "
                "other backends is currently silently ignored, however this usage is deprecated, and will "
                "raise CompileError in a future release for all backends that do not support this syntax.",
                "1.4",
            )
        return "DISTINCT " if select._distinct else ""

    def default_from(self) -> str:
        """
        Return the FROM clause of a SELECT without FROM elements.
        """
        return ""

    def _generate_delimited_and_list(self, clauses: Any, **kw: Any) -> str:
        """
        Render criteria with AND between them; for compilers of other programs.
        """
        return self._where_text(tuple(clauses), **kw)

    def _where_text(self, criteria: Sequence[Any], **kw: Any) -> str:
        """
        Render criteria joined by AND.
        """
        if len(criteria) == 1:
            criterion = criteria[0].self_group(against=_asbool)
        elif all(criterion.__class__ is BinaryExpression for criterion in criteria):
            # nothing to simplify: no need to make the AND
            texts = [c.self_group(against=op_and)._compiler_dispatch(self, **kw) for c in criteria]
            return " AND ".join(texts)
        else:
            criterion = and_(*criteria).self_group(against=_asbool)
        return criterion._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # text

    def group_by_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` GROUP BY ...``.
        """
        text = self._list_text(select._group_by_clauses, **kw)
        return f" GROUP BY {text}" if text else ""

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` ORDER BY ...``.
        """
        text = self._list_text(select._order_by_clauses, **kw)
        return f" ORDER BY {text}" if text else ""

    def _list_text(self, clauses: Sequence[Any], **kw: Any) -> str:
        texts = [clause._compiler_dispatch(self, **kw) for clause in clauses]
        return ", ".join([text for text in texts if text])

    def _row_limit_clause(self, select: Any, **kw: Any) -> str:
        if select._fetch_clause is not None:
            return self.fetch_clause(select, **kw)
        return self.limit_clause(select, **kw)

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        """
        Render ``OFFSET ... FETCH FIRST ...``.

        Args:
            fetch_clause: The number of rows, if not the statement's FETCH.
            require_offset: Write ``OFFSET 0 ROWS`` if there is no offset.
            use_literal_execute_for_simple_int: Render numbers as literals when the statement runs.
        """
        if fetch_clause is None:
            fetch_clause = select._fetch_clause
            options = select._fetch_clause_options
        else:
            options = {"percent": False, "with_ties": False}
        text = ""
        offset = select._offset_clause
        if offset is not None:
            if use_literal_execute_for_simple_int and select._simple_int_clause(offset):
                offset = offset.render_literal_execute()
            text += f"\n OFFSET {self.process(offset, **kw)} ROWS"
        elif require_offset:
            text += "\n OFFSET 0 ROWS"
        if fetch_clause is not None:
            if use_literal_execute_for_simple_int and select._simple_int_clause(fetch_clause):
                fetch_clause = fetch_clause.render_literal_execute()
            text += (
                f"\n FETCH FIRST {self.process(fetch_clause, **kw)}"
                f"{' PERCENT' if options['percent'] else ''} ROWS "
                f"{'WITH TIES' if options['with_ties'] else 'ONLY'}"
            )
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        """
        Render ``LIMIT ... OFFSET ...``.
        """
        text = ""
        if select._limit_clause is not None:
            text += f"\n LIMIT {self.process(select._limit_clause, **kw)}"
        if select._offset_clause is not None:
            if select._limit_clause is None:
                text += "\n LIMIT -1"
            text += f" OFFSET {self.process(select._offset_clause, **kw)}"
        return text

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` FOR UPDATE``.
        """
        return " FOR UPDATE"

    def _generate_prefixes(self, stmt: Any, prefixes: Any, **kw: Any) -> str:
        """
        Render the words for this dialect, a blank behind each.
        """
        name = self.dialect.name
        return "".join(
            f"{prefix._compiler_dispatch(self, **kw)} "
            for prefix, dialect_name in prefixes
            if dialect_name in (None, "*", name)
        )

    # -- hints -----------------------------------------------------------

    def _setup_select_hints(self, select: Any) -> dict[Any, str]:
        """
        Return the hints for this dialect by FROM element.
        """
        return {
            element: text % {"name": self.process(element, ashint=True)}
            for (element, dialect), text in select._hints.items()
            if dialect in ("*", self.dialect.name)
        }

    def get_select_hint_text(self, byfroms: Any) -> str | None:
        """
        Return the hint behind SELECT, if the database has such.
        """
        return None

    def get_statement_hint_text(self, hint_texts: Sequence[str]) -> str:
        """
        Return the hints at the end of a statement.
        """
        return " ".join(hint_texts)

    # -- UNION and the like ----------------------------------------------

    def visit_compound_select(
        self, cs: Any, asfrom: bool = False, compound_index: int | None = None, **kwargs: Any
    ) -> str:
        """
        Render SELECTs joined by UNION or the like.
        """
        for name in _NOT_FOR_SUBQUERIES:
            kwargs.pop(name, None)
        stack = self.stack
        toplevel = not stack
        outer = _NO_FRAME if toplevel else stack[-1]
        if toplevel:
            self.is_select = True
            self.compile_state = cs
        cs._check_columns()
        populate = toplevel or (compound_index == 0 and outer.get("result_map", False))
        stack.append(
            {
                FRAME_CORRELATE: outer[FRAME_CORRELATE],
                FRAME_ASFROM: outer[FRAME_ASFROM],
                FRAME_SELECTABLE: cs,
                "result_map": populate,
                "compound": True,
                "holds_ctes": True,
            }
        )
        if cs._independent_ctes:
            self._dispatch_independent_ctes(cs, kwargs)
        keyword = self.compound_keywords[cs.keyword]
        text = f" {keyword} ".join(
            [
                select._compiler_dispatch(self, asfrom=asfrom, compound_index=i, **kwargs)
                for i, select in enumerate(cs.selects)
            ]
        )
        for name in (
            "lateral",
            "insert_into",
            "fromhints",
            "from_linter",
            "lateral_from_linter",
            "enclosing_lateral",
        ):
            kwargs.pop(name, None)
        # columns are named without their table: they are the columns of all SELECTs
        named = {**kwargs, "include_table": False}
        if cs._group_by_clauses:
            text += self.group_by_clause(cs, **named)
        if cs._order_by_clauses:
            text += self.order_by_clause(cs, **named)
        if cs._limit_clause is not None or cs._offset_clause is not None or cs._fetch_clause is not None:
            text += self._row_limit_clause(cs, **named)
        if self._written:
            text = self._render_cte_clause() + text
        stack.pop()
        return text

    def visit_select_statement_grouping(self, grouping: Any, **kwargs: Any) -> str:
        """
        Render ``(SELECT ...)``.
        """
        return f"({grouping.element._compiler_dispatch(self, **kwargs)})"

    def visit_textual_select(
        self, taf: Any, compound_index: int | None = None, asfrom: bool = False, **kw: Any
    ) -> str:
        """
        Render literal SQL whose columns are known.
        """
        for name in _NOT_FOR_SUBQUERIES:
            kw.pop(name, None)
        stack = self.stack
        toplevel = not stack
        outer = _NO_FRAME if toplevel else stack[-1]
        if toplevel:
            self.is_select = True
            self.compile_state = taf
        populate = toplevel or (compound_index == 0 and outer.get("result_map", False))
        stack.append(
            {
                FRAME_CORRELATE: outer[FRAME_CORRELATE],
                FRAME_ASFROM: outer[FRAME_ASFROM],
                FRAME_SELECTABLE: taf,
            }
        )
        if taf._independent_ctes:
            self._dispatch_independent_ctes(taf, kw)
        if populate:
            self._ordered_columns = self._textual_ordered_columns = taf.positional
            self._loose_column_name_matching = not taf.positional and bool(taf.column_args)
            for column in taf.column_args:
                self.process(column, within_columns_clause=True, add_to_result_map=self._add_to_result_map)
        text = self.process(taf.element, **kw)
        text = self._render_cte_clause() + text
        stack.pop()
        return text

    # -- labels in ORDER BY ----------------------------------------------

    def _label_targets(self) -> LabelTargets | None:
        frame = self.stack[-1]
        targets = frame.get("labels")
        if targets is None:
            targets = frame["labels"] = LabelTargets(frame[FRAME_SELECTABLE], frame.get("froms", ()))
        return targets

    # -- result columns --------------------------------------------------

    def _add_to_result_map(self, keyname: Any, name: Any, objects: tuple[Any, ...], type_: Any) -> None:
        """
        Note a column of the result.

        Raises:
            CompileError: It is a tuple, which no database returns.
        """
        if keyname is None or keyname == "*":
            self._ordered_columns = False
            self._ad_hoc_textual = True
        if type_._is_tuple_type:
            raise exc.CompileError(
                "Most backends don't support SELECTing from a tuple() object.  If this is an ORM query, "
                "consider using the Bundle object."
            )
        self._result_columns.append(ResultColumnsEntry(keyname, name, objects, type_))


def _ambiguous_names(own: set[Any], around: Any) -> dict[str, Any] | None:
    """
    Return names of tables without schema that a table in a schema has as well.

    Such a table gets an alias: its columns could be taken for the other's.
    """
    names = None
    for element in own | around if around else own:
        if element._is_table and element.schema is not None:
            if names is None:
                names = set()
            names.add(element.name)
    if names is None:
        return None
    return {
        element.name: _anonymous_label.safe_construct(hash(element.name), element.name)
        for element in own
        if element._is_table and element.schema is None and element.name in names
    }
