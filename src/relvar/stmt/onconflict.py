"""
``INSERT ... ON CONFLICT``: the clause and the methods that add it.

PostgreSQL and SQLite have it alike; their ``Insert`` classes derive from `ConflictInsert`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from relvar import exc
from relvar.expr import coerce
from relvar.expr.element import ClauseElement
from relvar.expr.node import NODE, PAIRS, VALUE, Field, memoized
from relvar.stmt.insert import Insert
from relvar.types.base import NULLTYPE


class OnConflictClause(ClauseElement):
    """
    ``ON CONFLICT`` and its target.

    Attributes:
        constraint_target: Name of a constraint.
        inferred_target_elements: Columns, expressions or names of a unique index.
        inferred_target_whereclause: The condition of a partial unique index.
    """

    __visit_name__ = "on_conflict"
    _fields: ClassVar[tuple[Field, ...]] = (
        Field("constraint_target", VALUE),
        Field("inferred_target_elements", PAIRS),
        Field("inferred_target_whereclause", NODE),
    )

    stringify_dialect: str = "postgresql"
    constraint_target: str | None = None
    inferred_target_elements: tuple[Any, ...] | None = None
    inferred_target_whereclause: Any = None

    def __init__(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        *,
        dialect_name: str = "postgresql",
    ) -> None:
        self.stringify_dialect = dialect_name
        if constraint is not None:
            if index_elements is not None:
                raise ValueError("'constraint' and 'index_elements' are mutually exclusive")
            if isinstance(constraint, str):
                self.constraint_target = constraint
            elif getattr(constraint, "name", None) is not None and constraint.__visit_name__ != "index":
                self.constraint_target = constraint.name
            else:
                # without a name, or an index: go by its columns
                index_elements = tuple(getattr(constraint, "expressions", None) or constraint.columns)
                options = constraint.dialect_options[dialect_name]
                index_where = options.get("where", None) if constraint.__visit_name__ == "index" else None
        if index_elements is not None:
            self.inferred_target_elements = tuple(
                coerce.ddl_constraint_column(element) for element in index_elements
            )
            if index_where is not None:
                self.inferred_target_whereclause = coerce.where_criterion(index_where)


class OnConflictDoNothing(OnConflictClause):
    """
    ``ON CONFLICT ... DO NOTHING``.
    """

    __visit_name__ = "on_conflict_do_nothing"
    inherit_cache: bool = True


class OnConflictDoUpdate(OnConflictClause):
    """
    ``ON CONFLICT ... DO UPDATE SET ...``.

    Attributes:
        update_values_to_set: Pairs of column (or key) and value.
        update_whereclause: Only rows for which it holds are updated.
    """

    __visit_name__ = "on_conflict_do_update"
    _fields = (
        *OnConflictClause._fields,
        Field("update_values_to_set", PAIRS),
        Field("update_whereclause", NODE),
    )

    update_whereclause: Any = None

    def __init__(
        self,
        table: Any,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
        *,
        dialect_name: str = "postgresql",
        target_required: bool = True,
    ) -> None:
        super().__init__(constraint, index_elements, index_where, dialect_name=dialect_name)
        if target_required and self.inferred_target_elements is None and self.constraint_target is None:
            raise ValueError(
                "Either constraint or index_elements, but not both, must be specified unless DO NOTHING"
            )
        self.update_values_to_set: tuple[tuple[Any, Any], ...] = set_pairs(set_, table)
        if where is not None:
            self.update_whereclause = coerce.where_criterion(where)


def set_pairs(set_: Any, table: Any) -> tuple[tuple[Any, Any], ...]:
    """
    Return what ``SET`` was given, as pairs of key or column and value.

    Args:
        set_: A dictionary, or a collection of columns.
        table: Whose columns tell the values' types.

    Raises:
        ValueError: It is neither, or empty.
    """
    if isinstance(set_, Mapping):
        if not set_:
            raise ValueError("set parameter dictionary must not be empty")
        items = list(set_.items())
    elif hasattr(set_, "as_readonly") or hasattr(set_, "contains_column"):
        items = list(set_.items())
    else:
        raise ValueError(
            "set parameter must be a non-empty dictionary or a ColumnCollection such as "
            "the `.c.` collection of a Table object"
        )
    return tuple((coerce.dml_column(key), set_value(key, value, table)) for key, value in items)


def set_value(key: Any, value: Any, table: Any) -> Any:
    """
    Return *value* as an element of the type of the column that *key* names.
    """
    column = table.c.get(key) if isinstance(key, str) else key
    type_ = getattr(column, "type", NULLTYPE)
    element = coerce.dml_value(value, type_)
    if element._is_bind_parameter and element.type._isnull and not type_._isnull:
        return element._with_binary_element_type(type_)
    return element


class ConflictInsert(Insert):
    """
    An INSERT that may say what to do about rows that exist already.
    """

    stringify_dialect = "postgresql"
    inherit_cache: bool = True

    @memoized
    def excluded(self) -> Any:
        """
        The columns of the row that was not inserted, for ``set_`` and ``where``.
        """
        return self.table.alias("excluded").columns

    def _with_conflict_clause(self, clause: OnConflictClause) -> Self:
        if self._post_values_clause is not None:
            raise exc.InvalidRequestError(
                "This Insert construct already has an ON CONFLICT clause established"
            )
        made = self._clone()
        made._post_values_clause = clause
        return made
