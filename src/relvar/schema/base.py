"""
What every schema construct has in common.

A *schema item* (table, column, constraint, index, sequence, default) is attached to a parent
by ``_set_parent``; attaching is announced by the events ``before_parent_attach`` and
``after_parent_attach``.  Items carry ``info`` and, when they accept options of a single
database, the options of `DialectKWArgs`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from relvar import exc
from relvar.event.registry import clock
from relvar.expr.node import Visitable
from relvar.types.schematype import SchemaEventTarget
from relvar.util import warn_deprecated
from relvar.util.fields import NamedTuple

__all__ = [
    "BLANK_SCHEMA",
    "NULL_UNSPECIFIED",
    "RETAIN_SCHEMA",
    "DDLIf",
    "HasConditionalDDL",
    "HasDeprecatedCopy",
    "HasSchemaAttr",
    "SchemaConst",
    "SchemaEventTarget",
    "SchemaItem",
    "SchemaVisitable",
    "SchemaVisitor",
]

_S = TypeVar("_S", bound="SchemaItem")


class SchemaConst(enum.Enum):
    """
    Markers for arguments where None already has a meaning.
    """

    RETAIN_SCHEMA = 1
    BLANK_SCHEMA = 2
    NULL_UNSPECIFIED = 3


RETAIN_SCHEMA = SchemaConst.RETAIN_SCHEMA
BLANK_SCHEMA = SchemaConst.BLANK_SCHEMA
NULL_UNSPECIFIED = SchemaConst.NULL_UNSPECIFIED


class Attachable(SchemaEventTarget):
    """
    Something that is attached to a parent, with events before and after.
    """

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        """
        Attach this item to *parent* and tell the listeners before and after.
        """
        cls = type(self)
        dispatch = self.__dict__.get("dispatch")
        if dispatch is None:
            # an item nobody listens to has no dispatch of its own: do not make one
            if _silent.get(cls) == clock.ticks:
                self._set_parent(parent, **kw)
                return
            dispatch = cls.dispatch
            if not dispatch.before_parent_attach and not dispatch.after_parent_attach:
                _silent[cls] = clock.ticks
        dispatch.before_parent_attach(self, parent)
        self._set_parent(parent, **kw)
        # asked again: a listener may have come while the item was attached
        self.__dict__.get("dispatch", cls.dispatch).after_parent_attach(self, parent)


_silent: dict[type[Any], int] = {}
"Class -> when (in event time) nobody listened to its items being attached."


class SchemaVisitable(Attachable, Visitable):
    """
    A schema construct that a `SchemaVisitor` can visit.
    """


class SchemaVisitor:
    """
    Visits schema constructs by their ``__visit_name__``.
    """

    __traverse_options__: ClassVar[dict[str, Any]] = {"schema_visitor": True}

    def traverse_single(self, obj: SchemaVisitable, **kw: Any) -> Any:
        """
        Call ``visit_<name>`` for *obj*; None when there is no such method.
        """
        method = getattr(self, f"visit_{obj.__visit_name__}", None)
        return method(obj, **kw) if method is not None else None


class SchemaItem(SchemaVisitable):
    """
    Base class of the items that define a database schema.
    """

    __visit_name__ = "schema_item"

    create_drop_stringify_dialect: str = "default"

    _use_schema_map: bool = False

    def _init_items(self, *args: Any, **kw: Any) -> None:
        """
        Attach each of *args* to this item.

        Raises:
            ArgumentError: an argument is no schema item.
        """
        for item in args:
            if item is None:
                continue
            try:
                attach = item._set_parent_with_dispatch
            except AttributeError as err:
                raise exc.ArgumentError(
                    f"'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {item!r}"
                ) from err
            attach(self, **kw)

    def __repr__(self) -> str:
        from relvar.util.reprs import generic_repr  # people read a repr, few programs do

        return generic_repr(self, omit_kwarg=["info"])

    @property
    def info(self) -> dict[Any, Any]:
        """
        A dictionary for the application's own use; made when first asked for.
        """
        try:
            return self.__dict__["_info"]  # type: ignore[no-any-return]  # what __dict__ holds
        except KeyError:
            made: dict[Any, Any] = {}
            self.__dict__["_info"] = made
            return made

    @info.setter
    def info(self, value: Mapping[Any, Any] | None) -> None:
        self.__dict__["_info"] = value

    def _schema_item_copy(self, schema_item: _S) -> _S:
        """
        Carry ``info`` and listeners over to the fresh copy *schema_item*.
        """
        info = self.__dict__.get("_info")
        if info:
            schema_item.info = dict(info)
        if "dispatch" in self.__dict__:
            schema_item.dispatch._update(self.dispatch)
        return schema_item


class HasDeprecatedCopy:
    """
    Items that once had a public ``copy()``; `Table.to_metadata` copies a table with all of them.
    """

    _copied_as: ClassVar[str]

    _copy: Callable[..., Any]

    def copy(self, **kw: Any) -> Any:
        """
        Return a copy that is attached to nothing.
        """
        warn_deprecated(
            f"The {self._copied_as}.copy() method is deprecated and will be removed in a future release. "
            "(deprecated since: 1.4)",
            "1.4",
        )
        return self._copy(**kw)


class HasSchemaAttr(SchemaItem):
    """
    An item that lives in a schema of the database.
    """

    _use_schema_map: bool = True

    schema: str | None


class DDLIf(NamedTuple):
    """
    The conditions under which a DDL statement or a piece of one is emitted.
    """

    dialect: Any = None
    callable_: Callable[..., bool] | None = None
    state: Any = None

    def _should_execute(
        self,
        ddl: Any,
        target: Any,
        bind: Any,
        compiler: Any = None,
        **kw: Any,
    ) -> bool:
        """
        Say whether the conditions hold for the dialect of *bind* or of *compiler*.
        """
        if bind is not None:
            dialect = bind.dialect
        elif compiler is not None:
            dialect = compiler.dialect
        else:
            raise exc.InvalidRequestError("A bind or a compiler is needed to decide on DDL")
        if isinstance(self.dialect, str):
            if self.dialect != dialect.name:
                return False
        elif self.dialect is not None and dialect.name not in self.dialect:
            return False
        return self.callable_ is None or bool(
            self.callable_(ddl, target, bind, state=self.state, dialect=dialect, compiler=compiler, **kw)
        )


_C = TypeVar("_C", bound="HasConditionalDDL")


class HasConditionalDDL:
    """
    Constraints and indexes that can be left out of the DDL of some databases.
    """

    _ddl_if: DDLIf | None = None

    def ddl_if(
        self: _C,
        dialect: str | Iterable[str] | None = None,
        callable_: Callable[..., bool] | None = None,
        state: Any | None = None,
    ) -> _C:
        """
        Emit this item only if *dialect* matches and *callable_* says so.

        Returns the item itself, so that it can be used where the item is defined.
        """
        self._ddl_if = DDLIf(dialect, callable_, state)
        return self


def table_key(name: str, schema: str | None) -> str:
    """
    Return the key of a table in ``MetaData.tables``.
    """
    return name if schema is None else f"{schema}.{name}"
