#!/bin/sh
# Makes (or repairs) the three roles and the database on a PostgreSQL server, as its superuser.
#
# Needs psql 18, PGHOST, PGUSER and PGPASSWORD_FILE (or PGPASSWORD) of the superuser, and the three
# addresses in files: DATABASE_URL_FILE, DATABASE_SYSTEM_URL_FILE, DATABASE_OWNER_URL_FILE. The
# passwords are those in the addresses; they must need no quoting there (letters and digits).
set -eu

fail() {
    echo "roles: $1" >&2
    exit 1
}

# password_of FILE LOGIN: the password in an address like postgresql://LOGIN:password@host/nexxio
password_of() {
    [ -r "$1" ] || fail "$1 can't be read"
    password=$(sed -n "s#^postgres[a-z]*://$2:\([A-Za-z0-9._~-]\{16,\}\)@.*#\1#p" "$1")
    [ -n "$password" ] || fail "$1: no address of $2 with a password of 16 letters and digits or more"
    printf '%s' "$password"
}

here=$(dirname "$0")
sql=${ROLES_SQL:-$here/roles.sql}
[ -r "$sql" ] || sql=$here/../tools/sql/roles.sql
owner=$(password_of "$DATABASE_OWNER_URL_FILE" nexxio_owner)
site=$(password_of "$DATABASE_URL_FILE" nexxio_site)
system=$(password_of "$DATABASE_SYSTEM_URL_FILE" nexxio_system)
[ "$owner" != "$site" ] && [ "$site" != "$system" ] && [ "$owner" != "$system" ] ||
    fail "the three logins need passwords of their own"
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
# By standard input: the command line of a process can be read by others.
{
    printf "\\\\set nexxio_owner '%s'\n\\\\set nexxio_site '%s'\n" "$owner" "$site"
    printf "\\\\set nexxio_system '%s'\n" "$system"
    cat "$sql"
} | psql -X -q -d postgres -f -
echo "roles: nexxio_owner, nexxio_site, nexxio_system and the database nexxio are there."
