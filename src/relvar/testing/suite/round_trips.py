"""What the tests of types share: a value goes in and comes back, as a parameter or written into SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from relvar import Integer, literal, select
from relvar.testing import config, eq_, fixtures, in_, is_
from relvar.testing.schema import Column, Table


class _LiteralRoundTripFixture:
    """Give ``literal_round_trip``: values written into the text of INSERT and WHERE."""

    # Whether a column of these types can be compared in WHERE.
    supports_whereclause = True

    @config.fixture()
    def literal_round_trip(self, metadata: Any, connection: Any) -> Any:
        """
        A function that stores *input_*, written into SQL, and expects to read *output*.

        ``filter_`` is applied to what is read, before it is compared; ``compare`` is what the
        column equals in WHERE, where that is not what was stored.
        """

        def check(
            type_: Any,
            input_: Iterable[Any],
            output: Iterable[Any],
            filter_: Callable[[Any], Any] | None = None,
            compare: Any = None,
            support_whereclause: bool = True,
        ) -> None:
            t = Table(
                "literal_round_trip",
                metadata,
                Column("id", Integer, primary_key=True, autoincrement=False),
                Column("x", type_),
            )
            t.create(connection)
            expected = list(output)
            values = list(input_)
            for number, value in enumerate(values):
                written = literal(value, type_, literal_execute=True)
                connection.execute(t.insert().values(id=literal(number, literal_execute=True), x=written))
            for found in connection.scalars(select(t.c.x).order_by(t.c.id)):
                in_(filter_(found) if filter_ else found, expected)
            if not (self.supports_whereclause and support_whereclause):
                return
            for number, value in enumerate(values):
                if value is not None:
                    wanted = value if compare is None else compare
                    written = literal(wanted, type_, literal_execute=True)
                    in_(number, connection.scalars(select(t.c.id).where(t.c.x == written)).all())

        return check


class _StoredValues(_LiteralRoundTripFixture, fixtures.TablesTest):
    """
    A table with a column of a type.

    Attributes:
        datatype: The type.
        data: A value of it.
        more_data: Further values that a backend has to keep.
    """

    __backend__ = True
    datatype: ClassVar[Any] = None
    data: ClassVar[Any] = None
    more_data: ClassVar[tuple[Any, ...]] = ()

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "round_trip",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("value", cls.datatype),
        )

    def _values(self) -> list[Any]:
        return [self.data, *self.more_data]

    def _store(self, connection: Any, values: Iterable[Any], many: bool = False) -> Any:
        t = self.tables.round_trip
        rows = [{"id": number, "value": value} for number, value in enumerate(values)]
        for parameters in [rows] if many else rows:
            connection.execute(t.insert(), parameters)
        return t

    def _check_stored(self, connection: Any, values: list[Any], many: bool = False) -> None:
        t = self._store(connection, values, many)
        found = connection.scalars(select(t.c.value).order_by(t.c.id)).all()
        eq_(found, values)
        eq_([type(value) for value in found], [type(value) for value in values])

    def _check_null(self, connection: Any) -> None:
        t = self._store(connection, [self.data, None])
        is_(connection.scalar(select(t.c.value).where(t.c.id == 1)), None)
        eq_(connection.scalars(select(t.c.id).where(t.c.value.is_(None))).all(), [1])


class _UnicodeFixture(_StoredValues):
    """Text in many scripts, beyond the basic plane too."""

    __requires__: ClassVar[tuple[str, ...]] = ("unicode_data",)
    data = "Größe 🐍 数据: «ошибка» שלום — πρώτη γραμμή"
    more_data: ClassVar[tuple[Any, ...]] = ("a 'quoted' \"text\" ’", "e\u0301 \u00e9", "\u200b zero width")

    def test_round_trip(self, connection: Any) -> None:
        self._check_stored(connection, self._values())

    def test_round_trip_executemany(self, connection: Any) -> None:
        self._check_stored(connection, self._values() * 3, many=True)

    def _test_null_strings(self, connection: Any) -> None:
        self._check_null(connection)

    def _test_empty_strings(self, connection: Any) -> None:
        t = self._store(connection, ["", self.data])
        eq_(connection.scalar(select(t.c.value).where(t.c.id == 0)), "")

    def test_literal(self, literal_round_trip: Any) -> None:
        literal_round_trip(self.datatype, [self.data], [self.data])

    def test_literal_non_ascii(self, literal_round_trip: Any) -> None:
        literal_round_trip(self.datatype, self._values(), self._values())


__all__ = ["_LiteralRoundTripFixture", "_StoredValues", "_UnicodeFixture"]
