"""
Firebird: types and the default dialect.
"""

from relvar.dialects.firebird.drivers.firebird import dialect as dialect
from relvar.dialects.firebird.reflection import FBInspector as FBInspector
from relvar.dialects.firebird.types import FBBIGINT as FBBIGINT
from relvar.dialects.firebird.types import FBBINARY as FBBINARY
from relvar.dialects.firebird.types import FBBLOB as FBBLOB
from relvar.dialects.firebird.types import FBBOOLEAN as FBBOOLEAN
from relvar.dialects.firebird.types import FBCHAR as FBCHAR
from relvar.dialects.firebird.types import FBDATE as FBDATE
from relvar.dialects.firebird.types import FBDECFLOAT as FBDECFLOAT
from relvar.dialects.firebird.types import FBDECIMAL as FBDECIMAL
from relvar.dialects.firebird.types import FBDOUBLE_PRECISION as FBDOUBLE_PRECISION
from relvar.dialects.firebird.types import FBFLOAT as FBFLOAT
from relvar.dialects.firebird.types import FBINT128 as FBINT128
from relvar.dialects.firebird.types import FBINTEGER as FBINTEGER
from relvar.dialects.firebird.types import FBNCHAR as FBNCHAR
from relvar.dialects.firebird.types import FBNUMERIC as FBNUMERIC
from relvar.dialects.firebird.types import FBNVARCHAR as FBNVARCHAR
from relvar.dialects.firebird.types import FBREAL as FBREAL
from relvar.dialects.firebird.types import FBSMALLINT as FBSMALLINT
from relvar.dialects.firebird.types import FBTEXT as FBTEXT
from relvar.dialects.firebird.types import FBTIME as FBTIME
from relvar.dialects.firebird.types import FBTIMESTAMP as FBTIMESTAMP
from relvar.dialects.firebird.types import FBVARBINARY as FBVARBINARY
from relvar.dialects.firebird.types import FBVARCHAR as FBVARCHAR
