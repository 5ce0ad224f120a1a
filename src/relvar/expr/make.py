"""
The one knot: constructors of classes that stand higher up.

A fluent method such as ``column.label("x")`` or ``select(...).subquery()``
returns an instance of a class whose module imports the method's own.  Such
classes are registered here, by the module that defines them, and reached as
``make.Label(...)``.  A class that few programs use is found, with its module,
when it is first asked for.  Nothing else in `expr`, `relation` or `stmt` looks upward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar.util.ondemand import on_demand

BinaryExpression: Any
BindParameter: Any
crud_parameter: Any
plain_parameter: Any
BooleanClauseList: Any
Case: Any
Cast: Any
ClauseList: Any
CollationClause: Any
CollectionAggregate: Any
ExpressionClauseList: Any
Function: Any
Grouping: Any
Label: Any
LabelReference: Any
Null: Any
Over: Any
AggregateOrderBy: Any
FunctionFilter: Any
WithinGroup: Any
Slice: Any
TextClause: Any
TextualLabelReference: Any
Tuple: Any
TypeCoerce: Any
UnaryExpression: Any
AsBoolean: Any
func: Any
ColumnClause: Any
boolean_type: Any
replace_params: Any
iterate: Any
clause_element: Any
ClauseAdapter: Any
TableValueType: Any
Insert: Any
Update: Any
Delete: Any
column_collection_of_function: Any
LABEL_STYLE_TABLENAME_PLUS_COL: Any
LABEL_STYLE_NONE: Any
next_value: Any
count: Any
and_: Any
or_: Any
OffsetLimitParam: Any
operand: Any
order_by_label: Any
coerce_list_item: Any
TrueConstant: Any
FalseConstant: Any
operates_plainly: Any
adapt_operator: Any
apply_operator: Any
forwarding_operators: Any
type_of_value: Any
"Python value -> the SQL type it has by itself."

Alias: Any
CTE: Any
cte_of: Any
"Statement, name, ``recursive`` and ``nesting`` -> the CTE."
FromGrouping: Any
Join: Any
join_condition: Any
Lateral: Any
Subquery: Any
TableSample: Any
TableValuedAlias: Any
TableValuedColumn: Any

CompoundSelect: Any
Exists: Any
ScalarSelect: Any
Select: Any
SelectStatementGrouping: Any
select: Any

orm_column_descriptions: Any = None
"Registered by the ORM: ``Select.column_descriptions`` of a statement with entities."
orm_core_dml: Any = None
"Registered by the ORM: an INSERT, UPDATE or DELETE of an entity, the dialect -> the same on its table."
orm_core_select: Any = None
"Registered by the ORM: a SELECT with entities -> the SELECT that is executed."
orm_entity_description: Any = None
"Registered by the ORM: ``UpdateBase.entity_description`` of a statement with entities."
orm_returning_descriptions: Any = None
"Registered by the ORM: ``UpdateBase.returning_column_descriptions``."
orm_entity_columns: Any = None
"Registered by the ORM: an entity -> the columns it stands for in a SELECT list."
orm_from_statement: Any = None
"Registered by the ORM: ``Select.from_statement``."
default_dialect: Any = None
"Function of an element: the dialect that ``str(statement)`` compiles for."


def register(**made: Any) -> None:
    """
    Enter constructors under the names this module declares.
    """
    globals().update(made)


if TYPE_CHECKING:
    CompileState: Any
    CreateTableAs: Any
    TextualSelect: Any
else:
    __getattr__, *_ = on_demand(
        __name__,
        names={
            "CompileState": "relvar.compile.compilestate",
            "CreateTableAs": "relvar.schema.views",
            "TextualSelect": "relvar.stmt.textual",
        },
    )
