"""
A module of SQLAlchemy's, as relvar shows it.
"""

from __future__ import annotations

import dis
import sys
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

from relvar._version import __version__
from relvar.compat import places

_FROM = dis.opmap["IMPORT_FROM"]


class Face(ModuleType):
    """
    Shows relvar's objects under the name of a module of SQLAlchemy's.

    What relvar's module at the same place has is copied; other names are looked up when they are read first.
    A name that is set here is set there as well, so that what a test replaces is replaced for both; but for
    those that importing sets, as ``__spec__``, which say of each what it is.
    """

    def __init__(self, name: str, target: ModuleType | None) -> None:
        super().__init__(name, target.__doc__ if target is not None else None)
        shown = self.__dict__
        # empty: there is nothing to find but by our finder, which tests that others rewrite rely on
        shown["__path__"] = []
        shown["_relvar_target"] = target
        if target is not None:
            shown["__file__"] = getattr(target, "__file__", None)
            for key, value in vars(target).items():
                if not (key.startswith("__") and key != "__all__") and not _is_ours(value):
                    shown[key] = value

    def __getattr__(self, name: str) -> Any:
        place = places.elsewhere(self.__name__).get(name)
        if place is not None:
            found = _at(place)
        elif places.is_module(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        else:
            try:
                found = getattr(self._relvar_target, name)
            except AttributeError:
                raise self._lacks(name, sys._getframe(1)) from None
            if name not in vars(self._relvar_target):
                return found  # worked out each time
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name.startswith("__"):
            return
        if name in getattr(self._relvar_target, "__dict__", ()) and not isinstance(value, ModuleType):
            setattr(self._relvar_target, name, value)

    def __dir__(self) -> list[str]:
        target = self._relvar_target
        return sorted({*self.__dict__, *places.elsewhere(self.__name__), *(dir(target) if target else ())})

    def _lacks(self, name: str, asking: FrameType) -> Exception:
        """
        Return the error of a name that is not there: an ImportError if that is what the program does.
        """
        message = lacking(f"{self.__name__}.{name}")
        # of an AttributeError only its kind would be left
        if asking.f_code.co_code[asking.f_lasti] == _FROM and not name.startswith("__"):
            return ImportError(message, name=self.__name__, path=self.__dict__.get("__file__"))
        return AttributeError(message, name=name, obj=self)


def lacking(what: str) -> str:
    """
    Return the text of an error: *what*, by SQLAlchemy's name, is not there.
    """
    return (
        f"there is no {what} in relvar {__version__}, which stands in for SQLAlchemy {places.API_LEVEL}. "
        "If SQLAlchemy has it, please report it as an issue of relvar."
    )


def _is_ours(value: Any) -> bool:
    """
    Tell whether a value is a module of relvar: it is shown as a face as well.
    """
    return isinstance(value, ModuleType) and value.__name__.partition(".")[0] == "relvar"


def _at(place: str) -> Any:
    module, _, name = place.partition(":")
    found: Any = import_module(module)
    for part in name.split(".") if name else ():
        found = getattr(found, part)
    return found
