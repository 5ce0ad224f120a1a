"""
Names of constraints and indexes that were given none, by the metadata's naming convention.

A convention is ``{"ix": "ix_%(column_0_label)s", "uq": ..., "ck": ..., "fk": ..., "pk": ...}``;
keys may also be constraint classes, and further keys are functions ``(constraint, table)`` that
make tokens of the application's own.

A name made here is a `conv`: it is final, and shortened if the database asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr.names import NONE_NAME, conv
from relvar.util.pattern import pattern

if TYPE_CHECKING:
    from relvar.schema.table import Table

__all__ = ["constraint_name_for_table"]

_INDEXED = pattern(r"^(.*_?column_)(\d+)(_?N)?(_.+)$")

_PREFIXES = {
    "index": "ix",
    "primary_key_constraint": "pk",
    "table_or_column_check_constraint": "ck",
    "column_check_constraint": "ck",
    "unique_constraint": "uq",
    "foreign_key_constraint": "fk",
}


class _Tokens(Mapping[str, Any]):
    """
    The values of a convention's tokens for one constraint, made when asked for.
    """

    def __init__(self, constraint: Any, table: Table, convention: Mapping[Any, Any]) -> None:
        self.constraint = constraint
        self.table = table
        self.convention = convention
        name = constraint._given_name
        self.given_name = None if name is NONE_NAME else name

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())

    def __getitem__(self, key: str) -> Any:
        own = self.convention.get(key)
        if callable(own):
            return own(self.constraint, self.table)
        plain = getattr(self, f"_{key}", None)
        if plain is not None:
            return plain()
        match = _INDEXED.match(key)
        if match is None:
            raise KeyError(key)
        return self._column_token(*match.groups())

    def _constraint_name(self) -> str:
        if self.given_name is None:
            raise exc.InvalidRequestError(
                "Naming convention including %(constraint_name)s token requires that "
                "constraint is explicitly named."
            )
        self.constraint.name = None
        return str(self.given_name)

    def _table_name(self) -> str:
        return str(self.table.name)

    def _referred_table_name(self) -> str:
        return str(self.constraint.elements[0].target_tokens.table_name)

    def _column_token(self, prefix: str, number: str, many: str | None, suffix: str) -> str:
        """
        Return ``column_0_name`` and its kin.

        There are three cases: one column (``0``), all from there on joined by nothing
        (``0N``) or by underscores (``0_N``).
        """
        start = int(number)
        of_column = _ATTRIBUTES.get(suffix)
        is_referred = prefix == "referred_column_" and hasattr(self.constraint, "elements")
        if of_column is None or not (is_referred or prefix == "column_") or (many and start):
            raise KeyError(f"{prefix}{number}{many or ''}{suffix}")
        columns = self._referred_columns() if is_referred else self._columns()
        chosen = columns[start:] if many else columns[start : start + 1]
        values = [of_column(column) for column in chosen]
        return ("_" if many == "_N" else "").join(values)

    def _columns(self) -> list[Any]:
        elements = getattr(self.constraint, "elements", None)
        if elements is not None:
            return [element.parent for element in elements]
        return list(self.constraint.columns)

    def _referred_columns(self) -> list[Any]:
        return [element.column for element in self.constraint.elements]


def _label(column: Any) -> str:
    """
    Return the name of a column with those of schema and table before it.
    """
    table = column.table
    label = f"{table.name}_{column.name}"
    return f"{table.schema.replace('.', '_')}_{label}" if table.schema else label


_ATTRIBUTES: dict[str, Callable[[Any], str]] = {
    "_name": lambda column: str(column.name),
    "_key": lambda column: str(column.key),
    "_label": _label,
}
"Ending of a token -> what it says of a column."


def _template_for(constraint: Any, convention: Mapping[Any, Any]) -> str | None:
    """
    Return the template for a constraint: of its class, else of the nearest base class.

    Raises:
        ArgumentError: it is no string.
    """
    for key in _keys_of(type(constraint)):
        template = convention.get(key)
        if template is not None:
            if not isinstance(template, str):
                raise exc.ArgumentError(f"naming_convention[{key!r}] takes a template, got {template!r}")
            return template
    return None


_keys: dict[type[Any], tuple[Any, ...]] = {}


def _keys_of(cls: type[Any]) -> tuple[Any, ...]:
    """
    Return the keys under which a convention may name constraints of *cls*, nearest first.
    """
    known = _keys.get(cls)
    if known is not None:
        return known
    keys: list[Any] = []
    for base in cls.__mro__:
        keys.append(base)
        prefix = _PREFIXES.get(base.__dict__.get("__visit_name__", ""))
        if prefix is not None:
            keys.append(prefix)
    _keys[cls] = made = tuple(keys)
    return made


def constraint_name_for_table(constraint: Any, table: Table) -> Any:
    """
    Return the name of *constraint* on *table*: its own, a made one, or None.

    Raises:
        InvalidRequestError: the convention needs a name and none was given.
    """
    name = constraint.name
    if isinstance(name, conv):
        return name
    convention = table.metadata.naming_convention
    template = _template_for(constraint, convention)
    if template is not None and (name is None or name is NONE_NAME or "constraint_name" in template):
        return conv(template % _Tokens(constraint, table, convention))
    return None if name is NONE_NAME else name


def apply_naming_convention(constraint: Any, table: Table) -> None:
    """
    Give *constraint* the name that the convention of its metadata makes for it.

    Constraints of a column's type keep their open name until the DDL is written: only then it is
    known whether they are needed at all.
    """
    if constraint.name is NONE_NAME or isinstance(constraint.name, conv):
        return
    constraint._given_name = constraint.name
    name = constraint_name_for_table(constraint, table)
    if name is not None:
        constraint.name = name
    elif constraint.name is None and constraint._given_name is not None:
        constraint.name = constraint._given_name
