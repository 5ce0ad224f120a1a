"""
Association proxies: values of related objects read and written through the relationship.
"""

from __future__ import annotations

import operator
import pickle
from typing import Any

import pytest

from relvar import ForeignKey, String, exc, func, inspect, select
from relvar.ext.associationproxy import (
    AmbiguousAssociationProxyInstance,
    AssociationProxy,
    AssociationProxyExtensionType,
    ColumnAssociationProxyInstance,
    ObjectAssociationProxyInstance,
    association_proxy,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    Session,
    aliased,
    attribute_keyed_dict,
    declared_attr,
    mapped_column,
    relationship,
    selectinload,
)


class Base(DeclarativeBase): ...


class Keyword(Base):
    __tablename__ = "keyword"
    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(10))

    def __init__(self, word: str) -> None:
        self.word = word


class UserKeyword(Base):
    __tablename__ = "user_keyword"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    keyword_id: Mapped[int] = mapped_column(ForeignKey("keyword.id"), primary_key=True)
    special: Mapped[str | None] = mapped_column(String(10))
    user: Mapped[User] = relationship(back_populates="user_keywords")
    keyword: Mapped[Keyword] = relationship()
    word = association_proxy("keyword", "word")

    def __init__(self, keyword: Keyword | None = None) -> None:
        if keyword is not None:
            self.keyword = keyword


class Address(Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(20))

    def __init__(self, email: str) -> None:
        self.email = email


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(10))


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(10))

    def __init__(self, name: str) -> None:
        self.name = name


class Profile(Base):
    __tablename__ = "profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str | None] = mapped_column(String(10))

    def __init__(self, title: str | None) -> None:
        self.title = title


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(10))
    user_keywords: Mapped[list[UserKeyword]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="UserKeyword.keyword_id"
    )
    keywords: AssociationProxy[list[Keyword]] = association_proxy(
        "user_keywords", "keyword", creator=lambda keyword: UserKeyword(keyword)
    )
    words: AssociationProxy[list[str]] = association_proxy(
        "user_keywords", "word", creator=lambda word: UserKeyword(Keyword(word))
    )
    addresses: Mapped[list[Address]] = relationship(order_by="Address.id")
    emails: AssociationProxy[list[str]] = association_proxy("addresses", "email", info={"about": "mail"})
    tag_objects: Mapped[set[Tag]] = relationship(cascade="all, delete-orphan")
    tags: AssociationProxy[set[str]] = association_proxy("tag_objects", "name")
    note_objects: Mapped[dict[str, Note]] = relationship(
        collection_class=attribute_keyed_dict("kind"), cascade="all, delete-orphan"
    )
    notes: AssociationProxy[dict[str, str]] = association_proxy(
        "note_objects", "text", creator=lambda kind, text: Note(kind=kind, text=text)
    )
    profile: Mapped[Profile | None] = relationship(cascade="all, delete-orphan")
    title: AssociationProxy[str | None] = association_proxy("profile", "title")
    frail_title = association_proxy("profile", "title", cascade_scalar_deletes=True)
    made_title = association_proxy("profile", "title", create_on_none_assignment=True)


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def text_of(criterion: Any) -> str:
    return " ".join(str(select(User.id).where(criterion)).split()).partition(" WHERE ")[2]


