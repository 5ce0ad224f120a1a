"""Statements on Firebird 3 by wire and Firebird 5 embedded."""

from __future__ import annotations

from typing import Any

import pytest

import relvar
from relvar import (
    Column,
    Computed,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    bindparam,
    delete,
    event,
    exc,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    union,
    update,
    upsert,
)
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
from relvar.schema import CreateTable, DropTable

pytestmark = pytest.mark.backends("firebird", "firebird5")


@pytest.fixture
def items(engine: Any, metadata: MetaData) -> Any:
    """A table with five rows."""
    table = Table(
        "items",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(5)),
        Column("price", Numeric(10, 2)),
        Column("notes", Text),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [{"name": f"n{i}", "price": i} for i in range(1, 6)])
    return table


@pytest.mark.feature("E067")
def test_pages(engine: Any, items: Any) -> None:
    ids = select(items.c.id).order_by(items.c.id)
    with engine.connect() as connection:
        pages = [ids.limit(2), ids.offset(3), ids.limit(2).offset(1), ids.fetch(2), ids.limit(0)]
        assert [connection.scalars(page).all() for page in pages] == [[1, 2], [4, 5], [2, 3], [1, 2], []]
        computed = ids.limit(literal(1) + 1).offset(literal(1) + 1)
        assert connection.scalars(computed).all() == [3, 4]
        inner = ids.limit(2).subquery()
        assert connection.scalars(select(func.sum(inner.c.id))).all() == [3]
    with pytest.raises(exc.CompileError, match="WITH TIES"):
        ids.fetch(2, with_ties=True).compile(engine)


def test_parameters_need_no_type_around_them(engine: Any, items: Any) -> None:
    with engine.connect() as connection:
        assert connection.scalar(select(literal("a") + literal("b"))) == "ab"
        assert connection.scalar(select(literal(2) * literal(3))) == 6
        # longer, or larger, than the column is unequal, not an error
        assert connection.scalars(select(items.c.id).where(items.c.name == "much too long")).all() == []
        assert (
            connection.scalars(select(items.c.id).where(items.c.name.contains("much too long"))).all() == []
        )
        assert connection.scalars(select(items.c.id).where(items.c.id == 1 << 40)).all() == []
        assert connection.scalars(select(items.c.id).where(items.c.id.in_([1, 1 << 40]))).all() == [1]
        # and the index is used all the same
        assert connection.scalars(select(items.c.id).where(items.c.id.in_([]))).all() == []
    with pytest.raises(exc.DataError), engine.begin() as connection:
        connection.execute(insert(items), {"name": "much too long"})


def test_names_come_in_lower_case(engine: Any, items: Any) -> None:
    with engine.connect() as connection:
        row = connection.execute(text('SELECT id, name AS "Quoted", price p FROM items ORDER BY id')).first()
        assert list(row._mapping) == ["id", "Quoted", "p"]
        assert row.id == 1


def test_unions_are_ordered_by_their_columns(engine: Any, items: Any) -> None:
    both = union(select(items.c.id, items.c.name), select(items.c.id + 10, items.c.name))
    with engine.connect() as connection:
        found = connection.execute(both.order_by(both.selected_columns.id.desc()).limit(2)).all()
        assert found == [(15, "n5"), (14, "n4")]
    with pytest.raises(exc.CompileError, match="orders a UNION by its columns only"):
        both.order_by(both.selected_columns.id + 1).compile(engine)
    with pytest.raises(exc.CompileError, match="has no INTERSECT"):
        select(items.c.id).intersect(select(items.c.id)).compile(engine)


