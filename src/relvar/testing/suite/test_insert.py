"""INSERT: numbered keys, RETURNING, many rows, rows of defaults, INSERT FROM SELECT."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any, ClassVar

from relvar import (
    Boolean,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Time,
    TypeDecorator,
    Unicode,
    Uuid,
    func,
    literal,
    literal_column,
    select,
    testing,
)
from relvar.testing import eq_, fixtures, is_, requires
from relvar.testing.schema import Column, Table


class _Upper(TypeDecorator[str]):
    """Text that is kept in upper case."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value if value is None else value.upper()


_TYPES: dict[str, Any] = {
    "decorated": _Upper(50),
    "boolean": Boolean(),
    "date": Date(),
    "datetime": DateTime(),
    "time": Time(),
    "binary": LargeBinary(),
    "integer": Integer(),
    "float": Float(53),
    "numeric": Numeric(10, 4),
    "string": String(30),
    "text": Text(),
    "unicode": Unicode(30),
    "uuid": Uuid(),
}

# type, values, what comes back if it is something else
_TYPED: tuple[tuple[str, str, list[Any], list[Any] | None], ...] = (
    ("decorated", "decorated", ["a", "B"], ["A", "B"]),
    ("boolean", "boolean", [True, False, None], None),
    ("date", "date", [datetime.date(2024, 2, 29), None], None),
    ("datetime", "datetime", [datetime.datetime(2024, 2, 29, 1, 2, 3), None], None),
    ("time", "time", [datetime.time(1, 2, 3), None], None),
    ("binary", "binary", [b"\x00\xff'", b"", None], None),
    ("integer", "integer", [5, -5, None], None),
    ("float", "float", [8.5514716, -1.25, None], None),
    ("numeric", "numeric", [decimal.Decimal("8.5514"), None], None),
    ("string", "string", ["it's", "%s", None], None),
    ("text", "text", ["it's", None], None),
    ("unicode", "unicode", ["méil 数据", None], None),
    ("uuid", "uuid", [uuid.UUID(int=5), None], None),
)


