"""
What a database can do, where it takes more than yes or no to say.
"""

from __future__ import annotations

import enum


class InsertmanyvaluesSentinelOpts(enum.IntFlag):
    """
    Which columns can say, in the rows an INSERT returns, which parameters they came from.
    """

    NOT_SUPPORTED = 1
    AUTOINCREMENT = 2
    "An auto-incrementing primary key counts up in the order of the VALUES."
    IDENTITY = 4
    "An IDENTITY column does."
    SEQUENCE = 8
    "A sequence called by the INSERT does."
    MONOTONIC_FUNCTION = 16
    "A function said to be monotonic does."
    ANY_AUTOINCREMENT = AUTOINCREMENT | IDENTITY | SEQUENCE | MONOTONIC_FUNCTION
    _SUPPORTED_OR_NOT = NOT_SUPPORTED | ANY_AUTOINCREMENT
    USE_INSERT_FROM_SELECT = 32
    "Only if the values come from an ordered SELECT."
    RENDER_SELECT_COL_CASTS = 64
    "The columns of that SELECT are cast to their types."
