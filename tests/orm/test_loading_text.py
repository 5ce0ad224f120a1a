"""
The text that entities and loading strategies send, beside what SQLAlchemy 2.1 sends for the same statement.

The expected texts were recorded from SQLAlchemy; white space is folded.
"""

# ruff: noqa: E501  # recorded texts are not broken

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from relvar import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Table,
    create_engine,
    exists,
    func,
    select,
    text,
)
from relvar.orm import (
    Bundle,
    DeclarativeBase,
    Load,
    Mapped,
    Session,
    aliased,
    contains_eager,
    defaultload,
    immediateload,
    join,
    joinedload,
    lazyload,
    load_only,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
    with_loader_criteria,
    with_parent,
)


class Base(DeclarativeBase):
    pass


user_kw = Table(
    "user_kw",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("kw_id", ForeignKey("keywords.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    fullname: Mapped[str | None] = mapped_column("full_name")
    addresses: Mapped[list[Address]] = relationship(back_populates="user", order_by="Address.id")
    orders: Mapped[list[Order]] = relationship(back_populates="user")
    keywords: Mapped[list[Keyword]] = relationship(secondary=user_kw, back_populates="users")


class Address(Base):
    __tablename__ = "addresses"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User | None] = relationship(back_populates="addresses")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    desc: Mapped[str]
    user: Mapped[User] = relationship(back_populates="orders")
    items: Mapped[list[Item]] = relationship(back_populates="order")


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    name: Mapped[str]
    order: Mapped[Order] = relationship(back_populates="items")


class Keyword(Base):
    __tablename__ = "keywords"
    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str]
    users: Mapped[list[User]] = relationship(secondary=user_kw, back_populates="keywords")


class Node(Base):
    __tablename__ = "nodes"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    name: Mapped[str]
    children: Mapped[list[Node]] = relationship(back_populates="parent")
    parent: Mapped[Node | None] = relationship(back_populates="children", remote_side=[id])


class CP(Base):
    __tablename__ = "cp"
    a: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kids: Mapped[list[CK]] = relationship(back_populates="cp")


class CK(Base):
    __tablename__ = "ck"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[int | None]
    b: Mapped[int | None]
    cp: Mapped[CP | None] = relationship(back_populates="kids")
    __table_args__ = (ForeignKeyConstraint(["a", "b"], ["cp.a", "cp.b"]),)


class Employee(Base):
    __tablename__ = "employee"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    name: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "employee"}


class Engineer(Employee):
    __tablename__ = "engineer"
    id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    info: Mapped[str | None]
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Manager(Employee):
    mgr: Mapped[str | None] = mapped_column(use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "manager"}


A = aliased(User)
A2 = aliased(User, name="ua")
AA = aliased(Address)
N = aliased(Node)
AD = aliased(Address)


def fill(session: Session) -> None:
    """Three users with one, two and three addresses, two orders each; a small tree; composite keys; employees."""
    keywords = [Keyword(word=f"k{i}") for i in range(3)]
    for i in (1, 2, 3):
        session.add(
            User(
                name=f"u{i}",
                fullname=f"U {i}",
                addresses=[Address(email=f"e{i}{j}") for j in range(i)],
                orders=[Order(desc=f"o{i}{j}", items=[Item(name=f"i{j}")]) for j in range(2)],
                keywords=keywords[:i],
            )
        )
    session.add(Address(email="orphan"))
    session.add(Node(name="r", children=[Node(name="c1", children=[Node(name="g")]), Node(name="c2")]))
    session.add_all([CP(a=1, b=2, name="x", kids=[CK(), CK()]), CP(a=1, b=3, name="y", kids=[CK()])])
    session.add_all([Employee(name="e"), Engineer(name="en", info="i"), Manager(name="m", mgr="q")])
    session.commit()


@pytest.fixture(scope="module")
def filled() -> Any:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        fill(session)
    yield engine
    engine.dispose()


def case(label: str, statement: Callable[[], Any], *sent: tuple[str, Any]) -> Any:
    return pytest.param(statement, list(sent), id=label)


