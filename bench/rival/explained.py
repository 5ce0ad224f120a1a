"""
Differences that are there on purpose; docs/design/0003-rival-comparison.md lists them for readers.

Each is known by what it may change and by nothing else being different: a test that says
yes too often would hide what this tool is to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from bench.rival.alike import (
    BYTES,
    NAME,
    PARENTHESES,
    WRAPPED,
    Rewrite,
    Test,
    bind_names,
    both_refuse,
    called,
    characters,
    characters_of,
    ctes_of_one_name,
    derived_left,
    either,
    equal_without,
    error,
    expanded,
    floor,
    implicit_keys,
    keys_of_ctes,
    late,
    match,
    minus,
    only_sent,
    ours_says,
    params,
    power,
    reduced,
    required,
    row_label,
    searched,
    text,
    theirs_says,
    upsert_literal,
    upsert_schema,
    values_twice,
    with_moved,
    wrapped_alone,
    zone,
)
from bench.rival.outcome import PYTHON_ERROR


@dataclass(frozen=True)
class Explained:
    """A difference that is meant: how to know it, and why it is there."""

    name: str
    reason: str
    is_it: Test


MOOD = re.compile(r"<Mood\.(\w+): '\w+'>")


def _several(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether texts are equal but for what two or three of the rewrites find, in some order."""
    a, b = text(ours), text(theirs)
    if a == b:
        return False
    found = [each.is_it for each in EXPLAINED if isinstance(each.is_it, Rewrite) and each.is_it.changes(a, b)]
    orders: list[tuple[Rewrite, ...]] = [order for n in (1, 2, 3) for order in permutations(found, n)]
    return any(_equal_after(facet, order, a, b) for order in orders)


def _equal_after(facet: str, rewrites: tuple[Rewrite, ...], a: str, b: str) -> bool:
    for each in rewrites:
        a, b = each.of(a), each.of(b)
    if a == b:
        return len(rewrites) > 1
    return any(test(facet, a, b) for test in (bind_names, upsert_literal, upsert_schema, with_moved))


