"""
What an INSERT or UPDATE is expected to bring back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
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
        key_of: The name under which a column's value is given.
        need_pks: The new row's primary key is wanted.
        implicit_returning: RETURNING tells it, without having been asked for.
        return_defaults: What the database computes comes back with RETURNING.
        return_columns: Only of these columns.
    """

    key_of: Callable[[Any], str] = attrgetter("key")
    need_pks: bool = False
    implicit_returning: bool = False
    prefers_returning: bool = False
    postfetch_lastrowid: bool = False
    return_defaults: bool = False
    return_columns: set[Any] | None = None
    supplemental: Sequence[Any] = ()

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
        if extra_tables and stmt.is_update:
            self._tell_tables_apart()
        if stmt._return_defaults:
            self._set_return_defaults()
        if stmt.is_insert:
            self._set_wishes_of_insert()

    def _tell_tables_apart(self) -> None:
        others = set(self.extra_tables)

        def key_of(column: Any) -> str:
            if column.table in others:
                return f"{column.table.name}_{column.key}"
            return column.key  # type: ignore[no-any-return]  # keys are text

        self.key_of = key_of
        if self.toplevel:
            self.compiler._crud_key = key_of

    def _set_return_defaults(self) -> None:
        """
        Find out whether ``return_defaults()`` can bring anything back, and what.
        """
        stmt, dialect = self.stmt, self.compiler.dialect
        if stmt._returning:
            refuse_both_returnings()
        if stmt.is_insert:
            inline = stmt._inline or stmt._multi_values
            can_return = dialect.insert_returning and (
                not self.compiler.for_executemany or dialect.insert_executemany_returning
            )
        else:
            inline, can_return = stmt._inline, dialect.update_returning
        self.return_defaults = bool(
            can_return and stmt.table.implicit_returning and self.toplevel and not inline
        )
        columns = stmt._return_defaults_columns
        self.return_columns = None if columns is None else set(columns)
        self.supplemental = stmt._supplemental_returning or ()

    def _set_wishes_of_insert(self) -> None:
        """
        Find out how the new row's key becomes known.
        """
        compiler, stmt = self.compiler, self.stmt
        dialect = compiler.dialect
        many = compiler.for_executemany
        self.need_pks = bool(
            self.toplevel
            and not (stmt._inline or stmt._multi_values)
            and not stmt._returning
            and (not many or (dialect.insert_executemany_returning and stmt._return_defaults))
        )
        self.implicit_returning = bool(
            self.need_pks
            and dialect.implicit_returning
            and dialect.insert_returning
            and stmt.table.implicit_returning
        )
        self.prefers_returning = bool(
            dialect.favor_returning_over_lastrowid or not dialect.postfetch_lastrowid
        )
        self.postfetch_lastrowid = bool(
            self.need_pks
            and dialect.postfetch_lastrowid
            and not (self.implicit_returning and dialect.favor_returning_over_lastrowid)
            and not many
            and not self.return_defaults
        )
        if self.toplevel:
            compiler.inline = stmt._inline or stmt.select is not None

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
