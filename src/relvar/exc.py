"""
Every error and warning that relvar raises.

Errors of the driver (PEP 249) are wrapped once, in `DBAPIError.instance`,
into the class of the same name here; the original is ``.orig``.  Everything
else derives from `SQLAlchemyError` as well, so one ``except`` catches all.
"""

from __future__ import annotations

from typing import Any, overload

from relvar.util.concurrency import set_errors
from relvar.util.described import HasDescriptionCode as HasDescriptionCode
from relvar.util.registry import PluginLoader
from relvar.util.text import repr_params
from relvar.util.warning import Base20DeprecationWarning as Base20DeprecationWarning
from relvar.util.warning import LegacyAPIWarning as LegacyAPIWarning
from relvar.util.warning import LossWarning as LossWarning
from relvar.util.warning import MovedIn20Warning as MovedIn20Warning
from relvar.util.warning import SADeprecationWarning as SADeprecationWarning
from relvar.util.warning import (
    SAPendingDeprecationWarning as SAPendingDeprecationWarning,
)
from relvar.util.warning import SATestSuiteWarning as SATestSuiteWarning
from relvar.util.warning import SAWarning as SAWarning
from relvar.util.warning import warn_of_loss


class SQLAlchemyError(HasDescriptionCode, Exception):
    """
    Generic error class; the base of all others.
    """

    def _message(self) -> str:
        # one argument prints as itself, undecodable bytes included
        if len(self.args) == 1:
            text = self.args[0]
            return text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else str(text)
        return str(self.args)

    def _sql_message(self) -> str:
        message = self._message()
        code = self._code_str()
        return f"{message} {code}" if code else message

    def __str__(self) -> str:
        return self._sql_message()


class EmulatedDBAPIException(Exception):
    """
    Base of the errors that an adapted driver raises in the name of another.

    ``driver_exception`` is what the adapted driver itself raised, if known.
    """

    orig: Exception | None

    def __init__(self, message: str, orig: Exception | None = None) -> None:
        super().__init__(message)
        self.orig = orig

    @property
    def driver_exception(self) -> Exception:
        """
        What the adapted driver itself raised, or this error if it raised nothing.
        """
        return self.orig if self.orig is not None else self

    def __reduce__(self) -> Any:
        return self.__class__, (self.args[0], self.orig)


class ArgumentError(SQLAlchemyError):
    """
    Raised when an invalid or conflicting function argument is supplied.
    """


class DuplicateColumnError(ArgumentError):
    """
    A column is added to a table where its name or key exists already.
    """


class ConstraintColumnNotFoundError(ArgumentError):
    """
    A constraint names a column that its table does not have.
    """


class ObjectNotExecutableError(ArgumentError):
    """
    Raised when an object is passed to ``.execute()`` that is not executable.
    """

    def __init__(self, target: Any) -> None:
        super().__init__(f"Not an executable object: {target!r}")
        self.target = target

    def __reduce__(self) -> Any:
        return self.__class__, (self.target,)


class NoSuchModuleError(ArgumentError):
    """
    Raised when a dialect or a driver of that name cannot be found.
    """


PluginLoader.missing = NoSuchModuleError


class NoForeignKeysError(ArgumentError):
    """
    No foreign keys connect the two selectables of a join.
    """


class AmbiguousForeignKeysError(ArgumentError):
    """
    More than one foreign key connects the two selectables of a join.
    """


class CircularDependencyError(SQLAlchemyError):
    """
    Raised by topological sorts when a cycle is found.

    Args:
        cycles: The nodes that lie on a cycle.
        edges: The ``(parent, child)`` pairs among them.
        msg: The whole text, instead of *message* and the cycle.
    """

    def __init__(
        self,
        message: str,
        cycles: Any,
        edges: Any,
        msg: str | None = None,
        code: str | None = None,
    ) -> None:
        if msg is None:
            message += f" ({', '.join(repr(s) for s in cycles)})"
        else:
            message = msg
        super().__init__(message, code=code)
        self.cycles = cycles
        self.edges = edges

    def __reduce__(self) -> Any:
        return (
            self.__class__,
            (None, self.cycles, self.edges, self.args[0]),
            {"code": self.code} if self.code is not None else {},
        )


class CompileError(SQLAlchemyError):
    """
    Raised when an error occurs while a statement is compiled.
    """


