"""
Attributes of mapped classes: expressions, deferred columns, synonyms, validators, comparators, tools.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    event,
    exc,
    func,
    inspect,
    join,
    literal,
    select,
    update,
)
from relvar.orm import (
    ColumnProperty,
    DeclarativeBase,
    Mapped,
    MappedSQLExpression,
    PropComparator,
    RelationshipProperty,
    Session,
    aliased,
    attribute_keyed_dict,
    attributes,
    column_property,
    configure_mappers,
    defer,
    deferred,
    load_only,
    make_transient,
    mapped_column,
    query_expression,
    registry,
    relationship,
    synonym,
    synonym_for,
    undefer,
    undefer_group,
    validates,
    with_expression,
)


class Base(DeclarativeBase): ...


class Shout(ColumnProperty.Comparator[Any]):
    def __eq__(self, other: Any) -> Any:  # type: ignore[override]  # SQL
        return func.upper(self.__clause_element__()) == func.upper(other)

    def begins(self, text: str) -> Any:
        return self.__clause_element__().like(text + "%")


class Address(Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str] = mapped_column(String(20))


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(String(10), active_history=True)
    bio: Mapped[str | None] = mapped_column(String(10), deferred=True, deferred_group="big", default="bio")
    photo: Mapped[str | None] = mapped_column(String(10), deferred_group="big", default="photo")
    secret: Mapped[str | None] = mapped_column(String(10), deferred_raiseload=True, default="secret")
    plain = deferred(Column("plain", String(10), default="plain"))
    word = column_property(Column("word", String(10)), comparator_factory=Shout, active_history=True)
    full: MappedSQLExpression[str] = column_property(first + " " + last)
    kept: MappedSQLExpression[str] = column_property(first + "!" + last, expire_on_flush=False)
    late = column_property(last + "?", deferred=True)
    rank: Mapped[int] = query_expression()
    seven: Mapped[int] = query_expression(literal(7))
    addresses: Mapped[list[Address]] = relationship(cascade="all, delete-orphan")


User.number = column_property(  # type: ignore[attr-defined]  # added when Address is known
    select(func.count(Address.id))
    .where(Address.user_id == User.id)
    .correlate_except(Address)
    .scalar_subquery()
)


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(first="jo", last="doe", addresses=[Address(email="x"), Address(email="y")]))
        session.commit()
        session.expunge_all()
        yield session


def text_of(statement: Any) -> str:
    return " ".join(str(statement).split())


@pytest.mark.feature("F025")
def test_expressions_as_attributes(session: Session, sql_log: Any) -> None:
    user = session.scalars(select(User)).one()
    assert (user.full, user.kept, user.number) == ("jo doe", "jo!doe", 2)
    log = sql_log(session.bind)
    assert user.late == "doe?"
    user.last = "roe"
    user.addresses.append(Address(email="z"))
    session.flush()
    log.clear()
    # one SELECT for what the flush may have changed; what is deferred comes by itself, what is kept stays
    assert (user.full, user.number) == ("jo roe", 3) and len(log) == 1
    assert user.late == "roe?" and len(log) == 2
    assert user.kept == "jo!doe"
    session.refresh(user)
    assert user.kept == "jo!roe"
    user.full = "not written"
    session.commit()
    assert user.full == "jo roe"

    alias = aliased(User)
    assert session.scalars(select(User.id).where(User.number > 2).order_by(User.full)).all() == [1]
    assert session.execute(select(alias.number, alias.full).where(alias.full == "jo roe")).all() == [
        (3, "jo roe")
    ]
    nested = select(select(User, alias).where(User.id == alias.id).subquery())
    (row,) = session.execute(nested).mappings().all()
    assert [value for value in row.values() if value == "jo roe"] == ["jo roe"] * 2
    assert list(row.values()).count(7) == 2 and list(row.values()).count(3) == 2
    inner = aliased(User, select(User).where(User.id == 1).subquery())
    assert session.scalars(select(inner.full)).all() == ["jo roe"]
    with pytest.raises(exc.CompileError, match="Unconsumed column names: full"):
        session.execute(update(User).values({User.full: "x"}))
    session.delete(user)
    session.commit()
    assert session.scalars(select(User.full)).all() == []


@pytest.mark.feature("F025")
def test_what_column_property_takes() -> None:
    prop = User.full.property
    assert type(prop) is MappedSQLExpression and isinstance(prop, ColumnProperty)
    for wrong in ("text", None, 5):
        with pytest.raises(exc.ArgumentError, match="Column expression expected for column_property"):
            column_property(wrong)
    kept = inspect(User).column_attrs.kept
    assert (
        kept.expire_on_flush,
        inspect(User).column_attrs.late.deferred,
        User.word.property.active_history,
    ) == (
        False,
        True,
        True,
    )


@pytest.mark.feature("F025")
def test_several_columns_under_one_name(session: Session) -> None:
    mapping = registry()
    one = Table("one", mapping.metadata, Column("id", Integer, primary_key=True), Column("x", Integer))
    two = Table(
        "two", mapping.metadata, Column("id", ForeignKey("one.id"), primary_key=True), Column("y", Integer)
    )

    class Both:
        id: int
        x: int
        y: int

    class Same(Both): ...

    mapping.map_imperatively(Both, join(one, two), properties={"id": [one.c.id, two.c.id]})
    mapping.metadata.create_all(session.bind)
    both = Both()
    both.x, both.y = 1, 2
    session.add(both)
    session.commit()
    session.expunge_all()
    both = session.scalars(select(Both)).one()
    assert (both.x, both.y, session.scalar(select(two.c.id))) == (1, 2, both.id)
    both.y = 5
    session.commit()
    session.delete(both)
    session.commit()
    assert session.execute(select(one.c.id)).all() == session.execute(select(two.c.id)).all() == []

    class Wrong: ...

    with pytest.raises(
        exc.ArgumentError, match=r"property 'q' on Mapper\[Wrong\(one\)\], column 'two.y' is not"
    ):
        mapping.map_imperatively(Wrong, one, properties={"q": two.c.y})


@pytest.mark.feature("F026")
def test_deferred_columns(session: Session, sql_log: Any) -> None:
    log = sql_log(session.bind)
    user = session.scalars(select(User)).one()
    assert not {"bio", "photo", "secret", "plain", "late"} & set(user.__dict__)
    log.clear()
    assert (user.bio, user.photo) == ("bio", "photo") and len(log) == 1
    assert user.plain == "plain" and len(log) == 2
    with pytest.raises(exc.InvalidRequestError, match="'User.secret' is not available due to raiseload=True"):
        user.secret  # reading is the test
    for option, loaded, missing in (
        (undefer(User.bio), {"bio"}, {"photo", "plain"}),
        (undefer_group("big"), {"bio", "photo"}, {"plain"}),
        (undefer("*"), {"bio", "photo", "plain", "secret", "late"}, set()),
        (undefer(User.secret), {"secret"}, {"bio"}),
        (defer(User.first), {"last"}, {"first", "bio"}),
        (load_only(User.first), {"id", "first"}, {"last", "bio"}),
    ):
        session.expunge_all()
        user = session.scalars(select(User).options(option)).one()
        assert loaded <= set(user.__dict__) and not missing & set(user.__dict__), option
    for option, name in (
        (defer(User.first, raiseload=True), "first"),
        (load_only(User.id, raiseload=True), "last"),
    ):
        session.expunge_all()
        user = session.scalars(select(User).options(option)).one()
        with pytest.raises(exc.InvalidRequestError, match=f"'User.{name}' is not available"):
            getattr(user, name)
    user.plain = "set"
    session.commit()
    session.expunge_all()
    assert session.get(User, 1, options=[undefer(User.plain)]).plain == "set"
    new = User(first="a", last="b")
    session.add(new)
    session.flush()
    log.clear()
    # the INSERT has left it NULL: there is nothing to ask for
    assert new.word is None and not log
    session.delete(new)
    session.commit()
    assert session.scalar(select(func.count(User.id))) == 1


@pytest.mark.feature("F026")
def test_columns_of_a_subclass_come_together(session: Session, sql_log: Any) -> None:
    class Local(DeclarativeBase): ...

    class Item(Local):
        __tablename__ = "item"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str] = mapped_column(String(10))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "item"}

    class Book(Item):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
        title: Mapped[str] = mapped_column(String(10))
        pages: Mapped[int]
        text: Mapped[str] = mapped_column(String(10), deferred=True)
        shout = column_property(func.upper(title))
        __mapper_args__ = {"polymorphic_identity": "book"}

    Local.metadata.create_all(session.bind)
    session.add(Book(title="a", pages=5, text="t"))
    session.commit()
    session.expunge_all()
    book = session.scalars(select(Item)).one()
    log = sql_log(session.bind)
    assert (book.title, book.pages, book.shout) == ("a", 5, "A") and len(log) == 1
    assert book.text == "t" and len(log) == 2


@pytest.mark.feature("F027")
def test_expressions_of_a_query(session: Session) -> None:
    user = session.scalars(select(User)).one()
    assert (user.rank, user.seven) == (None, 7)
    session.refresh(user)
    assert user.rank is None
    ranked = select(User).options(with_expression(User.rank, User.id * 10))
    assert session.scalars(ranked).one().rank == 10
    again = select(User).options(with_expression(User.rank, User.id * 20))
    assert session.scalars(again).one().rank == 10
    assert session.scalars(again.execution_options(populate_existing=True)).one().rank == 20
    session.expunge_all()
    alias = aliased(User)
    options = with_expression(alias.rank, alias.id + 1), with_expression(alias.seven, literal(8))
    user = session.scalars(select(alias).options(*options)).one()
    assert (user.rank, user.seven) == (2, 8)
    user.first = "new"
    session.flush()
    # what the row gave before the UPDATE says nothing of the row as it is; what the program sets stays
    assert user.rank is None
    user.rank, user.first = 5, "newer"
    session.flush()
    assert user.rank == 5
    session.execute(update(User).values(first="new"))
    assert user.rank is None
    session.commit()
    assert (user.rank, user.seven, user.first) == (None, 7, "new")
    session.delete(user)
    session.commit()


# synonyms -----------------------------------------------------------------------------------------------


class Login(Base):
    __tablename__ = "login"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(10))
    user: Mapped[User | None] = relationship()
    nick: Mapped[str] = synonym("name", info={"of": "name"}, doc="the name")
    owner = synonym("user")
    again = synonym("nick")
    shout = synonym("name", comparator_factory=Shout)
    _state: Mapped[str | None] = mapped_column("state", String(10))

    @property
    def state(self) -> str | None:
        return self._state

    @state.setter
    def state(self, value: str) -> None:
        self._state = f"<{value}>"

    state = synonym("_state", descriptor=state)  # type: ignore[assignment]  # takes the property's place

    @synonym_for("name")
    @property
    def label(self) -> str:
        return f"label {self.name}"

    wrong = synonym("nothing")


@pytest.mark.feature("F028")
def test_synonyms(session: Session, sql_log: Any) -> None:
    login = Login(nick="ann", owner=session.get(User, 1), state="on")
    assert (login.name, login.again, login.label, login._state, login.owner.first) == (
        "ann",
        "ann",
        "label ann",
        "<on>",
        "jo",
    )
    session.add(login)
    session.commit()
    id_ = login.id
    session.expunge_all()
    alias = aliased(Login)
    for criterion in (
        Login.nick == "ann",
        Login.again.in_(["ann"]),
        Login.shout == "ANN",
        Login.shout.begins("an"),
        Login.label == "ann",
        Login.state == "<on>",
        Login.owner.has(first="jo"),
        Login.owner != None,  # SQL
    ):
        assert session.scalars(select(Login.id).where(criterion)).all() == [id_]
    assert session.scalars(select(alias.nick).where(alias.again == "ann").order_by(alias.nick)).all() == [
        "ann"
    ]
    assert session.execute(select(Login.nick, User.first).join(Login.owner)).all() == [("ann", "jo")]
    assert list(session.execute(select(Login.nick)).keys()) == ["nick"]
    login = session.scalars(select(Login).filter_by(nick="ann")).one()
    login.nick = "eve"
    assert attributes.get_history(login, "nick") == (["eve"], (), ["ann"])
    session.commit()
    session.execute(update(Login).values({Login.nick: "bob"}))
    assert (login.name, Login.nick.info, Login.nick.__doc__) == ("bob", {"of": "name"}, "the name")
    assert inspect(Login).synonyms.keys() == ["nick", "owner", "again", "shout", "state", "label", "wrong"]
    assert Login.again.property is Login.name.property
    with pytest.raises(
        AttributeError, match="Synonym Login.wrong stands for the attribute 'nothing', which class Login"
    ):
        Login.wrong == "x"  # noqa: B015  # the comparison is the test
    session.delete(login)
    session.commit()
    assert session.scalars(select(Login.nick)).all() == []


@pytest.mark.feature("F028")
def test_a_synonym_takes_the_name_of_a_column() -> None:
    mapping = registry()
    table = Table(
        "job", mapping.metadata, Column("id", Integer, primary_key=True), Column("status", String(5))
    )

    class Job:
        status: str
        _status: str

    mapping.map_imperatively(Job, table, properties={"status": synonym("_status", map_column=True)})
    job = Job()
    job.status = "done"
    assert job._status == "done" and text_of(select(Job.status)) == "SELECT job.status FROM job"

    class Unknown: ...

    class Twice: ...

    for cls, properties, message in (
        (Unknown, {"zzz": synonym("_status", map_column=True)}, "no column on table 'job' named 'zzz'"),
        (
            Twice,
            {"status": synonym("own", map_column=True), "own": table.c.status},
            "Can't call map_column=True",
        ),
    ):
        with pytest.raises(exc.ArgumentError, match=message):
            mapping.map_imperatively(cls, table, properties=properties)


# validators ---------------------------------------------------------------------------------------------


class Child(Base):
    __tablename__ = "child"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("parent.id"))
    name: Mapped[str | None] = mapped_column(String(10))
    parent: Mapped[Parent | None] = relationship(back_populates="children")
    calls: Any = []

    @validates("parent", include_backrefs=False)
    def check(self, key: str, value: Any) -> Any:
        self.calls.append(("child", key, value is not None))
        return value


class Parent(Base):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(10))
    mail: Mapped[str | None] = mapped_column(String(10))
    children: Mapped[list[Child]] = relationship(back_populates="parent")
    by_name: Mapped[dict[str, Child]] = relationship(
        collection_class=attribute_keyed_dict("name"), overlaps="parent,children"
    )
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "parent"}

    @validates("children", "by_name", include_removes=True)
    def check_child(self, key: str, value: Any, is_remove: bool) -> Any:
        Child.calls.append(("parent", key, is_remove))
        return value

    @validates("name", "mail")
    def check_text(self, key: str, value: str | None) -> str | None:
        if value == "":
            raise ValueError(f"{key} is empty")
        return value.upper() if value else value


class SubParent(Parent):
    __mapper_args__ = {"polymorphic_identity": "sub"}

    @validates("mail")
    def check_text(self, key: str, value: str | None) -> str | None:
        return f"sub {value}"


def calls() -> list[Any]:
    found = list(Child.calls)
    Child.calls.clear()
    return found


@pytest.mark.feature("F030")
def test_validators(session: Session) -> None:
    parent = Parent(name="ann", mail="m")
    assert (parent.name, parent.mail, calls()) == ("ANN", "M", [])
    with pytest.raises(ValueError, match="name is empty"):
        parent.name = ""
    assert parent.name == "ANN"
    child = Child(name="c")
    parent.children.append(child)
    assert calls() == [("parent", "children", False)]
    parent.children.remove(child)
    assert calls() == [("parent", "children", True)]
    parent.children = [child, Child()]
    assert calls() == [("parent", "children", False)] * 2
    child.parent = None
    assert calls() == [("child", "parent", False), ("parent", "children", True)]
    Child(parent=parent)
    assert calls() == [("child", "parent", True), ("parent", "children", False)]
    parent.by_name["c"] = child
    assert calls() == [("parent", "by_name", False)]
    sub = SubParent(name="a", mail="b")
    assert (sub.name, sub.mail) == ("A", "sub b")
    session.add_all([parent, sub])
    session.commit()
    session.expunge_all()
    calls()
    # what is loaded is not validated
    parent = session.scalars(select(Parent).where(Parent.name == "ANN")).one()
    assert len(parent.children) == 3 and calls() == []
    parent.name = "eve"
    session.commit()
    assert session.scalars(select(Parent.name).order_by(Parent.name)).all() == ["A", "EVE"]
    assert sorted(inspect(SubParent).validators) == ["by_name", "children", "mail", "name"]


@pytest.mark.feature("F030")
def test_one_attribute_has_one_validator() -> None:
    with pytest.raises(
        exc.InvalidRequestError, match="validation function for mapped attribute 'name' .* already"
    ):

        class Other(Parent):
            __mapper_args__ = {"polymorphic_identity": "other"}

            @validates("name")
            def of_another_name(self, key: str, value: str) -> str:
                return value


# comparators --------------------------------------------------------------------------------------------


class NamedLike(RelationshipProperty.Comparator):
    def __eq__(self, other: Any) -> Any:  # type: ignore[override]  # SQL
        return self.has(first=other) if isinstance(other, str) else super().__eq__(other)


@pytest.mark.feature("F033")
def test_comparators_of_ones_own(session: Session) -> None:
    class Local(DeclarativeBase): ...

    class Person(Local):
        __table__ = User.__table__.to_metadata(Local.metadata)
        word = column_property(__table__.c.word, comparator_factory=Shout)
        shouted = column_property(__table__.c.first + "!", comparator_factory=Shout)

    class Entry(Local):
        __tablename__ = "entry"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
        person: Mapped[Person | None] = relationship(comparator_factory=NamedLike)

    configure_mappers()
    Local.metadata.create_all(session.bind)
    session.add(Entry(person=Person(first="al", last="x", word="Low")))
    session.commit()
    alias = aliased(Person)
    for criterion in (Person.word == "LOW", Person.word.begins("L"), Person.shouted == "AL!"):
        assert session.scalars(select(Person.first).where(criterion)).all() == ["al"]
    assert session.scalars(select(alias.id).where(alias.word == "lOW", alias.word.begins("L"))).all() == [2]
    assert session.scalars(select(Entry.id).where(Entry.person == "al")).all() == [1]
    assert session.scalars(select(Entry.id).where(Entry.person == None)).all() == []  # SQL
    assert (
        isinstance(Person.word.comparator, PropComparator)
        and Person.word.comparator.prop is Person.word.property
    )
    with pytest.raises(AttributeError, match="Neither .* nor 'Shout' object associated with Person.word has"):
        Person.word.unknown  # reading is the test


# history and tools --------------------------------------------------------------------------------------


@pytest.mark.feature("F034")
def test_active_history_loads_the_old_value(session: Session, sql_log: Any) -> None:
    user = session.scalars(select(User)).one()
    session.expire(user)
    log = sql_log(session.bind)
    user.first = "new"
    assert not log and inspect(user).attrs.first.history == (["new"], (), ())
    user.last = "new"
    assert len(log) == 1 and inspect(user).attrs.last.history == (["new"], (), ["doe"])
    assert inspect(user).attrs.word.history.unchanged == [None]
    session.commit()
    assert (user.first, user.last) == ("new", "new")


@pytest.mark.feature("F038")
def test_tools(session: Session, sql_log: Any) -> None:
    user = session.scalars(select(User)).one()
    state = attributes.instance_state(user)
    assert state is inspect(user) and not session.is_modified(user)
    attributes.set_attribute(user, "first", "a")
    assert attributes.get_attribute(user, "first") == "a"
    assert attributes.get_history(user, "first") == attributes.History(["a"], (), ["jo"])
    attributes.del_attribute(user, "word")
    assert user.word is None and "word" not in user.__dict__
    session.rollback()
    attributes.set_committed_value(user, "first", "as loaded")
    attributes.set_committed_value(user, "addresses", [])
    assert (user.first, user.addresses, session.is_modified(user)) == ("as loaded", [], False)
    session.expire(user)
    assert user.first == "jo"
    attributes.flag_modified(user, "first")
    log = sql_log(session.bind)
    session.flush()
    assert [text.split(" WHERE ")[0].split("=")[0] for text in log.texts()] == ["UPDATE users SET first"]
    attributes.flag_dirty(user)
    assert user in session.dirty and not session.is_modified(user)
    log.clear()
    session.flush()
    assert not log
    with pytest.raises(
        exc.InvalidRequestError, match="Can't flag attribute 'number' modified; it's not present"
    ):
        session.expire(user)
        attributes.flag_modified(user, "number")
    for tool in (attributes.get_history, attributes.flag_modified):
        with pytest.raises(AttributeError) if tool is None else pytest.raises(exc.InvalidRequestError):
            tool(object(), "x")
    new = User()
    adapter = attributes.init_collection(new, "addresses")
    adapter.append_without_event(Address(email="quiet"))
    assert [a.email for a in new.addresses] == ["quiet"] and not attributes.get_history(
        new, "addresses"
    ).added
    session.commit()


@pytest.mark.feature("F038")
def test_history(session: Session) -> None:
    user = session.scalars(select(User)).one()
    kept, gone = user.addresses
    added = Address(email="n")
    user.addresses.remove(gone)
    user.addresses.append(added)
    history = attributes.get_history(user, "addresses")
    assert history == ([added], [kept], [gone])
    assert (history.sum(), history.non_deleted(), history.non_added()) == (
        [added, kept, gone],
        [added, kept],
        [kept, gone],
    )
    assert history.has_changes() and not history.empty() and history
    session.rollback()
    user.first = user.first
    assert attributes.get_history(user, "first") == ((), ["jo"], ())
    user.first = "other"
    user.first = "jo"
    assert user in session.dirty and not session.is_modified(user)
    session.expire(user)
    unloaded = attributes.get_history(user, "addresses", passive=attributes.PASSIVE_NO_INITIALIZE)
    assert unloaded.empty() and tuple(unloaded) in (((), (), ()), (None, None, None))
    assert inspect(user).attrs.addresses.loaded_value is attributes.NO_VALUE
    assert len(inspect(user).attrs.addresses.load_history().unchanged) == 2


@pytest.mark.feature("F038")
def test_states_are_inspected(session: Session) -> None:
    def flags(state: Any) -> list[str]:
        names = "transient pending persistent deleted detached was_deleted modified expired has_identity"
        return [name for name in names.split() if getattr(state, name)]

    user = User(first="a")
    state = inspect(user)
    assert flags(state) == ["transient", "modified"]
    assert "first" not in state.unmodified and state.committed_state == {"first": attributes.NO_VALUE}
    user.last = "b"
    session.add(user)
    assert flags(state) == ["pending", "modified"] and state.session is session
    session.flush()
    assert flags(state) == ["persistent", "has_identity"] and state.identity == (user.id,)
    assert state.identity_key == (User, (user.id,), None) == inspect(User).identity_key_from_instance(user)
    session.commit()
    assert flags(state) == ["persistent", "expired", "has_identity"]
    user.first = "c"
    assert "modified" in flags(state)
    session.flush()
    session.delete(user)
    session.flush()
    assert flags(state) == ["deleted", "was_deleted", "has_identity"]
    session.commit()
    assert flags(state) == ["detached", "was_deleted", "has_identity"]
    make_transient(user)
    assert "transient" in flags(state)
    mapper = inspect(User)
    assert (mapper.class_, mapper.local_table, state.mapper, state.object) == (
        User,
        User.__table__,
        mapper,
        user,
    )
    assert mapper.relationships.keys() == ["addresses"] and "full" in mapper.column_attrs
    assert mapper.get_property_by_column(User.__table__.c.first) is mapper.attrs.first
    assert inspect(aliased(User, name="u")).name == "u" and inspect(User.first).property is mapper.attrs.first
    with pytest.raises(exc.NoInspectionAvailable):
        inspect(5)


def test_listeners_hear_when_a_session_expires(session: Session) -> None:
    user = session.scalars(select(User)).one()
    heard: list[Any] = []

    def expired(target: Any, attrs: Any) -> None:
        heard.append(("expire", attrs if attrs is None else sorted(attrs)))

    def refreshed(target: Any, context: Any, attrs: Any) -> None:
        heard.append(("refresh", attrs))

    event.listen(User, "expire", expired)
    event.listen(User, "refresh", refreshed)
    try:
        session.commit()
        user.first  # loads it, in a transaction that is rolled back
        session.rollback()
        session.expire_all()
        assert [what for what in heard if what[0] == "expire"] == [("expire", None)] * 3
        heard.clear()
        session.refresh(user)
        session.expire(user, ["first"])
        assert heard == [("expire", None), ("refresh", None), ("expire", ["first"])]
    finally:
        event.remove(User, "expire", expired)
        event.remove(User, "refresh", refreshed)
