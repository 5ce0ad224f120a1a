"""
Fill the columns that only a subclass has, by one more SELECT per subclass.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.loader import Run
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.prepared import PlanSelect, Prepared, load_objects
from relvar.orm.load.run import sub_run
from relvar.orm.load.tree import EMPTY, OptionTree

__all__ = ["PolymorphicPost"]

_CHUNK = 500


class PolymorphicPost:
    """
    Load the columns of one subclass for all its objects that a statement over the superclass gave.

    Args:
        plan: `plan_select`, which stands above this module.
        mapper: The subclass.
        path: Where the entity stands.
        only: Names of the attributes that the statement did not give.
    """

    def __init__(self, plan: PlanSelect, mapper: Any, path: tuple[Any, ...], only: frozenset[str]) -> None:
        self.plan = plan
        self.mapper = mapper
        self.path = path
        self.only = only
        key = mapper.primary_key
        kind = key[0].type if len(key) == 1 else make.Tuple(*key).type
        self.bind: BindParameter[Any] = BindParameter("primary_keys", None, expanding=True, type_=kind)
        self.prepared = Prepared(self._make, [self.bind])

    def _make(self, tree: OptionTree) -> tuple[Any, LoadPlan]:
        mapper = self.mapper
        statement = make.Select(mapper.class_)
        statement._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
        key = mapper.primary_key
        column = key[0] if len(key) == 1 else make.Tuple(*key)
        statement._where_criteria = (column.in_(self.bind),)
        return self.plan(statement, tree=tree, path=self.path, branch=EMPTY, only=self.only)

    def __call__(self, run: Run, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        states = [state for state, _obj, _fresh in todo if state.manager.mapper.isa(self.mapper)]
        for start in range(0, len(states), _CHUNK):
            keys = [state.pk for state in states[start : start + _CHUNK]]
            plan, processors, rows = self.prepared.fetch(run.context.connection, [keys], run.tree)
            load_objects(plan, processors, rows, sub_run(run))
