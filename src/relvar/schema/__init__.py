"""
Tables, columns, constraints, and the DDL that makes them.
"""

from typing import TYPE_CHECKING

from relvar.expr.names import conv as conv
from relvar.schema.base import BLANK_SCHEMA as BLANK_SCHEMA
from relvar.schema.base import NULL_UNSPECIFIED as NULL_UNSPECIFIED
from relvar.schema.base import RETAIN_SCHEMA as RETAIN_SCHEMA
from relvar.schema.base import HasConditionalDDL as HasConditionalDDL
from relvar.schema.base import HasSchemaAttr as HasSchemaAttr
from relvar.schema.base import SchemaConst as SchemaConst
from relvar.schema.base import SchemaItem as SchemaItem
from relvar.schema.base import SchemaVisitable as SchemaVisitable
from relvar.schema.base import SchemaVisitor as SchemaVisitor
from relvar.schema.base import table_key as _get_table_key
from relvar.schema.collection import ColumnCollectionMixin as ColumnCollectionMixin
from relvar.schema.column import Column as Column
from relvar.schema.column import insert_sentinel as insert_sentinel
from relvar.schema.constraint import CheckConstraint as CheckConstraint
from relvar.schema.constraint import ColumnCollectionConstraint as ColumnCollectionConstraint
from relvar.schema.constraint import Constraint as Constraint
from relvar.schema.constraint import PrimaryKeyConstraint as PrimaryKeyConstraint
from relvar.schema.constraint import UniqueConstraint as UniqueConstraint
from relvar.schema.ddl import DDL as DDL
from relvar.schema.ddl import AddConstraint as AddConstraint
from relvar.schema.ddl import BaseDDLElement as BaseDDLElement
from relvar.schema.ddl import CheckFirst as CheckFirst
from relvar.schema.ddl import CreateColumn as CreateColumn
from relvar.schema.ddl import CreateIndex as CreateIndex
from relvar.schema.ddl import CreateSchema as CreateSchema
from relvar.schema.ddl import CreateSequence as CreateSequence
from relvar.schema.ddl import CreateTable as CreateTable
from relvar.schema.ddl import DDLElement as DDLElement
from relvar.schema.ddl import DropColumnComment as DropColumnComment
from relvar.schema.ddl import DropConstraint as DropConstraint
from relvar.schema.ddl import DropConstraintComment as DropConstraintComment
from relvar.schema.ddl import DropIndex as DropIndex
from relvar.schema.ddl import DropSchema as DropSchema
from relvar.schema.ddl import DropSequence as DropSequence
from relvar.schema.ddl import DropTable as DropTable
from relvar.schema.ddl import DropTableComment as DropTableComment
from relvar.schema.ddl import DropView as DropView
from relvar.schema.ddl import ExecutableDDLElement as ExecutableDDLElement
from relvar.schema.ddl import SetColumnComment as SetColumnComment
from relvar.schema.ddl import SetConstraintComment as SetConstraintComment
from relvar.schema.ddl import SetTableComment as SetTableComment
from relvar.schema.ddl import _CreateDropBase as _CreateDropBase
from relvar.schema.defaults import ColumnDefault as ColumnDefault
from relvar.schema.defaults import DefaultClause as DefaultClause
from relvar.schema.defaults import DefaultGenerator as DefaultGenerator
from relvar.schema.defaults import FetchedValue as FetchedValue
from relvar.schema.emit import InvokeDDLBase as InvokeDDLBase
from relvar.schema.events import DDLEvents as DDLEvents
from relvar.schema.foreignkey import ForeignKey as ForeignKey
from relvar.schema.foreignkey import ForeignKeyConstraint as ForeignKeyConstraint
from relvar.schema.foreignkey import ForeignKeyTarget as ForeignKeyTarget
from relvar.schema.generated import Computed as Computed
from relvar.schema.generated import Identity as Identity
from relvar.schema.index import Index as Index
from relvar.schema.metadata import MetaData as MetaData
from relvar.schema.sequence import Sequence as Sequence
from relvar.schema.sort import sort_tables as sort_tables
from relvar.schema.sort import sort_tables_and_constraints as sort_tables_and_constraints
from relvar.schema.table import Table as Table
from relvar.util.ondemand import on_demand

if TYPE_CHECKING:
    from relvar.schema.typedcolumns import Named as Named
    from relvar.schema.typedcolumns import TypedColumns as TypedColumns
    from relvar.schema.views import CreateTableAs as CreateTableAs
    from relvar.schema.views import CreateView as CreateView

__all__ = [
    "AddConstraint",
    "BLANK_SCHEMA",
    "BaseDDLElement",
    "CheckConstraint",
    "CheckFirst",
    "Column",
    "ColumnCollectionConstraint",
    "ColumnCollectionMixin",
    "ColumnDefault",
    "Computed",
    "Constraint",
    "CreateColumn",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "CreateTableAs",
    "CreateView",
    "DDL",
    "DDLElement",
    "DefaultClause",
    "DefaultGenerator",
    "DropColumnComment",
    "DropConstraint",
    "DropConstraintComment",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "DropTableComment",
    "DropView",
    "ExecutableDDLElement",
    "FetchedValue",
    "ForeignKey",
    "ForeignKeyConstraint",
    "ForeignKeyTarget",
    "HasConditionalDDL",
    "Identity",
    "Index",
    "InvokeDDLBase",
    "MetaData",
    "Named",
    "PrimaryKeyConstraint",
    "SchemaConst",
    "SchemaItem",
    "SchemaVisitable",
    "SchemaVisitor",
    "Sequence",
    "SetColumnComment",
    "SetConstraintComment",
    "SetTableComment",
    "Table",
    "TypedColumns",
    "UniqueConstraint",
    "conv",
    "insert_sentinel",
    "sort_tables",
    "sort_tables_and_constraints",
]

if not TYPE_CHECKING:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        names={
            "CreateTableAs": "relvar.schema.views",
            "CreateView": "relvar.schema.views",
            "Named": "relvar.schema.typedcolumns",
            "TypedColumns": "relvar.schema.typedcolumns",
        },
    )
