"""
Types that own something in the schema: an ENUM, a domain, a CHECK constraint.

The schema layer calls these methods; nothing here knows its classes.

* ``_set_parent(column)`` when the type comes to a column;
  ``_set_table(column, table)`` when that column comes to a table; it calls
  ``table._register_schema_type(type, variants)`` or, if it has a metadata
  collection of its own, ``metadata._register_schema_type(type)``;
* ``_on_table_create(target, bind, **kw)``, ``_on_table_drop``,
  ``_on_metadata_create``, ``_on_metadata_drop`` before a CREATE and after a
  DROP of the table or of all the tables of a metadata collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, cast

from relvar import exc, util
from relvar.event import EventTarget
from relvar.types.base import TypeEngine, TypeEngineMixin
from relvar.util.signature import constructor_names


class SchemaEventTarget(EventTarget):
    """
    Base of things that can be attached to a schema item.
    """

    __slots__ = ()

    def _set_parent(self, parent: Any, **kw: Any) -> None:
        """
        Associate with *parent*.
        """

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        dispatch = getattr(self, "dispatch", None)
        if dispatch is None:
            self._set_parent(parent, **kw)
            return
        dispatch.before_parent_attach(self, parent)
        self._set_parent(parent, **kw)
        dispatch.after_parent_attach(self, parent)


class NoArg:
    """
    Class of `NO_ARG`, which tells "not given" from ``None``.
    """

    _one: ClassVar[NoArg | None] = None

    def __new__(cls) -> NoArg:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "NO_ARG"

    def __reduce__(self) -> Any:
        return NoArg, ()


NO_ARG: Any = NoArg()


class SchemaType(SchemaEventTarget, TypeEngineMixin):
    """
    Mixin for types that need DDL of their own.

    Args:
        name: Of the type or of its constraint.
        schema: Where the type lives.
        metadata: Its tables share the type, which is made before the first.
        inherit_schema: Take the schema of the table; deprecated.
        quote: Force or forbid quoting of the name.
        create_type: Emit CREATE and DROP for the type along with tables.
    """

    _use_schema_map = True

    name: str | None
    schema: str | None
    metadata: Any
    create_type: bool

    _attach_check: ClassVar[Callable[[Any, Any, Any], None] | None] = None
    "``(type, column, table)``: adds the CHECK constraint; registered by ``relvar.schema``."

    _quote_name: ClassVar[Callable[[str, bool | None], str] | None] = None
    "``(name, quote)``: makes a quoted name; registered by the layer that has them."

    def __init__(
        self,
        name: str | None = None,
        schema: str | None = NO_ARG,
        metadata: Any = None,
        inherit_schema: bool = False,
        quote: bool | None = None,
        create_type: bool = True,
        _create_events: bool = True,
        _adapted_from: SchemaType | None = None,
    ) -> None:
        if name is not None and quote is not None and SchemaType._quote_name is not None:
            name = SchemaType._quote_name(name, quote)
        if inherit_schema:
            if schema is not NO_ARG and schema is not None:
                raise exc.ArgumentError(
                    "Ambiguously setting inherit_schema=True while also passing a schema argument"
                )
            util.warn_deprecated(
                "the ``inherit_schema`` parameter is deprecated."
                "The schema will be inherited from the ``metadata`` object. "
                "To keep using the table schema as the type schema, pass the "
                "``schema`` parameter directly.",
                "2.1",
            )
        self.name = name
        self._is_schema_settled = schema is not NO_ARG
        self.metadata = metadata
        self._inherit_schema = bool(inherit_schema)
        self.create_type = create_type
        self._create_events = _create_events
        if schema is not NO_ARG:
            self.schema = schema
        else:
            self.schema = metadata.schema if metadata is not None else None
        if _create_events and metadata is not None:
            metadata._register_schema_type(self)
        if _adapted_from is not None and "dispatch" in getattr(_adapted_from, "__dict__", ()):
            self.dispatch: Any = self.dispatch._join(_adapted_from.dispatch)

    @property
    def inherit_schema(self) -> bool:
        """
        Whether the type takes the schema of its table.
        """
        util.warn_deprecated("The ``inherit_schema`` property is deprecated.", "2.1")
        return self._inherit_schema

    # ------------------------------------------------------------ attachment

    def _set_parent(self, parent: Any, **kw: Any) -> None:
        parent._on_table_attach(self._set_table)

    def _variant_mapping_for_set_table(self, column: Any) -> dict[str, TypeEngine[Any]] | None:
        """
        Return which type each dialect uses for *column*, if they differ.
        """
        mapping = column.type._variant_mapping
        if not mapping:
            return None
        variants = dict(mapping)
        variants["_default"] = column.type
        return variants

    def _set_table(self, column: Any, table: Any) -> None:
        # The type is one object of the database: the first table that uses it decides where it is.
        if not self._is_schema_settled:
            if self._inherit_schema:
                self.schema = table.schema
            elif self.metadata is None:
                self.schema = table.metadata.schema
            self._is_schema_settled = True
        is_known = self.metadata is table.metadata
        if self.metadata is None:
            self.metadata = table.metadata
        if self._create_events:
            variants = self._variant_mapping_for_set_table(column)
            table._register_schema_type(self, variants)
            if not is_known:
                table.metadata._register_schema_type(self, variants)

    def _copy_arguments(self, kw: dict[str, Any]) -> dict[str, Any]:
        """
        Return what a copy is made with in place of the same of this type; taken from those of `copy`.

        A copy keeps the schema unless it is told another one.  A copy for another metadata belongs to
        that of its first table.
        """
        made = {"schema": kw.pop("schema", self.schema)}
        if kw.pop("_to_metadata", None) is not None:
            made["metadata"] = None
        return made

    def copy(self, **kw: Any) -> Self:
        """
        Return a copy.

        Args:
            schema: The schema of the copy; the same when not given.
        """
        cls = cast("type[TypeEngine[Any]]", type(self))
        known = constructor_names(cls)
        changed = {name: value for name, value in self._copy_arguments(kw).items() if name in known}
        return cast(Self, self.adapt(cls, _create_events=True, **changed))

    def adapt(self, cls: type[Any], **kw: Any) -> Any:
        """
        Return a *cls* made from this type, without DDL events of its own.
        """
        kw.setdefault("_create_events", False)
        kw.setdefault("_adapted_from", self)
        return super().adapt(cls, **kw)  # type: ignore[misc]  # mixed into TypeEngine

    # ------------------------------------------------------------------ DDL

    def create(self, bind: Any, checkfirst: bool = True) -> None:
        """
        Issue CREATE DDL for this type, if its dialect has any.
        """
        native = self._native_impl(bind.dialect)
        if native is not None:
            native.create(bind, checkfirst=checkfirst)

    def drop(self, bind: Any, checkfirst: bool = True) -> None:
        """
        Issue DROP DDL for this type, if its dialect has any.
        """
        native = self._native_impl(bind.dialect)
        if native is not None:
            native.drop(bind, checkfirst=checkfirst)

    def _native_impl(self, dialect: Any) -> Any | None:
        """
        Return the dialect's own type, if it has one with DDL of its own.
        """
        impl = cast("TypeEngine[Any]", self).dialect_impl(dialect)
        if isinstance(impl, SchemaType) and type(impl) is not type(self):
            return impl
        return None

    def _on_table_create(self, target: Any, bind: Any, **kw: Any) -> None:
        native = self._selected_impl(bind.dialect, kw)
        if native is not None:
            native._on_table_create(target, bind, **kw)

    def _on_table_drop(self, target: Any, bind: Any, **kw: Any) -> None:
        native = self._selected_impl(bind.dialect, kw)
        if native is not None:
            native._on_table_drop(target, bind, **kw)

    def _on_metadata_create(self, target: Any, bind: Any, **kw: Any) -> None:
        native = self._selected_impl(bind.dialect, kw)
        if native is not None:
            native._on_metadata_create(target, bind, **kw)

    def _on_metadata_drop(self, target: Any, bind: Any, **kw: Any) -> None:
        native = self._selected_impl(bind.dialect, kw)
        if native is not None:
            native._on_metadata_drop(target, bind, **kw)

    def _selected_impl(self, dialect: Any, kw: dict[str, Any]) -> Any | None:
        if not self._is_impl_for_variant(dialect, kw):
            return None
        return self._native_impl(dialect)

    def _is_impl_for_variant(self, dialect: Any, kw: dict[str, Any]) -> bool:
        """
        Tell whether this is the type that *dialect* uses of a set of variants.

        Takes ``variant_mapping`` out of *kw*.
        """
        variants: Mapping[str, Any] | None = kw.pop("variant_mapping", None)
        if not variants:
            return True
        if variants.get("_default") is self and dialect.name not in variants:
            return True
        if dialect.name not in variants:
            return False
        chosen = variants[dialect.name]
        return chosen is self or getattr(chosen, "impl", None) is self

    def _should_create_constraint(self, compiler: Any, **kw: Any) -> bool:
        raise NotImplementedError
