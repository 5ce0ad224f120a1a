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
    """Return the SQL of a facet: compiled, as it was sent, or as an error of the driver quotes it."""
    if isinstance(outcome, dict):
        error = outcome.get("error")
        if error is None:
            return "\n".join(outcome.get("sent", ()))
        kind, _, quoted = error.partition("\n[SQL: ")
        # What the driver says depends on the word it stumbled over.
        return f"{kind.partition(':')[0]} {quoted}" if quoted else str(error)
    return str(outcome[0] if isinstance(outcome, list) and outcome else outcome)


def _ours_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in _error(ours) for word in words)


def _theirs_says(*words: str) -> Test:
    return lambda facet, ours, theirs: any(word in _error(theirs) for word in words)


def _either(*tests: Test) -> Test:
    return lambda facet, ours, theirs: any(test(facet, ours, theirs) for test in tests)


@dataclass(frozen=True)
class Rewrite:
    """Texts are equal but for what a pattern finds, in statements that hold *where*."""

    pattern: re.Pattern[str]
    where: re.Pattern[str]
    in_place: str | Callable[[re.Match[str]], str]

    def __call__(self, facet: str, ours: Any, theirs: Any) -> bool:
        a, b = _text(ours), _text(theirs)
        return a != b and self.changes(a, b) and self.of(a) == self.of(b)

    def changes(self, ours: str, theirs: str) -> bool:
        """Tell whether the difference may be in these texts."""
        return bool(self.where.search(ours))

    def of(self, text: str) -> str:
        """Return a text without what differs."""
        return self.pattern.sub(self.in_place, text)


def _equal_without(pattern: str, where: str = "", in_place: str = "") -> Rewrite:
    return Rewrite(re.compile(pattern), re.compile(where), in_place)


