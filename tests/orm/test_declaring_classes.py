"""Ways to declare mapped classes, from declaration to deletion in a database, and what mappers tell."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import inspect as python
import uuid
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NewType, get_type_hints

import pytest
from typing_extensions import TypeAliasType

from relvar import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Enum,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypedColumns,
    delete,
    event,
    exc,
    func,
    inspect,
    join,
    select,
    text,
    update,
)
from relvar.ext.asyncio import AsyncAttrs
from relvar.ext.declarative import AbstractConcreteBase, ConcreteBase, DeferredReflection
from relvar.ext.hybrid import hybrid_property
from relvar.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    Mapped,
    MappedAsDataclass,
    Mapper,
    Session,
    TypeResolve,
    Unmapped,
    add_mapped_attribute,
    aliased,
    as_declarative,
    as_typed_table,
    class_mapper,
    clear_mappers,
    column_property,
    composite,
    configure_mappers,
    deferred,
    mapped_as_dataclass,
    mapped_column,
    object_mapper,
    registry,
    relationship,
    synonym,
    unmapped_column,
    unmapped_dataclass,
)
from relvar.orm import (
    mapper as mapper_function,
)
from relvar.orm.exc import MappedAnnotationError, StaleDataError, UnmappedClassError, UnmappedColumnError
from relvar.sql import quoted_name

if TYPE_CHECKING:
    from fractions import Fraction


def new_base(**attributes: Any) -> Any:
    return type("Base", (DeclarativeBase,), attributes)


def round_trip(engine: Any, cls: Any, change: str, value: Any, **values: Any) -> None:
    """Create the table, insert, reload in a fresh session, change, delete."""
    cls.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(cls(**values))
        session.commit()
    with Session(engine) as session:
        obj = session.scalars(select(cls)).one()
        assert {name: getattr(obj, name) for name in values} == values
        setattr(obj, change, value)
        session.commit()
    with Session(engine) as session:
        obj = session.scalars(select(cls)).one()
        assert getattr(obj, change) == value
        session.delete(obj)
        session.commit()
        assert session.scalars(select(cls)).all() == []


@pytest.mark.parametrize(
    "mixins", [(), (AsyncAttrs,), (DeferredReflection,), (ConcreteBase,), (AbstractConcreteBase,)]
)
def test_annotations_of_a_class_are_its_own(mixins: tuple[type, ...]) -> None:
    class Base(DeclarativeBase): ...

    class Named(*mixins, Base):  # type: ignore[misc]  # computed
        __tablename__ = "named"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Plain(DeclarativeBaseNoMeta): ...

    class Thing(Plain):
        __tablename__ = "thing"
        name: Mapped[str] = mapped_column(primary_key=True)

    assert get_type_hints(Named) == {"id": Mapped[int]}
    assert get_type_hints(Thing) == {"name": Mapped[str]}


# Registries and decorators ------------------------------------------------------------------------------


@pytest.mark.feature("F003")
def test_registries(engine: Any) -> None:
    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s"})
    names: dict[str, Any] = {}
    made: list[Any] = []

    def constructor(self: Any, **kw: Any) -> None:
        made.append(type(self).__name__)
        for key, value in kw.items():
            setattr(self, key, value)

    mapping = registry(
        metadata=metadata,
        class_registry=names,
        type_annotation_map={str: String(30)},
        constructor=constructor,
    )
    mapping.update_type_annotation_map({int: BigInteger, float | None: Numeric(8, 2)})
    assert mapping.metadata is metadata and mapping.mappers == frozenset()

    Base = mapping.generate_base(name="Base")

    class Person(Base):
        __tablename__ = "person"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(index=True)
        pay: Mapped[float | None]

    columns = Person.__table__.c
    assert (type(columns.id.type), columns.name.type.length) == (BigInteger, 30)
    assert (columns.pay.type.precision, columns.pay.nullable) == (8, True)
    assert [index.name for index in Person.__table__.indexes] == ["ix_person_name"]
    assert names["Person"] is Person and Base.registry is mapping and Base.metadata is metadata
    assert {each.class_ for each in mapping.mappers} == {Person}
    if engine.dialect.name == "sqlite":
        columns.id.type = Integer()
    round_trip(engine, Person, "name", "other", id=1, name="ann", pay=decimal.Decimal("1.50"))
    assert made == ["Person"]

    @mapping.as_declarative_base(name="Second")
    class Second:
        id = Column(Integer, primary_key=True)

        def shout(self) -> str:
            return f"{self.id}!"

    class Item(Second):
        __tablename__ = "item"

    assert Second.__name__ == "Second" and Item(id=4).shout() == "4!"
    mapper = mapping.map_declaratively(
        type("Plain", (), {"__tablename__": "plain", "x": Column(Integer, primary_key=True)})
    )
    assert mapper in mapping.mappers and len(mapping.mappers) == 3

    for text_, attributes in (
        ("registry.*not an instance", {"registry": 5}),
        (
            "both a 'registry' attribute and a type_annotation_map",
            {"registry": registry(), "type_annotation_map": {}},
        ),
    ):
        with pytest.raises(exc.InvalidRequestError, match=text_):
            new_base(**attributes)


@pytest.mark.feature("F003", "F022")
def test_configuring_and_disposing() -> None:
    base, other = new_base(), new_base()

    class Target(base):
        __tablename__ = "target"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Below(Target): ...

    class Source(other):
        __tablename__ = "source"
        id: Mapped[int] = mapped_column(primary_key=True)
        target_id: Mapped[int] = mapped_column(ForeignKey(Target.id))
        target = relationship(Target, backref="sources")

    mapper = vars(Source)["__mapper__"]
    assert not mapper.configured
    with pytest.raises(exc.InvalidRequestError, match="cascade=False but additional registries remain"):
        other.registry.configure()
    other.registry.configure(cascade=True)
    # the other side of a relationship is there
    assert mapper.configured and Target.sources.property.mapper is mapper
    base.registry.configure()
    assert inspect(Below).configured
    with pytest.raises(exc.InvalidRequestError, match="dependent registries that are not disposed"):
        base.registry.dispose()
    base.registry.dispose(cascade=True)
    assert base.registry.mappers == other.registry.mappers == frozenset()
    with pytest.raises(exc.ArgumentError):
        select(Target)

    broken = new_base()

    class Broken(broken):
        __tablename__ = "broken"
        id: Mapped[int] = mapped_column(primary_key=True)
        nothing = relationship("Nowhere")

    for _ in range(2):
        with pytest.raises(exc.InvalidRequestError, match="Nowhere"):
            Broken()
    broken.registry.dispose()


def test_hooks_around_configuration() -> None:
    base = new_base()
    told: list[tuple[str, str]] = []

    class Mixin:
        @classmethod
        def __declare_first__(cls) -> None:
            told.append(("first", cls.__name__))

        @classmethod
        def __declare_last__(cls) -> None:
            told.append(("last", cls.__name__))

    class A(Mixin, base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)

    class B(A): ...

    class C(A):
        @classmethod
        def __declare_first__(cls) -> None:
            told.append(("own first", cls.__name__))

    class D(C): ...

    base.registry.configure()
    base.registry.configure()
    assert told == [
        ("first", "A"),
        ("first", "B"),
        ("own first", "C"),
        ("last", "A"),
        ("last", "B"),
        ("last", "C"),
        ("last", "D"),
    ]


def test_clear_mappers(request: pytest.FixtureRequest) -> None:
    # in a process of its own: it takes the mappers of every other test away
    import subprocess
    import sys

    script = """
