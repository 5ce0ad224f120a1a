"""Elements of expressions: what they are made of, how they copy, compare, pickle and refuse."""

from __future__ import annotations

import datetime
import pickle
from typing import Any

import pytest

import relvar
from relvar import Boolean, Column, DateTime, ForeignKey, Integer, Interval, MetaData, Numeric, String, Table
from relvar.sql import (
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    operators,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    type_coerce,
    visitors,
)
from relvar.sql.elements import BinaryExpression, BindParameter, ColumnElement, Grouping, quoted_name
from relvar.sql.util import ClauseAdapter


@pytest.fixture
def a() -> Table:
    return Table(
        "a",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", String(20)),
        Column("f", Boolean),
        Column("at", DateTime),
        Column("cost", Numeric(8, 2)),
    )


# Comparisons ------------------------------------------------------------------------------------------


def test_a_comparison_has_two_sides_an_operator_and_its_opposite(a: Table) -> None:
    made = a.c.x == 5
    assert isinstance(made, BinaryExpression)
    assert made.left is a.c.x
    assert made.operator is operators.eq
    assert made.negate is operators.ne
    assert isinstance(made.type, Boolean)
    assert dict(made.modifiers) == {}


def test_the_value_takes_the_type_and_name_of_the_column(a: Table) -> None:
    bind = (a.c.cost < 5).right
    assert isinstance(bind, BindParameter)
    assert bind.value == 5
    assert bind.unique
    bind = (a.c.y == "z").right
    assert bind.type is a.c.y.type
    assert str(a.c.y == "z") == "a.y = :y_1"


@pytest.mark.parametrize(
    "value, kind",
    [
        (5, Integer),
        ("z", String),
        (5.5, Numeric),
        (datetime.timedelta(1), Interval),
        (datetime.datetime(2020, 1, 1), DateTime),
    ],
)
def test_a_column_without_a_type_takes_the_values(value: Any, kind: Any) -> None:
    assert (column("q") == value).right.type._type_affinity in (kind, relvar.Float)


def test_none_true_and_false_are_not_values(a: Table) -> None:
    assert str(a.c.x == None) == "a.x IS NULL"
    assert str(a.c.x != None) == "a.x IS NOT NULL"
    assert str(a.c.f == True) == "a.f = true"
    assert str(a.c.f.is_(False)) == "a.f IS false"
    with pytest.raises(relvar.exc.ArgumentError, match="can be used with None/True/False"):
        assert a.c.x > None


def test_columns_live_in_sets_and_dictionaries(a: Table) -> None:
    assert a.c.x in {a.c.x, a.c.y}
    assert {a.c.x: 1}[a.c.x] == 1
    assert bool(a.c.x == a.c.x)
    assert not bool(a.c.x == a.c.y)
    assert bool(a.c.x != a.c.y)
    with pytest.raises(TypeError, match="Boolean value of this clause is not defined"):
        bool(a.c.x > a.c.y)
    with pytest.raises(TypeError):
        bool(a.c.x)


def test_a_class_of_its_own_operators_is_asked() -> None:
    class Loud(ColumnElement[int]):
        inherit_cache = True
        type = Integer()

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            return op.__name__, other

    assert (Loud() == 5) == ("eq", (5,))


def test_a_type_of_its_own_operators_is_asked() -> None:
    class Shouting(String):
        class comparator_factory(String.Comparator[str]):
            def __eq__(self, other: Any) -> Any:
                return func.upper(self.expr) == func.upper(other)

            def shout(self) -> Any:
                return func.upper(self.expr)

    q = column("q", Shouting())
    assert str(q == "x") == "upper(q) = upper(:upper_1)"
    assert str(q.shout()) == "upper(q)"
    with pytest.raises(AttributeError, match="has an attribute 'whisper'"):
        q.whisper


# Trees --------------------------------------------------------------------------------------------------


def test_precedence_and_association() -> None:
    x, y, z = column("x"), column("y"), column("z")
    assert str((x + y) * z) == "(x + y) * z"
    assert str(x + y + z) == "x + y + z"
    assert str(x - (y - z)) == "x - (y - z)"
    assert str((x - y) - z) == "(x - y) - z"
    assert str(-(x + y)) == "-(x + y)"
    assert isinstance((x + y).self_group(against=operators.mul), Grouping)


