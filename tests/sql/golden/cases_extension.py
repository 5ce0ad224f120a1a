"""
SQL of other programs on every dialect: own constructs, changed constructs, clauses put in.

Each function yields ``(name, statement)``; a function that is registered for a
class of the library is taken back before the next row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from relvar.dialects import mysql, postgresql
from relvar.ext.compiler import compiles, deregister
from relvar.schema import (
    AddConstraint,
    CreateColumn,
    CreateIndex,
    CreateTable,
    DropTable,
    ExecutableDDLElement,
)
from relvar.sql import SyntaxExtension, coercions, roles, visitors
from relvar.sql import util as sql_util
from relvar.sql.elements import BinaryExpression, Label
from relvar.sql.expression import (
    ClauseElement,
    ColumnElement,
    Delete,
    Executable,
    FunctionElement,
    Insert,
    Join,
    Select,
    TableClause,
    Update,
)
from relvar.sql.functions import GenericFunction
from relvar.types import TypeDecorator, UserDefinedType

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("s", String(20)),
    Column("order", Boolean),
    Column("j", JSON),
)
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")), schema="sch")
ta = t.alias("ta")

Case = tuple[str, Any]
CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Iterator[Case]]], Callable[[], Iterator[Case]]]:
    """Register the cases of a feature row."""

    def register(function: Callable[[], Iterator[Case]]) -> Callable[[], Iterator[Case]]:
        CASES[name] = function
        return function

    return register


class Twice(ColumnElement[int]):
    inherit_cache = True
    type = Integer()

    def __init__(self, element: Any) -> None:
        self.element = element

    @property
    def _from_objects(self) -> Any:
        return self.element._from_objects


@compiles(Twice)
def _twice(element: Any, compiler: Any, **kw: Any) -> str:
    return f"twice({compiler.process(element.element, **kw)})"


@compiles(Twice, "mysql", "mariadb")
def _twice_mysql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"2 * {compiler.process(element.element, **kw)}"


class TwiceAgain(Twice):
    inherit_cache = True


@compiles(TwiceAgain, "postgresql")
def _twice_again(element: Any, compiler: Any, **kw: Any) -> str:
    return f"again({compiler.process(element.element, **kw)})"


class Greatest(FunctionElement[int]):
    inherit_cache = True
    name = "greatest"
    type = Integer()


@compiles(Greatest)
def _greatest(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.visit_function(element, **kw))


@compiles(Greatest, "sqlite")
@compiles(Greatest, "mssql")
def _greatest_case(element: Any, compiler: Any, **kw: Any) -> str:
    one, two = element.clauses
    return str(compiler.process(case((one > two, one), else_=two), **kw))


class Soundex(GenericFunction[str]):
    inherit_cache = True
    name = "soundex"
    identifier = "golden_soundex"
    type = String()


class Copied(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, target: Any, found: Any) -> None:
        self.target, self.found = target, found


@compiles(Copied)
def _copied(element: Any, compiler: Any, **kw: Any) -> str:
    return (
        f"COPY {compiler.process(element.target, asfrom=True)} FROM ({compiler.process(element.found, **kw)})"
    )


class MakeView(ExecutableDDLElement):
    def __init__(self, name: str, found: Any) -> None:
        self.name, self.found = name, found


@compiles(MakeView)
def _view(element: Any, compiler: Any, **kw: Any) -> str:
    found = compiler.sql_compiler.process(element.found, literal_binds=True)
    return f"CREATE VIEW {compiler.preparer.quote(element.name)} AS {found}"


class Point(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "POINT"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.to_point(bindvalue, type_=self)

    def column_expression(self, colexpr: Any) -> Any:
        return func.from_point(colexpr, type_=self)


class Money(TypeDecorator[int]):
    impl = Integer
    cache_ok = True


class Loud(String):
    pass


@compiles(Loud)
def _loud(type_: Any, compiler: Any, **kw: Any) -> str:
    return f"LOUD {compiler.visit_VARCHAR(type_, **kw)}"


points = Table("points", MetaData(), Column("id", Integer, primary_key=True), Column("p", Point))


@row("D086")
def compiled() -> Iterator[Case]:
    yield "element", select(Twice(t.c.x))
    yield "element by dialect", select(Twice(t.c.x).label("q")).where(Twice(t.c.id) > 5)
    yield "element that inherits", select(TwiceAgain(t.c.x)).order_by(TwiceAgain(t.c.x).desc())
    yield "function", select(Greatest(t.c.x, 5), Greatest(t.c.x, t.c.id))
    yield "function in function", select(Greatest(Greatest(t.c.x, 5), 6) + 1)
    yield "generic function", select(func.golden_soundex(t.c.s))
    yield "statement", Copied(t, select(t.c.id).where(t.c.x.in_([1, 2]), t.c.s == "a'b"))
    yield "ddl", MakeView("a view", select(t.c.id).where(t.c.s == "a'b", t.c.x == -1))
    yield (
        "types",
        CreateTable(
            Table(
                "q",
                MetaData(),
                Column("a", Point),
                Column("b", Money),
                Column("c", Loud(5)),
                Column("d", Loud),
            )
        ),
    )
    yield "cast to a type", select(cast(t.c.x, Loud(7)), cast(t.c.x, Money))

    def visits(name: str) -> Callable[..., str]:
        return lambda element, compiler, **kw: f"<{getattr(compiler, name)(element, **kw)}>"

    changed: list[tuple[type[Any], str, Any]] = [
        (Insert, "visit_insert", insert(t).values(x=1, s="a")),
        (Update, "visit_update", update(t).values(x=1).where(t.c.id == 5)),
        (Delete, "visit_delete", delete(t).where(t.c.id == 5)),
        (Select, "visit_select", select(t.c.id).where(exists().where(u.c.t_id == t.c.id)).limit(5)),
        (Join, "visit_join", select(t.c.id).join(u).outerjoin(ta, ta.c.id == t.c.id)),
        (
            BinaryExpression,
            "visit_binary",
            select(t.c.x + 1).where(t.c.x % 2 == 0),
        ),
        (Label, "visit_label", select(t.c.x.label("q"), t.c.id).order_by("q")),
        (Column, "visit_column", select(t.c.x, t.c.order).where(t.c.x > 1)),
        (CreateTable, "visit_create_table", CreateTable(u)),
        (CreateColumn, "visit_create_column", CreateTable(t)),
        (CreateIndex, "visit_create_index", CreateIndex(Index("i", t.c.x.desc(), t.c.s))),
        (DropTable, "visit_drop_table", DropTable(u, if_exists=True)),
        (AddConstraint, "visit_add_constraint", AddConstraint(_unique())),
        (Integer, "visit_integer", CreateTable(u)),
        (Boolean, "visit_boolean", CreateTable(t)),
    ]
    for class_, name, statement in changed:
        compiles(class_)(visits(name))
        try:
            yield f"changed {class_.__name__}", statement
        finally:
            deregister(class_)


def _unique() -> Any:
    return UniqueConstraint(Table("q", MetaData(), Column("a", Integer)).c.a, name="n")


@row("D087")
def own_elements() -> Iterator[Case]:
    yield "operators", select(Twice(t.c.x) + 1, -Twice(t.c.x), Twice(t.c.x).op("@")(3))
    yield (
        "comparisons",
        select(t.c.id).where(
            or_(Twice(t.c.x) == 1, Twice(t.c.x).in_([1, 2]), Twice(t.c.x).between(1, 2), ~(Twice(t.c.x) < 3))
        ),
    )
    yield "null", select(t.c.id).where(Twice(t.c.x).is_(None), Twice(t.c.x) != None)  # SQL
    yield "in insert", insert(t).values(x=Twice(literal(5)))
    yield "in update", update(t).values(x=Twice(t.c.x) + 1).where(Twice(t.c.x) == 4)
    yield "in case", select(case((Twice(t.c.x) > 1, Twice(t.c.id)), else_=0))
    yield "in group by", select(Twice(t.c.x), func.count()).group_by(Twice(t.c.x)).having(Twice(t.c.x) > 1)
    yield "in window", select(Greatest(t.c.x, 1).over(partition_by=Twice(t.c.x), order_by=t.c.id))
    yield "in subquery", select(select(Twice(t.c.x).label("q")).subquery("sub").c.q)
    yield "in cte", select(select(Twice(t.c.x).label("q")).cte("c").c.q)
    yield "in union", union_all(select(Twice(t.c.x)), select(Twice(t.c.id)))
    yield "in join", select(t.c.id).join(u, Twice(t.c.x) == u.c.id)
    yield "table", select(_Remote("r", column("a"), column("b")).alias("ra"))
    yield "in limit", select(t.c.id).order_by(t.c.id).limit(literal(5) + 1)
    yield "type around values", select(points).where(points.c.p == "p")
    yield "type around written values", insert(points).values(p="p")
    yield "function as table", select(Greatest(1, 2).table_valued("a", name="g").c.a)


class _Remote(TableClause):
    inherit_cache = True


class Clause(SyntaxExtension, ClauseElement):
    inherit_cache = False

    def __init__(self, where: str, element: Any) -> None:
        self.where, self.element = where, element

    def _apply(self, statement: Any) -> None:
        statement.apply_syntax_extension_point(lambda existing: [*existing, self], self.where)

    apply_to_select = apply_to_insert = apply_to_update = apply_to_delete = _apply


@compiles(Clause)
def _clause(element: Any, compiler: Any, **kw: Any) -> str:
    return f"{element.where.upper()}({compiler.process(element.element, **kw)})"


@row("D088")
def clauses() -> Iterator[Case]:
    full = (
        select(t.c.x, func.count())
        .where(t.c.id > 1)
        .group_by(t.c.x)
        .having(func.count() > 2)
        .order_by(t.c.x)
        .limit(3)
        .offset(4)
        .with_for_update()
    )
    for place in ("post_select", "pre_columns", "post_criteria", "post_body"):
        yield place, full.ext(Clause(place, literal(7)))
        full = full.ext(Clause(place, literal(8)))
    yield "all places", full
    yield "all places of a subquery", select(full.subquery("sub").c.x)
    yield "insert", insert(t).values(x=1).ext(Clause("post_values", literal(2)))
    yield "insert returning", insert(t).values(x=1).returning(t.c.id).ext(Clause("post_values", literal(2)))
    yield "update", update(t).values(x=1).where(t.c.id == 3).ext(Clause("post_criteria", literal(2)))
    yield "update returning", update(t).values(x=1).returning(t.c.id).ext(Clause("post_criteria", literal(2)))
    yield "delete", delete(t).where(t.c.id == 3).ext(Clause("post_criteria", literal(2)))
    yield "distinct on", select(t.c.id).ext(postgresql.distinct_on(t.c.x, t.c.s)).order_by(t.c.x)
    yield "limit of update", update(t).values(x=1).where(t.c.id > 3).ext(mysql.limit(5))
    yield "limit of delete", delete(t).where(t.c.id > 3).ext(mysql.limit(literal(2) + 1))


@row("D089")
def visited() -> Iterator[Case]:
    statement = (
        select(t.c.id, func.lower(t.c.s).label("low"))
        .join(u, and_(u.c.t_id == t.c.id, u.c.id > 5))
        .where(t.c.x.in_([1, 2]), or_(t.c.s.like("a%"), t.c.x == bindparam("given", 3)))
        .order_by("low")
        .limit(4)
    )

    def to_alias(element: Any) -> Any:
        if element is t:
            return ta
        return ta.c[element.key] if isinstance(element, Column) and element.table is t else None

    yield "replaced", visitors.replacement_traverse(statement, {}, to_alias)
    yield "adapted", sql_util.ClauseAdapter(ta).traverse(statement)
    yield (
        "adapted to a subquery",
        sql_util.ClauseAdapter(select(t).subquery("sub")).traverse(select(t.c.id).where(t.c.x > 5)),
    )
    yield (
        "cloned",
        visitors.cloned_traverse(
            statement, {}, {"bindparam": lambda bind: setattr(bind, "value", [9] if bind.expanding else 9)}
        ),
    )
    yield "params", statement.params(given=77)
    yield (
        "names replaced",
        visitors.replacement_traverse(
            t.c.x + 5, {}, lambda element: column("y") if element is t.c.x else None
        ),
    )


class Named:
    def __init__(self, element: Any) -> None:
        self.element = element

    def __clause_element__(self) -> Any:
        return self.element


@row("D091")
def coerced() -> Iterator[Case]:
    yield "column", select(Named(t.c.x), Named(Named(t.c.id)))
    yield "criteria", select(t.c.id).where(Named(t.c.x == 5), t.c.x > Named(u.c.id))
    yield "from", select(Named(t))
    yield "join", select(t.c.id).join(Named(u), Named(u.c.t_id == t.c.id))
    yield "order", select(t.c.id).order_by(Named(t.c.x.desc())).group_by(Named(t.c.x))
    yield "values", update(t).values({Named(t.c.x): Named(t.c.id + 1)})
    yield "returning", insert(t).values(x=1).returning(Named(t.c.id))
    yield "function", select(func.lower(Named(t.c.s)), cast(Named(t.c.x), String(4)))
    yield "in", select(t.c.id).where(t.c.x.in_([Named(t.c.id), 4]), t.c.x.in_(Named(select(u.c.id))))
    yield "group by a table", select(func.count()).select_from(t).group_by(t)
    yield "expected expression", select(coercions.expect(roles.ExpressionElementRole, Named(t.c.x)))
    yield "expected label", select(coercions.expect(roles.LabeledColumnExprRole, t.c.x + 1))
    yield "text", select(text("a"), t.c.id).where(text("b = :c")).order_by(text("d"))
