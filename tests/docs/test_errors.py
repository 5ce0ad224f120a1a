"""Every code of an error or warning has its page, which shows that error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = {page.stem: page for page in (ROOT / "docs" / "errors").glob("*.md") if page.stem != "index"}

# Written into the text by MovedIn20Warning itself, which has no code.
IN_TEXTS = {"b8d9"}


def codes(path: Path) -> Iterator[str]:
    """The codes that a file gives: ``code="..."`` of a call, or of a class of errors."""
    text = path.read_text()
    if "code=" not in text and "code: str" not in text:
        return  # parsing all of them takes seconds
    for node in ast.walk(ast.parse(text)):
        value: ast.expr | None = None
        if isinstance(node, ast.keyword) and node.arg == "code":
            value = node.value
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "code":
            value = node.value
        for part in ast.walk(value) if value is not None else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    used = {code for path in (ROOT / "src" / "relvar").rglob("*.py") for code in codes(path)}
    assert used | IN_TEXTS == PAGES.keys()


@pytest.mark.parametrize("code", sorted(PAGES.keys() - IN_TEXTS))
def test_a_page_shows_its_error(code: str) -> None:
    """The examples are run with all others; they have to look at the code."""
    text = PAGES[code].read_text()
    assert text.startswith(f"# {code}: ")
    assert f'code == "{code}"' in text


def test_the_index_lists_each_page() -> None:
    index = (ROOT / "docs" / "errors" / "index.md").read_text()
    assert [code for code in PAGES if f"[{code}]({code}.md)" not in index] == []