from relvar import Column, Integer
from relvar.orm import clear_mappers, declarative_base, configure_mappers
Base = declarative_base()
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
configure_mappers()
assert len(Base.registry.mappers) == 1
clear_mappers()
print(len(Base.registry.mappers))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0" and callable(clear_mappers)


@pytest.mark.feature("F004")
def test_decorators(engine: Any) -> None:
    mapping = registry()

    @mapping.mapped
    class User:
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        posts: Mapped[list[Post]] = relationship(back_populates="user")

    @mapping.mapped
    class Post:
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        user: Mapped[User] = relationship(back_populates="posts")

    assert User.__mro__ == (User, object)
    with pytest.raises(TypeError, match="'nothing' is an invalid keyword argument for User"):
        User(nothing=1)
    mapping.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(name="ann", posts=[Post(), Post()]))
        session.commit()
    with Session(engine) as session:
        user = session.scalars(select(User)).one()
        assert len(user.posts) == 2
        user.name = "bob"
        session.delete(user.posts[0])
        session.commit()
    with Session(engine) as session:
        assert session.scalars(select(User.name).join(User.posts)).all() == ["bob"]
    with pytest.raises(exc.InvalidRequestError, match="already has been instrumented declaratively"):
        mapping.mapped(User)

    @as_declarative(metadata=mapping.metadata)
    class Base:
        id = Column(Integer, primary_key=True)

    class Thing(Base):
        __tablename__ = "thing"
        name = Column(String(9))

    round_trip(engine, Thing, "name", "b", id=1, name="a")


@pytest.mark.feature("F005")
def test_imperative_mapping(engine: Any) -> None:
    mapping = registry()
    users = Table(
        "users",
        mapping.metadata,
        Column("user_id", Integer, primary_key=True),
        Column("name", String(20)),
        Column("kind", String(9)),
    )
    posts = Table(
        "posts",
        mapping.metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", ForeignKey("users.user_id")),
    )

    class User: ...

    class Admin(User): ...

    class Post:
        def __init__(self, user: User) -> None:
            self.user = user

    mapper = mapping.map_imperatively(
        User,
        users,
        properties={
            "id": users.c.user_id,
            "shout": column_property(func.upper(users.c.name)),
            "posts": relationship(Post, back_populates="user", cascade="all, delete-orphan"),
        },
        polymorphic_on=users.c.kind,
        polymorphic_identity="user",
    )
    mapping.map_imperatively(Post, posts, properties={"user": relationship(User, back_populates="posts")})
    assert mapping.map_imperatively(Admin, inherits=User, polymorphic_identity="admin").inherits is mapper
    assert isinstance(mapper, Mapper) and mapper.local_table is users and "user_id" not in mapper.attrs
    mapping.metadata.create_all(engine)
    with Session(engine) as session:
        # a class without a constructor gets the registry's
        user = User(name="ann")
        Post(user)
        session.add_all([user, Admin(name="root")])
        session.commit()
    with Session(engine) as session:
        user = session.scalars(select(User).where(User.name == "ann")).one()
        assert (user.id, user.shout, len(user.posts), user.kind) == (1, "ANN", 1, "user")
        user.posts.clear()
        session.delete(session.scalars(select(Admin)).one())
        session.commit()
        assert session.scalar(select(func.count()).select_from(posts)) == 0
        assert session.scalars(select(User.name)).all() == ["ann"]
    for error, message, cls, table in (
        (exc.ArgumentError, "already has a primary mapper defined", User, users),
        (exc.ArgumentError, "expected to be of type", "User", users),
        (exc.ArgumentError, "has None for a primary table argument", type("X", (), {}), None),
        (exc.ArgumentError, "use the .subquery.. method", type("X", (), {}), select(users)),
        (
            exc.ArgumentError,
            "could not assemble any primary key",
            type("X", (), {}),
            select(users.c.name).subquery(),
        ),
    ):
        with pytest.raises(error, match=message):
            mapping.map_imperatively(cls, table)
    for call in (lambda: Mapper(type("X", (), {}), users), lambda: mapper_function(type("X", (), {}), users)):
        with pytest.raises(exc.InvalidRequestError):
            call()


@pytest.mark.feature("F006")
def test_a_table_given_as_such(engine: Any) -> None:
    base = new_base()
    users = Table(
        "users",
        base.metadata,
        Column("id", Integer, primary_key=True),
        Column("_name", String(20), nullable=False),
        Column("bio", Text),
        Column("age", Integer),
    )

    class User(base):
        __table__ = users
        if TYPE_CHECKING:
            age: Mapped[int]
        name: Mapped[str] = column_property(users.c._name)
        bio = deferred(users.c.bio)

    assert set(inspect(User).attrs.keys()) == {"id", "name", "bio", "age"}
    assert str(select(User)).split() == "SELECT users.id, users._name, users.age FROM users".split()
    round_trip(engine, User, "name", "bob", id=1, name="ann", bio="long", age=3)
    with pytest.raises(
        exc.ArgumentError, match="Can't add additional column 'extra' when specifying __table__"
    ):

        class Extra(base):
            __table__ = users
            extra = Column(Integer)


