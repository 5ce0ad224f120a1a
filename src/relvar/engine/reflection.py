"""
Reflection: `Inspector` and what it answers.
"""

from relvar.dialect.answers import ObjectKind as ObjectKind
from relvar.dialect.answers import ObjectScope as ObjectScope
from relvar.dialect.answers import ReflectionDefaults as ReflectionDefaults
from relvar.dialect.answers import cache as cache
from relvar.dialect.answers import flexi_cache as flexi_cache
from relvar.dialect.gather import ReflectionInfo as ReflectionInfo
from relvar.dialect.inspector import Inspector as Inspector
