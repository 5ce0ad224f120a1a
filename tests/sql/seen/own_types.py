"""Types as applications make them, and short ways to look at them."""

from __future__ import annotations

import enum
from typing import Any

from relvar import (
    JSON,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    func,
    types,
)
from relvar.dialects import mysql, postgresql
from relvar.engine.default import DefaultDialect
from relvar.sql import operators
from relvar.types import TypeEngine, UserDefinedType


class Upper(TypeDecorator[str]):
    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.lower()


class Literal(TypeDecorator[str]):
    impl = String
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Any) -> str:
        return f"<{value}>"


class OnlyBind(TypeDecorator[int]):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value + 1


class JustImpl(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True


class Unsaid(TypeDecorator[Any]):
    impl = Integer


class NoImpl(TypeDecorator[Any]):
    cache_ok = True


class WithArgs(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def __init__(self, length: int = 5, mood: str = "calm") -> None:
        super().__init__(length)
        self.mood = mood


class BadCopy(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def copy(self, **kw: Any) -> Any:
        return String()


class PerDialect(TypeDecorator[Any]):
    impl = types.TypeEngine
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        if dialect.name == "mysql":
            return dialect.type_descriptor(mysql.CHAR(36))
        return dialect.type_descriptor(types.CHAR(32))


class CoerceInt(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return Integer() if isinstance(value, int) else self


class ByImpl(TypeDecorator[Any]):
    impl = JSON
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl.coerce_compared_value(op, value)


class IsNothing(TypeDecorator[Any]):
    impl = String
    cache_ok = True
    coerce_to_is_types = (type(None), bool)


class IsNever(TypeDecorator[Any]):
    impl = String
    cache_ok = True
    coerce_to_is_types = ()


class Nested(TypeDecorator[Any]):
    impl = Upper
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return f"[{value}]"


class NestedInstance(TypeDecorator[Any]):
    impl = Upper(30) if False else WithArgs(7, "wild")
    cache_ok = True


class Wrapped(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.wrap_in(bindvalue, type_=self)

    def column_expression(self, col: Any) -> Any:
        return func.wrap_out(col, type_=self)


class WrappedTwice(TypeDecorator[Any]):
    impl = Wrapped
    cache_ok = True


class Geometry(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, srid: int = 4326) -> None:
        self.srid = srid

    def get_col_spec(self, **kw: Any) -> str:
        return f"GEOMETRY({self.srid})"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.ST_GeomFromText(bindvalue, self.srid, type_=self)

    def column_expression(self, col: Any) -> Any:
        return func.ST_AsText(col, type_=self)


class Point(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self) -> str:
        return "POINT"

    class comparator_factory(UserDefinedType.Comparator[Any]):
        def near(self, other: Any) -> Any:
            return self.op("<->")(other)

        def __add__(self, other: Any) -> Any:
            return self.op("+^")(other)

        def operate(self, op: Any, *other: Any, **kw: Any) -> Any:
            if op is operators.eq:
                return self.op("~=", is_comparison=True)(other[0])
            return super().operate(op, *other, **kw)


class Spec(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        e = kw.get("type_expression")
        return f"SPEC /* {getattr(e, 'name', e)!s} */"


class NoSpec(UserDefinedType[Any]):
    cache_ok = True


class Silent(UserDefinedType[Any]):
    def get_col_spec(self, **kw: Any) -> str:
        return "SILENT"


class LogInt(Integer):
    class comparator_factory(Integer.Comparator[Any]):
        def log(self, other: Any) -> Any:
            return func.log(self.expr, other)

        def __mod__(self, other: Any) -> Any:
            return func.my_mod(self.expr, other)


class Idx(types.Indexable, TypeEngine[Any]):
    class Comparator(types.Indexable.Comparator[Any]):
        def _setup_getitem(self, index: Any) -> Any:
            return operators.getitem, index, Integer()

    comparator_factory = Comparator


class Cat(types.Concatenable, TypeEngine[Any]):
    __visit_name__ = "string"
    length = None
    collation = None
    collation_schema = None


class Colour(enum.Enum):
    red = 1
    green = 2


def tab(*types_: Any) -> Table:
    return Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        *[Column(f"c{n}", t) for n, t in enumerate(types_)],
    )


def made(make: Any) -> Any:
    return lambda: repr(make())


def lit(statement: Any, dialect: Any = None) -> str:
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def bound(type_: Any, value: Any, dialect: Any = None) -> str:
    d = dialect or DefaultDialect()
    p = type_._cached_bind_processor(d)
    return repr(value if p is None else p(value))


def fetched(type_: Any, value: Any, dialect: Any = None) -> str:
    d = dialect or DefaultDialect()
    p = type_._cached_result_processor(d, None)
    return repr(value if p is None else p(value))


def keyed(*statements: Any) -> str:
    keys = [s._generate_cache_key() for s in statements]
    return repr([[None if a is None or b is None else a.key == b.key for b in keys] for a in keys])


u = tab(Upper(), Integer())
c = u.c.c0
w = tab(Wrapped(), Geometry(), WrappedTwice())
x, g, ww = w.c.c0, w.c.c1, w.c.c2
pt = tab(Point(), LogInt(), Spec())
p, n = pt.c.c0, pt.c.c1