def test_functions_and_operators(engine: Any, items: Any) -> None:
    one = select(
        func.length("abcd"),
        func.greatest(1, 3),
        func.least(1, 3),
        func.substr("abcd", 2, 2),
        func.concat("a", "b"),
        func.mod(7, 3),
        literal(7) % 4,
        literal(6).bitwise_and(3),
        literal(6).bitwise_xor(3),
        literal(1).bitwise_lshift(3),
        literal(7) / literal(2),
        literal(7) // literal(2),
    )
    with engine.connect() as connection:
        found = list(connection.execute(one).one())
        assert found == [4, 3, 1, "bc", "ab", 1, 3, 2, 5, 8, 3.5, 3]
        assert (
            connection.scalar(select(func.aggregate_strings(items.c.name, "-")).where(items.c.id < 3))
            == "n1-n2"
        )
        assert connection.scalar(select(func.now())).tzinfo is None


@pytest.mark.feature("E067")
def test_rows_come_back(engine: Any, items: Any) -> None:
    with engine.begin() as connection:
        nothing = update(items).where(items.c.id == 99).values(name="x").returning(items.c.id)
        assert connection.execute(nothing).all() == []
        assert connection.execute(delete(items).where(items.c.id == 99).returning(items.c.id)).all() == []
        one = update(items).where(items.c.id == 1).values(name="x").returning(items.c.id, items.c.name)
        result = connection.execute(one)
        assert result.rowcount == 1
        assert result.all() == [(1, "x")]
        many = update(items).where(items.c.id < 4).values(name="y").returning(items.c.id)
        if engine.dialect.server_version_info >= (5,):
            assert sorted(connection.scalars(many)) == [1, 2, 3]
        else:
            with pytest.raises(exc.DBAPIError, match="multiple rows in singleton select"):
                connection.execute(many)


@pytest.mark.feature("E067")
def test_many_rows_go_into_blocks(engine: Any, items: Any, sql_log: Any) -> None:
    log = sql_log(engine)
    rows = [{"name": f"r{i}"} for i in range(600)]
    with engine.begin() as connection:
        found = (
            connection.execute(insert(items).returning(items.c.name, sort_by_parameter_order=True), rows)
            .scalars()
            .all()
        )
        assert found == [row["name"] for row in rows]
        assert len(log) == 3
        assert log[0][0].startswith("EXECUTE BLOCK (p0_0 TYPE OF COLUMN items.name = ?, ")
        # what a block has no types for goes row by row
        lowered = insert(items).values(name=func.lower(bindparam("x"))).returning(items.c.name)
        assert connection.scalars(lowered, [{"x": "A"}, {"x": "B"}]).all() == ["a", "b"]
        percent = insert(items).values(name=literal_column("'5%d'")).returning(items.c.name, items.c.price)
        assert connection.execute(percent, [{"price": 1}, {"price": 2}]).all() == [("5%d", 1), ("5%d", 2)]
        assert connection.scalar(select(func.count()).select_from(items)) == 609


@pytest.mark.feature("E067")
def test_upsert(engine: Any, metadata: MetaData) -> None:
    pages = Table(
        "pages",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("address", String(100), unique=True, nullable=False),
        Column("title", String(100)),
        Column("reads", Integer, default=1),
    )
    metadata.create_all(engine)
    put = upsert(pages).on_conflict(pages.c.address)
    plain = put.values(address="a", title="b", reads=1)
    assert str(plain.compile(engine)).startswith("UPDATE OR INSERT INTO pages ")
    with engine.begin() as connection:
        connection.execute(put, [{"address": "/", "title": "Home"}, {"address": "/about", "title": "About"}])
        connection.execute(put, {"address": "/", "title": "Start"})
        add = put.update("title", reads=pages.c.reads + put.excluded.reads)
        connection.execute(add, {"address": "/", "title": "Home", "reads": 4})
        newer = put.where(pages.c.reads < put.excluded.reads)
        connection.execute(newer, {"address": "/", "title": "never", "reads": 3})
        connection.execute(put.do_nothing(), {"address": "/about", "title": "never"})
        connection.execute(plain)
        connection.execute(put.values(address="a", title="c", reads=7))
        rows = connection.execute(select(pages.c.title, pages.c.reads).order_by(pages.c.id)).all()
        assert rows == [("Home", 5), ("About", 1), ("c", 7)]
        returned = put.returning(pages.c.title, pages.c.reads)
        assert connection.execute(returned, {"address": "/x", "title": "X", "reads": 9}).all() == [("X", 9)]


