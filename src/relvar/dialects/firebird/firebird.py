"""
Firebird through firebird-driver, under the address that older programs use.
"""

from relvar.dialects.firebird.drivers.firebird import FBDialect_firebird as FBDialect_firebird
from relvar.dialects.firebird.drivers.firebird import dialect as dialect

__all__ = ["FBDialect_firebird", "dialect"]
