"""The examples in docstrings run."""

from __future__ import annotations

import importlib

from examples import modules, run_examples


def test_examples_in_docstrings() -> None:
    tried, failures = run_examples()
    assert not failures, "\n".join(failures)
    assert tried > 950


def test_every_module_says_what_it_is() -> None:
    silent = [name for name in modules() if not (importlib.import_module(name).__doc__ or "").strip()]
    assert silent == []
