"""Encrypted connections by words of the URL, to a server that takes no others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar import exc, make_url, text


def certificates(folder: Path) -> list[str]:
    """Make an authority and a certificate for 127.0.0.1; return the server's options."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, cwd=folder, capture_output=True)

    key = ("-newkey", "rsa:2048", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=relvar", "-days", "2")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", "server.pem")  # fmt: skip
    for file in folder.iterdir():
        file.chmod(0o644)
    return [f"--ssl-ca={folder}/ca.pem", f"--ssl-cert={folder}/server.pem", f"--ssl-key={folder}/server.key"]


@pytest.fixture(scope="module")
def secure_url(private_server: Any) -> Any:
    """The URL of a server that wants encryption, with the authority's certificate in its query."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here")
    found: dict[str, str] = {}

    def make(folder: Path) -> list[str]:
        found["ssl_ca"] = str(folder / "ca.pem")
        return certificates(folder)

    made = make_url(private_server("--require-secure-transport=ON", before=make))
    return made.update_query_dict(found)


QUERIES: dict[str, dict[str, str]] = {
    "pymysql": {"ssl_check_hostname": "true"},
    "mysqldb": {},
    "mysqlconnector": {"ssl_verify_cert": "true"},
    "mariadbconnector": {"ssl": "true", "ssl_verify_cert": "true"},
}


@pytest.mark.feature("E045")
@pytest.mark.parametrize("driver", QUERIES)
def test_encrypted(secure_url: Any, driver: str) -> None:
    module = {"mysqldb": "MySQLdb", "mysqlconnector": "mysql.connector", "mariadbconnector": "mariadb"}
    pytest.importorskip(module.get(driver, driver))
    made = secure_url.set(drivername=f"mariadb+{driver}").update_query_dict(QUERIES[driver])
    engine = relvar.create_engine(made)
    with engine.connect() as connection:
        name, cipher = connection.execute(text("show status like 'Ssl_cipher'")).one()
        assert (name, bool(cipher)) == ("Ssl_cipher", True)
    engine.dispose()


def test_not_encrypted(secure_url: Any) -> None:
    engine = relvar.create_engine(secure_url.set(query={"ssl_disabled": "true"}))
    with pytest.raises((exc.OperationalError, TypeError)):
        engine.connect()
    engine.dispose()
