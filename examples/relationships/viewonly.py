"""
Relationships that are only read, beside the one that writes.

Changing them changes nothing in the database, not even whether an object counts as changed; they show
what was written once they are loaded again.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    players: Mapped[list[Player]] = relationship(back_populates="team", order_by="Player.id")
    veterans: Mapped[list[Player]] = relationship(
        primaryjoin="and_(Team.id == Player.team_id, Player.age > 35)", viewonly=True, order_by="Player.id"
    )


class Player(Base):
    __tablename__ = "player"
    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team | None] = relationship(back_populates="players")


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        team = Team(players=[Player(age=20), Player(age=40)])
        session.add(team)
        session.commit()
        assert [player.age for player in team.veterans] == [40]

        # put into the read-only one: nothing happens
        stranger = Player(age=50)
        session.add(stranger)
        session.flush()
        team.veterans.append(stranger)
        assert not session.is_modified(team) and stranger.team is None
        session.commit()
        assert [player.age for player in team.veterans] == [40]

        # put into the one that writes: seen after the next load
        team.players.append(stranger)
        assert [player.age for player in team.veterans] == [40]
        session.commit()
        assert [player.age for player in team.veterans] == [40, 50]
        assert session.scalars(select(Team).where(Team.veterans.contains(stranger))).one() is team

        # deleting the team lets go of the players by ``players`` only
        session.delete(team)
        session.commit()
        assert session.scalars(select(Player.team_id)).all() == [None, None, None]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
