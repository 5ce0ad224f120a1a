"""
The queries on the catalogs, and what the rows become.

There is no server: the catalogs are tables of SQLite here, with columns and rows as the vendor's reference
documents them (see `relvar.dialects.sybase.catalog`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import create_engine, event, exc, inspect
from relvar.dialects import sybase

ASE = {
    "sysusers": "uid name",
    "sysobjects": "id name uid type",
    "systypes": "usertype name",
    "syscolumns": "id colid name usertype length prec scale status cdefault computedcol",
    "syscomments": "id colid text",
    "sysindexes": "id indid name status status2",
    "sysconstraints": "constrid tableid",
    "sysreferences": "constrid tableid reftabid keycnt pmrydbname "
    + " ".join(f"fokey{n} refkey{n}" for n in range(1, 17)),
}
ASE_ROWS: dict[str, list[tuple[Any, ...]]] = {
    "sysusers": [(1, "dbo"), (2, "guest")],
    "sysobjects": [
        (10, "orders", 1, "U"),
        (11, "customers", 1, "U"),
        (12, "v", 1, "V"),
        (20, "fk_customer", 1, "RI"),
        (21, "ck_total", 1, "R"),
        (30, "theirs", 2, "U"),
    ],
    "systypes": list(enumerate(("int", "varchar", "numeric", "univarchar", "bit", "image", "datetime"), 1)),
    "syscolumns": [
        (10, 1, "id", 3, 6, 10, 0, 128, 0, None),
        (10, 2, "customer_id", 1, 4, None, None, 8, 0, None),
        (10, 3, "name", 2, 30, None, None, 0, 40, None),
        (10, 4, "wide", 4, 20, None, None, 8, 0, None),
        (10, 5, "sure", 5, 1, None, None, 0, 0, None),
        (10, 6, "bytes", 6, 16, None, None, 8, 0, None),
        (10, 7, "at", 7, 8, None, None, 8, 0, None),
        (10, 8, "twice", 1, 4, None, None, 8, 0, 41),
        (11, 1, "id", 1, 4, None, None, 0, 0, None),
        (11, 2, "code", 2, 5, None, None, 8, 0, None),
    ],
    "syscomments": [
        (40, 1, "DEFAULT  'x'"),
        (41, 1, "AS customer_id * 2"),
        (21, 1, "CONSTRAINT ck_total CHECK (customer_id > 0 "),
        (21, 2, "AND id > 0)"),
        (12, 1, "create view v as "),
        (12, 2, "select 1"),
    ],
    "sysindexes": [
        (10, 0, "orders", 0, 0),
        (10, 1, "pk_orders", 2 | 16 | 2048, 2),
        (10, 2, "ix_name", 0, 0),
        (11, 2, "uq_code", 2, 2),
        (11, 1, "pk_customers", 2 | 2048, 2),
    ],
    "sysconstraints": [(21, 10)],
    "sysreferences": [(20, 10, 11, 1, None, 2, 1, *[0] * 30)],
}
KEYS = {
    ("orders", 1): ["id"],
    ("orders", 2): ["name", "at"],
    ("customers", 1): ["id"],
    ("customers", 2): ["code"],
}

ANYWHERE = {
    "SYSUSER": "user_id user_name",
    "SYSTAB": "table_id table_name table_type creator object_id",
    "SYSDOMAIN": "domain_id domain_name",
    "SYSTABCOL": "table_id column_id column_name domain_id width scale nulls default column_type object_id",
    "SYSREMARK": "object_id remarks",
    "SYSIDX": "table_id index_id index_name index_category unique",
    "SYSIDXCOL": "table_id index_id sequence column_id order primary_column_id",
    "SYSFKEY": "foreign_table_id foreign_index_id primary_table_id primary_index_id",
    "SYSTRIGGER": "foreign_table_id foreign_key_id event referential_action",
    "SYSCONSTRAINT": "constraint_id table_object_id constraint_name",
    "SYSCHECK": "check_id check_defn",
    "SYSVIEW": "view_object_id view_def",
    "SYSSEQUENCE": "sequence_name owner",
}
ANYWHERE_ROWS: dict[str, list[tuple[Any, ...]]] = {
    "SYSUSER": [(1, "DBA"), (2, "other")],
    "SYSTAB": [
        (10, "orders", 1, 1, 100),
        (11, "customers", 1, 1, 101),
        (12, "v", 21, 1, 102),
        (13, "mv", 2, 1, 103),
        (14, "gt", 3, 1, 104),
    ],
    "SYSDOMAIN": list(
        enumerate(("integer", "varchar", "numeric", "long varchar", "timestamp with time zone"), 1)
    ),
    "SYSTABCOL": [
        (10, 1, "id", 1, 4, 0, "N", "autoincrement", "R", 200),
        (10, 2, "customer_id", 1, 4, 0, "Y", None, "R", 201),
        (10, 3, "name", 2, 30, 1, "N", "'x'", "R", 202),
        (10, 4, "total", 3, 10, 2, "Y", None, "R", 203),
        (10, 5, "note", 4, 2147483647, 0, "Y", None, "R", 204),
        (10, 6, "at", 5, 8, 0, "Y", None, "R", 205),
        (10, 7, "twice", 1, 4, 0, "Y", "customer_id*2", "C", 206),
        (11, 1, "id", 1, 4, 0, "N", None, "R", 210),
        (11, 2, "code", 2, 5, 1, "Y", None, "R", 211),
    ],
    "SYSREMARK": [(203, "in euros"), (100, "what was ordered")],
    "SYSIDX": [
        (10, 0, "orders", 1, 1),
        (10, 1, "fk_customer", 2, 4),
        (10, 2, "ix_name", 3, 4),
        (11, 0, "customers", 1, 1),
        (11, 1, "uq_code", 3, 2),
    ],
    "SYSIDXCOL": [
        (10, 0, 0, 1, "A", None),
        (10, 1, 0, 2, "A", 1),
        (10, 2, 0, 3, "A", None),
        (10, 2, 1, 6, "D", None),
        (11, 0, 0, 1, "A", None),
        (11, 1, 0, 2, "A", None),
    ],
    "SYSFKEY": [(10, 1, 11, 0)],
    "SYSTRIGGER": [(10, 1, "D", "C")],
    "SYSCONSTRAINT": [(300, 100, "ck_total")],
    "SYSCHECK": [(300, "check(total >= 0)")],
    "SYSVIEW": [(102, "create view v as select 1")],
    "SYSSEQUENCE": [("numbers", 1)],
}


def index_col(table: str, index: int, key: int, owner: int) -> Any:
    """As the server's function of that name."""
    columns = KEYS.get((table, index), [])
    return columns[key - 1] if key <= len(columns) else None


