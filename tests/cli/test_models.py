"""``relvar models``: classes written for the tables of a database."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar.orm import Session, configure_mappers

Command = Callable[..., Any]

# What every database has, in words that all of them take.
COMMON = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'x:y%z' NOT NULL, score NUMERIC(10, 2),
  born DATE, CONSTRAINT positive CHECK (score > 0), CONSTRAINT colon CHECK (name <> ' :a'));
CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, editor_id INTEGER,
  CONSTRAINT fk_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_editor FOREIGN KEY (editor_id) REFERENCES users (id) ON DELETE SET NULL);
CREATE INDEX ix_posts_author_id ON posts (author_id);
CREATE INDEX posts_editor ON posts (editor_id, id);
CREATE TABLE tags (id INTEGER PRIMARY KEY, label VARCHAR(30));
CREATE UNIQUE INDEX one_label ON tags (label);
CREATE TABLE post_tags (post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (post_id, tag_id),
  CONSTRAINT fk_post FOREIGN KEY (post_id) REFERENCES posts (id),
  CONSTRAINT fk_tag FOREIGN KEY (tag_id) REFERENCES tags (id));
CREATE TABLE favourite_tags (post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (post_id, tag_id),
  CONSTRAINT fk_favourite_post FOREIGN KEY (post_id) REFERENCES posts (id),
  CONSTRAINT fk_favourite_tag FOREIGN KEY (tag_id) REFERENCES tags (id));
CREATE TABLE follows (follower_id INTEGER NOT NULL, followed_id INTEGER NOT NULL,
  PRIMARY KEY (follower_id, followed_id),
  CONSTRAINT fk_follower FOREIGN KEY (follower_id) REFERENCES users (id),
  CONSTRAINT fk_followed FOREIGN KEY (followed_id) REFERENCES users (id));
CREATE TABLE profiles (user_id INTEGER PRIMARY KEY, bio VARCHAR(99),
  CONSTRAINT fk_profile FOREIGN KEY (user_id) REFERENCES users (id));
CREATE TABLE employees (id INTEGER PRIMARY KEY, manager_id INTEGER,
  CONSTRAINT fk_manager FOREIGN KEY (manager_id) REFERENCES employees (id));
CREATE TABLE nodes (a INTEGER NOT NULL, b INTEGER NOT NULL, parent_a INTEGER, parent_b INTEGER,
  PRIMARY KEY (b, a), CONSTRAINT fk_parent FOREIGN KEY (parent_b, parent_a) REFERENCES nodes (b, a));
CREATE TABLE regions (country VARCHAR(2) NOT NULL, region VARCHAR(9) NOT NULL, PRIMARY KEY (country, region));
CREATE TABLE cities (id INTEGER PRIMARY KEY, country VARCHAR(2), region VARCHAR(9), twin_region VARCHAR(9),
  CONSTRAINT fk_region FOREIGN KEY (country, region) REFERENCES regions (country, region),
  CONSTRAINT fk_twin FOREIGN KEY (country, twin_region) REFERENCES regions (country, region));
CREATE TABLE folders (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, parent_id INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_folder FOREIGN KEY (tenant_id, parent_id) REFERENCES folders (tenant_id, id));
CREATE TABLE odd ({q}class{q} INTEGER PRIMARY KEY, {q}first name{q} VARCHAR(9), {q}first_name{q} VARCHAR(9),
  {q}2nd{q} FLOAT, metadata INTEGER, text VARCHAR(9) DEFAULT 'a', str VARCHAR(9), {q}Mapped{q} INTEGER,
  __secret INTEGER, {q}it's "x"\\{q} INTEGER);
CREATE TABLE {q}date{q} (id INTEGER PRIMARY KEY, {q}date{q} DATE);
CREATE TABLE dates (id INTEGER PRIMARY KEY);
CREATE TABLE {q}Base{q} (id INTEGER PRIMARY KEY);
CREATE TABLE {q}odd.name{q} (id INTEGER PRIMARY KEY);
CREATE TABLE points (id INTEGER PRIMARY KEY, odd_id INTEGER,
  CONSTRAINT fk_odd FOREIGN KEY (odd_id) REFERENCES {q}odd.name{q} (id));
CREATE TABLE logs (line VARCHAR(99));
"""

