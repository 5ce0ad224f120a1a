"""What our own databases can do, for the conformance suite."""

from __future__ import annotations

from typing import Any

from relvar.testing import exclusions
from relvar.testing.requirements import SuiteRequirements


def able(*names: str) -> Any:
    """Return a class decorator: a database has these capabilities."""
    return _set(names, exclusions.open)


def unable(*names: str) -> Any:
    """Return a class decorator: a database lacks these capabilities."""
    return _set(names, exclusions.closed)


def _set(names: tuple[str, ...], rule: Any) -> Any:
    def decorate(cls: Any) -> Any:
        for name in names:
            assert hasattr(SuiteRequirements, name), name
            setattr(cls, name, property(lambda self: rule()))
        return cls

    return decorate


COMMON = able(
    "repeated_column_foreign_keys",
    "ctes",
    "window_functions",
    "views",
    "implicit_default_schema",
    "indexes_with_ascdesc",
    "reflect_indexes_with_ascdesc",
    "view_reflection",
    "view_column_reflection",
    "intersect",
    "except_",
    "regexp_match",
    "tuple_in",
    "table_ddl_if_exists",
    "index_ddl_if_exists",
    "has_temp_table",
    "create_table_as",
    "create_temp_table_as",
    "check_constraint_reflection",
    "foreign_key_constraint_name_reflection",
    "foreign_key_constraint_option_reflection_ondelete",
    "foreign_key_constraint_option_reflection_onupdate",
    "computed_columns",
    "computed_columns_stored",
    "computed_columns_reflect_persisted",
    "server_defaults",
    "expression_server_defaults",
    "unicode_ddl",
    "percent_schema_names",
    "datetime_historic",
    "date_historic",
    "datetime_literals",
    "timestamp_microseconds",
    "precision_numerics_enotation_small",
    "json_type",
    "json_array_indexes",
    "isolation_level",
    "autocommit",
    "savepoints",
    "supports_bitwise_and",
    "supports_bitwise_or",
    "supports_bitwise_not",
    "supports_bitwise_shift",
    "window_range_numeric",
    "window_range",
)


@COMMON
@able(
    "tuple_in_w_empty",
    "nullsordering",
    "order_by_collation",
    "ctes_with_update_delete",
    "update_from",
    "computed_columns_virtual",
    "indexes_with_expressions",
    "reflect_indexes_with_expressions",
    "reflects_pk_names",
    "temp_table_names",
    "dbapi_lastrowid",
    "legacy_unconditional_json_extract",
    "temporary_views",
)
@unable(
    "parens_in_union_contained_select_w_limit_offset",
    "parens_in_union_contained_select_wo_limit_offset",
    # the driver has no types of its own for these: text comes back
    "date_implicit_bound",
    "time_implicit_bound",
    "datetime_implicit_bound",
    "implicit_decimal_binds",
    # a cursor that has rows left keeps COMMIT waiting
    "fetch_rows_post_commit",
)
class SQLite(SuiteRequirements):
    """SQLite 3.40 and newer."""

    def get_order_by_collation(self, config: Any) -> str:
        return "NOCASE"


@COMMON
@able(
    "tuple_in_w_empty",
    "nullsordering",
    "order_by_collation",
    "order_by_label_with_expression",
    "fetch_first",
    "fetch_ties",
    "fetch_no_order_by",
    "regexp_replace",
    "ctes_with_update_delete",
    "ctes_on_dml",
    "update_from",
    "delete_from",
    "supports_distinct_on",
    "supports_bitwise_xor",
    "table_value_constructor",
    "sequences",
    "sequences_optional",
    "temporary_views",
    "create_or_replace_view",
    "identity_columns",
    "identity_columns_standard",
    "schema_create_delete",
    "default_schema_name_switch",
    "indexes_with_expressions",
    "reflect_indexes_with_expressions",
    "reflects_pk_names",
    "temp_table_names",
    "comment_reflection_full_unicode",
    "column_collation_reflection",
    "cross_schema_fk_reflection",
    "inline_check_constraint_reflection",
    "reflect_tables_no_columns",
    "comment_reflection",
    "datetime_timezone",
    "time_timezone",
    "precision_numerics_many_significant_digits",
    "precision_numerics_retains_significant_digits",
    "infinity_floats",
    "window_range_non_numeric",
    "datetime_interval",
    "datetime_timezone_historic",
    "timestamp_microseconds_implicit_bound",
    "legacy_unconditional_json_extract",
    "array_type",
    "uuid_data_type",
    "server_side_cursors",
    "materialized_views",
)
class PostgreSQL(SuiteRequirements):
    """PostgreSQL 15 and newer."""

    @property
    def two_phase_transactions(self) -> Any:
        """Servers keep no prepared transactions unless they are told to."""

        def keeps_none(config: Any) -> bool:
            with config.db.connect() as conn:
                return bool(conn.exec_driver_sql("SHOW max_prepared_transactions").scalar() == "0")

        return exclusions.skip_if(keeps_none, "max_prepared_transactions is 0")

    def get_order_by_collation(self, config: Any) -> str:
        return "POSIX"


