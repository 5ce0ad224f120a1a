"""Every Python example of README and docs/ runs, in the order of its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "dialects").glob("*.md")),
    *sorted((ROOT / "docs" / "errors").glob("*.md")),
]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """What GitHub and MyST make of the headings of a page."""
    titles = HEADING.findall(FENCED.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    text = page.read_text()
    if '"DATABASE_URL"' in text:
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgresql18_url"))
    if '"MARIADB_URL"' in text:
        mariadb = request.getfixturevalue("mariadb_engine").url
        monkeypatch.setenv("MARIADB_URL", mariadb.render_as_string(hide_password=False))
    for match in BLOCK.finditer(text):
        line = text[: match.start()].count("\n") + 1
        code = "\n" * line + match.group(1)
        exec(compile(code, str(page), "exec", dont_inherit=True), namespace)


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "docs" / "design").glob("*.md"))], ids=lambda p: p.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(FENCED.sub("", page.read_text())):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        found = (page.parent / target) if target else page
        if found.parent.name == "reference":
            continue  # written when the pages are built, and asked by test_reference.py
        assert found.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(found.read_text()), f"{page.name}: {target}#{anchor}"


def test_the_index_leads_to_every_page() -> None:
    docs = ROOT / "docs"
    index = (docs / "index.md").read_text()
    names = [page.relative_to(docs).as_posix() for page in PAGES if page.is_relative_to(docs)]
    listed = [name for name in names if name != "index.md" and not name.startswith("errors/")]
    assert [name for name in listed if f"]({name})" not in index] == []
