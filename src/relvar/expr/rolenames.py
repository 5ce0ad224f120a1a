"""
The documented names of roles, as classes for ``isinstance`` tests.

Roles are bits of elements (`relvar.expr.roles`); these classes only ask for them.
"""

from __future__ import annotations

from typing import Any

from relvar.expr.roles import Role

__all__ = [
    "BinaryElementRole",
    "ByOfRole",
    "CTERole",
    "ColumnArgumentRole",
    "ColumnsClauseRole",
    "CompoundElementRole",
    "ConstExprRole",
    "DDLExpressionRole",
    "DMLTableRole",
    "ExpressionElementRole",
    "FromClauseRole",
    "InElementRole",
    "JoinTargetRole",
    "LabeledColumnExprRole",
    "LimitOffsetRole",
    "OnClauseRole",
    "OrderByRole",
    "ReturnsRowsRole",
    "SQLRole",
    "SelectStatementRole",
    "StatementRole",
    "StrictFromClauseRole",
    "TypedColumnsClauseRole",
    "WhereHavingRole",
]


class _Asks(type):
    """
    ``isinstance(element, SomeRole)`` asks the element's bits.
    """

    _bits: int

    def __instancecheck__(cls, instance: Any) -> bool:
        return bool(getattr(instance, "_roles", Role.NONE) & cls._bits)


class SQLRole(metaclass=_Asks):
    _bits = ~Role.NONE


class ExpressionElementRole(metaclass=_Asks):
    _bits = Role.EXPRESSION


class BinaryElementRole(metaclass=_Asks):
    _bits = Role.EXPRESSION


class ColumnArgumentRole(metaclass=_Asks):
    _bits = Role.LABELED


class ColumnsClauseRole(metaclass=_Asks):
    _bits = Role.COLUMNS_CLAUSE


class TypedColumnsClauseRole(metaclass=_Asks):
    _bits = Role.COLUMNS_CLAUSE


class LabeledColumnExprRole(metaclass=_Asks):
    _bits = Role.LABELED


class WhereHavingRole(metaclass=_Asks):
    _bits = Role.WHERE


class OnClauseRole(metaclass=_Asks):
    _bits = Role.WHERE


class OrderByRole(metaclass=_Asks):
    _bits = Role.ORDER_BY


class ByOfRole(metaclass=_Asks):
    _bits = Role.ORDER_BY


class LimitOffsetRole(metaclass=_Asks):
    _bits = Role.LIMIT_OFFSET


class InElementRole(metaclass=_Asks):
    _bits = Role.IN_ELEMENT


class FromClauseRole(metaclass=_Asks):
    _bits = Role.FROM


class StrictFromClauseRole(metaclass=_Asks):
    _bits = Role.FROM


class JoinTargetRole(metaclass=_Asks):
    _bits = Role.JOIN_TARGET


class DMLTableRole(metaclass=_Asks):
    _bits = Role.DML_TABLE


class StatementRole(metaclass=_Asks):
    _bits = Role.STATEMENT


class SelectStatementRole(metaclass=_Asks):
    _bits = Role.SELECT


class CompoundElementRole(metaclass=_Asks):
    _bits = Role.SELECT


class ReturnsRowsRole(metaclass=_Asks):
    _bits = Role.FROM | Role.SELECT


class ConstExprRole(metaclass=_Asks):
    _bits = Role.CONST


class DDLExpressionRole(metaclass=_Asks):
    _bits = Role.DDL


class CTERole(metaclass=_Asks):
    _bits = Role.CTE
