"""
Planning of ORM selects: pure, so no database is here.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, exc, func, inspect, select
from relvar.orm import (
    Bundle,
    Load,
    aliased,
    contains_eager,
    declarative_base,
    defaultload,
    defer,
    joinedload,
    load_only,
    raiseload,
    relationship,
    selectinload,
    undefer,
)
from relvar.orm.load.columns import Columns
from relvar.orm.load.draft import BundleDraft, ColumnDraft, EntityDraft
from relvar.orm.load.plan import core_select, plan_select
from relvar.orm.load.tree import EMPTY, OptionTree

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    addresses = relationship("Address", back_populates="user", order_by="Address.id")
    orders = relationship("Order")


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    email = Column(String(50))
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="addresses")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))


def text(statement: Any) -> str:
    return " ".join(str(statement).split())


def plan(statement: Any) -> tuple[str, Any]:
    core, load = plan_select(statement)
    return text(core), load


# What is selected ----------------------------------------------------------------------------------------


def test_an_entity_takes_its_columns_by_place() -> None:
    sql, load = plan(select(User))
    assert sql == "SELECT users.id, users.name FROM users"
    (draft,) = load.items
    assert isinstance(draft, EntityDraft)
    assert draft.columns == {"id": 0, "name": 1}
    assert draft.pk == (0,)
    assert load.is_single and not load.is_plain and not load.needs_unique
    assert load.keys == ("User",)


def test_columns_of_an_entity_are_not_repeated_but_asked_for_ones_are() -> None:
    sql, load = plan(select(User.name, User, User.name))
    assert sql == "SELECT users.name, users.id, users.name AS name__1 FROM users"
    first, entity, last = load.items
    assert isinstance(first, ColumnDraft) and first.place == 0
    assert entity.columns == {"id": 1, "name": 0}
    assert last.place == 2
    assert load.keys == ("name", "User", "name")


def test_plain_columns_need_no_loader() -> None:
    _, load = plan(select(User.id, func.count().label("n")))
    assert load.is_plain
    assert load.keys == ("id", "n")


def test_an_alias_without_a_name_has_no_key() -> None:
    _, load = plan(select(aliased(User), aliased(User, name="other")))
    assert load.keys == (None, "other")
    assert load.has_aliases


def test_deferred_columns_leave_the_object_partial_and_keep_the_key() -> None:
    sql, load = plan(select(User).options(defer(User.id), defer(User.name)))
    assert sql == "SELECT users.id FROM users"
    assert load.items[0].is_partial
    sql, _ = plan(select(User).options(load_only(User.name)))
    assert sql == "SELECT users.id, users.name FROM users"
    sql, _ = plan(select(User).options(defer("*"), undefer(User.name)))
    assert sql == "SELECT users.id, users.name FROM users"


def test_places_of_joined_columns_follow_the_entitys_own() -> None:
    sql, load = plan(select(User).options(joinedload(User.addresses)))
    assert sql.startswith("SELECT users.id, users.name, addresses_1.id AS id_1, addresses_1.email")
    (joined,) = load.items[0].joined
    assert [load.columns.absolute(place) for place in joined.draft.columns.values()] == [2, 3, 4]
    assert load.needs_unique and load.buffers


def test_limit_and_a_joined_collection_make_a_subquery() -> None:
    sql, load = plan(
        select(User).options(joinedload(User.addresses)).order_by(func.lower(User.name)).limit(5)
    )
    assert sql == (
        "SELECT anon_1.id, anon_1.name, anon_1.lower_1, addresses_1.id AS id_1, addresses_1.email, "
        "addresses_1.user_id FROM (SELECT users.id AS id, users.name AS name, lower(users.name) AS lower_1 "
        "FROM users ORDER BY lower(users.name) LIMIT :param_1) AS anon_1 "
        "LEFT OUTER JOIN addresses AS addresses_1 ON anon_1.id = addresses_1.user_id "
        "ORDER BY anon_1.lower_1, addresses_1.id"
    )
    (joined,) = load.items[0].joined
    assert [load.columns.absolute(place) for place in joined.draft.columns.values()] == [3, 4, 5]


def test_many_to_one_needs_no_subquery() -> None:
    sql, load = plan(select(Address).options(joinedload(Address.user)).limit(5))
    assert "anon_1" not in sql
    assert not load.needs_unique


def test_a_select_inside_another_statement_has_all_columns_and_no_options() -> None:
    inner = select(User).join(User.addresses).options(joinedload(User.orders), defer(User.name))
    assert text(core_select(inner)) == (
        "SELECT users.id, users.name FROM users JOIN addresses ON users.id = addresses.user_id"
    )
    assert text(select(Order.id).where(Order.user_id.in_(inner.with_only_columns(User.id)))) == (
        "SELECT orders.id FROM orders WHERE orders.user_id IN "
        "(SELECT users.id FROM users JOIN addresses ON users.id = addresses.user_id)"
    )


def test_binds_of_the_statement_are_the_same_objects_in_the_core_statement() -> None:
    criterion = Address.email != "x"
    statement = select(User).options(joinedload(User.addresses.and_(criterion)))
    core, _ = plan_select(statement)
    bound = {bind.value for bind in core.compile().binds.values()}
    assert bound == {"x"}
    assert criterion.right in core.compile().binds.values()


# Options -------------------------------------------------------------------------------------------------


def test_the_tree_answers_per_entity() -> None:
    option = joinedload(User.addresses).selectinload(Address.user).load_only(User.name)
    tree = OptionTree([option])
    user, address = inspect(User), inspect(Address)
    branch = tree.branch(user)
    twig = branch.twig(user.relationships["addresses"], user)
    assert twig is not None and twig.element is not None and twig.element.strategy == "joined"
    below = twig.branch.twig(address.relationships["user"], address)
    assert below is not None and below.element is not None and below.element.strategy == "selectin"
    assert below.branch.columns is not None and below.branch.columns.strategy == "deferred"
    assert tree.branch(address) is EMPTY
    path = (user, user.relationships["addresses"], address.relationships["user"])
    assert tree.at(path) is below.branch


def test_of_options_for_all_attributes_the_later_one_holds() -> None:
    tree = OptionTree([joinedload("*"), raiseload("*")])
    assert tree.anywhere.relationships is not None and tree.anywhere.relationships.strategy == "raise"
    with pytest.raises(exc.InvalidRequestError, match="raiseload.User.addresses. is in conflict"):
        OptionTree([joinedload(User.addresses), raiseload(User.addresses)])


def test_options_of_one_shape_have_one_key_and_bring_their_own_values() -> None:
    def tree(value: str) -> OptionTree:
        return OptionTree([selectinload(User.addresses.and_(Address.email == value))])

    assert tree("a").key == tree("b").key
    assert [bind.value for bind in tree("b").binds] == ["b"]
    assert tree("a").key != OptionTree([selectinload(User.addresses)]).key


def test_defaultload_and_load_name_the_same_places() -> None:
    one = OptionTree([defaultload(User.addresses).defer(Address.email)])
    two = OptionTree([Load(User).defaultload(User.addresses).options(Load(Address).defer(Address.email))])
    prop = inspect(User).relationships["addresses"]
    for tree in (one, two):
        twig = tree.branch(inspect(User)).twig(prop, inspect(User))
        assert twig is not None and twig.element is None
        assert twig.branch.twig(inspect(Address).attrs["email"], inspect(Address)) is not None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: select(User).options(joinedload(Address.user)),
            "does not apply to any of the root entities",
        ),
        (
            lambda: select(User.id).options(joinedload(User.addresses)),
            "Query has only expression-based entities",
        ),
        (
            lambda: select(User).options(joinedload("addresses")),
            "Strings are not accepted for attribute names",
        ),
        (
            lambda: select(User).options(joinedload(User.addresses).joinedload(User.orders)),
            "does not link from",
        ),
        (lambda: select(User).options(joinedload(User.name)), 'Can\'t apply "joined loader" strategy'),
        (lambda: select(Address, Order).join(User), "Can't determine which FROM clause to join from"),
        (lambda: select(Address).join(Order), "Don't know how to join to"),
        (lambda: select(User).join(Address, Address.user), "does not correspond to the right side"),
    ],
)
def test_options_and_joins_that_do_not_fit(make: Any, message: str) -> None:
    with pytest.raises((exc.ArgumentError, exc.InvalidRequestError), match=message):
        plan_select(make())


def test_contains_eager_takes_the_alias_it_is_told() -> None:
    alias = aliased(Address)
    statement = (
        select(User)
        .join(User.addresses.of_type(alias))
        .options(contains_eager(User.addresses.of_type(alias)))
    )
    sql, load = plan(statement)
    assert sql == (
        "SELECT addresses_1.id, addresses_1.email, addresses_1.user_id, users.id AS id_1, users.name "
        "FROM users JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id"
    )
    assert load.items[0].joined[0].draft.columns == {"id": 0, "email": 1, "user_id": 2}


# Columns -------------------------------------------------------------------------------------------------


def test_columns_count_secondary_places_from_behind_the_primary_ones() -> None:
    columns = Columns()
    a, b, c = User.__table__.c.id, User.__table__.c.name, Address.__table__.c.id
    assert columns.add(a) == 0
    assert columns.add(c, secondary=True) == -1
    assert columns.append(a) == 1
    assert columns.add(b) == 2
    assert columns.add(c, secondary=True) == -1
    assert columns.absolute(-1) == 3
    columns.extra = 2
    assert columns.absolute(-1) == 5


def test_bundles_nest() -> None:
    _, load = plan(select(Bundle("outer", User.id, Bundle("inner", User.name)), User))
    bundle = load.items[0]
    assert isinstance(bundle, BundleDraft)
    assert [type(item) for item in bundle.items] == [ColumnDraft, BundleDraft]
