"""
Collection classes for relationships; imports only.
"""

from relvar.orm.state import collections
from relvar.orm.state.collections import CollectionAdapter as CollectionAdapter
from relvar.orm.state.collections import InstrumentedDict as InstrumentedDict
from relvar.orm.state.collections import InstrumentedList as InstrumentedList
from relvar.orm.state.collections import InstrumentedSet as InstrumentedSet
from relvar.orm.state.collections import KeyFuncDict as KeyFuncDict
from relvar.orm.state.collections import MappedCollection as MappedCollection
from relvar.orm.state.collections import attribute_keyed_dict as attribute_keyed_dict
from relvar.orm.state.collections import attribute_mapped_collection as attribute_mapped_collection
from relvar.orm.state.collections import bulk_replace as bulk_replace
from relvar.orm.state.collections import collection as collection
from relvar.orm.state.collections import collection_adapter as collection_adapter
from relvar.orm.state.collections import column_keyed_dict as column_keyed_dict
from relvar.orm.state.collections import column_mapped_collection as column_mapped_collection
from relvar.orm.state.collections import keyfunc_mapping as keyfunc_mapping
from relvar.orm.state.collections import mapped_collection as mapped_collection
from relvar.orm.state.flags import NO_KEY as NO_KEY

__all__: list[str] = []
__all__ += collections.__all__
