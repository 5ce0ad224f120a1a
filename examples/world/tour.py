"""
A tour of relvar with the countries and cities of the world.

Run ``make demo``.  It maps classes, creates tables in a SQLite file, writes tens
of thousands of objects, asks for them in several ways with the SQL shown,
changes and deletes some, and checks what it finds against the source data.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import Base, City, Continent, Country, Language, country_language, country_neighbour
from source import World
from tqdm import tqdm

import relvar
from relvar import create_engine, event, func, select
from relvar.orm import Session, joinedload, selectinload, sessionmaker

failures: list[str] = []


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n\033[1m{text}\033[0m")


def check(what: str, found: object, expected: object) -> None:
    """Print a fact and whether the source data agrees."""
    good = found == expected
    print(f"  {'ok ' if good else 'WRONG'} {what}: {found}" + ("" if good else f", expected {expected}"))
    if not good:
        failures.append(what)


@contextmanager
def show_sql(engine: relvar.Engine) -> Iterator[list[str]]:
    """Print each statement while the block runs; yield the list of them."""
    seen: list[str] = []

    def note(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
        seen.append(statement)
        text = " ".join(statement.split())
        print(f"  \033[2m{text if len(text) < 300 else text[:297] + '...'}   {str(parameters)[:60]}\033[0m")

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def write(session: Session, world: World) -> None:
    """Turn the source data into objects and write them, all or nothing."""
    continents = {code: Continent(code=code, name=name) for code, name in world.continents.items()}
    languages = {code: Language(code=code) for codes in world.languages.values() for code in codes}
    countries = {
        iso: Country(
            iso=iso,
            name=data["name"],
            population=data["population"],
            area_km2=data["areakm2"],
            currency=data["currencycode"] or None,
            continent=continents[data["continentcode"]],
            languages=[languages[code] for code in world.languages[iso]],
        )
        for iso, data in world.countries.items()
    }
    for iso, neighbours in world.neighbours.items():
        countries[iso].neighbours = [countries[n] for n in neighbours]
    session.add_all(countries.values())
    session.add_all(continents.values())

    capitals = {city_id: iso for iso, city_id in world.capitals.items()}
    for data in tqdm(world.cities, desc="  cities", unit=" objects", ncols=80):
        city = City(
            id=data["geonameid"],
            name=data["name"],
            latitude=data["latitude"],
            longitude=data["longitude"],
            population=data["population"],
            timezone=data["timezone"],
        )
        countries[data["countrycode"]].cities.append(city)
        if city.id in capitals:
            countries[capitals[city.id]].capital = city
    session.commit()


def ask(session: Session, engine: relvar.Engine, world: World) -> None:
    """Query in several ways."""
    title("5. Ask: the five most populous countries of Africa, and their capitals in the same query")
    with show_sql(engine) as seen:
        statement = (
            select(Country)
            .join(Country.continent)
            .where(Continent.name == "Africa")
            .order_by(Country.population.desc())
            .limit(5)
            .options(joinedload(Country.capital))
        )
        top = session.scalars(statement).all()
        print(
            "  ",
            ", ".join(f"{c.name} ({c.capital.name if c.capital else 'no capital in the data'})" for c in top),
        )
    check("statements for five countries and their capitals", len(seen), 1)
    africa = [c for c in world.countries.values() if c["continentcode"] == "AF"]
    expected = [c["name"] for c in sorted(africa, key=lambda c: -c["population"])[:5]]
    check("they are", [c.name for c in top], expected)

    title("6. Ask: follow relationships; what is not loaded yet is fetched when it is touched")
    with show_sql(engine):
        swiss = session.get_one(Country, "CH")
        languages = sorted(language.code for language in swiss.languages)
        neighbours = sorted(country.name for country in swiss.neighbours)
    check("languages of Switzerland", languages, world.languages["CH"])
    expected = sorted(world.countries[iso]["name"] for iso in world.neighbours["CH"])
    check("its neighbours", neighbours, expected)

    title("7. Ask: all countries with all their cities, in two statements")
    with show_sql(engine) as seen:
        session.expire_all()
        countries = session.scalars(select(Country).options(selectinload(Country.cities))).all()
        cities = sum(len(country.cities) for country in countries)
    check("cities in the countries' lists", cities, len(world.cities))
    check("statements", len(seen), 2)

    title("8. Ask: columns, functions and groups instead of objects")
    with show_sql(engine):
        rows = session.execute(
            select(
                Continent.name,
                func.count(City.id).label("cities"),
                func.max(City.population).label("largest"),
            )
            .join(Continent.countries)
            .join(Country.cities)
            .group_by(Continent.name)
            .order_by(func.count(City.id).desc())
        ).all()
    for row in rows:
        print(f"   {row.name:<15} {row.cities:>6} cities, the largest has {row.largest:,} people")
    check("cities in all", sum(row.cities for row in rows), len(world.cities))

    title("9. Ask: countries with more than three languages and a neighbour that speaks Portuguese")
    with show_sql(engine):
        many = (
            select(country_language.c.country_iso)
            .group_by(country_language.c.country_iso)
            .having(func.count() > 3)
            .scalar_subquery()
        )
        names = session.scalars(
            select(Country.name)
            .where(
                Country.iso.in_(many), Country.neighbours.any(Country.languages.any(Language.code == "pt"))
            )
            .order_by(Country.name)
        ).all()
    expected = sorted(
        world.countries[iso]["name"]
        for iso, codes in world.languages.items()
        if len(codes) > 3 and any("pt" in world.languages[n] for n in world.neighbours[iso])
    )
    check("they are", names, expected)


def change(Session: sessionmaker[Session], engine: relvar.Engine, world: World) -> None:
    """Change and delete, with cascades, and fail on purpose."""
    title("10. Change: only what changed is written, in one transaction")
    with show_sql(engine) as seen, Session.begin() as session:
        vienna = session.scalars(select(City).where(City.name == "Vienna", City.country_iso == "AT")).one()
        vienna.population += 1
        vienna_id, population = vienna.id, vienna.population
    check("UPDATE statements", sum(s.startswith("UPDATE") for s in seen), 1)
    with Session() as session:
        check("population of Vienna as stored", session.get_one(City, vienna_id).population, population)

    title("11. Fail: a flush writes all or nothing")
    with Session() as session:
        session.add(
            City(id=1, name="Atlantis", latitude=0, longitude=0, population=0, timezone="", country_iso="GR")
        )
        session.add(Language(code="de"))
        try:
            session.commit()
        except relvar.exc.IntegrityError as error:
            print("  ", str(error).splitlines()[0])
            session.rollback()
        check("Atlantis", session.get(City, 1), None)

    title("12. Delete: a continent's countries, with their cities, their links to languages and neighbours")
    gone = [iso for iso, c in world.countries.items() if c["continentcode"] == "OC"]
    with Session.begin() as session:
        oceania = session.get_one(Continent, "OC")
        for country in list(oceania.countries):
            for neighbour in list(country.neighbours):
                neighbour.neighbours.remove(country)
            session.delete(country)
        session.flush()
        session.expire(oceania)
        session.delete(oceania)
    left = [city for city in world.cities if city["countrycode"] not in gone]
    with Session() as session:
        count = session.scalar
        check(
            "countries left",
            count(select(func.count()).select_from(Country)),
            len(world.countries) - len(gone),
        )
        check("cities left", count(select(func.count()).select_from(City)), len(left))
        links = sum(len(codes) for iso, codes in world.languages.items() if iso not in gone)
        check("languages' links left", count(select(func.count()).select_from(country_language)), links)
        links = sum(
            len([n for n in ns if n not in gone]) for iso, ns in world.neighbours.items() if iso not in gone
        )
        check("neighbours' links left", count(select(func.count()).select_from(country_neighbour)), links)


def main() -> None:
    """Run the tour; fail when a check fails."""
    started = time.perf_counter()
    mode = "compiled" if relvar.is_compiled() else "pure Python"
    print(f"relvar {relvar.__version__}, kernels: {mode}")

    title("1. Read the source data")
    world = World()
    print(
        f"   {len(world.countries)} countries, {len(world.cities):,} cities, {len(world.capitals)} capitals"
    )

    with tempfile.TemporaryDirectory() as folder:
        title("2. Make an engine: it connects nowhere until it is used")
        place = Path(folder) / "world.db"
        engine = create_engine(f"sqlite:///{place}")
        check("the file exists", place.exists(), False)

        title("3. Create the tables, in the order of their foreign keys")
        with show_sql(engine):
            Base.metadata.create_all(engine)

        title("4. Write the objects: one commit, parents before children")
        factory = sessionmaker(bind=engine)
        begun = time.perf_counter()
        with factory() as session:
            write(session, world)
        print(f"   {time.perf_counter() - begun:.1f} s")
        with factory() as session:
            count = session.scalar
            check("countries", count(select(func.count()).select_from(Country)), len(world.countries))
            check("cities", count(select(func.count()).select_from(City)), len(world.cities))
            check("capitals", count(select(func.count(Country.capital_id))), len(world.capitals))
            links = sum(map(len, world.languages.values()))
            check("languages' links", count(select(func.count()).select_from(country_language)), links)
            ask(session, engine, world)
        change(factory, engine, world)
        engine.dispose()

    print(f"\nThe tour took {time.perf_counter() - started:.1f} s.")
    if failures:
        raise SystemExit(f"{len(failures)} checks failed: {failures}")
    print("Every count agrees with the source data.")


if __name__ == "__main__":
    main()
