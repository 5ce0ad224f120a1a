"""Loading strategies: what each emits, and that all give the objects a plain join gives."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, and_, exc, func, inspect, select, union_all
from relvar.orm import (
    Session,
    aliased,
    contains_eager,
    declarative_base,
    defer,
    immediateload,
    join,
    joinedload,
    lazyload,
    load_only,
    noload,
    outerjoin,
    raiseload,
    relationship,
    selectinload,
    subqueryload,
    undefer,
)


class Model:
    """Users with addresses and orders, orders with items: one to many, many to one, many to many."""

    def __init__(self, **lazy: str) -> None:
        Base = declarative_base()

        order_items = Table(
            "order_items",
            Base.metadata,
            Column("order_id", ForeignKey("orders.id"), primary_key=True),
            Column("item_id", ForeignKey("items.id"), primary_key=True),
        )

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            name = Column(String(30))
            addresses = relationship(
                "Address", back_populates="user", order_by="Address.id", lazy=lazy.get("addresses", "select")
            )
            orders = relationship("Order", back_populates="user", order_by="Order.id")

        class Address(Base):
            __tablename__ = "addresses"
            id = Column(Integer, primary_key=True)
            email = Column(String(50))
            user_id = Column(ForeignKey("users.id"))
            user = relationship("User", back_populates="addresses", lazy=lazy.get("user", "select"))

        class Order(Base):
            __tablename__ = "orders"
            id = Column(Integer, primary_key=True)
            note = Column(String(50))
            user_id = Column(ForeignKey("users.id"), nullable=False)
            user = relationship("User", back_populates="orders")
            items = relationship("Item", secondary=order_items, order_by="Item.id")

        class Item(Base):
            __tablename__ = "items"
            id = Column(Integer, primary_key=True)
            name = Column(String(30))

        self.Base, self.User, self.Address, self.Order, self.Item = Base, User, Address, Order, Item

    def fill(self, engine: Any) -> Model:
        self.Base.metadata.create_all(engine)
        User, Address, Order, Item = self.User, self.Address, self.Order, self.Item
        with Session(engine) as session:
            items = [Item(id=i, name=f"item {i}") for i in (1, 2, 3)]
            session.add_all(
                [
                    User(
                        id=1,
                        name="ann",
                        addresses=[Address(id=1, email="a1"), Address(id=2, email="a2")],
                        orders=[Order(id=1, note="o1", items=items[:2]), Order(id=2, note="o2", items=items)],
                    ),
                    User(
                        id=2,
                        name="bob",
                        addresses=[Address(id=3, email="b1")],
                        orders=[Order(id=3, note="o3")],
                    ),
                    User(id=3, name="cat"),
                ]
            )
            session.commit()
        return self


EXPECTED = [
    ("ann", ["a1", "a2"], [("o1", [1, 2]), ("o2", [1, 2, 3])]),
    ("bob", ["b1"], [("o3", [])]),
    ("cat", [], []),
]


def shape(users: Any) -> list[Any]:
    """Return the whole graph as plain data."""
    return [
        (u.name, [a.email for a in u.addresses], [(o.note, [i.id for i in o.items]) for o in u.orders])
        for u in users
    ]


@pytest.fixture
def m(engine: Any) -> Model:
    return Model().fill(engine)


@pytest.fixture
def sql_log(sql_log: Any) -> Any:
    """The statements sent, with MariaDB's spelling INNER JOIN written as the others write it."""

    def attach(engine: Any) -> Any:
        log = sql_log(engine)
        texts = log.texts
        log.texts = lambda: [t.replace("INNER JOIN", "JOIN") for t in texts()]
        return log

    return attach


def graph(strategy: Any, m: Model) -> list[Any]:
    return [strategy(m.User.addresses), strategy(m.User.orders).options(strategy(m.Order.items))]


