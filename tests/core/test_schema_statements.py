"""DDL as objects, views, comments, schemas, options, conditions and events: run on real databases."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from relvar import (
    BLANK_SCHEMA,
    DDL,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    event,
    exc,
    func,
    insert,
    inspect,
    quoted_name,
    select,
    union_all,
)
from relvar.schema import (
    AddConstraint,
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
    SchemaConst,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)


def things(connection: Any) -> dict[str, str]:
    """Name -> kind of the tables and views, as the catalog has them."""
    sql = {
        "sqlite": "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite_%'",
        "postgresql": "SELECT relname, CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' "
        "WHEN 'v' THEN 'view' ELSE 'materialized' END FROM pg_class "
        "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')",
        "mariadb": "SELECT table_name, CASE table_type WHEN 'VIEW' THEN 'view' ELSE 'table' END "
        "FROM information_schema.tables WHERE table_schema = DATABASE()",
    }[connection.dialect.name]
    return dict(connection.exec_driver_sql(sql).all())


def indexes(connection: Any) -> set[str]:
    """The names of all indexes that were asked for."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
        "mariadb": "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()",
    }[connection.dialect.name]
    return set(connection.exec_driver_sql(sql).scalars()) - {"PRIMARY"}


def people(metadata: MetaData, **kw: Any) -> Table:
    """A table to select from."""
    return Table(
        "people",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("full name", String(20), key="name", comment="it's 5% \\ a name"),
        comment="who's \\ who 100%",
        **kw,
    )


# -- comments (C021) ---------------------------------------------


@pytest.mark.feature("C021")
def test_comments_are_set_and_dropped(engine: Any, metadata: MetaData) -> None:
    table = people(metadata)
    unique = UniqueConstraint(table.c.name, name="uq_name", comment="constraint's \\ 5%")
    metadata.create_all(engine)
    name = engine.dialect.name
    if name == "sqlite":
        assert not engine.dialect.supports_comments
        with engine.connect() as connection, pytest.raises(exc.UnsupportedCompilationError):
            connection.execute(SetConstraintComment(unique))
        return

    def told(connection: Any) -> tuple[Any, ...]:
        if name == "mariadb":
            sql = (
                "SELECT t.table_comment, c.column_comment, NULL FROM information_schema.tables t "
                "JOIN information_schema.columns c USING (table_schema, table_name) "
                "WHERE table_schema = DATABASE() AND table_name = 'people' AND column_name = 'full name'"
            )
        else:
            sql = (
                "SELECT obj_description('people'::regclass), col_description('people'::regclass, 2), "
                "obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'uq_name'"
            )
        return tuple(value or None for value in connection.exec_driver_sql(sql).one())

    with engine.begin() as connection:
        of_constraint = unique.comment if engine.dialect.supports_constraint_comments else None
        assert told(connection) == (table.comment, table.c.name.comment, of_constraint)
        connection.execute(DropTableComment(table))
        connection.execute(DropColumnComment(table.c.name))
        if of_constraint:
            connection.execute(DropConstraintComment(unique))
        assert told(connection) == (None, None, None)
        connection.execute(SetTableComment(table))
        connection.execute(SetColumnComment(table.c.name))
        if of_constraint:
            connection.execute(SetConstraintComment(unique))
        assert told(connection) == (table.comment, table.c.name.comment, of_constraint)


# -- schemas and names (C022) ---------------------------------------------


