"""
Deletes left to the database: ``ON DELETE CASCADE`` with ``passive_deletes``.

Members that are not loaded are not loaded only to be deleted; the database deletes their rows.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, create_engine, event, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Log(Base):
    __tablename__ = "log"
    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[list[Entry]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    # "all": not even what is loaded is touched
    marks: Mapped[list[Mark]] = relationship(passive_deletes="all")


class Entry(Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("log.id", ondelete="CASCADE"))


class Mark(Base):
    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int | None] = mapped_column(ForeignKey("log.id", ondelete="SET NULL"))


def main(engine: Any) -> None:
    if engine.dialect.name == "sqlite":
        # SQLite looks at foreign keys only when told to
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        logs = [Log(entries=[Entry() for _ in range(3)], marks=[Mark()]) for _ in range(2)]
        session.add_all(logs)
        session.commit()
        keys = [log.id for log in logs]

    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: sent.append(text.split()[0]))
    with Session(engine) as session:
        session.delete(session.get_one(Log, keys[0]))
        session.commit()
        # loaded by its key, deleted: two statements for four rows
        assert sent == ["SELECT", "DELETE"]
        assert session.scalar(select(func.count()).select_from(Entry)) == 3

        # what is loaded is deleted by the session, as it knows those objects
        log = session.get_one(Log, keys[1])
        entry, mark = log.entries[0], log.marks[0]
        sent.clear()
        session.delete(log)
        session.flush()
        assert sent == ["DELETE", "DELETE"]
        session.commit()
        assert entry not in session and session.scalar(select(func.count()).select_from(Entry)) == 0
        assert mark.log_id is None


if __name__ == "__main__":
    main(create_engine("sqlite://"))
