"""
Decide which classes, attributes and relationships there are, from tables alone.

Rule 1: a table with a primary key is a class, unless it is a pure association; others are tables.
Rule 2: names are given in the order of tables, columns and foreign keys, so that they are the same each time.
Rule 3: columns take names first, then references, then what refers back, then associations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from relvar import Column, ForeignKeyConstraint, MetaData, Table
from relvar.cli.models import keys
from relvar.cli.models.names import class_name, free_name, identifier, snake
from relvar.cli.models.text import quoted
from relvar.cli.models.views import View

__all__ = ["Plan", "PlannedClass", "PlannedTable", "PlannedView", "Related", "plan_classes"]

# what a declarative class has already
_RESERVED = {"metadata", "registry", "type_annotation_map"}


@dataclass
class Related:
    """
    One side of a relationship.

    Attributes:
        target: The class that it leads to.
        is_list: It is a collection.
        is_optional: The one object may be missing.
        back: The name of the other side.
        options: Arguments of ``relationship()``: values, and lists of attributes or terms.
    """

    name: str
    target: str
    is_list: bool
    is_optional: bool
    back: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class PlannedClass:
    """
    A class and the names of its attributes.
    """

    name: str
    table: Table
    attributes: dict[Column[Any], str]
    related: list[Related] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)


@dataclass
class PlannedTable:
    """
    A table without a class, and the name of its variable.
    """

    name: str
    table: Table


@dataclass
class PlannedView:
    """
    A view, the name of its variable and that of the class of its columns.

    Attributes:
        attributes: Names of columns that are names of Python too.
    """

    name: str
    columns_name: str
    view: View
    attributes: dict[str, Column[Any]]


@dataclass
class Plan:
    """
    What the module consists of.
    """

    classes: list[PlannedClass]
    tables: list[PlannedTable]
    views: list[PlannedView]


def plan_classes(metadata: MetaData, reserved: Collection[str], views: Sequence[View] = ()) -> Plan:
    """
    Return the classes for the tables of *metadata*.

    Args:
        reserved: Names that the module uses itself.
        views: Those of the tables that are views.
    """
    return _Planning(metadata, reserved, views).run()


class _Planning:
    """
    One plan on its way.
    """

    def __init__(self, metadata: MetaData, reserved: Collection[str], views: Sequence[View]) -> None:
        self.reserved = set(reserved)
        self.views = views
        of_views = {view.table for view in views}
        self.tables = sorted(
            (table for table in metadata.tables.values() if table not in of_views),
            key=lambda table: (table.schema or "", table.name),
        )
        self.classes: dict[Table, PlannedClass] = {}
        self.others: dict[Table, PlannedTable] = {}

    def run(self) -> Plan:
        names = {"Base"} | self.reserved
        for table in self.tables:
            if self._is_class(table):
                name = self._class_name(table, names)
                self.classes[table] = PlannedClass(name, table, {})
            else:
                name = free_name([identifier(f"{snake(table.name)}_table")], names)
                self.reserved.add(name)
                self.others[table] = PlannedTable(name, table)
            names.add(name)
        planned_views = [self._view(view, names) for view in self.views]
        for planned in self.classes.values():
            self._name_columns(planned)
        references = [
            (planned, key, self._refer(planned, key))
            for planned in self.classes.values()
            for key in keys.foreign_keys(planned.table)
            if key.referred_table in self.classes
        ]
        for planned, key, reference in references:
            self._refer_back(planned, key, reference)
        for table in self.others:
            self._associate(table)
        self._allow_overlaps()
        return Plan(list(self.classes.values()), list(self.others.values()), planned_views)

    def _view(self, view: View, taken: set[str]) -> PlannedView:
        table = view.table
        base = snake(table.name).removesuffix("_view")
        name = free_name([identifier(f"{base}_view")], taken)
        columns_name = free_name([f"{class_name(f'{base}_column')}s"], taken | {name})
        self.reserved.add(name)
        taken |= {name, columns_name}
        attributes = {
            column.name: column
            for column in table.c
            if identifier(column.name) == column.name and not hasattr(type(table.c), column.name)
        }
        return PlannedView(name, columns_name, view, attributes)

    @staticmethod
    def _is_class(table: Table) -> bool:
        pair = keys.associated(table)
        is_association = pair is not None and all(key.referred_table.primary_key.columns for key in pair)
        return bool(table.primary_key.columns) and not is_association

    def _class_name(self, table: Table, taken: set[str]) -> str:
        name = class_name(table.name)
        wishes = [name]
        if table.schema:
            wishes.append(class_name(f"{table.schema}_{table.name}"))
        # its own plural, where another table has the singular
        wishes.append(identifier("".join(word.capitalize() for word in snake(table.name).split("_"))))
        return free_name([*wishes, f"{name}_"], taken)

    def _name_columns(self, planned: PlannedClass) -> None:
        taken = self.reserved | _RESERVED
        # a column whose name can stay keeps it, whichever comes first
        for column in sorted(planned.table.c, key=lambda column: identifier(column.name) != column.name):
            wish = identifier(column.name)
            name = planned.attributes[column] = free_name([wish, f"{wish.rstrip('_')}_"], taken)
            taken.add(name)
        planned.taken = taken

    def _is_only(self, one: Table, other: Table) -> bool:
        """
        Tell whether one foreign key alone joins two tables.
        """
        pairs = {(one, other), (other, one)}
        count = sum(
            (key.parent, key.referred_table) in pairs for t in {one, other} for key in keys.foreign_keys(t)
        )
        return count == 1

    def _names(self, columns: Iterable[Column[Any]]) -> list[str]:
        """
        Return columns as ``Class.attribute``.
        """
        owners = ((self.classes[column.table], column) for column in columns)
        return [f"{owner.name}.{owner.attributes[column]}" for owner, column in owners]

    def _refer(self, planned: PlannedClass, key: ForeignKeyConstraint) -> Related:
        target = self.classes[key.referred_table]
        name = free_name(keys.reference_names(key), planned.taken)
        planned.taken.add(name)
        is_optional = any(column.nullable and not column.primary_key for column in key.columns)
        related = Related(name, target.name, False, is_optional, "")
        self._join_by(key, related, is_back=False)
        planned.related.append(related)
        return related

    def _join_by(self, key: ForeignKeyConstraint, related: Related, is_back: bool) -> None:
        """
        Say along which foreign key a relationship is, where that is not clear.

        1. Columns of a table's key to itself are on both sides: each is marked.
        2. Another key has some of its columns: the condition is written, and what is foreign in it.
        3. There are other keys: what is foreign.
        4. The table refers to itself: what is remote; the other side knows by its being there.
        """
        here, there = key.parent, key.referred_table
        columns = list(key.columns)
        referred = [element.column for element in key.elements]
        pairs = zip(self._names(columns), self._names(referred))
        moved = [one for one, other in zip(columns, referred) if one is not other]
        if here is there and set(moved) & set(referred):
            related.options["primaryjoin"] = [
                f"remote(foreign({one})) == {other}" if is_back else f"foreign({one}) == remote({other})"
                for one, other in pairs
            ]
            return
        if not self._is_only(here, there):
            both = {here, there}
            others = [other for table in both for other in keys.foreign_keys(table) if other is not key]
            rivals = [other for other in others if {other.parent, other.referred_table} <= both]
            if any({*other.columns, *(e.column for e in other.elements)} & set(columns) for other in rivals):
                related.options["primaryjoin"] = [f"{one} == {other}" for one, other in pairs]
            related.options["foreign_keys"] = self._names(columns)
        if here is there and not is_back:
            related.options["remote_side"] = self._names(referred)

    def _refer_back(self, planned: PlannedClass, key: ForeignKeyConstraint, reference: Related) -> None:
        target = self.classes[key.referred_table]
        is_scalar = keys.is_unique(planned.table, list(key.columns))
        is_only = self._is_only(planned.table, target.table)
        wishes = keys.collection_names(key, reference.name, is_scalar, is_only)
        name = free_name(wishes, target.taken)
        target.taken.add(name)
        reference.back = name
        related = Related(name, planned.name, not is_scalar, is_scalar, reference.name)
        self._join_by(key, related, is_back=True)
        on_delete = (key.ondelete or "").upper()
        if on_delete == "CASCADE":
            related.options["cascade"] = "all" if reference.is_optional else "all, delete-orphan"
        if on_delete in ("CASCADE", "SET NULL"):
            related.options["passive_deletes"] = True
        target.related.append(related)

    def _associate(self, table: Table) -> None:
        """
        Make the two sides of a many-to-many relationship.
        """
        pair = keys.associated(table)
        if pair is None or any(key.referred_table not in self.classes for key in pair):
            return
        left, right = (self.classes[key.referred_table] for key in pair)
        ends = {left.table, right.table}
        others = [keys.associated(other) for other in self.others if other is not table]
        is_only = left is not right and not any(
            other is not None and {key.referred_table for key in other} == ends for other in others
        )
        to_right = free_name(keys.many_names(table, pair[1], is_only), left.taken)
        left.taken.add(to_right)
        to_left = free_name(keys.many_names(table, pair[0], is_only), right.taken)
        right.taken.add(to_left)
        for here, name, there, back, (mine, its) in (
            (left, to_right, right, to_left, pair),
            (right, to_left, left, to_right, pair[::-1]),
        ):
            related = Related(name, there.name, True, False, back, {"secondary": self.others[table].name})
            if left is right:
                related.options["primaryjoin"] = self._join(table, mine)
                related.options["secondaryjoin"] = self._join(table, its)
            here.related.append(related)

    def _join(self, table: Table, key: ForeignKeyConstraint) -> list[str]:
        """
        Return a foreign key of an association as terms of a condition.
        """
        variable = self.others[table].name
        columns = [element.column for element in key.elements]
        return [
            f"{there} == {variable}.c[{quoted(element.parent.name)}]"
            for there, element in zip(self._names(columns), key.elements)
        ]

    def _allow_overlaps(self) -> None:
        """
        Say of relationships that write the same columns that they are meant to.
        """
        for planned in self.classes.values():
            found = keys.foreign_keys(planned.table)
            references = [r for r in planned.related if not r.is_list]
            by_key = [
                (key, related)
                for key, related in zip((k for k in found if k.referred_table in self.classes), references)
            ]
            for key, related in by_key:
                names = {
                    name
                    for other, its in by_key
                    if other is not key and set(other.columns) & set(key.columns)
                    for name in (its.name, its.back)
                }
                if names:
                    text = ",".join(sorted(names))
                    related.options["overlaps"] = text
                    (back,) = (
                        r
                        for cls in self.classes.values()
                        if cls.name == related.target
                        for r in cls.related
                        if r.name == related.back
                    )
                    back.options["overlaps"] = text
