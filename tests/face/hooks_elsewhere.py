"""
Hooks that no table reaches: told by tests of their own, yet to come, or nobody's but the programs' own.
"""

from __future__ import annotations

# a test in test_hooks.py or test_hooks_of_dialects.py overrides them among others
TOLD: dict[str, frozenset[str]] = {
    "inspector": frozenset(
        """
        get_check_constraints get_foreign_keys get_indexes get_unique_constraints reflect_table
        """.split()
    ),
    "preparer": frozenset(
        """
        __init__ _escape_identifier _requires_quotes format_label format_schema format_table
        illegal_initial_characters quote quote_schema reserved_words
        """.split()
    ),
    "dialect": frozenset(
        """
        __init__ _get_default_schema_name _get_server_version_info connect create_connect_args
        denormalize_name do_begin do_commit do_execute do_executemany do_release_savepoint do_rollback
        do_rollback_to_savepoint do_savepoint execution_ctx_cls get_check_constraints get_columns
        get_default_isolation_level get_foreign_keys get_indexes get_isolation_level
        get_isolation_level_values get_multi_check_constraints get_multi_columns get_multi_foreign_keys
        get_multi_indexes get_multi_pk_constraint get_multi_table_comment get_multi_unique_constraints
        get_pk_constraint get_pool_class get_schema_names get_sequence_names get_table_comment
        get_table_names get_table_options get_temp_table_names get_temp_view_names
        get_unique_constraints get_view_definition get_view_names has_index has_schema has_sequence
        has_table import_dbapi initialize inspector is_disconnect ischema_names normalize_name
        on_connect preexecute_autoincrement_sequences reset_isolation_level set_isolation_level
        supports_statement_cache type_descriptor
        """.split()
    ),
    "sql": frozenset(
        """
        __init__ _regexp_match _render_json_extract_from_binary compound_keywords render_literal_value
        visit_empty_set_expr
        """.split()
    ),
    "exec_ctx": frozenset(
        """
        create_cursor create_server_side_cursor fire_sequence get_insert_default get_lastrowid post_exec
        pre_exec rowcount
        """.split()
    ),
}

# they belong to what is not there yet
LATER: dict[str, dict[str, str]] = {
    "inspector": {
        "get_table_oid": "reflection of PostgreSQL",
    },
    "preparer": {
        "_quote_free_identifiers": "reflection of MySQL",
    },
    "dialect": {
        "get_table_oid": "reflection of PostgreSQL",
        "_isolation_lookup": "drivers of PostgreSQL and SQL Server",
        "_get_column_info": "reflection of SQLite",
        "_comment_query": "reflection of PostgreSQL",
        "_load_domains": "reflection of PostgreSQL",
        "_load_enums": "reflection of PostgreSQL",
        "_pg_class_filter_scope_schema": "reflection of PostgreSQL",
        "_set_backslash_escapes": "drivers of PostgreSQL",
        "get_async_dialect_cls": "asyncio",
        "pyodbc_driver_name": "drivers of SQL Server",
    },
}

# methods that programs call themselves, or that no version since 2.0 reads
THEIR_OWN: dict[str, frozenset[str]] = {
    "inspector": frozenset(
        """
        _apply_constraint_conv _apply_reflectinfo_conv _make_reflection_info _pre_cache _reflect_engine
        _return_from_cache get_engine pre_cache_tables
        """.split()
    ),
    "preparer": frozenset(
        """
        _identifier_cfg _is_unsafe_unquoted _safe_quote _separate _split_idents _split_schema_by_dot
        illegal_identifiers quote_column quote_identifier_if_unsafe
        """.split()
    ),
    "dialect": frozenset(
        """
        _SHOW_TABLES_PAGE_SIZE __new__ __repr__ __visit_name__ _always_quote_join _build_column_info
        _build_formatted_table_id _build_identity_metadata _build_query_where _check_unicode_description
        _check_unicode_returns _current_database_schema _db_plus_schema _denormalize_quote_join _execute
        _get_all_constraint_info _get_all_relation_info _get_cli_isolation_levels _get_column_default
        _get_column_type _get_columns _get_default_catalog_name _get_full_schema_name _get_full_table
        _get_partitions _get_redshift_columns _get_redshift_constraints _get_redshift_relation
        _get_same_schemas_for_fk_reflection _get_schema_column_info _get_schema_columns
        _get_schema_foreign_keys _get_schema_primary_keys _get_schema_tables_info
        _get_schema_unique_constraints _get_table _get_table_comment _get_table_foreign_keys
        _get_table_indexes _get_table_or_view_names _get_table_primary_keys
        _get_table_unique_constraints _get_type_kwargs _get_view_comment _has_events _has_object
        _is_primary_key_column _isolation_levels_cli _isolation_levels_returned
        _log_new_connection_event _map_name_to_idx _normalize_schema_target _parse_decimal_params
        _parse_detetime64_params _parse_detetime_params _parse_fk_rows _parse_index_rows _parse_options
        _parse_pk_rows _parse_uk_rows _psycopg_json _qualify_object_name _query_all_columns_info
        _query_filtered_columns_info _quote_table_name _raw_connection _reflector_cls
        _resolve_column_type _show_in_schema_rows _sort_columns_by_key_sequence _split_table_name
        _table_reference _value_or_default bind convert_unicode create create_job_config dbapi
        description_encoding drop encoding engine_reflection forced_server_version_string
        get_catalog_names get_engine get_incoming_foreign_keys get_prefixes_from_data get_primary_keys
        get_table_names_with_prefix implicit_returning jdbc_db_name jdbc_driver_name metadata
        multivalues_inserts parse_query_param_type preexecute_sequences returns_unicode_strings
        savepoints serverType set_client_encoding setup_asyncpg_json_codec support_views supports_cast
        supports_char_length supports_delete supports_engine_reflection supports_pk_autoincrement
        supports_table_comment_reflection supports_unicode supports_unicode_binds
        supports_unicode_statements supports_update two_phase_transactions types_with_length
        use_setinputsizes
        """.split()
    ),
    "sql": frozenset(
        """
        __expanded_param __expanding_conflict __expanding_text __in_expanding_bind __placeholder
        __remove_type_parameter __sqlalchemy_version_info _get_regexp_args
        _insert_targets_semi_structured _known_tables _maybe_reescape _render_ilike
        _render_insert_from_values_select add_catalog compile_ignore_nulls final_clause limit_by_clause
        literalBindsFlagFrom_kw sample_clause
        """.split()
    ),
    "type": frozenset(
        """
        __render_string_type _render_enum
        """.split()
    ),
    "ddl": frozenset(
        """
        _append_rely _compile_param _fetch_redshift_column_attributes _format_stage_prefix
        _get_default_string _is_nullable_unique_constraint_supported _process_option_value
        _process_range_partitioning _process_time_partitioning _raise_for_type
        _validate_option_value_type denormalize_column_name get_server_version_info handle_cluster_by
        option_datatype_mapping
        """.split()
    ),
    "exec_ctx": frozenset(
        """
        INSERT_SQL_RE __distribute_types_to_expanded_placeholders __remove_type_from_empty_in
        _callproc_result _out_parameters get_result_proxy should_autocommit should_autocommit_text
        """.split()
    ),
}
