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

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        own = getattr(target, "registry", None) if isinstance(target, type) else None
        if isinstance(own, registry) and getattr(target, "_sa_class_manager", None) is None:
            return own  # a declarative base
        return super()._accept_with(target, identifier)

    def before_configured(self, registry: Any) -> None:
        """Called before the mappers of a registry are configured."""

    def after_configured(self, registry: Any) -> None:
        """Called after the mappers of a registry were configured."""

    def resolve_type_annotation(self, resolve_type: Any) -> Any:
        """
        Called for each annotation that needs a SQL type, with a `TypeResolve`; may return the type to use.

        A declarative base may be listened to in place of its registry.

        >>> from relvar import String, event
        >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> @event.listens_for(Base, "resolve_type_annotation")
        ... def short_names(told):
        ...     if told.key.endswith("name"):
        ...         return String(50)
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     first_name: Mapped[str]
        >>> User.__table__.c.first_name.type
        String(length=50)
        """
