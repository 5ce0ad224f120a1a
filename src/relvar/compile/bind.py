"""
Bind parameters: what stands for them in the text.

Three kinds of parameters, told apart when they are visited:
  1. ordinary: a placeholder stands in the text;
  2. *post compile* (``IN``), and *literal execute*: a mark
     ``__[POSTCOMPILE_name]`` (see `marks`) stands in the text until values are known;
  3. rendered as a literal at once (``literal_binds``).

Their names are in `bindname`, literals in `literal`, the order of positional ones in `position`,
their values in `bindvalue`.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.bindvalue import ValueRules
from relvar.compile.literal import LiteralRules
from relvar.compile.marks import list_mark, wrapped_list_mark
from relvar.compile.position import PositionRules
from relvar.util.immutable import immutabledict

# Bits of a parameter (see `BindParameter`): expanding; that, executed as a literal, or given by the database.
_EXPANDING = 2
_WRITTEN_OTHERWISE = 2 | 4 | 8


class BindRules(LiteralRules, PositionRules, ValueRules):
    """
    Rules for bind parameters.
    """

    literal_execute_params: Any
    post_compile_params: Any

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
        within_label_clause: bool = False,
        **kwargs: Any,
    ) -> str:
        """
        Render a parameter and take note of it.
        """
        expanding = bindparam._modes & _EXPANDING
        if skip_bind_expression and expanding:
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
            if not expanding:
                return wrapped
        if not literal_binds:
            literal_execute = (
                literal_execute
                or bindparam.literal_execute
                or (within_columns_clause and self.ansi_bind_rules)
            )
            post_compile = literal_execute or expanding
        else:
            post_compile = False
        if literal_binds:
            text = self.render_literal_bindparam(bindparam, bind_expression_template=wrapped, **kwargs)
            return f"({text})" if expanding else text
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
            post_compile=bool(post_compile),
            expanding=bool(expanding),
            bindparam_type=bindparam.type,
            bind_expression_template=wrapped,
            accumulate_bind_names=kwargs.get("accumulate_bind_names"),
            visited_bindparam=kwargs.get("visited_bindparam"),
        )
        return f"({text})" if expanding else text

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
        if (existing.unique or bindparam.unique) and not (
            existing.proxy_set.intersection(bindparam.proxy_set) or _copies_of_one(existing, bindparam)
        ):
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
            self.escaped_bind_names: immutabledict[str, str] = immutabledict(
                {**self.escaped_bind_names, escaped_from: name}
            )
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

    bindparam_string._is_plain = True  # type: ignore[attr-defined]  # a mark for `_init_compiler_cls`

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        """
        Return a placeholder cast to its type, for drivers that need to be told.
        """
        raise NotImplementedError


def _copies_of_one(first: Any, second: Any) -> bool:
    """
    Tell whether two parameters are made for two places where one is rendered: paging of a subquery that is.
    """
    origin = first._is_clone_of
    return origin is not None and origin is second._is_clone_of and first.value is second.value