@unable(
    "time_microseconds",
    "datetime_microseconds",
    "timestamp_microseconds",
    "unbounded_varchar",
    "sql_expression_limit_offset",
    # the driver writes parameters into the text: text comes back
    "date_implicit_bound",
    "time_implicit_bound",
    "datetime_implicit_bound",
    "precision_generic_float_type",
)
@COMMON
@able(
    "regexp_replace",
    "supports_bitwise_xor",
    "sequences",
    "create_or_replace_view",
    "computed_columns_virtual",
    "comment_reflection",
    "order_by_collation",
    "server_side_cursors",
    "dbapi_lastrowid",
    "foreign_keys_reflect_as_index",
    "column_collation_reflection",
    "cross_schema_fk_reflection",
    "reflect_table_options",
    "unique_constraints_reflect_as_index",
    "two_phase_transactions",
)
class MariaDB(SuiteRequirements):
    """MariaDB 10.11 and newer."""

    def get_order_by_collation(self, config: Any) -> str:
        return "utf8mb4_bin"


@COMMON
@able(
    "sequences",
    "identity_columns",
    "identity_columns_standard",
    "comment_reflection",
    "comment_reflection_full_unicode",
    "materialized_views",
    "insert_returning",
    "update_returning",
    "delete_returning",
    "two_phase_transactions",
    "fetch_first",
    "fetch_percent",
    "fetch_ties",
    "fetch_no_order_by",
    "fetch_offset_with_options",
    "temp_table_names",
)
@unable(
    "tuple_in",
    "regexp_match",
    "table_ddl_if_exists",
    "index_ddl_if_exists",
    "foreign_key_constraint_option_reflection_onupdate",
    "computed_columns_stored",
    "computed_columns_reflect_persisted",
    "supports_bitwise_not",
    "supports_bitwise_shift",
    "empty_strings_varchar",
    "empty_strings_text",
    "empty_inserts",
    "time",
    "time_microseconds",
    "datetime_microseconds",
    "multivalues_inserts",
    "update_from",
    "delete_from",
    "has_temp_table",
)
class Oracle(SuiteRequirements):
    """Oracle Database; written by its manual, as there was no server to run it on."""


@COMMON
@able(
    "sequences",
    "sequences_optional",
    "identity_columns",
    "comment_reflection",
    "comment_reflection_full_unicode",
    "insert_returning",
    "update_returning",
    "delete_returning",
    "insert_executemany_returning",
    "update_from",
    "delete_from",
    "fetch_first",
    "fetch_percent",
    "fetch_ties",
    "order_by_collation",
    "computed_columns_virtual",
    "schema_create_delete",
    "create_or_replace_view",
    "column_collation_reflection",
    "cross_schema_fk_reflection",
    "reflect_table_options",
    "reflects_pk_names",
    "temp_table_names",
    "temp_table_reflection",
    "unique_constraints_reflect_as_index",
    "supports_bitwise_xor",
    "datetime_timezone",
    "uuid_data_type",
)
@unable(
    "tuple_in",
    "regexp_match",
    "table_ddl_if_exists",
    "supports_bitwise_shift",
    "window_range",
    "create_temp_table_as",
    "date_historic",
    "empty_inserts",
)
class MSSQL(SuiteRequirements):
    """SQL Server 2016 and newer."""

    def get_order_by_collation(self, config: Any) -> str:
        return "Latin1_General_CS_AS_KS_WS"


@unable(
    "ctes_with_update_delete",
    "intersect",
    "except_",
    "regexp_match",
    "tuple_in",
    "fetch_rows_post_commit",
    "create_table_as",
    "create_temp_table_as",
    "computed_columns_stored",
    "json_type",
    "json_array_indexes",
    "schemas",
    "time_microseconds",
    "datetime_microseconds",
    "timestamp_microseconds",
    "unbounded_varchar",
    "foreign_key_constraint_option_reflection_ondelete",
    "implicit_default_schema",
    "schema_reflection",
    "parens_in_union_contained_select_w_limit_offset",
    "parens_in_union_contained_select_wo_limit_offset",
)
@COMMON
@able(
    "nullsordering",
    "fetch_first",
    "fetch_no_order_by",
    "supports_bitwise_xor",
    "sequences",
    "sequences_optional",
    "create_or_replace_view",
    "computed_columns_virtual",
    "reflects_pk_names",
    "comment_reflection",
)
class AnyFirebird(SuiteRequirements):
    """What all versions can do."""


class Firebird(AnyFirebird):
    """Firebird 3 and newer."""

    @property
    def window_range(self) -> Any:
        """Frames of windows."""
        return exclusions.only_if("firebird >= 4")

    @property
    def rows_come_back(self) -> Any:
        """RETURNING of several rows."""
        return exclusions.only_if("firebird >= 5")

    @property
    def two_phase_transactions(self) -> Any:
        """Transactions that a driver can prepare."""
        return exclusions.only_if("firebird+firebird")

    window_range_numeric = window_range
    identity_columns = window_range
    precision_numerics_enotation_large = window_range


@COMMON
@unable(
    "ctes",
    "window_functions",
    "intersect",
    "except_",
    "regexp_match",
    "tuple_in",
    "table_ddl_if_exists",
    "index_ddl_if_exists",
    "foreign_key_constraint_option_reflection_ondelete",
    "foreign_key_constraint_option_reflection_onupdate",
    "json_type",
    "json_array_indexes",
    "offset",
    "autocommit",
    "percent_schema_names",
    "multivalues_inserts",
)
class Sybase(SuiteRequirements):
    """SAP ASE; written by its manual, as there was no server to run it on."""