SELECTS = [
    case(
        "plain",
        lambda: select(User),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
    ),
    case(
        "where",
        lambda: select(User).where(User.name == "u1").order_by(User.id).limit(1),
        (
            "SELECT users.id, users.name, users.full_name FROM users WHERE users.name = ? ORDER BY users.id LIMIT ? OFFSET ?",
            ("u1", 1, 0),
        ),
    ),
    case(
        "join attr",
        lambda: select(User).join(User.addresses),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "join target",
        lambda: select(User).join(Address),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "join target attr",
        lambda: select(User).join(Address, User.addresses),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "join onclause",
        lambda: select(User).join(Address, User.id == Address.user_id),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "outer",
        lambda: select(User).outerjoin(User.orders).outerjoin(Order.items),
        (
            "SELECT users.id, users.name, users.full_name FROM users LEFT OUTER JOIN orders ON users.id = orders.user_id LEFT OUTER JOIN items ON orders.id = items.order_id",
            (),
        ),
    ),
    case(
        "of_type",
        lambda: select(User).join(User.addresses.of_type(AA)).where(AA.email == "x"),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id WHERE addresses_1.email = ?",
            ("x",),
        ),
    ),
    case(
        "and_",
        lambda: select(User).join(User.addresses.and_(Address.email == "x")),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id AND addresses.email = ?",
            ("x",),
        ),
    ),
    case(
        "target alias",
        lambda: select(User).join(AA, User.addresses),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id",
            (),
        ),
    ),
    case(
        "m2m",
        lambda: select(User).join(User.keywords).filter_by(word="k1"),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN user_kw AS user_kw_1 ON users.id = user_kw_1.user_id JOIN keywords ON keywords.id = user_kw_1.kw_id WHERE keywords.word = ?",
            ("k1",),
        ),
    ),
    case(
        "m2m alias",
        lambda: select(User).join(aliased(Keyword), User.keywords),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN user_kw AS user_kw_1 ON users.id = user_kw_1.user_id JOIN keywords AS keywords_1 ON keywords_1.id = user_kw_1.kw_id",
            (),
        ),
    ),
    case(
        "select_from",
        lambda: select(Address.email).select_from(User).join(User.addresses),
        ("SELECT addresses.email FROM users JOIN addresses ON users.id = addresses.user_id", ()),
    ),
    case(
        "join from col",
        lambda: select(User.name, Address.email).join(User.addresses),
        ("SELECT users.name, addresses.email FROM users JOIN addresses ON users.id = addresses.user_id", ()),
    ),
    case(
        "join_from",
        lambda: select(User.name, Address.email).join_from(User, Address),
        ("SELECT users.name, addresses.email FROM users JOIN addresses ON users.id = addresses.user_id", ()),
    ),
    case(
        "join_from attr",
        lambda: select(User.name, Address.email).join_from(User, User.addresses),
        ("SELECT users.name, addresses.email FROM users JOIN addresses ON users.id = addresses.user_id", ()),
    ),
    case(
        "filter_by",
        lambda: select(User).filter_by(fullname="U 1"),
        ("SELECT users.id, users.name, users.full_name FROM users WHERE users.full_name = ?", ("U 1",)),
    ),
    case(
        "filter_by join",
        lambda: select(User).join(User.addresses).filter_by(email="e10"),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id WHERE addresses.email = ?",
            ("e10",),
        ),
    ),
    case(
        "only",
        lambda: select(User).with_only_columns(User.id),
        ("SELECT users.id FROM users", ()),
    ),
    case(
        "count",
        lambda: select(func.count()).select_from(User),
        ("SELECT count(*) AS count_1 FROM users", ()),
    ),
    case(
        "count2",
        lambda: select(func.count(User.id)),
        ("SELECT count(users.id) AS count_1 FROM users", ()),
    ),
    case(
        "exists",
        lambda: select(User).where(exists().where(Address.user_id == User.id)),
        (
            "SELECT users.id, users.name, users.full_name FROM users WHERE EXISTS (SELECT * FROM addresses WHERE addresses.user_id = users.id)",
            (),
        ),
    ),
    case(
        "exists2",
        lambda: select(User).where(select(Address).where(Address.user_id == User.id).exists()),
        (
            "SELECT users.id, users.name, users.full_name FROM users WHERE EXISTS (SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE addresses.user_id = users.id)",
            (),
        ),
    ),
    case(
        "any",
        lambda: select(User).where(User.addresses.any(Address.email == "x")),
        (
            "SELECT users.id, users.name, users.full_name FROM users WHERE EXISTS (SELECT 1 FROM addresses WHERE users.id = addresses.user_id AND addresses.email = ?)",
            ("x",),
        ),
    ),
    case(
        "has",
        lambda: select(Address.email).where(Address.user.has(name="u1")),
        (
            "SELECT addresses.email FROM addresses WHERE EXISTS (SELECT 1 FROM users WHERE users.id = addresses.user_id AND users.name = ?)",
            ("u1",),
        ),
    ),
    case(
        "any m2m",
        lambda: select(User).where(User.keywords.any(word="k1")),
        (
            "SELECT users.id, users.name, users.full_name FROM users WHERE EXISTS (SELECT 1 FROM keywords, user_kw WHERE users.id = user_kw.user_id AND keywords.id = user_kw.kw_id AND keywords.word = ?)",
            ("k1",),
        ),
    ),
    case(
        "==None",
        lambda: select(Address.email).where(Address.user == None),
        ("SELECT addresses.email FROM addresses WHERE addresses.user_id IS NULL", ()),
    ),
    case(
        "!=None",
        lambda: select(Address.email).where(Address.user != None),
        ("SELECT addresses.email FROM addresses WHERE addresses.user_id IS NOT NULL", ()),
    ),
    case(
        "contains",
        lambda: select(User).where(User.addresses.contains(Address(user_id=7))),
        ("SELECT users.id, users.name, users.full_name FROM users WHERE users.id = ?", (7,)),
    ),
    case(
        "contains m2m",
        lambda: select(User).where(User.keywords.contains(Keyword(id=2))),
        (
            "SELECT users.id, users.name, users.full_name FROM users, user_kw AS user_kw_1 WHERE users.id = user_kw_1.user_id AND ? = user_kw_1.kw_id",
            (2,),
        ),
    ),
    case(
        "with_parent",
        lambda: select(Address.email).where(with_parent(User(id=3), User.addresses)),
        ("SELECT addresses.email FROM addresses WHERE ? = addresses.user_id", (3,)),
    ),
    case(
        "from_statement",
        lambda: select(User).from_statement(text("select * from users")),
        ("select * from users", ()),
    ),
    case(
        "from_statement2",
        lambda: select(User).from_statement(select(User).where(User.id == 2)),
        ("SELECT users.id, users.name, users.full_name FROM users WHERE users.id = ?", (2,)),
    ),
    case(
        "fs union",
        lambda: select(User).from_statement(select(User).union(select(User))),
        (
            "SELECT users.id, users.name, users.full_name FROM users UNION SELECT users.id, users.name, users.full_name FROM users",
            (),
        ),
    ),
    case(
        "text cols",
        lambda: select(User).from_statement(
            text("select id, name, full_name from users").columns(User.id, User.name, User.fullname)
        ),
        ("select id, name, full_name from users", ()),
    ),
    case(
        "bundle",
        lambda: select(Bundle("b", User.id, User.name), User),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
    ),
    case(
        "sel eng",
        lambda: select(Engineer),
        (
            "SELECT engineer.id, employee.id AS id_1, employee.type, employee.name, engineer.info FROM employee JOIN engineer ON employee.id = engineer.id",
            (),
        ),
    ),
    case(
        "sel mgr",
        lambda: select(Manager),
        (
            "SELECT employee.id, employee.type, employee.name, employee.mgr FROM employee WHERE employee.type IN (?)",
            ("manager",),
        ),
    ),
    case(
        "union dup",
        lambda: select(User, User.id),
        ("SELECT users.id, users.name, users.full_name, users.id AS id__1 FROM users", ()),
    ),
    case(
        "dup cols",
        lambda: select(User.id, User.id),
        ("SELECT users.id, users.id AS id__1 FROM users", ()),
    ),
    case(
        "distinct",
        lambda: select(User).distinct().order_by(User.name),
        ("SELECT DISTINCT users.id, users.name, users.full_name FROM users ORDER BY users.name", ()),
    ),
    case(
        "distinct2",
        lambda: select(User).distinct().join(User.addresses).order_by(Address.email),
        (
            "SELECT DISTINCT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id ORDER BY addresses.email",
            (),
        ),
    ),
    case(
        "scalar subq",
        lambda: select(
            User.name,
            select(func.count(Address.id)).where(Address.user_id == User.id).scalar_subquery().label("n"),
        ),
        (
            "SELECT users.name, (SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = users.id) AS n FROM users",
            (),
        ),
    ),
    case(
        "correlate alias",
        lambda: select(A.name).where(A.id.in_(select(User.id))),
        ("SELECT users_1.name FROM users AS users_1 WHERE users_1.id IN (SELECT users.id FROM users)", ()),
    ),
    case(
        "in entity",
        lambda: select(User.id).where(User.id.in_([1, 2])),
        ("SELECT users.id FROM users WHERE users.id IN (?, ?)", (1, 2)),
    ),
    case(
        "for update",
        lambda: select(User).with_for_update(),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
    ),
    case(
        "limit join",
        lambda: select(User).join(User.addresses).limit(2).offset(1),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id LIMIT ? OFFSET ?",
            (2, 1),
        ),
    ),
    case(
        "add_columns",
        lambda: select(User.id).add_columns(User.name),
        ("SELECT users.id, users.name FROM users", ()),
    ),
    case(
        "wlabels",
        lambda: select(User).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
        (
            "SELECT users.id AS users_id, users.name AS users_name, users.full_name AS users_full_name FROM users",
            (),
        ),
    ),
    case(
        "cols from two",
        lambda: select(User.id, Address.id).join(User.addresses),
        (
            "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "column_property-less group",
        lambda: (
            select(User.name, func.count(Address.id))
            .join(User.addresses)
            .group_by(User.name)
            .having(func.count(Address.id) > 1)
        ),
        (
            "SELECT users.name, count(addresses.id) AS count_1 FROM users JOIN addresses ON users.id = addresses.user_id GROUP BY users.name HAVING count(addresses.id) > ?",
            (1,),
        ),
    ),
    case(
        "self join alias",
        lambda: select(Node).join(N, Node.children),
        (
            "SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes JOIN nodes AS nodes_1 ON nodes.id = nodes_1.parent_id",
            (),
        ),
    ),
    case(
        "self join alias2",
        lambda: select(Node).join(Node.children.of_type(N)),
        (
            "SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes JOIN nodes AS nodes_1 ON nodes.id = nodes_1.parent_id",
            (),
        ),
    ),
    case(
        "self par",
        lambda: select(Node).join(N, Node.parent),
        (
            "SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes JOIN nodes AS nodes_1 ON nodes_1.id = nodes.parent_id",
            (),
        ),
    ),
    case(
        "from alias",
        lambda: select(N).join(N.children.of_type(Node)),
        (
            "SELECT nodes_1.id, nodes_1.parent_id, nodes_1.name FROM nodes AS nodes_1 JOIN nodes ON nodes_1.id = nodes.parent_id",
            (),
        ),
    ),
    case(
        "orm join",
        lambda: select(User).select_from(join(User, Address, User.addresses)),
        (
            "SELECT users.id, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
]

STRATEGIES = [
    case(
        "wlc selectin secondary",
        lambda: select(User).options(
            selectinload(User.keywords), with_loader_criteria(Keyword, Keyword.word != "k")
        ),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT user_kw.user_id, keywords.id, keywords.word FROM user_kw JOIN keywords ON keywords.id = user_kw.kw_id AND keywords.word != ? WHERE user_kw.user_id IN (?, ?, ?)",
            ("k", 1, 2, 3),
        ),
    ),
    case(
        "wlc subquery",
        lambda: select(User).options(
            subqueryload(User.addresses), with_loader_criteria(Address, Address.email != "e20")
        ),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.id AS addresses_id, addresses.email AS addresses_email, addresses.user_id AS addresses_user_id, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users) AS anon_1 JOIN addresses ON anon_1.users_id = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            ("e20",),
        ),
    ),
    case(
        "wlc subquery secondary",
        lambda: select(User).options(
            subqueryload(User.keywords), with_loader_criteria(Keyword, Keyword.word != "k")
        ),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT keywords.id AS keywords_id, keywords.word AS keywords_word, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users) AS anon_1 JOIN user_kw AS user_kw_1 ON anon_1.users_id = user_kw_1.user_id JOIN keywords ON keywords.id = user_kw_1.kw_id AND keywords.word != ?",
            ("k",),
        ),
    ),
    case(
        "col then ent",
        lambda: select(User.id, User),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
    ),
    case(
        "ent,col,ent",
        lambda: select(User, User.id, User.name, User),
        (
            "SELECT users.id, users.name, users.full_name, users.id AS id__1, users.name AS name__1 FROM users",
            (),
        ),
    ),
    case(
        "bundle after",
        lambda: select(User, Bundle("b", User.id, User.name)),
        (
            "SELECT users.id, users.name, users.full_name, users.id AS id__1, users.name AS name__1 FROM users",
            (),
        ),
    ),
    case(
        "bundle twice",
        lambda: select(Bundle("c", User.name, User.id), Bundle("b", User.id, User.name)),
        ("SELECT users.name, users.id, users.id AS id__1, users.name AS name__1 FROM users", ()),
    ),
    case(
        "joined outer nested inner",
        lambda: select(User).options(joinedload(User.orders).joinedload(Order.items, innerjoin=True)),
        (
            'SELECT users.id, users.name, users.full_name, items_1.id AS id_1, items_1.order_id, items_1.name AS name_1, orders_1.id AS id_2, orders_1.user_id, orders_1."desc" FROM users LEFT OUTER JOIN (orders AS orders_1 JOIN items AS items_1 ON orders_1.id = items_1.order_id) ON users.id = orders_1.user_id',
            (),
        ),
    ),
    case(
        "joined outer nested inner unnested",
        lambda: select(User).options(joinedload(User.orders).joinedload(Order.items, innerjoin="unnested")),
        (
            'SELECT users.id, users.name, users.full_name, items_1.id AS id_1, items_1.order_id, items_1.name AS name_1, orders_1.id AS id_2, orders_1.user_id, orders_1."desc" FROM users LEFT OUTER JOIN orders AS orders_1 ON users.id = orders_1.user_id LEFT OUTER JOIN items AS items_1 ON orders_1.id = items_1.order_id',
            (),
        ),
    ),
    case(
        "joined m2m",
        lambda: select(User).options(joinedload(User.keywords)),
        (
            "SELECT users.id, users.name, users.full_name, keywords_1.id AS id_1, keywords_1.word FROM users LEFT OUTER JOIN (user_kw AS user_kw_1 JOIN keywords AS keywords_1 ON keywords_1.id = user_kw_1.kw_id) ON users.id = user_kw_1.user_id",
            (),
        ),
    ),
    case(
        "joined m2m inner",
        lambda: select(User).options(joinedload(User.keywords, innerjoin=True)),
        (
            "SELECT users.id, users.name, users.full_name, keywords_1.id AS id_1, keywords_1.word FROM users JOIN user_kw AS user_kw_1 ON users.id = user_kw_1.user_id JOIN keywords AS keywords_1 ON keywords_1.id = user_kw_1.kw_id",
            (),
        ),
    ),
    case(
        "joined two",
        lambda: select(User).options(joinedload(User.addresses), joinedload(User.orders)),
        (
            'SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id, orders_1.id AS id_2, orders_1.user_id AS user_id_1, orders_1."desc" FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id LEFT OUTER JOIN orders AS orders_1 ON users.id = orders_1.user_id ORDER BY addresses_1.id',
            (),
        ),
    ),
    case(
        "joined + cols",
        lambda: select(User.name, Address).join(User.addresses).options(joinedload(Address.user)),
        (
            "SELECT users.name, addresses.id, addresses.email, addresses.user_id, users_1.id AS id_1, users_1.name AS name_1, users_1.full_name FROM users JOIN addresses ON users.id = addresses.user_id LEFT OUTER JOIN users AS users_1 ON users_1.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "selectin m2m",
        lambda: select(User).options(selectinload(User.keywords)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT user_kw.user_id, keywords.id, keywords.word FROM user_kw JOIN keywords ON keywords.id = user_kw.kw_id WHERE user_kw.user_id IN (?, ?, ?)",
            (1, 2, 3),
        ),
    ),
    case(
        "selectin nested",
        lambda: select(User).options(selectinload(User.orders).selectinload(Order.items)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            'SELECT orders.user_id, orders.id, orders."desc" FROM orders WHERE orders.user_id IN (?, ?, ?)',
            (1, 2, 3),
        ),
        (
            "SELECT items.order_id, items.id, items.name FROM items WHERE items.order_id IN (?, ?, ?, ?, ?, ?)",
            (1, 2, 3, 4, 5, 6),
        ),
    ),
    case(
        "selectin nested2",
        lambda: select(User).options(selectinload(User.orders).joinedload(Order.items)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            'SELECT orders.user_id, orders.id, orders."desc", items_1.id, items_1.order_id, items_1.name FROM orders LEFT OUTER JOIN items AS items_1 ON orders.id = items_1.order_id WHERE orders.user_id IN (?, ?, ?)',
            (1, 2, 3),
        ),
    ),
    case(
        "selectin composite",
        lambda: select(CP).options(selectinload(CP.kids)),
        ("SELECT cp.a, cp.b, cp.name FROM cp", ()),
        ("SELECT ck.a, ck.b, ck.id FROM ck WHERE (ck.a, ck.b) IN (VALUES (?, ?), (?, ?))", (1, 2, 1, 3)),
    ),
    case(
        "selectin composite m2o",
        lambda: select(CK).options(selectinload(CK.cp)),
        ("SELECT ck.id, ck.a, ck.b FROM ck", ()),
        ("SELECT cp.a, cp.b, cp.name FROM cp WHERE (cp.a, cp.b) IN (VALUES (?, ?), (?, ?))", (1, 2, 1, 3)),
    ),
    case(
        "selectin self",
        lambda: select(Node).options(selectinload(Node.children)),
        ("SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes", ()),
        (
            "SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?, ?, ?, ?)",
            (1, 2, 3, 4),
        ),
    ),
    case(
        "selectin rec",
        lambda: (
            select(Node).where(Node.parent_id == None).options(selectinload(Node.children, recursion_depth=3))
        ),
        ("SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes WHERE nodes.parent_id IS NULL", ()),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?)", (1,)),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?, ?)", (2, 3)),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?)", (4,)),
    ),
    case(
        "selectin rec 2",
        lambda: (
            select(Node)
            .where(Node.parent_id == None)
            .options(selectinload(Node.children, recursion_depth=-1))
        ),
        ("SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes WHERE nodes.parent_id IS NULL", ()),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?)", (1,)),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?, ?)", (2, 3)),
        ("SELECT nodes.parent_id, nodes.id, nodes.name FROM nodes WHERE nodes.parent_id IN (?)", (4,)),
    ),
    case(
        "selectin self m2o",
        lambda: select(Node).options(selectinload(Node.parent)),
        ("SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes", ()),
        ("SELECT nodes.id, nodes.parent_id, nodes.name FROM nodes WHERE nodes.id IN (?, ?)", (1, 2)),
    ),
    case(
        "subquery m2o",
        lambda: select(Address).options(subqueryload(Address.user)),
        ("SELECT addresses.id, addresses.email, addresses.user_id FROM addresses", ()),
        (
            "SELECT users.id AS users_id, users.name AS users_name, users.full_name AS users_full_name, anon_1.addresses_user_id AS anon_1_addresses_user_id FROM (SELECT DISTINCT addresses.user_id AS addresses_user_id FROM addresses) AS anon_1 JOIN users ON users.id = anon_1.addresses_user_id",
            (),
        ),
    ),
    case(
        "subquery m2m",
        lambda: select(User).options(subqueryload(User.keywords)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT keywords.id AS keywords_id, keywords.word AS keywords_word, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users) AS anon_1 JOIN user_kw AS user_kw_1 ON anon_1.users_id = user_kw_1.user_id JOIN keywords ON keywords.id = user_kw_1.kw_id",
            (),
        ),
    ),
    case(
        "subquery nested",
        lambda: select(User).options(subqueryload(User.orders).subqueryload(Order.items)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            'SELECT orders.id AS orders_id, orders.user_id AS orders_user_id, orders."desc" AS orders_desc, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users) AS anon_1 JOIN orders ON anon_1.users_id = orders.user_id',
            (),
        ),
        (
            "SELECT items.id AS items_id, items.order_id AS items_order_id, items.name AS items_name, orders_1.id AS orders_1_id FROM (SELECT users.id AS users_id FROM users) AS anon_1 JOIN orders AS orders_1 ON anon_1.users_id = orders_1.user_id JOIN items ON orders_1.id = items.order_id",
            (),
        ),
    ),
    case(
        "contains_eager nest",
        lambda: (
            select(User)
            .join(User.orders)
            .join(Order.items)
            .options(contains_eager(User.orders).contains_eager(Order.items))
        ),
        (
            'SELECT items.id, items.order_id, items.name, orders.id AS id_1, orders.user_id, orders."desc", users.id AS id_2, users.name AS name_1, users.full_name FROM users JOIN orders ON users.id = orders.user_id JOIN items ON orders.id = items.order_id',
            (),
        ),
    ),
    case(
        "contains_eager+joined",
        lambda: select(User).join(User.orders).options(contains_eager(User.orders).joinedload(Order.items)),
        (
            'SELECT orders.id, orders.user_id, orders."desc", users.id AS id_1, users.name, users.full_name, items_1.id AS id_2, items_1.order_id, items_1.name AS name_1 FROM users JOIN orders ON users.id = orders.user_id LEFT OUTER JOIN items AS items_1 ON orders.id = items_1.order_id',
            (),
        ),
    ),
    case(
        "selectin *",
        lambda: select(User).options(selectinload("*")),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.user_id, addresses.id, addresses.email FROM addresses WHERE addresses.user_id IN (?, ?, ?) ORDER BY addresses.id",
            (1, 2, 3),
        ),
        (
            'SELECT orders.user_id, orders.id, orders."desc" FROM orders WHERE orders.user_id IN (?, ?, ?)',
            (1, 2, 3),
        ),
        (
            "SELECT user_kw.user_id, keywords.id, keywords.word FROM user_kw JOIN keywords ON keywords.id = user_kw.kw_id WHERE user_kw.user_id IN (?, ?, ?)",
            (1, 2, 3),
        ),
        (
            "SELECT items.order_id, items.id, items.name FROM items WHERE items.order_id IN (?, ?, ?, ?, ?, ?)",
            (1, 2, 3, 4, 5, 6),
        ),
    ),
    case(
        "defaultload",
        lambda: select(User).options(defaultload(User.addresses).defer(Address.email)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
    ),
    case(
        "Load.",
        lambda: select(User).options(Load(User).joinedload(User.addresses)),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
]

WITH_ADDRESSES = [
    case(
        "joined",
        lambda: select(User).options(joinedload(User.addresses)),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "joined nested",
        lambda: select(User).options(joinedload(User.orders).joinedload(Order.items)),
        (
            'SELECT users.id, users.name, users.full_name, items_1.id AS id_1, items_1.order_id, items_1.name AS name_1, orders_1.id AS id_2, orders_1.user_id, orders_1."desc" FROM users LEFT OUTER JOIN orders AS orders_1 ON users.id = orders_1.user_id LEFT OUTER JOIN items AS items_1 ON orders_1.id = items_1.order_id',
            (),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (1,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (2,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (3,),
        ),
    ),
    case(
        "joined nested inner",
        lambda: select(User).options(
            joinedload(User.orders, innerjoin=True).joinedload(Order.items, innerjoin=True)
        ),
        (
            'SELECT users.id, users.name, users.full_name, items_1.id AS id_1, items_1.order_id, items_1.name AS name_1, orders_1.id AS id_2, orders_1.user_id, orders_1."desc" FROM users JOIN orders AS orders_1 ON users.id = orders_1.user_id JOIN items AS items_1 ON orders_1.id = items_1.order_id',
            (),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (1,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (2,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (3,),
        ),
    ),
    case(
        "joined limit",
        lambda: select(User).options(joinedload(User.addresses)).order_by(User.name).limit(2),
        (
            "SELECT anon_1.id, anon_1.name, anon_1.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM (SELECT users.id AS id, users.name AS name, users.full_name AS full_name FROM users ORDER BY users.name LIMIT ? OFFSET ?) AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id ORDER BY anon_1.name, addresses_1.id",
            (2, 0),
        ),
    ),
    case(
        "joined limit where",
        lambda: (
            select(User)
            .options(joinedload(User.addresses))
            .where(User.id > 1)
            .order_by(User.name.desc(), func.length(User.fullname))
            .limit(2)
            .offset(1)
        ),
        (
            "SELECT anon_1.id, anon_1.name, anon_1.full_name, anon_1.length_1, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM (SELECT users.id AS id, users.name AS name, users.full_name AS full_name, length(users.full_name) AS length_1 FROM users WHERE users.id > ? ORDER BY users.name DESC, length(users.full_name) LIMIT ? OFFSET ?) AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id ORDER BY anon_1.name DESC, anon_1.length_1, addresses_1.id",
            (1, 2, 1),
        ),
    ),
    case(
        "joined limit join",
        lambda: (
            select(User).join(User.orders).options(joinedload(User.addresses)).order_by(Order.desc).limit(2)
        ),
        (
            'SELECT anon_1.id, anon_1.name, anon_1.full_name, anon_1."desc", addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM (SELECT users.id AS id, users.name AS name, users.full_name AS full_name, orders."desc" AS "desc" FROM users JOIN orders ON users.id = orders.user_id ORDER BY orders."desc" LIMIT ? OFFSET ?) AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id ORDER BY anon_1."desc", addresses_1.id',
            (2, 0),
        ),
    ),
    case(
        "joined distinct",
        lambda: select(User).distinct().options(joinedload(User.addresses)),
        (
            "SELECT anon_1.id, anon_1.name, anon_1.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM (SELECT DISTINCT users.id AS id, users.name AS name, users.full_name AS full_name FROM users) AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "joined groupby",
        lambda: select(User).group_by(User.id).options(joinedload(User.addresses)),
        (
            "SELECT anon_1.id, anon_1.name, anon_1.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM (SELECT users.id AS id, users.name AS name, users.full_name AS full_name FROM users GROUP BY users.id) AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "selectin",
        lambda: select(User).options(selectinload(User.addresses)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.user_id, addresses.id, addresses.email FROM addresses WHERE addresses.user_id IN (?, ?, ?) ORDER BY addresses.id",
            (1, 2, 3),
        ),
    ),
    case(
        "subquery",
        lambda: select(User).options(subqueryload(User.addresses)).where(User.id < 3),
        ("SELECT users.id, users.name, users.full_name FROM users WHERE users.id < ?", (3,)),
        (
            "SELECT addresses.id AS addresses_id, addresses.email AS addresses_email, addresses.user_id AS addresses_user_id, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users WHERE users.id < ?) AS anon_1 JOIN addresses ON anon_1.users_id = addresses.user_id ORDER BY addresses.id",
            (3,),
        ),
    ),
    case(
        "subquery limit",
        lambda: select(User).options(subqueryload(User.addresses)).order_by(User.id).limit(2),
        (
            "SELECT users.id, users.name, users.full_name FROM users ORDER BY users.id LIMIT ? OFFSET ?",
            (2, 0),
        ),
        (
            "SELECT addresses.id AS addresses_id, addresses.email AS addresses_email, addresses.user_id AS addresses_user_id, anon_1.users_id AS anon_1_users_id FROM (SELECT users.id AS users_id FROM users ORDER BY users.id LIMIT ? OFFSET ?) AS anon_1 JOIN addresses ON anon_1.users_id = addresses.user_id ORDER BY addresses.id",
            (2, 0),
        ),
    ),
    case(
        "immediate",
        lambda: select(User).options(immediateload(User.addresses)),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (1,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (2,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (3,),
        ),
    ),
    case(
        "contains_eager",
        lambda: select(User).join(User.addresses).options(contains_eager(User.addresses)),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id, users.id AS id_1, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id",
            (),
        ),
    ),
    case(
        "contains_eager alias",
        lambda: (
            select(User).join(User.addresses.of_type(AD)).options(contains_eager(User.addresses.of_type(AD)))
        ),
        (
            "SELECT addresses_1.id, addresses_1.email, addresses_1.user_id, users.id AS id_1, users.name, users.full_name FROM users JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id",
            (),
        ),
    ),
    case(
        "contains_eager alias2",
        lambda: (
            select(User)
            .join(AD, User.addresses)
            .options(contains_eager(User.addresses, alias=AD))
            .order_by(AD.id)
        ),
        (
            "SELECT addresses_1.id, addresses_1.email, addresses_1.user_id, users.id AS id_1, users.name, users.full_name FROM users JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "contains_eager+limit",
        lambda: select(User).join(User.addresses).options(contains_eager(User.addresses)).limit(3),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id, users.id AS id_1, users.name, users.full_name FROM users JOIN addresses ON users.id = addresses.user_id LIMIT ? OFFSET ?",
            (3, 0),
        ),
    ),
    case(
        "joinedload and_",
        lambda: select(User).options(joinedload(User.addresses.and_(Address.email != "e20"))),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id AND addresses_1.email != ? ORDER BY addresses_1.id",
            ("e20",),
        ),
    ),
    case(
        "selectin and_",
        lambda: select(User).options(selectinload(User.addresses.and_(Address.email != "e20"))),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.user_id, addresses.id, addresses.email FROM addresses WHERE addresses.user_id IN (?, ?, ?) AND addresses.email != ? ORDER BY addresses.id",
            (1, 2, 3, "e20"),
        ),
    ),
    case(
        "lazyload and_",
        lambda: select(User).options(lazyload(User.addresses.and_(Address.email != "e20"))),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (1, "e20"),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (2, "e20"),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (3, "e20"),
        ),
    ),
    case(
        "joined of_type",
        lambda: select(User).options(joinedload(User.addresses.of_type(AD))),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "load_only nested",
        lambda: select(User).options(
            load_only(User.name), selectinload(User.addresses).load_only(Address.email)
        ),
        ("SELECT users.id, users.name FROM users", ()),
        (
            "SELECT addresses.user_id, addresses.id, addresses.email FROM addresses WHERE addresses.user_id IN (?, ?, ?) ORDER BY addresses.id",
            (1, 2, 3),
        ),
    ),
    case(
        "joined load_only",
        lambda: select(User).options(joinedload(User.addresses).load_only(Address.email)),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id ORDER BY addresses_1.id",
            (),
        ),
    ),
    case(
        "wlc",
        lambda: select(User).options(with_loader_criteria(Address, Address.email != "e20")),
        ("SELECT users.id, users.name, users.full_name FROM users", ()),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (1, "e20"),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (2, "e20"),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id AND addresses.email != ? ORDER BY addresses.id",
            (3, "e20"),
        ),
    ),
    case(
        "wlc2",
        lambda: select(User).options(with_loader_criteria(User, User.id != 2)),
        ("SELECT users.id, users.name, users.full_name FROM users WHERE users.id != ?", (2,)),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (1,),
        ),
        (
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE ? = addresses.user_id ORDER BY addresses.id",
            (3,),
        ),
    ),
    case(
        "wlc3",
        lambda: (
            select(User)
            .join(User.addresses)
            .options(joinedload(User.addresses), with_loader_criteria(Address, lambda c: c.email != "e20"))
        ),
        (
            "SELECT users.id, users.name, users.full_name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id FROM users JOIN addresses ON users.id = addresses.user_id AND addresses.email != ? LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id AND addresses_1.email != ? ORDER BY addresses_1.id",
            ("e20", "e20"),
        ),
    ),
]


@pytest.mark.parametrize(("statement", "sent"), SELECTS)
def test_selects_of_entities(filled: Any, sql_log: Any, statement: Any, sent: Any) -> None:
    log = sql_log(filled)
    with Session(filled) as session:
        session.execute(statement()).unique().all()
        assert log == sent


@pytest.mark.parametrize(("statement", "sent"), STRATEGIES)
def test_strategies(filled: Any, sql_log: Any, statement: Any, sent: Any) -> None:
    log = sql_log(filled)
    with Session(filled) as session:
        session.scalars(statement()).unique().all()
        assert log == sent


@pytest.mark.parametrize(("statement", "sent"), WITH_ADDRESSES)
def test_strategies_and_what_they_leave_to_load(filled: Any, sql_log: Any, statement: Any, sent: Any) -> None:
    log = sql_log(filled)
    with Session(filled) as session:
        for user in session.scalars(statement()).unique():
            [address.email for address in user.addresses]
        assert log == sent
