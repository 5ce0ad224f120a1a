"""
Rows of one class in several databases: each has the same tables, and a part of the rows.

`ShardedSession` asks three functions of the program:

1. ``shard_chooser``: to which database a new object goes;
2. ``identity_chooser``: which databases may have an object of a given primary key;
3. ``execute_chooser``: which databases a statement is executed in; the results are put together.

An object knows its database by the token of its identity: ``(User, (5,), "europe")``.  It is refreshed,
changed and deleted there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from relvar import event, exc
from relvar.inspection import inspect
from relvar.orm import Query, Session, UserDefinedOption
from relvar.orm.session.binds import mapper_of
from relvar.orm.session.get import checked_object, normalise_identity
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.orm import Mapper, ORMExecuteState

__all__ = ["ShardedQuery", "ShardedSession", "set_shard_id"]

_T = TypeVar("_T")
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()


class ShardChooser(Protocol):
    """
    Tells the shard of an object, or of a statement without objects.
    """

    def __call__(self, mapper: Mapper | None, instance: Any, clause: Any | None = None) -> Any: ...


class IdentityChooser(Protocol):
    """
    Tells which shards may have the object of a primary key, the likeliest first.
    """

    def __call__(
        self,
        mapper: Mapper,
        primary_key: Sequence[Any],
        *,
        lazy_loaded_from: Any,
        execution_options: Mapping[str, Any],
        bind_arguments: Mapping[str, Any],
        **kw: Any,
    ) -> Iterable[Any]: ...


class ShardedQuery(Query[_T]):
    """
    The `Query` of a `ShardedSession`.
    """

    def set_shard(self, shard_id: Any) -> ShardedQuery[_T]:
        """
        Return the query for one shard only.
        """
        return self.execution_options(_sa_shard_id=shard_id)


class set_shard_id(UserDefinedOption):
    """
    An option of a statement: execute it in this shard, whatever ``execute_chooser`` says.

    Args:
        propagate_to_loaders: Also the loads of attributes of the objects that it gives.
    """

    def __init__(self, shard_id: Any, propagate_to_loaders: bool = True) -> None:
        super().__init__(shard_id)
        self.shard_id = shard_id
        self.propagate_to_loaders = propagate_to_loaders


class ShardedSession(Session):
    """
    A session over several databases.

    Args:
        shard_chooser: ``(mapper, instance, clause=None)`` -> the shard of an object.
        identity_chooser: ``(mapper, primary_key, *, lazy_loaded_from, execution_options, bind_arguments)`` ->
            the shards to look for an object in.
        execute_chooser: ``(ORMExecuteState)`` -> the shards to execute a statement in.
        shards: Names of shards with their engines or connections.
        id_chooser, query_chooser: The older forms: ``(query, primary_key)`` and ``(query)``.

    >>> from relvar import create_engine, select
    >>> from relvar.ext.horizontal_shard import ShardedSession
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     place: Mapped[str]
    >>> engines = {name: create_engine("sqlite://") for name in ("east", "west")}
    >>> for engine in engines.values():
    ...     Base.metadata.create_all(engine)
    >>> session = ShardedSession(
    ...     shard_chooser=lambda mapper, instance, clause=None: instance.place,
    ...     identity_chooser=lambda mapper, primary_key, **kw: list(engines),
    ...     execute_chooser=lambda context: list(engines),
    ...     shards=engines,
    ... )
    >>> session.add_all([User(place="east"), User(place="west")])
    >>> session.commit()
    >>> [(user.id, user.place) for user in session.scalars(select(User))]
    [(1, 'east'), (1, 'west')]
    """

    _flushing_to: Any = None

    def __init__(
        self,
        shard_chooser: ShardChooser,
        identity_chooser: IdentityChooser | None = None,
        execute_chooser: Callable[[ORMExecuteState], Iterable[Any]] | None = None,
        shards: Mapping[Any, Any] | None = None,
        query_cls: type[Query[Any]] = ShardedQuery,
        *,
        id_chooser: Callable[[Any, Sequence[Any]], Iterable[Any]] | None = None,
        query_chooser: Callable[[Any], Iterable[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(query_cls=query_cls, **kwargs)
        event.listen(self, "do_orm_execute", execute_and_instances, retval=True)
        self.shard_chooser = shard_chooser
        if id_chooser is not None:
            warn_deprecated(
                "The ``id_chooser`` parameter is deprecated; please use ``identity_chooser``.", "1.4"
            )
            identity_chooser = _by_query(id_chooser)
        if identity_chooser is None:
            raise exc.ArgumentError("identity_chooser or id_chooser is required")
        self.identity_chooser = identity_chooser
        if query_chooser is not None:
            warn_deprecated(
                "The ``query_chooser`` parameter is deprecated; please use ``execute_chooser``.", "1.4"
            )
            if execute_chooser is not None:
                raise exc.ArgumentError("Can't pass query_chooser and execute_chooser at the same time.")
            chooser = query_chooser
            execute_chooser = lambda context: chooser(context.statement)  # noqa: E731
        if execute_chooser is None:
            raise exc.ArgumentError("execute_chooser or query_chooser is required")
        self.execute_chooser = execute_chooser
        self._shards: dict[Any, Any] = {}
        for shard_id, bind in (shards or {}).items():
            self.bind_shard(shard_id, bind)

    def bind_shard(self, shard_id: Any, bind: Any) -> None:
        """
        Enter the engine or connection of a shard.
        """
        self._shards[shard_id] = bind

    # -- where ------------------------------------------------------------------------

    def _choose_shard_and_assign(self, mapper: Any, instance: Any, **kw: Any) -> Any:
        """
        Return the shard of an object, which knows it from then on.
        """
        if instance is None:
            return self.shard_chooser(mapper, None, **kw)
        state: Any = inspect(instance)
        if state.identity_token is None:
            state.identity_token = self.shard_chooser(mapper, instance, **kw)
        return state.identity_token

    def connection_callable(
        self, mapper: Any = None, instance: Any = None, shard_id: Any = None, **kw: Any
    ) -> Any:
        """
        Return the connection of this transaction to the shard of an object, or to a shard.
        """
        if shard_id is None:
            shard_id = self._choose_shard_and_assign(mapper, instance)
        return self._connection_for_bind(self._bind_of(shard_id))

    def get_bind(
        self,
        mapper: Any = None,
        *,
        shard_id: Any = None,
        instance: Any = None,
        clause: Any = None,
        **kw: Any,
    ) -> Any:
        """
        Return the engine or connection of a shard, or of the shard that ``shard_chooser`` tells.
        """
        if shard_id is None:
            shard_id = self._choose_shard_and_assign(mapper, instance, clause=clause)
        return self._bind_of(shard_id)

    def _bind_of(self, shard_id: Any) -> Any:
        try:
            return self._shards[shard_id]
        except KeyError:
            known = ", ".join(map(repr, self._shards)) or "none"
            raise exc.UnboundExecutionError(f"There is no shard {shard_id!r}; known are: {known}") from None

    # -- flushes ----------------------------------------------------------------------

    def _by_connection(self, states: Collection[Any]) -> Iterator[Collection[Any]]:
        apart: dict[Any, list[Any]] = {}
        for state in states:
            shard_id = self._choose_shard_and_assign(state.manager.mapper, state.obj())
            apart.setdefault(shard_id, []).append(state)
        for shard_id, some in apart.items():
            self._flushing_to = shard_id
            try:
                yield some
            finally:
                self._flushing_to = None

    def _connection_for_flush(self, mapper: Any) -> Any:
        shard_id = self._flushing_to if self._flushing_to is not None else next(iter(self._shards))
        return self._connection_for_bind(self._bind_of(shard_id))

    # -- by primary key ---------------------------------------------------------------

    def _identity_lookup(self, mapper: Any, pk: Any, identity_token: Any, state: Any) -> Any:
        return self._here(mapper, pk, state, _NO_OPTIONS, _NO_OPTIONS)

    def _here(
        self,
        mapper: Any,
        pk: Any,
        state: Any,
        execution_options: Mapping[str, Any],
        bind_arguments: Mapping[str, Any],
    ) -> Any:
        """
        Return the object with a bare primary key if the session has it, from the likeliest shard.
        """
        for token in self.identity_chooser(
            mapper,
            list(pk) if mapper.has_composite_pk else [pk],
            lazy_loaded_from=state,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
        ):
            found = self.identity_map.get_by_pk(mapper.identity_mapper, pk, token)
            if found is not None:
                return found
        return None

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
        Return the object with this primary key, or None.

        Args:
            identity_token: The shard to look in; else ``identity_chooser`` and ``execute_chooser`` tell.

        Raises:
            MultipleResultsFound: Several shards have one.
        """
        if identity_token is None:
            identity_token = execution_options.get("_sa_shard_id", (bind_arguments or {}).get("shard_id"))
        if identity_token is None and not populate_existing and with_for_update is None:
            mapper = mapper_of(entity)
            pk = normalise_identity(mapper, ident)
            found = self._here(mapper, pk, None, execution_options, bind_arguments or {})
            if found is not None:
                return checked_object(self, mapper, found)
        return super().get(
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
        )


