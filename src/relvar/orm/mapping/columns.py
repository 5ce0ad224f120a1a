"""
Column attributes: one or more columns, or a SQL expression, under one name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from relvar import exc
from relvar.expr import make
from relvar.expr.element import ColumnElement
from relvar.expr.operators import OperatorType
from relvar.expr.resolve import as_scalar, clause_element
from relvar.orm.mapping import hooks
from relvar.orm.mapping.attribute import DataInstrumentedAttribute, InstrumentedAttribute
from relvar.orm.mapping.interfaces import (
    NO_ARG,
    AttributeOptions,
    Mapped,
    PropComparator,
    StrategizedProperty,
)
from relvar.orm.mapping.validators import listen_validators
from relvar.orm.state.impl import ScalarAttribute
from relvar.schema import Column
from relvar.util.generics import TypeVar
from relvar.util.log import ClassLogger

if TYPE_CHECKING:
    from relvar.expr.typed import TypedOperators
    from relvar.stmt.base import SelectBase
from relvar.util.warning import warn_deprecated

__all__ = [
    "ColumnProperty",
    "MappedColumn",
    "MappedSQLExpression",
    "checked_lazy",
    "column_property",
    "deferred",
    "query_expression",
]

_T = TypeVar("_T", default=Any)


class ColumnProperty(StrategizedProperty):
    """
    A mapped column, or SQL expression, of a class.

    ``columns``: the first is what SELECT shows; further ones (joined
    inheritance) get the same value written.  ``expression`` is the first.
    """

    logger: ClassLogger = ClassLogger("orm.properties.ColumnProperty")
    logging_name: str | None = None

    strategy_wildcard_key: ClassVar[str | None] = "column"
    _is_column = True
    inherit_cache = True

    def __init__(
        self,
        column: Any,
        *additional_columns: Any,
        attribute_options: AttributeOptions | None = None,
        group: str | None = None,
        deferred: bool = False,
        raiseload: bool = False,
        lazy: Literal["peers"] | None = None,
        comparator_factory: type[PropComparator[Any]] | None = None,
        active_history: bool = False,
        default_scalar_value: Any = NO_ARG,
        expire_on_flush: bool = True,
        info: dict[Any, Any] | None = None,
        doc: str | None = None,
        _instrument: bool = True,
        _assume_readonly_dc_attributes: bool = False,
    ) -> None:
        self.columns: list[Any] = [_mappable(c) for c in (column, *additional_columns)]
        for made in self.columns:
            if not isinstance(made, Column) and not made._is_immutable:
                # a pickle finds it by this property, where it occurs by itself: in a subquery's lineage
                made._pickled_as = self
        self.attribute_options: AttributeOptions = attribute_options or AttributeOptions()
        self.has_dataclass_arguments: bool = bool(self.attribute_options.field_arguments())
        self.group = group
        self.lazy: Any = checked_lazy(lazy)
        self.deferred: bool = deferred or lazy is not None
        self.raiseload = raiseload
        self.instrument = _instrument
        self.comparator_factory: type[PropComparator[Any]] = comparator_factory or ColumnProperty.Comparator
        self.active_history = active_history
        self.default_scalar_value = default_scalar_value
        self.expire_on_flush = expire_on_flush
        if info is not None:
            self.__dict__["info"] = dict(info)
        if doc is not None:
            self.doc = doc
        else:
            docs = (getattr(c, "doc", None) for c in reversed(self.columns))
            self.doc = next((text for text in docs if text is not None), None)
        self._creates_attribute = True
        self.strategy_options: dict[str, Any] = {}

    @property
    def expression(self) -> Any:
        """The first column."""
        return self.columns[0]

    def __clause_element__(self) -> Any:
        return self.expression

    @property
    def column(self) -> Any:
        """The first column."""
        return self.columns[0]

    @property
    def columns_to_assign(self) -> list[tuple[Any, int]]:
        """The table columns that a declarative class takes from this property."""
        return [
            (c, self._sort_order if c is self.columns[0] else 0)
            for c in self.columns
            if isinstance(c, Column) and c.table is None
        ]

    @property
    def _is_polymorphic_discriminator(self) -> bool:
        """Whether the value says of which class a row is, which programs ask."""
        return any(column is self.parent.polymorphic_on for column in self.columns)

    @property
    def is_expression(self) -> bool:
        """Whether the value is computed by the database: nothing to write."""
        return not isinstance(self.columns[0], Column)

    @property
    def is_query_expression(self) -> bool:
        """Whether each query says what it is, see ``query_expression()``."""
        return bool(self.strategy_options.get("query_expression"))

    @property
    def is_unset(self) -> bool:
        """Whether it is a ``query_expression()`` that has nothing to show by default."""
        if not self.is_query_expression:
            return False
        expression = self.columns[0]
        return bool(getattr(expression, "element", expression).__visit_name__ == "null")

    def copy(self) -> ColumnProperty:
        """
        Return a property like this one for another mapper.
        """
        made = type(self)(
            *self.columns,
            attribute_options=self.attribute_options,
            group=self.group,
            deferred=self.deferred,
            raiseload=self.raiseload,
            lazy=self.lazy,
            comparator_factory=self.comparator_factory,
            active_history=self.active_history,
            default_scalar_value=self.default_scalar_value,
            expire_on_flush=self.expire_on_flush,
            doc=self.doc,
        )
        made.strategy_options = self.strategy_options
        if "info" in self.__dict__:
            made.__dict__["info"] = self.info
        return made

    def merge_existing(self, column: Any) -> ColumnProperty:
        """
        Return a copy that has *column* in front.
        """
        made = self.copy()
        made.columns.insert(0, column)
        return made

    def instrument_class(self, mapper: Any) -> None:
        if not self.instrument:
            return
        instrument_column(self, mapper, self.key)

    def post_instrument_class(self, mapper: Any) -> None:
        attribute = mapper.class_manager.attributes.get(self.key)
        if attribute is None or attribute.impl is None or attribute.impl.is_hooked:
            return
        attribute.impl.is_hooked = True
        for hook in hooks.attribute_hooks:
            hook(self, mapper, attribute.impl)

    class Comparator(PropComparator[_T]):
        """
        The operators of a column attribute: those of its column.
        """

        __slots__ = ("__dict__",)

        @property
        def _is_stable(self) -> bool:
            # only this very class sends operators straight to the column
            return type(self) is ColumnProperty.Comparator

        def __clause_element__(self) -> Any:
            found = self._element
            if found is None:
                found = self._element = self._annotated(self.prop.columns[0])
            return found

        @property
        def expressions(self) -> Sequence[Any]:
            """All columns of the property, for the entity."""
            return [self._annotated(c) for c in self.prop.columns]

        def _annotated(self, column: Any) -> Any:
            entity = self._parententity
            if self._adapt_to_entity is not None:
                return self._adapt_to_entity._adapt_element(column, self.prop.key)
            return annotate_column(column, entity, self.prop.key)

        @property
        def info(self) -> dict[Any, Any]:
            """The column's own facts, else the property's."""
            element = self.__clause_element__()
            try:
                return element.info  # type: ignore[no-any-return]  # a dict
            except AttributeError:
                return self.prop.info  # type: ignore[no-any-return]  # a dict

        def __getattr__(self, key: str) -> Any:
            if key[:1] == "_":
                raise AttributeError(key)
            return getattr(self.__clause_element__(), key)

        def _bulk_update_tuples(self, value: Any) -> list[tuple[Any, Any]]:
            return [(self.__clause_element__(), value)]

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            return op(self.__clause_element__(), *other, **kwargs)

        def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
            column = self.__clause_element__()
            return op(column._bind_param(op, other), column, **kwargs)


class MappedSQLExpression(ColumnProperty, Mapped[_T]):
    """
    What ``column_property()``, ``deferred()`` and ``query_expression()`` return; also a type for annotations.
    """

    inherit_cache = True

    __hash__ = object.__hash__
    __eq__: Any = object.__eq__
    __ne__: Any = object.__ne__

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.expression, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self.expression, **kwargs)


def annotate_column(column: Any, entity: Any, key: str) -> Any:
    """
    Return a column as it stands for an attribute of an entity in statements.
    """
    mapper = entity.mapper
    made = column._annotate(
        {
            "entity_namespace": entity,
            "parententity": entity,
            "parentmapper": mapper,
            "proxy_key": key,
        }
    )
    return made._set_propagate_attrs({"compile_state_plugin": "orm", "plugin_subject": mapper})


def instrument_column(prop: Any, mapper: Any, key: str) -> None:
    """
    Give a class the attribute of a column property.
    """
    manager = mapper.class_manager
    is_pk = getattr(prop.columns[0], "primary_key", False)
    version = mapper.version_id_col
    impl = ScalarAttribute(
        mapper.class_,
        key,
        parent_token=prop,
        active_history=bool(
            prop.active_history or is_pk or (version is not None and version in prop.columns)
        ),
        compare=getattr(prop.columns[0].type, "compare_values", None),
        # a deferred column does not come back with the others when the object was expired
        load_on_unexpire=not prop.deferred,
    )
    impl.scalar_loader = True
    impl.optional = prop.is_query_expression
    impl.inserted = not (prop.deferred or prop.is_expression)
    listen_validators(mapper, key, impl)
    if hasattr(prop, "field_default"):
        impl.set_field_default(prop.field_default)
    cls = InstrumentedAttribute if manager.plain_set else DataInstrumentedAttribute
    attribute: Any = cls(mapper.class_, key, mapper, prop.comparator_factory(prop, mapper), impl)
    if prop.doc is not None:
        attribute.__doc__ = prop.doc
    manager.instrument_attribute(key, attribute, impl)
    for instrumented in hooks.instrumented:
        instrumented(prop, mapper, attribute)


def _mappable(column: Any) -> Any:
    element = clause_element(column)
    if isinstance(element, MappedColumn):
        return element.column
    if getattr(element, "_is_select_base", False):
        element = as_scalar(element)
    if not isinstance(element, ColumnElement):
        raise exc.ArgumentError(f"Column expression expected for column_property(), got {column!r}")
    if getattr(element, "_is_bind_parameter", False) or (
        not isinstance(element, Column) and not getattr(element, "_is_named", False) and element.key is None
    ):
        # an expression needs a name to be found by in rows
        return make.Label(None, element, element.type)
    return element


def checked_lazy(lazy: Any) -> Literal["peers"] | None:
    """
    Return how a column is loaded when it is read, where that is said at all.

    Raises:
        ArgumentError: There is no such way.
    """
    if lazy not in (None, "peers"):
        raise exc.ArgumentError(f"lazy of a column is 'peers', or left out; got {lazy!r}")
    return "peers" if lazy else None


class MappedColumn(Mapped[_T]):
    """
    What ``mapped_column()`` returns: a column under construction, and how it is to be mapped.
    """

    _is_mapped_column = True
    inherit_cache = True
    is_unmapped = False

    def __init__(
        self,
        column: Column[Any],
        *,
        attribute_options: AttributeOptions,
        deferred: Any = NO_ARG,
        deferred_group: str | None = None,
        deferred_raiseload: bool | None = None,
        lazy: Literal["peers"] | None = None,
        active_history: bool = False,
        sort_order: Any = NO_ARG,
        use_existing_column: bool = False,
        has_nullable: bool = False,
        has_insert_default: bool = False,
    ) -> None:
        self.column = column
        self.attribute_options = attribute_options
        self.has_dataclass_arguments: bool = bool(attribute_options.field_arguments())
        self.deferred: bool = (
            (deferred_group is not None or bool(deferred_raiseload)) if deferred is NO_ARG else bool(deferred)
        ) or lazy is not None
        self.lazy = checked_lazy(lazy)
        self.deferred_group = deferred_group
        self.deferred_raiseload: bool = bool(deferred_raiseload)
        self.active_history = active_history
        self.sort_order = 0 if sort_order is NO_ARG else sort_order
        self.has_sort_order: bool = sort_order is not NO_ARG
        self.use_existing_column = use_existing_column
        self.has_nullable = has_nullable
        self.has_insert_default = has_insert_default

    __hash__ = object.__hash__

    @property
    def name(self) -> Any:
        """The column's name, once known."""
        return self.column.name

    @property
    def mapper_property_to_assign(self) -> ColumnProperty | None:
        """The property that the mapper needs, None where the column says all."""
        if not (self.deferred or self.active_history or self.has_dataclass_arguments):
            return None
        return ColumnProperty(
            self.column,
            attribute_options=self.attribute_options,
            group=self.deferred_group,
            deferred=self.deferred,
            raiseload=self.deferred_raiseload,
            lazy=self.lazy,
            active_history=self.active_history,
        )

    def copy(self) -> MappedColumn[_T]:
        """
        Return a copy with a column of its own, as each class using a mixin gets.
        """
        made: MappedColumn[_T] = MappedColumn.__new__(MappedColumn)
        made.__dict__.update(self.__dict__)
        made.column = self.column._copy()
        return made

    def __clause_element__(self) -> Any:
        return self.column

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self.column, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self.column, **kwargs)


