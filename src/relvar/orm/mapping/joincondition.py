"""
How two mapped selectables belong together: the join conditions of a relationship and what follows from them.

Each column of the conditions is marked: ``foreign`` (its value is set from the other side), ``remote`` (it
belongs to the related rows) or ``local``.  The marks come, in this order, from the user's `foreign()` and
`remote()`, from ``foreign_keys`` and ``remote_side``, or from the foreign keys and tables themselves.  From
the marks follow direction, pairs of local and remote columns, and pairs to copy when objects are linked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from relvar import exc
from relvar.expr.resolve import clause_element
from relvar.orm.mapping.interfaces import MANYTOMANY, MANYTOONE, ONETOMANY, RelationshipDirection
from relvar.orm.mapping.traverse import columns_of, deannotated, is_column, iterate, replaced, unique
from relvar.relation.join import join_condition
from relvar.schema import Column
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn

__all__ = ["JoinCondition", "foreign", "join_tables", "remote"]

_T = TypeVar("_T")


def remote(expr: _T) -> _T:
    """
    Mark a column of a join condition as belonging to the related rows.
    """
    return _mark(expr, "remote")  # type: ignore[no-any-return]  # as declared


def foreign(expr: _T) -> _T:
    """
    Mark a column of a join condition as one that refers to the other side.
    """
    return _mark(expr, "foreign")  # type: ignore[no-any-return]  # as declared


def _mark(expr: Any, name: str) -> Any:
    element = clause_element(expr)
    if not getattr(element, "_is_column_element", False):
        raise exc.ArgumentError(f"Column expression expected, got {expr!r}.")
    return replaced(element, lambda node: node._annotate({name: True}) if is_column(node) else None)


def join_tables(
    left: Any,
    right: Any,
    *,
    consider_as_foreign_keys: Iterable[Any] | None = None,
    subset: Any = None,
    on_error: Callable[[Exception], Exception],
) -> Any:
    """
    Return the condition that joins two selectables by their foreign keys.

    Args:
        on_error: Turns an error of the search into the one to raise.
    """
    considered = set(consider_as_foreign_keys) if consider_as_foreign_keys else None
    try:
        return join_condition(left, right, a_subset=subset, consider_as_foreign_keys=considered)
    except (exc.NoForeignKeysError, exc.AmbiguousForeignKeysError) as error:
        raise on_error(error) from error


class JoinCondition:
    """
    The join conditions of one relationship, marked; and direction and pairs that follow.

    ``primaryjoin`` joins the parent with the child, or with ``secondary``, which ``secondaryjoin`` joins
    with the child.
    """

    def __init__(self, prop: Any) -> None:
        self.prop = prop
        self.parent_persist_selectable: Any = prop.parent.persist_selectable
        self.parent_local_selectable: Any = prop.parent.local_table
        entity = prop.entity
        self.child_persist_selectable: Any = entity.persist_selectable
        self.child_local_selectable: Any = entity.local_table
        self.secondary: Any = prop.secondary
        self.primaryjoin: Any = prop._given_primaryjoin
        self.secondaryjoin: Any = prop._given_secondaryjoin
        self.foreign_keys: set[Any] = prop._user_defined_foreign_keys
        self._remote_side: set[Any] = prop._user_defined_remote_side
        self._find_joins()
        self._strip()
        self._mark_foreign()
        self._mark_remote()
        self._each_join(_part_itself)
        self._mark_local()
        self.direction: RelationshipDirection = MANYTOMANY
        self._find_pairs()
        self._check_foreign_columns()
        self._find_direction()
        self._check_remote_side()
        self.deannotated_primaryjoin: Any = replaced(self.primaryjoin, _plain_column)
        self.deannotated_secondaryjoin: Any | None = (
            replaced(self.secondaryjoin, _plain_column) if self.secondaryjoin is not None else None
        )

    # -- the conditions ------------------------------------------------------------------

    def _find_joins(self) -> None:
        if self.secondaryjoin is not None and self.secondary is None:
            raise exc.ArgumentError(
                f"Property {self.prop} specified with secondary join condition but no secondary argument"
            )
        considered = self.foreign_keys or None
        if self.secondary is not None:
            if self.secondaryjoin is None:
                self.secondaryjoin = join_tables(
                    self.child_persist_selectable,
                    self.secondary,
                    subset=self.child_local_selectable,
                    consider_as_foreign_keys=considered,
                    on_error=self._describe,
                )
            if self.primaryjoin is None:
                self.primaryjoin = join_tables(
                    self.parent_persist_selectable,
                    self.secondary,
                    subset=self.parent_local_selectable,
                    consider_as_foreign_keys=considered,
                    on_error=self._describe,
                )
        elif self.primaryjoin is None:
            self.primaryjoin = join_tables(
                self.parent_persist_selectable,
                self.child_persist_selectable,
                subset=self.parent_local_selectable,
                consider_as_foreign_keys=considered,
                on_error=self._describe,
            )

    def _describe(self, error: Exception) -> Exception:
        via = f" via secondary table '{self.secondary}'" if self.secondary is not None else ""
        start = (
            f"Could not determine join condition between parent/child tables on relationship {self.prop} - "
        )
        if isinstance(error, exc.AmbiguousForeignKeysError):
            which = (
                " from the secondary table to each of the parent and child tables"
                if via
                else " to the parent table"
            )
            return exc.AmbiguousForeignKeysError(
                f"{start}there are multiple foreign key paths linking the tables{via}.  Specify the "
                "'foreign_keys' argument, providing a list of those columns which should be counted as "
                f"containing a foreign key reference{which}."
            )
        what = "'primaryjoin' and 'secondaryjoin' expressions" if via else "a 'primaryjoin' expression"
        return exc.NoForeignKeysError(
            f"{start}there are no foreign keys linking these tables{via}.  Ensure that referencing columns "
            f"are associated with a ForeignKey or ForeignKeyConstraint, or specify {what}."
        )

    def _each_join(self, change: Callable[[Any], Any]) -> None:
        self.primaryjoin = replaced(self.primaryjoin, change)
        if self.secondaryjoin is not None:
            self.secondaryjoin = replaced(self.secondaryjoin, change)

    def _strip(self) -> None:
        """Keep of the annotations of the user's expression only the marks."""

        def keep_marks(node: Any) -> Any:
            if not is_column(node) or not node._annotations:
                return None
            marks = {k: v for k, v in node._annotations.items() if k in _MARKS}
            plain = node._deannotate()
            return plain._annotate(marks) if marks else plain

        self._each_join(keep_marks)

    def _has_mark(self, clause: Any, mark: str) -> bool:
        return any(mark in column._annotations for column in columns_of(clause))

    def _joins(self) -> list[Any]:
        return [self.primaryjoin] if self.secondaryjoin is None else [self.primaryjoin, self.secondaryjoin]

    # -- marks ---------------------------------------------------------------------------------

    def _mark_foreign(self) -> None:
        if self._has_mark(self.primaryjoin, "foreign"):
            return
        if self.foreign_keys:
            chosen = self.foreign_keys
            self._each_join(
                lambda n: _marked(n, "foreign") if is_column(n) and deannotated(n) in chosen else None
            )
            return
        referring: set[Any] = set()
        for join in self._joins():
            for node in iterate(join):
                if node.__visit_name__ != "binary":
                    continue
                if isinstance(node.left, Column) and isinstance(node.right, Column):
                    found = self._referring_column(node.left, node.right)
                    if found is not None:
                        referring.add(deannotated(found))
        self._each_join(
            lambda n: _marked(n, "foreign") if is_column(n) and deannotated(n) in referring else None
        )

    def _referring_column(self, left: Any, right: Any) -> Any:
        if self.secondary is not None:
            in_left = self.secondary.c.contains_column(deannotated(left))
            in_right = self.secondary.c.contains_column(deannotated(right))
            if in_left and not in_right:
                return left
            if in_right and not in_left:
                return right
        if left.references(right):
            return left
        if right.references(left):
            return right
        return None

    def _mark_remote(self) -> None:
        if self._has_mark(self.primaryjoin, "remote"):
            return
        if self.secondary is not None:
            belongs = self.secondary.c.contains_column
            self._each_join(
                lambda n: _marked(n, "remote") if is_column(n) and belongs(deannotated(n)) else None
            )
        elif self._remote_side:
            side = self._remote_side
            self._each_join(
                lambda n: _marked(n, "remote") if is_column(n) and deannotated(n) in side else None
            )
        elif self._is_self_referential():
            # the usual direction: the related rows hold the foreign key
            self._mark_remote_when_foreign()
        else:
            self._mark_remote_by_table()

    def _is_self_referential(self) -> bool:
        parent, child = self.parent_persist_selectable, self.child_persist_selectable
        for node in iterate(self.primaryjoin):
            if node.__visit_name__ != "binary":
                continue
            if is_column(node.left) and is_column(node.right):
                left, right = deannotated(node.left), deannotated(node.right)
                if (
                    parent.is_derived_from(left.table)
                    and parent.is_derived_from(right.table)
                    and child.is_derived_from(left.table)
                    and child.is_derived_from(right.table)
                ):
                    return True
        return False

    def _mark_remote_when_foreign(self) -> None:
        def mark(node: Any) -> Any:
            return _marked(node, "remote") if is_column(node) and "foreign" in node._annotations else None

        self._each_join(mark)

    def _mark_remote_by_table(self) -> None:
        parent_local, child_local = self.parent_local_selectable, self.child_local_selectable
        child = self.child_persist_selectable

        def mark(node: Any) -> Any:
            if not is_column(node):
                return None
            column = deannotated(node)
            if child.c.contains_column(column) and (
                not parent_local.c.contains_column(column) or child_local.c.contains_column(column)
            ):
                return _marked(node, "remote")
            return None

        self._each_join(mark)

    def _mark_local(self) -> None:
        parent, child = self.prop.parent, self.prop.entity.mapper
        belongs = self.parent_persist_selectable.c.contains_column

        def mark(node: Any) -> Any:
            if not is_column(node):
                return None
            annotations = node._annotations
            if "remote" in annotations:
                return None
            if belongs(deannotated(node)):
                return _marked(node, "local")
            return None

        if not self._has_mark(self.primaryjoin, "local"):
            self.primaryjoin = replaced(self.primaryjoin, mark)
        self._parent, self._child = parent, child

    # -- what follows ----------------------------------------------------------------------------------

    def _find_pairs(self) -> None:
        local_remote: list[tuple[Any, Any]] = []
        self.synchronize_pairs: list[tuple[Any, Any]] = []
        self.secondary_synchronize_pairs: list[tuple[Any, Any]] = []
        self._collect_pairs(self.primaryjoin, self.synchronize_pairs, local_remote)
        if self.secondaryjoin is not None:
            self._collect_pairs(self.secondaryjoin, self.secondary_synchronize_pairs, local_remote)
        self.local_remote_pairs: list[Any] = unique(local_remote)
        if not self.local_remote_pairs:
            self._require_remote_pairs()

    def _collect_pairs(
        self, join: Any, sync: list[tuple[Any, Any]], local_remote: list[tuple[Any, Any]]
    ) -> None:
        for node in iterate(join):
            if node.__visit_name__ != "binary":
                continue
            for left in columns_of(node.left):
                for right in columns_of(node.right):
                    self._collect_pair(node, left, right, sync, local_remote)

    def _collect_pair(
        self,
        node: Any,
        left: Any,
        right: Any,
        sync: list[tuple[Any, Any]],
        local_remote: list[tuple[Any, Any]],
    ) -> None:
        plain_left, plain_right = deannotated(left), deannotated(right)
        if "remote" in right._annotations and "remote" not in left._annotations:
            local_remote.append((plain_left, plain_right))
        elif "remote" in left._annotations and "remote" not in right._annotations:
            local_remote.append((plain_right, plain_left))
        elif "remote" in left._annotations and left is right:
            local_remote.append((plain_left, plain_right))
        # also inside functions and casts: what is copied is the column's own value
        if node.operator.__name__ == "eq":
            if "foreign" in right._annotations:
                sync.append((plain_left, plain_right))
            elif "foreign" in left._annotations:
                sync.append((plain_right, plain_left))

    def _require_remote_pairs(self) -> None:
        if not self._foreign_in(self.primaryjoin):
            return
        raise exc.ArgumentError(
            f"Relationship {self.prop} could not determine any unambiguous local/remote column pairs based "
            "on join condition and remote_side arguments.  Consider using the remote() annotation to "
            "accurately mark those elements of the join condition that are on the remote side of the "
            "relationship."
        )

    def _foreign_in(self, join: Any) -> list[Any]:
        return unique(deannotated(c) for c in columns_of(join) if "foreign" in c._annotations)

    def _check_foreign_columns(self) -> None:
        self._check_foreign_columns_of(self.primaryjoin, self.synchronize_pairs, "primary")
        if self.secondaryjoin is not None:
            self._check_foreign_columns_of(self.secondaryjoin, self.secondary_synchronize_pairs, "secondary")

    def _check_foreign_columns_of(self, join: Any, pairs: Sequence[Any], kind: str) -> None:
        has_foreign = bool(self._foreign_in(join))
        needs_sync = not self.prop.viewonly
        if (needs_sync and pairs) or (not needs_sync and has_foreign):
            return
        hint = (
            "Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or "
            "are annotated in the join condition with the foreign() annotation."
        )
        if needs_sync and has_foreign:
            raise exc.ArgumentError(
                "Could not locate any simple equality expressions involving locally mapped foreign key "
                f"columns for {kind} join condition '{join}' on relationship {self.prop}.  {hint} To allow "
                "comparison operators other than '==', the relationship can be marked as viewonly=True."
            )
        raise exc.ArgumentError(
            f"Could not locate any relevant foreign key columns for {kind} join condition '{join}' on "
            f"relationship {self.prop}.  {hint}"
        )

    def _find_direction(self) -> None:
        if self.secondaryjoin is not None:
            return
        foreign_columns = set(self._foreign_in(self.primaryjoin))
        parent, child = self.parent_persist_selectable, self.child_persist_selectable
        in_child = {c for c in foreign_columns if child.c.contains_column(c)}
        in_parent = {c for c in foreign_columns if parent.c.contains_column(c)}
        if in_child and in_parent:
            self.direction = self._direction_by_marks()
        elif in_child:
            self.direction = ONETOMANY
        elif in_parent:
            self.direction = MANYTOONE
        else:
            raise exc.ArgumentError(
                f"Can't determine relationship direction for relationship '{self.prop}' - foreign key "
                "columns are present in neither the parent nor the child's mapped tables"
            )

    def _direction_by_marks(self) -> RelationshipDirection:
        marked = [c for c in columns_of(self.primaryjoin) if "foreign" in c._annotations]
        remote = {deannotated(c) for c in marked if "remote" in c._annotations}
        local = {deannotated(c) for c in marked if "remote" not in c._annotations}
        # a column compared with itself is on both sides: it does not tell, unless there is no other
        itself = {left for left, right in self.local_remote_pairs if left is right}
        if (remote | local) - itself:
            remote, local = remote - itself, local - itself
        if remote and not local:
            return ONETOMANY
        if local and not remote:
            return MANYTOONE
        raise exc.ArgumentError(
            f"Can't determine relationship direction for relationship '{self.prop}' - foreign key columns "
            "within the join condition are present in both the parent and the child's mapped tables.  "
            "Ensure that only those columns referring to a parent column are marked as foreign, either via "
            "the foreign() annotation or via the foreign_keys argument."
        )

    def _check_remote_side(self) -> None:
        if not self.local_remote_pairs:
            self._require_remote_pairs()
        if self.secondary is not None:
            return
        of_parent = self.parent_persist_selectable.c.contains_column
        of_child = self.child_persist_selectable.c.contains_column
        misplaced = [c for c in unique(self.remote_columns) if of_parent(c) and not of_child(c)]
        if misplaced:
            warn(
                f"Expression {', '.join(sorted(str(c) for c in misplaced))} is marked as 'remote', but these "
                "column(s) are local to the local side.  The remote() annotation is needed only for a "
                "self-referential relationship where both sides of the relationship refer to the same tables."
            )

    @property
    def foreign_key_columns(self) -> set[Any]:
        """Columns that get their value from the other side."""
        return {c for join in self._joins() for c in self._foreign_in(join)}

    @property
    def remote_columns(self) -> set[Any]:
        """Columns of the related rows."""
        return {
            deannotated(c) for join in self._joins() for c in columns_of(join) if "remote" in c._annotations
        }

    @property
    def local_columns(self) -> set[Any]:
        """Columns of the parent's row."""
        return {deannotated(c) for c in columns_of(self.primaryjoin) if "local" in c._annotations}

    @property
    def primaryjoin_reverse_remote(self) -> Any:
        """The join condition seen from the other side: remote and local exchanged."""
        if self._remote_side or self._is_self_referential():

            def swap(node: Any) -> Any:
                if not is_column(node):
                    return None
                marks = {k: v for k, v in node._annotations.items() if k in _MARKS}
                if marks.pop("remote", None):
                    marks["local"] = True
                elif marks.pop("local", None):
                    marks["remote"] = True
                return node._with_annotations(immutabledict(marks))

            return replaced(self.primaryjoin, swap)

        def without_side(node: Any) -> Any:
            if not is_column(node) or not node._annotations:
                return None
            marks = {k: v for k, v in node._annotations.items() if k == "foreign"}
            return node._with_annotations(immutabledict(marks))

        return replaced(self.primaryjoin, without_side)


_MARKS = ("foreign", "remote", "local")


def _marked(node: Any, mark: str) -> Any:
    return node._annotate({mark: True})


def _part_itself(node: Any) -> Any:
    """Where a remote column is compared with itself, make its right half the parent's."""
    if node.__visit_name__ != "binary" or not (is_column(node.left) and is_column(node.right)):
        return None
    left, right = node.left, node.right
    if deannotated(left) is not deannotated(right) or not (
        "remote" in left._annotations and "remote" in right._annotations
    ):
        return None
    made = node._clone()
    made.right = right._deannotate()
    return made


def _plain_column(node: Any) -> Any:
    return node._deannotate() if is_column(node) and node._annotations else None
