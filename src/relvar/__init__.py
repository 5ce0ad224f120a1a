"""relvar: a SQL toolkit and object-relational mapper."""

from typing import TYPE_CHECKING

from relvar.util.ondemand import collector_paused, on_demand

with collector_paused():
    from relvar import dialects as dialects
    from relvar import engine as engine
    from relvar import event as event
    from relvar import exc as exc
    from relvar import inspection as inspection
    from relvar import pool as pool
    from relvar import schema as schema
    from relvar import sql as sql
    from relvar import types as types
    from relvar._kernels import is_compiled as is_compiled
    from relvar._version import __version__ as __version__
    from relvar.compile.base import Compiled as Compiled
    from relvar.compile.typesql import TypeCompiler as TypeCompiler
    from relvar.dialect.interface import AdaptedConnection as AdaptedConnection
    from relvar.dialect.interface import BindTyping as BindTyping
    from relvar.dialect.interface import CreateEnginePlugin as CreateEnginePlugin
    from relvar.dialect.interface import Dialect as Dialect
    from relvar.dialect.interface import ExceptionContext as ExceptionContext
    from relvar.dialect.interface import ExecutionContext as ExecutionContext
    from relvar.engine.base import Connection as Connection
    from relvar.engine.base import Engine as Engine
    from relvar.engine.create import create_engine as create_engine
    from relvar.engine.create import create_pool_from_url as create_pool_from_url
    from relvar.engine.create import engine_from_config as engine_from_config
    from relvar.engine.transactions import NestedTransaction as NestedTransaction
    from relvar.engine.transactions import RootTransaction as RootTransaction
    from relvar.engine.transactions import Transaction as Transaction
    from relvar.engine.transactions import TwoPhaseTransaction as TwoPhaseTransaction
    from relvar.engine.url import URL as URL
    from relvar.engine.url import make_url as make_url
    from relvar.expr.binary import BinaryExpression as BinaryExpression
    from relvar.expr.bind import BindParameter as BindParameter
    from relvar.expr.bind import bindparam as bindparam
    from relvar.expr.bind import literal as literal
    from relvar.expr.bind import outparam as outparam
    from relvar.expr.boolean import BooleanClauseList as BooleanClauseList
    from relvar.expr.boolean import and_ as and_
    from relvar.expr.boolean import not_ as not_
    from relvar.expr.boolean import or_ as or_
    from relvar.expr.case import Case as Case
    from relvar.expr.case import case as case
    from relvar.expr.cast import Cast as Cast
    from relvar.expr.cast import Extract as Extract
    from relvar.expr.cast import TryCast as TryCast
    from relvar.expr.cast import TypeCoerce as TypeCoerce
    from relvar.expr.cast import cast as cast
    from relvar.expr.cast import extract as extract
    from relvar.expr.cast import try_cast as try_cast
    from relvar.expr.cast import type_coerce as type_coerce
    from relvar.expr.column import ColumnClause as ColumnClause
    from relvar.expr.column import column as column
    from relvar.expr.column import literal_column as literal_column
    from relvar.expr.element import ClauseElement as ClauseElement
    from relvar.expr.element import ColumnElement as ColumnElement
    from relvar.expr.executable import Executable as Executable
    from relvar.expr.function import Function as Function
    from relvar.expr.function import FunctionElement as FunctionElement
    from relvar.expr.function import func as func
    from relvar.expr.function import modifier as modifier
    from relvar.expr.grouping import ClauseList as ClauseList
    from relvar.expr.grouping import False_ as False_
    from relvar.expr.grouping import Grouping as Grouping
    from relvar.expr.grouping import Null as Null
    from relvar.expr.grouping import True_ as True_
    from relvar.expr.grouping import TypeClause as TypeClause
    from relvar.expr.grouping import false as false
    from relvar.expr.grouping import null as null
    from relvar.expr.grouping import true as true
    from relvar.expr.label import Label as Label
    from relvar.expr.label import label as label
    from relvar.expr.names import quoted_name as quoted_name
    from relvar.expr.node import CacheKey as CacheKey
    from relvar.expr.node import Visitable as Visitable
    from relvar.expr.operate import ColumnOperators as ColumnOperators
    from relvar.expr.operate import Operators as Operators
    from relvar.expr.operators import custom_op as custom_op
    from relvar.expr.sqlcore import ColumnExpressionArgument as ColumnExpressionArgument
    from relvar.expr.sqlcore import SQLColumnExpression as SQLColumnExpression
    from relvar.expr.text import TextClause as TextClause
    from relvar.expr.text import text as text
    from relvar.expr.tuple import Tuple as Tuple
    from relvar.expr.tuple import tuple_ as tuple_
    from relvar.expr.unary import CollectionAggregate as CollectionAggregate
    from relvar.expr.unary import UnaryExpression as UnaryExpression
    from relvar.expr.unary import all_ as all_
    from relvar.expr.unary import any_ as any_
    from relvar.expr.unary import asc as asc
    from relvar.expr.unary import bitwise_not as bitwise_not
    from relvar.expr.unary import desc as desc
    from relvar.expr.unary import distinct as distinct
    from relvar.expr.unary import nulls_first as nulls_first
    from relvar.expr.unary import nulls_last as nulls_last
    from relvar.expr.unary import nullsfirst as nullsfirst
    from relvar.expr.unary import nullslast as nullslast
    from relvar.expr.window import AggregateOrderBy as AggregateOrderBy
    from relvar.expr.window import FrameClause as FrameClause
    from relvar.expr.window import FrameClauseType as FrameClauseType
    from relvar.expr.window import FunctionFilter as FunctionFilter
    from relvar.expr.window import OrderByList as OrderByList
    from relvar.expr.window import Over as Over
    from relvar.expr.window import WithinGroup as WithinGroup
    from relvar.expr.window import aggregate_order_by as aggregate_order_by
    from relvar.expr.window import funcfilter as funcfilter
    from relvar.expr.window import over as over
    from relvar.expr.window import within_group as within_group
    from relvar.inspection import inspect as inspect
    from relvar.pool import AssertionPool as AssertionPool
    from relvar.pool import AsyncAdaptedQueuePool as AsyncAdaptedQueuePool
    from relvar.pool import NullPool as NullPool
    from relvar.pool import Pool as Pool
    from relvar.pool import PoolProxiedConnection as PoolProxiedConnection
    from relvar.pool import PoolResetState as PoolResetState
    from relvar.pool import QueuePool as QueuePool
    from relvar.pool import SingletonThreadPool as SingletonThreadPool
    from relvar.pool import StaticPool as StaticPool
    from relvar.relation.affix import HasPrefixes as HasPrefixes
    from relvar.relation.affix import HasSuffixes as HasSuffixes
    from relvar.relation.alias import Alias as Alias
    from relvar.relation.alias import AliasedReturnsRows as AliasedReturnsRows
    from relvar.relation.alias import Lateral as Lateral
    from relvar.relation.alias import TableSample as TableSample
    from relvar.relation.alias import TableValuedAlias as TableValuedAlias
    from relvar.relation.alias import TableValuedColumn as TableValuedColumn
    from relvar.relation.alias import alias as alias
    from relvar.relation.alias import lateral as lateral
    from relvar.relation.alias import tablesample as tablesample
    from relvar.relation.columns import ColumnCollection as ColumnCollection
    from relvar.relation.cte import CTE as CTE
    from relvar.relation.cte import HasCTE as HasCTE
    from relvar.relation.cte import cte as cte
    from relvar.relation.from_ import FromClause as FromClause
    from relvar.relation.from_ import FromGrouping as FromGrouping
    from relvar.relation.from_ import ReturnsRows as ReturnsRows
    from relvar.relation.from_ import Selectable as Selectable
    from relvar.relation.join import Join as Join
    from relvar.relation.join import join as join
    from relvar.relation.join import outerjoin as outerjoin
    from relvar.relation.subquery import Subquery as Subquery
    from relvar.relation.tableclause import TableClause as TableClause
    from relvar.relation.tableclause import table as table
    from relvar.rows.cursor import CursorResult as CursorResult
    from relvar.rows.layout import result_tuple as result_tuple
    from relvar.rows.result import ChunkedIteratorResult as ChunkedIteratorResult
    from relvar.rows.result import FrozenResult as FrozenResult
    from relvar.rows.result import IteratorResult as IteratorResult
    from relvar.rows.result import MappingResult as MappingResult
    from relvar.rows.result import MergedResult as MergedResult
    from relvar.rows.result import Result as Result
    from relvar.rows.result import ScalarResult as ScalarResult
    from relvar.rows.row import Row as Row
    from relvar.rows.row import RowMapping as RowMapping
    from relvar.schema import BLANK_SCHEMA as BLANK_SCHEMA
    from relvar.schema import DDL as DDL
    from relvar.schema import BaseDDLElement as BaseDDLElement
    from relvar.schema import CheckConstraint as CheckConstraint
    from relvar.schema import CheckFirst as CheckFirst
    from relvar.schema import Column as Column
    from relvar.schema import ColumnDefault as ColumnDefault
    from relvar.schema import Computed as Computed
    from relvar.schema import Constraint as Constraint
    from relvar.schema import CreateTable as CreateTable
    from relvar.schema import DDLElement as DDLElement
    from relvar.schema import DefaultClause as DefaultClause
    from relvar.schema import DropTable as DropTable
    from relvar.schema import DropView as DropView
    from relvar.schema import ExecutableDDLElement as ExecutableDDLElement
    from relvar.schema import FetchedValue as FetchedValue
    from relvar.schema import ForeignKey as ForeignKey
    from relvar.schema import ForeignKeyConstraint as ForeignKeyConstraint
    from relvar.schema import ForeignKeyTarget as ForeignKeyTarget
    from relvar.schema import Identity as Identity
    from relvar.schema import Index as Index
    from relvar.schema import MetaData as MetaData
    from relvar.schema import PrimaryKeyConstraint as PrimaryKeyConstraint
    from relvar.schema import Sequence as Sequence
    from relvar.schema import Table as Table
    from relvar.schema import UniqueConstraint as UniqueConstraint
    from relvar.schema import insert_sentinel as insert_sentinel
    from relvar.stmt.base import GenerativeSelect as GenerativeSelect
    from relvar.stmt.base import SelectBase as SelectBase
    from relvar.stmt.compound import CompoundSelect as CompoundSelect
    from relvar.stmt.compound import except_ as except_
    from relvar.stmt.compound import except_all as except_all
    from relvar.stmt.compound import intersect as intersect
    from relvar.stmt.compound import intersect_all as intersect_all
    from relvar.stmt.compound import union as union
    from relvar.stmt.compound import union_all as union_all
    from relvar.stmt.delete import Delete as Delete
    from relvar.stmt.delete import delete as delete
    from relvar.stmt.dml import UpdateBase as UpdateBase
    from relvar.stmt.dml import ValuesBase as ValuesBase
    from relvar.stmt.insert import Insert as Insert
    from relvar.stmt.insert import insert as insert
    from relvar.stmt.labels import LABEL_STYLE_DEFAULT as LABEL_STYLE_DEFAULT
    from relvar.stmt.labels import LABEL_STYLE_DISAMBIGUATE_ONLY as LABEL_STYLE_DISAMBIGUATE_ONLY
    from relvar.stmt.labels import LABEL_STYLE_NONE as LABEL_STYLE_NONE
    from relvar.stmt.labels import LABEL_STYLE_TABLENAME_PLUS_COL as LABEL_STYLE_TABLENAME_PLUS_COL
    from relvar.stmt.labels import SelectLabelStyle as SelectLabelStyle
    from relvar.stmt.scalar import Exists as Exists
    from relvar.stmt.scalar import ScalarSelect as ScalarSelect
    from relvar.stmt.scalar import exists as exists
    from relvar.stmt.select import Select as Select
    from relvar.stmt.select import select as select
    from relvar.stmt.update import Update as Update
    from relvar.stmt.update import from_dml_column as from_dml_column
    from relvar.stmt.update import update as update
    from relvar.types import ARRAY as ARRAY
    from relvar.types import BIGINT as BIGINT
    from relvar.types import BINARY as BINARY
    from relvar.types import BLOB as BLOB
    from relvar.types import BOOLEAN as BOOLEAN
    from relvar.types import CHAR as CHAR
    from relvar.types import CLOB as CLOB
    from relvar.types import DATE as DATE
    from relvar.types import DATETIME as DATETIME
    from relvar.types import DECIMAL as DECIMAL
    from relvar.types import DOUBLE as DOUBLE
    from relvar.types import DOUBLE_PRECISION as DOUBLE_PRECISION
    from relvar.types import FLOAT as FLOAT
    from relvar.types import INT as INT
    from relvar.types import INTEGER as INTEGER
    from relvar.types import JSON as JSON
    from relvar.types import NCHAR as NCHAR
    from relvar.types import NUMERIC as NUMERIC
    from relvar.types import NVARCHAR as NVARCHAR
    from relvar.types import REAL as REAL
    from relvar.types import SMALLINT as SMALLINT
    from relvar.types import TEXT as TEXT
    from relvar.types import TIME as TIME
    from relvar.types import TIMESTAMP as TIMESTAMP
    from relvar.types import UUID as UUID
    from relvar.types import VARBINARY as VARBINARY
    from relvar.types import VARCHAR as VARCHAR
    from relvar.types import BigInteger as BigInteger
    from relvar.types import Boolean as Boolean
    from relvar.types import Date as Date
    from relvar.types import DateTime as DateTime
    from relvar.types import Double as Double
    from relvar.types import Enum as Enum
    from relvar.types import Float as Float
    from relvar.types import Integer as Integer
    from relvar.types import Interval as Interval
    from relvar.types import LargeBinary as LargeBinary
    from relvar.types import Numeric as Numeric
    from relvar.types import NumericCommon as NumericCommon
    from relvar.types import PickleType as PickleType
    from relvar.types import SmallInteger as SmallInteger
    from relvar.types import String as String
    from relvar.types import Text as Text
    from relvar.types import Time as Time
    from relvar.types import TupleType as TupleType
    from relvar.types import TypeDecorator as TypeDecorator
    from relvar.types import Unicode as Unicode
    from relvar.types import UnicodeText as UnicodeText
    from relvar.types import Uuid as Uuid

