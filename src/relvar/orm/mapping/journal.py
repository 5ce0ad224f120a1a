"""
What the log says of mappers, at INFO under ``sqlalchemy.orm``: for those who look for what went wrong.
"""

from __future__ import annotations

import logging
from typing import Any

__all__ = ["note_configured", "note_constructed"]

_MAPPER = logging.getLogger("sqlalchemy.orm.mapper.Mapper")
_RELATIONSHIP = logging.getLogger("sqlalchemy.orm.relationships.RelationshipProperty")


def note_constructed(mapper: Any) -> None:
    """
    Log what a mapper maps, once it is made.
    """
    for prop in mapper._props.values():
        kind = type(prop.columns[0] if hasattr(prop, "columns") else prop).__name__
        _note(mapper, f"_configure_property({prop.key}, {kind})")
    _note(mapper, f"Identified primary key columns: {list(mapper.primary_key)}")
    _note(mapper, "constructed")


def note_configured(mapper: Any) -> None:
    """
    Log what a mapper's properties turned out to be, once those of all mappers are known.
    """
    _note(mapper, "_post_configure_properties() started")
    for prop in mapper._props.values():
        if prop.parent is mapper:
            _note(mapper, f"initialize prop {prop.key}")
            if hasattr(prop, "direction"):
                _note_relationship(prop)
    _note(mapper, "_post_configure_properties() complete")


def _note(mapper: Any, text: str) -> None:
    table = getattr(mapper.local_table, "description", mapper.local_table)
    _MAPPER.info("(%s|%s) %s", mapper.class_.__name__, table, text)


def _note_relationship(prop: Any) -> None:
    for name, said in (
        ("setup primary join", prop.primaryjoin),
        ("setup secondary join", prop.secondaryjoin),
        ("synchronize pairs", _pairs(prop.synchronize_pairs, "=>")),
        ("secondary synchronize pairs", _pairs(prop.secondary_synchronize_pairs, "=>")),
        ("local/remote pairs", _pairs(prop.local_remote_pairs, "/")),
        ("remote columns", _columns(prop.remote_side)),
        ("local columns", _columns(prop.local_columns)),
        ("relationship direction", prop.direction),
    ):
        _RELATIONSHIP.info("%s %s %s", prop, name, said)


def _pairs(pairs: Any, sign: str) -> str:
    return f"[{','.join(f'({left} {sign} {right})' for left, right in pairs or ())}]"


def _columns(columns: Any) -> str:
    return f"[{','.join(sorted(str(column) for column in columns))}]"
