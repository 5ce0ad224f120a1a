"""
What firebirdsql misreads when a server describes the parameters of a statement.

The server's answer has room for some 16 parameters, less where many columns are described before them; the
driver then asks for more.  firebirdsql 1.5.0 (``parse_xsqlda`` in ``firebirdsql/xsqlvar.py``) takes only an
answer that begins with 8, which is none: what begins with 5, ``isc_info_sql_bind``, is an AssertionError.
``tests/dialects/firebird/test_drivers.py::test_any_number_of_parameters`` fails without this.
"""

from __future__ import annotations

import functools
from typing import Any

__all__ = ["reads_any_number_of_parameters"]

# isc_info_sql_bind and isc_info_sql_describe_vars, and what the driver takes them for
_SAID, _EXPECTED = b"\x05\x07", b"\x08\x07"
# the release that misreads them; those before do not ask
_MISREADS = "1.5.0"


@functools.cache
def _corrected(cls: type[Any]) -> type[Any]:
    """
    Derive a class of connections that give the driver what it expects.
    """
    from firebirdsql.wireprotocol import INFO_SQL_BIND_DESCRIBE_VARS

    class Connection(cls):  # type: ignore[misc]  # the driver has no types
        _asked_for_parameters = False

        def _op_info_sql(self, stmt_handle: Any, vars: bytes) -> None:
            self._asked_for_parameters = vars.endswith(INFO_SQL_BIND_DESCRIBE_VARS)
            super()._op_info_sql(stmt_handle, vars)

        def _op_response(self) -> tuple[Any, Any, bytes]:
            handle, oid, answer = super()._op_response()
            if self._asked_for_parameters and answer.startswith(_SAID):
                answer = _EXPECTED + answer[len(_SAID) :]
            self._asked_for_parameters = False
            return handle, oid, answer

    return Connection


def reads_any_number_of_parameters(connection: Any, version: str) -> Any:
    """
    Return a connection that prepares statements of any number of parameters.

    Args:
        version: Of firebirdsql.
    """
    if version == _MISREADS:
        connection.__class__ = _corrected(type(connection))
    return connection