def inspector_of(
    tables: dict[str, str], rows: dict[str, list[tuple[Any, ...]]], dialect: Any, owner: str
) -> Iterator[Any]:
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.create_function("index_col", 4, index_col)
        connection.execute("ATTACH ':memory:' AS SYS")

    prefix = "" if "sysusers" in tables else "SYS."
    with engine.connect() as connection:
        for name, columns in tables.items():
            names = ", ".join(f'"{column}"' for column in columns.split())
            connection.exec_driver_sql(f"CREATE TABLE {prefix}{name} ({names})")
            marks = ", ".join("?" for _ in columns.split())
            for row in rows[name]:
                connection.exec_driver_sql(f"INSERT INTO {prefix}{name} VALUES ({marks})", row)
        dialect.default_schema_name = owner
        found = inspect(connection)
        found.dialect = dialect
        yield found
    engine.dispose()


@pytest.fixture
def ase() -> Iterator[Any]:
    yield from inspector_of(ASE, ASE_ROWS, sybase.dialect(), "dbo")


@pytest.fixture
def anywhere() -> Iterator[Any]:
    yield from inspector_of(ANYWHERE, ANYWHERE_ROWS, sybase.sqlany_dialect(), "DBA")


@pytest.mark.feature("E068")
def test_ase(ase: Any) -> None:
    assert ase.get_schema_names() == ["dbo", "guest"]
    assert ase.get_table_names() == ["customers", "orders"]
    assert ase.get_table_names(schema="guest") == ["theirs"]
    assert ase.get_view_names() == ["v"]
    assert ase.get_view_definition("v") == "create view v as select 1"
    columns = {column["name"]: column for column in ase.get_columns("orders")}
    assert {name: repr(column["type"]) for name, column in columns.items()} == {
        "id": "NUMERIC(precision=10, scale=0)",
        "customer_id": "INTEGER()",
        "name": "VARCHAR(length=30)",
        "wide": "UNIVARCHAR(length=10)",
        "sure": "BIT()",
        "bytes": "IMAGE()",
        "at": "DATETIME()",
        "twice": "INTEGER()",
    }
    assert (columns["id"]["autoincrement"], columns["id"]["nullable"]) == (True, False)
    assert (columns["name"]["default"], columns["wide"]["nullable"]) == ("'x'", True)
    assert columns["twice"]["computed"] == {"sqltext": "customer_id * 2"}
    assert ase.get_pk_constraint("orders") == {"name": "pk_orders", "constrained_columns": ["id"]}
    assert ase.get_indexes("orders") == [{"name": "ix_name", "column_names": ["name", "at"], "unique": False}]
    assert ase.get_indexes("customers")[0]["duplicates_constraint"] == "uq_code"
    assert ase.get_unique_constraints("customers") == [
        {"name": "uq_code", "column_names": ["code"], "duplicates_index": "uq_code"}
    ]
    assert ase.get_foreign_keys("orders") == [
        {
            "name": "fk_customer",
            "constrained_columns": ["customer_id"],
            "referred_schema": None,
            "referred_table": "customers",
            "referred_columns": ["id"],
            "options": {},
        }
    ]
    checks = ase.get_check_constraints("orders")
    assert checks == [{"name": "ck_total", "sqltext": "customer_id > 0 AND id > 0"}]


