"""
Queries whose building functions run once, by the names that programs for SQLAlchemy 1.x know.

Statements are kept by what they say wherever they come from, so nothing here is needed for speed; the module
is for programs that are written with it.

>>> from relvar import bindparam, create_engine
>>> from relvar.ext import baked
>>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
>>> class Base(DeclarativeBase): ...
>>> class User(Base):
...     __tablename__ = "users"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     name: Mapped[str]
>>> engine = create_engine("sqlite://")
>>> Base.metadata.create_all(engine)
>>> bakery = baked.bakery()
>>> with Session(engine) as session:
...     session.add(User(name="ann"))
...     session.flush()
...     query = bakery(lambda session: session.query(User))
...     query += lambda query: query.filter(User.name == bindparam("name"))
...     query(session).params(name="ann").one().name
'ann'
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.orm.query import Query
from relvar.util.log import ClassLogger
from relvar.util.lru import LRUCache

if TYPE_CHECKING:
    from logging import Logger

__all__ = ["BakedQuery", "Bakery", "Result", "bakery"]

Step = Callable[..., Any]

# Values of a function's own variables that tell one query from another.
_PLAIN = (
    *(type(None), bool, int, float, str, bytes, decimal.Decimal, uuid.UUID),
    *(datetime.date, datetime.time, datetime.timedelta),
)


def bakery(size: int = 200, _size_alert: Callable[[Any], None] | None = None) -> Bakery:
    """
    Return what makes baked queries and keeps them.

    Args:
        size: How many queries are kept; those used longest ago go first.
    """
    return Bakery(BakedQuery, LRUCache(size, size_alert=_size_alert))


class Bakery:
    """
    Makes baked queries that share a cache; see `bakery`.
    """

    __slots__ = ("cache", "cls")

    def __init__(self, cls_: type[BakedQuery], cache: LRUCache[Any, Any]) -> None:
        self.cls: type[BakedQuery] = cls_
        self.cache: LRUCache[Any, Any] = cache

    def __call__(self, initial_fn: Step, *args: Any) -> BakedQuery:
        """
        Begin a query.

        Args:
            initial_fn: Takes a session and returns a `Query`.
            args: What else tells this query from others made by the same function.
        """
        return self.cls(self.cache, initial_fn, args)


class BakedQuery:
    """
    Functions that make a query one after another, and the cache in which what they made is kept.

    The key is which functions they are and what plain values their variables have.  Any other value that a
    function takes from around it is the one of its first run; values that change belong into parameters.
    """

    __slots__ = ("_bakery", "_cache_key", "_spoiled", "steps")

    def __init__(self, bakery: LRUCache[Any, Any], initial_fn: Step, args: tuple[Any, ...] = ()) -> None:
        self._bakery = bakery
        self._cache_key: tuple[Any, ...] = ()
        # how many steps are kept when later ones are not; None: all are
        self._spoiled: int | None = None
        self.steps: list[Step] = []
        self.add_criteria(initial_fn, *args)

    @classmethod
    def bakery(cls, size: int = 200, _size_alert: Callable[[Any], None] | None = None) -> Bakery:
        """Return a `Bakery` that makes queries of this class."""
        return Bakery(cls, LRUCache(size, size_alert=_size_alert))

    def _clone(self) -> BakedQuery:
        made = type(self).__new__(type(self))
        made._bakery, made._cache_key, made._spoiled = self._bakery, self._cache_key, self._spoiled
        made.steps = list(self.steps)
        return made

    def __iadd__(self, other: Step | tuple[Any, ...]) -> BakedQuery:
        if isinstance(other, tuple):
            return self.add_criteria(*other)
        return self.add_criteria(other)

    def __add__(self, other: Step | tuple[Any, ...]) -> BakedQuery:
        if isinstance(other, tuple):
            return self.with_criteria(*other)
        return self.with_criteria(other)

    def add_criteria(self, fn: Step, *args: Any) -> BakedQuery:
        """
        Add a step, in place.

        Args:
            fn: Takes the `Query` so far and returns the next.
            args: What else tells the step from others made by the same function.

        Raises:
            ArgumentError: *fn* is no Python function, by which a step is known again.
        """
        code = getattr(fn, "__code__", None)
        if code is None:
            raise exc.ArgumentError(
                f"A step of a baked query is a Python function, by whose code it is known again, not {fn!r}"
            )
        self._cache_key += (code, _closed_over(fn), args)
        self.steps.append(fn)
        return self

    def with_criteria(self, fn: Step, *args: Any) -> BakedQuery:
        """Return a copy with one more step; see `add_criteria`."""
        return self._clone().add_criteria(fn, *args)

    def for_session(self, session: Any) -> Result:
        """Return what runs the query in a session."""
        return Result(self, session)

    def __call__(self, session: Any) -> Result:
        return self.for_session(session)

    def spoil(self, full: bool = False) -> BakedQuery:
        """
        Keep nothing of the steps that follow, in place: their functions run each time.

        Args:
            full: Keep nothing of the earlier ones either.
        """
        if self._spoiled is None or full:
            self._spoiled = 0 if full else len(self.steps)
        return self

    def to_query(self, query_or_session: Any) -> Any:
        """
        Return the `Query`, for use inside another query.

        Args:
            query_or_session: A session, or a query that has one.

        Raises:
            TypeError: It is neither.
        """
        if isinstance(query_or_session, Query):
            session = query_or_session.session
        elif hasattr(query_or_session, "query"):
            session = query_or_session
        else:
            raise TypeError(f"Query or Session object expected, got {type(query_or_session)!r}.")
        return self._query(session)

    def _query(self, session: Any) -> Any:
        """Return the query that all steps make, in a session."""
        count = len(self.steps) if self._spoiled is None else self._spoiled
        if not getattr(session, "enable_baked_queries", True):
            count = 0
        query: Any = None
        if count:
            key = self._cache_key[: 3 * count]
            query = self._bakery.get(key)
            if query is None:
                query = _run(self.steps[:count], session)
                self._bakery[key] = query.with_session(None)
            query = query.with_session(session)
        return _run(self.steps[count:], session if query is None else query)


def _run(steps: list[Step], given: Any) -> Any:
    """Call each function with what the one before it returned."""
    for step in steps:
        given = step(given)
    return given


def _closed_over(fn: Step) -> tuple[Any, ...]:
    """Return the plain values of the variables that a function takes from the function around it."""
    found: list[Any] = []
    for cell in getattr(fn, "__closure__", None) or ():
        try:
            value = cell.cell_contents
        except ValueError:  # not set yet
            continue
        if isinstance(value, _PLAIN):
            # 1, 1.0 and True are equal
            found.append((type(value), value))
    return tuple(found)


class Result:
    """
    Runs a baked query in a session.
    """

    __slots__ = ("_params", "_post_criteria", "bq", "session")

    def __init__(self, bq: BakedQuery, session: Any) -> None:
        self.bq: BakedQuery = bq
        self.session: Any = session
        self._params: dict[str, Any] = {}
        self._post_criteria: list[Step] = []

    def params(self, *args: Any, **kw: Any) -> Result:
        """
        Give values to bind parameters, in place.

        Raises:
            ArgumentError: There is more than one dictionary.
        """
        if len(args) > 1:
            raise exc.ArgumentError("params() takes zero or one positional argument, which is a dictionary.")
        for given in args:
            self._params.update(given)
        self._params.update(kw)
        return self

    def with_post_criteria(self, fn: Step) -> Result:
        """
        Add a function that runs each time, in place.

        Args:
            fn: Takes the `Query` and returns it, with parameters or execution options.
        """
        self._post_criteria.append(fn)
        return self

    def _query(self) -> Any:
        query = self.bq._query(self.session)
        if self._params:
            query = query.params(self._params)
        return _run(self._post_criteria, query)

    def __str__(self) -> str:
        return str(self._query())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._query())

    def all(self) -> list[Any]:
        """Return all rows, or objects."""
        rows: list[Any] = self._query().all()
        return rows

    def first(self) -> Any:
        """Return the first row, or None."""
        return self._query().first()

    def one(self) -> Any:
        """
        Return the only row.

        Raises:
            NoResultFound: There is none.
            MultipleResultsFound: There are several.
        """
        return self._query().one()

    def one_or_none(self) -> Any:
        """
        Return the only row, or None.

        Raises:
            MultipleResultsFound: There are several.
        """
        return self._query().one_or_none()

    def scalar(self) -> Any:
        """
        Return the first value of the only row, None if there is no row.

        Raises:
            MultipleResultsFound: There are several rows.
        """
        return self._query().scalar()

    def count(self) -> int:
        """Return how many rows the query has."""
        number: int = self._query().count()
        return number

    def get(self, ident: Any) -> Any:
        """Return the object with this primary key, from the identity map or the database, or None."""
        return self._query()._get(ident)


log: Logger = ClassLogger("ext.baked").__get__(None)
