"""
The base of everything that can stand in a statement.

A node class lists its structure in one table, ``_fields``.  Copying, comparing,
walking and the cache key all follow from it.

Rule 1: nodes are frozen after construction.  What changes one copies it first.
Rule 2: a field that equals the class's own default need not be in the instance.
Rule 3: what can be computed from the fields is kept under a *memoized* name
    and forgotten by copies.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import partial, wraps
from typing import Any, ClassVar, Generic, TypeVar, overload

from relvar._kernels import keys
from relvar._kernels.keys import Structure, next_serial, statement_key, structure
from relvar._kernels.nodes import copy_node
from relvar.expr.nesting import too_deep
from relvar.types.visitable import Visitable
from relvar.util.fields import NamedTuple
from relvar.util.warning import warn

__all__ = [
    "DICT",
    "NODE",
    "NODES",
    "OPERATOR",
    "PAIRS",
    "TYPE",
    "VALUE",
    "CacheKey",
    "Field",
    "HasCacheKey",
    "Node",
    "Pickled",
    "PicklingPlugin",
    "Visitable",
    "memoized",
    "next_serial",
    "pickling_plugins",
    "statement_key",
    "structure",
]

_T = TypeVar("_T")
_N = TypeVar("_N", bound="Node")


class Kind(enum.IntEnum):
    """
    What a field holds.
    """

    NODE = 1
    "One child, or None."
    NODES = 2
    "A tuple or list of children."
    VALUE = 3
    "A plain hashable value."
    TYPE = 4
    "A SQL type."
    PAIRS = 5
    "Tuples, nested, of children and plain values."
    DICT = 6
    "A mapping whose keys and values are children or plain values."
    OPERATOR = 7
    "An operator function."


NODE, NODES, VALUE, TYPE, PAIRS, DICT, OPERATOR = Kind


class Field(NamedTuple):
    """
    One entry of a node's table: the attribute's name and what it holds.
    """

    name: str
    kind: Kind


class _Internals:
    """
    ``_traverse_internals`` of a class that does not say it itself: its field table, as others write it.
    """

    def __get__(self, obj: Any, cls: Any) -> list[tuple[str, Any]]:
        # few programs ask: it is not imported with the library
        from relvar.expr.internals import listed

        return listed(cls._fields)


class memoized(Generic[_T]):
    """
    A property that is computed once and forgotten by copies.

    The value is kept in the instance, where it hides this descriptor.
    """

    def __init__(self, fget: Callable[[Any], _T], doc: str | None = None) -> None:
        self.fget = fget
        self.__doc__ = doc or fget.__doc__
        self.__name__: str = fget.__name__

    @overload
    def __get__(self, obj: None, cls: Any) -> memoized[_T]: ...

    @overload
    def __get__(self, obj: object, cls: Any) -> _T: ...

    def __get__(self, obj: Any, cls: Any) -> Any:
        if obj is None:
            return self
        try:
            value = self.fget(obj)
        except RecursionError:
            raise too_deep("looked into") from None
        _keep(obj, self.__name__, value)
        return value


def _keep(obj: Any, name: str, value: Any) -> None:
    """
    Let an instance have a value until it is copied.
    """
    values = obj.__dict__
    values[name] = value
    kept = values.get("_memoized_names")
    values["_memoized_names"] = (name,) if kept is None else (*kept, name)


class CacheKey(NamedTuple):
    """
    The key of a statement and its bind parameters, in order.
    """

    key: Any
    bindparams: tuple[Any, ...]
    params: Any = None

    def to_offline_string(
        self, statement_cache: MutableMapping[Any, str], statement: Any, parameters: Mapping[str, Any]
    ) -> str:
        """
        Return a string that means the same in another process: the statement's SQL, and its values.

        Args:
            statement_cache: Keeps the SQL of statements, so that each is compiled once.
            parameters: Values given when the statement is run, by name.
        """
        sql = statement_cache.get(self.key)
        if sql is None:
            sql = statement_cache[self.key] = str(statement)
        values = tuple([parameters.get(bind.key, bind.value) for bind in self.bindparams])
        return repr((sql, values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CacheKey) and bool(self.key == other.key)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.key)


_warned: set[type[Any]] = set()


def _warn_unsaid(cls: type[Any]) -> None:
    """
    Warn, once per class, of a class that does not say whether it can be cached.
    """
    if cls in _warned or cls._is_bind:
        return
    warn(
        f"Class {cls.__name__} will not make use of SQL compilation caching as it does not set the "
        "'inherit_cache' attribute to ``True``.  This can have significant performance implications "
        "including some performance degradations in comparison to prior SQLAlchemy versions.  Set this "
        "attribute to True if this object can make use of the cache key generated by the superclass.  "
        "Alternatively, this attribute may be set to False which will disable this warning.",
        code="cprf",
    )
    _warned.add(cls)


keys.on_unsaid(_warn_unsaid)
keys.on_too_deep(partial(too_deep, "compiled"))


class HasCacheKey:
    """
    Something that contributes to the cache key of the statement it stands in.

    A subclass in a program of its own says ``inherit_cache = True`` if the
    fields of its base class describe it completely, or lists what it has
    besides in ``_traverse_internals``.
    """

    _fields: ClassVar[tuple[Field, ...]] = ()
    _traverse_internals: ClassVar[Any] = _Internals()
    inherit_cache: bool | None = None

    _cacheable: ClassVar[bool | None] = None
    _key_memo: ClassVar[bool] = False
    _is_atom: ClassVar[bool] = False
    _is_bind: ClassVar[bool] = False
    _key_columns: ClassVar[str | None] = None

    _structure: Structure | None = None

    def __init_subclass__(cls, **kw: Any) -> None:
        own = cls.__dict__
        if "_traverse_internals" in own and "_fields" not in own:
            cls._fields = _with_internals(cls._fields, own["_traverse_internals"])
        said = own.get("inherit_cache")
        if said is None and "_fields" in own:
            said = True
        cls._cacheable = said
        super().__init_subclass__(**kw)

    def _generate_cache_key(self) -> CacheKey | None:
        """
        Return the cache key, or None if this cannot be cached.
        """
        key, binds = statement_key(self)
        return None if key is None else CacheKey(key, binds)


def _with_internals(fields: tuple[Field, ...], internals: Any) -> tuple[Field, ...]:
    """
    Return a field table, extended by what a class of another program lists.
    """
    from relvar.expr.internals import kinds_of  # few programs list anything

    known = {name for name, _ in fields}
    return (
        *fields,
        *(Field(name, Kind[kind]) for name, kind in kinds_of(internals) if name not in known),
    )


class PicklingPlugin(NamedTuple):
    """
    What a plugin does for elements that are its own.
    """

    reduce: Callable[[Any, Any], Any]
    "``reduce(element, protocol)``: what ``__reduce_ex__`` returns."
    deepcopy: Callable[[Any, dict[Any, Any]], Any]
    "``deepcopy(element, memo)``: what ``__deepcopy__`` returns."


pickling_plugins: dict[str | None, PicklingPlugin] = {}
"By the name that is the ``compile_state_plugin`` of elements."


class Pickled:
    """
    Something that is pickled and copied with all that is below it, or as a plugin says.

    A core element goes into a pickle as a whole, with its tables.  One that a plugin
    plans means tables that are mapped where the pickle is read: the plugin says what goes in instead.
    """

    __slots__ = ()

    _pickled_by: str | None = None
    "The plugin, where it is no matter of who plans the statement."
    _pickled_as: Any = None
    "What the plugin finds it by in another process; not pickled itself."

    @property
    def _pickling_plugin(self) -> str | None:
        """
        The name of the plugin that says how this is pickled.
        """
        return self._pickled_by

    def __reduce_ex__(self, protocol: Any) -> Any:
        plugin = pickling_plugins.get(self._pickling_plugin)
        return self._reduce_plainly(protocol) if plugin is None else plugin.reduce(self, protocol)

    def _reduce_plainly(self, protocol: Any) -> Any:
        """
        Return what ``__reduce_ex__`` returns where no plugin has a say in it.
        """
        return super().__reduce_ex__(protocol)

    def __copy__(self) -> Any:
        parts = self._reduce_plainly(4)
        if isinstance(parts, str):
            return self  # the only one there is
        made = parts[0](*parts[1])
        if len(parts) > 2 and parts[2] is not None:
            made.__setstate__(parts[2])
        return made

    def __deepcopy__(self, memo: dict[Any, Any]) -> Any:
        plugin = pickling_plugins.get(self._pickling_plugin)
        if plugin is not None:
            return plugin.deepcopy(self, memo)
        # few programs copy anything
        from relvar.expr.deepcopy import deeply_copied

        return deeply_copied(self, memo)


class Node(HasCacheKey, Visitable):
    """
    A part of a statement, described by ``_fields``.
    """

    __visit_name__ = "node"

    _has_fields_in_c: ClassVar[bool] = False
    "Some fields are not in ``__dict__``: see `BinaryFields`."

    memoized_attribute = memoized
    "`memoized`, for subclasses in programs of their own."

    @classmethod
    def memoized_instancemethod(cls, fn: Callable[..., Any]) -> Callable[..., Any]:
        """
        Decorate a method: what it returns first, it returns until the node is copied.
        """

        @wraps(fn)
        def first(self: Any, *args: Any, **kw: Any) -> Any:
            result = fn(self, *args, **kw)

            @wraps(fn)
            def again(*args: Any, **kw: Any) -> Any:
                return result

            _keep(self, fn.__name__, again)
            return result

        return first

    _memoized_names: tuple[str, ...] | None = None
    _is_clone_of: Any = None

    def _clone(self: _N, **kw: Any) -> _N:
        """
        Return a shallow copy without anything memoized.
        """
        return copy_node(self)

    def __getstate__(self) -> dict[str, Any]:
        """
        Return the fields, without what belongs to this process or can be computed again.
        """
        values = self.__dict__.copy()
        values.pop("_structure", None)
        values.pop("_text_memo", None)
        values.pop("_pickled_as", None)
        for name in values.pop("_memoized_names", ()):
            values.pop(name, None)
        if values.get("_key_serial") is not None:
            values["_key_serial"] = _NUMBERED
        return values

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.__dict__.get("_key_serial") == _NUMBERED:
            self.__dict__["_key_serial"] = next_serial()

    def _traversal_copy(self: _N) -> _N:
        """
        Return a copy that remembers whose copy it is.
        """
        made = self._clone()
        made._is_clone_of = self
        return made

    def get_children(self, *, omit_attrs: Iterable[str] = (), **kw: Any) -> Iterator[Node]:
        """
        Yield the nodes directly below, in the order of the field table.
        """
        for name, kind in self._fields:
            if kind in _LEAVES or name in omit_attrs:
                continue
            value = getattr(self, name, None)
            if value is None:
                continue
            if kind is NODE:
                if isinstance(value, Node):
                    yield value
            else:
                yield from _nodes_in(value)

    def _copy_internals(
        self, *, omit_attrs: Iterable[str] = (), clone: Callable[..., Any], **kw: Any
    ) -> None:
        """
        Replace the nodes directly below by what *clone* makes of them.

        Only for a copy just made, which nobody else has seen.
        """
        for name, kind in self._fields:
            if kind in _LEAVES or name in omit_attrs:
                continue
            value = getattr(self, name, None)
            # not by ==, which makes SQL of expressions
            if value is None or (type(value) is tuple and not value):
                continue
            made = _mapped(value, clone, kw)
            if made is not value:
                setattr(self, name, made)

    def compare(self, other: Any, **kw: Any) -> bool:
        """
        Tell whether *other* has the same structure, values of bind parameters included.

        Args:
            use_proxies: Columns are equal if one is derived from the other.
        """
        try:
            return _compare(self, other, kw)
        except RecursionError:
            raise too_deep("compared") from None

    def _compare_special(self, other: Node, kw: dict[str, Any]) -> bool | None:
        """
        Compare in a way the field table does not tell; None: go by the table.
        """
        return None


_NUMBERED = "numbered"
"Stands in a pickle for the process's own number."

_LEAVES = frozenset((VALUE, TYPE, OPERATOR))


def _nodes_in(value: Any) -> Iterator[Node]:
    """
    Yield the nodes in nested tuples, lists and dictionaries.
    """
    if isinstance(value, Node):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _nodes_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nodes_in(key)
            yield from _nodes_in(item)


def _mapped(value: Any, clone: Callable[..., Any], kw: dict[str, Any]) -> Any:
    """
    Return *value* with its nodes replaced; *value* itself if none was.
    """
    if isinstance(value, Node):
        return clone(value, **kw)
    if isinstance(value, (tuple, list)):
        made = [_mapped(item, clone, kw) for item in value]
        if all(new is old for new, old in zip(made, value)):
            return value
        return tuple(made) if isinstance(value, tuple) else made
    if isinstance(value, dict):
        return {_mapped(key, clone, kw): _mapped(item, clone, kw) for key, item in value.items()}
    return value


def _compare(left: Any, right: Any, kw: dict[str, Any]) -> bool:
    if left is right:
        return True
    if isinstance(left, Node):
        if not isinstance(right, Node):
            return False
        special = left._compare_special(right, kw)
        if special is not None:
            return special
        if (
            left.__visit_name__ != right.__visit_name__
            or left._compiler_dispatcher is not right._compiler_dispatcher
            or left._fields != right._fields
        ):
            return False
        return all(
            _compare(getattr(left, name, None), getattr(right, name, None), kw)
            for name, _kind in left._fields
        )
    if isinstance(left, (tuple, list)):
        return (
            isinstance(right, (tuple, list))
            and len(left) == len(right)
            and all(_compare(a, b, kw) for a, b in zip(left, right))
        )
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and len(left) == len(right)
            and all(
                _compare(k1, k2, kw) and _compare(v1, v2, kw)
                for (k1, v1), (k2, v2) in zip(left.items(), right.items())
            )
        )
    static = getattr(left, "_static_cache_key", None)
    if static is not None:
        return bool(static == getattr(right, "_static_cache_key", None))
    if isinstance(left, str) and isinstance(right, str):
        return getattr(left, "_key_text", left) == getattr(right, "_key_text", right)
    return type(left) is type(right) and bool(left == right)
