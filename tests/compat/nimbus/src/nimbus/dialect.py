"""
The dialect: compilers, preparer, types, execution context and reflection of its own, on SQLite's driver.

What it does is what dialects in use do: names that are all quoted (Firebolt, Druid), keys and sequences that
the context asks the server for on its own cursor (Ingres, Mimer), clauses whose methods take no further
arguments (ASE), columns of UPDATE put together by itself (ClickHouse, CrateDB).
"""

import datetime
import sqlite3

from sqlalchemy import exc, schema, types
from sqlalchemy.engine import cursor as _cursor
from sqlalchemy.engine import default, reflection
from sqlalchemy.sql import compiler, crud

told = []


class AllWords:
    """Says that each word is reserved; there is no list of them."""

    def __contains__(self, word):
        return True


class NimbusIdentifierPreparer(compiler.IdentifierPreparer):
    reserved_words = AllWords()

    def __init__(self, dialect, **kw):
        super().__init__(dialect, initial_quote="`", **kw)
        self.illegal_initial_characters.add("_")


class NimbusCompiler(compiler.SQLCompiler):
    def visit_now_func(self, fn, **kw):
        return "CURRENT_TIMESTAMP"

    def visit_mod_binary(self, binary, operator, **kw):
        return f"{self.process(binary.left, **kw)} % {self.process(binary.right, **kw)}"

    def visit_regexp_match_op_binary(self, binary, operator, **kw):
        # there always are flags, given or not
        pattern = binary.modifiers["flags"] or ""
        return f"{self.process(binary.left, **kw)} REGEXP '{pattern}' || {self.process(binary.right, **kw)}"

    def visit_sequence(self, sequence, **kw):
        return f"next_value('{sequence.name}')"

    def limit_clause(self, select, **kw):
        limit = select._limit_clause
        text = f"\n LIMIT {self.process(limit, **kw) if limit is not None else -1}"
        if select._offset_clause is not None:
            text += f" OFFSET {self.process(select._offset_clause, **kw)}"
        return text

    def get_select_precolumns(self, select, **kw):
        froms = self._display_froms_for_select(select, kw.get("asfrom", False))
        told.append(("froms", [getattr(element, "name", "?") for element in froms]))
        return super().get_select_precolumns(select, **kw)

    def delete_table_clause(self, delete_stmt, from_table, extra_froms):
        return self.process(from_table, asfrom=True)

    def visit_update(self, update_stmt, **kw):
        state = self.compile_state = update_stmt._compile_state_factory(update_stmt, self, **kw)
        update_stmt = state.statement
        self.isupdate = True
        tables = {update_stmt.table}
        self.stack.append({"correlate_froms": tables, "asfrom_froms": tables, "selectable": update_stmt})
        values = crud._get_crud_params(self, update_stmt, state, True, **kw).single_params
        text = f"UPDATE {self.preparer.format_table(update_stmt.table)} SET "
        text += ", ".join(f"{name} = {value}" for _, name, value, _ in values)
        if update_stmt._where_criteria:
            text += " WHERE " + self._generate_delimited_and_list(update_stmt._where_criteria)
        self.stack.pop(-1)
        return text


class NimbusDDLCompiler(compiler.DDLCompiler):
    def get_column_specification(self, column, **kw):
        type_ = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        text = f"{self.preparer.format_column(column)} {type_}"
        if not column.nullable and not column.primary_key:
            text += " NOT NULL"
        return text

    def post_create_table(self, table):
        # the default, where it is not given
        return " STRICT" if table.dialect_kwargs["nimbus_strict"] else ""

    def visit_set_table_comment(self, create, **kw):
        return f"SELECT {self.sql_compiler.render_literal_value(create.element.comment, types.String())}"


class NimbusTypeCompiler(compiler.GenericTypeCompiler):
    def visit_VARCHAR(self, type_, **kw):
        return "TEXT"

    visit_DATETIME = visit_VARCHAR

    def visit_SKY(self, type_, **kw):
        return "INTEGER"


class SKY(types.TypeEngine):
    __visit_name__ = "SKY"


class NimbusDateTime(types.DateTime):
    def bind_processor(self, dialect):
        return lambda value: None if value is None else value.isoformat()

    def result_processor(self, dialect, coltype):
        return lambda value: None if value is None else datetime.datetime.fromisoformat(value)


