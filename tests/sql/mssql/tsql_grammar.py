"""
Whether text is T-SQL, as sqlfluff's grammar has it.

It takes what is right, but for some functions, and notices about half of what is wrong.
"""

from __future__ import annotations

import copyreg
import functools
import os
import re
from typing import Any

import pytest

once = pytest.mark.skipif(
    os.environ.get("RELVAR_PURE") == "1", reason="the text does not depend on kernels, so it is parsed once"
)


@functools.cache
def _tools() -> Any:
    pickling = dict(copyreg.dispatch_table)
    core = pytest.importorskip("sqlfluff.core", reason="sqlfluff is not installed")
    # it has all exceptions of the process pickled in its own way, with causes and tracebacks
    copyreg.dispatch_table.clear()
    copyreg.dispatch_table.update(pickling)
    config = core.FluffConfig.from_kwargs(dialect="tsql")
    return core.Lexer(config=config), core.Parser(config=config)


def unparsable(text: str) -> list[str]:
    """Return the pieces of a statement that are no T-SQL; parameters are written as variables."""
    lexer, parser = _tools()
    text = re.sub(r"__\[POSTCOMPILE_\w+\]", "1", text)
    text = re.sub(r"(?<![:\w]):\w+", "@p", text)
    text = re.sub(r"\?|%\(\w+\)s", "@p", text)
    tokens, errors = lexer.lex(text)
    if errors:
        return [str(error) for error in errors]
    tree = parser.parse(tuple(tokens))
    return [] if tree is None else [piece.raw for piece in tree.recursive_crawl("unparsable")]
