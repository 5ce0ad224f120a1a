"""
Check the types that users see, with mypy and pyright side by side:

1. Cases in tests/typing: errors on the lines marked ``# E``, and on no others.  ``assert_type`` lines have no
   mark, so both checkers have to infer exactly what they say.  mypy goes by its settings in pyproject.toml,
   pyright is strict.
2. All public names of relvar have known types (``pyright --verifytypes``).
3. The stubs of the kernels say what is in the kernels (``mypy.stubtest``, with the interpreted ones).
4. Each public name can be imported by programs that are checked without implicit re-exports.

What was found is kept in build/types.json, for the tests: see `known`.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
TYPING = ROOT / "tests" / "typing"
NAMES = ROOT / "build" / "public_names.py"
FOUND = ROOT / "build" / "types.json"
# Modules whose names programs import, and that have names from elsewhere.
FACES = (
    *("relvar", "relvar.engine", "relvar.event", "relvar.orm", "relvar.pool", "relvar.schema", "relvar.sql"),
    *("relvar.sql.expression", "relvar.sql.functions", "relvar.types", "relvar.dialects.mssql"),
    *("relvar.dialects.mysql", "relvar.dialects.oracle", "relvar.dialects.postgresql"),
    *("relvar.dialects.sqlite", "relvar.ext.associationproxy", "relvar.ext.asyncio", "relvar.ext.automap"),
    *("relvar.ext.compiler", "relvar.ext.horizontal_shard", "relvar.ext.hybrid", "relvar.ext.indexable"),
    *("relvar.ext.orderinglist", "relvar.ext.serializer"),
)
# What interpreted kernels have in the class where compiled ones have a C field.
PLACEHOLDER = "variable differs from runtime type None"
ENVIRONMENT = {
    **os.environ,
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "PYTHONPATH": str(SOURCE),
    "MYPYPATH": str(SOURCE),
    "RELVAR_PURE": "1",
}
Line = tuple[str, int]
"A file, as seen from the root, and the number of a line in it."


def cases() -> list[Path]:
    """Return the files with cases: those that are no tests."""
    return sorted(path for path in TYPING.glob("*.py") if not path.name.startswith("test_"))


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


def write_names() -> None:
    """Write a program that imports each public name."""
    NAMES.parent.mkdir(exist_ok=True)
    lines = []
    for face in FACES:
        module = importlib.import_module(face)
        names = getattr(module, "__all__", None) or [
            name
            for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", "").startswith("relvar")
        ]
        lines += [f"from {face} import {name} as _{len(lines) + i}\n" for i, name in enumerate(names)]
    NAMES.write_text("".join(lines))


def mypy_refuses() -> dict[Line, str]:
    """Return what mypy refuses in the cases and of the public names, by line."""
    # in a process of its own: that of a test may have other names
    subprocess.run([sys.executable, __file__, "--names"], env=ENVIRONMENT, check=True)
    said = output_of("mypy", "--no-error-summary", *map(str, cases()), str(NAMES))
    found = re.findall(r"^(\S+?):(\d+): error: (.*)", said, re.MULTILINE)
    return {(path, int(number)): text for path, number, text in found}


def pyright_refuses() -> dict[Line, str]:
    """Return what pyright refuses in the cases, by line."""
    return {
        (str(Path(one["file"]).relative_to(ROOT)), one["range"]["start"]["line"] + 1): one["message"]
        for one in pyright()["generalDiagnostics"]
        if one["severity"] == "error"
    }


def unexpected(checker: str, found: dict[Line, str]) -> Iterator[str]:
    """Yield where errors and marks differ."""
    marked = {
        (str(path.relative_to(ROOT)), number)
        for path in cases()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.endswith("# E")
    }
    for path, number in sorted(marked - found.keys()):
        yield f"{path}:{number}: {checker} does not refuse this line"
    for path, number in sorted(found.keys() - marked):
        yield f"{path}:{number}: {checker}: {found[path, number].splitlines()[0]}"


def unknown() -> Iterator[str]:
    """Yield which public names have types that are not known, and why."""
    report = pyright("--verifytypes", "relvar", "--ignoreexternal")["typeCompleteness"]
    if not report["symbols"]:
        yield "pyright --verifytypes does not find relvar"
    found = [symbol for symbol in report["symbols"] if not symbol["isTypeKnown"]]
    if any(symbol["isExported"] for symbol in found):
        for symbol in found:
            why = " ".join(one["message"] for one in symbol["diagnostics"]).replace("\n", " ")
            # the rest follows from these, which may be private
            if why and "partially unknown" not in why:
                yield f"the type of {symbol['name']} is not known: {why}"


def misstated() -> Iterator[str]:
    """Yield what the stubs of the kernels say that is not so."""
    stubs = sorted((SOURCE / "relvar" / "_kernels").glob("*.pyi"))
    modules = [f"relvar._kernels.{path.stem}" for path in stubs]
    for line in output_of("mypy.stubtest", "--concise", *modules).splitlines():
        if not line.endswith(PLACEHOLDER):
            yield line


def check() -> list[str]:
    """Return all that is wrong, and keep it."""
    checks = (
        lambda: unexpected("mypy", mypy_refuses()),
        lambda: unexpected("pyright", pyright_refuses()),
        unknown,
        misstated,
    )
    of = state()
    with ThreadPoolExecutor(2) as workers:
        wrong = [line for found in workers.map(lambda each: list(each()), checks) for line in found]
    FOUND.write_text(json.dumps({"of": of, "wrong": wrong}))
    return wrong


def state() -> str:
    """Return a digest of all that a check depends on: sources, cases, settings and checkers."""
    digest = hashlib.sha256(f"{sys.version} {version('mypy')} {version('pyright')}".encode())
    files = (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.pyi"), *cases(), TYPING / "pyrightconfig.json")
    for path in sorted((*files, ROOT / "pyproject.toml", Path(__file__))):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def known() -> list[str] | None:
    """Return what the last check found, or None if anything has changed since."""
    if not FOUND.exists():
        return None
    kept: dict[str, Any] = json.loads(FOUND.read_text())
    return kept["wrong"] if kept["of"] == state() else None


def main() -> int:
    """Print what is wrong; return 1 if anything is.  With ``--names``, only write what `FACES` have."""
    if "--names" in sys.argv:
        write_names()
        return 0
    wrong = check()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
