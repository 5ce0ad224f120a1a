"""
What Oracle Database tells about tables: the answers made of the rows of `catalog`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.dialects.oracle import types as oracle
from relvar.dialects.oracle.catalog import Catalog, Target
from relvar.util.warning import warn

__all__ = ["OracleReflection"]

_RESOLVE = "oracle_resolve_synonyms"
_OF_QUESTION = {
    "get_columns": ("columns",),
    "get_pk_constraint": ("constraints",),
    "get_foreign_keys": ("constraints",),
    "get_unique_constraints": ("constraints",),
    "get_check_constraints": ("constraints",),
    "get_indexes": ("indexes", "constraints"),
    "get_table_comment": ("comments", "comments of materialized views"),
    "get_table_options": ("options",),
}
# ALL_TABLES has the tables behind materialized views, index-organized overflow and nested tables as well
_TABLES = (
    "SELECT t.table_name FROM all_tables t WHERE t.owner = :owner AND t.iot_name IS NULL AND t.nested = 'NO' "
    "AND t.dropped = 'NO' AND t.duration IS {temporary} AND NOT EXISTS (SELECT 1 FROM all_mviews m WHERE "
    "m.owner = t.owner AND m.mview_name = t.table_name){spaces} ORDER BY t.table_name"
)
_VIEWS = "SELECT v.view_name FROM all_views v WHERE v.owner = :owner ORDER BY v.view_name"
_MVIEWS = "SELECT m.mview_name FROM all_mviews m WHERE m.owner = :owner ORDER BY m.mview_name"
_SYNONYMS = "SELECT s.synonym_name FROM all_synonyms s WHERE s.owner = :owner ORDER BY s.synonym_name"
# those of identity columns are no sequences of the user's
_SEQUENCES = (
    "SELECT s.sequence_name FROM all_sequences s WHERE s.sequence_owner = :owner AND "
    "s.sequence_name NOT LIKE 'ISEQ$$%' ORDER BY s.sequence_name"
)
_DEFINITIONS = (
    "SELECT v.text FROM all_views{link} v WHERE v.owner = :owner AND v.view_name = :name",
    "SELECT m.query FROM all_mviews{link} m WHERE m.owner = :owner AND m.mview_name = :name",
)
# of a link, with its domain and what is behind @; it stands in the text of a query
_LINK = re.compile(r"[\w$#.@]*")
_NOT_NULL = re.compile(r'"[^"]+" IS NOT NULL$')
_PLAIN_NAME = re.compile(r'"([^"]+)"$')
_PRECISION = re.compile(r"\(\d+\)")
_OPTION = re.compile(r"([A-Z_ ]+): *(-?\w+)")
# binary digits of DOUBLE PRECISION and REAL
_DOUBLE, _REAL = 126, 63


def _link_of(kw: Mapping[str, Any]) -> str:
    """
    Return the database link that a program names, or nothing.

    Raises:
        ArgumentError: It is no name.
    """
    link = kw.get("dblink") or ""
    if not _LINK.fullmatch(link):
        raise exc.ArgumentError(
            f"dblink is the name of a database link, as in SALES.EXAMPLE.COM; got {link!r}"
        )
    return str(link)


class OracleReflection(Catalog):
    """
    The reflection methods of Oracle Database's dialect.

    All take ``oracle_resolve_synonyms=True``: a synonym is described as what it stands for, through a
    database link
    too.
    """

    ischema_names: Mapping[str, Any]
    exclude_tablespaces: Sequence[str]

    # -- names

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """List the users, each of whom has a schema."""
        rows = self._run(connection, "SELECT u.username FROM all_users u ORDER BY u.username")
        return [self._named(row[0]) for row in rows]

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the tables, but those in `exclude_tablespaces`."""
        spaces = {f"space_{number}": name for number, name in enumerate(self.exclude_tablespaces)}
        condition = ""
        if spaces:
            listed = ", ".join(f":{name}" for name in spaces)
            condition = f" AND COALESCE(t.tablespace_name, 'no tablespace') NOT IN ({listed})"
        query = _TABLES.format(temporary="NULL", spaces=condition)
        return self._names(connection, query, schema, **spaces)

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the global temporary tables."""
        return self._names(connection, _TABLES.format(temporary="NOT NULL", spaces=""), schema)

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the views."""
        return self._names(connection, _VIEWS, schema)

    @cache
    def get_materialized_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the materialized views."""
        return self._names(connection, _MVIEWS, schema)

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the sequences."""
        return self._names(connection, _SEQUENCES, schema)

    @cache
    def get_synonym_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the synonyms."""
        return self._names(connection, _SYNONYMS, schema)

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether there is a table or view of that name; or a synonym, if these are resolved."""
        target = self._target(connection, table_name, schema, **kw)
        return bool(self._rows("objects", connection, target, kw.get("info_cache")))

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether there is a sequence of that name."""
        return self._named(self.denormalize_name(sequence_name) or "") in self.get_sequence_names(
            connection, schema=schema, **kw
        )

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the SELECT of a view, or of a materialized one.

        Raises:
            NoSuchTableError: there is no such view.
        """
        target = self._target(connection, view_name, schema, **kw)
        link = f"@{target.link}" if target.link else ""
        for query in _DEFINITIONS:
            rows = self._run(connection, query.format(link=link), owner=target.owner, name=target.name)
            if rows:
                return str(rows[0][0])
        raise exc.NoSuchTableError(_full_name(view_name, schema))

    # -- which table is meant

    def _target(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> Target:
        """
        Return where the dictionary has a table, or what its name is a synonym for.
        """
        target = Target(self._owner(schema), self.denormalize_name(table_name) or "", _link_of(kw))
        if not kw.get(_RESOLVE):
            return target
        rows = self._rows("synonyms", connection, target, kw.get("info_cache"))
        return _resolved(target, rows)

    def _known_target(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> Target:
        """
        Return where a table is.

        Raises:
            NoSuchTableError: it is nowhere.
        """
        target = self._target(connection, table_name, schema, **kw)
        if not self._rows("objects", connection, target, kw.get("info_cache")):
            raise exc.NoSuchTableError(_full_name(table_name, schema))
        return target

    def _expect(
        self, question: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        """
        Have the rows of all tables that are going to be asked about, by a query per kind of fact.
        """
        info_cache = kw.get("info_cache")
        if info_cache is None:
            return
        owner, link = self._owner(schema), _link_of(kw)
        targets = [Target(owner, self.denormalize_name(name) or "", link) for name in names]
        if kw.get(_RESOLVE):
            self._expect_rows(("synonyms",), connection, targets, info_cache)
            targets = [
                _resolved(target, self._rows("synonyms", connection, target, info_cache))
                for target in targets
            ]
        self._expect_rows(("objects", *_OF_QUESTION[question]), connection, targets, info_cache)

    def _names_of(
        self, connection: Any, schema: str | None, scope: Any, kind: Any, kw: dict[str, Any]
    ) -> list[str]:
        names: list[str] = super()._names_of(connection, schema, scope, kind, kw)  # type: ignore[misc]  # of `DialectReflection`
        if kw.get(_RESOLVE):
            known = set(names)
            synonyms = self.get_synonym_names(connection, schema=schema, info_cache=kw.get("info_cache"))
            names.extend(name for name in synonyms if name not in known)
        return names

    # -- columns

    @cache
    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the columns of a table.

        Raises:
            NoSuchTableError: there is no such table.
        """
        target = self._known_target(connection, table_name, schema, **kw)
        return [self._column(*row) for row in self._rows("columns", connection, target, kw.get("info_cache"))]

    def _column(
        self,
        name: str,
        type_name: str,
        characters: int,
        length: int,
        precision: int | None,
        scale: int | None,
        nullable: str,
        default: str | None,
        virtual: str,
        comment: str | None,
        on_null: str,
        generation: str | None,
        identity_options: str | None,
    ) -> dict[str, Any]:
        column: dict[str, Any] = {
            "name": self._named(name),
            "type": self._type(name, type_name, characters, length, precision, scale),
            "nullable": nullable == "Y",
            "default": None if default is None else default.strip(),
            "comment": comment,
        }
        if virtual == "YES":
            column["computed"] = {"sqltext": column["default"]}
            column["default"] = None
        if generation is not None:
            column["identity"] = _identity(generation, on_null, identity_options or "")
            column["default"] = None
        if name.lower() == name:
            column["quote"] = True
        return column

    def _type(
        self, column: str, name: str, characters: int, length: int, precision: int | None, scale: int | None
    ) -> Any:
        """
        Return the type of a column.
        """
        if name == "NUMBER":
            if precision is None and scale == 0:
                return sqltypes.INTEGER()
            return oracle.NUMBER(precision, scale)
        if name == "FLOAT":
            named = {_DOUBLE: sqltypes.DOUBLE_PRECISION, _REAL: sqltypes.REAL}.get(precision or 0)
            return oracle.FLOAT(binary_precision=precision) if named is None else named()
        if name in ("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR"):
            return self.ischema_names[name](characters)
        if name == "RAW":
            return oracle.RAW(length)
        if name.startswith("TIMESTAMP"):
            return oracle.TIMESTAMP(
                timezone=name.endswith("WITH TIME ZONE"), local_timezone=name.endswith("LOCAL TIME ZONE")
            )
        if name.startswith("INTERVAL DAY"):
            return oracle.INTERVAL(day_precision=precision, second_precision=scale)
        found = self.ischema_names.get(_PRECISION.sub("", name))
        if found is None:
            warn(f"Did not recognize type '{name}' of column '{column}'")
            return sqltypes.NULLTYPE
        return found()

    # -- constraints

    def _constraints(
        self, kind: str, connection: Any, table_name: str, schema: str | None, **kw: Any
    ) -> dict[str, list[Any]]:
        """
        Return the rows of each constraint of a kind, by its name.
        """
        target = self._known_target(connection, table_name, schema, **kw)
        found: dict[str, list[Any]] = {}
        for type_, name, *row in self._rows("constraints", connection, target, kw.get("info_cache")):
            if type_ == kind:
                found.setdefault(name, []).append(row)
        return found

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the primary key of a table."""
        for name, rows in self._constraints("P", connection, table_name, schema, **kw).items():
            return {
                "name": self._named(name),
                "constrained_columns": [self._named(row[0]) for row in rows],
            }
        return ReflectionDefaults.pk_constraint()

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the unique constraints of a table; each has an index, mostly of the same name."""
        found = self._constraints("U", connection, table_name, schema, **kw)
        return [
            {
                "name": self._named(name),
                "column_names": [self._named(row[0]) for row in rows],
                "duplicates_index": self._named(rows[0][-1]) if rows[0][-1] else None,
            }
            for name, rows in found.items()
        ]

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the foreign keys of a table."""
        own = self._owner(schema)
        keys = []
        for name, rows in self._constraints("R", connection, table_name, schema, **kw).items():
            _, owner, referred, _, _, delete_rule, deferrable, deferred, _ = rows[0]
            if owner is None:
                warn(
                    f"Got 'None' querying 'table_name' from all_cons_columns - does the user have "
                    f"proper rights to "
                    f"the table that {name} of {table_name} refers to?"
                )
                continue
            options = {}
            if delete_rule not in (None, "NO ACTION"):
                options["ondelete"] = delete_rule
            if deferrable == "DEFERRABLE":
                options["deferrable"] = True
                if deferred == "DEFERRED":
                    options["initially"] = "DEFERRED"
            keys.append(
                {
                    "name": self._named(name),
                    "constrained_columns": [self._named(row[0]) for row in rows],
                    "referred_schema": None if schema is None and owner == own else self._named(owner),
                    "referred_table": self._named(referred),
                    "referred_columns": [self._named(row[3]) for row in rows],
                    "options": options,
                }
            )
        return keys

    @cache
    def get_check_constraints(
        self,
        connection: Any,
        table_name: str,
        schema: str | None = None,
        include_all: bool = False,
        **kw: Any,
    ) -> list[dict[str, Any]]:
        """
        Return the CHECK constraints of a table.

        Args:
            include_all: Those that say NOT NULL of a column as well.
        """
        found = self._constraints("C", connection, table_name, schema, **kw)
        return [
            {"name": self._named(name), "sqltext": rows[0][4]}
            for name, rows in found.items()
            if include_all or not _NOT_NULL.match(rows[0][4])
        ]

    # -- indexes, comments, options

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the indexes of a table, but that of its primary key."""
        target = self._known_target(connection, table_name, schema, **kw)
        own = {
            row[-1]: (kind, name)
            for kind, name, *row in self._rows("constraints", connection, target, kw.get("info_cache"))
            if row[-1]
        }
        indexes: dict[str, dict[str, Any]] = {}
        for name, *row in self._rows("indexes", connection, target, kw.get("info_cache")):
            kind, constraint = own.get(name, ("", ""))
            if kind == "P":
                continue
            if name not in indexes:
                indexes[name] = _index(self._named(name), row)
                if kind == "U":
                    indexes[name]["duplicates_constraint"] = self._named(constraint)
            self._add_column(indexes[name], *row[4:])
        return [_without_plain_expressions(index) for index in indexes.values()]

    def _add_column(self, index: dict[str, Any], name: str, descend: str, expression: str | None) -> None:
        # a descending column is kept as an expression, of which there is but its name
        plain = None if expression is None else _PLAIN_NAME.match(expression)
        if expression is not None and plain is None:
            index["column_names"].append(None)
            index["expressions"].append(expression)
            return
        column = self._named(name if plain is None else plain[1])
        index["column_names"].append(column)
        index["expressions"].append(column)
        if descend == "DESC":
            index.setdefault("column_sorting", {})[column] = ("desc",)

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the comment of a table or view."""
        target = self._known_target(connection, table_name, schema, **kw)
        for fact in ("comments", "comments of materialized views"):
            for (comment,) in self._rows(fact, connection, target, kw.get("info_cache")):
                # the server's own, until there is one
                if comment is not None and not comment.startswith("snapshot table for snapshot "):
                    return {"text": comment}
        return ReflectionDefaults.table_comment()

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return compression and tablespace of a table."""
        target = self._known_target(connection, table_name, schema, **kw)
        options: dict[str, Any] = {}
        for compression, kind, space in self._rows("options", connection, target, kw.get("info_cache")):
            if compression == "ENABLED":
                options["oracle_compress"] = kind or True
            if space:
                options["oracle_tablespace"] = self._named(space)
        return options


def _full_name(table_name: str, schema: str | None) -> str:
    return f"{schema}.{table_name}" if schema else table_name


def _resolved(target: Target, rows: Sequence[Any]) -> Target:
    """
    Return what a name stands for, if it is a synonym.
    """
    for owner, name, link in rows:
        return Target(owner or target.owner, name, link or target.link)
    return target


def _identity(generation: str, on_null: str, options: str) -> dict[str, Any]:
    """
    Return how an identity column counts: ``START WITH: 1, INCREMENT BY: 1, MAX_VALUE: 99, ...``.
    """
    said = {name.strip(): value for name, value in _OPTION.findall(options)}
    identity: dict[str, Any] = {"always": generation == "ALWAYS", "oracle_on_null": on_null == "YES"}
    for key, name in (
        ("start", "START WITH"),
        ("increment", "INCREMENT BY"),
        ("maxvalue", "MAX_VALUE"),
        ("minvalue", "MIN_VALUE"),
        ("cache", "CACHE_SIZE"),
    ):
        if name in said:
            identity[key] = int(said[name])
    for key, name in (("cycle", "CYCLE_FLAG"), ("oracle_order", "ORDER_FLAG")):
        if name in said:
            identity[key] = said[name] == "Y"
    return identity


def _index(name: str, row: Sequence[Any]) -> dict[str, Any]:
    """
    Return the description of an index, without columns.
    """
    uniqueness, kind, compression, prefix_length = row[:4]
    options: dict[str, Any] = {}
    if kind in ("BITMAP", "FUNCTION-BASED BITMAP"):
        options["oracle_bitmap"] = True
    if kind == "VECTOR":
        options["oracle_vector"] = True
    if compression == "ENABLED":
        options["oracle_compress"] = prefix_length
    return {
        "name": name,
        "column_names": [],
        "expressions": [],
        "unique": uniqueness == "UNIQUE",
        "dialect_options": options,
    }


def _without_plain_expressions(index: dict[str, Any]) -> dict[str, Any]:
    """
    Return an index that has ``expressions`` only if one is more than a column.
    """
    if None not in index["column_names"]:
        del index["expressions"]
    return index