class _KeysTest(fixtures.TablesTest):
    """A table that the database numbers, one that it does not."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "autoinc_pk",
            metadata,
            Column("id", Integer, primary_key=True, test_needs_autoincrement=True),
            Column("data", String(50)),
        )
        Table(
            "manual_pk",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )
        Table(
            "includes_defaults",
            metadata,
            Column("id", Integer, primary_key=True, test_needs_autoincrement=True),
            Column("data", String(50)),
            Column("x", Integer, default=5),
            Column("y", Integer, default=literal_column("2", type_=Integer) + literal(2)),
        )

    def _assert_round_trip(self, table: Any, connection: Any) -> None:
        row = connection.execute(table.select()).first()
        eq_(row, (row.id, "some data"))
        assert row.id is not None


class LastrowidTest(_KeysTest):
    """The number of the row inserted, without RETURNING."""

    __requires__: ClassVar[tuple[str, str]] = ("implements_get_lastrowid", "autoincrement_insert")

    def test_autoincrement_on_insert(self, connection: Any) -> None:
        connection.execute(self.tables.autoinc_pk.insert(), {"data": "some data"})
        self._assert_round_trip(self.tables.autoinc_pk, connection)

    def test_last_inserted_id(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert(), {"data": "some data"})
        eq_((connection.scalar(select(t.c.id)),), result.inserted_primary_key)

    @requires.dbapi_lastrowid
    def test_native_lastrowid_autoinc(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert().inline(), {"data": "some data"})
        eq_(result.lastrowid, connection.scalar(select(t.c.id)))


class InsertBehaviorTest(_KeysTest):
    """What INSERT gives back, rows of defaults, rows from a SELECT."""

    def test_no_results_for_non_returning_insert(self, connection: Any) -> None:
        result = connection.execute(self.tables.manual_pk.insert(), {"id": 1, "data": "x"})
        is_(result.returns_rows, False)
        is_(result.is_insert, True)

    @requires.autoincrement_insert
    def test_autoclose_on_insert(self, connection: Any) -> None:
        result = connection.execute(self.tables.autoinc_pk.insert(), {"data": "some data"})
        assert result._soft_closed and not result.returns_rows

    @requires.insert_returning
    @requires.autoincrement_insert
    def test_autoclose_on_insert_implicit_returning(self, connection: Any) -> None:
        """The rows of RETURNING that nobody asked for are read and gone."""
        stmt = self.tables.autoinc_pk.insert().return_defaults()
        result = connection.execute(stmt, {"data": "some data"})
        assert result._soft_closed
        assert result.inserted_primary_key[0] is not None
        is_(result.returns_rows, True)

    @requires.empty_inserts
    def test_empty_insert(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert())
        assert result._soft_closed
        eq_(connection.execute(select(t.c.data)).all(), [(None,)])

    @requires.empty_inserts_executemany
    def test_empty_insert_multiple(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        connection.execute(t.insert(), [{}, {}, {}])
        eq_(connection.scalar(select(func.count()).select_from(t)), 3)

    @requires.insert_from_select
    def test_insert_from_select(self, connection: Any) -> None:
        t = self.tables.manual_pk
        connection.execute(t.insert(), [{"id": n, "data": f"data{n}"} for n in (1, 2, 3)])
        source = select(t.c.id + 5, t.c.data).where(t.c.data.in_(["data2", "data3"]))
        connection.execute(t.insert().inline().from_select(("id", "data"), source))
        rows = connection.execute(select(t).order_by(t.c.id)).all()
        eq_(rows, [(1, "data1"), (2, "data2"), (3, "data3"), (7, "data2"), (8, "data3")])

    @requires.insert_from_select
    @requires.autoincrement_insert
    def test_insert_from_select_autoinc(self, connection: Any) -> None:
        source, target = self.tables.manual_pk, self.tables.autoinc_pk
        connection.execute(source.insert(), [{"id": n, "data": f"data{n}"} for n in (1, 2, 3)])
        stmt = target.insert().from_select(("data",), select(source.c.data).where(source.c.id > 1))
        eq_(connection.execute(stmt).inserted_primary_key, (None,))
        eq_(sorted(connection.scalars(select(target.c.data))), ["data2", "data3"])

    @requires.insert_from_select
    @requires.autoincrement_insert
    def test_insert_from_select_autoinc_no_rows(self, connection: Any) -> None:
        source, target = self.tables.manual_pk, self.tables.autoinc_pk
        stmt = target.insert().from_select(("data",), select(source.c.data).where(source.c.id > 100))
        eq_(connection.execute(stmt).inserted_primary_key, (None,))
        eq_(connection.execute(select(target)).all(), [])

    @requires.insert_from_select
    def test_insert_from_select_with_defaults(self, connection: Any) -> None:
        """Defaults of columns that the SELECT does not have become part of it."""
        source, target = self.tables.manual_pk, self.tables.includes_defaults
        connection.execute(source.insert(), [{"id": n, "data": f"data{n}"} for n in (1, 2, 3)])
        rows = select(source.c.id + 5, source.c.data).where(source.c.data.in_(["data2", "data3"]))
        connection.execute(target.insert().inline().from_select(("id", "data"), rows))
        eq_(
            connection.execute(select(target).order_by(target.c.id)).all(),
            [(7, "data2", 5, 4), (8, "data3", 5, 4)],
        )

    @requires.multivalues_inserts
    def test_multivalues(self, connection: Any) -> None:
        t = self.tables.manual_pk
        connection.execute(t.insert().values([{"id": 1, "data": "a"}, {"id": 2, "data": literal("b") + "c"}]))
        eq_(connection.execute(select(t).order_by(t.c.id)).all(), [(1, "a"), (2, "bc")])

    def test_executemany_in_order(self, connection: Any) -> None:
        t = self.tables.manual_pk
        connection.execute(t.insert(), [{"id": n, "data": str(n)} for n in range(300)])
        eq_(connection.execute(select(t).order_by(t.c.id)).all(), [(n, str(n)) for n in range(300)])


class ReturningTest(_KeysTest):
    """INSERT … RETURNING."""

    __requires__: ClassVar[tuple[str, str]] = ("insert_returning", "autoincrement_insert")

    @requires.fetch_rows_post_commit
    def test_explicit_returning_pk_autocommit(self, connection: Any) -> None:
        """Rows of RETURNING are there after COMMIT."""
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert().returning(t.c.id), {"data": "some data"})
        connection.commit()
        eq_(result.first()[0], connection.scalar(select(t.c.id)))

    def test_explicit_returning_pk_no_autocommit(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert().returning(t.c.id), {"data": "some data"})
        eq_(result.first()[0], connection.scalar(select(t.c.id)))

    def test_autoincrement_on_insert_implicit_returning(self, connection: Any) -> None:
        connection.execute(self.tables.autoinc_pk.insert(), {"data": "some data"})
        self._assert_round_trip(self.tables.autoinc_pk, connection)

    def test_last_inserted_id_implicit_returning(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        key = connection.execute(t.insert(), {"data": "some data"}).inserted_primary_key
        eq_(key, connection.execute(select(t.c.id)).first())

    def test_insert_returning_expressions(self, connection: Any) -> None:
        t = self.tables.manual_pk
        stmt = t.insert().returning((t.c.id + 10).label("more"), func.lower(t.c.data))
        eq_(connection.execute(stmt, {"id": 5, "data": "ABC"}).all(), [(15, "abc")])

    @requires.insert_executemany_returning
    def test_insertmanyvalues_returning(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        stmt = t.insert().returning(t.c.data, sort_by_parameter_order=True)
        data = [f"d{n}" for n in range(2500)]
        eq_(connection.scalars(stmt, [{"data": each} for each in data]).all(), data)
        eq_(connection.scalar(select(func.count(t.c.id.distinct()))), 2500)

    @requires.insert_executemany_returning
    def test_keys_of_many(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        stmt = t.insert().returning(t.c.id, t.c.data, sort_by_parameter_order=True)
        rows = connection.execute(stmt, [{"data": f"d{n}"} for n in range(7)]).all()
        eq_([row.data for row in rows], [f"d{n}" for n in range(7)])
        eq_(dict(connection.execute(select(t.c.data, t.c.id)).all()), {row.data: row.id for row in rows})

    def test_insert_w_floats(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "f_t",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("value", Double),
        )
        t.create(connection)
        stmt = t.insert().returning(t.c.id, t.c.value)
        eq_(connection.execute(stmt, {"id": 1, "value": 8.5514716}).all(), [(1, 8.5514716)])

    @requires.insert_executemany_returning
    @testing.combinations(*_TYPED, argnames="datatype, values, expected", id_="iaaa")
    @testing.variation("sort_by_parameter_order", [True, False])
    def test_imv_returning_datatypes(
        self,
        connection: Any,
        datatype: str,
        values: list[Any],
        expected: list[Any] | None,
        sort_by_parameter_order: Any,
    ) -> None:
        """Values of every type go into an INSERT of many rows and come back by RETURNING."""
        t = self.tables.d_t
        column = t.c[datatype]
        in_order = bool(sort_by_parameter_order)
        stmt = t.insert().returning(t.c.id, column, sort_by_parameter_order=in_order)
        rows = connection.execute(stmt, [{datatype: value} for value in values]).all()
        found = [row[1] for row in rows]
        wanted = values if expected is None else expected
        if in_order:
            eq_(found, wanted)
        else:
            eq_(sorted(map(repr, found)), sorted(map(repr, wanted)))
        eq_(set(rows), set(connection.execute(select(t.c.id, column)).all()))

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        super().define_tables(metadata)
        Table(
            "d_t",
            metadata,
            Column("id", Integer, primary_key=True, test_needs_autoincrement=True),
            *(Column(name, type_) for name, type_ in _TYPES.items()),
        )
