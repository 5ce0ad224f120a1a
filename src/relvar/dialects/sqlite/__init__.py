"""
SQLite: types, ``insert`` with ON CONFLICT, and the default dialect.
"""

from typing import TYPE_CHECKING

from relvar.dialects.sqlite.drivers.pysqlite import dialect as dialect
from relvar.dialects.sqlite.types import DATE as DATE
from relvar.dialects.sqlite.types import DATETIME as DATETIME
from relvar.dialects.sqlite.types import JSON as JSON
from relvar.dialects.sqlite.types import JSONB as JSONB
from relvar.dialects.sqlite.types import TIME as TIME
from relvar.types import BLOB as BLOB
from relvar.types import BOOLEAN as BOOLEAN
from relvar.types import CHAR as CHAR
from relvar.types import DECIMAL as DECIMAL
from relvar.types import FLOAT as FLOAT
from relvar.types import INTEGER as INTEGER
from relvar.types import NUMERIC as NUMERIC
from relvar.types import REAL as REAL
from relvar.types import SMALLINT as SMALLINT
from relvar.types import TEXT as TEXT
from relvar.types import TIMESTAMP as TIMESTAMP
from relvar.types import VARCHAR as VARCHAR
from relvar.util.ondemand import on_demand

__all__ = [
    "BLOB",
    "BOOLEAN",
    "CHAR",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "FLOAT",
    "INTEGER",
    "Insert",
    "JSON",
    "JSONB",
    "NUMERIC",
    "REAL",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "VARCHAR",
    "dialect",
    "insert",
]

if TYPE_CHECKING:
    from relvar.dialects.sqlite.dml import Insert as Insert
    from relvar.dialects.sqlite.dml import insert as insert

if not TYPE_CHECKING:
    __getattr__, __dir__, _ = on_demand(
        __name__,
        modules=("base", "pysqlcipher", "pysqlite"),
        names={"Insert": "relvar.dialects.sqlite.dml", "insert": "relvar.dialects.sqlite.dml"},
    )
