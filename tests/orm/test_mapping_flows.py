"""
Ways of declaring classes, each from the mapping to the last row: create, insert, reload, change, delete.
"""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    TypedColumns,
    UniqueConstraint,
    event,
    exc,
    func,
    inspect,
    select,
    text,
    update,
)
from relvar.exc import IntegrityError
from relvar.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    DeclarativeMeta,
    Mapped,
    MappedAsDataclass,
    Mapper,
    Session,
    as_typed_table,
    configure_mappers,
    declarative_base,
    declarative_mixin,
    declared_attr,
    mapped_column,
    reconstructor,
    registry,
    relationship,
)
from relvar.schema import CreateTable


def stored(engine: Any, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Return a table's rows as the database has them, by the first column."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]


def delete_all(engine: Any, *classes: type[Any]) -> None:
    """Delete every object of the classes, each loaded by a fresh session, and see that nothing is left."""
    with Session(engine) as session:
        for cls in classes:
            for obj in session.scalars(select(cls)):
                session.delete(obj)
        session.commit()
        assert [session.scalar(select(func.count()).select_from(cls)) for cls in classes] == [0] * len(
            classes
        )


# Bases -----------------------------------------------------------------------------------------------


@pytest.mark.feature("F001")
def test_bases(engine: Any) -> None:
    shared = registry(metadata=MetaData(), type_annotation_map={str: String(12)})

    class Base(DeclarativeBase):
        registry = shared

    class Plain(DeclarativeBaseNoMeta):
        metadata = MetaData()
        type_annotation_map = {str: String(33), decimal.Decimal: Numeric(12, 3)}

    assert Base.registry is shared and Base.metadata is shared.metadata
    assert Plain.registry.metadata is Plain.metadata and type(Plain) is type

    class Author(Base):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        books: Mapped[list[Book]] = relationship(back_populates="author", cascade="all, delete-orphan")

    class Book(Base):
        __tablename__ = "books"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str | None]
        author_id: Mapped[int] = mapped_column(ForeignKey(Author.id))
        author: Mapped[Author] = relationship(back_populates="books")

    class Price(Plain):
        __tablename__ = "prices"
        id: Mapped[int] = mapped_column(primary_key=True)
        currency: Mapped[str]
        amount: Mapped[decimal.Decimal]

    assert {m.class_ for m in shared.mappers} == {Author, Book}
    assert Author.__table__.c.name.type.length == 12 and Price.__table__.c.currency.type.length == 33
    assert sorted(Base.metadata.tables) == ["authors", "books"] and list(Plain.metadata.tables) == ["prices"]
    Base.metadata.create_all(engine)
    Plain.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Author(name="Ann", books=[Book(title="A"), Book()]))
        session.add(Price(currency="EUR", amount=decimal.Decimal("1.125")))
        session.commit()
    with Session(engine) as session:
        ann = session.scalars(select(Author)).one()
        assert [book.title for book in sorted(ann.books, key=lambda b: b.id)] == ["A", None]
        price = session.scalars(select(Price)).one()
        assert price.amount == decimal.Decimal("1.125")
        ann.books[0].title, price.currency, ann.name = "B", "USD", "Anna"
        ann.books.remove(ann.books[1])
        session.commit()
    assert stored(engine, "authors", "name") == [("Anna",)] and stored(engine, "books", "title") == [("B",)]
    assert stored(engine, "prices", "currency") == [("USD",)]
    delete_all(engine, Author, Price)
    assert stored(engine, "books") == []


