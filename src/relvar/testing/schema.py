"""Make tables for tests: options for one database can be given with ``test_needs_...``."""

from __future__ import annotations

from typing import Any

from relvar import schema
from relvar.testing.configuration import current_dialect, state


def Table(*args: Any, **kw: Any) -> schema.Table:
    """
    Make a table as ``relvar.Table`` does.

    ``test_needs_fk``, ``test_needs_acid``, ``test_needs_autoincrement`` say what the test
    counts on; on MySQL they choose the storage engine.
    """
    wishes = {name: kw.pop(name) for name in list(kw) if name.startswith("test_")}
    if wishes and state.current is not None and current_dialect().name in ("mysql", "mariadb"):
        prefix = current_dialect().name
        if not any(name in kw for name in ("mysql_engine", "mariadb_engine")):
            transactional = wishes.get("test_needs_fk") or wishes.get("test_needs_acid")
            if transactional:
                kw[f"{prefix}_engine"] = "InnoDB"
    return schema.Table(*args, **kw)


def _column(factory: Any, args: Any, kw: dict[str, Any]) -> Any:
    wishes = {name: kw.pop(name) for name in list(kw) if name.startswith("test_")}
    column = factory(*args, **kw)
    if wishes.get("test_needs_autoincrement") and column.primary_key:
        from relvar.testing import config
        from relvar.testing.provision import normalize_sequence

        column.autoincrement = True
        rule = config.requirements_in_use().autoincrement_without_sequence
        if state.current is not None and not rule.enabled:
            sequence = normalize_sequence(current_dialect_config(), schema.Sequence(f"seq_{column.name}"))
            column._init_items(sequence)
    return column


def current_dialect_config() -> Any:
    """Return the running test's Config."""
    return state.current


def Column(*args: Any, **kw: Any) -> Any:
    """
    Make a column as ``relvar.Column`` does.

    ``test_needs_autoincrement=True``: the database numbers the rows, by a sequence where it must.
    """
    return _column(schema.Column, args, kw)


def mapped_column(*args: Any, **kw: Any) -> Any:
    """Make a mapped column as ``relvar.orm.mapped_column`` does, with the options of ``Column``."""
    from relvar.orm import mapped_column as make

    kw = {name: value for name, value in kw.items() if not name.startswith("test_")}
    return make(*args, **kw)
