"""
The text of clauses: FROM elements, and an UPDATE of one table.

Rule 1: what is written here is what the visitors of `relvar.compile` write, see `texts`.
Rule 2: what takes more than is written here is left to them.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import operator

from relvar._kernels.froms import from_objects
from relvar._kernels.lists import columns_of_tables
from relvar._kernels.texts import criteria_text

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.relvar._kernels.depth import relvar_one_level_deeper, relvar_one_level_up
    from cython.cimports.relvar._kernels.past import _get, _item
    from cython.cimports.relvar._kernels.texts import (
        _ALIAS,
        _JOIN,
        _NO_KEYWORDS,
        _TABLE,
        PlainRules,
        _final_name,
        _grouped_text,
        _kind_of,
        _quoted,
        _text,
    )
else:
    from relvar._kernels.texts import (
        _ALIAS,
        _JOIN,
        _NO_KEYWORDS,
        _TABLE,
        PlainRules,
        _final_name,
        _grouped_text,
        _kind_of,
        _quoted,
        _text,
    )
    _attribute, _get, _item = getattr, dict.get, operator.getitem

__all__ = ["assignments_by_name", "columns_to_set", "configure_clauses", "texts_of_froms", "update_text"]

# Fields that few UPDATEs have, whose text is left to the visitor.
_RARE_IN_UPDATES = cython.declare(
    frozenset,
    frozenset(
        (
            "_prefixes",
            "_hint_pairs",
            "_independent_ctes",
            "_ordered_values",
            "_post_criteria_clause",
            "_return_defaults",
        )
    ),
)

_new_assignment = cython.declare(object, None)


def configure_clauses(new_assignment):
    """
    Take what makes an assignment of its fields.
    """
    global _new_assignment
    _new_assignment = new_assignment


# -- FROM elements -----------------------------------------------------


def texts_of_froms(froms, compiler):
    """
    Return the texts of FROM elements, where nothing is handed down to their visitors: a list.
    """
    rules: PlainRules = compiler._plain_rules
    texts: list = []
    for element in froms:
        texts.append(_from_text(element, compiler, rules))
    return texts


@cython.cfunc
def _from_text(element: object, compiler: object, rules: PlainRules) -> object:
    kind: cython.int = _kind_of(type(element))
    text: object = None
    if kind == _TABLE:
        if rules.tables:
            text = _table_text(element, compiler)
    elif kind == _ALIAS:
        if rules.aliases and rules.tables:
            text = _alias_text(element, compiler, rules)
    elif kind == _JOIN and rules.joins:
        # as deep as functions of Python may call each other
        if cython.compiled:
            relvar_one_level_deeper(b" while a statement is compiled")
        try:
            text = _join_text(element, compiler, rules)
        finally:
            if cython.compiled:
                relvar_one_level_up()
    return element._compiler_dispatch(compiler, asfrom=True) if text is None else text


@cython.cfunc
def _table_text(table: object, compiler: object) -> object:
    """
    Return the name of a table, if it was written before.
    """
    memo: tuple = _attribute(table, "_text_memo")
    if (
        memo is None
        or memo[0] is not compiler.preparer
        or memo[1] is not _attribute(table, "name")
        or memo[2] is not _attribute(table, "schema")
        or not compiler._plain_columns
    ):
        return None
    return memo[3]


@cython.cfunc
def _alias_text(alias: object, compiler: object, rules: PlainRules) -> object:
    """
    Return ``table AS name``.
    """
    element = alias.element
    if _kind_of(type(element)) != _TABLE or alias._supports_derived_columns:
        return None
    text = _table_text(element, compiler)
    if text is None:
        return None
    name = alias.name
    if isinstance(name, rules.anonymous):
        name = _final_name(name, compiler, rules, "alias")
    return f"{text} AS {compiler.preparer.format_alias(alias, name)}"


@cython.cfunc
def _join_text(join: object, compiler: object, rules: PlainRules) -> object:
    """
    Return ``left JOIN right ON condition``.
    """
    word: object
    if join.full:
        word = " FULL OUTER JOIN "
    elif join.isouter:
        word = " LEFT OUTER JOIN "
    else:
        word = compiler._inner_join
    left = _from_text(join.left, compiler, rules)
    right = _from_text(join.right, compiler, rules)
    return f"{left}{word}{right} ON {_text(join.onclause, compiler, rules, _NO_KEYWORDS, 0)}"


# -- the values of an UPDATE -------------------------------------------


def columns_to_set(items, given):
    """
    Return the columns that an UPDATE sets: those whose keys are among *given*, or that change with their row.

    Args:
        items: All columns of the table, each behind its key.
    """
    found: list = []
    for _, column in items:
        if (
            _attribute(column, "key") in given
            or _attribute(column, "onupdate") is not None
            or _attribute(column, "server_onupdate") is not None
        ):
            found.append(column)
    return found


@cython.cfunc
def _by_name(given: object, table: object) -> dict:
    """
    Return what an UPDATE sets by the names of its table's columns; None if it is given in another way.
    """
    named: dict = {}
    for key, value in given.items():
        if not isinstance(key, str):
            if not key._is_keyed_column_element or key.table is not table:
                return None
            key = key.key
        named[key] = value
    return named if len(named) == len(given) else None


def assignments_by_name(stmt, compiler, toplevel):
    """
    Return the assignments of an UPDATE of one table that gives all values itself, columns by name: a list.

    Args:
        toplevel: The statement is the one that is executed, not a CTE in it.

    Returns:
        None, if there is more to find out.
    """
    rules: PlainRules = compiler._plain_rules
    if not rules.assignments or stmt._return_defaults or stmt._ordered_values:
        return None
    found: list = _set_by_name(stmt, compiler, toplevel)
    return None if found is None else _assigned(found, stmt, compiler, rules, toplevel)


@cython.cfunc
def _set_by_name(stmt: object, compiler: object, toplevel: cython.bint) -> list:
    """
    Return the columns that such an UPDATE sets, each with its value; None for any other.
    """
    table = stmt.table
    given = stmt._values
    if not given or not table._is_table or (toplevel and compiler.column_keys is not None):
        return None
    named: dict = _by_name(given, table)
    if named is None:
        return None
    columns: list = columns_to_set(table.columns.items(), named)
    if len(columns) != len(named):
        return None
    found: list = []
    for column in columns:
        key = _attribute(column, "key")
        if key not in named:
            # it changes with its row
            return None
        found.append((column, key, named[key]))
    return found


@cython.cfunc
def _assigned(
    found: list, stmt: object, compiler: object, rules: PlainRules, toplevel: cython.bint
) -> object:
    """
    Return the assignments of values to columns, as `_set_by_name` has them.
    """
    preparer = compiler.preparer
    made: list = []
    around = compiler._copied
    copied: dict = {}
    compiler._copied = copied
    for column, key, value in found:
        names: tuple = ()
        if _attribute(value, "_is_bind_parameter"):
            if _attribute(value, "type")._isnull:
                value = value._with_binary_element_type(column.type)
            if toplevel and _attribute(value, "unique") and _attribute(value, "_takes_column_name"):
                # in a CTE it keeps its own name: the statement may have values for the same column
                compiler._crud_names[value] = key
            text = _text(value, compiler, rules, _NO_KEYWORDS, 0)
            bound = _get(compiler.bind_names, value)
            if bound is not None:  # None, if its value was written instead
                names = (bound,)
        else:
            # nobody asks for the parameters in it
            text = _grouped_text(value, None, compiler, rules, _NO_KEYWORDS)
            if toplevel:
                compiler.postfetch.append(column)
        quoted = _quoted(_attribute(column, "name"), preparer, rules)
        made.append(_new_assignment((column, quoted, text, names)))
    compiler._copied = around
    if toplevel:
        compiler.inline = compiler.for_executemany
    return compiler._with_copies(stmt, made, copied) if copied else made


def update_text(stmt, compiler):
    """
    Return the text of an UPDATE of one table that has nothing but values by name, criteria and RETURNING.

    Nothing is handed down to visitors, or to be found out about its FROM elements.

    Returns:
        None, for any other UPDATE, and before the table's name was written once.
    """
    rules: PlainRules = compiler._plain_rules
    if not rules.updates or compiler.returning_precedes_values:
        return None
    if not _RARE_IN_UPDATES.isdisjoint(stmt.__dict__):
        return None
    table = stmt.table
    if _kind_of(type(table)) != _TABLE:
        return None
    table_text = _table_text(table, compiler)
    if table_text is None:
        return None
    toplevel: cython.bint = not compiler.stack
    found: list = _set_by_name(stmt, compiler, toplevel)
    if found is None:
        return None
    criteria = stmt._where_criteria
    for part in from_objects(criteria):
        if part is not table:
            return None
    for part in from_objects([value for _, _, value in found]):
        if part is not table:
            return None
    compiler._push_dml_frame(stmt, (table,))
    if toplevel:
        compiler.isupdate = True
    compiler._begin_crud()
    assignments: list = [
        f"{_item(made, 1)}={_item(made, 2)}" for made in _assigned(found, stmt, compiler, rules, toplevel)
    ]
    text = f"UPDATE {table_text} SET {', '.join(assignments)}"
    returned: object = ()
    if stmt._returning:
        returned = compiler._effective_returning(stmt, toplevel)
    if toplevel:
        compiler.effective_returning = returned
    if criteria:
        where = criteria_text(criteria, compiler, _NO_KEYWORDS)
        if where:
            text = f"{text} WHERE {where}"
    if returned:
        text = f"{text} {_returning_text(stmt, returned, compiler, rules, toplevel)}"
    if compiler._written:
        text = compiler._render_cte_clause() + text
    compiler.stack.pop()
    return text


@cython.cfunc
def _returning_text(
    stmt: object, columns: object, compiler: object, rules: PlainRules, toplevel: cython.bint
) -> object:
    """
    Return ``RETURNING ...``.
    """
    if rules.returning and compiler._plain_columns:
        entries = compiler._result_columns if toplevel else None
        texts = columns_of_tables(columns, compiler, True, not compiler._returning_names_tables, entries)
        if texts is not None:
            return f"RETURNING {', '.join(texts)}"
    return compiler._returning_text(stmt, columns, toplevel)
