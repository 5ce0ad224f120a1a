"""
How Redshift spells types, and which of PostgreSQL's it has not.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from relvar import exc
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialects.postgresql.ddl import PGTypeCompiler
from relvar_redshift.refusal import refusal

__all__ = ["RedshiftTypeCompiler"]

_DIGITS = 6


def _refused(name: str, instead: str) -> Callable[..., NoReturn]:
    """Return a rule for a type that there is not."""

    def visit(self: Any, type_: Any, **kw: Any) -> NoReturn:
        raise refusal("type", name=name, instead=instead)

    return visit


class RedshiftTypeCompiler(PGTypeCompiler):
    """
    Types as Redshift spells them.
    """

    def visit_SUPER(self, type_: Any, **kw: Any) -> str:
        return "SUPER"

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        # the generic type, which has its place there
        return "SUPER"

    def visit_GEOMETRY(self, type_: Any, **kw: Any) -> str:
        return "GEOMETRY"

    def visit_GEOGRAPHY(self, type_: Any, **kw: Any) -> str:
        return "GEOGRAPHY"

    def visit_HLLSKETCH(self, type_: Any, **kw: Any) -> str:
        return "HLLSKETCH"

    def visit_TIMESTAMPTZ(self, type_: Any, **kw: Any) -> str:
        return "TIMESTAMPTZ"

    def visit_TIMETZ(self, type_: Any, **kw: Any) -> str:
        return "TIMETZ"

    def visit_VARBYTE(self, type_: Any, **kw: Any) -> str:
        return f"VARBYTE({type_.length})" if type_.length else "VARBYTE"

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_VARBYTE(type_, **kw)

    def visit_uuid(self, type_: Any, **kw: Any) -> str:
        return GenericTypeCompiler.visit_uuid(self, type_, **kw)

    def visit_text(self, type_: Any, **kw: Any) -> str:
        # TEXT is VARCHAR(256) there: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
        return self.visit_VARCHAR(type_, **kw) if type_.length else "VARCHAR(MAX)"

    visit_unicode_text = visit_text

    def _with_time_zone(self, name: str, type_: Any) -> str:
        if getattr(type_, "precision", None) not in (None, _DIGITS):
            raise exc.CompileError(
                f"Amazon Redshift's {name} always has {_DIGITS} digits of a second: leave out "
                f"precision={type_.precision}"
            )
        return f"{name} {'WITH' if type_.timezone else 'WITHOUT'} TIME ZONE"

    def visit_INTERVAL(self, type_: Any, **kw: Any) -> str:
        # an interval is of years and months, or of days and seconds:
        # https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
        return f"INTERVAL {getattr(type_, 'fields', None) or 'DAY TO SECOND'}"

    visit_ARRAY = _refused("ARRAY", "SUPER")
    visit_JSONB = _refused("JSONB", "SUPER")
    visit_JSONPATH = _refused("JSONPATH", "text")
    visit_HSTORE = _refused("HSTORE", "SUPER")
    visit_DOMAIN = _refused("DOMAIN", "the type it is made of")
    visit_UUID = _refused("UUID", "Uuid(native_uuid=False), which is CHAR(32)")
    visit_BYTEA = _refused("BYTEA", "VARBYTE or LargeBinary")
    visit_BIT = _refused("BIT", "VARBYTE or BOOLEAN")
    visit_MONEY = _refused("MONEY", "Numeric(precision, scale)")
    visit_OID = _refused("OID", "Integer")
    visit_INET = _refused("INET", "String")
    visit_CIDR = _refused("CIDR", "String")
    visit_MACADDR = _refused("MACADDR", "String")
    visit_MACADDR8 = _refused("MACADDR8", "String")
    visit_CITEXT = _refused("CITEXT", "String(collation='case_insensitive')")
    visit_TSVECTOR = _refused("TSVECTOR", "String and LIKE")
    visit_TSQUERY = _refused("TSQUERY", "String and LIKE")
    visit_REGCONFIG = _refused("REGCONFIG", "String")
    visit_REGCLASS = _refused("REGCLASS", "String")


for _range in ("INT4", "INT8", "NUM", "DATE", "TS", "TSTZ"):
    for _kind in ("RANGE", "MULTIRANGE"):
        setattr(RedshiftTypeCompiler, f"visit_{_range}{_kind}", _refused(_range + _kind, "two columns"))
