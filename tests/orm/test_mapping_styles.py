"""How classes are mapped: bases, styles, directives, mixins, relationships, hybrids."""

from __future__ import annotations

import datetime
import decimal
from typing import Annotated, Any

import pytest

from relvar import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    event,
    exc,
    func,
    inspect,
    select,
    update,
)
from relvar.ext.hybrid import hybrid_method, hybrid_property
from relvar.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    Mapped,
    Session,
    backref,
    configure_mappers,
    declarative_base,
    declared_attr,
    foreign,
    mapped_column,
    reconstructor,
    registry,
    relationship,
    remote,
)

# Bases -----------------------------------------------------------------------------------------------


@pytest.mark.feature("F001")
def test_declarative_base_class(engine: Any) -> None:
    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention={"ix": "index_%(column_0_label)s"})
        type_annotation_map = {str: String(50), decimal.Decimal: Numeric(10, 2)}

    class Other(DeclarativeBase):
        pass

    class NoMeta(DeclarativeBaseNoMeta):
        pass

    assert isinstance(Base.registry, registry) and Base.registry.metadata is Base.metadata
    assert Base.metadata is not Other.metadata and NoMeta.registry is not Other.registry

    class Thing(Base):
        __tablename__ = "things"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(index=True)
        price: Mapped[decimal.Decimal]

    class Plain(NoMeta):
        __tablename__ = "plain"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert Thing.__table__.c.name.type.length == 50
    assert Thing.__table__.c.price.type.scale == 2
    assert [i.name for i in Thing.__table__.indexes] == ["index_things_name"]
    with pytest.raises(exc.InvalidRequestError):

        class Directly(DeclarativeBase):
            registry = "wrong"

    Base.metadata.create_all(engine)
    NoMeta.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(name="x", price=decimal.Decimal("1.25")), Plain()])
        session.commit()
        assert session.scalars(select(Thing.price)).one() == decimal.Decimal("1.25")
        assert session.scalars(select(Plain.id)).one() == 1


@pytest.mark.feature("F002")
def test_declarative_base_function(sqlite_engine: Any) -> None:
    from relvar.ext.declarative import declarative_base as legacy

    metadata, names = MetaData(), {}

    class Parent:
        def hello(self) -> str:
            return f"hello {self.id}"

    def constructor(self: Any, **values: Any) -> None:
        for key, value in values.items():
            setattr(self, key, value)
        self.made = True

    Base = declarative_base(
        metadata=metadata,
        cls=Parent,
        name="Root",
        class_registry=names,
        type_annotation_map={str: String(7)},
        constructor=constructor,
    )
    assert Base.__name__ == "Root" and Base.metadata is metadata

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name: Mapped[str]

    assert names["User"] is User
    assert User.__table__.c.name.type.length == 7
    user = User(id=3)
    assert user.made and user.hello() == "hello 3"
    with pytest.warns(exc.MovedIn20Warning):
        assert legacy() is not None


# Directives ------------------------------------------------------------------------------------------