# Types from annotations -------------------------------------------------------------------------------------


class Colour(enum.Enum):
    RED = "r"
    GREEN = "g"


UserId = NewType("UserId", int)
Short = Annotated[str, 20]
Alias = TypeAliasType("Alias", str)
Level = TypeAliasType("Level", Literal["low", "high"])
Aliased = TypeAliasType("Aliased", Annotated[str | None, "x"])
Renamed = Annotated[int, mapped_column("other")]
Intpk = Annotated[int, mapped_column(primary_key=True, sort_order=-1, comment="key", info={"a": 1})]
Stamp = Annotated[
    datetime.datetime,
    mapped_column(server_default=func.current_timestamp(), server_onupdate=FetchedValue()),
]
Name = Annotated[str, mapped_column(String(30), index=True, default="nobody")]
ParentKey = Annotated[int, mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))]


@pytest.mark.feature("F011")
def test_types_of_annotations(engine: Any) -> None:
    base = new_base(
        type_annotation_map={
            str: String(40),
            Short: String(20),
            UserId: BigInteger().with_variant(Integer, "sqlite"),
            list[int] | dict[str, int]: JSON,
            enum.Enum: Enum(enum.Enum, native_enum=False, length=10),
            decimal.Decimal: Numeric(8, 3),
        }
    )

    class Everything(base):
        __tablename__ = "everything"
        id: Mapped[UserId] = mapped_column(primary_key=True)
        text: Mapped[str]
        short: Mapped[Short]
        alias: Mapped[Alias | None]
        either: Mapped[dict[str, int] | list[int]]
        colour: Mapped[Colour]
        level: Mapped[Level]
        pay: Mapped[decimal.Decimal]
        when: Mapped[datetime.datetime]
        token: Mapped[uuid.UUID]
        flag: Mapped[bool]
        raw: Mapped[bytes]
        later: Mapped[str | None]
        precise: Mapped[Fraction] = mapped_column(Integer)

    c = Everything.__table__.c
    assert [c[name].type.length for name in ("text", "short", "alias", "colour", "level")] == [
        40,
        20,
        40,
        10,
        4,
    ]
    assert (c.alias.nullable, c.either.nullable, c.later.nullable, c.pay.type.scale) == (True, False, True, 3)
    assert isinstance(c.either.type, JSON) and c.colour.type.enum_class is Colour
    assert c.level.type.enums == ["low", "high"] and not c.level.type.native_enum
    round_trip(
        engine,
        Everything,
        "either",
        [1, 2],
        id=1,
        text="t",
        short="s",
        alias=None,
        either={"a": 1},
        colour=Colour.GREEN,
        level="high",
        pay=decimal.Decimal("1.125"),
        when=datetime.datetime(2020, 1, 2, 3, 4, 5),
        token=uuid.UUID(int=5),
        flag=True,
        raw=b"\x00\x01",
        later="x",
        precise=3,
    )
    for annotation, message in (
        (Mapped[complex], "Name the SQL type of Bad.x, as in mapped_column.JSON., or enter the Python type"),
        (Mapped["Unheard"], "Could not resolve all types within mapped annotation"),
        (Mapped["list[Unheard]"], "Could not resolve all types within mapped annotation"),
        (int, "can't be correctly interpreted for Annotated Declarative Table form"),
    ):
        with pytest.raises(MappedAnnotationError, match=message):
            type(
                "Bad",
                (base,),
                {
                    "__tablename__": "bad",
                    "__annotations__": {"id": Mapped[int], "x": annotation},
                    "id": mapped_column(primary_key=True),
                },
            )
    with pytest.raises(exc.ArgumentError, match="from non-string values: 1, 2"):

        class Numbers(base):
            __tablename__ = "numbers"
            id: Mapped[int] = mapped_column(primary_key=True)
            x: Mapped[Literal[1, 2]]


@pytest.mark.feature("F011")
def test_listeners_choose_types(engine: Any) -> None:
    base = new_base()
    told: list[TypeResolve] = []

    @event.listens_for(base, "resolve_type_annotation")
    def choose(resolve: TypeResolve) -> Any:
        told.append(resolve)
        if resolve.resolved_type is complex:
            return String(7)
        if resolve.key == "number":
            return resolve.resolve(int)
        if resolve.raw_pep_695_type is Aliased:
            return String(9)
        return None

    class A(base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        pair: Mapped[complex | None]
        number: Mapped[str]
        aliased: Mapped[Aliased]
        typed: Mapped[str] = mapped_column(String(5))

    c = A.__table__.c
    assert (c.pair.type.length, type(c.number.type), c.aliased.nullable) == (7, Integer, True)
    # asked once for each attribute whose type is open
    assert [each.key for each in told] == ["id", "pair", "number", "aliased"]
    last = told[-1]
    assert (last.cls, last.registry, last.raw_type) == (A, base.registry, Aliased)
    assert (last.raw_pep_695_type, last.pep_695_resolved_value) == (Aliased, Aliased.__value__)
    assert (last.raw_pep_593_type, last.pep_593_resolved_argument) == (Aliased.__value__, str)
    assert (last.resolved_type, told[1].raw_type, told[1].resolved_type) == (str, complex | None, complex)
    assert last.resolve(list) is None
    round_trip(engine, A, "number", 6, id=1, pair="1+1j", number=5, aliased=None, typed="t")


@pytest.mark.feature("F012")
def test_presets(engine: Any) -> None:
    base = new_base()

    class Parent(base):
        __tablename__ = "parent"
        id: Mapped[Intpk]

    class Child(base):
        __tablename__ = "child"
        name: Mapped[Name]
        nick: Mapped[Name | None] = mapped_column(unique=True)
        parent_id: Mapped[ParentKey | None]
        made: Mapped[Stamp]
        id: Mapped[Intpk]

    c = Child.__table__.c
    # each class has columns of its own; what the class says wins
    assert c.keys() == ["id", "name", "nick", "parent_id", "made"]
    assert Parent.__table__.c.id is not c.id and c.id.info == {"a": 1} and c.id.comment == "key"
    assert (c.name.nullable, c.nick.nullable, c.name.type.length, c.name.index, c.nick.unique) == (
        False,
        True,
        30,
        True,
        True,
    )
    assert [fk.ondelete for fk in c.parent_id.foreign_keys] == ["CASCADE"] and c.parent_id.nullable
    base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Parent(id=1))
        session.flush()
        session.add(Child(nick="n", parent_id=1))
        session.commit()
    with Session(engine) as session:
        child = session.scalars(select(Child)).one()
        assert (child.name, child.nick, child.parent_id) == ("nobody", "n", 1) and child.made is not None
        child.name = "somebody"
        session.commit()
        session.delete(child)
        session.commit()
    with pytest.warns(exc.SADeprecationWarning, match="Can't use the 'key' or 'name' arguments in Annotated"):

        class Named(base):
            __tablename__ = "named"
            id: Mapped[Intpk]
            x: Mapped[Renamed]

    assert Named.__table__.c.keys() == ["id", "x"]


