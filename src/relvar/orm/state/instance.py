"""
What ``inspect(obj)`` returns: the state of one mapped object.

States of an object, from three facts (has an identity; is in a session; DELETE was emitted):

==========  ========  =======  =======
state       identity  session  deleted
==========  ========  =======  =======
transient   no        no       -
pending     no        yes      -
persistent  yes       yes      no
deleted     yes       yes      yes
detached    yes       no       -
==========  ========  =======  =======
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic

from relvar._kernels.attributes import (
    DELETED,
    EXPIRED,
    MODIFIED,
    ORPHANED,
    TOKEN,
    WAS_DELETED,
    State,
    extras,
    forget,
    get_state,
    mark_clean,
    mark_modified,
    probe,
    remember,
    sessions,
    values_of,
)
from relvar.inspection import _self_inspects
from relvar.orm.state import hooks
from relvar.orm.state.flags import (
    INIT_OK,
    NO_VALUE,
    PASSIVE_NO_INITIALIZE,
    PASSIVE_NO_RESULT,
    PASSIVE_OFF,
    PASSIVE_RETURN_NO_VALUE,
)
from relvar.orm.state.history import History
from relvar.orm.state.inspected import InspectionAttr
from relvar.orm.state.properties import ReadOnlyProperties
from relvar.util.generics import TypeVar
from relvar.util.warning import warn_deprecated

# `InstanceState.dict` hides the builtin within the class
Dict = dict

if TYPE_CHECKING:
    from relvar.orm.mapping.mapper import Mapper
    from relvar.orm.session.session import Session

__all__ = ["AttributeState", "AttributeStates", "InstanceState"]

_O = TypeVar("_O", default=Any)


@_self_inspects
class InstanceState(State, InspectionAttr, Generic[_O]):
    """
    Keep what the ORM knows about one object.

    It is a weak reference to the object: ``state.obj()`` is the object, or None once it is gone.
    """

    flags: int

    __slots__ = ()

    is_instance = True

    # -- the object and its class ----------------------------------------------

    @property
    def obj(self) -> State:
        """A callable that returns the object, or None."""
        return self

    @property
    def object(self) -> _O | None:
        """The object, or None."""
        return self()

    @property
    def class_(self) -> type[_O]:
        """The mapped class."""
        return self.manager.class_  # type: ignore[no-any-return]  # a class

    @property
    def mapper(self) -> Mapper[_O]:
        """The mapper of the class."""
        return self.manager.mapper  # type: ignore[no-any-return]  # its mapper

    @property
    def dict(self) -> Dict[str, Any]:
        """The object's ``__dict__``: loaded values by name."""
        obj = self()
        return {} if obj is None else values_of(obj)

    @property
    def attrs(self) -> AttributeStates:
        """The state of each mapped attribute by name."""
        return AttributeStates(self)

    @property
    def info(self) -> Dict[Any, Any]:
        """The user's own facts about this object."""
        return extras(self).setdefault("info", {})  # type: ignore[no-any-return]  # always a dict

    # -- identity --------------------------------------------------------------

    @property
    def has_identity(self) -> bool:
        """Whether the object has a primary key in the database."""
        return self.pk is not None

    @property
    def identity_token(self) -> Any:
        """What tells the object from one with the same key in another database."""
        return self.extra.get("identity_token") if self.extra is not None else None

    @identity_token.setter
    def identity_token(self, token: Any) -> None:
        if token is None:
            self.flags &= ~TOKEN
            if self.extra is not None:
                self.extra.pop("identity_token", None)
        else:
            extras(self)["identity_token"] = token
            self.flags |= TOKEN

    @property
    def identity(self) -> tuple[Any, ...] | None:
        """The primary key in the database as a tuple, or None."""
        pk = self.pk
        if pk is None:
            return None
        return pk if self.mapper.has_composite_pk else (pk,)

    @property
    def key(self) -> tuple[Any, ...] | None:
        """The identity key ``(class, primary key, token)``, or None."""
        pk = self.pk
        if pk is None:
            return None
        mapper = self.mapper
        return (mapper.identity_class, pk if mapper.has_composite_pk else (pk,), self.identity_token)

    @key.setter
    def key(self, key: Any) -> None:
        if key is None:
            self.pk = None
            return
        values = tuple(key[1])
        self.pk: Any = values if len(values) != 1 else values[0]
        if len(key) > 2 and key[2] is not None:
            self.identity_token = key[2]

    identity_key = key

    # -- where in its life the object is ------------------------------------------

    @property
    def _attached(self) -> bool:
        reference = sessions.get(self.session_id)
        return reference is not None and reference() is not None

    @property
    def transient(self) -> bool:
        """Whether the object is in no database and in no session."""
        return self.pk is None and not self._attached

    @property
    def pending(self) -> bool:
        """Whether the object is in a session, to be inserted by the next flush."""
        return self.pk is None and self._attached

    @property
    def persistent(self) -> bool:
        """Whether the object stands for a row and is in a session."""
        return self.pk is not None and self._attached and not self.flags & DELETED

    @property
    def deleted(self) -> bool:
        """Whether the row was deleted in the current transaction."""
        return self.pk is not None and self._attached and bool(self.flags & DELETED)

    @property
    def detached(self) -> bool:
        """Whether the object stands for a row but is in no session."""
        return self.pk is not None and not self._attached

    @property
    def was_deleted(self) -> bool:
        """Whether the row was deleted at some time."""
        return bool(self.flags & (DELETED | WAS_DELETED))

    @property
    def session(self) -> Session | None:
        """The session that the object is in, or None."""
        return hooks.session_hook[0](self)  # type: ignore[no-any-return]  # as declared

    @property
    def async_session(self) -> Any:
        """The asyncio session that the object is in, or None."""
        session = self.session
        return None if session is None else hooks.async_session_hook[0](session)

    # -- flags -----------------------------------------------------------------------

    @property
    def modified(self) -> bool:
        """Whether any attribute was changed since the last flush."""
        return bool(self.flags & MODIFIED)

    @modified.setter
    def modified(self, value: bool) -> None:
        obj = self()
        if value and obj is not None:
            mark_modified(self, obj)
        elif not value:
            self.flags &= ~MODIFIED

    @property
    def expired(self) -> bool:
        """Whether all attributes were expired and none loaded since."""
        return bool(self.flags & EXPIRED)

    @expired.setter
    def expired(self, value: bool) -> None:
        self.flags = self.flags | EXPIRED if value else self.flags & ~EXPIRED

    @property
    def _deleted(self) -> bool:
        return bool(self.flags & DELETED)

    @_deleted.setter
    def _deleted(self, value: bool) -> None:
        self.flags = self.flags | DELETED if value else self.flags & ~DELETED

    @property
    def _orphaned_outside_of_session(self) -> bool:
        return bool(self.flags & ORPHANED)

    @_orphaned_outside_of_session.setter
    def _orphaned_outside_of_session(self, value: bool) -> None:
        self.flags = self.flags | ORPHANED if value else self.flags & ~ORPHANED

    # -- rare facts, kept in `extra` --------------------------------------------------

    @property
    def callables(self) -> Dict[str, Any]:
        """Loaders of this object only, by attribute."""
        return extras(self).setdefault("callables", {})  # type: ignore[no-any-return]  # always a dict

    @property
    def parents(self) -> Dict[int, Any]:
        """Parent states by the token of the relationship."""
        return extras(self).setdefault("parents", {})  # type: ignore[no-any-return]  # always a dict

    @property
    def insert_order(self) -> int | None:
        """The place of a pending object among those of its session."""
        return None if self.extra is None else self.extra.get("insert_order")

    @insert_order.setter
    def insert_order(self, value: int | None) -> None:
        extras(self)["insert_order"] = value

    @property
    def load_path(self) -> Any:
        """The path by which the object was loaded, where options depend on it."""
        return None if self.extra is None else self.extra.get("load_path")

    @load_path.setter
    def load_path(self, path: Any) -> None:
        extras(self)["load_path"] = path

    @property
    def runid(self) -> int | None:
        """The number of the load that made the object."""
        return None if self.extra is None else self.extra.get("runid")

    # -- attributes ----------------------------------------------------------------------

    @property
    def committed_state(self) -> Dict[str, Any]:
        """Attribute -> value before its first change since the last flush."""
        if self.pk is None:
            # whatever a new object holds is new
            return {**dict.fromkeys(self._set_keys(), NO_VALUE), **(self.old or {})}
        return self.old if self.old is not None else {}

    def _set_keys(self) -> set[str]:
        """Return the attributes that were set since the last flush."""
        if self.pk is not None:
            return set(self.old or ())
        obj = self()
        given = () if self.extra is None else self.extra.get("committed", ())
        return {k for k in self.manager.impls if k not in given and probe(obj, k) is not NO_VALUE}

    @property
    def expired_attributes(self) -> set[str]:
        """The attributes that are to be loaded again."""
        keys = self.expired_keys
        if keys is None:
            return set()
        # what no SELECT brings along, relationships above all, is expired with the whole object
        return {*keys, *self.unloaded} if self.flags & EXPIRED else set(keys)

    @expired_attributes.setter
    def expired_attributes(self, keys: Iterable[str]) -> None:
        self.expired_keys = set(keys) or None

    def get_impl(self, key: str) -> Any:
        """
        Return how an attribute is read and written.
        """
        return self.manager.impls[key]

    def get_history(self, key: str, passive: int = PASSIVE_OFF) -> History:
        """
        Return how an attribute differs from its committed value.
        """
        impl = self.manager.impls.get(key)
        if impl is None and key in self.mapper._props:
            # a synonym or composite: made from other attributes
            return self.mapper._props[key].get_history(self, self.dict, passive)  # type: ignore[no-any-return]  # as below
        return self.manager.impls[key].get_history(self, self(), passive)  # type: ignore[no-any-return]  # History

    @property
    def unloaded(self) -> set[str]:
        """The attributes that have no value yet."""
        obj = self()
        old = self.old or ()
        return {key for key in self.manager.impls if key not in old and probe(obj, key) is NO_VALUE}

    @property
    def unloaded_expirable(self) -> set[str]:
        """Same as ``unloaded``."""
        warn_deprecated(
            "The InstanceState.unloaded_expirable attribute is deprecated.  Please use "
            "InstanceState.unloaded. "
            "(deprecated since: 2.0)",
            "2.0",
        )
        return self.unloaded

    @property
    def unmodified(self) -> set[str]:
        """The attributes that were not changed since the last flush."""
        return set(self.manager.impls).difference(self._set_keys())

    def unmodified_intersection(self, keys: Iterable[str]) -> set[str]:
        """
        Return those of some attributes that were not changed.
        """
        return set(keys).intersection(self.manager.impls).difference(self._set_keys())

    def value_as_iterable(self, key: str, passive: int = PASSIVE_OFF) -> list[tuple[Any, Any]]:
        """
        Return the objects that a relationship attribute refers to, as pairs of state and object.
        """
        impl = self.manager.impls[key]
        value = impl.get(self, self(), passive)
        if value is NO_VALUE or value is PASSIVE_NO_RESULT or value is None:
            return []
        return [(item._sa_instance_state if item is not None else None, item) for item in impl.members(value)]

    # -- transitions of values -----------------------------------------------------------------

    def commit(self, keys: Iterable[str]) -> None:
        """
        Take the current values of some attributes as the committed ones.
        """
        for key in keys:
            self.forget_old(key)

    def commit_all(self) -> None:
        """
        Take all current values as the committed ones, as after a flush.
        """
        mark_clean(self)
        extra = self.extra
        if extra is not None:
            extra.pop("pending", None)
            extra.pop("committed", None)
        keys = self.expired_keys
        if keys is not None:
            obj = self()
            left = {key for key in keys if probe(obj, key) is NO_VALUE}
            self.expired_keys = left or None
        self.flags &= ~EXPIRED

    def expire(self, keys: Iterable[str] | None = None, deferred: bool = True) -> None:
        """
        Forget values (all, or some attributes' ones): the next read loads them again.

        Args:
            deferred: Load deferred columns among *keys* with the others, not each when it is read.
        """
        obj = self()
        if obj is None:
            return
        if keys is None:
            self.expire_all(obj)
            self._tell_expired(None)
            return
        expired = set(self.expired_keys or ())
        extra = self.extra
        keys = list(keys)
        for key in keys:
            impl = self.manager.impls.get(key)
            if impl is None:
                continue
            if impl.scalar_loader and (deferred or impl.load_on_unexpire):
                expired.add(key)
            forget(obj, key)
            if self.old is not None:
                self.old.pop(key, None)
            if extra is not None and impl.collection:
                extra.get("pending", {}).pop(key, None)
                extra.get("empty", {}).pop(key, None)
        self.expired_keys: Any = expired or None
        self._tell_expired(keys)

    def _tell_expired(self, keys: Any) -> None:
        for fn in self.manager.listeners.expire:
            fn(self, keys)

    def remember(self, key: str, value: Any) -> None:
        """
        Keep an attribute's value from before a change.
        """
        remember(self, key, value)

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} object at 0x{id(self):x}>"

    def __str__(self) -> str:
        return state_str(self)

    def __getstate__(self) -> Dict[str, Any]:
        """
        Return what a pickle of this object keeps; ``pickle`` listeners may add to it.
        """
        extra = None if self.extra is None else {k: v for k, v in self.extra.items() if k not in ("empty",)}
        return {
            "instance": self(),
            "class_": self.manager.class_,
            "key": self.key,
            "committed_state": self.old,
            "expired_attributes": None if self.expired_keys is None else set(self.expired_keys),
            "load_options": self.load_options,
            "_pk": self.pk,
            "_flags": self.flags & ~DELETED,
            "_extra": extra or None,
        }

    def __reduce__(self) -> Any:
        saved = self.__getstate__()
        for fn in self.manager.listeners.pickle:
            fn(self, saved)
        return _restore_state, (saved,)


