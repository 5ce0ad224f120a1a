"""
One package per database: names, types, text, reflection, and the drivers that reach it.

``registry.register(name, module, class)`` adds a dialect of another package.
"""

from relvar.dialect.registry import plugins as plugins
from relvar.dialect.registry import registry as registry

# Databases, of which programs make lists.
__all__ = ("firebird", "mssql", "mysql", "oracle", "postgresql", "sqlite", "sybase")
