"""SQL, DDL, names and types as the database spells them."""

from relvar.sql import compiler

RESERVED = frozenset(
    """
    add all alter and as between by case check collate commit constraint create default delete desc distinct
    drop else escape except exists foreign from group having if in index insert intersect into is isnull join
    limit not notnull null on or order primary references rollback select set table then to transaction union
    unique update using values when where
    """.split()
)


class VaultPreparer(compiler.IdentifierPreparer):
    reserved_words = RESERVED


class VaultCompiler(compiler.SQLCompiler):
    def visit_now_func(self, fn, **kw):
        return "CURRENT_TIMESTAMP"

    def visit_true(self, expr, **kw):
        return "1"

    def visit_false(self, expr, **kw):
        return "0"

    def visit_char_length_func(self, fn, **kw):
        return f"length{self.function_argspec(fn, **kw)}"

    def visit_is_distinct_from_binary(self, binary, operator, **kw):
        return f"{self.process(binary.left, **kw)} IS NOT {self.process(binary.right, **kw)}"

    def visit_is_not_distinct_from_binary(self, binary, operator, **kw):
        return f"{self.process(binary.left, **kw)} IS {self.process(binary.right, **kw)}"

    def visit_empty_set_expr(self, element_types, **kw):
        columns = ", ".join("1" for _ in element_types or [None])
        return f"SELECT {columns} FROM (SELECT {columns}) WHERE 1!=1"

    def visit_truediv_binary(self, binary, operator, **kw):
        return f"{self.process(binary.left, **kw)} / ({self.process(binary.right, **kw)} + 0.0)"

    def limit_clause(self, select, **kw):
        text = ""
        if select._limit_clause is not None:
            text += f"\n LIMIT {self.process(select._limit_clause, **kw)}"
        if select._offset_clause is not None:
            if select._limit_clause is None:
                text += "\n LIMIT -1"
            text += f" OFFSET {self.process(select._offset_clause, **kw)}"
        return text

    def for_update_clause(self, select, **kw):
        return ""

    def returning_clause(self, stmt, returning_cols, *, populate_result_map, **kw):
        # names of tables are not allowed there
        kw["include_table"] = False
        return super().returning_clause(stmt, returning_cols, populate_result_map=populate_result_map, **kw)


class VaultDDLCompiler(compiler.DDLCompiler):
    def post_create_table(self, table):
        return "\n WITHOUT ROWID" if table.dialect_options["vaultdb"]["without_rowid"] else ""

    def visit_create_index(self, create, include_schema=False, include_table_schema=False, **kw):
        return super().visit_create_index(create, include_schema=True, include_table_schema=False, **kw)

    def visit_drop_index(self, drop, **kw):
        index = drop.element
        exists = "IF EXISTS " if drop.if_exists else ""
        return f"\nDROP INDEX {exists}{self._prepared_index_name(index, include_schema=True)}"


class VaultTypeCompiler(compiler.GenericTypeCompiler):
    def visit_large_binary(self, type_, **kw):
        return self.visit_BLOB(type_, **kw)

    def visit_boolean(self, type_, **kw):
        return "BOOLEAN"

    def visit_DATETIME(self, type_, **kw):
        return "DATETIME_TEXT"

    def visit_DATE(self, type_, **kw):
        return "DATE_TEXT"

    def visit_TIME(self, type_, **kw):
        return "TIME_TEXT"
