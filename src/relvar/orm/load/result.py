# Compiled as it is, see setup.py.
"""
The result of a statement over entities.

It stands on the cursor's result and turns its raw rows into objects when they
are first asked for: all at once, or ``yield_per`` at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NoReturn

from relvar import exc
from relvar._kernels.lend import new_of
from relvar._kernels.loader import LoadContext, finish, load_entities, load_rows
from relvar._kernels.unread import CursorRows
from relvar.orm.load.draft import ColumnDraft, LoadPlan
from relvar.orm.load.items import read_items
from relvar.orm.load.run import new_run
from relvar.rows.layout import Layout
from relvar.rows.reading import END, raise_none_found, raise_several_found
from relvar.rows.result import MappingResult, Result, ScalarResult

__all__ = ["EntityResult", "check_yield_per", "entity_result", "result_layout"]


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


class EntityRows:
    """
    The rows of a statement over entities; its fields are those of a `Result`.

    ``_refuse_repeats()`` of the derived class is called where rows repeat parents.

    Args:
        layout: Of the rows that the program sees.
        source: The cursor's result, or its rows.
        plan: The `LoadPlan`.
        items: What a row is made of, bound to the driver's processors.
        context: What runs that load rows for this result share.
        tree: Loader options that loaded objects keep.
    """

    __slots__ = (
        "_hard_closed",
        "_items_plan",
        "_layout",
        "_load_context",
        "_pending",
        "_plan",
        "_raw_source",
        "_soft_closed",
        "_source_supports_scalars",
        "_tree",
        "_unique",
        "_yield_per",
    )

    _layout: Any
    _raw_source: Any
    _plan: LoadPlan
    _items_plan: tuple[Any, ...]
    _load_context: LoadContext
    _tree: Any
    _source_supports_scalars: bool
    _soft_closed: bool
    _hard_closed: bool
    _unique: Any
    _pending: Any
    _yield_per: int | None

    def __init__(
        self,
        layout: Any,
        source: Any,
        plan: LoadPlan,
        items: tuple[Any, ...],
        context: LoadContext,
        tree: Any,
    ) -> None:
        _begin_rows(self, layout, source, plan, items, context, tree)

    def _load(self, raw_rows: list[Any]) -> list[Any]:
        return _loaded(self, raw_rows)

    def _fetch_all(self) -> list[Any]:
        return _fetched(self)

    def _rest(self) -> list[Any]:
        """Take all objects that are left: those loaded ahead and those to come."""
        return _left(self)

    def _raw_all(self) -> list[Any]:
        if self._soft_closed:
            if self._hard_closed:
                own: Any = self  # a result
                own._raise_hard_closed()
            return []
        found = _left(self)
        self._soft_close()
        return found

    def _soft_close(self, hard: bool = False) -> None:
        _close(self, hard)

    def _only(self, needed: bool, single: bool) -> Any:
        found = _at_once(self) if self._unique is None else None
        if found is None:
            return super()._only(needed, single)  # type: ignore[misc]  # a result's
        if len(found) == 1 or _holds_one(found, needed, single):
            own: Any = self  # a result
            return own._item(found[0])
        return None


class EntityView:
    """
    Bare objects of a result of one entity.

    All rows become objects when the first is asked for, so asking for the only one is as quick as asking for
    all.
    """

    __slots__ = ("_real_result", "_unique")

    _real_result: Any
    _unique: Any

    def __init__(self, real_result: EntityRows) -> None:
        _begin_view(self, real_result)

    def one(self) -> Any:
        """Give the only object, and close: `ScalarResult.one`, in one call."""
        return _only_object(self, True, True)

    def _only(self, needed: bool, single: bool) -> Any:
        return _only_object(self, needed, single)


class EntityResult(EntityRows, Result[Any]):
    """
    Rows of objects, columns and bundles; or bare objects, where that is all a statement asks for.
    """

    __slots__ = ()

    def _refuse_repeats(self) -> None:
        """Have the program say ``unique()`` before it reads: joined collections repeat their parent."""
        self._unique = (set(), _refuse_repeats)

    # -- reading in parts ---------------------------------------------------------

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
        return _scalars(self, index)

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


def entity_result(
    layout: Any, source: Any, plan: LoadPlan, items: tuple[Any, ...], context: LoadContext, tree: Any
) -> Any:
    """
    Return an `EntityResult`; the arguments are those of its class.
    """
    made = new_of(EntityResult, EntityRows)
    if made is None:
        return EntityResult(layout, source, plan, items, context, tree)
    _begin_rows(made, layout, source, plan, items, context, tree)
    return made


def _begin_rows(
    result: Any, layout: Any, source: Any, plan: LoadPlan, items: Any, context: LoadContext, tree: Any
) -> None:
    """
    Set the fields of a new result.
    """
    result._layout = layout
    result._raw_source = source
    result._plan = plan
    result._items_plan = items
    result._load_context = context
    result._tree = tree
    result._source_supports_scalars = plan.is_single
    result._soft_closed = result._hard_closed = False
    result._unique = result._pending = result._yield_per = None
    if plan.needs_unique:
        result._refuse_repeats()


def _scalars(result: Any, index: Any) -> ScalarResult[Any]:
    """
    Return one item of each row of a result; see `EntityResult.scalars`.
    """
    made: Any
    if not result._source_supports_scalars or index != 0:
        made = ScalarResult(result, index)
    else:
        made = new_of(EntityScalars, EntityView)
        if made is None:
            made = EntityScalars(result)
        else:
            _begin_view(made, result)
    if result._unique is not None:
        result._hand_on(made)
    return made  # type: ignore[no-any-return]  # of that class


def _begin_view(view: Any, result: EntityRows) -> None:
    """
    Set the fields of new bare objects of a result.
    """
    view._real_result = result
    view._unique = None
    if result._unique is not None:
        view._set_unique(None)


def _loaded(result: EntityRows, raw_rows: list[Any]) -> list[Any]:
    """
    Return the object of each row, or a tuple of what each row has.
    """
    context = result._load_context
    run = new_run(context.session, context, result._tree)
    options = context.execution_options
    if options:
        run.populate = bool(options.get("populate_existing"))
        run.token = options.get("identity_token")
    if result._source_supports_scalars:
        return load_entities(raw_rows, result._items_plan[0], run)
    found = load_rows(raw_rows, [run.activate(item) for item in result._items_plan], run)
    finish(run)
    return found


def _fetched(result: EntityRows) -> list[Any]:
    """
    Read the rows that are left, and return what they hold.
    """
    source = result._raw_source
    rows: list[Any] = _raw_rows(source) if type(source) is CursorRows else source._raw_all()
    return _loaded(result, rows) if rows else []


def _raw_rows(source: CursorRows) -> list[Any]:
    return source._raw_all()


def _left(result: EntityRows) -> list[Any]:
    """
    Take what is left: what was loaded ahead and what is to come.
    """
    if result._pending is None:
        return _fetched(result)
    found = list(result._pending)
    found.extend(_fetched(result))
    return found


def _at_once(result: EntityRows) -> list[Any] | None:
    """
    Take what is left, and close for good; None where it is read in parts, or closed.
    """
    if result._soft_closed or result._yield_per:
        return None
    found = _left(result)
    _close(result, True)
    return found


def _only_object(view: EntityView, needed: bool, single: bool) -> Any:
    """
    Take the only object.
    """
    found = _at_once(view._real_result) if view._unique is None else None
    if found is None:
        return super(EntityView, view)._only(needed, single)  # type: ignore[misc]  # a result's
    return found[0] if len(found) == 1 or _holds_one(found, needed, single) else None


def _close(result: EntityRows, hard: bool) -> None:
    """
    Close a result and what it reads.
    """
    result._soft_closed = True
    if hard:
        result._hard_closed = True
    result._pending = None
    source = result._raw_source
    if not source._soft_closed or (hard and type(source) is not CursorRows):
        source._soft_close(hard)


def _holds_one(found: list[Any], needed: bool, single: bool) -> bool:
    """
    Tell whether there is something, and raise where there has to be one, or but one.
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
