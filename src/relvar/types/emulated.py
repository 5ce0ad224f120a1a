"""
Types that a database may have itself or may need emulated.
"""

from __future__ import annotations

from typing import Any

from relvar.types.base import TypeEngineMixin


class Emulated(TypeEngineMixin):
    """
    Mixin for types that a database may have itself or may need emulated.
    """

    native: bool
    "Whether the database's own type should be used, if there is one."

    def adapt_to_emulated(self, impltype: type[Any], **kw: Any) -> Any:
        """
        Return an *impltype* that emulates this type.
        """
        return super().adapt(impltype, **kw)  # type: ignore[misc]  # mixed into TypeEngine

    def adapt(self, cls: type[Any], **kw: Any) -> Any:
        """
        Return a *cls* of this type: the native one or the emulation.
        """
        if issubclass(cls, NativeForEmulated):
            if self.native:
                return cls.adapt_emulated_to_native(self, **kw)
            return cls.adapt_native_to_emulated(self, **kw)
        if issubclass(cls, type(self)):
            return self.adapt_to_emulated(cls, **kw)
        return super().adapt(cls, **kw)  # type: ignore[misc]  # mixed into TypeEngine


class NativeForEmulated(TypeEngineMixin):
    """
    Mixin for a database's own type that stands for an `Emulated` one.
    """

    @classmethod
    def adapt_native_to_emulated(cls, impl: Any, **kw: Any) -> Any:
        """
        Return the emulation of *impl*, used when it is not to be native.
        """
        return impl.adapt(type(impl), **kw)

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> Any:
        """
        Return the native type for *impl*.
        """
        return cls(**kw)
