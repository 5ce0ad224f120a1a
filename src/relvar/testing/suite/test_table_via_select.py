"""Tables and views made from a SELECT."""

from __future__ import annotations

from typing import Any

from relvar import Integer, String, bindparam, inspect, literal, select
from relvar.schema import CreateTableAs, CreateView, DropView
from relvar.testing import eq_, fixtures, requires
from relvar.testing.schema import Column, Table


class TableViaSelectTest(fixtures.TablesTest):
    """CREATE TABLE AS and CREATE VIEW."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "source_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("name", String(50)),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"source_table": [("id", "name"), (1, "alice"), (2, "bob"), (3, "charlie")]}

    @requires.create_table_as
    def test_create_table_as(self, connection: Any) -> None:
        t = self.tables.source_table
        made = CreateTableAs(select(t.c.id, t.c.name).where(t.c.id > 1), "made_table")
        connection.execute(made)
        try:
            eq_(
                connection.execute(select(made.table).order_by(made.table.c.id)).all(),
                [(2, "bob"), (3, "charlie")],
            )
        finally:
            made.table.drop(connection)

    @requires.create_temp_table_as
    def test_create_temporary_table_as(self, connection: Any) -> None:
        t = self.tables.source_table
        made = CreateTableAs(select(t.c.id, literal("it's").label("word")), "made_temp", temporary=True)
        connection.execute(made)
        eq_(connection.scalars(select(made.table.c.word).limit(1)).all(), ["it's"])
        made.table.drop(connection)

    @requires.views
    def test_create_view(self, connection: Any) -> None:
        t = self.tables.source_table
        made = CreateView(select(t.c.id, t.c.name).where(t.c.name != "bob"), "made_view")
        connection.execute(made)
        try:
            view = made.table
            eq_(connection.scalars(select(view.c.name).order_by(view.c.id)).all(), ["alice", "charlie"])
            assert "made_view" in inspect(connection).get_view_names()
        finally:
            connection.execute(DropView(made.table))
        assert "made_view" not in inspect(connection).get_view_names()

    @requires.views
    def test_view_with_bind_param(self, connection: Any) -> None:
        t = self.tables.source_table
        made = CreateView(select(t.c.id).where(t.c.name == bindparam("who", "alice")), "bound_view")
        connection.execute(made)
        try:
            eq_(connection.scalars(select(made.table.c.id)).all(), [1])
        finally:
            connection.execute(DropView(made.table))
