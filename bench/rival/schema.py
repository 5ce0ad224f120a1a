"""
The tables, types and rows that all programs use, and the names they may say.

The tables are made with the library under test; their rows are put into SQLite by
the driver, so that both libraries begin with the same database.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import importlib
import operator
import sqlite3
import uuid
from typing import Any

NAMES = """
ARRAY BigInteger Boolean Column Computed Date DateTime Double Enum Float ForeignKey ForeignKeyConstraint
Identity Integer Interval JSON LargeBinary MetaData Numeric PickleType Sequence SmallInteger String Table
Text Time Unicode Uuid BIGINT BINARY BLOB BOOLEAN CHAR CLOB DATE DATETIME DECIMAL FLOAT INTEGER NCHAR
NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP UUID VARBINARY VARCHAR DOUBLE DOUBLE_PRECISION
LABEL_STYLE_DEFAULT LABEL_STYLE_DISAMBIGUATE_ONLY LABEL_STYLE_NONE LABEL_STYLE_TABLENAME_PLUS_COL
FrameClause FrameClauseType TypeDecorator aggregate_order_by alias all_ and_ any_ asc between bindparam
bitwise_not case cast collate column cte delete desc distinct except_ except_all exists extract false
from_dml_column func funcfilter insert intersect intersect_all join label lateral literal literal_column
not_ null nulls_first nulls_last or_ outerjoin over quoted_name select table tablesample text true
try_cast tuple_ type_coerce union union_all update values within_group
""".split()


class Mood(enum.Enum):
    """A Python enumeration as a column type."""

    calm = "c"
    wild = "w"


def upper(value: Any) -> Any:
    """Stand in for a default of a column that is a Python function."""
    return "MADE"


def namespace(lib: str) -> dict[str, Any]:
    """Return what a program can name, taken from the library *lib* (``relvar`` or ``sqlalchemy``)."""
    sa = importlib.import_module(lib)
    names: dict[str, Any] = {name: getattr(sa, name) for name in NAMES}
    for dialect in ("sqlite", "postgresql", "mysql", "mssql"):
        names[dialect] = importlib.import_module(f"{lib}.dialects.{dialect}")
    names |= {
        "datetime": datetime,
        "decimal": decimal,
        "uuid": uuid,
        "Mood": Mood,
        "operator": operator,
    }
    names["UserDefinedType"] = importlib.import_module(f"{lib}.types").UserDefinedType
    names |= _own_types(names)
    names |= _tables(names)
    names |= {"counter": names["Sequence"]("sq"), "far_counter": names["Sequence"]("sq", schema="other")}
    return names


def _own_types(n: dict[str, Any]) -> dict[str, Any]:
    class Shout(n["TypeDecorator"]):  # type: ignore[misc,name-defined,valid-type]  # the base is the library's
        """Keep text in capitals."""

        impl = n["String"](30)
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else str(value).upper()

        def process_literal_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else str(value).upper()

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else f"{value}!"

    class Wrapped(n["UserDefinedType"]):  # type: ignore[misc,name-defined,valid-type]  # the base is the library's
        """Wrap values and columns in SQL functions."""

        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return "WRAPPED"

        def bind_expression(self, bindvalue: Any) -> Any:
            return n["func"].lower(bindvalue, type_=self)

        def column_expression(self, column: Any) -> Any:
            return n["func"].upper(column, type_=self)

    return {"Shout": Shout, "Wrapped": Wrapped}


def _tables(n: dict[str, Any]) -> dict[str, Any]:
    column, table, key = n["Column"], n["Table"], n["ForeignKey"]
    integer, string = n["Integer"], n["String"]
    metadata = n["MetaData"]()
    users = table(
        "users",
        metadata,
        column("id", integer, primary_key=True),
        column("name", string(30), nullable=False),
        column("age", integer),
        column("active", n["Boolean"]),
        column("score", n["Float"]),
        column("balance", n["Numeric"](10, 2)),
        column("born", n["Date"]),
        column("made", n["DateTime"]),
        column("data", n["JSON"]),
        column("mood", n["Enum"](Mood)),
    )
    orders = table(
        "orders",
        metadata,
        column("id", integer, primary_key=True),
        column("user_id", key("users.id")),
        column("total", n["Numeric"](8, 2), default=decimal.Decimal("1.50")),
        column("placed", n["DateTime"], server_default=n["text"]("'2020-01-01 00:00:00'")),
        column("note", string(40), default=upper, onupdate="changed"),
    )
    lines = table(
        "lines",
        metadata,
        column("order_id", integer, key("orders.id"), primary_key=True),
        column("no", integer, primary_key=True),
        column("sku", string(10)),
        column("qty", integer, default=1, onupdate=n["text"]("1 + 1")),
    )
    tree = table(
        "tree",
        metadata,
        column("id", integer, primary_key=True),
        column("parent_id", key("tree.id")),
        column("label", string(20)),
    )
    odd = table(
        "odd table",
        metadata,
        column("id", integer, primary_key=True),
        column("select", integer, key="sel"),
        column("a%b", string(20), key="pct"),
        column("Mixed Case", string(20), key="mixed"),
        column("col(1)", integer, key="paren"),
        column("co:lon", string(20), key="colon"),
    )
    item = table(
        "item",
        metadata,
        column("id", integer, primary_key=True),
        column("user_id", key("users.id")),
        column("name", string(20)),
        schema="other",
    )
    custom = table(
        "custom",
        metadata,
        column("id", integer, primary_key=True),
        column("loud", n["Shout"]),
        column("wrapped", n["Wrapped"]),
        column("raw", n["LargeBinary"]),
        column("uid", n["Uuid"]),
        column("at", n["Time"]),
        column("span", n["Interval"]),
    )
    wide = table(
        "wide",
        metadata,
        column("id", integer, n["Identity"](), primary_key=True),
        column("numbers", n["ARRAY"](integer)),
        column("words", n["postgresql"].ARRAY(string)),
        column("doc", n["postgresql"].JSONB),
        column("twice", integer, n["Computed"]("id * 2")),
    )
    light = n["table"]("light", n["column"]("id", integer), n["column"]("x"), n["column"]("name", string))
    return {
        "users": users,
        "orders": orders,
        "lines": lines,
        "tree": tree,
        "odd": odd,
        "item": item,
        "custom": custom,
        "wide": wide,
        "light": light,
    }


# What a program may read of each table: attribute and sort.
COLUMNS: dict[str, list[tuple[str, str]]] = {
    "users": [
        ("id", "int"),
        ("name", "str"),
        ("age", "int"),
        ("active", "bool"),
        ("score", "float"),
        ("balance", "num"),
        ("born", "date"),
        ("made", "dt"),
        ("data", "json"),
        ("mood", "enum"),
    ],
    "orders": [("id", "int"), ("user_id", "int"), ("total", "num"), ("placed", "dt"), ("note", "str")],
    "lines": [("order_id", "int"), ("no", "int"), ("sku", "str"), ("qty", "int")],
    "tree": [("id", "int"), ("parent_id", "int"), ("label", "str")],
    "odd": [
        ("id", "int"),
        ("sel", "int"),
        ("pct", "str"),
        ("mixed", "str"),
        ("paren", "int"),
        ("colon", "str"),
    ],
    "item": [("id", "int"), ("user_id", "int"), ("name", "str")],
    "custom": [
        ("id", "int"),
        ("loud", "deco"),
        ("wrapped", "wrap"),
        ("raw", "bin"),
        ("uid", "uuid"),
        ("at", "time"),
        ("span", "span"),
    ],
    "wide": [("id", "int"), ("numbers", "arr"), ("words", "arr"), ("doc", "json"), ("twice", "int")],
    "light": [("id", "int"), ("x", "int"), ("name", "str")],
}

PRIMARY = {
    "users": ["id"],
    "orders": ["id"],
    "lines": ["order_id", "no"],
    "tree": ["id"],
    "odd": ["id"],
    "item": ["id"],
    "custom": ["id"],
    "wide": ["id"],
    "light": ["id"],
}

SCHEMA = """
attach ':memory:' as other;
create table users (id integer primary key, name varchar(30) not null, age integer, active boolean,
    score float, balance numeric(10,2), born date, made datetime, data json, mood varchar(4));
