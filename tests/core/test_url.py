"""
Database URLs: parts, text, changes; and that a password does not leak.
"""

import copy
import pickle

import pytest

from relvar import exc
from relvar.dialect.registry import registry
from relvar.engine.url import URL, make_url


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("sqlite://", ("sqlite", None, None, None, None, None, {})),
        ("sqlite:///foo.db", ("sqlite", None, None, None, None, "foo.db", {})),
        ("sqlite:////abs/foo.db", ("sqlite", None, None, None, None, "/abs/foo.db", {})),
        ("sqlite:///C:\\x\\y.db", ("sqlite", None, None, None, None, "C:\\x\\y.db", {})),
        ("postgresql://u:p@h:5432/db", ("postgresql", "u", "p", "h", 5432, "db", {})),
        ("mysql://u@h", ("mysql", "u", None, "h", None, None, {})),
        ("mysql://u:@h/", ("mysql", "u", "", "h", None, "", {})),
        ("a+b://u:p%40x%2F@h/d%2Fb?q=a+b%20c", ("a+b", "u", "p@x/", "h", None, "d/b", {"q": "a b c"})),
        ("postgresql://u:p@[2001:db8::1]:54/db", ("postgresql", "u", "p", "2001:db8::1", 54, "db", {})),
        (
            "pg:///db?host=a:1&host=b&x=1",
            ("pg", None, None, None, None, "db", {"host": ("a:1", "b"), "x": "1"}),
        ),
        (
            "mssql+pyodbc://?odbc_connect=a%3Bb",
            ("mssql+pyodbc", None, None, None, None, None, {"odbc_connect": "a;b"}),
        ),
    ],
)
def test_text_to_parts(text, parts):
    url = make_url(text)
    assert tuple(url) == parts
    assert make_url(url.render_as_string(hide_password=False)) == url
    assert make_url(url) is url


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (URL.create("x", "u", "p@:/ +", "h", 1, "d b/c?"), "x://u:p%40%3A%2F +@h:1/d b/c%3F"),
        (URL.create("x", host="::1"), "x://[::1]"),
        (URL.create("x", query={"b": ["1", "2"], "a": "&=é"}), "x://?a=%26%3D%C3%A9&b=1&b=2"),
        (URL.create("x", username="", port=5), "x://@:5"),
        (URL.create("sqlite", database=":memory:"), "sqlite:///%3Amemory%3A"),
    ],
)
def test_parts_to_text(made, text):
    assert made.render_as_string(hide_password=False) == text
    assert make_url(text) == made


@pytest.mark.feature("A005")
def test_url_object():
    url = make_url("postgresql+psycopg://u:p@h:5/db?a=1&a=2&b=3")
    assert (url.drivername, url.username, url.password, url.host, url.port, url.database) == (
        "postgresql+psycopg",
        "u",
        "p",
        "h",
        5,
        "db",
    )
    assert url.query == {"a": ("1", "2"), "b": "3"}
    assert url.get_backend_name() == "postgresql" and url.get_driver_name() == "psycopg"
    assert url.normalized_query == {"a": ("1", "2"), "b": ("3",)}
    assert url.translate_connect_args() == {
        "host": "h",
        "database": "db",
        "username": "u",
        "password": "p",
        "port": 5,
    }
    assert url.translate_connect_args(username="user", database="dbname", port=None) == {
        "host": "h",
        "dbname": "db",
        "user": "u",
        "password": "p",
    }

    assert url.set(drivername="mysql", query={"z": "1"}) == make_url("mysql://u:p@h:5/db?z=1")
    assert url.set(password=None) == url
    assert url.update_query_dict({"a": "7"}).query == {"a": "7", "b": "3"}
    assert url.update_query_dict({"a": ["7"]}, append=True).query["a"] == ("1", "2", "7")
    assert url.update_query_pairs([("a", "9"), ("a", "8")]).query["a"] == ("9", "8")
    assert url.update_query_string("b=4&c=").query == {"a": ("1", "2"), "b": "4"}
    assert url.update_query_string("c=", keep_blank_values=True).query["c"] == ""
    assert url.update_query_string("b=4", append=True).query["b"] == ("3", "4")
    assert url.difference_update_query(["a", "zz"]).query == {"b": "3"}
    assert url.difference_update_query(["zz"]) is url
    assert url.update_query_pairs([("a", "9")], append=True).query["a"] == ("1", "2", "9")
    with pytest.raises(AttributeError):
        url.host = "other"
    with pytest.raises(TypeError, match="immutable"):
        url.query["z"] = "1"
    assert url.query == {"a": ("1", "2"), "b": "3"}, "the URL itself has not changed"

    assert make_url("x://?a=&b=1").query == {"b": "1"}
    assert make_url("x://?a=&b=1", keep_blank_values=True).query == {"a": "", "b": "1"}
    assert url == make_url("postgresql+psycopg://u:p@h:5/db?a=1&a=2&b=3") != url.set(port=6)
    assert hash(url) == hash(copy.copy(url)) == hash(pickle.loads(pickle.dumps(url)))
    assert make_url("sqlite://").get_dialect().name == "sqlite"
    assert str(url) == repr(url) == url.render_as_string() == "postgresql+psycopg://u:***@h:5/db?a=1&a=2&b=3"


