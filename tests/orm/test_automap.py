"""Classes mapped from the tables of a database: automap and deferred reflection."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, MetaData, String, create_engine, exc, inspect, select
from relvar.exc import SADeprecationWarning
from relvar.ext import automap
from relvar.ext.automap import AutomapBase, automap_base
from relvar.ext.declarative import DeferredReflection
from relvar.orm import DeclarativeBase, Session, configure_mappers, relationship
from relvar.orm.exc import UnmappedClassError
from relvar.orm.interfaces import MANYTOMANY, MANYTOONE, ONETOMANY

TABLES = (
    "CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(30))",
    (
        "CREATE TABLE address (id INTEGER PRIMARY KEY, email VARCHAR(30), person_id INTEGER NOT NULL, "
        "FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE)"
    ),
    (
        "CREATE TABLE pet (id INTEGER PRIMARY KEY, owner_id INTEGER, "
        "FOREIGN KEY (owner_id) REFERENCES person (id) ON DELETE SET NULL)"
    ),
    "CREATE TABLE tag (id INTEGER PRIMARY KEY)",
    (
        "CREATE TABLE person_tag (person_id INTEGER, tag_id INTEGER, PRIMARY KEY (person_id, tag_id), "
        "FOREIGN KEY (person_id) REFERENCES person (id), FOREIGN KEY (tag_id) REFERENCES tag (id))"
    ),
    (
        "CREATE TABLE node (id INTEGER PRIMARY KEY, parent_id INTEGER, "
        "FOREIGN KEY (parent_id) REFERENCES node (id))"
    ),
    "CREATE TABLE no_key (x INTEGER)",
)


@pytest.fixture
def filled(engine: Any) -> Any:
    """A database with the tables above."""
    with engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
    return engine


@pytest.fixture
def lite() -> Any:
    """The tables above in a database in memory."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


def _relationships(cls: type[Any]) -> dict[str, Any]:
    return {prop.key: prop for prop in inspect(cls).relationships}


@pytest.mark.feature("C039", "K003")
def test_classes_and_relationships_of_a_schema(filled: Any) -> None:
    Base = automap_base()
    assert issubclass(Base, AutomapBase)
    Base.prepare(autoload_with=filled)
    assert sorted(Base.classes.keys()) == ["address", "node", "person", "pet", "tag"]
    assert Base.by_module.relvar.ext.automap.person is Base.classes.person
    Person, Address, Tag, Pet, Node = (
        Base.classes[name] for name in ("person", "address", "tag", "pet", "node")
    )
    found = _relationships(Person)
    assert {name: prop.direction for name, prop in found.items()} == {
        "address_collection": ONETOMANY,
        "pet_collection": ONETOMANY,
        "tag_collection": MANYTOMANY,
    }
    assert found["address_collection"].cascade.delete_orphan
    assert found["address_collection"].passive_deletes
    assert not found["pet_collection"].cascade.delete
    assert found["pet_collection"].passive_deletes
    assert found["tag_collection"].secondary.name == "person_tag"
    assert _relationships(Node)["node"].direction is MANYTOONE
    assert _relationships(Pet)["person"].back_populates == "pet_collection"
    with Session(filled) as session:
        session.add(
            Person(
                id=1,
                name="ann",
                address_collection=[Address(id=1, email="a@x")],
                tag_collection=[Tag(id=1), Tag(id=2)],
            )
        )
        session.add(Node(id=2, node=Node(id=1)))
        session.commit()
        person = session.scalars(select(Person)).one()
        assert [a.email for a in person.address_collection] == ["a@x"]
        assert sorted(tag.id for tag in person.tag_collection) == [1, 2]
        assert session.get_one(Node, 1).node_collection[0].id == 2
        person.address_collection.clear()
        session.commit()
        assert session.scalars(select(Address)).all() == []


