"""
Results of which nobody has read anything yet, and the usual way to read them: all at once.

What `relvar.orm.load.result` gives a program derives from `EntityRows` and `EntityView`, which know how to
read the rest; everything else (in parts, without repeats, item by item) is in `relvar.rows`.

Rule 1: rows stay with the cursor, and are no objects, until the first is asked for.
Rule 2: reading to the end closes the cursor.
"""

from __future__ import annotations

from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython


@cython.ccall
def fetch_all(connection: Any, cursor: Any) -> Any:
    """
    Read a cursor to its end and close it; *connection* says what becomes of errors.
    """
    rows: Any = None
    try:
        rows = cursor.fetchall()
    except BaseException as err:
        connection._fetch_failed(err, cursor)
    try:
        cursor.close()
    except BaseException as err:
        connection._close_failed(err)
    return rows if type(rows) is list else list(rows)


@cython.final
@cython.cclass
class CursorRows:
    """
    The raw rows of a cursor, where nothing of a cursor's result is needed but them.
    """

    connection = cython.declare(object, visibility="public")
    cursor = cython.declare(object, visibility="public")
    _soft_closed = cython.declare(cython.bint, visibility="public")

    def __init__(self, connection: Any, cursor: Any) -> None:
        self.connection = connection
        self.cursor = cursor
        self._soft_closed = False

    @property
    def context(self) -> None:
        """Nothing: no context was made."""

    def _raw_all(self) -> Any:
        if self._soft_closed:
            return []
        self._soft_closed = True
        return fetch_all(self.connection, self.cursor)

    def _raw_many(self, size: Any) -> Any:
        if self._soft_closed:
            return []
        try:
            rows = list(self.cursor.fetchmany(size))
        except BaseException as err:
            self.connection._handle_error(err, None, None, self.cursor, None)
            raise
        if not rows:
            self._soft_close()
        return rows

    def _soft_close(self, hard: Any = False) -> None:
        if not self._soft_closed:
            self._soft_closed = True
            self.connection._close_cursor(self.cursor)

    def yield_per(self, num: Any) -> None:
        """Take note of nothing: whoever reads says how many rows."""


@cython.cclass
class EntityRows:
    """
    The rows of a statement over entities.

    ``_load(raw_rows)`` of the derived class makes the objects, ``_refuse_repeats()`` is called where rows
    repeat parents. The other fields are those of a `Result`.
    """

    _layout = cython.declare(object, visibility="public")
    _raw_source = cython.declare(object, visibility="public")
    _plan = cython.declare(object, visibility="public")
    _items_plan = cython.declare(object, visibility="public")
    _load_context = cython.declare(object, visibility="public")
    _tree = cython.declare(object, visibility="public")
    _source_supports_scalars = cython.declare(cython.bint, visibility="public")
    _soft_closed = cython.declare(cython.bint, visibility="public")
    _hard_closed = cython.declare(cython.bint, visibility="public")
    _unique = cython.declare(object, visibility="public")
    _pending = cython.declare(object, visibility="public")
    _yield_per = cython.declare(object, visibility="public")

    def __init__(self, layout: Any, source: Any, plan: Any, items: Any, context: Any, tree: Any) -> None:
        self._layout = layout
        self._raw_source = source
        self._plan = plan
        self._items_plan = items
        self._load_context = context
        self._tree = tree
        self._source_supports_scalars = plan.is_single
        self._soft_closed = self._hard_closed = False
        self._unique = self._pending = self._yield_per = None
        if plan.needs_unique:
            self._refuse_repeats()

    def _fetch_all(self) -> Any:
        rows = self._raw_source._raw_all()
        return self._load(rows) if rows else []

    def _rest(self) -> Any:
        """Take all objects that are left: those loaded ahead and those to come."""
        if self._pending is None:
            return self._fetch_all()
        found = list(self._pending)
        found.extend(self._fetch_all())
        return found

    def _raw_all(self) -> Any:
        if self._soft_closed:
            if self._hard_closed:
                self._raise_hard_closed()
            return []
        found = self._rest()
        self._soft_close()
        return found

    def _at_once(self) -> Any:
        """
        Take all objects that are left, and close for good; None where they are read in parts, or closed.
        """
        if self._soft_closed or self._yield_per:
            return None
        found = self._rest()
        self._soft_close(True)
        return found

    def _soft_close(self, hard: Any = False) -> None:
        self._soft_closed = True
        if hard:
            self._hard_closed = True
        self._pending = None
        source = self._raw_source
        if not source._soft_closed or (hard and type(source) is not CursorRows):
            source._soft_close(hard)


@cython.cclass
class EntityView:
    """
    Bare objects of a result of one entity.
    """

    _real_result = cython.declare(object, visibility="public")
    _unique = cython.declare(object, visibility="public")

    def __init__(self, real_result: Any) -> None:
        self._real_result = real_result
        self._unique = None
        if real_result._unique is not None:
            self._set_unique(None)

    def _at_once(self) -> Any:
        """Take all objects, see `EntityRows`; None also where repeated ones are left out."""
        return self._real_result._at_once() if self._unique is None else None
