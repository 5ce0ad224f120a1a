"""
The protocols that mapped attributes, properties and comparators share.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, overload

from relvar.expr import sqlcore
from relvar.expr.operate import ColumnOperators
from relvar.inspection import _self_inspects
from relvar.orm.state.inspected import InspectionAttr as InspectionAttr
from relvar.orm.state.inspected import InspectionAttrExtensionType as InspectionAttrExtensionType
from relvar.orm.state.inspected import InspectionAttrInfo as InspectionAttrInfo
from relvar.orm.state.inspected import NotExtension as NotExtension
from relvar.util.fields import NamedTuple
from relvar.util.generics import subscriptable
from relvar.util.memoized import memoized_property

__all__ = [
    "MANYTOMANY",
    "MANYTOONE",
    "ONETOMANY",
    "AttributeOptions",
    "DynamicMapped",
    "InspectionAttr",
    "InspectionAttrExtensionType",
    "InspectionAttrInfo",
    "Mapped",
    "MappedClassProtocol",
    "MapperProperty",
    "NoArg",
    "NotExtension",
    "ORMDescriptor",
    "PropComparator",
    "RelationshipDirection",
    "SQLORMExpression",
    "StrategizedProperty",
    "Unmapped",
    "WriteOnlyMapped",
]

_O = TypeVar("_O", bound=object)
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relvar.expr.sqlcore import SQLColumnExpression as _Operators
    from relvar.orm.load.writeonly import WriteOnlyCollection
    from relvar.orm.mapping.attribute import InstrumentedAttribute
    from relvar.orm.mapping.mapper import Mapper
    from relvar.orm.query.dynamic import AppenderQuery
    from relvar.relation.from_ import FromClause
else:
    _Operators = subscriptable(ColumnOperators)


class NoArg(Enum):
    """
    The marker of an argument that was not given.
    """

    NO_ARG = 0

    def __repr__(self) -> str:
        return f"_NoArg.{self.name}"


NO_ARG = NoArg.NO_ARG


class RelationshipDirection(Enum):
    """
    Where the foreign key of a relationship is.
    """

    ONETOMANY = 1
    """
    In the rows of the related class.
    """

    MANYTOONE = 2
    """
    In the row of the class that has the relationship.
    """

    MANYTOMANY = 3
    """
    In rows of a table between both.
    """


ONETOMANY = RelationshipDirection.ONETOMANY
MANYTOONE = RelationshipDirection.MANYTOONE
MANYTOMANY = RelationshipDirection.MANYTOMANY


class SQLORMExpression(_Operators[_T_co], Generic[_T_co]):
    """
    What can stand in SQL expressions, on the ORM side: attributes of mapped classes, hybrids.
    """

    __slots__ = ()


sqlcore.accept(SQLORMExpression)


class ORMDescriptor(Generic[_T_co]):
    """
    An attribute that reads as a value in objects and as SQL in classes.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> SQLORMExpression[_T_co]: ...

        @overload
        def __get__(self, instance: object, owner: Any) -> _T_co: ...

        def __get__(self, instance: object, owner: Any) -> Any: ...


class Mapped(SQLORMExpression[_T_co], ORMDescriptor[_T_co]):
    """
    The type of a mapped attribute: ``name: Mapped[str]``.

    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     nickname: Mapped[str | None]
    >>> column = User.__table__.c.nickname
    >>> column.type, column.nullable
    (String(), True)
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[_T_co]: ...

        @overload
        def __get__(self, instance: object, owner: Any) -> _T_co: ...

        def __get__(self, instance: object, owner: Any) -> Any: ...

        def __set__(self, instance: Any, value: _Operators[_T_co] | _T_co) -> None: ...

        def __delete__(self, instance: Any) -> None: ...


class DynamicMapped(Mapped[_T_co]):
    """
    The type of a relationship that is read as a query.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload  # type: ignore[override]  # a collection, not a member
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[_T_co]: ...

        @overload
        def __get__(self, instance: object, owner: Any) -> AppenderQuery[_T_co]: ...

        def __get__(self, instance: object, owner: Any) -> Any: ...

        def __set__(self, instance: Any, value: Iterable[_T_co]) -> None: ...  # type: ignore[override]  # a collection


