"""The examples in docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import relvar

# Faces re-export; drivers need packages that may not be here; the plugin stands in when it is imported.
LEFT_OUT = ("relvar.sql.", "relvar.compat.pytest")


def modules() -> Iterator[str]:
    for info in pkgutil.walk_packages(relvar.__path__, "relvar."):
        if not info.ispkg and not info.name.startswith(LEFT_OUT) and ".drivers." not in info.name:
            yield info.name


def test_examples_in_docstrings() -> None:
    tried = 0
    failures: list[str] = []
    for name in modules():
        module = importlib.import_module(name)
        for example in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            if not example.examples:
                continue
            # The classes of an example are of the reader's program, whose annotations need not be text.
            example.globs["__name__"] = "__main__"
            example.globs.pop("annotations", None)
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            output: list[str] = []
            result = runner.run(example, out=output.append)
            tried += result.attempted
            if result.failed:
                failures.append("".join(output))
    assert not failures, "\n".join(failures)
    assert tried > 950


def test_every_module_says_what_it_is() -> None:
    silent = [name for name in modules() if not (importlib.import_module(name).__doc__ or "").strip()]
    assert silent == []
