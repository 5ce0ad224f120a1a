"""
The FROM elements of nodes, and of a SELECT.

Which FROM elements a node needs is asked of whole statements, several times: classes list the fields
that it follows from (`froms_in`), and `from_objects` walks these without a call per node.

A SELECT has those that it was given, joined to what its joins name, and those that its columns and criteria
need (`given_and_needed`).

Rule 1: most joins have a condition between columns of two FROM elements; all others are left to Python.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.relvar._kernels.depth import relvar_one_level_deeper, relvar_one_level_up
    from cython.cimports.relvar._kernels.nodes import (
        BinaryFields,
        BindFields,
        _copied_values,
        _new_instance,
    )
else:
    from relvar._kernels.nodes import BinaryFields, BindFields, _copied_values, _new_instance
    _attribute = getattr

__all__ = [
    "configure_joins",
    "from_objects",
    "froms_in",
    "given_and_needed",
    "hidden_in",
    "identities",
    "is_among",
    "joined_on",
    "mentioned_columns",
    "without",
]

_UNSET = object()


@cython.final
@cython.cclass
class _Froms:
    """
    A property of nodes: the FROM elements that one needs, a list.
    """

    names = cython.declare(tuple)
    follow = cython.declare(cython.bint)
    itself = cython.declare(cython.bint)

    def __init__(self, names, follow, itself):
        self.names = names
        self.follow = follow
        self.itself = itself

    def __get__(self, node, cls):
        if node is None:
            return self
        found: list = []
        # as deep as functions of Python may call each other
        if cython.compiled:
            relvar_one_level_deeper(b" while FROM elements are looked for")
        try:
            _add_fields(self, node, found, 0)
        finally:
            if cython.compiled:
                relvar_one_level_up()
        return found


@cython.final
@cython.cclass
class _HiddenFroms:
    """
    A property of FROM elements: those in some of its fields, a list; they are not written beside it.
    """

    names = cython.declare(tuple)

    def __init__(self, names):
        self.names = names

    def __get__(self, node, cls):
        if node is None:
            return self
        found: list = []
        # as deep as functions of Python may call each other
        if cython.compiled:
            relvar_one_level_deeper(b" while FROM elements are looked for")
        try:
            for name in self.names:
                part = _attribute(node, name)
                _add_froms(part, found, 0)
                hidden = _attribute(part, "_hide_froms")
                if hidden:
                    found.extend(hidden)
        finally:
            if cython.compiled:
                relvar_one_level_up()
        return found


# Levels walked in C before Python is asked, which knows when it is too deep.
_FEW_LEVELS = cython.declare(cython.int, 8)
_froms_by_class = cython.declare(dict, {})


def froms_in(*names, follow=True, itself=False):
    """
    Return a property ``_from_objects`` of a class of nodes: what its fields need, one after the other.

    Args:
        names: Of fields with nodes, tuples and lists of nodes, or None.
        follow: Whether what is there is asked in turn; False: it is a FROM element itself, and
            without any names the node is one.
        itself: The node comes first.
    """
    return _Froms(names, follow, itself)


def hidden_in(*names):
    """
    Return a property ``_hide_froms`` of a class of FROM elements: those in its fields, and what these hide.
    """
    return _HiddenFroms(names)


def from_objects(elements):
    """
    Return the FROM elements that nodes need, one after the other, repetitions included.
    """
    found: list = []
    for element in elements:
        _add_froms(element, found, 0)
    return found


@cython.cfunc
def _froms_of(cls: object) -> object:
    """
    Return how a class says which FROM elements its nodes need; None: in a way of its own.
    """
    for base in cls.__mro__:
        said = base.__dict__.get("_from_objects")
        if said is not None:
            return said if isinstance(said, _Froms) else None
    return None


@cython.cfunc
@cython.exceptval(-1)
def _add_froms(element: object, found: list, depth: cython.int) -> cython.int:
    froms: object = _froms_by_class.get(type(element), _UNSET)
    if froms is _UNSET:
        froms = _froms_by_class[type(element)] = _froms_of(type(element))
    if froms is None or depth >= _FEW_LEVELS:
        found.extend(element._from_objects)
    else:
        _add_fields(froms, element, found, depth)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _add_fields(froms: _Froms, node: object, found: list, depth: cython.int) -> cython.int:
    if len(froms.names) == 0:
        if not froms.follow:
            found.append(node)
        return 0
    if froms.itself:
        found.append(node)
    for name in froms.names:
        value = _attribute(node, name)
        if value is None:
            continue
        if not froms.follow:
            found.append(value)
        else:
            _add_value(value, found, depth + 1)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _add_value(value: object, found: list, depth: cython.int) -> cython.int:
    if type(value) is tuple or type(value) is list:
        for item in value:
            _add_value(item, found, depth)
    elif value is not None:
        _add_froms(value, found, depth)
    return 0


# Of FROM elements and those they are copies of: their hashes tell them apart.


@cython.cfunc
@cython.exceptval(-1)
def _add_identities(element: object, found: set) -> cython.int:
    while element is not None:
        found.add(hash(element))
        element = _attribute(element, "_is_clone_of")
    return 0


def identities(elements):
    """
    Return what tells elements, and those they are copies of, from others: a set.
    """
    found: set = set()
    for element in elements:
        _add_identities(element, found)
    return found


@cython.cfunc
@cython.exceptval(-1)
def _is_among(element: object, found: set) -> cython.bint:
    while element is not None:
        if hash(element) in found:
            return True
        element = _attribute(element, "_is_clone_of")
    return False


def is_among(element, found):
    """
    Tell whether an element, or one it is a copy of, is among `identities`.
    """
    return _is_among(element, found)


def without(elements, found):
    """
    Return the elements that are not among `identities`: a list.
    """
    return [element for element in elements if not _is_among(element, found)]


# -- columns in conditions ---------------------------------------------


def mentioned_columns(nodes, known, opaque, list_operator):
    """
    Return the columns of entities that conditions compare, repetitions included: a list.

    Args:
        known: Entities whose columns are left out.
        opaque: Names of nodes that hide what is below them.
        list_operator: The operator of lists of values, which do so too, but for tuples.
    """
    found: list = []
    _add_mentioned(nodes, known, opaque, list_operator, found)
    return found


@cython.cfunc
@cython.exceptval(-1)
def _add_mentioned(
    nodes: object, known: object, opaque: object, list_operator: object, found: list
) -> cython.int:
    # as deep as functions of Python may call each other
    if cython.compiled:
        relvar_one_level_deeper(b" while columns are looked for")
    try:
        for node in nodes:
            if type(node) is _binary_class:
                fields: BinaryFields = node
                if fields.operator is not list_operator:
                    _add_mentioned((fields.left, fields.right), known, opaque, list_operator, found)
                continue
            if isinstance(node, BindFields):
                continue
            name = _attribute(node, "__visit_name__")
            if name == "column":
                said = _attribute(node, "_annotations")
                entity = said["parententity"] if "parententity" in said else None
                if entity is not None and entity not in known:
                    found.append(node)
            elif name in opaque or _attribute(node, "_is_bind_parameter"):
                continue
            elif name == "tuple" or getattr(node, "operator", None) is not list_operator:
                _add_mentioned(node.get_children(), known, opaque, list_operator, found)
    finally:
        if cython.compiled:
            relvar_one_level_up()
    return 0


# -- joins of a SELECT -------------------------------------------------

_join_class = cython.declare(type, None)
_binary_class = cython.declare(type, None)
_grouped = cython.declare(dict, None)
_condition = cython.declare(object, None)
_is_own_group = cython.declare(dict, {})
_settings: dict = {}


def configure_joins(join_class, binary_class, grouped, condition, is_own_group, refuse_itself):
    """
    Say what a join is, and which do not need to ask their parts.

    Args:
        binary_class: The class of comparisons and the like.
        grouped: The operator of such a node, and the one around it -> whether there are parentheses
            between them; operators that did not meet yet are missing.
        condition: What stands for the operator around a condition.
        is_own_group: Class of FROM elements -> whether they stand in a join without parentheses.
        refuse_itself: Raises the error of a SELECT that is an element of its own FROM.
    """
    global _join_class, _binary_class, _grouped, _condition
    _join_class = join_class
    _binary_class = binary_class
    _grouped = grouped
    _condition = condition
    _settings["is_own_group"] = is_own_group
    _settings["refuse_itself"] = refuse_itself


def given_and_needed(statement, state):
    """
    Return the FROM elements that a SELECT was given, joined; and all that are written, in order.

    Args:
        state: Has ``from_clauses`` of these, and ``_join``: for joins that take more than a look at columns.

    Returns:
        A tuple, and a list.
    """
    given: tuple = tuple(_attribute(statement, "_from_obj"))
    columns = _attribute(statement, "_raw_columns")
    criteria: tuple = tuple(_attribute(statement, "_where_criteria"))
    needed: list = []
    for element in columns:
        _add_froms(element, needed, 0)
    for element in criteria:
        _add_froms(element, needed, 0)
    joins: tuple = _attribute(statement, "_setup_joins")
    if joins:
        done: cython.Py_ssize_t = 0
        # the columns that the SELECT had before others took their place
        for count, earlier in _attribute(statement, "_memoized_select_entities"):
            given = _all_joined(
                given, joins[done:count], from_objects((*earlier, *criteria)), earlier, state
            )
            done = count
        given = _all_joined(given, joins[done:] if done else joins, needed, columns, state)
    return given, _written(statement, given, needed)


@cython.cfunc
def _all_joined(given: tuple, joins: tuple, needed: list, columns: object, state: object) -> tuple:
    for join in joins:
        made = _joined(given, join, needed)
        if made is None:
            state.from_clauses = given
            state._join(*join, columns)
            made = state.from_clauses
        given = made
    return given


@cython.cfunc
def _joined(given: tuple, join: tuple, needed: list) -> object:
    """
    Return *given* with one more join, on a comparison; None if it takes more than that.
    """
    right = join[0]
    condition = join[1]
    flags = join[3]
    if join[2] is not None or not _is_plain_join(right, condition):
        return None
    clauses: list = list(given or dict.fromkeys(needed))
    position: cython.Py_ssize_t = _left_of(clauses, right, condition)
    if position < 0:
        return None
    made = _new_join(clauses[position], right, condition, flags["isouter"], flags["full"])
    if len(given) < 2:
        return (made,)
    clauses[position] = made
    return tuple(clauses)


@cython.cfunc
@cython.exceptval(-1)
def _is_plain_join(right: object, condition: object) -> cython.bint:
    """
    Tell whether a join of *right* on a comparison has neither in parentheses.
    """
    if type(condition) is not _binary_class:
        return False
    own: object = _is_own_group.get(type(right))
    if own is None:
        own = _is_own_group[type(right)] = _settings["is_own_group"](type(right))
    return own and _grouped.get((condition.operator, _condition)) is False


@cython.cfunc
def _new_join(left: object, right: object, condition: object, isouter: object, full: object) -> object:
    made = _new_instance(_join_class)
    made.__dict__ = {"left": left, "right": right, "onclause": condition, "isouter": isouter, "full": full}
    return made


def joined_on(left, right, comparison, first, second, isouter, full):
    """
    Return the join of two FROM elements on a comparison like *comparison*, with operands of its own.

    Returns:
        None, if it takes more than that.
    """
    if not _is_plain_join(right, comparison):
        return None
    condition = comparison
    if first is not comparison.left or second is not comparison.right:
        fields: BinaryFields = comparison
        copied: BinaryFields = _new_instance(_binary_class)
        copied.__dict__ = _copied_values(comparison)
        copied.left = first
        copied.right = second
        copied.operator = fields.operator
        copied.negate = fields.negate
        copied.type = fields.type
        copied.modifiers = fields.modifiers
        if cython.compiled:
            copied.noted = fields.noted
        condition = copied
    return _new_join(left, right, condition, isouter, full)


@cython.cfunc
@cython.exceptval(-2)
def _left_of(clauses: list, right: object, condition: object) -> cython.Py_ssize_t:
    """
    Return the position of the one element that *right* is joined to; -1 if that does not follow from tables.
    """
    if len(clauses) < 2:
        return len(clauses) - 1
    fields: BinaryFields = condition
    froms: object = _froms_by_class.get(type(right))
    if fields.modifiers or froms is None or froms is _UNSET:
        return -1
    atom: _Froms = froms
    if len(atom.names) != 0 or atom.follow:
        return -1
    if not (
        _attribute(fields.left, "_is_keyed_column_element")
        and _attribute(fields.right, "_is_keyed_column_element")
    ):
        return -1
    first = _attribute(fields.left, "table")
    second = _attribute(fields.right, "table")
    found: cython.Py_ssize_t = -1
    position: cython.Py_ssize_t
    for position in range(len(clauses)):
        element = clauses[position]
        if hash(element) == hash(right):
            continue
        if found >= 0 or not (
            (first is element or first is right) and (second is element or second is right)
        ):
            # several, or columns that may be copies of one's own
            return -1
        found = position
    return found


@cython.cfunc
def _written(statement: object, given: tuple, needed: list) -> list:
    """
    Return FROM elements, each once, without those that are parts of others.
    """
    found: list = []
    seen: set = set()
    last: object = None
    hidden: object = None
    for element in (*given, *needed):
        if element is last:
            continue
        last = element
        identity = hash(element)
        if identity in seen:
            continue
        if element is statement or getattr(element, "element", None) is statement:
            _settings["refuse_itself"]()
        if _attribute(element, "_is_clone_of") is None:
            seen.add(identity)
        elif _is_among(element, seen):
            continue
        else:
            _add_identities(element, seen)
        found.append(element)
        parts = _attribute(element, "_hide_froms")
        if parts:
            if hidden is None:
                hidden = set()
            for part in parts:
                _add_identities(part, hidden)
    return found if hidden is None else without(found, hidden)
