"""
The event families of the ORM; imports only.
"""

from relvar.orm.mapping.events import AttributeEvents as AttributeEvents
from relvar.orm.mapping.events import InstanceEvents as InstanceEvents
from relvar.orm.mapping.events import InstrumentationEvents as InstrumentationEvents
from relvar.orm.mapping.events import MapperEvents as MapperEvents
from relvar.orm.mapping.registry_events import RegistryEvents as RegistryEvents
from relvar.orm.query.query import QueryEvents as QueryEvents
from relvar.orm.session.events import SessionEvents as SessionEvents
