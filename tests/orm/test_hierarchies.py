"""Kinds of inheritance from mapping to deletion: what is written, and what a fresh session reads."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    Numeric,
    String,
    Table,
    case,
    column,
    delete,
    exc,
    func,
    inspect,
    literal_column,
    select,
    table,
    update,
)
from relvar.ext.declarative import AbstractConcreteBase, ConcreteBase
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    column_property,
    configure_mappers,
    declarative_base,
    declared_attr,
    has_inherited_table,
    joinedload,
    mapped_column,
    polymorphic_union,
    query_expression,
    registry,
    relationship,
    selectin_polymorphic,
    selectinload,
    with_expression,
    with_polymorphic,
)


def new_base() -> Any:
    class Base(DeclarativeBase): ...

    return Base


def kinds(engine: Any, statement: Any) -> list[tuple[str, str]]:
    """Return class and name of each object that a fresh session reads."""
    with Session(engine) as session:
        return [(type(obj).__name__, obj.name) for obj in session.scalars(statement)]


# Single table ----------------------------------------------------------------------------------------


def staff_in_one_table() -> Any:
    Base = new_base()

    class Employee(Base):
        __tablename__ = "employee"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        type: Mapped[str] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "employee"}

    class Manager(Employee):
        budget: Mapped[int | None]
        started: Mapped[int | None] = mapped_column(use_existing_column=True)
        __mapper_args__ = {"polymorphic_identity": "manager"}

    class Engineer(Employee):
        started: Mapped[int | None] = mapped_column(use_existing_column=True)
        __mapper_args__ = {"polymorphic_identity": "engineer"}

    class Trainee(Engineer):
        __mapper_args__ = {"polymorphic_identity": "trainee"}

    return Base, Employee, Manager, Engineer, Trainee


@pytest.mark.feature("F039")
def test_single_table(engine: Any, sql_log: Any) -> None:
    Base, Employee, Manager, Engineer, Trainee = staff_in_one_table()
    assert Employee.__table__.c.keys() == ["id", "name", "type", "budget", "started"]
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [Employee(name="e"), Manager(name="m", budget=5, started=1), Engineer(name="g", started=2)]
        )
        session.add(Trainee(name="t"))
        session.commit()
    assert kinds(engine, select(Employee).order_by(Employee.id)) == [
        ("Employee", "e"),
        ("Manager", "m"),
        ("Engineer", "g"),
        ("Trainee", "t"),
    ]
    # a subclass is read by its discriminator, with the classes below it
    log = sql_log(engine)
    assert kinds(engine, select(Engineer).order_by(Engineer.id)) == [("Engineer", "g"), ("Trainee", "t")]
    assert "employee.type IN" in log.texts()[-1]
    with Session(engine) as session:
        manager = session.scalars(select(Manager)).one()
        assert (manager.budget, manager.started, manager.type) == (5, 1, "manager")
        assert session.get(Engineer, manager.id) is None
        manager.budget = 6
        session.delete(session.scalars(select(Trainee)).one())
        session.execute(update(Engineer).values(started=Engineer.started + 1))
        session.commit()
    with Session(engine) as session:
        assert session.execute(select(Manager.budget, Manager.started)).all() == [(6, 1)]
        assert session.execute(select(Engineer.name, Engineer.started)).all() == [("g", 3)]
        assert session.execute(delete(Engineer)).rowcount == 1
        assert session.scalar(select(func.count()).select_from(Employee)) == 2


def test_columns_that_two_subclasses_declare() -> None:
    Base, Employee, *_ = staff_in_one_table()
    with pytest.raises(exc.ArgumentError, match="Column 'budget' on class Boss conflicts with existing"):

        class Boss(Employee):
            budget: Mapped[int | None]
            __mapper_args__ = {"polymorphic_identity": "boss"}

    with pytest.raises(exc.ArgumentError, match="Can't place primary key columns on an inherited class"):

        class Key(Employee):
            other: Mapped[int] = mapped_column(primary_key=True)
            __mapper_args__ = {"polymorphic_identity": "key"}

    with pytest.raises(exc.ArgumentError, match="Can't place __table_args__ on an inherited class"):

        class Args(Employee):
            __table_args__ = {"schema": "x"}
            __mapper_args__ = {"polymorphic_identity": "args"}


# Joined tables -----------------------------------------------------------------------------------------


def staff_in_joined_tables(**manager_args: Any) -> Any:
    Base = new_base()

    class Company(Base):
        __tablename__ = "company"
        id: Mapped[int] = mapped_column(primary_key=True)
        staff: Mapped[list[Employee]] = relationship(back_populates="company", order_by="Employee.id")

    class Employee(Base):
        __tablename__ = "employee"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        type: Mapped[str] = mapped_column(String(20))
        company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
        company: Mapped[Company | None] = relationship(back_populates="staff")
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "employee"}

    class Manager(Employee):
        __tablename__ = "manager"
        manager_id: Mapped[int] = mapped_column("id", ForeignKey("employee.id"), primary_key=True)
        budget: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "manager", **manager_args}

    class Director(Manager):
        __tablename__ = "director"
        id: Mapped[int] = mapped_column(ForeignKey("manager.id"), primary_key=True)
        shares: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "director", **manager_args}

    class Engineer(Employee):
        tool: Mapped[str | None] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_identity": "engineer"}

    return Base, Company, Employee, Manager, Director, Engineer


def fill(engine: Any, model: Any) -> None:
    Base, Company, Employee, Manager, Director, Engineer = model
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(
            Company(
                staff=[
                    Employee(name="e"),
                    Manager(name="m", budget=5),
                    Director(name="d", budget=9, shares=3),
                    Engineer(name="g", tool="pen"),
                ]
            )
        )
        session.commit()


ALL = [("Employee", "e"), ("Manager", "m"), ("Director", "d"), ("Engineer", "g")]


@pytest.mark.feature("F040")
def test_joined_tables(engine: Any, sql_log: Any) -> None:
    model = Base, Company, Employee, Manager, Director, Engineer = staff_in_joined_tables()
    mapper = inspect(Director)
    assert mapper.inherits is inspect(Manager) and mapper.base_mapper is inspect(Employee)
    assert [t.name for t in mapper.tables] == ["employee", "manager", "director"]
    # a key under another name is an attribute of its own
    assert {"id", "manager_id"} <= set(inspect(Manager).attrs.keys())
    log = sql_log(engine)
    fill(engine, model)
    inserts = [text.split()[2] for text in log.texts() if text.startswith("INSERT")]
    # the table of the superclass first
    assert inserts.index("employee") < inserts.index("manager") < inserts.index("director")
    assert kinds(engine, select(Employee).order_by(Employee.id)) == ALL
    assert kinds(engine, select(Manager).order_by(Manager.id)) == ALL[1:3]
    with Session(engine) as session:
        director = session.scalars(select(Director)).one()
        assert (director.name, director.budget, director.shares, director.type) == ("d", 9, 3, "director")
        assert director.manager_id == director.id
        log.clear()
        director.shares = 4
        session.commit()
        assert [text.split()[1] for text in log.texts() if text.startswith("UPDATE")] == ["director"]
        director.name, director.budget = "dd", 10
        log.clear()
        session.commit()
        assert [text.split()[1] for text in log.texts() if text.startswith("UPDATE")] == [
            "employee",
            "manager",
        ]
        log.clear()
        session.delete(director)
        session.commit()
        deletes = [text.split()[2] for text in log.texts() if text.startswith("DELETE")]
        assert deletes == ["director", "manager", "employee"]
    assert kinds(engine, select(Employee).order_by(Employee.id)) == [ALL[0], ALL[1], ALL[3]]


def test_how_tables_are_joined() -> None:
    mapping = registry()
    a = Table("a", mapping.metadata, Column("id", Integer, primary_key=True))
    b = Table("b", mapping.metadata, Column("aid", Integer, primary_key=True))

    class A: ...

    class B(A): ...

    mapping.map_imperatively(A, a)
    mapper = mapping.map_imperatively(
        B, b, inherits=A, inherit_condition=a.c.id == b.c.aid, inherit_foreign_keys=b.c.aid
    )
    assert str(select(B)).split() == "SELECT a.id, b.aid FROM a JOIN b ON a.id = b.aid".split()
    assert mapper.inherits is inspect(A)
    Base = new_base()

    class Parent(Base):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True)

    with pytest.raises(exc.NoForeignKeysError, match="between inherited table 'parent' and inheriting table"):

        class NoKey(Parent):
            __tablename__ = "nokey"
            id: Mapped[int] = mapped_column(primary_key=True)

    with pytest.raises(exc.AmbiguousForeignKeysError, match="specify the 'on clause'"):

        class TwoKeys(Parent):
            __tablename__ = "twokeys"
            id: Mapped[int] = mapped_column(ForeignKey("parent.id"), primary_key=True)
            other: Mapped[int] = mapped_column(ForeignKey("parent.id"))


# Loading ------------------------------------------------------------------------------------------------


def loaded(session: Any, statement: Any) -> list[Any]:
    """Return what is loaded of each manager's and director's own attributes."""
    objs = session.scalars(statement).all()
    return [{"budget", "shares"} - inspect(obj).unloaded & set(dir(obj)) for obj in objs]


@pytest.mark.feature("F042")
def test_loading_subclasses_by_the_query(engine: Any, sql_log: Any) -> None:
    model = Base, Company, Employee, Manager, Director, Engineer = staff_in_joined_tables()
    fill(engine, model)
    log = sql_log(engine)
    with Session(engine) as session:
        # by itself a query reads the base class's columns; others come when they are asked for
        staff = session.scalars(select(Employee).order_by(Employee.id)).all()
        assert len(log) == 1 and "budget" in inspect(staff[1]).unloaded
        assert staff[1].budget == 5 and len(log) == 2
    everyone = with_polymorphic(Employee, [Manager, Director])
    with Session(engine) as session:
        log.clear()
        found = session.scalars(
            select(everyone).where(everyone.Manager.budget > 5).order_by(everyone.id)
        ).one()
        assert (type(found), found.budget, found.shares) == (Director, 9, 3) and len(log) == 1
        assert log.texts()[0].count("LEFT OUTER JOIN") == 2
    flat = with_polymorphic(Employee, "*", flat=True)
    inner = with_polymorphic(Employee, [Manager], innerjoin=True)
    wrapped = with_polymorphic(Employee, [Manager], aliased=True)
    chosen = with_polymorphic(Employee, [Manager], Employee.__table__.join(Manager.__table__))
    for entity, expected in ((flat, ALL), (inner, ALL[1:3]), (wrapped, ALL), (chosen, ALL[1:3])):
        assert kinds(engine, select(entity).order_by(entity.id)) == expected
    with Session(engine) as session:
        log.clear()
        staff = session.scalars(
            select(Employee)
            .options(selectin_polymorphic(Employee, [Manager, Director]))
            .order_by(Employee.id)
        ).all()
        count = len(log)
        assert (staff[1].budget, staff[2].budget, staff[2].shares) == (5, 9, 3) and len(log) == count
    # a relationship narrowed to a subclass
    with Session(engine) as session:
        rows = session.execute(
            select(Company.id, Manager.name).join(Company.staff.of_type(Manager)).order_by(Manager.id)
        ).all()
        assert [row.name for row in rows] == ["m", "d"]
        assert session.scalars(select(Company).where(Company.staff.of_type(Director).any())).one()
        for option in (
            selectinload(Company.staff.of_type(with_polymorphic(Employee, "*"))),
            joinedload(Company.staff.of_type(with_polymorphic(Employee, "*", flat=True))),
            selectinload(Company.staff).selectin_polymorphic([Manager, Director]),
        ):
            session.expunge_all()
            company = session.scalars(select(Company).options(option)).unique().one()
            log.clear()
            assert [getattr(each, "budget", None) for each in company.staff] == [None, 5, 9, None]
            assert log == []


@pytest.mark.feature("F042")
@pytest.mark.parametrize("how", ["inline", "selectin", "*"])
def test_loading_subclasses_by_the_mapping(engine: Any, sql_log: Any, how: str) -> None:
    model = staff_in_joined_tables(**({} if how == "*" else {"polymorphic_load": how}))
    Base, Company, Employee, Manager, Director, Engineer = model
    fill(engine, model)
    entity = Employee
    if how == "*":

        class Report(Base):
            __table__ = Employee.__table__
            __mapper_args__ = {"polymorphic_on": "type", "with_polymorphic": "*", "exclude_properties": ["x"]}

        class ManagerReport(Report):
            __table__ = Manager.__table__
            __mapper_args__ = {"polymorphic_identity": "manager"}

        class DirectorReport(ManagerReport):
            __table__ = Director.__table__
            __mapper_args__ = {"polymorphic_identity": "director"}

        entity = Report
    log = sql_log(engine)
    with Session(engine) as session:
        staff = session.scalars(select(entity).where(entity.name.in_(["m", "d"])).order_by(entity.id)).all()
        # INLINE and with_polymorphic: by joins; SELECTIN: one more statement per subclass
        assert len(log) == (3 if how == "selectin" else 1)
        log.clear()
        assert (staff[0].budget, staff[1].budget, staff[1].shares) == (5, 9, 3)
        # "inline" speaks to the class next above: a Director's own columns are read when they are asked for
        assert len(log) == (1 if how == "inline" else 0)


def test_settings_of_loading_are_checked() -> None:
    Base, Employee, *_ = staff_in_one_table()
    with pytest.raises(exc.ArgumentError, match="unknown argument for polymorphic_load: 'lazy'"):

        class Boss(Employee):
            __mapper_args__ = {"polymorphic_identity": "boss", "polymorphic_load": "lazy"}

    with pytest.raises(exc.InvalidRequestError, match="does not inherit from"):
        with_polymorphic(Boss_of(Employee), [Employee])


def Boss_of(Employee: Any) -> Any:
    class Boss(Employee):
        __mapper_args__ = {"polymorphic_identity": "boss"}

    return Boss


# Abstract classes and discriminators -------------------------------------------------------------------


@pytest.mark.feature("F043")
def test_classes_without_an_identity(engine: Any) -> None:
    Base = new_base()

    class Employee(Base):
        __tablename__ = "employee"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        type: Mapped[str] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_abstract": True}

    class Executive(Employee):
        background: Mapped[str | None] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_abstract": True}

    class Manager(Executive):
        __mapper_args__ = {"polymorphic_identity": "manager"}

    class Principal(Executive):
        __mapper_args__ = {"polymorphic_identity": "principal"}

    class Sysadmin(Employee):
        __mapper_args__ = {"polymorphic_identity": "sysadmin"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Manager(name="m", background="b"), Principal(name="p"), Sysadmin(name="s")])
        session.commit()
    assert kinds(engine, select(Executive).order_by(Executive.id)) == [("Manager", "m"), ("Principal", "p")]
    assert [name for _, name in kinds(engine, select(Employee).order_by(Employee.id))] == ["m", "p", "s"]
    with Session(engine) as session:
        manager = session.scalars(select(Executive).where(Executive.background == "b")).one()
        manager.background = None
        session.delete(session.scalars(select(Principal)).one())
        session.commit()
        assert session.scalars(select(Executive.background)).all() == [None]
    for cls in (Employee, Executive):
        assert inspect(cls).polymorphic_abstract and inspect(cls).polymorphic_identity is None
        with pytest.raises(
            exc.InvalidRequestError, match=f"Can't instantiate class for Mapper.{cls.__name__}"
        ):
            cls(name="x")
    with pytest.raises(exc.InvalidRequestError, match="includes the Mapper.polymorphic_on parameter"):

        class Lost(Base):
            __tablename__ = "lost"
            id: Mapped[int] = mapped_column(primary_key=True)
            __mapper_args__ = {"polymorphic_abstract": True}


@pytest.mark.feature("F044")
def test_discriminators_that_are_expressions(engine: Any) -> None:
    Base = new_base()

    class Kind(Base):
        __tablename__ = "kind"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(20))

    class Employee(Base):
        __tablename__ = "employee"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        code: Mapped[str] = mapped_column(String(1))
        __mapper_args__ = {
            "polymorphic_on": case((code == "E", "engineer"), (code == "M", "manager"), else_="employee"),
            "polymorphic_identity": "employee",
        }

    class Manager(Employee):
        __mapper_args__ = {"polymorphic_identity": "manager"}

    class Part(Base):
        __tablename__ = "part"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
        kind = column_property(select(Kind.label).where(Kind.id == kind_id).scalar_subquery())
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "part"}

    class Wheel(Part):
        __mapper_args__ = {"polymorphic_identity": "wheel"}

    class Shown(Base):
        __table__ = Employee.__table__
        as_kind = query_expression(literal_column("'shown'"))
        __mapper_args__ = {"polymorphic_on": as_kind, "polymorphic_identity": "shown"}

    class ShownManager(Shown):
        __mapper_args__ = {"polymorphic_identity": "M"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Kind(id=1, label="part"), Kind(id=2, label="wheel")])
        session.flush()
        # the program sets what the expression is made of
        session.add_all([Employee(name="e", code="X"), Manager(name="m", code="M")])
        session.add_all([Part(name="p", kind_id=1), Wheel(name="w", kind_id=2)])
        session.commit()
    assert kinds(engine, select(Employee).order_by(Employee.id)) == [("Employee", "e"), ("Manager", "m")]
    assert kinds(engine, select(Manager)) == [("Manager", "m")]
    assert kinds(engine, select(Part).order_by(Part.id)) == [("Part", "p"), ("Wheel", "w")]
    assert kinds(engine, select(Wheel)) == [("Wheel", "w")]
    shown = select(Shown).options(with_expression(Shown.as_kind, Shown.code)).where(Shown.code == "M")
    assert kinds(engine, shown) == [("ShownManager", "m")]
    with pytest.raises(exc.ArgumentError, match="no attribute is mapped to this name"):

        class Nameless(Base):
            __tablename__ = "nameless"
            id: Mapped[int] = mapped_column(primary_key=True)
            __mapper_args__ = {"polymorphic_on": "type"}

    with pytest.raises(exc.InvalidRequestError, match="Could not map polymorphic_on column 'label'"):

        class Elsewhere(Base):
            __tablename__ = "elsewhere"
            id: Mapped[int] = mapped_column(primary_key=True)
            __mapper_args__ = {"polymorphic_on": Kind.__table__.c.label}


@pytest.mark.feature("F045")
def test_has_inherited_table(engine: Any) -> None:
    Base = new_base()
    asked: list[tuple[str, bool]] = []

    class Named:
        @declared_attr.directive
        def __tablename__(cls) -> str | None:
            asked.append((cls.__name__, has_inherited_table(cls)))
            return None if has_inherited_table(cls) else cls.__name__.lower()

    class Person(Named, Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        type: Mapped[str] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "person"}

    class Engineer(Person):
        __mapper_args__ = {"polymorphic_identity": "engineer"}

    assert dict(asked) == {"Person": False, "Engineer": True}
    assert Engineer.__table__ is Person.__table__
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Engineer(name="g"))
        session.commit()
    assert kinds(engine, select(Person)) == [("Engineer", "g")]


# Concrete tables -------------------------------------------------------------------------------------------


def concrete_staff(base: str) -> Any:
    Base = declarative_base()
    if base == "ConcreteBase":

        class Employee(ConcreteBase, Base):
            __tablename__ = "employee"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            __mapper_args__ = {"polymorphic_identity": "employee", "concrete": True}

    else:

        class Employee(AbstractConcreteBase, Base):  # type: ignore[no-redef]  # one of the two
            strict_attrs = base == "strict"
            name = Column(String(20))

    class Manager(Employee):
        __tablename__ = "manager"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        budget = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "manager", "concrete": True}

    class Director(Manager):
        __tablename__ = "director"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        shares = Column(Numeric(10, 2))
        __mapper_args__ = {"polymorphic_identity": "director", "concrete": True}

    configure_mappers()
    return Base, Employee, Manager, Director


@pytest.mark.feature("F041")
@pytest.mark.parametrize("base", ["ConcreteBase", "AbstractConcreteBase", "strict"])
def test_concrete_tables(engine: Any, sql_log: Any, base: str) -> None:
    Base, Employee, Manager, Director = concrete_staff(base)
    Base.metadata.create_all(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        # each table numbers its own rows
        session.add_all([Manager(id=1, name="m", budget=5), Director(id=1, name="d", shares=2)])
        if base == "ConcreteBase":
            session.add(Employee(id=1, name="e"))
        session.commit()
        inserts = [text.split()[2] for text in log.texts() if text.startswith("INSERT")]
        assert sorted(inserts) == sorted({t.name for t in Base.metadata.tables.values()})
    expected = [("Director", "d"), ("Employee", "e"), ("Manager", "m")]
    if base != "ConcreteBase":
        del expected[1]
    assert kinds(engine, select(Employee).order_by(Employee.name)) == expected
    assert "UNION ALL" in log.texts()[-1]
    assert kinds(engine, select(Employee).where(Employee.name == "m")) == [("Manager", "m")]
    also = aliased(Employee)
    assert kinds(engine, select(also).where(also.name == "d")) == [("Director", "d")]
    with Session(engine) as session:
        staff = {obj.name: obj for obj in session.scalars(select(Employee))}
        manager, director = staff["m"], staff["d"]
        assert manager is not director and manager.budget == 5 and director.shares == 2
        assert session.get(Manager, 1) is manager and session.get(Director, 1) is director
        assert inspect(manager).identity_key != inspect(director).identity_key
        manager.budget, director.name = 6, "dd"
        session.commit()
        session.expire_all()
        assert (manager.budget, director.name) == (6, "dd")
        # what the superclass has and the table lacks
        with pytest.raises(
            AttributeError, match="does not implement attribute 'budget' at the instance level"
        ):
            director.budget = 1
        session.delete(manager)
        session.commit()
    assert [name for _, name in kinds(engine, select(Employee).order_by(Employee.name))] == (
        ["dd", "e"] if base == "ConcreteBase" else ["dd"]
    )
    if base != "ConcreteBase":
        with pytest.raises(exc.InvalidRequestError, match="mapper is marked polymorphic_abstract=True"):
            Employee()
        assert hasattr(Employee, "budget") is (base == "AbstractConcreteBase")


@pytest.mark.feature("F041")
def test_concrete_tables_without_a_base_of_ours(engine: Any, sql_log: Any) -> None:
    mapping = registry()
    metadata = mapping.metadata
    pets = Table("pets", metadata, Column("id", Integer, primary_key=True), Column("name", String(9)))
    dogs = Table(
        "dogs",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(9)),
        Column("tricks", String(9)),
    )
    union = polymorphic_union({"pet": pets, "dog": dogs}, "type", "pjoin")

    class Pet: ...

    class Dog(Pet): ...

    class Cat(Pet): ...

    parent = mapping.map_imperatively(
        Pet,
        pets,
        with_polymorphic=("*", union),
        polymorphic_on=union.c.type,
        polymorphic_identity="pet",
    )
    mapping.map_imperatively(Dog, dogs, inherits=parent, concrete=True, polymorphic_identity="dog")
    metadata.create_all(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        session.add_all([Pet(id=1, name="p"), Dog(id=1, name="d", tricks="sit")])
        session.commit()
        found = session.scalars(select(Pet).order_by(Pet.name)).all()
        assert [(type(obj), obj.name) for obj in found] == [(Dog, "d"), (Pet, "p")]
        log.clear()
        session.expire_all()
        assert found[0].tricks == "sit" and "FROM dogs" in log.texts()[-1]
        # an expression over the table means the union, in a SELECT of the class
        assert session.scalar(select(func.count()).select_from(Pet).where(pets.c.name > "a")) == 2
        assert session.scalar(select(func.max(Pet.name))) == "p"
    other = mapping.map_imperatively(
        Cat,
        Table("cats", metadata, Column("id", Integer, primary_key=True)),
        inherits=parent,
        concrete=True,
    )
    assert other.concrete and other.inherits is parent
    with pytest.raises(
        AttributeError, match="Concrete Mapper.Cat.cats.. does not implement attribute 'name'"
    ):
        _ = Cat().name


@pytest.mark.feature("F041")
def test_relationships_of_concrete_classes(engine: Any) -> None:
    Base = declarative_base()

    class Company(Base):
        __tablename__ = "company"
        id = Column(Integer, primary_key=True)
        staff = relationship("Employee", back_populates="company")

    class Employee(AbstractConcreteBase, Base):
        name = Column(String(9))

        @declared_attr
        def company_id(cls) -> Any:
            return Column(ForeignKey("company.id"))

        @declared_attr
        def company(cls) -> Any:
            return relationship("Company", back_populates="staff")

    class Manager(Employee):
        __tablename__ = "manager"
        id = Column(Integer, primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "manager", "concrete": True}

    class Engineer(Employee):
        __tablename__ = "engineer"
        id = Column(Integer, primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "engineer", "concrete": True}

    with pytest.raises(exc.InvalidRequestError, match="mapping pending until all subclasses are defined"):
        inspect(Employee)
    configure_mappers()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Company(staff=[Manager(id=1, name="m"), Engineer(id=1, name="g")]))
        session.commit()
    for option in (selectinload(Company.staff), joinedload(Company.staff)):
        with Session(engine) as session:
            company = session.scalars(select(Company).options(option)).unique().one()
            assert {(type(obj), obj.name) for obj in company.staff} == {(Manager, "m"), (Engineer, "g")}
            assert all(obj.company is company for obj in company.staff)
    with Session(engine) as session:
        company = session.scalars(select(Company).join(Company.staff).where(Employee.name == "g")).one()
        assert {obj.name for obj in company.staff} == {"m", "g"}
        company.staff = [obj for obj in company.staff if obj.name == "m"]
        session.commit()
        assert session.scalars(select(Engineer.company_id)).all() == [None]


def test_the_union_of_tables() -> None:
    a = table("a", column("id", Integer), column("name", String(5)))
    b = table("b", column("id", Integer), column("x", Integer))
    union = polymorphic_union({"it's a": a, "b": b}, "type")
    assert (union.name, union.c.keys()) == ("p_union", ["id", "name", "x", "type"])
    assert (
        str(select(union.c.type)).split()
        == (
            "SELECT p_union.type FROM (SELECT a.id AS id, a.name AS name, CAST(NULL AS INTEGER) AS x, "
            "'it''s a' AS type FROM a UNION ALL SELECT b.id AS id, CAST(NULL AS VARCHAR(5)) AS name, b.x AS "
            "x, 'b' AS type FROM b) AS p_union"
        ).split()
    )
    plain = polymorphic_union({"a": a, "b": b}, None, "u", cast_nulls=False)
    assert "NULL AS x" in str(select(plain)) and "type" not in plain.c
    with pytest.raises(exc.InvalidRequestError, match="can't use 'x' as the discriminator column"):
        polymorphic_union({"a": a, "b": b}, "x")


def test_the_column_of_the_union_that_tells_the_class() -> None:
    Base = declarative_base()

    class Pet(ConcreteBase, Base):
        __tablename__ = "pet"
        _concrete_discriminator_name = "_kind"
        id = Column(Integer, primary_key=True)
        type = Column(String(9))
        __mapper_args__ = {"polymorphic_identity": "pet", "concrete": True}

    configure_mappers()
    assert inspect(Pet).polymorphic_on is inspect(Pet).selectable.c._kind
    assert str(select(Pet.type)).startswith("SELECT pjoin.type")


def test_joined_and_single_classes_below_a_concrete_one(engine: Any) -> None:
    Base = declarative_base()

    class Pet(Base):
        __tablename__ = "pet"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))

    class Dog(Pet):
        __tablename__ = "dog"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        type = Column(String(9))
        __mapper_args__ = {"concrete": True, "polymorphic_on": type, "polymorphic_identity": "dog"}

    class Sheepdog(Dog):
        __tablename__ = "sheepdog"
        id = Column(ForeignKey("dog.id"), primary_key=True)
        sheep = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "sheepdog"}

    class Puppy(Dog):
        age = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "puppy"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Pet(id=1, name="p"), Dog(id=1, name="d"), Sheepdog(id=2, name="s", sheep=9)])
        session.add(Puppy(id=3, name="y", age=1))
        session.commit()
    assert kinds(engine, select(Pet)) == [("Pet", "p")]
    assert kinds(engine, select(Dog).order_by(Dog.id)) == [("Dog", "d"), ("Sheepdog", "s"), ("Puppy", "y")]
    with Session(engine) as session:
        assert session.get(Pet, 1) is not session.get(Dog, 1)
        assert session.get(Dog, 2).sheep == 9 and session.get(Sheepdog, 2) is session.get(Dog, 2)


def test_a_relationship_to_a_subclass_in_the_same_table(engine: Any) -> None:
    Base = new_base()

    class Node(Base):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(9))
        kind: Mapped[str] = mapped_column(String(9))
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
        children: Mapped[list[Node]] = relationship(back_populates="parent")
        parent: Mapped[Node | None] = relationship(back_populates="children", remote_side=id)
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "node"}

    class Leaf(Node):
        size: Mapped[int | None]
        __mapper_args__ = {"polymorphic_identity": "leaf"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [Node(name="a", children=[Leaf(name="b", size=1)]), Node(name="c", children=[Node(name="d")])]
        )
        session.commit()
    assert kinds(engine, select(Node).where(Node.children.of_type(Leaf).any(Leaf.size == 1))) == [
        ("Node", "a")
    ]
    leaf = aliased(Leaf)
    assert kinds(engine, select(Node).join(Node.children.of_type(leaf)).where(leaf.size == 1)) == [
        ("Node", "a")
    ]
    # rows that refer to each other go in order, also where nothing loaded the reference
    with Session(engine) as session:
        for node in session.scalars(select(Node).order_by(Node.id)):
            session.delete(node)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Node)) == 0


@pytest.mark.parametrize("base", [ConcreteBase, AbstractConcreteBase])
def test_a_union_of_hierarchies(engine: Any, base: Any) -> None:
    Base = declarative_base()
    own = {"__tablename__": "pet"} if base is ConcreteBase else {}

    class Pet(base, Base):
        locals().update(own)
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        __mapper_args__ = {"polymorphic_identity": "pet", "concrete": True} if own else {}

    class Dog(Pet):
        __tablename__ = "dog"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        breed = Column(String(9))
        __mapper_args__ = {"polymorphic_identity": "dog", "concrete": True, "polymorphic_on": breed}

    class Sheepdog(Dog):
        __tablename__ = "sheepdog"
        id = Column(ForeignKey("dog.id"), primary_key=True)
        sheep = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "sheepdog"}

    class Puppy(Dog):
        age = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "puppy"}

    configure_mappers()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [Dog(id=1, name="d"), Puppy(id=2, name="p", age=1), Sheepdog(id=3, name="s", sheep=9)]
        )
        session.commit()
    # each row once, as what it is
    expected = [("Dog", "d"), ("Puppy", "p"), ("Sheepdog", "s")]
    assert kinds(engine, select(Pet).order_by(Pet.name)) == expected
    assert kinds(engine, select(Dog).order_by(Dog.id)) == expected
    with Session(engine) as session:
        assert [obj.sheep for obj in session.scalars(select(Pet).where(Pet.name == "s"))] == [9]
