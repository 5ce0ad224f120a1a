"""Statements: queries, changes, transactions."""

from __future__ import annotations

from typing import Any

from relvar.testing import exclusions
from relvar.testing.configuration import Config
from relvar.testing.requirements.capability import capability


def _inserts_defaults(config: Config) -> bool:
    dialect: Any = config.db.dialect
    return bool(
        dialect.supports_empty_insert or dialect.supports_default_values or dialect.supports_default_metavalue
    )


class StatementRequirements:
    """Statements: queries, changes, transactions."""

    subqueries: capability = capability("A SELECT can be part of another.")
    standalone_binds: capability = capability("A parameter can be a result column.")
    standalone_null_binds_whereclause: capability = capability("A NULL parameter can be compared.")
    bound_limit_offset: capability = capability("LIMIT and OFFSET can be parameters.")
    sql_expression_limit_offset: capability = capability("LIMIT and OFFSET can be expressions.")
    parens_in_union_contained_select_w_limit_offset: capability = capability(
        "A SELECT with LIMIT can be in parentheses in a UNION."
    )
    parens_in_union_contained_select_wo_limit_offset: capability = capability(
        "A SELECT can be in parentheses in a UNION."
    )
    offset: capability = capability("OFFSET works.")
    fetch_first: capability = capability("FETCH FIRST works.", by_default=False)
    fetch_percent: capability = capability("FETCH FIRST n PERCENT works.", by_default=False)
    fetch_ties: capability = capability("FETCH FIRST n ROWS WITH TIES works.", by_default=False)
    fetch_no_order_by: capability = capability("FETCH FIRST needs no ORDER BY.", by_default=False)
    fetch_offset_with_options: capability = capability(
        "FETCH FIRST with PERCENT or WITH TIES may have an OFFSET.", by_default=False
    )
    fetch_expression: capability = capability("FETCH FIRST takes an expression.", by_default=False)
    intersect: capability = capability("INTERSECT works.", by_default=False)
    except_: capability = capability("EXCEPT works.", by_default=False)
    order_by_col_from_union: capability = capability(
        "A UNION can be ordered by a column of its first SELECT."
    )
    order_by_label_with_expression: capability = capability(
        "ORDER BY can use a label inside an expression.", by_default=False
    )
    order_by_collation: capability = capability("ORDER BY can have a collation.", by_default=False)
    nullsordering: capability = capability("NULLS FIRST and NULLS LAST work.", by_default=False)
    group_by_complex_expression: capability = capability("GROUP BY takes expressions.")
    nested_aggregates: capability = capability("An aggregate can be over a subquery with one.")
    aggregate_order_by: capability = capability("Aggregates can be ordered.", by_default=False)
    window_functions: capability = capability("OVER works.", by_default=False)
    window_range: capability = capability("RANGE BETWEEN with offsets works.", by_default=False)
    window_range_numeric: capability = capability(
        "RANGE BETWEEN with numeric offsets works.", by_default=False
    )
    window_range_non_numeric: capability = capability("RANGE BETWEEN with intervals works.", by_default=False)
    ctes: capability = capability("WITH works.", by_default=False)
    ctes_on_dml: capability = capability("INSERT, UPDATE and DELETE can be in WITH.", by_default=False)
    ctes_with_update_delete: capability = capability("UPDATE and DELETE can have WITH.", by_default=False)
    ctes_with_values: capability = capability("WITH can be of VALUES.", by_default=False)
    table_value_constructor: capability = capability("VALUES can be a table.", by_default=False)
    tuple_in: capability = capability("Tuples can be compared with IN.", by_default=False)
    tuple_in_w_empty: capability = capability("Tuples can be compared with an empty IN.", by_default=False)
    like_escapes: capability = capability("LIKE has ESCAPE.")
    regexp_match: capability = capability("regexp_match() works.", by_default=False)
    regexp_replace: capability = capability("regexp_replace() works.", by_default=False)
    mod_operator_as_percent_sign: capability = capability(
        "The remainder is written with a percent sign.", by_default=False
    )
    supports_is_distinct_from: capability = capability(
        "IS DISTINCT FROM works.", flag="supports_is_distinct_from"
    )
    supports_distinct_on: capability = capability("DISTINCT ON works.", by_default=False)
    supports_bitwise_and: capability = capability("Bitwise and works.", by_default=False)
    supports_bitwise_or: capability = capability("Bitwise or works.", by_default=False)
    supports_bitwise_not: capability = capability("Bitwise not works.", by_default=False)
    supports_bitwise_xor: capability = capability("Bitwise exclusive or works.", by_default=False)
    supports_bitwise_shift: capability = capability("Shifts work.", by_default=False)
    duplicate_names_in_cursor_description: capability = capability("Result columns can have one name twice.")
    selectone: capability = capability("SELECT without FROM works.")
    standard_cursor_sql: capability = capability("Statements reach the cursor as they are rendered.")
    insert_from_select: capability = capability("INSERT FROM SELECT works.")
    multivalues_inserts: capability = capability(
        "INSERT takes several rows.", flag="supports_multivalues_insert"
    )

    @property
    def empty_inserts(self) -> exclusions.compound:
        """INSERT of a row of defaults works."""
        return exclusions.only_if(_inserts_defaults, "empty inserts")

    @property
    def empty_inserts_executemany(self) -> exclusions.compound:
        """INSERT of many rows of defaults works."""
        return exclusions.only_if(_inserts_defaults, "empty inserts")

    insert_returning: capability = capability("INSERT … RETURNING works.", flag="insert_returning")
    update_returning: capability = capability("UPDATE … RETURNING works.", flag="update_returning")
    update_returning_dialect_not_supported: capability = capability(
        "UPDATE … RETURNING is not supported by the dialect.", by_default=True
    )
    delete_returning: capability = capability("DELETE … RETURNING works.", flag="delete_returning")
    insert_executemany_returning: capability = capability(
        "INSERT … RETURNING with many rows works.", flag="insert_executemany_returning"
    )
    insertmanyvalues: capability = capability(
        "Many rows are inserted with few statements.", flag="use_insertmanyvalues"
    )
    update_from: capability = capability("UPDATE … FROM works.", by_default=False)
    delete_from: capability = capability("DELETE … USING works.", by_default=False)
    update_where_target_in_subquery: capability = capability(
        "A subquery of UPDATE can read the table that is updated."
    )
    sane_rowcount: capability = capability(
        "The count of rows changed is right.", flag="supports_sane_rowcount"
    )
    sane_multi_rowcount: capability = capability(
        "The count of rows changed is right for many parameter sets.", flag="supports_sane_multi_rowcount"
    )
    sane_rowcount_w_returning: capability = capability(
        "The count of rows changed is right with RETURNING.", flag="supports_sane_rowcount_returning"
    )
    arraysize: capability = capability("Cursors have an arraysize.")
    fetch_rows_post_commit: capability = capability("Rows can be read after COMMIT.")
    server_side_cursors: capability = capability(
        "Rows can stay on the server until they are wanted.", by_default=False
    )
    autoincrement_insert: capability = capability("The database numbers the rows of a table.")
    autoincrement_without_sequence: capability = capability("It does so without a sequence.")
    supports_lastrowid: capability = capability(
        "The number of the row inserted can be asked from the cursor or the server.",
        flag="postfetch_lastrowid",
    )
    dbapi_lastrowid: capability = capability("Cursors have a lastrowid.", by_default=False)
    implements_get_lastrowid: capability = capability(
        "The dialect can ask for the number of the row inserted."
    )
    emulated_lastrowid: capability = capability(
        "The number of the row inserted is asked with a further SELECT.", by_default=False
    )
    emulated_lastrowid_even_with_sequences: capability = capability(
        "So it is even where there are sequences.", by_default=False
    )
    no_lastrowid_support: capability = capability(
        "The number of the row inserted is known by RETURNING only.", by_default=False
    )
    autocommit: capability = capability("The AUTOCOMMIT isolation level is there.", by_default=False)
    skip_autocommit_rollback: capability = capability(
        "Under AUTOCOMMIT no ROLLBACK is sent where that is wanted.", by_default=False
    )
    isolation_level: capability = capability("Isolation levels can be set and read.", by_default=False)
    get_isolation_level_values: capability = capability("The isolation levels can be listed.")
    dialect_level_isolation_level_param: capability = capability("create_engine() takes isolation_level.")
    savepoints: capability = capability("SAVEPOINT works.", by_default=False)
    two_phase_transactions: capability = capability("Two-phase transactions work.", by_default=False)
    duplicate_key_raises_integrity_error: capability = capability(
        "A second row with a key raises IntegrityError."
    )
