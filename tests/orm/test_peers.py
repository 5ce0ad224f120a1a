"""Loading for all peers what one object lacks: as many statements as levels, and the same objects."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    delete,
    event,
    exc,
    select,
)
from relvar.orm import (
    Session,
    aliased,
    column_property,
    declarative_base,
    defer,
    deferred,
    joinedload,
    lazyload,
    mapped_column,
    peers,
    raiseload,
    relationship,
    selectinload,
    sessionmaker,
    undefer,
)
from relvar.orm.exc import DetachedInstanceError, LazyLoadError


class Model:
    """Teams with members with tasks; tags of teams; a boss in each member; two kinds of tasks."""

    def __init__(self, lazy: str = "select") -> None:
        Base = declarative_base()
        team_tags = Table(
            "team_tags",
            Base.metadata,
            Column("country", String(2), primary_key=True),
            Column("number", Integer, primary_key=True),
            Column("tag_id", ForeignKey("tags.id"), primary_key=True),
            ForeignKeyConstraint(["country", "number"], ["teams.country", "teams.number"]),
        )

        class Team(Base):
            __tablename__ = "teams"
            country = Column(String(2), primary_key=True)
            number = Column(Integer, primary_key=True, autoincrement=False)
            motto = mapped_column(String(50), deferred=True)
            members = relationship("Member", back_populates="team", order_by="Member.id", lazy=lazy)
            tags = relationship("Tag", secondary=team_tags, order_by="Tag.id", lazy=lazy)
            home = relationship("Home", back_populates="team", uselist=False, lazy=lazy)

        class Home(Base):
            __tablename__ = "homes"
            id = Column(Integer, primary_key=True)
            country = Column(String(2))
            number = Column(Integer)
            team = relationship("Team", back_populates="home")
            __table_args__ = (ForeignKeyConstraint([country, number], [Team.country, Team.number]),)

        class Tag(Base):
            __tablename__ = "tags"
            id = Column(Integer, primary_key=True)

        class Member(Base):
            __tablename__ = "members"
            id = Column(Integer, primary_key=True)
            country = Column(String(2))
            number = Column(Integer)
            boss_id = Column(ForeignKey("members.id"))
            team = relationship("Team", back_populates="members", lazy=lazy)
            boss = relationship("Member", remote_side=id, lazy=lazy, post_update=True)
            tasks = relationship("Task", back_populates="member", order_by="Task.id", lazy=lazy)
            __table_args__ = (ForeignKeyConstraint([country, number], [Team.country, Team.number]),)

        class Task(Base):
            __tablename__ = "tasks"
            id = Column(Integer, primary_key=True)
            kind = Column(String(10), nullable=False)
            member_id = Column(ForeignKey("members.id"))
            member = relationship("Member", back_populates="tasks", lazy=lazy)
            __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "task"}

        class Bug(Task):
            __tablename__ = "bugs"
            id = Column(ForeignKey("tasks.id"), primary_key=True)
            severity = Column(Integer)
            __mapper_args__ = {"polymorphic_identity": "bug"}

        self.Base, self.Team, self.Home, self.Tag = Base, Team, Home, Tag
        self.Member, self.Task, self.Bug = Member, Task, Bug

    def fill(self, engine: Any, teams: int = 6, members: int = 3, tasks: int = 2) -> None:
        self.Base.metadata.create_all(engine)
        with Session(engine) as session:
            tags = [self.Tag(id=n) for n in range(1, 4)]
            everybody: list[Any] = []
            for n in range(teams):
                team = self.Team(country="de" if n % 2 else "fr", number=n, motto=f"motto {n}")
                team.tags = tags[: n % 4]
                if n % 3:
                    team.home = self.Home(id=n)
                for _ in range(members):
                    member = self.Member(id=len(everybody) + 1)
                    for i in range(tasks):
                        kind = self.Bug(severity=i) if i % 2 else self.Task()
                        member.tasks.append(kind)
                    team.members.append(member)
                    everybody.append(member)
                session.add(team)
            session.flush()
            for member in everybody[2:]:
                member.boss = everybody[member.id % 2]
            session.commit()

    def walk(self, session: Any, *options: Any) -> list[Any]:
        """Read everything; return it as plain values."""
        teams = session.scalars(
            select(self.Team).order_by(self.Team.number).options(*options).execution_options()
        ).all()
        return [
            (
                team.number,
                team.motto,
                [tag.id for tag in team.tags],
                team.home.id if team.home is not None else None,
                [
                    (
                        member.id,
                        member.team is team,
                        member.boss.id if member.boss else None,
                        [(task.id, getattr(task, "severity", None)) for task in member.tasks],
                    )
                    for member in team.members
                ],
            )
            for team in teams
        ]


@pytest.fixture
def log(engine: Any, sql_log: Any) -> list[Any]:
    model = Model()
    model.fill(engine)
    statements: list[Any] = sql_log(engine)
    return statements


def test_one_statement_per_attribute_and_level(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        expected = model.walk(session)
    alone = len(log)
    log.clear()
    with Session(engine, lazy_loading="peers") as session:
        assert model.walk(session) == expected
    # teams; motto, tags, home, members; bosses came along as members; tasks; severity of bugs
    assert len(log) == 7 < alone / 5


def test_a_hundred_by_ten_by_ten(sqlite_engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(sqlite_engine, teams=100, members=10, tasks=10)
    log = sql_log(sqlite_engine)
    with sessionmaker(sqlite_engine, lazy_loading="peers")() as session:
        found = model.walk(session)
    assert sum(len(member[3]) for team in found for member in team[4]) == 10_000
    assert len(log) == 7


def test_mapped_so(engine: Any, sql_log: Any) -> None:
    model = Model(lazy="peers")
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        found = model.walk(session, undefer(model.Team.motto))
    assert [team[0] for team in found] == list(range(6))
    # motto comes with the teams; each bug's severity by itself
    relations = [text for text, _ in log if "severity" not in text]
    assert len(relations) == 5


def test_by_option(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    Team, Member = model.Team, model.Member
    with Session(engine) as session:
        options = (peers(Team.members).peers(Member.tasks), peers(Team.motto))
        for team in session.scalars(select(Team).options(*options)).all():
            assert team.motto.startswith("motto")
            assert [len(member.tasks) for member in team.members] == [2, 2, 2]
        assert len(log) == 4
        # what no option speaks of is loaded one by one
        team = session.scalars(select(Team).where(Team.number == 1)).one()
        log.clear()
        assert len(team.tags) == 1
        assert len(log) == 1


def test_wildcard_option(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        for team in session.scalars(select(model.Team).options(peers("*"))).all():
            assert len(team.tags) == team.number % 4
            assert (team.home is None) == (team.number % 3 == 0)
    assert len(log) == 3


def test_many_to_one_asks_only_for_what_is_not_there(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine, lazy_loading="peers") as session:
        here = session.scalars(select(model.Team).where(model.Team.number < 3)).all()
        log.clear()
        members = session.scalars(select(model.Member).order_by(model.Member.id)).all()
        assert [member.team.number for member in members] == [n for n in range(6) for _ in range(3)]
        assert len(log) == 2 and len(here) == 3
        # no row is asked for twice: three teams by their composite keys
        assert log[1].count("(") <= 8


def test_expired_objects_are_refreshed_together(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine, lazy_loading="peers") as session:
        teams = session.scalars(select(model.Team).order_by(model.Team.number)).all()
        session.commit()
        log.clear()
        assert [team.number for team in teams] == list(range(6))
        assert len(log) == 1
        session.commit()
        log.clear()
        assert [len(team.members) for team in teams] == [3] * 6
        assert len(log) == 2


def test_a_row_that_is_gone(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    with Session(engine, lazy_loading="peers") as session:
        tasks = session.scalars(select(model.Task).order_by(model.Task.id)).all()
        session.commit()
        gone = tasks[2].id
        table = model.Task.__table__
        session.execute(delete(table).where(table.c.id == gone))
        session.expire_all()
        assert tasks[0].kind == "task"
        with pytest.raises(exc.InvalidRequestError, match="has been deleted"):
            tasks[2].kind
        assert tasks[4].kind == "task"


def test_changes_are_kept(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    with Session(engine, lazy_loading="peers", autoflush=False) as session:
        first, second, third, *_ = session.scalars(select(model.Team).order_by(model.Team.number)).all()
        second.motto = "changed"
        new = model.Member(id=100, team=third)
        session.add(new)
        second.tags = []
        assert first.motto == "motto 0" and second.motto == "changed" and third.motto == "motto 2"
        assert [member.id for member in first.members] == [1, 2, 3]
        assert [member.id for member in third.members] == [7, 8, 9, 100]
        assert new in third.members
        assert first.tags == [] and second.tags == [] and len(third.tags) == 2
        session.commit()
    with Session(engine) as session:
        team = session.get(model.Team, ("de", 1))
        assert (team.motto, team.tags) == ("changed", [])
        assert [m.id for m in session.get(model.Team, ("fr", 2)).members] == [7, 8, 9, 100]


def test_pending_changes_are_flushed_first(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    with Session(engine, lazy_loading="peers") as session:
        first, second, *_ = session.scalars(select(model.Team).order_by(model.Team.number)).all()
        session.add(model.Member(id=100, country=second.country, number=second.number))
        assert len(first.members) == 3
        assert [member.id for member in second.members] == [4, 5, 6, 100]


def test_options_of_each_object_hold(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    Team = model.Team
    with Session(engine, lazy_loading="peers") as session:
        strict = session.scalars(select(Team).where(Team.number < 2).options(raiseload(Team.tags))).all()
        alone = session.scalars(select(Team).where(Team.number == 2).options(lazyload(Team.tags))).all()
        both = session.scalars(select(Team).order_by(Team.number)).all()
        log.clear()
        assert [len(team.tags) for team in both[3:]] == [3, 0, 1]
        assert len(log) == 1
        assert len(alone[0].tags) == 2
        with pytest.raises(exc.InvalidRequestError, match="lazy='raise'"):
            strict[0].tags


def test_conditions_in_options_are_followed(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    Team, Member = model.Team, model.Member
    with Session(engine) as session:
        teams = session.scalars(select(Team).options(peers(Team.members.and_(Member.id > 3)))).all()
        assert sum(len(team.members) for team in teams) == 15
        assert len(log) == 2


def test_aliases_and_joins(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    other = aliased(model.Team)
    with Session(engine, lazy_loading="peers") as session:
        rows = session.execute(
            select(other, model.Member)
            .join(other.members.of_type(model.Member))
            .options(joinedload(model.Member.boss))
            .order_by(model.Member.id)
        ).all()
        log.clear()
        assert [len(team.tags) for team, _ in rows] == [n % 4 for n in range(6) for _ in range(3)]
        assert [len(member.tasks) for _, member in rows] == [2] * 18
        # two cohorts of members: those that are selected, and bosses, which are among them
        assert len(log) <= 3


def test_eagerly_loaded_objects_have_peers(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    Team, Member = model.Team, model.Member
    for option in (joinedload(Team.members), selectinload(Team.members)):
        with Session(engine, lazy_loading="peers") as session:
            teams = session.scalars(select(Team).options(option)).unique().all()
            log.clear()
            assert [len(m.tasks) for team in teams for m in team.members] == [2] * 18
            assert len(log) == 1
    with Session(engine) as session:
        found = session.scalars(
            select(Team).options(selectinload(Team.members, chunksize=2).peers(Member.tasks))
        )
        teams = found.all()
        log.clear()
        assert [len(m.tasks) for team in teams for m in team.members] == [2] * 18
        assert len(log) == 1


# a connection to MariaDB has no other statement while it streams
@pytest.mark.backends("sqlite", "postgresql")
def test_yield_per(engine: Any, sql_log: Any) -> None:
    model = Model()
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine, lazy_loading="peers") as session:
        teams = select(model.Team).order_by(model.Team.number).execution_options(yield_per=2)
        assert [len(team.tags) for team in session.scalars(teams)] == [0, 1, 2, 3, 0, 1]
    assert len(log) == 4


def test_objects_are_not_kept(sqlite_engine: Any) -> None:
    model = Model()
    model.fill(sqlite_engine)
    with Session(sqlite_engine, lazy_loading="peers") as session:
        teams = list(session.scalars(select(model.Team)).all())
        last = teams[-1]
        gone = [weakref.ref(team) for team in teams[:-1]]
        teams.clear()
        gc.collect()
        assert [ref() for ref in gone] == [None] * 5
        assert len(last.members) == 3


def test_detached_and_other_sessions(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    with Session(engine, lazy_loading="peers") as session, Session(engine) as other:
        first, second, third, *_ = session.scalars(select(model.Team).order_by(model.Team.number)).all()
        session.expunge(second)
        session.expunge(third)
        other.add(third)
        assert len(first.members) == 3
        assert len(third.members) == 3
        with pytest.raises(DetachedInstanceError, match="not bound to a Session"):
            second.members


def test_primaryjoin_of_ones_own(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Word(Base):  # type: ignore[valid-type, misc]  # made at run time
        __tablename__ = "words"
        id = Column(Integer, primary_key=True)
        first = Column(String(1))
        rhymes = relationship(
            "Word",
            primaryjoin="and_(foreign(Word.first) == remote(Word.first), Word.id != remote(Word.id))",
            viewonly=True,
            uselist=True,
            order_by="Word.id",
            lazy="peers",
        )

    Base.metadata.create_all(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        session.add_all([Word(id=n, first="ab"[n % 2]) for n in range(1, 7)])
        session.commit()
        words = session.scalars(select(Word).order_by(Word.id)).all()
        log.clear()
        assert [[w.id for w in word.rhymes] for word in words[:2]] == [[3, 5], [4, 6]]
        assert [len(word.rhymes) for word in words] == [2] * 6
        assert len(log) == 1


# -- strict -----------------------------------------------------------------------------------------


def test_strict_names_what_is_wrong(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    Team = model.Team
    with Session(engine, lazy_loading="strict") as session:
        team = session.scalars(select(Team).where(Team.number == 1)).one()
        for attribute, option in (("members", "selectinload"), ("motto", "undefer"), ("home", "joinedload")):
            with pytest.raises(LazyLoadError) as caught:
                getattr(team, attribute)
            message = str(caught.value)
            assert message.startswith(f"Team.{attribute} was not loaded")
            assert f"options({option}(Team.{attribute}))" in message
            assert "test_peers.py:" in message
        # what was asked for, or allowed, is there
        options = (selectinload(Team.members), undefer(Team.motto), peers(Team.tags), lazyload(Team.home))
        again = select(Team).where(Team.number == 1).options(*options)
        team = session.scalars(again.execution_options(populate_existing=True)).one()
        assert (len(team.members), team.motto, len(team.tags), team.home.id) == (3, "motto 1", 1, 1)


def test_strict_needs_no_statement_for_what_is_there(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    with Session(engine, lazy_loading="strict") as session:
        teams = {team.number: team for team in session.scalars(select(model.Team))}
        members = session.scalars(select(model.Member)).all()
        assert all(member.team is teams[member.number] for member in members)
        session.commit()
        # an expired object is not a lazy one
        assert teams[1].number == 1


# -- report -----------------------------------------------------------------------------------------


def repeated(session: Any) -> set[str]:
    return {loads.attribute for loads in session.lazy_report}


WASTEFUL = {
    "members in a loop": (lambda s, m: [t.members for t in all_of(s, m.Team)], {"Team.members"}),
    "tags in a loop": (lambda s, m: [t.tags for t in all_of(s, m.Team)], {"Team.tags"}),
    "one to one": (lambda s, m: [t.home for t in all_of(s, m.Team)], {"Team.home"}),
    "many to one": (lambda s, m: [x.team for x in all_of(s, m.Member)], {"Member.team"}),
    "deferred column": (lambda s, m: [t.motto for t in all_of(s, m.Team)], {"Team.motto"}),
    "subclass column": (
        lambda s, m: [getattr(x, "severity", 0) for x in all_of(s, m.Task)],
        {"Bug.severity"},
    ),
    "two levels": (
        lambda s, m: [x.tasks for t in all_of(s, m.Team) for x in t.members],
        {"Team.members", "Member.tasks"},
    ),
    "below an eager load": (
        lambda s, m: [x.tasks for t in all_of(s, m.Team, selectinload(m.Team.members)) for x in t.members],
        {"Member.tasks"},
    ),
    "below a join": (
        lambda s, m: [x.tasks for t in all_of(s, m.Team, joinedload(m.Team.members)) for x in t.members],
        {"Member.tasks"},
    ),
    "up and down": (lambda s, m: [x.team.tags for x in all_of(s, m.Member)], {"Member.team", "Team.tags"}),
    "in a comprehension of one field": (
        lambda s, m: {len(x.member.tasks) for x in all_of(s, m.Task)},
        {"Task.member", "Member.tasks"},
    ),
    "only some of them": (lambda s, m: [t.tags for t in all_of(s, m.Team)[2:4]], {"Team.tags"}),
    "the first and the last": (
        lambda s, m: (all_of(s, m.Team)[0].members, all_of(s, m.Team)[-1].members),
        set(),  # two results, one load in each
    ),
    "by hand": (lambda s, m: hand(all_of(s, m.Team)), {"Team.members"}),
    "sorted by a lazy key": (
        lambda s, m: sorted(all_of(s, m.Member), key=lambda x: x.team.number),
        {"Member.team"},
    ),
    "any()": (lambda s, m: any(len(t.members) > 5 for t in all_of(s, m.Team)), {"Team.members"}),
    "rows": (lambda s, m: [t.members for (t,) in s.execute(select(m.Team))], {"Team.members"}),
    "query": (lambda s, m: [t.members for t in s.query(m.Team)], {"Team.members"}),
    "nothing found": (lambda s, m: [t.home for t in all_of(s, m.Team) if not t.number % 3], {"Team.home"}),
    "explicit lazyload": (
        lambda s, m: [t.members for t in all_of(s, m.Team, lazyload(m.Team.members))],
        {"Team.members"},
    ),
    "defer": (
        lambda s, m: [x.boss_id for x in all_of(s, m.Member, defer(m.Member.boss_id))],
        {"Member.boss_id"},
    ),
    "expired": (lambda s, m: expired(s, all_of(s, m.Team)), {"Team.(expired)"}),
}

CLEAN = {
    "no attribute": lambda s, m: all_of(s, m.Team),
    "columns": lambda s, m: [t.number for t in all_of(s, m.Team)],
    "selectinload": lambda s, m: [t.members for t in all_of(s, m.Team, selectinload(m.Team.members))],
    "joinedload": lambda s, m: [t.home for t in all_of(s, m.Team, joinedload(m.Team.home))],
    "peers": lambda s, m: [t.members for t in all_of(s, m.Team, peers(m.Team.members))],
    "undefer": lambda s, m: [t.motto for t in all_of(s, m.Team, undefer(m.Team.motto))],
    "peers of a column": lambda s, m: [t.motto for t in all_of(s, m.Team, peers(m.Team.motto))],
    "one object": lambda s, m: [s.get(m.Team, ("de", 1)).members, s.get(m.Team, ("de", 1)).tags],
    "one of many": lambda s, m: all_of(s, m.Team)[0].members,
    "another attribute of each": lambda s, m: (lambda t: (t[0].members, t[1].tags))(all_of(s, m.Team)),
    "twice the same": lambda s, m: (lambda t: (t.members, t.members))(all_of(s, m.Team)[0]),
    "targets are there": lambda s, m: (lambda t: [x.team for x in all_of(s, m.Member)])(all_of(s, m.Team)),
    "no key": lambda s, m: [x.boss for x in all_of(s, m.Member)[:2]],
    "new objects": lambda s, m: [m.Team().members for _ in range(3)],
    "core rows": lambda s, m: s.execute(select(m.Team.number)).all(),
    "a chain of one": lambda s, m: s.get(m.Member, 1).team.tags,
    "one by one from different results": lambda s, m: [
        s.scalars(select(m.Member).where(m.Member.id == n)).one().tasks for n in (1, 2)
    ],
    "noted once": lambda s, m: [t.tags for t in all_of(s, m.Team)[:1]],
    "two levels, eager": lambda s, m: [
        x.tasks
        for t in all_of(s, m.Team, selectinload(m.Team.members).selectinload(m.Member.tasks))
        for x in t.members
    ],
    "back reference": lambda s, m: [
        x.team for t in all_of(s, m.Team, selectinload(m.Team.members)) for x in t.members
    ],
}


def all_of(session: Any, entity: Any, *options: Any) -> list[Any]:
    key = entity.__mapper__.primary_key
    return list(session.scalars(select(entity).options(*options).order_by(*key[::-1])).unique().all())


def hand(teams: list[Any]) -> None:
    count = 0
    while count < len(teams):
        len(teams[count].members)
        count += 1


def expired(session: Any, teams: list[Any]) -> None:
    session.commit()
    for team in teams:
        assert team.number >= 0


@pytest.fixture(scope="module")
def filled() -> Any:
    from relvar import create_engine
    from relvar.pool import StaticPool

    model = Model()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    model.fill(engine)
    yield engine, model
    engine.dispose()


@pytest.mark.parametrize("name", WASTEFUL)
def test_wasteful_programs_are_reported(filled: Any, name: str) -> None:
    engine, model = filled
    program, expected = WASTEFUL[name]
    with Session(engine, lazy_loading="report") as session:
        program(session, model)
        assert repeated(session) == expected
        if expected:
            table = str(session.lazy_report)
            assert table.splitlines()[0].split()[:2] == ["statements", "objects"]
            assert "test_peers.py:" in table
            session.lazy_report.clear()
        assert str(session.lazy_report) == "Nothing was loaded one object at a time."


@pytest.mark.parametrize("name", CLEAN)
def test_clean_programs_are_not(filled: Any, name: str) -> None:
    engine, model = filled
    with Session(engine, lazy_loading="report") as session:
        CLEAN[name](session, model)
        assert repeated(session) == set()
        assert len(session.lazy_report) == 0


def test_report_counts(filled: Any) -> None:
    engine, model = filled
    with Session(engine, lazy_loading="report") as session:
        for team in all_of(session, model.Team):
            for member in team.members:
                len(member.tasks)
        tasks, members = session.lazy_report
    assert (tasks.attribute, tasks.statements, tasks.objects) == ("Member.tasks", 18, 18)
    assert (members.attribute, members.statements, members.objects) == ("Team.members", 6, 6)
    assert all("test_peers.py:" in place for place in (tasks.loaded_at, tasks.queried_at, members.queried_at))


# -- the switch ---------------------------------------------------------------------------------------


def test_the_switch(sqlite_engine: Any) -> None:
    assert Session(sqlite_engine).lazy_loading is None
    assert Session(sqlite_engine, lazy_loading="select").lazy_loading is None
    assert sessionmaker(lazy_loading="peers")(bind=sqlite_engine).lazy_loading == "peers"
    with pytest.raises(exc.ArgumentError, match="'select', 'peers', 'report', 'strict'; got 'peer'"):
        Session(sqlite_engine, lazy_loading="peer")


def test_listeners_see_one_statement(engine: Any) -> None:
    model = Model()
    model.fill(engine)
    seen: list[Any] = []
    with Session(engine, lazy_loading="peers") as session:
        teams = session.scalars(select(model.Team)).all()
        event.listen(session, "do_orm_execute", lambda state: seen.append(state.is_relationship_load))
        assert sum(len(team.members) for team in teams) == 18
        assert len({team.motto for team in teams}) == 6
    assert seen == [True, False]


def test_column_property(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Item(Base):  # type: ignore[valid-type, misc]  # made at run time
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        price = Column(Integer)
        twice = column_property(price * 2, deferred=True)

    Base.metadata.create_all(engine)
    log = sql_log(engine)
    with Session(engine, lazy_loading="peers") as session:
        session.add_all([Item(id=n, price=n) for n in range(1, 5)])
        session.commit()
        items = session.scalars(select(Item).order_by(Item.id)).all()
        log.clear()
        assert [item.twice for item in items] == [2, 4, 6, 8]
        assert len(log) == 1


def test_columns_mapped_so(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Page(Base):  # type: ignore[valid-type, misc]  # made at run time
        __tablename__ = "pages"
        site = Column(String(2), primary_key=True)
        number = Column(Integer, primary_key=True, autoincrement=False)
        kind = Column(String(10))
        body = mapped_column(String(20), lazy="peers")
        head = mapped_column(String(20), lazy="peers", deferred_group="edges")
        foot = mapped_column(String(20), lazy="peers", deferred_group="edges")
        alone = mapped_column(String(20), deferred=True)
        name = column_property(site + "!", lazy="peers")
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "page"}

    class Cover(Page):
        image = deferred(Column(String(20)), lazy="peers")
        __mapper_args__ = {"polymorphic_identity": "cover"}

    Base.metadata.create_all(engine)
    log = sql_log(engine)
    for mode in ("select", "strict", "report"):
        with Session(engine, lazy_loading=mode) as session:
            session.execute(delete(Page))
            for n in range(1, 7):
                cls, more = (Cover, {"image": f"image {n}"}) if n % 2 else (Page, {})
                page = cls(site="ab"[n % 2], number=n, body=f"body {n}", head=f"h{n}", foot=f"f{n}", **more)
                session.add(page)
            session.commit()
        with Session(engine, lazy_loading=mode) as session:
            pages = session.scalars(select(Page).order_by(Page.number)).all()
            pages[1].body = "changed"
            log.clear()
            with session.no_autoflush:
                assert [page.body for page in pages[:3]] == ["body 1", "changed", "body 3"]
            session.expunge(pages[1])
            pages.pop(1)
            assert [page.body for page in pages] == ["body 1", *[f"body {n}" for n in range(3, 7)]]
            assert [(page.head, page.foot) for page in pages] == [(f"h{n}", f"f{n}") for n in (1, 3, 4, 5, 6)]
            assert [page.name for page in pages] == ["b!", "b!", "a!", "b!", "a!"]
            # pages and covers together
            assert len(log) == 3
            log.clear()
            assert [getattr(page, "image", None) for page in pages[:2]] == ["image 1", "image 3"]
            assert [page.image for page in pages[3:4]] == ["image 5"]
            assert len(log) == 1
            if mode == "report":
                assert list(session.lazy_report) == []
        with Session(engine) as session:
            # an option has the last word
            log.clear()
            for page in session.scalars(select(Page).options(defer(Page.body))):
                assert page.body.startswith("body")
            assert len(log) == 1 + 6
    with pytest.raises(exc.ArgumentError, match="lazy of a column is 'peers', or left out; got 'joined'"):
        mapped_column(String(20), lazy="joined")  # type: ignore[arg-type]  # that is the point


def test_strict_sessions_do_as_they_are_told(engine: Any) -> None:
    Base = declarative_base()

    class Owner(Base):  # type: ignore[valid-type, misc]  # made at run time
        __tablename__ = "owners"
        id = Column(Integer, primary_key=True)
        cats = relationship("Cat", lazy="immediate")
        dogs = relationship("Dog", lazy="selectin")
        birds = relationship("Bird")

    def pet(name: str) -> Any:
        columns = {"id": Column(Integer, primary_key=True), "owner_id": Column(ForeignKey("owners.id"))}
        return type(name, (Base,), {"__tablename__": f"{name.lower()}s", **columns})

    cat, dog, bird = pet("Cat"), pet("Dog"), pet("Bird")
    Base.metadata.create_all(engine)
    with Session(engine, lazy_loading="strict") as session:
        session.add(Owner(id=1, cats=[cat(id=1)], dogs=[dog(id=1)], birds=[bird(id=1)]))
        session.commit()
        owner = session.scalars(select(Owner)).one()
        assert (len(owner.cats), len(owner.dogs)) == (1, 1)
        session.commit()
        # refreshed with what is loaded at once
        assert owner.id == 1 and (len(owner.cats), len(owner.dogs)) == (1, 1)
        with pytest.raises(LazyLoadError, match="Owner.birds was not loaded"):
            owner.birds
        session.refresh(owner, ["birds"])
        assert len(owner.birds) == 1
