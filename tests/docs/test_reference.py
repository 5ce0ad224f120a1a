"""Every public name has an entry in the reference, with something said about it."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path

import reference

ROOT = Path(__file__).parent.parent.parent
ANCHOR = re.compile(r"^\.\. (?:py:)?(?:auto)?(?:module|class|function|data):: (\S+)", re.MULTILINE)
LINK = re.compile(r"\]\((?:\.\./)?reference/([^)#]+)\)")


@cache
def given() -> reference.Reference:
    return reference.Reference()


@cache
def pages() -> dict[str, str]:
    return reference.texts()


def test_every_name_of_the_manifest_has_an_entry() -> None:
    anchors = {anchor for text in pages().values() for anchor in ANCHOR.findall(text)}
    faces = given().faces
    names = {
        given().name_of(module, name)
        for module, name, _, home in faces.rows
        if not {f"{module}.{name}", home} & set(faces.lacking) and not name.startswith("__")
    }
    assert len(names) > 1900
    assert sorted(names - anchors) == []


def test_every_name_leads_to_an_entry() -> None:
    written = {full for page in given().pages.values() for full in page.entries}
    led = {entry for page in given().pages.values() for entry in page.aliases.values()}
    assert sorted(led - written - given().pages.keys()) == []


def test_no_entry_is_twice() -> None:
    anchors = [anchor for text in pages().values() for anchor in ANCHOR.findall(text)]
    twice = {anchor for anchor in anchors if anchors.count(anchor) > 1}
    # a module and the class in it
    assert twice == {name for name in twice if inspect.isclass(given().names[name])}


def test_every_entry_says_what_it_is() -> None:
    silent = [
        full
        for page in given().pages.values()
        for full, found in page.entries.items()
        if (inspect.isclass(found) or inspect.isroutine(found)) and not (found.__doc__ or "").strip()
    ]
    assert silent == []


def test_links_of_other_pages_lead_to_pages_of_the_reference() -> None:
    linked = {
        stem
        for page in (ROOT / "docs").rglob("*.md")
        if "_build" not in page.parts
        for stem in LINK.findall(page.read_text())
    }
    assert linked and linked <= pages().keys()
