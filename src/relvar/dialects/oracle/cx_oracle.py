"""
Oracle Database through cx_Oracle, under the address that older programs use.
"""

from relvar.dialects.oracle.drivers.cx_oracle import OracleDialect_cx_oracle as OracleDialect_cx_oracle
from relvar.dialects.oracle.drivers.cx_oracle import (
    OracleExecutionContext_cx_oracle as OracleExecutionContext_cx_oracle,
)
from relvar.dialects.oracle.drivers.cx_oracle import dialect as dialect

__all__ = ["OracleDialect_cx_oracle", "OracleExecutionContext_cx_oracle", "dialect"]
