"""Prepare SQLite databases for tests: a file per follower, the test schema attached."""

from __future__ import annotations

import os
from typing import Any

from relvar import event
from relvar.engine.url import make_url
from relvar.testing import provision


@provision.follower_url_from_main.for_db("sqlite")
def _follower_url_from_main(url: Any, ident: str) -> Any:
    url = make_url(url)
    if not url.database or url.database == ":memory:":
        return url
    return url.set(database=f"{ident}.db")


@provision.post_configure_engine.for_db("sqlite")
def _post_configure_engine(url: Any, engine: Any, follower_ident: str | None) -> None:
    @event.listens_for(engine, "connect")
    def attach(dbapi_connection: Any, record: Any) -> None:
        database = engine.url.database
        place = f"{database}_test_schema.db" if database and database != ":memory:" else ":memory:"
        cursor = dbapi_connection.cursor()
        cursor.execute(f"ATTACH DATABASE '{place}' AS test_schema")
        cursor.close()


@provision.post_configure_testing_engine.for_db("sqlite")
def _post_configure_testing_engine(url: Any, engine: Any, options: Any, scope: str) -> None:
    _post_configure_engine(url, engine, None)


@provision.create_db.for_db("sqlite")
def _create_db(cfg: Any, eng: Any, ident: str) -> None:
    pass  # a file appears when it is opened


@provision.drop_db.for_db("sqlite")
def _drop_db(cfg: Any, eng: Any, ident: str) -> None:
    for name in (f"{ident}.db", f"{ident}.db_test_schema.db"):
        if os.path.exists(name):
            os.remove(name)


@provision.upsert.for_db("sqlite")
def _upsert(
    cfg: Any,
    table: Any,
    returning: Any,
    *,
    set_lambda: Any = None,
    sort_by_parameter_order: bool = False,
    index_elements: Any = None,
) -> Any:
    from relvar.dialects.sqlite import insert

    stmt: Any = insert(table)
    if set_lambda:
        stmt = stmt.on_conflict_do_update(index_elements=index_elements, set_=set_lambda(stmt.excluded))
    else:
        stmt = stmt.on_conflict_do_nothing()
    return stmt.returning(*returning, sort_by_parameter_order=sort_by_parameter_order)
