"""Prepare databases of the dialects that come with relvar."""

from relvar.testing.backends import firebird, mssql, mysql, oracle, postgresql, sqlite

__all__ = ["firebird", "mssql", "mysql", "oracle", "postgresql", "sqlite"]
