"""
Text for people: short texts, and reprs of statement parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def md5_hex(x: Any) -> str:
    """
    Return the MD5 digest of text in hex; names are shortened with it.
    """
    import hashlib  # rarely needed

    return hashlib.md5(x.encode("utf-8"), usedforsecurity=False).hexdigest()


def ellipses_string(value: Any, len_: int = 25) -> str:
    """
    Return the text of *value*, cut to *len_* characters.
    """
    text = str(value)
    return f"{text[:len_]}..." if len(text) > len_ else text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """
    Return ``"; did you mean 'x'?"`` for the known name nearest to a wrong one; nothing if none is near.

    >>> did_you_mean("Adress", ["Address", "User"])
    "; did you mean 'Address'?"
    """
    import difflib  # for mistakes only

    close = difflib.get_close_matches(name, sorted(map(str, known)), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def trunc(value: Any, max_chars: int) -> str:
    """
    Return the repr of *value*, its middle left out beyond *max_chars*.
    """
    rep = repr(value)
    if len(rep) > max_chars:
        segment = max_chars // 2
        rep = f"{rep[:segment]} ... ({len(rep) - max_chars} characters truncated) ... {rep[-segment:]}"
    return rep


class repr_params:
    """
    The repr of a statement's parameters, kept short.

    1. A list of parameter sets ("many"): the first and the last sets.
    2. One set: its first and last values.

    Each value is cut to *max_chars*.

    Args:
        ismulti: Whether *params* is a list of sets; ``None`` means "look".
    """

    __slots__ = ("batches", "ismulti", "max_chars", "max_params", "params")

    def __init__(
        self,
        params: Any,
        batches: int,
        max_params: int = 100,
        max_chars: int = 300,
        ismulti: bool | None = None,
    ) -> None:
        self.params: Any = params
        self.ismulti: bool | None = ismulti
        self.batches: int = batches
        self.max_chars: int = max_chars
        self.max_params: int = max_params

    def __repr__(self) -> str:
        params = self.params
        if self.ismulti is None:
            return trunc(params, self.max_chars)
        if isinstance(params, (list, tuple)):
            many = self.ismulti
        elif isinstance(params, Mapping):
            many = False
        else:
            return trunc(params, self.max_chars)
        if many and len(params) > self.batches:
            tail = 2
            head = self.batches - tail
            first = self._sets(params[:head])[:-1]
            last = self._sets(params[-tail:])[1:]
            return (
                f"{first}  ... displaying {self.batches} of {len(params)} "
                f"total bound parameter sets ...  {last}"
            )
        if many:
            return self._sets(params)
        return self._one(params)

    def _sets(self, sets: Iterable[Any]) -> str:
        return f"[{', '.join(self._one(params) for params in sets)}]"

    def _one(self, params: Any) -> str:
        if isinstance(params, Mapping):
            texts = [
                f"{key!r}: {trunc(value, self.max_chars)}"
                for key, value in self._limited(list(params.items()))
            ]
            return f"{{{self._joined(texts, len(params))}}}"
        if isinstance(params, (list, tuple)):
            texts = [trunc(value, self.max_chars) for value in self._limited(list(params))]
            body = self._joined(texts, len(params))
            if isinstance(params, list):
                return f"[{body}]"
            return f"({body},)" if len(params) == 1 else f"({body})"
        return trunc(params, self.max_chars)

    def _limited(self, values: list[Any]) -> list[Any]:
        if len(values) <= self.max_params:
            return values
        tail = self.max_params // 2
        return values[: self.max_params - tail] + values[-tail:]

    def _joined(self, texts: list[str], total: int) -> str:
        if total <= self.max_params:
            return ", ".join(texts)
        head = self.max_params - self.max_params // 2
        return (
            f"{', '.join(texts[:head])} ... {total - self.max_params} "
            f"parameters truncated ... {', '.join(texts[head:])}"
        )
