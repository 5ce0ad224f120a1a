"""Changing one side of a relationship changes the other, in every combination of kinds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table
from relvar.orm import attribute_keyed_dict, declarative_base, relationship
from relvar.orm.exc import ObjectDereferencedError


@pytest.fixture(scope="module")
def m() -> Any:
    Base = declarative_base()
    links = Table(
        "links",
        Base.metadata,
        Column("parent", ForeignKey("parents.id"), primary_key=True),
        Column("tag", ForeignKey("tags.id"), primary_key=True),
    )

    class Parent(Base):
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        kids = relationship("Kid", back_populates="parent")
        tags = relationship("Tag", secondary=links, back_populates="parents", collection_class=set)
        one = relationship("One", uselist=False, back_populates="parent")
        named = relationship("Named", collection_class=attribute_keyed_dict("name"), back_populates="parent")

    class Kid(Base):
        __tablename__ = "kids"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parents.id"))
        parent = relationship("Parent", back_populates="kids")

    class Tag(Base):
        __tablename__ = "tags"
        id = Column(Integer, primary_key=True)
        parents = relationship("Parent", secondary=links, back_populates="tags")

    class One(Base):
        __tablename__ = "ones"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parents.id"))
        parent = relationship("Parent", back_populates="one")

    class Named(Base):
        __tablename__ = "named"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        parent_id = Column(ForeignKey("parents.id"))
        parent = relationship("Parent", back_populates="named")

    Base.registry.configure()
    return SimpleNamespace(**{cls.__name__: cls for cls in (Parent, Kid, Tag, One, Named)})


def test_list_and_scalar(m: Any) -> None:
    first, second, kid = m.Parent(), m.Parent(), m.Kid()
    first.kids.append(kid)
    assert kid.parent is first
    second.kids.append(kid)
    assert (first.kids, second.kids, kid.parent) == ([], [kid], second)
    kid.parent = first
    assert (first.kids, second.kids) == ([kid], [])
    kid.parent = None
    assert first.kids == []
    first.kids = [kid, other := m.Kid()]
    assert kid.parent is other.parent is first
    first.kids = [other]
    assert kid.parent is None and other.parent is first
    del other.parent
    assert first.kids == []


def test_every_list_operation_tells_the_other_side(m: Any) -> None:
    parent = m.Parent()
    a, b, c = m.Kid(), m.Kid(), m.Kid()
    parent.kids.extend([a, b])
    parent.kids[0] = c
    assert parent.kids == [c, b] and a.parent is None and c.parent is parent
    parent.kids.insert(0, a)
    del parent.kids[1]
    assert parent.kids == [a, b] and c.parent is None
    parent.kids[0:2] = [c]
    assert parent.kids == [c] and a.parent is b.parent is None
    parent.kids += [a, b]
    assert a.parent is parent
    assert parent.kids.pop() is b and b.parent is None
    parent.kids[::2] = [b]
    assert parent.kids == [b, a] and b.parent is parent and c.parent is None
    parent.kids.remove(a)
    with pytest.raises(ValueError):
        parent.kids.remove(a)
    with pytest.raises(ValueError):
        parent.kids[::2] = [a, c]
    parent.kids.clear()
    assert b.parent is None


def test_a_list_may_hold_an_object_twice(m: Any) -> None:
    parent, kid = m.Parent(), m.Kid()
    parent.kids += [kid, kid]
    parent.kids.remove(kid)
    assert kid.parent is parent
    parent.kids.remove(kid)
    assert kid.parent is None


def test_many_to_many_with_sets(m: Any) -> None:
    a, b = m.Parent(), m.Parent()
    t, u = m.Tag(), m.Tag()
    a.tags.add(t)
    assert t.parents == [a]
    t.parents.append(b)
    assert b.tags == {t}
    u.parents = [a, b]
    a.tags = {t}
    assert u.parents == [b]
    b.tags.discard(u)
    assert u.parents == []
    a.tags |= {u}
    a.tags -= {t}
    assert (t.parents, u.parents) == ([b], [a])
    a.tags ^= {t, u}
    assert a.tags == {t} and u.parents == []
    a.tags.update([u])
    a.tags &= {u}
    assert (t.parents, u.parents) == ([b], [a])
    a.tags.symmetric_difference_update([t])
    a.tags.intersection_update([t])
    a.tags.difference_update([t])
    assert a.tags == set() and t.parents == [b]
    assert b.tags.pop() is t and t.parents == []
    with pytest.raises(KeyError):
        b.tags.remove(t)
    a.tags.add(t)
    a.tags.clear()
    assert t.parents == []
    with pytest.raises(TypeError):
        a.tags |= [t]


def test_one_to_one(m: Any) -> None:
    first, second = m.Parent(), m.Parent()
    a, b = m.One(), m.One()
    first.one = a
    assert a.parent is first
    first.one = b
    assert a.parent is None and b.parent is first
    a.parent = second
    assert second.one is a
    a.parent = None
    assert second.one is None
    del first.one
    assert b.parent is None and first.one is None


def test_keyed_dictionaries(m: Any) -> None:
    parent = m.Parent()
    a = m.Named(name="a")
    parent.named["a"] = a
    assert a.parent is parent
    b = m.Named(name="b", parent=parent)
    assert parent.named == {"a": a, "b": b}
    again = m.Named(name="a")
    again.parent = parent
    assert parent.named["a"] is again
    del parent.named["b"]
    assert b.parent is None
    parent.named = {"b": b}
    assert again.parent is None and b.parent is parent
    parent.named.update({"a": a})
    assert parent.named.setdefault("a", again) is a
    assert parent.named.pop("a") is a and a.parent is None and parent.named.pop("a", 5) == 5
    assert parent.named.popitem() == ("b", b) and b.parent is None
    parent.named |= {"a": a}
    parent.named.clear()
    assert a.parent is None
    b.name = "changed"
    parent.named["b"] = b
    with pytest.raises(Exception, match="Can not remove"):
        parent.named.remove(b)


def test_a_member_without_its_key_is_refused(m: Any) -> None:
    with pytest.raises(
        Exception, match="dictionary key derived from <Named at 0x[0-9a-f]+> is not populated"
    ):
        m.Named(parent=m.Parent())


@pytest.mark.parametrize("given", [None, 5, {}, (), set()])
def test_a_list_attribute_takes_lists_only(m: Any, given: Any) -> None:
    shown = "None" if given is None else type(given).__name__
    with pytest.raises(TypeError, match=f"Incompatible collection type: {shown} is not list-like"):
        m.Parent().kids = given


def test_objects_of_another_class_are_refused(m: Any) -> None:
    parent = m.Parent()
    with pytest.raises(KeyError):
        parent.kids.append(m.Parent())
    with pytest.raises(KeyError):
        m.Kid().parent = m.Kid()
    with pytest.raises(AttributeError, match="'int' object has no attribute '_sa_instance_state'"):
        parent.kids.append(5)


def test_a_collection_may_outlive_its_owner(m: Any) -> None:
    kids = m.Parent().kids
    with pytest.raises(ObjectDereferencedError, match="parent object of type <Parent> has been garbage"):
        kids.append(m.Kid())
    kids = m.Parent(kids=[kid := m.Kid()]).kids
    assert kids.pop() is kid
