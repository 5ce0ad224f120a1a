"""MetaData, Table and Column: every argument, how they combine, what is refused."""

from __future__ import annotations

from typing import Any

import relvar as sa
from relvar import (
    BLANK_SCHEMA,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    FetchedValue,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    func,
    literal,
    quoted_name,
    select,
    text,
    true,
)
from relvar.schema import CreateColumn, CreateTable, DropTable, SchemaConst


def made(*items: Any, **kw: Any) -> Any:
    """CREATE TABLE of these items."""
    return CreateTable(Table("t", MetaData(), *items, **kw))


def names(items: Any) -> str:
    """Their names, sorted."""
    return repr(sorted(str(item.name) for item in items))


def again(*items: Any, **kw: Any) -> Any:
    """A table, and what a second call with these arguments makes of it."""
    metadata = MetaData()
    first = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", String(5), index=True))
    second = Table("t", metadata, *items, **kw)
    return (repr(first is second), CreateTable(second), names(second.indexes), names(second.c))


def column(*args: Any, **kw: Any) -> Any:
    """A column as CREATE TABLE writes it."""
    return CreateColumn(Table("t", MetaData(), Column(*args, **kw)).columns[0])


def facts(*args: Any, **kw: Any) -> str:
    """What a column says of itself, outside and inside of a table."""
    one = Column(*args, **kw)
    alone = (one.name, one.key, one.nullable, one.primary_key, one.index, one.unique, one.autoincrement)
    Table("t", MetaData(), one)
    return repr(
        (alone, one.nullable, one.doc, one.comment, one.system, one.info, str(one), one.table.primary_key)
    )


def schema_things() -> MetaData:
    """A metadata with some of everything that has a name."""
    metadata = MetaData(schema="s")
    Table("b", metadata, Column("id", Integer, Sequence("q1"), primary_key=True), schema="other")
    Table("a", metadata, Column("b_id", ForeignKey("other.b.id")), Column("e", Enum("x", name="en")))
    Table("c", metadata, Column("x", Integer), schema=BLANK_SCHEMA)
    Sequence("q2", metadata=metadata)
    Sequence("q3", metadata=metadata, schema="zz")
    return metadata


