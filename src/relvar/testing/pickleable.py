"""Classes of a module, which pickle finds again; for tests that pickle mapped objects."""

from __future__ import annotations

from typing import Any

from relvar.testing.entities import ComparableEntity


class User(ComparableEntity):
    """A user."""


class Order(ComparableEntity):
    """An order of a user."""


class Dingaling(ComparableEntity):
    """Something that belongs to an address."""


class EmailUser(User):
    """A user with an address."""


class Address(ComparableEntity):
    """An address of a user."""


class Mixin:
    """Something mixed into a declarative class."""

    email_address: Any = None


class AddressWMixin(Mixin, ComparableEntity):
    """An address that has the mixin."""


class Child1(ComparableEntity):
    """One child."""


class Child2(ComparableEntity):
    """Another child."""


class Parent(ComparableEntity):
    """Their parent."""


class Screen:
    """Something that holds another object."""

    def __init__(self, obj: Any, parent: Any = None) -> None:
        self.obj = obj
        self.parent = parent


class Foo:
    """Pickled as it is, compared by what it holds."""

    def __init__(self, moredata: Any, stuff: Any = "im stuff") -> None:
        self.data = "im data"
        self.stuff = stuff
        self.moredata = moredata

    __hash__: Any = object.__hash__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)


class Bar:
    """Compared by two numbers and a text."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x = x
        self.y = y

    __hash__: Any = object.__hash__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __str__(self) -> str:
        return f"Bar({self.x}, {self.y})"


class OldSchool(Bar):
    """Compared the same way."""


class OldSchoolWithoutCompare:
    """Compared by identity."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x = x
        self.y = y


class BarWithoutCompare(OldSchoolWithoutCompare):
    """Compared by identity, too."""

    def __str__(self) -> str:
        return f"Bar({self.x}, {self.y})"


class NotComparable:
    """Comparison says that it does not know."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> Any:
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        return NotImplemented


class BrokenComparable:
    """Comparison raises."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError

    def __ne__(self, other: object) -> bool:
        raise NotImplementedError


__all__ = [
    "Address",
    "AddressWMixin",
    "Bar",
    "BarWithoutCompare",
    "BrokenComparable",
    "Child1",
    "Child2",
    "Dingaling",
    "EmailUser",
    "Foo",
    "Mixin",
    "NotComparable",
    "OldSchool",
    "OldSchoolWithoutCompare",
    "Order",
    "Parent",
    "Screen",
    "User",
]
