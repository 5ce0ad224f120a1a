"""
What SQL Server's catalogs tell about tables: one query per kind of fact, for however many tables.

There was no server where the queries were written.  They are run on H2, over views that have the columns,
types and rows that Microsoft documents (``tests/dialects/mssql/test_bulk_reflection.py``).

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/object-catalog-views-transact-sql
(a page per view: ``sys-columns-transact-sql``, ``sys-indexes-transact-sql`` and so on)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from relvar.dialect.answers import ObjectKind, ObjectScope, ReflectionDefaults, cache
from relvar.dialects.mssql.catalog import Catalog, no_such_table
from relvar.dialects.mssql.catalog_types import reflected_type

__all__ = ["MSReflection"]

# sys.indexes.type
_CLUSTERED, _CLUSTERED_COLUMNSTORE, _COLUMNSTORE = 1, 5, 6
# CREATE INDEX makes no others: XML, spatial and hash indexes have statements of their own
_PLAIN_INDEXES = "1, 2, 5, 6"

# seeds and comments are SQL_VARIANT, which ODBC drivers do not give
_COLUMNS = (
    "c.name, t.name, b.name, c.max_length, c.[precision], c.scale, c.collation_name, c.is_nullable, "
    "d.[definition], k.[definition], k.is_persisted, CAST(i.seed_value AS NUMERIC(38, 0)), "
    "CAST(i.increment_value AS NUMERIC(38, 0)), c.is_identity, "
    "c.is_filestream, c.is_sparse, CAST(e.value AS NVARCHAR(max))"
)
_COLUMN_JOINS = (
    "LEFT JOIN {p}sys.columns AS c ON c.object_id = o.object_id "
    # the type itself, and of a type that users made the one it is made of
    "LEFT JOIN {p}sys.types AS t ON t.user_type_id = c.user_type_id "
    "LEFT JOIN {p}sys.types AS b ON b.user_type_id = c.system_type_id "
    "LEFT JOIN {p}sys.default_constraints AS d ON d.object_id = c.default_object_id "
    "LEFT JOIN {p}sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id "
    "LEFT JOIN {p}sys.identity_columns AS i ON i.object_id = c.object_id AND i.column_id = c.column_id "
    "LEFT JOIN {p}sys.extended_properties AS e ON e.class = 1 AND e.major_id = c.object_id "
    "AND e.minor_id = c.column_id AND e.name = 'MS_Description'"
)

_KEY_JOINS = (
    "LEFT JOIN {p}sys.key_constraints AS k ON k.parent_object_id = o.object_id AND k.type = '{letters}' "
    "LEFT JOIN {p}sys.indexes AS i ON i.object_id = k.parent_object_id AND i.index_id = k.unique_index_id "
    "LEFT JOIN {p}sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id "
    "AND x.key_ordinal > 0 "
    "LEFT JOIN {p}sys.columns AS c ON c.object_id = x.object_id AND c.column_id = x.column_id"
)

_INDEX_COLUMNS = (
    "i.name, i.type, i.is_unique, i.is_unique_constraint, i.filter_definition, c.name, x.is_descending_key, "
    "x.is_included_column"
)
_INDEX_JOINS = (
    "LEFT JOIN {p}sys.indexes AS i ON i.object_id = o.object_id AND i.is_primary_key = 0 "
    f"AND i.is_hypothetical = 0 AND i.type IN ({_PLAIN_INDEXES}) "
    "LEFT JOIN {p}sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id "
    "LEFT JOIN {p}sys.columns AS c ON c.object_id = x.object_id AND c.column_id = x.column_id"
)

_FOREIGN_KEY_COLUMNS = (
    "f.name, c.name, rs.name, r.name, rc.name, f.delete_referential_action_desc, "
    "f.update_referential_action_desc"
)
_FOREIGN_KEY_JOINS = (
    "LEFT JOIN {p}sys.foreign_keys AS f ON f.parent_object_id = o.object_id "
    "LEFT JOIN {p}sys.foreign_key_columns AS x ON x.constraint_object_id = f.object_id "
    "LEFT JOIN {p}sys.columns AS c ON c.object_id = x.parent_object_id AND c.column_id = x.parent_column_id "
    "LEFT JOIN {p}sys.objects AS r ON r.object_id = x.referenced_object_id "
    "LEFT JOIN {p}sys.schemas AS rs ON rs.schema_id = r.schema_id "
    "LEFT JOIN {p}sys.columns AS rc ON rc.object_id = x.referenced_object_id "
    "AND rc.column_id = x.referenced_column_id"
)


class MSReflection(Catalog):
    """
    The reflection methods of SQL Server's dialect.
    """

    ischema_names: dict[str, Any]
    server_version_info: Any

    def _of_one(
        self, of_many: Callable[..., Any], connection: Any, table_name: str, schema: str | None, **kw: Any
    ) -> Any:
        """
        Return what a question for many tables answers for one.

        Raises:
            NoSuchTableError: There is none.
        """
        answers = of_many(
            connection,
            schema=schema,
            filter_names=[table_name],
            scope=ObjectScope.ANY,
            kind=ObjectKind.ANY,
            **kw,
        )
        found = dict(answers)
        if (schema, table_name) in found:
            return found[(schema, table_name)]
        if len(found) == 1:
            # under a name that differs in upper and lower case
            return next(iter(found.values()))
        raise no_such_table(table_name, schema)

    # -- columns

    @cache
    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """
        Return the columns of a table.
        """
        return self._of_one(self.get_multi_columns, connection, table_name, schema, **kw)

    def get_multi_columns(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the columns of many tables.
        """
        for name, rows in self._facts(
            connection, schema, filter_names, scope, kind, _COLUMNS, _COLUMN_JOINS, ", c.column_id"
        ):
            yield (schema, name), [self._column(row) for row in rows]

    def _column(self, row: Any) -> dict[str, Any]:
        (_, name, type_name, base_name, length, precision, scale, collation, nullable, *rest) = row
        (default, computed, persisted, seed, increment, is_identity, is_filestream, is_sparse, comment) = rest
        type_ = reflected_type(
            self.ischema_names,
            name,
            # of a type that users made, the one it is made of; of types of the CLR there is none
            type_name if type_name in self.ischema_names else base_name or type_name,
            length,
            precision,
            scale,
            collation,
            bool(is_filestream),
        )
        described: dict[str, Any] = {
            "name": name,
            "type": type_,
            "nullable": bool(nullable),
            "default": default,
            "autoincrement": bool(is_identity),
            "comment": comment,
        }
        if computed is not None:
            described["computed"] = {"sqltext": computed, "persisted": bool(persisted)}
        if is_identity:
            described["identity"] = {"start": int(seed), "increment": int(increment)}
        if is_sparse:
            described["dialect_options"] = {"mssql_sparse": True}
        return described

    # -- keys

    def _keys(
        self,
        connection: Any,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
        letters: str,
    ) -> Any:
        """
        Yield each relation's name with its keys: name, columns in order, whether it is clustered, comment.
        """
        comment = (
            " LEFT JOIN {p}sys.extended_properties AS e ON e.class = 1 AND e.major_id = k.object_id "
            "AND e.minor_id = 0 AND e.name = 'MS_Description'"
        )
        for name, rows in self._facts(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "k.name, c.name, i.type, CAST(e.value AS NVARCHAR(max))",
            _KEY_JOINS.replace("{letters}", letters) + comment,
            ", k.name, x.key_ordinal",
        ):
            keys: dict[str, tuple[list[str], bool, str | None]] = {}
            for _, key, column, type_, text in rows:
                keys.setdefault(key, ([], type_ == _CLUSTERED, text))[0].append(column)
            yield name, keys

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the primary key of a table.
        """
        return self._of_one(self.get_multi_pk_constraint, connection, table_name, schema, **kw)

    def get_multi_pk_constraint(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the primary keys of many tables.
        """
        for name, keys in self._keys(connection, schema, filter_names, scope, kind, "PK"):
            described = ReflectionDefaults.pk_constraint()
            for key, (columns, clustered, comment) in keys.items():
                described = {
                    "name": key,
                    "constrained_columns": columns,
                    "comment": comment,
                    "dialect_options": {"mssql_clustered": clustered},
                }
            yield (schema, name), described

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the unique constraints of a table.
        """
        return self._of_one(self.get_multi_unique_constraints, connection, table_name, schema, **kw)

    def get_multi_unique_constraints(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the unique constraints of many tables.
        """
        for name, keys in self._keys(connection, schema, filter_names, scope, kind, "UQ"):
            yield (
                (schema, name),
                [
                    {
                        "name": key,
                        "column_names": columns,
                        "comment": comment,
                        "dialect_options": {"mssql_clustered": clustered},
                    }
                    for key, (columns, clustered, comment) in keys.items()
                ],
            )

    @cache
    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """
        Return the foreign keys of a table.
        """
        return self._of_one(self.get_multi_foreign_keys, connection, table_name, schema, **kw)

    def get_multi_foreign_keys(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the foreign keys of many tables.
        """
        for name, rows in self._facts(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            _FOREIGN_KEY_COLUMNS,
            _FOREIGN_KEY_JOINS,
            ", f.name, x.constraint_column_id",
        ):
            keys: dict[str, dict[str, Any]] = {}
            for _, key, column, referred_schema, referred_table, referred, on_delete, on_update in rows:
                described = keys.setdefault(
                    key,
                    {
                        "name": key,
                        "constrained_columns": [],
                        "referred_schema": self._referred_schema(schema, referred_schema),
                        "referred_table": referred_table,
                        "referred_columns": [],
                        "options": _actions(on_delete, on_update),
                    },
                )
                described["constrained_columns"].append(column)
                described["referred_columns"].append(referred)
            yield (schema, name), list(keys.values())

    def _referred_schema(self, schema: str | None, referred: str) -> str | None:
        """
        Return the schema of a table that is referred to, as the program would name it.

        A foreign key stays within its database, so the name of that is the table's own.
        """
        if schema is None:
            return None if referred == (self.default_schema_name or self.schema_name) else referred
        database, _, _ = schema.rpartition(".")
        return f"{database}.{referred}" if database else referred

    # -- indexes

    @cache
    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """
        Return the indexes of a table, but for that of the primary key.
        """
        return self._of_one(self.get_multi_indexes, connection, table_name, schema, **kw)

    def get_multi_indexes(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the indexes of many tables.
        """
        for name, rows in self._facts(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            _INDEX_COLUMNS,
            _INDEX_JOINS,
            ", i.name, x.key_ordinal, x.index_column_id",
        ):
            of_index: dict[str, list[Any]] = {}
            for row in rows:
                of_index.setdefault(row[1], []).append(row)
            yield (schema, name), [_index(index, found) for index, found in of_index.items()]

    # -- checks, comments, options

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the CHECK constraints of a table.
        """
        return self._of_one(self.get_multi_check_constraints, connection, table_name, schema, **kw)

    def get_multi_check_constraints(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the CHECK constraints of many tables.
        """
        for name, rows in self._facts(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "k.name, k.[definition]",
            "LEFT JOIN {p}sys.check_constraints AS k ON k.parent_object_id = o.object_id",
            ", k.name",
        ):
            yield (schema, name), [{"name": key, "sqltext": _bare(text)} for _, key, text in rows]

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the comment of a table.
        """
        return self._of_one(self.get_multi_table_comment, connection, table_name, schema, **kw)

    def get_multi_table_comment(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the comments of many tables.

        Raises:
            NotImplementedError: The server keeps none.
        """
        if not getattr(self, "supports_comments", True):
            raise NotImplementedError("Can't get table comments on current SQL Server version in use")
        for name, rows in self._facts(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "CAST(e.value AS NVARCHAR(max))",
            "LEFT JOIN {p}sys.extended_properties AS e ON e.class = 1 AND e.major_id = o.object_id "
            "AND e.minor_id = 0 AND e.name = 'MS_Description'",
            "",
        ):
            yield (schema, name), {"text": rows[0][1]} if rows else ReflectionDefaults.table_comment()

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the options of a table, as `Table` takes them.
        """
        return self._of_one(self.get_multi_table_options, connection, table_name, schema, **kw)

    def get_multi_table_options(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the options of many tables: memory-optimised ones (2014), temporal ones (2016).
        """
        version = self.server_version_info or ()
        memory = "t.is_memory_optimized, t.durability_desc" if version >= (12,) else "0, NULL"
        joins = "LEFT JOIN {p}sys.tables AS t ON t.object_id = o.object_id"
        temporal = "NULL, NULL, NULL, NULL"
        if version >= (13,):
            temporal = "hs.name, h.name, pb.name, pe.name"
            joins += (
                " LEFT JOIN {p}sys.tables AS h ON h.object_id = t.history_table_id "
                "LEFT JOIN {p}sys.schemas AS hs ON hs.schema_id = h.schema_id "
                "LEFT JOIN {p}sys.periods AS r ON r.object_id = t.object_id "
                "LEFT JOIN {p}sys.columns AS pb ON pb.object_id = r.object_id "
                "AND pb.column_id = r.start_column_id "
                "LEFT JOIN {p}sys.columns AS pe ON pe.object_id = r.object_id "
                "AND pe.column_id = r.end_column_id"
            )
        for name, rows in self._facts(
            connection, schema, filter_names, scope, kind, f"t.object_id, {memory}, {temporal}", joins, ""
        ):
            options: dict[str, Any] = {}
            for _, _, is_in_memory, durability, history_schema, history, begin, end in rows:
                if is_in_memory:
                    options["mssql_memory_optimized"] = True
                    options["mssql_durability"] = durability
                if begin is not None:
                    options["mssql_period"] = (begin, end)
                if history is not None:
                    options["mssql_system_versioning"] = f"{history_schema}.{history}"
            yield (schema, name), options


def _actions(on_delete: str, on_update: str) -> dict[str, str]:
    """
    Return what is not the usual of ``NO_ACTION``, ``CASCADE``, ``SET_NULL`` and ``SET_DEFAULT``.
    """
    actions = {"ondelete": on_delete, "onupdate": on_update}
    return {name: action.replace("_", " ") for name, action in actions.items() if action != "NO_ACTION"}


def _index(name: str, rows: list[Any]) -> dict[str, Any]:
    _, _, type_, is_unique, is_constraint, condition, *_ = rows[0]
    is_columnstore = type_ in (_CLUSTERED_COLUMNSTORE, _COLUMNSTORE)
    is_clustered = type_ in (_CLUSTERED, _CLUSTERED_COLUMNSTORE)
    keys: list[str] = []
    included: list[str] = []
    descending: dict[str, tuple[str, ...]] = {}
    for *_, column, is_descending, is_included in rows:
        if column is None:
            continue
        # the columns of a columnstore index are "included"; a clustered one is over all
        if is_columnstore:
            if not is_clustered:
                keys.append(column)
        elif is_included:
            included.append(column)
        else:
            keys.append(column)
            if is_descending:
                descending[column] = ("desc",)
    options: dict[str, Any] = {"mssql_clustered": is_clustered, "mssql_include": included}
    if is_columnstore:
        options["mssql_columnstore"] = True
    if condition is not None:
        options["mssql_where"] = condition
    described: dict[str, Any] = {
        "name": name,
        "unique": bool(is_unique),
        "column_names": keys,
        "include_columns": included,
        "dialect_options": options,
    }
    if descending:
        described["column_sorting"] = descending
    if is_constraint:
        described["duplicates_constraint"] = name
    return described


def _bare(condition: str) -> str:
    """
    Take the parentheses off a condition that the server puts around it.

    >>> _bare("([a]>(0))"), _bare("([a]>(0)) OR ([b]>(0))")
    ('[a]>(0)', '([a]>(0)) OR ([b]>(0))')
    """
    depth = 0
    for place, char in enumerate(condition):
        depth += (char == "(") - (char == ")")
        if depth == 0 and place < len(condition) - 1:
            return condition
    return condition[1:-1] if condition.startswith("(") else condition
