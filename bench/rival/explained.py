"""Differences that are there on purpose; docs/design/0003-rival-comparison.md gives the reasons at length."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.rival.outcome import PYTHON_ERROR


@dataclass(frozen=True)
class Explained:
    """A difference that is meant: how to know it, and why it is there."""

    name: str
    reason: str
    is_it: Callable[[str, Any, Any], bool]


def _error(outcome: Any) -> str:
    """Return the error of a facet, or nothing."""
    if isinstance(outcome, dict):
        outcome = outcome.get("error")
    return outcome if isinstance(outcome, str) else ""


def _text(outcome: Any) -> str:
    return str(outcome[0] if isinstance(outcome, list) and outcome else outcome)


def _stumbles(facet: str, ours: Any, theirs: Any) -> bool:
    return PYTHON_ERROR in _error(theirs)


def _literal(facet: str, ours: Any, theirs: Any) -> bool:
    words = ("No literal value renderer is available", "Could not render literal value")
    return any(word in _error(theirs) for word in words)


def _widths(facet: str, ours: Any, theirs: Any) -> bool:
    return "All selectables passed to CompoundSelect" in _error(ours)


def _double(facet: str, ours: Any, theirs: Any) -> bool:
    return "You must specify both precision and scale" in _error(theirs) and not _error(ours)


def _constraint(facet: str, ours: Any, theirs: Any) -> bool:
    return "SQLite has no ON CONFLICT ON CONSTRAINT" in _error(ours)


def _floor(facet: str, ours: Any, theirs: Any) -> bool:
    return "user-defined function raised exception" in _error(theirs)


def _exclusive_or(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the texts, or what they gave, differ by parentheses around ``|`` and ``&``."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        ours, theirs = ours.get("sent"), theirs.get("sent")
    a, b = _text(ours), _text(theirs)
    bare = str.maketrans("", "", "()")
    return " & " in a and a != b and a.translate(bare) == b.translate(bare)


def _both_refuse(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a statement with two faults is refused for another one of them."""
    a, b = (next((fault for fault in FAULTS if fault in _error(each)), None) for each in (ours, theirs))
    return a is not None and b is not None and a != b


FAULTS = (
    "Can't resolve label reference",
    "MSSQL requires an order_by",
    "MSSQL needs TOP",
    "Don't know how to join to",
    "Can't determine which FROM clause",
    "This SELECT structure does not use a simple integer value",
    "is not a valid extract argument",
    "Multiple, unrelated CTEs",
    "can't render element of type",
    "Backend does not support additional tables",
    "Statement is not a multi-table UPDATE",
    "Can't find any foreign key relationships",
    "does not support",
)


def _foreign_column(facet: str, ours: Any, theirs: Any) -> bool:
    words = ("Backend does not support additional tables", "Statement is not a multi-table UPDATE")
    return any(word in _error(ours) for word in words)


def _searched(facet: str, ours: Any, theirs: Any) -> bool:
    words = (
        "None of the FROM clause entities have a property",
        "is ambiguous; it exists in multiple FROM clause",
    )
    return any(word in error for word in words for error in (_error(ours), _error(theirs)))


def _without(pattern: re.Pattern[str], ours: Any, theirs: Any) -> bool:
    """Tell whether two texts are equal but for what a pattern finds."""
    a, b = _sent(ours), _sent(theirs)
    return a != b and pattern.sub("", a) == pattern.sub("", b)


def _sent(outcome: Any) -> str:
    return str(outcome.get("sent") or outcome) if isinstance(outcome, dict) else _text(outcome)


def _upsert_select(facet: str, ours: Any, theirs: Any) -> bool:
    a = _sent(ours)
    wrapped = "WHERE 1 = 1 ON CONFLICT" in a and "WHERE 1 = 1 ON CONFLICT" not in _sent(theirs)
    return wrapped or "ON CONFLICT" in a and _without(re.compile(r"\s*(?:\\n)?WHERE 1 = 1"), ours, theirs)


def _upsert_schema(facet: str, ours: Any, theirs: Any) -> bool:
    is_upsert = "ON CONFLICT" in _sent(ours) or "ON DUPLICATE" in _sent(ours)
    return is_upsert and _without(re.compile(r"(?:\w+|[`\"][^`\"]+[`\"]|__\[SCHEMA_\w+\])\."), ours, theirs)


