"""
Say what was read where loading it would have to be awaited.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.util.concurrency import NO_BRIDGE

__all__ = ["unawaited"]


def unawaited(state: Any, key: str) -> exc.MissingGreenlet:
    """
    Make an error that names the attribute, and the ways to have its value.
    """
    name = f"{state.manager.class_.__name__}.{key}"
    if key in (state.expired_keys or ()):
        reason = f"{name} is expired, so reading it loads it again"
        in_time = (
            f'await session.refresh(instance, ["{key}"]) before, or keep values beyond a commit with '
            "expire_on_commit=False"
        )
    else:
        reason = f"{name} was not loaded, so reading it does so"
        option = "selectinload" if key in state.mapper.relationships else "undefer"
        in_time = (
            f"load it with its object, by options({option}({name})), or before, by "
            f'await session.refresh(instance, ["{key}"])'
        )
    return exc.MissingGreenlet(
        f"{NO_BRIDGE} {reason}, and under asyncio that has to be awaited. There are three ways: {in_time}; "
        f"or await instance.awaitable_attrs.{key}, with the mixin AsyncAttrs; or read it in a function "
        "given to await session.run_sync()."
    )
