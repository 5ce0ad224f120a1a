"""
The most frequent nodes: comparisons and bind parameters.

Most of a statement's nodes are comparisons with values.  Their fields are laid
out in C (`BinaryFields`, `BindFields`), where `keys` reads them directly, and
so is the short way from ``column == 5`` and ``column + 1`` to them (`Compares`), and
from the comparisons that are methods (`plain_comparison`, `plain_in`, `plain_is_null`): no
comparator, no coercion, where the type has no opinion of its own.

What is given for a place in a statement is mostly an element already, of a class that the place takes as it
is (`Coercion`): a statement with more in one of its places is one call (`copy_with`).

Rule 1: the short way makes what the long way makes.
Rule 2: it is left to the long way (``element.operate``) whenever the element's
    class, its type, or what it is compared with is not of the usual kind.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import functools
import operator
import sys

if cython.compiled:
    from cython.cimports.cpython.dict import PyDict_Next

    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.cpython.object import PyTypeObject
    from cython.cimports.cpython.ref import PyObject
    from cython.cimports.relvar._kernels.objects import relvar_own_dict
    from cython.cimports.relvar._kernels.objects import relvar_set_values as _set_values
else:
    from relvar._kernels.own import own_dict

    _attribute = getattr
    _set_values = object.__setattr__

__all__ = [
    "BinaryFields",
    "BindFields",
    "Coercion",
    "Compares",
    "Keeps",
    "Memo",
    "adding",
    "coercion",
    "configure_coercions",
    "configure_comparisons",
    "copy_and",
    "copy_node",
    "copy_with",
    "keep",
    "new_binary",
    "new_bind",
    "new_with",
    "plain_bind",
    "plain_comparison",
    "plain_in",
    "plain_is_null",
]

_UNSET = object()
_MEMOIZED = cython.declare(str, sys.intern("_memoized_names"))
_STRUCTURE = cython.declare(str, sys.intern("_structure"))
_TEXT_MEMO = cython.declare(str, sys.intern("_text_memo"))


@cython.cclass
class Keeps:
    """
    A node with room for what it contributes to the keys of statements, see `keys`.
    """

    if not cython.compiled:
        __slots__ = ()


@cython.cclass
class Compares(Keeps):
    """
    The six comparisons of column elements, and their arithmetic.
    """

    def __eq__(self, other):
        return _compared(self, other, _EQ, _NE)

    def __ne__(self, other):
        return _compared(self, other, _NE, _EQ)

    def __lt__(self, other):
        return _compared(self, other, _LT, _GE)

    def __le__(self, other):
        return _compared(self, other, _LE, _GT)

    def __gt__(self, other):
        return _compared(self, other, _GT, _LE)

    def __ge__(self, other):
        return _compared(self, other, _GE, _LT)

    def __hash__(self):
        return object.__hash__(self)

    def __add__(self, other):
        return _calculated(self, other, _ADD)

    def __sub__(self, other):
        return _calculated(self, other, _SUB)

    def __mul__(self, other):
        return _calculated(self, other, _MUL)

    def __truediv__(self, other):
        return _calculated(self, other, _TRUEDIV)

    def __floordiv__(self, other):
        return _calculated(self, other, _FLOORDIV)

    def __mod__(self, other):
        return _calculated(self, other, _MOD)

    # An extension class has both sides of an operator: these would hide those of the classes behind it.

    def __radd__(self, other):
        return self.reverse_operate(_ADD, other)

    def __rsub__(self, other):
        return self.reverse_operate(_SUB, other)

    def __rmul__(self, other):
        return self.reverse_operate(_MUL, other)

    def __rtruediv__(self, other):
        return self.reverse_operate(_TRUEDIV, other)

    def __rfloordiv__(self, other):
        return self.reverse_operate(_FLOORDIV, other)

    def __rmod__(self, other):
        return self.reverse_operate(_MOD, other)


@cython.cclass
class BinaryFields(Compares):
    """
    The fields of an expression with two operands.
    """

    def __reduce__(self):
        return _restore, (type(self), self.__getstate__(), self._fields_in_c())

    def _fields_in_c(self):
        # of other processes, which may be interpreted, and have it in their dictionary
        noted = self._propagate_attrs or None
        return (self.left, self.right, self.operator, self.negate, self.type, self.modifiers, noted)

    def _take_fields(self, values):
        """
        Become a copy of the node whose fields are *values*.
        """
        self.left, self.right, self.operator, self.negate, self.type, self.modifiers, noted = values
        if noted:
            self._propagate_attrs = noted

    if cython.compiled:

        @property
        def _propagate_attrs(self):
            return _nothing_noted if self.noted is None else self.noted

        @_propagate_attrs.setter
        def _propagate_attrs(self, noted):
            self.noted = noted


@cython.cclass
class BindFields(Compares):
    """
    The fields of a bind parameter.
    """

    def __reduce__(self):
        # a value that is called for is called for now
        fields = (self.effective_value, *self._fields_in_c()[1:])
        return _restore, (type(self), self.__getstate__(), fields)

    def _fields_in_c(self):
        return (self.value, self.type, self.unique, self._modes, self._orig_key)

    def _take_fields(self, values):
        """
        Become a copy of the node whose fields are *values*.
        """
        self.value, self.type, self.unique, self._modes, self._orig_key = values


if not cython.compiled:
    # nodes.pxd declares them for the compiler.
    BinaryFields.left = BinaryFields.right = BinaryFields.operator = BinaryFields.negate = None
    BinaryFields.type = BinaryFields.modifiers = None
    BindFields.value = BindFields.type = BindFields._orig_key = None
    BindFields.unique = False
    BindFields._modes = 0


def _restore(cls, values, fields):
    made = cls.__new__(cls)
    made.__dict__.update(values)
    made._take_fields(fields)
    return made


# In place of a dictionary that is not looked into.
_NOTHING = cython.declare(dict, {})
_settings: dict = {}
_comparing = cython.declare(dict, {})
_plain_values = cython.declare(dict, {})
_plain_values_of_methods = cython.declare(dict, {})
_adapted = cython.declare(dict, {})
_anonymous_classes = cython.declare(dict, {})
_binary_class = cython.declare(type, None)
_bind_class = cython.declare(type, None)
_boolean = cython.declare(object, None)
_null = cython.declare(object, None)
_null_operators = cython.declare(object, None)
_no_modifiers = cython.declare(object, None)
_nothing_noted = cython.declare(object, None)

_EQ = cython.declare(object, operator.eq)
_NE = cython.declare(object, operator.ne)
_LT = cython.declare(object, operator.lt)
_LE = cython.declare(object, operator.le)
_GT = cython.declare(object, operator.gt)
_GE = cython.declare(object, operator.ge)
_ADD = cython.declare(object, operator.add)
_SUB = cython.declare(object, operator.sub)
_MUL = cython.declare(object, operator.mul)
_TRUEDIV = cython.declare(object, operator.truediv)
_FLOORDIV = cython.declare(object, operator.floordiv)
_MOD = cython.declare(object, operator.mod)


def configure_comparisons(
    binary_class,
    bind_class,
    boolean_type,
    null,
    null_operators,
    no_modifiers,
    nothing_noted,
    describe,
    plain_values,
    adapt,
):
    """
    Say what `Compares` makes, and when.

    Args:
        null_operators: IS and IS NOT.
        nothing_noted: ``_propagate_attrs`` of an element of which the ORM notes nothing.
        describe: Class of an element -> None if comparing must go the long way, else
            ``(never grouped, name of the attribute that names bind parameters, is a
            column, its dictionary has type, name and ``_propagate_attrs``)``.
        plain_values: Class of a type, and an operator or None for the six comparisons
            -> the classes of values that are compared with as they are; None if
            comparing must go the long way.
        adapt: Operator of arithmetic, type of the left side and of the right -> the operator to
            render, whether the result has the left type (0), the right (1) or another (2), and
            that; None if it does not follow from the classes of the types.
    """
    global _binary_class, _bind_class, _boolean, _null, _null_operators, _no_modifiers
    global _nothing_noted
    _binary_class = binary_class
    _bind_class = bind_class
    _boolean = boolean_type
    _null = null
    _null_operators = null_operators
    _no_modifiers = no_modifiers
    _nothing_noted = nothing_noted
    _settings["describe"] = describe
    _settings["plain_values"] = plain_values
    _settings["adapt"] = adapt


@cython.cfunc
def _values(node: object) -> dict:
    """
    Return the ``__dict__`` of a node, past any ``__getattr__``.
    """
    if cython.compiled:
        return relvar_own_dict(node)
    return own_dict(node)


if not cython.compiled:
    # the same, without a call of Python in between
    _values = own_dict


@cython.cfunc
def _new_instance(cls: object) -> object:
    """
    Make an instance without calling its constructor.
    """
    if cython.compiled:
        return cython.cast(cython.pointer(PyTypeObject), cls).tp_new(
            cls, cython.cast(cython.pointer(PyObject), ()), cython.NULL
        )
    return object.__new__(cls)


@cython.cfunc
def _how(cls: object) -> object:
    """
    Return what `configure_comparisons` was told of a class of elements.
    """
    how: object = _comparing.get(cls, _UNSET)
    if how is _UNSET:
        how = _comparing[cls] = _settings["describe"](cls)
    return how


@cython.cfunc
def _values_of(type_class: object) -> object:
    """
    Return the classes of values a type takes as they are; None if it has operators of its own.
    """
    values: object = _plain_values.get(type_class, _UNSET)
    if values is _UNSET:
        values = _plain_values[type_class] = _settings["plain_values"](type_class, None)
    return values


@cython.cfunc
def _values_for(operator: object, type_class: object) -> object:
    """
    Return the same for one of the operators that are methods.
    """
    known: object = _plain_values_of_methods.get(operator)
    if known is None:
        known = _plain_values_of_methods[operator] = {}
    values: object = known.get(type_class, _UNSET)
    if values is _UNSET:
        values = known[type_class] = _settings["plain_values"](type_class, operator)
    return values


@cython.cfunc
@cython.inline
def _told(element: object, own: dict, name: object) -> object:
    """
    Return an attribute of an element; *own* is its dictionary, or nothing.
    """
    told: object = own.get(name)
    return told if told is not None else _attribute(element, name)


@cython.cfunc
def _name_for(element: object, own: dict, attribute: object) -> object:
    """
    Return the base name of parameters that *element* is compared with; *own* as in `_told`.
    """
    if attribute is None:
        return "param"
    name = _told(element, own, attribute) if cython.compiled else getattr(element, attribute)
    if type(name) is not str:
        anonymous = _anonymous_classes.get(type(name))
        if anonymous is None:
            # None: a column inside a class body, which has no name yet
            anonymous = _anonymous_classes[type(name)] = name is None or hasattr(name, "_key_text")
        if anonymous:
            return "param"
    return name


@cython.cfunc
def _bind(value: object, type_: object, name: object) -> object:
    made = _new_instance(_bind_class)
    if cython.compiled:
        fields: BindFields = made
        fields.value = value
        fields.type = type_
        fields.unique = True
        fields._orig_key = name
    else:
        made.value = value
        made.type = type_
        made.unique = True
        made._orig_key = name
    return made


def new_bind(value, type_, values=None):
    """
    Return a bind parameter for a value of known type that stands beside nothing.

    Args:
        values: What it says besides, by attribute.
    """
    made = _bind(value, type_, "param")
    if values is not None:
        if cython.compiled:
            # a small dictionary: an attribute that is set makes one with room for all names of the class
            _set_values(made, "__dict__", values)
        else:
            made.__dict__.update(values)
    return made


def plain_bind(element, value):
    """
    Return a bind parameter for a value beside *element*; None if the type has to be asked.
    """
    how = _how(type(element))
    if how is None:
        return None
    type_ = _attribute(element, "type")
    values = _values_of(type(type_))
    if values is None or type(value) not in cython.cast(frozenset, values):
        return None
    return _bind(value, type_, _name_for(element, _NOTHING, how[1]))


@cython.cfunc
def _grouped(element: object, operator: object) -> object:
    how = _how(type(element))
    if how is not None and how[0]:
        return element
    return element.self_group(operator)


def new_binary(left, right, operator, type_, negate, modifiers):
    """
    Return ``left operator right``; operands get parentheses if they need them.
    """
    attrs = _attribute(left, "_propagate_attrs")
    if not attrs:
        attrs = _attribute(right, "_propagate_attrs")
    return _binary(
        _grouped(left, operator), _grouped(right, operator), operator, type_, negate, modifiers, attrs
    )


@cython.cfunc
def _binary(
    left: object,
    right: object,
    operator: object,
    type_: object,
    negate: object,
    modifiers: object,
    attrs: object,
) -> object:
    made = _new_instance(_binary_class)
    if not modifiers:
        modifiers = _no_modifiers
    if cython.compiled:
        fields: BinaryFields = made
        fields.left = left
        fields.right = right
        fields.operator = operator
        fields.negate = negate
        fields.type = type_
        fields.modifiers = modifiers
        if attrs:
            fields.noted = attrs
    else:
        made.left = left
        made.right = right
        made.operator = operator
        made.negate = negate
        made.type = type_
        made.modifiers = modifiers
        if attrs:
            made._propagate_attrs = attrs
    return made


@cython.cfunc
def _compared(element: object, other: object, operator: object, negate: object) -> object:
    """
    Return ``element operator other``: the short way if it is one of the usual cases.
    """
    how = _how(type(element))
    if how is None:
        return element.operate(operator, other)
    own: dict = _NOTHING
    attrs: object
    if cython.compiled and how[3]:
        own = _values(element)
        attrs = own.get("_propagate_attrs")
    else:
        attrs = _attribute(element, "_propagate_attrs")
    type_ = _told(element, own, "type") if cython.compiled else element.type
    values = _values_of(type(type_))
    if values is None:
        return element.operate(operator, other)
    if type(other) in cython.cast(frozenset, values):
        other = _bind(other, type_, _name_for(element, own, how[1]))
    elif other is None and (operator is _EQ or operator is _NE):
        nulls: tuple = _null_operators
        if operator is _EQ:
            return _with_right(element, how, _null, nulls[0], nulls[1], None)
        return _with_right(element, how, _null, nulls[1], nulls[0], None)
    else:
        # a mapped attribute may know its column
        column = other if isinstance(other, Compares) else getattr(other, "_known_expression", None)
        if not isinstance(column, Compares):
            return element.operate(operator, other)
        other_how = _how(type(column))
        if other_how is None or not other_how[2]:
            return element.operate(operator, other)
        other = column
        if not attrs:
            attrs = _attribute(other, "_propagate_attrs")
    left = element if how[0] else element.self_group(operator)
    return _binary(left, other, operator, _boolean, negate, None, attrs)


@cython.cfunc
def _calculated(element: object, other: object, operator: object) -> object:
    """
    Return ``element operator other`` for columns and plain values: other operands may be joined to one list.
    """
    how = _how(type(element))
    if how is None or not how[2]:
        return element.operate(operator, other)
    type_ = _attribute(element, "type")
    values = _values_for(operator, type(type_))
    if values is None:
        return element.operate(operator, other)
    attrs = _attribute(element, "_propagate_attrs")
    right_type: object = type_
    right: object
    if type(other) in cython.cast(frozenset, values):
        right = _bind(other, type_, _name_for(element, _NOTHING, how[1]))
    else:
        # a mapped attribute may know its column
        right = other if isinstance(other, Compares) else getattr(other, "_known_expression", None)
        if not isinstance(right, Compares):
            return element.operate(operator, other)
        other_how = _how(type(right))
        if other_how is None or not other_how[2]:
            return element.operate(operator, other)
        right_type = _attribute(right, "type")
        if not attrs:
            attrs = _attribute(right, "_propagate_attrs")
    adapted = _adapted_by(operator, type_, right_type)
    if adapted is None:
        return element.operate(operator, other)
    which: cython.int = adapted[1]
    result = type_ if which == 0 else right_type if which == 1 else adapted[2]
    return _binary(element, right, adapted[0], result, None, None, attrs)


@cython.cfunc
def _adapted_by(operator: object, left: object, right: object) -> object:
    """
    Return what `configure_comparisons` was told of an operator between two types.
    """
    # one type object on both sides says nothing about two of its class
    key = (operator, type(left), None if left is right else type(right))
    adapted: object = _adapted.get(key, _UNSET)
    if adapted is _UNSET:
        adapted = _adapted[key] = _settings["adapt"](operator, left, right)
    return adapted


@cython.cfunc
def _with_right(
    element: object, how: object, right: object, operator: object, negate: object, modifiers: object
) -> object:
    """
    Return ``element operator right``, whose right side is made for it.
    """
    left = element if how[0] else element.self_group(operator)
    attrs = _attribute(element, "_propagate_attrs")
    return _binary(left, right, operator, _boolean, negate, modifiers, attrs)


def plain_comparison(element, other, operator, negate, modifiers):
    """
    Return ``element operator other`` for a plain value; None if that is not one of the usual cases.
    """
    how = _how(type(element))
    if how is None:
        return None
    type_ = _attribute(element, "type")
    values = _values_for(operator, type(type_))
    if values is None or type(other) not in cython.cast(frozenset, values):
        return None
    right = _bind(other, type_, _name_for(element, _NOTHING, how[1]))
    return _with_right(element, how, right, operator, negate, modifiers)


def plain_is_null(element, operator, negate):
    """
    Return ``element IS NULL`` or ``IS NOT NULL``; None if that is not one of the usual cases.
    """
    how = _how(type(element))
    if how is None or _values_for(operator, type(_attribute(element, "type"))) is None:
        return None
    return _with_right(element, how, _null, operator, negate, None)


def plain_in(element, values, operator, negate):
    """
    Return ``element IN (values)`` for a list of plain values; None if that is not one of the usual cases.
    """
    how = _how(type(element))
    if how is None:
        return None
    type_ = _attribute(element, "type")
    plain = _values_for(operator, type(type_))
    if not plain:
        return None
    for value in values:
        if value is not None and type(value) not in cython.cast(frozenset, plain):
            return None
    right = _bind(list(values), type_, _name_for(element, _NOTHING, how[1]))
    right.expanding = True
    if cython.compiled:
        # a small dictionary, as in `new_bind`
        _set_values(right, "__dict__", {"expand_op": operator})
    else:
        right.expand_op = operator
    return _with_right(element, how, right, operator, negate, None)


def keep(node, name, value):
    """
    Let a node have a value until it is copied.
    """
    _keep(node, name, value)


@cython.cfunc
def _keep(node: object, name: object, value: object) -> object:
    values: dict = _values(node)
    values[name] = value
    kept = values.get(_MEMOIZED)
    values[_MEMOIZED] = (name,) if kept is None else (*kept, name)
    return value


@cython.cclass
class Memo:
    """
    A property of nodes that is worked out once, and kept where it hides this.
    """

    fget = cython.declare(object, visibility="public")
    _name = cython.declare(object)
    _too_deep = cython.declare(object)

    def __init__(self, fget, too_deep):
        """
        Take the function.

        Args:
            too_deep: Returns what to raise when nodes nest too deeply for it.
        """
        self.fget = fget
        self._name = fget.__name__
        self._too_deep = too_deep

    def __get__(self, node, cls):
        if node is None:
            return self
        try:
            value = self.fget(node)
        except RecursionError:
            raise self._too_deep() from None
        return _keep(node, self._name, value)


@cython.cfunc
def _copied_values(node: object) -> dict:
    """
    Return a copy of a node's dictionary without anything memoized.
    """
    # copied before it is looked at: making a dictionary may run the collector, and with it what memoizes
    values: dict = _values(node).copy()
    if cython.compiled and len(values) <= 8:
        # names of attributes are interned
        at: cython.Py_ssize_t = 0
        name_at: cython.pointer(PyObject) = cython.NULL
        memoizes: cython.bint = False
        while PyDict_Next(values, cython.address(at), cython.address(name_at), cython.NULL):
            if (
                name_at == cython.cast(cython.pointer(PyObject), _MEMOIZED)
                or name_at == cython.cast(cython.pointer(PyObject), _STRUCTURE)
                or name_at == cython.cast(cython.pointer(PyObject), _TEXT_MEMO)
            ):
                memoizes = True
                break
        if not memoizes:
            return values
    if _STRUCTURE in values:
        del values[_STRUCTURE]
    if _TEXT_MEMO in values:
        del values[_TEXT_MEMO]
    if _MEMOIZED in values:
        for name in values.pop(_MEMOIZED):
            values.pop(name, None)
    return values


def copy_node(node):
    """
    Return a shallow copy of a node without anything memoized.
    """
    cls = type(node)
    made = _new_instance(cls)
    _set_values(made, "__dict__", _copied_values(node))
    if cls._has_fields_in_c:
        made._take_fields(node._fields_in_c())
    return made


@cython.final
@cython.cclass
class Coercion:
    """
    A function that makes what is given for a place into an element; most is one, of a class that it takes.
    """

    _function = cython.declare(object)
    _takes = cython.declare(object)
    _by_class = cython.declare(dict)

    def __init__(self, function, takes):
        """
        Take the function.

        Args:
            takes: Class -> whether the function returns instances of it, and nothing else, as they are.
        """
        self._function = function
        self._takes = takes
        self._by_class = {}

    def __call__(self, given):
        if self._by_class.get(type(given)) is True:
            return given
        return _resolved(self, given)


def coercion(takes):
    """
    Return a decorator that makes a `Coercion` of a function.
    """

    def decorate(function):
        return Coercion(function, takes)

    return decorate


_element_of_class = cython.declare(object, None)


def configure_coercions(element_of_class):
    """
    Say what a mapped class stands for: class -> element; None for others, and before that is known.
    """
    global _element_of_class
    _element_of_class = element_of_class


@cython.cfunc
@cython.exceptval(-1)
def _is_taken(coercion: Coercion, given: object) -> cython.bint:
    taken: object = coercion._by_class.get(type(given))
    if taken is None:
        taken = coercion._by_class[type(given)] = bool(coercion._takes(type(given)))
    return taken is True


@cython.cfunc
def _coerced(coercion: Coercion, given: object) -> object:
    if coercion._by_class.get(type(given)) is True:
        return given
    return _resolved(coercion, given)


@cython.cfunc
def _all_coerced(coercion: Coercion, given: tuple) -> tuple:
    """
    Return what a place takes for each of what is given; the same tuple, if it takes all as they are.
    """
    for item in given:
        if coercion._by_class.get(type(item)) is not True:
            return tuple([_coerced(coercion, each) for each in given])
    return given


@cython.cfunc
def _resolved(coercion: Coercion, given: object) -> object:
    """
    Return what a place takes for something of a class that is not known to be taken.
    """
    if _is_taken(coercion, given):
        return given
    element: object = None
    if not isinstance(given, type):
        # a mapped attribute may know its column
        element = getattr(given, "_known_expression", None)
    elif _element_of_class is not None:
        element = _element_of_class(given)
    if element is not None and _is_taken(coercion, element):
        return element
    return coercion._function(given)


def new_with(cls, name, given, coercion: Coercion):
    """
    Return a statement with a list of elements, past its constructor.

    What the ORM notes of them (``_propagate_attrs``) is the statement's.
    """
    made = _new_instance(cls)
    items: list = [_coerced(coercion, item) for item in given]
    values: dict = {name: items}
    _note_attrs(values, items)
    _set_values(made, "__dict__", values)
    return made


def copy_with(node, name, given, coercion: Coercion, is_noted: cython.bint = True):
    """
    Return a copy of a statement that has more elements in one of its tuples.

    What the ORM notes of them (``_propagate_attrs``) is the statement's, if it has nothing of that kind.

    Args:
        is_noted: They are elements of which the ORM notes anything; options are not.
    """
    return _copy_with(node, name, given, coercion, is_noted)


@cython.cfunc
def _copy_with(
    node: object, name: object, given: tuple, coercion: Coercion, is_noted: cython.bint = True
) -> object:
    more: tuple
    if cython.compiled:
        more = _all_coerced(coercion, given)
    else:
        more = tuple([_coerced(coercion, item) for item in given])
    made = _new_instance(type(node))
    values: dict = _copied_values(node)
    known = values.get(name)
    values[name] = known + more if known else more
    if is_noted and not values.get("_propagate_attrs"):
        _note_attrs(values, more)
    _set_values(made, "__dict__", values)
    return made


if not cython.compiled:
    # the same, without a call of Python in between
    copy_with = _copy_with


def adding(name, coercion: Coercion, is_noted: cython.bint = True):
    """
    Return a decorator that makes a method of a function: one by which a statement gets more elements.

    The function says how it is called, with what and what for; `copy_with` is what it does.
    """

    def decorate(function):
        def method(self, *elements):
            return _copy_with(self, name, elements, coercion, is_noted)

        return functools.update_wrapper(method, function)

    return decorate


def copy_and(node, name, item, elements):
    """
    Return a copy of a statement that has one more item in one of its tuples; *elements* are those in it.
    """
    made = _new_instance(type(node))
    values: dict = _copied_values(node)
    known = values.get(name)
    values[name] = (*known, item) if known else (item,)
    if not values.get("_propagate_attrs"):
        _note_attrs(values, elements)
    _set_values(made, "__dict__", values)
    return made


@cython.cfunc
@cython.exceptval(-1)
def _note_attrs(values: dict, elements: object) -> cython.int:
    for element in elements:
        attrs = _attribute(element, "_propagate_attrs")
        if attrs:
            values["_propagate_attrs"] = attrs
            break
    return 0
