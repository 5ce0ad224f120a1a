"""
The spelling of types in Microsoft SQL Server.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.typesql import GenericTypeCompiler

__all__ = ["MSTypeCompiler"]

# DATE, TIME and DATETIME2 came with SQL Server 2008
_MS_2008 = (10,)
# JSON, https://learn.microsoft.com/sql/t-sql/data-types/json-data-type
_MS_2025 = (17,)


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
        if self.dialect.native_json:
            version = self.dialect.server_version_info
            if version and version < _MS_2025:
                raise exc.CompileError(
                    "native_json: the type JSON is there since SQL Server 2025 (17), this server is "
                    f"{'.'.join(map(str, version))}; without native_json documents are NVARCHAR(max)"
                )
            return "JSON"
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
