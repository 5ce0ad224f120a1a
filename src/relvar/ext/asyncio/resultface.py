"""
What results of asyncio have of the blocking ones.

Type checkers read the stub beside this, which ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

from typing import Generic

from relvar.ext.asyncio.derive import Attribute, awaited, called
from relvar.rows.result import _R, FilterResult, MappingResult, Result, _Ts

__all__ = ["CommonFace", "MappingFace", "ResultFace"]


class CommonFace(Generic[_R]):
    """
    What all results have; *_R* is one item.
    """

    all = awaited(FilterResult.all)
    fetchall = awaited(FilterResult.fetchall)
    fetchmany = awaited(FilterResult.fetchmany)
    first = awaited(FilterResult.first)
    one = awaited(FilterResult.one)
    one_or_none = awaited(FilterResult.one_or_none)
    close = awaited(FilterResult.close)
    closed = Attribute(FilterResult, "closed")


class ResultFace(Generic[*_Ts]):
    """
    What results of rows have besides.
    """

    fetchone = awaited(Result.fetchone)
    scalar = awaited(Result.scalar)
    scalar_one = awaited(Result.scalar_one)
    scalar_one_or_none = awaited(Result.scalar_one_or_none)
    freeze = awaited(Result.freeze)
    keys = called(Result.keys)


class MappingFace:
    """
    What results of mappings have besides.
    """

    fetchone = awaited(MappingResult.fetchone)
    keys = called(MappingResult.keys)
