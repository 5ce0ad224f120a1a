"""Sequences: as a column's default, called, optional, listed."""

from __future__ import annotations

from typing import Any

from relvar import Integer, MetaData, Sequence, String, inspect, select
from relvar.testing import config, eq_, fixtures, in_, is_false, is_true, requires
from relvar.testing.provision import normalize_sequence
from relvar.testing.schema import Column, Table


class SequenceTest(fixtures.TablesTest):
    """Sequences number rows."""

    __backend__ = True
    __requires__ = ("sequences",)
    run_create_tables = "each"

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        sequence = normalize_sequence(config.current_config(), Sequence("tab_id_seq"))
        Table(
            "seq_pk", metadata, Column("id", Integer, sequence, primary_key=True), Column("data", String(50))
        )

    def test_insert_roundtrip(self, connection: Any) -> None:
        t = self.tables.seq_pk
        connection.execute(t.insert(), {"data": "some data"})
        eq_(connection.scalar(select(t.c.data)), "some data")
        assert connection.scalar(select(t.c.id)) > 0

    def test_insert_lastrowid(self, connection: Any) -> None:
        t = self.tables.seq_pk
        result = connection.execute(t.insert(), {"data": "some data"})
        eq_(result.inserted_primary_key, (connection.scalar(select(t.c.id)),))

    def test_nextval_direct(self, connection: Any) -> None:
        sequence = self.tables.seq_pk.c.id.default
        first = connection.scalar(sequence)
        eq_(connection.scalar(sequence), first + 1)
        eq_(connection.scalar(select(sequence.next_value())), first + 2)


class HasSequenceTest(fixtures.TestBase):
    """Sequences are found in the catalogue."""

    __backend__ = True
    __requires__ = ("sequences",)

    def test_has_sequence(self, connection: Any, metadata: Any) -> None:
        name = "user_id_seq"
        sequence = normalize_sequence(config.current_config(), Sequence(name, metadata=metadata, start=5))
        is_false(inspect(connection).has_sequence(name))
        metadata.create_all(connection)
        is_true(inspect(connection).has_sequence(name))
        eq_(inspect(connection).get_sequence_names(), [name])
        eq_(connection.scalar(sequence), 5)
        metadata.drop_all(connection)
        is_false(inspect(connection).has_sequence(name))

    @requires.schemas
    def test_has_sequence_schema(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        is_false(inspect(connection).has_sequence("not_there_seq", schema=schema))
        metadata = MetaData(schema=schema)
        normalize_sequence(config.current_config(), Sequence("other_seq", metadata=metadata))
        metadata.create_all(connection)
        is_true(inspect(connection).has_sequence("other_seq", schema=schema))
        is_false(inspect(connection).has_sequence("other_seq"))
        metadata.drop_all(connection)


class HasSequenceTestEmpty(fixtures.TestBase):
    """No sequences: an empty list."""

    __backend__ = True
    __requires__ = ("sequences",)

    def test_get_sequence_names_no_sequence(self, connection: Any) -> None:
        eq_(inspect(connection).get_sequence_names(), [])


class SequenceCompilerTest(fixtures.TestBase):
    """A sequence's next value is written into INSERT and SELECT as the database calls it."""

    __backend__ = True
    __requires__ = ("sequences",)

    def test_literal_binds_inline_compile(self, connection: Any, metadata: Any) -> None:
        sequence = normalize_sequence(config.current_config(), Sequence("y_seq", metadata=metadata))
        t = Table("x", metadata, Column("y", Integer, sequence), Column("q", Integer))
        metadata.create_all(connection)
        stmt = t.insert().values(q=5)
        text = str(stmt.compile(connection, compile_kwargs={"literal_binds": True}))
        in_("y_seq", text)
        connection.exec_driver_sql(text)
        row = connection.execute(select(t)).first()
        eq_(row.q, 5)
        assert row.y is not None
