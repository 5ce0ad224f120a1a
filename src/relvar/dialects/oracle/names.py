"""
Names in Oracle Database: reserved words, quotes, and names of parameters.

Source: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Oracle-SQL-Reserved-Words.html
"""

from __future__ import annotations

from typing import Any

from relvar.compile.names import ILLEGAL_INITIAL_CHARACTERS, IdentifierPreparer

RESERVED_WORDS = set(
    """
    all alter and any as asc between by char check cluster comment compress connect create
    current date decimal default delete desc distinct drop else exclusive exists float for
    from grant group having identified in index insert integer intersect into is level
    like lock long minus mode nocompress not nowait null number of on option or order
    pctfree prior public raw rename resource revoke select set share size smallint start
    synonym table then to trigger uid union unique update user values varchar varchar2
    view where with
    """.split()
)


class OracleIdentifierPreparer(IdentifierPreparer):
    """
    Quote and format names for Oracle Database.
    """

    reserved_words: Any = RESERVED_WORDS
    illegal_initial_characters: Any = ILLEGAL_INITIAL_CHARACTERS | {"_"}

    def _bindparam_requires_quotes(self, value: str) -> bool:
        """
        Tell whether a parameter can only have this name in quotes; its case does not matter.
        """
        return (
            value.lower() in self.reserved_words
            or value[0] in self.illegal_initial_characters
            or not self.legal_characters.match(value)
        )

    def format_savepoint(self, savepoint: Any, name: str | None = None) -> str:
        # generated names begin with an underscore, which this database does not take
        return super().format_savepoint(savepoint, (name or savepoint.ident).lstrip("_"))
