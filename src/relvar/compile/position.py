"""
The order of parameters, for drivers that know them by position.

Until the text is complete, a provisional placeholder stands in it (see `marks`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from relvar._kernels.texts import with_placeholders
from relvar.compile.marks import (
    LIST_START,
    POSITION,
    POSITION_END,
    POSITION_OR_LIST,
    POSITION_START,
    WRAPPED,
    lists_in,
)
from relvar.compile.state import SQLCompiled


class PositionRules(SQLCompiled):
    """
    Rules for the driver's placeholders.
    """

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
                self.string: str = with_placeholders(
                    self.string, POSITION_START, POSITION_END, template, order
                )
            if self._insertmanyvalues is not None:
                self._insertmanyvalues = self._placed_insertmanyvalues(self._insertmanyvalues)
            if self.insert_single_values_expr:
                self.insert_single_values_expr: str = self._placed(self.insert_single_values_expr, [])
        if self.escaped_bind_names:
            original = {escaped: name for name, escaped in self.escaped_bind_names.items()}
            order = [original.get(name, name) for name in order]
        self.positiontup: list[str] | None = order

    def _placed(self, text: str, order: list[str]) -> str:
        """
        Replace the provisional placeholders in *text*; note all parameters in *order*.
        """
        template = self.bindtemplate
        if WRAPPED not in text:
            lists = LIST_START if LIST_START in text else None
            return with_placeholders(text, POSITION_START, POSITION_END, template, order, lists, lists_in)

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
                (column, name, self._placed(text, []), self._in_text_order(text, names))
                for column, name, text, names in imv.insert_crud_params
            ],
        )

    def _in_text_order(self, text: str, names: Sequence[str]) -> Sequence[str]:
        """
        Return *names*, the parameters of *text*, in its order: SQL around a value may have some before it.
        """
        if len(names) < 2:
            return names
        escaped = self.escaped_bind_names or {}
        return sorted(
            names, key=lambda name: text.find(f"{POSITION_START}{escaped.get(name, name)}{POSITION_END}")
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
                    (column, name, POSITION_OR_LIST.sub(place, value), self._in_text_order(value, names))
                    for column, name, value, names in imv.insert_crud_params
                ],
            )
        return text
