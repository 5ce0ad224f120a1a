"""
Errors of PEP 249 in the name of asyncpg, whose own follow the SQLSTATE codes.
"""

from __future__ import annotations

from typing import Any

from relvar.connectors.asyncio import AsyncAdapt_Error
from relvar.util.memoized import memoized_property

__all__ = ["ERRORS", "TRANSLATION", "AsyncpgErrors"]


class Error(AsyncAdapt_Error):
    """
    Any error of the driver.

    Attributes:
        pgcode, sqlstate: The code of the server, if it was the server's.
        orig: What asyncpg raised.
    """

    def __init__(self, message: str, error: Exception | None = None) -> None:
        super().__init__(message, error)
        self.pgcode: str | None = getattr(error, "sqlstate", None)
        self.sqlstate = self.pgcode


class Warning(Exception):  # PEP 249's name
    """
    Never raised.
    """


# name -> base; in the order of definition
_DERIVED = {
    "InterfaceError": "Error",
    "DatabaseError": "Error",
    "DataError": "DatabaseError",
    "OperationalError": "DatabaseError",
    "IntegrityError": "DatabaseError",
    "InternalError": "DatabaseError",
    "ProgrammingError": "DatabaseError",
    "NotSupportedError": "DatabaseError",
    "InternalServerError": "InternalError",
    "InternalClientError": "InternalError",
    "InvalidCachedStatementError": "NotSupportedError",
    "RestrictViolationError": "IntegrityError",
    "NotNullViolationError": "IntegrityError",
    "ForeignKeyViolationError": "IntegrityError",
    "UniqueViolationError": "IntegrityError",
    "CheckViolationError": "IntegrityError",
    "ExclusionViolationError": "IntegrityError",
}

ERRORS: dict[str, Any] = {"Error": Error, "Warning": Warning}
"Name -> class; the module of the dialect has them too, where messages and pickles say they are."
for _name, _base in _DERIVED.items():
    ERRORS[_name] = type(_name, (ERRORS[_base],), {})
for _cls in ERRORS.values():
    _cls.__module__ = "relvar.dialects.postgresql.asyncpg"

TRANSLATION = {
    "IntegrityConstraintViolationError": "IntegrityError",
    "PostgresError": "Error",
    "SyntaxOrAccessError": "ProgrammingError",
    "InterfaceError": "InterfaceError",
    **{
        name: name
        for name, base in _DERIVED.items()
        if base in ("InternalError", "NotSupportedError", "IntegrityError")
    },
}
"Name of asyncpg's -> name of ours."


class AsyncpgErrors:
    """
    The errors as attributes of what stands in for the driver's module.
    """

    driver: Any

    @memoized_property
    def _translation(self) -> dict[type[Exception], type[Error]]:
        exceptions = self.driver.exceptions
        return {getattr(exceptions, theirs): ERRORS[ours] for theirs, ours in TRANSLATION.items()}

    def _translated(self, error: Exception) -> Exception:
        """
        Give our form of an error of asyncpg; any other as it is.
        """
        for cls in type(error).__mro__:
            ours = self._translation.get(cls)
            if ours is not None:
                return ours(str(error), error)
        return error


for _name, _cls in ERRORS.items():
    setattr(AsyncpgErrors, _name, _cls)
