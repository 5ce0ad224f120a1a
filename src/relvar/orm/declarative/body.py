"""
What a class body defines: values and annotations, in the order of the text.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.interfaces import MapperProperty
from relvar.schema import Column
from relvar.util.moved import module_of

__all__ = [
    "ANNOTATED_ONLY",
    "NO_VALUE",
    "declares_nothing",
    "has_stray_comma",
    "ordered_names",
    "own_annotations",
]

NO_VALUE: Any = object()
"""In the place of a value: the name has an annotation only."""

ANNOTATED_ONLY: Any = object()
"""The same, of a name that is to be mapped by its annotation."""

# bases that declare nothing, beside object and its like: typing.Generic and our own
_OWN_MODULES = {"typing", "relvar.orm.declarative.bases", "relvar.inspection"}


def declares_nothing(base: type[Any]) -> bool:
    # by object, not by module: what a program makes with exec() says "builtins" too
    module = module_of(base)
    return (
        module in _OWN_MODULES
        or module.startswith("relvar._kernels.")
        or vars(builtins).get(base.__name__) is base
    )


def has_stray_comma(value: Any) -> bool:
    return (
        isinstance(value, (tuple, list))
        and len(value) == 1
        and isinstance(value[0], (Column, MappedColumn, MapperProperty))
    )


def ordered_names(cls: type[Any]) -> Iterator[tuple[str, Any, Any]]:
    """
    Yield what a class body defines, as ``(name, value, annotation)``.

    Values and annotations are two dictionaries, each in order; names that are in both tie them together.
    """
    values: Mapping[str, Any] = cls.__dict__
    annotations: Mapping[str, Any] = own_annotations(cls)
    shared = [name for name in annotations if name in values]
    declared_first = [name for name in values.get("_sa_declared_order", ()) if name in values]
    value_names, annotation_names = list(dict.fromkeys([*declared_first, *values])), list(annotations)
    ordered: list[str] = []
    v = a = 0
    first = True
    for name in [*shared, None]:
        v_end = value_names.index(name) if name is not None else len(value_names)
        a_end = annotation_names.index(name) if name is not None else len(annotation_names)
        value_part, annotation_part = value_names[v:v_end], annotation_names[a:a_end]
        ordered.extend(value_part + annotation_part if first else annotation_part + value_part)
        first = False
        if name is not None:
            ordered.append(name)
            v, a = max(v, v_end + 1), max(a, a_end + 1)
    for name in dict.fromkeys(ordered):
        yield name, values.get(name, NO_VALUE), annotations.get(name)


def own_annotations(cls: type[Any]) -> Mapping[str, Any]:
    found = cls.__dict__.get("__annotations__")
    if found is not None:
        return found  # type: ignore[no-any-return]  # a dict
    # Python 3.14 computes them on demand
    getter = cls.__dict__.get("__annotate_func__") or cls.__dict__.get("__annotate__")
    return getter(2) if callable(getter) else {}
