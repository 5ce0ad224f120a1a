"""Operators: what is refused, what is warned of, what operators say of themselves."""

from __future__ import annotations

import datetime as dt
import operator as py
from typing import Any

from relvar import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    bitwise_not,
    case,
    column,
    desc,
    distinct,
    extract,
    func,
    literal,
    not_,
    null,
    outparam,
    select,
    table,
    text,
    true,
    tuple_,
    values,
)
from relvar.dialects import postgresql
from relvar.sql import operators
from relvar.sql.expression import quoted_name
from relvar.sql.operators import OperatorClass, custom_op
from relvar.types import UserDefinedType

TYPES: dict[str, Any] = {
    "integer": Integer(),
    "numeric": Numeric(10, 2),
    "string": String(20),
    "boolean": Boolean(),
    "date": Date(),
    "datetime": DateTime(),
    "interval": Interval(),
    "binary": LargeBinary(),
    "json": JSON(),
    "array": ARRAY(Integer),
    "enum": Enum("a", "b", name="e"),
    "uuid": Uuid(),
    "jsonb": postgresql.JSONB(),
    "hstore": postgresql.HSTORE(),
    "inet": postgresql.INET(),
    "bit": postgresql.BIT(3),
    "tsquery": postgresql.TSQUERY(),
}
t = Table("t", MetaData(), *[Column(name, type_) for name, type_ in TYPES.items()])
c = t.c
sub = select(c.integer)
BINARY: dict[str, Any] = {
    name: getattr(py, name)
    for name in "eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_".split()
}
METHODS = (
    "is_ is_not is_distinct_from is_not_distinct_from like ilike not_like not_ilike startswith "
    "endswith contains istartswith iendswith icontains match regexp_match in_ not_in concat "
    "bitwise_and bitwise_or bitwise_xor bitwise_lshift bitwise_rshift"
).split()
UNARY = "desc asc nulls_first nulls_last distinct any_ all_ bitwise_not __neg__ __invert__".split()
NAMES = (
    "add and_ any_op all_op as_ asc_op between_op bitwise_and_op bitwise_lshift_op "
    "bitwise_not_op bitwise_or_op bitwise_rshift_op bitwise_xor_op collate comma_op concat_op "
    "contains contains_op desc_op distinct_op endswith_op eq exists filter_op floordiv from_ "
    "function_as_comparison_op ge getitem gt icontains_op iendswith_op ilike_op in_op inv is_ "
    "is_distinct_from is_false is_not is_not_distinct_from is_true istartswith_op "
    "json_getitem_op json_path_getitem_op le like_op lshift lt match_op matmul mod mul ne neg "
    "not_between_op not_contains_op not_endswith_op not_ilike_op not_in_op not_like_op "
    "not_match_op not_regexp_match_op not_startswith_op nulls_first_op nulls_last_op or_ pow_ "
    "regexp_match_op regexp_replace_op rshift startswith_op sub truediv"
).split()


def user_type(classes: Any) -> Any:
    class Own(UserDefinedType[Any]):
        cache_ok = True
        operator_classes = classes

        def get_col_spec(self, **kw: Any) -> str:
            return "OWN"

    return column("x", Own())


