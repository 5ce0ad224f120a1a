"""
A flush that fails, at any of its statements: the session is consistent, the same work succeeds afterwards.

The flush has all that a flush can have: rows of joined tables, trees, many to many, orphans, children that
move, keys that change, versions, post updates, circles, unique values that are swapped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, event, exc, inspect, select
from relvar.orm import Session, declarative_base, relationship

Base: Any = declarative_base()

tagged = Table(
    "tagged",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id", onupdate="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True, autoincrement=False)
    name = Column(String(40), unique=True, nullable=False)
    captain_id = Column(ForeignKey("players.id", use_alter=True, name="fk_captain"))
    players = relationship(
        "Player",
        back_populates="team",
        cascade="all, delete-orphan",
        foreign_keys="Player.team_id",
        order_by="Player.name",
    )
    captain = relationship("Player", foreign_keys=captain_id, post_update=True)
    tags = relationship("Tag", secondary=tagged, back_populates="teams")


class Player(Base):
    __tablename__ = "players"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    name = Column(String(40), unique=True)
    goals = Column(Integer)
    version = Column(Integer, nullable=False)
    team_id = Column(ForeignKey("teams.id", onupdate="CASCADE"), nullable=False)
    team = relationship(Team, back_populates="players", foreign_keys=team_id)
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "player", "version_id_col": version}


class Keeper(Player):
    __tablename__ = "keepers"
    id = Column(ForeignKey("players.id"), primary_key=True)
    saves = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "keeper"}


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    label = Column(String(20), unique=True)
    next_id = Column(ForeignKey("tags.id"))
    next = relationship("Tag", remote_side=id)
    teams = relationship(Team, secondary=tagged, back_populates="tags")


@pytest.fixture
def database(engine: Any) -> Any:
    """An engine whose database has two teams; SQLite, too, looks at foreign keys."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    begin(engine)
    return engine


