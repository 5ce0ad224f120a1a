"""The dialect: how to connect, what the database can do, what its catalogue says."""

import re

from relvar import exc, pool, schema
from relvar import types as sqltypes
from relvar.engine import default, reflection
from relvar.engine.reflection import ReflectionDefaults
from vaultdb import types
from vaultdb.compilers import VaultCompiler, VaultDDLCompiler, VaultPreparer, VaultTypeCompiler


class VaultExecutionContext(default.DefaultExecutionContext):
    asked_for = ()

    def get_lastrowid(self):
        self.asked_for = [*self.asked_for, self.cursor.lastrowid]
        return self.cursor.lastrowid


class VaultDialect(default.DefaultDialect):
    name = "vaultdb"
    driver = "file"
    supports_statement_cache = True
    default_paramstyle = "qmark"

    statement_compiler = VaultCompiler
    ddl_compiler = VaultDDLCompiler
    type_compiler_cls = VaultTypeCompiler
    preparer = VaultPreparer
    execution_ctx_cls = VaultExecutionContext

    supports_alter = False
    supports_default_values = True
    supports_empty_insert = False
    supports_multivalues_insert = True
    supports_native_boolean = False
    supports_simple_order_by_label = True
    tuple_in_values = True
    insert_returning = True
    update_returning = True
    delete_returning = True
    use_insertmanyvalues = True
    insertmanyvalues_max_parameters = 999

    colspecs = {
        sqltypes.DateTime: types.VaultDateTime,
        sqltypes.Date: types.VaultDate,
        sqltypes.Time: types.VaultTime,
        sqltypes.Numeric: types.VaultNumeric,
    }
    ischema_names = {
        "INTEGER": sqltypes.INTEGER,
        "BIGINT": sqltypes.BIGINT,
        "VARCHAR": sqltypes.VARCHAR,
        "CHAR": sqltypes.CHAR,
        "TEXT": sqltypes.TEXT,
        "NUMERIC": sqltypes.NUMERIC,
        "DECIMAL": sqltypes.NUMERIC,
        "FLOAT": sqltypes.FLOAT,
        "BLOB": sqltypes.BLOB,
        "BOOLEAN": sqltypes.BOOLEAN,
        "DATETIME_TEXT": types.VaultDateTime,
        "DATE_TEXT": types.VaultDate,
        "TIME_TEXT": types.VaultTime,
    }
    construct_arguments = [(schema.Table, {"without_rowid": False})]

    # -- connecting -------------------------------------------------------------

    @classmethod
    def import_dbapi(cls):
        import sqlite3

        return sqlite3

    @classmethod
    def get_pool_class(cls, url):
        return pool.QueuePool if url.database else pool.StaticPool

    def create_connect_args(self, url):
        options = url.translate_connect_args(database="database")
        options.setdefault("database", ":memory:")
        options["check_same_thread"] = False
        options.update(url.query)
        return [], options

    def on_connect(self):
        def switch_on_foreign_keys(dbapi_connection):
            dbapi_connection.execute("PRAGMA foreign_keys = ON")

        return switch_on_foreign_keys

    def is_disconnect(self, e, connection, cursor):
        return isinstance(e, self.dbapi.ProgrammingError) and "closed database" in str(e)

    def _get_server_version_info(self, connection):
        return self.dbapi.sqlite_version_info

    def _get_default_schema_name(self, connection):
        return "main"

    # -- isolation ---------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_conn):
        return ["SERIALIZABLE", "AUTOCOMMIT"]

    def get_isolation_level(self, dbapi_connection):
        return "AUTOCOMMIT" if dbapi_connection.isolation_level is None else "SERIALIZABLE"

    def set_isolation_level(self, dbapi_connection, level):
        dbapi_connection.isolation_level = None if level == "AUTOCOMMIT" else ""

    # -- the catalogue -----------------------------------------------------------

    def _master(self, connection, kind, temporary=False):
        name = "sqlite_temp_master" if temporary else "sqlite_master"
        text = (
            f"SELECT name FROM {name} WHERE type = ? AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
        )
        return connection.exec_driver_sql(text, (kind,)).scalars().all()

    @reflection.cache
    def get_schema_names(self, connection, **kw):
        return ["main"]

    @reflection.cache
    def get_table_names(self, connection, schema=None, **kw):
        return self._master(connection, "table")

    @reflection.cache
    def get_temp_table_names(self, connection, **kw):
        return self._master(connection, "table", temporary=True)

    @reflection.cache
    def get_view_names(self, connection, schema=None, **kw):
        return self._master(connection, "view")

    @reflection.cache
    def get_temp_view_names(self, connection, **kw):
        return self._master(connection, "view", temporary=True)

    @reflection.cache
    def get_view_definition(self, connection, view_name, schema=None, **kw):
        text = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?", (view_name,)
        ).scalar()
        if text is None:
            raise exc.NoSuchTableError(view_name)
        return text

    def _pragma(self, connection, pragma, name):
        quoted = self.identifier_preparer.quote_identifier(name)
        return connection.exec_driver_sql(f"PRAGMA {pragma}({quoted})").mappings().all()

    def _facts(self, connection, name, pragma="table_info"):
        """Ask about a table, which has to be there."""
        if not self._pragma(connection, "table_info", name):
            raise exc.NoSuchTableError(name)
        return self._pragma(connection, pragma, name)

    @reflection.cache
    def has_table(self, connection, table_name, schema=None, **kw):
        self._ensure_has_table_connection(connection)
        return schema in (None, "main") and bool(self._pragma(connection, "table_info", table_name))

    @reflection.cache
    def get_columns(self, connection, table_name, schema=None, **kw):
        return [
            {
                "name": row["name"],
                "type": self._type(row["type"]),
                "nullable": not row["notnull"],
                "default": row["dflt_value"],
            }
            for row in self._facts(connection, table_name)
        ]

    def _type(self, declared):
        match = re.match(r"(\w+)(?:\((\d+)(?:, *(\d+))?\))?", declared or "")
        if match is None:
            return sqltypes.NullType()
        cls = self.ischema_names.get(match[1].upper(), sqltypes.NullType)
        arguments = [int(part) for part in match.groups()[1:] if part]
        return cls(*arguments) if issubclass(cls, (sqltypes.String, sqltypes.Numeric)) else cls()

    @reflection.cache
    def get_pk_constraint(self, connection, table_name, schema=None, **kw):
        keyed = [(row["pk"], row["name"]) for row in self._facts(connection, table_name) if row["pk"]]
        if not keyed:
            return ReflectionDefaults.pk_constraint()
        return {"name": None, "constrained_columns": [name for _, name in sorted(keyed)]}

    @reflection.cache
    def get_foreign_keys(self, connection, table_name, schema=None, **kw):
        found = {}
        for row in self._facts(connection, table_name, "foreign_key_list"):
            key = found.setdefault(
                row["id"],
                {
                    "name": None,
                    "constrained_columns": [],
                    "referred_schema": None,
                    "referred_table": row["table"],
                    "referred_columns": [],
                    "options": {
                        name: row[f"on_{name[2:]}"]
                        for name in ("ondelete", "onupdate")
                        if row[f"on_{name[2:]}"] != "NO ACTION"
                    },
                },
            )
            key["constrained_columns"].append(row["from"])
            key["referred_columns"].append(row["to"])
        return [found[number] for number in sorted(found)] or ReflectionDefaults.foreign_keys()

    def _indexes(self, connection, table_name):
        for row in self._facts(connection, table_name, "index_list"):
            names = [part["name"] for part in self._pragma(connection, "index_info", row["name"])]
            yield row["name"], bool(row["unique"]), row["origin"], names

    @reflection.cache
    def get_indexes(self, connection, table_name, schema=None, **kw):
        return [
            {"name": name, "column_names": names, "unique": unique, "dialect_options": {}}
            for name, unique, origin, names in self._indexes(connection, table_name)
            if origin == "c"
        ] or ReflectionDefaults.indexes()

    @reflection.cache
    def get_unique_constraints(self, connection, table_name, schema=None, **kw):
        text = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = ? UNION ALL "
            "SELECT sql FROM sqlite_temp_master WHERE name = ?",
            (table_name, table_name),
        ).scalar()
        self._facts(connection, table_name)
        return [
            {"name": match[1].strip('"').replace('""', '"'), "column_names": re.findall(r"\w+", match[2])}
            for match in re.finditer(r'CONSTRAINT ("(?:[^"]|"")+"|\w+) UNIQUE \(([^)]+)\)', text or "")
        ]