@pytest.mark.feature("F002")
def test_declarative_base_with_every_argument(engine: Any) -> None:
    from relvar.ext.declarative import declarative_base as legacy

    class Loud(Mapper):
        pass

    class Meta(DeclarativeMeta):
        def __init__(cls, name: str, bases: Any, body: Any, **options: Any) -> None:
            body["kind"] = f"kind of {name}"
            cls.kind = body["kind"]
            super().__init__(name, bases, body, **options)

    class Common:
        def label(self) -> str:
            return f"{self.kind} {self.id}"

    def constructor(self: Any, *names: str) -> None:
        self.name = " ".join(names)

    metadata, names = MetaData(), {}
    with pytest.warns(exc.MovedIn20Warning):
        old = legacy(metadata=metadata)
    Base = declarative_base(
        metadata=metadata,
        mapper=Loud,
        cls=Common,
        name="Root",
        class_registry=names,
        type_annotation_map={str: String(40)},
        constructor=constructor,
        metaclass=Meta,
    )
    assert (Base.__name__, type(Base), Base.kind) == ("Root", Meta, "kind of Root")
    assert Base.metadata is old.metadata is metadata and issubclass(Base, Common)

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name: Mapped[str]

    User.age = Column(Integer)  # the metaclass maps what comes later

    class Old(old):
        __tablename__ = "old"
        id = Column(Integer, primary_key=True)
        user_id = Column(ForeignKey("users.id"))  # a table of the same MetaData

    assert names["User"] is User and "Old" not in names
    assert type(inspect(User)) is Loud and type(inspect(Old)) is Mapper
    assert User.__table__.c.name.type.length == 40
    metadata.create_all(engine)
    with Session(engine) as session:
        user = User("Ann", "Lee")
        user.age = 30
        session.add(user)
        session.flush()
        session.add(Old(user_id=user.id))
        session.commit()
    with Session(engine) as session:
        user = session.scalars(select(User).where(User.age == 30)).one()
        assert (user.name, user.label()) == ("Ann Lee", "kind of User 1")
        user.age = 31
        session.commit()
    assert stored(engine, "users", "id, name, age") == [(1, "Ann Lee", 31)]
    delete_all(engine, Old, User)


# Directives ------------------------------------------------------------------------------------------


@pytest.mark.feature("F007")
def test_every_directive(engine: Any) -> None:
    heard: list[str] = []

    class OwnTable(Table):
        pass

    class Base(DeclarativeBase):
        @classmethod
        def __mapper_cls__(cls, *args: Any, **options: Any) -> Mapper[Any]:
            heard.append(f"mapper of {cls.__name__}")
            return Mapper(*args, **options)

    class Stamped(Base):
        __abstract__ = True
        __table_args__ = {"comment": "stamped"}
        made: Mapped[int] = mapped_column(default=7)

        @classmethod
        def __table_cls__(cls, *args: Any, **options: Any) -> Table:
            return OwnTable(*args, **options)

        @classmethod
        def __declare_first__(cls) -> None:
            heard.append(f"first {cls.__name__}")

        @classmethod
        def __declare_last__(cls) -> None:
            heard.append(f"last {cls.__name__}")

    class UserColumns(TypedColumns):
        id: Column[int]
        name: Column[str]

    class User(Stamped):
        __tablename__ = "users"
        __table_args__ = (
            UniqueConstraint("name", name="uq_name"),
            CheckConstraint("age > 0", name="ck_age"),
            Index("ix_age", "age"),
            {"comment": "people"},
        )
        __mapper_args__ = {"eager_defaults": True, "version_id_col": None}
        __typed_cols__: UserColumns
        __allow_unmapped__ = True
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        age: Mapped[int] = mapped_column(server_default="1")
        note: str | None = None

    class Tag(Base):
        __table__ = Table(
            "tags", Base.metadata, Column("id", Integer, primary_key=True), Column("tag", String(9))
        )
        __mapper_args__ = {"primary_key": [__table__.c.id]}

        @classmethod
        def __declare_last__(cls) -> None:
            heard.append("last Tag")

    mapping = registry(metadata=Base.metadata)

    import dataclasses

    @mapping.mapped
    @dataclasses.dataclass
    class Point:
        __tablename__ = "points"
        __sa_dataclass_metadata_key__ = "db"
        id: int = dataclasses.field(init=False, metadata={"db": Column(Integer, primary_key=True)})
        x: int = dataclasses.field(default=0, metadata={"db": Column(Integer), "other": Column(String(5))})

    configure_mappers()
    assert heard == ["mapper of User", "mapper of Tag", "first User", "last User", "last Tag"]
    assert type(User.__table__) is OwnTable and as_typed_table(User) is User.__table__
    assert User.__mapper__.eager_defaults is True and not hasattr(Stamped, "__table__")
    assert User.__table__.c.keys() == ["id", "name", "age", "made"]
    Base.metadata.create_all(engine)
    looked = inspect(engine)
    assert [u["name"] for u in looked.get_unique_constraints("users")] == ["uq_name"]
    assert "ix_age" in [i["name"] for i in looked.get_indexes("users")]
    assert [c["name"] for c in looked.get_check_constraints("users")] == ["ck_age"]
    if engine.dialect.name != "sqlite":
        assert looked.get_table_comment("users") == {"text": "people"}
    with Session(engine) as session:
        user = User(name="ann", note="not stored")
        session.add_all([user, Tag(tag="x"), Point(x=4)])
        session.flush()
        assert "age" in user.__dict__  # eager_defaults
        session.commit()
        assert user.note == "not stored"
        session.add(User(name="ann"))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        session.add(User(name="bob", age=-1))
        with pytest.raises((IntegrityError, exc.OperationalError)):
            session.flush()
    with Session(engine) as session:
        user, tag, point = (session.scalars(select(cls)).one() for cls in (User, Tag, Point))
        assert (user.age, user.made, user.note, tag.tag, point.x) == (1, 7, None, "x", 4)
        user.age, tag.tag, point.x = 2, "y", 5
        session.commit()
    assert stored(engine, "users", "name, age, made") == [("ann", 2, 7)]
    assert stored(engine, "tags", "tag") == [("y",)] and stored(engine, "points", "x") == [(5,)]
    delete_all(engine, User, Tag, Point)


