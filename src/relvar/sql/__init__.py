"""
The SQL expression language.
"""

from typing import TYPE_CHECKING

from relvar.compile.base import COLLECT_CARTESIAN_PRODUCTS as COLLECT_CARTESIAN_PRODUCTS
from relvar.compile.base import FROM_LINTING as FROM_LINTING
from relvar.compile.base import NO_LINTING as NO_LINTING
from relvar.compile.base import WARN_LINTING as WARN_LINTING
from relvar.expr.bind import bindparam as bindparam
from relvar.expr.bind import literal as literal
from relvar.expr.bind import outparam as outparam
from relvar.expr.boolean import and_ as and_
from relvar.expr.boolean import not_ as not_
from relvar.expr.boolean import or_ as or_
from relvar.expr.case import case as case
from relvar.expr.cast import cast as cast
from relvar.expr.cast import extract as extract
from relvar.expr.cast import try_cast as try_cast
from relvar.expr.cast import type_coerce as type_coerce
from relvar.expr.column import column as column
from relvar.expr.column import literal_column as literal_column
from relvar.expr.element import ClauseElement as ClauseElement
from relvar.expr.element import ColumnElement as ColumnElement
from relvar.expr.executable import Executable as Executable
from relvar.expr.executable import ExecutableStatement as ExecutableStatement
from relvar.expr.function import func as func
from relvar.expr.function import modifier as modifier
from relvar.expr.grouping import False_ as False_
from relvar.expr.grouping import True_ as True_
from relvar.expr.grouping import false as false
from relvar.expr.grouping import null as null
from relvar.expr.grouping import true as true
from relvar.expr.label import label as label
from relvar.expr.names import quoted_name as quoted_name
from relvar.expr.sqlcore import ColumnExpressionArgument as ColumnExpressionArgument
from relvar.expr.sqlcore import SQLColumnExpression as SQLColumnExpression
from relvar.expr.text import TextClause as TextClause
from relvar.expr.text import text as text
from relvar.expr.traverse import ClauseVisitor as ClauseVisitor
from relvar.expr.tuple import tuple_ as tuple_
from relvar.expr.unary import all_ as all_
from relvar.expr.unary import any_ as any_
from relvar.expr.unary import asc as asc
from relvar.expr.unary import desc as desc
from relvar.expr.unary import distinct as distinct
from relvar.expr.unary import nulls_first as nulls_first
from relvar.expr.unary import nulls_last as nulls_last
from relvar.expr.unary import nullsfirst as nullsfirst
from relvar.expr.unary import nullslast as nullslast
from relvar.expr.window import aggregate_order_by as aggregate_order_by
from relvar.expr.window import funcfilter as funcfilter
from relvar.expr.window import over as over
from relvar.expr.window import within_group as within_group
from relvar.relation.alias import Alias as Alias
from relvar.relation.alias import TableSample as TableSample
from relvar.relation.alias import TableValuedAlias as TableValuedAlias
from relvar.relation.alias import TableValuedColumn as TableValuedColumn
from relvar.relation.alias import alias as alias
from relvar.relation.alias import lateral as lateral
from relvar.relation.alias import tablesample as tablesample
from relvar.relation.columns import ColumnCollection as ColumnCollection
from relvar.relation.columns import WriteableColumnCollection as WriteableColumnCollection
from relvar.relation.cte import cte as cte
from relvar.relation.from_ import FromClause as FromClause
from relvar.relation.from_ import Selectable as Selectable
from relvar.relation.join import Join as Join
from relvar.relation.join import join as join
from relvar.relation.join import outerjoin as outerjoin
from relvar.relation.subquery import Subquery as Subquery
from relvar.relation.tableclause import TableClause as TableClause
from relvar.relation.tableclause import table as table
from relvar.schema import DDL as DDL
from relvar.schema import BaseDDLElement as BaseDDLElement
from relvar.schema import CheckFirst as CheckFirst
from relvar.schema import DDLElement as DDLElement
from relvar.schema import ExecutableDDLElement as ExecutableDDLElement
from relvar.stmt.base import SyntaxExtension as SyntaxExtension
from relvar.stmt.compound import CompoundSelect as CompoundSelect
from relvar.stmt.compound import except_ as except_
from relvar.stmt.compound import except_all as except_all
from relvar.stmt.compound import intersect as intersect
from relvar.stmt.compound import intersect_all as intersect_all
from relvar.stmt.compound import union as union
from relvar.stmt.compound import union_all as union_all
from relvar.stmt.delete import Delete as Delete
from relvar.stmt.delete import delete as delete
from relvar.stmt.insert import Insert as Insert
from relvar.stmt.insert import insert as insert
from relvar.stmt.labels import LABEL_STYLE_DEFAULT as LABEL_STYLE_DEFAULT
from relvar.stmt.labels import LABEL_STYLE_DISAMBIGUATE_ONLY as LABEL_STYLE_DISAMBIGUATE_ONLY
from relvar.stmt.labels import LABEL_STYLE_NONE as LABEL_STYLE_NONE
from relvar.stmt.labels import LABEL_STYLE_TABLENAME_PLUS_COL as LABEL_STYLE_TABLENAME_PLUS_COL
from relvar.stmt.labels import SelectLabelStyle as SelectLabelStyle
from relvar.stmt.scalar import exists as exists
from relvar.stmt.select import Select as Select
from relvar.stmt.select import select as select
from relvar.stmt.update import Update as Update
from relvar.stmt.update import from_dml_column as from_dml_column
from relvar.stmt.update import update as update
from relvar.util.ondemand import on_demand