@pytest.mark.feature("F013")
def test_columns_that_are_not_mapped(engine: Any) -> None:
    base = new_base()

    class User(base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        legacy: Unmapped[int | None]
        flag: Unmapped[str] = unmapped_column(String(3), server_default="yes")
        stamp = unmapped_column(String(9), default="now")

    assert User.__table__.c.keys() == ["id", "name", "legacy", "flag", "stamp"]
    assert inspect(User).attrs.keys() == ["id", "name"]
    assert not any(hasattr(User, name) for name in ("legacy", "flag", "stamp"))
    round_trip(engine, User, "name", "bob", id=1, name="ann")
    with engine.begin() as connection:
        connection.execute(User.__table__.insert().values(id=2, name="x"))
        row = connection.execute(select(User.__table__)).one()
        assert (row.legacy, row.flag, row.stamp) == (None, "yes", "now")
    with pytest.raises(TypeError, match="legacy"):
        User(legacy=1)

    class Stamped:
        stamp: Unmapped[int | None]
        mark: Unmapped[int | None] = unmapped_column()

    class Marked(Stamped, base):
        __tablename__ = "marked"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert (set(Marked.__table__.c.keys()), inspect(Marked).attrs.keys()) == ({"id", "stamp", "mark"}, ["id"])
    with pytest.raises(exc.ArgumentError, match="must be used with unmapped_column"):

        class Wrong(base):
            __tablename__ = "wrong"
            id: Mapped[int] = mapped_column(primary_key=True)
            x: Unmapped[int] = mapped_column()

    table = User.__table__

    class Only(base):
        __table__ = table
        __mapper_args__ = {"include_properties": ["id", table.c.name]}

    class Without(base):
        __table__ = table
        __mapper_args__ = {"exclude_properties": ["stamp", table.c.flag]}

    assert (inspect(Only).attrs.keys(), inspect(Without).attrs.keys()) == (
        ["id", "name"],
        ["id", "name", "legacy"],
    )
    with Session(engine) as session:
        assert session.get(Only, 2).name == "x" and session.get(Without, 2).legacy is None
    with pytest.raises(exc.ArgumentError, match="could not assemble any primary key columns"):

        class NoKey(base):
            __table__ = table
            __mapper_args__ = {"exclude_properties": ["id"]}


@pytest.mark.feature("F016")
def test_attributes_that_come_later(engine: Any) -> None:
    base = new_base()

    class User(base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Admin(User): ...

    class Page(base):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    configure_mappers()
    User.name = mapped_column(String(20), index=True)
    User.age = Column("years", Integer)
    User.next_age = column_property(User.age + 1)
    User.also = User.name
    User.pages = relationship("Page", backref="user")
    add_mapped_attribute(User, "rank", mapped_column(Integer, default=7))
    mapper = inspect(User)
    mapper.add_property("again", synonym("name"))
    mapper.add_properties({"rank_plus": column_property(User.__table__.c.rank + 1)})

    assert User.__table__.c.keys() == ["id", "name", "years", "rank"]
    assert {"name", "age", "next_age", "also", "pages", "rank", "again", "rank_plus"} <= set(
        inspect(Admin).attrs.keys()
    )
    base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=1, also="ann", age=3, pages=[Page()]))
        session.commit()
    with Session(engine) as session:
        user = session.scalars(select(User).where(User.again == "ann")).one()
        assert (user.name, user.age, user.next_age, user.rank, user.rank_plus) == ("ann", 3, 4, 7, 8)
        user.again = "bob"
        session.delete(user.pages[0])
        session.commit()
        assert session.scalars(select(User.name)).all() == ["bob"]
    with pytest.raises(exc.ArgumentError, match="column 'new' is not represented in the mapper's table"):
        mapper.add_property("bad", Column("new", Integer))
    with pytest.raises(NotImplementedError, match="Can't un-map individual mapped attributes"):
        del User.name

    class Quiet(DeclarativeBaseNoMeta): ...

    class Plain(Quiet):
        __tablename__ = "plain"
        id: Mapped[int] = mapped_column(primary_key=True)

    Plain.later = mapped_column(Integer)
    assert inspect(Plain).attrs.keys() == ["id"]


# Dataclasses and attrs -------------------------------------------------------------------------------