SQLITE = """
CREATE TABLE own (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT DEFAULT (lower('A')), b DATETIME DEFAULT
  CURRENT_TIMESTAMP, c BOOLEAN, d JSON, e CHAR(3), f INTEGER GENERATED ALWAYS AS (length(a)) STORED, g TIME,
  h BLOB, i BIGINT, j REAL, k UNKNOWN_TYPE, CHECK (i > 0), UNIQUE (a, c), UNIQUE (e));
CREATE INDEX part ON own (lower(a) DESC, i) WHERE i > 1;
CREATE TABLE counted (word TEXT NOT NULL PRIMARY KEY, n INT) STRICT, WITHOUT ROWID;
"""

POSTGRESQL = """
CREATE TYPE mood AS ENUM ('happy', 'it''s sad');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE SEQUENCE own_seq START 5;
CREATE TABLE own (id serial PRIMARY KEY, id2 bigint GENERATED ALWAYS AS IDENTITY (START 100),
  m mood DEFAULT 'happy', ms mood[], tags text[] NOT NULL DEFAULT '{}', j jsonb DEFAULT '{}'::jsonb,
  ts timestamptz DEFAULT now(), u uuid, f float8, r real, c char(3), iv interval,
  ip inet, b bytea, g int GENERATED ALWAYS AS (length(c)) STORED,
  bo boolean DEFAULT false, d positive, t time, tsv tsvector, bits bit(3),
  s int DEFAULT nextval('own_seq'),
  n2 serial, during int4range, p timestamp(3), v varchar(5) COLLATE "C", i interval day to second(2),
  CHECK (f > 0),
  UNIQUE (u), UNIQUE NULLS NOT DISTINCT (r, f), EXCLUDE USING gist (during WITH &&));
CREATE INDEX ON own USING gin (tags);
CREATE INDEX part ON own (lower(c) DESC NULLS LAST, r) INCLUDE (ts) WHERE r > 1;
COMMENT ON TABLE own IS 'it''s "own"';
COMMENT ON COLUMN own.r IS 'a column';
COMMENT ON CONSTRAINT own_pkey ON own IS 'a key';
CREATE TABLE later (id int PRIMARY KEY, own_id int
  REFERENCES own ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
"""

MARIADB = """
CREATE TABLE own (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL COMMENT 'it''s',
  m enum('a', 'b c') DEFAULT 'a', s set('x', 'y'),
  ts timestamp DEFAULT current_timestamp ON UPDATE current_timestamp,
  dt datetime(6), f double, r float, c char(3), b blob, lt longtext,
  g int GENERATED ALWAYS AS (length(name)) STORED, bo tinyint(1) DEFAULT 0, t time,
  j json, {q}a j{q} json NOT NULL DEFAULT '{}', lj longtext CHECK (json_valid(lj)),
  un int unsigned, big bigint, small smallint unsigned, y year, u uuid,
  CHECK (un > 0), UNIQUE (c), KEY k (un, name(5)), FULLTEXT KEY ft (lt)) COMMENT='own';
"""

OWN = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mariadb": MARIADB}

VIEWS = """
CREATE VIEW scores AS SELECT id, score, name AS {q}class{q}, 'x:y%' AS {q}a b{q} FROM users WHERE score > 1;
CREATE VIEW all_scores AS SELECT id AS {q}keys{q}, 5 AS n FROM scores;
"""


def run_script(engine: Any, script: str) -> None:
    quote = "`" if engine.dialect.name == "mariadb" else '"'
    script = script.replace("{q}", quote)
    if quote == '"':
        script = script.replace('it\'s "x"', "it's x")
    with engine.begin() as connection:
        for statement in filter(str.strip, script.split(";\n")):
            connection.execute(relvar.text(statement.replace(":", "\\:")))


