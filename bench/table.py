"""
The table of a run as text: a line for each row, siblings under their workloads.
"""

from __future__ import annotations

from typing import Any

from bench.workloads import SIBLING_LIMIT

HEAD = (
    f"{'minimum CPU time per operation':<60} {'':<3}{'raw':>9}{'rival':>9}{'relvar':>9}"
    f"{'ratio':>7}{'pure':>7}{'wall':>7} {'first':>6}{'goal':>6}{'floor':>6}"
)


def ratio_of(result: dict[str, Any], name: str = "relvar") -> float | None:
    """Return a row's ratio to SQLAlchemy, or None if one of both failed."""
    found = result["ratios"].get(name)
    return found["ratio"] if found else None


def times_worse(result: dict[str, Any], base: dict[str, Any] | None) -> float | None:
    """Return how many times a sibling's ratio is that of its workload."""
    mine, other = ratio_of(result), ratio_of(base) if base else None
    return mine / other if mine and other else None


def verdict(result: dict[str, Any], base: dict[str, Any] | None) -> str:
    """Say what a row met: its goals, or for a sibling how far it is from its workload."""
    value = ratio_of(result)
    if value is None:
        return ""
    if result["of"]:
        times = times_worse(result, base)
        if times is None:
            return ""
        return f"{times:.2f} x the workload" + (" BREACH" if times > SIBLING_LIMIT else "")
    return "goal" if value <= result["goal"] else "first" if value <= result["first"] else "OVER"


def line(result: dict[str, Any], base: dict[str, Any] | None = None) -> str:
    """Return a line of the table; *base* is the result of a sibling's workload."""

    def figure(name: str) -> str:
        found = result["figures"].get(name)
        return f"{found['cpu_min']:>9.2f}" if found else f"{'-':>9}"

    def ratio(name: str, which: str = "ratio") -> str:
        found = result["ratios"].get(name)
        return f"{found[which]:>7.3f}" if found else f"{'-':>7}"

    name = result["row"] if not result["of"] else "   " + result["row"].removeprefix(result["of"] + ": ")
    goals = f" {result['first']:>6.2f}{result['goal']:>6.2f}" if not result["of"] else " " * 13
    # what the bare driver, or Python alone, takes of the rival's time
    figures = result["figures"]
    both = "raw" in figures and "sqlalchemy" in figures
    floor = f"{figures['raw']['cpu_min'] / figures['sqlalchemy']['cpu_min']:>6.2f}" if both else " " * 6
    text = (
        f"{name[:60]:<60} {result['unit']:<3}{figure('raw')}{figure('sqlalchemy')}{figure('relvar')}"
        f"{ratio('relvar')}{ratio('relvar-pure')}{ratio('relvar', 'wall')}{goals}{floor}"
        f"  {verdict(result, base)}"
    )
    return text + "".join(f"\n    {name}: {error}" for name, error in result["errors"].items())
