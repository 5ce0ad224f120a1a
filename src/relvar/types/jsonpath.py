"""
Paths into JSON documents, as most databases spell them: ``$."key"[1]``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from relvar.types.base import BindProcessor, LiteralProcessor, TypeEngine
from relvar.types.text import STRINGTYPE


class DollarPath(TypeEngine[Any]):
    """
    Base of the types of what stands in ``json_column[...]``, where paths begin with ``$``.

    A key is spelled by the serializer that the documents are written with.  That keeps quotes
    and backslashes inside of the key, and it is what finds a key: MariaDB, and SQLite before 3.45,
    compare the spelling in the path with the one in the document.
    """

    _is_path = False
    "Values are sequences of steps, not one step."

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return self._processor(dialect, STRINGTYPE.bind_processor(dialect))

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        return self._processor(dialect, STRINGTYPE.literal_processor(dialect))

    def _processor(self, dialect: Any, string: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
        is_path = self._is_path

        def step(value: Any) -> str:
            return f"[{int(value)}]" if isinstance(value, int) else f".{self._key(str(value), dialect)}"

        def process(value: Any) -> Any:
            text = "$" + "".join([step(one) for one in (value if is_path else (value,))])
            return text if string is None else string(text)

        return process

    def _key(self, key: str, dialect: Any) -> str:
        """
        Return *key* as a step of a path.
        """
        return spelled_key(key, dialect)


def spelled_key(key: str, dialect: Any) -> str:
    """
    Return *key* as it stands in documents that are written through *dialect*, with its quotes.

    >>> from relvar.dialects import sqlite
    >>> print(spelled_key('5" "inch', sqlite.dialect()))
    "5\\" \\"inch"
    """
    spelled = (getattr(dialect, "_json_serializer", None) or json.dumps)(key)
    return spelled if isinstance(spelled, str) and spelled[:1] == '"' else json.dumps(key)
