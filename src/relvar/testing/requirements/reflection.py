"""What can be read from the catalogue."""

from __future__ import annotations

from relvar.testing.requirements.capability import capability


class ReflectionRequirements:
    """What can be read from the catalogue."""

    schema_reflection: capability = capability("The names of schemas can be listed.")
    table_reflection: capability = capability("Tables can be listed and described.")
    view_reflection: capability = capability("Views can be listed.", by_default=False)
    view_column_reflection: capability = capability(
        "The columns of views can be described.", by_default=False
    )
    materialized_views_reflect_pk: capability = capability(
        "Materialised views have a primary key.", by_default=False
    )
    primary_key_constraint_reflection: capability = capability("Primary keys are reflected.")
    reflects_pk_names: capability = capability(
        "Primary keys are reflected with their names.", by_default=False
    )
    foreign_key_constraint_reflection: capability = capability("Foreign keys are reflected.")
    foreign_key_constraint_name_reflection: capability = capability(
        "Foreign keys are reflected with their names.", by_default=False
    )
    foreign_key_constraint_option_reflection_ondelete: capability = capability(
        "ON DELETE is reflected.", by_default=False
    )
    foreign_key_constraint_option_reflection_onupdate: capability = capability(
        "ON UPDATE is reflected.", by_default=False
    )
    fk_constraint_option_reflection_ondelete_restrict: capability = capability(
        "ON DELETE RESTRICT is reflected.", by_default=False
    )
    fk_constraint_option_reflection_ondelete_noaction: capability = capability(
        "ON DELETE NO ACTION is reflected.", by_default=False
    )
    fk_constraint_option_reflection_onupdate_restrict: capability = capability(
        "ON UPDATE RESTRICT is reflected.", by_default=False
    )
    foreign_keys_reflect_as_index: capability = capability(
        "A foreign key makes an index that is reflected.", by_default=False
    )
    unique_constraint_reflection: capability = capability("Unique constraints are reflected.")
    unique_constraints_reflect_as_index: capability = capability(
        "Unique constraints are reflected as indexes as well.", by_default=False
    )
    unique_index_reflect_as_unique_constraints: capability = capability(
        "Unique indexes are reflected as constraints.", by_default=False
    )
    check_constraint_reflection: capability = capability("Check constraints are reflected.", by_default=False)
    inline_check_constraint_reflection: capability = capability(
        "Check constraints of a column are reflected.", by_default=False
    )
    index_reflection: capability = capability("Indexes are reflected.")
    index_reflects_included_columns: capability = capability(
        "The included columns of an index are reflected.", by_default=False
    )
    reflect_indexes_with_ascdesc: capability = capability(
        "The directions of an index's columns are reflected."
    )
    reflect_indexes_with_ascdesc_as_expression: capability = capability(
        "A column with a direction is reflected as an expression.", by_default=False
    )
    reflect_indexes_with_expressions: capability = capability(
        "Indexes on expressions are reflected.", by_default=False
    )
    comment_reflection: capability = capability(
        "Comments of tables and columns are reflected.", by_default=False
    )
    comment_reflection_full_unicode: capability = capability(
        "Comments can have letters beyond the basic plane.", by_default=False
    )
    constraint_comment_reflection: capability = capability(
        "Comments of constraints are reflected.", by_default=False
    )
    column_collation_reflection: capability = capability(
        "Collations of columns are reflected.", by_default=False
    )
    temp_table_reflection: capability = capability("Temporary tables are described.")
    temp_table_reflect_indexes: capability = capability("Indexes of temporary tables are reflected.")
    temp_table_comment_reflection: capability = capability(
        "Comments of temporary tables are reflected.", by_default=False
    )
    reflect_table_options: capability = capability("Options of tables are reflected.", by_default=False)
    reflect_tables_no_columns: capability = capability("Tables can have no columns.", by_default=False)
