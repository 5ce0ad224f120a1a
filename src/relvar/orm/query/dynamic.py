"""
Collections that are read as a `Query`: what a ``DynamicMapped`` attribute holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from relvar.orm.exc import DetachedInstanceError
from relvar.orm.load.writeonly import CollectionWriter
from relvar.orm.query.query import Query
from relvar.orm.state import hooks
from relvar.orm.state.instance import state_str
from relvar.stmt.labels import LABEL_STYLE_TABLENAME_PLUS_COL
from relvar.util.warning import warn

__all__ = ["AppenderMixin", "AppenderQuery", "appender_class"]

_T = TypeVar("_T")


class AppenderMixin(CollectionWriter[_T]):
    """
    Makes a `Query` class into one that also changes the collection it reads.

    ``query_class``: what `filter` and the like return.
    """

    query_class: type[Query[Any]] | None = None

    def __init__(self, attr: Any, state: Any) -> None:
        CollectionWriter.__init__(self, attr, state)
        Query.__init__(self, attr.parent_token.entity.entity)  # type: ignore[arg-type]  # mixed with a Query
        self._select = self._statement().set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)

    @property
    def session(self) -> Any:
        """
        The session of the object; None for an object that is in no database, if a flush does not change that.
        """
        state = self._state
        session = hooks.session_hook[0](state)
        if session is not None and state.pk is None:
            session._autoflush()
        return session if state.pk is not None else None

    @session.setter
    def session(self, session: Any) -> None:
        """
        Ignored: the object's own session counts.
        """

    def _copy(self, statement: Any = None) -> Any:
        """Return a plain query; the session is that of the object, or must be given."""
        session = self.session
        if session is None:
            raise DetachedInstanceError(
                f"Parent instance {state_str(self._state)} is not bound to a Session, and no contextual "
                f"session is established; lazy load operation of attribute '{self.attr.key}' cannot proceed"
            )
        cls = self.query_class or Query
        made = cls.__new__(cls)
        own = {key: value for key, value in self.__dict__.items() if key not in ("instance", "attr")}
        made.__dict__.update(own, session=session)
        if statement is not None:
            made._select = statement
        return made

    def _unsaved(self) -> list[Any]:
        """Return the members of an object that no session can query for."""
        state = self._state
        if state.pk is not None:
            warn(
                f"Instance {state_str(state)} is detached, dynamic relationship cannot return a correct "
                "result.   This warning will become a DetachedInstanceError in a future release."
            )
        return self.attr.added_items(state)  # type: ignore[no-any-return]  # an UnloadedCollection

    def __iter__(self) -> Iterator[_T]:
        return iter(self._unsaved() if self.session is None else self._copy())

    def all(self) -> list[_T]:
        """Return all members."""
        return list(self)

    def __getitem__(self, index: Any) -> Any:
        if self.session is None:
            return self.attr.added_items(self._state)[index]
        return self._copy()[index]

    def count(self) -> int:
        """Return how many members there are."""
        if self.session is None:
            return len(self.attr.added_items(self._state))
        found: int = self._copy().count()
        return found

    def add(self, item: _T) -> None:
        """Add one object; its row follows with the next flush."""
        self._add(item)

    def add_all(self, iterator: Iterable[_T]) -> None:
        """Add several objects; their rows follow with the next flush."""
        self._add_all(iterator)

    append = add
    extend = add_all

    def remove(self, item: _T) -> None:
        """Take one object out; its row follows with the next flush."""
        self._remove(item)


class AppenderQuery(AppenderMixin[_T], Query[_T]):  # type: ignore[misc]  # as Query
    """
    The members of a dynamic relationship: a `Query` with ``append()`` and ``remove()``.

    New programs use `WriteOnlyMapped`.

    >>> from relvar import ForeignKey, create_engine
    >>> from relvar.orm import DeclarativeBase, DynamicMapped, Mapped, Session, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: DynamicMapped["Post"] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ...     title: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(ann := User())
    ...     ann.posts.extend([Post(title="one"), Post(title="two")])
    ...     [post.title for post in ann.posts.filter_by(title="two")]
    ['two']
    """


def appender_class(query_class: Any) -> Any:
    """
    Return the class of a dynamic attribute's values for a ``query_class`` setting.
    """
    if query_class is None:
        return AppenderQuery
    if issubclass(query_class, AppenderMixin):
        return query_class
    return type(f"Appender{query_class.__name__}", (AppenderMixin, query_class), {"query_class": query_class})
