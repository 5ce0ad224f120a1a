"""Statements over mapped classes through pickles and copies: the same text, rows and classes."""

from __future__ import annotations

import copy
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pickled_models as models
import pytest
from pickled_models import Address, Base, Engineer, Node, Person, User

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    exists,
    func,
    inspect,
    lambda_stmt,
    literal_column,
    select,
    update,
)
from relvar.ext import serializer
from relvar.ext.serializer import Deserializer, Serializer
from relvar.orm import (
    DeclarativeBase,
    Session,
    aliased,
    column_property,
    joinedload,
    mapped_column,
    registry,
    relationship,
    scoped_session,
    selectinload,
    sessionmaker,
    with_loader_criteria,
    with_polymorphic,
)
from relvar.orm.exc import UnmappedClassError

NAMES = sorted(models.statements())

READER = """
import pickle, sys
from relvar import create_engine
from relvar.ext import serializer
from relvar.orm import Session

def deserialized(data):
    import pickled_models

    return serializer.loads(data, allow=[pickled_models.starts_with_a])

url, plain, serialized, changes = pickle.load(sys.stdin.buffer)
found = {}
with Session(create_engine(url)) as session:
    for kind, loads, group in (("plain", pickle.loads, plain), ("serialized", deserialized, serialized)):
        for name, data in group.items():
            statement = loads(data)
            from pickled_models import outcome
            found[kind, name] = outcome(session, statement)
    for name, data in changes.items():
        change, query = pickle.loads(data)
        session.execute(change)
        found["change", name] = outcome(session, query)
        session.rollback()
sys.stdout.buffer.write(pickle.dumps(found))
"""


