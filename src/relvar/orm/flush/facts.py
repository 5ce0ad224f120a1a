# Compiled as it is, see setup.py.
"""
What flushing and cascading know about a mapper, computed once.

A flush asks the same questions for every object of a class: which columns of
which table, under which attribute, filled in by whom, and which relationships
have a say.  `facts_of` answers with a `MapperFacts` that is kept with the
mapper until its properties change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from relvar._kernels.flush import CALL, CALL_WITH_CONTEXT, COMPUTE, CONSTANT, INCLUDE_NULL, OMIT
from relvar._kernels.own import instance_dict
from relvar.orm.mapping.inheritance import equated_columns
from relvar.types.base import TypeEngine
from relvar.types.decorator import TypeDecorator

if TYPE_CHECKING:
    from relvar.orm.flush.unique import Unique

__all__ = [
    "ColumnFacts",
    "MapperFacts",
    "TableFacts",
    "cascading",
    "column_keys",
    "facts_of",
    "has_uniques",
    "is_orphan",
]


class ColumnFacts:
    """
    One column of one table under one attribute.
    """

    when_missing: int

    __slots__ = (
        "column",
        "default",
        "eval_none",
        "index",
        "is_pk",
        "is_server_set",
        "is_server_updated",
        "key",
        "name",
        "onupdate",
        "when_missing",
        "write",
    )

    def __init__(self, column: Any, key: str, index: int, is_pk: bool) -> None:
        self.column: Any = column
        self.key: str = key
        self.name: str = column.key
        self.index: int = index
        self.is_pk: bool = is_pk
        self.eval_none: bool = bool(getattr(column.type, "should_evaluate_none", False))
        self.default: Callable[[Any], Any] | None = _python_default(column.default)
        self.onupdate: Callable[[Any], Any] | None = _python_default(column.onupdate)
        self.is_server_set: bool = (
            column.server_default is not None
            or column.computed is not None
            or (column.default is not None and self.default is None)
        )
        self.is_server_updated: bool = column.server_onupdate is not None or (
            column.onupdate is not None and self.onupdate is None
        )
        self.write: bool = column.computed is None
        if self.default is not None:
            self.when_missing = COMPUTE
        elif is_pk or self.is_server_set or self.eval_none:
            # None would be a value of the type
            self.when_missing = OMIT
        else:
            self.when_missing = INCLUDE_NULL

    @property
    def is_made_alone(self) -> bool:
        """
        Whether the default of the column itself is computed here, without a look at its row.
        """
        maker = _maker(self.default)
        return maker is not None and maker[0] != CALL_WITH_CONTEXT


class _Constant:
    """
    A default that is the same for each row.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value: Any = value

    def __call__(self, context: Any) -> Any:
        return self.value


def _python_default(default: Any) -> Callable[[Any], Any] | None:
    """
    Return the function that computes a default here, given a context.
    """
    if default is None:
        return None
    if default.is_scalar:
        return _Constant(default.arg)
    if default.is_callable:
        function: Callable[[Any], Any] = default.arg
        return function
    return None


def _maker(default: Callable[[Any], Any] | None) -> tuple[int, Any] | None:
    """
    Return a default as the kernel takes it, see `insert_rows`.
    """
    if default is None:
        return None
    if isinstance(default, _Constant):
        return CONSTANT, default.value
    if getattr(default, "_ignores_context", False):
        return CALL, default.__wrapped__  # type: ignore[attr-defined]  # what it was made for
    return CALL_WITH_CONTEXT, default


