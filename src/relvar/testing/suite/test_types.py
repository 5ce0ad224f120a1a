"""Types of text, binary, booleans, UUIDs, enums and arrays: values go in and come back the same."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from relvar import (
    ARRAY,
    UUID,
    BigInteger,
    Boolean,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    PickleType,
    String,
    Text,
    TypeDecorator,
    Unicode,
    UnicodeText,
    Uuid,
    cast,
    literal,
    select,
    testing,
    type_coerce,
)
from relvar.testing import config, eq_, fixtures, requires
from relvar.testing.schema import Column, Table
from relvar.testing.suite.round_trips import _LiteralRoundTripFixture, _StoredValues
from relvar.testing.suite.round_trips import _UnicodeFixture as _UnicodeFixture
from relvar.testing.suite.test_types_datetime import *  # noqa: F403  # one face for all types
from relvar.testing.suite.test_types_datetime import _DateFixture as _DateFixture
from relvar.testing.suite.test_types_datetime import _HistoricDateFixture as _HistoricDateFixture
from relvar.testing.suite.test_types_json import *  # noqa: F403  # one face for all types
from relvar.testing.suite.test_types_numeric import *  # noqa: F403  # one face for all types


class UnicodeVarcharTest(_UnicodeFixture):
    """Unicode(255)."""

    datatype: ClassVar[Any] = Unicode(255)

    @requires.empty_strings_varchar
    def test_empty_strings_varchar(self, connection: Any) -> None:
        self._test_empty_strings(connection)

    def test_null_strings_varchar(self, connection: Any) -> None:
        self._test_null_strings(connection)


class UnicodeTextTest(_UnicodeFixture):
    """UnicodeText."""

    __requires__: ClassVar[tuple[str, str]] = ("unicode_data", "text_type")
    datatype: ClassVar[Any] = UnicodeText()

    @requires.empty_strings_text
    def test_empty_strings_text(self, connection: Any) -> None:
        self._test_empty_strings(connection)

    def test_null_strings_text(self, connection: Any) -> None:
        self._test_null_strings(connection)


class StringTest(_LiteralRoundTripFixture, fixtures.TestBase):
    """String: quotes, percent signs, backslashes, blanks; LIKE and concatenation."""

    __backend__ = True

    @requires.unbounded_varchar
    def test_nolength_string(self) -> None:
        metadata = MetaData()
        t = Table("nolength", metadata, Column("x", String))
        with config.db.begin() as connection:
            t.create(connection)
            connection.execute(t.insert(), {"x": "abc"})
            eq_(connection.scalar(select(t.c.x)), "abc")
            t.drop(connection)

    def test_literal(self, literal_round_trip: Any) -> None:
        literal_round_trip(String(40), ["some text", "  blanks  "], ["some text", "  blanks  "])

    @requires.unicode_data
    def test_literal_non_ascii(self, literal_round_trip: Any) -> None:
        values = ["méil", "数据", "🐍"]
        literal_round_trip(String(40), values, values)

    def test_literal_quoting(self, literal_round_trip: Any) -> None:
        values = ["some 'text' here", "'", "''", '"hey"', "semi;colon--", "%s %(x)s :x ?"]
        literal_round_trip(String(40), values, values)

    def test_literal_backslashes(self, literal_round_trip: Any) -> None:
        values = ["back \\ slash", "\\n", "ends with \\", "\\'"]
        literal_round_trip(String(40), values, values)

    def test_concatenate_binary(self, connection: Any) -> None:
        """A || B."""
        eq_(connection.scalar(select(literal("a", String(5)) + "b")), "ab")

    def test_concatenate_clauselist(self, connection: Any) -> None:
        """A || B || C || D, as one list of operands."""
        expr = literal("a", String(5)) + "b" + literal("c", String(5)) + "d"
        eq_(connection.scalar(select(expr)), "abcd")

    @testing.combinations(
        ("%B%", ["AB", "BC"]), ("A%C", ["AC"]), ("A%C%Z", []), ("A_", ["AB", "AC"]), argnames="expr, expected"
    )
    def test_dont_truncate_rightside(
        self, metadata: Any, connection: Any, expr: str, expected: list[str]
    ) -> None:
        """A pattern longer than the column is not cut to the column's length."""
        t = Table("t", metadata, Column("x", String(2)))
        t.create(connection)
        connection.execute(t.insert(), [{"x": "AB"}, {"x": "BC"}, {"x": "AC"}])
        found = connection.scalars(select(t.c.x).where(t.c.x.like(expr)).order_by(t.c.x)).all()
        eq_(found, sorted(expected))