@pytest.mark.feature("F017")
def test_mapped_dataclasses(engine: Any) -> None:
    called: list[str] = []

    def note(cls: Any, **options: Any) -> Any:
        called.append(cls.__name__)
        return dataclasses.dataclass(cls, **options)

    class Base(MappedAsDataclass, DeclarativeBase): ...

    class Stamped(MappedAsDataclass):
        version: Mapped[int] = mapped_column(default=1, kw_only=True)

    class User(Stamped, Base, order=True, unsafe_hash=True, dataclass_callable=note):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        name: Mapped[str] = mapped_column(String(20))
        nick: Mapped[str | None] = mapped_column(String(20), default=None, repr=False)
        rank: Mapped[int] = mapped_column(default=5, kw_only=True, compare=False, hash=False)
        tag: Mapped[str] = mapped_column(
            String(9), default_factory=lambda: "new", dataclass_metadata={"k": 1}
        )
        posts: Mapped[list[Post]] = relationship(default_factory=list, repr=False, compare=False, hash=False)
        plain: int = 3
        kinds: ClassVar[int] = 8

    class Post(Base, repr=False, eq=False, match_args=False):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), init=False)

    assert "User" in called
    assert list(python.signature(User).parameters) == [
        "name",
        "nick",
        "tag",
        "posts",
        "plain",
        "version",
        "rank",
    ]
    user = User("ann", posts=[Post()])
    assert repr(user).endswith("User(version=1, id=None, name='ann', rank=5, tag='new', plain=3)")
    assert user == User("ann", rank=9) and hash(user) == hash(User("ann")) and User("a") < User("b")
    fields = {field.name: field for field in dataclasses.fields(User)}
    assert fields["tag"].metadata == {"k": 1} and not fields["rank"].compare and fields["rank"].kw_only
    assert User.__match_args__ == ("name", "nick", "tag", "posts", "plain") and "__match_args__" not in vars(
        Post
    )
    # a default is read from the class while nothing was set, and is the column's default
    assert "rank" not in inspect(user).dict and user.rank == 5 and User.__table__.c.rank.default.arg == 5
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(user)
        session.commit()
    with Session(engine) as session:
        found = session.scalars(select(User)).one()
        assert (found.name, found.nick, found.rank, found.tag, len(found.posts)) == ("ann", None, 5, "new", 1)
        found.rank = 6
        session.delete(found.posts[0])
        session.commit()
        assert session.scalars(select(User.rank)).all() == [6]


@pytest.mark.feature("F017")
def test_dataclass_decorators(engine: Any) -> None:
    mapping = registry()

    @unmapped_dataclass(kw_only=True)
    class Ranked:
        rank: Mapped[int] = mapped_column(default=4)

    @mapped_as_dataclass(mapping, repr=False)
    class User(Ranked):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        name: Mapped[str] = mapped_column(String(20))

    @mapping.mapped_as_dataclass
    class Item:
        __tablename__ = "item"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        secret: dataclasses.InitVar[str]
        code: Mapped[str | None] = mapped_column(String(9), init=False)

        def __post_init__(self, secret: str) -> None:
            self.code = secret[::-1]

    class Base(MappedAsDataclass, DeclarativeBase): ...

    class Common(Base):
        __abstract__ = True
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        made: Mapped[int] = mapped_column(default=2, kw_only=True)

    class Made(Common):
        __tablename__ = "made"
        name: Mapped[str]

    # columns stay in the order of declaration
    assert Made.__table__.c.keys() == ["name", "id", "made"] and Made("x").made == 2
    assert list(python.signature(User).parameters) == ["name", "rank"]
    mapping.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User("ann", rank=2), Item("abc")])
        session.commit()
        assert session.scalars(select(User.rank)).all() + session.scalars(select(Item.code)).all() == [
            2,
            "cba",
        ]
        session.execute(update(User).values(rank=3))
        session.execute(delete(Item))
        session.commit()
        assert session.scalars(select(User.rank)).all() == [3]


def test_dataclasses_that_are_refused() -> None:
    class Base(DeclarativeBase): ...

    class Plain:
        x: Mapped[int] = mapped_column(default=3)

    for options in ({"init": False}, {"repr": False}, {"default_factory": int}, {"kw_only": True}):
        with pytest.raises(
            exc.ArgumentError, match="does not specify SQLAlchemy native dataclass configuration"
        ):

            class NoDataclass(Base):
                __tablename__ = "nodataclass"
                id: Mapped[int] = mapped_column(primary_key=True, **options)

    with pytest.raises(
        exc.InvalidRequestError, match="'x' originates from superclass .*, which is not a dataclass"
    ):

        class Mixed(Plain, MappedAsDataclass, Base):
            __tablename__ = "mixed"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)

    with pytest.raises(exc.InvalidRequestError, match="non-default argument 'x' follows default argument"):

        class Order(MappedAsDataclass, Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True, default=None)
            x: Mapped[int]

    with pytest.raises(ValueError, match="cannot specify both default and default_factory"):

        class Both(MappedAsDataclass, Base):
            __tablename__ = "both"
            id: Mapped[int] = mapped_column(primary_key=True, default=1, default_factory=int)


@pytest.mark.feature("F018")
def test_dataclasses_and_attrs_classes_that_exist(engine: Any) -> None:
    attrs = pytest.importorskip("attrs")
    mapping = registry()

    @dataclasses.dataclass
    class Stamped:
        __sa_dataclass_metadata_key__ = "sa"
        made: str | None = dataclasses.field(
            init=False, default=None, metadata={"sa": lambda: Column(String(9), default="today")}
        )

    @mapping.mapped
    @dataclasses.dataclass
    class User(Stamped):
        __tablename__ = "users"
        __sa_dataclass_metadata_key__ = "sa"
        id: int = dataclasses.field(init=False, metadata={"sa": Column(Integer, primary_key=True)})
        name: str | None = dataclasses.field(default=None, metadata={"sa": Column(String(20))})
        size: int = dataclasses.field(default=3, repr=False)
        posts: list[Any] = dataclasses.field(default_factory=list, metadata={"sa": relationship("Post")})

    @mapping.mapped
    @dataclasses.dataclass
    class Post:
        __tablename__ = "posts"
        __sa_dataclass_metadata_key__ = "sa"
        id: int = dataclasses.field(init=False, metadata={"sa": Column(Integer, primary_key=True)})
        user_id: int = dataclasses.field(init=False, metadata={"sa": lambda: Column(ForeignKey("users.id"))})

    assert User.__table__.c.keys() == ["id", "name", "made"] and list(python.signature(User).parameters) == [
        "name",
        "size",
        "posts",
    ]

    @dataclasses.dataclass
    class Item:
        name: str
        id: int | None = None
        tags: list[str] = dataclasses.field(default_factory=list)

    @attrs.define(slots=False)
    class Thing:
        name: str
        id: int = attrs.field(init=False)

    for cls in (Item, Thing):
        table = Table(
            cls.__name__.lower(),
            mapping.metadata,
            Column("id", Integer, primary_key=True),
            Column("name", String(20)),
        )
        mapping.map_imperatively(cls, table)
    mapping.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User("ann", posts=[Post(), Post()]), Item("i", tags=["t"]), Thing("t")])
        session.commit()
    with Session(engine) as session:
        user, item, thing = (session.scalars(select(cls)).one() for cls in (User, Item, Thing))
        assert (user.name, user.made, len(user.posts), item.name, thing.name) == ("ann", "today", 2, "i", "t")
        item.name, thing.name = "j", "u"
        session.delete(user.posts[0])
        session.commit()
        assert session.scalars(select(Item.name)).all() + session.scalars(select(Thing.name)).all() == [
            "j",
            "u",
        ]
        assert session.scalar(select(func.count()).select_from(Post)) == 1