_UNSAID: Any = NO_ARG


def column_property(
    column: TypedOperators[_T] | SelectBase,
    *additional_columns: Any,
    group: str | None = None,
    deferred: bool = False,
    raiseload: bool = False,
    lazy: Literal["peers"] | None = None,
    comparator_factory: type[PropComparator[Any]] | None = None,
    # what tells type checkers that constructors of dataclasses do not take it
    init: Literal[False] = _UNSAID,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    active_history: bool = False,
    expire_on_flush: bool = True,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    dataclass_metadata: Any = NO_ARG,
) -> MappedSQLExpression[_T]:
    """
    Map a column, or a SQL expression, explicitly.

    Args:
        group: Deferred columns of one group are loaded together.
        deferred: Load it when first read.
        raiseload: Refuse to load it when it was deferred.
        lazy: ``"peers"``: load it when first read, for all objects that came in the same result.
        active_history: Load the old value before a new one is set.
        expire_on_flush: Load it again after each flush, as an expression may have changed.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, column_property, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     first: Mapped[str] = mapped_column()
    ...     last: Mapped[str] = mapped_column()
    ...     full = column_property(first + " " + last)
    >>> print(select(User.full))
    SELECT users.first || :param_1 || users.last AS anon_1
    FROM users
    """
    given = {"init": init, "default": default, "default_factory": default_factory, "kw_only": kw_only}
    for name, value in given.items():
        if value is not NO_ARG:
            warn_deprecated(
                f"The column_property.{name} parameter is deprecated for column_property().  This parameter "
                "applies to a writeable-attribute in a Declarative Dataclasses configuration only, and "
                "column_property() is treated as a read-only attribute in this context.",
                "2.1",
            )
    options = AttributeOptions(
        init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
    )
    made: MappedSQLExpression[_T] = MappedSQLExpression(
        column,
        *additional_columns,
        # read only: no argument of a dataclass
        attribute_options=options._replace(dataclasses_init=False) if init is _UNSAID else options,
        group=group,
        deferred=deferred,
        raiseload=raiseload,
        lazy=lazy,
        comparator_factory=comparator_factory,
        active_history=active_history,
        expire_on_flush=expire_on_flush,
        info=info,
        doc=doc,
    )
    made.has_dataclass_arguments = bool(options.field_arguments())
    return made


