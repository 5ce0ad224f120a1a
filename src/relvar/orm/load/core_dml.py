"""
The Core form of an ORM-enabled INSERT, UPDATE or DELETE: tables for classes, columns for attributes.

Needed wherever such a statement is rendered: for ``Session.execute()``, a connection, a CTE, ``str()``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar.expr.bind import BindParameter
from relvar.expr.coerce import dml_column, dml_value
from relvar.orm.load.adapt import adapt, adapter_of
from relvar.orm.load.criteria import criteria_of
from relvar.orm.mapping.traverse import deannotated

__all__ = ["core_dml", "entity_of_dml", "values_of"]


def core_dml(statement: Any, dialect: Any) -> Any:
    """
    Return the Core form of a statement.

    The names of attributes in its values become columns; rows of other classes in the same table are
    left alone, and so are those that ``with_loader_criteria()`` excludes.

    Raises:
        CompileError: an UPDATE sets a column of an inherited table where the database cannot.
    """
    entity = entity_of_dml(statement)
    if entity is None:
        return statement
    mapper, adapter = entity.mapper, adapter_of(entity)
    mapper._check_configure()
    made = _on_own_table(mapper, statement)._clone()
    made._propagate_attrs = {}
    if not statement.is_delete:
        _resolve_values(mapper, adapter, made)
    if statement.is_update:
        _check_tables(dialect, made)
    if not statement.is_insert:
        where = list(criteria_of(statement._with_options)(entity))
        single = mapper._single_table_criterion
        if single is not None:
            where.append(adapt(single, adapter))
        made._where_criteria = (*made._where_criteria, *where)
    return made


def entity_of_dml(statement: Any) -> Any:
    """
    Return the entity whose rows change; None where only the criteria are about one.
    """
    entity = statement.table._annotations.get("parententity")
    if entity is not None:
        return entity
    subject = statement._propagate_attrs.get("plugin_subject")
    return subject if subject is not None and statement.table in subject.mapper.tables else None


def _on_own_table(mapper: Any, statement: Any) -> Any:
    """
    Let a statement on a class that is mapped to a join write its own table.
    """
    if len(mapper.tables) == 1 or hasattr(statement.table, "primary_key") and not statement.table._is_join:
        return statement
    changed = statement._clone()
    changed.table = mapper.local_table
    return changed


def _resolve_values(mapper: Any, adapter: Any, made: Any) -> None:
    """
    Replace names of attributes by columns in the values of a new statement.
    """
    columns = {prop.key: adapt(prop.columns[0], adapter) for prop in mapper.column_attrs}

    def resolved(values: Mapping[Any, Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in values.items():
            if not isinstance(key, str):
                if key.__visit_name__ in ("label", "scalar_select"):
                    # an expression that an attribute stands for
                    name = key._annotations.get("proxy_key") or key.key
                    raise exc.CompileError(f"Unconsumed column names: {name}")
                found[key] = value
            elif key in columns:
                found[columns[key]] = value
            else:
                parts = _taken_apart(mapper, key, value)
                found.update((adapt(part, adapter), of_part) for part, of_part in parts.items())
        return found

    if made._values:
        made._values = resolved(made._values)
    if made._multi_values:
        made._multi_values = tuple(
            [resolved(row) if isinstance(row, Mapping) else row for row in rows]
            for rows in made._multi_values
        )
    if getattr(made, "_ordered_values", None):
        made._ordered_values = tuple(
            pair for key, value in made._ordered_values for pair in resolved({key: value}).items()
        )


def _taken_apart(mapper: Any, key: str, value: Any) -> dict[Any, Any]:
    """
    Return the columns and values that a composite, a synonym or a hybrid stands for; else the name itself.
    """
    if key in mapper.relationships:
        raise exc.InvalidRequestError(
            f"Can't set relationship {mapper.class_.__name__}.{key} in a statement; set the columns of its "
            "foreign key"
        )
    is_known = key in mapper.composites or key in mapper.synonyms or key in mapper.all_orm_descriptors
    parts = getattr(getattr(mapper.class_, key), "_bulk_update_tuples", None) if is_known else None
    if parts is None:
        return {key: value}
    given = value.value if isinstance(value, BindParameter) else value
    found = {}
    for column, part in parts(given):
        plain = deannotated(dml_column(column))
        found[plain] = dml_value(part, plain.type)
    return found


def values_of(statement: Any) -> list[tuple[Any, Any]]:
    """
    Return what an UPDATE sets: columns (or names) with values, in order.
    """
    return list(getattr(statement, "_ordered_values", None) or (statement._values or {}).items())


def _check_tables(dialect: Any, statement: Any) -> None:
    """
    Refuse to set columns of inherited tables where the database cannot.
    """
    if dialect.name in ("mysql", "mariadb"):
        return
    tables = [getattr(column, "table", None) for column, _ in values_of(statement)]
    others = dict.fromkeys(
        t.description for t in tables if t is not None and t.description != statement.table.description
    )
    if others:
        names = ", ".join(f"'{name}'" for name in others)
        raise exc.CompileError(
            "Backend does not support additional tables in the SET clause; cannot include columns "
            f"from table(s) {names} in SET clause"
        )
