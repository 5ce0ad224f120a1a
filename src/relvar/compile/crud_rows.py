"""
``INSERT ... VALUES (...), (...)``: the values of each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.assignment import Assignment
from relvar.expr.bind import REQUIRED

if TYPE_CHECKING:
    from relvar.compile.crud_plan import Plan


class _RowColumn:
    """
    A column's default for a row that is not the first.
    """

    def __init__(self, original: Any, index: int, value: Any) -> None:
        self.index = index
        self.key = f"{original.key}_m{index + 1}"
        self.original = original
        self.default = value
        self.type = original.type
        self.table = original.table
        self.name = original.name

    def __hash__(self) -> int:
        return hash((self.key, self.original))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RowColumn) and self.key == other.key and self.original is other.original


def texts_of_rows(plan: Plan, rows: list[Mapping[Any, Any]]) -> list[list[str]]:
    """
    Return the texts of all rows' values; the first row's are known.
    """
    compiler = plan.compiler
    texts = [[assignment.text for assignment in plan.values]]
    taken = {assignment.column.key for assignment in plan.values}
    unknown: set[Any] = set()
    for index, row in enumerate(rows[1:]):
        by_key = {key if isinstance(key, str) else key.key: value for key, value in row.items()}
        line: list[str] = []
        for assignment in plan.values:
            column = assignment.column
            value = by_key.get(column.key, REQUIRED)
            if value is REQUIRED:
                line.append(_default_of_further_row(plan, column, index, assignment))
            elif value._is_bind_parameter:
                if value.type._isnull:
                    value = value._with_binary_element_type(column.type)
                if value._is_crud:
                    plan._name_bind(value, f"{column.key}_m{index + 1}")
                line.append(compiler._crud_text(value, column, **plan.kw))
            else:
                line.append(compiler._crud_text(value.self_group(), column, **plan.kw))
        texts.append(line)
        unknown |= by_key.keys() - taken
    if unknown:
        compiler._unused_values = tuple(sorted(map(str, unknown)))
    return texts


def _default_of_further_row(plan: Plan, column: Any, index: int, assignment: Assignment) -> str:
    default = column.default
    if default is None:
        raise exc.CompileError(
            f"INSERT value for column {column} is explicitly rendered as a boundparameter in the VALUES "
            "clause; a Python-side value or SQL expression is required"
        )
    if default.is_clause_element or default.is_sequence:
        return assignment.text
    made = _RowColumn(column, index, default)
    text = plan.compiler._crud_bind(column, made.key, None, required=False, **plan.kw)
    plan.compiler.insert_prefetch.append(made)
    return text