@pytest.mark.feature("F008")
def test_constructors(engine: Any) -> None:
    def constructor(self: Any, **values: Any) -> None:
        self.heard = ["constructor"]
        for name, value in values.items():
            setattr(self, name, value)

    class Base(DeclarativeBase):
        registry = registry(constructor=constructor)

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))

        @reconstructor
        def loaded(self) -> None:
            self.heard = ["reconstructor"]

    @event.listens_for(User, "load")
    def load(target: User, context: Any) -> None:
        target.heard.append("load")

    class Checked(DeclarativeBase):
        pass

    class Item(Checked):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        price: Mapped[int]
        seen = "class attribute"

    with pytest.raises(TypeError, match="'prize' is an invalid keyword argument for Item"):
        Item(price=1, prize=2)
    item = Item(price=1, seen="instance attribute")  # a name that the class has is taken
    Base.metadata.create_all(engine)
    Checked.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(name="ann", unmapped=3)
        session.add_all([user, item])
        session.commit()
        assert (user.name, user.heard) == ("ann", ["constructor"])  # a refresh is no load
    with Session(engine) as session:
        user = session.get_one(User, 1)
        assert user.heard == ["reconstructor", "load"] and not hasattr(user, "unmapped")
        user.name = "bob"
        assert session.scalars(select(Item)).one().seen == "class attribute"
        session.commit()
    assert stored(engine, "users") == [(1, "bob")]
    delete_all(engine, User, Item)


# Styles ----------------------------------------------------------------------------------------------


@pytest.mark.feature("F009")
def test_columns_as_attributes(engine: Any) -> None:
    Base = declarative_base()

    class Order(Base):
        __tablename__ = "order"
        id = Column(Integer, primary_key=True)
        number = Column("order number", String(10), nullable=False, unique=True)
        state = Column(String(9), default="new", onupdate="changed")
        total = Column(Numeric(10, 2), server_default="0")
        parent_id = Column(ForeignKey("order.id"), index=True)
        made = Column(DateTime, default=func.now())

    assert Order.parent_id.type is not None and isinstance(Order.__table__.c.parent_id.type, Integer)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        first = Order(number="1")
        session.add(first)
        session.flush()
        session.add(Order(number="2", parent_id=first.id, total=decimal.Decimal("2.50"), state="given"))
        session.commit()
    with Session(engine) as session:
        first, second = session.scalars(select(Order).order_by(Order.number))
        assert (first.state, first.total, first.parent_id) == ("new", 0, None)
        assert (second.state, second.total, second.parent_id) == ("given", decimal.Decimal("2.50"), first.id)
        assert isinstance(first.made, datetime.datetime)
        second.number = "3"
        session.commit()
        assert second.state == "changed"
        session.add(Order(number=None))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        session.add(Order(number="3"))
        with pytest.raises(IntegrityError):
            session.flush()
    with Session(engine) as session:
        session.delete(session.scalars(select(Order).where(Order.parent_id.is_not(None))).one())
        session.commit()
        assert session.scalars(select(Order.number)).all() == ["1"]


class DataBase(MappedAsDataclass, DeclarativeBase):
    pass