def empty(engine: Any) -> None:
    """Leave nothing in a database."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for schema in ("public", "elsewhere"):
                connection.execute(relvar.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
            connection.execute(relvar.text("CREATE SCHEMA public"))
    else:
        with engine.begin() as connection:
            for view in relvar.inspect(engine).get_view_names():
                connection.execute(relvar.text(f"DROP VIEW {view}"))
        metadata = relvar.MetaData()
        metadata.reflect(engine)
        metadata.drop_all(engine)


def told(engine: Any, schema: str | None = None) -> dict[str, Any]:
    """What the inspector says of each table."""
    found: dict[str, Any] = {}
    inspector = relvar.inspect(engine)
    for name in inspector.get_table_names(schema):
        columns = inspector.get_columns(name, schema)
        key = inspector.get_pk_constraint(name, schema)
        for column in columns:
            column["type"] = repr(column["type"])
            if engine.dialect.name == "sqlite" and key["constrained_columns"] == [column["name"]]:
                del column["nullable"]  # a rowid is never NULL, whatever is said
        indexes = inspector.get_indexes(name, schema)
        for index in indexes:
            options = index.get("dialect_options", {})
            index["dialect_options"] = {k: getattr(v, "text", v) for k, v in options.items()}
        found[name] = {
            "columns": columns,
            "key": key,
            "foreign keys": sorted(inspector.get_foreign_keys(name, schema), key=repr),
            "indexes": sorted(indexes, key=repr),
            "unique": sorted(inspector.get_unique_constraints(name, schema), key=repr),
            "checks": sorted(inspector.get_check_constraints(name, schema), key=repr),
            "options": inspector.get_table_options(name, schema),
        }
    for name in inspector.get_view_names(schema):
        columns = [(column["name"], repr(column["type"])) for column in inspector.get_columns(name, schema)]
        found[name] = {"columns": columns, "definition": inspector.get_view_definition(name, schema)}
    return found


def write(relvar_command: Command, engine: Any, *options: str) -> str:
    url = engine.url.render_as_string(hide_password=False)
    done = relvar_command("models", url, *options)
    assert done.code == 0, done.err
    return str(done.out)


def imported(workplace: Path, text: str) -> Any:
    """The written module, of which nothing warns."""
    (workplace / "written.py").write_text(text)
    sys.modules.pop("written", None)
    sys.path.insert(0, str(workplace))
    importlib.invalidate_caches()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = importlib.import_module("written")
        configure_mappers()
    return module


@pytest.mark.filterwarnings("ignore:Can't sort tables")
def test_what_is_created_from_the_module_is_the_same(
    relvar_command: Command, workplace: Path, engine: Any
) -> None:
    run_script(engine, COMMON + OWN[engine.dialect.name] + VIEWS)
    before, text = told(engine), write(relvar_command, engine)
    assert write(relvar_command, engine) == text
    module = imported(workplace, text)
    empty(engine)
    module.Base.metadata.create_all(engine)
    after = told(engine)
    assert after.keys() == before.keys()
    for name, facts in before.items():
        for fact, value in facts.items():
            assert after[name][fact] == value, f"{name}: {fact}"
    assert write(relvar_command, engine) == text
    module.Base.registry.dispose()


@pytest.mark.backends("mariadb")
def test_json_of_mariadb_is_json(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, "CREATE TABLE own (id INTEGER PRIMARY KEY, j JSON, t LONGTEXT CHECK (json_valid(t)))")
    text = write(relvar_command, engine)
    assert "    j: Mapped[Any] = mapped_column(JSON, nullable=True)\n" in text
    assert "    t: Mapped[str | None] = mapped_column(LONGTEXT)\n" in text
    written = imported(workplace, text)
    with Session(engine) as session:
        session.add(written.Own(id=1, j={"a": [1]}))
        session.commit()
        assert session.scalars(relvar.select(written.Own.j)).one() == {"a": [1]}
    written.Base.registry.dispose()


@pytest.mark.backends("sqlite")
def test_relationships_and_their_names(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, COMMON)
    module = imported(workplace, write(relvar_command, engine))
    related = {
        f"{mapper.class_.__name__}.{relation.key}": (relation.mapper.class_.__name__, relation.back_populates)
        for mapper in module.Base.registry.mappers
        for relation in mapper.relationships
    }
    assert (
        related
        == {
            "Post.author": ("User", "author_posts"),
            "Post.editor": ("User", "editor_posts"),
            "User.author_posts": ("Post", "author"),
            "User.editor_posts": ("Post", "editor"),
            "Post.tags": ("Tag", "posts"),
            "Tag.posts": ("Post", "tags"),
            "Post.favourite_tags": ("Tag", "favourite_posts"),
            "Tag.favourite_posts": ("Post", "favourite_tags"),
            "User.followed": ("User", "followers"),
            "User.followers": ("User", "followed"),
            "User.profile": ("Profile", "user"),
            "Profile.user": ("User", "profile"),
            "Employee.manager": ("Employee", "employees"),
            "Employee.employees": ("Employee", "manager"),
            "Node.parent": ("Node", "children"),
            "Node.children": ("Node", "parent"),
            "City.region_ref": ("Region", "region_cities"),
            "City.twin": ("Region", "twin_cities"),
            "Region.region_cities": ("City", "region_ref"),
            "Region.twin_cities": ("City", "twin"),
            "Folder.parent": ("Folder", "children"),
            "Folder.children": ("Folder", "parent"),
            "Point.odd": ("OddName", "points"),
            "OddName.points": ("Point", "odd"),
        }
        or related
    )
    module.Base.registry.dispose()


@pytest.mark.backends("sqlite")
def test_the_classes_work(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, COMMON)
    written = imported(workplace, write(relvar_command, engine))
    with Session(engine) as session:
        ann, bob = written.User(name="ann"), written.User(name="bob")
        post = written.Post(author=ann, editor=bob, tags=[written.Tag(label="t")])
        ann.followed.append(bob)
        ann.profile = written.Profile(bio="x")
        root = written.Node(a=1, b=2)
        root.children.append(written.Node(a=3, b=4))
        folder = written.Folder(tenant_id=7, id=1, children=[written.Folder(tenant_id=7, id=2)])
        session.add_all([folder, post, root, written.Employee(manager=written.Employee())])
        session.commit()
        assert bob.followers == [ann] and bob.editor_posts == [post] and post.tags[0].posts == [post]
        assert ann.profile.user is ann and root.children[0].parent is root
        assert [(child.tenant_id, child.parent_id) for child in folder.children] == [(7, 1)]
        session.delete(ann.profile)
        session.commit()
        ann.followed.clear()
        post.tags.clear()
        session.delete(post)
        session.delete(ann)
        session.commit()
        assert session.scalars(relvar.select(written.User)).all() == [bob]
    written.Base.registry.dispose()


@pytest.mark.backends("sqlite")
def test_names_that_python_or_the_module_needs(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, COMMON)
    written = imported(workplace, write(relvar_command, engine))
    odd = written.Odd.__mapper__
    names = {column.name: odd.get_property_by_column(column).key for column in written.Odd.__table__.c}
    assert names == {
        "class": "class_",
        "first name": "first_name_",
        "first_name": "first_name",
        "2nd": "_2nd",
        "metadata": "metadata_",
        "text": "text_",
        "str": "str_",
        "Mapped": "Mapped_",
        "__secret": "secret_",
        "it's x\\": "it_s_x_",
    }
    assert written.Base_.__table__.name == "Base" and written.Date.__table__.name == "date"
    assert written.Dates.__table__.name == "dates"
    assert written.logs_table.name == "logs"
    written.Base.registry.dispose()


@pytest.mark.backends("postgresql")
def test_schemas(relvar_command: Command, workplace: Path, engine: Any) -> None:
    script = """
