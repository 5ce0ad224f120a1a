"""
A table of a database, as known to its `MetaData`.

Rule 1: a metadata holds one `Table` object per name and schema; asking again returns it.
Rule 2: a table changes only by ``append_column`` and its kin; what statements have derived from
    its columns (aliases, labels) is their own copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from relvar import event, exc
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.names import quoted_name
from relvar.expr.node import next_serial
from relvar.inspection import inspect
from relvar.relation.columns import DedupeColumnCollection, ReadOnlyColumnCollection
from relvar.relation.tableclause import TableClause
from relvar.schema.base import (
    BLANK_SCHEMA,
    RETAIN_SCHEMA,
    HasSchemaAttr,
    SchemaConst,
    SchemaEventTarget,
    SchemaItem,
    table_key,
)
from relvar.schema.column import Column
from relvar.schema.constraint import Constraint, PrimaryKeyConstraint
from relvar.schema.ddl import CheckFirst
from relvar.schema.emit import SchemaDropper, SchemaGenerator, run_ddl
from relvar.schema.foreignkey import ForeignKey, ForeignKeyConstraint
from relvar.schema.index import Index
from relvar.schema.sentinel import SentinelCharacterization, characterize_sentinel
from relvar.schema.typeddl import listen_for_type
from relvar.util import warn, warn_deprecated
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.schema.ddl import TableCreateDDL, TableDropDDL
    from relvar.schema.metadata import MetaData

__all__ = ["Table"]

_C = TypeVar(
    "_C",
    bound=ReadOnlyColumnCollection[str, Any],
    default=ReadOnlyColumnCollection[str, Column[Any]],
    covariant=True,
)
_X = TypeVar("_X", bound=ReadOnlyColumnCollection[str, Any])


class Table(DialectKWArgs, HasSchemaAttr, TableClause[_C]):
    """
    A table of a database.

    Args:
        name: Its name; lower case names are case insensitive, others are quoted.
        metadata: The collection it belongs to.
        args: `Column`, constraint and `Index` objects.
        schema: Where it lives; that of *metadata* when not given; `BLANK_SCHEMA` for none.
        autoload_with: An Engine or Connection to load the definition from; columns given here
            replace those found.
        autoload_replace: Whether columns found replace those defined before.
        keep_existing: If the table exists already, return it and ignore the arguments.
        extend_existing: If the table exists already, change it by the arguments.
        resolve_fks: Also load tables referred to.
        include_columns: Only load these columns.
        implicit_returning: Whether INSERT may use RETURNING to learn generated values.
        prefixes: Words between ``CREATE`` and ``TABLE``.
        listeners: Pairs ``(event name, function)`` that are in place from the start.

    Raises:
        InvalidRequestError: the table is defined already and neither *keep_existing* nor
            *extend_existing* says what to do.

    >>> from relvar import Column, Integer, MetaData, String, Table
    >>> from relvar.schema import CreateTable
    >>> columns = Column("id", Integer, primary_key=True), Column("name", String(50))
    >>> print(CreateTable(Table("users", MetaData(), *columns)))
    <BLANKLINE>
    CREATE TABLE users (
        id INTEGER NOT NULL,
        name VARCHAR(50),
        PRIMARY KEY (id)
    )
    """

    metadata: Any

    c: _C
    columns: _C

    __visit_name__ = "table"
    inherit_cache: bool = True

    _is_table = True

    primary_key: PrimaryKeyConstraint
    schema: str | None

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if "inherit_cache" not in cls.__dict__:
            cls._cacheable = True  # a table is known by being that table, whatever its class adds

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> Table[_X]: ...

    def __new__(cls, *args: Any, **kw: Any) -> Self:
        if not args and not kw:
            # copying and unpickling
            return super().__new__(cls)
        try:
            name, metadata, items = args[0], args[1], args[2:]
        except IndexError:
            raise TypeError(
                "Table() takes at least two positional-only arguments 'name', and 'metadata'"
            ) from None
        if items and isinstance(items[0], type):
            from relvar.schema.typedcolumns import typed_columns  # with the first class given

            items = (*typed_columns(items[0]), *items[1:])
        return cls._new(name, metadata, items, kw)  # type: ignore[return-value]  # one of the class

    @classmethod
    def _new(cls, name: str, metadata: MetaData, items: tuple[Any, ...], kw: dict[str, Any]) -> Table:
        """
        Return the table of that name, made or found.

        Raises:
            ArgumentError: name or metadata is something else.
        """
        if name is None:
            raise exc.ArgumentError("Table() takes a name as its first argument, got None")
        if getattr(metadata, "__visit_name__", None) != "metadata":
            raise exc.ArgumentError(
                f"Table() takes a MetaData as its second argument, got {metadata!r} for table '{name}'"
            )
        schema = kw.get("schema")
        if schema is None:
            schema = metadata.schema
        elif schema is BLANK_SCHEMA:
            schema = None
        keep_existing = kw.get("keep_existing", False)
        extend_existing = kw.get("extend_existing", False)
        if keep_existing and extend_existing:
            raise exc.ArgumentError("keep_existing and extend_existing are mutually exclusive.")
        must_exist = kw.pop("must_exist", False)
        if "mustexist" in kw:
            warn_deprecated("Deprecated alias of Table.must_exist", "1.4")
            must_exist = kw.pop("mustexist")
        key = table_key(name, schema)
        existing = metadata.tables.get(key)
        if existing is not None:
            if not keep_existing and not extend_existing and items:
                raise exc.InvalidRequestError(
                    f"Table '{key}' is already defined for this MetaData instance.  Specify "
                    "'extend_existing=True' to redefine options and columns on an existing "
                    "Table object."
                )
            if extend_existing:
                existing._init_existing(*items, **kw)
            return existing
        if must_exist:
            raise exc.InvalidRequestError(f"Table '{key}' not defined")
        table: Table = Table.__new__(cls)
        cls.dispatch.before_parent_attach(table, metadata)
        metadata._add_table(name, schema, table)
        try:
            table.__init__(name, metadata, *items, _no_init=False, **kw)  # type: ignore[misc]  # made in two steps, see Rule 1
            table.dispatch.after_parent_attach(table, metadata)
        except Exception:
            metadata._remove_table(name, schema)
            raise
        return table

    @overload
    def __init__(
        self: Table[_X], name: str, metadata: MetaData, __cols: type[_X], /, *args: SchemaItem, **kw: Any
    ) -> None: ...

    @overload
    def __init__(
        self: Table[ReadOnlyColumnCollection[str, Column[Any]]],
        name: str,
        metadata: MetaData,
        /,
        *args: SchemaItem,
        schema: str | Literal[SchemaConst.BLANK_SCHEMA] | None = None,
        quote: bool | None = None,
        quote_schema: bool | None = None,
        autoload_with: Any = None,
        autoload_replace: bool = True,
        keep_existing: bool = False,
        extend_existing: bool = False,
        resolve_fks: bool = True,
        include_columns: Collection[str] | None = None,
        implicit_returning: bool = True,
        comment: str | None = None,
        info: dict[Any, Any] | None = None,
        listeners: Sequence[tuple[str, Callable[..., Any]]] | None = None,
        prefixes: Sequence[str] | None = None,
        **kw: Any,
    ) -> None: ...

    def __init__(
        self,
        name: str,
        metadata: MetaData,
        /,
        *args: Any,
        schema: str | Literal[SchemaConst.BLANK_SCHEMA] | None = None,
        quote: bool | None = None,
        quote_schema: bool | None = None,
        autoload_with: Any = None,
        autoload_replace: bool = True,
        keep_existing: bool = False,
        extend_existing: bool = False,
        resolve_fks: bool = True,
        include_columns: Collection[str] | None = None,
        implicit_returning: bool = True,
        comment: str | None = None,
        info: dict[Any, Any] | None = None,
        listeners: Sequence[tuple[str, Callable[..., Any]]] | None = None,
        prefixes: Sequence[str] | None = None,
        _creator_ddl: TableCreateDDL | None = None,
        _dropper_ddl: TableDropDDL | None = None,
        _extend_on: set[Table] | None = None,
        _reflect_info: Any = None,
        _no_init: bool = True,
        **kw: Any,
    ) -> None:
        if _no_init:
            # Python calls __init__ after __new__, which did the work
            return
        self._key_serial = next_serial()
        self.name: Any = quoted_name.construct(name, quote)
        self.metadata = metadata
        if schema is None:
            self.schema = metadata.schema
        elif schema is BLANK_SCHEMA:
            self.schema = None
        else:
            if not isinstance(schema, str):
                raise exc.ArgumentError(
                    f"Table 'schema' must be a string, BLANK_SCHEMA or None, got {schema!r}"
                )
            self.schema = quoted_name.construct(schema, quote_schema)
        self.fullname: Any | str = self.name if self.schema is None else f"{self.schema}.{self.name}"
        self.key: str = table_key(name, self.schema)
        self.implicit_returning = implicit_returning
        self.comment = comment
        self._prefixes = list(prefixes) if prefixes else []
        self._creator_ddl = _creator_ddl
        self._dropper_ddl = _dropper_ddl
        self._extra_dependencies: set[Table] = set()
        self.foreign_keys: set[ForeignKey] = set()
        self.indexes: set[Index] = set()
        self.constraints: set[Constraint] = set()
        self._columns = DedupeColumnCollection()
        self.c = self.columns = self._columns.as_readonly()
        self.primary_key = None  # type: ignore[assignment]  # soon set
        PrimaryKeyConstraint(_implicit_generated=True)._set_parent_with_dispatch(self)
        if info is not None:
            self.info = info
        if listeners is not None:
            for name_, fn in listeners:
                event.listen(self, name_, fn)
        if kw:
            self._validate_dialect_kwargs(kw)
        if autoload_with is not None:
            self._autoload(autoload_with, include_columns, (), resolve_fks, _extend_on, _reflect_info)
        all_names = {column.name: column for column in self._columns}
        self._init_items(
            *args,
            all_names=all_names,
            allow_replacements=extend_existing or keep_existing or autoload_with is not None,
        )
        if kw:
            self._tell_dialects(kw)

    def _init_existing(
        self,
        *args: Any,
        schema: Any = None,
        quote: bool | None = None,
        quote_schema: bool | None = None,
        autoload_with: Any = None,
        autoload_replace: bool = True,
        keep_existing: bool = False,
        extend_existing: bool = False,
        resolve_fks: bool = True,
        include_columns: Collection[str] | None = None,
        implicit_returning: bool | None = None,
        comment: str | None = None,
        info: dict[Any, Any] | None = None,
        prefixes: Sequence[str] | None = None,
        listeners: Sequence[tuple[str, Callable[..., Any]]] | None = None,
        _extend_on: set[Table] | None = None,
        _reflect_info: Any = None,
        **kw: Any,
    ) -> None:
        """
        Change the table by the arguments of ``Table(..., extend_existing=True)``.

        Raises:
            ArgumentError: quoting cannot be changed afterwards.
        """
        if quote is not None or quote_schema is not None:
            raise exc.ArgumentError("Can't redefine 'quote' or 'quote_schema' arguments")
        if include_columns is not None:
            for column in list(self.c):
                if column.name not in include_columns:
                    self._columns.remove(column)
        if comment is not None:
            self.comment = comment
        if implicit_returning is not None:
            self.implicit_returning: bool = implicit_returning
        if info is not None:
            self.info = info
        if prefixes is not None:
            self._prefixes = list(prefixes)
        for name, fn in listeners or ():
            event.listen(self, name, fn)
        if autoload_with is not None:
            exclude: Collection[str] = () if autoload_replace else [c.name for c in self.c]
            self._autoload(autoload_with, include_columns, exclude, resolve_fks, _extend_on, _reflect_info)
        self._validate_dialect_kwargs(kw)
        self._init_items(*args, all_names={c.name: c for c in self._columns})
        self._forget_columns()

    def _autoload(
        self,
        bind: Any,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str] = (),
        resolve_fks: bool = True,
        _extend_on: set[Table] | None = None,
        _reflect_info: Any = None,
    ) -> None:
        """
        Load the definition from the database.
        """
        with inspect(bind)._inspection_context() as inspector:
            inspector.reflect_table(
                self,
                include_columns,
                exclude_columns,
                resolve_fks,
                _extend_on=_extend_on,
                _reflect_info=_reflect_info,
            )

    # -- what it consists of

    @property
    def _sorted_constraints(self) -> list[Constraint]:
        return sorted(self.constraints, key=lambda constraint: constraint._creation_order)

    @property
    def _sorted_indexes(self) -> list[Index]:
        return sorted(self.indexes, key=lambda index: index._creation_order)

    @property
    def foreign_key_constraints(self) -> set[ForeignKeyConstraint]:
        """
        The foreign key constraints of this table.
        """
        return {fkc for fkc in (fk.constraint for fk in self.foreign_keys) if fkc is not None}

    @property
    def _autoincrement_column(self) -> Column[Any] | None:
        return self.primary_key._autoincrement_column

    @property
    def autoincrement_column(self) -> Column[Any] | None:
        """
        The primary key column that the database numbers; None if there is none.
        """
        return self._autoincrement_column

    @property
    def _sentinel_column_characteristics(self) -> SentinelCharacterization:
        kept: SentinelCharacterization | None = self.__dict__.get("_sentinel")
        if kept is None:
            self._sentinel = kept = characterize_sentinel(self)
        return kept

    @property
    def is_view(self) -> bool:
        """
        Whether this stands for a view: its DDL is not that of a table.
        """
        return self._creator_ddl is not None and self._creator_ddl.__visit_name__ == "create_view"

    @property
    def description(self) -> Any:
        """
        The name, for messages.
        """
        return self.name

    def __str__(self) -> str:
        return table_key(str(self.description), self.schema)

    def __repr__(self) -> str:
        return "Table({})".format(
            ", ".join(
                [
                    repr(self.name),
                    repr(self.metadata),
                    *(repr(column) for column in self.columns),
                    f"schema={self.schema!r}",
                ]
            )
        )

    def _column_replaced(self, old: Column[Any], new: Column[Any]) -> None:
        """
        Let indexes and constraints over *old* be over *new*, which took its place.
        """
        old.table = None
        for item in (*self.indexes, *self.constraints):
            replace = getattr(item, "_replace_column", None)
            if replace is not None and item is not self.primary_key:
                replace(old, new)
        self._forget_columns()

    def _forget_columns(self) -> None:
        """
        Drop what was computed from the columns.
        """
        self.__dict__.pop("_sentinel", None)

    # -- changing it

    def append_column(self, column: Column[Any], *, replace_existing: bool = False) -> None:
        """
        Add a column.

        Args:
            replace_existing: Let it take the place of one of that name.

        Raises:
            DuplicateColumnError: the name is taken.
        """
        self._add_column(column, None, replace_existing)

    def insert_column(self, column: Column[Any], index: int, *, replace_existing: bool = False) -> None:
        """
        Add a column at the position *index*.

        Args:
            replace_existing: Let it take the place of one of that name.

        Raises:
            DuplicateColumnError: the name is taken.
        """
        self._add_column(column, index, replace_existing)

    def _add_column(self, column: Column[Any], index: int | None, replace_existing: bool) -> None:
        if not isinstance(column, Column):
            raise exc.ArgumentError(f"A Column is needed for table '{self.name}', got {column!r}")
        column._set_parent_with_dispatch(self, allow_replacements=replace_existing, index=index)
        self._forget_columns()

    def append_constraint(self, constraint: Index | Constraint) -> None:
        """
        Add a constraint or an index.

        Raises:
            ArgumentError: it is neither.
        """
        if not isinstance(constraint, (Constraint, Index)) and (
            # what tests put in the place of one is let through
            isinstance(constraint, SchemaItem) or not hasattr(constraint, "_set_parent_with_dispatch")
        ):
            raise exc.ArgumentError(
                f"A Constraint or an Index is needed for table '{self.name}', got {constraint!r}"
            )
        constraint._set_parent_with_dispatch(self)

    def add_is_dependent_on(self, table: Table) -> None:
        """
        Create this table after *table*, whatever the foreign keys say.
        """
        self._extra_dependencies.add(table)

    def set_creator_ddl(self, ddl: TableCreateDDL) -> None:
        """
        Use *ddl* in place of ``CREATE TABLE``.
        """
        self._creator_ddl = ddl

    def set_dropper_ddl(self, ddl: TableDropDDL) -> None:
        """
        Use *ddl* in place of ``DROP TABLE``.
        """
        self._dropper_ddl = ddl

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        metadata: Any = parent
        metadata._add_table(self.name, self.schema, self)
        self.metadata = metadata

    def _register_schema_type(self, type_: Any, variants: Any) -> None:
        """
        Create and drop a column's type together with this table.
        """
        listen_for_type(self, type_, variants)

    # -- the database

    def create(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.TYPES) -> None:
        """
        Create the table, its indexes and sequences.

        Args:
            bind: An Engine or a Connection.
            checkfirst: For which kinds of object to ask whether they exist already; True: for all.
        """
        run_ddl(bind, SchemaGenerator, self, checkfirst)

    def drop(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """
        Drop the table.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it does not exist.
        """
        run_ddl(bind, SchemaDropper, self, checkfirst)

    # -- copies

    def tometadata(self, *args: Any, **kw: Any) -> Table:
        """
        Another name of `to_metadata`.
        """
        warn_deprecated("Table.tometadata() is renamed to Table.to_metadata() (deprecated since: 1.4)", "1.4")
        return self.to_metadata(*args, **kw)

    def to_metadata(
        self,
        metadata: MetaData,
        schema: str | SchemaConst | None = RETAIN_SCHEMA,
        referred_schema_fn: Callable[..., str | None] | None = None,
        name: str | None = None,
    ) -> Table:
        """
        Return a copy of this table in another metadata.

        Args:
            schema: The schema of the copy; the same when not given; `BLANK_SCHEMA` or None for
                that of *metadata*.
            referred_schema_fn: ``(table, new schema, constraint, referred schema)`` -> the
                schema a foreign key of the copy refers to.
            name: Another name.
        """
        if name is None:
            name = self.name
        actual: Any
        if schema is RETAIN_SCHEMA:
            actual = self.schema
        elif schema is None:
            actual = metadata.schema
        else:
            actual = schema
        key = table_key(name, actual if isinstance(actual, str) else None)
        if key in metadata.tables:
            warn(f"Table '{self.description}' already exists within the given MetaData - not copying.")
            return metadata.tables[key]
        table = type(self)(
            name,
            metadata,
            *[column._copy(schema=actual, _to_metadata=metadata) for column in self.columns],
            schema=actual,
            comment=self.comment,
            prefixes=list(self._prefixes),
            implicit_returning=self.implicit_returning,
            **self.dialect_kwargs,
        )
        self._copy_constraints_to(table, schema, actual, referred_schema_fn)
        for index in self._sorted_indexes:
            if index._column_flag:
                continue
            copy = Index(
                index.name,
                *[self._copy_expression_to(e, table) for e in index.expressions],
                unique=index.unique,
                _table=table,
                **index.dialect_kwargs,
            )
            copy._ddl_if = index._ddl_if
            index._schema_item_copy(copy)
        if self._creator_ddl is not None:
            table._creator_ddl = self._creator_ddl.to_metadata(metadata, table)
        if self._dropper_ddl is not None:
            table._dropper_ddl = self._dropper_ddl.to_metadata(metadata, table)
        return self._schema_item_copy(table)

    def _copy_constraints_to(
        self,
        table: Table,
        schema: Any,
        actual: Any,
        referred_schema_fn: Callable[..., str | None] | None,
    ) -> None:
        for constraint in self._sorted_constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                copy: Constraint = constraint._copy(
                    schema=self._referred_schema(constraint, schema, actual, referred_schema_fn),
                    target_table=table,
                )
            elif constraint._type_bound or getattr(constraint, "_column_flag", False):
                continue
            else:
                copy = constraint._copy(schema=actual, target_table=table)
            copy._ddl_if = constraint._ddl_if
            table.append_constraint(copy)

    def _referred_schema(
        self,
        constraint: ForeignKeyConstraint,
        schema: Any,
        actual: Any,
        referred_schema_fn: Callable[..., str | None] | None,
    ) -> Any:
        """
        Return the schema that a copied foreign key refers to; None to leave it.
        """
        referred = constraint._referred_schema
        if referred_schema_fn is not None:
            return referred_schema_fn(self, actual, constraint, referred)
        # a key within one schema moves along with its table
        return actual if referred == self.schema else None

    def _copy_expression_to(self, expression: Any, target: Table) -> Any:
        """
        Return *expression* over the columns of *target* in place of those of this table.
        """
        if isinstance(expression, str):
            return expression

        made: dict[int, Any] = {}

        def replace(element: Any, **kw: Any) -> Any:
            if element is self:
                return target
            if isinstance(element, Column):
                if element.table is self and element.key in self.columns:
                    return target.c[element.key]
                return element
            copy = made.get(id(element))
            if copy is None:
                made[id(element)] = copy = element._clone()
                copy._copy_internals(clone=replace)
            return copy

        return replace(expression)
