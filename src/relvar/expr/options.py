"""
The names of execution options, and what is said of others.

Programs put options of their own among relvar's and read them in events, so an unknown name is no
mistake by itself.  Rule 1: a name that is nearly one of relvar's is reported, wherever it is set.
Rule 2: a strict connection reports every name that nobody registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc

__all__ = [
    "KNOWN_OPTIONS",
    "register_execution_options",
    "report_unknown_options",
    "seconds_of",
]

KNOWN_OPTIONS = {
    "autoflush",
    "compiled_cache",
    "dml_strategy",
    "driver_column_names",
    "identity_token",
    "insertmanyvalues_page_size",
    "is_delete_using",
    "is_update_from",
    "isolation_level",
    "lazy_loaded_from",
    "logging_token",
    "max_row_buffer",
    "no_parameters",
    "populate_existing",
    "postgresql_deferrable",
    "postgresql_readonly",
    "preserve_rowcount",
    "render_nulls",
    "schema_translate_map",
    "shard_id",
    "skip_user_error_events",
    "sqlite_raw_colnames",
    "stream_results",
    "synchronize_session",
    "timeout",
    "yield_per",
}

_DATABASES = ("mariadb_", "mssql_", "mysql_", "oracle_", "postgresql_", "sqlite_")
_own_prefixes: tuple[str, ...] = ("_",)

# How alike two names are, 1 being equal: "steam_results" and "stream_results" are .96 alike,
# "logging_name" and "logging_token" .80
_ALIKE = 0.85

# unknown names -> what was probably meant, None for nothing; short, as the names are the program's
_judged: dict[str, str | None] = {}
_MAX_JUDGED = 1000


def register_execution_options(*names: str, prefix: str | None = None) -> None:
    """
    Make names of execution options known, which an extension or a listener reads.

    They are no longer taken for misspellings, and strict connections accept them.

    Args:
        prefix: All names that begin so.

    >>> from relvar import create_engine
    >>> from relvar.engine import register_execution_options
    >>> register_execution_options("tenant", prefix="myapp_")
    >>> engine = create_engine("sqlite://", strict=True, execution_options={"tenant": 5, "myapp_user": "ann"})
    """
    global _own_prefixes
    KNOWN_OPTIONS.update(names)
    if prefix is not None:
        if not prefix:
            raise exc.ArgumentError(
                "The prefix of execution options must not be empty: give one like 'myapp_'"
            )
        _own_prefixes = (*_own_prefixes, prefix)
    _judged.clear()


def report_unknown_options(
    options: Mapping[str, Any], strict: bool = False, dialect_name: str = "default"
) -> None:
    """
    Report names that are not known and look like a mistake; if *strict*, all that are not known.

    Raises:
        LossError: *strict*.
        ArgumentError: The value of ``timeout`` is none.
    """
    if "timeout" in options:
        seconds_of(options["timeout"])
    if KNOWN_OPTIONS.issuperset(options):
        return
    for name in options:
        if name in KNOWN_OPTIONS:
            continue
        meant = _meant_by(name)
        if meant is not None:
            exc.report_loss(
                f"No execution option is named {name!r}: it has no effect. The nearest name is {meant!r}; "
                "if it is an option of your own, call relvar.engine.register_execution_options().",
                strict,
            )
        elif strict and not name.startswith((*_own_prefixes, *_DATABASES, f"{dialect_name}_")):
            exc.report_loss(
                f"No execution option is named {name!r}: it has no effect. If it is an option of your own, "
                "call relvar.engine.register_execution_options().",
                True,
            )


def _meant_by(name: str) -> str | None:
    if name in _judged:
        return _judged[name]
    import difflib  # for unknown names only

    own = name.startswith(_own_prefixes)
    near = [] if own else difflib.get_close_matches(name, KNOWN_OPTIONS, 1, _ALIKE)
    if len(_judged) < _MAX_JUDGED:
        _judged[name] = near[0] if near else None
    return near[0] if near else None


# Thirty years in seconds: waits are limited in what they take.
_FOR_EVER = 1e9


def seconds_of(value: Any) -> float | None:
    """
    Give the value of the option ``timeout`` in seconds; None: no limit.

    Raises:
        ArgumentError: Not a number, or not more than 0.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise exc.ArgumentError(
            "The execution option 'timeout' is a number of seconds, more than 0, or None for no limit; "
            f"got {value!r}"
        )
    return min(value, _FOR_EVER)
