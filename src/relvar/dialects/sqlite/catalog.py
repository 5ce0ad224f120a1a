"""
The rows SQLite has about its tables: of one table, or of many at once.

A PRAGMA answers for one table.  Since SQLite 3.16 it is a function too, which a query can join to the
list of tables: a thousand tables then take as many queries as one.  What was asked about many is kept in
``info_cache``, as the rows that the PRAGMAs would have given.

Source: https://www.sqlite.org/pragma.html#pragfunc
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc

if TYPE_CHECKING:
    from relvar.dialects.sqlite.create_text import IndexText, TableText

__all__ = ["Catalog"]

_PRAGMA_FUNCTIONS = (3, 16)
# hidden and generated columns are told since then
_TABLE_XINFO = (3, 26)
# the oldest SQLite takes so many parameters, less one for the schema
_MAX_NAMES = 998

# question about many tables -> the PRAGMAs that answer it, besides the text of the tables
_NEEDED: dict[str, tuple[str, ...]] = {
    "get_columns": ("table_xinfo",),
    "get_pk_constraint": ("table_xinfo",),
    # what is referred to may be implied: a primary key
    "get_foreign_keys": ("foreign_key_list", "table_xinfo"),
    "get_indexes": ("index_list", "index_xinfo"),
    "get_unique_constraints": ("index_list", "index_xinfo"),
}
_IS_BROKEN = re.compile("no such (?:table|column|function|module|collation)|error in view")
_MASTER = {"temp": "sqlite_temp_master"}


class Catalog:
    """
    The rows about tables, for the reflection methods.
    """

    identifier_preparer: Any
    server_version_info: tuple[Any, ...] | None

    # -- one table

    def _has_version(self, version: tuple[int, ...]) -> bool:
        return (self.server_version_info or version) >= version

    def _master(self, schema: str | None) -> str:
        if schema is None:
            return "sqlite_master"
        quoted = self.identifier_preparer.quote_identifier(schema)
        return f"{quoted}.{_MASTER.get(schema, 'sqlite_master')}"

    def _pragma(
        self, connection: Any, pragma: str, name: str, schema: str | None, kw: dict[str, Any]
    ) -> list[Any]:
        """
        Return the rows of ``PRAGMA [schema.]pragma(name)``.

        Without a schema, the main database is asked, then the temporary tables.

        Raises:
            UnreflectableTableError: it is a view of what is gone, or a virtual table of an unknown module.
        """
        kept = _kept(kw, pragma, schema)
        if name in kept:
            return kept[name]  # type: ignore[no-any-return]  # rows
        quote = self.identifier_preparer.quote_identifier
        for place in _places(schema):
            prefix = place if schema is None else quote(place)
            try:
                result = connection.exec_driver_sql(f"PRAGMA {prefix}.{pragma}({quote(name)})")
            except exc.OperationalError as err:
                if _IS_BROKEN.match(str(err.orig)):
                    raise exc.UnreflectableTableError(f"{name!r} could not be reflected: {err.orig}") from err
                raise
            # older versions give not even column names where there are no rows
            found = list(result) if result.returns_rows else []
            if found:
                return found
        return []

    def _column_rows(
        self, connection: Any, name: str, schema: str | None, kw: dict[str, Any]
    ) -> list[Sequence[Any]]:
        """
        Return number, name, type, NOT NULL, default, place in the primary key and "hidden" of columns.
        """
        if self._has_version(_TABLE_XINFO):
            return self._pragma(connection, "table_xinfo", name, schema, kw)
        rows = self._pragma(connection, "table_info", name, schema, kw)
        return [(*row, 0) for row in rows]

    def _sql_of(
        self, connection: Any, kinds: str, name: str, schema: str | None, kw: dict[str, Any]
    ) -> tuple[str | None] | None:
        """
        Return the text that created a table, view or index; None in it for SQLite's own.

        Returns:
            None if there is nothing of that name.
        """
        kept = _kept(kw, kinds, schema)
        if name in kept:
            return (kept[name],)
        # names are compared without regard to case, as SQLite does
        for place in _places(schema):
            row = connection.exec_driver_sql(
                f"SELECT sql FROM {self._master(place)} WHERE type IN ({kinds}) AND name = ? COLLATE NOCASE",
                (name,),
            ).first()
            if row is not None:
                return (row[0],)
        return None

    def _table_text(self, connection: Any, name: str, schema: str | None, kw: dict[str, Any]) -> TableText:
        """
        Return what the text of a table says; nothing for views and SQLite's own tables.
        """
        from relvar.dialects.sqlite.create_text import TableText  # only programs that reflect need it

        read = _kept(kw, "table text", schema)
        if name not in read:
            found = self._sql_of(connection, _TABLES_AND_VIEWS, name, schema, kw)
            read[name] = TableText.read(found[0] if found else None)
        return read[name]  # type: ignore[no-any-return]  # as put in

    def _index_text(self, connection: Any, name: str, schema: str | None, kw: dict[str, Any]) -> IndexText:
        """
        Return what the text of an index says.
        """
        from relvar.dialects.sqlite.create_text import IndexText  # as above

        found = self._sql_of(connection, _INDEXES, name, schema, kw)
        return IndexText.read(found[0] if found else None)

    # -- many tables

    def _expect(
        self, question: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        """
        Ask about all tables that *question* will be asked for.
        """
        if len(names) < 2 or not self._has_version(_PRAGMA_FUNCTIONS):
            return
        if kw.get("info_cache") is None:
            # for this question only
            kw["info_cache"] = {}
        known = _kept(kw, _TABLES_AND_VIEWS, schema)
        kinds = _kept(kw, "kind and place", schema)
        for place in _places(schema):
            missing = [name for name in names if name not in known]
            for name, kind, sql in self._listed(connection, place, missing):
                known[name], kinds[name] = sql, (kind, place)
        for pragma in _NEEDED.get(question, ()):
            self._expect_rows(pragma, connection, schema, names, kw)

    def _listed(self, connection: Any, place: str, names: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        for condition, parameters in _conditions("name", names):
            query = f"SELECT name, type, sql FROM {self._master(place)} WHERE type IN ({_TABLES_AND_VIEWS})"
            wanted = set(names)
            rows = connection.exec_driver_sql(f"{query}{condition}", parameters)
            found += [row for row in rows if row[0] in wanted]
        return found

    def _expect_rows(
        self, pragma: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        if pragma == "table_xinfo" and not self._has_version(_TABLE_XINFO):
            pragma = "table_info"
        kinds = _kept(kw, "kind and place", schema)
        done = _kept(kw, f"done {pragma}", schema)
        groups: dict[tuple[str, str], list[str]] = {}
        for name in names:
            if name in kinds and name not in done:
                groups.setdefault(kinds[name], []).append(name)
        for (kind, place), group in groups.items():
            done.update(dict.fromkeys(group))
            try:
                if pragma == "index_xinfo":
                    self._keep_indexes(connection, place, schema, group, kw)
                else:
                    # views have columns, and nothing else
                    is_empty = kind == "view" and not pragma.startswith("table")
                    self._keep_rows(pragma, connection, place, schema, [] if is_empty else group, kw)
                    if is_empty:
                        _kept(kw, pragma, schema).update((name, []) for name in group)
            except exc.OperationalError:
                # a view of what is gone, or a virtual table of an unknown module: each answers for itself
                continue

    def _keep_rows(
        self,
        pragma: str,
        connection: Any,
        place: str,
        schema: str | None,
        names: Sequence[str],
        kw: dict[str, Any],
    ) -> None:
        found: dict[str, list[Any]] = {name: [] for name in names}
        for condition, parameters in _conditions("m.name", names):
            rows = connection.exec_driver_sql(
                f"SELECT m.name, p.* FROM {self._master(place)} AS m CROSS JOIN "
                f"pragma_{pragma}(m.name, ?) AS p WHERE m.type IN ({_TABLES_AND_VIEWS}){condition}",
                (place, *parameters),
            )
            for name, *row in rows:
                if name in found:
                    found[name].append(row)
        _kept(kw, pragma, schema).update(found)

    def _keep_indexes(
        self, connection: Any, place: str, schema: str | None, names: Sequence[str], kw: dict[str, Any]
    ) -> None:
        """
        Keep the columns of the indexes of tables, and the text that created them.
        """
        columns, texts = _kept(kw, "index_xinfo", schema), _kept(kw, _INDEXES, schema)
        for condition, parameters in _conditions("m.name", names):
            rows = connection.exec_driver_sql(
                f"SELECT l.name, x.* FROM {self._master(place)} AS m CROSS JOIN "
                "pragma_index_list(m.name, ?) AS l CROSS JOIN pragma_index_xinfo(l.name, ?) AS x "
                f"WHERE m.type = 'table'{condition}",
                (place, place, *parameters),
            )
            fresh: dict[str, list[Any]] = {}
            for name, *row in rows:
                fresh.setdefault(name, []).append(row)
            columns.update(fresh)
        for condition, parameters in _conditions("tbl_name", names):
            texts.update(
                (name, sql)
                for name, sql in connection.exec_driver_sql(
                    f"SELECT name, sql FROM {self._master(place)} WHERE type IN ({_INDEXES}){condition}",
                    parameters,
                )
            )

    def _is_known(self, name: str, schema: str | None, kw: dict[str, Any]) -> bool:
        """
        Tell whether a table or view was listed.
        """
        return name in _kept(kw, "kind and place", schema)


_TABLES_AND_VIEWS = "'table', 'view'"
_INDEXES = "'index'"


def _places(schema: str | None) -> tuple[str, ...]:
    """
    Return the databases to look in.
    """
    return ("main", "temp") if schema is None else (schema,)


def _kept(kw: dict[str, Any], what: str, schema: str | None) -> dict[str, Any]:
    """
    Return what is kept of a kind: name -> it; of nothing longer than that, without ``info_cache``.
    """
    info_cache = kw.get("info_cache")
    if info_cache is None:
        return {}
    return info_cache.setdefault(("sqlite catalog", what, schema), {})  # type: ignore[no-any-return]  # as put in


def _conditions(column: str, names: Sequence[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """
    Yield what to ask: nothing for no names, the names for some, everything for many.
    """
    if len(names) > _MAX_NAMES:
        yield "", ()
    elif names:
        yield f" AND {column} IN ({', '.join('?' * len(names))})", tuple(names)
