"""The loading part of the ORM, feature by feature: what is sent, what comes back, what is refused."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import (
    ForeignKey,
    Integer,
    String,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
    text,
    union_all,
    update,
)
from relvar.orm import (
    Bundle,
    DictBundle,
    DynamicMapped,
    FromStatement,
    Load,
    Session,
    UserDefinedOption,
    WriteOnlyMapped,
    aliased,
    contains_eager,
    declarative_base,
    defaultload,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    mapped_column,
    merge_frozen_result,
    noload,
    query_expression,
    raiseload,
    relationship,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    undefer,
    undefer_group,
    with_expression,
    with_parent,
    with_polymorphic,
)

Base: Any = declarative_base()


class Author(Base):
    __tablename__ = "authors"
    id = mapped_column(Integer, primary_key=True)
    name = mapped_column(String(20))
    bio = mapped_column(String(40), deferred=True)
    photo = mapped_column(String(40), deferred=True, deferred_group="big")
    voice = mapped_column(String(40), deferred=True, deferred_group="big")
    score = query_expression()
    mentor_id = mapped_column(ForeignKey("authors.id"))
    mentor = relationship("Author", remote_side=id, back_populates="pupils")
    pupils = relationship("Author", back_populates="mentor", order_by=id)
    books = relationship("Book", back_populates="author", order_by="Book.id")


class Book(Base):
    __tablename__ = "books"
    id = mapped_column(Integer, primary_key=True)
    title = mapped_column(String(20))
    kind = mapped_column(String(10))
    author_id = mapped_column(ForeignKey("authors.id"))
    author = relationship(Author, back_populates="books")
    reviews = relationship("Review", order_by="Review.id")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "book"}


class Novel(Book):
    __tablename__ = "novels"
    id = mapped_column(ForeignKey("books.id"), primary_key=True)
    hero = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "novel"}


class Atlas(Book):
    __tablename__ = "atlases"
    id = mapped_column(ForeignKey("books.id"), primary_key=True)
    maps = mapped_column(Integer)
    __mapper_args__ = {"polymorphic_identity": "atlas"}


class Review(Base):
    __tablename__ = "reviews"
    id = mapped_column(Integer, primary_key=True)
    stars = mapped_column(Integer)
    book_id = mapped_column(ForeignKey("books.id"))


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        authors = [
            Author(id=n, name=name, bio=f"bio {n}", photo=f"photo {n}", voice=f"voice {n}")
            for n, name in enumerate(("ann", "bob", "cat"), 1)
        ]
        authors[0].mentor = authors[1]
        authors[1].mentor = authors[2]
        authors[0].books = [Novel(id=1, title="a", hero="h"), Atlas(id=2, title="b", maps=7)]
        authors[1].books = [Book(id=3, title="c")]
        for book in (*authors[0].books, *authors[1].books):
            book.reviews = [Review(id=10 * book.id + n, stars=n) for n in range(1, 3)]
        session.add_all(authors)
        session.commit()
        session.expunge_all()
        yield session


@pytest.fixture
def log(session: Any, sql_log: Any) -> Any:
    return sql_log(session.get_bind())


def loaded(obj: Any) -> set[str]:
    return set(obj.__dict__) - {"_sa_instance_state"}


def titles(authors: Any) -> dict[str, list[str]]:
    return {author.name: [book.title for book in author.books] for author in authors}


AUTHORS = select(Author).order_by(Author.id)
BOOKS = select(Book).order_by(Book.id)
TITLES = {"ann": ["a", "b"], "bob": ["c"], "cat": []}


def mapped_with(lazy: str) -> Any:
    """Return a parent class of its own registry whose children are mapped in one way."""
    Own: Any = declarative_base()

    class Child(Own):
        __tablename__ = "reviews"
        id = mapped_column(Integer, primary_key=True)
        book_id = mapped_column(ForeignKey("books.id"))

    class Parent(Own):
        __tablename__ = "books"
        id = mapped_column(Integer, primary_key=True)
        children = relationship(Child, lazy=lazy, order_by=Child.id)

    return Parent


@pytest.mark.feature("G005")
def test_subquery(session: Any, log: Any) -> None:
    assert titles(session.scalars(AUTHORS.options(subqueryload(Author.books)))) == TITLES
    assert len(log) == 2
    assert "(SELECT authors.id AS authors_id FROM authors) AS anon_1" in log[1][0]
    log.clear()
    Parent = mapped_with("subquery")
    assert [len(parent.children) for parent in session.scalars(select(Parent))] == [2, 2, 2]
    assert len(log) == 2


@pytest.mark.feature("G006")
def test_immediate(session: Any, log: Any) -> None:
    authors = session.scalars(AUTHORS.options(immediateload(Author.books))).all()
    assert len(log) == 1 + 3 and titles(authors) == TITLES and len(log) == 4
    session.expunge_all()
    log.clear()
    cat = session.scalars(AUTHORS.where(Author.id == 3).options(immediateload(Author.pupils))).one()
    assert "pupils" not in loaded(cat.pupils[0]) and len(log) == 2
    for depth, levels in ((1, 2), (-1, 3)):
        session.expunge_all()
        log.clear()
        option = immediateload(Author.pupils, recursion_depth=depth)
        cat = session.scalars(AUTHORS.where(Author.id == 3).options(option)).one()
        assert len(log) == 1 + levels
        assert cat.pupils[0].pupils[0].name == "ann" and len(log) == 1 + levels
    log.clear()
    Parent = mapped_with("immediate")
    assert [len(parent.children) for parent in session.scalars(select(Parent))] == [2, 2, 2]
    assert len(log) == 1 + 3


@pytest.mark.feature("G007")
def test_raise(session: Any, log: Any) -> None:
    author = session.scalars(
        AUTHORS.options(raiseload(Author.books), raiseload(Author.mentor, sql_only=True))
    ).first()
    with pytest.raises(exc.InvalidRequestError, match="'Author.books' is not available due to lazy='raise'"):
        author.books
    with pytest.raises(exc.InvalidRequestError, match="not available due to lazy='raise_on_sql'"):
        author.mentor
    bob = session.get(Author, 2)
    assert author.mentor is bob
    for lazy in ("raise", "raise_on_sql"):
        parent = session.scalars(select(mapped_with(lazy))).first()
        with pytest.raises(exc.InvalidRequestError, match=f"lazy='{lazy}'"):
            parent.children
    assert all("reviews" not in statement for statement, _ in log)


@pytest.mark.feature("G008")
def test_noload(session: Any, log: Any) -> None:
    with pytest.warns(exc.SADeprecationWarning, match="The noload\\(\\) option is deprecated"):
        options = (noload(Author.books), noload(Author.mentor))
    author = session.scalars(AUTHORS.options(*options)).first()
    assert author.books == [] and author.mentor is None and len(log) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exc.SADeprecationWarning)
        Parent = mapped_with("noload")
        assert [parent.children for parent in session.scalars(select(Parent))] == [[], [], []]
    assert len(log) == 2


@pytest.mark.feature("G009")
def test_contains_eager(session: Any, log: Any) -> None:
    joined = select(Author).join(Author.books).where(Book.title != "b").order_by(Author.id)
    found = session.scalars(joined.options(contains_eager(Author.books))).unique().all()
    assert titles(found) == {"ann": ["a"], "bob": ["c"]} and len(log) == 1
    session.expunge_all()
    log.clear()
    other = aliased(Book)
    joined = select(Author).join(other, Author.books).where(other.title == "b")
    by_alias = joined.options(contains_eager(Author.books, alias=other))
    by_type = joined.options(contains_eager(Author.books.of_type(other)))
    for statement in (by_alias, by_type):
        session.expunge_all()
        assert titles(session.scalars(statement).unique()) == {"ann": ["b"]}
    deep = select(Author).join(Author.books).join(Book.reviews).where(Review.stars == 2)
    session.expunge_all()
    log.clear()
    option = contains_eager(Author.books).contains_eager(Book.reviews)
    authors = session.scalars(deep.options(option).order_by(Book.id)).unique().all()
    assert [[r.id for b in a.books for r in b.reviews] for a in authors] == [[12, 22], [32]] and len(log) == 1


@pytest.mark.feature("G013")
def test_columns(session: Any, log: Any) -> None:
    def first(*options: Any) -> Any:
        session.expunge_all()
        return session.scalars(AUTHORS.options(*options)).first()

    assert loaded(first(load_only(Author.name))) == {"id", "name"}
    assert loaded(first(load_only(Author.name, Author.bio))) == {"id", "name", "bio"}
    author = first(load_only(Author.name, raiseload=True))
    with pytest.raises(exc.InvalidRequestError, match="'Author.mentor_id' is not available due to raiseload"):
        author.mentor_id
    assert loaded(first(defer(Author.name))) == {"id", "mentor_id"}
    with pytest.raises(exc.InvalidRequestError, match="'Author.name' is not available due to raiseload=True"):
        first(defer(Author.name, raiseload=True)).name
    assert "bio" in loaded(first(undefer(Author.bio)))
    assert {"photo", "voice"} <= loaded(first(undefer_group("big")))
    author = first()
    log.clear()
    assert (author.photo, author.voice, len(log)) == ("photo 1", "voice 1", 1)
    assert first(with_expression(Author.score, Author.id + 10)).score == 11
    assert first().score is None
    below = Load(Author).selectinload(Author.books).load_only(Book.title)
    assert loaded(first(below).books[0]) >= {"id", "title", "kind"}


@pytest.mark.feature("G014")
def test_polymorphic(session: Any, log: Any) -> None:
    novel, atlas, book = session.scalars(BOOKS.options(selectin_polymorphic(Book, [Novel, Atlas]))).all()
    assert (novel.hero, atlas.maps, len(log)) == ("h", 7, 3)

    def both(entity: Any, *, statements: int = 1) -> None:
        session.expunge_all()
        log.clear()
        novel, atlas, _book = session.scalars(select(entity).order_by(entity.id)).all()
        assert (novel.hero, atlas.maps, len(log)) == ("h", 7, statements)

    both(with_polymorphic(Book, [Novel, Atlas]))
    both(with_polymorphic(Book, "*"))
    both(with_polymorphic(Book, "*", flat=True))
    both(with_polymorphic(Book, "*", aliased=True))
    both(with_polymorphic(Book, "*", flat=True, name="everything"))
    tables = Book.__table__.outerjoin(Novel.__table__).outerjoin(Atlas.__table__)
    both(with_polymorphic(Book, [Novel, Atlas], selectable=tables, polymorphic_on=Book.__table__.c.kind))
    rows = select(Book.id, Book.title, Book.kind, Book.author_id).subquery()
    by_name = with_polymorphic(Book, [], selectable=rows, adapt_on_names=True)
    assert [b.title for b in session.scalars(select(by_name).order_by(by_name.id))] == ["a", "b", "c"]
    session.expunge_all()
    inner = with_polymorphic(Book, [Novel], innerjoin=True)
    assert [type(found) for found in session.scalars(select(inner))] == [Novel]
    whole = with_polymorphic(Book, [Novel, Atlas], flat=True)
    session.expunge_all()
    log.clear()
    option = selectinload(Author.books.of_type(whole))
    ann = session.scalars(AUTHORS.options(option)).first()
    assert (ann.books[0].hero, ann.books[1].maps, len(log)) == ("h", 7, 2)
    joined = (
        select(Author.name, whole.Atlas.maps).join(Author.books.of_type(whole)).where(whole.Atlas.maps > 1)
    )
    assert session.execute(joined).all() == [("ann", 7)]


@pytest.mark.feature("G016")
def test_relationship_operators(session: Any) -> None:
    ann, bob, cat = session.scalars(AUTHORS).all()

    def names(criterion: Any) -> list[str]:
        return list(session.scalars(select(Author.name).where(criterion).order_by(Author.id)))

    assert names(Author.books.any()) == ["ann", "bob"]
    assert names(~Author.books.any(Book.title == "a")) == ["bob", "cat"]
    assert names(Author.books.any(title="c")) == ["bob"]
    assert names(Author.books.any(Book.reviews.any(Review.stars == 2))) == ["ann", "bob"]
    assert names(Author.mentor.has(name="bob")) == ["ann"]
    assert names(~Author.mentor.has()) == ["cat"]
    assert names(Author.mentor == cat) == ["bob"]
    assert names(Author.mentor != cat) == ["ann", "cat"]
    assert names(Author.mentor == None) == ["cat"]  # SQL's comparison
    assert names(Author.mentor != None) == ["ann", "bob"]  # as above
    assert names(Author.books.contains(ann.books[1])) == ["ann"]
    assert names(~Author.books.contains(ann.books[1])) == ["bob", "cat"]
    assert names(with_parent(cat, Author.pupils)) == ["bob"]
    assert names(with_parent(ann.books[0], Book.author)) == ["ann"]
    assert names(Author.books.of_type(Novel).any(Novel.hero == "h")) == ["ann"]
    assert names(Author.books.and_(Book.title == "c").any()) == ["bob"]
    joined = select(Author.name, Book.title).join(Author.books.and_(Book.title != "a")).order_by(Book.id)
    assert session.execute(joined).all() == [("ann", "b"), ("bob", "c")]
    with pytest.raises(exc.InvalidRequestError, match="'has\\(\\)' not implemented for collections"):
        Author.books.has()
    with pytest.raises(exc.InvalidRequestError, match="'any\\(\\)' not implemented for scalar attributes"):
        Author.mentor.any()


@pytest.mark.feature("G018")
def test_from_statement(session: Any, log: Any) -> None:
    raw = text("SELECT id, name FROM authors WHERE id < :most ORDER BY id").bindparams(most=3)
    statement = select(Author).from_statement(raw)
    assert isinstance(statement, FromStatement)
    found = session.scalars(statement.options(selectinload(Author.books))).all()
    assert titles(found) == {"ann": ["a", "b"], "bob": ["c"]} and len(log) == 2
    assert loaded(found[0]) == {"id", "name", "books"}
    typed = text("SELECT name AS x, id AS y FROM authors ORDER BY id").columns(Author.name, Author.id)
    assert session.execute(select(Author.id, Author.name).from_statement(typed)).all()[0] == (1, "ann")
    parts = union_all(select(Author).where(Author.id == 1), select(Author).where(Author.id == 3))
    assert {a.name for a in session.scalars(select(Author).from_statement(parts))} == {"ann", "cat"}
    if session.get_bind().dialect.update_returning:
        changed = update(Author).where(Author.id == 1).values(name="new").returning(Author)
        ann = session.scalars(
            select(Author).from_statement(changed).execution_options(populate_existing=True)
        ).one()
        assert ann is found[0] and ann.name == "new"
    added = insert(Review).values([{"id": 1, "stars": 5}, {"id": 2, "stars": 4}]).returning(Review)
    assert {r.stars for r in session.scalars(select(Review).from_statement(added))} == {4, 5}
    gone = delete(Review).where(Review.id < 3).returning(Review)
    assert {r.id for r in session.scalars(select(Review).from_statement(gone))} == {1, 2}


@pytest.mark.feature("G019")
def test_entities_of_subqueries(session: Any) -> None:
    few = select(Author).where(Author.id < 3)
    forms = {
        "subquery": few.subquery(),
        "named": few.subquery("few"),
        "cte": few.cte(),
        "union": union_all(few.where(Author.id == 1), few.where(Author.id == 2)).subquery(),
    }
    for form, rows in forms.items():
        session.expunge_all()
        some = aliased(Author, rows)
        found = session.scalars(select(some).options(selectinload(some.books)).order_by(some.id)).all()
        assert titles(found) == {"ann": ["a", "b"], "bob": ["c"]}, form
        joined = select(some.name, Book.title).join(some.books).where(some.id == 2)
        assert session.execute(joined).all() == [("bob", "c")], form
    renamed = select(Author.id, (Author.name + "!").label("name")).subquery()
    loud = aliased(Author, renamed, adapt_on_names=True)
    assert session.scalars(select(loud.name).order_by(loud.id)).all() == ["ann!", "bob!", "cat!"]
    both = aliased(Author, few.subquery()), aliased(Author, select(Author).subquery())
    pairs = select(both[0].name, both[1].name).join(both[1], both[0].mentor_id == both[1].id)
    assert sorted(session.execute(pairs).all()) == [("ann", "bob"), ("bob", "cat")]


@pytest.mark.feature("G020")
def test_bundles(session: Any) -> None:
    pair = Bundle("pair", Author.id, Author.name)
    row = session.execute(select(pair, Author.bio).where(pair.c.name == "bob")).one()
    assert row.pair == (2, "bob") and row.pair.name == "bob" and row.bio == "bio 2"
    named = DictBundle("pair", Author.id, Author.name)
    assert session.scalars(select(named).order_by(Author.id)).first() == {"id": 1, "name": "ann"}
    outer = Bundle("outer", pair, func.length(Author.name).label("size"))
    assert session.execute(select(outer).where(Author.id == 1)).one().outer.pair.id == 1
    single = Bundle("pair", Author.id, Author.name, single_entity=True)
    assert session.query(single).filter(Author.id == 3).one() == (3, "cat")

    class Joined(Bundle):
        def create_row_processor(self, query: Any, procs: Any, labels: Any) -> Any:
            return lambda row: "-".join(str(proc(row)) for proc in procs)

    assert session.scalars(select(Joined("j", Author.id, Author.name)).order_by(Author.id)).first() == "1-ann"


@pytest.mark.feature("G021")
def test_yield_per(session: Any) -> None:
    made: list[Any] = []
    event.listen(Author, "load", lambda obj, _context: made.append(obj.id))
    batches = AUTHORS.execution_options(yield_per=2)
    result = session.scalars(batches)
    assert next(result).name == "ann" and made == [1, 2]
    assert [author.name for author in result] == ["bob", "cat"]
    assert [[a.id for a in part] for part in session.scalars(batches).partitions()] == [[1, 2], [3]]
    assert [[a.id for a in part] for part in session.scalars(batches).partitions(1)] == [[1], [2], [3]]
    assert [[a.id for a in part] for part in session.scalars(AUTHORS).partitions(2)] == [[1, 2], [3]]
    assert [a.id for a in session.execute(AUTHORS).yield_per(2).scalars()] == [1, 2, 3]
    for option in (joinedload(Author.books), subqueryload(Author.books)):
        with pytest.raises(exc.InvalidRequestError, match="Can't use yield_per with eager loaders"):
            session.scalars(batches.options(option))
    if session.get_bind().dialect.name != "mariadb":
        # a connection to MariaDB has no other statement while it streams
        session.expunge_all()
        assert titles(session.scalars(batches.options(selectinload(Author.books)))) == TITLES
    if session.get_bind().dialect.name == "postgresql":
        result = session.execute(batches)
        assert result.context._is_server_side
        result.close()


@pytest.mark.feature("G022", "G023")
def test_what_is_there_is_kept_or_overwritten(session: Any) -> None:
    ann = session.scalars(AUTHORS).first()
    ann.name = "changed"
    quiet = AUTHORS.execution_options(autoflush=False)
    assert session.scalars(quiet).first().name == "changed" and ann in session.dirty
    name = select(Author.name).where(Author.id == 1)
    assert session.scalars(name.execution_options(autoflush=False)).one() == "ann"
    over = session.scalars(quiet.execution_options(populate_existing=True)).first()
    assert over is ann and ann.name == "ann" and ann not in session.dirty
    ann.name = "again"
    assert session.scalars(name).one() == "again"
    ann.books.append(Book(id=50, title="new"))
    with session.no_autoflush:
        statement = quiet.options(selectinload(Author.books)).execution_options(populate_existing=True)
        assert [book.id for book in session.scalars(statement).first().books] == [1, 2]


@pytest.mark.feature("G024")
def test_identity_tokens(session: Any) -> None:
    one = AUTHORS.where(Author.id == 1)
    east = session.scalars(one.execution_options(identity_token="east")).one()
    west = session.scalars(one, execution_options={"identity_token": "west"}).one()
    plain = session.scalars(one).one()
    assert len({id(east), id(west), id(plain)}) == 3
    assert inspect(east).identity_key == (Author, (1,), "east") and inspect(west).identity_token == "west"
    assert session.get(Author, 1, identity_token="east") is east and session.get(Author, 1) is plain
    assert session.identity_key(Author, 1, identity_token="west") in session.identity_map


@pytest.mark.feature("G027")
def test_descriptions(session: Any) -> None:
    other = aliased(Author, name="other")
    statement = select(Author, Author.name.label("n"), other, func.count(Book.id), Bundle("b", Book.id))
    assert [(d["name"], d["entity"], d["aliased"]) for d in statement.column_descriptions] == [
        ("Author", Author, False),
        ("n", Author, False),
        ("other", other, True),
        ("count", Book, False),
        ("b", Book, False),
    ]
    assert [d["type"] for d in statement.column_descriptions][0] is Author
    assert statement.column_descriptions[0]["expr"] is Author
    for made in (insert(Novel), update(Novel), delete(Novel)):
        assert made.entity_description == {
            "name": "Novel",
            "type": Novel,
            "expr": Novel,
            "entity": Novel,
            "table": Novel.__table__,
        }
    returned = insert(Author).returning(Author.id, Author).returning_column_descriptions
    assert [(d["name"], d["entity"]) for d in returned] == [("id", Author), ("Author", Author)]


class Shop:
    """A shop with many sales, which no attribute loads whole."""

    def __init__(self) -> None:
        Own: Any = declarative_base()

        class Sale(Own):
            __tablename__ = "sales"
            id = mapped_column(Integer, primary_key=True)
            shop_id = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))

        class Store(Own):
            __tablename__ = "shops"
            id = mapped_column(Integer, primary_key=True)
            written: WriteOnlyMapped[Sale] = relationship(
                Sale, cascade="all, delete-orphan", passive_deletes=True, order_by=Sale.id
            )
            asked: DynamicMapped[Sale] = relationship(Sale, viewonly=True, order_by=Sale.id)
            refused = relationship(Sale, viewonly=True, lazy="raise")

        self.Base, self.Sale, self.Store = Own, Sale, Store


@pytest.mark.feature("G028")
def test_large_collections(engine: Any, sql_log: Any) -> None:
    shop = Shop()
    shop.Base.metadata.create_all(engine)
    if engine.dialect.name == "sqlite":
        event.listen(
            engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=ON")
        )
        engine.dispose()
    log = sql_log(engine)
    with Session(engine) as session:
        store = shop.Store(id=1)
        session.add(store)
        store.written.add_all([shop.Sale(id=n) for n in range(1, 6)])
        session.commit()
        log.clear()
        first = session.scalars(store.written.select().limit(2)).all()
        assert [sale.id for sale in first] == [1, 2]
        store.written.remove(first[0])
        session.flush()
        assert [sale.id for sale in store.asked.filter(shop.Sale.id > 3)] == [
            4,
            5,
        ] and store.asked.count() == 4
        with pytest.raises(exc.InvalidRequestError, match="lazy='raise'"):
            store.refused
        session.execute(store.written.update().values(id=shop.Sale.id + 100))
        session.execute(store.written.insert(), [{"id": 7}])
        assert session.scalars(store.written.select()).all()[-1].id == 105
        log.clear()
        session.delete(store)
        session.flush()
        # the database deletes the sales
        assert [statement.split()[0] for statement, _ in log] == ["DELETE"]
        assert session.scalar(select(func.count()).select_from(shop.Sale)) == 0


@pytest.mark.feature("G029")
@pytest.mark.parametrize("near", [joinedload, selectinload, subqueryload])
@pytest.mark.parametrize("far", [joinedload, selectinload])
def test_the_shortest_way_to_an_object_says_what_holds_for_it(session: Any, near: Any, far: Any) -> None:
    # bob is ann's mentor, and the author of a book whose author's pupil is ann
    options = (
        near(Author.mentor).raiseload(Author.books),
        defaultload(Author.mentor).options(
            far(Author.pupils).options(far(Author.mentor).raiseload(Author.pupils))
        ),
    )
    ann = session.scalars(AUTHORS.where(Author.id == 1).options(*options)).unique().one()
    bob = ann.mentor
    assert bob.pupils == [ann]
    with pytest.raises(exc.InvalidRequestError, match="'Author.books' is not available"):
        bob.books
    # ann herself is what the statement asked for: nothing was said about her books
    assert len(ann.books) == 2


@pytest.mark.feature("G029")
def test_options_of_further_statements_are_added(session: Any, log: Any) -> None:
    ann = session.scalars(AUTHORS).first()
    one = AUTHORS.where(Author.id == 1)
    # for the sake of what comes along with the same objects
    for _ in range(3):
        session.scalars(one.options(raiseload(Author.books))).one()
    with pytest.raises(exc.InvalidRequestError, match="'Author.books' is not available"):
        ann.books
    by_book = select(Book).where(Book.id == 1).options(joinedload(Book.author).raiseload(Author.mentor))
    book = session.scalars(by_book).one()
    session.scalars(one.options(defer(Author.bio, raiseload=True), raiseload(Author.pupils))).one()
    for name in ("books", "mentor", "bio", "pupils"):
        with pytest.raises(exc.InvalidRequestError, match=f"'Author.{name}' is not available"):
            getattr(ann, name)
    # of two for one attribute the later one holds
    session.scalars(one.options(defaultload(Author.books).undefer(Book.title), selectinload(Author.pupils)))
    session.scalars(one.options(raiseload("*"), lazyload(Author.mentor))).one()
    assert ann.mentor.name == "bob" and book.author is ann
    with pytest.raises(exc.InvalidRequestError, match="'Author.books' is not available"):
        ann.books
    tree, _path = inspect(ann).load_options
    assert len(tree.options) < 10


class FromCache(UserDefinedOption):
    """Take the result from a dictionary, by the name given."""


@pytest.mark.feature("G030")
def test_results_from_a_cache(session: Any, log: Any) -> None:
    region: dict[str, Any] = {}
    texts: dict[Any, str] = {}

    @event.listens_for(session, "do_orm_execute")
    def cached(state: Any) -> Any:
        for option in state.user_defined_options:
            if isinstance(option, FromCache):
                statement = state.statement
                key = statement._generate_cache_key().to_offline_string(
                    texts, statement, state.parameters or {}
                )
                if key not in region:
                    region[key] = state.invoke_statement().freeze()
                return merge_frozen_result(session, statement, region[key], load=False)()
        return None

    statement = AUTHORS.options(FromCache("authors"), selectinload(Author.books))
    assert titles(session.scalars(statement)) == TITLES
    sent = len(log)
    session.expunge_all()
    again = session.scalars(statement).all()
    assert titles(again) == TITLES and len(log) == sent
    assert all(author in session for author in again) and len(region) == 1
    pair = select(Author, func.length(Author.name)).order_by(Author.id).options(FromCache("pairs"))
    for _ in range(2):
        assert [(author.name, size) for author, size in session.execute(pair)][0] == ("ann", 3)
    assert len(log) == sent + 1 and again[0] is session.execute(pair).first()[0]
    # with load=True objects are read anew
    result = merge_frozen_result(session, AUTHORS, session.execute(AUTHORS).freeze(), load=True)()
    assert [author.id for author in result.scalars()] == [1, 2, 3]
    assert session.scalars(select(literal(1), null())).all() == [1]
