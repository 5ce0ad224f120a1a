"""
What imports are helped by: the collector paused, tuples with fields that parse no annotations.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys

import pytest

from relvar.util.fields import NamedTuple
from relvar.util.ondemand import collector_paused


class Place(NamedTuple):
    """Where something is."""

    name: str
    row: int = 0
    column: int | None = None

    @property
    def shown(self) -> str:
        return f"{self.name}:{self.row}"

    def below(self) -> Place:
        return self._replace(row=self.row + 1)


def test_a_tuple_with_fields() -> None:
    place = Place("a", column=3)
    assert place == ("a", 0, 3) and isinstance(place, tuple)
    assert (place.name, place.row, place.column) == ("a", 0, 3)
    assert place.below().shown == "a:1"
    assert repr(place) == "Place(name='a', row=0, column=3)"
    assert Place._fields == ("name", "row", "column") and Place.__doc__ == "Where something is."
    assert pickle.loads(pickle.dumps(place)) == place and type(place.below()) is Place
    with pytest.raises(TypeError, match="name"):
        Place()  # type: ignore[call-arg]  # what is tested
    with pytest.raises(AttributeError):
        place.row = 1  # type: ignore[misc]  # as above


def test_the_collector_goes_on_as_before() -> None:
    assert gc.isenabled()
    # a run of many modules has frozen what was there before
    frozen = gc.get_freeze_count()
    with collector_paused():
        assert not gc.isenabled()
        made = [[] for _ in range(100)]  # type: ignore[var-annotated]
    # some of it may be gone meanwhile
    assert gc.isenabled() and gc.get_freeze_count() <= frozen
    assert all(gc.is_tracked(each) for each in made)
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_program_froze_stays_frozen() -> None:
    code = """
import gc
kept = [[] for _ in range(1000)]
gc.freeze()
count = gc.get_freeze_count()
import relvar.orm
assert gc.isenabled() and gc.get_freeze_count() >= count - 50 > 900, (count, gc.get_freeze_count())
"""
    subprocess.run([sys.executable, "-c", code], check=True)
