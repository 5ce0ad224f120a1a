"""
Statements by the types of the rows they give, for type checkers; nobody imports this module at run time.
"""

from __future__ import annotations

from typing import Generic, TypeAlias, TypeVar, TypeVarTuple

from relvar.expr.typed import TypedOperators
from relvar.stmt.delete import Delete
from relvar.stmt.insert import Insert
from relvar.stmt.update import Update

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

Selected: TypeAlias = type[_T] | TypedOperators[_T]
"What `select` and `returning` take: a mapped class, or an expression; its values are of type T."

class TypedReturnsRows(Generic[*_Ts]):
    """
    A statement whose rows have elements of known types.
    """

class ReturningInsert(Insert, TypedReturnsRows[*_Ts]): ...
class ReturningUpdate(Update, TypedReturnsRows[*_Ts]): ...
class ReturningDelete(Delete, TypedReturnsRows[*_Ts]): ...
