# Compiled as it is, see setup.py.
"""
Arrange a statement's loader options as a tree, one branch per entity.

Planning an entity needs one question answered: "which settings hold for this
attribute, here?".  The tree answers it by a dictionary look-up, and hands the
branch that holds below a relationship on to the planning of its target.

Rule 1: a setting for an attribute beats one for all attributes (``"*"``).
Rule 2: two settings for the same attribute must agree; of two for all attributes the later one holds.
Rule 3: an unbound ``"*"`` holds on every level that is loaded with the statement, a bound one on its own
level only; what is loaded when it is read is beyond the unbound one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.keys import statement_key
from relvar.orm.load.criteria import LoaderCriteriaOption
from relvar.orm.load.links import entity_leads_to
from relvar.orm.load.options import Load
from relvar.orm.load.path import RELATIONSHIPS, Element, Step, entity_name

__all__ = ["EMPTY", "NO_OPTIONS", "AliasRoot", "Branch", "OptionTree", "Twig", "option_tree"]

_UNKNOWN: Any = object()

# How many sequences of options are kept that begin with the same one.
_MOST_TREES = 32


class Twig:
    """What options say about one attribute of an entity."""

    criteria: tuple[Any, ...]

    target: Any
    more: Any

    __slots__ = ("branch", "criteria", "element", "more", "parent", "prop", "target")

    def __init__(self, step: Step) -> None:
        self.parent: Any = step.parent
        self.prop: Any = step.prop
        self.target = step.target
        # further subclasses that ``of_type()`` names
        self.more: tuple[Any, ...] = ()
        self.criteria = step.criteria
        self.element: Element | None = None
        self.branch: Branch = Branch()

    def aim(self, target: Any) -> None:
        """Say where the attribute leads to; to several subclasses, if they are named one after the other."""
        known = self.target
        if known is None or known.is_aliased_class or target.is_aliased_class:
            self.target, self.more = target, ()
        elif target is not known and target not in self.more:
            self.more = (*self.more, target)

    def put(self, element: Element, agree: bool) -> None:
        """
        Say how the attribute is loaded.

        Raises:
            InvalidRequestError: Something else was said before.
        """
        known = self.element
        if (
            agree
            and known is not None
            and (known.strategy, known.opts) != (element.strategy, element.opts)
            and known.strategy != "expression"
        ):
            raise exc.InvalidRequestError(
                f"Loader strategy replacement {element.describe()} is in conflict with existing strategy "
                f"{known.describe()}"
            )
        self.element = element
        self.criteria = element.path[-1].criteria


class Branch:
    """What options say about one entity at one place."""

    __slots__ = ("columns", "groups", "is_checked", "kept_drafts", "polymorphic", "relationships", "twigs")

    def __init__(self) -> None:
        # what planning came to with them, where they are kept for the next statements
        self.kept_drafts: dict[Any, Any] | None = None
        # options of columns name columns, those of relationships relationships
        self.is_checked: bool = False
        self.twigs: dict[str, list[Twig]] = {}
        self.relationships: Element | None = None
        self.columns: Element | None = None
        self.groups: frozenset[str] = frozenset()
        self.polymorphic: tuple[Any, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.twigs or self.relationships or self.columns or self.groups or self.polymorphic)

    def twig(self, prop: Any, entity: Any) -> Twig | None:
        """Return what is said about ``prop`` of ``entity``."""
        found = self.twigs.get(prop.key)
        if found is None:
            return None
        for twig in found:
            if twig.prop is prop or entity_leads_to(entity, twig.parent):
                return twig
        return None

    def grow(self, step: Step) -> Twig:
        """Return the twig of a step, made if it is new."""
        twigs = self.twigs.setdefault(step.key, [])
        for twig in twigs:
            if twig.parent is step.parent:
                if step.target is not None:
                    twig.aim(step.target)
                if step.criteria:
                    twig.criteria = step.criteria
                return twig
        twig = Twig(step)
        twigs.append(twig)
        return twig

    def put(self, path: tuple[Step, ...], element: Element, agree: bool) -> None:
        """Set ``element`` at the end of ``path``; where options need not ``agree``, over what is there."""
        if not path:
            if element.strategy == "polymorphic":
                self.polymorphic = dict(element.opts)["classes"]
            return
        step, rest = path[0], path[1:]
        if not step.is_wildcard:
            twig = self.grow(step)
            if rest:
                twig.branch.put(rest, element, agree)
            elif element.strategy == "polymorphic":
                twig.branch.put((), element, agree)
            elif element.strategy is not None:
                twig.put(element, agree)
        elif step.key == RELATIONSHIPS:
            self.relationships = element
        elif element.strategy == "group":
            self.groups |= {dict(element.opts)["group"]}
        else:
            self.columns = element


EMPTY = Branch()


class AliasRoot:
    """
    Stands for an alias at the start of a load path.

    Each execution may bring another alias of the same shape, so a plan cannot hold on to the alias itself: it
    keeps
    the place of its options in the tree, which is the same for all of them.
    """

    __slots__ = ("index", "mapper")

    is_aliased_class = True

    def __init__(self, mapper: Any, index: int) -> None:
        self.mapper: Any = mapper
        self.index: int = index

    def __reduce__(self) -> Any:
        return AliasRoot, (self.mapper, -1)


class OptionTree:
    """All loader options of one statement (or kept with one state)."""

    __slots__ = (
        "_binds",
        "_bound",
        "_key",
        "_propagates",
        "_starts",
        "anywhere",
        "criteria",
        "gathers",
        "is_by_entity",
        "names_aliases",
        "options",
        "roots",
        "source",
        "told",
    )

    def __init__(self, options: Iterable[Any] = (), agree: bool = True) -> None:
        given = tuple(options)
        self.options: tuple[Load, ...] = tuple(option for option in given if isinstance(option, Load))
        self.criteria: tuple[LoaderCriteriaOption, ...] = tuple(
            option for option in given if isinstance(option, LoaderCriteriaOption)
        )
        # what loading passes over: options that ``do_orm_execute`` listeners look for
        self.told: tuple[Any, ...] = tuple(
            option for option in given if getattr(option, "is_user_defined", False)
        )
        self.anywhere: Branch = Branch()
        self.roots: list[tuple[Any, Branch]] = []
        self._binds: tuple[Any, ...] | None = None
        self._key: Any = _UNKNOWN
        self._bound: Any = _UNKNOWN
        # an attribute is loaded for all objects that came together
        self.gathers: bool = any(_is_for_peers(option) for option in self.options)
        for option in self.options:
            self._add(option, agree)
        # what is said is said of one entity each
        self.is_by_entity: bool = self.anywhere.is_empty
        self.names_aliases: bool = any(root.is_aliased_class for root, _branch in self.roots)
        # what `start` found for mappers, where the tree is kept for the next statements
        self._starts: dict[Any, tuple[Any, Branch]] | None = None
        # all of them hold for lazy loads of the loaded objects as well
        known: list[Any] = [*self.options, *self.criteria, *self.told]
        self._propagates: bool = len([1 for option in known if option.propagate_to_loaders]) == len(known)
        # stands for the statement that these come from
        self.source: object = object()

    def __reduce__(self) -> Any:
        # conditions of `with_loader_criteria` may hold functions; they stay behind
        return OptionTree, ([option for option in self.options if not option.has_aliases], False)

    def again(self) -> OptionTree:
        """Return the same options, as those of another statement: with the same ``roots``."""
        made: OptionTree = OptionTree.__new__(OptionTree)
        made.options = self.options
        made.criteria = self.criteria
        made.told = self.told
        made.anywhere = self.anywhere
        made.roots = self.roots
        made.gathers = self.gathers
        made.is_by_entity = self.is_by_entity
        made.names_aliases = self.names_aliases
        made._starts = self._starts
        made._propagates = self._propagates
        made._binds = self._binds
        made._key = self._key
        made._bound = _UNKNOWN
        made.source = object()
        return made

    @property
    def binds(self) -> tuple[Any, ...]:
        """The bind parameters in the options' conditions, in an order that depends on their shape only."""
        if self._binds is None:
            self._describe()
        return self._binds or ()

    @property
    def key(self) -> Any:
        """What tells options of this shape from others; None if that cannot be told."""
        if self._key is _UNKNOWN:
            self._describe()
        return self._key

    def _describe(self) -> None:
        keys = []
        binds: list[Any] = []
        for option in (*self.options, *self.criteria):
            key, found = statement_key(option)
            keys.append(key)
            binds.extend(found)
        self._binds = tuple(binds)
        self._key = None if None in keys else tuple(keys)

    @property
    def propagated(self) -> OptionTree | None:
        """The options that lazy loads of the loaded objects follow as well; None if there are none."""
        known: list[Any] = [*self.options, *self.criteria, *self.told]
        if self._propagates:
            return self if known else None
        kept = [option for option in known if option.propagate_to_loaders]
        return OptionTree(kept, agree=False) if kept else None

    @property
    def bound(self) -> OptionTree | None:
        """The options that hold for what is loaded when it is read; None if there are none."""
        if self._bound is _UNKNOWN:
            kept = [option for option in self.options if option.root is not None or _is_for_peers(option)]
            others = [*kept, *self.criteria, *self.told]
            self._bound = None
            if len(kept) == len(self.options):
                # not itself, which would be a cycle
                self._bound = True
            elif others:
                # they agreed, or need not
                self._bound = OptionTree(others, agree=False)
                self._bound.source = self.source
        bound: OptionTree | None = self if self._bound is True else self._bound
        return bound

    def with_later(
        self, path: tuple[Any, ...], later: tuple[OptionTree, tuple[Any, ...]], mapper: Any
    ) -> tuple[OptionTree, tuple[Any, ...]]:
        """
        Return what an object keeps that has these options, and comes along with a later statement.

        Args:
            path: Where it stands in these.
            later: The options of that statement, and where it stands there.
            mapper: What the statement takes it for.

        Returns:
            The options of both, and where it stands in them.
        """
        tree, place = later
        if self.key is not None and self.key == tree.key and path == place:
            return later
        kept: dict[Any, Any] = {}
        for one, where in ((self, path), (tree, place)):
            for option in (*one._seen_from(where, mapper), *one.criteria):
                # the same again brings other values
                key = statement_key(option)[0]
                kept.pop(key, None)
                kept[id(option) if key is None else key] = option
        told = {id(option): option for option in (*self.told, *tree.told)}
        made = OptionTree([*kept.values(), *told.values()], agree=False)
        made.source = tree.source
        return made, (mapper,)

    def _seen_from(self, path: tuple[Any, ...], mapper: Any) -> Iterator[Load]:
        """Yield the options that say something about the end of a path, or what lies below, from there."""
        start = (
            self.roots[path[0].index][0] if isinstance(path[0], AliasRoot) and path[0].index >= 0 else path[0]
        )
        for option in self.options:
            if option.root is None:
                yield option
            elif entity_leads_to(start, option.root):
                elements = [
                    element._replace(path=element.path[len(path) - 1 :])
                    for element in option.elements
                    if len(element.path) >= len(path)
                    and all(step.prop is prop for step, prop in zip(element.path, path[1:], strict=False))
                ]
                if elements:
                    yield option.moved(mapper, tuple(elements))

    def _add(self, option: Load, agree: bool) -> None:
        for element in option.elements:
            if option.root is None:
                self.anywhere.put(element.path, element, agree)
            else:
                self._root(option.root).put(element.path, element, agree)

    def _root(self, entity: Any) -> Branch:
        for known, branch in self.roots:
            if known is entity:
                return branch
        branch = Branch()
        self.roots.append((entity, branch))
        return branch

    def start(self, entity: Any) -> tuple[Any, Branch]:
        """
        Return what stands for an entity that the statement selects at the start of load paths, and what is
        said about it, by itself or with all others.
        """
        starts = self._starts
        known = None if starts is None else starts.get(entity)
        if known is not None:
            return known
        index, found = -1, []
        for number, (root, branch) in enumerate(self.roots):
            if entity_leads_to(entity, root):
                index = number if index < 0 else index
                found.append(branch)
        if self.anywhere.groups:
            groups = Branch()
            groups.groups = self.anywhere.groups
            found.append(groups)
        said = _laid_over(found) if found else EMPTY
        if not entity.is_aliased_class:
            place = entity
        else:
            place = entity.mapper if entity._use_mapper_path else AliasRoot(entity.mapper, index)
        if starts is not None and found and (place is entity or self.roots[index][0] is entity):
            # an alias that options name is kept with them
            if said.kept_drafts is None:
                said.kept_drafts = {}
            starts[entity] = place, said
        return place, said

    def branch(self, entity: Any) -> Branch:
        """Return what is said about a root entity of the statement."""
        if not self.roots:
            return EMPTY
        if isinstance(entity, AliasRoot):
            return self.roots[entity.index][1] if entity.index >= 0 else EMPTY
        return _laid_over(
            [branch for root, branch in self.roots if root is entity or entity_leads_to(entity, root)]
        )

    def at(self, path: tuple[Any, ...]) -> Branch:
        """
        Return the branch at the end of a state's load path.

        Args:
            path: The root entity, then relationship properties, as ``State.load_path`` holds them.
        """
        if not path:
            return EMPTY
        entity = path[0]
        branch = self.branch(entity)
        for prop in path[1:]:
            twig = branch.twig(prop, entity)
            if twig is None:
                return EMPTY
            branch = twig.branch
            entity = twig.target if twig.target is not None and not twig.more else prop.entity
        return branch

    def check(self, entities: Iterable[Any]) -> None:
        """
        Raise unless every option starts at one of the statement's entities.

        Raises:
            ArgumentError: An option speaks about an entity that is not loaded.
        """
        roots = list(entities)
        for root, _branch in self.roots:
            if root not in roots:
                break
        else:
            if roots:
                return
        for option in self.options:
            if not option.elements:
                continue
            if roots and (option.root is None or option.root in roots):
                continue
            if any(entity_leads_to(root, option.root) for root in roots):
                continue
            described = option.elements[0].describe()
            if not roots:
                raise exc.ArgumentError(
                    "Query has only expression-based entities; attribute loader option "
                    f"{described} can't be applied here."
                )
            names = ", ".join(entity_name(root) for root in roots)
            raise exc.ArgumentError(
                f"Mapped class {entity_name(option.root)} referenced in option {described} does not apply to "
                f"any of the "
                f"root entities in this query, e.g. {names}. Please specify the full path from one of the "
                f"root "
                "entities to the target attribute. "
            )


