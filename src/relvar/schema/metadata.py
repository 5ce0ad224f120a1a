"""
A collection of tables that belong together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr.names import quoted_name
from relvar.inspection import _self_inspects, inspect
from relvar.schema.base import HasSchemaAttr, SchemaVisitable, table_key
from relvar.schema.ddl import CheckFirst
from relvar.schema.emit import SchemaDropper, SchemaGenerator, run_ddl
from relvar.schema.sort import sort_tables
from relvar.schema.typeddl import listen_for_type
from relvar.types import NO_ARG
from relvar.util import immutabledict
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.schema.foreignkey import ForeignKey
    from relvar.schema.sequence import Sequence as SchemaSequence
    from relvar.schema.table import Table

__all__ = ["DEFAULT_NAMING_CONVENTION", "MetaData"]

_O = TypeVar("_O")

DEFAULT_NAMING_CONVENTION: immutabledict[Any, Any] = immutabledict({"ix": "ix_%(column_0_label)s"})

_CONVENTION_KEYS = ("ix", "uq", "ck", "fk", "pk")


_K = TypeVar("_K", default=str)
_V = TypeVar("_V", default=Any)


class FacadeDict(immutabledict[_K, _V]):
    """
    A dictionary that only its owner writes to.
    """

    def __missing__(self, key: Any) -> Any:
        raise KeyError(f"There is no {key!r}; there are {', '.join(map(repr, self)) or 'none'}")

    def _insert_item(self, key: str, value: Any) -> None:
        dict.__setitem__(self, key, value)  # type: ignore[misc]  # as an owner may

    def _pop_item(self, key: str) -> Any:
        return dict.pop(self, key, None)  # type: ignore[misc]  # as an owner may

    def _clear_items(self) -> None:
        dict.clear(self)

    def __repr__(self) -> str:
        return f"FacadeDict({dict.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return FacadeDict, (dict(self),)


@_self_inspects
class MetaData(HasSchemaAttr, SchemaVisitable):
    """
    A collection of `Table` objects and what else is created with them.

    Args:
        schema: The schema of tables, sequences and types that name none.
        naming_convention: Names for constraints and indexes without one; keys are "ix", "uq",
            "ck", "fk", "pk" or classes.
        info: The application's own data.

    >>> from relvar import Column, MetaData, Table, UniqueConstraint
    >>> metadata = MetaData(schema="app", naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
    >>> users = Table("users", metadata, Column("name"), UniqueConstraint("name"))
    >>> list(metadata.tables)
    ['app.users']
    >>> next(c.name for c in users.constraints if isinstance(c, UniqueConstraint))
    'uq_users_name'
    """

    __visit_name__ = "metadata"

    def __init__(
        self,
        schema: str | None = None,
        quote_schema: bool | None = None,
        naming_convention: Mapping[Any, Any] | None = None,
        info: dict[Any, Any] | None = None,
    ) -> None:
        if schema is not None and not isinstance(schema, str):
            raise exc.ArgumentError(f"expected schema argument to be a string, got {type(schema)}.")
        if naming_convention is not None and not isinstance(naming_convention, Mapping):
            raise exc.ArgumentError(f"naming_convention must be a dictionary, got {naming_convention!r}")
        for key, value in (naming_convention or {}).items():
            if isinstance(key, str) and key not in _CONVENTION_KEYS and not callable(value):
                exc.report_loss(
                    f"A naming convention has no use for the key {key!r}: it is neither a kind of constraint "
                    f"({', '.join(map(repr, _CONVENTION_KEYS))}) nor, with a function, a token.",
                    False,
                )
        self.tables: FacadeDict[str, Table] = FacadeDict()
        self.schema = quoted_name.construct(schema, quote_schema)
        self.naming_convention: Mapping[Any, Any] = (
            immutabledict(naming_convention) if naming_convention else DEFAULT_NAMING_CONVENTION
        )
        if info:
            self.info = info
        self._schemas: set[str] = set()
        self._sequences: dict[str, SchemaSequence] = {}
        self._objects: dict[Any, None] = {}
        self._fk_memos: dict[tuple[str, str | None], list[ForeignKey]] = defaultdict(list)

    def __repr__(self) -> str:
        return "MetaData()"

    def __contains__(self, table_or_key: object) -> bool:
        if not isinstance(table_or_key, str):
            table_or_key = table_or_key.key  # type: ignore[attr-defined]  # a table, by contract
        return table_or_key in self.tables

    def _add_table(self, name: str, schema: str | None, table: Table) -> None:
        self.tables._insert_item(table_key(name, schema), table)
        if schema:
            self._schemas.add(schema)

    def _remove_table(self, name: str, schema: str | None) -> None:
        removed = self.tables._pop_item(table_key(name, schema))
        if removed is not None:
            for fk in removed.foreign_keys:
                fk._remove_from_metadata(self)
        if self._schemas:
            self._schemas = {table.schema for table in self.tables.values() if table.schema is not None}

    def __getstate__(self) -> dict[str, Any]:
        return {
            "tables": dict(self.tables),
            "schema": self.schema,
            "schemas": self._schemas,
            "sequences": self._sequences,
            "fk_memos": dict(self._fk_memos),
            "naming_convention": self.naming_convention,
            "objects": self._objects,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.tables = FacadeDict(state["tables"])
        self.schema: quoted_name | str | None = state["schema"]
        self.naming_convention = state["naming_convention"]
        self._sequences = state["sequences"]
        self._schemas = state["schemas"]
        self._objects = state["objects"]
        self._fk_memos = defaultdict(list, state["fk_memos"])

    def clear(self) -> None:
        """
        Forget all tables and schema objects.
        """
        self.tables._clear_items()
        self._schemas.clear()
        self._fk_memos.clear()
        self._sequences.clear()
        self._objects.clear()

    def remove(self, table: Table) -> None:
        """
        Forget *table*.
        """
        self._remove_table(table.name, table.schema)

    @property
    def sorted_tables(self) -> list[Table]:
        """
        The tables, each after those its foreign keys refer to.

        Tables in a cycle that nothing breaks are left in order of their names, with a
        warning.
        """
        return sort_tables(sorted(self.tables.values(), key=lambda table: table.key))

    @property
    def schemas(self) -> tuple[str, ...]:
        """
        The names of the schemas in which the tables live.
        """
        return tuple(self._schemas)

    # -- objects beside tables

    def _register_object(self, obj: Any) -> None:
        self._objects[obj] = None

    def get_schema_objects(self, kind: type[_O], *, schema: str | Any | None = NO_ARG) -> Sequence[_O]:
        """
        Return the registered objects of a class, as sequences or named types.

        Args:
            schema: Those of this schema, None being none; the metadata's own when not given.
        """
        wanted = self.schema if schema is NO_ARG else _plain_schema(schema)
        return tuple(obj for obj in self._objects if isinstance(obj, kind) and _schema_of(obj) == wanted)

    def get_schema_object_by_name(
        self, kind: type[_O], name: str, *, schema: str | Any | None = NO_ARG
    ) -> _O | None:
        """
        Return the registered object of a class with that name; None if there is none.
        """
        found = self.get_schema_objects(kind, schema=schema)
        return next((obj for obj in found if _name_of(obj) == name), None)

    def _register_schema_type(self, type_: Any, variants: Any = None) -> None:
        """
        Create and drop a named type together with this metadata's tables.
        """
        self._register_object(type_)
        listen_for_type(self, type_, variants)

    # -- the database

    def create_all(
        self,
        bind: Any,
        tables: Collection[Table] | None = None,
        checkfirst: bool | CheckFirst = CheckFirst.ALL,
    ) -> None:
        """
        Create all tables, in order of their dependencies.

        Args:
            bind: An Engine or a Connection.
            tables: Only these.
            checkfirst: For which kinds of object to ask whether they exist already.

        >>> from relvar import Column, Integer, MetaData, Table, create_engine, inspect
        >>> engine, metadata = create_engine("sqlite://"), MetaData()
        >>> users = Table("users", metadata, Column("id", Integer, primary_key=True))
        >>> metadata.create_all(engine)
        >>> inspect(engine).get_table_names()
        ['users']
        """
        run_ddl(bind, SchemaGenerator, self, checkfirst, tables=_checked(tables))

    def drop_all(
        self,
        bind: Any,
        tables: Collection[Table] | None = None,
        checkfirst: bool | CheckFirst = CheckFirst.ALL,
    ) -> None:
        """
        Drop all tables, in reverse order of their dependencies.

        Args:
            bind: An Engine or a Connection.
            tables: Only these.
            checkfirst: For which kinds of object to ask whether they exist.
        """
        run_ddl(bind, SchemaDropper, self, checkfirst, tables=_checked(tables))

    def reflect(
        self,
        bind: Any,
        schema: str | None = None,
        views: bool = False,
        only: Sequence[str] | Callable[[str, MetaData], bool] | None = None,
        extend_existing: bool = False,
        autoload_replace: bool = True,
        resolve_fks: bool = True,
        **dialect_kwargs: Any,
    ) -> None:
        """
        Load the definitions of all tables of the database.

        Args:
            bind: An Engine or a Connection.
            schema: The schema to look in; the metadata's or the default one if not given.
            views: Also load views.
            only: The names to load, or a function that chooses them.
            extend_existing: Also complete tables that are here already.
            autoload_replace: Columns found replace those defined before.
            resolve_fks: Also load the tables referred to by foreign keys.

        Raises:
            InvalidRequestError: a name in *only* is not in the database.

        >>> from relvar import MetaData, create_engine, text
        >>> engine, metadata = create_engine("sqlite://"), MetaData()
        >>> with engine.begin() as connection:
        ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50))"))
        >>> metadata.reflect(engine)
        >>> metadata.tables["users"].c.name.type
        VARCHAR(length=50)
        """
        with inspect(bind)._inspection_context() as inspector:
            inspector.reflect_metadata(
                self,
                schema=self.schema if schema is None else schema,
                views=views,
                only=only,
                extend_existing=extend_existing,
                autoload_replace=autoload_replace,
                resolve_fks=resolve_fks,
                **dialect_kwargs,
            )


def _checked(tables: Collection[Table] | None) -> list[Table] | None:
    """
    Return the tables that the argument of that name chooses; None for all.

    Raises:
        ArgumentError: it is no collection of tables.
    """
    if tables is None:
        return None
    chosen = list(tables) if isinstance(tables, Iterable) else []
    if not isinstance(tables, Iterable) or not all(getattr(t, "_is_table", False) for t in chosen):
        raise exc.ArgumentError(f"tables= takes a collection of Table objects, got {tables!r}")
    return chosen


def _schema_of(obj: Any) -> str | None:
    return obj.schema  # type: ignore[no-any-return]  # every registered object has one


def _name_of(obj: Any) -> str | None:
    return obj.name  # type: ignore[no-any-return]  # every registered object has one


def _plain_schema(schema: Any) -> str | None:
    return schema if isinstance(schema, str) else None
