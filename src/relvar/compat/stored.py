"""
Read pickles of mapped objects that SQLAlchemy has written, such as a program keeps in a cache.

There, an object has its ``InstanceState`` in its dictionary, which says identity, old values and what is
expired; a collection has its ``CollectionAdapter``.  Two steps make relvar's of it:

1. unpickling: states and adapters are what was written, collections are plain ones;
2. afterwards, when all objects are there: each gets a state, its values, and its changes once more.

How an object was loaded (options) is not kept.  ``Table``, ``MetaData``, statements and expressions of
SQLAlchemy are not read: they are made of its inner classes.
"""

from __future__ import annotations

import io
import pickle
from typing import IO, Any

from relvar.compat import places
from relvar.compat.face import Face
from relvar.orm import configure_mappers
from relvar.orm.attributes import instance_state, set_committed_value
from relvar.orm.state.flags import NO_VALUE

__all__ = ["load", "loads"]


class _Written:
    """
    Something of SQLAlchemy's inner state, as it was written.
    """

    def __init__(self, *args: Any) -> None:
        self.saved: dict[str, Any] = {}

    def __setstate__(self, saved: Any) -> None:
        self.saved = saved

    def __call__(self, *args: Any) -> None:
        """
        Take the object that a state is of; what this says is in the state.
        """


class _List(list[Any]):
    """
    A collection as it was written: what it was made for is asked of the class.
    """

    __slots__ = ()

    def __setstate__(self, saved: Any) -> None: ...


class _Set(set[Any]):
    __slots__ = ()

    def __setstate__(self, saved: Any) -> None: ...


class _Dict(dict[Any, Any]):
    __slots__ = ()

    @classmethod
    def _unreduce(cls, keyfunc: Any, members: Any, *args: Any) -> _Dict:
        return cls(members)

    def __setstate__(self, saved: Any) -> None: ...


def _ordered(cls: type[Any], attributes: Any, members: Any) -> _List:
    return _List(members)


_COLLECTIONS = {
    "InstrumentedList": _List,
    "InstrumentedSet": _Set,
    "InstrumentedDict": _Dict,
    "KeyFuncDict": _Dict,
    "MappedCollection": _Dict,
    "_reconstitute": _ordered,
}
# what of it is not kept: how objects are found and were loaded
_INNER = {
    "sqlalchemy.orm.instrumentation",
    "sqlalchemy.orm.strategies",
    "sqlalchemy.orm.strategy_options",
    "CollectionAdapter",
    "_AttrGetter",
    "_PlainColumnGetter",
    "_SerializableAttrGetter",
    "_SerializableColumnGetter",
    "_SerializableColumnGetterV2",
}


class _Unpickler(pickle.Unpickler):
    """
    Step 1.
    """

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.states: list[dict[str, Any]] = []

        class State(_Written):
            found = self.states

            def __setstate__(self, saved: dict[str, Any]) -> None:
                self.found.append(saved)

        self.state = State

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] != "sqlalchemy":
            return super().find_class(module, name)
        if module == "sqlalchemy.orm.state":
            return self.state
        if name in _COLLECTIONS:
            return _COLLECTIONS[name]
        if module in _INNER or name in _INNER:
            return _Written
        is_inner = module.startswith("sqlalchemy.sql.") and module != "sqlalchemy.sql.sqltypes"
        found = None if is_inner else getattr(Face(module, places.target_of(module)), name, None)
        if found is None:
            raise pickle.UnpicklingError(
                f"It has {module}.{name} of SQLAlchemy's, which relvar does not read; objects, rows, errors, "
                "URLs, types and mutable values are read"
            )
        return found


def loads(data: bytes) -> Any:
    """
    Return what SQLAlchemy has pickled: objects, and what else relvar reads, in any nesting.

    The classes are imported as they are called in the pickle; objects are detached or transient.
    Loading a pickle runs what is in it: only load what nobody else could have written.

    Raises:
        UnpicklingError: It has something of SQLAlchemy's that relvar does not read.
    """
    return load(io.BytesIO(data))


def load(file: IO[bytes]) -> Any:
    """
    Return what is in a file, see `loads()`.
    """
    unpickler = _Unpickler(file)
    found = unpickler.load()
    if isinstance(found, _Written):
        raise pickle.UnpicklingError("It is an option of SQLAlchemy's, which relvar does not read")
    taken = [(saved, _emptied(saved)) for saved in unpickler.states]
    for saved, values in taken:
        _fill(saved, values, with_collections=False)
    # the key of a member, or its place, is one of its values
    for saved, values in taken:
        _fill(saved, values, with_collections=True)
        _link(saved)
    for saved, values in taken:
        _change(saved, values)
    return found


# Step 2 ----------------------------------------------------------------------------------------------


def _emptied(saved: dict[str, Any]) -> dict[str, Any]:
    """
    Give an object a state of relvar's, and return the values that it had.
    """
    obj = saved["instance"]
    values = dict(vars(obj))
    vars(obj).clear()
    configure_mappers()
    state: Any = type(obj)._sa_class_manager.setup_instance(obj)
    state.key = saved.get("key")
    return values


def _fill(saved: dict[str, Any], values: dict[str, Any], with_collections: bool) -> None:
    """
    Set what was loaded: of what was changed, the values before.
    """
    obj = saved["instance"]
    manager: Any = instance_state(obj).manager
    before = saved.get("committed_state") or {}
    for key, value in values.items():
        impl, loaded = manager.impls.get(key), before.get(key, value)
        if (impl is not None and impl.collection) is not with_collections or key == manager.STATE_ATTR:
            continue
        if impl is None:
            vars(obj)[key] = value
        elif loaded is not NO_VALUE:
            set_committed_value(obj, key, loaded)


def _link(saved: dict[str, Any]) -> None:
    """
    Say what is expired, and whose the mutable values are.
    """
    state: Any = instance_state(saved["instance"])
    state.expired_keys = set(saved.get("expired_attributes") or ()) or None
    mutable = {key: values[0] for key, values in saved.get("ext.mutable.values", {}).items()}
    for listener in state.manager.listeners.unpickle:
        listener(state, {**saved, "ext.mutable.values": mutable})


def _change(saved: dict[str, Any], values: dict[str, Any]) -> None:
    obj = saved["instance"]
    for key in saved.get("committed_state") or ():
        if key in values:
            setattr(obj, key, values[key])
