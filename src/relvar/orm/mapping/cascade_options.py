"""
Which operations go on from an object to those it is related to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relvar import exc
from relvar.util.warning import warn

__all__ = ["CascadeOptions"]

_ALL = ("delete", "expunge", "merge", "refresh-expire", "save-update")
_ALLOWED = frozenset((*_ALL, "delete-orphan", "all", "none"))
_VIEWONLY = frozenset(("all", "none", "refresh-expire", "expunge", "merge"))


class CascadeOptions(frozenset[str]):
    """
    The cascades of a relationship, from text such as ``"all, delete-orphan"`` or a list.
    """

    save_update: bool
    delete: bool
    refresh_expire: bool
    merge: bool
    expunge: bool
    delete_orphan: bool

    def __new__(cls, value_list: Iterable[str] | str | None = None) -> CascadeOptions:
        if isinstance(value_list, str) or value_list is None:
            names = {part for part in (item.strip() for item in (value_list or "").split(",")) if part}
        else:
            names = set(value_list)
        unknown = names - _ALLOWED
        if unknown:
            shown = ", ".join(repr(name) for name in sorted(unknown))
            raise exc.ArgumentError(f"Invalid cascade option(s): {shown}")
        if "all" in names:
            names.discard("all")
            names.update(_ALL)
        if "none" in names:
            names.clear()
        made = super().__new__(cls, names)
        made.save_update = "save-update" in names
        made.delete = "delete" in names
        made.refresh_expire = "refresh-expire" in names
        made.merge = "merge" in names
        made.expunge = "expunge" in names
        made.delete_orphan = "delete-orphan" in names
        if made.delete_orphan and not made.delete:
            warn("The 'delete-orphan' cascade option requires 'delete'.")
        return made

    def for_viewonly(self) -> CascadeOptions:
        """
        Return those that a relationship which is only read can have.
        """
        return CascadeOptions(self & _VIEWONLY)

    def __repr__(self) -> str:
        return f"CascadeOptions({','.join(sorted(self))!r})"

    def __reduce__(self) -> Any:
        return CascadeOptions, (",".join(sorted(self)),)

    @classmethod
    def from_string(cls, arg: str) -> CascadeOptions:
        """
        Return the cascades that a text names.
        """
        return cls(arg)
