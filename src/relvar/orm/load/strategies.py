"""
Decide for each relationship of an entity how it is loaded, and plan that.

The answer comes from the loader options, else from ``relationship(lazy=...)``.
Strategies that need something of the statement itself (joined) add to it now;
those that load afterwards (selectin, subquery, immediate) leave a *post*, run
after the rows; those that load on access (select, raise) leave nothing, the
attribute's own loader looks at the object's options then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from relvar import exc
from relvar.orm.exc import LoaderStrategyException
from relvar.orm.load.collect import collector, many_warning
from relvar.orm.load.draft import EntityDraft, JoinedDraft
from relvar.orm.load.eagerjoin import EagerJoin
from relvar.orm.load.immediate import ImmediatePost, NoLoadPost
from relvar.orm.load.selectin import SelectinPost
from relvar.orm.load.shape import anonymous_alias, finds_by_key, with_subclass
from relvar.orm.load.tree import EMPTY, Branch, OptionTree, Twig

__all__ = [
    "Setting",
    "plan_polymorphic_select",
    "plan_relationships",
    "plan_subclass_relationships",
    "setting_of",
]

_NAMES = {True: "select", "select": "select", False: "joined", None: "noload"}
_RELATIONSHIP_ONLY = {
    "joined": "joined loader",
    "selectin": "select in loader",
    "subquery": "subquery loader",
    "immediate": "immediate loader",
    "select": "lazy loader",
    "noload": "no loader",
    "peers": "lazy loader",
    "raise": "lazy loader",
    "raise_on_sql": "lazy loader",
    "contains": "joined loader",
}
_COLUMNS_ONLY = {
    "column": "column loader",
    "deferred": "deferred column loader",
    "expression": "expression column loader",
}


class Setting(NamedTuple):
    """How one relationship is to be loaded at one place."""

    strategy: str
    opts: dict[str, Any]
    twig: Twig | None
    is_explicit: bool

    @property
    def branch(self) -> Branch:
        return EMPTY if self.twig is None else self.twig.branch

    @property
    def criteria(self) -> tuple[Any, ...]:
        return () if self.twig is None else self.twig.criteria

    @property
    def target(self) -> Any:
        return None if self.twig is None else self.twig.target


_EAGER = ("joined", "selectin", "subquery", "immediate", "contains")


def setting_of(prop: Any, entity: Any, branch: Branch, tree: OptionTree) -> Setting:
    """Return how a relationship is to be loaded: by its own option, by a wildcard, or as it was mapped."""
    lazy = _NAMES.get(prop.lazy, prop.lazy)
    twig = branch.twig(prop, entity) if branch.twigs else None
    if lazy in ("dynamic", "write_only"):
        if twig is not None and twig.element is not None and twig.element.strategy in _EAGER:
            raise exc.InvalidRequestError(
                f"'{prop}' does not support object population - eager loading cannot be applied."
            )
        return Setting(lazy, {}, twig, False)
    if twig is not None and twig.element is not None:
        return Setting(str(twig.element.strategy), dict(twig.element.opts), twig, True)
    element = branch.relationships or tree.anywhere.relationships
    if element is not None:
        return Setting(str(element.strategy), dict(element.opts), twig, False)
    return Setting(lazy, {}, twig, False)


def is_recursive(prop: Any, steps: Sequence[Any]) -> bool:
    """
    Tell whether eager loading that nobody asked for explicitly has to stop here.

    It stops where the path comes back to a class whose relationship it has followed, or after ``join_depth``
    steps.

    Args:
        steps: The relationships that were followed.
    """
    if prop.join_depth:
        return len(steps) + 1 > int(prop.join_depth)
    return prop in steps or any(step.parent is prop.mapper for step in (*steps, prop))


def _comes_back(planner: Any, draft: EntityDraft, prop: Any, strategy: str) -> bool:
    """
    Tell whether a strategy that was not asked for explicitly stops here.

    Joins count within their statement only, further statements along the whole path; loading one by one ends
    by
    itself.
    """
    path = draft.path
    if strategy == "joined":
        return is_recursive(prop, path[planner.depth :])
    return strategy in ("selectin", "subquery") and is_recursive(prop, path[1:])


def _is_way_back(planner: Any, prop: Any) -> bool:
    """
    Tell whether a relationship leads from what is loaded when it is read to the object that it is read from.
    """
    return planner.lazy is not None and prop in planner.lazy._reverse_property and finds_by_key(prop)


def plan_relationships(
    planner: Any,
    draft: EntityDraft,
    entity: Any,
    mappers: Sequence[Any],
    branch: Branch,
    eager_join: EagerJoin | None,
    secondary: bool,
) -> None:
    """Plan all relationships of an entity."""
    _check_columns(branch)
    forgotten = []
    seen: set[Any] = set()
    for mapper in mappers:
        for prop in mapper.relationships:
            if prop in seen:
                continue
            seen.add(prop)
            setting = _effective(planner, draft, prop, entity, branch, secondary)
            if setting is None:
                continue
            if setting.strategy == "joined":
                _plan_joined(planner, draft, entity, prop, setting, eager_join)
            elif setting.strategy == "contains":
                _plan_contains(planner, draft, prop, setting, secondary)
            elif not _plan_post(planner, draft, entity, prop, setting):
                forgotten.append(prop.key)
            if draft.is_refresh and planner.only is not None and setting.strategy != "joined":
                _add_local_columns(planner, entity, prop)
    draft.forgotten = tuple(forgotten)


def _add_local_columns(planner: Any, entity: Any, prop: Any) -> None:
    """Select the columns that loading the relationship of a refreshed object starts from."""
    mapper = entity.mapper
    for column in mapper.persist_selectable.c:
        if column in prop.local_columns and planner.columns.add(column) is None:
            return


def plan_subclass_relationships(
    planner: Any, draft: EntityDraft, mapper: Any, entity: Any, branch: Branch
) -> None:
    """
    Plan the relationships that only a subclass of the entity has; joins for them are not possible any more.
    """
    planned = {prop for each in planner.mappers_of(entity) for prop in each.relationships}
    for prop in mapper.relationships:
        if prop in planned:
            continue
        setting = _effective(planner, draft, prop, entity, branch)
        if setting is not None:
            _plan_post(planner, draft, entity, prop, setting)


def plan_polymorphic_select(
    planner: Any, draft: EntityDraft, mapper: Any, entity: Any, branch: Branch
) -> None:
    """
    Plan the further SELECT that fills the columns of a subclass, where an option or the mapping asks for it.
    """
    asked = any(mapper.isa(wanted) for wanted in branch.polymorphic)
    if draft.is_partial and (asked or mapper.polymorphic_load == "selectin"):
        from relvar.orm.load.polymorphic import PolymorphicPost  # few mappings need it

        missing = frozenset(
            p.key for p in mapper.column_attrs if not p.deferred and p.key not in draft.columns
        )
        draft.posts.append(PolymorphicPost(planner.followed(), mapper, draft.path, missing))


def _effective(
    planner: Any, draft: EntityDraft, prop: Any, entity: Any, branch: Branch, secondary: bool = False
) -> Setting | None:
    """
    Return the setting of a relationship after the rules on refreshing and recursion; None to leave it alone.
    """
    if planner.only is not None and not secondary and prop.key not in planner.only:
        return None
    setting = setting_of(prop, entity, branch, planner.tree)
    if setting.strategy in ("joined", "selectin", "subquery", "immediate"):
        if not planner.eager and setting.strategy in ("joined", "subquery"):
            return setting._replace(strategy="select")
        if draft.is_refresh and setting.strategy in ("selectin", "subquery"):
            # there is one object only
            setting = setting._replace(strategy="immediate")
        if not setting.is_explicit and (
            (not secondary and _is_way_back(planner, prop))
            or _comes_back(planner, draft, prop, setting.strategy)
        ):
            return setting._replace(strategy="select")
    return setting


def _plan_post(planner: Any, draft: EntityDraft, entity: Any, prop: Any, setting: Setting) -> bool:
    """Plan a relationship that is loaded after the rows; tell whether it is one."""
    strategy = setting.strategy
    if strategy == "selectin":
        draft.posts.append(SelectinPost(planner.followed(), prop, entity, draft.path, setting))
    elif strategy == "subquery":
        from relvar.orm.load.subquery import Origin, SubqueryPost  # few programs ask for it

        known = planner.origin or Origin(planner.statement, planner.root, ())
        chain = (*known.chain, *draft.path[planner.depth :], prop)
        origin = Origin(known.statement, known.entity, chain)
        draft.posts.append(SubqueryPost(planner.followed(), prop, draft.path, setting, origin))
        planner.buffers = True
    elif strategy == "immediate":
        draft.posts.append(ImmediatePost(prop, setting.opts.get("recursion_depth") or 0))
    elif strategy == "noload":
        draft.posts.append(NoLoadPost(prop))
    else:
        return False
    return True


def _plan_joined(
    planner: Any, draft: EntityDraft, entity: Any, prop: Any, setting: Setting, parent: EagerJoin | None
) -> None:
    """Plan a relationship that is joined to the statement."""
    target = setting.target
    if target is None:
        # an alias that was mapped stands for itself, as the join condition names its columns
        target = prop.entity if prop.entity.is_aliased_class else anonymous_alias(prop.mapper)
    elif not target.is_aliased_class:
        target = with_subclass(prop.mapper, target.mapper)
    asked = setting.opts.get("innerjoin")
    innerjoin = prop.innerjoin if asked is None else asked
    join = EagerJoin(
        prop,
        entity,
        target,
        inner=bool(innerjoin),
        nests=innerjoin != "unnested",
        criteria=planner.criteria_for(prop, target, setting.criteria),
    )
    if parent is None:
        planner.eager_joins.append(join)
    else:
        parent.children.append(join)
    path = (*draft.path, prop)
    inner = planner.plan_entity(target, setting.branch, path, secondary=True, eager_join=join)
    _add_joined(planner, draft, prop, inner)
    if prop.uselist:
        planner.multiplies_rows = True


def _plan_contains(planner: Any, draft: EntityDraft, prop: Any, setting: Setting, secondary: bool) -> None:
    """Plan a relationship whose target the statement itself joins."""
    target = setting.target if setting.target is not None else prop.entity
    inner = planner.plan_entity(target, setting.branch, (*draft.path, prop), secondary=secondary)
    _add_joined(planner, draft, prop, inner)


def _add_joined(planner: Any, draft: EntityDraft, prop: Any, inner: EntityDraft) -> None:
    if prop.uselist:
        planner.needs_unique = True
        planner.buffers = True
    draft.joined.append(JoinedDraft(prop.key, inner, collector(prop), many_warning(prop)))


def _check_columns(branch: Branch) -> None:
    """Raise when an option for relationships names a column attribute, or the other way around."""
    for twigs in branch.twigs.values():
        for twig in twigs:
            if twig.element is None:
                continue
            if hasattr(twig.prop, "direction"):
                known, is_, wanted = _COLUMNS_ONLY, "relationship", "column property"
            else:
                known, is_, wanted = _RELATIONSHIP_ONLY, "column property", "relationship property"
            kind = known.get(str(twig.element.strategy))
            if kind is not None:
                raise LoaderStrategyException(
                    f'Can\'t apply "{kind}" strategy to property '
                    f'"{twig.parent.class_.__name__}.{twig.prop.key}", which is a "{is_}"; '
                    f'this loader strategy is intended to be used with a "{wanted}".'
                )
