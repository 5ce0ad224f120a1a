"""
Mapped classes under another name: ``aliased()`` and ``with_polymorphic()``.

An `AliasedClass` looks like the class: its attributes are those of the class in terms of the alias.  Its
`AliasedInsp` is what is known about it.
"""

from __future__ import annotations

import copy
import types
from collections.abc import Iterable, Sequence
from typing import Any, Generic, overload

from relvar import exc
from relvar.expr import make
from relvar.expr.names import _anonymous_label
from relvar.expr.node import Pickled, PicklingPlugin, pickling_plugins
from relvar.expr.traverse import cloned_traverse
from relvar.inspection import _inspects, _self_inspects, inspect
from relvar.orm.mapping import inheritance
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.interfaces import InspectionAttr
from relvar.orm.mapping.mapper import Mapper
from relvar.orm.mapping.traverse import is_column
from relvar.relation.adapt import ClauseAdapter
from relvar.relation.alias import Alias
from relvar.util.generics import TypeVar
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn

__all__ = ["AliasedClass", "AliasedInsp", "aliased", "with_polymorphic"]

_O = TypeVar("_O", default=Any)


class AliasedClass(Generic[_O]):
    """
    A mapped class in terms of an alias of its table.

    Args:
        mapped_class_or_ac: The class, its mapper, or another alias.
        alias: What to select from; default: an anonymous alias.
        name: The alias's name.
        flat: Alias each table of a join, instead of a subquery of the join.
        adapt_on_names: Columns of *alias* are found by name where they are not derived from the class's.
        with_polymorphic_mappers: Subclasses whose attributes it has too.
    """

    __name__: str

    def __init__(
        self,
        mapped_class_or_ac: Any,
        alias: Any = None,
        name: str | None = None,
        flat: bool = False,
        adapt_on_names: bool = False,
        with_polymorphic_mappers: Sequence[Any] | None = None,
        with_polymorphic_discriminator: Any = None,
        base_alias: Any = None,
        use_mapper_path: bool = False,
        represents_outer_join: bool = False,
    ) -> None:
        inspected = inspect(mapped_class_or_ac)
        mapper: Mapper = inspected.mapper
        if alias is None:
            if inspected.is_aliased_class and not _is_of_tables(inspected):
                # it stands for something else: a subquery, several classes
                alias = inspected.selectable._anonymous_fromclause(name=name, flat=flat)
            else:
                alias = _alias_of(mapper, name, flat)
        insp = AliasedInsp(
            self,
            inspected,
            alias,
            name,
            with_polymorphic_mappers
            if with_polymorphic_mappers is not None
            else inspected.with_polymorphic_mappers,
            with_polymorphic_discriminator
            if with_polymorphic_discriminator is not None
            else inspected.polymorphic_on,
            base_alias,
            use_mapper_path,
            adapt_on_names,
            represents_outer_join,
        )
        values = self.__dict__
        values["_aliased_insp"] = insp
        values["__name__"] = mapper.class_.__name__
        for other in insp.with_polymorphic_mappers:
            if other is not mapper:
                made = AliasedClass(
                    other.class_,
                    insp.selectable,
                    base_alias=insp,
                    adapt_on_names=adapt_on_names,
                    use_mapper_path=use_mapper_path,
                    with_polymorphic_mappers=(),
                )
                values[other.class_.__name__] = made
                insp._with_polymorphic_entities.append(inspect(made))

    def __getattr__(self, key: str) -> Any:
        try:
            insp = self.__dict__["_aliased_insp"]
        except KeyError:
            raise AttributeError(key) from None
        target = insp._target
        attribute = getattr(target, key)
        if isinstance(attribute, QueryableAttribute):
            attribute = self.__dict__[key] = attribute.adapt_to_entity(insp)
            return attribute
        if isinstance(attribute, types.MethodType) and attribute.__self__ is target:
            return types.MethodType(attribute.__func__, self)
        if hasattr(attribute, "adapt_to_entity"):
            attribute = attribute.adapt_to_entity(insp)
        elif hasattr(attribute, "__get__") and not isinstance(attribute, (types.FunctionType, type)):
            attribute = attribute.__get__(None, self)
            if hasattr(attribute, "adapt_to_entity"):
                attribute = attribute.adapt_to_entity(insp)
        if hasattr(attribute, "_is_internal_proxy"):
            self.__dict__[key] = attribute
        return attribute

    def __setattr__(self, key: str, value: Any) -> None:
        self.__dict__[key] = value

    def __reduce__(self) -> Any:
        return _entity_of, (self.__dict__["_aliased_insp"],)

    # found on the mapped class otherwise, where it is about objects
    def __deepcopy__(self, memo: dict[Any, Any]) -> Any:
        return copy.deepcopy(self.__dict__["_aliased_insp"], memo).entity

    def _get_from_serialized(self, key: str, mapped_class: Any, aliased_insp: Any) -> Any:
        return getattr(self, key)

    def __clause_element__(self) -> Any:
        return self.__dict__["_aliased_insp"].__clause_element__()

    @property
    def _known_expression(self) -> Any:
        """What it stands for in a statement."""
        return self.__dict__["_aliased_insp"]._annotated_selectable

    def __repr__(self) -> str:
        insp = self.__dict__["_aliased_insp"]
        return f"<AliasedClass at 0x{id(self):x}; {insp._target.__name__}>"

    def __str__(self) -> str:
        return str(self.__dict__["_aliased_insp"])


