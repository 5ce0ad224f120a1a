"""SQL of other programs, run: constructs, clauses, visitors, roles; what the cache makes of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

import relvar
from relvar import (
    Column,
    ColumnExpressionArgument,
    ForeignKey,
    Integer,
    MetaData,
    SQLColumnExpression,
    String,
    Table,
    and_,
    bindparam,
    column,
    create_engine,
    delete,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.ext.compiler import compiles, deregister
from relvar.orm import DeclarativeBase, Session
from relvar.schema import CreateColumn, CreateTable, ExecutableDDLElement
from relvar.sql import SyntaxExtension, coercions, operators, roles, visitors
from relvar.sql import util as sql_util
from relvar.sql.expression import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Executable,
    FunctionElement,
    Select,
    TableClause,
)
from relvar.sql.visitors import InternalTraversal

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")))
ROWS = [{"id": i, "x": i * i % 7, "s": "abc"[i % 3] * 2} for i in range(1, 11)]


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    """A connection to a database with the rows."""
    with engine.begin() as connection:
        m.create_all(connection)
        connection.execute(insert(t), ROWS)
    with engine.connect() as connection:
        yield connection
    m.drop_all(engine)


def told(thing: Any, dialect: Any = None) -> str:
    return " ".join(str(thing.compile(dialect=dialect)).split())


class Masked(ColumnElement[int]):
    """A number, with some bits of it masked out; lists its parts itself."""

    type = Integer()
    _traverse_internals = [
        ("element", InternalTraversal.dp_clauseelement),
        ("others", InternalTraversal.dp_clauseelement_list),
        ("bits", InternalTraversal.dp_plain_obj),
    ]

    def __init__(self, element: Any, *others: Any, bits: int = 3) -> None:
        self.element = coercions.expect(roles.ExpressionElementRole, element)
        self.others = [coercions.expect(roles.ExpressionElementRole, other) for other in others]
        self.bits = bits

    @property
    def _from_objects(self) -> Any:
        return [f for e in (self.element, *self.others) for f in e._from_objects]


@compiles(Masked)
def _masked(element: Masked, compiler: Any, **kw: Any) -> str:
    terms = [f"({compiler.process(e, **kw)} & {element.bits})" for e in (element.element, *element.others)]
    return f"({' + '.join(terms)})"


class Longest(FunctionElement[int]):
    """The greatest of several, as each database says it."""

    inherit_cache = True
    name = "longest"
    type = Integer()


@compiles(Longest)
def _longest(element: Any, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


@compiles(Longest, "sqlite")
def _longest_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


class Copied(Executable, ClauseElement):
    """INSERT of what a SELECT finds."""

    inherit_cache = False

    def __init__(self, target: Any, found: Any) -> None:
        self.target, self.found = target, found


@compiles(Copied)
def _copied(element: Any, compiler: Any, **kw: Any) -> str:
    columns = ", ".join(compiler.preparer.quote(c.name) for c in element.found.selected_columns)
    target = compiler.process(element.target, asfrom=True)
    return f"INSERT INTO {target} ({columns}) {compiler.process(element.found, **kw)}"


class Noted(ExecutableDDLElement):
    """A table of its own."""

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(Noted)
def _noted(element: Any, compiler: Any, **kw: Any) -> str:
    kind = compiler.type_compiler.process(String(9))
    return f"CREATE TABLE {compiler.preparer.quote(element.name)} (a {kind})"


class Remote(TableClause):
    """A table with a word behind it, which the databases take for an alias."""

    inherit_cache = True


# @compiles ------------------------------------------------------------------------------------------


@pytest.mark.feature("D086", "D087")
def test_own_constructs_give_rows(conn: Any) -> None:
    masked = [(r["x"] & 3) + (r["id"] & 3) for r in ROWS]
    assert conn.scalars(select(Masked(t.c.x, t.c.id)).order_by(t.c.id)).all() == masked
    assert conn.scalars(select(t.c.id).where(Masked(t.c.x) + 1 > 2).order_by(t.c.id)).all() == [
        r["id"] for r in ROWS if (r["x"] & 3) + 1 > 2
    ]
    for least in (2, 5):
        found = conn.execute(select(t.c.id, Longest(t.c.x, least).label("n")).order_by(t.c.id)).all()
        assert found == [(r["id"], max(r["x"], least)) for r in ROWS]
    with conn.begin_nested() if conn.in_transaction() else conn.begin():
        conn.execute(Copied(u, select(t.c.id).where(Longest(t.c.x, 3) > bindparam("least")).params(least=3)))
    assert conn.scalars(select(u.c.id).order_by(u.c.id)).all() == [r["id"] for r in ROWS if r["x"] > 3]
    conn.execute(Noted("an odd name"))
    assert conn.scalar(select(func.count()).select_from(TableClause("an odd name"))) == 0
    quoted = conn.dialect.identifier_preparer.quote("an odd name")
    conn.exec_driver_sql(f"DROP TABLE {quoted}")


@pytest.mark.feature("D086")
def test_constructs_of_the_library_are_changed_and_given_back(conn: Any) -> None:
    @compiles(Select, "sqlite", "postgresql", "mysql", "mariadb")
    def noted(element: Any, compiler: Any, **kw: Any) -> str:
        return str(compiler.visit_select(element.prefix_with("/* noted */"), **kw))

    @compiles(CreateColumn)
    def noted_column(element: Any, compiler: Any, **kw: Any) -> str:
        return str(compiler.visit_create_column(element, **kw)) + " /* a column */"

    try:
        statement = select(t.c.id).where(t.c.x == 4)
        assert "SELECT /* noted */ t.id" in told(statement, conn.dialect)
        assert conn.scalars(statement).all() == [r["id"] for r in ROWS if r["x"] == 4]
        assert told(CreateTable(u)).count("/* a column */") == 2
    finally:
        deregister(Select)
        deregister(CreateColumn)
    assert "noted" not in told(select(t.c.id), conn.dialect) and "/*" not in told(CreateTable(u))
    deregister(Select)


@pytest.mark.feature("D086")
def test_a_function_registered_later_is_used_from_then_on() -> None:
    """Statements compiled before are not: like SQLAlchemy's, the cache is emptied by whoever registers."""

    class Late(ColumnElement[int]):
        inherit_cache = True
        type = Integer()

    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        compiles(Late)(lambda element, compiler, **kw: "1")
        assert conn.scalar(select(Late())) == 1
        compiles(Late)(lambda element, compiler, **kw: "2")
        engine.clear_compiled_cache()
        assert conn.scalar(select(Late())) == 2
        compiles(Late, "sqlite")(lambda element, compiler, **kw: "3")
        engine.clear_compiled_cache()
        assert conn.scalar(select(Late())) == 3
        deregister(Late)
        engine.clear_compiled_cache()
        with pytest.raises(exc.UnsupportedCompilationError, match="Late"):
            conn.scalar(select(Late()))
    engine.dispose()


