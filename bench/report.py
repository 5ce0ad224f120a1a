"""
Write the table of the last full run into README: ``python -m bench.report``.

The table stands between two marker comments, so that it is never typed by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.store import read

ROOT = Path(__file__).parent.parent
START, END = "<!-- bench table -->", "<!-- end of bench table -->"


def table(data: dict[str, Any]) -> str:
    """Return the rows as a Markdown table: times, and ratios to SQLAlchemy."""
    lines = [
        "| workload | driver or Python | SQLAlchemy | relvar | ÷ SQLAlchemy | pure Python ÷ SQLAlchemy |",
        "|---|---|---|---|---|---|",
    ]
    for row in data["rows"]:
        if row.get("of"):  # a sibling: its figures matter beside its workload's only
            continue
        figures, ratios = row["figures"], row["ratios"]
        cells = [row["row"]]
        for name in ("raw", "sqlalchemy", "relvar"):
            cells.append(f"{figures[name]['cpu_min']:.2f} {row['unit']}" if name in figures else "–")
        for name in ("relvar", "relvar-pure"):
            cells.append(f"{ratios[name]['ratio']:.2f}" if name in ratios else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Replace what stands between the markers of README."""
    data = read("sqlite")
    if data is None:
        raise SystemExit("there is no bench/results/sqlite.json: run python -m bench --suite sqlite")
    readme = ROOT / "README.md"
    before, rest = readme.read_text().split(START)
    after = rest.split(END)[1]
    machine = data["machine"]
    note = f"Python {machine['python']} on {machine['machine']}, {machine['cores']} cores; SQLite in memory."
    readme.write_text(f"{before}{START}\n{note}\n\n{table(data)}\n{END}{after}")


if __name__ == "__main__":
    main()