@pytest.mark.feature("F007")
def test_class_directives(sqlite_engine: Any) -> None:
    calls: list[str] = []

    class Base(DeclarativeBase):
        @classmethod
        def __declare_first__(cls) -> None:
            calls.append("base first")

    class MyTable(Table):
        pass

    class Common(Base):
        __abstract__ = True
        __table_args__ = {"comment": "from the abstract base"}
        made = Column(DateTime)

        @classmethod
        def __table_cls__(cls, *args: Any, **options: Any) -> Table:
            return MyTable(*args, **options)

    class A(Common):
        __tablename__ = "a"
        __table_args__ = (
            UniqueConstraint("x", "y", name="uq_xy"),
            CheckConstraint("x > 0"),
            Index("ix_y", "y"),
            {"comment": "things", "schema": None},
        )
        __mapper_args__ = {"eager_defaults": True, "confirm_deleted_rows": False}
        id = Column(Integer, primary_key=True)
        x = Column(Integer)
        y = Column(Integer)

        @classmethod
        def __declare_last__(cls) -> None:
            calls.append("last")

    class B(Base):
        __table__ = Table("b", Base.metadata, Column("id", Integer, primary_key=True), Column("n", Integer))

    class Loose(Base):
        __tablename__ = "loose"
        __allow_unmapped__ = True
        id = Column(Integer, primary_key=True)
        other: int = 5

    assert not hasattr(Common, "__table__")
    assert type(A.__table__) is MyTable and A.__table__.comment == "things"
    assert "made" in A.__table__.c
    assert {type(c).__name__ for c in A.__table__.constraints} == {
        "PrimaryKeyConstraint",
        "UniqueConstraint",
        "CheckConstraint",
    }
    assert [i.name for i in A.__table__.indexes] == ["ix_y"]
    assert A.__mapper__.eager_defaults is True and A.__mapper__.confirm_deleted_rows is False
    assert B.n.property.columns[0] is B.__table__.c.n
    assert Loose.other == 5 and "other" not in Loose.__table__.c
    configure_mappers()
    assert calls.count("last") == 1 and "base first" in calls
    with pytest.raises(exc.ArgumentError, match="Can't add additional column|Column style|__table__"):

        class Clash(Base):
            __table__ = Table("c", Base.metadata, Column("id", Integer, primary_key=True))
            extra = Column(Integer)


@pytest.mark.feature("F008")
def test_default_constructor(engine: Any) -> None:
    Base = declarative_base()
    loads: list[str] = []

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        friends = relationship("Friend")

        @reconstructor
        def loaded(self) -> None:
            loads.append("reconstructor")

    class Friend(Base):
        __tablename__ = "friends"
        id = Column(Integer, primary_key=True)
        user_id = Column(ForeignKey("users.id"))

    @event.listens_for(User, "load")
    def load(target: Any, context: Any) -> None:
        loads.append("event")

    class Own(Base):
        __tablename__ = "own"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))

        def __init__(self, name: str) -> None:
            self.name = name.upper()

    with pytest.raises(TypeError, match="'nome' is an invalid keyword argument for User"):
        User(nome="x")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User(name="x", friends=[Friend()]), Own("y")])
        session.commit()
        assert loads == []
    with Session(engine) as session:
        assert session.scalars(select(User)).one().name == "x"
        assert sorted(loads) == ["event", "reconstructor"]
        assert session.scalars(select(Own)).one().name == "Y"  # __init__ is not called on load

    made = registry(constructor=lambda self, **values: None)
    Base2 = made.generate_base()

    class Quiet(Base2):
        __tablename__ = "quiet"
        id = Column(Integer, primary_key=True)

    assert Quiet(nonsense=1).id is None


# Styles ----------------------------------------------------------------------------------------------


@pytest.mark.feature("F009")
def test_column_style(engine: Any) -> None:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        full_name = Column("fullname", String(50), nullable=False, unique=True)
        order = Column("order", Integer, default=7)

    assert User.full_name.property.columns[0] is User.__table__.c.fullname
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(full_name="Ann"))
        session.commit()
        row = session.execute(select(User.full_name, User.order)).one()
        assert row == ("Ann", 7) and row.full_name == "Ann"
        assert inspect(User).column_attrs.keys() == ["id", "full_name", "order"]


intpk = Annotated[int, mapped_column(primary_key=True)]
str30 = Annotated[str, 30]
owner_id = Annotated[int, mapped_column(ForeignKey("owners.id"), index=True)]


class AnnotatedBase(DeclarativeBase):
    type_annotation_map = {str30: String(30), int: BigInteger().with_variant(Integer, "sqlite")}


class Owner(AnnotatedBase):
    __tablename__ = "owners"
    id: Mapped[intpk]
    name: Mapped[str30]
    nick: Mapped[str | None] = mapped_column(String(10))
    born: Mapped[datetime.date | None]
    size: Mapped[float] = mapped_column("how_big", Float, default=1.5, doc="how big")
    rank: Mapped[int] = mapped_column(server_default="3", comment="of the army", sort_order=-5)
    seen: Mapped[datetime.datetime | None] = mapped_column(DateTime, onupdate=func.now(), key="looked")
    once: Mapped[str | None] = mapped_column(String(5), unique=True, deferred=True, deferred_group="g")
    made: Mapped[int] = mapped_column(insert_default=lambda: 11, nullable=True)
    pets: Mapped[list[Pet]] = relationship(back_populates="owner")
    best: Mapped[Pet | None] = relationship(viewonly=True)


