"""
What the ORM knows about one object: its state, its changes, its collections.

Nothing here knows tables, mappers or sessions; these attach themselves through `hooks` and per-attribute
listeners.
"""

from relvar.orm.state.instance import AttributeState as AttributeState
from relvar.orm.state.instance import InstanceState as InstanceState
