"""
Ask a database what it holds: `Inspector`.

A dialect's reflection methods are decorated with `cache`: an inspector keeps the answers, so one
inspector asks each question once.  ``clear_cache()`` forgets them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.dialect.answers import ObjectKind, ObjectScope, ReflectionDefaults
from relvar.dialect.gather import Gathered
from relvar.dialect.load_table import TableReflection
from relvar.inspection import _self_inspects
from relvar.schema import MetaData, Table
from relvar.util import topological, warn, warn_deprecated
from relvar.util.topological import CycleError

if TYPE_CHECKING:
    from relvar.dialect.reflected import (
        ReflectedCheckConstraint,
        ReflectedColumn,
        ReflectedForeignKeyConstraint,
        ReflectedIndex,
        ReflectedPrimaryKeyConstraint,
        ReflectedTableComment,
        ReflectedUniqueConstraint,
    )

__all__ = ["Inspector"]

_Key = tuple[str | None, str]


@_self_inspects
class Inspector:
    """
    What a database holds; made by ``inspect(engine)`` or ``inspect(connection)``.

    >>> from relvar import create_engine, inspect, text
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER, name VARCHAR(50) NOT NULL)"))
    >>> [(column["name"], column["nullable"]) for column in inspect(engine).get_columns("users")]
    [('id', True), ('name', False)]
    """

    bind: Any
    engine: Any
    dialect: Any
    info_cache: dict[Any, Any]
    _op_context_requires_connect: bool

    def __init__(self, bind: Any) -> None:
        _warn_to_inspect("__init__")
        self._init_legacy(bind)

    def _init_legacy(self, bind: Any) -> None:
        if hasattr(bind, "exec_driver_sql"):
            self._init_connection(bind)
        else:
            self._init_engine(bind)

    @classmethod
    def _construct(cls, init: Callable[..., Any], bind: Any) -> Inspector:
        chosen = getattr(bind.dialect, "inspector", None) or cls
        self: Inspector = chosen.__new__(chosen)
        init(self, bind)
        return self

    def _init_engine(self, engine: Any) -> None:
        self.bind = self.engine = engine
        # the dialect learns the server's version on the first connection
        engine.connect().close()
        self._op_context_requires_connect = True
        self.dialect = engine.dialect
        self.info_cache = {}

    def _init_connection(self, connection: Any) -> None:
        self.bind = connection
        self.engine = connection.engine
        self._op_context_requires_connect = False
        self.dialect = connection.dialect
        self.info_cache = {}

    def clear_cache(self) -> None:
        """
        Forget the answers so far.
        """
        self.info_cache.clear()

    @classmethod
    def from_engine(cls, bind: Any) -> Inspector:
        """
        Return an inspector for an Engine or Connection; ``inspect(bind)`` does the same.
        """
        _warn_to_inspect("from_engine")
        return cls._construct(cls._init_legacy, bind)

    @contextlib.contextmanager
    def _operation_context(self) -> Iterator[Any]:
        """
        Give a connection for one question.
        """
        if self._op_context_requires_connect:
            with self.bind.connect() as connection:
                yield connection
        else:
            yield self.bind

    @contextlib.contextmanager
    def _inspection_context(self) -> Iterator[Inspector]:
        """
        Give an inspector that keeps one connection; it shares this one's answers.
        """
        with self._operation_context() as connection:
            made = type(self)._construct(type(self)._init_connection, connection)
            made.info_cache = self.info_cache
            yield made

    def _ask(self, question: str, *args: Any, **kw: Any) -> Any:
        with self._operation_context() as connection:
            return getattr(self.dialect, question)(connection, *args, info_cache=self.info_cache, **kw)

    @property
    def default_schema_name(self) -> str | None:
        """
        The schema that is meant when none is named.
        """
        return self.dialect.default_schema_name  # type: ignore[no-any-return]  # a name or None

    # -- names

    def get_schema_names(self, **kw: Any) -> list[str]:
        """
        Return the names of the schemas.
        """
        return self._ask("get_schema_names", **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_table_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the tables of a schema.
        """
        return self._ask("get_table_names", schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_temp_table_names(self, **kw: Any) -> list[str]:
        """
        Return the names of the temporary tables.
        """
        return self._ask("get_temp_table_names", **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_temp_view_names(self, **kw: Any) -> list[str]:
        """
        Return the names of the temporary views.
        """
        return self._ask("get_temp_view_names", **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_view_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the views, materialized ones aside.
        """
        return self._ask("get_view_names", schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_materialized_view_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the materialized views.
        """
        return self._ask("get_materialized_view_names", schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_sequence_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the sequences.
        """
        return self._ask("get_sequence_names", schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def has_table(self, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name.
        """
        return bool(self._ask("has_table", table_name, schema, **kw))

    def has_multi_table(
        self, table_names: Collection[str], schema: str | None = None, **kw: Any
    ) -> dict[_Key, bool]:
        """
        Tell of each name whether there is a table or view of that name.

        Raises:
            ArgumentError: *table_names* is one string.
        """
        _check_names("table_names", table_names)
        return dict(self._ask("has_multi_table", list(table_names), schema, **kw))

    def has_sequence(self, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a sequence of that name.
        """
        return bool(self._ask("has_sequence", sequence_name, schema, **kw))

    def has_index(self, table_name: str, index_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether a table has an index of that name.
        """
        return bool(self._ask("has_index", table_name, index_name, schema, **kw))

    def has_schema(self, schema_name: str, **kw: Any) -> bool:
        """
        Tell whether there is a schema of that name.
        """
        return bool(self._ask("has_schema", schema_name, **kw))

    # -- one table

    def get_view_definition(self, view_name: str, schema: str | None = None, **kw: Any) -> str:
        """
        Return the SQL that defines a view.
        """
        return str(self._ask("get_view_definition", view_name, schema, **kw))

    def get_columns(self, table_name: str, schema: str | None = None, **kw: Any) -> list[ReflectedColumn]:
        """
        Return the columns of a table: dictionaries with name, type, nullable, default ...

        Raises:
            NoSuchTableError: there is no such table.
        """
        columns: list[Any] = self._ask("get_columns", table_name, schema, **kw)
        _instantiate_types(columns)
        return columns

    def get_pk_constraint(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> ReflectedPrimaryKeyConstraint:
        """
        Return the primary key of a table: constrained_columns, name ...
        """
        return self._ask("get_pk_constraint", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_foreign_keys(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedForeignKeyConstraint]:
        """
        Return the foreign keys of a table: constrained_columns, referred_table ...
        """
        return self._ask("get_foreign_keys", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_indexes(self, table_name: str, schema: str | None = None, **kw: Any) -> list[ReflectedIndex]:
        """
        Return the indexes of a table: name, column_names, unique ...
        """
        return self._ask("get_indexes", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_unique_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedUniqueConstraint]:
        """
        Return the unique constraints of a table: name, column_names ...
        """
        return self._ask("get_unique_constraints", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_check_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedCheckConstraint]:
        """
        Return the CHECK constraints of a table: name, sqltext ...
        """
        return self._ask("get_check_constraints", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_table_comment(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> ReflectedTableComment:
        """
        Return the comment of a table, as ``{"text": ...}``.
        """
        return self._ask("get_table_comment", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_table_options(self, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
        """
        Return the dialect's own options of a table.
        """
        try:
            return self._ask("get_table_options", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect
        except NotImplementedError:
            return ReflectionDefaults.table_options()

    # -- many tables

    def _ask_multi(
        self,
        question: str,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
        kw: dict[str, Any],
    ) -> dict[_Key, Any]:
        _check_choice(filter_names, kind, scope)
        # answers may come from a generator: take them while the connection is open
        with self._operation_context() as connection:
            return dict(
                getattr(self.dialect, question)(
                    connection,
                    schema=schema,
                    filter_names=filter_names or None,
                    kind=kind,
                    scope=scope,
                    info_cache=self.info_cache,
                    **kw,
                )
            )

    def get_multi_columns(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[ReflectedColumn]]:
        """
        Return the columns of many tables, by ``(schema, table name)``.
        """
        found = self._ask_multi("get_multi_columns", schema, filter_names, kind, scope, kw)
        for columns in found.values():
            _instantiate_types(columns)
        return found

    def get_multi_pk_constraint(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, ReflectedPrimaryKeyConstraint]:
        """
        Return the primary keys of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_pk_constraint", schema, filter_names, kind, scope, kw)

    def get_multi_foreign_keys(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[ReflectedForeignKeyConstraint]]:
        """
        Return the foreign keys of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_foreign_keys", schema, filter_names, kind, scope, kw)

    def get_multi_indexes(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[ReflectedIndex]]:
        """
        Return the indexes of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_indexes", schema, filter_names, kind, scope, kw)

    def get_multi_unique_constraints(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[ReflectedUniqueConstraint]]:
        """
        Return the unique constraints of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_unique_constraints", schema, filter_names, kind, scope, kw)

    def get_multi_check_constraints(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[ReflectedCheckConstraint]]:
        """
        Return the CHECK constraints of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_check_constraints", schema, filter_names, kind, scope, kw)

    def get_multi_table_comment(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, ReflectedTableComment]:
        """
        Return the comments of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_table_comment", schema, filter_names, kind, scope, kw)

    def get_multi_table_options(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, Any]:
        """
        Return the options of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_table_options", schema, filter_names, kind, scope, kw)

    # -- order

    def sort_tables_on_foreign_key_dependency(
        self, consider_schemas: Collection[str | None] = (None,), **kw: Any
    ) -> list[tuple[_Key | None, list[tuple[_Key, str | None]]]]:
        """
        Return ``((schema, table), [(table, foreign key name)])`` in order of dependency.

        The last pair has None for its table, and the foreign keys that form cycles.
        """
        names: list[_Key] = []
        edges: set[tuple[_Key, _Key]] = set()
        named: dict[_Key, list[tuple[_Key, str | None]]] = {}
        by_edge: dict[tuple[_Key, _Key], list[str | None]] = {}
        for schema in consider_schemas:
            multi = self.get_multi_foreign_keys(schema, **kw)
            for key in sorted(
                ((schema, name) for name in self.get_table_names(schema, **kw)),
                key=lambda k: k[1],
            ):
                names.append(key)
                named[key] = []
                for fk in multi.get(key, ()):
                    target = (fk["referred_schema"], fk["referred_table"])
                    named[key].append((key, fk["name"]))
                    if target != key:
                        edges.add((target, key))
                        by_edge.setdefault((target, key), []).append(fk["name"])
        aside: list[tuple[_Key, str | None]] = []
        try:
            ordered = list(topological.sort(edges, names))
        except CycleError as err:
            for edge in err.edges:
                edges.discard(edge)
                for name in by_edge.get(edge, ()):
                    entry = (edge[1], name)
                    aside.append(entry)
                    named[edge[1]].remove(entry)
            ordered = list(topological.sort(edges, names))
        result: list[tuple[_Key | None, list[tuple[_Key, str | None]]]] = [
            (key, named[key]) for key in ordered
        ]
        return [*result, (None, aside)]

    def get_sorted_table_and_fkc_names(
        self, schema: str | None = None, **kw: Any
    ) -> list[tuple[str | None, list[tuple[str, str | None]]]]:
        """
        Return table names in order of dependency, with the names of their foreign keys.

        The last pair has None for its table, and the foreign keys that form cycles.
        """
        return [
            (
                None if key is None else key[1],
                [(table[1], name) for table, name in keys],
            )
            for key, keys in self.sort_tables_on_foreign_key_dependency(consider_schemas=(schema,))
        ]

    # -- into Table objects

    def reflect_table(
        self,
        table: Table,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str] = (),
        resolve_fks: bool = True,
        _extend_on: set[Table] | None = None,
        _reflect_info: Any = None,
    ) -> None:
        """
        Complete *table* by what the database says of it.

        Args:
            include_columns: Only these.
            exclude_columns: Not these.
            resolve_fks: Also load the tables referred to.

        Raises:
            NoSuchTableError: the database has no such table.
        """
        if _extend_on is not None:
            if table in _extend_on:
                return
            _extend_on.add(table)
        with self._operation_context() as connection:
            schema = connection.schema_for_object(table)
        TableReflection(
            self,
            table,
            schema,
            include_columns,
            exclude_columns,
            resolve_fks,
            _extend_on,
            _reflect_info,
        ).run()

    def reflect_metadata(
        self,
        metadata: MetaData,
        schema: str | None = None,
        views: bool = False,
        only: Any = None,
        extend_existing: bool = False,
        autoload_replace: bool = True,
        resolve_fks: bool = True,
        **dialect_kwargs: Any,
    ) -> None:
        """
        Load tables into *metadata*; see `MetaData.reflect`.

        Raises:
            InvalidRequestError: a name in *only* is not in the database.
        """
        available = list(dict.fromkeys(self.get_table_names(schema)))
        if views:
            available += self.get_view_names(schema)
            with contextlib.suppress(NotImplementedError):
                available += self.get_materialized_view_names(schema)
        if only is None:
            load = [
                name for name in available if extend_existing or _key_of(name, schema) not in metadata.tables
            ]
        elif callable(only):
            load = [
                name
                for name in available
                if (extend_existing or _key_of(name, schema) not in metadata.tables) and only(name, metadata)
            ]
        else:
            missing = [name for name in only if name not in available]
            if missing:
                where = f" schema '{schema}'" if schema else ""
                raise exc.InvalidRequestError(
                    "Could not reflect: requested table(s) not available in "
                    f"{self.engine!r}{where}: ({', '.join(missing)})"
                )
            load = [name for name in only if extend_existing or _key_of(name, schema) not in metadata.tables]
        extend_on: set[Table] = set()
        gathered = Gathered(self, dialect_kwargs)
        gathered.gather(schema, load)
        for name in load:
            try:
                Table(
                    name,
                    metadata,
                    schema=schema,
                    autoload_with=self,
                    extend_existing=extend_existing,
                    autoload_replace=autoload_replace,
                    resolve_fks=resolve_fks,
                    _extend_on=extend_on,
                    _reflect_info=gathered,
                    **dialect_kwargs,
                )
            except exc.UnreflectableTableError as err:
                warn(f"Skipping table {name}: {err}")


def _key_of(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def _warn_to_inspect(method: str) -> None:
    warn_deprecated(
        f"The {method}() method on Inspector is deprecated and will be removed in a future release.  "
        "Please use the relvar.inspect() function on an Engine or Connection in order to acquire an "
        "Inspector. (deprecated since: 1.4)",
        "1.4",
    )


def _check_names(argument: str, names: Collection[str] | None) -> None:
    if isinstance(names, str):
        raise exc.ArgumentError(f"{argument} takes a collection of names, got the string {names!r}")


def _check_choice(filter_names: Collection[str] | None, kind: ObjectKind, scope: ObjectScope) -> None:
    """
    Raises:
        ArgumentError: an argument of a question about many tables is of another type.
    """
    _check_names("filter_names", filter_names)
    if not isinstance(kind, ObjectKind):
        raise exc.ArgumentError(f"kind takes an ObjectKind, such as ObjectKind.TABLE, got {kind!r}")
    if not isinstance(scope, ObjectScope):
        raise exc.ArgumentError(f"scope takes an ObjectScope, such as ObjectScope.DEFAULT, got {scope!r}")


def _instantiate_types(columns: Iterable[dict[str, Any]]) -> None:
    for column in columns:
        if isinstance(column["type"], type):
            column["type"] = column["type"]()