_SAVED = {
    "_pk": "pk",
    "_flags": "flags",
    "committed_state": "old",
    "expired_attributes": "expired_keys",
    "_extra": "extra",
    "load_options": "load_options",
}
"""
What `InstanceState.__getstate__` calls the attributes; what listeners put there besides is theirs to read.
"""


def _restore_state(saved: Dict[str, Any]) -> InstanceState:
    obj = saved["instance"]
    from_class = saved["class_"]._sa_class_manager
    state: Any = get_state(obj) if obj is not None else None
    if state is None:
        state = from_class.setup_instance(obj)
    for name, attribute in _SAVED.items():
        setattr(state, attribute, saved[name])
    for fn in from_class.listeners.unpickle:
        fn(state, saved)
    return state  # type: ignore[no-any-return]  # an InstanceState: the manager makes no other


def state_str(state: Any) -> str:
    """
    Return how messages name an object.
    """
    if state is None:
        return "None"
    return f"<{state.class_.__name__} at 0x{id(state.obj()):x}>"


class AttributeState:
    """
    Describe one attribute of one object; made anew each time it is asked for.
    """

    __slots__ = ("key", "state")

    state: InstanceState
    key: str

    def __init__(self, state: InstanceState, key: str) -> None:
        self.state = state
        self.key = key

    @property
    def loaded_value(self) -> Any:
        """The value if it is loaded, else `NO_VALUE`; loads nothing."""
        return probe(self.state(), self.key)

    @property
    def value(self) -> Any:
        """The value, loaded if need be."""
        return getattr(self.state(), self.key)

    @property
    def history(self) -> History:
        """How the value differs from the committed one, as far as loaded."""
        return self.state.get_history(self.key, PASSIVE_NO_INITIALIZE)

    def load_history(self) -> History:
        """
        Return how the value differs from the committed one, loading what is missing.
        """
        return self.state.get_history(self.key, PASSIVE_OFF & ~INIT_OK | PASSIVE_RETURN_NO_VALUE)


class AttributeStates(ReadOnlyProperties[AttributeState]):
    """
    The attributes of one object by name, readable as attributes too.
    """

    def __init__(self, state: InstanceState) -> None:
        super().__init__({key: AttributeState(state, key) for key in _attribute_names(state)})


def _attribute_names(state: InstanceState) -> list[str]:
    mapper = state.manager.mapper
    if mapper is None:
        return list(state.manager.impls)
    return mapper.attrs.keys()  # type: ignore[no-any-return]  # names
