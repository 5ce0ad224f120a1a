"""
Check tests/typing with mypy and pyright: errors on the lines marked ``# E``, and on no others.

``assert_type`` lines have no mark, so both checkers have to infer exactly what they say.  mypy reads the
installed relvar by its settings in pyproject.toml, pyright in strict mode by those in tests/typing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPING = ROOT / "tests" / "typing"
Line = tuple[str, int]


def marked() -> set[Line]:
    """Return the lines that have to be errors."""
    return {
        (path.name, number)
        for path in TYPING.glob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.endswith("# E")
    }


def of_mypy() -> dict[Line, str]:
    """Return what mypy refuses, by line."""
    files = sorted(map(str, TYPING.glob("*.py")))  # those named are not excluded
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(done.stdout + done.stderr)
    found = re.findall(r"^tests/typing/(\S+?):(\d+): error: (.*)", done.stdout, re.MULTILINE)
    return {(name, int(number)): text for name, number, text in found}


def of_pyright() -> dict[Line, str]:
    """Return what pyright refuses in strict mode, by line."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=TYPING, env=environment, capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
    except ValueError:
        sys.exit(done.stdout + done.stderr)
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1): one["message"].split("\n")[0]
        for one in found
        if one["severity"] == "error"
    }


def main() -> int:
    """Print what differs from the marks; return 1 if anything does."""
    expected = marked()
    wrong = False
    for checker, found in (("mypy", of_mypy()), ("pyright", of_pyright())):
        for name, number in sorted(expected - found.keys()):
            wrong = True
            print(f"tests/typing/{name}:{number}: {checker} does not refuse this line")
        for name, number in sorted(found.keys() - expected):
            wrong = True
            print(f"tests/typing/{name}:{number}: {checker}: {found[name, number]}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
