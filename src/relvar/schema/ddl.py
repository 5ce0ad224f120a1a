"""
DDL statements as objects: ``CREATE TABLE``, ``DROP INDEX``, ``COMMENT ON`` ...

An `ExecutableDDLElement` can be executed by a connection, compiled to text, or put on an event
of a table or metadata (``event.listen(table, "after_create", DDL("..."))``).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from relvar import exc
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.schema.base import DDLIf
from relvar.util import warn_deprecated

if TYPE_CHECKING:
    from relvar.schema.column import Column
    from relvar.schema.constraint import Constraint
    from relvar.schema.foreignkey import ForeignKeyConstraint
    from relvar.schema.metadata import MetaData
    from relvar.schema.table import Table

__all__ = [
    "DDL",
    "AddConstraint",
    "BaseDDLElement",
    "CheckFirst",
    "CreateColumn",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "DDLElement",
    "DropColumnComment",
    "DropConstraint",
    "DropConstraintComment",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "DropTableComment",
    "DropView",
    "ExecutableDDLElement",
    "SetColumnComment",
    "SetConstraintComment",
    "SetTableComment",
    "TableCreateDDL",
    "TableDropDDL",
]

_T = TypeVar("_T")


class CheckFirst(enum.Flag):
    """
    For which kinds of object create_all / drop_all ask the database before acting.
    """

    NONE = 0
    TABLES = 2
    VIEWS = 4
    INDEXES = 8
    SEQUENCES = 16
    TYPES = 32
    ALL = TABLES | VIEWS | INDEXES | SEQUENCES | TYPES

    @classmethod
    def _from_argument(cls, value: bool | CheckFirst) -> CheckFirst:
        """
        Return the flags that a ``checkfirst`` argument, often a plain bool, means.

        Raises:
            ValueError: it is no flag.
        """
        if isinstance(value, bool):
            return cls.ALL if value else cls.NONE
        return cls(value)


class BaseDDLElement(ClauseElement):
    """
    Root of the DDL constructs, also of those that are only pieces of a statement.
    """

    def _compiler(self, dialect: Any, **kw: Any) -> Any:
        return dialect.ddl_compiler(dialect, self, **kw)

    def _compile_kwargs(self) -> dict[str, Any]:
        return {}


class ExecutableDDLElement(Executable, BaseDDLElement):
    """
    Base of the DDL statements that can be executed; also for the application's own.

    It can be used as a listener of `DDLEvents`; `execute_if` then makes it conditional.
    """

    _ddl_if: DDLIf | None = None
    target: Any = None

    supports_execution = True

    def _execute_on_connection(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        return connection._execute_ddl(self, distilled_params, execution_options)

    def against(self, target: Any) -> ExecutableDDLElement:
        """
        Return a copy of this statement for the schema item *target*.
        """
        made = self._copy_ddl()
        made.target = target
        return made

    def execute_if(
        self,
        dialect: str | Iterable[str] | None = None,
        callable_: Callable[..., bool] | None = None,
        state: Any | None = None,
    ) -> ExecutableDDLElement:
        """
        Return a copy that, as a listener, only executes under the given conditions.
        """
        made = self._copy_ddl()
        made._ddl_if = DDLIf(dialect, callable_, state)
        return made

    def _copy_ddl(self) -> ExecutableDDLElement:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    def _should_execute(self, target: Any, bind: Any, **kw: Any) -> bool:
        if self._ddl_if is None:
            return True
        return self._ddl_if._should_execute(self, target, bind, **kw)

    def _invoke_with(self, bind: Any) -> Any:
        """
        Execute on *bind* unless a condition forbids it.
        """
        if self._should_execute(self.target, bind):
            return bind.execute(self)
        return None

    def __call__(self, target: Any, bind: Any, **kw: Any) -> None:
        """
        Act as an event listener: execute for *target* on *bind*.
        """
        self.against(target)._invoke_with(bind)


DDLElement = ExecutableDDLElement


class DDL(ExecutableDDLElement):
    """
    A literal DDL statement; ``%(table)s``, ``%(schema)s``, ``%(fullname)s`` are filled in.

    Args:
        statement: The text; a literal percent sign is written ``%%``.
        context: More names to fill in.

    Raises:
        ArgumentError: *statement* is no string.
    """

    __visit_name__ = "ddl"

    def __init__(self, statement: str, context: dict[str, Any] | None = None) -> None:
        if not isinstance(statement, str):
            raise exc.ArgumentError(f"Expected a string or unicode SQL statement, got {str(statement)!r}")
        self.statement = statement
        self.context: dict[str, Any] = context or {}

    def __repr__(self) -> str:
        shown = [repr(self.statement)]
        if self.context:
            shown.append(f"context={self.context}")
        return f"<DDL@{id(self)}; {', '.join(shown)}>"


class _CreateDropBase(ExecutableDDLElement, Generic[_T]):
    """
    Base of the statements about one schema item, kept as ``element``.
    """

    def __init__(self, element: _T) -> None:
        self.element = element
        self.target = element
        self._ddl_if = getattr(element, "_ddl_if", None)

    @property
    def stringify_dialect(self) -> str:  # type: ignore[override]  # a plain attribute elsewhere
        return str(getattr(self.element, "create_drop_stringify_dialect", "default"))

    def _never(self, compiler: Any) -> bool:
        """
        A create rule for items that get a statement of their own.
        """
        return False


class _CreateBase(_CreateDropBase[_T]):
    def __init__(self, element: _T, if_not_exists: bool = False) -> None:
        super().__init__(element)
        self.if_not_exists = if_not_exists


class _DropBase(_CreateDropBase[_T]):
    def __init__(self, element: _T, if_exists: bool = False) -> None:
        super().__init__(element)
        self.if_exists = if_exists


class TableCreateDDL(_CreateBase["Table"]):
    """
    What can create a table or a view; see `Table.set_creator_ddl`.
    """

    def to_metadata(self, metadata: MetaData, table: Table) -> TableCreateDDL:
        """
        Return the statement for *table*, the copy of its table in *metadata*.
        """
        raise NotImplementedError


class TableDropDDL(_DropBase["Table"]):
    """
    What can drop a table or a view; see `Table.set_dropper_ddl`.
    """

    def to_metadata(self, metadata: MetaData, table: Table) -> TableDropDDL:
        """
        Return the statement for *table*, the copy of its table in *metadata*.
        """
        raise NotImplementedError


class CreateTable(TableCreateDDL):
    """
    ``CREATE TABLE``.

    Args:
        include_foreign_key_constraints: The foreign keys to write inline; all when None.
    """

    __visit_name__ = "create_table"

    def __init__(
        self,
        element: Table,
        include_foreign_key_constraints: Sequence[ForeignKeyConstraint] | None = None,
        if_not_exists: bool = False,
    ) -> None:
        super().__init__(element, if_not_exists=if_not_exists)
        self.columns: list[CreateColumn] = [CreateColumn(column) for column in element.columns]
        self.include_foreign_key_constraints = include_foreign_key_constraints

    def to_metadata(self, metadata: MetaData, table: Table) -> CreateTable:
        return CreateTable(table, if_not_exists=self.if_not_exists)


class DropTable(TableDropDDL):
    """
    ``DROP TABLE``.
    """

    __visit_name__ = "drop_table"

    def to_metadata(self, metadata: MetaData, table: Table) -> DropTable:
        return DropTable(table, if_exists=self.if_exists)


class DropView(TableDropDDL):
    """
    ``DROP VIEW`` or ``DROP MATERIALIZED VIEW``.
    """

    __visit_name__ = "drop_view"

    def __init__(self, element: Table, *, if_exists: bool = False, materialized: bool = False) -> None:
        super().__init__(element, if_exists=if_exists)
        self.materialized = materialized

    def to_metadata(self, metadata: MetaData, table: Table) -> DropView:
        return DropView(table, if_exists=self.if_exists, materialized=self.materialized)


class CreateColumn(BaseDDLElement):
    """
    A column as written inside ``CREATE TABLE``; the hook for ``@compiles``.
    """

    __visit_name__ = "create_column"

    def __init__(self, element: Column[Any]) -> None:
        self.element = element


class CreateSchema(_CreateBase[str]):
    """
    ``CREATE SCHEMA``.
    """

    __visit_name__ = "create_schema"

    stringify_dialect = "default"

    def __init__(self, name: str, if_not_exists: bool = False) -> None:
        super().__init__(name, if_not_exists=if_not_exists)


class DropSchema(_DropBase[str]):
    """
    ``DROP SCHEMA``.
    """

    __visit_name__ = "drop_schema"

    stringify_dialect = "default"

    def __init__(self, name: str, cascade: bool = False, if_exists: bool = False) -> None:
        super().__init__(name, if_exists=if_exists)
        self.cascade = cascade


class CreateIndex(_CreateBase[Any]):
    """
    ``CREATE INDEX``.
    """

    __visit_name__ = "create_index"


class DropIndex(_DropBase[Any]):
    """
    ``DROP INDEX``.
    """

    __visit_name__ = "drop_index"


class CreateSequence(_CreateBase[Any]):
    """
    ``CREATE SEQUENCE``.
    """

    __visit_name__ = "create_sequence"


class DropSequence(_DropBase[Any]):
    """
    ``DROP SEQUENCE``.
    """

    __visit_name__ = "drop_sequence"


class AddConstraint(_CreateBase["Constraint"]):
    """
    ``ALTER TABLE ... ADD CONSTRAINT``.

    Args:
        isolate_from_table: Leave the constraint out of its table's CREATE from now on.
    """

    __visit_name__ = "add_constraint"

    def __init__(self, element: Constraint, *, isolate_from_table: bool = True) -> None:
        super().__init__(element)
        if isolate_from_table:
            element._create_rule = self._never


class DropConstraint(_DropBase["Constraint"]):
    """
    ``ALTER TABLE ... DROP CONSTRAINT``.

    Args:
        isolate_from_table: Leave the constraint out of its table's CREATE from now on.
    """

    __visit_name__ = "drop_constraint"

    def __init__(
        self,
        element: Constraint,
        *,
        cascade: bool = False,
        if_exists: bool = False,
        isolate_from_table: bool = False,
        **kw: Any,
    ) -> None:
        self.cascade = cascade
        super().__init__(element, if_exists=if_exists, **kw)
        if isolate_from_table:
            warn_deprecated(
                "The ``isolate_from_table`` is deprecated and it be removed in a future release.", "2.1"
            )
            element._create_rule = self._never


class SetTableComment(_CreateDropBase["Table"]):
    """
    ``COMMENT ON TABLE ... IS``.
    """

    __visit_name__ = "set_table_comment"


class DropTableComment(_CreateDropBase["Table"]):
    """
    ``COMMENT ON TABLE ... IS NULL``.
    """

    __visit_name__ = "drop_table_comment"


class SetColumnComment(_CreateDropBase["Column[Any]"]):
    """
    ``COMMENT ON COLUMN ... IS``.
    """

    __visit_name__ = "set_column_comment"


class DropColumnComment(_CreateDropBase["Column[Any]"]):
    """
    ``COMMENT ON COLUMN ... IS NULL``.
    """

    __visit_name__ = "drop_column_comment"


class SetConstraintComment(_CreateDropBase["Constraint"]):
    """
    ``COMMENT ON CONSTRAINT ... IS``.
    """

    __visit_name__ = "set_constraint_comment"


class DropConstraintComment(_CreateDropBase["Constraint"]):
    """
    ``COMMENT ON CONSTRAINT ... IS NULL``.
    """

    __visit_name__ = "drop_constraint_comment"
