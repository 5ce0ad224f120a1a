"""What an operation on one object does to related ones, in the session and in the database."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, exc, func, inspect, select
from relvar.orm import Session, declarative_base, relationship


class Shop:
    """A parent with children, the relationship as the test wants it."""

    def __init__(
        self, engine: Any, *, back: bool = True, ondelete: str | None = None, **options: Any
    ) -> None:
        Base = declarative_base()

        class Cart(Base):
            __tablename__ = "carts"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            items = relationship("Item", **({"back_populates": "cart"} if back else {}), **options)

        class Item(Base):
            __tablename__ = "items"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            cart_id = Column(ForeignKey("carts.id", ondelete=ondelete))
            if back:
                cart = relationship("Cart", back_populates="items")

        self.Base, self.Cart, self.Item = Base, Cart, Item
        Base.metadata.create_all(engine)

    def filled(self, session: Session, *names: str) -> Any:
        """Return a committed cart with items of these names."""
        cart = self.Cart(name="c", items=[self.Item(name=name) for name in names])
        session.add(cart)
        session.commit()
        return cart


def rows(session: Session, model: Any) -> list[tuple[str, Any]]:
    """The items in the database: name and cart."""
    table = model.Item.__table__
    return [tuple(r) for r in session.execute(select(table.c.name, table.c.cart_id).order_by(table.c.id))]


def count(session: Session, entity: Any) -> int:
    found = session.scalar(select(func.count()).select_from(entity.__table__))
    return int(found)


# save-update -----------------------------------------------------------------------------------------


@pytest.mark.feature("S032")
def test_saving_a_parent_saves_its_children(engine: Any) -> None:
    model = Shop(engine)
    with Session(engine) as session:
        cart = model.Cart(items=[model.Item(name="a"), model.Item(name="b")])
        session.add(cart)
        assert all(item in session for item in cart.items)
        session.commit()
        assert rows(session, model) == [("a", cart.id), ("b", cart.id)]
        # from the child to the parent as well, and on to its other children
        other = model.Cart()
        first, second = model.Item(name="x", cart=other), model.Item(name="y", cart=other)
        session.add(first)
        assert other in session and second in session


@pytest.mark.feature("S032")
def test_a_child_put_into_a_parent_of_the_session_is_saved(engine: Any) -> None:
    model = Shop(engine)
    with Session(engine) as session:
        cart = model.filled(session)
        item = model.Item(name="late")
        cart.items.append(item)
        assert item in session.new
        cart.items.extend([model.Item(name="p"), model.Item(name="q")])
        cart.items += [model.Item(name="r")]
        session.commit()
        assert [name for name, _ in rows(session, model)] == ["late", "p", "q", "r"]


def test_a_change_through_the_back_reference_does_not_cascade(engine: Any) -> None:
    model = Shop(engine)
    with Session(engine) as session:
        cart = model.filled(session)
        item = model.Item(name="a")
        assert cart.items == []
        item.cart = cart
        assert cart.items == [item]
        assert item not in session
        with pytest.warns(
            exc.SAWarning,
            match="Object of type <Item> not in session, add operation along 'Cart.items' will not proceed",
        ):
            session.flush()
        assert rows(session, model) == []


def test_without_save_update_children_stay_outside(engine: Any) -> None:
    model = Shop(engine, back=False, cascade="merge")
    with Session(engine) as session:
        cart = model.Cart(items=[model.Item(name="a")])
        session.add(cart)
        assert cart.items[0] not in session
        with pytest.warns(exc.SAWarning, match="will not proceed"):
            session.commit()
        assert count(session, model.Item) == 0


# delete ----------------------------------------------------------------------------------------------


@pytest.mark.feature("S033")
def test_deleting_a_parent_deletes_its_children(engine: Any) -> None:
    model = Shop(engine, cascade="all")
    with Session(engine) as session:
        cart = model.filled(session, "a", "b")
        other = model.filled(session, "keep")
        items = list(cart.items)
        session.delete(cart)
        assert all(item in session.deleted for item in items)
        session.commit()
        assert rows(session, model) == [("keep", other.id)]
        assert all(inspect(item).was_deleted for item in items)


@pytest.mark.feature("S033")
def test_children_that_are_not_loaded_are_deleted_too(engine: Any) -> None:
    model = Shop(engine, cascade="save-update, delete")
    with Session(engine) as session:
        number = model.filled(session, "a", "b").id
    with Session(engine) as session:
        session.delete(session.get(model.Cart, number))
        session.commit()
        assert count(session, model.Item) == 0


def test_without_delete_children_are_let_go(engine: Any) -> None:
    model = Shop(engine)
    with Session(engine) as session:
        cart = model.filled(session, "a", "b")
        session.delete(cart)
        session.commit()
        assert rows(session, model) == [("a", None), ("b", None)]


def test_passive_deletes_leave_it_to_the_database(engine: Any, sql_log: Any) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("foreign keys are off in SQLite by default")
    model = Shop(engine, cascade="all", passive_deletes=True, ondelete="CASCADE")
    with Session(engine) as session:
        cart = model.filled(session, "a", "b")
        session.refresh(cart, ["name"])
        log = sql_log(engine)
        session.delete(cart)
        session.flush()
        assert [text.split()[0] for text in log.texts() if "carts" in text or "items" in text] == ["DELETE"]
        assert count(session, model.Item) == 0


def test_passive_deletes_leave_new_members_of_an_unloaded_collection_to_the_database(engine: Any) -> None:
    Base = declarative_base()
    link = Table(
        "links",
        Base.metadata,
        Column("cart_id", ForeignKey("carts.id", ondelete="CASCADE"), primary_key=True),
        Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    )

    class Cart(Base):
        __tablename__ = "carts"
        id = Column(Integer, primary_key=True)
        items = relationship(
            "Item",
            secondary=link,
            back_populates="carts",
            cascade="save-update, delete",
            passive_deletes=True,
        )

    class Item(Base):
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        carts = relationship("Cart", secondary=link, back_populates="items")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Cart(id=1, items=[Item(id=1)]))
        session.commit()
    with Session(engine) as session:
        cart = session.get_one(Cart, 1)
        item = Item(id=2)
        session.add(item)
        session.flush()
        with session.no_autoflush:
            item.carts.append(cart)
            session.delete(cart)
        assert item not in session.deleted
        session.commit()
        assert session.scalars(select(Item.id).order_by(Item.id)).all() == [1, 2]
        kept = [] if engine.name != "sqlite" else [(1, 1)]  # foreign keys are off in SQLite by default
        assert [tuple(row) for row in session.execute(select(link))] == kept


# delete-orphan -----------------------------------------------------------------------------------------


@pytest.mark.feature("S034")
def test_a_child_taken_out_is_deleted(engine: Any) -> None:
    model = Shop(engine, cascade="all, delete-orphan")
    with Session(engine) as session:
        cart = model.filled(session, "a", "b", "c")
        gone = cart.items[1]
        cart.items.remove(gone)
        session.commit()
        assert [name for name, _ in rows(session, model)] == ["a", "c"]
        assert inspect(gone).was_deleted
        cart.items = [model.Item(name="new")]
        session.commit()
        assert [name for name, _ in rows(session, model)] == ["new"]


@pytest.mark.feature("S034")
def test_a_child_that_moves_is_no_orphan(engine: Any) -> None:
    model = Shop(engine, cascade="all, delete-orphan")
    with Session(engine) as session:
        one, two = model.filled(session, "a"), model.filled(session)
        item = one.items[0]
        two.items.append(item)
        assert item not in one.items
        session.commit()
        assert rows(session, model) == [("a", two.id)]


@pytest.mark.feature("S034")
def test_a_pending_orphan_leaves_the_session(engine: Any) -> None:
    model = Shop(engine, cascade="all, delete-orphan")
    with Session(engine) as session:
        cart = model.filled(session)
        item = model.Item(name="a")
        cart.items.append(item)
        assert item in session
        cart.items.remove(item)
        assert item not in session
        session.commit()
        assert rows(session, model) == []


@pytest.mark.feature("S034")
def test_a_replaced_single_object_is_deleted(engine: Any) -> None:
    Base = declarative_base()

    class Person(Base):
        __tablename__ = "people"
        id = Column(Integer, primary_key=True)
        phone = relationship("Phone", uselist=False, back_populates="person", cascade="all, delete-orphan")

    class Phone(Base):
        __tablename__ = "phones"
        id = Column(Integer, primary_key=True)
        number = Column(String(10))
        person_id = Column(ForeignKey("people.id"))
        person = relationship("Person", back_populates="phone")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        person = Person(phone=Phone(number="1"))
        session.add(person)
        session.commit()
        person.phone = Phone(number="2")
        session.commit()
        assert session.scalars(select(Phone.number)).all() == ["2"]
        person.phone = None
        session.commit()
        assert session.scalars(select(Phone.number)).all() == []


@pytest.mark.feature("F059")
def test_delete_orphan_wants_one_parent(engine: Any) -> None:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)

    class Leaf(Base):
        __tablename__ = "leaves"
        id = Column(Integer, primary_key=True)
        node_id = Column(ForeignKey("nodes.id"))
        node = relationship("Node", cascade="all, delete-orphan")

    try:
        with pytest.raises(exc.ArgumentError, match="single_parent=True"):
            Leaf()
    finally:
        # else whoever configures all mappers next is told of it again
        Base.registry.dispose()


@pytest.mark.feature("F059")
def test_single_parent_deletes_the_other_side(engine: Any) -> None:
    Base = declarative_base()

    class Detail(Base):
        __tablename__ = "details"
        id = Column(Integer, primary_key=True)

    class Page(Base):
        __tablename__ = "pages"
        id = Column(Integer, primary_key=True)
        detail_id = Column(ForeignKey("details.id"))
        detail = relationship("Detail", cascade="all, delete-orphan", single_parent=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Page(detail=Detail()), Page(detail=Detail())
        shared = two.detail
        session.add_all([one, two])
        with pytest.raises(exc.InvalidRequestError, match="is already associated with an instance of"):
            one.detail = shared
        session.commit()
        one.detail = None
        session.commit()
        assert count(session, Detail) == 1
        session.delete(two)
        session.commit()
        assert count(session, Detail) == 0


# merge ------------------------------------------------------------------------------------------------


@pytest.mark.feature("S035")
def test_merge_goes_on_to_children(engine: Any) -> None:
    model = Shop(engine, cascade="save-update, merge, delete, delete-orphan")
    with Session(engine) as session:
        number = model.filled(session, "a", "b").id
    with Session(engine) as session:
        outside = session.get(model.Cart, number)
        first = outside.items[0]
    first.name = "changed"
    del outside.items[1]
    outside.items.append(model.Item(name="new"))
    with Session(engine) as session:
        merged = session.merge(outside)
        assert merged is not outside
        assert merged.items[0] is not first
        session.commit()
        assert [name for name, _ in rows(session, model)] == ["changed", "new"]


def test_without_merge_children_are_not_looked_at(engine: Any) -> None:
    model = Shop(engine, back=False, cascade="save-update")
    with Session(engine) as session:
        number = model.filled(session, "a").id
    with Session(engine) as session:
        outside = session.get(model.Cart, number)
        outside.items[0].name = "changed"
        session.expunge_all()
    with Session(engine) as session:
        session.merge(outside)
        session.commit()
        assert [name for name, _ in rows(session, model)] == ["a"]


# the others ---------------------------------------------------------------------------------------------


@pytest.mark.feature("F059")
def test_expunge_and_refresh_expire(engine: Any) -> None:
    model = Shop(engine, cascade="all")
    with Session(engine) as session:
        cart = model.filled(session, "a")
        item = cart.items[0]
        assert item.name == "a"
        session.expire(cart)
        assert "name" not in item.__dict__
        assert cart.items == [item]
        session.expunge(cart)
        assert item not in session


@pytest.mark.feature("F059")
def test_expunge_stays_with_the_object_by_default(engine: Any) -> None:
    model = Shop(engine)
    with Session(engine) as session:
        cart = model.filled(session, "a")
        item = cart.items[0]
        session.expunge(cart)
        assert item in session
        assert cart not in session


@pytest.mark.feature("F059")
def test_cascade_names_are_checked() -> None:
    with pytest.raises(exc.ArgumentError, match="Invalid cascade option"):
        relationship("Item", cascade="save-update, nonsense")
    assert "delete" in relationship("Item", cascade="all").cascade
    assert "delete-orphan" not in relationship("Item", cascade="all").cascade


def test_a_foreign_object_in_a_collection(engine: Any) -> None:
    model = Shop(engine, back=False)
    with Session(engine) as session:
        cart = model.Cart()
        cart.items.append(model.Cart())
        with pytest.raises(AssertionError, match="doesn't handle objects of type"):
            session.add(cart)


# many to many ---------------------------------------------------------------------------------------------


def test_many_to_many_rows_come_and_go(engine: Any) -> None:
    Base = declarative_base()
    link = Table(
        "student_classes",
        Base.metadata,
        Column("student_id", Integer, ForeignKey("students.id"), primary_key=True),
        Column("class_id", Integer, ForeignKey("classes.id"), primary_key=True),
    )

    class Student(Base):
        __tablename__ = "students"
        id = Column(Integer, primary_key=True)
        classes = relationship("Lesson", secondary=link, back_populates="students")

    class Lesson(Base):
        __tablename__ = "classes"
        id = Column(Integer, primary_key=True)
        students = relationship("Student", secondary=link, back_populates="classes")

    Base.metadata.create_all(engine)

    def pairs(session: Session) -> list[tuple[int, int]]:
        return [tuple(r) for r in session.execute(select(link).order_by(link.c.student_id, link.c.class_id))]  # type: ignore[misc]  # two columns

    with Session(engine) as session:
        lessons = [Lesson(id=i) for i in (1, 2, 3)]
        ann, bob = Student(id=1, classes=lessons[:2]), Student(id=2, classes=lessons[1:])
        session.add_all([ann, bob])
        session.commit()
        assert pairs(session) == [(1, 1), (1, 2), (2, 2), (2, 3)]
        ann.classes.remove(lessons[0])
        lessons[2].students.append(ann)
        session.commit()
        assert pairs(session) == [(1, 2), (1, 3), (2, 2), (2, 3)]
        session.delete(lessons[1])
        session.commit()
        assert pairs(session) == [(1, 3), (2, 3)]
        session.delete(bob)
        ann.classes = []
        session.commit()
        assert pairs(session) == []
        assert count(session, Lesson) == 2


def test_no_warning_where_nothing_is_wrong(engine: Any) -> None:
    model = Shop(engine, cascade="all, delete-orphan")
    with warnings.catch_warnings(), Session(engine) as session:
        warnings.simplefilter("error")
        cart = model.filled(session, "a", "b")
        cart.items.pop()
        cart.name = "n"
        session.commit()
        session.delete(cart)
        session.commit()


# loading before anything is written ---------------------------------------------------------------------


@pytest.mark.feature("F064")
def test_pending_objects_load_by_the_keys_they_have(engine: Any) -> None:
    Base = declarative_base()

    class Shelf(Base):
        __tablename__ = "shelves"
        id = Column(Integer, primary_key=True)
        books = relationship("Book", back_populates="shelf")

    class Book(Base):
        __tablename__ = "books"
        id = Column(Integer, primary_key=True)
        shelf_id = Column(ForeignKey("shelves.id"))
        shelf = relationship("Shelf", back_populates="books", load_on_pending=True)
        usual = relationship("Shelf", viewonly=True)

    Base.metadata.create_all(engine)
    with Session(engine, autoflush=False) as session:
        session.add(Shelf(id=1))
        session.commit()
        book = Book(shelf_id=1)
        assert book.shelf is None
        session.add(book)
        assert book.shelf is session.get(Shelf, 1) and book.usual is None
        session.flush()
        assert book.shelf_id == 1

        # an object that is not even pending
        loose = Book(shelf_id=1)
        session.enable_relationship_loading(loose)
        assert loose.usual is session.get(Shelf, 1) and loose not in session and not session.new
        same = Shelf(id=1)
        session.enable_relationship_loading(same)
        assert same.books == [book]
        session.commit()
        assert session.scalars(select(Book)).all() == [book]
        with (
            Session(engine) as other,
            pytest.raises(exc.InvalidRequestError, match="is already attached to ses"),
        ):
            other.enable_relationship_loading(loose)


@pytest.mark.feature("F062")
def test_a_later_update_computes_what_every_update_does(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Team(Base):
        __tablename__ = "teams"
        id = Column(Integer, primary_key=True)
        captain_id = Column(ForeignKey("players.id", use_alter=True, name="fk_captain"))
        changes = Column(Integer, onupdate=lambda: 7)
        captain = relationship("Player", foreign_keys=captain_id, post_update=True)
        players = relationship("Player", foreign_keys="Player.team_id", back_populates="team")

    class Player(Base):
        __tablename__ = "players"
        id = Column(Integer, primary_key=True)
        team_id = Column(ForeignKey("teams.id"))
        team = relationship("Team", foreign_keys=team_id, back_populates="players")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        player = Player()
        team = Team(captain=player, players=[player])
        session.add(team)
        session.commit()
        assert (team.captain, team.changes) == (player, 7)
        team.captain = None
        session.commit()
        assert team.captain_id is None
        log = sql_log(engine)
        assert team.players == [player] and team.captain is None
        log.clear()
        session.delete(team)
        session.flush()
        # no captain, so no UPDATE takes one back
        assert [text.split()[:2] for text in log.texts()] == [["UPDATE", "players"], ["DELETE", "FROM"]]
        session.commit()
        assert player.team is None


def test_a_relationship_that_comes_later_is_deleted_along(engine: Any) -> None:
    Base = declarative_base()

    class Crate(Base):
        __tablename__ = "crates"
        id = Column(Integer, primary_key=True)

    class Jar(Base):
        __tablename__ = "jars"
        id = Column(Integer, primary_key=True)
        crate_id = Column(ForeignKey("crates.id"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Crate(id=1), Crate(id=2), Crate(id=3), Jar(id=1, crate_id=3)])
        session.commit()
        # the second time it is known that nothing is deleted along
        for number in (1, 2):
            session.delete(session.get(Crate, number))
        session.commit()
        Crate.jars = relationship(Jar, cascade="all")
        session.delete(session.get(Crate, 3))
        session.commit()
        assert count(session, Crate) == count(session, Jar) == 0


def test_many_are_deleted_with_changes_pending(engine: Any) -> None:
    model = Shop(engine, back=False)
    with Session(engine) as session:
        session.add_all([model.Item(id=number, name="a") for number in (3, 1, 2, 4)])
        session.commit()
        items = session.scalars(select(model.Item).order_by(model.Item.id)).all()
        for item in items:
            item.name = "b"
        session.delete(items[2])
        session.delete(items[0])
        assert set(session.deleted) == {items[0], items[2]} and set(session.dirty) == {items[1], items[3]}
        savepoint = session.begin_nested()
        assert rows(session, model) == [("b", None)] * 2
        items[1].name = "c"
        session.flush()
        savepoint.rollback()
        assert items[1].name == "b" and items[2] not in session
        session.rollback()
        assert [item.name for item in items] == ["a"] * 4 and all(item in session for item in items)
