"""Mappings as programs have them: composite keys, cycles, graphs, association objects, moved orphans."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    exc,
    func,
    inspect,
    select,
)
from relvar.orm import (
    Session,
    aliased,
    attribute_keyed_dict,
    declarative_base,
    immediateload,
    joinedload,
    keyfunc_mapping,
    lazyload,
    raiseload,
    relationship,
    selectinload,
    subqueryload,
    with_parent,
)
from relvar.orm.exc import StaleDataError

EAGER = (selectinload, joinedload, subqueryload, immediateload)


# composite keys ----------------------------------------------------------------------------------


def composite_model(engine: Any) -> Any:
    Base = declarative_base()

    class Place(Base):
        __tablename__ = "places"
        x = Column(Integer, primary_key=True, autoincrement=False)
        y = Column(Integer, primary_key=True, autoincrement=False)
        name = Column(String(10))
        trees = relationship("Tree", back_populates="place", order_by="Tree.id", cascade="all, delete-orphan")

    class Tree(Base):
        __tablename__ = "trees"
        id = Column(Integer, primary_key=True)
        px = Column(Integer)
        py = Column(Integer)
        place = relationship("Place", back_populates="trees")
        __table_args__ = (ForeignKeyConstraint(["px", "py"], ["places.x", "places.y"]),)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [
                Place(x=2, y=1, name="q", trees=[Tree(id=1), Tree(id=2)]),
                Place(x=1, y=2, name="p", trees=[Tree(id=3)]),
            ]
        )
        session.commit()
    return Place, Tree


def test_composite_keys_by_get(engine: Any) -> None:
    Place, _ = composite_model(engine)
    with Session(engine) as session:
        assert session.get(Place, (2, 1)).name == "q"
        assert session.get(Place, {"x": 1, "y": 2}).name == "p"
        assert session.get(Place, (9, 9)) is None
        for wrong in ((1,), {"x": 1}, 5):
            with pytest.raises(exc.InvalidRequestError, match="Incorrect number of values in identifier"):
                session.get(Place, wrong)
        with pytest.raises(exc.InvalidRequestError, match="Incorrect names of values in identifier"):
            session.get(Place, {"x": 1, "z": 3})


def test_composite_keys_eagerly_and_in_conditions(engine: Any) -> None:
    Place, Tree = composite_model(engine)
    with Session(engine) as session:
        for load in EAGER:
            session.expunge_all()
            places = session.scalars(select(Place).options(load(Place.trees)).order_by(Place.x)).unique()
            assert [(p.name, [t.id for t in p.trees]) for p in places] == [("p", [3]), ("q", [1, 2])]
        session.expunge_all()
        trees = session.scalars(select(Tree).options(selectinload(Tree.place)).order_by(Tree.id))
        assert [(t.id, t.place.name) for t in trees] == [(1, "q"), (2, "q"), (3, "p")]
        place = session.get(Place, (2, 1))

        def ids(condition: Any) -> list[int]:
            return list(session.scalars(select(Tree.id).where(condition).order_by(Tree.id)))

        assert ids(Tree.place == place) == [1, 2]
        assert ids(Tree.place != place) == [3]
        assert ids(Tree.place == None) == []
        assert ids(Tree.place.has(name="p")) == [3]
        found = session.scalars(select(Place).where(Place.trees.contains(place.trees[0]))).all()
        assert found == [place]
        assert session.scalars(select(Place).where(~Place.trees.any(Tree.id == 3))).all() == [place]


def test_composite_keys_move_and_delete(engine: Any) -> None:
    Place, Tree = composite_model(engine)
    with Session(engine) as session:
        here, there = session.get(Place, (2, 1)), session.get(Place, (1, 2))
        tree = here.trees[0]
        there.trees.append(tree)
        assert tree not in here.trees
        session.flush()
        session.expire(here)
        assert [t.id for t in here.trees] == [2] and (tree.px, tree.py) == (1, 2)
        there.trees.remove(tree)
        session.flush()
        assert inspect(tree).deleted
        session.delete(here)
        session.commit()
        assert session.execute(select(Tree.id, Tree.px)).all() == [(3, 1)]


# cyclic foreign keys -------------------------------------------------------------------------------


def test_rows_that_refer_to_each_other(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Entry(Base):
        __tablename__ = "entries"
        id = Column(Integer, primary_key=True)
        widget_id = Column(ForeignKey("widgets.id"))

    class Widget(Base):
        __tablename__ = "widgets"
        id = Column(Integer, primary_key=True)
        favorite_id = Column(ForeignKey("entries.id", name="fk_favorite", use_alter=True))
        name = Column(String(5))
        entries = relationship(Entry, primaryjoin=id == Entry.widget_id, order_by=Entry.id)
        favorite = relationship(Entry, primaryjoin=favorite_id == Entry.id, post_update=True)

    Base.metadata.create_all(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        widget, first, second = Widget(name="w"), Entry(), Entry()
        widget.entries = [first, second]
        widget.favorite = second
        session.add(widget)
        session.commit()
        kinds = [text.split()[0] for text in log.texts() if text[:6] in ("INSERT", "UPDATE")]
        assert kinds[0] == "INSERT" and kinds[-1] == "UPDATE" and kinds.count("UPDATE") == 1
        assert widget.favorite is second
        for favorite in (first, None, first):
            widget.favorite = favorite
            session.commit()
            assert session.scalar(select(Widget.favorite_id)) == (None if favorite is None else favorite.id)
        widget.name = "x"
        widget.favorite = second
        session.commit()
        assert session.execute(select(Widget.name, Widget.favorite_id)).one() == ("x", second.id)
        for thing in (first, second, widget):
            session.delete(thing)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Entry)) == 0
    Base.metadata.drop_all(engine)


# trees and graphs ------------------------------------------------------------------------------------


def tree_model(engine: Any, **options: Any) -> Any:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nodes.id"))
        name = Column(String(5))
        children = relationship("Node", back_populates="parent", order_by="Node.id", **options)
        parent = relationship("Node", remote_side=[id], back_populates="children")

    Base.metadata.create_all(engine)
    return Node


def shape(node: Any) -> Any:
    return (node.name, [shape(child) for child in node.children])


TREE = ("r", [("a", [("aa", []), ("ab", [])]), ("b", [])])


def test_a_tree(engine: Any) -> None:
    Node = tree_model(engine, cascade="all")
    with Session(engine) as session:
        a = Node(name="a", children=[Node(name="aa"), Node(name="ab")])
        session.add(Node(name="r", children=[a, Node(name="b")]))
        session.commit()
        root = select(Node).where(Node.name == "r")
        options = (
            selectinload(Node.children, recursion_depth=-1),
            selectinload(Node.children, recursion_depth=1),
            joinedload(Node.children).joinedload(Node.children),
            subqueryload(Node.children).selectinload(Node.children),
        )
        for option in options:
            session.expunge_all()
            assert shape(session.scalars(root.options(option)).unique().one()) == TREE
        child = aliased(Node)
        pairs = select(Node.name, child.name).join(Node.children.of_type(child)).order_by(child.name)
        expected = [("r", "a"), ("a", "aa"), ("a", "ab"), ("r", "b")]
        assert session.execute(pairs).all() == expected
        parent = aliased(Node)
        pairs = select(parent.name, Node.name).join(parent, Node.parent).order_by(Node.name)
        assert session.execute(pairs).all() == expected
        a = session.scalars(select(Node).where(Node.name == "a")).one()
        a.parent = None
        session.commit()
        assert a.parent_id is None
        a.children[0].parent = a.children[1]
        session.flush()
        session.expire_all()
        assert shape(a) == ("a", [("ab", [("aa", [])])])
        session.delete(a)
        session.commit()
        assert list(session.scalars(select(Node.name).order_by(Node.name))) == ["b", "r"]


def test_an_expired_object_loads_its_eager_collection_once(sqlite_engine: Any, sql_log: Any) -> None:
    Node = tree_model(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(Node(name="r", children=[Node(name="a", children=[Node(name="aa")])]))
        session.commit()
        session.expunge_all()
        root = select(Node).where(Node.name == "r")
        option = joinedload(Node.children).joinedload(Node.children)
        a = session.scalars(root.options(option)).unique().one().children[0]
        session.commit()
        log = sql_log(sqlite_engine)
        assert [child.name for child in a.children] == ["aa"]
        assert len(log) == 1 and "LEFT OUTER JOIN" in log.texts()[0]


def test_rows_can_be_each_others_parents(engine: Any) -> None:
    Node = tree_model(engine)
    with Session(engine) as session:
        one, two = Node(name="x"), Node(name="y")
        one.parent, two.parent = two, one
        session.add(one)
        session.commit()
        assert one.parent is two and two.parent is one and two.children == [one]


def test_a_graph(engine: Any) -> None:
    Base = declarative_base()
    edges = Table(
        "edges",
        Base.metadata,
        Column("l", ForeignKey("points.id"), primary_key=True),
        Column("r", ForeignKey("points.id"), primary_key=True),
    )

    class Point(Base):
        __tablename__ = "points"
        id = Column(Integer, primary_key=True)
        name = Column(String(5))
        right = relationship(
            "Point",
            secondary=edges,
            primaryjoin=id == edges.c.l,
            secondaryjoin=id == edges.c.r,
            back_populates="left",
            order_by=id,
        )
        left = relationship(
            "Point",
            secondary=edges,
            primaryjoin=id == edges.c.r,
            secondaryjoin=id == edges.c.l,
            back_populates="right",
            order_by=id,
        )

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a, b, c = (Point(id=i + 1, name=name) for i, name in enumerate("abc"))
        a.right = [b, c]
        b.right.append(c)
        c.right.append(a)
        session.add(a)
        session.commit()
        expected = [("a", ["b", "c"], ["c"]), ("b", ["c"], ["a"]), ("c", ["a"], ["a", "b"])]
        everything = select(Point).order_by(Point.id)
        for one in (lazyload, *EAGER):
            for other in (lazyload, *EAGER):
                session.expunge_all()
                points = session.scalars(everything.options(one(Point.right), other(Point.left))).unique()
                found = [(p.name, [r.name for r in p.right], [x.name for x in p.left]) for p in points]
                assert found == expected, (one, other)
        a, b, c = session.scalars(everything)
        names = select(Point.name).order_by(Point.id)
        assert session.scalars(names.where(Point.right.contains(a))).all() == ["c"]
        assert session.scalars(names.where(~Point.right.contains(a))).all() == ["a", "b"]
        assert session.scalars(names.where(Point.right.any(Point.name == "c"))).all() == ["a", "b"]
        assert session.scalars(names.where(with_parent(a, Point.right))).all() == ["b", "c"]
        other = aliased(Point)
        pairs = select(Point.name, other.name).join(Point.right.of_type(other)).order_by(Point.id, other.id)
        assert session.execute(pairs).all() == [("a", "b"), ("a", "c"), ("b", "c"), ("c", "a")]
        a.right.remove(b)
        session.flush()
        session.delete(a)
        session.commit()
        assert session.execute(select(edges)).all() == [(2, 3)]
        b.right = []
        c.left.append(b)
        session.commit()
        assert session.execute(select(edges)).all() == [(2, 3)]


# association objects -----------------------------------------------------------------------------------


def test_association_objects(engine: Any) -> None:
    Base = declarative_base()

    class Link(Base):
        __tablename__ = "links"
        left_id = Column(ForeignKey("lefts.id"), primary_key=True)
        right_id = Column(ForeignKey("rights.id"), primary_key=True)
        note = Column(String(5))
        right = relationship("Right", back_populates="links")
        left = relationship("Left", back_populates="links")

    class Left(Base):
        __tablename__ = "lefts"
        id = Column(Integer, primary_key=True)
        links = relationship("Link", back_populates="left")

    class Right(Base):
        __tablename__ = "rights"
        id = Column(Integer, primary_key=True)
        links = relationship("Link", back_populates="right")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        left, link = Left(id=1), Link(note="x", right=Right(id=1))
        left.links.append(link)
        session.add(left)
        session.commit()
        assert inspect(link).identity == (1, 1)
        left.links.remove(link)
        with pytest.raises(AssertionError, match="tried to blank-out primary key column 'links.left_id'"):
            session.flush()
        session.rollback()
        session.delete(left)
        with pytest.raises(AssertionError, match="tried to blank-out primary key column 'links.left_id'"):
            session.flush()
        session.rollback()
        # the key changes though it was not loaded: the row is found, the rest of the key stays
        other = Left(id=2)
        session.add(other)
        link.left = other
        session.flush()
        assert inspect(link).identity == (2, 1)
        assert session.get(Link, (2, 1)) is link
        session.commit()
        assert session.execute(select(Link.__table__)).all() == [(2, 1, "x")]
        link.right_id = 1
        link.left_id = 1
        session.commit()
        assert session.execute(select(Link.left_id, Link.right_id)).all() == [(1, 1)]


def test_a_primary_key_changes_while_it_is_expired(engine: Any) -> None:
    Node = tree_model(engine)
    with Session(engine) as session:
        node = Node(id=1, name="a")
        session.add(node)
        session.commit()
        node.id = 9
        session.commit()
        assert session.execute(select(Node.id, Node.name)).all() == [(9, "a")]
        assert session.get(Node, 9) is node and session.get(Node, 1) is None


# orphans -------------------------------------------------------------------------------------------------


def test_orphans_that_move(engine: Any) -> None:
    Base = declarative_base()

    class Box(Base):
        __tablename__ = "boxes"
        id = Column(Integer, primary_key=True)
        things = relationship(
            "Thing", cascade="all, delete-orphan", back_populates="box", order_by="Thing.id"
        )

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        box_id = Column(ForeignKey("boxes.id"))
        box = relationship("Box", back_populates="things")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Box(id=1), Box(id=2)
        thing = Thing(id=1)
        one.things = [thing, Thing(id=2)]
        session.add_all([one, two])
        session.commit()
        two.things.append(thing)
        session.commit()
        assert thing.box_id == 2 and [t.id for t in one.things] == [2]
        thing.box = one
        session.commit()
        assert [t.id for t in two.things] == [] and [t.id for t in one.things] == [1, 2]
        thing.box = None
        session.commit()
        assert inspect(thing).detached and inspect(thing).was_deleted
        one.things = [Thing(id=5), Thing(id=6)]
        session.commit()
        assert session.scalars(select(Thing.id).order_by(Thing.id)).all() == [5, 6]
        late = Thing(id=7)
        one.things.append(late)
        assert late in session
        one.things.remove(late)
        assert late not in session
        late = Thing(id=8, box=one)
        session.add(late)
        session.flush()
        late.box = None
        session.flush()
        assert late not in session
        session.delete(one)
        session.commit()
        assert session.scalars(select(Thing.id)).all() == []


def test_an_only_child_that_is_replaced(engine: Any) -> None:
    Base = declarative_base()

    class Box(Base):
        __tablename__ = "boxes"
        id = Column(Integer, primary_key=True)
        lid = relationship("Lid", uselist=False, cascade="all, delete-orphan", single_parent=True)

    class Lid(Base):
        __tablename__ = "lids"
        id = Column(Integer, primary_key=True)
        box_id = Column(ForeignKey("boxes.id"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        box = Box(lid=Lid(id=1))
        session.add(box)
        session.commit()
        box.lid = Lid(id=2)
        session.commit()
        assert session.scalars(select(Lid.id)).all() == [2]
        box.lid = None
        session.commit()
        assert session.scalars(select(Lid.id)).all() == []
        box.lid = Lid(id=3)
        session.flush()
        del box.lid
        session.flush()
        assert session.scalars(select(Lid.id)).all() == []


# foreign keys that are NULL -----------------


def test_foreign_keys_that_are_null(engine: Any) -> None:
    Base = declarative_base()

    class Owner(Base):
        __tablename__ = "owners"
        id = Column(Integer, primary_key=True)

    class Cat(Base):
        __tablename__ = "cats"
        id = Column(Integer, primary_key=True)
        owner_id = Column(ForeignKey("owners.id"))
        owner = relationship(Owner)

    class Dog(Base):
        __tablename__ = "dogs"
        id = Column(Integer, primary_key=True)
        owner_id = Column(ForeignKey("owners.id"), nullable=False)
        owner = relationship(Owner, backref="dogs")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Cat(id=1, owner=Owner(id=1)), Cat(id=2)])
        session.commit()
        for load in (lazyload, *EAGER):
            session.expunge_all()
            cats = session.scalars(select(Cat).options(load(Cat.owner)).order_by(Cat.id))
            assert [cat.owner is None for cat in cats] == [False, True]
        session.expunge_all()
        cat = session.scalars(select(Cat).options(raiseload(Cat.owner)).where(Cat.id == 1)).one()
        with pytest.raises(exc.InvalidRequestError, match="'Cat.owner' is not available due to lazy='raise'"):
            cat.owner
        session.expunge_all()
        owner = session.get(Owner, 1)
        dog = Dog(id=1, owner=owner)
        session.add(dog)
        session.commit()
        for change in (lambda: owner.dogs.remove(dog), lambda: session.delete(owner)):
            change()
            with pytest.raises(exc.IntegrityError):
                session.commit()
            session.rollback()
        dog.owner = None
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        # a foreign key that is set by hand shows after the object was expired
        cat = session.get(Cat, 2)
        assert cat.owner is None
        cat.owner_id = 1
        session.flush()
        assert cat.owner is None
        session.expire(cat, ["owner"])
        assert cat.owner is owner
        stray = Cat(owner_id=1)
        session.enable_relationship_loading(stray)
        assert stray.owner is owner and stray not in session.new


# collections of other kinds -------------


def test_dictionaries_and_sets(engine: Any) -> None:
    Base = declarative_base()

    class Page(Base):
        __tablename__ = "pages"
        id = Column(Integer, primary_key=True)
        notes = relationship(
            "Note",
            collection_class=attribute_keyed_dict("key"),
            cascade="all, delete-orphan",
            back_populates="page",
        )
        tags = relationship("Tag", collection_class=set, cascade="all, delete-orphan")
        pairs = relationship(
            "Note", collection_class=keyfunc_mapping(lambda note: (note.key, note.value)), viewonly=True
        )

    class Note(Base):
        __tablename__ = "notes"
        id = Column(Integer, primary_key=True)
        key = Column(String(5))
        value = Column(String(5))
        page_id = Column(ForeignKey("pages.id"))
        page = relationship(Page, back_populates="notes")

    class Tag(Base):
        __tablename__ = "tags"
        id = Column(Integer, primary_key=True)
        name = Column(String(5))
        page_id = Column(ForeignKey("pages.id"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        page = Page(id=1)
        page.notes["a"] = Note(key="a", value="1")
        Note(key="b", value="2", page=page)
        page.tags.add(Tag(name="x"))
        page.tags |= {Tag(name="y")}
        session.add(page)
        session.commit()
        assert sorted(page.notes) == ["a", "b"]
        assert sorted(page.pairs) == [("a", "1"), ("b", "2")]
        assert sorted(tag.name for tag in page.tags) == ["x", "y"]
        page.notes["a"] = Note(key="a", value="9")
        session.flush()
        rows = select(Note.key, Note.value).order_by(Note.key)
        assert session.execute(rows).all() == [("a", "9"), ("b", "2")]
        gone = page.notes.pop("a")
        session.flush()
        assert inspect(gone).deleted and sorted(page.notes) == ["b"]
        assert page.notes.setdefault("n", Note(key="n", value="5")).value == "5"
        assert page.notes.popitem()[0] == "n"
        page.notes.update({"u": Note(key="u")})
        page.notes.clear()
        session.flush()
        assert session.execute(rows).all() == []
        tag = Tag(name="z")
        page.tags = {tag}
        session.flush()
        page.tags.discard(tag)
        page.tags.update([Tag(name="1"), Tag(name="2")])
        page.tags.symmetric_difference_update({tag})
        session.flush()
        names = select(Tag.name).order_by(Tag.name)
        assert session.scalars(names).all() == ["1", "2", "z"]
        assert len(page.tags & {tag}) == 1 and len(page.tags - {tag}) == 2
        page.tags.intersection_update({tag})
        session.flush()
        assert session.scalars(names).all() == ["z"]
        page.tags.difference_update({tag})
        session.flush()
        assert session.scalars(names).all() == []


def test_what_collections_refuse(sqlite_engine: Any) -> None:
    Base = declarative_base()

    class Page(Base):
        __tablename__ = "pages"
        id = Column(Integer, primary_key=True)
        notes = relationship("Note", collection_class=attribute_keyed_dict("key"), back_populates="page")
        tags = relationship("Tag", collection_class=set)
        views = relationship("Tag", viewonly=True)

    class Note(Base):
        __tablename__ = "notes"
        id = Column(Integer, primary_key=True)
        key = Column(String(5))
        page_id = Column(ForeignKey("pages.id"))
        page = relationship(Page, back_populates="notes")

    class Tag(Base):
        __tablename__ = "tags"
        id = Column(Integer, primary_key=True)
        page_id = Column(ForeignKey("pages.id"))

    page = Page()
    not_mapped = "'str' object has no attribute '_sa_instance_state'"
    with pytest.raises(AttributeError, match=not_mapped):
        page.tags.add("text")
    with pytest.raises(AttributeError, match=not_mapped):
        page.views.append("text")
    with pytest.raises(AttributeError, match=not_mapped):
        Note().page = "text"
    with pytest.raises(KeyError):
        page.tags.remove(Tag())
    for wrong in ([Note(key="k")], Note(key="k"), None):
        with pytest.raises(TypeError, match="Incompatible collection type: .* is not dict-like"):
            page.notes = wrong
    with pytest.raises(
        exc.InvalidRequestError,
        match="population of attribute 'Note.page' .*To skip this assignment entirely",
    ):
        Note().page = page
    note = Note(key="k")
    page.notes["k"] = note
    note.key = "other"
    with pytest.raises(exc.InvalidRequestError, match="Can not remove .* from collection"):
        page.notes.remove(note)


# versions -----------------------------------------------------------------------------------------------


def test_versions(engine: Any) -> None:
    Base = declarative_base()

    class Doc(Base):
        __tablename__ = "docs"
        id = Column(Integer, primary_key=True)
        name = Column(String(5))
        version = Column(Integer, nullable=False)
        parts = relationship("Part", back_populates="doc")
        __mapper_args__ = {"version_id_col": version}

    class Part(Base):
        __tablename__ = "parts"
        id = Column(Integer, primary_key=True)
        doc_id = Column(ForeignKey("docs.id"))
        doc = relationship(Doc, back_populates="parts")
        name = Column(String(5))
        version = Column(String(9))
        __mapper_args__ = {
            "version_id_col": version,
            "version_id_generator": lambda version: (version or "") + "x",
        }

    Base.metadata.create_all(engine)
    docs = Doc.__table__
    with Session(engine) as session:
        doc = Doc(id=1, name="1", parts=[Part(name="q")])
        session.add(doc)
        session.commit()
        assert (doc.version, doc.parts[0].version) == (1, "x")
        doc.name = doc.parts[0].name = "2"
        session.commit()
        assert (doc.version, doc.parts[0].version) == (2, "xx")
        session.execute(docs.update().values(version=99))
        doc.name = "3"
        with pytest.raises(
            StaleDataError, match=r"UPDATE statement on table 'docs' expected to update 1 row\(s\); 0 were"
        ):
            session.flush()
        session.rollback()
        assert doc.version == 2
        session.execute(docs.update().values(version=99))
        session.delete(doc)
        with pytest.raises(
            StaleDataError,
            match=r"DELETE statement on table 'docs' expected to delete 1 row\(s\); 0 were matched\.  Please "
            "set confirm_deleted_rows=False",
        ):
            session.flush()
        session.rollback()
        assert session.get(Doc, 1, with_for_update=True).name == "2"
        with pytest.raises(StaleDataError, match="Version id '1' on merged state"):
            session.merge(Doc(id=1, name="m", version=1))
        session.rollback()
        session.merge(Doc(id=1, name="m", version=2))
        session.commit()
        assert (doc.name, doc.version) == ("m", 3)


# names -------------------------------------------------------------------------------------------------


def test_awkward_column_names(engine: Any) -> None:
    Base = declarative_base()

    class Order(Base):
        __tablename__ = "order"
        pk = Column("id", Integer, primary_key=True)
        group_ = Column("group", String(9))
        select_ = Column("select", String(9))
        upper = Column("UpperCase", Integer)
        space = Column("with space", Integer)
        percent = Column("per%cent", Integer)
        parens = Column("par(en)", Integer)
        colon = Column("a:b", Integer)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        order = Order(group_="g", select_="s", upper=1, space=2, percent=4, parens=5, colon=6)
        session.add(order)
        session.commit()
        assert (order.group_, order.select_, order.upper, order.space) == ("g", "s", 1, 2)
        assert (order.percent, order.parens, order.colon) == (4, 5, 6)
        order.group_, order.percent, order.parens, order.space, order.colon = "h", 7, 8, 9, 1
        session.commit()
        row = session.execute(select(Order.group_, Order.space, Order.percent)).one()
        assert dict(row._mapping) == {"group_": "h", "space": 9, "percent": 7}
        changed = (
            Order.__table__.update()
            .where(Order.percent == 7, Order.space.in_([9, 10]))
            .values({Order.percent: Order.percent + 1})
        )
        session.execute(changed)
        session.refresh(order)
        assert order.percent == 8
        again = aliased(Order)
        assert session.scalars(select(again).where(again.space == 9)).one() is order
        inner = select(Order.group_, Order.space, Order.percent).subquery()
        assert list(inner.c.keys()) == ["group_", "space", "percent"]
        assert session.execute(select(inner.c.percent, inner.c.space)).all() == [(8, 9)]
        session.delete(order)
        session.commit()
        assert session.scalar(select(func.count(Order.pk))) == 0
