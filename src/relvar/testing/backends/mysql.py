"""Prepare MySQL and MariaDB databases for tests: a database per follower, with its schemas."""

from __future__ import annotations

from typing import Any

from relvar.testing import provision


def _schemas(ident: str) -> tuple[str, str, str]:
    return ident, f"{ident}_test_schema", f"{ident}_test_schema_2"


@provision.configure_follower.for_db("mysql", "mariadb")
def _configure_follower(cfg: Any, ident: str) -> None:
    _, cfg.test_schema, cfg.test_schema_2 = _schemas(ident)


@provision.create_db.for_db("mysql", "mariadb")
def _create_db(cfg: Any, eng: Any, ident: str) -> None:
    _drop_db(cfg, eng, ident)
    with eng.begin() as connection:
        for name in _schemas(ident):
            connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")


@provision.drop_db.for_db("mysql", "mariadb")
def _drop_db(cfg: Any, eng: Any, ident: str) -> None:
    with eng.begin() as connection:
        for name in _schemas(ident):
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")


@provision.upsert.for_db("mariadb")
def _upsert(
    cfg: Any,
    table: Any,
    returning: Any,
    *,
    set_lambda: Any = None,
    sort_by_parameter_order: bool = False,
    index_elements: Any = None,
) -> Any:
    from relvar.dialects.mysql import insert

    stmt: Any = insert(table)
    if set_lambda:
        stmt = stmt.on_duplicate_key_update(**set_lambda(stmt.inserted))
    else:
        key = list(table.primary_key.c)[0]
        stmt = stmt.on_duplicate_key_update({key: key})
    return stmt.returning(*returning, sort_by_parameter_order=sort_by_parameter_order)
