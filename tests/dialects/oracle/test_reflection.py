"""
The queries on the data dictionary, and what the rows become.

There is no server: the dictionary's views are tables of SQLite here, with columns and rows as Oracle's
reference documents them.  So these tests say that the queries are right in themselves and few, and what is
made of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import MetaData, Table, create_engine, event, exc, inspect, text
from relvar.dialects import oracle

COLUMNS = {
    "all_users": "username",
    "all_objects": "owner object_name object_type",
    "all_tables": (
        "owner table_name tablespace_name iot_name nested dropped duration compression compress_for"
    ),
    "all_views": "owner view_name text",
    "all_mviews": "owner mview_name query",
    "all_sequences": "sequence_owner sequence_name",
    "all_synonyms": "owner synonym_name table_owner table_name db_link",
    "all_tab_cols": (
        "owner table_name column_name data_type char_length data_length data_precision data_scale nullable "
        "data_default virtual_column hidden_column default_on_null column_id"
    ),
    "all_tab_identity_cols": "owner table_name column_name generation_type identity_options",
    "all_col_comments": "owner table_name column_name comments",
    "all_tab_comments": "owner table_name table_type comments",
    "all_mview_comments": "owner mview_name comments",
    "all_constraints": (
        "owner table_name constraint_name constraint_type r_owner r_constraint_name search_condition "
        "delete_rule deferrable deferred index_name"
    ),
    "all_cons_columns": "owner constraint_name table_name column_name position",
    "all_indexes": (
        "owner index_name table_owner table_name uniqueness index_type compression prefix_length"
    ),
    "all_ind_columns": "index_owner index_name table_name column_name column_position descend",
    "all_ind_expressions": "index_owner index_name table_name column_expression column_position",
}
IDENTITY = (
    "START WITH: 5, INCREMENT BY: 2, MAX_VALUE: 9999999999999999999999999999, MIN_VALUE: 1, CYCLE_FLAG: N, "
    "CACHE_SIZE: 20, ORDER_FLAG: Y, SCALE_FLAG: N"
)


def quoted(name: str) -> str:
    return f'"{name}"'


def table_rows(name: str, owner: str = "SCOTT", **more: Any) -> list[tuple[str, dict[str, Any]]]:
    lasting = {"nested": "NO", "dropped": "NO", "compression": "DISABLED", "tablespace_name": "USERS"}
    return [
        ("all_tables", {"owner": owner, "table_name": name, **lasting, **more}),
        ("all_objects", {"owner": owner, "object_name": name, "object_type": "TABLE"}),
    ]


def column_row(table: str, number: int, name: str, type_: str, **more: Any) -> tuple[str, dict[str, Any]]:
    plain = {"nullable": "Y", "virtual_column": "NO", "hidden_column": "NO", "default_on_null": "NO"}
    place = {"owner": "SCOTT", "table_name": table, "column_name": name, "column_id": number}
    return "all_tab_cols", {**plain, **place, "data_type": type_, **more}


def constraint_rows(
    table: str, name: str, kind: str, columns: list[str], **more: Any
) -> list[tuple[str, dict[str, Any]]]:
    place = {"owner": "SCOTT", "table_name": table, "constraint_name": name}
    return [
        ("all_constraints", {**place, "constraint_type": kind, "deferrable": "NOT DEFERRABLE", **more}),
        *(
            ("all_cons_columns", {**place, "column_name": column, "position": number})
            for number, column in enumerate(columns, 1)
        ),
    ]


def index_rows(table: str, name: str, columns: list[Any], **more: Any) -> list[tuple[str, dict[str, Any]]]:
    place = {"index_owner": "SCOTT", "index_name": name, "table_name": table}
    rows: list[tuple[str, dict[str, Any]]] = [
        (
            "all_indexes",
            {
                "owner": "SCOTT",
                "index_name": name,
                "table_owner": "SCOTT",
                "table_name": table,
                "uniqueness": "NONUNIQUE",
                "index_type": "NORMAL",
                "compression": "DISABLED",
                **more,
            },
        )
    ]
    for number, (column, descend, expression) in enumerate(columns, 1):
        rows.append(
            (
                "all_ind_columns",
                {**place, "column_name": column, "column_position": number, "descend": descend},
            )
        )
        if expression:
            rows.append(
                (
                    "all_ind_expressions",
                    {**place, "column_expression": expression, "column_position": number},
                )
            )
    return rows


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("all_users", {"username": "SCOTT"}),
    ("all_users", {"username": "other"}),
    *table_rows("ORDERS", compression="ENABLED", compress_for="BASIC"),
    *table_rows("Mixed"),
    *table_rows("CUSTOMERS"),
    *table_rows("HIDDEN_AWAY", tablespace_name="SYSAUX"),
    *table_rows("NOTES_OF_SESSION", duration="SYS$SESSION", tablespace_name=None),
    *table_rows("MV"),
    ("all_mviews", {"owner": "SCOTT", "mview_name": "MV", "query": "SELECT 1 FROM dual"}),
    (
        "all_mview_comments",
        {"owner": "SCOTT", "mview_name": "MV", "comments": "snapshot table for snapshot X"},
    ),
    ("all_views", {"owner": "SCOTT", "view_name": "V", "text": "SELECT 2 FROM dual"}),
    ("all_objects", {"owner": "SCOTT", "object_name": "V", "object_type": "VIEW"}),
    ("all_sequences", {"sequence_owner": "SCOTT", "sequence_name": "NUMBERS"}),
    ("all_sequences", {"sequence_owner": "SCOTT", "sequence_name": "ISEQ$$_71"}),
    (
        "all_synonyms",
        {"owner": "SCOTT", "synonym_name": "BILLS", "table_owner": "SCOTT", "table_name": "ORDERS"},
    ),
    column_row("ORDERS", 1, "ID", "NUMBER", data_scale=0, nullable="N", default_on_null="YES"),
    (
        "all_tab_identity_cols",
        {
            "owner": "SCOTT",
            "table_name": "ORDERS",
            "column_name": "ID",
            "generation_type": "ALWAYS",
            "identity_options": IDENTITY,
        },
    ),
    column_row("ORDERS", 2, "CUSTOMER_ID", "NUMBER", data_precision=10, data_scale=0),
    column_row("ORDERS", 3, "TOTAL", "NUMBER", data_precision=10, data_scale=2, data_default="0 "),
    column_row("ORDERS", 4, "ANY_NUMBER", "NUMBER"),
    column_row("ORDERS", 5, "RATE", "FLOAT", data_precision=126),
    column_row("ORDERS", 6, "SMALL_RATE", "FLOAT", data_precision=63),
    column_row("ORDERS", 7, "OTHER_RATE", "FLOAT", data_precision=20),
    column_row("ORDERS", 8, "NAME", "VARCHAR2", char_length=30, data_length=120),
    column_row("ORDERS", 9, "NNAME", "NVARCHAR2", char_length=20, data_length=40),
    column_row("ORDERS", 10, "KIND", "CHAR", char_length=3, data_length=3),
    column_row("ORDERS", 11, "HASH", "RAW", data_length=16),
    column_row("ORDERS", 12, "MADE", "DATE"),
    column_row("ORDERS", 13, "AT", "TIMESTAMP(6)"),
    column_row("ORDERS", 14, "AT_ZONE", "TIMESTAMP(6) WITH TIME ZONE"),
    column_row("ORDERS", 15, "AT_LOCAL", "TIMESTAMP(6) WITH LOCAL TIME ZONE"),
    column_row("ORDERS", 16, "TOOK", "INTERVAL DAY(3) TO SECOND(6)", data_precision=3, data_scale=6),
    column_row("ORDERS", 17, "DOUBLED", "NUMBER", virtual_column="YES", data_default='"TOTAL"*2'),
    column_row("ORDERS", 18, "quiet", "CLOB"),
    column_row("ORDERS", 19, "SYS_NC1", "NUMBER", hidden_column="YES"),
    column_row("ORDERS", 20, "FLAG", "BOOLEAN"),
    column_row("ORDERS", 21, "EMBEDDING", "VECTOR"),
    (
        "all_col_comments",
        {"owner": "SCOTT", "table_name": "ORDERS", "column_name": "TOTAL", "comments": "in euros"},
    ),
    (
        "all_tab_comments",
        {"owner": "SCOTT", "table_name": "ORDERS", "table_type": "TABLE", "comments": "what was ordered"},
    ),
    column_row("CUSTOMERS", 1, "ID", "NUMBER", data_precision=10, data_scale=0, nullable="N"),
    column_row("CUSTOMERS", 2, "CODE", "VARCHAR2", char_length=5),
    column_row("Mixed", 1, "X", "NUMBER"),
    *constraint_rows("ORDERS", "PK_ORDERS", "P", ["ID"], index_name="PK_ORDERS"),
    *constraint_rows(
        "ORDERS",
        "FK_CUSTOMER",
        "R",
        ["CUSTOMER_ID"],
        r_owner="SCOTT",
        r_constraint_name="PK_CUSTOMERS",
        delete_rule="CASCADE",
        deferrable="DEFERRABLE",
        deferred="DEFERRED",
    ),
    *constraint_rows("ORDERS", "SYS_C001", "C", ["ID"], search_condition='"ID" IS NOT NULL'),
    *constraint_rows("ORDERS", "CK_TOTAL", "C", ["TOTAL"], search_condition="total >= 0"),
    *constraint_rows("CUSTOMERS", "PK_CUSTOMERS", "P", ["ID"], index_name="PK_CUSTOMERS"),
    *constraint_rows("CUSTOMERS", "UQ_CODE", "U", ["CODE"], index_name="UQ_CODE"),
    *index_rows("ORDERS", "PK_ORDERS", [("ID", "ASC", None)], uniqueness="UNIQUE"),
    *index_rows(
        "ORDERS",
        "IX_MANY",
        [("NAME", "ASC", None), ("SYS_NC1", "DESC", '"TOTAL"')],
        compression="ENABLED",
        prefix_length=1,
    ),
    *index_rows("ORDERS", "IX_BITMAP", [("KIND", "ASC", None)], index_type="BITMAP"),
    *index_rows("ORDERS", "IX_LOWER", [("SYS_NC2", "ASC", 'LOWER("NAME")'), ("KIND", "ASC", None)]),
    *index_rows("CUSTOMERS", "UQ_CODE", [("CODE", "ASC", None)], uniqueness="UNIQUE"),
]


@pytest.fixture(scope="module")
def dictionary() -> Iterator[Any]:
    """An engine on the dictionary, with Oracle's reflection."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for view, columns in COLUMNS.items():
            connection.execute(text(f"CREATE TABLE {view} ({', '.join(map(quoted, columns.split()))})"))
        for view, row in ROWS:
            names = ", ".join(map(quoted, row))
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {view} ({names}) VALUES ({values})"), row)
    dialect = oracle.dialect()
    dialect.default_schema_name = "scott"
    with engine.connect() as connection:
        yield connection, dialect
    engine.dispose()


