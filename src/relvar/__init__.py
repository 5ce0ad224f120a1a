"""relvar: a SQL toolkit and object-relational mapper."""

from typing import TYPE_CHECKING

from relvar.util.ondemand import collector_paused, on_demand

with collector_paused():
    from relvar import dialects, engine, event, exc, inspection, pool, schema, sql, types
    from relvar._kernels import is_compiled
    from relvar._version import __version__
    from relvar.compile.base import (
        Compiled,
    )
    from relvar.compile.typesql import (
        TypeCompiler,
    )
    from relvar.dialect.interface import (
        AdaptedConnection,
        BindTyping,
        CreateEnginePlugin,
        Dialect,
        ExceptionContext,
        ExecutionContext,
    )
    from relvar.engine.base import (
        Connection,
        Engine,
    )
    from relvar.engine.create import (
        create_engine,
        create_pool_from_url,
        engine_from_config,
    )
    from relvar.engine.transactions import (
        NestedTransaction,
        RootTransaction,
        Transaction,
        TwoPhaseTransaction,
    )
    from relvar.engine.url import (
        URL,
        make_url,
    )
    from relvar.expr.binary import (
        BinaryExpression,
    )
    from relvar.expr.bind import (
        BindParameter,
        bindparam,
        literal,
        outparam,
    )
    from relvar.expr.boolean import (
        BooleanClauseList,
        and_,
        not_,
        or_,
    )
    from relvar.expr.case import (
        Case,
        case,
    )
    from relvar.expr.cast import (
        Cast,
        Extract,
        TryCast,
        TypeCoerce,
        cast,
        extract,
        try_cast,
        type_coerce,
    )
    from relvar.expr.column import (
        ColumnClause,
        column,
        literal_column,
    )
    from relvar.expr.element import (
        ClauseElement,
        ColumnElement,
    )
    from relvar.expr.executable import (
        Executable,
    )
    from relvar.expr.function import (
        Function,
        FunctionElement,
        func,
        modifier,
    )
    from relvar.expr.grouping import (
        ClauseList,
        False_,
        Grouping,
        Null,
        True_,
        TypeClause,
        false,
        null,
        true,
    )
    from relvar.expr.label import (
        Label,
        label,
    )
    from relvar.expr.names import (
        quoted_name,
    )
    from relvar.expr.node import (
        CacheKey,
        Visitable,
    )
    from relvar.expr.operate import (
        ColumnOperators,
        Operators,
    )
    from relvar.expr.operators import (
        custom_op,
    )
    from relvar.expr.sqlcore import (
        ColumnExpressionArgument,
        SQLColumnExpression,
    )
    from relvar.expr.text import (
        TextClause,
        text,
    )
    from relvar.expr.tuple import (
        Tuple,
        tuple_,
    )
    from relvar.expr.unary import (
        CollectionAggregate,
        UnaryExpression,
        all_,
        any_,
        asc,
        bitwise_not,
        desc,
        distinct,
        nulls_first,
        nulls_last,
        nullsfirst,
        nullslast,
    )
    from relvar.expr.window import (
        AggregateOrderBy,
        FrameClause,
        FrameClauseType,
        FunctionFilter,
        OrderByList,
        Over,
        WithinGroup,
        aggregate_order_by,
        funcfilter,
        over,
        within_group,
    )
    from relvar.inspection import (
        inspect,
    )
    from relvar.pool import (
        AssertionPool,
        AsyncAdaptedQueuePool,
        NullPool,
        Pool,
        PoolProxiedConnection,
        PoolResetState,
        QueuePool,
        SingletonThreadPool,
        StaticPool,
    )
    from relvar.relation.affix import (
        HasPrefixes,
        HasSuffixes,
    )
    from relvar.relation.alias import (
        Alias,
        AliasedReturnsRows,
        Lateral,
        TableSample,
        TableValuedAlias,
        TableValuedColumn,
        alias,
        lateral,
        tablesample,
    )
    from relvar.relation.columns import (
        ColumnCollection,
    )
    from relvar.relation.cte import (
        CTE,
        HasCTE,
        cte,
    )
    from relvar.relation.from_ import (
        FromClause,
        FromGrouping,
        ReturnsRows,
        Selectable,
    )
    from relvar.relation.join import (
        Join,
        join,
        outerjoin,
    )
    from relvar.relation.subquery import (
        Subquery,
    )
    from relvar.relation.tableclause import (
        TableClause,
        table,
    )
    from relvar.rows.cursor import (
        CursorResult,
    )
    from relvar.rows.layout import (
        result_tuple,
    )
    from relvar.rows.result import (
        ChunkedIteratorResult,
        FrozenResult,
        IteratorResult,
        MappingResult,
        MergedResult,
        Result,
        ScalarResult,
    )
    from relvar.rows.row import (
        Row,
        RowMapping,
    )
    from relvar.schema import (
        BLANK_SCHEMA,
        DDL,
        BaseDDLElement,
        CheckConstraint,
        CheckFirst,
        Column,
        ColumnDefault,
        Computed,
        Constraint,
        CreateTable,
        DDLElement,
        DefaultClause,
        DropTable,
        DropView,
        ExecutableDDLElement,
        FetchedValue,
        ForeignKey,
        ForeignKeyConstraint,
        ForeignKeyTarget,
        Identity,
        Index,
        MetaData,
        PrimaryKeyConstraint,
        Sequence,
        Table,
        UniqueConstraint,
        insert_sentinel,
    )
    from relvar.stmt.base import (
        GenerativeSelect,
        SelectBase,
    )
    from relvar.stmt.compound import (
        CompoundSelect,
        except_,
        except_all,
        intersect,
        intersect_all,
        union,
        union_all,
    )
    from relvar.stmt.delete import (
        Delete,
        delete,
    )
    from relvar.stmt.dml import (
        UpdateBase,
        ValuesBase,
    )
    from relvar.stmt.insert import (
        Insert,
        insert,
    )
    from relvar.stmt.labels import (
        LABEL_STYLE_DEFAULT,
        LABEL_STYLE_DISAMBIGUATE_ONLY,
        LABEL_STYLE_NONE,
        LABEL_STYLE_TABLENAME_PLUS_COL,
        SelectLabelStyle,
    )
    from relvar.stmt.scalar import (
        Exists,
        ScalarSelect,
        exists,
    )
    from relvar.stmt.select import (
        Select,
        select,
    )
    from relvar.stmt.update import (
        Update,
        from_dml_column,
        update,
    )
    from relvar.types import (
        ARRAY,
        BIGINT,
        BINARY,
        BLOB,
        BOOLEAN,
        CHAR,
        CLOB,
        DATE,
        DATETIME,
        DECIMAL,
        DOUBLE,
        DOUBLE_PRECISION,
        FLOAT,
        INT,
        INTEGER,
        JSON,
        NCHAR,
        NUMERIC,
        NVARCHAR,
        REAL,
        SMALLINT,
        TEXT,
        TIME,
        TIMESTAMP,
        UUID,
        VARBINARY,
        VARCHAR,
        BigInteger,
        Boolean,
        Date,
        DateTime,
        Double,
        Enum,
        Float,
        Integer,
        Interval,
        LargeBinary,
        Numeric,
        NumericCommon,
        PickleType,
        SmallInteger,
        String,
        Text,
        Time,
        TupleType,
        TypeDecorator,
        Unicode,
        UnicodeText,
        Uuid,
    )

if TYPE_CHECKING:
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