class TableFacts:
    """
    The columns of one table that a mapper writes.
    """

    find: tuple[str, ...]

    __slots__ = (
        "by_key",
        "by_name",
        "columns",
        "copied",
        "counted",
        "find",
        "follows_key",
        "generated",
        "has_values_after_update",
        "insert_arguments",
        "is_plain_key",
        "is_plain_update",
        "pk",
        "pk_keys",
        "plain_on_update",
        "positions",
        "server_set",
        "server_updated",
        "signature",
        "table",
        "uniques",
        "version",
        "ways",
        "with_onupdate",
    )

    def __init__(
        self,
        table: Any,
        columns: list[ColumnFacts],
        version_column: Any,
        version_generator: Any = None,
        copied: tuple[tuple[str, str], ...] = (),
        follows_key: bool = False,
    ) -> None:
        self.table: Any = table
        for column in columns:
            if version_generator and column.column is version_column:
                column.default = lambda context: version_generator(None)
                column.when_missing = COMPUTE
        # the database itself changes the key when that of the superclass's row changes (ON UPDATE CASCADE)
        self.follows_key: bool = follows_key
        # (attribute, attribute of the superclass's table): joined inheritance by keys of different names
        self.copied: tuple[tuple[str, str], ...] = copied
        self.columns: tuple[ColumnFacts, ...] = tuple(columns)
        self.by_key: dict[str, ColumnFacts] = {facts.key: facts for facts in columns}
        self.insert_arguments: tuple[Any, Any, Any, Any, Any] = (
            tuple([c.key for c in columns]),
            tuple([c.when_missing for c in columns]),
            tuple([c.eval_none for c in columns]),
            tuple([_maker(c.default) for c in columns]),
            tuple([c.name for c in columns]),
        )
        self.by_name: dict[str, ColumnFacts] = {facts.name: facts for facts in columns}
        by_column = {facts.column: facts for facts in columns}
        own = [by_column[c] for c in table.primary_key if c in by_column]
        # then what the mapper alone was told to be a key
        self.pk: tuple[ColumnFacts, ...] = (*own, *(f for f in columns if f.is_pk and f not in own))
        self.pk_keys: tuple[str, ...] = tuple(facts.key for facts in self.pk)
        self.version: ColumnFacts | None = (
            by_column.get(version_column) if version_column is not None else None
        )
        # attributes that the flush itself gives a value to
        self.counted: list[str] = [self.version.key] if self.version is not None and version_generator else []
        self.server_set: tuple[ColumnFacts, ...] = tuple(
            f for f in columns if f.is_server_set and not f.is_pk
        )
        if self.version is not None and not version_generator:
            # a version that the database counts is another one after each UPDATE
            self.version.is_server_updated = self.version.is_server_updated or self.version.is_server_set
        self.server_updated: tuple[ColumnFacts, ...] = tuple(f for f in columns if f.is_server_updated)
        self.with_onupdate: tuple[ColumnFacts, ...] = tuple(f for f in columns if f.onupdate is not None)
        # Mappers of a hierarchy whose rows of this table look the same share statements.
        self.signature: tuple[tuple[str, str, int, bool], ...] = tuple(
            (c.name, c.key, c.when_missing, c.eval_none) for c in columns
        )
        self.find = tuple(c.name for c in self.pk)
        if self.version is not None:
            self.find += (self.version.name,)
        self.has_values_after_update: bool = bool(
            self.version is not None or self.with_onupdate or self.server_updated
        )
        self.ways: dict[Any, Any] = {}
        self.is_plain_key: bool = True
        on_update = [(c.index, _maker(c.onupdate)) for c in self.with_onupdate]
        self.plain_on_update: tuple[tuple[int, Any], ...] = tuple(on_update)
        self.is_plain_update: bool = all(
            maker is not None and maker[0] != CALL_WITH_CONTEXT for _, maker in on_update
        )
        self.positions: dict[str, int] = {c.key: c.index for c in columns}
        auto = getattr(table, "_autoincrement_column", None)
        self.generated: ColumnFacts | None = by_column.get(auto) if auto is not None else None
        from relvar.orm.flush.unique import uniques_of  # with the first flush

        self.uniques: tuple[Unique, ...] = uniques_of(table, by_column)


