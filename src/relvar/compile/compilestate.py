"""
What compilers of other programs ask about a statement before they render it.

relvar's own compilers ask the statement: nothing here has a part in rendering.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relvar.stmt.dml import UpdateBase
from relvar.stmt.froms import SelectState
from relvar.stmt.select import Select

__all__ = ["CompileState", "DMLState"]

_Class = TypeVar("_Class")


class CompileState:
    """
    A statement that is being compiled.
    """

    __slots__ = ("statement",)

    def __init__(self, statement: Any, compiler: Any, **kw: Any) -> None:
        self.statement: Any = statement

    @classmethod
    def create_for_statement(cls, statement: Any, compiler: Any, **kw: Any) -> Any:
        """
        Return the state of a statement, of the class `get_plugin_class` names.
        """
        return (cls.get_plugin_class(statement) or cls)(statement, compiler, **kw)

    @classmethod
    def plugin_for(cls, plugin_name: str, visit_name: str) -> Callable[[type[_Class]], type[_Class]]:
        """
        Return a decorator for classes that would have a part in compiling a kind of statement.

        Dialects of others put theirs in when they are imported.  What a SELECT joins is settled before a
        compiler sees it, so they are not asked: what only they know, as joins without a condition, is an
        error.
        """
        return lambda made: made

    @classmethod
    def get_plugin_class(cls, statement: Any) -> Any:
        """
        Return the class for a kind of statement; None if it has none of its own.
        """
        if isinstance(statement, Select):
            return SelectState
        return DMLState if isinstance(statement, UpdateBase) else None


class DMLState(CompileState):
    """
    An INSERT, UPDATE or DELETE that is being compiled.
    """

    __slots__ = ()

    @property
    def isinsert(self) -> bool:
        """
        Whether it is an INSERT.
        """
        return bool(self.statement.is_insert)

    @property
    def isupdate(self) -> bool:
        """
        Whether it is an UPDATE.
        """
        return bool(self.statement.is_update)

    @property
    def isdelete(self) -> bool:
        """
        Whether it is a DELETE.
        """
        return bool(self.statement.is_delete)

    @property
    def dml_table(self) -> Any:
        """
        The table whose rows change.
        """
        return self.statement.table

    @property
    def _dict_parameters(self) -> dict[Any, Any]:
        """
        Column or key -> value, as given by ``values()``.
        """
        return dict(self.statement._values or {})

    @property
    def _no_parameters(self) -> bool:
        return not self._dict_parameters

    @property
    def is_multitable(self) -> bool:
        """
        Whether it names further tables: UPDATE ... FROM, DELETE ... USING.
        """
        return bool(self._extra_froms)

    @property
    def _extra_froms(self) -> list[Any]:
        return list(self.statement._extra_froms())

    @property
    def _has_multi_parameters(self) -> bool:
        return bool(getattr(self.statement, "_multi_values", ()))
