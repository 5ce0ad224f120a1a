"""The dialect itself: errors, parameters, isolation, savepoints, ping, arguments of its visitors."""

from __future__ import annotations

import inspect as _inspect
from typing import Any, ClassVar

from relvar import (
    Integer,
    String,
    bindparam,
    column,
    event,
    exc,
    literal,
    literal_column,
    select,
    table,
    testing,
)
from relvar.testing import (
    config,
    engines,
    eq_,
    expect_raises,
    expect_raises_message,
    fixtures,
    in_,
    ne_,
    provision,
    requires,
)
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
    run_deletes: ClassVar[str | None] = "each"

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
    __requires__: ClassVar[tuple[str]] = ("isolation_level",)

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
            eq_(connection.default_isolation_level, default)

    def test_non_default_isolation_level(self) -> None:
        default, others = self._levels()
        with config.db.connect() as connection:
            connection.execution_options(isolation_level=others[0])
            ne_(connection.get_isolation_level(), default)
            connection.dialect.reset_isolation_level(connection.connection.dbapi_connection)
            eq_(connection.get_isolation_level(), default)

    @requires.get_isolation_level_values
    def test_all_levels(self) -> None:
        """Each level can be set and is what is read then."""
        default, _ = self._levels()
        levels = config.requirements_in_use().get_isolation_levels(config.current_config())["supported"]
        for level in levels:
            with config.db.connect() as connection:
                connection.execution_options(isolation_level=level)
                if level != "AUTOCOMMIT":  # some drivers know it, not the server
                    eq_(connection.get_isolation_level(), level)
            with config.db.connect() as connection:
                eq_(connection.get_isolation_level(), default)

    @requires.get_isolation_level_values
    @requires.dialect_level_isolation_level_param
    def test_invalid_level_engine_param(self, testing_engine: Any) -> None:
        engine = testing_engine(options={"isolation_level": "FOO"})
        with expect_raises_message(exc.ArgumentError, self._refusal("isolation_level")):
            engine.connect()

    def _refusal(self, name: str) -> str:
        levels = config.requirements_in_use().get_isolation_levels(config.current_config())["supported"]
        return (
            f"Invalid value 'FOO' for {name}. Valid isolation levels for '{config.db.dialect.name}' are "
            f"{', '.join(levels)}"
        )

    @requires.dialect_level_isolation_level_param
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
        with expect_raises_message(exc.ArgumentError, self._refusal("isolation_level")):
            connection_no_trans.execution_options(isolation_level="FOO")


class AutocommitIsolationTest(fixtures.TablesTest):
    """AUTOCOMMIT: what is sent stays."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("autocommit",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
            test_needs_acid=True,
        )

    def _test_conn_autocommits(self, conn: Any, autocommit: bool, ensure_table: bool = False) -> None:
        """Insert a row and roll back: it is there or not."""
        t = self.tables.some_table
        if ensure_table:
            t.create(conn, checkfirst=True)
            conn.commit()
        transaction = conn.begin()
        conn.execute(t.insert(), {"id": 1, "data": "some data"})
        transaction.rollback()
        eq_(conn.scalar(select(t.c.id)), 1 if autocommit else None)
        conn.rollback()
        with conn.begin():
            conn.execute(t.delete())

    def test_autocommit_on(self, connection_no_trans: Any) -> None:
        conn = connection_no_trans
        conn.execution_options(isolation_level="AUTOCOMMIT")
        self._test_conn_autocommits(conn, True)
        conn.dialect.reset_isolation_level(conn.connection.dbapi_connection)
        self._test_conn_autocommits(conn, False)

    def test_autocommit_off(self, connection_no_trans: Any) -> None:
        self._test_conn_autocommits(connection_no_trans, False)

    def test_turn_autocommit_off_via_default_iso_level(self, connection_no_trans: Any) -> None:
        conn = connection_no_trans
        conn = conn.execution_options(isolation_level="AUTOCOMMIT")
        self._test_conn_autocommits(conn, True)
        levels = config.requirements_in_use().get_isolation_levels(config.current_config())
        conn.execution_options(isolation_level=levels["default"])
        self._test_conn_autocommits(conn, False)

    @requires.dialect_level_isolation_level_param
    @testing.variation("use_dialect_setting", [True, False])
    def test_dialect_autocommit_is_restored(self, testing_engine: Any, use_dialect_setting: Any) -> None:
        """What create_engine() says is what a connection goes back to."""
        levels = config.requirements_in_use().get_isolation_levels(config.current_config())
        if use_dialect_setting:
            engine = testing_engine(options={"isolation_level": "AUTOCOMMIT"})
        else:
            engine = testing_engine().execution_options(isolation_level="AUTOCOMMIT")
        for _ in range(2):
            with engine.connect() as conn:
                self._test_conn_autocommits(conn, True, ensure_table=True)
                conn.execution_options(isolation_level=levels["default"])
                self._test_conn_autocommits(conn, False, ensure_table=True)

    @requires.skip_autocommit_rollback
    @testing.variation("autocommit_setting", ["dialect_level", "engine_level", "option"])
    @testing.variation("block_rollback", [True, False])
    def test_autocommit_block(
        self, testing_engine: Any, autocommit_setting: Any, block_rollback: Any
    ) -> None:
        """Under AUTOCOMMIT the driver's rollback() is left out where the engine was told so."""
        options: dict[str, Any] = {"skip_autocommit_rollback": bool(block_rollback)}
        if autocommit_setting.dialect_level:
            options["isolation_level"] = "AUTOCOMMIT"
        engine = testing_engine(options=options)
        if autocommit_setting.engine_level:
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            if autocommit_setting.option:
                conn.execution_options(isolation_level="AUTOCOMMIT")
            dbapi_connection = conn.connection.dbapi_connection
            seen = []

            class Watched:
                def __getattr__(self, name: str) -> Any:
                    if name == "rollback":
                        seen.append(name)
                    return getattr(dbapi_connection, name)

            engine.dialect.do_rollback(Watched())
            eq_(seen, [] if block_rollback else ["rollback"])


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