class TextTest(_StoredValues):
    """Text: long values as well."""

    __requires__: ClassVar[tuple[str]] = ("text_type",)
    datatype: ClassVar[Any] = Text()
    data = "some text"
    more_data: ClassVar[tuple[Any, ...]] = ("long " * 12000, "two\nlines\r\nand\ta tab", "  blanks  ")

    def test_text_roundtrip(self, connection: Any) -> None:
        self._check_stored(connection, self._values())

    @requires.empty_strings_text
    def test_text_empty_strings(self, connection: Any) -> None:
        self._check_stored(connection, [""])

    def test_text_null_strings(self, connection: Any) -> None:
        self._check_null(connection)

    def test_literal(self, literal_round_trip: Any) -> None:
        literal_round_trip(Text, ["some text"], ["some text"])

    @requires.unicode_data
    def test_literal_non_ascii(self, literal_round_trip: Any) -> None:
        literal_round_trip(Text, ["réve🐍 illé"], ["réve🐍 illé"])

    def test_literal_quoting(self, literal_round_trip: Any) -> None:
        value = "some 'text' hey \"hi there\" that's text"
        literal_round_trip(Text, [value], [value])

    def test_literal_backslashes(self, literal_round_trip: Any) -> None:
        value = r"backslash one \ backslash two \\ end\n"
        literal_round_trip(Text, [value], [value])

    def test_literal_percentsigns(self, literal_round_trip: Any) -> None:
        value = r"percent % signs %% percent %s %(x)s"
        literal_round_trip(Text, [value], [value])


class BinaryTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """LargeBinary and PickleType."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("binary_literals",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "binary_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("binary_data", LargeBinary),
            Column("pickle_data", PickleType),
        )

    @testing.combinations(
        b"this is binary", b"", b"\x00'\\%\"\xff", bytes(range(256)), b"7\xe7\x9f" * 5000, argnames="data"
    )
    def test_binary_roundtrip(self, connection: Any, data: bytes) -> None:
        t = self.tables.binary_table
        connection.execute(t.insert(), [{"id": 1, "binary_data": data}, {"id": 2, "binary_data": None}])
        found = connection.scalars(select(t.c.binary_data).order_by(t.c.id)).all()
        eq_(found, [data, None])
        assert isinstance(found[0], bytes)

    def test_pickle_roundtrip(self, connection: Any) -> None:
        t = self.tables.binary_table
        value = {"foo": [1, 2, 3], "bar": {"bat", None}}
        connection.execute(t.insert(), [{"id": 1, "pickle_data": value}, {"id": 2, "pickle_data": None}])
        eq_(connection.scalars(select(t.c.pickle_data).order_by(t.c.id)).all(), [value, None])


def _integers(connection: Any, metadata: Any) -> Callable[[Any, int], None]:
    """Make a function that stores a whole number and reads it back."""

    def check(datatype: Any, data: int) -> None:
        t = Table(
            "integer_table",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("integer_data", datatype),
        )
        t.create(connection)
        connection.execute(t.insert(), {"id": 1, "integer_data": data})
        found = connection.scalar(select(t.c.integer_data))
        eq_(found, data)
        assert isinstance(found, int)

    return check


def _huge_ints() -> Any:
    """Return a decorator: numbers around the ends of 32 and 64 bits."""
    return testing.combinations(
        2147483647,
        -2147483648,
        2147483648,
        -2147483649,
        1376537018368127,
        9223372036854775807,
        -9223372036854775808,
        argnames="intvalue",
    )


class IntegerTest(_LiteralRoundTripFixture, fixtures.TestBase):
    """Integer and BigInteger."""

    __backend__ = True
    _huge_ints = _huge_ints

    @config.fixture()
    def integer_round_trip(self, metadata: Any, connection: Any) -> Any:
        """A function that stores a number in a column of a type and reads it back."""
        return _integers(connection, metadata)

    def test_literal(self, literal_round_trip: Any) -> None:
        values = [5, -5, 0, 2147483647, -2147483648]
        literal_round_trip(Integer, values, values)

    @_huge_ints()
    def test_huge_int(self, integer_round_trip: Any, intvalue: int) -> None:
        integer_round_trip(BigInteger, intvalue)

    @_huge_ints()
    def test_huge_int_auto_accommodation(self, connection: Any, intvalue: int) -> None:
        """A number of no declared type is as large as it is."""
        eq_(connection.scalar(select(literal(intvalue)).where(literal(intvalue) == intvalue)), intvalue)


class CastTypeDecoratorTest(_LiteralRoundTripFixture, fixtures.TestBase):
    """A type that casts what is bound and what is read."""

    __backend__ = True

    @config.fixture()
    def string_as_int(self) -> Any:
        """A type: text to Python, a number to the database."""

        class StringAsInt(TypeDecorator[str]):
            impl = String(50)
            cache_ok = True

            def column_expression(self, column: Any) -> Any:
                return cast(column, String(50))

            def bind_expression(self, bindparam: Any) -> Any:
                return cast(type_coerce(bindparam, String(50)), Integer)

        return StringAsInt()

    def test_special_type(self, metadata: Any, connection: Any, string_as_int: Any) -> None:
        t = Table("cast_numbers", metadata, Column("x", Integer))
        t.create(connection)
        connection.execute(t.insert(), [{"x": n} for n in (1, 2, 5)])
        as_text = type_coerce(t.c.x, string_as_int)
        eq_(connection.scalars(select(as_text).order_by(t.c.x)).all(), ["1", "2", "5"])
        eq_(connection.scalars(select(as_text).where(as_text == "2")).all(), ["2"])


class BooleanTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """Boolean: also as a condition and written into SQL."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "boolean_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("value", Boolean),
            Column("unconstrained_value", Boolean(create_constraint=False)),
        )

    def _store(self, connection: Any) -> Any:
        t = self.tables.boolean_table
        rows = [
            {"id": n, "value": each, "unconstrained_value": not each} for n, each in enumerate((True, False))
        ]
        connection.execute(t.insert(), rows)
        return t

    def test_render_literal_bool(self, literal_round_trip: Any) -> None:
        literal_round_trip(Boolean(), [True, False], [True, False])

    def test_round_trip(self, connection: Any) -> None:
        t = self._store(connection)
        rows = connection.execute(select(t.c.value, t.c.unconstrained_value).order_by(t.c.id)).all()
        eq_(rows, [(True, False), (False, True)])
        for row in rows:
            assert all(isinstance(value, bool) for value in row)

    @requires.nullable_booleans
    def test_null(self, connection: Any) -> None:
        t = self.tables.boolean_table
        connection.execute(t.insert(), {"id": 1, "value": None, "unconstrained_value": None})
        eq_(connection.execute(select(t.c.value, t.c.unconstrained_value)).first(), (None, None))

    def test_whereclause(self) -> None:
        """A column is a condition by itself, compared or negated."""
        with config.db.begin() as connection:
            t = self._store(connection)
            for condition, expected in (
                (t.c.value, 0),
                (~t.c.value, 1),
                (t.c.value == True, 0),  # noqa: E712  # an SQL comparison
                (t.c.value == False, 1),  # noqa: E712  # an SQL comparison
                (t.c.value.is_(False), 1),
                (t.c.unconstrained_value, 1),
            ):
                eq_(connection.scalars(select(t.c.id).where(condition)).all(), [expected])


class UuidTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """Uuid, as UUID and as text, native or not."""

    __backend__ = True
    datatype: Any = Uuid
    VALUES = (uuid.UUID("ee38df17-5ea9-4a6a-b1f5-1e0d0f7cdb3b"), uuid.UUID(int=0), uuid.UUID(int=2**128 - 1))

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "uuid_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("uuid_data", cls.datatype()),
            Column("uuid_text_data", cls.datatype(as_uuid=False)),
            Column("uuid_data_nonnative", Uuid(native_uuid=False)),
            Column("uuid_text_data_nonnative", Uuid(as_uuid=False, native_uuid=False)),
        )

    def _check(self, connection: Any, values: Any, *names: str) -> None:
        t = self.tables.uuid_table
        rows = [{"id": n, **dict.fromkeys(names, value)} for n, value in enumerate([*values, None])]
        connection.execute(t.insert(), rows)
        for name in names:
            eq_(connection.scalars(select(t.c[name]).order_by(t.c.id)).all(), [*values, None])
            eq_(connection.scalar(select(t.c.id).where(t.c[name] == values[1])), 1)

    def test_uuid_round_trip(self, connection: Any) -> None:
        self._check(connection, self.VALUES, "uuid_data", "uuid_data_nonnative")

    def test_uuid_text_round_trip(self, connection: Any) -> None:
        values = [str(value) for value in self.VALUES]
        self._check(connection, values, "uuid_text_data", "uuid_text_data_nonnative")

    def test_literal_uuid(self, literal_round_trip: Any) -> None:
        literal_round_trip(self.datatype(), self.VALUES, self.VALUES)

    def test_literal_text(self, literal_round_trip: Any) -> None:
        values = [str(value) for value in self.VALUES]
        literal_round_trip(
            self.datatype(as_uuid=False), values, values, filter_=lambda value: str(value).lower()
        )

    def test_literal_nonnative_uuid(self, literal_round_trip: Any) -> None:
        literal_round_trip(Uuid(native_uuid=False), self.VALUES, self.VALUES)

    def test_literal_nonnative_text(self, literal_round_trip: Any) -> None:
        values = [str(value) for value in self.VALUES]
        literal_round_trip(
            Uuid(as_uuid=False, native_uuid=False), values, values, filter_=lambda value: str(value).lower()
        )

    @requires.insert_returning
    def test_uuid_returning(self, connection: Any) -> None:
        t = self.tables.uuid_table
        one, two, _ = self.VALUES
        row = {
            "id": 1,
            "uuid_data": one,
            "uuid_text_data": str(two),
            "uuid_data_nonnative": two,
            "uuid_text_data_nonnative": str(one),
        }
        columns = [t.c[name] for name in row]
        eq_(connection.execute(t.insert().returning(*columns), row).one(), tuple(row.values()))