@pytest.mark.feature("C022")
def test_schemas_and_quoted_names(engine: Any) -> None:
    name = engine.dialect.name
    # MariaDB's schemas are databases, seen by other runs
    first, second = f"relvar first {os.getpid()}", f"relvar_second_{os.getpid()}"
    with engine.connect() as connection:
        if name == "sqlite":
            for schema in (first, second):
                connection.exec_driver_sql(f"ATTACH DATABASE ':memory:' AS \"{schema}\"")
        else:
            for schema in (first, second):
                connection.execute(DropSchema(schema, if_exists=True, cascade=name == "postgresql"))
                connection.execute(CreateSchema(schema))
        metadata = MetaData(schema=first)
        parent = Table(
            "select",
            metadata,
            Column("order", Integer, primary_key=True),
            Column("MixedCase", String(5)),
            Column(quoted_name("forced", True), Integer),
            Column("plain", Integer, quote=True),
            Column('odd "name" `x` %(a)s :b', Integer, key="odd"),
        )
        other = Table("other", metadata, Column("id", Integer, primary_key=True), schema=second)
        here = Table("here", metadata, Column("id", Integer, primary_key=True), schema=BLANK_SCHEMA)
        assert BLANK_SCHEMA is SchemaConst.BLANK_SCHEMA
        assert [t.schema for t in (parent, other, here)] == [first, second, None]
        assert metadata._schemas == {first, second}
        if name != "sqlite":  # keys do not reach from file to file there
            other.append_column(Column("parent", Integer, ForeignKey(parent.c.order, name="fk_other")))
        metadata.create_all(connection)
        connection.execute(insert(parent), {"order": 1, "MixedCase": "x", "forced": 2, "plain": 3, "odd": 4})
        assert connection.execute(select(parent)).all() == [(1, "x", 2, 3, 4)]
        assert connection.execute(select(parent.c.odd).where(parent.c.order == 1)).scalar() == 4
        inspector = inspect(connection)
        assert inspector.get_table_names(schema=first) == ["select"]
        assert inspector.get_table_names(schema=second) == ["other"]
        assert "here" in inspector.get_table_names()
        assert [c["name"] for c in inspector.get_columns("select", schema=first)] == [
            c.name for c in parent.c
        ]
        if name != "sqlite":
            (key,) = inspector.get_foreign_keys("other", schema=second)
            assert (key["referred_schema"], key["referred_table"]) == (first, "select")
        metadata.drop_all(connection)
        assert inspect(connection).get_table_names(schema=first) == []
        if name != "sqlite":
            for schema in (first, second):
                connection.execute(DropSchema(schema))
            assert not {first, second} & set(inspect(connection).get_schema_names())


@pytest.mark.feature("C022")
@pytest.mark.backends("sqlite", "postgresql")
def test_case_of_names(engine: Any, metadata: MetaData) -> None:
    Table("lower", metadata, Column("Id", Integer, quote=False), Column("Id2", Integer))
    metadata.create_all(engine)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT * FROM LOWER").keys()
        # what is not quoted is folded by PostgreSQL
        assert list(found) == (["Id", "Id2"] if engine.dialect.name == "sqlite" else ["id", "Id2"])


# -- temporary tables and options (C023, C024) ---------------------------------------------


@pytest.mark.feature("C023")
def test_temporary_tables(engine: Any, metadata: MetaData) -> None:
    table = Table("t", metadata, Column("a", Integer), prefixes=["TEMPORARY"])
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), {"a": 5})
        assert connection.execute(select(table)).all() == [(5,)]
        assert "t" not in things(connection)
        again = CreateTable(table, if_not_exists=True)
        connection.execute(again)
        assert connection.execute(select(table)).all() == [(5,)]
        table.drop(connection, checkfirst=False)
    with engine.connect() as connection, pytest.raises(exc.DBAPIError):
        connection.execute(select(table))
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            Table("u", metadata, Column("a", Integer), prefixes=["UNLOGGED"]).create(connection)
            kept = connection.exec_driver_sql("SELECT relpersistence FROM pg_class WHERE relname = 'u'")
            assert kept.scalar() == "u"


@pytest.mark.feature("C024")
def test_options_of_the_database(engine: Any, metadata: MetaData) -> None:
    name = engine.dialect.name
    options: dict[str, Any] = {
        "sqlite_strict": True,
        "sqlite_with_rowid": False,
        "postgresql_partition_by": "RANGE (id)",
        "mariadb_engine": "Aria",
        "mariadb_charset": "utf8mb4",
        "mariadb_collate": "utf8mb4_bin",
        "mariadb_auto_increment": "50",
        "mysql_engine": "InnoDB",
    }
    table = Table("t", metadata, Column("id", Integer, primary_key=True), **options)
    # each database reads its own
    assert dict(table.dialect_kwargs) == options
    assert table.kwargs["sqlite_strict"] is True
    assert table.dialect_options["postgresql"]["partition_by"] == "RANGE (id)"
    assert table.dialect_options["postgresql"]["tablespace"] is None
    metadata.create_all(engine)
    with engine.connect() as connection:
        if name == "sqlite":
            row = connection.exec_driver_sql("SELECT wr, strict FROM pragma_table_list('t')").one()
            assert row == (1, 1)
        elif name == "postgresql":
            assert things(connection)["t"] == "partitioned"
        else:
            row = connection.exec_driver_sql(
                "SELECT engine, table_collation, auto_increment FROM information_schema.tables "
                "WHERE table_schema = DATABASE() AND table_name = 't'"
            ).one()
            assert row == ("Aria", "utf8mb4_bin", 50)


