"""
Mapped classes that are dataclasses.

The dataclass is made before the class is mapped.  While `dataclasses.dataclass` looks at the class, each
mapped attribute is shown to it as a field; afterwards the declarations are put back, to be replaced by
mapped attributes.

A plain default is not passed through ``__init__``: the argument's default is ``DONT_SET``, which setting
ignores; reading the attribute gives the default.  So an object remembers what was given and what was not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, ForwardRef

from relvar import exc
from relvar.orm.declarative import annotations as reading
from relvar.orm.declarative.declared import declared_attr
from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions, MapperProperty
from relvar.orm.state.flags import DONT_SET
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan

__all__ = [
    "declared_in_fields",
    "is_dataclass_field",
    "make_dataclass",
    "make_mixin_dataclass",
    "set_defaults",
    "transform_options",
]

_OPTIONS = ("init", "repr", "eq", "order", "unsafe_hash", "match_args", "kw_only", "dataclass_callable")


def transform_options(cls: type[Any]) -> dict[str, Any] | None:
    """
    Return the dataclass options of a class that is to be one; None for others.
    """
    own = cls.__dict__.get("_sa_apply_dc_transforms")
    return own if own is not None else None


def given_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the options that were given.

    Raises:
        TypeError: One is unknown.
    """
    unknown = set(options) - set(_OPTIONS)
    if unknown:
        raise TypeError(
            f"mapped_as_dataclass() got an unexpected keyword argument {min(unknown)!r}; it takes "
            f"{', '.join(_OPTIONS)}"
        )
    return {name: value for name, value in options.items() if value is not NO_ARG}


def is_dataclass_field(scan: DeclarativeScan, name: str) -> bool:
    """
    Tell whether an annotation without ``Mapped`` is a plain field of a mapped dataclass.
    """
    value = scan.cls.__dict__.get(name, dataclasses.MISSING)
    return (
        isinstance(value, dataclasses.Field)
        or value is dataclasses.MISSING
        or not isinstance(value, (MappedColumn, MapperProperty))
    )


