"""Sessions, their factories and transactions to be awaited, on each driver."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from relvar import (
    Engine,
    ForeignKey,
    String,
    create_engine,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.ext.asyncio import (
    AsyncAttrs,
    AsyncConnection,
    AsyncEngine,
    AsyncResult,
    AsyncScalarResult,
    AsyncSession,
    AsyncSessionTransaction,
    async_object_session,
    async_scoped_session,
    async_session,
    async_sessionmaker,
    close_all_sessions,
)
from relvar.ext.asyncio import exc as async_exc
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    scoped_session,
    selectinload,
    sessionmaker,
)
from relvar.orm.exc import LazyLoadError


class Base(AsyncAttrs, DeclarativeBase): ...


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(String(20), default=None)
    note: Mapped[int] = mapped_column(default=1, deferred=True)
    posts: Mapped[list[Post]] = relationship(order_by="Post.id", cascade="all, delete-orphan")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


def people() -> list[User]:
    return [User(id=n, name=f"n{n}", posts=[Post(id=n * 10), Post(id=n * 10 + 1)]) for n in (1, 2, 3)]


async def filled(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add_all(people())
        await session.commit()


BY_ID = select(User).order_by(User.id)


@pytest.mark.feature("I003")
def test_executing_and_getting(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with AsyncSession(engine) as session:
                result = await session.execute(BY_ID)
                assert [user.id for user in result.scalars()] == [1, 2, 3]
                assert (await session.scalars(select(User.id).order_by(User.id))).all() == [1, 2, 3]
                assert await session.scalar(select(func.count()).select_from(Post)) == 6
                assert (await session.execute(text("SELECT 1"))).all() == [(1,)]
                rows = await session.execute(select(User.id, User.name).where(User.id == 1))
                assert rows.mappings().one() == {"id": 1, "name": "n1"}
                # eager loads are done when the result is here
                loaded = (await session.scalars(BY_ID.options(selectinload(User.posts)))).all()
                assert [[post.id for post in user.posts] for user in loaded] == [[10, 11], [20, 21], [30, 31]]
                joined = await session.scalars(BY_ID.options(joinedload(User.posts)))
                assert [user.id for user in joined.unique()] == [1, 2, 3]
                first = (await session.execute(BY_ID.options(selectinload(User.posts)))).scalars().first()
                assert first is loaded[0]
                ann = await session.get(User, 1)
                assert ann is loaded[0] and await session.get(User, 9) is None
                assert await session.get_one(User, 2) is loaded[1]
                with pytest.raises(exc.NoResultFound):
                    await session.get_one(User, 9)
                done = await session.execute(update(User).where(User.id == 1).values(name="ann"))
                assert done.rowcount == 1
                await session.refresh(ann, ["name"])
                assert ann.name == "ann"
                for refused in ({"stream_results": True}, {"yield_per": 2}):
                    with pytest.raises(async_exc.AsyncMethodRequired, match=r"AsyncSession.execute\(\)"):
                        await session.execute(BY_ID, execution_options=refused)
                with pytest.raises(exc.ArgumentError, match="Textual SQL expression"):
                    await session.execute("SELECT 1")

    asyncio.run(main())


def test_objects_of_a_result_one_at_a_time(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with AsyncSession(engine) as session:

                async def of(*ids: int) -> Any:
                    return await session.scalars(BY_ID.where(User.id.in_(ids)))

                only = await of(2)
                assert only.one().id == 2
                with pytest.raises(exc.ResourceClosedError):
                    only.one()
                for wrong, error in (((), exc.NoResultFound), ((1, 2), exc.MultipleResultsFound)):
                    result = await of(*wrong)
                    with pytest.raises(error):
                        result.one()
                    with pytest.raises(exc.ResourceClosedError):
                        result.all()
                for left, error in ((1, None), (2, exc.MultipleResultsFound), (0, exc.NoResultFound)):
                    result = await of(1, 2, 3)
                    assert [user.id for user in result.fetchmany(3 - left)] == [1, 2, 3][: 3 - left]
                    if error is None:
                        assert result.one().id == 3
                    else:
                        with pytest.raises(error):
                            result.one()
                begun = await of(1, 2, 3)
                assert next(iter(begun)).id == 1 and [user.id for user in begun.all()] == [2, 3]
                assert begun.all() == []
                closed = await of(1)
                closed.close()
                with pytest.raises(exc.ResourceClosedError):
                    closed.all()

    asyncio.run(main())


@pytest.mark.feature("I003")
def test_streaming(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with AsyncSession(engine) as session:
                result = await session.stream(BY_ID)
                assert isinstance(result, AsyncResult)
                assert [row.User.id async for row in result] == [1, 2, 3]
                # a statement while rows of another are on the server: not every driver has cursors for that
                options = {"yield_per": 2}
                async with session.stream_scalars(BY_ID, execution_options=options) as scalars:
                    assert isinstance(scalars, AsyncScalarResult)
                    assert [[u.id for u in part] async for part in scalars.partitions()] == [[1, 2], [3]]
                async with session.stream(select(User.id).order_by(User.id)) as few:
                    assert await few.fetchone() == (1,)
                assert await session.scalar(select(User.id).where(User.id == 3)) == 3

    asyncio.run(main())


def test_many_new_objects_and_the_one_that_fails(opened: Any) -> None:
    class Base(DeclarativeBase): ...

    class Seat(Base):
        __tablename__ = "seats"
        id: Mapped[int] = mapped_column(primary_key=True)
        number: Mapped[int] = mapped_column(unique=True)

    async def main() -> None:
        async with opened() as engine:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            async with AsyncSession(engine, expire_on_commit=False) as session:
                seats = [Seat(number=number) for number in range(500)]
                session.add_all(seats)
                await session.commit()
                found = await session.execute(select(Seat.number, Seat.id))
                assert sorted(tuple(row) for row in found) == [(seat.number, seat.id) for seat in seats]
                session.add_all([Seat(number=900), Seat(number=77), Seat(number=901)])
                with pytest.raises(exc.IntegrityError, match="77|number") as caught:
                    await session.flush()
                if engine.dialect.driver == "aiosqlite":
                    assert caught.value.params == (77,)
                await session.rollback()
                session.add_all([Seat(number=900), Seat(number=901)])
                await session.commit()
                assert await session.scalar(select(func.count()).select_from(Seat)) == 502

    asyncio.run(main())


@pytest.mark.feature("I003")
def test_changing(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with AsyncSession(engine) as session:
                ann, bob, eve = (await session.scalars(BY_ID)).all()
                ann.name = "ann"
                assert session.is_modified(ann) and list(session.dirty) == [ann]
                new = User(id=4)
                session.add(new)
                assert new in session and set(session) == {ann, bob, eve, new} and list(session.new) == [new]
                await session.flush()
                assert await session.merge(User(id=2, name="bob", posts=[])) is bob
                both = await session.merge_all([User(id=3, name="eve", posts=[]), User(id=5)])
                assert both[0] is eve and both[1] in session
                await session.delete(new)
                await session.delete_all([both[1]])
                # a cascade looked for posts, and flushed before
                assert list(session.deleted) == [both[1]]
                await session.commit()
                assert await session.scalar(select(func.count()).select_from(Post)) == 2
                await session.refresh(bob)
                assert bob.name == "bob"
                # a cascade that has to load
                await session.delete(ann)
                await session.rollback()
                session.expire(bob, ["name"])
                await session.refresh(bob)
                session.expire_all()
                session.expunge(eve)
                assert eve not in session
                session.expunge_all()
                assert list(session) == []

                def blocking(sync: Session, number: int, *, name: str) -> list[int]:
                    assert sync is session.sync_session
                    user = sync.get_one(User, number)
                    found = [post.id for post in user.posts]
                    user.name = name
                    return found

                assert await session.run_sync(blocking, 1, name="x") == [10, 11]
                with session.no_autoflush:
                    assert await session.scalar(select(User.name).where(User.id == 1)) == "ann"
                assert await session.scalar(select(User.name).where(User.id == 1)) == "x"

    asyncio.run(main())


@pytest.mark.feature("I003", "I010")
def test_transactions(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            session = AsyncSession(engine)
            begun = session.begin()
            assert isinstance(begun, AsyncSessionTransaction) and not begun.nested
            for use in (begun.commit, begun.rollback):
                with pytest.raises(async_exc.AsyncContextNotStarted, match="AsyncSessionTransaction context"):
                    await use()
            with pytest.raises(async_exc.AsyncContextNotStarted):
                begun.is_active
            assert not session.in_transaction() and session.get_transaction() is None
            assert await begun is begun and begun.is_active and session.is_active
            assert session.get_transaction() is begun
            with pytest.raises(exc.InvalidRequestError, match="already begun"):
                await session.begin()
            with pytest.raises(exc.InvalidRequestError, match="has not acquired a connection"):
                begun.bound_connection(bind=engine)
            connection = await session.connection()
            assert isinstance(connection, AsyncConnection) and connection.engine is engine
            assert await session.connection() is connection
            assert begun.connections == {connection} and begun.bound_connection(bind=engine) is connection
            with pytest.raises(exc.ArgumentError, match="AsyncEngine expected, got Engine"):
                begun.bound_connection(bind=engine.sync_engine)
            inner = await session.begin_nested()
            assert inner.nested and session.in_nested_transaction()
            assert session.get_nested_transaction() is inner and session.get_transaction() is begun
            session.add(User(id=7))
            await inner.rollback()
            assert not inner.is_active and await session.get(User, 7) is None
            async with session.begin_nested():
                session.add(User(id=8))
            await begun.commit()
            assert not begun.is_active and not session.in_transaction()
            await session.close()
            with pytest.raises(ZeroDivisionError):
                async with AsyncSession(engine) as session, session.begin() as begun:
                    session.add(User(id=9))
                    await session.flush()
                    1 // 0
            async with AsyncSession(engine) as session, session.begin():
                assert await session.get(User, 8) is not None and await session.get(User, 9) is None
            async with AsyncSession(engine, autobegin=False) as session:
                with pytest.raises(exc.InvalidRequestError, match="Autobegin is disabled"):
                    await session.execute(text("SELECT 1"))
            # a connection begun outside: the session takes part
            async with engine.connect() as outer:
                whole = await outer.begin()
                async with AsyncSession(outer, join_transaction_mode="create_savepoint") as session:
                    session.add(User(id=10))
                    await session.commit()
                    assert await session.connection() is outer
                await whole.rollback()
            async with AsyncSession(engine) as session:
                assert await session.get(User, 10) is None
            assert engine.pool.checkedout() == 0

    asyncio.run(main())


@pytest.mark.feature("I003", "I011")
def test_ends(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            for end in ("close", "reset", "invalidate", "aclose"):
                session = AsyncSession(engine)
                user = await session.get_one(User, 1)
                driver = (await (await session.connection()).get_raw_connection()).driver_connection
                await getattr(session, end)()
                assert user not in session and engine.pool.checkedout() == 0
                kept = await (await session.connection()).get_raw_connection()
                assert (kept.driver_connection is driver) == (end != "invalidate")
                await session.close()
            once = AsyncSession(engine, close_resets_only=False)
            await once.close()
            with pytest.raises(exc.InvalidRequestError, match="permanently closed"):
                await once.execute(text("SELECT 1"))
            async with aclosing(AsyncSession(engine)) as session:
                user = await session.get_one(User, 1)
                assert async_object_session(user) is session and inspect(user).async_session is session
                assert async_session(session.sync_session) is session
                assert session.object_session(user) is session.sync_session
                assert session.identity_key(User, 1) == (User, (1,), None)
                await close_all_sessions()
                assert async_object_session(user) is None and engine.pool.checkedout() == 0
                await session.get_one(User, 1)
                with pytest.warns(exc.SADeprecationWarning, match=r"close_all\(\)"):
                    await AsyncSession.close_all()
                assert engine.pool.checkedout() == 0
            assert async_session(Session()) is None and async_object_session(User()) is None

    asyncio.run(main())


@pytest.mark.feature("I004")
def test_factories(opened: Any) -> None:
    class Own(AsyncSession): ...

    class OwnSync(Session): ...

    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            make = async_sessionmaker(engine, expire_on_commit=False, info={"a": 1})
            assert make(info={"b": 2}).info == {"a": 1, "b": 2} and type(make()) is AsyncSession
            assert not make().sync_session.expire_on_commit and make().bind is engine
            make.configure(autoflush=False)
            assert not make().autoflush and "autoflush=False" in repr(make)
            async with make.begin() as session:
                session.add(User(id=4))
            with pytest.raises(ZeroDivisionError):
                async with make.begin() as session:
                    session.add(User(id=5))
                    1 // 0
            async with make() as session:
                assert (await session.scalars(select(User.id).order_by(User.id))).all() == [1, 2, 3, 4]
            own = async_sessionmaker(engine, class_=Own, sync_session_class=OwnSync)()
            assert type(own) is Own and type(own.sync_session) is OwnSync

            current = async_scoped_session(make, scopefunc=asyncio.current_task)
            assert current() is current() and current().bind is current.bind is engine
            with pytest.raises(exc.InvalidRequestError, match="already present"):
                current(info={})
            with pytest.warns(exc.SAWarning, match="At least one scoped session"):
                current.configure(autoflush=True)
            user = User(id=6)
            current.add(user)
            assert user in current and list(current) == [user] == list(current.new)
            await current.commit()

            async def elsewhere() -> bool:
                apart = current() is not here and await current.get(User, 6) is not user
                await current.remove()
                return apart

            here = current()
            assert await asyncio.create_task(elsewhere())
            async with current.stream_scalars(select(User.id).order_by(User.id)) as ids:
                assert await ids.all() == [1, 2, 3, 4, 6]
            async with current.begin_nested():
                await current.execute(insert(User).values(id=7, note=1))
            await current.rollback()
            assert await current.scalar(select(func.count()).select_from(User)) == 5
            await current.remove()
            assert not current.registry.has() and engine.pool.checkedout() == 0
            with pytest.warns(exc.SADeprecationWarning, match="Please use `async_scoped_session`"):
                scoped_session(make)()  # type: ignore[type-var]  # as it says

    asyncio.run(main())


@pytest.mark.feature("I003")
def test_binds(tmp_path: Any) -> None:
    from relvar.ext.asyncio import create_async_engine

    one = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/1.db")
    two = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/2.db")
    blocking: Engine = create_engine("sqlite://")

    class Routed(Session):
        def get_bind(self, mapper: Any = None, **kw: Any) -> Any:
            return two.sync_engine

    session = AsyncSession(one, binds={User: two})
    assert session.bind is one and session.binds == {User: two, User.__table__: two}
    assert session.get_bind() is one.sync_engine and session.get_bind(User) is two.sync_engine
    assert session.get_async_bind() is one and session.get_async_bind(User) is two
    assert session.get_async_bind(bind=two) is two
    session.bind_mapper(User, one)
    session.bind_table(Post.__table__, two)
    assert session.get_async_bind(User) is one and session.get_async_bind(Post) is two
    session.bind = two
    assert session.get_async_bind() is two and session.sync_session.bind is two.sync_engine
    for refused in (
        lambda: AsyncSession(blocking),
        lambda: AsyncSession(binds={User: blocking}),
        lambda: session.bind_mapper(User, blocking),
        lambda: session.get_async_bind(bind=blocking),
    ):
        with pytest.raises(exc.ArgumentError, match=r"AsyncEngine expected, got Engine\(sqlite://\)"):
            refused()
    with pytest.raises(exc.UnboundExecutionError):
        AsyncSession().get_async_bind()
    with pytest.raises(async_exc.AsyncBindNotFound, match="Can't translate bind Engine"):
        AsyncSession(sync_session_class=Routed).get_async_bind()

    async def main() -> None:
        async with AsyncSession(sync_session_class=Routed) as routed:
            assert await routed.scalar(text("SELECT 5")) == 5
            assert (await routed.connection()).engine.sync_engine is two.sync_engine
        await two.dispose()

    asyncio.run(main())


@pytest.mark.feature("I008")
def test_events_are_for_the_blocking_session(opened: Any) -> None:
    class Heard(Session): ...

    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            heard: list[str] = []

            def before_flush(session: Session, context: Any, instances: Any) -> None:
                # a listener may ask the database
                heard.append(f"flush {session.scalar(select(func.count()).select_from(Post))}")

            event.listen(Heard, "before_flush", before_flush)
            event.listen(Heard, "do_orm_execute", lambda state: heard.append("execute"))
            async with AsyncSession(engine, sync_session_class=Heard) as session:
                event.listen(session.sync_session, "after_commit", lambda session: heard.append("commit"))
                session.add(User(id=4))
                await session.commit()
                assert heard == ["execute", "flush 6", "commit"]
                for target in (session, AsyncSession):
                    with pytest.raises(NotImplementedError, match="asynchronous events are not implemented"):
                        event.listen(target, "before_commit", print)
                for subject in (async_sessionmaker(), async_scoped_session(async_sessionmaker(), id)):
                    with pytest.raises(exc.InvalidRequestError, match="No such event 'before_commit'"):
                        event.listen(subject, "before_commit", print)
            make = sessionmaker(class_=Heard)
            assert type(AsyncSession(engine, sync_session_class=make.class_).sync_session) is make.class_

    asyncio.run(main())


@pytest.mark.feature("I006", "I012")
def test_attributes_that_would_load_themselves(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with AsyncSession(engine) as session:
                user = await session.get_one(User, 1)
                for key, option in (("posts", "selectinload"), ("note", "undefer")):
                    with pytest.raises(exc.MissingGreenlet) as caught:
                        getattr(user, key)
                    message = str(caught.value)
                    assert f"User.{key} was not loaded" in message and f"options({option}(" in message
                    assert f"await instance.awaitable_attrs.{key}" in message and "run_sync" in message
                assert await user.awaitable_attrs.note == 1
                assert [post.id for post in await user.awaitable_attrs.posts] == [10, 11]
                # it is loaded now
                assert [post.id for post in user.posts] == [10, 11]
                with pytest.raises(AttributeError, match="nothing"):
                    await user.awaitable_attrs.nothing
                await session.commit()
                with pytest.raises(exc.MissingGreenlet, match="User.name is expired.*expire_on_commit=False"):
                    user.name
                assert await user.awaitable_attrs.name == "n1"
                await session.rollback()
                assert engine.pool.checkedout() == 0
                # with no connection in the pool either
                await engine.dispose()
                with pytest.raises(exc.MissingGreenlet, match="User.name is expired"):
                    user.name
                await session.rollback()
                assert engine.pool.checkedout() == 0
                await session.refresh(user, ["posts"])
                assert [post.id for post in user.posts] == [10, 11]

    asyncio.run(main())


def test_loading_modes(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            sent: list[str] = []
            event.listen(
                engine.sync_engine, "before_cursor_execute", lambda *args: sent.append(args[2].split()[0])
            )
            async with AsyncSession(engine, lazy_loading="peers") as session:
                users = (await session.scalars(BY_ID)).all()
                assert len(await users[0].awaitable_attrs.posts) == 2 and sent == ["SELECT", "SELECT"]
                # those of the others came along
                assert [len(user.posts) for user in users] == [2, 2, 2] and len(sent) == 2
                session.expunge_all()
                users = (await session.scalars(BY_ID)).all()
                lengths = await session.run_sync(lambda sync: [len(user.posts) for user in users])
                assert lengths == [2, 2, 2] and len(sent) == 4
            async with AsyncSession(engine, lazy_loading="strict") as session:
                user = await session.get_one(User, 1)
                for read in (
                    lambda: user.awaitable_attrs.posts,
                    lambda: session.run_sync(lambda sync: user.posts),
                ):
                    with pytest.raises(LazyLoadError, match="User.posts was not loaded, .*test_session.py:"):
                        await read()
                with pytest.raises(LazyLoadError):
                    user.posts
            async with AsyncSession(engine, lazy_loading="report") as session:
                for user in (await session.scalars(BY_ID)).all():
                    await user.awaitable_attrs.posts
                assert [(found.attribute, found.statements) for found in session.lazy_report] == [
                    ("User.posts", 3)
                ]

    asyncio.run(main())
