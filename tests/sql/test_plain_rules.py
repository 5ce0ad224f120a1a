"""The nodes that are written without their visitors, where nothing tells that one was left out."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    from_dml_column,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    update,
)
from relvar.dialects.sqlite.base import SQLiteDialect
from relvar.engine.default import DefaultDialect
from relvar.exc import CompileError
from relvar.ext.compiler import compiles, deregister
from relvar.sql.compiler import SQLCompiler
from relvar.sql.expression import Alias, BinaryExpression, BindParameter, ColumnClause, Grouping, Join

t = Table("t", MetaData(), Column("id", Integer), Column("name", String))
other = t.alias("other")

STATEMENT = (
    select(t.c.id, (other.c.id + 1).label("more"), func.f(t.c.id * (other.c.id + 2)))
    .where(t.c.id == other.c.id, or_(t.c.name == "x", and_(t.c.id > 1, other.c.name == "y")))
    .order_by(other.c.id)
)
PLAIN = (
    "SELECT t.id, other.id + :id_1 AS more, f(t.id * (other.id + :id_2)) AS f_1 \n"
    "FROM t, t AS other \n"
    "WHERE t.id = other.id AND (t.name = :name_1 OR t.id > :id_3 AND other.name = :name_2) ORDER BY other.id"
)
# a visitor -> how often it is asked
ASKED = {
    "visit_column": 10,
    "visit_bindparam": 5,
    "visit_binary": 7,
    "visit_grouping": 3,
    "visit_clauselist": 1,
    "visit_expression_clauselist": 2,
}


def compiled_by(statement: Any, **own: Any) -> str:
    """Compile with a compiler that has some rules of its own."""
    dialect = DefaultDialect()
    dialect.statement_compiler = type("Own", (SQLCompiler,), own)
    return str(statement.compile(dialect=dialect))


def marked(name: str) -> Any:
    """Return a rule that marks what relvar's own rule writes."""

    def rule(self: Any, element: Any, *args: Any, **kw: Any) -> str:
        return f"<{getattr(SQLCompiler, name)(self, element, *args, **kw)}>"

    return rule


def test_texts() -> None:
    assert compiled_by(STATEMENT) == PLAIN
    assert compiled_by(STATEMENT) == PLAIN  # what was written for columns is known now


@pytest.mark.parametrize("name", ASKED)
def test_a_rule_of_ones_own_is_asked_for_each_node(name: str) -> None:
    for _ in range(2):
        text = compiled_by(STATEMENT, **{name: marked(name)})
        assert text.replace("<", "").replace(">", "") == PLAIN.replace(">", "")
        assert text.count("<") == ASKED[name]


CHOICES = (
    select(case((t.c.id.in_([1, 2]), "some"), else_=literal_column("'100%'")).label("choice"))
    .where(case({1: "a", 2: "b"}, value=t.c.id) == "a", t.c.name.in_(["x"]))
    .order_by(literal_column("choice"))
)
CHOSEN = (
    "SELECT CASE WHEN (t.id IN (__[POSTCOMPILE_id_1])) THEN :param_1 ELSE '100%' END AS choice \n"
    "FROM t \n"
    "WHERE CASE t.id WHEN :param_2 THEN :param_3 WHEN :param_4 THEN :param_5 END = :param_6 "
    "AND t.name IN (__[POSTCOMPILE_name_1]) ORDER BY choice"
)


def test_choices_lists_and_literal_columns() -> None:
    made = CHOICES.compile(dialect=DefaultDialect())
    assert str(made) == CHOSEN
    assert sorted(made.bind_names[bind] for bind in made.post_compile_params) == ["id_1", "name_1"]
    assert made.params["id_1"] == [1, 2]
    assert str(CHOICES.compile(dialect=DefaultDialect(paramstyle="format"))).count("'100%%'") == 1


@pytest.mark.parametrize(
    ("name", "times"), [("visit_case", 2), ("visit_bindparam", 8), ("escape_literal_column", 2)]
)
def test_rules_of_ones_own_for_choices(name: str, times: int) -> None:
    text = compiled_by(CHOICES, **{name: marked(name)})
    assert text.count("<") == times
    assert text.replace("<", "").replace(">", "") == CHOSEN


def test_one_name_for_a_list_and_a_value() -> None:
    one = BindParameter("a", [1], expanding=True)
    with pytest.raises(CompileError, match="both 'expanding'"):
        compiled_by(select(t.c.id).where(t.c.id.in_(one), t.c.id == BindParameter("a", 1)))


