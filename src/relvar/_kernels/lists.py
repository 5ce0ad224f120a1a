"""
The text of lists of columns, in a SELECT or RETURNING.

Rule 1: what is written here is what the visitors of `relvar.compile` write, see `texts`.
Rule 2: a list with any element that takes more than is written here is left to them as a whole.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import operator

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.relvar._kernels.past import _get, _item
    from cython.cimports.relvar._kernels.texts import (
        _COLUMN,
        PlainRules,
        _final_name,
        _is_up_to_date,
        _kind_of,
        _place_text,
        _quoted,
        _text,
    )
else:
    from relvar._kernels.texts import (
        _COLUMN,
        PlainRules,
        _final_name,
        _is_up_to_date,
        _kind_of,
        _place_text,
        _quoted,
        _text,
    )
    _attribute, _get, _item = getattr, dict.get, operator.getitem

__all__ = ["columns_of_tables", "columns_with_names", "configure_lists", "keys_of_columns"]

_WITHIN_COLUMNS = cython.declare(dict, {"within_columns_clause": True})
_WITHIN_LABEL = cython.declare(dict, {"within_columns_clause": True, "within_label_clause": True})
# What stands for the names of elements of a SELECT list that are no columns of anything.
_LABEL, _LITERAL = object(), object()

_label_class = cython.declare(type, None)
_new_entry = cython.declare(object, None)
_key_of = cython.declare(object, None)


def configure_lists(label_class, new_entry, key_of):
    """
    Say what is made of lists.

    Args:
        new_entry: Makes an entry of the result of its fields.
        key_of: Returns the key of a column that is not simply its own, see `keys_of_columns`.
    """
    global _label_class, _new_entry, _key_of
    _label_class = label_class
    _new_entry = new_entry
    _key_of = key_of


# -- keys --------------------------------------------------------------


def keys_of_columns(columns, qualified, distinct, key_of):
    """
    Return the key of each column of a SELECT in ``subquery.c``: None for text.

    Args:
        qualified: They are told apart by the names of their tables.
        distinct: A key that is taken gets a number.
        key_of: Called with a column that may stand for an attribute, or is *qualified*.
    """
    return _keys_of(columns, qualified, distinct, key_of)


@cython.cfunc
def _keys_of(columns: object, qualified: cython.bint, distinct: cython.bint, key_of: object) -> list:
    used: dict = {}
    again: dict = {}
    keys: list = []
    for column in columns:
        if _attribute(column, "_is_text_clause"):
            keys.append(None)
            continue
        if (
            not qualified
            and _attribute(column, "_is_keyed_column_element")
            and not _attribute(column, "_annotations")
        ):
            key = _attribute(column, "key")
            if type(key) is not str:
                key = column._proxy_key
        else:
            key = key_of(column, qualified)
        if key is None:
            key = "_no_label"
        if distinct:
            if key not in used:
                used[key] = 0
            else:
                known = again.get((key, hash(column)))
                if known is None:
                    used[key] += 1
                    known = again[key, hash(column)] = f"{key}_{used[key]}"
                key = known
        keys.append(key)
    return keys


# -- texts -------------------------------------------------------------


@cython.cfunc
def _facts_of(type_: object, known: object, compiler: object) -> object:
    """
    Return what the text needs to know of a type: `TypeFacts`.

    Args:
        known: What the compiler knows of the classes of types (``_facts_memo``).
    """
    facts: object = _get(known, type(type_))
    if facts is None or _attribute(type_, "_variant_mapping"):
        facts = compiler._type_facts(type_)
    return facts


@cython.cfunc
def _memo_of(column: object, compiler: object, preparer: object, rules: PlainRules) -> object:
    """
    Return what is written for a table's column, and known of it; None for any other element.
    """
    memo: object = _attribute(column, "_text_memo")
    if memo is not None and _is_up_to_date(memo, column, preparer):
        return memo
    if _kind_of(type(column)) != _COLUMN:
        return None
    table = _attribute(column, "table")
    if table is None or not _attribute(table, "_is_table") or _attribute(column, "is_literal"):
        return None
    name = _attribute(column, "name")
    if name is None or name == "*" or isinstance(name, rules.anonymous):
        return None
    compiler.visit_column(column)
    memo = _attribute(column, "_text_memo")
    return memo if memo is not None and _is_up_to_date(memo, column, preparer) else None


def columns_of_tables(columns, compiler, distinct, bare, entries):
    """
    Return the texts of columns of tables that need no names.

    Args:
        distinct: Columns of one name do need names.
        bare: Without the name of their table.
        entries: Gets what the result is to know of them; None: nothing is to be known.

    Returns:
        None, if there is any other column among them.
    """
    rules: PlainRules = compiler._plain_rules
    preparer = compiler.preparer
    count: cython.Py_ssize_t = len(columns)
    if count > 1:
        # of an entity and an alias, the last is the one that is not of a table
        last = columns[count - 1]
        if _attribute(last, "_text_memo") is None and _memo_of(last, compiler, preparer, rules) is None:
            return None
    known = compiler._facts_memo
    texts: list = []
    found: list = []
    names: set = set()
    for column in columns:
        memo: tuple = _memo_of(column, compiler, preparer, rules)
        if memo is None or _kind_of(type(column)) != _COLUMN:
            return None
        entry = memo[4]
        # the type wraps the column
        if _item(_facts_of(_item(entry, 3), known, compiler), 1):
            return None
        names.add(_item(entry, 0))
        found.append(entry)
        texts.append(memo[5] if bare else memo[3])
    if distinct and len(names) != len(found):
        return None
    if entries is not None:
        entries.extend(found)
    return texts


@cython.cfunc
def _own_name(
    column: object, compiler: object, preparer: object, rules: PlainRules, known: object
) -> object:
    """
    Return how a column is written in a SELECT list, as far as that is known before any other.

    Returns:
        What is known of a table's column; the name of a column whose text is that behind the name of what
        it belongs to; None for any other element.
    """
    if _kind_of(type(column)) != _COLUMN:
        return None
    table = _attribute(column, "table")
    if table is None or not _attribute(table, "named_with_column") or _attribute(column, "is_literal"):
        return None
    type_ = _attribute(column, "type")
    # the type wraps the column, or no database returns it
    if _item(_facts_of(type_, known, compiler), 1) or _attribute(type_, "_is_tuple_type"):
        return None
    if _attribute(table, "_is_table"):
        return _memo_of(column, compiler, preparer, rules)
    name = _attribute(column, "name")
    return None if name is None or name == "*" or isinstance(name, rules.anonymous) else name


@cython.cfunc
@cython.exceptval(-1)
def _is_own_label(
    column: object, compiler: object, rules: PlainRules, holders: dict, known: object
) -> cython.bint:
    """
    Tell whether a label of a SELECT list is written as such, under the name that it has.
    """
    name = _attribute(column, "name")
    type_ = _attribute(column, "type")
    return not (
        not rules.labels
        or _attribute(column, "_compiler_dispatcher") is not None
        or name in holders
        or isinstance(name, rules.anonymous)
        or name == "*"
        or _attribute(type_, "_is_tuple_type")
        or _item(_facts_of(type_, known, compiler), 1)
    )


@cython.cfunc
def _names_in_list(
    columns: object, compiler: object, rules: PlainRules, distinct: cython.bint, populate: cython.bint
) -> list:
    """
    Return for each column: it, its own name, the one it is given as that is taken, and what is known of it.

    Returns:
        None, if there is a column that takes more than that.
    """
    preparer = compiler.preparer
    known = compiler._facts_memo
    holders: dict = {}
    named: list = []
    for column in columns:
        if type(column) is _label_class:
            if not _is_own_label(column, compiler, rules, holders, known):
                return None
            name = _attribute(column, "name")
            holders[name] = column
            named.append((column, name, None, _LABEL))
            continue
        if (
            not populate
            and _attribute(column, "_is_keyed_column_element")
            and _attribute(column, "is_literal")
        ):
            name = _attribute(column, "name")
            type_ = _attribute(column, "type")
            if (
                _attribute(column, "table") is not None
                or name in holders
                or _item(_facts_of(type_, known, compiler), 1)
            ):
                return None
            holders[name] = column
            named.append((column, name, None, _LITERAL))
            continue
        memo: object = _own_name(column, compiler, preparer, rules, known)
        if memo is None:
            return None
        if type(memo) is tuple:
            name = memo[1]
        else:
            name = memo
            memo = None
        holder = holders.get(name)
        required: object = None
        if holder is None:
            holders[name] = column
        elif distinct:
            required = _attribute(column, "_anon_name_label")
            if required in holders or hash(holder) == hash(column):
                return None
            holders[required] = column
        named.append((column, name, required, memo))
    return named


def columns_with_names(columns, compiler, distinct, populate, asfrom):
    """
    Return the texts of columns of tables, aliases and the like, labels, and SQL that no result is to know of.

    Args:
        distinct: A column whose name is taken gets another.
        populate: Note the columns as those of the result.
        asfrom: All columns are given names: the SELECT is a FROM element.

    Returns:
        None, if there is any other column among them.
    """
    rules: PlainRules = compiler._plain_rules
    named: list = _names_in_list(columns, compiler, rules, distinct, populate)
    if named is None:
        return None
    preparer = compiler.preparer
    keys: list = None
    places: dict = {}
    texts: list = []
    entries: list = []
    index: cython.Py_ssize_t
    for index in range(len(named)):
        column, name, required, memo = named[index]
        if memo is _LABEL:
            text = _text(_attribute(column, "element"), compiler, rules, _WITHIN_LABEL, 0)
            # a rule of a program's own that returns no text is an error, not the word None
            texts.append(text + f" AS {preparer.format_label(column, name)}")
            objects: tuple = (column, name, *_attribute(column, "_alt_names"))
            entries.append(_new_entry((name, name, objects, _attribute(column, "type"))))
            continue
        if memo is _LITERAL:
            texts.append(_text(column, compiler, rules, _WITHIN_COLUMNS, 0))
            continue
        final: object = None
        if required is not None:
            final = _final_name(required, compiler, rules, "colident")
        if memo is not None:
            text = memo[3]
        else:
            table = _attribute(column, "table")
            place = places.get(table)
            if place is None:
                place = places[table] = _place_text(table, compiler, rules)
            text = f"{place}.{_quoted(name, preparer, rules)}"
        if final is not None:
            texts.append(f"{text} AS {_quoted(final, preparer, rules)}")
            if keys is None:
                keys = _keys_of(columns, False, distinct, _key_of)
            key = keys[index]
            objects = (column, final)
            if key is not None and key != final and not key.startswith("_no_label"):
                objects = (column, final, key)
            entries.append(_new_entry((final, required, objects, _attribute(column, "type"))))
            continue
        texts.append(f"{text} AS {_quoted(name, preparer, rules)}" if asfrom else text)
        if memo is not None:
            entries.append(memo[4])
            continue
        own = _attribute(column, "key")
        label = _attribute(column, "_tq_label")
        objects = (column, name, own, label) if label else (column, name, own)
        entries.append(_new_entry((name, name, objects, _attribute(column, "type"))))
    if populate:
        compiler._result_columns.extend(entries)
    return texts