@pytest.mark.feature("E067")
def test_sequences_count_from_where_they_start(engine: Any, metadata: MetaData) -> None:
    numbers = Sequence("numbers", start=5, increment=2, metadata=metadata)
    table = Table("counted", metadata, Column("id", Integer, numbers, primary_key=True), Column("x", Integer))
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert [connection.scalar(numbers) for _ in range(2)] == [5, 7]
        assert connection.execute(insert(table), {"x": 1}).inserted_primary_key == (9,)
        assert relvar.inspect(connection).get_sequence_names() == ["numbers"]
    metadata.drop_all(engine)
    assert relvar.inspect(engine).get_sequence_names() == []


def test_columns_are_computed_and_expressions_indexed(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "priced",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("price", Integer),
        Column("twice", Integer, Computed("price * 2")),
        Column("name", String(20)),
    )
    Index("ix_upper", func.upper(table.c.name))
    metadata.create_all(engine)
    with engine.begin() as connection:
        put = insert(table).returning(table.c.twice, sort_by_parameter_order=True)
        assert connection.scalars(put, [{"price": n, "name": f"n{n}"} for n in range(3)]).all() == [0, 2, 4]
        connection.execute(update(table).where(func.upper(table.c.name) == "N2").values(price=5))
        assert connection.scalars(select(table.c.twice).order_by(table.c.id)).all() == [0, 2, 10]
    again = Table("priced", MetaData(), autoload_with=engine)
    assert again.c.twice.computed is not None and not again.c.twice.computed.persisted
    assert [index["expressions"] for index in relvar.inspect(engine).get_indexes("priced")] == [
        ["(upper(name))"]
    ]
    stored = Table(
        "stored", MetaData(), Column("a", Integer), Column("b", Integer, Computed("a", persisted=True))
    )
    with pytest.raises(exc.CompileError, match="computes columns when they are read"):
        stored.create(engine)


def test_ddl_is_committed_before_what_uses_it(engine: Any, metadata: MetaData) -> None:
    table = Table("made", metadata, Column("id", Integer, primary_key=True))
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.rollback()
        # nothing but DDL: it was rolled back
        assert not relvar.inspect(connection).has_table("made")
        metadata.create_all(connection)
        connection.execute(insert(table), {"id": 1})
        connection.rollback()
        assert connection.execute(select(table)).all() == []


def test_only_if_it_is_there(engine: Any, metadata: MetaData) -> None:
    table = Table("maybe", metadata, Column("it's", String(9), server_default="o'clock", primary_key=True))
    with engine.begin() as connection:
        for _ in range(2):
            connection.execute(CreateTable(table, if_not_exists=True))
        connection.execute(insert(table).values())
        assert connection.scalars(select(table)).all() == ["o'clock"]
    with engine.begin() as connection:
        for _ in range(2):
            connection.execute(DropTable(table, if_exists=True))
        assert not relvar.inspect(connection).has_table("maybe")


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


def test_the_orm_flushes_and_changes_many(engine: Any) -> None:
    Base.metadata.create_all(engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, sql, *rest: statements.append(sql))
    with Session(engine) as session:
        people = [Person(name=f"p{i}") for i in range(20)]
        session.add_all(people)
        session.flush()
        assert len(statements) == 1
        assert len({person.id for person in people}) == 20
        session.commit()
        session.execute(update(Person).where(Person.name < "p2").values(name="changed"))
        assert people[0].name == "changed"
        session.delete(people[0])
        session.commit()
        assert session.scalar(select(func.count()).select_from(Person)) == 19