class Wrapped(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True


class Narrow(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True
    operator_classes = OperatorClass.STRING


def suitable(apply: Any) -> str:
    """Return which single families let an operator through."""
    import warnings

    passed = []
    for one in OperatorClass:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                apply(user_type(one))
            except Exception as error:
                passed.append(type(error).__name__)
        if not caught:
            passed.append(str(one.name))
    return " ".join(passed)


def precedence(name: str) -> str:
    """Return inside which operators this one gets parentheses."""
    own = getattr(operators, name)
    return " ".join(n for n in NAMES if operators.is_precedent(own, getattr(operators, n)))


CASES: dict[str, Any] = {
    # Families of operators
    **{
        f"{name} of {kind}": lambda name=name, kind=kind: BINARY[name](c[kind], c[kind])
        for name in ("add", "mul", "and_", "lt", "matmul", "lshift")
        for kind in TYPES
    },
    **{
        f"{name} of {kind}": lambda name=name, kind=kind: getattr(c[kind], name)("x")
        for name in ("like", "contains", "bitwise_and", "concat", "collate")
        for kind in TYPES
        if (name, kind) not in (("contains", "array"), ("contains", "jsonb"), ("contains", "hstore"))
    },
    **{
        f"{name} of {kind}": lambda name=name, kind=kind: getattr(c[kind], name)()
        for name in UNARY
        for kind in TYPES
    },
    **{f"{name} suits": lambda name=name: suitable(lambda x: BINARY[name](x, 1)) for name in BINARY},
    **{
        f"{name} suits": lambda name=name: suitable(
            lambda x: getattr(x, name)([] if name.endswith("in") else "x")
        )
        for name in METHODS
    },
    **{f"{name} suits": lambda name=name: suitable(lambda x: getattr(x, name)()) for name in UNARY},
    "op suits": lambda: suitable(lambda x: x.op("@")(1)),
    "op of a family suits": lambda: suitable(lambda x: x.op("@", operator_class=OperatorClass.MATH)(1)),
    "op of any family suits": lambda: suitable(lambda x: x.op("@", operator_class=OperatorClass.ANY)(1)),
    "bool_op suits": lambda: suitable(lambda x: x.bool_op("@")(1)),
    "index suits": lambda: suitable(lambda x: x[1]),
    "between suits": lambda: suitable(lambda x: x.between(1, 2)),
    "regexp_replace suits": lambda: suitable(lambda x: x.regexp_replace("a", "b")),
    "decorated like": lambda: column("x", Wrapped()).like("a"),
    "decorated own like": lambda: column("x", Narrow()).like("a"),
    "decorated own product": lambda: column("x", Narrow()) * 2,
    "reflected": lambda: 5 - c.string,
    "families": lambda: [f"{one.name}={one.value}" for one in OperatorClass],
    "family any": lambda: repr(OperatorClass.ANY),
    # What operators say of themselves
    **{
        name: lambda name=name: " ".join(n for n in NAMES if getattr(operators, name)(getattr(operators, n)))
        for name in (
            "is_comparison",
            "is_commutative",
            "is_associative",
            "is_boolean",
            "is_natural_self_precedent",
            "is_ordering_modifier",
        )
    },
    **{f"{name} in parentheses": lambda name=name: precedence(name) for name in NAMES},
    "mirror": lambda: [operators.mirror(getattr(operators, n)).__name__ for n in NAMES],
    # ANY and ALL
    "any plus": lambda: any_(c.array) + 1,
    "any between": lambda: any_(c.array).between(1, 2),
    "any in": lambda: any_(c.array).in_([1]),
    "any in value": lambda: any_(c.array).in_(5),
    "any desc": lambda: any_(c.array).desc(),
    "any reflected": lambda: 5 - any_(c.array),
    "any like": lambda: any_(c.array).like("x"),
    "any op": lambda: any_(c.array).op("@")(5),
    "any bool_op": lambda: any_(c.array).bool_op("@")(5),
    "any of any": lambda: any_(any_(c.array)),
    "any of table": lambda: any_(t),
    "any of value": lambda: any_(5),
    "any method": lambda: c.array.any(5, operators.lt),
    "all method": lambda: c.array.all(c.integer),
    "any method of integer": lambda: c.integer.any(5),
    # NOT
    "not text": lambda: type(_error(lambda: ~text("x"))).__name__,
    "not_ text": lambda: type(_error(lambda: not_(text("x")))).__name__,
    "not select": lambda: type(_error(lambda: ~sub)).__name__,
    "not table": lambda: type(_error(lambda: ~t)).__name__,
    "not_ table": lambda: not_(t),
    "not_ value": lambda: not_(5),
    "not_ string": lambda: not_("a = 1"),
    "not_ True": lambda: not_(True),
    "not_ None": lambda: not_(None),
    "not_ select": lambda: not_(sub),
    "label of text": lambda: type(_error(lambda: text("x").label("y"))).__name__,
    "not label": lambda: (~c.boolean.label("x"), (~c.boolean.label("x")).name),
    # Operands
    "values": lambda: c.integer == values(column("v", Integer), name="v").data([(1,)]),
    "join": lambda: c.integer == t.alias("a"),
    "and subquery": lambda: and_(c.boolean, sub.subquery()),
    "or after true": lambda: true() | 5,
    "order by subquery": lambda: select(c.integer).order_by(sub.subquery()),
    "desc subquery": lambda: desc(sub.subquery()),
    "desc string": lambda: desc("x").compare(desc("x")),
    "distinct text": lambda: distinct(text("x")),
    "bitwise_not text": lambda: bitwise_not(text("x")),
    "lt none": lambda: c.integer < None,
    "like none": lambda: c.string.like(None),
    "plus none": lambda: c.integer + None,
    "lt true": lambda: c.boolean < True,
    "index": lambda: c.integer[1],
    "contained": lambda: 1 in c.integer,
    "left shift": lambda: c.integer << 1,
    "xor": lambda: c.integer ^ 1,
    "truth": lambda: bool(c.integer < 1),
    "truth of equal": lambda: (
        bool(c.integer == c.integer),
        bool(c.integer == c.string),
        bool(c.integer != c.string),
    ),
    "truth of and": lambda: bool(and_(c.integer == 1)),
    "unknown name": lambda: c.integer.nope,
    "unknown name of json": lambda: c.json.nope,
    "unknown name of scalar": lambda: sub.scalar_subquery().nope,
    "as_string without index": lambda: c.json.as_string(),
    "zero-indexed": lambda: column("z", ARRAY(Integer, zero_indexes=True))[0],
    "array contains": lambda: c.array.contains([1]),
    "autoescape of column": lambda: c.string.contains(c.string, autoescape=True),
    "autoescape not boolean": lambda: c.string.contains("x", autoescape="/"),
    # IN
    "in value": lambda: c.integer.in_(5),
    "in string": lambda: c.string.in_("abc"),
    "in type": lambda: c.integer.in_([String(5)]),
    "in bytes": lambda: c.binary.in_(b"abc"),
    "in none": lambda: c.integer.in_(None),
    "in column": lambda: c.integer.in_(c.integer),
    "in label": lambda: c.integer.in_([c.integer.label("x")]),
    "in label alone": lambda: c.integer.in_(c.integer.label("x")),
    "in table": lambda: c.integer.in_(t),
    "in subquery": lambda: c.integer.in_(sub.subquery()),
    "in cte": lambda: c.integer.in_(sub.cte("q")),
    "in text in list": lambda: c.integer.in_([text("1")]),
    "in select in list": lambda: c.integer.in_([sub]),
    "in of tuple": lambda: tuple_(c.integer, c.string).in_("ab"),
    "tuple none": lambda: tuple_(c.integer, c.string) == 5,
    "tuple types": lambda: tuple_(c.integer, types=[String, Integer]),
    "tuple plus": lambda: tuple_(c.integer, c.string) + (1, 2),
    # CASE
    "case of list": lambda: case([(c.integer == 1, 2)]),
    "case of string": lambda: case("x"),
    "case of number": lambda: case(5),
    "case of one": lambda: case((c.integer == 1,)),
    "case of three": lambda: case((c.integer == 1, 2, 3)),
    "case string condition": lambda: case(("x", 5)),
    "case select": lambda: case((c.boolean, sub)),
    "case type": lambda: [
        case((c.boolean, None), (c.boolean, "x")).type,
        case((c.boolean, None), else_=5).type,
        case((c.boolean, null())).type,
        case((c.boolean, 1.5), (c.boolean, 1)).type,
        case((c.boolean, dt.date(2020, 1, 1)), else_=c.datetime).type,
    ],
    # EXTRACT, COLLATE
    "extract none": lambda: extract("year", None),
    "extract select": lambda: extract("year", sub),
    "extract type": lambda: extract("year", c.date).type,
    # Values and parameters
    "literal of column": lambda: literal(c.integer),
    "literal of select": lambda: literal(sub),
    "literal types": lambda: [
        literal(v).type for v in (5, 2**40, "x", 1.5, True, None, b"x", dt.timedelta(1), [1])
    ],
    "bind repr": lambda: (repr(bindparam("a", 5)), repr(outparam("o", Integer))),
    "bind facts": lambda: [
        (b.required, b.unique, b.expanding, b.literal_execute, b.isoutparam, b.value, b.key)
        for b in (
            bindparam("a"),
            bindparam("a", 5),
            bindparam("a", None),
            bindparam("a", required=False),
            bindparam("a", callable_=lambda: 5),
            bindparam("a", [1], expanding=True),
            bindparam("a", 5, literal_execute=True),
            outparam("a"),
        )
    ],
    "bind value": lambda: bindparam("a", callable_=lambda: 7).effective_value,
    "bind unknown": lambda: text(":a").bindparams(z=5),
    "bind twice": lambda: c.integer.in_(b := bindparam("a", [1])) & (c.integer == b),
    "bind compare": lambda: (
        bindparam("a", 5).compare(bindparam("a", 5)),
        bindparam("a", 5).compare(bindparam("b", 5)),
    ),
    # Labels
    "label facts": lambda: (
        repr(c.integer.label("x")).split(";")[1],
        c.integer.label("x").name,
        c.integer.label("x").type,
    ),
    "label plus": lambda: c.integer.label("x") + 1,
    # Own operators
    "own on values": lambda: custom_op("@")(1, 2),
    "own on values in Python": lambda: custom_op("@", python_impl=lambda a, b: a + b)(1, 2),
    "own equal": lambda: (custom_op("@") == custom_op("@"), hash(custom_op("@")) == hash(custom_op("@"))),
    "own return type": lambda: (
        c.integer.op("@", return_type=String)(1).type,
        c.integer.bool_op("@")(1).type,
    ),
    "own precedence": lambda: c.integer.op("@", precedence=-1)(c.integer + 1) + 1,
    "sqlite,postgresql: own visit name": lambda: c.integer.op("@", visit_name="nope")(1),
    # Names
    "quoted name": lambda: (
        repr(quoted_name('a"b', True)),
        quoted_name("A", True).lower(),
        quoted_name("A", None).lower(),
        quoted_name("a", True).upper(),
        quoted_name(quoted_name("a", True), None).quote,
        quoted_name(quoted_name("a", True), False).quote,
        quoted_name("a", None) == "a",
        hash(quoted_name("a", True)) == hash("a"),
        type(quoted_name("a", True) + "b").__name__,
    ),
    "quoted none": lambda: quoted_name.construct(None, True),
    "table of quoted name": lambda: select(table(quoted_name("T", False), column(quoted_name("C", True)))),
    # Dates
    "date types": lambda: [
        (c.date + c.interval).type,
        (c.date - c.date).type,
        (c.datetime - c.datetime).type,
        (c.datetime - dt.timedelta(1)).type,
        (c.interval * 2).type,
        (func.now() - c.datetime).type,
        (dt.date(2020, 1, 1) - c.date).type,
    ],
    "date plus string": lambda: c.date + "x",
    "all of interval": lambda: c.interval > all_(sub),
}


def _error(make: Any) -> Any:
    try:
        return make()
    except Exception as error:
        return error
