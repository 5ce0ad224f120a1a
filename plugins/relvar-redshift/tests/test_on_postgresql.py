"""
What can be run without Redshift: the dialect by each driver on PostgreSQL, which stands in for it.

``is_redshift`` is false then, so reflection leaves out Redshift's own views.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    exc,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

pytestmark = pytest.mark.feature("E069")

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(30), nullable=False, comment="as spoken"),
    Column("Boss", Integer, ForeignKey("people.id")),
    UniqueConstraint("name", "Boss"),
    comment="who",
)
values = Table(
    "values of 100%",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("small", SmallInteger),
    Column("yes", Boolean),
    Column("exact", Numeric(10, 2)),
    Column("about", Float),
    Column("day", Date),
    Column("at", DateTime),
    Column("moment", DateTime(timezone=True)),
    Column("key", Uuid),
)


def test_rows_go_in_and_come_out(redshift_engine: Any) -> None:
    metadata.create_all(redshift_engine)
    row = {
        "id": 2**40,
        "small": -3,
        "yes": True,
        "exact": Decimal("12.30"),
        "about": 0.5,
        "day": dt.date(2024, 2, 29),
        "at": dt.datetime(2024, 2, 29, 12, 30, 15, 250000),
        "moment": dt.datetime(2024, 2, 29, 12, 0, tzinfo=dt.UTC),
        "key": uuid.UUID(int=7),
    }
    empty = dict.fromkeys(row) | {"id": 1}
    with redshift_engine.begin() as conn:
        conn.execute(insert(values), [row, empty])
        assert [found._asdict() for found in conn.execute(select(values).order_by(values.c.id.desc()))] == [
            row,
            empty,
        ]
        changed = conn.execute(update(values).where(values.c.exact > 12).values(small=values.c.small + 1))
        assert changed.rowcount == 1
        assert conn.scalar(select(values.c.small).where(values.c.yes)) == -2


def test_percent_signs_quotes_and_lists(redshift_engine: Any) -> None:
    with redshift_engine.connect() as conn:
        numbers = select(literal("100% of 'it'").label("a%b"), literal(7) % 4).where(literal(3).in_([1, 3]))
        assert tuple(conn.execute(numbers).one()) == ("100% of 'it'", 3)
        assert conn.scalar(text("select '50%' || :x"), {"x": "!"}) == "50%!"
        none = select(literal(1)).where(literal(3).in_(bindparam("x", expanding=True)))
        assert conn.execute(none, {"x": []}).all() == []


def test_null_is_not_distinct_from_null(redshift_engine: Any) -> None:
    pairs = [(1, 1), (1, 2), (1, None), (None, None)]
    with redshift_engine.connect() as conn:
        for a, b in pairs:
            left, right = literal(a, Integer), literal(b, Integer)
            found = conn.execute(select(left.is_distinct_from(right), left.is_not_distinct_from(right))).one()
            assert tuple(found) == (a != b, a == b)


def test_reflection_of_tables_keys_views_and_comments(redshift_engine: Any) -> None:
    metadata.create_all(redshift_engine)
    with redshift_engine.begin() as conn:
        conn.execute(text("CREATE VIEW names AS SELECT name FROM people"))
        conn.execute(text("CREATE SCHEMA other"))
        conn.execute(
            text('CREATE TABLE other.pets (id integer PRIMARY KEY, "owner" integer REFERENCES people)')
        )
    inspector = inspect(redshift_engine)
    assert set(inspector.get_table_names()) == {"people", "values of 100%"}
    assert inspector.get_view_names() == ["names"]
    assert "SELECT" in inspector.get_view_definition("names")
    assert {"other", "public"} <= set(inspector.get_schema_names())
    assert inspector.has_table("people") and not inspector.has_table("pets")
    assert inspector.has_table("pets", schema="other")
    columns = {column["name"]: column for column in inspector.get_columns("people")}
    assert list(columns) == ["id", "name", "Boss"]
    assert (str(columns["name"]["type"]), columns["name"]["nullable"]) == ("VARCHAR(30)", False)
    assert columns["name"]["comment"] == "as spoken"
    assert inspector.get_table_comment("people") == {"text": "who"}
    assert inspector.get_pk_constraint("people")["constrained_columns"] == ["id"]
    assert [u["column_names"] for u in inspector.get_unique_constraints("people")] == [["name", "Boss"]]
    (key,) = inspector.get_foreign_keys("people")
    assert (key["constrained_columns"], key["referred_table"], key["referred_columns"]) == (
        ["Boss"],
        "people",
        ["id"],
    )
    assert key["referred_schema"] is None
    assert inspector.get_indexes("people") == inspector.get_check_constraints("people") == []
    with pytest.raises(exc.NoSuchTableError, match="nobody"):
        inspector.get_columns("nobody")

    found = MetaData()
    found.reflect(redshift_engine, views=True)
    assert set(found.tables) == {"people", "values of 100%", "names"}
    assert found.tables["people"].c.Boss.references(found.tables["people"].c.id)
    pets = Table("pets", MetaData(), schema="other", autoload_with=redshift_engine)
    assert [fk.target_fullname for fk in pets.c.owner.foreign_keys] == ["people.id"]


class Base(DeclarativeBase): ...


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(20))


def test_the_orm_writes_rows_whose_keys_are_given(redshift_engine: Any, sql_log: Any) -> None:
    Base.metadata.create_all(redshift_engine)
    log = sql_log(redshift_engine)
    with Session(redshift_engine) as session:
        session.add_all([Thing(id=n, name=f"n{n}") for n in range(5)])
        session.commit()
        # in one statement: rows one by one are slow on Redshift
        assert sum(sent.startswith("INSERT") for sent in log.texts()) == 1
        session.get_one(Thing, 3).name = "new"
        session.delete(session.get_one(Thing, 4))
        session.commit()
        assert session.scalars(select(Thing.name).order_by(Thing.id)).all() == ["n0", "n1", "n2", "new"]


def test_savepoints_and_two_phases_are_refused(redshift_engine: Any) -> None:
    with redshift_engine.connect() as conn:
        with pytest.raises(exc.CompileError, match="no savepoints: do not nest transactions"):
            conn.begin_nested()
    with redshift_engine.connect() as conn:
        with pytest.raises(NotImplementedError, match="no two-phase transactions; use begin"):
            conn.begin_twophase()


def test_isolation_and_errors(redshift_engine: Any) -> None:
    with redshift_engine.connect() as conn:
        with pytest.raises(exc.ProgrammingError, match="nothing_here"):
            conn.execute(text("SELECT * FROM nothing_here"))
        conn.rollback()
        assert conn.scalar(select(func.lower("A"))) == "a"
    with redshift_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("CREATE TABLE kept (id integer)"))
    with redshift_engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM kept")).scalar() == 0


def test_lost_connections_are_replaced(redshift_engine: Any) -> None:
    with redshift_engine.connect() as conn:
        conn.execute(select(1))
        conn.connection.dbapi_connection.close()
        with pytest.raises(exc.DBAPIError) as caught:
            conn.execute(select(1))
        assert caught.value.connection_invalidated
    with redshift_engine.connect() as conn:
        assert conn.scalar(select(1)) == 1
