"""
The PostgreSQL dialect, whatever the driver.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from relvar import exc
from relvar.compile.insertmany import InsertmanyvaluesSentinelOpts
from relvar.dialect.characteristics import CONNECTION_CHARACTERISTICS, ConnectionCharacteristic
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.default import DefaultDialect
from relvar.dialect.interface import BindTyping
from relvar.dialects.postgresql.compiler import PGCompiler
from relvar.dialects.postgresql.ddl import PGDDLCompiler, PGTypeCompiler
from relvar.dialects.postgresql.names import PGIdentifierPreparer
from relvar.dialects.postgresql.reflection import PGReflection
from relvar.dialects.postgresql.types import COLSPECS, ISCHEMA_NAMES
from relvar.schema import (
    CheckConstraint,
    Column,
    CreateView,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from relvar.dialects.postgresql.array_elements import ElementKind

_VERSION = re.compile(r".*(?:PostgreSQL|EnterpriseDB) (\d+)\.?(\d+)?(?:\.(\d+))?(?:\.\d+)?(?:devel|beta)?")


class _Readonly(ConnectionCharacteristic):
    """
    ``postgresql_readonly``.
    """

    transactional: ClassVar[bool] = True

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Back to read and write."""
        dialect.set_readonly(dbapi_conn, False)

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Set it."""
        dialect.set_readonly(dbapi_conn, value)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read it."""
        return dialect.get_readonly(dbapi_conn)


