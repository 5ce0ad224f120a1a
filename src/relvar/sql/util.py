"""
Moving expressions between FROM elements, under the address that older programs use.
"""

from relvar.expr.coerce import offset_or_limit_clause as _offset_or_limit_clause  # noqa: F401  # a name of theirs
from relvar.relation.adapt import ClauseAdapter as ClauseAdapter
from relvar.relation.adapt import ColumnAdapter as ColumnAdapter
from relvar.relation.criteria import adapt_criterion_to_null as adapt_criterion_to_null
from relvar.relation.criteria import criterion_as_pairs as criterion_as_pairs
from relvar.relation.criteria import expand_column_list_from_order_by as expand_column_list_from_order_by
from relvar.relation.criteria import unwrap_label_reference as unwrap_label_reference
from relvar.relation.criteria import unwrap_order_by as unwrap_order_by
from relvar.relation.criteria import visit_binary_product as visit_binary_product
from relvar.relation.join import find_left_clause_that_matches_given as find_left_clause_that_matches_given
from relvar.relation.join import find_left_clause_to_join_from as find_left_clause_to_join_from
from relvar.relation.join import join_condition as join_condition
from relvar.relation.join import reduce_columns as reduce_columns
from relvar.relation.search import bind_values as bind_values
from relvar.relation.search import clause_is_present as clause_is_present
from relvar.relation.search import extract_first_column_annotation as extract_first_column_annotation
from relvar.relation.search import find_join_source as find_join_source
from relvar.relation.search import find_tables as find_tables
from relvar.relation.search import selectables_overlap as selectables_overlap
from relvar.relation.search import surface_expressions as surface_expressions
from relvar.relation.search import surface_selectables as surface_selectables
from relvar.relation.search import surface_selectables_only as surface_selectables_only
from relvar.relation.search import tables_from_leftmost as tables_from_leftmost