@pytest.mark.feature("D086")
def test_what_a_function_reads_of_the_compiler() -> None:
    seen: list[Any] = []

    class Curious(ColumnElement[int]):
        inherit_cache = True
        type = Integer()

    @compiles(Curious)
    def curious(element: Any, compiler: Any, **kw: Any) -> str:
        seen.append(
            (
                compiler.isinsert,
                compiler.isupdate,
                compiler.isdelete,
                len(compiler.stack),
                bool(kw.get("within_columns_clause")),
                type(compiler.compile_state).__name__ if compiler.compile_state is not None else None,
                compiler.dialect.name,
                compiler.statement is not None,
            )
        )
        return "1"

    c = Curious()
    for statement in (
        select(c),
        select(t.c.id).where(c == 1),
        insert(t).values(x=c),
        update(t).values(x=c),
        delete(t).where(c == 1),
        select(select(c.label("q")).subquery().c.q),
    ):
        told(statement)
    assert [entry[:5] for entry in seen] == [
        (False, False, False, 1, True),
        (False, False, False, 1, False),
        (True, False, False, 1, False),
        (False, True, False, 1, False),
        (False, False, True, 1, False),
        (False, False, False, 2, True),
    ]
    assert all(entry[6:] == ("default", True) for entry in seen)


# Keys -----------------------------------------------------------------------------------------------


