"""What `bench.rival.relationships` found: each once was a lost write, or an error where none belongs."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table, exc, inspect, select
from relvar.orm import Session, declarative_base, foreign, relationship, remote
from relvar.orm.exc import DetachedInstanceError, FlushError, ObjectDeletedError


def shop(engine: Any, **options: Any) -> Any:
    """Map a class whose objects have related ones, in several ways."""
    Base: Any = declarative_base()
    pairs = Table(
        "pairs",
        Base.metadata,
        Column("shop_id", ForeignKey("shop.id"), primary_key=True),
        Column("item_id", ForeignKey("item.id"), primary_key=True),
    )

    class Shop(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "shop"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        items = relationship("Item", lazy="write_only", back_populates="shop")
        first = relationship("Item", viewonly=True, uselist=False)
        sold = relationship("Item", secondary=pairs)
        sold_view = relationship("Item", secondary=pairs, viewonly=True)

    class Item(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "item"
        id = Column(Integer, primary_key=True)
        shop_id = Column(ForeignKey("shop.id"))
        shop = relationship("Shop", back_populates="items", **options)

    Base.metadata.create_all(engine)
    return Shop, Item


def test_a_collection_of_an_object_without_key_cannot_be_queried(engine: Any) -> None:
    Shop, Item = shop(engine)
    owner = Shop()
    why = "Can't resolve value for column shop.id on object <Shop at .*>; no value has been set"
    with Session(engine, autoflush=False) as session:
        for statement in (owner.items.select(), select(Item).where(Item.shop == owner)):
            with pytest.raises(exc.StatementError, match=why):
                session.scalars(statement)
        with pytest.raises(exc.StatementError, match=why):
            session.execute(owner.items.insert(), [{"id": 1}])
        session.add(owner)
        session.flush()
        assert session.scalars(owner.items.select()).all() == []
        session.execute(owner.items.insert(), [{"id": 1}])
        assert session.execute(select(Item.id, Item.shop_id)).one() == (1, owner.id)


def test_a_view_has_no_changes(engine: Any) -> None:
    Shop, Item = shop(engine)
    item = Item(id=1)
    owner = Shop(first=item, sold_view=[item])
    assert inspect(owner).attrs.first.history == ((), [item], ())
    assert inspect(owner).attrs.sold_view.history == ((), [item], ())


def test_an_object_of_another_class_is_named_with_its_class(engine: Any) -> None:
    Shop, Item = shop(engine)
    with Session(engine) as session:
        owner, other = Shop(), Shop()
        session.add_all([owner, other])
        owner.sold.append(other)
        with pytest.raises(
            FlushError, match="flush an item of type <class '.*Shop'> as a member of collection \"Shop.sold\""
        ):
            session.flush()


def test_what_is_not_in_the_session_is_not_looked_at_further(engine: Any) -> None:
    Shop, Item = shop(engine, cascade="merge")
    with Session(engine) as session:
        session.add(Item(id=1, shop=Shop()))
        with pytest.warns(exc.SAWarning, match="not in session, add operation along 'Item.shop'"):
            session.flush()


@pytest.mark.parametrize("checked", [True, False])
def test_objects_of_a_subclass_that_would_not_come_back(engine: Any, checked: bool) -> None:
    Base: Any = declarative_base()

    class Home(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "home"
        id = Column(Integer, primary_key=True)
        pets = relationship("Pet", enable_typechecks=checked)

    class Pet(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "pet"
        id = Column(Integer, primary_key=True)
        home_id = Column(ForeignKey("home.id"))

    class Dog(Pet):
        __tablename__ = "dog"
        id = Column(ForeignKey("pet.id"), primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Home(pets=[Dog()]))
        if checked:
            with pytest.raises(
                FlushError, match=r'configure mapper "Mapper\[Pet\(pet\)\]" to load this subtype'
            ):
                session.flush()
        else:
            session.commit()
            assert [type(pet) for pet in session.scalars(select(Home)).one().pets] == [Pet]


def test_a_key_that_moves_with_a_link_finds_the_row_again(engine: Any) -> None:
    Base: Any = declarative_base()

    class Room(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "room"
        id = Column(Integer, primary_key=True, autoincrement=False)
        part = Column(Integer, primary_key=True, autoincrement=False)

    class Desk(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "desk"
        id = Column(Integer, primary_key=True, autoincrement=False)
        part = Column(Integer, primary_key=True, autoincrement=False)
        room_id = Column(Integer)
        next_id = Column(Integer)
        next_part = Column(Integer)
        __table_args__ = (
            ForeignKeyConstraint(["room_id", "part"], ["room.id", "room.part"]),
            ForeignKeyConstraint(
                ["next_id", "next_part"], ["desk.id", "desk.part"], use_alter=True, name="next"
            ),
        )
        room = relationship(Room)
        next = relationship(
            "Desk",
            primaryjoin=lambda: (
                (remote(Desk.id) == foreign(Desk.next_id)) & (remote(Desk.part) == foreign(Desk.next_part))
            ),
            post_update=True,
        )

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        desk = Desk(id=2, part=2)
        room = Room(id=3, part=1)
        session.add_all([desk, room])
        session.commit()
        desk.room, desk.next = room, None
        session.commit()
        assert session.execute(select(Desk.id, Desk.part, Desk.room_id)).one() == (2, 1, 3)


def test_what_was_expired_and_then_rolled_back_is_not_none(engine: Any) -> None:
    Shop, _ = shop(engine)
    with Session(engine) as session:
        owner = Shop(name="corner")
        session.add(owner)
        session.flush()
        session.expire(owner)
        session.rollback()
        with pytest.raises(DetachedInstanceError):
            _ = owner.name
        with pytest.raises(DetachedInstanceError):
            session.merge(owner)
        session.add(owner)
        with pytest.raises(exc.InvalidRequestError, match="its values are not known: set them"):
            session.flush()
        session.rollback()
        owner.id, owner.name = 5, "new"
        session.add(owner)
        session.commit()
        assert (owner.id, owner.name) == (5, "new")


def test_a_new_object_keeps_its_values_when_a_savepoint_and_all_around_is_rolled_back(engine: Any) -> None:
    Shop, Item = shop(engine)
    with Session(engine) as session:
        owner = Shop(name="corner")
        session.add(owner)
        session.begin_nested()
        owner.name = "station"
        owner.sold.append(Item())
        session.rollback()
        assert owner.name == "station"
        session.add(owner)
        session.commit()
        assert owner.name == "station" and len(owner.sold) == 1


def test_a_row_without_a_version_is_refused(engine: Any) -> None:
    Base: Any = declarative_base()

    class Note(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "note"
        id = Column(Integer, primary_key=True)
        version = Column(Integer)
        __mapper_args__: Any = {"version_id_col": version, "version_id_generator": False}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Note(id=1))
        with pytest.raises(FlushError, match="does not contain a non-NULL version value"):
            session.flush()
        session.rollback()
        note: Any = Note(id=1, version=1)
        session.add(note)
        session.commit()
        note.version = None
        with pytest.raises(FlushError, match="does not contain a non-NULL version value"):
            session.flush()
        session.rollback()
        session.delete(note)
        session.add(Note(id=1, version=1))
        session.commit()
        assert session.execute(select(Note.id, Note.version)).all() == [(1, 1)]


@pytest.mark.parametrize("lazy", ["write_only", "dynamic"])
def test_what_leaves_and_returns_has_one_row_whether_or_not_it_had_one(engine: Any, lazy: str) -> None:
    Base: Any = declarative_base()
    pairs = Table(
        "pairs",
        Base.metadata,
        Column("left_id", ForeignKey("lefts.id"), primary_key=True),
        Column("right_id", ForeignKey("rights.id"), primary_key=True),
    )

    class Left(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "lefts"
        id = Column(Integer, primary_key=True)
        rights = relationship("Right", secondary=pairs, lazy=lazy)

    class Right(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "rights"
        id = Column(Integer, primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        left, member, stranger = Left(id=1), Right(id=1), Right(id=2)
        left.rights.add_all([member])
        session.add_all([left, stranger])
        session.commit()
        for _ in range(2):
            for right in (member, stranger):
                left.rights.remove(right)
                left.rights.add_all([right])
        session.commit()
        assert session.execute(select(pairs).order_by(pairs.c.right_id)).all() == [(1, 1), (1, 2)]


def test_a_deleted_object_does_not_come_along_without_a_word(engine: Any) -> None:
    Shop, Item = shop(engine)
    with Session(engine) as session:
        session.add(Shop(name="first"))  # what is known of the class decides which way add() takes
        item = Item(id=7)
        session.add(item)
        session.flush()
        session.delete(item)
        session.flush()
        with pytest.raises(exc.InvalidRequestError, match="has been deleted.  Use the make_transient"):
            session.add(Shop(name="second", sold=[item]))


@pytest.mark.parametrize("is_read", [True, False])
def test_what_was_deleted_unread_cannot_be_merged(engine: Any, is_read: bool) -> None:
    Base: Any = declarative_base()

    class Note(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "note"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one = Note(name="one")
        session.add(one)
        session.commit()
        if is_read:
            session.refresh(one)
        session.delete(one)
        session.flush()
        if is_read:
            again = session.merge(one)
            session.commit()
            assert again is not one and again.name == "one"
        else:
            # a row of NULLs, as the name is known to nobody
            with pytest.raises(ObjectDeletedError, match="can't be merged: its row is gone"):
                session.merge(one)
            session.rollback()
            assert one.name == "one"
