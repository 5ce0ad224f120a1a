"""
Types of one's own, made by wrapping a type that exists.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

from relvar import util
from relvar._kernels.own import own_dict
from relvar.types.base import (
    _MAY_BE_SUBCLASSED,
    BindProcessor,
    LiteralProcessor,
    ResultProcessor,
    TypeEngine,
    to_instance,
)
from relvar.types.operator_class import OperatorClass
from relvar.types.schematype import SchemaEventTarget
from relvar.types.userdefined import ExternalType
from relvar.util.generics import TypeVar

_T = TypeVar("_T", bound=Any, default=Any)


class TypeDecorator(SchemaEventTarget, ExternalType, TypeEngine[_T]):
    """
    Add conversions in Python to an existing type.

    ``impl`` is the type to wrap.  Override ``process_bind_param`` and
    ``process_result_value``, and set ``cache_ok``.

    >>> from relvar import String, TypeDecorator, create_engine, literal, select
    >>> class Lowered(TypeDecorator):
    ...     impl = String
    ...     cache_ok = True
    ...     def process_bind_param(self, value, dialect):
    ...         return value if value is None else value.lower()
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal("ANN", Lowered)))
    'ann'
    """

    __visit_name__ = "type_decorator"
    _is_type_decorator = True

    impl: Any
    "The type that is wrapped: a class in the class, an instance in instances."

    coerce_to_is_types: ClassVar[Any] = (type(None),)
    """
    Python types of values that ``==`` and ``!=`` compare with by ``IS``.
    """

    TDComparatorContainer: ClassVar[Any]
    "The base of comparators made below; attached by ``relvar.expr``."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not hasattr(type(self), "impl"):
            raise AssertionError(
                "TypeDecorator implementations require a class-level variable 'impl' "
                "which refers to the class of type being decorated"
            )
        self.impl = to_instance(type(self).impl, *args, **kwargs)

    @property
    def impl_instance(self) -> TypeEngine[Any]:
        """
        The wrapped type, as an instance.
        """
        return cast("TypeEngine[Any]", self.impl)

    # ------------------------------------------------------------ for users

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """
        Convert *value* on its way to the database. To be overridden.
        """
        raise NotImplementedError

    def process_literal_param(self, value: Any, dialect: Any) -> str:
        """
        Render *value* inline, if it differs from a bound parameter.
        """
        raise NotImplementedError

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """
        Convert *value* that came from the database. To be overridden.
        """
        raise NotImplementedError

    def load_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        """
        Return the type to wrap on *dialect*.
        """
        return self.impl_instance

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """
        Return the type for a plain value compared with this one: itself.
        """
        return self

    # ------------------------------------------------------------ comparator

    def _with_collation(self, collation: str) -> Self:
        new = self.copy()
        new.impl = self.impl_instance._with_collation(collation)
        new.__dict__.pop("_static_cache_key", None)
        return new

    @property
    def operator_classes(self) -> OperatorClass:  # type: ignore[override]  # those of the wrapped type
        return self.impl_instance.operator_classes

    @property
    def comparator_factory(self) -> Any:
        wrapped = self.impl_instance.comparator_factory
        if issubclass(wrapped, TypeDecorator.Comparator):
            return wrapped
        # the wrapped type's operators, on top of what decorators do with them
        return _decorated_comparator(TypeDecorator.Comparator, wrapped)

    # -------------------------------------------------------------- dialects

    @property
    def _type_affinity(self) -> type[TypeEngine[Any]]:
        return self.impl_instance._type_affinity

    @property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        values = own_dict(self)
        try:
            return cast("tuple[Any, ...] | None", values["_decorator_cache_key"])
        except KeyError:
            key = values["_decorator_cache_key"] = ExternalType._static_cache_key.fget(self)
            return key

    def _gen_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        variant = self._variant_mapping.get(dialect.name)
        if variant is not None:
            return variant._gen_dialect_impl(dialect)
        adapted: TypeEngine[Any] = dialect.type_descriptor(self)
        if type(adapted) is not type(self):
            return adapted

        # a copy of the decorator around the dialect's version of the impl
        impl = self.load_dialect_impl(dialect).dialect_impl(dialect)
        copied = self.copy()
        if not isinstance(copied, type(self)):
            raise AssertionError(
                f"Type object {self} does not properly implement the copy() method, "
                f"it must return an object of type {type(self)}"
            )
        copied.impl = impl
        return copied

    def _unwrapped_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        impl = self.dialect_impl(dialect)
        if isinstance(impl, TypeDecorator):
            inner = impl.load_dialect_impl(dialect)
            if not inner._is_type_decorator:
                return inner.dialect_impl(dialect)
            # A dialect's version of a type may be a decorator: it is around that type again, without end.
            is_the_dialects = type(inner) in dialect.colspecs.values()
            return inner if is_the_dialects else inner._unwrapped_dialect_impl(dialect)
        return impl

    def type_engine(self, dialect: Any) -> TypeEngine[Any]:
        """
        Return the type that DDL is rendered for on *dialect*.
        """
        adapted: TypeEngine[Any] = dialect.type_descriptor(self)
        if type(adapted) is not type(self):
            return adapted
        return self.load_dialect_impl(dialect)

    def __getattr__(self, key: str) -> Any:
        """
        Read other attributes from the wrapped type (``.length``, ...).
        """
        if key == "impl" or (key.startswith("__") and key.endswith("__")):
            raise AttributeError(key)
        return getattr(self.impl, key)

    # ---------------------------------------------------------------- values

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        impl_processor = self.impl_instance.bind_processor(dialect)
        if type(self).process_bind_param is TypeDecorator.process_bind_param:
            return impl_processor
        process_param = self.process_bind_param
        if impl_processor is None:

            def convert(value: Any) -> Any:
                return process_param(value, dialect)

            return convert
        inner = impl_processor

        def convert_both(value: Any) -> Any:
            return inner(process_param(value, dialect))

        return convert_both

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        impl_processor = self.impl_instance.result_processor(dialect, coltype)
        if type(self).process_result_value is TypeDecorator.process_result_value:
            return impl_processor
        process_value = self.process_result_value
        if impl_processor is None:

            def convert(value: Any) -> Any:
                return process_value(value, dialect)

            return convert
        inner = impl_processor

        def convert_both(value: Any) -> Any:
            return process_value(inner(value), dialect)

        return convert_both

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        """
        Render inline.

        Cases:
          1. ``process_literal_param`` is overridden: it renders; the
             result goes through the wrapped type's processor too, if any;
          2. ``process_bind_param`` is: it converts, the wrapped type renders;
          3. neither: the wrapped type renders.
        """
        impl_processor = self.impl_instance.literal_processor(dialect)
        kind = type(self)
        if kind.process_literal_param is not TypeDecorator.process_literal_param:
            process_param: Any = self.process_literal_param
        elif kind.process_bind_param is not TypeDecorator.process_bind_param:
            if impl_processor is None:
                # it converts for the driver but cannot render SQL text
                return None
            process_param = self.process_bind_param
        else:
            return impl_processor
        if impl_processor is None:

            def convert(value: Any) -> str:
                return cast(str, process_param(value, dialect))

            return convert
        inner = impl_processor

        def convert_both(value: Any) -> str:
            return inner(process_param(value, dialect))

        return convert_both

    @property
    def _has_bind_expression(self) -> bool:
        return (
            type(self).bind_expression is not TypeDecorator.bind_expression
            or self.impl_instance._has_bind_expression
        )

    def bind_expression(self, bindparam: Any) -> Any:
        return self.impl_instance.bind_expression(bindparam)

    @property
    def _has_column_expression(self) -> bool:
        return (
            type(self).column_expression is not TypeDecorator.column_expression
            or self.impl_instance._has_column_expression
        )

    def column_expression(self, column: Any) -> Any:
        return self.impl_instance.column_expression(column)

    def get_dbapi_type(self, dbapi: Any) -> Any | None:
        return self.impl_instance.get_dbapi_type(dbapi)

    def compare_values(self, x: Any, y: Any) -> bool:
        return self.impl_instance.compare_values(x, y)

    @property
    def sort_key_function(self) -> Any:  # type: ignore[override]  # that of the wrapped type
        """
        That of the wrapped type.
        """
        return self.impl_instance.sort_key_function

    # ---------------------------------------------------------------- copies

    def copy(self, **kw: Any) -> Self:
        """
        Return a shallow copy. Override it if there is state to be copied deeper.
        """
        instance = type(self).__new__(type(self))
        instance.__dict__.update(self.__dict__)
        for memo in ("_decorator_cache_key", "_structure"):
            instance.__dict__.pop(memo, None)
        return instance

    def _set_parent(self, parent: Any, **kw: Any) -> None:
        if isinstance(self.impl, SchemaEventTarget):
            self.impl._set_parent(parent, **kw)

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        super()._set_parent_with_dispatch(parent, **kw)
        if isinstance(self.impl, SchemaEventTarget):
            self.impl._set_parent_with_dispatch(parent, **kw)

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state.pop("_decorator_cache_key", None)
        return state

    def repr_struct(self) -> util.GenericRepr:
        """
        Return what the repr is made of: the arguments are those of the innermost type.
        """
        innermost = self.impl_instance
        while innermost._is_type_decorator:
            innermost = innermost.impl_instance  # type: ignore[attr-defined]  # a TypeDecorator
        return util.GenericRepr(self, to_inspect=innermost)


_MAY_BE_SUBCLASSED.add(TypeDecorator)

_COMPARATORS: dict[tuple[type, type], type] = {}


def _decorated_comparator(decorator: Any, wrapped: Any) -> type:
    key = (decorator, wrapped)
    try:
        return _COMPARATORS[key]
    except KeyError:
        made = _COMPARATORS[key] = type("TDComparator", (decorator, wrapped), {"__slots__": ()})
        return made


class Variant(TypeDecorator[_T]):
    """
    Kept for ``isinstance`` checks of old code; see ``with_variant()``.
    """

    def __init__(self, *arg: Any, **kw: Any) -> None:
        raise NotImplementedError(
            "Variant is no longer used in SQLAlchemy; this is a "
            "placeholder symbol for backwards compatibility."
        )
