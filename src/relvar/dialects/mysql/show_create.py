"""
Columns as ``SHOW CREATE TABLE`` spells them: temporary tables are not in ``information_schema``.

Source: https://mariadb.com/kb/en/show-create-table/
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["columns_in"]

_STRING = r"'(?:[^'\\]|''|\\.)*'"
_COLUMN = re.compile(
    # names are in backticks, or in double quotes where the SQL mode says so
    r"^\s*(?P<quote>[`\"])(?P<name>(?:(?!(?P=quote)).|(?P=quote){2})+)(?P=quote) "
    rf"(?P<type>\w+(?:\((?:{_STRING}|[^')])*\))?(?: unsigned)?(?: zerofill)?)"
    r"(?: CHARACTER SET (?P<charset>\w+))?(?: COLLATE (?P<collation>\w+))?"
    r"(?: (?:GENERATED ALWAYS )?AS \((?P<expression>.*)\) (?P<stored>VIRTUAL|STORED|PERSISTENT))?"
    r"(?P<not_null> NOT NULL)?(?: NULL)?(?: INVISIBLE)?"
    rf"(?: DEFAULT (?P<default>{_STRING}|.+?)(?= ON UPDATE | COMMENT '| CHECK \(|,?$))?"
    r"(?P<auto> AUTO_INCREMENT)?(?: ON UPDATE (?P<on_update>\S+?))?"
    rf"(?: COMMENT '(?P<comment>(?:[^'\\]|''|\\.)*)')?(?: CHECK \(.*\))?,?$"
)


def columns_in(created: str) -> list[tuple[Any, ...]]:
    """
    Return a row per column, as ``information_schema.columns`` would have it.

    Name, type, ``"YES"`` if nullable, default, extra, comment, expression, character set, collation; the
    comment is still as in a string literal.
    """
    rows = []
    for line in created.split("\n")[1:]:
        found = _COLUMN.match(line)
        if found is None:
            continue
        extra = []
        if found["auto"]:
            extra.append("auto_increment")
        if found["on_update"]:
            extra.append(f"on update {found['on_update']}")
        if found["stored"]:
            extra.append(f"{found['stored']} GENERATED")
        rows.append(
            (
                found["name"].replace(found["quote"] * 2, found["quote"]),
                found["type"],
                "NO" if found["not_null"] else "YES",
                found["default"],
                " ".join(extra),
                found["comment"] or "",
                found["expression"],
                found["charset"],
                found["collation"],
            )
        )
    return rows
