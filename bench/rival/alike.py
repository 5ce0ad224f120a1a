"""
Tests whether two outcomes are equal but for what is meant to differ.

Each takes the facet, what relvar gave, and what SQLAlchemy gave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

Test = Callable[[str, Any, Any], bool]


def error(outcome: Any) -> str:
    """Return the error of a facet, or nothing."""
    if isinstance(outcome, dict):
        outcome = outcome.get("error")
    return outcome if isinstance(outcome, str) else ""


def text(outcome: Any) -> str:
    """Return the SQL of a facet: compiled, as it was sent, or as an error of the driver quotes it."""
    if isinstance(outcome, dict):
        error = outcome.get("error")
        if error is None:
            return "\n".join(outcome.get("sent", ()))
        kind, _, quoted = error.partition("\n[SQL: ")
        # What the driver says depends on the word it stumbled over.
        return f"{kind.partition(':')[0]} {quoted}" if quoted else str(error)
    return str(outcome[0] if isinstance(outcome, list) and outcome else outcome)


def ours_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in error(ours) for word in words)


def theirs_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in error(theirs) for word in words)


def either(*tests: Test) -> Test:
    return lambda facet, ours, theirs: any(test(facet, ours, theirs) for test in tests)


@dataclass(frozen=True)
class Rewrite:
    """Texts are equal but for what a pattern finds, in statements that hold *where*."""

    pattern: re.Pattern[str]
    where: re.Pattern[str]
    in_place: str | Callable[[re.Match[str]], str]

    def __call__(self, facet: str, ours: Any, theirs: Any) -> bool:
        a, b = text(ours), text(theirs)
        return a != b and self.changes(a, b) and self.of(a) == self.of(b)

    def changes(self, ours: str, theirs: str) -> bool:
        """Tell whether the difference may be in these texts."""
        return bool(self.where.search(ours))

    def of(self, text: str) -> str:
        """Return a text without what differs."""
        return self.pattern.sub(self.in_place, text)


def equal_without(pattern: str, where: str = "", in_place: str = "") -> Rewrite:
    return Rewrite(re.compile(pattern), re.compile(where), in_place)


NAME = r"(?:\w+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
PARENTHESES = r"\((?:[^()]|\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\))*\)"
# By what is at fault: two of one line would be a difference.
FAULTS = (
    ("Don't know how to join to", "Can't determine which FROM clause", "Can't find any foreign key relation"),
    ("Can't resolve label reference",),
    (
        "MSSQL requires an order_by",
        "MSSQL needs TOP",
        "This SELECT structure does not use a simple",
        "ROW_NUMBER()",
    ),
    ("is not a valid extract argument", "can't render element of type", "does not support"),
    ("Multiple, unrelated CTEs",),
    ("Unrecognized hint",),
    ("includes returning() and return_defaults() simultaneously",),
    ("Backend does not support additional tables", "Statement is not a multi-table UPDATE"),
    ("A value is required for start with frame", "Cannot specify a value for end with frame"),
    ("No literal value renderer is available",),
    ("None of the FROM clause entities have",),
    ("Label name",),
    ("A value is required for bind parameter",),
)


def both_refuse(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a statement with two faults is refused for another one of them."""
    a, b = (
        next((i for i, line in enumerate(FAULTS) if any(fault in error(each) for fault in line)), None)
        for each in (ours, theirs)
    )
    return a is not None and b is not None and a != b


BYTES = re.compile(r"X'([0-9A-Fa-f]*)'|'\\+x([0-9A-Fa-f]*)'::BYTEA|\b0x([0-9A-Fa-f]+)\b")


def characters(found: re.Match[str]) -> str:
    """Return how bytes are written as characters."""
    value = bytes.fromhex(found[1] or found[2] or found[3] or "").decode("latin-1")
    return "'" + value.replace("'", "''") + "'"


