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


def test_every_member_says_what_it_is() -> None:
    silent = [
        f"{full}.{name}"
        for page in given().pages.values()
        for full, found in page.entries.items()
        if inspect.isclass(found)
        for name in given()._members(found)
        if not says(found, name)
    ]
    assert silent == []


def says(cls: type, name: str) -> bool:
    """
    Whether something is said of a member: by itself, by a string below it, or by the name of a visitor.
    """
    homes = [base for base in cls.__mro__ if name in vars(base)]
    home = homes[0] if homes else cls
    if home.__module__.startswith("relvar"):
        if name in reference.attributes(home.__module__).get(home.__qualname__, ()):
            return True
    texts = [vars(base)[name].__doc__ or "" for base in homes]
    return any(text.strip() for text in texts) or given().said_of_visitor(name) != ""


def test_what_visitors_render() -> None:
    said = given().said_of_visitor
    assert said("visit_create_table") == "Return the SQL of a `relvar.CreateTable`."
    assert (
        said("visit_is_distinct_from_binary")
        == "Return the SQL of the operator ``is_distinct_from`` between two values."
    )
    assert (
        said("visit_json_int_index")
        == "Return the SQL of what has ``json_int_index`` as its ``__visit_name__``."
    )
    assert said("render_literal_value") == ""


def test_links_of_other_pages_lead_to_pages_of_the_reference() -> None:
    linked = {
        stem
        for page in (ROOT / "docs").rglob("*.md")
        if "_build" not in page.parts
        for stem in LINK.findall(page.read_text())
    }
    assert linked and linked <= pages().keys()
