"""
How Firebird names a database.
"""

from __future__ import annotations

from typing import Any

__all__ = ["dsn_of", "path_of"]


def path_of(url: Any) -> str:
    """
    Return a URL's path of a database: more slashes than one, as in ``host///path``, are the root.
    """
    database: str = url.database or ""
    return f"/{database.lstrip('/')}" if database.startswith("//") else database


def dsn_of(url: Any) -> str:
    """
    Return ``host/port:path`` for a URL, or the path for the embedded server.
    """
    if not url.host:
        return path_of(url)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}/{url.port}:{path_of(url)}" if url.port else f"{host}:{path_of(url)}"
