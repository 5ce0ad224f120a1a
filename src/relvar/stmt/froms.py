"""
The FROM elements of a SELECT: joins put together, duplicates and parts of joins left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NoReturn

from relvar import exc
from relvar._kernels.nodes import from_objects
from relvar.expr.nesting import too_deep
from relvar.relation.join import (
    Join,
    find_left_clause_that_matches_given,
    find_left_clause_to_join_from,
    join_condition,
)

__all__ = ["SelectState"]

_AMBIGUOUS = (
    "Can't determine which FROM clause to join from, there are multiple FROMS which can join to this "
    "entity. Please use the .select_from() method to establish an explicit left side, as well as "
    "providing an explicit ON clause if not present already to help resolve the ambiguity."
)


class SelectState:
    """
    What follows from the fields of a SELECT: its FROM elements.

    Attributes:
        from_clauses: Those given by ``select_from()`` and ``join()``.
        froms: All, in the order they are rendered.
    """

    # tables whose names are two things; compilers of others pass it on, ours finds them itself
    _ambiguous_table_name_map: Any = None

    def __init__(self, statement: Any, compiler: Any = None, **kw: Any) -> None:
        # compilers of other programs pass themselves
        self.statement = statement
        self.from_clauses: tuple[Any, ...] = tuple(statement._from_obj)
        try:
            if statement._setup_joins:
                self._join_all()
            self.froms: list[Any] = self._all_froms()
        except RecursionError:
            raise too_deep("compiled") from None

    def _join_all(self) -> None:
        statement = self.statement
        joins = statement._setup_joins
        done = 0
        for count, columns in (*statement._memoized_select_entities, (len(joins), statement._raw_columns)):
            for right, onclause, left, flags in joins[done:count]:
                self._join(right, onclause, left, flags, columns)
            done = count

    def _join(self, right: Any, onclause: Any, left: Any, flags: Any, columns: Iterable[Any]) -> None:
        position: int | None
        if left is None:
            left, position = self._implicit_left(right, onclause, columns)
        else:
            position = self._explicit_left(left)
            if position is not None:
                part, left = left, self.from_clauses[position]
                if onclause is None and part is not left:
                    # by the keys of the element that was named, not of what was joined to it last
                    onclause = join_condition(part, right)
        joined = (Join(left, right, onclause, isouter=flags["isouter"], full=flags["full"]),)
        if position is None:
            self.from_clauses += joined
        else:
            self.from_clauses = self.from_clauses[:position] + joined + self.from_clauses[position + 1 :]

    def _implicit_left(self, right: Any, onclause: Any, columns: Iterable[Any]) -> tuple[Any, int | None]:
        """
        Return what *right* is joined to, and its position among `from_clauses`.

        Args:
            columns: Those that the SELECT had when it was joined.

        Raises:
            InvalidRequestError: nothing can be joined to, or several things can.
        """
        if self.from_clauses:
            positions = find_left_clause_to_join_from(self.from_clauses, right, onclause)
            if len(positions) == 1:
                return self.from_clauses[positions[0]], positions[0]
        else:
            clauses = list(dict.fromkeys(from_objects((*columns, *self.statement._where_criteria))))
            positions = find_left_clause_to_join_from(clauses, right, onclause)
            if len(positions) == 1:
                return clauses[positions[0]], None
        if len(positions) > 1:
            raise exc.InvalidRequestError(_AMBIGUOUS)
        raise exc.InvalidRequestError(
            f"Don't know how to join to {right!r}. Please use the .select_from() method to establish an "
            "explicit left side, as well as providing an explicit ON clause if not present already to "
            "help resolve the ambiguity."
        )

    def _explicit_left(self, left: Any) -> int | None:
        if not self.from_clauses:
            return None
        positions = find_left_clause_that_matches_given(self.from_clauses, left)
        if len(positions) > 1:
            raise exc.InvalidRequestError(
                "Can't identify which entity in which to assign the left side of this join.   Please "
                "use a more specific ON clause."
            )
        return positions[0] if positions else None

    def _all_froms(self) -> list[Any]:
        statement = self.statement
        needed = from_objects((*statement._raw_columns, *statement._where_criteria))
        found: list[Any] = []
        seen: set[int] = set()
        for element in dict.fromkeys((*self.from_clauses, *needed)):
            identity = hash(element)
            if identity in seen:
                continue
            if element is statement or getattr(element, "element", None) is statement:
                _refers_to_itself()
            if element._is_clone_of is None:
                seen.add(identity)
                found.append(element)
            elif not seen.intersection(_identities(element)):
                found.append(element)
                seen.update(_identities(element))
        hidden: set[int] = set()
        for element in found:
            for part in element._hide_froms:
                if part._is_clone_of is None:
                    hidden.add(hash(part))
                else:
                    hidden.update(_identities(part))
        return _without(found, hidden) if hidden else found

    def get_display_froms(
        self,
        explicit_correlate_froms: Collection[Any] | None = None,
        implicit_correlate_froms: Collection[Any] | None = None,
    ) -> list[Any]:
        """
        Return the FROM elements to render: those that belong to no SELECT around.

        Args:
            explicit_correlate_froms: FROM elements around that ``correlate()`` may name.
            implicit_correlate_froms: Those that are left out without being named.

        Raises:
            InvalidRequestError: nothing would be left.
        """
        statement = self.statement
        froms = self.froms
        if statement._correlate:
            named = _identity_set(statement._correlate)
            around = _identity_set(explicit_correlate_froms or ())
            froms = [f for f in froms if not (_in(f, named) and _in(f, around))]
        if statement._correlate_except is not None:
            kept = _identity_set(statement._correlate_except)
            around = _identity_set(explicit_correlate_froms or ())
            froms = [f for f in froms if not _in(f, around) or _in(f, kept)]
        if statement._auto_correlate and implicit_correlate_froms and len(froms) > 1:
            around = _identity_set(implicit_correlate_froms)
            froms = _without(froms, around)
            if not froms:
                raise exc.InvalidRequestError(
                    f"Select statement '{statement!r}' returned no FROM clauses due to auto-correlation; "
                    "specify correlate(<tables>) to control correlation manually."
                )
        return froms


def _identities(element: Any) -> list[int]:
    """
    Return what tells an element and those it is a copy of.
    """
    found = []
    while element is not None:
        found.append(hash(element))
        element = element._is_clone_of
    return found


def _identity_set(elements: Iterable[Any]) -> set[int]:
    found = set()
    for element in elements:
        while element is not None:
            found.add(hash(element))
            element = element._is_clone_of
    return found


def _without(elements: Iterable[Any], identities: set[int]) -> list[Any]:
    found = []
    for element in elements:
        if hash(element) in identities:
            continue
        if element._is_clone_of is None or not _in(element, identities):
            found.append(element)
    return found


def _in(element: Any, identities: set[int]) -> bool:
    if element._is_clone_of is None:
        return hash(element) in identities
    return not identities.isdisjoint(_identities(element))


def _refers_to_itself() -> NoReturn:
    raise exc.InvalidRequestError("select() construct refers to itself as a FROM")


def columns_clause_froms(statement: Any) -> Sequence[Any]:
    """
    Return the FROM elements that the columns of a SELECT need.
    """
    found: dict[int, Any] = {}
    for element in from_objects(statement._raw_columns):
        found.setdefault(hash(element), element)
    return list(found.values())
