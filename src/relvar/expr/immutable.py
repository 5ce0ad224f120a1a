"""
Elements that are never copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

__all__ = ["Immutable", "Uncopied"]

_S = TypeVar("_S")


class Uncopied:
    """
    Mixed into elements that a traversal leaves as they are.
    """

    _is_immutable = True

    def params(self, _optional_dict: Mapping[str, Any] | None = None, /, **kwargs: Any) -> NoReturn:
        """
        Refuse: there is nothing below this that a copy could have otherwise.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("Immutable objects do not support copying")

    def unique_params(self, _optional_dict: Mapping[str, Any] | None = None, /, **kwargs: Any) -> NoReturn:
        """
        Refuse, as `params`.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("Immutable objects do not support copying")


class Immutable(Uncopied):
    """
    Mixed into elements of other programs, before the class they derive from: there is one of each.
    """

    def _clone(self: _S, **kw: Any) -> _S:
        return self

    def _copy_internals(self, *, omit_attrs: Any = (), **kw: Any) -> None:
        """
        Do nothing: nothing is replaced.
        """
