"""Map the world: continents, countries, cities, languages, neighbours."""

from __future__ import annotations

from relvar import BigInteger, Column, ForeignKey, String, Table
from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The base of all classes of the tour; it holds their tables."""


# Many to many needs a table of its own, a row for each pair.
country_language = Table(
    "country_language",
    Base.metadata,
    Column("country_iso", ForeignKey("country.iso"), primary_key=True),
    Column("language_code", ForeignKey("language.code"), primary_key=True),
)

country_neighbour = Table(
    "country_neighbour",
    Base.metadata,
    Column("country_iso", ForeignKey("country.iso"), primary_key=True),
    Column("neighbour_iso", ForeignKey("country.iso"), primary_key=True),
)


class Continent(Base):
    """One of the seven continents."""

    __tablename__ = "continent"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))

    countries: Mapped[list[Country]] = relationship(back_populates="continent")


class Language(Base):
    """A language, by its ISO 639 code."""

    __tablename__ = "language"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)

    countries: Mapped[list[Country]] = relationship(secondary=country_language, back_populates="languages")


class Country(Base):
    """A country, by its ISO 3166 code."""

    __tablename__ = "country"

    iso: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    population: Mapped[int] = mapped_column(BigInteger)
    area_km2: Mapped[float]
    currency: Mapped[str | None] = mapped_column(String(3))
    continent_code: Mapped[str] = mapped_column(ForeignKey("continent.code"))
    # A country has a capital, which is a city, which has a country: a cycle of foreign keys.
    capital_id: Mapped[int | None] = mapped_column(
        ForeignKey("city.id", use_alter=True, name="fk_country_capital")
    )

    continent: Mapped[Continent] = relationship(back_populates="countries")
    # One to many: a country's cities are deleted with it.
    cities: Mapped[list[City]] = relationship(
        back_populates="country", foreign_keys="City.country_iso", cascade="all, delete-orphan"
    )
    # One to one: post_update writes the capital once both rows are there.
    capital: Mapped[City | None] = relationship(
        back_populates="capital_of", foreign_keys=[capital_id], post_update=True
    )
    languages: Mapped[list[Language]] = relationship(secondary=country_language, back_populates="countries")
    neighbours: Mapped[list[Country]] = relationship(
        secondary=country_neighbour,
        primaryjoin=iso == country_neighbour.c.country_iso,
        secondaryjoin=iso == country_neighbour.c.neighbour_iso,
    )

    def __repr__(self) -> str:
        return f"<{self.name}>"


class City(Base):
    """A city of more than 15,000 people, or a capital."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]
    timezone: Mapped[str] = mapped_column(String(40))
    country_iso: Mapped[str] = mapped_column(ForeignKey("country.iso"), index=True)

    # Many to one, the other side of Country.cities.
    country: Mapped[Country] = relationship(back_populates="cities", foreign_keys=[country_iso])
    capital_of: Mapped[Country | None] = relationship(
        back_populates="capital", foreign_keys=[Country.capital_id], uselist=False, post_update=True
    )

    def __repr__(self) -> str:
        return f"<{self.name}>"