CREATE SCHEMA elsewhere;
CREATE TYPE elsewhere.size AS ENUM ('s', 'm');
CREATE TABLE elsewhere.users (id int PRIMARY KEY, size elsewhere.size);
CREATE TABLE users (id serial PRIMARY KEY, other_id int NOT NULL REFERENCES elsewhere.users);
CREATE TABLE elsewhere.links (a int REFERENCES users, b int REFERENCES elsewhere.users, PRIMARY KEY (a, b));
"""
    run_script(engine, script)
    before = told(engine), told(engine, "elsewhere")
    text = write(relvar_command, engine, "--schema", "public", "--schema", "elsewhere")
    written = imported(workplace, text)
    assert {mapper.class_.__name__ for mapper in written.Base.registry.mappers} == {"User", "ElsewhereUser"}
    empty(engine)
    with engine.begin() as connection:
        connection.execute(relvar.text("CREATE SCHEMA elsewhere"))
    written.Base.metadata.create_all(engine)
    assert (told(engine), told(engine, "elsewhere")) == before
    assert write(relvar_command, engine, "--schema", "public", "--schema", "elsewhere") == text
    empty(engine)
    written.Base.registry.dispose()


@pytest.mark.backends("sqlite")
def test_some_tables_only_into_a_file(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, COMMON)
    assert write(relvar_command, engine, "--table", "posts", "-o", "some.py") == ""
    text = (workplace / "some.py").read_text()
    assert "class Post(Base)" in text and "class User(Base)" in text and "class Tag(Base)" not in text
    url = engine.url.render_as_string()
    done = relvar_command("models", url, "--table", "nope")
    assert (done.code, done.err) == (2, "relvar: error: there is no table or view nope\n")
    done = relvar_command("models", "sqlite://")
    assert done.err == "relvar: error: there are no tables; --schema names a schema to look in\n"


def test_views_are_read_by_their_columns(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, COMMON + VIEWS + "CREATE VIEW fives (a, five) AS SELECT n, n FROM all_scores;\n")
    text = write(relvar_command, engine, "--table", "all_scores", "--table", "scores")
    assert "class ScoresColumns(TypedColumns):\n    id: Named[int" in text
    assert text.index('"scores",') < text.index('"all_scores",')
    again = write(relvar_command, engine)
    written = imported(workplace, again)
    with Session(engine) as session:
        session.add(written.User(id=7, name="ann", score=3))
        session.commit()
        scores = session.execute(relvar.select(written.scores_view)).mappings().one()
        assert dict(scores) == {"id": 7, "score": 3, "class": "ann", "a b": "x:y%"}
        view = written.all_scores_view
        assert session.execute(relvar.select(view.c["keys"], view.c.n)).all() == [(7, 5)]
    empty(engine)
    written.Base.metadata.create_all(engine)
    assert [c["name"] for c in relvar.inspect(engine).get_columns("fives")] == ["a", "five"]
    assert write(relvar_command, engine) == again
    written.Base.registry.dispose()


@pytest.mark.backends("postgresql")
def test_materialized_views(relvar_command: Command, workplace: Path, engine: Any) -> None:
    run_script(engine, "CREATE MATERIALIZED VIEW one AS SELECT 1 AS n")
    text = write(relvar_command, engine)
    written = imported(workplace, text)
    empty(engine)
    written.Base.metadata.create_all(engine)
    assert relvar.inspect(engine).get_materialized_view_names() == ["one"]
    assert write(relvar_command, engine) == text
    written.Base.registry.dispose()


@pytest.mark.backends("postgresql")
@pytest.mark.filterwarnings("default:Did not recognize")
def test_a_type_that_is_not_known(relvar_command: Command, engine: Any) -> None:
    run_script(engine, "CREATE TABLE places (id int PRIMARY KEY, at point)")
    done = relvar_command("models", engine.url.render_as_string(hide_password=False))
    line = "at: Mapped[Any] = mapped_column(NullType, nullable=True)  # of a type that relvar does not know"
    assert f"    {line}\n" in done.out
    assert done.err == "relvar: warning: Did not recognize type 'point' of column 'at'\n"
