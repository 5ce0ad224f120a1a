"""
The types of `relvar.ext.asyncio.scopedface`, written by tools/derive_faces.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, TypeVarTuple, overload

from relvar._kernels.identity import IdentityMap
from relvar.ext.asyncio.derive import Opened
from relvar.ext.asyncio.engine import AsyncConnection, AsyncEngine
from relvar.ext.asyncio.result import AsyncResult, AsyncScalarResult
from relvar.ext.asyncio.session import AsyncSessionTransaction
from relvar.orm.mapping.mapper import Mapper
from relvar.orm.session.session import Session
from relvar.rows.cursor import CursorResult
from relvar.rows.result import Result, ScalarResult
from relvar.stmt.dml import UpdateBase
from relvar.stmt.typed import Statement, TypedReturnsRows
from relvar.util.ordered import IdentitySet
from relvar.util.proxied import Attribute

__all__ = ["AsyncSessionFace"]

_O = TypeVar("_O")
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

class AsyncSessionFace:
    async def aclose(self) -> None: ...
    def add(self, instance: object) -> None: ...
    def add_all(self, instances: Iterable[object]) -> None: ...
    def begin(self) -> AsyncSessionTransaction: ...
    def begin_nested(self) -> AsyncSessionTransaction: ...
    async def close(self) -> None: ...
    async def commit(self) -> None: ...
    async def connection(
        self,
        /,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> AsyncConnection: ...
    async def delete(self, instance: object) -> None: ...
    async def delete_all(self, instances: Iterable[object]) -> None: ...
    @overload
    async def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Result[*_Ts]: ...
    @overload
    async def execute(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    async def execute(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Result[*tuple[Any, ...]]: ...
    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None: ...
    def expire_all(self) -> None: ...
    def expunge(self, instance: object) -> None: ...
    def expunge_all(self) -> None: ...
    async def flush(self, objects: Sequence[Any] | None = None) -> None: ...
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
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O | None: ...
    @overload
    async def get(
        self,
        entity: Mapper[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O | None: ...
    def get_async_bind(
        self, /, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any
    ) -> AsyncEngine | AsyncConnection: ...
    def get_bind(self, /, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any) -> Any: ...
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
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O: ...
    @overload
    async def get_one(
        self,
        entity: Mapper[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O: ...
    async def invalidate(self) -> None: ...
    def is_modified(self, instance: object, include_collections: bool = True) -> bool: ...
    async def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O: ...
    async def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]: ...
    async def refresh(
        self, instance: object, attribute_names: Iterable[str] | None = None, with_for_update: Any = None
    ) -> None: ...
    async def reset(self) -> None: ...
    async def rollback(self) -> None: ...
    @overload
    async def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> _T | None: ...
    @overload
    async def scalar(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any: ...
    @overload
    async def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[_T]: ...
    @overload
    async def scalars(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]: ...
    @overload
    def stream(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*_Ts]]: ...
    @overload
    def stream(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]: ...
    @overload
    def stream(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]: ...
    @overload
    def stream_scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncScalarResult[_T]]: ...
    @overload
    def stream_scalars(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Opened[AsyncScalarResult[Any]]: ...
    autoflush: Attribute[bool]
    bind: Attribute[Any]
    binds: Attribute[Mapping[Any, Any]]
    deleted: Attribute[IdentitySet]
    dirty: Attribute[IdentitySet]
    execution_options: Attribute[Mapping[str, Any]]
    identity_map: Attribute[IdentityMap]
    info: Attribute[dict[Any, Any]]
    is_active: Attribute[bool]
    new: Attribute[IdentitySet]
    no_autoflush: Attribute[AbstractContextManager[Session]]
    @classmethod
    async def close_all(cls) -> None: ...
    @classmethod
    def identity_key(
        cls,
        class_: Any = None,
        ident: Any = None,
        *,
        instance: Any = None,
        row: Any = None,
        identity_token: Any = None,
    ) -> Any: ...
    @classmethod
    def object_session(cls, instance: object) -> Session | None: ...