@pytest.mark.feature("C024")
def test_options_are_validated() -> None:
    with pytest.raises(exc.ArgumentError, match="Argument 'sqlite_nope' is not accepted by dialect 'sqlite'"):
        Table("t", MetaData(), sqlite_nope=1)
    with pytest.raises(TypeError, match="should be named <dialectname>_<argument>"):
        Table("t", MetaData(), nope=1)
    with pytest.warns(exc.SAWarning, match="Can't validate argument 'unknown_thing'"):
        table = Table("t", MetaData(), unknown_thing=1)
    assert table.dialect_kwargs["unknown_thing"] == 1
    Index.argument_for("sqlite", "of_test_schema", 7)
    assert Index("i", "a").dialect_options["sqlite"]["of_test_schema"] == 7
    assert dict(Index("i", "a", sqlite_of_test_schema=8).dialect_kwargs) == {"sqlite_of_test_schema": 8}


# -- views and tables from SELECT (C025, C026) ---------------------------------------------


@pytest.mark.feature("C025")
def test_views(engine: Any, metadata: MetaData) -> None:
    name = engine.dialect.name
    # defined before what they select from would be sorted by name
    table = people(metadata)
    later = Table("zz", metadata, Column("id", Integer), Column("people_id", ForeignKey("people.id")))
    query = select(table.c.id, table.c.name.label("n"), func.lower(table.c.name).label("low")).where(
        table.c.name != "it's 5%"
    )
    view = CreateView(query, "a view", metadata=metadata)
    on_view = CreateView(
        select(view.table.c.n, later.c.id).join_from(view.table, later, later.c.id > 0),
        "a",
        metadata=metadata,
    )
    assert view.table.is_view and not table.is_view
    assert view.table.c.keys() == ["id", "n", "low"]
    assert metadata.sorted_tables[-1] is on_view.table
    kinds = {"a view": "view", "a": "view", "people": "table", "zz": "table"}
    if name == "postgresql":
        stored = CreateView(query, "stored", metadata=metadata, materialized=True)
        kinds["stored"] = "materialized"
    metadata.create_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert things(connection) == kinds
        connection.execute(insert(table), [{"id": 1, "name": "Ed"}, {"id": 2, "name": "it's 5%"}])
        connection.execute(insert(later), {"id": 3, "people_id": 1})
        assert connection.execute(select(view.table)).all() == [(1, "Ed", "ed")]
        assert connection.execute(select(on_view.table)).all() == [("Ed", 3)]
        if name == "postgresql":
            assert connection.execute(select(stored.table)).all() == []
            connection.exec_driver_sql("REFRESH MATERIALIZED VIEW stored")
            assert connection.execute(select(stored.table)).all() == [(1, "Ed", "ed")]
        connection.execute(DropView(on_view.table))
        connection.execute(DropView(on_view.table, if_exists=True))
        assert "a" not in things(connection)
    metadata.drop_all(engine)
    with engine.connect() as connection:
        assert things(connection) == {}


@pytest.mark.feature("C025")
def test_views_on_their_own(engine: Any, metadata: MetaData) -> None:
    name = engine.dialect.name
    table = people(metadata)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "name": "Ed"})
        view = CreateView(union_all(select(table.c.id), select(table.c.id + 5)), "v")
        assert view.table.metadata is not metadata
        connection.execute(view)
        assert sorted(connection.execute(select(view.table)).scalars()) == [1, 6]
        if name == "sqlite":
            with pytest.raises(exc.OperationalError):
                connection.execute(CreateView(select(table.c.id), "v", or_replace=True))
        else:
            other = CreateView(select((table.c.id + 1).label("id")), "v", or_replace=True)
            connection.execute(other)
            assert connection.execute(select(other.table)).scalars().all() == [2]
        if name != "mariadb":
            short = CreateView(select(table.c.id), "short", temporary=True)
            connection.execute(short)
            assert connection.execute(select(short.table)).scalars().all() == [1]
            assert "short" not in things(connection)
            connection.execute(DropView(short.table))
        connection.execute(view.table._dropper_ddl)
        assert "v" not in things(connection)
        if name == "postgresql":
            connection.execute(CreateSchema("of views"))
            inside = CreateView(select(table.c.id), "v", schema="of views", materialized=True)
            connection.execute(inside)
            assert connection.execute(select(inside.table)).scalars().all() == [1]
            connection.execute(DropView(inside.table, materialized=True, if_exists=True))
            connection.execute(DropSchema("of views"))


