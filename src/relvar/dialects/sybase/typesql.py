"""
Types as SAP ASE and SQL Anywhere spell them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from relvar import exc
from relvar.compile.typesql import GenericTypeCompiler

__all__ = ["AnywhereTypeCompiler", "AseTypeCompiler"]


class _SybaseTypeCompiler(GenericTypeCompiler):
    """
    What both spell alike.
    """

    def visit_boolean(self, type_: Any, **kw: Any) -> str:
        return self.visit_BIT(type_, **kw)

    def visit_BIT(self, type_: Any, **kw: Any) -> str:
        return "BIT"

    def visit_JSON(self, type_: Any, **kw: Any) -> NoReturn:
        """
        Refuse: neither has JSON.
        """
        raise exc.CompileError(
            f"{self.dialect.name} has no type JSON: keep documents in a Text column, with a TypeDecorator "
            "that calls json.dumps() and json.loads()"
        )

    def visit_TINYINT(self, type_: Any, **kw: Any) -> str:
        return "TINYINT"

    def visit_UNSIGNED_SMALLINT(self, type_: Any, **kw: Any) -> str:
        return "UNSIGNED SMALLINT"

    def visit_UNSIGNED_INT(self, type_: Any, **kw: Any) -> str:
        return "UNSIGNED INT"

    def visit_UNSIGNED_BIGINT(self, type_: Any, **kw: Any) -> str:
        return "UNSIGNED BIGINT"

    def visit_MONEY(self, type_: Any, **kw: Any) -> str:
        return "MONEY"

    def visit_SMALLMONEY(self, type_: Any, **kw: Any) -> str:
        return "SMALLMONEY"

    def visit_SMALLDATETIME(self, type_: Any, **kw: Any) -> str:
        return "SMALLDATETIME"


class AseTypeCompiler(_SybaseTypeCompiler):
    """
    Types of SAP ASE.
    """

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_, **kw)

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_IMAGE(type_, **kw)

    def visit_unicode(self, type_: Any, **kw: Any) -> str:
        return self.visit_UNIVARCHAR(type_, **kw)

    def visit_unicode_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_UNITEXT(type_, **kw)

    def visit_IMAGE(self, type_: Any, **kw: Any) -> str:
        return "IMAGE"

    def visit_UNITEXT(self, type_: Any, **kw: Any) -> str:
        return "UNITEXT"

    def visit_UNICHAR(self, type_: Any, **kw: Any) -> str:
        return f"UNICHAR({type_.length})" if type_.length else "UNICHAR"

    def visit_UNIVARCHAR(self, type_: Any, **kw: Any) -> str:
        return f"UNIVARCHAR({type_.length})" if type_.length else "UNIVARCHAR"

    def visit_BIGDATETIME(self, type_: Any, **kw: Any) -> str:
        return "BIGDATETIME"

    def visit_BIGTIME(self, type_: Any, **kw: Any) -> str:
        return "BIGTIME"


class AnywhereTypeCompiler(_SybaseTypeCompiler):
    """
    Types of SQL Anywhere.
    """

    def visit_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_LONG_VARCHAR(type_, **kw)

    def visit_unicode(self, type_: Any, **kw: Any) -> str:
        return self.visit_NVARCHAR(type_, **kw)

    def visit_unicode_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_LONG_NVARCHAR(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_LONG_BINARY(type_, **kw)

    def visit_datetime(self, type_: Any, **kw: Any) -> str:
        return self.visit_TIMESTAMP(type_, **kw)

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return "TIMESTAMP WITH TIME ZONE" if getattr(type_, "timezone", False) else "TIMESTAMP"

    def visit_LONG_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return "LONG VARCHAR"

    def visit_LONG_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        return "LONG NVARCHAR"

    def visit_LONG_BINARY(self, type_: Any, **kw: Any) -> str:
        return "LONG BINARY"

    def visit_UNIQUEIDENTIFIER(self, type_: Any, **kw: Any) -> str:
        return "UNIQUEIDENTIFIER"

    def visit_XML(self, type_: Any, **kw: Any) -> str:
        return "XML"
