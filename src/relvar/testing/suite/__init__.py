"""
The conformance suite: what relvar counts on in a dialect and its database.

A dialect's project has a module ``test_suite.py``:

    from relvar.testing.suite import *

Derive from a class under its own name to change it; its requirements decide what runs.
"""

from relvar.testing.suite.test_cte import *
from relvar.testing.suite.test_ddl import *
from relvar.testing.suite.test_dialect import *
from relvar.testing.suite.test_insert import *
from relvar.testing.suite.test_reflection import *
from relvar.testing.suite.test_results import *
from relvar.testing.suite.test_rowcount import *
from relvar.testing.suite.test_select import *
from relvar.testing.suite.test_sequence import *
from relvar.testing.suite.test_table_via_select import *
from relvar.testing.suite.test_types import *
from relvar.testing.suite.test_unicode_ddl import *
from relvar.testing.suite.test_update_delete import *
