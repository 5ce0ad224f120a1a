"""Differences that are meant: relvar does more, or what SQLAlchemy does depends on chance."""

from __future__ import annotations

import re
from typing import Any

# Errors of SQLAlchemy where relvar goes on: what its message begins with, and why.
REFUSED = {
    "CircularDependencyError": "circles",
    "AssertionError$": "stumbles",
    "AttributeError": "stumbles",
    "RecursionError": "stumbles",
    "KeyError": "stumbles",
    "NoReferencedTableError": "a table that is mapped later",
    "ValueError": "stumbles",
    "FlushError: Can't delete from table . using NULL": "stumbles",
    "InvalidRequestError: In event triggered from population": "merged into a dictionary",
    "InvalidRequestError: Attribute .* can't load the existing": "write_only is read where it has to be",
    "InvalidRequestError: Instance .* cannot be refreshed": "new again after a rollback",
    "StaleDataError: DELETE statement on table 'pairs": "no row to delete",
    "ObjectDeletedError": "deleted by its key, without being read before",
    "DetachedInstanceError": "new again after a rollback",
}
PAIRS = "a row linked to a deleted object, or a member twice"


def explanation(found: Any, program: dict[str, Any]) -> str | None:
    """Return the name of a meant difference, or None."""
    ours, theirs = found.ours, found.theirs
    if found.facet == "error":
        if ours is None and theirs == "IntegrityError" and _associates(program):
            return PAIRS
        if str(ours).startswith("FlushError: Attempting to flush an item"):
            return "an object of another class"
        if "is not persisted" in str(theirs) and found.line in ("s.commit()", "s.flush()"):
            return "deleted twice"
        if str(ours).startswith("CircularDependencyError") and theirs == "IntegrityError":
            return "two faults"
        # these may come where relvar refuses something else, later or earlier
        circle = str(theirs).startswith(("CircularDependencyError", "ObjectDeletedError"))
        return next(
            (
                why
                for text, why in REFUSED.items()
                if re.match(text, str(theirs)) and (circle or ours is None)
            ),
            None,
        )
    if found.facet == "warnings":
        return _warning(found, set(ours or ()), set(theirs or ()))
    if found.facet == "read" and "RecursionError" in str(theirs):
        return "stumbles"
    if found.facet == "seen":
        if ".history" in found.line and ours == [theirs[1], [], theirs[2]]:
            return "new again after a rollback"
        if "is_modified" in found.line and ours and "s.rollback()" in program["steps"]:
            return "new again after a rollback"
    if found.facet == "rows":
        if _are_fewer_pairs(ours, theirs):
            return PAIRS
        if _without_numbers(ours) == _without_numbers(theirs) and any(
            each["key"] == "auto" for each in program["classes"]
        ):
            return "numbers of rows that could refer to each other"
    if found.facet == "states" and "orphan" in str(program["links"]):
        if all(
            ours[name] == "pending" and theirs[name] == "transient"
            for name in ours
            if ours[name] != theirs[name]
        ):
            return "a new child moved to another parent"
    return None


def _warning(found: Any, ours: set[str], theirs: set[str]) -> str | None:
    if found.fails:
        return "what was done before a failure"
    more = {text.partition(":")[2][1:] for text in theirs - ours}
    if not ours - theirs and all(re.match("DELETE statement", text) for text in more):
        return "deleted twice"
    if not theirs - ours and all("not in session, add" in text for text in ours - theirs):
        return "a link that is not written"
    if not ours - theirs and all(re.match("Object of type .* delete operatio", text) for text in more):
        return "no row to delete"
    return None


def _associates(program: dict[str, Any]) -> bool:
    return any(link["kind"] == "association" for link in program["links"])


def _are_fewer_pairs(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Tell whether only association tables differ, and ours lack some rows."""
    other = [name for name in theirs if ours[name] != theirs[name]]
    return all(name.startswith("pairs") and all(row in theirs[name] for row in ours[name]) for name in other)


def _without_numbers(rows: dict[str, Any]) -> dict[str, Any]:
    return {
        name: sorted([value for value in row if not value.isdigit()] for row in some)
        for name, some in rows.items()
    }
