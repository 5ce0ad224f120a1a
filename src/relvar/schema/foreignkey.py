"""
Foreign keys: columns that refer to columns of another table.

The target is often named before it exists.  Rules of resolution:

Rule 1: a `ForeignKey` knows its target as text (``"schema.table.column"``) or as a `Column`.
Rule 2: text is resolved when both tables are in the metadata; until then the key waits in
    ``MetaData._fk_memos`` under ``(table key, column name)``.
Rule 3: a column without a type takes that of its target once the target is known, and hands
    it on to the columns that wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from relvar import exc
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.names import NONE_NAME
from relvar.relation.columns import WriteableColumnCollection
from relvar.schema.base import (
    BLANK_SCHEMA,
    RETAIN_SCHEMA,
    HasDeprecatedCopy,
    SchemaConst,
    SchemaEventTarget,
    SchemaItem,
    table_key,
)
from relvar.schema.constraint import ColumnCollectionConstraint, Constraint
from relvar.util.fields import NamedTuple

if TYPE_CHECKING:
    from relvar.schema.column import Column
    from relvar.schema.metadata import MetaData
    from relvar.schema.table import Table

__all__ = ["ForeignKey", "ForeignKeyConstraint", "ForeignKeyTarget"]


class ForeignKeyTarget(NamedTuple):
    """
    The target of a foreign key in pieces, for names that contain dots.

    A `ForeignKey` reads ``schema=None`` as that of its metadata, `BLANK_SCHEMA` as none.
    """

    schema: str | Literal[SchemaConst.BLANK_SCHEMA] | None
    table_name: str
    column_name: str | None

    @classmethod
    def _from_string(cls, spec: str) -> ForeignKeyTarget:
        """
        Split ``[schema.]table[.column]``; more dots belong to the schema.
        """
        pieces = spec.split(".")
        if len(pieces) == 1:
            return cls(None, pieces[0], None)
        *schema, table, column = pieces
        return cls(".".join(schema) if schema else None, table, column)

    @property
    def _as_string(self) -> str:
        return ".".join(piece for piece in self if piece and isinstance(piece, str))

    def _written(self) -> str:
        """
        Return the target as ``[schema.]table[.column]``, which `_from_string` reads back.

        Raises:
            InvalidRequestError: a dot inside of a name would be read as a separator.
        """
        for before, part, name in (
            ("schema", "table", self.table_name),
            ("table", "column", self.column_name),
        ):
            if name is not None and "." in name:
                raise exc.InvalidRequestError(
                    "Can't render a single string representation for foreign key target "
                    f"(schema={self.schema!r}, table_name={self.table_name!r}, "
                    f"column_name={self.column_name!r}); the {part} name {name!r} contains a dot, "
                    f"which can't be told apart from the separator between a {before} name and a "
                    f"{part} name.  Use ForeignKey.target_tokens to receive the schema, table and "
                    "column names individually."
                )
        return self._as_string

    def _shown(self) -> str:
        """
        Return the target as code that makes it again.
        """
        dotted = "." in self.table_name or "." in (self.column_name or "")
        return repr(self) if dotted else repr(self._as_string)

    def _table_key(self, default_schema: str | None) -> str:
        schema = default_schema if self.schema is None else self.schema
        return table_key(self.table_name, schema if isinstance(schema, str) else None)


class ForeignKey(DialectKWArgs, HasDeprecatedCopy, SchemaItem):
    """
    A dependency between two columns; given as an argument of `Column`.

    It makes a `ForeignKeyConstraint` of one column when its column gets a table.

    Args:
        column: The target: ``"table.column"``, ``"schema.table.column"``, a `Column`, or a
            `ForeignKeyTarget`.
        use_alter: Add the constraint by ALTER after the tables were created.
        link_to_name: The text names the column's ``name``, not its ``key``.

    Raises:
        ArgumentError: *column* is none of these.

    >>> from relvar import Column, ForeignKey, Integer, MetaData, Table
    >>> metadata = MetaData()
    >>> user = Table("user", metadata, Column("id", Integer, primary_key=True))
    >>> post = Table("post", metadata, Column("user_id", ForeignKey("user.id", ondelete="CASCADE")))
    >>> post.c.user_id.references(user.c.id), post.c.user_id.type
    (True, Integer())
    """

    __visit_name__ = "foreign_key"

    _copied_as = "ForeignKey"

    parent: Any = None

    def __init__(
        self,
        column: Any,
        _constraint: ForeignKeyConstraint | None = None,
        use_alter: bool = False,
        name: Any = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        link_to_name: bool = False,
        match: str | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _unresolvable: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self._target: ForeignKeyTarget | None = None
        self._in_no_schema = False
        self._table_column: Any = None
        self._given_column(column)
        self._unresolvable = _unresolvable
        self.constraint = _constraint
        self.parent = None
        self.use_alter = use_alter
        self.name = name
        self.onupdate = onupdate
        self.ondelete = ondelete
        self.deferrable = deferrable
        self.initially = initially
        self.link_to_name = link_to_name
        self.match = match
        self.comment = comment
        if info:
            self.info = info
        self._unvalidated_dialect_kw = dialect_kw
        self._resolved: Any = None
        self._origin: ForeignKey | None = None

    def _given_column(self, column: Any) -> None:
        if isinstance(column, tuple):
            target = ForeignKeyTarget(*column)
            self._in_no_schema = target.schema is BLANK_SCHEMA
            self._target = target._replace(schema=None) if self._in_no_schema else target
            return
        if isinstance(column, str):
            self._target = ForeignKeyTarget._from_string(column)
            return
        while hasattr(column, "__clause_element__"):
            column = column.__clause_element__()
        if not getattr(column, "is_clause_element", False) or not hasattr(column, "table"):
            raise exc.ArgumentError(
                "String column name or Column object for DDL foreign key constraint expected, "
                f"got {column!r}."
            )
        table = column.table
        if table is not None and not getattr(table, "is_selectable", False):
            raise exc.ArgumentError(f"ForeignKey received Column not bound to a Table, got: {table!r}")
        if table is not None and not getattr(table, "_is_table", False):
            raise exc.ArgumentError(
                f"ForeignKey target Column {column!r} is associated with {table!r}, which is not a Table; a "
                "foreign key may only target a Column of a Table"
            )
        self._table_column = column

    @property
    def _colspec(self) -> Any:
        """
        What was given: text or column.
        """
        return self._table_column if self._target is None else self._target._as_string

    @property
    def target_tokens(self) -> ForeignKeyTarget:
        """
        The target as schema, table and column name.

        Raises:
            InvalidRequestError: it is a column without a table.
        """
        if self._target is not None:
            return self._target
        column = self._table_column
        table = column.table
        if table is None:
            raise exc.InvalidRequestError(
                f"ForeignKey refers to Column {column!r}, which is not part of a table yet"
            )
        return ForeignKeyTarget(table.schema, table.name, column.key)

    @property
    def target_table_key(self) -> str:
        """
        The key of the target's table in ``MetaData.tables``.
        """
        if self._target is None:
            return str(self._table_column.table.key)
        return self._target._table_key(None if self._in_no_schema else self._default_schema)

    @property
    def _default_schema(self) -> str | None:
        table = None if self.parent is None else self.parent.table
        metadata = getattr(table, "metadata", None)
        return None if metadata is None else metadata.schema

    @property
    def target_fullname(self) -> str:
        """
        The target as text.
        """
        return self._get_colspec()

    def _get_colspec(
        self,
        schema: str | SchemaConst | None = None,
        table_name: str | None = None,
        _is_copy: bool = False,
    ) -> str:
        """
        Return the target as text, with another schema or table name if one is given.
        """
        return self._respelled(schema, table_name)._written()

    def _respelled(
        self, schema: str | SchemaConst | None = None, table_name: str | None = None
    ) -> ForeignKeyTarget:
        tokens = self.target_tokens
        if schema is BLANK_SCHEMA:
            tokens = tokens._replace(schema=None)
        elif schema is not None and schema is not RETAIN_SCHEMA:
            tokens = tokens._replace(schema=schema)  # type: ignore[arg-type]  # a string now
        if table_name is not None:
            tokens = tokens._replace(table_name=table_name)
        return tokens

    @property
    def _referred_schema(self) -> str | None:
        schema = self.target_tokens.schema
        return schema if isinstance(schema, str) else None

    @property
    def column(self) -> Column[Any]:
        """
        The target column.

        Raises:
            NoReferencedTableError: its table is not in the metadata (yet).
            NoReferencedColumnError: its table has no such column.
            InvalidRequestError: this key's own column is not in a table yet.
        """
        if self._resolved is not None:
            return self._resolved  # type: ignore[no-any-return]  # a column
        if self._origin is not None:
            return self._origin.column
        if self._target is None:
            self._resolved = self._table_column
            return self._table_column  # type: ignore[no-any-return]  # a column
        if self.parent is None:
            raise exc.InvalidRequestError(
                "this ForeignKey object does not yet have a parent Column associated with it."
            )
        table = self.parent.table
        if table is None:
            raise exc.InvalidRequestError(
                "this ForeignKey's parent column is not yet associated with a Table."
            )
        found = self._look_up(table.metadata)
        self._resolved = found
        return found  # type: ignore[no-any-return]  # a column

    @property
    def target_column(self) -> Column[Any] | None:
        """
        The `Column` that was given as the target; None if it was given by name.
        """
        return self._table_column  # type: ignore[no-any-return]  # a column or None

    def _look_up(self, metadata: MetaData) -> Any:
        """
        Return the target column from *metadata*.

        Raises:
            NoReferencedTableError, NoReferencedColumnError: it is not there.
        """
        assert self._target is not None
        parent_table = self.parent.table
        key = self.target_table_key
        table = metadata.tables.get(key)
        if table is None or self._unresolvable:
            raise exc.NoReferencedTableError(
                f"Foreign key associated with column '{self.parent}' could not find table "
                f"'{key}' with which to generate a foreign key to target column "
                f"'{self._target.column_name}'",
                key,
            )
        column = self._column_of(table)
        if column is None:
            wanted = self._target.column_name or self.parent.key
            raise exc.NoReferencedColumnError(
                f"Could not initialize target column for ForeignKey "
                f"'{self.target_tokens._as_string}' on table '{parent_table.name}': table '{table.name}' "
                f"has no column named '{wanted}'",
                table.name,
                wanted,
            )
        return column

    def _column_of(self, table: Any) -> Any:
        """
        Return the column of *table* that the text names; None if there is none.
        """
        assert self._target is not None
        wanted = self._target.column_name
        if wanted is None:
            # only the table was named: the column of the same key is meant
            return table.c.get(self.parent.key)
        if self.link_to_name:
            return next((c for c in table.c if c.name == wanted), None)
        return table.c.get(wanted)

    def references(self, table: Any) -> bool:
        """
        Tell whether the target is a column of *table*.
        """
        return table.corresponding_column(self.column) is not None

    def get_referent(self, table: Any) -> Any:
        """
        Return the column of *table* (or of an alias) that is the target; None if none is.
        """
        return table.columns.corresponding_column(self.column)

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        if self.parent is not None and self.parent is not parent:
            raise exc.InvalidRequestError("This ForeignKey already has a parent !")
        column: Any = parent
        self.parent = column
        column.foreign_keys.add(self)
        column._on_table_attach(self._set_table)

    def _set_table(self, column: Any, table: Any) -> None:
        """
        React to the own column's getting its table: make the constraint, look for the target.
        """
        if not getattr(table, "_is_table", False):
            return
        if self.constraint is None:
            self.constraint = ForeignKeyConstraint(
                [],
                [],
                use_alter=self.use_alter,
                name=self.name,
                onupdate=self.onupdate,
                ondelete=self.ondelete,
                deferrable=self.deferrable,
                initially=self.initially,
                match=self.match,
                comment=self.comment,
                **self._unvalidated_dialect_kw,
            )
            self.constraint._append_element(column, self)
            self.constraint._set_parent_with_dispatch(table)
        table.foreign_keys.add(self)
        if self._target is not None:
            self._await_target(table)
        elif self._table_column is not None:
            self._use_target(self._table_column)

    def _await_target(self, table: Any) -> None:
        """
        Resolve the text now if possible; wait for table or column otherwise.
        """
        assert self._target is not None
        metadata: MetaData = table.metadata
        key = self.target_table_key
        wanted = self._target.column_name
        memo_key = (key, self.parent.key if wanted is None else wanted)
        metadata._fk_memos[memo_key].append(self)
        target_table = table if key == table.key else metadata.tables.get(key)
        if target_table is not None:
            found = self._column_of(target_table)
            if found is not None:
                self._use_target(found)

    def _use_target(self, column: Any) -> None:
        """
        Take *column* as the target.
        """
        self._resolved = column
        parent = self.parent
        if parent.type._isnull and not column.type._isnull:
            parent.type = column.type
            parent._type_known()

    def _remove_from_metadata(self, metadata: MetaData) -> None:
        if self._target is None:
            return
        wanted = self._target.column_name
        memo_key = (self.target_table_key, self.parent.key if wanted is None else wanted)
        waiting = metadata._fk_memos.get(memo_key)
        if waiting and self in waiting:
            waiting.remove(self)

    def _copy(self, *, schema: str | SchemaConst | None = None, **kw: Any) -> ForeignKey:
        spec: Any
        if self._target is None and self._table_column.table is None:
            spec = self._table_column
        else:
            spec = self._respelled(schema)
            if spec.column_name is None:
                spec = spec._as_string
            elif self._in_no_schema and spec.schema is None:
                spec = spec._replace(schema=BLANK_SCHEMA)
        made = ForeignKey(
            spec,
            use_alter=self.use_alter,
            name=self.name,
            onupdate=self.onupdate,
            ondelete=self.ondelete,
            deferrable=self.deferrable,
            initially=self.initially,
            link_to_name=self.link_to_name,
            match=self.match,
            comment=self.comment,
            **self._unvalidated_dialect_kw,
        )
        return self._schema_item_copy(made)

    def _for_proxy(self) -> ForeignKey:
        """
        Return a key to the same target for a column derived from this key's column.
        """
        made = ForeignKey(
            self._colspec if self._target is None else self._target,
            _constraint=self.constraint,
        )
        made._origin = self
        return made

    def __repr__(self) -> str:
        return f"ForeignKey({self.target_tokens._shown()})"


class ForeignKeyConstraint(ColumnCollectionConstraint):
    """
    ``FOREIGN KEY (...) REFERENCES ...`` over one or more columns.

    Args:
        columns: The own columns, by key or object; one may repeat.
        refcolumns: The target columns, in the same order; like the argument of `ForeignKey`.
        use_alter: Add the constraint by ALTER after the tables were created.
        table: The table to attach to, if all columns are names.

    Raises:
        ArgumentError: the two lists differ in length.

    >>> from relvar import Column, ForeignKeyConstraint, Integer, MetaData, Table
    >>> from relvar.schema import CreateTable
    >>> both = ForeignKeyConstraint(["a", "b"], ["other.a", "other.b"], name="to_other")
    >>> table = Table("t", metadata := MetaData(), Column("a", Integer), Column("b", Integer), both)
    >>> other = Table("other", metadata, Column("a", Integer), Column("b", Integer))
    >>> print(CreateTable(table))
    <BLANKLINE>
    CREATE TABLE t (
        a INTEGER,
        b INTEGER,
        CONSTRAINT to_other FOREIGN KEY(a, b) REFERENCES other (a, b)
    )
    """

    __visit_name__ = "foreign_key_constraint"

    _copied_as = "ForeignKeyConstraint"

    def __init__(
        self,
        columns: Sequence[Any],
        refcolumns: Sequence[Any],
        name: Any = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        use_alter: bool = False,
        link_to_name: bool = False,
        match: str | None = None,
        table: Table | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        self.onupdate = onupdate
        self.ondelete = ondelete
        self.link_to_name = link_to_name
        self.use_alter = use_alter
        self.match = match
        if len(columns) != len(refcolumns):
            raise exc.ArgumentError(
                "ForeignKeyConstraint number of constrained columns must match the number of "
                "referenced columns."
            )
        self.elements: list[ForeignKey] = [
            ForeignKey(
                refcol,
                _constraint=self,
                name=name,
                onupdate=onupdate,
                ondelete=ondelete,
                use_alter=use_alter,
                link_to_name=link_to_name,
                match=match,
                deferrable=deferrable,
                initially=initially,
            )
            for refcol in refcolumns
        ]
        super().__init__(
            *columns,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            comment=comment,
            **dialect_kw,
        )
        if table is not None:
            if self.__dict__.get("parent") is not None:
                assert table is self.parent
            self._set_parent_with_dispatch(table)

    def _make_collection(self) -> Any:
        return WriteableColumnCollection()

    def _append_element(self, column: Any, fk: ForeignKey) -> None:
        self._writeable().add(column)
        self.elements.append(fk)

    @property
    def _elements(self) -> dict[str, ForeignKey]:
        return dict(zip(self.column_keys, self.elements))

    @property
    def referred_table(self) -> Table:
        """
        The table referred to.

        Raises:
            NoReferencedTableError: it is not in the metadata (yet).
        """
        return self.elements[0].column.table  # type: ignore[no-any-return]  # targets are table columns

    @property
    def _referred_schema(self) -> str | None:
        return self.elements[0]._referred_schema if self.elements else None

    @property
    def column_keys(self) -> list[str]:
        """
        The keys of the own columns, given or attached.
        """
        if self.__dict__.get("parent") is not None:
            return [element.parent.key for element in self.elements]
        return [
            given.key if getattr(given, "_is_real_column", False) else str(given)
            for given in self._pending_colargs
        ]

    @property
    def _col_description(self) -> str:
        return ", ".join(self.column_keys)

    def _check_one_table(self, table: Any) -> None:
        """
        Refuse targets in more than one table.

        Raises:
            ArgumentError: there are such.
        """
        keys = {element.target_table_key for element in self.elements if self._has_spec(element)}
        if None not in keys and len(keys) > 1:
            first, second = sorted(keys)[0:2]
            raise exc.ArgumentError(
                f"ForeignKeyConstraint on {table.fullname}({self._col_description}) refers to "
                f"multiple remote tables: {first} and {second}"
            )

    @staticmethod
    def _has_spec(element: ForeignKey) -> bool:
        return element._target is not None or element._table_column.table is not None

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        table: Any = parent
        Constraint._set_parent(self, table)
        if self._pending_colargs:
            columns = self._resolve_columns(table)
            collection = self._writeable()
            for column in columns:
                if not collection.contains_column(column):
                    collection.add(column)
            for column, element in zip(columns, self.elements):
                if element.parent is not column:
                    element._set_parent_with_dispatch(column)
        self._check_one_table(table)

    def __repr__(self) -> str:
        columns = ", ".join(repr(key) for key in self.column_keys)
        targets = ", ".join(element.target_tokens._shown() for element in self.elements)
        name = "" if self.name is None else f", name={str(self.name)!r}"
        return f"ForeignKeyConstraint([{columns}], [{targets}]{name})"

    def _copy(
        self,
        *,
        schema: str | SchemaConst | None = None,
        target_table: Table | None = None,
        **kw: Any,
    ) -> ForeignKeyConstraint:
        """
        Return a copy for *target_table*; a reference to the own table follows the copy.
        """
        specs: list[Any] = []
        for element in self.elements:
            to_self = (
                target_table is not None
                and self.__dict__.get("parent") is not None
                and element.target_table_key == self.parent.key
            )
            spec = element._respelled(
                schema,
                target_table.name if to_self and target_table is not None else None,
            )
            specs.append(spec if spec.column_name is not None else spec._as_string)
        made = ForeignKeyConstraint(
            list(self.column_keys),
            specs,
            name=None if self.name is NONE_NAME else self.name,
            onupdate=self.onupdate,
            ondelete=self.ondelete,
            use_alter=self.use_alter,
            deferrable=self.deferrable,
            initially=self.initially,
            link_to_name=self.link_to_name,
            match=self.match,
            comment=self.comment,
            **self.dialect_kwargs,
        )
        for mine, theirs in zip(self.elements, made.elements):
            mine._schema_item_copy(theirs)
        return self._schema_item_copy(made)
