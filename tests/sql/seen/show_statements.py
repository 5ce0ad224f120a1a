"""SELECT, INSERT, UPDATE, DELETE, UNION: methods, options, and what they refuse."""

from __future__ import annotations

import datetime
from typing import Any

from relvar import (
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    Computed,
    FetchedValue,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    bindparam,
    column,
    delete,
    except_,
    except_all,
    exists,
    false,
    func,
    insert,
    intersect,
    intersect_all,
    lambda_stmt,
    literal,
    literal_column,
    select,
    text,
    true,
    union,
    union_all,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.ext.compiler import compiles
from relvar.schema import insert_sentinel
from relvar.sql import ClauseElement, Select
from relvar.sql.base import SyntaxExtension

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table(
    "u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")), Column("y", Integer)
)
d = Table(
    "d",
    m,
    Column("id", Integer, Sequence("d_seq"), primary_key=True),
    Column("a", Integer, default=5),
    Column("b", Integer, default=func.foo(1)),
    Column("c", Integer, default=lambda: 3),
    Column("e", Integer, server_default="9"),
    Column("f", Integer, Computed("a + 1")),
    Column("g", Integer, onupdate=7),
    Column("h", Integer, onupdate=func.bar(2)),
    Column("i", Integer, server_onupdate=FetchedValue()),
    Column("j", Integer, Sequence("j_seq", optional=True)),
    Column("k", Integer, default=select(func.max(t.c.x)).scalar_subquery()),
)
nokey = Table("nokey", m, Column("x", Integer), Column("y", Integer, default=4))
strkey = Table("strkey", m, Column("k", String(10), primary_key=True), Column("v", Integer))
two = Table(
    "two",
    m,
    Column("a", Integer, primary_key=True),
    Column("b", Integer, primary_key=True),
    Column("v", Integer),
)
exprkey = Table(
    "exprkey", m, Column("id", Integer, default=func.next_id(), primary_key=True), Column("v", Integer)
)
fnkey = Table(
    "fnkey", m, Column("id", String(5), default=lambda: "k", primary_key=True), Column("v", Integer)
)
srvkey = Table(
    "srvkey", m, Column("id", String(5), server_default=text("gen()"), primary_key=True), Column("v", Integer)
)
ident = Table("ident", m, Column("id", Integer, Identity(start=3), primary_key=True), Column("v", Integer))
sent = Table(
    "sent", m, Column("id", Integer, primary_key=True), Column("v", Integer), insert_sentinel("mark")
)
uidk = Table(
    "uidk",
    m,
    Column("id", String(32), primary_key=True, default=lambda: "x", insert_sentinel=True),
    Column("v", Integer),
)
keyed = Table("keyed", m, Column("id", Integer, primary_key=True), Column("real_name", Integer, key="nick"))
upd = Table(
    "upd",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer, onupdate=func.now_x()),
    Column("y", Integer, onupdate=lambda: 8),
)
wild = Table(
    "100% odd", m, Column("a b", Integer, primary_key=True), Column("%x", Integer), Column("y:z", Integer)
)
s1, s2, s3 = select(t.c.id, t.c.x), select(u.c.id, u.c.y), select(u.c.t_id, u.c.id)


class Tail(SyntaxExtension, ClauseElement):
    """A made-up clause."""

    __visit_name__ = "tail"
    _traverse_internals: list[Any] = []
    inherit_cache = False

    def __init__(self, place: str = "post_body") -> None:
        self.place = place

    def apply_to_select(self, select_stmt: Any) -> None:
        select_stmt.apply_syntax_extension_point(lambda existing: [*existing, self], self.place)


@compiles(Tail)
def _tail(element: Any, compiler: Any, **kw: Any) -> str:
    return "TAIL"


class Bare(SyntaxExtension, ClauseElement):
    """A clause that fits nowhere."""

    __visit_name__ = "bare"
    inherit_cache = False


def options(statement: Any) -> str:
    return repr(dict(statement.get_execution_options()))


def many(statement: Any, dialect: Any) -> Any:
    """Compiled for executemany, as the engine would."""
    compiled = statement.compile(dialect=dialect, for_executemany=True)
    return str(compiled).replace("\n", " ")


def columns_given(statement: Any, keys: list[str], dialect: Any = None) -> Any:
    compiled = statement.compile(column_keys=keys, dialect=dialect)
    return repr((" ".join(str(compiled).split()), sorted(compiled.params)))


def defaults_of(statement: Any, dialect: Any) -> str:
    compiled = statement.compile(dialect=dialect)
    return repr(
        (
            " ".join(str(compiled).split()),
            [c.name for c in compiled.insert_prefetch],
            [c.name for c in compiled.update_prefetch],
            sorted(c.name for c in compiled.postfetch),
        )
    )