@pytest.mark.feature("F032", "K001")
def test_a_flow_through_the_database(session: Session, sql_log: Any) -> None:
    user = User(
        name="jack",
        words=["a", "b"],
        emails=["m1", "m2"],
        tags=["x", "y"],
        notes={"home": "h", "work": "w"},
        title="Mr",
    )
    session.add(user)
    session.commit()
    session.expunge_all()

    user = session.scalars(select(User)).one()
    assert (user.words, user.emails, user.tags) == (["a", "b"], ["m1", "m2"], {"x", "y"})
    assert (user.notes, user.title) == ({"home": "h", "work": "w"}, "Mr")
    kept = {tag.name: tag.id for tag in user.tag_objects}
    user.words.remove("a")
    user.keywords.append(Keyword("c"))
    user.emails[0] = "changed"
    user.emails += ["m3"]
    user.tags = {"y", "z"}
    user.notes = {"work": "W", "new": "n"}
    user.title = "Dr"
    session.commit()
    session.expunge_all()

    user = session.scalars(
        select(User).options(selectinload(User.keywords.attr[0]).selectinload(User.keywords.attr[1]))
    ).one()
    log = sql_log(session.bind)
    assert user.words == ["b", "c"] and not log
    assert user.emails == ["changed", "m2", "m3"]
    assert {tag.name: tag.id for tag in user.tag_objects}["y"] == kept["y"]
    assert (user.tags, user.notes, user.title) == ({"y", "z"}, {"work": "W", "new": "n"}, "Dr")
    found = [
        User.emails == "changed",
        User.emails.contains("hang"),
        User.title.has(),
        User.title == "Dr",
        User.keywords.any(word="b"),
        User.keywords.contains(user.keywords[0]),
        User.words.contains("c"),
        User.tags.in_(["z"]),
        User.notes != "q",
    ]
    for criterion in found:
        assert session.scalars(select(User.name).where(criterion)).all() == ["jack"], text_of(criterion)
    assert (
        session.scalars(select(User.name).join(User.keywords.attr[0]).join(User.keywords.attr[1])).all()
        == ["jack"] * 2
    )
    del user.title
    user.words.clear()
    user.tags.clear()
    session.commit()
    for cls, number in ((Profile, 0), (UserKeyword, 0), (Tag, 0), (Note, 2), (Keyword, 3)):
        assert session.scalar(select(func.count()).select_from(cls)) == number, cls
    session.add(User(name="none"))
    session.commit()
    assert session.scalars(select(User.name).where(User.title == None)).all() == ["jack", "none"]
    assert session.scalars(select(User.name).where(User.emails == None)).all() == ["none"]
    session.delete(user)
    session.commit()
    assert session.scalars(select(User.name)).all() == ["none"]


@pytest.mark.feature("F032", "K001")
def test_a_list_of_values() -> None:
    user = User()
    emails, plain = user.emails, []
    for step in (
        lambda v: v.append("b"),
        lambda v: v.extend(["c", "d"]),
        lambda v: v.insert(0, "a"),
        lambda v: v.insert(-1, "n"),
        lambda v: v.pop(),
        lambda v: v.pop(0),
        lambda v: v.remove("c"),
        lambda v: v.__iadd__(["x", "y"]),
        lambda v: v.__setitem__(0, "A"),
        lambda v: v.__setitem__(slice(1, 2), ["1", "2", "3"]),
        lambda v: v.__setitem__(slice(0, 4, 2), ["E", "F"]),
        lambda v: v.__delitem__(0),
        lambda v: v.__delitem__(slice(0, 2)),
        lambda v: v.__imul__(2),
    ):
        step(emails)
        step(plain)
        assert emails == plain == [address.email for address in user.addresses]
    assert emails[0:2] == plain[0:2] and emails[-1] == plain[-1] and len(emails) == len(plain) and emails
    assert (emails + ["z"], ["z"] + emails, emails * 2, 2 * emails) == (
        plain + ["z"],
        ["z"] + plain,
        plain * 2,
        2 * plain,
    )
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.ne):
        assert compare(emails, ["b"]) == compare(plain, ["b"])
    assert (emails.index("y"), emails.count("y"), "y" in emails) == (plain.index("y"), plain.count("y"), True)
    assert (repr(emails), list(reversed(emails)), emails.copy()) == (repr(plain), plain[::-1], plain)
    for refused, error in (
        (lambda: emails.remove("no"), ValueError),
        (lambda: emails.pop(99), IndexError),
        (lambda: emails[99], IndexError),
        (lambda: emails.__setitem__(slice(0, 4, 2), ["only"]), ValueError),
        (lambda: emails.reverse(), NotImplementedError),
        (lambda: emails.sort(), NotImplementedError),
        (lambda: hash(emails), TypeError),
        (lambda: setattr(user, "emails", 5), TypeError),
    ):
        with pytest.raises(error):
            refused()
    assert emails == plain
    user.emails = user.emails
    assert emails == plain
    user.emails = "kl"
    assert user.emails == ["k", "l"]
    emails.__imul__(0)
    assert not emails
    user.emails = ["k"]
    del user.emails
    assert user.emails == []


