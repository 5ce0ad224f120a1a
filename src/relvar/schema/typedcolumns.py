"""
Columns of a table as a class with annotations: ``Table("user", metadata, user_cols)``.

Type checkers take the class for ``table.c``.  At run time it is a list of columns, read once per table:

=====================================  ==========================================================
``id = Column(Integer)``               this column, copied
``name: Named[str]``                   a column whose type and NOT NULL the annotation says
``age: Named[int | None] = Column()``  this column, copied; the annotation fills in what it leaves open
=====================================  ==========================================================
"""

from __future__ import annotations

import builtins
import datetime
import decimal
import sys
import types
import uuid
from collections.abc import Iterator
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    NoReturn,
    Protocol,
    TypeVar,
    TypeVarTuple,
    Union,
    get_args,
    get_origin,
)

from relvar import exc
from relvar.relation.columns import ReadOnlyColumnCollection
from relvar.schema.base import NULL_UNSPECIFIED
from relvar.schema.column import Column
from relvar.types import (
    Boolean,
    Date,
    DateTime,
    Double,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
)

__all__ = ["HasRowPos", "Named", "TypedColumns", "typed_columns"]

_T_co = TypeVar("_T_co", covariant=True)
_Ts = TypeVarTuple("_Ts")

_TYPES: dict[Any, Any] = {
    bool: Boolean,
    bytes: LargeBinary,
    datetime.date: Date,
    datetime.datetime: DateTime,
    datetime.time: Time,
    datetime.timedelta: Interval,
    decimal.Decimal: Numeric,
    float: Double,
    int: Integer,
    str: String,
    uuid.UUID: Uuid,
}
_UNSAID = object()


class Named(Generic[_T_co]):
    """
    Annotation of a column that has the attribute's name: ``name: Named[str]``, see `TypedColumns`.
    """

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: Any) -> Column[_T_co]: ...

        def __set__(self, instance: Any, value: Column[Any]) -> None: ...


class HasRowPos(Protocol[*_Ts]):
    """
    A `TypedColumns` class that says what rows of its table are: ``__row_pos__: tuple[int, str]``.

    For type checkers; at run time nothing looks at it.
    """

    __row_pos__: tuple[*_Ts]


class TypedColumns(ReadOnlyColumnCollection[str, Column[Any]]):
    """
    Base of classes that list the columns of a table.

    Subclasses hold columns and annotations, no methods; there are no instances.  They may derive from
    each other: the columns of the bases come first.

    >>> from relvar import Column, Integer, MetaData, Named, Table, TypedColumns
    >>> class with_id(TypedColumns):
    ...     id = Column(Integer, primary_key=True)
    >>> class user_cols(with_id):
    ...     name: Named[str]
    ...     age: Named[int | None] = Column("user_age")
    >>> user = Table("user", MetaData(), user_cols)
    >>> [(c.name, str(c.type), c.nullable) for c in user.c]
    [('id', 'INTEGER', False), ('name', 'VARCHAR', False), ('user_age', 'INTEGER', True)]

    Raises:
        InvalidRequestError: a subclass defines methods, or is called.
    """

    if not TYPE_CHECKING:

        def __new__(cls, *_args, **_kwargs):
            raise exc.InvalidRequestError("Cannot instantiate a TypedColumns object.")

    def __init_subclass__(cls) -> None:
        kinds = (types.FunctionType, staticmethod, classmethod)
        methods = [
            name for name, value in vars(cls).items() if isinstance(value, kinds) and not _is_special(name)
        ]
        if methods:
            raise exc.InvalidRequestError(f"TypedColumns subclasses may not define methods. Found {methods}")
        super().__init_subclass__()


