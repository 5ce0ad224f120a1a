"""What a mapper knows: properties, keys, the family; and what it refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, event, exc, select
from relvar.inspection import inspect
from relvar.orm import (
    EXT_SKIP,
    DeclarativeBase,
    Mapped,
    Mapper,
    aliased,
    class_mapper,
    clear_mappers,
    column_property,
    configure_mappers,
    declarative_base,
    mapped_column,
    registry,
    relationship,
    synonym,
    with_polymorphic,
)
from relvar.orm import exc as orm_exc
from relvar.orm import mapper as mapper_function
from relvar.orm.util import has_identity, identity_key


@pytest.fixture(scope="module")
def m() -> Any:
    class Base(DeclarativeBase):
        pass

    class Employee(Base):
        __tablename__ = "emp"
        id: Mapped[int] = mapped_column(primary_key=True)
        type: Mapped[str]
        name: Mapped[str]
        boss_id: Mapped[int | None] = mapped_column(ForeignKey("emp.id"))
        boss: Mapped[Employee] = relationship(remote_side=id, back_populates="reports")
        reports: Mapped[list[Employee]] = relationship(back_populates="boss")
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "emp"}

    class Engineer(Employee):
        __tablename__ = "eng"
        id: Mapped[int] = mapped_column(ForeignKey("emp.id"), primary_key=True)
        lang: Mapped[str]
        __mapper_args__ = {"polymorphic_identity": "eng"}

    class Manager(Employee):
        level: Mapped[int | None]
        __mapper_args__ = {"polymorphic_identity": "man"}

    class Thing(Base):
        __tablename__ = "t"
        foo = mapped_column("bar", Integer, primary_key=True)
        baz = Column("zip", String(30))
        late: Mapped[int] = mapped_column(deferred=True)
        more = column_property(foo + 1)
        other = synonym("baz")

    return SimpleNamespace(Base=Base, Employee=Employee, Engineer=Engineer, Manager=Manager, Thing=Thing)


def test_properties_in_order(m: Any) -> None:
    mapper = inspect(m.Employee)
    assert mapper.attrs.keys() == ["boss", "reports", "id", "type", "name", "boss_id"]
    assert mapper.column_attrs.keys() == ["id", "type", "name", "boss_id"]
    assert mapper.relationships.keys() == ["boss", "reports"]
    assert inspect(m.Thing).attrs.keys() == ["more", "other", "foo", "baz", "late"]
    assert inspect(m.Thing).synonyms.keys() == ["other"] and not inspect(m.Thing).composites.keys()
    assert mapper.columns.keys() == ["id", "type", "name", "boss_id"]
    assert mapper.c.name is m.Employee.__table__.c.name and mapper.c["name"] is mapper.columns[2]
    assert "name" in mapper.c and mapper.c.contains_column(mapper.c.name) and mapper.c.get("x") is None
    assert list(mapper.c) == mapper.c.values() and len(mapper.c.items()) == len(mapper.c)
    assert set(inspect(m.Engineer).all_orm_descriptors.keys()) == {
        *("boss", "reports", "id", "type", "name", "boss_id", "lang")
    }
    assert [p.key for p in mapper.iterate_properties] == mapper.attrs.keys()


def test_looking_properties_up(m: Any) -> None:
    mapper = inspect(m.Thing)
    table = m.Thing.__table__
    assert mapper.get_property("foo") is mapper.get_property_by_column(table.c.bar) is m.Thing.foo.property
    assert mapper.has_property("baz") and not mapper.has_property("zip")
    assert m.Thing.baz.property.columns == [table.c.zip] and m.Thing.foo.expression.name == "bar"
    with pytest.raises(exc.InvalidRequestError, match=r"Mapper 'Mapper\[Thing\(t\)\]' has no property 'x'"):
        mapper.get_property("x")
    with pytest.raises(orm_exc.UnmappedColumnError, match="No column emp.name is configured on mapper"):
        mapper.get_property_by_column(m.Employee.__table__.c.name)
    with pytest.raises(AttributeError, match="associated with Thing.foo has an attribute 'nothing'"):
        m.Thing.foo.nothing  # reading is the test
    with pytest.raises(AttributeError):
        mapper.attrs.nothing  # as above


def test_a_family(m: Any) -> None:
    base, engineer, manager = (inspect(c) for c in (m.Employee, m.Engineer, m.Manager))
    assert base.self_and_descendants == [base, engineer, manager] == list(base.polymorphic_iterator())
    assert list(engineer.iterate_to_root()) == [engineer, base]
    assert engineer.isa(base) and not base.isa(engineer) and engineer.is_sibling(manager)
    assert engineer.common_parent(manager) and engineer.inherits is base is engineer.base_mapper
    assert base.polymorphic_map == {"emp": base, "eng": engineer, "man": manager}
    assert base.polymorphic_on is m.Employee.__table__.c.type and manager.single
    assert (engineer.polymorphic_identity, str(engineer.persist_selectable)) == (
        "eng",
        "emp JOIN eng ON emp.id = eng.id",
    )
    assert engineer.local_table is m.Engineer.__table__ and engineer.tables == [
        base.local_table,
        engineer.local_table,
    ]
    assert engineer.primary_key == base.primary_key == (base.local_table.c.id,)
    assert [c.table.name for c in engineer.get_property("id").columns] == ["eng", "emp"]
    assert (m.Employee().type, m.Engineer().type, m.Manager(type="x").type) == ("emp", "eng", "x")
    assert str(base) == "Mapper[Employee(emp)]" and repr(base).endswith("; Employee>")
    assert base.class_manager.class_ is m.Employee and base.entity is m.Employee and base.mapper is base


def test_identity_keys(m: Any) -> None:
    mapper = inspect(m.Engineer)
    engineer = m.Engineer(id=3)
    assert mapper.primary_key_from_instance(engineer) == (3,)
    key = (m.Employee, (3,), None)
    assert mapper.identity_key_from_instance(engineer) == key
    assert mapper.identity_key_from_primary_key([3]) == key == mapper.identity_key_from_row((3, "x"))
    assert identity_key(m.Engineer, 3) == identity_key(instance=engineer) == key
    assert identity_key(m.Engineer, (3,)) == identity_key(m.Engineer, row=(3,)) == key
    assert not has_identity(engineer)
    for call in (lambda: identity_key(m.Engineer), lambda: identity_key()):
        with pytest.raises(exc.ArgumentError):
            call()


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (lambda m: select(m.Employee), "SELECT emp.id, emp.type, emp.name, emp.boss_id FROM emp"),
        (
            lambda m: select(m.Engineer).where(m.Engineer.name == "x"),
            (
                "SELECT eng.id, emp.id AS id_1, emp.type, emp.name, emp.boss_id, eng.lang "
                "FROM emp JOIN eng ON emp.id = eng.id WHERE emp.name = :name_1"
            ),
        ),
        (
            lambda m: select(m.Manager),
            (
                "SELECT emp.id, emp.type, emp.name, emp.boss_id, emp.level FROM emp "
                "WHERE emp.type IN (__[POSTCOMPILE_type_1])"
            ),
        ),
        (lambda m: select(m.Thing.more, m.Thing.foo), "SELECT t.bar + :bar_1 AS anon_1, t.bar FROM t"),
        (lambda m: select(m.Thing.other), "SELECT t.zip FROM t"),
        (
            lambda m: select(aliased(m.Employee, name="foo")),
            "SELECT foo.id, foo.type, foo.name, foo.boss_id FROM emp AS foo",
        ),
        (
            lambda m: select(aliased(m.Engineer, flat=True)),
            (
                "SELECT eng_1.id, emp_1.id AS id_1, emp_1.type, emp_1.name, emp_1.boss_id, eng_1.lang "
                "FROM emp AS emp_1 JOIN eng AS eng_1 ON emp_1.id = eng_1.id"
            ),
        ),
        (
            lambda m: select(wp := with_polymorphic(m.Employee, [m.Engineer, m.Manager])).where(
                wp.Engineer.lang == "x"
            ),
            (
                "SELECT emp.id, emp.type, emp.name, emp.boss_id, eng.id AS id_1, eng.lang, emp.level "
                "FROM emp LEFT OUTER JOIN eng ON emp.id = eng.id WHERE eng.lang = :lang_1"
            ),
        ),
    ],
)
def test_selecting_entities(m: Any, statement: Any, text: str) -> None:
    assert " ".join(str(statement(m)).split()) == text


def test_aliases(m: Any) -> None:
    alias = aliased(m.Employee)
    insp = inspect(alias)
    assert insp.is_aliased_class and insp.mapper is inspect(m.Employee) and insp.class_ is m.Employee
    assert insp.entity is alias and inspect(insp) is insp and insp.local_table is insp.selectable
    assert str(alias) == "aliased(Employee)" and str(alias.name) == "aliased(Employee).name"
    assert alias.name is alias.name and alias.name.parent is insp and alias.name.key == "name"
    assert repr(alias).endswith("; Employee>") and "AliasedInsp" in repr(insp)
    assert str(with_polymorphic(m.Employee, "*")) == "with_polymorphic(Employee, [Engineer, Manager])"
    with pytest.raises(AttributeError, match="type object 'Employee' has no attribute 'nothing'"):
        alias.nothing  # reading is the test
    table = m.Thing.__table__
    assert aliased(table).element is table and aliased(table, name="x").name == "x"
    with pytest.raises(exc.ArgumentError, match="adapt_on_names only applies to ORM elements"):
        aliased(table, adapt_on_names=True)
    with pytest.raises(exc.InvalidRequestError, match="does not inherit from"):
        with_polymorphic(m.Engineer, [m.Manager])


# Refusals -----------------------------------------------------------------------------------------------


def test_a_class_without_a_primary_key() -> None:
    Base = declarative_base()
    with pytest.raises(
        exc.ArgumentError,
        match=r"Mapper Mapper\[X\(x\)\] could not assemble any primary key columns for mapped table 'x'",
    ):
        type("X", (Base,), {"__tablename__": "x", "a": Column(Integer)})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"__tablename__": "q", "id": Column(Integer, primary_key=True)},
            (
                "Can't determine the inherit condition between inherited table 'a' and inheriting table 'q'; "
                "tables "
                "have no foreign key relationships established"
            ),
        ),
        (
            {
                "__tablename__": "q",
                "id": Column(ForeignKey("a.id"), primary_key=True),
                "other": Column(ForeignKey("a.id")),
            },
            "tables have more than one foreign key relationship established",
        ),
        (
            {"__table_args__": {"schema": "x"}},
            "Can't place __table_args__ on an inherited class with no table",
        ),
        ({"name": Column(Integer)}, "Column 'name' on class Sub conflicts with existing column 'a.name'"),
    ],
)
def test_wrong_subclasses(body: Any, message: str) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        kind = Column(String(5))
        name = Column(String(5))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "a"}

    with pytest.raises(exc.ArgumentError, match=message):
        type("Sub", (A,), {**body, "__mapper_args__": {"polymorphic_identity": "s"}})


@pytest.mark.filterwarnings("default")
def test_warnings_about_identities() -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        kind = Column(String(5))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "a"}

    with pytest.warns(exc.SAWarning, match="Reassigning polymorphic association for identity 'a'"):
        type("B", (A,), {"__mapper_args__": {"polymorphic_identity": "a"}})
    with pytest.warns(exc.SAWarning, match="does not indicate a 'polymorphic_identity'"):
        type("C", (A,), {})
    for given in (type, 5):
        with pytest.raises(exc.ArgumentError, match="Column expression or string key expected"):
            body = {"__tablename__": f"w{given!r}", "id": Column(Integer, primary_key=True)}
            type("W", (Base,), {**body, "__mapper_args__": {"polymorphic_on": given}})
    with pytest.raises(exc.ArgumentError, match="Can't determine polymorphic_on value 'x'"):
        body = {"__tablename__": "w2", "id": Column(Integer, primary_key=True)}
        type("W", (Base,), {**body, "__mapper_args__": {"polymorphic_on": "x"}})


# Imperative mapping and registries ------------------------------------------------------------------------


def test_mapping_a_class_imperatively() -> None:
    reg = registry()
    table = Table("t", reg.metadata, Column("id", Integer, primary_key=True), Column("name", String(10)))

    class T:
        def __init__(self, name: str) -> None:
            self.name = name

    mapper = reg.map_imperatively(T, table, properties={"alias": synonym("name")})
    assert class_mapper(T) is mapper and reg.mappers == {mapper}
    thing: Any = T("a")
    thing.extra = 1
    assert (
        thing.alias == "a" and inspect(thing).transient and inspect(thing).attrs.name.history.added == ["a"]
    )
    thing.alias = "b"
    del thing.name
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        T()  # type: ignore[call-arg]  # the test
    with pytest.raises(exc.ArgumentError, match="already has a primary mapper defined"):
        reg.map_imperatively(T, table)
    reg.dispose()
    assert inspect(T, raiseerr=False) is None and not hasattr(T, "name")
    assert vars(T("q")) == {"name": "q"}
    with pytest.raises(exc.InvalidRequestError, match="function is removed as of SQLAlchemy 2.0"):
        mapper_function(T, table)
    with pytest.raises(
        exc.InvalidRequestError, match="may not be invoked directly outside of a declarative registry"
    ):
        Mapper(type("Q", (), {}), table)
    for given, message in (
        (None, "has None for a primary table argument"),
        (5, "FROM expression, such as a Table"),
    ):
        with pytest.raises(exc.ArgumentError, match=message):
            reg.map_imperatively(type("Q", (), {}), given)


def test_classes_with_their_own_setattr_keep_it() -> None:
    reg = registry()
    seen = []

    class Own:
        def __setattr__(self, key: str, value: Any) -> None:
            object.__setattr__(self, key, value)
            seen.append(key)

    reg.map_imperatively(Own, Table("o", reg.metadata, Column("a", Integer, primary_key=True)))
    own: Any = Own()
    own.a = 4
    assert seen == ["a"] and own.a == 4
    assert inspect(own).attrs.a.history.added == [4]
    inspect(own).pk = 4
    inspect(own).commit_all()
    own.a = 5
    assert inspect(own).attrs.a.history == ([5], (), [4])
    del own.a
    assert own.a is None


def test_configuring_events_and_hooks() -> None:
    Base = declarative_base()
    seen: list[str] = []

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)

        @classmethod
        def __declare_first__(cls) -> None:
            seen.append("first")

        @classmethod
        def __declare_last__(cls) -> None:
            seen.append("last")

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        broken = relationship("Nothing")

    event.listen(A, "mapper_configured", lambda mapper, cls: seen.append("A"))
    event.listen(B, "before_mapper_configured", lambda mapper, cls: EXT_SKIP, retval=True)
    event.listen(Base.registry, "before_configured", lambda registry: seen.append("before"))
    event.listen(Base.registry, "after_configured", lambda registry: seen.append("after"))
    Base.registry.configure()
    assert seen == ["before", "first", "A", "after", "last"]
    assert inspect(A).configured
    with pytest.raises(exc.InvalidRequestError, match="only applies to the Mapper class"):
        event.listen(A, "after_configured", lambda: None)
    Base.registry.dispose()


def test_a_mapper_that_is_skipped_is_asked_again() -> None:
    Base = declarative_base()
    asked: list[str] = []
    skips = [True]

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
        a = relationship("A", backref="bs")

    def ask(mapper: Any, cls: Any) -> Any:
        asked.append(cls.__name__)
        return EXT_SKIP if skips[0] else None

    event.listen(B, "before_mapper_configured", ask, retval=True)
    for _ in range(2):
        Base.registry.configure()
        assert inspect(A).configured and not inspect(B).configured and not hasattr(A, "bs")
    assert asked == ["B", "B"]
    B()
    assert asked == ["B"] * 3
    skips.clear()
    skips.append(False)
    assert B(a=A()).a.bs and asked == ["B"] * 4
    assert inspect(B).configured
    Base.registry.configure()
    assert asked == ["B"] * 4
    Base.registry.dispose()


def test_a_failure_is_remembered() -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        bs = relationship("B")

    wanted = r"When initializing mapper Mapper\[A\(a\)\], expression 'B' failed to locate a name \('B'\)"
    with pytest.raises(exc.InvalidRequestError, match="^" + wanted):
        A()
    with pytest.raises(exc.InvalidRequestError, match=f"^One or more mappers failed to initialize.*{wanted}"):
        Base.registry.configure()
    Base.registry.dispose()
    configure_mappers()


def test_registries_depend_on_each_other() -> None:
    one, two = declarative_base(), declarative_base()

    class A(one):  # type: ignore[valid-type,misc]  # a base made at run time
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)

    class B(A, two):  # type: ignore[valid-type,misc]  # as above
        __tablename__ = "b"
        id = Column(ForeignKey(A.__table__.c.id), primary_key=True)
        registry = two.registry
        metadata = one.metadata
        _sa_registry = two.registry

    assert B(id=1).id == 1
    with pytest.raises(exc.InvalidRequestError, match="has dependent registries that are not disposed"):
        one.registry.dispose()
    one.registry.dispose(cascade=True)
    assert inspect(B, raiseerr=False) is None
    assert callable(clear_mappers)
