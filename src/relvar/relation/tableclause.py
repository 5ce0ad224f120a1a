"""
A table by name, without a definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr import make
from relvar.expr.immutable import Uncopied
from relvar.expr.node import PAIRS, VALUE, Field, memoized
from relvar.expr.roles import Role
from relvar.relation.columns import ColumnSet, DedupeColumnCollection
from relvar.relation.from_ import _C, _X, FromClause

__all__ = ["TableClause", "table"]

if TYPE_CHECKING:
    from relvar.stmt.delete import Delete
    from relvar.stmt.insert import Insert
    from relvar.stmt.update import Update


class TableClause(Uncopied, FromClause[_C]):
    """
    A table by name and columns.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> TableClause[_X]: ...

    __visit_name__ = "table"
    _fields = (Field("name", VALUE), Field("schema", VALUE), Field("_shape", PAIRS))
    _roles = FromClause._roles | Role.DML_TABLE

    named_with_column = True
    _is_table = True
    implicit_returning = False
    _autoincrement_column: Any = None
    _key_serial: int | None = None
    "Number of a table of a MetaData; others are told by name and columns."

    primary_key: Any
    foreign_keys: Any
    columns: _C
    c: _C
    _columns: Any

    def __init__(self, name: str, *columns: Any, **kw: Any) -> None:
        self.name = name
        self._columns = DedupeColumnCollection()
        self.c = self.columns = self._columns.as_readonly()
        self.primary_key = ColumnSet()
        self.foreign_keys = set()
        for column in columns:
            self.append_column(column)
        schema = kw.pop("schema", None)
        if schema is not None:
            self.schema = schema
        self.fullname: str = f"{schema}.{name}" if schema is not None else name
        if kw:
            raise exc.ArgumentError(f"Unsupported argument(s): {list(kw)}")

    @memoized
    def _shape(self) -> tuple[tuple[str, Any], ...]:
        return tuple([(c.name, c.type) for c in self.c])

    @property
    def description(self) -> str:
        return self.name  # type: ignore[no-any-return]  # a string

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema is not None else str(self.name)

    def append_column(self, c: Any) -> None:
        """
        Add a column.

        Raises:
            ArgumentError: it belongs to another table.
        """
        if not hasattr(c, "table"):
            raise exc.ArgumentError(f"table() takes columns, made by column(), got {c!r}")
        existing = c.table
        if existing is not None and existing is not self:
            raise exc.ArgumentError(f"column object '{c.key}' already assigned to table '{existing}'")
        self._columns.add(c)
        c.table = self
        self.__dict__.pop("_shape", None)

    @property
    def _columns_by_key(self) -> Any:
        return self.c

    def _reset_column_collection(self) -> None:
        # The columns are the table's own.
        return None

    def insert(self) -> Insert:
        """
        Return an INSERT into the table.
        """
        return make.Insert(self)  # type: ignore[no-any-return]  # registered class

    def update(self) -> Update:
        """
        Return an UPDATE of the table.
        """
        return make.Update(self)  # type: ignore[no-any-return]  # registered class

    def delete(self) -> Delete:
        """
        Return a DELETE from the table.
        """
        return make.Delete(self)  # type: ignore[no-any-return]  # registered class

    @property
    def _pickling_plugin(self) -> str | None:
        # what is mapped to it is the mapping's business
        return self._pickled_by

    def get_children(self, **kw: Any) -> Any:
        return iter(())

    def _copy_internals(self, **kw: Any) -> None:
        pass

    def _compare_special(self, other: Any, kw: dict[str, Any]) -> bool | None:
        if self._key_serial is not None:
            return hash(self) == hash(other)
        return (
            isinstance(other, TableClause)
            and other._key_serial is None
            and self.name == other.name
            and self.schema == other.schema
            and self.c.keys() == other.c.keys()
        )


def table(name: str, *columns: Any, **kw: Any) -> TableClause:
    """
    Return a table by name, columns, and *schema*.

    Other than `Table` it belongs to no `MetaData` and knows no constraints.

    >>> from relvar import column, select, table
    >>> users = table("users", column("id"), column("name"), schema="app")
    >>> print(select(users.c.name))
    SELECT app.users.name
    FROM app.users
    """
    return TableClause(name, *columns, **kw)
