"""
The repr of an object, read from the constructors of its classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self


class GenericRepr:
    """
    A repr from the arguments of the constructors, which may be changed before it is text.

    An argument is shown if the attribute of its name differs from its
    default; keyword arguments by name, positional ones in order.

    Args:
        additional_kw: More attributes, with their defaults.
        to_inspect: Objects whose classes' ``__init__`` to read; *obj* itself
            if not given.
        omit_kwarg: Arguments of the constructors not to show.
    """

    def __init__(
        self,
        obj: Any,
        additional_kw: Sequence[tuple[str, Any]] = (),
        to_inspect: Any | list[Any] | None = None,
        omit_kwarg: Sequence[str] = (),
    ) -> None:
        self._obj = obj
        self._additional_kw = additional_kw
        self._to_inspect = [obj] if to_inspect is None else to_inspect
        self._omit_kwarg = omit_kwarg
        self._class_name = type(obj).__name__

    def set_class_name(self, class_name: str) -> Self:
        """
        Show *class_name* in the place of the object's class.
        """
        self._class_name = class_name
        return self

    def __str__(self) -> str:
        obj = self._obj
        positional, vargs, named = self._parameters()
        shown = [repr(getattr(obj, name, None)) for name in positional]
        if vargs is not None and hasattr(obj, vargs):
            shown.extend(repr(value) for value in getattr(obj, vargs))
        arguments = [(name, default) for name, default in named.items() if name not in self._omit_kwarg]
        for name, default in [*arguments, *self._additional_kw]:
            if _differs(obj, name, default):
                shown.append(f"{name}={getattr(obj, name)!r}")
        return f"{self._class_name}({', '.join(shown)})"

    def _parameters(self) -> tuple[list[str], str | None, dict[str, Any]]:
        """
        Return the names without default, that of ``*args``, and those with their defaults.
        """
        import inspect  # reading every kind of signature takes more than reprs are worth at import

        objects = self._to_inspect if isinstance(self._to_inspect, list) else [self._to_inspect]
        positional: list[str] = []
        vargs: str | None = None
        named: dict[str, Any] = {}
        for index, inspected in enumerate(objects):
            try:
                parameters = list(inspect.signature(inspected.__init__).parameters.values())
            except (TypeError, ValueError):
                continue
            for parameter in parameters:
                # the constructor of a class is not bound; what goes by keyword only is not shown
                if parameter.name == "self" or parameter.kind in (
                    parameter.VAR_KEYWORD,
                    parameter.KEYWORD_ONLY,
                ):
                    continue
                if parameter.kind is parameter.VAR_POSITIONAL:
                    if index == 0:
                        vargs = parameter.name
                elif parameter.default is parameter.empty:
                    if index == 0:
                        positional.append(parameter.name)
                else:
                    named.setdefault(parameter.name, parameter.default)
        return positional, vargs, named


def _differs(obj: Any, name: str, default: Any) -> bool:
    try:
        value = getattr(obj, name)
    except AttributeError:
        return False
    try:
        return bool(value != default)
    except Exception:
        return value is not default


def generic_repr(
    obj: Any,
    additional_kw: Sequence[tuple[str, Any]] = (),
    to_inspect: Any | list[Any] | None = None,
    omit_kwarg: Sequence[str] = (),
) -> str:
    """
    Return the text of a `GenericRepr`.
    """
    return str(GenericRepr(obj, additional_kw, to_inspect, omit_kwarg))


def repr_of(obj: Any, **defaults: Any) -> GenericRepr:
    """
    Return a repr of the attributes in *defaults*, in their order, that have other values.
    """
    return GenericRepr(obj, list(defaults.items()), to_inspect=[])
