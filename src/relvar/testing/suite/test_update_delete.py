"""UPDATE and DELETE, with and without RETURNING."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import Integer, String, delete, select, testing, update
from relvar.testing import eq_, fixtures, requires
from relvar.testing.schema import Column, Table


class SimpleUpdateDeleteTest(fixtures.TablesTest):
    """One row is changed, the others stay."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sane_rowcount",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "plain_pk",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"plain_pk": [("id", "data"), (1, "d1"), (2, "d2"), (3, "d3")]}

    def _rows(self, connection: Any) -> Any:
        t = self.tables.plain_pk
        return connection.execute(select(t).order_by(t.c.id)).all()

    def test_update(self, connection: Any) -> None:
        t = self.tables.plain_pk
        result = connection.execute(update(t).where(t.c.id == 2), {"data": "d2_new"})
        assert not result.is_insert and not result.returns_rows
        eq_(result.rowcount, 1)
        eq_(self._rows(connection), [(1, "d1"), (2, "d2_new"), (3, "d3")])

    def test_delete(self, connection: Any) -> None:
        t = self.tables.plain_pk
        result = connection.execute(delete(t).where(t.c.id == 2))
        assert not result.is_insert and not result.returns_rows
        eq_(result.rowcount, 1)
        eq_(self._rows(connection), [(1, "d1"), (3, "d3")])

    @testing.variation("criteria", ["rows", "norows", "emptyin"])
    @requires.update_returning
    def test_update_returning(self, connection: Any, criteria: Any) -> None:
        t = self.tables.plain_pk
        stmt = update(t).values(data="n").returning(t.c.id, t.c.data)
        result = connection.execute(self._with(stmt, criteria))
        assert result.returns_rows and not result.is_insert
        expected = [(2, "n")] if criteria.rows else []
        eq_(result.all(), expected)
        changed = [(1, "d1"), (2, "n" if criteria.rows else "d2"), (3, "d3")]
        eq_(self._rows(connection), changed)

    def _with(self, stmt: Any, criteria: Any) -> Any:
        t = self.tables.plain_pk
        if criteria.rows:
            return stmt.where(t.c.id == 2)
        if criteria.norows:
            return stmt.where(t.c.id == 10)
        if criteria.emptyin:
            return stmt.where(t.c.id.in_([]))
        criteria.fail()

    @testing.variation("unchanged", [True, False])
    @requires.update_returning
    def test_update_returning_unchanged_rows(self, connection: Any, unchanged: Any) -> None:
        """A row that stays as it was is returned as well."""
        t = self.tables.plain_pk
        data = "d1" if unchanged else "new"
        stmt = update(t).where(t.c.id == 1).values(data=data).returning(t.c.id, t.c.data)
        eq_(connection.execute(stmt).all(), [(1, data)])

    @testing.variation("criteria", ["rows", "norows", "emptyin"])
    @requires.delete_returning
    def test_delete_returning(self, connection: Any, criteria: Any) -> None:
        t = self.tables.plain_pk
        result = connection.execute(self._with(delete(t).returning(t.c.id, t.c.data), criteria))
        assert result.returns_rows and not result.is_insert
        eq_(result.all(), [(2, "d2")] if criteria.rows else [])
        eq_(len(self._rows(connection)), 2 if criteria.rows else 3)