def bind_names(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether outcomes are equal if parameters had names of words only."""
    return facet.startswith("text") and plain_names(ours) == plain_names(theirs)


def plain_names(outcome: Any) -> Any:
    if isinstance(outcome, str):
        return STRING_NAME.sub(lambda found: re.sub(r"\W", "_", found[0]), outcome)
    if not isinstance(outcome, list) or not isinstance(outcome[1], dict):
        return outcome
    text, params, positions, columns = outcome
    plain = {name: re.sub(r"\W", "_", name) for name in sorted(params, key=len, reverse=True)}
    for name, new in plain.items():
        text = text.replace(name, new)
    renamed = {plain[name]: value for name, value in params.items()}
    return [text, renamed, positions and [plain.get(name, name) for name in positions], columns]


STRING_NAME = re.compile(r"(?<!:):(?:'\w*'|\d+ . \d+|[\w.]+)_\d+")


def in_upsert(pattern: str) -> Test:
    """Return a test whether texts are equal up to ON CONFLICT and, without a pattern, behind it."""
    left_out = re.compile(pattern)

    def is_it(facet: str, ours: Any, theirs: Any) -> bool:
        a, b = (
            re.split(r" (?=ON (?:CONFLICT|DUPLICATE))", text(each), maxsplit=1) for each in (ours, theirs)
        )
        return len(a) == len(b) == 2 and a[0] == b[0] and left_out.sub("", a[1]) == left_out.sub("", b[1])

    return is_it


def _places(sql: str) -> int:
    """Return how many parameters a text has."""
    return len(PLACE.findall(re.sub(r"'(?:[^']|'')*'", "''", sql)))


def upsert_literal(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = (re.split(r" (?=ON (?:CONFLICT|DUPLICATE))", text(each), maxsplit=1) for each in (ours, theirs))
    if "literal value" in error(ours):
        return facet.startswith("text") and len(b) == 2
    if len(a) != 2 or len(b) != 2 or a[0] != b[0]:
        return False
    return _places(a[1]) < _places(b[1])


PLACE = re.compile(r"%s|\?|__\[POSTCOMPILE_\w+\]|%\(\w+\)s|(?<!:):(?:\w+|\"[^\"]+\")")


upsert_schema = in_upsert(r"(?:\w+|[`\"][^`\"]+[`\"]|__\[SCHEMA_\w+\])\.")


def power(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = text(ours), text(theirs)
    return "power(" in a.lower() and len(PLACE.findall(b)) > len(PLACE.findall(a))


def match(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only the rival has parameters in text that should have none."""
    a, b = text(ours), text(theirs)
    if "literal value" in error(ours):
        return "DECODE(" in b
    return bool(re.search(r"MATCH|plainto_tsquery\(|CONTAINS \(|DECODE\(", a)) and _places(b) > _places(a)


def only_sent(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether an INSERT does the same in another number of statements."""
    if facet != "run" or not text(ours).removeprefix("OperationalError ").startswith("INSERT"):
        return False
    if error(ours):
        return MORE_ROWS.sub("", error(ours)) == MORE_ROWS.sub("", error(theirs))
    a, b = ({key: value for key, value in each.items() if key != "sent"} for each in (ours, theirs))
    return a == b


MORE_ROWS = re.compile(r"(?<=\)), \((?:\?, )*\?\)|\[parameters: .*")


def minus(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival's text has a comment for a minus."""
    return bool(re.search(r"- -\d", text(ours))) and bool(re.search(r"--\d", text(theirs)))


def characters_of(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival has lists of characters for strings."""
    if facet == "run" and error(ours) != error(theirs):
        return error(ours) == CHARACTERS.sub(lambda found: f"'{found[1][1:-1:5]}'", error(theirs))
    if facet != "run" or "rows" not in ours or ours.get("sent") != theirs.get("sent"):
        return False
    a, b = (re.sub(r"[\[\]', \"]", "", str(each.get("rows"))) for each in (ours, theirs))
    return a == b


CHARACTERS = re.compile(r"\[('[^'\\]'(?:, '[^'\\]')*)\]")


def with_moved(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether WITH stands before another part of a set operation."""
    a, b = text(ours), text(theirs)
    return a != b and "WITH" in a and "(WITH" in b and sorted(WORD.findall(a)) == sorted(WORD.findall(b))


WORD = re.compile(r"(?!WITH\b)\b[A-Za-z]\w*")


def called(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only rows differ, and the rival sent NULL for what a function gives."""
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return False
    return facet == "run" and "NULL" in str(theirs.get("sent")) and "None" in str(theirs.get("rows"))


def implicit_keys(facet: str, ours: Any, theirs: Any) -> bool:
    if facet != "run" or not isinstance(theirs, dict) or theirs.get("rows") != [] or "rowcount" not in ours:
        return False
    rest = ("after", "sent", "error")
    same = [ours.get(name) for name in rest] == [theirs.get(name) for name in rest]
    return same and text(ours).startswith(("INSERT", "UPDATE"))


def searched(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a name is found in a table of a join only, or errors differ in how they call places."""
    nowhere, several = "None of the FROM clause entities have", "it exists in multiple FROM clause"
    a, b = error(ours), error(theirs)
    if PLACES.sub("", a) == PLACES.sub("", b):
        return nowhere in b or several in b
    if facet == "build" and b.startswith("CompileError: Can't resolve label reference"):
        return True
    if facet == "build" and nowhere in a:
        return b.startswith(
            ("CompileError", "InvalidRequestError: Don't know how to join")
        )  # a place that cannot be rendered, so not named
    return nowhere in b and (several in a or not a or "[SQL: " in a or facet == "build")


PLACES = re.compile(r"(?s)(?<=FROM clause entities )\(.*\)|(?<=Searched entities: ).*")


def late(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a join that cannot be made is found out by one library, though it is not needed."""
    faults = ("Don't know how to join to", "Can't determine which FROM clause")
    said = error(ours) or error(theirs)
    return facet == "build" and None in (ours, theirs) and any(fault in said for fault in faults)


def both_compiled(facet: str, ours: Any, theirs: Any) -> bool:
    return facet.startswith("text") and isinstance(ours, list) and isinstance(theirs, list)


WRAPPED = re.compile(r"(?s)FROM \(.*(?:UNION|INTERSECT|EXCEPT).*\) AS \w+ \nWHERE 1 = 1 ON CONFLICT")


def wrapped_alone(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only our SELECT before ON CONFLICT is within another one."""
    a, unwrapped = WRAPPED_ALONE.subn(r"\1", text(ours))
    return bool(unwrapped) and LABELS.sub("", a) == LABELS.sub("", text(theirs))


WRAPPED_ALONE = re.compile(r"(?s)SELECT [^()]* \nFROM \((.*)\) AS \w+ \nWHERE 1 = 1(?= ON CONFLICT)")
LABELS = re.compile(r"(?<=\banon_)\d+\b| AS \w+(?=, | \n)")


def expanded(facet: str, ours: Any, theirs: Any) -> bool:
    if not both_compiled(facet, ours, theirs) or ours[0] != theirs[0]:
        return False
    return str(theirs[1]).startswith("InvalidRequestError: can't construct new parameters")


def values_twice(facet: str, ours: Any, theirs: Any) -> bool:
    if not both_compiled(facet, ours, theirs) or text(ours).count("VALUES (") < 2:
        return False
    if not isinstance(ours[1], dict) or not isinstance(theirs[1], dict) or ours[0] != theirs[0]:
        return False
    return set(ours[1].values()) == set(theirs[1].values()) and len(ours[1]) < len(theirs[1])


def floor(facet: str, ours: Any, theirs: Any) -> bool:
    if facet != "run" or "FLOOR(" not in text(ours):
        return False
    a, b = ({**each, "rows": re.sub(r"\.0\b", "", str(each.get("rows")))} for each in (ours, theirs))
    return a == b


def zone(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only types of columns differ, by their time zone."""
    if not both_compiled(facet, ours, theirs):
        return False
    a, b = plain_names(ours), plain_names(theirs)
    return bool(a[:3] == b[:3] and str(a[3]).replace("timezone=True", "") == str(b[3]))


def row_label(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival's name of a column or table is made of an address."""
    return bool(re.search(r"_[0-9a-f]{20}_anon_s_\d|%%?\((?:[0-9a-f]{20}|\d{10,}) \w+\)s", str(theirs)))


def params(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only values of named parameters differ, those that `params()` in the grammar gives."""
    if not (facet.startswith("text") and isinstance(ours, list) and isinstance(theirs, list)):
        return False
    if not isinstance(ours[1], dict) or not isinstance(theirs[1], dict) or ours[0] != theirs[0]:
        return False
    a, b = ({**each[1], "nm": None, "low": None} for each in (ours, theirs))
    return a == b


def required(facet: str, ours: Any, theirs: Any) -> bool:
    says = "A value is required for bind parameter" in error(theirs)
    return says and facet.startswith("text") and not error(ours)


def ctes_of_one_name(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival's text has two CTEs of the name that is refused."""
    refused = re.search(r"Multiple, unrelated CTEs found with the same name: '(.*)'", error(ours))
    return refused is not None and CTE_NAME.findall(text(theirs)).count(refused[1]) > 1


CTE_NAME = re.compile(
    r"(?:WITH (?:RECURSIVE )?|, \n)[\"`\[]?([^\"`\]\n(]+?)[\"`\]]?(?:\([^()]*\))? AS [A-Z ]*\n\("
)


def keys_of_ctes(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival's CTEs set columns of the statement's keys too, which have no values there."""
    if not both_compiled(facet, ours, theirs) or "REQUIRED" not in str(theirs[1]):
        return False
    a, b = (CTE_SET.split(re.sub(r"_\d+", "", each[0])) for each in (ours, theirs))
    more = [
        set((x or "").split(", ")) <= set((y or "").split(", "))
        for i, (x, y) in enumerate(zip(a, b, strict=False))
        if i % 4
    ]
    return a[::4] == b[::4] and a != b and all(more)


CTE_SET = re.compile(
    r"(?<=\(UPDATE users SET )(.*?)(?=\)\n| RETURNING| \nWHERE)"
    r"|(?<=\(INSERT INTO users \()(.*?)(?=\) (?:VALUES|OUTPUT))|(?<= VALUES \()(.*?)(?=\)(?:\)\n| RETURNING))"
)


def reduced(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival leaves out columns that the statement says are equal to something."""
    a, b = (SELECTED.match(text(each)) for each in (ours, theirs))
    if a is None or b is None or a[2] != b[2]:
        return False
    left = iter(a[1].split(", "))
    gone = [column for kept in [*filter(None, b[1].split(", ")), None] for column in _before(left, kept)]
    if not gone or None in gone:
        return False
    return all(re.search(rf"{re.escape(str(each))} = |= {re.escape(str(each))}(?!\w)", a[2]) for each in gone)


def _before(columns: Iterator[str], stop: str | None) -> Iterator[str | None]:
    """Yield columns up to *stop*; None if that does not come."""
    for each in columns:
        if each == stop:
            return
        yield each
    if stop is not None:
        yield None


SELECTED = re.compile(r"(?s)SELECT (.*?) ?(\nFROM .*)")


def derived_left(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival joins to an alias of what is joined to here, and puts this beside it."""
    a, b = text(ours), text(theirs)
    return any(
        _joined_to_another(a[start.end() :], b[start.end() :])
        for start in re.finditer(r"\nFROM ", a)
        if b.startswith(a[: start.end()])
    )


def _joined_to_another(ours: str, theirs: str) -> bool:
    """Tell whether one text has ``left JOIN ...`` and the other ``alias JOIN ..., left``."""
    for here, there in product(JOIN.finditer(ours), JOIN.finditer(theirs)):
        left, other = ours[: here.start()], theirs[: there.start()]
        for beside in re.finditer(re.escape(f", {left}"), theirs):
            joins, rest = theirs[len(other) : beside.start()], theirs[beside.end() :]
            if f"JOIN {other} ON" in joins and ours == left + joins + rest:
                return True
    return False


JOIN = re.compile(r" (?:(?:LEFT|FULL) OUTER |INNER )?JOIN ")
