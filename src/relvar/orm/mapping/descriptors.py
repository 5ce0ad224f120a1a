"""
Properties without a column of their own, and synonyms.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr.operators import OperatorType
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import ColumnProperty
from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions, Mapped, MapperProperty, PropComparator
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.orm.state.history import History
from relvar.util.generics import TypeVar

__all__ = [
    "ProxyAttribute",
    "Synonym",
    "SynonymProperty",
    "synonym",
]

_T = TypeVar("_T", default=Any)


class ProxyAttribute(QueryableAttribute[Any]):
    """
    A class attribute that hands reading and writing on to a Python descriptor, and SQL to another attribute.
    """

    _is_internal_proxy = True

    def __init__(
        self, class_: Any, key: str, descriptor: Any, comparator: Any, parententity: Any, original: Any = None
    ) -> None:
        QueryableAttribute.__init__(self, class_, key, parententity, comparator)
        self.descriptor = descriptor
        self.original_property = original

    @property
    def _is_join_target(self) -> bool:
        attribute = self._join_attribute
        return attribute is not self and attribute._is_join_target

    @property
    def _join_attribute(self) -> QueryableAttribute[Any]:
        if getattr(self.original_property, "_is_synonym", False):
            return self.comparator._proxied()._join_attribute  # type: ignore[no-any-return]  # as declared
        return self

    def __get__(self, obj: Any, owner: Any) -> Any:
        found = self.descriptor.__get__(obj, owner)
        return self if obj is None else found

    def __set__(self, obj: Any, value: Any) -> None:
        self.descriptor.__set__(obj, value)

    def __delete__(self, obj: Any) -> None:
        self.descriptor.__delete__(obj)

    def adapt_to_entity(self, adapt_to_entity: Any) -> QueryableAttribute[Any]:
        return ProxyAttribute(
            adapt_to_entity.entity,
            self.key,
            self.descriptor,
            self.comparator.adapt_to_entity(adapt_to_entity),
            adapt_to_entity,
            self.original_property,
        )

    # last in the class: its name hides the decorator from here on
    @property
    def property(self) -> Any:
        """The property; of a synonym, that of the attribute it stands for."""
        self._parententity.mapper._check_configure()
        if getattr(self.original_property, "_is_synonym", False):
            return self.comparator._proxied().property
        return self.comparator.prop


class DescriptorProperty(MapperProperty):
    """
    A property whose values are made from other attributes.
    """

    descriptor: Any = None

    def instrument_class(self, mapper: Any) -> None:
        descriptor = self._descriptor_for(mapper)
        comparator = self._comparator_for(mapper)
        attribute = ProxyAttribute(mapper.class_, self.key, descriptor, comparator, mapper, self)
        if self.doc is not None:
            attribute.__doc__ = self.doc
        manager = mapper.class_manager
        manager.install_descriptor(self.key, attribute)

    def _descriptor_for(self, mapper: Any) -> Any:
        raise NotImplementedError

    def _comparator_for(self, mapper: Any) -> Any:
        raise NotImplementedError


class SynonymProperty(DescriptorProperty):
    """
    Another name for an attribute.
    """

    _is_synonym = True
    inherit_cache = True

    def __init__(
        self,
        name: str,
        map_column: bool | None = None,
        descriptor: Any = None,
        comparator_factory: Any = None,
        attribute_options: AttributeOptions | None = None,
        info: dict[Any, Any] | None = None,
        doc: str | None = None,
    ) -> None:
        self.name = name
        self.map_column = map_column
        self.descriptor = descriptor
        self.comparator_factory = comparator_factory
        self.attribute_options: AttributeOptions = attribute_options or AttributeOptions()
        self.has_dataclass_arguments: bool = bool(self.attribute_options.field_arguments())
        self.doc: str | None = doc or (descriptor.__doc__ if descriptor is not None else None)
        if info:
            self.__dict__["info"] = dict(info)

    @property
    def uses_objects(self) -> bool:
        """Whether the attribute refers to mapped objects."""
        return bool(getattr(self.parent.class_, self.name).impl.uses_objects)

    @property
    def _proxied_object(self) -> Any:
        """What programs ask for: the property that it is another name of, else the attribute."""
        attribute = getattr(self.parent.class_, self.name)
        found = getattr(attribute, "property", None)
        return found if isinstance(found, MapperProperty) else attribute

    def set_parent(self, parent: Any, init: bool) -> None:
        if self.map_column:
            table = parent.persist_selectable
            if self.key not in table.c:
                raise exc.ArgumentError(
                    f"Can't compile synonym '{self.name}': no column on table '{table.description}' named "
                    f"'{self.key}'"
                )
            column = table.c[self.key]
            if self.name in parent._init_properties or (
                column in parent._columntoproperty and parent._columntoproperty[column].key == self.name
            ):
                raise exc.ArgumentError(
                    f"Can't call map_column=True for synonym {self.key!r}={self.name!r}, a ColumnProperty "
                    f"already exists keyed to the name {self.name!r} for column {self.key!r}"
                )
            prop = ColumnProperty(column)
            parent._configure_property(self.name, prop)
        self.parent = parent

    def _descriptor_for(self, mapper: Any) -> Any:
        if self.descriptor is not None:
            return self.descriptor
        existing = mapper.class_.__dict__.get(self.key)
        if existing is not None and not isinstance(existing, (QueryableAttribute, SynonymProperty)):
            if hasattr(existing, "__get__") and hasattr(existing, "__set__"):
                return existing
        name = self.name
        return property(
            lambda obj: getattr(obj, name),
            lambda obj, value: setattr(obj, name, value),
            lambda obj: delattr(obj, name),
        )

    def _comparator_for(self, mapper: Any) -> Any:
        return SynonymComparator(self, mapper)

    def get_history(self, state: Any, dict_: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the attribute of an object differs from its committed value.
        """
        return state.get_history(self.name, passive)  # type: ignore[no-any-return]  # History by contract


