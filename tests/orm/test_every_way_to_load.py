"""Each way to load each kind of relationship gives what a join by hand gives, in so many statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table, select
from relvar.orm import (
    Session,
    aliased,
    contains_eager,
    declarative_base,
    immediateload,
    joinedload,
    lazyload,
    peers,
    relationship,
    selectinload,
    subqueryload,
)

SHAPES = ("plain", "composite", "inherited")
KINDS = ("place", "boss", "reports", "children", "tags", "card")
WAYS = {
    "select": lazyload,
    "joined": joinedload,
    "selectin": selectinload,
    "subquery": subqueryload,
    "immediate": immediateload,
    "peers": peers,
}


class Model:
    """
    Parents of one shape of key, with every kind of relationship.

    Many to one (``place``), to themselves (``boss``, ``reports``), one to many (``children``, which have
    ``notes``), many to many (``tags``), one to one (``card``).
    """

    def __init__(self, shape: str) -> None:
        Base = declarative_base()
        key = [("a", String(2)), ("b", Integer)] if shape == "composite" else [("id", Integer)]
        self.key = [name for name, _ in key]

        def reference(prefix: str, **options: Any) -> list[Column[Any]]:
            return [Column(f"{prefix}_{name}", type_, **options) for name, type_ in key]

        def refers(columns: list[Column[Any]]) -> ForeignKeyConstraint:
            return ForeignKeyConstraint(columns, [f"parents.{name}" for name in self.key])

        class Place(Base):  # type: ignore[valid-type, misc]  # made at run time
            __tablename__ = "places"
            id = Column(Integer, primary_key=True)

        class Person(Base):  # type: ignore[valid-type, misc]  # made at run time
            __tablename__ = "people"
            id = Column(Integer, primary_key=True)
            kind = Column(String(10))
            __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}

        bosses = reference("boss")
        columns: dict[str, Any] = {c.name: c for c in bosses}
        if shape == "inherited":
            columns["id"] = Column(ForeignKey("people.id"), primary_key=True)
            columns["__mapper_args__"] = {"polymorphic_identity": "parent"}
        else:
            for name, type_ in key:
                columns[name] = Column(type_, primary_key=True, autoincrement=False)
        columns.update(
            __tablename__="parents",
            __table_args__=(refers(bosses),),
            place_id=Column(ForeignKey("places.id")),
        )
        Parent: Any = type("Parent", (Person if shape == "inherited" else Base,), columns)

        owners = reference("parent")
        Child: Any = type(
            "Child",
            (Base,),
            {
                **{c.name: c for c in owners},
                "__tablename__": "children",
                "id": Column(Integer, primary_key=True),
                "__table_args__": (refers(owners),),
                "notes": relationship("Note", order_by="Note.id"),
            },
        )

        class Note(Base):  # type: ignore[valid-type, misc]  # made at run time
            __tablename__ = "notes"
            id = Column(Integer, primary_key=True)
            child_id = Column(ForeignKey("children.id"))

        class Tag(Base):  # type: ignore[valid-type, misc]  # made at run time
            __tablename__ = "tags"
            id = Column(Integer, primary_key=True)

        holders = reference("parent", unique=False)
        Card: Any = type(
            "Card",
            (Base,),
            {
                **{c.name: c for c in holders},
                "__tablename__": "cards",
                "id": Column(Integer, primary_key=True),
                "__table_args__": (refers(holders),),
            },
        )
        tagged = reference("parent", primary_key=True)
        self.parent_tags = Table(
            "parent_tags",
            Base.metadata,
            *tagged,
            Column("tag_id", ForeignKey("tags.id"), primary_key=True),
            refers(tagged),
        )
        own = [getattr(Parent, name) for name in self.key]
        above = [getattr(Parent, c.name) for c in bosses]
        Parent.place = relationship(Place)
        Parent.boss = relationship(Parent, remote_side=own, foreign_keys=above, back_populates="reports")
        Parent.reports = relationship(
            Parent, foreign_keys=above, order_by=own, back_populates="boss", remote_side=above
        )
        Parent.children = relationship(Child, order_by=Child.id)
        Parent.tags = relationship(Tag, secondary=self.parent_tags, order_by=Tag.id)
        Parent.card = relationship(Card, uselist=False)
        self.Base, self.Parent, self.Place, self.Child = Base, Parent, Place, Child
        self.Note, self.Tag, self.Card = Note, Tag, Card

    def key_of(self, n: int) -> dict[str, Any]:
        return {"a": "xy"[n % 2], "b": n} if len(self.key) == 2 else {"id": n}

    def fill(self, engine: Any) -> None:
        self.Base.metadata.create_all(engine)
        with Session(engine) as session:
            places = [self.Place(id=n) for n in (1, 2)]
            tags = [self.Tag(id=n) for n in (1, 2, 3)]
            parents = [self.Parent(**self.key_of(n)) for n in range(1, 8)]
            for n, parent in enumerate(parents):
                parent.place = places[n % 2] if n % 3 else None
                parent.boss = parents[n // 2 - 1] if n > 2 else None
                parent.tags = tags[: n % 4]
                parent.card = self.Card(id=n) if n % 2 else None
                for i in range(n % 3):
                    child = self.Child(id=10 * n + i)
                    child.notes = [self.Note(id=100 * n + 10 * i + j) for j in range(i + 1)]
                    parent.children.append(child)
            session.add_all([*places, *tags, *parents])
            session.commit()

    # -- by hand ----------------------------------------------------------------------------------------

    def expected(self, session: Any) -> dict[str, dict[Any, list[Any]]]:
        """Return which keys each relationship leads to, per parent, joined here from the bare rows."""
        tables = self.Base.metadata.tables

        def rows(name: str) -> list[Any]:
            return list(session.execute(select(tables[name]).order_by(*tables[name].primary_key)).mappings())

        def pick(row: Any, prefix: str = "") -> Any:
            return tuple(row[prefix + name] for name in self.key)

        parents = rows("parents")
        found: dict[str, dict[Any, list[Any]]] = {kind: {} for kind in KINDS}
        for row in parents:
            me = pick(row)
            found["place"][me] = [(row["place_id"],)] if row["place_id"] is not None else []
            found["boss"][me] = [pick(other) for other in parents if pick(other) == pick(row, "boss_")]
            found["reports"][me] = [pick(other) for other in parents if pick(other, "boss_") == me]
            for kind, table in (("children", "children"), ("card", "cards")):
                found[kind][me] = [(other["id"],) for other in rows(table) if pick(other, "parent_") == me]
            found["tags"][me] = [
                (other["tag_id"],) for other in rows("parent_tags") if pick(other, "parent_") == me
            ]
        return found

    # -- by loading --------------------------------------------------------------------------------------

    def order(self, entity: Any) -> list[Any]:
        return [getattr(entity, name) for name in self.key]

    def related(self, parent: Any, kind: str) -> list[Any]:
        """Return the keys of what an attribute holds."""
        value = getattr(parent, kind)
        names = self.key if kind in ("boss", "reports") else ["id"]
        members = value if isinstance(value, list) else [] if value is None else [value]
        return [tuple(getattr(member, name) for name in names) for member in members]

    def identity(self, parent: Any) -> Any:
        return tuple(getattr(parent, name) for name in self.key)

    def statements(self, kind: str, way: str) -> Iterator[tuple[str, Any]]:
        """Yield statements that load a relationship in one way."""
        for form, entity in (("class", self.Parent), ("alias", aliased(self.Parent))):
            whole = select(entity).order_by(*self.order(entity))
            option = WAYS[way](getattr(entity, kind))
            yield form, whole.options(option)
            yield f"{form}, limit", whole.options(option).limit(3).offset(2)
            yield f"{form}, distinct", whole.options(option).distinct()
            yield f"{form}, where", whole.where(getattr(entity, self.key[-1]) > 3).options(option)


@pytest.mark.feature("G002", "G003", "G004", "G005", "G006")
@pytest.mark.parametrize("shape", SHAPES)
def test_each_way_gives_what_a_join_by_hand_gives(engine: Any, sql_log: Any, shape: str) -> None:
    model = Model(shape)
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        expected = model.expected(session)
    everybody = list(expected["place"])
    wrong = []
    for kind in KINDS:
        for way in WAYS:
            for form, statement in model.statements(kind, way):
                log.clear()
                with Session(engine) as session:
                    parents = session.scalars(statement).unique().all()
                    eager = len(log)
                    found = {model.identity(parent): model.related(parent, kind) for parent in parents}
                wanted = everybody[2:5] if "limit" in form else everybody
                if "where" in form:
                    wanted = [me for me in everybody if me[-1] > 3]
                if found != {me: expected[kind][me] for me in wanted}:
                    wrong.append((kind, way, form, "rows", found))
                # one statement, or one more for all; what the session has already needs none
                most = {"joined": (1, 1), "selectin": (2, 2), "subquery": (2, 2), "peers": (1, 2)}.get(way)
                if most is not None and (eager, len(log)) > most:
                    wrong.append((kind, way, form, "statements", len(log)))
                if way == "immediate" and len(log) != eager:
                    wrong.append((kind, way, form, "later", len(log)))
    assert wrong == []


@pytest.mark.parametrize("shape", SHAPES)
def test_taken_from_a_join_of_the_statement(engine: Any, sql_log: Any, shape: str) -> None:
    model = Model(shape)
    model.fill(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        expected = model.expected(session)
    for kind in KINDS:
        for entity in (model.Parent, aliased(model.Parent)):
            attribute = getattr(entity, kind)
            target = aliased(attribute.property.mapper.class_)
            names = model.key if kind in ("boss", "reports") else ["id"]
            statement = (
                select(entity)
                .outerjoin(attribute.of_type(target))
                .options(contains_eager(attribute.of_type(target)))
                .order_by(*model.order(entity), *[getattr(target, name) for name in names])
            )
            log.clear()
            with Session(engine) as session:
                parents = session.scalars(statement).unique().all()
                found = {model.identity(parent): model.related(parent, kind) for parent in parents}
            assert (kind, found) == (kind, expected[kind])
            assert len(log) == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_each_way_below_each_other(engine: Any, sql_log: Any, shape: str) -> None:
    model = Model(shape)
    model.fill(engine)
    log = sql_log(engine)
    Parent, Child = model.Parent, model.Child
    whole = select(Parent).order_by(*model.order(Parent))
    with Session(engine) as session:
        expected = [
            [(child.id, [note.id for note in child.notes]) for child in parent.children]
            for parent in session.scalars(whole)
        ]
    together = {"joined": 0, "selectin": 1, "subquery": 1, "peers": 1}
    for outer in WAYS:
        for inner in WAYS:
            option = getattr(WAYS[outer](Parent.children), f"{WAYS[inner].__name__}")(Child.notes)
            for part, wanted in ((whole, expected), (whole.limit(4).offset(1), expected[1:5])):
                log.clear()
                with Session(engine) as session:
                    parents = session.scalars(part.options(option)).unique().all()
                    found = [
                        [(child.id, [note.id for note in child.notes]) for child in parent.children]
                        for parent in parents
                    ]
                assert (outer, inner, found) == (outer, inner, wanted)
                if outer in together and inner in together:
                    assert len(log) == 1 + together[outer] + together[inner], (outer, inner)
                elif outer == "immediate" and inner in ("selectin", "peers"):
                    # the second level is loaded for all together
                    assert len(log) == 1 + len(parents) + 1, (outer, inner)
