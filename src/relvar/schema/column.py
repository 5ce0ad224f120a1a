"""
A column of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

from relvar import exc
from relvar._kernels.parts import TABLE, stands_by
from relvar.expr.column import ColumnClause
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.names import _anonymous_label, quoted_name
from relvar.expr.node import next_serial
from relvar.schema.base import (
    NULL_UNSPECIFIED,
    HasDeprecatedCopy,
    SchemaConst,
    SchemaEventTarget,
    SchemaItem,
)
from relvar.schema.collection import next_creation_order
from relvar.schema.constraint import Constraint, UniqueConstraint
from relvar.schema.defaults import (
    ColumnDefault,
    DefaultClause,
    DefaultGenerator,
    FetchedValue,
    SentinelDefault,
)
from relvar.schema.foreignkey import ForeignKey
from relvar.schema.generated import Computed, Identity
from relvar.schema.index import Index
from relvar.schema.sentinel import check_only_one
from relvar.types import INTEGERTYPE, NULLTYPE, to_instance
from relvar.util import warn
from relvar.util.generics import TypeVar, subscriptable

if TYPE_CHECKING:
    from relvar.expr.typed import TypeArgument
    from relvar.schema.table import Table
    from relvar.schema.typedcolumns import Named
    from relvar.types.base import TypeEngine
else:
    Named = subscriptable()

__all__ = ["Column", "insert_sentinel"]

_T = TypeVar("_T", default=Any)


class _NoArg:
    """
    Tells "not given" from None.
    """

    def __repr__(self) -> str:
        return "NO_ARG"


NO_ARG: Any = _NoArg()


class Column(DialectKWArgs, HasDeprecatedCopy, SchemaItem, ColumnClause[_T], Named[_T]):
    """
    A column in a table.

    Name and type may be left out: the name can be given later, before the column is put into
    a table; the type is then that of the column a `ForeignKey` refers to.

    Args:
        autoincrement: Whether the database numbers this primary key column by itself;
            "auto" decides by type and defaults, "ignore_fk" despite a foreign key.
        default: Value for an INSERT without one: scalar, function or SQL expression.
        insert_default: Another name of *default* that dataclass mappings leave alone.
        key: The name under which Python code finds the column; *name* if not given.
        index: Make an index over this column.
        unique: Make a unique constraint (or, with *index*, a unique index).
        nullable: False for ``NOT NULL``; by default the opposite of *primary_key*.
        onupdate: Value for an UPDATE without one.
        server_default: ``DEFAULT`` in the DDL: text or SQL expression.
        server_onupdate: Marks a value that the database makes on UPDATE.
        quote: Always (True) or never (False) quote the name.
        system: A column the database has by itself, left out of CREATE TABLE.
        insert_sentinel: Marks the column that matches returned rows to parameters.

    >>> from relvar import Column, MetaData, String, Table
    >>> users = Table("users", MetaData(), Column("name", String, default="nobody"))
    >>> print(users.c.name == "ann", "|", users.c.name.default.arg)
    users.name = :name_1 | nobody
    """

    __visit_name__ = "column"

    inherit_cache: bool = True

    _is_real_column = True
    _copied_as = "Column"
    _use_schema_map = True

    table: Any
    key: Any
    default: Any
    onupdate: Any
    server_default: Any
    server_onupdate: Any

    computed: Computed | None = None
    identity: Identity | None = None
    _on_attach: list[Callable[[Any, Any], None]] | None = None

    @overload
    def __init__(
        self: Column[Any],
        __name_or_item: str | SchemaItem | None = None,
        /,
        *args: SchemaItem,
        name: str | None = None,
        type_: None = None,
        autoincrement: Any = "auto",
        default: Any = ...,
        insert_default: Any = ...,
        doc: str | None = None,
        key: str | None = None,
        index: bool | None = None,
        unique: bool | None = None,
        info: dict[Any, Any] | None = None,
        nullable: bool | SchemaConst | None = NULL_UNSPECIFIED,
        onupdate: Any = None,
        primary_key: bool = False,
        server_default: Any = None,
        server_onupdate: Any = None,
        quote: bool | None = None,
        system: bool = False,
        comment: str | None = None,
        insert_sentinel: bool = False,
        _omit_from_statements: bool = False,
        _proxies: Any = None,
        **dialect_kwargs: Any,
    ) -> None: ...

    @overload
    def __init__(
        self,
        __name_or_type: str | TypeArgument[_T] | None = None,
        __type_or_item: TypeArgument[_T] | SchemaItem | None = None,
        /,
        *args: SchemaItem,
        name: str | None = None,
        type_: TypeArgument[_T] | None = None,
        autoincrement: Any = "auto",
        default: Any = ...,
        insert_default: Any = ...,
        doc: str | None = None,
        key: str | None = None,
        index: bool | None = None,
        unique: bool | None = None,
        info: dict[Any, Any] | None = None,
        nullable: bool | SchemaConst | None = NULL_UNSPECIFIED,
        onupdate: Any = None,
        primary_key: bool = False,
        server_default: Any = None,
        server_onupdate: Any = None,
        quote: bool | None = None,
        system: bool = False,
        comment: str | None = None,
        insert_sentinel: bool = False,
        _omit_from_statements: bool = False,
        _proxies: Any = None,
        **dialect_kwargs: Any,
    ) -> None: ...

    def __init__(
        self,
        __name_pos: Any = None,
        __type_pos: Any = None,
        /,
        *args: Any,
        name: str | None = None,
        type_: Any = None,
        autoincrement: Any = "auto",
        default: Any = NO_ARG,
        insert_default: Any = NO_ARG,
        doc: str | None = None,
        key: str | None = None,
        index: bool | None = None,
        unique: bool | None = None,
        info: dict[Any, Any] | None = None,
        nullable: bool | SchemaConst | None = NULL_UNSPECIFIED,
        onupdate: Any = None,
        primary_key: bool = False,
        server_default: Any = None,
        server_onupdate: Any = None,
        quote: bool | None = None,
        system: bool = False,
        comment: str | None = None,
        insert_sentinel: bool = False,
        _omit_from_statements: bool = False,
        _proxies: Any = None,
        **dialect_kwargs: Any,
    ) -> None:
        if type_ is not None and not _is_type(type_):
            raise exc.ArgumentError(
                f"A type, such as Integer or String(9), expected for type_, got {type_!r}"
            )
        if __name_pos is not None or __type_pos is not None:
            items = [item for item in (__name_pos, __type_pos, *args) if item is not None]
            if items and isinstance(items[0], str):
                if name is not None:
                    raise exc.ArgumentError("May not pass name positionally and as a keyword.")
                name = items.pop(0)
            if items and _is_type(items[0]):
                if type_ is not None:
                    raise exc.ArgumentError("May not pass type_ positionally and as a keyword.")
                type_ = items.pop(0)
        else:
            items = list(args)

        if name is not None:
            if quote is not None or not isinstance(name, quoted_name):
                name = quoted_name(name, quote)
        elif quote is not None:
            raise exc.ArgumentError("Explicit 'name' is required when sending 'quote' argument")

        # the fields of ColumnClause, set here: a call less for each column
        self.name = name  # type: ignore[assignment]  # given later, see above
        self.type: TypeEngine[_T] = NULLTYPE if type_ is None else to_instance(type_)
        self.table = None
        self.is_literal = False

        self.key = key if key is not None else name
        self.primary_key = primary_key
        self._insert_sentinel = insert_sentinel
        self._omit_from_statements = _omit_from_statements
        self._user_defined_nullable = nullable
        self.nullable = nullable if nullable is not NULL_UNSPECIFIED else not primary_key
        self.system = system
        self.doc = doc
        self.comment = comment
        self.unique = unique
        self.index = index
        self.autoincrement = autoincrement
        self.constraints: set[Constraint] = set()
        self.foreign_keys: set[ForeignKey] = set()
        self._on_attach = None
        self._creation_order = next_creation_order()
        self._proxies = _proxies if _proxies is not None else ()

        self.default = self.onupdate = None
        self.server_default = self.server_onupdate = None
        if server_default is not None or server_onupdate is not None:
            self._take_server_defaults(server_default, server_onupdate)

        _attach_type(self.type, self)

        if items:
            self._init_items(*items)
        if default is not NO_ARG or insert_default is not NO_ARG or onupdate is not None:
            self._take_defaults(default, insert_default, onupdate)
        if info is not None:
            self.info = info
        if dialect_kwargs:
            self._validate_dialect_kwargs(dialect_kwargs)

    def _take_defaults(self, default: Any, insert_default: Any, onupdate: Any) -> None:
        if insert_default is not NO_ARG:
            if default is not NO_ARG:
                raise exc.ArgumentError(
                    "The 'default' and 'insert_default' parameters of Column are mutually exclusive"
                )
            default = insert_default
        if default is not NO_ARG and default is not None:
            made = default if isinstance(default, DefaultGenerator) else ColumnDefault(default)
            made._set_parent_with_dispatch(self)
        if onupdate is not None:
            made = (
                onupdate
                if isinstance(onupdate, DefaultGenerator)
                else ColumnDefault(onupdate, for_update=True)
            )
            made._set_parent_with_dispatch(self)

    def _take_server_defaults(self, server_default: Any, server_onupdate: Any) -> None:
        if server_default is not None:
            made = (
                server_default._as_for_update(False)
                if isinstance(server_default, FetchedValue)
                else DefaultClause(server_default)
            )
            made._set_parent_with_dispatch(self)
        if server_onupdate is not None:
            made = (
                server_onupdate._as_for_update(True)
                if isinstance(server_onupdate, FetchedValue)
                else DefaultClause(server_onupdate, for_update=True)
            )
            made._set_parent_with_dispatch(self)

    # -- description

    @property
    def _default_description_tuple(self) -> Any:
        return _describe_default(self.default)

    @property
    def _onupdate_description_tuple(self) -> Any:
        return _describe_default(self.onupdate)

    def __str__(self) -> str:
        if self.name is None:
            return "(no name)"
        if self.table is not None:
            if getattr(self.table, "named_with_column", False):
                return f"{self.table.description}.{self.description}"
            return str(self.description)
        return str(self.description)

    def __repr__(self) -> str:
        shown = [repr(self.name), repr(self.type)]
        shown.extend(repr(fk) for fk in self.foreign_keys if fk is not None)
        shown.extend(repr(constraint) for constraint in self.constraints)
        shown.append(f"table=<{self.table.description}>" if self.table is not None else "table=None")
        if self.key != self.name:
            shown.append(f"key={self.key!r}")
        if self.primary_key:
            shown.append("primary_key=True")
        if not self.nullable:
            shown.append("nullable=False")
        for attribute in ("onupdate", "default", "server_default", "comment"):
            value = getattr(self, attribute)
            if value is not None:
                shown.append(f"{attribute}={value!r}")
        return f"Column({', '.join(shown)})"

    # -- relations to other columns

    def references(self, column: Column[Any]) -> bool:
        """
        Tell whether a foreign key of this column points at *column*.
        """
        return any(fk.column.shares_lineage(column) for fk in self.foreign_keys)

    def append_foreign_key(self, fk: ForeignKey) -> None:
        """
        Add a foreign key.
        """
        fk._set_parent_with_dispatch(self)

    def _type_known(self) -> None:
        """
        Hand the type just learned on to the columns that refer to this one.
        """
        table = self.table
        if table is None or not getattr(table, "_is_table", False):
            return
        for fk in self._waiting_keys(table):
            fk._use_target(self)

    def _waiting_keys(self, table: Table) -> list[ForeignKey]:
        memos = table.metadata._fk_memos
        found: list[ForeignKey] = []
        for name in {self.key, self.name}:
            for fk in memos.get((table.key, name), ()):
                if name == (self.name if fk.link_to_name else self.key):
                    found.append(fk)
        return found

    def _on_table_attach(self, fn: Callable[[Any, Any], None]) -> None:
        """
        Call ``fn(column, table)`` when this column has a table: now, or later.
        """
        if self.table is not None:
            fn(self, self.table)
        if self._on_attach is None:
            self._on_attach = []
        self._on_attach.append(fn)

    # -- becoming part of a table

    def _set_parent(
        self,
        parent: SchemaEventTarget,
        *,
        all_names: dict[str, Any] | None = None,
        allow_replacements: bool = True,
        index: int | None = None,
        **kw: Any,
    ) -> None:
        table: Any = parent
        if not self.name:
            raise exc.ArgumentError(
                "Column must be constructed with a non-blank name or assign a non-blank .name "
                "before adding to a Table."
            )
        if self.key is None:
            self.key = self.name
        if self.table is not None and self.table is not table:
            raise exc.ArgumentError(
                f"Column object '{self.key}' already assigned to Table '{self.table.description}'"
            )
        replaced = self._add_to(table, all_names, allow_replacements, index)
        self.table = table
        self._key_serial = next_serial()
        self._forget_memoized()
        if self.primary_key:
            table.primary_key._replace(self, replaced)
        elif self.key in table.primary_key.columns:
            raise exc.ArgumentError(
                f"Trying to redefine primary-key column '{self.key}' as a non-primary-key "
                f"column on table '{table.fullname}'"
            )
        if self._insert_sentinel:
            check_only_one(table, self)
        if self.index is not None or self.unique is not None:
            self._make_index(table)
        if self._on_attach:
            for fn in list(self._on_attach):
                fn(self, table)
        if table.metadata._fk_memos:
            for fk in self._waiting_keys(table):
                fk._use_target(self)
        if self.identity is not None and not isinstance(self.server_default, Identity):
            raise exc.ArgumentError(
                "A column with an Identity object cannot specify a server_default or a "
                "server_onupdate argument"
            )
        if self.computed is not None and not (
            isinstance(self.server_default, Computed) and isinstance(self.server_onupdate, Computed)
        ):
            raise exc.ArgumentError(
                "A generated column cannot specify a server_default or a server_onupdate argument"
            )
        if self.identity is not None and getattr(self.default, "is_sequence", False):
            raise exc.ArgumentError("An column cannot specify both Identity and Sequence.")
        for old in replaced:
            table._column_replaced(old, self)

    def _add_to(
        self,
        table: Any,
        all_names: dict[str, Any] | None,
        allow_replacements: bool,
        index: int | None,
    ) -> list[Any]:
        """
        Put this column into the table's collection; return the columns it replaces.

        Raises:
            DuplicateColumnError: the name is taken and must not be replaced.
        """
        columns = table._columns
        if all_names is not None:
            existing = all_names.get(self.name)
        else:
            existing = next((c for c in columns if c.name == self.name), None)
        same_key = columns.get(self.key)
        replaced = [c for c in (same_key, existing) if c is not None and c is not self]
        if replaced and not allow_replacements:
            kind = "key" if replaced[0] is same_key and self.key != self.name else "name"
            shown = self.name if kind == "name" else self.key
            more = (
                ""
                if all_names is not None
                else " Specify replace_existing=True to Table.append_column() or "
                "Table.insert_column() to replace an existing column."
            )
            raise exc.DuplicateColumnError(
                f"A column with {kind} '{shown}' is already present in table '{table.name}'.{more}"
            )
        for old in replaced:
            for fk in old.foreign_keys:
                table.foreign_keys.discard(fk)
                if fk.constraint in table.constraints:
                    # a constraint of the old column alone goes with it
                    table.constraints.remove(fk.constraint)
        if replaced:
            _warn_of_lost_key(existing, self)
            columns.replace(self, extra_remove=replaced, index=index)
        else:
            columns.add(self, index=index)
        if all_names is not None:
            all_names[self.name] = self
        return replaced

    def _make_index(self, table: Any) -> None:
        """
        Make what ``index=`` and ``unique=`` ask for.

        Raises:
            ArgumentError: one of them is a name.
        """
        if self.index:
            if isinstance(self.index, str):
                raise exc.ArgumentError(
                    "The 'index' keyword argument on Column is boolean only. To create indexes "
                    "with a specific name, create an explicit Index object external to the "
                    "Table."
                )
            table.append_constraint(Index(None, self.key, unique=bool(self.unique), _column_flag=True))
        elif self.unique:
            if isinstance(self.unique, str):
                raise exc.ArgumentError(
                    "The 'unique' keyword argument on Column is boolean only. To create unique "
                    "constraints or indexes with a specific name, append an explicit "
                    "UniqueConstraint to the Table's list of elements, or create an explicit "
                    "Index object external to the Table."
                )
            table.append_constraint(UniqueConstraint(self.key, _column_flag=True))

    def _forget_memoized(self) -> None:
        """
        Drop what was computed while the column had no table.
        """
        values = self.__dict__
        values.pop("_structure", None)
        for name in values.pop("_memoized_names", None) or ():
            values.pop(name, None)

    # -- copies

    def _copy(self, *, _to_metadata: Any = None, **kw: Any) -> Column[_T]:
        """
        Return a copy without a table, with copies of constraints, keys and defaults.

        Args:
            _to_metadata: The metadata that the copy's table is going to be in, if not that of this one.
        """
        args: list[Any] = [
            constraint._copy(**kw) for constraint in self.constraints if not constraint._type_bound
        ]
        args.extend(fk._copy(**kw) for fk in self.foreign_keys if fk.constraint is None)
        computed = self.computed
        identity = self.identity
        server_default = self.server_default
        server_onupdate = self.server_onupdate
        if computed is not None:
            server_default = server_onupdate = None
            args.append(computed._copy(**kw))
        if identity is not None:
            server_default = None
            args.append(identity._copy(**kw))
        type_ = self.type
        if isinstance(type_, SchemaEventTarget):
            moved = {} if _to_metadata is None else {"_to_metadata": _to_metadata}
            type_ = type_.copy(**kw, **moved)
        made = self._constructor(
            name=self.name,
            type_=type_,
            key=self.key,
            primary_key=self.primary_key,
            unique=self.unique,
            system=self.system,
            index=self.index,
            autoincrement=self.autoincrement,
            default=_copy_default(self.default),
            server_default=_copy_default(server_default),
            onupdate=_copy_default(self.onupdate),
            server_onupdate=_copy_default(server_onupdate),
            doc=self.doc,
            comment=self.comment,
            _omit_from_statements=self._omit_from_statements,
            insert_sentinel=self._insert_sentinel,
            *args,  # noqa: B026  # _constructor takes any Column subclass's arguments
            **self._extra_kwargs(),
        )
        made.nullable = self.nullable
        made._user_defined_nullable = self._user_defined_nullable
        return self._schema_item_copy(made)

    def _extra_kwargs(self) -> dict[str, Any]:
        return {} if self._options_by_dialect is None else dict(self.dialect_kwargs)

    def _merge(self, other: Column[Any], *, omit_defaults: bool = False) -> None:
        """
        Fill *other* in with what this column says and *other* does not.

        Args:
            omit_defaults: Leave the client-side default of *other* alone.
        """
        if self.primary_key:
            other.primary_key = True
        if self.autoincrement != "auto" and other.autoincrement == "auto":
            other.autoincrement = self.autoincrement
        if self.system:
            other.system = self.system
        if self.info:
            other.info.update(self.info)
        type_ = self.type
        if not type_._isnull and other.type._isnull:
            if isinstance(type_, SchemaEventTarget):
                type_ = type_.copy()
            other.type = type_
            _attach_type(type_, other)
        if (
            self._user_defined_nullable is not NULL_UNSPECIFIED
            and other._user_defined_nullable is NULL_UNSPECIFIED
        ):
            other.nullable = self.nullable
            other._user_defined_nullable = self._user_defined_nullable
        self._merge_defaults(other, omit_defaults)
        if self.unique and other.unique is None:
            other.unique = self.unique
        if self.index and other.index is None:
            other.index = self.index
        if self.doc and other.doc is None:
            other.doc = self.doc
        if self.comment and other.comment is None:
            other.comment = self.comment
        for constraint in self.constraints:
            if not constraint._type_bound:
                constraint._copy()._set_parent_with_dispatch(other)
        for fk in self.foreign_keys:
            if fk.constraint is None:
                fk._copy()._set_parent_with_dispatch(other)

    def _merge_defaults(self, other: Column[Any], omit_defaults: bool) -> None:
        if not omit_defaults and self.default is not None and other.default is None:
            _copy_default(self.default)._set_parent_with_dispatch(other)
        if self.computed is not None and other.computed is None:
            self.computed._copy()._set_parent_with_dispatch(other)
        elif self.identity is not None and other.identity is None:
            self.identity._copy()._set_parent_with_dispatch(other)
        elif self.server_default is not None and other.server_default is None:
            _copy_default(self.server_default)._set_parent_with_dispatch(other)
        if self.onupdate is not None and other.onupdate is None:
            _copy_default(self.onupdate)._set_parent_with_dispatch(other)
        if self.server_onupdate is not None and other.server_onupdate is None:
            _copy_default(self.server_onupdate)._set_parent_with_dispatch(other)

    @stands_by(TABLE)
    def _make_proxy(
        self,
        selectable: Any,
        *,
        primary_key: Any = None,
        foreign_keys: Any = None,
        name: str | None = None,
        key: str | None = None,
        name_is_truncatable: bool = False,
        compound_select_cols: Sequence[Any] | None = None,
        **kw: Any,
    ) -> tuple[str, Any]:
        if name is None:
            name = self.name
            if name is None:
                raise exc.InvalidRequestError(
                    "Cannot initialize a sub-selectable with this Column object until its "
                    "'name' has been assigned."
                )
            if key is None:
                key = self.key
        elif key is None:
            key = name
        # not by the constructor: what is as in this column is read from it when somebody asks, see `_OfProxy`
        cls: Any = type(self._annotated_element if self._is_annotated else self)
        made: Any = cls.__new__(cls)
        values = {"name": name, "key": key, "type": self.type, "table": selectable, "_proxies": (self,)}
        made.__dict__ = values
        if compound_select_cols:
            made._stand_for(compound_select_cols)
        if self.is_literal:
            values["is_literal"] = True
        if self._omit_from_statements:
            values["_omit_from_statements"] = True
        if self._insert_sentinel:
            values["_insert_sentinel"] = True
        if selectable._propagate_attrs:
            values["_propagate_attrs"] = selectable._propagate_attrs
        if isinstance(name, _anonymous_label):
            values["_anon_origin"] = self
        if selectable._is_clone_of is not None:
            values["_is_clone_of"] = selectable._is_clone_of.columns.get(key)
        if primary_key is not None and self.primary_key:
            primary_key.add(made)
        # its foreign keys are the selectable's when somebody asks: see `FromClause.foreign_keys`
        return key, made

    def _stand_for(self, columns: Sequence[Any]) -> None:
        # a proxy goes on to be described by the column that it was made from
        self.__dict__.setdefault("_made_from", self._proxies[0])
        super()._stand_for(columns)

    @property
    def _constructor(self) -> type[Column[_T]]:
        return type(self)


def _made_from(column: Any) -> Any:
    """
    Return the column that a proxy was made from, which is not always the one that it stands for.
    """
    values = column.__dict__
    if "_made_from" in values:
        return values["_made_from"]
    proxied = column._proxies
    if not proxied:
        raise AttributeError(f"{type(column).__name__!r} object was not set up by its constructor")
    return proxied[0]


def _as_made_from(column: Any, name: str) -> Any:
    source = _made_from(column)
    while name not in source.__dict__:
        source = _made_from(source)
    return source.__dict__[name]


def _own_set(column: Any, name: str) -> set[Any]:
    return set()


def _own_foreign_keys(column: Any, name: str) -> set[ForeignKey]:
    made = set()
    for key in _made_from(column).foreign_keys:
        proxy = key._for_proxy()
        proxy.parent = column
        made.add(proxy)
    return made


class _OfProxy:
    """
    An attribute of a column that stands for another, made when somebody asks for it.

    Most columns of aliases and subqueries are asked for none of these.  Columns of tables have theirs in
    the instance, which hides this.
    """

    def __init__(self, name: str, make: Callable[[Any, str], Any]) -> None:
        self.name, self.make = name, make

    def __get__(self, column: Any, cls: Any) -> Any:
        if column is None:
            return self
        if column._is_annotated:
            return getattr(column._annotated_element, self.name)
        # of two threads the first one's is kept
        return column.__dict__.setdefault(self.name, self.make(column, self.name))


for _name in (
    "nullable",
    "_user_defined_nullable",
    "system",
    "doc",
    "comment",
    "unique",
    "index",
    "autoincrement",
    "_creation_order",
    "primary_key",
):
    setattr(Column, _name, _OfProxy(_name, _as_made_from))
Column.constraints = _OfProxy("constraints", _own_set)  # type: ignore[assignment]  # of proxies, as said there
Column.foreign_keys = _OfProxy("foreign_keys", _own_foreign_keys)  # type: ignore[assignment]  # likewise


def _is_type(value: Any) -> bool:
    return hasattr(value, "_sqla_type") or (isinstance(value, type) and hasattr(value, "_type_affinity"))


def _attach_type(type_: Any, column: Any) -> None:
    """
    Tell a type that owns something in the schema, and its variants, which column they belong to.
    """
    if isinstance(type_, SchemaEventTarget):
        type_._set_parent_with_dispatch(column)
    if type_._variant_mapping:
        for variant in type_._variant_mapping.values():
            if isinstance(variant, SchemaEventTarget):
                variant._set_parent_with_dispatch(column)


def _warn_of_lost_key(old: Column[Any] | None, new: Column[Any]) -> None:
    """
    Warn if *new* takes the place of a column that Python code knew by a key of its own.
    """
    if old is not None and old is not new and old.key != old.name and new.key == new.name:
        warn(
            f'Column with user-specified key "{old.key}" is being replaced with plain named column '
            f'"{new.name}", key "{old.key}" is being removed.  If this is a reflection operation, specify '
            "autoload_replace=False to prevent this replacement."
        )


def _describe_default(default: Any) -> Any:
    """
    Return four flags (has an argument, is callable, is SQL, is a sentinel) of *default*.
    """
    if default is None:
        return _NO_DEFAULT
    return (default.has_arg, default.is_callable, default.is_clause_element, default.is_sentinel)


_NO_DEFAULT = (False, False, False, False)


def _copy_default(default: Any) -> Any:
    return None if default is None else default._copy()


def insert_sentinel(
    name: str | None = None,
    type_: Any = None,
    *,
    default: Any = None,
    omit_from_statements: bool = True,
) -> Column[Any]:
    """
    Return a column that only matches returned rows of a batched INSERT to their parameters.

    Args:
        default: Another source of the values; the batch's own counter when None.
        omit_from_statements: Keep the column out of SELECT and INSERT where it is not needed.
    """
    return Column(
        name=name,
        type_=INTEGERTYPE if type_ is None else type_,
        default=SentinelDefault() if default is None else default,
        _omit_from_statements=omit_from_statements,
        insert_sentinel=True,
    )
