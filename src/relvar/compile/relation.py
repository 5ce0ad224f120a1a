"""
Rules for what stands in FROM: tables, aliases, subqueries, joins, VALUES.

A relation renders to nothing unless it is asked for as a FROM element
(``asfrom``): a column names its table by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar.compile.base import COLLECT_CARTESIAN_PRODUCTS, WARN_LINTING
from relvar.compile.pattern import PatternRules
from relvar.expr.names import _truncated_label

_COLLECT, _WARN = int(COLLECT_CARTESIAN_PRODUCTS), int(WARN_LINTING)


class RelationRules(PatternRules):
    """
    Rules for FROM elements.
    """

    def visit_fromclause(self, fromclause: Any, **kwargs: Any) -> str:
        """
        Render a FROM element without a name.
        """
        return fromclause._compiler_dispatch(self, **kwargs)  # type: ignore[no-any-return]  # text

    def visit_table(
        self,
        table: Any,
        asfrom: bool = False,
        iscrud: bool = False,
        ashint: bool = False,
        fromhints: Mapping[Any, str] | None = None,
        use_schema: bool = True,
        from_linter: Any = None,
        ambiguous_table_name_map: Mapping[str, str] | None = None,
        enclosing_alias: Any = None,
        within_tstring: bool = False,
        **kwargs: Any,
    ) -> str:
        """
        Render the name of a table.
        """
        if from_linter is not None:
            from_linter.froms[table] = getattr(table, "fullname", table.name)
        elif asfrom and not fromhints and self._plain_columns:
            memo = table._text_memo
            if (
                memo is not None
                and memo[0] is self.preparer
                and memo[1] is table.name
                and memo[2] is table.schema
            ):
                return memo[3]  # type: ignore[no-any-return]  # text
        if not (asfrom or ashint or within_tstring):
            return ""
        preparer = self.preparer
        schema = preparer.schema_for_object(table)
        if use_schema and schema:
            text = f"{preparer.quote_schema(schema)}.{preparer.quote(table.name)}"
        else:
            text = preparer.quote(table.name)
            ambiguous = ambiguous_table_name_map
            if ambiguous is None and asfrom and not iscrud and self.stack:
                ambiguous = self.stack[-1].get("ambiguous")
            if ambiguous and enclosing_alias is None and table.name in ambiguous:
                # columns of this table could be read as those of a table of
                # the same name in a schema
                anon = self._truncated_identifier("alias", ambiguous[table.name])
                text += self.get_render_as_alias_suffix(preparer.format_alias(None, anon))
        if use_schema and self._plain_columns:
            table._text_memo = (preparer, table.name, table.schema, text)
        if fromhints and table in fromhints:
            text = self.format_from_hint_text(text, table, fromhints[table], iscrud)
        return text

    def get_render_as_alias_suffix(self, alias_name_text: str) -> str:
        """
        Return what stands between a relation and its alias, and the alias.
        """
        return f" AS {alias_name_text}"

    def format_from_hint_text(self, sqltext: str, table: Any, hint: str, iscrud: bool) -> str:
        """
        Return a FROM element with a hint for the database.
        """
        hinttext = self.get_from_hint_text(table, hint)
        return f"{sqltext} {hinttext}" if hinttext else sqltext

    def get_from_hint_text(self, table: Any, text: str) -> str | None:
        """
        Return the hint for a FROM element, if the database has such.
        """
        return None

    def _alias_name(self, alias: Any) -> str:
        name = alias.name
        if isinstance(name, _truncated_label):
            return self._truncated_identifier("alias", name)
        return name  # type: ignore[no-any-return]  # names are text

    def visit_alias(
        self,
        alias: Any,
        asfrom: bool = False,
        ashint: bool = False,
        iscrud: bool = False,
        fromhints: Mapping[Any, str] | None = None,
        subquery: bool = False,
        lateral: bool = False,
        enclosing_alias: Any = None,
        from_linter: Any = None,
        within_tstring: bool = False,
        **kwargs: Any,
    ) -> str:
        """
        Render ``relation AS name``.
        """
        if lateral:
            kwargs["enclosing_lateral"] = alias
            if from_linter is not None:
                # what the lateral compares with is connected to it
                kwargs["lateral_from_linter"] = from_linter
        if enclosing_alias is not None and enclosing_alias.element is alias:
            # an alias of an alias: only the outer name is rendered
            inner = alias.element._compiler_dispatch(
                self,
                asfrom=asfrom,
                ashint=ashint,
                iscrud=iscrud,
                fromhints=fromhints,
                lateral=lateral,
                enclosing_alias=alias,
                **kwargs,
            )
            if subquery and (asfrom or lateral):
                inner = f"({inner})"
            return inner  # type: ignore[no-any-return]  # text
        if ashint:
            return self.preparer.format_alias(alias, self._alias_name(alias))  # type: ignore[no-any-return]  # text
        if asfrom or within_tstring:
            name = self._alias_name(alias)
            if from_linter is not None:
                from_linter.froms[original(alias)] = name
            inner = alias.element._compiler_dispatch(
                self, asfrom=True, lateral=lateral, enclosing_alias=alias, **kwargs
            )
            if subquery:
                inner = f"({inner})"
            text = inner + self.get_render_as_alias_suffix(self.preparer.format_alias(alias, name))
            if alias._supports_derived_columns and alias._render_derived:
                text += f"({', '.join(self._derived_columns(alias, **kwargs))})"
            if fromhints and alias in fromhints:
                text = self.format_from_hint_text(text, alias, fromhints[alias], iscrud)
            return text  # type: ignore[no-any-return]  # text
        # alone, or as an operand
        inner = alias.element._compiler_dispatch(self, **kwargs)
        return f"({inner})" if lateral and subquery else inner

    def _derived_columns(self, alias: Any, **kw: Any) -> list[str]:
        texts = []
        for column in alias.c:
            text = self.preparer.quote(column.name)
            if alias._render_derived_w_types:
                text += f" {self.dialect.type_compiler_instance.process(column.type, **kw)}"
            texts.append(text)
        return texts

    def visit_subquery(self, subquery: Any, **kw: Any) -> str:
        """
        Render ``(SELECT ...) AS name``.
        """
        kw["subquery"] = True
        return self.visit_alias(subquery, **kw)

    def visit_lateral(self, lateral_: Any, **kw: Any) -> str:
        """
        Render ``LATERAL relation AS name``.
        """
        kw["lateral"] = True
        if lateral_.element._is_select_base or lateral_.element._is_subquery:
            kw["subquery"] = True
        return f"LATERAL {self.visit_alias(lateral_, **kw)}"

    def visit_tablesample(self, tablesample: Any, asfrom: bool = False, **kw: Any) -> str:
        """
        Render ``relation AS name TABLESAMPLE ...``.
        """
        text = (
            f"{self.visit_alias(tablesample, asfrom=True, **kw)} "
            f"TABLESAMPLE {tablesample._get_method()._compiler_dispatch(self, **kw)}"
        )
        if tablesample.seed is not None:
            text += f" REPEATABLE ({tablesample.seed._compiler_dispatch(self, **kw)})"
        return text

    def visit_table_valued_alias(self, element: Any, **kw: Any) -> str:
        """
        Render a function as a FROM element.
        """
        if element.joins_implicitly:
            kw["from_linter"] = None
        if element._is_lateral:
            return self.visit_lateral(element, **kw)
        return self.visit_alias(element, **kw)

    def visit_table_valued_column(self, element: Any, **kw: Any) -> str:
        """
        Render the row of a table or function as one value.
        """
        return self.visit_column(element, **kw)

    def _lints(self, froms: Sequence[Any]) -> bool:
        """
        Tell whether to find out what connects FROM elements.

        One alone, which may be a join, has no product to warn of; it is looked at only where a program reads
        what was collected.
        """
        # its members are numbers: their own `&` makes a member of the result, at six calls of Python
        linting = int(self.linting)
        if not linting & _COLLECT:
            return False
        return len(froms) > 1 or not linting & _WARN

    # -- joins -----------------------------------------------------------

    def visit_join(self, join: Any, asfrom: bool = False, from_linter: Any = None, **kwargs: Any) -> str:
        """
        Render ``left JOIN right ON condition``.
        """
        if from_linter is not None:
            from_linter.edges.update(
                (left, right)
                for left in map(original, join.left._from_objects)
                for right in map(original, join.right._from_objects)
            )
        if join.full:
            word = " FULL OUTER JOIN "
        elif join.isouter:
            word = " LEFT OUTER JOIN "
        else:
            word = self._inner_join
        if from_linter is not None:
            kwargs["from_linter"] = from_linter
        return (
            f"{join.left._compiler_dispatch(self, asfrom=True, **kwargs)}{word}"
            f"{join.right._compiler_dispatch(self, asfrom=True, **kwargs)} ON "
            f"{join.onclause._compiler_dispatch(self, **kwargs)}"
        )

    _inner_join = " JOIN "

    # -- VALUES ----------------------------------------------------------

    # What stands before the parentheses of each row.
    _values_row = ""

    def _render_values(self, element: Any, **kw: Any) -> str:
        kw.setdefault("literal_binds", element.literal_binds)
        rows = []
        for block in element._data:
            for row in block:
                made = element._row(row)
                rows.append(f"{self._values_row}{made._compiler_dispatch(self, **kw)}")
        return f"VALUES {', '.join(rows)}"

    def visit_values(
        self, element: Any, asfrom: bool = False, from_linter: Any = None, visiting_cte: Any = None, **kw: Any
    ) -> str:
        """
        Render ``(VALUES (...), ...) AS name (columns)``.
        """
        if element._independent_ctes:
            self._dispatch_independent_ctes(element, kw)
        name: Any
        if element._unnamed:
            name = None
        elif isinstance(element.name, _truncated_label):
            name = self._truncated_identifier("values", element.name)
        else:
            name = element.name
        text = self._render_values(element, **kw)
        if visiting_cte is not None and visiting_cte.element is element:
            return text
        if element._is_lateral:
            text = f"LATERAL ({text})" if asfrom else text
        elif asfrom:
            text = f"({text})"
        if asfrom:
            if from_linter is not None:
                from_linter.froms[original(element)] = (
                    name if name is not None else "(unnamed VALUES element)"
                )
            if name:
                kw.pop("literal_binds", None)
                columns = ", ".join(
                    column._compiler_dispatch(self, include_table=False, **kw) for column in element.columns
                )
                text = self._named_values(text, self.preparer.quote(name), columns)
        return text

    def _named_values(self, text: str, name: str, columns: str) -> str:
        """
        Return rows in parentheses with a name for them, and names of their columns.
        """
        return f"{text}{self.get_render_as_alias_suffix(name)} ({columns})"

    def visit_scalar_values(self, element: Any, **kw: Any) -> str:
        """
        Render ``(VALUES (...))`` as one value.
        """
        return f"({self._render_values(element, **kw)})"

    def _dispatch_independent_ctes(self, stmt: Any, kw: dict[str, Any]) -> None:
        raise NotImplementedError


def original(element: Any) -> Any:
    """
    Return what *element* is a copy of, however often it was copied; or itself.
    """
    source = element._is_clone_of
    while source is not None:
        element, source = source, source._is_clone_of
    return element