class Pet(AnnotatedBase):
    __tablename__ = "pets"
    id: Mapped[intpk]
    owner_id: Mapped[owner_id]
    owner: Mapped[Owner] = relationship(back_populates="pets")


@pytest.mark.feature("F010")
def test_annotated_style(engine: Any) -> None:
    c = Owner.__table__.c
    assert [col.name for col in c] == [
        "rank",
        "id",
        "name",
        "nick",
        "born",
        "how_big",
        "seen",
        "once",
        "made",
    ]
    assert {col.name: col.nullable for col in c} == {
        "rank": False,
        "id": False,
        "name": False,
        "nick": True,
        "born": True,
        "how_big": False,
        "seen": True,
        "once": True,
        "made": True,
    }
    assert c.name.type.length == 30 and isinstance(c.id.type, BigInteger)
    assert c.rank.comment == "of the army" and c.how_big.doc == "how big"
    assert c.once.unique and "looked" in c and Pet.__table__.c.owner_id.index
    assert Owner.pets.property.uselist and not Owner.best.property.uselist and not Pet.owner.property.uselist
    AnnotatedBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Owner(name="ann", pets=[Pet(), Pet()], born=datetime.date(2000, 1, 2)))
        session.commit()
        ann = session.scalars(select(Owner)).one()
        assert (ann.rank, ann.size, ann.made, ann.nick, ann.seen) == (3, 1.5, 11, None, None)
        assert "once" in inspect(ann).unloaded and ann.once is None
        ann.nick = "a"
        session.commit()
        assert ann.seen is not None and len(ann.pets) == 2


