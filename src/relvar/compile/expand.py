"""
Fill in what the text of a statement leaves open until values are known.

Compiled text has one *mark* ``__[POSTCOMPILE_name]`` per ``IN`` with bound
values, and per parameter to be rendered as a literal.  The text is cut at its
marks once; each execution joins the pieces again with what the values ask for.

Rule 1: an ``IN`` gets one placeholder per value; values do not enter the text.
Rule 2: an empty ``IN`` gets an expression with the same meaning for the database.
Rule 3: only *literal execute* parameters become part of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relvar.compile.base import ExpandedState
from relvar.compile.bind import BindRules
from relvar.compile.bindname import free_name
from relvar.compile.marks import LIST, POSITION, POSITION_START, list_mark, shown
from relvar.expr import make, operators


def _is_row(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _make_comment(before: str, after: str) -> bool:
    return before.endswith("-") and after.startswith("-")


class ExpandRules(BindRules):
    """
    Rules for parameters whose text depends on their values.
    """

    positiontup: list[str] | None

    _pieces_memo: tuple[str, list[Any]] | None = None

    @property
    def _null(self) -> Any:
        return make.Null()

    # -- empty sets ------------------------------------------------------

    def visit_empty_set_op_expr(self, type_: Any, expand_op: Any, **kw: Any) -> str:
        """
        Render what stands in the parentheses of an empty ``IN`` or ``NOT IN``.

        The text closes the parenthesis and opens one again: the whole becomes
        ``x IN (NULL) AND (1 != 1)``, which is false and never null.
        """
        if expand_op is operators.not_in_op:
            if len(type_) > 1:
                return f"({', '.join('NULL' for _ in type_)})) OR (1 = 1"
            return "NULL) OR (1 = 1"
        if expand_op is operators.in_op:
            if len(type_) > 1:
                return f"({', '.join('NULL' for _ in type_)})) AND (1 != 1"
            return "NULL) AND (1 != 1"
        return self.visit_empty_set_expr(type_)

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        """
        Render a SELECT that returns no rows.
        """
        raise NotImplementedError(f"Dialect '{self.dialect.name}' does not support empty set expression.")

    # -- literals --------------------------------------------------------

    def _render_literal_elements(self, bindparam: Any, values: Any, template: str | None) -> str:
        """
        Render the values of an ``IN`` as literals.
        """
        values = list(values if values is not None else ())
        type_ = bindparam.type
        tuple_types = getattr(type_, "types", None) if getattr(type_, "_is_tuple_type", False) else None
        if not values:
            return self.visit_empty_set_op_expr(tuple_types or [type_], bindparam.expand_op)
        if tuple_types is not None or (type_._isnull and _is_row(values[0])):
            text = ", ".join(f"({', '.join(self._literal_row(row, tuple_types))})" for row in values)
            return f"VALUES {text}" if self.dialect.tuple_in_values else text
        elements = [self.render_literal_value(value, type_) for value in values]
        if template:
            elements = [self._wrapped(template, element) for element in elements]
        return ", ".join(elements)

    def _literal_row(self, row: Iterable[Any], types: Sequence[Any] | None) -> list[str]:
        if types is not None:
            return [self.render_literal_value(value, type_) for value, type_ in zip(row, types, strict=False)]
        return [self.render_literal_value(value, make.type_of_value(value)) for value in row]

    @staticmethod
    def _wrapped(template: str, element: str) -> str:
        found = LIST.search(template)
        if found is None:
            return element
        if found.group(2) is not None:
            return f"{found.group(2)}{element}{found.group(3)}"
        start, end = found.span()
        if template[start - 1 : start] == "(" and template[end : end + 1] == ")":
            # the parentheses that an IN parameter has of its own
            start, end = start - 1, end + 1
        return template[:start] + element + template[end:]

    # -- expansion -------------------------------------------------------

    def _pieces(self) -> list[Any]:
        """
        Cut the text at its marks: text, (name, before, after), text, ...
        """
        text = self._marked_string if self._marked_string is not None else self.string
        memo = self._pieces_memo
        if memo is not None and memo[0] is text:
            return memo[1]
        pieces: list[Any] = []
        position = 0
        for found in LIST.finditer(text):
            pieces.append(text[position : found.start()])
            pieces.append(found.groups())
            position = found.end()
        pieces.append(text[position:])
        self._pieces_memo = (text, pieces)
        return pieces

    def _process_parameters_for_postcompile(
        self, parameters: Mapping[str, Any], _populate_self: bool = False
    ) -> ExpandedState:
        """
        Make the statement ready for the values in *parameters*.

        Args:
            parameters: Name -> value, as from `construct_params` with ``escape_names=False``
                or with it; ``IN`` parameters hold a sequence.
            _populate_self: Make the result this compiler's own text.
        """
        expansion = _Expansion(self, parameters)
        pieces = self._pieces()
        out: list[str] = []
        for piece in pieces:
            text = piece if isinstance(piece, str) else expansion.fill(*piece)
            out.append(f" {text}" if out and _make_comment(out[-1], text) else text)
        statement = "".join(out)
        positiontup = expansion.positions(self._pre_expanded_positiontup or self.positiontup)
        state = ExpandedState(
            statement, expansion.parameters, expansion.processors, positiontup, expansion.names
        )
        if _populate_self:
            self._pre_expanded_string = self.string
            self._pre_expanded_positiontup = self.positiontup
            self.string: str = shown(statement)
            self.positiontup = list(positiontup) if positiontup is not None else None
            self._expanded = state
        return state

    def construct_expanded_state(
        self, params: Mapping[str, Any] | None = None, escape_names: bool = True
    ) -> ExpandedState:
        """
        Return the statement as it would run with *params*.

        Raises:
            InvalidRequestError: A parameter has no value.
        """
        parameters = self.construct_params(params, escape_names=escape_names, _no_postcompile=True)
        state = self._process_parameters_for_postcompile(parameters)
        return state._replace(statement=shown(state.statement))

    def _expand_now(self) -> None:
        """
        Expand with the values that the statement itself has.
        """
        self._process_parameters_for_postcompile(
            self.construct_params(
                escape_names=False, _check=bool(self.post_compile_params), _no_postcompile=True
            ),
            _populate_self=True,
        )


class _Expansion:
    """
    One filling-in of one statement.
    """

    def __init__(self, compiled: ExpandRules, parameters: Mapping[str, Any]) -> None:
        self.compiled = compiled
        self.parameters = dict(parameters)
        self.processors: dict[str, Any] = dict(compiled._bind_processors)
        self.names: dict[str, list[str]] = {}
        self.orders: dict[str, list[str]] = {}
        self.texts: dict[str, str] = {}
        self.literal: set[str] = set()
        self.next_number = compiled._next_numeric_pos
        self.escaped = compiled.escaped_bind_names
        self.original = {new: old for old, new in self.escaped.items()} if self.escaped else {}

    def fill(self, name: str, before: str | None, after: str | None) -> str:
        """
        Return the text for the marker of *name*.
        """
        known = self.texts.get(name)
        if known is not None:
            return known
        original = self.original.get(name, name)
        bindparam = self.compiled.binds[original]
        key = name if name in self.parameters else original
        value = self.parameters.pop(key, None)
        before, names_before = self._placed(before)
        after, names_after = self._placed(after)
        if bindparam in self.compiled.literal_execute_params:
            self.literal.add(original)
            self.processors.pop(original, None)
            text = self.compiled.render_literal_bindparam(
                bindparam,
                render_literal_value=value,
                bind_expression_template=f"{before}{list_mark(name)}{after}" if before is not None else None,
            )
        else:
            values = [] if value is None else list(value)
            text = self._elements(original, bindparam, values, before, after)
        if names_before or names_after:
            # they stand around each element once more
            elements: Sequence[tuple[str, ...]] = (
                [()] * len(value or ()) if original in self.literal else [(n,) for n in self.names[original]]
            )
            self.orders[original] = [
                n for element in elements for n in (*names_before, *element, *names_after)
            ]
        self.texts[name] = text
        return text

    def _placed(self, text: str | None) -> tuple[str | None, list[str]]:
        """
        Return what stands around elements with the driver's placeholders, and their names.
        """
        if text is None or POSITION_START not in text:
            return text, []
        names = [self.original.get(name, name) for name in POSITION.findall(text)]
        return POSITION.sub(self.compiled.bindtemplate, text), names

    def _elements(
        self, name: str, bindparam: Any, values: list[Any], before: str | None, after: str | None
    ) -> str:
        compiled = self.compiled
        dialect = compiled.dialect
        type_ = bindparam.type
        is_tuple = getattr(type_, "_is_tuple_type", False)
        processor = self.processors.pop(name, None)
        names = self.names[name] = []
        if not values:
            return compiled.visit_empty_set_op_expr(type_.types if is_tuple else [type_], bindparam.expand_op)
        stem = self.escaped.get(name, name)
        if is_tuple or (type_._isnull and _is_row(values[0])):
            rows: list[str] = []
            shape = [f"{n}_{c}" for n, row in enumerate(values, 1) for c, _ in enumerate(row, 1)]
            elements = iter(self._free_names(stem, shape))
            for row in values:
                places: list[str] = []
                for column, value in enumerate(row, 1):
                    element = next(elements)
                    names.append(element)
                    self.parameters[element] = value
                    if (
                        processor is not None
                        and column <= len(processor)
                        and processor[column - 1] is not None
                    ):
                        self.processors[element] = processor[column - 1]
                    places.append(self._placeholder(element))
                rows.append(f"({', '.join(places)})")
            text = ", ".join(rows)
            return f"VALUES {text}" if dialect.tuple_in_values else text
        cast = None
        if dialect._bind_typing_render_casts:
            impl = type_._unwrapped_dialect_impl(dialect)
            if impl.render_bind_cast:
                cast = impl
        parts: list[str] = []
        names.extend(self._free_names(stem, range(1, len(values) + 1)))
        for element, value in zip(names, values, strict=True):
            self.parameters[element] = value
            if processor is not None:
                self.processors[element] = processor
            text = self._placeholder(element)
            if cast is not None:
                text = compiled.render_bind_cast(type_, cast, text)
            parts.append(f"{before}{text}{after}" if before is not None else text)
        return ", ".join(parts)

    def _free_names(self, stem: str, numbers: Iterable[Any]) -> list[str]:
        """
        Return ``stem_1``, ``stem_2``, ...; others where a parameter has such a name already.
        """
        names = [f"{stem}_{number}" for number in numbers]
        if self.parameters.keys().isdisjoint(names) and self.original.keys().isdisjoint(names):
            return names
        taken = {*self.parameters, *self.original, *names}
        return [
            free_name(name, taken) if name in self.parameters or name in self.original else name
            for name in names
        ]

    def _placeholder(self, name: str) -> str:
        compiled = self.compiled
        if compiled._numeric_binds:
            text = f"{compiled._numeric_binds_identifier_char}{self.next_number}"
            self.next_number += 1
            return text
        if compiled.positional:
            return compiled.bindtemplate
        return compiled.compilation_bindtemplate % {"name": name}

    def positions(self, positiontup: Sequence[str] | None) -> list[str] | None:
        """
        Return the names in text order, elements in place of their ``IN``.
        """
        if positiontup is None:
            return None
        order: list[str] = []
        numeric = self.compiled._numeric_binds
        late: list[str] = []
        for name in positiontup:
            if name in self.orders:
                order.extend(self.orders[name])
            elif name in self.names:
                (late if numeric else order).extend(self.names[name])
            elif name not in self.literal:
                order.append(name)
        return order + late
