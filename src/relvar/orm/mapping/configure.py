"""
The second step of mapping: set up what needs all classes to be known.

It happens by itself when a mapped class is first used (an object made, a statement built, a mapper
inspected), and again whenever classes were mapped since.

Rule 1: a registry is configured together with those it depends on.
Rule 2: one thread configures; others wait.
Rule 3: a mapper that failed makes the next attempt fail with the first error.
Rule 4: a mapper that a listener skips is asked about again each time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from typing import Any

from relvar import exc
from relvar._kernels.attributes import announce_names
from relvar.orm.state import hooks as state_hooks
from relvar.util.log import logs_info

__all__ = ["clear_mappers", "configure_mappers", "configure_registries"]

_lock = threading.RLock()
_running = False


def _start_over() -> None:
    """
    Forget a thread that configured as this process was forked: it is not here, another one does it again.
    """
    global _lock, _running
    _lock = threading.RLock()
    if _running:
        _running = False
        for each in registries:
            for mapper in each._mappers_to_configure():
                for prop in mapper._props.values():
                    prop._configure_started = prop._configure_finished


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over)

# all registries that live; filled by registry.__init__
registries: Any = None


def configure_mappers() -> None:
    """
    Set up all mappers of all registries that are not yet.
    """
    configure_registries(list(registries), cascade=True)


def configure_registries(given: Iterable[Any], cascade: bool) -> None:
    """
    Set up the mappers of some registries.

    Args:
        cascade: Also those of registries that these depend on; otherwise it is an error if there are any to
            set up.
    """
    global _running
    chosen = list(given)
    if not any(each._new_mappers for each in chosen):
        return
    with _lock:
        if _running:
            return
        _running = True
        try:
            _before(chosen)
            changed = [each for each in chosen if each._new_mappers]
            if not changed:
                return
            _configure(chosen, cascade)
        finally:
            _running = False
    _after(changed)


def _with_dependencies(chosen: list[Any]) -> list[Any]:
    found = list(chosen)
    for each in found:
        found.extend(other for other in each._dependencies if other not in found)
    return found


def _before(chosen: list[Any]) -> None:
    from_class = _mapper_class()
    from_class.dispatch.before_configured()
    for each in chosen:
        if each._new_mappers:
            each.dispatch.before_configured(each)
            each._before_configured()


def _after(chosen: list[Any]) -> None:
    from_class = _mapper_class()
    from_class.dispatch.after_configured()
    for each in chosen:
        each.dispatch.after_configured(each)
        each._after_configured()


def _mapper_class() -> Any:
    return mapper_class[0]


# set by `registry`, which knows the class
mapper_class: list[Any] = []


def _configure(chosen: list[Any], cascade: bool) -> None:
    skipped: set[Any] = set()
    progress = True
    while progress:
        progress = False
        # setting up a relationship may tell of another registry that has its class
        needed = _with_dependencies(chosen)
        if not cascade and any(each._new_mappers for each in needed if each not in chosen):
            raise exc.InvalidRequestError(
                "configure was called with cascade=False but additional registries remain"
            )
        chosen = needed if cascade else chosen
        for each in chosen:
            for mapper in list(each._mappers_to_configure()):
                if mapper not in skipped:
                    progress = True
                    if not _configure_mapper(mapper):
                        skipped.add(mapper)
    for each in chosen:
        each._finish_two_way_links()
        each._new_mappers = any(mapper.registry is each for mapper in skipped)
    for each in chosen:
        each._release_managers()


def _configure_mapper(mapper: Any) -> bool:
    """
    Set up one mapper, unless a listener says that it is not time; tell whether that was done.
    """
    run_configure = True
    for fn in mapper.dispatch.before_mapper_configured:
        if fn(mapper, mapper.class_) is _SKIP:
            run_configure = False
    if not run_configure:
        return False
    failed = mapper._configure_failed
    if failed is not None:
        error = exc.InvalidRequestError(
            "One or more mappers failed to initialize - can't proceed with initialization of other mappers. "
            f"Triggering mapper: '{mapper}'. Original exception was: {failed}"
        )
        error._configure_failed = failed  # type: ignore[attr-defined]  # for whoever handles it
        raise error
    try:
        mapper._post_configure_properties()
    except Exception as error:
        if not hasattr(error, "_configure_failed"):
            mapper._configure_failed = error
        raise
    mapper.configured = True
    _announce_names(mapper)
    if logs_info("orm"):
        from relvar.orm.mapping.journal import note_configured  # few programs look

        note_configured(mapper)
    mapper.dispatch.mapper_configured(mapper, mapper.class_)
    return True


def _announce_names(mapper: Any) -> None:
    """
    Let the interpreter know all names of attributes, where instances are nobody's but ours to make.
    """
    manager = mapper.class_manager
    if manager.plain_new and manager.plain_set and not hasattr(mapper.class_, "__del__"):
        announce_names(
            manager, [manager.STATE_ATTR, *[key for key in mapper.attrs.keys() if key in manager.impls]]
        )


_SKIP: Any = object()


def skip_marker(marker: Any) -> None:
    """
    Say what a listener returns to leave a mapper out of configuring.
    """
    global _SKIP
    _SKIP = marker


def clear_mappers() -> None:
    """
    Take all mappers away from all classes; for tests.
    """
    with _lock:
        for each in list(registries):
            each.dispose(cascade=True)


def _configure_manager(manager: Any) -> None:
    """Configure the registry of a class whose first object is being made."""
    mapper = manager.mapper
    if mapper is not None:
        mapper._check_configure()
        if not mapper.configured:
            # an object made by a listener while mappers are being set up, or of a class that is skipped
            return
    manager.prepared = True


state_hooks.configure_hook[0] = _configure_manager
