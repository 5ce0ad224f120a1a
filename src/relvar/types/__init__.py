"""
SQL types.
"""

from relvar.types.array import ARRAY as ARRAY
from relvar.types.base import NO_CACHE as NO_CACHE
from relvar.types.base import NULLTYPE as NULLTYPE
from relvar.types.base import NullType as NullType
from relvar.types.base import TypeEngine as TypeEngine
from relvar.types.base import TypeEngineMixin as TypeEngineMixin
from relvar.types.base import adapt_type as adapt_type
from relvar.types.base import to_instance as to_instance
from relvar.types.binary import BINARY as BINARY
from relvar.types.binary import BLOB as BLOB
from relvar.types.binary import VARBINARY as VARBINARY
from relvar.types.binary import LargeBinary as LargeBinary
from relvar.types.binary import PickleType as PickleType
from relvar.types.binary import _Binary as _Binary
from relvar.types.boolean import BOOLEAN as BOOLEAN
from relvar.types.boolean import BOOLEANTYPE as BOOLEANTYPE
from relvar.types.boolean import MATCHTYPE as MATCHTYPE
from relvar.types.boolean import Boolean as Boolean
from relvar.types.boolean import MatchType as MatchType
from relvar.types.decorator import TypeDecorator as TypeDecorator
from relvar.types.decorator import Variant as Variant
from relvar.types.emulated import Emulated as Emulated
from relvar.types.emulated import NativeForEmulated as NativeForEmulated
from relvar.types.enum import Enum as Enum
from relvar.types.json import JSON as JSON
from relvar.types.numeric import BIGINT as BIGINT
from relvar.types.numeric import DECIMAL as DECIMAL
from relvar.types.numeric import DOUBLE as DOUBLE
from relvar.types.numeric import DOUBLE_PRECISION as DOUBLE_PRECISION
from relvar.types.numeric import FLOAT as FLOAT
from relvar.types.numeric import INT as INT
from relvar.types.numeric import INTEGER as INTEGER
from relvar.types.numeric import NUMERIC as NUMERIC
from relvar.types.numeric import REAL as REAL
from relvar.types.numeric import SMALLINT as SMALLINT
from relvar.types.numeric import BigInteger as BigInteger
from relvar.types.numeric import Double as Double
from relvar.types.numeric import Float as Float
from relvar.types.numeric import HasExpressionLookup as HasExpressionLookup
from relvar.types.numeric import Integer as Integer
from relvar.types.numeric import Numeric as Numeric
from relvar.types.numeric import NumericCommon as NumericCommon
from relvar.types.numeric import SmallInteger as SmallInteger
from relvar.types.operator_class import OperatorClass as OperatorClass
from relvar.types.rules import INTEGERTYPE as INTEGERTYPE
from relvar.types.rules import NUMERICTYPE as NUMERICTYPE
from relvar.types.schematype import NO_ARG as NO_ARG
from relvar.types.schematype import SchemaEventTarget as SchemaEventTarget
from relvar.types.schematype import SchemaType as SchemaType
from relvar.types.temporal import DATE as DATE
from relvar.types.temporal import DATETIME as DATETIME
from relvar.types.temporal import TIME as TIME
from relvar.types.temporal import TIMESTAMP as TIMESTAMP
from relvar.types.temporal import Date as Date
from relvar.types.temporal import DateTime as DateTime
from relvar.types.temporal import Interval as Interval
from relvar.types.temporal import Time as Time
from relvar.types.temporal import _AbstractInterval as _AbstractInterval
from relvar.types.text import CHAR as CHAR
from relvar.types.text import CLOB as CLOB
from relvar.types.text import NCHAR as NCHAR
from relvar.types.text import NVARCHAR as NVARCHAR
from relvar.types.text import STRINGTYPE as STRINGTYPE
from relvar.types.text import TEXT as TEXT
from relvar.types.text import VARCHAR as VARCHAR
from relvar.types.text import Concatenable as Concatenable
from relvar.types.text import Indexable as Indexable
from relvar.types.text import String as String
from relvar.types.text import Text as Text
from relvar.types.text import Unicode as Unicode
from relvar.types.text import UnicodeText as UnicodeText
from relvar.types.tuple import TableValueType as TableValueType
from relvar.types.tuple import TupleType as TupleType
from relvar.types.userdefined import ExternalType as ExternalType
from relvar.types.userdefined import UserDefinedType as UserDefinedType
from relvar.types.uuid import UUID as UUID
from relvar.types.uuid import Uuid as Uuid

__all__ = [
    "ARRAY",
    "BIGINT",
    "BINARY",
    "BLOB",
    "BOOLEAN",
    "BigInteger",
    "Boolean",
    "CHAR",
    "CLOB",
    "Concatenable",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "Date",
    "DateTime",
    "Double",
    "Enum",
    "ExternalType",
    "FLOAT",
    "Float",
    "INT",
    "INTEGER",
    "Indexable",
    "Integer",
    "Interval",
    "JSON",
    "LargeBinary",
    "MatchType",
    "NCHAR",
    "NULLTYPE",
    "NUMERIC",
    "NVARCHAR",
    "NullType",
    "Numeric",
    "NumericCommon",
    "OperatorClass",
    "PickleType",
    "REAL",
    "SMALLINT",
    "STRINGTYPE",
    "SchemaType",
    "SmallInteger",
    "String",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "Text",
    "Time",
    "TupleType",
    "TypeDecorator",
    "TypeEngine",
    "UUID",
    "Unicode",
    "UnicodeText",
    "UserDefinedType",
    "Uuid",
    "VARBINARY",
    "VARCHAR",
    "Variant",
    "adapt_type",
    "to_instance",
]
