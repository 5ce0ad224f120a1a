"""
Fill the columns that only a subclass has, by one more SELECT per subclass; what is joined comes with it.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.loader import Run
from relvar.expr import make
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.heard import COLUMNS
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import sub_run
from relvar.orm.load.shape import key_in
from relvar.orm.load.tree import Branch, OptionTree

__all__ = ["PolymorphicPost"]

_CHUNK = 500


class PolymorphicPost:
    """
    Load the columns of one subclass for all its objects that a statement over the superclass gave.

    Args:
        followed: The statement that gives the objects.
        mapper: The subclass.
        path: Where the entity stands.
        branch: What options say about relationships that are joined.
        only: Names of the attributes that the statement did not give.
    """

    def __init__(
        self, followed: Followed, mapper: Any, path: tuple[Any, ...], branch: Branch, only: frozenset[str]
    ) -> None:
        self.mapper = mapper
        self.path = path
        self.branch = branch
        self.only = only
        self.criterion: Any
        self.criterion, bind = key_in(mapper.primary_key)
        self.prepared: Prepared = Prepared(self._statement, self._plan, [bind], followed)
        self.told: tuple[Any, str, tuple[()], None] = (mapper, COLUMNS, (), None)

    def _statement(self) -> Any:
        mapper = self.mapper
        statement = make.Select(mapper.class_)
        statement._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
        statement._where_criteria = (self.criterion,)
        return statement

    def _plan(self, statement: Any, tree: OptionTree, binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        plan = self.prepared.followed.plan
        return plan(statement, tree=tree, binds=binds, path=self.path, branch=self.branch, only=self.only)

    def __call__(self, run: Run, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        states = [state for state, _obj, _fresh in todo if state.manager.mapper.isa(self.mapper)]
        for start in range(0, len(states), _CHUNK):
            keys = [state.pk for state in states[start : start + _CHUNK]]
            self.prepared.objects(sub_run(run), [keys], run.tree, self.told)
