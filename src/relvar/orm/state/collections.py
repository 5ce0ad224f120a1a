"""
Collection classes for relationships.

``InstrumentedList``, ``InstrumentedSet`` and ``InstrumentedDict`` stand in for the builtins; `KeyFuncDict`
is a dictionary that finds each member's key itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from relvar import exc as _exc
from relvar._kernels.attributes import NO_VALUE, get_state, probe
from relvar.expr.resolve import clause_element
from relvar.orm.state.adapter import CollectionAdapter as CollectionAdapter
from relvar.orm.state.adapter import bulk_replace as bulk_replace
from relvar.orm.state.adapter import collection_adapter as collection_adapter
from relvar.orm.state.flags import NO_KEY as NO_KEY
from relvar.orm.state.instance import state_str
from relvar.orm.state.instrument_collection import collection as collection
from relvar.orm.state.instrument_collection import (
    instrument_collection_class,
    register_builtin,
)
from relvar.util.warning import warn as _warn

__all__ = [
    "CollectionAdapter",
    "InstrumentedDict",
    "InstrumentedList",
    "InstrumentedSet",
    "KeyFuncDict",
    "MappedCollection",
    "attribute_keyed_dict",
    "attribute_mapped_collection",
    "bulk_replace",
    "collection",
    "collection_adapter",
    "column_keyed_dict",
    "column_mapped_collection",
    "keyfunc_mapping",
    "mapped_collection",
]

_T = TypeVar("_T")
_KT = TypeVar("_KT")
_VT = TypeVar("_VT")


class InstrumentedList(list[_T]):
    """
    The list that a relationship holds.
    """

    _sa_adapter: Any = None


class InstrumentedSet(set[_T]):
    """
    The set that a relationship holds.
    """

    _sa_adapter: Any = None


class InstrumentedDict(dict[_KT, _VT]):
    """
    The dictionary that a relationship holds.
    """

    _sa_adapter: Any = None


class KeyFuncDict(dict[_KT, _VT]):
    """
    A dictionary whose members say their key.

    Args:
        keyfunc: Member -> key.
        ignore_unpopulated_attribute: Leave members out whose key attribute was never set, instead of raising.
    """

    _sa_adapter: Any = None

    def __init__(
        self, keyfunc: Callable[[Any], Any], *dict_args: Any, ignore_unpopulated_attribute: bool = False
    ) -> None:
        self.keyfunc = keyfunc
        self.ignore_unpopulated_attribute = ignore_unpopulated_attribute
        super().__init__(*dict_args)

    def __reduce__(self) -> Any:
        return (
            _restore_key_func_dict,
            (type(self), self.keyfunc, dict(self), self.ignore_unpopulated_attribute),
            {"_sa_adapter": self._sa_adapter} if getattr(self, "_sa_adapter", None) is not None else None,
        )

    @collection.appender
    @collection.internally_instrumented
    def set(self, value: _VT, _sa_initiator: Any = None) -> None:
        """
        Add a member under its own key.
        """
        key = self._key_of(value, _sa_initiator)
        if key is NO_KEY:
            return
        self.__setitem__(key, value, _sa_initiator)  # type: ignore[call-arg]  # the wrapped __setitem__ takes it

    @collection.remover
    @collection.internally_instrumented
    def remove(self, value: _VT, _sa_initiator: Any = None) -> None:
        """
        Remove a member by its key.
        """
        key = self._key_of(value, _sa_initiator)
        if key is NO_KEY:
            return
        held = self.get(key)
        if key not in self or held != value:
            if _sa_initiator is not None:
                # let go by the other side: here it stays under its former key until the next load
                return
            raise _exc.InvalidRequestError(
                f"Can not remove '{value}' from collection; collection holds '{held}' for key '{key}'. "
                "Possible cause: is the KeyFuncDict key function based on mutable properties or properties "
                "that only obtain values after flush?"
            )
        self.__delitem__(key, _sa_initiator)  # type: ignore[call-arg]  # the wrapped __delitem__ takes it

    def _key_of(self, value: _VT, initiator: Any) -> Any:
        """Return a member's key; `NO_KEY` for a member to leave out."""
        key = self.keyfunc(value)
        if key is not NO_KEY and not (key is None and isinstance(self.keyfunc, _AttributeKey)):
            return key
        if self.ignore_unpopulated_attribute:
            return NO_KEY
        from_attribute = str(initiator.impl if initiator not in (None, False) else self._sa_adapter.attr)
        hint = (
            'To skip this assignment entirely, Set the "ignore_unpopulated_attribute=True" parameter on the '
            "mapped collection factory."
        )
        if key is None:
            _warn(
                f"Attribute keyed dictionary value for attribute {from_attribute!r} was None; this will "
                f"raise in a future release. {hint}"
            )
            return key
        shown = state_str(get_state(value))
        raise _exc.InvalidRequestError(
            f"In event triggered from population of attribute {from_attribute!r} (potentially from a "
            f"backref), can't populate value in KeyFuncDict; dictionary key derived from {shown} is not "
            f"populated. Ensure appropriate state is set up on the {shown} object before assigning to the "
            f"{from_attribute} attribute. {hint}"
        )


