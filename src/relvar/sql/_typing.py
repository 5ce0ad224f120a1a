"""
Names for annotations, under the address that older programs use.
"""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from relvar.expr.sqlcore import ColumnExpressionArgument as ColumnExpressionArgument
from relvar.types.base import TypeEngine

_T = TypeVar("_T", bound=Any)

_ColumnExpressionArgument: TypeAlias = ColumnExpressionArgument[_T]
_ColumnExpressionOrLiteralArgument: TypeAlias = ColumnExpressionArgument[_T] | Any
_ColumnExpressionOrStrLabelArgument: TypeAlias = ColumnExpressionArgument[_T] | str
_ColumnsClauseArgument: TypeAlias = ColumnExpressionArgument[_T] | Any
_TypeEngineArgument: TypeAlias = TypeEngine[_T] | type[TypeEngine[_T]]
