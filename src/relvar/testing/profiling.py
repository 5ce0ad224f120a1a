"""
Count function calls: a test may not take more of them than it did.

The counts are kept in a file, one line per test and platform, ``test_name platform count``;
the option ``--write-profiles`` writes what is counted, without it a difference fails the test.
"""

from __future__ import annotations

import contextlib
import cProfile
import functools
import pstats
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from relvar.testing.configuration import current_config
from relvar.testing.util import fail

_F = TypeVar("_F", bound=Callable[..., Any])


class PlatformKey(NamedTuple):
    """What a count depends on besides the test."""

    machine: str
    version: str
    backend: str
    extensions: str

    def __str__(self) -> str:
        return "_".join(self)


class ProfilesFile:
    """
    The file with the counts.

    Args:
        path: Where it is; it need not be there.
    """

    def __init__(self, path: str | Path) -> None:
        self.path: Path = Path(path)
        self._counts: dict[tuple[str, str], int] = {}
        self.read()

    def read(self) -> None:
        """Read the counts."""
        self._counts.clear()
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                test, platform, count = line.split()
                self._counts[test, platform] = int(count)

    def write(self) -> None:
        """Write the counts, in order."""
        lines = [f"{test} {platform} {count}" for (test, platform), count in sorted(self._counts.items())]
        text = "# counts of function calls: test, platform, calls\n" + "".join(f"{each}\n" for each in lines)
        self.path.write_text(text, encoding="utf-8")

    @property
    def entry_count(self) -> int:
        """How many counts there are."""
        return len(self._counts)

    def test_keys(self) -> list[str]:
        """Return the tests."""
        return sorted({test for test, _ in self._counts})

    def platform_keys(self) -> list[str]:
        """Return the platforms."""
        return sorted({platform for _, platform in self._counts})

    def platforms_for(self, test_key: str) -> list[str]:
        """Return the platforms of a test."""
        return sorted(platform for test, platform in self._counts if test == test_key)

    def counts_for(self, test_key: str, platform_key: Any) -> int | None:
        """Return the count of a test on a platform, None if there is none."""
        return self._counts.get((test_key, str(platform_key)))

    def setdefault_counts(self, test_key: str, platform_key: Any, count: int | None = None) -> int | None:
        """Return a count; put one there if there is none."""
        if count is None:
            return self.counts_for(test_key, platform_key)
        return self._counts.setdefault((test_key, str(platform_key)), count)

    def remove_entry(self, test_key: str, platform_key: Any) -> None:
        """Forget the count of a test on a platform."""
        self._counts.pop((test_key, str(platform_key)), None)

    def remove_test(self, test_key: str) -> None:
        """Forget a test."""
        for key in [key for key in self._counts if key[0] == test_key]:
            del self._counts[key]


class ProfileStatsFile(ProfilesFile):
    """
    The counts of this run.

    Args:
        sort: How the profile of a test that takes too many calls is sorted.
        dump: How many lines of it are shown.
    """

    def __init__(self, filename: str | Path, sort: str = "cumulative", dump: int | None = None) -> None:
        super().__init__(filename)
        self.sort = sort
        self.dump = dump
        self.force_write = False

    @property
    def platform_key(self) -> PlatformKey:
        """The platform of the running test."""
        return self.platform_key_for(current_config().db)

    def platform_key_for(self, db: Any) -> PlatformKey:
        """Return the platform: machine, version of Python, database and driver, kernels."""
        import platform

        from relvar.util import has_compiled_ext

        return PlatformKey(
            f"{platform.machine()}_{platform.system().lower()}",
            "cpython_" + ".".join(str(part) for part in sys.version_info[:2]),
            f"{db.dialect.name}_{db.dialect.driver}",
            "cextensions" if has_compiled_ext() else "nocextensions",
        )

    def has_platform(self, db: Any) -> bool:
        """Whether anything was counted on the platform of an engine."""
        return str(self.platform_key_for(db)) in self.platform_keys()

    def has_stats(self, test_key: str) -> bool:
        """Whether a test was counted on this platform."""
        return self.counts_for(test_key, self.platform_key) is not None

    def result(self, test_key: str, callcount: int) -> int | None:
        """Return what is expected, None if this count is the first."""
        expected = self.counts_for(test_key, self.platform_key)
        if expected is None or self.force_write:
            self.replace(test_key, callcount)
            return None
        return expected

    def replace(self, test_key: str, callcount: int) -> None:
        """Put a count in the place of what there was."""
        self.remove_entry(test_key, self.platform_key)
        self.setdefault_counts(test_key, self.platform_key, callcount)
        self.write()


class _Current:
    """The file and the test in use; set by the plugin or by a test."""

    stats: ProfileStatsFile | None = None
    test: str | None = None


def _start_current_test(id_: str | None) -> None:
    """Note the name of the test that runs."""
    _Current.test = id_


@contextlib.contextmanager
def count_functions(variance: float = 0.05) -> Iterator[None]:
    """
    Count the function calls of a block; they may differ from what was expected by *variance*.

    Raises:
        AssertionError: They differ by more.
    """
    profile = cProfile.Profile()
    profile.enable()
    try:
        yield
    finally:
        profile.disable()
    found: Any = pstats.Stats(profile)
    callcount = found.total_calls
    stats, test = _Current.stats, _Current.test
    if stats is None or test is None:
        return
    expected = stats.result(test, callcount)
    if expected is None:
        return
    allowed = int(expected * variance)
    if abs(callcount - expected) > allowed:
        found.sort_stats(stats.sort)
        if stats.dump:
            found.print_stats(stats.dump)
        fail(
            f"Adjusted function call count {callcount} not within {variance * 100:g}% of expected "
            f"{expected}, platform {stats.platform_key}. Rerun with --write-profiles to regenerate this "
            "callcount."
        )


def function_call_count(variance: float = 0.05, times: int = 1, warmup: int = 0) -> Callable[[_F], _F]:
    """
    Decorate a test: its function calls are counted.

    Args:
        times: How often the function is called while they are.
        warmup: How often before.
    """

    def decorate(fn: _F) -> _F:
        @functools.wraps(fn)
        def run(*args: Any, **kw: Any) -> Any:
            for _ in range(warmup):
                fn(*args, **kw)
            result = None
            with count_functions(variance=variance):
                for _ in range(times):
                    result = fn(*args, **kw)
            return result

        return cast(_F, run)

    return decorate


__all__ = ["PlatformKey", "ProfileStatsFile", "ProfilesFile", "count_functions", "function_call_count"]