@pytest.mark.feature("F014", "F015")
def test_mixins_and_abstract_bases(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Stamped:
        made: Mapped[int] = mapped_column(default=1)
        other = Column(Integer, default=2)

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

        @declared_attr.directive
        def __table_args__(cls) -> Any:
            return {"comment": cls.__name__}

        def shared(self) -> str:
            return f"{type(self).__name__} {self.made}"

    class Owned:
        @declared_attr
        def owner_id(cls) -> Mapped[int]:
            return mapped_column(ForeignKey("person.id"))

        @declared_attr
        def owner(cls) -> Mapped[Person]:
            return relationship("Person", primaryjoin=lambda: Person.id == cls.owner_id)

    class Numbered(Base):
        __abstract__ = True
        id: Mapped[int] = mapped_column(primary_key=True)

        @declared_attr.cascading
        def code(cls) -> Mapped[str]:
            return mapped_column(String(20), default=cls.__name__)

    class Person(Stamped, Numbered):
        pass

    class Car(Stamped, Owned, Numbered):
        pass

    class House(Stamped, Owned, Numbered):
        pass

    assert set(Base.metadata.tables) == {"person", "car", "house"}
    assert Car.__table__.comment == "Car"
    assert Car.__table__.c.made is not House.__table__.c.made
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann = Person()
        session.add_all([Car(owner=ann), House(owner=ann)])
        session.commit()
        car, house = session.scalars(select(Car)).one(), session.scalars(select(House)).one()
        assert car.owner is house.owner is ann
        assert (car.shared(), car.other, car.code, house.code) == ("Car 1", 2, "Car", "House")


# Class names -----------------------------------------------------------------------------------------


@pytest.mark.feature("F024")
def test_names_are_resolved_late(sqlite_engine: Any) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        by_name = relationship("B", back_populates="a", foreign_keys="B.a_id")
        by_module = relationship(f"{__name__}.B", foreign_keys="[B.other_id]", viewonly=True)
        by_lambda = relationship(
            lambda: B, primaryjoin=lambda: A.id == B.other_id, back_populates=lambda: B.other
        )
        by_expression = relationship(
            "B", primaryjoin="and_(A.id == foreign(B.a_id), B.id > 5)", order_by="desc(B.id)", viewonly=True
        )

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
        other_id = Column(ForeignKey("a.id"))
        a = relationship("A", back_populates="by_name", foreign_keys=[a_id])
        other = relationship("A", foreign_keys="B.other_id", back_populates="by_lambda")

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        a = A(by_name=[B(), B(id=8), B(id=9)], by_lambda=[B()])
        session.add(a)
        session.commit()
        assert len(a.by_name) == 3 and len(a.by_lambda) == 1 and len(a.by_module) == 1
        assert [b.id for b in a.by_expression] == [9, 8] or [b.id for b in a.by_expression][-2:] == [9, 8]

    Base2 = declarative_base()
    for module in ("one", "two"):
        type(
            "Same",
            (Base2,),
            {
                "__module__": module,
                "__tablename__": f"same_{module}",
                "id": Column(Integer, primary_key=True),
            },
        )

    class C(Base2):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        same_id = Column(ForeignKey("same_one.id"))
        same = relationship("Same")

    with pytest.raises(exc.InvalidRequestError, match='Multiple classes found for path "Same"'):
        configure_mappers()
    Base2.registry.dispose()


# Hybrids ---------------------------------------------------------------------------------------------


@pytest.mark.feature("F031")
def test_hybrids(engine: Any) -> None:
    from relvar.ext.hybrid import Comparator

    Base = declarative_base()

    class Insensitive(Comparator):
        def __eq__(self, other: object) -> Any:
            return func.lower(self.__clause_element__()) == func.lower(other)

    class Interval(Base):
        __tablename__ = "intervals"
        id = Column(Integer, primary_key=True)
        start = Column(Integer)
        end = Column("stop", Integer)
        word = Column(String(20))

        @hybrid_property
        def length(self) -> Any:
            return self.end - self.start

        @length.inplace.setter
        def _length_set(self, value: int) -> None:
            self.end = self.start + value

        @length.inplace.deleter
        def _length_del(self) -> None:
            self.end = self.start

        @length.inplace.update_expression
        def _length_update(cls, value: int) -> Any:
            return [(cls.end, cls.start + value)]

        @hybrid_property
        def radius(self) -> float:
            return abs(self.length) / 2

        @radius.inplace.expression
        @classmethod
        def _radius(cls) -> Any:
            return func.abs(cls.length) / 2.0

        @hybrid_method
        def contains(self, point: int) -> Any:
            return (self.start <= point) & (point < self.end)

        @hybrid_property
        def word_insensitive(self) -> str:
            return self.word.lower()

        @word_insensitive.inplace.comparator
        @classmethod
        def _word(cls) -> Any:
            return Insensitive(cls.word)

    class Sub(Interval):
        @Interval.length.overrides.getter
        def length(self) -> Any:
            return -1

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Interval(start=1, end=5, word="Abc"), Interval(start=10, end=30, word="x")])
        session.commit()
        short = session.scalars(select(Interval).where(Interval.length < 10)).one()
        assert short.length == 4 and short.radius == 2
        assert short.contains(3) and not short.contains(5)
        assert session.scalars(select(Interval).where(Interval.contains(15))).one().length == 20
        assert session.scalars(select(Interval).where(Interval.radius > 3)).one().start == 10
        assert session.scalars(select(Interval).where(Interval.word_insensitive == "ABC")).one() is short
        row = session.execute(select(Interval.length).order_by(Interval.length)).first()
        assert row.length == 4
        short.length = 7
        session.commit()
        assert short.end == 8
        session.execute(update(Interval).where(Interval.start == 1).values({Interval.length: 2}))
        session.commit()
        assert short.end == 3
        del short.length
        assert short.end == short.start
        assert Sub.__dict__["length"] is not None


# Relationships ---------------------------------------------------------------------------------------


