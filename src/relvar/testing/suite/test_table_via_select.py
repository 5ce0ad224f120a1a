"""Tables and views made from a SELECT."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import Integer, MetaData, String, bindparam, exc, inspect, literal, select, testing, union
from relvar.schema import CreateTableAs, CreateView, DropView
from relvar.testing import config, eq_, expect_raises, fixtures, in_, not_in, requires
from relvar.testing.provision import get_temp_table_name
from relvar.testing.schema import Column, Table

_ROWS = [(1, "alice"), (2, "bob"), (3, "charlie")]

_KINDS = testing.combinations(
    ("table", requires.create_table_as), ("view", requires.views), argnames="table_type"
)


class TableViaSelectTest(fixtures.TablesTest):
    """CREATE TABLE AS, CREATE VIEW, with and without MetaData, schemas, parameters."""

    __backend__ = True
    run_inserts: ClassVar[str | None] = "once"
    run_deletes: ClassVar[str | None] = None

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
        return {"source_table": [("id", "name"), *_ROWS]}

    @config.fixture(autouse=True)
    def drop_dest_table(self, connection: Any) -> Any:
        """Drop what the tests make, views first."""
        yield
        connection.rollback()
        schemas: list[str | None] = [None]
        if config.requirements_in_use().schemas.enabled:
            schemas.append(config.current_config().test_schema)
        for schema in schemas:
            inspector = inspect(connection)
            views = config.requirements_in_use().views.enabled
            names = inspector.get_view_names(schema=schema) if views else []
            for name in sorted(names, reverse=True):
                if name.startswith("dest_"):
                    connection.execute(DropView(Table(name, MetaData(), schema=schema)))
            for name in inspector.get_table_names(schema=schema):
                if name.startswith("dest_"):
                    Table(name, MetaData(), schema=schema).drop(connection)
        connection.commit()

    @config.fixture()
    def temp_table_name(self) -> str:
        """What a temporary table is called."""
        return str(get_temp_table_name(config.current_config(), config.db, "dest_temp"))

    @config.fixture()
    def temp_view_name(self) -> str:
        """What a temporary view is called."""
        return "dest_temp_view"

    def _made(self, connection: Any, stmt: Any, kind: str, name: str = "dest_made", **options: Any) -> Any:
        """Make a table or view of a SELECT; return it as a table."""
        made = (CreateView if kind == "view" else CreateTableAs)(stmt, name, **options)
        connection.execute(made)
        return made.table

    def _source(self) -> Any:
        t = self.tables.source_table
        return t, select(t.c.id, t.c.name)

    @testing.combinations(
        ("table", False, False, False, requires.create_table_as),
        ("temporary table", True, False, False, requires.create_temp_table_as),
        ("table in a schema", False, True, False, requires.create_table_as, requires.schemas),
        ("view", False, False, True, requires.views),
        ("temporary view", True, False, True, requires.temporary_views),
        ("view in a schema", False, True, True, requires.views, requires.schemas),
        argnames="use_temp, use_schemas, use_view",
        id_="iaaa",
    )
    def test_without_metadata(
        self,
        connection: Any,
        use_temp: bool,
        use_schemas: bool,
        use_view: bool,
        temp_table_name: str,
        temp_view_name: str,
    ) -> None:
        t, stmt = self._source()
        options: dict[str, Any] = {}
        if use_schemas:
            options["schema"] = config.current_config().test_schema
        if use_temp:
            options["temporary"] = True
        name = (temp_view_name if use_view else temp_table_name) if use_temp else "dest_made"
        stmt, expected = stmt.where(t.c.id > 1), _ROWS[1:]
        if use_view and use_schemas:
            # a view may see the tables of its own schema only
            stmt, expected = select(literal(2).label("id"), literal("bob").label("name")), [(2, "bob")]
        made = self._made(connection, stmt, "view" if use_view else "table", name, **options)
        eq_(connection.execute(select(made).order_by(made.c.id)).all(), expected)
        eq_([column.name for column in made.c], ["id", "name"])
        if not use_temp:
            inspector = inspect(connection)
            names = inspector.get_view_names if use_view else inspector.get_table_names
            in_("dest_made", names(schema=options.get("schema")))
        if use_temp:
            connection.execute(DropView(made)) if use_view else made.drop(connection)

    @testing.combinations(
        ("table", False, requires.create_table_as),
        ("table", True, requires.create_temp_table_as),
        ("view", False, requires.views),
        argnames="table_type, use_temp",
    )
    @testing.variation("use_drop_all", [True, False])
    def test_with_metadata(
        self,
        connection: Any,
        metadata: Any,
        use_temp: bool,
        table_type: str,
        use_drop_all: Any,
        temp_table_name: str,
    ) -> None:
        """Of a MetaData, it comes and goes with the others."""
        t, stmt = self._source()
        name = temp_table_name if use_temp else "dest_meta"
        options: dict[str, Any] = {"metadata": metadata}
        if use_temp:
            options["temporary"] = True
        made = (CreateView if table_type == "view" else CreateTableAs)(stmt, name, **options)
        in_(name, metadata.tables)
        metadata.create_all(connection)
        eq_(connection.execute(select(made.table).order_by(made.table.c.id)).all(), _ROWS)
        if use_drop_all:
            metadata.drop_all(connection)
        else:
            made.table.drop(connection)
        inspector = inspect(connection)
        not_in(name, inspector.get_table_names())
        if table_type == "view":
            not_in(name, inspector.get_view_names())

    @_KINDS
    def test_with_labels(self, connection: Any, table_type: str) -> None:
        t, _ = self._source()
        stmt = select(t.c.id.label("user_id"), (t.c.name + "!").label("user_name")).where(t.c.id == 2)
        made = self._made(connection, stmt, table_type)
        eq_([column.name for column in made.c], ["user_id", "user_name"])
        eq_(connection.execute(select(made.c.user_name, made.c.user_id)).all(), [("bob!", 2)])

    @_KINDS
    def test_with_bind_param_executes(self, connection: Any, table_type: str) -> None:
        t, stmt = self._source()
        made = self._made(connection, stmt.where(t.c.name == bindparam("who", "alice")), table_type)
        eq_(connection.execute(select(made)).all(), [_ROWS[0]])

    @_KINDS
    def test_literal_inlining_inside_select(self, connection: Any, table_type: str) -> None:
        t, _ = self._source()
        stmt = select((t.c.id + 1).label("more"), literal("it's 5 %").label("word")).where(t.c.id == 1)
        made = self._made(connection, stmt, table_type)
        eq_(connection.execute(select(made)).all(), [(2, "it's 5 %")])

    @_KINDS
    def test_compound_select_smoke(self, connection: Any, table_type: str) -> None:
        t, stmt = self._source()
        made = self._made(connection, union(stmt.where(t.c.id == 1), stmt.where(t.c.id == 3)), table_type)
        eq_(connection.scalars(select(made.c.name).order_by(made.c.id)).all(), ["alice", "charlie"])

    @requires.create_table_as
    @requires.table_ddl_if_exists
    def test_create_table_as_if_not_exists(self, connection: Any) -> None:
        t, stmt = self._source()
        for where in (t.c.id == 1, t.c.id == 2):
            made = self._made(connection, stmt.where(where), "table", if_not_exists=True)
        eq_(connection.scalars(select(made.c.id)).all(), [1])

    @requires.create_or_replace_view
    def test_create_or_replace_view(self, connection: Any) -> None:
        t, stmt = self._source()
        made = self._made(connection, stmt.where(t.c.id == 1), "view")
        eq_(connection.scalars(select(made.c.id)).all(), [1])
        made = self._made(connection, stmt.where(t.c.id > 1), "view", or_replace=True)
        eq_(connection.scalars(select(made.c.id).order_by(made.c.id)).all(), [2, 3])

    @requires.materialized_views
    @testing.variation("use_metadata", [True, False])
    def test_create_drop_materialized_view(self, connection: Any, use_metadata: Any) -> None:
        _, stmt = self._source()
        metadata = MetaData() if use_metadata else None
        made = CreateView(stmt, "dest_mat_view", materialized=True, metadata=metadata)
        if metadata is None:
            connection.execute(made)
        else:
            metadata.create_all(connection)
        in_("dest_mat_view", inspect(connection).get_materialized_view_names())
        eq_(len(connection.execute(select(made.table)).all()), 3)
        if metadata is None:
            connection.execute(DropView(made.table, materialized=True))
        else:
            metadata.drop_all(connection)
        not_in("dest_mat_view", inspect(connection).get_materialized_view_names())

    @requires.views
    def test_view_dependencies_with_metadata(self, connection: Any, metadata: Any) -> None:
        """A view of a view is made after it and dropped before it."""
        _, stmt = self._source()
        first = CreateView(stmt, "dest_view_1", metadata=metadata).table
        second = CreateView(select(first.c.id, first.c.name), "dest_view_2", metadata=metadata).table
        third = CreateView(
            select(second.c.name).where(second.c.id == 2), "dest_view_0", metadata=metadata
        ).table
        metadata.create_all(connection)
        eq_(connection.scalars(select(third)).all(), ["bob"])
        metadata.drop_all(connection)
        for table in (first, second, third):
            not_in(table.name, inspect(connection).get_view_names())

    @requires.views
    def test_a_view_is_made_once(self, connection: Any) -> None:
        """A second one of the name is an error; relvar's own."""
        _, stmt = self._source()
        self._made(connection, stmt, "view")
        if config.requirements_in_use().savepoints.enabled:
            with expect_raises(exc.DBAPIError), connection.begin_nested():
                self._made(connection, stmt, "view")
