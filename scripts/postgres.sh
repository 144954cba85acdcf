# A PostgreSQL of one's own for as long as a script runs. Sourced after steps.sh; needs initdb and pg_ctl on the machine.
# start_postgres sets $postgres to a connection string of a superuser of that cluster; stop_postgres removes every trace of it.

postgres_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -1)
    # The version the product is meant for comes first; a later one will do.
    for found in /usr/lib/postgresql/15/bin "$found" "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
        [ -x "$found/initdb" ] && { echo "$found"; return 0; }
    done
    return 1
}

# PostgreSQL refuses to run as root, and so do we.
as_postgres() {
    if [ "$(id -u)" != 0 ]; then "$@"; return; fi
    local account=nobody
    ! id postgres >/dev/null 2>&1 || account=postgres
    # A fresh environment and a folder that account may stand in.
    (cd / && setpriv --reuid "$account" --regid "$(id -g "$account")" --clear-groups env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@")
}

start_postgres() {
    local bin password account port try
    bin=$(postgres_bin) || die "Chưa có PostgreSQL." "PostgreSQL (postgresql-15) is not installed."
    postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/lienthong-pg.XXXXXX")
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" >"$postgres_folder/password"
    if [ "$(id -u)" = 0 ]; then
        account=nobody
        ! id postgres >/dev/null 2>&1 || account=postgres
        chown -R "$account" "$postgres_folder"
    fi
    as_postgres "$bin/initdb" -D "$postgres_folder/data" -U lienthong -E UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
        --pwfile="$postgres_folder/password" --no-sync >"$postgres_folder.log" 2>&1 || { cat "$postgres_folder.log" >&2; return 1; }

    # Tests throw everything away, so nothing needs to survive a power cut; a bench sets postgres_durable and pays for every commit.
    local haste="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    [ -z "${postgres_durable:-}" ] || haste=
    for try in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + RANDOM % 20000))
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
        if as_postgres "$bin/pg_ctl" -D "$postgres_folder/data" -w -t 60 -l "$postgres_folder/server.log" start -o \
            "-p $port -c listen_addresses=localhost -c unix_socket_directories=$postgres_folder $haste -c max_connections=300 -c shared_buffers=${postgres_memory:-128MB}" \
            >>"$postgres_folder.log" 2>&1; then
            postgres="Host=localhost;Port=$port;Username=lienthong;Password=$password;Database=postgres"
            return 0
        fi
    done
    cat "$postgres_folder.log" "$postgres_folder/server.log" >&2
    return 1
}

stop_postgres() {
    [ -n "${postgres_folder:-}" ] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" -D "$postgres_folder/data" -m immediate -w -t 30 stop >/dev/null 2>&1 || true
    rm -rf "$postgres_folder" "$postgres_folder.log"
    postgres_folder=
}