def _is_of_tables(insp: Any) -> bool:
    """Tell whether an alias is one of the class's own tables, each under another name."""
    if insp._is_with_polymorphic:
        return False
    selectable = insp.selectable
    return selectable.__visit_name__ == "join" or getattr(selectable, "element", None) in insp.mapper.tables


def _alias_of(mapper: Mapper, name: str | None, flat: bool) -> Any:
    selectable = mapper._with_polymorphic_selectable
    if flat and name is not None and getattr(selectable, "_is_join", False):
        # the rightmost table takes the name
        raise exc.ArgumentError("Can't send name argument with flat")
    return selectable._anonymous_fromclause(name=name, flat=flat)


def _with_own_names(adapted: Any) -> Any:
    """
    Return an expression of an alias with made-up names of its own: that of the class may stand beside it.
    """

    def rename(bind: Any) -> None:
        if bind.unique:
            bind.__dict__.pop("key", None)

    made = cloned_traverse(adapted, {}, {"bindparam": rename})
    if made.__visit_name__ == "label" and isinstance(made.name, _anonymous_label):
        return make.Label(None, made.element, made.type)
    return made


@_self_inspects
class AliasedInsp(Pickled, InspectionAttr, Generic[_O]):
    """
    What ``inspect(aliased(Class))`` returns.

    ``entity``: the `AliasedClass`; ``mapper``: its mapper; ``selectable``: the alias; ``name``: its name.
    """

    is_aliased_class = True
    uses_inspection = True
    inherit_cache = True
    allows_lambda = True
    _pickled_by = "orm"

    def __init__(
        self,
        entity: AliasedClass,
        inspected: Any,
        selectable: Any,
        name: str | None,
        with_polymorphic_mappers: Iterable[Any] | None,
        polymorphic_on: Any,
        _base_alias: Any,
        _use_mapper_path: bool,
        adapt_on_names: bool,
        represents_outer_join: bool,
        nest_adapters: bool = False,
    ) -> None:
        mapper: Mapper = inspected.mapper
        self.mapper = mapper
        self._entity = entity
        self.selectable = selectable
        self.name = name
        self._target: Any = mapper.class_
        self._use_mapper_path = _use_mapper_path
        self.represents_outer_join = represents_outer_join
        self._adapt_on_names = adapt_on_names
        self._base_alias: AliasedInsp = _base_alias if _base_alias is not None else self
        self.with_polymorphic_mappers: tuple[Any, ...] = tuple(with_polymorphic_mappers or (mapper,))
        self._is_with_polymorphic = bool(with_polymorphic_mappers)
        self._with_polymorphic_entities: list[AliasedInsp] = [self] if self._is_with_polymorphic else []
        self.polymorphic_on = polymorphic_on
        self._inspected = inspected
        # who plans a statement that elements of the alias stand in, and for whom
        self._planning = {"compile_state_plugin": "orm", "plugin_subject": self}
        # the table whose columns the alias finds by itself
        self._table: Any = None
        if selectable.__class__ is Alias and selectable.element._is_table:
            self._table = selectable.element

    @memoized_property
    def _adapter(self) -> Any:
        """What moves expressions over the class's tables to the alias."""
        return ClauseAdapter(
            self.selectable,
            equivalents=inheritance.equivalents(self.mapper),
            adapt_on_names=self._adapt_on_names,
        )

    @property
    def _key_serial(self) -> int | None:
        """The mapper's: which alias it is, the alias itself says in a statement's key."""
        return self.mapper._key_serial

    @property
    def entity(self) -> AliasedClass:
        """The aliased class."""
        return self._entity

    @property
    def class_(self) -> type[Any]:
        """The mapped class."""
        return self.mapper.class_

    def path_string(self) -> str:
        """
        Return the name of this entity within the path of a loader option.
        """
        return f"aliased({self.class_.__name__})"

    @property
    def local_table(self) -> Any:
        """The alias."""
        return self.selectable

    @property
    def persist_selectable(self) -> Any:
        """The alias."""
        return self.selectable

    @property
    def entity_namespace(self) -> AliasedClass:
        """Where ``filter_by()`` looks names up."""
        return self.entity

    @memoized_property
    def _annotated_selectable(self) -> Any:
        made = self.selectable._annotate(
            {
                "parentmapper": self.mapper,
                "parententity": self,
                "entity_namespace": self,
                "polymorphic_shape": self._shape,
            }
        )
        return made._set_propagate_attrs(self._planning)

    @property
    def _shape(self) -> str:
        """Say which subclasses are included: part of the statement's key; the alias alone does not tell."""
        place = "in place of the class:" if self._use_mapper_path else ""
        if not self._is_with_polymorphic:
            return place
        return place + ",".join(str(m._key_serial) for m in self.with_polymorphic_mappers)

    def _stands_for(self, entity: Any) -> bool:
        """Tell whether this was put in the place of an entity, whose attributes options and joins name."""
        if not self._use_mapper_path:
            return False
        return entity is self._inspected or (entity.is_mapper and self.mapper.isa(entity))

    def __clause_element__(self) -> Any:
        return self._annotated_selectable

    def _adapt_element(self, expr: Any, key: str | None = None) -> Any:
        """
        Return an expression over the class's own table in terms of the alias.

        Args:
            key: The attribute it is the expression of.
        """
        values: dict[str, Any] = {
            "parententity": self,
            "parentmapper": self.mapper,
            "entity_namespace": self,
        }
        if key:
            values["proxy_key"] = key
        if is_column(expr):
            adapted = self._adapted_column(expr._deannotate() if expr._annotations else expr, key)
        else:
            adapted = _with_own_names(self._adapter.traverse(expr))
        if not hasattr(adapted, "_annotate"):
            return adapted
        made = adapted._annotate(values)
        return made._set_propagate_attrs(self._planning)

    def _adapted_column(self, column: Any, key: str | None) -> Any:
        """
        Return the alias's column in place of one of the class's; that one, with a warning, if it has none.
        """
        found = None
        if self._table is not None and column.table is self._table:
            found = self.selectable._own_column(column)
        if found is None:
            found = self._adapter.replace(column)
        if found is not None:
            return found
        if key:
            warn(
                f"Did not locate an expression in selectable for attribute {key!r}; to match by name, use "
                "the adapt_on_names parameter"
            )
        return self._adapter.traverse(column)

    def _entity_for_mapper(self, mapper: Mapper) -> Any:
        if mapper is self.mapper or self.mapper.isa(mapper):
            return self
        if self._is_with_polymorphic and mapper in self.with_polymorphic_mappers:
            for each in self._with_polymorphic_entities:
                if each.mapper is mapper:
                    return each
        if mapper.isa(self.mapper):
            return self
        raise AssertionError(f"mapper {mapper} doesn't correspond to {self}")

    def _reduce_plainly(self, protocol: Any) -> Any:
        if self._base_alias is not self:
            return _alias_within, (self._base_alias, self.mapper)
        mappers = self.with_polymorphic_mappers if self._is_with_polymorphic else ()
        own_column = self.polymorphic_on if self.polymorphic_on is not self.mapper.polymorphic_on else None
        return _alias_from, (
            self._inspected,
            self.selectable,
            self.name,
            self._adapt_on_names,
            mappers,
            own_column,
            self._use_mapper_path,
            self.represents_outer_join,
        )

    def __repr__(self) -> str:
        mappers = self.with_polymorphic_mappers if self._is_with_polymorphic else [self.mapper]
        names = ", ".join(m.class_.__name__ for m in mappers) or self._target.__name__
        return f"<AliasedInsp at 0x{id(self):x}; {self.class_.__name__}({names})>"

    def __str__(self) -> str:
        if self._is_with_polymorphic and len(self.with_polymorphic_mappers) > 1:
            names = ", ".join(
                m.class_.__name__ for m in self.with_polymorphic_mappers if m is not self.mapper
            )
            return f"with_polymorphic({self._target.__name__}, [{names}])"
        return f"aliased({self._target.__name__})"


