"""
What is said about a class body that does not mean what it seems to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.orm.exc import MappedAnnotationError
from relvar.orm.mapping.columns import ColumnProperty
from relvar.schema import Column, MetaData
from relvar.util.warning import warn, warn_deprecated

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan

__all__ = [
    "report_plain_value",
    "warn_of_cascading",
    "warn_of_comma",
    "warn_of_excluded",
    "warn_of_expression",
    "warn_of_reserved_name",
    "warn_of_shared_columns",
    "wrong_annotation",
]

_RESERVED = {"metadata": "MetaData instance", "registry": "Declarative class registry"}


def wrong_annotation(cls: type[Any], name: str) -> MappedAnnotationError:
    """
    Return what is raised for an annotation without ``Mapped[]``.
    """
    return MappedAnnotationError(
        f'Type annotation for "{cls.__name__}.{name}" can\'t be correctly interpreted for Annotated '
        "Declarative Table form.  ORM annotations should normally make use of the ``Mapped[]`` generic "
        "type, or other ORM-compatible generic type, as a container for the actual type, which indicates "
        "the intent that the attribute is mapped. Class variables that are not intended to be mapped by "
        "the ORM should use ClassVar[].  To allow Annotated Declarative to disregard legacy annotations "
        'which don\'t use Mapped[] to pass, set "__allow_unmapped__ = True" on the class or a superclass '
        "this class.",
        code="zlpr",
    )


def warn_of_reserved_name(registry: Any, name: str, value: Any) -> None:
    """
    Warn of an attribute under a name that declarative classes have themselves.
    """
    if not isinstance(value, (MetaData, type(registry))):
        warn(
            f"Attribute name '{name}' should be left reserved for the {_RESERVED[name]} when using a "
            "Declarative class."
        )


def warn_of_cascading(cls: type[Any], name: str) -> None:
    """
    Warn of an attribute of the class whose place a cascading ``declared_attr`` takes.
    """
    warn(f"Attribute '{name}' on class {cls} cannot be processed due to @declared_attr.cascading; skipping")


def warn_of_comma(name: str) -> None:
    """
    Warn of a column in a tuple.
    """
    warn(
        f"Ignoring declarative-like tuple value of attribute '{name}': possibly a copy-and-paste error with "
        "a comma accidentally placed at the end of the line?"
    )


def warn_of_expression(cls: type[Any], name: str) -> None:
    """
    Warn of a SQL expression without ``column_property()``.
    """
    warn(
        f"Attribute '{name}' on class {cls} appears to be a non-schema SQLAlchemy expression object; this "
        "won't be part of the declarative mapping. To map arbitrary expressions, use "
        "``column_property()`` or "
        "a similar function such as ``deferred()``, ``query_expression()`` etc. "
    )


def report_plain_value(cls: type[Any], name: str, value: Any) -> None:
    """
    Report ``x: Mapped[int] = 5``, which is no column.
    """
    exc.report_loss(
        f"Attribute '{name}' of class {cls.__name__} is annotated as mapped, but has the plain value "
        f"{value!r} and so is no column: nothing of it is stored.  A default is written {name}: Mapped[...] "
        f"= mapped_column(default={value!r}).",
        False,
    )


def warn_of_shared_columns(scan: DeclarativeScan) -> None:
    """
    Warn of columns that several attributes have.
    """
    by_name: dict[str, list[str]] = {}
    for name, prop in scan.properties.items():
        column = prop.columns[0] if isinstance(prop, ColumnProperty) else prop
        if isinstance(column, Column) and column.name is not None and column in scan.columns:
            by_name.setdefault(column.name, []).append(name)
    for column_name, names in by_name.items():
        if len(names) > 1:
            warn(
                f"On class '{scan.cls.__name__}', Column object '{column_name}' named directly multiple "
                f"times, only one will be used: {', '.join(names)}. Consider using orm.synonym instead"
            )


def warn_of_excluded(scan: DeclarativeScan, mapper: Any) -> None:
    """
    Warn of declared columns that ``exclude_properties`` or ``include_properties`` leave out.
    """
    for name, prop in scan.properties.items():
        if isinstance(prop, (Column, ColumnProperty)) and not mapper.has_property(name):
            warn_deprecated(
                f"Attribute '{name}' declared on class {scan.cls} is excluded from the mapping by the "
                "exclude_properties / include_properties mapper arguments; excluding attributes that are "
                "declared on the class is deprecated, and does not reliably remove them from the mapping.  "
                "To declare a column that is part of the Table but is not mapped, use the Unmapped[] "
                "annotation with unmapped_column().",
                "2.1",
            )
