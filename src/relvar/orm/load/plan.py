"""
Plan a statement over entities: ORM SELECT in, Core SELECT and `LoadPlan` out.

Planning is pure and happens once per statement shape.  Its result is kept in
the engine's cache under the key of the ORM statement, so nothing here may
depend on the value of a bind parameter.

The stages:

1. read what the statement selects (`read_items`) and what its options say (`OptionTree`);
2. resolve joins along relationships (`joins`);
3. plan each entity: its attributes in the order of the mapping, columns and relationships, those of what is
   joined among them; then subclasses;
4. put the Core statement together, wrapped in a subquery when LIMIT and joined collections meet (`wrap`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.orm.load import strategies
from relvar.orm.load.adapt import adapt, adapted_column, adapter_of, is_lacking
from relvar.orm.load.autoalias import with_aliased_targets
from relvar.orm.load.columns import Columns, Places
from relvar.orm.load.criteria import criteria_of, no_criteria
from relvar.orm.load.draft import (
    BundleDraft,
    ColumnDraft,
    EntityDraft,
    Item,
    LoadPlan,
    TokenDraft,
    keep_draft,
)
from relvar.orm.load.eagerjoin import EagerJoin, add_parent_columns, attach_eager_joins, wrap_for_limit
from relvar.orm.load.items import (
    Selected,
    SelectedBundle,
    SelectedColumn,
    SelectedEntity,
    entities_of,
    read_items,
    settled,
)
from relvar.orm.load.joins import (
    contains_from,
    entity_of,
    joined_entity,
    narrowed_join,
    orm_froms,
    subclass_criteria,
)
from relvar.orm.load.mentioned import columns_of_others, entities_in
from relvar.orm.load.prepared import Followed, new_followed
from relvar.orm.load.shape import anonymous_alias
from relvar.orm.load.tree import EMPTY, Branch, OptionTree, option_tree
from relvar.orm.mapping.steps import (
    ColumnStep,
    LazyStep,
    column_props,
    polymorphic_mappers,
    steps_of,
)

if TYPE_CHECKING:
    from relvar.orm.load.subquery import Origin

__all__ = ["Planner", "core_select", "entity_columns", "plan_select"]

_NOTHING: frozenset[Any] = frozenset()


class Planner:
    """
    One planning: what strategies read and add to.

    Attributes:
        tree: The loader options.
        binds: The bind parameters that a call has values for, in that order.
        columns: The column list being made.
        eager_joins: Joins to add for joined eager loading, with the entity each starts from.
        refresh: The one entity is an object that is known, to be filled again.
        only: Which of its names to load; None for all.
        root: The entity being planned, without those that joined relationships lead to.
        depth: The length of the path at which it stands.
    """

    root: Any
    depth: Any

    def __init__(
        self,
        statement: Any,
        tree: OptionTree,
        refresh: bool = False,
        only: frozenset[str] | None = None,
        origin: Origin | None = None,
        binds: tuple[Any, ...] = (),
        lazy: Any = None,
    ) -> None:
        self.statement = statement
        self.binds = binds
        self.tree = tree
        self.refresh = refresh
        self.origin = origin
        self.lazy = lazy
        self.only = only
        self.columns: Columns = Columns()
        self.eager_joins: list[EagerJoin] = []
        # how many aliases of a mapper they have
        self._joined: dict[Any, int] = {}
        self.criteria: Any = criteria_of(tree.criteria) if tree.criteria else no_criteria
        self.root: Any = None
        self.depth = 1
        self.needs_unique = False
        self.multiplies_rows = False
        self.buffers = False
        self.eager: bool = not statement._execution_options.get("_no_eagerloads", False)
        # nothing but an entity's mapping, and what options say about it, decides how it is loaded
        self.is_usual: bool = (
            self.eager
            and not refresh
            and only is None
            and origin is None
            and lazy is None
            and tree.is_by_entity
        )

    def followed(self) -> Followed:
        """Return what statements that follow this one are made from."""
        return new_followed((self.tree, self.binds, plan_select))

    def plan_item(self, item: Selected, base_path: tuple[Any, ...], branch: Branch | None) -> Item:
        """Plan one element of a result row."""
        if isinstance(item, SelectedEntity):
            entity = item.entity
            path, found = base_path, branch
            if not path or found is None:
                start, said = self.tree.start(entity)
                path = path or (start,)
                found = said if found is None else found
            self.root, self.depth = entity, len(path)
            return self.plan_entity(entity, found, path)
        if isinstance(item, SelectedBundle):
            drafts = [self.plan_item(inner, (), None) for inner in item.items]
            return BundleDraft(drafts, item.bundle.row_maker([inner.key for inner in item.items]))
        if item.is_token:
            return TokenDraft()
        return ColumnDraft(self.columns.append(item.column))

    def plan_root(self, item: SelectedEntity) -> EntityDraft:
        """
        Plan an entity in the usual way (`is_usual`), as it was planned last if that is kept (`KeptDraft`).
        """
        entity = item.entity
        kept, start = item.drafts, None
        if kept is not None and item.is_aliased and not self.tree.names_aliases:
            branch = EMPTY
        else:
            start, branch = self.tree.start(entity)
            if kept is not None and branch is not EMPTY:
                kept = branch.kept_drafts
        self.root, self.depth = entity, 1
        if kept is None:
            return self.plan_entity(entity, branch, (start,))
        columns, adapter = self.columns, item.adapter
        first = len(columns.primary)
        key = (first, item.is_aliased if branch is EMPTY else entity)
        known = kept.get(key)
        state = item.mappings
        if known is not None and known.mappings is state:
            found: EntityDraft | None = known.planned(columns, adapter, self.followed)
            if found is not None:
                return found
        places = Places(columns, adapter, False)
        if start is None:
            start, _branch = self.tree.start(entity)
        draft = self.plan_entity(entity, branch, (start,), places=places)
        if places.are_new(first) and min(draft.columns.values(), default=first) >= first:
            keep_draft(kept, key, draft, tuple(places.known), state)
        return draft

    def alias_to_join(self, mapper: Any) -> Any:
        """
        Return an alias for eager loading that this statement does not have yet.

        Aliases are kept with the mapper, as nothing but the statements that planning makes has them.
        """
        number = self._joined.get(mapper, 0)
        self._joined[mapper] = number + 1
        kept = mapper._aliases_to_join
        while len(kept) <= number:
            kept.append(anonymous_alias(mapper))
        return kept[number]

    def mappers_of(self, entity: Any) -> Sequence[Any]:
        """Return the mappers whose columns an entity selects."""
        return polymorphic_mappers(entity)

    def criteria_for(self, prop: Any, target: Any, own: Iterable[Any]) -> list[Any]:
        """Return the further conditions on the target of a joined relationship."""
        adapter = adapter_of(target)
        found = [adapt(clause, adapter) for clause in own]
        found.extend(subclass_criteria(target))
        found.extend(self.criteria(target, True))
        return found

    # -- entities ---------------------------------------------------------------

    def plan_entity(
        self,
        entity: Any,
        branch: Branch,
        path: tuple[Any, ...],
        *,
        secondary: bool = False,
        eager_join: EagerJoin | None = None,
        leading: Sequence[Any] = (),
        places: Places | None = None,
    ) -> EntityDraft:
        """
        Plan how an entity comes out of a row.

        Args:
            branch: What options say about it, here.
            path: Root entity and relationships that lead to it.
            secondary: Its columns are those of a joined eager load.
            eager_join: The join it is the target of, to which further joins are added.
            leading: The superclasses whose columns come first.
            places: Those of its columns, where the caller asks for them.
        """
        mapper = entity.mapper
        if places is None:
            places = Places(self.columns, adapter_of(entity), secondary)
        draft = EntityDraft(mapper, path)
        draft.needed.update(mapper.primary_key)
        discriminator = mapper.polymorphic_on
        if discriminator is not None:
            draft.needed.add(discriminator)
        draft.is_refresh = self.refresh and not secondary
        twigs = branch.twigs
        if twigs and not branch.is_checked:
            strategies.check_columns(branch)
        for prop in column_props(leading) if leading else ():
            self._plan_column(draft, entity, prop, branch, places)
        anywhere = self.tree.anywhere
        is_open = self.only is None
        as_mapped = is_open and not draft.is_refresh and branch.columns is None and anywhere.columns is None
        are_lazy = is_open and branch.relationships is None and anywhere.relationships is None
        for step in steps_of(entity):
            # what options do not name, nor all such attributes, is loaded as it is mapped
            if step.__class__ is ColumnStep:
                if as_mapped and (not twigs or twigs.keys().isdisjoint(step.keys)):
                    if not places.add_all(step.columns, step.keys, draft.columns):
                        draft.is_partial = True
                    continue
                for prop in step.props:
                    if as_mapped and prop.key not in twigs:
                        self._add_attribute(draft, prop, places)
                    else:
                        self._plan_column(draft, entity, prop, branch, places)
            elif step.__class__ is LazyStep:
                if are_lazy and not twigs:
                    draft.forgotten += step.keys
                    continue
                for prop in step.props:
                    if are_lazy and prop.key not in twigs:
                        draft.forgotten += (prop.key,)
                    else:
                        strategies.plan_relationship(self, draft, entity, prop, branch, eager_join, secondary)
            elif step._is_relationship:
                strategies.plan_relationship(self, draft, entity, step, branch, eager_join, secondary)
            elif as_mapped and step.key not in twigs and not (step.deferred or step.is_unset):
                self._add_attribute(draft, step, places)
            else:
                self._plan_column(draft, entity, step, branch, places)
        if not draft.is_refresh or is_open:
            draft.pk = places.need_all(mapper.primary_key)
        elif not draft.columns:
            # nothing but relationships is refreshed: the row still has to be there
            places.add(mapper.primary_key[0])
        if discriminator is not None and not draft.is_refresh:
            self._plan_subclasses(draft, entity, branch, places)
        return draft

    def _plan_column(
        self,
        draft: EntityDraft,
        entity: Any,
        prop: Any,
        branch: Branch,
        places: Places,
    ) -> None:
        if self.only is not None and not places.secondary:
            wanted = prop.key in self.only and not prop.is_unset
            if not wanted and not (not draft.is_refresh and any(c in draft.needed for c in prop.columns)):
                return
            if wanted and prop.deferred:
                draft.is_beyond = True
            wanted = True
        elif draft.is_refresh and not prop.deferred and not prop.is_unset:
            # what options left out at first comes along when the object is loaded again
            wanted = True
        else:
            wanted, is_default = self.column_wanted(prop, entity, branch)
            if not wanted and any(column in draft.needed for column in prop.columns):
                wanted = True
            if wanted and not is_default:
                draft.is_beyond = True
            elif not wanted and is_default:
                draft.is_partial = True
        expression = self.expression_for(prop, entity, branch)
        if expression is not None:
            draft.columns[prop.key] = self.columns.add(expression, secondary=places.secondary)
            draft.is_beyond = True
        elif wanted:
            self._add_attribute(draft, prop, places)

    def _add_attribute(self, draft: EntityDraft, prop: Any, places: Places) -> None:
        """Select the columns of an attribute."""
        first, *further = prop.columns
        place = places.add(first)
        for column in further:
            added = places.add(column)
            if place is None:
                place = added
        if place is None:
            draft.is_partial = True
        elif prop.instrument and (prop.parent is draft.mapper or draft.mapper.has_property(prop.key)):
            draft.columns.setdefault(prop.key, place)

    def column_wanted(self, prop: Any, entity: Any, branch: Branch) -> tuple[bool, bool]:
        """Return whether a column is to be loaded with the row, and whether that is so by default."""
        if prop.is_unset:
            element = branch.columns or self.tree.anywhere.columns
            return element is not None and element.name == "undefer", False
        is_default = not prop.deferred
        twig = branch.twig(prop, entity) if branch.twigs else None
        if twig is not None and twig.element is not None:
            return twig.element.strategy == "column", is_default
        if prop.group is not None and prop.group in branch.groups:
            return True, is_default
        element = branch.columns or self.tree.anywhere.columns
        if element is not None and element.name == "load_only":
            # it is about the class that it names: subclasses of a plain class load their own columns
            is_own = entity.is_aliased_class or entity.mapper.isa(prop.parent)
            if not is_default or not is_own:
                return is_default, is_default
        if element is not None:
            return element.strategy == "column", is_default
        return is_default, is_default

    def expression_for(self, prop: Any, entity: Any, branch: Branch) -> Any:
        """Return the expression that ``with_expression()`` gives an attribute."""
        if not branch.twigs:
            return None
        twig = branch.twig(prop, entity)
        if twig is None or twig.element is None or twig.element.strategy != "expression":
            return None
        if twig.element.path[-1].parent.is_aliased_class and not entity.is_aliased_class:
            # said of the alias that an object was loaded by, which is not there when it is loaded again
            return None
        return twig.element.nodes[0]

    def _plan_subclasses(
        self,
        draft: EntityDraft,
        entity: Any,
        branch: Branch,
        places: Places,
    ) -> None:
        """Plan what a row gives the objects of each subclass: the columns that are there anyway."""
        mapper = entity.mapper
        if is_lacking(mapper.polymorphic_on, places.adapter):
            places.need(mapper.polymorphic_on)
        draft.discriminator = self._place_of_discriminator(draft, entity, branch, places)
        if draft.discriminator is None:
            return
        draft.unknown = unknown_identity(mapper)
        mappers = list(mapper.self_and_descendants)
        drafts = {mapper: draft}
        posts: dict[Any, Any] = {}
        for sub in mappers:
            if sub is not mapper:
                drafts[sub] = self._plan_subclass(draft, sub, entity, branch, places, posts)
        for identity, sub in mapper.polymorphic_map.items():
            if sub in drafts:
                draft.polymorphic[identity] = drafts[sub]
        # relationships of subclasses were joined for these only
        if draft.joined:
            draft.joined = [j for j in draft.joined if mapper.has_property(j.key)]

    def _place_of_discriminator(
        self,
        draft: EntityDraft,
        entity: Any,
        branch: Branch,
        places: Places,
    ) -> int | None:
        """Return the place of what tells the class: the mapper's, or that of ``with_expression()``."""
        mapper = entity.mapper
        prop = mapper._columntoproperty.get(mapper.polymorphic_on)
        if prop is not None and self.expression_for(prop, entity, branch) is not None:
            return draft.columns[prop.key]
        return places.add(mapper.polymorphic_on)

    def _plan_subclass(
        self,
        draft: EntityDraft,
        sub: Any,
        entity: Any,
        branch: Branch,
        places: Places,
        posts: dict[Any, Any],
    ) -> EntityDraft:
        made = EntityDraft(sub, draft.path)
        made.pk = draft.pk
        made.forgotten = draft.forgotten
        made.is_beyond = draft.is_beyond
        if draft.joined:
            made.joined = [j for j in draft.joined if sub.has_property(j.key)]
        for step in sub._loading_steps:
            if step.__class__ is ColumnStep:
                if not places.find_all(step.columns, step.keys, draft.columns, made.columns):
                    made.is_partial = True
                continue
            prop = step
            if prop.__class__ is LazyStep or prop._is_relationship or not prop.instrument:
                # what is not instrumented is for the statement only
                continue
            place = next((places.known[c] for c in prop.columns if c in places.known), None)
            if place is not None:
                made.columns[prop.key] = place
            elif prop.key in draft.columns:
                made.columns[prop.key] = draft.columns[prop.key]
            elif not prop.deferred and not prop.is_unset:
                made.is_partial = True
        strategies.plan_subclass_relationships(self, made, sub, entity, branch, posts)
        return made


