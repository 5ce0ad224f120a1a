"""
Many rows in one statement.
"""

from __future__ import annotations

from relvar.dialects.firebird.casting import CastRules


class BatchRules(CastRules):
    """
    Rules for INSERT of many rows.
    """
