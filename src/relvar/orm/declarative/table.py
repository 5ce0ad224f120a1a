"""
Make the table of a declarative class, or add to its superclass's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.orm.declarative.deferred import is_pending
from relvar.schema import Table

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan

__all__ = ["make_table"]


def make_table(scan: DeclarativeScan) -> Any:
    """
    Return the table of a class; None when it uses its superclass's.

    Raises:
        ArgumentError, InvalidRequestError: The class says too little or too much.
    """
    cls = scan.cls
    table = cls.__dict__.get("__table__")
    if table is None:
        table = _inherited_directive(scan)
    if table is None and scan.tablename is not None:
        table = _new_table(scan, scan.tablename)
        type.__setattr__(cls, "__table__", table)
    elif table is not None:
        if hasattr(table, "c"):
            scan.leave_to_table(table)
        for column in scan.columns:
            if not table.c.contains_column(column):
                raise exc.ArgumentError(
                    f"Can't add additional column '{column.key}' when specifying __table__: add it to "
                    f"the table '{table.description}' of class {cls.__name__}"
                )
    if table is not None:
        return table
    if scan.parent is None:
        raise exc.InvalidRequestError(
            f"Class {cls!r} does not have a __table__ or __tablename__ specified and does not inherit from "
            "an existing table-mapped class.  Give it one, or say __abstract__ = True if it is only there "
            "for its subclasses."
        )
    _add_to_inherited_table(scan)
    return None


def _inherited_directive(scan: DeclarativeScan) -> Any:
    """Return ``__table__`` of a mixin, where it is a ``declared_attr``."""
    for base in scan.cls.__mro__[1:]:
        manager = base.__dict__.get("_sa_class_manager")
        if (manager is not None and manager.mapper is not None) or is_pending(base):
            return None
        if "__table__" in base.__dict__:
            made = getattr(scan.cls, "__table__", None)
            if made is not None:
                type.__setattr__(scan.cls, "__table__", made)
            return made
    return None


def _new_table(scan: DeclarativeScan, name: str) -> Any:
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    given = scan.table_args
    if isinstance(given, dict):
        keywords = dict(given)
    elif isinstance(given, tuple) and given:
        if isinstance(given[-1], dict):
            arguments, keywords = given[:-1], dict(given[-1])
        else:
            arguments = given
    schema = getattr(scan.cls, "__table_schema__", None)
    if schema is not None:
        keywords.setdefault("schema", schema)
    columns = sorted(scan.columns, key=lambda c: scan.columns[c])
    arguments = tuple(
        getattr(arg, "column", arg) if getattr(arg, "_is_mapped_column", False) else arg for arg in arguments
    )
    table_cls = getattr(scan.cls, "__table_cls__", Table)
    try:
        return table_cls(name, scan.metadata, *columns, *arguments, **keywords)
    except (exc.SQLAlchemyError, TypeError) as error:
        error.args = (f"{error.args[0]}  (table '{name}' of class {scan.cls.__name__})", *error.args[1:])
        raise


def _add_to_inherited_table(scan: DeclarativeScan) -> None:
    if scan.table_args and "__table_args__" in scan.cls.__dict__:
        raise exc.ArgumentError(
            "Can't place __table_args__ on an inherited class with no table.  "
            f"Class {scan.cls.__name__} has the table of {scan.parent.class_.__name__}: put them there, or "
            "give it a __tablename__."
        )
    if not scan.columns:
        return
    table = scan.parent.local_table
    if not isinstance(table, Table):
        raise exc.ArgumentError(
            f"Can't declare columns on single-table-inherited subclass {scan.cls}; superclass "
            f"{scan.parent.class_} is not mapped to a Table"
        )
    for column in scan.columns:
        if column.primary_key:
            raise exc.ArgumentError(
                "Can't place primary key columns on an inherited class with no table.  "
                f"'{column.name}' of class {scan.cls.__name__} would be in table '{table.name}': give it "
                "a __tablename__ for a table of its own."
            )
        existing = table.c.get(column.name)
        if existing is not None:
            if existing is column:
                continue
            raise exc.ArgumentError(
                f"Column '{column.name}' on class {scan.cls.__name__} conflicts with existing column "
                f"'{existing}'.  If using Declarative, consider using the use_existing_column parameter of "
                "mapped_column() to resolve conflicts."
            )
        table.append_column(column)
    tell = getattr(scan.parent, "_columns_added", None)
    if tell is not None:
        tell()