def unknown_identity(mapper: Any) -> Any:
    """Return what is called for a row whose discriminator no subclass has."""

    def unknown(value: Any, pk: Any) -> Any:
        key = (mapper.identity_class, pk if isinstance(pk, tuple) else (pk,), None)
        row = (
            f"Row with identity key {key} can't be loaded into an object; the polymorphic discriminator "
            f"column '{mapper.polymorphic_on}'"
        )
        if value is None:
            raise exc.InvalidRequestError(f"{row} is NULL")
        if value in mapper.polymorphic_map:
            raise exc.InvalidRequestError(
                f"{row} refers to {mapper.polymorphic_map[value]}, which is not a sub-mapper of the "
                f"requested {mapper}"
            )
        raise AssertionError(f"No such polymorphic_identity {value!r} is defined")

    return unknown


def _global_criteria(entities: Iterable[Any], criteria: Any, is_joined: bool = False) -> list[Any]:
    """
    Return conditions on the statement's own entities: their subclass, and what options say.

    Args:
        is_joined: The statement, or what it joins them to, says what subclass the entities are.
    """
    found: list[Any] = []
    for entity in entities:
        # what stands for a class is over rows of that class
        if (
            not is_joined
            and getattr(entity.mapper, "_single_table_criterion", None) is not None
            and not (entity.is_aliased_class and entity._use_mapper_path)
        ):
            found.extend(subclass_criteria(entity))
        found.extend(criteria(entity))
    return found


