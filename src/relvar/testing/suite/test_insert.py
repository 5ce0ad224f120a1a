"""INSERT: numbered keys, RETURNING, many rows, rows of defaults, INSERT FROM SELECT."""

from __future__ import annotations

from typing import Any

from relvar import Double, Integer, String, exc, func, literal, select
from relvar.testing import config, eq_, expect_raises, fixtures, is_, requires
from relvar.testing.schema import Column, Table


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

    def _assert_round_trip(self, table: Any, connection: Any) -> None:
        row = connection.execute(table.select()).first()
        eq_(row, (row.id, "some data"))
        assert row.id is not None


class LastrowidTest(_KeysTest):
    """The number of the row inserted, without RETURNING."""

    __requires__ = ("implements_get_lastrowid", "autoincrement_insert")

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

    __requires__ = ("insert_returning", "autoincrement_insert")

    def test_explicit_returning_pk_autocommit(self, connection: Any) -> None:
        t = self.tables.autoinc_pk
        result = connection.execute(t.insert().returning(t.c.id), {"data": "some data"})
        eq_(result.first()[0], connection.scalar(select(t.c.id)))

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


class ReturningGuardsTest(_KeysTest):
    """RETURNING is refused, not ignored, where the database does not have it."""

    def _guarded(self, connection: Any, stmt: Any, able: bool, params: Any = None) -> None:
        if able:
            connection.execute(stmt, params or {}).all()
        else:
            with expect_raises((exc.CompileError, exc.DBAPIError)):
                connection.execute(stmt, params or {})

    def test_insert_single(self, connection: Any) -> None:
        t = self.tables.manual_pk
        able = config.requirements_in_use().insert_returning.enabled
        self._guarded(connection, t.insert().returning(t.c.id), able, {"id": 1})

    def test_update_single(self, connection: Any) -> None:
        t = self.tables.manual_pk
        able = config.requirements_in_use().update_returning.enabled
        self._guarded(connection, t.update().values(data="x").returning(t.c.id), able)

    def test_delete_single(self, connection: Any) -> None:
        t = self.tables.manual_pk
        able = config.requirements_in_use().delete_returning.enabled
        self._guarded(connection, t.delete().returning(t.c.id), able)
