"""Text of one's own: what ``@compiles`` and custom elements show, and what a compiled statement tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from relvar import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    column,
    delete,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    union,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect, StrCompileDialect
from relvar.ext.compiler import compiles, deregister
from relvar.schema import (
    AddConstraint,
    CreateColumn,
    CreateIndex,
    CreateTable,
    DDLElement,
    ExecutableDDLElement,
)
from relvar.sql import operators
from relvar.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    Case,
    Grouping,
    Label,
    Null,
)
from relvar.sql.expression import (
    Alias,
    ClauseElement,
    ColumnClause,
    ColumnElement,
    Delete,
    Executable,
    FromClause,
    FunctionElement,
    Insert,
    Join,
    Over,
    Select,
    TableClause,
    TextClause,
    UnaryExpression,
    Update,
)
from relvar.sql.functions import Function, GenericFunction, coalesce, now
from relvar.types import TypeDecorator, UserDefinedType

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")))

DIALECTS: dict[str, Any] = {
    "default": DefaultDialect,
    "str": StrCompileDialect,
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
    "mysql": mysql.dialect,
    "mssql": mssql.dialect,
}


def said(thing: Any, dialect: str = "default", **kw: Any) -> str:
    """The text on one line, or the error."""
    try:
        return " ".join(str(thing.compile(dialect=DIALECTS[dialect](), **kw)).split())
    except exc.CompileError as error:
        # a compiler is known by its database: SQLAlchemy has classes per driver
        return re.sub("Compiler_(psycopg|mysqldb|pyodbc)", "Compiler", f"{type(error).__name__}: {error}")


def everywhere(thing: Any) -> tuple[str, ...]:
    return tuple(f"{name}: {said(thing, name)}" for name in DIALECTS)


@contextmanager
def compiled_by(class_: type[Any], function: Callable[..., str], *dialects: str) -> Iterator[None]:
    """A class has a function for as long as this lasts."""
    compiles(class_, *dialects)(function)
    try:
        yield
    finally:
        deregister(class_)


def changed(class_: type[Any], visit: str, thing: Callable[[], Any], *dialects: str) -> Callable[[], Any]:
    """What comes out when a class of the library has a function that calls the original method."""

    def run() -> Any:
        def function(element: Any, compiler: Any, **kw: Any) -> str:
            return f"<<{getattr(compiler, visit)(element, **kw)}>>"

        with compiled_by(class_, function, *dialects):
            inside = everywhere(thing())
        return (*inside, said(thing()))

    return run


def whole(class_: type[Any], thing: Callable[[], Any], text_: str = "MINE") -> Callable[[], Any]:
    """What comes out when a class of the library has text of its own."""

    def run() -> Any:
        with compiled_by(class_, lambda element, compiler, **kw: text_):
            inside = everywhere(thing())
        return (*inside, said(thing()))

    return run


CASES: dict[str, Callable[[], Any]] = {
    # the library's own constructs
    "insert": changed(Insert, "visit_insert", lambda: insert(t).values(x=1)),
    "insert from select": changed(
        Insert, "visit_insert", lambda: insert(t).from_select(["x"], select(u.c.id))
    ),
    "insert in a cte": changed(
        Insert, "visit_insert", lambda: select(insert(t).values(x=1).returning(t.c.id).cte("made"))
    ),
    "update": changed(Update, "visit_update", lambda: update(t).values(x=1).where(t.c.id == 5)),
    "delete": changed(Delete, "visit_delete", lambda: delete(t).where(t.c.id == 5)),
    "select": changed(Select, "visit_select", lambda: select(t.c.id)),
    "select within": changed(
        Select, "visit_select", lambda: select(t.c.id).where(t.c.x.in_(select(u.c.t_id).where(u.c.id == 1)))
    ),
    "select, one dialect": changed(Select, "visit_select", lambda: select(t.c.id), "mysql", "sqlite"),
    "column": changed(ColumnClause, "visit_column", lambda: select(column("a")).where(column("b") == 1)),
    "table column is a ColumnClause": changed(ColumnClause, "visit_column", lambda: select(t.c.id)),
    "Column": changed(Column, "visit_column", lambda: select(t.c.id, column("a")).where(t.c.x == 1)),
    "binary": changed(
        BinaryExpression, "visit_binary", lambda: select(t.c.x + 1).where(t.c.x == 5, t.c.s.like("a"))
    ),
    "bind": changed(
        BindParameter, "visit_bindparam", lambda: select(t.c.x + 1, literal(4)).where(t.c.x == bindparam("q"))
    ),
    "bind in insert": changed(BindParameter, "visit_bindparam", lambda: insert(t).values(x=1)),
    "expanding bind": changed(
        BindParameter, "visit_bindparam", lambda: select(t.c.x).where(t.c.x.in_([1, 2]))
    ),
    "label": changed(
        Label, "visit_label", lambda: select(t.c.x.label("z"), t.c.id).order_by(t.c.x.label("z"))
    ),
    "case": changed(Case, "visit_case", lambda: select(func.abs(t.c.x), _case())),
    "unary": changed(UnaryExpression, "visit_unary", lambda: select(-t.c.x).order_by(t.c.x.desc())),
    "boolean": changed(BooleanClauseList, "visit_clauselist", lambda: (t.c.x == 1) & (t.c.id == 2)),
    "grouping": changed(Grouping, "visit_grouping", lambda: (t.c.x + 1) * 3),
    "null": whole(Null, lambda: select(t.c.x).where(t.c.x.is_(None))),
    "alias": changed(Alias, "visit_alias", lambda: select(t.alias("a"))),
    "join": changed(Join, "visit_join", lambda: select(t.c.id).join(u)),
    "text": changed(TextClause, "visit_textclause", lambda: text("a = :b")),
    "text where": changed(TextClause, "visit_textclause", lambda: select(t.c.id).where(text("a = :b"))),
    "over": changed(Over, "visit_over", lambda: select(func.row_number().over(order_by=t.c.id))),
    "function": changed(Function, "visit_function", lambda: select(func.lower(t.c.s), func.now())),
    "known function": changed(now, "visit_now_func", lambda: select(func.now(), func.lower("x"))),
    "known function, whole": whole(now, lambda: select(func.now().label("n"), func.lower(t.c.s))),
    "coalesce": changed(coalesce, "visit_function", lambda: select(func.coalesce(t.c.x, 5))),
    "table": changed(Table, "visit_table", lambda: select(t.c.id).join(u)),
    "table, all kinds": changed(
        TableClause, "visit_table", lambda: select(column("q")).select_from(t, TableClause("lower_case"))
    ),
    "create table": changed(CreateTable, "visit_create_table", lambda: CreateTable(u)),
    "create column": changed(CreateColumn, "visit_create_column", lambda: CreateTable(t)),
    "create index": changed(CreateIndex, "visit_create_index", lambda: CreateIndex(Index("i", t.c.x.desc()))),
    "constraint": changed(
        UniqueConstraint,
        "visit_unique_constraint",
        lambda: CreateTable(Table("q", MetaData(), Column("a", Integer), UniqueConstraint("a", name="qa"))),
    ),
    "check": changed(
        CheckConstraint,
        "visit_check_constraint",
        lambda: CreateTable(
            Table("q", MetaData(), Column("a", Integer), CheckConstraint("a > 1", name="qa"))
        ),
    ),
    "add constraint": changed(
        AddConstraint,
        "visit_add_constraint",
        lambda: AddConstraint(UniqueConstraint(Table("q", MetaData(), Column("a", Integer)).c.a, name="qa")),
    ),
    "type": changed(Integer, "visit_integer", lambda: CreateTable(t)),
    "type in cast": changed(Integer, "visit_INTEGER", lambda: func.cast(t.c.x, Integer).op("q")(_cast())),
    "string type": changed(String, "visit_string", lambda: CreateTable(t)),
    "boolean type": changed(
        Boolean, "visit_BOOLEAN", lambda: CreateTable(Table("q", MetaData(), Column("b", Boolean)))
    ),
    "one dialect, create column": changed(
        CreateColumn, "visit_create_column", lambda: CreateTable(t), "postgresql"
    ),
    # without text of its own
    "str: no handler": lambda: Lonely(),
    "no handler in select": lambda: everywhere(select(Lonely())),
    "no handler, ddl": lambda: LonelyDDL(),
    "no handler, type": lambda: CreateTable(Table("q", MetaData(), Column("a", LonelyType()))),
    "no handler, str of type": lambda: str(LonelyType()),
    "no handler, executable": lambda: LonelyStatement(),
    "no visit name at all": lambda: said(NoName()),
    "only one dialect": lambda: _only_one(),
    "only one dialect, subclass": lambda: _only_one_subclass(),
    "subclass has its own": lambda: _inherits(),
    "registered twice": lambda: _twice(),
    "deregister what is not registered": lambda: _deregister(),
    "several dialects at once": lambda: _several(),
    "calls super's": lambda: _calls_super(),
    "kw pass through": lambda: _kw(),
    "type decorator": lambda: _decorated(),
    "function with a name": lambda: _named_function(),
    "columns of a function": lambda: _function_columns(),
    "statement with columns": lambda: _statement_columns(),
    "result map": lambda: _result_map(),
    "from clause": lambda: _from_clause(),
    "subclass of table": lambda: _subclass_of_table(),
    "all: bind in own element": lambda: select(Twice(t.c.x + 1)).where(Twice(literal(4)) > 3),
    "all: own element in operators": lambda: select(
        (Twice(t.c.x) * 3 + 1).label("a"), -Twice(t.c.x), ~(Twice(t.c.x) == 1)
    ),
    "own comparison": lambda: (
        Twice(t.c.x).is_(None),
        Twice(t.c.x).in_([1, 2]),
        Twice(t.c.x).desc(),
        Twice(t.c.x).between(1, 2),
    ),
    "own element label": lambda: select(Twice(t.c.x).label("q")).order_by("q"),
    "own elements named alike": lambda: select(Twice(t.c.x), Twice(t.c.id)),
    "own element is cast": lambda: select(_cast_of(Twice(t.c.x))),
    "own element in group by": lambda: select(Twice(t.c.x)).group_by(Twice(t.c.x)).having(Twice(t.c.x) > 1),
    "own element in insert": lambda: insert(t).values(x=Twice(literal(5))),
    "own element in update": lambda: update(t).values(x=Twice(t.c.x)).where(Twice(t.c.x) == 1),
    "own element subquery": lambda: select(select(Twice(t.c.x).label("q")).subquery().c.q),
    "own element froms": lambda: (repr(list(Twice(t.c.x)._from_objects)), str(select(Twice(t.c.x)))),
    "own element is grouped": lambda: (
        Grouped(t.c.x) + 1,
        Grouped(t.c.x) == 1,
        func.abs(Grouped(t.c.x)),
        Grouped(t.c.x).desc(),
    ),
    "function over": lambda: Greatest(t.c.x, 1).over(order_by=t.c.id),
    "function filter": lambda: Greatest(t.c.x, 1).filter(t.c.id > 1),
    "function parts": lambda: (
        repr(len(Greatest(t.c.x, 1).clauses)),
        repr([str(c) for c in Greatest(t.c.x, 1).clauses]),
        str(Greatest(t.c.x, 1).clause_expr),
        repr(Greatest(1).columns.keys()),
        str(Greatest(t.c.x).select()),
        str(Greatest(t.c.x).alias("q")),
    ),
    "function without a name": lambda: _nameless(),
    "executable": lambda: (
        repr(Mover().supports_execution),
        repr(Mover().is_select),
        repr(Mover().is_insert),
        repr(Mover().is_text),
        repr(Mover().is_dml),
        said(Mover()),
    ),
    "executable is not executable": lambda: Twice(t.c.x).compile().execute(),
    "ddl parts": lambda: (
        repr(MakeView("v").supports_execution),
        repr(MakeView("v").target),
        repr(MakeView("v").against(t).target),
        repr(MakeView("v").is_ddl if hasattr(MakeView, "is_ddl") else None),
        said(MakeView("v"), "mysql"),
    ),
    # what a compiled statement tells
    "compiled": lambda: _facts(select(t.c.id, (t.c.x + 1).label("y")).where(t.c.s == "q")),
    "compiled insert": lambda: _facts(insert(t).values(x=1, s=func.lower("Q"))),
    "compiled insert, no values": lambda: _facts(insert(t)),
    "compiled update": lambda: _facts(update(t).values(x=1).where(t.c.id == bindparam("b_id"))),
    "compiled delete": lambda: _facts(delete(t).where(t.c.id == 4)),
    "compiled text": lambda: _facts(text("select :a, :b, :a").bindparams(a=1)),
    "compiled union": lambda: _facts(union(select(t.c.id), select(u.c.id))),
    "compiled ddl": lambda: _ddl_facts(CreateTable(t)),
    "compiled in": lambda: _facts(select(t.c.id).where(t.c.x.in_([3, 4])).limit(2)),
    "odd bind names": lambda: _facts(
        select(t.c.id).where(t.c.x == bindparam("a b%c:d(e)", 5), t.c.s == bindparam("x[1]", 7))
    ),
    "literal binds": lambda: (
        *(f"{d}: {said(_hard(), d, compile_kwargs={'literal_binds': True})}" for d in DIALECTS),
    ),
    "render_postcompile": lambda: (
        *(f"{d}: {said(_hard(), d, compile_kwargs={'render_postcompile': True})}" for d in DIALECTS),
    ),
    "render_postcompile params": lambda: repr(
        sorted(_hard().compile(compile_kwargs={"render_postcompile": True}).params.items())
    ),
    "construct_params": lambda: _construct(),
    "construct_params, missing": lambda: select(bindparam("q")).compile().construct_params(_check=True),
    "construct_params, not given": lambda: repr(select(bindparam("q")).compile().construct_params({})),
    "construct_params, expanding": lambda: repr(_hard().compile().construct_params({"x_1": [7]})),
    "params are copies": lambda: _copies(),
    "str of compiled": lambda: (str(select(t.c.id).compile()), repr(type(select(t.c.id).compile()).__name__)),
    "unknown compile_kwargs": lambda: select(t.c.id).compile(compile_kwargs={"my_own": 1}),
    "column_keys": lambda: insert(t).compile(column_keys=["x"]).string,
    "column_keys, unknown": lambda: insert(t).compile(column_keys=["nope"]).string,
    "schema_translate_map": lambda: (
        select(t.c.id).compile(schema_translate_map={None: "sch"}).string.count("sch")
    ),
    "render_schema_translate": lambda: (
        select(t.c.id).compile(schema_translate_map={None: "sch"}, render_schema_translate=True).string
    ),
    "for_executemany": lambda: insert(t).values(x=1).compile(for_executemany=True).string,
    "no dialect": lambda: (str(t.c.x.regexp_match("a")), str(func.aggregate_strings(t.c.s, ","))),
    "unsupported without a dialect": lambda: _stringified(),
    "other dialect's own": lambda: (
        str(postgresql.insert(t).values(x=1).on_conflict_do_nothing()),
        str(mysql.insert(t).values(x=1).on_duplicate_key_update(x=5)),
        str(postgresql.array([1, 2])),
        str(select(postgresql.aggregate_order_by(t.c.x, t.c.id.desc()))),
    ),
    "own element of a dialect": lambda: str(OfPostgresql()),
    "error names the compiler": lambda: said(Lonely(), "postgresql"),
    "error names the compiler, ddl": lambda: said(LonelyDDL(), "sqlite"),
    "error attributes": lambda: _error_attributes(),
    "bind name conflict": lambda: select(
        bindparam("a", 1), bindparam("a", 2, unique=True), bindparam("a", 3, unique=True)
    ),
    "bind name conflict, types": lambda: select(bindparam("a", 1), bindparam("a", 2)),
    "bind unique conflict": lambda: select(t.c.x == 1, bindparam("x_1", 5)),
    "insert bind conflict": lambda: insert(t).values(x=bindparam("x")).compile(column_keys=["x", "s"]).string,
    "update bind conflict": lambda: update(t).where(t.c.x == bindparam("s")).values(s="q"),
    "sql_compiler of ddl": lambda: (
        CreateTable(t).compile().sql_compiler.process(t.c.x == 5, literal_binds=True)
    ),
    "type compiler": lambda: tuple(
        f"{name}: {dialect().type_compiler_instance.process(kind)}"
        for name, dialect in DIALECTS.items()
        for kind in (String(5), Boolean())
    ),
    "type compile": lambda: (
        String(5).compile(),
        String(5).compile(dialect=mysql.dialect()),
        repr(str(LonelyType())),
    ),
    "compile of string without length": lambda: String().compile(dialect=mysql.dialect()),
    "column compiles": lambda: (
        str(t.c.x.compile(dialect=mysql.dialect())),
        str((t.c.x == 5).compile(dialect=mysql.dialect()).params),
    ),
}


class Twice(ColumnElement[int]):
    inherit_cache = True
    type = Integer()

    def __init__(self, element: Any) -> None:
        self.element = element


@compiles(Twice)
def _twice_text(element: Any, compiler: Any, **kw: Any) -> str:
    return f"twice({compiler.process(element.element, **kw)})"


class Grouped(ColumnElement[int]):
    inherit_cache = True
    type = Integer()

    def __init__(self, element: Any) -> None:
        self.element = element

    def self_group(self, against: Any = None) -> Any:
        return Grouping(self) if against in (operators.add, operators.eq) else self


@compiles(Grouped)
def _grouped_text(element: Any, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.element, **kw)} ## 1"


class Greatest(FunctionElement[int]):
    inherit_cache = True
    name = "greatest"
    type = Integer()


@compiles(Greatest)
def _greatest(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.visit_function(element, **kw))


class Mover(Executable, ClauseElement):
    inherit_cache = False


@compiles(Mover)
def _move(element: Any, compiler: Any, **kw: Any) -> str:
    return f"MOVE {compiler.process(t, asfrom=True)} TO {compiler.process(literal(5))}"


class MakeView(ExecutableDDLElement):
    def __init__(self, name: str) -> None:
        self.name = name


@compiles(MakeView)
def _view(element: Any, compiler: Any, **kw: Any) -> str:
    selected = compiler.sql_compiler.process(select(t.c.id), literal_binds=True)
    return f"MAKE VIEW {compiler.preparer.quote(element.name)} AS {selected}"


class OfPostgresql(ColumnElement[int]):
    inherit_cache = True
    stringify_dialect = "postgresql"
    type = Integer()


@compiles(OfPostgresql, "postgresql")
def _of_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "OF POSTGRESQL"


class Lonely(ColumnElement[int]):
    inherit_cache = True


class LonelyDDL(DDLElement):
    __visit_name__ = "lonely"


class LonelyType(UserDefinedType[int]):
    cache_ok = True


class LonelyStatement(Executable, ClauseElement):
    inherit_cache = False
    __visit_name__ = "lonely_statement"


class NoName(ClauseElement):
    inherit_cache = True


def _case() -> Any:
    from relvar import case

    return case((t.c.x == 1, "a"), else_="b")


def _cast() -> Any:
    from relvar import cast

    return cast(t.c.s, Integer)


def _cast_of(element: Any) -> Any:
    from relvar import cast

    return cast(element, String(5))


def _only_one() -> Any:
    class One(ColumnElement[int]):
        inherit_cache = True

    compiles(One, "sqlite")(lambda element, compiler, **kw: "ONE")
    return everywhere(One())


def _only_one_subclass() -> Any:
    class Early(Select[Any]):
        inherit_cache = True

    compiles(Early, "sqlite")(lambda element, compiler, **kw: "EARLY")
    return everywhere(Early(t.c.id))


def _inherits() -> Any:
    class Base(ColumnElement[int]):
        inherit_cache = True

    class Middle(Base):
        inherit_cache = True

    class Last(Middle):
        inherit_cache = True

    compiles(Base)(lambda element, compiler, **kw: "base")
    compiles(Base, "mysql")(lambda element, compiler, **kw: "base on mysql")
    compiles(Middle, "sqlite")(lambda element, compiler, **kw: "middle on sqlite")
    return (*everywhere(Base()), *everywhere(Middle()), *everywhere(Last()))


def _twice() -> Any:
    class Again(ColumnElement[int]):
        inherit_cache = True

    compiles(Again)(lambda element, compiler, **kw: "first")
    before = said(Again())
    compiles(Again)(lambda element, compiler, **kw: "second")
    return before, said(Again())


def _deregister() -> Any:
    class Never(ColumnElement[int]):
        inherit_cache = True

    result = repr(deregister(Never))
    compiles(Never)(lambda element, compiler, **kw: "never")
    before = said(Never())
    deregister(Never)
    deregister(Never)
    return result, before, said(Never())


def _several() -> Any:
    class Many(ColumnElement[int]):
        inherit_cache = True

    made = compiles(Many, "sqlite", "mysql")(lambda element, compiler, **kw: "several")
    compiles(Many)(lambda element, compiler, **kw: "default")
    return (*everywhere(Many()), made(None, None))


def _calls_super() -> Any:
    class Loud(GenericFunction[Any]):
        name = "loud"
        inherit_cache = True
        type = String()

    @compiles(Loud)
    def loud(element: Any, compiler: Any, **kw: Any) -> str:
        return str(compiler.visit_function(element, **kw)).upper()

    return (
        said(func.loud(t.c.s, "x")),
        said(select(func.loud(t.c.s, "x"))),
        said(select(func.loud("x").label("q"))),
    )


def _kw() -> Any:
    seen: list[str] = []

    class Curious(ColumnElement[int]):
        inherit_cache = True
        type = Integer()

    @compiles(Curious)
    def curious(element: Any, compiler: Any, **kw: Any) -> str:
        seen.append(
            f"{bool(kw.get('within_columns_clause'))} {bool(kw.get('literal_binds'))} {kw.get('mine')}"
        )
        return "curious"

    c = Curious()
    for thing in (
        c,
        select(c),
        select(c.label("q")),
        select(t.c.id).where(c > 1),
        select(t.c.id).order_by(c),
        select(t.c.id).group_by(c),
        select(t.c.id).limit(c),
        insert(t).values(x=c),
        update(t).values(x=c).where(c == 1),
        select(func.f(c)),
        select(t).join(u, c == 1),
        delete(t).where(c == 1).returning(c),
    ):
        thing.compile(compile_kwargs={"mine": "passed on"})
        seen.append("|")
    return tuple(seen)


def _decorated() -> Any:
    class Money(TypeDecorator[int]):
        impl = Integer
        cache_ok = True

    class Cents(Money):
        cache_ok = True

    table = Table("q", MetaData(), Column("a", Money), Column("b", Cents))
    before = everywhere(CreateTable(table))
    with compiled_by(
        Money, lambda element, compiler, **kw: f"MONEY[{compiler.process(element.impl_instance, **kw)}]"
    ):
        return (*before, *everywhere(CreateTable(table)), said(_cast_to(Cents())))


def _cast_to(type_: Any) -> Any:
    from relvar import cast

    return cast(t.c.x, type_)


def _named_function() -> Any:
    class plain(FunctionElement[Any]):
        inherit_cache = True
        name = "plain"

    compiles(plain)(lambda element, compiler, **kw: f"PLAIN[{compiler.process(element.clauses, **kw)}]")
    return said(select(plain(1, t.c.x))), said(select(plain())), said(plain(t.c.x) + 1), repr(plain(1).type)


def _nameless() -> Any:
    class nameless(FunctionElement[Any]):
        inherit_cache = True

    compiles(nameless)(lambda element, compiler, **kw: f"F({compiler.process(element.clauses, **kw)})")
    return said(select(nameless(1, t.c.x))), said(nameless(1) + 1)


def _function_columns() -> Any:
    class pairs(FunctionElement[Any]):
        inherit_cache = True
        name = "pairs"

    compiles(pairs)(lambda element, compiler, **kw: f"PAIRS({compiler.process(element.clauses, **kw)})")
    f = pairs(1, 2)
    rows = f.table_valued("a", "b")
    return (
        said(select(rows.c.a, rows.c.b)),
        said(select(f.alias("q").column)),
        said(select(f.column_valued("z"))),
    )


def _statement_columns() -> Any:
    class Listing(Select[Any]):
        inherit_cache = True

    compiles(Listing)(lambda element, compiler, **kw: "LIST " + str(compiler.visit_select(element, **kw)))
    statement = Listing(t.c.id, t.c.x.label("y"))
    compiled: Any = statement.compile()
    return (
        str(compiled),
        repr([entry[0] for entry in compiled._result_columns]),
        said(Listing(t.c.id).where(t.c.x == 1)),
    )


def _result_map() -> Any:
    class Mapped(ColumnElement[int]):
        inherit_cache = True
        type = Integer()

    compiles(Mapped)(lambda element, compiler, **kw: compiler.process(t.c.x, **kw) + " + 1")
    compiled: Any = select(Mapped(), t.c.id, Twice(t.c.x), func.now(), Mapped().label("q")).compile()
    return tuple(f"{e[0]} {e[1]} {e[3]!r}" for e in compiled._result_columns), str(compiled)


def _from_clause() -> Any:
    class Lines(FromClause):
        inherit_cache = True
        named_with_column = False
        _hide_froms: Any = ()

        def __init__(self, name: str) -> None:
            self.path = name

        def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
            made = column("line", String)
            columns.add(made)

        @property
        def _from_objects(self) -> Any:
            return [self]

    compiles(Lines)(lambda element, compiler, **kw: f"lines('{element.path}')")
    lines = Lines("f.txt")
    return (
        said(select(lines.c.line).select_from(lines)),
        said(select(lines)),
        said(select(lines.alias("q").c.line)),
    )


def _subclass_of_table() -> Any:
    class Remote(TableClause):
        inherit_cache = True

        def __init__(self, name: str, *columns: Any) -> None:
            super().__init__(name, *columns)
            self.at = "there"

    compiles(Remote)(
        lambda element, compiler, **kw: (
            str(compiler.visit_table(element, **kw)) + (f"@{element.at}" if kw.get("asfrom") else "")
        )
    )
    r = Remote("r", column("a"))
    return said(select(r)), said(select(r.alias("q"))), said(insert(r).values(a=1)), said(r.delete())


def _hard() -> Any:
    return select(t.c.id).where(t.c.x.in_([1, 2]), t.c.s == "it's 100% \\ :x", t.c.x.not_in([])).limit(3)


FLAGS = ("isinsert", "isupdate", "isdelete", "isplaintext", "is_sql", "is_ddl")


def _facts(statement: Any) -> Any:
    found: list[str] = []
    for name, dialect in DIALECTS.items():
        compiled = statement.compile(dialect=dialect())
        found.append(
            f"{name}: {' '.join(compiled.string.split())} | {sorted(compiled.params.items(), key=str)}"
            f" | {compiled.positiontup} | {sorted(compiled.bind_names.values())}"
            f" | {dict(compiled.escaped_bind_names)} | {[k for k in FLAGS if getattr(compiled, k)]}"
            f" | {compiled.sql_compiler is compiled} | {compiled.returning_precedes_values}"
            f" | {compiled.inline if compiled.isinsert or compiled.isupdate else ''} | {len(compiled.stack)}"
        )
    return tuple(found)


def _ddl_facts(statement: Any) -> Any:
    compiled = statement.compile()
    return (
        repr(compiled.is_ddl),
        repr(compiled.is_sql),
        repr(compiled.params),
        repr(compiled.construct_params()),
        type(compiled.sql_compiler).__name__,
        type(compiled.type_compiler).__name__,
        repr(compiled.can_execute),
    )


def _construct() -> Any:
    compiled: Any = (
        select(t.c.id).where(t.c.x == bindparam("a", 1), t.c.s == bindparam("b"), t.c.x > 7).compile()
    )
    a = [b for b in compiled.binds.values() if b.key == "a"][0]
    return (
        repr(sorted(compiled.construct_params().items())),
        repr(sorted(compiled.construct_params({"a": 5, "b": "q"}).items())),
        repr(sorted(compiled.construct_params({"zz": 5}).items())),
        repr(sorted(compiled.construct_params({"a": 5}, escape_names=False).items())),
        repr(a.effective_value),
        repr(sorted(compiled.params.items())),
    )


def _copies() -> Any:
    compiled = select(t.c.id).where(t.c.x == 7).compile()
    compiled.params["x_1"] = 9
    return repr(compiled.params)


def _stringified() -> Any:
    return (
        str(t.c.s.regexp_match("a")),
        str(~t.c.s.regexp_match("a")),
        str(t.c.s.regexp_replace("a", "b")),
        str(update(t).values(x=u.c.id).where(t.c.id == u.c.t_id)),
        str(delete(t).where(t.c.id == u.c.t_id)),
        str(insert(t).values(x=1).returning(t.c.id)),
        str(update(t).values(x=1).returning(t)),
        str(select(t.c.id).where(t.c.x.in_([]))),
        str(select(t.c.id).with_hint(t, "idx")),
        str(func.nextval("a")),
    )


def _error_attributes() -> Any:
    try:
        Lonely().compile(dialect=sqlite.dialect())
    except exc.UnsupportedCompilationError as error:
        return (
            repr(error.element_type.__name__),
            type(error.compiler).__name__,
            repr(error.code),
            repr(error.message),
            type(error.__cause__).__name__,
        )
    return "no error"
