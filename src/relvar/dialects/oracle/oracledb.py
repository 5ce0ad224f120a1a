"""
Oracle Database through python-oracledb, under the address that older programs use.
"""

from relvar.dialects.oracle.drivers.oracledb import OracleDialect_oracledb as OracleDialect_oracledb
from relvar.dialects.oracle.drivers.oracledb import (
    OracleExecutionContext_oracledb as OracleExecutionContext_oracledb,
)
from relvar.dialects.oracle.drivers.oracledb import dialect as dialect
from relvar.dialects.oracle.drivers.oracledb_async import (
    AsyncAdapt_oracledb_connection as AsyncAdapt_oracledb_connection,
)
from relvar.dialects.oracle.drivers.oracledb_async import (
    AsyncAdapt_oracledb_cursor as AsyncAdapt_oracledb_cursor,
)
from relvar.dialects.oracle.drivers.oracledb_async import (
    AsyncAdapt_oracledb_ss_cursor as AsyncAdapt_oracledb_ss_cursor,
)
from relvar.dialects.oracle.drivers.oracledb_async import (
    OracledbAdaptDBAPI as OracledbAdaptDBAPI,
)
from relvar.dialects.oracle.drivers.oracledb_async import (
    OracleDialectAsync_oracledb as OracleDialectAsync_oracledb,
)
from relvar.dialects.oracle.drivers.oracledb_async import (
    OracleExecutionContextAsync_oracledb as OracleExecutionContextAsync_oracledb,
)
from relvar.dialects.oracle.drivers.oracledb_async import dialect as dialect_async

__all__ = [
    "AsyncAdapt_oracledb_connection",
    "AsyncAdapt_oracledb_cursor",
    "AsyncAdapt_oracledb_ss_cursor",
    "OracleDialectAsync_oracledb",
    "OracleDialect_oracledb",
    "OracleExecutionContextAsync_oracledb",
    "OracleExecutionContext_oracledb",
    "OracledbAdaptDBAPI",
    "dialect",
    "dialect_async",
]
