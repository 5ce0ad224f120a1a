"""
Run test classes under pytest; in ``conftest.py``:

    from relvar.testing.plugin.pytestplugin import *
"""

from __future__ import annotations

import inspect
import sys
import uuid
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

if "relvar.testing.suite" not in sys.modules:
    pytest.register_assert_rewrite("relvar.testing.suite")

from relvar.testing import asyncio as _asyncio
from relvar.testing import config as _settings
from relvar.testing import exclusions as _exclusions
from relvar.testing import provision as _provision
from relvar.testing.configuration import state as _configuration
from relvar.testing.fixtures import TestBase
from relvar.testing.plugin import plugin_base


def pytest_addoption(parser: Any) -> None:
    """Add the options of ``plugin_base``."""
    group = parser.getgroup("relvar")
    plugin_base.setup_options(group.addoption)


def pytest_configure(config: Any) -> None:
    """Read the files and the options."""
    config.addinivalue_line("markers", f"{_settings.MARK}(rule): where a combination of arguments runs")
    config.addinivalue_line("filterwarnings", "error::relvar.exc.SAWarning")
    plugin_base.read_config(config.rootpath)
    plugin_base.pre_begin(config.option)
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_Followers())


def pytest_sessionstart(session: Any) -> None:
    """Make the engines."""
    workerinput = getattr(session.config, "workerinput", {})
    plugin_base.post_begin(workerinput.get("follower_ident"))


def pytest_sessionfinish(session: Any) -> None:
    """Close the engines."""
    plugin_base.final_process_cleanup()


class _Followers:
    """Databases for the workers of pytest-xdist."""

    def pytest_configure_node(self, node: Any) -> None:
        """Make the databases of a worker."""
        ident = f"test_{uuid.uuid4().hex[0:12]}"
        node.workerinput["follower_ident"] = ident
        _provision.create_follower_db(ident)

    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Drop the databases of a worker."""
        _provision.drop_follower_db(node.workerinput["follower_ident"])


# Collecting ------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> Any:
    """Collect classes derived from TestBase, whatever they are called, once per database."""
    if not (inspect.isclass(obj) and issubclass(obj, TestBase)):
        return None
    if not plugin_base.want_class(name, obj):
        return []
    return [_class_node(collector, made) for made in plugin_base.generate_sub_tests(obj, name)]


def _class_node(collector: Any, made: type) -> Any:
    node: Any = pytest.Class.from_parent(collector, name=made.__name__)
    node.obj = made
    return node


def _is_ours(item: Any) -> bool:
    return getattr(item, "cls", None) is not None and hasattr(item.cls, "_relvar_config")


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out tests by tag; put ours in order of their names, which is part of their interface."""
    others = [item for item in items if not _is_ours(item)]
    ours = [item for item in items if _is_ours(item) and plugin_base.want_method(item.cls, item.function)]
    ours.sort(key=lambda item: (item.path.name, item.cls.__name__, item.name))
    items[:] = others + ours


# Running ---------------------------------------------------------------------------------------------


def _rules(item: Any) -> list[_exclusions.compound]:
    rule = _exclusions.rule_of(item.function)
    marked = [mark.args[0] for mark in item.iter_markers(_settings.MARK)]
    return marked if rule is None else [rule, *marked]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: Any, nextitem: Any) -> bool | None:
    """Run a test with its fixtures in the event loop, where a driver is asynchronous."""
    if not (_configuration.any_async and _is_ours(item)):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    _asyncio._assume_async(runtestprotocol, item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    """Set the database and skip before any fixture is made."""
    if _is_ours(item):
        reason = plugin_base.before_test(item.cls, item.function, _rules(item))
        if reason is not None:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: Any) -> Any:
    """Turn a failure that is expected into success, and the other way round."""
    if not _is_ours(item):
        return (yield)
    rules = _rules(item)
    reason = plugin_base.expected_failure(item.cls, rules)
    if reason is None:
        with plugin_base.expecting_warnings(item.cls, rules):
            return (yield)
    try:
        yield
    except Exception:
        return None
    pytest.fail(f"Unexpected success for '{item.name}' ({reason})")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: Any, nextitem: Any) -> None:
    """Close what a class left open when its last test has run."""
    if _is_ours(item) and (
        nextitem is None or nextitem.getparent(pytest.Class) is not item.getparent(pytest.Class)
    ):
        plugin_base.stop_test_class_outside_fixtures(item.cls)


__all__ = [
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_pycollect_makeitem",
    "pytest_runtest_call",
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_sessionfinish",
    "pytest_sessionstart",
]
