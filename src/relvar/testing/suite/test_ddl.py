"""CREATE and DROP of tables and indexes, comments, long names."""

from __future__ import annotations

from typing import Any

from relvar import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    inspect,
    schema,
    select,
    testing,
)
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
        for _ in range(2):
            connection.execute(schema.CreateTable(t, if_not_exists=True))
        is_true(self._has(connection))

    @requires.table_ddl_if_exists
    def test_create_table_if_not_exists_via_create(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        for _ in range(2):
            t.create(connection, checkfirst=True)
        is_true(self._has(connection))

    @requires.table_ddl_if_exists
    def test_drop_table_if_exists(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection)
        for _ in range(2):
            connection.execute(schema.DropTable(t, if_exists=True))
            is_false(self._has(connection))

    @requires.table_ddl_if_exists
    def test_drop_table_if_exists_via_drop(self, connection: Any, metadata: Any) -> None:
        t = self._table(metadata)
        t.create(connection)
        for _ in range(2):
            t.drop(connection, checkfirst=True)
            is_false(self._has(connection))

    def _index(self, metadata: Any) -> Any:
        return Index("test_index", self._table(metadata).c._data)

    def _indexes(self, connection: Any) -> list[str]:
        return [each["name"] for each in inspect(connection).get_indexes("test_table")]

    @requires.index_ddl_if_exists
    def test_create_index_if_not_exists(self, connection: Any, metadata: Any) -> None:
        index = self._index(metadata)
        connection.execute(schema.CreateTable(index.table))
        for _ in range(2):
            connection.execute(schema.CreateIndex(index, if_not_exists=True))
            eq_(self._indexes(connection), ["test_index"])

    @requires.index_ddl_if_exists
    def test_drop_index_if_exists(self, connection: Any, metadata: Any) -> None:
        index = self._index(metadata)
        index.table.create(connection)
        eq_(self._indexes(connection), ["test_index"])
        for _ in range(2):
            connection.execute(schema.DropIndex(index, if_exists=True))
            eq_(self._indexes(connection), [])

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

    def _foreign_key(self, metadata: Any, t: Any) -> None:
        other = Table("a_things_with_stuff", metadata, Column("id", Integer, primary_key=True))
        t.append_column(Column("aid", ForeignKey(other.c.id)))

    @testing.combinations(
        ("fk", requires.foreign_key_constraint_name_reflection),
        ("pk", requires.primary_key_constraint_reflection, requires.reflects_pk_names),
        ("ix", requires.index_reflection),
        ("ck", requires.check_constraint_reflection),
        ("uq", requires.unique_constraint_reflection),
        argnames="type_",
    )
    def test_long_convention_name(self, type_: str, metadata: Any, connection: Any) -> None:
        convention = "_".join([type_, "%(table_name)s", "%(column_0_N_name)s", "and_more" * 4])
        if type_ == "ck":
            convention = "ck_%(table_name)s_%(constraint_name)s" + "_and_more" * 4
        metadata.naming_convention = {type_: convention}
        columns = [Column(f"a_column_with_a_long_name_{n}", Integer, nullable=False) for n in range(4)]
        t = Table(
            "a_table_with_a_rather_long_name",
            metadata,
            *([] if type_ == "pk" else [Column("id", Integer, primary_key=True)]),
            *columns,
        )
        if type_ == "fk":
            self._foreign_key(metadata, t)
        elif type_ == "pk":
            t.append_constraint(PrimaryKeyConstraint(*columns))
        elif type_ == "ix":
            Index(None, *columns)
        elif type_ == "ck":
            t.append_constraint(CheckConstraint(f"{columns[0].name} > 5", name="a_check_of_a_long_name"))
        else:
            t.append_constraint(UniqueConstraint(*columns))
        metadata.create_all(connection)
        (name,) = self._reflected(inspect(connection), type_, t.name)
        assert name.startswith(f"{type_}_a_table"), name
        assert len(name) <= connection.dialect.max_identifier_length

    def _reflected(self, inspector: Any, type_: str, table: str) -> list[str]:
        if type_ == "pk":
            return [inspector.get_pk_constraint(table)["name"]]
        method = {
            "fk": inspector.get_foreign_keys,
            "ix": inspector.get_indexes,
            "ck": inspector.get_check_constraints,
            "uq": inspector.get_unique_constraints,
        }[type_]
        return [item["name"] for item in method(table) if not item["name"].startswith("PRIMARY")]
