"""
Parameters with a type of their own.

Firebird has to know the type of a parameter when it prepares a statement, and takes it from what the
parameter is compared with or assigned to.  Elsewhere (``SELECT ?``, ``a || ?``) it refuses it; and where
it is compared with a column, a text longer than the column, or a number larger than it, is an error
instead of unequal.  So parameters are cast, but for those assigned to a column, and in LIMIT.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.compile.compiler import SQLCompiler
from relvar.dialects.firebird.types import FBINT128

# the longest VARCHAR of four-byte characters, and of bytes: a VARCHAR has at most 32765 bytes
LONGEST_TEXT = 8191
LONGEST_BYTES = 32765


def cast_type(type_: Any, dialect: Any) -> str:
    """
    Return the type that parameters of *type_* are cast to, the largest one of its kind.

    Args:
        type_: The dialect's version of a type.
    """
    version_4 = dialect._has_version_4
    if isinstance(type_, FBINT128):
        return "INT128"
    if isinstance(type_, sqltypes.Integer):
        return "BIGINT"
    if isinstance(type_, sqltypes.Float):
        return "DOUBLE PRECISION"
    if isinstance(type_, sqltypes.Numeric):
        if version_4:
            return "DECFLOAT(34)"
        return "DOUBLE PRECISION" if type_.scale is None else f"NUMERIC(18, {type_.scale})"
    if isinstance(type_, sqltypes.Boolean):
        return "BOOLEAN" if dialect.supports_native_boolean else "SMALLINT"
    if isinstance(type_, sqltypes.Text):
        return "BLOB SUB_TYPE TEXT"
    if isinstance(type_, (sqltypes.BINARY, sqltypes.VARBINARY)):
        return f"VARCHAR({LONGEST_BYTES}) CHARACTER SET OCTETS"
    if isinstance(type_, sqltypes._Binary):
        return "BLOB SUB_TYPE BINARY"
    if isinstance(type_, sqltypes.DateTime):
        return "TIMESTAMP WITH TIME ZONE" if type_.timezone and version_4 else "TIMESTAMP"
    if isinstance(type_, sqltypes.Date):
        return "DATE"
    if isinstance(type_, sqltypes.Time):
        return "TIME WITH TIME ZONE" if type_.timezone and version_4 else "TIME"
    return f"VARCHAR({LONGEST_TEXT})"


class CastRules(SQLCompiler):
    """
    Rules for the casts of parameters.
    """

    _infers = False
    "Whether Firebird knows the type of a parameter by where it stands."

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        """
        Render ``CAST(? AS ...)``.
        """
        if self._infers:
            return sqltext
        return f"CAST({sqltext} AS {cast_type(dbapi_type, self.dialect)})"

    def _crud_text(self, value: Any, column: Any, **kw: Any) -> str:
        self._infers = bool(value._is_bind_parameter)
        try:
            return super()._crud_text(value, column, **kw)
        finally:
            self._infers = False

    def _inferred(self, clause: Any, **kw: Any) -> str:
        """
        Render an expression whose parameters need no cast.
        """
        self._infers = True
        try:
            return self.process(clause, **kw)
        finally:
            self._infers = False
