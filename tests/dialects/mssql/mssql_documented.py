"""
SQL Server's catalog views that relvar reads: their columns and types as Microsoft documents them.

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/, a page per view
(``sys-objects-transact-sql``); ``<objects>`` and ``<columns>`` are what a view inherits, as its page says.
"""

from __future__ import annotations

_VIEWS = {
    "objects": """
        name sysname, object_id int, principal_id int, schema_id int, parent_object_id int, type char(2),
        type_desc nvarchar(60), create_date datetime, modify_date datetime, is_ms_shipped bit,
        is_published bit, is_schema_published bit
    """,
    "schemas": "name sysname, schema_id int, principal_id int",
    "columns": """
        object_id int, name sysname, column_id int, system_type_id tinyint, user_type_id int,
        max_length smallint, precision tinyint, scale tinyint, collation_name sysname, is_nullable bit,
        is_ansi_padded bit, is_rowguidcol bit, is_identity bit, is_computed bit, is_filestream bit,
        is_replicated bit, is_non_sql_subscribed bit, is_merge_published bit, is_dts_replicated bit,
        is_xml_document bit, xml_collection_id int, default_object_id int, rule_object_id int, is_sparse bit,
        is_column_set bit, generated_always_type tinyint, generated_always_type_desc nvarchar(60),
        is_hidden bit, is_masked bit
    """,
    "types": """
        name sysname, system_type_id tinyint, user_type_id int, schema_id int, principal_id int,
        max_length smallint, precision tinyint, scale tinyint, collation_name sysname, is_nullable bit,
        is_user_defined bit, is_assembly_type bit, default_object_id int, rule_object_id int,
        is_table_type bit
    """,
    "default_constraints": "<objects>, parent_column_id int, definition nvarchar(max), is_system_named bit",
    "computed_columns": "<columns>, definition nvarchar(max), uses_database_collation bit, is_persisted bit",
    "identity_columns": """
        <columns>, seed_value sql_variant, increment_value sql_variant, last_value sql_variant,
        is_not_for_replication bit
    """,
    "extended_properties": """
        class tinyint, class_desc nvarchar(60), major_id int, minor_id int, name sysname, value sql_variant
    """,
    "key_constraints": "<objects>, unique_index_id int, is_system_named bit",
    "indexes": """
        object_id int, name sysname, index_id int, type tinyint, type_desc nvarchar(60), is_unique bit,
        data_space_id int, ignore_dup_key bit, is_primary_key bit, is_unique_constraint bit,
        fill_factor tinyint, is_padded bit, is_disabled bit, is_hypothetical bit, allow_row_locks bit,
        allow_page_locks bit, has_filter bit, filter_definition nvarchar(max)
    """,
    "index_columns": """
        object_id int, index_id int, index_column_id int, column_id int, key_ordinal tinyint,
        partition_ordinal tinyint, is_descending_key bit, is_included_column bit
    """,
    "foreign_keys": """
        <objects>, referenced_object_id int, key_index_id int, is_disabled bit, is_not_for_replication bit,
        is_not_trusted bit, delete_referential_action tinyint, delete_referential_action_desc nvarchar(60),
        update_referential_action tinyint, update_referential_action_desc nvarchar(60), is_system_named bit
    """,
    "foreign_key_columns": """
        constraint_object_id int, constraint_column_id int, parent_object_id int, parent_column_id int,
        referenced_object_id int, referenced_column_id int
    """,
    "check_constraints": """
        <objects>, is_disabled bit, is_not_for_replication bit, is_not_trusted bit, parent_column_id int,
        definition nvarchar(max), uses_database_collation bit, is_system_named bit
    """,
    # 2012
    "sequences": """
        <objects>, start_value sql_variant, increment sql_variant, minimum_value sql_variant,
        maximum_value sql_variant, is_cycling bit, is_cached bit, cache_size int, system_type_id tinyint,
        user_type_id int, precision tinyint, scale tinyint, current_value sql_variant, is_exhausted bit
    """,
    "sql_modules": "object_id int, definition nvarchar(max), uses_ansi_nulls bit, is_schema_bound bit",
    "views": "<objects>, is_replicated bit, with_check_option bit",
    # is_memory_optimized and durability: 2014; temporal_type and history_table_id: 2016
    "tables": """
        <objects>, lob_data_space_id int, max_column_id_used int, lock_on_bulk_load bit, uses_ansi_nulls bit,
        is_filetable bit, durability tinyint, durability_desc nvarchar(60), is_memory_optimized bit,
        temporal_type tinyint, temporal_type_desc nvarchar(60), history_table_id int, is_external bit
    """,
    # 2016
    "periods": """
        name sysname, period_type tinyint, period_type_desc nvarchar(60), object_id int, start_column_id int,
        end_column_id int
    """,
}


def _types(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in text.split(","):
        column = column.strip()
        if column.startswith("<"):
            found |= _types(_VIEWS[column.strip("<>")])
        else:
            name, _, type_ = column.partition(" ")
            found[name] = type_
    return found


# view -> column -> type
TYPES = {view: _types(text) for view, text in _VIEWS.items()}
# view -> columns
COLUMNS = {view: set(columns) for view, columns in TYPES.items()}