@pytest.mark.feature("C026")
def test_tables_from_a_select(engine: Any, metadata: MetaData) -> None:
    table = people(metadata)
    in_metadata = CreateTableAs(select(table.c.id, table.c.name), "a copy", metadata=metadata)
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [{"id": 1, "name": "Ed"}, {"id": 2, "name": "it's 5%"}])
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert things(connection) == {"people": "table", "a copy": "table"}
        assert sorted(connection.execute(select(in_metadata.table)).all()) == [(1, "Ed"), (2, "it's 5%")]
        picked = (
            select(table.c.id, (table.c.id + 5).label("more")).where(table.c.name == "it's 5%").into("picked")
        )
        assert isinstance(picked, CreateTableAs)
        connection.execute(picked)
        assert picked.table.c.keys() == ["id", "more"]
        assert connection.execute(select(picked.table)).all() == [(2, 7)]
        connection.execute(CreateTableAs(select(table.c.id), "picked", if_not_exists=True))
        assert connection.execute(select(picked.table)).all() == [(2, 7)]
        short = CreateTableAs(select(table.c.id), "short", temporary=True)
        connection.execute(short)
        assert sorted(connection.execute(select(short.table)).scalars()) == [1, 2]
        assert "short" not in things(connection)
        connection.execute(DropTable(picked.table))
        if engine.dialect.name == "postgresql":
            connection.execute(CreateSchema("of copies"))
            inside = select(table.c.id).into("c", schema="of copies")
            connection.execute(inside)
            assert sorted(connection.execute(select(inside.table)).scalars()) == [1, 2]
            connection.execute(DropSchema("of copies", cascade=True))
    metadata.drop_all(engine)
    with engine.connect() as connection:
        assert things(connection) == {}


# -- DDL elements (C027, C028) ---------------------------------------------


@pytest.mark.feature("C027")
def test_elements(engine: Any, metadata: MetaData) -> None:
    name = engine.dialect.name
    table = people(metadata)
    index = Index("ix name", table.c.name)
    unique = UniqueConstraint(table.c.name, name="uq_name")
    table.constraints.discard(unique)
    with engine.begin() as connection:
        for _ in range(2):
            connection.execute(CreateTable(table, if_not_exists=True))
        assert things(connection) == {"people": "table"}
        connection.execute(CreateIndex(index))
        assert "ix name" in indexes(connection)
        if name != "mariadb":  # IF NOT EXISTS is not written for MySQL's indexes
            connection.execute(CreateIndex(index, if_not_exists=True))
        connection.execute(DropIndex(index))
        assert "ix name" not in indexes(connection)
        if name != "mariadb":
            connection.execute(DropIndex(index, if_exists=True))
        column = re.sub(r"\s+", " ", str(CreateColumn(table.c.name).compile(dialect=engine.dialect)))
        connection.exec_driver_sql(f"CREATE TABLE made ({column})")
        if name != "sqlite":
            table.constraints.add(unique)
            connection.execute(AddConstraint(unique))
            assert "uq_name" in indexes(connection)
            connection.execute(DropConstraint(unique))
            assert "uq_name" not in indexes(connection)
            if name == "postgresql":
                connection.execute(DropConstraint(unique, if_exists=True, cascade=True))
            sequence = Sequence("s q")
            connection.execute(CreateSequence(sequence))
            connection.execute(CreateSequence(sequence, if_not_exists=True))
            assert connection.dialect.has_sequence(connection, "s q")
            connection.execute(DropSequence(sequence))
            connection.execute(DropSequence(sequence, if_exists=True))
            assert not connection.dialect.has_sequence(connection, "s q")
            own = f"relvar made {os.getpid()}"
            for _ in range(2):
                connection.execute(CreateSchema(own, if_not_exists=True))
            assert own in inspect(connection).get_schema_names()
            for _ in range(2):
                connection.execute(DropSchema(own, if_exists=True))
            assert own not in inspect(connection).get_schema_names()
        for _ in range(2):
            connection.execute(DropTable(table, if_exists=True))
        assert set(things(connection)) == {"made"}


