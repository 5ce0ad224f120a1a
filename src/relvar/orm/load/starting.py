"""
The functions that start a chain of loader options.

They are the calls of ``Load`` without a root entity: the first attribute says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from relvar.orm.load.kept_options import start
from relvar.orm.load.options import NOWHERE, Load

__all__ = [
    "contains_eager",
    "defaultload",
    "defer",
    "immediateload",
    "joinedload",
    "lazyload",
    "load_only",
    "noload",
    "peers",
    "raiseload",
    "selectin_polymorphic",
    "selectinload",
    "subqueryload",
    "undefer",
    "undefer_group",
    "with_expression",
]


def _from_keys(method: Callable[..., Load], keys: tuple[Any, ...], opts: dict[str, Any]) -> Load:
    """Chain several attributes: all but the last keep their own strategy."""
    if len(keys) == 1:
        return start(NOWHERE, method, keys[0], opts)
    option = NOWHERE
    for key in keys[:-1]:
        option = option.defaultload(key)
    return method(option, keys[-1], **opts)


def joinedload(*keys: Any, innerjoin: bool | Literal["nested", "unnested"] | None = None) -> Load:
    """
    Load a relationship by a JOIN in the same SELECT.

    Args:
        keys: The attribute, or a chain of attributes whose last is meant.
        innerjoin: ``True`` for INNER JOIN, nested to the right of an outer one; ``"unnested"`` to fall back
            to an
            outer join there.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> print(select(User).options(joinedload(User.posts)))
    SELECT users.id, posts_1.id AS id_1, posts_1.user_id
    FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id
    """
    return _from_keys(Load.joinedload, keys, {"innerjoin": innerjoin})


def selectinload(*keys: Any, recursion_depth: int | None = None, chunksize: int | None = None) -> Load:
    """
    Load a relationship for all parents at once, by ``IN`` over their keys.

    Args:
        keys: The attribute, or a chain of attributes whose last is meant.
        recursion_depth: How many levels of a self-referential relationship; ``-1`` for all.
        chunksize: How many parent keys per SELECT (500 if not said).

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add_all([User(id=1, posts=[Post()]), User(id=2, posts=[Post()])])
    ...     session.commit()
    ...     users = session.scalars(select(User).options(selectinload(User.posts))).all()
    >>> [len(user.posts) for user in users]
    [1, 1]
    """
    return _from_keys(Load.selectinload, keys, {"recursion_depth": recursion_depth, "chunksize": chunksize})


def subqueryload(*keys: Any) -> Load:
    """Load a relationship for all parents at once, by a join to the original query."""
    return _from_keys(Load.subqueryload, keys, {})


def lazyload(*keys: Any) -> Load:
    """
    Load a relationship when it is first read.

    >>> from relvar import ForeignKey, create_engine, inspect, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, lazyload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1, posts=[Post()]))
    ...     session.commit()
    ...     user = session.scalars(select(User).options(lazyload(User.posts))).one()
    ...     "posts" in inspect(user).unloaded, len(user.posts)
    (True, 1)
    """
    return _from_keys(Load.lazyload, keys, {})


def immediateload(*keys: Any, recursion_depth: int | None = None) -> Load:
    """Load a relationship by one SELECT per parent, right away."""
    return _from_keys(Load.immediateload, keys, {"recursion_depth": recursion_depth})


def peers(*keys: Any) -> Load:
    """
    Load a relationship or column when it is first read: for all objects that came in the same result.

    >>> from relvar import ForeignKey, create_engine, event, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, peers, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add_all([User(id=1, posts=[Post()]), User(id=2, posts=[Post(), Post()])])
    ...     session.commit()
    ...     users = session.scalars(select(User).options(peers(User.posts))).all()
    ...     statements = []
    ...     event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    ...     [len(user.posts) for user in users], len(statements)
    ([1, 2], 1)
    """
    return _from_keys(Load.peers, keys, {})


def noload(*keys: Any) -> Load:
    """Leave a relationship empty."""
    option = NOWHERE
    for key in keys[:-1]:
        option = option.defaultload(key)
    return option.noload(keys[-1])


def raiseload(*keys: Any, sql_only: bool = False) -> Load:
    """
    Forbid loading a relationship; ``sql_only`` still allows what needs no SQL.

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, raiseload, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1))
    ...     session.commit()
    ...     session.scalars(select(User).options(raiseload(User.posts))).one().posts
    Traceback (most recent call last):
        ...
    relvar.exc.InvalidRequestError: 'User.posts' is not available due to lazy='raise'
    """
    return _from_keys(Load.raiseload, keys, {"sql_only": sql_only})


def defaultload(*keys: Any) -> Load:
    """
    Keep a relationship's own way of loading; say something about what lies below.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, defaultload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship(lazy="joined")
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ...     body: Mapped[str]
    >>> print(select(User).options(defaultload(User.posts).defer(Post.body)))
    SELECT users.id, posts_1.user_id
    FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id
    """
    return _from_keys(Load.defaultload, keys, {})


def contains_eager(*keys: Any, alias: Any = None) -> Load:
    """
    Take a relationship from columns that the statement already joins.

    Args:
        keys: The attribute, or a chain of attributes, all of which are taken from the statement.
        alias: The alias that the statement joins in place of the relationship's own table.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, contains_eager, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> print(select(User).join(User.posts).options(contains_eager(User.posts)))
    SELECT posts.id, posts.user_id, users.id AS id_1
    FROM users JOIN posts ON users.id = posts.user_id
    """
    option = NOWHERE
    for key in keys[:-1]:
        option = option.contains_eager(key)
    return option.contains_eager(keys[-1], alias=alias)


def load_only(*attrs: Any, raiseload: bool = False) -> Load:
    """
    Load these columns only; the others on first read, or never with ``raiseload``.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, load_only, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User).options(load_only(User.id)))
    SELECT users.id
    FROM users
    """
    return NOWHERE.load_only(*attrs, raiseload=raiseload)


def defer(key: Any, *, raiseload: bool = False) -> Load:
    """
    Load a column on first read.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, defer, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User).options(defer(User.name)))
    SELECT users.id
    FROM users
    """
    return NOWHERE.defer(key, raiseload=raiseload)


def undefer(key: Any) -> Load:
    """
    Load a deferred column with its row.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, undefer
    >>> class Base(DeclarativeBase): ...
    >>> class Page(Base):
    ...     __tablename__ = "page"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     body: Mapped[str] = mapped_column(deferred=True)
    >>> print(select(Page).options(undefer(Page.body)))
    SELECT page.id, page.body
    FROM page
    """
    return NOWHERE.undefer(key)


def undefer_group(name: str) -> Load:
    """Load the deferred columns of a group with their row."""
    return NOWHERE.undefer_group(name)


def with_expression(key: Any, expression: Any) -> Load:
    """Give a ``query_expression()`` attribute its expression for this statement."""
    return NOWHERE.with_expression(key, expression)


def selectin_polymorphic(base_cls: Any, classes: Iterable[type[Any]]) -> Load:
    """Load the columns of these subclasses of ``base_cls`` by a further SELECT per class."""
    return Load(base_cls).selectin_polymorphic(classes)
