"""
What is executed and loaded, to be awaited: the methods that do more than wait for the blocking ones.

Their types are those of the blocking ones, overloads included; the stub of `faces` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar.engine.base import Connection
from relvar.ext.asyncio.derive import Opened, Proxy, like
from relvar.ext.asyncio.result import AsyncResult, AsyncScalarResult, _ensure_sync_result, _is_on_server
from relvar.orm.load.result import EntityResult
from relvar.orm.session.session import Session
from relvar.rows.cursor import CursorResult
from relvar.rows.result import ScalarResult
from relvar.util.concurrency import greenlet_spawn
from relvar.util.immutable import EMPTY_DICT, immutabledict

__all__ = ["ConnectionExecution", "SessionExecution"]

_STREAM = immutabledict({"stream_results": True})


class ConnectionExecution(Proxy[Connection]):
    """
    Executing statements on a connection.
    """

    __slots__ = ()

    @like(Connection.execute)
    async def execute(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """
        Execute a statement, and read all its rows; the result is not to be awaited.

        Args:
            parameters: A dictionary, or a list of them to run the statement for each.
            execution_options: For this execution only.

        Raises:
            AsyncMethodRequired: Options say to leave the rows on the server: see `stream`.
        """
        result = await greenlet_spawn(
            self._proxied.execute,
            statement,
            parameters,
            execution_options=execution_options,
            _require_await=True,
        )
        return await _ensure_sync_result(result, self.execute)

    @like(Connection.scalar)
    async def scalar(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute a statement, and give the first column of the first row, or None."""
        if getattr(statement, "_is_default_generator", False):
            return await greenlet_spawn(self._proxied.scalar, statement, parameters)
        return (await self.execute(statement, parameters, execution_options=execution_options)).scalar()

    @like(Connection.scalars)
    async def scalars(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]:
        """Execute a statement, and read the first column of its rows."""
        result = await self.execute(statement, parameters, execution_options=execution_options)
        values: ScalarResult[Any] = result.scalars()
        return values

    @like(Connection.exec_driver_sql)
    async def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """
        Execute text as it is, with parameters as the driver takes them, and read all rows.
        """
        result = await greenlet_spawn(
            self._proxied.exec_driver_sql, statement, parameters, execution_options, _require_await=True
        )
        return await _ensure_sync_result(result, self.exec_driver_sql)

    @like(Connection.execute)
    def stream(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]:
        """
        Execute a statement, and leave its rows on the server until they are asked for.

        ``async with connection.stream(...) as result:`` closes the result with the block; awaited,
        it is to be read to its end or closed.
        """

        async def opening() -> AsyncResult[*tuple[Any, ...]]:
            options = _STREAM if execution_options is None else _STREAM.union(execution_options)
            result = await greenlet_spawn(
                self._proxied.execute, statement, parameters, execution_options=options, _require_await=True
            )
            return AsyncResult(result)

        return Opened(opening)

    @like(Connection.scalars)
    def stream_scalars(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncScalarResult[Any]]:
        """Do as `stream`, and read the first column of the rows."""

        async def opening() -> AsyncScalarResult[Any]:
            stream = self.stream(statement, parameters, execution_options=execution_options)
            return (await stream).scalars()

        return Opened(opening)


def _execute(session: Session, statement: Any, options: dict[str, Any]) -> tuple[Any, bool]:
    """
    Execute, and have all objects loaded while loading can still wait.

    Returns:
        The result, and whether its rows are on the server, where they are left.
    """
    result = session.execute(statement, **options)
    is_on_server = _is_on_server(result)
    if isinstance(result, EntityResult) and not is_on_server:
        result._buffer()
    return result, is_on_server


class SessionExecution:
    """
    Executing statements in a session and getting objects.
    """

    sync_session: Session

    @like(Session.execute)
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
        result, is_on_server = await greenlet_spawn(_execute, self.sync_session, statement, kw)
        return await _ensure_sync_result(result, self.execute) if is_on_server else result

    @like(Session.scalar)
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

    @like(Session.scalars)
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

    @like(Session.execute)
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

    @like(Session.scalars)
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

    @like(Session.get)
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
        bind_arguments: Mapping[str, Any] | None = None,
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
            bind_arguments=bind_arguments,
        )

    @like(Session.get_one)
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
        bind_arguments: Mapping[str, Any] | None = None,
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
            bind_arguments=bind_arguments,
        )
