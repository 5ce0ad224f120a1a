"""
Rows of one class in several databases: SQLite files, and schemas of PostgreSQL.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    create_engine,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from relvar.ext.horizontal_shard import ShardedQuery, ShardedSession, set_shard_id
from relvar.orm import (
    Bundle,
    declarative_base,
    immediateload,
    joinedload,
    relationship,
    selectinload,
    subqueryload,
)

Base: Any = declarative_base()
NAMES = ("east", "west")

pytestmark = pytest.mark.backends("sqlite", "postgresql")

labels = Table(
    "labels",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True, autoincrement=False)
    place = Column(String(10))
    name = Column(String(10))
    posts = relationship("Post", back_populates="user", order_by="Post.id", cascade="all, delete-orphan")
    tags = relationship("Tag", secondary=labels, order_by="Tag.id")


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    title = Column(String(10))
    user = relationship("User", back_populates="posts")


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    place = Column(String(10))


class Shards:
    """Engines, what they were sent, and sessions over them."""

    def __init__(self, engines: dict[str, Any]) -> None:
        self.engines = engines
        self.sent: list[tuple[str, str]] = []
        self.asked: list[Any] = []
        for name, engine in engines.items():
            event.listen(engine, "before_cursor_execute", self._noting(name))

    def _noting(self, name: str) -> Any:
        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            self.sent.append((name, " ".join(statement.split())))

        return note

    def where(self) -> list[str]:
        """Which shards were asked since the last time, in order."""
        found = [name for name, _ in self.sent]
        self.sent.clear()
        return found

    def shard_chooser(self, mapper: Any, instance: Any, clause: Any = None) -> Any:
        return instance.user.place if isinstance(instance, Post) else instance.place

    def identity_chooser(self, mapper: Any, primary_key: Any, *, lazy_loaded_from: Any, **kw: Any) -> Any:
        self.asked.append((mapper.class_, primary_key, sorted(kw)))
        return NAMES if lazy_loaded_from is None else [lazy_loaded_from.identity_token]

    def execute_chooser(self, context: Any) -> Any:
        if context.is_select and context.lazy_loaded_from is not None:
            return [context.lazy_loaded_from.identity_token]
        if context.is_select and context.is_relationship_load:
            return [context.execution_options["identity_token"]]
        return NAMES

    def session(self, **kw: Any) -> ShardedSession:
        return ShardedSession(
            shard_chooser=self.shard_chooser,
            identity_chooser=self.identity_chooser,
            execute_chooser=self.execute_chooser,
            shards=self.engines,
            **kw,
        )


@pytest.fixture
def shards(engine: Any, url: str, tmp_path: Path) -> Iterator[Shards]:
    engines = {}
    for name in NAMES:
        if engine.name == "sqlite":
            engines[name] = create_engine(f"sqlite:///{tmp_path}/{name}.db")
        else:
            with engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
                connection.execute(text(f"CREATE SCHEMA {name}"))
            path = make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
            engines[name] = create_engine(path)
        Base.metadata.create_all(engines[name])
    yield Shards(engines)
    for made in engines.values():
        made.dispose()
    if engine.name != "sqlite":
        with engine.begin() as connection:
            for name in NAMES:
                connection.execute(text(f"DROP SCHEMA {name} CASCADE"))


@pytest.fixture
def session(shards: Shards) -> Iterator[Any]:
    with shards.session() as session:
        session.add_all(
            [
                User(id=1, place="east", name="ann", posts=[Post(title="e1"), Post(title="e2")]),
                User(
                    id=1, place="west", name="bob", posts=[Post(title="w1")], tags=[Tag(id=1, place="west")]
                ),
                User(id=2, place="west", name="cid", tags=[Tag(id=2, place="west")]),
            ]
        )
        session.commit()
        shards.where()
        yield session


def key(thing: Any) -> tuple[Any, ...]:
    return (*inspect(thing).key[1], inspect(thing).key[2])


@pytest.mark.feature("H025", "K007")
def test_objects_go_where_they_belong(shards: Shards, session: Any) -> None:
    rows = {}
    for name, engine in shards.engines.items():
        with engine.connect() as connection:
            users = connection.execute(select(User.id, User.place, User.name).order_by(User.id)).all()
            posts = connection.scalars(select(Post.title).order_by(Post.id)).all()
            rows[name] = (users, posts, connection.scalars(select(labels.c.tag_id).order_by("tag_id")).all())
    assert rows["east"] == ([(1, "east", "ann")], ["e1", "e2"], [])
    assert rows["west"] == ([(1, "west", "bob"), (2, "west", "cid")], ["w1"], [1, 2])


@pytest.mark.feature("H025", "K007")
def test_statements(shards: Shards, session: Any) -> None:
    assert {key(user) for user in session.scalars(select(User))} == {(1, "east"), (1, "west"), (2, "west")}
    assert shards.where() == ["east", "west"]
    assert sorted(session.execute(select(User.name, User.place))) == [
        *(("ann", "east"), ("bob", "west"), ("cid", "west"))
    ]
    assert session.scalars(select(User.name).where(User.id == 2)).one() == "cid"
    shards.where()
    for one in (
        session.scalars(select(User).options(set_shard_id("west"))),
        session.scalars(select(User), bind_arguments={"shard_id": "west"}),
        session.scalars(select(User), execution_options={"_sa_shard_id": "west"}),
        session.query(User).set_shard("west"),
    ):
        assert {user.name for user in one} == {"bob", "cid"}
    assert shards.where() == ["west"] * 4
    assert isinstance(session.query(User), ShardedQuery)
    assert session.query(User).set_shard("east").count() == 1
    with pytest.raises(exc.MultipleResultsFound):
        session.query(User).count()
    assert session.execute(text("SELECT 1"), bind_arguments={"shard_id": "east"}).scalars().all() == [1]
    assert session.connection(bind_arguments={"shard_id": "west"}).engine is shards.engines["west"]
    assert session.connection_callable(shard_id="east").engine is shards.engines["east"]
    assert session.get_bind(User.__mapper__, shard_id="east") is shards.engines["east"]


def test_rows_say_which_shard_they_are_of(shards: Shards, session: Any) -> None:
    token = inspect(User).select_identity_token
    statement = select(User.name, token).order_by(User.id)
    assert str(statement) == "SELECT users.name \nFROM users ORDER BY users.id"
    assert sorted(session.execute(statement)) == [("ann", "east"), ("bob", "west"), ("cid", "west")]
    pairs = [(user.place, where) for user, where in session.execute(select(User, token))]
    assert sorted(pairs) == [("east", "east"), ("west", "west"), ("west", "west")]
    bundle = Bundle("named", User.name, token)
    assert {tuple(one) for one in session.scalars(select(bundle))} == {
        *{("ann", "east"), ("bob", "west"), ("cid", "west")}
    }


@pytest.mark.feature("H025", "K007")
def test_primary_keys(shards: Shards, session: Any) -> None:
    bob = session.get(User, 1, identity_token="west")
    assert bob.name == "bob" and shards.where() == ["west"]
    # what the session has is found where identity_chooser looks first
    assert session.get(User, 1) is bob and shards.where() == []
    assert shards.asked[-1] == (User, [1], ["bind_arguments", "execution_options"])
    assert session.get(User, 2).name == "cid" and shards.where() == ["east", "west"]
    assert session.get(User, 9) is None
    session.expunge_all()
    with pytest.raises(exc.MultipleResultsFound):
        session.get(User, 1)
    with pytest.warns(exc.LegacyAPIWarning):
        assert session.query(User).set_shard("east").get(1).name == "ann"
    merged = session.merge(User(id=2, place="west", name="new"))
    session.flush()
    assert key(merged) == (2, "west") and merged.name == "new"


@pytest.mark.feature("H025", "K007")
@pytest.mark.parametrize("loader", [None, selectinload, subqueryload, joinedload])
def test_attributes_come_from_the_shard_of_their_object(shards: Shards, session: Any, loader: Any) -> None:
    session.expunge_all()
    statement = select(User).order_by(User.id)
    if loader is not None:
        statement = statement.options(loader(User.posts), loader(User.tags))
    users = {key(user): user for user in session.scalars(statement).unique()}
    titles = {ident: [post.title for post in user.posts] for ident, user in users.items()}
    assert titles == {(1, "east"): ["e1", "e2"], (1, "west"): ["w1"], (2, "west"): []}
    assert [key(tag) for tag in users[1, "west"].tags] == [(1, "west")]
    for ident, user in users.items():
        assert all(key(post)[-1] == ident[-1] and post.user is user for post in user.posts)
    shards.where()
    session.expire_all()
    assert users[1, "west"].name == "bob" and set(shards.where()) == {"west"}
    session.refresh(users[1, "east"])
    assert set(shards.where()) == {"east"}


@pytest.mark.parametrize("loader", [selectinload, subqueryload, immediateload])
def test_a_statement_says_where_for_its_eager_loads(shards: Shards, session: Any, loader: Any) -> None:
    session.expunge_all()
    shards.where()
    there = set_shard_id("west", propagate_to_loaders=False)
    statement = select(User).where(User.id == 1).options(loader(User.posts))
    for said, arguments in ((there,), {}), ((), {"shard_id": "west"}):
        found = session.scalars(statement.options(*said), bind_arguments=arguments).all()
        assert [[post.title for post in user.posts] for user in found] == [["w1"]]
        assert shards.where() == ["west", "west"]
        session.expunge_all()
    assert session.scalars(select(User.name), execution_options={"identity_token": "east"}).all() == ["ann"]
    assert shards.where() == ["east"]


@pytest.mark.feature("H025", "K007")
def test_changes(shards: Shards, session: Any) -> None:
    ann, bob, cid = sorted(session.scalars(select(User)), key=lambda user: user.name)
    ann.name, bob.name = "a", "b"
    bob.posts.append(Post(title="w2"))
    cid.tags.append(bob.tags[0])
    session.delete(ann.posts[0])
    session.commit()
    shards.where()
    found = {name: session.scalars(select(Post.title).options(set_shard_id(name))).all() for name in NAMES}
    assert (found["east"], sorted(found["west"])) == (["e2"], ["w1", "w2"])
    assert session.execute(select(User.name).where(User.id == 1)).scalars().all() == ["a", "b"]
    # objects of the shard that a statement is sent to, not those of the same key elsewhere
    there = update(User).where(User.id == 1).values(name="x").options(set_shard_id("west"))
    for mode in ("auto", "fetch"):
        bob.name = "b"
        assert session.execute(there, execution_options={"synchronize_session": mode}).rowcount == 1
        assert (ann.name, bob.name) == ("a", "x")
    assert session.execute(update(User).values(name="all")).rowcount == 3
    assert {ann.name, bob.name, cid.name} == {"all"}
    session.execute(update(User), [{"id": 1, "name": "one"}], bind_arguments={"shard_id": "east"})
    assert (ann.name, bob.name) == ("one", "all")
    gone = delete(Post).where(Post.title.like("w%"))
    assert session.execute(gone).rowcount == 2
    session.execute(insert(User), [{"id": 7, "place": "east"}], bind_arguments={"shard_id": "east"})
    assert key(session.get(User, 7)) == (7, "east")
    session.rollback()
    assert session.scalars(select(func.count()).select_from(Post)).all() == [1, 2]


@pytest.mark.feature("H025", "K007")
def test_wrong_uses(shards: Shards, session: Any) -> None:
    def chooser(*args: Any, **kw: Any) -> Any:
        return ["nowhere"]

    with pytest.raises(
        exc.UnboundExecutionError, match="There is no shard 'nowhere'; known are: 'east', 'west'"
    ):
        ShardedSession(shards.shard_chooser, chooser, chooser, shards.engines).scalars(select(User))
    with pytest.raises(exc.InvalidRequestError, match="named no shard"):
        ShardedSession(shards.shard_chooser, chooser, lambda _: [], shards.engines).scalars(select(User))
    with pytest.raises(exc.ArgumentError, match="execute_chooser or query_chooser is required"):
        ShardedSession(shards.shard_chooser, chooser)
    with pytest.raises(exc.ArgumentError, match="identity_chooser or id_chooser is required"):
        ShardedSession(shards.shard_chooser, None, chooser)
    old = pytest.warns(exc.SADeprecationWarning, match="please use ``execute_chooser``")
    with old, pytest.raises(exc.ArgumentError, match="at the same time"):
        ShardedSession(shards.shard_chooser, chooser, chooser, query_chooser=chooser)
    with (
        old,
        ShardedSession(
            shards.shard_chooser, chooser, shards=shards.engines, query_chooser=lambda query: ["west"]
        ) as own,
    ):
        assert own.scalars(select(User.name).where(User.id == 1)).all() == ["bob"]
    with (
        pytest.warns(exc.SADeprecationWarning, match="please use ``identity_chooser``"),
        ShardedSession(
            shards.shard_chooser,
            execute_chooser=shards.execute_chooser,
            shards=shards.engines,
            id_chooser=lambda query, key: NAMES,
        ) as own,
    ):
        assert own.get(User, 2) is own.get(User, 2)
    for call in (
        lambda: session.bulk_save_objects([User(id=5, place="east")]),
        lambda: session.bulk_insert_mappings(User, [{"id": 5}]),
        lambda: session.bulk_update_mappings(User, [{"id": 5}]),
    ):
        with pytest.raises(NotImplementedError, match="per-instance sharding not supported"):
            call()


@pytest.mark.feature("H025", "K007")
@pytest.mark.backends("sqlite")
def test_the_example(url: str, tmp_path: Path) -> None:
    program = Path(__file__).parent.parent.parent / "examples" / "sharding" / "weather.py"
    runpy.run_path(str(program), run_name="example")["main"](tmp_path)
