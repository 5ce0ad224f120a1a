"""
What the variants of PostgreSQL share.
"""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import exc

__all__ = ["Variant"]


class Variant:
    """
    Base of the mixins: a distributed database that speaks PostgreSQL.
    """

    variant: ClassVar[str]
    "Its name, as in the URL."
    title: ClassVar[str]
    "Its name, as its makers write it."
    writes_by_array: bool = False
    "Nobody has measured INSERT ... SELECT FROM unnest(...) on several nodes."

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> Any:
        """Give the variant of the driver's dialect for asyncio."""
        from relvar.dialects.postgresql.variants import variant  # which imports this

        found = super().get_async_dialect_cls(url)  # type: ignore[misc]  # of the driver's dialect
        return found if issubclass(found, cls) else variant(cls.variant, found)

    @classmethod
    def _missing(cls, what: str, instead: str, page: str) -> exc.CompileError:
        return exc.CompileError(f"{cls.title} has no {what}: {instead} ({page})")
