"""
Install the drivers that need something of the system, where it can be had.

mysqlclient, MariaDB Connector/Python, CyMySQL and psycopg2cffi have no wheels for Linux and need client
headers; pyodbc has one, but needs a driver manager and drivers.  As root on a Debian system these are
fetched with apt; elsewhere the tests that need the drivers report them as absent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# module -> what to install
DRIVERS = {
    "MySQLdb": "mysqlclient>=2.2",
    "mariadb": "mariadb>=1.1.11",
    "cymysql": "cymysql>=1.1",
    "psycopg2cffi": "psycopg2cffi>=2.9",
    "pyodbc": "pyodbc>=5.0",
}
SYSTEM = (
    "libmariadb-dev",
    "libpq-dev",
    "pkg-config",
    "gcc",
    "unixodbc",
    "odbc-mariadb",
    "libsqliteodbc",
    "odbc-postgresql",
)
# ODBC drivers that tests name
ODBC = ("MariaDB Unicode", "SQLite3", "PostgreSQL Unicode")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def missing() -> list[str]:
    """Return what can't be imported."""
    return [
        package
        for module, package in DRIVERS.items()
        if subprocess.run([sys.executable, "-c", f"import {module}"], **QUIET).returncode != 0
    ]


def lacks_odbc_drivers() -> bool:
    """Return whether an ODBC driver is not there."""
    look = f"import pyodbc, sys; sys.exit(not set({ODBC!r}) <= set(pyodbc.drivers()))"
    return subprocess.run([sys.executable, "-c", look], **QUIET).returncode != 0


def pip_install() -> bool:
    """Return whether all drivers can be imported, those that pip could build included."""
    for package in missing():
        # one that can't be built keeps no other away
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", package], **QUIET)
    return not missing()


def apt_install() -> bool:
    """Return whether apt could install what the drivers need."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=environment, **QUIET)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *SYSTEM]
    return subprocess.run(install, env=environment, **QUIET).returncode == 0


def main() -> None:
    """Install the drivers, or say which are absent."""
    if (not pip_install() or lacks_odbc_drivers()) and not (apt_install() and pip_install()):
        print(
            f"{' '.join(missing()) or 'ODBC drivers'}: not installed (they need a C compiler and "
            f"{', '.join(SYSTEM)}); their tests are absent"
        )


if __name__ == "__main__":
    main()
