"""
Compare the SQL of a program with what a database tells of it.

A database keeps the meaning of a CHECK or a DEFAULT and writes a text of its own for it: PostgreSQL tells
``n BETWEEN 1 AND 5`` as ``n >= 1 AND n <= 5``, MariaDB ``NOT (n = 7)`` as ``n <> 7``.

Rule 1: texts are read as tokens, without casts, parentheses, quotes of names and the case of letters.
Rule 2: two chains of comparisons differ if their tokens do.
Rule 3: of anything else, only the columns and constants that are mentioned are compared.
Rule 4: what may be the same is no difference: nothing is reported that a database only writes otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from relvar import types

__all__ = ["conditions_differ", "defaults_differ"]

_TYPE = (
    r'(?:"[^"]+"|[^\W\d]\w*)(?:\.(?:"[^"]+"|\w+))?(?:\s+(?:varying|precision|unsigned|signed))?'
    r"(?:\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\))?(?:\s+with(?:out)?\s+time\s+zone)?(?:\[\])*"
)
_PARTS = r"""
    (?P<cast>       ::\s*TYPE | \bAS\s+TYPE | \bCAST\b )
  | (?P<string>     (?:\bE | \bN | \b_\w+\s*)? '(?:STRING)*' )
  | (?P<number>     (?:\d+(?:\.\d*)? | \.\d+) (?:E[+-]?\d+)? \b )
  | (?P<name>       "[^"]+" | `[^`]+` | [^\W\d][\w$]* )
  | (?P<skipped>    [\s()\[\]] )
  | (?P<operator>   <> | != | <= | >= | == | . )
