"""Load the suite's plugin; the dialect need not be installed for its own tests."""

import pytest

from relvar.dialects import registry

registry.register("vaultdb", "vaultdb.base", "VaultDialect")
registry.register("vaultdb.file", "vaultdb.base", "VaultDialect")

pytest.register_assert_rewrite("relvar.testing.assertions")

from relvar.testing.plugin.pytestplugin import *  # noqa: F403  # after the dialect is known
