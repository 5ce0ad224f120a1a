"""DDL statements as objects, views, comments, options, conditions, events: what they write and refuse."""

from __future__ import annotations

from typing import Any

import relvar as sa
from relvar import (
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    create_mock_engine,
    event,
    func,
    literal,
    select,
    text,
    union_all,
)
from relvar.dialects import postgresql, sqlite
from relvar.schema import (
    DDL,
    AddConstraint,
    BaseDDLElement,
    CheckFirst,
    CreateColumn,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    CreateTableAs,
    CreateView,
    DDLElement,
    DropColumnComment,
    DropConstraint,
    DropConstraintComment,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    DropView,
    ExecutableDDLElement,
    HasConditionalDDL,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)

source = Table(
    "src",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("a b", String(5), key="ab"),
    Column("n", Integer, ForeignKey("x.id"), nullable=False),
)


def query() -> Any:
    """A SELECT with a parameter, a label and an expression."""
    return select(source.c.id, source.c.ab.label("x y"), (source.c.n + 5).label("more")).where(
        source.c.ab != "it's 5%"
    )


def view(*args: Any, **kw: Any) -> Any:
    """A view, created and dropped."""
    made = CreateView(query(), "v w", *args, **kw)
    return (made, DropView(made.table), DropView(made.table, if_exists=True))


def table_of(made: Any) -> str:
    """What the table of a view or CREATE TABLE AS is."""
    table = made.table
    return repr(
        (
            table.name,
            table.schema,
            table.is_view,
            [(c.name, c.key, c.type, c.primary_key, c.nullable) for c in table.c],
            [c.name for c in table.primary_key],
            len(table.foreign_keys),
            made.metadata is table.metadata,
            table.key in made.metadata.tables,
        )
    )


def said(dialect: str, do: Any) -> Any:
    """The statements that *do* sends to a mock engine of this database."""
    log: list[str] = []
    engine = create_mock_engine(
        f"{dialect}://",
        lambda sql, *a, **k: log.append(" ".join(str(sql.compile(dialect=engine.dialect)).split())),
    )
    do(engine)
    return tuple(log)


def world(**kw: Any) -> MetaData:
    """Tables with all that is created around them."""
    metadata = MetaData(**kw)
    Table(
        "p",
        metadata,
        Column("id", Integer, Sequence("p_seq"), primary_key=True),
        Column("kind", Enum("a", "b", name="kind"), index=True, comment="col"),
        Column("c_id", Integer, ForeignKey("c.id", name="p_c", use_alter=True)),
        comment="tab",
    )
    Table(
        "c",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("p_id", ForeignKey("p.id", name="c_p")),
        Column("x", Integer, Computed("id + 1")),
        UniqueConstraint("p_id", name="u", comment="con"),
        Index("ix", "p_id", "x"),
    )
    Sequence("loose", metadata=metadata)
    CreateView(select(metadata.tables["c"].c.id), "v", metadata=metadata)
    return metadata


def cyclic(name: str | None) -> MetaData:
    """Two tables in a cycle."""
    metadata = MetaData()
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b", ForeignKey("b.id", name=name)))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a", ForeignKey("a.id")))
    return metadata


def events(do: Any, dialect: str = "postgresql") -> Any:
    """In which order listeners are told, with the arguments they get."""
    metadata = world()
    log: list[Any] = []

    def note(what: str, target: Any) -> None:
        def hear(one: Any, connection: Any, **kw: Any) -> None:
            kw.pop("_ddl_runner")
            log.append(
                (
                    what,
                    type(one).__name__,
                    getattr(one, "name", None),
                    sorted((k, str([t.name for t in v]) if k == "tables" else str(v)) for k, v in kw.items()),
                )
            )

        event.listen(target, what, hear)

    for what in ("before_create", "after_create", "before_drop", "after_drop"):
        note(what, metadata)
        for table in metadata.tables.values():
            note(what, table)
            for index in table.indexes:
                note(what, index)
        note(what, metadata._sequences["loose"])
    engine = create_mock_engine(
        f"{dialect}://", lambda sql, *a, **k: log.append(str(sql.compile(dialect=engine.dialect)).split()[:3])
    )
    do(metadata, engine)
    return tuple(repr(entry) for entry in log)


