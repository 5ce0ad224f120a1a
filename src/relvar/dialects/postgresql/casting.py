"""
Types for drivers that bind parameters on the server (psycopg 3, asyncpg).

The server must learn the type of each parameter, so these types are rendered with a cast:
``%(id_1)s::INTEGER``.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.dialects.postgresql.json import JSON, JSONB, JSONPathType
from relvar.dialects.postgresql.types import CITEXT, INTERVAL, REGCONFIG

__all__ = ["CAST_COLSPECS", "CastInterval", "CastUuid", "DecodedJSON", "DecodedJSONB"]


class _String(sqltypes.String):
    render_bind_cast = True


class _Regconfig(REGCONFIG):
    render_bind_cast = True


class _Date(sqltypes.Date):
    render_bind_cast = True


class _DateTime(sqltypes.DateTime):
    render_bind_cast = True


class _Time(sqltypes.Time):
    render_bind_cast = True


class _Integer(sqltypes.Integer):
    render_bind_cast = True


class _SmallInteger(sqltypes.SmallInteger):
    render_bind_cast = True


class _BigInteger(sqltypes.BigInteger):
    render_bind_cast = True


class CastUuid(sqltypes.UUID[Any]):
    """
    UUIDs that are told from text by a cast.
    """

    render_bind_cast = True
    render_literal_cast = True


class CastInterval(INTERVAL):
    """
    Spans of time that are told from text by a cast.
    """

    render_bind_cast = True


class _StrIndex(sqltypes.JSON.JSONStrIndexType):
    """
    A key of a JSON object.
    """

    __visit_name__ = "json_str_index"
    render_bind_cast = True


class _IntIndex(sqltypes.JSON.JSONIntIndexType):
    """
    A position in a JSON array.
    """

    __visit_name__ = "json_int_index"
    render_bind_cast = True


class DecodedJSON(JSON):
    """
    JSON that the driver decodes.
    """

    def result_processor(self, dialect: Any, coltype: object) -> None:
        return None


class DecodedJSONB(JSONB):
    """
    JSONB that the driver decodes.
    """

    def result_processor(self, dialect: Any, coltype: object) -> None:
        return None


CAST_COLSPECS: dict[Any, Any] = {
    sqltypes.String: _String,
    REGCONFIG: _Regconfig,
    # a string of another kind: with a cast to VARCHAR, case would matter
    CITEXT: CITEXT,
    sqltypes.JSON: DecodedJSON,
    JSONB: DecodedJSONB,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.JSON.JSONIntIndexType: _IntIndex,
    sqltypes.JSON.JSONStrIndexType: _StrIndex,
    INTERVAL: CastInterval,
    sqltypes.Date: _Date,
    sqltypes.DateTime: _DateTime,
    sqltypes.Time: _Time,
    sqltypes.Integer: _Integer,
    sqltypes.SmallInteger: _SmallInteger,
    sqltypes.BigInteger: _BigInteger,
    sqltypes.Uuid: CastUuid,
}
"Additions to ``COLSPECS`` for such drivers."
