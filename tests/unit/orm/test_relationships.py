"""How relationships find their way, and what they say when they do not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, MetaData, String, Table, and_, exc, func, select
from relvar.inspection import inspect
from relvar.orm import (
    MANYTOMANY,
    MANYTOONE,
    ONETOMANY,
    CascadeOptions,
    aliased,
    backref,
    declarative_base,
    foreign,
    relationship,
    remote,
    with_parent,
)
from relvar.orm import exc as orm_exc


def text(clause: Any) -> str:
    return " ".join(str(clause).split())


def one_to_many(fks: int = 1, argument: Any = "B", **options: Any) -> Any:
    """Configure A.bs; B has this many foreign keys to A."""
    Base = new_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        bs = relationship(argument, **options)

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a1 = Column(ForeignKey("a.id") if fks else Integer)
        a2 = Column(ForeignKey("a.id") if fks > 1 else Integer)

    Base.registry.configure()
    return SimpleNamespace(A=A, B=B, prop=A.__mapper__._props["bs"])


def many_to_one(**options: Any) -> Any:
    Base = new_base()

    class P(Base):
        __tablename__ = "p"
        id = Column(Integer, primary_key=True)

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        pid = Column(ForeignKey("p.id"))
        p = relationship("P", **options)

    Base.registry.configure()
    return SimpleNamespace(P=P, C=C, prop=C.p.property)


_bases: list[Any] = []


def new_base() -> Any:
    """Return a declarative base that is given up after the test."""
    _bases.append(declarative_base())
    return _bases[-1]


@pytest.fixture(autouse=True)
def _give_up() -> Any:
    """A failed registry would make later configurations fail."""
    yield
    while _bases:
        _bases.pop().registry.dispose()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"fks": 0},
            exc.NoForeignKeysError,
            (
                "Could not determine join condition between parent/child tables on relationship A.bs - there "
                "are "
                "no "
                "foreign keys linking these tables."
            ),
        ),
        (
            {"fks": 2},
            exc.AmbiguousForeignKeysError,
            (
                "Could not determine join condition between parent/child tables on relationship A.bs - there "
                "are "
                "multiple foreign key paths linking the tables.  Specify the 'foreign_keys' argument"
            ),
        ),
        (
            {"secondary": Table("s", MetaData(), Column("x", Integer))},
            exc.NoForeignKeysError,
            "no foreign keys linking these tables via secondary table 's'",
        ),
        (
            {"primaryjoin": "A.id == B.a2"},
            exc.ArgumentError,
            (
                "Could not locate any relevant foreign key columns for primary join condition 'a.id = b.a2' "
                "on "
                "relationship A.bs."
            ),
        ),
        (
            {"primaryjoin": "A.id > B.a1"},
            exc.ArgumentError,
            (
                "Could not locate any simple equality expressions involving locally mapped foreign key "
                "columns "
                "for "
                "primary join condition 'a.id > b.a1' on relationship A.bs."
            ),
        ),
        (
            {"argument": "Foo.bar"},
            exc.InvalidRequestError,
            (
                "When initializing mapper Mapper[A(a)], expression 'Foo.bar' failed to locate a name "
                "('Foo.bar')."
            ),
        ),
        (
            {"order_by": "foo"},
            exc.InvalidRequestError,
            "expression 'foo' failed to locate a name (\"name 'foo' is not defined\")",
        ),
        ({"secondary": "foo"}, exc.InvalidRequestError, "expression 'foo' failed to locate a name ('foo')"),
        ({"foreign_keys": "B.zip"}, AttributeError, "does not have a mapped column named 'zip'"),
        ({"back_populates": "zip"}, exc.InvalidRequestError, "Mapper 'Mapper[B(b)]' has no property 'zip'"),
        (
            {"back_populates": "id"},
            exc.InvalidRequestError,
            "back_populates on relationship 'A.bs' refers to attribute 'B.id' that is not a relationship.",
        ),
        ({"argument": int}, orm_exc.UnmappedClassError, "Class 'builtins.int' is not mapped"),
        (
            {"argument": 5},
            exc.ArgumentError,
            "relationship 'bs' expects a class or a mapper argument (received: <class 'int'>)",
        ),
        ({"lazy": "foo"}, orm_exc.LoaderStrategyException, "Can't find strategy (('lazy', 'foo'),) for A.bs"),
        ({"cascade": "foo"}, exc.ArgumentError, "Invalid cascade option(s): 'foo'"),
        (
            {"back_populates": "x", "backref": "y"},
            exc.ArgumentError,
            "backref and back_populates keyword arguments are mutually exclusive",
        ),
        (
            {"viewonly": True, "sync_backref": True},
            exc.ArgumentError,
            "sync_backref and viewonly cannot both be",
        ),
        ({"cascade_backrefs": True}, exc.ArgumentError, "may only be set to False"),
        (
            {"passive_deletes": "all", "cascade": "all"},
            exc.ArgumentError,
            "can't set passive_deletes='all' in conjunction with 'delete'",
        ),
        (
            {"secondaryjoin": "A.id == B.a1"},
            exc.ArgumentError,
            "secondary join condition but no secondary argument",
        ),
    ],
)
def test_wrong_one_to_many(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        one_to_many(**options)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"cascade": "all, delete-orphan"},
            (
                "For many-to-one relationship C.p, delete-orphan cascade is normally configured only on the "
                '"one" side'
            ),
        ),
        (
            {"backref": "id"},
            (
                "Error creating backref 'id' on relationship 'C.p': property of that name exists on mapper "
                "'Mapper[P(p)]'"
            ),
        ),
        (
            {"remote_side": "C.id"},
            "Relationship C.p could not determine any unambiguous local/remote column pairs",
        ),
    ],
)
def test_wrong_many_to_one(options: Any, message: str) -> None:
    with pytest.raises(exc.ArgumentError) as raised:
        many_to_one(**options)
    assert message in str(raised.value)


def test_directions() -> None:
    made = one_to_many()
    prop = made.prop
    assert prop.direction is ONETOMANY and prop.uselist and prop.mapper is inspect(made.B) is prop.entity
    a, b = made.A.__table__.c, made.B.__table__.c
    assert prop.local_remote_pairs == [(a.id, b.a1)] == prop.synchronize_pairs
    assert (prop.remote_side, prop.local_columns, prop._calculated_foreign_keys) == ({b.a1}, {a.id}, {b.a1})
    assert str(prop.primaryjoin) == "a.id = b.a1" and prop.secondaryjoin is None and prop.target is b.id.table
    assert set(prop.primaryjoin.right._annotations) == {"foreign", "remote"}
    prop = many_to_one().prop
    assert prop.direction is MANYTOONE and not prop.uselist and str(prop) == "C.p"
    assert [(x.name, y.name) for x, y in prop.synchronize_pairs] == [("id", "pid")]


def test_foreign_keys_and_marks_tell_apart() -> None:
    assert str(one_to_many(fks=2, foreign_keys="B.a2").prop.primaryjoin) == "a.id = b.a2"
    assert str(one_to_many(fks=2, foreign_keys="[B.a1]").prop.primaryjoin) == "a.id = b.a1"
    prop = one_to_many(fks=0, primaryjoin="A.id == foreign(B.a2)").prop
    assert prop.direction is ONETOMANY
    prop = one_to_many(fks=0, primaryjoin="and_(A.id == remote(foreign(B.a1)), B.a2 > 3)").prop
    assert text(prop.primaryjoin) == "a.id = b.a1 AND b.a2 > :a2_1"
    prop = one_to_many(fks=0, primaryjoin="A.id >= foreign(B.a2)", viewonly=True).prop
    assert prop.direction is ONETOMANY and prop.cascade == {"merge"}
    with pytest.raises(exc.ArgumentError, match="Column expression expected, got 5"):
        foreign(5)
    marked = remote(foreign(Column("x", Integer)))
    assert set(marked._annotations) == {"remote", "foreign"}


def test_self_referential() -> None:
    Base = new_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nodes.id"))
        children = relationship(
            "Node", backref=backref("parent", remote_side=[id]), order_by="Node.id.desc()"
        )

    Base.registry.configure()
    assert Node.children.property.direction is ONETOMANY and Node.parent.property.direction is MANYTOONE
    assert Node.parent.property._use_get and [str(o) for o in Node.children.property.order_by] == [
        "nodes.id DESC"
    ]
    top = Node(children=[Node()])
    assert top.children[0].parent is top
    assert text(Node.children.any(Node.id == 3)) == (
        "EXISTS (SELECT 1 FROM nodes AS nodes_1, nodes WHERE nodes.id = nodes_1.parent_id AND nodes_1.id = "
        ":id_1)"
    )
    alias = aliased(Node)
    assert text(alias.parent.has(id=3)) == (
        "EXISTS (SELECT 1 FROM nodes, nodes AS nodes_1 WHERE nodes.id = nodes_1.parent_id AND nodes.id = "
        ":id_1)"
    )


@pytest.mark.filterwarnings("default")
def test_both_sides_must_fit() -> None:
    Base = new_base()

    class P(Base):
        __tablename__ = "p"
        id = Column(Integer, primary_key=True)
        pid = Column(ForeignKey("p.id"))
        a = relationship("P", back_populates="b")
        b = relationship("P", back_populates="a")

    with pytest.raises(exc.ArgumentError, match=r"are both of the same direction.*remote_side"):
        Base.registry.configure()
    Base = new_base()

    class Q(Base):
        __tablename__ = "q"
        id = Column(Integer, primary_key=True)
        cs = relationship("C", back_populates="r")

    class R(Base):
        __tablename__ = "r"
        id = Column(Integer, primary_key=True)

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        q_id, r_id = Column(ForeignKey("q.id")), Column(ForeignKey("r.id"))
        r = relationship("R", back_populates="cs")

    with pytest.raises(
        exc.ArgumentError, match="reverse_property 'r' on relationship Q.cs references relationship C.r"
    ):
        Base.registry.configure()


def test_overlapping_relationships_warn() -> None:
    Base = new_base()

    class P(Base):
        __tablename__ = "p"
        id = Column(Integer, primary_key=True)
        cs = relationship("C")

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        pid = Column(ForeignKey("p.id"))
        p = relationship("P")
        quiet = relationship("P", overlaps="cs, p")
        read = relationship("P", viewonly=True)

    with pytest.warns(exc.SAWarning) as warned:
        Base.registry.configure()
    assert len(warned) == 1
    message = str(warned[0].message)
    assert message.startswith(
        "relationship 'C.p' will copy column p.id to column c.pid, which conflicts with "
    )
    assert "'P.cs' (copies p.id to c.pid)" in message and "'overlaps=\"cs\"' to the 'C.p'" in message


@pytest.fixture
def m() -> Any:
    Base = new_base()
    links = Table(
        "pt",
        Base.metadata,
        Column("p", ForeignKey("p.id"), primary_key=True),
        Column("t", ForeignKey("t.id")),
    )

    class P(Base):
        __tablename__ = "p"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        kids = relationship("C", back_populates="parent")
        tags = relationship("T", secondary="pt", back_populates="ps")
        one = relationship("O", uselist=False, back_populates="p")

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        pid = Column(ForeignKey("p.id"))
        parent = relationship(lambda: P, back_populates=lambda: P.kids)

    class T(Base):
        __tablename__ = "t"
        id = Column(Integer, primary_key=True)
        ps = relationship(f"{__name__}.P", secondary=lambda: links, back_populates="tags")

    class O(Base):  # noqa: E742  # a short name as the others
        __tablename__ = "o"
        id = Column(Integer, primary_key=True)
        pid = Column(ForeignKey("p.id"))
        p = relationship("P", back_populates="one")

    Base.registry.configure()
    return SimpleNamespace(P=P, C=C, T=T, O=O)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (
            lambda m: m.P.kids.any(m.C.name == "x"),
            "EXISTS (SELECT 1 FROM c, p WHERE p.id = c.pid AND c.name = :name_1)",
        ),
        (
            lambda m: m.C.parent.has(name="x"),
            "EXISTS (SELECT 1 FROM p, c WHERE p.id = c.pid AND p.name = :name_1)",
        ),
        (lambda m: m.P.tags.any(), "EXISTS (SELECT 1 FROM t, pt, p WHERE p.id = pt.p AND t.id = pt.t)"),
        (lambda m: m.P.kids == None, "NOT (EXISTS (SELECT 1 FROM c, p WHERE p.id = c.pid))"),
        (lambda m: m.P.kids != None, "EXISTS (SELECT 1 FROM c, p WHERE p.id = c.pid)"),
        (lambda m: m.C.parent == m.P(id=3), ":param_1 = c.pid"),
        (lambda m: m.C.parent == None, "c.pid IS NULL"),
        (lambda m: m.C.parent != None, "c.pid IS NOT NULL"),
        (lambda m: m.C.parent != m.P(id=3), "c.pid != :pid_1 OR c.pid IS NULL"),
        (lambda m: m.P.kids.contains(m.C(pid=4)), "p.id = :param_1"),
        (lambda m: m.P.tags.contains(m.T(id=4)), "p.id = pt_1.p AND :param_1 = pt_1.t"),
        (lambda m: with_parent(m.P(id=3), m.P.kids), ":param_1 = c.pid"),
        (lambda m: with_parent(m.P(id=3), m.P.tags), ":param_1 = pt_1.p AND t.id = pt_1.t"),
        (lambda m: aliased(m.C).parent == m.P(id=3), ":param_1 = c_1.pid"),
        (
            lambda m: select(m.P.id).where(~m.P.kids.any()),
            "SELECT p.id FROM p WHERE NOT (EXISTS (SELECT 1 FROM c WHERE p.id = c.pid))",
        ),
        (
            lambda m: select(m.P.id).join(m.P.kids.and_(m.C.name == "x")),
            "SELECT p.id FROM p JOIN c ON p.id = c.pid AND c.name = :name_1",
        ),
        (
            lambda m: m.P.kids.of_type(other := aliased(m.C)).any(other.name == "x"),
            "EXISTS (SELECT 1 FROM c AS c_1, p WHERE p.id = c_1.pid AND c_1.name = :name_1)",
        ),
        (lambda m: func.count(m.P.name), "count(p.name)"),
        (lambda m: and_(m.P.name == m.C.name, m.P.id > 3), "p.name = c.name AND p.id > :id_1"),
        (lambda m: 3 < m.P.id, "p.id > :id_1"),
        (lambda m: m.P.name.label("n"), "p.name"),
        (lambda m: m.P.id + 1, "p.id + :id_1"),
        (lambda m: 1 + m.P.id, ":id_1 + p.id"),
        (lambda m: m.P.name.in_(["a"]), "p.name IN (__[POSTCOMPILE_name_1])"),
    ],
)
def test_relationships_in_sql(m: Any, clause: Any, expected: str) -> None:
    assert text(clause(m)) == expected


def test_parameters_come_from_the_object(m: Any) -> None:
    parent = m.P(id=3)
    clause = m.C.parent == parent
    parent.id = 4
    assert clause.compile().params == {"param_1": 4}
    parent.id = None
    with pytest.warns(exc.SAWarning, match="Got None for value of column p.id"):
        assert clause.compile().params == {"param_1": None}


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (lambda m: m.P.kids == m.C(), exc.InvalidRequestError, "Can't compare a collection to an object"),
        (lambda m: m.P.kids != m.C(), exc.InvalidRequestError, "Can't compare a collection to an object"),
        (
            lambda m: m.C.parent.in_([m.P()]),
            NotImplementedError,
            "in_\\(\\) not yet supported for relationships",
        ),
        (lambda m: m.P.kids.has(), exc.InvalidRequestError, "not implemented for collections. Use any\\(\\)"),
        (
            lambda m: m.C.parent.any(),
            exc.InvalidRequestError,
            "not implemented for scalar attributes. Use has\\(\\)",
        ),
        (
            lambda m: m.C.parent.contains(m.P()),
            exc.InvalidRequestError,
            "not implemented for scalar attributes",
        ),
        (
            lambda m: m.C.parent == 5,
            exc.ArgumentError,
            "Mapped instance expected for relationship comparison",
        ),
        (
            lambda m: m.C.parent == m.P,
            exc.ArgumentError,
            "Mapped instance expected for relationship comparison",
        ),
        (lambda m: with_parent(m.P(), "kids"), exc.ArgumentError, "accepts class-bound mapped attributes"),
    ],
)
def test_wrong_comparisons(m: Any, use: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        use(m)


def test_cascade_options() -> None:
    assert repr(CascadeOptions("all, delete-orphan")) == (
        "CascadeOptions('delete,delete-orphan,expunge,merge,refresh-expire,save-update')"
    )
    assert CascadeOptions("none") == frozenset() == CascadeOptions("")
    assert CascadeOptions(["merge"]).merge and CascadeOptions.from_string("delete").delete
    with pytest.warns(exc.SAWarning, match="The 'delete-orphan' cascade option requires 'delete'"):
        CascadeOptions("delete-orphan")
    prop = many_to_one().prop
    prop.cascade = "all"
    assert prop.cascade.delete and prop.direction is not MANYTOMANY
