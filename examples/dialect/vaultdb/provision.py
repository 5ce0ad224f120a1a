"""How databases are made ready for tests."""

import os

from relvar.testing.provision import (
    create_db,
    drop_db,
    follower_url_from_main,
    post_configure_engine,
    temp_table_keyword_args,
)

used = set()


@follower_url_from_main.for_db("vaultdb")
def _follower_url(url, ident):
    return url.set(database=f"{ident}.db")


@create_db.for_db("vaultdb")
def _create_db(cfg, eng, ident):
    """Nothing: a file comes with the first connection."""


@drop_db.for_db("vaultdb")
def _drop_db(cfg, eng, ident):
    if os.path.exists(f"{ident}.db"):
        os.remove(f"{ident}.db")


@post_configure_engine.for_db("vaultdb")
def _configured(url, engine, follower_ident):
    used.add("configured")


@temp_table_keyword_args.for_db("vaultdb")
def _temporary(cfg, eng):
    used.add("temporary table")
    return {"prefixes": ["TEMPORARY"]}
