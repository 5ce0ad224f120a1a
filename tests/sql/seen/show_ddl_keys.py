"""Foreign, primary and other keys, checks, indexes, names by convention: every argument, what is refused."""

from __future__ import annotations

from typing import Any

import relvar as sa
from relvar import (
    BLANK_SCHEMA,
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    text,
)
from relvar.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    ForeignKeyTarget,
    conv,
    sort_tables,
    sort_tables_and_constraints,
)


def made(*items: Any, **kw: Any) -> Any:
    """CREATE TABLE of these items."""
    return CreateTable(Table("t", MetaData(), *items, **kw))


def pair(key: Any, **kw: Any) -> Any:
    """CREATE TABLE of a table with a key into another, and the key in ALTER TABLE."""
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer, primary_key=True), Column("x", String(5), key="y"))
    child = Table("c", metadata, Column("id", Integer, primary_key=True), Column("p_id", key), **kw)
    return (CreateTable(child), *(AddConstraint(c) for c in child.foreign_key_constraints))


def key(*args: Any, **kw: Any) -> Any:
    """A foreign key of a column in a table of its own."""
    return Table("c", MetaData(), Column("a", Integer, ForeignKey(*args, **kw))).c.a.foreign_keys.copy().pop()


def told(fk: Any) -> str:
    """What a foreign key says of itself."""
    return repr(
        (
            fk.target_fullname,
            fk.name,
            fk.use_alter,
            fk.onupdate,
            fk.ondelete,
            fk.deferrable,
            fk.initially,
            fk.match,
            fk.link_to_name,
            fk.info,
            fk.comment,
        )
    )


def target(*args: Any) -> str:
    """The tokens of a foreign key."""
    fk = key(*args)
    return repr(
        (fk.target_tokens, fk.target_column, fk.target_table_key, fk.target_fullname, fk._get_colspec())
    )


def two(*items: Any, **kw: Any) -> Any:
    """CREATE TABLE beside a parent with a composite key."""
    metadata = MetaData()
    Table("p", metadata, Column("a", Integer, primary_key=True), Column("b", String(5), primary_key=True))
    child = Table("c", metadata, Column("x", Integer), Column("y", String(5)), *items, **kw)
    return CreateTable(child)


def cycle(**kw: Any) -> MetaData:
    """Two tables that refer to each other."""
    metadata = MetaData()
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id", **kw)))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
    return metadata


def order(metadata: MetaData, **kw: Any) -> str:
    """What sorting says."""
    found = sort_tables_and_constraints(metadata.tables.values(), **kw)
    return repr(
        [(t and t.name, sorted((c.table.name, str(c.name)) for c in constraints)) for t, constraints in found]
    )


def of(constraint: Any, *more: Any, **kw: Any) -> Any:
    """A constraint in CREATE TABLE, alone in ALTER, and dropped."""
    table = Table(
        "t", MetaData(), Column("a", Integer), Column("b", String(5), key="k"), constraint, *more, **kw
    )
    return (
        CreateTable(table),
        AddConstraint(constraint),
        DropConstraint(constraint),
        repr(constraint.columns.keys()),
    )


def index(make: Any, **kw: Any) -> Any:
    """An index of a table."""
    table = Table(
        "t", MetaData(), Column("a", Integer), Column("b", String(5), key="k"), Column("c d", Integer), **kw
    )
    made_index = make(table.c)
    if made_index.table is None:
        table.append_constraint(made_index)
    return (CreateIndex(made_index), DropIndex(made_index))


def styled(convention: dict[str, Any], *items: Any, schema: str | None = None) -> Any:
    """A table under a naming convention: its names, and the text."""
    metadata = MetaData(naming_convention=convention, schema=schema)
    Table("p", metadata, Column("id", Integer, primary_key=True), Column("x", Integer, key="xk"))
    table = Table("t", metadata, *items)
    return (
        repr(sorted(str(c.name) for c in (*table.constraints, *table.indexes))),
        CreateTable(table),
        *(CreateIndex(i) for i in sorted(table.indexes, key=lambda i: str(i.name))),
    )


