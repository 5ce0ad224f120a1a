"""
The table of a mapped class, for type checkers.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, overload

from relvar.orm.mapping.interfaces import MappedClassProtocol
from relvar.relation.columns import ReadOnlyColumnCollection
from relvar.relation.from_ import FromClause

__all__ = ["HasTypedColumns", "as_typed_table"]

_C = TypeVar("_C", bound=ReadOnlyColumnCollection[str, Any])


class HasTypedColumns(Protocol[_C]):
    """
    A mapped class that says how its columns are typed.
    """

    __typed_cols__: type[_C]


@overload
def as_typed_table(cls: type[HasTypedColumns[_C]], /) -> FromClause[_C]: ...
@overload
def as_typed_table(cls: MappedClassProtocol[Any], typed_columns_cls: type[_C], /) -> FromClause[_C]: ...
def as_typed_table(cls: Any, typed_columns_cls: Any = None, /) -> FromClause[Any]:
    """
    Return ``cls.__table__``; a type checker sees its columns as a `TypedColumns` class declares them.

    Args:
        cls: A mapped class; its own ``__typed_cols__`` says how the columns are typed.
        typed_columns_cls: The `TypedColumns` class, where the mapped class names none.

    >>> from relvar import Column, Integer, String, TypedColumns, select
    >>> from relvar.orm import DeclarativeBase, Mapped, as_typed_table, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> class UserColumns(TypedColumns):
    ...     id: Column[int]
    ...     name: Column[str]
    >>> users = as_typed_table(User, UserColumns)
    >>> print(select(users.c.name))
    SELECT users.name
    FROM users
    """
    found: FromClause[Any] = cls.__table__
    return found
