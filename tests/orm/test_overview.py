"""The code examples of the overview document, as written, proved by rows in real databases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Numeric,
    String,
    Table,
    create_engine,
    exc,
    inspect,
    select,
)
from relvar.orm import Session, declarative_base, relationship, sessionmaker


def names(*classes: type) -> SimpleNamespace:
    """Keep classes alive under their names: the class registry holds them weakly."""
    return SimpleNamespace(**{c.__name__: c for c in classes})


# Engines ---------------------------------------------------------------------------------------------


@pytest.mark.feature("S002", "S003")
def test_create_engine_connects_nowhere() -> None:
    engine = create_engine("postgresql://user:password@localhost:5432/sqlalchemy")
    assert engine.name == "postgresql"
    url = engine.url
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "user",
        "password",
        "localhost",
        5432,
        "sqlalchemy",
    )
    assert engine.pool.checkedout() == 0
    assert engine.pool.checkedin() == 0
    assert "password" not in repr(engine)
    assert repr(engine) == "Engine(postgresql://user:***@localhost:5432/sqlalchemy)"


@pytest.mark.feature("S003")
def test_first_use_connects() -> None:
    calls: list[int] = []

    def connect() -> Any:
        import sqlite3

        calls.append(1)
        return sqlite3.connect(":memory:")

    engine = create_engine("sqlite://", creator=connect)
    maker = sessionmaker(bind=engine)
    session = maker()
    assert calls == []
    assert session.execute(select(1)).scalar_one() == 1
    assert calls == [1]
    session.close()
    engine.dispose()


def test_unreachable_server_fails_at_first_use_only() -> None:
    engine = create_engine("postgresql://user:password@127.0.0.1:1/sqlalchemy")
    with pytest.raises(exc.OperationalError) as caught:
        engine.connect()
    assert "password" not in str(caught.value).replace("password authentication", "")


# Mapping ---------------------------------------------------------------------------------------------


def product() -> Any:
    Base = declarative_base()

    class Product(Base):
        __tablename__ = "products"
        id = Column(Integer, primary_key=True)
        title = Column("title", String(32))
        in_stock = Column("in_stock", Boolean)
        quantity = Column("quantity", Integer)
        price = Column("price", Numeric)

    return Base, Product


@pytest.mark.feature("S020", "S024", "S025")
def test_product(engine: Any) -> None:
    from decimal import Decimal

    Base, Product = product()
    assert [c.name for c in Product.__table__.columns] == ["id", "title", "in_stock", "quantity", "price"]
    assert Product.__table__.name == "products"
    assert [c.name for c in Product.__table__.primary_key] == ["id"]
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Product(title="Tea", in_stock=True, quantity=3, price=Decimal("2.00")))
        session.add(Product(title=None, in_stock=False, quantity=None, price=None))
        session.commit()
    with Session(engine) as session:
        tea, empty = session.scalars(select(Product).order_by(Product.id)).all()
        assert (tea.id, tea.title, tea.in_stock, tea.quantity, tea.price) == (1, "Tea", True, 3, Decimal("2"))
        assert isinstance(tea.price, Decimal) and tea.in_stock is True
        assert (empty.id, empty.title, empty.in_stock, empty.quantity, empty.price) == (
            2,
            None,
            False,
            None,
            None,
        )
        with engine.connect() as connection:
            row = connection.exec_driver_sql("select title, quantity from products where id = 1").one()
    assert tuple(row) == ("Tea", 3)


@pytest.mark.backends("postgresql")
@pytest.mark.feature("S026")
def test_title_is_a_varchar_on_postgresql(engine: Any) -> None:
    Base, Product = product()
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select column_name, data_type, character_maximum_length from information_schema.columns"
            " where table_name = 'products' order by ordinal_position"
        ).all()
    assert [tuple(r) for r in rows] == [
        ("id", "integer", None),
        ("title", "character varying", 32),
        ("in_stock", "boolean", None),
        ("quantity", "integer", None),
        ("price", "numeric", None),
    ]


# Relationships ---------------------------------------------------------------------------------------


def blog(**options: Any) -> Any:
    Base = declarative_base()

    class Article(Base):
        __tablename__ = "articles"
        id = Column(Integer, primary_key=True)
        comments = relationship("Comment", **options)

    class Comment(Base):
        __tablename__ = "comments"
        id = Column(Integer, primary_key=True)
        article_id = Column(Integer, ForeignKey("articles.id"))

    return Base, names(Article, Comment)


def rows(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    """Return what the database holds, asked through the driver."""
    with engine.connect() as connection:
        return [tuple(r) for r in connection.exec_driver_sql(sql)]


@pytest.mark.feature("S027", "S031", "S032")
def test_one_to_many(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        first = m.Article(comments=[m.Comment(), m.Comment()])
        session.add(first)
        session.add(m.Article())
        session.commit()
    assert rows(engine, "select id from articles order by id") == [(1,), (2,)]
    assert rows(engine, "select id, article_id from comments order by id") == [(1, 1), (2, 1)]
    with Session(engine) as session:
        first, second = session.scalars(select(m.Article).order_by(m.Article.id)).all()
        assert [c.id for c in sorted(first.comments, key=lambda c: c.id)] == [1, 2]
        assert second.comments == []
        moved = first.comments[0]
        first.comments.remove(moved)
        second.comments.append(moved)
        session.commit()
        assert moved.article_id == second.id
    assert sorted(a for _, a in rows(engine, "select id, article_id from comments")) == [1, 2]
    with Session(engine) as session:
        session.delete(session.get(m.Article, 1))
        session.commit()
    # Without a delete cascade the children stay, their key set to NULL.
    left = rows(engine, "select article_id from comments")
    assert sorted(left, key=str) == [(2,), (None,)]


@pytest.mark.feature("S028")
def test_many_to_one(engine: Any) -> None:
    Base = declarative_base()

    class Tire(Base):
        __tablename__ = "tires"
        id = Column(Integer, primary_key=True)
        car_id = Column(Integer, ForeignKey("cars.id"))
        car = relationship("Car")

    class Car(Base):
        __tablename__ = "cars"
        id = Column(Integer, primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        car = Car()
        session.add_all([Tire(car=car), Tire(car=car), Tire()])
        session.commit()
        assert rows(engine, "select id, car_id from tires order by id") == [(1, 1), (2, 1), (3, None)]
    with Session(engine) as session:
        tires = session.scalars(select(Tire).order_by(Tire.id)).all()
        assert tires[0].car is tires[1].car
        assert tires[2].car is None
        tires[0].car = Car()
        tires[1].car = None
        session.commit()
    assert rows(engine, "select id, car_id from tires order by id") == [(1, 2), (2, None), (3, None)]


@pytest.mark.feature("S029")
def test_one_to_one(engine: Any) -> None:
    Base = declarative_base()

    class Person(Base):
        __tablename__ = "people"
        id = Column(Integer, primary_key=True)
        mobile_phone = relationship("MobilePhone", uselist=False, back_populates="person")

    class MobilePhone(Base):
        __tablename__ = "mobile_phone"
        id = Column(Integer, primary_key=True)
        person_id = Column(Integer, ForeignKey("people.id"))
        person = relationship("Person", back_populates="mobile_phone")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann, phone = Person(), MobilePhone()
        ann.mobile_phone = phone
        assert phone.person is ann
        session.add(ann)
        session.commit()
        other = MobilePhone()
        session.add(other)
        other.person = ann
        assert ann.mobile_phone is other
        assert phone.person is None
        session.commit()
    assert rows(engine, "select id, person_id from mobile_phone order by id") == [(1, None), (2, 1)]
    with Session(engine) as session:
        ann = session.scalars(select(Person)).one()
        assert ann.mobile_phone.id == 2
        assert ann.mobile_phone.person is ann


def school() -> Any:
    Base = declarative_base()

    students_classes_association = Table(
        "students_classes",
        Base.metadata,
        Column("student_id", Integer, ForeignKey("students.id")),
        Column("class_id", Integer, ForeignKey("classes.id")),
    )

    class Student(Base):
        __tablename__ = "students"
        id = Column(Integer, primary_key=True)
        classess = relationship("Class", secondary=students_classes_association)

    class Class(Base):
        __tablename__ = "classes"
        id = Column(Integer, primary_key=True)

    return Base, names(Student, Class)


@pytest.mark.feature("S030")
def test_many_to_many(engine: Any) -> None:
    Base, m = school()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        maths, art = m.Class(id=1), m.Class(id=2)
        session.add_all([m.Student(id=1, classess=[maths, art]), m.Student(id=2, classess=[art])])
        session.commit()
    links = "select student_id, class_id from students_classes order by student_id, class_id"
    assert rows(engine, links) == [(1, 1), (1, 2), (2, 2)]
    with Session(engine) as session:
        first = session.get_one(m.Student, 1)
        assert sorted(c.id for c in first.classess) == [1, 2]
        first.classess.remove(session.get(m.Class, 2))
        session.commit()
    assert rows(engine, links) == [(1, 1), (2, 2)]
    with Session(engine) as session:
        session.delete(session.get(m.Student, 2))
        session.commit()
    assert rows(engine, links) == [(1, 1)]
    assert rows(engine, "select id from classes order by id") == [(1,), (2,)]


@pytest.mark.feature("S031")
def test_class_name_that_does_not_resolve() -> None:
    Base = declarative_base()

    class Article(Base):
        __tablename__ = "articles"
        id = Column(Integer, primary_key=True)
        comments = relationship("Coment")

    with pytest.raises(exc.InvalidRequestError) as caught:
        Article()
    text = str(caught.value)
    assert "expression 'Coment' failed to locate a name ('Coment')" in text
    assert "Article" in text
    # or else configure_mappers() in another test would meet the mistake
    Base.registry.dispose()


# Cascades --------------------------------------------------------------------------------------------


@pytest.mark.feature("S032")
def test_cascade_save_update(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        article, comment = m.Article(), m.Comment()
        article.comments.append(comment)
        session.add(article)
        assert comment in session
        later = m.Comment()
        article.comments.append(later)
        assert later in session
        session.commit()
    assert rows(engine, "select count(*) from comments where article_id = 1") == [(2,)]


@pytest.mark.feature("S032")
def test_without_save_update_children_are_not_saved(engine: Any) -> None:
    Base, m = blog(cascade="merge")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        article, comment = m.Article(), m.Comment()
        article.comments.append(comment)
        session.add(article)
        assert comment not in session
        with pytest.warns(exc.SAWarning, match="not in session"):
            session.commit()
    assert rows(engine, "select count(*) from comments") == [(0,)]


@pytest.mark.feature("S033")
def test_cascade_delete(engine: Any) -> None:
    Base, m = blog(cascade="save-update, merge, delete")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([m.Article(comments=[m.Comment(), m.Comment()]), m.Article(comments=[m.Comment()])])
        session.commit()
        session.delete(session.get_one(m.Article, 1))
        session.commit()
    assert rows(engine, "select id from articles") == [(2,)]
    assert rows(engine, "select article_id from comments") == [(2,)]


@pytest.mark.feature("S034")
def test_cascade_delete_orphan(engine: Any) -> None:
    Base, m = blog(cascade="all, delete-orphan")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        article = m.Article(comments=[m.Comment(id=1), m.Comment(id=2), m.Comment(id=3)])
        session.add(article)
        session.commit()
        article.comments.remove(article.comments[0])
        session.commit()
        assert len(article.comments) == 2
        article.comments = []
        session.commit()
    assert rows(engine, "select count(*) from comments") == [(0,)]
    assert rows(engine, "select count(*) from articles") == [(1,)]
    with Session(engine) as session:
        # A pending orphan is not written at all.
        article = session.get_one(m.Article, 1)
        comment = m.Comment()
        article.comments.append(comment)
        article.comments.remove(comment)
        session.commit()
    assert rows(engine, "select count(*) from comments") == [(0,)]


@pytest.mark.feature("S035")
def test_cascade_merge(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    detached = m.Article(id=1, comments=[m.Comment(id=1), m.Comment(id=2)])
    with Session(engine) as session:
        merged = session.merge(detached)
        assert merged is not detached
        assert all(c in session for c in merged.comments)
        session.commit()
    assert rows(engine, "select id, article_id from comments order by id") == [(1, 1), (2, 1)]
    with Session(engine) as session:
        merged = session.merge(m.Article(id=1, comments=[m.Comment(id=2)]))
        session.commit()
        assert [c.id for c in merged.comments] == [2]
    assert rows(engine, "select id, article_id from comments order by id") == [(1, None), (2, 1)]


def test_without_merge_cascade_children_are_left(engine: Any) -> None:
    Base, m = blog(cascade="save-update")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        merged = session.merge(m.Article(id=1, comments=[m.Comment(id=1)]))
        session.commit()
        assert merged.comments == []
    assert rows(engine, "select count(*) from comments") == [(0,)]


# Sessions --------------------------------------------------------------------------------------------


@pytest.mark.feature("S037")
def test_sessionmaker_as_in_the_document() -> None:
    engine = create_engine("postgresql://usr:pass@localhost:5432/sqlalchemy")

    Session = sessionmaker(bind=engine)

    session = Session()
    assert session.bind is engine
    assert session.get_bind() is engine
    assert engine.pool.checkedin() == 0
    session.close()


@pytest.mark.feature("S036")
def test_unit_of_work_writes_all_or_nothing(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(m.Article(id=1))
        session.commit()
    with Session(engine) as session:
        kept = session.get_one(m.Article, 1)
        fine, clash = m.Article(id=2, comments=[m.Comment(id=1)]), m.Comment(id=1)
        kept.comments.append(m.Comment(id=7))
        session.add_all([fine, clash])
        with pytest.raises(exc.IntegrityError):
            session.flush()
        session.rollback()
        assert rows(engine, "select id from articles") == [(1,)]
        assert rows(engine, "select id from comments") == []
        # The session is usable again, and objects are as they were.
        assert kept.comments == []
        assert inspect(fine).transient
        assert fine not in session
        session.add(m.Article(id=3))
        session.commit()
    assert rows(engine, "select id from articles order by id") == [(1,), (3,)]


@pytest.mark.feature("S036")
def test_changes_stay_in_the_session_until_flush(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(m.Article(id=1, comments=[m.Comment(id=1)]))
        assert rows(engine, "select count(*) from articles") == [(0,)]
        assert len(session.new) == 2
        session.flush()
        assert len(session.new) == 0
        session.rollback()
    assert rows(engine, "select count(*) from articles") == [(0,)]


@pytest.mark.feature("S004")
def test_the_same_code_runs_on_every_database(engine: Any) -> None:
    Base, m = blog()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([m.Article(id=i, comments=[m.Comment() for _ in range(i)]) for i in range(1, 5)])
        session.commit()
        statement = select(m.Article).join(m.Article.comments).where(m.Comment.id > 1).distinct()
        found = session.scalars(statement.order_by(m.Article.id).limit(2).offset(1)).all()
        assert [a.id for a in found] == [3, 4]
    assert engine.dialect.name in ("sqlite", "postgresql", "mariadb", "mysql")
