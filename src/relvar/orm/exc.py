"""
Errors of the object-relational mapper.
"""

from __future__ import annotations

from typing import Any

from relvar import exc as _exc
from relvar.exc import MultipleResultsFound as MultipleResultsFound
from relvar.exc import NoResultFound as NoResultFound

__all__ = [
    "NO_STATE",
    "ConcurrentModificationError",
    "DetachedInstanceError",
    "FlushError",
    "LoaderStrategyException",
    "MappedAnnotationError",
    "MultipleResultsFound",
    "NoResultFound",
    "ObjectDeletedError",
    "ObjectDereferencedError",
    "StaleDataError",
    "UnmappedClassError",
    "UnmappedColumnError",
    "UnmappedError",
    "UnmappedInstanceError",
]

NO_STATE = (AttributeError, KeyError)
"""
What asking a foreign object for its state may raise.
"""


class StaleDataError(_exc.SQLAlchemyError):
    """
    A statement met another number of rows than the objects in memory say.
    """


ConcurrentModificationError = StaleDataError


class FlushError(_exc.SQLAlchemyError):
    """
    A flush met an invalid condition.
    """


class MappedAnnotationError(_exc.ArgumentError):
    """
    An annotation of a mapped attribute cannot be interpreted.
    """


class UnmappedError(_exc.InvalidRequestError):
    """
    Base of errors about things that are not mapped but should be.
    """


class ObjectDereferencedError(_exc.SQLAlchemyError):
    """
    An operation needs an object that was garbage collected.
    """


class DetachedInstanceError(_exc.SQLAlchemyError):
    """
    Unloaded attributes were asked of an object that is in no session.
    """

    code: str = "bhk3"


class UnmappedInstanceError(UnmappedError):
    """
    A mapped object was expected.
    """

    def __init__(self, obj: object, msg: str | None = None) -> None:
        if msg is None:
            cls = type(obj)
            if "_sa_class_manager" in cls.__dict__:
                name = _name_of(cls)
                msg = (
                    f"Class {name!r} is mapped, but this instance lacks instrumentation.  "
                    f"This occurs when the instance is created before {cls.__module__}.{cls.__name__} was "
                    "mapped."
                )
            else:
                msg = _not_mapped(cls)
                if isinstance(obj, type):
                    msg += f"; was a class ({_name_of(obj)}) supplied where an instance was required?"
        super().__init__(msg)

    def __reduce__(self) -> Any:
        return self.__class__, (None, self.args[0])


class UnmappedClassError(UnmappedError):
    """
    A mapped class was expected.
    """

    def __init__(self, cls: type[Any], msg: str | None = None) -> None:
        super().__init__(msg if msg is not None else _not_mapped(cls))

    def __reduce__(self) -> Any:
        return self.__class__, (None, self.args[0])


class ObjectDeletedError(_exc.InvalidRequestError):
    """
    The row of an object was not found when its attributes were to be loaded again.
    """

    def __init__(self, state: Any, msg: str | None = None) -> None:
        if not msg:
            obj = state.obj()
            name = type(obj).__name__ if obj is not None else state.class_.__name__
            msg = (
                f"Instance '<{name} at 0x{id(obj):x}>' has been deleted, or its row is otherwise not present."
            )
        super().__init__(msg)

    def __reduce__(self) -> Any:
        return self.__class__, (None, self.args[0])


class UnmappedColumnError(_exc.InvalidRequestError):
    """
    A mapper does not map this column.
    """


class LoaderStrategyException(_exc.InvalidRequestError):
    """
    An attribute cannot be loaded the way that was asked for.
    """


class LazyLoadError(_exc.InvalidRequestError):
    """
    An attribute would have loaded itself in a session that is strict about it.
    """


def _name_of(cls: type) -> str:
    return f"{cls.__module__}.{cls.__name__}"


def _not_mapped(cls: Any) -> str:
    return f"Class {_name_of(cls)!r} is not mapped"
