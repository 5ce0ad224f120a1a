"""
Mistakes that are found while classes are mapped: which error, and that it says where and what to write.

The error classes are those of SQLAlchemy 2.1.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest

from relvar import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    exc,
    func,
    select,
)
from relvar.ext.associationproxy import association_proxy
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    backref,
    column_property,
    composite,
    configure_mappers,
    declarative_base,
    declared_attr,
    deferred,
    mapped_column,
    registry,
    relationship,
    synonym,
    validates,
)
from relvar.orm.exc import MappedAnnotationError, UnmappedClassError


class Unknown:
    """A class that no SQL type is known for."""


@dataclasses.dataclass
class Point:
    x: int
    y: int


@pytest.fixture
def base() -> Iterator[Any]:
    made: Any = type("Base", (DeclarativeBase,), {})
    yield made
    made.registry.dispose(cascade=True)


def key(**options: Any) -> Any:
    return mapped_column(Integer, primary_key=True, **options)


def make(base: Any, cls: str = "User", /, *mixins: type[Any], ann: Any = None, **body: Any) -> Any:
    """Declare a class with an integer key ``id``; values that are None or False are left out."""
    own: dict[str, Any] = {
        "__tablename__": cls.lower(),
        "id": key() if "id" not in body else None,
        "__annotations__": ann or {},
        "__module__": __name__,
        **body,
    }
    return type(cls, (*mixins, base), {k: v for k, v in own.items() if v is not None and v is not False})


def mixin(ann: Any = None, **body: Any) -> type[Any]:
    return type("Mixin", (), {**body, "__annotations__": ann or {}, "__module__": __name__})


# Declaring a class -----------------------------------------------------------------------------------

Mistake = tuple[str, Callable[[Any], Any], type[BaseException], str]

DECLARING: list[Mistake] = [
    (
        "the base itself",
        lambda base: type("User", (DeclarativeBase,), {"__tablename__": "user"}),
        exc.InvalidRequestError,
        "Cannot use 'DeclarativeBase' directly.*Create a Base by creating a subclass",
    ),
    (
        "no table",
        lambda base: make(base, __tablename__=None),
        exc.InvalidRequestError,
        "User.* does not have a __table__ or __tablename__.*say __abstract__ = True",
    ),
    (
        "no primary key",
        lambda base: make(base, id=Column(Integer)),
        exc.ArgumentError,
        r"Mapper\[User\(user\)\] could not assemble any primary key.*Give a column of User primary_key=True",
    ),
    (
        "two classes, one table",
        lambda base: [make(base, name, __tablename__="user") for name in ("User", "Person")],
        exc.InvalidRequestError,
        "Table 'user' is already defined.*extend_existing=True.*of class Person",
    ),
    (
        "a SELECT as table",
        lambda base: make(
            base, __tablename__=None, id=False, __table__=select(make(base, "Other").__table__)
        ),
        exc.ArgumentError,
        r"FROM expression.*use the .subquery\(\) method",
    ),
    (
        "text as table",
        lambda base: make(base, __tablename__=None, id=False, __table__="users"),
        exc.ArgumentError,
        "such as a Table or alias.* got 'users'",
    ),
    (
        "a column besides __table__",
        lambda base: make(
            base,
            __tablename__=None,
            __table__=Table("user", base.metadata, Column("id", Integer, primary_key=True)),
            id=False,
            name=Column(String),
        ),
        exc.ArgumentError,
        "Can't add additional column 'name' when specifying __table__: add it to the table 'user' of class U",
    ),
    (
        "arguments of the table as text",
        lambda base: make(base, __table_args__="mysql_engine"),
        exc.ArgumentError,
        "__table_args__ value must be a tuple, dict, or None; that of class User is 'mysql_engine'",
    ),
    (
        "a tuple without its comma",
        lambda base: make(base, __table_args__=(UniqueConstraint("id"))),
        exc.ArgumentError,
        r"of class User is UniqueConstraint.*A tuple of one has a comma: \(UniqueConstraint\(...\),\)",
    ),
    (
        "keywords before constraints",
        lambda base: make(base, __table_args__=({"schema": "s"}, UniqueConstraint("id"))),
        exc.ArgumentError,
        "a 'Constraint' expected, got {'schema': 's'}.*of class User",
    ),
    (
        "a constraint on no column",
        lambda base: make(base, __table_args__=(UniqueConstraint("nme"),)),
        exc.ConstraintColumnNotFoundError,
        "UniqueConstraint on table 'user': no column named 'nme'.*of class User",
    ),
    (
        "an index on no column",
        lambda base: make(base, __table_args__=(Index("i", "nme"),)),
        exc.ConstraintColumnNotFoundError,
        "Index on table 'user': no column named 'nme'.*of class User",
    ),
    (
        "a keyword that tables do not have",
        lambda base: make(base, __table_args__={"charset": "utf8"}),
        TypeError,
        "should be named <dialectname>_<argument>, got 'charset'.*table 'user' of class User",
    ),
    (
        "an option that mappers do not have",
        lambda base: make(base, __mapper_args__={"primary_keys": []}),
        TypeError,
        "unexpected keyword argument 'primary_keys'.*in __mapper_args__ of class User",
    ),
    (
        "a primary key that is no column",
        lambda base: make(base, __mapper_args__={"primary_key": ["ident"]}),
        exc.ArgumentError,
        r"primary_key column 'ident' - no attribute is mapped.*Mapper\[User\(user\)\] has id",
    ),
    (
        "a discriminator that is no column",
        lambda base: make(base, __mapper_args__={"polymorphic_on": "kind"}),
        exc.ArgumentError,
        r"polymorphic_on value 'kind' - no attribute is mapped to this name.*Mapper\[User\(user\)\] has id",
    ),
    (
        "a discriminator of no kind",
        lambda base: make(base, __mapper_args__={"polymorphic_on": 5}),
        exc.ArgumentError,
        "Column expression or string key expected for argument 'polymorphic_on'; got 5",
    ),
    (
        "one column in two tables",
        lambda base: [make(base, name, code=shared) for shared in [Column("code", String)] for name in "AB"],
        exc.ArgumentError,
        r"'code' already assigned to Table 'a'.*property 'code' on Mapper\[B\(b\)\].*give B a column of",
    ),
    (
        "a keyword of other columns",
        lambda base: mapped_column(primery=True),
        TypeError,
        "should be named <dialectname>_<argument>, got 'primery'",
    ),
    (
        "a name twice",
        lambda base: mapped_column("id", name="id"),
        exc.ArgumentError,
        "May not pass name positionally and as a keyword",
    ),
    (
        "a Python type as SQL type",
        lambda base: mapped_column(int),
        exc.ArgumentError,
        "'SchemaItem' object.* expected, got <class 'int'>",
    ),
    (
        "another column's place",
        lambda base: setattr(make(base, name=Column(String)), "name", mapped_column("nick", String)),
        exc.InvalidRequestError,
        "combining column user.name with column user.nick under attribute 'name'",
    ),
    (
        "the column of a superclass again",
        lambda base: make(
            make(base, kind=Column(String), __mapper_args__={"polymorphic_on": "kind"}),
            "Admin",
            id=False,
            __tablename__=None,
            kind=Column(String),
        ),
        exc.ArgumentError,
        "Column 'kind' on class Admin conflicts with existing column 'user.kind'.*use_existing_column",
    ),
    (
        "a relationship in a mix-in",
        lambda base: make(base, "User", mixin(parent=relationship("User"))),
        exc.InvalidRequestError,
        r"must be declared as @declared_attr.*Mixin.parent, which class User.*def parent\(cls\): return",
    ),
    (
        "a keyword that the class does not have",
        lambda base: make(base)(nmae="ann"),
        TypeError,
        "'nmae' is an invalid keyword argument for User",
    ),
    (
        "a class mapped twice",
        lambda base: base.registry.map_imperatively(
            make(base), Table("t", MetaData(), Column("id", Integer))
        ),
        exc.ArgumentError,
        "User.* already has a primary mapper defined",
    ),
    (
        "no class",
        lambda base: base.registry.map_imperatively("User", Table("t", MetaData())),
        exc.ArgumentError,
        "'cls_' is expected to be of type .*got '<class 'str'>'",
    ),
    (
        "a registry that is none",
        lambda base: type("Base", (DeclarativeBase,), {"registry": 5}),
        exc.InvalidRequestError,
        "'registry' attribute that is not an instance of",
    ),
    (
        "deleting what is mapped",
        lambda base: delattr(make(base), "id"),
        NotImplementedError,
        "Can't un-map individual mapped attributes",
    ),
]

# Annotations -----------------------------------------------------------------------------------------

ANNOTATIONS: list[Mistake] = [
    (
        "without Mapped",
        lambda base: make(base, ann={"name": str}),
        MappedAnnotationError,
        'annotation for "User.name" can\'t be.*``Mapped\\[\\]``.*ClassVar.*__allow_unmapped__ = True',
    ),
    (
        "without Mapped, of a relationship",
        lambda base: make(base, ann={"posts": list["Post"]}, posts=relationship()),  # noqa: F821  # a name
        MappedAnnotationError,
        'annotation for "User.posts" can\'t be',
    ),
    (
        "Mapped in Optional",
        lambda base: make(base, ann={"name": Mapped[str] | None}),
        MappedAnnotationError,
        'annotation for "User.name"',
    ),
    (
        "Mapped alone",
        lambda base: make(base, ann={"name": Mapped}, name=mapped_column(String)),
        MappedAnnotationError,
        'annotation for "User.name"',
    ),
    (
        "Mapped misspelt",
        lambda base: make(base, ann={"name": "Maped[str]"}),
        MappedAnnotationError,
        r"not interpret annotation Maped\[str\].*User.name: 'Maped' is not known.*did you mean 'Mapped'",
    ),
    (
        "no Python",
        lambda base: make(base, ann={"name": "Mapped[str"}),
        MappedAnnotationError,
        r"Could not interpret annotation Mapped\[str\.",
    ),
    (
        "a type that is not imported",
        lambda base: make(base, ann={"price": "Mapped[Dezimal]"}),
        MappedAnnotationError,
        "Could not resolve all types within.*User.price: 'Dezimal' is not known in module",
    ),
    (
        "a type that has no SQL type",
        lambda base: make(base, ann={"data": Mapped[Unknown]}),
        MappedAnnotationError,
        "Unknown.*'data' attribute.*Name the SQL type of User.data.*type_annotation_map",
    ),
    (
        "a list that is no relationship",
        lambda base: make(base, ann={"tags": Mapped[list[str]]}),
        MappedAnnotationError,
        r"'list\[str\]' inside.*'tags' attribute.*mapped_column\(JSON\)",
    ),
    (
        "a mapped class without relationship()",
        lambda base: make(base, "Post", ann={"users": Mapped[list[make(base)]]}),  # type: ignore[misc]  # a call
        MappedAnnotationError,
        r"'users' attribute.*User is a mapped class: Post.users = relationship\(\)",
    ),
    (
        "a SQL type",
        lambda base: make(base, ann={"name": Mapped[String]}),
        MappedAnnotationError,
        r"'name' attr.* is the SQLAlchemy type.*Expected a Python type.*User.name = mapped_column\(String\)",
    ),
    (
        "a SQL type with its length",
        lambda base: make(base, ann={"name": Mapped[String(50)]}),  # type: ignore[valid-type,misc]  # wrong
        MappedAnnotationError,
        r"SQLAlchemy type VARCHAR\(50\).*User.name = mapped_column\(String\(length=50\)\)",
    ),
    (
        "a value",
        lambda base: make(base, ann={"name": Mapped[5]}),  # type: ignore[valid-type]  # wrong on purpose
        MappedAnnotationError,
        "'name' attribute Mapped annotation is not a Python type, it's the object 5",
    ),
    (
        "neither annotation nor type",
        lambda base: make(base, name=mapped_column()),
        exc.ArgumentError,
        'annotation is required for attribute "User.name" when primary argument',
    ),
    (
        "neither annotation nor class",
        lambda base: make(base, posts=relationship()),
        exc.ArgumentError,
        'annotation is required for attribute "User.posts" when primary argument',
    ),
    (
        "a composite of no class",
        lambda base: make(base, place=composite()),
        exc.ArgumentError,
        'annotation is required for attribute "User.place" when primary argument',
    ),
    (
        "a column as relationship",
        lambda base: (make(base, ann={"name": Mapped[str]}, name=relationship()), configure_mappers()),
        UnmappedClassError,
        r"Class 'builtins.str' is not mapped \(on relationship User.name\)",
    ),
    (
        "arguments of dataclasses",
        lambda base: make(base, ann={"name": Mapped[str]}, name=mapped_column(init=False)),
        exc.ArgumentError,
        "'name' on class .*User.* includes dataclasses argument.s.: 'init'",
    ),
]

# Attributes ------------------------------------------------------------------------------------------

ATTRIBUTES: list[Mistake] = [
    (
        "a synonym of nothing",
        lambda base: make(base, login=synonym("nmae")).login == 1,
        AttributeError,
        "Synonym User.login stands for the attribute 'nmae', which class User does not have",
    ),
    (
        "a synonym of a plain value",
        lambda base: make(base, plain=5, login=synonym("plain")).login == 1,
        exc.InvalidRequestError,
        '"User.login" only supports ORM mapped attributes, got 5',
    ),
    (
        "a synonym's column",
        lambda base: make(base, login=synonym("name", map_column=True)),
        exc.ArgumentError,
        "Can't compile synonym 'name': no column on table 'user' named 'login'",
    ),
    (
        "two validators of one attribute",
        lambda base: make(
            base, a=validates("id")(lambda self, k, v: v), b=validates("id")(lambda self, k, v: v)
        ),
        exc.InvalidRequestError,
        r"attribute 'id' on mapper Mapper\[User\(user\)\] already exists: a\(\) and b\(\)",
    ),
    (
        "a composite with a column too many",
        lambda base: make(base, place=composite(Point, *(mapped_column(n, Integer) for n in "abc"))),
        exc.ArgumentError,
        "number of composite attributes 3 exceeds .* class Point 2",
    ),
    (
        "a composite of no attribute",
        lambda base: make(base, place=composite(Point, "x", "y"))(),
        exc.InvalidRequestError,
        r"Mapper 'Mapper\[User\(user\)\]' has no property 'x'.*there are place, id",
    ),
    (
        "a class that is no value object",
        lambda base: make(base, place=composite(Unknown, mapped_column("x", Integer)))(place=Unknown()),
        exc.InvalidRequestError,
        "Unknown is not a dataclass and does not define a __composite_values__.. method",
    ),
    (
        "a proxy over nothing",
        lambda base: make(base, names=association_proxy("tags", "name")).names,
        exc.InvalidRequestError,
        r"'Mapper\[User\(user\)\]' has no property 'tags'",
    ),
    (
        "a proxy over a column",
        lambda base: make(base, names=association_proxy("id", "name"))().names,
        NotImplementedError,
        "association proxy to a non-relationship intermediary is not supported",
    ),
    (
        "no expression",
        lambda base: column_property("name"),  # type: ignore[arg-type,unused-ignore]  # wrong on purpose
        exc.ArgumentError,
        "Column expression.* expected.*got 'name'",
    ),
    (
        "nothing deferred",
        lambda base: deferred("name"),
        exc.ArgumentError,
        "expected.*got 'name'",
    ),
    (
        "a default in the way",
        lambda base: make(
            type("Data", (MappedAsDataclass, base), {"__abstract__": True}),
            ann={"id": Mapped[int], "name": Mapped[str]},
            id=mapped_column(primary_key=True, default=1),
        ),
        exc.InvalidRequestError,
        "creating dataclass for 'User'.*non-default argument 'name' follows default argument",
    ),
    (
        "a mix-in that is no dataclass",
        lambda base: make(
            type("Data", (MappedAsDataclass, base), {"__abstract__": True}),
            "User",
            mixin(ann={"name": Mapped[str]}),
            ann={"id": Mapped[int]},
        ),
        exc.InvalidRequestError,
        "'name' originates from superclass .*Mixin.*which is not a dataclass.*@unmapped_dataclass",
    ),
    (
        "options that exclude each other",
        lambda base: type("Data", (MappedAsDataclass, base), {"__abstract__": True}, eq=False, order=True),
        exc.InvalidRequestError,
        "creating dataclass for 'Data'.*eq must be true if order is true",
    ),
    (
        "an option that dataclasses of mappings do not have",
        lambda base: base.registry.mapped_as_dataclass(frozen=True)(mixin(__tablename__="m")),
        TypeError,
        "got an unexpected keyword argument 'frozen'",
    ),
    (
        "a synonym with another default",
        lambda base: make(
            type("Data", (MappedAsDataclass, base), {"__abstract__": True}),
            ann={"id": Mapped[int], "rank": Mapped[int], "level": Mapped[int]},
            rank=mapped_column(default=1),
            level=synonym("rank", default=2),
        ),
        exc.ArgumentError,
        "Synonym 'level' default argument 2 must match .* of proxied object 'rank', currently 1",
    ),
    (
        "a dataclass of a table that is there",
        lambda base: make(
            type("Data", (MappedAsDataclass, base), {"__abstract__": True}),
            id=False,
            __tablename__=None,
            __table__=Table("user", base.metadata, Column("id", Integer, primary_key=True)),
        ),
        exc.InvalidRequestError,
        "User'> already defines a '__table__'.*map_imperatively",
    ),
]


@pytest.mark.parametrize(
    ("mistake", "error", "message"),
    [pytest.param(*row[1:], id=row[0]) for row in (*DECLARING, *ANNOTATIONS, *ATTRIBUTES)],
)
def test_declaring(base: Any, mistake: Callable[[Any], Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=re.compile(message, re.DOTALL)) as caught:
        mistake(base)
    assert type(caught.value) is error


# Relationships ---------------------------------------------------------------------------------------

# settings of User.posts, of Post.user, more columns of Post, error, message; the foreign key is Post.user_id
LINKED: dict[str, tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any], type[BaseException], str]] = {
    "a class misspelt": (
        {"argument": "Psot"},
        None,
        {},
        exc.InvalidRequestError,
        r"mapper Mapper\[User\(user\)\], expression 'Psot' failed.*did you mean 'Post'.*User.posts",
    ),
    "a module misspelt": (
        {"argument": "blog.Post"},
        None,
        {},
        exc.InvalidRequestError,
        "expression 'blog.Post' failed to locate a name.*on relationship User.posts",
    ),
    "a list in a string": (
        {"argument": "List[Post]"},
        None,
        {},
        exc.InvalidRequestError,
        r"seems to be using a generic class.*\"posts: Mapped\[List\['Post'\]\] = relationship\(\)\"",
    ),
    "an attribute misspelt": (
        {"order_by": "Post.titel"},
        None,
        {"title": Column(String)},
        AttributeError,
        "Post.* does not have a mapped column named 'titel'; did you mean 'title'.*User.posts",
    ),
    "a column misspelt": (
        {"primaryjoin": "user.c.id == post.c.usr"},
        None,
        {},
        AttributeError,
        "no column 'usr'; there are.*user_id.*on relationship User.posts",
    ),
    "no expression": (
        {"order_by": "Post.id desc"},
        None,
        {},
        SyntaxError,
        "invalid syntax.*on relationship User.posts",
    ),
    "an unknown name in a function": (
        {"argument": lambda: Psot},  # type: ignore[name-defined]  # noqa: F821  # wrong on purpose
        None,
        {},
        NameError,
        "name 'Psot' is not defined.*on relationship User.posts",
    ),
    "a secondary table that is not there": (
        {"secondary": "user_post"},
        None,
        {},
        exc.InvalidRequestError,
        "expression 'user_post' failed to locate a name.*on relationship User.posts",
    ),
    "a foreign key to no table": (
        {},
        None,
        {"user_id": Column(ForeignKey("usr.id"))},
        exc.NoForeignKeysError,
        "post.user_id refers to usr.id, but there is no table 'usr'; did you mean 'user'",
    ),
    "a foreign key to no column": (
        {},
        None,
        {"user_id": Column(ForeignKey("user.ident"))},
        exc.NoReferencedColumnError,
        "'user.ident' on table 'post': table 'user' has no column named 'ident'.*User.posts",
    ),
    "foreign_keys of the other side": (
        {"foreign_keys": "Post.id"},
        None,
        {},
        exc.NoForeignKeysError,
        "User.posts leads from class User .table 'user'. to class Post .table 'post'.; post.user_id",
    ),
    "foreign_keys as a relationship": (
        {"foreign_keys": "User.posts"},
        None,
        {},
        exc.InvalidRequestError,
        "'posts' is not an instance of ColumnProperty.*'foreign_keys' takes columns.*User.posts",
    ),
    "foreign_keys as a list of names": (
        {"foreign_keys": ["Post.user_id"]},
        None,
        {},
        exc.ArgumentError,
        r"expected for argument 'foreign_keys'; got 'Post.user_id' \(on relationship User.posts",
    ),
    "remote_side of neither": (
        {"remote_side": "Post.id"},
        None,
        {},
        exc.ArgumentError,
        "User.posts could not determine any unambiguous local/remote column pairs.*remote.. annotation",
    ),
    "the other side is not there": (
        {"back_populates": "uesr"},
        {"back_populates": "posts"},
        {},
        exc.InvalidRequestError,
        r"'Mapper\[Post\(post\)\]' has no property 'uesr'.*did you mean 'user'.*on relationship User.posts",
    ),
    "the other side is no relationship": (
        {"back_populates": "user_id"},
        None,
        {},
        exc.InvalidRequestError,
        "'User.posts' refers to attribute 'Post.user_id' that is not a relationship",
    ),
    "the other side leads elsewhere": (
        {"back_populates": "user"},
        {"argument": "Post", "back_populates": "posts", "primaryjoin": "Post.id == foreign(Post.user_id)"},
        {},
        exc.ArgumentError,
        r"'user' on relationship User.posts references relationship Post.user, which does not refer",
    ),
    "the other side of no kind": (
        {"back_populates": 5},
        None,
        {},
        exc.ArgumentError,
        "Invalid back_populates value: 5; it takes the name.*on relationship User.posts",
    ),
    "a back reference to a column": (
        {"backref": "user_id"},
        None,
        {},
        exc.ArgumentError,
        r"backref 'user_id' on relationship 'User.posts': property of that name exists on.*Post",
    ),
    "a setting that back references do not have": (
        {"backref": backref("user", lazi="joined")},
        None,
        {},
        TypeError,
        "unexpected keyword argument 'lazi'.*on relationship User.posts",
    ),
    "a table as related class": (
        {"argument": lambda: Table("t", MetaData())},
        None,
        {},
        exc.ArgumentError,
        "'posts' expects a class or a mapper argument .received:.*Table.*on relationship User.posts",
    ),
    "a class that is not mapped": (
        {"argument": Unknown},
        None,
        {},
        UnmappedClassError,
        "Unknown' is not mapped.*on relationship User.posts",
    ),
    "a constant as condition": (
        {"primaryjoin": "User.id == 5"},
        None,
        {},
        exc.ArgumentError,
        "any relevant foreign key columns for primary join condition .* = :id_1' on relationship User.posts",
    ),
    "a many-to-one with a collection loader": (
        {"back_populates": "user"},
        {"back_populates": "posts", "lazy": "dynamic"},
        {},
        exc.InvalidRequestError,
        "On relationship Post.user, 'dynamic' loaders cannot be used with many-to-one",
    ),
}


@pytest.mark.parametrize("settings", LINKED.values(), ids=LINKED)
def test_linking(base: Any, settings: Any) -> None:
    posts, user, columns, error, message = settings
    body = {"user_id": Column(ForeignKey("user.id")), **columns}
    if user is not None:
        body["user"] = relationship(**{"argument": "User", **user})
    with pytest.raises(error, match=re.compile(message, re.DOTALL)) as caught:
        make(base, posts=relationship(**{"argument": "Post", **posts}))
        make(base, "Post", **body)
        base.registry.configure()
    assert type(caught.value) is error


def test_classes_of_one_name_need_their_module(base: Any) -> None:
    make(base, "Post", user_id=Column(ForeignKey("user.id")), __module__="blog")
    make(base, "Post", __tablename__="mail", user_id=Column(ForeignKey("user.id")), __module__="mail")
    User = make(base, posts=relationship("Post"))
    with pytest.raises(exc.InvalidRequestError, match='Multiple classes found for path "Post".*User.posts'):
        base.registry.configure()
    base.registry.dispose()
    assert not hasattr(User, "__mapper__")


def test_a_mapper_that_failed_is_named_again(base: Any) -> None:
    User = make(base, posts=relationship("Psot"))
    with pytest.raises(exc.InvalidRequestError, match="'Psot' failed"):
        base.registry.configure()
    for use in (User, lambda: str(select(User)), lambda: ~User.posts.any()):
        with pytest.raises(
            exc.InvalidRequestError, match=r"Triggering mapper: 'Mapper\[User\(user\)\]'.*'Psot'"
        ):
            use()


# What is only warned of ------------------------------------------------------------------------------


def test_warnings(base: Any) -> None:
    with pytest.warns(exc.SAWarning, match="'metadata' should be left reserved for the MetaData instance"):
        User = make(base, ann={"metadata": Mapped[str]})
    assert User.__table__.c.keys() == ["id", "metadata"] and User(metadata="x").metadata == "x"
    with pytest.warns(
        exc.SAWarning, match="'registry' should be left reserved for the Declarative class reg"
    ):
        make(base, "A", registry=Column(String))
    with pytest.warns(exc.SAWarning, match="tuple value of attribute 'name'.*comma"):
        make(base, "B", name=(Column(String),))
    with pytest.warns(
        exc.SAWarning, match="'twice' on class .*C'> appears to be a non-schema.*column_property"
    ):
        make(base, "C", twice=func.now())
    with pytest.warns(exc.SAWarning, match="same class name and module name as .*User"):
        make(base, __tablename__="user_2")
    with pytest.warns(exc.LossWarning, match=r"'rank' of class D .*value 5.*mapped_column\(default=5\)"):
        D = make(base, "D", ann={"rank": Mapped[int]}, rank=5)
    assert D.__table__.c.keys() == ["id"] and D().rank == 5
    with pytest.warns(exc.SADeprecationWarning, match=r"'code' declared on .*E'> is excluded.*Unmapped\[\]"):
        make(base, "E", code=Column(String), __mapper_args__={"exclude_properties": ["code"]})
    with pytest.warns(exc.SADeprecationWarning, match=r"D.id on Mapper\[D\(d\)\] is replacing an existing"):
        D.id = column_property(D.__table__.c.id)
    Data = type("Data", (MappedAsDataclass, base), {"__abstract__": True})
    with pytest.warns(exc.SADeprecationWarning, match="Callable object.*attribute 'tags'.*default_factory"):
        make(
            Data,
            "F",
            ann={"id": Mapped[int], "tags": Mapped[list[str]]},
            id=key(init=False),
            tags=mapped_column(JSON, default=list),
        )
    preset = Annotated[int, mapped_column(insert_default=5, init=False)]
    with pytest.warns(
        exc.SADeprecationWarning, match="'init' is a dataclass argument and cannot be specified"
    ):
        G = make(Data, "G", ann={"id": Mapped[int], "rank": Mapped[preset]}, id=key(init=False))
    assert G(rank=3).rank == 3 and G.__table__.c.rank.default.arg == 5
    with pytest.warns(exc.SADeprecationWarning, match="column_property.default parameter is deprecated"):
        shown = column_property(func.now(), default=None)
    H = make(Data, "H", ann={"id": Mapped[int], "shown": Mapped[int]}, id=key(init=False), shown=shown)
    assert H().shown is None  # an expression is no argument


def test_classical_bases_say_the_same() -> None:
    Base = declarative_base()
    mapping = registry()
    with pytest.raises(exc.ArgumentError, match="User.* could not assemble any primary key"):
        make(Base, id=Column(Integer))
    with pytest.raises(exc.InvalidRequestError, match="already has been instrumented declaratively"):
        mapping.mapped(make(Base, "Other"))
    with pytest.raises(exc.InvalidRequestError, match="does not have a __table__ or __tablename__"):
        mapping.mapped(mixin(id=declared_attr(lambda cls: key())))
    Base.registry.dispose()