class MapperFacts:
    """
    What a flush asks about the objects of one mapper.
    """

    __slots__ = (
        "can_be_orphan",
        "cascades",
        "column_keys",
        "known_keys",
        "mapper",
        "pk_keys",
        "pk_of_pair",
        "polymorphic",
        "relationships",
        "size",
        "spreading",
        "tables",
        "touched_by_insert",
        "touched_by_update",
        "version_generator",
    )

    def __init__(self, mapper: Any) -> None:
        self.mapper: Any = mapper
        self.spreading: Any = _spreading(mapper)
        self.size: int = len(mapper._props)
        column_props = list(mapper.column_attrs)
        self.column_keys: tuple[Any, ...] = tuple(prop.key for prop in column_props)
        self.known_keys: frozenset[Any] = frozenset(self.column_keys)
        # a flush may change what they evaluate to
        expressions = [p for p in column_props if p.is_expression and p.expire_on_flush]
        self.touched_by_update: tuple[Any, ...] = tuple(p.key for p in expressions)
        # a new object has no other value of a query expression than what the program gave it
        self.touched_by_insert: tuple[Any, ...] = tuple(
            p.key for p in expressions if not p.is_query_expression
        )
        self.pk_keys: tuple[Any, ...] = tuple(
            mapper.get_property_by_column(c).key for c in mapper.primary_key
        )
        self.tables: tuple[TableFacts, ...] = tuple(
            table_facts
            for table in _tables_of(mapper)
            if (table_facts := _table_facts(mapper, table, column_props)) is not None
        )
        for table_facts in self.tables:
            self._look_closer(table_facts)
        self.relationships: tuple[Any, ...] = tuple(mapper.relationships)
        self.cascades: dict[str, tuple[Any, ...]] = {
            name: tuple(p for p in self.relationships if _has_cascade(p, name))
            for name in ("save-update", "delete", "expunge", "refresh-expire", "merge")
        }
        self.polymorphic: tuple[str, Any] | None = _polymorphic(mapper)
        self.can_be_orphan: bool = any(m._delete_orphans for m in mapper.iterate_to_root())
        self.version_generator: Any | None = (
            mapper.version_id_generator if mapper.version_id_col is not None else None
        )

    def taken_apart(self, rows: Any) -> Any:
        """
        Return rows of a bulk operation with the values of columns in place of composites and hybrids.
        """
        spreading = self.spreading
        if not spreading:
            return rows
        made = []
        for given in rows:
            row = given
            for key in spreading.keys() & given.keys():
                if row is given:
                    row = dict(given)
                spreading[key](row, row.pop(key))
            made.append(row)
        return made

    def _look_closer(self, table: TableFacts) -> None:
        """
        Note where the fast ways of reading rows do not apply.
        """
        if table.pk_keys != self.pk_keys:
            table.is_plain_key = table.is_plain_update = False
        for column in table.columns:
            if column.is_pk or not _compares_plainly(column.column.type):
                table.positions[column.key] = -1


def _compares_plainly(type_: Any) -> bool:
    """
    Tell whether a type compares values by ``==``, as those of programs do unless they say otherwise.
    """
    while type(type_).compare_values is TypeDecorator.compare_values:
        type_ = type_.impl_instance
    return type(type_).compare_values is TypeEngine.compare_values


def _spreading(mapper: Any) -> dict[str, Callable[[dict[str, Any], Any], None]]:
    """
    Return the names in rows of bulk operations that stand for columns, with what puts these into a row.
    """
    found: dict[str, Callable[[dict[str, Any], Any], None]] = {}
    for prop in mapper.composites:
        found[prop.key] = prop.put_values
    for key, descriptor in mapper.all_orm_descriptors.items():
        setter = getattr(descriptor, "bulk_dml_setter", None)
        if setter is not None:
            found[key] = partial(setter, mapper.class_)
    return found


def _has_cascade(prop: Any, name: str) -> bool:
    if prop.viewonly and name not in ("expunge", "refresh-expire", "merge"):
        return False
    return name in prop.cascade