@pytest.fixture
def inspector(dictionary: Any) -> Any:
    connection, dialect = dictionary
    found = inspect(connection)
    found.dialect = dialect
    return found


@pytest.fixture
def queries(dictionary: Any) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(dictionary[0], "before_cursor_execute", note)
    yield sent
    event.remove(dictionary[0], "before_cursor_execute", note)


def test_names(inspector: Any) -> None:
    assert inspector.get_schema_names() == ["scott", "other"]
    assert inspector.get_table_names() == ["customers", "Mixed", "orders"]
    assert inspector.get_table_names(schema="nobody") == []
    assert inspector.get_temp_table_names() == ["notes_of_session"]
    assert inspector.get_view_names() == ["v"]
    assert inspector.get_materialized_view_names() == ["mv"]
    assert inspector.get_sequence_names() == ["numbers"]
    assert inspector.get_view_definition("v") == "SELECT 2 FROM dual"
    assert inspector.get_view_definition("mv") == "SELECT 1 FROM dual"
    assert [inspector.has_table(name) for name in ("orders", "v", "Mixed", "mixed", "nope")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [inspector.has_sequence(name) for name in ("numbers", "nope")] == [True, False]
    for ask in (inspector.get_view_definition, inspector.get_columns, inspector.get_indexes):
        with pytest.raises(exc.NoSuchTableError):
            ask("nope")


def test_columns(inspector: Any) -> None:
    columns = {column["name"]: column for column in inspector.get_columns("orders")}
    assert {name: repr(column["type"]) for name, column in columns.items()} == {
        "id": "INTEGER()",
        "customer_id": "NUMBER(precision=10, scale=0, asdecimal=False)",
        "total": "NUMBER(precision=10, scale=2, asdecimal=True)",
        "any_number": "NUMBER(asdecimal=False)",
        "rate": "DOUBLE_PRECISION()",
        "small_rate": "REAL()",
        "other_rate": "FLOAT(binary_precision=20)",
        "name": "VARCHAR(length=30)",
        "nname": "NVARCHAR(length=20)",
        "kind": "CHAR(length=3)",
        "hash": "RAW(length=16)",
        "made": "DATE()",
        "at": "TIMESTAMP()",
        "at_zone": "TIMESTAMP(timezone=True)",
        "at_local": "TIMESTAMP(local_timezone=True)",
        "took": "INTERVAL(day_precision=3, second_precision=6)",
        "doubled": "NUMBER(asdecimal=False)",
        "quiet": "CLOB()",
        "flag": "BOOLEAN()",
        "embedding": "VECTOR()",
    }
    assert columns["id"]["nullable"] is False
    assert columns["id"]["identity"] == {
        "always": True,
        "oracle_on_null": True,
        "start": 5,
        "increment": 2,
        "maxvalue": 9999999999999999999999999999,
        "minvalue": 1,
        "cache": 20,
        "cycle": False,
        "oracle_order": True,
    }
    assert (columns["total"]["default"], columns["total"]["comment"]) == ("0", "in euros")
    assert columns["doubled"]["computed"] == {"sqltext": '"TOTAL"*2'}
    assert columns["doubled"]["default"] is None
    assert columns["quiet"]["quote"] is True


def test_constraints(inspector: Any) -> None:
    assert inspector.get_pk_constraint("orders") == {"name": "pk_orders", "constrained_columns": ["id"]}
    assert inspector.get_pk_constraint("Mixed")["constrained_columns"] == []
    key = {
        "name": "fk_customer",
        "constrained_columns": ["customer_id"],
        "referred_schema": None,
        "referred_table": "customers",
        "referred_columns": ["id"],
        "options": {"ondelete": "CASCADE", "deferrable": True, "initially": "DEFERRED"},
    }
    assert inspector.get_foreign_keys("orders") == [key]
    assert inspector.get_foreign_keys("orders", schema="scott") == [{**key, "referred_schema": "scott"}]
    assert inspector.get_unique_constraints("customers") == [
        {"name": "uq_code", "column_names": ["code"], "duplicates_index": "uq_code"}
    ]
    assert inspector.get_check_constraints("orders") == [{"name": "ck_total", "sqltext": "total >= 0"}]
    assert len(inspector.get_check_constraints("orders", include_all=True)) == 2


@pytest.mark.feature("E053")
def test_indexes_comments_options(inspector: Any) -> None:
    assert inspector.get_indexes("orders") == [
        {
            "name": "ix_bitmap",
            "column_names": ["kind"],
            "unique": False,
            "dialect_options": {"oracle_bitmap": True},
        },
        {
            "name": "ix_lower",
            "column_names": [None, "kind"],
            "expressions": ['LOWER("NAME")', "kind"],
            "unique": False,
            "dialect_options": {},
        },
        {
            "name": "ix_many",
            "column_names": ["name", "total"],
            "column_sorting": {"total": ("desc",)},
            "unique": False,
            "dialect_options": {"oracle_compress": 1},
        },
    ]
    assert inspector.get_indexes("customers")[0]["duplicates_constraint"] == "uq_code"
    assert inspector.get_table_comment("orders") == {"text": "what was ordered"}
    assert inspector.get_table_comment("customers") == {"text": None}
    assert inspector.get_table_comment("mv") == {"text": None}
    assert inspector.get_table_options("orders") == {"oracle_compress": "BASIC", "oracle_tablespace": "users"}


@pytest.mark.feature("E054")
def test_synonyms_and_links(dictionary: Any, inspector: Any, queries: list[str]) -> None:
    with pytest.raises(exc.NoSuchTableError):
        inspector.get_columns("bills")
    resolved = {"oracle_resolve_synonyms": True}
    assert repr(inspector.get_columns("bills", **resolved)) == repr(inspector.get_columns("orders"))
    assert inspector.has_table("bills", **resolved)
    many = inspector.get_multi_pk_constraint(filter_names=["bills", "customers"], **resolved)
    assert many[None, "bills"] == {"name": "pk_orders", "constrained_columns": ["id"]}
    # through a link the same queries ask the dictionary over there, which SQLite has no syntax for
    del queries[:]
    connection, _ = dictionary
    with pytest.raises(exc.OperationalError):
        inspector.get_columns("remote_orders", dblink="over_there")
    assert "FROM all_objects@over_there o WHERE" in queries[0]
    with pytest.raises(exc.ArgumentError, match="dblink is the name of a database link"):
        inspector.get_columns("remote_orders", dblink="over_there o; DROP TABLE orders")
    connection.rollback()


def test_tables_are_loaded_by_few_queries(dictionary: Any, queries: list[str]) -> None:
    connection, dialect = dictionary
    found = MetaData()
    inspector = inspect(connection)
    inspector.dialect = dialect
    table = Table("orders", found)
    inspector.reflect_table(table, None, resolve_fks=False)
    assert [key.target_fullname for key in table.foreign_keys] == ["customers.id"]
    assert table.c.id.identity.start == 5
    assert table.dialect_options["oracle"]["compress"] == "BASIC"
    assert sorted(str(index.name) for index in table.indexes) == ["ix_bitmap", "ix_lower", "ix_many"]
    assert len(queries) == 6
    del queries[:]
    inspector = inspect(connection)
    inspector.dialect = dialect
    for ask in (
        inspector.get_multi_columns,
        inspector.get_multi_pk_constraint,
        inspector.get_multi_foreign_keys,
        inspector.get_multi_unique_constraints,
        inspector.get_multi_check_constraints,
        inspector.get_multi_indexes,
        inspector.get_multi_table_comment,
        inspector.get_multi_table_options,
    ):
        assert set(ask()) == {(None, "customers"), (None, "orders"), (None, "Mixed")}
    # the names, the objects, and one query per kind of fact
    assert len(queries) == 8


def test_older_servers_have_no_identity(dictionary: Any, queries: list[str]) -> None:
    connection, _ = dictionary
    dialect = oracle.dialect()
    dialect.default_schema_name = "scott"
    dialect.supports_identity_columns = False
    column = dialect.get_columns(connection, "orders")[0]
    assert "identity" not in column
    assert not any("all_tab_identity_cols" in query for query in queries)