@pytest.mark.feature("D087")
def test_keys_follow_from_what_a_class_says() -> None:
    assert Masked(t.c.x)._generate_cache_key() == Masked(t.c.x)._generate_cache_key()
    assert Masked(t.c.x)._generate_cache_key() != Masked(t.c.id)._generate_cache_key()
    assert Masked(t.c.x)._generate_cache_key() != Masked(t.c.x, bits=1)._generate_cache_key()
    assert Masked(t.c.x)._generate_cache_key() != Masked(t.c.x, 1)._generate_cache_key()
    key = Masked(t.c.x, 5)._generate_cache_key()
    assert key == Masked(t.c.x, 6)._generate_cache_key()
    assert key is not None and [bind.value for bind in key.bindparams] == [5]

    class Refusing(ColumnElement[int]):
        inherit_cache = False
        type = Integer()

    class Silent(ColumnElement[int]):
        type = Integer()

    class Heir(Masked):
        inherit_cache = True

    class SilentHeir(Masked):
        pass

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert select(Refusing())._generate_cache_key() is None
        assert Heir(t.c.x)._generate_cache_key() == Heir(t.c.x)._generate_cache_key() is not None
        assert Heir(t.c.x)._generate_cache_key() != Masked(t.c.x)._generate_cache_key()
    for cls, made in ((Silent, Silent()), (SilentHeir, SilentHeir(t.c.x))):
        with pytest.warns(exc.SAWarning) as told_of:
            assert select(made)._generate_cache_key() is None
        assert str(told_of[0].message).startswith(
            f"Class {cls.__name__} will not make use of SQL compilation caching as it does not set the "
            "'inherit_cache' attribute to ``True``.  This can have significant performance implications"
        )


@pytest.mark.feature("D087")
def test_cached_statements_take_the_values_of_the_day(conn: Any) -> None:
    for bits in (1, 3):
        for least in (0, 1, 2):
            found = conn.scalars(select(t.c.id).where(Masked(t.c.x, least, bits=bits) > least))
            assert sorted(found.all()) == [r["id"] for r in ROWS if (r["x"] & bits) + (least & bits) > least]


# Clauses put in ---------------------------------------------------------------------------------------


class Comment(SyntaxExtension, ClauseElement):
    """A comment where it is told."""

    _traverse_internals = [("word", InternalTraversal.dp_string), ("where", InternalTraversal.dp_string)]

    def __init__(self, word: str, where: str) -> None:
        self.word, self.where = word, where

    def _apply(self, statement: Any) -> None:
        statement.apply_syntax_extension_point(lambda existing: [*existing, self], self.where)

    apply_to_select = apply_to_insert = apply_to_update = apply_to_delete = _apply


@compiles(Comment)
def _comment(element: Any, compiler: Any, **kw: Any) -> str:
    return f"/* {element.word} */"


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __table__ = t


@pytest.mark.feature("D088")
def test_clauses_stand_where_they_are_put_and_run(conn: Any) -> None:
    statement: Any = select(t.c.x, func.count()).group_by(t.c.x).order_by(t.c.x)
    for place in ("post_select", "pre_columns", "post_criteria", "post_body"):
        statement = statement.ext(Comment(place, place))
    assert told(statement) == (
        "SELECT /* post_select */ /* pre_columns */ t.x, count(*) AS count_1 FROM t GROUP BY t.x "
        "/* post_criteria */ ORDER BY t.x /* post_body */"
    )
    numbers = [r["x"] for r in ROWS]
    assert conn.execute(statement).all() == [(x, numbers.count(x)) for x in sorted(set(numbers))]
    made = conn.execute(insert(t).values(id=50, x=1).ext(Comment("noted", "post_values")))
    assert made.rowcount == 1
    changed = update(t).values(x=9).where(t.c.id == 50).ext(Comment("noted", "post_criteria"))
    assert conn.execute(changed).rowcount == 1
    assert conn.execute(delete(t).where(t.c.id == 50).ext(Comment("noted", "post_criteria"))).rowcount == 1
    assert Comment("a", "post_body")._generate_cache_key() != Comment("b", "post_body")._generate_cache_key()


