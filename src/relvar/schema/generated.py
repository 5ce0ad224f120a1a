"""
Columns that the database numbers (`Identity`) or computes (`Computed`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.schema.base import HasDeprecatedCopy, SchemaEventTarget, SchemaItem
from relvar.schema.collection import ddl_expression
from relvar.schema.defaults import FetchedValue
from relvar.schema.sequence import IdentityOptions
from relvar.util import warn_deprecated

if TYPE_CHECKING:
    from relvar.schema.column import Column
    from relvar.schema.table import Table

__all__ = ["Computed", "Identity"]


class Computed(HasDeprecatedCopy, FetchedValue, SchemaItem):
    """
    ``GENERATED ALWAYS AS (...)``: a column computed from others of its row.

    Args:
        sqltext: The expression, as text or SQL expression.
        persisted: True to store it, False to compute it on reading, None for the
            database's own choice.

    >>> from relvar import Column, Computed, Integer, MetaData, Table
    >>> from relvar.schema import CreateTable
    >>> area = Column("area", Integer, Computed("width * height"))
    >>> print(CreateTable(Table("t", MetaData(), Column("width", Integer), Column("height", Integer), area)))
    <BLANKLINE>
    CREATE TABLE t (
        width INTEGER,
        height INTEGER,
        area INTEGER GENERATED ALWAYS AS (width * height)
    )
    """

    __visit_name__ = "computed_column"

    _copied_as = "Computed"

    column: Column[Any] | None
    has_argument = True

    def __init__(self, sqltext: Any, persisted: bool | None = None) -> None:
        self.sqltext: Any = ddl_expression(sqltext)
        self.persisted = persisted
        self.column = None
        self.for_update = True

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        column: Any = parent
        if not isinstance(column.server_default, (type(None), Computed)) or not isinstance(
            column.server_onupdate, (type(None), Computed)
        ):
            raise exc.ArgumentError(
                "A generated column cannot specify a server_default or a server_onupdate argument"
            )
        self.column = column
        column.computed = self
        column.server_onupdate = self
        column.server_default = self

    def _as_for_update(self, for_update: bool) -> FetchedValue:
        return self

    def _copy(self, target_table: Table | None = None, **kw: Any) -> Computed:
        source = None if self.column is None else self.column.table
        sqltext = self.sqltext
        if source is not None and target_table is not None:
            sqltext = source._copy_expression_to(sqltext, target_table)
        return self._schema_item_copy(Computed(sqltext, persisted=self.persisted))

    __repr__: Any = SchemaItem.__repr__


class Identity(IdentityOptions, HasDeprecatedCopy, FetchedValue, SchemaItem):
    """
    ``GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY``.

    Args:
        always: The database refuses a value of the application.

    >>> from relvar import Column, Identity, Integer, MetaData, Table
    >>> from relvar.schema import CreateTable
    >>> number = Column("id", Integer, Identity(always=True, start=100), primary_key=True)
    >>> print(CreateTable(Table("t", MetaData(), number)))
    <BLANKLINE>
    CREATE TABLE t (
        id INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 100),
        PRIMARY KEY (id)
    )
    """

    __visit_name__ = "identity_column"

    _copied_as = "Identity"

    is_identity = True
    column: Column[Any] | None

    def __init__(
        self,
        always: bool | None = False,
        on_null: bool | None = None,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        cache: int | None = None,
        order: bool | None = None,
        **dialect_kw: Any,
    ) -> None:
        if on_null is not None:
            warn_deprecated(
                "This parameter is supported only by Oracle Database, use ``oracle_on_null`` instead.",
                "2.1",
            )
            dialect_kw["oracle_on_null"] = on_null
        IdentityOptions.__init__(
            self,
            start,
            increment,
            minvalue,
            maxvalue,
            nominvalue,
            nomaxvalue,
            cycle,
            cache,
            order,
            **dialect_kw,
        )
        self.always = always
        self.column = None
        self.for_update = False

    @property
    def on_null(self) -> bool | None:
        """
        Oracle's ON NULL option under its old, database-neutral name.
        """
        return self.dialect_kwargs.get("oracle_on_null")  # type: ignore[no-any-return]  # a bool

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        column: Any = parent
        if not isinstance(column.server_default, (type(None), Identity)) or not isinstance(
            column.server_onupdate, type(None)
        ):
            raise exc.ArgumentError(
                "A column with an Identity object cannot specify a "
                "server_default or a server_onupdate argument"
            )
        if column.autoincrement is False:
            raise exc.ArgumentError("A column with an Identity object cannot specify autoincrement=False")
        self.column = column
        column.identity = self
        if column._user_defined_nullable is not True:
            column.nullable = False
        column.server_default = self

    def _as_for_update(self, for_update: bool) -> FetchedValue:
        return self

    def _as_dict(self) -> dict[str, Any]:
        return {"always": self.always, **self._option_values()}

    def _copy(self, **kw: Any) -> Identity:
        made = Identity(
            always=self.always,
            **self._option_values(),
            **self.dialect_kwargs,
        )
        return self._schema_item_copy(made)

    __repr__: Any = SchemaItem.__repr__
