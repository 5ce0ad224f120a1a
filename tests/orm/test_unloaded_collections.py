"""Collections that are never loaded whole: write-only and dynamic relationships, from mapping to deleting."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, String, Table, event, exc, func, inspect, select, text
from relvar.orm import (
    AppenderQuery,
    DeclarativeBase,
    DynamicMapped,
    Mapped,
    Query,
    Session,
    WriteOnlyCollection,
    WriteOnlyMapped,
    backref,
    configure_mappers,
    foreign,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from relvar.orm.attributes import get_history
from relvar.orm.exc import DetachedInstanceError


class Bank:
    """Accounts with entries; ``entries`` is mapped as the test wants it."""

    def __init__(self, engine: Any, kind: Any, ondelete: str | None = None, **options: Any) -> None:
        class Base(DeclarativeBase):
            pass

        class Account(Base):
            __tablename__ = "account"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(20))
            if kind is WriteOnlyMapped:
                entries: WriteOnlyMapped[Entry] = relationship(back_populates="account", **options)
            else:
                entries: DynamicMapped[Entry] = relationship(back_populates="account", **options)

        class Entry(Base):
            __tablename__ = "entry"
            id: Mapped[int] = mapped_column(primary_key=True)
            account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete=ondelete))
            amount: Mapped[int]
            account: Mapped[Account | None] = relationship(back_populates="entries")

            def __repr__(self) -> str:
                return f"E{self.amount}"

        self.Base, self.Account, self.Entry = Base, Account, Entry
        Base.metadata.create_all(engine)

    def filled(self, session: Session, *amounts: int) -> Any:
        """Return a committed account with entries of these amounts."""
        account = self.Account(name="a")
        for amount in amounts:
            account.entries.add(self.Entry(amount=amount))
        session.add(account)
        session.commit()
        return account


def rows(session: Session, bank: Bank) -> list[tuple[Any, ...]]:
    table = bank.Entry.__table__
    return [tuple(r) for r in session.execute(select(table.c.amount, table.c.account_id).order_by("amount"))]


ORPHANS: dict[str, Any] = {"cascade": "all, delete-orphan", "passive_deletes": True, "order_by": "Entry.id"}


# write-only ------------------------------------------------------------------------------------------


@pytest.mark.feature("F063")
def test_a_write_only_collection_is_written_and_selected(engine: Any, sql_log: Any) -> None:
    bank = Bank(engine, WriteOnlyMapped, "CASCADE", **ORPHANS)
    Entry = bank.Entry
    with Session(engine) as session:
        account = bank.Account(name="a", entries=[Entry(amount=1)])
        assert isinstance(account.entries, WriteOnlyCollection) and account.entries.instance is account
        account.entries.add(Entry(amount=2))
        account.entries.add_all([Entry(amount=3), Entry(amount=4)])
        assert [e.amount for e in inspect(account).attrs.entries.history.added] == [1, 2, 3, 4]
        session.add(account)
        assert len(session.new) == 5
        session.commit()
        key = account.id
    with Session(engine) as session:
        account = session.get_one(bank.Account, key)
        log = sql_log(engine)
        statement = account.entries.select()
        assert not log and str(statement).endswith("WHERE :param_1 = entry.account_id ORDER BY entry.id")
        found = session.scalars(statement.where(Entry.amount > 1)).all()
        assert [e.amount for e in found] == [2, 3, 4] and len(log) == 1
        account.entries.remove(found[0])
        fresh = Entry(amount=5)
        account.entries.add(fresh)
        assert fresh.account is account and fresh in session
        assert inspect(account).attrs.entries.history == ([fresh], [], [found[0]])
        assert session.is_modified(account)
        log.clear()
        session.flush()
        # nothing of what is there was loaded
        assert sorted(sent.split()[0] for sent in log.texts()) == ["DELETE", "INSERT"]
        session.commit()
        assert rows(session, bank) == [(1, key), (3, key), (4, key), (5, key)]
    with Session(engine) as session:
        account = session.get_one(bank.Account, key)
        log.clear()
        session.delete(account)
        session.flush()
        # the database deletes the entries
        assert [sent.split(" WHERE")[0] for sent in log.texts()] == ["DELETE FROM account"]
        session.rollback()


@pytest.mark.feature("F063")
def test_many_rows_of_a_write_only_collection_change_at_once(engine: Any) -> None:
    bank = Bank(engine, WriteOnlyMapped, **ORPHANS)
    Entry = bank.Entry
    with Session(engine) as session:
        account, other = bank.filled(session, 1), bank.filled(session, 100)
        session.execute(account.entries.insert(), [{"amount": 2}, {"amount": 3}])
        returned = session.scalars(account.entries.insert().returning(Entry), [{"amount": 4}]).one()
        assert returned.account_id == account.id
        session.execute(account.entries.update().where(Entry.amount > 1).values(amount=Entry.amount * 10))
        assert returned.amount == 40
        session.execute(account.entries.delete().where(Entry.amount == 20))
        session.commit()
        assert rows(session, bank) == [(1, account.id), (30, account.id), (40, account.id), (100, other.id)]


@pytest.mark.feature("F063")
def test_a_write_only_collection_refuses_to_be_read_whole(sqlite_engine: Any) -> None:
    bank = Bank(sqlite_engine, WriteOnlyMapped)
    with Session(sqlite_engine) as session:
        account = bank.filled(session, 1)
        with pytest.raises(TypeError, match=r"don't support iteration.*use the select\(\) method"):
            list(account.entries)
        with pytest.raises(TypeError, match="is not iterable"):
            account in account.entries  # noqa: B015  # asking is the point
        with pytest.raises(exc.InvalidRequestError, match=r'"Account.entries" does not support implicit'):
            account.entries = []
        with pytest.raises(exc.InvalidRequestError, match="configure passive_deletes=True on the Acc"):
            get_history(account, "entries")
        with pytest.raises(NotImplementedError, match="Account.entries is not loaded"):
            del account.entries
        for eager in (selectinload, joinedload):
            with pytest.raises(exc.InvalidRequestError, match="'Account.entries' does not support object"):
                session.scalars(select(bank.Account).options(eager(bank.Account.entries)))
        session.delete(account)
        with pytest.raises(exc.InvalidRequestError, match="configure passive_deletes=True on the Acc"):
            session.flush()


@pytest.mark.feature("F063")
def test_changes_through_the_other_side_wait_with_the_rest(engine: Any) -> None:
    bank = Bank(engine, WriteOnlyMapped)
    with Session(engine) as session:
        one, two = bank.filled(session, 1), bank.filled(session)
        entry = session.scalars(one.entries.select()).one()
        entry.account = two
        assert inspect(one).attrs.entries.history.deleted == [entry]
        assert inspect(two).attrs.entries.history.added == [entry]
        session.commit()
        assert rows(session, bank) == [(1, two.id)]
        two.entries.remove(entry)
        two.entries.add(entry)
        # nobody looked whether it was a member
        assert inspect(two).attrs.entries.history == ([entry], [], [])
        two.entries.remove(entry)
        session.expire(two)
        assert not inspect(two).attrs.entries.history.has_changes()
        session.rollback()
        stranger = bank.Entry(amount=9)
        two.entries.remove(stranger)
        with pytest.warns(exc.SAWarning, match="not in session, delete operation along 'Account.entries' wi"):
            session.commit()


@pytest.mark.feature("F063")
def test_a_write_only_many_to_many(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    link = Table(
        "audit_entry",
        Base.metadata,
        Column("audit_id", ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True),
        Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True),
    )

    class Audit(Base):
        __tablename__ = "audit"
        id: Mapped[int] = mapped_column(primary_key=True)
        entries: WriteOnlyMapped[Entry] = relationship(secondary=link, passive_deletes=True)

    class Entry(Base):
        __tablename__ = "entry"
        id: Mapped[int] = mapped_column(primary_key=True)
        amount: Mapped[int]

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        audit = Audit()
        audit.entries.add_all([Entry(amount=n) for n in (1, 2, 3)])
        session.add_all([audit, Audit()])
        session.commit()
        assert " FROM entry, audit_entry " in " ".join(str(audit.entries.select()).split())
        chosen = audit.entries.select().where(Entry.amount < 3).order_by(Entry.amount)
        first, second = session.scalars(chosen)
        with pytest.raises(exc.InvalidRequestError, match="use a separate bulk INSERT along with add_all"):
            audit.entries.insert()
        audit.entries.remove(first)
        session.commit()
        assert session.scalar(select(func.count()).select_from(link)) == 2
        wanted = chosen.with_only_columns(Entry.id).order_by(None)
        assert session.scalars(wanted).all() == [second.id]


@pytest.mark.feature("F063")
def test_merging_with_unloaded_collections(engine: Any) -> None:
    bank = Bank(engine, DynamicMapped)
    with Session(engine) as session:
        key = bank.filled(session, 1, 2).id
        gone, kept = session.scalars(select(bank.Entry.id).order_by(bank.Entry.id))
        session.expunge_all()
        given = bank.Account(id=key, name="b")
        given.entries.extend([bank.Entry(id=kept, amount=20), bank.Entry(amount=30)])
        merged = session.merge(given)
        session.commit()
        assert merged.name == "b" and sorted(e.amount for e in merged.entries) == [20, 30]
        assert session.get_one(bank.Entry, gone).account is None
        # what nobody put anything into is left as it is
        session.merge(bank.Account(id=key, name="c"))
        session.commit()
        assert merged.entries.count() == 2


# dynamic ---------------------------------------------------------------------------------------------


@pytest.mark.feature("F063")
def test_a_dynamic_collection_is_a_query(engine: Any, sql_log: Any) -> None:
    bank = Bank(engine, DynamicMapped, cascade="all, delete-orphan", order_by="Entry.amount")
    Account, Entry = bank.Account, bank.Entry
    with Session(engine) as session:
        account = Account(name="a")
        account.entries.append(Entry(amount=1))
        account.entries.extend([Entry(amount=3), Entry(amount=2)])
        account.entries.add(Entry(amount=4))
        account.entries.add_all([Entry(amount=5)])
        # in no database yet: only what was put in
        assert account.entries.session is None and account.entries.count() == 5
        assert account.entries[1].amount == 3 and [e.amount for e in account.entries] == [1, 3, 2, 4, 5]
        session.add(account)
        log = sql_log(engine)
        assert [e.amount for e in account.entries] == [1, 2, 3, 4, 5]
        assert log.texts()[0].startswith("INSERT INTO account")
        assert isinstance(account.entries, AppenderQuery) and isinstance(account.entries, Query)
        assert type(account.entries.filter(Entry.amount > 1)) is Query
        assert account.entries.filter(Entry.amount > 2).count() == 3
        assert [e.amount for e in account.entries[1:3]] == [2, 3] and account.entries.first().amount == 1
        assert account.entries.filter_by(amount=4).one() in account.entries
        assert account.entries.join(Entry.account).filter(Account.name == "b").all() == []
        assert account.entries.options(joinedload(Entry.account)).all() == list(account.entries)
        account.entries.remove(account.entries[0])
        with session.no_autoflush:
            assert account.entries.count() == 5
        assert account.entries.count() == 4
        assert account.entries.order_by(None).filter(Entry.amount > 4).update({"amount": 50}) == 1
        session.commit()
        key = account.id
    with Session(engine) as session:
        account = session.get_one(Account, key)
        kept = account.entries[1]
        account.entries = [kept, Entry(amount=7)]
        assert [e.amount for e in inspect(account).attrs.entries.history.deleted] == [2, 4, 50]
        session.commit()
        assert rows(session, bank) == [(3, key), (7, key)]
        session.delete(account)
        session.commit()
        assert rows(session, bank) == []


@pytest.mark.feature("F063")
def test_a_dynamic_collection_outside_of_a_session(sqlite_engine: Any) -> None:
    bank = Bank(sqlite_engine, DynamicMapped)
    with Session(sqlite_engine) as session:
        account = bank.filled(session, 1)
        session.expunge(account)
        account.entries.append(bank.Entry(amount=2))
        with pytest.warns(exc.SAWarning, match="is detached, dynamic relationship cannot return a correct"):
            assert [e.amount for e in account.entries] == [2]
        with pytest.raises(DetachedInstanceError, match="lazy load operation of attribute 'entries' cannot"):
            account.entries.filter(bank.Entry.amount > 1)


@pytest.mark.feature("F063")
def test_a_query_class_of_ones_own(sqlite_engine: Any) -> None:
    class Large(Query[Any]):
        def large(self) -> Any:
            return self.filter(text("amount > 10"))

    bank = Bank(sqlite_engine, DynamicMapped, query_class=Large)
    with Session(sqlite_engine) as session:
        account = bank.filled(session, 5, 50)
        assert type(account.entries).__name__ == "AppenderLarge"
        assert account.entries.large().filter_by(account=account).large().one().amount == 50


@pytest.mark.feature("F063")
def test_a_dynamic_many_to_many_of_one_class_both_ways(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    follows = Table(
        "follows",
        Base.metadata,
        Column("follower_id", ForeignKey("users.id"), primary_key=True),
        Column("followed_id", ForeignKey("users.id"), primary_key=True),
    )

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        followed: DynamicMapped[User] = relationship(
            secondary=follows,
            primaryjoin=lambda: User.id == follows.c.follower_id,
            secondaryjoin=lambda: User.id == follows.c.followed_id,
            backref=backref("followers", lazy="dynamic", order_by=lambda: User.id.desc()),
        )

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a, b, c = users = [User(id=n) for n in (1, 2, 3)]
        session.add_all(users)
        a.followed.extend([b, c])
        b.followed.append(c)
        session.commit()
        assert c.followers.all() == [b, a] and a.followed.filter(follows.c.followed_id > 2).all() == [c]
        a.followed.remove(c)
        session.commit()
        assert c.followers.all() == [b]
        # the rows between are deleted with either side
        session.delete(b)
        session.commit()
        assert c.followers.all() == a.followed.all() == []


@pytest.mark.feature("F063")
def test_members_follow_a_changed_key(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Country(Base):
        __tablename__ = "country"
        code: Mapped[str] = mapped_column(String(5), primary_key=True)
        towns: DynamicMapped[Town] = relationship(
            primaryjoin=lambda: Country.code == foreign(Town.country),
            passive_updates=False,
            order_by=lambda: Town.id,
        )

    class Town(Base):
        __tablename__ = "town"
        id: Mapped[int] = mapped_column(primary_key=True)
        country: Mapped[str | None] = mapped_column(String(5))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        country = Country(code="x")
        country.towns.extend([Town(), Town()])
        session.add(country)
        session.commit()
        country.code = "y"
        session.commit()
        assert [town.country for town in country.towns] == ["y", "y"]


@pytest.mark.feature("F063")
def test_listeners_hear_of_changes(sqlite_engine: Any) -> None:
    heard: list[Any] = []
    for kind in (WriteOnlyMapped, DynamicMapped):
        bank = Bank(sqlite_engine, kind)
        heard.clear()
        event.listen(bank.Account.entries, "append", lambda o, v, i: heard.append(("+", v)))
        event.listen(bank.Account.entries, "remove", lambda o, v, i: heard.append(("-", v)))
        account, entry = bank.Account(name="a"), bank.Entry(amount=1)
        account.entries.add(entry)
        entry.account = None
        assert heard == [("+", entry), ("-", entry)]


@pytest.mark.feature("F063")
def test_one_object_is_no_collection() -> None:
    class Base(DeclarativeBase):
        pass

    class Entry(Base):
        __tablename__ = "entry"
        id: Mapped[int] = mapped_column(primary_key=True)
        account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
        account: WriteOnlyMapped[Account] = relationship()

    class Account(Base):
        __tablename__ = "account"
        id: Mapped[int] = mapped_column(primary_key=True)

    try:
        with pytest.raises(exc.InvalidRequestError, match="relationship Entry.account, 'dynamic' loaders"):
            configure_mappers()
    finally:
        Base.registry.dispose()


@pytest.mark.parametrize("kind", ["dynamic", "write_only"])
@pytest.mark.parametrize("stored", [False, True])
def test_members_that_leave_and_return(engine: Any, kind: Any, stored: bool) -> None:
    """Whether or not they were members before: to put one in again is not to undo that it was taken out."""

    class Base(DeclarativeBase):
        pass

    class Parent(Base):
        __tablename__ = "returning_parent"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        children = relationship("Child", lazy=kind)

    class Child(Base):
        __tablename__ = "returning_child"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("returning_parent.id"))

    Base.metadata.create_all(engine)
    for number, steps in enumerate(("-+", "+-+", "-+-", "-+-+")):
        with Session(engine, autoflush=False) as session:
            parent = Parent(id=number)
            member, stranger = Child(id=number * 2), Child(id=number * 2 + 1)
            put = parent.children.add if kind == "write_only" else parent.children.append
            if stored:
                put(member)
                session.add_all([parent, member, stranger])
                session.commit()
            put = parent.children.add if kind == "write_only" else parent.children.append
            for step in steps:
                for child in (member, stranger):
                    put(child) if step == "+" else parent.children.remove(child)
            session.add_all([parent, member, stranger])
            session.commit()
            wanted = number if steps.endswith("+") else None
            assert (member.parent_id, stranger.parent_id) == (wanted, wanted), steps
    Base.metadata.drop_all(engine)
    Base.registry.dispose()


def test_a_dynamic_collection_read_without_a_flush(sqlite_engine: Any) -> None:
    bank = Bank(sqlite_engine, DynamicMapped, order_by="Entry.amount")
    with Session(sqlite_engine) as session:
        account = bank.Account(name="a", entries=[bank.Entry(amount=1)])
        session.add(account)
        session.flush()
        account.entries.append(bank.Entry(amount=2))
        unflushed = account.entries.autoflush(False)
        assert [entry.amount for entry in unflushed.filter(bank.Entry.amount > 0)] == [1]
        assert unflushed.count() == 1 and len(session.new) == 1
        assert [entry.amount for entry in account.entries] == [1, 2]
        assert not session.new
