"""Prepare databases of the dialects that come with relvar."""

from relvar.testing.backends import mysql, oracle, postgresql, sqlite

__all__ = ["mysql", "oracle", "postgresql", "sqlite"]
