"""
Check the built pages: each link within them leads to a page and an anchor, each public name to its entry.

Usage: ``python tools/check_pages.py docs/_build``; part of ``make docs``.  Sphinx warns of
the links that it resolves itself; this reads what a browser gets.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import reference


class Links(HTMLParser):
    """
    What a page can be linked by, and what it links.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


def broken(pages: dict[Path, Links]) -> list[str]:
    """
    Return the links that lead nowhere, each as ``page: link``.
    """
    found = []
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            address, anchor = urldefrag(link)
            target = (path.parent / unquote(urlsplit(address).path)).resolve() if address else path
            known = pages.get(target)
            # "#" alone is the top of a page
            if not target.exists() or (known and anchor and unquote(anchor) not in known.ids):
                found.append(f"{path.name}: {link}")
    return sorted(found)


def without_anchor(pages: dict[Path, Links]) -> list[str]:
    """
    Return the public names that no page has an anchor for.
    """
    anchors = defaultdict(set)
    for path, page in pages.items():
        anchors[path.parent.name].update(page.ids)
    there = anchors["reference"] | {name.removeprefix("module-") for name in anchors["reference"]}
    return sorted(reference.Reference().names.keys() - there)


def main(built: str) -> int:
    folder = Path(built).resolve()
    pages = {path: Links(path.read_text()) for path in folder.rglob("*.html")}
    complaints = [f"leads nowhere: {link}" for link in broken(pages)]
    complaints += [f"has no entry: {name}" for name in without_anchor(pages)]
    print("\n".join([*complaints, f"{len(pages)} pages, {len(complaints)} complaints"]))
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
