"""
The attributes of mapped classes, as SQL: ``User.name == 'ed'``.

One object has two faces.  In an instance it answers for a value that is not there (the kernel's
`AttributeDescriptor`); in the class it stands in statements, through its comparator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from relvar._kernels.attributes import AttributeDescriptor, DataDescriptor
from relvar._kernels.sealed import Sealed
from relvar.event import dispatcher as dispatcher
from relvar.expr.node import NODES, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.inspection import _self_inspects, inspect
from relvar.orm.exc import UnmappedInstanceError
from relvar.orm.mapping.interfaces import (
    InspectionAttr,
    InspectionAttrExtensionType,
    Mapped,
    NotExtension,
)
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.orm.state.history import History

if TYPE_CHECKING:
    from relvar.expr.element import ColumnElement
    from relvar.expr.label import Label
    from relvar.expr.typed import Condition

__all__ = ["DataInstrumentedAttribute", "InstrumentedAttribute", "QueryableAttribute"]

_E = TypeVar("_E")
_T_co = TypeVar("_T_co", bound=Any, covariant=True)


if TYPE_CHECKING:

    class _Described(Mapped[_T_co], AttributeDescriptor):
        """With the comparisons of typed expressions."""

else:

    class _Described(AttributeDescriptor, Mapped[_T_co]):
        """With the kernel's comparisons."""

        __slots__ = ()


