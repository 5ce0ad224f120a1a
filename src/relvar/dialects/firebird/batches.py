"""
Many rows in one statement: ``EXECUTE BLOCK``, as INSERT takes one row.

A block is a procedure without a name.  Its parameters are the values of all rows; it inserts one after the
other, and gives back what RETURNING has of each, in that order::

    EXECUTE BLOCK (p0_0 TYPE OF COLUMN t.name = ?, p1_0 TYPE OF COLUMN t.name = ?)
    RETURNS (r0 TYPE OF COLUMN t.id) AS BEGIN
    INSERT INTO t (name) VALUES (:p0_0) RETURNING id INTO :r0; SUSPEND;
    INSERT INTO t (name) VALUES (:p1_0) RETURNING id INTO :r0; SUSPEND;
    END

It has at most as many INSERTs as a statement may have tables (255), and the values of at most 64 kB; both
were measured on Firebird 3.0.11 and 5.0.4.  A driver may send no more than so much text, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar.compile.insertmany import Sentinels
from relvar.compile.marks import POSITION
from relvar.compile.state import InsertBlock
from relvar.dialects.firebird.casting import CastRules
from relvar.expr.column import ColumnClause
from relvar.types.binary import LargeBinary
from relvar.types.text import String, Text

if TYPE_CHECKING:
    from relvar.compile.assignment import Crud
    from relvar.compile.state import InsertManyValues

_MOST_ROWS = 250
_MOST_BYTES = 60_000


class BatchRules(CastRules):
    """
    Rules for INSERT of many rows.
    """

    def _sentinels(self, stmt: Any, crud: Crud) -> Sentinels | None:
        # a block gives its rows in the order of the parameters
        return None

    def _insertmanyvalues_of(
        self, stmt: Any, crud: Crud, sentinels: Sentinels | None, behind: str
    ) -> InsertManyValues:
        made = super()._insertmanyvalues_of(stmt, crud, sentinels, behind)
        block = self._block_of(stmt, crud)
        return made._replace(block=block) if block is not None else made

    def _uses_insertmanyvalues(self, stmt: Any, crud: Crud) -> bool:
        return super()._uses_insertmanyvalues(stmt, crud) and (
            bool(self.effective_returning) or self._block_of(stmt, crud) is not None
        )

    def _block_of(self, stmt: Any, crud: Crud) -> InsertBlock | None:
        """
        Return the block for rows of an INSERT; None where types of parameters or columns are not known.
        """
        returned = list(self.effective_returning)
        if (
            crud.is_default
            or not self.dialect._has_blocks
            or stmt._post_values_clause is not None
            or stmt._independent_ctes
            or self._written
            or self.schema_translate_map
            or any(
                not isinstance(column, ColumnClause) or column.table is not stmt.table for column in returned
            )
        ):
            return None
        table = self.preparer.format_table(stmt.table)
        names: list[str] = []
        values: list[str] = []
        parameters: list[str] = []
        size = 0
        for assignment in crud.single:
            names.append(assignment.name)
            if not POSITION.search(assignment.text):
                values.append(assignment.text)
                continue
            if not POSITION.fullmatch(assignment.text):
                return None
            place = len(parameters)
            parameters.append(f"p\0_{place} TYPE OF COLUMN {table}.{assignment.name} = ?")
            values.append(f":p\0_{place}")
            size += _bytes_of(assignment.column.type)
        row = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"
        outputs = [f"r{number} TYPE OF COLUMN {table}.{self._shown(c)}" for number, c in enumerate(returned)]
        if returned:
            into = ", ".join(f":r{number}" for number in range(len(returned)))
            row += f" RETURNING {', '.join(self._shown(column) for column in returned)} INTO {into}; SUSPEND"
        block = InsertBlock(
            head="EXECUTE BLOCK (",
            parameters=", ".join(parameters),
            middle=f")\nRETURNS ({', '.join(outputs)}) AS BEGIN\n" if outputs else ") AS BEGIN\n",
            row=f"{row};\n",
            tail="END",
            most_rows=min(_MOST_ROWS, _MOST_BYTES // size) if size else 0,
        )
        longest = self.dialect._longest_statement
        if longest is not None:
            block = block._replace(most_rows=min(block.most_rows, _rows_in(block, longest)))
        return block if block.most_rows >= 2 else None

    def _shown(self, column: Any) -> str:
        return self.preparer.quote(column.name)  # type: ignore[no-any-return]  # text


def _rows_in(block: InsertBlock, longest: int) -> int:
    """
    Return how many rows a text of so many bytes has room for.
    """
    around = block.head + block.middle + block.tail
    # \0 stands for the number of the row: up to three digits
    row = f", {block.parameters}{block.row}".replace("\0", "999")
    return (longest - len(around.encode())) // len(row.encode())


def _bytes_of(type_: Any) -> int:
    """
    Return what a value takes at most in the message to the server.
    """
    if isinstance(type_, String) and not isinstance(type_, Text):
        return 4 * (type_.length or 8191) + 4
    length = getattr(type_, "length", None)
    return 16 if isinstance(type_, (Text, LargeBinary)) or not isinstance(length, int) else 4 * length + 4
