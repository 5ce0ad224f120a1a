"""
Names given to expressions, and references to such names.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.parts import LABEL, ProxyKey, configure_parts, stands_by
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.column import ColumnClause
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.grouping import Grouping
from relvar.expr.names import _anonymous_label
from relvar.expr.node import NODE, TYPE, VALUE, Field, memoized, next_serial
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.types.base import NULLTYPE, TypeEngine, to_instance
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypeArgument, TypedOperators

__all__ = ["Label", "LabelReference", "TextualLabelReference", "label"]

_T = TypeVar("_T", default=Any)
_V = TypeVar("_V")


class Label(ColumnElement[_T]):
    """
    ``element AS name``.
    """

    key: str | _anonymous_label

    __visit_name__ = "label"
    _fields = (Field("name", VALUE), Field("type", TYPE), Field("element", NODE))
    _is_atom = True
    _is_named = True
    _roles = ColumnElement._roles | Role.LABELED

    name: str
    _element: Any
    element: Any

    def __init__(self, name: str | None, element: Any, type_: Any = None) -> None:
        while isinstance(element, Label):
            element = element.element
        if name:
            self.name = name
        else:
            base = None if element._is_bind_parameter else getattr(element, "name", None)
            self.name = _anonymous_label.safe_construct(
                next_serial(),
                base if isinstance(base, str) and not isinstance(base, _anonymous_label) else "anon",
            )
        self.key = self.name
        self._element = element
        self.element = element.self_group(against=op.as_) if element._is_column_element else element
        self.type: TypeEngine[_T] = (
            to_instance(type_) if type_ is not None else getattr(element, "type", NULLTYPE)
        )
        self._proxies = [element]
        if element._propagate_attrs:
            self._propagate_attrs = element._propagate_attrs

    @property
    def description(self) -> str:
        """
        The name.
        """
        return self.name

    if TYPE_CHECKING:

        @property
        def _label_name(self) -> str | None:
            """
            The name.
            """

        @property
        def _proxy_key(self) -> str | None:
            """
            The key, None if it is anonymous.
            """

    else:
        _label_name = property(attrgetter("name"))
        _proxy_key = ProxyKey()

    @property
    def _tq_label(self) -> str | None:
        return self.name

    @property
    def _anon_base(self) -> str:
        return self.name

    @property
    def _bind_name(self) -> str:  # type: ignore[override]  # computed here
        return "param"

    @property
    def _tq_key_label(self) -> str | None:
        return self._proxy_key

    @property
    def _is_implicitly_boolean(self) -> bool:  # type: ignore[override]  # computed here
        return bool(self.element._is_implicitly_boolean)

    @memoized
    def _allow_label_resolve(self) -> bool:
        return bool(getattr(self.element, "_allow_label_resolve", True))

    @property
    def _order_by_label_element(self) -> Any:
        return self

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self._self_group_of(self._element, against)

    def _self_group_of(self, element: Any, against: OperatorType | None) -> Any:
        grouped = element.self_group(against=against)
        if grouped is element:
            return self
        return Label(self.name, grouped, type_=self.type)

    def _negate(self) -> Any:
        return Label(self.name, self._element._negate(), self.type)

    @property
    def primary_key(self) -> bool:  # type: ignore[override]  # computed here
        return bool(self.element.primary_key)

    @property
    def foreign_keys(self) -> Any:
        return self.element.foreign_keys

    _from_objects: Any = froms_in("element")

    def _copy_internals(self, *, clone: Any, anonymize_labels: bool = False, **kw: Any) -> None:
        self._element = clone(self._element, **kw)
        self.element = self._element.self_group(against=op.as_)
        self._proxies = [self._element]
        if anonymize_labels:
            self.name = self.key = _anonymous_label.safe_construct(
                next_serial(), getattr(self._element, "name", None) or "anon"
            )

    @stands_by(LABEL)
    def _make_proxy(
        self,
        selectable: Any,
        *,
        name: str | None = None,
        key: str | None = None,
        compound_select_cols: Sequence[Any] | None = None,
        **kw: Any,
    ) -> tuple[str, Any]:
        if (
            name is not None
            and isinstance(name, _anonymous_label)
            and not isinstance(self.name, _anonymous_label)
        ):
            raise exc.InvalidRequestError(
                f"Label name {self.name} is being renamed to an anonymous label due to disambiguation which "
                "is not supported right now.  Please use unique names for explicit labels."
            )
        made_name = name if name is not None else self.name
        made_key, column = self.element._make_proxy(
            selectable,
            name=made_name,
            key=key or made_name,
            compound_select_cols=compound_select_cols,
            **kw,
        )
        if selectable._propagate_attrs:
            column._propagate_attrs = selectable._propagate_attrs
        column._stand_for(compound_select_cols or (self,))
        if isinstance(made_name, _anonymous_label):
            column._anon_origin = self
        if self.type is not NULLTYPE:
            column.type = self.type
        if isinstance(self.name, _anonymous_label) and name is None:
            # Nobody could know the key it would get otherwise.
            column.key = self.name
            return self._annotations.get("proxy_key", self.name), column
        return (made_key if key or name is not None else self.name), column


class LabelReference(ColumnElement[_T]):
    """
    An element of ORDER BY that may be rendered as the name of a label.
    """

    __visit_name__ = "label_reference"
    _fields = (Field("element", NODE),)
    _never_grouped = True

    def __init__(self, element: Any) -> None:
        self.element = element
        self._propagate_attrs = element._propagate_attrs

    @property
    def type(self) -> TypeEngine[Any]:  # type: ignore[override]  # the element's
        return getattr(self.element, "type", NULLTYPE)

    _from_objects: Any = froms_in()


class TextualLabelReference(ColumnElement[Any]):
    """
    A name in ORDER BY or GROUP BY that must be that of a label or column.
    """

    __visit_name__ = "textual_label_reference"
    _fields = (Field("element", VALUE),)
    _never_grouped = True

    def __init__(self, element: str) -> None:
        self.element = element

    @memoized
    def _text_clause(self) -> ClauseElement:
        return make.TextClause(self.element)  # type: ignore[no-any-return]  # registered class


@overload
def label(name: str | None, element: TypedOperators[_V], type_: None = None) -> Label[_V]: ...
@overload
def label(name: str | None, element: Any, type_: TypeArgument[_V]) -> Label[_V]: ...
@overload
def label(name: str | None, element: Any, type_: Any = None) -> Label[Any]: ...
def label(name: str | None, element: Any, type_: Any = None) -> Label[Any]:
    """
    Return *element* under a name.

    >>> from relvar import column, label, select
    >>> print(select(label("total", column("a") + column("b"))))
    SELECT a + b AS total
    """
    return Label(name, make.operand(element), type_)


configure_parts(ColumnClause, Label, Grouping, _anonymous_label, NULLTYPE, op.as_, op.comma_op)
make.register(Label=Label, LabelReference=LabelReference, TextualLabelReference=TextualLabelReference)
