"""
The text of the most frequent nodes: columns, parameters, what operators, lists and parentheses make of them.

What statements have of these is written by `lists` (lists of columns) and `clauses` (FROM elements, UPDATE).

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

if cython.compiled:
    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.relvar._kernels.depth import relvar_one_level_deeper, relvar_one_level_up
    from cython.cimports.relvar._kernels.nodes import BinaryFields, BindFields
    from cython.cimports.relvar._kernels.own import instance_dict
    from cython.cimports.relvar._kernels.past import _get, _item
else:
    from relvar._kernels.nodes import BinaryFields, BindFields
    from relvar._kernels.own import instance_dict
    _attribute, _get, _item = getattr, dict.get, operator.getitem

__all__ = [
    "AnonymousNames",
    "PlainRules",
    "configure_texts",
    "criteria_text",
    "dispatch_to",
    "final_name",
    "texts_of",
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

_grouping_class = cython.declare(type, None)
_element_class = cython.declare(type, None)
_constants = cython.declare(frozenset, None)
_condition = cython.declare(object, None)
_and = cython.declare(object, None)
_settings: dict = {}


def configure_texts(
    grouping_class, element_class, constants, criteria_that_count, condition, and_operator
):
    """
    Say what criteria consist of.

    Args:
        element_class: The class of all criteria but those that are to be made into one.
        constants: Classes of criteria that are left out, or decide alone, see *criteria_that_count*.
        condition, and_operator: What stands for the operator around one criterion, and around several.
    """
    global _grouping_class, _element_class, _constants, _condition, _and
    _grouping_class = grouping_class
    _element_class = element_class
    _constants = constants
    _condition = condition
    _and = and_operator
    _settings["criteria_that_count"] = criteria_that_count


@cython.final
@cython.cclass
class PlainRules:
    """
    What the compilers of a class write as relvar's own do.
    """

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
def _next_name(names: object, key: str) -> object:
    """
    Return the name of what is asked for as *key*, with the next number behind it.
    """
    place: cython.Py_ssize_t = key.find(" ")
    base: str = key[place + 1 :] if place >= 0 else ""
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
    # its text, whatever class of texts it is
    text: str = cython.cast(str, template, typecheck=False)
    if text.startswith("%(") and text.endswith(")s") and text.count("%") == 1:
        # by far the most frequent: one name, and nothing around it
        key: str = text[2 : len(text) - 2]
        known = _get(numbers, key)
        return _next_name(numbers, key) if known is None else known
    return str.__str__(template) % numbers


@cython.cfunc
def _place_text(table: object, compiler: object, rules: PlainRules) -> object:
    """
    Return what stands before the names of a FROM element's columns.
    """
    if not rules.columns or _attribute(table, "_is_table"):
        return compiler._column_table_text(table)
    name = _attribute(table, "name")
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
        and memo[2] is _attribute(_attribute(column, "table"), "name")
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
            return f"({_text(_attribute(node, 'element'), compiler, rules, kw, operators)})"
        if kind == _CASE:
            return _case_text(node, compiler, rules, kw, operators) if rules.cases else None
        operator = _attribute(node, "operator")
        if kind == _OPERANDS:
            if not rules.operands or rules.operand_methods.get(operator, _UNSET) is not None:
                return None
            return _list_text(_attribute(node, "clauses"), operator, compiler, rules, kw, operators + 1)
        if not rules.lists:
            return None
        return _list_text(_attribute(node, "clauses"), operator, compiler, rules, kw, operators)
    finally:
        if cython.compiled:
            relvar_one_level_up()


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
    name = _attribute(column, "name")
    if name is None:
        return None
    if _attribute(column, "is_literal"):
        if not rules.literal_columns or _attribute(column, "table") is not None:
            return None
        return None if preparer._double_percents and "%" in name else name
    if isinstance(name, rules.anonymous):
        return None
    table = _attribute(column, "table")
    if table is None:
        return _quoted(name, preparer, rules)
    # the visitor takes note of what it writes for a table's column
    if _attribute(table, "_is_table") or not _attribute(table, "named_with_column"):
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
            values: dict = instance_dict(bind)
            if fields.unique:
                if "key" not in values:
                    name = _numbered_name(fields._orig_key, compiler, rules)
            else:
                name = values.get("_fixed_key")
                if isinstance(name, rules.anonymous) or values.get("key", name) is not name:
                    name = None
            if name is None:
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
    value: object = _attribute(node, "value")
    if value is not None:
        parts.append(f"{_text(value, compiler, rules, kw, operators)} ")
    for condition, result in _attribute(node, "whens"):
        parts.append(f"WHEN {_text(condition, compiler, rules, kw, operators)} ")
        parts.append(f"THEN {_text(result, compiler, rules, kw, operators)} ")
    value = _attribute(node, "else_")
    if value is not None:
        parts.append(f"ELSE {_text(value, compiler, rules, kw, operators)} ")
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


def with_placeholders(text, start, end, template, order, list_start=None, lists_in=None):
    """
    Return *text* with the driver's placeholder in place of each name between *start* and *end*.

    Args:
        order: Gets the names.
        list_start: What parameters that are lists begin with, which stay in the text; None without any.
        lists_in: Returns the names of those in a text, which *order* gets, too.
    """
    first: cython.bint = True
    texts: list = []
    for part in text.split(start):
        if first:
            first = False
        else:
            name, _, part = part.partition(end)
            order.append(name)
        if list_start is not None and list_start in part:
            order.extend(lists_in(part))
        texts.append(part)
    return template.join(texts)
