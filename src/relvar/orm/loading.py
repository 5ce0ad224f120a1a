"""
Results of objects, moved into another session; imports only.
"""

from relvar.orm.session.merge import merge_frozen_result as merge_frozen_result
from relvar.orm.session.merge import merge_result as merge_result
