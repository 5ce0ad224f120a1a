"""
An engine that hands statements to a function instead of a database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.engine.url import URL, make_url


class MockConnection:
    """
    Engine and connection in one; gives every statement to the executor.
    """

    def __init__(self, dialect: Any, execute: Callable[..., Any]) -> None:
        self._dialect = dialect
        self._execute_impl = execute

    @property
    def engine(self) -> MockConnection:
        """The connection itself."""
        return self

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return self._dialect

    @property
    def name(self) -> str:
        """The name of the dialect."""
        return self._dialect.name  # type: ignore[no-any-return]  # text

    def schema_for_object(self, obj: Any) -> str | None:
        """Give the schema of a table or the like."""
        return obj.schema  # type: ignore[no-any-return]  # a name

    def execution_options(self, **kw: Any) -> MockConnection:
        """Change nothing."""
        return self

    def connect(self, **kwargs: Any) -> MockConnection:
        """Give the connection itself."""
        return self

    def create(self, entity: Any, **kwargs: Any) -> None:
        """Hand over the DDL that creates a schema item."""
        kwargs["checkfirst"] = False
        entity.create(self, **kwargs)

    def drop(self, entity: Any, **kwargs: Any) -> None:
        """Hand over the DDL that drops a schema item."""
        kwargs["checkfirst"] = False
        entity.drop(self, **kwargs)

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **kwargs: Any) -> None:
        kwargs["checkfirst"] = False
        visitorcallable(self.dialect, self, **kwargs).traverse_single(element)

    def execute(self, obj: Any, parameters: Any = None, execution_options: Any = None) -> Any:
        """Hand over a statement."""
        return self._execute_impl(obj, parameters)


def create_mock_engine(url: str | URL, executor: Callable[..., Any], **kw: Any) -> MockConnection:
    """
    Make an engine that calls ``executor(statement, parameters)``.

    Args:
        url: Says the dialect; its driver need not be installed.
    """
    dialect_cls = make_url(url).get_dialect()
    return MockConnection(dialect_cls(**kw), executor)
