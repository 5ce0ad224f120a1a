"""Of built pages, links that lead nowhere are found."""

from __future__ import annotations

from pathlib import Path

import check_pages
import pytest


@pytest.mark.parametrize(
    ("link", "is_broken"),
    [
        ("other.html", False),
        ("other.html#there", False),
        ("#here", False),
        ("#", False),
        ("https://example.org/nowhere", False),
        ("other.html?highlight=x#there", False),
        ("gone.html", True),
        ("other.html#gone", True),
        ("#gone", True),
    ],
)
def test_links_that_lead_nowhere(tmp_path: Path, link: str, is_broken: bool) -> None:
    (tmp_path / "page.html").write_text(f'<h1 id="here">x</h1><a href="{link}">y</a>')
    (tmp_path / "other.html").write_text('<h1 id="there">x</h1>')
    pages = {path: check_pages.Links(path.read_text()) for path in tmp_path.glob("*.html")}
    assert check_pages.broken(pages) == ([f"page.html: {link}"] if is_broken else [])


def test_names_without_an_anchor(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    page = tmp_path / "reference" / "relvar.html"
    page.write_text('<dt id="relvar.Column"></dt><span id="module-relvar.orm"></span>')
    lacking = check_pages.without_anchor({page: check_pages.Links(page.read_text())})
    assert "relvar.Table" in lacking
    assert not {"relvar.Column", "relvar.orm"} & set(lacking)