@pytest.mark.feature("F046")
def test_relationship_takes_every_argument(engine: Any) -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        children = relationship(
            argument="Child",
            secondary=None,
            uselist=True,
            collection_class=list,
            primaryjoin="Parent.id == Child.parent_id",
            secondaryjoin=None,
            back_populates="parent",
            order_by="Child.id",
            overlaps="x",
            post_update=False,
            cascade="all",
            viewonly=False,
            lazy="select",
            passive_deletes=False,
            passive_updates=True,
            active_history=False,
            enable_typechecks=True,
            foreign_keys="Child.parent_id",
            remote_side=None,
            join_depth=None,
            comparator_factory=None,
            single_parent=False,
            innerjoin=False,
            distinct_target_key=None,
            load_on_pending=False,
            query_class=None,
            info={"a": 1},
            omit_join=None,
            sync_backref=None,
            doc="the children",
        )

    class Child(Base):
        __tablename__ = "children"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parents.id"))
        parent = relationship("Parent", back_populates="children")

    prop = Parent.children.property
    assert prop.key == "children" and prop.info == {"a": 1} and prop.doc == "the children"
    configure_mappers()
    assert prop.mapper.class_ is Child and prop.parent.class_ is Parent
    assert prop.direction.name == "ONETOMANY" and Child.parent.property.direction.name == "MANYTOONE"
    assert prop.local_remote_pairs == [(Parent.__table__.c.id, Child.__table__.c.parent_id)]
    assert {"save-update", "merge", "delete", "expunge", "refresh-expire"} <= set(prop.cascade)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Parent(children=[Child(), Child()]))
        session.commit()
        assert len(session.scalars(select(Parent)).one().children) == 2
    with pytest.raises(TypeError):
        relationship("Child", no_such_argument=1)
    with pytest.raises(exc.ArgumentError, match="Invalid cascade option"):
        relationship("Child", cascade="all, nonsense")
    with pytest.raises(exc.ArgumentError, match="delete-orphan cascade|For many-to-one relationship"):

        class Bad(Base):
            __tablename__ = "bad"
            id = Column(Integer, primary_key=True)
            parent_id = Column(ForeignKey("parents.id"))
            parent = relationship("Parent", cascade="all, delete-orphan")

        configure_mappers()
    Base.registry.dispose()


class LinkBase(DeclarativeBase):
    pass


class Desk(LinkBase):
    __tablename__ = "desks"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    worker: Mapped[Worker | None] = relationship(back_populates="desk")


class Worker(LinkBase):
    __tablename__ = "workers"
    id: Mapped[int] = mapped_column(primary_key=True)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    desk: Mapped[Desk | None] = relationship(back_populates="worker")
    staff: Mapped[list[Worker]] = relationship(back_populates="boss")
    boss: Mapped[Worker | None] = relationship(back_populates="staff", remote_side=[id])
    skills: Mapped[set[Skill]] = relationship(secondary="worker_skills", back_populates="workers")


class Skill(LinkBase):
    __tablename__ = "skills"
    id: Mapped[int] = mapped_column(primary_key=True)
    workers: Mapped[list[Worker]] = relationship(
        secondary=lambda: WorkerSkill.__table__, back_populates="skills"
    )


class WorkerSkill(LinkBase):
    __tablename__ = "worker_skills"
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skills.id"), primary_key=True)


@pytest.mark.feature("F047", "F048")
def test_directions_from_keys_and_annotations(engine: Any) -> None:
    configure_mappers()
    directions = {
        p.key: (p.direction.name, p.uselist) for m in LinkBase.registry.mappers for p in m.relationships
    }
    assert directions == {
        "worker": ("MANYTOONE", False),
        "desk": ("ONETOMANY", False),
        "staff": ("ONETOMANY", True),
        "boss": ("MANYTOONE", False),
        "skills": ("MANYTOMANY", True),
        "workers": ("MANYTOMANY", True),
    }
    LinkBase.metadata.create_all(engine)
    with Session(engine) as session:
        boss = Worker(staff=[Worker(), Worker()], desk=Desk(), skills={Skill(), Skill()})
        session.add(boss)
        session.commit()
        assert isinstance(boss.skills, set) and len(boss.skills) == 2
        assert [w.boss for w in boss.staff] == [boss, boss]
        assert boss.desk.worker is boss
        skill = next(iter(boss.skills))
        skill.workers.append(boss.staff[0])
        assert skill in boss.staff[0].skills
        session.commit()
        assert len(session.execute(select(WorkerSkill.__table__)).all()) == 3
        with pytest.raises(AttributeError):
            boss.skills.append(Skill())


