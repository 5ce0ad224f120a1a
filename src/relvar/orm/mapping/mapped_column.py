"""
``mapped_column()``: declare a column together with how it is mapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions
from relvar.schema import Column, insert_sentinel

__all__ = ["mapped_column", "orm_insert_sentinel", "unmapped_column"]


def mapped_column(
    __name_pos: Any = None,
    __type_pos: Any = None,
    /,
    *args: Any,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    nullable: Any = NO_ARG,
    primary_key: bool | None = False,
    deferred: Any = NO_ARG,
    deferred_group: str | None = None,
    deferred_raiseload: bool | None = None,
    lazy: Literal["peers"] | None = None,
    use_existing_column: bool = False,
    name: str | None = None,
    type_: Any = None,
    autoincrement: Any = "auto",
    doc: str | None = None,
    key: str | None = None,
    index: bool | None = None,
    unique: bool | None = None,
    info: Any = None,
    onupdate: Any = None,
    insert_default: Any = NO_ARG,
    server_default: Any = None,
    server_onupdate: Any = None,
    active_history: bool = False,
    quote: bool | None = None,
    system: bool = False,
    comment: str | None = None,
    sort_order: Any = NO_ARG,
    dataclass_metadata: Any = NO_ARG,
    **kw: Any,
) -> MappedColumn[Any]:
    """
    Declare a mapped column; with a ``Mapped[...]`` annotation, type and nullability come from there.

    Args:
        default: The column's default; in a mapped dataclass the field's, where ``insert_default`` is the
            column's.
        nullable: Default: what the annotation says (``Optional``), else true.
        deferred, deferred_group, deferred_raiseload: Load it when first read, with its group, or not at all.
        lazy: ``"peers"``: load it when first read, for all objects that came in the same result.
        use_existing_column: Take a column of this name that a superclass has already.
        sort_order: Where in the table; columns with the same number keep the order of declaration.

    >>> from relvar import String
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str] = mapped_column("user_name", String(50), unique=True)
    >>> User.__table__.c.user_name.type, User.__table__.c.user_name.nullable
    (String(length=50), False)
    """
    column_default = insert_default if insert_default is not NO_ARG else default
    keywords: dict[str, Any] = {
        "name": name,
        "type_": type_,
        "autoincrement": autoincrement,
        "primary_key": primary_key,
        "doc": doc,
        "key": key,
        "index": index,
        "unique": unique,
        "info": info,
        "onupdate": onupdate,
        "server_default": server_default,
        "server_onupdate": server_onupdate,
        "quote": quote,
        "comment": comment,
        "system": system,
        **kw,
    }
    if column_default is not NO_ARG:
        keywords["default"] = column_default
    if nullable is not NO_ARG:
        keywords["nullable"] = nullable
    elif primary_key:
        keywords["nullable"] = False
    positional = tuple(arg for arg in (__name_pos, __type_pos) if arg is not None)
    column: Column[Any] = Column(*positional, *args, **_given(keywords))
    return MappedColumn(
        column,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        deferred=deferred,
        deferred_group=deferred_group,
        deferred_raiseload=deferred_raiseload,
        lazy=lazy,
        active_history=active_history,
        sort_order=sort_order,
        use_existing_column=use_existing_column,
        has_nullable=nullable is not NO_ARG,
        has_insert_default=insert_default is not NO_ARG,
    )


def _given(keywords: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if value is not None or name == "default"}


def unmapped_column(__name_pos: Any = None, __type_pos: Any = None, /, *args: Any, **kw: Any) -> Any:
    """
    Declare a column of the table that gets no attribute; for use with ``Unmapped[...]``.
    """
    made = mapped_column(__name_pos, __type_pos, *args, **kw)
    made.is_unmapped = True
    return made


def orm_insert_sentinel(
    name: str | None = None, type_: Any = None, *, default: Any = None, omit_from_statements: bool = True
) -> MappedColumn[Any]:
    """
    Declare the column by which bulk inserts match returned rows with objects.
    """
    column = insert_sentinel(name, type_, default=default, omit_from_statements=omit_from_statements)
    made: MappedColumn[Any] = MappedColumn(
        column, attribute_options=AttributeOptions(False), deferred=omit_from_statements
    )
    # its options are not the program's own
    made.has_dataclass_arguments = False
    return made
