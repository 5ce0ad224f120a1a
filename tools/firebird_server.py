"""
Start a private Firebird server, and use the embedded one.

Two engines: the server of this system's packages (Firebird 3, by wire), and the newest one as a wheel
(Firebird 5, in this process).  A process can load one client library, so both are used through that of the
wheel where it is installed.

Tests get an empty database each: a copy of a file, which takes milliseconds.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any

PASSWORD = "masterkey"  # of a server that only this run can reach
_TOMMATH = ("libtommath.so.1", "libtommath.so.0")
_root: Path | None = None


@dataclass
class Client:
    """The client library, and whether it has an engine in it."""

    library: str
    is_embedded: bool


def system_library() -> Path | None:
    """Return the client library of this system's packages."""
    found = [
        *Path("/usr/lib").glob("*/libfbclient.so.2"),
        *Path("/opt/firebird/lib").glob("libfbclient.so.2"),
    ]
    return found[0] if found else None


def client() -> Client | str:
    """Return the client library to use, ready to be loaded, or why there is none."""
    for entry in metadata.entry_points(group="firebird.runtime.providers"):
        provider = entry.load()()
        reason = _prepare(Path(provider.root))
        if reason is None:
            return Client(str(provider.client_library), True)
    library = system_library()
    return (
        Client(str(library), False) if library else "neither firebird-embedded nor libfbclient is installed"
    )


def _prepare(runtime: Path) -> str | None:
    """
    Let this process and those it starts load the embedded engine.

    Its files look for libraries where the wheel does not put them, and its folder for locks and settings
    has to be one of ours.
    """
    global _root
    if _root is not None:
        return None
    for name in _TOMMATH:
        with contextlib.suppress(OSError):
            ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
            break
    else:
        return "libtommath is not installed (make servers installs it)"
    ctypes.CDLL(str(runtime / "libtomcrypt.so.1"), mode=ctypes.RTLD_GLOBAL)
    _root = root = Path(tempfile.mkdtemp(prefix="relvar-firebird-"))
    for path in runtime.iterdir():
        if path.name not in ("firebird.conf", "firebird.log"):
            (root / path.name).symlink_to(path)
    # classic: several processes may open a file
    (root / "firebird.conf").write_text("ServerMode = Classic\n")
    (root / "lock").mkdir()
    os.environ.update(FIREBIRD=str(root), FIREBIRD_LOCK=str(root / "lock"), FIREBIRD_TMP=str(root / "lock"))
    paths = [str(runtime), os.environ.get("LD_LIBRARY_PATH", "")]
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, paths))
    return None


def remove_root() -> None:
    """Remove what `client` made."""
    if _root is not None:
        shutil.rmtree(_root, ignore_errors=True)


def driver(found: Client) -> Any:
    """Return firebird-driver, with the client library."""
    import firebird.driver as module

    module.driver_config.fb_client_library.value = found.library
    # nothing here has to outlive a power cut
    module.driver_config.db_defaults.forced_writes.value = False
    return module


class Files:
    """Databases that are copies of an empty one."""

    def __init__(self, folder: Path, owner: dict[str, Any]) -> None:
        self.folder = folder
        self._owner = owner
        self._numbers = count(1)
        self._current: Path | None = None
        self.template = folder / "template.fdb"

    def make(self) -> Path:
        """Make an empty database in place of the last one."""
        if self._current is not None:
            self._current.unlink(missing_ok=True)
        self._current = path = self.folder / f"test{next(self._numbers)}.fdb"
        shutil.copyfile(self.template, path)
        if self._owner:
            os.chown(path, self._owner["user"], self._owner["group"])
        path.chmod(0o660)
        return path


class Server:
    """A server of this system's packages: random port, own folder and users, never as root."""

    def __init__(self, folder: Path, owner: dict[str, Any], port: int) -> None:
        self.folder = folder
        self.port = port
        self._owner = owner
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str | None:
        """Start it; return why it did not start."""
        program = shutil.which("firebird", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        isql = shutil.which("isql-fb")
        settings = Path("/etc/firebird/3.0")
        if program is None or isql is None or not settings.exists():
            return "there is no Firebird 3 server here (make servers installs it)"
        for name in ("conf", "db", "lock"):
            (self.folder / name).mkdir()
        conf, security = self.folder / "conf", self.folder / "db" / "security3.fdb"
        shutil.copy(settings / "plugins.conf", conf)
        (conf / "firebird.conf").write_text(
            f"RemoteBindAddress = 127.0.0.1\nRemoteServicePort = {self.port}\nSecurityDatabase = {security}\n"
            "DatabaseAccess = Full\nAuthServer = Srp, Srp256\nUserManager = Srp\nWireCrypt = Enabled\n"
            "ServerMode = Super\nUseFileSystemCache = true\nGCPolicy = cooperative\n"
        )
        (conf / "databases.conf").write_text(f"security.db = {security}\n{{\n RemoteAccess = false\n}}\n")
        for path in (self.folder, *self.folder.rglob("*")):
            if self._owner and not path.is_symlink():
                os.chown(path, self._owner["user"], self._owner["group"])
        # a server of its own does not want the engine of the wheel
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "FIREBIRD": str(conf),
            "FIREBIRD_LOCK": str(self.folder / "lock"), "FIREBIRD_TMP": str(self.folder / "lock"),
        }  # fmt: skip
        quiet: dict[str, Any] = {
            "env": environment, "cwd": self.folder, **self._owner,
            "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
        }  # fmt: skip

        def run(sql: str, *arguments: str) -> None:
            command = [isql, "-q", "-user", "SYSDBA", *arguments]
            subprocess.run(command, input=sql.encode(), check=False, **quiet)

        run(f"create database '{security}';")
        run(f"create user SYSDBA password '{PASSWORD}'; commit; quit;", "security.db")
        self._process = subprocess.Popen([program], **quiet)
        return None

    def wait(self, module: Any, path: Path) -> None:
        """Wait until it answers, and make a database."""
        deadline = time.monotonic() + 60
        while True:
            try:
                module.create_database(
                    f"127.0.0.1/{self.port}:{path}", user="SYSDBA", password=PASSWORD, charset="UTF8"
                ).close()
                return
            except module.DatabaseError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """Stop it and remove its folder."""
        if self._process is not None:
            # a server that is asked to stop waits for its connections
            self._process.kill()
            self._process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
