"""
Complete a `Table` by what an inspector says of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from relvar import exc
from relvar.dialect.gather import Gathered, ReflectionInfo
from relvar.expr.text import VerbatimText
from relvar.expr.unary import asc, desc, nulls_first, nulls_last
from relvar.schema import (
    BLANK_SCHEMA,
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    FetchedValue,
    ForeignKeyConstraint,
    ForeignKeyTarget,
    Identity,
    Index,
    Sequence,
    Table,
    UniqueConstraint,
)
from relvar.schema.naming import apply_naming_convention
from relvar.util import warn

__all__ = ["TableReflection"]


class TableReflection:
    """
    One run of ``reflect_table``.
    """

    def __init__(
        self,
        inspector: Any,
        table: Table,
        schema: str | None,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str],
        resolve_fks: bool,
        extend_on: set[Table] | None,
        gathered: Gathered | ReflectionInfo | None = None,
    ) -> None:
        self.inspector = inspector
        self.table = table
        self.schema = schema
        self.include = include_columns
        self.exclude = exclude_columns
        self.resolve_fks = resolve_fks
        self.extend_on = extend_on
        self.gathered = gathered
        self.options: dict[Any, Any] = {
            name: table.dialect_kwargs[name]
            for name in inspector.dialect.reflection_options
            if name in table.dialect_kwargs
        }
        self.by_original_name: dict[str, Column[Any]] = {}

    def _get(self, fact: str, default: Any) -> Any:
        """
        Ask about the table; *default* where the dialect cannot answer.
        """
        if self.gathered is not None:
            return self.gathered.answer(fact, self.schema, self.table.name, default)
        ask = getattr(self.inspector, f"get_{fact}", None)
        if ask is None:
            return default
        try:
            return ask(self.table.name, self.schema, **self.table.dialect_kwargs)
        except NotImplementedError:
            return default

    def run(self) -> None:
        """
        Ask the questions and complete the table.
        """
        found = False
        try:
            columns = self._get("columns", [])
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
        self._add_exclude_constraints()
        comment = self._get("table_comment", None)
        if comment and comment["text"] is not None:
            self.table.comment = comment["text"]
        options = self._get("table_options", None)
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
                items.append(DefaultClause(VerbatimText(default), _reflected=True))
            elif isinstance(default, FetchedValue):
                items.append(default)
            else:
                items.append(DefaultClause(default, _reflected=True))
        if "computed" in described:
            computed = dict(described["computed"])
            items.append(Computed(VerbatimText(computed.pop("sqltext")), **computed))
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
        described = self._get("pk_constraint", None)
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
        if key.name is None:
            apply_naming_convention(key, self.table)

    def _column(self, name: str) -> Column[Any] | None:
        """
        Return the column of that name in the database: one that was loaded, or was there before.
        """
        if name in self.by_original_name:
            return self.by_original_name[name]
        return next((c for c in self.table.c if c.name == name), None)

    def _keys_of(self, names: Iterable[str]) -> list[str]:
        columns = ((name, self._column(name)) for name in names)
        return [name if column is None else column.key for name, column in columns]

    def _is_included(self, names: Iterable[str | None]) -> bool:
        return self.include is None or all(name is None or name in self.include for name in names)

    def _add_foreign_keys(self) -> None:
        for described in self._get("foreign_keys", []):
            names = described["constrained_columns"]
            if not all(self._wants(name) for name in names):
                continue
            referred_schema: Any = described["referred_schema"]
            if referred_schema is None:
                # that is the database's default schema, whichever the metadata has
                referred_schema = BLANK_SCHEMA
            referred = described["referred_table"]
            columns = described["referred_columns"]
            if self.resolve_fks:
                Table(
                    referred,
                    self.table.metadata,
                    schema=referred_schema,
                    autoload_with=self.inspector,
                    _extend_on=self.extend_on,
                    _reflect_info=self.gathered,
                    **self.options,
                )
            self.table.append_constraint(
                ForeignKeyConstraint(
                    self._keys_of(names),
                    # in pieces: names may contain dots
                    [ForeignKeyTarget(referred_schema, referred, column) for column in columns],
                    described["name"],
                    link_to_name=True,
                    comment=described.get("comment"),
                    **described.get("options", {}),
                )
            )

    def _add_indexes(self) -> None:
        for described in self._get("indexes", []):
            if described.get("duplicates_constraint"):
                continue
            names = described["column_names"]
            if not self._is_included(names):
                continue
            expressions = described.get("expressions") or names
            sorting = described.get("column_sorting", {})
            elements: list[Any] = []
            for name, expression in zip(names, expressions):
                element: Any
                if name is None:
                    element = VerbatimText(expression)
                elif (column := self._column(name)) is not None:
                    element = column
                else:
                    warn(f"index key '{name}' was not located in columns for table '{self.table.name}'")
                    continue
                for order in sorting.get(expression if name is None else name, ()):
                    element = _ORDERS[order](element)
                elements.append(element)
            options: dict[str, Any] = {
                option: VerbatimText(value) if _is_condition(option, value) else value
                for option, value in (described.get("dialect_options") or {}).items()
                # what is true of the one that is there, not of the next that is made of it
                if not option.endswith("_invalid")
            }
            if elements or not names:
                Index(
                    described["name"],
                    *elements,
                    _table=self.table,
                    unique=bool(described["unique"]),
                    **options,
                )

    def _add_unique_constraints(self) -> None:
        for described in self._get("unique_constraints", []):
            if described.get("duplicates_index"):
                continue
            names = described["column_names"]
            if not self._is_included(names):
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
        dialect = self.inspector.dialect.name
        for described in self._get("check_constraints", []):
            options = {}
            for option, value in (described.get("dialect_options") or {}).items():
                # "not_valid", where other constraints have "postgresql_not_valid"
                prefixed = option if option.startswith(f"{dialect}_") else f"{dialect}_{option}"
                options[prefixed] = value
            self.table.append_constraint(
                CheckConstraint(
                    VerbatimText(described["sqltext"]),
                    name=described["name"],
                    comment=described.get("comment"),
                    **options,
                )
            )

    def _add_exclude_constraints(self) -> None:
        for described in self._get("exclude_constraints", []):
            if self._is_included(described["column_names"]):
                make = self.inspector.dialect._exclude_constraint
                self.table.append_constraint(make(described, self._column))


def _is_condition(option: str, value: Any) -> bool:
    """
    Tell whether an index's option is the SQL of its WHERE.
    """
    return option.endswith("_where") and isinstance(value, str)


_ORDERS = {
    "asc": asc,
    "desc": desc,
    "nulls_first": nulls_first,
    "nulls_last": nulls_last,
}