ALL_DML = {
    "d": lambda: d.insert(),
    "d values": lambda: d.insert().values(a=1, b=2),
    "d many": lambda: d.insert().values([{"a": 1}, {"a": 2}]),
    "nokey": lambda: nokey.insert(),
    "strkey": lambda: strkey.insert().values(v=1),
    "two": lambda: two.insert().values(v=1),
    "two a": lambda: two.insert().values(a=1, v=1),
    "exprkey": lambda: exprkey.insert().values(v=1),
    "fnkey": lambda: fnkey.insert().values(v=1),
    "srvkey": lambda: srvkey.insert().values(v=1),
    "ident": lambda: ident.insert().values(v=1),
    "sent": lambda: sent.insert().values(v=1),
    "uidk": lambda: uidk.insert().values(v=1),
    "keyed": lambda: keyed.insert().values(nick=1),
    "wild": lambda: wild.insert(),
    "inline": lambda: exprkey.insert().values(v=1).inline(),
    "empty": lambda: t.insert().values({}),
    "returning": lambda: d.insert().values(a=1).returning(d.c.id, d.c.f),
    "return defaults": lambda: d.insert().values(a=1).return_defaults(),
    "return defaults some": lambda: d.insert().values(a=1).return_defaults(d.c.e, d.c.f),
    "return defaults supplemental": lambda: d.insert().values(a=1).return_defaults(supplemental_cols=[d.c.g]),
    "update": lambda: d.update().values(a=1),
    "update none": lambda: d.update(),
    "update defaults": lambda: d.update().values(a=1).return_defaults(),
    "update defaults some": lambda: d.update().values(a=1).return_defaults(d.c.h, d.c.i),
    "update two tables": lambda: d.update().values({d.c.a: 1, u.c.y: 5}).where(d.c.id == u.c.id),
    "update other onupdate": lambda: t.update().values({t.c.x: 1, upd.c.id: 5}).where(t.c.id == upd.c.id),
    "update wild": lambda: wild.update().values({"%x": 1}).where(wild.c["y:z"] == 3),
    "update from": lambda: t.update().values(x=u.c.y).where(t.c.id == u.c.t_id),
    "update expression": lambda: t.update().values(x=t.c.x + 1, s=func.lower(t.c.s)),
    "update select": lambda: t.update().values(x=select(u.c.y).where(u.c.t_id == t.c.id)),
    "update alias": lambda: (
        t.alias("q").update().values(x=1)
        if hasattr(t.alias("q"), "update")
        else update(t.alias("q")).values(x=1)
    ),
    "delete": lambda: t.delete().where(t.c.id == 1),
    "delete from": lambda: t.delete().where(t.c.id == u.c.t_id).returning(t.c.id),
    "delete alias": lambda: delete(t.alias("q")).where(t.alias("q").c.x == 1),
    "from select": lambda: d.insert().from_select(["a"], s1.with_only_columns(t.c.id)),
    "from select no defaults": lambda: d.insert().from_select(["a"], select(t.c.id), include_defaults=False),
    "from select columns": lambda: d.insert().from_select([d.c.a, "c"], s1),
    "from union": lambda: u.insert().from_select(["id", "y"], union(s1, s2)),
    "from select returning": lambda: u.insert().from_select(["id", "y"], s1).returning(u.c.id),
    "for update": lambda: select(t.c.id, u.c.id).with_for_update(read=True, nowait=True, of=t),
    "for update of": lambda: select(t.c.id).with_for_update(
        skip_locked=True, key_share=True, of=[t.c.id, t.c.x]
    ),
    "distinct": lambda: select(t.c.x).distinct().order_by(t.c.id),
    "limit": lambda: select(t.c.x).order_by(t.c.x).limit(5).offset(2),
    "limit expression": lambda: select(t.c.x).order_by(t.c.x).limit(t.c.x + 5).offset(bindparam("o")),
    "limit only": lambda: select(t.c.x).limit(5),
    "offset only": lambda: select(t.c.x).order_by(t.c.x).offset(5),
    "fetch": lambda: select(t.c.x).order_by(t.c.x).fetch(5),
    "fetch ties": lambda: select(t.c.x).order_by(t.c.x).fetch(5, with_ties=True).offset(1),
    "fetch percent": lambda: select(t.c.x).order_by(t.c.x).fetch(5, percent=True),
    "limit union": lambda: union(s1, s2).order_by("id").limit(5).offset(2),
    "except all": lambda: except_all(s1, s2),
    "intersect all": lambda: intersect_all(s1, s2),
    "parts": lambda: union(s1.order_by(t.c.id).limit(2), s2.order_by(u.c.id)),
    "hint": lambda: select(t.c.id).with_hint(t, "HINT").with_statement_hint("SAYS"),
    "exists": lambda: select(exists().where(t.c.id == u.c.t_id)).select_from(t),
    "group": lambda: select(t.c.x, func.count()).group_by(t.c.x, func.cube(t.c.s)).having(func.count() > 1),
    "false": lambda: select(t.c.id).where(false()).where(t.c.x == 1),
    "true": lambda: select(t.c.id).where(true()),
    "insert ignore": lambda: t.insert().prefix_with("OR IGNORE").values(x=1),
    "union in in": lambda: select(t.c.id).where(t.c.id.in_(union(select(u.c.id), select(u.c.y)))),
}

