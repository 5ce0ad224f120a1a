"""
Rows given in the statement: ``VALUES (1, 'a'), (2, 'b')``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from relvar import exc
from relvar.expr.bind import BindParameter
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.grouping import null
from relvar.expr.names import _anonymous_label
from relvar.expr.node import NODES, PAIRS, VALUE, Field, next_serial
from relvar.expr.operators import OperatorType
from relvar.expr.resolve import clause_element
from relvar.expr.roles import Role
from relvar.expr.tuple import Tuple
from relvar.relation.cte import HasCTE
from relvar.relation.from_ import FromClause
from relvar.types import NULLTYPE

__all__ = ["ScalarValues", "Values", "values"]


class _Unkeyed:
    """
    In a field, it makes a statement uncacheable: the text holds values.
    """

    __hash__ = None  # type: ignore[assignment]  # unhashable is the point


def _value_elements(
    rows: Sequence[Any], columns: Sequence[Any], literal_binds: bool
) -> tuple[tuple[Any, ...], ...]:
    made = []
    types = [getattr(c, "type", NULLTYPE) for c in columns]
    for row in rows if isinstance(rows, Iterable) else (rows,):
        if not isinstance(row, (tuple, list)):
            raise exc.ArgumentError(f"data() takes a list of tuples, one per row; got {row!r}")
        if len(row) != len(columns):
            raise exc.ArgumentError(f"Wrong number of elements for {len(columns)}-tuple: {row!r} ")
        elements = []
        for index, given in enumerate(row):
            element = clause_element(given)
            if element is None and (literal_binds or not types[index].should_evaluate_none):
                element = null()
            elif not isinstance(element, ClauseElement):
                type_ = types[index]
                element = BindParameter(None, element, type_=None if type_._isnull else type_, unique=True)
            elements.append(element)
        made.append(tuple(elements))
    return tuple(made)


class Values(HasCTE, FromClause):
    """
    Rows of values as a FROM element.

    Attributes:
        literal_binds: Values are rendered inline.
    """

    __visit_name__ = "values"
    _fields = (
        Field("_column_args", NODES),
        Field("_data", PAIRS),
        Field("name", VALUE),
        Field("literal_binds", VALUE),
        Field("_inline_mark", VALUE),
        *HasCTE._cte_fields,
    )
    _data: tuple[Any, ...] = ()
    _is_values = True
    _unnamed = False
    name_cte_columns = True
    _inline_mark: Any = None

    def __init__(self, *columns: Any, name: str | None = None, literal_binds: bool = False) -> None:
        self._column_args = columns
        if name is None:
            self._unnamed = True
            self.name = _anonymous_label.safe_construct(next_serial(), "anon")
        else:
            self.name: Any = name
        self.literal_binds = literal_binds
        if literal_binds:
            self._inline_mark = _Unkeyed()
        self.named_with_column: bool = not self._unnamed

    @property
    def _column_types(self) -> list[Any]:
        return [col.type for col in self._column_args]

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return list(self._column_args)

    def alias(self, name: str | None = None, flat: bool = False) -> Self:  # type: ignore[override]  # itself, named
        """
        Return a copy of another name.
        """
        made = self._clone()
        if name is None:
            made.name = _anonymous_label.safe_construct(next_serial(), "anon")
            made._unnamed = False
        else:
            made.name = name
            made._unnamed = False
        made.named_with_column = True
        made._reset_column_collection()
        return made

    def lateral(self, name: str | None = None) -> Self:  # type: ignore[override]  # itself, marked
        """
        Return a LATERAL copy.
        """
        made = self._clone()
        if name is not None:
            made.name = name
        made._unnamed = False
        made._is_lateral = True
        return made

    def data(self, values: Sequence[Any]) -> Self:
        """
        Return a copy with more rows.
        """
        made = self._clone()
        made._data += (_value_elements(values, self._column_args, self.literal_binds),)
        made._reset_column_collection()
        return made

    def _row(self, row: Any) -> Any:
        """
        Return one row as an element: ``(a, b)``.
        """
        return Tuple(*row)

    def scalar_values(self) -> ScalarValues:
        """
        Return the rows as an expression, for the right side of IN.
        """
        return ScalarValues(self._column_args, self._data, self.literal_binds)

    def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
        made = []
        for column in self._column_args:
            if column.table is None:
                column = column._clone()
                column.table = self
                column._proxies = ()
                made.append((column.key, column))
            else:
                made.append(column._make_proxy(self, primary_key=primary_key, foreign_keys=foreign_keys))
        columns._populate_separate_keys(made)

    @property
    def _from_objects(self) -> Sequence[Any]:
        return [self]


class ScalarValues(ColumnElement[Any]):
    """
    Rows of values as an expression.
    """

    __visit_name__ = "scalar_values"
    _fields = (
        Field("_column_args", NODES),
        Field("_data", PAIRS),
        Field("literal_binds", VALUE),
        Field("_inline_mark", VALUE),
    )
    _roles = ColumnElement._roles | Role.IN_ELEMENT
    _inline_mark: Any = None

    def __init__(self, columns: Sequence[Any], data: tuple[Any, ...], literal_binds: bool) -> None:
        self._column_args = columns
        self._data = data
        self.literal_binds = literal_binds
        if literal_binds:
            self._inline_mark = _Unkeyed()

    def _row(self, row: Any) -> Any:
        """
        Return one row as an element: ``(a, b)``.
        """
        return Tuple(*row)

    @property
    def _column_types(self) -> list[Any]:
        return [col.type for col in self._column_args]

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self  # in parentheses anyway


def values(*columns: Any, name: str | None = None, literal_binds: bool = False) -> Values:
    """
    Return a VALUES element with these columns; its rows come by ``data()``.

    Args:
        literal_binds: Render values inline, not as parameters.

    >>> from relvar import Integer, String, column, select, values
    >>> pairs = values(column("id", Integer), column("name", String), name="pairs", literal_binds=True)
    >>> print(select(pairs.data([(1, "ann"), (2, "bob")])))
    SELECT pairs.id, pairs.name
    FROM (VALUES (1, 'ann'), (2, 'bob')) AS pairs (id, name)
    """
    return Values(*columns, name=name, literal_binds=literal_binds)
