"""
DDL of Microsoft SQL Server, and the spelling of its types.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler
from relvar.schema.sequence import IdentityOptions
from relvar.util import warn_deprecated

__all__ = ["MSDDLCompiler", "MSTypeCompiler"]

# DATE, TIME and DATETIME2 came with SQL Server 2008
_MS_2008 = (10,)


class MSTypeCompiler(GenericTypeCompiler):
    """
    Types as SQL Server spells them.
    """

    def _extend(self, spec: str, type_: Any, length: Any = None) -> str:
        """
        Add length and collation.
        """
        collation = getattr(type_, "collation", None)
        length = length or type_.length
        if length:
            spec += f"({length})"
        return f"{spec} COLLATE {collation}" if collation else spec

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_, **kw)

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        precision = getattr(type_, "precision", None)
        return "FLOAT" if precision is None else f"FLOAT({precision})"

    def visit_TINYINT(self, type_: Any, **kw: Any) -> str:
        return "TINYINT"

    def _with_precision(self, name: str, type_: Any) -> str:
        precision = getattr(type_, "precision", None)
        return name if precision is None else f"{name}({precision})"

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return self._with_precision("TIME", type_)

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return "TIMESTAMP"

    def visit_ROWVERSION(self, type_: Any, **kw: Any) -> str:
        return "ROWVERSION"

    def visit_datetime(self, type_: Any, **kw: Any) -> str:
        if type_.timezone:
            return self.visit_DATETIMEOFFSET(type_, **kw)
        return self.visit_DATETIME(type_, **kw)

    def visit_DATETIMEOFFSET(self, type_: Any, **kw: Any) -> str:
        return self._with_precision("DATETIMEOFFSET", type_)

    def visit_DATETIME2(self, type_: Any, **kw: Any) -> str:
        return self._with_precision("DATETIME2", type_)

    def visit_SMALLDATETIME(self, type_: Any, **kw: Any) -> str:
        return "SMALLDATETIME"

    def visit_unicode(self, type_: Any, **kw: Any) -> str:
        return self.visit_NVARCHAR(type_, **kw)

    def visit_text(self, type_: Any, **kw: Any) -> str:
        if self.dialect.deprecate_large_types:
            return self.visit_VARCHAR(type_, **kw)
        return self.visit_TEXT(type_, **kw)

    def visit_unicode_text(self, type_: Any, **kw: Any) -> str:
        if self.dialect.deprecate_large_types:
            return self.visit_NVARCHAR(type_, **kw)
        return self.visit_NTEXT(type_, **kw)

    def visit_NTEXT(self, type_: Any, **kw: Any) -> str:
        return self._extend("NTEXT", type_)

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:
        return self._extend("TEXT", type_)

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return self._extend("VARCHAR", type_, length=type_.length or "max")

    def visit_CHAR(self, type_: Any, **kw: Any) -> str:
        return self._extend("CHAR", type_)

    def visit_NCHAR(self, type_: Any, **kw: Any) -> str:
        return self._extend("NCHAR", type_)

    def visit_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        return self._extend("NVARCHAR", type_, length=type_.length or "max")

    def _since_2008(self) -> bool:
        return (self.dialect.server_version_info or ()) >= _MS_2008

    def visit_date(self, type_: Any, **kw: Any) -> str:
        return self.visit_DATE(type_, **kw) if self._since_2008() else self.visit_DATETIME(type_, **kw)

    def visit_time(self, type_: Any, **kw: Any) -> str:
        return self.visit_TIME(type_, **kw) if self._since_2008() else self.visit_DATETIME(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        if self.dialect.deprecate_large_types:
            return self.visit_VARBINARY(type_, **kw)
        return self.visit_IMAGE(type_, **kw)

    def visit_IMAGE(self, type_: Any, **kw: Any) -> str:
        return "IMAGE"

    def visit_XML(self, type_: Any, **kw: Any) -> str:
        return "XML"

    def visit_VARBINARY(self, type_: Any, **kw: Any) -> str:
        text = self._extend("VARBINARY", type_, length=type_.length or "max")
        return f"{text} FILESTREAM" if getattr(type_, "filestream", False) else text

    def visit_boolean(self, type_: Any, **kw: Any) -> str:
        return self.visit_BIT(type_)

    def visit_BIT(self, type_: Any, **kw: Any) -> str:
        return "BIT"

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        # documents are text here
        return self._extend("NVARCHAR", type_, length="max")

    def visit_MONEY(self, type_: Any, **kw: Any) -> str:
        return "MONEY"

    def visit_SMALLMONEY(self, type_: Any, **kw: Any) -> str:
        return "SMALLMONEY"

    def visit_uuid(self, type_: Any, **kw: Any) -> str:
        if type_.native_uuid:
            return self.visit_UNIQUEIDENTIFIER(type_, **kw)
        return super().visit_uuid(type_, **kw)

    def visit_UNIQUEIDENTIFIER(self, type_: Any, **kw: Any) -> str:
        return "UNIQUEIDENTIFIER"

    def visit_SQL_VARIANT(self, type_: Any, **kw: Any) -> str:
        return "SQL_VARIANT"


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
        is_numbered = column.autoincrement is True or (
            column.table is not None and column is column.table._autoincrement_column
        )
        from_sequence = column.default is not None and column.default.is_sequence
        if column.nullable is not None:
            if (
                not column.nullable
                or column.primary_key
                or from_sequence
                or is_numbered
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
        elif is_numbered or start is not None or increment is not None:
            if not from_sequence or column.default.optional:
                text += self._identity(start, increment)
        else:
            default = self.get_column_default_string(column)
            if default is not None:
                text += f" DEFAULT {default}"
        return text

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
