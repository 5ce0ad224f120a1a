"""
Wrap the mutating methods of list, set and dict so that they tell their adapter.

Each wrapper does what the wrapped method does.  The extra keyword
``_sa_initiator`` says where a chain of changes began; ``False`` means "tell nobody".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.orm.state.flags import NO_KEY

__all__ = ["MUTATORS"]

_Method = Callable[..., Any]

_NO_ARG: Any = object()


def _tidy(wrapper: _Method, fn: _Method) -> _Method:
    wrapper._sa_instrumented = True  # type: ignore[attr-defined]  # marks live on the function
    wrapper.__doc__ = getattr(fn, "__doc__", None)
    wrapper.__name__ = getattr(fn, "__name__", wrapper.__name__)
    role = getattr(fn, "_sa_instrument_role", None)
    if role is not None:
        wrapper._sa_instrument_role = role  # type: ignore[attr-defined]  # marks live on the function
    return wrapper


def _coming(collection: Any, item: Any, initiator: Any = None, key: Any = NO_KEY) -> Any:
    if initiator is not False:
        adapter = collection._sa_adapter
        if adapter is not None:
            return adapter.fire_append_event(item, initiator, key=key)
    return item


def _going(collection: Any, item: Any, initiator: Any = None, key: Any = NO_KEY) -> None:
    if initiator is not False:
        adapter = collection._sa_adapter
        if adapter is not None:
            adapter.fire_remove_event(item, initiator, key=key)


def _before_going(collection: Any) -> None:
    adapter = collection._sa_adapter
    if adapter is not None:
        adapter.fire_pre_remove_event()


# -- list -----------------------------------------------------------------------


def _list_append(fn: _Method) -> _Method:
    def append(self: Any, item: Any, _sa_initiator: Any = None) -> None:
        fn(self, _coming(self, item, _sa_initiator))

    return _tidy(append, fn)


def _list_remove(fn: _Method) -> _Method:
    def remove(self: Any, value: Any, _sa_initiator: Any = None) -> None:
        # the value must be there before anybody hears that it goes
        if _sa_initiator is not False and value not in self:
            raise ValueError("list.remove(x): x not in list")
        _going(self, value, _sa_initiator)
        fn(self, value)

    return _tidy(remove, fn)


def _list_insert(fn: _Method) -> _Method:
    def insert(self: Any, index: int, value: Any) -> None:
        fn(self, index, _coming(self, value, None, index))

    return _tidy(insert, fn)


def _list_setitem(fn: _Method) -> _Method:
    def __setitem__(self: Any, index: Any, value: Any) -> None:
        if not isinstance(index, slice):
            existing = self[index]
            if existing is not None:
                _going(self, existing, None, index)
            fn(self, index, _coming(self, value, None, index))
            return
        if value is self:
            return
        positions = range(*index.indices(len(self)))
        values = list(value)
        if index.step is None or index.step == 1:
            at = positions.start
            for _ in positions:
                del self[at]
            for offset, item in enumerate(values):
                self.insert(at + offset, item)
            return
        if len(values) != len(positions):
            raise ValueError(
                f"attempt to assign sequence of size {len(values)} to extended slice of size {len(positions)}"
            )
        for position, item in zip(positions, values, strict=True):
            self.__setitem__(position, item)

    return _tidy(__setitem__, fn)


def _list_delitem(fn: _Method) -> _Method:
    def __delitem__(self: Any, index: Any) -> None:
        if not isinstance(index, slice):
            _going(self, self[index], None, index)
            fn(self, index)
            return
        for item in self[index]:
            _going(self, item, None, index)
        fn(self, index)

    return _tidy(__delitem__, fn)


def _list_extend(fn: _Method) -> _Method:
    def extend(self: Any, iterable: Any) -> None:
        for value in list(iterable):
            self.append(value)

    return _tidy(extend, fn)


def _list_iadd(fn: _Method) -> _Method:
    def __iadd__(self: Any, iterable: Any) -> Any:
        for value in list(iterable):
            self.append(value)
        return self

    return _tidy(__iadd__, fn)


def _list_pop(fn: _Method) -> _Method:
    def pop(self: Any, index: int = -1) -> Any:
        _before_going(self)
        item = fn(self, index)
        _going(self, item, None, index)
        return item

    return _tidy(pop, fn)


def _list_clear(fn: _Method) -> _Method:
    def clear(self: Any, index: int = -1) -> None:
        for item in self:
            _going(self, item, None, index)
        fn(self)

    return _tidy(clear, fn)


# -- set ------------------------------------------------------------------------


def _set_add(fn: _Method) -> _Method:
    def add(self: Any, value: Any, _sa_initiator: Any = None) -> None:
        if value not in self:
            value = _coming(self, value, _sa_initiator)
        elif _sa_initiator is not False and self._sa_adapter is not None:
            self._sa_adapter.fire_append_wo_mutation_event(value, _sa_initiator)
        fn(self, value)

    return _tidy(add, fn)


def _set_discard(fn: _Method) -> _Method:
    def discard(self: Any, value: Any, _sa_initiator: Any = None) -> None:
        if value in self:
            _going(self, value, _sa_initiator)
        fn(self, value)

    return _tidy(discard, fn)


def _set_remove(fn: _Method) -> _Method:
    def remove(self: Any, value: Any, _sa_initiator: Any = None) -> None:
        if value in self:
            _going(self, value, _sa_initiator)
        fn(self, value)

    return _tidy(remove, fn)


def _set_pop(fn: _Method) -> _Method:
    def pop(self: Any) -> Any:
        _before_going(self)
        item = fn(self)
        _going(self, item)
        return item

    return _tidy(pop, fn)


def _set_clear(fn: _Method) -> _Method:
    def clear(self: Any) -> None:
        for item in list(self):
            self.remove(item)

    return _tidy(clear, fn)


def _set_update(fn: _Method) -> _Method:
    def update(self: Any, *others: Any) -> None:
        for other in others:
            for item in list(other):
                self.add(item)

    return _tidy(update, fn)


def _is_set_like(other: Any) -> bool:
    return isinstance(other, (set, frozenset)) or type(other).__name__ == "dict_keys"


def _set_ior(fn: _Method) -> _Method:
    def __ior__(self: Any, other: Any) -> Any:
        if not _is_set_like(other):
            return NotImplemented
        self.update(other)
        return self

    return _tidy(__ior__, fn)


def _set_difference_update(fn: _Method) -> _Method:
    def difference_update(self: Any, *others: Any) -> None:
        for other in others:
            for item in list(other):
                self.discard(item)

    return _tidy(difference_update, fn)


def _set_isub(fn: _Method) -> _Method:
    def __isub__(self: Any, other: Any) -> Any:
        if not _is_set_like(other):
            return NotImplemented
        self.difference_update(other)
        return self

    return _tidy(__isub__, fn)


def _become(self: Any, wanted: set[Any]) -> None:
    have = set(self)
    for item in have - wanted:
        self.remove(item)
    for item in wanted - have:
        self.add(item)


def _set_intersection_update(fn: _Method) -> _Method:
    def intersection_update(self: Any, *others: Any) -> None:
        _become(self, set(self).intersection(*others))

    return _tidy(intersection_update, fn)


def _set_iand(fn: _Method) -> _Method:
    def __iand__(self: Any, other: Any) -> Any:
        if not _is_set_like(other):
            return NotImplemented
        _become(self, set(self) & set(other))
        return self

    return _tidy(__iand__, fn)


def _set_symmetric_difference_update(fn: _Method) -> _Method:
    def symmetric_difference_update(self: Any, other: Any) -> None:
        _become(self, set(self).symmetric_difference(other))

    return _tidy(symmetric_difference_update, fn)


def _set_ixor(fn: _Method) -> _Method:
    def __ixor__(self: Any, other: Any) -> Any:
        if not _is_set_like(other):
            return NotImplemented
        _become(self, set(self) ^ set(other))
        return self

    return _tidy(__ixor__, fn)


# -- dict -----------------------------------------------------------------------


def _dict_setitem(fn: _Method) -> _Method:
    def __setitem__(self: Any, key: Any, value: Any, _sa_initiator: Any = None) -> None:
        if key in self:
            _going(self, self[key], _sa_initiator, key)
        fn(self, key, _coming(self, value, _sa_initiator, key))

    return _tidy(__setitem__, fn)


def _dict_delitem(fn: _Method) -> _Method:
    def __delitem__(self: Any, key: Any, _sa_initiator: Any = None) -> None:
        if key in self:
            _going(self, self[key], _sa_initiator, key)
        fn(self, key)

    return _tidy(__delitem__, fn)


def _dict_clear(fn: _Method) -> _Method:
    def clear(self: Any) -> None:
        for key in self:
            _going(self, self[key], None, key)
        fn(self)

    return _tidy(clear, fn)


def _dict_pop(fn: _Method) -> _Method:
    def pop(self: Any, key: Any, default: Any = _NO_ARG) -> Any:
        _before_going(self)
        present = key in self
        item = fn(self, key) if default is _NO_ARG else fn(self, key, default)
        if present:
            _going(self, item, None, key)
        return item

    return _tidy(pop, fn)


def _dict_popitem(fn: _Method) -> _Method:
    def popitem(self: Any) -> Any:
        _before_going(self)
        item = fn(self)
        _going(self, item[1], None, item[0])
        return item

    return _tidy(popitem, fn)


def _dict_setdefault(fn: _Method) -> _Method:
    def setdefault(self: Any, key: Any, default: Any = None) -> Any:
        if key not in self:
            self.__setitem__(key, default)
            return default
        value = self[key]
        if value is default and self._sa_adapter is not None:
            self._sa_adapter.fire_append_wo_mutation_event(value, None)
        return value

    return _tidy(setdefault, fn)


def _dict_update(fn: _Method) -> _Method:
    def update(self: Any, __other: Any = _NO_ARG, **kw: Any) -> None:
        for key, value in dict(() if __other is _NO_ARG else __other, **kw).items():
            if key not in self or self[key] is not value:
                self[key] = value
            elif self._sa_adapter is not None:
                self._sa_adapter.fire_append_wo_mutation_event(value, None, key=key)

    return _tidy(update, fn)


def _dict_ior(fn: _Method) -> _Method:
    def __ior__(self: Any, other: Any) -> Any:
        self.update(other)
        return self

    return _tidy(__ior__, fn)


MUTATORS: dict[type, dict[str, Callable[[_Method], _Method]]] = {
    list: {
        "append": _list_append,
        "remove": _list_remove,
        "insert": _list_insert,
        "__setitem__": _list_setitem,
        "__delitem__": _list_delitem,
        "extend": _list_extend,
        "__iadd__": _list_iadd,
        "pop": _list_pop,
        "clear": _list_clear,
    },
    set: {
        "add": _set_add,
        "discard": _set_discard,
        "remove": _set_remove,
        "pop": _set_pop,
        "clear": _set_clear,
        "update": _set_update,
        "__ior__": _set_ior,
        "difference_update": _set_difference_update,
        "__isub__": _set_isub,
        "intersection_update": _set_intersection_update,
        "__iand__": _set_iand,
        "symmetric_difference_update": _set_symmetric_difference_update,
        "__ixor__": _set_ixor,
    },
    dict: {
        "__setitem__": _dict_setitem,
        "__delitem__": _dict_delitem,
        "clear": _dict_clear,
        "pop": _dict_pop,
        "popitem": _dict_popitem,
        "setdefault": _dict_setdefault,
        "update": _dict_update,
        "__ior__": _dict_ior,
    },
}
