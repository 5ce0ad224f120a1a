"""
Mapped classes, and statements over them, that one process pickles and another one loads.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import Any

from relvar import (
    Column,
    Date,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    tuple_,
    update,
)
from relvar.ext.hybrid import hybrid_property
from relvar.orm import (
    Bundle,
    DeclarativeBase,
    Load,
    Mapped,
    MappedAsDataclass,
    aliased,
    backref,
    column_property,
    composite,
    contains_eager,
    defer,
    joinedload,
    load_only,
    mapped_column,
    query_expression,
    raiseload,
    registry,
    relationship,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    synonym,
    undefer,
    with_expression,
    with_loader_criteria,
    with_parent,
    with_polymorphic,
)


class Base(DeclarativeBase):
    pass


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Shout(TypeDecorator[str]):
    """Kept in capitals."""

    impl = String(20)
    cache_ok = True

    def __init__(self) -> None:
        super().__init__()
        self.change = lambda value: value.upper()

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.change(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value


class Named:
    """What some classes have in common, without being mapped."""


user_tag = Table(
    "user_tag",
    Base.metadata,
    Column("user_id", ForeignKey("user_account.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)
log_line = Table(
    "log_line", Base.metadata, Column("id", Integer, primary_key=True), Column("user_id", Integer)
)


class User(Named, Base):
    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    mood: Mapped[Mood] = mapped_column(Enum(Mood, values_callable=lambda m: [each.value for each in m]))
    motto: Mapped[str | None] = mapped_column(Shout())
    addresses: Mapped[list[Address]] = relationship(back_populates="user", order_by="Address.id")
    tags: Mapped[list[Tag]] = relationship(secondary=user_tag, order_by="Tag.id")
    called = synonym("name")
    extra: Mapped[str | None] = query_expression()

    @hybrid_property
    def initial(self) -> str:
        return self.name[:1]

    @initial.inplace.expression
    @classmethod
    def _initial(cls) -> Any:
        return func.substr(cls.name, 1, 1)


class Address(Named, Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column("owner", ForeignKey("user_account.id"))
    email: Mapped[str] = mapped_column(String(40))
    user: Mapped[User] = relationship(back_populates="addresses")


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(20))


User.address_count = column_property(
    select(func.count(Address.id))
    .where(Address.user_id == User.id)
    .correlate_except(Address)
    .scalar_subquery()
)


class Node(Base):
    __tablename__ = "node"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    children = relationship("Node", backref=backref("parent", remote_side=id), order_by="Node.id")


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(20))
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    boss: Mapped[Person | None] = relationship(remote_side=id)
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}


class Engineer(Person):
    __tablename__ = "engineer"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Manager(Person):
    __tablename__ = "manager"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    rank: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Guest(Person):
    """A row of its parent's table."""

    until: Mapped[datetime.date | None] = mapped_column(Date)
    __mapper_args__ = {"polymorphic_identity": "guest"}


@dataclasses.dataclass
class Place:
    x: int
    y: int


class Point(MappedAsDataclass, Base):
    __tablename__ = "point"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]
    y: Mapped[int] = mapped_column(default=0)
    place: Mapped[Place] = composite("x", "y", init=False)


old_style = registry(metadata=MetaData())
# in a collection of tables that no registry has
item_table = Table(
    "item", MetaData(), Column("item_id", Integer, primary_key=True), Column("nm", String(20), key="title")
)


class Item:
    def __init__(self, id: int, name: str) -> None:  # the attribute's name
        self.id, self.name = id, name


old_style.map_imperatively(
    Item, item_table, properties={"id": item_table.c.item_id, "name": item_table.c.title}
)


class Elsewhere:
    """Classes of another registry, with the names of those above."""

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "user_account"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))


def starts_with_a(cls: Any) -> Any:
    """Return a condition on a class; other processes find it by name."""
    return cls.id > 1


