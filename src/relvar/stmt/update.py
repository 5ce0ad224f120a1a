"""
UPDATE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from relvar import exc
from relvar.expr import make
from relvar.expr.coerce import column_expression
from relvar.expr.element import ColumnElement
from relvar.expr.node import NODE, PAIRS, VALUE, Field
from relvar.expr.roles import Role
from relvar.stmt.dml import DMLWhereBase, UpdateBase, ValuesBase, other_froms
from relvar.util.generics import subscriptable

if TYPE_CHECKING:
    from relvar.stmt.typed import UpdateReturning
    from relvar.types.base import TypeEngine
else:
    UpdateReturning = subscriptable()

__all__ = ["DMLTargetCopy", "Update", "from_dml_column", "update"]


class Update(UpdateReturning, DMLWhereBase, ValuesBase):  # type: ignore[misc]  # which columns RETURNING has
    """
    An UPDATE statement; see `update`.
    """

    __visit_name__ = "update"
    _roles = Role.STATEMENT
    _fields = (
        *UpdateBase._dml_fields,
        *ValuesBase._value_fields,
        Field("_ordered_values", PAIRS),
        *DMLWhereBase._where_fields,
        Field("_maintain_values_ordering", VALUE),
    )

    is_update = True
    _ordered_values: tuple[tuple[Any, Any], ...] | None = None
    _maintain_values_ordering = False
    _verb = "update"
    _position_map = {"post_criteria": "_post_criteria_clause"}

    def ordered_values(self, *args: tuple[Any, Any]) -> Self:
        """
        Return a copy that sets columns in this order.

        Args:
            args: Pairs of column (or its name) and value.
        """
        if self._values:
            raise exc.ArgumentError("This statement already has values present")
        if self._ordered_values:
            raise exc.ArgumentError("This statement already has ordered values present")
        made = self._clone()
        made._ordered_values = tuple(self._coerced(args).items())
        made._maintain_values_ordering = True
        return made

    def _extra_froms(self) -> list[Any]:
        """
        Return the FROM elements besides its table.
        """
        values = self._values or dict(self._ordered_values or ())
        return other_froms(self.table, self._where_criteria, values.values())


class DMLTargetCopy(ColumnElement[Any]):
    """
    The value that the statement sets a column to, once more.
    """

    __visit_name__ = "dmltargetcopy"
    _fields = (Field("column", NODE),)

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type: TypeEngine[Any] = column.type


def update(table: Any) -> Update:
    """
    Return an UPDATE of a table, or of an ORM entity.

    >>> from relvar import column, table, update
    >>> users = table("users", column("id"), column("name"))
    >>> print(update(users).where(users.c.id == 5).values(name="ann"))
    UPDATE users SET name=:name WHERE users.id = :id_1
    """
    return Update(table)


def from_dml_column(column: Any) -> DMLTargetCopy:
    """
    Return the value that the statement sets *column* to, to be used in other values.
    """
    return DMLTargetCopy(column_expression(column))


make.register(Update=Update)
