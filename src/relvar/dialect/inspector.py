"""
Ask a database what it holds: `Inspector`, and what dialects need to answer.

A dialect's reflection methods are decorated with `cache`: an inspector keeps the answers, so one
inspector asks each question once.  ``clear_cache()`` forgets them.
"""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from relvar import exc
from relvar.expr.text import text
from relvar.inspection import _self_inspects
from relvar.schema import (
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    Sequence,
    Table,
    UniqueConstraint,
)
from relvar.util import topological, warn
from relvar.util.topological import CycleError

__all__ = ["Inspector", "ObjectKind", "ObjectScope", "ReflectionDefaults", "cache", "flexi_cache"]

_F = TypeVar("_F", bound=Callable[..., Any])

_Key = tuple[str | None, str]


class ObjectKind(enum.Flag):
    """
    Which kinds of object a question is about.
    """

    TABLE = enum.auto()
    VIEW = enum.auto()
    MATERIALIZED_VIEW = enum.auto()
    ANY_VIEW = VIEW | MATERIALIZED_VIEW
    ANY = TABLE | VIEW | MATERIALIZED_VIEW


class ObjectScope(enum.Flag):
    """
    Whether a question is about lasting or temporary objects.
    """

    DEFAULT = enum.auto()
    TEMPORARY = enum.auto()
    ANY = DEFAULT | TEMPORARY


