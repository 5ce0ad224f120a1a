"""
The SQLite dialect, whatever the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from relvar import exc
from relvar.dialect.characteristics import CONNECTION_CHARACTERISTICS, ConnectionCharacteristic
from relvar.dialect.default import DefaultDialect
from relvar.dialects.sqlite.compiler import SQLiteCompiler
from relvar.dialects.sqlite.ddl import SQLiteDDLCompiler, SQLiteTypeCompiler
from relvar.dialects.sqlite.names import SQLiteIdentifierPreparer
from relvar.dialects.sqlite.reflection import SQLiteReflection
from relvar.dialects.sqlite.types import COLSPECS, ISCHEMA_NAMES
from relvar.schema import Column, Constraint, CreateView, Index, Table
from relvar.util.convert import asbool
from relvar.util.immutable import immutabledict
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.dialects.sqlite.transactions import ConnectionSetup

_MEMORY_PARAMETERS = 999


class BeginCharacteristic(ConnectionCharacteristic):
    """
    The execution option ``sqlite_begin``: how the transactions of a connection begin, for a while.
    """

    transactional: ClassVar[bool] = True

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Choose how transactions begin; raises ArgumentError if the engine leaves that to the driver."""
        from relvar.dialects.sqlite.transactions import begin_word  # few programs have the option

        word = begin_word(value)
        if not word or not dialect.begin_word:
            raise exc.ArgumentError(
                f"The execution option sqlite_begin={value!r} changes how relvar begins transactions, and "
                "this engine leaves that to the driver, or would have to from now on: give "
                "create_engine(..., sqlite_begin='deferred'), or 'immediate' or 'exclusive', and one of "
                "these as the option"
            )
        if dbapi_conn.isolation_level is not None:
            dbapi_conn.isolation_level = word

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Go back to what the engine was given."""
        if dbapi_conn.isolation_level is not None:
            dbapi_conn.isolation_level = dialect.begin_word

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Tell how transactions begin."""
        if not dialect.begin_word:
            return "driver"
        return (dbapi_conn.isolation_level or "").lower() or None


class SQLiteDialect(SQLiteReflection, DefaultDialect):  # type: ignore[misc]  # names of arguments differ, as documented
    """
    SQLite.
    """

    name = "sqlite"
    supports_statement_cache = True

    statement_compiler = SQLiteCompiler
    ddl_compiler = SQLiteDDLCompiler
    type_compiler_cls = SQLiteTypeCompiler
    preparer = SQLiteIdentifierPreparer
    colspecs: dict[Any, Any] = COLSPECS
    ischema_names = ISCHEMA_NAMES

    default_paramstyle = "qmark"
    # Only ADD COLUMN, RENAME and, since 3.35, DROP COLUMN: constraints cannot be added.
    is_in_process = True
    supports_alter = False
    supports_default_values: bool = True
    supports_default_metavalue = True
    default_metavalue_token = "NULL"
    supports_empty_insert = False
    supports_cast: bool = True
    supports_multivalues_insert: bool = True
    use_insertmanyvalues = True
    tuple_in_values = True
    insert_null_pk_still_autoincrements = True
    nul_ends_statement = True
    binary_literal_template: str = "X'{}'"
    # what SQLite makes of such bound floats
    non_finite_literals: Mapping[str, str] = immutabledict(
        {"NaN": "NULL", "Infinity": "9e999", "-Infinity": "-9e999"}
    )
    insert_returning: bool = True
    update_returning: bool = True
    update_returning_multifrom = True
    delete_returning: bool = True

    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        (Table, {"autoincrement": False, "with_rowid": True, "strict": False}),
        (Index, {"where": None}),
        (
            Column,
            {"on_conflict_primary_key": None, "on_conflict_not_null": None, "on_conflict_unique": None},
        ),
        (Constraint, {"on_conflict": None}),
        (CreateView, {"if_not_exists": False}),
    ]

    _broken_fk_pragma_quotes = False
    _broken_dotted_colnames = False
    _isolation_lookup: Mapping[str, Any] = immutabledict({"READ UNCOMMITTED": 1, "SERIALIZABLE": 0})
    connection_characteristics: immutabledict[str, ConnectionCharacteristic] = (
        CONNECTION_CHARACTERISTICS.union({"sqlite_begin": BeginCharacteristic()})
    )
    engine_config_types: immutabledict[str, Any] = immutabledict(
        {**DefaultDialect.engine_config_types, "sqlite_concurrent": asbool}
    )

    def __init__(
        self,
        native_datetime: bool = False,
        json_serializer: Callable[[Any], str] | None = None,
        json_deserializer: Callable[[str], Any] | None = None,
        sqlite_begin: str | None = None,
        sqlite_pragmas: Mapping[str, Any] | None = None,
        sqlite_concurrent: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if sqlite_begin is not None or sqlite_pragmas is not None or sqlite_concurrent:
            self._set_up_connections(sqlite_begin, sqlite_pragmas, sqlite_concurrent)
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer
        self.native_datetime = native_datetime
        if self.dbapi is None:
            return
        version = self.dbapi.sqlite_version_info
        if version < (3, 7, 16):
            warn(
                f"SQLite version {version} is older than 3.7.16, and will not support right nested joins, "
                "as are "
                "sometimes used in more complex ORM scenarios.  SQLAlchemy 1.4 and above no longer tries to "
                "rewrite "
                "these joins."
            )
        self.supports_default_values = version >= (3, 3, 8)
        self.supports_cast = version >= (3, 2, 3)
        self.supports_multivalues_insert = version >= (3, 7, 11)
        # https://www.sqlite.org/lang_returning.html
        if version < (3, 35):
            self.update_returning = self.delete_returning = self.insert_returning = False
        # https://www.sqlite.org/limits.html#max_variable_number
        if version < (3, 32, 0):
            self.insertmanyvalues_max_parameters = _MEMORY_PARAMETERS

    # What each new connection is told; None: nothing.
    connection_setup: ConnectionSetup | None = None

    def _set_up_connections(
        self, begin: str | None, pragmas: Mapping[str, Any] | None, concurrent: bool
    ) -> None:
        from relvar.dialects.sqlite.transactions import ConnectionSetup  # few programs have these options

        self.connection_setup = ConnectionSetup(begin, pragmas, concurrent)
        if self.begin_word:
            # only then: it is called for each transaction
            self.do_begin: Any = self.connection_setup.begin

    @property
    def begin_word(self) -> str:
        """How transactions of new connections begin; empty if the driver begins them."""
        return "" if self.connection_setup is None else self.connection_setup.begin_word

    @memoized_property
    def supports_sane_rowcount_returning(self) -> bool:
        """False: the driver counts no rows until those of RETURNING are read."""
        return False

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return list(self._isolation_lookup)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level."""
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA read_uncommitted = {self._isolation_lookup[level]}")
        cursor.close()

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level."""
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA read_uncommitted")
        row = cursor.fetchone()
        cursor.close()
        return "READ UNCOMMITTED" if row and row[0] else "SERIALIZABLE"

    def _get_default_schema_name(self, connection: Any) -> str:
        return "main"