def test_a_list_whose_name_no_placeholder_takes() -> None:
    named = BindParameter("a b", [1], expanding=True)
    assert compiled_by(select(t.c.id).where(t.c.id.in_(named))).endswith("IN (__[POSTCOMPILE_a_b])")


@pytest.mark.parametrize("name", ["_truncate_bindparam", "bindparam_string"])
def test_rules_of_names_of_parameters(name: str) -> None:
    def rule(self: Any, given: Any, *args: Any, **kw: Any) -> str:
        made: str = getattr(SQLCompiler, name)(self, given, *args, **kw)
        return made.replace("id", "ID")

    text = compiled_by(STATEMENT, **{name: rule})
    assert text == PLAIN.replace(":id", ":ID")


def test_dispatch_of_a_class() -> None:
    """A class may send compilers elsewhere by itself."""

    class Own(ColumnClause[Any]):
        inherit_cache = True

        def _compiler_dispatch(self, visitor: Any, **kw: Any) -> str:
            return f"[{self.name}]"

    own: Any = Own("a", Integer())
    assert compiled_by(select(own + own * 2)) == "SELECT [a] + [a] * :a_1 AS anon_1"


@pytest.mark.parametrize(
    "class_, times",
    [(ColumnClause, 0), (Column, 10), (BindParameter, 5), (BinaryExpression, 7), (Grouping, 3)],
)
def test_rules_of_a_program_come_and_go(class_: Any, times: int) -> None:
    assert compiled_by(STATEMENT) == PLAIN

    def rule(element: Any, compiler: Any, **kw: Any) -> str:
        return f"<{getattr(compiler, f'visit_{element.__visit_name__}')(element, **kw)}>"

    compiles(class_)(rule)
    try:
        text = compiled_by(STATEMENT)
    finally:
        deregister(class_)
    assert text.replace("<", "").replace(">", "") == PLAIN.replace(">", "")
    assert text.count("<") == times
    assert compiled_by(STATEMENT) == PLAIN


def test_keywords_reach_the_rules_below() -> None:
    """What is handed down arrives, whatever is between."""
    seen: list[dict[str, Any]] = []

    class Leaf(ColumnClause[Any]):
        inherit_cache = True

    @compiles(Leaf)
    def leaf(element: Any, compiler: Any, **kw: Any) -> str:
        seen.append(kw)
        return "leaf"

    a: Any = Leaf("a", Integer())
    statement = select(((t.c.id + a) * 2).label("x")).where((t.c.id + a) * 2 > 1)
    assert compiled_by(statement) == (
        "SELECT (t.id + leaf) * :param_1 AS x \nFROM t \nWHERE (t.id + leaf) * :param_2 > :param_3"
    )
    inside, behind = seen
    assert inside["within_columns_clause"] is True
    assert inside["within_label_clause"] is True
    assert not behind.get("within_columns_clause")
    text = t.c.id + a * literal_column("1")
    seen.clear()
    compiled = select(text).compile(compile_kwargs={"mine": 1})
    assert "t.id + leaf * 1" in str(compiled)
    assert seen[0]["mine"] == 1


def test_lists_of_labels_and_columns() -> None:
    inner = select(t.c.id, (t.c.id + 1).label("more"), t.c.name.label("id_1"), other.c.id).cte("inner")
    statement = select(inner.c.more, func.count().label("more_1"), inner.c.id_1).where(
        select(literal_column("1"), t.c.id.label("x")).exists()
    )
    text = (
        "WITH inner AS \n"
        "(SELECT t.id AS id, t.id + :id_2 AS more, t.name AS id_1, other.id AS id__1 \n"
        "FROM t, t AS other)\n"
        " SELECT inner.more, count(*) AS more_1, inner.id_1 \n"
        "FROM inner \n"
        "WHERE EXISTS (SELECT 1, t.id AS x \n"
        "FROM t)"
    )
    assert compiled_by(statement).replace('"inner"', "inner") == text.replace("id__1", "id_2").replace(
        ":id_2", ":id_1"
    )
    marks = compiled_by(statement, visit_label=marked("visit_label"))
    assert marks.count("<") == 4


