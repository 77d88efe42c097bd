#!/bin/sh
# Writes the secrets that docker-compose.yml reads into a folder, once: secrets.sh [FOLDER].
#
# What exists stays. mail_url is not a thing to invent: it must be there before. The folder is closed
# to others; the files in it are readable, because containers read them under users of their own.
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() {
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

# keep NAME TEXT: writes it unless it is there.
keep() {
    [ -s "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"
}

keep secret_key "$(random)"
keep secret_key_fallbacks ""
keep link_key "$(random)"
keep metrics_token "$(random)"
keep postgres_password "$(random)"
keep valkey_password "$(random)"
keep database_url "postgresql://nexxio_site:$(random)@postgres:5432/nexxio"
keep database_system_url "postgresql://nexxio_system:$(random)@postgres:5432/nexxio"
keep database_owner_url "postgresql://nexxio_owner:$(random)@postgres:5432/nexxio"
keep redis_url "redis://:$(cat "$folder/valkey_password")@valkey:6379/0"
[ -s "$folder/mail_url" ] || {
    echo "write $folder/mail_url, such as smtp+tls://login:password@mail.example:587" >&2
    exit 1
}
# Key and certificate that seal documents, bought or made by you. Empty: what is signed is not sealed
# yet, pages say so, and it can be asked for again.
[ -e "$folder/seal" ] || : > "$folder/seal"
chmod 444 "$folder"/*
