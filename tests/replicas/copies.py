"""
SQLite databases that are copied when a test says so: replicas whose lag is exact.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from relvar import ForeignKey, create_engine
from relvar.ext.routing import Positions, ReplicatedEngine
from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship
from relvar.pool import NullPool


class Base(DeclarativeBase): ...


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]
    moves: Mapped[list[Move]] = relationship(back_populates="account")


class Move(Base):
    __tablename__ = "moves"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    cents: Mapped[int]
    account: Mapped[Account] = relationship(back_populates="moves")


class Counted(Base):
    __tablename__ = "counted"
    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ChangeCounter(Positions):
    """
    Positions of SQLite files: the change counter in the header, which each transaction increments.

    Source: https://www.sqlite.org/fileformat.html#file_change_counter
    """

    def now(self, primary: Any) -> str:
        return str(int.from_bytes(Path(primary.engine.url.database).read_bytes()[24:28], "big"))

    def seen(self, replica: Any, wanted: str, seconds: float) -> str:
        return self.now(replica)

    def parse(self, position: str) -> int:
        return int(position) if position.isdecimal() else self._refuse(position, "a number")


class Copies:
    """
    A primary and two replicas of it, which are copied by `replay`.
    """

    def __init__(self, folder: Path, driver: str = "sqlite", **options: Any) -> None:
        self.paths = [folder / f"{name}.db" for name in ("primary", "first", "second")]
        self.engines = [create_engine(f"sqlite:///{path}", poolclass=NullPool) for path in self.paths]
        Base.metadata.create_all(self.engines[0])
        with self.engines[0].begin() as connection:
            connection.execute(Account.__table__.insert(), [{"id": 1, "cents": 0}, {"id": 2, "cents": 0}])
            connection.execute(Counted.__table__.insert(), [{"id": 1, "cents": 0, "version": 1}])
        self.replay(1)
        self.replay(2)
        options.setdefault("positions", ChangeCounter())
        options.setdefault("wait", 0.02)
        self.engine = ReplicatedEngine(self.engines[0], self.engines[1:], **options)

    def replay(self, number: int) -> None:
        """Bring a replica up with the primary."""
        shutil.copyfile(self.paths[0], self.paths[number])

    def lose(self, number: int) -> None:
        """Have a replica refuse connections."""
        self.paths[number].unlink()
        self.paths[number].mkdir()

    def bring_back(self, number: int) -> None:
        """Undo `lose`."""
        self.paths[number].rmdir()
        self.replay(number)
