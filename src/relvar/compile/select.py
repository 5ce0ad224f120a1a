"""
Rules for SELECT as a whole; its clauses are in `clauses`, what combines SELECTs in `compound`.

One SELECT is rendered in these steps:
  1. which FROM elements are its own, and which belong to a SELECT around it;
  2. the columns clause, which also says what the result's columns are;
  3. the other clauses, in their order (`_compose_select_body`);
  4. the CTEs that are written in front of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar._kernels.clauses import texts_of_froms
from relvar._kernels.froms import from_objects
from relvar.compile.base import NO_LINTING, WARN_LINTING, new_entry
from relvar.compile.clauses import ClauseRules
from relvar.compile.columns import LabelTargets
from relvar.compile.linter import FromLinter
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE, FRAME_SELECTABLE
from relvar.expr import make
from relvar.expr.names import _anonymous_label
from relvar.stmt.select import Select

_NOTHING: frozenset[Any] = frozenset()
NO_FRAME: dict[str, Any] = {FRAME_CORRELATE: _NOTHING, FRAME_ASFROM: _NOTHING}

# What a statement within the statement must not hear of.
NOT_FOR_SUBQUERIES = frozenset(
    (
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
)


# Fields that few SELECTs have. Whether one has any of them is one step, which costs as much as reading two
# fields that only the class has.
_RARE_WORDS = frozenset(
    (
        "_hint_pairs",
        "_independent_ctes",
        "_post_body_clause",
        "_post_select_clause",
        "_pre_columns_clause",
        "_prefixes",
        "_statement_hints",
        "_suffixes",
    )
)
_RARE_CLAUSES = frozenset(
    (
        "_fetch_clause",
        "_for_update_arg",
        "_group_by_clauses",
        "_having_criteria",
        "_limit_clause",
        "_offset_clause",
        "_post_criteria_clause",
    )
)


class SelectRules(ClauseRules):
    """
    Rules for SELECT.
    """

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
            kwargs = {name: value for name, value in kwargs.items() if name not in NOT_FOR_SUBQUERIES}
        stack = self.stack
        toplevel = not stack
        # as `Select._is_orm` has it
        if "compile_state_plugin" in select_stmt._propagate_attrs and make.orm_core_select is not None:
            frame = NO_FRAME if toplevel else stack[-1]
            select_stmt = make.orm_core_select(
                select_stmt,
                toplevel,
                frame[FRAME_CORRELATE],
                frame[FRAME_ASFROM],
                () if toplevel else stack[0][FRAME_SELECTABLE]._with_options,
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
            outer = NO_FRAME
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
        is_plain = type(select_stmt) is Select and _RARE_WORDS.isdisjoint(select_stmt.__dict__)
        byfrom, text = (None, "SELECT ") if is_plain else self._select_word(select_stmt, kwargs)
        text += self.get_select_precolumns(select_stmt, **kwargs)
        if not is_plain and select_stmt._pre_columns_clause is not None:
            extension = self.process(select_stmt._pre_columns_clause, **kwargs)
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
        if not is_plain:
            text += self._words_behind_select(select_stmt, kwargs)
        if self._written:
            text = self._render_cte_clause() + text
        stack.pop()
        return text

    def _select_word(self, select_stmt: Any, kwargs: dict[str, Any]) -> tuple[dict[Any, str] | None, str]:
        """
        Return hints by FROM element, and the text in front of the columns and what is said of all of them.
        """
        if select_stmt._independent_ctes:
            self._dispatch_independent_ctes(select_stmt, kwargs)
        byfrom = None
        if select_stmt._hint_pairs:
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
        return byfrom, text

    def _words_behind_select(self, select_stmt: Any, kwargs: dict[str, Any]) -> str:
        """
        Return what stands behind all clauses.
        """
        text = ""
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
        around = outer[FRAME_CORRELATE]
        if (
            select._correlate
            or select._correlate_except is not None
            or not (outer is NO_FRAME or (asfrom and not lateral))
        ):
            froms = self._froms_in_sight(state, outer, asfrom and not lateral)
        else:
            # there is nothing around that they could belong to
            froms = state.froms
        own = set(from_objects(froms))
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
        return froms

    @staticmethod
    def _froms_in_sight(state: Any, outer: dict[str, Any], beside_others: bool) -> list[Any]:
        """
        Return the FROM elements of a SELECT, but for those of the SELECT around it.

        Args:
            beside_others: It is a FROM element itself: those beside it are out of its sight.
        """
        around, beside = outer[FRAME_CORRELATE], outer[FRAME_ASFROM]
        if beside_others:
            around, beside = (around - beside if around else around), _NOTHING
        froms: list[Any] = state.get_display_froms(around, beside)
        return froms

    def _display_froms_for_select(self, select_stmt: Any, asfrom: bool, lateral: bool = False) -> list[Any]:
        """
        Return what a SELECT is to have in its FROM; compilers of others ask.
        """
        outer = self.stack[-1] if self.stack else NO_FRAME
        return self._froms_in_sight(select_stmt._select_state, outer, asfrom and not lateral)

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
        if self.linting is not NO_LINTING and (self._lints(froms) or "lateral" in self.stack[-1]):
            linter = FromLinter()
            if len(self.stack) == 1:
                self.from_linter = linter
            kwargs = {**kwargs, "from_linter": linter}
        # what a LATERAL compares with, in ON or WHERE, is connected to it
        compared = kwargs if linter is None else {**kwargs, **self.stack[-1].get("lateral", {})}
        if froms:
            if byfrom:
                from_texts = [
                    f._compiler_dispatch(self, asfrom=True, fromhints=byfrom, **compared) for f in froms
                ]
            elif compared:
                from_texts = [f._compiler_dispatch(self, asfrom=True, **compared) for f in froms]
            else:
                from_texts = texts_of_froms(froms, self)
            text = (
                f"{text} \nFROM {', '.join(from_texts)}"
                if inner_columns
                else f"{text}\nFROM {', '.join(from_texts)}"
            )
        else:
            text = f"{text if inner_columns else text.rstrip()}{self.default_from()}"
        if select_stmt._where_criteria:
            where = self._where_text(select_stmt._where_criteria, **compared)
            if where:
                text += f" \nWHERE {where}"
        if linter is not None:
            kwargs.pop("from_linter")
            if self.linting & WARN_LINTING:
                linter.warn()
        if type(select_stmt) is Select and _RARE_CLAUSES.isdisjoint(select_stmt.__dict__):
            if select_stmt._order_by_clauses:
                text += self.order_by_clause(select_stmt, **kwargs)
            return text
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
        self._result_columns.append(new_entry((keyname, name, objects, type_)))


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
