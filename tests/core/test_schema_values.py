"""Identity, computed columns, sequences and defaults: created, used and read back from the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    BigInteger,
    Column,
    ColumnDefault,
    Computed,
    DateTime,
    DefaultClause,
    FetchedValue,
    Identity,
    Integer,
    MetaData,
    Sequence,
    SmallInteger,
    String,
    Table,
    column,
    exc,
    func,
    insert,
    select,
    text,
    update,
)
from relvar.schema import CreateSequence, DropSequence


@pytest.mark.feature("C016")
@pytest.mark.backends("postgresql")
def test_identity_with_all_options(engine: Any, metadata: MetaData) -> None:
    full = Table(
        "full",
        metadata,
        Column(
            "id",
            Integer,
            Identity(always=True, start=5, increment=-2, minvalue=-9, maxvalue=9, cycle=True, cache=3),
            primary_key=True,
        ),
        Column("x", Integer),
    )
    plain = Table("plain", metadata, Column("id", BigInteger, Identity()), Column("x", Integer))
    Table(
        "open", metadata, Column("id", SmallInteger, Identity(nominvalue=True, nomaxvalue=True, cycle=False))
    )
    assert full.c.id.identity.always and not full.c.id.nullable
    assert full.c.id.identity.on_null is full.c.id.identity.order is None  # Oracle Database's
    metadata.create_all(engine)
    asked = (
        "SELECT is_identity, identity_generation, identity_start, identity_increment, identity_minimum, "
        "identity_maximum, identity_cycle FROM information_schema.columns "
        "WHERE table_name = '{}' AND column_name = 'id'"
    )
    with engine.begin() as connection:
        rows = [connection.exec_driver_sql(asked.format(name)).one() for name in ("full", "plain", "open")]
        assert rows == [
            ("YES", "ALWAYS", "5", "-2", "-9", "9", "YES"),
            ("YES", "BY DEFAULT", "1", "1", "1", str(2**63 - 1), "NO"),
            ("YES", "BY DEFAULT", "1", "1", "1", str(2**15 - 1), "NO"),
        ]
        cached = "SELECT seqcache FROM pg_sequence WHERE seqrelid = 'full_id_seq'::regclass"
        assert connection.exec_driver_sql(cached).scalar() == 3
        assert connection.execute(insert(full), {"x": 1}).inserted_primary_key == (5,)
        assert connection.execute(insert(full).values([{"x": 1}, {"x": 2}]).returning(full.c.id)).all() == [
            (3,),
            (1,),
        ]
        assert connection.execute(insert(plain), {"id": 77, "x": 1}).rowcount == 1
        assert connection.execute(insert(plain).returning(plain.c.id), {"x": 1}).scalar() == 1
    with pytest.raises(exc.ProgrammingError, match="GENERATED ALWAYS"), engine.begin() as connection:
        connection.execute(insert(full), {"id": 4, "x": 1})


@pytest.mark.feature("C016")
@pytest.mark.backends("sqlite", "mariadb")
def test_identity_where_there_is_none(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t", metadata, Column("id", Integer, Identity(start=1), primary_key=True), Column("x", Integer)
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert connection.execute(insert(table), {"x": 5}).inserted_primary_key == (1,)
        assert connection.execute(insert(table), {"x": 6}).inserted_primary_key == (2,)


@pytest.mark.feature("C017")
def test_computed_columns(engine: Any, metadata: MetaData) -> None:
    name = engine.dialect.name
    stored_only = name == "postgresql" and engine.connect().dialect.server_version_info < (18,)
    virtual = None if stored_only else Column("virtual", Integer, Computed(column("a") * 3, persisted=False))
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("stored", Integer, Computed("a + 1", persisted=True)),
        Column("words", String(20), Computed("'it''s ' || 'x:y 5%'", persisted=True))
        if name != "mariadb"
        else Column("words", String(20), Computed("concat('it''s ', 'x:y 5%')", persisted=True)),
        *(() if virtual is None else (virtual,)),
    )
    assert table.c.stored.computed.persisted and table.c.stored.server_default is table.c.stored.computed
    metadata.create_all(engine)
    asked = {
        "sqlite": "SELECT name, hidden = 3 FROM pragma_table_xinfo('t') WHERE hidden IN (2, 3)",
        "postgresql": "SELECT attname, attgenerated = 's' FROM pg_attribute "
        "WHERE attrelid = 't'::regclass AND attgenerated <> ''",
        "mariadb": "SELECT column_name, extra LIKE 'STORED%%' FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = 't' AND is_generated = 'ALWAYS'",
    }[name]
    with engine.begin() as connection:
        found = {key: bool(stored) for key, stored in connection.exec_driver_sql(asked)}
        wanted = {"stored": True, "words": True} | ({} if virtual is None else {"virtual": False})
        assert found == wanted
        connection.execute(insert(table), {"a": 5})
        # an UPDATE computes again
        connection.execute(update(table).values(a=10))
        row = connection.execute(select(table)).one()
        assert (row.a, row.stored, row.words) == (10, 11, "it's x:y 5%")
        assert virtual is None or row.virtual == 30
    with pytest.raises(exc.DBAPIError), engine.begin() as connection:
        connection.execute(insert(table), {"a": 1, "stored": 99})


@pytest.mark.feature("C018")
@pytest.mark.backends("postgresql", "mariadb")
def test_sequences(engine: Any, metadata: MetaData) -> None:
    mariadb = engine.dialect.name == "mariadb"
    kind = None if mariadb else SmallInteger
    numbers = Sequence(
        "num bers",
        start=10,
        increment=5,
        minvalue=5,
        maxvalue=25,
        cycle=True,
        cache=1,
        data_type=kind,
        metadata=metadata,
    )
    # MariaDB takes "no limit" for the limits of an ascending one
    limits: dict[str, Any] = (
        {"minvalue": -99, "maxvalue": -1} if mariadb else {"nomaxvalue": True, "nominvalue": True}
    )
    down = Sequence("down", -1, -1, cycle=False, metadata=metadata, **limits)
    table = Table(
        "t",
        metadata,
        Column("id", Integer, Sequence("ids", start=100), primary_key=True),
        Column("n", Integer, numbers),
        Column("m", Integer, server_default=down.next_value()),
        Column("o", Integer, Sequence("optional", optional=True)),
    )
    metadata.create_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        if mariadb:
            row = connection.exec_driver_sql(
                "SELECT minimum_value, maximum_value, start_value, increment, cycle_option, cache_size "
                "FROM `num bers`"
            ).one()
            assert row == (5, 25, 10, 5, 1, 1)
        else:
            row = connection.exec_driver_sql(
                "SELECT data_type, start_value, min_value, max_value, increment_by, cycle, cache_size "
                "FROM pg_sequences WHERE sequencename = 'num bers'"
            ).one()
            assert row == ("smallint", 10, 5, 25, 5, True, 1)
        assert connection.scalar(numbers) == 10
        assert connection.scalar(numbers.next_value()) == 15
        assert connection.scalar(select(func.next_value(numbers))) == 20
        assert connection.scalar(select(numbers.next_value() + 1)) == 26
        assert connection.execute(insert(table)).inserted_primary_key == (100,)
        connection.execute(insert(table).values(n=numbers.next_value()))
        connection.execute(insert(table), [{"id": 1}, {"id": 2}])
        # 25 was the last one: it cycles to the smallest
        assert connection.execute(select(table.c.n).order_by(table.c.m.desc())).scalars().all() == [
            5,
            10,
            15,
            20,
        ]
        assert connection.execute(select(table.c.m).order_by(table.c.m.desc())).scalars().all() == [
            -1,
            -2,
            -3,
            -4,
        ]
        other = Sequence("other", start=3)
        connection.execute(CreateSequence(other))
        connection.execute(CreateSequence(other, if_not_exists=True))
        assert connection.scalar(other.next_value()) == 3
        connection.execute(DropSequence(other))
        connection.execute(DropSequence(other, if_exists=True))
    metadata.drop_all(engine)
    single = Sequence("single", start=7)
    single.create(engine)
    single.create(engine, checkfirst=True)
    with engine.begin() as connection:
        assert connection.scalar(single) == 7
    single.drop(engine)
    single.drop(engine, checkfirst=True)
    with engine.connect() as connection:
        assert connection.dialect.has_sequence(connection, "single") is False
        assert connection.dialect.has_sequence(connection, "num bers") is False


@pytest.mark.feature("C018")
@pytest.mark.backends("postgresql")
def test_sequences_of_schemas(engine: Any) -> None:
    metadata = MetaData(schema="test_schema")
    assert Sequence("x", metadata=metadata).schema == "test_schema"
    sequence = Sequence("s", metadata=MetaData(), schema="other_schema")
    assert sequence.schema == "other_schema"
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA other_schema")
        try:
            connection.execute(CreateSequence(sequence))
            assert connection.scalar(sequence) == 1
            assert connection.dialect.has_sequence(connection, "s", schema="other_schema")
            translated = connection.execution_options(schema_translate_map={None: "other_schema"})
            assert translated.scalar(Sequence("s")) == 2
        finally:
            connection.exec_driver_sql("DROP SCHEMA other_schema CASCADE")


@pytest.mark.feature("C018")
@pytest.mark.backends("sqlite")
def test_sequences_where_there_are_none(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("id", Integer, Sequence("s", metadata=metadata), primary_key=True),
        Column("x", Integer),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert connection.execute(insert(table), {"x": 1}).inserted_primary_key == (1,)
        with pytest.raises(NotImplementedError, match="does not support sequence"):
            connection.execute(select(Sequence("s").next_value()))
    metadata.drop_all(engine)


@pytest.mark.feature("C019")
def test_context_of_rows_in_one_statement(engine: Any, metadata: MetaData) -> None:
    seen: list[Any] = []

    def isolated(context: Any) -> int:
        parameters = context.get_current_parameters()
        seen.append((sorted(parameters), context.current_column.name))
        return int(parameters["a"]) * 10

    def together(context: Any) -> int:
        return len(context.get_current_parameters(isolate_multiinsert_groups=False))

    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("b", Integer, default=isolated),
        Column("c", Integer, ColumnDefault(together)),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table).values([{"id": 1, "a": 1}, {"id": 2, "a": 2}, {"id": 3, "a": 3}]))
        rows = connection.execute(select(table).order_by(table.c.id)).all()
    assert [(row.a, row.b) for row in rows] == [(1, 10), (2, 20), (3, 30)]
    assert len({row.c for row in rows}) >= 1 and min(row.c for row in rows) > 3
    assert {name for _, name in seen} == {"b"}


@pytest.mark.feature("C020")
def test_values_that_the_server_makes(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer, DefaultClause("7")),
        Column("b", String(20), server_default="it's 5% :x \\"),
        Column("c", DateTime, server_default=text("CURRENT_TIMESTAMP")),
        Column("d", Integer, server_default=text("(1 + 2)")),
        Column("e", Integer, server_default=FetchedValue(), server_onupdate=FetchedValue()),
        Column("f", DateTime, server_default=func.now()),
    )
    metadata.create_all(engine)
    name = engine.dialect.name
    with engine.begin() as connection:
        if name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER made AFTER INSERT ON t BEGIN UPDATE t SET e = 42 WHERE id = new.id; END"
            )
        elif name == "postgresql":
            connection.exec_driver_sql(
                "CREATE FUNCTION made() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN new.e := 42; RETURN new; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER made BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION made()"
            )
        else:
            connection.exec_driver_sql("CREATE TRIGGER made BEFORE INSERT ON t FOR EACH ROW SET NEW.e = 42")
        connection.execute(insert(table), {"id": 1})
        row = connection.execute(select(table)).one()
        assert (row.a, row.b, row.d, row.e) == (7, "it's 5% :x \\", 3, 42)
        assert row.c is not None and row.f is not None
        result = connection.execute(update(table).values(a=8))
        assert table.c.e in result.context.compiled.postfetch
    if name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION made CASCADE")


@pytest.mark.feature("C018")
@pytest.mark.backends("postgresql", "mariadb")
def test_executing_a_sequence(engine: Any, metadata: MetaData) -> None:
    numbers = Sequence("numbers", start=5, metadata=metadata)
    metadata.create_all(engine)
    with engine.connect() as connection:
        assert connection.scalar(numbers) == 5
        with pytest.warns(exc.SADeprecationWarning, match=r"please use the \.scalar\(\) method"):
            assert connection.execute(numbers) == 6


@pytest.mark.feature("C004")
def test_a_type_that_is_none_is_named() -> None:
    with pytest.raises(exc.ArgumentError, match=r"expected for type_, got 'y'$"):
        Column("x", type_="y")
