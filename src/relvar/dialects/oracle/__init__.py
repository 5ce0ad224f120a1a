"""
Oracle Database: types and the default dialect.
"""

from relvar.dialects.oracle.drivers.oracledb import dialect as dialect
from relvar.dialects.oracle.hierarchy import ConnectBy as ConnectBy
from relvar.dialects.oracle.hierarchy import connect_by as connect_by
from relvar.dialects.oracle.hierarchy import connect_by_root as connect_by_root
from relvar.dialects.oracle.hierarchy import is_cycle as is_cycle
from relvar.dialects.oracle.hierarchy import is_leaf as is_leaf
from relvar.dialects.oracle.hierarchy import level as level
from relvar.dialects.oracle.hierarchy import prior as prior
from relvar.dialects.oracle.types import BFILE as BFILE
from relvar.dialects.oracle.types import BINARY_DOUBLE as BINARY_DOUBLE
from relvar.dialects.oracle.types import BINARY_FLOAT as BINARY_FLOAT
from relvar.dialects.oracle.types import BOOLEAN as BOOLEAN
from relvar.dialects.oracle.types import DATE as DATE
from relvar.dialects.oracle.types import FLOAT as FLOAT
from relvar.dialects.oracle.types import INTERVAL as INTERVAL
from relvar.dialects.oracle.types import JSON as JSON
from relvar.dialects.oracle.types import LONG as LONG
from relvar.dialects.oracle.types import NCLOB as NCLOB
from relvar.dialects.oracle.types import NUMBER as NUMBER
from relvar.dialects.oracle.types import NVARCHAR2 as NVARCHAR2
from relvar.dialects.oracle.types import RAW as RAW
from relvar.dialects.oracle.types import REAL as REAL
from relvar.dialects.oracle.types import ROWID as ROWID
from relvar.dialects.oracle.types import TIMESTAMP as TIMESTAMP
from relvar.dialects.oracle.types import VARCHAR2 as VARCHAR2
from relvar.dialects.oracle.vector import VECTOR as VECTOR
from relvar.dialects.oracle.vector import SparseVector as SparseVector
from relvar.dialects.oracle.vector import VectorDistanceType as VectorDistanceType
from relvar.dialects.oracle.vector import VectorIndexConfig as VectorIndexConfig
from relvar.dialects.oracle.vector import VectorIndexType as VectorIndexType
from relvar.dialects.oracle.vector import VectorStorageFormat as VectorStorageFormat
from relvar.dialects.oracle.vector import VectorStorageType as VectorStorageType
from relvar.types import BLOB as BLOB
from relvar.types import CHAR as CHAR
from relvar.types import CLOB as CLOB
from relvar.types import DOUBLE_PRECISION as DOUBLE_PRECISION
from relvar.types import NCHAR as NCHAR
from relvar.types import NVARCHAR as NVARCHAR
from relvar.types import VARCHAR as VARCHAR

__all__ = [
    "BFILE",
    "BINARY_DOUBLE",
    "BINARY_FLOAT",
    "BLOB",
    "BOOLEAN",
    "CHAR",
    "CLOB",
    "DATE",
    "ConnectBy",
    "DOUBLE_PRECISION",
    "FLOAT",
    "INTERVAL",
    "JSON",
    "LONG",
    "NCHAR",
    "NCLOB",
    "NUMBER",
    "NVARCHAR",
    "NVARCHAR2",
    "RAW",
    "REAL",
    "ROWID",
    "TIMESTAMP",
    "VARCHAR",
    "VARCHAR2",
    "VECTOR",
    "SparseVector",
    "VectorDistanceType",
    "VectorIndexConfig",
    "VectorIndexType",
    "VectorStorageFormat",
    "VectorStorageType",
    "connect_by",
    "connect_by_root",
    "dialect",
    "is_cycle",
    "is_leaf",
    "level",
    "prior",
]
