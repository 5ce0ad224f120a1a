"""Sequences: as a column's default, called, optional, listed."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import Integer, MetaData, Sequence, String, inspect, select, testing
from relvar.testing import config, eq_, fixtures, in_, is_false, is_true, requires
from relvar.testing.provision import normalize_sequence
from relvar.testing.schema import Column, Table


def _sequence(name: str, **options: Any) -> Any:
    return normalize_sequence(config.current_config(), Sequence(name, **options))


class SequenceTest(fixtures.TablesTest):
    """Sequences number rows."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sequences",)
    run_create_tables: ClassVar[str | None] = "each"

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        optional = _sequence("tab_opt_id_seq", data_type=Integer, optional=True)
        Table(
            "seq_pk",
            metadata,
            Column("id", Integer, _sequence("tab_id_seq"), primary_key=True),
            Column("data", String(50)),
        )
        Table(
            "seq_opt_pk",
            metadata,
            Column("id", Integer, optional, primary_key=True),
            Column("data", String(50)),
        )
        Table(
            "seq_no_returning",
            metadata,
            Column("id", Integer, _sequence("noret_id_seq"), primary_key=True),
            Column("data", String(50)),
            implicit_returning=False,
        )
        if config.requirements_in_use().schemas.enabled:
            # of a schema that has another name when it runs: made by the test itself
            cls.elsewhere = MetaData()
            for name, implicit in (("no_implicit", False), ("implicit", True)):
                Table(
                    f"seq_{name}_returning",
                    cls.elsewhere,
                    Column("id", Integer, _sequence(f"{name}_seq", schema="alt_schema"), primary_key=True),
                    Column("data", String(50)),
                    implicit_returning=implicit,
                    schema="alt_schema",
                )

    elsewhere: Any = None

    def _assert_round_trip(self, table: Any, conn: Any) -> None:
        row = conn.execute(table.select()).first()
        eq_(row, (row.id, "some data"))
        assert row.id >= conn.dialect.default_sequence_base

    def test_insert_roundtrip(self, connection: Any) -> None:
        connection.execute(self.tables.seq_pk.insert(), {"data": "some data"})
        self._assert_round_trip(self.tables.seq_pk, connection)

    def test_insert_lastrowid(self, connection: Any) -> None:
        t = self.tables.seq_pk
        result = connection.execute(t.insert(), {"data": "some data"})
        eq_(result.inserted_primary_key, (connection.scalar(select(t.c.id)),))

    def test_nextval_direct(self, connection: Any) -> None:
        sequence = self.tables.seq_pk.c.id.default
        first = connection.scalar(sequence)
        eq_(connection.scalar(sequence), first + 1)
        eq_(connection.scalar(select(sequence.next_value())), first + 2)

    @requires.sequences_optional
    def test_optional_seq(self, connection: Any) -> None:
        """A sequence that is not needed is not made: the database numbers rows itself."""
        t = self.tables.seq_opt_pk
        result = connection.execute(t.insert(), {"data": "some data"})
        eq_(result.inserted_primary_key, (1,))
        is_false(inspect(connection).has_sequence("tab_opt_id_seq"))

    def test_insert_roundtrip_no_implicit_returning(self, connection: Any) -> None:
        t = self.tables.seq_no_returning
        key = connection.execute(t.insert(), {"data": "some data"}).inserted_primary_key
        self._assert_round_trip(t, connection)
        eq_(key, (connection.scalar(select(t.c.id)),))

    def _translated(self, connection: Any) -> Any:
        schema = config.current_config().test_schema
        return connection.execution_options(schema_translate_map={"alt_schema": schema})

    @testing.combinations((True,), (False,), argnames="implicit_returning")
    @requires.schemas
    def test_insert_roundtrip_translate(self, connection: Any, implicit_returning: bool) -> None:
        name = "implicit" if implicit_returning else "no_implicit"
        t = self.elsewhere.tables[f"alt_schema.seq_{name}_returning"]
        connection = self._translated(connection)
        self.elsewhere.create_all(connection)
        try:
            connection.execute(t.insert(), {"data": "some data"})
            self._assert_round_trip(t, connection)
        finally:
            self.elsewhere.drop_all(connection)

    @requires.schemas
    def test_nextval_direct_schema_translate(self, connection: Any) -> None:
        sequence = _sequence("noret_id_seq", schema="alt_schema")
        connection = self._translated(connection)
        sequence.create(connection)
        try:
            eq_(connection.scalar(sequence), connection.dialect.default_sequence_base)
        finally:
            sequence.drop(connection)


