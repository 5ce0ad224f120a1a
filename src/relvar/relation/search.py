"""
Find elements in others: tables, FROM elements, values, columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar.expr.traverse import iterate

__all__ = [
    "bind_values",
    "clause_is_present",
    "extract_first_column_annotation",
    "find_columns",
    "find_join_source",
    "find_tables",
    "from_objects",
    "select_iterables",
    "selectables_overlap",
    "surface_expressions",
    "surface_selectables",
    "surface_selectables_only",
    "tables_from_leftmost",
]

_ALIASES = frozenset(("alias", "subquery", "tablesample", "lateral"))
_SELECTS = frozenset(("select", "compound_select"))
_CRUD = frozenset(("insert", "update", "delete"))


def find_tables(
    clause: Any,
    *,
    check_columns: bool = False,
    include_aliases: bool = False,
    include_joins: bool = False,
    include_selects: bool = False,
    include_crud: bool = False,
) -> list[Any]:
    """
    Return the tables in an element, as often as they are met.

    Args:
        check_columns: The tables of columns too.
        include_aliases: Aliases, subqueries, samples and laterals too.
        include_joins: Joins too.
        include_selects: SELECTs and combinations of them too.
        include_crud: The targets of INSERT, UPDATE and DELETE once more.

    >>> from relvar import column, select, table
    >>> t, u = table("t", column("a")), table("u", column("b"))
    >>> [found.name for found in find_tables(select(t.c.a).where(t.c.a.in_(select(u.c.b))))]
    ['t', 'u']
    """
    wanted = {"table"}
    if include_aliases:
        wanted |= _ALIASES
    if include_joins:
        wanted.add("join")
    if include_selects:
        wanted |= _SELECTS
    found = []
    for element in iterate(clause):
        kind = element.__visit_name__
        if kind in wanted:
            found.append(element)
        elif include_crud and kind in _CRUD:
            found.append(element.table)
        elif check_columns and kind == "column":
            found.append(element.table)
    return found


def surface_selectables(clause: Any) -> Iterator[Any]:
    """
    Yield a FROM element and the parts of its joins, right side first.
    """
    waiting = [clause]
    while waiting:
        element = waiting.pop()
        yield element
        kind = element.__visit_name__
        if kind == "join":
            waiting.extend((element.left, element.right))
        elif kind == "grouping" and element._is_from_clause:
            waiting.append(element.element)


def surface_selectables_only(clause: Any) -> Iterator[Any]:
    """
    Yield the FROM elements that are joined, and for a column the one it is of.
    """
    waiting = [clause]
    while waiting:
        element = waiting.pop()
        kind = element.__visit_name__
        if kind == "join":
            waiting.extend((element.left, element.right))
        elif kind == "grouping" and element._is_from_clause:
            waiting.append(element.element)
        elif kind == "column":
            if element.table is not None:
                waiting.append(element.table)
        else:
            yield element


def surface_expressions(clause: Any) -> Iterator[Any]:
    """
    Yield an expression and its parts, but not the insides of SELECTs.
    """
    waiting = [clause]
    while waiting:
        element = waiting.pop()
        yield element
        if element._is_column_element:
            waiting.extend(element.get_children())


def tables_from_leftmost(clause: Any) -> Iterator[Any]:
    """
    Yield the FROM elements that are joined, from left to right.
    """
    kind = clause.__visit_name__
    if kind == "join":
        yield from tables_from_leftmost(clause.left)
        yield from tables_from_leftmost(clause.right)
    elif kind == "grouping" and clause._is_from_clause:
        yield from tables_from_leftmost(clause.element)
    else:
        yield clause


def selectables_overlap(left: Any, right: Any) -> bool:
    """
    Tell whether two FROM elements have a part in common.
    """
    return not set(surface_selectables(left)).isdisjoint(surface_selectables(right))


def clause_is_present(clause: Any, search: Any) -> bool:
    """
    Tell whether *clause* is *search* or a part of its joins.
    """
    return any(element is clause for element in surface_selectables(search))


def find_join_source(clauses: Sequence[Any], join_to: Any) -> list[int]:
    """
    Return the positions in *clauses* of the elements that have a part in common with *join_to*.
    """
    return [position for position, element in enumerate(clauses) if selectables_overlap(element, join_to)]


def bind_values(clause: Any) -> list[Any]:
    """
    Return the values of the bind parameters in an element.
    """
    return [element.effective_value for element in iterate(clause) if element._is_bind_parameter]


def find_columns(clause: Any) -> set[Any]:
    """
    Return the columns in an element.
    """
    return {element for element in iterate(clause) if element.__visit_name__ == "column"}


def extract_first_column_annotation(column: Any, annotation_name: str) -> Any:
    """
    Return an annotation of the first element in *column* that has it; SELECTs are not looked into.
    """
    waiting = [column]
    for element in waiting:
        if annotation_name in element._annotations:
            return element._annotations[annotation_name]
        if not element._is_select_base and element.__visit_name__ not in ("scalar_select", "exists"):
            waiting.extend(element.get_children())
    return None


def select_iterables(elements: Iterable[Any]) -> Iterator[Any]:
    """
    Yield the columns that the elements stand for in a SELECT list.
    """
    for element in elements:
        yield from element._select_iterable


def from_objects(*elements: Any) -> Iterator[Any]:
    """
    Yield what the elements take rows from.
    """
    for element in elements:
        yield from element._from_objects
