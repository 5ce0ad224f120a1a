"""
DDL of Microsoft SQL Server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.compile.ddl import DDLCompiler
from relvar.dialects.mssql.identity import is_identity, is_numbered
from relvar.dialects.mssql.names import schema_parts
from relvar.schema.sequence import IdentityOptions
from relvar.util import warn_deprecated

__all__ = ["MSDDLCompiler"]


class MSDDLCompiler(DDLCompiler):
    """
    DDL as SQL Server has it.
    """

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        text: str = self.preparer.format_column(column)
        if column.computed is not None:
            text += f" {self.process(column.computed)}"
        else:
            text += " " + self.dialect.type_compiler_instance.process(column.type, type_expression=column)
            if column.dialect_options["mssql"]["sparse"]:
                text += " SPARSE"
            text += self._row_time(column)
        numbered = is_numbered(column)
        from_sequence = column.default is not None and column.default.is_sequence
        if column.nullable is not None:
            if (
                not column.nullable
                or column.primary_key
                or from_sequence
                or numbered
                or column.identity is not None
            ):
                text += " NOT NULL"
            elif column.computed is None:
                # without it, the session's settings decide
                text += " NULL"
        if column.table is None:
            raise exc.CompileError("mssql requires Table-bound columns in order to generate DDL")
        start, increment = self._old_options(column)
        if column.identity is not None:
            text += f" {self.process(column.identity, **kwargs)}"
        elif numbered or start is not None or increment is not None:
            if is_identity(column):
                text += self._identity(start, increment)
        else:
            default = self.get_column_default_string(column)
            if default is not None:
                text += f" DEFAULT {default}"
        return text

    @staticmethod
    def _row_time(column: Any) -> str:
        """
        Return what makes a column the begin or the end of the period of its table's rows.
        """
        table = column.table
        if table is None:
            return ""
        options = table.dialect_options["mssql"]
        names = _names_of_period(options["period"])
        if column.name not in names:
            return ""
        end = "START" if column.name == names[0] else "END"
        return f" GENERATED ALWAYS AS ROW {end}{' HIDDEN' if options['period_hidden'] else ''}"

    def create_table_constraints(
        self, table: Any, _include_foreign_key_constraints: Any = None, **kw: Any
    ) -> str:
        """
        Return the constraints of a table, and the period in which its rows are valid.
        """
        text = super().create_table_constraints(table, _include_foreign_key_constraints, **kw)
        names = _names_of_period(table.dialect_options["mssql"]["period"])
        if names:
            for name in names:
                if name not in [column.name for column in table.c]:
                    raise exc.CompileError(
                        f"mssql_period of {table.name} names {name!r}, which is no column of it: give the "
                        "names of two DATETIME2 columns, begin and end"
                    )
            period = f"PERIOD FOR SYSTEM_TIME ({', '.join(self.preparer.quote(name) for name in names)})"
            text = f"{text}, \n\t{period}" if text else period
        return text

    def post_create_table(self, table: Any) -> str:
        """
        Return the options of a table.

        Source: https://learn.microsoft.com/sql/t-sql/statements/create-table-transact-sql
        """
        options = table.dialect_options["mssql"]
        words: list[str] = []
        if options["memory_optimized"]:
            words.append("MEMORY_OPTIMIZED = ON")
        if options["durability"] is not None:
            words.append(f"DURABILITY = {options['durability']}")
        if options["data_compression"] is not None:
            words.append(f"DATA_COMPRESSION = {options['data_compression']}")
        versioning = options["system_versioning"]
        if versioning:
            word = "SYSTEM_VERSIONING = ON"
            if isinstance(versioning, str):
                word += f" (HISTORY_TABLE = {self._history_name(table, versioning)})"
            words.append(word)
        text = "" if options["on"] is None else f" ON {self.preparer.quote(options['on'])}"
        return f"{text} WITH ({', '.join(words)})" if words else text

    def _history_name(self, table: Any, name: str) -> str:
        """
        Return the name of a history table, which must have a schema.
        """
        database, own = schema_parts(name)
        schema = database or table.schema or self.dialect.default_schema_name or self.dialect.schema_name
        return f"{self.preparer.quote_schema(schema)}.{self.preparer.quote(own)}"

    def _old_options(self, column: Any) -> tuple[Any, Any]:
        """
        Return what ``mssql_identity_start`` and ``mssql_identity_increment`` say.
        """
        options = column.dialect_options["mssql"]
        start, increment = options["identity_start"], options["identity_increment"]
        if start is not None or increment is not None:
            warn_deprecated(
                "The dialect options 'mssql_identity_start' and 'mssql_identity_increment' are "
                "deprecated. Use the 'Identity' object instead.",
                "1.4",
            )
        return start, increment

    @staticmethod
    def _identity(start: int | None, increment: int | None) -> str:
        if start is None and increment is None:
            return " IDENTITY"
        first = 1 if start is None else start
        step = 1 if increment is None else increment
        return f" IDENTITY({first},{step})"

    def visit_identity_column(self, identity: IdentityOptions, **kw: Any) -> str:
        return self._identity(identity.start, identity.increment).lstrip()

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        text = f"AS ({self._ddl_sql(generated.sqltext)})"
        return f"{text} PERSISTED" if generated.persisted is True else text

    # -- indexes and constraints

    @staticmethod
    def _clustered(item: Any) -> str:
        clustered = item.dialect_options["mssql"]["clustered"]
        if clustered is None:
            return ""
        return "CLUSTERED " if clustered else "NONCLUSTERED "

    def visit_create_index(
        self,
        create: Any,
        include_schema: bool = False,
        include_table_schema: bool = True,
        **kw: Any,
    ) -> str:
        index = create.element
        self._verify_index_table(index)
        options = index.dialect_options["mssql"]
        text = "CREATE "
        if index.unique:
            text += "UNIQUE "
        text += self._clustered(index)
        columnstore = options["columnstore"]
        if columnstore:
            text += "COLUMNSTORE "
        name = self._prepared_index_name(index, include_schema=include_schema)
        text += f"INDEX {name} ON {self.preparer.format_table(index.table)}"
        # a clustered columnstore index is over all columns
        if not (columnstore and options["clustered"]) and index.expressions:
            elements = ", ".join(self._ddl_sql(expression) for expression in index.expressions)
            text += f" ({elements})"
        if options["include"]:
            columns = [index.table.c[c] if isinstance(c, str) else c for c in options["include"]]
            text += f" INCLUDE ({self._names(columns)})"
        if options["where"] is not None:
            text += f" WHERE {self._ddl_sql(options['where'])}"
        return text

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        index = drop.element
        exists = "IF EXISTS " if drop.if_exists else ""
        name = self._prepared_index_name(index, include_schema=False)
        return f"\nDROP INDEX {exists}{name} ON {self.preparer.format_table(index.table)}"

    def define_primary_key_body(self, constraint: Any, **kw: Any) -> str:
        # in the order of the columns: an IDENTITY column need not come first
        return f"PRIMARY KEY {self._clustered(constraint)}({self._names(constraint.columns)})"

    def define_unique_body(self, constraint: Any, **kw: Any) -> str:
        return f"UNIQUE {self._clustered(constraint)}({self._names(constraint.columns)})"

    # -- views

    def visit_create_view(self, element: Any, **kw: Any) -> str:
        return super().visit_create_view(element, **kw).replace("CREATE OR REPLACE", "CREATE OR ALTER", 1)

    def visit_create_table_as(self, element: Any, **kw: Any) -> str:
        """
        Render ``SELECT ... INTO table FROM ...``.
        """
        select = self._inner_select(element)
        into = f" INTO {self.preparer.format_table(element.table)} "
        head, found, tail = select.partition(" \nFROM ")
        return f"{head}{into}\nFROM {tail}" if found else f"{head}{into}".rstrip()

    # -- comments

    def _property(self, procedure: str, value: str | None, table: Any, column: Any = None) -> str:
        """
        Return the call that sets, or drops, the extended property a comment is here.
        """
        schema = table.schema or self.dialect.default_schema_name or self.dialect.schema_name
        words = [f"execute {procedure} 'MS_Description'"]
        if value is not None:
            words.append(f"N{self._literal(value)}")
        words.append(f"'schema', {self.preparer.quote_schema(schema)}")
        words.append(f"'table', {self.preparer.format_table(table, use_schema=False)}")
        if column is not None:
            words.append(f"'column', {self.preparer.format_column(column)}")
        return ", ".join(words)

    def visit_set_table_comment(self, create: Any, **kw: Any) -> str:
        table = create.element
        return self._property("sp_addextendedproperty", table.comment, table)

    def visit_drop_table_comment(self, drop: Any, **kw: Any) -> str:
        return self._property("sp_dropextendedproperty", None, drop.element)

    def visit_set_column_comment(self, create: Any, **kw: Any) -> str:
        column = create.element
        return self._property("sp_addextendedproperty", column.comment, column.table, column)

    def visit_drop_column_comment(self, drop: Any, **kw: Any) -> str:
        column = drop.element
        return self._property("sp_dropextendedproperty", None, column.table, column)

    def visit_create_sequence(self, create: Any, prefix: str | None = None, **kw: Any) -> str:
        data_type = create.element.data_type
        if data_type is not None:
            prefix = f" AS {self.type_compiler.process(data_type)}"
        return super().visit_create_sequence(create, prefix=prefix, **kw)


def _names_of_period(period: Any) -> Sequence[str]:
    """
    Return the names of the two columns of a period, or none.
    """
    return () if period is None else [getattr(each, "name", each) for each in period]
