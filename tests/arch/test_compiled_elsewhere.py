"""
The kernels, compiled for each other version of Python at hand, run all examples of the reference.

Each version keeps the attributes of objects in its own way: what a call of its C API does to them may be
right in one and end the process in the next.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from pythons import ROOT, compile_for, interpreters

import relvar


@pytest.mark.one_mode
@pytest.mark.feature("N008")
# free-threaded ones get no kernels, see setup.py
@pytest.mark.parametrize("interpreter", [path for path in interpreters() if "t/bin/" not in path])
def test_examples_run_compiled_for_another_version(interpreter: str, tmp_path: Path) -> None:
    if not relvar.is_compiled():
        pytest.skip("the kernels are not compiled here")
    compile_for(interpreter, tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    done = subprocess.run(
        [interpreter, "-X", "faulthandler", str(ROOT / "tools" / "examples.py")],
        env={**environment, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 1400
