"""
Events of registries.
"""

from __future__ import annotations

from typing import Any

from relvar.event import Events
from relvar.orm.mapping.registry import registry

__all__ = ["RegistryEvents"]


class RegistryEvents(Events):
    """
    Events of a `registry`.
    """

    _target_class_doc = "SomeRegistry"
    _dispatch_target = registry

    def before_configured(self, registry: Any) -> None:
        """Called before the mappers of a registry are configured."""

    def after_configured(self, registry: Any) -> None:
        """Called after the mappers of a registry were configured."""

    def resolve_type_annotation(self, resolve_type: Any) -> Any:
        """Called for each annotation; may return the SQL type to use."""
