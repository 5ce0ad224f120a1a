"""What a flush writes: the statements, their order, and what objects know afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    FetchedValue,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    event,
    exc,
    func,
    inspect,
    select,
    text,
)
from relvar.orm import Session, declarative_base, relationship
from relvar.orm.exc import FlushError, StaleDataError

pytestmark = pytest.mark.backends("sqlite", "postgresql", "mariadb", "firebird", "firebird5")


def statements(log: Any) -> list[str]:
    """The statements that write, so far; the log is emptied."""
    found = [t for t in log.texts() if t.split()[0] in ("INSERT", "UPDATE", "DELETE")]
    log.clear()
    return found


def writes(log: Any) -> list[tuple[str, Any]]:
    """The statements that write with their parameters; the log is emptied."""
    found = [(t, p) for t, p in log if t.split()[0] in ("INSERT", "UPDATE", "DELETE")]
    log.clear()
    return found


class Family:
    """Parents and children with a link one or both ways."""

    def __init__(self, engine: Any, **options: Any) -> None:
        Base = declarative_base()

        class Parent(Base):
            __tablename__ = "parents"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            children = relationship("Child", back_populates="parent", order_by="Child.id", **options)

        class Child(Base):
            __tablename__ = "children"
            id = Column(Integer, primary_key=True)
            parent_id = Column(ForeignKey("parents.id"))
            x = Column(Integer)
            parent = relationship("Parent", back_populates="children")

        self.Base, self.Parent, self.Child = Base, Parent, Child
        Base.metadata.create_all(engine)


# the statements, on SQLite ------------------------------------------------------------------------------


def test_insert_text_and_order(sqlite_engine: Any, sql_log: Any) -> None:
    m = Family(sqlite_engine)
    log = sql_log(sqlite_engine)
    with Session(sqlite_engine) as session:
        parent = m.Parent(name="a", children=[m.Child(x=1), m.Child(x=2), m.Child(x=3, id=77)])
        session.add_all([m.Parent(id=50, name="b"), parent])
        session.flush()
        assert writes(log) == [
            ("INSERT INTO parents (id, name) VALUES (?, ?)", (50, "b")),
            ("INSERT INTO parents (name) VALUES (?)", ("a",)),
            ("INSERT INTO children (parent_id, x) VALUES (?, ?)", (51, 1)),
            ("INSERT INTO children (parent_id, x) VALUES (?, ?)", (51, 2)),
            ("INSERT INTO children (id, parent_id, x) VALUES (?, ?, ?)", (77, 51, 3)),
        ]
        assert [c.id for c in parent.children] == [1, 2, 77]
        assert [c.parent_id for c in parent.children] == [51, 51, 51]


def test_update_text(sqlite_engine: Any, sql_log: Any) -> None:
    m = Family(sqlite_engine)
    with Session(sqlite_engine) as session:
        parent = m.Parent(name="a", children=[m.Child(x=i) for i in (1, 2, 3)])
        session.add(parent)
        session.commit()
        one, two, three = parent.children
        log = sql_log(sqlite_engine)
        parent.children.remove(one)
        two.x = 9
        parent.children.append(m.Child(x=4))
        session.flush()
        assert writes(log) == [
            ("UPDATE children SET parent_id=? WHERE children.id = ?", (None, 1)),
            ("UPDATE children SET x=? WHERE children.id = ?", (9, 2)),
            ("INSERT INTO children (parent_id, x) VALUES (?, ?)", (1, 4)),
        ]
        for child in (two, three):
            child.x = 7
        session.flush()
        assert writes(log) == [("UPDATE children SET x=? WHERE children.id = ?", [(7, 2), (7, 3)])]
        # set to what it was, or to what it is: nothing to write
        two.x, three.x = 7, 8
        three.x = 7
        assert two in session.dirty
        session.flush()
        assert writes(log) == []
        assert not session.dirty


def test_delete_text(sqlite_engine: Any, sql_log: Any) -> None:
    m = Family(sqlite_engine)
    with Session(sqlite_engine) as session:
        parent = m.Parent(children=[m.Child(x=1), m.Child(x=2)])
        session.add(parent)
        session.commit()
        children = list(parent.children)
        log = sql_log(sqlite_engine)
        session.delete(parent)
        session.flush()
        assert writes(log) == [
            ("UPDATE children SET parent_id=? WHERE children.id = ?", [(None, 1), (None, 2)]),
            ("DELETE FROM parents WHERE parents.id = ?", (1,)),
        ]
        for child in children:
            session.delete(child)
        session.flush()
        assert writes(log) == [("DELETE FROM children WHERE children.id = ?", [(1,), (2,)])]


def test_a_parameter_is_never_named_like_a_column(sqlite_engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "user"
        id = Column(Integer, primary_key=True)
        user_id = Column(Integer)

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        user = User(user_id=5)
        session.add(user)
        session.flush()
        log = sql_log(sqlite_engine)
        user.user_id = 6
        session.flush()
        assert writes(log) == [("UPDATE user SET user_id=? WHERE user.id = ?", (6, 1))]
        assert session.scalar(select(User.user_id)) == 6


def test_many_to_many_text(sqlite_engine: Any, sql_log: Any) -> None:
    Base = declarative_base()
    link = Table(
        "link", Base.metadata, Column("s_id", ForeignKey("s.id")), Column("c_id", ForeignKey("c.id"))
    )

    class S(Base):
        __tablename__ = "s"
        id = Column(Integer, primary_key=True)
        cs = relationship("C", secondary=link, back_populates="ss")

    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
        x = Column(Integer)
        ss = relationship("S", secondary=link, back_populates="cs")

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        log = sql_log(sqlite_engine)
        c1, c2, c3 = (C(x=i) for i in (1, 2, 3))
        a, b = S(cs=[c1, c2]), S(cs=[c2, c3])
        session.add_all([a, b])
        session.commit()
        assert statements(log) == [
            *["INSERT INTO c (x) VALUES (?)"] * 3,
            *["INSERT INTO s DEFAULT VALUES"] * 2,
            "INSERT INTO link (s_id, c_id) VALUES (?, ?)",
        ]
        a.cs.remove(c1)
        a.cs.append(c3)
        session.commit()
        assert writes(log) == [
            ("DELETE FROM link WHERE link.s_id = ? AND link.c_id = ?", (1, 1)),
            ("INSERT INTO link (s_id, c_id) VALUES (?, ?)", (1, 3)),
        ]
        session.delete(c3)
        session.commit()
        assert writes(log) == [
            ("DELETE FROM link WHERE link.s_id = ? AND link.c_id = ?", [(2, 3), (1, 3)]),
            ("DELETE FROM c WHERE c.id = ?", (3,)),
        ]


def test_tree_is_written_level_by_level(sqlite_engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "n"
        id = Column(Integer, primary_key=True)
        up = Column(ForeignKey("n.id"))
        x = Column(Integer)
        children = relationship("Node", back_populates="parent", cascade="all")
        parent = relationship("Node", back_populates="children", remote_side=id)

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        log = sql_log(sqlite_engine)
        root = Node(x=0, children=[Node(x=1, children=[Node(x=11), Node(x=12)]), Node(x=2)])
        session.add_all([root, Node(x=9)])
        session.commit()
        insert = "INSERT INTO n (up, x) VALUES (?, ?)"
        assert writes(log) == [
            (insert, (None, 0)),
            (insert, (None, 9)),
            (insert, (1, 1)),
            (insert, (1, 2)),
            (insert, (3, 11)),
            (insert, (3, 12)),
        ]
        leaf = root.children[0].children[0]
        root.children[1].children.append(leaf)
        session.commit()
        assert writes(log) == [("UPDATE n SET up=? WHERE n.id = ?", (4, 5))]
        session.delete(root)
        session.commit()
        delete = "DELETE FROM n WHERE n.id = ?"
        assert writes(log) == [(delete, [(5,), (6,)]), (delete, [(3,), (4,)]), (delete, (1,))]


# on every database ----------------------------------------------------------------------------------------


def test_generated_keys_reach_objects_and_children(engine: Any) -> None:
    m = Family(engine)
    with Session(engine) as session:
        parents = [
            m.Parent(name=str(i), children=[m.Child(x=10 * i + j) for j in range(3)]) for i in range(7)
        ]
        session.add_all(parents)
        session.flush()
        keys = [p.id for p in parents]
        assert keys == sorted(keys) and len(set(keys)) == 7
        session.commit()
        found = session.execute(
            select(m.Parent.name, m.Child.x)
            .join(m.Child, m.Child.parent_id == m.Parent.id)
            .order_by(m.Child.x)
        ).all()
        assert [tuple(r) for r in found] == [(str(i), 10 * i + j) for i in range(7) for j in range(3)]


def test_defaults(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()
    seen: list[Any] = []

    def from_context(context: Any) -> int:
        seen.append(dict(context.get_current_parameters()))
        return int(context.get_current_parameters()["a"]) + 1

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        a = Column(Integer, default=5)
        b = Column(Integer, default=from_context)
        c = Column(Integer, server_default="7")
        d = Column(Integer, onupdate=9)
        e = Column(Integer, default=func.abs(-3))
        g = Column(Integer)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Thing(), Thing(a=None, c=1, g=2)
        session.add_all([one, two])
        session.flush()
        assert (one.a, one.b, one.c, one.d, one.e, one.g) == (5, 6, 7, None, 3, None)
        assert (two.a, two.b, two.c, two.d, two.e, two.g) == (5, 6, 1, None, 3, 2)
        assert all(s["a"] == 5 for s in seen) and len(seen) == 2
        one.g = 4
        session.flush()
        assert one.d == 9
        one.g = func.abs(-8)
        session.flush()
        assert "g" not in one.__dict__
        assert one.g == 8
        one.g = Thing.g + 1
        two.g = Thing.g + 10
        session.commit()
        assert [t.g for t in session.scalars(select(Thing).order_by(Thing.id))] == [9, 12]


def test_sql_expression_on_insert(engine: Any) -> None:
    m = Family(engine)
    with Session(engine) as session:
        one, two = m.Parent(name=func.lower("ABC")), m.Parent(name="d")
        session.add_all([one, two])
        session.flush()
        assert one.name == "abc" and two.name == "d"
        assert one.id != two.id


def test_composite_keys_and_key_changes(engine: Any) -> None:
    Base = declarative_base()

    class Cell(Base):
        __tablename__ = "cells"
        row = Column(Integer, primary_key=True, autoincrement=False)
        col = Column(String(5), primary_key=True)
        value = Column(Integer)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        cells = [Cell(row=r, col=c, value=0) for r in (1, 2) for c in "ab"]
        session.add_all(cells)
        session.commit()
        assert session.get(Cell, (2, "a")) is cells[2]
        cells[0].value = 5
        cells[3].row = 9
        session.commit()
        assert inspect(cells[3]).identity == (9, "b")
        assert session.get(Cell, (2, "b")) is None
        assert session.get(Cell, (9, "b")) is cells[3]
        session.delete(cells[0])
        session.commit()
        found = session.execute(select(Cell.row, Cell.col, Cell.value).order_by(Cell.row, Cell.col)).all()
        assert [tuple(r) for r in found] == [(1, "b", 0), (2, "a", 0), (9, "b", 0)]


def test_versions(engine: Any) -> None:
    Base = declarative_base()

    class Doc(Base):
        __tablename__ = "docs"
        id = Column(Integer, primary_key=True)
        body = Column(String(20))
        version = Column(Integer, nullable=False)
        __mapper_args__ = {"version_id_col": version}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        docs = [Doc(body="a"), Doc(body="b")]
        session.add_all(docs)
        session.commit()
        assert [d.version for d in docs] == [1, 1]
        for d in docs:
            d.body += "!"
        session.flush()
        assert [d.version for d in docs] == [2, 2]
        session.execute(Doc.__table__.update().values(version=7))
        docs[0].body = "lost"
        with pytest.raises(
            StaleDataError,
            match=r"UPDATE statement on table 'docs' expected to update 1 row\(s\); 0 were matched.",
        ):
            session.flush()
        session.rollback()
        assert docs[1].version == 1
        session.execute(Doc.__table__.update().values(version=7))
        session.delete(docs[1])
        with pytest.raises(StaleDataError, match="DELETE statement on table 'docs'"):
            session.flush()
        session.rollback()


def test_row_that_is_gone(engine: Any) -> None:
    m = Family(engine)
    with Session(engine) as session:
        parent = m.Parent(name="a")
        session.add(parent)
        session.commit()
        assert parent.name == "a"
        session.execute(text("delete from parents"))
        parent.name = "b"
        with pytest.raises(
            StaleDataError,
            match=r"UPDATE statement on table 'parents' expected to update 1 row\(s\); 0 were matched.",
        ):
            session.flush()
        session.rollback()
        assert parent.name == "a"
        assert parent.children == []
        session.execute(text("delete from parents"))
        session.delete(parent)
        with pytest.warns(
            exc.SAWarning,
            match=r"DELETE statement on table 'parents' expected to delete 1 row\(s\); 0 were matched.",
        ):
            session.flush()


def test_a_new_object_takes_over_the_row_of_a_deleted_one(engine: Any, sql_log: Any) -> None:
    m = Family(engine)
    with Session(engine) as session:
        old = m.Parent(id=1, name="old")
        session.add(old)
        session.commit()
        session.delete(old)
        new = m.Parent(id=1, name="new")
        session.add(new)
        log = sql_log(engine)
        session.flush()
        assert [t.split()[0] for t in statements(log)] == ["UPDATE"]
        assert session.get(m.Parent, 1) is new
        assert inspect(old).deleted and inspect(new).persistent
        session.rollback()
        assert inspect(old).persistent and inspect(new).transient
        assert session.get(m.Parent, 1) is old
        assert old.name == "old"


def test_all_or_nothing(engine: Any) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))

    class Z(Base):
        __tablename__ = "z"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        __table_args__ = (UniqueConstraint("name"),)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Z(name="taken"))
        session.commit()
        a, z = A(name="first"), Z(name="taken")
        session.add_all([a, z])
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        assert inspect(a).transient and inspect(z).transient
        assert session.scalars(select(A)).all() == []
        z.name = "free"
        session.add_all([a, z])
        session.commit()
        assert session.scalars(select(A.name)).all() == ["first"]
        assert session.scalars(select(Z.name).order_by(Z.id)).all() == ["taken", "free"]


def test_post_update(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Club(Base):
        __tablename__ = "clubs"
        id = Column(Integer, primary_key=True)
        head_id = Column(ForeignKey("members.id", use_alter=True, name="fk_head"))
        members = relationship("Member", primaryjoin="Club.id == Member.club_id", back_populates="club")
        head = relationship("Member", primaryjoin="Club.head_id == Member.id", post_update=True)

    class Member(Base):
        __tablename__ = "members"
        id = Column(Integer, primary_key=True)
        club_id = Column(ForeignKey("clubs.id"))
        club = relationship("Club", primaryjoin="Club.id == Member.club_id", back_populates="members")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        boss = Member()
        club = Club(members=[boss, Member()], head=boss)
        session.add(club)
        log = sql_log(engine)
        session.commit()
        assert [t.split()[0] for t in statements(log)][-1] == "UPDATE"
        assert club.head_id == boss.id
        club.head = next(member for member in club.members if member is not boss)
        session.commit()
        assert club.head is not boss
        for member in list(club.members):
            session.delete(member)
        session.delete(club)
        session.commit()
        assert session.scalars(select(Member)).all() == []
        assert session.scalars(select(Club)).all() == []


def test_rows_of_two_tables_in_a_chain_and_a_circle(engine: Any) -> None:
    Base = declarative_base()

    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        b_id = Column(ForeignKey("b.id", use_alter=True, name="fk_b"))
        b = relationship("B", primaryjoin="A.b_id == B.id")

    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
        a = relationship("A", primaryjoin="A.id == B.a_id")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        last = B(a=A(b=B(a=A())))
        session.add(last)
        session.commit()
        assert last.a.b.a.b is None
        one = B(a=A())
        one.a.b = one
        session.add(one)
        session.commit()
        assert one.a.b is one and one.a_id == one.a.id


def test_primary_key_of_a_child_cannot_be_blanked_out(engine: Any) -> None:
    Base = declarative_base()

    class Order(Base):
        __tablename__ = "orders"
        id = Column(Integer, primary_key=True)
        lines = relationship("Line")

    class Line(Base):
        __tablename__ = "lines"
        order_id = Column(ForeignKey("orders.id"), primary_key=True)
        number = Column(Integer, primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        order = Order(lines=[Line(number=1)])
        session.add(order)
        session.flush()
        order.lines.clear()
        with pytest.raises(
            AssertionError,
            match="Dependency rule on column 'orders.id' tried to blank-out primary key column "
            "'lines.order_id'",
        ):
            session.flush()
        session.rollback()


def test_none_in_a_collection(engine: Any) -> None:
    m = Family(engine)
    with Session(engine) as session:
        session.add(m.Parent(children=[None]))
        with pytest.raises(FlushError, match="Can't flush None value found in collection Parent.children"):
            session.flush()


def test_joined_inheritance(engine: Any) -> None:
    Base = declarative_base()

    class Animal(Base):
        __tablename__ = "animals"
        id = Column(Integer, primary_key=True)
        kind = Column(String(10))
        name = Column(String(10))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}

    class Dog(Animal):
        __tablename__ = "dogs"
        id = Column(ForeignKey("animals.id"), primary_key=True)
        trick = Column(String(10))
        __mapper_args__ = {"polymorphic_identity": "dog"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        rex, cat, bob = Dog(name="rex", trick="sit"), Animal(name="cat"), Dog(name="bob")
        session.add_all([rex, cat, bob])
        session.commit()
        assert (rex.kind, cat.kind) == ("dog", "animal")
        rex.trick = "roll"
        bob.name = "bobby"
        session.commit()
        dogs = session.execute(text("select id, trick from dogs order by id")).all()
        assert [tuple(d) for d in dogs] == [(rex.id, "roll"), (bob.id, None)]
        session.delete(rex)
        session.commit()
        assert session.scalar(text("select count(*) from dogs")) == 1
        assert session.scalar(text("select count(*) from animals")) == 2


def test_events_of_a_flush(engine: Any) -> None:
    m = Family(engine)
    seen: list[str] = []
    for name in (
        "before_insert",
        "after_insert",
        "before_update",
        "after_update",
        "before_delete",
        "after_delete",
    ):

        def note(mapper: Any, connection: Any, target: Any, name: str = name) -> None:
            seen.append(name)
            if name == "before_insert":
                target.name = (target.name or "") + "!"

        event.listen(m.Parent, name, note)
    with Session(engine) as session:
        parent = m.Parent(name="a")
        session.add(parent)
        session.commit()
        assert parent.name == "a!"
        parent.name = "b"
        session.commit()
        session.delete(parent)
        session.commit()
    assert seen == [
        "before_insert",
        "after_insert",
        "before_update",
        "after_update",
        "before_delete",
        "after_delete",
    ]


def test_server_side_update_is_fetched_when_read(sqlite_engine: Any) -> None:
    Base = declarative_base()

    class Row(Base):
        __tablename__ = "r"
        id = Column(Integer, primary_key=True)
        a = Column(Integer)
        stamp = Column(Integer, server_onupdate=FetchedValue())

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.execute(
            text("create trigger t after update on r begin update r set stamp = 99 where id = new.id; end")
        )
        row = Row(a=1)
        session.add(row)
        session.commit()
        assert row.stamp is None
        row.a = 2
        session.flush()
        assert row.stamp == 99