class NimbusExecutionContext(default.DefaultExecutionContext):
    _key = None

    def create_cursor(self):
        told.append(("cursor",))
        return self._dbapi_connection.cursor()

    def pre_exec(self):
        told.append(("pre", self.statement.split()[0]))

    def post_exec(self):
        if self.isinsert and not self.executemany:
            # asked on the cursor of the statement, which has rows then: none for the program
            self.root_connection._cursor_execute(self.cursor, "SELECT last_insert_rowid()", (), self)
            self._key = self.cursor.fetchall()[0][0]
            self.cursor_fetch_strategy = _cursor._NO_CURSOR_DML
        elif self.execution_options.get("nimbus_reversed"):
            self.cursor_fetch_strategy = _cursor.FullyBufferedCursorFetchStrategy(
                self.cursor, self.cursor.description, self.cursor.fetchall()[::-1]
            )

    def get_lastrowid(self):
        told.append(("key", self._key))
        return self._key

    def fire_sequence(self, seq, type_):
        self.cursor.execute("SELECT next_value(?)", (seq.name,))
        return self.cursor.fetchone()[0]


class NimbusDialect(default.DefaultDialect):
    name = "nimbus"
    driver = "file"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    supports_sequences = True
    supports_comments = True
    supports_native_boolean = False
    supports_default_values = True
    postfetch_lastrowid = True
    max_identifier_length = 60
    statement_compiler = NimbusCompiler
    ddl_compiler = NimbusDDLCompiler
    type_compiler = NimbusTypeCompiler
    preparer = NimbusIdentifierPreparer
    execution_ctx_cls = NimbusExecutionContext
    colspecs = {types.DateTime: NimbusDateTime}
    ischema_names = {"INTEGER": types.INTEGER, "TEXT": types.TEXT, "SKY": SKY}
    construct_arguments = [(schema.Table, {"strict": False})]

    @classmethod
    def import_dbapi(cls):
        return sqlite3

    def create_connect_args(self, url):
        return [url.database or ":memory:"], {"timeout": float(url.query.get("patience", 1))}

    def on_connect(self):
        def connected(connection):
            numbers = {}

            def next_value(name):
                numbers[name] = numbers.get(name, 0) + 1
                return numbers[name]

            connection.create_function("next_value", 1, next_value)

        return connected

    def _get_server_version_info(self, connection):
        return tuple(map(int, connection.exec_driver_sql("SELECT sqlite_version()").scalar().split(".")))

    def _get_default_schema_name(self, connection):
        return "main"

    def get_isolation_level_values(self, dbapi_connection):
        return ["SERIALIZABLE", "AUTOCOMMIT"]

    def get_isolation_level(self, dbapi_connection):
        return "AUTOCOMMIT" if dbapi_connection.isolation_level is None else "SERIALIZABLE"

    def set_isolation_level(self, dbapi_connection, level):
        dbapi_connection.isolation_level = None if level == "AUTOCOMMIT" else ""

    def is_disconnect(self, e, connection, cursor):
        return "disk I/O" in str(e)

    # -- reflection

    @reflection.cache
    def get_table_names(self, connection, schema=None, **kw):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return [row[0] for row in connection.exec_driver_sql(query)]

    @reflection.cache
    def get_view_names(self, connection, schema=None, **kw):
        query = "SELECT name FROM sqlite_master WHERE type = 'view'"
        return [row[0] for row in connection.exec_driver_sql(query)]

    def has_sequence(self, connection, sequence_name, schema=None, **kw):
        # one is there from its first use
        return True

    def _columns(self, connection, table_name, **kw):
        # by name, as others write it
        if not self.has_table(connection=connection, table_name=table_name, **kw):
            raise exc.NoSuchTableError(table_name)
        return connection.exec_driver_sql(f"PRAGMA table_info(`{table_name}`)").all()

    @reflection.cache
    def has_table(self, connection, table_name, schema=None, **kw):
        return table_name in self.get_table_names(connection, schema, **kw)

    @reflection.cache
    def get_columns(self, connection, table_name, schema=None, **kw):
        return [
            {"name": name, "type": self.ischema_names[type_](), "nullable": not notnull, "default": default_}
            for _, name, type_, notnull, default_, _ in self._columns(connection, table_name, **kw)
        ]

    @reflection.cache
    def get_pk_constraint(self, connection, table_name, schema=None, **kw):
        keyed = sorted((row[5], row[1]) for row in self._columns(connection, table_name, **kw) if row[5])
        return {"name": None, "constrained_columns": [name for _, name in keyed]}

    @reflection.cache
    def get_foreign_keys(self, connection, table_name, schema=None, **kw):
        return [
            {
                "name": None,
                "constrained_columns": [row[3]],
                "referred_schema": None,
                "referred_table": row[2],
                "referred_columns": [row[4]],
            }
            for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list(`{table_name}`)")
        ]

    @reflection.cache
    def get_indexes(self, connection, table_name, schema=None, **kw):
        found = connection.exec_driver_sql(f"PRAGMA index_list(`{table_name}`)").all()
        return [
            {
                "name": row[1],
                "unique": bool(row[2]),
                "column_names": [
                    column[2] for column in connection.exec_driver_sql(f"PRAGMA index_info(`{row[1]}`)")
                ],
            }
            for row in found
            if not row[1].startswith("sqlite_autoindex")
        ]