""".replace("TYPE", _TYPE)
# a backslash is a character of a string, or begins an escape
_PLAIN = re.compile(_PARTS.replace("STRING", "[^']|''"), re.VERBOSE | re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(_PARTS.replace("STRING", r"[^'\\]|''|\\."), re.VERBOSE | re.IGNORECASE | re.DOTALL)

_OPERATORS = {"!=": "<>", "==": "="}
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">=", "and", "or", "is", "is not", "null", "+", "*"})
_CLOCKS = {
    "now": "now",
    "current_timestamp": "now",
    "transaction_timestamp": "now",
    "localtimestamp": "now",
    "localtime": "now",
    "sysdate": "sysdate",
    "current_date": "date",
    "curdate": "date",
    "current_time": "time",
    "curtime": "time",
}
# types whose constants are told as they were written
_COMPARED = (types.Integer, types.Numeric, types.String, types.Boolean)


class Token(NamedTuple):
    """
    A part of an expression: "name", "constant" or "operator", and its text in one form.
    """

    kind: str
    text: str


def conditions_differ(
    mine: str, its: str, columns: Mapping[str, types.TypeEngine[Any]], dialect: Any
) -> bool:
    """
    Tell whether two conditions of a table are certainly not the same.

    >>> from relvar.dialects import postgresql
    >>> columns = {"n": types.Integer()}
    >>> conditions_differ("n BETWEEN 1 AND 5", "n >= 1 AND n <= 5", columns, postgresql.dialect())
    False
    >>> conditions_differ("n > 0", "(n >= '0'::integer)", columns, postgresql.dialect())
    True
    """
    one, other = _tokens(mine, dialect), _tokens(its, dialect)
    if one == other:
        return False
    known = {name.lower() for name in columns}
    mentioned = [_mentioned(tokens, known) for tokens in (one, other)]
    if mentioned[0] != mentioned[1]:
        return True
    if not all(
        isinstance(type_, _COMPARED) for name, type_ in columns.items() if name.lower() in mentioned[0]
    ):
        return False
    if _is_plain(one, known) and _is_plain(other, known):
        return True
    return _constants(one) != _constants(other)


def defaults_differ(mine: str | None, its: str | None, type_: types.TypeEngine[Any], dialect: Any) -> bool:
    """
    Tell whether two defaults of a column are certainly not the same.

    >>> from relvar.dialects import postgresql
    >>> defaults_differ("'x'", "'x'::character varying", types.String(5), postgresql.dialect())
    False
    >>> defaults_differ("0", "1", types.Integer(), postgresql.dialect())
    True
    """
    one, other = (_default(text, dialect) for text in (mine, its))
    if one == other:
        return False
    if not one or not other:
        return True
    clocks = [_CLOCKS.get(tokens[0].text) for tokens in (one, other)]
    if None not in clocks:
        return clocks[0] != clocks[1]
    are_constant = [len(tokens) == 1 and tokens[0].kind == "constant" for tokens in (one, other)]
    if not any(are_constant) or not isinstance(type_, _COMPARED):
        return False
    if not all(are_constant):
        return True
    values = [_value(tokens[0].text, type_) for tokens in (one, other)]
    return values[0] != values[1]


def _default(text: str | None, dialect: Any) -> list[Token]:
    tokens = [] if text is None else _tokens(text, dialect)
    return [] if tokens == [Token("name", "null")] else tokens


def _value(text: str, type_: types.TypeEngine[Any]) -> object:
    """
    Return a constant as a column of a type keeps it.
    """
    if isinstance(type_, types.String):
        # CHAR fills up
        return text.rstrip()
    if isinstance(type_, types.Boolean):
        return {"true": "1", "t": "1", "false": "0", "f": "0"}.get(text.lower(), text)
    try:
        number = Decimal(text)
        scale = getattr(type_, "scale", None)
        return number if scale is None else round(number, scale)
    except InvalidOperation:
        return text


def _tokens(text: str, dialect: Any) -> list[Token]:
    """
    Return the tokens of an expression, a sign together with its number.
    """
    escapes = dialect.name in ("mysql", "mariadb") or re.search(r"\bE'", text) is not None
    found: list[Token] = []
    for token, may_sign in _read(text, _ESCAPED if escapes else _PLAIN, escapes):
        if may_sign and token.kind == "constant" and found and found[-1] == Token("operator", "sign"):
            found[-1] = Token("constant", _number(f"-{token.text}"))
        elif token == Token("name", "not") and found and found[-1] == Token("name", "is"):
            found[-1] = Token("name", "is not")
        elif token == Token("operator", ".") and found:
            # the table before a column
            found.pop()
        else:
            found.append(token)
    return found


def _read(text: str, pattern: re.Pattern[str], escapes: bool) -> Iterator[tuple[Token, bool]]:
    """
    Yield tokens, and whether each is a number: an operand before ``-`` makes that a subtraction.
    """
    is_operand = False
    for match in pattern.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == "cast":
            continue
        if kind == "skipped":
            is_operand = is_operand if part.isspace() else part in ")]"
            continue
        if kind == "string":
            yield Token("constant", _number(_string(part, escapes))), False
        elif kind == "number":
            yield Token("constant", _number(part)), True
        elif kind == "name":
            name = part.strip('"`').lower()
            truth = {"true": "1", "false": "0"}.get(name)
            yield (Token("name", name) if truth is None else Token("constant", truth)), False
            is_operand = name not in ("and", "or", "not", "between", "in", "then", "else", "when")
            continue
        else:
            sign = part == "-" and not is_operand
            yield Token("operator", "sign" if sign else _OPERATORS.get(part, part)), False
        is_operand = kind in ("string", "number")


def _string(literal: str, escapes: bool) -> str:
    inner = literal[literal.index("'") + 1 : -1].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if escapes else inner


def _number(text: str) -> str:
    """
    Return one text for all spellings of a number; any other text as it is.
    """
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE) is None:
        return text
    return format(Decimal(text).normalize(), "f")


def _mentioned(tokens: list[Token], columns: Collection[str]) -> set[str]:
    """
    Return the columns in an expression; a name before a string is that of its type.
    """
    after = [*tokens[1:], Token("operator", "")]
    return {
        token.text
        for token, following in zip(tokens, after)
        if token.kind == "name" and token.text in columns and following.kind != "constant"
    }


def _constants(tokens: list[Token]) -> set[str]:
    return {token.text for token in tokens if token.kind == "constant"}


def _is_plain(tokens: list[Token], columns: Collection[str]) -> bool:
    return all(
        token.kind == "constant" or token.text in _COMPARISONS or token.text in columns for token in tokens
    )