class ReflectionDefaults:
    """
    What is answered for a table that has nothing of a kind.
    """

    @classmethod
    def columns(cls) -> list[Any]:
        return []

    @classmethod
    def pk_constraint(cls) -> dict[str, Any]:
        return {"name": None, "constrained_columns": []}

    @classmethod
    def foreign_keys(cls) -> list[Any]:
        return []

    @classmethod
    def indexes(cls) -> list[Any]:
        return []

    @classmethod
    def unique_constraints(cls) -> list[Any]:
        return []

    @classmethod
    def check_constraints(cls) -> list[Any]:
        return []

    @classmethod
    def table_options(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def table_comment(cls) -> dict[str, Any]:
        return {"text": None}


def _cache_key(name: str, args: tuple[Any, ...], kw: dict[str, Any]) -> Any:
    return (
        name,
        tuple(a for a in args if isinstance(a, str)),
        tuple((k, _hashable(v)) for k, v in sorted(kw.items()) if k not in _NOT_IN_KEY),
    )


_NOT_IN_KEY = frozenset(("info_cache", "unreflectable"))


def _hashable(value: Any) -> Any:
    if isinstance(value, (list, set, tuple)):
        return tuple(value)
    return value


def cache(fn: _F) -> _F:
    """
    Decorate a reflection method of a dialect: keep its answers in ``info_cache``.
    """
    name = fn.__name__

    def cached(self: Any, con: Any, *args: Any, **kw: Any) -> Any:
        answers = kw.get("info_cache")
        if answers is None:
            return fn(self, con, *args, **kw)
        key = _cache_key(name, args, kw)
        try:
            return answers[key]
        except KeyError:
            pass
        except TypeError:
            # an argument that cannot be hashed: ask each time
            return fn(self, con, *args, **kw)
        answer = answers[key] = fn(self, con, *args, **kw)
        return answer

    cached.__name__ = name
    cached.__doc__ = fn.__doc__
    cached.__wrapped__ = fn  # type: ignore[attr-defined]  # the usual mark of a wrapper
    return cached  # type: ignore[return-value]  # same signature


def flexi_cache(*traverse_args: Any) -> Callable[[_F], _F]:
    """
    Return `cache` for methods whose arguments are not all strings.

    Args:
        traverse_args: Pairs (argument name, kind), for documentation of the key.
    """
    return cache


@_self_inspects
class Inspector:
    """
    What a database holds; made by ``inspect(engine)`` or ``inspect(connection)``.
    """

    bind: Any
    engine: Any
    dialect: Any
    info_cache: dict[Any, Any]
    _op_context_requires_connect: bool

    def __init__(self, bind: Any) -> None:
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
        """
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

    def get_columns(self, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """
        Return the columns of a table: dictionaries with name, type, nullable, default ...

        Raises:
            NoSuchTableError: there is no such table.
        """
        columns: list[Any] = self._ask("get_columns", table_name, schema, **kw)
        _instantiate_types(columns)
        return columns

    def get_pk_constraint(self, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
        """
        Return the primary key of a table: constrained_columns, name ...
        """
        return self._ask("get_pk_constraint", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_foreign_keys(self, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """
        Return the foreign keys of a table: constrained_columns, referred_table ...
        """
        return self._ask("get_foreign_keys", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_indexes(self, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """
        Return the indexes of a table: name, column_names, unique ...
        """
        return self._ask("get_indexes", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_unique_constraints(self, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """
        Return the unique constraints of a table: name, column_names ...
        """
        return self._ask("get_unique_constraints", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_check_constraints(self, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """
        Return the CHECK constraints of a table: name, sqltext ...
        """
        return self._ask("get_check_constraints", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_table_comment(self, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
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
        # answers may come from a generator: take them while the connection is open
        with self._operation_context() as connection:
            return dict(
                getattr(self.dialect, question)(
                    connection,
                    schema=schema,
                    filter_names=filter_names,
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
    ) -> dict[_Key, list[Any]]:
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
    ) -> dict[_Key, Any]:
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
    ) -> dict[_Key, Any]:
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
    ) -> dict[_Key, Any]:
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
    ) -> dict[_Key, Any]:
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
    ) -> dict[_Key, Any]:
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
    ) -> dict[_Key, Any]:
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
        _TableReflection(self, table, schema, include_columns, exclude_columns, resolve_fks, _extend_on).run()

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
                    **dialect_kwargs,
                )
            except exc.UnreflectableTableError as err:
                warn(f"Skipping table {name}: {err}")


def _key_of(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def _instantiate_types(columns: Iterable[dict[str, Any]]) -> None:
    for column in columns:
        if isinstance(column["type"], type):
            column["type"] = column["type"]()


class _TableReflection:
    """
    One run of ``reflect_table``.
    """

    def __init__(
        self,
        inspector: Inspector,
        table: Table,
        schema: str | None,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str],
        resolve_fks: bool,
        extend_on: set[Table] | None,
    ) -> None:
        self.inspector = inspector
        self.table = table
        self.schema = schema
        self.include = include_columns
        self.exclude = exclude_columns
        self.resolve_fks = resolve_fks
        self.extend_on = extend_on
        self.options = {
            name: table.dialect_kwargs[name]
            for name in inspector.dialect.reflection_options
            if name in table.dialect_kwargs
        }
        self.by_original_name: dict[str, Column[Any]] = {}

    def _get(self, question: str, default: Any) -> Any:
        """
        Ask about the table; *default* where the dialect cannot answer.
        """
        try:
            return getattr(self.inspector, question)(
                self.table.name, self.schema, **self.table.dialect_kwargs
            )
        except NotImplementedError:
            return default

    def run(self) -> None:
        """
        Ask the questions and complete the table.
        """
        found = False
        try:
            columns = self._get("get_columns", [])
        except exc.NoSuchTableError as err:
            raise exc.NoSuchTableError(self.table.name) from err
        for described in columns:
            found = True
            self._add_column(dict(described))
        if not found and not self.inspector.has_table(self.table.name, self.schema):
            raise exc.NoSuchTableError(self.table.name)
        self._add_primary_key()
        self._add_foreign_keys()
        self._add_indexes()
        self._add_unique_constraints()
        self._add_check_constraints()
        comment = self._get("get_table_comment", None)
        if comment and comment["text"] is not None:
            self.table.comment = comment["text"]
        options = self._get("get_table_options", None)
        if options:
            self.table._validate_dialect_kwargs(options)

    def _wants(self, name: str) -> bool:
        return name not in self.exclude and (self.include is None or name in self.include)

    def _add_column(self, described: dict[str, Any]) -> None:
        original = described["name"]
        table = self.table
        table.metadata.dispatch.column_reflect(self.inspector, table, described)
        table.dispatch.column_reflect(self.inspector, table, described)
        name = described["name"]
        if not self._wants(name):
            return
        kw: dict[str, Any] = {
            key: described[key]
            for key in (
                "nullable",
                "autoincrement",
                "quote",
                "info",
                "key",
                "comment",
            )
            if key in described
        }
        if "dialect_options" in described:
            kw.update(described["dialect_options"])
        items: list[Any] = []
        default = described.get("default")
        if default is not None:
            if isinstance(default, str):
                items.append(DefaultClause(text(default), _reflected=True))
            elif isinstance(default, FetchedValue):
                items.append(default)
            else:
                items.append(DefaultClause(default, _reflected=True))
        if "computed" in described:
            items.append(Computed(**described["computed"]))
        if "identity" in described:
            items.append(Identity(**described["identity"]))
        if "sequence" in described:
            sequence = described["sequence"]
            made = Sequence(sequence["name"], 1, 1)
            items.append(made)
        replaced = next((c for c in table.c if c.name == name), None)
        if replaced is not None and replaced.primary_key:
            # the key is loaded next; until then the column stays in it
            kw["primary_key"] = True
        column: Column[Any] = Column(name, described["type"], *items, **kw)
        self.by_original_name[original] = column
        table.append_column(column, replace_existing=True)

    def _add_primary_key(self) -> None:
        described = self._get("get_pk_constraint", None)
        if not described:
            return
        columns = [
            self.by_original_name[name]
            for name in described["constrained_columns"]
            if name in self.by_original_name and name not in self.exclude
        ]
        key = self.table.primary_key
        key.name = key._given_name = described.get("name")
        if described.get("comment"):
            key.comment = described["comment"]
        for option, value in (described.get("dialect_options") or {}).items():
            key.dialect_kwargs[option] = value
        if columns:
            key._reload(columns)

    def _keys_of(self, names: Iterable[str]) -> list[str]:
        return [self.by_original_name[name].key if name in self.by_original_name else name for name in names]

    def _add_foreign_keys(self) -> None:
        for described in self._get("get_foreign_keys", []):
            names = described["constrained_columns"]
            if not all(self._wants(name) for name in names):
                continue
            referred_schema = described["referred_schema"]
            referred = described["referred_table"]
            columns = described["referred_columns"]
            if self.resolve_fks:
                Table(
                    referred,
                    self.table.metadata,
                    schema=referred_schema,
                    autoload_with=self.inspector,
                    _extend_on=self.extend_on,
                    **self.options,
                )
            target = referred if referred_schema is None else f"{referred_schema}.{referred}"
            self.table.append_constraint(
                ForeignKeyConstraint(
                    self._keys_of(names),
                    [f"{target}.{column}" for column in columns],
                    described["name"],
                    link_to_name=True,
                    comment=described.get("comment"),
                    **described.get("options", {}),
                )
            )

    def _add_indexes(self) -> None:
        for described in self._get("get_indexes", []):
            if described.get("duplicates_constraint"):
                continue
            names = described["column_names"]
            if not all(name is None or self._wants(name) for name in names):
                continue
            expressions = described.get("expressions") or names
            sorting = described.get("column_sorting", {})
            elements: list[Any] = []
            for name, expression in zip(names, expressions):
                element: Any
                if name is None:
                    element = text(expression)
                elif name in self.by_original_name:
                    element = self.by_original_name[name]
                elif name in self.table.c:
                    element = self.table.c[name]
                else:
                    warn(f"index key '{name}' was not located in columns for table '{self.table.name}'")
                    continue
                for order in sorting.get(expression if name is None else name, ()):
                    element = getattr(element, _ORDERS[order])()
                elements.append(element)
            if elements or not names:
                Index(
                    described["name"],
                    *elements,
                    _table=self.table,
                    unique=bool(described["unique"]),
                    **(described.get("dialect_options") or {}),
                )

    def _add_unique_constraints(self) -> None:
        for described in self._get("get_unique_constraints", []):
            if described.get("duplicates_index"):
                continue
            names = described["column_names"]
            if not all(self._wants(name) for name in names):
                continue
            self.table.append_constraint(
                UniqueConstraint(
                    *self._keys_of(names),
                    name=described["name"],
                    comment=described.get("comment"),
                    **(described.get("dialect_options") or {}),
                )
            )

    def _add_check_constraints(self) -> None:
        for described in self._get("get_check_constraints", []):
            self.table.append_constraint(
                CheckConstraint(
                    described["sqltext"],
                    name=described["name"],
                    comment=described.get("comment"),
                    **(described.get("dialect_options") or {}),
                )
            )


_ORDERS = {
    "asc": "asc",
    "desc": "desc",
    "nulls_first": "nulls_first",
    "nulls_last": "nulls_last",
}
