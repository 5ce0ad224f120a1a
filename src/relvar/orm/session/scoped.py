"""
One session per thread or scope: `scoped_session`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple, overload

from relvar import exc
from relvar.orm.session.maker import sessionmaker
from relvar.orm.session.session import Session
from relvar.orm.session.transaction import SessionTransaction
from relvar.util.immutable import immutabledict
from relvar.util.registry import ScopedRegistry, ThreadLocalRegistry
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.rows.cursor import CursorResult
    from relvar.rows.result import Result, ScalarResult
    from relvar.stmt.dml import UpdateBase
    from relvar.stmt.typed import TypedReturnsRows

__all__ = ["QueryPropertyDescriptor", "scoped_session"]

_O = TypeVar("_O")
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_S = TypeVar("_S", bound=Session)
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()


class QueryPropertyDescriptor:
    """
    What `scoped_session.query_property` returns: a query against the class it
    is read from.
    """

    def __init__(self, registry: scoped_session[Any], query_cls: Any) -> None:
        self._registry = registry
        self._query_cls = query_cls

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if self._query_cls is not None:
            return self._query_cls(owner, session=self._registry.registry())
        return self._registry.registry().query(owner)


class scoped_session(Generic[_S]):
    """
    One session per scope, behind a face that has all methods of `Session`.

    The scope is the thread, or what *scopefunc* returns a token for.

    >>> from relvar import create_engine
    >>> from relvar.orm import scoped_session, sessionmaker
    >>> current = scoped_session(sessionmaker(create_engine("sqlite://")))
    >>> current() is current()
    True
    >>> first = current()
    >>> current.remove()
    >>> current() is first
    False
    """

    _support_async = False
    session_factory: sessionmaker[_S]
    registry: ScopedRegistry[_S]

    def __init__(self, session_factory: sessionmaker[_S], scopefunc: Callable[[], Any] | None = None) -> None:
        self.session_factory = session_factory
        if scopefunc is not None:
            self.registry = ScopedRegistry(session_factory, scopefunc)
        else:
            self.registry = ThreadLocalRegistry(session_factory)

    @property
    def _proxied(self) -> _S:
        return self.registry()

    def __call__(self, **kw: Any) -> _S:
        """
        Return the current session, made if there is none.

        Raises:
            InvalidRequestError: arguments are given and there is one already.
        """
        if kw:
            if self.registry.has():
                raise exc.InvalidRequestError(
                    "Scoped session is already present; no new arguments may be specified."
                )
            session = self.session_factory(**kw)
            self.registry.set(session)
        else:
            session = self.registry()
        if not self._support_async and session._is_asyncio:
            warn(
                "Using `scoped_session` with asyncio is deprecated and will raise an error "
                "in a future version. Please use `async_scoped_session` instead."
            )
        return session

    def configure(self, **kwargs: Any) -> None:
        """
        Reconfigure the factory; warns when a session is there already.
        """
        if self.registry.has():
            warn(
                "At least one scoped session is already present.  configure() can not "
                "affect sessions that have already been created."
            )
        self.session_factory.configure(**kwargs)

    def remove(self) -> None:
        """
        Close the current session, if any, and forget it.
        """
        if self.registry.has():
            self.registry().close()
        self.registry.clear()

    def query_property(self, query_cls: Any = None) -> QueryPropertyDescriptor:
        """
        Return a class property that makes a query against its class.
        """
        return QueryPropertyDescriptor(self, query_cls)

    def __contains__(self, instance: object) -> bool:
        return instance in self.registry()

    def __iter__(self) -> Iterator[object]:
        return iter(self.registry())

    # -- the current session's own methods and attributes, passed on --------

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """
        Call `Session.add` of the current session.
        """
        self.registry().add(instance, _warn=_warn)

    def add_all(self, instances: Iterable[object]) -> None:
        """
        Call `Session.add_all` of the current session.
        """
        self.registry().add_all(instances)

    def begin(self, nested: bool = False) -> SessionTransaction:
        """
        Call `Session.begin` of the current session.
        """
        return self.registry().begin(nested=nested)

    def begin_nested(self) -> SessionTransaction:
        """
        Call `Session.begin_nested` of the current session.
        """
        return self.registry().begin_nested()

    def close(self) -> None:
        """
        Call `Session.close` of the current session.
        """
        self.registry().close()

    def reset(self) -> None:
        """
        Call `Session.reset` of the current session.
        """
        self.registry().reset()

    def invalidate(self) -> None:
        """
        Call `Session.invalidate` of the current session.
        """
        self.registry().invalidate()

    def commit(self) -> None:
        """
        Call `Session.commit` of the current session.
        """
        self.registry().commit()

    def rollback(self) -> None:
        """
        Call `Session.rollback` of the current session.
        """
        self.registry().rollback()

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """
        Call `Session.flush` of the current session.
        """
        self.registry().flush(objects)

    def connection(
        self,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Call `Session.connection` of the current session.
        """
        return self.registry().connection(
            bind_arguments=bind_arguments,
            execution_options=execution_options,
        )

    def delete(self, instance: object) -> None:
        """
        Call `Session.delete` of the current session.
        """
        self.registry().delete(instance)

    def delete_all(self, instances: Iterable[object]) -> None:
        """
        Call `Session.delete_all` of the current session.
        """
        self.registry().delete_all(instances)

    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None:
        """
        Call `Session.expire` of the current session.
        """
        self.registry().expire(instance, attribute_names)

    def expire_all(self) -> None:
        """
        Call `Session.expire_all` of the current session.
        """
        self.registry().expire_all()

    def expunge(self, instance: object) -> None:
        """
        Call `Session.expunge` of the current session.
        """
        self.registry().expunge(instance)

    def expunge_all(self) -> None:
        """
        Call `Session.expunge_all` of the current session.
        """
        self.registry().expunge_all()

    def is_modified(self, instance: object, include_collections: bool = True) -> bool:
        """
        Call `Session.is_modified` of the current session.
        """
        return self.registry().is_modified(instance, include_collections=include_collections)

    def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """
        Call `Session.refresh` of the current session.
        """
        self.registry().refresh(instance, attribute_names, with_for_update)

    def query(self, *entities: Any, **kwargs: Any) -> Any:
        """
        Call `Session.query` of the current session.
        """
        return self.registry().query(*entities, **kwargs)

    def bulk_save_objects(
        self,
        objects: Iterable[object],
        return_defaults: bool = False,
        update_changed_only: bool = True,
        preserve_order: bool = True,
    ) -> None:
        """
        Call `Session.bulk_save_objects` of the current session.
        """
        self.registry().bulk_save_objects(
            objects,
            return_defaults,
            update_changed_only,
            preserve_order,
        )

    def bulk_insert_mappings(
        self,
        mapper: Any,
        mappings: Iterable[dict[str, Any]],
        return_defaults: bool = False,
        render_nulls: bool = False,
    ) -> None:
        """
        Call `Session.bulk_insert_mappings` of the current session.
        """
        self.registry().bulk_insert_mappings(mapper, mappings, return_defaults, render_nulls)

    def bulk_update_mappings(self, mapper: Any, mappings: Iterable[dict[str, Any]]) -> None:
        """
        Call `Session.bulk_update_mappings` of the current session.
        """
        self.registry().bulk_update_mappings(mapper, mappings)

    def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O:
        """
        Call `Session.merge` of the current session.
        """
        return self.registry().merge(instance, load=load, options=options)

    def merge_all(
        self,
        instances: Iterable[_O],
        *,
        load: bool = True,
        options: Sequence[Any] | None = None,
    ) -> Sequence[_O]:
        """
        Call `Session.merge_all` of the current session.
        """
        return self.registry().merge_all(instances, load=load, options=options)

    def get_bind(
        self,
        mapper: Any = None,
        *,
        clause: Any = None,
        bind: Any = None,
        _sa_skip_events: bool | None = None,
        _sa_skip_for_implicit_returning: bool = False,
        **kw: Any,
    ) -> Any:
        """
        Call `Session.get_bind` of the current session.
        """
        return self.registry().get_bind(mapper, clause=clause, bind=bind, **kw)

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
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O | None: ...

    @overload
    def get(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Any: ...

    def get(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Call `Session.get` of the current session.
        """
        return self.registry().get(
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
        )

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
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O: ...

    @overload
    def get_one(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Any: ...

    def get_one(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Call `Session.get_one` of the current session.
        """
        return self.registry().get_one(
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
        )

    @overload
    def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Result[*_Ts]: ...

    @overload
    def execute(
        self,
        statement: UpdateBase,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> CursorResult[Any]: ...

    @overload
    def execute(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Result[Any]: ...

    def execute(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        _parent_execute_state: Any = None,
        _add_event: Any = None,
    ) -> Any:
        """
        Call `Session.execute` of the current session.
        """
        return self.registry().execute(
            statement,
            params,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
            _parent_execute_state=_parent_execute_state,
            _add_event=_add_event,
        )

    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> _T | None: ...

    @overload
    def scalar(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any: ...

    def scalar(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """
        Call `Session.scalar` of the current session.
        """
        return self.registry().scalar(
            statement,
            params,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
            **kw,
        )

    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[_T]: ...

    @overload
    def scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> ScalarResult[Any]: ...

    def scalars(
        self,
        statement: Any,
        params: Any = None,
        *,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> Any:
        """
        Call `Session.scalars` of the current session.
        """
        return self.registry().scalars(
            statement,
            params,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
            **kw,
        )

    @property
    def bind(self) -> Any:
        """
        ``bind`` of the current session.
        """
        return self.registry().bind

    @bind.setter
    def bind(self, value: Any) -> None:
        self.registry().bind = value

    @property
    def binds(self) -> dict[Any, Any]:
        """
        ``binds`` of the current session.
        """
        return self.registry().binds

    @property
    def dirty(self) -> Any:
        """
        ``dirty`` of the current session.
        """
        return self.registry().dirty

    @property
    def deleted(self) -> Any:
        """
        ``deleted`` of the current session.
        """
        return self.registry().deleted

    @property
    def new(self) -> Any:
        """
        ``new`` of the current session.
        """
        return self.registry().new

    @property
    def identity_map(self) -> Any:
        """
        ``identity_map`` of the current session.
        """
        return self.registry().identity_map

    @property
    def is_active(self) -> bool:
        """
        ``is_active`` of the current session.
        """
        return self.registry().is_active

    @property
    def autoflush(self) -> bool:
        """
        ``autoflush`` of the current session.
        """
        return self.registry().autoflush

    @autoflush.setter
    def autoflush(self, value: bool) -> None:
        self.registry().autoflush = value

    @property
    def no_autoflush(self) -> Any:
        """
        ``no_autoflush`` of the current session.
        """
        return self.registry().no_autoflush

    @property
    def info(self) -> dict[Any, Any]:
        """
        ``info`` of the current session.
        """
        return self.registry().info

    @property
    def execution_options(self) -> Mapping[str, Any]:
        """
        ``execution_options`` of the current session.
        """
        return self.registry().execution_options

    @execution_options.setter
    def execution_options(self, value: Mapping[str, Any]) -> None:
        self.registry().execution_options = value

    @classmethod
    def object_session(cls, instance: object) -> Session | None:
        """
        Return the session that an object belongs to.
        """
        return Session.object_session(instance)

    @classmethod
    def identity_key(
        cls,
        class_: Any = None,
        ident: Any = None,
        *,
        instance: Any = None,
        row: Any = None,
        identity_token: Any = None,
    ) -> Any:
        """
        Return an identity key, see `relvar.orm.identity_key`.
        """
        return Session.identity_key(class_, ident, instance=instance, row=row, identity_token=identity_token)
