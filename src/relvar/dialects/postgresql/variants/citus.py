"""
Citus: tables of PostgreSQL that are distributed over several servers by one of their columns.

Source: https://docs.citusdata.com/en/stable/develop/reference_ddl.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import event, exc
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.variants.base import Variant
from relvar.schema import PrimaryKeyConstraint, Table, UniqueConstraint

__all__ = ["CitusVariant", "distribution"]

_PAGE = "https://docs.citusdata.com/en/stable/develop/reference_ddl.html"


def _key(table: Any) -> str | None:
    """Return the column that a table is distributed by."""
    key = table.dialect_options["citus"]["distribution_column"]
    return None if key is None else str(key)


def _is_reference(table: Any) -> bool:
    return bool(table.dialect_options["citus"]["reference"])


def _check_unique(table: Any, key: str) -> None:
    """
    Refuse what would have to be unique over all servers.
    """
    keys = [c for c in table.constraints if isinstance(c, (PrimaryKeyConstraint, UniqueConstraint))]
    for found in [*keys, *(index for index in table.indexes if index.unique)]:
        names = [column.name for column in found.columns]
        if names and key not in names:
            what = "primary key" if isinstance(found, PrimaryKeyConstraint) else "unique constraint or index"
            raise exc.ArgumentError(
                f"Table {table.name!r} is distributed by {key!r}, so each server sees its own rows only, "
                f"and a {what} has to contain that column: make it ({', '.join([key, *names])}) instead of "
                f"({', '.join(names)}), or distribute the table by {names[0]!r}; a small table that all "
                f"need whole is citus_reference=True ({_PAGE})"
            )


def _check_foreign(table: Any) -> None:
    """
    Refuse foreign keys to rows that may be on another server.
    """
    key = _key(table)
    for foreign in table.foreign_key_constraints:
        other = foreign.referred_table
        if _is_reference(other):
            continue
        theirs = _key(other)
        pairs = {(element.parent.name, element.column.name) for element in foreign.elements}
        if key is not None and theirs is not None and (key, theirs) in pairs:
            continue
        if key is None:
            if theirs is None and not _is_reference(table):
                continue
            raise exc.ArgumentError(
                f"Table {table.name!r} is whole on each server, so its foreign key cannot lead to "
                f"{other.name!r}, which is {'distributed' if theirs else 'on one server only'}: make that "
                f"citus_reference=True as well ({_PAGE})"
            )
        if theirs is None:
            raise exc.ArgumentError(
                f"Table {table.name!r} is distributed, and its foreign key leads to {other.name!r}, which "
                f"is on one server only: make that citus_reference=True, or distribute it too ({_PAGE})"
            )
        raise exc.ArgumentError(
            f"The rows that a foreign key leads to have to be on the same server: that of {table.name!r} "
            f"to {other.name!r} has to contain {key!r} -> {theirs!r}, the columns that both are "
            f"distributed by ({_PAGE})"
        )


def distribution(table: Any, literal: Any, name: str) -> Iterator[str]:
    """
    Give the statements that distribute a table, once it is created.

    Args:
        literal: Makes a literal of text.
        name: The table's, as it stands in SQL.
    """
    options = table.dialect_options["citus"]
    if _is_reference(table):
        yield f"SELECT create_reference_table({literal(name)})"
    key = _key(table)
    if key is None:
        return
    arguments = [literal(name), literal(key)]
    if options["colocate_with"] is not None:
        arguments.append(f"colocate_with => {literal(options['colocate_with'])}")
    if options["shard_count"] is not None:
        arguments.append(f"shard_count => {int(options['shard_count'])}")
    yield f"SELECT create_distributed_table({', '.join(arguments)})"


def _check(table: Any) -> None:
    """
    Check how a table is distributed: its columns, and what is unique in it.
    """
    key = _key(table)
    if key is None:
        return
    if _is_reference(table):
        raise exc.ArgumentError(
            f"Table {table.name!r} is either distributed by {key!r} or a reference table, which is whole on "
            "each server"
        )
    if key not in {column.name for column in table.columns}:
        raise exc.ArgumentError(
            f"Table {table.name!r} is to be distributed by {key!r}, and has no such column; it has "
            f"{', '.join(column.name for column in table.columns)}"
        )
    _check_unique(table, key)


def _is_citus(connection: Any) -> bool:
    return getattr(connection.dialect, "variant", None) == CitusVariant.variant


def _creating(table: Any, connection: Any, **kw: Any) -> None:
    """Check again, now that other tables are known and constraints may have been added."""
    if _is_citus(connection):
        _check(table)
        _check_foreign(table)


def _created(table: Any, connection: Any, **kw: Any) -> None:
    """Distribute a table, before there are rows in it."""
    if _is_citus(connection):
        preparer = connection.dialect.identifier_preparer
        for statement in distribution(table, preparer.quote_literal, preparer.format_table(table)):
            connection.exec_driver_sql(statement)


class CitusVariant(Variant):
    """
    PostgreSQL with Citus, by any driver.

    ``Table(..., citus_distribution_column="tenant_id")`` and ``citus_reference=True`` distribute a table
    when it is created; what Citus would refuse then is refused when the table is described.
    """

    variant = "citus"
    title = "Citus"
    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        *PGDialect.construct_arguments,
        (
            Table,
            {"distribution_column": None, "reference": False, "colocate_with": None, "shard_count": None},
        ),
    ]

    def initialize(self, connection: Any) -> None:
        """
        Find out what the server can do.

        Raises:
            InvalidRequestError: Its database is without Citus.
        """
        super().initialize(connection)  # type: ignore[misc]  # of the driver's dialect
        query = "select 1 from pg_catalog.pg_extension where extname = 'citus'"
        if connection.exec_driver_sql(query).first() is None:
            raise exc.InvalidRequestError(
                "A URL citus://... is for a database that has the extension citus, and this one has not: "
                "make it with CREATE EXTENSION citus, or take postgresql://"
            )

    @classmethod
    def table_described(cls, table: Any) -> None:
        """
        Check a table that was given options of Citus, and have it distributed when it is created.

        Raises:
            ArgumentError: Citus would refuse it.
        """
        _check(table)
        event.listen(table, "before_create", _creating)
        event.listen(table, "after_create", _created)
