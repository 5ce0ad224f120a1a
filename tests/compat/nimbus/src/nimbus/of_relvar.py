"""
A dialect that is written for relvar.
"""

import sqlite3

from relvar.compile.compiler import SQLCompiler
from relvar.dialect.context import DefaultExecutionContext
from relvar.engine.default import DefaultDialect


class CirrusCompiler(SQLCompiler):
    def visit_now_func(self, fn, **kw):
        return "'noon'"


class CirrusDialect(DefaultDialect):
    name = "cirrus"
    driver = "file"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    statement_compiler = CirrusCompiler
    execution_ctx_cls = DefaultExecutionContext

    @classmethod
    def import_dbapi(cls):
        return sqlite3

    def create_connect_args(self, url):
        return [url.database or ":memory:"], {}
