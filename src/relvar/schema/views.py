"""
Tables and views defined by a SELECT: ``CREATE VIEW`` and ``CREATE TABLE ... AS``.

The statement makes a `Table` with the columns of the SELECT; ``create_all`` and ``drop_all`` of
its metadata use the statement in place of ``CREATE TABLE``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from relvar.expr.coerce_rows import select_statement
from relvar.expr.dialectkw import DialectKWArgs
from relvar.schema.column import Column
from relvar.schema.ddl import DropTable, DropView, TableCreateDDL, TableDropDDL
from relvar.schema.metadata import MetaData
from relvar.schema.table import Table

if TYPE_CHECKING:
    from relvar.relation.columns import ReadOnlyColumnCollection

__all__ = ["CreateTableAs", "CreateView"]


class _TableFromSelect(DialectKWArgs, TableCreateDDL):
    """
    Base of the statements that create something from a SELECT.
    """

    _select_name: ClassVar[str]

    def __init__(
        self,
        selectable: Any,
        name: str,
        *,
        metadata: MetaData | None,
        schema: str | None,
        temporary: bool,
        if_not_exists: bool,
        dialect_kwargs: dict[str, Any],
    ) -> None:
        self.selectable: Any = select_statement(selectable)
        self.temporary: bool = bool(temporary)
        self.metadata: MetaData = MetaData() if metadata is None else metadata
        self.table_name = name
        if dialect_kwargs:
            self._validate_dialect_kwargs(dialect_kwargs)
        self.table: Table[ReadOnlyColumnCollection[str, Column[Any]]] = self._make_table(name, schema)
        self._depend_on_sources()
        super().__init__(self.table, if_not_exists=if_not_exists)
        self.schema: str | None = self.table.schema
        self.table._creator_ddl = self
        self.table._dropper_ddl = self._dropper(self.table)

    def _make_table(self, name: str, schema: str | None) -> Table:
        columns: list[Column[Any]] = []
        for key, column in self.selectable.selected_columns.items():
            # the database calls it by its name, unless that stands there twice
            named = column.name if key == column.key else key
            columns.append(Column(named, column.type, key=key))
        return Table(name, self.metadata, *columns, schema=schema)

    def _depend_on_sources(self) -> None:
        """
        Let the table come after those that it selects from; a text may do so from any that is there already.
        """
        if self.selectable.__visit_name__ == "textual_select":
            for source in list(self.metadata.tables.values()):
                if source is not self.table:
                    self.table.add_is_dependent_on(source)
            return
        from relvar.relation.search import find_tables  # dialects import this module, few programs make views

        for source in find_tables(self.selectable, check_columns=True):
            if isinstance(source, Table) and source is not self.table:
                self.table.add_is_dependent_on(source)

    def _dropper(self, table: Table) -> TableDropDDL:
        raise NotImplementedError

    def to_metadata(self, metadata: MetaData, table: Table) -> TableCreateDDL:
        """
        Return the statement for *table*, the copy of its table in *metadata*.
        """
        made = self._copy_ddl()
        assert isinstance(made, _TableFromSelect)
        made.metadata = metadata
        made.element = made.target = made.table = table
        made.table_name, made.schema = table.name, table.schema
        made.selectable = _moved(self.selectable, self.metadata, metadata)
        made._depend_on_sources()
        return made


def _moved(selectable: Any, source: MetaData, target: MetaData) -> Any:
    """
    Return *selectable* over the tables of *target* where those of *source* have a copy there.
    """
    from_tables = {
        table: target.tables[table.key] for table in source.tables.values() if table.key in target.tables
    }
    for old, new in from_tables.items():
        selectable = old._copy_expression_to(selectable, new)
    return selectable


class CreateView(_TableFromSelect):
    """
    ``CREATE VIEW ... AS SELECT``; the view's `Table` is ``table``.

    Args:
        selectable: The SELECT.
        metadata: Where the view belongs; a new one when not given.
        temporary: ``CREATE TEMPORARY VIEW``.
        or_replace: ``CREATE OR REPLACE VIEW``.
        materialized: ``CREATE MATERIALIZED VIEW``.
    """

    __visit_name__ = "create_view"

    inherit_cache: bool = False

    def __init__(
        self,
        selectable: Any,
        view_name: str,
        *,
        metadata: MetaData | None = None,
        schema: str | None = None,
        temporary: bool = False,
        or_replace: bool = False,
        materialized: bool = False,
        **dialect_kwargs: Any,
    ) -> None:
        self.materialized = materialized
        self.or_replace = or_replace
        super().__init__(
            selectable,
            view_name,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            if_not_exists=False,
            dialect_kwargs=dialect_kwargs,
        )

    @property
    def view_name(self) -> str:
        """
        The name of the view.
        """
        return self.table_name

    def _dropper(self, table: Table) -> TableDropDDL:
        return DropView(table, materialized=self.materialized)


class CreateTableAs(_TableFromSelect):
    """
    ``CREATE TABLE ... AS SELECT`` or ``SELECT ... INTO``; the new `Table` is ``table``.

    Args:
        selectable: The SELECT.
        metadata: Where the table belongs; a new one when not given.
        temporary: ``CREATE TEMPORARY TABLE``.
        if_not_exists: ``IF NOT EXISTS``.
    """

    __visit_name__ = "create_table_as"

    inherit_cache: bool = False

    def __init__(
        self,
        selectable: Any,
        table_name: str,
        *,
        metadata: MetaData | None = None,
        schema: str | None = None,
        temporary: bool = False,
        if_not_exists: bool = False,
        **dialect_kwargs: Any,
    ) -> None:
        super().__init__(
            selectable,
            table_name,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            if_not_exists=if_not_exists,
            dialect_kwargs=dialect_kwargs,
        )

    def _dropper(self, table: Table) -> TableDropDDL:
        return DropTable(table)