@pytest.mark.feature("E068")
def test_sql_anywhere(anywhere: Any) -> None:
    assert anywhere.get_schema_names() == ["DBA", "other"]
    assert anywhere.get_table_names() == ["customers", "orders"]
    assert anywhere.get_view_names() == ["v"]
    assert anywhere.get_materialized_view_names() == ["mv"]
    assert anywhere.get_temp_table_names() == ["gt"]
    assert anywhere.get_sequence_names() == ["numbers"]
    assert anywhere.has_sequence("numbers")
    assert anywhere.get_view_definition("v") == "create view v as select 1"
    columns = {column["name"]: column for column in anywhere.get_columns("orders")}
    assert {name: repr(column["type"]) for name, column in columns.items()} == {
        "id": "INTEGER()",
        "customer_id": "INTEGER()",
        "name": "VARCHAR(length=30)",
        "total": "NUMERIC(precision=10, scale=2)",
        "note": "LONG_VARCHAR()",
        "at": "TIMESTAMP(timezone=True)",
        "twice": "INTEGER()",
    }
    assert (columns["id"]["autoincrement"], columns["id"]["default"]) == (True, None)
    assert (columns["name"]["default"], columns["total"]["comment"]) == ("'x'", "in euros")
    assert columns["twice"]["computed"] == {"sqltext": "customer_id*2", "persisted": True}
    assert anywhere.get_pk_constraint("orders") == {"name": "orders", "constrained_columns": ["id"]}
    assert anywhere.get_indexes("orders") == [
        {
            "name": "ix_name",
            "column_names": ["name", "at"],
            "unique": False,
            "column_sorting": {"at": ("desc",)},
        }
    ]
    assert anywhere.get_unique_constraints("customers")[0]["column_names"] == ["code"]
    assert anywhere.get_foreign_keys("orders", schema="DBA") == [
        {
            "name": "fk_customer",
            "constrained_columns": ["customer_id"],
            "referred_schema": "DBA",
            "referred_table": "customers",
            "referred_columns": ["id"],
            "options": {"ondelete": "CASCADE"},
        }
    ]
    assert anywhere.get_check_constraints("orders") == [{"name": "ck_total", "sqltext": "total >= 0"}]
    assert anywhere.get_table_comment("orders") == {"text": "what was ordered"}


def test_tables_that_are_not_there(ase: Any, anywhere: Any) -> None:
    for inspector in (ase, anywhere):
        assert not inspector.has_table("nope")
        for ask in (
            inspector.get_columns,
            inspector.get_pk_constraint,
            inspector.get_foreign_keys,
            inspector.get_check_constraints,
            inspector.get_view_definition,
        ):
            with pytest.raises(exc.NoSuchTableError):
                ask("nope")
