"""
Check the types that users see, with mypy and pyright side by side:

1. Cases in tests/typing: errors on the lines marked ``# E``, and on no others.  ``assert_type`` lines have no
   mark, so both checkers have to infer exactly what they say.  mypy goes by its settings in pyproject.toml,
   pyright is strict.
2. All public names of relvar have known types (``pyright --verifytypes``).
3. The stubs of the kernels say what is in the kernels (``mypy.stubtest``, with the interpreted ones).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TYPING = ROOT / "tests" / "typing"
KERNELS = ROOT / "src" / "relvar" / "_kernels"
# What interpreted kernels have in the class where compiled ones have a C field.
PLACEHOLDER = "variable differs from runtime type None"
ENVIRONMENT = {
    **os.environ,
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "PYTHONPATH": str(ROOT / "src"),
    "MYPYPATH": str(ROOT / "src"),
    "RELVAR_PURE": "1",
}
Line = tuple[str, int]


def cases() -> list[Path]:
    """Return the files with cases: those that are no tests."""
    return sorted(path for path in TYPING.glob("*.py") if not path.name.startswith("test_"))


def marked() -> set[Line]:
    """Return the lines that have to be errors."""
    return {
        (path.name, number)
        for path in cases()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.endswith("# E")
    }


def output_of(*command: str, cwd: Path = ROOT) -> str:
    """Return what a checker prints; end here if it could not check."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True
    )
    if done.returncode > 1:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def pyright(*arguments: str) -> Any:
    """Return pyright's report."""
    return json.loads(
        output_of("pyright", "--outputjson", "--pythonpath", sys.executable, *arguments, cwd=TYPING)
    )


def mypy_refuses() -> dict[Line, str]:
    """Return what mypy refuses in the cases, by line."""
    # those named are not excluded
    said = output_of("mypy", "--no-error-summary", *map(str, cases()))
    found = re.findall(r"^tests/typing/(\S+?):(\d+): error: (.*)", said, re.MULTILINE)
    return {(name, int(number)): text for name, number, text in found}


def pyright_refuses() -> dict[Line, str]:
    """Return what pyright refuses in the cases, by line."""
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1): one["message"].split("\n")[0]
        for one in pyright()["generalDiagnostics"]
        if one["severity"] == "error"
    }


def unexpected(checker: str, found: dict[Line, str]) -> Iterator[str]:
    """Yield where errors and marks differ."""
    expected = marked()
    for name, number in sorted(expected - found.keys()):
        yield f"tests/typing/{name}:{number}: {checker} does not refuse this line"
    for name, number in sorted(found.keys() - expected):
        yield f"tests/typing/{name}:{number}: {checker}: {found[name, number]}"


def unknown() -> Iterator[str]:
    """Yield which public names have types that are not known, and why."""
    report = pyright("--verifytypes", "relvar", "--ignoreexternal")
    if not report["typeCompleteness"]["symbols"]:
        yield "pyright --verifytypes does not find relvar"
    for symbol in report["typeCompleteness"]["symbols"]:
        if symbol["isExported"] and not symbol["isTypeKnown"]:
            why = " ".join(one["message"] for one in symbol["diagnostics"]).replace("\n", " ")
            yield f"the type of {symbol['name']} is not known: {why}"


def misstated() -> Iterator[str]:
    """Yield what the stubs of the kernels say that is not so."""
    modules = [f"relvar._kernels.{path.stem}" for path in sorted(KERNELS.glob("*.pyi"))]
    for line in output_of("mypy.stubtest", "--concise", *modules).splitlines():
        if not line.endswith(PLACEHOLDER):
            yield line


def main() -> int:
    """Print what is wrong; return 1 if anything is."""
    checks = (
        lambda: unexpected("mypy", mypy_refuses()),
        lambda: unexpected("pyright", pyright_refuses()),
        unknown,
        misstated,
    )
    with ThreadPoolExecutor(2) as workers:
        wrong = [line for found in workers.map(lambda check: list(check()), checks) for line in found]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
