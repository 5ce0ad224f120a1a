"""
Find the engine or connection a session uses for a mapper or a statement.

Pure: looks at tables of binds, connects to nothing.  In order:

1. the mapper's own binds, then those of its base classes;
2. the binds of tables in the statement, then of the mapper's table;
3. the session's ``bind``.
"""

from __future__ import annotations

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
    return inspect(entity).mapper


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
        for selectable in insp.tables:
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
    if mapper is not None:
        mapper = mapper_of(mapper)
        if clause is None:
            clause = mapper.persist_selectable
    if binds:
        if mapper is not None:
            for cls in mapper.class_.__mro__:
                if cls in binds:
                    return binds[cls]
        if clause is not None:
            for part in _parts(clause):
                if part in binds:
                    return binds[part]
    if session_bind is not None:
        return session_bind
    context = []
    if mapper is not None:
        context.append(f"mapper {mapper}")
    if clause is not None and (mapper is None or clause is not mapper.persist_selectable):
        context.append("SQL expression")
    if not context:
        raise exc.UnboundExecutionError(
            "This session is not bound to a single Engine or Connection, and no context "
            "was provided to locate a binding."
        )
    context.append("this Session")
    raise exc.UnboundExecutionError(
        f"Could not locate a bind configured on {', '.join(context[:-1])} or {context[-1]}."
    )


def _parts(clause: Any) -> list[Any]:
    """
    Return the tables of a statement, nearest first.
    """
    found = [clause]
    for part in found:
        found.extend(part.get_children())
        table = getattr(part, "table", None)
        if table is not None and table not in found:
            found.append(table)
        if len(found) > 10_000:
            break
    return found