def _entity_of(insp: AliasedInsp) -> AliasedClass:
    return insp.entity


def _alias_within(base: AliasedInsp, mapper: Mapper) -> AliasedInsp:
    """Return what a pickle has of a subclass's alias: it comes with the alias of the base class."""
    return next(each for each in base._with_polymorphic_entities if each.mapper is mapper)


def _alias_from(
    inspected: Any,
    selectable: Any,
    name: str | None,
    adapt_on_names: bool,
    mappers: tuple[Mapper, ...],
    polymorphic_on: Any,
    use_mapper_path: bool,
    represents_outer_join: bool,
) -> AliasedInsp:
    """Return what a pickle has of an alias."""
    entity = AliasedClass(
        inspected,
        selectable,
        name,
        adapt_on_names=adapt_on_names,
        with_polymorphic_mappers=mappers,
        with_polymorphic_discriminator=polymorphic_on,
        use_mapper_path=use_mapper_path,
        represents_outer_join=represents_outer_join,
    )
    return _inspect_alias(entity)


def _reduce(obj: Any, protocol: Any) -> Any:
    # few programs pickle statements
    from relvar.orm.mapping import pickling

    return pickling.reduce(obj, protocol)


def _deepcopy(obj: Any, memo: dict[Any, Any]) -> Any:
    from relvar.orm.mapping import pickling

    return pickling.deepcopy(obj, memo)


