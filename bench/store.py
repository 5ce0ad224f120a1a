"""
Where results go: ``bench/results/NAME.json``, with what they were measured on.
"""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def machine(libraries: list[str]) -> dict[str, Any]:
    """Describe what a run was made on."""
    return {
        "python": platform.python_version(),
        "libraries": libraries,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def write(name: str, libraries: list[str], **results: Any) -> None:
    """Write the results of a run, and say where they are."""
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / f"{name}.json"
    place.write_text(json.dumps({"machine": machine(libraries), **results}, indent=1) + "\n")
    print(f"\nwritten to {place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place}")


def read(name: str) -> dict[str, Any] | None:
    """Return the results of the last run of that name, or None."""
    place = RESULTS / f"{name}.json"
    if not place.exists():
        return None
    found: dict[str, Any] = json.loads(place.read_text())
    return found