@pytest.mark.feature("F050")
def test_two_way_links(engine: Any) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        bs = relationship("B", backref=backref("a", lazy="joined"))
        cs = relationship("C", back_populates="a")
        ds = relationship("D", back_populates=lambda: D.a)

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
        a = relationship("A", back_populates="cs")

    class D(Base):
        __tablename__ = "d"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
        a = relationship("A", back_populates=A.ds)

    one, two = A(), A()
    b, c, d = B(a=one), C(), D()
    assert one.bs == [b]
    one.cs.append(c)
    one.ds.append(d)
    assert c.a is one and d.a is one
    two.cs.append(c)
    assert c.a is two and one.cs == []
    c.a = one
    assert one.cs == [c] and two.cs == []
    one.bs.remove(b)
    assert b.a is None
    b.a = two
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([one, two])
        session.commit()
        assert b.a_id == two.id and c.a_id == one.id and d.a_id == one.id
        assert B.a.property.lazy == "joined" and two.bs == [b]


def test_foreign_and_remote(engine: Any) -> None:
    Base = declarative_base()

    class Host(Base):
        __tablename__ = "hosts"
        id = Column(Integer, primary_key=True)
        ip = Column(String(20))
        parent_ip = Column(String(20))
        parent = relationship("Host", primaryjoin=lambda: remote(Host.ip) == foreign(Host.parent_ip))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Host(ip="2", parent=Host(ip="1")))
        session.commit()
        assert session.scalars(select(Host.parent_ip).where(Host.ip == "2")).one() == "1"


@pytest.mark.feature("F059")
def test_cascades(engine: Any) -> None:
    from relvar.orm import object_session

    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        n = Column(Integer)
        bs = relationship("B", cascade="all, delete-orphan", back_populates="a")
        cs = relationship("C", cascade="save-update, merge")
        e_id = Column(ForeignKey("e.id"))
        e = relationship("E", cascade="all, delete-orphan", single_parent=True)

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        n = Column(Integer)
        a_id = Column(ForeignKey("a.id"), nullable=False)
        a = relationship("A", back_populates="bs")

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        n = Column(Integer)
        a_id = Column(ForeignKey("a.id"))

    class E(Base):
        __tablename__ = "e"
        id = Column(Integer, primary_key=True)

    assert set(A.bs.property.cascade) == {
        "save-update",
        "merge",
        "expunge",
        "refresh-expire",
        "delete",
        "delete-orphan",
    }
    assert set(relationship("B").cascade) == {"save-update", "merge"}
    assert set(relationship("B", cascade="all").cascade) == {
        "save-update",
        "merge",
        "expunge",
        "refresh-expire",
        "delete",
    }
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a = A(n=1, bs=[B(n=1), B(n=2)], cs=[C(n=1)], e=E())
        session.add(a)  # save-update
        assert all(x in session for x in (*a.bs, *a.cs, a.e))
        session.commit()
        b, c = a.bs[0], a.cs[0]
        b.n = c.n = 50
        with session.no_autoflush:
            session.refresh(a)
            session.expire(a)  # refresh-expire reaches bs, not cs
        assert c.n == 50
        session.rollback()
        b, c = a.bs[0], a.cs[0]
        session.expunge(a)  # expunge
        assert object_session(b) is None and object_session(c) is session
        session.expunge(c)
        merged = session.merge(a)  # merge
        assert merged is not a and [x.n for x in merged.cs] == [1] and len(merged.bs) == 2
        merged.bs.pop()  # delete-orphan
        merged.e = None
        session.commit()
        assert session.scalar(select(func.count()).select_from(B)) == 1
        assert session.scalar(select(func.count()).select_from(E)) == 0
        session.delete(merged)  # delete
        session.commit()
        assert session.scalar(select(func.count()).select_from(B)) == 0
        assert session.execute(select(C.n, C.a_id)).all() == [(1, None)]
        shared = E()
        first = A(e=shared)
        with pytest.raises(exc.InvalidRequestError, match="is already associated with an instance of"):
            A(e=shared)
        assert first.e is shared
