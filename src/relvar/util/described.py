"""
Mix a documentation code into exceptions and warnings.

An error that has a code ends with a line that says where its background is
explained; the address holds the version whose behaviour is meant.
"""

from __future__ import annotations

from typing import Any

VERSION_TOKEN = "21"


class HasDescriptionCode:
    """
    Hold an optional ``code`` and print the link to its explanation.
    """

    code: str | None = None

    def __init__(self, *arg: Any, **kw: Any) -> None:
        code = kw.pop("code", None)
        if code is not None:
            self.code = code
        super().__init__(*arg, **kw)

    def _what_are_we(self) -> str:
        return "error"

    def _code_str(self) -> str:
        if not self.code:
            return ""
        return (
            f"(Background on this {self._what_are_we()} at: "
            f"https://sqlalche.me/e/{VERSION_TOKEN}/{self.code})"
        )

    def __str__(self) -> str:
        message = super().__str__()
        if self.code:
            message = f"{message} {self._code_str()}"
        return message
