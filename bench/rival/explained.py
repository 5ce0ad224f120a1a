"""
Differences that are there on purpose; docs/design/0003-rival-comparison.md lists them for readers.

Each is known by what it may change and by nothing else being different: a test that says
yes too often would hide what this tool is to find.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.rival.outcome import PYTHON_ERROR

Test = Callable[[str, Any, Any], bool]


@dataclass(frozen=True)
class Explained:
    """A difference that is meant: how to know it, and why it is there."""

    name: str
    reason: str
    is_it: Test


def _error(outcome: Any) -> str:
    """Return the error of a facet, or nothing."""
    if isinstance(outcome, dict):
        outcome = outcome.get("error")
    return outcome if isinstance(outcome, str) else ""


def _text(outcome: Any) -> str:
    """Return the SQL of a facet: compiled, or as it was sent."""
    if isinstance(outcome, dict):
        return str(outcome.get("error") or "\n".join(outcome.get("sent", ())))
    return str(outcome[0] if isinstance(outcome, list) and outcome else outcome)


def _ours_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in _error(ours) for word in words)


def _theirs_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in _error(theirs) for word in words)


def _either(*tests: Test) -> Test:
    return lambda facet, ours, theirs: any(test(facet, ours, theirs) for test in tests)


def _equal_without(pattern: str, where: str = "", in_place: str = "") -> Test:
    """Return a test whether texts are equal but for what a pattern finds, in statements that hold *where*."""
    left_out, needed = re.compile(pattern), re.compile(where)

    def is_it(facet: str, ours: Any, theirs: Any) -> bool:
        a, b = _text(ours), _text(theirs)
        return bool(needed.search(a)) and left_out.sub(in_place, a) == left_out.sub(in_place, b)

    return is_it


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
    "A value is required for start with frame",
    "Cannot specify a value for end with frame",
)


def _both_refuse(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a statement with two faults is refused for another one of them."""
    a, b = (next((fault for fault in FAULTS if fault in _error(each)), None) for each in (ours, theirs))
    return a is not None and b is not None and a != b


BYTES = re.compile(r"X'([0-9A-Fa-f]*)'|'\\+x([0-9A-Fa-f]*)'::BYTEA|\b0x([0-9A-Fa-f]+)\b")


