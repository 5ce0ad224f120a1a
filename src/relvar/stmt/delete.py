"""
DELETE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from relvar.expr import make
from relvar.expr.coerce_rows import from_item
from relvar.expr.node import NODES, Field
from relvar.expr.roles import Role
from relvar.stmt.dml import DMLWhereBase, UpdateBase, other_froms
from relvar.util.generics import subscriptable

if TYPE_CHECKING:
    from relvar.stmt.typed import DeleteReturning
else:
    DeleteReturning = subscriptable()

__all__ = ["Delete", "delete"]


class Delete(DeleteReturning, DMLWhereBase, UpdateBase):  # type: ignore[misc]  # which columns RETURNING has
    """
    A DELETE statement; see `delete`.
    """

    __visit_name__ = "delete"
    _roles = Role.STATEMENT
    _fields = (
        *UpdateBase._dml_fields,
        *DMLWhereBase._where_fields,
        Field("_using", NODES),
    )

    is_delete = True
    _using: tuple[Any, ...] = ()
    _values: Any = None
    _verb = "delete"
    _position_map = {"post_criteria": "_post_criteria_clause"}

    def __init__(self, table: Any) -> None:
        self._set_table(table)

    def using(self, *froms: Any) -> Self:
        """
        Return a copy with further FROM elements, for its conditions.
        """
        made = self._clone()
        made._using += tuple([from_item(f) for f in froms])
        return made

    def _extra_froms(self) -> list[Any]:
        """
        Return the FROM elements besides its table.
        """
        return other_froms(self.table, self._using, self._where_criteria)


def delete(table: Any) -> Delete:
    """
    Return a DELETE from a table, or of an ORM entity.

    >>> from relvar import column, delete, table
    >>> users = table("users", column("id"), column("name"))
    >>> print(delete(users).where(users.c.id == 5))
    DELETE FROM users WHERE users.id = :id_1
    """
    return Delete(table)


make.register(Delete=Delete)
