"""
Bind parameters: where a value stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

from relvar import exc
from relvar._kernels.nodes import BindFields, new_bind
from relvar.expr import make
from relvar.expr.element import ColumnElement
from relvar.expr.names import _anonymous_label, quoted_name
from relvar.expr.node import TYPE, VALUE, Field, memoized, next_serial
from relvar.expr.operators import OperatorType
from relvar.types.base import NULLTYPE, TypeEngine
from relvar.types.visitable import Visitable
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypeArgument

__all__ = ["BindParameter", "Required", "bindparam", "literal", "outparam"]

_T = TypeVar("_T", default=Any)
_V = TypeVar("_V")


class Required:
    """
    The value of a bind parameter that has none: `REQUIRED`, `NO_ARG`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"symbol({self.name!r})"


NO_ARG = Required("NO_ARG")
REQUIRED = Required("REQUIRED")


def _mode(bit: int, about: str) -> Any:
    """
    Return a property that is one bit of ``_modes``: few parameters have any set.
    """

    def get(self: BindParameter[Any]) -> bool:
        return bool(self._modes & bit)

    def put(self: BindParameter[Any], value: Any) -> None:
        if value:
            self._modes |= bit
        elif self._modes & bit:
            self._modes &= ~bit

    return property(get, put, doc=about)


class BindParameter(BindFields, ColumnElement[_T]):
    """
    A value in a statement, sent apart from its text.

    Attributes:
        key: Its name; for a *unique* one, a template the compiler numbers.
        value: What is sent, unless the execution says otherwise.
        callable: Called for the value when the statement runs.
    """

    __visit_name__ = "bindparam"
    _has_fields_in_c = True

    _fields = (
        Field("type", TYPE),
        Field("unique", VALUE),
        Field("_orig_key", VALUE),
        Field("_modes", VALUE),
    )
    _is_bind = True
    _is_bind_parameter = True
    _never_grouped = True
    inherit_cache: bool = True

    value: Any
    unique: bool
    callable: Callable[[], Any] | None = None
    required: Any = _mode(1, "Whether running the statement without a value is an error.")
    expanding: Any = _mode(2, "Whether the value is a list, and gets a placeholder per item.")
    literal_execute: Any = _mode(4, "Whether the value is rendered into the text when the statement runs.")
    isoutparam: Any = _mode(8, "Whether it is a parameter of a stored procedure that the database fills.")
    _modes: int
    expand_op: OperatorType | None = None
    _expanding_in_types: Any = ()
    _render_literal_execute = False
    _orig_key: str

    def __init__(
        self,
        key: str | None,
        value: Any = NO_ARG,
        type_: TypeArgument[_T] | None = None,
        unique: bool = False,
        required: Any = NO_ARG,
        quote: bool | None = None,
        callable_: Callable[[], Any] | None = None,
        expanding: bool = False,
        isoutparam: bool = False,
        literal_execute: bool = False,
        _compared_to_operator: OperatorType | None = None,
        _compared_to_type: TypeEngine[Any] | None = None,
        _is_crud: bool = False,
    ) -> None:
        if required is NO_ARG:
            required = value is NO_ARG and callable_ is None
        if value is NO_ARG:
            value = None
        if quote is not None and key is not None:
            key = quoted_name.construct(key, quote)
        if unique or not key:
            self._orig_key = key or "param"
            self.unique = True
            if not unique:
                self._takes_column_name = False
        else:
            self._orig_key = key
            self._fixed_key = key
        self.value = value
        if callable_ is not None:
            self.callable = callable_
        if required:
            self.required = required
        if isoutparam:
            self.isoutparam = True
        if literal_execute:
            self.literal_execute = True
        if expanding:
            self.expanding = True
            self._expand_over(_compared_to_operator)
        if _is_crud:
            self._is_crud = True
        if type_ is None:
            if expanding:
                check = value[0] if value else None
            else:
                check = value
            if _compared_to_type is not None:
                self.type = _compared_to_type.coerce_compared_value(_compared_to_operator, check)
            else:
                self.type = make.type_of_value(check)
        elif isinstance(type_, type):
            self.type = type_()
        elif getattr(type_, "_is_tuple_type", False) and value:
            check = value[0] if expanding else value
            self.type = type_._resolve_values_to_types(check)  # type: ignore[union-attr]  # a TupleType
        else:
            self.type: Any = type_

    _is_crud = False
    _takes_column_name = True
    "VALUES and SET call it like the column, if it is unique."
    _fixed_key: str | None = None

    @memoized
    def key(self) -> str:
        """
        The parameter's name; for a unique one, a template the compiler numbers.
        """
        fixed = self._fixed_key
        if fixed is not None and not self.unique:
            return fixed
        return _anonymous_label.safe_construct(next_serial(), self._orig_key, sanitize_key=True)

    @property
    def name(self) -> str:
        """
        The name of the parameter, which is its key.
        """
        return self.key

    @property
    def _proxy_key(self) -> str | None:
        return None if self.unique else self.key

    def _expand_over(self, operator: OperatorType | None) -> None:
        if operator is not None:
            self.expand_op = operator

    @property
    def effective_value(self) -> Any:
        """
        The value to send now.
        """
        if self.callable is not None:
            return self.callable()
        return self.value

    def _with_value(self, value: Any, maintain_key: bool = False, required: Any = NO_ARG) -> Any:
        """
        Return a copy with another value.
        """
        made = self._clone(maintain_key=maintain_key)
        made.value = value
        made.callable = None
        made.required = required if required is not NO_ARG else self.required
        if made.type is NULLTYPE:
            made.type = make.type_of_value(value)
        return made

    def _with_binary_element_type(self, type_: TypeEngine[Any]) -> Any:
        made = self._clone(maintain_key=True)
        made.type = type_
        return made

    def _with_expanding_in_types(self, types: Any) -> Any:
        made = self._clone(maintain_key=True)
        made._expanding_in_types = types
        return made

    def render_literal_execute(self) -> BindParameter[_T]:
        """
        Return a copy whose value is rendered into the text when the statement runs.
        """
        made = self._clone(maintain_key=True)
        made.literal_execute = True
        return made

    def _clone(self, maintain_key: bool = False, **kw: Any) -> BindParameter[_T]:
        if maintain_key:
            key = self.key
        made = super()._clone()
        made._is_clone_of = self
        if maintain_key:
            made.__dict__["key"] = key
            made._memoized_names = ("key",)
        return made

    def _convert_to_unique(self) -> None:
        """
        Give the parameter a made-up name; only while its statement is being made.
        """
        if not self.unique:
            self.unique = True
            self.__dict__.pop("key", None)

    def _compare_special(self, other: Any, kw: dict[str, Any]) -> bool | None:
        return (
            isinstance(other, BindParameter)
            and self.type._compare_type_affinity(other.type)
            and (not kw.get("compare_values", True) or bool(self.value == other.value))
            and self.callable == other.callable
            and self._orig_key == other._orig_key
        )

    def _negate_in_binary(self, negated_op: OperatorType, original_op: OperatorType) -> BindParameter[_T]:
        if self.expand_op is original_op:
            made = self._clone()
            made.expand_op = negated_op
            return made
        return self

    def __getstate__(self) -> dict[str, Any]:
        values = super().__getstate__()
        values.pop("callable", None)
        return values

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key!r}, {self.value!r}, type_={self.type!r})"


