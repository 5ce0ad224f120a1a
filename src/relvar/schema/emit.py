"""
Create and drop what a schema holds: run DDL in the right order, with events around it.

Started by ``bind._run_ddl_visitor(SchemaGenerator, item, ...)``; types that need DDL of their
own (enumerations, domains) bring visitors derived from `InvokeCreateDDLBase`.

`checkfirst` decides for which kinds of object the database is asked before acting.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.schema.base import SchemaVisitor
from relvar.schema.ddl import (
    AddConstraint,
    CheckFirst,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropSequence,
    DropTable,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)
from relvar.schema.sort import sort_tables_and_constraints
from relvar.util import warn

if TYPE_CHECKING:
    from relvar.schema.foreignkey import ForeignKeyConstraint
    from relvar.schema.index import Index
    from relvar.schema.metadata import MetaData
    from relvar.schema.table import Table

__all__ = [
    "InvokeCreateDDLBase",
    "InvokeDDLBase",
    "InvokeDropDDLBase",
    "SchemaDropper",
    "SchemaGenerator",
    "run_ddl",
]


def run_ddl(
    bind: Any,
    visitor: type[SchemaGenerator] | type[SchemaDropper],
    item: Any,
    checkfirst: bool | CheckFirst,
    **kw: Any,
) -> None:
    """
    Create or drop *item* and what belongs to it.

    Raises:
        ArgumentError: *bind* is no Engine or Connection.
    """
    run = getattr(bind, "_run_ddl_visitor", None)
    if run is None:
        hint = ""
        if hasattr(bind, "run_sync") or hasattr(bind, "sync_engine"):
            hint = "; with an AsyncConnection, use: await connection.run_sync(metadata.create_all)"
        raise exc.ArgumentError(f"An Engine or a Connection is needed to emit DDL, got {bind!r}{hint}")
    run(visitor, item, checkfirst=CheckFirst._from_argument(checkfirst), **kw)


class InvokeDDLBase(SchemaVisitor):
    """
    A visitor that executes DDL on a connection.
    """

    def __init__(self, connection: Any, **kw: Any) -> None:
        self.connection = connection

    @contextlib.contextmanager
    def with_ddl_events(self, target: Any, **kw: Any) -> Iterator[None]:
        """
        Tell the listeners of *target* before and after the block.
        """
        raise NotImplementedError


class InvokeCreateDDLBase(InvokeDDLBase):
    """
    A visitor that creates things.
    """

    @contextlib.contextmanager
    def with_ddl_events(self, target: Any, **kw: Any) -> Iterator[None]:
        """
        Fire ``before_create`` and ``after_create`` around the block.
        """
        target.dispatch.before_create(target, self.connection, _ddl_runner=self, **kw)
        yield
        target.dispatch.after_create(target, self.connection, _ddl_runner=self, **kw)


class InvokeDropDDLBase(InvokeDDLBase):
    """
    A visitor that drops things.
    """

    @contextlib.contextmanager
    def with_ddl_events(self, target: Any, **kw: Any) -> Iterator[None]:
        """
        Fire ``before_drop`` and ``after_drop`` around the block.
        """
        target.dispatch.before_drop(target, self.connection, _ddl_runner=self, **kw)
        yield
        target.dispatch.after_drop(target, self.connection, _ddl_runner=self, **kw)


class _SchemaQuestions(InvokeDDLBase):
    """
    What both directions ask the database.
    """

    def __init__(
        self,
        dialect: Any,
        connection: Any,
        checkfirst: bool | CheckFirst = CheckFirst.NONE,
        tables: Sequence[Table] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(connection, **kwargs)
        self.checkfirst: CheckFirst = CheckFirst._from_argument(checkfirst)
        self.tables = tables
        self.preparer: Any = dialect.identifier_preparer
        self.dialect = dialect
        self.memo: dict[Any, Any] = {}

    def _schema_of(self, item: Any) -> str | None:
        """
        Return the schema the item really lives in, after translation; check its name.
        """
        schema: str | None = self.connection.schema_for_object(item)
        if schema:
            self.dialect.validate_identifier(schema)
        return schema

    def _ask_for_tables(self, tables: Iterable[Table]) -> None:
        """
        Ask which of *tables* exist, for `_table_exists`: at once, where the dialect can.
        """
        names: dict[str | None, list[str]] = {}
        for table in tables:
            if self._checks_table(table):
                names.setdefault(self._schema_of(table), []).append(table.name)
        known = self.memo.setdefault("existing", {})
        for schema, of_schema in names.items():
            known.update(self.dialect.has_multi_table(self.connection, of_schema, schema=schema))

    def _table_exists(self, table: Table) -> bool:
        # this finds views and temporary ones too
        schema = self._schema_of(table)
        known = self.memo.get("existing", {}).get((schema, table.name))
        if known is None:
            known = self.dialect.has_table(self.connection, table.name, schema=schema)
        return bool(known)

    def _sequence_applies(self, sequence: Any) -> bool:
        return self.dialect.supports_sequences and (
            not self.dialect.sequences_optional or not sequence.optional
        )

    def _checks_table(self, table: Table) -> bool:
        kind = CheckFirst.VIEWS if table.is_view else CheckFirst.TABLES
        return kind in self.checkfirst


class SchemaGenerator(_SchemaQuestions, InvokeCreateDDLBase):
    """
    Create a metadata's, a table's, an index's or a sequence's objects.
    """

    def _can_create_table(self, table: Table) -> bool:
        self.dialect.validate_identifier(table.name)
        return not self._checks_table(table) or not self._table_exists(table)

    def _can_create_index(self, index: Index) -> bool:
        schema = self._schema_of(index.table)
        if CheckFirst.INDEXES not in self.checkfirst:
            return True
        assert index.table is not None
        return not self.dialect.has_index(self.connection, index.table.name, index.name, schema=schema)

    def _can_create_sequence(self, sequence: Any) -> bool:
        if not self._sequence_applies(sequence):
            return False
        schema = self._schema_of(sequence)
        return CheckFirst.SEQUENCES not in self.checkfirst or not self.dialect.has_sequence(
            self.connection, sequence.name, schema=schema
        )

    def visit_metadata(self, metadata: MetaData) -> None:
        """
        Create the sequences, then the tables in order, then the foreign keys set aside.
        """
        tables = list(metadata.tables.values() if self.tables is None else self.tables)
        self._ask_for_tables(tables)
        ordered = sort_tables_and_constraints([table for table in tables if self._can_create_table(table)])
        sequences = [
            sequence
            for sequence in metadata._sequences.values()
            if sequence.column is None and self._can_create_sequence(sequence)
        ]
        created = [table for table, _ in ordered if table is not None]
        with self.with_ddl_events(metadata, tables=created, checkfirst=self.checkfirst):
            for sequence in sequences:
                self.traverse_single(sequence, create_ok=True)
            for table, constraints in ordered:
                if table is not None:
                    self.traverse_single(
                        table,
                        create_ok=True,
                        include_foreign_key_constraints=constraints,
                        _is_metadata_operation=True,
                    )
                else:
                    for constraint in constraints:
                        self.traverse_single(constraint)

    def visit_table(
        self,
        table: Table,
        create_ok: bool = False,
        include_foreign_key_constraints: Sequence[ForeignKeyConstraint] | None = None,
        _is_metadata_operation: bool = False,
    ) -> None:
        """
        Create a table (or view) with its sequences, indexes and comments.
        """
        if not create_ok and not self._can_create_table(table):
            return
        with self.with_ddl_events(
            table, checkfirst=self.checkfirst, _is_metadata_operation=_is_metadata_operation
        ):
            for column in table.columns:
                if column.default is not None:
                    self.traverse_single(column.default)
            if not self.dialect.supports_alter:
                # nothing can be added later: everything goes inline
                include_foreign_key_constraints = None
            self._create_statement(table, include_foreign_key_constraints)._invoke_with(self.connection)
            for index in table._sorted_indexes:
                self.traverse_single(index, create_ok=True)
            if self.dialect.supports_comments and not self.dialect.inline_comments:
                self._set_comments(table)

    def _create_statement(self, table: Table, foreign_keys: Sequence[ForeignKeyConstraint] | None) -> Any:
        if table._creator_ddl is not None:
            return table._creator_ddl
        return CreateTable(table, include_foreign_key_constraints=foreign_keys)

    def _set_comments(self, table: Table) -> None:
        if table.comment is not None:
            SetTableComment(table)._invoke_with(self.connection)
        for column in table.columns:
            if column.comment is not None:
                SetColumnComment(column)._invoke_with(self.connection)
        if self.dialect.supports_constraint_comments:
            for constraint in table._sorted_constraints:
                if constraint.comment is not None:
                    SetConstraintComment(constraint)._invoke_with(self.connection)

    def visit_foreign_key_constraint(self, constraint: ForeignKeyConstraint) -> None:
        """
        Add a foreign key that could not be created with its table.
        """
        if self.dialect.supports_alter:
            AddConstraint(constraint, isolate_from_table=False)._invoke_with(self.connection)

    def visit_sequence(self, sequence: Any, create_ok: bool = False) -> None:
        """
        Create a sequence.
        """
        if create_ok or self._can_create_sequence(sequence):
            with self.with_ddl_events(sequence):
                CreateSequence(sequence)._invoke_with(self.connection)

    def visit_index(self, index: Index, create_ok: bool = False) -> None:
        """
        Create an index.
        """
        if create_ok or self._can_create_index(index):
            with self.with_ddl_events(index):
                CreateIndex(index)._invoke_with(self.connection)


class SchemaDropper(_SchemaQuestions, InvokeDropDDLBase):
    """
    Drop a metadata's, a table's, an index's or a sequence's objects.
    """

    def _can_drop_table(self, table: Table) -> bool:
        self.dialect.validate_identifier(table.name)
        return not self._checks_table(table) or self._table_exists(table)

    def _can_drop_index(self, index: Index) -> bool:
        schema = self._schema_of(index.table)
        if CheckFirst.INDEXES not in self.checkfirst:
            return True
        assert index.table is not None
        return bool(self.dialect.has_index(self.connection, index.table.name, index.name, schema=schema))

    def _can_drop_sequence(self, sequence: Any) -> bool:
        if not self._sequence_applies(sequence):
            return False
        schema = self._schema_of(sequence)
        return CheckFirst.SEQUENCES not in self.checkfirst or bool(
            self.dialect.has_sequence(self.connection, sequence.name, schema=schema)
        )

    def visit_metadata(self, metadata: MetaData) -> None:
        """
        Drop the foreign keys that form cycles, then the tables in order, then the sequences.
        """
        tables = list(metadata.tables.values() if self.tables is None else self.tables)
        self._ask_for_tables(tables)
        ordered = self._plan_drop([t for t in tables if self._can_drop_table(t)])
        sequences = [
            sequence for sequence in metadata._sequences.values() if self._can_drop_sequence(sequence)
        ]
        dropped = [table for table, _ in ordered if table is not None]
        with self.with_ddl_events(metadata, tables=dropped, checkfirst=self.checkfirst):
            for table, constraints in ordered:
                if table is not None:
                    self.traverse_single(
                        table,
                        drop_ok=True,
                        _is_metadata_operation=True,
                        _ignore_sequences=sequences,
                    )
                else:
                    for constraint in constraints:
                        self.traverse_single(constraint)
            for sequence in sequences:
                self.traverse_single(sequence, drop_ok=sequence.column is None)

    def _plan_drop(self, tables: list[Table]) -> list[tuple[Any, Any]]:
        """
        Return the order of dropping: reverse of creation, ALTER ... DROP first.

        Raises:
            CircularDependencyError: a cycle has no named foreign key to drop beforehand.
        """

        def can_stay(constraint: ForeignKeyConstraint) -> bool | None:
            if not self.dialect.supports_alter or constraint.name is None:
                return False
            return None

        try:
            return list(reversed(sort_tables_and_constraints(tables, filter_fn=can_stay)))
        except exc.CircularDependencyError as err:
            names = ", ".join(sorted(t.fullname for t in err.cycles))
            if not self.dialect.supports_alter:
                warn(
                    "Can't sort tables for DROP; an unresolvable foreign key dependency exists "
                    f"between tables: {names}; and backend does not support ALTER.  To restore "
                    "at least a partial sort, apply use_alter=True to ForeignKey and "
                    "ForeignKeyConstraint objects involved in the cycle to mark these as known "
                    "cycles that will be ignored."
                )
                return [(table, ()) for table in tables]
            raise exc.CircularDependencyError(
                "",
                err.cycles,
                err.edges,
                msg="Can't sort tables for DROP; an unresolvable foreign key dependency exists "
                f"between tables: {names}.  Please ensure that the ForeignKey and "
                "ForeignKeyConstraint objects involved in the cycle have names so that they can "
                "be dropped using DROP CONSTRAINT.",
            ) from err

    def visit_table(
        self,
        table: Table,
        drop_ok: bool = False,
        _is_metadata_operation: bool = False,
        _ignore_sequences: Sequence[Any] = (),
    ) -> None:
        """
        Drop a table (or view), and the sequences that are defaults of its columns.
        """
        if not drop_ok and not self._can_drop_table(table):
            return
        with self.with_ddl_events(
            table, checkfirst=self.checkfirst, _is_metadata_operation=_is_metadata_operation
        ):
            statement = table._dropper_ddl
            (DropTable(table) if statement is None else statement)._invoke_with(self.connection)
            for column in table.columns:
                if column.default is not None and column.default not in _ignore_sequences:
                    self.traverse_single(column.default)

    def visit_foreign_key_constraint(self, constraint: ForeignKeyConstraint) -> None:
        """
        Drop a foreign key ahead of its table.
        """
        if self.dialect.supports_alter:
            DropConstraint(constraint)._invoke_with(self.connection)

    def visit_sequence(self, sequence: Any, drop_ok: bool = False) -> None:
        """
        Drop a sequence.
        """
        if drop_ok or self._can_drop_sequence(sequence):
            with self.with_ddl_events(sequence):
                DropSequence(sequence)._invoke_with(self.connection)

    def visit_index(self, index: Index, drop_ok: bool = False) -> None:
        """
        Drop an index.
        """
        if drop_ok or self._can_drop_index(index):
            with self.with_ddl_events(index):
                DropIndex(index)._invoke_with(self.connection)
