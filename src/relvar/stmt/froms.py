"""
The FROM elements of a SELECT: joins put together, duplicates and parts of joins left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NoReturn

from relvar import exc
from relvar._kernels.froms import (
    configure_joins,
    from_objects,
    given_and_needed,
    identities,
    is_among,
    without,
)
from relvar.expr.binary import BinaryExpression, _grouped
from relvar.expr.nesting import too_deep
from relvar.expr.operators import _asbool
from relvar.relation.cte import CTE
from relvar.relation.from_ import FromClause
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
        self.from_clauses: tuple[Any, ...]
        self.froms: list[Any]
        try:
            self.from_clauses, self.froms = given_and_needed(statement, self)
        except RecursionError:
            raise too_deep("compiled") from None

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
            named = identities(statement._correlate)
            around = identities(explicit_correlate_froms or ())
            froms = [f for f in froms if not (is_among(f, named) and is_among(f, around))]
        if statement._correlate_except is not None:
            kept = identities(statement._correlate_except)
            around = identities(explicit_correlate_froms or ())
            froms = [f for f in froms if not is_among(f, around) or is_among(f, kept)]
        if statement._auto_correlate and implicit_correlate_froms and len(froms) > 1:
            around = identities(implicit_correlate_froms)
            froms = without(froms, around)
            if not froms:
                raise exc.InvalidRequestError(
                    f"Select statement '{statement!r}' returned no FROM clauses due to auto-correlation; "
                    "specify correlate(<tables>) to control correlation manually."
                )
        return froms


def _refuse_itself() -> NoReturn:
    raise exc.InvalidRequestError("select() construct refers to itself as a FROM")


def columns_clause_froms(statement: Any) -> Sequence[Any]:
    """
    Return the FROM elements that the columns of a SELECT need.
    """
    found: dict[int, Any] = {}
    for element in from_objects(statement._raw_columns):
        found.setdefault(hash(element), element)
    return list(found.values())


def _is_own_group(cls: type[Any]) -> bool:
    return issubclass(cls, FromClause) and cls.self_group in (FromClause.self_group, CTE.self_group)


configure_joins(Join, BinaryExpression, _grouped, _asbool, _is_own_group, _refuse_itself)
