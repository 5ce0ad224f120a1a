"""
Rules for the columns clause of a SELECT and for RETURNING.

A column is rendered in one of these forms:
  1. ``table.column`` alone, when its name is its own;
  2. ``expression AS name``, when it has none, or its name is taken;
  3. ``table.column AS column`` in a subquery, so that the subquery's columns
     have names whatever the database makes of the expression;
  4. text, as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from relvar._kernels.lists import columns_of_tables, columns_with_names
from relvar.compile.cte import CTERules
from relvar.expr.label import Label
from relvar.expr.names import _truncated_label
from relvar.expr.unary import AsBoolean, UnaryExpression
from relvar.stmt.labels import (
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    ColumnName,
    columns_plus_names,
)

_WITHOUT_TABLE = {"include_table": False}
_is_keyed = attrgetter("_is_keyed_column_element")


class LabelTargets:
    """
    What the elements of ORDER BY and GROUP BY may refer to by name.
    """

    __slots__ = ("_below", "_by_name", "_froms", "_labels", "_select")

    def __init__(self, select: Any, froms: Sequence[Any]) -> None:
        self._select = select
        self._froms = froms
        self._by_name: dict[str, Any] | None = None
        self._below: dict[str, Any] | None = None
        self._labels: dict[str, Any] | None = None

    def refers_to(self, label: Any) -> bool:
        """
        Tell whether *label*, or one of its name for the same column, is in the columns clause.
        """
        labels = self._labels
        if labels is None:
            labels = self._labels = {
                column.name: column for column in self._columns() if isinstance(column, Label)
            }
        found = labels.get(label.name)
        return found is not None and (found is label or found.shares_lineage(label))

    def _columns(self) -> Iterable[Any]:
        select = self._select
        return select._all_selected_columns if hasattr(select, "_all_selected_columns") else ()

    def find(self, name: str) -> Any:
        """
        Return the column or label called *name*, or None.

        Columns of the columns clause, by label or qualified name, come before
        those of the FROM elements; of several with one name, the last is meant.
        """
        known = self._by_name
        if known is None:
            known = self._by_name = {}
            compound = self._select.__visit_name__ == "compound_select"
            for column in self._columns():
                if column._is_text_clause or not getattr(column, "_allow_label_resolve", True):
                    continue
                # a combination of SELECTs has names only
                key = column.key if compound else column._tq_label or column.key
                if key is not None:
                    known[key] = column
        found = known.get(name)
        return self.find_below(name) if found is None else found

    def find_below(self, name: str) -> Any:
        """
        Return the column of a FROM element called *name*, or None.
        """
        below = self._below
        if below is None:
            below = self._below = {}
            for element in self._froms:
                for column in element._select_iterable:
                    key = getattr(column, "key", None)
                    if key is not None and getattr(column, "_allow_label_resolve", True):
                        below[key] = column
        return below.get(name)


class ColumnsRules(CTERules):
    """
    Rules for lists of columns.
    """

    def _add_to_result_map(self, keyname: Any, name: Any, objects: tuple[Any, ...], type_: Any) -> None:
        raise NotImplementedError

    def _select_columns(
        self,
        select: Any,
        populate: bool,
        asfrom: bool,
        kw: dict[str, Any],
        wrapped: Any = None,
        convert: bool = True,
    ) -> list[str]:
        """
        Render the columns clause.

        Args:
            populate: Note the columns as those of the result.
            asfrom: The SELECT is a FROM element.
            wrapped: The SELECT that *select* was made from; its columns are found in the result as well.
            convert: Types may wrap their columns (``column_expression``).
        """
        columns = select._all_selected_columns
        style = select._label_style
        if (
            wrapped is None
            and self._plain_columns
            and style is not LABEL_STYLE_TABLENAME_PLUS_COL
            and not (kw or self._own_column_rule)
        ):
            distinct, plain = style is not LABEL_STYLE_NONE, None
            if not asfrom:
                entries = self._result_columns if populate else None
                plain = columns_of_tables(columns, self, distinct, False, entries)
            if plain is None and not (asfrom and populate):
                plain = columns_with_names(columns, self, distinct, populate, asfrom)
            if plain is not None:
                return plain
        named = columns_plus_names(columns, style)
        targets: Sequence[Any] = ()
        if wrapped is not None:
            targets = wrapped._all_selected_columns
        texts: list[str] = []
        for index, entry in enumerate(named):
            target = (targets[index],) if index < len(targets) else ()
            texts.append(self._label_select_column(select, entry, populate, asfrom, kw, target, convert))
        return texts

    def _label_select_column(
        self,
        select: Any,
        entry: ColumnName,
        populate: bool,
        asfrom: bool,
        kw: dict[str, Any],
        targets: tuple[Any, ...] = (),
        convert: bool = True,
    ) -> str:
        """
        Render one column of a list.
        """
        if not isinstance(entry, ColumnName):
            # a compiler of others, which has columns only
            entry = ColumnName(None, None, None, entry, False)
        column = entry.column
        add = self._add_to_result_map if populate else None
        expression = column
        wrap_name: Any = None
        if convert and not column._is_text_clause:
            if self._type_facts(column.type).wraps_columns:
                inner = column.element if isinstance(column, Label) else column
                made = column.type.dialect_impl(self.dialect).column_expression(inner)
                if made is not inner:
                    expression = made
                    wrap_name = entry.required_label_name if inner is column else column.name
                    if wrap_name is None:
                        lone = inner is column and column._is_named and column.table is None
                        own = column._anon_name_label if lone else column._label_name
                        wrap_name = own or entry.fallback_label_name
        if isinstance(column, Label) and wrap_name is None:
            return column._compiler_dispatch(  # type: ignore[no-any-return]  # text
                self, within_columns_clause=True, add_to_result_map=add, result_map_targets=targets, **kw
            )
        name = wrap_name or entry.required_label_name or self._needed_name(entry, asfrom)
        if name is None:
            if add is None:
                return expression._compiler_dispatch(self, within_columns_clause=True, **kw)  # type: ignore[no-any-return]  # text
            if targets:
                kw = {**kw, "result_map_targets": targets}
            return expression._compiler_dispatch(  # type: ignore[no-any-return]  # text
                self, within_columns_clause=True, add_to_result_map=add, **kw
            )
        final = self._truncated_identifier("colident", name) if isinstance(name, _truncated_label) else name
        if add is not None:
            objects: tuple[Any, ...] = (
                (final,) if entry.repeated else self._column_objects(column, final, entry)
            )
            add(final, name, (*objects, *targets), column.type)
        text = expression._compiler_dispatch(self, within_columns_clause=True, within_label_clause=True, **kw)
        # a rule of a program's own that returns no text is an error, not the word None
        return text + f" AS {self.preparer.quote(final)}"  # type: ignore[no-any-return]  # text

    @staticmethod
    def _column_objects(column: Any, name: str, entry: ColumnName) -> tuple[Any, ...]:
        """
        Return all that a labelled column can be looked up by.
        """
        objects: tuple[Any, ...] = (column, name)
        key = entry.proxy_name
        if key is not None and key != name and not key.startswith("_no_label"):
            objects += (key,)
        return objects

    def _needed_name(self, entry: ColumnName, asfrom: bool) -> Any:
        """
        Return the name that a column must be given although nothing else has it; or None.
        """
        column = entry.column
        if column._is_text_clause:
            return None
        if column._is_named:
            # a bare column, or one of text, has the name that it has
            if asfrom and column.table is not None and not column.is_literal:
                return column.name
            return None
        if (
            isinstance(column, UnaryExpression)
            and not asfrom
            and column.element._is_named
            and "proxy_key" not in column._annotations
        ):
            # "-t.x" comes back as what the database makes of it; "x = 1" is
            # what a boolean becomes where there are none
            if self.dialect.supports_native_boolean or not isinstance(column, AsBoolean):
                return None
        return entry.fallback_label_name

    # -- RETURNING -------------------------------------------------------

    _own_returning_rule = False
    "The compiler overrides how single columns of RETURNING are named or written."

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        cls._own_returning_rule = cls._own_column_rule or not (
            getattr(cls._named_returning, "_is_plain", False)
            and getattr(cls._label_returning_column, "_is_plain", False)
        )

    def _plain_returning(self, columns: Any, populate: bool, kw: dict[str, Any]) -> list[str] | None:
        """
        Render RETURNING of columns of tables that need no names.

        Returns:
            None, if there is any other column among them.
        """
        if self._own_returning_rule or not self._plain_columns or (kw and kw != _WITHOUT_TABLE):
            return None
        if not all(map(_is_keyed, columns)):
            columns = [column for raw in columns for column in raw._select_iterable]
        entries = self._result_columns if populate else None
        return columns_of_tables(columns, self, True, bool(kw), entries)

    def _named_returning(self, stmt: Any, columns: Any) -> list[tuple[Any, Any]]:
        """
        Return the columns of RETURNING with what `columns_plus_names` says of them.
        """
        flat = [column for raw in columns for column in raw._select_iterable]
        return [(entry.column, entry) for entry in columns_plus_names(flat, LABEL_STYLE_DISAMBIGUATE_ONLY)]

    def _label_returning_column(
        self, stmt: Any, column: Any, populate_result_map: bool, name: Any = None, **kw: Any
    ) -> str:
        """
        Render a column of RETURNING.

        Args:
            name: What `_named_returning` says of the column; hooks may leave it out.
        """
        entry = (
            name
            if isinstance(name, ColumnName)
            else columns_plus_names([column], LABEL_STYLE_DISAMBIGUATE_ONLY)[0]
        )
        # in a CTE the type's expression is left to the statement around it, which would add it again
        return self._label_select_column(
            stmt, entry, populate_result_map, False, kw, convert=populate_result_map
        )

    _named_returning._is_plain = True  # type: ignore[attr-defined]  # a mark for `_init_compiler_cls`
    _label_returning_column._is_plain = True  # type: ignore[attr-defined]  # as above
