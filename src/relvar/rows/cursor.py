"""
The result that reads a driver's cursor, and what it knows about an INSERT or UPDATE.

Rule 1: the cursor is closed as soon as it is read to its end, or has no rows.
Rule 2: a result without rows says so when it is read, open or closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVarTuple

from relvar import exc
from relvar._kernels.rows import CursorReading, fetch_rows
from relvar.rows.layout import Layout
from relvar.rows.reading import END, raise_none_found, raise_several_found
from relvar.rows.result import IteratorResult, Result
from relvar.rows.row import Row
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from typing import Self

_Ts = TypeVarTuple("_Ts")

# How fast the buffer of a streaming result grows, and how far by default.
_GROWTH = 5
_MAX_ROW_BUFFER = 1000


class _NoRows(Layout):
    """
    The columns of a result that has none: every question raises.
    """

    __slots__ = ()
    has_rows = False

    def _refuse(self) -> NoReturn:
        raise exc.ResourceClosedError(
            "This result object does not return rows. It has been closed automatically."
        )

    @property
    def row_class(self) -> Any:
        self._refuse()

    @property
    def _keys(self) -> Any:
        self._refuse()

    def _find(self, key: Any) -> int | None:
        self._refuse()

    def index_of(self, key: Any) -> int:
        self._refuse()


NO_ROWS = _NoRows(())


class CursorResult(CursorReading, Result[*_Ts]):
    """
    The rows, or the facts, of one executed statement.

    Made by the engine.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR)"))
    ...     result = connection.execute(text("INSERT INTO users (name) VALUES ('ann'), ('bob')"))
    ...     result.rowcount, result.returns_rows
    (2, False)
    """

    _is_cursor = True
    # what the database wrote into parameters made by `outparam()`, by name
    out_parameters: Mapping[str, Any] = immutabledict()

    _closed_by_user = False
    _buffer_grows = 0
    _lastrowid: Any = None
    _values: Any = None
    _options: Any = None
    _implicit_rows: list[Row[Any]] | None = None
    _key_rows: list[Any] | None = None

    if TYPE_CHECKING:

        def __init__(self, connection: Any, plan: Any, cursor: Any, layout: Layout) -> None: ...

        def one(self) -> Row[*_Ts]: ...

    # -- reading ------------------------------------------------------------

    def _fail(self, err: BaseException) -> NoReturn:
        self.connection._handle_error(err, None, None, self.cursor, self._context)
        raise err

    def _fetch_all(self) -> list[Any]:
        try:
            rows = self.cursor.fetchall()
        except BaseException as err:
            self._fail(err)
        return rows if type(rows) is list else list(rows)

    def _fetch_one(self) -> Any:
        try:
            if self._buffer_size:
                rows = self._fetch_buffer()
                self._pending = iter(rows)
                return next(self._pending, END)
            row = self.cursor.fetchone()
        except BaseException as err:
            self._fail(err)
        return END if row is None else row

    def _fetch_many(self, size: int | None) -> list[Any]:
        try:
            if not hasattr(self.cursor, "fetchmany"):
                # PEP 249 has it, and cursors that stand in for one in tests of dialects have not
                row = self.cursor.fetchone()
                return [] if row is None else [row]
            rows = self.cursor.fetchmany() if size is None else self.cursor.fetchmany(size)
        except BaseException as err:
            self._fail(err)
        return rows if type(rows) is list else list(rows)

    def _fetch_buffer(self) -> Sequence[Any]:
        rows: Sequence[Any] = self.cursor.fetchmany(self._buffer_size)
        if self._buffer_grows:
            self._buffer_size = min(self._buffer_size * _GROWTH, self._buffer_grows)
        return rows

    def _stream(self, options: Any) -> None:
        """
        Read in buffers from now on, as ``yield_per`` or ``max_row_buffer`` among *options* say.
        """
        size = options.get("yield_per")
        if size:
            self._buffer_size = self._yield_per = size
        else:
            self._buffer_size = 1
            self._buffer_grows = options.get("max_row_buffer", _MAX_ROW_BUFFER)

    def all(self) -> Sequence[Row[*_Ts]]:
        """Give all rows that are left."""
        if self._is_touched():
            return self._read_all()
        layout = self._layout
        try:
            rows: list[Any] = fetch_rows(
                self.cursor, layout.row_class, layout.processors, self.connection.dialect.fetch_chunk
            )
        except BaseException as err:
            self._fail(err)
        self._soft_close()
        return rows

    def _refuse_number(self, needed: bool, are_several: bool) -> NoReturn:
        if are_several:
            raise_several_found(needed)
        raise_none_found()

    def scalar(self) -> Any:
        """Give the first column of the first row, or None, and close."""
        if self._is_touched():
            return super().scalar()
        try:
            raw = self.cursor.fetchone()
        except BaseException as err:
            self._fail(err)
        self._soft_close(True)
        if raw is None:
            return None
        processors = self._layout.processors
        if processors is None or processors[0] is None:
            return raw[0]
        return processors[0](raw[0])

    fetchall: Any = all

    def yield_per(self, num: int) -> Self:
        """Fetch *num* rows at a time from the cursor."""
        self._yield_per = num
        self._buffer_size = num
        self._buffer_grows = 0
        return self

    def _raise_hard_closed(self) -> NoReturn:
        if self._layout is NO_ROWS:
            NO_ROWS._refuse()
        raise exc.ResourceClosedError("This result object is closed.")

    def close(self) -> None:
        """Close for good, and the cursor with it."""
        self._closed_by_user = True
        self._soft_close(hard=True)

    @property
    def closed(self) -> bool:
        """Tell whether the result refuses to be read any more."""
        return self._closed_by_user if self._layout is NO_ROWS else self._hard_closed

    # -- what was executed -----------------------------------------------------

    @property
    def context(self) -> Any:
        """The execution as an object; made when asked for."""
        if self._context is None:
            self._context = self.connection._context_of_result(self)
        return self._context

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return self.connection.dialect

    @property
    def cursor_strategy(self) -> Any:
        """The result itself: it reads the cursor without a go-between."""
        return self

    @property
    def returns_rows(self) -> bool:
        """Whether there are rows to read."""
        return self._layout is not NO_ROWS

    @property
    def is_insert(self) -> bool:
        """Whether the statement is an INSERT."""
        return bool(self._plan is not None and self._plan.is_insert)

    @property
    def rowcount(self) -> int:
        """How many rows an UPDATE or DELETE matched; -1 if the driver does not know."""
        count = self._rowcount
        if count is None:
            try:
                count = self.cursor.rowcount
            except BaseException as err:
                self._fail(err)
        return -1 if count is None else count

    @property
    def lastrowid(self) -> Any:
        """What the driver says about the key of the last row inserted."""
        return self._lastrowid if self._lastrowid is not None else getattr(self.cursor, "lastrowid", None)

    def supports_sane_rowcount(self) -> bool:
        """Tell whether ``rowcount`` is right."""
        return bool(self.dialect.supports_sane_rowcount)

    def supports_sane_multi_rowcount(self) -> bool:
        """Tell whether ``rowcount`` is right after executemany."""
        return bool(self.dialect.supports_sane_multi_rowcount)

    def _require(self, *, insert: bool = False, update: bool = False) -> Any:
        plan = self._plan
        if plan is None or plan.compiled is None or plan.is_ddl:
            raise exc.InvalidRequestError("Statement is not a compiled expression construct.")
        if not (insert and plan.is_insert or update and plan.is_update):
            kinds = " or ".join(name for name, asked in (("insert()", insert), ("update()", update)) if asked)
            raise exc.InvalidRequestError(
                f"Statement is not {'an' if kinds else 'a'} {kinds} expression construct."
            )
        return plan

    @property
    def inserted_primary_key_rows(self) -> list[Any]:
        """
        The primary key of each row inserted.

        Raises:
            InvalidRequestError: Not an INSERT, or one with RETURNING of its own.
        """
        plan = self._require(insert=True)
        if plan.explicit_returning:
            raise exc.InvalidRequestError("Can't call inserted_primary_key when returning() is used.")
        if self._key_rows is None:
            self._key_rows = plan.key_rows(self)
        return self._key_rows

    @property
    def inserted_primary_key(self) -> Any:
        """
        The primary key of the row inserted, as a row.

        Raises:
            InvalidRequestError: Not an INSERT of one row, or one with RETURNING of its own.
        """
        if self._is_many:
            self._require(insert=True)
            raise exc.InvalidRequestError(
                "This statement was an executemany call; if primary key returning is supported, please use "
                ".inserted_primary_key_rows."
            )
        rows = self.inserted_primary_key_rows
        return rows[0] if rows else None

    @property
    def _is_many(self) -> bool:
        return type(self._values) is list

    def last_inserted_params(self) -> Any:
        """Give the parameters of the INSERT, by name; a list of them for executemany."""
        return self._parameters_by_name(self._require(insert=True))

    def last_updated_params(self) -> Any:
        """Give the parameters of the UPDATE, by name; a list of them for executemany."""
        return self._parameters_by_name(self._require(update=True))

    def _parameters_by_name(self, plan: Any) -> Any:
        return plan.named(self._values)

    @property
    def returned_defaults(self) -> Any:
        """
        What ``return_defaults()`` brought back for the row, or None.
        """
        if self._is_many:
            raise exc.InvalidRequestError(
                "This statement was an executemany call; if return defaults is supported, please use "
                ".returned_defaults_rows."
            )
        rows = self.returned_defaults_rows
        return rows[0] if rows else None

    @property
    def returned_defaults_rows(self) -> Any:
        """What ``return_defaults()`` brought back, row by row, or None."""
        return self._implicit_rows

    def lastrow_has_defaults(self) -> bool:
        """Tell whether the last row got values that only the database knows."""
        plan = self._plan
        return bool(plan is not None and (plan.is_insert or plan.is_update) and plan.compiled.postfetch)

    def postfetch_cols(self) -> Any:
        """List the columns whose values only the database knows now."""
        return self._require(insert=True, update=True).compiled.postfetch

    def prefetch_cols(self) -> Any:
        """List the columns whose defaults were computed before the execution."""
        plan = self._require(insert=True, update=True)
        return plan.compiled.insert_prefetch if plan.is_insert else plan.compiled.update_prefetch

    # -- putting results together ----------------------------------------------

    def merge(self, *others: Result[*tuple[Any, ...]]) -> Any:
        """Read the rows of this result and then those of *others*; adds up ``rowcount``."""
        merged = super().merge(*others)
        merged.rowcount = sum(each.rowcount for each in (self, *others) if isinstance(each, CursorResult))
        return merged

    def splice_horizontally(self, other: CursorResult[*tuple[Any, ...]]) -> IteratorResult[*tuple[Any, ...]]:
        """
        Give one result with the columns of both, row beside row.
        """
        left, right = list(self._merge_rows()), list(other._merge_rows())
        layout = self._plain_layout().joined(other._plain_layout())
        return IteratorResult(layout, [(*a, *b) for a, b in zip(left, right, strict=True)])

    def splice_vertically(self, other: CursorResult[*tuple[Any, ...]]) -> IteratorResult[*tuple[Any, ...]]:
        """
        Give one result with the rows of both, these first.
        """
        return IteratorResult(self._plain_layout(), [*self._merge_rows(), *other._merge_rows()])


def buffered_result(
    connection: Any, plan: Any, cursor: Any, layout: Layout, raw_rows: Sequence[Any]
) -> CursorResult[*tuple[Any, ...]]:
    """
    Make a result of rows that were fetched already; *cursor* is closed.
    """
    result: CursorResult[*tuple[Any, ...]] = CursorResult(
        connection, plan, _Buffered(cursor, raw_rows), layout
    )
    return result


class _Buffered:
    """
    A cursor whose rows are here.
    """

    def __init__(self, cursor: Any, rows: Sequence[Any]) -> None:
        self._rows = list(rows)
        self._at = 0
        self.rowcount: int = cursor.rowcount
        self.lastrowid: Any = getattr(cursor, "lastrowid", None)
        self.description: Any = cursor.description

    def fetchone(self) -> Any:
        if self._at >= len(self._rows):
            return None
        self._at += 1
        return self._rows[self._at - 1]

    def fetchmany(self, size: int = 1) -> list[Any]:
        part = self._rows[self._at : self._at + size]
        self._at += len(part)
        return part

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._rows = []
