"""
Constraints: what a table promises about its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from relvar import exc
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.names import NONE_NAME
from relvar.schema.autoincrement import find_autoincrement
from relvar.schema.base import (
    NULL_UNSPECIFIED,
    HasConditionalDDL,
    HasDeprecatedCopy,
    SchemaEventTarget,
    SchemaItem,
)
from relvar.schema.collection import (
    ColumnCollectionMixin,
    columns_in,
    ddl_expression,
    next_creation_order,
)
from relvar.schema.naming import apply_naming_convention, constraint_name_for_table
from relvar.util import warn

if TYPE_CHECKING:
    from relvar.schema.column import Column
    from relvar.schema.table import Table

__all__ = [
    "CheckConstraint",
    "ColumnCollectionConstraint",
    "Constraint",
    "PrimaryKeyConstraint",
    "UniqueConstraint",
]

_Self = TypeVar("_Self", bound="Constraint")


class Constraint(DialectKWArgs, HasConditionalDDL, HasDeprecatedCopy, SchemaItem):
    """
    Base of the constraints of a table.

    Args:
        name: Its name in the database; None lets naming convention or database choose.
        deferrable: ``DEFERRABLE`` / ``NOT DEFERRABLE``.
        initially: ``INITIALLY <text>``.
        comment: A comment on the constraint, where the database has them.
        _create_rule: Given the DDL compiler, says whether to render it.
        _type_bound: It came from a column's type, which makes it again in copies.
    """

    __visit_name__ = "constraint"

    _copied_as = "Constraint"

    _creation_order: int
    _column_flag: bool
    _given_name: Any = None
    parent: Any

    def __init__(
        self,
        name: Any = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _create_rule: Callable[[Any], bool] | None = None,
        _type_bound: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self.name = name
        self.deferrable = deferrable
        self.initially = initially
        if info:
            self.info = info
        self._create_rule = _create_rule
        self._type_bound = _type_bound
        self._creation_order = next_creation_order()
        if dialect_kw:
            self._validate_dialect_kwargs(dialect_kw)
        self.comment = comment

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        """
        Attach to *parent*; on a table, the naming convention applies.
        """
        super()._set_parent_with_dispatch(parent, **kw)
        if getattr(parent, "_is_table", False):
            apply_naming_convention(self, parent)
        else:
            parent._on_table_attach(self._name_for_column)

    def _name_for_column(self, column: Any, table: Any) -> None:
        if getattr(table, "_is_table", False):
            apply_naming_convention(self, table)

    def _name_by_convention(self) -> Any:
        """
        Return the name for DDL: also that of a constraint of a column's type.
        """
        if self.name is None:
            return None
        parent = self.parent
        table = parent if getattr(parent, "_is_table", False) else parent.table
        return constraint_name_for_table(self, table)

    def _should_create_for_compiler(self, compiler: Any, **kw: Any) -> bool:
        if self._create_rule is not None and not self._create_rule(compiler):
            return False
        if self._ddl_if is not None:
            return self._ddl_if._should_execute(
                CreateConstraintMark(self), self, None, compiler=compiler, **kw
            )
        return True

    @property
    def table(self) -> Table:
        """
        The table the constraint is attached to.

        Raises:
            InvalidRequestError: there is none yet.
        """
        parent = self.__dict__.get("parent")
        if parent is not None and getattr(parent, "_is_table", False):
            return parent  # type: ignore[no-any-return]  # checked by the flag
        raise exc.InvalidRequestError(
            "This constraint is not bound to a table.  Did you mean to call "
            "table.append_constraint(constraint) ?"
        )

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        self.parent = parent
        parent.constraints.add(self)  # type: ignore[attr-defined]  # a table

    def _copy(self: _Self, **kw: Any) -> _Self:
        raise NotImplementedError

    def _copy_flags(self, **extra: Any) -> dict[str, Any]:
        """
        Return the keyword arguments that a copy takes over.
        """
        return {
            "name": None if self.name is NONE_NAME else self.name,
            "deferrable": self.deferrable,
            "initially": self.initially,
            **extra,
            **self.dialect_kwargs,
        }


class CreateConstraintMark:
    """
    Stands for the DDL of a constraint written within ``CREATE TABLE``.
    """

    def __init__(self, element: Any) -> None:
        self.element = element


class ColumnCollectionConstraint(ColumnCollectionMixin, Constraint):
    """
    Base of the constraints over columns.
    """

    _copied_as = "ColumnCollectionConstraint"

    def __init__(
        self,
        *columns: Any,
        name: Any = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        _autoattach: bool = True,
        _column_flag: bool = False,
        _gather_expressions: list[Any] | None = None,
        **dialect_kw: Any,
    ) -> None:
        Constraint.__init__(
            self,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            **dialect_kw,
        )
        ColumnCollectionMixin.__init__(
            self,
            *columns,
            _autoattach=_autoattach,
            _column_flag=_column_flag,
            _gather_expressions=_gather_expressions,
        )

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        Constraint._set_parent(self, parent)
        self._set_columns(parent)

    def _copy(self, *, target_table: Table | None = None, **kw: Any) -> Any:
        made = type(self)(
            *self._copied_columns(target_table),
            comment=self.comment,
            **self._copy_flags(_column_flag=self._column_flag),
        )
        return self._schema_item_copy(made)

    def _copied_columns(self, target_table: Table | None) -> list[Any]:
        """
        Return how to name the columns in a copy: by key, not by object.
        """
        if self._collection is None:
            return list(self._pending_colargs)
        return list(self._collection.keys())

    def contains_column(self, col: Column[Any]) -> bool:
        """
        Tell whether the constraint is over *col* itself, not just a column of that name.
        """
        return bool(self._collection is not None and self._collection.contains_column(col))

    def __repr__(self) -> str:
        shown = [repr(column) for column in self._writeable()]
        if not shown:
            shown = [repr(given) for given in self._pending_colargs]
        if self.name is not None:
            shown.append(f"name={str(self.name)!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __contains__(self, x: object) -> bool:
        if isinstance(x, str):
            return x in self._writeable()
        return any(column is x for column in self._writeable())

    def __iter__(self) -> Iterator[Column[Any]]:
        return iter(self._writeable())

    def __len__(self) -> int:
        return len(self._writeable())


class CheckConstraint(ColumnCollectionConstraint):
    """
    ``CHECK (...)``, of a column (as its argument) or a table.

    Args:
        sqltext: The condition, as text or SQL expression.
        table: The table, if it is not found from *sqltext*.

    >>> from relvar import CheckConstraint, Column, Integer, MetaData, Table
    >>> from relvar.schema import CreateTable
    >>> check = CheckConstraint("age >= 0", name="age_is_positive")
    >>> print(CreateTable(Table("t", MetaData(), Column("age", Integer), check)))
    <BLANKLINE>
    CREATE TABLE t (
        age INTEGER,
        CONSTRAINT age_is_positive CHECK (age >= 0)
    )
    """

    __visit_name__ = "table_or_column_check_constraint"

    _copied_as = "CheckConstraint"
    _allow_multiple_tables = True

    def __init__(
        self,
        sqltext: Any,
        name: Any = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        table: Table | None = None,
        info: dict[Any, Any] | None = None,
        _create_rule: Callable[[Any], bool] | None = None,
        _autoattach: bool = True,
        _type_bound: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self.sqltext: Any = ddl_expression(sqltext)
        columns = columns_in(self.sqltext)
        super().__init__(
            *columns,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            _create_rule=_create_rule,
            _type_bound=_type_bound,
            _autoattach=_autoattach,
            **dialect_kw,
        )
        if table is not None:
            self._set_parent_with_dispatch(table)

    def __repr__(self) -> str:
        name = "" if self.name is None else f", name={str(self.name)!r}"
        return f"CheckConstraint({str(getattr(self.sqltext, 'text', self.sqltext))!r}{name})"

    @property
    def is_column_level(self) -> bool:
        """
        Whether it was given as an argument of a column.
        """
        return not getattr(self.parent, "_is_table", False)

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        Constraint._set_parent(self, parent)
        collection = self._writeable()
        for column in self._pending_colargs:
            if column is not None and not collection.contains_column(column):
                collection.add(column)

    def _copy(self, *, target_table: Table | None = None, **kw: Any) -> Any:
        sqltext = self.sqltext
        if target_table is not None and getattr(self.parent, "_is_table", False):
            sqltext = self.table._copy_expression_to(sqltext, target_table)
        made = type(self)(
            sqltext,
            comment=self.comment,
            **self._copy_flags(
                _create_rule=self._create_rule,
                table=target_table,
                _autoattach=False,
                _type_bound=self._type_bound,
            ),
        )
        return self._schema_item_copy(made)


class UniqueConstraint(ColumnCollectionConstraint):
    """
    ``UNIQUE (...)``; ``unique=True`` on a column is the short form.

    Args:
        columns: Columns, or their names.
        name: Of the constraint; else the naming convention makes one, or the database.
        deferrable, initially: ``DEFERRABLE``, and ``INITIALLY DEFERRED`` or ``IMMEDIATE``.
        info: A dictionary of the program's own.
        dialect_kw: Options of databases, such as ``sqlite_on_conflict``.

    >>> from relvar import Column, Integer, MetaData, Table, UniqueConstraint
    >>> from relvar.schema import CreateTable
    >>> unique = UniqueConstraint("a", "b", name="a_and_b")
    >>> print(CreateTable(Table("t", MetaData(), Column("a", Integer), Column("b", Integer), unique)))
    <BLANKLINE>
    CREATE TABLE t (
        a INTEGER,
        b INTEGER,
        CONSTRAINT a_and_b UNIQUE (a, b)
    )
    """

    __visit_name__ = "unique_constraint"


class PrimaryKeyConstraint(ColumnCollectionConstraint):
    """
    ``PRIMARY KEY (...)``; every table has one, empty if it has no key.

    Naming columns here makes them primary key columns of the table.

    Args:
        columns: Columns, or their names.
        name: Of the constraint; else the naming convention makes one, or the database.
        deferrable, initially: ``DEFERRABLE``, and ``INITIALLY DEFERRED`` or ``IMMEDIATE``.
        info: A dictionary of the program's own.
        dialect_kw: Options of databases, such as ``mssql_clustered``.

    >>> from relvar import Column, Integer, MetaData, PrimaryKeyConstraint, Table
    >>> key = PrimaryKeyConstraint("a", "b", name="pk_t")
    >>> table = Table("t", MetaData(), Column("a", Integer), Column("b", Integer), key)
    >>> table.c.a.primary_key, table.c.a.nullable
    (True, False)
    """

    __visit_name__ = "primary_key_constraint"

    def __init__(
        self,
        *columns: Any,
        name: Any = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        _implicit_generated: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self._implicit_generated = _implicit_generated
        self._autoincrement: Any = None
        self._autoincrement_known = False
        super().__init__(
            *columns,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            **dialect_kw,
        )

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        table: Any = parent
        Constraint._set_parent(self, parent)
        if table.primary_key is not self:
            table.constraints.discard(table.primary_key)
            table.primary_key = self
            table.constraints.add(self)
        marked = [c for c in table.c if c.primary_key]
        named = self._resolve_columns(table)
        if named and marked and {id(c) for c in marked} != {id(c) for c in named}:
            names = ", ".join(f"'{c.name}'" for c in named)
            warn(
                f"Table '{table.name}' specifies columns "
                + ", ".join(f"'{c.name}'" for c in marked)
                + f" as primary_key=True, not matching locally specified columns {names}; "
                f"setting the current primary key columns to {names}. This warning may become "
                "an exception in a future release"
            )
            for column in marked:
                column.primary_key = False
        collection = self._writeable()
        for column in named:
            column.primary_key = True
            if column._user_defined_nullable is NULL_UNSPECIFIED:
                column.nullable = False
        for column in named or marked:
            collection.add(column)
        self._forget()

    def _reload(self, columns: Iterable[Any]) -> None:
        """
        Take *columns* into the key (used by reflection), after those it has; keep name and options.
        """
        own = self._writeable()
        for column in columns:
            column.primary_key = True
            if not own.contains_column(column):
                own.add(column)
        self._pending_colargs = list(own)
        self._forget()
        table: Any = self.parent
        table.constraints.add(self)

    def _replace(self, column: Column[Any], replaced: Sequence[Column[Any]]) -> None:
        """
        Take *column* in, in place of the columns that it replaced in the table.
        """
        self._forget()
        self._writeable().replace(column, extra_remove=replaced)
        if self._implicit_generated and self._given_name is None:
            # the convention may name the key by its columns
            self.name: None = None
            apply_naming_convention(self, self.table)

    def _forget(self) -> None:
        self._autoincrement_known = False

    @property
    def columns_autoinc_first(self) -> list[Column[Any]]:
        """
        The columns, the automatically numbered one first.
        """
        auto = self._autoincrement_column
        columns = list(self._writeable())
        if auto is None:
            return columns
        return [auto, *(c for c in columns if c is not auto)]

    @property
    def _autoincrement_column(self) -> Column[Any] | None:
        """
        The column that the database numbers by itself, if any.

        Raises:
            ArgumentError: a column asks to be numbered and cannot, or two of them do.
        """
        if not self._autoincrement_known:
            self._autoincrement = find_autoincrement(list(self._writeable()))
            self._autoincrement_known = True
        return self._autoincrement  # type: ignore[no-any-return]  # a column or None
