"""
Set the tests up: options, files, engines, requirements; say which classes run on what.

Nothing here knows pytest; ``pytestplugin`` calls it at the right times.
"""

from __future__ import annotations

import configparser
import contextlib
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from relvar.testing import asyncio, config, engines, exclusions, provision
from relvar.testing import backends as backends  # registers the ways of our own dialects
from relvar.testing.configuration import Config, state

file_config: Any = configparser.ConfigParser()
options: Any = None
include_tags: set[str] = set()
exclude_tags: set[str] = set()

_after_start: list[Callable[[Any, Any], None]] = []


def post(fn: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Register a function that gets (options, file_config) when the engines are there."""
    _after_start.append(fn)
    return fn


def setup_options(make_option: Callable[..., None]) -> None:
    """Declare the command line; ``make_option`` takes what ``ArgumentParser.add_argument`` does."""
    make_option("--log-info", action="append", default=[], help="turn on info logging for a logger (several)")
    make_option(
        "--log-debug", action="append", default=[], help="turn on debug logging for a logger (several)"
    )
    make_option(
        "--db",
        action="append",
        default=[],
        help="a database named in setup.cfg or test.cfg, section [db] (several)",
    )
    make_option("--dbs", action="store_true", dest="list_dbs", help="list the databases that have names")
    make_option("--dburi", action="append", default=[], help="the URL of a database (several)")
    make_option(
        "--dbdriver",
        action="append",
        default=[],
        help="a further driver to test each database with (several)",
    )
    make_option("--dropfirst", action="store_true", help="empty the databases first")
    make_option("--disable-asyncio", action="store_true", help="do not run in an event loop")
    make_option("--backend-only", action="store_true", help="run only classes with __backend__")
    make_option("--write-idents", help="write the names of followers' databases into this file")
    make_option("--requirements", help="the class of requirements, package.module:Class")
    make_option("--include-tag", action="append", default=[], help="run only tests with this tag (several)")
    make_option("--exclude-tag", action="append", default=[], help="do not run tests with this tag (several)")


def read_config(root: str | Path) -> None:
    """Read ``setup.cfg`` and ``test.cfg``; the latter is for the machine, not for the repository."""
    file_config.read([Path(root) / "setup.cfg", Path(root) / "test.cfg"])


def database_names() -> dict[str, str]:
    """Return the URLs that have names."""
    return dict(file_config.items("db")) if file_config.has_section("db") else {}


def database_urls() -> list[str]:
    """
    Return the URLs to test: ``--dburi``, then ``--db``; without either the one named "default".

    Raises:
        RuntimeError: A name is not in the files.
    """
    named = database_names()
    urls = list(options.dburi)
    for text in options.db:
        for name in text.replace(",", " ").split():
            if name not in named:
                raise RuntimeError(f"Unknown URI specifier '{name}'.  Specify --dbs for known uris.")
            urls.append(named[name])
    return urls or [named.get("default", "sqlite://")]


def pre_begin(opt: Any) -> None:
    """Take the options; levels of loggers are set."""
    global options
    options = opt
    include_tags.update(opt.include_tag)
    exclude_tags.update(opt.exclude_tag)
    for names, level in ((opt.log_info, logging.INFO), (opt.log_debug, logging.DEBUG)):
        for name in names:
            logging.basicConfig()
            logging.getLogger(name).setLevel(level)
    _setup_requirements(opt.requirements)


def _setup_requirements(name: str | None) -> None:
    if name is None and file_config.has_option("sqla_testing", "requirement_cls"):
        name = file_config.get("sqla_testing", "requirement_cls")
    if name is not None:
        modname, _, clsname = name.partition(":")
        state.requirements = getattr(import_module(modname), clsname)()


def post_begin(follower_ident: str | None = None) -> None:
    """Make the engines."""
    if options.list_dbs:
        for name, url in sorted(database_names().items()):
            print(f"{name:>20}  {url}")
        sys.exit(0)
    urls = list(provision.generate_db_urls(database_urls(), options.dbdriver))
    state.any_async = any(url.get_dialect().is_async for url in urls)
    asyncio._maybe_async(_set_up, urls, follower_ident)


def _set_up(urls: list[Any], follower_ident: str | None) -> None:
    for made in urls:
        Config.set_as_current(provision.setup_config(made, options, file_config, follower_ident))
    Config.set_as_current(Config.all[0])
    if options.dropfirst:
        for each in Config.all:
            provision.drop_all_schema_objects(each, each.db)
    for fn in _after_start:
        fn(options, file_config)


def final_process_cleanup() -> None:
    """Close every engine."""
    asyncio._maybe_async(engines.testing_reaper.final_cleanup)
    asyncio._close_loop()
    Config.all.clear()
    state.current = None


# Which tests run where -------------------------------------------------------------------------------


def want_class(name: str, cls: Any) -> bool:
    """Return whether a class derived from ``TestBase`` is one of tests."""
    if name.startswith("_") or "__test_base__" in vars(cls):
        return False
    return bool(cls.__backend__ or not (options and options.backend_only))


def want_method(cls: type, fn: Any) -> bool:
    """Return whether a method of a test class is a test that the tags want."""
    if not fn.__name__.startswith("test_"):
        return False
    rule = exclusions.rule_of(fn)
    if rule is None:
        return not include_tags
    return rule.include_test(include_tags, exclude_tags)


def generate_sub_tests(cls: Any, name: str) -> list[type]:
    """
    Return the class once per combination of attributes and database it runs on, named for them; itself, if
    it is for any database.
    """
    cases = vars(cls).get("_relvar_cases")
    if cases is not None:
        return [
            made
            for ident, attributes in cases
            for made in generate_sub_tests(
                type(f"{name}_{ident}", (cls,), {**attributes, "__module__": cls.__module__}),
                f"{name}_{ident}",
            )
        ]
    if not (cls.__backend__ or cls.__only_on__):
        # what it keeps on itself, its tests look for by its name
        cls.__test__ = True
        cls._relvar_config = Config.all[0]
        return [cls]
    return [
        type(
            f"{name}_{each.name}",
            (cls,),
            {"__test__": True, "_relvar_config": each, "__module__": cls.__module__},
        )
        for each in Config.all
        if not cls.__only_on__ or exclusions.only_on(cls.__only_on__).skip_reason(each) is None
    ]


def before_test(cls: type, fn: Any, rules: list[exclusions.compound]) -> str | None:
    """Make a test's database the current one; return why the test is to be skipped, or None."""
    each: Config = cls._relvar_config  # type: ignore[attr-defined]  # set by generate_sub_tests
    Config.set_as_current(each)
    for rule in (*_rules_of(cls), *rules):
        reason = rule.skip_reason(each)
        if reason is not None:
            return reason
    return None


def _rules_of(cls: Any) -> list[exclusions.compound]:
    requirements = config.requirements_in_use()
    rules = [getattr(requirements, name) for name in cls.__requires__]
    if cls.__only_on__:
        rules.append(exclusions.only_on(cls.__only_on__))
    if cls.__skip_if__:
        rules += [exclusions.skip_if(predicate) for predicate in cls.__skip_if__]
    rule = exclusions.rule_of(cls)
    return rules if rule is None else [*rules, rule]


def expected_failure(cls: type, rules: list[exclusions.compound]) -> str | None:
    """Return why a test must fail on its database, or None."""
    each: Config = cls._relvar_config  # type: ignore[attr-defined]  # set by generate_sub_tests
    reasons = (rule.fail_reason(each) for rule in rules)
    return next((reason for reason in reasons if reason is not None), None)


def expecting_warnings(cls: type, rules: list[exclusions.compound]) -> contextlib.ExitStack:
    """Return what a test runs in, for the warnings that its rules expect on its database."""
    from relvar.testing.assertions import expect_warnings

    each: Config = cls._relvar_config  # type: ignore[attr-defined]  # set by generate_sub_tests
    stack = contextlib.ExitStack()
    for rule in rules:
        for text, must in rule.matching_warnings(each):
            stack.enter_context(expect_warnings(text, assert_=must))
    return stack


def stop_test_class_outside_fixtures(cls: type) -> None:
    """Close what a class of tests left open."""
    each: Config = cls._relvar_config  # type: ignore[attr-defined]  # set by generate_sub_tests
    engines.testing_reaper.stop_test_class_outside_fixtures()
    provision.stop_test_class_outside_fixtures(each, each.db, cls)
