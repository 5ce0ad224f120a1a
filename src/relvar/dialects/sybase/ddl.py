"""
DDL of SAP ASE and SQL Anywhere.

Source: ASE 15.7, Reference Manual: Commands, create table;
SQL Anywhere 16, SQL Reference: CREATE TABLE statement.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.ddl import DDLCompiler
from relvar.dialects.sybase.identity import is_identity
from relvar.types.boolean import Boolean
from relvar.util.warning import warn

__all__ = ["AnywhereDDLCompiler", "AseDDLCompiler"]


class _SybaseDDLCompiler(DDLCompiler):
    """
    What both write alike.
    """

    def _type(self, column: Any) -> str:
        return self.dialect.type_compiler_instance.process(column.type, type_expression=column)  # type: ignore[no-any-return]  # text

    def visit_create_index(
        self, create: Any, include_schema: bool = False, include_table_schema: bool = True, **kw: Any
    ) -> str:
        index = create.element
        text = super().visit_create_index(
            create, include_schema=include_schema, include_table_schema=include_table_schema, **kw
        )
        clustered = index.dialect_options[self.dialect.name]["clustered"]
        if clustered is None:
            return text
        return text.replace("INDEX ", "CLUSTERED INDEX " if clustered else "NONCLUSTERED INDEX ", 1)

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        index = drop.element
        table = self.preparer.format_table(index.table)
        exists = "IF EXISTS " if drop.if_exists else ""
        return f"\nDROP INDEX {exists}{table}.{self._prepared_index_name(index)}"


class AseDDLCompiler(_SybaseDDLCompiler):
    """
    DDL of SAP ASE.
    """

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        name = self.preparer.format_column(column)
        if column.computed is not None:
            return f"{name} {self.process(column.computed)}"
        kind = self._type(column)
        if is_identity(column):
            return f"{name} {kind} IDENTITY"
        if isinstance(column.type, Boolean) and column.nullable and kind == "BIT":
            # a BIT is never NULL
            kind = "TINYINT"
        text = f"{name} {kind}"
        default = self.get_column_default_string(column)
        if default is not None:
            text += f" DEFAULT {default}"
        # columns are NOT NULL unless the database's options say otherwise
        return f"{text} {'NULL' if column.nullable else 'NOT NULL'}"

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        text = f"AS {self._ddl_sql(generated.sqltext)}"
        if generated.persisted is None:
            return text
        return f"{text} {'MATERIALIZED' if generated.persisted else 'NOT MATERIALIZED'}"

    def define_constraint_cascades(self, constraint: Any) -> str:
        if constraint.ondelete is not None or constraint.onupdate is not None:
            warn(
                "ASE has no ON DELETE and no ON UPDATE: they are left out of the foreign key. Use "
                "a trigger, or have "
                "the ORM delete the rows that refer."
            )
        return ""

    def define_constraint_deferrability(self, constraint: Any) -> str:
        if constraint.deferrable is not None or constraint.initially is not None:
            raise exc.CompileError("ASE has no deferrable constraints")
        return ""

    def visit_create_table(self, create: Any, **kw: Any) -> str:
        _refuse_exists(create.if_not_exists)
        return super().visit_create_table(create, **kw)

    def visit_drop_table(self, drop: Any, **kw: Any) -> str:
        _refuse_exists(drop.if_exists)
        return super().visit_drop_table(drop, **kw)

    def visit_create_index(
        self, create: Any, include_schema: bool = False, include_table_schema: bool = True, **kw: Any
    ) -> str:
        _refuse_exists(create.if_not_exists)
        return super().visit_create_index(
            create, include_schema=include_schema, include_table_schema=include_table_schema, **kw
        )

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        _refuse_exists(drop.if_exists)
        return super().visit_drop_index(drop, **kw)


def _refuse_exists(asked: bool) -> None:
    if asked:
        raise exc.CompileError("ASE has no IF [NOT] EXISTS here: use checkfirst=True, which asks the catalog")


class AnywhereDDLCompiler(_SybaseDDLCompiler):
    """
    DDL of SQL Anywhere.
    """

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        text = f"{self.preparer.format_column(column)} {self._type(column)}"
        text += " NULL" if column.nullable else " NOT NULL"
        if column.computed is not None:
            return f"{text} {self.process(column.computed)}"
        if is_identity(column):
            return f"{text} DEFAULT AUTOINCREMENT"
        default = self.get_column_default_string(column)
        return text if default is None else f"{text} DEFAULT {default}"

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        if generated.persisted is False:
            raise exc.CompileError(
                "SQL Anywhere stores computed columns: leave persisted=False out, or make it a view"
            )
        return f"COMPUTE ({self._ddl_sql(generated.sqltext)})"