# Reflection ------------------------------------------------------------------------------------------


@pytest.mark.feature("F019")
def test_reflected_tables(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(20), page_no INTEGER)")
        )
        connection.execute(
            text(
                "CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER, "
                "FOREIGN KEY (author_id) REFERENCES author (id))"
            )
        )
    base = new_base()

    class Author(base):
        __table__ = Table("author", base.metadata, autoload_with=engine)

    assert inspect(Author).attrs.keys() == ["id", "name", "page_no"]

    named = new_base()

    @event.listens_for(named.metadata, "column_reflect")
    def name_attribute(inspector: Any, table: Any, column: Any) -> None:
        column["key"] = "attr_" + column["name"]

    class Renamed(named):
        __table__ = Table("author", named.metadata, autoload_with=engine)

    class Prefixed(new_base()):
        __table__ = Table("author", MetaData(), autoload_with=engine)
        __mapper_args__ = {"column_prefix": "_"}
        called = __table__.c.name

    assert inspect(Renamed).attrs.keys() == ["attr_id", "attr_name", "attr_page_no"]
    assert set(inspect(Prefixed).attrs.keys()) == {"_id", "called", "_page_no"}

    late = new_base()

    class Reflected(DeferredReflection):
        __abstract__ = True

    class Writer(Reflected, late):
        __tablename__ = "author"
        books = relationship("Book", back_populates="author")

    class Book(Reflected, late):
        __tablename__ = "book"
        author = relationship("Writer", back_populates="books")

    with pytest.raises(UnmappedClassError, match="until the .prepare.. method is called"):
        inspect(Writer)
    Reflected.prepare(engine)
    with Session(engine) as session:
        session.add(Author(id=1, name="ann", page_no=5))
        session.commit()
    with Session(engine) as session:
        assert session.scalars(select(Renamed.attr_name)).one() == "ann"
        assert session.scalars(select(Prefixed)).one().called == "ann"
        writer = session.scalars(select(Writer)).one()
        writer.books.append(Book(id=1))
        writer.name = "bob"
        session.commit()
        assert (
            session.scalars(select(Book).join(Book.author).where(Writer.name == "bob")).one().author_id == 1
        )
        session.delete(writer.books[0])
        session.commit()
        assert session.scalars(select(Book)).all() == []


# Mapper options --------------------------------------------------------------------------------------


@pytest.mark.feature("F020")
def test_options_of_loading_and_flushing(engine: Any, sql_log: Any) -> None:
    base = new_base()

    class Refreshed(base):
        __tablename__ = "refreshed"
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int | None]
        __mapper_args__ = {"always_refresh": True}

    class ByRow(base):
        __tablename__ = "by_row"
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int | None] = mapped_column(server_default="3")
        __mapper_args__ = {"batch": False, "eager_defaults": True}

    class Lazy(base):
        __tablename__ = "lazy"
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int | None] = mapped_column(server_default="3")
        __mapper_args__ = {"eager_defaults": False, "confirm_deleted_rows": False}

    class Prefixed(base):
        __tablename__ = "prefixed"
        __mapper_args__ = {"column_prefix": "_"}
        id: Mapped[int] = mapped_column(primary_key=True)

    class Strict(base):
        __tablename__ = "strict"
        id: Mapped[int] = mapped_column(primary_key=True)

    base.metadata.create_all(engine)
    assert inspect(Prefixed).attrs.keys() == ["_id"]
    with Session(engine, autoflush=False) as session:
        obj = Refreshed(id=1, x=1)
        session.add(obj)
        session.commit()
        obj.x = 9
        # whatever was changed is overwritten by a load, also of an object that is there
        session.scalars(select(Refreshed)).all()
        assert obj.x == 1 and not session.dirty
        obj.x = 10
        assert session.get(Refreshed, 1) is obj and obj.x == 1
    told: list[str] = []
    for name in ("before_insert", "after_insert"):
        event.listen(ByRow, name, lambda m, c, obj, name=name: told.append(name))
    log = sql_log(engine)
    with Session(engine) as session:
        objs = [ByRow(), ByRow()]
        session.add_all(objs)
        session.flush()
        assert told == ["before_insert", "after_insert"] * 2
        log.clear()
        # eager_defaults=True: read back in the flush where the database can
        assert [obj.x for obj in objs] == [3, 3]
        assert len(log) == (0 if engine.dialect.insert_returning else 2)
        lazy = Lazy()
        session.add(lazy)
        session.flush()
        log.clear()
        assert lazy.x == 3 and len(log) == 1
        # a row that is gone already: an error unless the mapper says that it may be
        strict = Strict(id=1)
        session.add(strict)
        session.flush()
        session.execute(delete(Lazy.__table__))
        session.execute(delete(Strict.__table__))
        session.delete(lazy)
        session.flush()
        session.delete(strict)
        with pytest.warns(exc.SAWarning, match="DELETE statement on table 'strict' expected to delete 1 row"):
            session.flush()