def _upsert_literal(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = _text(ours), _text(theirs)
    is_upsert = "ON CONFLICT" in a or "ON DUPLICATE" in a
    return facet.startswith("text") and is_upsert and len(PLACE.findall(b)) != len(PLACE.findall(a))


PLACE = re.compile(r"%s|\?|__\[POSTCOMPILE")


def _collation(facet: str, ours: Any, theirs: Any) -> bool:
    return "is no name of a collation" in _error(ours)


def _negated(facet: str, ours: Any, theirs: Any) -> bool:
    return " IS " in _sent(ours) + _sent(theirs) and _without(re.compile(r"(?<=IS )NOT "), ours, theirs)


def _nearer_join(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival repeats a table that stands in a join already."""
    return "JOIN" in _sent(ours) and _without(
        re.compile(r", [^ ,]+(?: AS [^ ,]+)?(?= (?:LEFT|FULL|JOIN|INNER))"), ours, theirs
    )


def _values_twice(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = NUMBERED.sub("", str(ours)), NUMBERED.sub("", str(theirs))
    return a.count("VALUES (") > 1 and _text([a]).split("'}")[0][:200] == _text([b]).split("'}")[0][:200]


NUMBERED = re.compile(r"_\d+")


def _with_moved(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether WITH stands before another part of a set operation: the one that was given the CTE."""
    a, b = _sent(ours), _sent(theirs)
    return (
        "WITH" in a
        and bool(re.search("UNION|INTERSECT|EXCEPT", a))
        and sorted(WORDS.findall(a)) == sorted(WORDS.findall(b))
    )


WORDS = re.compile(r"[A-Za-z]\w*")


def _ordinality(facet: str, ours: Any, theirs: Any) -> bool:
    return "WITH ORDINALITY" in _text(ours) and (
        "Can't generate DDL for NullType" in _error(theirs)
        or _text(ours) == _text(theirs)
        or _text(ours).replace("INTEGER", "") == _text(theirs).replace("INTEGER", "")
    )


def _frames(facet: str, ours: Any, theirs: Any) -> bool:
    return "with frame type" in _error(ours)


def _power(facet: str, ours: Any, theirs: Any) -> bool:
    return "power(" in _text(ours) and len(PLACE.findall(_text(theirs))) + len(
        NAMED.findall(_text(theirs))
    ) > len(PLACE.findall(_text(ours))) + len(NAMED.findall(_text(ours)))


NAMED = re.compile(r"%\(\w+\)s|:\w+")


def _required(facet: str, ours: Any, theirs: Any) -> bool:
    return (
        facet.startswith("text")
        and "A value is required for bind parameter" in _error(theirs)
        and not _error(ours)
    )


def _json_null(facet: str, ours: Any, theirs: Any) -> bool:
    return "'null'" in _sent(ours) and _sent(ours).replace("'null'", "NULL") == _sent(theirs)


def _paged_unions(facet: str, ours: Any, theirs: Any) -> bool:
    return "This SELECT structure does not use a simple integer value" in _error(theirs)


def _bytes(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = (
        str(each.get("sent") or each) if isinstance(each, dict) else _text(each) for each in (ours, theirs)
    )
    return BYTES.sub("", a) == BYTES.sub("", b) or "contains a null character" in _error(theirs)


BYTES = re.compile(r"X'[0-9A-F]*'|0x[0-9A-Fa-f]*|'[^']*'::BYTEA|'(?:[^']|'')*'")


def _bind_names(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only parameters are named otherwise: their names have characters of words only."""
    return facet.startswith("text") and ODD.sub("_", str(ours)) == ODD.sub("_", str(theirs))


ODD = re.compile(r"[\W_]+")


def _empty_array(facet: str, ours: Any, theirs: Any) -> bool:
    return CAST.sub("", _text(ours)) == CAST.sub("", _text(theirs))


CAST = re.compile(r"(?<=ARRAY\[\])::[A-Z]+(?:\(\d+\))?(?:\[\])+")


def _unlimited(facet: str, ours: Any, theirs: Any) -> bool:
    return facet == "text sqlite" and _text(ours) == _text(theirs).replace(
        "LIMIT ? OFFSET", "LIMIT -1 OFFSET"
    )


EXPLAINED = [
    Explained("two faults", "a statement with two faults is refused for the other one", _both_refuse),
    Explained(
        "foreign column",
        "SET refuses columns of other tables; SQLAlchemy sets the column of that name",
        _foreign_column,
    ),
    Explained(
        "searched", "filter_by() searches the tables of a join, and names all that it searched", _searched
    ),
    Explained("upsert of a select", "SQLite needs a WHERE between SELECT and ON CONFLICT", _upsert_select),
    Explained("upsert schema", "tables in the SET of an upsert keep their schema", _upsert_schema),
    Explained(
        "upsert literal", "the SET of an upsert has its values in the text, if all else has", _upsert_literal
    ),
    Explained(
        "nearer join",
        "join_from() finds its left side within a join; SQLAlchemy puts the table beside it",
        _nearer_join,
    ),
    Explained("values twice", "VALUES rendered twice has its parameters once", _values_twice),
    Explained("WITH moved", "a CTE that nests stands before the part that was given it", _with_moved),
    Explained("ordinality", "the column that numbers the rows of a function is a number", _ordinality),
    Explained("frames", "a frame of PRECEDING or FOLLOWING has a number", _frames),
    Explained("power", "the arguments of power() are in the text, if all else is", _power),
    Explained("required", "values that are missing are no error for the text", _required),
    Explained("collation", "what cannot be the name of a collation is refused", _collation),
    Explained("negated IS", "NOT of x IS y is x IS NOT y; SQLAlchemy drops the NOT", _negated),
    Explained("JSON null", "None of a JSON type is written as it is sent: 'null'", _json_null),
    Explained("paged unions", "SQL Server: paging of a subquery's UNION is not looked at", _paged_unions),
    Explained("bytes", "bytes in the text are written as the database reads them", _bytes),
    Explained("bind names", "names of parameters have no other characters than words", _bind_names),
    Explained("empty array", "an empty array in the text has its type", _empty_array),
    Explained("unlimited", "LIMIT -1 is written into the text", _unlimited),
    Explained("stumbles", "SQLAlchemy ends with an AttributeError, AssertionError or the like", _stumbles),
    Explained("literals", "values of more types can be written into the text", _literal),
    Explained("widths", "set operations within set operations must have as many columns too", _widths),
    Explained("double", "a precision without a scale is no error for a bound value on MySQL", _double),
    Explained(
        "constraint",
        "SQLite cannot name a constraint in ON CONFLICT; SQLAlchemy leaves the target out",
        _constraint,
    ),
    Explained("floor", "FLOOR of NULL is NULL on SQLite", _floor),
    Explained(
        "exclusive or",
        "SQLAlchemy's replacement on SQLite lacks parentheses and gives wrong numbers",
        _exclusive_or,
    ),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
