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
from typing import Any

from relvar import exc
from relvar.orm.exc import LoaderStrategyException
from relvar.orm.load.collect import collector, many_warning
from relvar.orm.load.draft import EntityDraft, JoinedDraft
from relvar.orm.load.eagerjoin import EagerJoin
from relvar.orm.load.immediate import ImmediatePost, NoLoadPost
from relvar.orm.load.joins import contains_from
from relvar.orm.load.selectin import SelectinPost
from relvar.orm.load.shape import finds_by_key, uses_get, with_subclasses
from relvar.orm.load.tree import EMPTY, Branch, OptionTree, Twig
from relvar.util.fields import NamedTuple

__all__ = [
    "Setting",
    "check_columns",
    "plan_polymorphic_select",
    "plan_relationship",
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

    def target_of(self, prop: Any) -> Any:
        """Return what a further statement selects: the relationship's target, or what options put there."""
        target = self.target
        if target is None or target is prop.entity or self.twig is None:
            return prop.entity
        return target if target.is_aliased_class else with_subclasses(prop.mapper, target, *self.twig.more)


_ADDING = ("joined", "selectin", "subquery", "immediate")
_EAGER = (*_ADDING, "contains")


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
    return prop in steps or any(step.parent.isa(prop.mapper) for step in (*steps, prop))


def _comes_back(planner: Any, draft: EntityDraft, prop: Any, strategy: str) -> bool:
    """
    Tell whether a strategy that was not asked for explicitly stops here.

    Joins count within their statement only, further statements along the whole path; loading one by one ends
    by itself, but for what has a key to follow.
    """
    path = draft.path
    if strategy == "joined":
        return is_recursive(prop, path[planner.depth :])
    return (strategy != "immediate" or uses_get(prop)) and is_recursive(prop, path[1:])


def _is_way_back(planner: Any, prop: Any) -> bool:
    """
    Tell whether a relationship leads from what is loaded when it is read to the object that it is read from.
    """
    return planner.lazy is not None and prop in planner.lazy._reverse_property and finds_by_key(prop)


def plan_relationship(
    planner: Any,
    draft: EntityDraft,
    entity: Any,
    prop: Any,
    branch: Branch,
    eager_join: EagerJoin | None,
    secondary: bool,
) -> None:
    """Plan a relationship of an entity."""
    setting = _effective(planner, draft, prop, entity, branch, secondary)
    if setting is None:
        return
    if setting.strategy == "joined":
        _plan_joined(planner, draft, entity, prop, setting, eager_join)
    elif setting.strategy == "contains":
        _plan_contains(planner, draft, prop, setting, secondary)
    elif setting.strategy in ("selectin", "subquery"):
        lacking = _columns_left_out(planner, prop, entity, branch)
        if setting.strategy == "subquery":
            # its rows are told apart by them
            draft.needed.update(lacking)
        _plan_post(planner, draft, entity, prop, setting, bool(lacking))
    elif not _plan_post(planner, draft, entity, prop, setting):
        draft.forgotten = (*draft.forgotten, prop.key)
    if draft.is_refresh and planner.only is not None and setting.strategy != "joined":
        _add_local_columns(planner, entity, prop)


def _columns_left_out(planner: Any, prop: Any, entity: Any, branch: Branch) -> list[Any]:
    """Return the columns by which a relationship refers to its target that do not come with the row."""
    parent = prop.parent
    found = []
    for column in prop.local_columns:
        if column not in parent.primary_key:
            wanted, _ = planner.column_wanted(parent.get_property_by_column(column), entity, branch)
            if not wanted:
                found.append(column)
    return found


def _add_local_columns(planner: Any, entity: Any, prop: Any) -> None:
    """Select the columns that loading the relationship of a refreshed object starts from."""
    mapper = entity.mapper
    for column in mapper.persist_selectable.c:
        if column in prop.local_columns and planner.columns.add(column) is None:
            return


def plan_subclass_relationships(
    planner: Any, draft: EntityDraft, mapper: Any, entity: Any, branch: Branch, posts: dict[Any, Any]
) -> None:
    """
    Plan the relationships that only a subclass of the entity has; the statement itself can't join them.

    Args:
        posts: What is loaded after the rows, for objects of all subclasses together.
    """
    settings = _subclass_settings(planner, draft, mapper, entity, branch)
    if not (settings or branch.polymorphic or _selects_apart(mapper, entity.mapper)):
        return
    joined = {prop.key for prop, setting in settings.items() if setting.strategy == "joined"}
    selected = plan_polymorphic_select(planner, draft, mapper, entity, branch, joined, posts)
    for prop, setting in settings.items():
        names = [mapper.get_property_by_column(column).key for column in prop.local_columns]
        lacks_key = any(name not in draft.columns for name in names)
        if prop.key in selected:
            continue
        if setting.strategy == "subquery" or (setting.strategy == "joined" and setting.is_explicit):
            # the statement does not have the subclass's table
            setting = setting._replace(strategy="selectin")
        if (prop, lacks_key) in posts:
            draft.posts.append(posts[prop, lacks_key])
        elif _plan_post(planner, draft, entity, prop, setting, lacks_key):
            posts[prop, lacks_key] = draft.posts[-1]


def _selects_apart(mapper: Any, base: Any) -> bool:
    """Tell whether a class, or one between it and a superclass, is mapped to have a SELECT of its own."""
    while mapper is not None and mapper is not base:
        if mapper.polymorphic_load == "selectin":
            return True
        mapper = mapper.inherits
    return False


def _subclass_settings(
    planner: Any, draft: EntityDraft, mapper: Any, entity: Any, branch: Branch
) -> dict[Any, Setting]:
    """Return the settings of the relationships that a subclass has beside those of the entity."""
    own = list(mapper.relationships)
    if not own:
        return {}
    planned = {prop for each in planner.mappers_of(entity) for prop in each.relationships}
    secondary = len(draft.path) > planner.depth
    found = {
        prop: _effective(planner, draft, prop, entity, branch, secondary)
        for prop in own
        if prop not in planned
    }
    return {prop: setting for prop, setting in found.items() if setting is not None}


def plan_polymorphic_select(
    planner: Any,
    draft: EntityDraft,
    mapper: Any,
    entity: Any,
    branch: Branch,
    joined: set[str],
    posts: dict[Any, Any],
) -> set[str]:
    """
    Plan the further SELECTs that fill the columns of a subclass, where an option or the mapping asks for it.

    An option has one for each class between the superclass and those it names, with the columns it adds;
    the mapping has one for the class itself, with all.

    Args:
        joined: The relationships of the subclass that are to be joined to them.
        posts: Those of the whole hierarchy.

    Returns:
        The attributes that come with the row or with these SELECTs.
    """
    base = entity.mapper
    lineage = [each for each in mapper.iterate_to_root() if each is not base and each.isa(base)]
    given: set[str] = {*draft.columns, *[prop.key for prop in base.column_attrs]}
    named = [each for each in branch.polymorphic if mapper.isa(each)]
    for each in reversed(lineage):
        if any(other.isa(each) for other in named):
            _add_polymorphic_post(planner, draft, each, given, branch, joined, posts)
    nearest = next((each for each in lineage if each.polymorphic_load == "selectin"), None)
    if nearest is not None:
        _add_polymorphic_post(planner, draft, nearest, given, branch, joined, posts)
    return given


def _add_polymorphic_post(
    planner: Any,
    draft: EntityDraft,
    mapper: Any,
    given: set[str],
    branch: Branch,
    joined: set[str],
    posts: dict[Any, Any],
) -> None:
    """
    Plan the SELECT that brings objects of a class the columns, and joined relationships, not given yet.
    """
    columns = [prop.key for prop in mapper.column_attrs if _wanted_by_itself(prop, mapper, branch)]
    related = [prop.key for prop in mapper.relationships if prop.key in joined]
    missing = frozenset([*columns, *related]) - given
    if not missing:
        return
    given |= missing
    key = (mapper, missing)
    if key not in posts:
        from relvar.orm.load.polymorphic import PolymorphicPost  # few mappings need it

        options = Branch()
        options.twigs = {name: branch.twigs[name] for name in related if name in branch.twigs}
        posts[key] = PolymorphicPost(planner.followed(), mapper, draft.path, options, missing)
    draft.posts.append(posts[key])


def _wanted_by_itself(prop: Any, mapper: Any, branch: Branch) -> bool:
    """Tell whether a column is loaded, leaving aside what options say about all columns."""
    twig = branch.twig(prop, mapper)
    if twig is not None and twig.element is not None:
        return twig.element.strategy == "column"
    return not prop.is_unset and (not prop.deferred or prop.group in branch.groups)


def _effective(
    planner: Any, draft: EntityDraft, prop: Any, entity: Any, branch: Branch, secondary: bool = False
) -> Setting | None:
    """
    Return the setting of a relationship after the rules on refreshing and recursion; None to leave it alone.
    """
    if planner.only is not None and not secondary and prop.key not in planner.only:
        return None
    setting = setting_of(prop, entity, branch, planner.tree)
    if setting.strategy in _ADDING:
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


def _plan_post(
    planner: Any, draft: EntityDraft, entity: Any, prop: Any, setting: Setting, lacks_key: bool = False
) -> bool:
    """
    Plan a relationship that is loaded after the rows; tell whether it is one.

    Args:
        lacks_key: The objects come without the columns that refer to the target.
    """
    strategy = setting.strategy
    if setting.opts.get("recursion_depth") and not prop.mapper.common_parent(prop.parent):
        raise exc.InvalidRequestError(
            f"recursion_depth option on relationship {prop} not valid for non-self-referential relationship"
        )
    if strategy == "selectin":
        draft.posts.append(SelectinPost(planner.followed(), prop, draft.path, setting, lacks_key))
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
    target = setting.target_of(prop)
    if not target.is_aliased_class:
        target = planner.alias_to_join(prop.mapper)
    elif target is not prop.entity and contains_from(target.selectable, target.mapper.local_table):
        raise exc.InvalidRequestError(
            "Detected unaliased columns when generating joined load.  Make sure to use aliased=True or "
            "flat=True when using joined loading with with_polymorphic()."
        )
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
    inner = planner.plan_entity(
        target, setting.branch, path, secondary=True, eager_join=join, leading=_leading(prop, target)
    )
    _add_joined(planner, draft, prop, inner)
    if prop.uselist:
        planner.multiplies_rows = True


def _plan_contains(planner: Any, draft: EntityDraft, prop: Any, setting: Setting, secondary: bool) -> None:
    """Plan a relationship whose target the statement itself joins."""
    target = setting.target if setting.target is not None else prop.entity
    path = (*draft.path, prop)
    leading = _leading(prop, target)
    inner = planner.plan_entity(target, setting.branch, path, secondary=secondary, leading=leading)
    _add_joined(planner, draft, prop, inner)


def _leading(prop: Any, target: Any) -> list[Any]:
    """Return the superclasses whose columns come before those of the subclass that ``of_type()`` named."""
    if target.mapper is prop.mapper:
        return []
    if target.is_aliased_class:
        return [prop.mapper]
    lineage = [each for each in target.mapper.iterate_to_root() if each.isa(prop.mapper)]
    return lineage[:0:-1]


def _add_joined(planner: Any, draft: EntityDraft, prop: Any, inner: EntityDraft) -> None:
    if prop.uselist:
        planner.needs_unique = True
        planner.buffers = True
    draft.joined.append(JoinedDraft(prop.key, inner, collector(prop), many_warning(prop)))


def check_columns(branch: Branch) -> None:
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
    branch.is_checked = True
