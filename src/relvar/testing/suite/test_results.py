"""Rows: how they are addressed, odd names, rows that stay on the server."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from relvar import DateTime, Integer, String, exc, func, literal, select, testing, text
from relvar.testing import (
    AssertsExecutionResults,
    engines,
    eq_,
    expect_deprecated,
    expect_raises,
    fixtures,
    requires,
)
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
    __requires__: ClassVar[tuple[str]] = ("percent_schema_names",)

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

    @requires.insert_executemany_returning
    def test_executemany_returning_roundtrip(self, connection: Any) -> None:
        t = self.tables["percent%table"]
        rows = [(5, 12), (7, 11)]
        stmt = t.insert().returning(t.c["percent%"], t.c["spaces % more spaces"])
        parameters = [dict(zip(("percent%", "spaces % more spaces"), row, strict=True)) for row in rows]
        eq_(set(connection.execute(stmt, parameters)), set(rows))
        self._check(connection)

    def _check(self, connection: Any) -> None:
        t = self.tables["percent%table"]
        first, second = t.c["percent%"], t.c["spaces % more spaces"]
        rows = connection.execute(select(t).order_by(first)).all()
        eq_(rows, [(5, 12), (7, 11)])
        eq_(rows[0]._mapping[second], 12)
        connection.execute(t.update().where(first > 5).values({second: 15}))
        eq_(connection.scalars(select(second).order_by(first)).all(), [12, 15])


class ServerSideCursorsTest(AssertsExecutionResults, fixtures.TestBase):
    """Rows that stay on the server until they are wanted."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("server_side_cursors",)

    def _fixture(self, server_side_cursors: bool) -> Any:
        if server_side_cursors:
            with expect_deprecated("The create_engine.server_side_cursors parameter is deprecated"):
                return engines.testing_engine(options={"server_side_cursors": True})
        return engines.testing_engine()

    def _streams(self, result: Any) -> bool:
        """Whether rows are asked for in parts: the context says so."""
        return bool(result.context._is_server_side)

    @testing.combinations(
        ("text_not_streamed", False, lambda: text("select 1"), False),
        ("text_streamed", True, lambda: text("select 1"), True),
        ("select_streamed", True, lambda: select(literal(1)), True),
        ("select_not_streamed", False, lambda: select(literal(1)), False),
        ("option", False, lambda: select(literal(1)).execution_options(stream_results=True), True),
        ("option_off", True, lambda: select(literal(1)).execution_options(stream_results=False), False),
        ("for_update", True, lambda: select(literal(1)).with_for_update(), True),
        ("string", True, lambda: "select 1", True),
        argnames="engine_ss_arg, statement, cursor_ss_status",
        id_="iaaa",
    )
    def test_ss_cursor_status(self, engine_ss_arg: bool, statement: Any, cursor_ss_status: bool) -> None:
        engine = self._fixture(engine_ss_arg)
        stmt = statement()
        with engine.begin() as connection:
            if isinstance(stmt, str):
                result = connection.exec_driver_sql(stmt)
            else:
                result = connection.execute(stmt)
            eq_(self._streams(result), cursor_ss_status)
            result.close()

    def test_conn_option(self) -> None:
        engine = self._fixture(False)
        with engine.connect() as connection:
            streaming = connection.execution_options(stream_results=True)
            result = streaming.exec_driver_sql("select 1")
            assert self._streams(result)
            result.close()

    def test_stmt_enabled_conn_option_disabled(self) -> None:
        """The connection's word is the last."""
        engine = self._fixture(False)
        stmt = select(literal(1)).execution_options(stream_results=True)
        with engine.connect() as connection:
            result = connection.execution_options(stream_results=False).execute(stmt)
            assert not self._streams(result)
            result.close()

    def test_aliases_and_ss(self) -> None:
        engine = self._fixture(False)
        inner = select(literal(1).label("x")).execution_options(stream_results=True).subquery()
        with engine.begin() as connection:
            result = connection.execute(select(inner))
            assert not self._streams(result)
            result.close()
            result = connection.execute(select(inner), execution_options={"stream_results": True})
            assert self._streams(result)
            eq_(result.all(), [(1,)])

    def _streamed(self, metadata: Any, number: int) -> Any:
        engine = self._fixture(True)
        t = Table("streamed", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
        with engine.begin() as connection:
            t.create(connection)
            connection.execute(t.insert(), [{"id": n} for n in range(number)])
        return engine, select(t.c.id).order_by(t.c.id), t

    def test_roundtrip_fetchall(self, metadata: Any) -> None:
        engine, stmt, t = self._streamed(metadata, 12)
        with engine.begin() as connection:
            eq_(connection.scalars(stmt).fetchall(), list(range(12)))
            connection.execute(t.update().where(t.c.id == 5).values(id=50))
            connection.execute(t.delete().where(t.c.id == 6))
            eq_(connection.scalars(stmt).all(), [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 50])
            eq_(connection.scalar(select(func.count()).select_from(t)), 11)

    def test_roundtrip_fetchmany(self, metadata: Any) -> None:
        engine, stmt, t = self._streamed(metadata, 500)
        with engine.begin() as connection:
            result = connection.execute(stmt)
            eq_([len(result.fetchmany(size)) for size in (5, 10, 400, 200, 7)], [5, 10, 400, 85, 0])
            result = connection.execute(stmt, execution_options={"yield_per": 50})
            eq_([len(part) for part in result.partitions()], [50] * 10)
            result = connection.execute(stmt, execution_options={"max_row_buffer": 10})
            eq_(len(result.fetchmany(7)), 7)
            eq_(len(result.fetchmany(1000)), 493)
