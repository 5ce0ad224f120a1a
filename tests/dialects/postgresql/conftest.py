"""The tests of this folder that ask for ``pg_engine`` run on each version of the server that there is."""

from __future__ import annotations

from typing import Any

import pytest

VERSIONS = ("postgresql", "postgresql18")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Mark such a test for the versions, unless it names its backends itself."""
    marked = metafunc.definition.get_closest_marker("backends")
    if "pg_engine" in metafunc.fixturenames and marked is None:
        metafunc.definition.add_marker(pytest.mark.backends(*VERSIONS))


@pytest.fixture
def pg_engine(engine: Any) -> Any:
    """An engine on an empty database of one of the versions."""
    return engine