def _tables_of(mapper: Any) -> Iterator[Any]:
    """
    Yield the tables a mapper writes, those of its base mappers first.
    """
    seen: set[Any] = set()
    lineage = []
    current = mapper
    while current is not None:
        lineage.append(current)
        current = None if current.concrete else current.inherits
    for current in reversed(lineage):
        tables = [current.local_table] if current is not mapper else []
        tables += [t for t in current.tables if t not in tables]
        for table in tables:
            if table not in seen and hasattr(table, "primary_key"):
                seen.add(table)
                yield table


def _table_facts(mapper: Any, table: Any, props: list[Any]) -> TableFacts | None:
    """
    Collect the columns of *table* that *mapper* has attributes for.
    """
    key_of: dict[Any, str] = {}
    for prop in props:
        for column in prop.columns:
            if getattr(column, "table", None) is table:
                key_of.setdefault(getattr(column, "_deannotated", column), prop.key)
    copied = []
    inherited_keys = list(_inherited_keys(mapper, table))
    for own, inherited in inherited_keys:
        if own in key_of and key_of[own] != inherited:
            # the row has the key of the superclass's row
            copied.append((key_of[own], inherited))
            key_of[own] = inherited
    # by what the table says and by what the mapper was told: without either, a row could not be found again
    primary = {*table.primary_key, *(c for c in mapper.primary_key if getattr(c, "table", None) is table)}
    columns = [
        ColumnFacts(column, key_of[column], index, column in primary)
        for index, column in enumerate(c for c in table.c if c in key_of)
    ]
    if not columns or not primary:
        return None
    follows = bool(inherited_keys) and all(each.passive_updates for each in mapper.iterate_to_root())
    return TableFacts(
        table, columns, mapper.version_id_col, mapper.version_id_generator, tuple(copied), follows
    )


def _inherited_keys(mapper: Any, table: Any) -> Iterator[tuple[Any, str]]:
    """
    Yield the columns of a subclass's table that repeat one of its superclass's, with the attribute of that.
    """
    for current in mapper.iterate_to_root():
        if current.local_table is table and current.inherit_condition is not None:
            for left, right in equated_columns(current.inherit_condition):
                for own, other in ((left, right), (right, left)):
                    if own.table is table and other in current.inherits._columntoproperty:
                        yield own, current.inherits._columntoproperty[other].key


def _polymorphic(mapper: Any) -> tuple[str, Any] | None:
    """
    Return the attribute and value that tell the class of a row, if any.
    """
    key = mapper._polymorphic_attr_key
    # an expression, a column of a union, one that is not mapped: nothing to write
    if key is None or mapper.polymorphic_identity is None:
        return None
    return key, mapper.polymorphic_identity


def facts_of(mapper: Any) -> MapperFacts:
    """
    Return the facts of a mapper, computed on first use.
    """
    own = instance_dict(mapper)
    facts: MapperFacts | None = own.get("_flush_facts")
    if facts is None or facts.size != len(own["_props"]):
        facts = mapper._flush_facts = MapperFacts(mapper)
    return facts


def _any_uniques(base: Any) -> bool:
    return any(table.uniques for m in base.self_and_descendants for table in facts_of(m).tables)


def has_uniques(base: Any) -> bool:
    """
    Tell whether any table of a hierarchy has unique columns.
    """
    size = len(base.self_and_descendants)
    own = instance_dict(base)
    known: tuple[int, bool] | None = own.get("_flush_uniques")
    if known is None or known[0] != size:
        found = _any_uniques(base)
        known = own["_flush_uniques"] = (size, found)
    return known[1]


def column_keys(mapper: Any) -> tuple[str, ...]:
    """
    Return the names of all column attributes.
    """
    return facts_of(mapper).column_keys


def cascading(mapper: Any, cascade: str) -> tuple[Any, ...]:
    """
    Return the relationships of *mapper* that have *cascade*.
    """
    return facts_of(mapper).cascades[cascade]


def is_orphan(state: Any) -> bool:
    """
    Tell whether a relationship with ``delete-orphan`` has let go of the state.
    """
    result: bool = state.manager.mapper._is_orphan(state)
    return result
