"""
Base classes of concrete inheritance: a SELECT of the base is a SELECT from the union of the tables below it.
"""

from __future__ import annotations

from typing import Any

from relvar.expr.column import literal_column
from relvar.orm.declarative.declared import begin_scan, end_scan
from relvar.orm.declarative.scan import DeclarativeScan
from relvar.orm.exc import UnmappedClassError
from relvar.orm.mapping.concrete import put_below
from relvar.orm.mapping.inheritance import refuse_instances
from relvar.orm.mapping.polymorphic_union import union_of_tables

__all__ = ["AbstractConcreteBase", "ConcreteBase"]


class ConcreteBase:
    """
    Mix-in for the mapped base class of a concrete hierarchy, which has a table itself.

    The union is made when mappers are configured.  Its column that tells the class is named ``type``, or as
    ``_concrete_discriminator_name`` says.

    >>> from relvar import select
    >>> from relvar.ext.declarative import ConcreteBase
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class Pet(ConcreteBase, Base):
    ...     __tablename__ = "pet"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     __mapper_args__ = {"polymorphic_identity": "pet", "concrete": True}
    >>> class Dog(Pet):
    ...     __tablename__ = "dog"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     __mapper_args__ = {"polymorphic_identity": "dog", "concrete": True}
    >>> print(select(Pet))
    SELECT pjoin.id, pjoin.type
    FROM (SELECT pet.id AS id, 'pet' AS type
    FROM pet UNION ALL SELECT dog.id AS id, 'dog' AS type
    FROM dog) AS pjoin
    """

    _concrete_discriminator_name = "type"

    @classmethod
    def __declare_first__(cls) -> None:
        mapper: Any = vars(cls)["__mapper__"]
        if mapper.with_polymorphic is not None or mapper.polymorphic_on is not None:
            # done, or a hierarchy in one table
            return
        name = cls._concrete_discriminator_name
        union = _union_of(list(mapper.self_and_descendants), name)
        mapper._select_hierarchy_from(union, union.c[name])


class AbstractConcreteBase:
    """
    Mix-in for the base class of a concrete hierarchy that has no table of its own.

    The base is mapped when mappers are configured, to the union of the tables of the classes below it: until
    then it cannot be selected.  Columns that it declares each subclass gets in its own table.  With
    ``strict_attrs = True`` it only has the attributes that it declares, not all of the union.

    >>> from relvar import select
    >>> from relvar.ext.declarative import AbstractConcreteBase
    >>> from relvar.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class Pet(AbstractConcreteBase, Base):
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    >>> class Dog(Pet):
    ...     __tablename__ = "dog"
    ...     __mapper_args__ = {"polymorphic_identity": "dog", "concrete": True}
    >>> configure_mappers()
    >>> print(select(Pet))
    SELECT pjoin.id, pjoin.type
    FROM (SELECT dog.id AS id, 'dog' AS type
    FROM dog) AS pjoin
    """

    _concrete_discriminator_name = "type"

    @classmethod
    def _sa_put_off(cls, registry: Any) -> bool:
        """Have the class mapped later, if it is the base class itself; tell whether it is."""
        if AbstractConcreteBase not in cls.__bases__:
            return False
        late = _LateBase(registry, cls)
        type.__setattr__(cls, "_sa_pending", late)
        registry._mapped_late[late] = None
        return True


class _LateBase:
    """
    An abstract concrete base that waits for its subclasses.
    """

    def __init__(self, registry: Any, cls: type[Any]) -> None:
        self.registry = registry
        self.class_ = cls

    def unmapped(self) -> UnmappedClassError:
        """
        Return the error for a use of the class before it was mapped.
        """
        cls = self.class_
        return UnmappedClassError(
            cls,
            f"Class {cls.__module__}.{cls.__name__} is a subclass of AbstractConcreteBase and has a mapping "
            "pending until all subclasses are defined. Call the configure_mappers() function after all "
            "subclasses have been defined to complete the mapping of this class.",
        )

    def __call__(self) -> None:
        """
        Map the class, if there are subclasses.
        """
        cls: Any = self.class_
        below = _mappers_below(cls)
        if not below:
            return
        del self.registry._mapped_late[self]
        type.__delattr__(cls, "_sa_pending")
        name = cls._concrete_discriminator_name
        union = _union_of(below, name)
        begin_scan(cls)
        try:
            scan = DeclarativeScan(self.registry, cls)
            arguments: dict[str, Any] = {"polymorphic_on": union.c[name]}
            if getattr(cls, "strict_attrs", False):
                arguments["with_polymorphic"] = ("*", union)
                arguments["include_properties"] = _Declared(scan, union, name)
            mapper = scan.map_to_union(union, arguments)
        finally:
            end_scan(cls)
        if mapper.polymorphic_identity is None:
            mapper.polymorphic_abstract = True
            mapper.class_manager.on_new = refuse_instances(mapper)
        for each in cls.__subclasses__():
            manager = each.__dict__.get("_sa_class_manager")
            if manager is not None and manager.mapper is not None:
                put_below(manager.mapper, mapper)


class _Declared:
    """
    The names of a union's columns that a base declares, with key and discriminator.
    """

    def __init__(self, scan: DeclarativeScan, union: Any, discriminator: str) -> None:
        self.scan = scan
        self.others = {discriminator, *[column.key for column in union.primary_key]}

    def __iter__(self) -> Any:
        return iter([*self.scan.properties, *self.others])


def _mappers_below(cls: type[Any]) -> list[Any]:
    """Return the mappers of the classes below, those of the class that was declared last first."""
    found = []
    stack = list(cls.__subclasses__())
    while stack:
        each = stack.pop()
        stack.extend(each.__subclasses__())
        manager = each.__dict__.get("_sa_class_manager")
        if manager is not None and manager.mapper is not None:
            found.append(manager.mapper)
    return found


def _union_of(mappers: list[Any], discriminator: str) -> Any:
    """
    Return the union of the tables that have rows of their own.

    Where a table is that of a single or joined hierarchy itself, its own column tells the class.
    """
    tables = []
    for mapper in mappers:
        if mapper.identity_mapper is not mapper:
            continue
        own = mapper.polymorphic_on
        value = str(mapper.polymorphic_identity).replace("'", "''")
        told = literal_column(f"'{value}'") if own is None else own
        tables.append((told, mapper.local_table))
    return union_of_tables(tables, discriminator, "pjoin")