@pytest.mark.feature("C039", "K003")
def test_given_names_and_relationships(lite: Any) -> None:
    made: list[tuple[str, str, str, str]] = []

    def generate(
        base: Any, direction: Any, return_fn: Any, attrname: str, local: Any, referred: Any, **kw: Any
    ) -> Any:
        made.append((direction.name, attrname, local.__name__, referred.__name__))
        if attrname == "many_Pet":
            kw["info"] = {"ours": True}
        if direction is MANYTOMANY and return_fn.__name__ == "relationship":
            return None
        return automap.generate_relationship(base, direction, return_fn, attrname, local, referred, **kw)

    Base = automap_base()
    Base.prepare(
        autoload_with=lite,
        classname_for_table=lambda base, name, table: name.title(),
        modulename_for_table=lambda base, name, table: "zoo.land" if name == "pet" else None,
        name_for_scalar_relationship=lambda base, local, referred, constraint: f"one_{referred.__name__}",
        name_for_collection_relationship=lambda base, local, ref, constraint: f"many_{ref.__name__}",
        collection_class=set,
        generate_relationship=generate,
        reflection_options={"only": ["person", "pet", "tag", "person_tag"]},
    )
    assert sorted(Base.classes.keys()) == ["Person", "Tag"]
    Pet = Base.by_module.zoo.land.Pet
    assert Pet.__module__ == "zoo.land"
    assert sorted(made) == [
        ("MANYTOMANY", "many_Person", "Tag", "Person"),
        ("MANYTOMANY", "many_Tag", "Person", "Tag"),
        ("MANYTOONE", "one_Person", "Pet", "Person"),
        ("ONETOMANY", "many_Pet", "Person", "Pet"),
    ]
    found = _relationships(Base.classes.Person)
    assert list(found) == ["many_Pet"]
    assert found["many_Pet"].info == {"ours": True}
    assert Base.classes.Person().many_Pet == set()
    with pytest.raises(TypeError, match="Unknown relationship function"):
        automap.generate_relationship(Base, MANYTOONE, print, "x", Pet, Pet)


@pytest.mark.feature("C039", "K003")
def test_classes_given_beforehand(lite: Any) -> None:
    Base = automap_base()

    class Human(Base):  # type: ignore[misc,valid-type]  # a base made at run time
        __tablename__ = "person"

        called = Column("name", String(7))
        mails = relationship(
            "address", collection_class=set, foreign_keys="address.person_id", back_populates="human"
        )

    with pytest.raises(UnmappedClassError, match=r"subclass of AutomapBase\.  Mappings are not produced"):
        inspect(Human)
    with pytest.raises(UnmappedClassError, match=r"until the \.prepare\(\) method is called"):
        select(Human)
    Base.prepare(
        autoload_with=lite,
        name_for_scalar_relationship=lambda base, local, referred, constraint: "human",
        name_for_collection_relationship=lambda base, local, referred, constraint: "mails",
        reflection_options={"only": ["person", "address"]},
    )
    configure_mappers()
    assert "Human" not in Base.classes
    assert Human.__table__.c.keys() == ["name", "id"] or Human.__table__.c.keys() == ["id", "name"]
    assert Human.__table__.c.name.type.length == 7
    assert Human.called.property.columns[0].name == "name"
    address = Base.classes.address(email="x")
    human = Human(called="bob", mails={address})
    assert address.human is human


@pytest.mark.feature("C039", "K003")
def test_inheritance_below_an_automap_base(lite: Any) -> None:
    with lite.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE emp (id INTEGER PRIMARY KEY, kind TEXT, pay INTEGER)")
        connection.exec_driver_sql("CREATE TABLE boss (id INTEGER PRIMARY KEY REFERENCES emp (id), car TEXT)")
    Base = automap_base()

    class Emp(Base):  # type: ignore[misc,valid-type]  # as above
        __tablename__ = "emp"
        id = Column(Integer, primary_key=True)
        kind = Column(String)
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "emp"}

    class Boss(Emp):
        __tablename__ = "boss"
        id = Column(Integer, ForeignKey("emp.id"), primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "boss"}

    class Clerk(Emp):
        __mapper_args__ = {"polymorphic_identity": "clerk"}

    Base.prepare(autoload_with=lite, reflection_options={"only": ["emp", "boss"]})
    assert inspect(Boss).inherits is inspect(Emp)
    assert inspect(Clerk).single
    assert not inspect(Boss).relationships
    with Session(lite) as session:
        session.add_all([Boss(pay=3, car="x"), Clerk(pay=1)])
        session.commit()
        rows = session.scalars(select(Emp).order_by(Emp.pay))
        assert [type(row) for row in rows] == [Clerk, Boss]


@pytest.mark.feature("C039", "K003")
def test_preparing_again_and_ready_metadata(lite: Any) -> None:
    metadata = MetaData()
    metadata.reflect(lite, only=["person"])
    Base = automap_base(metadata=metadata)
    Base.prepare()
    assert Base.classes.keys() == ["person"]
    first = Base.classes.person
    with lite.begin() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS other")
        connection.exec_driver_sql("CREATE TABLE other.thing (id INTEGER PRIMARY KEY)")
        Base.prepare(autoload_with=connection, schema="other")
    assert Base.classes.person is first
    assert Base.classes.thing.__table__.schema == "other"

    class Own(DeclarativeBase):
        shared = 5

    Extended = automap_base(Own)
    Extended.prepare(autoload_with=lite, reflection_options={"only": ["tag"]})
    assert Extended.metadata is Own.metadata
    assert Extended.classes.tag.shared == 5


