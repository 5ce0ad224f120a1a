"""
What relvar leaves out while it stands in for SQLAlchemy, as programs are written around its absence.
"""

from __future__ import annotations

from types import ModuleType

# module -> class, attribute, value
_SWITCHES: dict[str, tuple[str, str, object]] = {
    # Alembic leaves indexes with expressions out of what it compares on SQLite: one that is reflected
    # would be dropped by its next migration
    "relvar.dialects.sqlite.reflection": ("SQLiteReflection", "reflects_index_expressions", False),
}


def is_concerned(module: str) -> bool:
    """
    Tell whether something of a module is to be left out.
    """
    return module in _SWITCHES


def leave_out(module: ModuleType) -> None:
    """
    Switch off what a module of relvar has more than programs expect.
    """
    if is_concerned(module.__name__):
        cls, attribute, value = _SWITCHES[module.__name__]
        setattr(getattr(module, cls), attribute, value)
