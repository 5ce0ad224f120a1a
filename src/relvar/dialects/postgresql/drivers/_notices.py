"""
Where the notices of the server are logged: the level INFO of ``sqlalchemy.dialects.postgresql``.
"""

from __future__ import annotations

import logging

__all__ = ["log_notice"]

_logger = logging.getLogger("sqlalchemy.dialects.postgresql")


def log_notice(text: str) -> None:
    """
    Log a notice, as ``NOTICE: table "t" does not exist, skipping``.
    """
    _logger.info("%s", text)
