"""
What a type is, under the address that older programs use.
"""

from relvar.types.base import NULLTYPE as NULLTYPE
from relvar.types.base import TypeEngine as TypeEngine
from relvar.types.base import TypeEngineMixin as TypeEngineMixin
from relvar.types.base import adapt_type as adapt_type
from relvar.types.base import to_instance as to_instance
from relvar.types.decorator import TypeDecorator as TypeDecorator
from relvar.types.decorator import Variant as Variant
from relvar.types.emulated import Emulated as Emulated
from relvar.types.emulated import NativeForEmulated as NativeForEmulated
from relvar.types.rules import type_for_value as _resolve_value_to_type  # noqa: F401  # a face
from relvar.types.userdefined import ExternalType as ExternalType
from relvar.types.userdefined import UserDefinedType as UserDefinedType