@pytest.mark.parametrize(
    ("strategy", "statements"),
    [
        (lazyload, 1 + 3 + 3 + 3),
        (joinedload, 1),
        (selectinload, 4),
        (subqueryload, 4),
        (immediateload, 1 + 3 + 3 + 3),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_every_strategy_loads_the_same_graph(
    engine: Any, m: Model, sql_log: Any, strategy: Any, statements: int
) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        query = select(m.User).order_by(m.User.id).options(*graph(strategy, m))
        users = session.scalars(query).unique().all()
        assert shape(users) == EXPECTED
    assert len(log) == statements


# Lazy ------------------------------------------------------------------------------------------------


@pytest.mark.feature("G002")
def test_lazy_loading_is_the_default(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        ann = session.get(m.User, 1)
        assert "addresses" in inspect(ann).unloaded
        del log[:]
        assert [a.email for a in ann.addresses] == ["a1", "a2"]
        (sent,) = log.texts()
        assert sent.startswith(
            "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE "
        )
        assert sent.endswith(" = addresses.user_id ORDER BY addresses.id")
        del log[:]
        assert ann.addresses[0].user is ann
        assert log == []  # many to one is found in the identity map
    with Session(engine) as session:
        address = session.get(m.Address, 3)
        del log[:]
        assert address.user.name == "bob"
        assert len(log) == 1
    eager = Model(addresses="joined")
    with Session(engine) as session:
        bob = session.scalars(
            select(eager.User).where(eager.User.id == 2).options(lazyload(eager.User.addresses))
        ).one()
        assert "addresses" in inspect(bob).unloaded
        assert [a.email for a in bob.addresses] == ["b1"]


def test_a_null_key_loads_nothing(engine: Any, m: Model, sql_log: Any) -> None:
    with Session(engine) as session:
        session.add(m.Address(id=9))
        session.commit()
        address = session.get(m.Address, 9)
        log = sql_log(engine)
        assert address.user is None
        assert log == []


def test_raiseload_and_noload(engine: Any, m: Model) -> None:
    with Session(engine) as session:
        ann = session.scalars(select(m.User).where(m.User.id == 1).options(raiseload(m.User.addresses))).one()
        with pytest.raises(
            exc.InvalidRequestError, match="'User.addresses' is not available due to lazy='raise'"
        ):
            ann.addresses
        assert len(ann.orders) == 2
        session.expunge_all()
        ann = session.scalars(select(m.User).where(m.User.id == 1).options(raiseload("*"))).one()
        with pytest.raises(exc.InvalidRequestError):
            ann.orders
        session.expunge_all()
        with pytest.warns(DeprecationWarning):
            option = noload(m.User.addresses)
        ann = session.scalars(select(m.User).where(m.User.id == 1).options(option)).one()
        assert ann.addresses == []


# Joined ----------------------------------------------------------------------------------------------


@pytest.mark.feature("G003")
def test_joined_eager_loading(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        query = select(m.User).order_by(m.User.id).options(joinedload(m.User.addresses))
        with pytest.raises(
            exc.InvalidRequestError, match=r"The unique\(\) method must be invoked on this Result"
        ):
            session.scalars(query).all()
        users = session.scalars(query).unique().all()
        assert [[a.email for a in u.addresses] for u in users] == [["a1", "a2"], ["b1"], []]
        assert log.texts()[-1] == (
            "SELECT users.id, users.name, addresses_1.id AS id_1, addresses_1.email, addresses_1.user_id"
            " FROM users LEFT OUTER JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id"
            " ORDER BY users.id, addresses_1.id"
        )
        session.expunge_all()
        # With LIMIT the rows of users are limited, not those of the join.
        users = session.scalars(query.limit(2)).unique().all()
        assert [[a.email for a in u.addresses] for u in users] == [["a1", "a2"], ["b1"]]
        assert (
            "FROM (SELECT users.id AS id, users.name AS name FROM users ORDER BY users.id" in log.texts()[-1]
        )
        assert (
            ") AS anon_1 LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id"
            in log.texts()[-1]
        )
        session.expunge_all()
        orders = session.scalars(
            select(m.Order).order_by(m.Order.id).options(joinedload(m.Order.user, innerjoin=True))
        ).all()
        assert [o.user.name for o in orders] == ["ann", "ann", "bob"]
        assert log.texts()[-1] == (
            "SELECT orders.id, orders.note, orders.user_id, users_1.id AS id_1, users_1.name"
            " FROM orders JOIN users AS users_1 ON users_1.id = orders.user_id ORDER BY orders.id"
        )
        session.expunge_all()
        orders = (
            session.scalars(select(m.Order).order_by(m.Order.id).options(joinedload(m.Order.items)))
            .unique()
            .all()
        )
        assert [[i.id for i in o.items] for o in orders] == [[1, 2], [1, 2, 3], []]
        assert (
            "LEFT OUTER JOIN (order_items AS order_items_1"
            " JOIN items AS items_1 ON items_1.id = order_items_1.item_id)"
            " ON orders.id = order_items_1.order_id"
        ) in log.texts()[-1]
    eager = Model(addresses="joined", user="joined")
    with Session(engine) as session:
        del log[:]
        users = session.scalars(select(eager.User).order_by(eager.User.id)).unique().all()
        assert [len(u.addresses) for u in users] == [2, 1, 0]
        assert len(log) == 1


# Select IN -------------------------------------------------------------------------------------------


@pytest.mark.feature("G004")
def test_selectin_loading(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        users = session.scalars(
            select(m.User).order_by(m.User.id).options(selectinload(m.User.addresses))
        ).all()
        assert [[a.email for a in u.addresses] for u in users] == [["a1", "a2"], ["b1"], []]
        assert len(log) == 2
        assert log.texts()[1].startswith(
            "SELECT addresses.user_id, addresses.id, addresses.email FROM addresses"
            " WHERE addresses.user_id IN ("
        )
        assert log.texts()[1].endswith("ORDER BY addresses.id")
        session.expunge_all()
        del log[:]
        addresses = session.scalars(
            select(m.Address).order_by(m.Address.id).options(selectinload(m.Address.user))
        ).all()
        assert [a.user.name for a in addresses] == ["ann", "ann", "bob"]
        assert len(log) == 2
        assert log.texts()[1].startswith("SELECT users.id, users.name FROM users WHERE users.id IN (")
        session.expunge_all()
        del log[:]
        orders = session.scalars(
            select(m.Order).order_by(m.Order.id).options(selectinload(m.Order.items))
        ).all()
        assert [[i.id for i in o.items] for o in orders] == [[1, 2], [1, 2, 3], []]
        assert len(log) == 2


@pytest.mark.feature("G004")
def test_selectin_goes_in_chunks(engine: Any, sql_log: Any) -> None:
    m = Model()
    m.Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([m.User(id=i, addresses=[m.Address(id=i)]) for i in range(1, 1203)])
        session.commit()
    log = sql_log(engine)
    with Session(engine) as session:
        users = session.scalars(
            select(m.User).order_by(m.User.id).options(selectinload(m.User.addresses))
        ).all()
        assert [u.addresses[0].id for u in users] == list(range(1, 1203))
        assert len(log) == 1 + 3  # 500 + 500 + 202 keys
        session.expunge_all()
        del log[:]
        session.scalars(select(m.User).options(selectinload(m.User.addresses, chunksize=1000))).all()
        assert len(log) == 1 + 2


@pytest.mark.feature("G004")
def test_selectin_recursion(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nodes.id"))
        children = relationship("Node", order_by="Node.id")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Node(id=1, children=[Node(id=2, children=[Node(id=3, children=[Node(id=4)])])]))
        session.commit()
    log = sql_log(engine)
    with Session(engine) as session:
        root = select(Node).where(Node.id == 1).options(selectinload(Node.children, recursion_depth=-1))
        top = session.scalars(root).one()
        sent = len(log)
        assert top.children[0].children[0].children[0].children == []
        assert len(log) == sent
    with Session(engine) as session:
        root = select(Node).where(Node.id == 1).options(selectinload(Node.children, recursion_depth=1))
        top = session.scalars(root).one()
        assert "children" not in inspect(top.children[0]).unloaded
        assert "children" in inspect(top.children[0].children[0]).unloaded


# Columns ---------------------------------------------------------------------------------------------


def test_defer_and_load_only(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        ann = session.scalars(select(m.User).where(m.User.id == 1).options(defer(m.User.name))).one()
        assert log.texts()[0].startswith("SELECT users.id FROM users WHERE")
        assert "name" in inspect(ann).unloaded
        assert ann.name == "ann" and len(log) == 2
        session.expunge_all()
        del log[:]
        address = session.scalars(
            select(m.Address).where(m.Address.id == 1).options(load_only(m.Address.email))
        ).one()
        assert log.texts()[0].startswith("SELECT addresses.id, addresses.email FROM addresses WHERE")
        assert address.user_id == 1
        session.expunge_all()
        del log[:]
        option = defer("*"), undefer(m.User.name)
        session.scalars(select(m.User).options(*option)).all()
        assert log.texts()[0] == "SELECT users.id, users.name FROM users"


# Statements ------------------------------------------------------------------------------------------


@pytest.mark.feature("G001")
def test_entities_columns_and_both(engine: Any, m: Model) -> None:
    with Session(engine) as session:
        users = session.scalars(select(m.User).order_by(m.User.id)).all()
        assert [u.name for u in users] == ["ann", "bob", "cat"]
        rows = session.execute(select(m.User.name, m.User.id).order_by(m.User.id)).all()
        assert rows == [("ann", 1), ("bob", 2), ("cat", 3)]
        assert rows[0].name == "ann" and rows[0]._mapping[m.User.id] == 1
        pairs = session.execute(
            select(m.User, m.Address.email).join(m.User.addresses).order_by(m.Address.id)
        ).all()
        assert [(p.User, p.email) for p in pairs] == [(users[0], "a1"), (users[0], "a2"), (users[1], "b1")]
        both = session.execute(select(m.User, m.Address).join(m.Address.user).order_by(m.Address.id)).all()
        assert [(u.name, a.email) for u, a in both] == [("ann", "a1"), ("ann", "a2"), ("bob", "b1")]
        counts = session.execute(
            select(m.User.name, func.count(m.Address.id).label("n"))
            .outerjoin(m.User.addresses)
            .group_by(m.User.id, m.User.name)
            .order_by(m.User.id)
        ).all()
        assert [(r.name, r.n) for r in counts] == [("ann", 2), ("bob", 1), ("cat", 0)]
        assert session.scalar(select(func.count()).select_from(m.User)) == 3


@pytest.mark.feature("G015")
def test_aliased(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        one, two = aliased(m.Address), aliased(m.Address, name="second")
        rows = session.execute(
            select(m.User.name, one.email, two.email)
            .join(one, m.User.addresses)
            .join(two, two.user_id == m.User.id)
            .where(one.id < two.id)
        ).all()
        assert rows == [("ann", "a1", "a2")]
        assert "JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id" in log.texts()[-1]
        assert "JOIN addresses AS second ON second.user_id = users.id" in log.texts()[-1]
        assert [a.email for a in session.scalars(select(two).order_by(two.id))] == ["a1", "a2", "b1"]
        sub = select(m.User).where(m.User.id > 1).subquery("late")
        late = aliased(m.User, sub)
        assert [u.name for u in session.scalars(select(late).order_by(late.id))] == ["bob", "cat"]
        flat = union_all(
            select(m.User).where(m.User.id == 1), select(m.User).where(m.User.id == 3)
        ).subquery()
        either = aliased(m.User, flat, adapt_on_names=True)
        assert sorted(u.name for u in session.scalars(select(either))) == ["ann", "cat"]
        assert inspect(one).mapper is inspect(m.User).relationships.addresses.mapper
        assert inspect(two).name == "second"
        loaded = session.scalars(select(late).options(selectinload(late.addresses)).order_by(late.id)).all()
        assert [len(u.addresses) for u in loaded] == [1, 0]
        assert aliased(m.User, flat=True) is not None


@pytest.mark.feature("G017")
def test_joins_along_relationships(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:

        def names(statement: Any) -> list[str]:
            return [u.name for u in session.scalars(statement.order_by(m.User.id)).unique()]

        assert names(select(m.User).join(m.User.addresses)) == ["ann", "bob"]
        assert "FROM users JOIN addresses ON users.id = addresses.user_id" in log.texts()[-1]
        assert names(select(m.User).join(m.Address)) == ["ann", "bob"]
        assert names(select(m.User).join(m.Address, m.User.id == m.Address.user_id)) == ["ann", "bob"]
        assert names(select(m.User).outerjoin(m.User.addresses).where(m.Address.id.is_(None))) == ["cat"]
        assert names(select(m.User).join(m.User.orders).join(m.Order.items).where(m.Item.id == 3)) == ["ann"]
        assert (
            "JOIN orders ON users.id = orders.user_id JOIN order_items AS order_items_1"
            " ON orders.id = order_items_1.order_id JOIN items ON items.id = order_items_1.item_id"
        ) in log.texts()[-1]
        other = aliased(m.Address)
        assert names(select(m.User).join(m.User.addresses.of_type(other)).where(other.email == "b1")) == [
            "bob"
        ]
        assert names(select(m.User).join(m.User.addresses.and_(m.Address.email == "a2"))) == ["ann"]
        assert names(select(m.User).join_from(m.User, m.Order).where(m.Order.id == 3)) == ["bob"]
        assert names(select(m.User).select_from(join(m.User, m.Address, m.User.addresses))) == ["ann", "bob"]
        assert names(select(m.User).select_from(outerjoin(m.User, m.Address))) == ["ann", "bob", "cat"]
        with pytest.raises(
            exc.InvalidRequestError,
            match="Can't determine which FROM clause to join from|Don't know how to join",
        ):
            session.scalars(select(m.User).join(m.Item)).all()


def test_any_has_contains(engine: Any, m: Model) -> None:
    with Session(engine) as session:

        def ids(statement: Any) -> list[int]:
            return sorted(x.id for x in session.scalars(statement))

        assert ids(select(m.User).where(m.User.addresses.any())) == [1, 2]
        assert ids(select(m.User).where(m.User.addresses.any(m.Address.email == "b1"))) == [2]
        assert ids(select(m.User).where(~m.User.addresses.any())) == [3]
        assert ids(select(m.Address).where(m.Address.user.has(name="ann"))) == [1, 2]
        assert ids(select(m.Order).where(m.Order.items.any(m.Item.id == 3))) == [2]
        ann, item = session.get(m.User, 1), session.get(m.Item, 2)
        assert ids(select(m.Address).where(m.Address.user == ann)) == [1, 2]
        assert ids(select(m.Address).where(m.Address.user != ann)) == [3]
        assert ids(select(m.Address).where(m.Address.user == None)) == []
        assert ids(select(m.Order).where(m.Order.items.contains(item))) == [1, 2]
        assert ids(
            select(m.User).where(and_(m.User.addresses.any(), m.User.orders.any(m.Order.id == 3)))
        ) == [2]


def test_contains_eager(engine: Any, m: Model, sql_log: Any) -> None:
    log = sql_log(engine)
    with Session(engine) as session:
        query = (
            select(m.User)
            .join(m.User.addresses)
            .where(m.Address.email.like("a%"))
            .options(contains_eager(m.User.addresses))
            .order_by(m.Address.id)
        )
        (ann,) = session.scalars(query).unique().all()
        assert [a.email for a in ann.addresses] == ["a1", "a2"]
        assert len(log) == 1


@pytest.mark.feature("G026")
def test_unique(engine: Any, m: Model) -> None:
    with Session(engine) as session:
        query = select(m.User).join(m.User.addresses).order_by(m.User.id)
        assert [u.name for u in session.scalars(query)] == ["ann", "ann", "bob"]
        assert [u.name for u in session.scalars(query).unique()] == ["ann", "bob"]
        rows = session.execute(select(m.User, m.User.name).join(m.User.addresses)).unique().all()
        assert len(rows) == 2
        keyed = session.scalars(query).unique(lambda u: len(u.name)).all()
        assert [u.name for u in keyed] == ["ann"]
