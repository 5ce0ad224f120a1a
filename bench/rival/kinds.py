"""Tell differences apart by kind, so that a thousand of one kind count as one."""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(r"\w+|\s+|.", re.S)
ERROR = re.compile(r"[A-Z]\w+Error\b|[A-Z]\w+Found\b|gave ")
NUMBER = re.compile(r"\d+")


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (facet, ours, theirs) of each facet that differs, the most telling first."""
    found = []
    if "build" in theirs or "build" in ours:
        ours, theirs = {"build": ours.get("build")}, {"build": theirs.get("build")}
    if _refused(ours) and _refused(theirs):
        # What it warned of before is up to the order in which it is looked at.
        ours, theirs = ({k: v for k, v in each.items() if k != "warnings"} for each in (ours, theirs))
    for facet in [*theirs, *(name for name in ours if name not in theirs)]:
        a, b = ours.get(facet), theirs.get(facet)
        if a != b and not (facet == "kept" and a and b and _as_good(a, b)):
            found.append((facet, a, b))
    order = ("build", "text", "kept", "run", "warnings")
    return sorted(found, key=lambda each: order.index(each[0].split()[0]))


def _refused(outcome: dict[str, Any]) -> bool:
    """Tell whether no dialect has a text for a statement."""
    texts = [value for facet, value in outcome.items() if facet.startswith("text ") and facet != "text str"]
    return bool(texts) and all(isinstance(text, str) for text in texts)


def _as_good(ours: list[Any], theirs: list[Any]) -> bool:
    """Tell whether a statement has a key, equal for equal ones, and copies, wherever the rival's has."""
    return all(
        a == b or a == good for a, b, good in zip(ours, theirs, (False, True, True, True), strict=True)
    )


def kind(facet: str, ours: Any, theirs: Any) -> str:
    """Return a name that like differences share."""
    where = facet.split()[0]
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [
            name
            for name in ("error", "keys", "rowcount", "rows", "after", "sent")
            if ours.get(name) != theirs.get(name)
        ]
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
    if ERROR.match(str(ours)) or ERROR.match(str(theirs)):
        return f"{_short(ours)} | {_short(theirs)}"
    before = "".join(a[max(0, start - 2) : start])
    left, right = "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])
    return NUMBER.sub("N", f"…{before}[{left[:24]} | {right[:24]}]")


def _short(value: Any) -> str:
    """Name a value: an error by its beginning, anything else by what it is."""
    if isinstance(value, str) and ERROR.match(value):
        return NUMBER.sub("N", value[:55])
    return "None" if value is None else "text"
