#!/usr/bin/env bash
# Builds the gateway, starts it in front of a real MCP server, makes a user, and says how to try it. Ctrl-C stops both.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: deploy/quickstart.sh [--port N] [--state DIR] [--gateway PROGRAM]

  --port N            where clients reach the gateway (default: 8080, or a free port when that is taken)
  --state DIR         keep keys, user and configuration here (default: a temporary folder, removed at the end)
  --gateway PROGRAM   use this build instead of making one
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/install.sh
. "$root/deploy/install.sh"

port='' state='' program=''
while [ $# -gt 0 ]; do
    case $1 in
    --port | --state | --gateway)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        case $1 in
        --port) port=$2 ;;
        --state) state=$2 ;;
        --gateway) program=$2 ;;
        esac
        shift 2
        ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done

# --- install and build: one run at a time --------------------------------------------------------------------------------------
mkdir -p "$root/.build"
exec 9>"$root/.build/quickstart.lock"
flock -n 9 || { say "waiting for another run to finish building"; flock 9; }

need_packages libevent-dev libssl-dev libyaml-dev libsqlite3-dev pkg-config python3-venv curl
venv=$root/.build/venv/demo
make_venv "$venv" "$root/deploy/demo/requirements.txt"
python=$venv/bin/python

if [ -z "$program" ]; then
    need_swift
    say "building a release of the gateway (the first time takes some minutes)"
    swift build --package-path "$root" -c release --static-swift-stdlib --product gatehouse >&2
    program=$root/.build/release/gatehouse
fi
[ -x "$program" ] || die "there is no program $program"

# --- state, ports, configuration -----------------------------------------------------------------------------------------------
temporary=''
if [ -z "$state" ]; then
    state=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-quickstart.XXXXXX")
    temporary=$state
fi
mkdir -p "$state"
state=$(cd "$state" && pwd)

# free_port WANTED OTHERS…: the wanted port if it is free, else one that is, and none of the others.
free_port() {
    "$python" - "$@" <<'PYTHON'
import socket, sys
for port in (int(sys.argv[1]), *[0] * 50):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
        found = s.getsockname()[1]
        if str(found) not in sys.argv[2:]:
            print(found)
            break
else:
    sys.exit("no free port")
PYTHON
}

wanted=${port:-8080}
port=$(free_port "$wanted")
desk_port=$(free_port 9000 "$port")
health_port=$(free_port 9091 "$port" "$desk_port")
[ "$port" = "$wanted" ] || say "port $wanted is taken, using $port"

configuration=$state/gateway.conf
sed -e "s/127\.0\.0\.1:8080/127.0.0.1:$port/; s/127\.0\.0\.1:9000/127.0.0.1:$desk_port/; s/127\.0\.0\.1:9091/127.0.0.1:$health_port/" \
    "$root/deploy/demo/gateway.conf" >"$configuration"
[ -e "$state/users" ] || (umask 077 && : >"$state/users")

# --- start, and stop whatever happens ------------------------------------------------------------------------------------------
desk='' gateway=''
# shellcheck disable=SC2317  # called by the trap
stop() {
    trap - EXIT INT TERM HUP
    local pid
    for pid in $gateway $desk; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in $gateway $desk; do
        # A call that is still running is waited for, but not for long: the second TERM ends it.
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    [ -z "$temporary" ] || rm -rf "$temporary"
    say "stopped"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# What went wrong, from the log of the part that ended.
failed() {
    tail -n 20 "$2" >&2
    die "the $1 did not start; its log is above"
}

# wait_for NAME PID LOG URL STATUS…: until the URL answers with one of the statuses.
wait_for() {
    local name=$1 pid=$2 log=$3 url=$4 code
    shift 4
    for _ in $(seq 300); do
        kill -0 "$pid" 2>/dev/null || failed "$name" "$log"
        code=$(curl -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 2 "$url" || true)
        case " $* " in *" $code "*) return 0 ;; esac
        sleep 0.1
    done
    failed "$name" "$log"
}

say "starting the ticket desk, an MCP server on port $desk_port"
"$python" "$root/deploy/demo/server.py" --port "$desk_port" >"$state/desk.log" 2>&1 9>&- &
desk=$!
say "starting the gateway on port $port"
"$program" serve --config "$configuration" >"$state/gateway.log" 2>&1 9>&- &
gateway=$!
wait_for "ticket desk" "$desk" "$state/desk.log" "http://127.0.0.1:$desk_port/mcp" 400 405 406
wait_for gateway "$gateway" "$state/gateway.log" "http://127.0.0.1:$health_port/readyz" 200
flock -u 9

# --- what to do with it --------------------------------------------------------------------------------------------------------
url=http://127.0.0.1:$port/tickets/mcp
user=demo
password=$("$python" -c 'import secrets; print(secrets.token_urlsafe(12))')
printf '%s\n' "$password" | "$program" user add "$user" --password-stdin --config "$configuration" >/dev/null ||
    die "the user could not be made"
token=$("$program" token issue --config "$configuration" --server tickets --subject "$user")
call() {
    cat <<TEXT
curl -sS $url \\
  -H 'Authorization: Bearer $1' \\
  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: $2' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"$2","arguments":$3,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
TEXT
}
cat <<TEXT

Both are ready.

URL       $url
USER      $user
PASSWORD  $password

Point an MCP client at the URL; it finds out the rest, and a page asks for the user and the password.

Claude Code, then /mcp in it:

claude mcp add --transport http tickets $url

MCP Inspector:

npx @modelcontextprotocol/inspector --transport http --server-url $url

VS Code:

code --add-mcp '{"name":"tickets","type":"http","url":"$url"}'

Without a client, with a token made here:

TOKEN     $token

$(call "$token" list_tickets '{}')

A token that opens less, with which delete_ticket is neither listed nor allowed:

$program token issue --config $configuration --server tickets --subject $user --scope tickets:read

Logs      $state/gateway.log, $state/desk.log
Stop      Ctrl-C

TEXT

# Ends with the first of the two that ends, or with a signal.
wait -n "$desk" "$gateway" || true
kill -0 "$desk" 2>/dev/null || failed "ticket desk" "$state/desk.log"
failed gateway "$state/gateway.log"