@pytest.mark.feature("D088")
def test_clauses_in_statements_of_objects(conn: Any) -> None:
    with Session(conn) as session:
        statement = select(Thing).where(Thing.id < 4).order_by(Thing.id).ext(Comment("mine", "post_criteria"))
        assert "WHERE t.id < :id_1 /* mine */ ORDER BY t.id" in told(statement)
        assert [thing.id for thing in session.scalars(statement)] == [1, 2, 3]
        changed = update(Thing).where(Thing.id == 1).values(x=5).ext(Comment("mine", "post_criteria"))
        session.execute(changed, execution_options={"synchronize_session": False})
        assert session.get_one(Thing, 1, populate_existing=True).x == 5
        session.rollback()


@pytest.mark.feature("D088")
@pytest.mark.backends("postgresql")
def test_distinct_on(conn: Any) -> None:
    statement = select(t.c.s, t.c.id).order_by(t.c.s, t.c.id.desc()).ext(postgresql.distinct_on(t.c.s))
    last = {r["s"]: r["id"] for r in ROWS}
    assert conn.execute(statement).all() == sorted(last.items())


@pytest.mark.feature("D088")
@pytest.mark.backends("mariadb")
def test_limits_of_changes(conn: Any) -> None:
    assert conn.execute(update(t).values(x=100).ext(mysql.limit(3))).rowcount == 3
    assert conn.execute(delete(t).ext(mysql.limit(4))).rowcount == 4
    assert conn.scalar(select(func.count()).select_from(t)) == len(ROWS) - 4


@pytest.mark.feature("D088")
def test_what_is_no_clause_is_refused() -> None:
    with pytest.raises(exc.ArgumentError, match=r"Syntax extension construct expected, got Column\('x'"):
        select(t).ext(t.c.x)
    with pytest.raises(ValueError, match="Unknown position 'nowhere' for .*; known positions: 'post_select'"):
        select(t).ext(Comment("a", "nowhere"))
    with pytest.raises(NotImplementedError, match="Extension DMLLimitClause cannot be applied to select"):
        select(t).ext(mysql.limit(5))


# Visitors ----------------------------------------------------------------------------------------------


@pytest.mark.feature("D089")
def test_what_visitors_make_runs(conn: Any) -> None:
    statement = select(t.c.id).where(and_(t.c.x > 2, Masked(t.c.x, 1) < 9)).order_by(t.c.id)
    met = {element.name for element in visitors.iterate(statement) if element.__visit_name__ == "column"}
    assert met == {"id", "x"}

    def double(bind: BindParameter[Any]) -> None:
        bind.value = bind.value * 2

    doubled = visitors.cloned_traverse(statement, {}, {"bindparam": double})
    assert conn.scalars(doubled).all() == [r["id"] for r in ROWS if r["x"] > 4 and (r["x"] & 3) + 2 < 18]
    assert conn.scalars(statement).all() == [r["id"] for r in ROWS if r["x"] > 2]

    def to_id(element: Any) -> Any:
        return t.c.id if element is t.c.x else None

    replaced = visitors.replacement_traverse(statement, {}, to_id)
    assert conn.scalars(replaced).all() == [r["id"] for r in ROWS if r["id"] > 2 and (r["id"] & 3) + 1 < 9]

    class Reading(visitors.ExternalTraversal):
        def __init__(self) -> None:
            self.values: list[Any] = []

        def visit_bindparam(self, bind: Any) -> None:
            self.values.append(bind.value)

    reading = Reading()
    assert reading.traverse(statement) is statement and sorted(reading.values) == [1, 2, 9]
    seen: list[str] = []
    visitors.traverse(statement, {}, {"table": lambda table: seen.append(table.name)})
    visitors.traverse_using([t, t.c.x], statement, {"column": lambda column: seen.append(column.name)})
    assert seen == ["t", "x"]
    assert isinstance(t, visitors.Visitable) and isinstance(Integer(), visitors.Visitable)
    alias = t.alias("a")
    adapted = sql_util.ClauseAdapter(alias).traverse(select(t.c.id).where(t.c.x > 2))
    assert sorted(conn.scalars(adapted)) == [r["id"] for r in ROWS if r["x"] > 2]
    assert sql_util.find_tables(adapted) == [] or sql_util.find_tables(adapted, include_aliases=True)


