"""
Assert that reading attributes sends no statements.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Any

from relvar import event, exc
from relvar.orm.session.session import Session
from relvar.orm.state import hooks
from relvar.orm.state.flags import SQL_OK

__all__ = ["NoLazyLoads", "assert_no_lazy_loads"]


class NoLazyLoads:
    """
    What `assert_no_lazy_loads` returns: a block for ``with`` or ``async with``.
    """

    def __init__(self, session: Any) -> None:
        plain = getattr(session, "sync_session", session)
        if hasattr(plain, "registry") and callable(plain):
            plain = plain()
            plain = getattr(plain, "sync_session", plain)
        if plain is not None and not isinstance(plain, Session):
            raise exc.ArgumentError(f"assert_no_lazy_loads() takes a session, got {session!r}")
        self._session: Session | None = plain
        self._around = ExitStack()

    def __enter__(self) -> NoLazyLoads:
        target = self._session if self._session is not None else Session
        event.listen(target, "do_orm_execute", self._note_relationship)
        self._around.callback(event.remove, target, "do_orm_execute", self._note_relationship)
        load = hooks.load_hook[0]

        def load_columns(state: Any, keys: Any, passive: int) -> Any:
            if passive & SQL_OK and self._is_meant(hooks.session_hook[0](state)):
                self._refuse(state, min(keys), "read from its row")
            return load(state, keys, passive)

        hooks.load_hook[0] = load_columns
        self._around.callback(hooks.load_hook.__setitem__, 0, load)
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._around.close()

    async def __aenter__(self) -> NoLazyLoads:
        return self.__enter__()

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(type_, value, traceback)

    def _is_meant(self, session: Any) -> bool:
        return session is not None and self._session in (None, session)

    def _note_relationship(self, execution: Any) -> None:
        state = execution.lazy_loaded_from
        if state is not None:
            path = execution.loader_strategy_path
            prop = path[-1] if path else None
            self._refuse(state, getattr(prop, "key", None), "loaded by a statement of its own")

    def _refuse(self, state: Any, key: str | None, how: str) -> None:
        name = f"{state.class_.__name__}.{key}" if key else state.class_.__name__
        raise AssertionError(
            f"{name} was not loaded: within assert_no_lazy_loads() it would be {how}; load it with the "
            "statement that finds the objects, by selectinload(), joinedload() or undefer()"
        )


def assert_no_lazy_loads(session: Any = None) -> NoLazyLoads:
    """
    Assert that no attribute is loaded because it is read: a block for ``with`` or ``async with``.

    Meant are relationships, deferred columns, and columns that a commit or ``expire()`` has expired.
    What is already in the session is no load, nor is ``session.refresh()`` or a loader option.

    Args:
        session: The one to watch, also one of asyncio or a ``scoped_session``; all there are if left out.

    Raises:
        AssertionError: Where the attribute was read; the traceback shows the place.

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
    >>> from relvar.testing import assert_no_lazy_loads
    >>> class Base(DeclarativeBase): ...
    >>> class Country(Base):
    ...     __tablename__ = "country"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    >>> class City(Base):
    ...     __tablename__ = "city"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     country_id: Mapped[int] = mapped_column(ForeignKey("country.id"))
    ...     country: Mapped[Country] = relationship()
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(City(country=Country()))
    ...     session.commit()
    >>> with Session(engine) as session, assert_no_lazy_loads():
    ...     city = session.scalars(select(City)).one()
    ...     city.country
    Traceback (most recent call last):
        ...
    AssertionError: City.country was not loaded: ...
    """
    return NoLazyLoads(session)
