"""
Collections that are changed without being loaded: what a ``WriteOnlyMapped`` attribute holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NoReturn, TypeVar

from relvar import exc
from relvar.orm.mapping.interfaces import MANYTOMANY, MANYTOONE
from relvar.orm.mapping.relationship_compare import related_criterion, value_of_parent
from relvar.orm.state.unloaded import UnloadedCollection
from relvar.stmt.delete import Delete, delete
from relvar.stmt.insert import Insert, insert
from relvar.stmt.select import Select, select
from relvar.stmt.update import Update, update

__all__ = ["CollectionWriter", "WriteOnlyCollection", "unloaded_collection"]

_T = TypeVar("_T")


class CollectionWriter(Generic[_T]):
    """
    Changes a collection of one object; the changes are written with the next flush.

    Attributes:
        instance: The object.
        attr: Its attribute's implementation.
    """

    instance: Any
    attr: Any

    def __init__(self, attr: Any, state: Any) -> None:
        self.instance = state.obj()
        self.attr = attr

    @property
    def _state(self) -> Any:
        return self.instance._sa_instance_state

    def _add(self, item: _T) -> None:
        self.attr.append(self._state, self.instance, item, None)

    def _add_all(self, items: Iterable[_T]) -> None:
        for item in items:
            self._add(item)

    def _remove(self, item: _T) -> None:
        self.attr.remove(self._state, self.instance, item, None)

    def _criterion(self) -> Any:
        return related_criterion(self.attr.parent_token, self.instance)

    def _statement(self) -> Select[_T]:
        """Return the SELECT of the members."""
        prop = self.attr.parent_token
        statement: Select[Any] = select(prop.entity.entity)
        if prop.secondary is not None:
            statement = statement.select_from(prop.entity.entity, prop.secondary)
        statement = statement.where(self._criterion())
        return statement.order_by(*prop.order_by) if prop.order_by else statement


class WriteOnlyCollection(CollectionWriter[_T]):
    """
    A collection of one object that is changed but never loaded whole.

    Members are read by executing `select`, which takes further criteria, an order or a limit; `insert`,
    `update` and `delete` change many rows at once.

    >>> from relvar import ForeignKey, create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, WriteOnlyMapped, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class Account(Base):
    ...     __tablename__ = "account"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     entries: WriteOnlyMapped["Entry"] = relationship(order_by="Entry.id")
    >>> class Entry(Base):
    ...     __tablename__ = "entry"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ...     amount: Mapped[int]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     account = Account()
    ...     account.entries.add_all([Entry(amount=5), Entry(amount=7)])
    ...     session.add(account)
    ...     session.flush()
    ...     found = session.scalars(account.entries.select().where(Entry.amount > 5)).all()
    ...     [entry.amount for entry in found]
    [7]
    """

    def __iter__(self) -> NoReturn:
        raise TypeError(
            "WriteOnly collections don't support iteration in-place; to query for collection items, use the "
            "select() method to produce a SQL statement and execute it with session.scalars()."
        )

    def __contains__(self, item: Any) -> NoReturn:
        # without this, Python would iterate
        raise TypeError(f"argument of type {type(self).__name__!r} is not iterable")

    def add(self, item: _T) -> None:
        """
        Add one object; its row follows with the next flush.
        """
        self._add(item)

    def add_all(self, iterator: Iterable[_T]) -> None:
        """
        Add several objects; their rows follow with the next flush.
        """
        self._add_all(iterator)

    def remove(self, item: _T) -> None:
        """
        Take one object out; its row follows with the next flush.
        """
        self._remove(item)

    def select(self) -> Select[_T]:
        """
        Return the SELECT of the members.
        """
        return self._statement()

    def insert(self) -> Insert:
        """
        Return an INSERT of members: the key of the owner is set, the other values are yours to give.

        Raises:
            InvalidRequestError: The relationship is many-to-many, so one INSERT can't do it.
        """
        prop = self.attr.parent_token
        if prop.direction is MANYTOMANY:
            raise exc.InvalidRequestError(
                "Write only bulk INSERT only supported for one-to-many collections; for many-to-many, use a "
                "separate bulk INSERT along with add_all()."
            )
        values: dict[Any, Any] = {
            remote.key: value_of_parent(prop, self.instance, local)
            for local, remote in prop.synchronize_pairs
        }
        statement: Insert = insert(prop.mapper).values(values)
        return statement

    def update(self) -> Update:
        """
        Return an UPDATE of the members' rows.
        """
        statement: Update = update(self.attr.parent_token.mapper).where(self._criterion())
        return statement

    def delete(self) -> Delete:
        """
        Return a DELETE of the members' rows.
        """
        statement: Delete = delete(self.attr.parent_token.mapper).where(self._criterion())
        return statement


def unloaded_collection(prop: Any, mapper: Any, *, face: Any = WriteOnlyCollection, **kw: Any) -> Any:
    """
    Return the attribute implementation of a write-only or dynamic relationship.

    Raises:
        InvalidRequestError: The relationship leads to one object.
    """
    if not prop.uselist or prop.direction is MANYTOONE:
        raise exc.InvalidRequestError(
            f"On relationship {prop}, 'dynamic' loaders cannot be used with many-to-one/one-to-one "
            "relationships and/or uselist=False."
        )
    has_table = prop.secondary is not None
    return UnloadedCollection(mapper.class_, prop.key, face=face, has_table=has_table, **kw)
