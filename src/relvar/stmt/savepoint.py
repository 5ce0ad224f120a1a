"""
SAVEPOINT statements.
"""

from __future__ import annotations

from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import VALUE, Field
from relvar.expr.roles import Role

__all__ = ["ReleaseSavepointClause", "RollbackToSavepointClause", "SavepointClause"]


class _Savepoint(Executable, ClauseElement):
    """
    A statement about a savepoint.
    """

    _fields = (Field("ident", VALUE),)
    _roles = Role.STATEMENT

    def __init__(self, ident: str) -> None:
        self.ident = ident


class SavepointClause(_Savepoint):
    """
    ``SAVEPOINT ident``.
    """

    __visit_name__ = "savepoint"
    inherit_cache: bool = False


class RollbackToSavepointClause(_Savepoint):
    """
    ``ROLLBACK TO SAVEPOINT ident``.
    """

    __visit_name__ = "rollback_to_savepoint"
    inherit_cache: bool = False


class ReleaseSavepointClause(_Savepoint):
    """
    ``RELEASE SAVEPOINT ident``.
    """

    __visit_name__ = "release_savepoint"
    inherit_cache: bool = False
