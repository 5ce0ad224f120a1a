"""
Columns of aliases, subqueries and CTEs that are asked for one by one: they are those of the whole collection.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    case,
    cast,
    column,
    exc,
    exists,
    func,
    insert,
    lateral,
    literal_column,
    select,
    table,
    text,
    union,
    union_all,
    values,
)
from relvar.sql import visitors
from relvar.sql.util import ClauseAdapter

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, comment="number"),
    Column("name", String(30), nullable=False, doc="what it is called", key="called"),
    Column("boss_id", ForeignKey("users.id"), index=True),
)
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("title", String(50), unique=True),
)
plain = table("plain", column("id", Integer), column("x"), column("y"))
count = func.count().label("n")

SHAPES: dict[str, Callable[[], Any]] = {
    "alias": lambda: users.alias("u"),
    "anonymous alias": lambda: users.alias(),
    "alias of an alias": lambda: users.alias("u").alias("v"),
    "alias of a plain table": lambda: plain.alias(),
    "sample": lambda: users.tablesample(5, name="s"),
    "subquery": lambda: select(users).subquery("s"),
    "columns and labels": lambda: (
        select(users.c.id, users.c.called, count).group_by(users.c.id).cte("counted")
    ),
    "label of a column": lambda: select(users.c.id.label("other"), users.c.called.label("id")).subquery(),
    "label without a name": lambda: select(users.c.id, users.c.called.label(None)).subquery(),
    "one column twice": lambda: select(users.c.id, users.c.id, users.c.called).subquery(),
    "one name twice": lambda: select(users, posts).join(posts, posts.c.user_id == users.c.id).subquery(),
    "names that others are made of": lambda: select(
        users.c.id, posts.c.id, literal_column("1").label("id_1")
    ).subquery(),
    "all by their tables": lambda: (
        select(users, posts)
        .join(posts, posts.c.user_id == users.c.id)
        .set_label_style(select().get_label_style().__class__["LABEL_STYLE_TABLENAME_PLUS_COL"])
        .subquery()
    ),
    "functions, casts, CASE": lambda: select(
        func.max(users.c.id), cast(users.c.id, String), case((users.c.id > 1, "x"), else_="y")
    ).subquery(),
    "text": lambda: select(users.c.id, text("1 AS one"), users.c.called).subquery(),
    "literal columns": lambda: select(literal_column("1 + 1"), literal_column("2").label("two")).subquery(),
    "columns of nothing": lambda: select(column("x"), column("y", Integer)).subquery(),
    "a scalar subquery": lambda: select(
        users.c.id, select(func.count(posts.c.id)).scalar_subquery().label("posts")
    ).subquery(),
    "union": lambda: union(select(users.c.id), select(posts.c.user_id)).subquery(),
    "union in a CTE": lambda: union_all(select(users.c.id, count), select(posts.c.id, count)).cte("both"),
    "a CTE under another name": lambda: select(users.c.id, users.c.called).cte("c").alias("d"),
    "subquery of a subquery": lambda: select(
        select(users.c.id, users.c.called.label("x")).subquery("inner")
    ).subquery("outer"),
    "subquery of repetitions": lambda: select(
        select(users.c.id, users.c.id, posts.c.id).subquery()
    ).subquery(),
    "subquery of a function's column": lambda: select(select(func.max(users.c.id)).subquery()).subquery(),
    "lateral": lambda: lateral(select(posts.c.id, posts.c.title).where(posts.c.user_id == users.c.id), "l"),
    "rows that an INSERT returns": lambda: insert(users).returning(users.c.id, users.c.called).cte("made"),
    "text with columns": lambda: text("SELECT 1").columns(column("a", Integer), column("b")).subquery(),
    "values": lambda: select(values(column("a", Integer), name="v").data([(1,)])).subquery(),
    "a function with columns": lambda: func.f(1).table_valued("a", "b", name="f"),
    "recursive": lambda: _recursive(),
}


def _recursive() -> Any:
    numbers = select(literal_column("1").label("n"), literal_column("2").label("m")).cte("t", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1, numbers.c.m))


DETAILS = ("nullable", "comment", "doc", "index", "unique", "default")


def described(source: Any) -> Any:
    """Tell all that programs see of the columns."""
    text = str(select(source, *source.c)) if source.c else str(select(source))
    return (
        [(k if type(k) is str else "anonymous") for k in source.c.keys()],
        [
            (
                type(c).__name__,
                repr(c.type),
                c.primary_key,
                [key.target_fullname for key in c.foreign_keys],
                [
                    getattr(c, name, "none")
                    for name in ("nullable", "comment", "doc", "index", "unique", "default")
                ],
                sorted([str(below) for below in c.base_columns]),
                c.table is source,
            )
            for c in source.c
        ],
        [list(source.c).index(c) for c in source.primary_key],
        sorted(key.target_fullname for key in source.foreign_keys),
        text,
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_columns_that_were_asked_for_one_by_one_are_those_of_the_collection(shape: str) -> None:
    expected = described(SHAPES[shape]())
    keys = [key for key in SHAPES[shape]().c.keys() if type(key) is str]
    for asked in (keys[:1], keys[-1:], keys, keys[::-1]):
        source = SHAPES[shape]()
        found = {key: source.c[key] for key in asked}
        assert described(source) == expected
        for key, made in found.items():
            assert made is source.c[key] is source.columns[key] is source.c.get(key) is getattr(source.c, key)
            assert any(made is c for c in source.c)
            assert key in source.c
            assert source.c.contains_column(made)
            assert source.corresponding_column(made) is made


@pytest.mark.parametrize("shape", SHAPES)
def test_a_column_stands_for_those_below_whenever_it_was_made(shape: str) -> None:
    whole, early = SHAPES[shape](), SHAPES[shape]()
    keys = [key for key in whole.c.keys() if type(key) is str]
    asked = [early.c[key] for key in keys]
    for below in (users.c.id, users.c.called, posts.c.id, posts.c.title, plain.c.id):
        expected = whole.corresponding_column(below)
        found = early.corresponding_column(below)
        assert (found is None) is (expected is None)
        if found is not None:
            assert list(early.c).index(found) == list(whole.c).index(expected)
    for key, c in zip(keys, asked):
        assert [str(b) for b in whole.c[key]._proxies] == [str(b) for b in c._proxies]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_missing_is_told_as_ever(shape: str) -> None:
    source = SHAPES[shape]()
    keys = source.c.keys()
    source = SHAPES[shape]()
    assert "nothing" not in source.c
    assert source.c.get("nothing") is None
    assert source.c.get("nothing", 5) == 5
    with pytest.raises(KeyError, match="There is no column 'nothing'; there are"):
        SHAPES[shape]().c["nothing"]
    with pytest.raises(AttributeError, match="There is no column 'nothing'; there are"):
        _ = SHAPES[shape]().c.nothing
    assert not hasattr(SHAPES[shape]().c, "_nothing")
    with pytest.raises(IndexError):
        SHAPES[shape]().c[len(keys)]
    with pytest.raises(exc.ArgumentError, match="string argument"):
        _ = 5 in SHAPES[shape]().c
    with pytest.raises(TypeError, match="immutable"):
        SHAPES[shape]().c.other = 5


def counted() -> Any:
    return select(posts.c.user_id, count).group_by(posts.c.user_id).cte("counted")


def test_one_view_for_all() -> None:
    source = counted()
    view = source.c
    n = view.n
    assert source.c is view and source.columns is view and source.exported_columns is view
    assert repr(view).startswith("<relvar.relation.columns.ReadOnlyColumnCollection object")
    assert list(view) == [source.c.user_id, n]
    assert len(view) == 2 and view[1] is n and view[-1:] is not None
    assert view.items() == [("user_id", view.user_id), ("n", n)]
    assert str(counted().c) == "ReadOnlyColumnCollection(counted.user_id, counted.n)"
    assert [c.key for c in counted().c["n", "user_id"]] == ["n", "user_id"]
    assert counted().c and counted().c != counted().c
    assert type(view) is type(users.c)


@pytest.mark.parametrize("ask", [lambda s: None, lambda s: s.c, lambda s: s.c.n, lambda s: list(s.c)])
def test_statements_are_pickled_with_the_columns_they_name(ask: Any) -> None:
    source = counted()
    ask(source)
    statement = select(source.c.n).where(source.c.user_id == 5)
    again = pickle.loads(pickle.dumps(statement))
    assert str(again) == str(statement)
    found = again.selected_columns.n
    assert found.table.c.n is found
    assert found.table.c.keys() == ["user_id", "n"]
    assert found.table.c.user_id.foreign_keys and not found.foreign_keys
    assert copy.copy(source).c.keys() == ["user_id", "n"]
    assert copy.deepcopy(source).c.n is not source.c.n
    assert pickle.loads(pickle.dumps(counted().c)).keys() == ["user_id", "n"]
    assert copy.copy(counted().c).keys() == ["user_id", "n"]


def test_copies_have_columns_of_their_own() -> None:
    source = counted()
    n = source.c.n
    made = visitors.cloned_traverse(source, {}, {})
    assert made.c.n is not n and made.c.n.table is made
    assert made.c.user_id._is_clone_of is source.c.user_id
    assert made.c.keys() == ["user_id", "n"] and made.c.n is list(made.c)[1]
    assert made.corresponding_column(n) is made.c.n


def test_adaption_goes_by_columns_that_were_asked_for() -> None:
    source = select(users).subquery("s")
    name = source.c.called
    adapted = ClauseAdapter(source).traverse(users.c.called == "x")
    assert adapted.left is name
    around = source.alias("t")
    other = around.c.called
    assert ClauseAdapter(around).traverse(users.c.called == "x").left is other
    assert str(ClauseAdapter(around).traverse(source.c.id > 5)) == "t.id > :id_1"


def test_a_statement_with_columns_asked_for_in_any_order() -> None:
    first, second = counted(), counted()
    list(second.c)
    texts = []
    for source in (first, second):
        statement = (
            select(users.c.called, case((source.c.n > 5, "many"), else_="few").label("size"))
            .join(source, source.c.user_id == users.c.id)
            .where(exists().where(posts.c.user_id == users.c.id), source.c["n"] < 10)
        )
        texts.append(str(statement))
    assert texts[0] == texts[1]
    assert "CASE WHEN (counted.n > :n_1)" in texts[0]


def test_keys_that_are_names_of_the_view_itself() -> None:
    source = select(
        column("keys"), column("_index"), column("_parent"), column("_x"), column("get")
    ).subquery()
    assert [source.c[key].name for key in ("keys", "_index", "_parent", "_x")] == [
        "keys",
        "_index",
        "_parent",
        "_x",
    ]
    assert source.c._x is source.c["_x"]
    assert source.c.keys() == ["keys", "_index", "_parent", "_x", "get"]


def test_errors_of_columns_come_when_the_columns_are_asked_for() -> None:
    nameless = select(users.c.id, Column(Integer)).subquery()
    with pytest.raises(exc.InvalidRequestError, match="until its 'name' has been assigned"):
        _ = nameless.c
    uneven = union(select(users.c.id), select(posts.c.id, posts.c.title)).subquery()
    with pytest.raises(exc.CompileError, match="identical numbers of columns"):
        _ = uneven.c


def test_what_is_set_on_a_column_of_an_alias_is_its_own() -> None:
    alias = users.alias()
    assert alias.c.called.nullable is False and alias.c.called.doc == "what it is called"
    alias.c.called.nullable = True
    alias.c.id.constraints.add(5)
    assert users.c.called.nullable is False and users.alias().c.called.nullable is False
    assert users.c.id.constraints == set()
    assert alias.c.id.constraints == {5}
    assert alias.c.id.autoincrement == "auto" and alias.c.id.comment == "number"
    annotated = alias.c.boss_id._annotate({"a": 1})
    assert annotated.foreign_keys is alias.c.boss_id.foreign_keys
    assert annotated.constraints is alias.c.boss_id.constraints
    assert annotated.index is True and annotated.primary_key is False


def test_columns_of_unions_and_labels_are_described_by_the_first_column() -> None:
    both = union(select(users.c.boss_id, users.c.called), select(posts.c.user_id, posts.c.title)).subquery()
    assert both.c.called.nullable is False and both.c.called.unique is None
    assert [key.target_fullname for key in both.c.boss_id.foreign_keys] == ["users.id"]
    assert both.corresponding_column(posts.c.title) is both.c.called
    named = select(users.c.called.label("x"), users.c.id.label("y")).subquery()
    assert named.c.x.nullable is False and named.c.y.primary_key is True
    assert list(named.primary_key) == [named.c.y]
    again = select(named.c.x.label("z")).subquery()
    assert again.c.z.doc == "what it is called" and again.c.z.key == "z"


def test_many_levels() -> None:
    source: Any = select(users.c.id, users.c.called)
    for _ in range(100):
        source = select(source.subquery().c.called)
    assert source.subquery().c.called.nullable is False


class Noted(Column[Any]):
    """A column of a program's own."""

    inherit_cache = True

    def __init__(self, *args: Any, note: str = "", **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.note = note


def test_columns_of_a_class_of_its_own() -> None:
    noted = Table(
        "noted", MetaData(), Noted("id", Integer, primary_key=True, note="first"), Noted("x", Integer)
    )
    source = select(noted).subquery()
    assert type(source.c.id) is Noted and source.c.id.primary_key
    assert source.c.x.table is source


def test_a_function_that_was_asked_for_before_is_found_as_registered_now() -> None:
    from relvar.sql.functions import GenericFunction

    assert type(func.once_unknown(1)).__name__ == "Function"

    class once_unknown(GenericFunction[int]):
        inherit_cache = True
        type = Integer()

    assert type(func.once_unknown(1)) is once_unknown
    assert type(func.once_unknown(1)) is once_unknown
    assert str(func.count.other(1)) == "count.other(:other_1)"
    assert str(func.count()) == "count(*)"
