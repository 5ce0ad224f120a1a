"""
The UNION of the tables of concrete inheritance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.expr.cast import cast
from relvar.expr.column import literal_column
from relvar.expr.grouping import null
from relvar.stmt.compound import union_all
from relvar.stmt.select import Select

__all__ = ["polymorphic_union", "union_of_tables"]


def polymorphic_union(
    table_map: Mapping[Any, Any],
    typecolname: str | None,
    aliasname: str = "p_union",
    cast_nulls: bool = True,
) -> Any:
    """
    Return a ``UNION ALL`` of tables as one subquery with the columns of all.

    Args:
        table_map: Value that tells a table's rows -> the table.
        typecolname: The name of the column that has this value; None for no such column.
        aliasname: The name of the subquery.
        cast_nulls: Give the NULL in place of a column that a table lacks the column's type.

    Raises:
        InvalidRequestError: A table has a column named *typecolname*.

    >>> from relvar import Column, Integer, MetaData, String, Table, select
    >>> from relvar.orm import polymorphic_union
    >>> metadata = MetaData()
    >>> cats = Table("cats", metadata, Column("id", Integer, primary_key=True))
    >>> dogs = Table("dogs", metadata, Column("id", Integer, primary_key=True), Column("tricks", String))
    >>> pets = polymorphic_union({"cat": cats, "dog": dogs}, "kind", "pets")
    >>> print(select(pets.c.kind, pets.c.tricks))
    SELECT pets.kind, pets.tricks
    FROM (SELECT cats.id AS id, CAST(NULL AS VARCHAR) AS tricks, 'cat' AS kind
    FROM cats UNION ALL SELECT dogs.id AS id, dogs.tricks AS tricks, 'dog' AS kind
    FROM dogs) AS pets
    """
    told = {value: literal_column("'" + str(value).replace("'", "''") + "'") for value in table_map}
    return union_of_tables(
        [(told[value], table) for value, table in table_map.items()], typecolname, aliasname, cast_nulls
    )


def union_of_tables(
    tables: Sequence[tuple[Any, Any]], typecolname: str | None, aliasname: str, cast_nulls: bool = True
) -> Any:
    """
    Return what `polymorphic_union` does, of pairs: what tells the class of a row, and the table.
    """
    types: dict[str, Any] = {}
    for _, table in tables:
        for column in table.c:
            if column.key == typecolname:
                raise exc.InvalidRequestError(
                    f"Polymorphic union can't use '{typecolname}' as the discriminator column due to mapped "
                    f"column {column!r}; please apply the 'typecolname' argument; this is available on "
                    "ConcreteBase as '_concrete_discriminator_name'"
                )
            types[column.key] = column.type
    selects: list[Any] = []
    for told, table in tables:
        columns = [
            table.c[key] if key in table.c else _nothing(type_ if cast_nulls else None).label(key)
            for key, type_ in types.items()
        ]
        if typecolname is not None:
            columns.append(told.label(typecolname))
        selects.append(Select(*columns).select_from(table))
    return union_all(*selects).subquery(aliasname)


def _nothing(type_: Any) -> Any:
    return null() if type_ is None else cast(null(), type_)