def run(program: str, given: bytes, **environment: str) -> bytes:
    """Return what another process writes that can import the classes but has not yet."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=given,
        capture_output=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), **environment),
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def text_of(statement: Any) -> str:
    return " ".join(str(statement).split())


def through_pickle(obj: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(obj, protocol))


def serialized(obj: Any) -> Any:
    return serializer.loads(serializer.dumps(obj), Base.metadata, allow=[models.starts_with_a])


WAYS: list[Callable[[Any], Any]] = [through_pickle, copy.deepcopy, copy.copy, serialized]


def create_tables(engine: Any) -> None:
    for metadata in (Base.metadata, models.item_table.metadata):
        metadata.create_all(engine)


@pytest.fixture
def filled(engine: Any) -> Any:
    create_tables(engine)
    with Session(engine) as session:
        models.fill(session)
    return engine


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    engine = create_engine("sqlite://")
    create_tables(engine)
    with Session(engine) as made:
        models.fill(made)
        yield made


class CopiesItself(Base):
    __tablename__ = "copies_itself"
    id = mapped_column(Integer, primary_key=True)

    def __deepcopy__(self, memo: Any) -> Any:
        raise AssertionError("this is about objects")


# copies in one process -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_has_the_text_and_the_rows(session: Any, name: str) -> None:
    statement = models.statements()[name]
    expected = models.outcome(session, statement)
    assert len(expected) > 1, "it finds nothing"
    for way in WAYS:
        assert models.outcome(session, way(statement)) == expected, way


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol(session: Any, protocol: int) -> None:
    for name, statement in models.statements().items():
        expected = models.outcome(session, statement)
        assert models.outcome(session, through_pickle(statement, protocol)) == expected, name
        again = through_pickle(through_pickle(statement, protocol), protocol)
        assert models.outcome(session, again) == expected, name


def test_a_copy_can_be_built_upon() -> None:
    other = aliased(User)
    for way in WAYS:
        made = way(select(User).where(User.addresses.any()))
        assert text_of(made.join(User.addresses).where(User.id == 3)) == text_of(
            select(User).where(User.addresses.any()).join(User.addresses).where(User.id == 3)
        )
        assert text_of(way(select(other).where(other.id == 3)).subquery().select()) == text_of(
            select(other).where(other.id == 3).subquery().select()
        )


def test_a_loaded_statement_shares_the_cached_text_with_one_that_was_built() -> None:
    for statement in (
        select(User).where(User.addresses.any(Address.id == 3)),
        select(User).options(selectinload(User.addresses)),
        select(User).join(User.addresses.and_(Address.id > 1)),
        select(models.Point.place),
    ):
        assert through_pickle(statement)._generate_cache_key() == statement._generate_cache_key()


# other processes -----------------------------------------------------------------------------------------


@pytest.mark.feature("K013")
@pytest.mark.parametrize("pure", ["", "1"], ids=["compiled", "interpreted"])
def test_another_process_gets_the_rows(filled: Any, pure: str) -> None:
    """A process that has never imported the classes: loading does; and its kernels may be others."""
    statements = models.statements()
    expected: dict[Any, Any] = {}
    with Session(filled) as session:
        for name, statement in statements.items():
            expected["plain", name] = expected["serialized", name] = models.outcome(session, statement)
        for name, (change, query) in models.changes().items():
            session.execute(change)
            expected["change", name] = models.outcome(session, query)
            session.rollback()
    sent = (
        filled.url.render_as_string(hide_password=False),
        {name: pickle.dumps(statement) for name, statement in statements.items()},
        {name: serializer.dumps(statement) for name, statement in statements.items()},
        {name: pickle.dumps(pair) for name, pair in models.changes().items()},
    )
    found = pickle.loads(run(READER, pickle.dumps(sent), RELVAR_PURE=pure))
    assert {key for key in expected if found[key] != expected[key]} == set()


def test_changes_by_copies(filled: Any) -> None:
    for name, (change, query) in models.changes().items():
        seen = []
        for way in (lambda statement: statement, *WAYS):
            with Session(filled) as session:
                session.execute(way(change))
                seen.append(models.outcome(session, way(query)))
        assert all(each == seen[0] for each in seen), name


# what stays one object -----------------------------------------------------------------------------------


def pairs() -> dict[str, tuple[Any, Any, Callable[[Any, Any], Any]]]:
    """Return pairs of things that have something in common, and what makes one statement of them."""
    other, engineer = aliased(User, name="other"), with_polymorphic(Person, [Engineer])
    subquery = select(User).where(User.addresses.any()).subquery("s")
    of_subquery = aliased(User, subquery)
    cte = select(User.id).cte("c")
    core = select(models.log_line.c.id, models.log_line.c.user_id).subquery("logs")
    return {
        "alias": (other, select(other), lambda alias, s: s.where(alias.id == 3)),
        "alias's criterion": (other.name == "x", select(other), lambda criterion, s: s.where(criterion)),
        "alias's any": (other.addresses.any(), select(other), lambda criterion, s: s.where(criterion)),
        "alias of a subquery": (of_subquery, select(of_subquery), lambda a, s: s.where(a.id == 3)),
        "subquery": (
            subquery,
            select(User).join(subquery, subquery.c.id == User.id),
            lambda sub, s: s.where(sub.c.id == 3),
        ),
        "subquery and alias": (
            of_subquery,
            select(User).join(subquery, subquery.c.id == User.id),
            lambda alias, s: s.where(alias.id == 3),
        ),
        "subquery's column": (subquery.c.id, select(subquery), lambda column, s: s.where(column == 3)),
        "cte": (cte, select(User).join(cte, cte.c.id == User.id), lambda c, s: s.where(c.c.id == 3)),
        "core subquery": (
            select(User).join(core, core.c.user_id == User.id),
            select(Address.id).join(core, core.c.user_id == Address.user_id),
            lambda one, two: one.where(User.id.in_(two)),
        ),
        "with_polymorphic": (
            engineer,
            select(engineer),
            lambda entity, s: s.where(entity.Engineer.language == "c"),
        ),
        "two statements": (
            select(other.id),
            select(other),
            lambda one, two: two.where(one.exists()),
        ),
    }


@pytest.mark.parametrize("name", sorted(pairs()))
def test_what_two_things_share_they_share_in_a_copy(name: str) -> None:
    one, two, joined = pairs()[name]
    expected = text_of(joined(one, two))
    for way in (through_pickle, copy.deepcopy, serialized):
        assert text_of(joined(*way((one, two)))) == expected
        second, first = way((two, one))
        assert text_of(joined(first, second)) == expected
    separate = pickle.loads(pickle.dumps(one)), pickle.loads(pickle.dumps(two))
    if name == "alias":
        assert text_of(joined(*separate)) != expected


def test_an_alias_by_itself() -> None:
    other = aliased(User, name="other")
    for way in (through_pickle, copy.deepcopy, serialized):
        made = way(other)
        assert inspect(made).mapper is inspect(User) and inspect(made).name == "other"
        assert way(inspect(other)).entity is not other
        assert text_of(select(made.id, made.addresses.any())) == text_of(
            select(other.id, other.addresses.any())
        )
        assert text_of(select(User).join(way(User.addresses.of_type(aliased(Address))))) == text_of(
            select(User).join(User.addresses.of_type(aliased(Address)))
        )
        everyone = with_polymorphic(Person, "*")
        made, sub = way((everyone, everyone.Engineer))
        assert made.Engineer is sub and text_of(select(made)) == text_of(select(everyone))


def test_an_alias_of_a_class_whose_objects_copy_themselves() -> None:
    other = aliased(CopiesItself)
    made, statement = copy.deepcopy((other, select(other)))
    assert made is not other and text_of(statement.where(made.id == 3)) == text_of(
        select(other).where(other.id == 3)
    )


# parts of statements -------------------------------------------------------------------------------------


def criteria() -> dict[str, Any]:
    return {
        "column": User.name == "x",
        "any": User.addresses.any(Address.email == "x"),
        "not any": ~User.addresses.any(),
        "has": Address.user.has(name="x"),
        "has none": ~Node.parent.has(),
        "contains": User.addresses.contains(Address(id=9, user_id=2)),
        "many to many": User.tags.contains(models.Tag(id=2)),
        "not many to many": ~User.tags.contains(models.Tag(id=2)),
        "object": Address.user == User(id=2),
        "not object": Address.user != User(id=2),
        "mixed": (User.addresses.any() & (User.id == 3)) | (func.lower(User.name) == "x"),
        "exists": exists().where(User.id == Address.user_id).correlate(User),
        "scalar subquery": select(User.id).scalar_subquery() == Address.user_id,
        "in subquery": Address.user_id.in_(select(User.id).where(User.addresses.any())),
    }


NOTES = """
import pickle, sys
a_criterion, labelled = pickle.loads(sys.stdin.buffer.read())
noted = [element._propagate_attrs for element in (a_criterion, labelled.element, a_criterion == labelled)]
found = [(n["compile_state_plugin"], n["plugin_subject"].class_) for n in noted]
sys.stdout.buffer.write(pickle.dumps(found))
"""


@pytest.mark.parametrize("pure", ["", "1"], ids=["compiled", "interpreted"])
def test_what_the_orm_notes_of_a_criterion_reaches_other_kernels(pure: str) -> None:
    given = pickle.dumps((User.id == 1, (User.id == 2).label("is_second")))
    assert pickle.loads(run(NOTES, given, RELVAR_PURE=pure)) == [("orm", User)] * 3


@pytest.mark.parametrize("name", sorted(criteria()))
def test_a_criterion_by_itself(name: str) -> None:
    criterion = criteria()[name]
    expected = text_of(select(User.id, Address.id, Node.id).where(criterion))
    for way in WAYS:
        assert text_of(select(User.id, Address.id, Node.id).where(way(criterion))) == expected


def test_attributes_options_and_properties() -> None:
    for way in (through_pickle, copy.deepcopy, serialized):
        assert way(User.addresses) is User.addresses
        assert way(inspect(User)) is inspect(User)
        assert way(inspect(User).attrs.name) is inspect(User).attrs.name
        option = way(joinedload(User.addresses.and_(Address.id > 1)))
        assert text_of(select(User).options(option)) == text_of(
            select(User).options(joinedload(User.addresses.and_(Address.id > 1)))
        )


def test_core_statements_with_parts_that_mean_classes() -> None:
    """The tables outside are those inside: a subquery goes on being correlated."""
    users = User.__table__
    addresses = Address.__table__
    inner = select(Address.id).where(Address.user_id == users.c.id)
    subquery = select(User).subquery("s")
    for statement in (
        select(users.c.id).where(inner.exists()),
        select(users.c.id, inner.correlate(users).scalar_subquery()),
        select(addresses.c.id).where(addresses.c.owner.in_(select(User.id))),
        select(subquery.c.id).where(subquery.c.id.in_(select(users.c.id))),
        users.update().values(name="x").where(User.addresses.any()),
    ):
        for way in WAYS:
            assert text_of(way(statement)) == text_of(statement)


# what goes by value --------------------------------------------------------------------------------------


def test_tables_and_core_statements_go_by_value() -> None:
    """A process without the classes can load them."""
    mapped, metadata = models.Elsewhere.User.__table__, models.Elsewhere.Base.metadata
    for way in (through_pickle, copy.deepcopy):
        table = way(mapped)
        assert table is not mapped and table.metadata is not metadata
        assert list(table.metadata.tables) == list(metadata.tables) and table.c.keys() == mapped.c.keys()
        assert way(metadata).tables["user_account"] is not mapped
        made = way(select(mapped).where(mapped.c.id == 5))
        assert made.get_final_froms()[0] is not mapped and text_of(made) == text_of(
            select(mapped).where(mapped.c.id == 5)
        )
    for obj in (mapped, metadata, select(mapped), mapped.insert(), mapped.alias("x"), mapped.c.id == 5):
        data = pickle.dumps(obj)
        assert b"relvar.orm" not in data and b"pickled_models" not in data
    # by value, all that the table's collection has goes along, and one of its types has a lambda
    with pytest.raises((pickle.PicklingError, AttributeError), match="<lambda>"):
        pickle.dumps(select(User.__table__))
    assert serialized(select(User.__table__)).get_final_froms() == [User.__table__]


def test_mapped_tables_go_by_reference_in_statements() -> None:
    for way in (through_pickle, copy.deepcopy, serialized):
        made = way(select(User).join(models.log_line, models.log_line.c.user_id == User.id))
        joined = made.get_final_froms()[0]
        assert joined.right is models.log_line
        made = way(update(User).values(mood=models.Mood.GOOD))
        assert made.table.c.mood.type is User.__table__.c.mood.type


def test_a_table_of_no_mapping_goes_by_value_in_an_orm_statement(session: Any) -> None:
    other = Table("log_line", MetaData(), Column("id", Integer), Column("user_id", Integer))
    statement = select(User.id).outerjoin(other, other.c.user_id == User.id)
    for way in (through_pickle, copy.deepcopy):
        made = way(statement)
        assert made.get_final_froms()[0].right is not other
        assert models.outcome(session, made) == models.outcome(session, statement)


def test_values_of_parameters_are_copied() -> None:
    words = ["x", "y"]
    statement = select(User).where(User.name.in_(words), User.id == bindparam("id", 5))
    made = through_pickle(statement)
    assert made.compile().params == statement.compile().params == {"id": 5, "name_1": ["x", "y"]}
    user = User(id=2)
    deferred = through_pickle(select(Address).where(Address.user == user))
    user.id = 3
    assert list(deferred.compile().params.values()) == [2]


def test_a_type_that_many_columns_share_is_found_by_a_class_that_has_a_name() -> None:
    number = Integer()

    class OtherBase(DeclarativeBase):
        pass

    class Local(OtherBase):
        __tablename__ = "local"
        id = mapped_column(number, primary_key=True)
        mood = mapped_column(User.__table__.c.mood.type)

    inside = select(Local).where(Local.id == 5, Local.mood == models.Mood.GOOD)
    assert text_of(inside)
    for statement in (
        select(User).where(User.id == bindparam("x", type_=number)),
        select(User).where(User.mood == models.Mood.GOOD),
    ):
        assert text_of(through_pickle(statement)) == text_of(statement)


# what cannot be pickled ----------------------------------------------------------------------------------


def in_a_function() -> Any:
    class Local(DeclarativeBase):
        pass

    class Inside(Local):
        __tablename__ = "inside"
        id = mapped_column(Integer, primary_key=True)

    return Inside


def test_what_has_no_import_path_is_named() -> None:
    Inside = in_a_function()
    inside = "the class in_a_function.<locals>.Inside of module .*test_pickled_statements has no name"
    function = "the function .*<lambda> of module .*test_pickled_statements has no name in the module"
    for statement, message in (
        (select(Inside), inside),
        (select(Inside.id), inside),
        (select(aliased(Inside)), inside),
        (select(User).where(User.id.in_(select(Inside.id))), inside),
        (select(User).options(with_loader_criteria(models.Named, lambda cls: cls.id > 1)), function),
        (select(User).execution_options(then=lambda: None), function),
        (lambda_stmt(lambda: select(User)), function),
    ):
        for dumps in (pickle.dumps, serializer.dumps):
            with pytest.raises(pickle.PicklingError, match=message):
                dumps(statement)
    with pytest.raises(pickle.PicklingError, match="^Can't pickle this Select: "):
        pickle.dumps(select(Inside))
    # copying needs no names
    assert text_of(copy.deepcopy(select(Inside).where(Inside.id == 5))) == text_of(
        select(Inside).where(Inside.id == 5)
    )


def test_a_session_is_not_pickled(session: Any) -> None:
    for obj in (session, session.query(User)):
        with pytest.raises(TypeError, match="A Session can't be pickled or copied: .*relvar.ext.serializer"):
            pickle.dumps(obj)
    assert text_of(through_pickle(session.query(User).filter_by(id=3).statement)) == text_of(
        session.query(User).filter_by(id=3).statement
    )


class Changing:
    """A class that is mapped anew, as by a newer version of a program."""


def mapped_anew(*names: str, table: str = "changing", metadata: Any = None) -> Any:
    clear_mappers_of(Changing)
    columns = [Column(name, Integer, primary_key=name == "id") for name in names]
    registry().map_imperatively(Changing, Table(table, metadata or MetaData(), *columns))


def clear_mappers_of(cls: Any) -> None:
    manager = cls.__dict__.get("_sa_class_manager")
    if manager is not None:
        manager.registry.dispose()


def test_a_newer_program_that_lacks_something_says_what() -> None:
    metadata = MetaData()
    more = Table("more", metadata, Column("id", Integer))
    mapped_anew("id", "a", metadata=metadata)
    table = inspect(Changing).local_table
    whole = pickle.dumps(select(Changing).where(table.c.a == 5))
    other = pickle.dumps(select(Changing).join(more, more.c.id == Changing.id))
    try:
        mapped_anew("id", "b")
        with pytest.raises(
            pickle.UnpicklingError, match="column 'a' of 'changing', which has no such column"
        ):
            pickle.loads(whole)
        with pytest.raises(
            pickle.UnpicklingError, match="table 'more' that is not in the MetaData of .*Changing"
        ):
            pickle.loads(other)
        mapped_anew("id", "a", table="renamed")
        with pytest.raises(
            pickle.UnpicklingError,
            match=r"table 'changing' of .*Changing.*, which is mapped to 'renamed' here",
        ):
            pickle.loads(whole)
        clear_mappers_of(Changing)
        with pytest.raises(
            UnmappedClassError,
            match="mapped class .*test_pickled_statements.Changing, which is not mapped here",
        ):
            pickle.loads(whole)
    finally:
        clear_mappers_of(Changing)


# relvar.ext.serializer -----------------------------------------------------------------------------------

shelf = MetaData()
book = Table(
    "book", shelf, Column("id", Integer, primary_key=True), Column("t", String(20), key="title"), schema=None
)
loan = Table("loan", shelf, Column("id", Integer, primary_key=True), Column("book_id", ForeignKey("book.id")))


@pytest.mark.feature("K013")
def test_core_statements_find_the_tables_of_a_metadata(engine: Any) -> None:
    shelf.create_all(engine)
    with engine.begin() as connection:
        connection.execute(book.insert(), [{"title": "one"}, {"title": "two"}])
        connection.execute(loan.insert(), [{"book_id": 2}])
        subquery = select(loan.c.book_id).subquery()
        statements = (
            select(book).order_by(book.c.id),
            select(book.c.title).join(loan),
            select(book.alias("b").c.id).order_by(literal_column("1")),
            select(book.c.title).where(book.c.id.in_(select(subquery.c.book_id))),
            select(book.c.title).where(book.c.title == bindparam("title", "two")),
            book.update().values(title=book.c.title + "!").where(book.c.id == 1),
            select(book.c.title).order_by(book.c.id),
            loan.delete().where(loan.c.book_id == select(func.max(book.c.id)).scalar_subquery()),
            select(func.count()).select_from(loan),
        )
        for statement in statements:
            made = serializer.loads(serializer.dumps(statement), shelf)
            assert text_of(made) == text_of(statement)
            expected = connection.begin_nested()
            rows = list(connection.execute(statement)) if statement.is_select else None
            expected.rollback()
            result = connection.execute(made)
            assert (list(result) if made.is_select else None) == rows
        assert connection.execute(select(book.c.title).order_by(book.c.id)).scalars().all() == ["one!", "two"]
        assert connection.execute(select(func.count()).select_from(loan)).scalar() == 0


@pytest.mark.feature("K013")
def test_tables_and_columns_are_those_of_the_metadata_given() -> None:
    other = MetaData()
    book.to_metadata(other)
    assert serializer.loads(serializer.dumps(book), shelf) is book
    assert serializer.loads(serializer.dumps(book.c.title), shelf) is book.c.title
    made = serializer.loads(serializer.dumps([book, select(book.c.title)]), other)
    assert made[0] is other.tables["book"] and made[1].get_final_froms() == [other.tables["book"]]
    with pytest.raises(
        pickle.UnpicklingError, match="table 'book' that is not mapped; pass the MetaData that has it"
    ):
        serializer.loads(serializer.dumps(select(book)))
    with pytest.raises(pickle.UnpicklingError, match="table 'book', which is not in the MetaData given"):
        serializer.loads(serializer.dumps(select(book)), MetaData())


@pytest.mark.feature("K013")
def test_mapped_things_are_those_of_this_process() -> None:
    for obj in (
        User,
        inspect(User),
        User.addresses,
        inspect(User).attrs.name,
        User.__table__,
        User.__table__.c.id,
    ):
        assert serializer.loads(serializer.dumps(obj), Base.metadata) is obj
        assert serializer.loads(serializer.dumps(obj)) is obj
    # a table of the same name in another collection is not taken for it
    data = serializer.dumps(select(models.Elsewhere.User))
    assert serializer.loads(data, Base.metadata).get_final_froms() == [models.Elsewhere.User.__table__]


@pytest.mark.feature("K013")
def test_queries_come_with_the_session_of_the_program_that_loads_them(filled: Any) -> None:
    sessions = scoped_session(sessionmaker(filled))
    other = aliased(User)
    queries = {
        "entity": sessions.query(User).filter(User.name == "ann"),
        "any": sessions.query(User).filter(User.addresses.any(Address.email == "b@x")),
        "join": sessions.query(User.id, Address.email).join(User.addresses).order_by(Address.id),
        "alias": sessions.query(other).join(other.addresses).filter(Address.id == 3),
        "options": sessions.query(User).options(joinedload(User.addresses)).order_by(User.id),
        "subquery": sessions.query(User).filter(
            User.id.in_(sessions.query(Address.user_id).subquery().select())
        ),
        "parameters": sessions.query(User).filter(User.name == bindparam("name")).params(name="cy"),
        "limit": sessions.query(User.id).order_by(User.id.desc()).limit(1),
    }
    for name, query in queries.items():
        expected = [models.shown(item if isinstance(item, Base) else tuple(item)) for item in query.all()]
        made = serializer.loads(serializer.dumps(query), Base.metadata, sessions)
        assert made.session is sessions() and type(made) is type(query), name
        assert text_of(made) == text_of(query)
        assert [
            models.shown(item if isinstance(item, Base) else tuple(item)) for item in made.all()
        ] == expected
    data = serializer.dumps(queries["entity"])
    with pytest.raises(pickle.UnpicklingError, match="has a Session; pass what to call for one"):
        serializer.loads(data, Base.metadata)
    made = serializer.loads(data, Base.metadata, sessionmaker(filled))
    assert made.session is not sessions() and made.one().name == "ann"
    made.session.close()
    sessions.remove()


@pytest.mark.feature("K013")
def test_engines_are_the_one_given_or_the_session_s(sqlite_engine: Any) -> None:
    data = serializer.dumps([sqlite_engine, "x"])
    given = create_engine("sqlite://")
    assert serializer.loads(data, None, None, given)[0] is given
    sessions = scoped_session(sessionmaker(sqlite_engine))
    assert serializer.loads(data, None, sessions)[0] is sqlite_engine
    assert serializer.loads(data) == [None, "x"]
    assert serializer.loads(serializer.dumps(sessions()), None, sessions) is sessions()
    sessions.remove()
    given.dispose()


@pytest.mark.feature("K013")
def test_files_of_several_pickles(tmp_path: Path) -> None:
    other = aliased(User)
    statements = [select(User).where(User.id == 1), select(book), select(other), select(other.id)]
    with (tmp_path / "statements").open("wb") as file:
        writer = Serializer(file, 2)
        for statement in statements:
            writer.dump(statement)
    with (tmp_path / "statements").open("rb") as file:
        reader = Deserializer(file, metadata=shelf)
        made = [reader.load() for _ in statements]
        with pytest.raises(EOFError):
            reader.load()
    assert [text_of(each) for each in made] == [text_of(each) for each in statements]
    assert (reader.metadata, reader.scoped_session, reader.engine) == (shelf, None, None)
    assert reader.get_engine() is None
    for protocol in range(-1, pickle.HIGHEST_PROTOCOL + 1):
        assert text_of(serializer.loads(serializer.dumps(statements[0], protocol))) == text_of(statements[0])
    assert isinstance(Serializer(io.BytesIO()), pickle.Pickler)


# mappings of every kind ----------------------------------------------------------------------------------


class Tree(Base):
    """Its table is reached by a relationship's condition only through annotated columns."""

    __tablename__ = "tree"
    id = mapped_column(Integer, primary_key=True)
    root_id = mapped_column(ForeignKey("tree.id"))
    root = relationship("Tree", remote_side=id, back_populates="branches")
    branches = relationship("Tree", back_populates="root")


