"""
The operators of Python, and those SQL adds, as methods.

`Operators` and `ColumnOperators` send everything to ``operate()``.  What comes
of it is up to the class: a column element builds an expression, an ORM
attribute asks its column, a comparator of a type may do as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.expr import operators as op
from relvar.expr.operators import OperatorType, custom_op
from relvar.types.operator_class import OperatorClass

__all__ = ["ColumnOperators", "Operators"]


class Operators:
    """
    Conjunctions and ad-hoc operators.
    """

    __slots__ = ()

    def __and__(self, other: Any) -> Any:
        return self.operate(op.and_, other)

    def __or__(self, other: Any) -> Any:
        return self.operate(op.or_, other)

    def __invert__(self) -> Any:
        return self.operate(op.inv)

    def op(
        self,
        opstring: str,
        precedence: int = 0,
        is_comparison: bool = False,
        return_type: Any = None,
        python_impl: Callable[..., Any] | None = None,
        operator_class: OperatorClass = OperatorClass.BASE,
        visit_name: str | None = None,
    ) -> Callable[[Any], Any]:
        """
        Return a function that applies the operator written *opstring*.

        Args:
            precedence: How tightly it binds; 0 is looser than all but comma and AS.

            is_comparison: It yields true or false.

            return_type: Type of the result; default: the left side's.

            python_impl: What it does with plain Python values.

            visit_name: Name of a compiler method ``visit_<name>_binary`` of a
                dialect that renders it.

        >>> from relvar import column
        >>> print(column("flags").op("&")(4).compile(compile_kwargs={"literal_binds": True}))
        flags & 4
        """
        operator: custom_op[Any] = custom_op(
            opstring,
            precedence=precedence,
            is_comparison=is_comparison,
            return_type=return_type,
            python_impl=python_impl,
            operator_class=operator_class,
            visit_name=visit_name,
        )

        def against(other: Any) -> Any:
            return operator(self, other)

        return against

    def bool_op(
        self,
        opstring: str,
        precedence: int = 0,
        python_impl: Callable[..., Any] | None = None,
        operator_class: OperatorClass = OperatorClass.BASE,
        visit_name: str | None = None,
    ) -> Callable[[Any], Any]:
        """
        Return a function that applies the comparison written *opstring*.

        >>> from relvar import column
        >>> print(~column("a").bool_op("&&")(column("b")))
        NOT (a && b)
        """
        return self.op(
            opstring,
            precedence=precedence,
            is_comparison=True,
            python_impl=python_impl,
            operator_class=operator_class,
            visit_name=visit_name,
        )

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        """
        Apply an operator with this object on the left.
        """
        raise NotImplementedError(str(op))

    __sa_operate__ = operate

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        """
        Apply an operator with this object on the right.
        """
        raise NotImplementedError(str(op))


class ColumnOperators(Operators):
    """
    Operators on columns and other SQL expressions; each gives a SQL expression.

    Python's operators mean SQL's: ``== != < <= > >= + - * / % // & | ~ << >>``; ``&``, ``|``
    and ``~`` are AND, OR and NOT and want parentheses around comparisons.
    ``== None`` is IS NULL.

    >>> from relvar import column
    >>> a, b = column("a"), column("b")
    >>> print((a + 1 > b) & ~(b == None))
    a + :a_1 > b AND b IS NOT NULL
    """

    __slots__ = ()

    timetuple: Any = None
    "Not None would make `datetime` compare by itself."

    __hash__: Any = object.__hash__

    def __lt__(self, other: Any) -> Any:
        return self.operate(op.lt, other)

    def __le__(self, other: Any) -> Any:
        return self.operate(op.le, other)

    def __eq__(self, other: Any) -> Any:
        return self.operate(op.eq, other)

    def __ne__(self, other: Any) -> Any:
        return self.operate(op.ne, other)

    def __gt__(self, other: Any) -> Any:
        return self.operate(op.gt, other)

    def __ge__(self, other: Any) -> Any:
        return self.operate(op.ge, other)

    def is_distinct_from(self, other: Any) -> Any:
        """
        ``a IS DISTINCT FROM b``: unlike ``!=``, NULL is a value like others.

        >>> from relvar import column
        >>> print(column("a").is_distinct_from(None))
        a IS DISTINCT FROM NULL
        """
        return self.operate(op.is_distinct_from, other)

    def is_not_distinct_from(self, other: Any) -> Any:
        """
        ``a IS NOT DISTINCT FROM b``.
        """
        return self.operate(op.is_not_distinct_from, other)

    isnot_distinct_from = is_not_distinct_from

    def __neg__(self) -> Any:
        return self.operate(op.neg)

    def __contains__(self, other: Any) -> Any:
        return self.operate(op.contains, other)

    def __getitem__(self, index: Any) -> Any:
        return self.operate(op.getitem, index)

    # Without these, iter() would try __getitem__(0), __getitem__(1), ... for ever.
    __iter__: Any = None

    def __lshift__(self, other: Any) -> Any:
        return self.operate(op.lshift, other)

    def __rlshift__(self, other: Any) -> Any:
        return self.reverse_operate(op.lshift, other)

    def __rshift__(self, other: Any) -> Any:
        return self.operate(op.rshift, other)

    def __rrshift__(self, other: Any) -> Any:
        return self.reverse_operate(op.rshift, other)

    def __matmul__(self, other: Any) -> Any:
        return self.operate(op.matmul, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self.reverse_operate(op.matmul, other)

    def __pow__(self, other: Any) -> Any:
        return self.operate(op.pow_, other)

    def __rpow__(self, other: Any) -> Any:
        return self.reverse_operate(op.pow_, other)

    def concat(self, other: Any) -> Any:
        """
        ``a || b``.

        >>> from relvar import column
        >>> print(column("first").concat(" ").concat(column("last")))
        first || :first_1 || last
        """
        return self.operate(op.concat_op, other)

    def _rconcat(self, other: Any) -> Any:
        return self.reverse_operate(op.concat_op, other)

    def like(self, other: Any, escape: str | None = None) -> Any:
        """
        ``a LIKE b [ESCAPE escape]``.

        >>> from relvar import column
        >>> print(column("name").like("100/%%", escape="/"))
        name LIKE :name_1 ESCAPE '/'
        """
        return self.operate(op.like_op, other, escape=escape)

    def ilike(self, other: Any, escape: str | None = None) -> Any:
        """
        ``a ILIKE b``, or ``lower(a) LIKE lower(b)`` where there is no ILIKE.

        >>> from relvar import column
        >>> from relvar.dialects import postgresql
        >>> condition = column("name").ilike("ann%")
        >>> print(condition)
        lower(name) LIKE lower(:name_1)
        >>> print(condition.compile(dialect=postgresql.dialect()))
        name ILIKE %(name_1)s::VARCHAR
        """
        return self.operate(op.ilike_op, other, escape=escape)

    def not_like(self, other: Any, escape: str | None = None) -> Any:
        """
        ``a NOT LIKE b [ESCAPE escape]``.
        """
        return self.operate(op.not_like_op, other, escape=escape)

    def not_ilike(self, other: Any, escape: str | None = None) -> Any:
        """
        ``NOT (a ILIKE b)``; without ILIKE, ``lower(a) NOT LIKE lower(b)``.
        """
        return self.operate(op.not_ilike_op, other, escape=escape)

    notlike = not_like
    notilike = not_ilike

    def bitwise_xor(self, other: Any) -> Any:
        """
        The bits that differ.

        >>> from relvar import column
        >>> print(column("a").bitwise_xor(5))
        a ^ :a_1
        """
        return self.operate(op.bitwise_xor_op, other)

    def bitwise_or(self, other: Any) -> Any:
        """
        The bits of either, ``a | b``.
        """
        return self.operate(op.bitwise_or_op, other)

    def bitwise_and(self, other: Any) -> Any:
        """
        The bits of both, ``a & b``.
        """
        return self.operate(op.bitwise_and_op, other)

    def bitwise_not(self) -> Any:
        """
        All bits turned over, ``~a``.
        """
        return self.operate(op.bitwise_not_op)

    def bitwise_lshift(self, other: Any) -> Any:
        """
        The bits moved up by so many places, ``a << b``.
        """
        return self.operate(op.bitwise_lshift_op, other)

    def bitwise_rshift(self, other: Any) -> Any:
        """
        The bits moved down by so many places, ``a >> b``.
        """
        return self.operate(op.bitwise_rshift_op, other)

    def in_(self, other: Any) -> Any:
        """
        ``a IN (...)``: a list of values, a bind parameter that expands, or a SELECT.

        An empty list is false for every row.

        >>> from relvar import column, create_engine, literal, select, table
        >>> print(column("a").in_(select(table("t", column("x")))))
        a IN (SELECT t.x
        FROM t)
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(select(literal(2).in_([1, 2]), literal(2).in_([]))).one()
        (True, False)
        """
        return self.operate(op.in_op, other)

    def not_in(self, other: Any) -> Any:
        """
        ``a NOT IN (...)``; an empty list is true for every row.

        >>> from relvar import column
        >>> condition = column("a").not_in([1, 2])
        >>> print(condition.compile(compile_kwargs={"literal_binds": True}))
        (a NOT IN (1, 2))
        """
        return self.operate(op.not_in_op, other)

    notin_ = not_in

    def is_(self, other: Any) -> Any:
        """
        ``a IS b``, mostly with None, True or False.

        >>> from relvar import column, true
        >>> print(column("a").is_(None), "|", column("a").is_(true()))
        a IS NULL | a IS true
        """
        return self.operate(op.is_, other)

    def is_not(self, other: Any) -> Any:
        """
        ``a IS NOT b``, mostly with None, True or False.

        >>> from relvar import column
        >>> print(column("a").is_not(None))
        a IS NOT NULL
        """
        return self.operate(op.is_not, other)

    isnot = is_not

    def startswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        """
        ``a LIKE b || '%'``; *autoescape* takes wildcards in a value literally.

        >>> from relvar import column
        >>> condition = column("name").startswith("50%", autoescape=True)
        >>> print(condition)
        name LIKE :name_1 || '%' ESCAPE '/'
        >>> condition.compile().params
        {'name_1': '50/%'}
        """
        return self.operate(op.startswith_op, other, escape=escape, autoescape=autoescape)

    def istartswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        """
        ``lower(a) LIKE lower(b) || '%'``.

        >>> from relvar import column
        >>> print(column("name").istartswith("an"))
        lower(name) LIKE lower(:name_1) || '%'
        """
        return self.operate(op.istartswith_op, other, escape=escape, autoescape=autoescape)

    def endswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        """
        ``a LIKE '%' || b``.

        >>> from relvar import column
        >>> print(column("name").endswith("son"))
        name LIKE '%' || :name_1
        """
        return self.operate(op.endswith_op, other, escape=escape, autoescape=autoescape)

    def iendswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        """
        ``lower(a) LIKE '%' || lower(b)``; *escape* and *autoescape* as for `endswith`.
        """
        return self.operate(op.iendswith_op, other, escape=escape, autoescape=autoescape)

    def contains(self, other: Any, **kw: Any) -> Any:
        """
        ``a LIKE '%' || b || '%'``.

        >>> from relvar import column
        >>> print(column("name").contains("nn"))
        name LIKE '%' || :name_1 || '%'
        """
        return self.operate(op.contains_op, other, **kw)

    def icontains(self, other: Any, **kw: Any) -> Any:
        """
        ``lower(a) LIKE '%' || lower(b) || '%'``.
        """
        return self.operate(op.icontains_op, other, **kw)

    def match(self, other: Any, **kwargs: Any) -> Any:
        """
        Full text match, as the database has it.
        """
        return self.operate(op.match_op, other, **kwargs)

    def regexp_match(self, pattern: Any, flags: str | None = None) -> Any:
        """
        The database's regular expression match, in its own syntax.

        Args:
            flags: Of the expression, for databases that take some.

        Raises:
            CompileError: the database has none.

        >>> from relvar import column
        >>> from relvar.dialects import mysql, postgresql
        >>> condition = column("name").regexp_match("^a")
        >>> print(condition.compile(dialect=postgresql.dialect()))
        name ~ %(name_1)s::VARCHAR
        >>> print(condition.compile(dialect=mysql.dialect()))
        name REGEXP %s
        """
        return self.operate(op.regexp_match_op, pattern, flags=flags)

    def regexp_replace(self, pattern: Any, replacement: Any, flags: str | None = None) -> Any:
        """
        The text with what the pattern finds replaced, in the database's own syntax.

        Args:
            replacement: Text, or an expression.
            flags: Of the expression, for databases that take some; PostgreSQL's ``g`` replaces all.

        >>> from relvar import column
        >>> print(column("phone").regexp_replace("[^0-9]", ""))
        <regexp replace>(phone, :phone_1, :phone_2)
        """
        return self.operate(op.regexp_replace_op, pattern, replacement=replacement, flags=flags)

    def desc(self) -> Any:
        """
        ``a DESC``, in ORDER BY.
        """
        return self.operate(op.desc_op)

    def asc(self) -> Any:
        """
        ``a ASC``, in ORDER BY.
        """
        return self.operate(op.asc_op)

    def nulls_first(self) -> Any:
        """
        ``a NULLS FIRST``, in ORDER BY.
        """
        return self.operate(op.nulls_first_op)

    def nulls_last(self) -> Any:
        """
        ``a NULLS LAST``, in ORDER BY.

        >>> from relvar import column
        >>> print(column("a").desc().nulls_last())
        a DESC NULLS LAST
        """
        return self.operate(op.nulls_last_op)

    nullsfirst = nulls_first
    nullslast = nulls_last

    def collate(self, collation: str, collation_schema: str | None = None) -> Any:
        """
        ``a COLLATE collation``.

        >>> from relvar import column
        >>> print(column("name").collate("NOCASE") == "ann")
        (name COLLATE "NOCASE") = :param_1
        """
        return self.operate(op.collate, collation, collation_schema=collation_schema)

    def __radd__(self, other: Any) -> Any:
        return self.reverse_operate(op.add, other)

    def __rsub__(self, other: Any) -> Any:
        return self.reverse_operate(op.sub, other)

    def __rmul__(self, other: Any) -> Any:
        return self.reverse_operate(op.mul, other)

    def __rmod__(self, other: Any) -> Any:
        return self.reverse_operate(op.mod, other)

    def between(self, cleft: Any, cright: Any, symmetric: bool = False) -> Any:
        """
        ``a BETWEEN b AND c``; *symmetric* lets the bounds come in either order.

        >>> from relvar import column
        >>> print(column("a").between(1, 5).compile(compile_kwargs={"literal_binds": True}))
        a BETWEEN 1 AND 5
        >>> print(~column("a").between(column("b"), column("c")))
        a NOT BETWEEN b AND c
        """
        return self.operate(op.between_op, cleft, cright, symmetric=symmetric)

    def distinct(self) -> Any:
        """
        ``DISTINCT a``, as inside of ``count()``.

        >>> from relvar import column, func
        >>> print(func.count(column("a").distinct()))
        count(DISTINCT a)
        """
        return self.operate(op.distinct_op)

    def any_(self) -> Any:
        """
        ``ANY (a)``, to be compared with: true if it holds for any item of an array or row of a SELECT.
        """
        return self.operate(op.any_op)

    def all_(self) -> Any:
        """
        ``ALL (a)``, to be compared with: true if it holds for every item of an array or row of a SELECT.
        """
        return self.operate(op.all_op)

    def __add__(self, other: Any) -> Any:
        return self.operate(op.add, other)

    def __sub__(self, other: Any) -> Any:
        return self.operate(op.sub, other)

    def __mul__(self, other: Any) -> Any:
        return self.operate(op.mul, other)

    def __mod__(self, other: Any) -> Any:
        return self.operate(op.mod, other)

    def __truediv__(self, other: Any) -> Any:
        return self.operate(op.truediv, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.reverse_operate(op.truediv, other)

    def __floordiv__(self, other: Any) -> Any:
        return self.operate(op.floordiv, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self.reverse_operate(op.floordiv, other)
