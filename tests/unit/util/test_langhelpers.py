"""
Tools for programs that extend relvar.
"""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import relvar
from relvar import Column, Integer, exc, util
from relvar.util import compat, langhelpers


def test_order_of_creation() -> None:
    class Thing:
        _creation_order: int

    first, second = Thing(), Thing()
    util.set_creation_order(first)
    util.set_creation_order(second)
    assert first._creation_order < second._creation_order


def test_types_of_arguments() -> None:
    assert util.assert_arg_type("a", (str, bytes), "x") == "a"
    with pytest.raises(
        exc.ArgumentError, match=r"^Argument 'x' is expected to be of type '<class 'str'>', got"
    ):
        util.assert_arg_type(5, str, "x")
    with pytest.raises(exc.ArgumentError, match="one of type '<class 'str'>' or '<class 'bytes'>', got"):
        util.assert_arg_type(5, (str, bytes), "x")


def test_decorated_functions_keep_their_signature() -> None:
    @util.decorator
    def doubled(fn: Any, *args: Any, **kw: Any) -> Any:
        return 2 * fn(*args, **kw)

    @doubled
    def add(x: int, y: int = 3, *, z: int = 5) -> int:
        """Add."""
        return x + y + z

    assert (add(1), add(1, z=0), add.__doc__) == (18, 8, "Add.")
    assert str(inspect.signature(add)) == "(x: 'int', y: 'int' = 3, *, z: 'int' = 5) -> 'int'"
    with pytest.raises(TypeError, match="unexpected keyword argument 'q'"):
        add(1, q=2)  # type: ignore[call-arg]  # what is tested


def test_properties_of_classes() -> None:
    class Base:
        @util.classproperty
        def title(cls) -> str:
            return cls.__name__  # type: ignore[attr-defined]  # called with the class

    class Derived(Base):
        pass

    assert (Base.title, Derived.title, Derived().title) == ("Base", "Derived", "Derived")


def test_copies_of_dictionaries() -> None:
    given = {"a": 1}
    assert util.update_copy(given, {"b": 2}, c=3) == {"a": 1, "b": 2, "c": 3}
    assert given == {"a": 1}


def test_kinds_of_collections() -> None:
    class Bag:
        def add(self, item: Any) -> None: ...

    class Said(Bag):
        __emulates__ = list

    class Unsaid(Bag):
        __emulates__ = None

    found = [util.duck_type_collection(kind) for kind in ([], set, {}, Bag, Bag(), Said, Unsaid, 5)]
    assert found == [list, set, dict, set, set, list, None, None]


def test_what_runs() -> None:
    assert util.has_compiled_ext() is relvar.is_compiled()
    if not relvar.is_compiled():
        with pytest.raises(ImportError, match="not compiled"):
            util.has_compiled_ext(raise_=True)
    assert (compat.cpython, compat.is64bit) == (util.cpython, util.is64bit)
    assert util.preload_module("a", "b")(len) is len


def test_text_of_signatures() -> None:
    def some(a, b: int = 5, *rest, c, d=None, **more) -> str: ...  # type: ignore[no-untyped-def,empty-body]  # only its signature is used

    text = compat.inspect_formatargspec(*util.inspect_getfullargspec(some))
    assert text == "(a, b: 'int'=5, *rest, c, d=None, **more) -> 'str'"
    assert compat.inspect_formatargspec(["a"], kwonlyargs=["b"]) == "(a, *, b)"


def test_a_repr_was_made_before_its_function_is_asked_for() -> None:
    repr(Column("a", Integer))
    assert util.generic_repr(Integer()) == "Integer()"
    assert langhelpers.generic_repr is util.generic_repr
