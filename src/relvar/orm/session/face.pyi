"""
The types of `relvar.orm.session.face`, written by tools/derive_faces.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, TypeVarTuple, overload

from relvar._kernels.identity import IdentityMap
from relvar.engine.base import Connection, Engine
from relvar.orm.mapping.mapper import Mapper
from relvar.orm.session.session import Session
from relvar.orm.session.transaction import SessionTransaction
from relvar.rows.cursor import CursorResult
from relvar.rows.result import Result, ScalarResult
from relvar.stmt.dml import UpdateBase
from relvar.stmt.typed import Statement, TypedReturnsRows
from relvar.util.ordered import IdentitySet
from relvar.util.proxied import Attribute

__all__ = ["SessionFace"]

_O = TypeVar("_O")
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

class SessionFace:
    def add(self, instance: object) -> None: ...
    def add_all(self, instances: Iterable[object]) -> None: ...
    def begin(self, nested: bool = False) -> SessionTransaction: ...
    def begin_nested(self) -> SessionTransaction: ...
    def bulk_insert_mappings(
        self,
        mapper: Any,
        mappings: Iterable[dict[str, Any]],
        return_defaults: bool = False,
        render_nulls: bool = False,
    ) -> None: ...
    def bulk_save_objects(
        self,
        objects: Iterable[object],
        return_defaults: bool = False,
        update_changed_only: bool = True,
        preserve_order: bool = True,
    ) -> None: ...
    def bulk_update_mappings(self, mapper: Any, mappings: Iterable[dict[str, Any]]) -> None: ...
    def close(self) -> None: ...
    def commit(self) -> None: ...
    def connection(
        self,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Connection: ...
    def delete(self, instance: object) -> None: ...
    def delete_all(self, instances: Iterable[object]) -> None: ...
    @overload
    def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Result[*_Ts]: ...
    @overload
    def execute(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    def execute(
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
    def flush(self, objects: Sequence[Any] | None = None) -> None: ...
    @overload
    def get(
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
    def get(
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
    def get_bind(
        self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **kw: Any
    ) -> Engine | Connection: ...
    @overload
    def get_one(
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
    def get_one(
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
    def invalidate(self) -> None: ...
    def is_modified(self, instance: object, include_collections: bool = True) -> bool: ...
    def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O: ...
    def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]: ...
    def refresh(
        self, instance: object, attribute_names: Iterable[str] | None = None, with_for_update: Any = None
    ) -> None: ...
    def reset(self) -> None: ...
    def rollback(self) -> None: ...
    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> _T | None: ...
    @overload
    def scalar(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any: ...
    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[_T]: ...
    @overload
    def scalars(
        self,
        statement: Statement,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = ...,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]: ...
    autoflush: Attribute[bool]
    bind: Attribute[Engine | Connection | None]
    binds: Attribute[dict[Any, Any]]
    deleted: Attribute[IdentitySet]
    dirty: Attribute[IdentitySet]
    execution_options: Attribute[Mapping[str, Any]]
    identity_map: Attribute[IdentityMap]
    info: Attribute[dict[Any, Any]]
    is_active: Attribute[bool]
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