@pytest.mark.feature("D089")
def test_parts_that_a_class_lists_are_copied_and_compared() -> None:
    one = Masked(t.c.x, 5, u.c.id)
    assert list(one.get_children()) == [one.element, *one.others]
    copy = visitors.cloned_traverse(one, {}, {"bindparam": lambda bind: setattr(bind, "value", 6)})
    assert [other.value for other in one.others[:1]] == [5] and copy.others[0].value == 6
    assert one.compare(Masked(t.c.x, 5, u.c.id)) and not one.compare(copy)
    assert one.compare(copy, compare_values=False) and not one.compare(Masked(t.c.x, 5, u.c.id, bits=1))
    assert Masked._traverse_internals[0] == ("element", InternalTraversal.dp_clauseelement)
    assert "_where_criteria" in [name for name, _ in Select._traverse_internals]


# Roles -------------------------------------------------------------------------------------------------


class Money:
    """An amount that can stand in SQL."""

    def __init__(self, amount: Any) -> None:
        self.amount = amount

    def __clause_element__(self) -> Any:
        if isinstance(self.amount, int):
            return literal(self.amount, Integer)
        return self.amount


@pytest.mark.feature("D091")
def test_objects_that_stand_for_sql(conn: Any) -> None:
    column_like, value = Money(t.c.x), Money(Money(3))
    found = conn.execute(select(column_like).where(t.c.x > value).order_by(column_like, t.c.id)).all()
    assert found == [(x,) for x in sorted(r["x"] for r in ROWS) if x > 3]
    conn.execute(update(t).where(t.c.id == 1).values({Money(t.c.x): value}))
    assert conn.scalar(select(t.c.x).where(t.c.id == 1)) == 3
    assert conn.scalar(select(func.max(column_like))) == max(3, *(r["x"] for r in ROWS[1:]))


@pytest.mark.feature("D091")
def test_roles_say_what_may_stand_where() -> None:
    expected = coercions.expect(roles.ColumnsClauseRole, Money(t.c.x))
    assert expected is t.c.x and isinstance(expected, roles.ExpressionElementRole)
    assert isinstance(t, roles.FromClauseRole) and not isinstance(t.c.x, roles.FromClauseRole)
    assert issubclass(roles.FromClauseRole, roles.ColumnsClauseRole)
    message = "FROM expression, such as a Table or alias() object expected for argument 'source'; got 5."
    with pytest.raises(exc.ArgumentError) as told_of:
        coercions.expect(roles.FromClauseRole, 5, argname="source")
    assert str(told_of.value) == message

    class Source(roles.FromClauseRole, ClauseElement):
        inherit_cache = True
        named_with_column = False
        _hide_froms: Any = ()

        @property
        def _from_objects(self) -> Any:
            return [self]

    compiles(Source)(lambda element, compiler, **kw: "source()")
    assert isinstance(Source(), roles.FromClauseRole) and isinstance(Source(), Source)
    assert not isinstance(t, Source)
    assert told(select(column("a")).select_from(Source())) == "SELECT a FROM source()"
    with pytest.raises(
        exc.ArgumentError, match="Column expression, FROM clause, or other columns clause elem"
    ):
        select({"a": 1})


# Annotations -------------------------------------------------------------------------------------------


def doubled(number: SQLColumnExpression[int], when: ColumnExpressionArgument[bool]) -> ColumnElement[int]:
    return relvar.case((when, number * 2), else_=number)


@pytest.mark.feature("D092")
def test_names_for_annotations(conn: Any) -> None:
    assert set(get_type_hints(doubled)) == {"number", "when", "return"}
    assert conn.scalars(select(doubled(t.c.x, t.c.id > 5)).order_by(t.c.id)).all() == [
        r["x"] * 2 if r["id"] > 5 else r["x"] for r in ROWS
    ]
    assert relvar.ColumnExpressionArgument is ColumnExpressionArgument
    for thing in (t.c.x, t.c.x + 1, func.f(1), literal(1), Thing.id, Masked(t.c.x)):
        assert isinstance(thing, SQLColumnExpression)
    for thing in (t, text("a"), 5, "x", Integer()):
        assert not isinstance(thing, SQLColumnExpression)
    assert issubclass(ColumnElement, SQLColumnExpression)
    for generic in (ColumnElement, SQLColumnExpression, ColumnExpressionArgument, BindParameter, Column):
        assert generic[int] == generic[int]
    assert Select[int, str] == Select[int, str] and operators.custom_op[Any]
    assert sqlite.dialect().name == "sqlite"
