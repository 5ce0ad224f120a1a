"""
Errors: their texts, what they carry, and how driver errors are wrapped.
"""

import pickle

import pytest

from relvar import exc
from relvar.util import warning


class Error(Exception):
    """The base of a driver's errors."""


class IntegrityError(Error):
    """A driver's error of a standard name."""


class UniqueViolation(IntegrityError):
    """A driver's error of a name of its own."""


def wrap(orig, statement="SELECT 1", params=None, **kw):
    return exc.DBAPIError.instance(statement, params, orig, Error, **kw)


@pytest.mark.feature("A033")
def test_driver_error_is_wrapped_by_the_standard_name_in_its_mro():
    orig = UniqueViolation("boom")
    err = wrap(orig, "INSERT", {"a": 1}, connection_invalidated=True)
    assert type(err) is exc.IntegrityError
    assert isinstance(err, (exc.DatabaseError, exc.StatementError, exc.SQLAlchemyError))
    assert (err.statement, err.params, err.orig, err.code) == ("INSERT", {"a": 1}, orig, "gkpj")
    assert err.connection_invalidated
    assert err.driver_exception is orig
    assert str(err) == (
        f"({__name__}.UniqueViolation) boom\n[SQL: INSERT]\n[parameters: {{'a': 1}}]\n"
        "(Background on this error at: https://sqlalche.me/e/21/gkpj)"
    )
    emulated = exc.EmulatedDBAPIException("adapted", ValueError("inner"))
    adapted = exc.OperationalError("S", {}, emulated)
    assert adapted.driver_exception is emulated.orig


def test_emulated_exception_without_driver_exception_is_its_own():
    err = exc.EmulatedDBAPIException("adapted")
    assert err.driver_exception is err
    assert pickle.loads(pickle.dumps(err)).args == ("adapted",)


def test_error_of_no_standard_name_becomes_plain_dbapi_error():
    err = wrap(Error("odd"))
    assert type(err) is exc.DBAPIError
    assert err.code == "dbapi"


def test_translation_map_of_the_dialect_renames():
    class Dialect:
        dbapi_exception_translation_map = {"UniqueViolation": "DataError"}

    assert type(wrap(UniqueViolation("x"), dialect=Dialect())) is exc.DataError


def test_error_not_of_the_driver_becomes_statement_error():
    err = wrap(ValueError("bad value"), "SELECT :x", {"x": 1})
    assert type(err) is exc.StatementError
    assert str(err) == "(builtins.ValueError) bad value\n[SQL: SELECT :x]\n[parameters: {'x': 1}]"


def test_library_error_keeps_its_code_when_wrapped():
    err = wrap(exc.InvalidRequestError("no", code="7s2a"))
    assert err.code == "7s2a"
    assert str(err).startswith("(relvar.exc.InvalidRequestError) no\n")


def test_exit_and_marked_errors_pass_unwrapped():
    class Mine(Exception, exc.DontWrapMixin):
        pass

    for orig in (KeyboardInterrupt(), SystemExit(), Mine()):
        assert wrap(orig) is orig


def test_hidden_parameters_do_not_appear():
    err = wrap(IntegrityError("x"), "INSERT", {"password": "secret"}, hide_parameters=True)
    assert "secret" not in str(err)
    assert "[SQL parameters hidden due to hide_parameters=True]" in str(err)


def test_orig_whose_str_raises_still_makes_a_message():
    class Nasty(Error):
        def __str__(self):
            raise RuntimeError("no text")

    assert "Error in str() of DB-API-generated exception: no text" in str(wrap(Nasty()))


@pytest.mark.parametrize(
    ("params", "ismulti", "shown"),
    [
        ((1,), False, "(1,)"),
        ([1, 2], False, "[1, 2]"),
        ({"a": 1}, False, "{'a': 1}"),
        ([(1,), (2,)], True, "[(1,), (2,)]"),
        (
            [(i,) for i in range(20)],
            True,
            (
                "[(0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,)  ... displaying 10 of 20 total bound "
                "parameter sets ...  (18,), (19,)]"
            ),
        ),
    ],
)
def test_parameters_are_shown_short(params, ismulti, shown):
    err = exc.StatementError("m", "S", params, None, ismulti=ismulti)
    assert str(err) == f"m\n[SQL: S]\n[parameters: {shown}]"


def test_long_values_and_many_values_are_cut():
    text = str(exc.StatementError("m", "S", ("x" * 500, 2), None, ismulti=False))
    assert "x ... (202 characters truncated) ... x" in text
    text = str(exc.StatementError("m", "S", tuple(range(130)), None, ismulti=False))
    assert "48, 49 ... 30 parameters truncated ... 80, 81" in text


def test_details_come_first():
    err = wrap(Error("x"))
    err.add_detail("while flushing")
    assert str(err).startswith("(while flushing)\n(")


