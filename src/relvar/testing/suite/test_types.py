"""Types of text, binary, dates, booleans, UUIDs, enums and arrays: values go in and come back the same."""

from __future__ import annotations

import datetime
import enum
import uuid
from typing import Any

from relvar import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Enum,
    Integer,
    Interval,
    LargeBinary,
    PickleType,
    String,
    Text,
    Time,
    TypeDecorator,
    Unicode,
    UnicodeText,
    Uuid,
    and_,
    cast,
    literal,
    select,
    testing,
    type_coerce,
)
from relvar.testing import config, eq_, fixtures, is_
from relvar.testing.schema import Column, Table
from relvar.testing.suite.test_types_json import *  # noqa: F403  # one face for all types
from relvar.testing.suite.test_types_numeric import *  # noqa: F403  # one face for all types


class _LiteralRoundTripFixture:
    """Values written into SQL text equal those stored."""

    def _literal_round_trip(self, connection: Any, table: Any, type_: Any, values: Any) -> None:
        for number, value in enumerate(values):
            written = literal(value, type_, literal_execute=True)
            found = connection.scalars(select(table.c.id).where(table.c.value == written)).all()
            eq_(found, [number])


class _RoundTripFixture(_LiteralRoundTripFixture):
    """A table with a column of the type; ``data`` are its values."""

    __backend__ = True
    datatype: Any = None
    data: tuple[Any, ...] = ()
    literals = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "round_trip",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("value", cls.datatype),
        )

    def _store(self, connection: Any, values: Any) -> Any:
        table = self.tables.round_trip  # type: ignore[attr-defined]  # of TablesTest
        for number, value in enumerate(values):
            connection.execute(table.insert(), {"id": number, "value": value})
        return table

    def test_round_trip(self, connection: Any) -> None:
        t = self._store(connection, self.data)
        eq_(tuple(connection.scalars(select(t.c.value).order_by(t.c.id))), self.data)

    def test_round_trip_executemany(self, connection: Any) -> None:
        t = self._store(connection, ())
        connection.execute(t.insert(), [{"id": n, "value": value} for n, value in enumerate(self.data)])
        eq_(tuple(connection.scalars(select(t.c.value).order_by(t.c.id))), self.data)

    def test_null(self, connection: Any) -> None:
        t = self._store(connection, [None])
        is_(connection.scalar(select(t.c.value)), None)
        eq_(connection.scalar(select(t.c.id).where(t.c.value.is_(None))), 0)

    def test_literal(self, connection: Any) -> None:
        if not self.literals:
            config.skip_test("this type is not written into SQL text")
        t = self._store(connection, self.data)
        self._literal_round_trip(connection, t, self.datatype, self.data)


class _UnicodeFixture(_RoundTripFixture):
    """Text in many scripts."""

    data = (
        "Alors vous imaginez ma surprise, au lever du jour, quand une drôle de petite voix m’a réveillé.",
        "πρώτη γραμμή; 数据; ошибка; שלום",
        "a 'quoted' \"text\"",
    )


class UnicodeVarcharTest(_UnicodeFixture, fixtures.TablesTest):
    """Unicode(255)."""

    __requires__ = ("unicode_data",)
    datatype = Unicode(255)

    @testing.requires.empty_strings_varchar
    def test_empty_strings_varchar(self, connection: Any) -> None:
        t = self._store(connection, [""])
        eq_(connection.scalar(select(t.c.value)), "")


class UnicodeTextTest(_UnicodeFixture, fixtures.TablesTest):
    """UnicodeText."""

    __requires__ = ("unicode_data", "text_type")
    datatype = UnicodeText()

    @testing.requires.empty_strings_text
    def test_empty_strings_text(self, connection: Any) -> None:
        t = self._store(connection, [""])
        eq_(connection.scalar(select(t.c.value)), "")


class StringTest(_RoundTripFixture, fixtures.TablesTest):
    """String: quotes, percent signs, backslashes, blanks."""

    datatype = String(60)
    data = ("some text", "a 'b' c", "per % cent %s %(x)s", "back \\ slash \\n", "  blanks  ", "semi;colon--")

    @testing.requires.unbounded_varchar
    def test_nolength_string(self, connection: Any, metadata: Any) -> None:
        t = Table("nolength", metadata, Column("x", String))
        t.create(connection)
        connection.execute(t.insert(), {"x": "abc"})
        eq_(connection.scalar(select(t.c.x)), "abc")

    def test_dont_truncate_rightside(self, connection: Any) -> None:
        t = self._store(connection, ["AB", "BC", "AC"])
        for pattern, expected in (("%B%", ["AB", "BC"]), ("A%C", ["AC"]), ("A%C%Z", [])):
            found = connection.scalars(
                select(t.c.value).where(t.c.value.like(pattern)).order_by(t.c.id)
            ).all()
            eq_(found, expected)

    def test_concatenate(self, connection: Any) -> None:
        eq_(connection.scalar(select(literal("a", String(5)) + "b" + "c")), "abc")