class JoinOfTables:
    """Mapped to a join of two tables."""


joined_metadata = MetaData()
left = Table("left_half", joined_metadata, Column("id", Integer, primary_key=True), Column("a", String(5)))
right = Table("right_half", joined_metadata, Column("id", ForeignKey("left_half.id"), primary_key=True))
registry().map_imperatively(
    JoinOfTables, left.join(right), properties={"id": column_property(left.c.id, right.c.id), "a": left.c.a}
)


class Selected:
    """Mapped to a subquery."""


chosen = select(left.c.id, left.c.a).where(left.c.a == "x").subquery("selected")
registry().map_imperatively(Selected, chosen, primary_key=[chosen.c.id])


def test_classes_mapped_to_joins_and_subqueries() -> None:
    for statement in (
        select(JoinOfTables),
        select(JoinOfTables).where(left.c.a == "x"),
        select(aliased(JoinOfTables, flat=True)),
        select(Selected),
        select(aliased(Selected)),
        select(Selected.id).join(left, left.c.id == Selected.id).where(chosen.c.a == "y"),
        select(Tree).where(Tree.branches.any(Tree.branches.any())),
        select(Tree).join(Tree.root.of_type(aliased(Tree))),
    ):
        for way in WAYS:
            assert text_of(way(statement)) == text_of(statement)


def test_loading_sets_up_relationships_that_other_classes_bring() -> None:
    """``Node.parent`` is there when mappers are configured, which loading a statement is the first to do."""
    statement = select(Node).join(Node.parent.of_type(aliased(Node))).options(selectinload(Node.parent))
    program = "import pickle, sys; print(' '.join(str(pickle.load(sys.stdin.buffer)).split()))"
    assert run(program, pickle.dumps(statement)).decode().strip() == text_of(statement)
