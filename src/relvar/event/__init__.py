"""
Events: functions that are called when something happens.

To define events, derive from `Events` (its docstring shows how); to run
listeners, call ``obj.dispatch.name(...)``.  ``obj.dispatch.name`` is false
when nobody listens, and `clock` tells a hot path in one comparison that
nothing has changed since it looked.
"""

from relvar.event.api import CANCEL as CANCEL
from relvar.event.api import NO_RETVAL as NO_RETVAL
from relvar.event.api import contains as contains
from relvar.event.api import listen as listen
from relvar.event.api import listens_for as listens_for
from relvar.event.api import remove as remove
from relvar.event.dispatch import Dispatch as Dispatch
from relvar.event.dispatch import RefCollection as RefCollection
from relvar.event.dispatch import dispatcher as dispatcher
from relvar.event.events import Events as Events
from relvar.event.events import EventTarget as EventTarget
from relvar.event.events import _legacy_signature as _legacy_signature
from relvar.event.registry import EventKey as EventKey
from relvar.event.registry import clock as clock

__all__ = [
    "CANCEL",
    "EventTarget",
    "Events",
    "NO_RETVAL",
    "RefCollection",
    "contains",
    "dispatcher",
    "listen",
    "listens_for",
    "remove",
]
