"""
Oracle Database through cx_Oracle, the older name of python-oracledb; what both share is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.dialect.interface import BindTyping
from relvar.dialects.oracle.dialect import OracleDialect
from relvar.dialects.oracle.drivers import _errors
from relvar.dialects.oracle.drivers._context import OracleDriverContext
from relvar.dialects.oracle.drivers._output import column_variables
from relvar.dialects.oracle.drivers._types import DRIVER_COLSPECS, NCHAR_COLSPECS
from relvar.util.convert import asbool
from relvar.util.memoized import memoized_property
from relvar.util.secret import Secret

_PORT = 1521
# Arguments of create_engine() that look at home in a URL; the driver does not know them.
_ENGINE_OPTIONS = frozenset(
    {"arraysize", "auto_convert_lobs", "coerce_to_decimal", "encoding_errors", "thick_mode", "use_ansi"}
)


class OracleExecutionContext_cx_oracle(OracleDriverContext):  # SQLAlchemy's name
    """
    One execution through cx_Oracle.
    """


class OracleDialect_cx_oracle(OracleDialect):  # SQLAlchemy's name
    """
    Oracle Database through cx_Oracle.

    Args:
        auto_convert_lobs: Columns of CLOB, NCLOB and BLOB are read at once, as text and bytes.
        coerce_to_decimal: Numbers that are not whole come as Decimals where nothing else is said of them.
        arraysize: Rows that the driver fetches at a time; its own default when not given.
        encoding_errors: What to do about text that can't be decoded, as in ``bytes.decode()``.
    """

    driver = "cx_oracle"
    supports_statement_cache = True
    bind_typing = BindTyping.SETINPUTSIZES
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = True
    insert_executemany_returning: Any = True
    insert_executemany_returning_sort_by_parameter_order: Any = True
    update_executemany_returning = True
    delete_executemany_returning = True
    minimum_dbapi_version: Any = (8,)
    execution_ctx_cls: Any = OracleExecutionContext_cx_oracle
    colspecs: dict[Any, Any] = {**OracleDialect.colspecs, **DRIVER_COLSPECS}  # read-only by convention
    _dialect_specific_select_one = "SELECT 1 FROM DUAL"

    _RETRYABLE_CODES = _errors.RETRYABLE
    _CANCELLED_CODES = _errors.CANCELLED
    # how a variable of text is told about text that can't be decoded
    _encoding_errors_word = "encodingErrors"

    def __init__(
        self,
        auto_convert_lobs: bool = True,
        coerce_to_decimal: bool = True,
        arraysize: int | None = None,
        encoding_errors: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.auto_convert_lobs = auto_convert_lobs
        self.coerce_to_decimal = coerce_to_decimal
        self.arraysize = arraysize
        self.encoding_errors = encoding_errors
        if self._use_nchar_for_unicode:
            self.colspecs = {**self.colspecs, **NCHAR_COLSPECS}

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import cx_Oracle  # type: ignore[import-not-found]  # not built for newer Pythons
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "cx_Oracle") from err
        return cx_Oracle

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of the driver's ``connect()``.

        Cases:
          1. ``host:port/sid``, or ``?sid=``: a system identifier;
          2. ``host:port/?service_name=``: a service;
          3. ``?dsn=``: the driver's description, whole;
          4. a host alone: a name of tnsnames.ora, or whatever the driver finds there.

        Raises:
            InvalidRequestError: The URL says more than one of them.
            ArgumentError: It has what is an argument of `create_engine`.
        """
        options: dict[str, Any] = dict(url.query)
        misplaced = sorted(_ENGINE_OPTIONS & options.keys())
        if misplaced:
            raise exc.ArgumentError(
                f"{', '.join(misplaced)}: not for the driver, so not in the URL; say "
                f"create_engine(url, {misplaced[0]}=...)"
            )
        service, sid, dsn = (options.pop(name, None) for name in ("service_name", "sid", "dsn"))
        if url.database and service:
            raise exc.InvalidRequestError(
                '"service_name" option shouldn\'t be used with a "database" part of the url'
            )
        if sum(map(bool, (url.database, service, sid, dsn))) > 1:
            raise exc.InvalidRequestError(
                "The URL names the database more than once: it takes one of host/sid, "
                "?service_name=, ?sid= and ?dsn="
            )
        sid = url.database or sid
        if sid or service:
            named = {"sid": sid} if sid else {"service_name": service}
            dsn = self.loaded_dbapi.makedsn(url.host, int(url.port or _PORT), **named)
        options["dsn"] = dsn or url.host
        if url.password is not None:
            options["password"] = url.password
        if url.username is not None:
            options["user"] = url.username
        for name, read in self._word_readers().items():
            if isinstance(options.get(name), str):
                options[name] = read(options[name])
        return [], {name: value for name, value in options.items() if value is not None}

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect."""
        # the driver takes nothing but str
        plain = {name: str(value) if isinstance(value, Secret) else value for name, value in cparams.items()}
        return super().connect(*cargs, **plain)

    def _word_readers(self) -> Mapping[str, Callable[[str], Any]]:
        """
        Return what reads the words of a URL that the driver does not take as text.
        """
        return {
            "mode": lambda word: self._constant("mode", word, ""),
            "purity": lambda word: self._constant("purity", word, "PURITY_"),
            "events": asbool,
            "threaded": asbool,
        }

    def _constant(self, option: str, word: str, prefix: str) -> Any:
        """
        Return a constant of the driver, by its name with or without prefix.
        """
        if word.isdigit():
            return int(word)
        name = word.upper()
        for full in (prefix + name.removeprefix(prefix), name):
            found = getattr(self.loaded_dbapi, full, None)
            if found is not None:
                return found
        raise exc.ArgumentError(
            f"{option}={word} in the URL is no constant of {self.driver}; it has SYSDBA for mode, "
            "PURITY_SELF for purity, say"
        )

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Have the driver give values as `column_variables` says."""
        handler = self._output_handler()

        def connected(dbapi_connection: Any) -> None:
            dbapi_connection.outputtypehandler = handler

        return connected

    @memoized_property
    def _column_variables(self) -> Callable[..., Any]:
        decoding = {} if self.encoding_errors is None else {self._encoding_errors_word: self.encoding_errors}
        return column_variables(self.loaded_dbapi, self.coerce_to_decimal, self.auto_convert_lobs, decoding)

    def _output_handler(self) -> Callable[..., Any]:
        variable = self._column_variables

        def handle(cursor: Any, name: Any, type_: Any, size: Any, precision: Any, scale: Any) -> Any:
            return variable(cursor, type_, size, precision, scale)

        return handle

    def read_lob(self, value: Any) -> Any:
        """Give the text or bytes of a LOB; other values as they are."""
        return value.read() if hasattr(value, "read") else value

    # -- what the server is -----------------------------------------------------------

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        text = connection.connection.dbapi_connection.version
        return tuple(int(part) for part in text.split("."))

    # -- isolation ----------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return [*super().get_isolation_level_values(dbapi_connection), "AUTOCOMMIT"]

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the session; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
            return
        dbapi_connection.autocommit = False
        dbapi_connection.rollback()
        cursor = dbapi_connection.cursor()
        try:
            cursor.execute(f"ALTER SESSION SET ISOLATION_LEVEL={level}")
        finally:
            cursor.close()

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the driver commits each statement."""
        return bool(dbapi_conn.autocommit)

    # -- the driver -----------------------------------------------------------------

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there: a trip of the driver's own, without SQL."""
        dbapi_connection.ping()
        return True

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        """Tell the driver the types that it can't find out by values."""
        sizes = {name: dbtype for name, dbtype, _ in list_of_tuples if dbtype is not None}
        if sizes:
            cursor.setinputsizes(**sizes)

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Do nothing: a savepoint ends with its transaction."""

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Stop what the connection does, from another thread."""
        dbapi_connection.cancel()

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        from relvar.dialects.oracle.drivers._timeout import CallTimeout  # few calls have a limit

        return CallTimeout(self, dbapi_connection, seconds)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the session is lost."""
        return isinstance(e, self.loaded_dbapi.Error) and _errors.is_lost(e)

    def _error_code(self, e: BaseException) -> Any:
        return _errors.code_of(e)

    def _is_unreachable(self, e: BaseException) -> bool:
        return _errors.code_of(e) in _errors.UNREACHABLE or _errors.is_lost(e)


dialect = OracleDialect_cx_oracle