class HasSequenceTest(fixtures.TablesTest):
    """Sequences are found in the catalogue."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sequences",)
    run_deletes: ClassVar[str | None] = None

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        _sequence("user_id_seq", metadata=metadata)
        _sequence("other_seq", metadata=metadata, nomaxvalue=True, nominvalue=True)
        if config.requirements_in_use().schemas.enabled:
            schema = config.current_config().test_schema
            _sequence("user_id_seq", metadata=metadata, schema=schema)
            _sequence("schema_seq", metadata=metadata, schema=schema)
        Table("user_id_table", metadata, Column("id", Integer, primary_key=True, autoincrement=False))

    def test_has_sequence(self, connection: Any) -> None:
        is_true(inspect(connection).has_sequence("user_id_seq"))

    def test_has_sequence_cache(self, connection: Any, metadata: Any) -> None:
        """An inspector keeps its answer until its cache is cleared."""
        inspector = inspect(connection)
        is_false(inspector.has_sequence("new_seq"))
        _sequence("new_seq", metadata=metadata)
        metadata.create_all(connection)
        is_false(inspector.has_sequence("new_seq"))
        inspector.clear_cache()
        is_true(inspector.has_sequence("new_seq"))

    def test_has_sequence_other_object(self, connection: Any) -> None:
        is_false(inspect(connection).has_sequence("user_id_table"))

    @requires.schemas
    def test_has_sequence_schema(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        is_true(inspect(connection).has_sequence("user_id_seq", schema=schema))

    def test_has_sequence_neg(self, connection: Any) -> None:
        is_false(inspect(connection).has_sequence("some_sequence"))

    @requires.schemas
    def test_has_sequence_schemas_neg(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        is_false(inspect(connection).has_sequence("some_sequence", schema=schema))

    @requires.schemas
    def test_has_sequence_default_not_in_remote(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        is_false(inspect(connection).has_sequence("other_seq", schema=schema))

    @requires.schemas
    def test_has_sequence_remote_not_in_default(self, connection: Any) -> None:
        is_false(inspect(connection).has_sequence("schema_seq"))

    def test_get_sequence_names(self, connection: Any) -> None:
        names = set(inspect(connection).get_sequence_names())
        eq_(names & {"user_id_seq", "other_seq", "schema_seq"}, {"user_id_seq", "other_seq"})

    @requires.schemas
    def test_get_sequence_names_no_sequence_schema(self, connection: Any) -> None:
        schema = config.current_config().test_schema_2
        if schema not in inspect(connection).get_schema_names():
            config.skip_test(f"no schema {schema}")
        eq_(inspect(connection).get_sequence_names(schema=schema), [])

    @requires.schemas
    def test_get_sequence_names_sequences_schema(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        eq_(sorted(inspect(connection).get_sequence_names(schema=schema)), ["schema_seq", "user_id_seq"])


class HasSequenceTestEmpty(fixtures.TestBase):
    """No sequences: an empty list."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sequences",)

    def test_get_sequence_names_no_sequence(self, connection: Any) -> None:
        eq_(inspect(connection).get_sequence_names(), [])


class SequenceCompilerTest(fixtures.TestBase):
    """A sequence's next value is written into INSERT and SELECT as the database calls it."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sequences",)

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
