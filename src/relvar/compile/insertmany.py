"""
Batched INSERT: the pieces from which an execution makes
``INSERT ... VALUES (...), (...), ... RETURNING ...``.

The rows that come back must be matched to the rows that were sent.  Three cases:
  1. nobody asked for an order;
  2. the client knows the values of *sentinel columns*, so it compares them;
  3. the server makes them in the order of the rows, so it sorts by them
     (*implicit*); some databases need the rows to arrive through an ordered
     ``SELECT`` for that (*embedded counter*).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.compile.assignment import Assignment, Crud
from relvar.compile.crud import CrudRules
from relvar.compile.marks import POSITION_START
from relvar.compile.state import InsertManyValues
from relvar.util.fields import NamedTuple


class InsertmanyvaluesSentinelOpts(enum.IntFlag):
    """
    Which server-made values can be relied on to follow the order of the rows.
    """

    NOT_SUPPORTED = 1
    AUTOINCREMENT = 2
    IDENTITY = 4
    SEQUENCE = 8
    MONOTONIC_FUNCTION = 16
    ANY_AUTOINCREMENT = AUTOINCREMENT | IDENTITY | SEQUENCE | MONOTONIC_FUNCTION
    _SUPPORTED_OR_NOT = NOT_SUPPORTED | ANY_AUTOINCREMENT
    USE_INSERT_FROM_SELECT = 32
    "Rows have to come through an ordered SELECT."
    RENDER_SELECT_COL_CASTS = 64
    "In that SELECT, columns need a cast to their type."


class Sentinels(NamedTuple):
    """
    The columns that match returned rows to sent ones.

    Attributes:
        columns: The columns.
        keys: Parameters that have their values; None: the server makes them.
        implicit: The server makes them in the order of the rows.
        embed: Through an ordered SELECT.
    """

    columns: Sequence[Any]
    keys: Sequence[str] | None
    implicit: bool
    embed: bool


_BY_KIND = {
    "autoincrement": InsertmanyvaluesSentinelOpts.AUTOINCREMENT,
    "identity": InsertmanyvaluesSentinelOpts.IDENTITY,
    "sequence": InsertmanyvaluesSentinelOpts.SEQUENCE,
    "monotonic": InsertmanyvaluesSentinelOpts.MONOTONIC_FUNCTION,
}

_MADE_BY_CLIENT = ("none", "clientside", "sentinel_default")
_NO_SENTINEL = (
    "Column {column} can't be explicitly marked as a sentinel column when using the {dialect} dialect, as "
    "the particular type of default generation on this column is not currently compatible with this "
    "dialect's specific INSERT..RETURNING syntax which can receive the server-generated value in a "
    "deterministic way.  To remove this error, remove insert_sentinel=True from primary key autoincrement "
    "columns; these columns are automatically used as sentinels for supported dialects in any case."
)


class InsertManyRules(CrudRules):
    """
    Rules for INSERT of many rows at once.
    """

    def _uses_insertmanyvalues(self, stmt: Any, crud: Crud) -> bool:
        dialect = self.dialect
        if (
            not (self.for_executemany and dialect.use_insertmanyvalues)
            or crud.rows
            or stmt.select is not None
        ):
            return False
        if self.effective_returning:
            return True
        return bool(dialect.use_insertmanyvalues_wo_returning and (crud.single or crud.is_default))

    def _sentinels(self, stmt: Any, crud: Crud) -> Sentinels | None:
        """
        Choose the sentinel columns of an INSERT that wants its rows in order.
        """
        if not stmt._sort_by_parameter_order or not hasattr(stmt.table, "_sentinel_column_characteristics"):
            return None
        found = stmt.table._sentinel_column_characteristics
        columns = found.columns
        if not columns:
            return None
        supported = int(self.dialect.insertmanyvalues_implicit_sentinel or 0)
        kind = found.default_characterization.value
        if kind == "none" and found.is_autoinc:
            kind = "autoincrement"
        if kind in _MADE_BY_CLIENT:
            implicit = bool(supported & InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT)
        elif kind in _BY_KIND and supported & _BY_KIND[kind]:
            implicit = True
        elif found.is_explicit:
            raise exc.InvalidRequestError(_NO_SENTINEL.format(column=columns[0], dialect=self.dialect.name))
        else:
            return None
        by_column = {assignment.column: assignment for assignment in crud.single}
        known = [by_column.get(column) for column in columns]
        if all(assignment is not None and len(assignment.names) == 1 for assignment in known):
            keys = [next(iter(assignment.names)) for assignment in known]  # type: ignore[union-attr]  # none is None
            return Sentinels(columns, keys, False, False)
        return Sentinels(columns, None, implicit, implicit and self._embeds(supported, stmt, crud))

    @staticmethod
    def _embeds(supported: int, stmt: Any, crud: Crud) -> bool:
        """
        Tell whether the rows go through an ordered SELECT; rows of defaults alone can't.
        """
        return (
            bool(supported & InsertmanyvaluesSentinelOpts.USE_INSERT_FROM_SELECT)
            and stmt._post_values_clause is None
            and any(assignment.names for assignment in crud.single)
        )

    def _insertmanyvalues_of(
        self, stmt: Any, crud: Crud, sentinels: Sentinels | None, behind: str
    ) -> InsertManyValues:
        assignments = crud.single
        if sentinels is not None and sentinels.embed:
            assignments = [a for a in assignments if not self._stays_in_select(a, sentinels)]
        single = (
            ", ".join(a.text for a in assignments)
            if not crud.is_default
            else (self.dialect.default_metavalue_token)
        )
        return InsertManyValues(
            is_default_expr=crud.is_default,
            single_values_expr=single,
            insert_crud_params=[(a.column, a.name, a.text, list(a.names)) for a in assignments],
            num_positional_params_counted=single.count(POSITION_START) if self.positional else 0,
            sort_by_parameter_order=bool(stmt._sort_by_parameter_order),
            includes_upsert_behaviors=stmt._post_values_clause is not None,
            sentinel_columns=list(sentinels.columns) if sentinels else None,
            num_sentinel_columns=len(sentinels.columns) if sentinels else 0,
            sentinel_param_keys=sentinels.keys if sentinels else None,
            implicit_sentinel=sentinels.implicit if sentinels else False,
            embed_values_counter=sentinels.embed if sentinels else False,
            text_behind=behind,
            marked_values_expr=single if self._numeric_binds else "",
        )

    @staticmethod
    def _stays_in_select(assignment: Assignment, sentinels: Sentinels) -> bool:
        # what makes the sentinel must run row by row, in order: outside of VALUES
        return not assignment.names and any(assignment.column is c for c in sentinels.columns)

    def _embedded_values(self, crud: Crud, sentinels: Sentinels) -> str:
        """
        Render ``SELECT ... FROM (VALUES (...)) AS imp_sen(..., sen_counter) ORDER BY sen_counter``.
        """
        casts = int(self.dialect.insertmanyvalues_implicit_sentinel) & (
            InsertmanyvaluesSentinelOpts.RENDER_SELECT_COL_CASTS
        )
        selected: list[str] = []
        names: list[str] = []
        values: list[str] = []
        for index, assignment in enumerate(crud.single):
            if self._stays_in_select(assignment, sentinels):
                selected.append(assignment.text)
                continue
            name = f"p{index}"
            type_ = assignment.column.type
            selected.append(
                self.render_bind_cast(type_, type_._unwrapped_dialect_impl(self.dialect), name)
                if casts
                else name
            )
            names.append(name)
            values.append(assignment.text)
        return (
            f"SELECT {', '.join(selected)} FROM (VALUES ({', '.join(values)})) "
            f"AS imp_sen({', '.join([*names, 'sen_counter'])}) ORDER BY sen_counter"
        )
