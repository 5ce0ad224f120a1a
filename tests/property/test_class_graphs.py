"""
Random graphs of classes: what one session writes, a fresh one reads.

A graph has up to five classes: roots with a key of one or two columns, subclasses by single, joined and
concrete table inheritance at any depth, and many-to-one and many-to-many relationships between any two of
them, with the other side or without.  The model of the data is a plain record per object.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import Column, ForeignKeyConstraint, Integer, String, Table, create_engine, event, select
from relvar.orm import Session, declarative_base, joinedload, relationship, selectinload, with_polymorphic
from relvar.pool import StaticPool

ROOT, SINGLE, JOINED, CONCRETE = "root", "single", "joined", "concrete"


@dataclasses.dataclass
class Spec:
    """
    A class of a graph.

    ``refers_to`` is the class that its many-to-one relationship leads to, ``links_to`` that of the objects in
    its set.
    """

    kind: str
    parent: int
    composite: bool
    refers_to: int
    links_to: int
    has_other_side: bool


@st.composite
def graphs(draw: Any) -> list[Spec]:
    specs: list[Spec] = []
    for i in range(draw(st.integers(1, 5))):
        open_parents = [j for j, spec in enumerate(specs) if spec.kind != CONCRETE]
        kind = draw(st.sampled_from([ROOT, SINGLE, JOINED, JOINED, CONCRETE])) if open_parents else ROOT
        parent = draw(st.sampled_from(open_parents)) if kind != ROOT else -1
        targets = [-1, *open_parents, *([i] if kind != CONCRETE else [])]
        specs.append(
            Spec(
                kind,
                parent,
                draw(st.booleans()),
                draw(st.sampled_from(targets)),
                draw(st.sampled_from(targets)),
                draw(st.booleans()),
            )
        )
    return specs


class Graph:
    """The mapped classes of a graph, made from their specifications."""

    def __init__(self, specs: list[Spec]) -> None:
        self.specs = specs
        self.base: Any = declarative_base()
        self.classes: list[Any] = []
        for i in range(len(specs)):
            self.classes.append(self._make(i))

    def root(self, i: int) -> int:
        """The class at the top of those that share keys with class *i*."""
        spec = self.specs[i]
        return i if spec.kind in (ROOT, CONCRETE) else self.root(spec.parent)

    def lineage(self, i: int) -> list[int]:
        """The classes whose columns an object of class *i* has, itself first."""
        spec = self.specs[i]
        return [i] if spec.kind in (ROOT, CONCRETE) else [i, *self.lineage(spec.parent)]

    def keys(self, i: int) -> list[str]:
        return ["k1", "k2"] if self.specs[self.root(i)].composite else ["k1"]

    def _make(self, i: int) -> Any:
        spec = self.specs[i]
        parents = (self.base,) if spec.kind == ROOT else (self.classes[spec.parent],)
        body: dict[str, Any] = {f"x{i}": Column(Integer), "__mapper_args__": {"polymorphic_identity": str(i)}}
        constraints: list[Any] = []
        if spec.kind != SINGLE:
            body["__tablename__"] = f"t{i}"
            body.update({key: Column(Integer, primary_key=True) for key in self.keys(i)})
        if spec.kind in (ROOT, CONCRETE):
            body["tag"] = Column(Integer, unique=True)
            body["kind"] = Column(String(9))
            body["__mapper_args__"] |= {"polymorphic_on": "kind", "concrete": spec.kind == CONCRETE}
        elif spec.kind == JOINED:
            above = next(j for j in self.lineage(spec.parent) if self.specs[j].kind != SINGLE)
            keys = self.keys(i)
            constraints.append(ForeignKeyConstraint(keys, [f"t{above}.{key}" for key in keys]))
            # said, because a relationship to the superclass is another foreign key
            columns = self.base.metadata.tables[f"t{above}"].c
            body["__mapper_args__"]["inherit_condition"] = _all(body[key] == columns[key] for key in keys)
        if spec.refers_to >= 0:
            self._refer(i, body, constraints)
        if spec.links_to >= 0:
            self._link(i, body)
        if constraints and spec.kind != SINGLE:
            body["__table_args__"] = tuple(constraints)
        made = type(f"C{i}", parents, body)
        if constraints and spec.kind == SINGLE:
            for constraint in constraints:
                made.__table__.append_constraint(constraint)
        return made

    def _refer(self, i: int, body: dict[str, Any], constraints: list[Any]) -> None:
        spec = self.specs[i]
        target, root = spec.refers_to, self.root(spec.refers_to)
        keys = self.keys(target)
        columns = [Column(f"f{i}_{key}", Integer) for key in keys]
        body.update({column.name: column for column in columns})
        constraints.append(
            ForeignKeyConstraint(
                [c.name for c in columns], [f"t{root}.{key}" for key in keys], use_alter=True
            )
        )

        def own(name: str) -> Any:
            return self.base.metadata.tables[f"t{root}"].c[name]

        body[f"r{i}"] = relationship(
            f"C{target}",
            foreign_keys=columns,
            primaryjoin=lambda: _all(own(key) == c for key, c in zip(keys, columns, strict=True)),
            remote_side=lambda: [own(key) for key in keys],
            backref=f"b{i}" if self.has_other_side(i) else None,
        )

    def _link(self, i: int, body: dict[str, Any]) -> None:
        """Add a set of objects of another class, by way of a table with the keys of both."""
        spec = self.specs[i]
        columns: list[Any] = []
        constraints: list[Any] = []
        joins: list[Any] = []
        for side, end in (("a", i), ("b", spec.links_to)):
            own = [Column(f"{side}_{key}", Integer, primary_key=True) for key in self.keys(end)]
            table = f"t{self.root(end)}"
            keys = [f"{table}.{key}" for key in self.keys(end)]
            constraints.append(ForeignKeyConstraint([c.name for c in own], keys))
            columns += own

            def join(table: str = table, own: Any = own, end: int = end) -> Any:
                target = self.base.metadata.tables[table].c
                return _all(target[key] == c for key, c in zip(self.keys(end), own, strict=True))

            joins.append(join)
        body[f"m{i}"] = relationship(
            f"C{spec.links_to}",
            secondary=Table(f"l{i}", self.base.metadata, *columns, *constraints),
            primaryjoin=joins[0],
            secondaryjoin=joins[1],
            collection_class=set,
            backref=f"n{i}" if self.has_other_side(i) else None,
        )

    def has_other_side(self, i: int) -> bool:
        return self.specs[i].has_other_side and self.specs[i].kind != CONCRETE

    def is_below(self, i: int, j: int) -> bool:
        return j in self.lineage(i)


def _all(conditions: Any) -> Any:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first


@dataclasses.dataclass
class Record:
    """
    What is known of one object: its class; by class: values, tag of what it refers to, tags of its set.
    """

    tag: int
    cls: int
    values: dict[int, int | None]
    refers: dict[int, int | None]
    links: dict[int, set[int]]


def read(graph: Graph, engine: Any, i: int, how: str) -> list[Record]:
    """Return what a fresh session finds of class *i* and those below."""
    cls = graph.classes[i]
    # tables of concrete classes are not joined to others
    joinable = all(spec.kind != CONCRETE or not graph.is_below(spec.parent, i) for spec in graph.specs)
    entity = with_polymorphic(cls, "*", flat=True) if how == "polymorphic" and joinable else cls
    statement = select(entity)
    spec = graph.specs[i]
    if how in ("joined", "selectin"):
        option = joinedload if how == "joined" else selectinload
        for target, name in ((spec.refers_to, f"r{i}"), (spec.links_to, f"m{i}")):
            if target >= 0:
                statement = statement.options(option(getattr(cls, name)))
    found = []
    with Session(engine) as session:
        for obj in session.scalars(statement).unique().all():
            c = graph.classes.index(type(obj))
            lineage = graph.lineage(c)
            refers = {}
            links = {}
            for each in lineage:
                if graph.specs[each].links_to >= 0:
                    others = getattr(obj, f"m{each}")
                    links[each] = {other.tag for other in others}
                    if graph.has_other_side(each):
                        assert all(obj in getattr(other, f"n{each}") for other in others)
                if graph.specs[each].refers_to >= 0:
                    target = getattr(obj, f"r{each}")
                    refers[each] = None if target is None else target.tag
                    if target is not None and graph.has_other_side(each):
                        assert obj in getattr(target, f"b{each}")
            values = {each: getattr(obj, f"x{each}") for each in lineage}
            found.append(Record(obj.tag, c, values, refers, links))
    return sorted(found, key=lambda record: record.tag)


def check(graph: Graph, engine: Any, records: dict[int, Record], how: str) -> None:
    for i in range(len(graph.classes)):
        expected = [record for _, record in sorted(records.items()) if graph.is_below(record.cls, i)]
        assert read(graph, engine, i, how) == expected


def possible_targets(graph: Graph, records: dict[int, Record], each: int, before: int) -> list[int | None]:
    """Tags of objects that class *each* may refer to; older ones only, so that rows can be ordered."""
    target = graph.specs[each].refers_to
    return [None, *[r.tag for r in records.values() if r.tag < before and graph.is_below(r.cls, target)]]


def possible_others(graph: Graph, records: dict[int, Record], each: int) -> Any:
    """Sets of tags of objects that one of class *each* may have in its set."""
    target = graph.specs[each].links_to
    tags = [r.tag for r in records.values() if graph.is_below(r.cls, target)]
    return st.sets(st.sampled_from(tags)) if tags else st.just(set())


number = st.one_of(st.none(), st.integers(-5, 5))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(specs=graphs(), data=st.data())
def test_what_is_written_is_what_is_read(specs: list[Spec], data: Any) -> None:
    graph = Graph(specs)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda dbapi, record: dbapi.execute("PRAGMA foreign_keys=ON"))
    try:
        graph.base.metadata.create_all(engine)
        run(graph, engine, data)
    finally:
        engine.dispose()
        graph.base.registry.dispose()


def run(graph: Graph, engine: Any, data: Any) -> None:
    records: dict[int, Record] = {}
    for tag in range(data.draw(st.integers(1, 6), label="objects")):
        c = data.draw(st.integers(0, len(graph.classes) - 1))
        lineage = graph.lineage(c)
        refers = {
            each: data.draw(st.sampled_from(possible_targets(graph, records, each, tag)))
            for each in lineage
            if graph.specs[each].refers_to >= 0
        }
        records[tag] = Record(tag, c, {each: data.draw(number) for each in lineage}, refers, {})
    for record in records.values():
        for each in graph.lineage(record.cls):
            if graph.specs[each].links_to >= 0:
                record.links[each] = data.draw(possible_others(graph, records, each))
    with Session(engine) as session:
        objs: dict[int, Any] = {}
        for tag, record in records.items():
            keys = graph.keys(record.cls)
            # a key of one column is the database's, one of two the program's
            values = {} if len(keys) == 1 else {"k1": tag + 1, "k2": 7}
            values |= {f"x{each}": value for each, value in record.values.items()}
            values |= {f"r{each}": objs[t] for each, t in record.refers.items() if t is not None}
            objs[tag] = graph.classes[record.cls](tag=tag, **values)
        for tag, record in records.items():
            for each, others in record.links.items():
                setattr(objs[tag], f"m{each}", {objs[other] for other in others})
        session.add_all(data.draw(st.permutations(list(objs.values())), label="order"))
        session.commit()
    how = data.draw(st.sampled_from(["plain", "joined", "selectin", "polymorphic"]), label="how")
    check(graph, engine, records, how)
    change(graph, engine, records, data)
    check(graph, engine, records, "plain")
    remove(graph, engine, records, data)
    check(graph, engine, records, how)


def change(graph: Graph, engine: Any, records: dict[int, Record], data: Any) -> None:
    with Session(engine) as session:
        objs = load(graph, session)
        for tag in data.draw(st.sets(st.sampled_from(sorted(records))), label="changed"):
            record = records[tag]
            for each in record.values:
                record.values[each] = data.draw(number)
                setattr(objs[tag], f"x{each}", record.values[each])
            for each in record.refers:
                target = data.draw(st.sampled_from(possible_targets(graph, records, each, tag)))
                record.refers[each] = target
                setattr(objs[tag], f"r{each}", None if target is None else objs[target])
            for each in record.links:
                others = data.draw(possible_others(graph, records, each))
                if data.draw(st.booleans()):
                    setattr(objs[tag], f"m{each}", {objs[other] for other in others})
                else:
                    held = getattr(objs[tag], f"m{each}")
                    held.difference_update([objs[other] for other in record.links[each] - others])
                    held.update(objs[other] for other in others)
                record.links[each] = others
        session.commit()


def remove(graph: Graph, engine: Any, records: dict[int, Record], data: Any) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(records))), label="deleted")
    while held := gone & _held(graph, records, gone):
        gone -= held
    with Session(engine) as session:
        objs = load(graph, session)
        for tag in gone:
            session.delete(objs[tag])
        session.commit()
    for tag in gone:
        del records[tag]
    for record in records.values():
        record.refers = {each: None if t in gone else t for each, t in record.refers.items()}
        record.links = {each: others - gone for each, others in record.links.items()}


def _held(graph: Graph, records: dict[int, Record], gone: set[int]) -> set[int]:
    """What a relationship without the other side leads to must stay: nobody would clear the reference."""
    held: set[int] = set()
    for record in records.values():
        if record.tag not in gone:
            for each in graph.lineage(record.cls):
                if not graph.has_other_side(each):
                    held.update(record.links.get(each, ()))
                    if (target := record.refers.get(each)) is not None:
                        held.add(target)
    return held


def load(graph: Graph, session: Any) -> dict[int, Any]:
    found = {}
    for i, spec in enumerate(graph.specs):
        if spec.kind in (ROOT, CONCRETE):
            found.update({obj.tag: obj for obj in session.scalars(select(graph.classes[i]))})
    return found
