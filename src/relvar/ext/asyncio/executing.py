"""
What a session executes and loads, to be awaited: the methods whose types are overloaded.

`AsyncSession` runs them; `async_scoped_session` passes them on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

from relvar.ext.asyncio.derive import Opened
from relvar.ext.asyncio.result import AsyncResult, AsyncScalarResult, _ensure_sync_result, _is_on_server
from relvar.orm.load.result import EntityResult
from relvar.util.concurrency import greenlet_spawn
from relvar.util.immutable import EMPTY_DICT, immutabledict

if TYPE_CHECKING:
    from relvar.orm.session.session import Session
    from relvar.rows.cursor import CursorResult
    from relvar.rows.result import Result, ScalarResult
    from relvar.stmt.dml import UpdateBase
    from relvar.stmt.typed import TypedReturnsRows

__all__ = ["AsyncExecution"]

_O = TypeVar("_O", bound=object)
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_STREAM = immutabledict({"stream_results": True})


def _execute(session: Session, statement: Any, options: dict[str, Any]) -> Any:
    """
    Execute, and have all objects loaded while loading can still wait.
    """
    result = session.execute(statement, **options)
    if isinstance(result, EntityResult) and not _is_on_server(result):
        result._buffer()
    return result


class AsyncExecution:
    """
    Executing statements and getting objects.
    """

    sync_session: Any

    @overload
    async def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Result[*_Ts]: ...

    @overload
    async def execute(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> CursorResult[*tuple[Any, ...]]: ...

    @overload
    async def execute(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Result[*tuple[Any, ...]]: ...

    async def execute(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """
        Execute a statement, and read all its rows; the result is not to be awaited.

        Args:
            params: A dictionary, or a list of them to execute for each.
            bind_arguments: Arguments for `Session.get_bind`.

        Raises:
            AsyncMethodRequired: Options say to leave the rows on the server: see `stream`.
        """
        kw["params"] = params
        kw["execution_options"] = execution_options
        kw["bind_arguments"] = bind_arguments
        result = await greenlet_spawn(_execute, self.sync_session, statement, kw)
        return await _ensure_sync_result(result, self.execute)

    @overload
    async def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> _T | None: ...

    @overload
    async def scalar(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any: ...

    async def scalar(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """Execute a statement, and give the first element of the first row, or None if there is no row."""
        return await greenlet_spawn(
            self.sync_session.scalar,
            statement,
            params,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
            **kw,
        )

    @overload
    async def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[_T]: ...

    @overload
    async def scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]: ...

    async def scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]:
        """Execute a statement, and read the first element of each row."""
        result = await self.execute(
            statement, params, execution_options=execution_options, bind_arguments=bind_arguments, **kw
        )
        values: ScalarResult[Any] = result.scalars()
        return values

    @overload
    def stream(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncResult[*_Ts]]: ...

    @overload
    def stream(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]: ...

    def stream(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]:
        """
        Execute a statement, and leave its rows on the server until they are asked for.

        ``async with session.stream(...) as result:`` closes the result with the block; awaited,
        it is to be read to its end or closed.
        """

        async def opening() -> AsyncResult[*tuple[Any, ...]]:
            return AsyncResult(
                await greenlet_spawn(
                    self.sync_session.execute,
                    statement,
                    params,
                    execution_options=_STREAM.union(execution_options) if execution_options else _STREAM,
                    bind_arguments=bind_arguments,
                    **kw,
                )
            )

        return Opened(opening)

    @overload
    def stream_scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncScalarResult[_T]]: ...

    @overload
    def stream_scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncScalarResult[Any]]: ...

    def stream_scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncScalarResult[Any]]:
        """Do as `stream`, and read the first element of each row."""

        async def opening() -> AsyncScalarResult[Any]:
            stream = self.stream(
                statement, params, execution_options=execution_options, bind_arguments=bind_arguments, **kw
            )
            return (await stream).scalars()

        return Opened(opening)

    @overload
    async def get(
        self,
        entity: type[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> _O | None: ...

    @overload
    async def get(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> Any: ...

    async def get(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> Any:
        """Return the instance with this primary key, or None."""
        return await greenlet_spawn(
            self.sync_session.get,
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            **kw,
        )

    @overload
    async def get_one(
        self,
        entity: type[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> _O: ...

    @overload
    async def get_one(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> Any: ...

    async def get_one(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = EMPTY_DICT,
        **kw: Any,
    ) -> Any:
        """
        Return the instance with this primary key.

        Raises:
            NoResultFound: There is none.
        """
        return await greenlet_spawn(
            self.sync_session.get_one,
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            **kw,
        )
