"""
Random sequences of what a program does with objects of a mapping: each step is one line of source.

The steps are written without knowing what state the objects are in: most of what is wrong must
be refused by both libraries in the same way.
"""

from __future__ import annotations

from random import Random
from typing import Any

from bench.rival.relationships.mappings import Class, Link, attribute, classes, is_collection, links

Program = dict[str, Any]


DYNAMIC, WRITE_ONLY = "'dynamic'", "'write_only'"


class Writer:
    """Writes steps: knows the classes' attributes and which variable holds an object of which class."""

    def __init__(self, random: Random, mapped: list[Class], joined: list[Link]) -> None:
        self.random, self.mapped, self.links = random, mapped, joined
        self.by_name = {each["name"]: each for each in mapped}
        self.holds: dict[str, str] = {}
        self.given: dict[str, list[str]] = {}
        self.keys = 0

    def lineage(self, name: str | None) -> list[str]:
        """Return a class's name and those of its superclasses."""
        return [name, *self.lineage(self.by_name[name]["base"])] if name else []

    def relationships(self, name: str) -> list[tuple[str, Link, str]]:
        """Return (attribute, link, side) of the relationships of a class."""
        return [
            (attribute(link, side), link, side)
            for link in self.links
            for side, other in (("many", "one"), ("one", "many"))
            if side in link["sides"] and link[other] in self.lineage(name)
        ]

    def variable(self, name: str | None = None) -> str:
        """Return a variable, of a class if it is named; rarely of another."""
        fitting = [each for each, kind in self.holds.items() if name is None or name in self.lineage(kind)]
        if not fitting or self.random.random() < 0.01:
            fitting = list(self.holds)
        return self.random.choice(fitting)

    def new(self) -> str:
        """Write the making of an object."""
        kind = self.random.choice(self.mapped)
        made = f"o{len(self.holds)}"
        given = [f'name="{made}"']
        if kind["key"] != "auto":
            if self.keys == 0 or self.random.random() < 0.93:
                self.keys += 1
            given.append(f"id={self.keys}")
            if kind["key"] == "two":
                given.append(f"part={self.random.choice([1, 1, 2])}")
        related = self.relationships(kind["name"])
        if related and self.holds and self.random.random() < 0.4:
            name, link, side = self.random.choice(related)
            if not is_collection(link, side):
                given.append(f"{name}={self.variable(link[side])}")
            elif "collection_class" not in link["sides"][side]:
                given.append(f"{name}=[{self.variable(link[side])}]")
        line = f"{made} = {kind['name']}({', '.join(given)})"
        self.holds[made] = kind["name"]
        return line + self.random.choice(["", f"; s.add({made})", f"; s.add({made})"])

    def change(self) -> str:
        """Write a change of a relationship."""
        owner = self.variable()
        related = self.relationships(self.holds[owner])
        if not related:
            return f'{owner}.name = "{owner}{self.random.choice("xyz")}"'
        name, link, side = self.random.choice(related)
        place, member = f"{owner}.{name}", self.variable(link[side])
        if not is_collection(link, side):
            return self.random.choice(
                [f"{place} = {member}"] * 4 + [f"{place} = None", f"{place}; del {place}"]
            )
        arguments = link["sides"][side]
        kind, lazy = arguments.get("collection_class", "list"), arguments.get("lazy")
        if lazy in (DYNAMIC, WRITE_ONLY):
            # what is taken out was put in: whether it still is a member is not known without reading it
            given = self.given.setdefault(place, [])
            if given and self.random.random() < 0.4:
                return f"{place}.remove({given.pop()})"
            given.append(member)
            return f"{place}.{'append' if lazy == DYNAMIC else 'add'}({member})"
        other = self.variable(link[side])
        if kind == "set":
            ways = (
                [f".add({member})"] * 3
                + [f".discard({member})"] * 2
                + [".clear()", f" = {{{member}, {other}}}"]
            )
        elif kind == "list":
            if self.random.random() < 0.2:
                return f"if {member} in {place}: {place}.remove({member})"
            ways = [f".append({member})"] * 4
            ways += [
                ".pop()",
                ".clear()",
                f".insert(0, {member})",
                f" = [{member}, {other}]",
                " = []",
                f"[0] = {member}",
            ]
        else:
            ways = [f"[{member}.name] = {member}"] * 3 + [
                f".pop({member}.name, None)",
                f" = {{{member}.name: {member}}}",
                ".clear()",
            ]
        way = self.random.choice(ways)
        return f"{place}; del {place}" if self.random.random() < 0.03 else place + way

    def look(self) -> str:
        """Write a reading of an attribute, its history, or what a query finds."""
        kind = self.random.choice(self.mapped)["name"]
        if self.random.random() < 0.25:
            return f"see(s.scalars(select({kind}).order_by({kind}.id)).unique().all())"
        owner = self.variable()
        related = self.relationships(self.holds[owner])
        if not related:
            return f"see({owner}.name)"
        name, link, side = self.random.choice(related)
        place = f"{owner}.{name}"
        if link["sides"][side].get("lazy") == WRITE_ONLY:
            return f"see(s.scalars({place}.select()).all())"
        if link["sides"].get("view") and side == "many" and self.random.random() < 0.3:
            return f"see({owner}.view{link['number']})"
        return self.random.choice(
            [f"see({place})"] * 5
            + [f"see(inspect({owner}).attrs.{name}.history)", f"see(s.is_modified({owner}))"]
        )

    def session(self) -> str:
        """Write a call of the session."""
        one = self.variable()
        related = self.relationships(self.holds[one])
        ways = ["s.flush()"] * 5 + ["s.commit()"] * 5 + ["s.rollback()"] * 2 + [f"s.add({one})"] * 5
        ways += [f"s.delete({one})"] * 7 + [f"s.expunge({one})"] * 2
        ways += [f"s.expire({one})", "s.expire_all()", f"s.refresh({one})", "s.expunge_all()", "s.close()"]
        ways += ["n = s.begin_nested()"] * 2 + ["n.commit()", "n.rollback()", "n.rollback()"]
        ways += [f"{one} = s.merge({one})"] * 2 + [f"make_transient({one})"]
        if related:
            ways.append(f's.expire({one}, ["{self.random.choice(related)[0]}"])')
        return self.random.choice(ways)

    def other(self) -> str:
        """Write what touches columns."""
        one = self.variable()
        key = self.random.randint(1, self.keys + 1)
        ways = [f'{one}.name = "{one}{self.random.choice("xyz")}"'] * 3 + [f"{one}.id = {key + 20}"]
        foreign = [
            f"link{link['number']}_id"
            for link in self.links
            if link["many"] in self.lineage(self.holds[one])
            and link["kind"] != "association"
            and not link["key"]
        ]
        ways += [f"{one}.{column} = {self.random.choice([key, None])}" for column in foreign]
        return self.random.choice(ways)

    def steps(self, count: int) -> list[str]:
        """Write a whole sequence."""
        found = [self.new() for _ in range(3)]
        while len(found) < count:
            way = self.random.choices(
                [self.new, self.change, self.session, self.look, self.other], [3, 7, 7, 4, 1]
            )[0]
            found.append(way())
        return found


def write(seed: int) -> Program:
    """Return the program of a seed."""
    random = Random(seed)
    mapped = classes(random)
    joined = links(random, mapped)
    return {
        "classes": mapped,
        "links": joined,
        "enforced": random.random() < 0.6,
        "onupdate": random.choice([None, "CASCADE"]),
        "session": {"autoflush": random.random() < 0.7, "expire_on_commit": random.random() < 0.8},
        "steps": Writer(random, mapped, joined).steps(random.choice([8, 14, 20, 30])),
    }
