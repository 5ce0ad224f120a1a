"""
Move an expression from one FROM element to another: replace its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from relvar.expr import make
from relvar.expr.traverse import ReplacingExternalTraversal

__all__ = ["ClauseAdapter", "ColumnAdapter"]


class ClauseAdapter(ReplacingExternalTraversal):
    """
    Replace columns of whatever *selectable* is made from by those of *selectable*.

    >>> from relvar.expr.column import column
    >>> from relvar.relation.tableclause import table
    >>> t = table("t", column("x"))
    >>> a = t.alias("a")
    >>> ClauseAdapter(a).traverse(t.c.x) is a.c.x
    True

    Args:
        equivalents: Column -> columns equal to it by joins: any of them will do.
        include_fn: Only replace elements for which this is true.
        exclude_fn: Do not replace elements for which this is true.
        adapt_on_names: A column of the same name will do.
    """

    def __init__(
        self,
        selectable: Any,
        equivalents: Any = None,
        include_fn: Callable[[Any], bool] | None = None,
        exclude_fn: Callable[[Any], bool] | None = None,
        adapt_on_names: bool = False,
        adapt_from_selectables: Collection[Any] | None = None,
    ) -> None:
        self.__traverse_options__: dict[str, Any] = {"stop_on": [selectable], "anonymize_labels": False}
        self.selectable = selectable
        self.include_fn = include_fn
        self.exclude_fn = exclude_fn
        self.equivalents: Any = equivalents or {}
        self.adapt_on_names = adapt_on_names
        self.adapt_from_selectables = adapt_from_selectables

    def _corresponding_column(
        self, col: Any, require_embedded: bool, _seen: frozenset[Any] = frozenset()
    ) -> Any:
        found = self.selectable.corresponding_column(col, require_embedded)
        if found is not None:
            return found
        if col in self.equivalents and col not in _seen:
            for equivalent in self.equivalents[col]:
                found = self._corresponding_column(
                    equivalent, require_embedded=require_embedded, _seen=_seen | {col}
                )
                if found is not None:
                    return found
        if self.adapt_on_names:
            found = self.selectable.exported_columns.get(getattr(col, "name", None))
        return found

    def replace(self, elem: Any) -> Any:
        if getattr(elem, "_is_from_clause", False) and not elem._is_select_base:
            if not elem._is_join and self.selectable.is_derived_from(elem):
                if self.adapt_from_selectables and not any(
                    adapt_from.is_derived_from(elem) for adapt_from in self.adapt_from_selectables
                ):
                    return None
                return self.selectable
            return None
        if not elem._is_column_element:
            return None
        if elem._is_bind_parameter or elem._is_singleton_constant:
            return None
        if "adapt_column" in elem._annotations:
            elem = elem._annotations["adapt_column"]
        return self.replacement(elem)

    def replacement(self, elem: Any) -> Any:
        """
        Return what takes the place of a column; None if nothing does.
        """
        if self.adapt_from_selectables and elem not in self.equivalents:
            for adapt_from in self.adapt_from_selectables:
                if adapt_from.c.corresponding_column(elem, False) is not None:
                    break
            else:
                return None
        if self.include_fn is not None and not self.include_fn(elem):
            return None
        if self.exclude_fn is not None and self.exclude_fn(elem):
            return None
        return self._corresponding_column(elem, True)


class _ColumnLookup(dict[Any, Any]):
    """
    Column -> its replacement, found when first asked for.
    """

    def __init__(self, adapter: ColumnAdapter) -> None:
        super().__init__()
        self._adapter = adapter

    def __missing__(self, column: Any) -> Any:
        made = self[column] = self._adapter._locate_col(column)
        return made


class ColumnAdapter(ClauseAdapter):
    """
    A `ClauseAdapter` that remembers what it made: ``adapter.columns[column]``.

    Args:
        adapt_required: A column without a replacement gives None, not itself.
        allow_label_resolve: Replaced labels may be referred to by name in ORDER BY.
        anonymize_labels: Labels copied get anonymous names.
    """

    columns: _ColumnLookup

    def __init__(
        self,
        selectable: Any,
        equivalents: Any = None,
        adapt_required: bool = False,
        include_fn: Callable[[Any], bool] | None = None,
        exclude_fn: Callable[[Any], bool] | None = None,
        adapt_on_names: bool = False,
        allow_label_resolve: bool = True,
        anonymize_labels: bool = False,
        adapt_from_selectables: Collection[Any] | None = None,
    ) -> None:
        super().__init__(
            selectable, equivalents, include_fn, exclude_fn, adapt_on_names, adapt_from_selectables
        )
        if anonymize_labels:
            self.__traverse_options__["anonymize_labels"] = True
        self.columns = _ColumnLookup(self)
        self.adapt_required = adapt_required
        self.allow_label_resolve = allow_label_resolve
        self._wrapped: ColumnAdapter | None = None

    def wrap(self, adapter: Any) -> ColumnAdapter:
        """
        Return a copy that asks *adapter* with what this one made.
        """
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        made._wrapped = adapter
        made.columns = _ColumnLookup(made)
        return made

    def traverse(self, obj: Any) -> Any:
        """
        Return *obj* with its columns replaced.
        """
        return self.columns[obj]

    def chain(self, visitor: Any) -> Any:
        super().chain(visitor)
        return self

    adapt_clause = traverse

    def adapt_list(self, list_: Any) -> list[Any]:
        """
        Return the elements of a list with their columns replaced.
        """
        return [self.columns[element] for element in list_]

    def adapt_check_present(self, col: Any) -> Any:
        """
        Return what takes the place of *col*; None if nothing does.
        """
        made = self.columns[col]
        return None if made is col else made

    def _locate_col(self, column: Any) -> Any:
        made = super().traverse(column)
        if self._wrapped is not None:
            again = self._wrapped.columns[made]
            if again is not None:
                made = again
        if self.adapt_required and (made is column or made is None):
            return None
        return made

    def __getstate__(self) -> dict[str, Any]:
        values = self.__dict__.copy()
        del values["columns"]
        return values

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.columns = _ColumnLookup(self)


make.register(ClauseAdapter=ClauseAdapter)
