"""Reflected names: with dots in them, in the database's default schema, under keys of one's own."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    column,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
)
from relvar.schema import (
    BLANK_SCHEMA,
    AddConstraint,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DropConstraint,
    ForeignKeyTarget,
)


@pytest.mark.feature("C006", "C031", "C032")
def test_foreign_keys_to_names_with_dots(engine: Any) -> None:
    made = MetaData()
    table = Table("p.q", made, Column("x.y", Integer, primary_key=True))
    Table("c", made, Column("a.b", Integer, ForeignKey(table.c["x.y"], name="to_p")))
    made.create_all(engine)

    metadata = MetaData()
    metadata.reflect(engine)
    assert sorted(metadata.tables) == ["c", "p.q"]
    child, parent = metadata.tables["c"], metadata.tables["p.q"]
    key = next(iter(child.foreign_keys))
    assert key.column is parent.c["x.y"]
    assert key.target_tokens == ForeignKeyTarget(None, "p.q", "x.y")
    assert [t.name for t in metadata.sorted_tables] == ["p.q", "c"]
    with pytest.raises(exc.InvalidRequestError, match="the table name 'p.q' contains a dot"):
        _ = key.target_fullname

    with engine.begin() as connection:
        connection.execute(insert(parent), {"x.y": 5})
        connection.execute(insert(child), {"a.b": 5})
        joined = select(child.c["a.b"], parent.c["x.y"]).join(parent)
        assert connection.execute(joined).all() == [(5, 5)]

    # from what was reflected, the same is made
    made.drop_all(engine)
    metadata.create_all(engine)
    again = MetaData()
    again.reflect(engine)
    assert str(CreateTable(again.tables["c"]).compile(engine)) == str(CreateTable(child).compile(engine))


@pytest.mark.feature("C006")
def test_a_target_that_is_looked_for_later(sqlite_engine: Any) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE p ("x.y" INTEGER PRIMARY KEY)')
        connection.exec_driver_sql('CREATE TABLE c (a INTEGER REFERENCES p("x.y"))')
    metadata = MetaData()
    child = Table("c", metadata, autoload_with=sqlite_engine, resolve_fks=False)
    key = next(iter(child.foreign_keys))
    with pytest.raises(exc.NoReferencedTableError, match=r"could not find table 'p' .* column 'x\.y'"):
        _ = key.column
    with pytest.raises(exc.InvalidRequestError, match=r"separator between a table name and a column name"):
        _ = key.target_fullname
    parent = Table("p", metadata, autoload_with=sqlite_engine)
    assert key.column is parent.c["x.y"]


@pytest.mark.feature("C022", "C032")
def test_a_key_leads_to_the_default_schema_of_the_database(pg_engine: Any) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA app")
        connection.exec_driver_sql("CREATE TABLE public.p (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE app.c (a INTEGER REFERENCES public.p (id))")
    metadata = MetaData(schema="app")
    metadata.reflect(pg_engine)
    assert sorted(metadata.tables) == ["app.c", "p"]
    key = next(iter(metadata.tables["app.c"].foreign_keys))
    assert key.column is metadata.tables["p"].c.id
    assert key.target_table_key == "p"
    assert [t.key for t in metadata.sorted_tables] == ["p", "app.c"]


@pytest.mark.feature("C006", "C022")
def test_a_target_in_no_schema_whatever_the_metadata_says() -> None:
    metadata = MetaData(schema="app")
    own = Table("p", metadata, Column("id", Integer, primary_key=True))
    other = Table("p", metadata, Column("id", Integer, primary_key=True), schema=BLANK_SCHEMA)
    near = ForeignKey(ForeignKeyTarget(None, "p", "id"))
    far = ForeignKey(ForeignKeyTarget(BLANK_SCHEMA, "p", "id"))
    Table("c", metadata, Column("near", Integer, near), Column("far", Integer, far))
    assert (near.column, far.column) == (own.c.id, other.c.id)
    assert (near.target_table_key, far.target_table_key) == ("app.p", "p")
    copy = Column("x", Integer, ForeignKey(ForeignKeyTarget(BLANK_SCHEMA, "p", "id")))._copy()
    Table("d", metadata, copy)
    assert next(iter(copy.foreign_keys)).column is other.c.id


@pytest.mark.feature("C031")
def test_a_key_of_ones_own_gives_way_to_a_reflected_column(engine: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, x INTEGER)")
    table = Table("a", MetaData(), Column("id", Integer, key="own", primary_key=True))
    with pytest.warns(exc.SAWarning, match='key "own" is being removed.*autoload_replace=False'):
        table.metadata.reflect(engine, extend_existing=True)
    assert table.c.keys() == ["id", "x"]
    assert list(table.primary_key) == [table.c.id]

    table = Table("a", MetaData(), Column("id", Integer, key="own", primary_key=True))
    table.metadata.reflect(engine, extend_existing=True, autoload_replace=False)
    assert table.c.keys() == ["own", "x"]
    assert list(table.primary_key) == [table.c.own]


@pytest.mark.feature("C030", "C031")
def test_keys_that_a_listener_gives(engine: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE c (a INTEGER, b INTEGER, CONSTRAINT u UNIQUE (a, b),"
            " CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))"
        )
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def rename(inspector: Any, table: Any, column: Any) -> None:
        column["key"] = f"k_{column['name']}"

    metadata.reflect(engine)
    child = metadata.tables["c"]
    assert child.c.keys() == ["k_a", "k_b"]
    assert {(fk.parent.key, fk.column.key) for fk in child.foreign_keys} == {("k_a", "k_id")}
    # MySQL and MariaDB tell of the index
    unique = {item for item in (*child.constraints, *child.indexes) if item.name == "u"}
    assert {tuple(c.key for c in item.columns) for item in unique} == {("k_a", "k_b")}


@pytest.mark.feature("C003")
def test_what_tables_refuse() -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("x", Integer, key="k"), Column("y", Integer))
    refused = [
        (lambda: Table(None, metadata), "takes a name as its first argument, got None"),
        (lambda: Table("t", Column("x", Integer)), "takes a MetaData as its second argument, got Column"),
        (lambda: table.append_column("x"), "A Column is needed for table 't', got 'x'"),
        (lambda: table.append_constraint("x"), "A Constraint or an Index is needed for table 't', got 'x'"),
        (lambda: table.create("sqlite://"), "An Engine or a Connection is needed to emit DDL, got 'sqlite"),
        (lambda: metadata.create_all(None, tables=["t"]), r"a collection of Table objects, got \['t'\]"),
        (lambda: metadata.drop_all(None, tables=table), "a collection of Table objects, got Table"),
        (lambda: MetaData(naming_convention="ix"), "must be a dictionary, got 'ix'"),
        (lambda: Sequence(None), "takes a name as its first argument, got None"),
        (lambda: table.append_column(Column("x", Integer)), "A column with name 'x' is already present"),
        (lambda: table.append_column(Column("x", Integer, key="y")), "A column with key 'y' is already"),
    ]
    for make, message in refused:
        with pytest.raises(exc.ArgumentError, match=message):
            make()
    nothing = ForeignKeyConstraint([], [], name="fk")
    table.append_constraint(nothing)
    assert str(DropConstraint(nothing)) == "ALTER TABLE t DROP CONSTRAINT fk"
    with pytest.raises(exc.CompileError, match="on table 't' has no columns, so that it cannot be created"):
        str(AddConstraint(nothing))
    with pytest.warns(exc.SADeprecationWarning, match="alias of Table.must_exist"):
        assert Table("t", metadata, mustexist=True) is table
    with pytest.raises(exc.InvalidRequestError, match="^Table 'new' not defined$"):
        Table("new", metadata, must_exist=True)


@pytest.mark.feature("C003")
def test_replacing_columns_by_name_and_by_key() -> None:
    table = Table("t", MetaData(), Column("x", Integer, key="k", primary_key=True), Column("y", Integer))
    with pytest.warns(exc.SAWarning, match='user-specified key "k" is being replaced with plain named'):
        table.append_column(Column("x", String, primary_key=True), replace_existing=True)
    assert table.c.keys() == ["x", "y"]
    assert list(table.primary_key) == [table.c.x]
    table.append_column(Column("x", String, key="y", primary_key=True), replace_existing=True)
    assert [(c.name, c.key) for c in table.c] == [("x", "y")]
    assert list(table.primary_key) == [table.c.y]


@pytest.mark.feature("C012")
def test_copies_of_single_items_are_deprecated() -> None:
    table = Table("t", MetaData(), Column("a", Integer, ForeignKey("t.a"), primary_key=True))
    key = next(iter(table.foreign_keys))
    for item, name in (
        (table.c.a, "Column"),
        (key, "ForeignKey"),
        (key.constraint, "ForeignKeyConstraint"),
        (table.primary_key, "ColumnCollectionConstraint"),
    ):
        with pytest.warns(exc.SADeprecationWarning, match=rf"^The {name}\.copy\(\) method is deprecated"):
            assert type(item.copy()) is type(item)


@pytest.mark.feature("C033", "C034")
def test_tables_whose_names_differ_only_in_case(mariadb_engine: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE T (b INTEGER, FOREIGN KEY (b) REFERENCES t (a))")
    inspector = inspect(mariadb_engine)
    assert [c["name"] for c in inspector.get_columns("t")] == ["a"]
    assert [c["name"] for c in inspector.get_columns("T")] == ["b"]
    assert {name: len(found) for (_, name), found in inspector.get_multi_columns().items()} == {
        "t": 1,
        "T": 1,
    }
    assert {name: len(found) for (_, name), found in inspector.get_multi_foreign_keys().items()} == {
        "t": 0,
        "T": 1,
    }


@pytest.mark.feature("C034")
def test_catalogs_are_not_searched_in_other_databases(mariadb_engine: Any, sql_log: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE c (a INTEGER, FOREIGN KEY (a) REFERENCES p (id))")
    log = sql_log(mariadb_engine)
    MetaData().reflect(mariadb_engine)
    asked = [(text, values) for text, values in log if "information_schema." in text]
    assert len(asked) > 3
    with mariadb_engine.connect() as connection:
        for text, values in asked:
            for step in connection.exec_driver_sql(f"EXPLAIN EXTENDED {text}", values).mappings():
                assert "all databases" not in step["Extra"], text


@pytest.mark.feature("C031", "C033")
def test_colons_in_reflected_sql_are_colons(engine: Any) -> None:
    backend = engine.dialect.name
    joined = func.concat(column("a"), ":c") if backend == "mariadb" else column("a", String) + ":c"
    made = MetaData()
    table = Table(
        "t",
        made,
        Column("a", String(20), server_default="a:b"),
        Column("b", String(20), Computed(joined, persisted=True)),
        CheckConstraint(text(r"a <> '\:d'"), name="ck"),
    )
    if backend != "mariadb":
        where = {f"{backend}_where": table.c.a != ":e"}
        Index("ix", func.coalesce(table.c.a, ":f"), **where)
    made.create_all(engine)
    reflected = MetaData()
    reflected.reflect(engine)
    copy = reflected.tables["t"]
    assert copy.c.a.server_default.arg.text.startswith("'a:b'")
    statements = [CreateTable(copy), *(CreateIndex(index) for index in copy.indexes)]
    written = " ".join(str(statement.compile(engine)) for statement in statements)
    for piece in ("'a:b'", "':c'", "':d'", *(("':e'", "':f'") if backend != "mariadb" else ())):
        assert piece in written
    made.drop_all(engine)
    reflected.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(copy).values({}) if backend == "mariadb" else insert(copy))
        assert connection.execute(select(copy.c.a)).scalar() == "a:b"


@pytest.mark.feature("C015", "C031")
def test_sequences_of_serial_columns_with_odd_names(pg_engine: Any) -> None:
    with pg_engine.connect() as connection:
        for schema in ("plain", 'Odd "S".x', "it's"):
            connection.execute(CreateSchema(schema))
            for name in ("t", "x.y", 'qu"ote', "it's"):
                table = Table(name, MetaData(), Column("a.b", Integer, primary_key=True), schema=schema)
                table.create(connection)
                (column,) = inspect(connection).get_columns(name, schema)
                assert column["autoincrement"] is True
                # the default names the sequence, wherever it is found from
                default = text(column["default"].replace(":", r"\:"))
                assert connection.execute(select(default)).scalar() == 1


@pytest.mark.feature("C018", "C038")
def test_copies_keep_options_and_sequences_without_a_schema() -> None:
    table = Table(
        "t",
        MetaData(schema="app"),
        Column("a", Integer, Sequence("numbers"), nullable=False, sqlite_on_conflict_not_null="FAIL"),
    )
    copy = table.to_metadata(MetaData(schema="other"), schema=None)
    assert copy.key == "other.t"
    assert dict(copy.c.a.dialect_kwargs) == {"sqlite_on_conflict_not_null": "FAIL"}
    assert copy.c.a.default.schema is None
    assert list(copy.metadata._sequences) == ["numbers"]


@pytest.mark.feature("C014", "C031")
def test_what_the_database_did_not_name_is_named_by_the_convention(sqlite_engine: Any) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER UNIQUE REFERENCES t (a), CHECK (b > 3))"
        )
        connection.exec_driver_sql("CREATE TABLE u (a INTEGER, CONSTRAINT told PRIMARY KEY (a))")
    convention = {
        "pk": "pk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(column_0_name)s",
        "fk": "fk_%(column_0_name)s",
        "ck": "ck_%(table_name)s",
    }
    metadata = MetaData(naming_convention=convention)
    metadata.reflect(sqlite_engine)
    assert {c.name for c in metadata.tables["t"].constraints} == {"pk_t_a", "uq_b", "fk_b", "ck_t"}
    assert metadata.tables["u"].primary_key.name == "told"


@pytest.mark.feature("C014")
def test_tokens_that_there_are_not() -> None:
    for token in ("nope", "column_0_nope", "column_2_N_name", "referred_column_0_name"):
        metadata = MetaData(naming_convention={"uq": f"uq_%({token})s"})
        with pytest.raises(KeyError, match=f"^'{token}'$"):
            Table("t", metadata, Column("a", Integer, unique=True))
    metadata = MetaData(naming_convention={"uq": lambda constraint, table: "x"})
    with pytest.raises(
        exc.ArgumentError, match=r"^naming_convention\['uq'\] takes a template, got <function"
    ):
        Table("t", metadata, Column("a", Integer, unique=True))


@pytest.mark.feature("C013", "C033")
def test_descending_indexes_of_mariadb(mariadb_engine: Any) -> None:
    table = Table("t", MetaData(), Column("a", String(20)), Column("b", Integer))
    Index("ix_long", table.c.a.desc(), table.c.b, mariadb_length={"a": 5})
    Index("ix_unique", table.c.b.desc(), unique=True)
    table.create(mariadb_engine)
    found = {index["name"]: index for index in inspect(mariadb_engine).get_indexes("t")}
    assert found["ix_long"]["column_sorting"] == {"a": ("desc",)}
    assert found["ix_long"]["dialect_options"] == {"mariadb_length": {"a": 5}}
    copy = Table("t", MetaData(), autoload_with=mariadb_engine)
    assert {str(CreateIndex(index).compile(mariadb_engine)) for index in copy.indexes} == {
        "CREATE INDEX ix_long ON t (a(5) DESC, b)",
        "CREATE UNIQUE INDEX ix_unique ON t (b DESC)",
    }


@pytest.mark.feature("C031", "C032")
def test_what_was_defined_before_is_kept_beside_what_is_found(engine: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER, PRIMARY KEY (a, b),"
            " CONSTRAINT u UNIQUE (b, c))"
        )
        connection.exec_driver_sql("CREATE INDEX i ON t (c, a)")

    def load(*columns: Column[Any], **options: Any) -> Table:
        table = Table("t", MetaData(), *columns)
        table.metadata.reflect(engine, extend_existing=True, **options)
        return table

    # columns of the key stay in it, those that are found come after them
    assert load(Column("new", Integer, primary_key=True)).primary_key.columns.keys() == ["new", "a", "b"]
    order = Column("b", Integer, primary_key=True), Column("a", Integer, primary_key=True)
    assert load(*order, autoload_replace=False).primary_key.columns.keys() == ["b", "a"]
    # indexes and constraints are over the column that is kept, by whatever key
    kept = load(Column("c", String(5), key="mine"), autoload_replace=False)
    found = {item.name: item.columns.keys() for item in (*kept.indexes, *kept.constraints)}
    assert found["i"] == ["mine", "a"]
    assert found["u"] == ["b", "mine"]
    assert type(kept.c.mine.type) is String