@pytest.mark.feature("F020")
def test_options_of_keys_and_versions(engine: Any, sql_log: Any) -> None:
    base = new_base()

    class Counted(base):
        __tablename__ = "counted"
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int]
        version: Mapped[str] = mapped_column(String(9))
        __mapper_args__ = {
            "version_id_col": version,
            "version_id_generator": lambda old: f"v{int(old[1:]) + 1}" if old else "v1",
        }

    class View(base):
        __table__ = select(Counted.id.label("ident"), Counted.x, Counted.version).subquery()
        __mapper_args__ = {"primary_key": ["ident", "x"], "allow_partial_pks": False}

    class Parent(base):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        kind: Mapped[str] = mapped_column(String(9))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "parent"}

    class Child(Parent):
        __tablename__ = "child"
        id: Mapped[int] = mapped_column(
            ForeignKey("parent.id", onupdate="CASCADE", ondelete="CASCADE"), primary_key=True
        )
        z: Mapped[int | None]
        __mapper_args__ = {"polymorphic_identity": "child", "passive_deletes": True}

    base.metadata.create_all(engine)
    with Session(engine) as session:
        obj = Counted(x=1)
        session.add(obj)
        session.commit()
        obj.x = 2
        session.commit()
        assert obj.version == "v2"
        assert [row.version for row in session.scalars(select(View))] == ["v2"]
        assert inspect(View).primary_key == tuple(View.__table__.c["ident", "x"])
        session.execute(update(Counted.__table__).values(version="v9"))
        obj.x = 3
        with pytest.raises(StaleDataError, match="expected to update 1 row.s.; 0 were matched"):
            session.flush()
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda dbapi, record: dbapi.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    log = sql_log(engine)
    with Session(engine) as session:
        child = Child(id=1, z=1)
        session.add(child)
        session.commit()
        child.id, child.z = 5, 2
        log.clear()
        session.commit()
        # the database changes the key in the table of the subclass
        changed = [entry for entry in log if entry[0].startswith("UPDATE")]
        assert [entry[0].split(" WHERE")[0].rpartition("=")[0] for entry in changed] == [
            "UPDATE parent SET id",
            "UPDATE child SET z",
        ]
        assert session.execute(select(Child.id, Child.z)).all() == [(5, 2)]
        log.clear()
        session.delete(session.get(Child, 5))
        session.commit()
        assert [entry[0].split()[2] for entry in log if entry[0].startswith("DELETE")] == ["parent"]
        assert session.execute(select(func.count()).select_from(Child.__table__)).scalar() == 0


@pytest.mark.feature("F020")
def test_orphans_of_one_parent_or_of_all(sqlite_engine: Any) -> None:
    base = new_base()

    class Left(base):
        __tablename__ = "left"
        id: Mapped[int] = mapped_column(primary_key=True)
        both: Mapped[list[Both]] = relationship(cascade="all, delete-orphan")

    class Right(base):
        __tablename__ = "right"
        id: Mapped[int] = mapped_column(primary_key=True)
        both: Mapped[list[Both]] = relationship(cascade="all, delete-orphan")

    class Both(base):
        __tablename__ = "both"
        id: Mapped[int] = mapped_column(primary_key=True)
        left_id: Mapped[int | None] = mapped_column(ForeignKey("left.id"))
        right_id: Mapped[int | None] = mapped_column(ForeignKey("right.id"))
        __mapper_args__ = {"legacy_is_orphan": True}

    base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        left = Left(both=[Both()])
        session.add(left)
        session.commit()
        assert session.scalar(select(func.count(Both.id))) == 1
        left.both.clear()
        session.commit()
        assert session.scalar(select(func.count(Both.id))) == 0


@pytest.mark.feature("F021")
def test_what_mappers_tell(engine: Any) -> None:
    base = new_base()

    class Point:
        def __init__(self, x: int, y: int) -> None:
            self.x, self.y = x, y

        def __eq__(self, other: Any) -> bool:
            return (self.x, self.y) == (other.x, other.y)

        __hash__ = None  # type: ignore[assignment]  # a value

        def __composite_values__(self) -> tuple[int, int]:
            return self.x, self.y

    class User(base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str] = mapped_column(String(9))
        x: Mapped[int]
        y: Mapped[int]
        place: Mapped[Point] = composite(Point, "x", "y")
        also: Mapped[str] = synonym("kind")
        posts: Mapped[list[Post]] = relationship(back_populates="user", cascade="all, delete-orphan")
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "user"}

        @hybrid_property
        def total(self) -> Any:
            return self.x + self.y

    class Admin(User):
        __tablename__ = "admins"
        id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
        level: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "admin"}

    class Post(base):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        user: Mapped[User] = relationship(back_populates="posts")

    mapper, sub = inspect(User), inspect(Admin)
    assert not mapper.configured and mapper.columns.keys()[:1] == ["id"]  # no other class is needed for that
    assert (
        mapper.attrs
        and mapper.configured
        and mapper.is_mapper
        and mapper.mapper is mapper
        and mapper.entity is User
    )
    assert set(mapper.attrs.keys()) == {"id", "kind", "x", "y", "place", "also", "posts"}
    assert mapper.column_attrs.keys() == ["id", "kind", "x", "y"] and mapper.relationships.keys() == ["posts"]
    assert mapper.synonyms.keys() == ["also"] and mapper.composites.keys() == ["place"]
    assert "total" in mapper.all_orm_descriptors and "total" not in mapper.attrs
    assert mapper.columns.keys() == mapper.c.keys() == ["id", "kind", "x", "y"]
    assert sub.columns.id is User.__table__.c.id and sub.c.level is Admin.__table__.c.level
    assert mapper.primary_key == sub.primary_key == (User.__table__.c.id,)
    assert sub.local_table is Admin.__table__ and sub.persist_selectable.left is User.__table__
    assert sub.tables == [User.__table__, Admin.__table__]
    assert (
        mapper.polymorphic_map == {"user": mapper, "admin": sub}
        and mapper.polymorphic_on is User.__table__.c.kind
    )
    assert list(mapper.self_and_descendants) == list(mapper.polymorphic_iterator()) == [mapper, sub]
    assert (
        list(sub.iterate_to_root()) == [sub, mapper] and sub.base_mapper is mapper and sub.inherits is mapper
    )
    assert (
        sub.isa(mapper) and not mapper.isa(sub) and sub.common_parent(mapper) and not sub.is_sibling(mapper)
    )
    assert mapper.get_property("x") is mapper.attrs.x is User.x.property
    assert sub.get_property_by_column(Admin.__table__.c.id) is sub.attrs.id
    assert mapper.has_property("x") and not mapper.has_property("total")
    assert [prop.key for prop in mapper.iterate_properties] == mapper.attrs.keys()
    assert class_mapper(User) is mapper and str(mapper) == "Mapper[User(users)]"
    assert (sub.single, sub.concrete, mapper.selectable) == (False, False, User.__table__)
    for call, error in (
        (lambda: mapper.get_property("nothing"), exc.InvalidRequestError),
        (lambda: mapper.get_property_by_column(Post.__table__.c.id), UnmappedColumnError),
        (lambda: mapper.attrs.nothing, AttributeError),
        (lambda: mapper.c.nothing, AttributeError),
        (lambda: class_mapper(int), UnmappedClassError),
        (lambda: class_mapper(5), exc.ArgumentError),
    ):
        with pytest.raises(error):
            call()
    base.metadata.create_all(engine)
    with Session(engine) as session:
        admin = Admin(x=1, y=2, level=3, posts=[Post()])
        session.add(admin)
        session.commit()
        assert object_mapper(admin) is sub and mapper.primary_key_from_instance(admin) == (admin.id,)
        assert (
            mapper.identity_key_from_instance(admin)
            == (User, (admin.id,), None)
            == inspect(admin).identity_key
        )
        assert sub.identity_key_from_primary_key([7], identity_token="t") == (User, (7,), "t")
        row = session.execute(select(User.__table__)).one()
        assert mapper.identity_key_from_row(row) == (User, (admin.id,), None)
        assert len(admin.posts) == 1
        reached = [
            (obj, each) for obj, each, _state, _dict in sub.cascade_iterator("save-update", inspect(admin))
        ]
        assert reached == [(admin.posts[0], inspect(Post))]


