"""CREATE and DROP of tables and indexes, comments, long names."""

from __future__ import annotations

from typing import Any

from relvar import Index, Integer, MetaData, String, UniqueConstraint, inspect, schema, select
from relvar.testing import config, eq_, fixtures, is_false, is_none, is_true, requires
from relvar.testing.schema import Column, Table


class TableDDLTest(fixtures.TestBase):
    """Tables come and go."""

    __backend__ = True

    def _table(self, metadata: Any, name: str = "test_table", schema: str | None = None) -> Any:
        return Table(
            name,
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("_data", String(50)),
            schema=schema,
        )

    def _has(self, connection: Any, name: str = "test_table", schema: str | None = None) -> bool:
        return bool(inspect(connection).has_table(name, schema=schema))

    @requires.create_table
    def test_create_table(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection, checkfirst=False)
        connection.execute(t.insert(), {"id": 1, "_data": "some data"})
        eq_(connection.execute(select(t)).first(), (1, "some data"))

    @requires.create_table
    @requires.schemas
    def test_create_table_schema(self, connection: Any, metadata: Any) -> None:
        name = config.current_config().test_schema
        t = self._table(metadata, schema=name)
        t.create(connection, checkfirst=False)
        is_true(self._has(connection, schema=name))

    @requires.drop_table
    def test_drop_table(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection, checkfirst=False)
        is_true(self._has(connection))
        t.drop(connection, checkfirst=False)
        is_false(self._has(connection))

    def test_underscore_names(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata, "_test_table")
        t.create(connection)
        connection.execute(t.insert(), {"id": 1, "_data": "x"})
        eq_(connection.scalar(select(t.c._data)), "x")

    @requires.table_ddl_if_exists
    def test_create_table_if_not_exists(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        connection.execute(schema.CreateTable(t, if_not_exists=True))
        connection.execute(schema.CreateTable(t, if_not_exists=True))
        is_true(self._has(connection))

    @requires.table_ddl_if_exists
    def test_drop_table_if_exists(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection)
        connection.execute(schema.DropTable(t, if_exists=True))
        is_false(self._has(connection))
        connection.execute(schema.DropTable(t, if_exists=True))

    @requires.index_ddl_if_exists
    def test_create_index_if_not_exists(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        index = Index("test_index", t.c._data)
        t.create(connection)
        connection.execute(schema.CreateIndex(index, if_not_exists=True))
        eq_([each["name"] for each in inspect(connection).get_indexes("test_table")], ["test_index"])
        connection.execute(schema.DropIndex(index, if_exists=True))
        connection.execute(schema.DropIndex(index, if_exists=True))
        eq_(inspect(connection).get_indexes("test_table"), [])

    @requires.comment_reflection
    def test_add_table_comment(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection)
        t.comment = "a 'comment' with % signs"
        connection.execute(schema.SetTableComment(t))
        eq_(inspect(connection).get_table_comment("test_table"), {"text": t.comment})

    @requires.comment_reflection
    def test_drop_table_comment(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.comment = "a comment"
        t.create(connection)
        connection.execute(schema.DropTableComment(t))
        is_none(inspect(connection).get_table_comment("test_table")["text"])

    def test_reserved_words_and_case(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "select",
            metadata,
            Column("from", Integer, primary_key=True, autoincrement=False),
            Column("MixedCase", Integer),
        )
        t.create(connection)
        connection.execute(t.insert(), {"from": 1, "MixedCase": 2})
        eq_(dict(connection.execute(select(t)).first()._mapping), {"from": 1, "MixedCase": 2})

    @requires.server_defaults
    def test_server_default(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "defaults",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("word", String(20), server_default="it's"),
            Column("number", Integer, server_default="7"),
        )
        t.create(connection)
        connection.execute(t.insert(), {"id": 1})
        eq_(connection.execute(select(t)).first(), (1, "it's", 7))


class FutureTableDDLTest(fixtures.FutureEngineMixin, TableDDLTest):
    """The same, under the name of SQLAlchemy 1.4."""


class LongNameBlowoutTest(fixtures.TestBase):
    """Names longer than the database takes are cut by a naming convention, and are found again."""

    __backend__ = True
    __requires__ = ("index_reflection",)

    def _names(self, connection: Any, kind: str) -> Any:
        metadata = MetaData(naming_convention={kind: kind + "_%(table_name)s_%(column_0_N_name)s_and_more"})
        self._made = metadata
        columns = [Column(f"a_column_with_a_long_name_{n}", Integer) for n in range(4)]
        t = Table(
            "a_table_with_a_rather_long_name", metadata, Column("id", Integer, primary_key=True), *columns
        )
        if kind == "ix":
            Index(None, *columns)
        else:
            t.append_constraint(UniqueConstraint(*columns))
        metadata.create_all(connection)
        try:
            found = inspect(connection)
            items = found.get_indexes(t.name) if kind == "ix" else found.get_unique_constraints(t.name)
            return [item["name"] for item in items]
        finally:
            metadata.drop_all(connection)

    def test_long_convention_name_ix(self, connection: Any) -> None:
        (name,) = self._names(connection, "ix")
        assert name.startswith("ix_a_table")
        assert len(name) <= connection.dialect.max_identifier_length

    @requires.unique_constraint_reflection
    def test_long_convention_name_uq(self, connection: Any) -> None:
        (name,) = self._names(connection, "uq")
        assert name.startswith("uq_a_table")
        assert len(name) <= connection.dialect.max_identifier_length
