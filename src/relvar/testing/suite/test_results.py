"""Rows: how they are addressed, odd names, rows that stay on the server."""

from __future__ import annotations

import datetime
from typing import Any

from relvar import DateTime, Integer, String, exc, func, select, text
from relvar.testing import engines, eq_, expect_raises, fixtures, requires
from relvar.testing.schema import Column, Table


class RowFetchTest(fixtures.TablesTest):
    """Values are found by position, name, attribute and column."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "plain_pk",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )
        Table(
            "has_dates",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("today", DateTime),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {
            "plain_pk": [("id", "data"), (1, "d1"), (2, "d2"), (3, "d3")],
            "has_dates": [("id", "today"), (1, datetime.datetime(2006, 5, 12, 12, 0, 0))],
        }

    def _first(self, connection: Any) -> Any:
        t = self.tables.plain_pk
        return connection.execute(select(t).order_by(t.c.id)).first()

    def test_via_attr(self, connection: Any) -> None:
        row = self._first(connection)
        eq_((row.id, row.data), (1, "d1"))

    def test_via_string(self, connection: Any) -> None:
        row = self._first(connection)
        eq_((row._mapping["id"], row._mapping["data"]), (1, "d1"))

    def test_via_int(self, connection: Any) -> None:
        row = self._first(connection)
        eq_((row[0], row[1], row[-1], row[0:2]), (1, "d1", "d1", (1, "d1")))

    def test_via_col_object(self, connection: Any) -> None:
        row, t = self._first(connection), self.tables.plain_pk
        eq_((row._mapping[t.c.id], row._mapping[t.c.data]), (1, "d1"))

    @requires.duplicate_names_in_cursor_description
    def test_row_with_dupe_names(self, connection: Any) -> None:
        t = self.tables.plain_pk
        stmt = select(t.c.data, t.c.data.label("data")).order_by(t.c.id)
        result = connection.execute(stmt)
        eq_(list(result.keys()), ["data", "data"])
        eq_(result.all(), [("d1", "d1"), ("d2", "d2"), ("d3", "d3")])

    def test_row_w_scalar_select(self, connection: Any) -> None:
        """The type of a scalar subquery converts its value."""
        t = self.tables.has_dates
        row = connection.execute(select(select(t.c.today).scalar_subquery().label("when"))).first()
        eq_(row.when, datetime.datetime(2006, 5, 12, 12, 0, 0))

    def test_many_ways_to_fetch(self, connection: Any) -> None:
        t = self.tables.plain_pk
        stmt = select(t).order_by(t.c.id)
        eq_(connection.execute(stmt).fetchmany(2), [(1, "d1"), (2, "d2")])
        eq_(
            [list(part) for part in connection.execute(stmt).partitions(2)],
            [[(1, "d1"), (2, "d2")], [(3, "d3")]],
        )
        eq_(connection.execute(stmt).columns(1).all(), [("d1",), ("d2",), ("d3",)])
        eq_(connection.execute(stmt.limit(0)).all(), [])
        eq_(connection.execute(stmt.limit(1)).one(), (1, "d1"))
        with expect_raises(exc.MultipleResultsFound):
            connection.execute(stmt).one()


class NameDenormalizeTest(fixtures.TablesTest):
    """Names of result columns are those that were written, whatever the driver makes of them."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "denormalize_table",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("all_lowercase", Integer),
        )

    def test_cols_driver_cols(self, connection: Any) -> None:
        t = self.tables.denormalize_table
        connection.execute(t.insert(), {"id": 1, "all_lowercase": 5})
        row = connection.execute(select(t)).first()
        eq_(dict(row._mapping), {"id": 1, "all_lowercase": 5})
        row = connection.exec_driver_sql("SELECT id, all_lowercase FROM denormalize_table").first()
        eq_((row.id, row.all_lowercase), (1, 5))


class PercentSchemaNamesTest(fixtures.TablesTest):
    """Percent signs and blanks in names."""

    __backend__ = True
    __requires__ = ("percent_schema_names",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("percent%table", metadata, Column("percent%", Integer), Column("spaces % more spaces", Integer))

    def test_single_roundtrip(self, connection: Any) -> None:
        t = self.tables["percent%table"]
        for row in ((5, 12), (7, 11)):
            connection.execute(t.insert(), dict(zip(("percent%", "spaces % more spaces"), row, strict=True)))
        self._check(connection)

    def test_executemany_roundtrip(self, connection: Any) -> None:
        t = self.tables["percent%table"]
        connection.execute(
            t.insert(),
            [{"percent%": 5, "spaces % more spaces": 12}, {"percent%": 7, "spaces % more spaces": 11}],
        )
        self._check(connection)

    def _check(self, connection: Any) -> None:
        t = self.tables["percent%table"]
        first, second = t.c["percent%"], t.c["spaces % more spaces"]
        rows = connection.execute(select(t).order_by(first)).all()
        eq_(rows, [(5, 12), (7, 11)])
        eq_(rows[0]._mapping[second], 12)
        connection.execute(t.update().where(first > 5).values({second: 15}))
        eq_(connection.scalars(select(second).order_by(first)).all(), [12, 15])


class ServerSideCursorsTest(fixtures.TestBase):
    """Rows that come in parts."""

    __backend__ = True
    __requires__ = ("server_side_cursors",)

    def test_stream_results(self, metadata: Any) -> None:
        t = Table("streamed", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
        engine = engines.testing_engine()
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(t.insert(), [{"id": n} for n in range(500)])
        with engine.connect() as connection:
            stmt = select(t.c.id).order_by(t.c.id)
            result = connection.execute(stmt, execution_options={"yield_per": 50})
            eq_([len(part) for part in result.partitions()], [50] * 10)

    def test_roundtrip_fetchmany(self, testing_engine: Any, metadata: Any) -> None:
        t = Table("streamed_many", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
        engine = testing_engine()
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(t.insert(), [{"id": n} for n in range(25)])
            options = {"stream_results": True, "max_row_buffer": 10}
            result = connection.execute(select(t.c.id).order_by(t.c.id), execution_options=options)
            eq_(len(result.fetchmany(7)), 7)
            eq_(len(result.fetchmany(50)), 18)
            eq_(connection.scalar(select(func.count()).select_from(t)), 25)
            eq_(connection.execute(text("SELECT 1")).scalar(), 1)