@_self_inspects
class QueryableAttribute(_Described[_T_co], InspectionAttr):
    """
    An attribute of a mapped or aliased class.

    Args:
        class_: The class.
        key: The attribute's name.
        parententity: Mapper or aliased class.
        comparator: What makes SQL of it.
        impl: How it is read and written in objects; None in aliased classes.
        of_type: A subclass or alias that a relationship is narrowed to.
        extra_criteria: Criteria for the ON clause of a relationship.
    """

    is_attribute = True
    uses_inspection = True
    _is_internal_proxy = False

    # how it enters the key of a statement, as the target of a join (see `relvar._kernels.keys`)
    _fields = (
        Field("key", VALUE),
        Field("_key_entities", VALUE),
        Field("_extra_criteria", NODES),
    )
    _cacheable = True
    _key_memo = True
    _is_atom = _is_bind = False
    _key_columns = None
    _structure: Any = None

    def __init__(
        self,
        class_: Any,
        key: str,
        parententity: Any,
        comparator: Any,
        impl: Any = None,
        of_type: Any = None,
        extra_criteria: tuple[Any, ...] = (),
    ) -> None:
        self.class_ = class_
        self.key = key
        self._parententity = parententity
        self.impl = impl
        self.comparator = comparator
        self._of_type = of_type
        self._extra_criteria = extra_criteria

    __hash__ = object.__hash__

    # -- what it belongs to --------------------------------------------------------

    @property
    def parent(self) -> Any:
        """The mapper or aliased class whose attribute it is."""
        return inspect(self._parententity)

    @property
    def _parentmapper(self) -> Any:
        return self._parententity.mapper

    @property
    def prop(self) -> Any:
        """The property, as it is set up now."""
        return self.comparator.prop

    @property
    def _key_entities(self) -> tuple[Any, ...]:
        """The entities it belongs to and leads to, as a statement's key has them."""
        found = (self._parententity, self._of_type)
        return tuple([e.__clause_element__() if e is not None and e.is_aliased_class else e for e in found])

    @property
    def entity_namespace(self) -> Any:
        """Where ``filter_by()`` looks names up: in the related class of a relationship, else in its own."""
        if self._is_join_target:
            return self.comparator.entity.entity_namespace
        return self._parententity.entity_namespace

    @property
    def _propagate_attrs(self) -> Any:
        """Who plans a statement that joins along it."""
        return self._parententity.__clause_element__()._propagate_attrs

    @property
    def description(self) -> str:
        """What messages call it: the related class of a relationship, else the column."""
        if self._is_join_target:
            return str(self.comparator.entity)
        return str(self.expression.description)

    @property
    def _is_join_target(self) -> bool:
        """Whether ``select().join()`` can follow it: a relationship."""
        return bool(getattr(self.comparator.prop, "_is_relationship", False))

    @property
    def _join_attribute(self) -> QueryableAttribute[Any]:
        """The attribute that ``join()`` and loader options mean by this one."""
        return self

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the property."""
        return self.prop.info  # type: ignore[no-any-return]  # a dict

    @property
    def extension_type(self) -> InspectionAttrExtensionType:  # type: ignore[override]  # a class variable elsewhere
        """No extension."""
        return NotExtension.NOT_EXTENSION

    # -- as SQL --------------------------------------------------------------------------

    @property
    def expression(self) -> Any:
        """The SQL expression."""
        found = self._known_expression
        if found is None:
            found = self.comparator.__clause_element__()
            if getattr(self.comparator, "_is_stable", False):
                self._known_expression = found
        return found

    def __clause_element__(self) -> Any:
        return self.expression

    def _compiler_dispatch(self, visitor: Any, **kw: Any) -> Any:
        # what programs render by @compiles may hold the attribute as it was given
        return self.expression._compiler_dispatch(visitor, **kw)

    @property
    def _from_objects(self) -> Any:
        return self.expression._from_objects

    @property
    def _annotations(self) -> Any:
        return self.expression._annotations

    def _bulk_update_tuples(self, value: Any) -> Any:
        return self.comparator._bulk_update_tuples(value)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.comparator, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self.comparator, **kwargs)

    def _compare(self, operator: OperatorType, other: Any) -> ColumnElement[bool]:
        comparator = self.comparator
        if getattr(comparator, "_is_stable", False):
            found = self._known_expression = comparator.__clause_element__()
            return operator(found, other)  # type: ignore[no-any-return]  # of any operator
        return operator(comparator, other)  # type: ignore[no-any-return]  # as above

    def label(self, name: str | None) -> Label[_T_co]:
        """
        Return the expression under another name.
        """
        return self.__clause_element__().label(name)  # type: ignore[no-any-return]  # as declared

    def params(self, *optionaldict: Any, **kwargs: Any) -> Any:
        """
        Return a copy with values for bind parameters.
        """
        return self.__clause_element__().params(*optionaldict, **kwargs)

    def unique_params(self, *optionaldict: Any, **kwargs: Any) -> Any:
        """
        Return a copy with values for bind parameters, under new names.
        """
        return self.__clause_element__().unique_params(*optionaldict, **kwargs)

    @property
    def adapter(self) -> Any:
        """A function from expressions over the class to those over its alias, or None."""
        return self.comparator.adapter

    def adapt_to_entity(self, adapt_to_entity: Any) -> QueryableAttribute[Any]:
        """
        Return the same attribute of an aliased class.
        """
        return self.__class__(
            adapt_to_entity.entity,
            self.key,
            adapt_to_entity,
            self.comparator.adapt_to_entity(adapt_to_entity),
            self.impl,
            self._of_type,
        )

    def of_type(self, entity: type[_E]) -> QueryableAttribute[_E]:
        """
        Return a relationship in terms of a subclass, or an alias, of the related class.
        """
        return QueryableAttribute(
            self.class_,
            self.key,
            self._parententity,
            self.comparator.of_type(entity),
            self.impl,
            inspect(entity),
            self._extra_criteria,
        )

    def and_(self, *clauses: Condition) -> QueryableAttribute[_T_co]:
        """
        Return a relationship with further criteria for its ON clause.
        """
        return QueryableAttribute(
            self.class_,
            self.key,
            self._parententity,
            impl=self.impl,
            comparator=self.comparator.and_(*clauses),
            of_type=self._of_type,
            extra_criteria=self._extra_criteria + clauses,
        )

    def any(self, criterion: Condition | None = None, **kwargs: Any) -> ColumnElement[bool]:
        """
        Return ``EXISTS``: any member meets the criterion.
        """
        return self.comparator.any(criterion, **kwargs)  # type: ignore[no-any-return]  # as declared

    def has(self, criterion: Condition | None = None, **kwargs: Any) -> ColumnElement[bool]:
        """
        Return ``EXISTS``: the related object meets the criterion.
        """
        return self.comparator.has(criterion, **kwargs)  # type: ignore[no-any-return]  # as declared

    def __getattr__(self, key: str) -> Any:
        if key[:1] == "_":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {key!r}")
        comparator = self.__dict__.get("comparator")
        if key == "comparator" or comparator is None:
            raise AttributeError(key)
        try:
            return getattr(comparator, key)
        except AttributeError:
            raise AttributeError(
                f"Neither {type(self).__name__!r} object nor {type(comparator).__name__!r} object "
                f"associated with {self} has an attribute {key!r}"
            ) from None

    # -- in objects ---------------------------------------------------------------------------

    def get_history(self, instance: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the attribute of an object differs from its committed value.
        """
        state = instance._sa_instance_state if not hasattr(instance, "manager") else instance
        return state.get_history(self.key, passive)  # type: ignore[no-any-return]  # History by contract

    def hasparent(self, state: Any, optimistic: bool = False) -> bool:
        """
        Tell whether an object has a parent by this attribute.
        """
        return bool(self.impl.hasparent(state, optimistic=optimistic))

    def missing(self, obj: Any) -> Any:
        if self.impl is None and hasattr(obj, "_sa_instance_state"):
            self._parententity.mapper._check_configure()
            if self.impl is not None:
                return self.__get__(obj, type(obj))
        raise (
            UnmappedInstanceError(obj)
            if not hasattr(type(obj), "_sa_class_manager")
            else AttributeError(f"{type(obj).__name__!r} object has no attribute '_sa_instance_state'")
        )

    def __str__(self) -> str:
        entity = self._parententity
        if entity is not None and entity.is_aliased_class:
            return f"{entity}.{self.key}"
        return f"{self.class_.__name__}.{self.key}"

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} object at 0x{id(self):x}>"

    def __reduce__(self) -> Any:
        return _restore_attribute, (self.key, self._parententity, self._of_type, self._extra_criteria)

    # last in the class: its name hides the decorator from here on
    @property
    def property(self) -> Any:
        """The property; that of a relationship with all mappers configured first."""
        return self.comparator.property


def _restore_attribute(key: str, entity: Any, of_type: Any, criteria: tuple[Any, ...]) -> Any:
    # attributes that other classes' relationships give it come with configuration
    entity.mapper._check_configure()
    found = getattr(entity.entity, key)
    if not hasattr(type(found), "__clause_element__"):
        import pickle  # with the first such pickle

        # whoever wrote it must not get at anything else
        raise pickle.UnpicklingError(
            f"The pickle has {key!r} of {entity}, which is no attribute to select here"
        )
    if of_type is not None:
        found = found.of_type(of_type)
    return found.and_(*criteria) if criteria else found


class InstrumentedAttribute(QueryableAttribute[_T_co], metaclass=Sealed):  # type: ignore[metaclass]  # see sqlcore
    """
    The attribute of a mapped class.
    """

    inherit_cache = True


class DataInstrumentedAttribute(DataDescriptor, InstrumentedAttribute[_T_co]):
    """
    The attribute of a mapped class that defines its own ``__setattr__``.
    """
