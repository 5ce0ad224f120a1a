"""
Types made outside of relvar, from scratch.
"""

from __future__ import annotations

from typing import Any

from relvar import util
from relvar.types.base import _MAY_BE_SUBCLASSED, NO_CACHE, TypeEngine, TypeEngineMixin
from relvar.types.operator_class import OperatorClass
from relvar.util.generics import TypeVar
from relvar.util.signature import parameters_of

_T = TypeVar("_T", bound=Any, default=Any)


class ExternalType(TypeEngineMixin):
    """
    Marks types defined outside of relvar, which must say if they can be keyed.
    """

    cache_ok: bool | None = None
    """
    Whether the constructor arguments, as kept in attributes of the same name,
    are hashable and tell two objects apart.  ``None`` warns, ``False`` turns
    caching off for statements with this type.
    """

    @util.memoized_property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        # each class answers for itself: a subclass may add state
        cache_ok = type(self).__dict__.get("cache_ok", None)
        if cache_ok is None:
            for base in type(self).__mro__:
                if base in _MAY_BE_SUBCLASSED:
                    kind = base.__name__
                    break
            else:
                kind = "ExternalType"
            util.warn(
                f"{kind} {self!r} will not produce a cache key because the ``cache_ok`` "
                "attribute is not set to True.  This can have significant performance "
                "implications including some performance degradations in comparison to "
                "prior SQLAlchemy versions.  Set this attribute to True if this type "
                "object's state is safe to use in a cache key, or False to disable this "
                "warning.",
                code="cprf",
            )
        elif cache_ok is True:
            return TypeEngine._static_cache_key.fget(self)
        return NO_CACHE


class UserDefinedType(ExternalType, TypeEngine[_T]):
    """
    Base of types made from scratch.

    ``get_col_spec(**kw)`` spells the type in DDL; the keyword argument
    ``type_expression`` is the column or cast it is rendered for.

    >>> class Point(UserDefinedType):
    ...     cache_ok = True
    ...     def get_col_spec(self, **kw):
    ...         return "POINT"
    """

    __visit_name__ = "user_defined"

    ensure_kwarg = "get_col_spec"
    operator_classes = OperatorClass.ANY

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        spec = cls.__dict__.get("get_col_spec")
        if spec is not None and not _takes_keywords(spec):

            def get_col_spec(self: Any, **kw: Any) -> Any:
                return spec(self)

            get_col_spec.__doc__ = spec.__doc__
            cls.get_col_spec = get_col_spec  # type: ignore[attr-defined]  # users define it, we only wrap it

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """
        Return this type itself: only it knows its values.
        """
        return self


def _takes_keywords(fn: Any) -> bool:
    parameters = parameters_of(fn)
    return parameters is None or parameters.takes_keywords


_MAY_BE_SUBCLASSED.update((ExternalType, UserDefinedType))