def attached() -> Any:
    """In which order attaching is told."""
    log: list[Any] = []
    for cls in (Table, Column, ForeignKey, UniqueConstraint, Index, CheckConstraint):
        event.listen(
            cls,
            "before_parent_attach",
            lambda target, parent: log.append(("before", type(target).__name__, type(parent).__name__)),
        )
        event.listen(
            cls,
            "after_parent_attach",
            lambda target, parent: log.append(("after", type(target).__name__, type(parent).__name__)),
        )
    return log


def conditional(**kw: Any) -> Any:
    """A table with conditional parts."""
    table = Table("t", MetaData(), Column("a", Integer))
    UniqueConstraint(table.c.a, name="u").ddl_if(**kw)
    CheckConstraint(table.c.a > 5, name="k").ddl_if(**kw)
    return CreateTable(table)


def against(statement: str, schema: str | None = None, **kw: Any) -> Any:
    """A DDL for a table."""
    return DDL(statement, **kw).against(Table("t T", MetaData(), Column("a", Integer), schema=schema))


def listening(ddl: Any, *dialects: str) -> Any:
    """What is sent by a DDL that listens to a table's creation."""
    found: list[Any] = []
    for dialect in dialects or ("sqlite", "postgresql", "mysql"):
        table = Table("t", MetaData(), Column("a", Integer), info={"yes": True})
        event.listen(table, "before_create", ddl)
        found.extend(said(dialect, lambda engine, table=table: table.create(engine, checkfirst=False)))
    return tuple(found)


def constraint(name: str | None = "c x", **kw: Any) -> Any:
    """A constraint of a table."""
    made = UniqueConstraint("a", name=name, comment="it's 5%", **kw)
    Table("t", MetaData(), Column("a", Integer, comment="col's"), made, comment="tab\\le 5%", schema="s")
    return made


