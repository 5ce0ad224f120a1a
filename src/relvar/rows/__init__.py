"""
Rows and results: what a SELECT gives back.
"""

from relvar.rows.cursor import CursorResult as CursorResult
from relvar.rows.layout import Layout as Layout
from relvar.rows.layout import SimpleResultMetaData as SimpleResultMetaData
from relvar.rows.layout import result_tuple as result_tuple
from relvar.rows.result import ChunkedIteratorResult as ChunkedIteratorResult
from relvar.rows.result import FilterResult as FilterResult
from relvar.rows.result import FrozenResult as FrozenResult
from relvar.rows.result import IteratorResult as IteratorResult
from relvar.rows.result import MappingResult as MappingResult
from relvar.rows.result import MergedResult as MergedResult
from relvar.rows.result import Result as Result
from relvar.rows.result import ScalarResult as ScalarResult
from relvar.rows.result import TupleResult as TupleResult
from relvar.rows.row import Row as Row
from relvar.rows.row import RowMapping as RowMapping