class NativeUUIDTest(UuidTest):
    """UUID where the database has the type."""

    __requires__: ClassVar[tuple[str]] = ("uuid_data_type",)
    datatype = UUID


class _Color(enum.Enum):
    RED = 1
    BLUE = 2


class EnumTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """Enum: of strings and of a Python enumeration."""

    __backend__ = True
    enum_values: tuple[str, str, Any, str, str] = ("a", "b%percent", "c'quote", "réve🐍", "dash-and space")
    datatype: Enum[str] = Enum(*enum_values, name="suite_letters")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "enum_table",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("enum_data", cls.datatype),
            Column("colour", Enum(_Color, name="suite_color")),
        )

    @testing.combinations(*enum_values, None, argnames="data")
    def test_round_trip(self, data: str | None, connection: Any) -> None:
        t = self.tables.enum_table
        connection.execute(t.insert(), {"id": 1, "enum_data": data, "colour": _Color.RED})
        eq_(connection.execute(select(t)).all(), [(1, data, _Color.RED)])
        eq_(connection.scalar(select(t.c.id).where(t.c.enum_data == data)), 1)

    def test_round_trip_executemany(self, connection: Any) -> None:
        t = self.tables.enum_table
        rows = [{"id": n, "enum_data": each} for n, each in enumerate([*self.enum_values, None], 1)]
        connection.execute(t.insert(), rows)
        eq_(
            connection.scalars(select(t.c.enum_data).order_by(t.c.id)).all(),
            [*self.enum_values, None],
        )

    @requires.insert_executemany_returning
    def test_round_trip_executemany_returning(self, connection: Any) -> None:
        t = self.tables.enum_table
        rows = [{"enum_data": each, "colour": _Color.BLUE} for each in (*self.enum_values, None)]
        stmt = t.insert().returning(t.c.enum_data, t.c.colour, sort_by_parameter_order=True)
        eq_(connection.execute(stmt, rows).all(), [(row["enum_data"], _Color.BLUE) for row in rows])


class ArrayTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """ARRAY."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("array_type",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "array_table",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("single_dim", ARRAY(Integer)),
            Column("multi_dim", ARRAY(String, dimensions=2)),
        )

    def test_array_roundtrip(self, connection: Any) -> None:
        t = self.tables.array_table
        rows: list[dict[str, Any]] = [
            {"id": 1, "single_dim": [1, 2, None], "multi_dim": [["one", "t 'wo"], ["thr\\ee", 'fo "ur']]},
            {"id": 2, "single_dim": [], "multi_dim": None},
            {"id": 3, "single_dim": None, "multi_dim": [["", "NULL", "{,}"]]},
        ]
        connection.execute(t.insert(), rows)
        eq_(connection.execute(select(t).order_by(t.c.id)).all(), [tuple(row.values()) for row in rows])
        eq_(connection.scalar(select(t.c.single_dim[2]).where(t.c.id == 1)), 2)

    def test_literal_simple(self, literal_round_trip: Any) -> None:
        value = [1, 2, 3]
        literal_round_trip(ARRAY(Integer), [value], [value], support_whereclause=False)

    def test_literal_complex(self, literal_round_trip: Any) -> None:
        value = [["one", "t'wo"], ["thr\\ee", "fo%ur"]]
        literal_round_trip(ARRAY(String), [value], [value], support_whereclause=False)