class WriteOnlyMapped(Mapped[_T_co]):
    """
    The type of a relationship that is never loaded whole.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload  # type: ignore[override]  # a collection, not a member
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[_T_co]: ...

        @overload
        def __get__(self, instance: object, owner: Any) -> WriteOnlyCollection[_T_co]: ...

        def __get__(self, instance: object, owner: Any) -> Any: ...

        def __set__(self, instance: Any, value: Iterable[_T_co]) -> None: ...  # type: ignore[override]  # a collection


class Unmapped(Generic[_T_co]):
    """
    The type of a table column that has no attribute.
    """

    __slots__ = ()


class MappedClassProtocol(Protocol[_O]):
    """
    What every mapped class has, for type checkers: ``MappedClassProtocol[Any]`` is any of them.
    """

    __mapper__: Mapper[_O]
    __table__: FromClause

    def __call__(self, *args: Any, **kw: Any) -> _O:
        """Make an object."""


class AttributeOptions(NamedTuple):
    """
    What a dataclass field of a mapped attribute is made with.
    """

    dataclasses_init: Any = NO_ARG
    dataclasses_repr: Any = NO_ARG
    dataclasses_default: Any = NO_ARG
    dataclasses_default_factory: Any = NO_ARG
    dataclasses_compare: Any = NO_ARG
    dataclasses_kw_only: Any = NO_ARG
    dataclasses_hash: Any = NO_ARG
    dataclasses_dataclass_metadata: Any = NO_ARG

    def field_arguments(self) -> dict[str, Any]:
        """
        Return the arguments of ``dataclasses.field`` that were given.
        """
        names = {
            "init": self.dataclasses_init,
            "repr": self.dataclasses_repr,
            "default": self.dataclasses_default,
            "default_factory": self.dataclasses_default_factory,
            "compare": self.dataclasses_compare,
            "kw_only": self.dataclasses_kw_only,
            "hash": self.dataclasses_hash,
            "metadata": self.dataclasses_dataclass_metadata,
        }
        return {name: value for name, value in names.items() if value is not NO_ARG}


class PropComparator(SQLORMExpression[_T_co], InspectionAttr):
    """
    The operators of a mapped attribute.

    Args:
        prop: The property.
        parentmapper: The mapper or aliased class whose attribute it is.
        adapt_to_entity: The aliased class, if it is one.
    """

    __slots__ = ("_adapt_to_entity", "_element", "_parententity", "prop")

    prop: Any
    _parententity: Any
    _adapt_to_entity: Any

    def __init__(self, prop: Any, parentmapper: Any, adapt_to_entity: Any = None) -> None:
        self.prop = prop
        self._parententity = adapt_to_entity or parentmapper
        self._adapt_to_entity = adapt_to_entity
        self._element: Any = None

    __hash__ = object.__hash__

    @property
    def parent(self) -> Any:
        """The mapper or aliased class whose attribute it is."""
        return self._parententity

    @property
    def _parentmapper(self) -> Any:
        return self._parententity.mapper

    @property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about the property."""
        return self.prop.info  # type: ignore[no-any-return]  # a dict

    def __clause_element__(self) -> Any:
        raise NotImplementedError(f"{type(self)!r}")

    @property
    def adapter(self) -> Any:
        """A function from expressions over the class to those over its alias, or None."""
        entity = self._adapt_to_entity
        return None if entity is None else entity._adapt_element

    def adapt_to_entity(self, adapt_to_entity: Any) -> Any:
        """
        Return the same operators for an aliased class.
        """
        return type(self)(self.prop, self._parententity, adapt_to_entity)

    @staticmethod
    def any_op(a: Any, b: Any, **kwargs: Any) -> Any:
        """
        ``a.any(b)``, as an operator.
        """
        return a.any(b, **kwargs)

    @staticmethod
    def has_op(left: Any, other: Any, **kwargs: Any) -> Any:
        """
        ``left.has(other)``, as an operator.
        """
        return left.has(other, **kwargs)

    @staticmethod
    def of_type_op(a: Any, class_: Any) -> Any:
        """
        ``a.of_type(class_)``, as an operator.
        """
        return a.of_type(class_)

    def of_type(self, class_: Any) -> Any:
        """
        Return the attribute in terms of a subclass, or an alias, of the related class.
        """
        return self.operate(PropComparator.of_type_op, class_)

    def and_(self, *criteria: Any) -> Any:
        """
        Return the attribute with further criteria for its ON clause.
        """
        return self.operate(_and_op, *criteria)

    def any(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: any member meets the criterion.
        """
        return self.operate(PropComparator.any_op, criterion, **kwargs)

    def has(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: the related object meets the criterion.
        """
        return self.operate(PropComparator.has_op, criterion, **kwargs)

    # last in the class: its name hides the decorator from here on
    @property
    def property(self) -> Any:
        """The property."""
        return self.prop

    @property.setter
    def property(self, prop: Any) -> None:
        # by comparators of programs that have an __init__ of their own
        self.prop = prop


def _and_op(a: Any, *criteria: Any) -> Any:
    return a.and_(*criteria)


@_self_inspects
class MapperProperty(InspectionAttrInfo):
    """
    A part of a mapping that has a name: a column, a relationship, a synonym, ...
    """

    is_property = True
    _is_relationship = False
    _is_column = False
    _is_composite = False
    _is_synonym = False
    _configure_started = False
    _configure_finished = False
    _creates_attribute = True
    _links_to_entity = False

    key: str
    parent: Any
    doc: str | None = None
    cascade: Any = frozenset()
    attribute_options: AttributeOptions = AttributeOptions()
    has_dataclass_arguments = False
    _sort_order: int = 0

    @memoized_property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about this property."""
        return {}

    def path_string(self) -> str:
        """
        Return the name of this attribute within the path of a loader option.
        """
        return f"{self.parent.class_.__name__}.{self.key}"

    def setup(self, *args: Any, **kw: Any) -> None:
        """
        Take part in planning a SELECT; loading has its own way.
        """

    def cascade_iterator(self, type_: str, state: Any, *args: Any, **kw: Any) -> Iterator[Any]:
        """
        Return the objects that a cascade reaches by this property.
        """
        return iter(())

    def set_parent(self, parent: Any, init: bool) -> None:
        """
        Say whose property this is.
        """
        self.parent = parent

    def instrument_class(self, mapper: Any) -> None:
        """
        Put the attribute into a mapped class.
        """

    def init(self) -> None:
        """
        Finish setting up, when all mappers are known.
        """
        self._configure_started = True
        self.do_init()
        self._configure_finished = True

    def do_init(self) -> None:
        """
        Finish setting up: what subclasses override.
        """

    def post_instrument_class(self, mapper: Any) -> None:
        """
        Finish the attribute of one class, when this property is set up.
        """

    @property
    def class_attribute(self) -> Any:
        """The attribute of the class that has this property."""
        return getattr(self.parent.class_, self.key)

    def __reduce__(self) -> Any:
        return _property_of, (self.parent, self.key)

    def __str__(self) -> str:
        return f"{self.parent.class_.__name__}.{self.key}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at 0x{id(self):x}; {getattr(self, 'key', 'no key')}>"


def _property_of(mapper: Any, key: str) -> Any:
    return mapper.get_property(key, _configure_mappers=True)


class StrategizedProperty(MapperProperty):
    """
    A property whose value can be loaded in several ways.
    """

    inherit_cache: ClassVar[bool] = True
    lazy: Any = True
    strategy_wildcard_key: ClassVar[str | None] = None
