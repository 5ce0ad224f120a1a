"""The dialect itself: errors, parameters, isolation, savepoints, ping, arguments of its visitors."""

from __future__ import annotations

import inspect as _inspect
from typing import Any

from relvar import Integer, String, bindparam, column, event, exc, literal, literal_column, select, table
from relvar.testing import config, eq_, expect_raises, fixtures, in_, ne_, provision, requires
from relvar.testing.schema import Column, Table


class PingTest(fixtures.TestBase):
    """A live connection answers, a closed one is recognised."""

    __backend__ = True

    def test_do_ping(self) -> None:
        with config.db.connect() as connection:
            assert config.db.dialect.do_ping(connection.connection.dbapi_connection)

    def test_initialized(self) -> None:
        with config.db.connect() as connection:
            eq_(connection.scalar(select(literal_column("1"))), 1)
        assert config.db.dialect.server_version_info is not None


class ArgSignatureTest(fixtures.TestBase):
    """Every visitor of the compilers takes ``**kw``: later versions hand on more."""

    __backend__ = True

    def test_all_visit_methods_accept_kw(self) -> None:
        dialect = config.db.dialect
        missing = []
        for cls in (dialect.statement_compiler, dialect.ddl_compiler, dialect.type_compiler_cls):
            for name in dir(cls):
                if name.startswith("visit_"):
                    parameters = _inspect.signature(getattr(cls, name)).parameters.values()
                    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
                        missing.append(f"{cls.__name__}.{name}")
        eq_(missing, [])


class ExceptionTest(fixtures.TablesTest):
    """The driver's errors come as relvar's."""

    __backend__ = True
    run_deletes = "each"

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "manual_pk",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )

    @requires.duplicate_key_raises_integrity_error
    def test_integrity_error(self) -> None:
        t = self.tables.manual_pk
        with config.db.connect() as connection:
            transaction = connection.begin()
            connection.execute(t.insert(), {"id": 1, "data": "d1"})
            with expect_raises(exc.IntegrityError):
                connection.execute(t.insert(), {"id": 1, "data": "d1"})
            transaction.rollback()

    def test_exception_with_non_ascii(self) -> None:
        with config.db.connect() as connection:
            with expect_raises(exc.DBAPIError) as caught:
                connection.execute(select(literal_column("méil")))
            in_("méil", str(caught.error))
            connection.rollback()

    def test_is_no_disconnect(self) -> None:
        """A wrong statement does not end the connection."""
        with config.db.connect() as connection:
            with expect_raises(exc.DBAPIError) as caught:
                connection.exec_driver_sql("SELECT * FROM no_such_table_anywhere")
            assert not caught.error.connection_invalidated
            connection.rollback()
            eq_(connection.scalar(select(literal(1))), 1)


class IsolationLevelTest(fixtures.TestBase):
    """Isolation levels are set per connection and fall back to the default."""

    __backend__ = True
    __requires__ = ("isolation_level",)

    def _levels(self) -> Any:
        levels = config.requirements_in_use().get_isolation_levels(config.current_config())
        others = [each for each in levels["supported"] if each not in (levels["default"], "AUTOCOMMIT")]
        if not others:
            config.skip_test("only one isolation level")
        return levels["default"], others

    def test_default_isolation_level(self) -> None:
        default, _ = self._levels()
        with config.db.connect() as connection:
            eq_(connection.get_isolation_level(), default)

    def test_non_default_isolation_level(self) -> None:
        default, others = self._levels()
        for level in others:
            with config.db.connect() as connection:
                connection.execution_options(isolation_level=level)
                ne_(connection.get_isolation_level(), default)
        with config.db.connect() as connection:
            eq_(connection.get_isolation_level(), default)

    def test_dialect_user_setting_is_restored(self, testing_engine: Any) -> None:
        default, others = self._levels()
        engine = testing_engine(options={"isolation_level": others[0]})
        with engine.connect() as connection:
            chosen = connection.get_isolation_level()
            connection.execution_options(isolation_level=default)
            eq_(connection.get_isolation_level(), default)
        with engine.connect() as connection:
            eq_(connection.get_isolation_level(), chosen)

    def test_invalid_level_execution_option(self, connection_no_trans: Any) -> None:
        with expect_raises(exc.ArgumentError):
            connection_no_trans.execution_options(isolation_level="FOO")


