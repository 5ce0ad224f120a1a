"""
A finding, and the codes that there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["CODES", "Finding", "of_column", "of_relationship"]

CODES = {
    "RV101": "a foreign key without an index",
    "RV201": "two relationships along one foreign key that do not know each other",
    "RV202": "a collection of objects that have no reference back",
    "RV301": "deleting an object deletes what it refers to, or shares with others",
    "RV302": "deleting an object sets a foreign key to NULL that cannot be",
    "RV303": "ON DELETE in the database, and the session does the same row by row",
    "RV304": "the session leaves deleting to a database that does not do it",
    "RV401": "a loop that reads a relationship of each object, with a query each",
    "RV402": "a method or property of each object that reads a relationship, with a query each",
    "RV403": "a reference by other columns than the primary key: a query each time",
    "RV501": "a table that is not in the database",
    "RV502": "a column that is not in the database",
    "RV503": "a column of another type than in the database",
    "RV504": "a column that can be NULL here, but not in the database, or the other way round",
    "RV505": "a column of the database that must be given and is not mapped",
    "RV506": "an index that is only here or only in the database, or another there",
    "RV507": "columns that are unique only here or only in the database",
    "RV508": "a foreign key that is only here or only in the database, or another there",
    "RV509": "a CHECK constraint that is only here or only in the database, or another there",
    "RV510": "a column with another default than in the database",
    "RV511": "a primary key of other columns than in the database",
}


@dataclass(frozen=True, order=True)
class Finding:
    """
    Something that is likely wrong.

    Attributes:
        where: Class and attribute.
        text: What is wrong.
        fix: What to write instead.
    """

    where: str
    code: str
    text: str
    fix: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = "" if self.file is None else f"{self.file}:{self.line}: "
        return f"{place}{self.code} {self.where}: {self.text}; {self.fix}"


def of_column(mapper: Any, column: Any) -> str:
    """
    Return class and attribute of a column.
    """
    try:
        return f"{mapper.class_.__name__}.{mapper.get_property_by_column(column).key}"
    except Exception:
        # a column that is excluded from the mapping
        return f"{mapper.class_.__name__}.{column.key}"


def of_relationship(relation: Any) -> str:
    """
    Return class and attribute of a relationship.
    """
    return f"{relation.parent.class_.__name__}.{relation.key}"
