"""Sets that keep their order, and sets of identities, act as Python's own sets do."""

from __future__ import annotations

import pytest

from relvar.util import IdentitySet, OrderedSet, immutabledict


def test_ordered_set_keeps_the_order_of_first_appearance() -> None:
    made = OrderedSet([3, 1, 3, 2])
    assert list(made) == [3, 1, 2] and len(made) == 3
    assert 1 in made and 9 not in made
    assert made[0] == 3 and made[2] == 2
    made.insert(1, 7)
    made.insert(0, 1)  # there already: stays where it is
    made.add(3)
    assert list(made) == [3, 7, 1, 2]
    made.remove(7)
    made.discard(99)
    assert list(made) == [3, 1, 2]
    assert made.pop() == 2
    assert "3, 1" in repr(made)
    copy = made.copy()
    copy.clear()
    assert list(made) == [3, 1] and not copy
    with pytest.raises(KeyError, match="pop from an empty set"):
        copy.pop()
    with pytest.raises(KeyError):
        copy.remove(5)


def test_ordered_set_operators() -> None:
    left, right = OrderedSet([3, 1, 2]), OrderedSet([2, 5, 3])
    assert list(left | right) == [3, 1, 2, 5]
    assert list(left.union([9], [1])) == [3, 1, 2, 9]
    assert list(left & right) == [3, 2]
    assert list(left - right) == [1]
    assert list(left ^ right) == [1, 5]
    assert left == OrderedSet([3, 1, 2]) and left == {1, 2, 3}
    assert left != {1} and left != [3, 1, 2]
    assert OrderedSet([3]).issubset(left) and left.issuperset([1, 2])
    assert left.isdisjoint([8]) and not left.isdisjoint([1])
    left |= [4]
    left -= [1]
    assert list(left) == [3, 2, 4]
    left &= {2, 4}
    assert list(left) == [2, 4]
    left.update([6], [7])
    left.difference_update([6])
    left.intersection_update([7, 2])
    assert list(left) == [2, 7]
    left.symmetric_difference_update([7, 8])
    assert list(left) == [2, 8]


def test_identity_set_tells_equal_objects_apart() -> None:
    one, same, two = [1], [1], [2]
    made = IdentitySet([one, two])
    assert one in made and same not in made and len(made) == 2
    made.add(same)
    assert len(made) == 3
    made.remove(same)
    made.discard(same)
    with pytest.raises(KeyError):
        made.remove(same)
    assert made == IdentitySet([two, one]) and made != IdentitySet([one]) and made != {1}
    assert "IdentitySet(" in repr(made)
    copy = made.copy()
    copy.clear()
    assert not copy and len(made) == 2
    with pytest.raises(KeyError, match="pop from an empty set"):
        copy.pop()
    assert made.pop() in (one, two)
    with pytest.raises(TypeError):
        hash(made)


def test_identity_set_operators() -> None:
    a, b, c = [0], [0], [0]
    ab, bc = IdentitySet([a, b]), IdentitySet([b, c])
    assert (ab | bc) == IdentitySet([a, b, c])
    assert (ab & bc) == IdentitySet([b])
    assert (ab - bc) == IdentitySet([a])
    assert (ab ^ bc) == IdentitySet([a, c])
    assert ab.union([c]) == IdentitySet([a, b, c])
    assert ab.intersection([a]) == IdentitySet([a])
    assert ab.difference([a]) == IdentitySet([b])
    assert ab.symmetric_difference([a, c]) == IdentitySet([b, c])
    assert IdentitySet([a]).issubset(ab) and ab.issuperset([a])
    assert IdentitySet([a]) <= ab and IdentitySet([a]) < ab and not ab < ab
    assert ab >= IdentitySet([a]) and ab > IdentitySet([a]) and not ab > ab
    changed = ab.copy()
    changed |= bc
    changed -= IdentitySet([a])
    assert changed == bc
    changed &= ab
    assert changed == IdentitySet([b])
    changed.update([a])
    changed.intersection_update([a])
    assert changed == IdentitySet([a])
    changed.difference_update([a])
    assert not changed


def test_immutabledict() -> None:
    made = immutabledict({"a": 1})
    assert made.union({"b": 2}) == {"a": 1, "b": 2} and made == {"a": 1}
    assert made.merge_with({"c": 3}, None) == {"a": 1, "c": 3}
    assert made | {"b": 2} == {"a": 1, "b": 2}
    assert {"b": 2} | made == {"b": 2, "a": 1}
    assert made.copy() is made
    assert isinstance(made | {"b": 2}, immutabledict)
    for change in (
        lambda: made.__setitem__("a", 2),
        lambda: made.__delitem__("a"),
        lambda: made.update(b=1),
        lambda: made.pop("a"),
        lambda: made.popitem(),
        lambda: made.setdefault("b", 1),
        lambda: made.clear(),
    ):
        with pytest.raises(TypeError, match="immutable"):
            change()
    with pytest.raises(TypeError):
        made | 5
    with pytest.raises(TypeError):
        5 | made
