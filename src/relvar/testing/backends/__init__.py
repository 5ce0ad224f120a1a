"""Prepare databases of the dialects that come with relvar."""

from relvar.testing.backends import mysql, postgresql, sqlite

__all__ = ["mysql", "postgresql", "sqlite"]
