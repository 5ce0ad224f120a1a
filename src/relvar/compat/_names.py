# Written by tools/face.py from tools/face.tsv and tools/face.toml: change those.
"""
Which names SQLAlchemy's modules have that relvar keeps elsewhere, and which modules classes are to name.
"""

ELSEWHERE: dict[str, dict[str, str]] = {
    "sqlalchemy": {
        "BaseRow": "relvar.rows.row:Row",
        "ResultProxy": "relvar:CursorResult",
    },
    "sqlalchemy.connectors": {
        "Connector": "relvar.compat.dialects:Connector",
    },
    "sqlalchemy.connectors.asyncio": {
        "AsyncIODBAPIConnection": "relvar.compat.dialects:AsyncIODBAPIConnection",
    },
    "sqlalchemy.dialects.mssql.base": {
        "BIT": "relvar.dialects.mssql.types:BIT",
        "DATETIME2": "relvar.dialects.mssql.types:DATETIME2",
        "DATETIMEOFFSET": "relvar.dialects.mssql.types:DATETIMEOFFSET",
        "DOUBLE_PRECISION": "relvar.dialects.mssql.types:DOUBLE_PRECISION",
        "IMAGE": "relvar.dialects.mssql.types:IMAGE",
        "MONEY": "relvar.dialects.mssql.types:MONEY",
        "NTEXT": "relvar.dialects.mssql.types:NTEXT",
        "REAL": "relvar.dialects.mssql.types:REAL",
        "ROWVERSION": "relvar.dialects.mssql.types:ROWVERSION",
        "SMALLDATETIME": "relvar.dialects.mssql.types:SMALLDATETIME",
        "SMALLMONEY": "relvar.dialects.mssql.types:SMALLMONEY",
        "SQL_VARIANT": "relvar.dialects.mssql.types:SQL_VARIANT",
        "TIME": "relvar.dialects.mssql.types:TIME",
        "TIMESTAMP": "relvar.dialects.mssql.types:TIMESTAMP",
        "TINYINT": "relvar.dialects.mssql.types:TINYINT",
        "UNIQUEIDENTIFIER": "relvar.dialects.mssql.types:UNIQUEIDENTIFIER",
        "VARBINARY": "relvar.dialects.mssql.types:VARBINARY",
        "XML": "relvar.dialects.mssql.types:XML",
    },
    "sqlalchemy.dialects.mssql.json": {
        "JSON": "relvar.dialects.mssql.types:JSON",
    },
    "sqlalchemy.dialects.mysql.base": {
        "BIGINT": "relvar.dialects.mysql:BIGINT",
        "BINARY": "relvar.dialects.mysql:BINARY",
        "BIT": "relvar.dialects.mysql:BIT",
        "BLOB": "relvar.dialects.mysql:BLOB",
        "BOOLEAN": "relvar.dialects.mysql:BOOLEAN",
        "CHAR": "relvar.dialects.mysql:CHAR",
        "DATE": "relvar.dialects.mysql:DATE",
        "DATETIME": "relvar.dialects.mysql:DATETIME",
        "DECIMAL": "relvar.dialects.mysql:DECIMAL",
        "DOUBLE": "relvar.dialects.mysql:DOUBLE",
        "ENUM": "relvar.dialects.mysql:ENUM",
        "FLOAT": "relvar.dialects.mysql:FLOAT",
        "INTEGER": "relvar.dialects.mysql:INTEGER",
        "JSON": "relvar.dialects.mysql:JSON",
        "LONGBLOB": "relvar.dialects.mysql:LONGBLOB",
        "LONGTEXT": "relvar.dialects.mysql:LONGTEXT",
        "MEDIUMBLOB": "relvar.dialects.mysql:MEDIUMBLOB",
        "MEDIUMINT": "relvar.dialects.mysql:MEDIUMINT",
        "MEDIUMTEXT": "relvar.dialects.mysql:MEDIUMTEXT",
        "MSTinyInteger": "relvar.dialects.mysql:TINYINT",
        "NCHAR": "relvar.dialects.mysql:NCHAR",
        "NUMERIC": "relvar.dialects.mysql:NUMERIC",
        "NVARCHAR": "relvar.dialects.mysql:NVARCHAR",
        "REAL": "relvar.dialects.mysql:REAL",
        "SET": "relvar.dialects.mysql:SET",
        "SMALLINT": "relvar.dialects.mysql:SMALLINT",
        "TEXT": "relvar.dialects.mysql:TEXT",
        "TIME": "relvar.dialects.mysql:TIME",
        "TIMESTAMP": "relvar.dialects.mysql:TIMESTAMP",
        "TINYBLOB": "relvar.dialects.mysql:TINYBLOB",
        "TINYINT": "relvar.dialects.mysql:TINYINT",
        "TINYTEXT": "relvar.dialects.mysql:TINYTEXT",
        "VARBINARY": "relvar.dialects.mysql:VARBINARY",
        "VARCHAR": "relvar.dialects.mysql:VARCHAR",
        "YEAR": "relvar.dialects.mysql:YEAR",
        "_DecodingRow": "relvar.compat.dialects:_DecodingRow",
    },
    "sqlalchemy.dialects.mysql.enumerated": {
        "ENUM": "relvar.dialects.mysql.choices:ENUM",
        "SET": "relvar.dialects.mysql.choices:SET",
    },
    "sqlalchemy.dialects.mysql.json": {
        "JSON": "relvar.types.json:JSON",
    },
    "sqlalchemy.dialects.mysql.mariadb": {
        "INET4": "relvar.dialects.mysql.types:INET4",
        "INET6": "relvar.dialects.mysql.types:INET6",
    },
    "sqlalchemy.dialects.mysql.reflection": {
        "MySQLTableDefinitionParser": "relvar.compat.dialects:MySQLTableDefinitionParser",
        "ReflectedState": "relvar.compat.dialects:ReflectedState",
        "_re_compile": "relvar.compat.dialects:_re_compile",
    },
    "sqlalchemy.dialects.oracle.json": {
        "JSON": "relvar.dialects.oracle.types:JSON",
    },
    "sqlalchemy.dialects.postgresql.base": {
        "IDX_USING": "relvar.compat.dialects:IDX_USING",
    },
    "sqlalchemy.dialects.postgresql.ext": {
        "aggregate_order_by": "relvar.dialects.postgresql.clauses:aggregate_order_by",
        "phraseto_tsquery": "relvar.dialects.postgresql.textsearch:phraseto_tsquery",
        "plainto_tsquery": "relvar.dialects.postgresql.textsearch:plainto_tsquery",
        "to_tsquery": "relvar.dialects.postgresql.textsearch:to_tsquery",
        "to_tsvector": "relvar.dialects.postgresql.textsearch:to_tsvector",
        "ts_headline": "relvar.dialects.postgresql.textsearch:ts_headline",
        "websearch_to_tsquery": "relvar.dialects.postgresql.textsearch:websearch_to_tsquery",
    },
    "sqlalchemy.dialects.postgresql.psycopg": {
        "PGCompiler_psycopg": "relvar.dialects.postgresql.base:PGCompiler",
    },
    "sqlalchemy.dialects.postgresql.psycopg2": {
        "PGIdentifierPreparer_psycopg2": "relvar.compat.dialects:PGIdentifierPreparer_psycopg2",
    },
    "sqlalchemy.dialects.sqlite.json": {
        "JSON": "relvar.dialects.sqlite.types:JSON",
        "JSONB": "relvar.dialects.sqlite.types:JSONB",
    },
    "sqlalchemy.engine": {
        "BaseRow": "relvar.rows.row:Row",
        "Connectable": "relvar.engine.base:ConnectionEventsTarget",
        "ResultProxy": "relvar:CursorResult",
        "ddl": "sqlalchemy.sql.ddl",
    },
    "sqlalchemy.engine._processors_cy": {
        "to_float": "relvar._kernels.convert:to_float",
        "to_str": "relvar._kernels.convert:to_str",
    },
    "sqlalchemy.engine._row_cy": {
        "Row": "relvar.rows.row:Row",
        "rowproxy_reconstructor": "relvar.compat.pickled:rowproxy_reconstructor",
    },
    "sqlalchemy.engine.cursor": {
        "CursorFetchStrategy": "relvar.engine.fetching:CursorFetchStrategy",
        "CursorResult": "relvar.rows.cursor:CursorResult",
        "CursorResultMetaData": "relvar.compat.pickled:CursorResultMetaData",
        "FullyBufferedCursorFetchStrategy": "relvar.engine.fetching:FullyBufferedCursorFetchStrategy",
        "_NO_CURSOR_DML": "relvar.engine.fetching:NO_CURSOR_DML",
    },
    "sqlalchemy.engine.interfaces": {
        "PoolProxiedConnection": "relvar.pool.record:PoolProxiedConnection",
        "_CoreAnyExecuteParams": "relvar.compat.older:_CoreAnyExecuteParams",
        "_CoreSingleExecuteParams": "relvar.compat.older:_CoreSingleExecuteParams",
        "_DBAPICursorDescription": "relvar.compat.dialects:_DBAPICursorDescription",
        "_DBAPIMultiExecuteParams": "relvar.compat.dialects:_DBAPIMultiExecuteParams",
        "_DBAPISingleExecuteParams": "relvar.compat.dialects:_DBAPISingleExecuteParams",
    },
    "sqlalchemy.engine.processors": {
        "str_to_date": "relvar._kernels.convert:str_to_date",
        "str_to_datetime": "relvar._kernels.convert:str_to_datetime",
        "to_decimal_processor_factory": "relvar.compat.dialects:to_decimal_processor_factory",
        "to_float": "relvar._kernels.convert:to_float",
        "to_str": "relvar._kernels.convert:to_str",
    },
    "sqlalchemy.engine.reflection": {
        "_ReflectionInfo": "relvar.dialect.gather:ReflectionInfo",
    },
    "sqlalchemy.engine.result": {
        "ChunkedIteratorResult": "relvar.rows.result:ChunkedIteratorResult",
        "FilterResult": "relvar.rows.result:FilterResult",
        "FrozenResult": "relvar.rows.result:FrozenResult",
        "IteratorResult": "relvar.rows.result:IteratorResult",
        "MappingResult": "relvar.rows.result:MappingResult",
        "MergedResult": "relvar.rows.result:MergedResult",
        "Result": "relvar.rows.result:Result",
        "ScalarResult": "relvar.rows.result:ScalarResult",
        "SimpleResultMetaData": "relvar.compat.pickled:SimpleResultMetaData",
        "TupleResult": "relvar.rows.result:TupleResult",
    },
    "sqlalchemy.engine.row": {
        "Row": "relvar.rows.row:Row",
        "RowMapping": "relvar.rows.row:RowMapping",
    },
    "sqlalchemy.engine.strategies": {
        "MockEngineStrategy": "relvar.compat.older:MockEngineStrategy",
    },
    "sqlalchemy.event.attr": {
        "RefCollection": "relvar.event.dispatch:RefCollection",
    },
    "sqlalchemy.event.base": {
        "Events": "relvar.event.events:Events",
        "dispatcher": "relvar.event.dispatch:dispatcher",
    },
    "sqlalchemy.event.registry": {
        "EventTarget": "relvar.event.events:EventTarget",
    },
    "sqlalchemy.ext.asyncio.session": {
        "AsyncAttrs": "relvar.ext.asyncio.attrs:AsyncAttrs",
        "_EXECUTE_OPTIONS": "relvar.compat.older:_EXECUTE_OPTIONS",
        "async_sessionmaker": "relvar.ext.asyncio.maker:async_sessionmaker",
    },
    "sqlalchemy.ext.declarative.extensions": {
        "AbstractConcreteBase": "relvar.ext.declarative.concrete:AbstractConcreteBase",
        "ConcreteBase": "relvar.ext.declarative.concrete:ConcreteBase",
        "DeferredReflection": "relvar.ext.declarative.deferred:DeferredReflection",
    },
    "sqlalchemy.future": {
        "Connection": "relvar.engine:Connection",
        "Engine": "relvar.engine:Engine",
        "create_engine": "relvar:create_engine",
        "select": "relvar:select",
    },
    "sqlalchemy.future.engine": {
        "Connection": "relvar.engine:Connection",
        "Engine": "relvar.engine:Engine",
        "create_engine": "relvar:create_engine",
    },
    "sqlalchemy.log": {
        "class_logger": "relvar.compat.dialects:class_logger",
    },
    "sqlalchemy.orm": {
        "AliasOption": "relvar.compat.older:AliasOption",
        "QueryContext": "relvar.compat.older:QueryContext",
        "contains_alias": "relvar.compat.older:contains_alias",
        "create_session": "relvar.compat.older:create_session",
        "mapperlib": "sqlalchemy.orm.mapper",
    },
    "sqlalchemy.orm._orm_constructors": {
        "_mapper_fn": "relvar.orm:mapper",
        "aliased": "relvar.orm:aliased",
        "backref": "relvar.orm:backref",
        "clear_mappers": "relvar.orm:clear_mappers",
        "column_property": "relvar.orm:column_property",
        "composite": "relvar.orm:composite",
        "deferred": "relvar.orm:deferred",
        "dynamic_loader": "relvar.orm:dynamic_loader",
        "join": "relvar.orm:join",
        "mapped_column": "relvar.orm:mapped_column",
        "query_expression": "relvar.orm:query_expression",
        "relationship": "relvar.orm:relationship",
        "synonym": "relvar.orm:synonym",
        "with_loader_criteria": "relvar.orm:with_loader_criteria",
    },
    "sqlalchemy.orm._typing": {
        "OrmExecuteOptionsParameter": "relvar.compat.older:OrmExecuteOptionsParameter",
    },
    "sqlalchemy.orm.attributes": {
        "_ScalarAttributeImpl": "relvar.compat.attributes:_ScalarAttributeImpl",
        "_register_attribute": "relvar.compat.attributes:_register_attribute",
    },
    "sqlalchemy.orm.base": {
        "Unmapped": "relvar.orm.mapping.interfaces:Unmapped",
    },
    "sqlalchemy.orm.clsregistry": {
        "_ModuleMarker": "relvar.compat.older:_ModuleMarker",
        "_class_resolver": "relvar.compat.older:_class_resolver",
    },
    "sqlalchemy.orm.context": {
        "FromStatement": "relvar.orm.load.from_statement:FromStatement",
        "QueryContext": "relvar.compat.older:QueryContext",
        "_ColumnEntity": "relvar.orm.query.lookedinto:_ColumnEntity",
        "_MapperEntity": "relvar.orm.query.lookedinto:_MapperEntity",
        "_ORMSelectCompileState": "relvar.orm.query.lookedinto:_ORMSelectCompileState",
    },
    "sqlalchemy.orm.decl_api": {
        "DCTransformDeclarative": "relvar.orm.declarative.bases:DeclarativeAttributeIntercept",
        "DeclarativeAttributeIntercept": "relvar.orm.declarative.bases:DeclarativeAttributeIntercept",
        "DeclarativeBase": "relvar.orm.declarative.bases:DeclarativeBase",
        "DeclarativeBaseNoMeta": "relvar.orm.declarative.bases:DeclarativeBaseNoMeta",
        "DeclarativeMeta": "relvar.orm.declarative.bases:DeclarativeMeta",
        "MappedAsDataclass": "relvar.orm.declarative.bases:MappedAsDataclass",
        "TypeResolve": "relvar.orm.declarative.typemap:TypeResolve",
        "declarative_base": "relvar.orm:declarative_base",
        "declarative_mixin": "relvar.orm:declarative_mixin",
        "declared_attr": "relvar.orm.declarative.declared:declared_attr",
        "registry": "relvar.orm.mapping.registry:registry",
        "synonym_for": "relvar.orm:synonym_for",
    },
    "sqlalchemy.orm.decl_base": {
        "MappedClassProtocol": "relvar.orm.mapping.interfaces:MappedClassProtocol",
        "_TableArgsType": "relvar.compat.older:_TableArgsType",
        "_declarative_constructor": "relvar._kernels.attributes:default_constructor",
    },
    "sqlalchemy.orm.descriptor_props": {
        "Composite": "relvar.orm.mapping.composite:Composite",
        "CompositeProperty": "relvar.orm.mapping.composite:CompositeProperty",
        "ConcreteInheritedProperty": "relvar.orm.mapping.concrete:ConcreteInheritedProperty",
        "Synonym": "relvar.orm.mapping.descriptors:Synonym",
        "SynonymProperty": "relvar.orm.mapping.descriptors:SynonymProperty",
    },
    "sqlalchemy.orm.dynamic": {
        "AppenderQuery": "relvar.orm.query.dynamic:AppenderQuery",
    },
    "sqlalchemy.orm.identity": {
        "IdentityMap": "relvar._kernels.identity:IdentityMap",
    },
    "sqlalchemy.orm.interfaces": {
        "LoaderOption": "relvar.orm.load.options:LoaderOption",
        "ORMOption": "relvar.expr.executable:ExecutableOption",
    },
    "sqlalchemy.orm.mapped_collection": {
        "KeyFuncDict": "relvar.orm.state.collections:KeyFuncDict",
        "attribute_keyed_dict": "relvar.orm:attribute_keyed_dict",
        "column_keyed_dict": "relvar.orm:column_keyed_dict",
        "keyfunc_mapping": "relvar.orm:keyfunc_mapping",
    },
    "sqlalchemy.orm.mapper": {
        "Mapper": "relvar.orm.mapping.mapper:Mapper",
        "_all_registries": "relvar.compat.older:_all_registries",
        "configure_mappers": "relvar.orm:configure_mappers",
        "reconstructor": "relvar.orm:reconstructor",
        "validates": "relvar.orm:validates",
    },
    "sqlalchemy.orm.properties": {
        "ColumnProperty": "relvar.orm.mapping.columns:ColumnProperty",
        "MappedColumn": "relvar.orm.mapping.columns:MappedColumn",
        "MappedSQLExpression": "relvar.orm.mapping.columns:MappedSQLExpression",
    },
    "sqlalchemy.orm.query": {
        "AliasOption": "relvar.compat.older:AliasOption",
        "QueryContext": "relvar.compat.older:QueryContext",
    },
    "sqlalchemy.orm.relationships": {
        "Relationship": "relvar.orm.mapping.relationship:Relationship",
        "RelationshipProperty": "relvar.orm.mapping.relationship:RelationshipProperty",
        "foreign": "relvar.orm:foreign",
    },
    "sqlalchemy.orm.scoping": {
        "QueryPropertyDescriptor": "relvar.orm.session.scoped:QueryPropertyDescriptor",
        "scoped_session": "relvar.orm.session.scoped:scoped_session",
    },
    "sqlalchemy.orm.session": {
        "JoinTransactionMode": "relvar.compat.older:JoinTransactionMode",
        "SessionTransactionState": "relvar.orm.session.transaction_states:TransactionState",
        "_BindArguments": "relvar.compat.dialects:_BindArguments",
        "_S": "relvar.compat.dialects:_S",
        "_state_session": "relvar.compat.older:_state_session",
    },
    "sqlalchemy.orm.strategy_options": {
        "Load": "relvar.orm.load.options:Load",
        "_AbstractLoad": "relvar.orm.load.options:LoaderOption",
        "contains_eager": "relvar.orm:contains_eager",
        "defaultload": "relvar.orm:defaultload",
        "defer": "relvar.orm:defer",
        "joinedload": "relvar.orm:joinedload",
        "lazyload": "relvar.orm:lazyload",
        "load_only": "relvar.orm:load_only",
        "noload": "relvar.orm:noload",
        "raiseload": "relvar.orm:raiseload",
        "selectinload": "relvar.orm:selectinload",
        "subqueryload": "relvar.orm:subqueryload",
        "with_expression": "relvar.orm:with_expression",
    },
    "sqlalchemy.orm.unitofwork": {
        "UOWTransaction": "relvar.orm.flush.unit:UOWTransaction",
    },
    "sqlalchemy.orm.util": {
        "Bundle": "relvar.orm.load.bundle:Bundle",
        "DictBundle": "relvar.orm.load.bundle:DictBundle",
        "EntityJoin": "relvar.orm.load.orm_join:EntityJoin",
        "LoaderCriteriaOption": "relvar.orm.load.criteria:LoaderCriteriaOption",
        "_ORMJoin": "relvar.orm.load.orm_join:EntityJoin",
    },
    "sqlalchemy.orm.writeonly": {
        "WriteOnlyCollection": "relvar.orm.load.writeonly:WriteOnlyCollection",
    },
    "sqlalchemy.pool": {
        "_ConnectionFairy": "relvar.pool.record:ConnectionFairy",
        "_ConnectionRecord": "relvar.pool.record:ConnectionRecord",
    },
    "sqlalchemy.pool.base": {
        "ConnectionPoolEntry": "relvar.pool.record:ConnectionPoolEntry",
        "ManagesConnection": "relvar.pool.record:ManagesConnection",
        "PoolResetState": "relvar.pool.reset:PoolResetState",
        "_ConnectionFairy": "relvar.pool.record:ConnectionFairy",
        "_ConnectionRecord": "relvar.pool.record:ConnectionRecord",
    },
    "sqlalchemy.pool.impl": {
        "AssertionPool": "relvar.pool.pools:AssertionPool",
        "AsyncAdaptedQueuePool": "relvar.pool.pools:AsyncAdaptedQueuePool",
        "NullPool": "relvar.pool.pools:NullPool",
        "QueuePool": "relvar.pool.pools:QueuePool",
        "SingletonThreadPool": "relvar.pool.pools:SingletonThreadPool",
        "StaticPool": "relvar.pool.pools:StaticPool",
    },
    "sqlalchemy.sql._dml_constructors": {
        "delete": "relvar:delete",
        "insert": "relvar:insert",
        "update": "relvar:update",
    },
    "sqlalchemy.sql._elements_constructors": {
        "all_": "relvar:all_",
        "and_": "relvar:and_",
        "any_": "relvar:any_",
        "asc": "relvar:asc",
        "between": "relvar:between",
        "bindparam": "relvar:bindparam",
        "bitwise_not": "relvar:bitwise_not",
        "case": "relvar:case",
        "cast": "relvar:cast",
        "collate": "relvar:collate",
        "column": "relvar:column",
        "desc": "relvar:desc",
        "distinct": "relvar:distinct",
        "extract": "relvar:extract",
        "false": "relvar:false",
        "funcfilter": "relvar:funcfilter",
        "label": "relvar:label",
        "not_": "relvar:not_",
        "null": "relvar:null",
        "nulls_first": "relvar:nulls_first",
        "nulls_last": "relvar:nulls_last",
        "or_": "relvar:or_",
        "outparam": "relvar:outparam",
        "over": "relvar:over",
        "text": "relvar:text",
        "true": "relvar:true",
        "try_cast": "relvar:try_cast",
        "tuple_": "relvar:tuple_",
        "type_coerce": "relvar:type_coerce",
        "within_group": "relvar:within_group",
    },
    "sqlalchemy.sql._selectable_constructors": {
        "alias": "relvar:alias",
        "except_": "relvar:except_",
        "except_all": "relvar:except_all",
        "exists": "relvar:exists",
        "intersect": "relvar:intersect",
        "intersect_all": "relvar:intersect_all",
        "join": "relvar:join",
        "lateral": "relvar:lateral",
        "outerjoin": "relvar:outerjoin",
        "select": "relvar:select",
        "table": "relvar:table",
        "tablesample": "relvar:tablesample",
        "union": "relvar:union",
        "union_all": "relvar:union_all",
        "values": "relvar:values",
    },
    "sqlalchemy.sql._typing": {
        "_DMLTableArgument": "relvar.compat.older:_DMLTableArgument",
        "_InfoType": "relvar.compat.dialects:_InfoType",
        "is_sql_compiler": "relvar.compat.dialects:is_sql_compiler",
    },
    "sqlalchemy.sql.base": {
        "SchemaVisitable": "relvar.schema.base:SchemaVisitable",
        "SchemaVisitor": "relvar.schema.base:SchemaVisitor",
        "_NoArg": "relvar.compat.dialects:_NoArg",
        "_exclusive_against": "relvar.compat.dialects:_exclusive_against",
    },
    "sqlalchemy.sql.cache_key": {
        "CacheKey": "relvar.expr.node:CacheKey",
        "HasCacheKey": "relvar.sql.traversals:HasCacheKey",
    },
    "sqlalchemy.sql.coercions": {
        "_is_literal": "relvar.compat.dialects:_is_literal",
        "expect_as_key": "relvar.compat.dialects:expect_as_key",
    },
    "sqlalchemy.sql.compiler": {
        "BIND_PARAMS": "relvar.compat.dialects:BIND_PARAMS",
        "BIND_PARAMS_ESC": "relvar.compat.dialects:BIND_PARAMS_ESC",
        "FUNCTIONS": "relvar.compat.dialects:FUNCTIONS",
        "_from_objects": "relvar.compat.dialects:_from_objects",
        "cast": "typing:cast",
        "selectable": "relvar.sql.selectable",
    },
    "sqlalchemy.sql.default_comparator": {
        "_binary_operate": "relvar.expr.compare:_binary",
    },
    "sqlalchemy.sql.dml": {
        "InsertDMLState": "relvar.compat.dialects:InsertDMLState",
        "ReturningDelete": "relvar.sql.dml:Delete",
        "ReturningInsert": "relvar.sql.dml:Insert",
        "ReturningUpdate": "relvar.sql.dml:Update",
        "_DMLColumnElement": "relvar.compat.older:_DMLColumnElement",
        "isinsert": "relvar.compat.dialects:isinsert",
        "isupdate": "relvar.compat.dialects:isupdate",
    },
    "sqlalchemy.sql.elements": {
        "KeyedColumnElement": "relvar.sql.elements:ColumnElement",
        "LabelReference": "relvar.expr.label:LabelReference",
        "TString": "relvar.expr.tstring:TString",
        "_corresponding_column_or_error": "relvar.compat.dialects:_corresponding_column_or_error",
        "operators": "relvar.sql.operators",
    },
    "sqlalchemy.sql.events": {
        "DDLEvents": "relvar.schema.events:DDLEvents",
    },
    "sqlalchemy.sql.functions": {
        "operators": "relvar.sql.operators",
    },
    "sqlalchemy.sql.lambdas": {
        "LambdaElement": "relvar.stmt.lambdas:LambdaElement",
        "StatementLambdaElement": "relvar.stmt.lambdas:StatementLambdaElement",
        "lambda_stmt": "relvar:lambda_stmt",
    },
    "sqlalchemy.sql.naming": {
        "_constraint_name_for_table": "relvar.schema.naming:constraint_name_for_table",
    },
    "sqlalchemy.sql.operators": {
        "_PRECEDENCE": "relvar.expr.operators:PRECEDENCE",
    },
    "sqlalchemy.sql.schema": {
        "SentinelDefault": "relvar.schema.defaults:SentinelDefault",
        "_InsertSentinelColumnDefault": "relvar.schema.defaults:SentinelDefault",
        "_NamingSchemaParameter": "relvar.compat.older:_NamingSchemaParameter",
        "quoted_name": "relvar.expr.names:quoted_name",
    },
    "sqlalchemy.sql.selectable": {
        "ForUpdateParameter": "relvar.compat.older:ForUpdateParameter",
        "NamedFromClause": "relvar.sql.selectable:FromClause",
        "_from_objects": "relvar.compat.dialects:_from_objects",
    },
    "sqlalchemy.sql.sqltypes": {
        "STRINGTYPE": "relvar.compat.dialects:STRINGTYPE",
        "_AbstractInterval": "relvar.types.temporal:_AbstractInterval",
        "_UUID_RETURN": "relvar.compat.dialects:_UUID_RETURN",
    },
    "sqlalchemy.sql.type_api": {
        "STRINGTYPE": "relvar.compat.dialects:STRINGTYPE",
        "_BindProcessorType": "relvar.compat.dialects:_BindProcessorType",
        "_LiteralProcessorType": "relvar.compat.dialects:_LiteralProcessorType",
        "_ResultProcessorType": "relvar.compat.dialects:_ResultProcessorType",
        "_is_native_for_emulated": "relvar.compat.dialects:_is_native_for_emulated",
    },
    "sqlalchemy.sql.visitors": {
        "Traversible": "relvar.sql.visitors:Visitable",
        "_TraverseInternalsType": "relvar.compat.dialects:_TraverseInternalsType",
    },
    "sqlalchemy.testing.requirements": {
        "exclusions": "relvar.testing.exclusions",
    },
    "sqlalchemy.util": {
        "counter": "relvar.compat.dialects:counter",
    },
    "sqlalchemy.util._collections": {
        "to_list": "relvar.util:to_list",
        "update_copy": "relvar.util:update_copy",
    },
    "sqlalchemy.util._collections_cy": {
        "OrderedSet": "relvar.util.ordered:OrderedSet",
        "unique_list": "relvar.util.ordered:unique_list",
    },
    "sqlalchemy.util._immutabledict_cy": {
        "immutabledict": "relvar.util.immutable:immutabledict",
    },
    "sqlalchemy.util.concurrency": {
        "asyncio": "asyncio",
    },
    "sqlalchemy.util.deprecations": {
        "deprecated": "relvar.util:deprecated",
        "warn_deprecated": "relvar.util:warn_deprecated",
    },
    "sqlalchemy.util.queue": {
        "Empty": "queue:Empty",
        "Full": "queue:Full",
        "Queue": "queue:Queue",
    },
}
"""Module -> name -> where relvar has it: a module, or ``module:name``."""

