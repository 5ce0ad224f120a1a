"""
The older address of declarative mapping, and bases for concrete hierarchies and reflected tables; imports
only.
"""

from relvar.ext.declarative.concrete import AbstractConcreteBase as AbstractConcreteBase
from relvar.ext.declarative.concrete import ConcreteBase as ConcreteBase
from relvar.ext.declarative.deferred import DeferredReflection as DeferredReflection
from relvar.ext.declarative.moved import as_declarative as as_declarative
from relvar.ext.declarative.moved import declarative_base as declarative_base
from relvar.ext.declarative.moved import has_inherited_table as has_inherited_table
from relvar.ext.declarative.moved import synonym_for as synonym_for
from relvar.orm.declarative.bases import DeclarativeMeta as DeclarativeMeta
from relvar.orm.declarative.declared import declared_attr as declared_attr

__all__ = [
    "AbstractConcreteBase",
    "ConcreteBase",
    "DeclarativeMeta",
    "DeferredReflection",
    "as_declarative",
    "declarative_base",
    "declared_attr",
    "has_inherited_table",
    "synonym_for",
]
