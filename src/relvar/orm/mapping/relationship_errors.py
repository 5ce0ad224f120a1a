"""
What errors of a relationship's mapping say beyond what is wrong: where it is, and what to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import exc
from relvar.orm.mapping.traverse import find_tables
from relvar.util.text import did_you_mean

__all__ = ["explain_join", "name_relationship"]


def name_relationship(error: Exception, prop: Any) -> None:
    """
    Let the text of an error name the relationship, if it does not.
    """
    message = str(error.args[0]) if error.args else ""
    if str(prop) not in message:
        message = f"{message.rstrip('.')} (on relationship {prop})"
        error.args = (message, *error.args[1:])
        if isinstance(error, SyntaxError):
            error.msg = message  # what it is shown by


def explain_join(error: Exception, prop: Any) -> None:
    """
    Add to an error about a join condition: the classes, tables and foreign keys it is about, and a way out.
    """
    parent, child = prop.parent, prop.mapper
    told = f"{prop} leads from {_described(parent)} to {_described(child)}"
    if prop.secondary is not None:
        told += f" by way of table '{prop.secondary}'"
    keys = [f"{own} refers to {other}" for own, other in _foreign_keys(prop)]
    told += "; " + (", ".join([*keys, *_unknown_keys(prop)]) or "no foreign key connects these tables")
    error.args = (f"{error.args[0]}  {told}.{_advice(error, prop)}", *error.args[1:])


def _described(mapper: Any) -> str:
    return f"class {mapper.class_.__name__} (table '{mapper.local_table}')"


def _tables(prop: Any) -> list[Any]:
    tables = [*find_tables(prop.parent.persist_selectable), *find_tables(prop.mapper.persist_selectable)]
    if prop.secondary is not None:
        tables.extend(find_tables(prop.secondary))
    return list(dict.fromkeys(tables))


def _unknown_keys(prop: Any) -> Iterator[str]:
    """Yield what is wrong with foreign keys whose table is not known: misspelt, or not imported."""
    for table in _tables(prop):
        for column in table.columns:
            for key in column.foreign_keys:
                wanted = key.target_table_key
                if table.metadata is not None and wanted not in table.metadata.tables:
                    yield (
                        f"{column} refers to {key.target_fullname}, but there is no table "
                        f"'{wanted}'{did_you_mean(wanted, table.metadata.tables)}"
                    )


def _foreign_keys(prop: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of columns by which the tables of a relationship refer to each other."""
    tables = _tables(prop)
    for table in tables:
        for column in table.columns:
            for key in column.foreign_keys:
                try:
                    other = key.column
                except exc.NoReferenceError:
                    continue  # its table is not known, so it is none of these
                if other.table in tables:
                    yield column, other


def _advice(error: Exception, prop: Any) -> str:
    """Return a sentence with what to write, where one thing is likely."""
    if prop.secondary is not None:
        return ""
    first = next(iter(_foreign_keys(prop)), None)
    if isinstance(error, exc.AmbiguousForeignKeysError) and first is not None:
        return f"  For example: relationship(foreign_keys=[{_attribute(prop, first[0])}])."
    if isinstance(error, exc.NoForeignKeysError) and len(prop.parent.primary_key) == 1:
        key = prop.parent.primary_key[0]
        name = f"{prop.parent.class_.__name__.lower()}_{key.key}"
        return f'  For example: {prop.mapper.class_.__name__}.{name} = mapped_column(ForeignKey("{key}")).'
    return ""


def _attribute(prop: Any, column: Any) -> str:
    """Return how a program names a column: by class and attribute."""
    for mapper in (prop.mapper, prop.parent):
        if column in mapper._columntoproperty:
            return f"{mapper.class_.__name__}.{mapper._columntoproperty[column].key}"
    return str(column)
