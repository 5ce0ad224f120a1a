"""
The types of `relvar.ext.asyncio.faces`, written by tools/derive_faces.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, TypeVarTuple, overload

from relvar._kernels.identity import IdentityMap
from relvar.dialect.default import DefaultDialect
from relvar.engine.base import Engine
from relvar.engine.url import URL
from relvar.ext.asyncio.derive import Opened
from relvar.ext.asyncio.result import AsyncResult, AsyncScalarResult
from relvar.orm.load.lazy_modes import LazyReport
from relvar.orm.mapping.mapper import Mapper
from relvar.orm.session.session import Session
from relvar.pool import Pool
from relvar.rows.cursor import CursorResult
from relvar.rows.result import Result, ScalarResult
from relvar.stmt.dml import UpdateBase
from relvar.stmt.typed import Statement, TypedReturnsRows
from relvar.util.ordered import IdentitySet
from relvar.util.proxied import Attribute

__all__ = ["ConnectionFace", "EngineFace", "SessionFace", "SessionTransactionFace", "TransactionFace"]

_O = TypeVar("_O")
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

class TransactionFace:
    async def close(self) -> None: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    is_active: Attribute[bool]
    is_valid: Attribute[bool]

class ConnectionFace:
    @overload
    async def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*_Ts]: ...
    @overload
    async def execute(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    async def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> _T | None: ...
    @overload
    async def scalar(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any: ...
    @overload
    async def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[_T]: ...
    @overload
    async def scalars(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]: ...
    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    def stream(
        self,
        statement: TypedReturnsRows[*_Ts],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*_Ts]]: ...
    @overload
    def stream(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncResult[*tuple[Any, ...]]]: ...
    @overload
    def stream_scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncScalarResult[_T]]: ...
    @overload
    def stream_scalars(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Opened[AsyncScalarResult[Any]]: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    def in_transaction(self) -> bool: ...
    def in_nested_transaction(self) -> bool: ...
    async def close(self) -> None: ...
    async def invalidate(self, exception: BaseException | None = None) -> None: ...
    async def get_isolation_level(self) -> str: ...
    closed: Attribute[bool]
    invalidated: Attribute[bool]
    dialect: Attribute[DefaultDialect]
    default_isolation_level: Attribute[str | None]
    info: Attribute[dict[Any, Any]]

class EngineFace:
    async def dispose(self, close: bool = True) -> None: ...
    def clear_compiled_cache(self) -> None: ...
    def get_execution_options(self) -> Mapping[str, Any]: ...
    url: Attribute[URL]
    pool: Attribute[Pool]
    dialect: Attribute[DefaultDialect]
    engine: Attribute[Engine]
    name: Attribute[str]
    driver: Attribute[str]
    echo: Attribute[Any]

class SessionTransactionFace:
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    is_active: Attribute[bool]

class SessionFace:
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
    async def close(self) -> None: ...
    async def invalidate(self) -> None: ...
    async def reset(self) -> None: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    async def prepare(self) -> None: ...
    def in_transaction(self) -> bool: ...
    def in_nested_transaction(self) -> bool: ...
    is_active: Attribute[bool]
    async def delete(self, instance: object) -> None: ...
    async def delete_all(self, instances: Iterable[object]) -> None: ...
    async def flush(self, objects: Sequence[Any] | None = None) -> None: ...
    async def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O: ...
    async def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]: ...
    async def refresh(
        self, instance: object, attribute_names: Iterable[str] | None = None, with_for_update: Any = None
    ) -> None: ...
    def add(self, instance: object) -> None: ...
    def add_all(self, instances: Iterable[object]) -> None: ...
    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None: ...
    def expire_all(self) -> None: ...
    def expunge(self, instance: object) -> None: ...
    def expunge_all(self) -> None: ...
    def is_modified(self, instance: object, include_collections: bool = True) -> bool: ...
    autoflush: Attribute[bool]
    deleted: Attribute[IdentitySet]
    dirty: Attribute[IdentitySet]
    execution_options: Attribute[Mapping[str, Any]]
    identity_map: Attribute[IdentityMap]
    info: Attribute[dict[Any, Any]]
    lazy_report: Attribute[LazyReport]
    new: Attribute[IdentitySet]
    no_autoflush: Attribute[AbstractContextManager[Session]]
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
