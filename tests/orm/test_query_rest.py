"""
The legacy ``Query``: what is called seldom, classes derived from it, its events, what it refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    bindparam,
    event,
    exc,
    func,
    literal_column,
    select,
    text,
    update,
)
from relvar.dialects import mysql
from relvar.orm import (
    Bundle,
    Query,
    Session,
    aliased,
    declarative_base,
    joinedload,
    relationship,
    sessionmaker,
    with_loader_criteria,
    with_polymorphic,
)
from relvar.orm import exc as orm_exc
from relvar.sql.selectable import (
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    SelectLabelStyle,
)

Base: Any = declarative_base()


class Found(Query[Any]):
    def of(self, name: str) -> Found:
        return self.filter_by(name=name)


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    addresses = relationship("Address", back_populates="user", order_by="Address.id")
    found = relationship("Address", lazy="dynamic", query_class=Found, viewonly=True)

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    name = Column(String(30))
    user = relationship("User", back_populates="addresses")


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    boss_id = Column(ForeignKey("people.id"))
    boss = relationship("Person", remote_side=[id])
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}


class Engineer(Person):
    __tablename__ = "engineers"
    id = Column(ForeignKey("people.id"), primary_key=True)
    lang = Column(String(10))
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Clerk(Person):
    desk = Column(String(10))
    __mapper_args__ = {"polymorphic_identity": "clerk"}


LABELS = "SELECT users.id AS users_id, users.name AS users_name FROM users"
NAMES = {1: "ann", 2: "bob", 3: "cid"}


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User(id=i, name=name) for i, name in NAMES.items()])
        session.flush()
        session.add_all([Address(id=i, user_id=u, name=f"a{i}") for i, u in enumerate([1, 1, 2], 1)])
        session.commit()
        yield session


def folded(statement: Any) -> str:
    return " ".join(str(statement).split())


def refused(method: str, full: bool = False) -> Any:
    """What a method that comes too late says."""
    what = "Query with an existing full statement" if full else "Query with existing criterion"
    return pytest.raises(exc.InvalidRequestError, match=rf"Query.{method}\(\) being called on a {what}")


@pytest.mark.feature("M009")
def test_full_statements(session: Any) -> None:
    query = session.query(User)
    given = query.from_statement(text("SELECT id, name FROM users WHERE id > :low ORDER BY id"))
    assert given.params(low=1).all() == [session.get(User, 2), session.get(User, 3)]
    assert given.params({"low": 2}).first().name == "cid"
    assert folded(given) == "SELECT id, name FROM users WHERE id > :low ORDER BY id".replace(
        ":low", {"sqlite": "?", "postgresql": "%(low)s", "mariadb": "%(low)s"}[session.bind.name]
    )
    assert query.from_statement(select(User).where(User.id == 2)).one().name == "bob"
    with pytest.raises(exc.ArgumentError, match="should be explicitly declared as text"):
        query.from_statement("SELECT 1")
    for method, call in {
        "filter": lambda q: q.filter_by(id=1),
        "limit": lambda q: q.limit(1),
        "offset": lambda q: q.offset(1),
        "slice": lambda q: q[0],
        "distinct": lambda q: q.distinct(),
        "order_by": lambda q: q.order_by(User.id),
        "group_by": lambda q: q.group_by(User.id),
        "having": lambda q: q.having(User.id == 1),
        "join": lambda q: q.join(User.addresses),
    }.items():
        with refused(method, full=True):
            call(given)
    for call in (Query.count, Query.exists, Query.subquery, Query.cte, Query.scalar_subquery):
        with pytest.raises(exc.InvalidRequestError, match="on a Query that uses from_statement"):
            call(given)
    with pytest.raises(exc.ArgumentError, match="SELECT construct for inclusion in a UNION"):
        given.union(query)


@pytest.mark.feature("M009")
def test_what_comes_first(session: Any) -> None:
    query = session.query(User)
    late = [
        query.filter_by(id=1),
        query.join(User.addresses),
        query.limit(1),
        query.group_by(User.id),
        query.select_from(User),
        query.from_statement(text("SELECT 1")),
    ]
    for each in late:
        with refused("select_from"):
            each.select_from(User)
        with refused("from_statement"):
            each.from_statement(text("SELECT 1"))
        with pytest.warns(exc.LegacyAPIWarning), refused("get"):
            each.get(1)
    for each in (query.order_by(User.id), query.distinct()):
        with refused("select_from"):
            each.select_from(User)
        with pytest.warns(exc.LegacyAPIWarning):
            assert each.get(1).name == "ann"
    limited = query.order_by(User.id.desc()).limit(1)
    with pytest.raises(exc.InvalidRequestError, match=r"Query.filter\(\) .* already has LIMIT"):
        limited.where(User.id < 3)
    assert limited.enable_assertions(False).where(User.id < 3).one().name == "bob"
    with pytest.raises(exc.InvalidRequestError, match=r"Query.delete\(\) when limit\(\) has been called"):
        limited.enable_assertions(False).delete()
    with pytest.raises(exc.InvalidRequestError, match="contains no columns with which to SELECT from"):
        session.query().all()
    with pytest.raises(exc.InvalidRequestError, match=r"use with_session\(\)"):
        Query(User).all()


@pytest.mark.feature("M009")
def test_label_styles(session: Any) -> None:
    query = session.query(User)
    plain = "SELECT users.id, users.name FROM users"
    assert query.get_label_style is SelectLabelStyle.LABEL_STYLE_LEGACY_ORM
    assert (folded(query), folded(query.statement), folded(query.selectable)) == (LABELS, plain, LABELS)
    for style, expected in {
        LABEL_STYLE_NONE: plain,
        LABEL_STYLE_DISAMBIGUATE_ONLY: plain,
        LABEL_STYLE_TABLENAME_PLUS_COL: LABELS,
    }.items():
        styled = query.set_label_style(style)
        assert styled.get_label_style is style
        assert (folded(styled), folded(styled.statement)) == (expected, expected)
    for labelled in (query.with_labels, query.apply_labels):
        with pytest.warns(exc.LegacyAPIWarning, match="set_label_style"):
            assert labelled().subquery().c.keys() == ["users_id", "users_name"]
    assert query.subquery().c.keys() == ["id", "name"]
    assert query.subquery(with_labels=True, name="s").c.keys() == ["users_id", "users_name"]
    both = session.query(User, Address).join(User.addresses)
    assert both.subquery().c.keys() == ["id", "name", "id_1", "user_id", "name_1"]
    same = both.filter(Address.id == User.id)
    assert same.subquery(reduce_columns=True).c.keys() == ["name", "id", "user_id", "name_1"]


@pytest.mark.feature("M009")
def test_hints_prefixes_and_parameters(session: Any) -> None:
    query = session.query(User.id)
    name = session.bind.name
    assert folded(query.prefix_with("ALL", dialect=name)) == "SELECT ALL users.id AS users_id FROM users"
    assert query.prefix_with("ALL", dialect=name).count() == 3
    assert folded(query.suffix_with("-- end")) == "SELECT users.id AS users_id FROM users -- end"
    assert folded(query.suffix_with("-- end", dialect="other")) == "SELECT users.id AS users_id FROM users"
    assert folded(query.with_statement_hint("-- hint")).endswith("FROM users -- hint")
    hinted = query.with_hint(User, "USE INDEX (PRIMARY)", "mysql").with_hint(User, "x", "other").statement
    assert folded(hinted.compile(dialect=mysql.dialect())) == "SELECT users.id FROM users USE INDEX (PRIMARY)"
    bound = session.query(User).filter(User.id == bindparam("x"))
    assert bound.params(x=2).one().name == bound.params({"x": 2}).one().name == "bob"
    assert bound.params(x=2).params(x=1).one().name == "ann"
    assert bound.params(x=3).count() == 1
    assert bound.params(x=2).statement.compile().params == {"x": 2}
    assert query.with_transformation(lambda q: q.filter(User.id > 1)).count() == 2
    assert Query(User).with_session(session).filter_by(id=1).one().name == "ann"
    assert query.lazy_loaded_from is None and query.get_children() == []
    assert query.logger.name == "sqlalchemy.orm.query.Query"


@pytest.mark.feature("M009")
def test_tuples(session: Any) -> None:
    ann, bob, cid = session.query(User).order_by(User.id)
    query = session.query(User).order_by(User.id)
    assert query.is_single_entity
    assert not session.query(User, User.id).is_single_entity and not session.query(User.id).is_single_entity
    tuples = query.only_return_tuples(True)
    assert not tuples.is_single_entity
    assert tuples.all() == [(ann,), (bob,), (cid,)] and tuples.first() == (ann,)
    assert tuples.only_return_tuples(False).all() == [ann, bob, cid]
    with pytest.warns(exc.SADeprecationWarning, match="Row now behaves like a tuple"):
        assert query.tuples().all() == [(ann,), (bob,), (cid,)]
    bundle = session.query(Bundle("b", User.id, User.name, single_entity=True)).order_by(User.id)
    assert bundle.is_single_entity and bundle.first() == (1, "ann")


@pytest.mark.feature("M009")
def test_related_objects(session: Any) -> None:
    ann = session.get(User, 1)
    legacy = pytest.warns(exc.LegacyAPIWarning, match=r"Query.with_parent\(\)")
    with legacy:
        assert [a.id for a in session.query(Address).with_parent(ann).order_by(Address.id)] == [1, 2]
    other = aliased(Address)
    with legacy:
        related = session.query(other).with_parent(ann, User.addresses, from_entity=other)
    assert related.count() == 2
    with legacy, pytest.raises(exc.InvalidRequestError, match="Could not locate a property which relates"):
        session.query(Person).with_parent(ann)
    with legacy, pytest.raises(orm_exc.UnmappedInstanceError, match=r"'builtins.int' is not mapped"):
        session.query(Address).with_parent(5)


@pytest.mark.feature("M009")
def test_objects_of_other_results(session: Any) -> None:
    rows = text("SELECT id AS users_id, name AS users_name FROM users ORDER BY id")
    deprecated = pytest.warns(exc.SADeprecationWarning, match=r"Query.instances\(\) method is deprecated")
    with deprecated:
        found = list(session.query(User).instances(session.connection().execute(rows)))
    assert found == [session.get(User, i) for i in NAMES]
    with deprecated:
        pairs = list(session.query(User, User.name).instances(session.connection().execute(rows)))
    assert pairs[0] == (session.get(User, 1), "ann")
    legacy = pytest.warns(exc.LegacyAPIWarning, match="merge_frozen_result")
    with Session(session.bind) as other:
        with legacy:
            merged = list(other.query(User).merge_result(found, load=False))
        assert [(user.name, user in other) for user in merged] == [(name, True) for name in NAMES.values()]
        with legacy:
            (row,) = other.query(User, User.id).merge_result([(found[0], 5)])
        assert row.User is merged[0] and row.id == 5


@pytest.mark.feature("M009")
def test_extensions_and_loading(session: Any, sql_log: Any) -> None:
    from relvar.sql.base import SyntaxExtension
    from relvar.sql.elements import ClauseElement

    class Quiet(SyntaxExtension, ClauseElement):
        __visit_name__ = "quiet"
        _traverse_internals: Any = []

        def apply_to_select(self, select: Any) -> None:
            select.apply_syntax_extension_point(
                lambda existing: [*existing, literal_column("1 = 1")], "post_criteria"
            )

    assert folded(session.query(User.id).ext(Quiet()).statement).endswith("FROM users 1 = 1")
    with pytest.raises(exc.ArgumentError, match="Syntax extension construct expected"):
        session.query(User.id).ext(None)
    query = session.query(User).populate_existing().autoflush(False).yield_per(2)
    assert query.get_execution_options() == {} and query.statement.get_execution_options() == {}
    assert dict(query.load_options) == {"populate_existing": True, "autoflush": False, "yield_per": 2}
    log = sql_log(session.bind)
    eager = session.query(User).options(joinedload(User.addresses))
    assert session.query(eager.exists()).scalar() and "JOIN" not in log.texts()[-1]


@pytest.mark.feature("M010")
def test_classes_of_programs(session: Any) -> None:
    made = sessionmaker(session.bind, query_cls=Found)
    with made() as own:
        query = own.query(User)
        assert type(query) is Found and query.of("bob").one().id == 2
        assert type(query.of("bob").order_by(User.id).union(query)) is Found
        assert type(own.query(User.id)) is Found
    with Session(session.bind, query_cls=Found) as own:
        assert own.query(Address).of("a3").count() == 1
    ann = session.get(User, 1)
    assert isinstance(ann.found, Found) and type(ann.found.of("a2")) is Found
    assert [a.id for a in ann.found.of("a2")] == [2]
    assert ann.found.of("a3").count() == 0


@pytest.mark.feature("M011")
def test_events(session: Any) -> None:
    class Kept(Query[Any]):
        """No row of cid, by events."""

    heard: list[str] = []

    @event.listens_for(Kept, "before_compile", retval=True, bake_ok=True)
    def keep(query: Any) -> Any:
        for description in query.column_descriptions:
            if description["entity"] is User:
                heard.append(description["name"])
                query = query.enable_assertions(False).filter(User.name != "cid")
        return query

    @event.listens_for(Kept, "before_compile")
    def note(query: Any) -> None:
        heard.append("noted")

    @event.listens_for(Kept, "before_compile_update", retval=True)
    def keep_in_update(query: Any, context: Any) -> Any:
        context.values["name"] = context.values["name"].upper()
        assert type(context).__name__ == "BulkUpdate" and context.update_kwargs == {}
        return query.filter(User.name != "cid")

    @event.listens_for(Kept, "before_compile_delete", retval=True)
    def keep_in_delete(query: Any, context: Any) -> Any:
        assert context.mapper is Address.__mapper__ and context.delete_kwargs == {}
        return query.filter(Address.name != "a1")

    own = Session(session.bind, query_cls=Kept)
    query = own.query(User).order_by(User.id)
    assert [user.name for user in query] == ["ann", "bob"]
    assert heard == ["User", "noted"]
    assert query.offset(1).all() == [own.get(User, 2)] and query.count() == 2
    assert own.query(User.id).filter_by(id=3).first() is None
    assert not own.query(own.query(User).filter_by(id=3).exists()).scalar()
    assert own.query(Address).filter(Address.user_id.in_(own.query(User.id))).count() == 3
    assert own.scalars(own.query(User.id).statement).all() == [1, 2]
    assert own.query(User).union(own.query(User)).count() == 2
    assert own.get(User, 3).name == "cid"

    changes: list[Any] = []
    for kind in ("update", "delete"):
        event.listen(
            own, f"after_bulk_{kind}", lambda context: changes.append((context.mapper, context.result))
        )
    assert own.query(User).update({"name": "x"}) == 2
    assert own.scalars(select(User.name).order_by(User.id)).all() == ["X", "X", "cid"]
    own.execute(update(User).values(name="cid"))
    assert own.query(Address).filter(Address.id < 3).delete() == 1
    assert [mapper for mapper, _ in changes] == [User.__mapper__, Address.__mapper__]
    assert [result.rowcount for _, result in changes] == [2, 1]
    own.close()


@pytest.mark.feature("M003", "M007")
def test_unions_go_on(session: Any, sql_log: Any) -> None:
    one, two = (session.query(User).filter(User.id == i) for i in (1, 2))
    both = one.union(two)
    assert both.column_descriptions[0]["entity"] is User and both.is_single_entity
    assert [u.name for u in both.filter_by(name="bob")] == ["bob"]
    assert both.join(User.addresses).filter(Address.id == 3).one().name == "bob"
    log = sql_log(session.bind)
    eager = both.options(joinedload(User.addresses)).order_by(User.id).all()
    assert [len(user.addresses) for user in eager] == [2, 1] and len(log) == 1
    session.expire_all()
    assert len(one.options(joinedload(User.addresses)).union(two).order_by(User.id).first().addresses) == 2
    assert session.query(both.exists()).scalar()
    assert one.union(select(User).where(User.id == 3)).count() == 2
    assert both.options(with_loader_criteria(User, User.id == 2)).count() == 1
    with refused("select_from"):
        both.select_from(Address)
    with pytest.warns(exc.LegacyAPIWarning), refused("get"):
        both.get(1)
    session.add_all([Clerk(id=1, desk="d"), Engineer(id=2, lang="py")])
    session.flush()
    clerks = session.query(Clerk)
    assert "WHERE anon" not in folded(clerks.union(clerks)) and clerks.union(clerks).one().desk == "d"
    people = session.query(with_polymorphic(Person, [Engineer]))
    assert sorted(p.id for p in people.union_all(people)) == [1, 2]
    names = session.query(Person).union(session.query(Person).filter_by(id=1)).order_by(Person.id)
    assert [type(person) for person in names] == [Clerk, Engineer]


@pytest.mark.feature("M003")
def test_joins_that_repeat_or_overlap(session: Any) -> None:
    joined = "SELECT users.id FROM users JOIN addresses ON users.id = addresses.user_id"
    assert folded(select(User.id).join(User.addresses).join(Address, User.addresses)) == joined
    other = aliased(Address)
    assert folded(select(User.id).join(User.addresses).join(other, User.addresses)) == (
        joined + " JOIN addresses AS addresses_1 ON users.id = addresses_1.user_id"
    )
    assert folded(select(literal_column("1")).join(User.addresses)) == (
        "SELECT 1 FROM users JOIN addresses ON users.id = addresses.user_id"
    )
    session.add_all([Engineer(id=1, lang="py"), Engineer(id=2, lang="c", boss_id=1), Clerk(id=3, boss_id=1)])
    session.flush()
    with pytest.warns(exc.SAWarning, match=r"alias is being generated .* due to overlapping tables"):
        ids = session.query(Person.id).join(Person.boss.of_type(Engineer)).filter(Engineer.lang == "py")
        assert sorted(ids) == [(2,), (3,)]
    with pytest.warns(exc.SAWarning, match="overlapping tables"):
        query = session.query(Person, Engineer).join(Engineer, Engineer.id == Person.boss_id)
        assert sorted((p.id, e.lang) for p, e in query) == [(2, "py"), (3, "py")]
    rows = session.query(Address).filter(Address.id > 1).subquery()
    with pytest.warns(exc.SADeprecationWarning, match="for raw clauseelement"):
        assert session.query(User.id).join(rows, User.addresses).order_by(rows.c.id).all() == [(1,), (2,)]


@pytest.mark.feature("M003")
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda q: q.join("addresses"), exc.ArgumentError, "Join target, typically a FROM expression"),
        (lambda q: q.join(User.addresses, Address.user), exc.InvalidRequestError, "No 'on clause' argument"),
        (lambda q: q.join(User.name), exc.ArgumentError, "Join target User.name does not refer to a mapped"),
        (
            lambda q: q.join(Person, User.addresses),
            exc.InvalidRequestError,
            "does not correspond to the",
        ),
        (lambda q: q.join(Person), exc.InvalidRequestError, "Don't know how to join to"),
        (lambda q: q.join(User), exc.InvalidRequestError, "Don't know how to join to"),
        (lambda q: q.filter(User), exc.ArgumentError, r"expected, got <class '.*User'>"),
        (lambda q: q.filter_by(nope=1), exc.InvalidRequestError, 'has no property "nope"'),
        (
            lambda q: q.select_from(User.__table__.join(Address.__table__)).filter_by(nope=1),
            exc.InvalidRequestError,
            'namespace for "users JOIN addresses ON .*" has no property "nope"',
        ),
    ],
)
def test_wrong_calls(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        str(call(Query(User)))
    with pytest.raises(exc.InvalidRequestError, match="explicit from clause aliased.User. does not match"):
        str(select(User.id).join_from(aliased(User), User.addresses))


@pytest.mark.feature("M008")
def test_what_is_changed(session: Any) -> None:
    assert session.query(User.__table__).filter(User.id == 1).update({"name": "t"}) == 1
    with pytest.raises(exc.ArgumentError, match="subject table for an INSERT, UPDATE or DELETE expected"):
        session.query(User.id).update({"name": "x"})
    with pytest.raises(exc.InvalidRequestError, match="are about one entity, this query has 2"):
        session.query(User, Address).delete()
    assert session.query(User).update({"name": func.lower("Q")}, synchronize_session=None) == 3


@pytest.mark.feature("G012")
def test_existence_of_objects_of_one_subclass(session: Any) -> None:
    session.add_all([Engineer(id=1, lang="py"), Clerk(id=2, boss_id=1), Person(id=3, boss_id=2)])
    session.flush()
    other = aliased(Clerk)
    for boss in (Person.boss.of_type(Clerk), Person.boss.of_type(other)):
        assert session.scalars(select(Person.id).where(boss.has())).all() == [3]
        assert str(boss.has()).count("kind IN") == 1
    only = with_loader_criteria(Person, Person.id != 2, include_aliases=True)
    for boss in (Person.boss, Person.boss.of_type(Clerk), Person.boss.of_type(other)):
        found = session.scalars(select(Person.id).where(boss.has()).options(only)).all()
        assert found == []
    assert session.scalars(select(Person.id).where(Person.boss.has())).all() == [2, 3]
