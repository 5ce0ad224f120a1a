"""
The object-relational mapper: its public names; imports only.
"""

from typing import TYPE_CHECKING

from relvar.util.ondemand import collector_paused, on_demand

with collector_paused():
    from relvar._kernels.attributes import LoaderCallableStatus as LoaderCallableStatus
    from relvar._kernels.identity import IdentityMap as IdentityMap
    from relvar.orm import exc as exc
    from relvar.orm import query as query
    from relvar.orm import state as state
    from relvar.orm.declarative.bases import DeclarativeBase as DeclarativeBase
    from relvar.orm.declarative.bases import DeclarativeBaseNoMeta as DeclarativeBaseNoMeta
    from relvar.orm.declarative.bases import DeclarativeMeta as DeclarativeMeta
    from relvar.orm.declarative.bases import MappedAsDataclass as MappedAsDataclass
    from relvar.orm.declarative.bases import add_mapped_attribute as add_mapped_attribute
    from relvar.orm.declarative.bases import as_declarative as as_declarative
    from relvar.orm.declarative.bases import declarative_base as declarative_base
    from relvar.orm.declarative.bases import declarative_mixin as declarative_mixin
    from relvar.orm.declarative.bases import has_inherited_table as has_inherited_table
    from relvar.orm.declarative.bases import mapped_as_dataclass as mapped_as_dataclass
    from relvar.orm.declarative.bases import synonym_for as synonym_for
    from relvar.orm.declarative.bases import unmapped_dataclass as unmapped_dataclass
    from relvar.orm.declarative.declared import declared_attr as declared_attr
    from relvar.orm.declarative.typemap import TypeResolve as TypeResolve
    from relvar.orm.flush.unit import UOWTransaction as UOWTransaction
    from relvar.orm.load import register as _register
    from relvar.orm.load.criteria import LoaderCriteriaOption as LoaderCriteriaOption
    from relvar.orm.load.criteria import with_loader_criteria as with_loader_criteria
    from relvar.orm.load.from_statement import FromStatement as FromStatement
    from relvar.orm.load.options import Load as Load
    from relvar.orm.load.options import UserDefinedOption as UserDefinedOption
    from relvar.orm.load.starting import contains_eager as contains_eager
    from relvar.orm.load.starting import defaultload as defaultload
    from relvar.orm.load.starting import defer as defer
    from relvar.orm.load.starting import immediateload as immediateload
    from relvar.orm.load.starting import joinedload as joinedload
    from relvar.orm.load.starting import lazyload as lazyload
    from relvar.orm.load.starting import load_only as load_only
    from relvar.orm.load.starting import noload as noload
    from relvar.orm.load.starting import peers as peers
    from relvar.orm.load.starting import raiseload as raiseload
    from relvar.orm.load.starting import selectin_polymorphic as selectin_polymorphic
    from relvar.orm.load.starting import selectinload as selectinload
    from relvar.orm.load.starting import subqueryload as subqueryload
    from relvar.orm.load.starting import undefer as undefer
    from relvar.orm.load.starting import undefer_group as undefer_group
    from relvar.orm.load.starting import with_expression as with_expression
    from relvar.orm.mapping.access import class_mapper as class_mapper
    from relvar.orm.mapping.access import mapper as mapper
    from relvar.orm.mapping.access import object_mapper as object_mapper
    from relvar.orm.mapping.aliased import aliased as aliased
    from relvar.orm.mapping.aliased import with_polymorphic as with_polymorphic
    from relvar.orm.mapping.attribute import InstrumentedAttribute as InstrumentedAttribute
    from relvar.orm.mapping.attribute import QueryableAttribute as QueryableAttribute
    from relvar.orm.mapping.cascade_options import CascadeOptions as CascadeOptions
    from relvar.orm.mapping.columns import ColumnProperty as ColumnProperty
    from relvar.orm.mapping.columns import MappedColumn as MappedColumn
    from relvar.orm.mapping.columns import MappedSQLExpression as MappedSQLExpression
    from relvar.orm.mapping.columns import column_property as column_property
    from relvar.orm.mapping.columns import deferred as deferred
    from relvar.orm.mapping.columns import query_expression as query_expression
    from relvar.orm.mapping.configure import clear_mappers as clear_mappers
    from relvar.orm.mapping.configure import configure_mappers as configure_mappers
    from relvar.orm.mapping.descriptors import Synonym as Synonym
    from relvar.orm.mapping.descriptors import SynonymProperty as SynonymProperty
    from relvar.orm.mapping.descriptors import synonym as synonym
    from relvar.orm.mapping.events import EXT_CONTINUE as EXT_CONTINUE
    from relvar.orm.mapping.events import EXT_SKIP as EXT_SKIP
    from relvar.orm.mapping.events import EXT_STOP as EXT_STOP
    from relvar.orm.mapping.events import AttributeEvents as AttributeEvents
    from relvar.orm.mapping.events import InstanceEvents as InstanceEvents
    from relvar.orm.mapping.events import InstrumentationEvents as InstrumentationEvents
    from relvar.orm.mapping.events import MapperEvents as MapperEvents
    from relvar.orm.mapping.interfaces import MANYTOMANY as MANYTOMANY
    from relvar.orm.mapping.interfaces import MANYTOONE as MANYTOONE
    from relvar.orm.mapping.interfaces import ONETOMANY as ONETOMANY
    from relvar.orm.mapping.interfaces import DynamicMapped as DynamicMapped
    from relvar.orm.mapping.interfaces import InspectionAttr as InspectionAttr
    from relvar.orm.mapping.interfaces import InspectionAttrExtensionType as InspectionAttrExtensionType
    from relvar.orm.mapping.interfaces import InspectionAttrInfo as InspectionAttrInfo
    from relvar.orm.mapping.interfaces import Mapped as Mapped
    from relvar.orm.mapping.interfaces import MappedClassProtocol as MappedClassProtocol
    from relvar.orm.mapping.interfaces import MapperProperty as MapperProperty
    from relvar.orm.mapping.interfaces import NotExtension as NotExtension
    from relvar.orm.mapping.interfaces import ORMDescriptor as ORMDescriptor
    from relvar.orm.mapping.interfaces import PropComparator as PropComparator
    from relvar.orm.mapping.interfaces import RelationshipDirection as RelationshipDirection
    from relvar.orm.mapping.interfaces import SQLORMExpression as SQLORMExpression
    from relvar.orm.mapping.interfaces import Unmapped as Unmapped
    from relvar.orm.mapping.interfaces import WriteOnlyMapped as WriteOnlyMapped
    from relvar.orm.mapping.joincondition import foreign as foreign
    from relvar.orm.mapping.joincondition import remote as remote
    from relvar.orm.mapping.mapped_column import mapped_column as mapped_column
    from relvar.orm.mapping.mapped_column import orm_insert_sentinel as orm_insert_sentinel
    from relvar.orm.mapping.mapped_column import unmapped_column as unmapped_column
    from relvar.orm.mapping.mapper import Mapper as Mapper
    from relvar.orm.mapping.registry import registry as registry
    from relvar.orm.mapping.registry_events import RegistryEvents as RegistryEvents
    from relvar.orm.mapping.relate import backref as backref
    from relvar.orm.mapping.relate import dynamic_loader as dynamic_loader
    from relvar.orm.mapping.relate import relationship as relationship
    from relvar.orm.mapping.relationship import Relationship as Relationship
    from relvar.orm.mapping.relationship import RelationshipProperty as RelationshipProperty
    from relvar.orm.mapping.relationship_compare import with_parent as with_parent
    from relvar.orm.mapping.validators import reconstructor as reconstructor
    from relvar.orm.mapping.validators import validates as validates
    from relvar.orm.session import ORMExecuteState as ORMExecuteState
    from relvar.orm.session import Session as Session
    from relvar.orm.session import SessionEvents as SessionEvents
    from relvar.orm.session import SessionTransaction as SessionTransaction
    from relvar.orm.session import SessionTransactionOrigin as SessionTransactionOrigin
    from relvar.orm.session import close_all_sessions as close_all_sessions
    from relvar.orm.session import make_transient as make_transient
    from relvar.orm.session import make_transient_to_detached as make_transient_to_detached
    from relvar.orm.session import object_session as object_session
    from relvar.orm.session import sessionmaker as sessionmaker
    from relvar.orm.session import was_deleted as was_deleted
    from relvar.orm.state.collections import KeyFuncDict as KeyFuncDict
    from relvar.orm.state.collections import MappedCollection as MappedCollection
    from relvar.orm.state.collections import attribute_keyed_dict as attribute_keyed_dict
    from relvar.orm.state.collections import attribute_mapped_collection as attribute_mapped_collection
    from relvar.orm.state.collections import column_keyed_dict as column_keyed_dict
    from relvar.orm.state.collections import column_mapped_collection as column_mapped_collection
    from relvar.orm.state.collections import keyfunc_mapping as keyfunc_mapping
    from relvar.orm.state.collections import mapped_collection as mapped_collection
    from relvar.orm.state.flags import NO_KEY as NO_KEY
    from relvar.orm.state.flags import NO_VALUE as NO_VALUE
    from relvar.orm.state.flags import PassiveFlag as PassiveFlag
    from relvar.orm.state.instance import AttributeState as AttributeState
    from relvar.orm.state.instance import InstanceState as InstanceState
    from relvar.orm.state.listeners import AttributeEventToken as AttributeEventToken
    from relvar.orm.state.manager import ClassManager as ClassManager

