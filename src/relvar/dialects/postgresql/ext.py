"""
Constraints that only PostgreSQL has.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr.column import column
from relvar.schema.collection import ddl_column, ddl_expression
from relvar.schema.constraint import ColumnCollectionConstraint

__all__ = ["ExcludeConstraint"]


class ExcludeConstraint(ColumnCollectionConstraint):
    """
    ``EXCLUDE USING gist (...)``: no two rows for which all comparisons are true.

    Args:
        elements: Pairs (column or expression, operator).
        using: The index method.
        where: The rows it applies to.
        ops: Operator classes, by column key.

    Raises:
        ArgumentError: *elements* are no such pairs, or there are none.
    """

    __visit_name__ = "exclude_constraint"

    where: Any = None
    inherit_cache = False
    create_drop_stringify_dialect = "postgresql"

    def __init__(self, *elements: Any, **kw: Any) -> None:
        columns = []
        expressions = []
        self.operators: dict[str, str] = {}
        if not elements:
            raise exc.ArgumentError("ExcludeConstraint takes pairs (column, operator); there are none")
        for pair in elements:
            if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not isinstance(pair[1], str):
                raise exc.ArgumentError(f"ExcludeConstraint takes pairs (column, operator), got {pair!r}")
            given, operator = pair
            element = ddl_column(given)
            expressions.append((element, operator))
            is_column = isinstance(element, str) or getattr(element, "_is_real_column", False)
            if is_column:
                name = element if isinstance(element, str) else element.name
                self.operators[name] = operator
            columns.append(element)
        self._pairs = expressions
        self.using: Any = kw.pop("using", "gist")
        where = kw.pop("where", None)
        if where is not None:
            self.where = ddl_expression(where)
        self.ops: Any = kw.pop("ops", {})
        super().__init__(*columns, **kw)

    @property
    def _render_exprs(self) -> list[tuple[Any, str | None, str]]:
        """
        Each element as an expression, its name if it is a column, its operator.  Programs that render
        constraints as Python read this.
        """
        table = self.__dict__.get("parent")
        found: list[tuple[Any, str | None, str]] = []
        for element, operator in self._pairs:
            if not isinstance(element, str):
                found.append((element, getattr(element, "name", None), operator))
            elif table is not None and element in table.c:
                found.append((table.c[element], element, operator))
            else:
                found.append((column(element), element, operator))
        return found

    def _copy(self, *, target_table: Any = None, **kw: Any) -> Any:
        elements = []
        for element, operator in self._pairs:
            if target_table is not None and not isinstance(element, str):
                element = self.table._copy_expression_to(element, target_table)
            elements.append((element, operator))
        made = type(self)(
            *elements,
            **self._copy_flags(where=self.where, using=self.using, ops=self.ops),
        )
        return self._schema_item_copy(made)
