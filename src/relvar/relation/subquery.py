"""
A SELECT in FROM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar.expr import make
from relvar.expr.coerce_rows import select_statement
from relvar.relation.alias import AliasedReturnsRows
from relvar.relation.from_ import _C, _X
from relvar.util.warning import deprecated

__all__ = ["Subquery"]

if TYPE_CHECKING:
    from relvar.stmt.scalar import ScalarSelect


class Subquery(AliasedReturnsRows[_C]):
    """
    ``(SELECT ...) AS name``.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> Subquery[_X]: ...

    __visit_name__ = "subquery"
    _is_subquery = True
    inherit_cache: bool = True

    @classmethod
    def _factory(cls, returnsrows: Any, name: str | None = None) -> Any:
        return select_statement(returnsrows).subquery(name=name)

    @deprecated(
        "1.4",
        "The :meth:`.Subquery.as_scalar` method, which was previously "
        "``Alias.as_scalar()`` prior to version 1.4, is deprecated and "
        "will be removed in a future release; Please use the "
        ":meth:`_expression.Select.scalar_subquery` method of the "
        ":func:`_expression.select` construct before constructing a subquery object, or with the ORM use "
        "the :meth:`_query.Query.scalar_subquery` method.",
    )
    def as_scalar(self) -> ScalarSelect[Any]:
        """
        Return the SELECT as a scalar subquery.
        """
        return self.element.set_label_style(make.LABEL_STYLE_NONE).scalar_subquery()  # type: ignore[no-any-return]  # as declared


make.register(Subquery=Subquery)