def test_password_object_is_asked_late():
    class Secret:
        def __str__(self):
            return "token"

    url = URL.create("x", "u", Secret(), "h")
    assert str(url) == "x://u:***@h"
    assert url.translate_connect_args()["password"] == "token"


@pytest.mark.parametrize(
    "text", ["", "foo", "foo:bar", "://x", "mysql:/x", "a.b://x", "user:hunter2@host/db"]
)
def test_text_that_is_no_url(text):
    with pytest.raises(exc.ArgumentError) as caught:
        make_url(text)
    assert str(caught.value) == "Could not parse SQLAlchemy URL from given URL string"


@pytest.mark.parametrize("value", [5, None, b"sqlite://"])
def test_what_is_no_text(value):
    with pytest.raises(exc.ArgumentError, match="Expected string or URL object, got"):
        make_url(value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u:hunter2@host/db",
        "postgresql://u:hunter2@@host/db",
        "postgresql://u:x@hunter2@host/db",
        "postgresql://u:x@y:hunter2@host/db",
        "postgresql://u:hunter2@host:port/db",
        "postgresql://u:hunter2",
        "postgresql://u:hunter2@[::1/db",
        "postgresql//u:hunter2@host/db",
    ],
)
def test_password_is_in_no_text_and_in_no_error(text):
    try:
        shown = repr(make_url(text)) + str(make_url(text))
    except (ValueError, exc.ArgumentError) as err:
        shown = repr(err) + str(err)
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: URL.create(5), "drivername must be a string"),
        (lambda: URL.create("x", host=5), "host must be a string"),
        (
            lambda: URL.create("x", query={"a": 1}),
            "Query dictionary values must be strings or sequences of strings",
        ),
        (lambda: URL.create("x", query={1: "a"}), "Query dictionary keys must be strings"),
        (
            lambda: make_url("x://").update_query_dict({"a": ["b", 1]}),
            "Query dictionary values must be strings",
        ),
    ],
)
def test_parts_of_the_wrong_type(make, error):
    with pytest.raises(TypeError, match=error):
        make()


def test_port_must_be_a_number():
    for text in ("x://h:abc/db", "x://h:/db", "x://h:1,g:2/db"):
        with pytest.raises(ValueError, match="The port of the URL is not a number"):
            make_url(text)


# The registry ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("nothing://", "Can't load plugin: sqlalchemy.dialects:nothing (known dialects: "),
        ("postgres://", "Can't load plugin: sqlalchemy.dialects:postgres (did you mean 'postgresql'?"),
        (
            "sqlite+nothing://",
            "Can't load plugin: sqlalchemy.dialects:sqlite.nothing (known drivers of sqlite: ",
        ),
        ("snowflake://", "(install snowflake-sqlalchemy, which has a dialect for snowflake)"),
        ("os+path://", "Can't load plugin: sqlalchemy.dialects:os.path"),
    ],
)
def test_unknown_dialects_and_drivers(address, text):
    with pytest.raises(exc.NoSuchModuleError) as caught:
        make_url(address).get_dialect()
    assert text in str(caught.value)


def test_registering_a_dialect():
    registry.register("mydb.mydriver", "collections", "OrderedDict")
    try:
        assert registry.load("mydb.mydriver").__name__ == "OrderedDict"
        with pytest.raises(exc.NoSuchModuleError, match="known drivers of mydb: mydriver"):
            registry.load("mydb.other")
    finally:
        registry.deregister("mydb.mydriver")
    registry.register("broken", "no_such_module", "X")
    try:
        with pytest.raises(ModuleNotFoundError):
            registry.load("broken")
    finally:
        registry.deregister("broken")


def test_translate_connect_args_by_position_is_deprecated():
    with pytest.warns(exc.SADeprecationWarning):
        assert make_url("x://h/d").translate_connect_args(["server"]) == {"server": "h", "database": "d"}
