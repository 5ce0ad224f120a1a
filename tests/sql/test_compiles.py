"""Text of one's own: ``@compiles``, and compilers of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    exc,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect
from relvar.ext.compiler import compiles, deregister
from relvar.schema import CreateTable, DDLElement
from relvar.sql.compiler import IdentifierPreparer, SQLCompiler
from relvar.sql.expression import (
    ClauseElement,
    ColumnClause,
    ColumnElement,
    Executable,
    FunctionElement,
    Insert,
)
from relvar.types import TypeDecorator, UserDefinedType

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


class stamp(ColumnElement[Any]):
    """The time, as each database says it."""

    type = DateTime()
    inherit_cache = True


class later_stamp(stamp):
    """The same."""

    inherit_cache = True


class greatest(FunctionElement[Any]):
    """The greatest of some numbers."""

    type = Integer()
    name = "greatest"
    inherit_cache = True


class insert_from(Executable, ClauseElement):
    """An INSERT of a SELECT."""

    inherit_cache = False

    def __init__(self, table: Any, select: Any) -> None:
        self.table = table
        self.select = select


class drop_all_the_things(DDLElement):
    """DDL of one's own."""

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(stamp)
def _stamp(element: Any, compiler: Any, **kw: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(stamp, "mysql", "mariadb")
def _mysql_stamp(element: Any, compiler: Any, **kw: Any) -> str:
    return "NOW()"


@compiles(greatest)
def _greatest(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.visit_function(element, **kw))


@compiles(greatest, "sqlite")
def _sqlite_greatest(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(insert_from)
def _insert_from(element: Any, compiler: Any, **kw: Any) -> str:
    return f"INSERT INTO {compiler.process(element.table, asfrom=True)} {compiler.process(element.select)}"


@compiles(drop_all_the_things)
def _drop(element: Any, compiler: Any, **kw: Any) -> str:
    return f"DROP EVERYTHING {compiler.preparer.quote(element.name)}"


def text(statement: Any, dialect: Any = None) -> str:
    return str(statement.compile(dialect=dialect))


@pytest.mark.feature("D086")
def test_an_element_of_ones_own() -> None:
    assert text(select(stamp().label("x"))) == "SELECT CURRENT_TIMESTAMP AS x"
    assert text(select(stamp()), mysql.dialect()) == "SELECT NOW() AS anon_1"
    assert text(t.select().where(later_stamp() > literal("x")), mysql.dialect()).endswith("WHERE NOW() > %s")
    assert text(select(greatest(1, t.c.id))) == "SELECT greatest(:greatest_2, t.id) AS greatest_1 \nFROM t"
    assert text(select(greatest(1, t.c.id)), sqlite.dialect()) == "SELECT max(?, t.id) AS greatest_1 \nFROM t"
    copied = insert_from(t, select(t).where(t.c.id > 5))
    assert text(copied) == "INSERT INTO t SELECT t.id, t.name \nFROM t \nWHERE t.id > :id_1"
    assert copied.compile().params == {"id_1": 5}
    assert text(drop_all_the_things("Us")) == 'DROP EVERYTHING "Us"'


@pytest.mark.feature("D086")
def test_executed(sqlite_engine: Any) -> None:
    t.create(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(insert(t), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        assert connection.scalar(select(greatest(5, t.c.id)).where(t.c.id == 1)) == 5
        assert connection.scalar(select(greatest(0, t.c.id)).where(t.c.id == 2)) == 2
        named = select((t.c.id + 10).label("id"), t.c.name).where(t.c.id == 2)
        connection.execute(insert_from(t, named))
        assert connection.scalars(select(t.c.id).order_by(t.c.id)).all() == [1, 2, 12]
        assert connection.scalar(select(stamp())) is not None
    t.drop(sqlite_engine)


@pytest.mark.feature("D086")
def test_an_element_without_text() -> None:
    class lonely(ColumnElement[Any]):
        inherit_cache = True

    with pytest.raises(exc.UnsupportedCompilationError, match="can't render element of type"):
        text(select(lonely()), sqlite.dialect())

    @compiles(lonely, "sqlite")
    def render(element: Any, compiler: Any, **kw: Any) -> str:
        return "lonely"

    assert text(lonely(), sqlite.dialect()) == "lonely"
    with pytest.raises(exc.UnsupportedCompilationError, match="lonely"):
        text(lonely(), postgresql.dialect())


@pytest.fixture
def prefixed() -> Iterator[None]:
    @compiles(Insert)
    def render(element: Any, compiler: Any, **kw: Any) -> str:
        return str(compiler.visit_insert(element.prefix_with("/* mine */"), **kw))

    yield
    deregister(Insert)


@pytest.mark.feature("D086")
def test_a_construct_of_the_library(prefixed: None) -> None:
    assert text(insert(t).values(id=1)) == "INSERT /* mine */ INTO t (id) VALUES (:id)"


@pytest.mark.feature("D086")
def test_the_conditions_of_a_statement_are_as_they_are_written() -> None:
    flag, word = Column("flag", Boolean), Column("word", String)
    Table("w", MetaData(), flag, word)
    written = {
        word.endswith("x"): "(w.word LIKE '%' || 'x')",
        ~word.contains("x"): "(w.word NOT LIKE '%' || 'x' || '%')",
        flag: "w.flag = 1",
        word == "x": "w.word = 'x'",
        or_(flag, word == "x"): "w.flag = 1 OR w.word = 'x'",
        exists(select(word)): "EXISTS (SELECT w.word \nFROM w)",
    }
    for condition, text in written.items():
        for statement in (select(flag), delete(flag.table), update(flag.table)):
            whole = statement.where(condition).whereclause
            assert str(
                whole.compile(dialect=mssql.dialect(), compile_kwargs={"literal_binds": True})
            ) == text.replace("||", "+")
    assert str(select(flag).where(true(), word == "x").whereclause) == "w.word = :word_1"
    assert str(delete(flag.table).where(word == "x", or_(flag, word == "y")).whereclause) == (
        "w.word = :word_1 AND (w.flag OR w.word = :word_2)"
    )


def test_a_rule_without_text_is_no_word() -> None:
    class silent(ColumnElement[Any]):
        type = Integer()
        inherit_cache = True

    compiles(silent)(lambda element, compiler, **kw: None)
    for statement in (
        select(silent()),
        select(silent().label("x")),
        select(t).where(silent() == 1),
        select(t).where(t.c.id == silent()),
        select(t.c.id + silent()),
    ):
        with pytest.raises(TypeError, match="NoneType"):
            str(statement)


def test_it_can_be_taken_back() -> None:
    assert text(insert(t).values(id=1)) == "INSERT INTO t (id) VALUES (:id)"


@pytest.mark.feature("D086", "S023")
def test_types() -> None:
    class Point(UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return "POINT"

    class Money(TypeDecorator[Any]):
        impl = Integer
        cache_ok = True

    class Name(String):
        pass

    @compiles(Name)
    def name(element: Any, compiler: Any, **kw: Any) -> str:
        return f"NAME({element.length})"

    @compiles(Name, "postgresql")
    def postgresql_name(element: Any, compiler: Any, **kw: Any) -> str:
        return str(compiler.visit_VARCHAR(element, **kw)) + " /* name */"

    table = Table("p", MetaData(), Column("a", Point), Column("b", Money), Column("c", Name(5)))
    assert text(CreateTable(table)) == "\nCREATE TABLE p (\n\ta POINT, \n\tb INTEGER, \n\tc NAME(5)\n)\n\n"
    assert "c VARCHAR(5) /* name */" in text(CreateTable(table), postgresql.dialect())


class ShoutingCompiler(SQLCompiler):
    """A compiler of a dialect that is not part of the library."""

    def limit_clause(self, select: Any, **kw: Any) -> str:
        return f"\n ROWS {self.process(select._limit_clause, **kw)}"

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        return " LOCK!"

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        return "/* mine */ " + super().get_select_precolumns(select, **kw)

    def group_by_clause(self, select: Any, **kw: Any) -> str:
        return super().group_by_clause(select, **kw).replace("GROUP BY", "GROUPED BY")

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        return super().order_by_clause(select, **kw).lower()

    def default_from(self) -> str:
        return " FROM dual"

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        return "SYSDATE"

    def visit_true(self, element: Any, **kw: Any) -> str:
        return "T"

    def visit_join(self, join: Any, asfrom: bool = False, from_linter: Any = None, **kw: Any) -> str:
        return super().visit_join(join, asfrom=asfrom, from_linter=from_linter, **kw).upper()

    def visit_concat_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left, **kw)} & {self.process(binary.right, **kw)}"

    def render_literal_value(self, value: Any, type_: Any) -> str:
        return "<" + super().render_literal_value(value, type_) + ">"

    def visit_column(self, column: ColumnClause[Any], *args: Any, **kw: Any) -> str:
        return super().visit_column(column, *args, **kw).upper()


class ShoutingPreparer(IdentifierPreparer):
    """Quotes of a dialect that is not part of the library."""

    reserved_words = {"name"}

    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect, initial_quote="<", final_quote=">")


class ShoutingDialect(DefaultDialect):
    """A dialect that is not part of the library."""

    name = "shouting"
    statement_compiler = ShoutingCompiler
    preparer = ShoutingPreparer
    supports_statement_cache = True


def test_a_compiler_of_ones_own() -> None:
    other = Table("o", MetaData(), Column("t_id", Integer))
    statement = (
        select(t.c.name + "x", func.now())
        .join(other, other.c.t_id == t.c.id)
        .group_by(t.c.name)
        .order_by(t.c.id)
        .limit(3)
        .with_for_update()
    )
    assert text(statement, ShoutingDialect()) == (
        "SELECT /* mine */ T.<NAME> & :name_1 AS anon_1, SYSDATE AS now_1 \n"
        "FROM T JOIN O ON O.T_ID = T.ID GROUPED BY T.<NAME> order by t.id\n ROWS :param_1 LOCK!"
    )
    assert text(select(literal(1)), ShoutingDialect()) == "SELECT /* mine */ :param_1 AS anon_1 FROM dual"
    shown = (
        select(t.c.id)
        .where(t.c.name == "x")
        .compile(dialect=ShoutingDialect(), compile_kwargs={"literal_binds": True})
    )
    assert str(shown) == "SELECT /* mine */ T.ID \nFROM t \nWHERE T.<NAME> = <'x'>"
