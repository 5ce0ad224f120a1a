"""Helpers that programs and dialects take from ``relvar.util``: each does what they count on."""

from __future__ import annotations

import asyncio
import threading

import pytest

from relvar import exc, util
from relvar.util import concurrency, langhelpers
from relvar.util.concurrency import await_, await_only, greenlet_spawn

pytestmark = pytest.mark.feature("N009")


def test_containers() -> None:
    frozen = util.immutabledict({"a": 1})
    assert frozen.union({"b": 2}) == {"a": 1, "b": 2} and frozen == {"a": 1}
    assert frozen.merge_with({"c": 3}, None) == {"a": 1, "c": 3}
    with pytest.raises(TypeError, match="immutable"):
        frozen["b"] = 2
    assert util.EMPTY_DICT == {}
    ordered = util.OrderedSet([3, 1, 3, 2])
    assert list(ordered) == [3, 1, 2] and list(ordered | [0]) == [3, 1, 2, 0]
    same, equal = [1], [1]
    identities = util.IdentitySet([same, equal, same])
    assert len(identities) == 2 and same in identities and [1] not in identities
    assert util.unique_list([1, 2, 1]) == [1, 2]
    assert util.OrderedDict.__name__ == "OrderedDict"


def test_properties_computed_once() -> None:
    class Thing:
        made = 0

        @util.memoized_property
        def value(self) -> int:
            """The value."""
            self.made += 1
            return 7

    thing = Thing()
    assert (thing.value, thing.value, thing.made) == (7, 7, 1)
    assert Thing.value.__doc__ == "The value."
    util.memoized_property.reset(thing, "value")
    assert (thing.value, thing.made) == (7, 2)


def test_registries_of_scopes() -> None:
    scope = ["a"]
    scoped = util.ScopedRegistry(list, lambda: scope[0])
    first = scoped()
    assert scoped() is first and scoped.has()
    scope[0] = "b"
    assert scoped() is not first
    scoped.clear()
    assert not scoped.has()
    scoped.set(first)
    assert scoped() is first
    local = util.ThreadLocalRegistry(list)
    mine, others = local(), []
    thread = threading.Thread(target=lambda: others.append(local()))
    thread.start()
    thread.join()
    assert local() is mine and others[0] is not mine
    local.clear()
    assert not local.has()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("Yes", True),
        ("on", True),
        ("1", True),
        ("t", True),
        ("no", False),
        ("off", False),
        ("0", False),
    ],
)
def test_text_to_truth(text: str, value: bool) -> None:
    assert util.asbool(text) is value


def test_conversions() -> None:
    assert (util.asbool(1), util.asbool(0)) == (True, False)
    with pytest.raises(ValueError, match="String is not true/false: 'maybe'"):
        util.asbool("maybe")
    assert (util.asint("7"), util.asint(None)) == (7, None)
    assert util.bool_or_str("debug")("debug") == "debug" and util.bool_or_str("debug")("false") is False
    assert [util.to_list(x) for x in (None, 1, "ab", (1, 2), [3])] == [None, [1], ["ab"], [1, 2], [3]]
    assert util.to_list(None, [5]) == [5]
    options = {"size": "5"}
    util.coerce_kw_type(options, "size", int)
    assert options == {"size": 5}
    assert util.update_copy({"a": 1}, {"b": 2}, c=3) == {"a": 1, "b": 2, "c": 3}


def test_warnings_and_deprecations() -> None:
    with pytest.warns(exc.SAWarning, match="look here") as caught:
        util.warn("look here", code="abcd")
    assert caught[0].filename == __file__

    @util.deprecated(version="1.4", message="Use :func:`new`", add_deprecation_to_docstring=True)
    def old(x: int) -> int:
        """Add one."""
        return x + 1

    with pytest.warns(exc.SADeprecationWarning, match=r"Use new\(\) \(deprecated since: 1.4\)"):
        assert old(1) == 2
    assert "deprecated:: 1.4" in (old.__doc__ or "")
    with pytest.warns(exc.SAWarning):
        util.warn_limited("seen %s", ("a",))


def test_plugin_loaders() -> None:
    loader = langhelpers.PluginLoader(
        "some.things", lambda name: (lambda: f"made {name}") if name.startswith("a") else None
    )
    loader.register("ordered", "collections", "OrderedDict")
    assert loader.load("ordered").__name__ == "OrderedDict"
    assert loader.load("abc") == "made abc" and "abc" in loader.impls
    with pytest.raises(exc.NoSuchModuleError, match="Can't load plugin: some.things:nope"):
        loader.load("nope")
    loader.deregister("ordered")
    with pytest.raises(exc.NoSuchModuleError, match="ordered"):
        loader.load("ordered")
    with pytest.raises(KeyError):
        loader.deregister("ordered")
    loader.clear()
    assert loader.impls == {}


def test_coroutines_from_synchronous_code() -> None:
    async def double(x: int) -> int:
        await asyncio.sleep(0)
        return 2 * x

    def work(x: int) -> int:
        assert concurrency.in_greenlet()
        return await_only(double(x)) + await_(double(x))

    assert asyncio.run(greenlet_spawn(work, 3)) == 12
    assert not concurrency.in_greenlet()
    pending = double(1)
    with pytest.raises(exc.MissingGreenlet):
        await_only(pending)
    pending.close()
    with pytest.raises(exc.AwaitRequired):
        asyncio.run(greenlet_spawn(lambda: 5, _require_await=True))
