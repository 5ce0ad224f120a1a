"""
Rules for WITH: where common table expressions are collected and written.

A CTE is met as a FROM element deep inside of the statement; there its name is
written, and its own text is put aside.  The statement writes all of them in
front of itself at the end.

Rule 1: one name, one CTE; a CTE may *restate* another (the recursive part does).
Rule 2: a *nesting* CTE is written in front of the SELECT that uses it, all others
    in front of the whole statement.
Rule 3: a CTE that another one uses is written before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar.compile.relation import RelationRules, original
from relvar.expr.names import _truncated_label


class _Written:
    """
    One CTE: its text, and the level it is written at.
    """

    __slots__ = ("level", "text")

    def __init__(self, level: int) -> None:
        self.level = level
        self.text = ""


# What is handed down from a statement to its CTEs.
_FOR_CTES = frozenset(("literal_binds", "literal_execute", "render_postcompile"))

OUTERMOST = 1
"Level of the whole statement."


class CTERules(RelationRules):
    """
    Rules for common table expressions.
    """

    _written: dict[Any, _Written] | None = None
    _cte_by_name: dict[tuple[int, str], Any] | None = None

    def visit_cte(
        self,
        cte: Any,
        asfrom: bool = False,
        ashint: bool = False,
        fromhints: Mapping[Any, str] | None = None,
        visiting_cte: Any = None,
        from_linter: Any = None,
        cte_opts: Any = None,
        **kwargs: Any,
    ) -> str:
        """
        Render the name of a CTE; its text is kept for `_render_cte_clause`.
        """
        if not asfrom and not ashint and not self.stack:
            return cte.element._compiler_dispatch(self, **kwargs)  # type: ignore[no-any-return]  # text
        name = self._cte_name(cte)
        nesting = cte.nesting or (cte_opts is not None and cte_opts.nesting)
        level = self._nesting_level() if nesting else OUTERMOST
        aliased = cte._cte_alias
        while aliased is not None and aliased._cte_alias is not None:
            aliased = aliased._cte_alias  # an alias of an alias names the CTE itself
        if aliased is not None:
            source_name = self._cte_name(aliased)
            if not self._is_known(aliased, source_name, level):
                self.visit_cte(aliased, visiting_cte=visiting_cte, cte_opts=cte_opts, **kwargs)
            if not self._is_known(cte, name, level) and self._cte_by_name is not None:
                self._cte_by_name[level, name] = cte
        else:
            source_name = name
            if not self._is_known(cte, name, level):
                self._write_cte(cte, name, level, kwargs)
        if ashint:
            return self.preparer.format_alias(cte, name)  # type: ignore[no-any-return]  # text
        if not asfrom:
            return ""
        if from_linter is not None:
            from_linter.froms[original(cte)] = name
        if aliased is not None:
            text = self.preparer.format_alias(aliased, source_name)
            text += self.get_render_as_alias_suffix(self.preparer.format_alias(cte, name))
        else:
            text = self.preparer.format_alias(cte, name)
        return text  # type: ignore[no-any-return]  # text

    def _cte_name(self, cte: Any) -> str:
        name = cte.name
        if isinstance(name, _truncated_label):
            return self._truncated_identifier("alias", name)
        return name  # type: ignore[no-any-return]  # names are text

    def _nesting_level(self) -> int:
        """
        Return the depth of the statement whose WITH clause takes the CTEs that nest here.

        A UNION has one, its parts have none of their own; nor has the SELECT of an INSERT.
        """
        stack = self.stack
        level = len(stack)
        while level > 1 and stack[level - 2].get("holds_ctes") and not stack[level - 1].get("compound"):
            level -= 1
        return level

    def _is_known(self, cte: Any, name: str, own_level: int) -> bool:
        """
        Tell whether *cte* is among those written already, or being written.

        Raises:
            CompileError: A different one has its name.
        """
        by_name = self._cte_by_name
        if by_name is None:
            return False
        for level in range(len(self.stack), 0, -1):
            existing = by_name.get((level, name))
            if existing is None:
                continue
            if hash(existing) == hash(cte) or _restates(existing, cte) or original(existing) is original(cte):
                return True
            if _restates(cte, existing):
                # the later one includes the earlier: forget that
                if self._written is not None:
                    self._written.pop(existing, None)
                del by_name[level, name]
                return False
            if own_level in (OUTERMOST, level):
                raise exc.CompileError(f"Multiple, unrelated CTEs found with the same name: {name!r}")
        return False

    def _write_cte(self, cte: Any, name: str, level: int, kwargs: dict[str, Any]) -> None:
        if self._written is None or self._cte_by_name is None:
            self._written = {}
            self._cte_by_name = {}
        self._cte_by_name[level, name] = cte
        entry = _Written(level)
        if cte.recursive:
            self.ctes_recursive = True
        text = self.preparer.format_alias(cte, name)
        if cte.recursive or getattr(cte.element, "name_cte_columns", False):
            columns = ", ".join(self._cte_column_names(cte))
            text = f"{text}({columns})"
        inner_kw = kwargs
        if kwargs:
            inner_kw = {key: value for key, value in kwargs.items() if key in _FOR_CTES}
        body = cte.element._compiler_dispatch(self, asfrom=True, visiting_cte=cte, **inner_kw)
        prefixes = self._cte_phrases(cte._prefixes, **inner_kw) if cte._prefixes else ""
        text += f" AS {prefixes}\n({body})"
        suffixes = self._cte_phrases(cte._suffixes, **inner_kw) if cte._suffixes else ""
        if suffixes:
            text += f" {suffixes}"
        entry.text = text
        # after the ones it uses, which were written meanwhile
        self._written[cte] = entry

    def _cte_column_names(self, cte: Any) -> list[str]:
        names = []
        for column in cte.element._proxied_columns if hasattr(cte.element, "_proxied_columns") else cte.c:
            names.append(self._result_column_name(column))
        return names

    def _result_column_name(self, column: Any) -> str:
        name = column.name
        if isinstance(name, _truncated_label):
            name = self._truncated_identifier("colident", name)
        return self.preparer.quote(name)  # type: ignore[no-any-return]  # text

    def _cte_phrases(self, phrases: Any, **kw: Any) -> str:
        return "".join(
            f"{phrase._compiler_dispatch(self, **kw)} "
            for phrase, dialect_name in phrases
            if dialect_name in (None, "*", self.dialect.name)
        )

    def _dispatch_independent_ctes(self, stmt: Any, kw: dict[str, Any]) -> None:
        """
        Note the CTEs that the statement was given without using them as FROM.
        """
        passed = {key: kw[key] for key in ("literal_binds", "render_postcompile") if key in kw}
        options = stmt._independent_ctes_opts or (None,) * len(stmt._independent_ctes)
        for cte, opts in zip(stmt._independent_ctes, options, strict=True):
            cte._compiler_dispatch(self, cte_opts=opts, **passed)

    def _render_cte_clause(
        self, nesting_level: int | None = None, include_following_stack: bool = False
    ) -> str:
        """
        Return the WITH clause of the statement being rendered and forget its CTEs.

        Those are the CTEs that nest in it; for the outermost statement also all others.  The arguments are
        those of compilers of others: the level is known here.
        """
        level = len(self.stack)
        written = self._written
        if not written:
            return ""
        texts, recursive = [], False
        for cte, entry in tuple(written.items()):
            if entry.level == level:
                texts.append(entry.text)
                recursive = recursive or cte.recursive
                del written[cte]
        if not texts:
            return ""
        if self._cte_by_name is not None:
            for key in tuple(self._cte_by_name):
                if key[0] == level:
                    del self._cte_by_name[key]
        body = ", \n".join(texts)
        return f"{self.get_cte_preamble(recursive)} {body}\n "

    def get_cte_preamble(self, recursive: bool) -> str:
        """
        Return ``WITH`` or ``WITH RECURSIVE``.
        """
        return "WITH RECURSIVE" if recursive else "WITH"


def _restates(cte: Any, other: Any) -> bool:
    """
    Tell whether *cte* is *other* with something added.
    """
    found = cte._restates
    while found is not None:
        if found is other:
            return True
        found = found._restates
    return False
