"""What the database can do, for the suite."""

from relvar.testing import exclusions
from relvar.testing.requirements import SuiteRequirements


class Requirements(SuiteRequirements):
    @property
    def schemas(self):
        return exclusions.closed()

    @property
    def views(self):
        return exclusions.open()

    view_reflection = view_column_reflection = views

    @property
    def temp_table_names(self):
        return exclusions.open()

    has_temp_table = temp_table_names
    temporary_views = temp_table_names

    @property
    def ctes(self):
        return exclusions.only_if("vaultdb >= 3.8")

    window_functions = window_range = window_range_numeric = ctes
    intersect = except_ = ctes

    @property
    def savepoints(self):
        return exclusions.open()

    isolation_level = autocommit = savepoints

    @property
    def table_ddl_if_exists(self):
        return exclusions.open()

    index_ddl_if_exists = server_defaults = table_ddl_if_exists
    unicode_ddl = percent_schema_names = table_ddl_if_exists
    create_table_as = create_temp_table_as = table_ddl_if_exists

    @property
    def tuple_in(self):
        return exclusions.open()

    supports_bitwise_and = supports_bitwise_or = supports_bitwise_not = supports_bitwise_shift = tuple_in
    nullsordering = tuple_in

    @property
    def foreign_key_constraint_option_reflection_ondelete(self):
        return exclusions.open()

    foreign_key_constraint_option_reflection_onupdate = foreign_key_constraint_option_reflection_ondelete
    fk_constraint_option_reflection_ondelete_restrict = foreign_key_constraint_option_reflection_ondelete
    fk_constraint_option_reflection_onupdate_restrict = foreign_key_constraint_option_reflection_ondelete

    @property
    def dbapi_lastrowid(self):
        return exclusions.open()

    @property
    def datetime_literals(self):
        return exclusions.open()

    datetime_historic = date_historic = datetime_literals

    @property
    def date_implicit_bound(self):
        """The driver keeps dates as text: what has no type comes back as that."""
        return exclusions.closed()

    time_implicit_bound = datetime_implicit_bound = implicit_decimal_binds = date_implicit_bound

    @property
    def parens_in_union_contained_select_w_limit_offset(self):
        return exclusions.closed()

    parens_in_union_contained_select_wo_limit_offset = parens_in_union_contained_select_w_limit_offset

    @property
    def fetch_rows_post_commit(self):
        return exclusions.closed()

    @property
    def indexes_with_ascdesc(self):
        return exclusions.open()
