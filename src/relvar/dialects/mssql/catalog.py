"""
Which tables, views, schemas and sequences SQL Server's catalogs list.

A schema may be in another database (``database.owner``): its catalogs are ``database.sys....``.  Temporary
tables (``#name``) are in ``tempdb``, under names of which only ``OBJECT_ID()`` knows whose they are.

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/object-catalog-views-transact-sql
(a page per view: ``sys-objects-transact-sql`` and so on)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from relvar import exc
from relvar.dialect.answers import ObjectKind, ObjectScope, cache
from relvar.dialects.mssql.names import schema_parts
from relvar.expr.bind import bindparam
from relvar.expr.text import text

__all__ = ["Catalog", "no_such_table"]

# How many names go into one query; there may be 2,100 parameters.
# https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
_NAMES_AT_ONCE = 2000

_KINDS = {ObjectKind.TABLE: "U", ObjectKind.VIEW: "V"}


class _Place(NamedTuple):
    """
    Where some relations are.

    Attributes:
        database: What catalogs are prefixed with: quoted and with a dot, or nothing.
        where: Conditions over ``o`` (sys.objects) and ``s`` (sys.schemas).
        parameters: Their values.
        temporary: The name that a temporary table was asked for by; in the catalog it has another one.
    """

    database: str
    where: str
    parameters: dict[str, Any]
    temporary: str | None = None


class Catalog:
    """
    The reflection methods that answer with names, or whether there is something.
    """

    identifier_preparer: Any
    default_schema_name: str | None
    schema_name: str

    def _place_of_schema(self, schema: str | None) -> tuple[str, str]:
        """
        Return the prefix of the catalogs, and the name of the schema in them.
        """
        database, owner = schema_parts(schema) if schema is not None else (None, None)
        prefix = "" if database is None else f"{self.identifier_preparer.quote_identifier(database)}."
        return prefix, owner or self.default_schema_name or self.schema_name

    def _places(
        self,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
    ) -> Iterator[_Place]:
        """
        Say where to look for relations; temporary ones are looked for one by one, by name.
        """
        types = [letter for flag, letter in _KINDS.items() if flag in kind]
        if not types:
            return
        letters = ", ".join(f"'{letter}'" for letter in types)
        prefix, owner = self._place_of_schema(schema)
        where = f"s.name = :owner AND o.type IN ({letters}) AND o.is_ms_shipped = 0"
        lasting = None
        if filter_names is not None:
            lasting = [str(name) for name in filter_names if not name.startswith("#")]
            if ObjectScope.TEMPORARY in scope:
                for name in filter_names:
                    if name.startswith("#"):
                        quoted = self.identifier_preparer.quote_identifier(str(name))
                        yield _Place(
                            "tempdb.",
                            "o.object_id = OBJECT_ID(:temporary)",
                            {"temporary": f"tempdb..{quoted}"},
                            str(name),
                        )
        if ObjectScope.DEFAULT not in scope:
            return
        if lasting is None:
            yield _Place(prefix, where, {"owner": owner})
            return
        for start in range(0, len(lasting), _NAMES_AT_ONCE):
            names = lasting[start : start + _NAMES_AT_ONCE]
            yield _Place(prefix, f"{where} AND o.name IN :names", {"owner": owner, "names": names})

    def _rows(self, connection: Any, query: str, parameters: dict[str, Any]) -> Sequence[Any]:
        statement = text(query)
        if "names" in parameters:
            statement = statement.bindparams(bindparam("names", expanding=True))
        return connection.execute(statement, parameters).all()  # type: ignore[no-any-return]  # rows

    def _facts(
        self,
        connection: Any,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
        columns: str,
        joins: str,
        order: str,
    ) -> Iterator[tuple[str, list[Any]]]:
        """
        Yield each relation's name with the rows about it; a relation without any has none.

        Args:
            columns: What to select; the first column is NULL where the joins found nothing.
            joins: ``{p}`` stands for the prefix of catalogs.
        """
        for place in self._places(schema, filter_names, scope, kind):
            p = place.database
            query = (
                f"SELECT o.name, {columns} FROM {p}sys.objects AS o JOIN {p}sys.schemas AS s "
                f"ON s.schema_id = o.schema_id {joins.replace('{p}', p)} WHERE {place.where} "
                f"ORDER BY o.name{order}"
            )
            rows_of: dict[str, list[Any]] = {}
            for row in self._rows(connection, query, place.parameters):
                rows = rows_of.setdefault(place.temporary or row[0], [])
                if row[1] is not None:
                    rows.append(row)
            yield from rows_of.items()

    # -- names

    def _names(self, connection: Any, schema: str | None, kind: ObjectKind) -> list[str]:
        found: list[str] = []
        for place in self._places(schema, None, ObjectScope.DEFAULT, kind):
            p = place.database
            query = (
                f"SELECT o.name FROM {p}sys.objects AS o JOIN {p}sys.schemas AS s "
                f"ON s.schema_id = o.schema_id WHERE {place.where} ORDER BY o.name"
            )
            found += [row[0] for row in self._rows(connection, query, place.parameters)]
        return found

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """
        Return the names of the schemas.
        """
        return [
            row[0]
            for row in self._rows(connection, "SELECT s.name FROM sys.schemas AS s ORDER BY s.name", {})
        ]

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the tables.
        """
        return self._names(connection, schema, ObjectKind.TABLE)

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the views.
        """
        return self._names(connection, schema, ObjectKind.VIEW)

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the temporary tables that this session can use.

        The name of a local one is filled up with underscores and a number of the session.

        Source: https://learn.microsoft.com/sql/t-sql/statements/create-table-transact-sql
        """
        cut = "LEFT(o.name, CHARINDEX('____', o.name + '____') - 1)"
        query = (
            f"SELECT {cut} FROM tempdb.sys.objects AS o WHERE o.type = 'U' AND LEFT(o.name, 1) = '#' "
            f"AND o.object_id = OBJECT_ID('tempdb..' + QUOTENAME({cut})) ORDER BY o.name"
        )
        return [row[0] for row in self._rows(connection, query, {})]

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the sequences.
        """
        p, owner = self._place_of_schema(schema)
        query = (
            f"SELECT q.name FROM {p}sys.sequences AS q JOIN {p}sys.schemas AS s ON s.schema_id = q.schema_id "
            "WHERE s.name = :owner ORDER BY q.name"
        )
        return [row[0] for row in self._rows(connection, query, {"owner": owner})]

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the statement that created a view.

        Raises:
            NoSuchTableError: There is no such view, or its text is encrypted.
        """
        p, owner = self._place_of_schema(schema)
        query = (
            f"SELECT m.[definition] FROM {p}sys.sql_modules AS m "
            f"JOIN {p}sys.views AS o ON o.object_id = m.object_id "
            f"JOIN {p}sys.schemas AS s ON s.schema_id = o.schema_id WHERE s.name = :owner AND o.name = :name"
        )
        rows = self._rows(connection, query, {"owner": owner, "name": str(view_name)})
        if not rows or rows[0][0] is None:
            raise no_such_table(view_name, schema)
        return rows[0][0]  # type: ignore[no-any-return]  # text

    # -- whether there is something

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name; also finds temporary tables.
        """
        key = (schema, table_name)
        return bool(self.has_multi_table(connection, [table_name], schema, **kw)[key])

    def has_multi_table(
        self, connection: Any, table_names: Collection[str], schema: str | None = None, **kw: Any
    ) -> dict[tuple[str | None, str], bool]:
        """
        Tell of each table whether it exists, in one query.
        """
        found = {
            name
            for name, _ in self._facts(
                connection, schema, table_names, ObjectScope.ANY, ObjectKind.ANY, "1", "", ""
            )
        }
        # names are compared as the database's collation does
        folded = {name.casefold() for name in found}
        return {(schema, name): name in found or name.casefold() in folded for name in table_names}

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a sequence of that name.
        """
        p, owner = self._place_of_schema(schema)
        query = (
            f"SELECT 1 FROM {p}sys.sequences AS q JOIN {p}sys.schemas AS s ON s.schema_id = q.schema_id "
            "WHERE s.name = :owner AND q.name = :name"
        )
        return bool(self._rows(connection, query, {"owner": owner, "name": str(sequence_name)}))

    @cache
    def has_schema(self, connection: Any, schema_name: str, **kw: Any) -> bool:
        """
        Tell whether there is a schema of that name.
        """
        p, owner = self._place_of_schema(schema_name)
        query = f"SELECT 1 FROM {p}sys.schemas AS s WHERE s.name = :owner"
        return bool(self._rows(connection, query, {"owner": owner}))


def no_such_table(name: str, schema: str | None) -> exc.NoSuchTableError:
    """
    Make the error that says that a table is not there.
    """
    return exc.NoSuchTableError(f"{schema}.{name}" if schema else name)
