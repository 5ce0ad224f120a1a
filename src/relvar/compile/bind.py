"""
Bind parameters: their names, their place in the text, their values.

Three kinds of parameters, told apart when they are visited:
  1. ordinary: a placeholder stands in the text;
  2. *post compile* (``IN``), and *literal execute*: a mark
     ``__[POSTCOMPILE_name]`` (see `marks`) stands in the text until values are known;
  3. rendered as a literal at once (``literal_binds``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.base import ExpandedState
from relvar.compile.marks import (
    POSITION,
    POSITION_END,
    POSITION_OR_LIST,
    POSITION_START,
    list_mark,
    wrapped_list_mark,
)
from relvar.compile.state import SQLCompiled
from relvar.expr.names import _truncated_label
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.text import trunc
from relvar.util.warning import warn_limited

# What makes a base name fit for a parameter; as in `_anonymous_label`.
# expanding, executed as a literal, or given by the database: see `BindParameter`
_WRITTEN_OTHERWISE = 2 | 4 | 8
_NO_WORD = re.compile(r"\W")
_STEM = re.compile(r"[%\(\) \$:.\[\]]+")
_stems: dict[str, str] = {}


def free_name(name: str, taken: Collection[str]) -> str:
    """
    Return *name*, with a number if it is among *taken*.

    >>> free_name("a", ["b"]), free_name("a", ["a", "a__1"])
    ('a', 'a__2')
    """
    found, number = name, 0
    while found in taken:
        number += 1
        found = f"{name}__{number}"
    return found


class BindRules(SQLCompiled):
    """
    Rules for bind parameters.
    """

    _bind_processor_memo: Mapping[str, Any] | None = None
    _visited_bindparam: list[str] | None = None

    def visit_bindparam(
        self,
        bindparam: Any,
        within_columns_clause: bool = False,
        literal_binds: bool = False,
        skip_bind_expression: bool = False,
        literal_execute: bool = False,
        render_postcompile: bool = False,
        is_upsert_set: bool = False,
        **kwargs: Any,
    ) -> str:
        """
        Render a parameter and take note of it.
        """
        if skip_bind_expression and bindparam.expanding:
            # what stands around each element is being rendered: the elements come later
            literal_binds = literal_execute = False
        facts = self._type_facts(bindparam.type)
        if not (
            kwargs
            or literal_binds
            or literal_execute
            or facts.binds_differ
            or bindparam._modes & _WRITTEN_OTHERWISE
            or self.ansi_bind_rules
            or self._own_bind_rule
        ):
            name = self._truncate_bindparam(bindparam)
            binds = self.binds
            existing = binds.get(name)
            if existing is not None and existing is not bindparam:
                self._check_bind_conflict(name, existing, bindparam)
            binds[name] = bindparam
            self.bind_names[bindparam] = name
            if name.isidentifier() and not self.escaped_bind_names:
                before, after = self._around_bind_name
                return f"{before}{name}{after}"
            return self.bindparam_string(name)
        wrapped: str | None = None
        if facts.wraps_binds and not skip_bind_expression:
            wrapped = self.process(
                bindparam.type.dialect_impl(self.dialect).bind_expression(bindparam),
                skip_bind_expression=True,
                literal_binds=literal_binds,
                literal_execute=literal_execute,
                render_postcompile=render_postcompile,
                **kwargs,
            )
            if not bindparam.expanding:
                return wrapped
        if not literal_binds:
            literal_execute = (
                literal_execute
                or bindparam.literal_execute
                or (within_columns_clause and self.ansi_bind_rules)
            )
            post_compile = literal_execute or bindparam.expanding
        else:
            post_compile = False
        if literal_binds:
            text = self.render_literal_bindparam(bindparam, bind_expression_template=wrapped, **kwargs)
            return f"({text})" if bindparam.expanding else text
        name = self._truncate_bindparam(bindparam)
        if wrapped is None:
            self._register_bind(name, bindparam)
        else:
            # in place of what `wrapped` has: it may be the same parameter, coerced to another type
            self.binds[name] = bindparam
            self.bind_names[bindparam] = name
        if bindparam.isoutparam:
            self.has_out_parameters = True
        if post_compile:
            if render_postcompile:
                self._render_postcompile = True
            if literal_execute:
                self.literal_execute_params |= {bindparam}
            else:
                self.post_compile_params |= {bindparam}
        if not (kwargs or post_compile or facts.casts_binds):
            return self.bindparam_string(name)
        text = self.bindparam_string(
            name,
            post_compile=post_compile,
            expanding=bindparam.expanding,
            bindparam_type=bindparam.type,
            bind_expression_template=wrapped,
            accumulate_bind_names=kwargs.get("accumulate_bind_names"),
            visited_bindparam=kwargs.get("visited_bindparam"),
        )
        return f"({text})" if bindparam.expanding else text

    _own_bind_rule = False
    "The compiler overrides `bindparam_string`, or escapes what identifiers may have."

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        cls._own_bind_rule = not getattr(cls.bindparam_string, "_is_plain", False) or any(
            f"a{char}".isidentifier() for char in cls.bindname_escape_characters
        )

    def _register_bind(self, name: str, bindparam: Any) -> None:
        """
        Note *bindparam* under *name*, refusing two that cannot share it.
        """
        binds = self.binds
        existing = binds.get(name)
        if existing is not None and existing is not bindparam:
            self._check_bind_conflict(name, existing, bindparam)
        binds[name] = bindparam
        self.bind_names[bindparam] = name

    def _check_bind_conflict(self, name: str, existing: Any, bindparam: Any) -> None:
        if (existing.unique or bindparam.unique) and not existing.proxy_set.intersection(bindparam.proxy_set):
            raise exc.CompileError(
                f"Bind parameter '{name}' conflicts with unique bind parameter of the same name"
            )
        if existing.expanding != bindparam.expanding:
            raise exc.CompileError(
                f"Can't reuse bound parameter name '{name}' in both 'expanding' (e.g. within an IN "
                "expression) and non-expanding contexts.  If this parameter is to receive a list/array "
                "value, set 'expanding=True' on it for expressions that aren't IN, otherwise use a "
                "different parameter name."
            )
        if existing._is_crud or bindparam._is_crud:
            if existing._is_crud and bindparam._is_crud:
                raise exc.CompileError(
                    "Encountered unsupported case when compiling an INSERT or UPDATE statement.  If this "
                    "is a multi-table UPDATE statement, please provide string-named arguments to the "
                    "values() method with distinct names; support for multi-table UPDATE statements that "
                    f"target multiple tables for UPDATE is very limited (bind name '{bindparam.key}')"
                )
            raise exc.CompileError(
                f"bindparam() name '{bindparam.key}' is reserved for automatic usage in the VALUES or SET "
                "clause of this insert/update statement.   Please use a name other than column name when "
                f"using bindparam() with insert() or update() (for example, 'b_{bindparam.key}')."
            )

    def _truncate_bindparam(self, bindparam: Any) -> str:
        """
        Return the name of a parameter, fit for the dialect.
        """
        known = self.bind_names.get(bindparam)
        if known is not None:
            return known
        if self._crud_names:
            given = self._crud_names.get(bindparam)
            if given is not None:
                return given
        if bindparam.unique and "key" not in bindparam.__dict__:
            # nobody asked for the parameter's key so far: number its name
            # without making one
            return self._numbered_name(bindparam._orig_key)
        name = bindparam.key
        if isinstance(name, _truncated_label):
            return self._truncated_identifier("bindparam", name)
        return name  # type: ignore[no-any-return]  # keys are text

    def _numbered_name(self, base: str) -> str:
        stem = _stems.get(base)
        if stem is None:
            stem = _STEM.sub("_", base).strip("_")
            if not isinstance(base, _truncated_label) and len(_stems) < 10000:
                _stems[str(base)] = stem
        names = self.anon_map
        number = names.get(stem, 1)
        names[stem] = number + 1
        name = f"{stem}_{number}"
        if len(name) > self.label_length - 6:
            counter = self._truncated_counters.get("bindparam", 1)
            self._truncated_counters["bindparam"] = counter + 1
            name = f"{name[: max(self.label_length - 6, 0)]}_{counter:x}"
        return name

    def bindparam_string(
        self,
        name: str,
        post_compile: bool = False,
        expanding: bool = False,
        escaped_from: str | None = None,
        bindparam_type: Any = None,
        accumulate_bind_names: set[str] | None = None,
        visited_bindparam: list[str] | None = None,
        **kw: Any,
    ) -> str:
        """
        Return the placeholder of the parameter *name*.

        Args:
            post_compile: Return a mark instead, to be replaced when values are known.
            escaped_from: The name before characters were replaced that placeholders cannot have.
            accumulate_bind_names: Gets the name.
            visited_bindparam: Gets the name, in order.
        """
        if accumulate_bind_names is not None:
            accumulate_bind_names.add(name)
        if visited_bindparam is not None:
            visited_bindparam.append(name)
        if escaped_from is None and (
            self.escaped_bind_names or self._own_bind_rule or not name.isidentifier()
        ):
            fit = self._fit_bind_name(name)
            if fit != name:
                escaped_from, name = name, fit
        if escaped_from is not None:
            self.escaped_bind_names = immutabledict({**self.escaped_bind_names, escaped_from: name})
        if post_compile:
            template = kw.get("bind_expression_template")
            if template:
                # one element is wrapped as the template wraps the mark
                mark = list_mark(name)
                before, _, after = template.partition(f"({mark})" if f"({mark})" in template else mark)
                return wrapped_list_mark(name, before, after)
            text = list_mark(name)
            if expanding or bindparam_type is None or not self._type_facts(bindparam_type).casts_literals:
                return text
        else:
            text = self.compilation_bindtemplate % {"name": name}
        if bindparam_type is not None:
            facts = self._type_facts(bindparam_type)
            if facts.casts_binds:
                # a class's facts hold for all its instances, its name does not
                return self.render_bind_cast(
                    bindparam_type, bindparam_type._unwrapped_dialect_impl(self.dialect), text
                )
        return text

    def _fit_bind_name(self, name: str) -> str:
        """
        Return *name* as placeholders can have it, and as no other parameter of the statement is named.
        """
        escaped = self.escaped_bind_names
        known = escaped.get(name)
        if known is not None:
            return known
        fit = self._bind_translate_re.sub(lambda m: self.bindname_escape_characters[m.group(0)], name)
        if self._strict_bind_names:
            fit = _NO_WORD.sub("_", fit)
        if not fit and not self.positional:
            fit = "_"
        if fit != name or escaped:
            fit = free_name(fit, (self.binds.keys() - {name}) | set(escaped.values()))
        return fit

    bindparam_string._is_plain = True  # type: ignore[attr-defined]  # a mark for `_init_compiler_cls`

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        """
        Return a placeholder cast to its type, for drivers that need to be told.
        """
        raise NotImplementedError

    # -- literals --------------------------------------------------------

    def render_literal_bindparam(
        self,
        bindparam: Any,
        render_literal_value: Any = exc,
        bind_expression_template: str | None = None,
        **kw: Any,
    ) -> str:
        """
        Render a parameter's value as a literal.

        Args:
            render_literal_value: The value, if not the parameter's own.

        Raises:
            CompileError: There is no value, or none that can be rendered.
        """
        given: Mapping[str, Any] = getattr(self.statement, "_params", None) or EMPTY_DICT
        name = self._truncate_bindparam(bindparam) if given else None
        if render_literal_value is not exc:
            value = render_literal_value
        elif name is not None and name in given:
            value = given[name]
        else:
            if (
                bindparam.value is None
                and bindparam.callable is None
                and not bindparam.type.should_evaluate_none
            ):
                op = kw.get("_binary_op")
                if op == "other":
                    warn_limited(
                        "Bound parameter '%s' rendering literal NULL in a SQL expression; comparisons to "
                        "NULL should not use operators outside of 'is' or 'is not'",
                        (bindparam.key,),
                    )
                return self.process(self._null, **kw)
            value = bindparam.effective_value
        if bindparam.expanding:
            return self._render_literal_elements(bindparam, value, bind_expression_template)
        return self.render_literal_value(value, bindparam.type)

    def _render_literal_elements(self, bindparam: Any, values: Any, template: str | None) -> str:
        raise NotImplementedError

    @property
    def _null(self) -> Any:
        raise NotImplementedError

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """
        Render *value* as a literal of *type_*.

        Raises:
            CompileError: The type has no way to do so, or refuses the value.
        """
        if value is None and not type_.should_evaluate_none:
            return self.process(self._null)
        processor = type_._cached_literal_processor(self.dialect)
        if processor is None:
            raise exc.CompileError(
                f'No literal value renderer is available for literal value "{trunc(value, 300)}" '
                f"with datatype {type_}"
            )
        try:
            text: str = processor(value)
            if "\0" in text and self.dialect.nul_ends_statement:
                raise ValueError("a statement ends at a NUL character; use a parameter")
            return text
        except Exception as err:
            raise exc.CompileError(
                f'Could not render literal value "{trunc(value, 300)}" with datatype {type_}; '
                "see parent stack trace for more detail."
            ) from err

    # -- order of positional parameters ----------------------------------

    def _apply_positions(self) -> None:
        """
        Replace the provisional placeholders by the driver's, noting their order.
        """
        order: list[str] = []
        if self._numeric_binds:
            self.string = self._numbered(self.string, order)
        else:
            template = self.bindtemplate
            if self.post_compile_params or self.literal_execute_params:
                self.string = self._placed(self.string, order)
            else:
                # no markers to take note of
                first, *parts = self.string.split(POSITION_START)
                texts = [first]
                for part in parts:
                    name, _, text = part.partition(POSITION_END)
                    order.append(name)
                    texts.append(text)
                self.string = template.join(texts)
            if self._insertmanyvalues is not None:
                self._insertmanyvalues = self._placed_insertmanyvalues(self._insertmanyvalues)
            if self.insert_single_values_expr:
                self.insert_single_values_expr = self._placed(self.insert_single_values_expr, [])
        if self.escaped_bind_names:
            original = {escaped: name for name, escaped in self.escaped_bind_names.items()}
            order = [original.get(name, name) for name in order]
        self.positiontup = order

    def _placed(self, text: str, order: list[str]) -> str:
        """
        Replace the provisional placeholders in *text*; note all parameters in *order*.
        """
        template = self.bindtemplate

        def place(found: re.Match[str]) -> str:
            name = found.group(1)
            if name is not None:
                order.append(name)
                return template
            order.append(found.group(2))
            return found.group(0)

        return POSITION_OR_LIST.sub(place, text)

    def _placed_insertmanyvalues(self, imv: Any) -> Any:
        return imv._replace(
            single_values_expr=self._placed(imv.single_values_expr, []),
            text_behind=self._placed(imv.text_behind, []),
            insert_crud_params=[
                (column, name, self._placed(text, []), names)
                for column, name, text, names in imv.insert_crud_params
            ],
        )

    def _numbered(self, text: str, order: list[str]) -> str:
        """
        Number the placeholders; a name that occurs again keeps its number.
        """
        char = self._numeric_binds_identifier_char
        numbers: dict[str, str] = {}

        def place(found: re.Match[str]) -> str:
            name = found.group(1)
            if name is None:
                name = found.group(2)
                # those around each element are the same for all elements
                text = POSITION.sub(place, found.group(0))
                if name not in order:
                    order.append(name)
                return text
            number = numbers.get(name)
            if number is None:
                number = numbers[name] = f"{char}{len(numbers) + 1}"
                order.append(name)
            return number

        text = POSITION_OR_LIST.sub(place, text)
        self._next_numeric_pos = len(numbers) + 1
        imv = self._insertmanyvalues
        if imv is not None:
            self._insertmanyvalues = imv._replace(
                single_values_expr=POSITION_OR_LIST.sub(place, imv.single_values_expr),
                text_behind=POSITION_OR_LIST.sub(place, imv.text_behind),
                insert_crud_params=[
                    (column, name, POSITION_OR_LIST.sub(place, value), names)
                    for column, name, value, names in imv.insert_crud_params
                ],
            )
        return text

    # -- values ----------------------------------------------------------

    def construct_params(
        self,
        params: Mapping[str, Any] | None = None,
        extracted_parameters: Sequence[Any] | None = None,
        escape_names: bool = True,
        _group_number: int | None = None,
        _check: bool = True,
        _no_postcompile: bool = False,
        _collected_params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """
        Return the parameters' values by name.

        Args:
            params: Values of the call, by parameter key or name.
            extracted_parameters: The parameters of an equal statement, whose values to take.
            escape_names: Use the names as they are in the text.
            _group_number: Which set of an executemany this is, for messages.
            _check: Refuse to leave a required parameter without a value.

        Raises:
            InvalidRequestError: A required parameter has no value.
        """
        values: dict[str, Any] = {}
        collected = _collected_params or getattr(self.statement, "_params", None)
        if collected:
            params = {**collected, **(params or {})}
        resolved = None
        if extracted_parameters is not None and self.cache_key is not None:
            resolved = dict(zip(self.cache_key[1], extracted_parameters, strict=True))
        escaped = self.escaped_bind_names if escape_names else None
        given = params is not None
        for bindparam, name in self.bind_names.items():
            target = escaped.get(name, name) if escaped else name
            if given:
                if bindparam.key in params:  # type: ignore[operator]  # given
                    values[target] = params[bindparam.key]  # type: ignore[index]  # given
                    continue
                if name in params:  # type: ignore[operator]  # given
                    values[target] = params[name]  # type: ignore[index]  # given
                    continue
            if _check and bindparam.required:
                where = f", in parameter group {_group_number}" if _group_number else ""
                raise exc.InvalidRequestError(
                    f"A value is required for bind parameter {bindparam.key!r}{where}", code="cd3x"
                )
            source = resolved.get(bindparam, bindparam) if resolved is not None else bindparam
            values[target] = source.effective_value
        return values

    @property
    def params(self) -> dict[str, Any]:
        """
        The parameters' values by name, as far as the statement has them.
        """
        if self._pre_expanded_string is not None and self._expanded is not None:
            return dict(self._expanded.parameters)
        return self.construct_params(_check=False)

    _expanded: ExpandedState | None = None

    @property
    def _bind_processors(self) -> Mapping[str, Any]:
        """
        Name -> bind processor; for a tuple parameter a tuple of them.
        """
        memo = self._bind_processor_memo
        if memo is None:
            memo = {}
            for bindparam, name in self.bind_names.items():
                type_ = bindparam.type
                if getattr(type_, "_is_tuple_type", False):
                    memo[name] = tuple(t._cached_bind_processor(self.dialect) for t in type_.types)
                else:
                    processor = type_._cached_bind_processor(self.dialect)
                    if processor is not None:
                        memo[name] = processor
            self._bind_processor_memo = memo
        return memo