if TYPE_CHECKING:
    from relvar.compat.finder import install_as_sqlalchemy as install_as_sqlalchemy
    from relvar.dialect.inspector import Inspector as Inspector
    from relvar.engine.mock import create_mock_engine as create_mock_engine
    from relvar.expr.collate import between as between
    from relvar.expr.collate import collate as collate
    from relvar.expr.nullability import NotNullable as NotNullable
    from relvar.expr.nullability import Nullable as Nullable
    from relvar.expr.tstring import TString as TString
    from relvar.expr.tstring import tstring as tstring
    from relvar.relation.values import Values as Values
    from relvar.relation.values import values as values
    from relvar.schema.typedcolumns import Named as Named
    from relvar.schema.typedcolumns import TypedColumns as TypedColumns
    from relvar.schema.views import CreateTableAs as CreateTableAs
    from relvar.schema.views import CreateView as CreateView
    from relvar.stmt.lambdas import LambdaElement as LambdaElement
    from relvar.stmt.lambdas import StatementLambdaElement as StatementLambdaElement
    from relvar.stmt.lambdas import lambda_stmt as lambda_stmt
    from relvar.stmt.savepoint import ReleaseSavepointClause as ReleaseSavepointClause
    from relvar.stmt.savepoint import RollbackToSavepointClause as RollbackToSavepointClause
    from relvar.stmt.savepoint import SavepointClause as SavepointClause
    from relvar.stmt.textual import TextAsFrom as TextAsFrom
    from relvar.stmt.textual import TextualSelect as TextualSelect
    from relvar.stmt.upsert import Upsert as Upsert
    from relvar.stmt.upsert import upsert as upsert
else:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        names={
            "install_as_sqlalchemy": "relvar.compat.finder",
            "create_mock_engine": "relvar.engine.mock",
            "Inspector": "relvar.dialect.inspector",
            "between": "relvar.expr.collate",
            "collate": "relvar.expr.collate",
            "NotNullable": "relvar.expr.nullability",
            "Nullable": "relvar.expr.nullability",
            "TString": "relvar.expr.tstring",
            "tstring": "relvar.expr.tstring",
            "Values": "relvar.relation.values",
            "values": "relvar.relation.values",
            "Named": "relvar.schema.typedcolumns",
            "TypedColumns": "relvar.schema.typedcolumns",
            "CreateTableAs": "relvar.schema.views",
            "CreateView": "relvar.schema.views",
            "LambdaElement": "relvar.stmt.lambdas",
            "StatementLambdaElement": "relvar.stmt.lambdas",
            "lambda_stmt": "relvar.stmt.lambdas",
            "ReleaseSavepointClause": "relvar.stmt.savepoint",
            "RollbackToSavepointClause": "relvar.stmt.savepoint",
            "SavepointClause": "relvar.stmt.savepoint",
            "TextAsFrom": "relvar.stmt.textual",
            "TextualSelect": "relvar.stmt.textual",
            "Upsert": "relvar.stmt.upsert",
            "upsert": "relvar.stmt.upsert",
        },
    )
