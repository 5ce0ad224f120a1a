# Compiled as it is, see setup.py.
"""
A load plan before and after it knows the driver.

Planning works with drafts: what each entity takes from the row, by place in
the column list.  When the statement is compiled, the places become indexes and
the result processors are known; `LoadPlan.bind` then makes the kernel's
loaders, once per plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any

from relvar._kernels.loader import IN_NO_ROW, Bundled, Column, Joined, Loader
from relvar.orm.load.columns import Columns

__all__ = [
    "BundleDraft",
    "ColumnDraft",
    "EntityDraft",
    "Item",
    "JoinedDraft",
    "KeptDraft",
    "LoadPlan",
    "keep_draft",
]


class EntityDraft:
    """
    How one entity is to be made of a row.

    ``needed`` are columns that come with the row although nobody asks for them.
    ``columns`` maps attribute names to places.  ``polymorphic`` maps discriminator values to the drafts of
    subclasses, which share the places of their superclass.
    """

    __slots__ = (
        "columns",
        "discriminator",
        "forgotten",
        "is_beyond",
        "is_partial",
        "is_refresh",
        "joined",
        "mapper",
        "needed",
        "path",
        "pk",
        "polymorphic",
        "posts",
        "unknown",
    )

    def __init__(self, mapper: Any, path: tuple[Any, ...]) -> None:
        self.mapper: Any = mapper
        self.path: tuple[Any, ...] = path
        self.pk: tuple[int, ...] = ()
        self.columns: dict[str, int] = {}
        self.joined: list[JoinedDraft] = []
        self.posts: list[Any] = []
        self.discriminator: int | None = None
        self.polymorphic: dict[Any, EntityDraft] = {}
        self.unknown: Callable[[Any, Any], Any] | None = None
        self.needed: set[Any] = set()
        self.forgotten: tuple[str, ...] = ()
        self.is_partial: bool = False
        self.is_beyond: bool = False
        self.is_refresh: bool = False

    def with_posts(self, posts: list[Any]) -> EntityDraft:
        """Return the same, but for what is loaded after the rows."""
        made = EntityDraft(self.mapper, self.path)
        made.pk, made.columns, made.joined, made.posts = self.pk, self.columns, self.joined, posts
        made.discriminator, made.unknown = self.discriminator, self.unknown
        made.polymorphic = {
            identity: made if draft is self else draft for identity, draft in self.polymorphic.items()
        }
        made.needed, made.forgotten = self.needed, self.forgotten
        made.is_partial, made.is_beyond, made.is_refresh = self.is_partial, self.is_beyond, self.is_refresh
        return made

    def bind(self, columns: Columns, processors: Sequence[Any], made: Made) -> Loader:
        """Return the kernel's loader; the same one where it is met again."""
        if self in made:
            return made[self]

        def at(place: int) -> tuple[int, Any]:
            index = columns.absolute(place)
            return index, processors[index]

        manager = self.mapper.class_manager
        loader = Loader(
            self.mapper,
            self.mapper.identity_mapper,
            manager,
            tuple(at(place) for place in self.pk),
            [(key, *at(place)) for key, place in self.columns.items()],
            self.path,
        )
        made[self] = loader
        loader.posts = tuple(self.posts)
        loader.forgotten = self.forgotten
        loader.is_partial = self.is_partial
        loader.is_beyond = self.is_beyond
        loader.is_refresh = self.is_refresh
        loader.overwrites = bool(self.mapper.always_refresh)
        loader.is_special = self.is_refresh or any(
            draft.mapper.identity_mapper is not self.mapper.identity_mapper
            for draft in self.polymorphic.values()
        )
        loader.allow_partial_pks = bool(self.mapper.allow_partial_pks)
        if _has_peers(self.mapper):
            from relvar.orm.load.cohort import Cohorts  # few mappings need it

            loader.gathers = Cohorts
        loader.joined = tuple(draft.bind(columns, processors, made) for draft in self.joined)
        if self.discriminator is not None:
            loader.discriminator = at(self.discriminator)
            loader.unknown = self.unknown
            loader.polymorphic = {
                identity: draft.bind(columns, processors, made)
                for identity, draft in self.polymorphic.items()
            }
            loader.repeats = any(draft.joined for draft in self.polymorphic.values())
        return loader


class KeptDraft:
    """
    What planning an entity came to where only its mapping and options said how: for the next statements.

    Rule 1: its columns stood behind those of other entities, one after the other. In another statement they
        stand at the same place, and are as new there.
    Rule 2: nothing changes a draft once it is planned, so statements share it; but what is loaded after the
        rows follows the statement at hand.
    """

    __slots__ = ("columns", "draft", "mappings")

    def __init__(self, draft: EntityDraft, columns: tuple[Any, ...], mappings: object) -> None:
        """
        Keep a draft.

        Args:
            columns: Those of the mapper that it takes from the row.
            mappings: The state of the mappings, see `orm.mapping.steps`.
        """
        self.draft: EntityDraft = draft
        self.columns: tuple[Any, ...] = columns
        self.mappings: object = mappings

    def planned(self, columns: Columns, adapter: Any, followed: Callable[[], Any]) -> EntityDraft | None:
        """
        Plan an entity of another statement.

        Args:
            columns: The column list of that statement.
            adapter: Moves columns of the mapper to what stands for them.
            followed: Returns what statements that follow that one are made from.

        Returns:
            None, and nothing is changed, if its columns are not as new there.
        """
        if not columns.add_new(self.columns, adapter):
            return None
        draft = self.draft
        if not draft.posts:
            return draft
        source = followed()
        return draft.with_posts([post.again(source) for post in draft.posts])


