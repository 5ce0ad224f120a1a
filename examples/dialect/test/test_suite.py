"""The conformance suite on this dialect, and what differs here."""

import pytest

from relvar import testing
from relvar.testing.suite import *  # noqa: F403  # the suite is all there is in it
from relvar.testing.suite import IntegerTest as _IntegerTest
from relvar.testing.suite import LastrowidTest as _LastrowidTest


class IntegerTest(_IntegerTest):
    @pytest.mark.skip("numbers without a type are bound as they are")
    def test_huge_int_auto_accommodation(self, connection, intvalue):
        pass


class LastrowidTest(_LastrowidTest):
    def test_counted_inserts(self, connection):
        """The context of this dialect notes each key it asked the driver for."""
        result = connection.execute(self.tables.autoinc_pk.insert().inline(), {"data": "x"})
        testing.eq_(result.context.asked_for, [result.lastrowid])


class ProvisionTest(testing.fixtures.TestBase):
    def test_hooks_of_this_dialect_ran(self):
        from vaultdb import provision

        assert {"configured", "temporary table"} <= provision.used
