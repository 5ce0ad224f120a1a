"""
Results whose rows come as they are awaited.

Each stands for a blocking result and reads it in a greenlet, a chunk of rows
at a time: where a loop finds the next row fetched already, nothing is awaited.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from relvar.ext.asyncio.exc import AsyncMethodRequired
from relvar.ext.asyncio.resultface import CommonFace, MappingFace, ResultFace
from relvar.rows.reading import END
from relvar.rows.result import MappingResult, Result, ScalarResult
from relvar.rows.row import Row, RowMapping
from relvar.util.concurrency import greenlet_spawn
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from typing import Self

__all__ = ["AsyncMappingResult", "AsyncResult", "AsyncScalarResult", "AsyncTupleResult"]

_R = TypeVar("_R")
_S = TypeVar("_S")
_Ts = TypeVarTuple("_Ts")

_UNPACKS = "The AsyncResult.{} is deprecated, Row now behaves like a tuple and can unpack types directly."


class AsyncCommon(CommonFace[_R]):
    """
    What all of these results have; *_R* is one item.
    """

    _proxied: Any

    async def partitions(self, size: int | None = None) -> AsyncIterator[Sequence[_R]]:
        """Give the items in lists of *size*, or of ``yield_per``."""
        parts = self._proxied.partitions(size)
        while (part := await greenlet_spawn(next, parts, None)) is not None:
            yield part

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _R:
        item: Any = self._proxied._read_fetched()
        if item is END:
            item = await greenlet_spawn(self._proxied._read_ahead)
            if item is END:
                raise StopAsyncIteration
        found: _R = item
        return found

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> Self:
        """Leave out items seen before; *strategy* gives what to compare."""
        self._proxied.unique(strategy)
        return self

    def yield_per(self, num: int) -> Self:
        """Fetch *num* rows at a time."""
        self._proxied.yield_per(num)
        return self


class AsyncResult(AsyncCommon[Row[*_Ts]], ResultFace[*_Ts]):
    """
    A set of rows, read once.

    Made by `AsyncConnection.stream`.  Loop over it by ``async for``, or await one of its methods.

    >>> import asyncio
    >>> from relvar import text
    >>> from relvar.ext.asyncio import create_async_engine
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.connect() as connection:
    ...         async with connection.stream(text("VALUES (1, 'ann'), (2, 'bob')")) as result:
    ...             async for number, name in result:
    ...                 print(number, name)
    ...     await engine.dispose()
    >>> asyncio.run(main())
    1 ann
    2 bob
    """

    _proxied: Result[*_Ts]

    def __init__(self, real_result: Result[*_Ts]) -> None:
        self._proxied = real_result

    def columns(self, *col_expressions: Any) -> Self:
        """Keep only these columns, given by position, name or expression."""
        self._proxied.columns(*col_expressions)
        return self

    def scalars(self, index: Any = 0) -> AsyncScalarResult[Any]:
        """Read one column, the first or the one named, as bare values."""
        return AsyncScalarResult(self, index)

    def mappings(self) -> AsyncMappingResult:
        """Read the rows as mappings."""
        return AsyncMappingResult(self)

    def tuples(self) -> AsyncTupleResult[tuple[*_Ts]]:
        """Give the result itself, typed as plain tuples."""
        warn_deprecated(_UNPACKS.format("tuples() method"), "2.1.0")
        return self  # type: ignore[return-value]  # a view for type checkers only

    @property
    def t(self) -> AsyncTupleResult[tuple[*_Ts]]:
        """Give the result itself, typed as plain tuples."""
        warn_deprecated(_UNPACKS.format("t attribute"), "2.1.0")
        return self  # type: ignore[return-value]  # a view for type checkers only


class AsyncScalarResult(AsyncCommon[_R]):
    """
    One column of a result, as bare values.
    """

    def __init__(self, result: AsyncResult[*tuple[Any, ...]], index: Any) -> None:
        self._proxied = ScalarResult[_R](result._proxied, index)


class AsyncMappingResult(MappingFace, AsyncCommon[RowMapping]):
    """
    A result read as mappings.
    """

    def __init__(self, result: AsyncResult[*tuple[Any, ...]]) -> None:
        self._proxied = MappingResult(result._proxied)

    def columns(self, *col_expressions: Any) -> Self:
        """Keep only these columns, as `AsyncResult.columns`."""
        self._proxied.columns(*col_expressions)
        return self


class AsyncTupleResult(AsyncCommon[_R]):
    """
    An `AsyncResult` typed as plain tuples; exists for type checkers.
    """

    if TYPE_CHECKING:

        async def fetchone(self) -> _R | None: ...


def _is_on_server(result: Any) -> bool:
    """
    Tell whether rows of *result* are still to come from the server.
    """
    source = getattr(result, "_source", None)
    # a result may stand on the one that has the cursor
    while source is not None and not hasattr(source, "cursor"):
        source = getattr(source, "_raw_source", None)
    return source is not None and getattr(source.cursor, "server_side", False)


async def _ensure_sync_result(result: _S, calling_method: Any) -> _S:
    """
    Give *result*, whose rows are all here.

    Raises:
        AsyncMethodRequired: Its rows are still on the server.
    """
    if _is_on_server(result):
        await greenlet_spawn(result.close)  # type: ignore[attr-defined]  # it is a result
        owner = type(calling_method.__self__).__name__
        raise AsyncMethodRequired(
            f"Can't use the {owner}.{calling_method.__name__}() method with a server-side cursor. "
            f"Use the {owner}.stream() method for an async streaming result set."
        )
    return result