def test_and_or_leave_constants_out() -> None:
    x = column("x", Boolean)
    assert str(and_(true(), x)) == str(or_(false(), x)) == "x"
    assert str(and_(false(), x)) == "false"
    assert str(or_(true(), x)) == "true"
    assert not_(true()) is false()
    assert str(and_(x, or_(x, x))) == "x AND (x OR x)"
    with pytest.warns(relvar.exc.SADeprecationWarning, match="Invoking and_\\(\\) without arguments"):
        and_()


def test_negation(a: Table) -> None:
    assert str(~(a.c.x == 5)) == "a.x != :x_1"
    assert str(~a.c.x.in_([1])) == "(a.x NOT IN (__[POSTCOMPILE_x_1]))"
    assert str(~a.c.y.like("q")) == "a.y NOT LIKE :y_1"
    assert str(~a.c.f) == "NOT a.f"
    assert str(~~a.c.f) == "a.f"
    assert str(~exists(a.c.x)) == "NOT (EXISTS (SELECT a.x \nFROM a))"


def test_compare_looks_at_structure_and_values(a: Table) -> None:
    assert (a.c.x == 5).compare(a.c.x == 5)
    assert not (a.c.x == 5).compare(a.c.x == 6)
    assert (a.c.x + a.c.id).compare(a.c.id + a.c.x)
    assert and_(a.c.x == 1, a.c.x == 2).compare(and_(a.c.x == 2, a.c.x == 1))
    assert not (a.c.x - a.c.id).compare(a.c.id - a.c.x)
    assert select(a.c.x).where(a.c.x == 1).compare(select(a.c.x).where(a.c.x == 1))


def test_walking_meets_every_element(a: Table) -> None:
    made = case((a.c.x == 1, func.max(a.c.x)), else_=a.c.id + literal(3))
    names = [e.__visit_name__ for e in visitors.iterate(made)]
    assert sorted(names) == sorted(
        [
            "case",
            "grouping",
            "binary",
            "function",
            "binary",
            "column",
            "bindparam",
            "column",
            "column",
            "bindparam",
        ]
    )


def test_replacing_copies_only_what_it_must(a: Table) -> None:
    made = and_(a.c.x == 1, a.c.y == "q")
    other = column("other")
    replaced = visitors.replacement_traverse(made, {}, lambda e: other if e is a.c.x else None)
    assert str(replaced) == "other = :x_1 AND a.y = :y_1"
    assert str(made) == "a.x = :x_1 AND a.y = :y_1"


def test_a_copy_and_its_original_stand_in_one_statement() -> None:
    """A parameter without a name of its own has another one in the copy."""
    a, b = table("a", column("x", Integer)), table("b", column("x", Integer))
    made = a.c.x + 5
    copies = [
        visitors.cloned_traverse(made, {}, {}),
        visitors.replacement_traverse(made, {}, lambda e: b.c.x if e is a.c.x else None),
    ]
    for copy in copies:
        compiled = select(made.label("first"), copy.label("second")).compile()
        assert compiled.params == {"x_1": 5, "x_2": 5}
    named = a.c.x + bindparam("p", 5)
    both = select(named.label("first"), visitors.cloned_traverse(named, {}, {}).label("second"))
    assert both.compile().params == {"p": 5}


def test_parameters_are_replaced_in_a_copy() -> None:
    made = select(column("x")).where(column("x") == bindparam("p", 1))
    assert made.params(p=5).compile().params == {"p": 5}
    assert made.compile().params == {"p": 1}


def test_adapting_moves_columns_to_an_alias(a: Table) -> None:
    alias = a.alias("q")
    assert str(ClauseAdapter(alias).traverse((a.c.x == 5) & (a.c.y == a.c.id))) == "q.x = :x_1 AND q.y = q.id"
    statement = select(a.c.x).where(a.c.id == 1)
    assert str(ClauseAdapter(alias).traverse(statement)) == "SELECT q.x \nFROM a AS q \nWHERE q.id = :id_1"


