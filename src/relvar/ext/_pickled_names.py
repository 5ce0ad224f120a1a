"""
Which classes and functions a pickle may name, when it may have been written by anybody.

A pickle is a program: it names callables and calls them.  What `relvar.ext.serializer` writes names few:

1. classes of relvar: nodes of statements, types, options, and the functions that restore them;
2. operators, and plain values of the standard library;
3. of the program, what is already imported and is a mapped class or a base of one, an enum, a type or
   an expression.

That keeps others from running code, not from making a statement that the program did not expect.
"""

from __future__ import annotations

import enum
import operator
import pickle
import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType
from typing import Any

from relvar.expr.node import HasCacheKey
from relvar.types.base import TypeEngine
from relvar.util.moved import is_standing_in, module_of

__all__ = ["find_allowed"]

_VALUES = {
    "builtins": frozenset(
        "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple".split()
    ),
    "collections": frozenset({"OrderedDict", "defaultdict", "deque"}),
    "copyreg": frozenset({"_reconstructor"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "uuid": frozenset({"SafeUUID", "UUID"}),
    "zoneinfo": frozenset({"ZoneInfo._unpickle"}),
}
_OPERATORS = frozenset(
    "add and_ contains eq floordiv ge gt inv invert is_ is_not le lshift lt mod mul ne neg not_ or_ pos pow "
    "rshift sub truediv xor".split()
)
# functions that put relvar's objects together again
_RESTORERS = frozenset(
    {
        ("relvar._kernels.nodes", "_restore"),
        ("relvar.event.dispatch", "_restored"),
        ("relvar.expr.annotate", "_of_entity"),
        ("relvar.expr.annotate", "_restore"),
        ("relvar.orm.load.options", "_restore"),
        ("relvar.orm.mapping.aliased", "_alias_from"),
        ("relvar.orm.mapping.aliased", "_alias_within"),
        ("relvar.orm.mapping.aliased", "_entity_of"),
        ("relvar.orm.mapping.attribute", "_restore_attribute"),
        ("relvar.orm.mapping.interfaces", "_property_of"),
        ("relvar.orm.mapping.mapper", "mapper_of_pickled"),
    }
)
# packages of relvar whose classes are parts of statements; engines, pools and drivers are none
_PARTS = ("dialects", "event", "expr", "ext", "orm", "relation", "schema", "stmt", "types", "util")
# the second while relvar stands in for it
_LIBRARY = ("relvar.", "sqlalchemy.")
_OLD_NAMES = {"__builtin__": "builtins", "copy_reg": "copyreg"}


def find_allowed(module: str, name: str, allow: Iterable[Any]) -> Any:
    """
    Return what a pickle names, if it may.

    Args:
        allow: What it may name besides.

    Raises:
        UnpicklingError: It may not.
    """
    module = _OLD_NAMES.get(module, module)
    if (module, name) == ("builtins", "getattr"):
        return _member
    if (module, name) == ("_codecs", "encode"):
        return _bytes
    found = _resolve(module, name)
    if any(found is one for one in allow) or _is_allowed(module, name, found):
        return found
    raise pickle.UnpicklingError(
        f"The pickle names {module}.{name}, which is no part of a statement and may run code; if it is one "
        "of this program's own, import it first and pass it: loads(..., allow=[...]). A pickle that nobody "
        "else can have written is loaded with allow=True."
    )


def _resolve(module: str, name: str) -> Any:
    """
    Find an object without importing a module of the program.
    """
    own = module.startswith(_LIBRARY if is_standing_in() else _LIBRARY[:1])
    if module not in sys.modules and (own or module in _VALUES):
        __import__(module)
    found = sys.modules.get(module)
    for part in name.split("."):
        # into classes only: modules have others as attributes
        if found is not sys.modules.get(module) and not isinstance(found, type):
            return None
        found = getattr(found, part, None)
    return found


def _is_allowed(module: str, name: str, found: Any) -> bool:
    if module in _VALUES:
        return name in _VALUES[module]
    if (module, name) in _RESTORERS:
        # compiled ones are functions of another type
        return True
    if isinstance(found, BuiltinFunctionType):
        return module in ("_operator", "operator") and name in _OPERATORS and found is getattr(operator, name)
    if isinstance(found, FunctionType):
        return module == "relvar.expr.operators"
    if isinstance(found, type):
        home = module_of(found)
        if module in (found.__module__, home) and home.startswith("relvar."):
            return home.split(".")[1] in _PARTS
        return _is_of_program(found)
    # a type made beforehand, such as NULLTYPE
    return module.startswith(_LIBRARY) and isinstance(found, (TypeEngine, HasCacheKey))


def _is_of_program(cls: type) -> bool:
    return issubclass(cls, (enum.Enum, TypeEngine, HasCacheKey)) or (
        cls.__module__ in sys.modules and cls is not object and _has_mapped(cls)
    )


def _has_mapped(cls: type) -> bool:
    return "_sa_class_manager" in cls.__dict__ or any(map(_has_mapped, type.__subclasses__(cls)))


def _member(owner: Any, name: str) -> Any:
    """
    Do what a pickle has ``getattr()`` for: the members of an enum, the classes within a class.
    """
    found = getattr(owner, name, None)
    if isinstance(owner, type) and (
        isinstance(found, owner) or (isinstance(found, type) and _is_allowed(found.__module__, name, found))
    ):
        return found
    raise pickle.UnpicklingError(
        f"The pickle asks for {name!r} of {owner!r}, which is no part of a statement"
    )


def _bytes(text: str, encoding: str) -> bytes:
    """
    Do what a pickle of an old protocol has ``codecs.encode()`` for.
    """
    if encoding != "latin1":
        raise pickle.UnpicklingError(
            f"The pickle has bytes in the encoding {encoding!r}; they must be in 'latin1'"
        )
    return text.encode("latin1")
