"""
The bases of all SQL: `ClauseElement`, and `ColumnElement`, which has a type and operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.parts import EXPRESSION, is_whole_in_lists, labeled, stands_by
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.annotate import SupportsAnnotations
from relvar.expr.names import _anonymous_label
from relvar.expr.node import Node, Pickled, memoized, next_serial
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.expr.short import ShortOperators
from relvar.inspection import _self_inspects
from relvar.types.base import NULLTYPE, TypeEngine
from relvar.util.generics import subscriptable
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.expr.bind import BindParameter
    from relvar.expr.label import Label

__all__ = ["REPETITIONS", "ClauseElement", "ColumnElement"]

REPETITIONS = 4096
"Numbers of repeated columns are counted from the element's own number times this."

_T = TypeVar("_T")
_V = TypeVar("_V")

if TYPE_CHECKING:
    from relvar.expr.cast import Cast
    from relvar.expr.sqlcore import SQLColumnExpression
    from relvar.expr.typed import TypeArgument

    class _Operators(SQLColumnExpression[_T], ShortOperators): ...
else:
    _Operators = subscriptable(ShortOperators)

_E = TypeVar("_E", bound="ClauseElement")


def _warn_of_params() -> None:
    warn_deprecated(
        "The params() and unique_params() methods on non-statement ClauseElement objects are deprecated; "
        "params() is now limited to statement level objects such as select(), insert(), union(), etc.  "
        "(deprecated since: 2.1)",
        "2.1",
    )


def _warn_private(name: str) -> None:
    warn_deprecated(
        f"The ColumnElement.{name} attribute is now private, and the public accessor is deprecated. "
        "(deprecated since: 1.4)",
        "1.4",
    )


@_self_inspects
class ClauseElement(Pickled, SupportsAnnotations, Node):
    """
    A part of a statement that can be rendered as SQL.
    """

    __visit_name__ = "clause"

    _roles: ClassVar[int] = Role.NONE

    is_clause_element = True
    is_selectable = False
    is_dml = False
    is_text = False
    uses_inspection = True
    supports_execution = False
    allows_lambda = True
    stringify_dialect = "default"

    _propagate_attrs: Mapping[str, Any] = EMPTY_DICT
    "Who plans the statement this stands in (an ORM entity's plugin), and for whom."

    bind: Any = None
    description: Any = None

    _order_by_label_element: Any = None
    "The label that ORDER BY may name instead of this."
    _is_join_target = False
    "An ORM relationship: `Select.join` finds target and condition by it."
    _is_named: ClassVar[bool] = False
    "It has a name that the statement's text shows."
    _is_from_clause = False
    _is_join = False
    _is_select_base = False
    _is_values = False
    _is_select_statement = False
    _is_column_element = False
    _is_bind_parameter = False
    _is_text_clause = False
    _is_textual = False
    _is_clause_list = False
    _is_lambda_element = False
    _is_table = False
    _is_returns_rows = False
    _is_star = False
    _is_singleton_constant = False
    _is_immutable = False
    _is_collection_aggregate = False
    _is_implicitly_boolean = False
    _is_subquery = False
    _is_keyed_column_element = False
    _gen_static_annotations_cache_key = False

    @memoized
    def _pickling_plugin(self) -> str | None:
        """
        The plugin that says how this is pickled: its own, or that of something below it.
        """
        own = self._pickled_by or self._propagate_attrs.get("compile_state_plugin")
        if own is not None:
            return own
        below = (getattr(child, "_pickling_plugin", None) for child in self.get_children())
        return next((plugin for plugin in below if plugin is not None), None)

    if TYPE_CHECKING:

        @property
        def _from_objects(self) -> Sequence[Any]:
            """
            The FROM elements this element needs.
            """

    else:
        _from_objects = froms_in()

    @property
    def entity_namespace(self) -> Any:
        """
        Where ``filter_by()`` looks names up.
        """
        raise exc.InvalidRequestError(f'Entity namespace for "{self}" has no property, or is not an entity')

    def _set_propagate_attrs(self: _E, values: Mapping[str, Any]) -> _E:
        """
        Say who plans the statement; only for an element just made.
        """
        self._propagate_attrs = values
        return self

    def self_group(self, against: OperatorType | None = None) -> Any:
        """
        Return this element, in parentheses if it needs them inside an *against* expression.
        """
        return self

    def _ungroup(self) -> Any:
        """
        Return this element without parentheses around it.
        """
        return self

    def _with_binary_element_type(self, type_: TypeEngine[Any]) -> Any:
        return self

    def params(self: _E, _optional_dict: Mapping[str, Any] | None = None, /, **kwargs: Any) -> _E:
        """
        Return a copy in which bind parameters of these names have these values.

        A statement remembers the values as well: for parameters that are named when it is compiled
        (``id_1``), and those that it only gets later.

        Deprecated for elements that are no statement.
        """
        if not self.supports_execution:
            _warn_of_params()
            return self._replace_params(False, _optional_dict, kwargs)
        values = {**kwargs, **_optional_dict} if _optional_dict else kwargs
        made: Any = self._replace_params(False, None, values)
        made._params = immutabledict({**(made._params or EMPTY_DICT), **values})
        return made  # type: ignore[no-any-return]  # a copy of self

    def unique_params(self: _E, _optional_dict: Mapping[str, Any] | None = None, /, **kwargs: Any) -> _E:
        """
        As `params`, and the bind parameters replaced get names of their own.

        Deprecated.
        """
        _warn_of_params()
        return self._replace_params(True, _optional_dict, kwargs)

    def _replace_params(
        self: _E, unique: bool, optional: Mapping[str, Any] | None, values: dict[str, Any]
    ) -> _E:
        if optional:
            values = {**values, **optional}
        made = make.replace_params(self, values, unique)
        return made  # type: ignore[no-any-return]  # a copy of self

    def compile(self, bind: Any = None, dialect: Any = None, **kw: Any) -> Any:
        """
        Return this element compiled; ``str()`` of that is the SQL text.

        Args:
            bind: An engine or connection whose dialect to use.
            dialect: The dialect, if not *bind*'s; default: a generic one.
            compile_kwargs: For the compiler, as ``{"literal_binds": True}``.
        """
        if dialect is None:
            if bind is not None:
                dialect = bind.dialect
            else:
                dialect = make.default_dialect(self)
        try:
            return self._compiler(dialect, **kw)
        except AttributeError:
            if hasattr(dialect, "statement_compiler"):
                raise
            raise exc.ArgumentError(
                f"compile() takes a dialect object, such as postgresql.dialect(), got {dialect!r}"
            ) from None

    def _compiler(self, dialect: Any, **kw: Any) -> Any:
        return dialect.statement_compiler(dialect, self, **kw)

    def __str__(self) -> str:
        return str(self.compile())

    def __invert__(self) -> Any:
        return self._negate()

    def _negate(self) -> Any:
        grouped = self.self_group(against=op.inv)
        assert grouped._is_column_element, f"NOT takes an expression, which this is not: {self}"
        return make.UnaryExpression(grouped, operator=op.inv)

    def __bool__(self) -> bool:
        raise TypeError("Boolean value of this clause is not defined")

    def __repr__(self) -> str:
        description = self.description
        if description is None:
            return object.__repr__(self)
        return f"<{type(self).__module__}.{type(self).__name__} at 0x{id(self):x}; {description}>"


_operates_plainly: dict[Any, bool] = {}
"Comparator class -> whether it leaves every operator as it is."


class ColumnElement(_Operators[_T], ClauseElement, Generic[_T]):
    """
    An expression: it has a SQL type, and operators that make further expressions.
    """

    __visit_name__ = "column_element"

    _roles = Role.EXPRESSION | Role.COLUMNS_CLAUSE | Role.WHERE | Role.ORDER_BY | Role.LIMIT_OFFSET | Role.DDL
    _is_column_element = True

    type: TypeEngine[_T] = NULLTYPE

    primary_key = False
    foreign_keys: Any = frozenset()
    key: str | None = None

    _proxies: Sequence[Any] = ()
    _label: str | None = None
    _alt_names: Sequence[str] = ()
    _never_grouped: ClassVar[bool] = False
    "``self_group()`` returns the element itself, whatever is around."
    _plain_operators: ClassVar[bool] = True
    "The class leaves ``operate`` and ``comparator`` alone, so comparing may take the short way."
    _wraps: Any = None
    "The element whose name this one takes (a cast of a column is named like the column)."
    _takes_attribute_name: ClassVar[bool] = True
    "In a SELECT list, what a hybrid attribute makes of this class is called like the attribute."

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        own = cls.__dict__
        if ("operate" in own or "comparator" in own) and own.get("_plain_operators") is None:
            cls._plain_operators = False

    __hash__ = object.__hash__

    _bind_name: str = "param"
    "Base name of bind parameters this element is compared with."
    _bind_name_from: ClassVar[str | None] = None
    "The attribute that is that name."

    @property
    def comparator(self) -> Any:
        """
        What the element's type makes of operators.
        """
        return self.type.comparator_factory(self)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        factory = self.type.comparator_factory
        plain = _operates_plainly.get(factory)
        if plain is None:
            plain = _operates_plainly[factory] = make.operates_plainly(factory)
        if plain and op in make.forwarding_operators:
            # what the comparator would come to, by way of its own methods
            return make.apply_operator(self, op, *other, **kwargs)
        return op(self.comparator, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return self.comparator.reverse_operate(op, other, **kwargs)

    def __getattr__(self, key: str) -> Any:
        # Names with underscores are never a comparator's, and asking would
        # recurse while an element is being made, or where its type fails.
        if key[:1] == "_" or key == "type" or key == "comparator":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {key!r}")
        try:
            return getattr(self.comparator, key)
        except AttributeError:
            comparator = type(self.comparator).__name__
            raise AttributeError(
                f"Neither {type(self).__name__!r} object nor {comparator!r} object has an attribute {key!r}"
            ) from None

    @is_whole_in_lists
    def self_group(self, against: OperatorType | None = None) -> Any:
        if against in _BOOLEAN_CONTEXT and _is_boolean_type(self.type):
            return make.AsBoolean(self, op.is_true, op.is_false)
        if against in (op.any_op, op.all_op):
            return make.Grouping(self)
        return self

    def _negate(self) -> Any:
        if _is_boolean_type(self.type):
            return make.AsBoolean(self, op.is_false, op.is_true)
        grouped = self.self_group(against=op.inv)
        return make.UnaryExpression(grouped, operator=op.inv)

    def _bind_param(
        self, operator: OperatorType | None, obj: Any, type_: Any = None, expanding: bool = False
    ) -> BindParameter[Any]:
        """
        Return a bind parameter for a value that stands beside this element.
        """
        made: BindParameter[Any] = make.BindParameter(
            None,
            obj,
            _compared_to_operator=operator,
            type_=type_,
            _compared_to_type=self.type,
            unique=True,
            expanding=expanding,
        )
        made._orig_key = self._bind_name
        return made

    @property
    def expression(self) -> ColumnElement[Any]:
        """
        The element itself; part of the inspection interface.
        """
        return self

    @property
    def _select_iterable(self) -> Sequence[Any]:
        """
        The columns this stands for in a SELECT list.
        """
        return (self,)

    @property
    def base_columns(self) -> frozenset[ColumnElement[Any]]:
        """
        The columns at the bottom of the chain of proxies.
        """
        return frozenset(c for c in self.proxy_set if not c._proxies)

    @memoized
    def proxy_set(self) -> frozenset[ColumnElement[Any]]:
        """
        This column and all those it stands for, in the selectables below.
        """
        found = {self._deannotate() if self._annotations else self}
        for proxied in self._proxies:
            found |= proxied.proxy_set
        return frozenset(found)

    def _uncached_proxy_list(self) -> list[ColumnElement[Any]]:
        found = [self]
        for proxied in self._proxies:
            found.extend(proxied._uncached_proxy_list())
        return found

    @memoized
    def _expanded_proxy_set(self) -> frozenset[ColumnElement[Any]]:
        return frozenset(_expand_cloned(self.proxy_set))

    def shares_lineage(self, othercolumn: ColumnElement[Any]) -> bool:
        """
        Tell whether both columns stand for a common one.
        """
        return bool(self.proxy_set & othercolumn.proxy_set)

    def _compare_name_for_result(self, other: Any) -> bool:
        return bool(self.name == other.name) if hasattr(other, "name") and hasattr(self, "name") else False

    # names ------------------------------------------------------------

    @memoized
    def _anon_serial(self) -> int:
        """
        The number that tells this element's anonymous names from others'.
        """
        if self._annotations:
            # An annotated copy goes by the same anonymous name.
            return self._annotated_element._anon_serial  # type: ignore[no-any-return]  # as here
        return next_serial()

    def __getstate__(self) -> dict[str, Any]:
        # Columns of subqueries in the same pickle may have names that were made from the number.
        values = super().__getstate__()
        serial = self.__dict__.get("_anon_serial")
        if serial is not None:
            values["_anon_serial"] = serial
            values["_memoized_names"] = ("_anon_serial",)
        return values

    @property
    def _proxy_key(self) -> str | None:
        """
        The key a subquery gives the column that stands for this element.
        """
        if self.key is not None:
            return self.key
        wrapped = self._wraps
        return wrapped._proxy_key if wrapped is not None else None

    @property
    def _label_name(self) -> str | None:
        """
        The element's own name in a SELECT list; None: it has none, and gets an anonymous one.

        An expression that a hybrid attribute made goes by the name of that; a CAST of it does not.
        """
        if self._is_named_by_attribute:
            return self._annotations["proxy_key"]  # type: ignore[no-any-return]  # a string
        wrapped = self._wraps
        while wrapped is not None and wrapped._is_named_by_attribute:
            wrapped = wrapped._wraps
        return wrapped._label_name if wrapped is not None else None

    @property
    def _is_named_by_attribute(self) -> bool:
        given = self._annotations
        return bool(
            given and self._takes_attribute_name and "proxy_key" in given and "parententity" not in given
        )

    @property
    def _tq_label(self) -> str | None:
        """
        The element's name qualified by its table's: ``users_id``.
        """
        wrapped = self._wraps
        return wrapped._tq_label if wrapped is not None else None

    @property
    def _anon_base(self) -> str:
        """
        What the element's anonymous name is made from.
        """
        wrapped = self._wraps
        if wrapped is not None:
            return wrapped._anon_base  # type: ignore[no-any-return]  # always a string
        return "anon"

    @memoized
    def _anon_name_label(self) -> _anonymous_label:
        """
        The element's anonymous name: ``anon_1``, ``count_1``.
        """
        wrapped = self._wraps
        if wrapped is not None and not wrapped._is_text_clause:
            return wrapped._anon_name_label  # type: ignore[no-any-return]  # as here
        base = self._anon_base
        if isinstance(base, _anonymous_label):
            return base + _anonymous_label(f"%({self._anon_serial} )s")  # type: ignore[no-any-return]  # str.__add__ is overridden
        return _anonymous_label.safe_construct(self._anon_serial, base)

    @property
    def anon_label(self) -> _anonymous_label:
        """
        The element's anonymous name; deprecated.
        """
        _warn_private("anon_label")
        return self._anon_name_label

    @property
    def anon_key_label(self) -> str:
        """
        The element's anonymous key; deprecated.
        """
        _warn_private("anon_key_label")
        return self._anon_name_label

    def _dedupe_label(self, name: str, index: int) -> _anonymous_label:
        """
        Return the name of the *index*-th repetition of this element: ``id__1``.
        """
        seed = -(self._anon_serial * REPETITIONS + index)
        if isinstance(name, _anonymous_label):
            return name + _anonymous_label(f"_%({seed} )s")  # type: ignore[no-any-return]  # str.__add__ is overridden
        return _anonymous_label.safe_construct(seed, f"{name}_")

    @stands_by(EXPRESSION)
    def _make_proxy(
        self,
        selectable: Any,
        *,
        primary_key: Any = None,
        foreign_keys: Any = None,
        name: str | None = None,
        key: str | None = None,
        name_is_truncatable: bool = False,
        compound_select_cols: Sequence[Any] | None = None,
        **kw: Any,
    ) -> tuple[str, Any]:
        """
        Return key and column that stand for this element in *selectable*.
        """
        if name is None:
            # a cast of a column is called like the column
            name = self._label_name or self._anon_name_label
            if key is None:
                key = self._proxy_key
        elif key is None:
            key = name
        if key is None:
            key = name
        # not by the constructor: it would work out again what is known, for each column
        cls = make.ColumnClause
        made = cls.__new__(cls)
        values = {"name": name, "key": key, "type": self.type, "table": selectable, "_proxies": (self,)}
        made.__dict__ = values
        if compound_select_cols:
            made._stand_for(compound_select_cols)
        if isinstance(name, _anonymous_label):
            values["_anon_origin"] = self
            # Found by *key*; but one without a name of its own has none for others to take.
            values["key"] = name
        if self._propagate_attrs:
            values["_propagate_attrs"] = self._propagate_attrs
        return key, made

    def cast(self, type_: TypeArgument[_V]) -> Cast[_V]:
        """
        ``CAST(a AS type)``.

        >>> from relvar import Integer, column
        >>> print(column("a").cast(Integer))
        CAST(a AS INTEGER)
        """
        return make.Cast(self, type_)  # type: ignore[no-any-return]  # registered class

    def label(self, name: str | None) -> Label[_T]:
        """
        ``a AS name``; without a name, an anonymous one.

        >>> from relvar import column, select
        >>> print(select((column("a") + column("b")).label("total")))
        SELECT a + b AS total
        """
        return labeled(self, name)  # type: ignore[no-any-return]  # a label


def comparing(cls: type[Any]) -> tuple[bool, str | None, bool, bool] | None:
    """
    Tell how elements of a class take the short way of comparing; None: not at all.

    Returns:
        Whether they never need parentheses, the attribute that names bind
        parameters, whether they may stand on the right as they are, and
        whether what they say of themselves is in their dictionary.
    """
    if not getattr(cls, "_plain_operators", False):
        return None
    named_by, is_column = cls._bind_name_from, cls._is_keyed_column_element
    told = is_column and all(
        _is_told_by_instances(cls, name) for name in ("type", named_by, "_propagate_attrs")
    )
    return cls._never_grouped, named_by, is_column, told


def _is_told_by_instances(cls: type[Any], name: str) -> bool:
    """Whether an attribute's value is what an instance's dictionary has, or else the one of all elements."""
    of_class = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    return not hasattr(type(of_class), "__set__") and not (name == "_propagate_attrs" and of_class)


_BOOLEAN_CONTEXT = frozenset((op.and_, op.or_, op._asbool))


def _is_boolean_type(type_: TypeEngine[Any]) -> bool:
    affinity = type_._type_affinity
    return affinity is not None and affinity is make.boolean_type._type_affinity


def _expand_cloned(elements: Iterable[Any]) -> Iterator[Any]:
    """
    Yield all elements and those they are copies of.
    """
    for element in elements:
        yield from _cloned_set(element)


def _cloned_set(element: Any) -> list[Any]:
    found = []
    while element is not None:
        found.append(element)
        element = element._is_clone_of
    return found
