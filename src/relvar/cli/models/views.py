"""
Read the views of a database: their columns, and the SELECT that they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from relvar import Inspector, MetaData, Table

__all__ = ["View", "read_views"]

# what stands before the SELECT: https://www.sqlite.org/lang_createview.html, https://mariadb.com/kb/en/create-view/
_NAME = r'(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[^\W\d][\w$]*)'
_HEAD = re.compile(
    rf"\s*CREATE\s.*?\bVIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:{_NAME}\s*\.\s*)?{_NAME}\s*"
    rf"(?P<columns>\(\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\))?\s*\bAS\b\s*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class View:
    """
    A view and what it selects.

    Attributes:
        table: Its columns.
        select: The statement, as the database tells it.
    """

    table: Table
    select: str
    is_materialized: bool = False


def read_views(metadata: MetaData, inspector: Inspector, schema: str | None) -> list[View]:
    """
    Return the views of a schema that are in *metadata*, in an order in which they can be created.
    """
    plain = inspector.get_view_names(schema)
    try:
        materialized = inspector.get_materialized_view_names(schema)
    except NotImplementedError:
        materialized = []
    found = []
    for name in sorted({*plain, *materialized}):
        table = metadata.tables.get(name if schema is None else f"{schema}.{name}")
        if table is not None:
            _forget_widths(table)
            select = selected(str(inspector.get_view_definition(name, schema)))
            found.append(View(table, select, name in materialized))
    return _in_order(found)


def _forget_widths(table: Table) -> None:
    """
    Leave out the widths that MySQL gives to integers that it computes, BIGINT(21) for ``count(*)``.
    """
    for column in table.c:
        if getattr(column.type, "display_width", None) is not None:
            vars(column.type)["display_width"] = None


def selected(definition: str) -> str:
    """
    Return the SELECT of a view; names of columns that stand before it are written into a WITH.

    >>> selected("CREATE VIEW v AS SELECT 1 AS a")
    'SELECT 1 AS a'
    >>> selected('CREATE VIEW v (a) AS SELECT 1')
    'WITH v_ (a) AS (SELECT 1) SELECT * FROM v_'
    >>> selected(" SELECT t.a FROM t;")
    'SELECT t.a FROM t'
    """
    head = _HEAD.match(definition)
    select = definition[head.end() if head else 0 :].strip().rstrip(";").rstrip()
    columns = head and head["columns"]
    return f"WITH v_ {columns} AS ({select}) SELECT * FROM v_" if columns else select


def _in_order(views: Iterable[View]) -> list[View]:
    """
    Put views after those that they mention.
    """
    ordered: list[View] = []
    waiting = list(views)
    while waiting:
        names = {view.table.name for view in waiting}
        ready = [view for view in waiting if not _mentioned(view, names)]
        # a column may have the name of a view: then any order is as good
        ordered += ready or waiting
        waiting = [view for view in waiting if ready and view not in ready]
    return ordered


def _mentioned(view: View, names: Collection[str]) -> bool:
    others = set(names) - {view.table.name}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", view.select) for name in others)