@pytest.mark.feature("C039", "K003")
def test_deprecated_arguments_of_prepare(lite: Any) -> None:
    Base = automap_base()
    with (
        pytest.warns(SADeprecationWarning, match=r"AutomapBase\.prepare\.engine parameter is deprecated"),
        pytest.warns(SADeprecationWarning, match=r"AutomapBase\.prepare\.reflect parameter is deprecated"),
    ):
        Base.prepare(engine=lite, reflect=True, reflection_options={"only": ["tag"]})
    assert Base.classes.keys() == ["tag"]
    with (
        pytest.warns(SADeprecationWarning, match="reflect parameter"),
        pytest.raises(exc.ArgumentError, match="autoload_with"),
    ):
        Base.prepare(reflect=True)


def test_a_class_prepares_itself_and_those_below() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE animal (id INTEGER PRIMARY KEY, name VARCHAR(50))")
        connection.exec_driver_sql("CREATE TABLE dog (id INTEGER PRIMARY KEY, barks BOOLEAN)")

    class Base(DeclarativeBase): ...

    class Animal(DeferredReflection, Base):
        __tablename__ = "animal"

    class Dog(Animal):
        __tablename__ = "dog"
        __mapper_args__ = {"concrete": True}

    with pytest.raises(UnmappedClassError, match="Animal is a subclass of DeferredReflection"):
        Dog.prepare(engine)
    Animal.prepare(engine)
    Animal.prepare(engine)
    assert Animal(name="ann").name == "ann"
    assert inspect(Dog).column_attrs.keys() == ["id", "barks"]


@pytest.mark.feature("C040")
def test_deferred_reflection(filled: Any) -> None:
    class Base(DeclarativeBase): ...

    class Reflected(DeferredReflection):
        __abstract__ = True

    class Later(DeferredReflection):
        __abstract__ = True

    class Person(Reflected, Base):
        __tablename__ = "person"
        tags = relationship("Tag", secondary="person_tag", backref="persons")

    class Tag(Reflected, Base):
        __tablename__ = "tag"

    class Address(Later, Base):
        __tablename__ = "address"
        mail = Column("email", String(30))

    assert Person.__table__.c.keys() == []
    with pytest.raises(UnmappedClassError, match="subclass of DeferredReflection"):
        select(Person)
    Reflected.prepare(filled)
    assert Person.__table__.c.keys() == ["id", "name"]
    with pytest.raises(UnmappedClassError, match="Address is a subclass of DeferredReflection"):
        inspect(Address)
    with filled.connect() as connection:
        Later.prepare(connection)
    assert sorted(inspect(Address).column_attrs.keys()) == ["id", "mail", "person_id"]
    with Session(filled) as session:
        session.add(Person(id=1, name="ann", tags=[Tag(id=4)]))
        session.commit()
        assert session.scalars(select(Tag)).one().persons[0].name == "ann"

    class Gone(Reflected, Base):
        __tablename__ = "nobody"

    with pytest.raises(exc.InvalidRequestError, match=r"not available in .*: \(nobody\)"):
        Reflected.prepare(filled)
    assert Gone.__table__.c.keys() == []


@pytest.mark.feature("C039", "K003")
def test_an_association_of_a_table_with_itself_is_no_other_side_of_itself(lite: Any) -> None:
    with lite.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE link (a INTEGER REFERENCES tag (id), "
            "b INTEGER REFERENCES tag (id), PRIMARY KEY (a, b))"
        )
    base = automap_base()
    base.prepare(autoload_with=lite, reflection_options={"only": ["tag", "link"]})
    tag = base.classes.tag
    (linked,) = inspect(tag).relationships
    assert (linked.key, linked.back_populates, linked.direction) == ("tag_collection", None, MANYTOMANY)
    with Session(lite) as session:
        first, second = tag(id=1), tag(id=2)
        first.tag_collection.append(second)
        session.add(first)
        session.commit()
        # once, whichever key SQLite lists first
        assert [set(row) for row in session.execute(select(base.metadata.tables["link"]))] == [{1, 2}]
        assert second.tag_collection == []
