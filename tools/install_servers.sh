#!/bin/sh
# Install the database servers that the tests can start privately, with apt, as root.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "No apt-get here: install PostgreSQL, MariaDB and Firebird 3 with your system's package manager." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Run as root: sudo make servers" >&2
    exit 1
fi
# The packages would start their services; tests start private ones instead.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -q --no-install-recommends \
    postgresql pgbouncer mariadb-server libmariadb-dev pkg-config unixodbc odbc-mariadb \
    libsqliteodbc odbc-postgresql libh2-java default-jdk-headless \
    firebird3.0-server firebird3.0-utils libfbclient2 libtommath1