class TextTest(_RoundTripFixture, fixtures.TablesTest):
    """Text: long values as well."""

    __requires__ = ("text_type",)
    datatype = Text()
    data = ("some text", "long " * 2000, "a 'b' c", "back \\ slash", "per % cent")


class BinaryTest(_RoundTripFixture, fixtures.TablesTest):
    """LargeBinary and PickleType."""

    __requires__ = ("binary_literals",)
    datatype = LargeBinary()
    data = (b"this is binary", bytes(range(256)), b"\x00'\\%")
    literals = False

    def test_pickle_roundtrip(self, connection: Any, metadata: Any) -> None:
        t = Table("pickled", metadata, Column("data", PickleType))
        t.create(connection)
        connection.execute(t.insert(), {"data": {"foo": [1, 2, 3], "bar": "bat"}})
        eq_(connection.scalar(select(t.c.data)), {"foo": [1, 2, 3], "bar": "bat"})


class _DateFixture(_RoundTripFixture):
    """Dates and times: compared, decorated."""

    def test_null_bound_comparison(self, connection: Any) -> None:
        t = self._store(connection, [*self.data, None])
        stmt = select(t.c.id).where(and_(t.c.value == self.data[0], t.c.value.is_not(None)))
        eq_(connection.scalars(stmt).all(), [0])

    def test_round_trip_decorated(self, connection: Any, metadata: Any) -> None:
        inner = self.datatype

        class Decorated(TypeDecorator[Any]):
            impl = type(inner)
            cache_ok = True

        t = Table("decorated", metadata, Column("value", Decorated()))
        t.create(connection)
        value = self.data[0].replace(microsecond=0) if hasattr(self.data[0], "microsecond") else self.data[0]
        connection.execute(t.insert(), {"value": value})
        eq_(connection.scalar(select(t.c.value)), value)


class DateTimeTest(_DateFixture, fixtures.TablesTest):
    """DateTime to the second."""

    __requires__ = ("datetime",)
    datatype = DateTime()
    data = (datetime.datetime(2012, 10, 15, 12, 57, 18), datetime.datetime(1999, 12, 31, 23, 59, 59))


class DateTimeMicrosecondsTest(_DateFixture, fixtures.TablesTest):
    """DateTime to the microsecond."""

    __requires__ = ("datetime_microseconds",)
    datatype = DateTime()
    data = (datetime.datetime(2012, 10, 15, 12, 57, 18, 39642),)


class DateTimeTZTest(_DateFixture, fixtures.TablesTest):
    """DateTime with a zone."""

    __requires__ = ("datetime_timezone",)
    datatype = DateTime(timezone=True)
    data = (datetime.datetime(2012, 10, 15, 12, 57, 18, tzinfo=datetime.UTC),)

    def test_round_trip_decorated(self, connection: Any, metadata: Any) -> None:
        config.skip_test("the decorated type has no zone")


class DateTimeHistoricTest(_DateFixture, fixtures.TablesTest):
    """DateTime before 1900."""

    __requires__ = ("datetime_historic",)
    datatype = DateTime()
    data = (datetime.datetime(1850, 11, 10, 11, 52, 35),)


class TimestampMicrosecondsTest(_DateFixture, fixtures.TablesTest):
    """TIMESTAMP to the microsecond."""

    __requires__ = ("timestamp_microseconds",)
    datatype = TIMESTAMP()
    data = (datetime.datetime(2012, 10, 15, 12, 57, 18, 39642),)


class DateTest(_DateFixture, fixtures.TablesTest):
    """Date."""

    __requires__ = ("date",)
    datatype = Date()
    data = (datetime.date(2012, 10, 15), datetime.date(2024, 2, 29))


class DateTimeCoercedToDateTimeTest(fixtures.TestBase):
    """A datetime given for a date loses its time."""

    __backend__ = True
    __requires__ = ("date", "date_coerces_from_datetime")

    def test_round_trip(self, connection: Any, metadata: Any) -> None:
        t = Table("coerced", metadata, Column("value", Date))
        t.create(connection)
        connection.execute(t.insert(), {"value": datetime.datetime(2012, 10, 15, 12, 57, 18)})
        eq_(connection.scalar(select(t.c.value)), datetime.date(2012, 10, 15))


class DateHistoricTest(_DateFixture, fixtures.TablesTest):
    """Date before 1900."""

    __requires__ = ("date_historic",)
    datatype = Date()
    data = (datetime.date(1727, 4, 1),)


class TimeTest(_DateFixture, fixtures.TablesTest):
    """Time to the second."""

    __requires__ = ("time",)
    datatype = Time()
    data = (datetime.time(12, 57, 18), datetime.time(0, 0, 0))


class TimeMicrosecondsTest(_DateFixture, fixtures.TablesTest):
    """Time to the microsecond."""

    __requires__ = ("time_microseconds",)
    datatype = Time()
    data = (datetime.time(12, 57, 18, 396),)


