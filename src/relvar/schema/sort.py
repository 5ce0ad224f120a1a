"""
In which order tables can be created: referred-to tables first.

A cycle of foreign keys has no such order.  `sort_tables_and_constraints` then sets the foreign
keys of the cycle aside, to be added by ALTER once all tables exist.

Pure: tables in, order out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.util import topological, warn
from relvar.util.topological import CycleError

if TYPE_CHECKING:
    from relvar.schema.foreignkey import ForeignKeyConstraint
    from relvar.schema.table import Table

__all__ = ["sort_tables", "sort_tables_and_constraints"]

_Dependency = tuple[Any, Any]


def sort_tables(
    tables: Iterable[Any],
    skip_fn: Callable[[ForeignKeyConstraint], bool] | None = None,
    extra_dependencies: Sequence[_Dependency] | None = None,
) -> list[Table]:
    """
    Return *tables* in order of their foreign key dependencies.

    Cycles that the foreign keys' names cannot break are left unsorted, with a warning.

    Args:
        tables: The tables.
        skip_fn: Says True of a foreign key that shall not count.
        extra_dependencies: Pairs (parent, child) to respect besides the foreign keys.
    """
    filter_fn: Callable[[ForeignKeyConstraint], bool | None] | None = None
    if skip_fn is not None:
        skip = skip_fn

        def filter_fn(fkc: ForeignKeyConstraint) -> bool | None:
            return True if any(skip(fk) for fk in fkc.elements) else None  # type: ignore[arg-type]  # documented so

    return [
        table
        for table, _ in sort_tables_and_constraints(
            tables, filter_fn, extra_dependencies, _warn_for_cycles=True
        )
        if table is not None
    ]


def sort_tables_and_constraints(
    tables: Iterable[Any],
    filter_fn: Callable[[ForeignKeyConstraint], bool | None] | None = None,
    extra_dependencies: Sequence[_Dependency] | None = None,
    _warn_for_cycles: bool = False,
) -> list[tuple[Any, Any]]:
    """
    Return ``(table, {foreign keys to create with it})`` pairs in order of creation.

    The last pair is ``(None, [foreign keys to add afterwards])``.

    Args:
        tables: The tables.

        filter_fn:
            Given a foreign key constraint: True sets it aside for ALTER, False keeps it with
            its table, None leaves the choice to the sort.

        extra_dependencies: Pairs (parent, child) to respect besides the foreign keys.

    Raises:
        CircularDependencyError: a cycle remains that no foreign key can be taken out of.
    """
    tables = list(tables)
    fixed: set[_Dependency] = set(extra_dependencies or ())
    mutable: set[_Dependency] = set()
    aside: set[ForeignKeyConstraint] = set()

    for table in tables:
        for fkc in table.foreign_key_constraints:
            if fkc.use_alter is True:
                aside.add(fkc)
                continue
            if filter_fn is not None and filter_fn(fkc) is True:
                aside.add(fkc)
                continue
            parent = fkc.referred_table
            if parent is not table:
                mutable.add((parent, table))
        fixed.update((parent, table) for parent in table._extra_dependencies)

    try:
        ordered = list(topological.sort(fixed.union(mutable), tables))
    except CycleError as err:
        if _warn_for_cycles:
            warn(
                "Cannot correctly sort tables; there are unresolvable cycles between tables "
                f'"{", ".join(sorted(t.fullname for t in err.cycles))}", which is usually '
                "caused by mutually dependent foreign key constraints.  Foreign key constraints "
                "involving these tables will not be considered; this warning may raise an error "
                "in a future release."
            )
        for edge in err.edges:
            if edge not in mutable:
                continue
            parent, table = edge
            if table not in err.cycles:
                continue
            breakable = [
                fkc
                for fkc in table.foreign_key_constraints
                if filter_fn is None or filter_fn(fkc) is not False
            ]
            aside.update(breakable)
            for fkc in breakable:
                if fkc.referred_table is not table:
                    mutable.discard((fkc.referred_table, table))
        try:
            ordered = list(topological.sort(fixed.union(mutable), tables))
        except CycleError as still:
            raise exc.CircularDependencyError(
                "Circular dependency detected.", still.cycles, still.edges
            ) from still

    result: list[tuple[Any, Any]] = [
        (table, table.foreign_key_constraints.difference(aside)) for table in ordered
    ]
    late = sorted(aside, key=lambda fkc: fkc._creation_order)
    return [*result, (None, late)]
