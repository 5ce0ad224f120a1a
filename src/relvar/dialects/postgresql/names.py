"""
Names in PostgreSQL: reserved words and quotes.

Source: https://www.postgresql.org/docs/current/sql-keywords-appendix.html
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.marks import in_literal
from relvar.compile.names import IdentifierPreparer

RESERVED_WORDS = set(
    """
    all analyse analyze and any array as asc asymmetric authorization between binary
    both case cast check collate column constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user
    default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join
    leading left like limit localtime localtimestamp natural new not notnull null of off
    offset old on only or order outer over overlaps placing primary references returning
    right select session_user similar some symmetric table then to trailing true union
    unique user using variadic verbose when where window with
    """.split()
)


class PGIdentifierPreparer(IdentifierPreparer):
    """
    Quote and format names for PostgreSQL.
    """

    reserved_words: Any = RESERVED_WORDS

    def quote_literal(self, text: str) -> str:
        """
        Return a string literal; *text* may be quoted names, as ``nextval`` takes them.
        """
        escaped = in_literal(text)
        if self.dialect._backslash_escapes:
            escaped = escaped.replace("\\", "\\\\")
        return f"'{escaped}'"

    def format_type(self, type_: Any, use_schema: bool = True) -> str:
        """
        Return the name of a type that was created in the database (ENUM, DOMAIN).

        Raises:
            CompileError: It has none.
        """
        if not type_.name:
            raise exc.CompileError(f"PostgreSQL {type_.__class__.__name__} type requires a name.")
        name = self.quote(type_.name)
        schema = self.schema_for_object(type_)
        if not self.omit_schema and use_schema and schema is not None:
            # a type without schema of its own, on a table with one
            name = f"{self.quote_schema(schema)}.{name}"
        return name
