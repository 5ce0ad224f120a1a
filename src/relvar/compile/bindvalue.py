"""
The values of parameters, and what converts them for the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.base import ExpandedState
from relvar.compile.state import SQLCompiled


class ValueRules(SQLCompiled):
    """
    What a statement knows of its parameters' values.
    """

    _bind_processor_memo: Mapping[str, Any] | None = None
    _expanded: ExpandedState | None = None

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
