"""Every program under examples/ that has ``main(engine)`` does what it says, on each database."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

# folder/program -> the features that it shows from mapping to deleting
FEATURES = {
    "inheritance/single_table": ("F039",),
    "inheritance/joined_table": ("F040", "F042"),
    "inheritance/concrete_table": ("F041",),
    "inheritance/mixed_levels": ("F042", "F043"),
    "inheritance/discriminators": ("F044",),
    "relationships/one_to_many": ("F047", "F050", "F056"),
    "relationships/one_to_one": ("F047",),
    "relationships/many_to_many": ("F048",),
    "relationships/association_object": ("F049",),
    "relationships/adjacency_list": ("F051",),
    "relationships/directed_graph": ("F048",),
    "relationships/several_paths": ("F052",),
    "relationships/custom_joins": ("F052",),
    "relationships/composite_keys": ("F051", "F053"),
    "relationships/composite_secondary": ("F054",),
    "relationships/viewonly": ("F055",),
    "relationships/collection_classes": ("F057",),
    "relationships/cascades": ("F059",),
    "relationships/database_deletes": ("F060",),
    "relationships/natural_keys": ("F061",),
    "relationships/post_update": ("F062",),
    "relationships/write_only": ("F063",),
}


def programs() -> Iterator[Any]:
    for path in sorted(EXAMPLES.glob("*/*.py")):
        if "\ndef main(engine" in path.read_text():
            name = f"{path.parent.name}/{path.stem}"
            marks = [pytest.mark.feature(feature) for feature in FEATURES.get(name, ())]
            yield pytest.param(path, id=name, marks=marks)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("program", list(programs()))
def test_an_example_runs(program: Path, engine: Any) -> None:
    runpy.run_path(str(program), run_name="example")["main"](engine)
