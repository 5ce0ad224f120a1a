"""Rows that refer to each other in a circle, without ``post_update``: written and deleted all the same."""

from __future__ import annotations

import re
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, event, exc, select
from relvar.orm import Session, backref, declarative_base, relationship


@pytest.fixture
def checked(engine: Any) -> Any:
    """The engine, with foreign keys checked on SQLite too."""
    if engine.dialect.name == "sqlite":
        event.listen(
            engine, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys=ON")
        )
        engine.dispose()
    return engine


def words(log: Any) -> list[str]:
    """What was written, the log is emptied."""
    texts = [text for text in log.texts() if not text.startswith("SELECT")]
    # one UPDATE of many rows begins with their values on MySQL and MariaDB
    texts = [re.sub(r"^UPDATE \(.* STRAIGHT_JOIN", "UPDATE", text) for text in texts]
    found = [" ".join(text.split()[:2]) for text in texts]
    log.clear()
    return found


def tree(engine: Any, both: str, **options: Any) -> Any:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        next_id = Column(ForeignKey("nodes.id", **options.pop("key", {})), **options)
        if both == "one to many":
            previous = relationship("Node", order_by="Node.id")
        elif both == "many to one":
            next = relationship("Node", remote_side=id)
        else:
            next = relationship("Node", remote_side=id, backref=backref("previous", order_by=id))

    Base.metadata.create_all(engine)
    return Node


def link(node: Any, other: Any) -> None:
    """Let *node* refer to *other*, by the relationship there is."""
    if hasattr(node, "next"):
        node.next = other
    else:
        other.previous.append(node)


WAYS = pytest.mark.parametrize("both", ["many to one", "one to many", "both"])


@WAYS
def test_a_row_that_refers_to_itself(checked: Any, sql_log: Any, both: str) -> None:
    Node = tree(checked, both)
    log = sql_log(checked)
    with Session(checked) as session:
        node = Node()
        link(node, node)
        session.add(node)
        session.commit()
        assert node.next_id == node.id
        assert words(log) == ["INSERT INTO", "UPDATE nodes"]
        # with a key that is known before, one statement does
        known = Node(id=77)
        link(known, known)
        session.add(known)
        session.flush()
        assert words(log) == ["INSERT INTO"]
        session.commit()
        assert known.next_id == 77
        session.delete(known)
        session.flush()
        session.delete(node)
        session.commit()
        assert session.scalars(select(Node)).all() == []


@WAYS
@pytest.mark.parametrize("length", [2, 5])
def test_a_ring_of_rows(checked: Any, sql_log: Any, both: str, length: int) -> None:
    Node = tree(checked, both)
    log = sql_log(checked)
    with Session(checked) as session:
        ring = [Node() for _ in range(length)]
        for i, node in enumerate(ring):
            link(node, ring[i - 1])
        beside = Node()
        link(beside, ring[0])
        session.add_all([*ring, beside])
        session.commit()
        for i, node in enumerate(ring):
            assert node.next_id == ring[i - 1].id
        assert beside.next_id == ring[0].id
        # one key is written afterwards, no more
        assert words(log).count("UPDATE nodes") == 1
        # persistent rows have their keys, and need no order
        for i, node in enumerate(ring):
            link(node, ring[(i + 1) % length])
        session.commit()
        for i, node in enumerate(ring):
            assert node.next_id == ring[(i + 1) % length].id
        for node in [beside, *ring]:
            session.delete(node)
        session.commit()
        assert session.scalars(select(Node)).all() == []


@WAYS
def test_keys_that_are_checked_at_the_end(checked: Any, sql_log: Any, both: str) -> None:
    if checked.dialect.name == "mariadb":
        # has no such constraints: without NULL there is no way, and the flush says so
        Node = tree(checked, both, nullable=False)
        with Session(checked) as session:
            one, two = Node(id=1), Node(id=2)
            link(one, two)
            link(two, one)
            session.add_all([one, two])
            with pytest.raises(exc.CircularDependencyError, match="can be neither NULL for a while"):
                session.flush()
        return
    Node = tree(checked, both, nullable=False, key={"deferrable": True, "initially": "deferred"})
    log = sql_log(checked)
    with Session(checked) as session:
        one, two = Node(id=1), Node(id=2)
        link(one, two)
        link(two, one)
        session.add_all([one, two])
        session.commit()
        assert (one.next_id, two.next_id) == (2, 1)
        assert "UPDATE nodes" not in words(log)
        session.delete(one)
        session.delete(two)
        session.commit()
        assert session.scalars(select(Node)).all() == []
        # a key that the database makes is not known in time
        one, two = Node(), Node()
        link(one, two)
        link(two, one)
        session.add_all([one, two])
        with pytest.raises(exc.CircularDependencyError, match="can be neither NULL for a while"):
            session.flush()


