"""
Open the database that a URL names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from relvar import Engine, create_engine, make_url
from relvar.engine.url import URL

__all__ = ["connected", "is_url"]


def is_url(target: str) -> bool:
    """
    Tell a database's URL from the name of a module.

    >>> is_url("sqlite:///a.db"), is_url("postgresql+psycopg://"), is_url("shop.models")
    (True, True, False)
    """
    return re.match(r"[\w+.-]+://", target) is not None


@contextmanager
def connected(target: str) -> Iterator[Engine]:
    """
    Give an engine of which one connection was tried.

    Raises:
        ClickException: The URL is none, its driver is missing or made for asyncio, or no file is there.
    """
    if not is_url(target):
        raise click.ClickException(
            f"{target!r} is no database URL; one looks like sqlite:///shop.db or "
            "postgresql+psycopg://user:password@host/shop"
        )
    url = make_url(target)
    _check_file(url)
    try:
        engine = create_engine(url)
    except ImportError as error:
        raise click.ClickException(str(error)) from error
    if engine.dialect.is_async:
        raise click.ClickException(
            f"{url.drivername} is a driver for asyncio, which commands do not use; name another, or "
            f"{url.get_backend_name()} alone for the usual one"
        )
    try:
        with engine.connect():
            pass
        yield engine
    finally:
        engine.dispose()


def _check_file(url: URL) -> None:
    """
    Refuse the name of a SQLite file that is not there: SQLite would make an empty one.
    """
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return
    if not Path(name).exists():
        raise click.ClickException(f"there is no database file {name}")
