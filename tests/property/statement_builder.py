"""
Turn *plans*, plain data, into statements of every kind: one plan can be built twice with other values.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import relvar
from relvar import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    any_,
    between,
    bindparam,
    case,
    cast,
    column,
    delete,
    desc,
    except_,
    exists,
    extract,
    func,
    insert,
    intersect,
    lateral,
    literal,
    literal_column,
    not_,
    nulls_last,
    or_,
    select,
    tablesample,
    text,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
    values,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.ext.compiler import compiles
from relvar.sql import visitors
from relvar.sql.expression import ColumnElement, FunctionElement
from relvar.sql.functions import GenericFunction


class Doubled(ColumnElement[int]):
    """An element of the program's own, which says what it is made of."""

    inherit_cache = True
    type = Integer()
    _traverse_internals = [
        ("inner", visitors.InternalTraversal.dp_clauseelement),
        ("word", visitors.InternalTraversal.dp_string),
    ]

    def __init__(self, inner: Any, word: str) -> None:
        self.inner, self.word = inner, word

    @property
    def _from_objects(self) -> Any:
        return self.inner._from_objects


class larger(FunctionElement[Any]):  # its name in SQL
    name = "larger"
    inherit_cache = True
    type = Integer()


class known_to_program(GenericFunction[Any]):  # its name in SQL
    type = Integer()
    inherit_cache = True


@compiles(Doubled)
def _doubled(element: Doubled, compiler: Any, **kw: Any) -> str:
    return f"{element.word}({compiler.process(element.inner, **kw)})"


@compiles(larger)
def _larger(element: Any, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


def tables() -> tuple[Table, Table]:
    metadata = MetaData()
    a = Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", String(20)),
        Column("made", DateTime),
        Column("doc", JSON),
    )
    b = Table(
        "b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey("a.id")),
        Column("x", Integer),
    )
    return a, b


NAMED = tables()


