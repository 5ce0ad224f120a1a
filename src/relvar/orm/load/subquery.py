"""
Load a relationship of many objects at once, by joining it to the original query as a subquery.

The statement repeats what the program asked for, reduced to the columns that
the relationship needs, and joins the chain of relationships to it.  All rows of
the original have to be fetched before, as both run on one connection.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import NO_VALUE, probe
from relvar._kernels.loader import Run
from relvar.expr import make
from relvar.expr.boolean import and_
from relvar.orm.load.adapt import adapt, adapter_of, mapping_adapter
from relvar.orm.load.collect import store_related
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.heard import REPEATING
from relvar.orm.load.immediate import asked_for, key_of
from relvar.orm.load.joins import alias_between, join_conditions, order_of, subclass_criteria
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import sub_run
from relvar.orm.load.shape import anonymous_alias, key_name
from relvar.orm.load.tree import OptionTree
from relvar.util.fields import NamedTuple

__all__ = ["Origin", "SubqueryPost"]


class Origin(NamedTuple):
    """
    Where a chain of subquery loads starts: the original statement, its entity, the relationships followed so
    far.
    """

    statement: Any
    entity: Any
    chain: tuple[Any, ...]


class SubqueryPost:
    """
    Load one relationship for all objects that a statement gave.

    Args:
        followed: The statement that gives the objects.
        path: Where the entity stands whose relationship it is.
        setting: How to load, and what options say below.
        origin: Where the chain of relationships starts; it ends with this one.
    """

    # each run has values of its own for the statement that is repeated
    is_apart = True

    def __init__(
        self, followed: Followed, prop: Any, path: tuple[Any, ...], setting: Any, origin: Origin
    ) -> None:
        self.prop = prop
        self.key: str = prop.key
        self.path: tuple[*tuple[Any, ...], Any] = (*path, prop)
        self.branch: Any = setting.branch
        self.criteria: Any = setting.criteria
        self.target: Any = setting.target_of(prop)
        self.origin = origin
        self.local: list[Any] = [local for local, _remote in _parent_pairs(prop)]
        self.names: list[str] = [key_name(prop.parent, column) for column in self.local]
        self.prepared: Prepared = Prepared(self._statement, self._plan, [], followed)
        self.told: tuple[Any, str, tuple[*tuple[Any, ...], Any], None] = (
            prop.mapper,
            REPEATING,
            self.path,
            None,
        )

    def _statement(self) -> Any:
        """Make the statement; called when an engine does not have it yet."""
        root = self.origin.entity
        first = self.origin.chain[0]
        adapter = adapter_of(root)
        local = [adapt(local, adapter) for local, _remote in _parent_pairs(first)]
        inner = self.origin.statement._clone()
        # columns of the entity, which says what subclass the rows are
        inner._raw_columns = [column._annotate({"parententity": root}) for column in local]
        inner._with_options = ()
        inner._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
        if not inner._from_obj and not inner._setup_joins:
            inner._from_obj = (root.selectable,)
        # DISTINCT would come before LIMIT, and see other rows than the statement gives
        if inner._limit_clause is None and inner._offset_clause is None and inner._fetch_clause is None:
            inner._order_by_clauses = ()
            distinct = self.prop.distinct_target_key
            if distinct or (distinct is None and not _is_key(first.parent, local)):
                inner._distinct = True
        subquery = inner.subquery()
        outer = list(subquery.c)
        moved = mapping_adapter(
            {plain: new for (plain, _r), new in zip(_parent_pairs(first), outer, strict=True)}
        )
        froms: Any = subquery
        secondary: Any = None
        left: Any = moved
        owner_columns = outer
        for i, prop in enumerate(self.origin.chain):
            is_last = i == len(self.origin.chain) - 1
            target = self.target if is_last else anonymous_alias(prop.mapper)
            if i:
                owner_columns = [adapt(column, left) for column, _remote in _parent_pairs(prop)]
            secondary = alias_between(prop)
            froms = _joined(froms, prop, left, target, secondary, self.criteria if is_last else ())
            left = adapter_of(target)
        statement = make.Select(self.target.entity, *owner_columns)
        statement._label_style = make.LABEL_STYLE_TABLENAME_PLUS_COL
        statement._from_obj = (froms,)
        statement._order_by_clauses = tuple(order_of(self.prop, self.target, secondary))
        return statement

    def _plan(self, statement: Any, tree: OptionTree, binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        plan = self.prepared.followed.plan
        return plan(
            statement,
            tree=tree,
            binds=binds,
            path=self.path,
            branch=self.branch,
            origin=self.origin,
            joins=True,
        )

    def __call__(self, run: Run, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        todo = asked_for(run, self.prop, todo)
        if not todo:
            return
        rows = self.prepared.tuples(sub_run(run), [], run.tree, self.told)
        # a parent that is reached in several ways brings its children as often
        children: dict[Any, dict[int, Any]] = {}
        single = len(self.names) == 1
        for row in rows:
            if row[0] is not None:
                children.setdefault(row[1] if single else row[1:], {})[id(row[0])] = row[0]
        for state, obj, fresh in todo:
            if fresh or probe(obj, self.key) is NO_VALUE:
                found = children.get(key_of(state, obj, self.names))
                store_related(self.prop, state, obj, [] if found is None else list(found.values()))


def _parent_pairs(prop: Any) -> list[tuple[Any, Any]]:
    """Return ``(parent's column, its partner)`` for the first step of a relationship's join."""
    return list(prop.synchronize_pairs if prop.secondary is not None else prop.local_remote_pairs)


def _is_key(mapper: Any, columns: list[Any]) -> bool:
    """Tell whether columns identify a row of the mapper, so that DISTINCT is not needed."""
    names = {column.key for column in columns}
    return {column.key for column in mapper.primary_key} <= names


def _joined(left: Any, prop: Any, left_adapter: Any, target: Any, secondary: Any, criteria: Any) -> Any:
    """Join the target of one relationship, by way of *secondary* if any, to what was joined so far."""
    right = adapter_of(target)
    primary, second = join_conditions(prop, left_adapter, right if right is not None else _same, secondary)
    extra = [*subclass_criteria(target), *[adapt(clause, right) for clause in criteria]]
    if second is None:
        return make.Join(left, target.selectable, and_(primary, *extra) if extra else primary)
    second = and_(second, *extra) if extra else second
    return make.Join(make.Join(left, secondary, primary), target.selectable, second)


def _same(expression: Any) -> Any:
    return expression