def fill(session: Any) -> None:
    """Add the objects that the statements select."""
    red, blue = Tag(id=1, label="red"), Tag(id=2, label="blue")
    session.add_all(
        [
            User(id=1, name="ann", mood=Mood.GOOD, motto="yes", tags=[red, blue]),
            User(id=2, name="bob", mood=Mood.BAD, motto=None, tags=[blue]),
            User(id=3, name="cy", mood=Mood.GOOD, motto="no"),
            Node(id=1, children=[Node(id=2), Node(id=3, children=[Node(id=4)])]),
            Manager(id=1, name="mo", rank=3),
            Person(id=4, name="pat"),
            Point(id=1, x=4, y=5),
            Item(1, "hat"),
            Item(2, "shoe"),
        ]
    )
    session.flush()
    session.add_all(
        [
            Address(id=1, user_id=1, email="a@x"),
            Address(id=2, user_id=1, email="a@y"),
            Address(id=3, user_id=2, email="b@x"),
            Engineer(id=2, name="ed", language="c", boss_id=1),
            Guest(id=3, name="gus", until=datetime.date(2030, 1, 1), boss_id=1),
        ]
    )
    session.commit()


def statements() -> dict[str, Any]:
    """Return statements over the classes: what a session gives rows for."""
    other = aliased(User)
    named = aliased(User, name="other_user")
    address = aliased(Address)
    node = aliased(Node)
    boss = aliased(Manager, flat=True)
    elsewhere = aliased(Elsewhere.User)
    above = select(User).where(User.id > 1).subquery()
    of_subquery = aliased(User, above)
    of_cte = aliased(User, select(User).where(User.id < 3).cte("few"))
    by_name = aliased(User, select(User.id, User.name, User.mood).subquery("s"), adapt_on_names=True)
    counts = select(Address.user_id, func.count().label("n")).group_by(Address.user_id).subquery("counts")
    everyone = with_polymorphic(Person, "*")
    flat = with_polymorphic(Person, [Engineer, Manager], flat=True)
    staff = with_polymorphic(Person, [Engineer], aliased=True)
    tree = select(Node.id, Node.parent_id).where(Node.id == 1).cte("tree", recursive=True)
    tree = tree.union_all(select(node.id, node.parent_id).join(tree, node.parent_id == tree.c.id))
    core = Base.metadata.tables["user_account"].alias("core")
    return {
        "entity": select(User),
        "columns": select(User.id, User.name.label("called")),
        "where": select(User).where(User.name == "ann", User.id.in_([1, 2])),
        "enum": select(User).where(User.mood == Mood.GOOD),
        "enum in": select(User.id).where(User.mood.in_([Mood.BAD])),
        "type decorator": select(User.id, User.motto).where(User.motto == "yes"),
        "tuples": select(User.id).where(tuple_(User.id, User.name).in_([(1, "ann"), (2, "x")])),
        "filter_by": select(User).filter_by(called="ann"),
        "synonym": select(User.called),
        "hybrid": select(User.initial).where(User.initial == "a"),
        "hybrid of alias": select(other.initial).where(other.initial == "b"),
        "column_property": select(User.id, User.address_count).where(User.address_count > 0),
        "column_property of alias": select(other.address_count),
        "two entities": select(User, Address).where(User.id == Address.user_id),
        "join": select(User, Address).join(User.addresses),
        "outer join": select(User.id, Address.id).outerjoin(User.addresses),
        "join on": select(User.id).join(Address, and_(Address.user_id == User.id, Address.id > 1)),
        "join and_": select(User.id).join(User.addresses.and_(Address.email == "a@y")),
        "join of_type": select(User.id, address.email).join(User.addresses.of_type(address)),
        "join of_type and_": select(User.id).join(User.addresses.of_type(address).and_(address.id == 3)),
        "join many to many": select(User.id, Tag.label).join(User.tags),
        "join select_from": select(Address.email).select_from(User).join(Address, User.addresses),
        "join core table": select(User.id).outerjoin(log_line, log_line.c.user_id == User.id),
        "join core alias": select(User.id).join(core, core.c.id == User.id).where(core.c.name != "cy"),
        "alias": select(other),
        "alias column": select(other.id).where(other.name == "bob"),
        "alias name": select(named).join(User, named.id < User.id),
        "alias join": select(other.id, Address.id).join(other.addresses),
        "alias join alias": select(other.id, address.id).join(address, other.addresses),
        "alias any": select(other).where(other.addresses.any(Address.email == "b@x")),
        "alias of subquery": select(of_subquery).where(of_subquery.name != "bob"),
        "alias of subquery join": select(of_subquery.id, Address.id).join(of_subquery.addresses),
        "alias of cte": select(of_cte).order_by(of_cte.id),
        "alias by name": select(by_name.id, by_name.name).where(by_name.addresses.any()),
        "subquery": select(User, counts.c.n).join(counts, counts.c.user_id == User.id),
        "repeated names": select(
            select(User.id, Address.id, User.id, Address.id).join(User.addresses).subquery()
        ),
        "alias of a subquery of an alias": select(aliased(User, select(of_subquery).subquery())),
        "repeated entities": select(
            select(Node, node, Address)
            .join(node, node.id == Node.parent_id)
            .join(Address, Address.id == Node.id)
            .subquery()
        ),
        "subquery in subquery": select(
            select(select(User, other.name).where(other.id == User.id).subquery()).subquery()
        ),
        "subquery of expressions": select(
            select(User.id + 1, func.lower(User.name), User.address_count).subquery()
        ),
        "subquery twice": select(above.c.id).where(above.c.id.in_(select(above.c.id))),
        "recursive cte": select(tree.c.id).order_by(tree.c.id),
        "any": select(User).where(User.addresses.any(Address.email.like("a%"))),
        "any keyword": select(User).where(User.addresses.any(email="b@x")),
        "not any": select(User).where(~User.addresses.any()),
        "any many to many": select(User).where(User.tags.any(Tag.label == "red")),
        "any or": select(User).where(or_(User.addresses.any(), User.id == 3)),
        "has": select(Address).where(Address.user.has(name="ann")),
        "not has": select(Address).where(not_(Address.user.has(User.name == "ann"))),
        "any itself": select(Node).where(Node.children.any(Node.id == 4)),
        "has itself": select(Node).where(Node.parent.has(Node.id == 1)),
        "contains": select(User).where(User.addresses.contains(Address(id=9, user_id=2))),
        "contains many to many": select(User).where(User.tags.contains(Tag(id=1))),
        "not contains": select(User).where(~User.tags.contains(Tag(id=1))),
        "equals object": select(Address).where(Address.user == User(id=2)),
        "differs from object": select(Address).where(Address.user != User(id=2)),
        "equals none": select(Node).where(Node.parent == None),  # SQL
        "no children": select(Node).where(Node.children == None),  # SQL
        "with_parent": select(Address).where(with_parent(User(id=1), User.addresses)),
        "with_parent many to many": select(Tag).where(with_parent(User(id=1), User.tags)),
        "exists": select(User.id).where(exists().where(Address.user_id == User.id)),
        "scalar subquery": select(
            User.id,
            select(func.max(Address.id)).where(Address.user_id == User.id).scalar_subquery().label("last"),
        ),
        "union": select(User.id).where(User.id == 1).union_all(select(Address.id)),
        "entities of union": select(User).from_statement(
            select(User).where(User.id == 1).union_all(select(User).where(User.id == 3))
        ),
        "from text": select(User).from_statement(text("SELECT * FROM user_account ORDER BY id")),
        "from text columns": select(User).from_statement(
            text("SELECT id, name FROM user_account").columns(User.id, User.name)
        ),
        "bundle": select(Bundle("b", User.id, User.name, Bundle("c", User.mood))),
        "bundle with condition": select(Bundle("b", other.id)).where(other.name == "ann"),
        "parameter": select(User).where(User.name == bindparam("name", "cy")),
        "limit": select(User.id).order_by(User.id.desc()).limit(2).offset(1),
        "distinct": select(User.mood).distinct().order_by(User.mood),
        "group by": select(User.mood, func.count(User.id)).group_by(User.mood).having(func.count() > 1),
        "for update": select(User).where(User.id == 1).with_for_update(of=User),
        "window": select(User.id, func.row_number().over(order_by=User.id.desc())),
        "literal": select(literal(3), User.id),
        "execution options": select(User).execution_options(populate_existing=True),
        "joinedload": select(User).options(joinedload(User.addresses)),
        "joinedload and_": select(User).options(joinedload(User.addresses.and_(Address.id > 1))),
        "selectinload": select(User).options(selectinload(User.addresses).joinedload(Address.user)),
        "selectinload of_type": select(Address).options(selectinload(Address.user.of_type(User))),
        "subqueryload": select(User).options(subqueryload(User.tags)),
        "contains_eager": select(User)
        .join(User.addresses)
        .options(contains_eager(User.addresses))
        .order_by(Address.id.desc()),
        "contains_eager alias": select(User)
        .join(address, User.addresses)
        .options(contains_eager(User.addresses.of_type(address)))
        .order_by(address.id.desc()),
        "load_only": select(User).options(load_only(User.name)),
        "defer": select(User).options(defer(User.name), undefer(User.motto)),
        "raiseload": select(User).options(raiseload("*")),
        "options of alias": select(other).options(selectinload(other.addresses), load_only(other.name)),
        "Load": select(User).options(Load(User).joinedload(User.tags)),
        "with_expression": select(User).options(with_expression(User.extra, User.name + "!")),
        "with_loader_criteria": select(User).options(
            selectinload(User.addresses), with_loader_criteria(Address, Address.id > 1)
        ),
        "with_loader_criteria lambda": select(User).options(
            with_loader_criteria(User, lambda cls: cls.id == 2, include_aliases=True)
        ),
        "with_loader_criteria base": select(User).options(with_loader_criteria(Named, starts_with_a)),
        "joined inheritance": select(Engineer).where(Engineer.name == "ed", Engineer.language == "c"),
        "parent's rows": select(Person).order_by(Person.id),
        "single table inheritance": select(Guest).where(Guest.until > datetime.date(2029, 1, 1)),
        "join in hierarchy": select(Engineer.id, boss.rank).join(Engineer.boss.of_type(boss)),
        "has in hierarchy": select(Engineer).where(Engineer.boss.has(Person.name == "mo")),
        "has of_type": select(Person).where(Person.boss.of_type(Manager).has(Manager.rank > 1)),
        "alias in hierarchy": select(aliased(Engineer, flat=True)),
        "with_polymorphic": select(everyone).where(
            or_(everyone.Engineer.language == "c", everyone.Manager.rank == 3)
        ),
        "with_polymorphic flat": select(flat.name, flat.Engineer.language).order_by(flat.id),
        "with_polymorphic aliased": select(staff).order_by(staff.id),
        "with_polymorphic options": select(everyone).options(selectinload(everyone.boss)),
        "selectin_polymorphic": select(Person).options(selectin_polymorphic(Person, [Engineer, Manager])),
        "dataclass": select(Point).where(Point.x == 4),
        "composite": select(Point.place).where(Point.place == Place(4, 5)),
        "imperative": select(Item).where(Item.name == "hat"),
        "imperative alias": select(aliased(Item)),
        "other registry": select(Elsewhere.User).where(Elsewhere.User.id == 1),
        "two registries": select(User.id, elsewhere.name).join(elsewhere, elsewhere.id == User.id),
    }