@pytest.mark.feature("C028")
def test_own_ddl(engine: Any, metadata: MetaData) -> None:
    table = people(metadata)
    name = engine.dialect.name
    assert DDLElement is ExecutableDDLElement
    asked: list[Any] = []

    def decide(ddl: Any, target: Any, bind: Any, tables: Any = None, state: Any = None, **kw: Any) -> bool:
        asked.append((target, bind.dialect.name, state))
        return bool(state)

    made = DDL("CREATE TABLE %(table)s_%(suffix)s (a INTEGER DEFAULT (5 %% 3))", {"suffix": "x"})
    event.listen(table, "after_create", made.execute_if(dialect=name))
    event.listen(table, "after_create", DDL("CREATE nonsense").execute_if(dialect=("oracle", "mssql")))
    event.listen(table, "after_create", DDL("CREATE nonsense").execute_if(callable_=decide, state=0))
    event.listen(
        table,
        "after_create",
        DDL("CREATE TABLE called (a INTEGER)").execute_if(dialect=[name, "x"], callable_=decide, state=5),
    )
    metadata.create_all(engine)
    assert asked == [(table, name, 0), (table, name, 5)]
    with engine.begin() as connection:
        assert set(things(connection)) == {"people", "people_x", "called"}
        connection.exec_driver_sql(
            "INSERT INTO people_x DEFAULT VALUES"
            if name != "mariadb"
            else "INSERT INTO people_x () VALUES ()"
        )
        assert connection.exec_driver_sql("SELECT a FROM people_x").scalar() == 2
        # executed as it is, or for a target
        connection.execute(DDL("DROP TABLE called"))
        connection.execute(DDL("DROP TABLE %(fullname)s_x").against(table))
        assert set(things(connection)) == {"people"}


# -- conditions and events (C029, C030) ---------------------------------------------


@pytest.mark.feature("C029")
def test_conditional_parts(engine: Any, metadata: MetaData) -> None:
    here, elsewhere = engine.dialect.name, "oracle"
    asked: list[Any] = []

    def decide(ddl: Any, target: Any, bind: Any, dialect: Any, state: Any = None, **kw: Any) -> bool:
        asked.append((target.name, dialect.name, state))
        return bool(state)

    table = Table(
        "t",
        metadata,
        Column("a", Integer),
        Column("b", Integer),
        UniqueConstraint("a", name="uq_here").ddl_if(dialect=here),
        UniqueConstraint("b", name="uq_elsewhere").ddl_if(dialect=elsewhere),
        CheckConstraint("a > 5", name="ck_never").ddl_if(callable_=decide, state=False),
        CheckConstraint("a > 3", name="ck_always").ddl_if(callable_=decide, state=True),
        Index("ix_here", "b").ddl_if(dialect=(here, elsewhere)),
        Index("ix_elsewhere", "b").ddl_if(dialect=elsewhere),
    )
    assert issubclass(Index, HasConditionalDDL) and issubclass(UniqueConstraint, HasConditionalDDL)
    copied = table.to_metadata(MetaData(), name="copied")
    for made in (table, copied):
        made.create(engine)
        found = inspect(engine)
        assert [u["name"] for u in found.get_unique_constraints(made.name)] == ["uq_here"]
        assert [c["name"] for c in found.get_check_constraints(made.name)] == ["ck_always"]
        assert found.has_index(made.name, "ix_here")
        assert not found.has_index(made.name, "ix_elsewhere")
        made.drop(engine)
    assert set(asked) == {("ck_never", here, False), ("ck_always", here, True)}


@pytest.mark.feature("C030")
def test_order_of_events(engine: Any, metadata: MetaData) -> None:
    table = people(metadata)
    other = Table("other", metadata, Column("id", Integer), Column("p", ForeignKey("people.id")))
    Index("ix_other", other.c.id)
    log: list[tuple[str, str, Any]] = []

    def listen(what: str, target: Any) -> None:
        def hear(one: Any, connection: Any, checkfirst: Any = None, tables: Any = None, **kw: Any) -> None:
            exists = one.name in things(connection) if isinstance(one, Table) else None
            log.append((what, getattr(one, "name", "metadata"), [t.name for t in tables or ()] or exists))

        event.listen(target, what, hear)

    for what in ("before_create", "after_create", "before_drop", "after_drop"):
        for target in (metadata, table, other, *other.indexes):
            listen(what, target)
    metadata.create_all(engine)
    assert log == [
        ("before_create", "metadata", ["people", "other"]),
        ("before_create", "people", False),
        ("after_create", "people", True),
        ("before_create", "other", False),
        ("before_create", "ix_other", None),
        ("after_create", "ix_other", None),
        ("after_create", "other", True),
        ("after_create", "metadata", ["people", "other"]),
    ]
    log.clear()
    metadata.create_all(engine)
    # nothing is left to create
    assert log == [("before_create", "metadata", None), ("after_create", "metadata", None)]
    log.clear()
    metadata.drop_all(engine, checkfirst=CheckFirst.NONE)
    assert log == [
        ("before_drop", "metadata", ["other", "people"]),
        ("before_drop", "other", True),
        ("after_drop", "other", False),
        ("before_drop", "people", True),
        ("after_drop", "people", False),
        ("after_drop", "metadata", ["other", "people"]),
    ]


