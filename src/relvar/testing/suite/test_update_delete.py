"""UPDATE and DELETE, with and without RETURNING."""

from __future__ import annotations

from typing import Any

from relvar import Integer, String, delete, select, update
from relvar.testing import eq_, fixtures, requires
from relvar.testing.schema import Column, Table


class SimpleUpdateDeleteTest(fixtures.TablesTest):
    """One row is changed, the others stay."""

    __backend__ = True
    __requires__ = ("sane_rowcount",)

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

    @requires.update_returning
    def test_update_returning(self, connection: Any) -> None:
        t = self.tables.plain_pk
        result = connection.execute(update(t).where(t.c.id > 1).values(data="n").returning(t.c.id, t.c.data))
        assert result.returns_rows
        eq_(sorted(result.all()), [(2, "n"), (3, "n")])
        eq_(self._rows(connection), [(1, "d1"), (2, "n"), (3, "n")])

    @requires.update_returning
    def test_update_returning_unchanged_rows(self, connection: Any) -> None:
        t = self.tables.plain_pk
        eq_(
            connection.execute(update(t).where(t.c.id == 1).values(data="d1").returning(t.c.id)).all(), [(1,)]
        )

    @requires.delete_returning
    def test_delete_returning(self, connection: Any) -> None:
        t = self.tables.plain_pk
        eq_(connection.execute(delete(t).where(t.c.id == 3).returning(t.c.id, t.c.data)).all(), [(3, "d3")])
        eq_(self._rows(connection), [(1, "d1"), (2, "d2")])
