"""
Joins, and the condition that follows from foreign keys.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.froms import froms_in, hidden_in
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.binary import BinaryExpression
from relvar.expr.boolean import and_
from relvar.expr.coerce import on_clause
from relvar.expr.coerce_rows import from_item
from relvar.expr.column import NamedColumn
from relvar.expr.names import _anonymous_label
from relvar.expr.node import NODE, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.relation.from_ import FromClause, FromGrouping

__all__ = [
    "Join",
    "find_left_clause_that_matches_given",
    "find_left_clause_to_join_from",
    "join",
    "outerjoin",
]


class Join(FromClause):
    """
    ``left JOIN right ON onclause``.
    """

    onclause: Any

    __visit_name__ = "join"
    _fields = (
        Field("left", NODE),
        Field("right", NODE),
        Field("onclause", NODE),
        Field("isouter", VALUE),
        Field("full", VALUE),
    )
    _is_join = True
    _is_atom = False
    _roles = FromClause._roles | Role.DML_TABLE

    def __init__(
        self, left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False
    ) -> None:
        self.left: Any = left if isinstance(left, FromClause) else from_item(left)
        self.right: Any = (right if isinstance(right, FromClause) else from_item(right)).self_group()
        if onclause is None:
            self.onclause = self._match_primaries(self.left, self.right)
        else:
            self.onclause = on_clause(onclause).self_group(against=op._asbool)
        self.isouter = isouter
        self.full = full

    @property
    def description(self) -> str:
        left, right = self.left, self.right
        return f"Join object on {left.description}({id(left)}) and {right.description}({id(right)})"

    def is_derived_from(self, fromclause: Any) -> bool:
        return (
            hash(fromclause) == hash(self)
            or self.left.is_derived_from(fromclause)
            or self.right.is_derived_from(fromclause)
        )

    def self_group(self, against: OperatorType | None = None) -> Any:
        return FromGrouping(self)

    def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
        found = [*self.left.c, *self.right.c]
        primary_key.extend(reduce_columns((c for c in found if c.primary_key), self.onclause))
        # a function that is joined has no table in its name
        keyed = [(getattr(c, "_tq_key_label", None) or c._proxy_key, c) for c in found]
        columns._populate_separate_keys(keyed)

    def _match_primaries(self, left: Any, right: Any) -> Any:
        left_right = left.right if left._is_join else None
        return join_condition(left, right, a_subset=left_right)

    _hide_froms: Any = hidden_in("left", "right")
    _from_objects: Any = froms_in("left", "right", itself=True)

    def select(self) -> Any:
        """
        Return a SELECT of the columns of both sides.
        """
        return make.select(self.left, self.right).select_from(self)

    def _anonymous_fromclause(self, *, name: str | None = None, flat: bool = False) -> Any:
        if flat:
            left, right = (
                side._anonymous_fromclause(name=_part_of_name(name, side), flat=True)
                for side in (self.left, self.right)
            )
            adapter = make.ClauseAdapter(left).chain(make.ClauseAdapter(right))
            return left.join(right, adapter.traverse(self.onclause), isouter=self.isouter, full=self.full)
        return self.select().set_label_style(make.LABEL_STYLE_TABLENAME_PLUS_COL).correlate(None).alias(name)


def _part_of_name(name: str | None, side: Any) -> str | None:
    """
    Return the name of one side of a join that is aliased as *name*.
    """
    if name is None or side._is_join:
        return name
    own = getattr(side, "name", None)
    return None if own is None or isinstance(own, _anonymous_label) else f"{name}_{own}"


def join_condition(a: Any, b: Any, a_subset: Any = None, consider_as_foreign_keys: Any = None) -> Any:
    """
    Return the condition that joins two FROM elements by their foreign keys.

    Args:
        a_subset: A part of *a* that is tried first.
        consider_as_foreign_keys: Only columns in this set refer to others.

    Raises:
        NoForeignKeysError: no foreign key is between them.
        AmbiguousForeignKeysError: more than one is.
    """
    constraints = _joins_between(a, a_subset, b, consider_as_foreign_keys)
    if len(constraints) > 1:
        constraints = _narrowed(constraints, a, b, consider_as_foreign_keys)
    if not constraints:
        hint = ""
        if isinstance(b, FromGrouping):
            hint = " Perhaps you meant to convert the right side to a subquery using alias()?"
        raise exc.NoForeignKeysError(
            f"Can't find any foreign key relationships between '{a.description}' and '{b.description}'.{hint}"
        )
    criteria = [x == y for x, y in next(iter(constraints.values()))]
    if len(criteria) == 1:
        return criteria[0]
    return and_(*criteria)


def can_join(left: Any, right: Any, consider_as_foreign_keys: Any = None) -> bool:
    """
    Tell whether a foreign key is between two FROM elements.
    """
    left_right = left.right if left._is_join else None
    return bool(_joins_between(left, left_right, right, consider_as_foreign_keys))


def _joins_between(
    a: Any, a_subset: Any, b: Any, consider_as_foreign_keys: Any
) -> dict[Any, list[tuple[Any, Any]]]:
    """
    Return: foreign key constraint -> pairs of columns that it joins.
    """
    found: dict[Any, list[tuple[Any, Any]]] = {}
    for left in (a_subset, a):
        if left is None:
            continue
        _collect(b.foreign_keys, left, a, b, consider_as_foreign_keys, found, "right")
        if left is not b:
            _collect(left.foreign_keys, b, left, b, consider_as_foreign_keys, found, "left")
        if found:
            break
    return found


def _collect(
    foreign_keys: Iterable[Any],
    target: Any,
    a: Any,
    b: Any,
    consider: Any,
    found: dict[Any, list[tuple[Any, Any]]],
    which: str,
) -> None:
    """
    Add the foreign keys that refer to *target*, in the order they were made.
    """
    for fk in sorted(foreign_keys, key=lambda fk: fk.parent._creation_order):
        if consider is not None and fk.parent not in consider:
            continue
        try:
            column = fk.get_referent(target)
        except exc.NoReferenceError as error:
            if isinstance(error, exc.NoReferencedTableError) and error.table_name not in (
                t.name for t in _tables_of(a if which == "right" else b)
            ):
                continue
            raise
        if column is not None:
            found.setdefault(fk.constraint, []).append((column, fk.parent))


def _tables_of(element: Any) -> list[Any]:
    """
    Return the named elements in a FROM element.
    """
    return [f for f in element._from_objects if getattr(f, "name", None) is not None]


def _narrowed(
    constraints: dict[Any, list[tuple[Any, Any]]], a: Any, b: Any, consider: Any
) -> dict[Any, list[tuple[Any, Any]]]:
    """
    Return the one constraint that is meant, of several.

    Cases:
      1. *consider* names the columns of exactly one;
      2. one covers all pairs of the others;
      3. all say the same.
    """
    if consider:
        for constraint in list(constraints):
            if {f.parent for f in constraint.elements} != set(consider):
                del constraints[constraint]
    if len(constraints) > 1:
        deduped = {frozenset((id(x), id(y)) for x, y in pairs): key for key, pairs in constraints.items()}
        if len(deduped) == 1:
            key = next(iter(constraints))
            return {key: constraints[key]}
    if len(constraints) > 1:
        raise exc.AmbiguousForeignKeysError(
            f"Can't determine join between '{a.description}' and '{b.description}'; tables have more "
            "than one foreign key constraint relationship between them. Please specify the 'onclause' "
            "of this join explicitly."
        )
    return constraints


def reduce_columns(columns: Iterable[Any], *clauses: Any, only_synonyms: bool = False) -> list[Any]:
    """
    Return *columns* without those equal to others, by foreign key or by ``=`` in *clauses*.

    Args:
        only_synonyms: Of these, leave out those that are called like what they are equal to.
    """

    def counts(column: Any, other: Any) -> bool:
        return not only_synonyms or getattr(column, "name", None) == getattr(other, "name", None)

    columns = list(columns)
    omit: set[Any] = set()
    everything = {hash(c) for c in columns}
    for col in columns:
        for fk in itertools.chain(*[c.foreign_keys for c in col.proxy_set]):
            for other in columns:
                if other is col:
                    continue
                try:
                    referred = fk.column
                except exc.NoReferenceError:
                    continue
                if referred.shares_lineage(other) and counts(col, other):
                    omit.add(col)
                    break
    for clause in clauses:
        if clause is None:
            continue
        for binary in make.iterate(clause):
            if binary.__visit_name__ != "binary" or binary.operator.__name__ != "eq":
                continue
            left, right = binary.left, binary.right
            if hash(left) in everything and hash(right) in everything:
                if left not in omit and right not in omit and counts(right, left):
                    omit.add(right)
    return [c for c in columns if c not in omit]


def find_left_clause_to_join_from(clauses: Sequence[Any], join_to: Any, onclause: Any) -> list[int]:
    """
    Return the positions in *clauses* of the elements that *join_to* can be joined to.

    With an ON clause among several elements, those whose columns complete what it names.
    """
    if len(clauses) == 1 and onclause is not None:
        return [0]
    named = _columns_in(onclause) if onclause is not None else []
    parts = join_to._from_objects
    found = []
    for position, element in enumerate(clauses):
        for part in parts:
            if hash(part) == hash(element):
                continue
            if can_join(element, join_to) if onclause is None else _have_all(element, part, named):
                found.append(position)
                break
    if len(found) > 1:
        # Prefer elements that no other candidate already holds.
        hidden = {hash(f) for position in found for f in clauses[position]._hide_froms}
        found = [position for position in found if hash(clauses[position]) not in hidden]
    if not found and onclause is not None:
        return list(range(len(clauses)))
    return found


def _have_all(element: Any, other: Any, columns: Iterable[Any]) -> bool:
    """
    Tell whether *columns* are columns of two FROM elements.
    """
    known = None
    for column in columns:
        table = column.table
        if table is not element and table is not other:
            # not theirs, or a copy of one of theirs
            if known is None:
                known = {hash(c) for side in (element, other) for c in side.c}
            if hash(column) not in known:
                return False
    return True


def find_left_clause_that_matches_given(clauses: Sequence[Any], join_from: Any) -> list[int]:
    """
    Return the positions in *clauses* of elements made from *join_from*.
    """
    wanted = {hash(f) for f in join_from._from_objects}
    exact, derived = [], []
    for position, element in enumerate(clauses):
        if hash(element) == hash(join_from):
            exact.append(position)
        elif wanted <= {hash(f) for f in element._from_objects}:
            derived.append(position)
    return exact or derived


def _columns_in(clause: Any) -> list[Any]:
    if isinstance(clause, BinaryExpression) and not clause.modifiers:
        left, right = clause.left, clause.right
        if isinstance(left, NamedColumn) and isinstance(right, NamedColumn):
            if left.table is not None and right.table is not None:
                # most conditions: nothing else is below them
                return [left, right]
    return [c for c in make.iterate(clause) if _is_column(c)]


def _is_column(element: Any) -> bool:
    return getattr(element, "_is_keyed_column_element", False) and element.table is not None


def join(left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> Join:
    """
    Return ``left JOIN right ON onclause``; without *onclause*, by the foreign keys between both.

    Raises:
        NoForeignKeysError: no *onclause*, and no foreign key between both.
        AmbiguousForeignKeysError: no *onclause*, and several of them.

    >>> from relvar import Column, ForeignKey, Integer, MetaData, Table, join
    >>> metadata = MetaData()
    >>> user = Table("user", metadata, Column("id", Integer, primary_key=True))
    >>> post = Table("post", metadata, Column("user_id", ForeignKey("user.id")))
    >>> print(join(user, post))
    "user" JOIN post ON "user".id = post.user_id
    """
    return Join(left, right, onclause, isouter, full)


def outerjoin(left: Any, right: Any, onclause: Any = None, full: bool = False) -> Join:
    """
    Return ``left LEFT OUTER JOIN right ON onclause``.

    >>> from relvar import column, outerjoin, table
    >>> user, post = table("user", column("id")), table("post", column("user_id"))
    >>> print(outerjoin(user, post, user.c.id == post.c.user_id))
    "user" LEFT OUTER JOIN post ON "user".id = post.user_id
    """
    return Join(left, right, onclause, isouter=True, full=full)


make.register(Join=Join, join_condition=join_condition)
