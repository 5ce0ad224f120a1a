"""
Draw ``bench/results/speed.svg`` from the last full run: ``python -m bench.chart``.

A bar for relvar and one for SQLAlchemy, whose length is 1; a mark for the bare driver.  The colours
suit light and dark pages.
"""

from __future__ import annotations

from html import escape
from typing import Any

from bench.store import RESULTS, read

# the rows of the table that are drawn, and what they are called there
ROWS = {
    "Core select by primary key, statement built each time": "Core select by key",
    "ORM select by primary key, new session": "ORM select by key, new session",
    "session.get, same session": "session.get",
    "load 100k entities, 10 plain columns": "load entities",
    "load 100k entities, 10 mixed columns": "load entities, dates, decimals, JSON",
    "1,000 parents x 20 children, joined, per child": "parents and children, joined",
    "1,000 parents x 20 children, selectin, per child": "parents and children, select-in",
    "add_all + commit, server keys": "add_all and commit",
    "one object per session, with commit": "one object and commit",
    "ORM bulk insert": "ORM bulk insert",
    "update loaded objects, mixed columns": "update loaded objects",
    "delete loaded objects": "delete loaded objects",
}
LEFT, WIDTH, RIGHT, TOP, STEP = 250, 380, 130, 58, 34
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .small { font-size: 11px } .soft { fill: #57606a }
  .rival { fill: #afb8c1 } .ours { fill: #0969da } .raw { stroke: #bc4c00; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .soft { fill: #9198a1 }
    .rival { fill: #545d68 } .ours { fill: #4493f8 } .raw { stroke: #f0883e }
  }
"""


def text(x: float, y: float, words: str, classes: str = "", anchor: str = "start") -> str:
    """Return a piece of text."""
    return f'<text x="{x:g}" y="{y:g}" class="{classes}" text-anchor="{anchor}">{escape(words)}</text>'


def bars(row: dict[str, Any], name: str, top: float) -> list[str]:
    """Return what is drawn for a row."""
    figures = row["figures"]
    rival, ours = figures["sqlalchemy"]["cpu_min"], figures["relvar"]["cpu_min"]
    length = min(1.0, ours / rival) * WIDTH
    drawn = [
        text(LEFT - 12, top + 16, name, anchor="end"),
        f'<rect x="{LEFT}" y="{top:g}" width="{length:.1f}" height="11" class="ours"/>',
        f'<rect x="{LEFT}" y="{top + 12:g}" width="{WIDTH}" height="11" class="rival"/>',
        text(LEFT + WIDTH + 10, top + 10, f"{ours:.2f} {row['unit']}", "small"),
        text(LEFT + WIDTH + 10, top + 22, f"{rival:.2f} {row['unit']}", "small soft"),
        text(LEFT + WIDTH + RIGHT - 8, top + 16, f"{ours / rival:.2f}", anchor="end"),
    ]
    if "raw" in figures:
        x = LEFT + min(1.0, figures["raw"]["cpu_min"] / rival) * WIDTH
        drawn.append(f'<line x1="{x:.1f}" y1="{top - 2:g}" x2="{x:.1f}" y2="{top + 13:g}" class="raw"/>')
    return drawn


def legend() -> list[str]:
    """Return the line above the bars that says what they are."""
    drawn = [text(LEFT + WIDTH + RIGHT - 8, 40, "ratio", "small soft", "end")]
    x = LEFT
    for name, classes in (("relvar", "ours"), ("SQLAlchemy", "rival")):
        drawn.append(f'<rect x="{x}" y="31" width="11" height="11" class="{classes}"/>')
        drawn.append(text(x + 16, 40, name, "small"))
        x += 105
    drawn.append(f'<line x1="{x + 6}" y1="29" x2="{x + 6}" y2="44" class="raw"/>')
    drawn.append(text(x + 14, 40, "the bare driver, or Python", "small"))
    return drawn


def draw(data: dict[str, Any]) -> str:
    """Return the chart of a run as SVG."""
    found = {row["row"]: row for row in data["rows"]}
    chosen = [
        (found[name], short)
        for name, short in ROWS.items()
        if name in found and {"relvar", "sqlalchemy"} <= found[name]["figures"].keys()
    ]
    width, height = LEFT + WIDTH + RIGHT, TOP + STEP * len(chosen) + 6
    title = "Processor time per operation, SQLite in memory: shorter is faster"
    drawn = [text(LEFT, 18, title), *legend()]
    for i, (row, short) in enumerate(chosen):
        drawn += bars(row, short, TOP + STEP * i)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(title)}</title>'
    return "\n".join([head, f"<style>{STYLE}</style>", *drawn, "</svg>\n"])


def main() -> None:
    """Write the chart."""
    data = read("sqlite")
    if data is None:
        raise SystemExit("there is no bench/results/sqlite.json: run python -m bench --suite sqlite")
    (RESULTS / "speed.svg").write_text(draw(data))
    print(f"drawn to {RESULTS.name}/speed.svg")


if __name__ == "__main__":
    main()