class _Deferrable(ConnectionCharacteristic):
    """
    ``postgresql_deferrable``.
    """

    transactional: ClassVar[bool] = True

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Back to not deferrable."""
        dialect.set_deferrable(dbapi_conn, False)

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Set it."""
        dialect.set_deferrable(dbapi_conn, value)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read it."""
        return dialect.get_deferrable(dbapi_conn)


class PGExecutionContext(DefaultExecutionContext):
    """
    One execution on PostgreSQL.
    """

    # The engine knows these hooks: they do not force a context per execution.
    _hooks_are_native = True

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        preparer = self.identifier_preparer
        name = preparer.quote_literal(preparer.format_sequence(seq))
        return self._execute_scalar(f"select nextval({name})", type_)

    def get_insert_default(self, column: Any) -> Any:
        """
        Compute a default; a serial column's comes from its sequence.
        """
        if getattr(column, "primary_key", False) and column is column.table._autoincrement_column:
            if column.server_default is not None and column.server_default.has_argument:
                return self._execute_scalar(f"select {column.server_default.arg}", column.type)
            if column.default is None or (column.default.is_sequence and column.default.optional):
                table = column.table
                name = f"{table.name[0:29]}_{column.name[0:29]}_seq"
                schema = self.connection.schema_for_object(table)
                preparer = self.identifier_preparer
                text = preparer.quote_identifier(name)
                if schema is not None:
                    text = f"{preparer.quote(schema)}.{text}"
                return self._execute_scalar(f"select nextval({preparer.quote_literal(text)})", column.type)
        return super().get_insert_default(column)


# the server ends, was ended, or begins
_NOT_THERE = frozenset({"57P01", "57P02", "57P03"})


class PGDialect(PGReflection, DefaultDialect):  # type: ignore[misc]  # names of arguments differ, as documented
    """
    PostgreSQL.
    """

    name = "postgresql"
    supports_statement_cache = True

    statement_compiler: Any = PGCompiler
    ddl_compiler = PGDDLCompiler
    type_compiler_cls = PGTypeCompiler
    preparer: Any = PGIdentifierPreparer
    execution_ctx_cls = PGExecutionContext
    colspecs: dict[Any, Any] = COLSPECS
    ischema_names = ISCHEMA_NAMES

    default_paramstyle = "pyformat"
    # https://www.postgresql.org/docs/current/limits.html
    max_identifier_length = 63
    bind_typing = BindTyping.RENDER_CASTS
    supports_alter = True
    supports_sane_rowcount = True
    supports_native_enum = True
    supports_native_boolean = True
    supports_native_uuid = True
    supports_smallserial: bool = True
    supports_virtual_generated_columns: bool = True
    supports_sequences = True
    sequences_optional = True
    preexecute_autoincrement_sequences = True
    postfetch_lastrowid = False
    use_insertmanyvalues = True
    insertmanyvalues_implicit_sentinel = (
        InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT
        | InsertmanyvaluesSentinelOpts.USE_INSERT_FROM_SELECT
        | InsertmanyvaluesSentinelOpts.RENDER_SELECT_COL_CASTS
    )
    returns_native_bytes = True
    nul_ends_statement = True
    binary_literal_template: str = r"'\x{}'::BYTEA"
    non_finite_literals: Mapping[str, str] = immutabledict(
        {name: f"'{name}'::DOUBLE PRECISION" for name in ("NaN", "Infinity", "-Infinity")}
    )
    supports_comments = True
    supports_constraint_comments = True
    supports_default_values = True
    supports_default_metavalue = True
    supports_empty_insert = False
    supports_multivalues_insert = True
    supports_identity_columns: Any = True
    insert_returning = True
    update_returning = True
    delete_returning = True
    update_returning_multifrom = True
    delete_returning_multifrom = True
    reflection_options: tuple[str] = ("postgresql_ignore_search_path",)

    connection_characteristics: immutabledict[str, ConnectionCharacteristic] = (
        CONNECTION_CHARACTERISTICS.union(
            {"postgresql_readonly": _Readonly(), "postgresql_deferrable": _Deferrable()}
        )
    )
    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (
            Index,
            {
                "using": False,
                "include": None,
                "where": None,
                "ops": {},
                "concurrently": False,
                "with": {},
                "tablespace": None,
                "nulls_not_distinct": None,
            },
        ),
        (
            Table,
            {
                "ignore_search_path": False,
                "tablespace": None,
                "partition_by": None,
                "with_oids": None,
                "with": None,
                "on_commit": None,
                "inherits": None,
                "using": None,
            },
        ),
        (CheckConstraint, {"not_valid": False, "no_inherit": False}),
        (ForeignKeyConstraint, {"not_valid": False}),
        (PrimaryKeyConstraint, {"include": None}),
        (UniqueConstraint, {"include": None, "nulls_not_distinct": None}),
        (Column, {}),
        (CreateView, {"with": None}),
    ]

    _backslash_escapes = False
    _supports_create_index_concurrently = True
    _supports_drop_index_concurrently: bool = True
    _supports_jsonb_subscripting = True

    def __init__(
        self,
        native_inet_types: bool | None = None,
        json_serializer: Callable[[Any], str] | None = None,
        json_deserializer: Callable[[str], Any] | None = None,
        writes_by_array: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        # dialects of others that derive from a driver's have servers of their own
        self.writes_by_array: bool = (
            self.writes_by_array and self.name == "postgresql" if writes_by_array is None else writes_by_array
        )
        self._native_inet_types = native_inet_types
        self._json_deserializer = json_deserializer
        self._json_serializer = json_serializer

    # -- many rows as arrays, see `arrays` -----------------------------------------

    def _array_writer(self, plan: Any, before: str, after: str) -> Any:
        """
        Give what sends the rows of an INSERT as arrays, None if VALUES have to.
        """
        from relvar.dialects.postgresql.arrays import ArrayWriter  # with the first such INSERT

        return ArrayWriter.make(plan, before, after)

    def _list_writer(self, plan: Any) -> Any:
        """
        Give what sends an UPDATE or INSERT of many rows as one, None if nothing does.
        """
        if not self.writes_by_array:
            return None
        from relvar.dialects.postgresql.arrays import ArrayInsert, ArrayUpdate  # with the first such

        return ArrayInsert.make(plan) if plan.is_insert else ArrayUpdate.make(plan)

    def _text_senders(self, dbapi_connection: Any) -> Callable[[type], bool]:
        """
        Give what tells whether the driver sends values of a class in its own way, which arrays do as well.
        """
        return lambda class_: True

    def _element_kind(self, impl: Any, kind: ElementKind) -> ElementKind:
        """
        Give how a type's values stand in an array, where parameters of the driver are of other classes.
        """
        return kind

    def initialize(self, connection: Any) -> None:
        """Find out what the server can do."""
        super().initialize(connection)
        version = self.server_version_info or (9, 6)
        # https://www.postgresql.org/docs/current/ddl-identity-columns.html
        self.supports_identity_columns = version >= (10,)
        self._supports_jsonb_subscripting = version >= (14,)
        self.supports_virtual_generated_columns = version >= (18,)
        self.supports_smallserial = self._supports_drop_index_concurrently = version >= (9, 2)
        std_string = connection.exec_driver_sql("show standard_conforming_strings").scalar()
        self._backslash_escapes = std_string == "off"

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        return self._version_of(connection.exec_driver_sql("select pg_catalog.version()").scalar())

    def _version_of(self, text: str) -> tuple[int, ...]:
        """
        Return the version in what the server says of itself.
        """
        found = _VERSION.match(text)
        if text.startswith("CockroachDB"):
            raise exc.InvalidRequestError(
                f"The server is CockroachDB, which differs from PostgreSQL: take a URL cockroachdb://..., or "
                f"cockroachdb+{self.driver}://... ({text})"
            )
        if found is None:
            raise AssertionError(f"Could not determine version from string '{text}'")
        return tuple(int(part) for part in found.group(1, 2, 3) if part is not None)

    def _get_default_schema_name(self, connection: Any) -> Any:
        return connection.exec_driver_sql("select current_schema()").scalar()

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ("SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the session."""
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {level}")
        cursor.execute("COMMIT")
        cursor.close()

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level."""
        cursor = dbapi_connection.cursor()
        cursor.execute("show transaction isolation level")
        level: str = cursor.fetchone()[0]
        cursor.close()
        return level.upper()

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        raise NotImplementedError()

    def get_readonly(self, connection: Any) -> bool:
        """Tell whether writing is forbidden."""
        raise NotImplementedError()

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        raise NotImplementedError()

    def get_deferrable(self, connection: Any) -> bool:
        """Read DEFERRABLE."""
        raise NotImplementedError()

    @staticmethod
    def _is_on(dbapi_connection: Any, setting: str) -> bool:
        """
        Ask the server for a setting that is on or off.
        """
        cursor = dbapi_connection.cursor()
        cursor.execute(f"show {setting}")
        value = cursor.fetchone()[0]
        cursor.close()
        return bool(value == "on")

    def _xid(self, xid: Any) -> str:
        preparer = self.identifier_preparer
        text: str = preparer.quote_literal(xid.replace("%", "%%") if preparer._double_percents else xid)
        return text

    # Two-phase commit: https://www.postgresql.org/docs/current/sql-prepare-transaction.html

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin as any transaction."""
        self.do_begin(connection.connection)

    # https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure, deadlock_detected
    _RETRYABLE_CODES = frozenset({"40001", "40P01"})
    # query_canceled
    _CANCELLED_CODES = frozenset({"57014"})

    def _is_unreachable(self, e: BaseException) -> bool:
        code = self._error_code(e)
        if code is not None:
            return code in _NOT_THERE
        # libpq has only the text; a refusal by a server that is there begins with FATAL
        said = str(e)
        return "FATAL" not in said or "the database system is" in said

    def _error_code(self, e: BaseException) -> Any:
        return getattr(e, "sqlstate", None)

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare."""
        connection.exec_driver_sql(f"PREPARE TRANSACTION {self._xid(xid)}")

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back, prepared or not."""
        if is_prepared:
            self._outside_transaction(connection, f"ROLLBACK PREPARED {self._xid(xid)}", recover)
        else:
            self.do_rollback(connection.connection)

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit, prepared or not."""
        if is_prepared:
            self._outside_transaction(connection, f"COMMIT PREPARED {self._xid(xid)}", recover)
        else:
            self.do_commit(connection.connection)

    def _outside_transaction(self, connection: Any, text: str, recover: bool) -> None:
        """
        Run a statement that no transaction may surround.
        """
        if recover:
            connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(text)
        connection.exec_driver_sql("BEGIN")
        self.do_rollback(connection.connection)

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are."""
        return [row[0] for row in connection.exec_driver_sql("SELECT gid FROM pg_prepared_xacts")]