class UnsupportedCompilationError(CompileError):
    """
    Raised when a compiler has no rule for an element.
    """

    code: str = "l7de"

    def __init__(self, compiler: Any, element_type: type[Any], message: str | None = None) -> None:
        super().__init__(
            f"Compiler {compiler!r} can't render element of type {element_type}"
            f"{': ' + message if message else ''}"
        )
        self.compiler = compiler
        self.element_type = element_type
        self.message = message

    def __reduce__(self) -> Any:
        return self.__class__, (self.compiler, self.element_type, self.message)


class IdentifierError(SQLAlchemyError):
    """
    Raised when a name is beyond the length limit of the database.
    """


class DisconnectionError(SQLAlchemyError):
    """
    Raised by an event to say that a pooled connection is dead.
    """

    invalidate_pool: bool = False
    "Whether all connections of the pool older than this moment are dead too."


class InvalidatePoolError(DisconnectionError):
    """
    Raised when the pool should drop all its stale connections.
    """

    invalidate_pool: bool = True


class TimeoutError(SQLAlchemyError):
    """
    Raised when the pool has no connection to give within its timeout.
    """


class InvalidRequestError(SQLAlchemyError):
    """
    Something was asked of relvar that it cannot do in this state.
    """


class IllegalStateChangeError(InvalidRequestError):
    """
    A session or a transaction was used while another use was in progress.
    """


class NoInspectionAvailable(InvalidRequestError):
    """
    ``inspect()`` was given a subject it knows nothing about.
    """


class PendingRollbackError(InvalidRequestError):
    """
    A transaction has failed and must be rolled back first.
    """


class ResourceClosedError(InvalidRequestError):
    """
    An operation was requested from a connection or result that is closed.
    """


class NoSuchColumnError(InvalidRequestError, KeyError):
    """
    A column is requested from a row that does not have it.
    """


class AmbiguousColumnError(InvalidRequestError):
    """
    A column name is ambiguous in the row or table it is requested from.
    """


class NoResultFound(InvalidRequestError):
    """
    A row was required but none was found.
    """


class MultipleResultsFound(InvalidRequestError):
    """
    A single row was required but several were found.
    """


class NoReferenceError(InvalidRequestError):
    """
    Raised by a foreign key to say that its target cannot be resolved.
    """

    table_name: str


class NoReferencedTableError(NoReferenceError):
    """
    The table that a foreign key names cannot be found.
    """

    def __init__(self, message: str, tname: str) -> None:
        super().__init__(message)
        self.table_name = tname

    def __reduce__(self) -> Any:
        return self.__class__, (self.args[0], self.table_name)


class NoReferencedColumnError(NoReferenceError):
    """
    The column that a foreign key names cannot be found in its table.
    """

    def __init__(self, message: str, tname: str, cname: str) -> None:
        super().__init__(message)
        self.table_name = tname
        self.column_name = cname

    def __reduce__(self) -> Any:
        return self.__class__, (self.args[0], self.table_name, self.column_name)


class NoSuchTableError(InvalidRequestError):
    """
    The table does not exist, or is not visible to the connection.
    """


class UnreflectableTableError(InvalidRequestError):
    """
    The table exists but cannot be reflected.
    """


class UnboundExecutionError(InvalidRequestError):
    """
    SQL was to be executed without a connection to execute it on.
    """


class NoDBAPILoaded(InvalidRequestError):
    """
    An operation needs the driver module, which the dialect has not loaded.
    """


class AwaitRequired(InvalidRequestError):
    """
    The asyncio bridge gave an awaitable that was not awaited.
    """

    code: str = "xd1r"


class MissingGreenlet(InvalidRequestError):
    """
    I/O of an asyncio driver was attempted outside of the asyncio bridge.
    """

    code: str = "xd2s"


class DontWrapMixin:
    """
    Marks errors that pass through statement execution unwrapped.

    >>> class MyError(Exception, DontWrapMixin):
    ...     pass
    """


class LossError(ArgumentError, DontWrapMixin):
    """
    Something a program gave would be lost, and it asked for strictness.

    What is a `LossWarning` otherwise: see there.
    """


def report_loss(message: str, strict: bool) -> None:
    """
    Say that something given is lost: what is wrong, and what would be right.

    Raises:
        LossError: *strict*; a `LossWarning` otherwise.
    """
    if strict:
        raise LossError(message)
    warn_of_loss(message)


