"""
The columns of SQL Server's catalog views that relvar reads, as Microsoft documents them.

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/, a page per view
(``sys-objects-transact-sql``); views that inherit columns say so there.
"""

from __future__ import annotations

_OBJECTS = {
    "name",
    "object_id",
    "principal_id",
    "schema_id",
    "parent_object_id",
    "type",
    "type_desc",
    "create_date",
    "modify_date",
    "is_ms_shipped",
    "is_published",
    "is_schema_published",
}
_COLUMNS = {
    "object_id",
    "name",
    "column_id",
    "system_type_id",
    "user_type_id",
    "max_length",
    "precision",
    "scale",
    "collation_name",
    "is_nullable",
    "is_identity",
    "is_computed",
    "is_filestream",
    "default_object_id",
    "is_sparse",
    # 2016
    "generated_always_type",
    "is_hidden",
}

COLUMNS: dict[str, set[str]] = {
    "objects": _OBJECTS,
    "schemas": {"name", "schema_id", "principal_id"},
    "columns": _COLUMNS,
    "types": {"name", "system_type_id", "user_type_id", "schema_id", "is_user_defined", "is_assembly_type"},
    "default_constraints": {*_OBJECTS, "parent_column_id", "definition", "is_system_named"},
    "computed_columns": {*_COLUMNS, "definition", "uses_database_collation", "is_persisted"},
    "identity_columns": {*_COLUMNS, "seed_value", "increment_value", "last_value", "is_not_for_replication"},
    "extended_properties": {"class", "class_desc", "major_id", "minor_id", "name", "value"},
    "key_constraints": {*_OBJECTS, "unique_index_id", "is_system_named"},
    "indexes": {
        "object_id",
        "name",
        "index_id",
        "type",
        "type_desc",
        "is_unique",
        "is_primary_key",
        "is_unique_constraint",
        "is_disabled",
        "is_hypothetical",
        "has_filter",
        "filter_definition",
    },
    "index_columns": {
        "object_id",
        "index_id",
        "index_column_id",
        "column_id",
        "key_ordinal",
        "partition_ordinal",
        "is_descending_key",
        "is_included_column",
    },
    "foreign_keys": {
        *_OBJECTS,
        "referenced_object_id",
        "key_index_id",
        "delete_referential_action",
        "delete_referential_action_desc",
        "update_referential_action",
        "update_referential_action_desc",
    },
    "foreign_key_columns": {
        "constraint_object_id",
        "constraint_column_id",
        "parent_object_id",
        "parent_column_id",
        "referenced_object_id",
        "referenced_column_id",
    },
    "check_constraints": {*_OBJECTS, "parent_column_id", "definition", "is_system_named"},
    # 2012
    "sequences": {*_OBJECTS, "start_value", "increment", "minimum_value", "maximum_value", "is_cycling"},
    "sql_modules": {"object_id", "definition"},
    "views": {*_OBJECTS, "with_check_option"},
    "tables": {
        *_OBJECTS,
        # 2014
        "is_memory_optimized",
        "durability_desc",
        # 2016
        "temporal_type",
        "history_table_id",
    },
    # 2016
    "periods": {"name", "period_type", "object_id", "start_column_id", "end_column_id"},
}
