"""
Attributes that reach through a relationship to an attribute of the related objects.

>>> from relvar import ForeignKey, select
>>> from relvar.ext.associationproxy import AssociationProxy, association_proxy
>>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship
>>> class Base(DeclarativeBase): ...
>>> class User(Base):
...     __tablename__ = "users"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     addresses: Mapped[list["Address"]] = relationship()
...     emails: AssociationProxy[list[str]] = association_proxy(
...         "addresses", "email", creator=lambda email: Address(email=email)
...     )
>>> class Address(Base):
...     __tablename__ = "address"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
...     email: Mapped[str]
>>> user = User(emails=["a@example.org"])
>>> user.emails.append("b@example.org")
>>> [address.email for address in user.addresses]
['a@example.org', 'b@example.org']
>>> print(select(User.id).where(User.emails == "a@example.org"))
SELECT users.id
FROM users
WHERE EXISTS (SELECT 1
FROM address
WHERE users.id = address.user_id AND address.email = :email_1)

`AssociationProxy` is the descriptor that was declared.  What it does depends on the class it is asked for
(and what the relationship of that class leads to), so that answer is an object of its own, an
`AssociationProxyInstance`: of a column, of an object, or of something that only some related objects have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Literal, Self, TypeVar, overload
from weakref import WeakKeyDictionary

from relvar import exc
from relvar.expr.boolean import or_
from relvar.expr.operate import ColumnOperators
from relvar.expr.operators import OperatorType
from relvar.expr.operators import eq as _eq
from relvar.ext.associationcollections import (
    AssociationCollection,
    AssociationDict,
    AssociationList,
    AssociationSet,
)
from relvar.orm.mapping.access import class_mapper
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.interfaces import (
    NO_ARG,
    AttributeOptions,
    InspectionAttrExtensionType,
    InspectionAttrInfo,
    ORMDescriptor,
)
from relvar.orm.state.adapter import duck_type

__all__ = [
    "AliasedAssociationProxyInstance",
    "AmbiguousAssociationProxyInstance",
    "AssociationProxy",
    "AssociationProxyExtensionType",
    "AssociationProxyInstance",
    "ColumnAssociationProxyInstance",
    "ObjectAssociationProxyInstance",
    "association_proxy",
]

_T = TypeVar("_T")

_AssociationCollection = AssociationCollection
_AssociationDict = AssociationDict
_AssociationList = AssociationList
_AssociationSet = AssociationSet

_VIEWS: dict[type, type[AssociationCollection]] = {
    list: AssociationList,
    set: AssociationSet,
    dict: AssociationDict,
}


class AssociationProxyExtensionType(InspectionAttrExtensionType):
    """
    The marker of association proxies among the attributes of a class.
    """

    ASSOCIATION_PROXY = "ASSOCIATION_PROXY"


def association_proxy(
    target_collection: str,
    attr: str,
    *,
    creator: Callable[..., Any] | None = None,
    getset_factory: Callable[..., Any] | None = None,
    proxy_factory: Callable[..., Any] | None = None,
    proxy_bulk_set: Callable[..., Any] | None = None,
    info: dict[Any, Any] | None = None,
    cascade_scalar_deletes: bool = False,
    create_on_none_assignment: bool = False,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    dataclass_metadata: Any = NO_ARG,
) -> AssociationProxy[Any]:
    """
    Declare an attribute that reads and writes *attr* of the objects of a relationship.

    Args:
        target_collection: The name of the relationship (to many or to one), or of another proxy's.
        attr: The name of the related objects' attribute.
        creator: Makes a related object from a value (of a dict: from key and value); by default the class.
        getset_factory: ``(collection class, proxy) -> (getter, setter)``, for other ways to the value.
        proxy_factory: ``(lazy collection, creator, attr, proxy) -> view``, for another kind of collection.
        proxy_bulk_set: ``(view, values)``: fills a view when the attribute is assigned to.
        cascade_scalar_deletes: Setting a scalar to None, or deleting it, removes the related object.
        create_on_none_assignment: Setting a scalar to None makes a related object if there is none.
    """
    return AssociationProxy(
        target_collection,
        attr,
        creator=creator,
        getset_factory=getset_factory,
        proxy_factory=proxy_factory,
        proxy_bulk_set=proxy_bulk_set,
        info=info,
        cascade_scalar_deletes=cascade_scalar_deletes,
        create_on_none_assignment=create_on_none_assignment,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
    )


class AssociationProxy(InspectionAttrInfo, ORMDescriptor[_T]):
    """
    The descriptor of an association proxy: see `association_proxy`.
    """

    is_attribute = True
    extension_type: AssociationProxyExtensionType = AssociationProxyExtensionType.ASSOCIATION_PROXY

    def __init__(
        self,
        target_collection: str,
        attr: str,
        *,
        creator: Callable[..., Any] | None = None,
        getset_factory: Callable[..., Any] | None = None,
        proxy_factory: Callable[..., Any] | None = None,
        proxy_bulk_set: Callable[..., Any] | None = None,
        info: dict[Any, Any] | None = None,
        cascade_scalar_deletes: bool = False,
        create_on_none_assignment: bool = False,
        attribute_options: AttributeOptions | None = None,
    ) -> None:
        if cascade_scalar_deletes and create_on_none_assignment:
            raise exc.ArgumentError(
                "The cascade_scalar_deletes and create_on_none_assignment parameters are mutually exclusive."
            )
        self.target_collection = target_collection
        self.value_attr = attr
        self.creator = creator
        self.getset_factory = getset_factory
        self.proxy_factory = proxy_factory
        self.proxy_bulk_set = proxy_bulk_set
        self.cascade_scalar_deletes = cascade_scalar_deletes
        self.create_on_none_assignment = create_on_none_assignment
        self.key: str = f"_{type(self).__name__}_{target_collection}_{id(self)}"
        self.attribute_options: AttributeOptions = attribute_options or AttributeOptions()
        self.has_dataclass_arguments: bool = bool(self.attribute_options.field_arguments())
        self._instances: WeakKeyDictionary[type[Any], AssociationProxyInstance[_T]] = WeakKeyDictionary()
        if info:
            self.__dict__["info"] = dict(info)

    def for_class(self, class_: Any, obj: Any = None) -> AssociationProxyInstance[_T]:
        """
        Return what the proxy is in one class.

        Raises:
            InvalidRequestError: The class has no attribute ``target_collection``.
            NotImplementedError: It is no relationship.
        """
        if not isinstance(class_, type):
            return AssociationProxyInstance.for_proxy(self, class_, obj)
        known = self._instances.get(class_)
        if known is None:
            known = self._instances[class_] = AssociationProxyInstance.for_proxy(self, class_, obj)
        return known

    @overload  # type: ignore[override]  # in a class it is no expression, but has operators
    def __get__(self, instance: Literal[None], owner: Literal[None]) -> Self: ...

    @overload
    def __get__(self, instance: Literal[None], owner: Any) -> AssociationProxyInstance[_T]: ...

    @overload
    def __get__(self, instance: object, owner: Any) -> _T: ...

    def __get__(self, instance: Any, owner: Any) -> Any:
        if owner is None or getattr(owner, "_sa_class_manager", None) is None:
            return self
        found = self.for_class(owner, instance)
        return found if instance is None else found.get(instance)

    def __set__(self, instance: Any, values: _T) -> None:
        self.for_class(type(instance), instance).set(instance, values)

    def __delete__(self, instance: Any) -> None:
        self.for_class(type(instance), instance).delete(instance)

    def __repr__(self) -> str:
        return f"AssociationProxy({self.target_collection!r}, {self.value_attr!r})"


class _Target:
    """
    The way to the collection that a view is of.
    """

    __slots__ = ("key", "obj")

    def __init__(self, obj: Any, key: str) -> None:
        self.obj = obj
        self.key = key

    def __call__(self) -> Any:
        return getattr(self.obj, self.key)


class AssociationProxyInstance(ColumnOperators, Generic[_T]):
    """
    What an association proxy is in one class.

    Args:
        parent: The `AssociationProxy`.
        owning_class: The class (or alias) it was asked for.
        target_class: The class that the relationship leads to.
        value_attr: The name of the attribute there.
    """

    __hash__ = object.__hash__

    def __init__(
        self, parent: AssociationProxy[_T], owning_class: Any, target_class: Any, value_attr: str
    ) -> None:
        self.parent = parent
        self.key: str = parent.key
        self.owning_class = owning_class
        self.target_collection: str = parent.target_collection
        self.target_class = target_class
        self.value_attr = value_attr

    @classmethod
    def for_proxy(
        cls, parent: AssociationProxy[_T], owning_class: Any, parent_instance: Any = None
    ) -> AssociationProxyInstance[_T]:
        """
        Make what a proxy is in a class.
        """
        prop = _property_of(owning_class, parent.target_collection)
        if not prop._is_relationship:
            raise NotImplementedError("association proxy to a non-relationship intermediary is not supported")
        entity = prop.entity
        target_class = entity.entity
        attr = getattr(target_class, parent.value_attr, None)
        kind: type[AssociationProxyInstance[_T]] = AmbiguousAssociationProxyInstance
        if isinstance(attr, AssociationProxyInstance):
            kind = ObjectAssociationProxyInstance
        elif isinstance(attr, QueryableAttribute):
            if _is_relationship(attr):
                kind = ObjectAssociationProxyInstance
            elif entity.is_aliased_class:
                kind = AliasedAssociationProxyInstance
            else:
                kind = ColumnAssociationProxyInstance
        return kind(parent, owning_class, target_class, parent.value_attr)

    # -- what it leads to ---------------------------------------------------------------------

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the proxy."""
        return self.parent.info

    @property
    def attribute_name(self) -> str:
        """The name that the class has the proxy under."""
        for base in self.owning_class.__mro__:
            for name, value in base.__dict__.items():
                if value is self.parent:
                    return name  # type: ignore[no-any-return]  # a key of a class's __dict__
        raise AttributeError(f"{self.owning_class!r} has no longer the attribute {self.parent!r}")

    @property
    def local_attr(self) -> Any:
        """The relationship."""
        return getattr(self.owning_class, self.target_collection)

    @property
    def remote_attr(self) -> Any:
        """The attribute of the related class."""
        return getattr(self.target_class, self.value_attr)

    @property
    def attr(self) -> tuple[Any, Any]:
        """The relationship and the attribute of the related class, as ``join()`` and options want them."""
        return self.local_attr, self.remote_attr

    @property
    def scalar(self) -> bool:
        """Whether the relationship leads to one object."""
        return not self._property.uselist

    @property
    def collection_class(self) -> type | None:
        """The kind of the collection, list, set or dict; None for a scalar."""
        if self.scalar:
            return None
        impl = self._property.class_attribute.impl
        # not of an object's collection: asking for that would load it
        factory = getattr(impl, "collection_factory", None)
        return list if factory is None else duck_type(factory())

    def adapt_to_entity(self, adapt_to_entity: Any) -> AssociationProxyInstance[_T]:
        """
        Return the same for an alias of the class.
        """
        return self.parent.for_class(adapt_to_entity.entity)

    @property
    def _property(self) -> Any:
        return _property_of(self.owning_class, self.target_collection)

    # -- in objects ---------------------------------------------------------------------------

    def get(self, obj: Any) -> Any:
        """
        Return what the attribute of an object reads as: a value, or a view.
        """
        if obj is None:
            return self
        if self.scalar:
            getter, _ = self._getter_and_setter(None)
            return getter(getattr(obj, self.target_collection))
        return self._view(obj)

    def set(self, obj: Any, values: Any) -> None:
        """
        Set the attribute of an object.
        """
        if not self.scalar:
            view = self._view(obj)
            # what ``+=`` leads to: the view itself is assigned
            if not (isinstance(values, AssociationCollection) and values.col is view.col):
                self._replace(view, values)
            return
        target = getattr(obj, self.target_collection)
        if target is not None:
            _, setter = self._getter_and_setter(None)
            setter(target, values)
            if values is None and self.parent.cascade_scalar_deletes:
                setattr(obj, self.target_collection, None)
        elif values is not None or self.parent.create_on_none_assignment:
            setattr(obj, self.target_collection, self._creator(values))

    def delete(self, obj: Any) -> None:
        """
        Delete the attribute of an object: the value and the way to it.
        """
        if self.scalar:
            target = getattr(obj, self.target_collection)
            if target is not None:
                delattr(target, self.value_attr)
        delattr(obj, self.target_collection)

    def _replace(self, view: Any, values: Any) -> None:
        if isinstance(view, AssociationCollection):
            view.replace(values)
            return
        if self.parent.proxy_bulk_set is None:
            raise TypeError(
                f"{self!r} has a proxy_factory for views of its own, and no proxy_bulk_set to assign to them"
            )
        view.clear()
        self.parent.proxy_bulk_set(view, values)

    @property
    def _creator(self) -> Callable[..., Any]:
        return self.parent.creator or self.target_class

    def _view(self, obj: Any) -> Any:
        lazy_collection = _Target(obj, self.target_collection)
        if self.parent.proxy_factory is not None:
            return self.parent.proxy_factory(lazy_collection, self._creator, self.value_attr, self)
        kind = self.collection_class
        if kind is None:
            raise exc.ArgumentError(
                f"could not guess which interface to use for the collection {self.local_attr}; specify a "
                "proxy_factory and proxy_bulk_set manually"
            )
        return _VIEWS[kind](lazy_collection, self._creator, *self._getter_and_setter(kind), self)

    def _getter_and_setter(self, kind: type | None) -> tuple[Callable[[Any], Any], Callable[..., Any]]:
        if self.parent.getset_factory is not None:
            return self.parent.getset_factory(kind, self)  # type: ignore[no-any-return]  # the user's pair
        name = self.value_attr
        if kind is dict:
            return lambda obj: getattr(obj, name), lambda obj, key, value: setattr(obj, name, value)
        return lambda obj: None if obj is None else getattr(obj, name), lambda obj, value: setattr(
            obj, name, value
        )

    def fill(self, view: Any, values: Any) -> None:
        """
        Put the values that were assigned into a view.
        """
        if self.parent.proxy_bulk_set is not None:
            self.parent.proxy_bulk_set(view, values)
        elif isinstance(view, AssociationList):
            view.extend(values)
        else:
            view.update(values)

    # -- in SQL -------------------------------------------------------------------------------

    def any(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: any related object, or object it refers to, meets the criterion.
        """
        if self.scalar and self._value_is_scalar:
            raise exc.InvalidRequestError("'any()' not implemented for scalar attributes. Use has().")
        return self._exists(criterion, **kwargs)

    def has(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: the related object, or the object it refers to, meets the criterion.
        """
        if not self.scalar:
            raise exc.InvalidRequestError("'has()' not implemented for collections. Use any().")
        if criterion is not None:
            self._check_has()
        return self._exists(criterion, **kwargs)

    def _check_has(self) -> None:
        """Raise where ``has()`` takes no criterion."""

    @property
    def _value_is_scalar(self) -> bool:
        remote = self.remote_attr
        if isinstance(remote, AssociationProxyInstance):
            return remote.scalar and remote._value_is_scalar
        return not getattr(remote.property, "uselist", False)

    def _exists(self, criterion: Any = None, **kwargs: Any) -> Any:
        raise NotImplementedError

    def _related(self, criterion: Any) -> Any:
        """Return ``EXISTS``: a related object meets the criterion."""
        local = self.local_attr
        return local.has(criterion) if self.scalar else local.any(criterion)

    def __clause_element__(self) -> Any:
        raise NotImplementedError(
            "The association proxy can't be used as a plain column expression; it only works inside of a "
            "comparison expression"
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.parent!r})"