def test_what_labels_say_of_the_result() -> None:
    label = (t.c.id + 1).label("more")
    compiled = select(t.c.id, label, t.c.name.label("last")).compile(dialect=DefaultDialect())
    assert [(entry.keyname, entry.objects[0].name) for entry in compiled._result_columns] == [
        ("id", "id"),
        ("more", "more"),
        ("last", "last"),
    ]
    assert label in compiled._result_columns[1].objects
    with pytest.raises(CompileError, match="tuple"):
        compiled_by(select(t.c.id, tuple_(t.c.id, t.c.name).label("both")))


def test_a_value_that_renders_its_parameters() -> None:
    statement = update(t).values(id=t.c.id + 1).where(t.c.id + 2 > (t.c.id - 3))
    assert compiled_by(statement) == "UPDATE t SET id=(t.id + :id_1) WHERE t.id + :id_2 > t.id - :id_3"
    literal = statement.compile(compile_kwargs={"literal_binds": True})
    assert str(literal) == "UPDATE t SET id=(t.id + 1) WHERE t.id + 2 > t.id - 3"


@pytest.mark.parametrize("owner", [SQLCompiler, SQLiteDialect.statement_compiler])
def test_a_rule_replaced_in_place_is_seen_by_dialects_made_afterwards(owner: Any, monkeypatch: Any) -> None:
    rule = owner.visit_grouping
    with monkeypatch.context() as patched:
        patched.setattr(owner, "visit_grouping", lambda self, node, **kw: f"[{rule(self, node, **kw)}]")
        text = str(select(func.f(t.c.id * (t.c.id + t.c.id))).compile(dialect=SQLiteDialect()))
        assert text == "SELECT f[(t.id * [(t.id + t.id)])] AS f_1 \nFROM t"
    text = str(select(func.f(t.c.id * (t.c.id + t.c.id))).compile(dialect=SQLiteDialect()))
    assert text == "SELECT f(t.id * (t.id + t.id)) AS f_1 \nFROM t"


JOINED = (
    select(t.c.id, other.c.id, other.c.name)
    .join(other, other.c.id == t.c.id, isouter=True)
    .where(t.c.name.like("a%"), other.c.name.not_like("b%"), t.c.name.like("c%", escape="/"))
)
JOINED_TEXT = (
    "SELECT t.id, other.id AS id_1, other.name \n"
    "FROM t LEFT OUTER JOIN t AS other ON other.id = t.id \n"
    "WHERE t.name LIKE :name_1 AND other.name NOT LIKE :name_2 AND t.name LIKE :name_3 ESCAPE '/'"
)


def test_joins_aliases_and_patterns() -> None:
    for _ in range(2):
        assert compiled_by(JOINED) == JOINED_TEXT


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("visit_join", 1),
        ("visit_alias", 1),
        ("visit_table", 2),
        ("visit_like_op_binary", 2),
        ("visit_not_like_op_binary", 1),
        ("get_render_as_alias_suffix", 1),
        ("_column_table_text", 8),
    ],
)
def test_rules_of_ones_own_for_from_elements(name: str, times: int) -> None:
    for _ in range(2):
        text = compiled_by(JOINED, **{name: marked(name)})
        assert text.replace("<", "").replace(">", "") == JOINED_TEXT
        assert text.count("<") == times


def test_rules_of_a_program_for_from_elements() -> None:
    for class_, times in ((Join, 1), (Alias, 1), (Table, 2)):

        def rule(element: Any, compiler: Any, **kw: Any) -> str:
            return f"<{getattr(compiler, f'visit_{element.__visit_name__}')(element, **kw)}>"

        compiles(class_)(rule)
        try:
            text = compiled_by(JOINED)
        finally:
            deregister(class_)
        assert text.replace("<", "").replace(">", "") == JOINED_TEXT
        assert text.count("<") == times


def test_columns_whose_names_are_taken() -> None:
    third = t.alias()
    compiled = select(t, other, third).compile(dialect=DefaultDialect())
    assert str(compiled) == (
        "SELECT t.id, t.name, other.id AS id_1, other.name AS name_1, t_1.id AS id_2, t_1.name AS name_2 \n"
        "FROM t, t AS other, t AS t_1"
    )
    assert [entry.keyname for entry in compiled._result_columns] == [
        *("id", "name", "id_1", "name_1", "id_2", "name_2"),
    ]
    assert third.c.name in compiled._result_columns[5].objects
    short = select(t, t.alias("x" * 70)).compile(dialect=DefaultDialect(label_length=8))
    assert "AS id_1, " in str(short)
    tiny = select(Table("long_names", MetaData(), Column("a_long_name", Integer)).alias())
    assert str(tiny.compile(dialect=DefaultDialect(label_length=10))) == (
        "SELECT long_1.a_long_name \nFROM long_names AS long_1"
    )