create table orders (id integer primary key, user_id integer references users (id), total numeric(8,2),
    placed datetime default '2020-01-01 00:00:00', note varchar(40));
create table lines (order_id integer, no integer, sku varchar(10), qty integer, primary key (order_id, no));
create table tree (id integer primary key, parent_id integer references tree (id), label varchar(20));
create table "odd table" (id integer primary key, "select" integer, "a%b" varchar(20),
    "Mixed Case" varchar(20),
    "col(1)" integer, "co:lon" varchar(20));
create table other.item (id integer primary key, user_id integer, name varchar(20));
create table custom (id integer primary key, loud varchar(30), wrapped varchar(30), raw blob, uid char(32),
    at time, span datetime);
create table light (id integer, x integer, name varchar(20));
insert into users values
    (1, 'ed', 30, 1, 1.5, 10.25, '1990-01-02', '2020-02-03 04:05:06.000000', '{"a": 1, "b": [1, 2]}', 'calm'),
    (2, 'wendy', 20, 0, -2.0, 0, '2000-12-31', '2021-01-01 00:00:00.000000', '[1, 2]', 'wild'),
    (3, 'Fred', null, null, 0.0, 99.99, null, null, 'null', null),
    (4, 'x%_y', 41, 1, null, null, '1980-06-15', '2020-02-03 04:05:06.000000', null, 'calm');
insert into orders values
    (1, 1, 5.00, '2020-01-01 00:00:00.000000', 'first'), (2, 1, 7.50, '2020-06-01 12:00:00.000000', null),
    (3, 2, 1.25, null, 'it''s'), (4, null, null, '2021-01-01 00:00:00.000000', 'x%_y');
insert into lines values (1, 1, 'a', 2), (1, 2, 'b', null), (2, 1, 'a', 5), (3, 1, null, 1);
insert into tree values (1, null, 'root'), (2, 1, 'left'), (3, 1, 'right'), (4, 2, 'leaf');
insert into "odd table" values (1, 10, 'p', 'M', 1, ':c'), (2, null, 'x%_y', 'm', 0, null);
insert into other.item values (1, 1, 'pen'), (2, 2, 'cup'), (3, null, null);
insert into custom values
    (1, 'LOUD', 'wrap', x'0001ff', '00000000000000000000000000000001', '01:02:03.000000',
    '1970-01-02 00:00:00.000000'),
    (2, null, null, null, null, null, null);
insert into light values (1, 2, 'l'), (2, null, null);
"""


def fill(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty SQLite database and put their rows in."""
    connection.executescript(SCHEMA)
