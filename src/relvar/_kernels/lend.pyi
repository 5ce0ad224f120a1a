"""
The types of `relvar._kernels.lend`, whose source is Cython in Python syntax.
"""

from typing import Any

class Clock:
    ticks: int
    def __init__(self) -> None: ...

clock: Clock

class Place:
    checked_out: bool
    forks: int
    _soft_invalidate_time: float
    dbapi_connection: Any
    finalize_callback: Any
    loan: Any

class Shelf:
    _ticks: int
    _lends_plainly: bool
    _checkout_listeners: tuple[Any, ...]
    _returns_plainly: bool
    _puts_plainly: bool
    _lends_again: bool
    _rollback_is_reset: bool
    _forks: int
    _size: int
    _places: set[Any]
    _plain_reset: Any
    _log_levels: Any
    _take: Any
    _put: Any
    _waiters: Any
    _loan_class: Any
    def connect(self) -> Any: ...
    def _connect_watched(self) -> Any: ...
    def _lend(self, record: Any) -> Any: ...
    def _check_out(self, record: Any) -> Any: ...
    def _lent_by(self, loan: Any, record: Any) -> Any: ...
    def _do_return_conn(self, record: Any) -> None: ...
    def _serve(self) -> None: ...
    def _reset_failed(self, record: Any, err: BaseException) -> None: ...

class Loan:
    _reentered: int
    _pool: Any
    _connection_record: Any
    dbapi_connection: Any
    def __init__(self, pool: Any, dbapi_connection: Any, record: Any) -> None: ...
    def close(self) -> None: ...
    def _close_rolled_back(self) -> None: ...
    def _close_special(self, transaction_reset: bool = False) -> None: ...
    def _checkout_refused(self, err: BaseException) -> None: ...
    def _return_watched(self, transaction_was_reset: bool) -> None: ...
    def _return_abandoned(self) -> None: ...
    def __del__(self) -> None: ...

def roll_back(connection: Any) -> None: ...