HOMES: dict[str, dict[str, str]] = {
    "relvar._kernels.attributes": {
        "sqlalchemy.orm.base": "LoaderCallableStatus",
    },
    "relvar._kernels.identity": {
        "sqlalchemy.orm.identity": "IdentityMap",
    },
    "relvar.compat.attributes": {
        "sqlalchemy.orm.attributes": "_ScalarAttributeImpl",
    },
    "relvar.compat.older": {
        "sqlalchemy.engine.strategies": "MockEngineStrategy",
        "sqlalchemy.orm.clsregistry": "_class_resolver",
        "sqlalchemy.orm.context": "QueryContext",
        "sqlalchemy.orm.query": "AliasOption",
    },
    "relvar.compat.pickled": {
        "sqlalchemy.engine.cursor": "CursorResultMetaData",
    },
    "relvar.compile.base": {
        "sqlalchemy.sql.compiler": "Compiled",
    },
    "relvar.compile.compiler": {
        "sqlalchemy.sql.compiler": "SQLCompiler",
    },
    "relvar.compile.compilestate": {
        "sqlalchemy.sql.base": "CompileState",
        "sqlalchemy.sql.dml": "DMLState",
    },
    "relvar.compile.ddl": {
        "sqlalchemy.sql.compiler": "DDLCompiler",
    },
    "relvar.compile.linter": {
        "sqlalchemy.sql.compiler": "FromLinter",
    },
    "relvar.compile.names": {
        "sqlalchemy.sql.compiler": "IdentifierPreparer",
    },
    "relvar.compile.typesql": {
        "sqlalchemy.sql.compiler": "GenericTypeCompiler TypeCompiler",
    },
    "relvar.connectors.asyncio": {
        "sqlalchemy.connectors.asyncio": "AsyncAdapt_dbapi_connection AsyncAdapt_dbapi_cursor",
    },
    "relvar.dialect.answers": {
        "sqlalchemy.engine.reflection": "ObjectKind ObjectScope ReflectionDefaults",
    },
    "relvar.dialect.context": {
        "sqlalchemy.engine.default": "DefaultExecutionContext",
    },
    "relvar.dialect.default": {
        "sqlalchemy.engine.default": "DefaultDialect",
    },
    "relvar.dialect.gather": {
        "sqlalchemy.engine.reflection": "ReflectionInfo",
    },
    "relvar.dialect.inspector": {
        "sqlalchemy.engine.reflection": "Inspector",
    },
    "relvar.dialect.interface": {
        "sqlalchemy.engine.interfaces": (
            "AdaptedConnection BindTyping CreateEnginePlugin DBAPIConnection DBAPICursor DBAPIModule "
            "Dialect ExceptionContext ExecuteStyle ExecutionContext"
        ),
    },
    "relvar.dialect.odbc": {
        "sqlalchemy.connectors.pyodbc": "PyODBCConnector",
    },
    "relvar.dialect.reflected": {
        "sqlalchemy.engine.interfaces": (
            "ReflectedCheckConstraint ReflectedColumn ReflectedForeignKeyConstraint ReflectedIdentity "
            "ReflectedIndex ReflectedPrimaryKeyConstraint ReflectedTableComment "
            "ReflectedUniqueConstraint"
        ),
    },
    "relvar.dialects.mssql.compiler": {
        "sqlalchemy.dialects.mssql.base": "MSSQLCompiler",
    },
    "relvar.dialects.mssql.ddl": {
        "sqlalchemy.dialects.mssql.base": "MSDDLCompiler",
    },
    "relvar.dialects.mssql.dialect": {
        "sqlalchemy.dialects.mssql.base": "MSDialect",
    },
    "relvar.dialects.mssql.drivers.pyodbc": {
        "sqlalchemy.dialects.mssql.pyodbc": "MSDialect_pyodbc",
    },
    "relvar.dialects.mssql.types": {
        "sqlalchemy.dialects.mssql": "DATE",
        "sqlalchemy.dialects.mssql.base": (
            "BIT DATETIME2 DATETIMEOFFSET DOUBLE_PRECISION IMAGE MONEY NTEXT REAL ROWVERSION "
            "SMALLDATETIME SMALLMONEY SQL_VARIANT TIME TIMESTAMP TINYINT UNIQUEIDENTIFIER VARBINARY XML"
        ),
        "sqlalchemy.dialects.mssql.json": "JSON",
    },
    "relvar.dialects.mysql.choices": {
        "sqlalchemy.dialects.mysql.enumerated": "ENUM SET",
    },
    "relvar.dialects.mysql.ddl": {
        "sqlalchemy.dialects.mysql.base": "MySQLDDLCompiler",
    },
    "relvar.dialects.mysql.dialect": {
        "sqlalchemy.dialects.mysql.base": "MySQLDialect",
        "sqlalchemy.dialects.mysql.mariadb": "MariaDBDialect",
    },
    "relvar.dialects.mysql.dml": {
        "sqlalchemy.dialects.mysql.dml": "Insert",
    },
    "relvar.dialects.mysql.drivers.mysqldb": {
        "sqlalchemy.dialects.mysql.mysqldb": "MySQLDialect_mysqldb",
    },
    "relvar.dialects.mysql.drivers.pymysql": {
        "sqlalchemy.dialects.mysql.pymysql": "MySQLDialect_pymysql",
    },
    "relvar.dialects.mysql.expression": {
        "sqlalchemy.dialects.mysql.expression": "match",
    },
    "relvar.dialects.mysql.numbers": {
        "sqlalchemy.dialects.mysql.types": (
            "BIGINT BIT DECIMAL DOUBLE FLOAT INTEGER MEDIUMINT NUMERIC REAL SMALLINT TINYINT"
        ),
    },
    "relvar.dialects.mysql.strings": {
        "sqlalchemy.dialects.mysql.types": (
            "CHAR LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMTEXT NCHAR NVARCHAR TEXT TINYBLOB TINYTEXT VARCHAR"
        ),
    },
    "relvar.dialects.mysql.times": {
        "sqlalchemy.dialects.mysql.types": "DATETIME TIME TIMESTAMP YEAR",
    },
    "relvar.dialects.mysql.types": {
        "sqlalchemy.dialects.mysql.mariadb": "INET4 INET6",
    },
    "relvar.dialects.oracle.ddl": {
        "sqlalchemy.dialects.oracle.base": "OracleDDLCompiler",
    },
    "relvar.dialects.oracle.drivers.oracledb": {
        "sqlalchemy.dialects.oracle.oracledb": "OracleDialect_oracledb",
    },
    "relvar.dialects.oracle.types": {
        "sqlalchemy.dialects.oracle.json": "JSON",
        "sqlalchemy.dialects.oracle.types": (
            "BFILE BINARY_DOUBLE BINARY_FLOAT DATE FLOAT INTERVAL LONG NCLOB NUMBER RAW ROWID TIMESTAMP "
            "VARCHAR2"
        ),
    },
    "relvar.dialects.oracle.vector": {
        "sqlalchemy.dialects.oracle.vector": (
            "SparseVector VECTOR VectorDistanceType VectorIndexConfig VectorIndexType "
            "VectorStorageFormat VectorStorageType"
        ),
    },
    "relvar.dialects.postgresql.array": {
        "sqlalchemy.dialects.postgresql.array": "ARRAY array",
    },
    "relvar.dialects.postgresql.bitstring": {
        "sqlalchemy.dialects.postgresql.bitstring": "BitString",
        "sqlalchemy.dialects.postgresql.types": "BIT",
    },
    "relvar.dialects.postgresql.clauses": {
        "sqlalchemy.dialects.postgresql.ext": "aggregate_order_by",
    },
    "relvar.dialects.postgresql.compiler": {
        "sqlalchemy.dialects.postgresql.base": "PGCompiler",
    },
    "relvar.dialects.postgresql.ddl": {
        "sqlalchemy.dialects.postgresql.base": "PGDDLCompiler PGTypeCompiler",
    },
    "relvar.dialects.postgresql.dialect": {
        "sqlalchemy.dialects.postgresql.base": "PGDialect PGExecutionContext",
    },
    "relvar.dialects.postgresql.dml": {
        "sqlalchemy.dialects.postgresql.dml": "Insert",
    },
    "relvar.dialects.postgresql.drivers.asyncpg": {
        "sqlalchemy.dialects.postgresql.asyncpg": "PGDialect_asyncpg",
    },
    "relvar.dialects.postgresql.drivers.psycopg": {
        "sqlalchemy.dialects.postgresql.psycopg": "PGDialect_psycopg",
    },
    "relvar.dialects.postgresql.drivers.psycopg2": {
        "sqlalchemy.dialects.postgresql.psycopg2": "PGDialect_psycopg2",
    },
    "relvar.dialects.postgresql.drivers.psycopg2cffi": {
        "sqlalchemy.dialects.postgresql.psycopg2cffi": "PGDialect_psycopg2cffi",
    },
    "relvar.dialects.postgresql.drivers.psycopg_async": {
        "sqlalchemy.dialects.postgresql.psycopg": "PGDialectAsync_psycopg",
    },
    "relvar.dialects.postgresql.ext": {
        "sqlalchemy.dialects.postgresql.ext": "ExcludeConstraint",
    },
    "relvar.dialects.postgresql.hstore": {
        "sqlalchemy.dialects.postgresql.hstore": "HSTORE hstore",
    },
    "relvar.dialects.postgresql.json": {
        "sqlalchemy.dialects.postgresql.json": "JSON JSONB JSONPATH",
    },
    "relvar.dialects.postgresql.named_types": {
        "sqlalchemy.dialects.postgresql.named_types": (
            "CreateDomainType CreateEnumType DOMAIN DropDomainType DropEnumType ENUM NamedType"
        ),
    },
    "relvar.dialects.postgresql.names": {
        "sqlalchemy.dialects.postgresql.base": "PGIdentifierPreparer",
    },
    "relvar.dialects.postgresql.range_value": {
        "sqlalchemy.dialects.postgresql.ranges": "MultiRange Range",
    },
    "relvar.dialects.postgresql.ranges": {
        "sqlalchemy.dialects.postgresql.ranges": (
            "AbstractMultiRange AbstractRange AbstractSingleRange DATEMULTIRANGE DATERANGE "
            "INT4MULTIRANGE INT4RANGE INT8MULTIRANGE INT8RANGE NUMMULTIRANGE NUMRANGE TSMULTIRANGE "
            "TSRANGE TSTZMULTIRANGE TSTZRANGE"
        ),
    },
    "relvar.dialects.postgresql.reflection": {
        "sqlalchemy.dialects.postgresql.base": "PGInspector",
    },
    "relvar.dialects.postgresql.textsearch": {
        "sqlalchemy.dialects.postgresql.ext": (
            "phraseto_tsquery plainto_tsquery to_tsquery to_tsvector ts_headline websearch_to_tsquery"
        ),
    },
    "relvar.dialects.postgresql.types": {
        "sqlalchemy.dialects.postgresql.types": (
            "BYTEA CIDR CITEXT INET INTERVAL MACADDR MACADDR8 MONEY OID REGCLASS REGCONFIG TIME "
            "TIMESTAMP TSQUERY TSVECTOR"
        ),
    },
    "relvar.dialects.sqlite.dialect": {
        "sqlalchemy.dialects.sqlite.base": "SQLiteDialect",
    },
    "relvar.dialects.sqlite.dml": {
        "sqlalchemy.dialects.sqlite.dml": "Insert",
    },
    "relvar.dialects.sqlite.drivers.aiosqlite": {
        "sqlalchemy.dialects.sqlite.aiosqlite": "AsyncAdapt_aiosqlite_connection",
    },
    "relvar.dialects.sqlite.drivers.pysqlite": {
        "sqlalchemy.dialects.sqlite.pysqlite": "SQLiteDialect_pysqlite",
    },
    "relvar.dialects.sqlite.types": {
        "sqlalchemy.dialects.sqlite.base": "DATE DATETIME TIME",
        "sqlalchemy.dialects.sqlite.json": "JSON JSONB",
    },
    "relvar.engine.base": {
        "sqlalchemy.engine.base": "Connection Engine",
        "sqlalchemy.engine.interfaces": "ConnectionEventsTarget",
    },
    "relvar.engine.events": {
        "sqlalchemy.engine.events": "ConnectionEvents DialectEvents",
    },
    "relvar.engine.mock": {
        "sqlalchemy.engine.mock": "MockConnection",
    },
    "relvar.engine.transactions": {
        "sqlalchemy.engine.base": "NestedTransaction RootTransaction Transaction TwoPhaseTransaction",
    },
    "relvar.engine.url": {
        "sqlalchemy.engine.url": "URL",
    },
    "relvar.event.dispatch": {
        "sqlalchemy.event.attr": "RefCollection",
        "sqlalchemy.event.base": "dispatcher",
    },
    "relvar.event.events": {
        "sqlalchemy.event.base": "Events",
        "sqlalchemy.event.registry": "EventTarget",
    },
    "relvar.exc": {
        "sqlalchemy.exc": (
            "AmbiguousColumnError AmbiguousForeignKeysError ArgumentError AwaitRequired "
            "Base20DeprecationWarning CircularDependencyError CompileError "
            "ConstraintColumnNotFoundError DBAPIError DataError DatabaseError DisconnectionError "
            "DontWrapMixin DuplicateColumnError EmulatedDBAPIException HasDescriptionCode "
            "IdentifierError IllegalStateChangeError IntegrityError InterfaceError InternalError "
            "InvalidRequestError InvalidatePoolError LegacyAPIWarning MissingGreenlet MovedIn20Warning "
            "MultipleResultsFound NoDBAPILoaded NoForeignKeysError NoInspectionAvailable "
            "NoReferenceError NoReferencedColumnError NoReferencedTableError NoResultFound "
            "NoSuchColumnError NoSuchModuleError NoSuchTableError NotSupportedError "
            "ObjectNotExecutableError OperationalError PendingRollbackError ProgrammingError "
            "ResourceClosedError SADeprecationWarning SAPendingDeprecationWarning SATestSuiteWarning "
            "SAWarning SQLAlchemyError StatementError TimeoutError UnboundExecutionError "
            "UnreflectableTableError UnsupportedCompilationError"
        ),
    },
    "relvar.expr.annotate": {
        "sqlalchemy.sql.annotation": "Annotated",
    },
    "relvar.expr.binary": {
        "sqlalchemy.sql.elements": "BinaryExpression",
    },
    "relvar.expr.bind": {
        "sqlalchemy.sql.elements": "BindParameter",
    },
    "relvar.expr.boolean": {
        "sqlalchemy.sql.elements": "BooleanClauseList",
    },
    "relvar.expr.case": {
        "sqlalchemy.sql.elements": "Case",
    },
    "relvar.expr.cast": {
        "sqlalchemy.sql.elements": "Cast Extract TryCast TypeCoerce",
    },
    "relvar.expr.column": {
        "sqlalchemy.sql.elements": "ColumnClause",
    },
    "relvar.expr.dialectkw": {
        "sqlalchemy.sql.base": "DialectKWArgs _DialectArgView",
    },
    "relvar.expr.element": {
        "sqlalchemy.sql.elements": "ClauseElement ColumnElement",
    },
    "relvar.expr.executable": {
        "sqlalchemy.sql.base": "Executable ExecutableOption",
    },
    "relvar.expr.function": {
        "sqlalchemy.sql.functions": "Function FunctionElement GenericFunction _FunctionGenerator",
    },
    "relvar.expr.functionforms": {
        "sqlalchemy.sql.functions": "FunctionAsBinary ScalarFunctionColumn",
    },
    "relvar.expr.functions": {
        "sqlalchemy.sql.functions": (
            "AnsiFunction CollectionAggregateFunction OrderedSetAgg ReturnTypeFromArgs "
            "ReturnTypeFromOptionalArgs aggregate_strings all_ any_ array_agg char_length coalesce "
            "concat count cube cume_dist current_date current_time current_timestamp current_user "
            "dense_rank grouping_sets localtime localtimestamp max min mode next_value now percent_rank "
            "percentile_cont percentile_disc pow random rank rollup session_user some sum sysdate user"
        ),
    },
    "relvar.expr.grouping": {
        "sqlalchemy.sql.elements": "ClauseList ExpressionClauseList False_ Grouping Null True_ TypeClause",
    },
    "relvar.expr.immutable": {
        "sqlalchemy.sql.base": "Immutable",
    },
    "relvar.expr.internals": {
        "sqlalchemy.sql.visitors": "InternalTraversal",
    },
    "relvar.expr.label": {
        "sqlalchemy.sql.elements": "Label LabelReference",
    },
    "relvar.expr.names": {
        "sqlalchemy.sql.base": "_NoneName",
        "sqlalchemy.sql.elements": "_anonymous_label _truncated_label conv quoted_name",
    },
    "relvar.expr.node": {
        "sqlalchemy.sql.cache_key": "CacheKey",
    },
    "relvar.expr.operate": {
        "sqlalchemy.sql.operators": "ColumnOperators Operators",
    },
    "relvar.expr.operators": {
        "sqlalchemy.sql.operators": "custom_op",
    },
    "relvar.expr.rolenames": {
        "sqlalchemy.sql.roles": (
            "BinaryElementRole ByOfRole DDLConstraintColumnRole DDLExpressionRole ExpressionElementRole "
            "FromClauseRole TypedColumnsClauseRole"
        ),
    },
    "relvar.expr.sqlcore": {
        "sqlalchemy.sql.elements": "SQLColumnExpression SQLCoreOperations",
    },
    "relvar.expr.text": {
        "sqlalchemy.sql.elements": "TextClause",
    },
    "relvar.expr.traverse": {
        "sqlalchemy.sql.visitors": "ExternalTraversal ReplacingExternalTraversal",
    },
    "relvar.expr.tstring": {
        "sqlalchemy.sql.elements": "TString",
    },
    "relvar.expr.tuple": {
        "sqlalchemy.sql.elements": "Tuple",
    },
    "relvar.expr.unary": {
        "sqlalchemy.sql.elements": "AsBoolean CollectionAggregate UnaryExpression",
    },
    "relvar.expr.window": {
        "sqlalchemy.sql.elements": (
            "AggregateOrderBy FrameClause FrameClauseType FunctionFilter OrderByList Over WithinGroup"
        ),
    },
    "relvar.ext.associationcollections": {
        "sqlalchemy.ext.associationproxy": "AssociationList",
    },
    "relvar.ext.associationproxy": {
        "sqlalchemy.ext.associationproxy": (
            "AliasedAssociationProxyInstance AmbiguousAssociationProxyInstance AssociationProxy "
            "AssociationProxyExtensionType AssociationProxyInstance ColumnAssociationProxyInstance "
            "ObjectAssociationProxyInstance"
        ),
    },
    "relvar.ext.asyncio.attrs": {
        "sqlalchemy.ext.asyncio.session": "AsyncAttrs",
    },
    "relvar.ext.asyncio.engine": {
        "sqlalchemy.ext.asyncio.engine": "AsyncConnection AsyncEngine AsyncTransaction",
    },
    "relvar.ext.asyncio.exc": {
        "sqlalchemy.ext.asyncio.exc": (
            "AsyncBindNotFound AsyncContextAlreadyStarted AsyncContextNotStarted AsyncMethodRequired"
        ),
    },
    "relvar.ext.asyncio.maker": {
        "sqlalchemy.ext.asyncio.session": "async_sessionmaker",
    },
    "relvar.ext.asyncio.result": {
        "sqlalchemy.ext.asyncio.result": "AsyncMappingResult AsyncResult AsyncScalarResult AsyncTupleResult",
    },
    "relvar.ext.asyncio.scoping": {
        "sqlalchemy.ext.asyncio.scoping": "async_scoped_session",
    },
    "relvar.ext.asyncio.session": {
        "sqlalchemy.ext.asyncio.session": "AsyncSession AsyncSessionTransaction",
    },
    "relvar.ext.automap": {
        "sqlalchemy.ext.automap": (
            "AutomapBase GenerateRelationshipType NameForCollectionRelationshipType "
            "NameForScalarRelationshipType PythonNameForTableType"
        ),
    },
    "relvar.ext.baked": {
        "sqlalchemy.ext.baked": "BakedQuery Bakery Result",
    },
    "relvar.ext.declarative.concrete": {
        "sqlalchemy.ext.declarative.extensions": "AbstractConcreteBase ConcreteBase",
    },
    "relvar.ext.declarative.deferred": {
        "sqlalchemy.ext.declarative.extensions": "DeferredReflection",
    },
    "relvar.ext.horizontal_shard": {
        "sqlalchemy.ext.horizontal_shard": "ShardedQuery ShardedSession set_shard_id",
    },
    "relvar.ext.hybrid": {
        "sqlalchemy.ext.hybrid": (
            "Comparator ExprComparator HybridExtensionType hybrid_method hybrid_property"
        ),
    },
    "relvar.ext.indexable": {
        "sqlalchemy.ext.indexable": "index_property",
    },
    "relvar.ext.instrumentation": {
        "sqlalchemy.ext.instrumentation": "ExtendedInstrumentationRegistry InstrumentationManager",
    },
    "relvar.ext.mutable": {
        "sqlalchemy.ext.mutable": "Mutable MutableBase MutableComposite MutableDict MutableList MutableSet",
    },
    "relvar.ext.orderinglist": {
        "sqlalchemy.ext.orderinglist": "OrderingList",
    },
    "relvar.ext.serializer": {
        "sqlalchemy.ext.serializer": "Deserializer Serializer",
    },
    "relvar.inspection": {
        "sqlalchemy.inspection": "Inspectable",
    },
    "relvar.orm.declarative.bases": {
        "sqlalchemy.orm.decl_api": (
            "DeclarativeAttributeIntercept DeclarativeBase DeclarativeBaseNoMeta DeclarativeMeta "
            "MappedAsDataclass"
        ),
    },
    "relvar.orm.declarative.declared": {
        "sqlalchemy.orm.decl_api": "declared_attr",
    },
    "relvar.orm.declarative.typemap": {
        "sqlalchemy.orm.decl_api": "TypeResolve",
    },
    "relvar.orm.exc": {
        "sqlalchemy.orm.exc": (
            "DetachedInstanceError FlushError ObjectDeletedError StaleDataError UnmappedClassError "
            "UnmappedColumnError UnmappedInstanceError"
        ),
    },
    "relvar.orm.flush.unit": {
        "sqlalchemy.orm.unitofwork": "UOWTransaction",
    },
    "relvar.orm.load.bundle": {
        "sqlalchemy.orm.util": "Bundle DictBundle",
    },
    "relvar.orm.load.criteria": {
        "sqlalchemy.orm.util": "LoaderCriteriaOption",
    },
    "relvar.orm.load.from_statement": {
        "sqlalchemy.orm.context": "FromStatement",
    },
    "relvar.orm.load.options": {
        "sqlalchemy.orm.interfaces": "LoaderOption UserDefinedOption",
        "sqlalchemy.orm.strategy_options": "Load",
    },
    "relvar.orm.load.orm_join": {
        "sqlalchemy.orm.util": "EntityJoin",
    },
    "relvar.orm.load.writeonly": {
        "sqlalchemy.orm.writeonly": "WriteOnlyCollection",
    },
    "relvar.orm.mapping.aliased": {
        "sqlalchemy.orm.util": "AliasedClass AliasedInsp",
    },
    "relvar.orm.mapping.attribute": {
        "sqlalchemy.orm.attributes": "InstrumentedAttribute QueryableAttribute",
    },
    "relvar.orm.mapping.cascade_options": {
        "sqlalchemy.orm.util": "CascadeOptions",
    },
    "relvar.orm.mapping.columns": {
        "sqlalchemy.orm.properties": "ColumnProperty MappedColumn MappedSQLExpression",
    },
    "relvar.orm.mapping.composite": {
        "sqlalchemy.orm.descriptor_props": "Composite CompositeProperty",
    },
    "relvar.orm.mapping.concrete": {
        "sqlalchemy.orm.descriptor_props": "ConcreteInheritedProperty",
    },
    "relvar.orm.mapping.descriptors": {
        "sqlalchemy.orm.descriptor_props": "Synonym SynonymProperty",
    },
    "relvar.orm.mapping.events": {
        "sqlalchemy.orm.events": "AttributeEvents InstanceEvents InstrumentationEvents MapperEvents",
    },
    "relvar.orm.mapping.interfaces": {
        "sqlalchemy.orm.base": (
            "DynamicMapped Mapped ORMDescriptor RelationshipDirection SQLORMExpression Unmapped "
            "WriteOnlyMapped"
        ),
        "sqlalchemy.orm.decl_base": "MappedClassProtocol",
        "sqlalchemy.orm.interfaces": "MapperProperty PropComparator",
    },
    "relvar.orm.mapping.mapper": {
        "sqlalchemy.orm.mapper": "Mapper",
    },
    "relvar.orm.mapping.registry": {
        "sqlalchemy.orm.decl_api": "registry",
    },
    "relvar.orm.mapping.registry_events": {
        "sqlalchemy.orm.events": "RegistryEvents",
    },
    "relvar.orm.mapping.relationship": {
        "sqlalchemy.orm.relationships": "Relationship RelationshipProperty",
    },
    "relvar.orm.query.dynamic": {
        "sqlalchemy.orm.dynamic": "AppenderQuery",
    },
    "relvar.orm.query.lookedinto": {
        "sqlalchemy.orm.context": "_ColumnEntity _MapperEntity",
    },
    "relvar.orm.query.query": {
        "sqlalchemy.orm.events": "QueryEvents",
        "sqlalchemy.orm.query": "Query",
    },
    "relvar.orm.session.events": {
        "sqlalchemy.orm.events": "SessionEvents",
    },
    "relvar.orm.session.execute_state": {
        "sqlalchemy.orm.session": "ORMExecuteState",
    },
    "relvar.orm.session.maker": {
        "sqlalchemy.orm.session": "sessionmaker",
    },
    "relvar.orm.session.scoped": {
        "sqlalchemy.orm.scoping": "QueryPropertyDescriptor scoped_session",
    },
    "relvar.orm.session.session": {
        "sqlalchemy.orm.session": "Session",
    },
    "relvar.orm.session.transaction": {
        "sqlalchemy.orm.session": "SessionTransaction SessionTransactionOrigin",
    },
    "relvar.orm.state.collections": {
        "sqlalchemy.orm.collections": "InstrumentedList",
        "sqlalchemy.orm.mapped_collection": "KeyFuncDict",
    },
    "relvar.orm.state.flags": {
        "sqlalchemy.orm.base": "PassiveFlag",
    },
    "relvar.orm.state.inspected": {
        "sqlalchemy.orm.base": "InspectionAttr InspectionAttrExtensionType InspectionAttrInfo NotExtension",
    },
    "relvar.orm.state.instance": {
        "sqlalchemy.orm.state": "AttributeState InstanceState",
    },
    "relvar.orm.state.instrument_collection": {
        "sqlalchemy.orm.collections": "collection",
    },
    "relvar.orm.state.listeners": {
        "sqlalchemy.orm.attributes": "AttributeEventToken",
    },
    "relvar.orm.state.manager": {
        "sqlalchemy.orm.instrumentation": "ClassManager",
    },
    "relvar.pool.base": {
        "sqlalchemy.pool.base": "Pool",
    },
    "relvar.pool.events": {
        "sqlalchemy.pool.events": "PoolEvents",
    },
    "relvar.pool.pools": {
        "sqlalchemy.pool.impl": (
            "AssertionPool AsyncAdaptedQueuePool NullPool QueuePool SingletonThreadPool StaticPool"
        ),
    },
    "relvar.pool.record": {
        "sqlalchemy.pool.base": "ConnectionPoolEntry ManagesConnection PoolProxiedConnection",
    },
    "relvar.pool.reset": {
        "sqlalchemy.pool.base": "PoolResetState",
    },
    "relvar.relation.adapt": {
        "sqlalchemy.sql.util": "ClauseAdapter ColumnAdapter",
    },
    "relvar.relation.affix": {
        "sqlalchemy.sql.selectable": "HasPrefixes HasSuffixes",
    },
    "relvar.relation.alias": {
        "sqlalchemy.sql.elements": "TableValuedColumn",
        "sqlalchemy.sql.selectable": "Alias AliasedReturnsRows Lateral TableSample TableValuedAlias",
    },
    "relvar.relation.columns": {
        "sqlalchemy.sql.base": "ColumnCollection WriteableColumnCollection",
    },
    "relvar.relation.cte": {
        "sqlalchemy.sql.selectable": "CTE HasCTE",
    },
    "relvar.relation.from_": {
        "sqlalchemy.sql.selectable": "FromClause FromGrouping ReturnsRows Selectable",
    },
    "relvar.relation.join": {
        "sqlalchemy.sql.selectable": "Join",
    },
    "relvar.relation.subquery": {
        "sqlalchemy.sql.selectable": "Subquery",
    },
    "relvar.relation.tableclause": {
        "sqlalchemy.sql.selectable": "TableClause",
    },
    "relvar.relation.values": {
        "sqlalchemy.sql.selectable": "ScalarValues Values",
    },
    "relvar.rows.cursor": {
        "sqlalchemy.engine.cursor": "CursorResult",
    },
    "relvar.rows.result": {
        "sqlalchemy.engine.result": (
            "ChunkedIteratorResult FilterResult FrozenResult IteratorResult MappingResult MergedResult "
            "Result ScalarResult TupleResult"
        ),
    },
    "relvar.rows.row": {
        "sqlalchemy.engine.row": "Row RowMapping",
    },
    "relvar.schema.base": {
        "sqlalchemy.sql.base": "SchemaVisitable SchemaVisitor",
        "sqlalchemy.sql.schema": "HasConditionalDDL SchemaConst SchemaItem",
    },
    "relvar.schema.collection": {
        "sqlalchemy.sql.schema": "ColumnCollectionMixin",
    },
    "relvar.schema.column": {
        "sqlalchemy.sql.schema": "Column",
    },
    "relvar.schema.constraint": {
        "sqlalchemy.sql.schema": (
            "CheckConstraint ColumnCollectionConstraint Constraint PrimaryKeyConstraint "
            "UniqueConstraint"
        ),
    },
    "relvar.schema.ddl": {
        "sqlalchemy.sql.ddl": (
            "AddConstraint BaseDDLElement CheckFirst CreateColumn CreateIndex CreateSchema "
            "CreateSequence CreateTable DDL DropColumnComment DropConstraint DropConstraintComment "
            "DropIndex DropSchema DropSequence DropTable DropTableComment DropView ExecutableDDLElement "
            "SetColumnComment SetConstraintComment SetTableComment _CreateDropBase"
        ),
    },
    "relvar.schema.defaults": {
        "sqlalchemy.sql.schema": "ColumnDefault DefaultClause DefaultGenerator FetchedValue SentinelDefault",
    },
    "relvar.schema.emit": {
        "sqlalchemy.sql.ddl": "InvokeDDLBase SchemaDropper SchemaGenerator",
    },
    "relvar.schema.events": {
        "sqlalchemy.sql.events": "DDLEvents",
    },
    "relvar.schema.foreignkey": {
        "sqlalchemy.sql.schema": "ForeignKey ForeignKeyConstraint ForeignKeyTarget",
    },
    "relvar.schema.generated": {
        "sqlalchemy.sql.schema": "Computed Identity",
    },
    "relvar.schema.index": {
        "sqlalchemy.sql.schema": "Index",
    },
    "relvar.schema.metadata": {
        "sqlalchemy.sql.schema": "MetaData",
    },
    "relvar.schema.sequence": {
        "sqlalchemy.sql.schema": "IdentityOptions Sequence",
    },
    "relvar.schema.table": {
        "sqlalchemy.sql.schema": "Table",
    },
    "relvar.schema.typedcolumns": {
        "sqlalchemy.sql._annotated_cols": "Named TypedColumns",
    },
    "relvar.schema.views": {
        "sqlalchemy.sql.ddl": "CreateTableAs CreateView",
    },
    "relvar.sql.crud": {
        "sqlalchemy.sql.crud": "_CrudParams",
    },
    "relvar.stmt.base": {
        "sqlalchemy.sql.base": "SyntaxExtension",
        "sqlalchemy.sql.selectable": "ForUpdateArg GenerativeSelect SelectBase",
    },
    "relvar.stmt.compound": {
        "sqlalchemy.sql.selectable": "CompoundSelect",
    },
    "relvar.stmt.delete": {
        "sqlalchemy.sql.dml": "Delete",
    },
    "relvar.stmt.dml": {
        "sqlalchemy.sql.dml": "DMLWhereBase UpdateBase ValuesBase",
    },
    "relvar.stmt.froms": {
        "sqlalchemy.sql.selectable": "SelectState",
    },
    "relvar.stmt.insert": {
        "sqlalchemy.sql.dml": "Insert",
    },
    "relvar.stmt.labels": {
        "sqlalchemy.sql.selectable": "SelectLabelStyle",
    },
    "relvar.stmt.lambdas": {
        "sqlalchemy.sql.lambdas": "LambdaElement StatementLambdaElement",
    },
    "relvar.stmt.savepoint": {
        "sqlalchemy.sql.elements": "ReleaseSavepointClause RollbackToSavepointClause SavepointClause",
    },
    "relvar.stmt.scalar": {
        "sqlalchemy.sql.selectable": "Exists ScalarSelect",
    },
    "relvar.stmt.select": {
        "sqlalchemy.sql.selectable": "Select",
    },
    "relvar.stmt.textual": {
        "sqlalchemy.sql.selectable": "TextualSelect",
    },
    "relvar.stmt.update": {
        "sqlalchemy.sql.dml": "Update",
        "sqlalchemy.sql.elements": "DMLTargetCopy",
    },
    "relvar.types.array": {
        "sqlalchemy.sql.sqltypes": "ARRAY",
    },
    "relvar.types.base": {
        "sqlalchemy.sql.sqltypes": "NullType",
        "sqlalchemy.sql.type_api": "TypeEngine",
    },
    "relvar.types.binary": {
        "sqlalchemy.sql.sqltypes": "BINARY BLOB LargeBinary PickleType VARBINARY _Binary",
    },
    "relvar.types.boolean": {
        "sqlalchemy.sql.sqltypes": "BOOLEAN Boolean MatchType",
    },
    "relvar.types.decorator": {
        "sqlalchemy.sql.type_api": "TypeDecorator Variant",
    },
    "relvar.types.enum": {
        "sqlalchemy.sql.sqltypes": "Enum",
    },
    "relvar.types.json": {
        "sqlalchemy.sql.sqltypes": "JSON",
    },
    "relvar.types.numeric": {
        "sqlalchemy.sql.sqltypes": (
            "BIGINT BigInteger DECIMAL DOUBLE DOUBLE_PRECISION Double FLOAT Float HasExpressionLookup "
            "INTEGER Integer NUMERIC Numeric NumericCommon REAL SMALLINT SmallInteger"
        ),
    },
    "relvar.types.operator_class": {
        "sqlalchemy.sql.operators": "OperatorClass",
    },
    "relvar.types.schematype": {
        "sqlalchemy.sql.base": "SchemaEventTarget",
        "sqlalchemy.sql.sqltypes": "SchemaType",
    },
    "relvar.types.temporal": {
        "sqlalchemy.sql.sqltypes": "DATE DATETIME Date DateTime Interval TIME TIMESTAMP Time",
    },
    "relvar.types.text": {
        "sqlalchemy.sql.sqltypes": (
            "CHAR CLOB Concatenable Indexable NCHAR NVARCHAR String TEXT Text Unicode UnicodeText "
            "VARCHAR"
        ),
    },
    "relvar.types.tuple": {
        "sqlalchemy.sql.sqltypes": "TupleType",
    },
    "relvar.types.userdefined": {
        "sqlalchemy.sql.type_api": "ExternalType UserDefinedType",
    },
    "relvar.types.uuid": {
        "sqlalchemy.sql.sqltypes": "UUID Uuid",
    },
    "relvar.types.visitable": {
        "sqlalchemy.sql.visitors": "Visitable",
    },
    "relvar.util.immutable": {
        "sqlalchemy.util._immutabledict_cy": "immutabledict",
    },
    "relvar.util.langhelpers": {
        "sqlalchemy.util.langhelpers": "classproperty",
    },
    "relvar.util.memoized": {
        "sqlalchemy.util.langhelpers": "memoized_property",
    },
    "relvar.util.ordered": {
        "sqlalchemy.util._collections_cy": "OrderedSet",
    },
    "relvar.util.symbol": {
        "sqlalchemy.util.langhelpers": "symbol",
    },
}
"""Module of relvar -> module of SQLAlchemy -> the classes that are to name it."""