@pytest.mark.feature("C030")
def test_events_of_attaching_and_reflecting(engine: Any, metadata: MetaData) -> None:
    log: list[Any] = []
    column = Column("id", Integer, primary_key=True)
    constraint = UniqueConstraint("id", name="u")
    for item in (column, constraint):
        event.listen(
            item, "before_parent_attach", lambda t, p: log.append(("before", type(t).__name__, p.name))
        )
        event.listen(
            item, "after_parent_attach", lambda t, p: log.append(("after", type(t).__name__, p.name))
        )
    table = Table(
        "t",
        metadata,
        column,
        constraint,
        listeners=[("after_parent_attach", lambda t, p: log.append((t.name, p is metadata)))],
    )
    assert log == [
        ("before", "Column", "t"),
        ("after", "Column", "t"),
        ("before", "UniqueConstraint", "t"),
        ("after", "UniqueConstraint", "t"),
        ("t", True),
    ]
    table.create(engine)

    def rename(inspector: Any, reflected: Table, info: dict[str, Any]) -> None:
        info["key"] = f"{reflected.name}_{info['name']}"

    loaded = Table("t", MetaData(), autoload_with=engine, listeners=[("column_reflect", rename)])
    assert loaded.c.keys() == ["t_id"]
    everywhere = MetaData()
    event.listen(everywhere, "column_reflect", rename)
    everywhere.reflect(engine)
    assert everywhere.tables["t"].c.keys() == ["t_id"]


# -- what is asked before acting (C002) ---------------------------------------------


@pytest.mark.feature("C002")
@pytest.mark.parametrize(
    ("flags", "asks"),
    [
        (CheckFirst.ALL, {"table", "view", "index", "sequence", "type"}),
        (True, {"table", "view", "index", "sequence", "type"}),
        (CheckFirst.TABLES | CheckFirst.VIEWS, {"table", "view"}),
        (CheckFirst.TABLES, {"table"}),
        (CheckFirst.VIEWS, {"view"}),
        (CheckFirst.INDEXES, {"index"}),
        (CheckFirst.SEQUENCES, {"sequence"}),
        (CheckFirst.TYPES, {"type"}),
        (CheckFirst.NONE, set()),
        (False, set()),
    ],
)
def test_what_is_checked_first(engine: Any, metadata: MetaData, flags: Any, asks: set[str]) -> None:
    table = people(metadata)
    index = Index("ix_name", table.c.name)
    view = CreateView(select(table.c.id), "v", metadata=metadata)
    made: dict[str, Any] = {"table": table, "view": view.table, "index": index}
    if engine.dialect.supports_sequences:
        made["sequence"] = Sequence("s", metadata=metadata)
    if engine.dialect.name == "postgresql":
        made["type"] = Enum("a", "b", name="kind", metadata=metadata)
    metadata.create_all(engine, checkfirst=False)
    for kind, item in made.items():
        if kind in asks:
            item.create(engine, checkfirst=flags)
        else:
            with pytest.raises(exc.DBAPIError):
                item.create(engine, checkfirst=flags)
    metadata.drop_all(engine, checkfirst=False)
    for kind, item in made.items():
        if kind in asks:
            item.drop(engine, checkfirst=flags)
        else:
            with pytest.raises(exc.DBAPIError):
                item.drop(engine, checkfirst=flags)
    for wrong in ("x", None, 1):
        with pytest.raises(ValueError, match="CheckFirst"):
            metadata.create_all(engine, checkfirst=wrong)


@pytest.mark.feature("C002")
@pytest.mark.backends("sqlite", "postgresql")  # MariaDB has no temporary views
def test_temporary_views_are_found(engine: Any, metadata: MetaData) -> None:
    table = people(metadata)
    CreateView(select(table.c.id), "v", metadata=metadata, temporary=True)
    with engine.connect() as connection:
        for _ in range(2):
            metadata.create_all(connection)
        assert set(things(connection)) == {"people"}
        for _ in range(2):
            metadata.drop_all(connection)
