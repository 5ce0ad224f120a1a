"""
Test a dialect, and whatever stands on relvar.

``relvar.testing.suite`` has the tests of a database, ``requirements`` says which of
them it can pass, ``plugin.pytestplugin`` runs them.  Nothing here is imported by relvar.
"""

from typing import Any

from relvar.testing import asyncio, config, engines, exclusions, mock, schema, warnings
from relvar.testing.assertions import (
    AssertsCompiledSQL,
    AssertsExecutionResults,
    ComparesIndexes,
    ComparesTables,
    assert_raises,
    assert_raises_context_ok,
    assert_raises_message,
    assert_raises_message_context_ok,
    assert_warns,
    assert_warns_message,
    emits_warning,
    emits_warning_on,
    eq_,
    eq_ignore_whitespace,
    eq_regex,
    expect_deprecated,
    expect_deprecated_20,
    expect_raises,
    expect_raises_message,
    expect_warnings,
    in_,
    int_within_variance,
    is_,
    is_false,
    is_instance_of,
    is_none,
    is_not,
    is_not_,
    is_not_none,
    is_true,
    le_,
    ne_,
    not_in,
    not_in_,
    startswith_,
    uses_deprecated,
)
from relvar.testing.config import (
    Variation,
    add_to_marker,
    async_test,
    combinations,
    combinations_list,
    fixture,
    skip_test,
    variation,
    variation_fixture,
)
from relvar.testing.exclusions import (
    db_spec,
    exclude,
    fails,
    fails_if,
    fails_on,
    fails_on_everything_except,
    future,
    only_if,
    only_on,
    skip,
    skip_if,
    warns_if,
)
from relvar.testing.lazyloads import assert_no_lazy_loads
from relvar.testing.queries import assert_queries
from relvar.testing.rolledback import rolled_back
from relvar.testing.schema import eq_clause_element, eq_type_affinity
from relvar.testing.scratch import scratch_database
from relvar.testing.util import (
    adict,
    fail,
    flag_combinations,
    force_drop_names,
    lambda_combinations,
    metadata_fixture,
    provide_metadata,
    resolve_lambda,
    rowset,
    run_as_contextmanager,
    skip_if_timeout,
    teardown_events,
    unpickle_in_subprocess,
)
from relvar.testing.warnings import assert_warnings, warn_test_suite


class _Requires:
    """The requirements in use: ``@testing.requires.savepoints``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(config.requirements_in_use(), name)


requires: _Requires = _Requires()


def against(*queries: Any) -> bool:
    """Return whether the running test's database is one of those named."""
    return exclusions.against(config.current_config(), *queries)


def crashes(db: str, reason: str) -> Any:
    """Skip on a database that the test would bring down."""
    return skip(db, reason)


def __getattr__(name: str) -> Any:
    if name == "db":
        return config.current_config().db
    raise AttributeError(f"module 'relvar.testing' has no attribute {name!r}")