CASES: dict[str, Any] = {f"all: {name}": make for name, make in ALL_DML.items()}
for _name, _make in ALL_DML.items():
    if "defaults" in _name or _name in (
        "d",
        "exprkey",
        "fnkey",
        "srvkey",
        "ident",
        "strkey",
        "two",
        "update",
        "sent",
        "inline",
    ):
        for _dialect in (sqlite, postgresql, mysql):
            CASES[f"{_dialect.__name__.rpartition('.')[2]} facts {_name}".replace(": ", " ")] = (
                lambda make=_make, dialect=_dialect: defaults_of(make(), dialect.dialect())
            )
            if "update" not in _name:
                CASES[f"{_dialect.__name__.rpartition('.')[2]} many {_name}"] = (
                    lambda make=_make, dialect=_dialect: many(make(), dialect.dialect())
                )

CASES.update(
    {
        # SELECT
        "add columns": lambda: select(t.c.id).add_columns(t.c.x, u.c.y),
        "column": lambda: select(t.c.id).column(t.c.x),
        "only columns": lambda: (
            select(t.c.id).where(u.c.y == 1).with_only_columns(t.c.x),
            select(t.c.id).with_only_columns(u.c.y, maintain_column_froms=True),
        ),
        "only columns list": lambda: select(t.c.id).with_only_columns([t.c.x]),
        "only columns odd": lambda: select(t.c.id).with_only_columns(t.c.x, foo=1),
        "select keyword": lambda: select(t.c.id, foo=5),
        "select dialect keyword": lambda: select(t.c.id, postgresql_foo=5),
        "select none": lambda: select(),
        "select none from": lambda: select().select_from(t),
        "inner columns": lambda: repr([str(c) for c in select(t, literal(1)).inner_columns]),
        "selected columns": lambda: repr(
            (
                select(t.c.id, t.c.x.label("z")).selected_columns.keys(),
                union(s1, s2).selected_columns.keys(),
                text("a").columns(column("q")).selected_columns.keys(),
            )
        ),
        "exported columns": lambda: repr(
            (
                select(t.c.id, t.c.x).exported_columns.keys(),
                t.exported_columns.keys(),
                t.insert().returning(t.c.id, t.c.x).exported_columns.keys(),
            )
        ),
        "froms": lambda: repr([str(f) for f in select(t.c.id).froms]),
        "final froms": lambda: repr([str(f) for f in select(t.c.id).join(u).get_final_froms()]),
        "columns clause froms": lambda: repr([str(f) for f in select(t.c.id, u.c.id).columns_clause_froms]),
        "whereclause": lambda: (
            repr(select(t.c.id).whereclause),
            select(t.c.id).where(t.c.x == 1).whereclause,
            select(t.c.id).where(t.c.x == 1, t.c.id == 2).whereclause,
        ),
        "dml whereclause": lambda: (
            repr(t.delete().whereclause),
            t.delete().where(t.c.x == 1).whereclause,
            t.update().where(t.c.x == 1, t.c.id == 2).whereclause,
        ),
        "descriptions": lambda: repr(
            [
                (x["name"], str(x["type"]))
                for x in select(t.c.id, (t.c.x + 1).label("q"), func.foo()).column_descriptions
            ]
        ),
        "entity description": lambda: repr({k: str(v) for k, v in t.insert().entity_description.items()}),
        "returning descriptions": lambda: repr(
            [(x["name"], str(x["type"])) for x in t.insert().returning(t.c.id).returning_column_descriptions]
        ),
        "where more": lambda: select(t.c.id).filter(t.c.x == 1).filter_by(x=2).where().having(),
        "where string": lambda: select(t.c.id).where("x = 1"),
        "where number": lambda: select(t.c.id).where(5),
        "where none": lambda: select(t.c.id).where(None),
        "where bool": lambda: select(t.c.id).where(True, False),
        "where select": lambda: select(t.c.id).where(select(u.c.y)),
        "where table": lambda: select(t.c.id).where(t),
        "having string": lambda: select(t.c.id).having("x = 1"),
        "filter by": lambda: select(t.c.id, u.c.y).filter_by(y=1),
        "filter by missing": lambda: select(t.c.id).filter_by(nope=1),
        "filter by join": lambda: select(t.c.id).join(u).filter_by(y=3),
        "filter by nothing": lambda: select(literal(1)).filter_by(x=1),
        "filter by subquery": lambda: select(s1.subquery("q")).filter_by(x=1),
        "filter by dml": lambda: (
            t.update().filter_by(x=1).values(s="a"),
            t.delete().filter(t.c.x == 3).filter_by(x=1),
        ),
        "order by": lambda: select(t.c.id).order_by(t.c.x, t.c.id.desc()).order_by("id"),
        "order by none": lambda: select(t.c.id).order_by(t.c.x).order_by(None).order_by(t.c.id),
        "group by none": lambda: select(t.c.id).group_by(t.c.x).group_by(None).group_by(t.c.id),
        "order by bool": lambda: select(t.c.id).order_by(True),
        "order by number": lambda: select(t.c.id).order_by(5),
        "order by select": lambda: select(t.c.id).order_by(select(u.c.y)),
        "order by table": lambda: select(t.c.id).order_by(t),
        "group by number": lambda: select(t.c.id).group_by(5),
        "group by none item": lambda: select(t.c.id).group_by(t.c.x, None),
        "order by empty": lambda: select(t.c.id).order_by(),
        "order by name table": lambda: select(t.c.id, u.c.id).order_by("id"),
        "order by name text": lambda: select(text("a"), t.c.x).order_by("x"),
        "order by key": lambda: select(keyed.c.nick).order_by("nick"),
        "order by key name": lambda: select(keyed.c.nick).order_by("real_name"),
        "distinct": lambda: select(t.c.x).distinct().distinct(),
        "distinct on": lambda: select(t.c.x).distinct(t.c.x, "id"),
        "postgresql: distinct on": lambda: select(t.c.x, t.c.id).distinct(t.c.x, "id"),
        "limit string": lambda: select(t.c.x).limit("5"),
        "limit bad string": lambda: select(t.c.x).limit("x"),
        "limit table": lambda: select(t.c.x).limit(t),
        "limit select": lambda: select(t.c.x).limit(select(u.c.y)),
        "limit column": lambda: select(t.c.x).limit(t.c.x).offset(literal_column("5")),
        "limit none": lambda: select(t.c.x).limit(5).limit(None).offset(3).offset(None),
        "limit float": lambda: select(t.c.x).limit(5.5),
        "slice": lambda: (
            select(t.c.x).slice(2, 5),
            select(t.c.x).slice(5, 2),
            select(t.c.x).offset(10).slice(1, 3),
            select(t.c.x).slice(0, 3),
        ),
        "slice one": lambda: (
            select(t.c.x).slice(2, None),
            select(t.c.x).slice(None, 5),
            select(t.c.x).slice(None, None),
        ),
        "slice expression": lambda: select(t.c.x).offset(t.c.x).slice(1, 3),
        "slice limit": lambda: select(t.c.x).limit(10).slice(2, 4),
        "slice more": lambda: select(t.c.x).limit(10).offset(3).slice(2, None),
        "fetch none": lambda: select(t.c.x).fetch(5).fetch(None),
        "fetch then limit": lambda: select(t.c.x).fetch(5).limit(3),
        "fetch keyword": lambda: select(t.c.x).fetch(5, foo_bar=1),
        "fetch expression": lambda: select(t.c.x).fetch(t.c.x, percent=True, with_ties=True),
        "fetch offset": lambda: select(t.c.x).fetch(5).offset(3),
        "for update": lambda: select(t.c.x).with_for_update(of=[t, u.c.id], key_share=True),
        "for update again": lambda: select(t.c.x).with_for_update(nowait=True).with_for_update(read=True),
        "correlate": lambda: select(t.c.id).where(
            exists(select(u.c.id).where(u.c.t_id == t.c.id).correlate(t))
        ),
        "correlate none": lambda: select(t.c.id).where(
            t.c.x == select(u.c.id).where(u.c.t_id == t.c.id).correlate(None).scalar_subquery()
        ),
        "correlate except": lambda: select(t.c.id, u.c.id).where(
            t.c.x == select(u.c.id).where(u.c.t_id == t.c.id).correlate_except(u).scalar_subquery()
        ),
        "correlate except none": lambda: select(t.c.id).where(
            t.c.x == select(u.c.id).where(u.c.t_id == t.c.id).correlate_except(None).scalar_subquery()
        ),
        "correlate except nothing": lambda: select(t.c.id).where(
            t.c.x == select(u.c.id).where(u.c.t_id == t.c.id).correlate_except().scalar_subquery()
        ),
        "correlate none and more": lambda: select(t.c.id).correlate(None, t),
        "correlate except none and more": lambda: select(t.c.id).correlate_except(None, t),
        "correlate string": lambda: select(t.c.id).correlate("t"),
        "correlate all": lambda: select(t.c.id).where(
            t.c.id == select(t.c.id).correlate(t).scalar_subquery()
        ),
        "auto correlate all": lambda: select(t.c.id).where(
            t.c.id == select(t.c.x).where(t.c.x == 1).scalar_subquery()
        ),
        "scalar where": lambda: select(select(u.c.y).scalar_subquery().where(u.c.id == 5)),
        "scalar correlate": lambda: select(
            t.c.id, select(u.c.y).where(u.c.t_id == t.c.id).scalar_subquery().correlate(t)
        ),
        "scalar correlate except": lambda: select(
            t.c.id, select(u.c.y).where(u.c.t_id == t.c.id).scalar_subquery().correlate_except(u)
        ),
        "scalar columns": lambda: select(u.c.y).scalar_subquery().c,
        "scalar of two": lambda: select(t.c.id, t.c.x).scalar_subquery(),
        "scalar type": lambda: repr(select(t.c.s).scalar_subquery().type),
        "scalar label": lambda: select(select(t.c.x).label("q"), select(t.c.x).scalar_subquery().label(None)),
        "scalar operators": lambda: select(t.c.x).scalar_subquery() + 5 > select(u.c.y).scalar_subquery(),
        "as scalar": lambda: select(t.c.x).as_scalar(),
        "scalar as scalar": lambda: (
            select(select(t.c.x).scalar_subquery().scalar_subquery())
            if hasattr(select(t.c.x).scalar_subquery(), "scalar_subquery")
            else "none"
        ),
        "scalar union": lambda: select(union(select(t.c.x), select(u.c.y)).scalar_subquery()),
        "scalar text": lambda: select(text("select 1").columns(column("a", Integer)).scalar_subquery()),
        "exists": lambda: (
            exists(),
            exists(t.c.id).where(t.c.x == 1),
            exists(select(t.c.x)),
            select(t.c.x).exists(),
            exists(1),
            exists(text("a")),
        ),
        "exists of scalar": lambda: exists(select(t.c.x).scalar_subquery()),
        "exists select": lambda: exists().where(t.c.x == 1).select(),
        "exists not": lambda: ~exists(t.c.id),
        "hints": lambda: (
            select(t.c.id)
            .with_hint(t, "A")
            .with_hint(u, "B")
            .with_hint(None, "S")
            .with_statement_hint("Z", "mysql")
        ),
        "str: hints": lambda: (
            select(t.c.id)
            .with_hint(t, "A %(name)s")
            .with_statement_hint("Z")
            .with_statement_hint("Q", "mysql")
        ),
        "mysql,mssql,postgresql,sqlite: hints": lambda: (
            select(t.c.id)
            .with_hint(t, "A %(name)s")
            .with_statement_hint("Z")
            .with_statement_hint("Q", "mysql")
        ),
        "mysql,mssql: dml hints": lambda: (
            t.update().with_hint("H").values(x=1),
            t.delete().with_hint("H"),
            t.insert().with_hint("H").values(x=1),
        ),
        "dml hints": lambda: (
            t.update().with_hint("H").values(x=1),
            t.delete().with_hint("H", selectable=t),
            t.insert().with_hint("H", dialect_name="mysql").values(x=1),
        ),
        "labels": lambda: tuple(
            select(t.c.id, u.c.id, t.c.x, func.foo(1)).set_label_style(style)
            for style in (LABEL_STYLE_NONE, LABEL_STYLE_DISAMBIGUATE_ONLY, LABEL_STYLE_TABLENAME_PLUS_COL)
        ),
        "labels again": lambda: repr(
            (
                select(t.c.id).get_label_style(),
                union(s1, s2).get_label_style(),
                select(t.c.id).set_label_style(LABEL_STYLE_NONE).get_label_style(),
            )
        ),
        "labels none twice": lambda: select(t.c.id, t.c.id, u.c.id, literal(1), literal(1)).set_label_style(
            LABEL_STYLE_NONE
        ),
        "labels none subquery": lambda: select(
            select(t.c.id, u.c.id).set_label_style(LABEL_STYLE_NONE).subquery("q")
        ),
        "labels qualified": lambda: select(
            t.c.id, t.c.id, (t.c.x + 1), -t.c.x, t.c.x.label("y"), u.c.id, t.alias("t").c.id
        ).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
        "labels qualified subquery": lambda: select(
            select(t.c.id, t.c.id, -t.c.x, ~t.c.x, u.c.id)
            .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
            .subquery("q")
        ),
        "labels unary": lambda: select(-t.c.x, -t.c.x, ~t.c.id, t.c.x.desc(), t.c.x.distinct()),
        "union labels": lambda: union(s1, s2).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
        "union labels none": lambda: select(
            union(select(t.c.id, t.c.id), select(u.c.id, u.c.y))
            .set_label_style(LABEL_STYLE_NONE)
            .subquery("q")
        ),
        "union of labels": lambda: select(
            union(select(t.c.id, t.c.id).set_label_style(LABEL_STYLE_NONE), s2).subquery("q")
        ),
        "prefixes": lambda: (
            select(t.c.id).prefix_with("A", "B", dialect="*").prefix_with("C", dialect="mysql")
        ),
        "prefixes odd": lambda: select(t.c.id).prefix_with("A", foo=5),
        "prefix number": lambda: select(t.c.id).prefix_with(5),
        "execution options": lambda: options(select(t.c.id).execution_options(a=1).execution_options(b=2)),
        "execution options cache": lambda: select(t.c.id).execution_options(compiled_cache={}),
        "execution options isolation": lambda: select(t.c.id).execution_options(isolation_level="x"),
        "options string": lambda: select(t.c.id).options("x"),
        "into": lambda: select(t.c.id).into("new"),
        "into more": lambda: (
            select(t.c.id).into("new", schema="s", temporary=True),
            select(t.c.id).into("new", if_not_exists=True),
        ),
        "children": lambda: repr(
            sorted(type(x).__name__ for x in select(t.c.id).where(t.c.x == 1).get_children())
        ),
        "bool": lambda: bool(select(t.c.id)),
        "selectable": lambda: repr((s1.selectable is s1, t.selectable is t, func.f(1).selectable.name)),
        "select create": lambda: Select(t.c.id),
        "join property": lambda: repr(select(t.c.id).join(u).get_final_froms()[0].onclause is not None),
        "reused bind": lambda: select(t.c.id).where(t.c.x == bindparam("a"), t.c.id == bindparam("a")),
        "syntax extension": lambda: tuple(
            select(t.c.id).where(t.c.x == 1).limit(1).ext(Tail(place))
            for place in ("pre_columns", "post_select", "post_criteria", "post_body")
        ),
        "syntax extension unknown": lambda: select(t.c.id).ext(Tail("nowhere")),
        "syntax extension twice": lambda: select(t.c.id).ext(Tail()).ext(Tail()),
        "syntax extension bare": lambda: select(t.c.id).ext(Bare()),
        "syntax extension bare update": lambda: t.update().ext(Bare()),
        "syntax extension bare delete": lambda: t.delete().ext(Bare()),
        "syntax extension bare insert": lambda: t.insert().ext(Bare()),
        # Compounds
        "compounds": lambda: (
            union(s1, s2),
            union_all(s1, s2, s3),
            except_(s1, s2),
            except_all(s1, s2),
            intersect(s1, s2),
            intersect_all(s1, s2),
        ),
        "compound methods": lambda: (
            s1.union(s2),
            s1.union_all(s2, s3),
            s1.except_(s2),
            s1.except_all(s2),
            s1.intersect(s2),
            s1.intersect_all(s2),
        ),
        "compound nested": lambda: union(union(s1, s2), s3).order_by(literal_column("1")),
        "compound group": lambda: union(s1, s2).group_by("id"),
        "compound where": lambda: union(s1, s2).order_by(t.c.id).limit(3).offset(t.c.x),
        "compound table": lambda: union(t, s1),
        "compound string": lambda: union("a", s1),
        "compound subquery": lambda: union(s1.subquery(), s1),
        "compound raw text": lambda: union(text("select 1"), s1),
        "compound numbers": lambda: union(s1, select(t.c.id)),
        "compound one": lambda: union(s1),
        "compound columns": lambda: select(union(s1, s2).subquery("q").c.x),
        "compound for update": lambda: union(s1, s2).with_for_update(),
        "compound label": lambda: select(union(select(t.c.x), select(u.c.y)).label("q")),
        "compound alias": lambda: select(union(s1, s2).alias("q")),
        "compound types": lambda: repr(
            [c.type for c in union(select(t.c.x), select(t.c.s)).selected_columns]
        ),
        # INSERT
        "insert": lambda: (
            t.insert(),
            insert(t).values(x=1),
            insert(t).values([1, 2, "a"]),
            insert(t).values((1, 2, "a")),
            insert(t).values({t.c.x: 1}),
        ),
        "insert nothing": lambda: insert(5),
        "insert select": lambda: insert(s1),
        "insert string": lambda: insert("t"),
        "insert alias": lambda: insert(t.alias("q")),
        "insert values twice": lambda: t.insert().values(x=1).values(s="a"),
        "insert values two": lambda: t.insert().values({"x": 1}, {"x": 2}),
        "insert values dict and kw": lambda: t.insert().values({"x": 1}, s="a"),
        "insert values list and kw": lambda: t.insert().values([{"x": 1}], s="a"),
        "insert values mixed": lambda: t.insert().values(x=1).values([{"x": 2}]),
        "insert values mixed back": lambda: t.insert().values([{"x": 2}]).values(x=1),
        "insert values many twice": lambda: t.insert().values([{"x": 2}]).values([{"x": 3}]),
        "insert values unknown": lambda: t.insert().values(nope=1),
        "insert values unknown many": lambda: t.insert().values([{"x": 1, "nope": 2}]),
        "insert values ragged": lambda: t.insert().values([{"x": 1, "s": "a"}, {"x": 2}]),
        "insert values ragged default": lambda: nokey.insert().values([{"x": 1, "y": 5}, {"x": 2}]),
        "insert values lists": lambda: t.insert().values([(1, 2, "a"), (3, 4, "b")]),
        "insert values short list": lambda: t.insert().values([1, 2]),
        "insert values expressions": lambda: t.insert().values(
            [{"x": func.foo(1)}, {"x": 5}, {"x": bindparam("q")}, {"x": select(u.c.y).scalar_subquery()}]
        ),
        "insert values many sequence": lambda: d.insert().values([{"id": 1}, {"id": 2}]),
        "insert values other table": lambda: t.insert().values({u.c.y: 1}),
        "insert values column object": lambda: t.insert().values({5: 1}),
        "insert values select": lambda: t.insert().values(x=select(u.c.y)),
        "insert values table": lambda: t.insert().values(x=u),
        "insert values text": lambda: t.insert().values(x=text("foo()")),
        "insert values none": lambda: t.insert().values(x=None),
        "insert values bind": lambda: t.insert().values(x=bindparam("x")),
        "insert values bind other": lambda: t.insert().values(x=bindparam("q", 5)),
        "insert values bind conflict": lambda: t.insert().values(x=bindparam("s")),
        "insert values list object": lambda: t.insert().values(5),
        "insert keys": lambda: (
            columns_given(t.insert(), ["x"]),
            columns_given(t.insert(), ["x", "s"], postgresql.dialect()),
            columns_given(t.insert().values(s="q"), ["x"]),
        ),
        "insert keys unknown": lambda: columns_given(t.insert(), ["x", "nope"]),
        "update keys": lambda: (
            columns_given(t.update(), ["x"]),
            columns_given(t.update().where(t.c.id == bindparam("b_id")), ["x", "b_id"]),
        ),
        "update bind name": lambda: t.update().where(t.c.id == bindparam("x")).values(x=5),
        "update bind name keys": lambda: columns_given(t.update().where(t.c.id == bindparam("x")), ["x"]),
        "from select again": lambda: t.insert().values(x=1).from_select(["x"], s1),
        "from select values": lambda: t.insert().from_select(["x"], select(t.c.x)).values(s="a"),
        "from select string": lambda: t.insert().from_select(["x"], "select 1"),
        "from select text": lambda: t.insert().from_select(["x"], text("select 1")),
        "from select textual": lambda: t.insert().from_select(["x"], text("select 1").columns(column("a"))),
        "from select unknown": lambda: t.insert().from_select(["nope"], select(t.c.x)),
        "from select defaults": lambda: d.insert().from_select(["id"], select(t.c.x)),
        "from select cte": lambda: t.insert().from_select(["x"], select(s1.cte("w").c.x)),
        "returning": lambda: (
            t.insert().returning(t),
            t.insert().returning(t.c.id.label("q"), t.c.x + 1),
            t.insert().returning(t.c.id).returning(t.c.x),
        ),
        "returning odd": lambda: t.insert().returning(t.c.id, foo=1),
        "returning string": lambda: t.insert().returning("id"),
        "returning text": lambda: t.insert().returning(text("*")),
        "returning other": lambda: t.update().returning(u.c.y).values(x=1),
        "returning sorted": lambda: t.insert().returning(t.c.id, sort_by_parameter_order=True),
        "returning sorted update": lambda: t.update().returning(t.c.id, sort_by_parameter_order=True),
        "return defaults after returning": lambda: t.insert().returning(t.c.id).return_defaults(),
        "returning after return defaults": lambda: t.insert().return_defaults().returning(t.c.id),
        "dialect options": lambda: t.insert().with_dialect_options(mysql_foo=5),
        "dialect options keep": lambda: repr(
            dict(
                t.update()
                .with_dialect_options(mysql_limit=5)
                .with_dialect_options(mysql_limit=6)
                .dialect_options["mysql"]
            )
        ),
        "mysql: dialect options": lambda: t.update().values(x=1).with_dialect_options(mysql_limit=5),
        "dialect option unknown": lambda: t.update().with_dialect_options(foo=5),
        "dialect option no dialect": lambda: t.update().with_dialect_options(nope_foo=5),
        "params insert": lambda: t.insert().params(x=1),
        "params update": lambda: t.update().values(x=bindparam("q")).params(q=4),
        # UPDATE and DELETE
        "update": lambda: (
            t.update(),
            update(t).values(x=1).where(t.c.id == 5),
            update(t).values({"x": t.c.x + 1}),
        ),
        "update list": lambda: t.update().values([{"x": 1}, {"x": 2}]),
        "update pairs": lambda: t.update().values([(t.c.x, 1)]),
        "update unknown": lambda: t.update().values(nope=1),
        "update ordered": lambda: t.update().ordered_values((t.c.s, "a"), ("x", 5)),
        "update ordered twice": lambda: t.update().ordered_values((t.c.s, "a")).ordered_values((t.c.x, 1)),
        "update ordered mixed": lambda: t.update().ordered_values((t.c.s, "a")).values(x=1),
        "update ordered after": lambda: t.update().values(x=1).ordered_values((t.c.s, "a")),
        "update string": lambda: update("t"),
        "update where string": lambda: t.update().where("x"),
        "update cte": lambda: t.update().where(t.c.id.in_(select(s1.cte("w").c.id))).values(x=1),
        "update same table alias": lambda: t.update().values(x=t.alias("o").c.x),
        "delete": lambda: (
            t.delete(),
            delete(t).where(t.c.id == 5, t.c.x == 1),
            t.delete().returning(t.c.id),
        ),
        "delete string": lambda: delete("t"),
        "delete values": lambda: t.delete().values(x=1),
        "delete prefix": lambda: t.delete().prefix_with("QUICK"),
        "delete whole": lambda: t.delete().where(),
        # Text and lambdas
        "textual": lambda: text("select a, b").columns(column("a", Integer), column("b")).bindparams(),
        "textual binds": lambda: text("select a where a = :a").columns(a=Integer).bindparams(a=5),
        "textual label style": lambda: (
            text("select a").columns(column("a")).set_label_style(LABEL_STYLE_NONE)
        ),
        "textual group": lambda: select(literal(1)).where(
            literal(1).in_(text("select a").columns(column("a")))
        ),
        "textual expression": lambda: select(
            text("select a + 1").columns(literal_column("a") + 1).subquery("q")
        ),
        "textual union": lambda: (
            text("select a").columns(column("a")).union(text("select b").columns(column("b")))
            if hasattr(text("x").columns(), "union")
            else "no union"
        ),
        "lambda": lambda: lambda_stmt(lambda: select(t.c.id)) + (lambda s: s.where(t.c.x == 1)),
        "lambda criteria": lambda: lambda_stmt(lambda: select(t.c.id)).add_criteria(
            lambda s: s.where(t.c.x == 1)
        ),
        "lambda kinds": lambda: repr(
            [
                (x.is_select, x.is_update, x.is_insert, x.is_delete, x.is_dml)
                for x in (
                    lambda_stmt(lambda: select(t.c.id)),
                    lambda_stmt(lambda: t.update()),
                    lambda_stmt(lambda: t.insert()),
                    lambda_stmt(lambda: t.delete()),
                )
            ]
        ),
        "table select": lambda: (t.select(), t.select().where(t.c.x == 1), s1.subquery("q").select()),
        "statement facts": lambda: repr(
            [
                (x.is_select, x.is_dml, x.is_insert, x.is_update, x.is_delete)
                for x in (s1, t.insert(), t.update(), t.delete(), text("a"), union(s1, s2))
            ]
        ),
        "literal binds": lambda: str(
            select(t.c.id)
            .where(t.c.s == "it's", t.c.x.in_([1, 2]), t.c.x == 5)
            .compile(compile_kwargs={"literal_binds": True})
        ),
        "literal binds empty": lambda: str(
            select(t.c.id).where(t.c.x.in_([])).compile(compile_kwargs={"literal_binds": True})
        ),
        "literal binds null": lambda: str(
            select(t.c.id)
            .where(t.c.x == bindparam("q", None))
            .compile(compile_kwargs={"literal_binds": True})
        ),
        "literal binds missing": lambda: str(
            select(t.c.id).where(t.c.x == bindparam("q")).compile(compile_kwargs={"literal_binds": True})
        ),
        "literal binds object": lambda: str(
            select(t.c.id).where(t.c.x == literal(object())).compile(compile_kwargs={"literal_binds": True})
        ),
        "literal binds date": lambda: str(
            select(
                literal(datetime.date(2020, 1, 2)),
                literal(datetime.datetime(2020, 1, 2, 3, 4)),
                literal(True),
                literal(1.5),
                literal(None),
            ).compile(compile_kwargs={"literal_binds": True})
        ),
        "postcompile": lambda: str(
            select(t.c.id).where(t.c.x.in_([1, 2])).compile(compile_kwargs={"render_postcompile": True})
        ),
        "postcompile empty": lambda: str(
            select(t.c.id).where(t.c.x.in_([])).compile(compile_kwargs={"render_postcompile": True})
        ),
        "schema translate": lambda: str(
            select(t.c.id).compile(schema_translate_map={None: "foo"}, render_schema_translate=True)
        ),
        "schema translate missing": lambda: str(
            select(Table("z", MetaData(), Column("q"), schema="bar")).compile(
                schema_translate_map={"bar": "foo"}, render_schema_translate=True
            )
        ),
        "schema translate none": lambda: str(
            select(Table("z", MetaData(), Column("q"), schema="bar")).compile(
                schema_translate_map={"bar": None}, render_schema_translate=True
            )
        ),
        "schema translate brackets": lambda: str(
            select(Table("z", MetaData(), Column("q"), schema="b[ar")).compile(
                schema_translate_map={"b[ar": "x"}, render_schema_translate=True
            )
        ),
        "compiled facts": lambda: repr(
            (
                s1.compile().params,
                str(s1.compile().sql_compiler is not None),
                t.insert().compile().isinsert,
                t.update().compile().isupdate,
                t.delete().compile().isdelete,
            )
        ),
        "compiled prefetch": lambda: repr([c.name for c in d.insert().compile().prefetch]),
        "compiled returning": lambda: repr(
            [str(c) for c in t.insert().returning(t.c.id).compile().returning]
        ),
        "compiled positional": lambda: repr(
            select(t.c.id)
            .where(t.c.x.in_([1]))
            .compile(dialect=sqlite.dialect())
            .construct_expanded_state()
            .positional_parameters
        ),
        "compiled not positional": lambda: repr(
            select(t.c.id).where(t.c.x.in_([1])).compile().construct_expanded_state().positional_parameters
        ),
        "compiled additional": lambda: repr(
            select(t.c.id).where(t.c.x.in_([1, 2])).compile().construct_expanded_state().additional_parameters
        ),
        "compiled params": lambda: repr(
            select(t.c.id).where(t.c.x == bindparam("q", 3)).compile().construct_params({"q": 5})
        ),
        "compiled current": lambda: s1.compile().current_executable,
    }
)
