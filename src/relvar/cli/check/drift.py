"""
What is different in a live database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from relvar import Engine, Enum, Table, exc, inspect
from relvar.cli.check.finding import Finding, of_column
from relvar.cli.progress import counted
from relvar.orm import Mapper

__all__ = ["check_drift"]

# Names for one type, as databases write and tell them.
_SAME = {
    "postgresql": [
        (r"^FLOAT(\(\d+\))?$", "DOUBLE PRECISION"),
        (r" WITHOUT TIME ZONE$", ""),
        (r"^DECIMAL", "NUMERIC"),
    ],
    "mysql": [
        (r"^(INTEGER|BIGINT|SMALLINT|MEDIUMINT|YEAR)\(\d+\)", r"\1"),
        (r"^BOOL(EAN)?$", "TINYINT(1)"),
        (r"^NUMERIC", "DECIMAL"),
        (r"^DOUBLE PRECISION$", "DOUBLE"),
        (r"^JSON$", "LONGTEXT"),
        (r" (CHARACTER SET|COLLATE) \w+", ""),
    ],
}


def check_drift(mappers: Sequence[Mapper[Any]], engine: Engine) -> Iterator[Finding]:
    """
    Yield where classes and the tables of a database are not the same.
    """
    inspector = inspect(engine)
    seen: set[Table] = set()
    for mapper in counted(mappers, "classes"):
        for table in mapper.tables:
            if not isinstance(table, Table) or table in seen:
                continue
            seen.add(table)
            if not inspector.has_table(table.name, table.schema):
                yield Finding(
                    mapper.class_.__name__,
                    "RV501",
                    f"the table {table.fullname} is not in the database",
                    "create it, or correct __tablename__",
                )
                continue
            there = {column["name"]: column for column in inspector.get_columns(table.name, table.schema)}
            yield from _columns(mapper, table, there, engine.dialect)


def _columns(mapper: Mapper[Any], table: Table, there: dict[str, Any], dialect: Any) -> Iterator[Finding]:
    for column in table.c:
        where, told = of_column(mapper, column), there.pop(column.name, None)
        if told is None:
            yield Finding(
                where,
                "RV502",
                f"{table.fullname} has no column {column.name}",
                "add it there, or remove it here",
            )
            continue
        mine, its = _type_text(column.type, dialect), _type_text(told["type"], dialect)
        if mine != its:
            yield Finding(
                where,
                "RV503",
                f"it is {mine} here and {its} in the database",
                f"change the type here, or ALTER COLUMN {column.name} there",
            )
        if bool(column.nullable) != bool(told["nullable"]) and not column.primary_key:
            here, other = ("NULL", "NOT NULL") if column.nullable else ("NOT NULL", "NULL")
            optional = "Mapped[...]" if column.nullable else "Mapped[... | None]"
            yield Finding(
                where,
                "RV504",
                f"it is {here} here and {other} in the database",
                f"write {optional}, or ALTER COLUMN {column.name} there",
            )
    for name, told in there.items():
        counts = told.get("autoincrement") is True or told.get("identity") or told.get("computed")
        if not told["nullable"] and told["default"] is None and not counts:
            yield Finding(
                mapper.class_.__name__,
                "RV505",
                f"the column {name} of {table.fullname} is not mapped and has no default: INSERT fails",
                "map it, or give it a default",
            )


def _type_text(type_: Any, dialect: Any) -> str:
    """
    Return the name of a type such that names for one type are the same.
    """
    try:
        text = str(type_.compile(dialect=dialect))
    except (exc.CompileError, exc.ArgumentError):
        return repr(type_)
    for pattern, replacement in _SAME.get("mysql" if dialect.name == "mariadb" else dialect.name, ()):
        text = re.sub(pattern, replacement, text)
    if isinstance(type_, Enum) and dialect.name == "postgresql" and type_.native_enum:
        return f"{text}({', '.join(type_.enums)})"
    return text
