"""
Microsoft SQL Server through aioodbc, for asyncio.
"""

from __future__ import annotations

from typing import Any

from relvar.connectors.aioodbc import AioODBCConnector
from relvar.dialects.mssql.drivers.pyodbc import MSDialect_pyodbc, MSExecutionContext_pyodbc


class MSExecutionContext_aioodbc(MSExecutionContext_pyodbc):  # SQLAlchemy's name
    """
    One execution through aioodbc.
    """

    def create_server_side_cursor(self) -> Any:
        """Make a cursor whose rows stay on the server."""
        return self._dbapi_connection.cursor(server_side=True)


class MSDialectAsync_aioodbc(AioODBCConnector, MSDialect_pyodbc):  # SQLAlchemy's name
    """
    SQL Server through aioodbc.
    """

    supports_statement_cache = True
    execution_ctx_cls: Any = MSExecutionContext_aioodbc


dialect = MSDialectAsync_aioodbc
