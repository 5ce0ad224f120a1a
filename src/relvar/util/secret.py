"""
Text that should not be read by who has no business with it: passwords, tokens, keys.

Whatever shows a value by its ``repr()`` (a log, an error tracker that keeps the local variables of a
traceback, a test runner) shows ``'***'``; for everything else, drivers among it, it is text like any other.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["ConnectText", "Secret", "guarded", "is_secret_name", "masked"]

_NAME = (
    r"[\w.\-]*(?:password|passwd|passphrase|secret|token|api[_\-]?key|access[_\-]?key|private[_\-]?key|credential)"
    r"[\w.\-]*|pwd|pass|_?auth_?key"
)
# ``name=value`` of a connection string: quoted, in braces, or up to what separates it from the next
_PAIR = rf"(?i)(?<![\w.\-])({_NAME})(\s*=\s*)(\{{(?:[^}}]|\}}\}})*\}}|'(?:[^'\\]|\\.|'')*'|\"[^\"]*\"|%s)"
_KEY_FILE = "PRIVATE KEY-----"


class Secret(str):
    """
    Text whose ``repr()`` does not show it.

    >>> password = Secret("tiger")
    >>> password
    '***'
    >>> password == "tiger", f"{password}"
    (True, 'tiger')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class ConnectText(Secret):
    """
    Text that has a secret in it, such as a URL or a connection string: the ``repr()`` shows the rest.

    >>> ConnectText("DRIVER={x};UID=scott;PWD=tiger")
    'DRIVER={x};UID=scott;PWD=***'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(masked(str(self)))


def is_secret_name(name: str) -> bool:
    """
    Tell whether what goes by this name should not be shown.

    >>> is_secret_name("sslpassword"), is_secret_name("api-key"), is_secret_name("sslmode")
    (True, True, False)
    """
    return re.fullmatch(_NAME, name, re.IGNORECASE) is not None


def masked(text: str) -> str:
    """
    Return the text of a URL or a connection string without the secrets in it.

    What can't be told apart from a password is left out as well.

    >>> masked("postgresql://scott:ti/g@er@host/db?sslpassword=x&sslmode=require")
    'postgresql://scott:***@host/db?sslpassword=***&sslmode=require'
    """
    if _KEY_FILE in text:
        return "***"
    begin = re.match(r"[\w+]+:?/+[^:@/?]*:", text)
    if begin is not None:
        user, rest = begin.group(), text[begin.end() :]
        if "@" in rest:
            text = f"{user}***@{rest.rpartition('@')[2]}"
        elif re.match(r"\d*([/?]|$)", rest) is None:
            # the rest of a password with a special character, it may be
            return f"{user}***"
    if "=" not in text:
        return text
    return re.sub(_PAIR % ("[^;]*" if ";" in text else r"[^&\s]*"), r"\1\2***", text)


def guarded(value: Any, name: str = "") -> Any:
    """
    Return the value with the secrets in it as `Secret`.

    They are found by their names, in dictionaries and in connection strings.
    """
    kind = type(value)
    if kind is str:
        if is_secret_name(name):
            return Secret(value)
        if ("=" in value or ":" in value or _KEY_FILE in value) and masked(value) != value:
            return ConnectText(value)
        return value
    if kind is dict:
        return {key: guarded(held, key if type(key) is str else "") for key, held in value.items()}
    if kind is list or kind is tuple:
        return kind([guarded(held, name) for held in value])
    return value
