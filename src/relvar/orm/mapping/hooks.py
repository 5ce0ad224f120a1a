"""
What loading and sessions want to do when attributes are set up: places for them to register.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = [
    "attribute_hooks",
    "cascade_hooks",
    "custom_impl_hooks",
    "instrumented",
    "make_bundle",
    "session_commands",
]

attribute_hooks: list[Callable[[Any, Any, Any], None]] = []
"""
``hook(prop, mapper, impl)``: a property got its attribute in one class.

The loading layer sets ``impl.loader`` (see `relvar.orm.state.impl`).  Called
for each mapper of a hierarchy, when mappers are configured.
"""

cascade_hooks: list[Callable[[Any, Any], None]] = []
"""
``hook(prop, impl)``: a relationship got its attribute in one class.

The session layer calls ``impl.listen("append" | "remove" | "set", ...)`` for
cascades.  Called after validators and before the other side of a two-way link listens.
"""

instrumented: list[Callable[[Any, Any, Any], None]] = []
"""
``hook(prop, mapper, attribute)``: as `attribute_hooks`, and called first; for events.
"""

custom_impl_hooks: dict[str, Callable[..., Any]] = {}
"""
``lazy`` setting -> ``make(prop, mapper, **impl_arguments) -> AttributeImpl`` where the attribute is
no ordinary collection (``write_only``, ``dynamic``).
"""


def _no_bundle(*_args: Any) -> Any:
    raise RuntimeError("relvar.orm is not imported")


make_bundle: list[Callable[..., Any]] = [_no_bundle]
"""
``make(prop, parts, entity)``: the bundle that a SELECT shows for a composite; set by the loading layer.
"""

session_commands: dict[str, Callable[..., Any]] = {}
"""
Functions of the session layer that mapping offers under its own names (``cascade_iterator``).
"""
