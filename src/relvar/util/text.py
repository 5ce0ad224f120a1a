"""
Text for people: reprs of objects and of statement parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def generic_repr(
    obj: Any,
    additional_kw: Sequence[tuple[str, Any]] = (),
    to_inspect: Any | list[Any] | None = None,
    omit_kwarg: Sequence[str] = (),
) -> str:
    """
    Return a repr from the arguments of the constructors.

    An argument is shown if the attribute of its name differs from its
    default; keyword arguments by name, positional ones in order.

    Args:
        to_inspect: Objects whose classes' ``__init__`` to read; *obj* itself
            if not given.
    """
    if to_inspect is None:
        to_inspect = [obj]
    elif not isinstance(to_inspect, list):
        to_inspect = [to_inspect]

    import inspect  # reading every kind of signature takes more than reprs are worth at import

    missing = object()
    positional: list[str] = []
    named: dict[str, Any] = {}
    vargs: str | None = None
    for index, inspected in enumerate(to_inspect):
        try:
            parameters = list(inspect.signature(inspected.__init__).parameters.values())
        except (TypeError, ValueError):
            continue
        for parameter in parameters:
            if parameter.name == "self":
                # a class was given: its constructor is not bound
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                if index == 0:
                    vargs = parameter.name
            elif parameter.kind is parameter.VAR_KEYWORD:
                continue
            elif parameter.default is parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY:
                if index == 0:
                    positional.append(parameter.name)
            else:
                named.setdefault(parameter.name, parameter.default)

    output = [repr(getattr(obj, name, None)) for name in positional]
    if vargs is not None and hasattr(obj, vargs):
        output.extend(repr(value) for value in getattr(obj, vargs))
    for name, default in [*named.items(), *additional_kw]:
        if name in omit_kwarg:
            continue
        value = getattr(obj, name, missing)
        if value is missing:
            continue
        try:
            differs = bool(value != default)
        except Exception:
            differs = value is not default
        if differs:
            output.append(f"{name}={value!r}")
    return f"{type(obj).__name__}({', '.join(output)})"


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

    Cases:
      1. a list of parameter sets ("many"): the first and the last sets;
      2. one set: its first and last values;
      each value cut to *max_chars*.

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
        self.params = params
        self.ismulti = ismulti
        self.batches = batches
        self.max_chars = max_chars
        self.max_params = max_params

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
