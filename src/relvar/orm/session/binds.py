"""
Find the engine or connection a session uses for a mapper or a statement.

Pure: looks at tables of binds, connects to nothing.  In order:

1. the mapper's own binds, then those of its base classes;
2. the binds of tables in the statement, then of the mapper's table;
3. the session's ``bind``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from relvar import exc
from relvar.inspection import inspect

__all__ = ["add_bind", "locate_bind", "mapper_of"]


def mapper_of(entity: Any) -> Any:
    """
    Return the mapper behind a mapped class, alias or mapper.

    Raises:
        NoInspectionAvailable: it is nothing of the kind.
    """
    manager = entity.__dict__.get("_sa_class_manager") if isinstance(entity, type) else None
    if manager is not None:
        return manager.mapper
    mapper = getattr(inspect(entity), "mapper", None)
    if mapper is None:
        raise exc.ArgumentError(f"A mapped class is expected here, got {entity!r}")
    return mapper


def add_bind(binds: dict[Any, Any], key: Any, bind: Any) -> None:
    """
    Enter *bind* for a mapped class, a mapper, a table or any class (mixin).

    Raises:
        ArgumentError: *key* is none of these.
    """
    insp = inspect(key, raiseerr=False)
    if insp is None:
        if not isinstance(key, type):
            raise exc.ArgumentError(f"Not an acceptable bind target: {key}")
        binds[key] = bind
    elif getattr(insp, "is_selectable", False) and not getattr(insp, "is_mapper", False):
        binds[insp] = bind
    elif getattr(insp, "is_mapper", False):
        binds[insp.class_] = bind
        for mapper in insp.base_mapper.self_and_descendants:
            for selectable in mapper.tables:
                binds[selectable] = bind
    else:
        raise exc.ArgumentError(f"Not an acceptable bind target: {key}")


def locate_bind(session_bind: Any, binds: dict[Any, Any], mapper: Any, clause: Any) -> Any:
    """
    Return the bind for *mapper* and *clause*, either of which may be None.

    Raises:
        UnboundExecutionError: there is none.
    """
    if not binds and session_bind is not None:
        return session_bind
    asked = mapper, clause
    if mapper is None and clause is not None:
        subject = clause._propagate_attrs.get("plugin_subject")
        mapper = None if subject is None else subject.mapper
    if mapper is not None:
        mapper = mapper_of(mapper)
        if clause is None:
            clause = mapper.persist_selectable
    if binds:
        if mapper is not None:
            for cls in mapper.class_.__mro__:
                if cls in binds:
                    return binds[cls]
        for given in (clause, mapper.persist_selectable if mapper is not None else None):
            for part in _parts(given) if given is not None else ():
                if part in binds:
                    return binds[part]
    if session_bind is not None:
        return session_bind
    if asked[0] is None and asked[1] is None:
        raise exc.UnboundExecutionError(
            "This session is not bound to a single Engine or Connection, and no context "
            "was provided to locate a binding."
        )
    about = "" if asked[0] is None else f"mapper {mapper}, "
    raise exc.UnboundExecutionError(
        f"Could not locate a bind configured on {about}SQL expression or this Session."
    )


def report_misspelt(arguments: Mapping[str, Any], strict: bool) -> None:
    """
    Report bind arguments that are nearly one of those that count; others may be a subclass's own.
    """
    import difflib  # for unknown names only

    for name in arguments:
        near = difflib.get_close_matches(name, ("mapper", "clause", "bind"), 1)
        if near:
            exc.report_loss(
                f"No bind argument is named {name!r}: it has no effect. The nearest name is {near[0]!r}.",
                strict,
            )


def _parts(clause: Any) -> Iterator[Any]:
    """
    Yield a statement and all its parts, nearest first, with the tables of columns.
    """
    waiting = deque([clause])
    seen: set[int] = set()
    while waiting:
        part = waiting.popleft()
        part = getattr(part, "_annotated_element", part)
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting.extend(part.get_children())
        table = getattr(part, "table", None)
        if table is not None:
            waiting.append(table)