MappedCollection = KeyFuncDict


def _restore_key_func_dict(cls: Any, keyfunc: Any, content: dict[Any, Any], ignore: bool) -> Any:
    made = cls.__new__(cls)
    dict.update(made, content)
    made.keyfunc = keyfunc
    made.ignore_unpopulated_attribute = ignore
    return made


for _class in (InstrumentedList, InstrumentedSet, KeyFuncDict):
    instrument_collection_class(_class)

InstrumentedList._sa_plain_list = True  # type: ignore[attr-defined]  # loaders may fill it as a list
InstrumentedDict._sa_instrumented_class = True  # type: ignore[attr-defined]  # has no appender: for subclasses only
register_builtin(list, InstrumentedList)
register_builtin(set, InstrumentedSet)


class _AttributeKey(Generic[_KT]):
    """Find a member's key in one of its attributes; a class, so that collections can be pickled."""

    __slots__ = ("attr_name",)

    def __init__(self, attr_name: str) -> None:
        self.attr_name = attr_name

    def __call__(self, member: Any) -> Any:
        state = get_state(member)
        if (
            state is not None
            and state.pk is None
            and self.attr_name in state.manager.impls
            and probe(member, self.attr_name) is NO_VALUE
        ):
            return NO_KEY
        return getattr(member, self.attr_name)

    def __reduce__(self) -> Any:
        return type(self), (self.attr_name,)


class _ColumnKey:
    """Find a member's key in one or more of its mapped columns."""

    __slots__ = ("columns",)

    def __init__(self, columns: tuple[Any, ...]) -> None:
        self.columns = columns

    def __call__(self, member: Any) -> Any:
        state = member._sa_instance_state
        mapper = state.manager.mapper
        values = [self._value(mapper, state, member, column) for column in self.columns]
        if any(value is NO_KEY for value in values):
            return NO_KEY
        return values[0] if len(values) == 1 else tuple(values)

    @staticmethod
    def _value(mapper: Any, state: Any, member: Any, column: Any) -> Any:
        key = mapper.get_property_by_column(column).key
        if state.pk is None and probe(member, key) is NO_VALUE:
            return NO_KEY
        return getattr(member, key)


def keyfunc_mapping(
    keyfunc: Callable[[Any], Any], *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """
    Return a collection class: a dictionary whose keys a function finds.

    >>> from relvar.orm import keyfunc_mapping
    >>> by_length = keyfunc_mapping(len)()
    >>> by_length.set("abc")
    >>> by_length
    {3: 'abc'}
    """

    class _MappedByFunction(KeyFuncDict[Any, Any]):
        def __init__(self, *args: Any) -> None:
            KeyFuncDict.__init__(
                self, keyfunc, *args, ignore_unpopulated_attribute=ignore_unpopulated_attribute
            )

        def __reduce__(self) -> Any:
            made = KeyFuncDict.__reduce__(self)
            return (made[0], (KeyFuncDict, *made[1][1:]), *made[2:])

    instrument_collection_class(_MappedByFunction)
    return _MappedByFunction


def attribute_keyed_dict(
    attr_name: str, *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """
    Return a collection class: a dictionary keyed by an attribute of its members.

    >>> from relvar import ForeignKey
    >>> from relvar.orm import DeclarativeBase, Mapped, attribute_keyed_dict, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     notes: Mapped[dict[str, "Note"]] = relationship(collection_class=attribute_keyed_dict("key"))
    >>> class Note(Base):
    ...     __tablename__ = "notes"
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ...     key: Mapped[str] = mapped_column(primary_key=True)
    >>> user, note = User(), Note(key="color")
    >>> user.notes["color"] = note
    >>> user.notes["color"] is note
    True
    """
    if not isinstance(attr_name, str):
        raise TypeError("attribute name must be a string")
    return keyfunc_mapping(
        _AttributeKey(attr_name), ignore_unpopulated_attribute=ignore_unpopulated_attribute
    )


def column_keyed_dict(
    mapping_spec: Any, *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """
    Return a collection class: a dictionary keyed by a mapped column (or several) of its members.

    Raises:
        ArgumentError: *mapping_spec* is no column.

    >>> from relvar import Column, Integer, MetaData, String, Table
    >>> from relvar.orm import column_keyed_dict
    >>> notes = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("title", String))
    >>> by_title = column_keyed_dict(notes.c.title)()
    >>> by_title
    {}
    """
    given = mapping_spec if isinstance(mapping_spec, (list, tuple)) else (mapping_spec,)
    columns = tuple(_column(item) for item in given)
    return keyfunc_mapping(_ColumnKey(columns), ignore_unpopulated_attribute=ignore_unpopulated_attribute)


def _column(given: Any) -> Any:
    column = clause_element(given)
    if not getattr(column, "_is_column_element", False):
        raise _exc.ArgumentError(f"Column expression expected for argument 'mapping_spec'; got {given!r}.")
    return column


mapped_collection = keyfunc_mapping
attribute_mapped_collection = attribute_keyed_dict
column_mapped_collection = column_keyed_dict