class SynonymComparator(PropComparator[Any]):
    """
    The operators of a synonym: those of the attribute it stands for.
    """

    __slots__ = ()

    _is_stable = False

    def _proxied(self) -> Any:
        entity = self._parententity
        owner = entity.entity if entity.is_aliased_class else entity.class_
        attribute = getattr(owner, self.prop.name, None)
        if attribute is None:
            raise AttributeError(
                f"Synonym {self.prop} stands for the attribute '{self.prop.name}', which class "
                f"{entity.mapper.class_.__name__} does not have"
            )
        if not hasattr(attribute, "_is_internal_proxy") and not hasattr(attribute, "__clause_element__"):
            raise exc.InvalidRequestError(
                f'synonym() attribute "{self.prop}" only supports ORM mapped attributes, got {attribute!r}'
            )
        factory = self.prop.comparator_factory
        if factory is not None:
            return factory(
                attribute.comparator.prop, entity.mapper, entity if entity.is_aliased_class else None
            )
        return attribute

    def __clause_element__(self) -> Any:
        made = self._proxied().__clause_element__()
        if not getattr(made, "_is_column_element", False):
            return made
        return made._annotate({"proxy_key": self.prop.key})

    def __getattr__(self, key: str) -> Any:
        if key[:1] == "_":
            raise AttributeError(key)
        return getattr(self._proxied(), key)

    def _bulk_update_tuples(self, value: Any) -> Any:
        return self._proxied()._bulk_update_tuples(value)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self._proxied(), *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self._proxied(), **kwargs)


class Synonym(SynonymProperty, Mapped[_T]):
    """
    What ``synonym()`` returns.
    """

    __hash__ = object.__hash__
    __eq__: Any = object.__eq__
    __ne__: Any = object.__ne__


def synonym(
    name: str,
    *,
    map_column: bool | None = None,
    descriptor: Any = None,
    comparator_factory: Any = None,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    dataclass_metadata: Any = NO_ARG,
) -> Synonym[Any]:
    """
    Give an attribute another name.

    Args:
        map_column: The column has the synonym's name; map it under *name*.
        descriptor: A Python property that reads and writes in its place.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, synonym
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    ...     login: Mapped[str] = synonym("name")
    >>> print(select(User.id).where(User.login == "ann"))
    SELECT users.id
    FROM users
    WHERE users.name = :name_1
    >>> User(login="ann").name
    'ann'
    """
    return Synonym(
        name,
        map_column=map_column,
        descriptor=descriptor,
        comparator_factory=comparator_factory,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        info=info,
        doc=doc,
    )