def changes() -> dict[str, Any]:
    """Return statements that change rows, each with a SELECT to see what it did."""
    return {
        "insert": (
            insert(User).values(id=7, name="zoe", mood=Mood.GOOD, motto="hm"),
            select(User.id, User.name, User.mood, User.motto).order_by(User.id),
        ),
        "insert from select": (
            insert(Tag).from_select(["id", "label"], select(User.id + 10, User.name)),
            select(Tag.id, Tag.label).order_by(Tag.id),
        ),
        "update": (
            update(User).where(User.addresses.any(Address.email == "b@x")).values(name="bobby"),
            select(User.id, User.name).order_by(User.id),
        ),
        "update attribute keys": (
            update(Address).where(Address.id == 3).values({Address.user_id: 3, "email": "new"}),
            select(Address.id, Address.user_id, Address.email).order_by(Address.id),
        ),
        "update expression": (
            update(Point).values(x=Point.x + Point.y),
            select(Point.x),
        ),
        "delete": (
            delete(Address).where(Address.user == User(id=1)),
            select(Address.id).order_by(Address.id),
        ),
        "delete imperative": (delete(Item).where(Item.name == "hat"), select(Item.id)),
    }


def shown(value: Any, depth: int = 0) -> str:
    """Return what a test compares of a value in a row: of objects what is loaded, and where that leads."""
    if hasattr(type(value), "_sa_class_manager"):
        held = value.__dict__ if depth < 3 else {}
        items = sorted((key, shown(item, depth + 1)) for key, item in held.items() if key[:4] != "_sa_")
        return f"{type(value).__qualname__}{items}"
    if isinstance(value, (list, tuple)):
        return str([shown(item, depth) for item in value])
    return repr(value)


def outcome(session: Any, statement: Any) -> list[str]:
    """Return the text of a statement and the rows it gives."""
    session.expunge_all()
    result = session.execute(statement)
    return [" ".join(str(statement).split()), *sorted(shown(tuple(row)) for row in result.unique())]