def _by_query(id_chooser: Callable[[Any, Sequence[Any]], Iterable[Any]]) -> IdentityChooser:
    """
    Return the newer form of an ``id_chooser``, which gets a query.
    """

    def identity_chooser(
        mapper: Mapper,
        primary_key: Sequence[Any],
        *,
        lazy_loaded_from: Any,
        execution_options: Mapping[str, Any],
        bind_arguments: Mapping[str, Any],
        **kw: Any,
    ) -> Iterable[Any]:
        query: Query[Any] = Query(mapper.class_)
        if execution_options:
            query = query.execution_options(**execution_options)
        return id_chooser(query, primary_key)

    return identity_chooser


def execute_and_instances(context: ORMExecuteState) -> Any:
    """
    Execute a statement in the shards that it concerns: a listener of ``do_orm_execute``.
    """
    session = context.session
    assert isinstance(session, ShardedSession)
    options = {}
    shards = _named_shard(context)
    if shards is not None and context.identity_token is None and not context.is_relationship_load:
        # the program said where: what is loaded along with the objects is there too
        options["_sa_shard_id"] = shards[0]
    if shards is None:
        shards = list(session.execute_chooser(context))
        if not shards:
            raise exc.InvalidRequestError("execute_chooser named no shard to execute the statement in")
    results = [
        context.invoke_statement(
            bind_arguments={"shard_id": shard_id}, execution_options={**options, "identity_token": shard_id}
        )
        for shard_id in shards
    ]
    first, *others = results
    if not others:
        return first
    if any(getattr(result, "returns_rows", True) for result in results):
        return first.merge(*others)
    first._rowcount = sum(result.rowcount for result in results)
    return first


def _named_shard(context: ORMExecuteState) -> list[Any] | None:
    """
    Return the shard that needs no choosing: of the object that is loaded, or named with the statement.
    """
    facts = context._load_facts
    if facts.identity_token is not None and (facts.is_repeating or not facts.is_relationship_load):
        return [facts.identity_token]
    if context.identity_token is not None and not facts.is_relationship_load:
        return [context.identity_token]
    for option in context.user_defined_options:
        if isinstance(option, set_shard_id):
            return [option.shard_id]
    for given in (context.execution_options.get("_sa_shard_id"), context.bind_arguments.get("shard_id")):
        if given is not None:
            return [given]
    return None