NO_OPTIONS = OptionTree()


def option_tree(options: Sequence[Any]) -> OptionTree:
    """
    Arrange the options of one statement.

    Where a program names the same options as before, which are the same objects then (`Load.is_kept`), they
    are arranged already: this is kept with the first of them.
    """
    first: Any = options[0] if options else None
    if first is None:
        return NO_OPTIONS.again()
    if not getattr(first, "is_kept", False):
        return OptionTree(options)
    trees: dict[tuple[int, ...], OptionTree] | None = first.__dict__.get("_trees")
    if trees is None:
        trees = first._trees = {}
    # the trees hold on to the options, so that each stays the only one with its number
    names = (id(first),) if len(options) == 1 else tuple([id(option) for option in options])
    found: OptionTree | None = trees.get(names)
    if found is None:
        found = OptionTree(options)
        if len([option for option in found.options if option.is_kept]) != len(options):
            return found
        # which is asked for each time
        found._describe()
        found._starts = {}
        if len(trees) >= _MOST_TREES:
            trees.clear()
        trees[names] = found
    return found.again()


def _is_for_peers(option: Load) -> bool:
    return any(element.name == "peers" for element in option.elements)


def _laid_over(branches: list[Branch]) -> Branch:
    """Lay branches over each other (options on a class and on its superclass)."""
    if len(branches) < 2:
        return branches[0] if branches else EMPTY
    made = Branch()
    for branch in branches:
        for key, twigs in branch.twigs.items():
            made.twigs.setdefault(key, []).extend(twigs)
        made.relationships = branch.relationships or made.relationships
        made.columns = branch.columns or made.columns
        made.groups |= branch.groups
        made.polymorphic = branch.polymorphic or made.polymorphic
    return made
