"""
What a result tells about an INSERT, UPDATE or DELETE, and what a transaction tells about itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    bindparam,
    delete,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

t = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("made", Integer, server_default=text("5")),
    Column("n", Integer, default=7, onupdate=8),
)


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    t.create(engine)
    with engine.connect() as conn:
        yield conn


@pytest.mark.feature("A030")
def test_facts_of_an_insert(conn: Any) -> None:
    result = conn.execute(insert(t), {"name": "a"})
    assert result.is_insert and not result.returns_rows or conn.dialect.name != "sqlite"
    assert result.inserted_primary_key == (1,) and result.inserted_primary_key.id == 1
    assert result.inserted_primary_key_rows == [(1,)]
    assert result.last_inserted_params()["name"] == "a" and result.last_inserted_params()["n"] == 7
    assert [column.name for column in result.prefetch_cols()] == ["n"]
    assert [column.name for column in result.postfetch_cols()] == ["made"]
    assert result.lastrow_has_defaults()
    if conn.dialect.name != "postgresql":
        assert result.lastrowid == 1
    result = conn.execute(insert(t).return_defaults(), {"name": "b"})
    if conn.dialect.insert_returning:
        assert result.returned_defaults.made == 5 and result.returned_defaults_rows[0].made == 5
    assert result.inserted_primary_key == (2,)
    many = conn.execute(insert(t), [{"name": "c"}, {"name": "d"}])
    assert many.is_insert
    with pytest.raises(exc.InvalidRequestError, match="executemany"):
        many.inserted_primary_key
    returning = conn.execute(insert(t).returning(t.c.id), {"name": "e"})
    assert returning.returns_rows and returning.all() == [(5,)]
    with pytest.raises(exc.ResourceClosedError, match="does not return rows"):
        conn.execute(insert(t).inline(), {"name": "f"}).all()


@pytest.mark.feature("A030")
def test_facts_of_changes(conn: Any) -> None:
    conn.execute(insert(t), [{"name": str(i)} for i in range(5)])
    result = conn.execute(update(t).where(t.c.id < 4).values(name="x"))
    assert result.rowcount == 3 and not result.is_insert and not result.returns_rows
    assert result.supports_sane_rowcount() is True
    assert result.last_updated_params() == {"name": "x", "id_1": 4, "n": 8}
    assert [column.name for column in result.prefetch_cols()] == ["n"]
    with pytest.raises(exc.InvalidRequestError, match="not an insert"):
        result.inserted_primary_key
    many = conn.execute(
        update(t).where(t.c.id == bindparam("b")).values(name="y"), [{"b": 1}, {"b": 2}, {"b": 99}]
    )
    if many.supports_sane_multi_rowcount():
        assert many.rowcount == 2
    assert conn.execute(delete(t).where(t.c.id > 3)).rowcount == 2
    assert conn.execute(delete(t).where(t.c.id > 99)).rowcount == 0
    with pytest.raises(exc.InvalidRequestError, match="not an insert"):
        conn.execute(delete(t)).last_inserted_params()
    with pytest.raises(exc.InvalidRequestError):
        conn.execute(select(t)).last_updated_params()


@pytest.mark.feature("A030")
def test_results_put_together(conn: Any) -> None:
    rows = [{"name": name} for name in "abc"]
    ordered = insert(t).returning(t.c.id, t.c.name, sort_by_parameter_order=True)
    one, two = conn.execute(ordered, rows), conn.execute(ordered, [{"name": "d"}])
    assert one.splice_vertically(two).all() == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    defaults = conn.execute(insert(t).return_defaults(t.c.id, sort_by_parameter_order=True), rows)
    assert defaults.inserted_primary_key_rows == [(5,), (6,), (7,)]
    assert [row.id for row in defaults.returned_defaults_rows] == [5, 6, 7]


@pytest.mark.feature("A030")
def test_results_side_by_side(engine: Any, conn: Any) -> None:
    other = Table("others", MetaData(), Column("key", Integer, primary_key=True), Column("v", Integer))
    other.create(conn)
    one = conn.execute(
        insert(t).returning(t.c.id, t.c.name, sort_by_parameter_order=True), [{"name": "a"}, {"name": "b"}]
    )
    two = conn.execute(
        insert(other).returning(other.c.key, other.c.v, sort_by_parameter_order=True), [{"v": 10}, {"v": 20}]
    )
    side = one.splice_horizontally(two)
    assert list(side.keys()) == ["id", "name", "key", "v"]
    assert side.all() == [(1, "a", 1, 10), (2, "b", 2, 20)]


# Transactions ----------------------------------------------------------------------------------------


def names(conn: Any) -> list[str]:
    return list(conn.scalars(select(t.c.name).order_by(t.c.id)))


@pytest.mark.feature("A016")
def test_savepoints(engine: Any, conn: Any) -> None:
    assert not conn.in_nested_transaction() and conn.get_nested_transaction() is None
    with conn.begin():
        conn.execute(insert(t), {"name": "a"})
        outer = conn.begin_nested()
        assert conn.in_nested_transaction() and conn.get_nested_transaction() is outer
        conn.execute(insert(t), {"name": "b"})
        inner = conn.begin_nested()
        conn.execute(insert(t), {"name": "c"})
        assert conn.get_nested_transaction() is inner
        inner.rollback()
        assert conn.get_nested_transaction() is outer and not inner.is_active and outer.is_active
        assert names(conn) == ["a", "b"]
        outer.commit()
        assert not conn.in_nested_transaction()
        with pytest.raises(exc.IntegrityError), conn.begin_nested():
            conn.execute(insert(t), [{"id": 1, "name": "twice"}])
        assert names(conn) == ["a", "b"]
        with pytest.raises(exc.InvalidRequestError, match="Can't operate on closed transaction|inactive"):
            outer.commit()
        with conn.begin_nested() as closed:
            conn.execute(insert(t), {"name": "d"})
            closed.rollback()
        left = conn.begin_nested()
        conn.execute(insert(t), {"name": "e"})
        left.close()
    assert names(conn) == ["a", "b"]


@pytest.mark.feature("A018")
def test_what_transactions_tell(conn: Any) -> None:
    assert not conn.in_transaction() and conn.get_transaction() is None
    conn.execute(select(func.count()).select_from(t))
    transaction = conn.get_transaction()
    assert conn.in_transaction() and transaction is not None
    assert transaction.is_active and transaction.is_valid and transaction.connection is conn
    conn.commit()
    assert not transaction.is_active and not transaction.is_valid and not conn.in_transaction()
    with pytest.raises(exc.InvalidRequestError, match="inactive"):
        transaction.commit()
    transaction.close()
    transaction = conn.begin()
    conn.execute(insert(t), {"name": "a"})
    transaction.close()
    assert names(conn) == [] and not transaction.is_active
    conn.rollback()
    transaction = conn.begin()
    conn.execute(insert(t), {"name": "b"})
    transaction.commit()
    assert names(conn) == ["b"]
    conn.rollback()
    transaction = conn.begin()
    conn.invalidate()
    assert transaction.is_active and not transaction.is_valid
    transaction.rollback()
    assert conn.scalar(select(func.count()).select_from(t)) == 1


class Upper(TypeDecorator[str]):
    """A type that shows that it was asked."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value and value.upper()


def test_text_among_columns_of_one_name(engine: Any) -> None:
    """Each column has its own type, if there is one for each; the name alone stands for none of them."""
    own, plain, spelled = literal("a", Upper).label("x"), literal("b", String).label("x"), text("'c' AS x")
    cases: dict[tuple[Any, ...], tuple[Any, ...]] = {
        (own, plain, text("1")): ("A", "b", 1),
        (plain, own, text("1")): ("b", "A", 1),
        (own, spelled): ("A", "c"),
        (spelled, own): ("c", "A"),
        (plain, spelled, own): ("b", "c", "A"),
        (text("2, 3"), own): (2, 3, "A"),
    }
    with engine.connect() as connection:
        for columns, expected in cases.items():
            row = connection.execute(select(*columns)).one()
            assert tuple(row) == expected
            if row._fields.count("x") > 1:
                with pytest.raises(exc.InvalidRequestError, match="Ambiguous"):
                    row._mapping["x"]
