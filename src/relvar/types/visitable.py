"""
The base of all that a compiler can be sent to: types, elements of statements, DDL.

It is here because types are the lowest of them.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar._kernels.texts import dispatch_to

__all__ = ["Visitable"]


class Visitable:
    """
    Something a compiler can be sent to.

    ``_compiler_dispatch(visitor, **kw)`` calls ``visitor.visit_<name>(self, **kw)``
    for the class's ``__visit_name__``.
    """

    __visit_name__: str
    _original_compiler_dispatch: Any
    _text_memo: Any = None
    "What a compiler wrote for a column last, and for what."
    _compiler_dispatcher: Any = None
    "What `relvar.ext.compiler` put in the place of the class's own dispatch."

    def __init_subclass__(cls, **kw: Any) -> None:
        if "__visit_name__" in cls.__dict__:
            cls._make_dispatch(cls.__visit_name__)
        super().__init_subclass__(**kw)

    @classmethod
    def __class_getitem__(cls, key: Any) -> Any:
        """
        Return the class itself where it is not generic: annotations may still say of what it is.
        """
        if getattr(cls, "__parameters__", ()):
            return super().__class_getitem__(key)  # type: ignore[misc]  # of Generic, which comes later
        return cls

    @classmethod
    def _make_dispatch(cls, name: str) -> None:
        dispatch = dispatch_to(name)
        cls._compiler_dispatch = dispatch  # type: ignore[method-assign]  # one per visit name
        cls._original_compiler_dispatch = dispatch

    def _compiler_dispatch(self, visitor: Any, **kw: Any) -> Any:
        """
        Send *visitor* here; replaced per class.
        """
        raise exc.UnsupportedCompilationError(visitor, type(self))