EXPLAINED = [
    Explained(
        "stumbles",
        "SQLAlchemy ends with an AttributeError, AssertionError ...",
        theirs_says(
            PYTHON_ERROR,
            "(builtins.IndexError)",
            "(builtins.KeyError)",
            "Encountered unsupported case when compiling",
        ),
    ),
    Explained("two faults", "a statement with two faults is refused for the other one", both_refuse),
    Explained(
        "literals",
        "values of more types can be written into the text",
        theirs_says("No literal value renderer is available", "Could not render literal value"),
    ),
    Explained(
        "bytes",
        "bytes in the text are written as the database reads them",
        Rewrite(BYTES, BYTES, characters),
    ),
    Explained("null characters", "so are those with a null", theirs_says("contains a null character")),
    Explained(
        "array literals",
        "arrays in the text have their type",
        equal_without(r"(?<=\])::[A-Z ]+(?:\(\d+\))?(?:\[\])*", "ARRAY"),
    ),
    Explained(
        "JSON null",
        "None of a JSON type is written as it is sent",
        equal_without(r"'null'(?:::JSONB?)?|NULL", "'null'", "NULL"),
    ),
    Explained(
        "arrays elsewhere",
        "an empty array needs its type, which only PostgreSQL can be told",
        lambda facet, ours, theirs: (
            "Could not render literal value" in error(ours)
            and "ARRAY" in error(ours)
            and facet != "text postgresql"
        ),
    ),
    Explained(
        "extract",
        "what SQLite cannot extract is refused; SQLAlchemy's text gives 0",
        ours_says("is not a valid extract argument"),
    ),
    Explained("user", "USER() is a function on MySQL", equal_without(r"USER\(\)|USER", r"USER\(\)", "USER")),
    Explained(
        "one other element",
        "a condition that names no table joins to the only other element",
        lambda facet, ours, theirs: (
            "Can't determine which FROM clause to join from" in error(theirs) and " JOIN " in text(ours)
        ),
    ),
    Explained(
        "unlimited",
        "LIMIT -1 is written into the text",
        equal_without(r"LIMIT (?:-1|\?) OFFSET", "LIMIT -1"),
    ),
    Explained("power", "the arguments of power() are in the text, if all else is", power),
    Explained("upsert literal", "so is the SET of an upsert", upsert_literal),
    Explained("match literal", "and what MATCH looks for", match),
    Explained(
        "RETURNING in SQLite",
        "a SELECT among what comes back has names of tables",
        equal_without(
            r"\b\w+\.|\"[^\"]+\"\.", r"^(?:INSERT|UPDATE|DELETE)[^:]* RETURNING .*(?:\(SELECT | MATCH )"
        ),
    ),
    Explained(
        "correlated upsert",
        "the SET of an upsert may be correlated to the row that is there",
        equal_without(
            rf"FROM {NAME}, (?:{NAME}, )?| \nFROM {NAME}(?: ?(?=\))|(?= (?:GROUP|ORDER) BY ))|FROM {NAME} \n"
            rf"|, {NAME}(?= (?:GROUP|ORDER) BY | HINT)",
            r"(?s)ON CONFLICT.*SELECT",
        ),
    ),
    Explained(
        "subquery in OUTPUT",
        "SQL Server takes none: what it selects from is not renamed",
        equal_without(
            rf"(?<=\w) AS (?:inserted|deleted|{NAME}(?=\)))|(?<=FROM ){NAME} AS (?:inserted|deleted), ",
            r"(?s) OUTPUT .*\(SELECT ",
        ),
    ),
    Explained("bind names", "names of parameters have only characters of words", bind_names),
    Explained(
        "widths",
        "set operations within set operations must have as many columns too",
        ours_says("All selectables passed to CompoundSelect"),
    ),
    Explained(
        "nearer join",
        "join_from() finds its left side within a join; SQLAlchemy puts the table beside it",
        equal_without(
            rf", (?:(?:LATERAL )?{PARENTHESES}"
            rf"|(?:(?:__\[SCHEMA_\w+\]|{NAME})\.)?{NAME}(?:{PARENTHESES})?(?: WITH ORDINALITY)?)"
            rf"(?: (?:AS )?(?!INNER|JOIN|LEFT|FULL){NAME}(?: ?{PARENTHESES})?)?(?= (?:LEFT|FULL|JOIN|INNER))",
            "JOIN",
        ),
    ),
    Explained(
        "nearer join",
        "or cannot tell them apart",
        theirs_says("Can't identify which entity in which to assign the left side"),
    ),
    Explained(
        "foreign column",
        "SET refuses columns of other tables; SQLAlchemy sets the column of that name",
        ours_says("Backend does not support additional tables", "Statement is not a multi-table UPDATE"),
    ),
    Explained(
        "negated IS",
        "NOT of x IS y is x IS NOT y; SQLAlchemy drops the NOT",
        equal_without("(?<=IS )NOT ", " IS "),
    ),
    Explained(
        "exclusive or",
        "on SQLite, with parentheses that the numbers need",
        equal_without(r"[()]", r"(?s)\|.* - .*&"),
    ),
    Explained(
        "searched",
        "filter_by() searches the tables of a join, and names all that it searched",
        searched,
    ),
    Explained(
        "constraint",
        "SQLite cannot name a constraint in ON CONFLICT; SQLAlchemy leaves the target out",
        ours_says("SQLite has no ON CONFLICT ON CONSTRAINT"),
    ),
    Explained(
        "upsert of a select",
        "SQLite needs a WHERE between SELECT and ON CONFLICT",
        equal_without(r" \nWHERE 1 = 1(?=\W)", r"(?s) \nWHERE 1 = 1(?=\W).*ON CONFLICT"),
    ),
    Explained(
        "upsert of a select",
        "and so the set operation is in a SELECT that can have one",
        lambda facet, ours, theirs: bool(WRAPPED.search(text(ours))) and not WRAPPED.search(text(theirs)),
    ),
    Explained("upsert of a select", "also if it has only one part", wrapped_alone),
    Explained(
        "upsert of a select",
        "which must have names that can be told apart, then",
        lambda facet, ours, theirs: "Label name" in error(ours) and "ON CONFLICT" in text(theirs),
    ),
    Explained(
        "order of a union",
        "a SELECT in ORDER BY of a set operation has names of tables",
        equal_without(r"\b\w+\.", r"(?:UNION|INTERSECT|EXCEPT|SELECT)[\s\S]* ORDER BY \(SELECT "),
    ),
    Explained(
        "columns of a subquery",
        "a cast, or NOT, of a column in a subquery is not that column",
        equal_without(r"(?<=\.)(\w+?)_(?:_\d+)+(?: AS \w+)?|(?<=\.)(\w+)(?: AS \2_\d+)", r"__\d", r"\1\2"),
    ),
    Explained(
        "excluded",
        "what an upsert would have inserted is no table to select from",
        equal_without(
            rf"(?:,| \nFROM) (?:\w+\.)?{NAME} AS {NAME}(?<=excluded)|(?<=FROM ){NAME} AS excluded, ",
            "excluded",
        ),
    ),
    Explained(
        "upsert schema",
        "tables in an upsert keep their names and schemas",
        upsert_schema,
    ),
    Explained("WITH moved", "a CTE that nests stands before the part that was given it", with_moved),
    Explained(
        "values twice",
        "VALUES rendered twice has its parameters once",
        equal_without(r"_\d+", r"(?s)VALUES \(.*VALUES \("),
    ),
    Explained("values twice", "as dialects without names tell by them", values_twice),
    Explained(
        "ordinality",
        "the column that numbers the rows of a function is a number",
        either(
            theirs_says("Can't generate DDL for NullType"),
            equal_without(" INTEGER| NULL|FLOOR|[()]", "WITH ORDINALITY"),
        ),
    ),
    Explained(
        "array index",
        "a parameter with a cast, or CASE, is in parentheses before its index",
        equal_without(
            rf"\((%\(\w+\)s::[A-Z]+(?:\(\d+\))?(?:\[\])+|CAST{PARENTHESES}|CASE [\s\S]*? END"
            r"|ARRAY\[[^\[\]]*\])\)(?=\[)",
            r"\)\)?\[|\]\)\[",
            r"\1",
        ),
    ),
    Explained("percent", "names are escaped once", equal_without("%%%%", "ON DUPLICATE", "%%")),
    Explained(
        "empty IN",
        "an empty list has no function around it",
        equal_without(r"lower\(NULL\)|lower(?=\(SELECT 1 FROM)|VALUES (?=SELECT 1)|[()]|NULL", "1 ?!= ?1"),
    ),
    Explained(
        "empty IN",
        "so it can be executed",
        theirs_says("(lower(SELECT 1 FROM (SELECT 1) WHERE 1!=1))", "IN (VALUES SELECT 1"),
    ),
    Explained(
        "grouped SELECT",
        "a SELECT in GROUP BY is in parentheses",
        equal_without(r"[()]", r"GROUP BY .*\(SELECT "),
    ),
    Explained(
        "marks", "a mark that is in a message has its secret", equal_without(r"(?<=__\[SCHEMA_)[0-9a-f]{16}_")
    ),
    Explained("called", "a parameter whose value a function gives has it from the cache too", called),
    Explained("implicit keys", "keys that are fetched without being asked for are no result", implicit_keys),
    Explained("params", "params() gives values to its statement only, not to those around it", params),
    Explained("params", "or in the text", equal_without(r"(?<=where id > )[12]\b", "where id > ")),
    Explained(
        "params",
        "they are no parameters of the call",
        equal_without(r"\n\[parameters: \[\{.*?\}\]\]", r"^StatementError"),
    ),
    Explained(
        "params", "or in the text", equal_without(r"(?<=users\.name = )'(?:[^']|'')*'", r"users\.name = '")
    ),
    Explained("params", "when executed", equal_without(r"\[parameters: .*", r"users\.name = \?")),
    Explained(
        "expanded",
        "text with its values in it has those that are left",
        expanded,
    ),
    Explained(
        "index WHERE",
        "the condition of an index is written out, as SQLite compares it",
        equal_without(
            r"\?|__\[POSTCOMPILE_\w+\]|\"odd table\"\.|\b\w+\.", r"ON CONFLICT [^?]*WHERE [^?]*MATCH"
        ),
    ),
    Explained(
        "keys beside changes",
        "and a change has its defaults",
        equal_without(
            r"'changed'|'MADE'|Decimal\('1.50'\)|\b1(?:\.50?)?\b|\bNone\b|\bNULL\b",
            r"(?s)WITH .*\((?:INSERT|UPDATE|DELETE) ",
        ),
    ),
    Explained(
        "keys beside changes",
        "an INSERT has its keys if a CTE changes something too",
        equal_without(
            r"(?s) RETURNING (?!.*(?: RETURNING |\)\n)).*"
            r"| OUTPUT [^()]*?(?= FROM| VALUES| DEFAULT| WHERE|$)",
            r"(?s)WITH .*\((?:INSERT|UPDATE|DELETE) ",
        ),
    ),
    Explained("frames", "a frame of PRECEDING or FOLLOWING has a number", ours_says("with frame type")),
    Explained(
        "batches",
        "the rows of a batch stand where its VALUES are only",
        equal_without(r"(?<=\(\?\)), \(\?\)", r"RETURNING .*\(\?\)"),
    ),
    Explained(
        "batches",
        "their keys are for the statement itself, not for those in its CTEs",
        lambda facet, ours, theirs: (
            facet == "run"
            and "A value is required" in error(theirs)
            and re.search(r"\((?:UPDATE users SET|INSERT INTO users) ", error(theirs)) is not None
        ),
    ),
    Explained("required", "values that are missing are no error for the text", required),
    Explained(
        "collation",
        "what cannot be the name of a collation is refused",
        ours_says("is no name of a collation"),
    ),
    Explained("floor", "is a float like its argument", floor),
    Explained(
        "floor", "FLOOR of NULL is NULL on SQLite", theirs_says("user-defined function raised exception")
    ),
    Explained(
        "later rows",
        "and is sent as such",
        equal_without(r"(?s)\[parameters: .*?\]\n", r"VALUES \(.*\), \("),
    ),
    Explained(
        "later rows",
        "so that it can be sent",
        lambda facet, ours, theirs: (
            re.search(r"type '(?:Mood|dict|list)' is not supported", error(theirs)) is not None
            and "VALUES (" in text(ours).partition("), (")[0]
        ),
    ),
    Explained(
        "alias of VALUES",
        "its columns are its own, also if those of the VALUES were asked for before",
        equal_without(
            rf"{NAME}\.(?=v\d\b)| AS {NAME} \(v1, v2\)|(?<=\)\)) AS {NAME}(?=\W)", rf"{NAME}\.v\d\b"
        ),
    ),
    Explained(
        "WITH of an INSERT",
        "is refused where a database has no place for it, instead of left out",
        ours_says("writes WITH before the SELECT of an INSERT only"),
    ),
    Explained("batches", "as are keys that compile() is told", keys_of_ctes),
    Explained("batches", "as many rows in one INSERT as there may be", only_sent),
    Explained("minus", "a minus before a negative number starts no comment", minus),
    Explained("minus", "and is no part of another operator", equal_without(r"(?<=~) (?=-\d)", r"~ -\d")),
    Explained(
        "arrays elsewhere",
        "what SQLite gives for an array is as it is",
        either(characters_of, theirs_says("object is not iterable")),
    ),
    Explained(
        "FOR UPDATE OF",
        "on Oracle Database, a table that is in no FROM is named as others",
        equal_without(r"(?<=FOR UPDATE OF )[^\n]*", "FOR UPDATE OF"),
    ),
    Explained("no conditions", "NOT of none is NOT ()", equal_without(r"\(\)", r"NOT \(\)")),
    Explained(
        "JSON casts",
        "what is cast is in parentheses, also if its type is another",
        equal_without("[()]", r"(?s)CAST\(\(.* ->>"),
    ),
    Explained("late", "a join that cannot be made is found out when it is needed", late),
    Explained("time zone", "a time with a zone and an interval have a zone", zone),
    Explained("label of a row", "is no address", row_label),
    Explained(
        "enums",
        "the same Enum from Python and of strings are two types for the cache",
        either(
            ours_says("is not among the defined enum values. Enum name: feel"),
            theirs_says("is not among the defined enum values. Enum name: feel"),
            lambda facet, ours, theirs: (
                facet == "run" and MOOD.sub(r"'\1'", str(ours)) == MOOD.sub(r"'\1'", str(theirs))
            ),
        ),
    ),
    Explained(
        "quoted CTE",
        "an alias of a CTE that asks for quotes has them in FROM too",
        equal_without(r"(?<= )[\"`\[]q[\"`\]](?=[\s,)]|$)", r" [\"`\[]q", "q"),
    ),
    Explained(
        "later rows",
        "a value without a type has the column's in each row of VALUES",
        equal_without(r"(%\(\w+\)s)::[A-Z]+(?:\(\d+\))?(?:\[\])*", r"VALUES \(.*\), \(", r"\1"),
    ),
    Explained(
        "flags",
        "a pattern is in the text beside its flags, if all else is",
        equal_without(r"(?<=, '\)', )(?:%s|'[^']*')", r"CONCAT\('\(\?'"),
    ),
    Explained(
        "None as a key",
        "which columns come back does not depend on a value: the text may be in the cache",
        equal_without(rf" RETURNING (?:{NAME}\.)*id$|(?<= RETURNING )(?:{NAME}\.)*id, ", r"^INSERT"),
    ),
    Explained(
        "JSON paths",
        "on Oracle Database, a path may be another one when the statement comes from the cache",
        equal_without(
            r"-?__\[POSTCOMPILE_[^\]]+\]|TO_DATE\('[^']*', '[^']*'\)|'(?:[^']|'')*'|-?\b\d+\b|_\d+",
            r"JSON_(?:VALUE|QUERY)\(",
        ),
    ),
    Explained("CTEs of one name", "two of one name in one WITH are refused", ctes_of_one_name),
    Explained("reduced", "reduce_columns() leaves out what another selected column equals only", reduced),
    Explained("named left", "join_from(a, b) joins to a, not to an alias of it", derived_left),
    Explained("several", "more than one of these at once", _several),
    Explained(
        "paged unions",
        "SQL Server: paging of a subquery's UNION is not looked at",
        theirs_says("This SELECT structure does not use a simple integer value"),
    ),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