def _has_own_criterion(statement: Any) -> bool:
    """Tell whether this is the EXISTS of ``any()`` or ``has()``, which says what subclass it is about."""
    froms = statement._from_obj
    return bool(froms) and any("has_own_criterion" in item._annotations for item in froms)


def root_entities(known: Sequence[Any], joined: Sequence[Any]) -> Sequence[Any]:
    """
    Return the entities that a statement is about but does not reach by a join.

    Args:
        known: What `_known` says.
        joined: What `joined_entities` says.
    """
    return [entity for entity in known if entity not in joined] if joined else known


def _are_plain(entities: Sequence[Any]) -> bool:
    """Tell whether a statement has no condition, join or other table because it is about entities."""
    for entity in entities:
        if not settled(entity).is_plain:
            return False
    return True


def _over_unions(core: Any, entities: Iterable[Any]) -> Any:
    """Move what a Core SELECT says about tables to what the mappers of its entities select from instead."""
    moved = []
    for entity in entities:
        if not entity.is_aliased_class and entity._adapter is not None:
            moved.append(entity)
    if not moved:
        return core
    from relvar.orm.load.unions import over_unions  # few mappings need it

    return over_unions(core, moved)


def joined_entities(statement: Any) -> list[Any]:
    """Return what ``join()`` leads a statement to; None for what is no entity."""
    return [joined_entity(right) for right, _onclause, _from, _flags in statement._setup_joins]


