"""
Results: rows on their way from a source to the program.

A result reads *raw* rows from its source and turns them into items: rows,
single values (`ScalarResult`) or mappings (`MappingResult`).

Rule 1: reading to the end closes softly: further reads give nothing.
Rule 2: ``first()``, ``one()``, ``scalar()`` and ``close()`` close for good: further
reads raise ResourceClosedError.
Rule 3: raw rows that were fetched but not yet delivered wait in ``_pending``,
and every way of reading looks there first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, TypeVarTuple, overload

from relvar import exc
from relvar._kernels.rows import CHUNK, make_row, make_rows, make_rows_at, make_values
from relvar.rows.layout import Layout, SimpleResultMetaData
from relvar.rows.reading import END, Reading, UniqueStrategy
from relvar.rows.row import RMKeyView, Row, RowMapping
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from typing import Self

_T = TypeVar("_T")
_R = TypeVar("_R")
_Ts = TypeVarTuple("_Ts")

_UNPACKS = (
    "The Result.{} method is deprecated, Row now behaves like a tuple and can unpack types directly. "
    "(deprecated since: 2.1.0)"
)


class Result(Reading[Row[*_Ts]], Generic[*_Ts]):
    """
    A set of rows, read once.

    Made by `Connection.execute` and `Session.execute`.  Loop over it, or use one of its methods.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     for number, name in connection.execute(text("VALUES (1, 'ann'), (2, 'bob')")):
    ...         print(number, name)
    1 ann
    2 bob
    """

    _is_cursor = False
    # Whether raw rows are bare values instead of one-tuples.
    _source_supports_scalars = False

    # What a new result has; only what differs is set on it.
    _positions: tuple[int, ...] | None = None
    _pending: Iterator[Any] | None = None
    _yield_per: int | None = None
    _soft_closed = False
    _hard_closed = False
    _context: Any = None

    def __init__(self, cursor_metadata: Layout) -> None:
        self._layout = cursor_metadata

    # -- the source -------------------------------------------------------

    @property
    def _source(self) -> Result[*tuple[Any, ...]]:
        return self

    def _fetch_all(self) -> list[Any]:
        """Give all raw rows that are left."""
        raise NotImplementedError

    def _fetch_one(self) -> Any:
        """Give one raw row, or ``END``."""
        raise NotImplementedError

    def _fetch_many(self, size: int | None) -> list[Any]:
        """Give up to *size* raw rows; none only at the end."""
        raise NotImplementedError

    def _soft_close(self, hard: bool = False) -> None:
        self._soft_closed = True
        if hard:
            self._hard_closed = True
        self._pending = None

    def _raise_hard_closed(self) -> NoReturn:
        raise exc.ResourceClosedError("This result object is closed.")

    def _raw_all(self) -> list[Any]:
        if self._soft_closed:
            if self._hard_closed:
                self._raise_hard_closed()
            return []
        raw = self._rest()
        self._soft_close()
        return raw

    def _rest(self) -> list[Any]:
        """Take all raw rows that are left: those fetched ahead and those to come."""
        pending = self._pending
        if pending is None:
            return self._fetch_all()
        raw = list(pending)
        raw.extend(self._fetch_all())
        return raw

    def _raw_one(self) -> Any:
        if self._soft_closed:
            if self._hard_closed:
                self._raise_hard_closed()
            return END
        if self._pending is not None:
            raw = next(self._pending, END)
            if raw is not END:
                return raw
            self._pending = None
        raw = self._fetch_one()
        if raw is END:
            self._soft_close()
        return raw

    def _raw_many(self, size: int | None) -> list[Any]:
        if self._soft_closed:
            if self._hard_closed:
                self._raise_hard_closed()
            return []
        ahead: list[Any] = []
        if self._pending is not None:
            ahead = list(islice(self._pending, size))
            if ahead and (size is None or len(ahead) == size):
                return ahead
            self._pending = None
        raw = self._fetch_many(size if size is None else size - len(ahead))
        if not raw and size != 0 and not ahead:
            self._soft_close()
        return ahead + raw if ahead else raw

    def _buffer(self) -> None:
        """Fetch all rows that are left, so that reading them needs no database any more."""
        if not self._soft_closed:
            rows = self._fetch_all()
            self._pending = iter(rows) if self._pending is None else chain(self._pending, rows)

    def _ahead(self) -> Iterator[Any] | None:
        """Give the iterator of rows fetched ahead, fetching more if it is done; None at the end."""
        if self._soft_closed:
            if self._hard_closed:
                self._raise_hard_closed()
            return None
        if self._pending is not None:
            raw = next(self._pending, END)
            if raw is not END:
                self._pending = chain((raw,), self._pending)
                return self._pending
            self._pending = None
        rows = self._fetch_many(self._yield_per or CHUNK)
        if not rows:
            self._soft_close()
            return None
        self._pending = iter(rows)
        return self._pending

    # -- items ------------------------------------------------------------

    def _items(self, raw_rows: list[Any]) -> list[Row[*_Ts]]:
        layout = self._layout
        if self._source_supports_scalars:
            raw_rows = [(value,) for value in raw_rows]
        if self._positions is None:
            rows: list[Any] = make_rows(layout.row_class, raw_rows, layout.processors)
        else:
            rows = make_rows_at(layout.row_class, raw_rows, self._positions, layout.processors)
        return rows

    def _item(self, raw: Any) -> Row[*_Ts]:
        if self._positions is not None or self._source_supports_scalars:
            return self._items([raw])[0]
        layout = self._layout
        row: Row[*_Ts] = make_row(layout.row_class, raw, layout.processors)
        return row

    def _default_unique_strategy(self) -> UniqueStrategy | None:
        filters = self._layout.unique_filters
        if filters is None:
            return None
        return lambda row: tuple([v if f is None else f(v) for f, v in zip(filters, row, strict=True)])

    # -- the public face --------------------------------------------------

    @property
    def _metadata(self) -> Layout:
        return self._layout

    @property
    def closed(self) -> bool:
        """Tell whether the result refuses to be read any more."""
        return self._hard_closed

    @property
    def context(self) -> Any:
        """Give what ran the statement."""
        return self._context

    def close(self) -> None:
        """Close for good: reading raises from now on."""
        self._soft_close(hard=True)

    def keys(self) -> RMKeyView:
        """
        List the names of the columns.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     list(connection.execute(text("SELECT 1 AS a, 2 AS b")).keys())
        ['a', 'b']
        """
        return self._layout._keys

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Row[*_Ts]]:
        return self._iterate()

    def __next__(self) -> Row[*_Ts]:
        row: Any = self._read_one()
        if row is END:
            raise StopIteration
        item: Row[*_Ts] = row
        return item

    def all(self) -> Sequence[Row[*_Ts]]:
        """
        Give all rows that are left.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("VALUES (1, 'ann'), (2, 'bob')")).all()
        [(1, 'ann'), (2, 'bob')]
        """
        return self._read_all()

    def fetchall(self) -> Sequence[Row[*_Ts]]:
        """Give all rows that are left; the same as `all`."""
        return self._read_all()

    def fetchone(self) -> Row[*_Ts] | None:
        """Give the next row, or None."""
        row = self._read_one()
        return None if row is END else row

    def fetchmany(self, size: int | None = None) -> Sequence[Row[*_Ts]]:
        """
        Give up to *size* rows; without *size*, as many as ``yield_per`` or the driver says.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     result = connection.execute(text("VALUES (1), (2), (3)"))
        ...     result.fetchmany(2), result.fetchmany(2)
        ([(1,), (2,)], [(3,)])
        """
        return self._read_many(size)

    def partitions(self, size: int | None = None) -> Iterator[Sequence[Row[*_Ts]]]:
        """
        Give the rows in lists of *size*, or of ``yield_per``, or as many as `fetchmany` gives.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     list(connection.execute(text("VALUES (1), (2), (3)")).partitions(2))
        [[(1,), (2,)], [(3,)]]
        """
        return self._read_partitions(size)

    def first(self) -> Row[*_Ts] | None:
        """
        Give the first row or None, and close.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("VALUES (1), (2)")).first()
        (1,)
        """
        row: Row[*_Ts] | None = self._only(False, False)
        return row

    def one_or_none(self) -> Row[*_Ts] | None:
        """
        Give the only row, or None, and close.

        Raises:
            MultipleResultsFound: There are more.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     print(connection.execute(text("SELECT 1 WHERE false")).one_or_none())
        None
        """
        row: Row[*_Ts] | None = self._only(False, True)
        return row

    def one(self) -> Row[*_Ts]:
        """
        Give the only row, and close.

        Raises:
            NoResultFound: There is none.
            MultipleResultsFound: There are more.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("VALUES (1), (2)")).one()
        Traceback (most recent call last):
            ...
        relvar.exc.MultipleResultsFound: Multiple rows were found when exactly one was required
        """
        row: Row[*_Ts] = self._only(True, True)
        return row

    @overload
    def scalar(self: Result[_T, *tuple[Any, ...]]) -> _T | None: ...
    @overload
    def scalar(self) -> Any: ...
    def scalar(self) -> Any:
        """Give the first column of the first row, or None, and close."""
        row = self._only(False, False)
        return None if row is None else row[0]

    @overload
    def scalar_one(self: Result[_T, *tuple[Any, ...]]) -> _T: ...
    @overload
    def scalar_one(self) -> Any: ...
    def scalar_one(self) -> Any:
        """
        Give the first column of the only row, and close; raises as `one`.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("SELECT 1 + 1")).scalar_one()
        2
        """
        return self._only(True, True)[0]

    @overload
    def scalar_one_or_none(self: Result[_T, *tuple[Any, ...]]) -> _T | None: ...
    @overload
    def scalar_one_or_none(self) -> Any: ...
    def scalar_one_or_none(self) -> Any:
        """Give the first column of the only row, or None, and close; raises as `one_or_none`."""
        row = self._only(False, True)
        return None if row is None else row[0]

    @overload
    def scalars(self: Result[_T, *tuple[Any, ...]]) -> ScalarResult[_T]: ...
    @overload
    def scalars(self: Result[_T, *tuple[Any, ...]], index: int) -> ScalarResult[Any]: ...
    @overload
    def scalars(self, index: Any = 0) -> ScalarResult[Any]: ...
    def scalars(self, index: Any = 0) -> ScalarResult[Any]:
        """
        Read one column, the first or the one named, as bare values.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("VALUES (1, 'ann'), (2, 'bob')")).scalars(1).all()
        ['ann', 'bob']
        """
        return ScalarResult(self, index)

    def mappings(self) -> MappingResult:
        """
        Read the rows as mappings.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("SELECT 1 AS id, 'ann' AS name")).mappings().all()
        [{'id': 1, 'name': 'ann'}]
        """
        return MappingResult(self)

    def tuples(self) -> TupleResult[tuple[*_Ts]]:
        """Give the result itself, typed as plain tuples."""
        warn_deprecated(_UNPACKS.format("tuples()"), "2.1.0")
        return self  # type: ignore[return-value]  # a view for type checkers only

    @property
    def t(self) -> TupleResult[tuple[*_Ts]]:
        """Give the result itself, typed as plain tuples."""
        warn_deprecated(_UNPACKS.format("t"), "2.1.0")
        return self  # type: ignore[return-value]  # a view for type checkers only

    def columns(self, *col_expressions: Any) -> Result[*tuple[Any, ...]]:
        """
        Keep only these columns, given by position, name or expression.

        Changes the result in place.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("SELECT 1 AS a, 2 AS b, 3 AS c")).columns("c", "a").all()
        [(3, 1)]
        """
        chosen = tuple(self._layout.index_of(col) for col in col_expressions)
        if not chosen:
            raise IndexError("columns() needs at least one column")
        self._positions = chosen if self._positions is None else tuple(self._positions[i] for i in chosen)
        self._layout = self._layout.reduce(chosen)
        if self._source_supports_scalars and len(chosen) == 1 and self._positions == (0,):
            self._positions = None
        return self._source

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> Self:
        """
        Leave out rows seen before.

        Args:
            strategy: Gives what to compare; by default the row itself.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(text("VALUES (1), (2), (1)")).unique().all()
        [(1,), (2,)]
        """
        if strategy is not None and not callable(strategy):
            raise exc.ArgumentError(f"unique() takes a function that gives what to compare, got {strategy!r}")
        self._set_unique(strategy)
        return self

    def yield_per(self, num: int) -> Self:
        """Fetch *num* rows at a time from the source."""
        if not isinstance(num, int):
            raise TypeError(f"yield_per() takes a number of rows, got {num!r}")
        self._yield_per = num
        return self

    def freeze(self) -> FrozenResult[*_Ts]:
        """Read everything, giving a function that makes results of it again and again."""
        return FrozenResult(self)

    def merge(self, *others: Result[*tuple[Any, ...]]) -> MergedResult[*_Ts]:
        """Read the rows of this result and then those of *others*."""
        results: tuple[Any, ...] = (self, *others)
        return MergedResult(self._layout, results)

    def _plain_layout(self) -> Layout:
        return self._layout.without_processors()

    def _merge_rows(self) -> Iterator[Any]:
        """Give what is left in the shape `_plain_layout` describes, duplicates included."""
        raw = self._raw_all()
        if self._source_supports_scalars and self._positions is None:
            return iter(raw)
        return iter(self._items(raw))


class FilterResult(Reading[_R]):
    """
    A result that reads another one in its own way.
    """

    def __init__(self, real_result: Result[*tuple[Any, ...]]) -> None:
        self._real_result = real_result
        if real_result._unique is not None:
            asked = real_result._unique[1]
            self._set_unique(
                None if asked is None or real_result._layout.unique_filters is not None else asked
            )

    @property
    def _source(self) -> Result[*tuple[Any, ...]]:
        return self._real_result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._real_result.close()

    @property
    def _soft_closed(self) -> bool:
        return self._real_result._soft_closed

    @property
    def closed(self) -> bool:
        """Tell whether the result refuses to be read any more."""
        return self._real_result.closed

    def close(self) -> None:
        """Close for good: reading raises from now on."""
        self._real_result.close()

    def yield_per(self, num: int) -> Self:
        """Fetch *num* rows at a time from the source."""
        self._real_result = self._real_result.yield_per(num)
        return self

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> Self:
        """Leave out items seen before, as `Result.unique`."""
        self._set_unique(strategy)
        return self

    def __iter__(self) -> Iterator[_R]:
        return self._iterate()

    def __next__(self) -> _R:
        item: Any = self._read_one()
        if item is END:
            raise StopIteration
        value: _R = item
        return value

    def all(self) -> Sequence[_R]:
        """Give all items that are left."""
        return self._read_all()

    def fetchall(self) -> Sequence[_R]:
        """Give all items that are left; the same as `all`."""
        return self._read_all()

    def fetchmany(self, size: int | None = None) -> Sequence[_R]:
        """Give up to *size* items."""
        return self._read_many(size)

    def partitions(self, size: int | None = None) -> Iterator[Sequence[_R]]:
        """Give the items in lists of *size*, or of ``yield_per``."""
        return self._read_partitions(size)

    def first(self) -> _R | None:
        """Give the first item or None, and close."""
        item: _R | None = self._only(False, False)
        return item

    def one_or_none(self) -> _R | None:
        """Give the only item or None, and close; raises MultipleResultsFound."""
        item: _R | None = self._only(False, True)
        return item

    def one(self) -> _R:
        """Give the only item, and close; raises NoResultFound or MultipleResultsFound."""
        item: _R = self._only(True, True)
        return item


class ScalarResult(FilterResult[_R]):
    """
    One column of a result, as bare values.
    """

    def __init__(self, real_result: Result[*tuple[Any, ...]], index: Any = 0) -> None:
        layout = real_result._layout
        at = layout.index_of(index)
        if real_result._positions is not None:
            self._index = real_result._positions[at]
        else:
            self._index = at
        self._processor = None if layout.processors is None else layout.processors[at]
        self._filter: UniqueStrategy | None = (
            None if layout.unique_filters is None else layout.unique_filters[at]
        )
        super().__init__(real_result)

    def _default_unique_strategy(self) -> UniqueStrategy | None:
        return self._filter

    def _items(self, raw_rows: list[Any]) -> list[_R]:
        if self._real_result._source_supports_scalars:
            return raw_rows
        values: list[_R] = make_values(raw_rows, self._index, self._processor)
        return values

    def _item(self, raw: Any) -> _R:
        value: _R
        if self._real_result._source_supports_scalars:
            value = raw
        else:
            value = raw[self._index] if self._processor is None else self._processor(raw[self._index])
        return value


class TupleResult(FilterResult[_R]):
    """
    A `Result` typed as plain tuples; exists for type checkers.
    """

    if TYPE_CHECKING:

        def fetchone(self) -> _R | None: ...


class MappingResult(FilterResult[RowMapping]):
    """
    A result read as mappings.
    """

    def _items(self, raw_rows: list[Any]) -> list[RowMapping]:
        layout = self._real_result._layout
        return [RowMapping(layout, row) for row in self._real_result._items(raw_rows)]

    def _item(self, raw: Any) -> RowMapping:
        result = self._real_result
        return RowMapping(result._layout, result._item(raw))

    def _default_unique_strategy(self) -> UniqueStrategy | None:
        of_row = self._real_result._default_unique_strategy()
        return None if of_row is None else lambda mapping: of_row(mapping._row)

    def fetchone(self) -> RowMapping | None:
        """Give the next mapping, or None."""
        row = self._read_one()
        return None if row is END else row

    def keys(self) -> RMKeyView:
        """List the names of the columns."""
        return self._real_result.keys()

    def columns(self, *col_expressions: Any) -> MappingResult:
        """Keep only these columns, as `Result.columns`."""
        self._real_result.columns(*col_expressions)
        return self


class IteratorResult(Result[*_Ts]):
    """
    A result made of rows the program has, or makes as it goes.

    Args:
        cursor_metadata: The columns.
        iterator: Gives tuples, or bare values with *_source_supports_scalars*.
        raw: The result this one stands on, closed with it.
    """

    def __init__(
        self,
        cursor_metadata: Layout,
        iterator: Iterable[Any],
        raw: Result[Any] | None = None,
        _source_supports_scalars: bool = False,
        context: Any = None,
    ) -> None:
        super().__init__(cursor_metadata)
        self.iterator: Iterator[Any] = iter(iterator)
        self.raw = raw
        self._source_supports_scalars = _source_supports_scalars
        self._context = context

    @property
    def closed(self) -> bool:
        """Tell whether this result, or the one it stands on, refuses to be read any more."""
        return self.raw.closed if self.raw is not None else self._hard_closed

    def _soft_close(self, hard: bool = False) -> None:
        super()._soft_close(hard)
        self.iterator = iter(())
        if self.raw is not None:
            self.raw._soft_close(hard)

    def _fetch_all(self) -> list[Any]:
        return list(self.iterator)

    def _fetch_one(self) -> Any:
        return next(self.iterator, END)

    def _fetch_many(self, size: int | None) -> list[Any]:
        return list(islice(self.iterator, size))


def null_result() -> IteratorResult[Any]:
    """
    Make a result without columns or rows.
    """
    return IteratorResult(Layout(()), ())


class ChunkedIteratorResult(IteratorResult[*_Ts]):
    """
    A result that asks a function for lists of rows.

    Args:
        chunks: Called with the size wanted, or None; gives an iterator of lists.
        dynamic_yield_per: Whether *chunks* may be called again with another size half way.
    """

    chunks: Any

    def __init__(
        self,
        cursor_metadata: Layout,
        chunks: Callable[[int | None], Iterator[Sequence[Any]]],
        source_supports_scalars: bool = False,
        raw: Result[Any] | None = None,
        dynamic_yield_per: bool = False,
        context: Any = None,
    ) -> None:
        super().__init__(
            cursor_metadata,
            chain.from_iterable(chunks(None)),
            raw,
            _source_supports_scalars=source_supports_scalars,
            context=context,
        )
        self.chunks = chunks
        self.dynamic_yield_per = dynamic_yield_per

    def yield_per(self, num: int) -> Self:
        """Ask for *num* rows at a time."""
        self._yield_per = num
        self.iterator = chain.from_iterable(self.chunks(num))
        return self

    def _soft_close(self, hard: bool = False) -> None:
        super()._soft_close(hard)
        self.chunks = lambda _size: iter(())

    def _fetch_many(self, size: int | None) -> list[Any]:
        if self.dynamic_yield_per:
            self.iterator: chain[Any] = chain.from_iterable(self.chunks(size))
        return super()._fetch_many(size)


class MergedResult(IteratorResult[*_Ts]):
    """
    The rows of several results, one after the other.

    Attributes:
        rowcount: The sum of theirs, for results of `Connection.execute`.
    """

    rowcount: int

    def __init__(self, cursor_metadata: Layout, results: Sequence[Result[Any]]) -> None:
        first = results[0]
        super().__init__(
            first._plain_layout(),
            chain.from_iterable(result._merge_rows() for result in results),
            _source_supports_scalars=first._source_supports_scalars,
        )
        self._results = results
        self._unique = first._unique
        self._yield_per = first._yield_per

    @property
    def closed(self) -> bool:
        """Tell whether this result refuses to be read any more."""
        return self._hard_closed

    def _soft_close(self, hard: bool = False) -> None:
        for result in self._results:
            result._soft_close(hard=hard)
        super()._soft_close(hard)


class FrozenResult(Generic[*_Ts]):
    """
    All rows of a result, ready to be read again and again.

    Call it to get a new result.

    Attributes:
        metadata: The columns.
        data: The rows, or bare values if *source_supports_scalars*.
    """

    def __init__(self, result: Result[*_Ts]) -> None:
        self.metadata: Layout = result._plain_layout()
        self.source_supports_scalars: bool = result._source_supports_scalars and result._positions is None
        self._unique = result._unique
        self.data: Sequence[Any] = list(result._merge_rows())

    def __setstate__(self, saved: dict[str, Any]) -> None:
        if "_source_supports_scalars" in saved:
            # as SQLAlchemy pickles it
            saved = {
                "metadata": SimpleResultMetaData(saved["metadata"].keys),
                "source_supports_scalars": saved["_source_supports_scalars"],
                "_unique": None,
                "data": saved["data"],
            }
        vars(self).update(saved)

    def with_new_rows(self, tuple_data: Sequence[Any]) -> FrozenResult[*_Ts]:
        """Give another frozen result with the same columns and other rows."""
        fresh: FrozenResult[*_Ts] = FrozenResult.__new__(FrozenResult)
        fresh.metadata = self.metadata
        fresh.source_supports_scalars = self.source_supports_scalars
        fresh._unique = self._unique
        fresh.data = [row[0] for row in tuple_data] if self.source_supports_scalars else tuple_data
        return fresh

    def rewrite_rows(self) -> Sequence[Sequence[Any]]:
        """Give the rows as sequences, whatever the source was."""
        return (
            [[value] for value in self.data]
            if self.source_supports_scalars
            else [list(row) for row in self.data]
        )

    def __call__(self) -> Result[*_Ts]:
        result: IteratorResult[*_Ts] = IteratorResult(
            self.metadata, iter(self.data), _source_supports_scalars=self.source_supports_scalars
        )
        if self._unique is not None:
            result._unique = (set(), self._unique[1])
        return result
