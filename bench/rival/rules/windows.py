"""What stands in OVER and in ORDER BY."""

from __future__ import annotations

from bench.rival.grammar import LEAVES, rule

rule("over",
     "",
     "partition_by={any}", "order_by={order}", "partition_by=[{any*}], order_by=[{order*}]",
     "order_by={order}, rows=({bound}, {bound})", "order_by={order}, range_=({bound}, {bound})",
     "order_by={int}, groups=({bound}, {bound})", "partition_by={any}, order_by={order}, rows=(None, 0)",
     "order_by={order}, rows=({bound}, {bound}), exclude={exclude}",
     "order_by={int}, rows=FrameClause({frame}, {frame}, {frame_type}, {frame_type})")  # fmt: skip
LEAVES |= {"bound", "exclude", "frame", "frame_type"}
rule(
    "bound",
    """
    None
    0
    -1
    2
    5
    -17
    """,
)
rule(
    "exclude",
    """
    'CURRENT ROW'
    'TIES'
    'GROUP'
    'NO OTHERS'
    'nonsense'
    """,
)
rule(
    "frame",
    """
    None
    1
    2
    """,
)
rule(
    "frame_type",
    """
    FrameClauseType.UNBOUNDED
    FrameClauseType.CURRENT
    FrameClauseType.PRECEDING
    FrameClauseType.FOLLOWING
    """,
)
rule("order", "{any_col}", weight=3)
rule(
    "order",
    """
    {any}.desc()
    {any}.asc()
    desc({any})
    asc({any})
    {any}.desc().nulls_last()
    nulls_first({any})
    {any}.nulls_first()
    nulls_last({any}.asc())
    {any}
    {str}.collate({collation}).desc()
    """,
)