ALL = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TOKENS = (
    "table_name",
    "column_0_name",
    "column_0N_name",
    "column_0_N_name",
    "column_0_label",
    "column_0N_label",
    "column_0_N_label",
    "column_0_key",
    "column_0N_key",
    "column_0_N_key",
    "column_1_name",
    "column_2_name",
    "referred_table_name",
    "referred_column_0_name",
    "referred_column_0N_name",
    "referred_column_0_N_name",
    "constraint_name",
    "column_x_name",
    "nope",
)


def token(kind: str, name: str) -> Any:
    """What a token stands for in the name of this kind."""
    items: dict[str, list[Any]] = {
        "ix": [Index(None, "a", "k")],
        "uq": [UniqueConstraint("k", "a")],
        "ck": [CheckConstraint("a > 5", name="given")],
        "fk": [ForeignKeyConstraint(["a", "k"], ["s.p.id", "s.p.xk"])],
        "pk": [PrimaryKeyConstraint("a", "k")],
    }
    return styled(
        {kind: f"<%({name})s>"}, Column("a", Integer), Column("b", Integer, key="k"), *items[kind], schema="s"
    )[0]


CASES: dict[str, Any] = {
    # C006, C008
    "ddl: fk plain": lambda: pair(ForeignKey("p.id")),
    "ddl: fk all": lambda: pair(
        ForeignKey(
            "p.id",
            name="f k",
            onupdate="cascade",
            ondelete="SET NULL",
            deferrable=True,
            initially="DEFERRED",
            match="FULL",
        )
    ),
    "ddl: fk not deferrable": lambda: pair(ForeignKey("p.id", deferrable=False, initially="immediate")),
    "ddl: fk comment": lambda: pair(ForeignKey("p.id", name="f", comment="it's")),
    "ddl: fk key": lambda: pair(ForeignKey("p.y")),
    "fk name instead of key": lambda: pair(ForeignKey("p.x")),
    "fk link to name": lambda: pair(ForeignKey("p.x", link_to_name=True)),
    "fk link to name but key": lambda: pair(ForeignKey("p.y", link_to_name=True)),
    "fk use alter": lambda: pair(ForeignKey("p.id", use_alter=True, name="f")),
    "fk use alter no name": lambda: pair(ForeignKey("p.id", use_alter=True)),
    "fk told": lambda: (
        told(ForeignKey("a.b")),
        told(
            ForeignKey(
                "a.b", True, "n", "CASCADE", "RESTRICT", True, "DEFERRED", True, "FULL", {"a": 1}, "comment"
            )
        ),
        told(key("a.b", name="x", info={"z": 1}, ondelete="NO ACTION")),
    ),
    "fk repr": lambda: (
        repr(ForeignKey("a.b", name="x", ondelete="CASCADE")),
        repr(ForeignKey(Table("q", MetaData(), Column("z")).c.z)),
        repr(ForeignKey("a")),
    ),
    "fk type taken": lambda: pair(ForeignKey("p.y"))[0],
    "fk targets": lambda: tuple(target(t) for t in ("a.b", "a", "s.a.b", "d.s.a.b", "x y.z", "A.B")),
    "fk targets table": lambda: target(Table("q", MetaData(), Column("a", Integer), schema="s")),
    "fk targets column": lambda: target(Table("q", MetaData(), Column("z", Integer), schema="s").c.z),
    "fk target tokens": lambda: tuple(
        target(t)
        for t in (
            ForeignKeyTarget(None, "a", "b"),
            ForeignKeyTarget("s", "a", "b"),
            ForeignKeyTarget(schema="s.t", table_name="a.x", column_name="b.y"),
            ForeignKeyTarget(None, "a", None),
        )
    ),
    "fk target told": lambda: (
        repr(ForeignKeyTarget("a", "b", "c")),
        repr(ForeignKeyTarget(None, "a", "b") == ForeignKeyTarget(None, "a", "b")),
    ),
    "fk target parts": lambda: repr(
        (lambda t: (t.table_name, t.column_name, t.schema, *t))(ForeignKeyTarget("s", "a", "b"))
    ),
    "fk target short": lambda: ForeignKeyTarget("a", "b"),
    "fk target no schema": lambda: target(ForeignKeyTarget(None, "a", "b")),
    "fk dotted names": lambda: (
        lambda m: (
            Table("p.q", m, Column("x.y", Integer, primary_key=True), schema="s.t"),
            CreateTable(Table("c", m, Column("a", ForeignKey(ForeignKeyTarget("s.t", "p.q", "x.y"))))),
        )[1]
    )(MetaData()),
    "fk odd": lambda: ForeignKey(5),
    "fk none": lambda: ForeignKey(None),
    "fk text": lambda: ForeignKey(text("a.b")),
    "fk unknown": lambda: ForeignKey("a.b", nope=5),
    "fk option": lambda: pair(ForeignKey("p.id", postgresql_not_valid=True)),
    "postgresql: fk option": lambda: pair(ForeignKey("p.id", postgresql_not_valid=True)),
    "ddl: fk schema": lambda: (
        lambda m: (
            Table("p", m, Column("id", Integer, primary_key=True), schema="S 1"),
            CreateTable(Table("c", m, Column("a", ForeignKey("S 1.p.id")), schema="s2")),
        )[1]
    )(MetaData()),
    "fk default schema": lambda: (
        lambda m: (
            Table("p", m, Column("id", Integer, primary_key=True)),
            CreateTable(Table("c", m, Column("a", ForeignKey("p.id")))),
        )[1]
    )(MetaData(schema="d")),
    "fk default schema named": lambda: (
        lambda m: (
            Table("p", m, Column("id", Integer, primary_key=True)),
            CreateTable(Table("c", m, Column("a", ForeignKey("d.p.id")))),
        )[1]
    )(MetaData(schema="d")),
    "fk blank schema": lambda: (
        lambda m: (
            Table("p", m, Column("id", Integer, primary_key=True), schema=BLANK_SCHEMA),
            CreateTable(Table("c", m, Column("a", ForeignKey("p.id")))),
        )[1]
    )(MetaData(schema="d")),
    "fk missing table": lambda: made(Column("a", ForeignKey("x.id"))),
    "fk missing column": lambda: pair(ForeignKey("p.nope")),
    "fk missing same name": lambda: pair(ForeignKey("p")),
    "fk bad action": lambda: pair(ForeignKey("p.id", ondelete="CASCADE; DROP")),
    "fk bad update": lambda: pair(ForeignKey("p.id", onupdate="x")),
    "fk bad initially": lambda: pair(ForeignKey("p.id", initially="x")),
    "fk bad match": lambda: pair(ForeignKey("p.id", match="x y")),
    "ddl: fk actions": lambda: tuple(
        pair(ForeignKey("p.id", ondelete=a, onupdate=a))[0]
        for a in ("CASCADE", "set null", "SET DEFAULT", "RESTRICT", "NO ACTION")
    ),
    "postgresql: fk set columns": lambda: (
        pair(ForeignKey("p.id", ondelete="SET NULL (p_id)"))[0],
        pair(ForeignKey("p.id", ondelete='SET DEFAULT (p_id, "b c")'))[0],
    ),
    "fk set columns": lambda: pair(ForeignKey("p.id", ondelete="SET NULL (p_id)")),
    "ddl: fk matches": lambda: tuple(pair(ForeignKey("p.id", match=m))[0] for m in ("SIMPLE", "partial")),
    "fk copy": lambda: (
        told(ForeignKey("a.b", ondelete="CASCADE", name="x", comment="c", use_alter=True)._copy()),
        told(ForeignKey("a.b")._copy(schema="s")),
        told(ForeignKey("z.a.b")._copy(schema="s")),
        told(ForeignKey(ForeignKeyTarget(None, "a", "b"))._copy(schema="s")),
    ),
    # C007
    "ddl: fkc": lambda: two(
        ForeignKeyConstraint(
            ["x", "y"],
            ["p.a", "p.b"],
            name="f",
            ondelete="CASCADE",
            onupdate="RESTRICT",
            deferrable=True,
            initially="IMMEDIATE",
            match="SIMPLE",
        )
    ),
    "fkc columns": lambda: (
        lambda m: (
            lambda p, c: (
                c.append_constraint(ForeignKeyConstraint([c.c.x, c.c.y], [p.c.a, p.c.b])),
                CreateTable(c),
            )
        )(
            Table("p", m, Column("a", Integer), Column("b", Integer)),
            Table("c", m, Column("x", Integer), Column("y", Integer)),
        )[1]
    )(MetaData()),
    "fkc repeated column": lambda: two(ForeignKeyConstraint(["x", "x"], ["p.a", "p.b"])),
    "fkc repeated target": lambda: two(ForeignKeyConstraint(["x", "y"], ["p.a", "p.a"])),
    "fkc lengths": lambda: ForeignKeyConstraint(["x"], ["p.a", "p.b"]),
    "fkc lengths 2": lambda: ForeignKeyConstraint(["x", "y"], ["p.a"]),
    "fkc many tables": lambda: two(ForeignKeyConstraint(["x", "y"], ["p.a", "q.b"])),
    "fkc missing": lambda: two(ForeignKeyConstraint(["nope", "y"], ["p.a", "p.b"])),
    "fkc missing target": lambda: two(ForeignKeyConstraint(["x", "y"], ["p.a", "p.nope"])),
    "fkc strings": lambda: ForeignKeyConstraint("x", "p.a"),
    "fkc option": lambda: ForeignKeyConstraint(["x"], ["p.a"], nope=5),
    "fkc tables": lambda: two(ForeignKeyConstraint(["x", "y"], [ForeignKeyTarget(None, "p", "a"), "p.b"])),
    "fkc facts": lambda: (
        lambda c: repr(
            (
                c.column_keys,
                [str(x) for x in c.columns],
                [e.target_fullname for e in c.elements],
                c.ondelete,
                c.onupdate,
                c.deferrable,
                c.initially,
                c.match,
                c.use_alter,
                c.link_to_name,
                c.name,
                c.info,
                c.comment,
                c.contains_column(column("x")),
                len(c),
            )
        )
    )(
        ForeignKeyConstraint(
            ["x"], ["p.a"], "n", "CASCADE", "CASCADE", True, "DEFERRED", True, True, "FULL", info={"q": 1}
        )
    ),
    # C009
    "sort": lambda: repr([t.name for t in sort_tables([*reversed(list(pairs().tables.values()))])]),
    "sort skip": lambda: repr(
        [t.name for t in sort_tables(pairs().tables.values(), skip_fn=lambda fk: True)]
    ),
    "sort extra": lambda: (
        lambda m: repr(
            [
                t.name
                for t in sort_tables(m.tables.values(), extra_dependencies=[(m.tables["c"], m.tables["b"])])
            ]
        )
    )(pairs()),
    "sort cycle": lambda: repr([t.name for t in sort_tables(cycle().tables.values())]),
    "sorted cycle": lambda: repr([t.name for t in cycle().sorted_tables]),
    "sorted cycle alter": lambda: repr([t.name for t in cycle(use_alter=True, name="q").sorted_tables]),
    "sort constraints": lambda: (order(pairs()), order(cycle()), order(cycle(use_alter=True, name="q"))),
    "sort constraints named": lambda: order(cycle(name="n")),
    "sort constraints filter": lambda: (
        order(pairs(), filter_fn=lambda c: True),
        order(pairs(), filter_fn=lambda c: None),
        order(pairs(), filter_fn=lambda c: False),
    ),
    "sort constraints extra": lambda: (
        lambda m: order(m, extra_dependencies=[(m.tables["c"], m.tables["a"])])
    )(pairs()),
    "sort self": lambda: (
        lambda m: (Table("a", m, Column("id", Integer), Column("p", ForeignKey("a.id"))), order(m))[1]
    )(MetaData()),
    # C010
    "ddl: pk": lambda: made(Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("b", "a")),
    "ddl: pk named": lambda: of(PrimaryKeyConstraint("a", name="p k")),
    "ddl: pk deferrable": lambda: of(
        PrimaryKeyConstraint("a", name="p", deferrable=True, initially="DEFERRED", comment="c", info={})
    ),
    "ddl: pk columns": lambda: made(
        Column("b", String(5), primary_key=True), Column("a", Integer, primary_key=True)
    ),
    "pk empty": lambda: made(Column("a", Integer), PrimaryKeyConstraint(name="x")),
    "pk names the flags": lambda: made(
        Column("a", Integer, primary_key=True), PrimaryKeyConstraint(name="x")
    ),
    "pk other than flags": lambda: made(
        Column("a", Integer, primary_key=True), Column("b", Integer), PrimaryKeyConstraint("b")
    ),
    "pk order by itself": lambda: made(
        Column("a", Integer, primary_key=True),
        Column("b", Integer, primary_key=True),
        PrimaryKeyConstraint("b", "a"),
    ),
    "pk missing": lambda: made(Column("a", Integer), PrimaryKeyConstraint("nope")),
    "pk no column": lambda: PrimaryKeyConstraint(5),
    "pk no name dropped": lambda: DropConstraint(
        Table("t", MetaData(), Column("a", Integer, primary_key=True)).primary_key
    ),
    "pk facts": lambda: (
        lambda t: repr(
            (
                t.primary_key.columns.keys(),
                t.primary_key.columns_autoinc_first[0].name,
                "a" in t.primary_key,
                t.c.a in t.primary_key.columns.values(),
                t.primary_key.contains_column(t.c.b),
            )
        )
    )(
        Table(
            "t",
            MetaData(),
            Column("b", String, primary_key=True),
            Column("a", Integer, primary_key=True, autoincrement=True),
        )
    ),
    "pk twice": lambda: made(
        Column("a", Integer), PrimaryKeyConstraint("a"), PrimaryKeyConstraint("a", name="z")
    ),
    # C011, C012
    "ddl: unique": lambda: of(UniqueConstraint("a", "k", name="u x")),
    "ddl: unique all": lambda: of(
        UniqueConstraint("a", name="u", deferrable=True, initially="DEFERRED", info={"a": 1}, comment="c")
    ),
    "ddl: unique not deferrable": lambda: of(UniqueConstraint("a", name="u", deferrable=False)),
    "ddl: unique column": lambda: made(Column("a", Integer, unique=True), Column("b", Integer, unique=True)),
    "unique no name": lambda: of(UniqueConstraint("a")),
    "unique nothing": lambda: made(Column("a", Integer), UniqueConstraint()),
    "unique missing": lambda: of(UniqueConstraint("zz")),
    "unique by name": lambda: of(UniqueConstraint("b")),
    "unique odd": lambda: UniqueConstraint(5),
    "unique option": lambda: UniqueConstraint("a", nope=5),
    "unique two tables": lambda: UniqueConstraint(
        Table("a", MetaData(), Column("x")).c.x, Table("b", MetaData(), Column("x")).c.x
    ),
    "unique early columns": lambda: (lambda x, y: made(x, y, UniqueConstraint(x, y, name="u")))(
        Column("x", Integer), Column("y", Integer)
    ),
    "postgresql: unique options": lambda: (
        of(UniqueConstraint("a", name="u", postgresql_nulls_not_distinct=True, postgresql_include=["b"])),
        of(UniqueConstraint("a", name="u", postgresql_include=["k"])),
    ),
    "mssql: unique options": lambda: of(UniqueConstraint("a", name="u", mssql_clustered=True)),
    "ddl: check": lambda: of(CheckConstraint("a > 5", name="c k")),
    "ddl: check expression": lambda: of(
        CheckConstraint(
            and_(column("a") > 5, or_(column("b") == "it's 5%", column("b").in_(["x", "y"]))), name="c"
        )
    ),
    "ddl: check all": lambda: of(
        CheckConstraint("a > 5", name="c", deferrable=True, initially="DEFERRED", info={}, comment="x")
    ),
    "ddl: check percent": lambda: of(CheckConstraint("b LIKE 'a%' AND b != 'x:y' AND b <> '\\'", name="c")),
    "ddl: check column": lambda: made(Column("a", Integer, CheckConstraint("a < 9", name="n"))),
    "check no name": lambda: made(Column("a", Integer), CheckConstraint("a > 5")),
    "check odd": lambda: CheckConstraint(5),
    "check table column": lambda: (lambda t: (CheckConstraint(t.c.a > 5, name="c"), CreateTable(t))[1])(
        Table("t", MetaData(), Column("a", Integer))
    ),
    "check early column": lambda: (lambda x: made(x, CheckConstraint(x.between(1, 5), name="c")))(
        Column("x", Integer)
    ),
    "check parameter": lambda: of(CheckConstraint(column("a") > bindparam("q"), name="c")),
    "check parameter value": lambda: of(CheckConstraint(column("a") > bindparam("q", 5), name="c")),
    "check boolean": lambda: (
        made(Column("a", Boolean(create_constraint=True))),
        made(Column("a", Enum("x", "y'", native_enum=False, create_constraint=True, name="e"))),
    ),
    # C013
    "ddl: index": lambda: index(lambda c: Index("i x", c.a, c.k, unique=True)),
    "ddl: index strings": lambda: index(lambda c: Index("i", "a", "k")),
    "ddl: index function": lambda: index(lambda c: Index("i", func.lower(c.k), c.a.desc())),
    "ddl: index nulls": lambda: index(lambda c: Index("i", c.a.desc().nulls_last(), c.k.asc().nulls_first())),
    "ddl: index expression": lambda: index(lambda c: Index("i", c.a + 5, cast(c.k, Integer), c["c d"] % 3)),
    "ddl: index text": lambda: index(lambda c: Index("i", text("lower(b)"), c.a)),
    "ddl: index collate": lambda: index(lambda c: Index("i", c.k.collate("C"))),
    "ddl: index literal": lambda: index(lambda c: Index("i", c.k + "it's 5%")),
    "ddl: index schema": lambda: index(lambda c: Index("i", c.a), schema="S x"),
    "index by name": lambda: index(lambda c: Index("i", "b")),
    "index missing": lambda: index(lambda c: Index("i", "zz")),
    "index none": lambda: index(lambda c: Index("i")),
    "index quote": lambda: (
        index(lambda c: Index("i", c.a, quote=True)),
        index(lambda c: Index("I", c.a, quote=False)),
    ),
    "index facts": lambda: (
        lambda i: repr((i.name, i.unique, i.info, i.columns.keys(), len(i.expressions), i.table.name))
    )(Index("i", Table("t", MetaData(), Column("a")).c.a, unique=True, info={"a": 1})),
    "index repr": lambda: (
        repr(Index("i", "a")),
        repr(Index("i", Table("t", MetaData(), Column("a")).c.a, unique=True)),
        repr(Index(None, func.lower(column("x")))),
    ),
    "index option": lambda: Index("i", "a", foo=5),
    "index option 2": lambda: Index("i", "a", sqlite_foo=5),
    "index alone": lambda: CreateIndex(Index("i", "a")),
    "index odd": lambda: Index("i", 5),
    "index no table": lambda: Index("i", "a").create(None),
    "index two tables": lambda: Index(
        "i", Table("a", MetaData(), Column("x")).c.x, Table("b", MetaData(), Column("x")).c.x
    ),
    "index text only": lambda: made(Column("a", Integer), Index("i", text("lower(a)"))),
    "index twice": lambda: (lambda t: (Index("i", t.c.a), Index("i", t.c.a), repr(len(t.indexes)))[2])(
        Table("t", MetaData(), Column("a"))
    ),
    "postgresql: index options": lambda: (
        index(lambda c: Index("i", c.a, postgresql_where=c.a > 5)),
        index(lambda c: Index("i", c.a, postgresql_where=text("a > 5"), postgresql_include=["k", "c d"])),
        index(lambda c: Index("i", c.a, postgresql_include=[c.k])),
        index(
            lambda c: Index("i", c.a, postgresql_using="GiN", postgresql_with={"fillfactor": 50, "x": "on"})
        ),
        index(lambda c: Index("i", c.a, c.k, postgresql_ops={"k": "text_ops", "a": "int4_ops"})),
        index(lambda c: Index("i", func.lower(c.k).label("low"), postgresql_ops={"low": "text_ops"})),
        index(lambda c: Index("i", c.a, postgresql_concurrently=True, postgresql_tablespace="T s")),
        index(lambda c: Index("i", c.a, unique=True, postgresql_nulls_not_distinct=True)),
        index(lambda c: Index("i", c.a, unique=True, postgresql_nulls_not_distinct=False)),
    ),
    "mysql,mariadb: index options": lambda: (
        index(lambda c: Index("i", c.k, mysql_length=5, mariadb_length=6)),
        index(lambda c: Index("i", c.a, c.k, mysql_length={"b": 5}, mariadb_length={"b": 7})),
        index(lambda c: Index("i", c.k, mysql_prefix="FULLTEXT", mysql_with_parser="ngram")),
        index(lambda c: Index("i", c.k, mysql_using="btree", mariadb_using="hash")),
        index(lambda c: Index("i", func.lower(c.k), mysql_length=5)),
    ),
    "sqlite: index options": lambda: (
        index(lambda c: Index("i", c.a, sqlite_where=c.k == "x")),
        index(lambda c: Index("i", c.a, sqlite_where=text("b > 5"), unique=True)),
    ),
    "mssql: index options": lambda: (
        index(lambda c: Index("i", c.a, mssql_include=["k"], mssql_where=c.a > 5)),
        index(lambda c: Index("i", c.a, mssql_clustered=True)),
        index(lambda c: Index("i", c.a, mssql_clustered=False, unique=True)),
        index(lambda c: Index("i", c.a, mssql_columnstore=True)),
        index(lambda c: Index("i", mssql_columnstore=True, mssql_clustered=True, _table=c.a.table)),
    ),
    "oracle: index options": lambda: (
        index(lambda c: Index("i", c.a, oracle_bitmap=True)),
        index(lambda c: Index("i", c.a, c.k, oracle_compress=1)),
        index(lambda c: Index("i", c.a, oracle_compress=True)),
    ),
    # C014
    "ddl: conventions": lambda: styled(
        ALL,
        Column("id", Integer, primary_key=True),
        Column("a", Integer, ForeignKey("p.id"), index=True),
        Column("b", Integer, unique=True),
        Column("c", Boolean(create_constraint=True, name="bo")),
        Column("d", Enum("x", "y", native_enum=False, create_constraint=True, name="en")),
        CheckConstraint("a > 5", name="pos"),
        CheckConstraint("a > 6", name=conv("as_is")),
        UniqueConstraint("a", "b", name="own"),
        Index(None, "a", "b"),
        Index(None, func.lower(column("b"))),
        Index("mine", "b"),
    ),
    "conventions no check name": lambda: styled(ALL, Column("a", Integer), CheckConstraint("a > 5")),
    "conventions no boolean name": lambda: styled(ALL, Column("a", Boolean(create_constraint=True))),
    "conventions check of columns": lambda: (
        lambda a: styled({"ck": "ck_%(column_0_name)s"}, a, CheckConstraint(a > 5))
    )(Column("a", Integer)),
    "conventions check of text": lambda: styled(
        {"ck": "ck_%(column_0_name)s"}, Column("a", Integer), CheckConstraint("a > 5")
    ),
    "conventions given name": lambda: styled(
        {"uq": "uq_%(constraint_name)s"},
        Column("a", Integer),
        UniqueConstraint("a", name="n"),
        UniqueConstraint("a"),
    ),
    "conventions classes": lambda: styled(
        {UniqueConstraint: "U_%(table_name)s", Index: "I_%(column_0_name)s", PrimaryKeyConstraint: "P"},  # type: ignore[dict-item]  # both kinds are taken
        Column("a", Integer, primary_key=True),
        Column("b", Integer, unique=True),
        Column("c", Integer, index=True),
    ),
    "conventions parent class": lambda: styled(
        {sa.Constraint: "X_%(table_name)s", sa.schema.ColumnCollectionConstraint: "Y"},  # type: ignore[dict-item]  # both kinds are taken
        Column("a", Integer, unique=True),
    ),
    "conventions function": lambda: styled(
        {"uq": "%(up)s", "up": lambda c, t: f"{t.name.upper()}{len(c.columns)}"},
        Column("a", Integer, unique=True),
    ),
    "conventions odd key": lambda: styled({"zz": "foo"}, Column("a", Integer, unique=True)),
    "conventions no tokens": lambda: styled(
        {"uq": "fixed"}, Column("a", Integer, unique=True), Column("b", Integer, unique=True)
    ),
    "conventions percent": lambda: styled({"uq": "u%%_%(table_name)s"}, Column("a", Integer, unique=True)),
    "conventions bad format": lambda: styled({"uq": "u%(table_name"}, Column("a", Integer, unique=True)),
    "conventions index expression": lambda: styled(
        {"ix": "ix_%(column_0_name)s"}, Column("a", Integer), Index(None, func.lower(text("a")))
    ),
    "conventions named by name": lambda: styled(
        {"pk": "pk_%(table_name)s"}, Column("a", Integer), PrimaryKeyConstraint("a", name="own")
    ),
    "conventions none": lambda: styled(
        {}, Column("a", Integer, unique=True), Column("b", Integer, index=True)
    ),
    "ddl: conventions long": lambda: styled(
        ALL,
        Column("a" * 50, Integer, ForeignKey("p.id"), index=True, unique=False),
        Column("b" * 50, Integer, unique=True),
        Index(None, "a" * 50, "b" * 50),
        UniqueConstraint("a" * 50, "b" * 50),
        CheckConstraint("1 = 1", name="c" * 80),
    ),
    "conv": lambda: repr(
        (conv("x"), type(conv("x")).__name__, conv("x") == "x", conv("x", quote=True).quote)
    ),
    "postgresql: long names": lambda: of(UniqueConstraint("a", name="u" * 70)),
    "postgresql: long conv": lambda: of(UniqueConstraint("a", name=conv("u" * 70))),
    "mysql: long names": lambda: of(UniqueConstraint("a", name="u" * 70)),
    "drop by convention": lambda: (
        lambda m: (
            lambda t: (
                DropConstraint(next(c for c in t.constraints if isinstance(c, UniqueConstraint))),
                DropConstraint(t.primary_key),
            )
        )(Table("t", m, Column("a", Integer, unique=True), Column("b", Integer, primary_key=True)))
    )(MetaData(naming_convention=ALL)),
    "select in check": lambda: of(
        CheckConstraint(column("a") > select(func.max(column("z"))).scalar_subquery(), name="c")
    ),
    "literal in check": lambda: of(CheckConstraint(literal("x") == column("b"), name="c")),
}
for _kind in ("ix", "uq", "ck", "fk", "pk"):
    for _token in TOKENS if _kind == "fk" else [t for t in TOKENS if not t.startswith("referred_")]:
        CASES[f"token {_kind} {_token}"] = lambda kind=_kind, name=_token: token(kind, name)


def pairs() -> MetaData:
    """Three tables, each referring to the one before."""
    metadata = MetaData()
    Table("c", metadata, Column("id", Integer), Column("b", ForeignKey("b.id", name="cb")))
    Table("b", metadata, Column("id", Integer), Column("a", ForeignKey("a.id")))
    Table("a", metadata, Column("id", Integer))
    return metadata
