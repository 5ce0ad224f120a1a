"""
Random mappings: classes, and links between them, as plain values; and their source text.

A link is a foreign key or an association table, with a relationship on one side or on both.
All of it is JSON, so that a program can be sent, made smaller and printed.
"""

from __future__ import annotations

from random import Random
from typing import Any

Link = dict[str, Any]
Class = dict[str, Any]

CASCADES = [
    None,
    None,
    None,
    "all",
    "all, delete-orphan",
    "all, delete-orphan",
    "save-update",
    "merge",
    "save-update, delete",
    "",
]
SCALAR_CASCADES = [None, None, None, None, "all", "merge", "save-update, merge, expunge"]
LAZY = [None, None, None, "joined", "selectin", "subquery", "immediate", "raise", "dynamic", "write_only"]
COLLECTIONS = [None, None, None, "set", 'attribute_keyed_dict("name")']


def classes(random: Random) -> list[Class]:
    """Return two to four classes; a class may be a subclass of an earlier one."""
    found: list[Class] = []
    for name in "ABCD"[: random.choice([2, 2, 3, 3, 4])]:
        base = random.choice(found) if found and random.random() < 0.2 else None
        found.append(
            {
                "name": name,
                "base": base and base["name"],
                "inherits": random.choice(["joined", "single"]) if base else None,
                "key": base["key"] if base else random.choice(["given", "given", "auto", "two"]),
            }
        )
    return found


def links(random: Random, mapped: list[Class]) -> list[Link]:
    """Return one to four links between the classes."""
    found: list[Link] = []
    for number in range(random.choice([1, 2, 2, 3, 3, 4])):
        one, many = random.choice(mapped), random.choice(mapped)
        kind = random.choice(["foreign", "foreign", "foreign", "single", "association", "association"])
        link: Link = {"number": number, "kind": kind, "one": one["name"], "many": many["name"], "key": None}
        link["nullable"] = random.random() < 0.8 or one is many
        link["ondelete"] = random.choice([None, None, "CASCADE", "SET NULL"])
        if link["ondelete"] == "SET NULL" and not link["nullable"]:
            link["ondelete"] = None
        if kind != "association" and one is not many and not many["base"]:
            if one["key"] == many["key"] == "two" and random.random() < 0.4:
                link["key"] = "part"
            elif (
                one["key"] != "two" and not one["base"] and many["key"] == "given" and random.random() < 0.15
            ):
                if not any(other["many"] == many["name"] and other["key"] for other in found):
                    link["key"] = "id"
        link["sides"] = sides(random, link)
        found.append(link)
    return found


def sides(random: Random, link: Link) -> dict[str, Any]:
    """Return the relationships of a link: to its many side, to its one side, and how they know each other."""
    association = link["kind"] == "association"
    to_many = options(random, association, link["kind"] != "single")
    to_one = options(random, association, association)
    found: dict[str, Any] = {"many": to_many, "one": to_one}
    how = random.choice(["back_populates", "back_populates", "backref", "backref", "many", "one"])
    if how in ("many", "one"):
        found = {how: found[how]}
    elif how == "backref" and "viewonly" in (*to_many, *to_one):
        how = "back_populates"
    if len(found) == 2 and ("viewonly" in to_many) != ("viewonly" in to_one):
        to_many.pop("viewonly", None)
        to_one.pop("viewonly", None)
    found["known"] = how
    if random.random() < 0.1:
        found["view"] = True
    return found


def options(random: Random, association: bool, collection: bool) -> dict[str, Any]:
    """Return the arguments of a relationship, as source text."""
    found: dict[str, Any] = {}
    if random.random() < 0.06:
        return {"viewonly": "True"}
    cascade = random.choice(CASCADES if collection else SCALAR_CASCADES)
    if cascade is not None:
        found["cascade"] = repr(cascade)
        if "orphan" in cascade and (association or not collection):
            found["single_parent"] = "True"
    lazy = random.choice(LAZY if collection else LAZY[:-2])
    if lazy:
        found["lazy"] = repr(lazy)
    if random.random() < 0.25:
        found["passive_deletes"] = random.choice(["True", "True", "'all'"])
    if random.random() < 0.15:
        found["passive_updates"] = "False"
    if random.random() < 0.08 and not association:
        found["post_update"] = "True"
    if collection and lazy not in ("dynamic", "write_only"):
        kind = random.choice(COLLECTIONS)
        if kind:
            found["collection_class"] = kind
    return found


def attribute(link: Link, side: str) -> str:
    """Return the name of the relationship that leads to a side of a link."""
    return f"to_{link[side].lower()}{link['number']}{'s' if side == 'many' else ''}"


def is_collection(link: Link, side: str) -> bool:
    """Tell whether the relationship to a side holds many objects."""
    return bool(link["kind"] == "association" or (side == "many" and link["kind"] == "foreign"))


def source(mapped: list[Class], links: list[Link]) -> str:
    """Return the text of the mapping."""
    lines: list[str] = []
    by_name = {each["name"]: each for each in mapped}
    for link in links:
        if link["kind"] == "association":
            lines += _association(link, by_name)
    for each in mapped:
        lines += ["", *_class(each, by_name, links)]
    return "\n".join(lines) + "\n"


def _keys(each: Class) -> list[str]:
    return ["id", "part"] if each["key"] == "two" else ["id"]


def _table(each: Class, by_name: dict[str, Class]) -> str:
    while each["inherits"] == "single":
        each = by_name[each["base"]]
    return str(each["name"].lower())