class Staff(DataBase):
    """One column for each thing that ``mapped_column()`` can be told."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True, init=False)
    kind: Mapped[str] = mapped_column(String(9), init=False, default="staff", repr=False)
    name: Mapped[str] = mapped_column("full name", String(20), quote=True, unique=True, sort_order=-1)
    code: Mapped[str] = mapped_column(String(5), key="coded", index=True, compare=False)
    nick: Mapped[str] = mapped_column(String(9), nullable=True, kw_only=True, default=None, hash=False)
    tags: Mapped[str] = mapped_column(String(9), default_factory=lambda: "none", doc="d", info={"i": 1})
    level: Mapped[int] = mapped_column(default=1, insert_default=5, comment="how high")
    rank: Mapped[int] = mapped_column(init=False, server_default="3", active_history=True)
    stamp: Mapped[str | None] = mapped_column(String(9), init=False, onupdate="updated")
    fetched: Mapped[str | None] = mapped_column(String(9), init=False, server_onupdate=FetchedValue())
    bio: Mapped[str | None] = mapped_column(String(30), default=None, deferred=True, deferred_group="long")
    resume: Mapped[str | None] = mapped_column(String(30), default=None, deferred_group="long")
    secret: Mapped[str | None] = mapped_column(String(9), default="x", deferred=True, deferred_raiseload=True)
    extra: Mapped[str | None] = mapped_column(String(9), default=None, dataclass_metadata={"shown": "no"})
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "staff"}


class Chief(Staff):
    size: Mapped[int | None] = mapped_column(use_existing_column=True, default=None)
    __mapper_args__ = {"polymorphic_identity": "chief"}


class Guard(Staff):
    size: Mapped[int | None] = mapped_column(use_existing_column=True, default=None)
    __mapper_args__ = {"polymorphic_identity": "guard"}


@pytest.mark.feature("F010")
def test_everything_mapped_column_can_be_told(engine: Any) -> None:
    import dataclasses

    class Hidden(DeclarativeBase):
        pass

    class Versioned(Hidden):
        __tablename__ = "versioned"
        id: Mapped[int] = mapped_column(primary_key=True)
        xmin: Mapped[int] = mapped_column(system=True)

    assert "xmin" not in str(CreateTable(Versioned.__table__)) and "versioned.xmin" in str(select(Versioned))
    c = Staff.__table__.c
    assert c.keys()[0] == "full name" and c.keys().count("size") == 1
    assert c.coded.name == "code" and Staff.code.property.columns[0] is c.coded
    assert (c.tags.doc, c.tags.info, c.level.comment) == ("d", {"i": 1}, "how high")
    fields = {field.name: field for field in dataclasses.fields(Staff)}
    assert fields["extra"].metadata == {"shown": "no"} and fields["nick"].kw_only and not fields["nick"].hash
    DataBase.metadata.create_all(engine)
    nullable = {column["name"]: column["nullable"] for column in inspect(engine).get_columns("staff")}
    assert (nullable["nick"], nullable["tags"], nullable["bio"], nullable["size"]) == (
        True,
        False,
        True,
        True,
    )
    assert Staff("Ann", "c1") == Staff("Ann", "other code")
    assert "kind" not in repr(Staff("Ann", "c1")) and "nick=None" in repr(Staff("Ann", "c1"))
    with Session(engine) as session:
        session.add_all([Staff("Ann", "c1", bio="long", nick="a"), Chief("Bob", "c2", size=2)])
        session.add(Guard("Cid", "c3", level=9, size=3))
        session.commit()
    with Session(engine) as session:
        ann, bob, cid = session.scalars(select(Staff).order_by(Staff.name))
        assert [type(one) for one in (ann, bob, cid)] == [Staff, Chief, Guard]
        assert (ann.nick, ann.tags, ann.rank, ann.stamp, ann.extra) == ("a", "none", 3, None, None)
        assert (bob.size, cid.size, cid.level) == (2, 3, 9)
        assert {"bio", "resume", "secret"} <= inspect(ann).unloaded
        assert ann.bio == "long" and "resume" not in inspect(ann).unloaded  # one group
        with pytest.raises(exc.InvalidRequestError, match="raiseload"):
            _ = ann.secret
        session.expire(ann, ["rank"])
        ann.rank = 4
        assert inspect(ann).attrs.rank.history.deleted == [3]  # active_history loads the old value
        session.flush()
        assert {"fetched"} <= inspect(ann).unloaded and ann.fetched is None
        session.commit()
        assert (ann.stamp, bob.stamp) == ("updated", None)
        session.add(Staff("Ann", "c4"))
        with pytest.raises(IntegrityError):
            session.flush()
    with Session(engine) as session:
        session.execute(update(Guard).values(size=8))
        session.commit()
    assert [row[0] for row in stored(engine, "staff", "id, size")] == [1, 2, 3]
    assert stored(engine, "staff", "rank, secret") == [(3, "x"), (3, "x"), (4, "x")]
    delete_all(engine, Staff)


# Mixins and abstract bases ---------------------------------------------------------------------------


@pytest.mark.feature("F014")
def test_mixins(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Named:
        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

        @declared_attr.cascading
        def id(cls) -> Mapped[int]:
            for base in cls.__mro__[1:]:
                if "__table__" in base.__dict__:
                    return mapped_column(ForeignKey(base.id), primary_key=True)
            return mapped_column(primary_key=True)

    @declarative_mixin
    class Stamped:
        made: Mapped[int] = mapped_column(default=1, sort_order=9)
        tag = Column(String(9), index=True)

        @declared_attr.directive
        def __table_args__(cls) -> Any:
            return (CheckConstraint("made < 100", name=f"ck_{cls.__name__}"), {"info": {"of": cls.__name__}})

        @declared_attr
        def shout(cls) -> Mapped[str]:
            return column_of_shout(cls)

    class Owned:
        @declared_attr
        def owner_id(cls) -> Mapped[int | None]:
            return mapped_column(ForeignKey("person.id"))

        @declared_attr
        def owner(cls) -> Mapped[Person | None]:
            return relationship(back_populates=f"{cls.__name__.lower()}s", foreign_keys=[cls.owner_id])

    def column_of_shout(cls: type[Any]) -> Any:
        return mapped_column(String(20), default=f"{cls.__name__}!")

    class Person(Named, Base):
        name: Mapped[str] = mapped_column(String(20))
        cars: Mapped[list[Car]] = relationship(back_populates="owner")
        houses: Mapped[list[House]] = relationship(back_populates="owner")

    class Car(Named, Stamped, Owned, Base):
        type: Mapped[str] = mapped_column(String(9))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "car"}

    class Truck(Car):
        __table_args__ = None
        cargo: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "truck"}

    class House(Named, Stamped, Owned, Base):
        rooms: Mapped[int]

    assert Car.__table__.c.tag is not House.__table__.c.tag and Car.__table__.info == {"of": "Car"}
    assert set(Truck.__table__.c.keys()) == {"id", "cargo"} and Car.__table__.c.keys()[-1] == "made"
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann = Person(name="ann", cars=[Car(), Truck(cargo=5)], houses=[House(rooms=3, tag="h")])
        session.add(ann)
        session.commit()
    with Session(engine) as session:
        ann = session.scalars(select(Person)).one()
        assert sorted((type(car).__name__, car.shout, car.made) for car in ann.cars) == [
            ("Car", "Car!", 1),
            ("Truck", "Car!", 1),
        ]
        (house,) = ann.houses
        assert (house.owner, house.tag, house.shout) == (ann, "h", "House!")
        truck = session.scalars(select(Truck)).one()
        truck.cargo, truck.made, house.owner = 6, 2, None
        session.commit()
        assert ann.houses == []
        truck.made = 100
        with pytest.raises((IntegrityError, exc.OperationalError)):
            session.flush()
    assert stored(engine, "truck", "cargo") == [(6,)] and stored(engine, "house", "owner_id") == [(None,)]
    delete_all(engine, Car, House, Person)
    assert stored(engine, "truck") == []


@pytest.mark.feature("F015")
def test_abstract_bases(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Keyed(Base):
        __abstract__ = True
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20), index=True)

        def shown(self) -> str:
            return f"{self.id} {self.name}"

    class Audited(Keyed):
        __abstract__ = True
        by: Mapped[str] = mapped_column(String(9), default="me")

    class Other(Base):
        __abstract__ = True
        metadata = MetaData()
        id: Mapped[int] = mapped_column(primary_key=True)

    class Note(Audited):
        __tablename__ = "notes"

    class Label(Keyed):
        __tablename__ = "labels"
        note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
        note: Mapped[Note] = relationship()

    class Special(Note):
        """Abstract between mapped classes: no table or mapper of its own."""

        __abstract__ = True
        size: Mapped[int | None]

    class Big(Special):
        __tablename__ = "big"
        id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)

    class Apart(Other):
        __tablename__ = "apart"

    with pytest.raises(exc.ArgumentError):
        select(Keyed)
    assert not any(hasattr(cls, "__table__") for cls in (Keyed, Audited, Other))
    assert inspect(Big).inherits is inspect(Note) and "__mapper__" not in Special.__dict__
    assert set(Base.metadata.tables) == {"notes", "labels", "big"} and set(Other.metadata.tables) == {"apart"}
    assert Note.__table__.c.name is not Label.__table__.c.name and "by" not in Label.__table__.c
    Base.metadata.create_all(engine)
    Other.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Label(name="l", note=Note(name="n")), Big(name="b", size=4), Apart()])
        session.commit()
    with Session(engine) as session:
        label, big = session.scalars(select(Label)).one(), session.scalars(select(Big)).one()
        assert (label.note.shown(), label.note.by, big.by, big.size) == ("1 n", "me", "me", 4)
        label.note.by, big.size, big.name = "you", 5, "c"
        session.commit()
        assert session.scalars(select(Apart.id)).all() == [1]
    assert stored(engine, "notes", "name") == [("c",), ("n",)]
    assert stored(engine, "big", "size") == [(5,)] and stored(engine, "labels", "name") == [("l",)]
    delete_all(engine, Label, Big, Note, Apart)


# Names -----------------------------------------------------------------------------------------------


@pytest.mark.feature("F024")
def test_names_in_strings(engine: Any) -> None:
    Base = declarative_base()
    made = {}
    for module in ("shop.one", "shop.two"):
        made[module] = type(
            "Item",
            (Base,),
            {
                "__module__": module,
                "__tablename__": f"items_{module[-3:]}",
                "id": Column(Integer, primary_key=True),
                "n": Column(String(9)),
                "cart_id": Column(ForeignKey("carts.id")),
                "cart": relationship(lambda: Cart, back_populates=module[-3:]),
            },
        )
    One, Two = made.values()

    class Cart(Base):
        __tablename__ = "carts"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        one = relationship("shop.one.Item", back_populates="cart", order_by="desc(shop.one.Item.n)")
        two = relationship("two.Item", back_populates=lambda: Two.cart, cascade="all, delete-orphan")
        late = relationship(lambda: Label, back_populates=lambda: Label.carts, secondary="cart_labels")
        numbers = relationship(
            "one.Item",
            primaryjoin="and_(Cart.id == foreign(one.Item.cart_id), cast(one.Item.n, Integer) > 5)",
            order_by="cast(one.Item.n, Integer).desc(), one.Item.id",
            viewonly=True,
        )

    class Label(Base):
        __tablename__ = "labels"
        id = Column(Integer, primary_key=True)
        carts = relationship("Cart", secondary="cart_labels", back_populates="late", order_by="Cart.id")

    Table(
        "cart_labels",
        Base.metadata,
        Column("cart_id", ForeignKey("carts.id"), primary_key=True),
        Column("label_id", ForeignKey("labels.id"), primary_key=True),
    )
    configure_mappers()
    assert Cart.one.property.mapper.class_ is One and Cart.two.property.mapper.class_ is Two
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        cart = Cart(name="x", one=[One(n="4"), One(n="7"), One(n="10")], two=[Two(), Two()], late=[Label()])
        assert cart.two[0].cart is cart and cart.late[0].carts == [cart]
        session.add(cart)
        session.commit()
    with Session(engine) as session:
        cart = session.scalars(select(Cart)).one()
        assert [item.n for item in cart.one] == ["7", "4", "10"]
        assert [item.n for item in cart.numbers] == ["10", "7"]
        cart.one[0].n = "5"
        cart.two.pop()
        cart.late[0].carts.append(Cart(name="y"))
        session.commit()
        assert [item.n for item in cart.numbers] == ["10"]
    assert len(stored(engine, "items_two")) == 1 and len(stored(engine, "cart_labels")) == 2
    delete_all(engine, One, Label, Cart)
    assert stored(engine, "items_two") == [] and stored(engine, "cart_labels") == []
