"""Events of registries, of the legacy Query, and of instrumentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, NewType

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    event,
    exc,
    select,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    Query,
    Session,
    configure_mappers,
    mapped_column,
    registry,
    relationship,
)
from relvar.orm.instrumentation import InstrumentationFactory

Name = NewType("Name", str)
Short = Annotated[str, "short"]


class Money:
    """A Python type that no SQL type is known of."""


# Registries ------------------------------------------------------------------------------------------


@pytest.mark.feature("L011")
@pytest.mark.parametrize("of_base", [True, False])
def test_types_of_annotations(of_base: bool) -> None:
    class Base(DeclarativeBase):
        pass

    told: dict[str, Any] = {}

    @event.listens_for(Base if of_base else Base.registry, "resolve_type_annotation")
    def resolve(resolve_type: Any) -> Any:
        told[resolve_type.key] = resolve_type
        if resolve_type.resolved_type is Name:
            return String(77)
        if resolve_type.resolved_type is Money:
            return Text
        if resolve_type.raw_pep_593_type is Short:
            return SmallInteger()
        return None

    class Account(Base):
        __tablename__ = "account"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[Name]
        nick: Mapped[Name | None]
        short: Mapped[Short]
        amount: Mapped[Money]
        given: Mapped[str] = mapped_column(String(3))

    assert [(c.name, repr(c.type), c.nullable) for c in Account.__table__.c] == [
        ("id", "Integer()", False),
        ("name", "String(length=77)", False),
        ("nick", "String(length=77)", True),
        ("short", "SmallInteger()", False),
        ("amount", "Text()", False),
        ("given", "String(length=3)", False),
    ]
    assert "given" not in told
    nick = told["nick"]
    assert (nick.registry, nick.cls, nick.key) == (Base.registry, Account, "nick")
    assert nick.raw_type == Name | None and nick.resolved_type is Name
    assert (nick.raw_pep_593_type, nick.pep_593_resolved_argument) == (None, None)
    assert (nick.raw_pep_695_type, nick.pep_695_resolved_value) == (None, None)
    short = told["short"]
    assert (short.raw_pep_593_type, short.pep_593_resolved_argument, short.resolved_type) == (Short, str, str)
    assert isinstance(short.resolve(int), Integer) and short.resolve(Money) is None


@pytest.mark.feature("L011")
def test_aliases_among_annotations() -> None:
    extensions = pytest.importorskip("typing_extensions")
    Alias = extensions.TypeAliasType("Alias", Annotated[str, 9])

    class Base(DeclarativeBase):
        pass

    told: dict[str, Any] = {}
    event.listen(Base, "resolve_type_annotation", lambda about: told.update({about.key: about}))
    annotations = {"id": Mapped[int], "name": Mapped[Alias]}
    type(
        "Aliased",
        (Base,),
        {
            "__tablename__": "aliased",
            "__annotations__": annotations,
            "id": mapped_column(primary_key=True),
            "__module__": __name__,
        },
    )
    about = told["name"]
    assert about.raw_pep_695_type is Alias and about.pep_695_resolved_value == Annotated[str, 9]
    assert about.raw_pep_593_type == Annotated[str, 9] and about.resolved_type is str


@pytest.mark.feature("L011")
def test_configuring_of_a_registry() -> None:
    class Base(DeclarativeBase):
        pass

    class Other(DeclarativeBase):
        pass

    heard: list[Any] = []
    event.listen(Base, "before_configured", lambda registry: heard.append(("before", registry)))
    event.listen(Base.registry, "after_configured", lambda registry: heard.append(("after", registry)))

    class First(Base):
        __tablename__ = "first"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Elsewhere(Other):
        __tablename__ = "elsewhere"
        id: Mapped[int] = mapped_column(primary_key=True)

    Other.registry.configure()
    assert heard == []
    Base.registry.configure()
    assert heard == [("before", Base.registry), ("after", Base.registry)]
    Base.registry.configure()
    assert len(heard) == 2  # nothing was left to do
    with pytest.raises(exc.InvalidRequestError, match="No such event 'resolve_nothing'"):
        event.listen(Base, "resolve_nothing", heard.append)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'resolve_type_annotation'"):
        event.listen(First, "resolve_type_annotation", heard.append)
    with pytest.raises(exc.InvalidRequestError, match="only applies to the Mapper class"):
        event.listen(First, "before_configured", heard.append)
    one = registry()
    event.listen(one, "before_configured", heard.append)
    every: list[str] = []

    def each() -> None:
        every.append("configured")

    event.listen(Mapper, "after_configured", each)
    configure_mappers()
    event.remove(Mapper, "after_configured", each)


# The legacy Query ------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]


@pytest.fixture
def session(engine: Any) -> Iterator[Session]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Item(id=i, name=str(i), level=i) for i in (1, 2, 3)])
        session.commit()
        yield session


class Listening:
    """Listeners on Query that go with the block."""

    def __init__(self, target: Any, **listeners: Any) -> None:
        self.target = target
        self.listeners = listeners

    def __enter__(self) -> None:
        for name, listener in self.listeners.items():
            event.listen(self.target, name, listener, retval=True)

    def __exit__(self, *exc_info: object) -> None:
        for name, listener in self.listeners.items():
            event.remove(self.target, name, listener)


def above_one(query: Any) -> Any:
    """Leave out items of level 1, whatever is asked of them."""
    for description in query.column_descriptions:
        if description["entity"] is Item:
            query = query.filter(Item.level > 1)
    return query


@pytest.mark.feature("L012")
def test_queries_are_changed_before_they_run(session: Session) -> None:
    with Listening(Query, before_compile=above_one):
        query = session.query(Item).order_by(Item.id)
        assert [item.id for item in query] == [2, 3]
        assert [item.id for item in query.all()] == [2, 3]
        assert query.count() == 2
        assert session.query(Item.id).order_by(Item.id).all() == [(2,), (3,)]
        assert session.query(Item).filter_by(id=2).one().id == 2
        assert session.query(session.query(Item).filter_by(id=1).exists()).scalar() is False
        assert session.execute(select(session.query(Item).subquery())).all() == [(2, "2", 2), (3, "3", 3)]
        assert session.query(Item).union(session.query(Item)).count() == 2
        assert str(session.query(Item.id)).endswith(
            "WHERE items.level > %(level_1)s::INTEGER"
        ) or "level >" in str(session.query(Item.id))
        with pytest.raises(
            exc.InvalidRequestError, match=r"filter\(\) being called on a Query which already has LIMIT"
        ):
            query.first()
        # what is no Query is not heard of
        assert session.get(Item, 1) is not None
        assert len(session.scalars(select(Item)).all()) == 3
    assert len(session.query(Item).all()) == 3


@pytest.mark.feature("L012")
def test_changes_by_queries(session: Session) -> None:
    def before_update(query: Any, update_context: Any) -> Any:
        assert (update_context.query, update_context.session) == (query, session)
        assert update_context.mapper is Item.__mapper__ and update_context.update_kwargs == {}
        assert update_context.values == {"level": 9}
        update_context.values["name"] = "touched"
        return query.filter(Item.level > 2)

    def before_delete(query: Any, delete_context: Any) -> Any:
        assert (delete_context.query, delete_context.session) == (query, session)
        return query.filter(Item.level > 1)

    with Listening(Query, before_compile_update=before_update, before_compile_delete=before_delete):
        assert session.query(Item).update({"level": 9}) == 1
        rows = session.execute(select(Item.id, Item.name, Item.level).order_by(Item.id)).all()
        assert rows == [(1, "1", 1), (2, "2", 2), (3, "touched", 9)]
        assert session.query(Item).delete() == 2
    assert session.scalars(select(Item.id)).all() == [1]


@pytest.mark.feature("L012")
@pytest.mark.backends("sqlite")
def test_targets_and_options_of_query_events(session: Session, engine: Any) -> None:
    class Mine(Query):
        pass

    event.listen(Mine, "before_compile", above_one, retval=True, bake_ok=True, propagate=True)
    with Session(engine, query_cls=Mine) as other:
        assert other.query(Item).count() == 2
    assert session.query(Item).count() == 3
    event.remove(Mine, "before_compile", above_one)
    heard: list[Any] = []

    def ignored(query: Any) -> Any:
        heard.append(query)
        return query.filter(Item.level > 100)

    event.listen(Query, "before_compile", ignored)  # without retval
    assert len(session.query(Item).all()) == 3 and len(heard) == 1
    event.remove(Query, "before_compile", ignored)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'before_nothing'"):
        event.listen(Query, "before_nothing", ignored)


# Instrumentation -------------------------------------------------------------------------------------


@pytest.mark.feature("L013")
def test_instrumentation_of_classes() -> None:
    class Mark:
        pass

    heard: list[Any] = []

    def class_instrument(cls: Any) -> None:
        heard.append(("class", cls.__name__))

    def class_uninstrument(cls: Any) -> None:
        heard.append(("gone", cls.__name__))

    def attribute_instrument(cls: Any, key: str, inst: Any) -> None:
        assert inst.key == key
        heard.append(("attribute", cls.__name__, key))

    for listener in (class_instrument, class_uninstrument, attribute_instrument):
        event.listen(Mark, listener.__name__, listener)
        assert event.contains(Mark, listener.__name__, listener)

    class Plain(Mark):
        pass

    class Unheard:
        pass

    mapping = registry()
    metadata = MetaData()
    parents = Table("parents", metadata, Column("id", Integer, primary_key=True))
    children = Table(
        "children",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey(parents.c.id)),
    )
    mapping.map_imperatively(Unheard, parents)
    assert heard == []
    mapping.map_imperatively(Plain, children, properties={"parent": relationship(Unheard)})
    mapping.configure()
    assert heard[0] == ("class", "Plain")
    assert sorted(heard[1:]) == [("attribute", "Plain", key) for key in ("id", "parent", "parent_id")]
    heard.clear()
    mapping.dispose()
    assert heard == [("gone", "Plain")]
    for listener in (class_instrument, class_uninstrument, attribute_instrument):
        event.remove(Mark, listener.__name__, listener)
    heard.clear()
    mapping.map_imperatively(Plain, Table("again", metadata, Column("id", Integer, primary_key=True)))
    assert heard == []
    mapping.dispose()


@pytest.mark.feature("L013")
def test_targets_of_instrumentation_events() -> None:
    class Mark:
        pass

    class Below(Mark):
        pass

    every: list[Any] = []
    exactly: list[Any] = []
    event.listen(Mark, "class_instrument", exactly.append, propagate=False)
    listener = every.append
    event.listen(type, "class_instrument", listener)
    try:
        mapping = registry()
        mapping.map_imperatively(Below, Table("below", MetaData(), Column("id", Integer, primary_key=True)))
    finally:
        event.remove(type, "class_instrument", listener)
    assert exactly == [] and every == [Below]
    mapping.dispose()
    event.listen(InstrumentationFactory, "class_instrument", listener)
    event.remove(InstrumentationFactory, "class_instrument", listener)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'class_instrument'"):
        event.listen(Mark(), "class_instrument", listener)


# Classes that are not mapped yet ---------------------------------------------------------------------


@pytest.mark.feature("L014", "L001")
@pytest.mark.parametrize(
    ("name", "act"),
    [("before_insert", lambda session, obj: session.flush()), ("init", lambda session, obj: None)],
)
def test_listening_on_a_class_before_it_is_mapped(name: str, act: Any) -> None:
    """Classes of an unmapped one, mapped later, are heard of until the listener goes."""
    from relvar import create_engine

    class Mixin:
        pass

    heard: list[str] = []

    def listener(*args: Any) -> None:
        heard.append(name)

    event.listen(Mixin, name, listener, propagate=True)
    event.listen(Mixin, name, listener, propagate=True)  # twice is once
    assert event.contains(Mixin, name, listener)

    def mapped(number: int) -> Any:
        class Base(DeclarativeBase):
            pass

        return type(
            "Thing",
            (Mixin, Base),
            {
                "__tablename__": f"things{number}",
                "__annotations__": {"id": Mapped[int]},
                "id": mapped_column(primary_key=True),
                "__module__": __name__,
            },
        )

    def use(cls: Any) -> None:
        engine = create_engine("sqlite://")
        cls.metadata.create_all(engine)
        with Session(engine) as session:
            obj = cls()
            session.add(obj)
            act(session, obj)
        engine.dispose()

    first = mapped(1)
    use(first)
    assert heard == [name]
    event.remove(Mixin, name, listener)
    assert not event.contains(Mixin, name, listener)
    use(first)
    use(mapped(2))
    assert heard == [name]
    with pytest.raises(exc.InvalidRequestError, match="No listeners found"):
        event.remove(Mixin, name, listener)
