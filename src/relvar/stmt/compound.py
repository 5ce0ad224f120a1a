"""
UNION, EXCEPT, INTERSECT.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVarTuple, overload

from relvar import exc
from relvar.expr import make
from relvar.expr.coerce_rows import compound_element
from relvar.expr.nesting import refusing_depth
from relvar.expr.node import NODES, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.relation.cte import HasCTE
from relvar.stmt.base import GenerativeSelect, SelectStatementGrouping
from relvar.stmt.labels import SelectLabelStyle
from relvar.util.generics import subscriptable

if TYPE_CHECKING:
    from relvar.stmt.base import SelectBase
    from relvar.stmt.typed import TypedReturnsRows, TypedRows
else:
    TypedRows = subscriptable()

__all__ = [
    "CompoundSelect",
    "except_",
    "except_all",
    "intersect",
    "intersect_all",
    "union",
    "union_all",
]

_Ts = TypeVarTuple("_Ts")


class _CompoundSelectKeyword(enum.Enum):
    """
    How SELECTs are combined.
    """

    UNION = "UNION"
    UNION_ALL = "UNION ALL"
    EXCEPT = "EXCEPT"
    EXCEPT_ALL = "EXCEPT ALL"
    INTERSECT = "INTERSECT"
    INTERSECT_ALL = "INTERSECT ALL"

    @property
    def _is_compound_keyword(self) -> bool:
        return True


class CompoundSelect(TypedRows[*_Ts], GenerativeSelect, Generic[*_Ts]):
    """
    SELECTs combined by a keyword.
    """

    __visit_name__ = "compound_select"
    _fields = (
        Field("selects", NODES),
        Field("keyword", VALUE),
        *GenerativeSelect._generative_fields,
        *HasCTE._cte_fields,
        Field("_with_options", NODES),
        Field("_compile_options", VALUE),
    )

    UNION = _CompoundSelectKeyword.UNION
    UNION_ALL = _CompoundSelectKeyword.UNION_ALL
    EXCEPT = _CompoundSelectKeyword.EXCEPT
    EXCEPT_ALL = _CompoundSelectKeyword.EXCEPT_ALL
    INTERSECT = _CompoundSelectKeyword.INTERSECT
    INTERSECT_ALL = _CompoundSelectKeyword.INTERSECT_ALL

    selects: list[Any]
    _is_from_container = True
    _auto_correlate = False

    def __init__(self, keyword: _CompoundSelectKeyword, *selects: Any) -> None:
        self.keyword = keyword
        self.selects = [compound_element(s).self_group(against=keyword) for s in selects]
        for made in self.selects:
            if made._propagate_attrs:
                self._propagate_attrs = made._propagate_attrs
                break

    @classmethod
    def _create_union(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.UNION, *selects)

    @classmethod
    def _create_union_all(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.UNION_ALL, *selects)

    @classmethod
    def _create_except(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.EXCEPT, *selects)

    @classmethod
    def _create_except_all(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.EXCEPT_ALL, *selects)

    @classmethod
    def _create_intersect(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.INTERSECT, *selects)

    @classmethod
    def _create_intersect_all(cls, *selects: Any) -> Any:
        return cls(_CompoundSelectKeyword.INTERSECT_ALL, *selects)

    @property
    def _is_orm(self) -> bool:
        """
        An ORM entity is in it: the ORM makes a core statement of it first.
        """
        return "compile_state_plugin" in self._propagate_attrs

    def self_group(self, against: OperatorType | None = None) -> Any:
        return SelectStatementGrouping(self) if against is not None else self

    def is_derived_from(self, fromclause: Any) -> bool:
        return any(s.is_derived_from(fromclause) for s in self.selects)

    @refusing_depth("copied")
    def set_label_style(self, style: SelectLabelStyle) -> Any:
        if self._label_style is style:
            return self
        made = super().set_label_style(style)
        first = made.selects[0]
        made.selects = [first.set_label_style(style), *made.selects[1:]]
        return made

    @refusing_depth("copied")
    def _ensure_disambiguated_names(self) -> Any:
        first = self.selects[0]
        made = first._ensure_disambiguated_names()
        if made is first:
            return self
        copied = self._clone()
        copied.selects = [made, *self.selects[1:]]
        return copied

    def _generate_fromclause_column_proxies(
        self,
        fromclause: Any,
        columns: Any,
        primary_key: Any,
        foreign_keys: Any,
        **kw: Any,
    ) -> None:
        listed = [s._all_selected_columns for s in self.selects]
        _check_numbers(listed)
        # A column stands for those of all SELECTs at its place.
        compound = list(zip(*listed))
        self.selects[0]._generate_fromclause_column_proxies(
            fromclause,
            columns,
            primary_key=primary_key,
            foreign_keys=foreign_keys,
            proxy_compound_columns=compound,
        )

    def _check_columns(self) -> None:
        """
        Refuse SELECTs of different width.

        Raises:
            CompileError: they have different numbers of columns, or there is none.
        """
        if not self.selects:
            raise exc.CompileError("union() and the like take at least one SELECT")
        _check_numbers([s._all_selected_columns for s in self.selects])

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return self.selects[0]._all_selected_columns  # type: ignore[no-any-return]  # as declared there

    @property
    @refusing_depth("looked into")
    def selected_columns(self) -> Any:
        return self.selects[0].selected_columns

    @property
    def _from_objects(self) -> Sequence[Any]:
        return (self,)

    @property
    @refusing_depth("looked into")
    def column_descriptions(self) -> Any:
        """
        What the first SELECT selects.
        """
        first = self.selects[0]
        return getattr(first, "select_statement", first).column_descriptions


def _check_numbers(listed: Sequence[Sequence[Any]]) -> None:
    first = len(listed[0])
    for number, columns in enumerate(listed[1:], 2):
        if len(columns) != first:
            raise exc.CompileError(
                "All selectables passed to CompoundSelect must have identical numbers of columns; "
                f"select #1 has {first} columns, select #{number} has {len(columns)}"
            )


@overload
def union(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def union(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def union(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the UNION of SELECTs.

    >>> from relvar import column, select, table, union
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(union(select(a), select(b)).order_by("x"))
    SELECT a.x
    FROM a UNION SELECT b.x
    FROM b ORDER BY x
    """
    return CompoundSelect._create_union(*selects)  # type: ignore[no-any-return]  # an instance


