"""
Install the mysqlclient driver where it can be built.

It has no wheels for Linux and needs the MariaDB client headers.  As root on a
Debian system those are fetched with apt; elsewhere the tests that need the
driver report it as absent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def pip_install() -> bool:
    """Return whether pip could build and install the driver."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "mysqlclient>=2.2"]
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
    """Install the driver, or say why not."""
    try:
        import MySQLdb  # noqa: F401  # the import is the question
    except ImportError:
        if not pip_install() and not (apt_headers() and pip_install()):
            print("mysqlclient was not built (it needs libmariadb-dev and pkg-config): its tests are absent")


if __name__ == "__main__":
    main()
