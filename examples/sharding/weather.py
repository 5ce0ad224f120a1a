"""
Weather reports of four continents, each in a database of its own.

Which database a location is in is told by its continent; its reports are with it.  A table in the first
database hands out primary keys, so that a key is not used twice.

Run it: ``python examples/sharding/weather.py``
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

from relvar import Engine, ForeignKey, create_engine, func, inspect, select, update
from relvar.ext.horizontal_shard import ShardedSession, set_shard_id
from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from relvar.sql import operators, visitors

CONTINENTS = ("North America", "Asia", "Europe", "South America")
SHARDS = {name: name.lower().replace(" ", "_") for name in CONTINENTS}


class Base(DeclarativeBase): ...


class NextKey(Base):
    __tablename__ = "next_key"
    value: Mapped[int] = mapped_column(primary_key=True)


class Location(Base):
    __tablename__ = "locations"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    continent: Mapped[str]
    city: Mapped[str]
    reports: Mapped[list[Report]] = relationship(back_populates="location", order_by="Report.id")


class Report(Base):
    __tablename__ = "reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    temperature: Mapped[float]
    made: Mapped[datetime.date]
    location: Mapped[Location] = relationship(back_populates="reports")


def next_key(engine: Engine) -> int:
    """A primary key that no shard has."""
    with engine.begin() as connection:
        value = connection.execute(select(NextKey.value)).scalar_one()
        connection.execute(update(NextKey).values(value=value + 1))
        return int(value)


def shard_chooser(mapper: Any, instance: Any, clause: Any = None) -> str:
    """A location goes where its continent says; a report to its location."""
    if isinstance(instance, Report):
        return shard_chooser(mapper, instance.location)
    return SHARDS[instance.continent]


def identity_chooser(mapper: Any, primary_key: Any, *, lazy_loaded_from: Any, **kw: Any) -> list[str]:
    """What belongs to an object is in its shard; else it may be in any."""
    if lazy_loaded_from is not None:
        return [lazy_loaded_from.identity_token]
    return list(SHARDS.values())


def execute_chooser(context: Any) -> list[str]:
    """What belongs to objects is in their shard, criteria on the continent name one; all else goes to all."""
    if context.is_select and context.lazy_loaded_from is not None:
        return [context.lazy_loaded_from.identity_token]
    if context.is_select and context.is_relationship_load:
        return [context.execution_options["identity_token"]]
    continents = [
        node.right.value
        for node in visitors.iterate(context.statement)
        if getattr(node, "operator", None) is operators.eq and getattr(node.left, "key", None) == "continent"
    ]
    return [SHARDS[name] for name in continents] or list(SHARDS.values())


def main(folder: Path) -> None:
    engines = {name: create_engine(f"sqlite:///{folder}/{name}.db") for name in SHARDS.values()}
    for engine in engines.values():
        Base.metadata.create_all(engine)
    keys = engines["north_america"]
    with keys.begin() as connection:
        connection.execute(NextKey.__table__.insert(), {"value": 1})  # type: ignore[attr-defined]  # a Table

    with ShardedSession(
        shard_chooser=shard_chooser,
        identity_chooser=identity_chooser,
        execute_chooser=execute_chooser,
        shards=engines,
    ) as session:
        for continent, city in [
            *(("Asia", "Tokyo"), ("Europe", "Vilnius"), ("Europe", "Dublin")),
            *(("North America", "New York"), ("South America", "Quito")),
        ]:
            location = Location(id=next_key(keys), continent=continent, city=city)
            for day, temperature in enumerate((14.0, 21.5), 1):
                location.reports.append(Report(temperature=temperature, made=datetime.date(2026, 5, day)))
            session.add(location)
        session.commit()

        # from all shards
        cities = session.scalars(select(Location).order_by(Location.city)).all()
        assert {where(each) for each in cities} == set(SHARDS.values()) and len(cities) == 5
        # from one, as the criteria say
        european = session.scalars(select(Location).where(Location.continent == "Europe")).all()
        assert {each.city for each in european} == {"Vilnius", "Dublin"}
        # by key, wherever it is; what belongs to it is there, too
        tokyo = session.get(Location, 1)
        assert tokyo is not None and tokyo.city == "Tokyo" and where(tokyo) == "asia"
        assert [where(report) for report in tokyo.reports] == ["asia", "asia"]
        # keys of reports are numbered in each shard: the shard tells them apart
        first = session.get(Report, 1, identity_token="south_america")
        assert first is not None and first.location.city == "Quito"
        # eager loads ask the shard of the parents
        session.expunge_all()
        with_reports = session.scalars(select(Location).options(selectinload(Location.reports))).all()
        assert all(where(report) == where(each) for each in with_reports for report in each.reports)
        # statements that change rows go to all shards, or to the one that is named
        changed = session.execute(update(Report).values(temperature=Report.temperature + 1))
        assert changed.rowcount == 10
        here = update(Report).where(Report.id == 1).values(temperature=0.0).options(set_shard_id("asia"))
        assert session.execute(here).rowcount == 1
        session.commit()
        count = select(func.count(Report.id), func.max(Report.temperature))
        assert session.execute(count.options(set_shard_id("europe"))).one() == (4, 22.5)
        # an object is changed and deleted where it is
        vilnius = session.scalars(select(Location).where(Location.city == "Vilnius")).one()
        vilnius.city = "Kaunas"
        quito = session.scalars(select(Location).where(Location.city == "Quito")).one()
        for report in quito.reports:
            session.delete(report)
        session.delete(quito)
        session.commit()
        left = {(each.city, where(each)) for each in session.scalars(select(Location))}
        assert ("Kaunas", "europe") in left and len(left) == 4
    for engine in engines.values():
        engine.dispose()


def where(thing: Any) -> str:
    """The shard of an object."""
    return str(inspect(thing).identity_token)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