_TOUGH_NAMES = (
    "boring",
    "per cent",
    "per % cent",
    "%percent",
    "par(ens)",
    "percent%(ens)yah",
    "col:ons",
    "_starts_with_underscore",
    "dot.s",
    "more :: %colons%",
    "_name",
    "___name",
    "[BracketsAndCase]",
    "42numbers",
    "percent%signs",
    "has spaces",
    "/slashes/",
    "more/slashes",
    "q?marks",
    "1param",
    "1col:on",
    "więcej",
    "a-b;c",
)


class DifficultParametersTest(fixtures.TablesTest):
    """Parameters of any name, columns of any name."""

    __backend__ = True
    tough_parameters: Any = testing.combinations(*_TOUGH_NAMES, argnames="paramname")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        rules = config.requirements_in_use()
        names = [name for name in _TOUGH_NAMES if "%" not in name or rules.percent_schema_names.enabled]
        if not rules.unusual_column_name_characters.enabled:
            names = []
        key = Column("id", Integer, primary_key=True, autoincrement=False)
        Table("tough", metadata, key, *(Column(name, String(50)) for name in names))
        Table(
            "multirow",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )

    @config.fixture()
    def multirow_fixture(self, connection: Any) -> Any:
        """A table of five rows."""
        t = self.tables.multirow
        connection.execute(t.insert(), [{"id": n, "data": f"d{n}"} for n in range(1, 6)])
        return t

    @tough_parameters
    @requires.unusual_column_name_characters
    def test_round_trip_same_named_column(self, paramname: str, connection: Any) -> None:
        t = self.tables.tough
        if paramname not in t.c:
            config.skip_test("no percent_schema_names")
        connection.execute(t.insert(), {"id": 1, paramname: "some name"})
        eq_(connection.scalar(select(t.c[paramname]).where(t.c[paramname] == "some name")), "some name")
        eq_(connection.scalar(select(t.c.id).where(t.c[paramname].in_(["some name", "other"]))), 1)
        connection.execute(t.update().values({paramname: "new"}).where(t.c[paramname] == "some name"))
        row = connection.execute(select(table("tough", column(paramname)))).first()
        eq_(row._mapping[paramname], "new")
        connection.execute(t.insert(), [{"id": n, paramname: f"n{n}"} for n in (2, 3)])
        eq_(connection.scalars(select(t.c[paramname]).order_by(t.c.id)).all(), ["new", "n2", "n3"])

    @tough_parameters
    def test_standalone_bindparam_escape(
        self, paramname: str, connection: Any, multirow_fixture: Any
    ) -> None:
        t = multirow_fixture
        stmt = select(t.c.id).where(t.c.data == bindparam(paramname, value="x"))
        eq_(connection.scalar(stmt, {paramname: "d3"}), 3)
        eq_(connection.scalar(stmt), None)

    @tough_parameters
    def test_standalone_bindparam_escape_expanding(
        self, paramname: str, connection: Any, multirow_fixture: Any
    ) -> None:
        t = multirow_fixture
        stmt = select(t.c.id).where(t.c.data.in_(bindparam(paramname, value=["d1", "d2"]))).order_by(t.c.id)
        eq_(connection.scalars(stmt).all(), [1, 2])
        eq_(connection.scalars(stmt, {paramname: ["d4", "d5", "d9"]}).all(), [4, 5])