# How many drafts are kept of one entity, which stands behind different columns in different statements.
_MOST_DRAFTS = 16


def keep_draft(
    kept: dict[Any, KeptDraft], key: Any, draft: EntityDraft, columns: tuple[Any, ...], state: object
) -> None:
    """
    Keep a draft for the next statements, if it does not go with the one that it was made for.

    Args:
        columns: The columns of the mapper that it takes from the row.
        state: The state of the mappings when it was planned.
    """
    subs = [sub for sub in draft.polymorphic.values() if sub is not draft]
    if draft.joined or any(sub.posts for sub in subs):
        return
    if not all(hasattr(post, "again") for post in draft.posts):
        return
    if draft.posts:
        draft = draft.with_posts([post.again(None) for post in draft.posts])
    if len(kept) >= _MOST_DRAFTS:
        kept.clear()
    kept[key] = KeptDraft(draft, columns, state)


def _has_peers(mapper: Any) -> bool:
    """Tell whether an attribute of the class or a subclass is mapped with ``lazy="peers"``."""
    return any(
        getattr(prop, "lazy", None) == "peers"
        for each in mapper.self_and_descendants
        for prop in (*each.relationships, *each.column_attrs)
    )


class JoinedDraft:
    """A relationship that comes with the row of its parent."""

    __slots__ = ("collect", "draft", "key", "many")

    def __init__(self, key: str, draft: EntityDraft, collect: Any, many: Any) -> None:
        self.key: str = key
        self.draft: EntityDraft = draft
        self.collect: Any = collect
        self.many: Any = many

    def bind(self, columns: Columns, processors: Sequence[Any], made: Made) -> Joined:
        return Joined(self.key, self.draft.bind(columns, processors, made), self.collect, self.many)


class ColumnDraft:
    """A column that the program selects as such."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place: int = place

    def bind(self, columns: Columns, processors: Sequence[Any], made: Made) -> Column:
        index = columns.absolute(self.place)
        return Column(index, processors[index])


class TokenDraft:
    """The identity token with which the statement is executed: no column of its rows."""

    __slots__ = ()

    def bind(self, columns: Columns, processors: Sequence[Any], made: Made) -> Column:
        return Column(IN_NO_ROW, None)


class BundleDraft:
    """Several items that the program sees as one."""

    __slots__ = ("items", "make")

    def __init__(self, items: Sequence[Item], make: Callable[[Sequence[Any]], Any]) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self.make: Any = make

    def bind(self, columns: Columns, processors: Sequence[Any], made: Made) -> Bundled:
        return Bundled([item.bind(columns, processors, made) for item in self.items], self.make)


Item = EntityDraft | ColumnDraft | TokenDraft | BundleDraft

Made = dict[EntityDraft, Loader]
"""The loaders of one binding, complete before anyone sees them: threads may bind at the same time."""


class LoadPlan:
    """
    What to do with the rows of one statement.

    Attributes:
        items: One per element of a result row.
        keys: The names of these elements.
        is_single: The statement asks for one entity, so results may be bare objects.
        is_plain: No item is an entity or bundle: the rows of the cursor are the result.
        needs_unique: Rows repeat, because collections are joined.
        buffers: All rows must be there before the first result (``yield_per`` is refused).
        layout: The layout of result rows, shared by all results, unless there are aliases.
        has_aliases: Each statement may bring aliases of its own, by which its rows are looked up.
    """

    __slots__ = (
        "_bound",
        "_last_layout",
        "buffers",
        "columns",
        "is_plain",
        "is_single",
        "items",
        "keys",
        "layout",
        "needs_unique",
        "has_aliases",
    )

    is_single: bool
    is_plain: bool
    needs_unique: bool
    buffers: bool
    has_aliases: bool

    def __init__(self, items: Sequence[Item], keys: Sequence[str | None], columns: Columns) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self.keys: tuple[str | None, ...] = tuple(keys)
        self.columns: Columns = columns
        self.has_aliases = False
        self.is_single = len(self.items) == 1 and isinstance(self.items[0], EntityDraft)
        self.is_plain = not self.is_single and all(isinstance(item, ColumnDraft) for item in items)
        self.needs_unique = False
        self.buffers = False
        self.layout: Any = None
        self._last_layout: tuple[Any, Sequence[Any]] = None, ()
        self._bound: tuple[Any, ...] | None = None

    def layout_of(self, raw_columns: Sequence[Any]) -> Any:
        """
        Return the layout of a statement's rows, None if it is not known.
        """
        if not self.has_aliases:
            return self.layout
        layout, known = self._last_layout
        if len(known) != len(raw_columns) or not all(map(is_, known, raw_columns)):
            return None
        return layout

    def keep_layout(self, layout: Any, raw_columns: Sequence[Any]) -> None:
        """
        Keep the layout of rows for all statements of the plan.

        With aliases it is kept for those that select the same ones again: many are made only once.
        """
        if self.has_aliases:
            # in one step: other threads read it
            self._last_layout = layout, tuple(raw_columns)
        else:
            self.layout = layout

    def bind(self, processors: Sequence[Any] | None) -> tuple[Any, ...]:
        """
        Return the kernel's items.

        Args:
            processors: Result processors of the compiled statement, one per column, or None if no column has
                one.
        """
        if self._bound is None:
            count = len(self.columns.primary) + self.columns.extra + len(self.columns.secondary)
            given = [None] * count if processors is None else processors
            made: Made = {}
            self._bound = tuple([item.bind(self.columns, given, made) for item in self.items])
        return self._bound
