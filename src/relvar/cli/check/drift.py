"""
What is different in a live database: tables and their columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar import Column, Dialect, Engine, Enum, Inspector, Table, exc, inspect
from relvar.cli.check.compared import Compared
from relvar.cli.check.constraints import check_constraints
from relvar.cli.check.finding import Finding, of_column
from relvar.cli.check.indexes import check_indexes
from relvar.cli.check.tables import tables_of
from relvar.cli.check.texts import defaults_differ
from relvar.cli.progress import counted
from relvar.orm import Mapper
from relvar.schema import DefaultClause

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
    for table, mapper in counted(tables_of(mappers), "tables"):
        where = table.fullname if mapper is None else mapper.class_.__name__
        if inspector.has_table(table.name, table.schema):
            compared = Compared(table, where, inspector, engine.dialect)
            yield from _table(compared, mapper, is_view=_is_view(table, inspector))
            continue
        yield Finding(
            where,
            "RV501",
            f"the table {table.fullname} is not in the database",
            "create it, or correct __tablename__",
        )


def _is_view(table: Table, inspector: Inspector) -> bool:
    """
    Tell a view, which has no keys and no NOT NULL.
    """
    return table.name not in inspector.get_table_names(table.schema)


def _table(compared: Compared, mapper: Mapper[Any] | None, is_view: bool) -> Iterator[Finding]:
    there = {column["name"]: column for column in compared.reflected("columns")}
    for column in compared.table.c:
        where = f"{compared.where}.{column.name}" if mapper is None else of_column(mapper, column)
        reflected = there.pop(column.name, None)
        if reflected is None:
            yield Finding(
                where,
                "RV502",
                f"{compared.table.fullname} has no column {column.name}",
                "add it there, or remove it here",
            )
            continue
        yield from _type(where, column, reflected, compared.dialect)
        if not is_view:
            yield from _null(where, column, reflected)
            yield from _default(where, column, reflected, compared)
    if is_view:
        return
    yield from _needed(compared, there.values())
    yield from check_constraints(compared)
    yield from check_indexes(compared)


def _type(where: str, column: Column[Any], reflected: Any, dialect: Dialect) -> Iterator[Finding]:
    mine, its = _type_text(column.type, dialect), _type_text(reflected["type"], dialect)
    if mine != its:
        yield Finding(
            where,
            "RV503",
            f"it is {mine} here and {its} in the database",
            f"change the type here, or ALTER COLUMN {column.name} there",
        )


def _null(where: str, column: Column[Any], reflected: Any) -> Iterator[Finding]:
    if bool(column.nullable) != bool(reflected["nullable"]) and not column.primary_key:
        here, other = ("NULL", "NOT NULL") if column.nullable else ("NOT NULL", "NULL")
        optional = "Mapped[...]" if column.nullable else "Mapped[... | None]"
        yield Finding(
            where,
            "RV504",
            f"it is {here} here and {other} in the database",
            f"write {optional}, or ALTER COLUMN {column.name} there",
        )


def _default(where: str, column: Column[Any], reflected: Any, compared: Compared) -> Iterator[Finding]:
    """
    Compare what a database gives a column; what counts or is computed has no default to compare.
    """
    default: Any = column.server_default
    mine = compared.compiler.get_column_default_string(column)
    its = reflected["default"]
    is_unknown = default is not None and not isinstance(default, DefaultClause)
    counts = column is column.table._autoincrement_column or column.identity is not None
    if is_unknown or counts or reflected.get("computed") or its is not None and its.startswith("nextval("):
        return
    if defaults_differ(mine, its, column.type, compared.dialect):
        here, other = ("no default" if text is None else f"DEFAULT {text}" for text in (mine, its))
        yield Finding(
            where,
            "RV510",
            f"it has {here} here and {other} in the database",
            f"change server_default here, or ALTER COLUMN {column.name} there",
        )


def _needed(compared: Compared, there: Iterable[Any]) -> Iterator[Finding]:
    for reflected in there:
        counts = (
            reflected.get("autoincrement") is True or reflected.get("identity") or reflected.get("computed")
        )
        if not reflected["nullable"] and reflected["default"] is None and not counts:
            yield compared.finding(
                "RV505",
                f"the column {reflected['name']} of {compared.table.fullname} is not mapped and has no "
                "default: INSERT fails",
                "map it, or give it a default",
            )


def _type_text(type_: Any, dialect: Dialect) -> str:
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
