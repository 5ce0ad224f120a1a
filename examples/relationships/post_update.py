"""
Rows that refer to each other: neither can be inserted complete, so one key follows with an UPDATE.

``post_update`` says which.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, create_engine, event, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Album(Base):
    __tablename__ = "album"
    id: Mapped[int] = mapped_column(primary_key=True)
    # the table of songs comes later: this constraint is added by ALTER TABLE where a database needs that
    best_id: Mapped[int | None] = mapped_column(ForeignKey("song.id", use_alter=True, name="fk_album_best"))
    songs: Mapped[list[Song]] = relationship(
        back_populates="album", foreign_keys="Song.album_id", cascade="all, delete-orphan"
    )
    best: Mapped[Song | None] = relationship(foreign_keys=[best_id], post_update=True)


class Song(Base):
    __tablename__ = "song"
    id: Mapped[int] = mapped_column(primary_key=True)
    album_id: Mapped[int] = mapped_column(ForeignKey("album.id"))
    album: Mapped[Album] = relationship(back_populates="songs", foreign_keys=[album_id])


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    sent: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda c, cur, text, *rest: sent.append(" ".join(text.split()[:3]))
    )
    with Session(engine) as session:
        first, second = Song(), Song()
        album = Album(songs=[first, second], best=second)
        session.add(album)
        session.flush()
        inserts = [text for text in sent if text.startswith("INSERT")]
        assert inserts[0] == "INSERT INTO album" and set(inserts[1:]) == {"INSERT INTO song"}
        assert sent[-1] == "UPDATE album SET"
        session.commit()
        assert album.best is second

        sent.clear()
        album.best = first
        session.commit()
        assert album.best_id == first.id and sum(text.startswith("UPDATE") for text in sent) == 1

        # the key is taken back before the songs are deleted
        sent.clear()
        session.delete(album)
        session.commit()
        writes = [text for text in sent if not text.startswith("SELECT")]
        assert writes[0] == "UPDATE album SET" and writes[-1].startswith("DELETE FROM album")
        assert session.scalar(select(func.count()).select_from(Song)) == 0


if __name__ == "__main__":
    main(create_engine("sqlite://"))
