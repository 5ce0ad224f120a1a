"""Functions as FROM elements and as columns."""

from __future__ import annotations

from bench.rival.grammar import rule

rule(
    "int",
    """
    func.json_array_length({json})
    func.unnest({arr}).column_valued({name})
    func.generate_series({int_py}, {int_py}).column_valued()
    func.any({arr})
    func.next_value({seq})
    """,
    weight=0.12,
)
rule(
    "seq",
    """
    counter
    far_counter
    """,
)
rule(
    "int",
    """
    func.grouping({any})
    func.scalar_fn({int}).scalar_table_valued('v')
    """,
    weight=0.1,
)