def test_annotated_copies_count_as_the_original(a: Table) -> None:
    note = a.c.x._annotate({"entity": "A"})
    assert note is not a.c.x
    assert isinstance(note, Column)
    assert hash(note) == hash(a.c.x)
    assert note in {a.c.x}
    assert note._annotations["entity"] == "A"
    assert note._deannotate() is a.c.x
    assert a.c.x._annotations == {}
    assert str(note == 5) == "a.x = :x_1"
    binary = (a.c.x == 5)._annotate({"k": 1})
    assert binary.left is a.c.x and binary.right.value == 5


def test_expressions_survive_pickling() -> None:
    made = and_(column("x", Integer) == 5, column("y").in_([1, 2]), func.lower(column("z")) == "q")
    copied = pickle.loads(pickle.dumps(made))
    assert str(copied) == str(made)
    assert copied.compile().params == made.compile().params


# Types of results ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression, kind",
    [
        (lambda a: a.c.x + a.c.cost, Numeric),
        (lambda a: a.c.x / a.c.x, Numeric),
        (lambda a: a.c.x // a.c.x, Integer),
        (lambda a: a.c.at - a.c.at, Interval),
        (lambda a: a.c.at + datetime.timedelta(1), DateTime),
        (lambda a: a.c.y + "z", String),
        (lambda a: a.c.x == 1, Boolean),
        (lambda a: func.max(a.c.at), DateTime),
        (lambda a: func.count(), Integer),
        (lambda a: func.coalesce(a.c.y, "q"), String),
        (lambda a: cast(a.c.y, Integer), Integer),
        (lambda a: type_coerce(a.c.y, Integer), Integer),
        (lambda a: select(a.c.y).scalar_subquery(), String),
        (lambda a: case((a.c.f, a.c.x), else_=a.c.x), Integer),
        (lambda a: a.c.x.label("q"), Integer),
        (lambda a: func.sum(a.c.cost).over(), Numeric),
    ],
)
def test_the_type_of(expression: Any, kind: Any, a: Table) -> None:
    assert isinstance(expression(a).type, kind)


def test_an_operator_of_ones_own_says_what_comes_out() -> None:
    x = column("x", Integer)
    assert isinstance(x.op("~~", return_type=String())(x).type, String)
    assert isinstance(x.op("~~")(x).type, Integer)
    assert isinstance(x.bool_op("~~")(x).type, Boolean)
    assert x.op("+-", python_impl=lambda p, q: p - q)(x).operator.python_impl(3, 2) == 1


# Names --------------------------------------------------------------------------------------------------


def test_a_quoted_name_keeps_its_case() -> None:
    name = quoted_name("Users", True)
    assert name.lower() == "Users" and name == "Users"
    assert quoted_name("Users", None).lower() == "users"
    assert quoted_name(name, None) is name
    assert pickle.loads(pickle.dumps(name)).quote is True


def test_anonymous_names_are_numbered_as_they_appear(a: Table) -> None:
    one, other = a.alias(), a.alias()
    assert str(select(other.c.x, one.c.x)).startswith("SELECT a_1.x, a_2.x AS x_1")
    assert (
        str(select(func.max(a.c.x), func.max(a.c.x)))
        == "SELECT max(a.x) AS max_1, max(a.x) AS max_2 \nFROM a"
    )


# Wrong things -------------------------------------------------------------------------------------------


