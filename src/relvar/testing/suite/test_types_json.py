"""JSON: documents go in and come back, elements are found."""

from __future__ import annotations

from typing import Any

from relvar import JSON, Integer, null, select
from relvar.testing import config, eq_, fixtures, is_
from relvar.testing.schema import Column, Table


class JSONTest(fixtures.TablesTest):
    """Documents, NULL and null, elements by key, number and path."""

    __backend__ = True
    __requires__ = ("json_type",)
    DOCUMENTS: tuple[Any, ...] = (
        {"key": "value", "list": [1, 2.5, None, True], "nested": {"a": {"b": "c"}}},
        ["one", {"two": 3}],
        "text",
        42,
        True,
        {"ключ": "значение", "q\"uote'": "\\ % \n", "emoji": "🐍"},
        {},
        [],
    )

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "data_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", JSON),
            Column("nulldata", JSON(none_as_null=True)),
        )

    def test_round_trip_data1(self, connection: Any) -> None:
        t = self.tables.data_table
        connection.execute(t.insert(), [{"id": n, "data": each} for n, each in enumerate(self.DOCUMENTS)])
        eq_(connection.scalars(select(t.c.data).order_by(t.c.id)).all(), list(self.DOCUMENTS))

    def test_round_trip_none_as_sql_null(self, connection: Any) -> None:
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "nulldata": None})
        eq_(connection.scalar(select(t.c.id).where(t.c.nulldata.is_(null()))), 1)

    def test_round_trip_json_null_as_json_null(self, connection: Any) -> None:
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "data": JSON.NULL})
        eq_(connection.scalar(select(t.c.id).where(t.c.data.is_not(null()))), 1)
        is_(connection.scalar(select(t.c.data)), None)

    def _only(self, connection: Any) -> Any:
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "data": self.DOCUMENTS[0]})
        return t

    def test_index_typed_access(self, connection: Any) -> None:
        t = self._only(connection)
        eq_(connection.scalar(select(t.c.data["key"])), "value")
        eq_(connection.scalar(select(t.c.data["key"].as_string())), "value")
        eq_(connection.scalar(select(t.c.data["list"])), [1, 2.5, None, True])
        is_(connection.scalar(select(t.c.data["missing"])), None)

    def test_path_typed_access(self, connection: Any) -> None:
        t = self._only(connection)
        eq_(connection.scalar(select(t.c.data[("nested", "a", "b")].as_string())), "c")
        eq_(connection.scalar(select(t.c.id).where(t.c.data[("nested", "a", "b")].as_string() == "c")), 1)

    def test_array_access(self, connection: Any) -> None:
        if not config.requirements_in_use().json_array_indexes.enabled:
            config.skip_test("no json_array_indexes")
        t = self._only(connection)
        eq_(connection.scalar(select(t.c.data["list"][0].as_integer())), 1)
        eq_(connection.scalar(select(t.c.data["list"][1].as_float())), 2.5)
        is_(bool(connection.scalar(select(t.c.data["list"][3].as_boolean()))), True)