pickling_plugins["orm"] = PicklingPlugin(_reduce, _deepcopy)


@_inspects(AliasedClass)
def _inspect_alias(target: AliasedClass) -> AliasedInsp:
    return target.__dict__["_aliased_insp"]  # type: ignore[no-any-return]  # set by __init__


@overload
def aliased(
    element: type[_O],
    alias: Any = None,
    name: str | None = None,
    flat: bool = False,
    adapt_on_names: bool = False,
) -> type[_O]: ...


@overload
def aliased(
    element: Any, alias: Any = None, name: str | None = None, flat: bool = False, adapt_on_names: bool = False
) -> Any: ...


def aliased(
    element: Any, alias: Any = None, name: str | None = None, flat: bool = False, adapt_on_names: bool = False
) -> Any:
    """
    Return a mapped class (or a FROM element) under another name.

    Args:
        element: Mapped class, mapper, alias, or FROM element.
        alias: What to select the class from; default: an alias of its table.
        flat: For joins: alias each table instead of making a subquery.
        adapt_on_names: Find the columns in *alias* by name.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, aliased, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> other = aliased(User, name="other")
    >>> print(select(User.id, other.id).join(other, User.name == other.name))
    SELECT users.id, other.id AS id_1
    FROM users JOIN users AS other ON users.name = other.name
    """
    if (
        not isinstance(element, type)
        and getattr(element, "_is_from_clause", False)
        and not hasattr(element, "mapper")
    ):
        annotations = getattr(element, "_annotations", None)
        if annotations and "parententity" in annotations:
            element = annotations["parententity"]
        else:
            if adapt_on_names:
                raise exc.ArgumentError("adapt_on_names only applies to ORM elements")
            if name:
                return element.alias(name=name, flat=flat)
            return element._anonymous_fromclause(flat=flat)
    return AliasedClass(element, alias=alias, flat=flat, name=name, adapt_on_names=adapt_on_names)


def with_polymorphic(
    base: type[_O],
    classes: Any,
    selectable: Any = False,
    flat: bool = False,
    polymorphic_on: Any = None,
    aliased: bool = False,
    innerjoin: bool = False,
    adapt_on_names: bool = False,
    name: str | None = None,
    _use_mapper_path: bool = False,
) -> AliasedClass[_O]:
    """
    Return a mapped class together with columns of its subclasses.

    Args:
        classes: The subclasses, or ``"*"`` for all.
        selectable: What to select from; default: the tables joined.
        flat, aliased: Use aliases of the tables; a subquery of the join.
        innerjoin: Join the subclasses' tables by INNER JOIN.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, with_polymorphic
    >>> class Base(DeclarativeBase): ...
    >>> class Person(Base):
    ...     __tablename__ = "person"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     kind: Mapped[str]
    ...     __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}
    >>> class Boss(Person):
    ...     __tablename__ = "boss"
    ...     id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ...     __mapper_args__ = {"polymorphic_identity": "boss"}
    >>> everyone = with_polymorphic(Person, [Boss])
    >>> print(select(everyone.id, everyone.Boss.id))
    SELECT person.id, boss.id AS id_1
    FROM person LEFT OUTER JOIN boss ON person.id = boss.id
    """
    mapper: Mapper = inspect(base).mapper
    mappers = inheritance.mappers_from_spec(mapper, classes, None if selectable is False else selectable)
    if selectable is False or selectable is None:
        chosen = inheritance.with_polymorphic_selectable(mapper, mapper.with_polymorphic, mappers, innerjoin)
    else:
        chosen = selectable
    if aliased or flat:
        chosen = chosen._anonymous_fromclause(flat=flat, name=name if not flat else None)
    return AliasedClass(
        base,
        chosen,
        name=name,
        with_polymorphic_mappers=mappers,
        adapt_on_names=adapt_on_names,
        with_polymorphic_discriminator=polymorphic_on,
        use_mapper_path=_use_mapper_path,
        represents_outer_join=not innerjoin,
    )