def _with_joins(statement: Any) -> tuple[Any, Sequence[Any]]:
    """Return a statement with aliases where its joins need them, and what these lead to."""
    if not statement._setup_joins:
        return statement, ()
    joined = joined_entities(statement)
    made = with_aliased_targets(statement, joined)
    return made, joined if made is statement else joined_entities(made)


def _known(statement: Any, entities: Sequence[Any], joined: Sequence[Any]) -> Sequence[Any]:
    """
    Return the entities that a statement selects, names in ``select_from()`` or joins, each once.

    Args:
        entities: What `entities_of` says.
        joined: What `joined_entities` says.
    """
    if not (joined or statement._from_obj):
        return entities
    found = [*entities]
    for item in statement._from_obj:
        entity = entity_of(item)
        if entity is not None and entity not in found:
            found.append(entity)
    for entity in joined:
        if entity is not None and entity not in found:
            found.append(entity)
    return found


def core_select(
    statement: Any,
    toplevel: bool = False,
    around: Any = _NOTHING,
    beside: Any = _NOTHING,
    options: tuple[Any, ...] = (),
) -> Any:
    """
    Return the Core form of an ORM SELECT.

    Inside another statement its entities become all of their columns, and of options only those of
    ``with_loader_criteria()`` apply; at the top (``str(statement)``) it is what would be executed.

    Args:
        around, beside: FROM elements of the enclosing statements, which it may correlate to.
        options: What the outermost statement has.
    """
    if toplevel:
        return plan_select(statement)[0]
    statement, joined = _with_joins(statement)
    items = read_items(statement._raw_columns)
    own = statement._with_options
    criteria = criteria_of((*own, *[option for option in options if option not in own]))
    entities = entities_of(items)
    froms = orm_froms(statement, entities, criteria)
    columns: list[Any] = []
    for item in items:
        columns.extend(_plain_columns(item))
    known = _known(statement, entities, joined)
    roots = root_entities(known, joined)
    where = _global_criteria(roots, criteria, _has_own_criterion(statement))
    core = _core(statement, columns, _with_entity_froms(froms, entities), where)
    core = _over_unions(core, known)
    return _with_mentioned(core, statement, known, criteria, around, beside)


