"""Declare what a database may be able to do."""

from __future__ import annotations

from collections.abc import Callable

from relvar.testing import exclusions
from relvar.testing.configuration import Config


class capability:
    """
    A property of requirements: the rule for tests that need something.

    Args:
        doc: What is needed, as a sentence.
        by_default: Whether a dialect that says nothing has it.
        flag: The attribute of the dialect that tells; instead of ``by_default``.
        when: A function that tells; instead of both.
    """

    def __init__(
        self,
        doc: str,
        by_default: bool = True,
        flag: str | None = None,
        when: Callable[[], bool] | None = None,
    ) -> None:
        self.__doc__ = doc
        self.when = when
        self.by_default = by_default
        self.flag = flag

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, requirements: object, owner: type | None = None) -> exclusions.compound:
        if self.flag is not None:
            return exclusions.only_if(self._is_flagged, self.name)
        able = self.by_default if self.when is None else self.when()
        return exclusions.open() if able else exclusions.closed(f"no {self.name}: {self.__doc__}")

    def _is_flagged(self, config: Config) -> bool:
        return bool(getattr(config.db.dialect, self.flag or ""))
