"""
Columns and values of INSERT and UPDATE, as compilers of other programs ask for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from relvar.compile.assignment import Assignment
from relvar.expr.bind import REQUIRED as REQUIRED

_CrudParamElement = Assignment


class _CrudParams(NamedTuple):
    """
    The columns of a statement, each with its name, its value's text and the parameters in it.

    Attributes:
        single_params: Those of the first row.
        all_multi_params: Those of each row, if there are several.
        is_default_metavalue_only: The row consists of defaults.
    """

    single_params: Sequence[Assignment]
    all_multi_params: list[Sequence[Assignment]]
    is_default_metavalue_only: bool = False
    use_insertmanyvalues: bool = False
    use_sentinel_columns: Sequence[Any] | None = None


def _get_crud_params(compiler: Any, stmt: Any, compile_state: Any, toplevel: bool, **kw: Any) -> _CrudParams:
    """
    Return what a statement sets; its parameters become part of what is compiled.
    """
    extra = [*compiler._joined_tables(stmt.table), *stmt._extra_froms()] if stmt.is_update else ()
    found = compiler._crud_params(stmt, extra, toplevel, **kw)
    rows = [
        [assignment._replace(text=text) for assignment, text in zip(found.single, row, strict=True)]
        for row in found.rows
    ]
    return _CrudParams(found.single, list(rows), bool(found.is_default))
