# What `lienthong`, `test` and `bench` share. Sourced, never run: it needs $root, the folder of the repository.
# Everything said here goes to standard error, because standard output belongs to the command (`plan extract --json`).

build_folder=$root/.build

say() { printf '%s\n' "$*" >&2; }

die() { say "✗ $1"; [ $# -lt 2 ] || say "  $2"; exit 1; }

# Caches go beside the build when the home folder cannot be written (a service account, a read-only container).
usable_home() {
    if [ -z "${HOME:-}" ] || ! [ -w "$HOME" ]; then
        export HOME=$build_folder/home
        mkdir -p "$HOME" 2>/dev/null || die "Không ghi được vào $build_folder." "Cannot write to $build_folder; give this account the right, or copy the folder elsewhere."
    fi
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
    export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
}

# How the program runs, for `lienthong` and for the benches alike. What outlives one collection is looked at again after six megabytes (in hex);
# left alone it grew to forty. SQLite allocates natively and from every thread; an arena for each of them held half as much again as the rows
# themselves, two hold what is used. Of the buffers of pages a few are kept for the next one, not thirty of each size. Only the environment can say
# it (the rest is in Cli.csproj and NativeMemory.cs); whoever sets it before us knows better.
lean_heap() { export DOTNET_GCGen1MaxBudget=${DOTNET_GCGen1MaxBudget:-600000} MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION=${DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION:-8}; }

need_dotnet() {
    command -v dotnet >/dev/null || die "Chưa có .NET 10 SDK. Cài từ https://dotnet.microsoft.com/download/dotnet/10.0 rồi chạy lại." \
        "The .NET 10 SDK is not installed; install it and run again."
    case $(cd "$root" && dotnet --version 2>/dev/null) in
        10.*) ;;
        *) die "Cần .NET SDK 10; máy này có: $(dotnet --list-sdks 2>/dev/null | sed 's/ .*//' | paste -sd, - || true)." \
               "The .NET SDK 10 is required; the ones found are listed above." ;;
    esac
}

need_node() {
    local found
    found=$(node --version 2>/dev/null || true)
    if ! command -v npm >/dev/null || [ "$(printf '%s' "${found#v}" | cut -d. -f1)" -lt 20 ] 2>/dev/null || [ -z "$found" ]; then
        die "Cần Node 20 trở lên cùng npm; máy này có: ${found:-không có}. Cài từ https://nodejs.org rồi chạy lại." \
            "Node 20 or later with npm is required; found: ${found:-none}."
    fi
}

# The names, sizes and times of all files something is made from, in one number: tens of milliseconds for a thousand files, so it can
# be asked at every start. What a build itself writes is left out.
fingerprint() {
    (cd "$root" && find "$@" \( -name bin -o -name obj -o -name node_modules -o -name wwwroot \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | cksum | tr ' ' '-')
}

# One builder at a time; the others wait for it and then find the work done.
locked() {
    mkdir -p "$build_folder" 2>/dev/null && [ -w "$build_folder" ] ||
        die "Không ghi được vào $build_folder." "Cannot write to $build_folder; give this account the right, or copy the folder elsewhere."
    if command -v flock >/dev/null; then
        exec 9>"$build_folder/lock"
        flock -n 9 || { say "Một tiến trình khác đang dựng chương trình, xin chờ … (another process is building)"; flock 9; }
    fi
    "$@"
    if command -v flock >/dev/null; then exec 9>&-; fi
}

# step "title" command…: runs with its output in the log, shows that it is alive, and on failure shows why.
step() {
    local title=$1 log=$build_folder/build.log began=$SECONDS job
    shift
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null 9>&- &
    job=$!
    trap 'kill "$job" 2>/dev/null; exit 130' INT TERM     # A background job does not hear Ctrl-C by itself.
    if [ -t 2 ]; then
        while kill -0 "$job" 2>/dev/null; do printf '\r%s … %d giây ' "$title" $((SECONDS - began)) >&2; sleep 0.3; done
    else
        say "$title …"
    fi
    local code=0
    wait "$job" || code=$?
    trap - INT TERM
    if [ "$code" = 0 ]; then
        if [ -t 2 ]; then printf '\r%s … xong sau %d giây.\n' "$title" $((SECONDS - began)) >&2; else say "   xong sau $((SECONDS - began)) giây."; fi
    else
        [ ! -t 2 ] || say ""
        tail -n 40 "$log" >&2
        say "✗ Bước này không xong. Nhật ký đầy đủ: $log (the step failed; its full log is in this file)"
        return 1
    fi
}

# The style sheets, scripts and fonts that pages load: from npm, locked, copied into src/Web/wwwroot.
assets_fingerprint() { fingerprint src/Web/assets; }

assets_ready() {
    [ -f "$root/src/Web/assets/package.json" ] || return 0
    [ "$(cat "$build_folder/assets.stamp" 2>/dev/null)" = "$(assets_fingerprint)" ] && [ -d "$root/src/Web/wwwroot" ]
}

make_assets() {
    assets_ready && return 0
    need_node
    step "$1 Tải thư viện giao diện (npm)" npm ci --prefix "$root/src/Web/assets" --no-progress || return 1
    step "$1 Dựng giao diện" npm run build --prefix "$root/src/Web/assets" || return 1
    assets_fingerprint >"$build_folder/assets.stamp"
}
