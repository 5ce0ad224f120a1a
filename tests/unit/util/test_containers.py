"""
Containers, caches and registries that the library stands on.
"""

import copy
import pickle
import threading

import pytest

from relvar import util


def test_immutabledict_never_changes():
    d = util.immutabledict({"a": 1})
    for change in (
        lambda: d.__setitem__("a", 2),
        lambda: d.__delitem__("a"),
        lambda: d.update(a=2),
        lambda: d.pop("a"),
        lambda: d.popitem(),
        lambda: d.setdefault("b", 1),
        lambda: d.clear(),
        lambda: setattr(d, "x", 1),
    ):
        with pytest.raises(TypeError, match="immutabledict object is immutable"):
            change()
    assert d == {"a": 1}


def test_immutabledict_combines_to_new_ones():
    d = util.immutabledict({"a": 1})
    assert d.union({"b": 2}) == {"a": 1, "b": 2}
    assert d.merge_with(None, {}, {"b": 2}, {"a": 3}) == {"a": 3, "b": 2}
    assert d.union({}) is d.merge_with() is d
    assert type(d | {"b": 2}) is type({"b": 2} | d) is util.immutabledict
    assert copy.copy(d) == pickle.loads(pickle.dumps(d)) == d
    assert repr(d) == "immutabledict({'a': 1})"


def test_ordered_set_keeps_order():
    s = util.OrderedSet([3, 1, 3, 2])
    assert list(s) == [3, 1, 2]
    assert list(s | [0, 1]) == [3, 1, 2, 0]
    assert list(s - [1]) == [3, 2]
    assert list(s & {1, 2}) == [1, 2]
    assert list(s ^ [1, 9]) == [3, 2, 9]
    s.insert(0, 7)
    s.discard(1)
    s.discard(99)
    assert list(s) == [7, 3, 2] and s == {2, 3, 7}
    assert s.pop() == 2
    with pytest.raises(KeyError):
        s.remove(99)


def test_identity_set_goes_by_identity():
    a, b = [1], [1]
    s = util.IdentitySet([a])
    assert a in s and b not in s
    s.add(b)
    assert len(s) == 2
    assert list(s - util.IdentitySet([a])) == [b]
    assert util.IdentitySet([a]) < s
    s.remove(a)
    with pytest.raises(KeyError):
        s.remove(a)


def test_lru_cache_drops_what_was_not_used():
    alerts = []
    cache = util.LRUCache(4, threshold=0.5, size_alert=alerts.append)
    for i in range(6):
        cache[i] = str(i)
    assert len(cache) == 6 and not alerts
    assert cache.get(0) == "0" and cache[1] == "1"
    cache[6] = "6"
    assert alerts == [cache]
    assert len(cache) == 4
    assert 0 in cache and 1 in cache and 6 in cache
    assert cache.get(99) is None and cache.get(99, 5) == 5


def test_lru_cache_takes_many_threads():
    cache = util.LRUCache(10)
    failures = []

    def work(offset):
        try:
            for i in range(2000):
                cache[(offset + i) % 40] = i
                cache.get(i % 40)
        except Exception as err:
            failures.append(err)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(cache) <= 15


def test_memoized_property_computes_once():
    calls = []

    class Thing:
        @util.memoized_property
        def value(self):
            """Docs."""
            calls.append(1)
            return 5

    thing = Thing()
    assert thing.value == thing.value == 5
    assert calls == [1]
    util.memoized_property.reset(thing, "value")
    assert thing.value == 5 and calls == [1, 1]
    assert Thing.value.__doc__ == "Docs."


def test_scoped_registries():
    scope = [1]
    registry = util.ScopedRegistry(list, lambda: scope[0])
    first = registry()
    assert registry() is first and registry.has()
    scope[0] = 2
    assert not registry.has() and registry() is not first
    registry.clear()
    assert not registry.has()

    local = util.ThreadLocalRegistry(list)
    mine = local()
    seen = []
    thread = threading.Thread(target=lambda: seen.append((local.has(), local() is mine)))
    thread.start()
    thread.join()
    assert seen == [(False, False)]
    local.clear()
    assert not local.has()


def test_symbols_are_themselves_only():
    s = util.symbol("TEST_SYMBOL", canonical=7)
    assert util.symbol("TEST_SYMBOL") is s is pickle.loads(pickle.dumps(s))
    assert repr(s) == "symbol('TEST_SYMBOL')" and s == 7


def test_small_conversions():
    assert util.asbool("Yes") and not util.asbool("off") and util.asbool(1)
    with pytest.raises(ValueError, match="String is not true/false: 'maybe'"):
        util.asbool("maybe")
    assert util.bool_or_str("debug")("debug") == "debug"
    assert util.to_list(None) is None and util.to_list("ab") == ["ab"] and util.to_list((1,)) == [1]
    assert list(util.flatten_iterator([1, [2, (3, "ab")]])) == [1, 2, 3, "ab"]
    kw = {"a": "5", "b": "no", "c": None}
    util.coerce_kw_type(kw, "a", int)
    util.coerce_kw_type(kw, "b", bool)
    assert kw == {"a": 5, "b": False, "c": None}
    assert util.unique_list([2, 1, 2]) == [2, 1]
    assert util.unique_list(["a", "A"], hashfunc=str.lower) == ["a"]