if TYPE_CHECKING:
    from relvar.orm import attributes as attributes
    from relvar.orm import base as base
    from relvar.orm import collections as collections
    from relvar.orm import instrumentation as instrumentation
    from relvar.orm import interfaces as interfaces
    from relvar.orm import util as util
    from relvar.orm.declarative.typed import as_typed_table as as_typed_table
    from relvar.orm.load.bundle import Bundle as Bundle
    from relvar.orm.load.bundle import DictBundle as DictBundle
    from relvar.orm.load.orm_join import join as join
    from relvar.orm.load.orm_join import outerjoin as outerjoin
    from relvar.orm.load.writeonly import WriteOnlyCollection as WriteOnlyCollection
    from relvar.orm.mapping.composite import Composite as Composite
    from relvar.orm.mapping.composite import CompositeProperty as CompositeProperty
    from relvar.orm.mapping.composite import composite as composite
    from relvar.orm.mapping.polymorphic_union import polymorphic_union as polymorphic_union
    from relvar.orm.query.dynamic import AppenderQuery as AppenderQuery
    from relvar.orm.query.query import Query as Query
    from relvar.orm.query.query import QueryEvents as QueryEvents
    from relvar.orm.session.merge import merge_frozen_result as merge_frozen_result
    from relvar.orm.session.merge import merge_result as merge_result
    from relvar.orm.session.scoped import QueryPropertyDescriptor as QueryPropertyDescriptor
    from relvar.orm.session.scoped import scoped_session as scoped_session
else:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        modules=(
            "attributes",
            "base",
            "collections",
            "instrumentation",
            "interfaces",
            "util",
        ),
        names={
            "AppenderQuery": "relvar.orm.query.dynamic",
            "QueryPropertyDescriptor": "relvar.orm.session.scoped",
            "scoped_session": "relvar.orm.session.scoped",
            "as_typed_table": "relvar.orm.declarative.typed",
            "Bundle": "relvar.orm.load.bundle",
            "Composite": "relvar.orm.mapping.composite",
            "CompositeProperty": "relvar.orm.mapping.composite",
            "composite": "relvar.orm.mapping.composite",
            "DictBundle": "relvar.orm.load.bundle",
            "join": "relvar.orm.load.orm_join",
            "merge_frozen_result": "relvar.orm.session.merge",
            "merge_result": "relvar.orm.session.merge",
            "outerjoin": "relvar.orm.load.orm_join",
            "polymorphic_union": "relvar.orm.mapping.polymorphic_union",
            "Query": "relvar.orm.query.query",
            "QueryEvents": "relvar.orm.query.query",
            "WriteOnlyCollection": "relvar.orm.load.writeonly",
        },
    )
