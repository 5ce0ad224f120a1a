"""
Names in Microsoft SQL Server: reserved words and quotes.

Source: https://learn.microsoft.com/sql/t-sql/language-elements/reserved-keywords-transact-sql
"""

from __future__ import annotations

import re
from typing import Any

from relvar.compile.names import IdentifierPreparer

RESERVED_WORDS = set(
    """
    add all alter and any as asc authorization backup begin between break browse bulk by
    cascade case check checkpoint close clustered coalesce collate column commit compute
    constraint contains containstable continue convert create cross current current_date
    current_time current_timestamp current_user cursor database dbcc deallocate declare
    default delete deny desc disk distinct distributed double drop dump else end errlvl
    escape except exec execute exists exit external fetch file fillfactor for foreign
    freetext freetexttable from full function goto grant group having holdlock identity
    identity_insert identitycol if in index inner insert intersect into is join key kill
    left like lineno load merge national nocheck nonclustered not null nullif of off
    offsets on open opendatasource openquery openrowset openxml option or order outer
    over percent pivot plan precision primary print proc procedure public raiserror read
    readtext reconfigure references replication restore restrict return revert revoke
    right rollback rowcount rowguidcol rule save schema securityaudit select
    session_user set setuser shutdown some statistics system_user table tablesample
    textsize then to top tran transaction trigger truncate tsequal union unique unpivot
    update updatetext use user values varying view waitfor when where while with
    writetext
    """.split()
)

_SCHEMA_PARTS = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class MSIdentifierPreparer(IdentifierPreparer):
    """
    Quote and format names for SQL Server.
    """

    reserved_words: Any = RESERVED_WORDS

    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect, initial_quote="[", final_quote="]", quote_case_sensitive_collations=False)

    def _escape_identifier(self, value: str) -> str:
        return value.replace("]", "]]")

    def _unescape_identifier(self, value: str) -> str:
        return value.replace("]]", "]")

    def quote_schema(self, schema: str) -> str:
        """
        Quote ``database.owner`` part by part; ``[...]`` keeps dots in one part.
        """
        if getattr(schema, "quote", None) is not None:
            return self.quote(schema)
        database, owner = schema_parts(schema)
        return self.quote(owner) if database is None else f"{self.quote(database)}.{self.quote(owner)}"


def schema_parts(schema: str) -> tuple[str | None, str]:
    """
    Divide a schema into database and owner: the last part is the owner, whatever is before it the database.

    >>> schema_parts("dbo"), schema_parts("db.dbo"), schema_parts("[my.db].dbo"), schema_parts("srv.db.dbo")
    ((None, 'dbo'), ('db', 'dbo'), ('my.db', 'dbo'), ('srv.db', 'dbo'))
    """
    if getattr(schema, "quote", None) is not None:
        return None, schema
    parts = [bracketed or plain for bracketed, plain in _SCHEMA_PARTS.findall(schema)]
    if len(parts) < 2:
        return None, parts[0] if parts else schema
    return ".".join(parts[:-1]), parts[-1]
