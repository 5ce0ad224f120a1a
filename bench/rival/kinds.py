"""Tell differences apart by kind, so that a thousand of one kind count as one."""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(r"\w+|\s+|.", re.S)
NUMBER = re.compile(r"\d+")


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (facet, ours, theirs) of each facet that differs, the most telling first."""
    found = []
    for facet in [*theirs, *(name for name in ours if name not in theirs)]:
        a, b = ours.get(facet), theirs.get(facet)
        if a != b:
            found.append((facet, a, b))
    order = ("build", "text", "kept", "run", "warnings")
    return sorted(found, key=lambda each: order.index(each[0].split()[0]))


def kind(facet: str, ours: Any, theirs: Any) -> str:
    """Return a name that like differences share."""
    where = facet.split()[0]
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [name for name in ("error", "keys", "rowcount", "rows", "after", "sent") if ours.get(name) != theirs.get(name)]
        name = names[0]
        return f"{where} {name}: {_difference(ours.get(name), theirs.get(name))}"
    if isinstance(ours, list) and isinstance(theirs, list) and where == "text":
        for index, name in enumerate(("string", "params", "positions", "columns")):
            if ours[index] != theirs[index]:
                return f"{name}: {_difference(ours[index], theirs[index])}"
    return f"{where}: {_difference(ours, theirs)}"


def _difference(ours: Any, theirs: Any) -> str:
    if ours is None or theirs is None or isinstance(ours, str) != isinstance(theirs, str):
        return f"{_short(ours)} | {_short(theirs)}"
    a, b = TOKEN.findall(str(ours)), TOKEN.findall(str(theirs))
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    before = "".join(a[max(0, start - 3) : start])
    left, right = "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])
    return NUMBER.sub("N", f"…{before}[{left[:60]} | {right[:60]}]")


def _short(value: Any) -> str:
    return NUMBER.sub("N", str(value)[:70]) if not isinstance(value, list) else "text"