class StatementError(SQLAlchemyError):
    """
    An error occurred while a SQL statement was being executed.

    Attributes:
        statement: The SQL text.
        params: The parameters it was executed with.
        orig: The error that was wrapped.
    """

    statement: str | None = None
    params: Any = None
    orig: BaseException | None = None
    ismulti: bool | None = None
    connection_invalidated: bool = False

    def __init__(
        self,
        message: str,
        statement: str | None,
        params: Any,
        orig: BaseException | None,
        hide_parameters: bool = False,
        code: str | None = None,
        ismulti: bool | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.statement = statement
        self.params = params
        self.orig = orig
        self.ismulti = ismulti
        self.hide_parameters = hide_parameters
        self.detail: list[str] = []

    def add_detail(self, msg: str) -> None:
        """
        Add a line that is printed above the message.
        """
        self.detail.append(msg)

    def _kept_params(self) -> Any:
        """
        Give the parameters as a pickle may have them.
        """
        return "***" if self.hide_parameters and self.params else self.params

    def _kept_orig(self) -> Any:
        """
        Give the driver's error as a pickle may have it: without all that PostgreSQL said.
        """
        if self.hide_parameters and self.orig is not None and hasattr(self.orig, "diag"):
            return type(self.orig)(*self.orig.args)
        return self.orig

    def __reduce__(self) -> Any:
        return (
            self.__class__,
            (
                self.args[0],
                self.statement,
                self._kept_params(),
                self._kept_orig(),
                self.hide_parameters,
                self.__dict__.get("code"),
                self.ismulti,
            ),
            {"detail": self.detail},
        )

    def _sql_message(self) -> str:
        details = [self._message()]
        if self.statement:
            details.append(f"[SQL: {self.statement}]")
            if self.params:
                if self.hide_parameters:
                    details.append("[SQL parameters hidden due to hide_parameters=True]")
                else:
                    shown = repr_params(self.params, 10, ismulti=self.ismulti)
                    details.append(f"[parameters: {shown!r}]")
        code = self._code_str()
        if code:
            details.append(code)
        return "\n".join([f"({detail})" for detail in self.detail] + details)


def _own_name(orig: BaseException) -> None:
    """
    Say that an error's class has a name that counts.
    """


class DBAPIError(StatementError):
    """
    Raised when the execution of a database operation fails in the driver.

    Its subclasses are named as the driver's (PEP 249).  An error that is
    none of them is wrapped in this class, or in `StatementError` if the driver
    did not raise it.
    """

    code: str | None = "dbapi"
    orig: BaseException
    # who knows what the error means, and whether there was a connection
    _dialect: Any = None
    _while_connecting = False

    @overload
    @classmethod
    def instance(
        cls,
        statement: str,
        params: Any,
        orig: Exception,
        dbapi_base_err: type[Exception],
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        dialect: Any = None,
        ismulti: bool | None = None,
    ) -> StatementError: ...

    @overload
    @classmethod
    def instance(
        cls,
        statement: str | None,
        params: Any,
        orig: BaseException,
        dbapi_base_err: type[Exception],
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        dialect: Any = None,
        ismulti: bool | None = None,
    ) -> BaseException: ...

    @classmethod
    def instance(
        cls,
        statement: str | None,
        params: Any,
        orig: BaseException,
        dbapi_base_err: type[Exception],
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        dialect: Any = None,
        ismulti: bool | None = None,
    ) -> BaseException:
        """
        Return the error to raise for *orig*.

        Cases:
          1. not an ``Exception`` (exit, interrupt), or marked by
             `DontWrapMixin`: *orig* itself;
          2. not from the driver: a `StatementError`, if there is a statement;
          3. from the driver: the class here whose name the dialect says, or is
             the first to appear in the MRO of *orig*, as
             `Dialect.dbapi_exception_translation_map` renames it.

        Args:
            dbapi_base_err: The driver's ``Error``.
        """
        if not isinstance(orig, Exception) or isinstance(orig, (DontWrapMixin, LossWarning)):
            return orig
        if hide_parameters:
            from relvar.util.hiding import hide_data  # with the first such error

            hide_data(orig, params)

        if not isinstance(orig, dbapi_base_err) and statement:
            message = orig._message() if isinstance(orig, SQLAlchemyError) else str(orig)
            kind = type(orig)
            return StatementError(
                f"({kind.__module__}.{kind.__name__}) {message}",
                statement,
                params,
                orig,
                hide_parameters=hide_parameters,
                code=orig.code if isinstance(orig, SQLAlchemyError) else None,
                ismulti=ismulti,
            )

        chosen: type[DBAPIError] = cls
        told = getattr(dialect, "_pep249_name", _own_name)(orig)
        for base in type(orig).__mro__:
            name = told or base.__name__
            if dialect is not None:
                name = dialect.dbapi_exception_translation_map.get(name, name)
            found = _BY_NAME.get(name)
            if found is not None:
                chosen = found
                break
        return chosen(
            statement,
            params,
            orig,
            hide_parameters=hide_parameters,
            connection_invalidated=connection_invalidated,
            ismulti=ismulti,
        )

    def __init__(
        self,
        statement: str | None,
        params: Any,
        orig: BaseException,
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        code: str | None = None,
        ismulti: bool | None = None,
    ) -> None:
        try:
            text = str(orig)
        except Exception as err:
            text = "Error in str() of DB-API-generated exception: " + str(err)
        kind = type(orig)
        super().__init__(
            f"({kind.__module__}.{kind.__name__}) {text}",
            statement,
            params,
            orig,
            hide_parameters,
            code=code,
            ismulti=ismulti,
        )
        self.connection_invalidated = connection_invalidated

    @property
    def driver_exception(self) -> BaseException:
        """
        What the driver itself raised, below any adapter of it.
        """
        if isinstance(self.orig, EmulatedDBAPIException):
            return self.orig.driver_exception
        return self.orig

    def __reduce__(self) -> Any:
        return (
            self.__class__,
            (
                self.statement,
                self._kept_params(),
                self._kept_orig(),
                self.hide_parameters,
                self.connection_invalidated,
                self.__dict__.get("code"),
                self.ismulti,
            ),
            {"detail": self.detail},
        )


class InterfaceError(DBAPIError):
    """
    A driver refused something itself: a wrong use of it, or a value that it cannot send.

    Wraps the driver's ``InterfaceError``, which is ``orig``.
    """

    code: str = "rvf5"


class DatabaseError(DBAPIError):
    """
    The database raised an error; the subclasses say of which kind.

    Wraps the driver's ``DatabaseError``, which is ``orig``.
    """

    code: str = "4xp6"


class DataError(DatabaseError):
    """
    A value does not fit where it goes: out of range, too long, divided by zero.

    Wraps the driver's ``DataError``, which is ``orig``.
    """

    code: str = "9h9h"


class OperationalError(DatabaseError):
    """
    The database could not do it: not reachable, connection lost, locked, out of room.

    ``connection_invalidated`` says whether the connection was lost.

    Wraps the driver's ``OperationalError``, which is ``orig``.
    """

    code: str = "e3q8"


class StatementTimeout(OperationalError):
    """
    Raised when a call took longer than the execution option ``timeout`` allows.

    The statement was stopped, and the connection is usable; its transaction is as the database leaves it.
    If the server did not answer the request to stop, the connection was cut: ``connection_invalidated``; a
    note of the error (``__notes__``) says what was tried.

    >>> from relvar import create_engine, exc, text
    >>> numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    >>> for_ever = text(numbers + "SELECT count(*) FROM n")
    >>> with create_engine("sqlite://").connect() as connection:
    ...     try:
    ...         connection.execute(for_ever, execution_options={"timeout": 0.05})
    ...     except exc.StatementTimeout as error:
    ...         print(error.orig, error.connection_invalidated)
    ...     connection.scalar(text("SELECT 1"))
    interrupted False
    1
    """


class CommitUnknown(OperationalError):
    """
    Raised when the connection was lost after COMMIT was sent, before the answer came.

    The transaction is committed or rolled back, as a whole; only the database knows.  A program that can tell
    by what it has written (a key of its own, a version) looks there before it tries again.
    """


class IntegrityError(DatabaseError):
    """
    A row would break a rule of the schema: unique, foreign key, NOT NULL, CHECK.

    Wraps the driver's ``IntegrityError``, which is ``orig``.
    """

    code: str = "gkpj"


class InternalError(DatabaseError):
    """
    The database met a state that it did not expect, such as a transaction that has failed.

    Wraps the driver's ``InternalError``, which is ``orig``.
    """

    code: str = "2j85"


class ProgrammingError(DatabaseError):
    """
    The statement is wrong, or names what is not there.

    SQLite and MySQL say `OperationalError` of missing tables and columns.

    Wraps the driver's ``ProgrammingError``, which is ``orig``.
    """

    code: str = "f405"


class NotSupportedError(DatabaseError):
    """
    The driver or the database does not have what was asked for.

    Wraps the driver's ``NotSupportedError``, which is ``orig``.
    """

    code: str = "tw8g"


_BY_NAME: dict[str, type[DBAPIError]] = {
    cls.__name__: cls
    for cls in (
        DBAPIError,
        InterfaceError,
        DatabaseError,
        DataError,
        OperationalError,
        IntegrityError,
        InternalError,
        ProgrammingError,
        NotSupportedError,
    )
}

set_errors(MissingGreenlet, AwaitRequired)
