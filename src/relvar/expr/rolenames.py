"""
The documented names of roles: classes for ``isinstance`` tests, and bases of elements of one's own.

Roles are bits of elements (`relvar.expr.roles`); these classes ask for them,
and give them to classes that derive from them.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from relvar.expr.roles import Role

__all__ = [
    "AnonymizedFromClauseRole",
    "BinaryElementRole",
    "ByOfRole",
    "CTERole",
    "ColumnArgumentOrKeyRole",
    "ColumnArgumentRole",
    "ColumnListRole",
    "ColumnsClauseRole",
    "CompoundElementRole",
    "ConstExprRole",
    "DDLConstraintColumnRole",
    "DDLExpressionRole",
    "DDLReferredColumnRole",
    "DDLRole",
    "DMLColumnRole",
    "DMLRole",
    "DMLSelectRole",
    "DMLTableRole",
    "ExpressionElementRole",
    "FromClauseRole",
    "GroupByRole",
    "HasCTERole",
    "InElementRole",
    "IsCTERole",
    "JoinTargetRole",
    "LabeledColumnExprRole",
    "LimitOffsetRole",
    "LiteralValueRole",
    "OnClauseRole",
    "OrderByRole",
    "ReturnsRowsRole",
    "SQLRole",
    "SelectStatementRole",
    "StatementOptionRole",
    "StatementRole",
    "StrAsPlainColumnRole",
    "StrictFromClauseRole",
    "TruncatedLabelRole",
    "TypedColumnsClauseRole",
    "WhereHavingRole",
]

_T = TypeVar("_T")


class _Asks(type):
    """
    ``isinstance(element, SomeRole)`` asks the element's bits.
    """

    _bits: int

    def __instancecheck__(cls, instance: Any) -> bool:
        if "_bits" not in cls.__dict__:
            # an element class that derives from a role
            return super().__instancecheck__(instance)
        return bool(getattr(instance, "_roles", Role.NONE) & cls._bits)


class SQLRole(metaclass=_Asks):
    """
    Base of the roles: whatever may stand in SQL.
    """

    _bits = ~Role.NONE
    _role_name: str | None = None
    _roles: int

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if "_bits" not in cls.__dict__:
            given = [
                base._bits for base in cls.__mro__ if isinstance(base, _Asks) and "_bits" in base.__dict__
            ]
            for bits in given:
                if bits > 0:
                    cls._roles = getattr(cls, "_roles", Role.NONE) | bits


class ColumnListRole(SQLRole):
    _bits = Role.COLUMNS_CLAUSE | Role.ORDER_BY


class TypedColumnsClauseRole(SQLRole, Generic[_T]):
    """
    May stand among the columns of a SELECT, and has a type.
    """

    _bits = Role.COLUMNS_CLAUSE


class ColumnsClauseRole(ColumnListRole):
    _bits = Role.COLUMNS_CLAUSE
    _role_name = "Column expression, FROM clause, or other columns clause element"


class ExpressionElementRole(TypedColumnsClauseRole[_T]):
    """
    Is an expression, which has a type.
    """

    _bits = Role.EXPRESSION
    _role_name = "SQL expression element"


class BinaryElementRole(ExpressionElementRole[_T]):
    """
    May be an operand of an operator.
    """

    _bits = Role.EXPRESSION
    _role_name = "SQL expression element or literal value"


class ConstExprRole(ExpressionElementRole[_T]):
    _bits = Role.CONST
    _role_name = "Constant True/False/None expression"


class LabeledColumnExprRole(ExpressionElementRole[_T]):
    _bits = Role.LABELED


class ColumnArgumentRole(SQLRole):
    _bits = Role.EXPRESSION
    _role_name = "Column expression"


class ColumnArgumentOrKeyRole(ColumnArgumentRole):
    _bits = Role.EXPRESSION
    _role_name = "Column expression or string key"


class StrAsPlainColumnRole(ColumnArgumentRole):
    _bits = Role.LABELED
    _role_name = "Column expression or string key"


class OnClauseRole(SQLRole):
    _bits = Role.WHERE
    _role_name = "ON clause, typically a SQL expression or ORM relationship attribute"


class WhereHavingRole(OnClauseRole):
    _bits = Role.WHERE
    _role_name = "SQL expression for WHERE/HAVING role"


class ByOfRole(ColumnListRole):
    """
    May stand in ORDER BY, GROUP BY, PARTITION BY or FOR UPDATE OF.
    """

    _bits = Role.ORDER_BY
    _role_name = "GROUP BY / OF / etc. expression"


class OrderByRole(ByOfRole):
    _bits = Role.ORDER_BY
    _role_name = "ORDER BY expression"


class GroupByRole(ByOfRole):
    _bits = Role.NONE
    _role_name = "GROUP BY expression"


class LimitOffsetRole(SQLRole):
    _bits = Role.LIMIT_OFFSET
    _role_name = "LIMIT / OFFSET expression"


class InElementRole(SQLRole):
    _bits = Role.IN_ELEMENT
    _role_name = "IN expression list, SELECT construct, or bound parameter object"


class LiteralValueRole(SQLRole):
    _bits = Role.NONE
    _role_name = "Literal Python value"


class TruncatedLabelRole(SQLRole):
    _bits = Role.TRUNCATED
    _role_name = "String SQL identifier"


class JoinTargetRole(SQLRole):
    _bits = Role.JOIN_TARGET
    _role_name = "Join target, typically a FROM expression, or ORM relationship attribute"


class FromClauseRole(ColumnsClauseRole, JoinTargetRole):
    """
    May stand in FROM.
    """

    _bits = Role.FROM
    _role_name = "FROM expression, such as a Table or alias() object"


class StrictFromClauseRole(FromClauseRole):
    _bits = Role.FROM


class AnonymizedFromClauseRole(FromClauseRole):
    _bits = Role.FROM


class DMLTableRole(FromClauseRole):
    _bits = Role.DML_TABLE
    _role_name = "subject table for an INSERT, UPDATE or DELETE"


class DMLColumnRole(SQLRole):
    _bits = Role.EXPRESSION
    _role_name = "SET/VALUES column expression or string key"


class DMLSelectRole(SQLRole):
    _bits = Role.SELECT
    _role_name = "SELECT statement or equivalent textual object"


class ReturnsRowsRole(SQLRole):
    _bits = Role.FROM | Role.SELECT
    _role_name = (
        "Row returning expression such as a SELECT, a FROM clause, or an INSERT/UPDATE/DELETE with RETURNING"
    )


class HasCTERole(ReturnsRowsRole):
    _bits = Role.FROM | Role.SELECT


class StatementRole(SQLRole):
    _bits = Role.STATEMENT
    _role_name = "Executable SQL or text() construct"


class SelectStatementRole(StatementRole, ReturnsRowsRole):
    _bits = Role.SELECT
    _role_name = "SELECT construct or equivalent text() construct"


class DMLRole(StatementRole):
    _bits = Role.STATEMENT


class DDLRole(StatementRole):
    _bits = Role.STATEMENT


class CompoundElementRole(SQLRole):
    _bits = Role.SELECT
    _role_name = "SELECT construct for inclusion in a UNION or other set construct"


class StatementOptionRole(SQLRole):
    _bits = Role.TEXT
    _role_name = "statement sub-expression element"


class DDLExpressionRole(SQLRole):
    """
    May be an expression in DDL: a CHECK, a server default, an index.
    """

    _bits = Role.DDL
    _role_name = "SQL expression element for DDL constraint"


class DDLConstraintColumnRole(SQLRole):
    """
    May be a column of a constraint.
    """

    _bits = Role.EXPRESSION
    _role_name = "String column name or column expression for DDL constraint"


class DDLReferredColumnRole(DDLConstraintColumnRole):
    _bits = Role.EXPRESSION
    _role_name = "String column name or Column object for DDL foreign key constraint"


class IsCTERole(SQLRole):
    _bits = Role.CTE
    _role_name = "CTE object"


class CTERole(IsCTERole):
    _bits = Role.CTE