if TYPE_CHECKING:
    from relvar.expr.collate import between as between
    from relvar.expr.collate import collate as collate
    from relvar.expr.nullability import NotNullable as NotNullable
    from relvar.expr.nullability import Nullable as Nullable
    from relvar.expr.tstring import TString as TString
    from relvar.expr.tstring import tstring as tstring
    from relvar.relation.values import Values as Values
    from relvar.relation.values import values as values
    from relvar.sql import annotation as annotation
    from relvar.sql import base as base
    from relvar.sql import coercions as coercions
    from relvar.sql import compiler as compiler
    from relvar.sql import crud as crud
    from relvar.sql import ddl as ddl
    from relvar.sql import default_comparator as default_comparator
    from relvar.sql import dml as dml
    from relvar.sql import elements as elements
    from relvar.sql import expression as expression
    from relvar.sql import functions as functions
    from relvar.sql import naming as naming
    from relvar.sql import operators as operators
    from relvar.sql import roles as roles
    from relvar.sql import schema as schema
    from relvar.sql import selectable as selectable
    from relvar.sql import sqltypes as sqltypes
    from relvar.sql import traversals as traversals
    from relvar.sql import type_api as type_api
    from relvar.sql import util as util
    from relvar.sql import visitors as visitors
    from relvar.stmt.lambdas import LambdaElement as LambdaElement
    from relvar.stmt.lambdas import StatementLambdaElement as StatementLambdaElement
    from relvar.stmt.lambdas import lambda_stmt as lambda_stmt
else:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        modules=(
            "annotation",
            "base",
            "coercions",
            "compiler",
            "crud",
            "ddl",
            "default_comparator",
            "dml",
            "elements",
            "expression",
            "functions",
            "naming",
            "operators",
            "roles",
            "schema",
            "selectable",
            "sqltypes",
            "traversals",
            "type_api",
            "util",
            "visitors",
        ),
        names={
            "between": "relvar.expr.collate",
            "collate": "relvar.expr.collate",
            "NotNullable": "relvar.expr.nullability",
            "Nullable": "relvar.expr.nullability",
            "TString": "relvar.expr.tstring",
            "tstring": "relvar.expr.tstring",
            "Values": "relvar.relation.values",
            "values": "relvar.relation.values",
            "LambdaElement": "relvar.stmt.lambdas",
            "StatementLambdaElement": "relvar.stmt.lambdas",
            "lambda_stmt": "relvar.stmt.lambdas",
        },
    )
