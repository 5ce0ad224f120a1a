"""
Install the drivers mysqlclient, MariaDB Connector/Python and CyMySQL where they can be built.

They have no wheels for Linux, and the first two need the MariaDB client headers.  As root on a
Debian system those are fetched with apt; elsewhere the tests that need the
drivers report them as absent.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

# module -> what to install
DRIVERS = {"MySQLdb": "mysqlclient>=2.2", "mariadb": "mariadb>=1.1.11", "cymysql": "cymysql>=1.1"}


def missing() -> list[str]:
    """Return what is to be installed."""
    return [package for module, package in DRIVERS.items() if importlib.util.find_spec(module) is None]


def pip_install() -> bool:
    """Return whether pip could build and install the drivers."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", *missing()]
    return subprocess.run(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode == 0


def apt_headers() -> bool:
    """Return whether apt could install the client headers."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    install = [
        "apt-get",
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        "libmariadb-dev",
        "pkg-config",
        "gcc",
    ]
    return subprocess.run(install, **quiet).returncode == 0


def main() -> None:
    """Install the drivers, or say why not."""
    if missing() and not pip_install() and not (apt_headers() and pip_install()):
        print(
            f"{' '.join(missing())}: not built (they need a C compiler, libmariadb-dev and pkg-config); "
            "their tests are absent"
        )


if __name__ == "__main__":
    main()
