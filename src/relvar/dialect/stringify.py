"""
The dialect behind ``str(statement)``: no database in particular, text for reading.
"""

from __future__ import annotations

from typing import Any

from relvar.compile.compiler import StrSQLCompiler
from relvar.compile.typesql import StrSQLTypeCompiler
from relvar.dialect.default import DefaultDialect
from relvar.dialect.registry import registry
from relvar.expr import make
from relvar.types.base import TypeEngine


class StrCompileDialect(DefaultDialect):
    """
    A dialect that can do everything, as far as text goes.
    """

    statement_compiler: Any = StrSQLCompiler
    type_compiler_cls: Any = StrSQLTypeCompiler

    supports_statement_cache = True
    supports_identity_columns = True
    supports_sequences = True
    sequences_optional = True
    preexecute_autoincrement_sequences = False
    supports_native_boolean = True
    supports_multivalues_insert = True
    supports_simple_order_by_label = True
    insert_returning = True
    update_returning = True
    delete_returning = True

    def dialect_by_name(self, name: str) -> Any:
        """
        Return a dialect of the database *name*, without a driver.
        """
        return registry.load(name)()


def str_dialect(element: Any = None) -> Any:
    """
    Return the dialect that *element* is written with when none is given.
    """
    name = getattr(element, "stringify_dialect", "default")
    if name != "default":
        return registry.load(name)()
    return STR_DIALECT


STR_DIALECT = StrCompileDialect()

make.register(default_dialect=str_dialect)
TypeEngine._default_dialect_factory = str_dialect
