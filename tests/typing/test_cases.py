"""
Types as mypy and pyright see them: row by row of the features, as ``make lint`` found it.

Where nothing was checked since the sources changed, the first test checks: it takes half a minute.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import check_typing
import derive_overloads
import pytest

from relvar.orm import configure_mappers

CASES = check_typing.cases()


@pytest.fixture(scope="module")
def wrong() -> list[str]:
    """What the checkers found that should not be so."""
    absent = [name for name in ("mypy", "pyright") if importlib.util.find_spec(name) is None]
    if absent:
        pytest.skip(f"{' and '.join(absent)} not installed: make lint")
    found = check_typing.known()
    return check_typing.check() if found is None else found


@pytest.mark.feature("J001")
def test_users_need_no_plugin_and_no_name_is_untyped(wrong: list[str]) -> None:
    assert wrong == []
    assert files("relvar").joinpath("py.typed").is_file()
    settings = tomllib.loads((check_typing.ROOT / "pyproject.toml").read_text())
    assert "plugins" not in settings["tool"]["mypy"]
    assert {"py.typed", "**/*.pyi"} <= set(settings["tool"]["setuptools"]["package-data"]["relvar"])


@pytest.mark.parametrize(
    "names, least",
    [
        pytest.param(
            ("statements", "sessions", "asyncio_engine", "expressions", "errors"),
            300,
            marks=pytest.mark.feature("J002"),
            id="statements and results",
        ),
        pytest.param(("attributes",), 50, marks=pytest.mark.feature("J003"), id="attributes"),
        pytest.param(("mapped_dataclasses",), 20, marks=pytest.mark.feature("J004"), id="dataclasses"),
        pytest.param(("core_tables",), 40, marks=pytest.mark.feature("J005"), id="tables"),
        pytest.param(("helpers",), 40, marks=pytest.mark.feature("J006"), id="helpers"),
        pytest.param(("hybrids",), 20, marks=pytest.mark.feature("J007"), id="hybrids"),
        pytest.param(("gaps",), 12, marks=pytest.mark.feature("J008"), id="gaps"),
    ],
)
def test_both_checkers_infer_and_refuse_what_the_cases_say(
    wrong: list[str], names: tuple[str, ...], least: int
) -> None:
    cases = 0
    for name in names:
        path = check_typing.TYPING / f"{name}.py"
        text = path.read_text()
        cases += text.count("assert_type(") + text.count("  # E\n")
        assert [line for line in wrong if line.startswith(f"{path.relative_to(check_typing.ROOT)}:")] == []
    assert cases >= least


def test_overloads_are_as_the_tool_writes_them() -> None:
    for path, text in derive_overloads.stubs():
        assert path.read_text() == text, f"{path.name}: run tools/derive_overloads.py"


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the files with cases import each other, as type checkers do."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(check_typing.TYPING))
    yield
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == check_typing.TYPING:
            del sys.modules[name]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"case_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_right_to_the_checkers_runs(beside: None, path: Path) -> None:
    module = load(path)
    configure_mappers()
    for function in vars(module).values():
        if not inspect.isfunction(function) or function.__module__ != module.__name__:
            continue
        source = inspect.getsource(function)
        if not inspect.signature(function).parameters and not inspect.iscoroutinefunction(function):
            if "# E\n" not in source:
                function()
