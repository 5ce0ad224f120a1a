"""What cascades and flushes make of objects that move, leave and come back."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, Table, exc, inspect, select
from relvar.orm import Session, declarative_base, relationship

PART_OF = "all, delete-orphan"


def mapped(engine: Any, **options: Any) -> tuple[Any, Any, Any]:
    """Map boxes with things and labels, the relationship of boxes to things as the test wants it."""
    Base: Any = declarative_base()
    label_table = Table(
        "box_label",
        Base.metadata,
        Column("box_id", ForeignKey("box.id"), primary_key=True),
        Column("label_id", ForeignKey("label.id"), primary_key=True),
    )

    class Box(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "box"
        id = Column(Integer, primary_key=True)
        things = relationship("Thing", back_populates="box", order_by="Thing.id", **options)
        labels = relationship("Label", secondary=label_table, back_populates="boxes")

    class Thing(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "thing"
        id = Column(Integer, primary_key=True)
        box_id = Column(ForeignKey("box.id"))
        box = relationship("Box", back_populates="things")

    class Label(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "label"
        id = Column(Integer, primary_key=True)
        boxes = relationship("Box", secondary=label_table, back_populates="labels")

    Base.metadata.create_all(engine)
    return Box, Thing, Label


@pytest.mark.feature("F059")
def test_a_deleted_object_is_not_updated(engine: Any, sql_log: Any) -> None:
    Box, Thing, _ = mapped(engine)
    with Session(engine, autoflush=False) as session:
        box = Box(things=[Thing(id=1), Thing(id=2)])
        session.add(box)
        session.commit()
        gone, kept = box.things
        session.delete(gone)
        session.flush()
        log = sql_log(engine)
        # the collection still shows it, until it is loaded again
        box.things = []
        assert gone not in session.dirty
        session.flush()
        assert [text.split()[0] for text in log.texts()] == ["UPDATE"]
        session.commit()
        assert box.things == [] and kept.box is None


@pytest.mark.feature("F059")
def test_replacing_a_collection_saves_what_was_in_it_already(engine: Any) -> None:
    for collection_class in (list, set):
        Box, Thing, _ = mapped(engine, collection_class=collection_class)
        with Session(engine) as session:
            box = Box()
            session.add(box)
            session.commit()
            assert not box.things
            thing = Thing(box=box)
            assert thing in box.things and thing not in session
            box.things = collection_class([thing])
            assert thing in session
            session.commit()
            assert session.scalars(select(Thing.box_id)).all() == [box.id]
        Box.metadata.drop_all(engine)


@pytest.mark.feature("F059")
def test_no_row_links_what_is_not_in_the_session(engine: Any, sql_log: Any) -> None:
    Box, _, Label = mapped(engine)
    with Session(engine) as session:
        label = Label()
        session.add(label)
        session.commit()
        assert label.boxes == []
        stranger = Box(id=50, labels=[label])
        with pytest.warns(exc.SAWarning, match="not in session, add operation along 'Label.boxes' w"):
            session.flush()
        assert label.boxes == [stranger]
        log = sql_log(engine)
        session.delete(label)
        with pytest.warns(exc.SAWarning, match="not in session, delete operation along 'Label.boxes' w"):
            session.commit()
        assert [text.split()[0] for text in log.texts()] == ["DELETE"]


@pytest.mark.feature("F059")
@pytest.mark.parametrize(("cascade", "stays"), [("all", True), (PART_OF, False)])
def test_expiring_an_owner_with_new_parts(engine: Any, cascade: str, stays: bool) -> None:
    Box, Thing, _ = mapped(engine, cascade=cascade)
    with Session(engine, autoflush=False) as session:
        box = Box(things=[Thing()])
        session.add(box)
        session.commit()
        new = Thing()
        box.things.append(new)
        assert new in session
        session.expire(box)
        assert (new in session) is stays and len(box.things) == 1


@pytest.mark.feature("F059")
def test_expiring_an_owner_keeps_changes_of_what_it_has_not_loaded(engine: Any) -> None:
    Box, Thing, Label = mapped(engine, cascade="all")
    with Session(engine, autoflush=False) as session:
        box, thing, other, label = Box(), Thing(), Thing(), Label()
        session.add_all([box, thing, other, label])
        session.commit()
        thing.box = box
        label.boxes.append(box)
        session.delete(other)
        session.flush()
        other.box = thing.box = box
        session.expire(box)
        assert inspect(other).deleted and "box" in inspect(other).dict
        session.commit()
        assert box.things == [thing] and box.labels == [label]
        label.boxes = []
        thing.box = None
        session.expunge(box)
        assert thing in session and label in session


@pytest.mark.feature("F059")
def test_expiring_what_moved_leaves_it_with_an_owner(engine: Any) -> None:
    Box, Thing, _ = mapped(engine, cascade=PART_OF)
    with Session(engine, autoflush=False) as session:
        old, new = Box(things=[Thing()]), Box()
        session.add_all([old, new])
        session.commit()
        [thing] = old.things
        new.things.append(thing)
        session.expire(thing)
        session.commit()
        assert thing.box is new and old.things == []
        stranger = Box()  # which has no row to belong to
        stranger.things.append(thing)
        session.expire(thing)
        session.commit()
        assert thing.box is new and new.things == [thing]


@pytest.mark.feature("F059")
@pytest.mark.parametrize("lazy", ["joined", "selectin"])
@pytest.mark.parametrize("autoflush", [True, False])
def test_a_flush_reads_no_collection_that_it_changes(
    engine: Any, sql_log: Any, lazy: str, autoflush: bool
) -> None:
    Box, Thing, _ = mapped(engine, lazy=lazy)
    with Session(engine, autoflush=autoflush) as session:
        box = Box()
        session.add(box)
        session.commit()
        box.things.append(new := Thing())
        session.expire(box)
        if autoflush:
            assert box.id
        else:
            log = sql_log(engine)
            session.flush()
            assert not any("JOIN" in text for text in log.texts())
        assert box.things == [new]


@pytest.mark.feature("F059")
def test_what_is_deleted_gets_no_new_links(engine: Any) -> None:
    Box, _, Label = mapped(engine)
    for from_box in (True, False):
        with Session(engine, autoflush=False) as session:
            box, gone_box, label, gone_label = Box(), Box(), Label(), Label()
            session.add_all([box, gone_box, label, gone_label])
            session.commit()
            if from_box:
                gone_box.labels.append(label)
                box.labels.append(gone_label)
            else:
                label.boxes.append(gone_box)
                gone_label.boxes.append(box)
            session.delete(gone_box)
            session.delete(gone_label)
            session.commit()
            assert box.labels == label.boxes == []
            assert session.execute(select(Box.metadata.tables["box_label"])).all() == []


@pytest.mark.feature("F059")
def test_the_last_owner_with_a_row_has_what_several_were_given(engine: Any) -> None:
    Box, Thing, _ = mapped(engine, uselist=False)
    with Session(engine, autoflush=False) as session:
        boxes, thing = [Box(), Box(), Box()], Thing()
        session.add_all([*boxes, thing])
        session.commit()
        for last in (2, 0, 1):
            for box in (boxes[last - 2], boxes[last - 1], boxes[last]):
                box.things = thing
            stranger = Box()
            stranger.things = thing
            with pytest.warns(exc.SAWarning, match="not in session, add operation along 'Thing.box' won't"):
                session.commit()
            assert thing.box is boxes[last] and [box.things for box in boxes].count(thing) == 1


@pytest.mark.feature("F059")
@pytest.mark.parametrize(("cascade", "stays"), [("all", True), (PART_OF, False)])
def test_what_was_taken_out_before_the_owner_is_deleted(engine: Any, cascade: str, stays: bool) -> None:
    Box, Thing, _ = mapped(engine, cascade=cascade)
    with Session(engine, autoflush=False) as session:
        box = Box(things=[Thing(id=1), Thing(id=2), Thing(id=3), Thing(id=4)])
        session.add(box)
        session.commit()
        removed, unset, part, late = box.things
        box.things.remove(removed)
        unset.box = None
        session.delete(box)
        late.box = None
        session.commit()
        assert session.scalars(select(Thing.id).order_by(Thing.id)).all() == ([1, 2] if stays else [])
        assert inspect(part).detached and inspect(late).detached
        assert not stays or removed.box_id is unset.box_id is None


@pytest.mark.feature("F059")
def test_who_owned_what_ends_with_the_transaction(engine: Any) -> None:
    Box, Thing, _ = mapped(engine, cascade=PART_OF)
    with Session(engine, autoflush=False) as session:
        box, other, thing, loose = Box(things=[Thing(id=1)]), Box(), Thing(id=2), Thing(id=3)
        session.add_all([box, other, loose])
        box.things.append(thing)
        session.commit()
        other.things.append(thing)
        session.rollback()
        # back in its box, which it leaves now
        box.things = [part for part in box.things if part is not thing]
        other.things.append(loose)
        session.rollback()
        box.things = [part for part in box.things if part is not thing]
        session.commit()
        assert session.scalars(select(Thing.id).order_by(Thing.id)).all() == [1, 3]
        assert inspect(thing).detached and loose in session


@pytest.mark.feature("F059")
def test_what_was_put_into_an_owner_and_deleted_is_deleted(engine: Any) -> None:
    Box, Thing, _ = mapped(engine)
    with Session(engine, autoflush=False) as session:
        box, thing, late = Box(), Thing(), Thing()
        session.add_all([box, thing, late])
        session.commit()
        thing.box = box
        session.delete(thing)
        session.delete(late)
        late.box = box
        session.commit()
        assert session.scalars(select(Thing)).all() == [] and box.things == []


@pytest.mark.feature("F059")
def test_what_moved_away_is_not_deleted_with_its_former_owner(engine: Any) -> None:
    Box, Thing, _ = mapped(engine, cascade=PART_OF)
    with Session(engine, autoflush=False) as session:
        old, new = Box(things=[Thing(id=1), Thing(id=2), Thing(id=3)]), Box()
        session.add_all([old, new])
        session.commit()
        moved, orphan, part = old.things
        assert new.things == []
        new.things.append(moved)
        old.things.remove(orphan)
        session.delete(old)
        session.commit()
        assert moved.box is new and session.scalars(select(Thing.id)).all() == [1]
        assert inspect(orphan).detached and inspect(part).detached


@pytest.mark.parametrize("cascade", ["all", PART_OF])
@pytest.mark.parametrize("moves_first", [True, False])
def test_what_has_left_an_orphan_is_not_deleted_with_it(engine: Any, cascade: str, moves_first: bool) -> None:
    Base: Any = declarative_base()

    class Shelf(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "shelf"
        id = Column(Integer, primary_key=True)
        boxes = relationship("Box", cascade=PART_OF)

    class Box(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "box"
        id = Column(Integer, primary_key=True)
        shelf_id = Column(ForeignKey("shelf.id"))
        things = relationship("Thing", back_populates="box", cascade=cascade)

    class Thing(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "thing"
        id = Column(Integer, primary_key=True)
        box_id = Column(ForeignKey("box.id"))
        box = relationship("Box", back_populates="things")

    Base.metadata.create_all(engine)
    with Session(engine, autoflush=False) as session:
        kept, gone = Thing(), Thing()
        old, new = Box(things=[kept, gone]), Box()
        shelf = Shelf(boxes=[old, new])
        session.add(shelf)
        session.commit()
        steps = [lambda: new.things.append(kept), lambda: shelf.boxes.remove(old)]
        for step in steps if moves_first else reversed(steps):
            step()
        session.commit()
        assert session.scalars(select(Thing)).all() == new.things == [kept]
        assert shelf.boxes == [new]


def test_what_gets_no_row_is_not_written_afterwards(engine: Any) -> None:
    Box, Thing, _ = mapped(engine, post_update=True, cascade="")
    with Session(engine) as session:
        box = Box(things=[Thing()])
        session.add(box)
        with pytest.warns(exc.SAWarning, match="not in session, add operation along 'Box.things'"):
            session.commit()
        assert box.things == []