def begin(engine: Any) -> None:
    """Two teams with their players and tags."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        tags = [Tag(label=label) for label in ("red", "green", "blue")]
        for number, name in ((1, "lions"), (2, "bears")):
            team = Team(id=number, name=name, tags=tags[:2])
            team.players = [
                Keeper(name=f"{name} 0", saves=3),
                *[Player(name=f"{name} {n}") for n in (1, 2, 3)],
            ]
            team.captain = team.players[1]
            session.add(team)
        session.add_all(tags)
        session.commit()


def change(session: Session) -> dict[str, list[Any]]:
    """Change a bit of everything; returns what is new, changed and deleted."""
    lions, bears = session.scalars(select(Team).where(Team.id < 3).order_by(Team.id)).all()
    with session.no_autoflush:
        red, green, blue = session.scalars(select(Tag).order_by(Tag.id)).all()
        one, two = lions.players[1], bears.players[1]
        one.name, two.name = two.name, one.name
        lions.players[0].saves = 9
        lions.players[2].team = bears
        gone = bears.players[2]
        bears.players.remove(gone)
        lions.captain = lions.players[0]
        lions.id = 7
        lions.tags = [blue]
        bears.tags.remove(red)
        dropped = Tag(label="old")
        first, second = Tag(label="violet"), Tag(label="black")
        first.next, second.next = second, first
        cats = Team(id=3, name="cats", tags=[first, green])
        cats.players = [Keeper(name="cats 0", saves=0), Player(name="cats 1")]
        cats.captain = cats.players[0]
        session.add_all([cats, first, second, dropped])
        session.expunge(dropped)
        session.delete(red)
        crimson = Tag(label="red", next=first)
        session.add(crimson)
        two.goals = 4
    return {
        "new": [cats, *cats.players, first, second, crimson],
        "changed": [lions, bears, one, two],
        "deleted": [gone, red],
    }


def content(session: Session) -> dict[str, list[Any]]:
    """What the database holds, without keys that it makes."""
    connection = session.connection()
    other = Tag.__table__.alias()
    teams, players, keepers, tags = (cls.__table__ for cls in (Team, Player, Keeper, Tag))
    statements = {
        "teams": select(teams.c.id, teams.c.name, players.c.name).outerjoin(
            players, teams.c.captain_id == players.c.id
        ),
        "players": select(
            players.c.name, players.c.goals, players.c.version, players.c.kind, players.c.team_id
        ),
        "keepers": select(players.c.name, keepers.c.saves).join_from(keepers, players),
        "tags": select(tags.c.label, other.c.label).outerjoin(other, tags.c.next_id == other.c.id),
        "tagged": select(tagged.c.team_id, tags.c.label).join(tags),
    }
    return {name: sorted(map(repr, connection.execute(stmt))) for name, stmt in statements.items()}


class Fault:
    """Lets the n-th statement that writes fail, in the way of ``how``."""

    def __init__(self, engine: Any) -> None:
        self.at = 0
        self.how: Callable[[Any], Any] | None = None
        event.listen(engine, "before_cursor_execute", self.before)

    def before(self, conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            self.at -= 1
            if self.at == 0 and self.how is not None:
                self.how(conn)


def unplugged(connection: Any) -> None:
    raise RuntimeError("out of luck")


def interrupted(connection: Any) -> None:
    raise KeyboardInterrupt


def refused(connection: Any) -> None:
    """The database itself fails, which on PostgreSQL aborts the transaction."""
    connection.exec_driver_sql("SELECT * FROM nowhere")


ERRORS = {unplugged: RuntimeError, interrupted: KeyboardInterrupt, refused: exc.DBAPIError}


def undisturbed(engine: Any, fault: Fault) -> tuple[int, dict[str, list[Any]]]:
    """The number of statements, and the outcome, of the flush as it should be; it is rolled back."""
    with Session(engine) as session:
        fault.at = 0
        change(session)
        session.flush()
        outcome = content(session)
        session.rollback()
    return -fault.at, outcome


@pytest.mark.feature("H030")
def test_a_flush_that_fails_at_any_statement(database: Any) -> None:
    fault = Fault(database)
    number, outcome = undisturbed(database, fault)
    with Session(database) as session:
        before = content(session)
    assert number > 15 and outcome != before
    for at in range(1, number + 1):
        how = list(ERRORS)[at % 3]
        with Session(database) as session:
            parts = change(session)
            everything = [obj for objects in parts.values() for obj in objects]
            fault.at, fault.how = at, how
            with pytest.raises(ERRORS[how]):
                session.flush()
            fault.how = None
            # nothing goes until the failure was noticed
            with pytest.raises(exc.PendingRollbackError):
                session.connection()
            session.rollback()
            assert all(inspect(obj).transient for obj in parts["new"])
            assert all(inspect(obj).persistent for obj in parts["changed"] + parts["deleted"])
            assert not session.new and not session.dirty and not session.deleted
            assert content(session) == before
            lions, bears = session.scalars(select(Team).where(Team.id < 3).order_by(Team.id)).all()
            assert (lions.id, bears.id) == (1, 2) and lions is parts["changed"][0]
            assert [p.name for p in lions.players] == [f"lions {n}" for n in range(4)]
            assert [p.name for p in bears.players] == [f"bears {n}" for n in range(4)]
            assert all(p.version >= 1 and p.goals is None for p in lions.players + bears.players)
            assert all(obj in session for obj in everything if obj not in parts["new"])
            # the same once more
            change(session)
            session.flush()
            assert content(session) == outcome, at
            session.rollback()


def test_new_objects_of_a_failed_flush_can_be_added_again(database: Any) -> None:
    fault = Fault(database)

    def new() -> Team:
        team = Team(
            id=9, name="ants", players=[Keeper(name="ant 0"), Player(name="ant 1"), Player(name="ant 2")]
        )
        team.captain = team.players[1]
        team.tags = [Tag(label="tiny")]
        team.tags[0].next = team.tags[0]
        return team

    with Session(database) as session:
        session.add(new())
        fault.at = 0
        session.flush()
        outcome, number = content(session), -fault.at
    for at in range(1, number + 1):
        with Session(database) as session:
            team = new()
            session.add(team)
            fault.at, fault.how = at, unplugged
            with pytest.raises(RuntimeError):
                session.commit()
            fault.how = None
            session.rollback()
            assert inspect(team).transient and team not in session
            session.add(team)
            session.flush()
            assert content(session) == outcome, at
            assert team.captain is team.players[1] and team.captain.name == "ant 1"
            assert all(player.version == 1 and player.team_id == 9 for player in team.players)


@pytest.mark.feature("H010", "H030")
def test_a_savepoint_that_fails_at_any_statement(database: Any) -> None:
    fault = Fault(database)
    number, _ = undisturbed(database, fault)
    outcome = None
    for at in [0, *range(1, number + 1, 2)]:
        with Session(database) as session:
            mice = Team(id=20, name="mice", players=[Player(name="mouse")])
            session.add(mice)
            session.flush()
            bears = session.get_one(Team, 2)
            bears.captain = None
            session.flush()
            before = content(session)
            if at == 0:
                with session.begin_nested():
                    change(session)
                outcome = content(session)
                session.rollback()
                continue
            fault.at, fault.how = at, unplugged
            with pytest.raises(RuntimeError):
                with session.begin_nested():
                    parts = change(session)
            fault.how = None
            assert session.in_transaction() and not session.in_nested_transaction()
            assert content(session) == before
            assert mice in session and inspect(mice).persistent and mice.players[0].name == "mouse"
            assert all(inspect(obj).transient for obj in parts["new"])
            assert session.get_one(Team, 2) is bears and bears.captain is None
            with session.begin_nested():
                change(session)
            assert content(session) == outcome, at
            session.rollback()
            assert inspect(mice).transient


def test_a_listener_that_fails(database: Any) -> None:
    """Also where it is the program that fails within a flush, before or after any statement."""
    _, outcome = undisturbed(database, Fault(database))
    with Session(database) as session:
        before = content(session)
    names = ["before_flush", "after_flush", "after_flush_postexec", "pending_to_persistent", "before_commit"]
    for name in [*names, "persistent_to_deleted", "after_begin"]:
        with Session(database) as session:
            if name != "after_begin":
                change(session)
            else:
                session.add(Tag(label="new"))

            def fail(*_: Any) -> None:
                raise RuntimeError("no")

            event.listen(session, name, fail)
            with pytest.raises(RuntimeError):
                session.commit()
            event.remove(session, name, fail)
            session.rollback()
            assert content(session) == before
            assert not session.new and not session.dirty and not session.deleted
            change(session)
            session.flush()
            assert content(session) == outcome
