"""
A file of Python as bytes, of which single places are replaced.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from typing import Any

__all__ = ["Source"]


class Source:
    """
    The bytes of a file, its tree, and the replacements that were asked for.

    The tree counts columns in bytes of UTF-8, so that is what text is held in; encoding, byte order mark and
    ends of lines are given back as they were.

    >>> source = Source(b"import a  # \\xe4".replace(b"\\xe4", "ä".encode()))
    >>> source.replace(7, 8, "b")
    >>> source.changed().decode()
    'import b  # ä'

    Raises:
        SyntaxError: It is not Python, or not in the encoding that it says.
    """

    def __init__(self, content: bytes) -> None:
        self.encoding: str = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        self.mark = codecs.BOM_UTF8 if self.encoding == "utf-8-sig" else b""
        codec = "utf-8" if self.mark else self.encoding
        try:
            self.text: str = content[len(self.mark) :].decode(codec)
        except UnicodeDecodeError as error:
            raise SyntaxError(f"not {codec}: {error.reason} at byte {error.start}") from error
        self.codec = codec
        self.bytes: bytes = self.text.encode()
        self.tree: ast.Module = ast.parse(self.text)
        self._lines = [0, *(found.end() for found in re.finditer(rb"\r\n|\r|\n", self.bytes))]
        self._edits: dict[tuple[int, int], bytes] = {}

    def start(self, node: Any) -> int:
        """
        Return where a node begins.
        """
        return int(self._lines[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """
        Return where a node ends.
        """
        return int(self._lines[node.end_lineno - 1] + node.end_col_offset)

    def replace(self, start: int, end: int, text: str) -> None:
        """
        Ask for other text at a place.
        """
        self._edits[start, end] = text.encode()

    def changed(self) -> bytes:
        """
        Return the file with all replacements, in its own encoding.
        """
        parts, position = [], 0
        for (start, end), text in sorted(self._edits.items()):
            parts += [self.bytes[position:start], text]
            position = end
        parts.append(self.bytes[position:])
        return self.mark + b"".join(parts).decode().encode(self.codec)
