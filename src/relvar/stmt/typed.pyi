"""
Statements by the types of the rows they give, for type checkers; nobody imports this module at run time.

Rule 1: up to ten columns are known one by one; of 11 to 15 selected, the first ten; of more, none.
Rule 2: an entity that is joined by LEFT OUTER JOIN may be None, among two or three that are selected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Generic, Literal, Self, TypeAlias, TypeVar, TypeVarTuple, overload

from relvar.expr.executable import Executable
from relvar.expr.label import Label
from relvar.expr.typed import Condition, TypedOperators
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.relation.from_ import FromClause
from relvar.schema.typedcolumns import HasRowPos
from relvar.stmt.delete import Delete
from relvar.stmt.insert import Insert
from relvar.stmt.lambdas import LambdaElement
from relvar.stmt.scalar import ScalarSelect
from relvar.stmt.select import Select
from relvar.stmt.update import Update

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_First = TypeVar("_First")
_Second = TypeVar("_Second")
_Entity = TypeVar("_Entity")
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

Selected: TypeAlias = type[_T] | TypedOperators[_T]
"What `select` and `returning` take: a mapped class, or an expression; its values are of type T."

Joined: TypeAlias = (
    type[_T] | TypedOperators[_T | None] | TypedOperators[Collection[_T]] | TypedOperators[Mapping[Any, _T]]
)
"A mapped class, or a relationship that leads to it."

OnClause: TypeAlias = Condition | QueryableAttribute[Any] | None
"The condition of a join, or the relationship that has one."

JoinTarget: TypeAlias = type[Any] | FromClause[Any] | TypedOperators[Any] | Executable
"What a SELECT is joined to."

Statement: TypeAlias = Executable | LambdaElement
"What can be executed."

class TypedReturnsRows(Generic[*_Ts]):
    """
    A statement whose rows have elements of known types.
    """

class TypedRows(TypedReturnsRows[*_Ts]):
    """
    What a SELECT makes whose first column is its value.
    """

    def scalar_subquery(self: TypedRows[_T, *tuple[Any, ...]]) -> ScalarSelect[_T]: ...
    def as_scalar(self: TypedRows[_T, *tuple[Any, ...]]) -> ScalarSelect[_T]: ...
    def label(self: TypedRows[_T, *tuple[Any, ...]], name: str | None) -> Label[_T]: ...

class TypedSelect(TypedRows[*_Ts]):
    """
    What a SELECT makes that has other columns, or other types of them.
    """

    # overloads: with_only_columns
    @overload
    def with_only_columns(
        self, e0: Selected[_T0], /, *, maintain_column_froms: bool = ...
    ) -> Select[_T0]: ...
    @overload
    def with_only_columns(
        self, e0: Selected[_T0], e1: Selected[_T1], /, *, maintain_column_froms: bool = ...
    ) -> Select[_T0, _T1]: ...
    @overload
    def with_only_columns(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /, *, maintain_column_froms: bool = ...
    ) -> Select[_T0, _T1, _T2]: ...
    @overload
    def with_only_columns(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        /,
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3]: ...
    @overload
    def with_only_columns(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        /,
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4]: ...
    @overload
    def with_only_columns(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4, _T5]: ...
    @overload
    def with_only_columns(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...
    @overload
    def with_only_columns(
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
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...
    @overload
    def with_only_columns(
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
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...
    @overload
    def with_only_columns(
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
        *,
        maintain_column_froms: bool = ...,
    ) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...
    @overload
    def with_only_columns(
        self, *entities: Any, maintain_column_froms: bool = ...
    ) -> Select[*tuple[Any, ...]]: ...
    # end of overloads
    # overloads: join join
    @overload
    def join(
        self: TypedSelect[_T0],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _T1],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _T1, _T2],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _T1, _T2, _T3],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None, _T3 | None]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _T1, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2]: ...
    @overload
    def join(
        self: TypedSelect[_T0, _T1, _T2, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _T2, _Entity | None]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _T1, _Entity, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None, _T3]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2, _T3]: ...
    @overload
    def join(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2, _T3]: ...
    @overload
    def join(
        self, target: JoinTarget, onclause: OnClause = None, *, isouter: bool = False, full: bool = False
    ) -> Self: ...
    # end of overloads
    # overloads: join outerjoin
    @overload
    def outerjoin(
        self: TypedSelect[_T0], target: JoinTarget, onclause: OnClause = None, *, full: Literal[True]
    ) -> Select[_T0 | None]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _T1], target: JoinTarget, onclause: OnClause = None, *, full: Literal[True]
    ) -> Select[_T0 | None, _T1 | None]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _T1, _T2],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _T1, _T2, _T3],
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None, _T3 | None]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _T1, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2]: ...
    @overload
    def outerjoin(
        self: TypedSelect[_T0, _T1, _T2, _Entity],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _T2, _Entity | None]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _T1, _Entity, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None, _T3]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2, _T3]: ...
    @overload
    def outerjoin(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2, _T3],
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2, _T3]: ...
    @overload
    def outerjoin(self, target: JoinTarget, onclause: OnClause = None, *, full: bool = False) -> Self: ...
    # end of overloads
    # overloads: join join_from
    @overload
    def join_from(
        self: TypedSelect[_T0],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _T1],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _T1, _T2],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _T1, _T2, _T3],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None, _T3 | None]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _T1, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2]: ...
    @overload
    def join_from(
        self: TypedSelect[_T0, _T1, _T2, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _T2, _Entity | None]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _T1, _Entity, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None, _T3]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2, _T3]: ...
    @overload
    def join_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        isouter: Literal[True],
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2, _T3]: ...
    @overload
    def join_from(
        self,
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        isouter: bool = False,
        full: bool = False,
    ) -> Self: ...
    # end of overloads
    # overloads: join outerjoin_from
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _T1],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _T1, _T2],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _T1, _T2, _T3],
        from_: JoinTarget,
        target: JoinTarget,
        onclause: OnClause = None,
        *,
        full: Literal[True],
    ) -> Select[_T0 | None, _T1 | None, _T2 | None, _T3 | None]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _T1, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2]: ...
    @overload
    def outerjoin_from(
        self: TypedSelect[_T0, _T1, _T2, _Entity],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _T2, _Entity | None]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _T1, _Entity, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _T1, _Entity | None, _T3]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_T0, _Entity, _T2, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_T0, _Entity | None, _T2, _T3]: ...
    @overload
    def outerjoin_from(  # type: ignore[overload-cannot-match]  # another place
        self: TypedSelect[_Entity, _T1, _T2, _T3],
        from_: JoinTarget,
        target: Joined[_Entity],
        onclause: OnClause = None,
        *,
        full: bool = False,
    ) -> Select[_Entity | None, _T1, _T2, _T3]: ...
    @overload
    def outerjoin_from(
        self, from_: JoinTarget, target: JoinTarget, onclause: OnClause = None, *, full: bool = False
    ) -> Self: ...
    # end of overloads

# overloads: select
@overload
def select(e0: Selected[_T0], /) -> Select[_T0]: ...
@overload
def select(table: FromClause[HasRowPos[*_Ts]], /) -> Select[*_Ts]: ...  # type: ignore[type-var]  # columns as well
@overload
def select(e0: Selected[_T0], e1: Selected[_T1], /) -> Select[_T0, _T1]: ...
@overload
def select(e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /) -> Select[_T0, _T1, _T2]: ...
@overload
def select(
    e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], /
) -> Select[_T0, _T1, _T2, _T3]: ...
@overload
def select(
    e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], e4: Selected[_T4], /
) -> Select[_T0, _T1, _T2, _T3, _T4]: ...
@overload
def select(
    e0: Selected[_T0],
    e1: Selected[_T1],
    e2: Selected[_T2],
    e3: Selected[_T3],
    e4: Selected[_T4],
    e5: Selected[_T5],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5]: ...
@overload
def select(
    e0: Selected[_T0],
    e1: Selected[_T1],
    e2: Selected[_T2],
    e3: Selected[_T3],
    e4: Selected[_T4],
    e5: Selected[_T5],
    e6: Selected[_T6],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...
@overload
def select(
    e0: Selected[_T0],
    e1: Selected[_T1],
    e2: Selected[_T2],
    e3: Selected[_T3],
    e4: Selected[_T4],
    e5: Selected[_T5],
    e6: Selected[_T6],
    e7: Selected[_T7],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...
@overload
def select(
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
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...
@overload
def select(
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
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...
@overload
def select(
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
    e10: Any,
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9, *tuple[Any, ...]]: ...
@overload
def select(
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
    e10: Any,
    e11: Any,
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9, *tuple[Any, ...]]: ...
@overload
def select(
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
    e10: Any,
    e11: Any,
    e12: Any,
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9, *tuple[Any, ...]]: ...
@overload
def select(
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
    e10: Any,
    e11: Any,
    e12: Any,
    e13: Any,
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9, *tuple[Any, ...]]: ...
@overload
def select(
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
    e10: Any,
    e11: Any,
    e12: Any,
    e13: Any,
    e14: Any,
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9, *tuple[Any, ...]]: ...
@overload
def select(*entities: Any, **__kw: Any) -> Select[*tuple[Any, ...]]: ...

# end of overloads

class InsertReturning:
    """
    The RETURNING of an INSERT.
    """

    # overloads: returning ReturningInsert sort_by_parameter_order
    @overload
    def returning(
        self, e0: Selected[_T0], /, *, sort_by_parameter_order: bool = ...
    ) -> ReturningInsert[_T0]: ...
    @overload
    def returning(
        self,
        table: FromClause[HasRowPos[*_Ts]],  # type: ignore[type-var]  # columns as well
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[*_Ts]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], /, *, sort_by_parameter_order: bool = ...
    ) -> ReturningInsert[_T0, _T1]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4, _T5]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...
    @overload
    def returning(
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
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...
    @overload
    def returning(
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
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...
    @overload
    def returning(
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
        *,
        sort_by_parameter_order: bool = ...,
    ) -> ReturningInsert[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...
    @overload
    def returning(
        self, *entities: Any, sort_by_parameter_order: bool = ...
    ) -> ReturningInsert[*tuple[Any, ...]]: ...
    # end of overloads

class ReturningInsert(Insert, TypedReturnsRows[*_Ts]):
    """
    An INSERT that brings back rows; asked for more columns, they come after those.
    """

    def returning(  # type: ignore[override]  # no others
        self, *cols: Any, sort_by_parameter_order: bool = ...
    ) -> ReturningInsert[*tuple[Any, ...]]: ...

class UpdateReturning:
    """
    The RETURNING of an UPDATE.
    """

    # overloads: returning ReturningUpdate
    @overload
    def returning(self, e0: Selected[_T0], /) -> ReturningUpdate[_T0]: ...
    @overload
    def returning(self, table: FromClause[HasRowPos[*_Ts]], /) -> ReturningUpdate[*_Ts]: ...  # type: ignore[type-var]  # columns as well
    @overload
    def returning(self, e0: Selected[_T0], e1: Selected[_T1], /) -> ReturningUpdate[_T0, _T1]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /
    ) -> ReturningUpdate[_T0, _T1, _T2]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], /
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], e4: Selected[_T4], /
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4, _T5]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...
    @overload
    def returning(
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
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...
    @overload
    def returning(
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
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...
    @overload
    def returning(
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
    ) -> ReturningUpdate[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...
    @overload
    def returning(self, *entities: Any) -> ReturningUpdate[*tuple[Any, ...]]: ...
    # end of overloads

class ReturningUpdate(Update, TypedReturnsRows[*_Ts]):
    """
    An UPDATE that brings back rows; asked for more columns, they come after those.
    """

    def returning(self, *cols: Any) -> ReturningUpdate[*tuple[Any, ...]]: ...  # type: ignore[override]  # no order to keep  # type: ignore[override]  # more columns than it names

class DeleteReturning:
    """
    The RETURNING of a DELETE.
    """

    # overloads: returning ReturningDelete
    @overload
    def returning(self, e0: Selected[_T0], /) -> ReturningDelete[_T0]: ...
    @overload
    def returning(self, table: FromClause[HasRowPos[*_Ts]], /) -> ReturningDelete[*_Ts]: ...  # type: ignore[type-var]  # columns as well
    @overload
    def returning(self, e0: Selected[_T0], e1: Selected[_T1], /) -> ReturningDelete[_T0, _T1]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], /
    ) -> ReturningDelete[_T0, _T1, _T2]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], /
    ) -> ReturningDelete[_T0, _T1, _T2, _T3]: ...
    @overload
    def returning(
        self, e0: Selected[_T0], e1: Selected[_T1], e2: Selected[_T2], e3: Selected[_T3], e4: Selected[_T4], /
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        /,
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4, _T5]: ...
    @overload
    def returning(
        self,
        e0: Selected[_T0],
        e1: Selected[_T1],
        e2: Selected[_T2],
        e3: Selected[_T3],
        e4: Selected[_T4],
        e5: Selected[_T5],
        e6: Selected[_T6],
        /,
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...
    @overload
    def returning(
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
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...
    @overload
    def returning(
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
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...
    @overload
    def returning(
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
    ) -> ReturningDelete[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...
    @overload
    def returning(self, *entities: Any) -> ReturningDelete[*tuple[Any, ...]]: ...
    # end of overloads

class ReturningDelete(Delete, TypedReturnsRows[*_Ts]):
    """
    A DELETE that brings back rows; asked for more columns, they come after those.
    """

    def returning(self, *cols: Any) -> ReturningDelete[*tuple[Any, ...]]: ...  # type: ignore[override]  # no order to keep  # type: ignore[override]  # more columns than it names
