"""
Options that a program names again and again are the same objects.

An option never changes, so what a call returned for the same arguments before can be returned again.  It is
kept with what the call starts from, an attribute of a mapped class or an option that is kept itself, and goes
with that.

Rule 1: options made with aliases, conditions or expressions are not kept.
Rule 2: about `_MOST_KEPT` are kept at most; then all are forgotten, as one may compose options from what its
    ask for.  Dictionaries of an earlier epoch are not looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from relvar.orm.load.options import Load

    _L = TypeVar("_L", bound=Load)

__all__ = ["again", "start"]

# more than programs write by hand
_MOST_KEPT = 4096
_epoch = 0
_kept_count = 0


def again(
    option: _L,
    new: Callable[..., _L],
    attrs: tuple[Any, ...],
    strategy: str | None,
    name: str,
    opts: dict[str, Any],
) -> _L:
    """
    Return what *new*, a method of *option*, returned for the same arguments before.
    """
    kept = _kept_after(option, attrs[0]) if attrs else None
    if kept is None:
        return new(attrs, strategy, name, opts)
    key: tuple[Any, ...]
    if len(attrs) == 1:
        key = (strategy, name, attrs[0] if isinstance(attrs[0], str) else id(attrs[0]), *opts.values())
    else:
        ids = [attr if isinstance(attr, str) else id(attr) for attr in attrs]
        key = (strategy, name, *ids, *opts.values())
    found = kept.get(key)
    if found is not None and (found[0][0] is attrs[0] if len(attrs) == 1 else all(map(is_, found[0], attrs))):
        same: _L = found[1]
        return same
    made = new(attrs, strategy, name, opts)
    made.is_kept = True
    kept[key] = attrs, made
    _count_kept()
    return made


def start(nowhere: _L, method: Callable[..., _L], attr: Any, opts: dict[str, Any]) -> _L:
    """
    Return what *method*, one of an option that says nothing yet, returned for the same arguments before.
    """
    kept = _kept_after(nowhere, attr)
    if kept is None:
        return method(nowhere, attr, **opts)
    key = (method, attr if isinstance(attr, str) else None, *opts.values())
    found = kept.get(key)
    if found is not None and found[0] is attr:
        same: _L = found[1]
        return same
    made = method(nowhere, attr, **opts)
    if made.is_kept:
        kept[key] = attr, made
        _count_kept()
    return made


def _kept_after(option: Load, attr: Any) -> dict[Any, tuple[Any, Any]] | None:
    """
    Return what is kept of the options that follow from *option* and an attribute; None where none are to be.
    """
    if not option.is_kept:
        return None
    holder: dict[str, Any] = option.__dict__
    starts_at_attribute = not option.elements and not isinstance(attr, str)
    if starts_at_attribute:
        holder = getattr(attr, "__dict__", holder)
        if holder.get("_of_type", option) is not None or holder.get("_extra_criteria", option):
            return None
    found = holder.get("_kept")
    if found is None or found[0] != _epoch:
        if starts_at_attribute and attr.parent.is_aliased_class:
            return None
        found = holder["_kept"] = (_epoch, {})
    kept: dict[Any, tuple[Any, Any]] = found[1]
    return kept


def _count_kept() -> None:
    global _epoch, _kept_count
    _kept_count += 1
    if _kept_count > _MOST_KEPT:
        _epoch += 1
        _kept_count = 0
