"""``relvar diagram``: a schema as Mermaid and SVG."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import relvar
from relvar import Column, ForeignKey, Integer, MetaData, Table
from relvar.cli.diagram.graph import Graph, graph_of
from relvar.cli.diagram.layout import place_boxes
from relvar.cli.diagram.mermaid import render_mermaid
from relvar.cli.diagram.svg import render_svg

Command = Callable[..., Any]

SVG = "{http://www.w3.org/2000/svg}"

SHOP = """
from relvar import *
metadata = MetaData()
Table("people", metadata, Column("id", Integer, primary_key=True), Column("name", String(20), comment="full"),
    Column("email", String(99), unique=True))
Table("orders", metadata, Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("parent_id", ForeignKey("orders.id")))
Table("profiles", metadata, Column("person_id", ForeignKey("people.id"), primary_key=True))
"""


@pytest.fixture
def shop(workplace: Path) -> Path:
    (workplace / "shop.py").write_text(SHOP)
    return workplace


def test_mermaid(relvar_command: Command, shop: Path) -> None:
    done = relvar_command("diagram", "shop")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "erDiagram\n"
        "    orders {\n        INTEGER id PK\n"
        "        INTEGER person_id FK\n        INTEGER parent_id FK\n    }\n"
        "    people {\n        INTEGER id PK\n"
        '        VARCHAR(20) name "full"\n        VARCHAR(99) email UK\n    }\n'
        "    profiles {\n        INTEGER person_id PK, FK\n    }\n"
        '    people ||--o{ orders : "person_id"\n'
        '    orders |o--o{ orders : "parent_id"\n'
        '    people ||--o| profiles : "person_id"\n'
    )


def test_a_database_in_its_own_words(relvar_command: Command, engine: Any) -> None:
    metadata = MetaData()
    Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("n", relvar.Numeric(10, 2)),
        Column("other", ForeignKey("a.id")),
    )
    metadata.create_all(engine)
    out = relvar_command("diagram", engine.url.render_as_string(hide_password=False)).out
    number = "DECIMAL" if engine.dialect.name == "mariadb" else "NUMERIC"
    assert f"        {number}(10_2) n\n" in out
    assert 'a |o--o{ a : "other"' in out


def test_svg(relvar_command: Command, shop: Path) -> None:
    assert relvar_command("diagram", "shop", "-o", "shop.svg").out == ""
    text = (shop / "shop.svg").read_text()
    root = ElementTree.fromstring(text)
    words = {element.text for element in root.iter(f"{SVG}text")}
    assert {"people", "orders", "profiles", "person_id", "VARCHAR(20)", "PK", "FK", "UK"} <= words
    titles = {element.text for element in root.iter(f"{SVG}title")}
    assert "orders (person_id) \u2192 people (id)" in titles and "full" in titles
    assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), "it needs nothing else"
    assert relvar_command("diagram", "shop", "--format", "svg").out == text


def test_json(relvar_command: Command, shop: Path) -> None:
    graph = json.loads(relvar_command("diagram", "shop", "--json").out)
    assert [box["name"] for box in graph["boxes"]] == ["orders", "people", "profiles"]
    assert graph["lines"][0] == {
        "source": "orders",
        "target": "people",
        "columns": ["person_id"],
        "referred": ["id"],
        "is_optional": False,
        "is_single": False,
    }


HOSTILE = [
    'say "hi"',
    "a<b>&c",
    "</text><script>alert(1)</script>",
    "%%{init}%%",
    "x\ny",
    "x\x00y\x1b",
    "naïve 表",
    "}",
    "a]]>b",
    "",
]


def hostile() -> Graph:
    metadata = MetaData()
    for number, name in enumerate(HOSTILE):
        columns = [Column(f"{other}{i}", Integer, comment=other) for i, other in enumerate(HOSTILE)]
        Table(f"{name}{number}", metadata, Column("id", Integer, primary_key=True), *columns)
        Table(f"to {name}", metadata, Column(f"{name}!", ForeignKey(metadata.tables[f"{name}{number}"].c.id)))
    return graph_of([metadata])


def test_names_are_no_markup() -> None:
    graph = hostile()
    root = ElementTree.fromstring(render_svg(graph, HOSTILE[2]))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        *("svg", "title", "style", "g", "path", "rect", "text")
    }
    words = {element.text for element in root.iter(f"{SVG}text")}
    assert 'say "hi"0' in words and "a<b>&c1" in words and "x\ufffdy\ufffd5" in words


# What Mermaid's grammar takes: an entity with attributes, or a relationship.
NAME = r'(?:[A-Za-z_]\w*|"[^"%\r\n\v\b\\]+")'
WORD = r"[A-Za-z_][A-Za-z0-9_()\[\]-]*"
MERMAID = re.compile(
    rf'erDiagram|    {NAME} \{{|        {WORD} {WORD}( (PK|FK|UK)(, (PK|FK|UK))*)?( "[^"\n]*")?|    \}}|'
    rf'    {NAME} (\|\||\|o)--(o\{{|o\|) {NAME} : "[^"\n]*"'
)


def test_mermaid_of_hostile_names() -> None:
    graph = hostile()
    lines = render_mermaid(graph).split("\n")
    assert [line for line in lines if not MERMAID.fullmatch(line)] == []
    entities = [line for line in lines if line.endswith(" {")]
    assert len(set(entities)) == len(graph.boxes)


@pytest.mark.parametrize("seed", range(6))
def test_boxes_do_not_overlap(seed: int) -> None:
    chance = random.Random(seed)
    metadata = MetaData()
    count = chance.choice([1, 2, 5, 20, 60])
    for number in range(count):
        refers = [
            Column(f"r{i}", ForeignKey(f"t{chance.randrange(count)}.id")) for i in range(chance.randrange(4))
        ]
        more = [Column(f"c{i}", Integer) for i in range(chance.randrange(9))]
        Table(f"t{number}", metadata, Column("id", Integer, primary_key=True), *refers, *more)
    graph = graph_of([metadata])
    places = list(place_boxes(graph).values())
    assert len(places) == count
    for number, one in enumerate(places):
        assert one.x > 0 and one.y > 0
        for other in places[number + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert beside or above, (one.box.name, other.box.name)
    root = ElementTree.fromstring(render_svg(graph, "x"))
    right = max(place.x + place.width for place in places)
    assert float(root.get("width", 0)) > right


def test_what_is_referred_to_stands_on_the_left() -> None:
    metadata = MetaData()
    Table("c", metadata, Column("b", ForeignKey("b.id")))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a", ForeignKey("a.id")))
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("self", ForeignKey("a.id")))
    places = place_boxes(graph_of([metadata]))
    assert places["a"].x < places["b"].x < places["c"].x


def test_a_circle_of_tables() -> None:
    metadata = MetaData()
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        Table(
            name,
            metadata,
            Column("id", Integer, primary_key=True),
            Column("other", ForeignKey(f"{other}.id")),
        )
    graph = graph_of([metadata])
    assert len({place.x for place in place_boxes(graph).values()}) == 3
    assert len(graph.lines) == 3