@pytest.mark.feature("F032", "K001")
def test_a_set_of_values() -> None:
    user = User()
    tags, plain = user.tags, set()
    for step in (
        lambda v: v.update(["a", "b"], {"c"}),
        lambda v: v.add("c"),
        lambda v: v.discard("c"),
        lambda v: v.discard("c"),
        lambda v: v.remove("b"),
        lambda v: v.__ior__({"m", "n", "o"}),
        lambda v: v.__isub__({"o"}),
        lambda v: v.__iand__({"m", "n", "q"}),
        lambda v: v.__ixor__({"n", "r"}),
        lambda v: v.intersection_update({"m", "r"}),
        lambda v: v.difference_update({"r"}),
        lambda v: v.symmetric_difference_update({"s"}),
    ):
        step(tags)
        step(plain)
        assert tags == plain == {tag.name for tag in user.tag_objects}
    for combine in (operator.or_, operator.and_, operator.sub, operator.xor):
        assert combine(tags, {"s", "t"}) == combine(plain, {"s", "t"})
        assert combine({"s", "t"}, tags) == combine({"s", "t"}, plain)
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.ne):
        assert compare(tags, {"s"}) == compare(plain, {"s"})
    for name in (
        "union",
        "difference",
        "intersection",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "isdisjoint",
    ):
        assert getattr(tags, name)(["s", "t"]) == getattr(plain, name)(["s", "t"])
    assert repr(tags) in ("{'m', 's'}", "{'s', 'm'}") and (tags.copy(), len(tags)) == (plain, 2)
    before = {tag.name: tag for tag in user.tag_objects}
    user.tags = ["s", "new"]
    assert {tag.name: tag for tag in user.tag_objects}["s"] is before["s"]
    assert tags == {"s", "new"} and tags.pop() in {"s", "new"} and len(tags) == 1
    tags.clear()
    for refused in (lambda: tags.pop(), lambda: tags.remove("a")):
        with pytest.raises(KeyError):
            refused()
    with pytest.raises(TypeError):
        hash(tags)


@pytest.mark.feature("F032", "K001")
def test_a_dict_of_values() -> None:
    user = User()
    notes, plain = user.notes, {}
    for step in (
        lambda v: v.__setitem__("a", "1"),
        lambda v: v.__setitem__("a", "2"),
        lambda v: v.update({"b": "2"}, c="3"),
        lambda v: v.update([("d", "4")]),
        lambda v: v.setdefault("a", "9"),
        lambda v: v.setdefault("e", "5"),
        lambda v: v.pop("a"),
        lambda v: v.pop("a", None),
        lambda v: v.popitem(),
        lambda v: v.__delitem__("b"),
    ):
        assert step(notes) == step(plain)
        assert notes == plain == {note.kind: note.text for note in user.note_objects.values()}
    assert (notes["c"], notes.get("zz", 3), "c" in notes, len(notes)) == ("3", 3, True, 2)
    assert (list(notes), list(notes.values()), list(notes.items())) == (
        list(plain),
        list(plain.values()),
        list(plain.items()),
    )
    assert (repr(notes), notes.copy(), notes != {}) == (repr(plain), plain, True)
    before = user.note_objects["c"]
    user.notes = {"c": "new", "z": "26"}
    assert user.note_objects["c"] is before and before.text == "new" and set(notes) == {"c", "z"}
    for refused, error in (
        (lambda: notes["no"], KeyError),
        (lambda: notes.pop("no"), KeyError),
        (lambda: notes.update([("a", "b", "c")]), ValueError),
        (lambda: hash(notes), TypeError),
    ):
        with pytest.raises(error):
            refused()
    notes.clear()
    assert not notes


@pytest.mark.feature("F032", "K001")
def test_a_scalar_value() -> None:
    user = User()
    assert user.title is None
    user.title = None
    assert user.profile is None
    user.title = "a"
    profile = user.profile
    user.title = "b"
    assert user.profile is profile and profile.title == "b"
    user.title = None
    assert user.profile is profile and user.title is None
    user.frail_title = None
    assert user.profile is None
    user.made_title = None
    assert user.profile is not None and user.made_title is None
    user.made_title = "x"
    del user.frail_title
    assert user.profile is None
    with pytest.raises(exc.ArgumentError, match="mutually exclusive"):
        association_proxy("profile", "title", cascade_scalar_deletes=True, create_on_none_assignment=True)


