"""What loader options say where they meet: each other, lazy loads, subclasses, columns that are left out."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, bindparam, case, exc, func, select
from relvar.orm import (
    Session,
    aliased,
    contains_eager,
    declarative_base,
    defaultload,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    mapped_column,
    peers,
    query_expression,
    raiseload,
    relationship,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    undefer,
    undefer_group,
    with_expression,
    with_polymorphic,
)

# how options are put together does not depend on the database
pytestmark = pytest.mark.backends("sqlite")

Base: Any = declarative_base()


class Team(Base):
    __tablename__ = "teams"
    id = mapped_column(Integer, primary_key=True)
    motto = mapped_column(String(20), deferred=True, deferred_group="words")
    song = mapped_column(String(20), deferred=True, deferred_group="words")
    size = query_expression()
    members = relationship("Member", back_populates="team", order_by="Member.id")


class Member(Base):
    __tablename__ = "members"
    id = mapped_column(Integer, primary_key=True)
    name = mapped_column(String(20))
    kind = mapped_column(String(10))
    motto = mapped_column(String(20), deferred=True, deferred_group="words")
    team_id = mapped_column(ForeignKey("teams.id"))
    boss_id = mapped_column(ForeignKey("members.id"))
    team = relationship(Team, back_populates="members")
    boss = relationship("Member", remote_side=id, back_populates="reports")
    reports = relationship("Member", back_populates="boss", order_by=id)
    tasks = relationship("Task", back_populates="member", order_by="Task.id")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "member"}


class Coder(Member):
    __tablename__ = "coders"
    id = mapped_column(ForeignKey("members.id"), primary_key=True)
    language = mapped_column(String(20))
    secret = mapped_column(String(20), deferred=True)
    machines = relationship("Machine", order_by="Machine.id")
    __mapper_args__ = {"polymorphic_identity": "coder", "inherit_condition": id == Member.id}


class Lead(Coder):
    __tablename__ = "leads"
    id = mapped_column(ForeignKey("coders.id"), primary_key=True)
    plan = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "lead"}


class Seller(Member):
    __tablename__ = "sellers"
    id = mapped_column(ForeignKey("members.id"), primary_key=True)
    area = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "seller", "inherit_condition": id == Member.id}


class Machine(Base):
    __tablename__ = "machines"
    id = mapped_column(Integer, primary_key=True)
    coder_id = mapped_column(ForeignKey("coders.id"))


class Task(Base):
    __tablename__ = "tasks"
    id = mapped_column(Integer, primary_key=True)
    member_id = mapped_column(ForeignKey("members.id"))
    member = relationship(Member, back_populates="tasks")


def fill(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        teams = [Team(id=n, motto=f"motto {n}", song=f"song {n}") for n in (1, 2)]
        members: list[Any] = [
            Coder(id=1, name="ann", language="c", secret="s1", machines=[Machine(id=1), Machine(id=2)]),
            Lead(id=2, name="bob", language="d", plan="p2", machines=[Machine(id=3)]),
            Seller(id=3, name="cat", area="north"),
            Member(id=4, name="dan"),
        ]
        for member in members:
            member.team = teams[member.id % 2]
            member.tasks = [Task(id=10 * member.id + n) for n in range(2)]
            member.motto = f"own {member.id}"
        members[0].boss = members[1]
        members[2].boss = members[3].boss = members[1]
        session.add_all(teams + members)
        session.commit()


@pytest.fixture
def session(engine: Any) -> Any:
    fill(engine)
    with Session(engine) as made:
        yield made


@pytest.fixture
def log(session: Any, sql_log: Any) -> list[Any]:
    statements: list[Any] = sql_log(session.get_bind())
    return statements


def loaded(obj: Any) -> set[str]:
    return set(obj.__dict__) - {"_sa_instance_state"}


MEMBERS = select(Member).order_by(Member.id)
TEAMS = select(Team).order_by(Team.id)
TASKS = {1: [[20, 21], [40, 41]], 2: [[10, 11], [30, 31]]}


# -- one below the other ----------------------------------------------------------------------------------


@pytest.mark.backends("sqlite", "postgresql", "mariadb")
@pytest.mark.parametrize("outer", [joinedload, selectinload, subqueryload, immediateload, lazyload])
def test_subqueries_repeat_the_statement_above_with_its_values(session: Any, outer: Any) -> None:
    option = outer(Team.members).subqueryload(Member.tasks)
    for number in (1, 2):
        statement = select(Team).where(Team.id == number).options(option)
        found = session.scalars(statement).unique().one()
        assert [[task.id for task in member.tasks] for member in found.members] == TASKS[number]
    statement = select(Team).where(Team.id == bindparam("n")).options(option)
    for number in (2, 1):
        session.expunge_all()
        found = session.scalars(statement, {"n": number}).unique().one()
        assert [[task.id for task in member.tasks] for member in found.members] == TASKS[number]


def test_what_a_chain_of_subqueries_meets_twice_is_there_once(session: Any) -> None:
    # bob is the boss of three
    option = subqueryload(Member.boss).subqueryload(Member.tasks)
    boss = session.scalars(MEMBERS.options(option)).first().boss
    assert [task.id for task in boss.tasks] == [20, 21]


def test_further_statements_wait_for_all_that_are_loaded_one_by_one(session: Any, log: Any) -> None:
    option = immediateload(Team.members).selectinload(Member.tasks)
    teams = session.scalars(TEAMS.options(option)).all()
    assert [[task.id for m in team.members for task in m.tasks] for team in teams] == [
        [20, 21, 40, 41],
        [10, 11, 30, 31],
    ]
    assert len(log) == 1 + 2 + 1


def test_refreshes_ask_only_for_what_is_lacking(session: Any, log: Any) -> None:
    below = selectinload(Team.members).selectinload(Member.tasks)
    team = session.scalars(TEAMS.options(below)).first()
    members = list(team.members)
    log.clear()
    session.refresh(team)
    assert log and not any("tasks" in text for text, _ in log)
    session.expire(members[0], ["tasks"])
    log.clear()
    session.refresh(team)
    ((_, values),) = [sent for sent in log if "tasks" in sent[0]]
    assert values == (members[0].id,)


# -- columns that are left out ----------------------------------------------------------------------------


@pytest.mark.parametrize("option", [selectinload, subqueryload, joinedload])
def test_a_key_that_is_left_out(session: Any, log: Any, option: Any) -> None:
    statement = MEMBERS.options(load_only(Member.name), option(Member.team))
    members = session.scalars(statement).all()
    assert [member.team.id for member in members] == [2, 1, 2, 1]
    assert len(log) == (1 if option is joinedload else 2)
    assert "motto" not in loaded(members[0])


def test_columns_of_several_entities() -> None:
    with pytest.raises(exc.ArgumentError, match="Use separate options per entity"):
        load_only(Team.id, Member.name)
    with pytest.raises(exc.ArgumentError, match="expected ORM mapped attribute"):
        load_only("*")


def test_groups_are_those_of_the_statements_own_entities(session: Any) -> None:
    option = undefer_group("words")
    team = session.scalars(TEAMS.options(option, joinedload(Team.members))).unique().first()
    assert {"motto", "song"} <= loaded(team)
    assert "motto" not in loaded(team.members[0])
    session.expunge_all()
    below = selectinload(Team.members).undefer_group("words")
    team = session.scalars(TEAMS.options(below)).first()
    assert "motto" not in loaded(team) and "motto" in loaded(team.members[0])


def test_undefer_everything(session: Any) -> None:
    team = session.scalars(TEAMS.options(undefer("*"))).first()
    assert {"motto", "song", "size"} <= loaded(team) and team.size is None
    team = session.scalars(
        TEAMS.options(with_expression(Team.size, 5)).execution_options(populate_existing=True)
    ).first()
    assert team.size == 5


# -- wildcards --------------------------------------------------------------------------------------------


def test_an_unbound_wildcard_ends_where_something_is_loaded_later(session: Any) -> None:
    options = (raiseload("*"), lazyload(Member.team))
    member = session.scalars(MEMBERS.options(*options)).first()
    with pytest.raises(exc.InvalidRequestError, match="'Member.tasks' is not available due to lazy='raise'"):
        member.tasks
    assert len(member.team.members) == 2
    session.expunge_all()
    member = session.scalars(MEMBERS.options(raiseload("*"), joinedload(Member.team))).first()
    with pytest.raises(exc.InvalidRequestError, match="'Team.members' is not available"):
        member.team.members
    session.expunge_all()
    member = session.scalars(MEMBERS.options(lazyload(Member.team).raiseload("*"))).first()
    with pytest.raises(exc.InvalidRequestError, match="'Team.members' is not available"):
        member.team.members


def test_everything_at_once_ends(session: Any, log: Any) -> None:
    bob = session.scalars(select(Member).where(Member.id == 2).options(immediateload("*"))).one()
    assert [member.id for member in bob.reports] == [1, 3, 4]
    assert {"reports", "team", "tasks"} <= loaded(bob)
    # what came with them is left alone
    assert "reports" not in loaded(bob.reports[0])


# -- conditions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [joinedload, selectinload, subqueryload, immediateload, lazyload])
def test_conditions_hold_for_a_target_that_is_there_already(session: Any, option: Any) -> None:
    everybody = session.scalars(MEMBERS).all()
    statement = MEMBERS.options(option(Member.boss.and_(Member.name == "nobody")))
    members = session.scalars(statement.execution_options(populate_existing=True)).all()
    assert [member.boss for member in members] == [None] * 4 and members == everybody


# -- options that meet ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((joinedload(Team.members), selectinload(Team.members)), "selectinload.Team.members. is in conflict"),
        ((joinedload(Team.members), joinedload(Team.members, innerjoin=True)), "joinedload.Team.members. is"),
        ((raiseload(Team.members), raiseload(Team.members, sql_only=True)), "existing strategy raiseload"),
        ((selectinload(Team.members), selectinload(Team.members, chunksize=9)), "existing strategy selectin"),
        ((contains_eager(Team.members), joinedload(Team.members)), "existing strategy contains_eager"),
        (
            (load_only(Team.motto), defer(Team.motto)),
            r"defer.Team.motto. is .* undefer.Team.motto",
        ),
        ((defer(Team.motto), defer(Team.motto, raiseload=True)), "existing strategy defer"),
        (
            (
                selectinload(Team.members).joinedload(Member.tasks),
                selectinload(Team.members).selectinload(Member.tasks),
            ),
            "selectinload.Team.members -> Member.tasks. is in conflict",
        ),
    ],
)
def test_options_that_contradict_each_other(sqlite_engine: Any, options: Any, message: str) -> None:
    with Session(sqlite_engine) as session, pytest.raises(exc.InvalidRequestError, match=message):
        session.scalars(select(Team).options(*options))


def test_options_that_go_together(session: Any, log: Any) -> None:
    options = (
        selectinload(Team.members),
        defaultload(Team.members).joinedload(Member.tasks),
        selectinload(Team.members).undefer(Member.motto),
        lazyload("*"),
        raiseload("*"),
        with_expression(Team.size, 1),
        with_expression(Team.size, 2),
    )
    team = session.scalars(TEAMS.options(*options)).first()
    assert {"tasks", "motto"} <= loaded(team.members[0]) and team.size == 2
    assert len(log) == 2


def test_arguments() -> None:
    with pytest.raises(exc.ArgumentError, match="'chunksize=0' is not an appropriate input"):
        selectinload(Team.members, chunksize=0)
    with pytest.raises(exc.ArgumentError, match="not compatible with the Load.options"):
        joinedload(Team.members).options(5)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(exc.ArgumentError, match="Coder.machines. does not link from relationship"):
        selectinload(Team.members).selectinload(Coder.machines)


def test_recursion_is_for_what_leads_to_itself(sqlite_engine: Any) -> None:
    for option in (selectinload, immediateload):
        statement = select(Team).options(option(Team.members, recursion_depth=2))
        with Session(sqlite_engine) as session, pytest.raises(exc.InvalidRequestError) as caught:
            session.scalars(statement)
        assert "recursion_depth option on relationship Team.members not valid" in str(caught.value)


# -- subclasses -------------------------------------------------------------------------------------------


def test_each_class_asked_for_brings_its_own_columns(session: Any, log: Any) -> None:
    members = session.scalars(MEMBERS.options(selectin_polymorphic(Member, [Coder]))).all()
    assert [type(member).__name__ for member in members] == ["Coder", "Lead", "Seller", "Member"]
    # leads are coders
    assert [getattr(member, "language", None) for member in members] == ["c", "d", None, None]
    assert len(log) == 2 and "plan" not in loaded(members[1]) and "area" not in loaded(members[2])
    session.expunge_all()
    log.clear()
    members = session.scalars(MEMBERS.options(selectin_polymorphic(Member, [Lead, Seller]))).all()
    assert (members[1].language, members[1].plan, members[2].area) == ("d", "p2", "north")
    assert len(log) == 4 and "language" not in loaded(members[0])


def test_options_for_columns_of_subclasses(session: Any) -> None:
    polymorphic = selectin_polymorphic(Member, [Coder])
    coder = session.scalars(MEMBERS.options(polymorphic, undefer(Coder.secret))).first()
    assert {"secret", "language"} <= loaded(coder)
    session.expunge_all()
    coder = session.scalars(MEMBERS.options(polymorphic, load_only(Member.name))).first()
    assert loaded(coder) == {"id", "kind", "name", "language"}
    session.expunge_all()
    below = selectinload(Team.members).options(polymorphic, undefer(Coder.secret))
    assert "secret" in loaded(session.scalars(TEAMS.options(below)).all()[1].members[0])


def test_relationships_of_subclasses_are_loaded_for_all_together(session: Any, log: Any) -> None:
    options = (selectin_polymorphic(Member, [Coder, Lead]), selectinload(Coder.machines))
    members = session.scalars(MEMBERS.options(*options)).all()
    assert [[m.id for m in coder.machines] for coder in members[:2]] == [[1, 2], [3]]
    assert len(log) == 4
    session.expunge_all()
    log.clear()
    # the statement has no table of theirs: they are told by the objects' keys
    members = session.scalars(MEMBERS.options(subqueryload(Coder.machines))).all()
    assert [[m.id for m in coder.machines] for coder in members[:2]] == [[1, 2], [3]]
    assert len(log) == 2


@pytest.mark.backends("sqlite", "postgresql", "mariadb")
def test_relationships_of_subclasses_are_joined_to_their_own_statement(session: Any, log: Any) -> None:
    def read(*options: Any) -> tuple[list[Any], int]:
        session.expunge_all()
        log.clear()
        members = session.scalars(MEMBERS.options(*options)).unique().all()
        sent = len(log)
        for coder in members[:2]:
            assert "machines" in loaded(coder)
        return [[m.id for m in coder.machines] for coder in members[:2]], sent

    polymorphic = selectin_polymorphic(Member, [Coder, Lead])
    assert read(polymorphic, joinedload(Coder.machines)) == ([[1, 2], [3]], 3)
    # those of the first class that has it
    (coders,) = [text for text, _ in log if "coders" in text and "leads" not in text]
    assert "LEFT OUTER JOIN machines" in coders
    (leads,) = [text for text, _ in log if "leads" in text]
    assert "machines" not in leads
    # conditions and what follows hold there, too
    some = joinedload(Coder.machines.and_(Machine.id > 1))
    assert read(polymorphic, some) == ([[2], [3]], 3)
    # nothing to join to: as by selectinload()
    assert read(joinedload(Coder.machines)) == ([[1, 2], [3]], 2)
    # only leads have a statement of their own
    assert read(selectin_polymorphic(Member, [Lead]), joinedload(Coder.machines))[0] == [[1, 2], [3]]


def test_joined_relationships_of_subclasses_below_others(session: Any, log: Any) -> None:
    option = selectinload(Team.members).options(
        selectin_polymorphic(Member, [Coder]), joinedload(Coder.machines)
    )
    teams = session.scalars(TEAMS.options(option)).all()
    coders = [member for team in teams for member in team.members if isinstance(member, Coder)]
    sent = len(log)
    assert sorted(m.id for coder in coders for m in coder.machines) == [1, 2, 3]
    assert (len(log), sent) == (3, 3)


@pytest.mark.parametrize("option", [joinedload, selectinload, subqueryload])
def test_several_subclasses_of_one_relationship(session: Any, log: Any, option: Any) -> None:
    coders, sellers = Team.members.of_type(Coder), Team.members.of_type(Seller)
    options = (option(coders).selectinload(Coder.machines), option(sellers))
    team = session.scalars(TEAMS.options(*options)).unique().all()[1]
    ann, cat = team.members
    assert (ann.language, cat.area, len(ann.machines)) == ("c", "north", 2)
    assert len(log) == (2 if option is joinedload else 3)


@pytest.mark.parametrize("option", [lazyload, immediateload])
def test_what_is_loaded_one_by_one_is_not_filtered_by_class(session: Any, option: Any) -> None:
    teams = session.scalars(TEAMS.options(option(Team.members.of_type(Coder)))).all()
    assert [[member.id for member in team.members] for team in teams] == [[2, 4], [1, 3]]


def test_a_join_needs_an_alias(session: Any) -> None:
    plain, flat = with_polymorphic(Member, [Coder]), with_polymorphic(Member, [Coder], flat=True)
    with pytest.raises(exc.InvalidRequestError, match="Detected unaliased columns"):
        session.scalars(TEAMS.options(joinedload(Team.members.of_type(plain))))
    team = session.scalars(TEAMS.options(joinedload(Team.members.of_type(flat)))).unique().all()[1]
    assert team.members[0].language == "c"


# -- results ----------------------------------------------------------------------------------------------


def test_repeated_rows_are_not_left_out_of_batches(session: Any) -> None:
    batches = MEMBERS.execution_options(yield_per=2)
    for run in (session.execute, session.scalars):
        result = run(batches)
        with pytest.raises(exc.InvalidRequestError, match="yield_per feature in conjunction with unique"):
            result.unique()
        result.close()
    with pytest.raises(exc.InvalidRequestError, match="in conjunction with unique"):
        session.execute(MEMBERS).unique().yield_per(2)


def test_refreshing_no_attributes_refreshes_all(session: Any) -> None:
    member = session.get(Member, 4)
    session.refresh(member, [])
    assert {"id", "name", "kind"} <= loaded(member)


def test_descriptions(sqlite_engine: Any) -> None:
    inner = select(Team).subquery()
    alias = aliased(Team, name="t")
    assert [(d["name"], d["entity"], d["aliased"]) for d in select(inner.c.id).column_descriptions] == [
        ("id", None, False)
    ]
    (described,) = select(case((Team.id == 1, "one"), else_="other")).column_descriptions
    assert (described["entity"], described["aliased"]) == (Team, False)
    assert [(d["name"], d["entity"], d["aliased"]) for d in select(alias, alias.id).column_descriptions] == [
        ("t", alias, True),
        ("id", alias, True),
    ]
    from relvar import delete, insert, update

    assert insert(Coder).entity_description == {
        "name": "Coder",
        "type": Coder,
        "expr": Coder,
        "entity": Coder,
        "table": Coder.__table__,
    }
    assert update(alias).entity_description["entity"] is alias
    returning = delete(Team).returning(Team.id.label("n"), Team.motto).returning_column_descriptions
    assert [(d["name"], d["entity"], type(d["type"]).__name__) for d in returning] == [
        ("n", Team, "Integer"),
        ("motto", Team, "String"),
    ]


@pytest.mark.backends("sqlite", "postgresql", "mariadb")
def test_what_is_joined_is_not_grouped(session: Any, log: Any) -> None:
    grouped = (
        select(Member.id, func.count(Task.id), Member)
        .join(Member.tasks)
        .group_by(Member.id)
        .order_by(Member.id)
        .options(joinedload(Member.team), joinedload(Member.boss))
    )
    rows = session.execute(grouped).all()
    assert [(n, member.team.id) for _id, n, member in rows] == [(2, 2), (2, 1), (2, 2), (2, 1)]
    assert len(log) == 1 and "FROM (SELECT members.id AS id, count(tasks.id)" in log[0][0]


def test_eager_joins_come_after_what_a_statement_implies(session: Any, log: Any) -> None:
    pairs = select(Team.id, Task).where(Task.member_id == Team.id).options(joinedload(Task.member))
    assert [(number, task.member.id) for number, task in session.execute(pairs.order_by(Task.id))] == [
        (1, 1),
        (1, 1),
        (2, 2),
        (2, 2),
    ]
    assert "FROM teams, tasks LEFT OUTER JOIN members" in log[0][0]


def test_the_order_of_what_is_selected_from() -> None:
    def tables(statement: Any) -> str:
        text = " ".join(str(statement).split())
        return text[text.index(" FROM ") + 6 :].partition(" WHERE ")[0]

    joined = joinedload(Task.member)
    task = "tasks LEFT OUTER JOIN members AS members_1 ON members_1.id = tasks.member_id"
    coder = "members JOIN coders ON coders.id = members.id"
    # what WHERE names comes last
    assert tables(select(Task).where(Team.id == 1).options(joined)) == f"{task}, teams"
    assert tables(select(Machine, Task).where(Team.id == 1).options(joined)) == f"machines, {task}, teams"
    # a FROM of its own comes first; what joins are added to goes to its end
    assert tables(select(Machine, Task).select_from(Task, Team).options(joined)) == f"teams, {task}, machines"
    # joins that classes stand for keep their places
    assert tables(select(Team, Coder)) == f"teams, {coder}"
    assert tables(select(func.count(Team.id), Coder, Task).options(joined)) == f"teams, {coder}, {task}"


class Person(Base):
    __tablename__ = "people"
    id = mapped_column(Integer, primary_key=True)


friendships = Table(
    "friendships",
    Base.metadata,
    Column("one", ForeignKey("people.id"), primary_key=True),
    Column("other", ForeignKey("people.id"), primary_key=True),
    Column("since", Integer),
)
Person.friends = relationship(
    Person,
    secondary=friendships,
    primaryjoin=Person.id == friendships.c.one,
    secondaryjoin=Person.id == friendships.c.other,
    order_by=friendships.c.since.desc(),
)


@pytest.mark.parametrize("option", [joinedload, selectinload, subqueryload, immediateload, peers])
def test_order_by_the_table_between(session: Any, option: Any) -> None:
    session.add_all([Person(id=n) for n in range(1, 4)])
    session.flush()
    session.execute(friendships.insert(), [{"one": 1, "other": n, "since": n} for n in (2, 3)])
    session.expunge_all()
    people = session.scalars(select(Person).order_by(Person.id).options(option(Person.friends))).unique()
    assert [[friend.id for friend in person.friends] for person in people] == [[3, 2], [], []]


@pytest.mark.parametrize("option", [selectinload, subqueryload])
def test_lazy_loads_ask_only_for_what_is_lacking(session: Any, log: Any, option: Any) -> None:
    session.add_all([Person(id=n) for n in range(1, 5)])
    session.flush()
    pairs = [(1, 2), (1, 3), (4, 2), (4, 3), (2, 4)]
    session.execute(friendships.insert(), [{"one": one, "other": n, "since": n} for one, n in pairs])
    session.expunge_all()
    chain = lazyload(Person.friends).options(option(Person.friends))
    people = session.scalars(select(Person).order_by(Person.id).options(chain)).all()
    log.clear()
    assert [[[f.id for f in friend.friends] for friend in people[n].friends] for n in (0, 3)] == [
        [[], [4]],
        [[], [4]],
    ]
    # friends of one, their friends, friends of four, who are the same
    assert len(log) == 3