class Builder:
    """
    Turn plans into statements; the values are numbers counted up from a start.
    """

    def __init__(self, start: int = 10**12, named: tuple[Table, Table] = NAMED) -> None:
        self.a, self.b = a, b = named
        self.count = start
        self.used: list[Any] = []
        self.froms = [
            a,
            b,
            a.alias(),
            a.alias("named"),
            select(b.c.id, func.max(b.c.x).label("x")).group_by(b.c.id).subquery(),
            select(a.c.id, a.c.x).where(a.c.x > self.value()).cte("common"),
            select(b.c.id, b.c.x).cte(),
            values(column("id", Integer), column("x", Integer), name="listed").data(
                [(self.value(), self.value()), (self.value(), self.value())]
            ),
            func.json_each(str(self.value())).table_valued(
                column("id", Integer), column("x", Integer), name="each", joins_implicitly=True
            ),
            func.series(self.value()).table_valued("id", "x").render_derived(),
            lateral(select(b.c.id, b.c.x).where(b.c.a_id == a.c.id)),
            tablesample(a, func.system(self.value()), name="sample"),
            self.recursive(),
        ]

    def value(self) -> int:
        self.count += 1
        self.used.append(self.count)
        return self.count

    def word(self) -> str:
        return f"word{self.value()}"

    def recursive(self) -> Any:
        tree = select(self.b.c.id, self.b.c.x).where(self.b.c.x == self.value()).cte("tree", recursive=True)
        more = select(self.b.c.id, self.b.c.x + self.value()).join(tree, tree.c.id == self.b.c.a_id)
        return tree.union_all(more)

    def number(self, plan: Any) -> Any:
        kind, *rest = plan
        return getattr(self, f"number_{kind}")(*rest)

    def condition(self, plan: Any) -> Any:
        kind, *rest = plan
        return getattr(self, f"condition_{kind}")(*rest)

    def statement(self, plan: Any) -> Any:
        kind, *rest = plan
        return getattr(self, f"statement_{kind}")(*rest)

    # Numbers

    def number_column(self, index: int, name: str) -> Any:
        return self.froms[index].c[name]

    def number_value(self) -> Any:
        return literal(self.value())

    def number_bind(self, name: str) -> Any:
        return bindparam(name, self.value(), type_=Integer)

    def number_called(self) -> Any:
        kept = self.value()
        return bindparam(None, callable_=lambda: kept, type_=Integer)

    def number_inline(self, text_: str) -> Any:
        return literal_column(text_, Integer)

    def number_arithmetic(self, sign: str, left: Any, right: Any) -> Any:
        left, right = self.number(left), self.number(right)
        return {
            "+": lambda: left + right,
            "-": lambda: left - right,
            "*": lambda: left * right,
            "%": lambda: left % right,
            "/": lambda: left / right,
            "&": lambda: left.bitwise_and(right),
            "@": lambda: left.op("@", precedence=5)(right),
        }[sign]()

    def number_minus(self, inner: Any) -> Any:
        return -self.number(inner)

    def number_function(self, name: str, inner: Any) -> Any:
        return getattr(func, name)(self.number(inner))

    def number_package(self, inner: Any) -> Any:
        return getattr(func.pkg, "Odd name")(self.number(inner), self.value(), type_=Integer)

    def number_own(self, inner: Any) -> Any:
        return larger(self.number(inner), self.value())

    def number_doubled(self, word: str, inner: Any) -> Any:
        return Doubled(self.number(inner), word)

    def number_cast(self, inner: Any, length: Any) -> Any:
        return cast(self.number(inner), Integer if length is None else String(length))

    def number_coerced(self, inner: Any) -> Any:
        return type_coerce(self.number(inner), String) + self.word()

    def number_case(self, condition: Any, one: Any, other: Any) -> Any:
        return case((self.condition(condition), self.number(one)), else_=self.number(other))

    def number_scalar(self, inner: Any) -> Any:
        return select(self.b.c.x).where(self.b.c.a_id == self.number(inner)).scalar_subquery()

    def number_extract(self, field: str) -> Any:
        return extract(field, self.a.c.made)

    def number_json(self, key: str) -> Any:
        return self.a.c.doc[key].as_integer()

    def number_window(self, name: str, frame: Any, partition: bool, inner: Any) -> Any:
        kind, low, high, exclude = frame
        options: dict[str, Any] = {kind: (low, high), "exclude": exclude} if kind else {}
        return getattr(func, name)(self.number(inner)).over(
            partition_by=self.a.c.y if partition else None,
            order_by=[self.a.c.x.desc(), nulls_last(self.a.c.id)],
            **options,
        )

    def number_filter(self, inner: Any, condition: Any) -> Any:
        return func.count(self.number(inner)).filter(self.condition(condition))

    def number_within(self, name: str, inner: Any) -> Any:
        return getattr(func, name)(0.5).within_group(self.number(inner).desc())

    def number_ordered(self, inner: Any) -> Any:
        return func.array_agg(self.number(inner)).aggregate_order_by(self.a.c.x, self.a.c.y.desc())

    def number_strings(self, separator: str) -> Any:
        return func.aggregate_strings(self.a.c.y, separator)

    # Conditions

    def condition_compare(self, sign: str, left: Any, right: Any) -> Any:
        left, right = self.number(left), self.number(right)
        return {
            "==": lambda: left == right,
            "<": lambda: left < right,
            "!=": lambda: left != right,
            "is": lambda: left.is_(None),
            "distinct": lambda: left.is_distinct_from(right),
            "between": lambda: between(left, right, self.value()),
        }[sign]()

    def condition_short(self, index: int) -> Any:
        return [self.a.c.x, self.b.c.x][index] == self.value()

    def condition_like(self, kind: str) -> Any:
        y = self.a.c.y
        return {
            "like": lambda: y.like(self.word()),
            "escape": lambda: y.like(self.word(), escape="/"),
            "ilike": lambda: y.ilike(self.word()),
            "contains": lambda: y.contains(self.word(), autoescape=True),
            "starts": lambda: y.startswith(self.word()),
            "regexp": lambda: y.regexp_match(self.word()),
            "collate": lambda: y.collate("C") == self.word(),
            "concat": lambda: y + self.word() == y,
        }[kind]()

    def condition_in(self, left: Any, count: int) -> Any:
        return self.number(left).in_([self.value() for _ in range(count)])

    def condition_expanding(self, name: str, negated: bool) -> Any:
        listed = bindparam(name, [self.value()], expanding=True, type_=Integer)
        return self.a.c.x.not_in(listed) if negated else self.a.c.x.in_(listed)

    def condition_in_select(self, left: Any, negated: bool) -> Any:
        inner = select(self.b.c.x).where(self.b.c.id > self.value())
        return self.number(left).not_in(inner) if negated else self.number(left).in_(inner)

    def condition_any(self, left: Any) -> Any:
        return self.number(left) == any_(select(self.b.c.x).scalar_subquery())

    def condition_exists(self, inner: Any) -> Any:
        return exists().where(self.b.c.x == self.number(inner))

    def condition_tuple(self, count: int) -> Any:
        pair = tuple_(self.a.c.id, self.a.c.x)
        return pair.in_([(self.value(), self.value()) for _ in range(count)])

    def condition_text(self, name: str) -> Any:
        return text(f"a.x > :{name}").bindparams(bindparam(name, self.value(), type_=Integer))

    def condition_comparison(self) -> Any:
        return func.inside(self.a.c.x, self.b.c.x, self.value()).as_comparison(1, 2)

    def condition_and(self, *parts: Any) -> Any:
        return and_(*[self.condition(p) for p in parts])

    def condition_or(self, *parts: Any) -> Any:
        return or_(*[self.condition(p) for p in parts])

    def condition_not(self, inner: Any) -> Any:
        # text has no operators: alone, it cannot be negated
        return not_(and_(self.condition(inner), self.a.c.id > self.value()))

    # Statements

    def selected(self, plan: Any) -> Any:
        label, inner = plan
        return self.number(inner) if label is None else self.number(inner).label(label)

    def statement_select(self, columns: Any, criteria: Any, order: Any, extras: Any) -> Any:
        made = select(self.a.c.id, *[self.selected(c) for c in columns])
        for criterion in criteria:
            made = made.where(self.condition(criterion))
        steps: dict[str, Callable[[Any], Any]] = {
            "join": lambda m: m.join_from(self.a, self.b),
            "outer": lambda m: m.join_from(
                self.a, self.froms[3], self.froms[3].c.id == self.a.c.x, isouter=True
            ),
            "group": lambda m: m.group_by(func.rollup(self.a.c.id)).having(func.count() > self.value()),
            "distinct": lambda m: m.distinct(),
            "distinct on": lambda m: m.ext(postgresql.distinct_on(self.a.c.x)),
            "limit": lambda m: m.order_by(self.a.c.id).limit(self.value()),
            "offset": lambda m: m.order_by(self.a.c.id).limit(self.value()).offset(self.value()),
            "fetch": lambda m: m.order_by(self.a.c.id).fetch(self.value(), with_ties=True),
            "lock": lambda m: m.with_for_update(nowait=True, of=self.a),
            "prefix": lambda m: m.prefix_with("/* p */").suffix_with("/* s */", dialect="postgresql"),
            "hint": lambda m: m.with_hint(self.a, "USE INDEX (i)", "mysql").with_statement_hint("h", "mssql"),
            "labels": lambda m: m.set_label_style(relvar.LABEL_STYLE_TABLENAME_PLUS_COL),
            "by name": lambda m: m.order_by(desc("id")),
            "options": lambda m: m.execution_options(yield_per=10),
        }
        for extra in sorted(extras):
            made = steps[extra](made)
        for number in order:
            made = made.order_by(self.number(number))
        return made

    def statement_combined(self, kind: str, one: Any, other: Any, ordered: bool) -> Any:
        parts = [
            select(self.a.c.x).where(self.condition(one)),
            select(self.b.c.x).where(self.condition(other)).order_by(self.b.c.id).limit(self.value()),
        ]
        combine = {"union": union, "all": union_all, "except": except_, "intersect": intersect}[kind]
        made = combine(*parts)
        return made.order_by("x").limit(self.value()) if ordered else made

    def statement_wrapped(self, how: str, inner: Any) -> Any:
        made = self.statement(inner)
        if how == "subquery":
            below = made.subquery()
        elif how == "nested":
            below = made.cte("nested", nesting=True)
        else:
            below = made.cte()
        return select(below.c[0], literal(self.value())).where(below.c[0] == self.value())

    def statement_insert(self, names: Any, returning: bool) -> Any:
        made = insert(self.a).values({name: self.one_of(name) for name in sorted(names)})
        return made.returning(self.a.c.id, (self.a.c.x + self.value()).label("more")) if returning else made

    def one_of(self, name: str) -> Any:
        return {
            "x": lambda: self.value(),
            "y": lambda: self.word(),
            "made": lambda: datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=self.value() % 10**9),
            "doc": lambda: {"key": self.value()},
        }[name]()

    def statement_insert_many(self, count: int) -> Any:
        return insert(self.a).values([{"x": self.value(), "y": self.word()} for _ in range(count)])

    def statement_insert_select(self, condition: Any) -> Any:
        return insert(self.b).from_select(
            ["a_id", "x"], select(self.a.c.id, literal(self.value())).where(self.condition(condition))
        )

    def statement_insert_default(self, inner: Any) -> Any:
        return insert(self.a).values(x=self.number(inner), y=func.lower(self.word()))

    def statement_upsert(self, kind: str, action: str) -> Any:
        if kind == "mysql":
            made = mysql.insert(self.a).values(id=self.value(), x=self.value())
            return made.on_duplicate_key_update(x=made.inserted.x + self.value(), y=self.word())
        of = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[kind]
        made = of(self.a).values(id=self.value(), x=self.value())
        if action == "nothing":
            return made.on_conflict_do_nothing(index_elements=["id"])
        return made.on_conflict_do_update(
            index_elements=[self.a.c.id],
            set_={"x": made.excluded.x + self.value(), "y": self.word()},
            where=self.a.c.x > self.value(),
        )

    def statement_update(self, condition: Any, number: Any, kind: str) -> Any:
        made = update(self.a).where(self.condition(condition))
        if kind == "ordered":
            return made.ordered_values((self.a.c.y, self.word()), (self.a.c.x, self.number(number)))
        made = made.values(x=self.number(number))
        if kind == "returning":
            return made.returning(self.a.c.id, self.a.c.x)
        if kind == "from":
            return made.where(self.a.c.id == self.b.c.a_id)
        return made

    def statement_delete(self, condition: Any, using: bool) -> Any:
        made = delete(self.a).where(self.condition(condition))
        return made.where(self.b.c.a_id == self.a.c.id) if using else made

    def statement_changed(self, condition: Any) -> Any:
        gone = delete(self.b).where(self.condition(condition)).returning(self.b.c.x).cte("gone")
        return select(gone.c.x, literal(self.value())).where(gone.c.x > self.value())

    def statement_text(self, name: str) -> Any:
        written = text(f"SELECT id, x FROM a WHERE x = :{name}").bindparams(**{name: self.value()})
        return written.columns(column("id", Integer), column("x", Integer))
