"""
Attributes that a program keeps in its own way, by the names it knows from ``sqlalchemy.orm.attributes``.

``_register_attribute()`` puts such an attribute into a mapped class; its ``impl_class`` derives from
`_ScalarAttributeImpl`, whose methods get the dictionary of an object's values where relvar's get the object.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import mark_modified, values_of
from relvar.orm.mapping.attribute import DataInstrumentedAttribute, InstrumentedAttribute
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.orm.state.impl import ScalarAttribute
from relvar.orm.state.manager import manager_of_class


class _ScalarAttributeImpl:
    """
    How an attribute is read and written; programs override `get`, `set` and `delete`.
    """

    def __init__(
        self,
        class_: type[Any],
        key: str,
        callable_: Any,
        dispatch: Any,
        parent_token: Any = None,
        **_options: Any,
    ) -> None:
        self.class_ = class_
        self.key = key
        self.callable_ = callable_
        self.dispatch = dispatch
        self.parent_token = parent_token

    def get(self, state: Any, dict_: dict[str, Any], passive: int = PASSIVE_OFF) -> Any:
        """Return the value."""
        return dict_.get(self.key)

    def set(
        self,
        state: Any,
        dict_: dict[str, Any],
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
    ) -> None:
        """Store a value."""
        dict_[self.key] = value

    def delete(self, state: Any, dict_: dict[str, Any]) -> None:
        """Remove the value."""
        dict_.pop(self.key, None)


class _Adapted(ScalarAttribute):
    """
    A program's attribute as relvar asks it.
    """

    def __init__(self, theirs: _ScalarAttributeImpl) -> None:
        self._theirs = theirs
        super().__init__(theirs.class_, theirs.key, parent_token=theirs.parent_token)

    def listeners_changed(self) -> None:
        # never stored by the kernel itself
        self.plain = False

    def get(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        return self._theirs.get(state, values_of(obj), passive)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
    ) -> None:
        for fn in self.listeners.set:
            value = fn(state, value, values_of(obj).get(self.key), initiator or self._replace_token)
        self._theirs.set(state, values_of(obj), value, initiator, passive)
        mark_modified(state, obj)

    def delete(self, state: Any, obj: Any) -> None:
        self._theirs.delete(state, values_of(obj))
        mark_modified(state, obj)


def _register_attribute(
    class_: type[Any],
    key: str,
    *,
    comparator: Any = None,
    parententity: Any = None,
    doc: str | None = None,
    impl_class: type[_ScalarAttributeImpl] = _ScalarAttributeImpl,
    **options: Any,
) -> Any:
    """
    Put an attribute into a mapped class, and return it.
    """
    manager = manager_of_class(class_)
    kind = InstrumentedAttribute if manager.plain_set else DataInstrumentedAttribute
    impl = _Adapted(impl_class(class_, key, None, None, **options))
    attribute: Any = kind(class_, key, parententity, comparator, impl)
    if doc is not None:
        attribute.__doc__ = doc
    manager.instrument_attribute(key, attribute, impl)
    return attribute
