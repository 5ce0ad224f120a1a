"""
Options of tables, as ``SHOW CREATE TABLE`` spells them and as ``information_schema.tables`` has them.

Both give the same answer where the catalog is known to hold every option; else `options_of_row` gives none,
and the statement has to be asked for.

Source: https://mariadb.com/kb/en/create-table/, https://dev.mysql.com/doc/refman/8.4/en/create-table.html
"""

from __future__ import annotations

import re

__all__ = ["options_in", "options_of_row", "unescaped"]

_OPTION = re.compile(r"((?:DEFAULT )?[A-Z_]+(?: DIRECTORY| SET)?)\s*=\s*(?:'((?:[^']|'')*)'|(\S+))")
_PLAIN = re.compile(r"(\w+)=(\w+)(?: |$)")
_ESCAPED = re.compile(r"['\\](.)", re.S)
_ESCAPES = {"0": "\0", "n": "\n", "r": "\r"}
_SUBPARTITIONS = re.compile(r"\s*\bSUBPARTITIONS (\d+)")
_PARTITIONS = re.compile(r"\s*\bPARTITIONS (\d+)")

# Engines all of whose options are in ``create_options``; Aria's PAGE_CHECKSUM is not, MERGE has its UNION.
_PLAIN_ENGINES = frozenset({"InnoDB", "MyISAM", "MEMORY", "CSV"})


def unescaped(literal: str) -> str:
    """
    Return the string of a literal that the server wrote, without the quotes around it.

    It writes some characters with a backslash, whatever the SQL mode says.
    """
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(1), found.group(1)), literal)


def options_in(created: str) -> dict[str, str]:
    """
    Return the options that ``SHOW CREATE TABLE`` ends with, by name in lower case.

    AUTO_INCREMENT is left out: it says what is in the table.
    """
    _, closed, after = created.rpartition("\n)")
    if not closed:
        return {}
    plain, *partitions = re.split(r"\s*PARTITION BY ", after, maxsplit=1)
    options: dict[str, str] = {}
    for name, quoted, bare in _OPTION.findall(plain):
        if name != "AUTO_INCREMENT":
            options[name.lower()] = unescaped(quoted) if quoted or not bare else bare
    for part in partitions:
        options.update(_partition_options(part))
    return options


def options_of_row(
    engine: str | None,
    collation: str | None,
    create_options: str | None,
    comment: str | None,
    shows_collation: bool,
) -> dict[str, str] | None:
    """
    Return the options of a row of ``information_schema.tables``; None if they are not all there.

    Args:
        shows_collation: Whether ``SHOW CREATE TABLE`` spells this collation, which depends on the server.
    """
    spelled = create_options or ""
    found = _PLAIN.findall(spelled)
    if engine not in _PLAIN_ENGINES or not collation or _PLAIN.sub("", spelled):
        return None
    options = {"engine": engine, "default charset": collation.partition("_")[0]}
    if shows_collation:
        options["collate"] = collation
    options.update((name.lower(), value) for name, value in found)
    if comment:
        options["comment"] = comment
    return options


def _partition_options(text: str) -> dict[str, str]:
    """
    Return the options that say how a table is divided; *text* is what follows PARTITION BY.
    """
    by, *definitions = text.split("\n(", 1)
    by, *sub = re.split(r"\s*\bSUBPARTITION BY ", by, maxsplit=1)
    found = dict(_by_and_number("partition", by, _PARTITIONS))
    for part in sub:
        found.update(_by_and_number("subpartition", part, _SUBPARTITIONS))
    if definitions:
        inside = definitions[0].strip().removesuffix("*/").rstrip().removesuffix(")")
        found["partition_definitions"] = ", ".join(line.strip() for line in inside.split(",\n"))
    return found


def _by_and_number(name: str, text: str, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    by, *number = pattern.split(text, maxsplit=1)
    return [(f"{name}_by", by.strip()), *((f"{name}s", digits) for digits in number[:1])]