@pytest.mark.feature("F032", "K001")
def test_sql() -> None:
    exists = "EXISTS (SELECT 1 FROM address WHERE users.id = address.user_id"
    assert text_of(User.emails == "x") == f"{exists} AND address.email = :email_1)"
    assert text_of(User.emails.like("x%")) == f"{exists} AND address.email LIKE :email_1)"
    assert text_of(User.emails.any(Address.id == 3)) == f"{exists} AND address.id = :id_1)"
    assert text_of(User.emails == None) == (  # SQL
        f"({exists} AND address.email IS NULL)) OR NOT ({exists}))"
    )
    assert text_of(UserKeyword.word == None).endswith("OR user_keyword.keyword_id IS NULL")  # SQL
    inner = (
        "EXISTS (SELECT 1 FROM keyword WHERE keyword.id = user_keyword.keyword_id AND keyword.word = :word_1)"
    )
    outer = "EXISTS (SELECT 1 FROM user_keyword WHERE users.id = user_keyword.user_id AND ({}))"
    assert text_of(User.keywords.any(word="x")) == text_of(User.words.contains("x")) == outer.format(inner)
    alias = aliased(User)
    assert "FROM address WHERE users_1.id = address.user_id AND" in str(
        select(alias.id).where(alias.emails == "x")
    ).replace("\n", "")
    for refused, error, message in (
        (lambda: User.emails.has(Address.id == 1), exc.InvalidRequestError, "Use any"),
        (lambda: User.title.any(), exc.InvalidRequestError, "Use has"),
        (lambda: User.title.has(Profile.id == 1), exc.ArgumentError, "use =="),
        (lambda: User.emails.any(email="x"), exc.ArgumentError, "use =="),
        (lambda: User.keywords == Keyword("x"), exc.InvalidRequestError, "Use any"),
        (lambda: select(User.emails), NotImplementedError, "plain column expression"),
        (lambda: User.keywords.in_([1]), NotImplementedError, None),
    ):
        with pytest.raises(error, match=message):
            refused()


@pytest.mark.feature("F032", "K001")
def test_what_a_proxy_tells_of_itself() -> None:
    proxy = User.__dict__["emails"]
    assert repr(proxy) == "AssociationProxy('addresses', 'email')"
    assert proxy.extension_type is AssociationProxyExtensionType.ASSOCIATION_PROXY
    assert inspect(User).all_orm_descriptors["emails"] is proxy
    seen = User.emails
    assert seen is User.emails and isinstance(seen, ColumnAssociationProxyInstance)
    assert isinstance(User.keywords, ObjectAssociationProxyInstance) and isinstance(
        User.words, ObjectAssociationProxyInstance
    )
    assert (seen.parent, seen.owning_class, seen.target_class, seen.scalar) == (proxy, User, Address, False)
    assert (User.title.scalar, User.tags.collection_class, seen.collection_class) == (True, set, list)
    assert [str(attr) for attr in seen.attr] == ["User.addresses", "Address.email"]
    assert proxy.for_class(User).info == {"about": "mail"}
    assert repr(seen) == "ColumnAssociationProxyInstance(AssociationProxy('addresses', 'email'))"


