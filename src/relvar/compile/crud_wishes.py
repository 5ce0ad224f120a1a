"""
What an INSERT or UPDATE is expected to bring back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar.compile.assignment import Assignment

if TYPE_CHECKING:
    from relvar.compile.crud import CrudRules


def refuse_both_returnings() -> NoReturn:
    """
    Refuse a statement that names what comes back and asks for the defaults too.
    """
    raise exc.CompileError(
        "Can't compile statement that includes returning() and return_defaults() simultaneously"
    )


class Wishes:
    """
    The work on one statement: what is known of it before its columns are looked at.

    Attributes:
        values: The assignments found so far.
        consumed: Keys of given values that a column has taken.
        copied: What `from_dml_column` asks for, by the column's key.
        need_pks: The new row's primary key is wanted.
        implicit_returning: RETURNING tells it, without having been asked for.
    """

    def __init__(
        self, compiler: CrudRules, stmt: Any, extra_tables: Sequence[Any], toplevel: bool, kw: dict[str, Any]
    ) -> None:
        self.compiler = compiler
        self.stmt = stmt
        self.extra_tables = extra_tables
        self.toplevel = toplevel
        self.kw = kw
        self.values: list[Assignment] = []
        self.consumed: set[str] = set()
        self.copied: dict[str, Any] = {}
        self._set_key_of()
        self._set_wishes()

    def _set_key_of(self) -> None:
        if self.stmt.is_update and self.extra_tables:
            others = set(self.extra_tables)

            def key_of(column: Any) -> str:
                if column.table in others:
                    return f"{column.table.name}_{column.key}"
                return column.key  # type: ignore[no-any-return]  # keys are text
        else:

            def key_of(column: Any) -> str:
                return column.key  # type: ignore[no-any-return]  # keys are text

        self.key_of = key_of
        if self.toplevel:
            self.compiler._crud_key = key_of

    def _set_wishes(self) -> None:
        """
        Find out what the statement is expected to bring back.
        """
        compiler, stmt = self.compiler, self.stmt
        dialect = compiler.dialect
        explicit = bool(stmt._returning)
        is_insert = bool(stmt.is_insert)
        many = compiler.for_executemany
        wants_defaults = bool(stmt._return_defaults)
        if explicit and wants_defaults:
            refuse_both_returnings()
        inline = bool(getattr(stmt, "_inline", False))
        if is_insert and stmt._multi_values:
            inline_for_returning = True
        else:
            inline_for_returning = inline
        self.need_pks: Any | bool = (
            is_insert
            and self.toplevel
            and not inline_for_returning
            and not explicit
            and (not many or (dialect.insert_executemany_returning and wants_defaults))
        )
        if is_insert:
            can_return = dialect.insert_returning and (not many or dialect.insert_executemany_returning)
            automatic = dialect.implicit_returning and dialect.insert_returning
        else:
            can_return = dialect.update_returning
            automatic = False
        if not stmt.table.implicit_returning:
            can_return = automatic = False
        self.implicit_returning = self.need_pks and automatic
        self.prefers_returning: Any | bool = (
            dialect.favor_returning_over_lastrowid or not dialect.postfetch_lastrowid
        )
        self.return_defaults: Any | bool = (
            wants_defaults and not explicit and can_return and self.toplevel and not (inline_for_returning)
        )
        columns = stmt._return_defaults_columns
        self.return_columns: set[Any] | None = None if columns is None else set(columns)
        self.postfetch_lastrowid: Any | bool = (
            self.need_pks
            and dialect.postfetch_lastrowid
            and not (self.implicit_returning and dialect.favor_returning_over_lastrowid)
            and not many
            and not self.return_defaults
        )
        self.supplemental: tuple[()] = tuple(getattr(stmt, "_supplemental_returning", None) or ())
        if self.toplevel and is_insert:
            compiler.inline = inline or getattr(stmt, "select", None) is not None

    def _wants_default(self, column: Any) -> bool:
        return self.return_defaults and (self.return_columns is None or column in self.return_columns)

    def _returning(self, column: Any) -> None:
        if not self.toplevel:  # nothing comes back but what is asked for
            return
        found = self.compiler.implicit_returning
        if all(column is not known for known in found or ()):
            found.append(column)

    def _fetch_later(self, column: Any) -> None:
        if self.toplevel:
            self.compiler.postfetch.append(column)
