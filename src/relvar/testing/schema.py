"""Make tables for tests: options for one database can be given with ``test_needs_...``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import schema
from relvar.testing.configuration import current_dialect, state
from relvar.types.base import to_instance

if TYPE_CHECKING:
    from relvar.types.base import TypeEngine


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


class eq_type_affinity:
    """Equals any type of the same family: ``eq_(column.type, eq_type_affinity(Integer))``."""

    def __init__(self, target: Any) -> None:
        self.target: TypeEngine[Any] = to_instance(target)

    def __eq__(self, other: object) -> bool:
        return bool(self.target._type_affinity is to_instance(other)._type_affinity)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__: Any = None

    def __repr__(self) -> str:
        return f"eq_type_affinity({self.target!r})"


class eq_compile_type:
    """Equals any type that is written as given: ``eq_compile_type("INTEGER")``."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __eq__(self, other: object) -> bool:
        return bool(to_instance(other).compile() == self.target)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__: Any = None

    def __repr__(self) -> str:
        return f"eq_compile_type({self.target!r})"


class eq_clause_element:
    """Equals any expression of the same structure and values."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def __eq__(self, other: object) -> bool:
        return bool(self.target.compare(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__: Any = None


class pep435_enum:
    """
    An enumeration made by calls: ``Color = pep435_enum("Color"); red = Color("red", 1)``.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name
        self.__members__: dict[str, Any] = {}

    def __call__(self, name: str, value: Any, alias: str | None = None) -> Any:
        member = _Member(name, value)
        for key in (name, alias):
            if key is not None:
                self.__members__[key] = member
                setattr(self, key, member)
        return member

    def __iter__(self) -> Any:
        return iter(dict.fromkeys(self.__members__.values()))


class _Member:
    def __init__(self, name: str, value: Any) -> None:
        self.name = name
        self.value = value
