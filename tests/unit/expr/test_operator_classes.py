"""Families of operators: a type says which suit it, and others are warned of."""

from __future__ import annotations

import operator as py
import warnings
from typing import Any

import pytest

from relvar import JSON, Boolean, Date, Integer, LargeBinary, String, Time, TypeDecorator, column
from relvar.exc import SADeprecationWarning
from relvar.sql.operators import OperatorClass, custom_op
from relvar.types import NullType, TypeEngine, UserDefinedType


def of_classes(classes: OperatorClass) -> Any:
    class Own(UserDefinedType[Any]):
        cache_ok = True
        operator_classes = classes

        def get_col_spec(self, **kw: Any) -> str:
            return "OWN"

    return column("x", Own())


def warned(make: Any, *operands: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make(*operands)
    assert all(issubclass(one.category, SADeprecationWarning) for one in caught)
    return [str(one.message) for one in caught]


FAMILIES: dict[OperatorClass, list[Any]] = {
    OperatorClass.BASE: [lambda x: x.is_(None), lambda x: x.is_distinct_from(1), lambda x: x.op("@")(1)],
    OperatorClass.EQUALITY: [
        lambda x: x == 1,
        lambda x: x != x,
        lambda x: x.in_([1]),
        lambda x: x.distinct(),
    ],
    OperatorClass.ORDERING: [lambda x: x < 1, lambda x: x.between(1, 2), lambda x: x.desc().nulls_last()],
    OperatorClass.BOOLEAN_ALGEBRA: [lambda x: x & x, lambda x: x | x, lambda x: ~x],
    OperatorClass.STRING_MATCH: [
        lambda x: x.like("a"),
        lambda x: ~x.ilike("a"),
        lambda x: x.istartswith("a"),
        lambda x: x.match("a"),
        lambda x: x.regexp_match("a"),
        lambda x: x.regexp_replace("a", "b"),
        lambda x: x.collate("C"),
    ],
    OperatorClass.CONTAINS: [lambda x: x.contains("a"), lambda x: x.icontains("a")],
    OperatorClass.CONCATENABLE: [lambda x: x + x, lambda x: x.concat(x)],
    OperatorClass.MATH: [lambda x: x + 1, lambda x: x - 1, lambda x: x * 2, lambda x: x / 2, lambda x: -x],
    OperatorClass.DATE_ARITHEMETIC: [lambda x: x + 1, lambda x: x - 1],
    OperatorClass.BITWISE: [lambda x: x.bitwise_and(1), lambda x: x.bitwise_not(), lambda x: ~x],
}


@pytest.mark.feature("D055")
def test_each_family_lets_its_operators_through() -> None:
    for family, operations in FAMILIES.items():
        for operation in operations:
            # a chain of operators goes on with the type of the first
            assert warned(operation, of_classes(family | OperatorClass.ORDERING)) == []
            assert warned(operation, of_classes(OperatorClass.ANY)) == []
            (message,) = warned(operation, of_classes(OperatorClass.JSON_GETITEM))[:1]
            assert "does not include" in message and "in its operator classes" in message


@pytest.mark.feature("D055")
def test_stock_types() -> None:
    suiting = {
        Integer: "== < + * bitwise",
        String: "== < + like contains",
        Boolean: "== < &",
        Date: "== < +",
        LargeBinary: "== < + contains",
        JSON: "== <",
        NullType: "== < + * bitwise & like contains",
    }
    operations = {
        "==": lambda x: x == x,
        "<": lambda x: x < x,
        "+": lambda x: x + x,
        "*": lambda x: x * x,
        "&": lambda x: x & x,
        "bitwise": lambda x: x.bitwise_or(x),
        "like": lambda x: x.like(x),
        "contains": lambda x: x.contains(x),
    }
    for type_, names in suiting.items():
        silent = {name for name, apply in operations.items() if not warned(apply, column("x", type_))}
        assert silent == set(names.split()), type_
        assert type_().operator_classes is type_.operator_classes
    (message,) = warned(lambda: column("x", Integer).like("a"))
    assert message == (
        f"Type object {Integer!r} does not include operator 'like_op' in its operator classes.  "
        "Using built-in operators (not including custom or overridden operators) outside of a type's stated "
        "operator classes is deprecated and will raise InvalidRequestError in a future release"
    )


@pytest.mark.feature("D055")
def test_the_left_side_counts() -> None:
    assert warned(lambda: column("x", Integer) - column("y", String)) == []
    assert len(warned(lambda: column("x", String) - column("y", Integer))) == 1
    assert len(warned(lambda: 5 - column("x", String))) == 1


@pytest.mark.feature("D055")
def test_own_operators_say_their_family() -> None:
    number = of_classes(OperatorClass.MATH)
    for family, count in (
        (OperatorClass.MATH, 0),
        (OperatorClass.MATH | OperatorClass.STRING_MATCH, 0),
        (OperatorClass.ANY, 0),
        (OperatorClass.BASE, 1),
        (OperatorClass.STRING_MATCH, 1),
    ):
        assert len(warned(number.op("@", operator_class=family), 1)) == count
        assert len(warned(custom_op("@", operator_class=family), number, 1)) == count
    assert custom_op("@").operator_class is OperatorClass.BASE


@pytest.mark.feature("D055")
def test_types_that_say_nothing() -> None:
    class Nothing(TypeEngine[Any]):
        pass

    (message,) = warned(lambda: column("x", Nothing()) == 1)
    assert message == (
        f"Type object {Nothing!r} does not refer to an OperatorClass in its operator_classes attribute. "
        "This attribute will be required in a future release."
    )


@pytest.mark.feature("D055")
def test_decorated_types() -> None:
    class Plain(TypeDecorator[Any]):
        impl = Integer
        cache_ok = True

    class Told(TypeDecorator[Any]):
        impl = Integer
        cache_ok = True
        operator_classes = OperatorClass.STRING

    assert (
        warned(lambda: column("x", Plain()) * 2) == []
        and len(warned(lambda: column("x", Plain()).like("a"))) == 1
    )
    assert (
        len(warned(lambda: column("x", Told()) * 2)) == 1
        and warned(lambda: column("x", Told()).like("a")) == []
    )


@pytest.mark.feature("D055")
def test_overridden_operators_are_not_asked() -> None:
    class Own(UserDefinedType[Any]):
        cache_ok = True
        operator_classes = OperatorClass.BASE

        def get_col_spec(self, **kw: Any) -> str:
            return "OWN"

        class comparator_factory(UserDefinedType.Comparator[Any]):
            def __add__(self, other: Any) -> Any:
                return self.op("<+>")(other)

    made: list[Any] = []
    assert warned(lambda: made.append(column("x", Own()) + 1)) == []
    assert str(made[0]) == "x <+> :x_1"
    assert len(warned(lambda: py.mul(column("x", Own()), 2))) == 1


@pytest.mark.feature("D055")
def test_the_families() -> None:
    assert OperatorClass.NUMERIC is OperatorClass.INTEGER and OperatorClass.COMPARISON in OperatorClass.STRING
    assert not OperatorClass.ANY & OperatorClass.UNSPECIFIED
    assert all(family in OperatorClass.ANY for family in FAMILIES)


def test_startswith_warns_when_it_joins_what_can_not_be_joined() -> None:
    """Only there the value is the first of what is joined, and its type decides."""
    text, time = column("s", String), column("t", Time)
    with pytest.warns(SADeprecationWarning, match="'concat_op'"):
        assert str(text.startswith(time)) == "s LIKE t || '%'"
    assert str(text.endswith(time)) == "s LIKE '%' || t"
    assert str(text.contains(time)) == "s LIKE '%' || t || '%'"
    assert str(text.startswith(text)) == "s LIKE s || '%'"
