"""
What `inspect` returns answers the same questions, whatever was inspected.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from relvar.util.memoized import memoized_property

__all__ = ["InspectionAttr", "InspectionAttrExtensionType", "InspectionAttrInfo", "NotExtension"]


class InspectionAttrExtensionType(Enum):
    """
    Base of the markers that say which extension an attribute comes from.
    """


class NotExtension(InspectionAttrExtensionType):
    """
    The marker of attributes that come from no extension.
    """

    NOT_EXTENSION = "not_extension"


class InspectionAttr:
    """
    Base of all inspectable parts of a mapping; flags tell which part it is.
    """

    __slots__: tuple[str, ...] = ()

    is_selectable = False
    is_aliased_class = False
    is_instance = False
    is_mapper = False
    is_bundle = False
    is_property = False
    is_attribute = False
    is_clause_element = False
    extension_type: InspectionAttrExtensionType = NotExtension.NOT_EXTENSION


class InspectionAttrInfo(InspectionAttr):
    """
    Adds ``info``, a dictionary for the user's own facts.
    """

    __slots__ = ()

    @memoized_property
    def info(self) -> dict[Any, Any]:
        """The user's own facts about this part."""
        return {}