# Other selectables -----------------------------------------------------------------------------------


@pytest.mark.feature("F023")
def test_joins_subqueries_and_several_classes_on_a_table(engine: Any) -> None:
    base = new_base()
    users = Table(
        "users",
        base.metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(20)),
        Column("age", Integer),
    )
    addresses = Table(
        "addresses",
        base.metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", ForeignKey("users.id")),
        Column("email", String(20)),
    )

    class UserAddress(base):
        __table__ = join(users, addresses)
        id = column_property(users.c.id, addresses.c.user_id)
        address_id = addresses.c.id

    class User(base):
        __table__ = users

    class Named(base):
        __table__ = users
        __mapper_args__ = {"include_properties": ["id", "name"]}

    count = select(users.c.name, func.count().label("number")).group_by(users.c.name).subquery("counts")

    class Count(base):
        __table__ = count
        __mapper_args__ = {"primary_key": [count.c.name]}

    mapper = inspect(UserAddress)
    assert set(mapper.attrs.keys()) == {"id", "name", "age", "address_id", "email"}
    assert mapper.tables == [users, addresses] and mapper.local_table is UserAddress.__table__
    base.metadata.create_all(engine)
    with Session(engine) as session:
        # one object, a row in each table
        session.add(UserAddress(name="ann", age=3, email="a@x"))
        session.add_all([User(name="bob"), User(name="bob")])
        session.commit()
    with Session(engine) as session:
        both = session.scalars(select(UserAddress)).one()
        assert (both.name, both.email) == ("ann", "a@x")
        assert session.get(UserAddress, (both.id, both.address_id)) is both
        both.email, both.name = "b@x", "anna"
        session.commit()
        assert session.execute(select(users.c.name, addresses.c.email).join(addresses)).all() == [
            ("anna", "b@x")
        ]
        # each class has objects of its own
        assert session.get(User, both.id) is not session.get(Named, both.id)
        assert {row.name: row.number for row in session.scalars(select(Count))} == {"anna": 1, "bob": 2}
        assert session.scalars(select(Count).where(Count.number > 1)).one().name == "bob"
        session.delete(both)
        session.commit()
        assert session.scalar(select(func.count()).select_from(addresses)) == 0
        # a class in terms of a subquery, for one statement
        older = aliased(User, select(User).where(User.name == "bob").limit(1).subquery())
        assert session.scalars(select(older)).one().name == "bob"
    with pytest.raises(
        exc.InvalidRequestError, match="Implicitly combining column users.id with column addresses.id"
    ):

        class Clash(base):
            __table__ = join(users, addresses)


def test_tables_for_type_checkers() -> None:
    class UserColumns(TypedColumns):
        id: Column[int]

    class User(new_base()):
        __tablename__ = "users"
        __table_args__ = (CheckConstraint("id > 0"), Index("ix_id", "id"), {"info": {"k": 1}})
        id: Mapped[int] = mapped_column(primary_key=True)

    assert as_typed_table(User) is as_typed_table(User, UserColumns) is User.__table__
    assert User.__table__.info == {"k": 1} and [index.name for index in User.__table__.indexes] == ["ix_id"]


def test_errors_say_what_to_write() -> None:
    base = new_base()

    class Parent(base):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]

    other = Parent.__table__.c.kind
    number = iter(range(99))
    for parent, body, message in (
        (base, {"id": Column(Integer)}, "Give a column of Wrong primary_key=True, or name columns"),
        (base, {"__tablename__": None}, "Give it one, or say __abstract__ = True"),
        (Parent, {"x": Column(Integer, primary_key=True)}, "'x' of class Wrong would be in table 'parent'"),
        (Parent, {"__table_args__": {"schema": "s"}}, "Wrong has the table of Parent: put them there"),
        (base, {"__mapper_args__": {"polymorphic_on": "kind"}}, r"Mapper.Wrong.t\d+.. has id"),
        (base, {"__mapper_args__": {"polymorphic_on": other}}, "be read by a column_property"),
        (base, {"__table__": Parent.__table__, "x": Column(Integer)}, "to the table 'parent' of class Wrong"),
    ):
        given: dict[str, Any] = {}
        if parent is base and "__table__" not in body:
            given = {"__tablename__": f"t{next(number)}", "id": Column(Integer, primary_key=True)}
        with pytest.raises(exc.SQLAlchemyError, match=message):
            type("Wrong", (parent,), {**given, **body})


def test_columns_with_quoted_names(engine: Any) -> None:
    mapping = registry()
    table = Table(
        "odd",
        mapping.metadata,
        Column(quoted_name("id", True), Integer, primary_key=True),
        Column(quoted_name("Name", True), String(9)),
    )

    class Odd:
        metadata = mapping.metadata

    mapping.map_imperatively(Odd, table)
    round_trip(engine, Odd, "Name", "b", id=1, Name="a")
