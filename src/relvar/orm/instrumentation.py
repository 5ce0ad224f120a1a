"""
The instrumentation of mapped classes; imports only.
"""

from relvar.orm.mapping.events import InstrumentationEvents as InstrumentationEvents
from relvar.orm.mapping.events import InstrumentationFactory as InstrumentationFactory
from relvar.orm.state.manager import ClassManager as ClassManager
from relvar.orm.state.manager import instance_dict as instance_dict
from relvar.orm.state.manager import instance_state as instance_state
from relvar.orm.state.manager import is_instrumented as is_instrumented
from relvar.orm.state.manager import manager_of_class as manager_of_class
from relvar.orm.state.manager import opt_manager_of_class as opt_manager_of_class
from relvar.orm.state.manager import register_class as register_class
from relvar.orm.state.manager import unregister_class as unregister_class
