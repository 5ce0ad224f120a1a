"""
Small tools of the ORM; imports only.
"""

from relvar.orm.mapping.access import class_mapper as class_mapper
from relvar.orm.mapping.access import identity_key as identity_key
from relvar.orm.mapping.access import object_mapper as object_mapper
from relvar.orm.mapping.aliased import AliasedClass as AliasedClass
from relvar.orm.mapping.aliased import AliasedInsp as AliasedInsp
from relvar.orm.mapping.aliased import aliased as aliased
from relvar.orm.mapping.aliased import with_polymorphic as with_polymorphic
from relvar.orm.mapping.cascade_options import CascadeOptions as CascadeOptions
from relvar.orm.mapping.interfaces import InspectionAttr as InspectionAttr
from relvar.orm.mapping.relationship_compare import with_parent as with_parent
from relvar.orm.state.instance import state_str as state_str
from relvar.orm.state.manager import has_identity as has_identity
from relvar.orm.state.manager import instance_state as instance_state
from relvar.orm.state.manager import manager_of_class as manager_of_class
