"""
INSERT.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from relvar import exc
from relvar.expr import make
from relvar.expr.coerce import dml_column
from relvar.expr.coerce_rows import select_statement
from relvar.expr.node import NODE, PAIRS, VALUE, Field
from relvar.expr.roles import Role
from relvar.relation.from_ import FromClause
from relvar.stmt.dml import UpdateBase, ValuesBase
from relvar.util.generics import subscriptable

if TYPE_CHECKING:
    from relvar.stmt.typed import InsertReturning
else:
    InsertReturning = subscriptable()

__all__ = ["Insert", "insert"]


class Insert(InsertReturning, ValuesBase):  # type: ignore[misc]  # which columns RETURNING has
    """
    An INSERT statement; see `insert`.
    """

    __visit_name__ = "insert"
    _roles = Role.STATEMENT
    _fields = (
        *UpdateBase._dml_fields,
        *ValuesBase._value_fields,
        Field("_multi_values", PAIRS),
        Field("select", NODE),
        Field("_select_names", VALUE),
        Field("include_insert_from_select_defaults", VALUE),
        Field("_post_values_clause", NODE),
    )

    is_insert = True
    select: Any = None
    include_insert_from_select_defaults: bool = False
    _select_names: tuple[Any, ...] | None = None
    _post_values_clause: Any = None
    _supports_multi_parameters = True
    _verb = "insert"
    _position_map = {"post_values": "_post_values_clause"}

    def apply_syntax_extension_point(self, apply_fn: Any, position: str) -> None:
        """
        Change what stands at a position; ``post_values`` holds one clause.
        """
        self._attribute_at(position)
        existing = () if self._post_values_clause is None else (self._post_values_clause,)
        made = list(apply_fn(existing))
        if len(made) > 1:
            self._post_values_clause = make.ClauseList._construct_raw(None, made)
        else:
            self._post_values_clause = made[0] if made else None

    def from_select(self, names: Sequence[Any], select: Any, include_defaults: bool = True) -> Self:
        """
        Return a copy that inserts the rows of a SELECT.

        Args:
            names: The columns, or their names, in the order of the SELECT.
            select: A SELECT; of a table, all of its columns.
            include_defaults: Columns not named get their Python-side defaults.

        >>> from relvar import column, insert, select, table
        >>> users, staged = table("users", column("name")), table("staged", column("name"))
        >>> print(insert(users).from_select(["name"], select(staged.c.name)))
        INSERT INTO users (name) SELECT staged.name
        FROM staged
        """
        if self._values:
            raise exc.InvalidRequestError("This construct already inserts value expressions")
        if not names:
            raise exc.ArgumentError("from_select() needs the names of the columns that the SELECT fills")
        made = self._clone()
        columns = [dml_column(name) for name in names]
        made._select_names = tuple([c if isinstance(c, str) else c.key for c in columns])
        made._inline = True
        made.include_insert_from_select_defaults = include_defaults
        made.select = select_statement(select.select() if isinstance(select, FromClause) else select)
        return made


def insert(table: Any) -> Insert:
    """
    Return an INSERT into a table, or of an ORM entity.

    >>> from relvar import column, insert, table
    >>> users = table("users", column("id"), column("name"))
    >>> print(insert(users))
    INSERT INTO users (id, name) VALUES (:id, :name)
    >>> print(insert(users).values(name="ann"))
    INSERT INTO users (name) VALUES (:name)
    """
    return Insert(table)


make.register(Insert=Insert)
