"""
Remember which object owns another by a relationship.

Orphan rules ask for it: a child that nobody owns any more is deleted with
``delete-orphan``, and a pending one is not written at all.

Each child keeps, per relationship, its present owner, or ``NOBODY`` after it was
let go.  A relationship that is not listed has not been looked at yet.

Rule 1: a child that was given to a new owner stays owned when the old one lets
    it go; the two events come in either order.
Rule 2: an owner that is gone from memory owns nothing.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import extras

__all__ = ["NOBODY", "adopt", "is_owned", "release"]

NOBODY: Any = False


def adopt(child: Any, link: Any, owner: Any) -> Any:
    """
    Note that *owner* has *child* by the relationship *link*; all but *link* are states.

    Returns:
        The owner so far, ``NOBODY``, or None if that was not looked at yet: what `adopt` takes to undo this.
    """
    owners = extras(child).setdefault("parents", {})
    before = owners.get(id(link))
    if owner is None:
        owners.pop(id(link), None)
    else:
        owners[id(link)] = owner
    return before


def release(child: Any, link: Any, owner: Any) -> None:
    """
    Note that *owner* no longer has *child*.
    """
    owners = extras(child).setdefault("parents", {})
    present = owners.get(id(link), NOBODY)
    belongs_elsewhere = present is not NOBODY and present is not owner and present.obj() is not None
    if not belongs_elsewhere:
        owners[id(link)] = NOBODY


def is_owned(child: Any, link: Any, unknown: bool) -> bool:
    """
    Tell whether somebody owns *child* by *link*; *unknown* is the answer for a link not looked at yet.
    """
    known = child.extra and child.extra.get("parents")
    if not known or id(link) not in known:
        return unknown
    return bool(known[id(link)] is not NOBODY)
