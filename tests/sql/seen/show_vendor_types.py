"""The types of one database each: how they show, and how their database spells them."""

from __future__ import annotations

import enum
import pickle
from collections.abc import Callable
from typing import Any

from relvar.dialects import mssql, mysql, postgresql, sqlite


class Colour(enum.Enum):
    """Members in another order than their names."""

    red = 1
    green = 2
    blue = 3
    rot = 1  # noqa: PIE796  # an alias, on purpose


MADE: dict[str, list[str]] = {
    "postgresql": [
        "ARRAY(Integer)",
        "ARRAY(String, dimensions=2)",
        "ARRAY(ENUM('a','b',name='e'), as_tuple=True, zero_indexes=True)",
        "BIT()",
        "BIT(5)",
        "BIT(5, varying=True)",
        "BIT(varying=True)",
        "BYTEA()",
        "BYTEA(5)",
        "CIDR()",
        "CITEXT()",
        "CITEXT(5)",
        "DATE()",
        "DOMAIN('d', Integer)",
        (
            "DOMAIN('d', String(5), collation='C', default='x', constraint_name='ck', not_null=True, "
            "check='VALUE > 1', schema='s')"
        ),
        "DOMAIN('d', Integer, check=text('VALUE>1'), create_type=False)",
        "DOMAIN('d', Integer, default=5)",
        "ENUM('a','b')",
        "ENUM('a','b',name='e')",
        "ENUM('a','b',name='e',schema='s',create_type=False)",
        "ENUM(Colour)",
        "ENUM(Colour, name='x', values_callable=lambda c: ['1','2','3'])",
        "ENUM('a', name='e', validate_strings=True)",
        "ENUM(name='e')",
        "ENUM('a', name='e', native_enum=False)",
        "ENUM('a', name='e', metadata=MetaData())",
        "HSTORE()",
        "HSTORE(text_type=Text(5))",
        "INET()",
        "INTERVAL()",
        "INTERVAL(precision=3)",
        "INTERVAL(fields='DAY TO SECOND')",
        "INTERVAL(3, 'DAY TO SECOND')",
        "JSON()",
        "JSON(none_as_null=True)",
        "JSON(astext_type=Text(5))",
        "JSONB()",
        "JSONB(none_as_null=True, astext_type=String())",
        "JSONPATH()",
        "MACADDR()",
        "MACADDR8()",
        "MONEY()",
        "OID()",
        "REGCLASS()",
        "REGCONFIG()",
        "TIME()",
        "TIME(timezone=True)",
        "TIME(True, 3)",
        "TIMESTAMP()",
        "TIMESTAMP(timezone=True)",
        "TIMESTAMP(precision=0)",
        "TIMESTAMP(True, 3)",
        "TSQUERY()",
        "TSVECTOR()",
        "UUID()",
        "UUID(as_uuid=False)",
        "INT4RANGE()",
        "INT8RANGE()",
        "NUMRANGE()",
        "DATERANGE()",
        "TSRANGE()",
        "TSTZRANGE()",
        "INT4MULTIRANGE()",
        "INT8MULTIRANGE()",
        "NUMMULTIRANGE()",
        "DATEMULTIRANGE()",
        "TSMULTIRANGE()",
        "TSTZMULTIRANGE()",
        "DOUBLE_PRECISION()",
        "REAL()",
        "BIGINT()",
        "CHAR(3)",
        "FLOAT(5)",
        "NUMERIC(5,2)",
        "ARRAY(ARRAY(Integer))",
        "ARRAY(INT4RANGE)",
        "ARRAY(JSONB)",
    ],
    "mysql": [
        "BIGINT()",
        "BIGINT(unsigned=True)",
        "BIGINT(5, zerofill=True)",
        "BINARY(5)",
        "BIT()",
        "BIT(5)",
        "BLOB()",
        "BLOB(5)",
        "BOOLEAN()",
        "CHAR(5)",
        "CHAR(5, charset='utf8', collation='utf8_bin')",
        "CHAR(national=True, length=4)",
        "DATE()",
        "DATETIME()",
        "DATETIME(fsp=3)",
        "DATETIME(True, 3)",
        "DECIMAL()",
        "DECIMAL(5,2)",
        "DECIMAL(5,2,unsigned=True)",
        "DECIMAL(5, asdecimal=False)",
        "DOUBLE()",
        "DOUBLE(5,2)",
        "DOUBLE(asdecimal=False)",
        "DOUBLE(5)",
        "DOUBLE(5,2,zerofill=True)",
        "ENUM('a','b')",
        "ENUM('a','b', charset='utf8', collation='utf8_bin')",
        "ENUM(Colour)",
        "ENUM(\"it's\", 'b\\\\s', 'p%')",
        "ENUM('a', strict=True)",
        "FLOAT()",
        "FLOAT(5)",
        "FLOAT(5,2)",
        "FLOAT(5,2,unsigned=True)",
        "INET4()",
        "INET6()",
        "INTEGER()",
        "INTEGER(5)",
        "INTEGER(unsigned=True)",
        "INTEGER(5, unsigned=True, zerofill=True)",
        "JSON()",
        "LONGBLOB()",
        "LONGTEXT()",
        "LONGTEXT(charset='utf8')",
        "LONGTEXT(collation='utf8_bin')",
        "MEDIUMBLOB()",
        "MEDIUMINT()",
        "MEDIUMINT(5, unsigned=True)",
        "MEDIUMTEXT()",
        "MEDIUMTEXT(ascii=True)",
        "NCHAR(5)",
        "NUMERIC()",
        "NUMERIC(5,2)",
        "NUMERIC(5,2, unsigned=True)",
        "NVARCHAR(5)",
        "REAL()",
        "REAL(5,2)",
        "SET('a','b')",
        "SET('a','b', retrieve_as_bitwise=True)",
        "SET('a','', retrieve_as_bitwise=True)",
        "SET(\"it's\", 'b\\\\s')",
        "SET('a', charset='utf8', collation='utf8_bin')",
        "SMALLINT()",
        "SMALLINT(5, unsigned=True)",
        "TEXT()",
        "TEXT(5)",
        "TEXT(5, charset='utf8', unicode=True)",
        "TEXT(binary=True)",
        "TIME()",
        "TIME(fsp=3)",
        "TIMESTAMP()",
        "TIMESTAMP(fsp=3)",
        "TINYBLOB()",
        "TINYINT()",
        "TINYINT(1)",
        "TINYINT(1, unsigned=True)",
        "TINYTEXT()",
        "TINYTEXT(collation='utf8_bin')",
        "VARBINARY(5)",
        "VARCHAR(5)",
        "VARCHAR(5, charset='utf8', collation='utf8_bin', binary=True)",
        "VARCHAR(5, national=True)",
        "VARCHAR()",
        "YEAR()",
        "YEAR(4)",
    ],
    "sqlite": [
        "DATE()",
        "DATETIME()",
        "TIME()",
        "JSON()",
        "JSONB()",
        "DATE(storage_format='%(year)04d/%(month)02d/%(day)02d', regexp=r'(\\d+)/(\\d+)/(\\d+)')",
        "DATETIME(truncate_microseconds=True)",
        "TIME(truncate_microseconds=True)",
        (
            "DATETIME(storage_format='%(year)04d%(month)02d%(day)02d%(hour)02d%(minute)02d%(second)02d', "
            "regexp='(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(\\d{2})')"
        ),
        "TIME(storage_format='%(hour)02d')",
        "DATE(timezone=True)",
        "DATETIME(timezone=True)",
    ],
    "mssql": [
        "BIT()",
        "DATETIME2()",
        "DATETIME2(3)",
        "DATETIMEOFFSET()",
        "DATETIMEOFFSET(3)",
        "IMAGE()",
        "MONEY()",
        "NTEXT()",
        "REAL()",
        "ROWVERSION()",
        "SMALLDATETIME()",
        "SMALLMONEY()",
        "SQL_VARIANT()",
        "TIME()",
        "TIME(3)",
        "TIMESTAMP()",
        "TIMESTAMP(convert_int=True)",
        "TINYINT()",
        "UNIQUEIDENTIFIER()",
        "UNIQUEIDENTIFIER(as_uuid=False)",
        "VARBINARY()",
        "VARBINARY('max')",
        "VARBINARY('max', filestream=True)",
        "VARCHAR('max')",
        "NVARCHAR('max')",
        "XML()",
        "DOUBLE_PRECISION()",
        "DOUBLE_PRECISION(53)",
        "JSON()",
    ],
}

