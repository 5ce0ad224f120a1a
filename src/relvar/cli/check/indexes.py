"""
What is different in the indexes of a live database, and in what is unique there.

Rule 1: what has the name that is here, or the same columns, is the same thing; a difference of names alone is
no finding.
Rule 2: what is unique is compared as such, be it a constraint or an index: databases tell one as the other.
Rule 3: what has a column that is not mapped is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import Column, ForeignKeyConstraint, Index, UniqueConstraint
from relvar.cli.check.compared import Compared
from relvar.cli.check.finding import Finding
from relvar.cli.check.texts import conditions_differ

__all__ = ["check_indexes"]


def check_indexes(compared: Compared) -> Iterator[Finding]:
    """
    Yield where the indexes and unique columns of a table are not the same in a database.
    """
    indexes = compared.reflected("indexes")
    yield from _unique(compared, indexes)
    yield from _indexes(compared, indexes)


def _unique(compared: Compared, indexes: list[dict[str, Any]]) -> Iterator[Finding]:
    reflected = [
        *compared.reflected("unique_constraints"),
        *(i for i in indexes if _is_reflected_key(i, compared)),
    ]
    there = {frozenset(item["column_names"]) for item in reflected}
    mine = compared.items(UniqueConstraint)
    mine += [index for index in compared.indexes() if _is_key(index, compared)]
    here = dict.fromkeys(frozenset(column.name for column in item.columns) for item in mine)
    for names in here:
        if names not in there:
            yield compared.not_there("RV507", f"that {_listed(names)} is unique")
    for names in sorted(there - here.keys(), key=sorted):
        if compared.is_mapped(list(names)):
            yield compared.not_here("RV507", f"that {_listed(names)} is unique")


def _is_key(index: Index, compared: Compared) -> bool:
    """
    Tell an index that is the same as UNIQUE.
    """
    is_full = _condition(index, compared) is None
    return bool(index.unique) and is_full and _column_names(index) is not None


def _is_reflected_key(reflected: dict[str, Any], compared: Compared) -> bool:
    is_full = _reflected_condition(reflected, compared) is None
    return bool(reflected["unique"]) and is_full and None not in reflected["column_names"]


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _indexes(compared: Compared, indexes: list[dict[str, Any]]) -> Iterator[Finding]:
    there = [reflected for reflected in indexes if not _is_made_by_constraint(reflected, compared)]
    for index in compared.indexes():
        if _is_key(index, compared):
            there = [reflected for reflected in there if reflected["name"] != compared.name(index)]
            continue
        reflected = _reflected_index(index, there, compared)
        if reflected is None:
            yield compared.not_there("RV506", f"the index {compared.name(index)}")
            continue
        there.remove(reflected)
        yield from _differences(index, reflected, compared)
    for reflected in there:
        if not _is_reflected_key(reflected, compared) and compared.is_mapped(reflected["column_names"]):
            yield compared.not_here("RV506", f"the index {reflected['name']}")


def _is_made_by_constraint(reflected: dict[str, Any], compared: Compared) -> bool:
    if "duplicates_constraint" in reflected:
        return True
    if any(compared.name(item) == reflected["name"] for item in compared.table.constraints):
        # of an exclusion, or of a foreign key on MariaDB
        return True
    if not compared.is_mysql:
        return False
    # InnoDB makes an index for each foreign key: https://mariadb.com/kb/en/foreign-keys/
    keys = [item.column_keys for item in compared.items(ForeignKeyConstraint)]
    keys += [key["constrained_columns"] for key in compared.reflected("foreign_keys")]
    here = [_column_names(index) for index in compared.indexes()]
    return reflected["column_names"] in keys and reflected["column_names"] not in here


def _reflected_index(index: Index, there: list[dict[str, Any]], compared: Compared) -> dict[str, Any] | None:
    """
    Return the index of a name, or else one on the same columns.
    """
    for reflected in there:
        if reflected["name"] == compared.name(index):
            return reflected
    columns = _column_names(index)
    taken = {compared.name(other) for other in compared.indexes()}
    for reflected in there:
        is_alike = reflected["column_names"] == columns and reflected["name"] not in taken
        if is_alike and not list(_differences(index, reflected, compared)):
            return reflected
    return None


def _differences(index: Index, reflected: dict[str, Any], compared: Compared) -> Iterator[Finding]:
    columns = _column_names(index)
    pairs: list[tuple[bool, str, str]] = []
    if columns is not None and None not in reflected["column_names"]:
        is_other = columns != reflected["column_names"]
        pairs.append((is_other, f"on {', '.join(columns)}", f"on {', '.join(reflected['column_names'])}"))
    else:
        mine = ", ".join(_element(expression, compared) for expression in index.expressions)
        its = ", ".join(reflected.get("expressions") or reflected["column_names"])
        is_other = conditions_differ(mine, its, compared.types, compared.dialect)
        pairs.append((is_other, f"on {mine}", f"on {its}"))
    kinds = ["unique" if unique else "not unique" for unique in (index.unique, reflected["unique"])]
    pairs.append((kinds[0] != kinds[1], kinds[0], kinds[1]))
    conditions = _condition(index, compared), _reflected_condition(reflected, compared)
    pairs.append((_is_other_part(*conditions, compared), _rows(conditions[0]), _rows(conditions[1])))
    for is_other, here, there in pairs:
        if is_other:
            yield compared.finding(
                "RV506",
                f"the index {compared.name(index)} is {here} here and {there} in the database",
                "change it here, or make it anew there",
            )


def _is_other_part(mine: str | None, its: str | None, compared: Compared) -> bool:
    if mine is None or its is None:
        return mine is not its
    return conditions_differ(mine, its, compared.types, compared.dialect)


def _rows(condition: str | None) -> str:
    return "of all rows" if condition is None else f"of rows where {condition}"


def _element(expression: Any, compared: Compared) -> str:
    return str(expression.name) if isinstance(expression, Column) else compared.sql(expression)


def _column_names(index: Index) -> list[str] | None:
    """
    Return the columns of an index, with or without an order such as ``desc()``; None if it has expressions.
    """
    names = []
    for expression in index.expressions:
        element: Any = expression
        while getattr(element, "modifier", None) is not None:
            element = element.element
        if not isinstance(element, Column):
            return None
        names.append(element.name)
    return names


def _condition(index: Index, compared: Compared) -> str | None:
    where: Any = index.dialect_kwargs.get(f"{compared.dialect.name}_where")
    return where if where is None or isinstance(where, str) else compared.sql(where)


def _reflected_condition(reflected: dict[str, Any], compared: Compared) -> str | None:
    where = reflected.get("dialect_options", {}).get(f"{compared.dialect.name}_where")
    return None if where is None else str(getattr(where, "text", where))
