"""
Load dialects of other packages on relvar and on SQLAlchemy; compare what they write and tell their drivers.

``tools/third_party.toml`` lists the packages, ``tools/third_party/corpus.py`` what is compiled, ``probe.py``
beside it how.  In ``build/third_party``: an environment with relvar from this checkout, one with SQLAlchemy,
a folder per package, without SQLAlchemy, that both use.  Nobody connects: the driver is a recorder.

Usage: ``python tools/third_party.py [name ...]``; writes docs/dialects/third-party.md.  Results are kept in
docs/dialects/third-party.json, so that one package can be run alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "third_party"
RESULTS = ROOT / "docs" / "dialects" / "third-party.json"
PAGE = ROOT / "docs" / "dialects" / "third-party.md"
PROBE = Path(__file__).parent / "third_party" / "probe.py"
SQLALCHEMY = "2.1.9"
HEAD = f"""# Dialects of other packages

Releases from the package index, unmodified, once with relvar [standing in](../standing-in.md) and once
with SQLAlchemy {SQLALCHEMY}: what SQLAlchemy's documentation lists under External Dialects and the index
has, and more. Written by `make third-party`.

**What was run.** None of these databases was there. Each dialect was found by its entry point and made;
it turned a URL into arguments; 58 statements were compiled, with parameters and with literals, as were
36 types, the types of its own that it knows from the catalog, and 14 names with what needs quotes. Then
an engine was made whose driver is a recorder: connecting, SELECT, INSERT of one row and of many, UPDATE,
CREATE, a sequence, a savepoint, and each method of reflection that is the dialect's own, on an empty
catalog. Compared are texts, parameters, calls of the driver and kinds of errors, wherever SQLAlchemy
makes something of it. What the recorder can't show: values as real drivers give them, and rows of real
catalogs.

DuckDB, BigQuery, Snowflake and Redshift run [their own tests](../clients.md). A dialect as others write
them, built and installed as a package, with compilers, execution context and reflection of its own, runs
on a real driver in `tests/compat/test_third_party.py`.

| database | release | URL | compared | the same |
|---|---|---|---|---|
"""


@dataclass
class Package:
    """
    A package with dialects.

    Args:
        database: What it is for.
        release: The requirement.
        urls: What is tried.
        more: Requirements that its own do not name.
        bare: Install it without what it requires, which cannot be had.
        why: Why it does not load with SQLAlchemy, or why something differs with relvar.
    """

    name: str
    database: str
    release: str
    urls: list[str]
    more: list[str] = field(default_factory=list)
    bare: bool = False
    why: str = ""

    @property
    def place(self) -> Path:
        return WORK / "packages" / self.name

    def install(self) -> None:
        """
        Install it, unless it is there, without SQLAlchemy.
        """
        if self.place.exists():
            return
        options = ["--quiet", "--no-compile", "--prefer-binary", "--target", str(self.place)]
        if self.bare:
            options.append("--no-deps")
        command = [str(python_of("sqlalchemy")), "-m", "pip", "install", *options, self.release, *self.more]
        subprocess.run(command, check=True)
        for found in self.place.glob("[sS][qQ][lL][aA]lchemy"):
            shutil.rmtree(found)
        for found in self.place.glob("[sS][qQ][lL][aA]lchemy-*.dist-info"):
            shutil.rmtree(found)


def python_of(library: str) -> Path:
    """
    Return the interpreter of an environment with one of the two libraries, which is made if it is not there.
    """
    place = WORK / library
    python = place / "bin" / "python"
    if not (place / "made").exists():
        venv.create(place, with_pip=True, symlinks=True)
        wanted = [f"sqlalchemy=={SQLALCHEMY}"] if library == "sqlalchemy" else ["typing_extensions"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "greenlet", *wanted], check=True)
        if library == "relvar":
            packages = next((place / "lib").iterdir()) / "site-packages"
            (packages / "relvar.pth").write_text(f"{ROOT / 'src'}\n")
            subprocess.run([str(python), "-m", "relvar.compat.pth"], check=True)
        (place / "made").touch()
    return python


def probe(package: Package, url: str, library: str) -> dict[str, Any]:
    """
    Return what a dialect makes of everything, see ``probe.py``.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    standing_in = "1" if library == "relvar" else "0"
    variables = {**kept, "PYTHONPATH": str(package.place), "RELVAR_AS_SQLALCHEMY": standing_in}
    command = [str(python_of(library)), str(PROBE), url]
    run = subprocess.run(command, cwd=WORK, env=variables, capture_output=True, text=True, timeout=300)
    lines = run.stdout.strip().splitlines()
    if run.returncode or not lines:
        return {"class": {"error": "Exit", "says": run.stderr[-300:]}}
    return json.loads(lines[-1])  # type: ignore[no-any-return]  # a dictionary