def _with_mentioned(
    core: Any,
    statement: Any,
    known: Sequence[Any],
    criteria: Any,
    around: Any = _NOTHING,
    beside: Any = _NOTHING,
) -> Any:
    """
    Add the conditions on entities that are in the FROM clause because WHERE compares their columns.

    Args:
        known: The entities that the statement selects, joins or names in ``select_from()``.
    """
    if not statement._where_criteria:
        return core
    columns = columns_of_others(statement._where_criteria, known)
    if not columns:
        return core
    found = entities_in(columns, known, lambda: core._select_state.get_display_froms(around, beside))
    where = _global_criteria(found, criteria)
    if not where:
        return core
    made = core._clone()
    made._where_criteria = (*core._where_criteria, *where)
    return made


def _plain_columns(item: Selected) -> list[Any]:
    if isinstance(item, SelectedColumn):
        return [] if item.is_token else [item.column]
    if isinstance(item, SelectedBundle):
        return [column for inner in item.items for column in _plain_columns(inner)]
    return entity_columns(item.entity)


def entity_columns(entity: Any) -> list[Any]:
    """
    Return the columns that an entity stands for in the SELECT list of a subquery.

    They are all of its table's, also deferred ones, and the expressions that are loaded with it.  The list is
    kept: names made up for expressions must be the same wherever the subquery is mentioned.
    """
    props = column_props(polymorphic_mappers(entity))
    known: tuple[int, list[Any]] | None = entity.__dict__.get("_columns_of_subquery")
    if known is not None and known[0] == len(props):
        return known[1]
    adapter = adapter_of(entity)
    found: dict[Any, None] = {}
    for prop in props:
        if prop.is_unset or (prop.deferred and prop.is_expression):
            continue
        for column in prop.columns:
            made = column if adapter is None else adapted_column(column, adapter)
            if made is None:
                continue
            if not made._is_keyed_column_element:
                # an expression: in a subquery it is found by the name of its attribute
                made = made._annotate({"proxy_key": prop.key, "parententity": entity})
            found[made] = None
    columns = list(found)
    entity.__dict__["_columns_of_subquery"] = (len(props), columns)
    return columns


