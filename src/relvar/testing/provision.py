"""
Let a dialect say how its databases are prepared for tests.

Each hook does the usual thing and can be given another way for a dialect, in the
module that ``Dialect.load_provisioning()`` imports:

    @temp_table_keyword_args.for_db("mydb")
    def _temp_table_keyword_args(cfg, eng):
        return {"prefixes": ["GLOBAL TEMPORARY"]}
"""

from __future__ import annotations

import logging
from typing import Any

from relvar.engine.url import URL, make_url
from relvar.testing.configuration import Config, state
from relvar.testing.dropping import drop_all_tables
from relvar.testing.hooks import (
    allow_stale_update_impl,
    configure_follower,
    create_db,
    dbapi_error,
    delete_from_all_tables,
    drop_all_schema_objects_post_tables,
    drop_all_schema_objects_pre_tables,
    drop_db,
    follower_url_from_main,
    generate_driver_url,
    get_temp_table_name,
    is_preferred_driver,
    normalize_sequence,
    post_configure_engine,
    post_configure_testing_engine,
    prepare_for_drop_tables,
    profile_platform_tokens,
    register,
    run_reap_dbs,
    set_default_schema_on_connection,
    stop_test_class_outside_fixtures,
    temp_table_keyword_args,
    update_db_opts,
    upsert,
)
from relvar.testing.reaper import testing_reaper

# provisioning of others says what it does
log: logging.Logger = logging.getLogger("sqlalchemy.testing.provision")


FOLLOWER_IDENT: str | None = None


def generate_db_urls(db_urls: list[Any], extra_drivers: list[str]) -> list[URL]:
    """Return the URLs to test: those given, and each again with the further drivers of its dialect."""
    urls = {make_url(url): None for url in db_urls}
    for url in list(urls):
        _load(url)
        for driver in extra_drivers:
            made = generate_driver_url(url, driver, "")
            if made is not None:
                urls[make_url(made)] = None
    return list(urls)


def _load(url: Any) -> None:
    make_url(url).get_dialect().load_provisioning()


def setup_config(db_url: Any, options: Any, file_config: Any, follower_ident: str | None) -> Config:
    """Make the engine and the Config of a URL, or of a follower's database made from it."""
    global FOLLOWER_IDENT
    url = make_url(db_url)
    _load(url)
    opts: dict[str, Any] = {}
    if follower_ident:
        FOLLOWER_IDENT = follower_ident
        url = make_url(follower_url_from_main(url, follower_ident))
    update_db_opts(url, opts, options)
    from relvar.engine.create import create_engine

    engine = create_engine(url, **opts)
    testing_reaper.add_engine(engine, "global")
    post_configure_engine(url, engine, follower_ident)
    with engine.connect():  # the dialect learns the server's version
        pass
    config = Config.register(engine, opts, options, file_config)
    if follower_ident:
        configure_follower(config, follower_ident)
    return config


def create_follower_db(follower_ident: str) -> None:
    """Make a follower's database for each database under test."""
    for config in Config.all_configs():
        create_db(config, config.db, follower_ident)


def drop_follower_db(follower_ident: str) -> None:
    """Drop what ``create_follower_db`` made."""
    for config in Config.all_configs():
        drop_db(config, config.db, follower_ident)


def drop_all_schema_objects(cfg: Any, eng: Any) -> None:
    """Empty a database: views, tables, and what the dialect has besides."""
    from relvar import inspect

    drop_all_schema_objects_pre_tables(cfg, eng)
    drop_views(cfg, eng)
    inspector = inspect(eng)
    schemas = [None]
    if eng.dialect.supports_schemas:
        there = inspector.get_schema_names()
        schemas += [s for s in (cfg.test_schema, cfg.test_schema_2) if s in there]
    for schema in schemas:
        drop_all_tables(eng, inspector, schema=schema)
    drop_all_schema_objects_post_tables(cfg, eng)


def drop_views(cfg: Any, eng: Any) -> None:
    """Drop every view."""
    from relvar import inspect

    quote = eng.dialect.identifier_preparer.quote
    names = inspect(eng).get_view_names()
    with eng.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP VIEW {quote(name)}")


def reap_dbs(idents_file: str) -> None:
    """Drop the databases that an earlier run wrote into a file: lines of "ident url"."""
    with open(idents_file) as lines:
        for line in lines:
            ident, _, url = line.strip().partition(" ")
            if url:
                _load(url)
                run_reap_dbs(make_url(url), ident)


def set_ident(ident: str) -> None:
    """Name this process among those of a parallel run."""
    state.ident = ident


__all__ = [
    "FOLLOWER_IDENT",
    "allow_stale_update_impl",
    "configure_follower",
    "create_db",
    "create_follower_db",
    "dbapi_error",
    "delete_from_all_tables",
    "drop_all_schema_objects",
    "drop_all_schema_objects_post_tables",
    "drop_all_schema_objects_pre_tables",
    "drop_db",
    "drop_follower_db",
    "drop_views",
    "follower_url_from_main",
    "generate_db_urls",
    "generate_driver_url",
    "get_temp_table_name",
    "is_preferred_driver",
    "normalize_sequence",
    "post_configure_engine",
    "post_configure_testing_engine",
    "prepare_for_drop_tables",
    "profile_platform_tokens",
    "reap_dbs",
    "register",
    "run_reap_dbs",
    "set_default_schema_on_connection",
    "set_ident",
    "setup_config",
    "stop_test_class_outside_fixtures",
    "temp_table_keyword_args",
    "update_db_opts",
    "upsert",
]
