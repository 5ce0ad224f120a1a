"""
What is raised where no replica serves.
"""

from __future__ import annotations

from relvar import exc

__all__ = ["NoReplica", "NotAReplica"]


class NoReplica(exc.SQLAlchemyError):
    """
    A read that must go to a replica found none that is up and has what it must see.
    """


class NotAReplica(exc.SQLAlchemyError):
    """
    A server that was given as a replica follows no other one.
    """
