"""
What a session does about attributes that load themselves: `Session(lazy_loading=...)`.

==========  ===========================================================================
``select``  one statement per object, as SQLAlchemy does (the default)
``peers``   one statement for all objects that came in the same result
``report``  as ``select``, and ``session.lazy_report`` counts what was loaded one by one
``strict``  nothing loads itself, unless an option or the mapping says so expressly
==========  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import exc
from relvar.orm.exc import LazyLoadError
from relvar.orm.load.cohort import call_site
from relvar.util.fields import NamedTuple

__all__ = ["LazyLoads", "LazyReport", "checked", "refuse"]

MODES = ("select", "peers", "report", "strict")


def checked(mode: Any) -> str | None:
    """
    Return a mode as sessions keep it: None for the default.

    Raises:
        ArgumentError: There is no such mode.
    """
    if mode not in (None, *MODES):
        raise exc.ArgumentError(f"lazy_loading is one of {', '.join(map(repr, MODES))}; got {mode!r}")
    return None if mode == "select" else mode


class LazyLoads(NamedTuple):
    """
    An attribute that was loaded for objects of one result.

    Attributes:
        attribute: "Class.attribute".
        queried_at: Where the objects were asked for, "file:line".
        loaded_at: Where the attribute was read.
        statements: How many statements that took.
        objects: How many objects came in the result.
    """

    attribute: str
    queried_at: str
    loaded_at: str
    statements: int
    objects: int


class LazyReport:
    """
    The attributes that a session loaded one object at a time, where it could have been one statement.

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
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
    >>> with Session(engine, lazy_loading="report") as session:
    ...     session.add_all([User(id=1), User(id=2), User(id=3)])
    ...     session.commit()
    ...     for user in session.scalars(select(User)).all():
    ...         _ = user.posts
    ...     [(loads.attribute, loads.statements, loads.objects) for loads in session.lazy_report]
    [('User.posts', 3, 3)]
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], list[Any]] = {}

    def note(self, state: Any, attribute: str) -> None:
        """Count one load."""
        cohort = state.peers
        if cohort is None:
            return
        entry = self._found.setdefault((id(cohort), attribute), [cohort, attribute, call_site(), 0])
        entry[3] += 1

    def __iter__(self) -> Iterator[LazyLoads]:
        """Yield what was loaded more than once for objects of one result, the most frequent first."""
        found: dict[tuple[str, str, str], list[int]] = {}
        for cohort, attribute, loaded_at, count in self._found.values():
            if count > 1:
                sums = found.setdefault((attribute, cohort.site, loaded_at), [0, 0])
                sums[0] += count
                sums[1] += len(cohort.keys)
        loads = [LazyLoads(*key, *sums) for key, sums in found.items()]
        return iter(sorted(loads, key=lambda each: (-each.statements, each.attribute, each.queried_at)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Forget what was counted so far."""
        self._found.clear()

    def __str__(self) -> str:
        """Return a table."""
        head = ("statements", "objects", "attribute", "read at", "queried at")
        rows = [
            (str(each.statements), str(each.objects), each.attribute, each.loaded_at, each.queried_at)
            for each in self
        ]
        if not rows:
            return "Nothing was loaded one object at a time."
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (head, *rows)
        )


def refuse(state: Any, attribute: str, option: str) -> None:
    """
    Raise because an attribute would load itself in a strict session.

    Args:
        option: The loader option that loads it in time.
    """
    name = state.manager.class_.__name__
    site = None if state.peers is None else state.peers.site
    queried = f"The {name} was asked for at {site}; load it there" if site else "Load it in time"
    raise LazyLoadError(
        f"{attribute} was not loaded, and in this session (lazy_loading='strict') nothing loads itself. "
        f"{queried} with options({option}({attribute})), or allow it with options(peers({attribute}))."
    )
