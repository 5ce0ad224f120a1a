"""
Constants and small functions of the ORM; imports only.
"""

from relvar.orm.mapping.access import class_mapper as class_mapper
from relvar.orm.mapping.access import object_mapper as object_mapper
from relvar.orm.mapping.events import EXT_CONTINUE as EXT_CONTINUE
from relvar.orm.mapping.events import EXT_SKIP as EXT_SKIP
from relvar.orm.mapping.events import EXT_STOP as EXT_STOP
from relvar.orm.mapping.interfaces import MANYTOMANY as MANYTOMANY
from relvar.orm.mapping.interfaces import MANYTOONE as MANYTOONE
from relvar.orm.mapping.interfaces import ONETOMANY as ONETOMANY
from relvar.orm.mapping.interfaces import DynamicMapped as DynamicMapped
from relvar.orm.mapping.interfaces import Mapped as Mapped
from relvar.orm.mapping.interfaces import ORMDescriptor as ORMDescriptor
from relvar.orm.mapping.interfaces import RelationshipDirection as RelationshipDirection
from relvar.orm.mapping.interfaces import SQLORMExpression as SQLORMExpression
from relvar.orm.mapping.interfaces import WriteOnlyMapped as WriteOnlyMapped
from relvar.orm.state.flags import ATTR_EMPTY as ATTR_EMPTY
from relvar.orm.state.flags import ATTR_WAS_SET as ATTR_WAS_SET
from relvar.orm.state.flags import NEVER_SET as NEVER_SET
from relvar.orm.state.flags import NO_KEY as NO_KEY
from relvar.orm.state.flags import NO_VALUE as NO_VALUE
from relvar.orm.state.flags import PASSIVE_NO_FETCH as PASSIVE_NO_FETCH
from relvar.orm.state.flags import PASSIVE_NO_INITIALIZE as PASSIVE_NO_INITIALIZE
from relvar.orm.state.flags import PASSIVE_NO_RESULT as PASSIVE_NO_RESULT
from relvar.orm.state.flags import PASSIVE_OFF as PASSIVE_OFF
from relvar.orm.state.flags import PASSIVE_ONLY_PERSISTENT as PASSIVE_ONLY_PERSISTENT
from relvar.orm.state.flags import LoaderCallableStatus as LoaderCallableStatus
from relvar.orm.state.flags import PassiveFlag as PassiveFlag
from relvar.orm.state.inspected import InspectionAttr as InspectionAttr
from relvar.orm.state.inspected import InspectionAttrExtensionType as InspectionAttrExtensionType
from relvar.orm.state.inspected import InspectionAttrInfo as InspectionAttrInfo
from relvar.orm.state.inspected import NotExtension as NotExtension
from relvar.orm.state.instance import state_str as state_str
from relvar.orm.state.manager import instance_dict as instance_dict
from relvar.orm.state.manager import instance_state as instance_state
from relvar.orm.state.manager import manager_of_class as manager_of_class
from relvar.orm.state.manager import opt_manager_of_class as opt_manager_of_class