@pytest.mark.parametrize(
    "err",
    [
        exc.InvalidRequestError("m", code="abcd"),
        exc.StatementError("m", "S", {"a": 1}, ValueError("v"), code="abcd"),
        exc.IntegrityError("S", {"a": 1}, ValueError("v"), connection_invalidated=True, ismulti=True),
        exc.CircularDependencyError("m", {1}, {(1, 1)}),
        exc.NoReferencedTableError("m", "t"),
        exc.NoReferencedColumnError("m", "t", "c"),
        exc.ObjectNotExecutableError("thing"),
        exc.UnsupportedCompilationError("compiler", int, "why"),
    ],
    ids=lambda err: type(err).__name__,
)
def test_errors_survive_pickling(err):
    copy = pickle.loads(pickle.dumps(err))
    assert type(copy) is type(err)
    assert str(copy) == str(err)
    for name in ("statement", "params", "connection_invalidated", "table_name", "cycles", "element_type"):
        assert getattr(copy, name, None) == getattr(err, name, None)


@pytest.mark.feature("A034")
def test_library_errors_are_there_with_their_bases_and_codes():
    bases = {
        "ArgumentError": exc.SQLAlchemyError,
        "InvalidRequestError": exc.SQLAlchemyError,
        "CompileError": exc.SQLAlchemyError,
        "NoResultFound": exc.InvalidRequestError,
        "MultipleResultsFound": exc.InvalidRequestError,
        "NoSuchTableError": exc.InvalidRequestError,
        "NoSuchColumnError": KeyError,
        "NoSuchModuleError": exc.ArgumentError,
        "NoInspectionAvailable": exc.InvalidRequestError,
        "NoReferencedTableError": exc.NoReferenceError,
        "NoForeignKeysError": exc.ArgumentError,
        "AmbiguousForeignKeysError": exc.ArgumentError,
        "AmbiguousColumnError": exc.InvalidRequestError,
        "CircularDependencyError": exc.SQLAlchemyError,
        "ResourceClosedError": exc.InvalidRequestError,
        "PendingRollbackError": exc.InvalidRequestError,
        "TimeoutError": exc.SQLAlchemyError,
        "DisconnectionError": exc.SQLAlchemyError,
        "InvalidatePoolError": exc.DisconnectionError,
        "IllegalStateChangeError": exc.InvalidRequestError,
        "MissingGreenlet": exc.InvalidRequestError,
        "AwaitRequired": exc.InvalidRequestError,
        "NoDBAPILoaded": exc.InvalidRequestError,
        "UnreflectableTableError": exc.InvalidRequestError,
        "DuplicateColumnError": exc.ArgumentError,
        "UnsupportedCompilationError": exc.CompileError,
        "IdentifierError": exc.SQLAlchemyError,
        "UnboundExecutionError": exc.InvalidRequestError,
        "ConstraintColumnNotFoundError": exc.ArgumentError,
    }
    for name, base in bases.items():
        assert issubclass(getattr(exc, name), base), name
    assert exc.DontWrapMixin.__bases__ == (object,)
    assert exc.MissingGreenlet("m").code == "xd2s"
    assert exc.AwaitRequired("m").code == "xd1r"
    assert str(exc.CircularDependencyError("Circular", {1, 2}, set())) == "Circular (1, 2)"
    assert str(exc.InvalidRequestError("m", code="ab")) == (
        "m (Background on this error at: https://sqlalche.me/e/21/ab)"
    )
    assert str(exc.InvalidRequestError("m", 1)) == "('m', 1)"
    assert exc.InvalidatePoolError.invalidate_pool and not exc.DisconnectionError.invalidate_pool


def test_warnings_point_at_the_caller_and_carry_links():
    with pytest.warns(exc.SAWarning) as caught:
        warning.warn("look", code="abcd")
    assert caught[0].filename == __file__
    assert str(caught[0].message) == "look (Background on this warning at: https://sqlalche.me/e/21/abcd)"
    with pytest.warns(exc.SADeprecationWarning) as caught:
        warning.warn_deprecated("old", "2.0")
    assert caught[0].message.deprecated_since == "2.0"
    assert str(exc.MovedIn20Warning("m")) == "m (Background on SQLAlchemy 2.0 at: https://sqlalche.me/e/b8d9)"


def test_deprecated_function_warns_and_works():
    @warning.deprecated("1.4", "Use :meth:`.other` instead of %(func)s")
    def old(x):
        """Do it."""
        return x + 1

    expected = r"Use other\(\) instead of old \(deprecated since: 1.4\)"
    with pytest.warns(exc.SADeprecationWarning, match=expected):
        assert old(1) == 2
    assert ".. deprecated:: 1.4" in old.__doc__
