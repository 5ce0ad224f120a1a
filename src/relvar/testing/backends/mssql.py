"""Prepare databases of SQL Server for tests: one per follower, with two more schemas."""

from __future__ import annotations

from typing import Any

from relvar.testing import provision


@provision.create_db.for_db("mssql")
def _create_db(cfg: Any, eng: Any, ident: str) -> None:
    with eng.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {ident}")
        # readers do not wait for writers, as the suite expects; SNAPSHOT is allowed
        connection.exec_driver_sql(f"ALTER DATABASE {ident} SET ALLOW_SNAPSHOT_ISOLATION ON")
        connection.exec_driver_sql(f"ALTER DATABASE {ident} SET READ_COMMITTED_SNAPSHOT ON")
        connection.exec_driver_sql(f"USE {ident}")
        for schema in ("test_schema", "test_schema_2"):
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")


@provision.drop_db.for_db("mssql")
def _drop_db(cfg: Any, eng: Any, ident: str) -> None:
    with eng.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {ident} SET SINGLE_USER WITH ROLLBACK IMMEDIATE")
        connection.exec_driver_sql(f"DROP DATABASE {ident}")


@provision.temp_table_keyword_args.for_db("mssql")
def _temp_table_keyword_args(cfg: Any, eng: Any) -> dict[str, Any]:
    # a name that begins with # says it all
    return {}


@provision.get_temp_table_name.for_db("mssql")
def _get_temp_table_name(cfg: Any, eng: Any, base_name: str) -> str:
    return f"##{base_name}"
