"""
Names in SQL text: when they need quotes, and how tables, columns, labels and
the like are written.

Rule 1: a name is written as it is when the database would read the same name
back; else it is quoted.
Rule 2: a ``quoted_name`` with ``quote`` true or false is beyond that question.
Rule 3: a preparer belongs to one dialect and knows no statement.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from relvar import exc
from relvar.compile.marks import SCHEMA, is_in_literal, schema_mark
from relvar.expr.names import _truncated_label, quoted_name
from relvar.util.pattern import pattern
from relvar.util.text import md5_hex

RESERVED_WORDS = set(
    """
    all analyse analyze and any array as asc asymmetric authorization between
    binary both case cast check collate column constraint create cross
    current_date current_role current_time current_timestamp current_user
    default deferrable desc distinct do else end except false for foreign
    freeze from full grant group having ilike in initially inner intersect
    into is isnull join leading left like limit localtime localtimestamp
    natural new not notnull null off offset old on only or order outer
    overlaps placing primary references right select session_user set similar
    some symmetric table then to trailing true union unique user using verbose
    when where
    """.split()
)

# "\Z", not "$": that would let a newline at the end pass
LEGAL_CHARACTERS = pattern(r"^[A-Z0-9_$]+\Z", re.I)
LEGAL_CHARACTERS_PLUS_SPACE = pattern(r"^[A-Z0-9_ $]+\Z", re.I)
ILLEGAL_INITIAL_CHARACTERS = frozenset("0123456789$")

_NO_SCHEMA = "_none"


def _schema_of(obj: Any) -> Any:
    """
    Return the schema to be named before a table or sequence; a schema translation replaces it.
    """
    return obj.schema


# So many names are remembered with what they look like in SQL.
_MOST_NAMES = 4_000


class IdentifierPreparer:
    """
    Quote and format identifiers for one dialect.

    A subclass changes the class attributes, or the quote characters handed to
    ``__init__``.
    """

    reserved_words: Any = RESERVED_WORDS
    legal_characters: re.Pattern[str] = LEGAL_CHARACTERS
    illegal_initial_characters: Any = ILLEGAL_INITIAL_CHARACTERS

    initial_quote: str
    final_quote: str

    schema_for_object: Callable[[Any], Any] = staticmethod(_schema_of)
    """
    The schema to write for a table or sequence; replaced where schema names
    are translated.
    """

    _includes_none_schema_translate = False
    _double_percents: bool

    def __init__(
        self,
        dialect: Any,
        initial_quote: str = '"',
        final_quote: str | None = None,
        escape_quote: str = '"',
        quote_case_sensitive_collations: bool = True,
        omit_schema: bool = False,
    ) -> None:
        self.dialect = dialect
        # dialects add to what their preparer has; a class of theirs may say that all words are reserved
        if type(self.reserved_words) in (set, frozenset, list, tuple):
            self.reserved_words = set(self.reserved_words)
        self.illegal_initial_characters = set(self.illegal_initial_characters)
        self.initial_quote = initial_quote
        self.final_quote = final_quote or initial_quote
        self.escape_quote = escape_quote
        self.escape_to_quote: str = self.escape_quote * 2
        self.omit_schema = omit_schema
        self.quote_case_sensitive_collations = quote_case_sensitive_collations
        self._strings: dict[str, str] = {}
        self._double_percents = getattr(dialect, "paramstyle", None) in ("format", "pyformat")

    # -- quoting ---------------------------------------------------------

    def _escape_identifier(self, value: str) -> str:
        """
        Escape what would end the quotes, and ``%`` where the driver reads it.
        """
        value = value.replace(self.escape_quote, self.escape_to_quote)
        if self._double_percents:
            value = value.replace("%", "%%")
        return value

    def _without_doubled_percents(self) -> IdentifierPreparer:
        """
        Return a preparer for names in a text whose percent signs will be doubled later.
        """
        if not self._double_percents:
            return self
        made = copy.copy(self)
        made._double_percents = False
        made._strings = {}
        return made

    def _unescape_identifier(self, value: str) -> str:
        return value.replace(self.escape_to_quote, self.escape_quote)

    def validate_sql_phrase(self, element: str, reg: re.Pattern[str]) -> str:
        """
        Return *element* if *reg* matches it.

        Keywords that users pass as plain strings (``ON DELETE ...``) go into
        the text unquoted, so they are checked.

        Raises:
            CompileError: It does not match.
        """
        if element is not None and not reg.match(element):
            raise exc.CompileError(f"Unexpected SQL phrase: {element!r} (matching against {reg.pattern!r})")
        return element

    def quote_identifier(self, value: str) -> str:
        """
        Quote *value* unconditionally.
        """
        return self.initial_quote + self._escape_identifier(value) + self.final_quote

    def _requires_quotes(self, value: str) -> bool:
        """
        Tell whether the database would not read *value* back as it is.
        """
        lowered = value.lower()
        return (
            lowered in self.reserved_words
            or value[:1] in self.illegal_initial_characters
            or not self.legal_characters.match(value)
            or lowered != value
        )

    def _requires_quotes_illegal_chars(self, value: Any) -> bool:
        """
        Tell whether *value* has characters that need quotes, case aside.
        """
        return not self.legal_characters.match(str(value))

    def quote_schema(self, schema: str) -> str:
        """
        Quote a schema name if needed; dialects with dotted schemas override it.
        """
        return self.quote(schema)

    def quote(self, ident: str) -> str:
        """
        Quote *ident* if needed.
        """
        if ident.__class__ is not str:
            forced = getattr(ident, "quote", None)
            if forced is not None:
                return self.quote_identifier(ident) if forced else ident
        text = self._strings.get(ident)
        if text is None:
            # nothing but text: a name of another class would be asked for it wherever it is written
            text = self.quote_identifier(ident) if self._requires_quotes(ident) else str.__str__(ident)
            if len(self._strings) >= _MOST_NAMES:
                # a program that makes names up
                self._strings.clear()
            self._strings[ident] = text
        return text

    # -- formatting ------------------------------------------------------

    def format_collation(self, collation_name: str, collation_schema: str | None = None) -> str:
        """
        Return the name of a collation, with its schema if there is one.

        Raises:
            CompileError: The database would need quotes there, and takes none.
        """
        if self.quote_case_sensitive_collations:
            text = self.quote(collation_name)
        elif self._requires_quotes_illegal_chars(collation_name):
            raise exc.CompileError(
                f"{collation_name!r} is no name of a collation: this database takes letters, digits and '_' "
                "there, and no quotes"
            )
        else:
            text = collation_name
        if collation_schema is not None:
            return f"{self.quote_schema(collation_schema)}.{text}"
        return text

    def format_sequence(self, sequence: Any, use_schema: bool = True) -> str:
        """
        Return the name of a sequence, with its schema.
        """
        name = self.quote(sequence.name)
        schema = self.schema_for_object(sequence)
        if not self.omit_schema and use_schema and schema is not None:
            name = f"{self.quote_schema(schema)}.{name}"
        return name

    def format_label(self, label: Any, name: str | None = None) -> str:
        """
        Return the name of a label.
        """
        return self.quote(name or label.name)

    def format_alias(self, alias: Any, name: str | None = None) -> str:
        """
        Return the name of an alias.
        """
        return self.quote(name or alias.name)

    def format_savepoint(self, savepoint: Any, name: str | None = None) -> str:
        """
        Return the name of a savepoint; generated names need no quotes.
        """
        ident = name or savepoint.ident
        return self.quote_identifier(ident) if self._requires_quotes(ident) else ident

    def format_constraint(self, constraint: Any, _alembic_quote: bool = True) -> str | None:
        """
        Return the name of a constraint after naming conventions, or ``None``.
        """
        from_convention = getattr(constraint, "_name_by_convention", None)
        name = from_convention() if from_convention is not None else constraint.name
        if name is None:
            return None
        if constraint.__visit_name__ == "index":
            return self.truncate_and_render_index_name(name, _alembic_quote=_alembic_quote)
        return self.truncate_and_render_constraint_name(name, _alembic_quote=_alembic_quote)

    def truncate_and_render_index_name(self, name: str, _alembic_quote: bool = True) -> str:
        """
        Return an index name no longer than the dialect allows.
        """
        max_ = self.dialect.max_index_name_length or self.dialect.max_identifier_length
        return self._truncate_and_render_maxlen_name(name, max_, _alembic_quote)

    def truncate_and_render_constraint_name(self, name: str, _alembic_quote: bool = True) -> str:
        """
        Return a constraint name no longer than the dialect allows.
        """
        max_ = self.dialect.max_constraint_name_length or self.dialect.max_identifier_length
        return self._truncate_and_render_maxlen_name(name, max_, _alembic_quote)

    def _truncate_and_render_maxlen_name(self, name: str, max_: int, _alembic_quote: bool) -> str:
        # a generated name is shortened, keeping it unique by a digest; a
        # name that somebody chose must not change silently
        if isinstance(name, _truncated_label):
            if len(name) > max_:
                name = f"{name[0 : max_ - 8]}_{md5_hex(str(name))[-4:]}"
        else:
            self.dialect.validate_identifier(name)
        return self.quote(name) if _alembic_quote else name

    def format_index(self, index: Any) -> str:
        """
        Return the name of an index.

        Raises:
            CompileError: It has none.
        """
        name = self.format_constraint(index)
        if name is None:
            raise exc.CompileError(f"Index {index!r} has no name")
        return name

    def format_table(self, table: Any, use_schema: bool = True, name: str | None = None) -> str:
        """
        Return the name of a table, with its schema.
        """
        if name is None:
            name = table.name
        result = self.quote(name)
        if use_schema and not self.omit_schema:
            schema = self.schema_for_object(table)
            if schema:
                result = f"{self.quote_schema(schema)}.{result}"
        return result

    def format_schema(self, name: str) -> str:
        """
        Return the name of a schema.
        """
        return self.quote(name)

    def format_label_name(self, name: Any, anon_map: Any = None) -> str:
        """
        Return the name of a label, resolving an anonymous one by *anon_map*.
        """
        if anon_map is not None and hasattr(name, "apply_map"):
            name = name.apply_map(anon_map)
        return self.quote(name)

    def format_column(
        self,
        column: Any,
        use_table: bool = False,
        name: str | None = None,
        table_name: str | None = None,
        use_schema: bool = False,
        anon_map: Any = None,
    ) -> str:
        """
        Return the name of a column, behind its table's with *use_table*.
        """
        if name is None:
            name = column.name
        if anon_map is not None and hasattr(name, "apply_map"):
            name = name.apply_map(anon_map)
        # a literal column is text and never quoted
        text: str = name if getattr(column, "is_literal", False) else self.quote(name)
        if use_table:
            return f"{self.format_table(column.table, use_schema=use_schema, name=table_name)}.{text}"
        return text

    def format_table_seq(self, table: Any, use_schema: bool = True) -> tuple[str, ...]:
        """
        Return ``(schema, table)`` quoted, or ``(table,)``.
        """
        schema = self.schema_for_object(table)
        if not self.omit_schema and use_schema and schema:
            return (self.quote_schema(schema), self.format_table(table, use_schema=False))
        return (self.format_table(table, use_schema=False),)

    # -- reading back ----------------------------------------------------

    @property
    def _r_identifiers(self) -> re.Pattern[str]:
        initial, final, escaped = (
            re.escape(text)
            for text in (self.initial_quote, self.final_quote, self._escape_identifier(self.final_quote))
        )
        return re.compile(rf"(?:(?:{initial}((?:{escaped}|[^{final}])+){final}|([^\.]+))(?=\.|$))+")

    def unformat_identifiers(self, identifiers: str) -> list[str]:
        """
        Split ``"a"."b".c`` into its names, without quotes.
        """
        return [
            self._unescape_identifier(quoted or plain)
            for quoted, plain in self._r_identifiers.findall(identifiers)
        ]

    # -- schema translation ----------------------------------------------

    def _with_schema_translate(self, schema_translate_map: Mapping[str | None, Any]) -> IdentifierPreparer:
        """
        Return a copy that writes `marks` where the map applies.

        The text stays valid for every map with the same kind of keys; the
        names are filled in at execution.
        """
        prep = copy.copy(self)
        includes_none = None in schema_translate_map

        def marker_for(obj: Any) -> Any:
            schema = obj.schema
            if getattr(obj, "_use_schema_map", True) and (schema is not None or includes_none):
                if schema is not None and ("[" in schema or "]" in schema):
                    raise exc.CompileError(
                        f"Square bracket characters ([]) not supported in schema translate name {schema!r}"
                    )
                return quoted_name(schema_mark(schema or _NO_SCHEMA), quote=False)
            return schema

        prep.schema_for_object = marker_for
        prep._includes_none_schema_translate = includes_none
        return prep

    def _render_schema_translates(
        self, statement: str, schema_translate_map: Mapping[str | None, Any]
    ) -> str:
        """
        Fill the marks of `_with_schema_translate` in *statement*.
        """
        names: dict[Any, Any] = dict(schema_translate_map)
        if self._includes_none_schema_translate:
            if None not in names:
                raise exc.InvalidRequestError(
                    "schema translate map which previously had `None` present as a key now no longer has "
                    "it present; don't know how to apply schema for compiled statement. Please use "
                    "consistent keys in successive schema_translate_map dictionaries."
                )
            names[_NO_SCHEMA] = names[None]
        elif None in names:
            raise exc.InvalidRequestError(
                "schema translate map which previously did not have `None` present as a key now has "
                "`None` present; compiled statement may lack adequate placeholders.  Please use consistent "
                "keys in successive schema_translate_map dictionaries."
            )

        def fill(mark: re.Match[str]) -> str:
            name = mark.group(2)
            effective = names.get(name, None if name == _NO_SCHEMA else name)
            if not effective:
                effective = self.dialect.default_schema_name
                if not effective:
                    raise exc.CompileError(
                        "Dialect has no default schema name; can't use None as dynamic schema target."
                    )
            text = self.quote_schema(effective)
            return text.replace("'", "''") if is_in_literal(mark.group(1)) else text

        return SCHEMA.sub(fill, statement)
