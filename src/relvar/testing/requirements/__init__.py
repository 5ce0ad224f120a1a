"""
Say what a database can do: tests of the suite run where their requirements are met.

A dialect's author derives a class and overrides what differs:

    from relvar.testing import exclusions
    from relvar.testing.requirements import SuiteRequirements

    class Requirements(SuiteRequirements):
        @property
        def window_functions(self):
            return exclusions.open()

        @property
        def json_type(self):
            return exclusions.only_if("mydb >= 4.2")

and names it in ``setup.cfg``, section ``[sqla_testing]``:
``requirement_cls=mypackage.requirements:Requirements``.
"""

from __future__ import annotations

from relvar.testing.configuration import Config
from relvar.testing.requirements.environment import EnvironmentRequirements
from relvar.testing.requirements.reflection import ReflectionRequirements
from relvar.testing.requirements.schema import SchemaRequirements
from relvar.testing.requirements.statements import StatementRequirements
from relvar.testing.requirements.values import TypeRequirements


class Requirements:
    """The base of every class of requirements."""


class SuiteRequirements(
    StatementRequirements,
    TypeRequirements,
    ReflectionRequirements,
    SchemaRequirements,
    EnvironmentRequirements,
    Requirements,
):
    """What the conformance suite asks; every property is a rule of ``relvar.testing.exclusions``."""

    def get_isolation_levels(self, config: Config) -> dict[str, object]:
        """Return the default isolation level of a database and all it supports."""
        dialect = config.db.dialect
        with config.db.connect() as connection:
            supported = list(dialect.get_isolation_level_values(connection.connection.dbapi_connection))
            return {"default": connection.default_isolation_level, "supported": supported}

    def get_order_by_collation(self, config: Config) -> str:
        """Return the name of a collation for tests of ORDER BY."""
        raise NotImplementedError()


__all__ = ["Requirements", "SuiteRequirements"]
