"""
Load a relationship of many objects at once: ``WHERE key IN (the parents' keys)``.

There are four shapes of the statement:

1. many to one by the target's primary key: select the target by the foreign key values of the parents;
2. one to many by the parent's primary key: the target has the parents' keys, no join is needed;
3. many to many by the parent's primary key: the association table has them;
4. anything else: join an alias of the parent to the target.

Keys go out in chunks of 500 (``chunksize``), so that few distinct texts reach
the database and no limit on parameters is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar._kernels.attributes import NO_VALUE, probe
from relvar._kernels.loader import Run
from relvar.expr import make
from relvar.expr.boolean import and_
from relvar.orm.load.adapt import adapt, adapter_of
from relvar.orm.load.collect import store_related
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.heard import RELATIONSHIP
from relvar.orm.load.immediate import asked_for, key_of
from relvar.orm.load.joins import alias_between, join_relationship, order_of
from relvar.orm.load.prepared import Followed, PlanSelect, Prepared
from relvar.orm.load.run import sub_run
from relvar.orm.load.shape import anonymous_alias, covers_key, fact_of, key_in, key_name, uses_get
from relvar.orm.load.tree import Branch, OptionTree, Twig
from relvar.util.memoized import memoized_property

__all__ = ["CHUNK", "SelectinPost"]

CHUNK = 500
"""How many parents one statement asks for."""


class SelectinPost:
    """
    Load one relationship for all objects that a statement gave.

    Args:
        followed: The statement that gives the objects.
        path: Where the entity stands whose relationship it is.
        setting: How to load, and what options say below.
        lacks_key: The objects come without the columns that refer to the target.
    """

    def __init__(
        self,
        followed: Followed,
        prop: Any,
        path: tuple[Any, ...],
        setting: Any,
        lacks_key: bool = False,
    ) -> None:
        self.prop = prop
        self.key: str = prop.key
        self.path: tuple[*tuple[Any, ...], Any] = (*path, prop)
        self.chunk: int = int(setting.opts.get("chunksize") or CHUNK)
        self.criteria: Any = setting.criteria
        self.target: Any = setting.target_of(prop)
        self.branch: Branch = self._branch_below(setting)
        self.lacks_key = lacks_key
        # None only in what is kept for further statements
        self.followed: Any = followed

    def again(self, followed: Followed | None) -> SelectinPost:
        """Return what does the same for another statement, before this one is `prepared`."""
        made = SelectinPost.__new__(SelectinPost)
        made.__dict__ = {**self.__dict__, "followed": followed}
        return made

    @memoized_property
    def form(self) -> str:
        """Which of the four shapes the statement has."""
        prop, lacks_key = self.prop, self.lacks_key
        return str(fact_of(prop, ("selectin", lacks_key), lambda: _form_of(prop, lacks_key)))

    @memoized_property
    def columns(self) -> list[str]:
        """The names of the parent's attributes whose values identify a row of the result."""
        found: list[str] = fact_of(self.prop, ("parent_keys", self.form), self._parent_keys)
        return found

    @memoized_property
    def told(self) -> tuple[Any, str, tuple[*tuple[Any, ...], Any], None]:
        """What listeners are told of the statement."""
        return self.prop.mapper, RELATIONSHIP, self.path, None

    def _branch_below(self, setting: Any) -> Branch:
        """
        Return what options say about the target; for a recursive load, that it goes on one level less deep.
        """
        depth = setting.opts.get("recursion_depth")
        branch: Branch = setting.branch
        if not depth or setting.twig is None:
            return branch
        return _recursive(branch, setting.twig, depth - 1 if depth > 0 else depth)

    def _parent_keys(self) -> list[str]:
        mapper = self.prop.parent
        if self.form == "many_to_one":
            local_of = {remote: local for local, remote in self.prop.local_remote_pairs}
            target = self.prop.mapper
            return [key_name(mapper, _local_for(local_of, target, column)) for column in target.primary_key]
        return [key_name(mapper, column) for column in mapper.primary_key]

    @memoized_property
    def prepared(self) -> Prepared:
        """
        The statement; made when there are rows, as many that are planned never run.

        Threads that come at the same time make one each, which are complete in themselves.
        """
        parent_alias = anonymous_alias(self.prop.parent) if self.form == "join" else None
        key_columns = self._key_columns(parent_alias)
        criterion, bind = key_in(key_columns)
        return Prepared(
            lambda: self._statement(key_columns, criterion, parent_alias), self._plan, [bind], self.followed
        )

    def _key_columns(self, parent_alias: Any) -> list[Any]:
        """Return the columns whose values say which parent a row belongs to."""
        prop = self.prop
        if self.form == "many_to_one":
            adapter = adapter_of(self.target)
            return [adapt(column, adapter) for column in prop.mapper.primary_key]
        if self.form == "one_to_many":
            adapter = adapter_of(self.target)
            remote_of = {key_name(prop.parent, local): remote for local, remote in prop.local_remote_pairs}
            return [adapt(remote_of[key_name(prop.parent, c)], adapter) for c in prop.parent.primary_key]
        if self.form == "many_to_many":
            remote_of = {key_name(prop.parent, local): remote for local, remote in prop.synchronize_pairs}
            return [remote_of[key_name(prop.parent, c)] for c in prop.parent.primary_key]
        adapter = adapter_of(parent_alias)
        return [adapt(column, adapter) for column in prop.parent.primary_key]

    def _statement(self, key_columns: list[Any], criterion: Any, parent_alias: Any) -> Any:
        """
        Make the statement; called when an engine does not have it yet.

        Args:
            key_columns: The columns whose values say which parent a row belongs to.
            criterion: The condition that these are the keys that are asked for.
            parent_alias: The parent that the target is joined to, where the form is "join".
        """
        prop = self.prop
        target = self.target
        statement = make.Select(*key_columns, target.entity)
        statement._label_style = make.LABEL_STYLE_NONE
        criteria = [adapt(clause, adapter_of(target)) for clause in self.criteria]
        secondary = None
        if self.form == "join":
            secondary = alias_between(prop)
            joined = join_relationship(
                parent_alias.selectable, prop, parent_alias, target, extra=criteria, secondary=secondary
            )
            criteria = []
            statement._from_obj = (joined,)
        elif self.form == "many_to_many":
            second = and_(adapt(prop.secondaryjoin, adapter_of(target)), *criteria)
            criteria = []
            statement._from_obj = (make.Join(prop.secondary, target.selectable, second),)
        statement._where_criteria = (criterion, *criteria)
        statement._order_by_clauses = tuple(order_of(prop, target, secondary))
        return statement

    def _plan(self, statement: Any, tree: OptionTree, binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        plan: PlanSelect = self.followed.plan
        return plan(
            statement,
            tree=tree,
            binds=binds,
            path=self.path,
            branch=self.branch,
            joins=self.form in ("join", "many_to_many"),
        )

    def __call__(self, run: Run, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        # those that have the attribute already keep what they have
        todo = asked_for(run, self.prop, todo)
        if self.form == "many_to_one":
            self._load_many_to_one(run, todo)
        else:
            self._load_by_parent(run, todo)

    def _fetch(self, run: Run, keys: Sequence[Any]) -> list[Any]:
        """Run the statement for one chunk of keys."""
        return self.prepared.tuples(sub_run(run), [keys], run.tree, self.told)

    def _load_by_parent(self, run: Run, parents: list[tuple[Any, Any, bool]]) -> None:
        single = len(self.columns) == 1
        for start in range(0, len(parents), self.chunk):
            part = parents[start : start + self.chunk]
            keys = [state.pk for state, _obj, _fresh in part]
            children: dict[Any, list[Any]] = {}
            for row in self._fetch(run, list(dict.fromkeys(keys))):
                if row[-1] is not None:
                    children.setdefault(row[0] if single else row[:-1], []).append(row[-1])
            for (state, obj, fresh), key in zip(part, keys, strict=True):
                if fresh or probe(obj, self.key) is NO_VALUE:
                    store_related(self.prop, state, obj, children.get(key, []))

    def _load_many_to_one(self, run: Run, parents: list[tuple[Any, Any, bool]]) -> None:
        by_key: dict[Any, list[tuple[Any, Any]]] = {}
        without: list[tuple[Any, Any]] = []
        for state, obj, fresh in parents:
            key = key_of(state, obj, self.columns)
            places = without if key is None else by_key.setdefault(key, [])
            if fresh or probe(obj, self.key) is NO_VALUE:
                places.append((state, obj))
        keys = list(by_key)
        single = len(self.columns) == 1
        for start in range(0, len(keys), self.chunk):
            part = keys[start : start + self.chunk]
            found = {row[0] if single else row[:-1]: row[-1] for row in self._fetch(run, part)}
            for key in part:
                target = found.get(key)
                for state, obj in by_key[key]:
                    store_related(self.prop, state, obj, [] if target is None else [target])
        for state, obj in without:
            store_related(self.prop, state, obj, [])


def _local_for(local_of: dict[Any, Any], target: Any, column: Any) -> Any:
    """
    Return the local column paired with a primary key column of the target, or with one it equals by
    inheritance.
    """
    found = local_of.get(column)
    if found is not None:
        return found
    prop = target.get_property_by_column(column)
    return next(local_of[c] for c in prop.columns if c in local_of)


def _recursive(branch: Branch, twig: Twig, depth: int) -> Branch:
    """Return a copy of a branch on which the twig's relationship is loaded again, ``depth`` levels deep."""
    made = Branch()
    made.twigs = {key: list(twigs) for key, twigs in branch.twigs.items()}
    made.relationships, made.columns = branch.relationships, branch.columns
    made.groups, made.polymorphic = branch.groups, branch.polymorphic
    again = Twig.__new__(Twig)
    again.parent, again.prop, again.target, again.criteria = (
        twig.parent,
        twig.prop,
        twig.target,
        twig.criteria,
    )
    again.more = twig.more
    again.branch = twig.branch
    again.element = twig.element.with_opt("recursion_depth", depth) if twig.element is not None else None
    made.twigs[twig.prop.key] = [again]
    return made


def _form_of(prop: Any, lacks_key: bool) -> str:
    """Return which of the four shapes a relationship's statement has."""
    if prop.omit_join is False:
        return "join"
    direction = prop.direction.name
    if direction == "MANYTOONE":
        return "many_to_one" if uses_get(prop) and not lacks_key else "join"
    if direction == "ONETOMANY":
        return "one_to_many" if covers_key(prop.parent, prop.local_remote_pairs, prop.primaryjoin) else "join"
    if prop.mapper.common_parent(prop.parent):
        return "join"
    return "many_to_many" if covers_key(prop.parent, prop.synchronize_pairs, prop.primaryjoin) else "join"
