"""
Small conversions of what configuration and callers pass in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

_TRUE = frozenset({"true", "yes", "on", "y", "t", "1"})
_FALSE = frozenset({"false", "no", "off", "n", "f", "0"})


def asbool(obj: Any) -> bool:
    """
    Return the truth of *obj*, where text may spell it.

    Raises:
        ValueError: the text spells neither.

    >>> asbool("yes"), asbool(" 0 ")
    (True, False)
    """
    if isinstance(obj, str):
        text = obj.strip().lower()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        raise ValueError(f"String is not true/false: {text!r}")
    return bool(obj)


def bool_or_str(*text: str) -> Callable[[str], str | bool]:
    """
    Return a converter to bool that lets the values *text* through.
    """

    def bool_or_value(obj: str) -> str | bool:
        return obj if obj in text else asbool(obj)

    return bool_or_value


def asint(value: Any) -> int | None:
    """
    Return *value* as an int; ``None`` stays.
    """
    return None if value is None else int(value)


def coerce_kw_type(
    kw: MutableMapping[str, Any],
    key: str,
    type_: type[Any],
    flexi_bool: bool = True,
    dest: MutableMapping[str, Any] | None = None,
) -> None:
    """
    Convert ``kw[key]`` to *type_*, in place or into *dest*, if it is there.
    """
    if dest is None:
        dest = kw
    value = kw.get(key)
    if value is not None and not (isinstance(type_, type) and isinstance(value, type_)):
        dest[key] = asbool(value) if type_ is bool and flexi_bool else type_(value)
    elif key in kw:
        dest[key] = value


def is_non_string_iterable(obj: Any) -> bool:
    return isinstance(obj, Iterable) and not isinstance(obj, (str, bytes))


def to_list(x: Any, default: list[Any] | None = None) -> list[Any]:
    """
    Return *x* as a list; a single thing (also a string) becomes its item.
    """
    if x is None:
        return default  # type: ignore[return-value]  # the caller's own default
    if not is_non_string_iterable(x):
        return [x]
    return x if isinstance(x, list) else list(x)


def flatten_iterator(items: Iterable[Any]) -> Iterator[Any]:
    """
    Yield the items of nested iterables, strings and mappings whole.
    """
    for item in items:
        if is_non_string_iterable(item) and not isinstance(item, Mapping):
            yield from flatten_iterator(item)
        else:
            yield item
