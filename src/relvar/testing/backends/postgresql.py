"""Prepare PostgreSQL databases for tests: a database per follower."""

from __future__ import annotations

from typing import Any

from relvar import text
from relvar.testing import provision


@provision.create_db.for_db("postgresql")
def _create_db(cfg: Any, eng: Any, ident: str) -> None:
    name = eng.dialect.identifier_preparer.quote(ident)
    with eng.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))


@provision.drop_db.for_db("postgresql")
def _drop_db(cfg: Any, eng: Any, ident: str) -> None:
    name = eng.dialect.identifier_preparer.quote(ident)
    with eng.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = :name AND pid != pg_backend_pid()"
            ),
            {"name": ident},
        )
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


@provision.set_default_schema_on_connection.for_db("postgresql")
def _set_default_schema(cfg: Any, dbapi_connection: Any, schema_name: str) -> None:
    before = dbapi_connection.autocommit
    dbapi_connection.autocommit = True
    cursor = dbapi_connection.cursor()
    cursor.execute(f"SET SESSION search_path='{schema_name}'")
    cursor.close()
    dbapi_connection.autocommit = before


@provision.upsert.for_db("postgresql")
def _upsert(
    cfg: Any,
    table: Any,
    returning: Any,
    *,
    set_lambda: Any = None,
    sort_by_parameter_order: bool = False,
    index_elements: Any = None,
) -> Any:
    from relvar.dialects.postgresql import insert

    stmt: Any = insert(table)
    if set_lambda:
        elements = index_elements or table.primary_key
        stmt = stmt.on_conflict_do_update(index_elements=elements, set_=set_lambda(stmt.excluded))
    else:
        stmt = stmt.on_conflict_do_nothing()
    return stmt.returning(*returning, sort_by_parameter_order=sort_by_parameter_order)
