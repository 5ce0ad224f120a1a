"""
The questions that reflection asks, each with its source.

The first ones are about catalogs that PostgreSQL has too; the others about views and functions of Redshift.
"""

from __future__ import annotations

_RELATION = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
_OF_ONE = "n.nspname = :schema AND c.relname = :name"

SCHEMAS = (
    "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg!_%' ESCAPE '!' "
    "AND nspname != 'information_schema' ORDER BY nspname"
)
RELATIONS = f"SELECT c.relname FROM {_RELATION} WHERE n.nspname = :schema AND c.relkind = :kinds ORDER BY 1"
TEMPORARY = (
    f"SELECT c.relname FROM {_RELATION} WHERE n.nspname LIKE 'pg!_temp!_%' ESCAPE '!' AND c.relkind = 'r' "
    "AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1"
)
HAS_RELATION = f"SELECT 1 FROM {_RELATION} WHERE {_OF_ONE} AND c.relkind IN ('r', 'v', 'm')"
VIEW = (
    f"SELECT pg_catalog.pg_get_viewdef(c.oid, true) FROM {_RELATION} "
    f"WHERE {_OF_ONE} AND c.relkind IN ('v', 'm')"
)
COLUMNS = (
    "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), "
    "pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attnotnull, x.description "
    f"FROM {_RELATION} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_description x ON x.objoid = c.oid AND x.objsubid = a.attnum "
    f"WHERE {_OF_ONE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)
CONSTRAINTS = (
    "SELECT k.conname, pg_catalog.pg_get_constraintdef(k.oid) "
    f"FROM {_RELATION} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid "
    f"WHERE {_OF_ONE} AND k.contype = :kind ORDER BY k.conname"
)
COMMENT = (
    f"SELECT x.description FROM {_RELATION} JOIN pg_catalog.pg_description x "
    f"ON x.objoid = c.oid AND x.objsubid = 0 WHERE {_OF_ONE}"
)

# https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_COLUMNS.html
STORAGE = (
    "SELECT column_name, encoding, distkey, sortkey FROM svv_redshift_columns "
    "WHERE database_name = current_database() AND schema_name = :schema AND table_name = :name "
    "ORDER BY ordinal_position"
)
# https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html
DISTRIBUTION = (
    "SELECT c.releffectivediststyle FROM pg_catalog.pg_class_info c "
    f"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {_OF_ONE}"
)
# https://docs.aws.amazon.com/redshift/latest/dg/r_STV_MV_INFO.html
MATERIALIZED = 'SELECT DISTINCT name FROM stv_mv_info WHERE "schema" = :schema ORDER BY 1'
# https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html
LATE_BINDING = (
    "SELECT col_name, col_type, NULL, FALSE, NULL FROM pg_get_late_binding_view_cols() "
    "cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) "
    "WHERE view_schema = :schema AND view_name = :name ORDER BY col_num"
)
# https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_TABLES.html
EXTERNAL_TABLES = "SELECT tablename FROM svv_external_tables WHERE schemaname = :schema ORDER BY tablename"
# https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_COLUMNS.html
EXTERNAL_COLUMNS = (
    "SELECT columnname, external_type, NULL, FALSE, NULL FROM svv_external_columns "
    "WHERE schemaname = :schema AND tablename = :name ORDER BY columnnum"
)