def declared_in_fields(
    cls: type[Any], key: str, names: Iterable[tuple[str, Any, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    """
    Yield what the body of a class that is a dataclass already defines, fields by what their metadata say.

    Args:
        key: Where in a field's metadata the column or property is, or a function that makes it.
        names: The body, as ``(name, value, annotation)``.
    """
    fields = cls.__dict__["__dataclass_fields__"]
    for name, value, annotation in names:
        field = fields.get(name)
        if field is None or annotation is None:
            yield name, value, annotation
        elif key in field.metadata:
            made = field.metadata[key]
            yield name, _made_per_class(made) if isinstance(made, FunctionType) else made, None


def _made_per_class(function: Any) -> Any:
    return declared_attr(lambda cls: function(), quiet=True)


def make_dataclass(scan: DeclarativeScan) -> None:
    """
    Turn a class that is being mapped into a dataclass.
    """
    if scan.has_given_table:
        raise exc.InvalidRequestError(
            f"Class {scan.cls} already defines a '__table__'. ORM Annotated Dataclasses do not support a "
            "pre-existing '__table__' element.  Declare the columns in the class, or make it a dataclass "
            "first and map it to the table by registry.map_imperatively().",
        )
    options = transform_options(scan.cls) or {}
    fields: dict[str, tuple[Any, Any]] = {}
    inherited: dict[str, tuple[Any, Any]] = {}
    for name, value in scan.attributes.items():
        annotation = scan.annotations.get(name)
        if annotation is None:
            continue
        if annotation[2] is not scan.cls and "__dataclass_fields__" not in annotation[2].__dict__:
            _refuse_plain_mixin(scan.cls, annotation[2], name)
        if annotation[2] is not scan.cls and name in getattr(annotation[2], "__dataclass_fields__", {}):
            # a field of a mixin that is a dataclass itself
            inherited[name] = (None, _options_of(name, value))
            continue
        fields[name] = (
            _field_type(annotation[0], scan.cls, annotation[1]),
            _options_of(name, value),
        )
    for name, annotation in scan.cls.__dict__.get("__annotations__", {}).items():
        # association proxies: not mapped, but fields like what is
        found = getattr(scan.cls.__dict__.get(name), "attribute_options", None)
        if found is not None and name not in fields:
            fields[name] = (annotation, found)
    for name, value in scan.attributes.items():
        if getattr(value, "_is_synonym", False):
            _check_synonym(name, value, scan)
    _apply(scan.cls, fields, options)
    _note_defaults(scan, {**inherited, **fields})


def _check_synonym(name: str, synonym: Any, scan: DeclarativeScan) -> None:
    """Refuse a default that is not that of the attribute which the synonym stands for."""
    default = synonym.attribute_options.dataclasses_default
    if default is NO_ARG:
        return
    target = _options_of(synonym.name, scan.attributes.get(synonym.name)).dataclasses_default
    if target is NO_ARG or target != default:
        raise exc.ArgumentError(
            f"Synonym {name!r} default argument {default!r} must match the dataclasses default value of "
            "proxied "
            f"object {synonym.name!r}, currently {'not set' if target is NO_ARG else repr(target)}"
        )


def _refuse_plain_mixin(cls: type[Any], mixin: type[Any], name: str) -> None:
    raise exc.InvalidRequestError(
        f"When transforming {cls} to a dataclass, attribute(s) {name!r} originates from superclass {mixin}, "
        "which is not a dataclass.  When declaring SQLAlchemy Declarative Dataclasses, ensure that all mixin "
        "classes and other superclasses which include attributes are also a subclass of MappedAsDataclass or "
        "make use of the @unmapped_dataclass decorator.",
        code="dcmx",
    )


def _options_of(name: str, value: Any) -> AttributeOptions:
    found = getattr(value, "attribute_options", None)
    options = found if found is not None else AttributeOptions()
    if callable(options.dataclasses_default) and not getattr(value, "has_insert_default", False):
        warn_deprecated(
            f"Callable object passed to the ``default`` parameter for attribute '{name}' in a ORM-mapped "
            "Dataclasses context is ambiguous, and this use will raise an error in a future release.  If "
            "this callable is intended to produce Core level INSERT default values for an underlying "
            "``Column``, use the ``mapped_column.insert_default`` parameter instead.  To establish this "
            "callable as providing a default value for instances of the dataclass itself, use the "
            "``default_factory`` dataclasses parameter.",
            "2.0",
        )
    return options


def _field_type(annotation: Any, cls: type[Any], module: str) -> Any:
    read = reading.read_annotation(annotation, cls, module)
    inner = read.inner if read is not None else annotation
    return inner.__forward_arg__ if isinstance(inner, ForwardRef) else inner


def _field(options: AttributeOptions) -> Any:
    arguments = options.field_arguments()
    if "default" in arguments:
        arguments["default"] = DONT_SET
    return dataclasses.field(**arguments)


def _apply(cls: type[Any], fields: dict[str, tuple[Any, Any]], options: Mapping[str, Any]) -> None:
    """Run the dataclass decorator over a class that shows *fields* in the place of its declarations."""
    given = given_options(options)
    decorate = given.pop("dataclass_callable", dataclasses.dataclass)
    own = dict(cls.__dict__.get("__annotations__", {}))
    shown: dict[str, Any] = {}
    for name, annotation in own.items():
        if name in fields:
            shown[name] = fields[name][0]
        elif reading.is_class_variable(annotation) or name not in fields:
            shown[name] = annotation
    for name, (type_, _) in fields.items():
        shown.setdefault(name, type_)
    saved = {name: cls.__dict__[name] for name in fields if name in cls.__dict__}
    for name, (_, attribute_options) in fields.items():
        type.__setattr__(cls, name, _field(attribute_options))
    type.__setattr__(cls, "__annotations__", shown)
    try:
        decorate(cls, **given)
    except (TypeError, ValueError) as error:
        _explain(cls, error)
        raise
    finally:
        type.__setattr__(cls, "__annotations__", own)
        for name in fields:
            if name in saved:
                type.__setattr__(cls, name, saved[name])
            elif name in cls.__dict__:
                type.__delattr__(cls, name)


def _explain(cls: type[Any], error: Exception) -> None:
    raise exc.InvalidRequestError(
        f"Python dataclasses error encountered when creating dataclass for {cls.__name__!r}: "
        f"{error!r}. Please refer to Python dataclasses documentation for additional information.",
        code="dcte",
    ) from error


def _note_defaults(scan: DeclarativeScan, fields: dict[str, tuple[Any, Any]]) -> None:
    """Remember which attributes read as their default while they were not set."""
    defaults = scan.field_defaults
    for name, (_, options) in fields.items():
        value = options.dataclasses_default
        if value is not NO_ARG and options.dataclasses_default_factory is NO_ARG:
            defaults[name] = None if getattr(value, "__clause_element__", None) is not None else value


def set_defaults(mapper: Any, defaults: Mapping[str, Any]) -> None:
    """
    Let attributes of a mapped dataclass read as their field's default until they are set.
    """
    for name, value in defaults.items():
        prop = mapper._props.get(name)
        if prop is None:
            continue
        prop.field_default = value
        impl = mapper.class_manager.impls.get(name)
        if impl is not None:
            impl.set_field_default(value)


def make_mixin_dataclass(cls: type[Any], has_init: bool = True) -> None:
    """
    Turn a class that is not mapped, but lends its fields to mapped dataclasses, into a dataclass.

    Args:
        has_init: Give it an ``__init__``; a declarative base keeps the default constructor.
    """
    options = dict(cls.__dict__.get("_sa_apply_dc_transforms") or {})
    if not has_init:
        options["init"] = False
    # dataclasses take attributes out, and they come back in another order
    type.__setattr__(cls, "_sa_declared_order", tuple(cls.__dict__))
    fields: dict[str, tuple[Any, Any]] = {}
    for name, annotation in dict(cls.__dict__.get("__annotations__", {})).items():
        if reading.is_class_variable(annotation):
            continue
        read = reading.read_annotation(annotation, cls, cls.__module__)
        if read is None:
            continue
        value = cls.__dict__.get(name)
        found = getattr(value, "attribute_options", None)
        fields[name] = (
            _field_type(annotation, cls, cls.__module__),
            found if found is not None else AttributeOptions(),
        )
    _apply(cls, fields, options)
