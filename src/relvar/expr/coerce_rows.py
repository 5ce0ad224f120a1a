"""
Take what a caller gave for a place where rows come from: a FROM element, a statement; see `coerce`.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar._kernels.nodes import coercion
from relvar.expr.element import ClauseElement
from relvar.expr.resolve import clause_element, fail, fail_for_from, made_by, no_text
from relvar.expr.roles import Role


def from_item(given: Any, *, explicit_subquery: bool = False, deannotate: bool = False) -> Any:
    """
    Return an element of FROM.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        if element._is_from_clause or element._roles & Role.FROM:
            return element
        if element._is_text_clause:
            return element
        fail_for_from(_FROM_EXPECTED, given, element)
    if isinstance(element, str) and element is given:
        no_text(element)
    made = made_by(given)
    if made is not None:
        return from_item(made)
    fail(_FROM_EXPECTED, given, element)


_FROM_EXPECTED = "FROM expression, such as a Table or alias() object"


def _is_from_class(cls: type[Any]) -> bool:
    return issubclass(cls, ClauseElement) and cls._is_from_clause is True


@coercion(_is_from_class)
def join_target(given: Any) -> Any:
    """
    Return the right side of ``Select.join()``: a FROM element, or an ORM relationship attribute.
    """
    if isinstance(given, ClauseElement):
        element: Any = given
    elif isinstance(given, str):
        fail(_JOIN_EXPECTED, given, given)
    elif getattr(given, "_is_join_target", False) is True:  # ``func`` has every name
        # A relationship attribute: the ORM makes target and condition of it, when the statement is compiled.
        return getattr(given, "_join_attribute", given)
    else:
        element = clause_element(given)
    if isinstance(element, ClauseElement):
        if element._is_from_clause or element._roles & (Role.FROM | Role.JOIN_TARGET):
            return element
        if element is not given and hasattr(given, "_is_join_target"):
            raise exc.ArgumentError(f"Join target {given} does not refer to a mapped entity")
    fail(_JOIN_EXPECTED, given, element)


_JOIN_EXPECTED = "Join target, typically a FROM expression, or ORM relationship attribute"


def dml_table(given: Any) -> Any:
    """
    Return the table an INSERT, UPDATE or DELETE is about.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        if element._is_from_clause and (element._roles & Role.DML_TABLE):
            return element
        fail_for_from("subject table for an INSERT, UPDATE or DELETE", given, element)
    fail("subject table for an INSERT, UPDATE or DELETE", given, element)


def select_statement(given: Any, expected: str = "SELECT statement or equivalent textual object") -> Any:
    """
    Return a SELECT or what acts as one.
    """
    element: Any = given if isinstance(given, ClauseElement) else clause_element(given)
    if getattr(element, "_is_select_base", False):
        return element._settled()
    if getattr(element, "_roles", Role.NONE) & Role.FROM and not element._is_text_clause:
        return element.select()
    fail(expected, given, element)


def compound_element(given: Any) -> Any:
    """
    Return a part of a UNION or the like.
    """
    expected = "SELECT construct for inclusion in a UNION or other set construct"
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        if element._is_select_base:
            return element._settled()  # type: ignore[attr-defined]  # of a SELECT
        if element is given and (
            element._is_from_clause or element._is_text_clause or element._roles & Role.FROM
        ):
            advice = "To SELECT from any FROM clause, use the .select() method."
            if element._is_subquery:
                advice = "Use the plain select() object without calling .subquery() or .alias()."
            fail(expected, given, element, advice)
    fail(expected, given, element)


def returns_rows(given: Any) -> Any:
    """
    Return something with rows: a SELECT, a table, a DML statement with RETURNING.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement) and element._is_returns_rows:
        return element
    if isinstance(element, str):
        no_text(element)
    fail(_ROWS_EXPECTED, given, element)


_ROWS_EXPECTED = (
    "Row returning expression such as a SELECT, a FROM clause, or an INSERT/UPDATE/DELETE with RETURNING"
)


def cte_statement(given: Any) -> Any:
    """
    Return what can be a CTE: a SELECT or a DML statement.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if not hasattr(element, "cte"):
        fail(_ROWS_EXPECTED, given, element)
    return element


def statement(given: Any) -> Any:
    """
    Return something that can be executed.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement) and element.supports_execution:
        return element
    if isinstance(element, str):
        no_text(element)
    fail("Executable SQL or text() construct", given, element)
