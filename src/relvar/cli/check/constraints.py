"""
What is different in the primary key, the foreign keys and the CHECK constraints of a live database.

Rule 1: what has the name that is here, or the same columns, is the same thing; a difference of names alone is
no finding.
Rule 2: what has a column that is not mapped is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import CheckConstraint, ForeignKeyConstraint
from relvar.cli.check.compared import Compared
from relvar.cli.check.finding import Finding
from relvar.cli.check.texts import conditions_differ

__all__ = ["check_constraints"]


def check_constraints(compared: Compared) -> Iterator[Finding]:
    """
    Yield where the keys and CHECK constraints of a table are not the same in a database.
    """
    yield from _primary_key(compared)
    yield from _foreign_keys(compared)
    yield from _check_constraints(compared)


def _primary_key(compared: Compared) -> Iterator[Finding]:
    mine = [column.name for column in compared.table.primary_key]
    its = compared.reflected("pk_constraint")["constrained_columns"]
    if set(mine) != set(its):
        here, there = (", ".join(names) or "none" for names in (mine, its))
        yield compared.finding(
            "RV511",
            f"the primary key is {here} here and {there} in the database",
            "map the key that is there, or change it there",
        )


def _foreign_keys(compared: Compared) -> Iterator[Finding]:
    there = {_reflected_key(key, compared): key for key in compared.reflected("foreign_keys")}
    for item in compared.items(ForeignKeyConstraint):
        what = f"the foreign key {', '.join(item.column_keys)} to {item.referred_table.fullname}"
        reflected = there.pop(_key(item, compared), None)
        if reflected is None:
            yield compared.not_there("RV508", what)
            continue
        for option in ("ondelete", "onupdate"):
            rules = (getattr(item, option), reflected["options"].get(option))
            mine, its = (_action(rule, compared) for rule in rules)
            if mine != its:
                clause = f"ON {option[2:].upper()}"
                yield compared.finding(
                    "RV508",
                    f"{what} is {clause} {mine} here and {clause} {its} in the database",
                    f'write {option}="{its}", or make the key anew there',
                )
    for reflected in there.values():
        names = reflected["constrained_columns"]
        if compared.is_mapped(names):
            what = f"the foreign key {', '.join(names)} to {reflected['referred_table']}"
            yield compared.not_here("RV508", what)


def _key(item: ForeignKeyConstraint, compared: Compared) -> frozenset[Any]:
    referred = item.referred_table
    pairs = [(element.parent.name, element.column.name) for element in item.elements]
    return frozenset([(compared.usual(referred.schema), referred.name), *pairs])


def _reflected_key(reflected: dict[str, Any], compared: Compared) -> frozenset[Any]:
    pairs = zip(reflected["constrained_columns"], reflected["referred_columns"])
    return frozenset([(compared.usual(reflected["referred_schema"]), reflected["referred_table"]), *pairs])


def _action(rule: str | None, compared: Compared) -> str:
    """
    Return what a foreign key does; InnoDB's RESTRICT is what it does anyway.

    Source: https://mariadb.com/kb/en/foreign-keys/
    """
    rule = (rule or "NO ACTION").upper()
    return "NO ACTION" if rule == "RESTRICT" and compared.is_mysql else rule


def _check_constraints(compared: Compared) -> Iterator[Finding]:
    there = [check for check in compared.reflected("check_constraints") if not _is_of_json(check, compared)]
    mine = [(compared.name(item), compared.sql(item.sqltext)) for item in compared.items(CheckConstraint)]
    # those with names first: what they are compared with is known
    for name, text in sorted(mine, key=lambda pair: (pair[0] is None, str(pair[0]), pair[1])):
        what = f"the CHECK constraint {text if name is None else name}"
        reflected = _reflected_check(name, text, there, compared)
        if reflected is None:
            yield compared.not_there("RV509", what)
            continue
        there.remove(reflected)
        if conditions_differ(text, reflected["sqltext"], compared.types, compared.dialect):
            yield compared.finding(
                "RV509",
                f"{what} is {text} here and {reflected['sqltext']} in the database",
                "change it here, or make it anew there",
            )
    for check in there:
        yield compared.not_here("RV509", f"the CHECK constraint {check['name'] or check['sqltext']}")


def _reflected_check(
    name: str | None, text: str, there: list[dict[str, Any]], compared: Compared
) -> dict[str, Any] | None:
    """
    Return the CHECK constraint of a name, or else one that may be the same.
    """
    if name is not None:
        for check in there:
            if check["name"] == name:
                return check
    same = (c for c in there if not conditions_differ(text, c["sqltext"], compared.types, compared.dialect))
    return next(same, None)


def _is_of_json(check: dict[str, Any], compared: Compared) -> bool:
    """
    Tell the CHECK constraint that makes a LONGTEXT the JSON of MariaDB: https://mariadb.com/kb/en/json-data-type/
    """
    return compared.is_mysql and check["sqltext"].startswith("json_valid(")