def _crud_parameter(value: Any, type_: TypeEngine[Any] | None) -> BindParameter[Any]:
    """
    Return the parameter of a value in VALUES or SET.
    """
    if type_ is None or type_._is_tuple_type:
        return BindParameter(None, value, type_=type_, unique=True, _is_crud=True)
    return new_bind(value, type_, {"_is_crud": True})  # type: ignore[no-any-return]  # a parameter


def _plain_parameter(value: Any) -> BindParameter[Any]:
    """
    Return the parameter of a plain value that has its type by itself: what the constructor comes to.
    """
    return new_bind(value, make.type_of_value(value))  # type: ignore[no-any-return]  # a parameter


def bindparam(
    key: str | None,
    value: Any = NO_ARG,
    type_: TypeArgument[_T] | None = None,
    unique: bool = False,
    required: Any = NO_ARG,
    quote: bool | None = None,
    callable_: Callable[[], Any] | None = None,
    expanding: bool = False,
    isoutparam: bool = False,
    literal_execute: bool = False,
) -> BindParameter[_T]:
    """
    Return a bind parameter named *key*; its value may come with the execution.

    Args:
        value: Its value, if it is known already.
        type_: Its type; by default that of what it is compared with, or of its value.
        required: Refuse to run without a value; by default so when there is none.
        expanding: Takes a list: ``IN (...)``.
        literal_execute: Render the value into the text when the statement runs.

    >>> from relvar import bindparam, create_engine, select
    >>> statement = select(bindparam("a") + bindparam("b", 10))
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(statement, {"a": 1}), connection.scalar(statement, {"a": 1, "b": 2})
    (11, 3)
    """
    if key is not None and not isinstance(key, str):
        raise exc.ArgumentError(f"bindparam() takes the name of a parameter, got {key!r}")
    return BindParameter(
        key,
        value,
        type_,
        unique,
        required,
        quote,
        callable_,
        expanding,
        isoutparam,
        literal_execute,
    )


def outparam(key: str, type_: TypeArgument[_T] | None = None) -> BindParameter[_T]:
    """
    Return a parameter that a stored procedure fills.
    """
    return BindParameter(key, None, type_=type_, unique=False, isoutparam=True)


_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))


@overload
def literal(value: _V, type_: None = None, literal_execute: bool = False) -> BindParameter[_V]: ...
@overload
def literal(value: Any, type_: TypeArgument[_V], literal_execute: bool = False) -> BindParameter[_V]: ...
def literal(value: Any, type_: Any = None, literal_execute: bool = False) -> BindParameter[Any]:
    """
    Return a value as an expression: a bind parameter of its own.

    Args:
        literal_execute: Render the value into the text when the statement runs.

    Raises:
        ArgumentError: *value* is a part of SQL, and no value.

    >>> from relvar import column, literal
    >>> total = literal(100) - column("spent")
    >>> print(total)
    :param_1 - spent
    >>> total.compile().params
    {'param_1': 100}
    """
    if type(value) not in _PLAIN and (
        hasattr(value, "__clause_element__")
        or (isinstance(value, Visitable) and not isinstance(value, BindParameter))
    ):
        raise exc.ArgumentError(f"Literal Python value expected, got {value!r}.")
    return BindParameter(None, value, type_=type_, unique=True, literal_execute=literal_execute)


make.register(BindParameter=BindParameter, crud_parameter=_crud_parameter, plain_parameter=_plain_parameter)