@pytest.mark.feature("F032", "K001")
def test_other_ways_to_make_it() -> None:
    class Local(DeclarativeBase): ...

    class HasNumbers:
        @declared_attr
        def number_objects(cls) -> Mapped[list[Any]]:
            return relationship("Number")

        @declared_attr
        def numbers(cls) -> AssociationProxy[list[int]]:
            return association_proxy("number_objects", "value", creator=lambda v: Number(value=v))

    class Number(Local):
        __tablename__ = "number"
        id: Mapped[int] = mapped_column(primary_key=True)
        owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
        value: Mapped[int]

    def text_ways(kind: Any, proxy: Any) -> Any:
        assert kind is list
        return lambda number: str(number.value), lambda number, text: setattr(number, "value", int(text))

    class Tens(list[Any]):
        def __init__(self, lazy: Any, creator: Any, attr: str, proxy: Any) -> None:
            super().__init__(getattr(number, attr) * 10 for number in lazy())
            self.lazy, self.creator = lazy, creator

    def put(view: Tens, values: Any) -> None:
        view.lazy()[:] = [view.creator(value) for value in values]

    class Owner(HasNumbers, Local):
        __tablename__ = "owner"
        id: Mapped[int] = mapped_column(primary_key=True)
        texts = association_proxy(
            "number_objects", "value", creator=lambda v: Number(value=int(v)), getset_factory=text_ways
        )
        tens = association_proxy(
            "number_objects",
            "value",
            creator=lambda v: Number(value=v),
            proxy_factory=Tens,
            proxy_bulk_set=put,
        )
        bulk = association_proxy(
            "number_objects",
            "value",
            creator=lambda v: Number(value=v),
            proxy_bulk_set=lambda view, values: view.extend(value + 1 for value in values),
        )

    class SubOwner(Owner): ...

    owner = SubOwner(numbers=[1, 2])
    assert (owner.texts, owner.tens) == (["1", "2"], [10, 20])
    owner.texts[0] = "7"
    assert owner.numbers == [7, 2] and SubOwner.numbers.owning_class is SubOwner
    owner.bulk = [1]
    assert owner.numbers == [2]
    owner.tens = [5]
    assert owner.numbers == [5]


@pytest.mark.feature("F032", "K001")
def test_dataclasses_have_proxies_as_fields() -> None:
    class Local(MappedAsDataclass, DeclarativeBase): ...

    class Word(Local):
        __tablename__ = "word"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        text: Mapped[str]
        owner_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"), init=False, repr=False)

    class Owner(Local):
        __tablename__ = "owner"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        words: Mapped[list[Word]] = relationship(default_factory=list, repr=False)
        texts: AssociationProxy[list[str]] = association_proxy("words", "text", default_factory=list)

    assert Owner(texts=["a"]).words[0].text == "a"
    assert repr(Owner()).endswith("Owner(id=None, texts=[])")


class Animal(Base):
    __tablename__ = "animal"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    zoo_id: Mapped[int | None] = mapped_column(ForeignKey("zoo.id"))
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}


class Dog(Animal):
    bark: Mapped[str | None] = mapped_column(String(10))
    __mapper_args__ = {"polymorphic_identity": "dog"}


class Zoo(Base):
    __tablename__ = "zoo"
    id: Mapped[int] = mapped_column(primary_key=True)
    animals: Mapped[list[Animal]] = relationship()
    barks = association_proxy("animals", "bark")
    nothing = association_proxy("nowhere", "x")
    of_a_column = association_proxy("id", "x")


@pytest.mark.feature("F032", "K001")
def test_what_only_some_objects_have(session: Session) -> None:
    session.add(Zoo(animals=[Dog(bark="wau")]))
    session.commit()
    assert session.scalars(select(Zoo)).one().barks == ["wau"]
    assert isinstance(Zoo.barks, AmbiguousAssociationProxyInstance)
    for refused in (
        lambda: Zoo.barks == "x",
        lambda: Zoo.barks.any(Animal.id == 1),
        lambda: Zoo.barks.like("x"),
    ):
        with pytest.raises(
            AttributeError, match="Zoo.animals refers to an attribute 'bark' that is not directly"
        ):
            refused()
    with pytest.raises(AttributeError, match="has no attribute 'bark'"):
        Zoo(animals=[Animal()]).barks[0]
    with pytest.raises(exc.InvalidRequestError, match="has no property 'nowhere'"):
        Zoo.nothing  # reading is the test
    with pytest.raises(NotImplementedError, match="non-relationship"):
        Zoo.of_a_column  # reading is the test


@pytest.mark.feature("F032", "K001")
def test_views_outlive_names_and_pickles(session: Session) -> None:
    view = User(emails=["a"]).emails
    view.append("b")
    assert view == ["a", "b"]
    session.add(User(emails=["a"], notes={"k": "v"}))
    session.commit()
    user = session.scalars(select(User)).one()
    user.emails[0], user.notes["k"]  # loads both
    session.expunge(user)
    again = pickle.loads(pickle.dumps(user))
    again.emails.append("c")
    assert (again.emails, again.notes) == (["a", "c"], {"k": "v"})
    assert pickle.loads(pickle.dumps(user.emails)) == ["a"]
