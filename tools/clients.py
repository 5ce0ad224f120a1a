"""
Run the test suites of programs for SQLAlchemy on relvar and on SQLAlchemy, and write docs/clients.md.

``tools/clients.toml`` lists the programs.  For each, in ``build/clients/<name>``: its source distribution, an
environment with relvar from this checkout and without SQLAlchemy, one with SQLAlchemy, and what pytest said.

Usage: ``python tools/clients.py [--again] [name ...]``; ``--again`` runs what was run before.  Results are
kept in docs/clients.json, so that one program can be run alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "clients"
RESULTS = ROOT / "docs" / "clients.json"
PAGE = ROOT / "docs" / "clients.md"
SQLALCHEMY = "2.1.9"
SERVER = os.environ.get("RELVAR_CLIENTS_POSTGRESQL", "host=127.0.0.1 user=postgres")
MARIADB: dict[str, Any] = {"host": "127.0.0.1", "user": "root"}
HEAD = f"""# Programs for SQLAlchemy, on relvar

Releases from the package index, unmodified, with their own tests: once in an environment with relvar and
without SQLAlchemy ([standing in](standing-in.md)), once with SQLAlchemy {SQLALCHEMY}. Written by
`make clients`.

| program | tests | passed with SQLAlchemy | of these, with relvar | |
|---|---|---|---|---|
"""


@dataclass
class Client:
    """
    A program, and how its tests are run.

    Args:
        source: A requirement whose source distribution has the tests; "" if the package itself has them.
        install: What to install, beside the library; the program first.
        runs: Title -> arguments of pytest.
        variables: Environment variables of the tests.
        databases: PostgreSQL's that are made anew before each run -> statements that prepare them.
        mariadb: MariaDB's (or MySQL's) that are made anew before each run.
        reasons: Part of a test's name -> why it does not pass with relvar.
    """

    name: str
    source: str
    install: list[str]
    runs: dict[str, list[str]]
    variables: dict[str, str] = field(default_factory=dict)
    databases: dict[str, list[str]] = field(default_factory=dict)
    mariadb: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        return WORK / self.name


@dataclass
class Environment:
    """
    A virtual environment with one of the two libraries.
    """

    client: Client
    library: str

    @property
    def python(self) -> str:
        return str(self.client.place / self.library / "bin" / "python")

    @property
    def variables(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
        made = {
            "RELVAR_AS_SQLALCHEMY": "1" if self.library == "relvar" else "0",
            # tests call the commands of their program
            "PATH": f"{Path(self.python).parent}{os.pathsep}{os.environ['PATH']}",
        }
        return {**kept, **made, **self.client.variables}

    def run(self, *arguments: str, cwd: Path | None = None, check: bool = True) -> None:
        log = self.client.place / f"{self.library}.log"
        with log.open("a") as out:
            run = subprocess.run(
                [self.python, *arguments], env=self.variables, cwd=cwd, stdout=out, stderr=subprocess.STDOUT
            )
        if check and run.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed: see {log}")

    def make(self) -> None:
        """
        Make the environment and unpack the source, unless they are there.
        """
        place = self.client.place / self.library
        if not (place / "made").exists():
            shutil.rmtree(place, ignore_errors=True)
            venv.create(place, with_pip=True, symlinks=True)
            packages = next((place / "lib").iterdir()) / "site-packages"
            if self.library == "relvar":
                # as if installed: programs tell by the path what is the user's own
                (packages / "relvar").symlink_to(ROOT / "src" / "relvar")
                self.run("-m", "relvar.compat.pth")
                self.run("-m", "pip", "install", "--quiet", *self.client.install)
            else:
                self.run("-m", "pip", "install", "--quiet", f"sqlalchemy=={SQLALCHEMY}", *self.client.install)
            (place / "made").touch()

    @property
    def source(self) -> Path:
        return self.client.place / f"source-{self.library}"

    def unpack(self) -> None:
        """
        Unpack the source distribution anew: tests leave things behind.
        """
        shutil.rmtree(self.source, ignore_errors=True)
        if not self.client.source:
            self.source.mkdir(parents=True)
            return
        archives = self.client.place / "archive"
        if not archives.exists():
            self.run(
                *("-m", "pip", "download", "--quiet", "--no-deps"),
                # of itself: what builds it may come as a wheel
                *("--no-binary", re.split(r"[=<>~!]", self.client.source)[0]),
                *("--dest", str(archives), self.client.source),
            )
        (archive,) = archives.iterdir()
        with tarfile.open(archive) as tar:
            tar.extractall(self.source, filter="data")
        (inner,) = self.source.iterdir()
        for item in list(inner.iterdir()):
            item.rename(self.source / item.name)

    def test(self, title: str, arguments: Iterable[str]) -> Path:
        """
        Run the tests; return where pytest wrote what became of each.
        """
        self.unpack()
        for name, statements in self.client.databases.items():
            make_database(name, statements)
        for name in self.client.mariadb:
            make_mariadb_database(name)
        report = self.client.place / f"{self.library}-{re.sub(r'[^a-z0-9]+', '-', title.lower())}.xml"
        report.unlink(missing_ok=True)
        options = ("-q", "--tb=native", "-p", "no:cacheprovider", "--rootdir=.", f"--junitxml={report}")
        self.run("-m", "pytest", *options, *arguments, cwd=self.source, check=False)
        if not report.exists():
            raise SystemExit(f"The tests of {self.client.name} did not run: see {self.library}.log")
        return report


def make_database(name: str, statements: Iterable[str]) -> None:
    """
    Make a database of the local PostgreSQL server anew.
    """
    import psycopg  # not every client needs it

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"{SERVER} dbname={name}", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def make_mariadb_database(name: str) -> None:
    """
    Make a database of the local MariaDB server anew.
    """
    import pymysql  # as above

    with pymysql.connect(**MARIADB) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")


def read(report: Path) -> dict[str, Counter[str]]:
    """
    Return how often a test, without its parameters, came to each end: their names differ in details.
    """
    found: dict[str, Counter[str]] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name', '').partition('[')[0]}"
        name = re.sub(r"_(sqlite|postgresql|mysql|mariadb)\+\w+", "", name)
        tags = {child.tag for child in case} & {"failure", "error", "skipped"}
        found.setdefault(name, Counter())[min(tags) if tags else "passed"] += 1
    return found


def compare(client: Client, title: str, theirs: Path, ours: Path) -> dict[str, Any]:
    """
    Return what a run is worth: numbers, and the tests that pass with SQLAlchemy only.
    """
    expected, found = read(theirs), read(ours)
    lost: dict[str, int] = {}
    for name, ends in expected.items():
        missing = ends["passed"] - found.get(name, Counter())["passed"]
        if missing > 0:
            lost[name] = missing
    passed = sum(ends["passed"] for ends in expected.values())
    return {
        "title": title,
        "tests": sum(ends.total() for ends in expected.values()),
        "passed": passed,
        "ours": passed - sum(lost.values()),
        "lost": {name: [number, _reason(client, name)] for name, number in sorted(lost.items())},
    }


def _reason(client: Client, name: str) -> str:
    return next((why for part, why in client.reasons.items() if part in name), "not looked into yet")


def page(results: dict[str, Any]) -> str:
    """
    Return docs/clients.md.
    """
    rows, differences = [], []
    for result in results.values():
        for run in result["runs"]:
            share = 100 * run["ours"] / run["passed"] if run["passed"] else 0
            title = f"{result['program']}, {run['title']}"
            rows.append(f"| {title} | {run['tests']} | {run['passed']} | {run['ours']} | {share:.1f} % |")
            by_reason: Counter[str] = Counter()
            for number, why in run["lost"].values():
                by_reason[why] += number
            differences += [f"| {title} | {number} | {why} |" for why, number in by_reason.most_common()]
    text = HEAD + "\n".join(rows) + "\n"
    if differences:
        text += (
            "\n## What differs\n\n| program | tests | why |\n|---|---|---|\n" + "\n".join(differences) + "\n"
        )
    return text


def run_client(client: Client) -> dict[str, Any]:
    theirs, ours = Environment(client, "sqlalchemy"), Environment(client, "relvar")
    client.place.mkdir(parents=True, exist_ok=True)
    for environment in (theirs, ours):
        environment.make()
    runs = []
    for title, arguments in client.runs.items():
        reports = [environment.test(title, arguments) for environment in (theirs, ours)]
        runs.append(compare(client, title, *reports))
        print(f"{client.name}, {title}: {runs[-1]['ours']} of {runs[-1]['passed']}", flush=True)
        for name, (number, why) in runs[-1]["lost"].items():
            print(f"    {number} {name}: {why}")
    return {"program": client.install[0].replace("==", " "), "runs": runs}


def main(arguments: list[str]) -> int:
    clients = {
        name: Client(name, **given)
        for name, given in tomllib.loads((ROOT / "tools" / "clients.toml").read_text()).items()
    }
    wanted = [name for name in arguments if name != "--again"]
    unknown = set(wanted) - set(clients)
    if unknown:
        print(f"No client {', '.join(sorted(unknown))}; there are {', '.join(clients)}", file=sys.stderr)
        return 2
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    again = bool(wanted) or "--again" in arguments
    for name in wanted or clients:
        if again or name not in results:
            results[name] = run_client(clients[name])
            results = {name: results[name] for name in clients if name in results}
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")
            PAGE.write_text(page(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