class ColumnAssociationProxyInstance(AssociationProxyInstance[_T]):
    """
    An association proxy that leads to a column.

    Operators apply to the column, within ``EXISTS``.
    """

    __hash__: Any = object.__hash__

    def _exists(self, criterion: Any = None, **kwargs: Any) -> Any:
        if kwargs:
            raise exc.ArgumentError(
                "Can't apply keyword arguments to column-targeted association proxy; use =="
            )
        return self._related(criterion)

    def _check_has(self) -> None:
        raise exc.ArgumentError("Non-empty has() not allowed for column-targeted association proxy; use ==")

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        found = self._related(op(self.remote_attr, *other, **kwargs))
        if op is _eq and other[0] is None:
            # no related object, no value
            return or_(found, self.local_attr == None)  # noqa: E711  # SQL
        return found

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return self._related(op(other, self.remote_attr, **kwargs))


class AliasedAssociationProxyInstance(ColumnAssociationProxyInstance[_T]):
    """
    An association proxy over a relationship to an alias of a class.
    """

    __hash__: Any = object.__hash__


class ObjectAssociationProxyInstance(AssociationProxyInstance[_T]):
    """
    An association proxy that leads to an object: a relationship, or another proxy.
    """

    __hash__: Any = object.__hash__

    def _exists(self, criterion: Any = None, **kwargs: Any) -> Any:
        if criterion is None and not kwargs:
            return self._related(None)
        remote = self.remote_attr
        is_one = remote.scalar if isinstance(remote, AssociationProxyInstance) else self._value_is_scalar
        return self._related((remote.has if is_one else remote.any)(criterion, **kwargs))

    def contains(self, other: Any, **kw: Any) -> Any:
        """
        Return ``EXISTS``: *other* is among what the proxy leads to.
        """
        remote = self.remote_attr
        if self._value_is_scalar:
            if self.scalar:
                raise exc.InvalidRequestError("contains() doesn't apply to a scalar object endpoint; use ==")
            return self._related(remote == other)
        return self._related(remote.contains(other))

    def __eq__(self, other: Any) -> Any:
        if other is None:
            return or_(self._one_has(self.remote_attr == None), self.local_attr == None)  # noqa: E711  # SQL
        return self._one_has(self.remote_attr == other)

    def __ne__(self, other: Any) -> Any:
        return self._one_has(self.remote_attr != other)

    def _one_has(self, criterion: Any) -> Any:
        if not self.scalar:
            raise exc.InvalidRequestError("'has()' not implemented for collections. Use any().")
        return self._related(criterion)


class AmbiguousAssociationProxyInstance(AssociationProxyInstance[_T]):
    """
    An association proxy to an attribute that the related class has not, but its objects may have.

    It works in objects; there is no SQL for it.
    """

    __hash__: Any = object.__hash__

    def _refuse(self, *_args: Any, **_kw: Any) -> Any:
        raise AttributeError(
            f"Association proxy {self.owning_class.__name__}.{self.target_collection} refers to an attribute "
            f"'{self.value_attr}' that is not directly mapped on class {self.target_class}; therefore this "
            "operation cannot proceed since we don't know what type of object is referred towards"
        )

    any: Any = _refuse
    has: Any = _refuse
    operate: Any = _refuse
    reverse_operate: Any = _refuse


def _property_of(owning_class: Any, name: str) -> Any:
    entity = getattr(owning_class, "__dict__", {}).get("_aliased_insp")
    mapper = class_mapper(owning_class) if entity is None else entity.mapper
    return mapper.get_property(name)


def _is_relationship(attr: QueryableAttribute[Any]) -> bool:
    # a hybrid is of no property
    return bool(getattr(getattr(attr, "property", None), "_is_relationship", False))