def deferred(
    column: TypedOperators[_T] | SelectBase,
    *additional_columns: Any,
    group: str | None = None,
    raiseload: bool = False,
    lazy: Literal["peers"] | None = None,
    comparator_factory: type[PropComparator[Any]] | None = None,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    active_history: bool = False,
    expire_on_flush: bool = True,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    dataclass_metadata: Any = NO_ARG,
) -> MappedSQLExpression[_T]:
    """
    Map a column that is loaded when first read.

    Args:
        group: Columns of one group are loaded together.
        raiseload: Refuse to load it.
        lazy: ``"peers"``: load it for all objects that came in the same result.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, deferred, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class Page(Base):
    ...     __tablename__ = "page"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     body: Mapped[str] = deferred(mapped_column())
    >>> print(select(Page))
    SELECT page.id
    FROM page
    """
    return MappedSQLExpression(
        column,
        *additional_columns,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        group=group,
        deferred=True,
        raiseload=raiseload,
        lazy=lazy,
        comparator_factory=comparator_factory,
        active_history=active_history,
        expire_on_flush=expire_on_flush,
        info=info,
        doc=doc,
    )


def query_expression(
    default_expr: Any = None,
    *,
    repr: Any = NO_ARG,
    compare: Any = NO_ARG,
    expire_on_flush: bool = True,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    # as of column_property()
    init: Literal[False] = False,
) -> MappedSQLExpression[Any]:
    """
    Map an attribute that each query fills with an expression of its own, see ``with_expression()``.

    >>> from relvar import literal_column, select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, query_expression, with_expression
    >>> class Base(DeclarativeBase): ...
    >>> class Item(Base):
    ...     __tablename__ = "item"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     rank: Mapped[int] = query_expression()
    >>> print(select(Item).options(with_expression(Item.rank, Item.id * literal_column("2"))))
    SELECT item.id * 2 AS anon_1, item.id
    FROM item
    """
    prop: MappedSQLExpression[Any] = MappedSQLExpression(
        make.Null._instance() if default_expr is None else default_expr,
        attribute_options=AttributeOptions(False, repr, dataclasses_compare=compare),
        expire_on_flush=expire_on_flush,
        info=info,
        doc=doc,
    )
    prop.strategy_options["query_expression"] = True
    # its options are not the program's own
    prop.has_dataclass_arguments = False
    return prop
