"""
Hybrids: attributes and methods that mean the same in Python and in SQL.

A hybrid's function is written once.  Called on an object it computes with the
object's values; called on the class it computes with the class's attributes,
which gives a SQL expression.  Where one function cannot do both, a second one
(``expression``), or operators of its own (``comparator``), say the SQL side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from relvar.expr.coerce import clause_element
from relvar.inspection import inspect
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.interfaces import InspectionAttrExtensionType, InspectionAttrInfo, ORMDescriptor, PropComparator

__all__ = ["Comparator", "ExprComparator", "HybridExtensionType", "hybrid_method", "hybrid_property"]

_T = TypeVar("_T")


class HybridExtensionType(InspectionAttrExtensionType):
    """
    Which kind of hybrid an inspected attribute is.
    """

    HYBRID_METHOD = "HYBRID_METHOD"
    HYBRID_PROPERTY = "HYBRID_PROPERTY"


HYBRID_METHOD = HybridExtensionType.HYBRID_METHOD
HYBRID_PROPERTY = HybridExtensionType.HYBRID_PROPERTY


class hybrid_method(InspectionAttrInfo, ORMDescriptor[_T]):
    """
    A method that works on objects, and on the class as SQL.

    Args:
        func: The method; on the class it gets the class.
        expr: What to call on the class instead.
    """

    is_attribute = True
    extension_type = HYBRID_METHOD

    def __init__(self, func: Callable[..., Any], expr: Callable[..., Any] | None = None) -> None:
        self.func = func
        self.expr = func if expr is None else _function(expr)
        self.__name__ = getattr(func, "__name__", "")
        self.__doc__ = func.__doc__

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self.expr.__get__(owner, owner)
        return self.func.__get__(instance, owner)

    @property
    def inplace(self) -> _InplaceMethod:
        """Decorators that change this very hybrid, so that their functions may have other names."""
        return _InplaceMethod(self)

    def expression(self, expr: Callable[..., Any]) -> hybrid_method[_T]:
        """
        Say what the class calls.
        """
        self.expr = _function(expr)
        return self


class _InplaceMethod:
    """
    The decorators of ``hybrid_method.inplace``.
    """

    def __init__(self, hybrid: hybrid_method[Any]) -> None:
        self.hybrid = hybrid

    def expression(self, expr: Callable[..., Any]) -> hybrid_method[Any]:
        """
        Say what the class calls.
        """
        return self.hybrid.expression(expr)


class hybrid_property(InspectionAttrInfo, ORMDescriptor[_T]):
    """
    A property that works on objects, and on the class as SQL.

    Args:
        fget, fset, fdel: As in ``property``; on the class *fget* gets the class.
        expr: What to compute on the class instead.
        custom_comparator: Class -> `Comparator` with the operators.
        update_expr: (class, value) -> list of (attribute, value) that ``update()`` sets.
        bulk_dml: (class, mapping, value): puts what a bulk INSERT writes into *mapping*.
    """

    is_attribute = True
    extension_type = HYBRID_PROPERTY

    def __init__(
        self,
        fget: Callable[..., Any],
        fset: Callable[..., Any] | None = None,
        fdel: Callable[..., Any] | None = None,
        expr: Callable[..., Any] | None = None,
        custom_comparator: Callable[..., Any] | None = None,
        update_expr: Callable[..., Any] | None = None,
        bulk_dml_setter: Callable[..., Any] | None = None,
    ) -> None:
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.expr = _function(expr)
        self.custom_comparator = _function(custom_comparator)
        self.update_expr = _function(update_expr)
        self.bulk_dml_setter = _function(bulk_dml_setter)
        self.__name__ = getattr(fget, "__name__", "")
        self.__doc__ = fget.__doc__

    # -- as a descriptor -----------------------------------------------------------------

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if owner is None or instance is not None:
            return self.fget(instance)
        return HybridAttribute(owner, self)

    def __set__(self, instance: Any, value: Any) -> None:
        if self.fset is None:
            raise AttributeError(f"can't set attribute {self.__name__!r}: the hybrid has no setter")
        self.fset(instance, value)

    def __delete__(self, instance: Any) -> None:
        if self.fdel is None:
            raise AttributeError(f"can't delete attribute {self.__name__!r}: the hybrid has no deleter")
        self.fdel(instance)

    # -- decorators -------------------------------------------------------------------------

    def _copy(self, **parts: Any) -> hybrid_property[_T]:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.__dict__.update({name: _function(part) for name, part in parts.items()})
        made.__dict__.pop("info", None)
        return made

    @property
    def overrides(self) -> hybrid_property[_T]:
        """This hybrid, to start from in a subclass: ``@Base.name.overrides.getter``."""
        return self

    @property
    def inplace(self) -> _InplaceProperty:
        """Decorators that change this very hybrid, so that their functions may have other names."""
        return _InplaceProperty(self)

    def getter(self, fget: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy with another getter.
        """
        return self._copy(fget=fget)

    def setter(self, fset: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy with a setter.
        """
        return self._copy(fset=fset)

    def deleter(self, fdel: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy with a deleter.
        """
        return self._copy(fdel=fdel)

    def expression(self, expr: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy that computes with *expr* on the class.
        """
        return self._copy(expr=expr)

    def comparator(self, comparator: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy whose operators come from a `Comparator`.
        """
        return self._copy(custom_comparator=comparator)

    def update_expression(self, meth: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy that says what ``update().values()`` sets for it.
        """
        return self._copy(update_expr=meth)

    def bulk_dml(self, meth: Callable[..., Any]) -> hybrid_property[_T]:
        """
        Return a copy that says what a bulk INSERT or UPDATE writes for it.
        """
        return self._copy(bulk_dml_setter=meth)


class _InplaceProperty:
    """
    The decorators of ``hybrid_property.inplace``.
    """

    def __init__(self, hybrid: hybrid_property[Any]) -> None:
        self.hybrid = hybrid

    def _set(self, name: str, function: Callable[..., Any]) -> hybrid_property[Any]:
        setattr(self.hybrid, name, _function(function))
        return self.hybrid

    def getter(self, fget: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Replace the getter.
        """
        return self._set("fget", fget)

    def setter(self, fset: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Add a setter.
        """
        return self._set("fset", fset)

    def deleter(self, fdel: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Add a deleter.
        """
        return self._set("fdel", fdel)

    def expression(self, expr: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Say what to compute on the class.
        """
        return self._set("expr", expr)

    def comparator(self, comparator: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Give it operators of its own.
        """
        return self._set("custom_comparator", comparator)

    def update_expression(self, meth: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Say what ``update().values()`` sets for it.
        """
        return self._set("update_expr", meth)

    def bulk_dml(self, meth: Callable[..., Any]) -> hybrid_property[Any]:
        """
        Say what a bulk INSERT or UPDATE writes for it.
        """
        return self._set("bulk_dml_setter", meth)


def _function(part: Any) -> Any:
    """
    Return the function of a classmethod: the class is handed over anyway.
    """
    return part.__func__ if isinstance(part, classmethod) else part


class Comparator(PropComparator[_T]):
    """
    The operators of a hybrid; subclass it and override those that differ.

    Args:
        expression: What ``__clause_element__`` makes SQL of.
    """

    __slots__ = ("__dict__", "expression")

    def __init__(self, expression: Any) -> None:
        self.expression = expression

    def __clause_element__(self) -> Any:
        return clause_element(self.expression)

    @property
    def property(self) -> Any:
        """The mapped property that the expression is, if it is one."""
        return inspect(self.expression).property

    def adapt_to_entity(self, adapt_to_entity: Any) -> Any:
        """
        Return itself: a hybrid is computed anew for an aliased class.
        """
        return self


class ExprComparator(Comparator[_T]):
    """
    The operators of a hybrid that has none of its own: those of its expression.
    """

    __slots__ = ("cls", "hybrid")

    def __init__(self, cls: Any, expression: Any, hybrid: hybrid_property[Any]) -> None:
        self.cls = cls
        self.expression = expression
        self.hybrid = hybrid

    def __getattr__(self, key: str) -> Any:
        if key[:2] == "__":
            raise AttributeError(key)
        return getattr(self.expression, key)

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the hybrid."""
        return self.hybrid.info

    def _bulk_update_tuples(self, value: Any) -> Any:
        if isinstance(self.expression, QueryableAttribute):
            return self.expression._bulk_update_tuples(value)
        return [(self.expression, value)]

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        return op(self.expression, *other, **kwargs)

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
        return op(other, self.expression, **kwargs)


class HybridAttribute(QueryableAttribute[_T], Generic[_T]):
    """
    A hybrid property read from a mapped or aliased class.
    """

    def __init__(self, owner: Any, hybrid: hybrid_property[_T]) -> None:
        self.descriptor = hybrid
        if hybrid.custom_comparator is not None:
            comparator = hybrid.custom_comparator(owner)
        else:
            computed = (hybrid.expr or hybrid.fget)(owner)
            comparator = ExprComparator(owner, computed, hybrid)
        super().__init__(owner, _name_in(owner, hybrid), inspect(owner, raiseerr=False), comparator)
        self.__doc__ = hybrid.__doc__

    @property
    def expression(self) -> Any:
        """The SQL expression, named after the hybrid."""
        element = clause_element(self.comparator.__clause_element__())
        annotate = getattr(element, "_annotate", None)
        if annotate is None:
            return element
        facts = {"proxy_key": self.key}
        if self._parententity is not None:
            facts["entity_namespace"] = self._parententity
        return annotate(facts)

    @property
    def overrides(self) -> hybrid_property[_T]:
        """The hybrid itself, to start from in a subclass."""
        return self.descriptor

    @property
    def extension_type(self) -> Any:
        """`HybridExtensionType.HYBRID_PROPERTY`."""
        return HYBRID_PROPERTY

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the hybrid."""
        return self.descriptor.info

    def _bulk_update_tuples(self, value: Any) -> Any:
        if self.descriptor.update_expr is not None:
            return self.descriptor.update_expr(self.class_, value)
        return self.comparator._bulk_update_tuples(value)

    # last in the class: its name hides the decorator from here on
    @property
    def property(self) -> Any:
        """The mapped property that the expression is, if it is one."""
        return self.comparator.property


def _name_in(owner: Any, hybrid: hybrid_property[Any]) -> str:
    """
    Return the name under which a class has the hybrid.
    """
    cls = owner if isinstance(owner, type) else inspect(owner).class_
    name = hybrid.__name__
    for base in cls.__mro__:
        if base.__dict__.get(name) is hybrid:
            return name
    for base in cls.__mro__:
        for key, value in base.__dict__.items():
            if value is hybrid:
                return str(key)
    return name
