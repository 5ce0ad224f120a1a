"""
A SELECT among values: scalar subqueries and EXISTS.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.nodes import copy_node
from relvar._kernels.parts import copy_around
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.coerce import columns_clause_item
from relvar.expr.column import literal_column
from relvar.expr.element import ColumnElement
from relvar.expr.executable import Generative
from relvar.expr.node import NODE, Field
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.expr.unary import UnaryExpression
from relvar.stmt.base import SelectBase
from relvar.types import NULLTYPE

if TYPE_CHECKING:
    from relvar.expr.typed import Condition
    from relvar.stmt.select import Select
    from relvar.types.base import TypeEngine

__all__ = ["Exists", "ScalarSelect", "exists"]

_T = TypeVar("_T")


class ScalarSelect(Generative, ColumnElement[_T]):
    """
    A SELECT in parentheses, as a value.
    """

    __visit_name__ = "grouping"
    _fields = (Field("element", NODE),)
    _roles = ColumnElement._roles | Role.IN_ELEMENT
    _is_scalar_select = True
    _takes_attribute_name = False

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        columns = element._all_selected_columns
        self.type: TypeEngine[_T] = getattr(columns[0], "type", NULLTYPE) if columns else NULLTYPE
        self._propagate_attrs = element._propagate_attrs

    def __getattr__(self, attr: str) -> Any:
        if attr[:1] == "_" or attr == "element":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {attr!r}")
        return getattr(self.element, attr)

    @property
    def columns(self) -> NoReturn:
        """
        Nothing: it is one value, and asking for its columns raises `InvalidRequestError`.
        """
        raise exc.InvalidRequestError(
            "Scalar Select expression has no columns; use this object directly within a column-level "
            "expression."
        )

    @property
    def c(self) -> Any:
        """
        As `columns`.
        """
        return self.columns

    _from_objects: Any = froms_in()

    def scalar_subquery(self) -> Self:
        """
        Return this: it is one already.
        """
        return self

    def _around(self, change: Callable[[Any], Any]) -> Self:
        """
        Return a copy with the SELECT as *change* makes it, which leaves its columns as they are.
        """
        return copy_around(self, "element", change(self.element))

    def where(self, crit: Condition) -> Self:
        """
        Return a copy with a condition added to the SELECT.
        """
        return self._around(lambda select: select.where(crit))

    def correlate(self, *fromclauses: Any) -> Self:
        """
        Return a copy whose SELECT takes these FROM elements from around.
        """
        return self._around(lambda select: select.correlate(*fromclauses))

    def correlate_except(self, *fromclauses: Any) -> Self:
        """
        Return a copy whose SELECT takes all but these FROM elements from around.
        """
        return self._around(lambda select: select.correlate_except(*fromclauses))

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self

    def _ungroup(self) -> Any:
        return self


class Exists(UnaryExpression[bool]):
    """
    ``EXISTS (SELECT ...)``.
    """

    inherit_cache: bool = True

    def __init__(self, __argument: Any = None, /) -> None:
        if __argument is None:
            statement: Any = _everything()
        elif isinstance(__argument, SelectBase):
            statement = __argument.scalar_subquery()
        elif isinstance(__argument, ScalarSelect):
            statement = __argument
        else:
            statement = make.select(columns_clause_item(__argument)).scalar_subquery()
        super().__init__(
            statement, operator=op.exists, type_=make.boolean_type, wraps_column_expression=False
        )

    _from_objects: Any = froms_in()

    def _changed(self, fn: Any) -> Any:
        """
        Return a copy with the SELECT changed by *fn*.
        """
        made = copy_node(self)
        made.element = self.element._ungroup()._around(fn)
        return made

    def select(self) -> Select[bool]:
        """
        Return a SELECT of this.
        """
        return make.select(self)  # type: ignore[no-any-return]  # as declared

    def correlate(self, *fromclauses: Any) -> Self:
        """
        Return a copy whose SELECT takes these FROM elements from around.
        """
        return self._changed(lambda s: s.correlate(*fromclauses))  # type: ignore[no-any-return]  # as declared

    def correlate_except(self, *fromclauses: Any) -> Self:
        """
        Return a copy whose SELECT takes all but these FROM elements from around.
        """
        return self._changed(lambda s: s.correlate_except(*fromclauses))  # type: ignore[no-any-return]  # as declared

    def select_from(self, *froms: Any) -> Self:
        """
        Return a copy whose SELECT has more FROM elements.
        """
        return self._changed(lambda s: s.select_from(*froms))  # type: ignore[no-any-return]  # as declared

    def where(self, *clause: Condition) -> Self:
        """
        Return a copy whose SELECT has more conditions.
        """
        # as `_changed`, without a function made for it
        scalar = self.element._ungroup()
        made = copy_node(self)
        made.element = copy_around(scalar, "element", scalar.element.where(*clause))
        return made

    def with_hint(self, selectable: Any, text: str, dialect_name: str = "*") -> Self:
        """
        Return a copy whose SELECT has a hint.
        """
        return self._changed(lambda s: s.with_hint(selectable, text, dialect_name))  # type: ignore[no-any-return]  # as declared

    def with_statement_hint(self, text: str, dialect_name: str = "*") -> Self:
        """
        Return a copy whose SELECT has a hint for the whole of it.
        """
        return self._changed(lambda s: s.with_statement_hint(text, dialect_name))  # type: ignore[no-any-return]  # as declared

    def _negate(self) -> Any:
        return UnaryExpression(self.self_group(against=op.inv), operator=op.inv, type_=make.boolean_type)


@lru_cache(1)
def _everything() -> ScalarSelect[Any]:
    """
    Return ``(SELECT *)``: one for every EXISTS that is not told what to select.
    """
    return make.select(literal_column("*")).scalar_subquery()  # type: ignore[no-any-return]  # as declared


@lru_cache(1)
def _exists_of_everything() -> Exists:
    """
    Return what ``exists()`` returns copies of.
    """
    return Exists()


def exists(__argument: Any = None, /) -> Exists:
    """
    Return ``EXISTS (SELECT ...)``.

    Args:
        __argument: A SELECT, or what to select; default ``*``, to be given
            conditions by ``where()``.

    >>> from relvar import column, exists, select, table
    >>> user, post = table("user", column("id")), table("post", column("user_id"))
    >>> print(select(user).where(exists().where(post.c.user_id == user.c.id)))
    SELECT "user".id
    FROM "user"
    WHERE EXISTS (SELECT *
    FROM post
    WHERE post.user_id = "user".id)
    """
    return copy_node(_exists_of_everything()) if __argument is None else Exists(__argument)


make.register(Exists=Exists, ScalarSelect=ScalarSelect)
