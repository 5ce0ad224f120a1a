"""
Functions that make SQL, and the variables they take from around them.

A function is called once per form of its variables, with these variables replaced: what is SQL
stays, plain values become bind parameters named after their variable.  The element it makes is kept;
the next time, only the values of the parameters are new.

Rule 1: the form of a variable is part of the key: a SQL element by its structure, a function by its
    code, None by being None.
Rule 2: a plain value must end up as a parameter, else the function may depend on it in a way that a
    kept element does not show: that is refused.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from relvar import exc
from relvar._kernels.keys import statement_key
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.expr.element import ClauseElement
from relvar.expr.names import _anonymous_label
from relvar.expr.node import next_serial
from relvar.expr.operate import ColumnOperators
from relvar.inspection import inspect
from relvar.types.base import NULLTYPE
from relvar.util.fields import NamedTuple
from relvar.util.lru import LRUCache

__all__ = ["Built", "Tracking", "built_by"]

_built: LRUCache[Any, Any] = LRUCache(1000)
"Key of a function and its variables -> what it made."

# Global names are mostly functions, classes and tables; of the others, only plain values are replaced.
_PLAIN = (str, bytes, int, float, complex, list, tuple, set, frozenset, dict)


class Tracking(NamedTuple):
    """
    How much of a function's surroundings is looked at; see `relvar.lambda_stmt`.
    """

    enabled: bool = True
    closure: bool = True
    bound: bool = True
    globals: bool = True
    on: tuple[Any, ...] | None = None


class Built(NamedTuple):
    """
    What a function made.

    Attributes:
        key: Of the function and the form of its variables.
        element: The element, as it was made the first time.
        values: Keys of its parameters -> values of this time.
    """

    key: Any
    element: Any
    values: Mapping[str, Any]

    def current(self) -> Any:
        """
        Return the element with the values of this time.
        """
        return make.replace_params(self.element, self.values, False) if self.values else self.element


class _Variable(ColumnOperators):
    """
    Stands for a variable with a plain value while the function runs.
    """

    def __init__(self, fn: Any, name: str, value: Any) -> None:
        self._fn, self._name, self._value = fn, name, value
        label = _anonymous_label.safe_construct(next_serial(), name, sanitize_key=True)
        # without a type, it takes that of what it is compared with
        self._bind: BindParameter[Any] = BindParameter(label, value, type_=NULLTYPE)

    def __clause_element__(self) -> Any:
        return self._bind

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        return op(self._bind, *other, **kwargs)

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
        return op(other, self._bind, **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        return _Refused(self._fn, name) if callable(found) else found

    def __getitem__(self, index: Any) -> Any:
        return self._value[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._value)

    __hash__ = object.__hash__


class _Refused:
    """
    A method of a plain value: its result would not be seen again.
    """

    def __init__(self, fn: Any, name: str) -> None:
        self._fn, self._name = fn, name

    def __call__(self, *args: Any, **kw: Any) -> Any:
        raise exc.InvalidRequestError(
            f"Can't invoke Python callable {self._name}() inside of lambda expression argument at "
            f"{self._fn.__code__!r}; lambda SQL constructs should not invoke functions from closure "
            "variables to produce literal values since the lambda SQL system normally extracts bound "
            "values without actually invoking the lambda or any functions within it.  Call the function "
            "outside of the lambda and assign to a local variable that is used in the lambda as a closure "
            "variable, or set track_bound_values=False if the return value of this function is used in "
            "some other way other than a SQL bound value."
        )


def built_by(
    fn: Any,
    tracking: Tracking = Tracking(),
    args: tuple[Any, ...] = (),
    parent_key: Any = None,
    check: Callable[[Any], Any] | None = None,
    cache: Any = None,
) -> Built:
    """
    Return what *fn* makes, or made before of variables of the same form.

    Args:
        args: For the function.
        parent_key: Identifies the arguments.
        check: Turns its result into an element, or refuses it.
        cache: Where to keep what it made.

    Raises:
        InvalidRequestError: It depends on a variable in a way that cannot be seen in what it makes.
    """
    store = _built if cache is None else cache
    code = fn.__code__
    if not tracking.enabled:
        variables: dict[str, Any] = {}
    else:
        variables = {**_global_values(fn), **_closure_values(fn)}
    plain = {name: value for name, value in variables.items() if _is_plain(value)}
    key: Any = (code, parent_key, tuple(plain), tracking[:4])
    # what is bound to the function is as good as another function
    bound = (*(fn.__defaults__ or ()), *(fn.__kwdefaults__ or {}).values())
    if isinstance(fn, types.MethodType):
        bound += (fn.__self__,)
    if bound:
        key += tuple(_form(value, "default or self", fn) for value in bound)
    if tracking.on is not None:
        key += tuple(_form(value, "track_on", fn) for value in tracking.on)
    elif tracking.enabled and tracking.closure:
        key += tuple(
            _form(value, name, fn) for name, value in _closure_values(fn).items() if name not in plain
        )
    found = store.get(key)
    if found is None:
        found = store[key] = _build(fn, args, plain, check, tracking)
    element, keys = found
    values = {
        keys[name]: value
        for name, value in plain.items()
        if name in keys and tracking.bound and (tracking.globals or name in code.co_freevars)
    }
    return Built(key, element, values)


def _build(
    fn: Any, args: tuple[Any, ...], plain: Mapping[str, Any], check: Any, tracking: Tracking
) -> tuple[Any, dict[str, str]]:
    """
    Call a function with its plain values replaced.

    Returns:
        What it made, and the keys of the parameters by variable.
    """
    stand_ins = {name: _Variable(fn, name, value) for name, value in plain.items()}
    made = _with_variables(fn, stand_ins)(*args)
    element = made if check is None else check(made)
    if not isinstance(element, ClauseElement):
        return element, {}
    keys = {name: stand_in._bind.key for name, stand_in in stand_ins.items()}
    names = {key: name for name, key in keys.items()}
    seen = set()
    for bind in statement_key(element)[1]:
        if bind.key in names:
            seen.add(names[bind.key])
            if bind.type._isnull:
                bind.type = make.type_of_value(bind.value)
    for name in _closure_values(fn):
        if tracking.closure and tracking.on is None and name in plain and name not in seen:
            _refuse(name, fn)
    return element, keys


def _refuse(name: str, fn: Any) -> None:
    raise exc.InvalidRequestError(
        f"Closure variable named '{name}' inside of lambda callable {fn.__code__!r} does not refer to a "
        "cacheable SQL element, and also does not appear to be serving as a SQL literal bound value based on "
        "the default SQL expression returned by the function.   This variable needs to remain outside the "
        "scope of a SQL-generating lambda so that a proper cache key may be generated from the lambda's "
        "state.  Evaluate this variable outside of the lambda, set track_on=[<elements>] to explicitly "
        "select closure elements to track, or set track_closure_variables=False to exclude closure "
        "variables from being part of the cache key."
    )


def _closure_values(fn: Any) -> dict[str, Any]:
    cells = zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells}


def _global_values(fn: Any) -> dict[str, Any]:
    names = fn.__globals__
    return {
        name: names[name]
        for name in fn.__code__.co_names
        if name in names and isinstance(names[name], _PLAIN) and not name.startswith("__")
    }


def _with_variables(fn: Any, replaced: Mapping[str, Any]) -> Any:
    """
    Return *fn* with other values for variables from around it.
    """
    if not replaced:
        return fn
    closure = tuple(
        types.CellType(replaced[name]) if name in replaced else cell
        for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True)
    )
    made = types.FunctionType(
        fn.__code__, {**fn.__globals__, **replaced}, fn.__name__, fn.__defaults__, closure
    )
    made.__kwdefaults__ = fn.__kwdefaults__
    return types.MethodType(made, fn.__self__) if isinstance(fn, types.MethodType) else made


def _is_plain(value: Any) -> bool:
    """
    Tell whether a variable is a value of its statement, neither SQL nor code.
    """
    if value is None or callable(value) or isinstance(value, (ClauseElement, types.ModuleType)):
        return False
    if isinstance(value, _PLAIN):
        return True
    return not hasattr(value, "__clause_element__") and inspect(value, raiseerr=False) is None


def _form(value: Any, name: str, fn: Any) -> Any:
    """
    Return what the key has of a variable that is no plain value.
    """
    if value is None:
        return None
    if isinstance(value, types.FunctionType):
        return value.__code__ if not value.__closure__ else value
    element = value.__clause_element__() if hasattr(value, "__clause_element__") else value
    if isinstance(element, ClauseElement):
        key, binds = statement_key(element)
        # an alias is only itself, and values inside an element are not looked at again
        return element if key is None or binds or element._is_atom else key
    try:
        hash(value)
    except TypeError:
        _refuse(name, fn)
    return value
