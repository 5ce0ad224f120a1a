"""
Random graphs of classes: what one session writes, a fresh one reads.

A graph has up to five classes: roots with a key of one or two columns, subclasses by single, joined and
concrete table inheritance at any depth, and many-to-one relationships between any two of them, with the
other side or without.  The model of the data is a plain record per object.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import Column, ForeignKeyConstraint, Integer, String, create_engine, event, select
from relvar.orm import Session, declarative_base, joinedload, relationship, selectinload, with_polymorphic
from relvar.pool import StaticPool

ROOT, SINGLE, JOINED, CONCRETE = "root", "single", "joined", "concrete"


@dataclasses.dataclass
class Spec:
    """A class of a graph; ``refers_to`` is the class that its relationship leads to."""

    kind: str
    parent: int
    composite: bool
    refers_to: int
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
            Spec(kind, parent, draw(st.booleans()), draw(st.sampled_from(targets)), draw(st.booleans()))
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
    """What is known of one object: class, values by class, tag of what it refers to by class."""

    tag: int
    cls: int
    values: dict[int, int | None]
    refers: dict[int, int | None]


def read(graph: Graph, engine: Any, i: int, how: str) -> list[Record]:
    """Return what a fresh session finds of class *i* and those below."""
    cls = graph.classes[i]
    # tables of concrete classes are not joined to others
    joinable = all(spec.kind != CONCRETE or not graph.is_below(spec.parent, i) for spec in graph.specs)
    entity = with_polymorphic(cls, "*", flat=True) if how == "polymorphic" and joinable else cls
    statement = select(entity)
    spec = graph.specs[i]
    if how in ("joined", "selectin") and spec.refers_to >= 0:
        option = joinedload if how == "joined" else selectinload
        statement = statement.options(option(getattr(cls, f"r{i}")))
    found = []
    with Session(engine) as session:
        for obj in session.scalars(statement).all():
            c = graph.classes.index(type(obj))
            lineage = graph.lineage(c)
            refers = {}
            for each in lineage:
                if graph.specs[each].refers_to >= 0:
                    target = getattr(obj, f"r{each}")
                    refers[each] = None if target is None else target.tag
                    if target is not None and graph.has_other_side(each):
                        assert obj in getattr(target, f"b{each}")
            found.append(Record(obj.tag, c, {each: getattr(obj, f"x{each}") for each in lineage}, refers))
    return sorted(found, key=lambda record: record.tag)


def check(graph: Graph, engine: Any, records: dict[int, Record], how: str) -> None:
    for i in range(len(graph.classes)):
        expected = [record for _, record in sorted(records.items()) if graph.is_below(record.cls, i)]
        assert read(graph, engine, i, how) == expected


def possible_targets(graph: Graph, records: dict[int, Record], each: int, before: int) -> list[int | None]:
    """Tags of objects that class *each* may refer to; older ones only, so that rows can be ordered."""
    target = graph.specs[each].refers_to
    return [None, *[r.tag for r in records.values() if r.tag < before and graph.is_below(r.cls, target)]]


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
        records[tag] = Record(tag, c, {each: data.draw(number) for each in lineage}, refers)
    with Session(engine) as session:
        objs: dict[int, Any] = {}
        for tag, record in records.items():
            keys = graph.keys(record.cls)
            # a key of one column is the database's, one of two the program's
            values = {} if len(keys) == 1 else {"k1": tag + 1, "k2": 7}
            values |= {f"x{each}": value for each, value in record.values.items()}
            values |= {f"r{each}": objs[t] for each, t in record.refers.items() if t is not None}
            objs[tag] = graph.classes[record.cls](tag=tag, **values)
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
        session.commit()


def remove(graph: Graph, engine: Any, records: dict[int, Record], data: Any) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(records))), label="deleted")
    # what a relationship without the other side refers to must stay: nobody would clear the reference
    held = {
        target
        for record in records.values()
        if record.tag not in gone
        for each, target in record.refers.items()
        if not graph.has_other_side(each)
    }
    while held & gone:
        gone -= held
        held |= {
            target
            for record in records.values()
            if record.tag not in gone
            for each, target in record.refers.items()
            if not graph.has_other_side(each)
        }
    with Session(engine) as session:
        objs = load(graph, session)
        for tag in gone:
            session.delete(objs[tag])
        session.commit()
    for tag in gone:
        del records[tag]
    for record in records.values():
        record.refers = {each: None if t in gone else t for each, t in record.refers.items()}


def load(graph: Graph, session: Any) -> dict[int, Any]:
    found = {}
    for i, spec in enumerate(graph.specs):
        if spec.kind in (ROOT, CONCRETE):
            found.update({obj.tag: obj for obj in session.scalars(select(graph.classes[i]))})
    return found