def typed_columns(cls: type[Any]) -> list[Column[Any]]:
    """
    Return new columns as a class lists them.

    Raises:
        InvalidRequestError: it is no `TypedColumns`.
        ArgumentError: an attribute or annotation is no column.
    """
    if not issubclass(cls, TypedColumns):
        raise exc.InvalidRequestError("The ``typed_columns_cls`` argument requires a TypedColumns subclass.")
    found: dict[str, Column[Any]] = {}
    for base in reversed(cls.__mro__):
        if base not in TypedColumns.__mro__:
            for name, value, annotation in _declared(base):
                found[name] = _column(f"{cls.__name__}.{name}", name, base, value, annotation)
    return list(found.values())


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _declared(base: type[Any]) -> Iterator[tuple[str, Any, Any]]:
    """
    Yield name, value and annotation of what a class declares itself, what has no annotation first.
    """
    values = {name: value for name, value in vars(base).items() if not _is_special(name)}
    annotations = base.__dict__.get("__annotations__", {})
    for name, value in values.items():
        if name not in annotations:
            yield name, value, _UNSAID
    for name, annotation in annotations.items():
        if not _is_special(name):
            yield name, values.get(name), annotation


def _column(where: str, name: str, base: type[Any], value: Any, annotation: Any) -> Column[Any]:
    if value is not None and not isinstance(value, Column):
        raise exc.ArgumentError(
            f"Unexpected value for attribute {where!r}. Expected a Column, not: {type(value)}"
        )
    column = Column() if value is None else value._copy()
    said = _UNSAID if annotation is _UNSAID else _argument(where, base, annotation)
    if said is _UNSAID:
        if column.type._isnull and not column.foreign_keys:
            _refuse_untyped(where, annotation)
    else:
        python_type, optional = _without_none(said)
        if column.type._isnull:
            column.type = _sql_type(where, python_type, annotation)
        if column._user_defined_nullable is NULL_UNSPECIFIED and not column.primary_key:
            column.nullable = optional
    if column.key == column.name:
        # no key of its own: the attribute's name, as in ``table.c``
        column.key = name
    if column.name is None:
        column.name = name
    return column


def _refuse_untyped(where: str, annotation: Any) -> NoReturn:
    if annotation is _UNSAID:
        raise exc.ArgumentError(
            f"Python typing annotation is required for attribute {where!r} when primary argument(s) for "
            "Column construct are None or not present"
        )
    raise exc.ArgumentError(
        f"No type information could be extracted from annotation {annotation} for attribute {where!r}"
    )


def _builtin_types() -> dict[str, Any]:
    return {name: held for name, held in vars(builtins).items() if isinstance(held, type)}


def _argument(where: str, base: type[Any], annotation: Any) -> Any:
    """
    Return ``X`` of an annotation ``Named[X]``; `_UNSAID` for ``Named`` alone.
    """
    if isinstance(annotation, str):
        from relvar.util.evaluate import evaluate  # few annotations are text

        names = {**vars(sys.modules.get(base.__module__, types)), **vars(base)}
        try:
            annotation = evaluate(annotation, names, _builtin_types(), is_annotation=True)
        except Exception as err:
            raise exc.ArgumentError(
                f"Could not interpret annotation {annotation} for attribute {where!r}"
            ) from err
    kind = get_origin(annotation) or annotation
    if not (isinstance(kind, type) and issubclass(kind, (Named, Column))):
        raise exc.ArgumentError(
            f"Annotation {annotation} for attribute {where!r} is not of type Named/Column[...]"
        )
    arguments = get_args(annotation)
    return arguments[0] if arguments else _UNSAID


def _without_none(said: Any) -> tuple[Any, bool]:
    """
    Return a type without ``None``, and whether that was in it.
    """
    if get_origin(said) in (Union, types.UnionType):
        others = [part for part in get_args(said) if part is not type(None)]
        if len(others) < len(get_args(said)):
            return (others[0] if len(others) == 1 else said), True
    return said, False


def _sql_type(where: str, python_type: Any, annotation: Any) -> Any:
    try:
        return _TYPES[python_type]()
    except (KeyError, TypeError):
        raise exc.ArgumentError(
            f"Could not find a SQL type for type {python_type} obtained from annotation {annotation} in "
            f"attribute {where!r}"
        ) from None
