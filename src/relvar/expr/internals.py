"""
``_traverse_internals``: how a class of another program lists what it is made of.

A class of one's own lists pairs of an attribute's name and what it holds.  The
field table (`relvar.expr.node.Field`), and so the key, copies, comparison and
traversal, follow from the list:

.. code-block:: python

    class Masked(ColumnElement):
        _traverse_internals = [
            ("element", InternalTraversal.dp_clauseelement),
            ("how", InternalTraversal.dp_string),
        ]

What the base class lists stays listed, whether the new list repeats it or not.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

__all__ = ["InternalTraversal", "kinds_of", "listed"]


class InternalTraversal(enum.Enum):
    """
    What an attribute holds, in ``_traverse_internals``.
    """

    dp_has_cache_key = "HC"
    dp_has_cache_key_list = "HL"
    dp_clauseelement = "CE"
    dp_fromclause_canonical_column_collection = "FC"
    dp_clauseelement_tuples = "CTS"
    dp_clauseelement_list = "CL"
    dp_clauseelement_tuple = "CT"
    dp_executable_options = "EO"
    dp_compile_state_funcs = "WC"
    dp_fromclause_ordered_set = "CO"
    dp_string = "S"
    dp_string_list = "SL"
    dp_anon_name = "AN"
    dp_boolean = "B"
    dp_operator = "O"
    dp_type = "T"
    dp_plain_dict = "PD"
    dp_dialect_options = "DO"
    dp_string_clauseelement_dict = "CD"
    dp_string_multi_dict = "MD"
    dp_annotations_key = "AK"
    dp_plain_obj = "PO"
    dp_named_ddl_element = "DD"
    dp_prefix_sequence = "PS"
    dp_table_hint_list = "TH"
    dp_setup_join_tuple = "SJ"
    dp_memoized_select_entities = "ME"
    dp_statement_hint_list = "SH"
    dp_unknown_structure = "UK"
    dp_dml_ordered_values = "DML_OV"
    dp_dml_values = "DML_V"
    dp_dml_multi_values = "DML_MV"
    dp_propagate_attrs = "PA"
    dp_ignore = "IG"
    dp_inspectable = "IS"
    dp_multi = "M"
    dp_multi_list = "MT"
    dp_has_cache_key_tuples = "HT"
    dp_params = "PM"


_I = InternalTraversal

# Kinds of fields, by their numbers in `relvar.expr.node`: the name of the
# member that a field of our own is shown as comes first.
_MEMBERS: dict[str, tuple[InternalTraversal, ...]] = {
    "NODE": (_I.dp_clauseelement,),
    "NODES": (
        _I.dp_clauseelement_list,
        _I.dp_clauseelement_tuple,
        _I.dp_fromclause_ordered_set,
        _I.dp_fromclause_canonical_column_collection,
        _I.dp_memoized_select_entities,
    ),
    "PAIRS": (
        _I.dp_clauseelement_tuples,
        _I.dp_prefix_sequence,
        _I.dp_setup_join_tuple,
        _I.dp_unknown_structure,
        _I.dp_dml_ordered_values,
        _I.dp_dml_multi_values,
        _I.dp_multi,
        _I.dp_multi_list,
    ),
    "DICT": (
        _I.dp_string_clauseelement_dict,
        _I.dp_string_multi_dict,
        _I.dp_dml_values,
        _I.dp_table_hint_list,
    ),
    "TYPE": (_I.dp_type,),
    "OPERATOR": (_I.dp_operator,),
    "VALUE": (
        _I.dp_plain_obj,
        _I.dp_string,
        _I.dp_string_list,
        _I.dp_anon_name,
        _I.dp_boolean,
        _I.dp_plain_dict,
        _I.dp_dialect_options,
        _I.dp_annotations_key,
        _I.dp_named_ddl_element,
        _I.dp_statement_hint_list,
        _I.dp_propagate_attrs,
        _I.dp_inspectable,
        _I.dp_params,
        _I.dp_has_cache_key,
        _I.dp_has_cache_key_list,
        _I.dp_has_cache_key_tuples,
        _I.dp_executable_options,
        _I.dp_compile_state_funcs,
    ),
}

_KINDS = {member: kind for kind, members in _MEMBERS.items() for member in members}


def kinds_of(internals: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """
    Return name and name of the kind of field, for each entry of a ``_traverse_internals``.

    An entry to be ignored is left out; a member nobody knows holds any structure.
    """
    return [(name, _KINDS.get(member, "PAIRS")) for name, member in internals if member is not _I.dp_ignore]


def listed(fields: Iterable[tuple[str, Any]]) -> list[tuple[str, InternalTraversal]]:
    """
    Return what ``_traverse_internals`` shows for a field table.
    """
    return [(name, _MEMBERS[kind.name][0]) for name, kind in fields]
