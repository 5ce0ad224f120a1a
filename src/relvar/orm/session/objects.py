"""
What a session does with one object, and the older operations in bulk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from relvar import exc
from relvar._kernels.attributes import DELETED, MODIFIED, extras
from relvar.orm.load.refresh import refresh_state
from relvar.orm.session.binds import mapper_of
from relvar.orm.session.contents import state_of, state_str
from relvar.orm.session.unit import SessionUnit

__all__ = ["SessionObjects"]

_O = TypeVar("_O")

_NO_LOAD = 22
"""
``PassiveFlag.PASSIVE_NO_INITIALIZE``.
"""


class SessionObjects(SessionUnit):
    """
    The part of `Session` that loads, merges and writes single objects.
    """

    # -- one object --------------------------------------------------------

    def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """
        Load attributes of a persistent instance again, all or the named ones.

        Raises:
            InvalidRequestError: it is not persistent in this session, or its
                row is gone.

        >>> from relvar import create_engine, text
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     _ = session.execute(text("UPDATE users SET name = 'bob'"))
        ...     session.refresh(user)
        ...     user.name
        'bob'
        """
        state = state_of(instance)
        if state.flags & DELETED:
            raise exc.InvalidRequestError(f"Instance '{state_str(state)}' is not persisted")
        names = None if attribute_names is None else list(attribute_names) or None
        self._expire_state(state, names)
        self._autoflush()
        if not refresh_state(self, state, names, with_for_update=with_for_update):
            raise exc.InvalidRequestError(f"Could not refresh instance '{state_str(state)}'")

    def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O:
        """
        Copy the state of an instance onto its counterpart in this session and
        return that.

        Args:
            load: Look for the counterpart in the database; with False, the
                given object must be unchanged, and nothing is emitted.

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
        ...     session.add(kept := User(id=1, name="ann"))
        ...     session.flush()
        ...     session.merge(User(id=1, name="bob")) is kept, kept.name
        (True, 'bob')
        """
        from relvar.orm.session.merge import merge  # few programs merge

        merged: _O = merge(self, instance, load, options)  # type: ignore[arg-type]  # this class is the Session's base
        return merged

    def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]:
        """
        Merge several instances, see `merge`.
        """
        from relvar.orm.session.merge import merge_many  # as above

        return merge_many(self, list(instances), load, options)  # type: ignore[arg-type]  # this class is the Session's base

    def _merge_rows(self, rows: Iterable[Any], load: bool) -> list[tuple[Any, ...]]:
        """
        Return rows with the objects in them merged.
        """
        from relvar.orm.session.merge import merge_rows  # as above

        return merge_rows(self, rows, load)  # type: ignore[arg-type]  # this class is the Session's base

    def is_modified(self, instance: object, include_collections: bool = True) -> bool:
        """
        Tell whether the instance has a net change that a flush would write.

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
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     user.name = "bob"
        ...     session.is_modified(user)
        True
        """
        state = state_of(instance)
        if not state.flags & MODIFIED:
            return False
        obj = state()
        for impl in state.manager.impls.values():
            if not include_collections and impl.collection:
                continue
            history = impl.get_history(state, obj, _NO_LOAD)
            if history.added or history.deleted:
                return True
        return False

    def enable_relationship_loading(self, obj: object) -> None:
        """
        Let a transient object load relationships from the foreign keys it has,
        without being in the session otherwise.
        """
        state = state_of(obj)
        to_attach = self._before_attach(state, obj)
        extras(state)["load_pending"] = True
        if to_attach:
            self._after_attach(state, obj)

    # -- bulk operations of the older kind -----------------------------------

    def bulk_save_objects(
        self,
        objects: Iterable[object],
        return_defaults: bool = False,
        update_changed_only: bool = True,
        preserve_order: bool = True,
    ) -> None:
        """
        Insert or update the rows of objects that need not be in the session.
        """
        from relvar.orm.session.bulk import save_objects  # few programs write in bulk

        self._refuse_apart()
        with self._as_flush():
            save_objects(
                self,
                objects,
                return_defaults=return_defaults,
                update_changed_only=update_changed_only,
                preserve_order=preserve_order,
            )

    def bulk_insert_mappings(
        self,
        mapper: Any,
        mappings: Iterable[dict[str, Any]],
        return_defaults: bool = False,
        render_nulls: bool = False,
    ) -> None:
        """
        Insert rows given as dictionaries by attribute name.
        """
        from relvar.orm.session.bulk import insert_mappings  # as above

        self._refuse_apart()
        mapper = mapper_of(mapper)
        with self._as_flush():
            given = list(mappings)
            made = insert_mappings(
                self._connection_for(mapper, None),
                mapper,
                given,
                render_nulls=render_nulls,
                return_keys=return_defaults,
            )
            if return_defaults:
                for mapping, row in zip(given, made, strict=True):
                    mapping.update(row)

    def bulk_update_mappings(self, mapper: Any, mappings: Iterable[dict[str, Any]]) -> None:
        """
        Update rows given as dictionaries with their primary key.
        """
        from relvar.orm.session.bulk import update_mappings  # as above

        self._refuse_apart()
        mapper = mapper_of(mapper)
        with self._as_flush():
            update_mappings(self._connection_for(mapper, None), mapper, mappings)

    @contextmanager
    def _as_flush(self) -> Iterator[None]:
        """
        Run a block as a flush runs: alone, and rolled back as a whole.
        """
        if self._flushing:
            raise exc.InvalidRequestError("Session is already flushing")
        subtransaction = self._autobegin_t()._begin()
        self._flushing = True
        try:
            yield
            subtransaction.commit()
        except BaseException as err:
            subtransaction.rollback(_capture_exception=err)
            raise
        finally:
            self._flushing = False
