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
from pythons import compile_for, interpreters

import relvar

EXAMPLES = """
import doctest, gc, importlib, pkgutil
import relvar

assert relvar.is_compiled()
# packages that only the Python has that the tests are run with
needs = ("click", "pytest", "greenlet")
gc.set_threshold(100, 5, 5)
tried, failures = 0, []
for info in pkgutil.walk_packages(relvar.__path__, "relvar."):
    if info.ispkg or info.name.startswith(("relvar.sql.", "relvar.compat.pytest", "relvar.testing")):
        continue
    if ".drivers." in info.name:
        continue
    try:
        module = importlib.import_module(info.name)
    except ModuleNotFoundError as error:
        assert error.name in needs, info.name
        continue
    for example in doctest.DocTestFinder(exclude_empty=True).find(module, info.name):
        if any("sync" in part.source for part in example.examples):
            continue
        example.globs["__name__"] = "__main__"
        example.globs.pop("annotations", None)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        result = runner.run(example, out=failures.append)
        tried += result.attempted
print("".join(failures) or tried)
"""


@pytest.mark.one_mode
@pytest.mark.feature("N005")
@pytest.mark.parametrize("interpreter", interpreters())
def test_examples_run_compiled_for_another_version(interpreter: str, tmp_path: Path) -> None:
    if not relvar.is_compiled():
        pytest.skip("the kernels are not compiled here")
    compile_for(interpreter, tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    done = subprocess.run(
        [interpreter, "-X", "faulthandler", "-c", EXAMPLES],
        env={**environment, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().isdigit(), done.stdout[-3000:]
    assert int(done.stdout) > 1400