def _bytes(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether texts are equal if bytes were written as characters."""
    if "contains a null character" in _error(theirs):
        return True

    def characters(found: re.Match[str]) -> str:
        value = bytes.fromhex(found[1] or found[2] or found[3] or "").decode("latin-1")
        return "'" + value.replace("'", "''") + "'"

    a = _text(ours)
    return bool(BYTES.search(a)) and BYTES.sub(characters, a) == _text(theirs)


def _bind_names(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether outcomes are equal if parameters had names of words only."""
    return facet.startswith("text") and _plain_names(ours) == _plain_names(theirs)


def _plain_names(outcome: Any) -> Any:
    if isinstance(outcome, str):
        return STRING_NAME.sub(lambda found: re.sub(r"\W", "_", found[0]), outcome)
    if not isinstance(outcome, list) or not isinstance(outcome[1], dict):
        return outcome
    text, params, positions, columns = outcome
    plain = {name: re.sub(r"\W", "_", name) for name in sorted(params, key=len, reverse=True)}
    for name, new in plain.items():
        text = text.replace(name, new)
    renamed = {plain[name]: value for name, value in params.items()}
    return [text, renamed, positions and [plain[name] for name in positions], columns]


STRING_NAME = re.compile(r"(?<!:):(?:'\w*'|\d+ . \d+|[\w.]+)_\d+")


def _exclusive_or(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = _text(ours), _text(theirs)
    bare = str.maketrans("", "", "()")
    return bool(re.search(r"\|.* - .*&", a, re.S)) and a.translate(bare) == b.translate(bare)


def _in_upsert(pattern: str) -> Test:
    """Return a test whether texts are equal up to ON CONFLICT and, without a pattern, behind it."""
    left_out = re.compile(pattern)

    def is_it(facet: str, ours: Any, theirs: Any) -> bool:
        a, b = (
            re.split(r" (?=ON (?:CONFLICT|DUPLICATE))", _text(each), maxsplit=1) for each in (ours, theirs)
        )
        return len(a) == len(b) == 2 and a[0] == b[0] and left_out.sub("", a[1]) == left_out.sub("", b[1])

    return is_it


def _upsert_literal(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = (re.split(r" (?=ON (?:CONFLICT|DUPLICATE))", _text(each), maxsplit=1) for each in (ours, theirs))
    if len(a) != 2 or len(b) != 2 or a[0] != b[0]:
        return False
    return len(PLACE.findall(a[1])) != len(PLACE.findall(b[1]))


PLACE = re.compile(r"%s|\?|__\[POSTCOMPILE_\w+\]|%\(\w+\)s|(?<!:):\w+")


def _upsert_select(facet: str, ours: Any, theirs: Any) -> bool:
    return facet.startswith(("text", "run")) and "WHERE 1 = 1 ON CONFLICT" in _text(ours)


def _power(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = _text(ours), _text(theirs)
    return "power(" in a and len(PLACE.findall(b)) > len(PLACE.findall(a))


def _with_moved(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether WITH stands before another part of a set operation."""
    a, b = _text(ours), _text(theirs)
    return "WITH" in a and "(WITH" in b and sorted(WORD.findall(a)) == sorted(WORD.findall(b))


WORD = re.compile(r"[A-Za-z]\w*")


def _called(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only rows differ, and the rival sent NULL for what a function gives."""
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return False
    return facet == "run" and "NULL" in str(theirs.get("sent")) and "None" in str(theirs.get("rows"))


def _implicit_keys(facet: str, ours: Any, theirs: Any) -> bool:
    return facet == "run" and isinstance(theirs, dict) and theirs.get("rows") == [] and "rowcount" in ours


def _params(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only values of named parameters differ, those that `params()` in the grammar gives."""
    if not (facet.startswith("text") and isinstance(ours, list) and isinstance(theirs, list)):
        return False
    if not isinstance(ours[1], dict) or not isinstance(theirs[1], dict) or ours[0] != theirs[0]:
        return False
    a, b = ({**each[1], "nm": None, "low": None} for each in (ours, theirs))
    return a == b


def _required(facet: str, ours: Any, theirs: Any) -> bool:
    says = "A value is required for bind parameter" in _error(theirs)
    return says and facet.startswith("text") and not _error(ours)


EXPLAINED = [
    Explained(
        "stumbles", "SQLAlchemy ends with an AttributeError, AssertionError ...", _theirs_says(PYTHON_ERROR)
    ),
    Explained("two faults", "a statement with two faults is refused for the other one", _both_refuse),
    Explained(
        "literals",
        "values of more types can be written into the text",
        _theirs_says("No literal value renderer is available", "Could not render literal value"),
    ),
    Explained("bytes", "bytes in the text are written as the database reads them", _bytes),
    Explained(
        "array literals",
        "arrays in the text have their type",
        _equal_without(r"(?<=\])::[A-Z ]+(?:\(\d+\))?(?:\[\])+", "ARRAY"),
    ),
    Explained(
        "JSON null",
        "None of a JSON type is written as it is sent",
        _equal_without(r"'null'(?:::JSONB?)?|NULL", "'null'", "NULL"),
    ),
    Explained(
        "arrays elsewhere",
        "an empty array needs its type, which only PostgreSQL can be told",
        lambda facet, ours, theirs: (
            "Could not render literal value" in _error(ours)
            and "ARRAY" in _error(ours)
            and facet != "text postgresql"
        ),
    ),
    Explained(
        "extract",
        "what SQLite cannot extract is refused; SQLAlchemy's text gives 0",
        _ours_says("is not a valid extract argument"),
    ),
    Explained("user", "USER() is a function on MySQL", _equal_without(r"USER\(\)|USER", r"USER\(\)", "USER")),
    Explained(
        "one other element",
        "a condition that names no table joins to the only other element",
        lambda facet, ours, theirs: (
            "Can't determine which FROM clause to join from" in _error(theirs) and not _error(ours)
        ),
    ),
    Explained(
        "unlimited",
        "LIMIT -1 is written into the text",
        _equal_without(r"LIMIT (?:-1|\?) OFFSET", "LIMIT -1"),
    ),
    Explained("power", "the arguments of power() are in the text, if all else is", _power),
    Explained("upsert literal", "so is the SET of an upsert", _upsert_literal),
    Explained("bind names", "names of parameters have only characters of words", _bind_names),
    Explained(
        "widths",
        "set operations within set operations must have as many columns too",
        _ours_says("All selectables passed to CompoundSelect"),
    ),
    Explained(
        "nearer join",
        "join_from() finds its left side within a join; SQLAlchemy puts the table beside it",
        _equal_without(r", [^ ,]+(?: AS [^ ,]+)?(?= (?:LEFT|FULL|JOIN|INNER))", "JOIN"),
    ),
    Explained(
        "foreign column",
        "SET refuses columns of other tables; SQLAlchemy sets the column of that name",
        _ours_says("Backend does not support additional tables", "Statement is not a multi-table UPDATE"),
    ),
    Explained(
        "negated IS",
        "NOT of x IS y is x IS NOT y; SQLAlchemy drops the NOT",
        _equal_without("(?<=IS )NOT ", " IS "),
    ),
    Explained("exclusive or", "on SQLite, with parentheses that the numbers need", _exclusive_or),
    Explained(
        "searched",
        "filter_by() searches the tables of a join, and names all that it searched",
        _either(
            _ours_says("None of the FROM clause entities", "it exists in multiple FROM clause"),
            _theirs_says("None of the FROM clause entities", "it exists in multiple FROM clause"),
        ),
    ),
    Explained(
        "constraint",
        "SQLite cannot name a constraint in ON CONFLICT; SQLAlchemy leaves the target out",
        _ours_says("SQLite has no ON CONFLICT ON CONSTRAINT"),
    ),
    Explained("upsert of a select", "SQLite needs a WHERE between SELECT and ON CONFLICT", _upsert_select),
    Explained(
        "upsert schema",
        "tables in an upsert keep their names and schemas",
        _in_upsert(r"(?:\w+|[`\"][^`\"]+[`\"]|__\[SCHEMA_\w+\])\."),
    ),
    Explained("WITH moved", "a CTE that nests stands before the part that was given it", _with_moved),
    Explained(
        "values twice",
        "VALUES rendered twice has its parameters once",
        _equal_without(r"_\d+", r"(?s)VALUES \(.*VALUES \("),
    ),
    Explained(
        "ordinality",
        "the column that numbers the rows of a function is a number",
        _either(
            _theirs_says("Can't generate DDL for NullType"),
            _equal_without(" INTEGER| NULL", "WITH ORDINALITY"),
        ),
    ),
    Explained(
        "array index",
        "a parameter with a cast is in parentheses before its index",
        _equal_without(r"\((%\(\w+\)s::[A-Z]+(?:\[\])+)\)", r"\[\]\)\[", r"\1"),
    ),
    Explained("percent", "names are escaped once", _equal_without("%%%%", "ON DUPLICATE", "%%")),
    Explained(
        "empty IN",
        "an empty list has no function around it",
        _equal_without(r"lower\(NULL\)|[()]|NULL", "1 != 1"),
    ),
    Explained("called", "a parameter whose value a function gives has it from the cache too", _called),
    Explained("implicit keys", "keys that are fetched without being asked for are no result", _implicit_keys),
    Explained("params", "params() gives values to its statement only, not to those around it", _params),
    Explained("frames", "a frame of PRECEDING or FOLLOWING has a number", _ours_says("with frame type")),
    Explained("required", "values that are missing are no error for the text", _required),
    Explained(
        "collation",
        "what cannot be the name of a collation is refused",
        _ours_says("is no name of a collation"),
    ),
    Explained(
        "floor", "FLOOR of NULL is NULL on SQLite", _theirs_says("user-defined function raised exception")
    ),
    Explained(
        "paged unions",
        "SQL Server: paging of a subquery's UNION is not looked at",
        _theirs_says("This SELECT structure does not use a simple integer value"),
    ),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