CASES: dict[str, Any] = {
    # C002
    "flags": lambda: repr([(f.name, f.value) for f in CheckFirst]),
    "flags combined": lambda: repr(
        (
            CheckFirst.ALL.value,
            CheckFirst.NONE.value,
            bool(CheckFirst.NONE),
            CheckFirst.TABLES in CheckFirst.ALL,
            (CheckFirst.ALL & ~CheckFirst.VIEWS).value,
        )
    ),
    "create all postgresql": lambda: said("postgresql", lambda e: world().create_all(e, checkfirst=False)),
    "create all mysql": lambda: said("mysql", lambda e: world().create_all(e, checkfirst=False)),
    "create all mariadb": lambda: said("mariadb", lambda e: world().create_all(e, checkfirst=False)),
    "create all sqlite": lambda: said("sqlite", lambda e: world().create_all(e, checkfirst=False)),
    "create all oracle": lambda: said("oracle", lambda e: world().create_all(e, checkfirst=False)),
    "create all none": lambda: said(
        "postgresql", lambda e: world().create_all(e, checkfirst=CheckFirst.NONE)
    ),
    "create all schema": lambda: said(
        "postgresql", lambda e: world(schema="S").create_all(e, checkfirst=False)
    ),
    "create all some": lambda: (
        lambda m: said("postgresql", lambda e: m.create_all(e, tables=[m.tables["p"]], checkfirst=False))
    )(world()),
    "create all empty": lambda: said(
        "postgresql", lambda e: world().create_all(e, tables=[], checkfirst=False)
    ),
    "drop all postgresql": lambda: said("postgresql", lambda e: world().drop_all(e, checkfirst=False)),
    "drop all mysql": lambda: said("mysql", lambda e: world().drop_all(e, checkfirst=False)),
    "drop all sqlite": lambda: said("sqlite", lambda e: world().drop_all(e, checkfirst=False)),
    "drop all oracle": lambda: said("oracle", lambda e: world().drop_all(e, checkfirst=False)),
    "drop all mssql": lambda: said("mssql", lambda e: world().drop_all(e, checkfirst=False)),
    "drop all some": lambda: (
        lambda m: said("postgresql", lambda e: m.drop_all(e, tables=[m.tables["c"]], checkfirst=False))
    )(world()),
    "create all no bind": lambda: world().create_all(None),
    "cycle create postgresql": lambda: said(
        "postgresql", lambda e: cyclic("n").create_all(e, checkfirst=False)
    )[:2],
    "cycle create sqlite": lambda: said("sqlite", lambda e: cyclic("n").create_all(e, checkfirst=False)),
    "cycle create no name": lambda: said(
        "postgresql", lambda e: cyclic(None).create_all(e, checkfirst=False)
    )[:2],
    "cycle drop postgresql": lambda: said("postgresql", lambda e: cyclic("n").drop_all(e, checkfirst=False)),
    "cycle drop sqlite": lambda: said("sqlite", lambda e: cyclic("n").drop_all(e, checkfirst=False)),
    "cycle drop mysql": lambda: said("mysql", lambda e: cyclic("n").drop_all(e, checkfirst=False)),
    "cycle drop no name": lambda: said("postgresql", lambda e: cyclic(None).drop_all(e, checkfirst=False)),
    "cycle drop no name sqlite": lambda: said("sqlite", lambda e: cyclic(None).drop_all(e, checkfirst=False)),
    "table create": lambda: (
        lambda m: said("postgresql", lambda e: m.tables["p"].create(e, checkfirst=False))
    )(world()),
    "table drop": lambda: (lambda m: said("postgresql", lambda e: m.tables["p"].drop(e, checkfirst=False)))(
        world()
    ),
    "index create": lambda: (
        lambda t: said(
            "postgresql",
            lambda e: [(i.create(e, checkfirst=False), i.drop(e, checkfirst=False)) for i in t.indexes],
        )
    )(world().tables["c"]),
    "sequence create": lambda: said(
        "postgresql",
        lambda e: (Sequence("s").create(e, checkfirst=False), Sequence("s").drop(e, checkfirst=False)),
    ),
    "sequence create sqlite": lambda: said("sqlite", lambda e: Sequence("s").create(e, checkfirst=False)),
    "type create": lambda: said(
        "postgresql",
        lambda e: (
            Enum("a", name="x").create(e, checkfirst=False),
            postgresql.ENUM("a", name="x").drop(e, checkfirst=False),
        ),
    ),
    # C021
    "ddl: comment": lambda: (SetTableComment(constraint().table), DropTableComment(constraint().table)),
    "ddl: comment column": lambda: (
        SetColumnComment(constraint().table.c.a),
        DropColumnComment(constraint().table.c.a),
    ),
    "ddl: comment constraint": lambda: (
        SetConstraintComment(constraint()),
        DropConstraintComment(constraint()),
    ),
    "postgresql: comment of all constraints": lambda: tuple(
        SetConstraintComment(c)
        for c in sorted(world().tables["c"].constraints, key=lambda c: str(c.name))
        if c.name
    ),
    "postgresql: comment no name": lambda: SetConstraintComment(constraint(None)),
    "postgresql,mysql: comment none": lambda: SetTableComment(Table("t", MetaData())),
    # C023, C024
    "options": lambda: repr(
        (
            dict(Table("t", MetaData(), mysql_engine="x", sqlite_strict=True).dialect_kwargs),
            Table("t", MetaData(), mysql_engine="x").dialect_options["mysql"]["engine"],
            Table("t", MetaData(), mysql_engine="x").kwargs["mysql_engine"],
            sorted(Table("t", MetaData()).dialect_options["postgresql"].items(), key=str)[:3],
        )
    ),
    "options later": lambda: (
        lambda t: (t.dialect_kwargs.update({"sqlite_strict": True}), repr(dict(t.dialect_kwargs)))[1]
    )(Table("t", MetaData())),
    "options later unknown": lambda: (lambda t: t.dialect_kwargs.update({"sqlite_nope": True}))(
        Table("t", MetaData())
    ),
    "options read unknown": lambda: Table("t", MetaData()).dialect_options["sqlite"]["nope"],
    "options argument for builtin": lambda: (
        Index.argument_for("sqlite", "my_own", 7),
        repr(Index("i", "a").dialect_options["sqlite"]["my_own"]),
        repr(dict(Index("i", "a", sqlite_my_own=9).dialect_kwargs)),
    )[1:],
    "options any": lambda: repr(dict(Table("t", MetaData(), mysql_whatever="x").dialect_kwargs)),
    "sqlite: options": lambda: (
        CreateTable(Table("t", MetaData(), Column("a", Integer), sqlite_with_rowid=False)),
        CreateTable(
            Table("t", MetaData(), Column("a", Integer), sqlite_strict=True, sqlite_with_rowid=False)
        ),
        CreateTable(Table("t", MetaData(), Column("a", Integer), prefixes=["VIRTUAL"])),
    ),
    "postgresql: options": lambda: tuple(
        CreateTable(Table("t", MetaData(), Column("a", Integer), **{f"postgresql_{k}": v}))
        for k, v in {
            "inherits": "p",
            "partition_by": "RANGE (a)",
            "using": "heap",
            "with": {"fillfactor": 5, "x": "y"},
            "on_commit": "PRESERVE ROWS",
            "with_oids": True,
            "tablespace": "a b",
        }.items()
    ),
    "mysql,mariadb: options": lambda: tuple(
        CreateTable(Table("t", MetaData(), Column("a", Integer), **kw))
        for kw in (
            {"mysql_engine": "InnoDB", "mariadb_engine": "Aria"},
            {"mysql_charset": "utf8", "mysql_collate": "utf8_bin", "mysql_comment": "it's"},
            {"mysql_partition_by": "HASH(a)", "mysql_partitions": "4", "mysql_subpartitions": "2"},
            {"mysql_row_format": "compressed", "mysql_key_block_size": "8", "mysql_data_directory": "/x"},
            {"mysql_union": "(a,b)", "mysql_auto_increment": "7", "mysql_insert_method": "last"},
            {"mysql_tablespace": "x STORAGE DISK", "mysql_avg_row_length": "5", "mysql_pack_keys": "1"},
            {"mysql_with_system_versioning": "1", "mariadb_with": "SYSTEM VERSIONING"},
        )
    ),
    "oracle: options": lambda: tuple(
        CreateTable(Table("t", MetaData(), Column("a", Integer), **kw))
        for kw in (
            {"oracle_on_commit": "PRESERVE ROWS", "prefixes": ["GLOBAL TEMPORARY"]},
            {"oracle_compress": True},
            {"oracle_compress": 6},
            {"oracle_tablespace": "x y"},
        )
    ),
    "ddl: temporary": lambda: (
        CreateTable(Table("t", MetaData(), Column("a", Integer), prefixes=["TEMPORARY"]), if_not_exists=True),
        CreateTable(Table("t", MetaData(), Column("a", Integer), prefixes=["UNLOGGED"])),
    ),
    # C025
    "ddl: view": lambda: view(),
    "ddl: view schema": lambda: view(schema="S x"),
    "ddl: view replace": lambda: view(or_replace=True),
    "ddl: view temporary": lambda: view(temporary=True),
    "ddl: view materialized": lambda: view(materialized=True),
    "ddl: view all": lambda: view(or_replace=True, temporary=True, materialized=True),
    "ddl: view replace temporary": lambda: view(or_replace=True, temporary=True, schema="s"),
    "ddl: view union": lambda: CreateView(union_all(query(), query()), "v"),
    "ddl: view text": lambda: CreateView(text("SELECT 1"), "v"),
    "ddl: view drop materialized": lambda: DropView(
        CreateView(query(), "v").table, materialized=True, if_exists=True
    ),
    "view by drop of table": lambda: DropTable(CreateView(query(), "v").table),
    "view table": lambda: table_of(CreateView(query(), "v", schema="s")),
    "view metadata": lambda: (
        lambda m: (table_of(CreateView(query(), "v", metadata=m)), repr(list(m.tables)))
    )(MetaData(schema="d")),
    "view in select": lambda: select(CreateView(query(), "v").table).where(
        CreateView(query(), "v").table.c.more > 5
    ),
    "view no labels": lambda: table_of(CreateView(select(source.c.id + 5, func.count()), "v")),
    "view same names": lambda: table_of(CreateView(select(source.c.id, source.c.id), "v")),
    "view odd": lambda: CreateView(5, "v"),
    "view of table": lambda: CreateView(source, "v"),
    "view if not exists": lambda: CreateView(query(), "v", if_not_exists=True),
    "view existing": lambda: (lambda m: [CreateView(query(), "v", metadata=m) for _ in "ab"])(MetaData()),
    "view parameters": lambda: CreateView(select(source).where(source.c.id == bindparam("q")), "v"),
    "view parameter values": lambda: CreateView(select(source).where(source.c.id == bindparam("q", 5)), "v"),
    "view facts": lambda: (
        lambda v: repr((v.schema, v.temporary, v.or_replace, v.materialized, v.table.name))
    )(CreateView(query(), "v", temporary=True)),
    "view to metadata": lambda: (
        lambda m: (lambda v: table_of(v))(CreateView(query(), "v").table.to_metadata(m)._creator_ddl)
    )(MetaData()),
    "ddl: view in create all": lambda: said(
        "postgresql",
        lambda e: (
            lambda m: (
                CreateView(query(), "v", metadata=m),
                CreateView(query(), "mv", metadata=m, materialized=True),
                m.create_all(e, checkfirst=False),
                m.drop_all(e, checkfirst=False),
            )
        )(MetaData()),
    ),
    "view depends on view": lambda: said(
        "postgresql",
        lambda e: (
            lambda m: (
                (lambda v: CreateView(select(v), "a", metadata=m))(
                    CreateView(query(), "b", metadata=m).table
                ),
                m.create_all(e, checkfirst=False),
                m.drop_all(e, checkfirst=False),
            )
        )(MetaData()),
    ),
    "creator": lambda: (
        lambda t: (
            t.set_creator_ddl(CreateTable(t, if_not_exists=True)),
            t.set_dropper_ddl(DropTable(t, if_exists=True)),
            *said("sqlite", lambda e: (t.create(e, checkfirst=False), t.drop(e, checkfirst=False))),
        )[2:]
    )(Table("t", MetaData(), Column("a", Integer))),
    # C026
    "ddl: table as": lambda: (
        CreateTableAs(query(), "t t"),
        CreateTableAs(query(), "t", schema="S x", temporary=True, if_not_exists=True),
        CreateTableAs(union_all(query(), query()), "t"),
        CreateTableAs(select(literal(5).label("a")), "t"),
    ),
    "table as table": lambda: table_of(CreateTableAs(query(), "v", schema="s")),
    "table as metadata": lambda: (
        lambda m: (
            table_of(CreateTableAs(query(), "v", metadata=m)),
            *said(
                "postgresql", lambda e: (m.create_all(e, checkfirst=False), m.drop_all(e, checkfirst=False))
            ),
        )
    )(MetaData()),
    "table as odd": lambda: CreateTableAs(5, "v"),
    "table as text": lambda: CreateTableAs(text("SELECT 1"), "v"),
    "ddl: into": lambda: (
        query().into("t t"),
        query().into("t", schema="S x"),
        query().into("t", temporary=True, if_not_exists=True),
    ),
    "into table": lambda: table_of(query().into("z", schema="s")),
    "into metadata": lambda: (lambda m: (query().into("z", metadata=m), repr(list(m.tables)))[1])(MetaData()),
    "into kind": lambda: type(query().into("z")).__name__,
    "into of union": lambda: union_all(query(), query()).into("z"),
    # C027
    "ddl: schemas": lambda: (
        CreateSchema("a"),
        CreateSchema("A b", if_not_exists=True),
        DropSchema("a"),
        DropSchema("select", cascade=True),
        DropSchema("a", if_exists=True),
    ),
    "schema odd": lambda: CreateSchema(5),
    "mysql: if exists": lambda: (
        CreateIndex(Index("i", source.c.n), if_not_exists=True),
        DropIndex(Index("i", source.c.n), if_exists=True),
    ),
    "ddl: constraints": lambda: (
        AddConstraint(constraint()),
        DropConstraint(constraint()),
        DropConstraint(constraint(), cascade=True),
        DropConstraint(constraint(), if_exists=True),
        DropConstraint(constraint(), if_exists=True, cascade=True),
    ),
    "constraint isolated": lambda: (lambda c: (AddConstraint(c), CreateTable(c.table)))(constraint()),
    "constraint not isolated": lambda: (
        lambda c: (AddConstraint(c, isolate_from_table=False), CreateTable(c.table))
    )(constraint()),
    "constraint dropped isolated": lambda: (
        lambda c: (DropConstraint(c, isolate_from_table=True), CreateTable(c.table))
    )(constraint()),
    "constraint no name": lambda: DropConstraint(constraint(None)),
    "mysql,mariadb: drop kinds": lambda: tuple(
        DropConstraint(c)
        for c in sorted(world().tables["c"].constraints, key=lambda c: str(c.name))
        if c.name
    ),
    "ddl: drop if exists": lambda: (
        DropTable(source, if_exists=True),
        DropSequence(Sequence("s"), if_exists=True),
        DropIndex(Index("i1", source.c.n), if_exists=True),
    ),
    "ddl: create if not exists": lambda: (
        CreateTable(Table("t", MetaData(), Column("a", Integer)), if_not_exists=True),
        CreateSequence(Sequence("s"), if_not_exists=True),
        CreateIndex(Index("i2", source.c.n), if_not_exists=True),
        CreateSchema("s", if_not_exists=True),
    ),
    "ddl: foreign keys inline": lambda: (
        lambda t: (
            CreateTable(t, include_foreign_key_constraints=[]),
            CreateTable(t, include_foreign_key_constraints=list(t.foreign_key_constraints)),
            CreateTable(t),
        )
    )(world().tables["c"]),
    "ddl: column": lambda: (
        CreateColumn(Table("t", MetaData(), Column("a b", Integer, Identity(), comment="x")).columns[0]),
        CreateColumn(source.c.ab),
        CreateColumn(source.c.id),
    ),
    "elements": lambda: repr(
        [
            (
                type(e).__name__,
                e.element is e.target,
                e.if_exists if hasattr(e, "if_exists") else e.if_not_exists,
            )
            for e in (
                CreateTable(source),
                DropTable(source, if_exists=True),
                CreateSchema("x"),
                DropSchema("x"),
            )
        ]
    ),
    "classes": lambda: repr(
        (
            issubclass(CreateTable, ExecutableDDLElement),
            issubclass(ExecutableDDLElement, BaseDDLElement),
            DDLElement is ExecutableDDLElement,
            issubclass(CreateColumn, ExecutableDDLElement),
            issubclass(UniqueConstraint, HasConditionalDDL),
        )
    ),
    "str of elements": lambda: (
        str(CreateSchema("x")),
        str(DropTable(source)),
        str(CreateView(query(), "v", materialized=True)),
        str(DDL("x %% %(a)s", context={"a": 5})),
    ),
    # C028
    "ddl: template": lambda: (
        against("a %(table)s b %(schema)s c %(fullname)s d %% e"),
        against("a %(table)s b %(schema)s c %(fullname)s", "S"),
        against("a %(x)s %(table)s", context={"x": "y z"}),
        against("a %(table)s", context={"table": "own"}),
    ),
    "template of metadata": lambda: DDL("x %(schema)s").against(MetaData(schema="q")),
    "template plain": lambda: (DDL("a b"), DDL("100%% %%(x)s")),
    "template missing": lambda: against("a %(nope)s"),
    "template no target": lambda: DDL("a %(table)s"),
    "template percent": lambda: DDL("50% off"),
    "template odd": lambda: DDL(5),
    "template repr": lambda: repr(DDL("a", context={"x": 5})).split(";")[1],
    "template of index": lambda: DDL("x %(table)s").against(Index("i", source.c.n)),
    "template of column": lambda: DDL("x %(table)s").against(source.c.n),
    "if dialect": lambda: listening(DDL("x").execute_if(dialect="postgresql")),
    "if dialects": lambda: listening(DDL("x").execute_if(dialect=("postgresql", "mysql"))),
    "if dialects list": lambda: listening(DDL("x").execute_if(dialect=["sqlite"])),
    "if dialects set": lambda: listening(DDL("x").execute_if(dialect={"sqlite"})),
    "if callable": lambda: listening(
        DDL("x").execute_if(callable_=lambda ddl, target, bind, **kw: target.info["yes"])
    ),
    "if callable arguments": lambda: (
        lambda log: (
            listening(
                DDL("x %(table)s").execute_if(
                    callable_=lambda ddl, target, bind, tables=None, state=None, **kw: (
                        log.append(
                            (type(ddl).__name__, str(target), bind is not None, tables, state, sorted(kw))
                        )
                        or False
                    ),
                    state="S",
                ),
                "sqlite",
            ),
            repr(log),
        )[1]
    )([]),
    "if both": lambda: (
        listening(DDL("x").execute_if(dialect="sqlite", callable_=lambda *a, **k: True))
        + listening(DDL("y").execute_if(dialect="sqlite", callable_=lambda *a, **k: False))
    ),
    "if copies": lambda: (
        lambda d: repr((d.execute_if(dialect="x") is d, type(d.execute_if(dialect="x")).__name__))
    )(DDL("x")),
    "if element": lambda: listening(CreateSchema("s").execute_if(dialect="postgresql")),
    "against copies": lambda: (
        lambda d: repr((d.against(source) is d, d.against(source).target is source, d.target))
    )(DDL("x")),
    # C029
    "ddl: conditional": lambda: conditional(dialect="postgresql"),
    "ddl: conditional many": lambda: conditional(dialect=["mysql", "sqlite"]),
    "ddl: conditional callable": lambda: conditional(
        callable_=lambda ddl, target, bind, dialect, **kw: dialect.name in ("mssql", "oracle")
    ),
    "conditional arguments": lambda: (
        lambda log: (
            str(
                conditional(
                    callable_=lambda ddl, target, bind, table, state, dialect, compiler, **kw: (
                        log.append(
                            (
                                type(ddl).__name__,
                                str(target.name),
                                bind,
                                table,
                                state,
                                dialect.name,
                                type(compiler).__name__ != "",
                                sorted(kw),
                            )
                        )
                        or True
                    ),
                    state=5,
                ).compile(dialect=sqlite.dialect())
            ),
            repr(log),
        )[1]
    )([]),
    "conditional index": lambda: tuple(
        line
        for dialect in ("sqlite", "postgresql", "mysql")
        for line in said(
            dialect,
            lambda e: Table(
                "t", MetaData(), Column("a", Integer), Index("i", "a").ddl_if(dialect="postgresql")
            ).create(e, checkfirst=False),
        )
    ),
    "conditional returns": lambda: (lambda i: repr(i.ddl_if(dialect="x") is i))(Index("i", "a")),
    "conditional fk": lambda: tuple(
        line
        for dialect in ("sqlite", "postgresql")
        for line in said(
            dialect,
            lambda e: (
                lambda m: (
                    Table("p", m, Column("id", Integer, primary_key=True)),
                    Table(
                        "c",
                        m,
                        Column("a", Integer),
                        sa.ForeignKeyConstraint(["a"], ["p.id"]).ddl_if(dialect="sqlite"),
                    ),
                    m.create_all(e, checkfirst=False),
                )
            )(MetaData()),
        )
    ),
    "conditional copied": lambda: CreateTable(
        (lambda t: t.to_metadata(MetaData()))(
            Table("t", MetaData(), Column("a", Integer), UniqueConstraint("a").ddl_if(dialect="nope"))
        )
    ),
    "conditional alter": lambda: AddConstraint(constraint().ddl_if(dialect="nope")),
    # C030
    "events create all": lambda: events(lambda m, e: m.create_all(e, checkfirst=False)),
    "events drop all": lambda: events(lambda m, e: m.drop_all(e, checkfirst=False)),
    "events create table": lambda: events(lambda m, e: m.tables["c"].create(e, checkfirst=False)),
    "events drop table": lambda: events(lambda m, e: m.tables["p"].drop(e, checkfirst=CheckFirst.NONE)),
    "events create index": lambda: events(
        lambda m, e: [i.create(e, checkfirst=False) for i in m.tables["p"].indexes]
    ),
    "events unknown": lambda: event.listen(source, "before_nothing", lambda: 5),
    "events of a class": lambda: event.listen(Integer, "before_create", lambda: 5),
    "events of a column": lambda: event.listen(Column("a"), "before_create", lambda *a, **k: 5),
}
