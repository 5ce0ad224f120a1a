"""
Parentheses, lists, and small constants: what stands around other elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from relvar._kernels.froms import froms_in
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.chain import Operands, operands_followed_by
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.node import NODE, NODES, OPERATOR, TYPE, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.types.base import NULLTYPE, TypeEngine

__all__ = [
    "ClauseList",
    "CollationClause",
    "ExpressionClauseList",
    "False_",
    "Grouping",
    "Null",
    "Slice",
    "True_",
    "TypeClause",
    "false",
    "null",
    "true",
]

_T = TypeVar("_T")


class Grouping(ColumnElement[_T]):
    """
    An element in parentheses.
    """

    __visit_name__ = "grouping"
    _fields = (Field("element", NODE), Field("type", TYPE))
    _never_grouped = True

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        self.type: TypeEngine[_T] = getattr(element, "type", NULLTYPE)
        self._propagate_attrs = element._propagate_attrs

    @property
    def _wraps(self) -> Any:
        return self.element if isinstance(self.element, ColumnElement) else None

    @property
    def _is_implicitly_boolean(self) -> bool:  # type: ignore[override]  # computed here
        return bool(self.element._is_implicitly_boolean)

    def _with_binary_element_type(self, type_: TypeEngine[Any]) -> Any:
        return self.__class__(self.element._with_binary_element_type(type_))

    _from_objects: Any = froms_in("element")

    @property
    def _proxies(self) -> Sequence[Any]:  # type: ignore[override]  # computed here
        return [self.element] if isinstance(self.element, ColumnElement) else []

    def _ungroup(self) -> Any:
        return self.element._ungroup()

    def __getattr__(self, attr: str) -> Any:
        if attr[:1] == "_" or attr == "element":
            raise AttributeError(attr)
        return getattr(self.element, attr)

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self


class ClauseList(ClauseElement):
    """
    Elements with an operator (a comma, mostly) between them.
    """

    __visit_name__ = "clauselist"
    _fields: ClassVar[tuple[Field, ...]] = (
        Field("clauses", NODES),
        Field("operator", OPERATOR),
        Field("group", VALUE),
        Field("group_contents", VALUE),
    )
    _roles = Role.COLUMNS_CLAUSE | Role.ORDER_BY | Role.DDL
    _is_clause_list = True

    clauses: Any
    group: bool = True
    group_contents: bool = True

    def __init__(
        self,
        *clauses: Any,
        operator: OperatorType = op.comma_op,
        group: bool = True,
        group_contents: bool = True,
        _literal_as_text_role: Any = None,
    ) -> None:
        self.operator = operator
        self.group = group
        self.group_contents = group_contents
        made = [make.coerce_list_item(c) for c in clauses]
        if group_contents:
            made = [c.self_group(against=operator) for c in made]
        self.clauses = made

    @classmethod
    def _construct_raw(cls, operator: Any, clauses: Sequence[Any] | None = None) -> Any:
        """
        Make a list of clauses that are ready to use.
        """
        made = cls.__new__(cls)
        made.clauses = list(clauses) if clauses else []
        made.group = True
        made.operator = operator
        made.group_contents = True
        return made

    def __iter__(self) -> Iterator[Any]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    @property
    def _select_iterable(self) -> Iterable[Any]:
        return [column for clause in self.clauses for column in clause._select_iterable]

    def append(self, clause: Any) -> None:
        """
        Add one more; only while the list is being made.
        """
        if self.group_contents:
            clause = make.coerce_list_item(clause).self_group(against=self.operator)
        self.clauses.append(clause)

    _from_objects: Any = froms_in("clauses")

    def self_group(self, against: OperatorType | None = None) -> Any:
        if self.group and op.is_precedent(self.operator, against):
            return Grouping(self)
        return self


def _needs_grouping(operator: OperatorType, against: OperatorType | None) -> bool:
    """
    Tell whether an operation needs parentheses inside another; NOT of what is no condition always does.
    """
    return op.is_precedent(operator, against) or (against is op.inv and not op.is_boolean(operator))


class ExpressionClauseList(ColumnElement[_T]):
    """
    An operator with any number of operands: ``a AND b AND c``, ``a + b + c``.
    """

    __visit_name__ = "expression_clauselist"
    _fields = (
        Field("clauses", NODES),
        Field("operator", OPERATOR),
        Field("group", VALUE),
        Field("type", TYPE),
    )

    clauses: tuple[Any, ...] = Operands()  # type: ignore[assignment]  # a tuple to all who read it
    group: bool = True

    def __init__(self, operator: OperatorType, *clauses: Any, type_: TypeEngine[Any] | None = None) -> None:
        self.operator = operator
        self.clauses = clauses
        self.type: TypeEngine[_T] = type_ if type_ is not None else NULLTYPE

    @classmethod
    def _construct_for_list(
        cls, operator: OperatorType, type_: TypeEngine[Any], *clauses: Any, group: bool = True
    ) -> Any:
        """
        Make one of operands that are ready to use, but for parentheses.
        """
        made = cls.__new__(cls)
        made.group = group
        if group:
            made.clauses = tuple([c.self_group(against=operator) for c in clauses])
        else:
            made.clauses = tuple(clauses)
        made.operator = operator
        made.type = type_
        for clause in clauses:
            if clause._propagate_attrs:
                made._propagate_attrs = clause._propagate_attrs
                break
        return made

    @classmethod
    def _of_grouped(
        cls, operator: OperatorType, type_: TypeEngine[Any], clauses: tuple[Any, ...], attrs: Any
    ) -> Any:
        """
        Make one of operands that have the parentheses they need.
        """
        made = cls.__new__(cls)
        made.group = True
        made.clauses = clauses
        made.operator = operator
        made.type = type_
        if attrs:
            made._propagate_attrs = attrs
        return made

    def _followed_by(self, parts: Sequence[Any], type_: TypeEngine[Any]) -> Any:
        """
        Return a list of these operands and, behind them, more; those get parentheses where needed.
        """
        made = type(self).__new__(type(self))
        made.group = True
        made.operator = self.operator
        made.type = type_
        operands_followed_by(self, made, [part.self_group(against=self.operator) for part in parts])
        attrs = self._propagate_attrs
        if not attrs:
            for part in parts:
                if part._propagate_attrs:
                    attrs = part._propagate_attrs
                    break
        if attrs:
            made._propagate_attrs = attrs
        return made

    def __getstate__(self) -> dict[str, Any]:
        self.clauses  # noqa: B018  # a list shared with other chains does not go into a pickle
        return super().__getstate__()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    @property
    def _select_iterable(self) -> Sequence[Any]:
        return (self,)

    _from_objects: Any = froms_in("clauses")

    def self_group(self, against: OperatorType | None = None) -> Any:
        if self.group and _needs_grouping(self.operator, against):
            return Grouping(self)
        return self

    def _compare_special(self, other: Any, kw: dict[str, Any]) -> bool | None:
        if (
            type(self) is type(other)
            and self.operator is other.operator
            and (op.is_associative(self.operator) or self.operator in (op.and_, op.or_))
            and len(self.clauses) == len(other.clauses)
        ):
            left = list(other.clauses)
            for clause in self.clauses:
                for index, candidate in enumerate(left):
                    if clause.compare(candidate, **kw):
                        del left[index]
                        break
                else:
                    return False
            return True
        return None


class Null(ColumnElement[None]):
    """
    NULL.
    """

    __visit_name__ = "null"
    _fields = ()
    _roles = ColumnElement._roles | Role.CONST
    _is_singleton_constant = True
    _never_grouped = True
    _made: Null | None = None
    type = NULLTYPE

    @classmethod
    def _instance(cls) -> Null:
        if cls._made is None:
            cls._made = cls()
        return cls._made


class _BooleanConstant(ColumnElement[bool]):
    """
    What TRUE and FALSE have in common.
    """

    _roles = ColumnElement._roles | Role.CONST
    _is_singleton_constant = True
    _never_grouped = True
    inherit_cache: bool = True

    @property
    def type(self) -> TypeEngine[Any]:  # type: ignore[override]  # the same for all
        return make.boolean_type  # type: ignore[no-any-return]  # registered


class False_(_BooleanConstant):
    """
    FALSE, or 0 where the database has no such word.
    """

    __visit_name__ = "false"
    _fields = ()
    _made: False_ | None = None

    def _negate(self) -> True_:
        return True_._instance()

    @classmethod
    def _instance(cls) -> False_:
        if cls._made is None:
            cls._made = cls()
        return cls._made


class True_(_BooleanConstant):
    """
    TRUE, or 1 where the database has no such word.
    """

    __visit_name__ = "true"
    _fields = ()
    _made: True_ | None = None

    def _negate(self) -> False_:
        return False_._instance()

    @classmethod
    def _instance(cls) -> True_:
        if cls._made is None:
            cls._made = cls()
        return cls._made


def null() -> Null:
    """
    Return NULL.

    >>> from relvar import column, null, table, update
    >>> print(update(table("users", column("name"))).values(name=null()))
    UPDATE users SET name=NULL
    """
    return Null._instance()


def true() -> True_:
    """
    Return TRUE.

    >>> from relvar import column, or_, true
    >>> print(or_(true(), column("a")))
    true
    """
    return True_._instance()


def false() -> False_:
    """
    Return FALSE.

    >>> from relvar import column, false, or_
    >>> conditions = [column("a") == n for n in (1, 2)]
    >>> print(or_(false(), *conditions))
    a = :a_1 OR a = :a_2
    """
    return False_._instance()


class TypeClause(ClauseElement):
    """
    A type in a statement, as in CAST.
    """

    __visit_name__ = "typeclause"
    _fields = (Field("type", TYPE),)

    def __init__(self, type_: TypeEngine[Any]) -> None:
        self.type = type_


class CollationClause(ColumnElement[str]):
    """
    The name of a collation.
    """

    __visit_name__ = "collation"
    _fields = (Field("collation", VALUE), Field("collation_schema", VALUE))
    _never_grouped = True

    collation_schema: str | None = None

    def __init__(self, collation: str, collation_schema: str | None = None) -> None:
        self.collation = collation
        if collation_schema is not None:
            self.collation_schema = collation_schema

    @classmethod
    def _create_collation_expression(
        cls, expression: Any, collation: str, collation_schema: str | None = None
    ) -> Any:
        """
        Return ``expression COLLATE collation``.
        """
        return make.BinaryExpression(
            expression,
            cls(collation, collation_schema),
            op.collate,
            type_=expression.type._with_collation(collation),
        )


class Slice(ColumnElement[Any]):
    """
    ``start:stop:step`` as an index of an array.
    """

    __visit_name__ = "slice"
    _fields = (Field("start", NODE), Field("stop", NODE), Field("step", NODE))

    def __init__(self, start: Any, stop: Any, step: Any, _name: str | None = None) -> None:
        self.start = start
        self.stop = stop
        self.step = step
        self.type = NULLTYPE

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self


make.register(
    ClauseList=ClauseList,
    CollationClause=CollationClause,
    ExpressionClauseList=ExpressionClauseList,
    Grouping=Grouping,
    Null=Null,
    Slice=Slice,
    TrueConstant=true,
    FalseConstant=false,
)
