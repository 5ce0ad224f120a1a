"""What relationships are made of: settings, joins, links between two sides, and what is said of mistakes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    exc,
    inspect,
    select,
)
from relvar.orm import (
    MANYTOMANY,
    MANYTOONE,
    ONETOMANY,
    AppenderQuery,
    DeclarativeBase,
    Mapped,
    RelationshipProperty,
    Session,
    aliased,
    backref,
    configure_mappers,
    declarative_base,
    foreign,
    immediateload,
    joinedload,
    lazyload,
    mapped_column,
    relationship,
    remote,
    selectinload,
    subqueryload,
)
from relvar.orm.exc import StaleDataError

LOADERS = (lazyload, immediateload, selectinload, subqueryload, joinedload)


@pytest.fixture
def pair() -> Iterator[Callable[..., Any]]:
    """
    A function that maps a Shop with a relationship to Item, made of the given settings, and configures both.

    Mappings that fail are forgotten after the test.
    """
    bases: list[Any] = []

    def make(items: dict[str, Any], back: dict[str, Any] | None = None, columns: Any = None) -> Any:
        Base = declarative_base()
        bases.append(Base)
        if columns is None:
            columns = {"shop_id": Column(ForeignKey("shop.id"))}
        body: dict[str, Any] = {"__tablename__": "item", "id": Column(Integer, primary_key=True), **columns}
        if back is not None:
            body["shop"] = relationship(**{"argument": "Shop", **back})
        key = Column(Integer, primary_key=True)
        items = relationship(**{"argument": "Item", **items})
        Shop: Any = type("Shop", (Base,), {"__tablename__": "shop", "id": key, "items": items})
        Item: Any = type("Item", (Base,), body)
        configure_mappers()
        return Shop, Item

    yield make
    for base in bases:
        base.registry.dispose()


# settings --------------------------------------------------------------------------------------------


@pytest.mark.feature("F046")
def test_every_setting_is_known_and_kept(pair: Any) -> None:
    class Compared(RelationshipProperty.Comparator):
        pass

    kept = {
        "uselist": True,
        "collection_class": set,
        "post_update": True,
        "viewonly": False,
        "lazy": "selectin",
        "passive_deletes": True,
        "passive_updates": False,
        "active_history": True,
        "enable_typechecks": False,
        "join_depth": 3,
        "comparator_factory": Compared,
        "single_parent": True,
        "innerjoin": True,
        "distinct_target_key": True,
        "load_on_pending": True,
        "query_class": AppenderQuery,
        "omit_join": False,
        "sync_backref": True,
        "back_populates": "shop",
    }
    resolved = {
        "primaryjoin": "Shop.id == Item.shop_id",
        "foreign_keys": "Item.shop_id",
        "remote_side": "Item.shop_id",
        "order_by": "Item.id.desc()",
        "cascade": "all, delete-orphan",
        "overlaps": "a, b",
        "info": {"colour": "red"},
        "doc": "What there is to buy.",
    }
    Shop, Item = pair({**kept, **resolved}, {"back_populates": "items"})
    prop = Shop.items.property
    for name, value in kept.items():
        assert getattr(prop, name) == value, name
    assert prop.direction is ONETOMANY and prop.mapper is prop.entity is inspect(Item)
    assert str(prop.primaryjoin) == "shop.id = item.shop_id" and prop.secondaryjoin is None
    assert prop.remote_side == {Item.__table__.c.shop_id} and prop.local_columns == {Shop.__table__.c.id}
    assert [str(clause) for clause in prop.order_by] == ["item.id DESC"]
    assert prop.cascade.delete_orphan and prop.cascade.save_update and prop.cascade.merge
    assert Shop.items.info == prop.info == {"colour": "red"} and Shop.items.__doc__ == "What there is to buy."
    # those of dataclasses are for classes that are such
    for_dataclasses = {"init": False, "repr": False, "default_factory": list}
    more = {"compare": True, "kw_only": True, "hash": True, "dataclass_metadata": {"a": 1}}
    for name, value in {**for_dataclasses, **more}.items():
        with pytest.raises(exc.ArgumentError, match=f"'items' on .*dataclasses argument.s.: .*{name[-7:]}'"):
            pair({name: value})
    assert Item.shop.property.direction is MANYTOONE and Item.shop.property.back_populates == "items"
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        relationship("Item", colour="red")
    # what older programs give, and newer ones ignore
    assert relationship("Item", bake_queries=False, cascade_backrefs=False).lazy == "select"
    with pytest.raises(exc.ArgumentError, match="'cascade_backrefs' parameter .* may only be set to False"):
        relationship("Item", cascade_backrefs=True)


@pytest.mark.feature("F046")
def test_settings_of_what_only_reads(pair: Any) -> None:
    for setting in ({"passive_deletes": True}, {"passive_updates": False}, {"enable_typechecks": False}):
        name = next(iter(setting))
        with pytest.warns(
            exc.SAWarning, match=f"Setting {name} on relationship.. while also setting viewonly"
        ):
            relationship("Item", viewonly=True, **setting)
    with pytest.warns(exc.SAWarning, match="setting omit_join to True is not supported"):
        relationship("Item", omit_join=True)
    with pytest.warns(exc.SADeprecationWarning, match="``noload`` loader strategy is deprecated"):
        pair({"lazy": "noload"})


@pytest.mark.feature("F046")
def test_a_relationship_that_raises_can_be_filled(engine: Any, pair: Any) -> None:
    for lazy in ("raise", "raise_on_sql"):
        Shop, Item = pair({"lazy": lazy, "back_populates": "shop"}, {"lazy": lazy, "back_populates": "items"})
        Shop.metadata.create_all(engine)
        with Session(engine) as session:
            shop = Shop(items=[Item()])
            assert shop.items[0].shop is shop and Shop().items == [] and Item(shop_id=5).shop is None
            session.add(shop)
            session.commit()
            # from the other side nothing has to be loaded
            late = Item(shop=shop)
            session.add(late)
            with pytest.raises(
                exc.InvalidRequestError, match=f"'Shop.items' is not available due to lazy='{lazy}'"
            ):
                shop.items  # reading is the point
            session.commit()
            assert late.shop_id == shop.id
        Shop.metadata.drop_all(engine)


# two sides -------------------------------------------------------------------------------------------


@pytest.mark.feature("F050")
def test_the_other_side_by_name_attribute_or_function(pair: Any) -> None:
    for name in ("shop", lambda: "shop"):
        Shop, Item = pair({"back_populates": name}, {"back_populates": "items"})
        assert Shop.items.property.back_populates == "shop"
        shop, item = Shop(), Item()
        item.shop = shop
        assert shop.items == [item]
        shop.items.remove(item)
        assert item.shop is None

    class Base(DeclarativeBase):
        pass

    class Node(Base):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
        children: Mapped[list[Node]] = relationship(back_populates=lambda: Node.parent)
        parent: Mapped[Node | None] = relationship(back_populates=children, remote_side=[id])

    root = Node(children=[Node()])
    assert root.children[0].parent is root and Node.parent.property.back_populates == "children"


@pytest.mark.feature("F050")
def test_a_backref_makes_the_other_side(engine: Any, pair: Any) -> None:
    Shop, Item = pair({"backref": backref("shop", lazy="joined", info={"made": True})})
    other = Item.shop.property
    assert (other.direction, other.lazy, other.info) == (MANYTOONE, "joined", {"made": True})
    assert Shop.items.property._reverse_property == {other}
    Shop.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Item(shop=Shop()))
        session.commit()
        shop = session.scalars(select(Shop)).one()
        assert [item.shop for item in shop.items] == [shop]


@pytest.mark.feature("F055")
def test_which_sides_hear_of_each_other(pair: Any) -> None:
    Shop, Item = pair({"back_populates": "shop", "viewonly": True}, {"back_populates": "items"})
    assert Item(shop=Shop()).shop.items == []
    with pytest.raises(exc.ArgumentError, match="sync_backref and viewonly cannot both be True"):
        relationship("Item", viewonly=True, sync_backref=True)
    with pytest.raises(
        exc.InvalidRequestError, match="Shop.items cannot specify sync_backref=True since Item.sh"
    ):
        pair({"back_populates": "shop", "sync_backref": True}, {"back_populates": "items", "viewonly": True})
    writes = relationship("Item", viewonly=True, cascade="all, delete-orphan").cascade
    assert set(writes) == {"merge", "expunge", "refresh-expire"}


# joins -----------------------------------------------------------------------------------------------


@pytest.mark.feature("F051", "F053")
def test_a_tree_whose_key_shares_a_column(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Folder(Base):
        __tablename__ = "folder"
        __table_args__ = (ForeignKeyConstraint(["account", "parent_id"], ["folder.account", "folder.id"]),)
        account: Mapped[int] = mapped_column(primary_key=True)
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None]
        parent: Mapped[Folder | None] = relationship(back_populates="children", remote_side=[account, id])
        children: Mapped[list[Folder]] = relationship(back_populates="parent", order_by=id)

    assert Folder.parent.property.direction is MANYTOONE and Folder.children.property.direction is ONETOMANY
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for account in (1, 2):
            session.add(Folder(account=account, id=1, children=[Folder(id=2), Folder(id=3)]))
        session.commit()
    for load in LOADERS:
        with Session(engine) as session:
            found = select(Folder).options(load(Folder.children)).order_by(Folder.account, Folder.id)
            tops = [folder for folder in session.scalars(found).unique() if folder.parent is None]
            tree = [(top.account, [(c.account, c.id) for c in top.children]) for top in tops]
            assert tree == [(1, [(1, 2), (1, 3)]), (2, [(2, 2), (2, 3)])]
    with Session(engine) as session:
        upper = aliased(Folder)
        above = select(Folder.account, upper.id).join(Folder.parent.of_type(upper)).where(Folder.id == 3)
        assert sorted(map(tuple, session.execute(above))) == [(1, 1), (2, 1)]
        child = session.get_one(Folder, (2, 3))
        child.parent = session.get_one(Folder, (2, 2))
        session.commit()
        assert [c.id for c in session.get_one(Folder, (2, 1)).children] == [2] and child.parent_id == 2


@pytest.mark.feature("F052")
def test_directions_of_joins_written_out(pair: Any) -> None:
    def direction(**settings: Any) -> Any:
        Base = declarative_base()

        class Word(Base):  # type: ignore[valid-type, misc]  # made at run time
            __tablename__ = "word"
            id = Column(Integer, primary_key=True)
            text = Column(String(10))
            rhyme = Column(String(10))
            related = relationship("Word", viewonly=True, uselist=True, **settings)

        try:
            configure_mappers()
            return Word.related.property.direction
        finally:
            Base.registry.dispose()

    assert direction(primaryjoin="foreign(Word.text) == remote(Word.text)") is MANYTOONE
    assert direction(primaryjoin="remote(foreign(Word.text)) == Word.text") is ONETOMANY
    assert direction(primaryjoin="Word.text == Word.rhyme", foreign_keys="Word.rhyme") is ONETOMANY
    way_back = {
        "primaryjoin": "Word.text == Word.rhyme",
        "foreign_keys": "Word.rhyme",
        "remote_side": "Word.text",
    }
    assert direction(**way_back) is MANYTOONE
    both = "and_(foreign(Word.text) == remote(Word.text), Word.id != remote(Word.id))"
    assert direction(primaryjoin=both) is MANYTOONE
    with pytest.raises(exc.ArgumentError, match="Can't determine relationship direction"):
        direction(primaryjoin="foreign(Word.text) == remote(foreign(Word.text))")
    with pytest.warns(
        exc.SAWarning, match="Expression shop.id is marked as 'remote', but these column.s. are local"
    ):
        pair({"remote_side": "Shop.id"})


@pytest.mark.feature("F048", "F056")
def test_a_collection_in_the_order_of_the_table_between(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    place = Table(
        "place",
        Base.metadata,
        Column("list_id", ForeignKey("list.id"), primary_key=True),
        Column("song_id", ForeignKey("song.id"), primary_key=True),
        Column("at", Integer),
    )

    class Song(Base):
        __tablename__ = "song"
        id: Mapped[int] = mapped_column(primary_key=True)

    class List(Base):
        __tablename__ = "list"
        id: Mapped[int] = mapped_column(primary_key=True)
        songs: Mapped[list[Song]] = relationship(secondary=place, order_by=[place.c.at.desc(), Song.id])
        named: Mapped[list[Song]] = relationship(
            secondary="place", order_by="[place.c.at, Song.id]", viewonly=True
        )

    assert List.songs.property.direction is MANYTOMANY
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([List(id=1), *[Song(id=n) for n in (1, 2, 3)]])
        session.flush()
        rows = [{"list_id": 1, "song_id": n, "at": n % 3} for n in (1, 2, 3)]
        session.execute(place.insert(), rows)
        session.commit()
    for load in LOADERS:
        with Session(engine) as session:
            found = session.scalars(select(List).options(load(List.songs), load(List.named))).unique().one()
            assert [song.id for song in found.songs] == [2, 1, 3]
            assert [song.id for song in found.named] == [3, 1, 2]
    with Session(engine) as session:
        found = session.get_one(List, 1)
        assert len(found.songs) == 3
        session.execute(place.delete())
        found.songs.remove(found.songs[0])
        with pytest.raises(StaleDataError, match="'place' expected to delete 1 row.s.; Only 0 were matched"):
            session.flush()


@pytest.mark.feature("F048", "F061")
def test_rows_between_have_defaults_and_follow_keys(engine: Any, sql_log: Any) -> None:
    class Base(DeclarativeBase):
        pass

    link = Table(
        "link",
        Base.metadata,
        Column("a", String(5), primary_key=True),
        Column("b", String(5), primary_key=True),
        Column("made", Integer, default=lambda: 1, onupdate=lambda: 2),
    )

    class A(Base):
        __tablename__ = "a"
        code: Mapped[str] = mapped_column(String(5), primary_key=True)
        bs: Mapped[list[B]] = relationship(
            secondary=link,
            primaryjoin=lambda: A.code == foreign(link.c.a),
            secondaryjoin=lambda: B.code == foreign(link.c.b),
            passive_updates=False,
            backref="many_a",
        )

    class B(Base):
        __tablename__ = "b"
        code: Mapped[str] = mapped_column(String(5), primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a = A(code="a", bs=[B(code="x"), B(code="y")])
        session.add(a)
        session.commit()
        assert sorted(map(tuple, session.execute(select(link)))) == [("a", "x", 1), ("a", "y", 1)]
        log = sql_log(engine)
        a.code = "c"
        session.commit()
        assert {text.split()[1] for text in log.texts() if text.startswith("UPDATE")} == {"a", "link"}
        assert not any(text.startswith(("INSERT", "DELETE")) for text in log.texts())
        # both ends in one flush
        x = a.bs[0]
        a.code, x.code = "d", "z"
        session.commit()
        assert sorted(map(tuple, session.execute(select(link)))) == [("d", "y", 2), ("d", "z", 2)]
        assert x.many_a == [a]


@pytest.mark.feature("F047")
def test_one_of_several_rows(engine: Any, pair: Any) -> None:
    Shop, Item = pair({"uselist": False})
    Shop.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Shop(id=1))
        session.flush()
        session.add_all([Item(id=1, shop_id=1), Item(id=2, shop_id=1)])
        session.commit()
    for load in LOADERS:
        with Session(engine) as session:
            with pytest.warns(
                exc.SAWarning, match="Multiple rows returned with uselist=False for .*'Shop.items'"
            ):
                shop = session.scalars(select(Shop).options(load(Shop.items))).unique().one()
                assert shop.items.id in (1, 2)


@pytest.mark.feature("F047")
def test_one_to_one_by_the_same_key_is_found_in_the_session(engine: Any, sql_log: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Person(Base):
        __tablename__ = "person"
        id: Mapped[int] = mapped_column(primary_key=True)
        passport: Mapped[Passport | None] = relationship(
            back_populates="person", cascade="all, delete-orphan"
        )

    class Passport(Base):
        __tablename__ = "passport"
        id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
        number: Mapped[int]
        person: Mapped[Person] = relationship(back_populates="passport")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(id=7, passport=Passport(number=1)))
        session.commit()
    with Session(engine) as session:
        passport, person = session.get_one(Passport, 7), session.get_one(Person, 7)
        log = sql_log(engine)
        assert person.passport is passport and not log
        # the row of the old one is that of the new one
        person.passport = Passport(number=2)
        session.flush()
        assert [text.split()[0] for text in log.texts()] == ["UPDATE"]
        session.commit()
        assert person.passport.number == 2


@pytest.mark.feature("F053")
def test_relationships_that_write_the_same_column(pair: Any) -> None:
    conflict = (
        "relationship 'Item.shop' will copy column shop.id to column item.shop_id, which conflicts .*items"
    )
    with pytest.warns(exc.SAWarning, match=conflict) as caught:
        pair({}, {})
    assert 'overlaps="items"' in str(caught[0].message) and "(copies shop.id" in str(caught[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pair({}, {"overlaps": "items"})
        pair({"overlaps": "shop,other"}, {})
        pair({"viewonly": True}, {})
        pair({"back_populates": "shop"}, {"back_populates": "items"})


# mistakes --------------------------------------------------------------------------------------------

TWO_KEYS = {"shop_id": ("shop.id",), "second_id": ("shop.id",)}
MISTAKES: list[tuple[dict[str, Any], dict[str, Any] | None, dict[str, tuple[str, ...]], str]] = [
    (
        {},
        None,
        {},
        (
            r"Shop.items leads from class Shop \(table 'shop'\) to class Item \(table 'item'\); no foreign "
            r'key connects these tables.  For example: Item.shop_id = mapped_column.ForeignKey."shop.id"'
        ),
    ),
    (
        {},
        None,
        TWO_KEYS,
        (
            r"item.shop_id refers to shop.id, item.second_id refers to shop.id.  For example: "
            r"relationship\(foreign_keys=\[Item.shop_id\]\)"
        ),
    ),
    (
        {"primaryjoin": "Shop.id == Item.shop_id"},
        None,
        {"shop_id": ()},
        (
            "any relevant foreign key columns for primary "
            "join condition 'shop.id = item.shop_id' on relationship Shop.items"
        ),
    ),
    (
        {"primaryjoin": "Shop.id > foreign(Item.shop_id)"},
        None,
        {"shop_id": ()},
        "marked as viewonly=True.  Shop.items",
    ),
    ({"lazy": "soon"}, None, {}, "'soon'.* for Shop.items; lazy may be one of dynamic, immediate, joined"),
    (
        {"argument": 5},
        None,
        {},
        "'items' expects a class or a mapper argument .received: <class 'int'>.*Shop.items",
    ),
    ({"order_by": lambda: 5}, None, TWO_KEYS, "'order_by'; got 5 .on relationship Shop.items"),
    ({"secondary": lambda: 5}, None, TWO_KEYS, "FROM expression.* got 5 .on relationship Shop.items"),
    (
        {"back_populates": "store"},
        None,
        {"shop_id": ("shop.id",)},
        "no property 'store'.*on relationship Shop.items",
    ),
    (
        {"back_populates": "shop_id"},
        None,
        {"shop_id": ("shop.id",)},
        "'Item.shop_id' that is not a relationship",
    ),
    (
        {"backref": "shop_id"},
        None,
        {"shop_id": ("shop.id",)},
        "backref 'shop_id' on relationship 'Shop.items': prop",
    ),
    (
        {"secondaryjoin": "Shop.id == 1"},
        None,
        {"shop_id": ("shop.id",)},
        "Shop.items specified with secondary join",
    ),
    (
        {"passive_deletes": "all", "cascade": "all"},
        None,
        {"shop_id": ("shop.id",)},
        "On Shop.items, can't set pass",
    ),
    (
        {"back_populates": "shop"},
        {"back_populates": "items", "cascade": "all, delete-orphan"},
        {"shop_id": ("shop.id",)},
        "many-to-one relationship Item.shop, delete-orphan.*set the single_parent=True flag",
    ),
    ({"cascade": "everything"}, None, {}, "Invalid cascade option.s.: 'everything'"),
    ({"collection_class": int}, None, {"shop_id": ("shop.id",)}, "Type int must elect an appender method"),
]


@pytest.mark.parametrize(("items", "back", "columns", "message"), MISTAKES, ids=lambda v: "")
def test_a_mistake_says_where_it_is_and_what_to_write(
    pair: Any, items: Any, back: Any, columns: Any, message: str
) -> None:
    made = {name: Column(Integer, *map(ForeignKey, keys)) for name, keys in columns.items()}
    with pytest.raises((exc.SQLAlchemyError, AttributeError), match=message):
        pair(items, back, made)


def test_an_annotation_or_a_class_is_needed() -> None:
    with pytest.raises(
        exc.ArgumentError, match='Python typing annotation is required for attribute "Shop.items"'
    ):
        pair_base = declarative_base()
        type(
            "Shop",
            (pair_base,),
            {"__tablename__": "s", "id": Column(Integer, primary_key=True), "items": relationship()},
        )
    assert foreign(Table("t", MetaData(), Column("a", Integer)).c.a)._annotations["foreign"]
    assert remote(Column("a", Integer))._annotations["remote"]


def test_rows_that_need_each_other_say_why(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Node(Base):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        next_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
        next: Mapped[Node] = relationship(remote_side=[id])

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a, b = Node(), Node()
        a.next, b.next = b, a
        session.add(a)
        with pytest.raises(
            exc.CircularDependencyError, match=r"can be neither NULL.*process Node.next <Node at 0x"
        ):
            session.flush()
