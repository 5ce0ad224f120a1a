"""
Strings that break programs which build SQL by hand: one corpus for all tests.

`STRINGS` are values, `NAMES` are for whatever may have a name.  None has a NUL character:
PostgreSQL has no such strings, so tests that want one say what should happen.
"""

from __future__ import annotations

from typing import Any

_QUOTES = [
    *("'", "''", "'''", '"', '""', "`", "``", "[x]", "]", "]]", "ʼ", "’", "‘x’", "＇ OR 1=1", "＂", "´"),
    *("it's", 'say "x"', "' OR '1'='1", "E'\\x27'", "U&'\\0027'", "N'x'", "x'41'", "$$", "$tag$ x $tag$"),
]
_BACKSLASHES = ["\\", "\\\\", "\\'", "\\'; --", "\\n", "\\0", "\\%", "\\_", "\\x27", "\\u0027", "x\\"]
_INJECTIONS = [
    "'; DROP TABLE words; --",
    "'); DELETE FROM words; --",
    "\\'); DELETE FROM words; -- ",
    "x' UNION SELECT id, id FROM words --",
    "1; SELECT 1",
    "0x27",
]
_COMMENTS = ["-- comment", "--", "# comment", "/* comment", "*/", "/*! 50000 x */", ";", "a;b", "-", "- -"]
_PLACEHOLDERS = [
    *("?", "??", "%", "%%", "%%%", "%s", "%%s", "%(x)s", "%%(x)s", "%(word)s", "%b%t", "%d", "100% sure"),
    *(":x", "::x", ":word_1", "\\:x", "$1", ":1", "@x", "@@version", "{x}", "{0}", "{}", "${x}", "％s"),
]
_MARKS = [
    *("__[POSTCOMPILE_x]", "__[POSTCOMPILE_word_1]", "(__[POSTCOMPILE_word_1])", "__[POSTCOMPILE_word_1"),
    *("__[POSTCOMPILE_id_1]", "__[POSTCOMPILE_id_1~~a~~REPL~~b~~]", "__[SCHEMA_x]", "__[SCHEMA__none]"),
    *("__BINDMARKER_~~word~~", "\x01word_1\x02", "[_POSITION]", ":[_POSITION]", "VALUES (?, ?, ?)", "(NULL)"),
]
_PATTERNS = ["_", "__", "a_b", "/", "a/b", "^", "[a-z]", "[^a]", "*", "#"]
_WORDS = ["NULL", "null", "true", "0", "DEFAULT", "", " ", "  two  "]
_CONTROLS = ["\t", "\n", "\r\n", "a\nb", "\n;", "--\nx", "\x01\x02\x1b[31m", "\x7f", "\x1a", "\x08x"]
_UNICODE = [
    *("ä", "ß", "☃", "𝔘𝔫𝔦", "👩\u200d👧", "e\u0301", "\u0301", "\u202eabc", "\ufeffbom", "\u2028line"),
    *("\u200bzero", "\u00a0", "\u0130\u0131", "\u017f\u212a", "\u0080\u009f", "\uffff", "\U0010ffff"),
]

STRINGS = [
    *_QUOTES,
    *_BACKSLASHES,
    *_INJECTIONS,
    *_COMMENTS,
    *_PLACEHOLDERS,
    *_MARKS,
    *_PATTERNS,
    *_WORDS,
    *_CONTROLS,
    *_UNICODE,
    "a" * 300,
]

NAMES = [
    *('it"s', '"', "it's", "back`tick", "``", "[x]", "]", "x]]", "(x)", "(", ")", "{x}", "%", "%%", "%s"),
    *("per%cent", "%(x)s", "%(id)s", "100%%", "a b", "a_b", "a.b", ".", "a-b", "a,b", "a=b", "?", "??", "$1"),
    *(":x", "::", "a:b", "\\:x", "@x", "#x", "semi;colon", "-- x", "--", "/* x", "*/", "back\\slash", "\\"),
    *("'; DROP TABLE words; --", "tab\there", "line\nbreak", "newline\n", "\x01", "a\x02b", "ä☃", "e\u0301"),
    *("\u202ertl", "CamelCase", "select", "null", "1st", "007", "_", "__x", "x__0", "a__1", "$y", "😀"),
    *("__[POSTCOMPILE_x]", "__[POSTCOMPILE_id_1]", "__[POSTCOMPILE_odd_1]", "__[SCHEMA_x]", "~~"),
    *("a~~b~~REPL~~c", "VALUES (?, ?, ?)", "VALUES (%s, %s, %s)", "\u017f", "\u212a"),
]

SHORT = [word for word in STRINGS if len(word) < 60]


def texts_of(dialect: Any) -> list[str]:
    """The strings that can stand in DDL: MariaDB keeps that in three bytes per character."""
    if dialect.name in ("mysql", "mariadb"):
        return [word for word in SHORT if max(word, default="") <= "\uffff"]
    return SHORT


def names_of(dialect: Any) -> list[str]:
    """
    The names that the database itself allows.

    Names of MariaDB have three bytes per character; blanks at the end are an error, control characters
    at the start of an alias are cut off.
    """
    if dialect.name not in ("mysql", "mariadb"):
        return NAMES
    return [name for name in NAMES if max(name) <= "\uffff" and name == name.strip() and name[0] > " "]
