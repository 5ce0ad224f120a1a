"""
Map classes made from the tables of a database, with relationships along its foreign keys.

``prepare()`` works in four steps: load the tables; make a class for each table that has a primary key and
no class; make the relationships, as properties of classes that are not mapped yet; map the classes.

A table that consists of two foreign keys is no class but the ``secondary`` of a many-to-many relationship.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import new_class
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from relvar import exc
from relvar.expr.boolean import and_
from relvar.orm.declarative.bases import declarative_base as _declarative_base
from relvar.orm.declarative.deferred import Pending, pending_from
from relvar.orm.interfaces import MANYTOMANY, MANYTOONE, ONETOMANY
from relvar.orm.mapping.relate import backref, relationship
from relvar.orm.state.properties import ReadOnlyProperties
from relvar.schema import Column, ForeignKeyConstraint, MetaData, Table
from relvar.util import immutabledict, warn_deprecated

__all__ = [
    "AutomapBase",
    "automap_base",
    "classname_for_table",
    "generate_relationship",
    "name_for_collection_relationship",
    "name_for_scalar_relationship",
]

_V = TypeVar("_V")


class PythonNameForTableType(Protocol):
    """
    Name a class or a module by its table.
    """

    def __call__(self, base: type[Any], tablename: str, table: Table) -> str: ...


class NameForScalarRelationshipType(Protocol):
    """
    Name the attribute that refers to one object.
    """

    def __call__(
        self,
        base: type[Any],
        local_cls: type[Any],
        referred_cls: type[Any],
        constraint: ForeignKeyConstraint,
    ) -> str: ...


class NameForCollectionRelationshipType(Protocol):
    """
    Name the attribute that refers to many objects.
    """

    def __call__(
        self,
        base: type[Any],
        local_cls: type[Any],
        referred_cls: type[Any],
        constraint: ForeignKeyConstraint,
    ) -> str: ...


class GenerateRelationshipType(Protocol):
    """
    Make a ``relationship()`` or ``backref()``.
    """

    def __call__(
        self,
        base: type[Any],
        direction: Any,
        return_fn: Callable[..., Any],
        attrname: str,
        local_cls: type[Any],
        referred_cls: type[Any],
        **kw: Any,
    ) -> Any: ...


class Namespace(ReadOnlyProperties[_V]):
    """
    Names to values, readable as attributes and as items.
    """

    __slots__ = ()

    def __setitem__(self, key: str, value: _V) -> None:
        self._data[key] = value


ByModuleProperties = Namespace[Any]


def classname_for_table(base: type[Any], tablename: str, table: Table) -> str:
    """
    Return the name of a table's class: the table's own.
    """
    return str(tablename)


def name_for_scalar_relationship(
    base: type[Any], local_cls: type[Any], referred_cls: type[Any], constraint: ForeignKeyConstraint
) -> str:
    """
    Return the name of a many-to-one attribute: the other class's in lower case.
    """
    return referred_cls.__name__.lower()


def name_for_collection_relationship(
    base: type[Any], local_cls: type[Any], referred_cls: type[Any], constraint: ForeignKeyConstraint
) -> str:
    """
    Return the name of a collection: the other class's in lower case, with "_collection".
    """
    return f"{referred_cls.__name__.lower()}_collection"


def generate_relationship(
    base: type[Any],
    direction: Any,
    return_fn: Callable[..., Any],
    attrname: str,
    local_cls: type[Any],
    referred_cls: type[Any],
    **kw: Any,
) -> Any:
    """
    Return what *return_fn*, ``relationship`` or ``backref``, makes of the options in *kw*.

    Raises:
        TypeError: *return_fn* is neither.
    """
    if return_fn is backref:
        return return_fn(attrname, **kw)
    if return_fn is relationship:
        return return_fn(referred_cls, **kw)
    raise TypeError(f"Unknown relationship function: {return_fn}")


class AutomapBase:
    """
    The base of classes that are mapped by `prepare`; made by `automap_base`.

    ``by_module`` has the classes that were made, by module and name; ``classes`` by name those for which
    ``modulename_for_table`` named no module.
    """

    __abstract__ = True

    _sa_maps_on_prepare = "AutomapBase"
    if TYPE_CHECKING:
        _prepared_tables: ClassVar[set[str]]
        classes: ClassVar[Namespace[type[Any]]]
        by_module: ClassVar[Namespace[Any]]
        metadata: ClassVar[MetaData]

    @classmethod
    def prepare(
        cls,
        autoload_with: Any = None,
        engine: Any = None,
        reflect: bool = False,
        schema: str | None = None,
        classname_for_table: PythonNameForTableType | None = None,
        modulename_for_table: PythonNameForTableType | None = None,
        collection_class: Any = None,
        name_for_scalar_relationship: NameForScalarRelationshipType | None = None,
        name_for_collection_relationship: NameForCollectionRelationshipType | None = None,
        generate_relationship: GenerateRelationshipType | None = None,
        reflection_options: Mapping[str, Any] = immutabledict(),
    ) -> None:
        """
        Load tables, make classes and relationships, map all.

        May be called again, for another schema say; tables seen before are left alone.

        Args:
            autoload_with: An Engine or Connection; without it only tables of ``metadata`` are used.
            engine: Deprecated, *autoload_with*.
            reflect: Deprecated.
            schema: The schema to load.
            classname_for_table: Names classes.
            modulename_for_table: Names the modules of classes; None for none of its own.
            collection_class: Of the collections; ``list`` when not given.
            name_for_scalar_relationship: Names many-to-one attributes.
            name_for_collection_relationship: Names collections.
            generate_relationship: Makes relationships; one that returns None leaves it out.
            reflection_options: For ``MetaData.reflect()``.
        """
        if engine is not None:
            warn_deprecated(
                "The AutomapBase.prepare.engine parameter is deprecated and will be removed in a future "
                "release.  Please use the AutomapBase.prepare.autoload_with parameter.",
                "2.0",
            )
        if reflect:
            warn_deprecated(
                "The AutomapBase.prepare.reflect parameter is deprecated and will be removed in a future "
                "release.  Reflection is enabled when AutomapBase.prepare.autoload_with is passed.",
                "2.0",
            )
            if engine is None and autoload_with is None:
                raise exc.ArgumentError("prepare(reflect=True) needs a database: give autoload_with")
            autoload_with = engine if autoload_with is None else autoload_with
        if autoload_with is not None:
            cls.metadata.reflect(
                autoload_with,
                schema=schema,
                extend_existing=True,
                autoload_replace=False,
                **reflection_options,
            )
        named = globals()
        _Automapping(
            cls,
            classname_for_table or named["classname_for_table"],
            modulename_for_table or (lambda base, tablename, table: None),
            list if collection_class is None else collection_class,
            name_for_scalar_relationship or named["name_for_scalar_relationship"],
            name_for_collection_relationship or named["name_for_collection_relationship"],
            generate_relationship or named["generate_relationship"],
        ).run()


def automap_base(declarative_base: type[Any] | None = None, **kw: Any) -> Any:
    """
    Return a base class for automapped classes.

    Args:
        declarative_base: A declarative base to extend; a new one is made when not given.
        kw: For ``declarative_base()``.

    >>> from relvar import create_engine, text
    >>> from relvar.ext.automap import automap_base
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE author (id INTEGER PRIMARY KEY)"))
    ...     _ = connection.execute(
    ...         text("CREATE TABLE book (id INTEGER PRIMARY KEY, by INTEGER REFERENCES author)")
    ...     )
    >>> Base = automap_base()
    >>> Base.prepare(autoload_with=engine)
    >>> book = Base.classes.book(author=Base.classes.author())
    >>> book.author.book_collection == [book]
    True
    """
    base = _declarative_base(**kw) if declarative_base is None else declarative_base

    def fill(namespace: dict[str, Any]) -> None:
        namespace.update(
            __abstract__=True,
            __module__=__name__,
            classes=Namespace({}),
            by_module=Namespace({}),
            _prepared_tables=set(),
        )

    return new_class(base.__name__, (AutomapBase, base), {}, fill)


class _Automapping:
    """
    One run of ``prepare()``.
    """

    def __init__(
        self,
        base: Any,
        classname: PythonNameForTableType,
        modulename: Callable[[type[Any], str, Table], str | None],
        collection_class: Any,
        scalar_name: NameForScalarRelationshipType,
        collection_name: NameForCollectionRelationshipType,
        generate: GenerateRelationshipType,
    ) -> None:
        self.base = base
        self.classname = classname
        self.modulename = modulename
        self.collection_class = collection_class
        self.scalar_name = scalar_name
        self.collection_name = collection_name
        self.generate = generate
        self.by_table: dict[Any, Pending] = {}
        # attributes that backrefs will make when the mappers are configured
        self.promised: set[tuple[Pending, str]] = set()

    def _is_free(self, pending: Pending, name: str) -> bool:
        return name not in pending.properties and (pending, name) not in self.promised

    def run(self) -> None:
        waiting = pending_from(self.base)
        self.by_table = {pending.table: pending for pending in waiting if pending.table is not None}
        associations = self._make_classes()
        for table, pending in list(self.by_table.items()):
            for constraint in _foreign_keys(table):
                self._relate(pending, constraint)
        for table, (left, right) in associations.items():
            self._relate_many(table, left, right)
        for pending in pending_from(self.base):
            pending.map()

    def _make_classes(self) -> dict[Table, tuple[ForeignKeyConstraint, ForeignKeyConstraint]]:
        """
        Make classes for tables that have none; return those that associate two others.
        """
        associations = {}
        for table in list(self.base.metadata.tables.values()):
            if table.key in self.base._prepared_tables:
                continue
            self.base._prepared_tables.add(table.key)
            if table in self.by_table:
                continue
            keys = _association(table)
            if keys is not None:
                associations[table] = keys
            elif table.primary_key.columns:
                self.by_table[table] = self._make_class(table)
        return associations

    def _make_class(self, table: Table) -> Pending:
        name = self.classname(self.base, table.name, table)
        given_module = self.modulename(self.base, table.name, table)
        module = __name__ if given_module is None else given_module
        cls = new_class(
            name, (self.base,), {}, lambda namespace: namespace.update(__table__=table, __module__=module)
        )
        namespace = self.base.by_module
        for part in module.split("."):
            if part not in namespace:
                namespace[part] = Namespace({})
            namespace = namespace[part]
        namespace[name] = cls
        if given_module is None:
            self.base.classes[name] = cls
        pending: Pending = cls.__dict__["_sa_pending"]
        return pending

    def _relate(self, local: Pending, constraint: ForeignKeyConstraint) -> None:
        """
        Make the two sides of a foreign key's relationship, those that are not there yet.
        """
        elements = constraint.elements
        other = self.by_table.get(elements[0].column.table)
        if other is None:
            return
        local_cls, other_cls = local.class_, other.class_
        if local_cls is not other_cls and issubclass(local_cls, other_cls):
            # the key that joins a class to its superclass
            return
        name = self.scalar_name(self.base, local_cls, other_cls, constraint)
        back_name = self.collection_name(self.base, other_cls, local_cls, constraint)
        of_collection = {"collection_class": self.collection_class, **_life_of_children(constraint)}
        columns = [fk.parent for fk in elements]
        if self._is_free(local, name):
            back = None
            if self._is_free(other, back_name):
                back = self.generate(
                    self.base, ONETOMANY, backref, back_name, other_cls, local_cls, **of_collection
                )
                self.promised.add((other, back_name))
            made = self.generate(
                self.base,
                MANYTOONE,
                relationship,
                name,
                local_cls,
                other_cls,
                foreign_keys=columns,
                backref=back,
                remote_side=[fk.column for fk in elements],
            )
            if made is not None:
                local.properties[name] = made
                if back_name in other.properties:
                    _populate(other.properties[back_name], name)
                    _populate(made, back_name)
        elif name in local.properties and self._is_free(other, back_name):
            made = self.generate(
                self.base,
                ONETOMANY,
                relationship,
                back_name,
                other_cls,
                local_cls,
                foreign_keys=columns,
                back_populates=name,
                **of_collection,
            )
            if made is not None:
                other.properties[back_name] = made
                _populate(local.properties[name], back_name)

    def _relate_many(self, table: Table, left: ForeignKeyConstraint, right: ForeignKeyConstraint) -> None:
        """
        Make the two sides of a many-to-many relationship.
        """
        one = self.by_table.get(left.elements[0].column.table)
        other = self.by_table.get(right.elements[0].column.table)
        if one is None or other is None:
            return
        one_cls, other_cls = one.class_, other.class_
        name = self.collection_name(self.base, one_cls, other_cls, left)
        back_name = self.collection_name(self.base, other_cls, one_cls, right)
        back = None
        if self._is_free(one, name):
            if self._is_free(other, back_name) and not (one is other and name == back_name):
                back = self.generate(
                    self.base,
                    MANYTOMANY,
                    backref,
                    back_name,
                    other_cls,
                    one_cls,
                    collection_class=self.collection_class,
                )
                self.promised.add((other, back_name))
            made = self.generate(
                self.base,
                MANYTOMANY,
                relationship,
                name,
                one_cls,
                other_cls,
                secondary=table,
                primaryjoin=and_(*(fk.column == fk.parent for fk in left.elements)),
                secondaryjoin=and_(*(fk.column == fk.parent for fk in right.elements)),
                backref=back,
                collection_class=self.collection_class,
            )
            if made is not None:
                one.properties[name] = made
                if back is None and other.properties.get(back_name) not in (None, made):
                    _populate(other.properties[back_name], name)
                    _populate(made, back_name)
        elif name in one.properties and self._is_free(other, back_name):
            made = self.generate(
                self.base,
                MANYTOMANY,
                relationship,
                back_name,
                other_cls,
                one_cls,
                secondary=table,
                primaryjoin=and_(*(fk.column == fk.parent for fk in right.elements)),
                secondaryjoin=and_(*(fk.column == fk.parent for fk in left.elements)),
                back_populates=name,
                collection_class=self.collection_class,
            )
            if made is not None:
                other.properties[back_name] = made
                _populate(one.properties[name], back_name)


def _populate(prop: Any, name: str) -> None:
    """
    Tell a relationship its other side, if it does not know it.
    """
    if hasattr(prop, "back_populates") and not prop.back_populates:
        prop.back_populates = name


def _foreign_keys(table: Any) -> Iterator[ForeignKeyConstraint]:
    for constraint in getattr(table, "_sorted_constraints", ()):
        if isinstance(constraint, ForeignKeyConstraint):
            yield constraint


def _association(table: Table) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint] | None:
    """
    Return the two foreign keys that a table consists of; None if it is more than that.
    """
    keys = list(_foreign_keys(table))
    if len(keys) != 2:
        return None
    columns: set[Column[Any]] = {fk.parent for key in keys for fk in key.elements}
    return (keys[0], keys[1]) if columns == set(table.c) else None


def _life_of_children(constraint: ForeignKeyConstraint) -> dict[str, Any]:
    """
    Return what the database's rules mean for the collection's objects.
    """
    on_delete = (constraint.ondelete or "").lower()
    if any(not fk.parent.nullable for fk in constraint.elements):
        options: dict[str, Any] = {"cascade": "all, delete-orphan"}
        if on_delete == "cascade":
            options["passive_deletes"] = True
        return options
    return {"passive_deletes": True} if on_delete == "set null" else {}