changing = Table(
    "changing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("n", Integer, key="number"),
    Column("at", Integer, onupdate=7),
    Column("order", String),
)


@pytest.mark.parametrize(
    ("values", "text", "params", "later"),
    [
        ({"id": 1, "name": None}, "id=:id, name=:name", {"id": 1, "name": None}, []),
        (
            {t.c.name: "x", "id": t.c.id * 2},
            "id=(t.id * :id_1), name=:name",
            {"name": "x", "id_1": 2},
            ["id"],
        ),
        ({"id": 1, t.c.id: 2}, "id=:id", {"id": 2}, []),
        ({"id": null(), "name": BindParameter("q", "r")}, "id=NULL, name=:q", {"q": "r"}, ["id"]),
        (
            {"id": select(func.max(other.c.id)).scalar_subquery()},
            "id=(SELECT max(other.id) AS max_1 \nFROM t AS other)",
            {},
            ["id"],
        ),
        (
            {"id": 5, "name": func.f(from_dml_column(t.c.id))},
            "id=:id, name=f(:id)",
            {"id": 5},
            ["name"],
        ),
    ],
)
def test_what_an_update_sets(values: Any, text: str, params: Any, later: list[str]) -> None:
    for _ in range(2):
        compiled = update(t).values(values).compile(dialect=DefaultDialect())
        assert str(compiled) == f"UPDATE t SET {text}"
        assert compiled.params == params
        assert [column.name for column in compiled.postfetch] == later


def test_an_update_of_columns_that_change_with_their_row() -> None:
    for _ in range(2):
        compiled = update(changing).values(number=1, order="x").compile(dialect=DefaultDialect())
        assert str(compiled) == 'UPDATE changing SET n=:number, at=:at, "order"=:order'
        assert [column.name for column in compiled.prefetch] == ["at"]


def test_an_update_with_values_that_no_column_takes() -> None:
    for _ in range(2):
        with pytest.raises(CompileError, match="Unconsumed column names: nothing"):
            compiled_by(update(t).values(id=1, nothing=2))


def test_an_update_within_a_statement() -> None:
    """What it sets keeps its own names: the statement may have values for the same column."""
    made = update(t).values(id=5).where(t.c.name == "a").returning(t.c.id, t.c.name).cte("made")
    statement = update(changing).values(id=1).where(changing.c.id == select(made.c.id).scalar_subquery())
    for _ in range(2):
        assert compiled_by(statement) == (
            "WITH made AS \n(UPDATE t SET id=:param_1 WHERE t.name = :name_1 RETURNING t.id, t.name)\n "
            "UPDATE changing SET id=:id, at=:at WHERE changing.id = (SELECT made.id \nFROM made)"
        )


@pytest.mark.parametrize(
    "name",
    [
        *("visit_update", "update_tables_clause", "returning_clause", "_where_text", "_crud_text"),
        *("visit_table", "visit_bindparam", "visit_grouping", "visit_column"),
    ],
)
def test_rules_of_ones_own_for_an_update(name: str) -> None:
    statement = update(t).values(id=t.c.id + 1).where(t.c.name == "x").returning(t.c.id)
    plain = "UPDATE t SET id=(t.id + :id_1) WHERE t.name = :name_1 RETURNING t.id"
    for _ in range(2):
        assert compiled_by(statement) == plain
        text = compiled_by(statement, **{name: marked(name)})
        assert text.replace("<", "").replace(">", "") == plain
        assert "<" in text


def test_rules_behind_an_update() -> None:
    def clause(self: Any, stmt: Any, **kw: Any) -> str:
        return "LIMIT 1"

    for _ in range(2):
        text = compiled_by(update(t).values(id=1), update_post_criteria_clause=clause)
        assert text == "UPDATE t SET id=:id LIMIT 1"


def test_an_update_whose_names_are_sent_to_sqlite() -> None:
    statement = update(t).values(id=t.c.id + 1).where(t.c.id == 1).returning(t.c.id, t.c.name)
    for _ in range(2):
        compiled = statement.compile(dialect=SQLiteDialect(paramstyle="qmark"))
        assert str(compiled) == "UPDATE t SET id=(t.id + ?) WHERE t.id = ? RETURNING id, name"
        assert compiled.positiontup == ["id_1", "id_2"]
