"""
PostgreSQL: types, ``insert`` with ON CONFLICT, and the default dialect.
"""

from relvar.dialects.postgresql import base as base
from relvar.dialects.postgresql.array import ARRAY as ARRAY
from relvar.dialects.postgresql.array import All as All
from relvar.dialects.postgresql.array import Any_ as Any
from relvar.dialects.postgresql.array import array as array
from relvar.dialects.postgresql.array import array_agg as array_agg
from relvar.dialects.postgresql.bitstring import BIT as BIT
from relvar.dialects.postgresql.bitstring import BitString as BitString
from relvar.dialects.postgresql.clauses import DistinctOnClause as DistinctOnClause
from relvar.dialects.postgresql.clauses import aggregate_order_by as aggregate_order_by
from relvar.dialects.postgresql.clauses import distinct_on as distinct_on
from relvar.dialects.postgresql.dml import Insert as Insert
from relvar.dialects.postgresql.dml import insert as insert
from relvar.dialects.postgresql.drivers.psycopg import dialect as dialect
from relvar.dialects.postgresql.ext import ExcludeConstraint as ExcludeConstraint
from relvar.dialects.postgresql.hstore import HSTORE as HSTORE
from relvar.dialects.postgresql.hstore import hstore as hstore
from relvar.dialects.postgresql.json import JSON as JSON
from relvar.dialects.postgresql.json import JSONB as JSONB
from relvar.dialects.postgresql.json import JSONPATH as JSONPATH
from relvar.dialects.postgresql.named_types import DOMAIN as DOMAIN
from relvar.dialects.postgresql.named_types import ENUM as ENUM
from relvar.dialects.postgresql.named_types import CreateDomainType as CreateDomainType
from relvar.dialects.postgresql.named_types import CreateEnumType as CreateEnumType
from relvar.dialects.postgresql.named_types import DropDomainType as DropDomainType
from relvar.dialects.postgresql.named_types import DropEnumType as DropEnumType
from relvar.dialects.postgresql.named_types import NamedType as NamedType
from relvar.dialects.postgresql.ranges import DATEMULTIRANGE as DATEMULTIRANGE
from relvar.dialects.postgresql.ranges import DATERANGE as DATERANGE
from relvar.dialects.postgresql.ranges import INT4MULTIRANGE as INT4MULTIRANGE
from relvar.dialects.postgresql.ranges import INT4RANGE as INT4RANGE
from relvar.dialects.postgresql.ranges import INT8MULTIRANGE as INT8MULTIRANGE
from relvar.dialects.postgresql.ranges import INT8RANGE as INT8RANGE
from relvar.dialects.postgresql.ranges import NUMMULTIRANGE as NUMMULTIRANGE
from relvar.dialects.postgresql.ranges import NUMRANGE as NUMRANGE
from relvar.dialects.postgresql.ranges import TSMULTIRANGE as TSMULTIRANGE
from relvar.dialects.postgresql.ranges import TSRANGE as TSRANGE
from relvar.dialects.postgresql.ranges import TSTZMULTIRANGE as TSTZMULTIRANGE
from relvar.dialects.postgresql.ranges import TSTZRANGE as TSTZRANGE
from relvar.dialects.postgresql.ranges import AbstractMultiRange as AbstractMultiRange
from relvar.dialects.postgresql.ranges import AbstractRange as AbstractRange
from relvar.dialects.postgresql.ranges import AbstractSingleRange as AbstractSingleRange
from relvar.dialects.postgresql.ranges import MultiRange as MultiRange
from relvar.dialects.postgresql.ranges import Range as Range
from relvar.dialects.postgresql.textsearch import phraseto_tsquery as phraseto_tsquery
from relvar.dialects.postgresql.textsearch import plainto_tsquery as plainto_tsquery
from relvar.dialects.postgresql.textsearch import to_tsquery as to_tsquery
from relvar.dialects.postgresql.textsearch import to_tsvector as to_tsvector
from relvar.dialects.postgresql.textsearch import ts_headline as ts_headline
from relvar.dialects.postgresql.textsearch import websearch_to_tsquery as websearch_to_tsquery
from relvar.dialects.postgresql.types import BYTEA as BYTEA
from relvar.dialects.postgresql.types import CIDR as CIDR
from relvar.dialects.postgresql.types import CITEXT as CITEXT
from relvar.dialects.postgresql.types import INET as INET
from relvar.dialects.postgresql.types import INTERVAL as INTERVAL
from relvar.dialects.postgresql.types import MACADDR as MACADDR
from relvar.dialects.postgresql.types import MACADDR8 as MACADDR8
from relvar.dialects.postgresql.types import MONEY as MONEY
from relvar.dialects.postgresql.types import OID as OID
from relvar.dialects.postgresql.types import REGCLASS as REGCLASS
from relvar.dialects.postgresql.types import REGCONFIG as REGCONFIG
from relvar.dialects.postgresql.types import TIME as TIME
from relvar.dialects.postgresql.types import TIMESTAMP as TIMESTAMP
from relvar.dialects.postgresql.types import TSQUERY as TSQUERY
from relvar.dialects.postgresql.types import TSVECTOR as TSVECTOR
from relvar.types import BIGINT as BIGINT
from relvar.types import BOOLEAN as BOOLEAN
from relvar.types import CHAR as CHAR
from relvar.types import DATE as DATE
from relvar.types import DOUBLE_PRECISION as DOUBLE_PRECISION
from relvar.types import FLOAT as FLOAT
from relvar.types import INTEGER as INTEGER
from relvar.types import NUMERIC as NUMERIC
from relvar.types import REAL as REAL
from relvar.types import SMALLINT as SMALLINT
from relvar.types import TEXT as TEXT
from relvar.types import UUID as UUID
from relvar.types import VARCHAR as VARCHAR

__all__ = [
    "ARRAY",
    "All",
    "Any",
    "BIGINT",
    "BIT",
    "BOOLEAN",
    "BYTEA",
    "BitString",
    "CHAR",
    "CIDR",
    "CITEXT",
    "CreateDomainType",
    "CreateEnumType",
    "DATE",
    "DATEMULTIRANGE",
    "DATERANGE",
    "DOMAIN",
    "DOUBLE_PRECISION",
    "DropDomainType",
    "DropEnumType",
    "ENUM",
    "ExcludeConstraint",
    "FLOAT",
    "HSTORE",
    "INET",
    "INT4MULTIRANGE",
    "INT4RANGE",
    "INT8MULTIRANGE",
    "INT8RANGE",
    "INTEGER",
    "INTERVAL",
    "Insert",
    "JSON",
    "JSONB",
    "JSONPATH",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "NUMERIC",
    "NUMMULTIRANGE",
    "NUMRANGE",
    "NamedType",
    "OID",
    "REAL",
    "REGCLASS",
    "REGCONFIG",
    "Range",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TSMULTIRANGE",
    "TSQUERY",
    "TSRANGE",
    "TSTZMULTIRANGE",
    "TSTZRANGE",
    "TSVECTOR",
    "UUID",
    "VARCHAR",
    "aggregate_order_by",
    "array",
    "array_agg",
    "dialect",
    "distinct_on",
    "hstore",
    "insert",
]
