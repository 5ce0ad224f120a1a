"""
Queries by the types of what they give, for type checkers; nobody imports this module at run time.

Rule 1: a query of one mapped class gives its objects, of anything else `Row` objects.
Rule 2: up to ten columns are known one by one; of more, none.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

from relvar.expr.typed import TypedOperators
from relvar.orm.query.query import Query
from relvar.rows.row import Row
from relvar.stmt.typed import Selected

_T = TypeVar("_T")
_Q = TypeVar("_Q")
_T0 = TypeVar("_T0")
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_T4 = TypeVar("_T4")
_T5 = TypeVar("_T5")
_T6 = TypeVar("_T6")
_T7 = TypeVar("_T7")
_T8 = TypeVar("_T8")
_T9 = TypeVar("_T9")

class MakesQueries:
    """
    What makes a query.
    """

    # overloads: query query kwargs
    @overload
    def query(self, entity: type[_T], /) -> Query[_T]: ...
    @overload
    def query(self, e0: TypedOperators[_T0], /) -> Query[Row[_T0]]: ...
    @overload
    def query(self, e0: Selected[_T0], e1: Selected[_T1], /) -> Query[Row[_T0, _T1]]: ...
    @overload
    def query(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /
    ) -> Query[Row[_T0, _T1, _T2]]: ...
    @overload
    def query(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], /
    ) -> Query[Row[_T0, _T1, _T2, _T3]]: ...
    @overload
    def query(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], e4: Selected[_T4], /
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4]]: ...
    @overload
    def query(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5]]: ...
    @overload
    def query(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6]]: ...
    @overload
    def query(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]]: ...
    @overload
    def query(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        e8: Selected[_T8],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]]: ...
    @overload
    def query(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        e8: Selected[_T8],
        e9: Selected[_T9],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]]: ...
    @overload
    def query(self, *entities: Any, **kwargs: Any) -> Query[Any]: ...
    # end of overloads

class RereadsQuery(Generic[_Q]):
    """
    What makes a query of something else from a query.
    """

    # overloads: query with_entities
    @overload
    def with_entities(self, entity: type[_T], /) -> Query[_T]: ...
    @overload
    def with_entities(self, e0: TypedOperators[_T0], /) -> Query[Row[_T0]]: ...
    @overload
    def with_entities(self, e0: Selected[_T0], e1: Selected[_T1], /) -> Query[Row[_T0, _T1]]: ...
    @overload
    def with_entities(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /
    ) -> Query[Row[_T0, _T1, _T2]]: ...
    @overload
    def with_entities(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], /
    ) -> Query[Row[_T0, _T1, _T2, _T3]]: ...
    @overload
    def with_entities(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], e4: Selected[_T4], /
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4]]: ...
    @overload
    def with_entities(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5]]: ...
    @overload
    def with_entities(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6]]: ...
    @overload
    def with_entities(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]]: ...
    @overload
    def with_entities(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        e8: Selected[_T8],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]]: ...
    @overload
    def with_entities(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        e7: Selected[_T7],
        e8: Selected[_T8],
        e9: Selected[_T9],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]]: ...
    @overload
    def with_entities(self, *entities: Any) -> Query[Any]: ...
    # end of overloads
    @overload
    def __getitem__(self, item: slice) -> list[_Q]: ...
    @overload
    def __getitem__(self, item: int) -> _Q: ...
    @overload
    def scalar(self: RereadsQuery[Row[_T, *tuple[Any, ...]]]) -> _T | None: ...
    @overload
    def scalar(self) -> Any: ...
