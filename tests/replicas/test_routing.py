"""
Which server a session reads from, and that it sees what it wrote: on copies of a SQLite database.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from copies import Account, Base, ChangeCounter, Copies, Counted, Move

from relvar import create_engine, event, exc, func, insert, select, text, update
from relvar.ext.asyncio import AsyncEngine, async_sessionmaker
from relvar.ext.routing import NoReplica, ReplicatedEngine, Routed, causal_token, follow
from relvar.orm import Session, selectinload, sessionmaker
from relvar.pool import NullPool

PRIMARY = select(Account.cents).execution_options(read_from="primary")
ALL = select(Account.cents).order_by(Account.id)


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path)


def where(copies: Copies) -> list[str]:
    """Note the database of each statement from now on, by the name of its file."""
    seen: list[str] = []
    for engine in copies.engines:
        name = Path(str(engine.url.database)).stem

        @event.listens_for(engine, "before_cursor_execute")
        def note(*args: Any, name: str = name) -> None:
            seen.append("replica" if name != "primary" else name)

    return seen


def test_reads_go_to_replicas_and_writes_to_the_primary(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        assert session.scalars(ALL).all() == [0, 0]
        assert session.get(Account, 1).moves == []
        session.add(Move(account_id=1, cents=5))
        session.commit()
    assert seen == ["replica", "replica", "replica", "primary"]
    assert copies.engine.counts() == {"replica": 1, "primary": 1}


def test_replicas_take_turns_and_a_session_keeps_its_own(copies: Copies) -> None:
    chosen: list[str | None] = []
    copies.engine.on_routed(lambda routed: chosen.append(routed.replica))
    for _ in range(4):
        with Session(copies.engine) as session:
            for _ in range(3):
                session.scalars(ALL).all()
                session.rollback()
    by_session = [chosen[i : i + 3] for i in range(0, 12, 3)]
    assert [len(set(each)) for each in by_session] == [1, 1, 1, 1]
    assert {each[0] for each in by_session} == {str(engine.url) for engine in copies.engines[1:]}


def test_a_session_sees_what_it_wrote_before_any_replica_does(copies: Copies) -> None:
    with Session(copies.engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        assert session.scalars(ALL).all() == [7, 7]
        session.rollback()
        copies.replay(2)
        assert session.scalars(ALL).all() == [7, 7]
    assert copies.engine.counts() == {"primary": 1, "behind": 1, "replica": 1}
    with Session(copies.engine.replicas[0]) as session:
        assert session.scalars(ALL).all() == [0, 0]


def test_a_replica_is_waited_for(tmp_path: Path) -> None:
    copies = Copies(tmp_path, wait=10.0)
    with Session(copies.engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        token = causal_token(session)
        asked = 0
        known = copies.engine._group._positions
        before = known.seen

        def seen(*args: Any) -> Any:
            nonlocal asked
            asked += 1
            if asked == 5:
                copies.replay(1)
            return before(*args)

        known.seen = seen
        assert session.scalars(ALL).all() == [7, 7]
    assert copies.engine.counts() == {"primary": 1, "waited": 1}
    with copies.engine.connect_to_read(after=token) as connection:
        assert Path(str(connection.engine.url.database)).stem == "first"
        assert connection.scalars(ALL).all() == [7, 7]


def test_who_was_waited_for_in_vain_is_not_waited_for_again(tmp_path: Path) -> None:
    copies = Copies(tmp_path, wait=0.3)
    seconds: list[float] = []
    copies.engine.on_routed(lambda routed: seconds.append(routed.seconds))
    with Session(copies.engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        for _ in range(3):
            session.scalars(ALL).all()
            session.rollback()
    assert copies.engine.counts() == {"primary": 1, "behind": 3}
    assert seconds[1] >= 0.3 > seconds[2] + seconds[3]


def test_reads_after_a_write_of_the_transaction_are_made_in_it(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        account = session.get(Account, 1)
        session.add(Move(account_id=1, cents=5))
        assert session.scalars(select(Move.cents)).all() == [5]
        assert [move.cents for move in account.moves] == [5]
        with session.begin_nested():
            assert session.scalar(select(func.count()).select_from(Move)) == 1
            assert session.scalars(select(Account).options(selectinload(Account.moves))).all() == [
                account,
                session.get(Account, 2),
            ]
        session.rollback()
    assert seen[0] == "replica"
    assert set(seen[1:]) == {"primary"}


def test_savepoints_read_where_their_transaction_does(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        session.scalars(ALL).all()
        with session.begin_nested():
            session.scalars(ALL).all()
        with session.begin_nested():
            session.execute(update(Account).values(cents=1))
        assert session.scalars(ALL).all() == [1, 1]
    assert [name for name in seen if name == "replica"] == seen[: seen.index("primary")]
    assert copies.engine.counts() == {"replica": 1, "primary": 1}


def test_a_transaction_that_the_program_begins_is_the_primarys(copies: Copies) -> None:
    seen = where(copies)
    NewSession = sessionmaker(copies.engine)
    with NewSession.begin() as session:
        session.get(Account, 1).cents += 1
    NewSession.run(lambda session: session.scalars(ALL).all())
    assert set(seen) == {"primary"}
    with NewSession.begin() as session:
        assert session.scalars(ALL, execution_options={"read_from": "replica"}).all() == [0, 0]
    assert seen[-1] == "replica"


def test_rows_read_from_a_replica_are_not_written_over(copies: Copies) -> None:
    with Session(copies.engine) as session:
        session.get(Account, 1).cents += 1
        with pytest.raises(exc.InvalidRequestError, match=r"read from a replica.*session.begin\(\)"):
            session.commit()
    with Session(copies.engine) as session:
        session.delete(session.get(Account, 1))
        with pytest.raises(exc.InvalidRequestError, match="read from a replica"):
            session.flush()
    with Session(copies.engine) as session:
        # what it made itself, and what it only adds to, it may change
        move = Move(account_id=session.get(Account, 1).id, cents=1)
        session.add(move)
        session.flush()
        move.cents = 2
        session.commit()
    with Session(copies.engine) as session:
        session.scalars(PRIMARY).all()
        session.get(Account, 1).cents += 1
        session.commit()
    with Session(copies.engine) as session:
        session.get(Counted, 1).cents += 1
        session.commit()
    with copies.engines[0].connect() as connection:
        found = [connection.scalars(select(each.cents)).all() for each in (Account, Counted, Move)]
    assert found == [[1, 0], [1], [2]]


def test_a_counted_row_that_was_read_too_old_is_not_changed(copies: Copies) -> None:
    with copies.engine.begin() as connection:
        connection.execute(update(Counted.__table__).values(cents=100, version=2))
    with Session(copies.engine) as session:
        session.get(Counted, 1).cents += 1
        with pytest.raises(exc.SQLAlchemyError, match="expected to update 1 row"):
            session.commit()


@pytest.mark.parametrize(
    "statement",
    [
        select(Account.cents).with_for_update(),
        select(select(Account.cents).with_for_update().subquery()),
        select(insert(Move).values(account_id=1, cents=1).returning(Move.id).cte("made")),
        text("SELECT cents FROM accounts"),
        text("SELECT cents FROM accounts").columns(Account.cents),
        select(Account).from_statement(text("SELECT * FROM accounts")),
        func.abs(1),
    ],
)
def test_what_is_not_known_to_read_only_goes_to_the_primary(copies: Copies, statement: Any) -> None:
    with Session(copies.engine) as session:
        try:
            session.execute(statement)
        except exc.OperationalError:
            pass  # SQLite has no INSERT in WITH
    assert copies.engine.counts() == {"primary": 1}


def test_locking_gets_and_refreshes_go_to_the_primary(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        account = session.get(Account, 1)
        session.refresh(account, with_for_update=True)
    with Session(copies.engine) as session:
        session.get(Account, 1, with_for_update=True)
        assert session.get(Account, 2) is not None
    assert seen == ["replica", "primary", "primary", "primary"]


def test_the_program_chooses(copies: Copies) -> None:
    with Session(copies.engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        stale = {"read_from": "stale_replica"}
        assert session.scalars(ALL, execution_options=stale).all() == [0, 0]
        session.rollback()
        assert session.scalars(ALL.execution_options(read_from="primary")).all() == [7, 7]
        session.rollback()
        with pytest.raises(NoReplica, match=r"had what must be seen within 0\.02 seconds.*first\.db"):
            session.scalars(ALL, execution_options={"read_from": "replica"})
        session.rollback()
        copies.replay(1)
        assert session.scalars(ALL, execution_options={"read_from": "replica"}).all() == [7, 7]
        session.rollback()
        read = text("SELECT cents FROM accounts").execution_options(read_from="replica")
        assert session.scalars(read).all() == [7, 7]
        session.rollback()
        with pytest.raises(exc.ArgumentError, match="one of 'auto', 'primary', 'replica', 'stale_replica'"):
            session.scalars(ALL, execution_options={"read_from": "anywhere"})
    with Session(copies.engine, execution_options={"read_from": "primary"}) as session:
        session.get(Account, 1).cents = 8
        session.commit()
    assert copies.engine.counts() == {"primary": 3, "stale": 1, "replica": 2}


def test_stale_and_current_reads_of_a_transaction_are_told_apart(copies: Copies) -> None:
    with Session(copies.engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        stale = {"read_from": "stale_replica"}
        assert session.scalars(ALL, execution_options=stale).all() == [0, 0]
        assert session.scalars(ALL).all() == [7, 7]
        session.execute(update(Account).values(cents=8))
        assert session.scalars(ALL).all() == [8, 8]


def test_a_token_tells_another_session_what_to_see(copies: Copies) -> None:
    with Session(copies.engine) as session:
        assert causal_token(session) is None
        session.execute(update(Account).values(cents=7))
        with pytest.raises(exc.InvalidRequestError, match="not committed|before it is committed"):
            causal_token(session)
        session.commit()
        token = causal_token(session)
    with Session(copies.engine) as session:
        assert session.scalars(ALL).all() == [0, 0]
    with Session(copies.engine) as session:
        follow(session, None)
        follow(session, token)
        follow(session, "1")
        assert session.scalars(ALL).all() == [7, 7]
        assert causal_token(session) is not None
        with pytest.raises(exc.ArgumentError, match="'; DROP' is no position"):
            follow(session, "; DROP")
    with pytest.raises(exc.ArgumentError, match="is to be a ReplicatedEngine"):
        follow(Session(copies.engines[0]), token)
    assert copies.engine.counts()["behind"] == 1


def test_a_replica_is_not_older_than_it_may_be(tmp_path: Path) -> None:
    copies = Copies(tmp_path, max_lag=0.4, retry_after=0)
    with Session(copies.engine) as session, copies.engines[0].connect() as other:
        assert session.scalars(ALL).all() == [0, 0]
        session.rollback()
        other.execute(update(Account).values(cents=7))
        other.commit()
        assert session.scalars(ALL).all() == [0, 0]  # it may be that old
        session.rollback()
        time.sleep(0.5)
        assert session.scalars(ALL).all() == [7, 7]
        session.rollback()
        assert session.scalars(ALL, execution_options={"read_from": "stale_replica"}).all() == [0, 0]
        session.rollback()
        copies.replay(1)
        copies.replay(2)
        assert session.scalars(ALL).all() == [7, 7]
    assert copies.engine.counts() == {"replica": 3, "behind": 1, "stale": 1}


def test_a_replica_that_is_down_is_left_out_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copies = Copies(tmp_path, retry_after=0.2)
    copies.lose(1)
    copies.lose(2)
    with caplog.at_level(logging.INFO, "sqlalchemy.ext.routing"), Session(copies.engine) as session:
        for _ in range(3):
            assert session.scalars(ALL).all() == [0, 0]
            session.rollback()
        with pytest.raises(NoReplica, match="No replica is up"):
            session.scalars(ALL, execution_options={"read_from": "replica"})
        session.rollback()
        copies.bring_back(2)
        assert sum("left out for 0.2 seconds" in message for message in caplog.messages) == 2
        assert session.scalars(ALL).all() == [0, 0]
        session.rollback()
        assert copies.engine.counts() == {"down": 4}
        time.sleep(0.25)
        assert session.scalars(ALL).all() == [0, 0]
    assert copies.engine.counts() == {"down": 4, "replica": 1}
    assert any("second.db is up again" in message for message in caplog.messages)


def test_who_reads_from_another_replica_does_not_put_off_trying_one(tmp_path: Path) -> None:
    copies = Copies(tmp_path, retry_after=0.2)
    copies.lose(1)
    chosen: list[str | None] = []
    copies.engine.on_routed(lambda routed: chosen.append(routed.replica))

    def read_often() -> set[str | None]:
        chosen.clear()
        for _ in range(4):
            with Session(copies.engine) as session:
                session.scalars(ALL).all()
        return {name and Path(name).stem for name in chosen}

    assert read_often() == {"second"}
    copies.bring_back(1)
    with Session(copies.engine, execution_options={"read_from": "replica"}) as session:
        session.scalars(ALL).all()
        time.sleep(0.25)
        for _ in range(4):
            session.rollback()
            session.scalars(ALL).all()
    assert read_often() == {"first", "second"}


def test_a_fallback_becomes_the_transaction_that_writes(copies: Copies) -> None:
    copies.lose(1)
    copies.lose(2)
    with Session(copies.engine) as session:
        account = session.get(Account, 1)
        account.cents += 1
        assert session.connection() is session.connection(bind_arguments={"clause": ALL})
        session.commit()
        assert len(set(session.scalars(ALL))) == 2
    assert copies.engine.counts() == {"down": 2, "primary": 1}


def test_a_session_may_choose_its_engine_itself(copies: Copies) -> None:
    class Chooses(Session):
        def get_bind(self, mapper: Any = None, **kw: Any) -> Any:
            return copies.engine

    for session in (Chooses(), Session(binds={Base: copies.engine})):
        seen = where(copies)
        with session:
            account = session.get(Account, 1)
            assert account.moves == []
            assert session.query(Account).count() == 2
            session.add(Move(account_id=1, cents=5))
            session.flush()
            assert session.query(Move).count() == 1
        assert seen == ["replica", "replica", "replica", "primary", "primary"]


def test_loads_are_told_where_to_read_and_heard(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        heard: list[bool] = []
        event.listen(session, "do_orm_execute", lambda state: heard.append(state.is_relationship_load))
        account = session.get(Account, 1)
        assert account.moves == []
        session.rollback()
        session.expunge_all()
        account = session.get(Account, 1, execution_options={"read_from": "primary"})
        session.refresh(account)
        session.rollback()
        assert account.cents == 0
        session.execute(select(Account).options(selectinload(Account.moves))).all()
    assert seen == ["replica"] * 2 + ["primary"] * 2 + ["replica"] * 3
    assert heard == [False, True, False, False, False, False, True]


def test_bulk_operations_go_to_the_primary(copies: Copies) -> None:
    seen = where(copies)
    with Session(copies.engine) as session:
        session.scalars(ALL).all()
        session.bulk_insert_mappings(Move, [{"account_id": 1, "cents": 1}])
        session.bulk_save_objects([Move(account_id=1, cents=2)])
        session.execute(insert(Move), [{"account_id": 1, "cents": 3}])
        assert session.scalars(select(Move.cents).order_by(Move.cents)).all() == [1, 2, 3]
        session.merge(Account(id=1, cents=5))
        with pytest.raises(exc.InvalidRequestError, match="read from a replica"):
            session.commit()
    assert seen[0] == "replica"
    assert set(seen[1:]) == {"primary"}


def test_options_of_the_engine_are_the_replicas_too(copies: Copies) -> None:
    engine = copies.engine.execution_options(schema_translate_map={"other": None})
    assert isinstance(engine, ReplicatedEngine)
    seen: list[Any] = []
    for each in copies.engines:
        event.listen(each, "before_execute", lambda conn, *args: seen.append(conn.get_execution_options()))
    with Session(engine) as session:
        session.execute(update(Account).values(cents=7))
        session.commit()
        assert session.scalars(ALL).all() == [7, 7]
    with Session(copies.engine) as session:
        assert session.scalars(ALL).all() == [0, 0]
    assert [bool(options) for options in seen] == [True, True, False]


def test_who_knows_no_better_has_the_primary(copies: Copies) -> None:
    assert copies.engine.url == copies.engines[0].url
    with copies.engine.begin() as connection:
        connection.execute(update(Account).values(cents=7))
    with Session(copies.engine) as session:
        assert session.get_bind() is copies.engine
        assert session.connection().scalars(ALL).all() == [7, 7]
    assert copies.engine.run(lambda connection: connection.scalars(ALL).all()) == [7, 7]
    with copies.engine.connect_to_read(read_from="primary") as connection:
        assert connection.scalars(ALL).all() == [7, 7]
    copies.engine.dispose()


def test_what_makes_no_sense_is_refused(copies: Copies) -> None:
    primary, first, _ = copies.engines
    with pytest.raises(exc.ArgumentError, match="not known how to ask 'sqlite'"):
        ReplicatedEngine(primary, [first])
    with pytest.raises(exc.ArgumentError, match="at least one engine of a replica"):
        ReplicatedEngine(primary, [])
    with pytest.raises(exc.ArgumentError, match="made of engines, each of one server"):
        ReplicatedEngine(copies.engine, [first])
    with pytest.raises(exc.ArgumentError, match="wait is a number of seconds"):
        ReplicatedEngine(primary, [first], positions=ChangeCounter(), wait=-1)


def test_sessions_of_asyncio(tmp_path: Path) -> None:
    copies = Copies(tmp_path)

    async def main() -> list[Routed]:
        ways: list[Routed] = []
        engines = [create_engine(f"sqlite+aiosqlite:///{path}", poolclass=NullPool) for path in copies.paths]
        engine = ReplicatedEngine(
            AsyncEngine(engines[0]), [AsyncEngine(each) for each in engines[1:]], positions=ChangeCounter()
        )
        engine.on_routed(ways.append)
        NewSession = async_sessionmaker(AsyncEngine(engine))
        async with NewSession() as session:
            assert (await session.scalars(ALL)).all() == [0, 0]
            await session.rollback()
            await session.execute(update(Account).values(cents=7))
            await session.commit()
            token = await session.run_sync(causal_token)
            assert (await session.scalars(ALL)).all() == [7, 7]
        async with NewSession() as session:
            follow(session, token)
            copies.replay(1)
            copies.replay(2)
            assert (await session.get_one(Account, 1)).cents == 7
        await AsyncEngine(engine).dispose()
        return ways

    assert [routed.way for routed in asyncio.run(main())] == ["replica", "primary", "behind", "replica"]
