"""
The result of a statement over entities.

It stands on the cursor's result and turns its raw rows into objects when they
are first asked for: all at once, or ``yield_per`` at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar._kernels.loader import finish, load_entities, load_rows
from relvar._kernels.unread import EntityRows, EntityView
from relvar.orm.load.draft import ColumnDraft, LoadPlan
from relvar.orm.load.items import read_items
from relvar.orm.load.run import new_run
from relvar.rows.layout import Layout
from relvar.rows.reading import END, raise_none_found, raise_several_found
from relvar.rows.result import MappingResult, Result, ScalarResult

if TYPE_CHECKING:
    from relvar.orm.load.run import LoadContext
    from relvar.orm.load.tree import OptionTree

__all__ = ["EntityResult", "check_yield_per", "result_layout"]


def _refuse_repeats(_item: Any) -> NoReturn:
    raise exc.InvalidRequestError(
        "The unique() method must be invoked on this Result, as it contains results that include "
        "joined eager loads against collections"
    )


def check_yield_per(plan: LoadPlan, size: int | None) -> None:
    """
    Raise where rows cannot be handed out in batches.
    """
    if size and plan.buffers:
        raise exc.InvalidRequestError(
            "Can't use yield_per with eager loaders that require uniquing or row buffering, e.g. "
            "joinedload() against collections or subqueryload().  Consider the selectinload() strategy for "
            "better flexibility in loading objects."
        )


def _check_unique(size: int | None) -> None:
    """
    Raise where repeated rows are to be left out of batches: what was seen would have to be kept.
    """
    if size:
        raise exc.InvalidRequestError("Can't use the ORM yield_per feature in conjunction with unique()")


class EntityResult(EntityRows, Result[Any]):
    """
    Rows of objects, columns and bundles; or bare objects, where that is all a statement asks for.

    Args:
        layout: Of the rows that the program sees.
        source: The cursor's result, or its rows.
        plan: The `LoadPlan`.
        items: What a row is made of, bound to the driver's processors.
        context: What runs that load rows for this result share.
        tree: Loader options that loaded objects keep.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            layout: Layout,
            source: Any,
            plan: LoadPlan,
            items: tuple[Any, ...],
            context: LoadContext,
            tree: OptionTree | None,
        ) -> None: ...

    def _refuse_repeats(self) -> None:
        """Have the program say ``unique()`` before it reads: joined collections repeat their parent."""
        self._unique = (set(), _refuse_repeats)

    # -- raw rows in, objects out -----------------------------------------------

    def _load(self, raw_rows: list[Any]) -> list[Any]:
        context = self._load_context
        run = new_run(context.session, context, self._tree)
        options = context.execution_options
        if options:
            run.populate = bool(options.get("populate_existing"))
            run.token = options.get("identity_token")
        found: list[Any]
        if self._source_supports_scalars:
            found = load_entities(raw_rows, self._items_plan[0], run)
        else:
            found = load_rows(raw_rows, [run.activate(item) for item in self._items_plan], run)
            finish(run)
        return found

    def _fetch_one(self) -> Any:
        if self._raw_source._soft_closed:
            return END
        if self._yield_per:
            batch = self._fetch_many(self._yield_per)
        else:
            batch = self._fetch_all()
        if not batch:
            return END
        rest = iter(batch)
        first = next(rest)
        self._pending = rest
        return first

    def _fetch_many(self, size: int | None) -> list[Any]:
        if self._yield_per:
            rows = self._raw_source._raw_many(size or self._yield_per)
            return self._load(rows) if rows else []
        batch = self._fetch_all()
        if size is None or len(batch) <= size:
            return batch
        self._pending = iter(batch[size:])
        return batch[:size]

    def _ahead(self) -> Iterator[Any] | None:
        if self._soft_closed or self._pending is not None or self._yield_per:
            return super()._ahead()
        batch = self._fetch_all()
        if not batch:
            self._soft_close()
            return None
        pending = chain(batch)
        self._pending = pending
        return pending

    def _only(self, *, needed: bool, single: bool) -> Any:
        found = self._at_once() if self._unique is None else None
        if found is None:
            return super()._only(needed=needed, single=single)
        if len(found) == 1 or _holds_one(found, needed, single):
            return self._item(found[0])
        return None

    # -- the public face ----------------------------------------------------------

    @property
    def context(self) -> Any:
        """Give what ran the statement."""
        return self._raw_source.context

    def yield_per(self, num: int) -> EntityResult:
        """Load *num* rows at a time."""
        check_yield_per(self._plan, num)
        if self._unique is not None:
            _check_unique(num)
        self._raw_source.yield_per(num)
        super().yield_per(num)
        return self

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> EntityResult:
        """Leave out rows seen before."""
        _check_unique(self._yield_per)
        return super().unique(strategy)

    def scalars(self, index: Any = 0) -> ScalarResult[Any]:
        """Read one item of each row, the first or the one named."""
        made: ScalarResult[Any]
        if self._source_supports_scalars and index == 0:
            made = EntityScalars(self)
        else:
            made = ScalarResult(self, index)
        if self._unique is not None:
            self._hand_on(made)
        return made

    def mappings(self) -> MappingResult:
        """Read the rows as mappings."""
        made = MappingResult(self)
        self._hand_on(made)
        return made

    def _hand_on(self, made: Any) -> None:
        """Let a view refuse repeated rows as this result does, until ``unique()`` is called on either."""
        if self._unique is not None and self._unique[1] is _refuse_repeats:
            made._unique = self._unique


class EntityScalars(EntityView, ScalarResult[Any]):
    """
    Bare objects of a result of one entity.

    All rows become objects when the first is asked for, so asking for the only one is as quick as asking for
    all.
    """

    __slots__ = ()

    # The same for each: what the constructor of a ScalarResult finds out.
    _index = 0
    _processor = None
    _filter = id  # type: ignore[assignment]  # no function of Python: it does not become a method

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> EntityScalars:
        """Leave out objects seen before."""
        _check_unique(self._real_result._yield_per)
        return super().unique(strategy)

    def all(self) -> Sequence[Any]:
        """Give all objects that are left."""
        return self._real_result._raw_all() if self._unique is None else super().all()

    def _only(self, *, needed: bool, single: bool) -> Any:
        found = self._at_once()
        if found is None:
            return super()._only(needed=needed, single=single)
        return found[0] if len(found) == 1 or _holds_one(found, needed, single) else None


def _holds_one(found: list[Any], needed: bool, single: bool) -> bool:
    """
    Tell whether there is an object, and raise where there has to be one, or but one.
    """
    if not found:
        if needed:
            raise_none_found()
        return False
    if single and len(found) > 1:
        raise_several_found(needed)
    return True


def result_layout(plan: LoadPlan, source: Layout, raw_columns: Iterable[Any]) -> Layout:
    """
    Return the layout of result rows: named as the program named entities and attributes.

    Args:
        source: The layout of the cursor's rows.
        raw_columns: What the statement at hand selects, which is also what a program looks up in rows.
    """
    objects: dict[Any, int | None] = {}
    for index, item in enumerate(read_items(raw_columns)):
        for thing in item.known_as():
            objects[thing] = index if objects.get(thing, index) == index else None
    names: dict[str, int | None] = {}
    for index, name in enumerate(plan.keys):
        if name is not None:
            names[name] = None if name in names else index
    filters = [None if isinstance(item, ColumnDraft) else id for item in plan.items]
    keys: Any = plan.keys
    return Layout(
        keys,
        index=names,
        objects=objects,
        processors=source.processors if plan.is_plain else None,
        unique_filters=None if plan.is_plain else filters,
        structures=source.structures,
    )