def _with_entity_froms(froms: list[Any], entities: Sequence[Any]) -> list[Any]:
    """
    Add the joins that entities of joined inheritance stand for, where only some of their columns are
    selected; without a FROM of the statement's own, other entities among them, in their order.
    """
    for entity in entities:
        if entity.selectable._is_join:
            break
    else:
        return froms
    made = list(froms)
    for entity in entities:
        selectable = entity.selectable
        is_join = selectable._is_join
        if (is_join or not froms) and not any(
            contains_from(item, selectable) or (is_join and contains_from(item, entity.mapper.local_table))
            for item in made
        ):
            made.append(selectable)
    return made


def _core(statement: Any, columns: Sequence[Any], froms: Sequence[Any], where: Sequence[Any]) -> Any:
    """Return the statement with its ORM parts replaced."""
    made = statement._clone()
    made._raw_columns = list(columns)
    made._from_obj = tuple(froms)
    made._setup_joins = ()
    made._with_options = ()
    made._propagate_attrs = {}
    if where:
        made._where_criteria = (*statement._where_criteria, *where)
    return made


def plan_select(
    statement: Any,
    *,
    tree: OptionTree | None = None,
    binds: tuple[Any, ...] = (),
    path: tuple[Any, ...] = (),
    branch: Branch | None = None,
    refresh: bool = False,
    only: frozenset[str] | None = None,
    origin: Origin | None = None,
    lazy: Any = None,
    joins: bool = False,
) -> tuple[Any, LoadPlan]:
    """
    Plan an ORM SELECT.

    Args:
        tree: Loader options; by default those of the statement.
        binds: The bind parameters that each execution of this statement, or of one of its shape, has
            values for, in that order.
        path: Where the first entity stands, when the statement loads for an attribute of another one.
        branch: What options say about the first entity; looked up if not given.
        refresh: Fill an object that is known.
        only: Which of its names to load; None for all.
        origin: Where the chain of subquery loads starts that this statement belongs to.
        lazy: The relationship that the statement loads for one object, as it is read.
        joins: The statement joins its entity to others: what options say about it belongs to that join.

    Returns:
        The Core statement to compile, and what to do with its rows.

    Raises:
        ArgumentError: An option does not fit the statement.
        InvalidRequestError: A join has no left side, or more than one.
    """
    statement, joined = _with_joins(statement)
    items = read_items(statement._raw_columns)
    if tree is None:
        tree = option_tree(statement._with_options)
        if tree.options:
            tree.check([item.entity for item in items if isinstance(item, SelectedEntity)])
    planner = Planner(statement, tree, refresh, only, origin, binds, lazy)
    entities = entities_of(items)
    is_plain = not tree.criteria and _are_plain(entities)
    froms = orm_froms(statement, entities, planner.criteria if tree.criteria else None, is_plain)
    drafts: list[Item] = []
    keys = []
    is_first = True
    has_aliases = False
    is_usual = planner.is_usual and not path and branch is None
    for item in items:
        if is_usual and item.__class__ is SelectedEntity:
            drafts.append(planner.plan_root(item))
        elif is_first and isinstance(item, SelectedEntity):
            is_first = False
            drafts.append(planner.plan_item(item, path, branch))
        else:
            drafts.append(planner.plan_item(item, (), None))
        keys.append(item.key)
        has_aliases = has_aliases or item.is_aliased
    known = _known(statement, entities, joined)
    is_plain = is_plain and _are_plain(known[len(entities) :])
    where: list[Any] = []
    is_given = bool(froms)
    if not is_plain:
        is_joined = origin is not None or _has_own_criterion(statement)
        where = _global_criteria(root_entities(known, joined), planner.criteria, is_joined)
        froms = _with_entity_froms(froms, entities)
    if joins and where and len(froms) == 1 and froms[0]._is_join:
        froms, where = [narrowed_join(froms[0], where)], []
    if planner.eager_joins:
        add_parent_columns(planner)
    if planner.eager_joins and _needs_wrap(statement, planner.multiplies_rows):
        core = _core(statement, planner.columns.primary, froms, where)
        if not is_plain:
            core = _over_unions(core, known)
        core = wrap_for_limit(planner, _with_mentioned(core, statement, known, planner.criteria))
    else:
        order_by: list[Any] = []
        if planner.eager_joins:
            if not is_given:
                froms = _with_implied(statement, froms, planner)
            froms = attach_eager_joins(planner, froms, order_by)
        core = _core(statement, planner.columns.primary + planner.columns.secondary, froms, where)
        if order_by:
            core._order_by_clauses = (*statement._order_by_clauses, *order_by)
        if not is_plain:
            core = _over_unions(core, known)
        core = _with_mentioned(core, statement, known, planner.criteria)
    if tree.criteria:  # for the statements within it
        core._with_options = tree.criteria
    plan = LoadPlan(drafts, keys, planner.columns)
    plan.has_aliases = has_aliases
    plan.needs_unique = planner.needs_unique
    plan.buffers = planner.buffers
    return core, plan


def _with_implied(statement: Any, froms: list[Any], planner: Planner) -> list[Any]:
    """
    Add the FROM elements that the columns imply; those that eager joins start from come after them, and what
    WHERE implies comes last.
    """
    starts = [join.parent.selectable for join in planner.eager_joins]
    if all(getattr(column, "table", None) in starts for column in planner.columns.primary):
        return froms
    plain = _core(statement, planner.columns.primary, froms, ())
    plain._where_criteria = ()
    implied = [
        item
        for item in plain._select_state.get_display_froms()
        if not any(item is known for known in froms)
        and not any(contains_from(item, selectable) for selectable in starts)
    ]
    return [*froms, *implied]


def _needs_wrap(statement: Any, multiplies_rows: bool) -> bool:
    """
    Tell whether eager joins have to start from the statement as a subquery: what they bring is not grouped,
    and a joined collection would change which rows the statement gives.
    """
    return bool(statement._group_by_clauses) or (multiplies_rows and _limits_rows(statement))


def _limits_rows(statement: Any) -> bool:
    return (
        statement._limit_clause is not None
        or statement._offset_clause is not None
        or statement._fetch_clause is not None
        or bool(statement._distinct)
    )
