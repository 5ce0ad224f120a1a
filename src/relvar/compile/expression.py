"""
Rules for values: columns, labels, lists, CASE, CAST.

Operators are in `operation`, functions in `function`, literal SQL in `textual`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar._kernels.texts import texts_of
from relvar.compile.base import ResultColumnsEntry
from relvar.compile.marks import copied_value
from relvar.compile.textual import TextRules
from relvar.compile.typesql import split_collation
from relvar.expr.names import _truncated_label
from relvar.util.pattern import pattern
from relvar.util.text import ellipses_string

# A word, or one in quotes, as PostgreSQL takes it.
_EXTRACT_FIELD = pattern(r"\w+|'\w+'|\"\w+\"")


class ExpressionRules(TextRules):
    """
    Rules for the parts of expressions.
    """

    _operator_depth = 0
    "How many operators are around the one that is being rendered."

    # -- constants -------------------------------------------------------

    def visit_null(self, expr: Any, **kw: Any) -> str:
        """
        ``NULL``.
        """
        return "NULL"

    def visit_true(self, expr: Any, **kw: Any) -> str:
        """
        ``true``, or 1 where there are no booleans.
        """
        return "true" if self.dialect.supports_native_boolean else "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        """
        ``false``, or 0 where there are no booleans.
        """
        return "false" if self.dialect.supports_native_boolean else "0"

    # -- columns and labels ----------------------------------------------

    def visit_column(
        self,
        column: Any,
        add_to_result_map: Any = None,
        include_table: bool = True,
        result_map_targets: tuple[Any, ...] = (),
        ambiguous_table_name_map: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> str:
        """
        Render a column behind the name of its table.
        """
        table = column.table
        if include_table and self._plain_columns and table is not None:
            memo = column._text_memo
            if (
                memo is not None
                and memo[0] is self.preparer
                and memo[1] is column.name
                and memo[2] is table.name
                and memo[4].type is column.type
            ):
                if add_to_result_map is not None:
                    entry = memo[4]
                    add_to_result_map(
                        entry.keyname, entry.name, (*entry.objects, *result_map_targets), entry.type
                    )
                return memo[3]  # type: ignore[no-any-return]  # text
        name = orig_name = column.name
        if name is None:
            name = orig_name = self._fallback_column_name(column)
        is_literal = column.is_literal
        if not is_literal and isinstance(name, _truncated_label):
            name = self._truncated_identifier("colident", name)
        if add_to_result_map is not None:
            targets = (column, name, column.key, *result_map_targets)
            qualified = column._tq_label
            if qualified:
                targets += (qualified,)
            add_to_result_map(name, orig_name, targets, column.type)
        own = self.escape_literal_column(name) if is_literal else self.preparer.quote(name)
        if table is None or not include_table or not table.named_with_column:
            return own
        text = f"{self._column_table_text(table, ambiguous_table_name_map)}.{own}"
        if (
            self._plain_columns
            and table._is_table
            and not is_literal
            and not isinstance(name, _truncated_label)
            and column._tq_label
        ):
            entry = ResultColumnsEntry(
                name, orig_name, (column, name, column.key, column._tq_label), column.type
            )
            column._text_memo = (self.preparer, orig_name, table.name, text, entry, own)
        return text

    def _fallback_column_name(self, column: Any) -> str:
        """
        Return what stands for a column that has no name yet; dialects of others ask for it.

        Raises:
            CompileError: There is nothing that a database would understand.
        """
        raise exc.CompileError("Cannot compile Column object until its 'name' is assigned.")

    _plain_columns = True
    "Columns of tables are written ``table.column``, whatever is around them."

    _own_column_rule = False
    "The compiler overrides `visit_column`, so that what it wrote last is no guide."

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        cls._own_column_rule = not getattr(cls.visit_column, "_is_plain", False)

    visit_column._is_plain = True  # type: ignore[attr-defined]  # a mark for `_init_compiler_cls`

    def _column_table_text(self, table: Any, ambiguous: Mapping[str, str] | None = None) -> str:
        """
        Return the name by which columns refer to *table*.
        """
        preparer = self.preparer
        name = table.name
        schema = preparer.schema_for_object(table) if table._is_table else None
        if schema:
            return f"{preparer.quote_schema(schema)}.{preparer.quote(name)}"
        if table._is_table:
            if ambiguous is None and self.stack:
                ambiguous = self.stack[-1].get("ambiguous")
            if ambiguous and name in ambiguous:
                name = ambiguous[name]
        if isinstance(name, _truncated_label):
            name = self._truncated_identifier("alias", name)
        return preparer.quote(name)  # type: ignore[no-any-return]  # text

    def visit_label(
        self,
        label: Any,
        add_to_result_map: Any = None,
        within_label_clause: bool = False,
        within_columns_clause: bool = False,
        render_label_as_label: Any = None,
        result_map_targets: tuple[Any, ...] = (),
        within_tstring: bool = False,
        **kw: Any,
    ) -> str:
        """
        Render ``element AS name`` in the columns clause.

        Elsewhere only the element; or only the name, where *render_label_as_label*
        says that this very label may be referred to.
        """
        if within_tstring:
            raise exc.CompileError(
                "Using label() directly inside tstring is not supported as it is ambiguous how the label "
                "expression should be rendered without knowledge of how it's being used in SQL"
            )
        as_definition = within_columns_clause and not within_label_clause
        as_reference = render_label_as_label is label
        if not as_definition and not as_reference:
            return label.element._compiler_dispatch(  # type: ignore[no-any-return]  # text
                self, within_columns_clause=False, **kw
            )
        name = label.name
        if isinstance(name, _truncated_label):
            name = self._truncated_identifier("colident", name)
        if as_definition:
            if add_to_result_map is not None:
                add_to_result_map(
                    name,
                    label.name,
                    (label, name, *label._alt_names, *result_map_targets),
                    label.type,
                )
            text = label.element._compiler_dispatch(
                self, within_columns_clause=True, within_label_clause=True, **kw
            )
            # a rule of a program's own that returns no text is an error, not the word None
            return text + f" AS {self.preparer.format_label(label, name)}"  # type: ignore[no-any-return]  # text
        return self.preparer.format_label(label, name)  # type: ignore[no-any-return]  # text

    def visit_label_reference(self, element: Any, within_columns_clause: bool = False, **kwargs: Any) -> str:
        """
        Render an element of ORDER BY: by its label, if the SELECT has that.
        """
        if self.stack and self.dialect.supports_simple_order_by_label:
            names = self._label_targets()
            label = element.element._order_by_label_element
            if label is not None and names is not None and names.refers_to(label):
                kwargs["render_label_as_label"] = label
        return element.element._compiler_dispatch(  # type: ignore[no-any-return]  # text
            self, within_columns_clause=within_columns_clause, **kwargs
        )

    def visit_textual_label_reference(
        self, element: Any, within_columns_clause: bool = False, **kwargs: Any
    ) -> str:
        """
        Render an element of ORDER BY or GROUP BY that was given as a string.

        In the columns clause (the ORDER BY of a window) no label is known yet: only columns of FROM elements.

        Raises:
            CompileError: The SELECT has no such column or label.
        """
        if not self.stack:
            # No statement around it, no columns to choose from: as it was given.
            return self.process(element._text_clause, **kwargs)
        names = self._label_targets()
        target = None
        if names is not None:
            target = (names.find_below if within_columns_clause else names.find)(element.element)
        if target is None:
            short = ellipses_string(element.element)
            raise exc.CompileError(
                "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL "
                f"expression {short!r} should be explicitly declared as text({short!r})"
            )
        kwargs["render_label_as_label"] = target
        return self.process(target, within_columns_clause=within_columns_clause, **kwargs)

    def _label_targets(self) -> Any:
        raise NotImplementedError

    def visit_index(self, index: Any, **kwargs: Any) -> str:
        """
        Render the name of an index.
        """
        return self.preparer.format_index(index)  # type: ignore[no-any-return]  # text

    # -- lists -----------------------------------------------------------

    def visit_grouping(self, grouping: Any, asfrom: bool = False, **kwargs: Any) -> str:
        """
        Render parentheses.
        """
        return f"({grouping.element._compiler_dispatch(self, **kwargs)})"

    def visit_clauselist(self, clauselist: Any, **kw: Any) -> str:
        """
        Render elements joined by an operator.
        """
        return self._joined(clauselist.clauses, clauselist.operator, **kw)

    def visit_expression_clauselist(self, clauselist: Any, **kw: Any) -> str:
        """
        Render the operands of an operator that takes any number.
        """
        method = self._operator_method(clauselist.operator, "expression_clauselist")
        if method is not None:
            return method(clauselist, clauselist.operator, **kw)  # type: ignore[no-any-return]  # text
        self._operator_depth += 1
        text = self._joined(clauselist.clauses, clauselist.operator, **kw)
        self._operator_depth -= 1
        return text

    def visit_order_by_list(self, element: Any, **kw: Any) -> str:
        """
        Render the ORDER BY elements of an aggregate function.
        """
        return self._joined(element.clauses, element.operator, **kw)

    def visit_element_list(self, element: Any, **kw: Any) -> str:
        """
        Render elements separated by spaces.
        """
        return self._joined(element.clauses, " ", **kw)

    def visit_tuple(self, clauselist: Any, **kw: Any) -> str:
        """
        Render ``(a, b)``.
        """
        return f"({self.visit_clauselist(clauselist, **kw)})"

    def _generate_delimited_list(self, elements: Any, separator: str, **kw: Any) -> str:
        """
        Render elements with a separator between them; for compilers of other programs.
        """
        return self._joined(elements, separator, **kw)

    def _joined(self, clauses: Any, operator: Any, **kw: Any) -> str:
        if operator is None:
            separator = " "
        elif isinstance(operator, str):
            separator = operator
        else:
            separator = self._operator_text(operator)
        # an element may render to nothing (an empty list): leave it out
        return separator.join(texts_of(clauses, self, kw))

    def _operator_text(self, operator: Any) -> str:
        raise NotImplementedError

    def _operator_method(self, operator: Any, kind: str) -> Any:
        raise NotImplementedError

    # -- CASE, CAST and the like -----------------------------------------

    def visit_case(self, clause: Any, **kwargs: Any) -> str:
        """
        Render ``CASE ... END``.
        """
        parts = ["CASE "]
        if clause.value is not None:
            parts.append(f"{clause.value._compiler_dispatch(self, **kwargs)} ")
        for condition, result in clause.whens:
            parts.append(
                f"WHEN {condition._compiler_dispatch(self, **kwargs)} "
                f"THEN {result._compiler_dispatch(self, **kwargs)} "
            )
        if clause.else_ is not None:
            parts.append(f"ELSE {clause.else_._compiler_dispatch(self, **kwargs)} ")
        parts.append("END")
        return "".join(parts)

    def visit_type_coerce(self, type_coerce: Any, **kw: Any) -> str:
        """
        Render the element: the coercion is Python's business.
        """
        return type_coerce.typed_expression._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # text

    def visit_typeclause(self, typeclause: Any, **kw: Any) -> str:
        """
        Render the name of a type.
        """
        kw["type_expression"] = typeclause
        kw["identifier_preparer"] = self.preparer
        return self.dialect.type_compiler_instance.process(typeclause.type, **kw)  # type: ignore[no-any-return]  # text

    def visit_cast(self, cast: Any, **kwargs: Any) -> str:
        """
        Render ``CAST(x AS type)``.
        """
        type_text = cast.typeclause._compiler_dispatch(self, **kwargs)
        # a collation belongs behind the parentheses
        type_text, collation = split_collation(type_text, cast.typeclause.type, self.dialect)
        return f"CAST({cast.clause._compiler_dispatch(self, **kwargs)} AS {type_text}){collation}"

    def visit_extract(self, extract: Any, **kwargs: Any) -> str:
        """
        Render ``EXTRACT(field FROM x)``.
        """
        field = self._extract_field(extract)
        return f"EXTRACT({field} FROM {extract.expr._compiler_dispatch(self, **kwargs)})"

    def _extract_field(self, extract: Any) -> str:
        """
        Return the field of an EXTRACT, as this database calls it.

        Raises:
            CompileError: It is no name of a field.
        """
        field: str = self.extract_map.get(extract.field, extract.field)
        if not _EXTRACT_FIELD.fullmatch(field):
            raise exc.CompileError(
                f"{extract.field!r} is not a valid extract argument: a field is one word, such as 'year'"
            )
        return field

    def visit_collation(self, element: Any, **kw: Any) -> str:
        """
        Render the name of a collation.
        """
        return self.preparer.format_collation(element.collation, element.collation_schema)  # type: ignore[no-any-return]  # text

    def visit_slice(self, slice_: Any, **kw: Any) -> str:
        """
        Refuse a slice: only databases with arrays have them.
        """
        raise exc.UnsupportedCompilationError(self, type(slice_))

    # -- placeholders for other people's elements -------------------------

    def visit_orm_from_statement(self, element: Any, **kw: Any) -> str:
        """
        Render the statement that entities come from.
        """
        return self.process(element.element, **kw)

    def visit_lambda_element(self, element: Any, **kw: Any) -> str:
        """
        Render what a lambda made.
        """
        return self.process(element._resolved, **kw)

    def visit_override_binds(
        self, override_binds: Any, add_to_result_map: Any = None, result_map_targets: Any = (), **kw: Any
    ) -> str:
        """
        Render an element whose parameters take other values.
        """
        return override_binds.element._compiler_dispatch(  # type: ignore[no-any-return]  # text
            self, add_to_result_map=add_to_result_map, **kw
        )

    _copied: dict[str, Any] | None = None
    "What asks for a column's value once more, by the column's key, while a statement's values are written."

    def visit_dmltargetcopy(self, element: Any, **kw: Any) -> str:
        """
        Render the value that the statement sets a column to, once more.
        """
        if self._copied is None:
            raise exc.CompileError(
                "DML target objects may only be used with compiled INSERT or UPDATE statements"
            )
        self._copied[element.column.key] = element
        return copied_value(element.column.key)