PLACES: dict[str, Any] = {"postgresql": postgresql, "mysql": mysql, "sqlite": sqlite, "mssql": mssql}


def told(make: Callable[[], Any]) -> str:
    """Return what comes out, or the error."""
    try:
        value = make()
        return value if isinstance(value, str) else repr(value)
    except Exception as error:  # the error is what is seen
        return f"{type(error).__name__}: {error}"


def facts(place: str, source: str) -> Callable[[], Any]:
    """Return a case that makes the type *source* of a database and looks at it."""

    def show() -> Any:
        module = PLACES[place]
        names = {**globals(), **{name: getattr(module, name) for name in dir(module)}}
        type_ = eval(source, names)  # a constructor of the list above
        found = (
            "repr " + told(lambda: type_),
            "renamed " + told(lambda: str(type_.repr_struct().set_class_name("Other"))),
            "ddl " + told(lambda: type_.compile(dialect=module.dialect())),
            "pickle " + told(lambda: pickle.loads(pickle.dumps(type_))),
            "hashable " + told(lambda: type_.hashable),
            "none " + told(lambda: type_.should_evaluate_none),
        )
        if not source.startswith(("DOMAIN", "ENUM(", "SET")):
            found += (
                "copy " + told(lambda: type_.copy()),
                "python " + told(lambda: type_.python_type.__name__),
            )
        if not source.startswith("DATETIMEOFFSET"):
            found += ("generic " + told(lambda: type_.as_generic()),)
        return found

    return show


CASES: dict[str, Any] = {
    f"{place}.{source}": facts(place, source) for place, sources in MADE.items() for source in sources
}
