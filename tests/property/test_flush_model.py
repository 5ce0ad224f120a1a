"""
A session against a model of it: after each flush, commit and rollback, database, objects and model agree.

The model is plain data: teams with their players, in order of their keys, and their tags.  It follows
the documented rules only: a player without a team is an orphan and goes; a team takes its players with it.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relvar import Column, ForeignKey, Integer, String, Table, create_engine, event, func, inspect, select
from relvar.orm import Session, declarative_base, relationship
from relvar.pool import StaticPool

Base: Any = declarative_base()

team_tags = Table(
    "team_tags",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
    points = Column(Integer)
    players = relationship("Player", back_populates="team", cascade="all, delete-orphan")
    tags = relationship("Tag", secondary=team_tags, back_populates="teams")


class Player(Base):
    __tablename__ = "players"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
    goals = Column(Integer)
    team_id = Column(ForeignKey("teams.id"), nullable=False)
    team = relationship("Team", back_populates="players")


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    teams = relationship("Team", secondary=team_tags, back_populates="tags")


TAGS = (1, 2, 3)
engine = create_engine(
    "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False, "isolation_level": None}
)
# The driver would begin no transaction before a savepoint.
event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))
Base.metadata.create_all(engine)

small = st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add team"), small),
        st.tuples(st.just("add player"), small, st.sampled_from(["append", "parent", "constructor"])),
        st.tuples(st.just("move player"), small, small, st.booleans()),
        st.tuples(st.just("drop player"), small, st.booleans()),
        st.tuples(st.just("replace players"), small, st.sets(small, max_size=3)),
        st.tuples(st.just("points"), small, st.one_of(st.none(), small)),
        st.tuples(st.just("goals"), small, small),
        st.tuples(st.just("tags"), small, st.sets(st.sampled_from(TAGS))),
        st.tuples(st.just("tag"), small, st.sampled_from(TAGS)),
        st.tuples(st.just("delete team"), small),
        st.tuples(st.just("delete player"), small),
        st.tuples(st.just("expire")),
        st.tuples(st.just("flush")),
        st.tuples(st.just("commit")),
        st.tuples(st.just("rollback")),
        st.tuples(st.just("savepoint"), st.booleans()),
    ),
    min_size=5,
    max_size=25,
)


class World:
    """
    The session with its objects by name, and the model of both.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.count = 0
        self.teams: dict[str, dict[str, Any]] = {}
        self.players: dict[str, dict[str, Any]] = {}
        self.objects: dict[str, Any] = {}
        self.saved: Any = None
        self.tags = {tag.id: tag for tag in session.scalars(select(Tag))}
        self.save()

    # -- model -------------------------------------------------------------

    def save(self) -> None:
        self.saved = copy.deepcopy((self.teams, self.players))

    def restore(self) -> None:
        """Go back to what was saved; what came since is no object of the session's any more."""
        self.teams, self.players = copy.deepcopy(self.saved)
        for name in list(self.objects):
            if name not in self.teams and name not in self.players:
                assert self.objects.pop(name) not in self.session

    def forget_orphans(self) -> None:
        for name in [name for name, player in self.players.items() if player["team"] is None]:
            del self.players[name], self.objects[name]

    def pick(self, among: dict[str, Any], n: int) -> str | None:
        names = list(among)
        return names[n % len(names)] if names else None

    def team_of(self, n: int) -> str | None:
        return self.pick(self.teams, n)

    def player_of(self, n: int) -> str | None:
        return self.pick({name: p for name, p in self.players.items() if p["team"] is not None}, n)

    def new_name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    # -- steps -------------------------------------------------------------

    def add_team(self, points: int) -> None:
        name = self.new_name("team")
        self.objects[name] = team = Team(name=name, points=points)
        self.session.add(team)
        self.teams[name] = {"points": points, "tags": set()}

    def add_player(self, n: int, way: str) -> None:
        team = self.team_of(n)
        if team is None:
            return
        name = self.new_name("player")
        owner = self.objects[team]
        if way == "append":
            player = Player(name=name)
            owner.players.append(player)
        elif way == "parent":
            player = Player(name=name)
            player.team = owner
        else:
            player = Player(name=name, team=owner)
        self.session.add(player)  # a backref adds nothing to a session
        self.objects[name] = player
        self.players[name] = {"goals": None, "team": team}

    def move_player(self, n: int, m: int, by_parent: bool) -> None:
        player, team = self.player_of(n), self.team_of(m)
        if player is None or team is None:
            return
        obj, owner = self.objects[player], self.objects[team]
        if by_parent:
            obj.team = owner
        elif self.players[player]["team"] != team:
            owner.players.append(obj)
        self.session.add(obj)  # a pending object that leaves its team leaves the session
        self.players[player]["team"] = team

    def drop_player(self, n: int, by_parent: bool) -> None:
        player = self.player_of(n)
        if player is None:
            return
        obj = self.objects[player]
        if by_parent:
            obj.team = None
        else:
            obj.team.players.remove(obj)
        assert obj.team is None
        self.players[player]["team"] = None

    def replace_players(self, n: int, numbers: set[int]) -> None:
        team = self.team_of(n)
        if team is None:
            return
        names = {name for name in map(self.player_of, sorted(numbers)) if name is not None}
        self.objects[team].players = [self.objects[name] for name in sorted(names)]
        self.session.add_all(self.objects[name] for name in names)
        for name, player in self.players.items():
            if name in names:
                player["team"] = team
            elif player["team"] == team:
                player["team"] = None

    def points(self, n: int, value: int | None) -> None:
        team = self.team_of(n)
        if team is not None:
            self.objects[team].points = value
            self.teams[team]["points"] = value

    def goals(self, n: int, value: int) -> None:
        player = self.player_of(n)
        if player is not None:
            self.objects[player].goals = value
            self.players[player]["goals"] = value

    def set_tags(self, n: int, ids: set[int]) -> None:
        team = self.team_of(n)
        if team is not None:
            self.objects[team].tags = [self.tags[i] for i in sorted(ids)]
            self.teams[team]["tags"] = set(ids)

    def toggle_tag(self, n: int, number: int) -> None:
        team = self.team_of(n)
        if team is None:
            return
        tag, obj, known = self.tags[number], self.objects[team], self.teams[team]["tags"]
        if number in known:
            obj.tags.remove(tag)
            known.discard(number)
        else:
            tag.teams.append(obj)
            known.add(number)

    def delete_team(self, n: int) -> None:
        team = self.team_of(n)
        if team is None or not inspect(self.objects[team]).persistent:
            return
        self.flush()
        self.session.delete(self.objects[team])
        for name in [name for name, player in self.players.items() if player["team"] == team]:
            del self.players[name], self.objects[name]
        del self.teams[team], self.objects[team]
        self.flush()

    def delete_player(self, n: int) -> None:
        player = self.player_of(n)
        if player is None or not inspect(self.objects[player]).persistent:
            return
        self.flush()
        self.session.delete(self.objects[player])
        self.flush(expire=self.objects[self.players[player]["team"]])
        del self.players[player], self.objects[player]

    def expire(self) -> None:
        self.flush()
        self.session.expire_all()

    def flush(self, expire: Any = None) -> None:
        self.session.flush()
        if expire is not None:
            # A deleted object stays in collections until they are loaded again.
            self.session.expire(expire)
        self.forget_orphans()

    def commit(self) -> None:
        self.session.commit()
        self.forget_orphans()
        self.save()

    def rollback(self) -> None:
        self.session.rollback()
        self.reload()

    def reload(self) -> None:
        self.restore()
        for name in [*self.teams, *self.players]:
            if name not in self.objects:
                cls = Team if name in self.teams else Player
                self.objects[name] = self.session.scalars(select(cls).where(cls.name == name)).one()

    def savepoint(self, keep: bool) -> None:
        """Do something inside a savepoint, and keep it or not."""
        self.flush()
        before = self.saved
        self.save()
        nested = self.session.begin_nested()
        self.add_team(9)
        self.add_player(self.count, "append")
        self.points(0, 77)
        self.flush()
        if keep:
            nested.commit()
        else:
            nested.rollback()
            self.reload()
        self.saved = before

    # -- the truth ------------------------------------------------------------

    def check(self, flushed: bool = True) -> None:
        self.check_objects()
        if flushed:
            self.check_database()
            assert not self.session.new and not self.session.deleted
            assert not [obj for obj in self.session.dirty if self.session.is_modified(obj)]

    def check_objects(self) -> None:
        for name, facts in self.teams.items():
            team = self.objects[name]
            assert team in self.session and team.name == name
            assert team.points == facts["points"]
            assert sorted(tag.id for tag in team.tags) == sorted(facts["tags"])
            mine = sorted(player for player, known in self.players.items() if known["team"] == name)
            assert sorted(player.name for player in team.players) == mine
            assert all(player.team is team for player in team.players)
        for name, facts in self.players.items():
            player = self.objects[name]
            assert player.goals == facts["goals"]
            assert (player.team and player.team.name) == facts["team"]

    def check_database(self) -> None:
        teams, players = Team.__table__, Player.__table__
        conn = self.session.connection()
        assert dict(conn.execute(select(teams.c.name, teams.c.points)).all()) == {
            name: facts["points"] for name, facts in self.teams.items()
        }
        joined = select(players.c.name, players.c.goals, teams.c.name).join(teams)
        assert {row[0]: (row[1], row[2]) for row in conn.execute(joined)} == {
            name: (facts["goals"], facts["team"]) for name, facts in self.players.items()
        }
        assert conn.scalar(select(func.count()).select_from(players)) == len(self.players)
        tagged = select(teams.c.name, team_tags.c.tag_id).join(team_tags)
        assert sorted(conn.execute(tagged).all()) == sorted(
            (name, tag) for name, facts in self.teams.items() for tag in facts["tags"]
        )
        assert conn.scalar(select(func.count()).select_from(team_tags)) == sum(
            len(facts["tags"]) for facts in self.teams.values()
        )


METHODS = {"tags": "set_tags", "tag": "toggle_tag"}
SETTLED = {"flush", "commit", "rollback", "expire", "delete team", "delete player", "savepoint"}


def run(program: list[Any]) -> None:
    with Session(engine, autoflush=False) as session:
        session.add_all([Tag(id=i) for i in TAGS])
        session.commit()
        world = World(session)
        for kind, *arguments in program:
            getattr(world, METHODS.get(kind, kind.replace(" ", "_")))(*arguments)
            if kind in SETTLED:
                world.check(flushed=kind in ("flush", "commit", "rollback", "expire"))
        world.commit()
        world.check()
        session.expunge_all()
        world.tags = {tag.id: tag for tag in session.scalars(select(Tag))}
        world.objects.clear()
        world.reload()
        world.check()


@settings(max_examples=50, deadline=None)
@given(steps)
def test_session_follows_the_model(program: list[Any]) -> None:
    try:
        run(program)
    finally:
        with engine.begin() as conn:
            for table in reversed(Base.metadata.sorted_tables):
                conn.execute(table.delete())
