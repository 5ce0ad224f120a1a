"""
Types as programs make them from others, for tests of what goes to a driver and what comes back.
"""

from __future__ import annotations

from typing import Any

from relvar import String
from relvar.types import TypeDecorator


class Hex(TypeDecorator[int]):
    """Numbers that are stored as text."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else f"{value:x}"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else int(value, 16)
