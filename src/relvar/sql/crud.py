"""
Columns and values of INSERT and UPDATE, as compilers of other programs ask for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from relvar.compile.assignment import Assignment
from relvar.expr.bind import REQUIRED as REQUIRED
from relvar.util.fields import NamedTuple

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
    joined = compiler._joined_tables(stmt.table) if stmt.table._is_join else ()
    extra = [*joined, *stmt._extra_froms()] if stmt.is_update else ()
    found = compiler._crud_params(stmt, extra, toplevel, **kw)
    rows = [
        [assignment._replace(text=text) for assignment, text in zip(found.single, row, strict=True)]
        for row in found.rows
    ]
    return _CrudParams(found.single, list(rows), bool(found.is_default))


# Dialects of others have compilers that put the columns of a statement together themselves, in steps that
# have these names.  Here one step, `_scan_cols`, gives all columns; the others have nothing to add.


def _key_getters_for_crud_column(compiler: Any, stmt: Any, compile_state: Any) -> tuple[Any, Any, Any]:
    """
    Return what gives the key of an argument, of a column, and the name of its parameter.
    """

    def key_of(column: Any) -> Any:
        return getattr(column, "key", column)

    return key_of, key_of, key_of


def _scan_cols(
    compiler: Any,
    stmt: Any,
    compile_state: Any,
    parameters: Any,
    *getters_and_more: Any,
) -> None:
    """
    Add what a statement sets to the list that is the last argument but two.
    """
    *_, values, toplevel, kw = getters_and_more
    values.extend(_get_crud_params(compiler, stmt, compile_state, toplevel, **kw).single_params)


def _get_stmt_parameter_tuples_params(compiler: Any, compile_state: Any, *args: Any) -> None:
    """
    Add nothing: see above.
    """


def _refused(name: str) -> Any:
    said = f"{name}() is no step of compiling here: _get_crud_params() gives what a statement sets"

    def refuse(*args: Any, **kw: Any) -> NoReturn:
        raise NotImplementedError(said)

    refuse.__doc__ = f"Refuse: {said}."
    return refuse


_as_dml_column = _refused("_as_dml_column")
_create_bind_param = _refused("_create_bind_param")
_extend_values_for_multiparams = _refused("_extend_values_for_multiparams")
_get_update_multitable_params = _refused("_get_update_multitable_params")
_scan_insert_from_select_cols = _refused("_scan_insert_from_select_cols")
_setup_delete_return_defaults = _refused("_setup_delete_return_defaults")