@pytest.mark.parametrize("back", [True, False])
def test_two_tables_that_refer_to_each_other(checked: Any, sql_log: Any, back: bool) -> None:
    Base = declarative_base()

    class Team(Base):
        __tablename__ = "teams"
        id = Column(Integer, primary_key=True)
        captain_id = Column(ForeignKey("players.id", use_alter=True, name="fk_captain"))
        captain = relationship("Player", foreign_keys=captain_id)
        players = relationship(
            "Player",
            foreign_keys="Player.team_id",
            order_by="Player.id",
            **({"back_populates": "team"} if back else {}),
        )

    class Player(Base):
        __tablename__ = "players"
        id = Column(Integer, primary_key=True)
        team_id = Column(ForeignKey("teams.id"), nullable=False)
        if back:
            team = relationship(Team, foreign_keys=team_id, back_populates="players")

    Base.metadata.create_all(checked)
    log = sql_log(checked)
    with Session(checked) as session:
        teams = []
        for _ in range(3):
            team = Team()
            team.players = [Player() for _ in range(4)]
            team.captain = team.players[2]
            teams.append(team)
        captains = [team.captain for team in teams]
        session.add_all(teams)
        session.commit()
        # only the key that can be NULL for a while waits
        written = words(log)
        assert {word for word in written if word.startswith("UPDATE")} == {"UPDATE teams"}
        assert written.count("UPDATE teams") == 1
        for team, captain in zip(teams, captains, strict=True):
            assert team.captain is captain and captain in team.players and len(team.players) == 4
        # teams change captains with each other: no circle of rows, no statement more
        log.clear()
        teams[0].captain, teams[1].captain = teams[1].captain, teams[0].captain
        session.commit()
        assert teams[0].captain is captains[1] and teams[1].captain is captains[0]
        with session.no_autoflush:
            for team in teams:
                for player in list(team.players):
                    session.delete(player)
                session.delete(team)
        session.commit()
        assert session.scalars(select(Player)).all() == [] == session.scalars(select(Team)).all()


def test_a_new_child_that_moves_is_kept(engine: Any) -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        children = relationship("Child", back_populates="parent", cascade="all, delete-orphan")

    class Child(Base):
        __tablename__ = "children"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parents.id"), nullable=False)
        parent = relationship(Parent, back_populates="children")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Parent(), Parent()
        session.add_all([one, two])
        moves: list[Any] = [
            lambda child: setattr(child, "parent", two),
            lambda child: (one.children.remove(child), two.children.append(child)),
            lambda child: (one.children.clear(), setattr(child, "parent", two)),
            lambda child: (setattr(child, "parent", None), setattr(child, "parent", two)),
            lambda child: two.children.append(child),
        ]
        for move in moves:
            child = Child()
            one.children.append(child)
            move(child)
            assert child in session
            session.commit()
            assert child in session and child.parent is two and child not in one.children
            assert child in two.children
        # one that was in no session does not come in by the other side
        stranger = Child()
        lonely = Parent()
        lonely.children.append(stranger)
        lonely.children.remove(stranger)
        with session.no_autoflush:
            stranger.parent = two
            assert stranger not in session
            two.children.remove(stranger)
        # and what has no parent any more stays out
        gone = Child()
        one.children.append(gone)
        one.children.remove(gone)
        session.commit()
        assert gone not in session and session.scalars(select(Child.id)).all() == [
            child.id for child in two.children
        ]


def test_one_new_key_merged_twice(engine: Any) -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        children = relationship("Child", cascade="all, delete-orphan")

    class Child(Base):
        __tablename__ = "children"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parents.id"), nullable=False)
        x = Column(Integer)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        first = session.merge(Parent(id=1, children=[Child(id=1, x=1)]))
        second = session.merge(Parent(id=1, children=[Child(id=1, x=2), Child(id=2, x=3), Child(id=2, x=4)]))
        assert first is second
        session.commit()
        assert session.execute(select(Child.id, Child.x).order_by(Child.id)).all() == [(1, 2), (2, 4)]
        with session.no_autoflush:
            one, two = session.merge_all([Parent(id=7), Parent(id=7)])
            assert one is two
            assert session.merge(Parent(id=7)) is one
        session.commit()
        assert session.scalars(select(Parent.id).order_by(Parent.id)).all() == [1, 7]
