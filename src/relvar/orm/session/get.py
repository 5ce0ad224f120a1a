# Compiled as it is, see setup.py.
"""
``Session.get``: one object by primary key.

Four cases, the first of which is the one that counts:

1. the object is in the identity map and not expired: return it;
2. it is there but expired: load it, which tells whether its row still exists;
3. its row is loaded, with the mapper's own cached plan;
4. the key is NULL: no object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from relvar import exc
from relvar._kernels.attributes import EXPIRED, Manager, get_state
from relvar._kernels.identity import SessionFields
from relvar.expr.options import report_unknown_options
from relvar.orm import exc as orm_exc
from relvar.orm.load.identity import load_on_pk
from relvar.orm.load.prepared import Prepared
from relvar.orm.load.refresh import load_columns
from relvar.orm.session.binds import mapper_of
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.orm.mapping.mapper import Mapper
    from relvar.orm.session.session import Session

__all__ = ["SessionGet", "checked_object", "find", "normalise_identity"]

_O = TypeVar("_O")
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()

# Types of a primary key value that cannot be mistaken for a composite key.
_SCALARS = frozenset({int, str, float, bytes})


class SessionGet(SessionFields):
    """
    The part of `Session` that finds one object by its primary key.
    """

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
        entity: Mapper[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O | None: ...

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
        Return the instance with this primary key, or None.

        Takes it from the session if it is there and not expired, without SQL.

        Args:
            ident: A scalar, a tuple for a composite key, or a dictionary by
                attribute name.

        Raises:
            InvalidRequestError: *ident* does not fit the primary key.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(User(id=1, name="ann"))
        ...     session.flush()
        ...     session.get(User, 1).name, session.get(User, 2)
        ('ann', None)
        """
        # The hot case: a plain value, nothing special asked for, and the object is there.
        if (
            populate_existing is None
            and with_for_update is None
            and identity_token is None
            and not execution_options
        ):
            found = _loaded(self, entity, ident)
            if found is not None:
                return found
        return find(
            self,  # type: ignore[arg-type]  # a part of Session
            entity,
            ident,
            options,
            populate_existing,
            with_for_update,
            identity_token,
            execution_options,
            bind_arguments,
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
        entity: Mapper[_O],
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> _O: ...

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
        Return the instance with this primary key.

        Raises:
            NoResultFound: there is none.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.get_one(User, 2)
        Traceback (most recent call last):
            ...
        relvar.exc.NoResultFound: No row was found when one was required
        """
        found = self.get(
            entity,
            ident,
            options=options,
            populate_existing=populate_existing,
            with_for_update=with_for_update,
            identity_token=identity_token,
            execution_options=execution_options,
            bind_arguments=bind_arguments,
        )
        if found is None:
            raise exc.NoResultFound("No row was found when one was required")
        return found


def _loaded(session: SessionFields, entity: Any, ident: Any) -> Any:
    """
    Return the object, if it is there and not expired.
    """
    return session.identity_map.get_loaded(entity, ident)


def find(
    session: Session,
    entity: Any,
    ident: Any,
    options: Sequence[Any] | None = None,
    populate_existing: bool | None = None,
    with_for_update: Any = None,
    identity_token: Any = None,
    execution_options: Mapping[str, Any] | None = None,
    bind_arguments: Mapping[str, Any] | None = None,
) -> Any:
    """
    Return the object with this identity, or None.
    """
    manager = getattr(entity, "_sa_class_manager", None)
    mapper = _own_mapper(manager, entity) if isinstance(manager, Manager) else None
    if (
        mapper is not None
        and type(ident) in _SCALARS
        and options is None
        and populate_existing is None
        and with_for_update is None
        and identity_token is None
        and not execution_options
        and bind_arguments is None
    ):
        prepared = _by_one_value(manager)
        if prepared is not None:
            # what follows, less what cannot be the case
            found = _found(session, manager, ident)
            if found is not None:
                return checked_object(session, mapper, found)
            return load_on_pk(session, mapper, ident, None, False, None, None, None, None, prepared)
    if mapper is None:
        mapper = mapper_of(entity)
        if entity is not mapper.class_ and entity is not mapper:
            raise exc.ArgumentError(f"Expected mapped class or mapper, got: {entity!r}")
    pk = (
        ident
        if type(ident) in _SCALARS and not mapper.has_composite_pk
        else normalise_identity(mapper, ident)
    )
    if execution_options:
        report_unknown_options(execution_options, session.strict)
    if execution_options and populate_existing is None:
        populate_existing = execution_options.get("populate_existing")
    if not populate_existing and not mapper.always_refresh and with_for_update is None:
        found = session.identity_map.get_by_pk(mapper.identity_mapper, pk, identity_token)
        if found is not None:
            return checked_object(session, mapper, found)
    if pk is None or (type(pk) is tuple and mapper.has_composite_pk and None in pk):
        if pk is None or _has_nothing(pk):
            warn(
                "fully NULL primary key identity cannot load any object.  This condition "
                "may raise an error in a future release."
            )
            return None
        if not mapper.allow_partial_pks:
            return None
    return load_on_pk(
        session,
        mapper,
        pk,
        options,
        bool(populate_existing),
        with_for_update,
        identity_token,
        execution_options,
        bind_arguments,
    )


def _own_mapper(manager: Manager, entity: Any) -> Any:
    """
    Return the mapper of a class that has the manager in its own right.
    """
    return manager.mapper if manager.class_ is entity else None


def _by_one_value(manager: Any) -> Prepared | None:
    """
    Return the statement that loads an object of a class by its key, if that is one column, which is known
    from the first call on.
    """
    found: Prepared | None = manager.by_pk
    if found is None or not manager.is_kept or len(found.binds) != 1:
        return None
    return found


def _found(session: SessionFields, manager: Any, pk: Any) -> Any:
    return session.identity_map.get_by_key(manager.base, pk)


def _has_nothing(pk: tuple[Any, ...]) -> bool:
    """
    Tell whether no column of a composite key has a value.
    """
    return all(value is None for value in pk)


def checked_object(session: Session, mapper: Any, found: Any) -> Any:
    """
    Return an object of the identity map if it is of the class asked for and,
    when expired, its row still exists.
    """
    if not isinstance(found, mapper.class_):
        return None
    state = get_state(found)
    assert state is not None
    if state.flags & EXPIRED and state.expired_keys is not None:
        try:
            load_columns(state, state.expired_keys, PASSIVE_OFF)
        except orm_exc.ObjectDeletedError:
            session._remove_newly_deleted([state])
            return None
    return found


def normalise_identity(mapper: Any, ident: Any) -> Any:
    """
    Return the bare primary key that *ident* stands for: a scalar, a tuple, or
    a dictionary by attribute name.

    Raises:
        InvalidRequestError: the number or the names of values do not fit.
    """
    columns = mapper.primary_key
    values: Any
    if isinstance(ident, Mapping):
        if len(ident) != len(columns):
            _refuse(mapper)
        values = _by_name(mapper, ident)
    elif isinstance(ident, (tuple, list)) or hasattr(ident, "_mapping"):
        values = list(ident)
    elif hasattr(ident, "__composite_values__"):
        values = list(ident.__composite_values__())
    else:
        values = [ident]
    if len(values) != len(columns):
        _refuse(mapper)
    return values[0] if len(values) == 1 else tuple(values)


def _by_name(mapper: Any, ident: Mapping[Any, Any]) -> list[Any]:
    """
    Return the values of a key given as a dictionary, in the mapper's order.
    """
    keys = [mapper.get_property_by_column(c).key for c in mapper.primary_key]
    given = {}
    for name, value in ident.items():
        prop = mapper.get_property(name) if mapper.has_property(name) else None
        given[getattr(prop, "name", name) if getattr(prop, "_is_synonym", False) else name] = value
    if set(given) != set(keys):
        names = ",".join(f"'{key}'" for key in keys)
        raise exc.InvalidRequestError(
            "Incorrect names of values in identifier to formulate primary key for session.get(); "
            f"primary key attribute names are {names} (synonym names are also accepted)"
        )
    return [given[key] for key in keys]


def _refuse(mapper: Any) -> None:
    names = ",".join(f"'{column}'" for column in mapper.primary_key)
    raise exc.InvalidRequestError(
        "Incorrect number of values in identifier to formulate primary key for "
        f"session.get(); primary key columns are {names}"
    )
