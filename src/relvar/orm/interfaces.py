"""
The protocols of mapped attributes; imports only.
"""

from relvar.orm.load.options import UserDefinedOption as UserDefinedOption
from relvar.orm.mapping.events import EXT_CONTINUE as EXT_CONTINUE
from relvar.orm.mapping.events import EXT_SKIP as EXT_SKIP
from relvar.orm.mapping.events import EXT_STOP as EXT_STOP
from relvar.orm.mapping.interfaces import MANYTOMANY as MANYTOMANY
from relvar.orm.mapping.interfaces import MANYTOONE as MANYTOONE
from relvar.orm.mapping.interfaces import ONETOMANY as ONETOMANY
from relvar.orm.mapping.interfaces import InspectionAttr as InspectionAttr
from relvar.orm.mapping.interfaces import InspectionAttrInfo as InspectionAttrInfo
from relvar.orm.mapping.interfaces import MapperProperty as MapperProperty
from relvar.orm.mapping.interfaces import NotExtension as NotExtension
from relvar.orm.mapping.interfaces import PropComparator as PropComparator
from relvar.orm.mapping.interfaces import RelationshipDirection as RelationshipDirection
from relvar.orm.mapping.interfaces import StrategizedProperty as StrategizedProperty
from relvar.orm.state.flags import DONT_SET as DONT_SET
from relvar.orm.state.flags import NO_KEY as NO_KEY
from relvar.orm.state.flags import NO_VALUE as NO_VALUE
