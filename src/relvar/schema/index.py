"""
Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.names import NONE_NAME, quoted_name
from relvar.schema.base import HasConditionalDDL, SchemaEventTarget, SchemaItem
from relvar.schema.collection import ColumnCollectionMixin, next_creation_order
from relvar.schema.ddl import CheckFirst
from relvar.schema.emit import SchemaDropper, SchemaGenerator, run_ddl
from relvar.schema.naming import apply_naming_convention, constraint_name_for_table

if TYPE_CHECKING:
    from relvar.schema.table import Table

__all__ = ["Index"]


class Index(DialectKWArgs, ColumnCollectionMixin, HasConditionalDDL, SchemaItem):
    """
    An index over columns or SQL expressions; ``index=True`` on a column is the short form.

    Args:
        name: Its name; None lets the naming convention choose.
        expressions: Column names, columns or SQL expressions.
        unique: ``CREATE UNIQUE INDEX``.

    >>> from relvar import Column, Index, MetaData, String, Table, func
    >>> from relvar.schema import CreateIndex
    >>> users = Table("users", MetaData(), Column("name", String))
    >>> print(CreateIndex(Index("by_name", func.lower(users.c.name), unique=True)))
    CREATE UNIQUE INDEX by_name ON users (lower(name))
    """

    __visit_name__ = "index"

    table: Table | None
    expressions: Any
    _given_name: Any = None

    def __init__(
        self,
        name: Any,
        *expressions: Any,
        unique: bool = False,
        quote: bool | None = None,
        info: dict[Any, Any] | None = None,
        _table: Table | None = None,
        _column_flag: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self.table = None
        self.name: Any | quoted_name | None = (
            name if name is None or name is NONE_NAME else quoted_name(name, quote)
        )
        self.unique = unique
        if info is not None:
            self.info = info
        self._creation_order = next_creation_order()
        if dialect_kw:
            self._validate_dialect_kwargs(dialect_kw)
        gathered: list[Any] = []
        self.expressions = gathered
        ColumnCollectionMixin.__init__(
            self,
            *expressions,
            _autoattach=_table is None,
            _column_flag=_column_flag,
            _gather_expressions=gathered,
        )
        if _table is not None:
            self._set_parent_with_dispatch(_table)

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        table: Any = parent
        if self.table is not None and table is not self.table:
            raise exc.ArgumentError(
                f"Index '{self.name}' is against table '{self.table.description}', and cannot "
                f"be associated with table '{table.description}'."
            )
        resolved = self._resolve_columns(table)
        self.table = table
        table.indexes.add(self)
        collection = self._writeable()
        for column in resolved:
            if column is not None:
                collection.add(column)
        self.expressions = [table.c[given] if isinstance(given, str) else given for given in self.expressions]

    def _replace_column(self, old: Any, new: Any) -> None:
        super()._replace_column(old, new)
        self.expressions = [new if e is old else e for e in self.expressions]

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        """
        Attach to the table *parent*; the naming convention applies.
        """
        super()._set_parent_with_dispatch(parent, **kw)
        apply_naming_convention(self, parent)

    def _name_by_convention(self) -> Any:
        if self.name is None or self.table is None:
            return self.name
        return constraint_name_for_table(self, self.table)

    def create(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """
        Create the index in the database.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it exists already.
        """
        if self.table is None:
            raise exc.ArgumentError(
                f"Index {self.name!r} belongs to no table; make it of columns of a table, or within Table()"
            )
        run_ddl(bind, SchemaGenerator, self, checkfirst)

    def drop(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """
        Drop the index from the database.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it does not exist.
        """
        run_ddl(bind, SchemaDropper, self, checkfirst)

    def __repr__(self) -> str:
        shown = [repr(self.name), *(repr(e) for e in self.expressions)]
        if self.unique:
            shown.append("unique=True")
        return f"Index({', '.join(shown)})"