class TimeTZTest(_DateFixture, fixtures.TablesTest):
    """Time with a zone."""

    __requires__ = ("time_timezone",)
    datatype = Time(timezone=True)
    data = (datetime.time(12, 57, 18, tzinfo=datetime.UTC),)

    def test_round_trip_decorated(self, connection: Any, metadata: Any) -> None:
        config.skip_test("the decorated type has no zone")


class IntervalTest(_DateFixture, fixtures.TablesTest):
    """Interval, native or as a date."""

    __requires__ = ("datetime_interval",)
    datatype = Interval()
    data = (datetime.timedelta(days=1, seconds=4), datetime.timedelta(hours=-5))
    literals = False


class IntegerTest(_RoundTripFixture, fixtures.TablesTest):
    """Integer and BigInteger."""

    datatype = Integer()
    data = (5, -5, 0, 2147483647, -2147483648)

    def test_huge_int(self, connection: Any, metadata: Any) -> None:
        t = Table("huge", metadata, Column("value", BigInteger))
        t.create(connection)
        for value in (1376537018368127, -9223372036854775808, 9223372036854775807):
            connection.execute(t.delete())
            connection.execute(t.insert(), {"value": value})
            eq_(connection.scalar(select(t.c.value)), value)

    def test_huge_int_auto_accommodation(self, connection: Any) -> None:
        eq_(
            connection.scalar(
                select(literal(1376537018368127)).where(literal(1376537018368127) == 1376537018368127)
            ),
            1376537018368127,
        )


class CastTypeDecoratorTest(fixtures.TestBase):
    """A type that casts what is bound and what is read."""

    __backend__ = True

    def test_special_type(self, connection: Any, metadata: Any) -> None:
        class StringAsInt(TypeDecorator[str]):
            """Text to Python, a number to the database."""

            impl = String(50)
            cache_ok = True

            def column_expression(self, column: Any) -> Any:
                return cast(column, String(50))

            def bind_expression(self, bindparam: Any) -> Any:
                return cast(type_coerce(bindparam, String(50)), Integer)

        t = Table("cast_numbers", metadata, Column("x", Integer))
        t.create(connection)
        connection.execute(t.insert().values(x=cast(literal("5", String(50)), Integer)))
        eq_(connection.scalar(select(type_coerce(t.c.x, StringAsInt))), "5")


class BooleanTest(_RoundTripFixture, fixtures.TablesTest):
    """Boolean: also as a condition and written into SQL."""

    datatype = Boolean()
    data = (True, False)

    def test_whereclause(self, connection: Any) -> None:
        t = self._store(connection, [True, False])
        eq_(connection.scalars(select(t.c.id).where(t.c.value)).all(), [0])
        eq_(connection.scalars(select(t.c.id).where(~t.c.value)).all(), [1])


class UuidTest(_RoundTripFixture, fixtures.TablesTest):
    """Uuid, as UUID and as text."""

    datatype = Uuid()
    data = (uuid.UUID("ee38df17-5ea9-4a6a-b1f5-1e0d0f7cdb3b"), uuid.UUID(int=0))

    def test_uuid_text_round_trip(self, connection: Any, metadata: Any) -> None:
        t = Table("uuid_text", metadata, Column("value", Uuid(as_uuid=False)))
        t.create(connection)
        text = str(self.data[0])
        connection.execute(t.insert(), {"value": text})
        eq_(connection.scalar(select(t.c.value).where(t.c.value == text)), text)

    @testing.requires.insert_returning
    def test_uuid_returning(self, connection: Any) -> None:
        t = self.tables.round_trip
        stmt = t.insert().returning(t.c.value)
        eq_(connection.scalar(stmt, {"id": 1, "value": self.data[0]}), self.data[0])


class NativeUUIDTest(UuidTest):
    """Uuid where the database has the type."""

    __requires__ = ("uuid_data_type",)


class _Color(enum.Enum):
    RED = 1
    BLUE = 2


class EnumTest(_RoundTripFixture, fixtures.TablesTest):
    """Enum of a Python enumeration."""

    datatype = Enum(_Color, name="suite_color")
    data = (_Color.RED, _Color.BLUE)
    literals = False

    def test_strings(self, connection: Any, metadata: Any) -> None:
        t = Table("string_enum", metadata, Column("value", Enum("a", "b%", "c'd", name="suite_letters")))
        metadata.create_all(connection)
        connection.execute(t.insert(), [{"value": value} for value in ("a", "b%", "c'd")])
        eq_(set(connection.scalars(select(t.c.value))), {"a", "b%", "c'd"})


class ArrayTest(fixtures.TestBase):
    """ARRAY."""

    __backend__ = True
    __requires__ = ("array_type",)

    def test_array_roundtrip(self, connection: Any, metadata: Any) -> None:
        t = Table("arrays", metadata, Column("numbers", ARRAY(Integer)), Column("words", ARRAY(String)))
        t.create(connection)
        connection.execute(t.insert(), {"numbers": [1, 2, None], "words": ["a", "b c", "d'e", ""]})
        eq_(connection.execute(select(t)).first(), ([1, 2, None], ["a", "b c", "d'e", ""]))
        eq_(connection.scalar(select(t.c.numbers[2])), 2)
