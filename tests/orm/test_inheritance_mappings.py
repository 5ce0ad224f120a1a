"""Hierarchies of classes: what is loaded and written, relationships, and what is refused."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    case,
    create_engine,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.ext.compiler import compiles
from relvar.orm import (
    Session,
    aliased,
    declarative_base,
    defer,
    foreign,
    joinedload,
    relationship,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    with_polymorphic,
)
from relvar.orm import (
    join as orm_join,
)


def staff(engine: Any, base: Any = None, engineer: Any = None, manager: Any = None) -> Any:
    """Employee, Engineer, Manager, Senior (a table below Engineer), Junior (no table)."""
    Base = declarative_base()

    class Employee(Base):
        __tablename__ = "employees"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        type = Column(String(9))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "employee", **(base or {})}

    class Engineer(Employee):
        __tablename__ = "engineers"
        id = Column(ForeignKey("employees.id"), primary_key=True)
        info = Column(String(9))
        __mapper_args__ = {"polymorphic_identity": "engineer", **(engineer or {})}

    class Manager(Employee):
        __tablename__ = "managers"
        id = Column(ForeignKey("employees.id"), primary_key=True)
        title = Column(String(9))
        __mapper_args__ = {"polymorphic_identity": "manager", **(manager or {})}

    class Senior(Engineer):
        __tablename__ = "seniors"
        id = Column(ForeignKey("engineers.id"), primary_key=True)
        pay = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "senior"}

    class Junior(Engineer):
        __mapper_args__ = {"polymorphic_identity": "junior"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [
                Employee(id=1, name="a"),
                Engineer(id=2, name="b", info="i"),
                Manager(id=3, name="c", title="t"),
                Senior(id=4, name="d", info="j", pay=5),
                Junior(id=5, name="e", info="k"),
            ]
        )
        session.commit()
    return Employee, Engineer, Manager, Senior, Junior


EVERYBODY = [
    ("Employee", "a", None, None, None),
    ("Engineer", "b", "i", None, None),
    ("Manager", "c", None, "t", None),
    ("Senior", "d", "j", None, 5),
    ("Junior", "e", "k", None, None),
]


def described(session: Session, statement: Any) -> list[tuple[Any, ...]]:
    session.expunge_all()
    return [
        (type(o).__name__, o.name, *[getattr(o, name, None) for name in ("info", "title", "pay")])
        for o in session.scalars(statement)
    ]


def test_every_way_to_load_a_hierarchy(engine: Any) -> None:
    Employee, Engineer, Manager, Senior, Junior = staff(engine)
    with Session(engine) as session:
        everybody = select(Employee).order_by(Employee.id)
        assert described(session, everybody) == EVERYBODY
        for classes in ([Engineer, Manager], [Engineer, Manager, Senior], [Senior], [Junior, Manager]):
            option = selectin_polymorphic(Employee, classes)
            assert described(session, everybody.options(option)) == EVERYBODY, classes
        for spec, options in (
            ("*", {}),
            ([Engineer, Manager], {"flat": True}),
            ([Senior], {"aliased": True}),
            ([Engineer, Manager, Senior, Junior], {}),
        ):
            entity = with_polymorphic(Employee, spec, **options)
            assert described(session, select(entity).order_by(entity.id)) == EVERYBODY, (spec, options)
        inner = with_polymorphic(Employee, [Engineer], innerjoin=True)
        engineers = [EVERYBODY[1], *EVERYBODY[3:]]
        assert described(session, select(inner).order_by(inner.id)) == engineers
        assert described(session, select(Engineer).order_by(Engineer.id)) == engineers
        assert described(session, select(Senior)) == EVERYBODY[3:4]
        assert described(session, select(Junior)) == EVERYBODY[4:]
        assert described(session, select(Manager)) == EVERYBODY[2:3]
        with pytest.raises(exc.InvalidRequestError, match="does not inherit from"):
            with_polymorphic(Engineer, [Manager])


@pytest.mark.parametrize(
    "settings",
    [
        {"base": {"with_polymorphic": "*"}},
        {"engineer": {"polymorphic_load": "inline"}, "manager": {"polymorphic_load": "selectin"}},
        {"engineer": {"polymorphic_load": "selectin"}, "manager": {"polymorphic_load": "inline"}},
    ],
    ids=["with_polymorphic", "inline and selectin", "selectin and inline"],
)
def test_hierarchies_that_say_how_to_load(engine: Any, settings: Any) -> None:
    Employee, Engineer, Manager, _, _ = staff(engine, **settings)
    with Session(engine) as session:
        assert described(session, select(Employee).order_by(Employee.id)) == EVERYBODY
        session.expunge_all()
        assert session.get(Employee, 2).info == "i" and session.get(Employee, 3).title == "t"
        assert session.scalar(select(func.count()).select_from(Employee)) == 5
        assert session.execute(select(Employee.name).order_by(Employee.id)).all() == [(n,) for n in "abcde"]


def test_settings_that_cannot_be(sqlite_engine: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="Invalid setting for with_polymorphic: 5"):
        staff(sqlite_engine, base={"with_polymorphic": 5})


def test_columns_of_a_hierarchy(engine: Any) -> None:
    Employee, Engineer, _, Senior, Junior = staff(engine)
    with Session(engine) as session:
        rows = select(Engineer.name, Engineer.info).where(Engineer.info > "i").order_by(Engineer.id)
        assert session.execute(rows).all() == [("d", "j"), ("e", "k")]
        for options in ({}, {"flat": True}):
            other = aliased(Engineer, **options)
            rows = select(other.name, other.info).order_by(other.id)
            assert session.execute(rows).all() == [("b", "i"), ("d", "j"), ("e", "k")]
        assert session.scalar(select(func.count(Engineer.id))) == 3
        assert session.query(Engineer).filter(Engineer.name == "b").count() == 1
        assert session.query(Employee).filter(Employee.type.in_(["engineer", "junior"])).count() == 2
        assert session.get(Engineer, 1) is None
        assert type(session.get(Engineer, 4)) is Senior
        assert session.get(Junior, 5).info == "k" and session.get(Senior, 5) is None


def test_changes_below_the_base(engine: Any) -> None:
    Employee, Engineer, _, Senior, Junior = staff(engine)
    tables = [cls.__table__ for cls in (Employee, Engineer, Senior)]
    with Session(engine) as session:
        senior = session.get(Employee, 4)
        session.expire(senior, ["pay"])
        assert senior.pay == 5
        session.expire(senior)
        assert (senior.pay, senior.name, senior.info) == (5, "d", "j")
        senior.pay, senior.info, senior.name = 6, "z", "y"
        session.commit()
        assert described(session, select(Senior)) == [("Senior", "y", "z", None, 6)]
        session.delete(session.get(Employee, 4))
        session.commit()
        left = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        assert left == [4, 2, 0]
        changed = update(Engineer).where(Engineer.info == "i").values(info="u")
        assert session.execute(changed).rowcount == 1
        session.bulk_insert_mappings(Senior, [{"id": 9, "name": "n", "info": "o", "pay": 1}])
        session.execute(insert(Junior), [{"id": 10, "name": "m", "info": "q"}])
        late = select(Employee).where(Employee.id > 8).order_by(Employee.id)
        assert described(session, late) == [("Senior", "n", "o", None, 1), ("Junior", "m", "q", None, None)]
        session.bulk_update_mappings(Senior, [{"id": 9, "name": "N", "pay": 2}])
        assert described(session, select(Senior)) == [("Senior", "N", "o", None, 2)]


def test_what_mappers_say(sqlite_engine: Any) -> None:
    Employee, Engineer, Manager, Senior, Junior = staff(sqlite_engine)
    mapper = inspect(Senior)
    assert [m.class_ for m in inspect(Employee).self_and_descendants] == [
        Employee,
        Engineer,
        Manager,
        Senior,
        Junior,
    ]
    assert [m.class_ for m in mapper.iterate_to_root()] == [Senior, Engineer, Employee]
    assert sorted(mapper.polymorphic_map) == ["employee", "engineer", "junior", "manager", "senior"]
    assert inspect(Junior).single and not mapper.single and not mapper.concrete
    assert mapper.inherits is inspect(Engineer) and mapper.base_mapper is inspect(Employee)
    assert {t.name for t in mapper.tables} == {"employees", "engineers", "seniors"}
    assert mapper.isa(inspect(Employee)) and not inspect(Employee).isa(mapper)
    assert mapper.common_parent(inspect(Manager))


# relationships ------------------------------


def company(engine: Any) -> Any:
    Base = declarative_base()

    class Company(Base):
        __tablename__ = "companies"
        id = Column(Integer, primary_key=True)
        staff = relationship("Employee", back_populates="company", order_by="Employee.id")

    class Employee(Base):
        __tablename__ = "employees"
        id = Column(Integer, primary_key=True)
        type = Column(String(9))
        company_id = Column(ForeignKey("companies.id"))
        company = relationship(Company, back_populates="staff")
        __mapper_args__ = {"polymorphic_on": type, "polymorphic_identity": "employee"}

    class Manager(Employee):
        __tablename__ = "managers"
        id = Column(ForeignKey("employees.id"), primary_key=True)
        title = Column(String(5))
        reports = relationship("Report", back_populates="manager", order_by="Report.id")
        __mapper_args__ = {"polymorphic_identity": "manager"}

    class Report(Base):
        __tablename__ = "reports"
        id = Column(Integer, primary_key=True)
        manager_id = Column(ForeignKey("managers.id"))
        manager = relationship(Manager, back_populates="reports")

    Company.boss = relationship(
        Manager, primaryjoin=Company.id == foreign(Manager.company_id), viewonly=True, uselist=False
    )
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        manager = Manager(id=2, title="x", reports=[Report(id=1), Report(id=2)])
        session.add(Company(id=1, staff=[Employee(id=1), manager]))
        session.commit()
    return Company, Employee, Manager, Report


def test_relationships_to_a_hierarchy(engine: Any, sql_log: Any) -> None:
    Company, Employee, Manager, Report = company(engine)
    to_managers = Company.staff.of_type(Manager)
    whole = with_polymorphic(Employee, [Manager], flat=True)
    to_all = Company.staff.of_type(whole)
    log = sql_log(engine)
    for option in (
        selectinload(to_managers).selectinload(Manager.reports),
        joinedload(to_managers).joinedload(Manager.reports),
        subqueryload(to_managers).subqueryload(Manager.reports),
        selectinload(to_managers).joinedload(Manager.reports),
        joinedload(to_managers).selectinload(Manager.reports),
        selectinload(to_all).selectinload(whole.Manager.reports),
        joinedload(to_all).joinedload(whole.Manager.reports),
        selectinload(Company.staff).options(
            selectin_polymorphic(Employee, [Manager]), selectinload(Manager.reports)
        ),
    ):
        with Session(engine) as session:
            found = session.scalars(select(Company).options(option)).unique().one()
            del log[:]
            employee, manager = found.staff
            assert (type(employee), type(manager)) == (Employee, Manager)
            assert manager.title == "x" and [r.id for r in manager.reports] == [1, 2]
            assert log == [], "all of it was loaded before"
            assert found.boss is manager


def test_relationships_from_a_subclass(engine: Any) -> None:
    Company, Employee, Manager, Report = company(engine)
    with Session(engine) as session:
        for option in (
            joinedload(Report.manager),
            selectinload(Report.manager),
            subqueryload(Report.manager),
            joinedload(Report.manager).joinedload(Manager.company),
            joinedload(Report.manager).load_only(Manager.title),
            joinedload(Report.manager).joinedload(Manager.company).joinedload(Company.staff),
            selectinload(Report.manager).selectinload(Manager.company).selectinload(Company.staff),
        ):
            session.expunge_all()
            reports = session.scalars(select(Report).options(option).order_by(Report.id)).unique()
            assert [(r.manager.title, r.manager.company.id) for r in reports] == [("x", 1), ("x", 1)]
        one = session.get(Company, 1)

        def rows(statement: Any) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.execute(statement)]

        assert rows(select(Company.id, Manager.title).join(Company.staff.of_type(Manager))) == [(1, "x")]
        assert rows(select(Report.id).join(Report.manager).join(Manager.company).order_by(Report.id)) == [
            (1,),
            (2,),
        ]
        assert rows(
            select(Report.id).where(Report.manager.has(Manager.title == "x")).order_by(Report.id)
        ) == [
            (1,),
            (2,),
        ]
        managers = Company.staff.of_type(Manager)
        assert rows(select(Company.id).where(managers.any(Manager.title == "x"))) == [(1,)]
        assert rows(select(Company.id).where(managers.any(Manager.title == "y"))) == []
        assert rows(select(Manager.title).where(Manager.reports.any())) == [("x",)]
        assert rows(select(Manager.title).where(Manager.company == one)) == [("x",)]


# which class a row is of ------------------------------


def animals(engine: Any) -> Any:
    Base = declarative_base()

    class Animal(Base):
        __tablename__ = "animals"
        id = Column(Integer, primary_key=True)
        kind = Column("k", String(5))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "any"}

    class Cat(Animal):
        lives = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "cat"}

    class Dog(Animal):
        __mapper_args__ = {"polymorphic_identity": "dog"}

    Base.metadata.create_all(engine)
    return Animal, Cat, Dog


def test_rows_without_a_class(engine: Any) -> None:
    Animal, Cat, _ = animals(engine)
    with Session(engine) as session:
        rows = [{"id": 1, "k": None}, {"id": 2, "k": "cow"}, {"id": 3, "k": "dog"}, {"id": 4, "k": "any"}]
        session.execute(insert(Animal.__table__), rows)
        for number, error, message in (
            (1, exc.InvalidRequestError, r"the polymorphic discriminator column 'animals.k' is NULL"),
            (2, AssertionError, "No such polymorphic_identity 'cow' is defined"),
        ):
            with pytest.raises(error, match=message):
                session.get(Animal, number)
            with pytest.raises(error, match=message):
                session.scalars(select(Animal).where(Animal.id == number)).all()
        for number, named in ((3, r"Mapper\[Dog\(animals\)\]"), (4, r"Mapper\[Animal\(animals\)\]")):
            raw = select(Cat).from_statement(text("SELECT * FROM animals WHERE id = :i")).params(i=number)
            with pytest.raises(
                exc.InvalidRequestError,
                match=rf"Row with identity key \(.*Animal'>, \({number},\), None\) can't be loaded .* refers "
                rf"to {named}, which is not a sub-mapper of the requested Mapper\[Cat",
            ):
                session.scalars(raw).all()


def test_objects_that_say_another_class(engine: Any) -> None:
    Animal, Cat, Dog = animals(engine)
    message = "Flushing object <Cat at .*> with incompatible polymorphic identity '(dog|cow)'"
    with Session(engine) as session:
        assert Dog().kind == "dog"
        for kind in ("dog", "cow"):
            session.add(Cat(id=1, kind=kind))
            with pytest.warns(exc.SAWarning, match=message):
                session.flush()
            session.rollback()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            session.add(Animal(id=1, kind="cat"))
            session.commit()
        session.expunge_all()
        cat = session.get(Animal, 1)
        assert type(cat) is Cat
        cat.kind = "dog"
        with pytest.warns(exc.SAWarning, match=message):
            session.flush()


def test_an_expression_tells_the_class(engine: Any) -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        number = Column(Integer)
        __mapper_args__ = {
            "polymorphic_on": case((number == 1, "one"), else_="other"),
            "polymorphic_identity": "other",
        }

    class One(Thing):
        __mapper_args__ = {"polymorphic_identity": "one"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(id=1, number=2), One(id=2, number=1), Thing(id=3, number=1)])
        session.commit()
        session.expunge_all()
        assert [type(t) for t in session.scalars(select(Thing).order_by(Thing.id))] == [Thing, One, One]
        assert sorted(one.id for one in session.scalars(select(One))) == [2, 3]
    assert "AS _sa_polymorphic_on" in str(select(Thing))


# what is refused ------------------------------


def test_mappings_that_are_refused() -> None:
    Base = declarative_base()

    class Animal(Base):
        __tablename__ = "animals"
        id = Column(Integer, primary_key=True)
        kind = Column(String(3))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "any"}

    def make(name: str, base: Any = Animal, identity: str | None = None, **members: Any) -> Any:
        if identity is not None:
            members["__mapper_args__"] = {"polymorphic_identity": identity}
        return type(Base)(name, (base,), {"__module__": __name__, **members})

    def key() -> Any:
        return Column(Integer, primary_key=True)

    def foreign_key() -> Any:
        return Column(ForeignKey("animals.id"), primary_key=True)

    with pytest.raises(
        exc.NoForeignKeysError, match="Can't determine the inherit condition between inherite"
    ):
        make("A1", __tablename__="a1", id=key())
    with pytest.raises(
        exc.AmbiguousForeignKeysError, match="tables have more than one foreign key relations"
    ):
        make("A2", __tablename__="a2", id=foreign_key(), other=Column(ForeignKey("animals.id")))
    with pytest.raises(
        exc.ArgumentError, match="Can't place primary key columns on an inherited class with "
    ):
        make("A3", other=key())
    with pytest.raises(
        exc.ArgumentError, match="Column 'id' on class A4 conflicts with existing column 'ani"
    ):
        make("A4", id=Column(Integer))
    with pytest.raises(
        exc.ArgumentError, match="Can't place __table_args__ on an inherited class with no ta"
    ):
        make("A5", __table_args__={"schema": "q"})
    with pytest.raises(exc.ArgumentError, match="Can't determine polymorphic_on value 'nope' - no attribute"):
        make("A6", Base, __tablename__="a6", id=key(), __mapper_args__={"polymorphic_on": "nope"})
    with pytest.raises(exc.ArgumentError, match="Column expression or string key expected .* got 5."):
        make("A7", Base, __tablename__="a7", id=key(), __mapper_args__={"polymorphic_on": 5})
    with pytest.raises(TypeError, match="nope"):
        make("A8", __mapper_args__={"nope": 1})
    with pytest.warns(exc.SAWarning, match="Reassigning polymorphic association for identity 'any'"):
        make("A9", __tablename__="a9", id=foreign_key(), identity="any")
    with pytest.warns(
        exc.SAWarning, match="does not indicate a 'polymorphic_identity', yet is part of an in"
    ):
        make("A10")
    abstract = make("A11", __mapper_args__={"polymorphic_abstract": True})
    assert inspect(abstract).polymorphic_identity is None
    Base.registry.dispose()


def test_a_subclass_that_names_the_table_of_its_superclass_maps_all_of_it() -> None:
    Base = declarative_base()

    class Task(Base):
        __tablename__ = "tasks"
        id = Column(Integer, primary_key=True)
        status = Column(String(9))

    class Extended(Task):
        __tablename__ = "tasks"
        __table_args__ = {"extend_existing": True}
        worker = Column(String(9))
        retries = Column(Integer)

    assert Extended.__table__ is Task.__table__
    assert [attr.key for attr in inspect(Extended).attrs] == ["id", "status", "worker", "retries"]
    assert [attr.key for attr in inspect(Task).attrs] == ["id", "status"]
    assert str(select(Extended).options(defer(Extended.worker))).split() == (
        "SELECT tasks.id, tasks.status, tasks.retries FROM tasks".split()
    )
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Extended(status="done", worker="ann", retries=2), Task(status="new")])
        session.commit()
        found = session.scalars(select(Extended).order_by(Extended.id)).all()
        assert [(one.status, one.worker, one.retries) for one in found] == [
            ("done", "ann", 2),
            ("new", None, None),
        ]
    Base.registry.dispose()


def test_a_join_along_an_attribute_of_the_class_of_an_alias() -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "p"
        id = Column(Integer, primary_key=True)
        children = relationship("Child", back_populates="parent")

    class Child(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        p_id = Column(ForeignKey("p.id"))
        parent = relationship("Parent", back_populates="children")

    class Special(Parent):
        pass

    parent, special, child, other = aliased(Parent), aliased(Special), aliased(Child), aliased(Parent)
    for along in (Parent.children, parent.children, Parent.children.property):
        assert str(orm_join(parent, child, along)) == "p AS p_1 JOIN c AS c_1 ON p_1.id = c_1.p_id"
    assert str(orm_join(special, child, Parent.children)) == "p AS p_1 JOIN c AS c_1 ON p_1.id = c_1.p_id"
    twice = orm_join(parent, child, Parent.children).join(other, Child.parent)
    assert str(twice).endswith("ON p_1.id = c_1.p_id JOIN p AS p_2 ON p_2.id = c_1.p_id")
    with pytest.raises(exc.ArgumentError, match=r"aliased\(Child\) of the join does not have the"):
        orm_join(child, parent, Parent.children)
    Base.registry.dispose()


def test_an_update_of_a_table_by_a_subquery_of_a_class_is_about_the_table() -> None:
    Base = declarative_base()

    class Catalog(Base):
        __tablename__ = "catalogs"
        id = Column(Integer, primary_key=True)
        number = Column(Integer)

    class Product(Base):
        __tablename__ = "products"
        id = Column(Integer, primary_key=True)
        catalog_id = Column(ForeignKey("catalogs.id"))

    catalogs = Catalog.__table__
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Catalog(id=1), Product(id=1, catalog_id=1), Product(id=2, catalog_id=1)])
        session.flush()
        number = select(func.count(Product.id)).where(Product.catalog_id == catalogs.c.id).scalar_subquery()
        change = update(catalogs).values(number=number).where(catalogs.c.id.in_([1]))
        assert not change._propagate_attrs
        session.execute(change)
        assert session.scalar(select(catalogs.c.number)) == 2
    Base.registry.dispose()


def test_what_is_compiled_by_a_program_may_hold_attributes() -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)

    class Wrapped(ColumnElement[Any]):
        inherit_cache = False

    @compiles(Wrapped)
    def render(element: Any, compiler: Any, **kw: Any) -> str:
        return f"WRAPPED({compiler.process(Thing.id, **kw)})"

    assert str(select(Wrapped().label("x"))) == "SELECT WRAPPED(things.id) AS x"
    Base.registry.dispose()


def test_a_property_says_whether_classes_are_told_by_it() -> None:
    Base: Any = declarative_base()

    class Animal(Base):
        __tablename__ = "animals"
        id = Column(Integer, primary_key=True)
        kind = Column(String(9))
        __mapper_args__ = {"polymorphic_on": "kind"}

    class Cat(Animal):
        __mapper_args__ = {"polymorphic_identity": "cat"}

    for cls in (Animal, Cat):
        told = {attr.key: attr._is_polymorphic_discriminator for attr in inspect(cls).column_attrs}
        assert told == {"id": False, "kind": True}
