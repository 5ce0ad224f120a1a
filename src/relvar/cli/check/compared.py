"""
A table of a program beside the one of a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from relvar import Dialect, Index, Inspector, Table, types
from relvar.cli.check.finding import Finding
from relvar.schema import CreateIndex

__all__ = ["Compared"]


@dataclass
class Compared:
    """
    A table here and there.

    Attributes:
        where: The class, or the name of the table.
        compiler: Renders its DDL for the database.
    """

    table: Table
    where: str
    inspector: Inspector
    dialect: Dialect
    compiler: Any = field(init=False)

    def __post_init__(self) -> None:
        self.compiler = self.dialect.ddl_compiler(self.dialect, None)

    @property
    def is_mysql(self) -> bool:
        return self.dialect.name in ("mysql", "mariadb")

    @property
    def types(self) -> dict[str, types.TypeEngine[Any]]:
        return {column.name: column.type for column in self.table.c}

    def reflected(self, what: str) -> Any:
        """
        Return what the inspector says of something of the table, such as "indexes".
        """
        return getattr(self.inspector, f"get_{what}")(self.table.name, self.table.schema)

    def items(self, kind: type[Any]) -> list[Any]:
        """
        Return the constraints of a kind that the database is given.
        """
        of_columns = [item for column in self.table.c for item in column.constraints]
        return in_order(
            item
            for item in (*self.table.constraints, *of_columns)
            if isinstance(item, kind) and item._should_create_for_compiler(self.compiler)
        )

    def indexes(self) -> list[Index]:
        """
        Return the indexes that the database is given.
        """
        return in_order(
            index
            for index in self.table.indexes
            if CreateIndex(index)._should_execute(index, None, compiler=self.compiler)
        )

    def is_mapped(self, names: Sequence[str | None]) -> bool:
        """
        Tell whether all columns are here, None being an expression.
        """
        return all(name is None or name in self.table.c for name in names)

    def name(self, item: Any) -> str | None:
        """
        Return the name that a constraint or an index is given in the DDL, without quotes.
        """
        preparer: Any = self.dialect.identifier_preparer
        return preparer.format_constraint(item, _alembic_quote=False)  # type: ignore[no-any-return]  # text

    def sql(self, expression: Any) -> str:
        """
        Return an expression as the DDL has it; for drivers with ``%s``, a percent sign is doubled there.
        """
        text: str = self.compiler.sql_compiler.process(expression, include_table=False, literal_binds=True)
        return text.replace("%%", "%") if self.compiler.preparer._double_percents else text

    def usual(self, schema: str | None) -> str | None:
        """
        Return a schema, None for the usual one.
        """
        return None if schema == self.inspector.default_schema_name else schema

    def finding(self, code: str, text: str, fix: str) -> Finding:
        return Finding(self.where, code, text, fix)

    def not_there(self, code: str, what: str) -> Finding:
        return self.finding(code, f"{what} is not in the database", "create it there, or remove it here")

    def not_here(self, code: str, what: str) -> Finding:
        return self.finding(code, f"{what} is in the database only", "write it here, or drop it there")


def in_order(items: Iterable[Any]) -> list[Any]:
    """
    Return constraints or indexes by name and columns.
    """
    return sorted(items, key=lambda item: (str(item.name), [column.name for column in item.columns]))
