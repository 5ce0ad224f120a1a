"""Evaluate a case and describe what a user would see: text, parameters, warnings or the error."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

from relvar.dialects import mssql, mysql, oracle, postgresql, sqlite
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.engine.default import DefaultDialect, StrCompileDialect

DIALECTS: dict[str, Any] = {
    "default": DefaultDialect,
    "str": StrCompileDialect,
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
    "mysql": mysql.dialect,
    "mssql": mssql.dialect,
}
FURTHER: dict[str, Any] = {"mariadb": MariaDBDialect, "oracle": oracle.dialect}
EVERYWHERE = ("default", "sqlite", "postgresql", "mysql", "mssql")
DDL = (*EVERYWHERE, *FURTHER)


def seen(name: str, make: Callable[[], Any]) -> Any:
    """
    Return what the case shows.

    Args:
        name: "words", or "dialect[,dialect...]: words"; "all" stands for five dialects,
            "ddl" for seven.
    """
    head, colon, _ = name.partition(": ")
    dialects: tuple[str, ...] = ("default",)
    if colon and head == "all":
        dialects = EVERYWHERE
    elif colon and head == "ddl":
        dialects = DDL
    elif colon:
        dialects = tuple(head.split(","))
    return {dialect: _on(dialect, make) for dialect in dialects}


def _on(dialect: str, make: Callable[[], Any]) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = _described(make(), dialect)
        except Exception as error:  # the error is what is seen
            found = [f"{type(error).__name__}: {_plain(str(error))}"]
    told = sorted({f"{w.category.__name__}: {_plain(str(w.message))}" for w in caught})
    return found + told


def _described(value: Any, dialect: str) -> list[Any]:
    if hasattr(value, "compile") and hasattr(value, "compare"):
        compiled = value.compile(dialect=(DIALECTS | FURTHER)[dialect]())
        text = [_plain(" ".join(str(compiled).split()))]
        params = compiled.params if hasattr(compiled, "params") else None
        return text + ([_plain(repr(dict(sorted(params.items()))))] if params else [])
    if isinstance(value, tuple):
        return [part for one in value for part in _described(one, dialect)]
    return [_plain(value if isinstance(value, str) else repr(value))]


def _plain(text: str) -> str:
    text = re.sub(r"\(\d{9,}\)", "(id)", without_addresses(text))
    text = re.sub(r"%\(\w+ ", "%(n ", text)
    text = re.sub(r"\s*\(Background on this error at: \S+\)", "", text)
    return re.sub(r"\b(sqlalchemy|relvar)((\.\w+)+\.)?", "relvar ", text)


def without_addresses(text: str) -> str:
    """Return *text* without what no two objects share, nor two runs."""
    return re.sub(r"0x[0-9a-f]+", "0x", text)
