"""
Moving expressions between FROM elements, under the address that older programs use.
"""

from relvar.relation.adapt import ClauseAdapter as ClauseAdapter
from relvar.relation.adapt import ColumnAdapter as ColumnAdapter
from relvar.relation.join import find_left_clause_that_matches_given as find_left_clause_that_matches_given
from relvar.relation.join import find_left_clause_to_join_from as find_left_clause_to_join_from
from relvar.relation.join import join_condition as join_condition
from relvar.relation.join import reduce_columns as reduce_columns