def _association(link: Link, by_name: dict[str, Class]) -> list[str]:
    name = f"pairs{link['number']}"
    lines = [f'{name} = Table("{name}", Base.metadata,']
    constraints = []
    for side in ("one", "many"):
        target = by_name[link[side]]
        columns = [f"{side}_{key}" for key in _keys(target)]
        lines += [f'    Column("{column}", Integer, primary_key=True),' for column in columns]
        constraints.append(_constraint(columns, target, by_name, link["ondelete"] == "CASCADE" and "CASCADE"))
    return [*lines, *(f"    {constraint}," for constraint in constraints), ")"]


def _constraint(columns: list[str], target: Class, by_name: dict[str, Class], ondelete: Any) -> str:
    table = _table(target, by_name)
    return (
        f"ForeignKeyConstraint({columns}, {[f'{table}.{key}' for key in _keys(target)]}"
        f"{f', ondelete={ondelete!r}' if ondelete else ''}, onupdate=ONUPDATE)"
    )


def _foreign(link: Link, by_name: dict[str, Class]) -> list[str]:
    """Return the columns of a link's foreign key."""
    keys = _keys(by_name[link["one"]])
    if link["key"] == "id":
        return ["id"]
    return ["part" if key == link["key"] else f"link{link['number']}_{key}" for key in keys]


def _class(each: Class, by_name: dict[str, Class], links: list[Link]) -> list[str]:
    name, base = each["name"], each["base"]
    lines, constraints = [f"class {name}({base or 'Base'}):"], []
    arguments = [f'"polymorphic_identity": "{name}"']
    if each["inherits"] != "single":
        lines.append(f'    __tablename__ = "{name.lower()}"')
        counted = each["key"] == "auto" and not base
        for key in _keys(each):
            lines.append(f"    {key} = Column(Integer, primary_key=True, autoincrement={counted})")
    if base is None:
        lines += ["    name = Column(String(20))", "    kind = Column(String(20))"]
        arguments.append('"polymorphic_on": "kind"')
    elif each["inherits"] == "joined":
        constraints.append(_constraint(_keys(each), by_name[base], by_name, None))
        pairs = ", ".join(f"{key} == {base}.{key}" for key in _keys(each))
        arguments.append(f'"inherit_condition": and_({pairs})')
    for link in links:
        if link["many"] == name and link["kind"] != "association":
            columns = _foreign(link, by_name)
            nullable = link["nullable"] or each["inherits"] == "single"
            lines += [
                f"    {column} = Column(Integer, nullable={nullable})"
                for column in columns
                if column.startswith("link")
            ]
            constraints.append(_constraint(columns, by_name[link["one"]], by_name, link["ondelete"]))
    if each["inherits"] != "single" and constraints:
        lines.append(f"    __table_args__ = ({', '.join(constraints)},)")
        constraints = []
    lines.append(f"    __mapper_args__ = {{{', '.join(arguments)}}}")
    for link in links:
        lines += _relationships(link, each, by_name)
    # A class in the table of another has no table arguments of its own.
    return [*lines, *(f"{name}.__table__.append_constraint({constraint})" for constraint in constraints)]


def _relationships(link: Link, each: Class, by_name: dict[str, Class]) -> list[str]:
    sides, known, lines = link["sides"], link["sides"]["known"], []
    for side, other in (("many", "one"), ("one", "many")):
        if side not in sides or link[other] != each["name"] or (known == "backref" and side == "one"):
            continue
        arguments = _joins(link, side, by_name) | _shape(link, side, by_name)
        chosen = dict(sides[side])
        if known == "back_populates":
            chosen["back_populates"] = repr(attribute(link, other))
        elif known == "backref":
            back = _call(_shape(link, other, by_name) | sides[other])
            chosen["backref"] = f'backref("{attribute(link, other)}"{back})'
        target = f'relationship("{link[side]}"'
        lines.append(f"    {attribute(link, side)} = {target}{_call(arguments | chosen)})")
        if sides.get("view") and side == "many":
            lines.append(f"    view{link['number']} = {target}{_call(arguments)}, viewonly=True)")
    return lines


def _call(arguments: dict[str, str]) -> str:
    return "".join(f", {name}={value}" for name, value in arguments.items())


def _joins(link: Link, side: str, by_name: dict[str, Class]) -> dict[str, str]:
    """Return what tells a relationship its columns: there may be several links between two classes."""
    one, many = link["one"], link["many"]
    if link["kind"] == "association":
        name = f"pairs{link['number']}"
        joins = {}
        for each in ("one", "many"):
            pairs = [f"{link[each]}.{key} == {name}.c.{each}_{key}" for key in _keys(by_name[link[each]])]
            joins[each] = f"lambda: and_({', '.join(pairs)})"
        other = "one" if side == "many" else "many"
        return {"secondary": name, "primaryjoin": joins[other], "secondaryjoin": joins[side]}
    columns = zip(_foreign(link, by_name), _keys(by_name[one]), strict=True)
    marked = (
        "remote({one}.{key}) == foreign({many}.{column})"
        if side == "one"
        else "{one}.{key} == remote(foreign({many}.{column}))"
    )
    conditions = [marked.format(one=one, many=many, key=key, column=column) for column, key in columns]
    return {"primaryjoin": f"lambda: and_({', '.join(conditions)})"}


def _shape(link: Link, side: str, by_name: dict[str, Class]) -> dict[str, str]:
    """Return what a relationship is: one object, or many in some order."""
    if is_collection(link, side):
        keys = ", ".join(f"{link[side]}.{key}" for key in _keys(by_name[link[side]]))
        return {"order_by": f"lambda: [{keys}]"}
    return {"uselist": "False"} if side == "many" else {}