def _several(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether texts are equal but for what several of the rewrites find."""
    a, b = _text(ours), _text(theirs)
    if a == b:
        return False
    for each in EXPLAINED:
        if isinstance(each.is_it, Rewrite) and each.is_it.changes(a, b):
            a, b = each.is_it.of(a), each.is_it.of(b)
    return a == b or _upsert_literal(facet, a, b)


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
    ("Backend does not support additional tables", "Statement is not a multi-table UPDATE"),
    ("A value is required for start with frame", "Cannot specify a value for end with frame"),
)


def _both_refuse(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a statement with two faults is refused for another one of them."""
    a, b = (
        next((i for i, line in enumerate(FAULTS) if any(fault in _error(each) for fault in line)), None)
        for each in (ours, theirs)
    )
    return a is not None and b is not None and a != b


BYTES = re.compile(r"X'([0-9A-Fa-f]*)'|'\\+x([0-9A-Fa-f]*)'::BYTEA|\b0x([0-9A-Fa-f]+)\b")


def _characters(found: re.Match[str]) -> str:
    """Return how bytes are written as characters."""
    value = bytes.fromhex(found[1] or found[2] or found[3] or "").decode("latin-1")
    return "'" + value.replace("'", "''") + "'"


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
    if "literal value" in _error(ours):
        return facet.startswith("text") and len(b) == 2
    if len(a) != 2 or len(b) != 2 or a[0] != b[0]:
        return False
    return len(PLACE.findall(a[1])) != len(PLACE.findall(b[1]))


PLACE = re.compile(r"%s|\?|__\[POSTCOMPILE_\w+\]|%\(\w+\)s|(?<!:):\w+")


def _power(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = _text(ours), _text(theirs)
    return "power(" in a.lower() and len(PLACE.findall(b)) > len(PLACE.findall(a))


def _match(facet: str, ours: Any, theirs: Any) -> bool:
    a, b = _text(ours), _text(theirs)
    return bool(re.search(r"MATCH|plainto_tsquery\(|CONTAINS \(", a)) and len(PLACE.findall(b)) > len(
        PLACE.findall(a)
    )


def _with_moved(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether WITH stands before another part of a set operation."""
    a, b = _text(ours), _text(theirs)
    return a != b and "WITH" in a and "(WITH" in b and sorted(WORD.findall(a)) == sorted(WORD.findall(b))


WORD = re.compile(r"(?!WITH\b)\b[A-Za-z]\w*")


def _called(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only rows differ, and the rival sent NULL for what a function gives."""
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return False
    return facet == "run" and "NULL" in str(theirs.get("sent")) and "None" in str(theirs.get("rows"))


def _implicit_keys(facet: str, ours: Any, theirs: Any) -> bool:
    if facet != "run" or not isinstance(theirs, dict) or theirs.get("rows") != [] or "rowcount" not in ours:
        return False
    rest = ("after", "sent", "error")
    same = [ours.get(name) for name in rest] == [theirs.get(name) for name in rest]
    return same and _text(ours).startswith(("INSERT", "UPDATE"))


def _searched(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a name is found in a table of a join only, or errors differ in how they call places."""
    nowhere, several = "None of the FROM clause entities have", "it exists in multiple FROM clause"
    a, b = _error(ours), _error(theirs)
    if PLACES.sub("", a) == PLACES.sub("", b):
        return nowhere in b or several in b
    if facet == "build" and nowhere in a:
        return b.startswith(
            ("CompileError", "InvalidRequestError: Don't know how to join")
        )  # a place that cannot be rendered, so not named
    return nowhere in b and (several in a or not a or "[SQL: " in a)


PLACES = re.compile(r"(?s)(?<=FROM clause entities )\(.*\)|(?<=Searched entities: ).*")


def _late(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a join that cannot be made is found out by one library, though it is not needed."""
    faults = ("Don't know how to join to", "Can't determine which FROM clause")
    said = _error(ours) or _error(theirs)
    return facet == "build" and None in (ours, theirs) and any(fault in said for fault in faults)


def _both_compiled(facet: str, ours: Any, theirs: Any) -> bool:
    return facet.startswith("text") and isinstance(ours, list) and isinstance(theirs, list)


WRAPPED = re.compile(r"(?s)FROM \(.*(?:UNION|INTERSECT|EXCEPT).*\) AS \w+ \nWHERE 1 = 1 ON CONFLICT")


def _expanded(facet: str, ours: Any, theirs: Any) -> bool:
    if not _both_compiled(facet, ours, theirs) or ours[0] != theirs[0]:
        return False
    return str(theirs[1]).startswith("InvalidRequestError: can't construct new parameters")


def _values_twice(facet: str, ours: Any, theirs: Any) -> bool:
    if not _both_compiled(facet, ours, theirs) or _text(ours).count("VALUES (") < 2:
        return False
    if not isinstance(ours[1], dict) or not isinstance(theirs[1], dict) or ours[0] != theirs[0]:
        return False
    return set(ours[1].values()) == set(theirs[1].values()) and len(ours[1]) < len(theirs[1])


def _floor(facet: str, ours: Any, theirs: Any) -> bool:
    if facet != "run" or "FLOOR(" not in _text(ours):
        return False
    a, b = ({**each, "rows": re.sub(r"\.0\b", "", str(each.get("rows")))} for each in (ours, theirs))
    return a == b


def _zone(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether only types of columns differ, by their time zone."""
    if not _both_compiled(facet, ours, theirs) or ours[:3] != theirs[:3]:
        return False
    return str(ours[3]).replace("timezone=True", "") == str(theirs[3])


def _row_label(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the rival's label is made of an address."""
    return bool(re.search(r"_[0-9a-f]{20}_anon_s_\d", _text(theirs)))


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
    Explained(
        "bytes",
        "bytes in the text are written as the database reads them",
        Rewrite(BYTES, BYTES, _characters),
    ),
    Explained("null characters", "so are those with a null", _theirs_says("contains a null character")),
    Explained(
        "array literals",
        "arrays in the text have their type",
        _equal_without(r"(?<=\])::[A-Z ]+(?:\(\d+\))?(?:\[\])*", "ARRAY"),
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
            "Can't determine which FROM clause to join from" in _error(theirs) and " JOIN " in _text(ours)
        ),
    ),
    Explained(
        "unlimited",
        "LIMIT -1 is written into the text",
        _equal_without(r"LIMIT (?:-1|\?) OFFSET", "LIMIT -1"),
    ),
    Explained("power", "the arguments of power() are in the text, if all else is", _power),
    Explained("upsert literal", "so is the SET of an upsert", _upsert_literal),
    Explained("match literal", "and what MATCH looks for", _match),
    Explained(
        "RETURNING in SQLite",
        "a SELECT among what comes back has names of tables",
        _equal_without(r"\b\w+\.|\"[^\"]+\"\.", r"^(?:INSERT|UPDATE|DELETE)[^:]* RETURNING .*\(SELECT "),
    ),
    Explained(
        "correlated upsert",
        "the SET of an upsert may be correlated to the row that is there",
        _equal_without(
            rf"FROM {NAME}, (?:{NAME}, )?| \nFROM {NAME} ?(?=\))|FROM {NAME} \n", r"(?s)ON CONFLICT.*SELECT"
        ),
    ),
    Explained("bind names", "names of parameters have only characters of words", _bind_names),
    Explained(
        "widths",
        "set operations within set operations must have as many columns too",
        _ours_says("All selectables passed to CompoundSelect"),
    ),
    Explained(
        "nearer join",
        "join_from() finds its left side within a join; SQLAlchemy puts the table beside it",
        _equal_without(
            rf", (?:(?:LATERAL )?{PARENTHESES}|[^ ,(]+(?:{PARENTHESES})?)"
            rf"(?: AS {NAME}(?: ?{PARENTHESES})?)?(?= (?:LEFT|FULL|JOIN|INNER))",
            "JOIN",
        ),
    ),
    Explained(
        "nearer join",
        "or cannot tell them apart",
        _theirs_says("Can't identify which entity in which to assign the left side"),
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
    Explained(
        "exclusive or",
        "on SQLite, with parentheses that the numbers need",
        _equal_without(r"[()]", r"(?s)\|.* - .*&"),
    ),
    Explained(
        "searched",
        "filter_by() searches the tables of a join, and names all that it searched",
        _searched,
    ),
    Explained(
        "constraint",
        "SQLite cannot name a constraint in ON CONFLICT; SQLAlchemy leaves the target out",
        _ours_says("SQLite has no ON CONFLICT ON CONSTRAINT"),
    ),
    Explained(
        "upsert of a select",
        "SQLite needs a WHERE between SELECT and ON CONFLICT",
        _equal_without(r" \nWHERE 1 = 1(?=\W)", r"(?s) \nWHERE 1 = 1(?=\W).*ON CONFLICT"),
    ),
    Explained(
        "upsert of a select",
        "and so the set operation is in a SELECT that can have one",
        lambda facet, ours, theirs: bool(WRAPPED.search(_text(ours))) and not WRAPPED.search(_text(theirs)),
    ),
    Explained(
        "excluded",
        "what an upsert would have inserted is no table to select from",
        _equal_without(rf", (?:\w+\.)?{NAME} AS {NAME}(?<=excluded)", "excluded"),
    ),
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
    Explained("values twice", "as dialects without names tell by them", _values_twice),
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
        _equal_without(
            rf"\((%\(\w+\)s::[A-Z]+(?:\(\d+\))?(?:\[\])+|CAST{PARENTHESES})\)(?=\[)", r"\)\)?\[|\]\)\[", r"\1"
        ),
    ),
    Explained("percent", "names are escaped once", _equal_without("%%%%", "ON DUPLICATE", "%%")),
    Explained(
        "empty IN",
        "an empty list has no function around it",
        _equal_without(r"lower\(NULL\)|lower(?=\(SELECT 1 FROM)|[()]|NULL", "1 ?!= ?1"),
    ),
    Explained(
        "empty IN",
        "so it can be executed",
        _theirs_says("(lower(SELECT 1 FROM (SELECT 1) WHERE 1!=1))"),
    ),
    Explained("called", "a parameter whose value a function gives has it from the cache too", _called),
    Explained("implicit keys", "keys that are fetched without being asked for are no result", _implicit_keys),
    Explained("params", "params() gives values to its statement only, not to those around it", _params),
    Explained("params", "or in the text", _equal_without(r"(?<=where id > )[12]\b", "where id > ")),
    Explained(
        "params",
        "they are no parameters of the call",
        _equal_without(r"\n\[parameters: \[\{.*?\}\]\]", r"^StatementError"),
    ),
    Explained(
        "expanded",
        "text with its values in it has those that are left",
        _expanded,
    ),
    Explained(
        "index WHERE",
        "the condition of an index is written out, as SQLite compares it",
        _equal_without(
            r"\?|__\[POSTCOMPILE_\w+\]|\"odd table\"\.|\b\w+\.", r"ON CONFLICT [^?]*WHERE [^?]*MATCH"
        ),
    ),
    Explained(
        "keys beside changes",
        "and a change has its defaults",
        _equal_without(
            r"'changed'|'MADE'|Decimal\('1.50'\)|\b1.50?\b|\bNone\b|\bNULL\b",
            r"(?s)WITH .*\((?:INSERT|UPDATE|DELETE) ",
        ),
    ),
    Explained(
        "keys beside changes",
        "an INSERT has its keys if a CTE changes something too",
        _equal_without(
            r"(?s) RETURNING (?!.* (?:RETURNING|AS) ).*| OUTPUT [^()]*?(?= FROM| VALUES| DEFAULT| WHERE|$)",
            r"(?s)^WITH .*\((?:INSERT|UPDATE|DELETE) ",
        ),
    ),
    Explained("frames", "a frame of PRECEDING or FOLLOWING has a number", _ours_says("with frame type")),
    Explained(
        "batches",
        "the rows of a batch stand where its VALUES are only",
        _equal_without(r"(?<=\(\?\)), \(\?\)", r"RETURNING .*\(\?\)"),
    ),
    Explained(
        "batches",
        "their keys are for the statement itself, not for those in its CTEs",
        lambda facet, ours, theirs: (
            facet == "run"
            and "A value is required" in _error(theirs)
            and "(UPDATE users SET " in _error(theirs)
        ),
    ),
    Explained("required", "values that are missing are no error for the text", _required),
    Explained(
        "collation",
        "what cannot be the name of a collation is refused",
        _ours_says("is no name of a collation"),
    ),
    Explained("floor", "is a float like its argument", _floor),
    Explained(
        "floor", "FLOOR of NULL is NULL on SQLite", _theirs_says("user-defined function raised exception")
    ),
    Explained("late", "a join that cannot be made is found out when it is needed", _late),
    Explained("time zone", "a time with a zone and an interval have a zone", _zone),
    Explained("label of a row", "is no address", _row_label),
    Explained(
        "enums",
        "the same Enum from Python and of strings are two types for the cache",
        _either(
            _ours_says("is not among the defined enum values. Enum name: feel"),
            _theirs_says("is not among the defined enum values. Enum name: feel"),
        ),
    ),
    Explained(
        "quoted CTE",
        "an alias of a CTE that asks for quotes has them in FROM too",
        _equal_without(r"(?<=AS )[\"`\[]q[\"`\]]", r"AS [\"`\[]q", "q"),
    ),
    Explained(
        "later rows",
        "a value without a type has the column's in each row of VALUES",
        _equal_without(r"(%\(\w+_\d+\)s)::[A-Z]+(?:\(\d+\))?(?:\[\])*", r"_m\d+\)s", r"\1"),
    ),
    Explained(
        "flags",
        "a pattern is in the text beside its flags, if all else is",
        _equal_without(r"(?<=, '\)', )(?:%s|'[^']*')", r"CONCAT\('\(\?'"),
    ),
    Explained(
        "None as a key",
        "which columns come back does not depend on a value: the text may be in the cache",
        _equal_without(r" RETURNING id$|(?<= RETURNING )id, ", r"^INSERT"),
    ),
    Explained(
        "JSON paths",
        "on Oracle Database, a path may be another one when the statement comes from the cache",
        _equal_without(
            r"__\[POSTCOMPILE_\w+\](?= RETURNING|\))|'\$(?:[^']|'')*'|_\d+", r"JSON_(?:VALUE|QUERY)\("
        ),
    ),
    Explained("several", "more than one of these at once", _several),
    Explained(
        "paged unions",
        "SQL Server: paging of a subquery's UNION is not looked at",
        _theirs_says("This SELECT structure does not use a simple integer value"),
    ),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
