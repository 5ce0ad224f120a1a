"""
What ``upsert()`` is in Firebird.
"""

from __future__ import annotations

from relvar.dialects.firebird.casting import CastRules


class MergeRules(CastRules):
    """
    Rules for MERGE.
    """
