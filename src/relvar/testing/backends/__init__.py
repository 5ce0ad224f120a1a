"""Prepare databases of the dialects that come with relvar."""

from relvar.testing.backends import mssql, mysql, oracle, postgresql, sqlite

__all__ = ["mssql", "mysql", "oracle", "postgresql", "sqlite"]
