"""
Declarative classes that are read now and mapped later, when the rest of their table is known.

A base that wants this for its subclasses sets ``_sa_maps_on_prepare`` to the name it goes by in messages.
A class that waits has its `Pending` under ``_sa_pending``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from relvar.orm.exc import UnmappedClassError

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan

__all__ = ["Pending", "is_pending", "pending_from"]


class Pending:
    """
    A class that was read, with its table; to its subclasses it stands for the mapper it will have.
    """

    def __init__(self, scan: DeclarativeScan, table: Any) -> None:
        self.scan = scan
        self.class_: type[Any] = scan.cls
        self.table = table
        self.local_table: Any = scan.parent.local_table if table is None else table
        self.properties: dict[str, Any] = scan.properties

    @property
    def class_manager(self) -> Pending:
        return self

    @property
    def attributes(self) -> dict[str, Any]:
        return self.properties

    def map(self) -> None:
        """
        Map the class.

        Raises:
            UnmappedClassError: A superclass waits as well.
        """
        for cls in self.class_.__mro__[1:]:
            if is_pending(cls):
                raise cls.__dict__["_sa_pending"].unmapped()
        type.__delattr__(self.class_, "_sa_pending")
        self.scan.map_to(self.table)

    def unmapped(self) -> UnmappedClassError:
        """
        Return the error for a use of the class before it was mapped.
        """
        cls = self.class_
        return UnmappedClassError(
            cls,
            f"Class {cls.__module__}.{cls.__name__} is a subclass of {cls._sa_maps_on_prepare}.  Mappings "
            "are not produced until the .prepare() method is called on the class hierarchy.",
        )


def is_pending(cls: type[Any]) -> bool:
    """
    Tell whether a class was read but not mapped.
    """
    return isinstance(cls.__dict__.get("_sa_pending"), Pending)


def pending_from(base: type[Any]) -> list[Pending]:
    """
    Return the classes that wait, *base* and below it, superclasses first.
    """
    return list(dict.fromkeys(_from(base)))


def _from(base: type[Any]) -> Iterator[Pending]:
    pending = base.__dict__.get("_sa_pending")
    if pending is not None:
        yield pending
    for cls in base.__subclasses__():
        yield from _from(cls)