class ReturningGuardsTest(fixtures.TablesTest):
    """RETURNING is refused, not ignored, where the dialect does not have it."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )

    @config.fixture()
    def run_stmt(self, connection: Any) -> Any:
        """A function that runs a statement: rows come, or an error that says what is missing."""

        def run(stmt: Any, executemany: bool, id_param_name: str, expect_success: bool) -> None:
            t = self.tables.t
            keys = [1, 2, 3] if executemany else [1]
            if not stmt.is_insert:
                connection.execute(t.insert(), [{"id": n, "data": f"d{n}"} for n in keys])
            parameters: Any = [{id_param_name: n, "data": f"d{n}"} for n in keys]
            if stmt.is_delete:
                parameters = [{id_param_name: n} for n in keys]
            if not executemany:
                parameters = parameters[0]
            if expect_success:
                eq_(connection.execute(stmt, parameters).all(), [(n,) for n in keys])
                return
            if not executemany:
                # the server, or the dialect's compiler, refuses
                with expect_raises((exc.StatementError, exc.CompileError)):
                    connection.execute(stmt, parameters)
                return
            verb = "INSERT" if stmt.is_insert else "DELETE" if stmt.is_delete else "UPDATE"
            with expect_raises_message(
                exc.StatementError,
                rf"Dialect .* with current server capabilities does not support {verb}..RETURNING "
                "when executemany is used",
            ):
                connection.execute(stmt, parameters)

        return run

    def _able(self, flag: str) -> bool:
        return bool(getattr(config.db.dialect, flag))

    def test_insert_single(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        run_stmt(t.insert().returning(t.c.id), False, "id", self._able("insert_returning"))

    def test_insert_many(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        run_stmt(t.insert().returning(t.c.id), True, "id", self._able("insert_executemany_returning"))

    def test_update_single(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        stmt = t.update().where(t.c.id == bindparam("b_id")).returning(t.c.id)
        run_stmt(stmt, False, "b_id", self._able("update_returning"))

    def test_update_many(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        stmt = t.update().where(t.c.id == bindparam("b_id")).returning(t.c.id)
        run_stmt(stmt, True, "b_id", self._able("update_executemany_returning"))

    def test_delete_single(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        stmt = t.delete().where(t.c.id == bindparam("b_id")).returning(t.c.id)
        run_stmt(stmt, False, "b_id", self._able("delete_returning"))

    def test_delete_many(self, connection: Any, run_stmt: Any) -> None:
        t = self.tables.t
        stmt = t.delete().where(t.c.id == bindparam("b_id")).returning(t.c.id)
        run_stmt(stmt, True, "b_id", self._able("delete_executemany_returning"))


class WeCanSetDefaultSchemaWEventsTest(fixtures.TestBase):
    """A listener can choose the default schema before the dialect asks for it."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("default_schema_name_switch",)

    def _switching(self, testing_engine: Any, **listen: Any) -> Any:
        """Make an engine with a listener that goes to another schema; return both."""
        engine = testing_engine()
        schema = config.current_config().test_schema

        def choose(dbapi_connection: Any, record: Any) -> None:
            provision.set_default_schema_on_connection(config.current_config(), dbapi_connection, schema)

        event.listen(engine, "connect", choose, **listen)
        return engine, schema

    def test_control_case(self) -> None:
        """Without a listener there is the default schema."""
        name = config.db.dialect.default_schema_name
        engine = engines.testing_engine()
        with engine.connect():
            eq_(engine.dialect.default_schema_name, name)

    def test_wont_work_wo_insert(self) -> None:
        """A listener that comes after the dialect's own questions changes no answers."""
        name = config.db.dialect.default_schema_name
        engine, schema = self._switching(engines.testing_engine)
        with engine.connect() as connection:
            eq_(engine.dialect.default_schema_name, name)
            eq_(connection.dialect._get_default_schema_name(connection), schema)

    def test_schema_change_on_connect(self) -> None:
        engine, schema = self._switching(engines.testing_engine, insert=True)
        with engine.connect() as connection:
            eq_(engine.dialect.default_schema_name, schema)
            eq_(connection.dialect._get_default_schema_name(connection), schema)

    def test_schema_change_works_w_transactions(self) -> None:
        """The choice outlasts the end of a transaction."""
        engine, schema = self._switching(engines.testing_engine, insert=True)
        with engine.connect() as connection:
            transaction = connection.begin()
            eq_(connection.dialect._get_default_schema_name(connection), schema)
            transaction.rollback()
            eq_(connection.dialect._get_default_schema_name(connection), schema)
        eq_(engine.dialect.default_schema_name, schema)


class FutureWeCanSetDefaultSchemaWEventsTest(fixtures.FutureEngineMixin, WeCanSetDefaultSchemaWEventsTest):
    """The same, under the name of SQLAlchemy 1.4."""