class Thing:
    def __repr__(self) -> str:
        return "Thing()"


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda a: select(Thing()),
            "Column expression, FROM clause, or other columns clause element expected, got Thing\\(\\)\\.",
        ),
        (lambda a: select([a.c.x]), "Did you mean to say select\\(Column"),
        (
            lambda a: select("x"),
            "Textual column expression 'x' should be explicitly declared with text\\('x'\\)",
        ),
        (
            lambda a: select(a).where("x"),
            "Textual SQL expression 'x' should be explicitly declared as text\\('x'\\)",
        ),
        (lambda a: select(a).where(5), "SQL expression for WHERE/HAVING role expected, got 5\\."),
        (lambda a: select(a).order_by(5), "ORDER BY expression expected, got 5\\."),
        (lambda a: select(a).group_by(Thing()), "GROUP BY expression expected, got Thing\\(\\)\\."),
        (
            lambda a: select(a).select_from(a.c.x),
            "FROM expression, such as a Table or alias\\(\\) object expected",
        ),
        (lambda a: select(select(a)), "use the .subquery\\(\\) method"),
        (lambda a: select(a).join("b"), "Join target, typically a FROM expression"),
        (
            lambda a: a.c.x.in_(5),
            "IN expression list, SELECT construct, or bound parameter object expected, got 5\\.",
        ),
        (lambda a: a.c.x == a, "use the .table_valued\\(\\) method"),
        (lambda a: relvar.insert("a"), "subject table for an INSERT, UPDATE or DELETE expected, got 'a'\\."),
        (
            lambda a: relvar.update(a).values({5: 1}),
            "SET/VALUES column expression or string key expected, got 5\\.",
        ),
        (lambda a: relvar.union(select(a), 5), "SELECT construct for inclusion in a UNION"),
        (lambda a: text(":p").bindparams(q=1), "doesn't define a bound parameter named 'q'"),
        (lambda a: select(a).options(5), "ExecutionOption Core or ORM object expected, got 5\\."),
    ],
)
def test_a_wrong_argument_is_named(make: Any, message: str, a: Table) -> None:
    with pytest.raises(relvar.exc.ArgumentError, match=message):
        make(a)


def test_what_stands_for_an_element_is_taken_for_it(a: Table) -> None:
    class Holder:
        def __init__(self, held: Any) -> None:
            self.held = held

        def __clause_element__(self) -> Any:
            return self.held

    assert str(select(Holder(a.c.x)).where(Holder(a.c.f))) == "SELECT a.x \nFROM a \nWHERE a.f"
    assert str(a.c.id == Holder(a.c.x)) == "a.id = a.x"
    with pytest.raises(relvar.exc.ArgumentError, match="5 object resolved from"):
        select(Holder(5))


def test_joins_need_exactly_one_foreign_key_between(a: Table) -> None:
    b = Table(
        "b",
        a.metadata,
        Column("id", Integer, primary_key=True),
        Column("p", ForeignKey("a.id")),
        Column("q", ForeignKey("a.id")),
    )
    c = Table("c", a.metadata, Column("id", Integer))
    with pytest.raises(relvar.exc.AmbiguousForeignKeysError, match="Please specify the 'onclause'"):
        a.join(b)
    with pytest.raises(relvar.exc.NoForeignKeysError, match="relationships between 'a' and 'c'"):
        a.join(c)
    assert str(a.join(b, b.c.p == a.c.id)) == "a JOIN b ON b.p = a.id"


def test_constants_and_tuples() -> None:
    assert null() is null()
    assert str(tuple_(column("x"), 5)) == "(x, :param_1)"
    assert str(literal_column("now() - 5").label("q")) == "now() - 5"


def test_a_parameter_is_not_named_by_an_anonymous_column(a: Table) -> None:
    inner = select(func.max(a.c.x)).subquery()
    assert str(inner.c[0] == 5) == "anon_1.max_1 = :param_1"
    assert str(inner.c[0] + 5) == "anon_1.max_1 + :param_1"


def test_statements_and_tables_survive_pickling_after_use(a: Table) -> None:
    statement = select(a.c.x, func.count().label(None)).where(a.c.y == "q", a.c.x.in_([1, 2])).order_by(a.c.x)
    key = statement._generate_cache_key()
    assert key is not None
    metadata, copied = pickle.loads(pickle.dumps((a.metadata, statement)))
    assert str(copied) == str(statement)
    assert copied.compile().params == statement.compile().params
    assert copied._generate_cache_key().key != key.key
    assert copied._generate_cache_key().key == copied._clone()._generate_cache_key().key
    table = metadata.tables["a"]
    assert table.c.x in set(copied.selected_columns)
    note = pickle.loads(pickle.dumps(a.c.x._annotate({"k": 1})))
    assert note._annotations == {"k": 1} and note.name == "x"
    bind = pickle.loads(pickle.dumps(bindparam("p", callable_=None, value=3)))
    assert bind.value == 3 and bind.key == "p"