class AutocommitIsolationTest(fixtures.TablesTest):
    """AUTOCOMMIT: what is sent stays."""

    __backend__ = True
    __requires__ = ("autocommit",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("some_table", metadata, Column("id", Integer, primary_key=True, autoincrement=False))

    def test_autocommit_on(self) -> None:
        t = self.tables.some_table
        with config.db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(t.insert(), {"id": 1})
            connection.rollback()
            eq_(connection.scalar(select(t.c.id)), 1)

    def test_autocommit_off(self) -> None:
        t = self.tables.some_table
        with config.db.connect() as connection:
            connection.execute(t.insert(), {"id": 1})
            connection.rollback()
            eq_(connection.scalar(select(t.c.id)), None)


class TransactionTest(fixtures.TablesTest):
    """Commit, rollback and savepoints."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("some_table", metadata, Column("id", Integer, primary_key=True, autoincrement=False))

    def _ids(self) -> Any:
        t = self.tables.some_table
        with config.db.connect() as connection:
            return connection.scalars(select(t.c.id).order_by(t.c.id)).all()

    def test_commit_and_rollback(self) -> None:
        t = self.tables.some_table
        with config.db.connect() as connection:
            connection.execute(t.insert(), {"id": 1})
            connection.commit()
            connection.execute(t.insert(), {"id": 2})
            connection.rollback()
        eq_(self._ids(), [1])

    @requires.savepoints
    def test_savepoints(self) -> None:
        t = self.tables.some_table
        with config.db.begin() as connection:
            connection.execute(t.insert(), {"id": 1})
            with connection.begin_nested():
                connection.execute(t.insert(), {"id": 2})
                inner = connection.begin_nested()
                connection.execute(t.insert(), {"id": 3})
                inner.rollback()
            connection.execute(t.insert(), {"id": 4})
        eq_(self._ids(), [1, 2, 4])

    @requires.two_phase_transactions
    def test_two_phase(self) -> None:
        t = self.tables.some_table
        with config.db.connect() as connection:
            transaction = connection.begin_twophase()
            connection.execute(t.insert(), {"id": 1})
            transaction.prepare()
            transaction.commit()
            transaction = connection.begin_twophase()
            connection.execute(t.insert(), {"id": 2})
            transaction.rollback()
        eq_(self._ids(), [1])


class EscapingTest(fixtures.TestBase):
    """Percent signs in text and in operators."""

    __backend__ = True

    def test_percent_sign_round_trip(self, connection: Any, metadata: Any) -> None:
        t = Table("t", metadata, Column("data", String(50)))
        t.create(connection)
        for value in ("some % value", "some %% other value", "%s", "%(data)s"):
            connection.execute(t.insert(), {"data": value})
            eq_(
                connection.scalar(select(t.c.data).where(t.c.data == literal(value, literal_execute=True))),
                value,
            )
            eq_(connection.scalar(t.select().where(t.c.data == literal_column(f"'{value}'"))), value)


class DifficultParametersTest(fixtures.TestBase):
    """Parameters of any name."""

    __backend__ = True
    NAMES = (
        "per % cent",
        "per cent",
        "%percent",
        "par(ens)",
        "per.cent",
        "q?marks",
        "a:colon",
        "sl/ash",
        "[br]",
        "1st",
        "więcej",
        "a-b",
        "a;b",
    )

    def test_standalone_bindparam_escape(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", String(50)),
        )
        t.create(connection)
        connection.execute(t.insert(), {"id": 1, "x": "found"})
        for name in self.NAMES:
            stmt = select(t.c.id).where(t.c.x == bindparam(name, value="x"))
            eq_(connection.scalar(stmt, {name: "found"}), 1)

    def test_standalone_bindparam_escape_expanding(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", String(50)),
        )
        t.create(connection)
        connection.execute(t.insert(), {"id": 1, "x": "found"})
        for name in self.NAMES:
            stmt = select(t.c.id).where(t.c.x.in_(bindparam(name, value=["x"])))
            eq_(connection.scalar(stmt, {name: ["found", "other"]}), 1)

    @requires.unusual_column_name_characters
    def test_round_trip_same_named_column(self, connection: Any, metadata: Any) -> None:
        for number, name in enumerate(self.NAMES):
            if "%" in name and not config.requirements_in_use().percent_schema_names.enabled:
                continue
            t = Table(
                f"odd_{number}",
                metadata,
                Column("id", Integer, primary_key=True, autoincrement=False),
                Column(name, String(50), nullable=False),
            )
            t.create(connection)
            connection.execute(t.insert(), {"id": 1, name: "some name"})
            eq_(connection.scalar(select(t.c[name]).where(t.c[name] == "some name")), "some name")
            connection.execute(t.update().values({name: "new"}))
            eq_(connection.execute(select(table(t.name, column(name)))).first()._mapping[name], "new")


class WeCanSetDefaultSchemaWEventsTest(fixtures.TestBase):
    """A listener can choose the default schema before the dialect asks for it."""

    __backend__ = True
    __requires__ = ("default_schema_name_switch",)

    def test_wont_work_wo_insert(self, testing_engine: Any) -> None:
        engine = testing_engine()
        schema = config.current_config().test_schema

        @event.listens_for(engine, "connect", insert=True)
        def choose(dbapi_connection: Any, record: Any) -> None:
            provision.set_default_schema_on_connection(config.current_config(), dbapi_connection, schema)

        with engine.connect() as connection:
            eq_(connection.dialect.default_schema_name, schema)


class FutureWeCanSetDefaultSchemaWEventsTest(fixtures.FutureEngineMixin, WeCanSetDefaultSchemaWEventsTest):
    """The same, under the name of SQLAlchemy 1.4."""
