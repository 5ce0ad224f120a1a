"""
The legacy ``Query`` on each database, method by method, against what ``select()`` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, and_, exc, func, inspect, or_, select
from relvar.orm import (
    Query,
    Session,
    aliased,
    contains_eager,
    declarative_base,
    defer,
    joinedload,
    lazyload,
    load_only,
    relationship,
    scoped_session,
    selectinload,
    sessionmaker,
)

Base: Any = declarative_base()


class Author(Base):
    __tablename__ = "authors"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    age = Column(Integer)
    books = relationship("Book", back_populates="author", order_by="Book.id")

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Book(Base):
    __tablename__ = "books"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("authors.id"))
    title = Column(String(30))
    pages = Column(Integer)
    author = relationship("Author", back_populates="books")
    chapters = relationship("Chapter", order_by="Chapter.id")


class Chapter(Base):
    __tablename__ = "chapters"
    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("books.id"))
    name = Column(String(30))


AUTHORS = [("ann", 30), ("bob", 40), ("cid", 40), ("dan", None)]
BOOKS = [("ann", "A1", 100), ("ann", "A2", 300), ("bob", "B1", 200), (None, "X", 50)]


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        authors = {name: Author(id=i, name=name, age=age) for i, (name, age) in enumerate(AUTHORS, 1)}
        session.add_all(authors.values())
        for i, (name, title, pages) in enumerate(BOOKS, 1):
            book = Book(id=i, title=title, pages=pages, author=authors.get(name))
            session.add(book)
        session.flush()
        session.add_all([Chapter(id=i, book_id=1, name=f"c{i}") for i in (1, 2)])
        session.commit()
        yield session


def names(query: Any) -> list[str]:
    return [author.name for author in query]


def folded(query: Any) -> str:
    return " ".join(str(query).split())


@pytest.mark.feature("M001")
def test_query_object(session: Any) -> None:
    query = session.query(Author)
    assert isinstance(query, Query) and query.session is session
    assert names(query.order_by(Author.id)) == ["ann", "bob", "cid", "dan"]
    assert session.query(Author, Book.title).join(Book).order_by(Book.id).all() == [
        (session.get(Author, 1), "A1"),
        (session.get(Author, 1), "A2"),
        (session.get(Author, 2), "B1"),
    ]
    rows = session.query(Author.name, Author.age.label("years")).order_by(Author.id).all()
    assert rows[0].name == "ann" and rows[1].years == 40 and rows[2]._asdict() == {"name": "cid", "years": 40}
    assert session.query(func.count(Author.id), func.max(Author.age)).one() == (4, 40)
    free: Any = Query([Author])
    assert free.session is None
    assert names(free.with_session(session).filter_by(name="ann")) == ["ann"]
    base = session.query(Author)
    narrowed = base.filter(Author.id == 1)
    assert base is not narrowed and len(base.all()) == 4 and len(narrowed.all()) == 1
    alias = aliased(Author, name="a2")
    assert names(session.query(alias).filter(alias.name == "bob")) == ["bob"]


@pytest.mark.feature("M001")
def test_query_property(session: Any) -> None:
    scoped = scoped_session(sessionmaker(session.bind))

    class Mixin:
        query = scoped.query_property()

    base: Any = declarative_base()

    class Person(Mixin, base):
        __table__ = Author.__table__.to_metadata(base.metadata)

    try:
        assert [p.name for p in Person.query.order_by(Person.id)] == ["ann", "bob", "cid", "dan"]
        assert Person.query.filter_by(name="bob").one().id == 2
        assert Person.query.session is scoped()
        assert scoped.query(Author).count() == 4
    finally:
        scoped.remove()


@pytest.mark.feature("M002")
def test_filtering_and_ordering(session: Any) -> None:
    query = session.query(Author)
    by_id = query.order_by(Author.id)
    assert names(by_id.filter(Author.age == 40)) == ["bob", "cid"]
    assert names(by_id.filter(Author.age == 40, Author.id > 2)) == ["cid"]
    assert names(by_id.where(or_(Author.name == "ann", Author.age.is_(None)))) == ["ann", "dan"]
    assert names(by_id.filter_by(age=40, name="bob")) == ["bob"]
    assert names(by_id.filter(and_(Author.age > 20, Author.name.like("%n%")))) == ["ann"]
    assert [b.title for b in session.query(Author).join(Author.books).filter_by(title="B1").one().books] == [
        "B1"
    ]
    assert names(query.order_by(Author.name.desc())) == ["dan", "cid", "bob", "ann"]
    assert names(by_id.order_by(None).order_by(Author.name.desc()).limit(1)) == ["dan"]
    assert names(by_id.order_by(False).order_by(Author.id.desc()).limit(1)) == ["dan"]
    grouped = session.query(Author.age, func.count(Author.id)).group_by(Author.age)
    assert grouped.having(func.count(Author.id) > 1).all() == [(40, 2)]
    assert sorted(grouped.filter(Author.age.is_not(None)).all()) == [(30, 1), (40, 2)]
    ages = session.query(Author.age).filter(Author.age.is_not(None)).distinct().order_by(Author.age)
    assert ages.all() == [(30,), (40,)]
    assert names(by_id.limit(2)) == ["ann", "bob"]
    assert names(by_id.offset(2).limit(1)) == ["cid"]
    assert names(by_id.slice(1, 3)) == ["bob", "cid"]
    assert names(by_id[1:3]) == ["bob", "cid"]
    assert names(by_id[:2]) == ["ann", "bob"]
    assert by_id[2].name == "cid"
    assert names(by_id[0:4:2]) == ["ann", "cid"]
    assert names(by_id.limit(1).limit(None)) == ["ann", "bob", "cid", "dan"]
    assert by_id.filter(False).all() == []
    with pytest.raises(IndexError, match="negative"):
        by_id[-1]
    with pytest.raises(exc.InvalidRequestError, match=r"Query.order_by\(\) being called on a Query which"):
        by_id.limit(1).order_by(Author.name)


@pytest.mark.feature("M003")
def test_joins(session: Any) -> None:
    titles = session.query(Book.title).order_by(Book.id)
    assert titles.join(Author).filter(Author.name == "ann").all() == [("A1",), ("A2",)]
    assert titles.join(Book.author).filter(Author.name == "bob").all() == [("B1",)]
    assert titles.join(Author, Book.author_id == Author.id).count() == 3
    assert titles.outerjoin(Book.author).filter(Author.id.is_(None)).all() == [("X",)]
    assert titles.join(Book.author, isouter=True).count() == 4
    deep = session.query(Author).join(Author.books).join(Book.chapters).filter(Chapter.name == "c2")
    assert names(deep) == ["ann"]
    both = session.query(Author.name, Book.title).select_from(Author).outerjoin(Author.books)
    assert both.order_by(Author.id, Book.id).all() == [
        *(("ann", "A1"), ("ann", "A2"), ("bob", "B1"), ("cid", None), ("dan", None))
    ]
    other = aliased(Author)
    pairs = session.query(Author.name, other.name).join(other, Author.age == other.age)
    assert pairs.filter(Author.id < other.id).all() == [("bob", "cid")]
    to_alias = aliased(Book)
    query = session.query(Author).join(Author.books.of_type(to_alias)).filter(to_alias.title == "A2")
    assert names(query) == ["ann"]
    # filter_by() is about the entity joined last; reset_joinpoint() goes back to the first
    query = session.query(Author).join(Author.books).filter_by(title="A1").reset_joinpoint()
    assert names(query.filter_by(name="ann")) == ["ann"]
    assert names(query.filter_by(name="bob")) == []
    assert (
        folded(session.query(Author.id).join(Author.books))
        == ("SELECT authors.id AS authors_id FROM authors JOIN books ON authors.id = books.author_id")
        or session.bind.name != "sqlite"
    )
    with pytest.raises(exc.ArgumentError, match="Join target, typically a FROM expression"):
        session.query(Author).join("books")


@pytest.mark.feature("M004")
def test_results(session: Any) -> None:
    query = session.query(Author).order_by(Author.id)
    ann = session.get(Author, 1)
    assert query.all()[0] is ann and isinstance(query.all(), list)
    assert query.first() is ann and query.filter(Author.id == 99).first() is None
    assert list(query)[0] is ann
    assert query.filter_by(name="ann").one() is ann
    assert query.filter_by(name="ann").one_or_none() is ann
    assert query.filter_by(name="zoe").one_or_none() is None
    with pytest.raises(exc.NoResultFound, match="No row was found when one was required"):
        query.filter_by(name="zoe").one()
    with pytest.raises(exc.MultipleResultsFound, match="Multiple rows were found when exactly one"):
        query.one()
    with pytest.raises(exc.MultipleResultsFound, match="Multiple rows were found when one or none"):
        query.one_or_none()
    assert session.query(Author.name).filter_by(id=2).scalar() == "bob"
    assert session.query(Author.name).filter_by(id=99).scalar() is None
    assert query.filter_by(id=1).scalar() is ann
    with pytest.raises(exc.MultipleResultsFound):
        session.query(Author.name).scalar()
    assert query.count() == 4 and query.filter(Author.age == 40).count() == 2
    assert query.limit(3).count() == 3
    assert session.query(Author.age).distinct().count() == 3
    assert session.query(Author, Book).join(Author.books).count() == 3
    with pytest.warns(exc.LegacyAPIWarning, match=r"Query.get\(\) method"):
        assert session.query(Author).get(1) is ann
    with pytest.warns(exc.LegacyAPIWarning):
        assert session.query(Author).get({"id": 99}) is None
    assert session.query(query.filter_by(name="ann").exists()).scalar() in (True, 1)
    assert session.query(query.filter_by(name="zoe").exists()).scalar() in (False, 0)
    assert names(query.filter(session.query(Book).filter(Book.author_id == Author.id).exists())) == [
        "ann",
        "bob",
    ]
    with pytest.warns(exc.SADeprecationWarning, match=r"Query.tuples\(\) method"):
        tuples = session.query(Author.id, Author.name).order_by(Author.id).tuples()
    assert tuples.all()[1] == (2, "bob")
    with pytest.warns(exc.SADeprecationWarning, match=r"Query.value\(\) is deprecated"):
        assert query.value(Author.name) == "ann"
    with pytest.warns(exc.SADeprecationWarning, match=r"Query.values\(\) is deprecated"):
        assert list(query.values(Author.name, Author.age))[:2] == [("ann", 30), ("bob", 40)]


@pytest.mark.feature("M005")
def test_entities_and_columns(session: Any) -> None:
    query = session.query(Author).filter(Author.id < 3).order_by(Author.id)
    ann = session.get(Author, 1)
    assert query.add_columns(Author.name, Author.age.label("years")).first() == (ann, "ann", 30)
    with pytest.warns(exc.SADeprecationWarning, match=r"Query.add_column\(\) is deprecated"):
        assert query.add_column(Author.name).first() == (ann, "ann")
    joined = query.join(Author.books).order_by(Book.id).add_entity(Book)
    assert joined.all()[1] == (ann, session.get(Book, 2))
    assert query.with_entities(Author.name).all() == [("ann",), ("bob",)]
    assert query.with_entities(Author.id, func.length(Author.name)).first() == (1, 3)
    alias = aliased(Author, name="other")
    described = session.query(Author, Author.id, alias, Author.name.label("n")).column_descriptions
    assert [(d["name"], d["entity"], d["aliased"]) for d in described] == [
        *(("Author", Author, False), ("id", Author, False), ("other", alias, True), ("n", Author, False))
    ]
    assert described[0]["expr"] is Author and described[0]["type"] is Author
    assert query.only_return_tuples(True).all() == [(ann,), (session.get(Author, 2),)]


@pytest.mark.feature("M006")
def test_loader_options(session: Any, sql_log: Any) -> None:
    log = sql_log(session.bind)

    def sent(function: Any) -> int:
        session.expire_all()
        session.expunge_all()
        log.clear()
        function()
        return len(log)

    query = session.query(Author).order_by(Author.id)
    for option, expected in [
        (joinedload(Author.books), 1),
        (selectinload(Author.books), 2),
        (lazyload(Author.books), 5),
    ]:
        assert sent(lambda option=option: [a.books for a in query.options(option)]) == expected
    assert sent(lambda: [a.name for a in query.options(defer(Author.name))]) == 5
    assert sent(lambda: [a.age for a in query.options(load_only(Author.age))]) == 1
    eager = session.query(Author).join(Author.books).options(contains_eager(Author.books))
    assert sent(lambda: [a.books for a in eager]) == 1
    # an option on a query that turns eager loading off has no effect
    assert (
        sent(lambda: [a.books for a in query.options(joinedload(Author.books)).enable_eagerloads(False)]) == 5
    )


@pytest.mark.feature("M006")
def test_execution_of_a_query(session: Any) -> None:
    query = session.query(Author).order_by(Author.id)
    ann = session.get(Author, 1)
    session.execute(Author.__table__.update().values(age=1))
    assert query.first().age == 30
    assert query.populate_existing().first() is ann and ann.age == 1
    seen: list[Any] = []

    from relvar import event

    @event.listens_for(session, "do_orm_execute")
    def note(state: Any) -> None:
        seen.append(state.execution_options.get("mine"))

    assert query.execution_options(mine=5).get_execution_options()["mine"] == 5
    query.execution_options(mine=5).all()
    assert seen == [5]
    assert names(query.yield_per(2)) == ["ann", "bob", "cid", "dan"]
    session.add(Author(id=9, name="new"))
    assert query.autoflush(False).filter_by(id=9).first() is None
    assert query.filter_by(id=9).first().name == "new"
    locked = query.with_for_update(skip_locked=True)
    assert names(locked.filter_by(id=1)) == ["ann"]
    text = folded(session.query(Author.id).with_for_update().statement.compile(dialect=session.bind.dialect))
    assert text.endswith("FOR UPDATE") is (session.bind.name != "sqlite")


@pytest.mark.feature("M007")
def test_subqueries_and_set_operations(session: Any) -> None:
    counts = session.query(Book.author_id, func.count("*").label("n")).group_by(Book.author_id).subquery()
    rows = session.query(Author.name, counts.c.n).outerjoin(counts, Author.id == counts.c.author_id)
    assert rows.order_by(Author.id).all() == [("ann", 2), ("bob", 1), ("cid", None), ("dan", None)]
    named = session.query(Author).filter(Author.id < 3).subquery("old")
    alias = aliased(Author, named)
    assert names(session.query(alias).order_by(alias.id)) == ["ann", "bob"]
    count = session.query(func.count(Book.id)).filter(Book.author_id == Author.id)
    for scalar in (count.scalar_subquery(), count.correlate(Author).scalar_subquery(), count.label("n")):
        assert session.query(Author.name, scalar).order_by(Author.id).all() == [
            *(("ann", 2), ("bob", 1), ("cid", 0), ("dan", 0))
        ]
    with pytest.warns(exc.SADeprecationWarning, match="as_scalar"):
        count.as_scalar()
    cte = session.query(Author.id).filter(Author.age == 40).cte("forty")
    assert names(session.query(Author).join(cte, cte.c.id == Author.id).order_by(Author.id)) == ["bob", "cid"]
    one, two = (session.query(Author).filter(Author.id == i) for i in (1, 2))
    assert names(one.union(two).order_by(Author.id)) == ["ann", "bob"]
    assert one.union_all(one).with_entities(func.count()).scalar() == 2
    young = session.query(Author).filter(Author.id < 4)
    assert names(young.except_(one).order_by(Author.id)) == ["bob", "cid"]
    assert names(young.intersect(two)) == ["bob"]
    assert names(session.query(Author).filter(Author.id.in_(two.with_entities(Author.id)))) == ["bob"]
    assert session.scalars(two.statement).one().name == "bob"
    assert folded(two.whereclause) == "authors.id = :id_1"
    assert two.selectable is not None and session.query(Author).whereclause is None


@pytest.mark.feature("M008")
@pytest.mark.parametrize("synchronize", ["auto", "fetch", "evaluate", False])
def test_bulk_update_and_delete(session: Any, synchronize: Any) -> None:
    authors = session.query(Author).order_by(Author.id).all()
    changed = session.query(Author).filter(Author.age == 40)
    assert changed.update({"age": 41}, synchronize_session=synchronize) == 2
    assert [a.age for a in authors] == ([30, 40, 40, None] if synchronize is False else [30, 41, 41, None])
    session.expire_all()
    assert [a.age for a in authors] == [30, 41, 41, None]
    assert session.query(Author).update({Author.age: Author.age + 1}, synchronize_session=synchronize) == 4
    session.expire_all()
    assert [a.age for a in authors] == [31, 42, 42, None]
    books = session.query(Book).order_by(Book.id).all()
    gone = session.query(Book).filter(Book.pages > 100)
    assert gone.delete(synchronize_session=synchronize) == 2
    in_session = [book in session for book in books]
    assert in_session == ([True] * 4 if synchronize is False else [True, False, False, True])
    session.commit()
    assert session.query(Book).count() == 2
    assert session.query(Book).filter(Book.id == 99).delete() == 0


@pytest.mark.feature("M008")
def test_arguments_of_updates(session: Any, sql_log: Any) -> None:
    log = sql_log(session.bind)
    pairs = [(Author.age, 5), (Author.name, "x")]
    session.query(Author).filter_by(id=1).update(
        pairs, update_args={"preserve_parameter_order": True}, synchronize_session=False
    )
    first = log.texts()[-1]
    assert first.index("age") < first.index("name")
    if session.bind.name == "mariadb":
        query = session.query(Author)
        assert query.update({"age": 1}, update_args={"mariadb_limit": 1}, synchronize_session=False) == 1
        assert "LIMIT" in log.texts()[-1]
    with pytest.raises(exc.ArgumentError, match="Valid strategies for session synchronization"):
        session.query(Author).update({"age": 1}, synchronize_session="magic")
    with pytest.raises(exc.InvalidRequestError, match=r"Can't call Query.update\(\) or .*limit\(\) has"):
        session.query(Author).limit(1).update({"age": 1})
    with pytest.raises(exc.InvalidRequestError, match=r"Query.delete\(\) when order_by\(\) has"):
        session.query(Author).order_by(Author.id).update({"age": 1})


@pytest.mark.feature("M012")
def test_filter_by_is_about_the_last_entity(session: Any) -> None:
    query = session.query(Author).join(Author.books)
    assert query.filter_by(title="A1").count() == 1
    with pytest.raises(exc.InvalidRequestError, match='has no property "name"'):
        query.filter_by(name="ann")
    # select() searches all entities
    statement = select(Author).join(Author.books)
    assert len(session.scalars(statement.filter_by(name="bob")).all()) == 1
    assert inspect(Author).class_ is Author
