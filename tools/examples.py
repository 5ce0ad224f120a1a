"""
Run the examples in the docstrings of relvar's modules; as a program, with the Python that runs it.
"""

from __future__ import annotations

import doctest
import gc
import importlib
import pkgutil
import sys
from collections.abc import Collection, Iterator

import relvar

# Faces re-export; drivers need packages that may not be here; the plugin stands in when it is imported.
_LEFT_OUT = ("relvar.sql.", "relvar.compat.pytest")

# What only the Python has that the tests run with, and what needs it.
NOT_EVERYWHERE = ("click", "greenlet", "pytest")


def modules() -> Iterator[str]:
    """Yield the names of the modules whose examples run."""
    for info in pkgutil.walk_packages(relvar.__path__, "relvar."):
        if not info.ispkg and not info.name.startswith(_LEFT_OUT) and ".drivers." not in info.name:
            yield info.name


def run_examples(missing: Collection[str] = ()) -> tuple[int, list[str]]:
    """
    Run all examples.

    Args:
        missing: Packages that are not installed; what needs one of them is left out.

    Returns:
        How many lines were run, and what doctest says of those that gave something else.
    """
    tried = 0
    failures: list[str] = []
    for name in modules():
        if "pytest" in missing and name.startswith("relvar.testing."):
            continue
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name not in missing:
                raise
            continue
        for example in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            # asyncio's need greenlets
            if "greenlet" in missing and any("sync" in part.source for part in example.examples):
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
    return tried, failures


def main() -> None:
    """Run the examples with compiled kernels and many collections; print how many lines there were."""
    if not relvar.is_compiled():
        sys.exit("the kernels are not compiled for this Python")
    gc.set_threshold(100, 5, 5)
    tried, failures = run_examples(NOT_EVERYWHERE)
    if failures:
        sys.exit("\n".join(failures))
    print(tried)


if __name__ == "__main__":
    main()
