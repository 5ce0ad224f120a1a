"""
Collections too large to load: changed and searched, but never read whole.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, create_engine, event, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, WriteOnlyMapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    entries: WriteOnlyMapped[Entry] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Entry.id"
    )


class Entry(Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    amount: Mapped[int]


def main(engine: Any) -> None:
    if engine.dialect.name == "sqlite":
        # SQLite looks at foreign keys only when told to
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        account = Account(entries=[Entry(amount=1)])
        account.entries.add_all([Entry(amount=amount) for amount in (2, 3)])
        session.add(account)
        session.commit()
        key = account.id

    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: sent.append(text.split()[0]))
    with Session(engine) as session:
        account = session.get_one(Account, key)
        large = session.scalars(account.entries.select().where(Entry.amount > 2)).one()
        account.entries.remove(large)
        account.entries.add(Entry(amount=4))
        session.flush()
        assert sorted(sent) == ["DELETE", "INSERT", "SELECT", "SELECT"]

        # many rows with one statement each
        session.execute(account.entries.insert(), [{"amount": amount} for amount in (5, 6)])
        session.execute(account.entries.update().where(Entry.amount > 4).values(amount=Entry.amount * 10))
        session.execute(account.entries.delete().where(Entry.amount == 50))
        session.commit()
        assert session.scalars(account.entries.select().with_only_columns(Entry.amount)).all() == [
            1,
            2,
            4,
            60,
        ]

        session.delete(account)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Entry)) == 0


if __name__ == "__main__":
    main(create_engine("sqlite://"))
