"""Warnings in tests: which are errors, and those of the tests themselves."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

from relvar import exc


class SATestSuiteWarning(Warning):
    """The tests did something that should be put right."""


def warn_test_suite(message: str) -> None:
    """Warn about the tests."""
    warnings.warn(message, SATestSuiteWarning, stacklevel=3)


def setup_filters() -> None:
    """Make every warning of relvar an error, but not those about the tests."""
    warnings.filterwarnings("error", category=exc.SAWarning)
    warnings.filterwarnings("always", category=SATestSuiteWarning)


def assert_warnings(fn: Callable[[], Any], warning_msgs: Any, regex: bool = False) -> Any:
    """
    Assert that a function gives these warnings and no others, in any order; return what it returns.

    Args:
        warning_msgs: The texts; with *regex*, expressions that match them at their start.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = fn()
    left = [str(each.message) for each in caught]
    for wanted in warning_msgs:
        for text in left:
            if re.match(wanted, text) if regex else text == wanted:
                left.remove(text)
                break
        else:
            raise AssertionError(f"no warning {wanted!r}; there were {left}")
    assert not left, f"unexpected warnings: {left}"
    return result


__all__ = ["SATestSuiteWarning", "assert_warnings", "setup_filters", "warn_test_suite"]
