"""
Attributes that mean one thing for an object and another, in SQL, for its class.

A `hybrid_property` is a Python property; asked for in the class it gives a SQL expression, by the same
function called with the class or by one of its own::

    class Interval(Base):
        ...
        @hybrid_property
        def length(self) -> int:
            return self.end - self.start

    select(Interval).where(Interval.length > 10)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from relvar import exc
from relvar._kernels.own import class_attribute
from relvar.expr.operators import OperatorType
from relvar.expr.resolve import clause_element
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.interfaces import (
    InspectionAttrExtensionType,
    InspectionAttrInfo,
    ORMDescriptor,
    PropComparator,
)

if TYPE_CHECKING:
    from relvar.expr.sqlcore import SQLCoreOperations
    from relvar.expr.typed import TypedOperators

__all__ = ["Comparator", "ExprComparator", "HybridExtensionType", "hybrid_method", "hybrid_property"]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_R = TypeVar("_R")
_F = TypeVar("_F", bound=Callable[..., Any])


class HybridExtensionType(InspectionAttrExtensionType):
    """
    The markers of hybrids among the attributes of a class.
    """

    HYBRID_METHOD = "HYBRID_METHOD"
    HYBRID_PROPERTY = "HYBRID_PROPERTY"


class hybrid_method(InspectionAttrInfo, Generic[_P, _R]):
    """
    A method that is called with an object, or with the class to give SQL.

    >>> from relvar import select
    >>> from relvar.ext.hybrid import hybrid_method
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class Span(Base):
    ...     __tablename__ = "span"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     low: Mapped[int]
    ...     high: Mapped[int]
    ...     @hybrid_method
    ...     def contains(self, n):
    ...         return (self.low <= n) & (self.high > n)
    >>> Span(low=2, high=5).contains(3)
    True
    >>> print(select(Span.id).where(Span.contains(3)))
    SELECT span.id
    FROM span
    WHERE span.low <= :low_1 AND span.high > :high_1
    """

    is_attribute = True
    extension_type: HybridExtensionType = HybridExtensionType.HYBRID_METHOD

    def __init__(
        self, func: Callable[Concatenate[Any, _P], _R], expr: Callable[..., Any] | None = None
    ) -> None:
        self.func = func
        self.expr: Callable[..., Any] = expr if expr is not None else func
        self.__doc__ = func.__doc__
        self.__name__: Any | None = getattr(func, "__name__", None)

    @property
    def inplace(self) -> _InplaceMethod:
        """Decorators that change this hybrid instead of returning a copy."""
        return _InplaceMethod(self)

    @overload
    def __get__(self, instance: None, owner: Any) -> Callable[_P, SQLCoreOperations[_R]]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Callable[_P, _R]: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            return self.expr.__get__(owner, type(owner))
        return self.func.__get__(instance, owner)

    def expression(self, expr: Callable[..., Any]) -> hybrid_method[_P, _R]:
        """
        Decorate the function that gives the SQL.
        """
        self.expr = expr
        if not self.expr.__doc__:
            self.expr.__doc__ = self.__doc__
        return self


class _InplaceMethod:
    """``hybrid_method.inplace``."""

    def __init__(self, attr: hybrid_method[..., Any]) -> None:
        self.attr = attr

    def expression(self, expr: _F) -> _F:
        """
        Decorate the function that gives the SQL.
        """
        self.attr.expression(expr)
        return expr


def _unwrap(meth: Any) -> Any:
    return meth.__func__ if isinstance(meth, classmethod) else meth


class hybrid_property(InspectionAttrInfo, ORMDescriptor[_T]):
    """
    A property that is called with an object, or with the class to give SQL.

    ``setter``, ``deleter``, ``expression``, ``comparator``, ``update_expression`` and ``bulk_dml`` each
    return a copy with one function more, to be bound to a name like ``property``'s; under ``inplace`` they
    change this one.

    >>> from relvar import select
    >>> from relvar.ext.hybrid import hybrid_property
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class Span(Base):
    ...     __tablename__ = "span"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     low: Mapped[int]
    ...     high: Mapped[int]
    ...     @hybrid_property
    ...     def length(self):
    ...         return self.high - self.low
    >>> Span(low=2, high=5).length
    3
    >>> print(select(Span.id).where(Span.length > 1))
    SELECT span.id
    FROM span
    WHERE span.high - span.low > :param_1
    """

    is_attribute = True
    extension_type: HybridExtensionType = HybridExtensionType.HYBRID_PROPERTY

    def __init__(
        self,
        fget: Callable[[Any], _T],
        fset: Callable[[Any, Any], None] | None = None,
        fdel: Callable[[Any], None] | None = None,
        expr: Callable[[Any], Any] | None = None,
        custom_comparator: Callable[[Any], Any] | None = None,
        update_expr: Callable[[Any, Any], list[tuple[Any, Any]]] | None = None,
        bulk_dml_setter: Callable[[Any, Any, Any], None] | None = None,
    ) -> None:
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.expr: Any = _unwrap(expr)
        self.custom_comparator: Any = _unwrap(custom_comparator)
        self.update_expr: Any = _unwrap(update_expr)
        self.bulk_dml_setter: Any = _unwrap(bulk_dml_setter)
        self.__doc__ = fget.__doc__
        self.__name__: str = fget.__name__

    @overload  # type: ignore[override]  # without a class, the hybrid
    def __get__(self, instance: Any, owner: None) -> Self: ...
    @overload
    def __get__(self, instance: None, owner: Any) -> _HybridAttribute[_T]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> _T: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        if owner is None or getattr(owner, "__dict__", None) is None:
            return self
        if instance is None:
            return self._expr_comparator(owner)
        return self.fget(instance)

    def __set__(self, instance: Any, value: _T | TypedOperators[_T]) -> None:
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance: Any) -> None:
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)

    def _copy(self, **kw: Any) -> hybrid_property[_T]:
        defaults = {
            "fget": self.fget,
            "fset": self.fset,
            "fdel": self.fdel,
            "expr": self.expr,
            "custom_comparator": self.custom_comparator,
            "update_expr": self.update_expr,
            "bulk_dml_setter": self.bulk_dml_setter,
        }
        made = type(self)(**{**defaults, **kw})
        if "info" in self.__dict__:
            made.__dict__["info"] = self.info
        return made

    @property
    def overrides(self) -> hybrid_property[_T]:
        """This hybrid, to redefine one of a superclass: ``@Base.name.overrides.setter``."""
        return self

    @property
    def inplace(self) -> _InplaceProperty[_T]:
        """Decorators that change this hybrid instead of returning a copy."""
        return _InplaceProperty(self)

    def getter(self, fget: Callable[[Any], _T]) -> hybrid_property[_T]:
        """
        Decorate the function that reads.
        """
        return self._copy(fget=fget)

    def setter(self, fset: Callable[[Any, Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function that sets.
        """
        return self._copy(fset=fset)

    def deleter(self, fdel: Callable[[Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function that deletes.
        """
        return self._copy(fdel=fdel)

    def expression(self, expr: Callable[[Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function that gives the SQL.
        """
        return self._copy(expr=expr)

    def comparator(self, comparator: Callable[[Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function that gives the operators.
        """
        return self._copy(custom_comparator=comparator)

    def update_expression(self, meth: Callable[[Any, Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function ``(cls, value) -> [(column, value), ...]`` that says what an UPDATE sets.
        """
        return self._copy(update_expr=meth)

    def bulk_dml(self, meth: Callable[[Any, Any, Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function ``(cls, mapping, value)`` that puts a value into the mapping of a bulk
        statement.
        """
        return self._copy(bulk_dml_setter=meth)

    # -- in the class ---------------------------------------------------------------------

    def _expr_comparator(self, owner: Any) -> Any:
        comparator = self._comparator_for(owner)
        return _HybridAttribute(owner, self.__name__, self, comparator, _entity_of(owner))

    def _comparator_for(self, owner: Any) -> Any:
        if self.custom_comparator is not None:
            return self.custom_comparator(owner)
        function = self.expr if self.expr is not None else self.fget
        return ExprComparator(owner, function(owner), self)


def _entity_of(owner: Any) -> Any:
    insp = getattr(owner, "__dict__", {}).get("_aliased_insp")
    if insp is not None:
        return insp
    manager = getattr(owner, "_sa_class_manager", None)
    return None if manager is None else manager.mapper


class _InplaceProperty(Generic[_T]):
    """``hybrid_property.inplace``."""

    def __init__(self, attr: hybrid_property[_T]) -> None:
        self.attr = attr

    def _change(self, **kw: Any) -> hybrid_property[_T]:
        for name, value in kw.items():
            setattr(self.attr, name, _unwrap(value))
        return self.attr

    def getter(self, fget: Callable[[Any], _T]) -> hybrid_property[_T]:
        """
        Decorate the function that reads.
        """
        return self._change(fget=fget)

    def setter(self, fset: Callable[[Any, Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function that sets.
        """
        return self._change(fset=fset)

    def deleter(self, fdel: Callable[[Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function that deletes.
        """
        return self._change(fdel=fdel)

    def expression(self, expr: Callable[[Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function that gives the SQL.
        """
        return self._change(expr=expr)

    def comparator(self, comparator: Callable[[Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function that gives the operators.
        """
        return self._change(custom_comparator=comparator)

    def update_expression(self, meth: Callable[[Any, Any], Any]) -> hybrid_property[_T]:
        """
        Decorate the function that says what an UPDATE sets.
        """
        return self._change(update_expr=meth)

    def bulk_dml(self, meth: Callable[[Any, Any, Any], None]) -> hybrid_property[_T]:
        """
        Decorate the function that puts a value into the mapping of a bulk statement.
        """
        return self._change(bulk_dml_setter=meth)


class Comparator(PropComparator[_T]):
    """
    Base of operators for hybrids: override the operators that differ.

    Args:
        expression: What is compared: SQL, or a plain value.
    """

    __slots__ = ("__dict__",)

    _is_stable = False

    def __init__(self, expression: Any) -> None:
        self.expression = expression
        self._parententity = None
        self._adapt_to_entity = None
        self.prop: Any = None

    __hash__: Any = object.__hash__

    def __clause_element__(self) -> Any:
        expression = self.expression
        return (
            expression.__clause_element__()
            if hasattr(expression, "__clause_element__")
            else clause_element(expression)
        )

    def adapt_to_entity(self, adapt_to_entity: Any) -> Comparator[_T]:
        # the hybrid is asked anew for an alias: it is one already
        return self

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.__clause_element__(), *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self.__clause_element__(), **kwargs)

    # last in the class: its name hides the decorator from here on
    @property  # type: ignore[misc]  # only comparators of programs set theirs
    def property(self) -> Any:
        """No property of a mapper."""
        return None


class ExprComparator(Comparator[_T]):
    """
    The operators of a hybrid without a comparator: those of its expression.
    """

    __slots__ = ()

    def __init__(self, cls: Any, expression: Any, hybrid: hybrid_property[_T]) -> None:
        super().__init__(expression)
        self.cls = cls
        self.hybrid = hybrid

    __hash__: Any = object.__hash__

    def __getattr__(self, key: str) -> Any:
        if key[:1] == "_" or key in ("cls", "hybrid", "expression"):
            raise AttributeError(key)
        return getattr(self.expression, key)

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the hybrid."""
        return self.hybrid.info

    def _bulk_update_tuples(self, value: Any) -> Sequence[tuple[Any, Any]]:
        update = self.hybrid.update_expr
        if update is not None:
            return update(self.cls, value)  # type: ignore[no-any-return]  # the user's list of pairs
        expression = self.expression
        if hasattr(expression, "_bulk_update_tuples"):
            return expression._bulk_update_tuples(value)  # type: ignore[no-any-return]  # as above
        return [(self.__clause_element__(), value)]

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.expression, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self.expression, **kwargs)

    # last in the class: its name hides the decorator from here on
    @property  # type: ignore[misc]  # as above
    def property(self) -> Any:
        """The property of the attribute that the expression is."""
        return self.expression.property


class _HybridAttribute(QueryableAttribute[_T]):
    """
    What a hybrid property is in the class.
    """

    _is_internal_proxy = True
    inherit_cache = True

    def __init__(
        self, owner: Any, key: str, hybrid: hybrid_property[Any], comparator: Any, entity: Any
    ) -> None:
        QueryableAttribute.__init__(self, owner, key, entity, comparator)
        self.hybrid = hybrid
        self.__doc__ = hybrid.__doc__

    @property
    def extension_type(self) -> InspectionAttrExtensionType:  # type: ignore[override]  # computed
        """A hybrid property."""
        return HybridExtensionType.HYBRID_PROPERTY

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the hybrid."""
        return self.hybrid.info

    @property
    def _is_named(self) -> bool:
        """Whether the class has the hybrid under the name of its function."""
        entity = self._parententity
        owner = self.class_ if entity is None else entity.mapper.class_
        return isinstance(class_attribute(owner, self.key), hybrid_property)

    @property
    def expression(self) -> Any:
        """The SQL expression, named as the hybrid."""
        made = self.comparator.__clause_element__()
        if not hasattr(made, "_annotate") or not getattr(made, "_is_column_element", False):
            return made
        if self._is_named:
            made = made._annotate({"proxy_key": self.key})
        entity = self._parententity
        if entity is not None and not made._propagate_attrs:
            made = made._set_propagate_attrs({"compile_state_plugin": "orm", "plugin_subject": entity})
        return made

    def __clause_element__(self) -> Any:
        made = self.expression
        if isinstance(made, (int, float, str, bytes, list, tuple, dict)):
            raise exc.InvalidRequestError(
                f'When interpreting attribute "{self}" as a SQL expression, expected __clause_element__() to '
                f"return a ClauseElement object, got: {made!r}.  Give the hybrid an expression: "
                f"@{self.key}.inplace.expression"
            )
        return made

    @property
    def _join_attribute(self) -> QueryableAttribute[Any]:
        expression = self.comparator.expression
        return expression._join_attribute if isinstance(expression, QueryableAttribute) else self

    @property
    def _is_join_target(self) -> bool:
        attribute = self._join_attribute
        return attribute is not self and attribute._is_join_target

    # each of these returns a copy of the hybrid, as on the hybrid itself
    @property
    def overrides(self) -> hybrid_property[Any]:
        """The hybrid, to redefine it in a subclass."""
        return self.hybrid

    def adapt_to_entity(self, adapt_to_entity: Any) -> QueryableAttribute[Any]:
        entity = adapt_to_entity.entity
        return self.hybrid._expr_comparator(entity)  # type: ignore[no-any-return]  # an attribute

    def __getattr__(self, key: str) -> Any:
        if key in ("setter", "getter", "deleter", "expression_", "update_expression", "bulk_dml", "inplace"):
            return getattr(self.hybrid, key)
        return super().__getattr__(key)

    def _bulk_update_tuples(self, value: Any) -> Any:
        update = self.hybrid.update_expr
        if update is not None:
            return update(self.class_, value)
        return self.comparator._bulk_update_tuples(value)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.comparator, *other, **kwargs)

    def __reduce__(self) -> Any:
        return getattr, (self.class_, self.key)

    # last in the class: its name hides the decorator from here on
    @property
    def property(self) -> Any:
        """The property of the attribute that the expression is."""
        return self.comparator.property
