"""Dates, times, intervals: with and without microseconds and zones, now and long ago."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from relvar import (
    TIMESTAMP,
    Date,
    DateTime,
    Integer,
    Interval,
    Time,
    TypeDecorator,
    and_,
    case,
    literal,
    null,
    select,
)
from relvar.testing import config, eq_, fixtures, requires
from relvar.testing.schema import Column, Table
from relvar.testing.suite.round_trips import _LiteralRoundTripFixture


class _DateFixture(_LiteralRoundTripFixture, fixtures.TablesTest):
    """
    A table with a column of a type, and one of the type decorated.

    Attributes:
        compare: What is read for ``data``, where that is not the same.
    """

    __backend__ = True
    datatype: ClassVar[Any] = None
    data: ClassVar[Any] = None
    compare: ClassVar[Any] = None

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        inner = cls.datatype if isinstance(cls.datatype, type) else type(cls.datatype)

        class Decorated(TypeDecorator[Any]):
            impl = inner
            cache_ok = True

            def load_dialect_impl(self, dialect: Any) -> Any:
                return dialect.type_descriptor(
                    cls.datatype() if isinstance(cls.datatype, type) else cls.datatype
                )

        Table(
            "date_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("date_data", cls.datatype),
            Column("decorated_date_data", Decorated),
        )

    def _expected(self) -> Any:
        return self.data if self.compare is None else self.compare

    def _check(self, connection: Any, name: str) -> None:
        t = self.tables.date_table
        connection.execute(t.insert(), {"id": 1, name: self.data})
        found = connection.scalar(select(t.c[name]))
        eq_(found, self._expected())
        assert isinstance(found, type(self._expected()))

    def test_null(self, connection: Any) -> None:
        t = self.tables.date_table
        connection.execute(t.insert(), {"id": 1, "date_data": None, "decorated_date_data": None})
        eq_(connection.execute(select(t.c.date_data, t.c.decorated_date_data)).one(), (None, None))

    def test_round_trip(self, connection: Any) -> None:
        self._check(connection, "date_data")

    def test_round_trip_decorated(self, connection: Any) -> None:
        self._check(connection, "decorated_date_data")

    @requires.datetime_literals
    def test_literal(self, literal_round_trip: Any) -> None:
        literal_round_trip(self.datatype, [self.data], [self._expected()], compare=self._expected())

    @requires.standalone_null_binds_whereclause
    def test_null_bound_comparison(self) -> None:
        """A parameter of a date type can be NULL beside one that is not."""
        t = self.tables.date_table
        with config.db.begin() as connection:
            connection.execute(t.insert(), {"id": 1, "date_data": self.data})
            value = literal(self._expected(), type_=self.datatype)
            stmt = select(t.c.id).where(
                case((and_(value == self._expected(), value.is_not(None)), t.c.date_data), else_=null())
                == t.c.date_data
            )
            eq_(connection.scalars(stmt).all(), [1])

    def _select_direct(self, connection: Any) -> None:
        eq_(connection.scalar(select(literal(self.data))), self.data)


class _HistoricDateFixture(_DateFixture):
    """
    Years of one to four digits, before and after the calendar changed.
    """

    historic_years: ClassVar[tuple[int, ...]] = (1, 32, 999, 1000, 1500, 1582, 1700, 1752, 1899)

    @classmethod
    def make_value(cls, year: int) -> Any:
        """Make a value of the type in a year."""
        return cls.data.replace(year=year)

    @property
    def historic_values(self) -> list[Any]:
        """A value for each year."""
        return [self.make_value(year) for year in self.historic_years]

    def _find(self, connection: Any) -> list[Any]:
        t = self.tables.date_table
        return list(connection.scalars(select(t.c.date_data).order_by(t.c.id)))

    def test_round_trip_years(self, connection: Any) -> None:
        t = self.tables.date_table
        rows = [{"id": n, "date_data": value} for n, value in enumerate(self.historic_values)]
        connection.execute(t.insert(), rows)
        eq_(self._find(connection), self.historic_values)

    def test_round_trip_years_single_row(self, connection: Any) -> None:
        t = self.tables.date_table
        for number, value in enumerate(self.historic_values):
            connection.execute(t.insert(), {"id": number, "date_data": value})
            eq_(connection.scalar(select(t.c.date_data).where(t.c.id == number)), value)

    @requires.datetime_literals
    def test_literal_years(self, connection: Any) -> None:
        t = self.tables.date_table
        for number, value in enumerate(self.historic_values):
            written = literal(value, self.datatype, literal_execute=True)
            connection.execute(t.insert().values(id=number, date_data=written))
        eq_(self._find(connection), self.historic_values)


_TO_THE_SECOND = datetime.datetime(2012, 10, 15, 12, 57, 18)
_TO_THE_MICROSECOND = datetime.datetime(2012, 10, 15, 12, 57, 18, 39642)


class DateTimeTest(_DateFixture):
    """DateTime to the second."""

    __requires__: ClassVar[tuple[str]] = ("datetime",)
    datatype = DateTime
    data = _TO_THE_SECOND

    @requires.datetime_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTimeTZTest(_DateFixture):
    """DateTime with a zone."""

    __requires__: ClassVar[tuple[str]] = ("datetime_timezone",)
    datatype: ClassVar[Any] = DateTime(timezone=True)
    data: ClassVar[Any] = _TO_THE_SECOND.replace(tzinfo=datetime.UTC)

    @requires.datetime_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTimeMicrosecondsTest(_DateFixture):
    """DateTime to the microsecond."""

    __requires__: ClassVar[tuple[str]] = ("datetime_microseconds",)
    datatype = DateTime
    data = _TO_THE_MICROSECOND


class TimestampMicrosecondsTest(_DateFixture):
    """TIMESTAMP to the microsecond."""

    __requires__: ClassVar[tuple[str]] = ("timestamp_microseconds",)
    datatype = TIMESTAMP
    data = _TO_THE_MICROSECOND

    @requires.timestamp_microseconds_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class TimeTest(_DateFixture):
    """Time to the second."""

    __requires__: ClassVar[tuple[str]] = ("time",)
    datatype = Time
    data: ClassVar[Any] = datetime.time(12, 57, 18)

    @requires.time_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class TimeTZTest(_DateFixture):
    """Time with a zone."""

    __requires__: ClassVar[tuple[str]] = ("time_timezone",)
    datatype: ClassVar[Any] = Time(timezone=True)
    data: ClassVar[Any] = datetime.time(12, 57, 18, tzinfo=datetime.UTC)

    @requires.time_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class TimeMicrosecondsTest(_DateFixture):
    """Time to the microsecond."""

    __requires__: ClassVar[tuple[str]] = ("time_microseconds",)
    datatype = Time
    data: ClassVar[Any] = datetime.time(12, 57, 18, 396)

    @requires.time_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTest(_DateFixture):
    """Date."""

    __requires__: ClassVar[tuple[str]] = ("date",)
    datatype = Date
    data: ClassVar[Any] = datetime.date(2024, 2, 29)

    @requires.date_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTimeCoercedToDateTimeTest(_DateFixture):
    """A datetime given for a date loses its time."""

    __requires__: ClassVar[tuple[str, str]] = ("date", "date_coerces_from_datetime")
    datatype = Date
    data = _TO_THE_SECOND
    compare: ClassVar[Any] = _TO_THE_SECOND.date()

    @requires.datetime_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTimeHistoricTest(_HistoricDateFixture):
    """DateTime before 1900."""

    __requires__: ClassVar[tuple[str]] = ("datetime_historic",)
    datatype = DateTime
    data: ClassVar[Any] = datetime.datetime(1850, 11, 10, 11, 52, 35)

    @requires.datetime_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class DateTimeTZHistoricTest(_HistoricDateFixture):
    """DateTime with a zone before 1900."""

    __requires__: ClassVar[tuple[str]] = ("datetime_timezone_historic",)
    datatype: ClassVar[Any] = DateTime(timezone=True)
    data: ClassVar[Any] = datetime.datetime(1850, 11, 10, 11, 52, 35, tzinfo=datetime.UTC)


class DateHistoricTest(_HistoricDateFixture):
    """Date before 1900."""

    __requires__: ClassVar[tuple[str]] = ("date_historic",)
    datatype = Date
    data: ClassVar[Any] = datetime.date(1727, 4, 1)

    @requires.date_implicit_bound
    def test_select_direct(self, connection: Any) -> None:
        self._select_direct(connection)


class IntervalTest(_LiteralRoundTripFixture, fixtures.TestBase):
    """Interval where the database has the type: written into SQL, added, subtracted."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("datetime_interval",)
    datatype: Any = Interval
    data: Any = datetime.timedelta(days=1, seconds=4)

    @config.fixture()
    def arithmetic_table_fixture(self, metadata: Any, connection: Any) -> Any:
        """A table with an interval and a date."""
        t = Table(
            "arithmetic",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("interval", self.datatype),
            Column("date", DateTime),
        )
        t.create(connection)
        connection.execute(t.insert(), {"id": 1, "interval": self.data, "date": _TO_THE_SECOND})
        return t

    def test_literal(self, literal_round_trip: Any) -> None:
        values = [self.data, -self.data, datetime.timedelta()]
        literal_round_trip(self.datatype, values, values)

    def test_select_direct_literal_interval(self, connection: Any) -> None:
        written = literal(self.data, self.datatype, literal_execute=True)
        eq_(connection.scalar(select(written)), self.data)

    def test_arithmetic_operation_literal_interval(self, connection: Any) -> None:
        when = literal(_TO_THE_SECOND, DateTime)
        duration = literal(self.data, self.datatype, literal_execute=True)
        eq_(
            connection.execute(select(when + duration, when - duration)).one(),
            (_TO_THE_SECOND + self.data, _TO_THE_SECOND - self.data),
        )

    def test_arithmetic_operation_table_interval_and_literal_interval(
        self, connection: Any, arithmetic_table_fixture: Any
    ) -> None:
        t = arithmetic_table_fixture
        hour = datetime.timedelta(hours=1)
        duration = literal(hour, self.datatype, literal_execute=True)
        eq_(
            connection.execute(select(t.c.interval + duration, t.c.interval - duration)).one(),
            (self.data + hour, self.data - hour),
        )

    def test_arithmetic_operation_table_date_and_literal_interval(
        self, connection: Any, arithmetic_table_fixture: Any
    ) -> None:
        t = arithmetic_table_fixture
        duration = literal(self.data, self.datatype, literal_execute=True)
        eq_(
            connection.execute(select(t.c.date + duration, t.c.date - duration)).one(),
            (_TO_THE_SECOND + self.data, _TO_THE_SECOND - self.data),
        )


class PrecisionIntervalTest(IntervalTest):
    """Interval with a precision for days and seconds."""

    datatype: Any = Interval(day_precision=9, second_precision=9)
    data: Any = datetime.timedelta(days=103, seconds=4)


class EmulatedIntervalTest(_DateFixture):
    """Interval as a date since a day zero, on every database; relvar's own."""

    __requires__: ClassVar[tuple[str]] = ("datetime",)
    datatype: ClassVar[Any] = Interval(native=False)
    data: ClassVar[Any] = datetime.timedelta(days=1, seconds=4)

    def test_negative(self, connection: Any) -> None:
        t = self.tables.date_table
        value = datetime.timedelta(hours=-5)
        connection.execute(t.insert(), {"id": 1, "date_data": value})
        eq_(connection.scalar(select(t.c.date_data).where(t.c.date_data == value)), value)
