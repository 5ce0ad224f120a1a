"""
Parts of statements that are made in one step, past their constructors.

A subquery, CTE or alias has columns that stand for those below (`proxy`), each made when it is asked
for (`early_column`), if all have keys of their own (`columns_by_key`).  Expressions get names (`labeled`) and
parentheses (`in_parentheses`), FROM elements another name (`renamed`); functions take arguments.

Rule 1: what is made is what the class's own method or constructor makes.
Rule 2: a class with a method of its own is asked for it: the methods of relvar say how their results are made
    here (`stands_by`).
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.cpython.unicode import PyUnicode_Concat
    from cython.cimports.relvar._kernels.nodes import (
        Compares,
        _copied_values,
        _keep,
        _new_instance,
        _values,
    )
    from cython.cimports.relvar._kernels.objects import relvar_set_values as _set_values
else:
    from relvar._kernels.nodes import Compares, _copied_values, _keep, _new_instance, _values
    _attribute = getattr
    _set_values = object.__setattr__

from relvar._kernels.keys import next_serial

__all__ = [
    "EXPRESSION",
    "LABEL",
    "NAMED",
    "TABLE",
    "ProxyKey",
    "add_own_columns",
    "annotated_copy",
    "anonymous_name",
    "columns_by_key",
    "configure_parts",
    "copy_around",
    "early_column",
    "in_parentheses",
    "is_whole_in_lists",
    "labeled",
    "new_case",
    "own_column",
    "proxy",
    "renamed",
    "stands_by",
    "take_arguments",
]

TABLE = 1
"The proxy is of the column's own class: a column of a table."
NAMED = 2
"The proxy is a name in the selectable."
EXPRESSION = 3
"Likewise; what it stands for has no name by itself."
LABEL = 4
"The proxy is that of what is named, and stands for the label."

_TABLE = cython.declare(cython.int, 1)
_EXPRESSION = cython.declare(cython.int, 3)
_LABEL = cython.declare(cython.int, 4)

_ways = cython.declare(dict, {})
_known_in_lists = cython.declare(dict, {})
_named_class = cython.declare(object, None)
_label_class = cython.declare(object, None)
_grouping_class = cython.declare(object, None)
_anonymous_class = cython.declare(type, None)
_no_type = cython.declare(object, None)
_as = cython.declare(object, None)
_comma = cython.declare(object, None)
# of a name with a number
_END = cython.declare(object, ")s")


def configure_parts(named_class, label_class, grouping_class, anonymous_class, no_type, as_operator, comma):
    """
    Say what is made.

    Args:
        named_class: Of columns by name.
        label_class: Of expressions with a name.
        grouping_class: Of parentheses.
        anonymous_class: Of names that are numbered when the statement is compiled.
        no_type: The type of what has none.
        as_operator: What an expression that gets a name stands in.
        comma: What the arguments of a function stand in.
    """
    global _named_class, _label_class, _grouping_class, _anonymous_class, _no_type, _as, _comma
    _named_class = named_class
    _label_class = label_class
    _grouping_class = grouping_class
    _anonymous_class = anonymous_class
    _no_type = no_type
    _as = as_operator
    _comma = comma


def is_whole_in_lists(method):
    """
    Decorate a ``self_group`` that returns the element itself in a list and under a name.
    """
    method._is_whole_in_lists = True
    return method


@cython.cfunc
@cython.exceptval(-1)
def _in_lists(cls: object) -> cython.int:
    """
    Tell of a class: 0 no expressions, 1 they may get parentheses in a list and under a name, 2 they never do.
    """
    known: object = _known_in_lists.get(cls)
    if known is None:
        known = 0
        if issubclass(cls, Compares) and hasattr(cls, "_never_grouped"):
            whole = cls._never_grouped or getattr(cls.self_group, "_is_whole_in_lists", False)
            known = 2 if whole else 1
        _known_in_lists[cls] = known
    return known


def stands_by(way):
    """
    Return a decorator for a ``_make_proxy``: what it makes is made here in this way.
    """

    def decorate(method):
        method._way = way
        return method

    return decorate


@cython.cfunc
@cython.inline
def _is_anonymous(name: object) -> cython.bint:
    return type(name) is not str and isinstance(name, _anonymous_class)


_FLAGS = ("is_literal", "_omit_from_statements", "_insert_sentinel")


@cython.cfunc
def _way_of(cls: object) -> object:
    way: object = _ways.get(cls)
    if way is None:
        way = getattr(getattr(cls, "_make_proxy", None), "_way", 0)
        if any(getattr(cls, name, False) is not False for name in _FLAGS):
            # not in the instance only, where it is looked for
            way = 0
        _ways[cls] = way
    return way


@cython.cfunc
def _proxy(column: object, selectable: object, name: object, key: object) -> object:
    """
    Return what stands for a column, None if its class has to be asked.
    """
    way: cython.int = _way_of(type(column))
    around: dict = _values(selectable)
    if way == 0 or around.get("_is_clone_of") is not None:
        return None
    if way == _LABEL:
        return None if name is not None else _proxy_of_label(column, selectable, key)
    known: dict = _values(column)
    own: object = known.get("name")
    if name is None and way != _EXPRESSION:
        name = own
    if name is None:
        return None
    cls: object = _named_class
    if way == _TABLE:
        cls = type(known.get("_annotated_element", column))
    made = _new_instance(cls)
    values: dict = {
        "name": name,
        "key": key,
        "type": _attribute(column, "type"),
        "table": selectable,
        "_proxies": (column,),
    }
    if way == _TABLE:
        for flag in _FLAGS:
            if known.get(flag):
                values[flag] = True
    elif way != _EXPRESSION and known.get("is_literal") and name == own:
        values["is_literal"] = True
    if _is_anonymous(name):
        values["_anon_origin"] = column
        if way == _EXPRESSION:
            # found by *key*; but one without a name of its own has none for others to take
            values["key"] = name
    attrs: object = (
        _attribute(column, "_propagate_attrs") if way == _EXPRESSION else around.get("_propagate_attrs")
    )
    if attrs:
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made


@cython.cfunc
def _proxy_of_label(column: object, selectable: object, key: object) -> object:
    name: object = _attribute(column, "name")
    if _is_anonymous(name):
        return None
    element: object = _attribute(column, "element")
    made = _proxy(element, selectable, name, key)
    if made is None:
        return None
    values: dict = _values(made)
    if _way_of(type(element)) == _TABLE:
        # it goes on to be described by the column that it was made from
        values["_made_from"] = element
    values["_proxies"] = (column,)
    type_: object = _attribute(column, "type")
    if type_ is not _no_type:
        values["type"] = type_
    attrs: object = _values(selectable).get("_propagate_attrs")
    if attrs:
        values["_propagate_attrs"] = attrs
    return made


def proxy(column, selectable, key):
    """
    Return the column of a FROM element that stands for another, and has this key.
    """
    made = _proxy(column, selectable, None, key)
    return column._make_proxy(selectable, key=key)[1] if made is None else made


def early_column(owner, below, key):
    """
    Return the column that stands for the one of a key below, from before all are made.

    None: there is none below, or all are made.
    """
    column: object = below.get(key)
    if column is None:
        return None
    values: dict = _values(owner)
    if "_collections" in values:
        return None
    early: object = values.get("_early_columns")
    if early is None:
        early = _keep(owner, "_early_columns", {})
    found: object = early.get(key)
    # of two threads the first one's is kept
    return early.setdefault(key, proxy(column, owner, key)) if found is None else found


@cython.cfunc
def _own_column(owner: object, below: object, column: object) -> object:
    """
    Return what stands for a column of a table itself; None if this is no such column.

    Args:
        below: The columns of the table.
    """
    values: dict = _values(owner)
    key: object = _attribute(column, "key")
    found: object
    if "_collections" in values:
        found = owner.c.get(key)
    else:
        # while nobody has asked for the columns, this one is made only: a statement names few of them
        early: object = values.get("_early_columns")
        if early is None:
            early = _keep(owner, "_early_columns", {})
        found = early.get(key)
        if found is None and _attribute(column, "_is_real_column") and below.get(key) is column:
            # of two threads the first one's is kept
            found = early.setdefault(key, proxy(column, owner, key))
    if found is None:
        return None
    proxied: tuple = _attribute(found, "_proxies")
    return found if len(proxied) == 1 and proxied[0] is column else None


def own_column(owner, column):
    """
    Return what stands for a column of the element in an alias of it; None if this is no such column.
    """
    return _own_column(owner, owner.element.c, column)


def add_own_columns(owner, columns, found):
    """
    Enter what stands for columns of the element in an alias of it, where that is not known yet.

    Args:
        columns: Those, and others, which are left out.
        found: Column -> what stands for it.
    """
    element = owner.element
    below = element.c
    for column in columns:
        if column in found or getattr(column, "table", None) is not element:
            continue
        made = _own_column(owner, below, column)
        if made is not None:
            found[column] = made


def columns_by_key(columns, key_of):
    """
    Return columns that all have a name, and a key, which no other has: by key and by name; None for others.

    An anonymous name does not count: it depends on the others what becomes of it.

    Args:
        key_of: Returns the key of an annotated column.
    """
    by_name: dict = {}
    by_key: dict = {}
    for column in columns:
        name = None if _attribute(column, "_is_text_clause") else column._label_name
        if name is None or name in by_name or _is_anonymous(name):
            return None, by_name
        key = key_of(column) if _attribute(column, "_annotations") else column._proxy_key
        if key is None or key in by_key or key == "_no_label":
            return None, by_name
        by_name[name] = by_key[key] = column
    return by_key, by_name


@cython.cclass
class ProxyKey:
    """
    A property: the key of a column, None where it is anonymous.
    """

    def __get__(self, column, cls):
        if column is None:
            return self
        key = _attribute(column, "key")
        return None if _is_anonymous(key) else key


def labeled(element, name):
    """
    Return an expression under a name.
    """
    type_: object = _attribute(element, "type")
    if not name or callable(type_) or isinstance(element, _label_class):
        return _label_class(name, element, type_)
    made = _new_instance(_label_class)
    values: dict = {
        "name": name,
        "key": name,
        "_element": element,
        "element": element if _in_lists(type(element)) == 2 else element.self_group(_as),
        "type": type_,
        "_proxies": [element],
    }
    attrs = _attribute(element, "_propagate_attrs")
    if attrs:
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made


def take_arguments(function, given, name, argument):
    """
    Let a function, just made, have arguments.

    Args:
        name: What values among them are named after.
        argument: Returns a value, or what stands for an expression, as one.
    """
    values: dict = _values(function)
    taken: list = []
    attrs: object = None
    for item in given:
        how: cython.int = _in_lists(type(item))
        if how == 0:
            item = argument(item, name)
            how = _in_lists(type(item))
        if how != 2:
            item = item.self_group(_comma)
        if not attrs:
            attrs = _attribute(item, "_propagate_attrs")
        taken.append(item)
    values["_arguments"] = tuple(taken)
    if taken:
        values["_has_args"] = True
    if attrs:
        values["_propagate_attrs"] = attrs


def in_parentheses(element):
    """
    Return an expression in parentheses.
    """
    made = _new_instance(_grouping_class)
    values: dict = {"element": element, "type": _attribute(element, "type")}
    attrs = _attribute(element, "_propagate_attrs")
    if attrs:
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made


def new_case(cls, whens, else_, expression):
    """
    Return a CASE of conditions; None where the class has to be asked what is given.

    Args:
        whens: Pairs of condition and result, all of them tuples.
        expression: Returns what is given as an expression.
    """
    made = _new_instance(cls)
    taken: list = []
    attrs: object = None
    type_: object = None
    for pair in whens:
        if type(pair) is not tuple or len(pair) != 2 or pair[0] is None:
            return None
        when, result = pair
        if _in_lists(type(when)) == 0:
            when = expression(when)
        if _in_lists(type(result)) == 0:
            result = expression(result)
        if not attrs:
            attrs = _attribute(when, "_propagate_attrs") or _attribute(result, "_propagate_attrs")
        if not result.type._isnull:
            # the last that has one
            type_ = result.type
        taken.append((when.self_group(), result))
    if else_ is not None:
        if _in_lists(type(else_)) == 0:
            else_ = expression(else_)
        if not attrs:
            attrs = _attribute(else_, "_propagate_attrs")
        if type_ is None and not else_.type._isnull:
            type_ = else_.type
    values: dict = {
        "value": None,
        "whens": taken,
        "else_": else_,
        "type": _no_type if type_ is None else type_,
    }
    if attrs:
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made


def copy_around(node, name, part):
    """
    Return a copy of a node that has another part in one of its fields.

    What the ORM notes of the part (``_propagate_attrs``) is the copy's.
    """
    made = _new_instance(type(node))
    values: dict = _copied_values(node)
    values[name] = part
    attrs = _attribute(part, "_propagate_attrs")
    if attrs:
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made


def anonymous_name(base):
    """
    Return a name with a number of its own.
    """
    if not base.isidentifier():
        return _anonymous_class.safe_construct(next_serial(), base)
    if cython.compiled:
        # formatting asks a quoted name for its text
        return str.__new__(_anonymous_class, f"%({next_serial()} {PyUnicode_Concat(base, _END)}")
    return str.__new__(_anonymous_class, f"%({next_serial()} {base})s")


def annotated_copy(cls, source, element, annotations):
    """
    Return a copy of *source*, as an instance of *cls*, that says it is *element* with annotations.
    """
    made = _new_instance(cls)
    values: dict = _copied_values(source)
    values["_annotations"] = annotations
    values["_annotated_element"] = element
    values["_hash"] = hash(element)
    _set_values(made, "__dict__", values)
    if cls._has_fields_in_c:
        made._take_fields(source._fields_in_c())
    return made


def renamed(cls, element, name):
    """
    Return something with rows under a name, as an instance of a class of FROM elements.

    Args:
        name: None for one that is made from the name of a table.
    """
    made = _new_instance(cls)
    values: dict = {"element": element, "_orig_name": name}
    if name is None:
        base = getattr(element, "name", None) if getattr(element, "named_with_column", False) else None
        name = anonymous_name("anon" if base is None or _is_anonymous(base) else base)
    values["name"] = name
    attrs = _attribute(element, "_propagate_attrs")
    if attrs:
        # a statement from a SELECT of entities concerns these
        values["_propagate_attrs"] = attrs
    _set_values(made, "__dict__", values)
    return made
