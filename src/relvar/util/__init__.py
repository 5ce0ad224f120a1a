"""
Tools that know nothing of SQL: warnings, containers, memoising, sorting.
"""

from typing import TYPE_CHECKING

# first: it chooses between compiled and interpreted modules, those of this package as well
from relvar import _kernels as _kernels
from relvar.util.concurrency import await_ as await_
from relvar.util.concurrency import await_only as await_only
from relvar.util.concurrency import greenlet_spawn as greenlet_spawn
from relvar.util.convert import asbool as asbool
from relvar.util.convert import asint as asint
from relvar.util.convert import bool_or_str as bool_or_str
from relvar.util.convert import coerce_kw_type as coerce_kw_type
from relvar.util.convert import flatten_iterator as flatten_iterator
from relvar.util.convert import is_non_string_iterable as is_non_string_iterable
from relvar.util.convert import to_list as to_list
from relvar.util.immutable import EMPTY_DICT as EMPTY_DICT
from relvar.util.immutable import immutabledict as immutabledict
from relvar.util.lru import LRUCache as LRUCache
from relvar.util.memoized import memoized_property as memoized_property
from relvar.util.memoized import ro_memoized_property as ro_memoized_property
from relvar.util.ondemand import on_demand
from relvar.util.ordered import IdentitySet as IdentitySet
from relvar.util.ordered import OrderedIdentitySet as OrderedIdentitySet
from relvar.util.ordered import OrderedSet as OrderedSet
from relvar.util.ordered import unique_list as unique_list
from relvar.util.registry import ScopedRegistry as ScopedRegistry
from relvar.util.registry import ThreadLocalRegistry as ThreadLocalRegistry
from relvar.util.symbol import symbol as symbol
from relvar.util.text import ellipses_string as ellipses_string
from relvar.util.text import md5_hex as md5_hex
from relvar.util.warning import deprecated as deprecated
from relvar.util.warning import warn as warn
from relvar.util.warning import warn_deprecated as warn_deprecated
from relvar.util.warning import warn_legacy as warn_legacy
from relvar.util.warning import warn_limited as warn_limited

if TYPE_CHECKING:
    from collections import OrderedDict as OrderedDict
    from collections import defaultdict as defaultdict

    from relvar.util import compat as compat
    from relvar.util import langhelpers as langhelpers
    from relvar.util import topological as topological
    from relvar.util.compat import cpython as cpython
    from relvar.util.compat import inspect_getfullargspec as inspect_getfullargspec
    from relvar.util.compat import is64bit as is64bit
    from relvar.util.langhelpers import assert_arg_type as assert_arg_type
    from relvar.util.langhelpers import classproperty as classproperty
    from relvar.util.langhelpers import decorator as decorator
    from relvar.util.langhelpers import duck_type_collection as duck_type_collection
    from relvar.util.langhelpers import has_compiled_ext as has_compiled_ext
    from relvar.util.langhelpers import preload_module as preload_module
    from relvar.util.langhelpers import set_creation_order as set_creation_order
    from relvar.util.langhelpers import update_copy as update_copy
    from relvar.util.reprs import GenericRepr as GenericRepr
    from relvar.util.reprs import generic_repr as generic_repr
else:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        modules=("compat", "langhelpers", "topological"),
        names={
            "GenericRepr": "relvar.util.reprs",
            "generic_repr": "relvar.util.reprs",
            "OrderedDict": "collections",
            "defaultdict": "collections",
            **dict.fromkeys(("cpython", "inspect_getfullargspec", "is64bit"), "relvar.util.compat"),
            **dict.fromkeys(
                (
                    "assert_arg_type",
                    "classproperty",
                    "decorator",
                    "duck_type_collection",
                    "has_compiled_ext",
                    "preload_module",
                    "set_creation_order",
                    "update_copy",
                ),
                "relvar.util.langhelpers",
            ),
        },
    )
