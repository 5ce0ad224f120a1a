"""
Parts of statements that are made in one step, past their constructors.

A subquery, CTE or alias has columns that stand for those below (`proxy`), each made when it is asked
for (`early_column`), if all have keys of their own (`columns_by_key`).  Expressions get names
(`labeled`), FROM elements another (`renamed`).

Rule 1: what is made is what the class's own method or constructor makes.
Rule 2: a class with a method of its own is asked for it: the methods of relvar say how their results are made
    here (`stands_by`).
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.object import PyObject_GenericGetAttr
    from cython.cimports.relvar._kernels.nodes import _keep, _new_instance
else:
    from relvar._kernels.nodes import _keep, _new_instance

__all__ = [
    "EXPRESSION",
    "LABEL",
    "NAMED",
    "TABLE",
    "ProxyKey",
    "columns_by_key",
    "configure_parts",
    "early_column",
    "is_whole_in_lists",
    "labeled",
    "proxy",
    "renamed",
    "stands_by",
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

_UNSET = object()
_settings: dict = {}
_ways = cython.declare(dict, {})
_wholes = cython.declare(dict, {})
_named_class = cython.declare(object, None)
_label_class = cython.declare(object, None)
_anonymous_class = cython.declare(type, None)
_no_type = cython.declare(object, None)
_as = cython.declare(object, None)


def configure_parts(named_class, label_class, anonymous_class, no_type, as_operator):
    """
    Say what is made.

    Args:
        named_class: Of columns by name.
        label_class: Of expressions with a name.
        anonymous_class: Of names that are numbered when the statement is compiled.
        no_type: The type of what has none.
        as_operator: What an expression that gets a name stands in.
    """
    global _named_class, _label_class, _anonymous_class, _no_type, _as
    _named_class = named_class
    _label_class = label_class
    _anonymous_class = anonymous_class
    _no_type = no_type
    _as = as_operator


def is_whole_in_lists(method):
    """
    Decorate a ``self_group`` that returns the element itself in a list and under a name.
    """
    method._is_whole_in_lists = True
    return method


@cython.cfunc
@cython.exceptval(-1)
def _is_whole(cls: object) -> cython.bint:
    """
    Tell whether elements of a class get no parentheses in a list and under a name, whatever is in them.
    """
    whole: object = _wholes.get(cls)
    if whole is None:
        whole = cls._never_grouped or getattr(cls.self_group, "_is_whole_in_lists", False)
        _wholes[cls] = whole
    return whole is True


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
def _attribute(node: object, name: object) -> object:
    """
    Read an attribute, past any ``__getattr__`` of the class: that is for names that are missing.
    """
    if cython.compiled:
        return PyObject_GenericGetAttr(node, name)
    return getattr(node, name)


if not cython.compiled:
    # the same, without a call of Python each
    _attribute = getattr


@cython.cfunc
@cython.inline
def _is_anonymous(name: object) -> cython.bint:
    return type(name) is not str and isinstance(name, _anonymous_class)


@cython.cfunc
def _way_of(cls: object) -> object:
    way: object = _ways.get(cls)
    if way is None:
        way = _ways[cls] = getattr(cls._make_proxy, "_way", 0)
    return way


@cython.cfunc
def _proxy(column: object, selectable: object, name: object, key: object) -> object:
    """
    Return what stands for a column, None if its class has to be asked.
    """
    way: cython.int = _way_of(type(column))
    if way == 0 or _attribute(selectable, "_is_clone_of") is not None:
        return None
    attrs: object = _attribute(selectable, "_propagate_attrs")
    if way == _LABEL:
        if name is not None:
            return None
        name = _attribute(column, "name")
        if _is_anonymous(name):
            return None
        element: object = _attribute(column, "element")
        if _way_of(type(element)) == _LABEL:
            return None
        made = _proxy(element, selectable, name, key)
        if made is None:
            return None
        values: dict = made.__dict__
        if _way_of(type(element)) == _TABLE:
            values["_made_from"] = element
        values["_proxies"] = (column,)
        type_: object = _attribute(column, "type")
        if type_ is not _no_type:
            values["type"] = type_
        if attrs:
            values["_propagate_attrs"] = attrs
        return made
    if way == _EXPRESSION:
        attrs = _attribute(column, "_propagate_attrs")
    elif name is None:
        name = _attribute(column, "name")
    if name is None:
        return None
    cls: object = _named_class
    if way == _TABLE:
        cls = type(_attribute(column, "_annotated_element") if _attribute(column, "_is_annotated") else column)
    made = _new_instance(cls)
    values = {
        "name": name,
        "key": key,
        "type": _attribute(column, "type"),
        "table": selectable,
        "_proxies": (column,),
    }
    if way == _TABLE:
        if _attribute(column, "is_literal"):
            values["is_literal"] = True
        if _attribute(column, "_omit_from_statements"):
            values["_omit_from_statements"] = True
        if _attribute(column, "_insert_sentinel"):
            values["_insert_sentinel"] = True
    elif way != _EXPRESSION and _attribute(column, "is_literal") and name == _attribute(column, "name"):
        values["is_literal"] = True
    if _is_anonymous(name):
        values["_anon_origin"] = column
        if way == _EXPRESSION:
            # found by *key*; but one without a name of its own has none for others to take
            values["key"] = name
    if attrs:
        values["_propagate_attrs"] = attrs
    made.__dict__ = values
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
    values: dict = owner.__dict__
    if "_collections" in values:
        return None
    early: object = values.get("_early_columns")
    if early is None:
        early = _keep(owner, "_early_columns", {})
    found: object = early.get(key)
    # of two threads the first one's is kept
    return early.setdefault(key, proxy(column, owner, key)) if found is None else found


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
        "element": element if _is_whole(type(element)) else element.self_group(_as),
        "type": type_,
        "_proxies": [element],
    }
    attrs = _attribute(element, "_propagate_attrs")
    if attrs:
        values["_propagate_attrs"] = attrs
    made.__dict__ = values
    return made


def renamed(cls, element, name):
    """
    Return something with rows under a name, as an instance of a class of FROM elements.
    """
    made = _new_instance(cls)
    values: dict = {"element": element, "_orig_name": name, "name": name}
    attrs = _attribute(element, "_propagate_attrs")
    if attrs:
        # a statement from a SELECT of entities concerns these
        values["_propagate_attrs"] = attrs
    made.__dict__ = values
    return made
