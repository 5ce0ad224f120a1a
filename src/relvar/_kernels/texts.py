"""
The text of the most frequent nodes: columns, parameters, what operators, lists and parentheses make of them.

And of what statements have of these: lists of columns, FROM elements, criteria, the values of an UPDATE.

A compiler is a visitor, and most of the nodes that it is sent to are written by visitors that hardly any
dialect overrides.  `dispatch_to` makes the method by which a node sends the compiler to its visitor; for
these nodes it writes the text itself, and goes on to the nodes inside without a call of Python.

Rule 1: what is written here is what the visitors of `relvar.compile` write.
Rule 2: a node is left to its visitor if the compiler's class overrides that (`PlainRules`, made once per
    class), if a keyword argument says anything that concerns the node, or if it is not of the usual kind.
Rule 3: a node whose class has a dispatch of its own (`relvar.ext.compiler`) is sent there.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import operator

from relvar._kernels.froms import from_objects

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.relvar._kernels.depth import Py_LeaveRecursiveCall, relvar_one_level_deeper
    from cython.cimports.relvar._kernels.nodes import BinaryFields, BindFields
else:
    from relvar._kernels.nodes import BinaryFields, BindFields
    _attribute = getattr

__all__ = [
    "AnonymousNames",
    "PlainRules",
    "assignments_by_name",
    "columns_of_tables",
    "columns_to_set",
    "columns_with_names",
    "configure_texts",
    "criteria_text",
    "dispatch_to",
    "final_name",
    "keys_of_columns",
    "texts_of",
    "texts_of_froms",
    "update_text",
    "with_placeholders",
]

_UNSET = object()

_COLUMN = cython.declare(cython.int, 1)
_BIND = cython.declare(cython.int, 2)
_BINARY = cython.declare(cython.int, 3)
_OPERANDS = cython.declare(cython.int, 4)
_LIST = cython.declare(cython.int, 5)
_GROUPING = cython.declare(cython.int, 6)
_CASE = cython.declare(cython.int, 7)
# These have a text of their own as FROM elements only: from here on, kinds are not those of `_plain_text`.
_TABLE = cython.declare(cython.int, 8)
_ALIAS = cython.declare(cython.int, 9)
_JOIN = cython.declare(cython.int, 10)

_kinds: dict = {
    "column": _COLUMN,
    "bindparam": _BIND,
    "binary": _BINARY,
    "expression_clauselist": _OPERANDS,
    "clauselist": _LIST,
    "grouping": _GROUPING,
    "case": _CASE,
    "table": _TABLE,
    "alias": _ALIAS,
    "join": _JOIN,
}

# What may be handed down to the nodes here without making a difference to them.
_harmless = cython.declare(
    frozenset, frozenset(("within_columns_clause", "within_label_clause", "render_label_as_label"))
)

# see `BindParameter`: a list, a parameter that is executed as a literal, or given by the database
_EXPANDING = cython.declare(cython.int, 2)
_WRITTEN_OTHERWISE = cython.declare(cython.int, 4 | 8)

_NO_KEYWORDS = cython.declare(dict, {})
_WITHIN_COLUMNS = cython.declare(dict, {"within_columns_clause": True})
_WITHIN_LABEL = cython.declare(dict, {"within_columns_clause": True, "within_label_clause": True})
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
# What stands for the names of elements of a SELECT list that are no columns of anything.
_LABEL, _LITERAL = object(), object()

_label_class = cython.declare(type, None)
_grouping_class = cython.declare(type, None)
_element_class = cython.declare(type, None)
_constants = cython.declare(frozenset, None)
_condition = cython.declare(object, None)
_and = cython.declare(object, None)
_new_entry = cython.declare(object, None)
_new_assignment = cython.declare(object, None)
_settings: dict = {}


def configure_texts(
    label_class,
    grouping_class,
    element_class,
    constants,
    criteria_that_count,
    condition,
    and_operator,
    new_entry,
    new_assignment,
    key_of,
):
    """
    Say what statements consist of, and what is made while they are written.

    Args:
        element_class: The class of all criteria but those that are to be made into one.
        constants: Classes of criteria that are left out, or decide alone, see *criteria_that_count*.
        condition, and_operator: What stands for the operator around one criterion, and around several.
        new_entry: Makes an entry of the result of its fields.
        new_assignment: Makes an assignment of its fields.
        key_of: Returns the key of a column that is not simply its own, see `keys_of_columns`.
    """
    global _label_class, _grouping_class, _element_class, _constants, _condition, _and
    global _new_entry, _new_assignment
    _label_class = label_class
    _grouping_class = grouping_class
    _element_class = element_class
    _constants = constants
    _condition = condition
    _and = and_operator
    _new_entry = new_entry
    _new_assignment = new_assignment
    _settings["criteria_that_count"] = criteria_that_count
    _settings["key_of"] = key_of


@cython.final
@cython.cclass
class PlainRules:
    """
    What the compilers of a class write as relvar's own do.
    """

    columns: cython.bint
    binds: cython.bint
    binaries: cython.bint
    operands: cython.bint
    lists: cython.bint
    groupings: cython.bint
    cases: cython.bint
    literal_columns: cython.bint
    labels: cython.bint
    tables: cython.bint
    aliases: cython.bint
    joins: cython.bint
    assignments: cython.bint
    updates: cython.bint
    returning: cython.bint
    symbols: dict
    patterns: dict
    binary_methods: dict
    operand_methods: dict
    stems: dict
    anonymous: type
    template: type
    binary_class: type
    grouped: dict
    quote: object
    list_start: str

    def __init__(
        self,
        plain,
        symbols,
        patterns,
        methods,
        stems,
        anonymous,
        template,
        binary_class,
        grouped,
        quote,
        list_start,
    ):
        """
        Args:
            plain: Names of nodes whose visitors, and what they call, the class does not override.
            symbols: Operator -> its text.
            patterns: The same for operators with a method that writes no more, if there are no modifiers.
            methods: ``binary`` and ``expression_clauselist`` -> operator -> the name of the method that
                writes it, None if there is none; operators that were not written yet are missing.
            stems: What a parameter is called after -> that, fit for a name.
            anonymous: The class of names that are made, or shortened, when a statement is compiled.
            template: The class of those that are made.
            binary_class: The class of comparisons and the like.
            grouped: The operator of such a node, and the one around it -> whether there are parentheses
                between them; operators that did not meet yet are missing.
            quote: relvar's rule for names, which keeps what it wrote before in ``_strings``.
            list_start: What stands before the name of a parameter that is a list.
        """
        self.columns = "column" in plain
        self.binds = "bindparam" in plain
        self.binaries = "binary" in plain
        self.operands = "expression_clauselist" in plain
        self.lists = "clauselist" in plain
        self.groupings = "grouping" in plain
        self.cases = "case" in plain
        self.literal_columns = "literal_column" in plain
        self.labels = "label" in plain
        self.tables = "table" in plain
        self.aliases = "alias" in plain
        self.joins = "join" in plain
        self.assignments = "assignment" in plain
        self.updates = "update" in plain and self.assignments and self.tables
        self.returning = "returning" in plain and self.columns
        self.symbols = symbols
        self.patterns = patterns if "pattern" in plain else {}
        self.binary_methods = methods["binary"]
        self.operand_methods = methods["expression_clauselist"]
        self.stems = stems
        self.anonymous = anonymous
        self.template = template
        self.binary_class = binary_class
        self.grouped = grouped
        self.quote = quote
        self.list_start = list_start


class AnonymousNames(dict):
    """
    The final form of anonymous names, made when first asked for.

    Keys are what templates ask for (``17 param``), and base names, whose value
    is the next free number.
    """

    def __missing__(self, key):
        return _next_name(self, key)


@cython.cfunc
@cython.inline
def _get(values: object, key: object) -> object:
    """
    Return what a dictionary has under *key*, or None.
    """
    return cython.cast(dict, values, typecheck=False).get(key)


@cython.cfunc
@cython.inline
def _item(values: object, place: cython.Py_ssize_t) -> object:
    """
    Return an item of a tuple with names, past the class, where ``values[place]`` is a call of Python.
    """
    return cython.cast(tuple, values, typecheck=False)[place]


if not cython.compiled:
    # the same, without a call of Python each
    _attribute, _get, _item = getattr, dict.get, operator.getitem


@cython.cfunc
def _next_name(names: object, key: str) -> object:
    """
    Return the name of what is asked for as *key*, with the next number behind it.
    """
    base: str = key[key.find(" ") + 1 :] if " " in key else ""
    number: object = _get(names, base)
    if number is None:
        number = 1
    names[base] = number + 1
    made = f"{base}_{number}"
    names[key] = made
    return made


# Dispatch -> kind of the nodes, and name of the compiler's method; by name of the nodes.
_dispatches = cython.declare(dict, {})
_made: dict = {}


def dispatch_to(name):
    """
    Return the method ``_compiler_dispatch(visitor, **kw)`` of nodes that are visited by ``visit_<name>``.
    """
    known = _made.get(name)
    if known is not None:
        return known
    method = f"visit_{name}"
    kind: cython.int = _kinds.get(name, 0)

    def _compiler_dispatch(self, visitor, **kw):
        if 0 < kind < _TABLE:
            rules = getattr(visitor, "_plain_rules", None)
            if isinstance(rules, PlainRules) and (not kw or _are_harmless(kw)):
                text = _plain_text(kind, self, visitor, rules, kw, 0)
                if text is not None:
                    return text
        return _visited(self, visitor, method, kw)

    _dispatches[_compiler_dispatch] = (kind, method)
    _made[name] = _compiler_dispatch
    return _compiler_dispatch


@cython.cfunc
def _visited(node: object, visitor: object, method: object, kw: dict) -> object:
    """
    Send a compiler to a node.
    """
    try:
        visit = getattr(visitor, method)
    except AttributeError as err:
        return visitor.visit_unsupported_compilation(node, err, **kw)
    return visit(node, **kw) if kw else visit(node)


@cython.cfunc
@cython.exceptval(-1)
def _are_harmless(kw: dict) -> cython.bint:
    """
    Tell whether none of the keyword arguments makes a difference to the nodes here.
    """
    for name, value in kw.items():
        if name not in _harmless and not (name == "add_to_result_map" and value is None):
            return False
    return True


def texts_of(nodes, compiler, kw, against=None):
    """
    Return the texts of *nodes*, without those that are empty: a list.

    Args:
        kw: What is handed down to their visitors.
        against: The operator around them, against which they may need parentheses.
    """
    plain: PlainRules = compiler._plain_rules
    harmless: cython.bint = not kw or _are_harmless(kw)
    texts: list = []
    for node in nodes:
        if against is not None and harmless:
            text = _grouped_text(node, against, compiler, plain, kw)
        else:
            if against is not None:
                node = node.self_group(against=against)
            if harmless:
                text = _text(node, compiler, plain, kw, 0)
            else:
                text = node._compiler_dispatch(compiler, **kw)
        if text:
            texts.append(text)
    return texts


@cython.cfunc
def _grouped_text(node: object, against: object, compiler: object, rules: PlainRules, kw: dict) -> object:
    """
    Return the text of a node within an operator, or alone (None): in parentheses, if it needs them there.
    """
    if type(node) is rules.binary_class:
        needed: object = rules.grouped.get((node.operator, against))
        if needed is False:
            return _text(node, compiler, rules, kw, 0)
        if needed is True and rules.groupings and _kind_of(_grouping_class) == _GROUPING:
            return f"({_text(node, compiler, rules, kw, 0)})"
    return _text(node.self_group(against=against), compiler, rules, kw, 0)


@cython.cfunc
@cython.exceptval(-1)
def _kind_of(cls: object) -> cython.int:
    """
    Return the kind of a class's nodes; 0 if they are left to their visitor.
    """
    known: tuple = _dispatches.get(cls._compiler_dispatch)
    return 0 if known is None else known[0]


def criteria_text(criteria, compiler, kw):
    """
    Return criteria joined by AND.

    Args:
        kw: What is handed down to their visitors.
    """
    if len(criteria) < 2:
        return " AND ".join(texts_of(criteria, compiler, kw, _condition))
    for criterion in criteria:
        if type(criterion) in _constants or not isinstance(criterion, _element_class):
            criteria = _settings["criteria_that_count"](criteria)
            break
    # not made into an AND, which would be a part of an expression: some operators have parentheses there
    return " AND ".join(texts_of(criteria, compiler, kw, _condition if len(criteria) == 1 else _and))


# -- names -------------------------------------------------------------


def final_name(name, compiler, kind):
    """
    Return the final form of an anonymous or overlong name.

    Args:
        kind: What it names; those of one kind are numbered together when they are shortened.
    """
    return _made_final(name, compiler, compiler._plain_rules, kind)


@cython.cfunc
def _made_final(name: object, compiler: object, rules: PlainRules, kind: object) -> object:
    key: tuple = (kind, name)
    names = compiler.truncated_names
    known = _get(names, key)
    if known is not None:
        return known
    if type(name) is rules.template and name.quote is None:
        final = _numbered(name, compiler.anon_map)
    else:
        final = name.apply_map(compiler.anon_map)
    longest: cython.Py_ssize_t = compiler.label_length - 6
    if len(final) > longest:
        counters = compiler._truncated_counters
        counter = counters.get(kind, 1)
        counters[kind] = counter + 1
        final = f"{final[: max(longest, 0)]}_{counter:x}"
    names[key] = final
    return final


@cython.cfunc
def _numbered(template: object, numbers: object) -> object:
    """
    Return the name that a template stands for, its number looked up or made.
    """
    text: str = str.__str__(template)
    if text.startswith("%(") and text.endswith(")s") and text.count("%") == 1:
        # by far the most frequent: one name, and nothing around it
        key: str = text[2 : len(text) - 2]
        known = _get(numbers, key)
        return _next_name(numbers, key) if known is None else known
    return text % numbers


@cython.cfunc
def _place_text(table: object, compiler: object, rules: PlainRules) -> object:
    """
    Return what stands before the names of a FROM element's columns.
    """
    if not rules.columns or table._is_table:
        return compiler._column_table_text(table)
    name = table.name
    if isinstance(name, rules.anonymous):
        name = _final_name(name, compiler, rules, "alias")
    return _quoted(name, compiler.preparer, rules)


@cython.cfunc
def _final_name(name: object, compiler: object, rules: PlainRules, kind: object) -> object:
    """
    Return the same, as the compiler has it.
    """
    if rules.columns:
        return _made_final(name, compiler, rules, kind)
    return compiler._truncated_identifier(kind, name)


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
            key = column.key
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


# -- lists of columns --------------------------------------------------


@cython.cfunc
def _facts_of(type_: object, compiler: object) -> object:
    """
    Return what the text needs to know of a type: `TypeFacts`.
    """
    facts: object = _get(compiler._facts_memo, type(type_))
    if facts is None or type_._variant_mapping:
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
    table = column.table
    if table is None or not table._is_table or column.is_literal:
        return None
    name = column.name
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
    texts: list = []
    found: list = []
    names: set = set()
    for column in columns:
        memo: tuple = _memo_of(column, compiler, preparer, rules)
        if memo is None or _kind_of(type(column)) != _COLUMN:
            return None
        entry = memo[4]
        # the type wraps the column
        if _item(_facts_of(_item(entry, 3), compiler), 1):
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
def _own_name(column: object, compiler: object, preparer: object, rules: PlainRules) -> object:
    """
    Return how a column is written in a SELECT list, as far as that is known before any other.

    Returns:
        What is known of a table's column; the name of a column whose text is that behind the name of what
        it belongs to; None for any other element.
    """
    if _kind_of(type(column)) != _COLUMN:
        return None
    table = column.table
    if table is None or not table.named_with_column or column.is_literal:
        return None
    type_ = column.type
    # the type wraps the column, or no database returns it
    if _item(_facts_of(type_, compiler), 1) or type_._is_tuple_type:
        return None
    if table._is_table:
        return _memo_of(column, compiler, preparer, rules)
    name = column.name
    return None if name is None or name == "*" or isinstance(name, rules.anonymous) else name


@cython.cfunc
@cython.exceptval(-1)
def _is_own_label(column: object, compiler: object, rules: PlainRules, holders: dict) -> cython.bint:
    """
    Tell whether a label of a SELECT list is written as such, under the name that it has.
    """
    name = column.name
    return not (
        not rules.labels
        or column._compiler_dispatcher is not None
        or name in holders
        or isinstance(name, rules.anonymous)
        or name == "*"
        or column.type._is_tuple_type
        or _item(_facts_of(column.type, compiler), 1)
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
    holders: dict = {}
    named: list = []
    for column in columns:
        if type(column) is _label_class:
            if not _is_own_label(column, compiler, rules, holders):
                return None
            name = column.name
            holders[name] = column
            named.append((column, name, None, _LABEL))
            continue
        if not populate and _attribute(column, "_is_keyed_column_element") and column.is_literal:
            name = column.name
            if column.table is not None or name in holders or _item(_facts_of(column.type, compiler), 1):
                return None
            holders[name] = column
            named.append((column, name, None, _LITERAL))
            continue
        memo: object = _own_name(column, compiler, preparer, rules)
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
            required = column._anon_name_label
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
            text = _text(column.element, compiler, rules, _WITHIN_LABEL, 0)
            # a rule of a program's own that returns no text is an error, not the word None
            texts.append(text + f" AS {preparer.format_label(column, name)}")
            entries.append(_new_entry((name, name, (column, name, *column._alt_names), column.type)))
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
            table = column.table
            place = places.get(table)
            if place is None:
                place = places[table] = _place_text(table, compiler, rules)
            text = f"{place}.{_quoted(name, preparer, rules)}"
        if final is not None:
            texts.append(f"{text} AS {_quoted(final, preparer, rules)}")
            if keys is None:
                keys = _keys_of(columns, False, distinct, _settings["key_of"])
            key = keys[index]
            objects: tuple = (column, final)
            if key is not None and key != final and not key.startswith("_no_label"):
                objects = (column, final, key)
            entries.append(_new_entry((final, required, objects, column.type)))
            continue
        texts.append(f"{text} AS {_quoted(name, preparer, rules)}" if asfrom else text)
        if memo is not None:
            entries.append(memo[4])
            continue
        label = column._tq_label
        objects = (column, name, column.key, label) if label else (column, name, column.key)
        entries.append(_new_entry((name, name, objects, column.type)))
    if populate:
        compiler._result_columns.extend(entries)
    return texts


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
                Py_LeaveRecursiveCall()
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
        key = column.key
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
        if value._is_bind_parameter:
            if value.type._isnull:
                value = value._with_binary_element_type(column.type)
            if toplevel and value.unique and value._takes_column_name:
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
        made.append(_new_assignment((column, _quoted(column.name, preparer, rules), text, names)))
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


# -- single nodes ------------------------------------------------------


@cython.cfunc
@cython.exceptval(-1)
def _is_up_to_date(memo: tuple, column: object, preparer: object) -> cython.bint:
    """
    Tell whether what was written for a table's column last is what would be written now.
    """
    return (
        memo[0] is preparer
        and memo[1] is _attribute(column, "name")
        and memo[2] is _attribute(column, "table").name
        and _item(memo[4], 3) is _attribute(column, "type")
    )


@cython.cfunc
def _text(node: object, compiler: object, rules: PlainRules, kw: dict, operators: cython.int) -> object:
    """
    Return the text of a node.

    Args:
        kw: What is handed down; it makes no difference here.
        operators: How many operators of these the compiler does not know of yet (`_operator_depth`).
    """
    dispatch = type(node)._compiler_dispatch
    known: tuple = _dispatches.get(dispatch)
    text: object
    if known is not None:
        kind: cython.int = known[0]
        text = None
        if kind == _COLUMN:
            if rules.columns:
                text = _column_text(node, compiler, rules)
        elif kind == _BIND:
            if rules.binds:
                text = _bind_text(node, compiler, rules)
        elif 0 < kind < _TABLE:
            text = _plain_text(kind, node, compiler, rules, kw, operators)
        if text is not None:
            return text
    if operators:
        compiler._operator_depth += operators
    if known is not None:
        text = _visited(node, compiler, known[1], kw)
    elif kw:
        text = node._compiler_dispatch(compiler, **kw)
    else:
        text = node._compiler_dispatch(compiler)
    if operators:
        compiler._operator_depth -= operators
    return text


@cython.cfunc
def _plain_text(
    kind: cython.int,
    node: object,
    compiler: object,
    rules: PlainRules,
    kw: dict,
    operators: cython.int,
) -> object:
    """
    Return the text of a node of one of the kinds; None if its visitor has to be asked.
    """
    if kind == _COLUMN:
        return _column_text(node, compiler, rules) if rules.columns else None
    if kind == _BIND:
        return _bind_text(node, compiler, rules) if rules.binds else None
    # as deep as functions of Python may call each other
    if cython.compiled:
        relvar_one_level_deeper(b" while a statement is compiled")
    try:
        if kind == _BINARY:
            return _binary_text(node, compiler, rules, kw, operators) if rules.binaries else None
        if kind == _GROUPING:
            if not rules.groupings:
                return None
            return f"({_text(node.element, compiler, rules, kw, operators)})"
        if kind == _CASE:
            return _case_text(node, compiler, rules, kw, operators) if rules.cases else None
        operator = node.operator
        if kind == _OPERANDS:
            if not rules.operands or rules.operand_methods.get(operator, _UNSET) is not None:
                return None
            return _list_text(node.clauses, operator, compiler, rules, kw, operators + 1)
        if not rules.lists:
            return None
        return _list_text(node.clauses, operator, compiler, rules, kw, operators)
    finally:
        if cython.compiled:
            Py_LeaveRecursiveCall()


@cython.cfunc
def _column_text(column: object, compiler: object, rules: PlainRules) -> object:
    """
    Return ``table.column``.
    """
    if not compiler._plain_columns:
        return None
    preparer = compiler.preparer
    memo: tuple = _attribute(column, "_text_memo")
    if memo is not None:
        return memo[3] if _is_up_to_date(memo, column, preparer) else None
    name = column.name
    if name is None:
        return None
    if column.is_literal:
        if not rules.literal_columns or column.table is not None:
            return None
        return None if preparer._double_percents and "%" in name else name
    if isinstance(name, rules.anonymous):
        return None
    table = column.table
    if table is None:
        return _quoted(name, preparer, rules)
    # the visitor takes note of what it writes for a table's column
    if table._is_table or not table.named_with_column:
        return None
    return f"{_place_text(table, compiler, rules)}.{_quoted(name, preparer, rules)}"


@cython.cfunc
def _quoted(name: object, preparer: object, rules: PlainRules) -> object:
    """
    Return a name as the database reads it, in quotes if it needs them.
    """
    if type(name) is str and type(preparer).quote is rules.quote:
        known = _get(preparer._strings, name)
        if known is not None:
            return known
    return preparer.quote(name)


@cython.cfunc
def _bind_text(bind: object, compiler: object, rules: PlainRules) -> object:
    """
    Return the placeholder of a parameter, of which the compiler takes note.
    """
    if not isinstance(bind, BindFields):
        return None
    fields: BindFields = bind
    type_ = fields.type
    # what the text needs to know of the type: `TypeFacts`
    facts: object = _get(compiler._facts_memo, type(type_))
    if facts is None or _item(facts, 5) or fields._modes & _WRITTEN_OTHERWISE or type_._variant_mapping:
        return None
    names = compiler.bind_names
    binds = compiler.binds
    name: object = _get(names, bind)
    if name is None:
        given = compiler._crud_names
        if given:
            name = _get(given, bind)
        if name is None:
            if fields.unique and "key" not in bind.__dict__:
                name = _numbered_name(fields._orig_key, compiler, rules)
            else:
                name = compiler._truncate_bindparam(bind)
    existing = _get(binds, name)
    if existing is not None and existing is not bind:
        compiler._check_bind_conflict(name, existing, bind)
    binds[name] = bind
    names[bind] = name
    expanding: cython.bint = fields._modes & _EXPANDING
    if compiler.escaped_bind_names or not name.isidentifier():
        return None if expanding else compiler.bindparam_string(name)
    if expanding:
        compiler.post_compile_params = compiler.post_compile_params | {bind}
        return f"({rules.list_start}{name}])"
    around: tuple = compiler._around_bind_name
    return f"{around[0]}{name}{around[1]}"


@cython.cfunc
def _numbered_name(base: object, compiler: object, rules: PlainRules) -> object:
    """
    Return the name of a parameter that nobody named: a number behind what it is called after.
    """
    stem = rules.stems.get(base)
    numbers = compiler.anon_map
    if stem is not None:
        number = numbers.get(stem, 1)
        name = f"{stem}_{number}"
        if len(name) <= compiler.label_length - 6:
            numbers[stem] = number + 1
            return name
    return compiler._numbered_name(base)


@cython.cfunc
def _binary_text(
    node: object, compiler: object, rules: PlainRules, kw: dict, operators: cython.int
) -> object:
    """
    Return ``left operator right``.
    """
    if not isinstance(node, BinaryFields):
        return None
    fields: BinaryFields = node
    operator = fields.operator
    if rules.binary_methods.get(operator, _UNSET) is not None:
        symbol = rules.patterns.get(operator)
        if symbol is None or fields.modifiers.get("escape") is not None:
            return None
        left = _text(fields.left, compiler, rules, kw, operators)
        return f"{left}{symbol}{_text(fields.right, compiler, rules, kw, operators)}"
    symbol = rules.symbols.get(operator)
    if symbol is None:
        return None
    left = _text(fields.left, compiler, rules, kw, operators + 1)
    # a rule of a program's own that returns no text is an error, not the word None
    return left + symbol + _text(fields.right, compiler, rules, kw, operators + 1)


@cython.cfunc
def _case_text(node: object, compiler: object, rules: PlainRules, kw: dict, operators: cython.int) -> object:
    """
    Return ``CASE ... END``.
    """
    parts: list = ["CASE "]
    if node.value is not None:
        parts.append(f"{_text(node.value, compiler, rules, kw, operators)} ")
    for condition, result in node.whens:
        parts.append(f"WHEN {_text(condition, compiler, rules, kw, operators)} ")
        parts.append(f"THEN {_text(result, compiler, rules, kw, operators)} ")
    if node.else_ is not None:
        parts.append(f"ELSE {_text(node.else_, compiler, rules, kw, operators)} ")
    parts.append("END")
    return "".join(parts)


@cython.cfunc
def _list_text(
    nodes: object,
    operator: object,
    compiler: object,
    rules: PlainRules,
    kw: dict,
    operators: cython.int,
) -> object:
    """
    Return nodes with an operator between them; one may render to nothing (an empty list).
    """
    separator: object
    if operator is None:
        separator = " "
    elif isinstance(operator, str):
        separator = operator
    else:
        separator = rules.symbols.get(operator)
        if separator is None:
            return None
    texts: list = []
    for node in nodes:
        text = _text(node, compiler, rules, kw, operators)
        if text:
            texts.append(text)
    return separator.join(texts)


def with_placeholders(text, start, end, template, order):
    """
    Return *text* with the driver's placeholder in place of each name between *start* and *end*.

    Args:
        order: Gets the names.
    """
    first: cython.bint = True
    texts: list = []
    for part in text.split(start):
        if first:
            first = False
        else:
            name, _, part = part.partition(end)
            order.append(name)
        texts.append(part)
    return template.join(texts)