def is_made(outcome: Any) -> bool:
    """
    Tell whether something came of a piece of the corpus, so that it can be compared.
    """
    if isinstance(outcome, list) and outcome and isinstance(outcome[-1], str):
        return outcome[-1] in ("done", "NoSuchTableError", "NotImplementedError")
    return not (isinstance(outcome, dict) and "error" in outcome)


def compare(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """
    Return how many pieces were compared, and what differs.
    """
    if not is_made(theirs["class"]):
        return {"refused": f"{theirs['class']['error']}: {theirs['class']['says']}"}
    if not is_made(ours["class"]):
        return {"compared": len(theirs), "same": 0, "differ": {"class": ours["class"]}}
    compared, differ = 0, {}
    for name, outcome in theirs.items():
        kind, _, what = name.partition(": ")
        if (
            kind == "inherited"
            or (kind == "told" and theirs.get(f"inherited: {what}"))
            or not is_made(outcome)
        ):
            continue
        compared += 1
        if ours.get(name) != outcome:
            differ[name] = [ours.get(name), outcome]
    return {"compared": compared, "same": compared - len(differ), "differ": differ}


def page(packages: dict[str, Package], results: dict[str, Any]) -> str:
    """
    Return docs/dialects/third-party.md.
    """
    rows, differences, refused = [], [], []
    for name, package in packages.items():
        for url, result in results.get(name, {}).items():
            scheme = url.partition(":")[0]
            start = f"| {package.database} | {package.release.replace('==', ' ')} | `{scheme}` |"
            if "refused" in result:
                refused.append(f"| {package.database} | {package.release} | {package.why} |")
                continue
            rows.append(f"{start} {result['compared']} | {result['same']} |")
            if result["differ"]:
                what = ", ".join(sorted({n.partition(", ")[0] for n in result["differ"]})[:6])
                differences.append(f"| {scheme} | {len(result['differ'])} | {what} | {package.why} |")
    text = HEAD + "\n".join(rows) + "\n"
    text += (
        "\n## What differs\n\n| URL | pieces | which | why |\n|---|---|---|---|\n"
        + "\n".join(differences)
        + "\n"
    )
    text += "\n## What does not load with SQLAlchemy either\n\n| database | release | why |\n|---|---|---|\n"
    return text + "\n".join(refused) + "\n"


def main(arguments: list[str]) -> int:
    packages = {
        name: Package(name, **given)
        for name, given in tomllib.loads((ROOT / "tools" / "third_party.toml").read_text()).items()
    }
    unknown = set(arguments) - set(packages)
    if unknown:
        print(f"No package {', '.join(sorted(unknown))}; there are {', '.join(packages)}", file=sys.stderr)
        return 2
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    WORK.mkdir(parents=True, exist_ok=True)
    for name in arguments or packages:
        package = packages[name]
        package.install()
        results[name] = {}
        for url in package.urls:
            result = compare(*(probe(package, url, library) for library in ("sqlalchemy", "relvar")))
            results[name][url] = result
            print(f"{url}: {result.get('refused') or (result['same'], 'of', result['compared'])}", flush=True)
    kept = {name: results[name] for name in packages if name in results}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    PAGE.write_text(page(packages, kept))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
