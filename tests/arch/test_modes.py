"""The kernels have two modes; a machine without a compiler gets the interpreted one."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import relvar

ROOT = Path(__file__).parent.parent.parent


def compiled_modules() -> list[str]:
    """Name what setup.py compiles: the kernels, and modules marked in their first line."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        is_kernel = path.parent.name == "_kernels" and not path.stem.startswith("_")
        if is_kernel or path.read_text().startswith("# Compiled as it is, see setup.py.\n"):
            found.append(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
    return found


def asked(**environment: str) -> str:
    """Return what a new interpreter says of relvar's mode."""
    clean = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    code = "import relvar; print(relvar.is_compiled())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_switch_forces_the_interpreted_kernels() -> None:
    assert asked(RELVAR_PURE="1") == "False"


@pytest.mark.skipif(os.environ.get("RELVAR_PURE") == "1", reason="this run asked for the interpreted kernels")
def test_the_mode_is_the_same_for_every_kernel() -> None:
    files = {name: str(importlib.import_module(name).__file__) for name in compiled_modules()}
    assert {not f.endswith(".py") for f in files.values()} == {relvar.is_compiled()}, files


def test_interpreted_means_every_module() -> None:
    code = (
        "import importlib, sys\n"
        "names = sys.argv[1:]\n"
        "print(sum(str(importlib.import_module(name).__file__).endswith('.py') for name in names))"
    )
    names = compiled_modules()
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        env={**os.environ, "RELVAR_PURE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(len(names))], done.stderr
    assert "relvar.orm.flush.work" in names


def test_without_a_compiler_relvar_installs_with_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("Cython")
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(ROOT / name, tree)
    shutil.copytree(
        ROOT / "src", tree / "src", ignore=shutil.ignore_patterns("*.so", "*.egg-info", "__pycache__")
    )
    environment = dict(os.environ, CC="/bin/false", CXX="/bin/false")
    environment.pop("RELVAR_PURE", None)
    command = [sys.executable, "-m", "pip", "wheel", "-v", "--no-deps", "--no-build-isolation"]
    built = subprocess.run(
        [*command, "-w", str(tmp_path), str(tree)], env=environment, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    assert "it runs in pure Python, slower" in built.stdout + built.stderr
    (wheel,) = tmp_path.glob("relvar-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "relvar/_kernels/keys.py" in names
    assert not [n for n in names if n.endswith((".so", ".pyd"))]