def changed(do: Any) -> Any:
    """A table of two columns after *do*."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("a", Integer))
    do(table)
    return (CreateTable(table), names(table.constraints), names(table.indexes), names(table.primary_key))


CASES: dict[str, Any] = {
    # C001
    "metadata repr": lambda: (repr(MetaData()), repr(MetaData(schema="s"))),
    "metadata facts": lambda: (
        repr(sorted(schema_things().tables)),
        repr([t.fullname for t in schema_things().sorted_tables]),
        repr(sorted(schema_things().schemas)) if hasattr(MetaData, "schemas") else "",
        repr(sorted(schema_things()._schemas)),
    ),
    "metadata contains": lambda: (lambda m: repr(("s.a" in m, "a" in m, m.tables["c"] in m, 5 in m.tables)))(
        schema_things()
    ),
    "metadata contains table": lambda: (lambda m: m.tables["c"] in m)(schema_things()),
    "metadata schema kinds": lambda: repr(
        (
            MetaData(schema="s").schema,
            MetaData(schema="S", quote_schema=True).schema.quote,
            MetaData(schema=quoted_name("S", False)).schema.quote,
            Table("t", MetaData(schema="s", quote_schema=True)).schema.quote,
            Table("t", MetaData(schema="s", quote_schema=True), schema="s").schema.quote,
            Table("t", MetaData(schema="s", quote_schema=True), schema="o").schema.quote,
        )
    ),
    "metadata schema odd": lambda: MetaData(schema=5),
    "metadata schema blank": lambda: MetaData(schema=BLANK_SCHEMA),
    "metadata naming default": lambda: repr(dict(MetaData().naming_convention)),
    "metadata naming given": lambda: repr(dict(MetaData(naming_convention={"uq": "x"}).naming_convention)),
    "metadata info": lambda: repr((MetaData(info={"a": 1}).info, MetaData().info)),
    "metadata bind": lambda: MetaData(bind=5),
    "metadata clear": lambda: (lambda m: (m.clear(), repr((list(m.tables), list(m._schemas))))[1])(
        schema_things()
    ),
    "metadata remove": lambda: (lambda m: (m.remove(m.tables["c"]), repr(sorted(m.tables)))[1])(
        schema_things()
    ),
    "metadata remove foreign": lambda: (lambda m: (m.remove(Table("q", MetaData())), repr(sorted(m.tables))))(
        schema_things()
    )[1],
    "metadata objects": lambda: (
        lambda m: repr(
            (
                sorted(str(s.name) for s in m.get_schema_objects(Sequence)),
                sorted(str(s.name) for s in m.get_schema_objects(Sequence, schema="zz")),
                sorted(str(s.name) for s in m.get_schema_objects(Table)),
                sorted(str(s.name) for s in m.get_schema_objects(Enum)),
                sorted(str(s.name) for s in m.get_schema_objects(Enum, schema="nope")),
            )
        )
    )(schema_things()),
    "metadata objects odd": lambda: repr(list(schema_things().get_schema_objects(Column))),
    "metadata object by name": lambda: (
        lambda m: repr(
            (
                m.get_schema_object_by_name(Sequence, "q2"),
                m.get_schema_object_by_name(Sequence, "q3", schema="zz"),
                m.get_schema_object_by_name(Sequence, "q3"),
                m.get_schema_object_by_name(Enum, "en"),
            )
        )
    )(schema_things()),
    "metadata tables read only": lambda: schema_things().tables.update({"x": 5}),
    "metadata tables pop": lambda: schema_things().tables.pop("c"),
    "metadata tables get": lambda: repr(schema_things().tables.get("nope")),
    # C003
    "table no args": lambda: Table(),
    "table name only": lambda: Table("t"),
    "table name by keyword": lambda: Table(name="t", metadata=MetaData()),
    "table two metadata": lambda: Table("t", MetaData(), MetaData()),
    "table unknown option": lambda: Table("t", MetaData(), what=5),
    "table option of unknown dialect": lambda: Table("t", MetaData(), what_is=5),
    "table option unknown to dialect": lambda: Table("t", MetaData(), mysql_any_thing=5, sqlite_what=6),
    "table must exist": lambda: Table("t", MetaData(), must_exist=True),
    "table string item": lambda: Table("t", MetaData(), "a"),
    "table class attr": lambda: Table("t", MetaData(), [Column("a")]),
    "table same column twice": lambda: made(Column("a", Integer), Column("a", String(3))),
    "table same key twice": lambda: made(Column("a", Integer), Column("b", String(3), key="a")),
    "table key like name": lambda: made(Column("a", Integer, key="b"), Column("b", String(3), key="a")),
    "table name empty": lambda: CreateTable(Table("", MetaData(), Column("a", Integer))),
    "table name odd": lambda: CreateTable(Table(5, MetaData(), Column("a", Integer))),
    "ddl: no columns": lambda: made(),
    "ddl: prefixes": lambda: made(Column("a", Integer), prefixes=["TEMPORARY"]),
    "ddl: two prefixes": lambda: made(Column("a", Integer), prefixes=["GLOBAL", "TEMPORARY"]),
    "ddl: comment": lambda: made(Column("a", Integer, comment="o'c \\ %"), comment="it's 5% \\n"),
    "ddl: drop": lambda: (
        DropTable(Table("t", MetaData())),
        DropTable(Table("t", MetaData()), if_exists=True),
    ),
    "ddl: if not exists": lambda: CreateTable(
        Table("t", MetaData(), Column("a", Integer), schema="S x", prefixes=["TEMPORARY"]), if_not_exists=True
    ),
    "table info": lambda: repr((Table("t", MetaData(), info={"a": 1}).info, Table("t", MetaData()).info)),
    "table comment": lambda: repr(
        (Table("t", MetaData(), comment="c").comment, Table("t", MetaData()).comment)
    ),
    "table str": lambda: (str(Table("t", MetaData(), schema="s")), str(Table("t", MetaData()))),
    "table repr": lambda: repr(Table("t", MetaData(), Column("a", Integer), schema="s")),
    "table implicit returning": lambda: repr(
        (
            Table("t", MetaData()).implicit_returning,
            Table("t", MetaData(), implicit_returning=False).implicit_returning,
        )
    ),
    "table names": lambda: (
        lambda t: repr((t.name, t.fullname, t.key, t.schema, t.description, t.is_view, t.named_with_column))
    )(Table("t", MetaData(), schema="s")),
    "table quote": lambda: (
        CreateTable(Table("T", MetaData(), Column("a", Integer), quote=False)),
        CreateTable(Table("t", MetaData(), Column("a", Integer), quote=True)),
        CreateTable(Table("t", MetaData(), Column("a", Integer), schema="s", quote_schema=True)),
        CreateTable(Table("t", MetaData(), Column("a", Integer), schema="S", quote_schema=False)),
    ),
    "ddl: quoting": lambda: CreateTable(
        Table(
            'sel"ect`x]y',
            MetaData(),
            Column("order", Integer),
            Column("MiXed", Integer),
            Column("a b", Integer),
            Column("5x", Integer),
            Column("ünï", Integer),
            Column("per%cent", Integer),
            Column("co:lon", Integer),
            Column("lower", Integer, quote=True),
            Column("UPPER", Integer, quote=False),
            Column(quoted_name("user", False), Integer),
            Column("$x", Integer),
            Column("x$", Integer),
            Column("_x", Integer),
            schema="my.Schema",
        )
    ),
    "ddl: schemas": lambda: (
        CreateTable(Table("t", MetaData(), Column("a", Integer), schema="a.b")),
        CreateTable(Table("t", MetaData(), Column("a", Integer), schema=quoted_name("a.b", True))),
        CreateTable(Table("t", MetaData(schema="def"), Column("a", Integer))),
        CreateTable(Table("t", MetaData(schema="def"), Column("a", Integer), schema=BLANK_SCHEMA)),
        CreateTable(Table("t", MetaData(schema="def"), Column("a", Integer), schema="select")),
    ),
    "schema const": lambda: repr((list(SchemaConst), BLANK_SCHEMA is SchemaConst.BLANK_SCHEMA)),
    "schema const others": lambda: Table("t", MetaData(), schema=SchemaConst.RETAIN_SCHEMA),
    "schema odd": lambda: str(Table("t", MetaData(), schema=5)),
    # twice
    "twice nothing": again,
    "twice items": lambda: again(Column("b", Integer)),
    "twice option only": lambda: again(mysql_engine="x"),
    "twice keep": lambda: again(Column("b", Integer), keep_existing=True, comment="no"),
    "twice extend": lambda: again(Column("b", Integer), extend_existing=True, comment="yes"),
    "twice extend same": lambda: again(Column("a", Integer), extend_existing=True),
    "twice extend same indexed": lambda: again(Column("a", Integer, index=True), extend_existing=True),
    "twice extend key": lambda: again(Column("id", Integer), extend_existing=True),
    "twice extend key same": lambda: again(Column("id", String(3), primary_key=True), extend_existing=True),
    "twice extend second key": lambda: again(Column("b", String(3), primary_key=True), extend_existing=True),
    "twice extend constraint": lambda: again(UniqueConstraint("a", name="u"), extend_existing=True),
    "twice extend pk": lambda: again(PrimaryKeyConstraint("a", name="p"), extend_existing=True),
    "twice extend options": lambda: again(extend_existing=True, sqlite_strict=True, prefixes=["P"]),
    "twice extend info": lambda: again(extend_existing=True, info={"a": 5})[1],
    "twice extend quote": lambda: again(extend_existing=True, quote=True),
    "twice extend quote schema": lambda: again(extend_existing=True, quote_schema=True),
    "twice extend unknown": lambda: again(extend_existing=True, foo_bar=True),
    "twice extend unknown 2": lambda: again(extend_existing=True, foo=True),
    "twice include": lambda: again(extend_existing=True, include_columns=["a"]),
    "twice include none": lambda: again(extend_existing=True, include_columns=["zz"]),
    "twice both": lambda: again(extend_existing=True, keep_existing=True),
    "twice must exist": lambda: again(must_exist=True),
    "twice schema": lambda: again(Column("z", Integer), schema="s"),
    "listeners": lambda: (
        lambda log: (
            Table(
                "t",
                MetaData(),
                Column("a", Integer),
                listeners=[("after_parent_attach", lambda t, m: log.append((t.name, type(m).__name__)))],
            ),
            repr(log),
        )[1]
    )([]),
    "listeners odd": lambda: Table("t", MetaData(), listeners=[("nope", lambda: 5)]),
    # changes
    "append": lambda: changed(lambda t: t.append_column(Column("b", Integer))),
    "append twice": lambda: changed(lambda t: t.append_column(Column("a", String(9)))),
    "append replace": lambda: changed(
        lambda t: t.append_column(Column("a", String(9)), replace_existing=True)
    ),
    "append other name": lambda: changed(lambda t: t.append_column(Column("zz", String(9), key="a"))),
    "append replace other name": lambda: changed(
        lambda t: t.append_column(Column("zz", String(9), key="a"), replace_existing=True)
    ),
    "append indexed": lambda: changed(lambda t: t.append_column(Column("b", Integer, index=True))),
    "append unique": lambda: changed(lambda t: t.append_column(Column("b", Integer, unique=True))),
    "append key": lambda: changed(lambda t: t.append_column(Column("b", Integer, primary_key=True))),
    "append replaces key": lambda: changed(
        lambda t: t.append_column(Column("id", Integer), replace_existing=True)
    ),
    "append no column": lambda: changed(lambda t: t.append_column(5)),
    "append string": lambda: changed(lambda t: t.append_column("a")),
    "append attached": lambda: changed(
        lambda t: t.append_column(Table("o", MetaData(), Column("x", Integer)).c.x)
    ),
    "insert 0": lambda: changed(lambda t: t.insert_column(Column("b", Integer), 0)),
    "insert 1": lambda: changed(lambda t: t.insert_column(Column("b", Integer), 1)),
    "insert 99": lambda: changed(lambda t: t.insert_column(Column("b", Integer), 99)),
    "insert -1": lambda: changed(lambda t: t.insert_column(Column("b", Integer), -1)),
    "insert -2": lambda: changed(lambda t: t.insert_column(Column("b", Integer), -2)),
    "insert twice": lambda: changed(lambda t: t.insert_column(Column("a", String(2)), 0)),
    "insert replace": lambda: changed(
        lambda t: t.insert_column(Column("a", String(2)), 0, replace_existing=True)
    ),
    "insert replace up": lambda: changed(
        lambda t: t.insert_column(Column("id", String(2), primary_key=True), 1, replace_existing=True)
    ),
    "constraint": lambda: changed(lambda t: t.append_constraint(UniqueConstraint("a", name="u"))),
    "constraint check": lambda: changed(lambda t: t.append_constraint(CheckConstraint(t.c.a > 5, name="c"))),
    "constraint index": lambda: changed(lambda t: t.append_constraint(Index("i", "a"))),
    "constraint pk": lambda: changed(lambda t: t.append_constraint(PrimaryKeyConstraint("a", name="p"))),
    "constraint missing": lambda: changed(lambda t: t.append_constraint(UniqueConstraint("zz"))),
    "constraint odd": lambda: changed(lambda t: t.append_constraint(5)),
    "depends": lambda: (
        lambda m: (
            Table("z", m).add_is_dependent_on(Table("zz", m)),
            repr([t.name for t in m.sorted_tables]),
        )[1]
    )(MetaData()),
    "depends on itself": lambda: (
        lambda m: (
            (lambda t: t.add_is_dependent_on(t))(Table("z", m)),
            repr([t.name for t in m.sorted_tables]),
        )[1]
    )(MetaData()),
    "collections": lambda: (
        lambda t: repr(
            (
                sorted(f.target_fullname for f in t.foreign_keys),
                len(t.foreign_key_constraints),
                [c.name for c in t.primary_key],
                sorted(type(c).__name__ for c in t.constraints),
                t.c is t.columns,
                t.c[0].name,
                t.c[0:2] and [c.name for c in t.c[0:2]],
                [c.name for c in t.c["id", "a"]],
                t.c.keys(),
                "a" in t.c,
                len(t.c),
            )
        )
    )(
        Table(
            "t",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("a", ForeignKey("x.id"), unique=True),
            Column("b", ForeignKey("x.id"), index=True),
            CheckConstraint("a > b"),
        )
    ),
    "collections missing": lambda: Table("t", MetaData()).c.nope,
    "collections missing item": lambda: Table("t", MetaData()).c["nope"],
    "collections odd": lambda: "x" in Table("t", MetaData(), Column("x")).c and 5 in Table("t", MetaData()).c,
    "corresponds": lambda: (
        lambda t: repr(
            (
                t.corresponding_column(t.alias().c.a) is t.c.a,
                t.c.contains_column(t.c.a),
                t.c.contains_column(Column("a")),
            )
        )
    )(Table("t", MetaData(), Column("a", Integer))),
    # C004
    "column facts": lambda: (
        facts("a", Integer),
        facts("a", Integer, primary_key=True),
        facts("a", Integer, key="k", doc="d", comment="c", info={"i": 1}, system=True),
        facts("a", Integer, nullable=False, index=True, unique=True, autoincrement="ignore_fk"),
        facts("a", Integer, Identity()),
        facts("a", Integer, Identity(), nullable=True),
        facts("a", Integer, primary_key=True, nullable=True),
        facts("a", Integer, Identity(), primary_key=True),
    ),
    "column type by keyword": lambda: column(name="a", type_=Integer),
    "column no type": lambda: column("a"),
    "column type class and instance": lambda: (column("a", String), column("a", String(5))),
    "column type odd": lambda: Column("a", 5),
    "column type string": lambda: Column("a", "Integer"),
    "column two types": lambda: Column("a", Integer, String),
    "column extra positional": lambda: Column("a", Integer, 5),
    "column extra none": lambda: Column("a", Integer, None),
    "column fk and type": lambda: column("a", Integer, ForeignKey("x.y")),
    "column fk no type": lambda: column("a", ForeignKey("x.y")),
    "column name twice": lambda: Column("a", Integer, name="b"),
    "column type twice": lambda: Column("a", Integer, type_=String),
    "column unknown": lambda: Column("a", Integer, foo=5),
    "column option": lambda: repr(
        dict(Column("a", Integer, sqlite_on_conflict_unique="FAIL").dialect_kwargs)
    ),
    "column option unknown": lambda: Column("a", Integer, sqlite_foo="FAIL"),
    "column autoincrement odd": lambda: repr(Column("a", Integer, autoincrement="foo").autoincrement),
    "column quote no name": lambda: Column(Integer, quote=True),
    "column quoted": lambda: repr((Column("a", quote=True).name.quote, Column("a").name)),
    "column doc": lambda: repr(Column("a", Integer, doc="d").doc),
    "column str": lambda: (str(Column("a")), str(Column()), str(Column("a", key="k"))),
    "column repr": lambda: (
        repr(Column("a", Integer, ForeignKey("x.y"), primary_key=True, nullable=True)),
        repr(Column("a", Integer, key="b", unique=True, index=True)),
        repr(Column("a", Integer, default=5, server_default="6", onupdate=7, server_onupdate=FetchedValue())),
        repr(Column("a", Integer, comment="c", doc="d", info={"x": 1})),
        repr(Table("t", MetaData(), Column("a", String(5), nullable=False)).c.a),
    ),
    "column inside": lambda: repr(
        (
            Column("a", Integer, insert_default=5).default.arg,
            Column("a", Integer, onupdate=6).onupdate.for_update,
            Column("a", Integer, server_default="x").server_default.for_update,
            Column("a", Integer, server_onupdate=FetchedValue()).server_onupdate.for_update,
        )
    ),
    "column both defaults": lambda: Column("a", Integer, default=5, insert_default=6),
    "column default none": lambda: repr(
        (Column("a", default=None).default, Column("a", insert_default=None).default)
    ),
    "column references": lambda: (
        lambda m: repr(
            Table("b", m, Column("x", ForeignKey("a.id"))).c.x.references(
                Table("a", m, Column("id", Integer)).c.id
            )
        )
    )(MetaData()),
    "column append fk": lambda: (lambda c: (c.append_foreign_key(ForeignKey("x.y")), repr(c))[1])(
        Column("a", Integer)
    ),
    "column two tables": lambda: (lambda c: [Table(n, MetaData(), c) for n in "ab"])(Column("a", Integer)),
    "column sentinel": lambda: (
        column("a", Integer, insert_sentinel=True),
        repr((sa.insert_sentinel("s").name, sa.insert_sentinel("s", sa.BigInteger).type)),
    ),
    "column sentinels": lambda: made(
        Column("a", Integer, insert_sentinel=True), Column("b", Integer, insert_sentinel=True)
    ),
    "column sentinel type": lambda: (lambda t: repr(t._sentinel_column_characteristics))(
        Table("t", MetaData(), Column("a", String, insert_sentinel=True))
    ),
    "column system": lambda: (
        made(Column("a", Integer), Column("xmin", Integer, system=True)),
        select(Table("t", MetaData(), Column("a", Integer), Column("xmin", Integer, system=True))),
    ),
    "column index name": lambda: names(
        Table("t", MetaData(), Column("a", Integer, index=True), schema="s").indexes
    ),
    "column index unique": lambda: (
        lambda t: repr(([(i.name, i.unique) for i in t.indexes], len(t.constraints)))
    )(Table("t", MetaData(), Column("a", Integer, index=True, unique=True))),
    "column index false": lambda: (lambda t: repr((len(t.indexes), len(t.constraints))))(
        Table("t", MetaData(), Column("a", Integer, index=False, unique=False))
    ),
    "column index odd": lambda: made(Column("a", Integer, index=5)),
    "column unique odd": lambda: made(Column("a", Integer, unique="x")),
    "column computed default": lambda: made(Column("a", Integer, Computed("1"), default=5)),
    "column computed onupdate": lambda: made(
        Column("a", Integer, Computed("1"), server_onupdate=FetchedValue())
    ),
    "column identity default": lambda: made(Column("a", Integer, Identity(), server_default="5")),
    "column identity computed": lambda: made(Column("a", Integer, Identity(), Computed("1"))),
    "column identity sequence": lambda: made(Column("a", Integer, Identity(), Sequence("q"))),
    "column copy": lambda: repr(Column("a", Integer, ForeignKey("x.y"), key="k")._copy()),
    "column compare": lambda: (Column("a", Integer) == 5, Column("a", Integer) + Column("b", Integer)),
    "ddl: column kinds": lambda: made(
        Column("a", Integer, primary_key=True),
        Column("b", String(5), nullable=False, unique=True),
        Column("c", Boolean, server_default=true()),
        Column("d", DateTime, server_default=func.now(), nullable=False),
        Column("e", Integer, CheckConstraint("e > 0"), server_default=text("1 + 1")),
        Column("f", Integer, ForeignKey("t.a", ondelete="CASCADE")),
        Column("g", Integer, server_default=literal(5) + 6),
        Column("h", String(9), server_default="it's 5% \\ :x"),
        Column("i", String(9), server_default=""),
        Column("j", Integer, Computed("a + 5")),
    ),
    "ddl: nullable key": lambda: made(
        Column("a", Integer, primary_key=True, nullable=True), Column("b", Integer, nullable=True)
    ),
    "ddl: unusual types": lambda: made(Column("a", sa.types.NullType())),
}