@overload
def union_all(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def union_all(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def union_all(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the UNION ALL of SELECTs.

    >>> from relvar import column, select, table, union_all
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(union_all(select(a), select(b)))
    SELECT a.x
    FROM a UNION ALL SELECT b.x
    FROM b
    """
    return CompoundSelect._create_union_all(*selects)  # type: ignore[no-any-return]  # an instance


@overload
def except_(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def except_(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def except_(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the EXCEPT of SELECTs.

    >>> from relvar import column, except_, select, table
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(except_(select(a), select(b)))
    SELECT a.x
    FROM a EXCEPT SELECT b.x
    FROM b
    """
    return CompoundSelect._create_except(*selects)  # type: ignore[no-any-return]  # an instance


@overload
def except_all(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def except_all(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def except_all(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the EXCEPT ALL of SELECTs.

    >>> from relvar import column, except_all, select, table
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(except_all(select(a), select(b)))
    SELECT a.x
    FROM a EXCEPT ALL SELECT b.x
    FROM b
    """
    return CompoundSelect._create_except_all(*selects)  # type: ignore[no-any-return]  # an instance


@overload
def intersect(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def intersect(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def intersect(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the INTERSECT of SELECTs.

    >>> from relvar import column, intersect, select, table
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(intersect(select(a), select(b)))
    SELECT a.x
    FROM a INTERSECT SELECT b.x
    FROM b
    """
    return CompoundSelect._create_intersect(*selects)  # type: ignore[no-any-return]  # an instance


@overload
def intersect_all(*selects: TypedReturnsRows[*_Ts]) -> CompoundSelect[*_Ts]: ...
@overload
def intersect_all(*selects: SelectBase) -> CompoundSelect[*tuple[Any, ...]]: ...
def intersect_all(*selects: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """
    Return the INTERSECT ALL of SELECTs.

    >>> from relvar import column, intersect_all, select, table
    >>> a, b = table("a", column("x")), table("b", column("x"))
    >>> print(intersect_all(select(a), select(b)))
    SELECT a.x
    FROM a INTERSECT ALL SELECT b.x
    FROM b
    """
    return CompoundSelect._create_intersect_all(*selects)  # type: ignore[no-any-return]  # an instance


make.register(CompoundSelect=CompoundSelect)
