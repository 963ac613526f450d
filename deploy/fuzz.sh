#!/usr/bin/env bash
# Feeds the parsers what nobody would send: builds the fuzz targets of Tests/Fuzz with libFuzzer and AddressSanitizer, and runs
# them two at a time. A target ends with the first input that breaks a law or touches memory that is not its own; the input is
# kept. The last line says how many targets passed and failed.
#
# A run goes on from the inputs that earlier runs found worth keeping, and takes its chances anew each time. With --seed it begins
# with Tests/Fuzz/Seeds alone and makes the same choices every time: so deploy/check.sh --full feeds each target for 15 seconds, and
# what it finds in a tree it finds there again. A change of the parsers deserves a long run without.
set -euo pipefail

all=(HTTP JSON Events Messages JWS Forms URIs Configuration)

usage() {
    cat <<TEXT
usage: deploy/fuzz.sh [--runs N | --seconds N] [--seed N] [TARGET...]

  --runs N       how many inputs each target is fed
  --seconds N    for how long each target is fed (default: 10)
  --seed N       makes the same choices every time, from the same beginning (default: new ones, from where the last run ended)
  TARGET         one of ${all[*]} (default: all)

To run an input again: .build-fuzz/release/FuzzTARGET FILE
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=deploy/install.sh
. "$root/deploy/install.sh"

amount=-max_total_time=10 seed='' targets=()
while [ $# -gt 0 ]; do
    case $1 in
    --runs | --seconds | --seed)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }
        case $1 in
        --runs) amount=-runs=$2 ;;
        --seconds) amount=-max_total_time=$2 ;;
        --seed) seed=$2 ;;
        esac
        shift 2
        ;;
    -h | --help) usage; exit 0 ;;
    *)
        [[ " ${all[*]} " = *" $1 "* ]] || { usage >&2; exit 2; }
        targets+=("$1")
        shift
        ;;
    esac
done
[ "${#targets[@]}" -gt 0 ] || targets=("${all[@]}")

work=$root/.build-fuzz

build() {
    local product=()
    [ "${#targets[@]}" -gt 1 ] || product=(--product "Fuzz${targets[0]}")
    # Both sanitizers are set in Package.swift; this one keeps SwiftPM from looking for a main function.
    GATEHOUSE_FUZZ=1 swift build -c release --scratch-path "$work" --sanitize fuzzer "${product[@]}" >"$work/build.log" 2>&1 || {
        grep -E 'error:' "$work/build.log" >&2 || tail -n 20 "$work/build.log" >&2
        die "the fuzz targets cannot be built; see $work/build.log"
    }
}

# The raw messages of the other tests are a start too.
wire_seeds() {
    python3 - "$work/wire" <<'PYTHON'
import json
import pathlib
import sys

place = pathlib.Path(sys.argv[1])
place.mkdir(exist_ok=True)
for kind in ("requests", "responses"):
    for number, row in enumerate(json.loads(pathlib.Path(f"Tests/Wire/{kind}.json").read_text())):
        if len(raw := row.get("raw", "").encode("latin-1")) <= 512:
            (place / f"{kind}-{number}").write_bytes(raw)
PYTHON
}

# The longest input of a target, in bytes: what its parser has to say is said in that.
longest() {
    case $1 in
    JWS) echo 1024 ;;
    Events) echo 128 ;;
    URIs) echo 256 ;;
    Configuration) echo 400 ;;
    *) echo 512 ;;
    esac
}

# run TARGET: feeds one target; its line goes to a file of its own.
run() {
    local target=$1 log=$work/$1.log line=$work/$1.line status=0 runs speed edges found seeds corpus=$work/corpus/$1 same=no
    seeds=("Tests/Fuzz/Seeds/$target")
    [ "$target" != HTTP ] || seeds+=("$work/wire")
    if [ -n "$seed" ]; then
        same=yes corpus=$work/seeded/$target
        rm -rf "$corpus"
    fi
    mkdir -p "$corpus" "$work/findings"
    # Stacks of allocations cost half of the time, and a finding has its stack without them; Swift's own report of a crash
    # would be in the way of the sanitizer's.
    # Hashes that differ between two runs would lead them apart.
    ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=8 SWIFT_BACKTRACE=enable=no SWIFT_DETERMINISTIC_HASHING=$same \
        "$work/release/Fuzz$target" "$amount" -max_len="$(longest "$target")" -dict="Tests/Fuzz/Dictionaries/$target.dict" \
        -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 -reload=0 -seed="${seed:-0}" -artifact_prefix="$work/findings/$target-" \
        "$corpus" "${seeds[@]}" </dev/null >"$log" 2>&1 || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    edges=$(grep -a -o ' cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9) || true
    printf '%-14s %10s runs  %7s/s  %6s edges  ' "$target" "${runs:-?}" "${speed:-?}" "${edges:-?}" >"$line"
    if [ "$status" -eq 0 ]; then
        echo ok >>"$line"
        return 0
    fi
    {
        echo FAILED
        grep -a -E 'broken: |^SUMMARY|ERROR: ' "$log" | head -n 4 | sed 's/^/    /' || true
        found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        echo "    run again: .build-fuzz/release/Fuzz$target ${found:-(no input was kept; see $log)}"
    } >>"$line"
    return 1
}

need_packages libevent-dev libssl-dev libyaml-dev libsqlite3-dev pkg-config python3
need_swift
mkdir -p "$work"
say "building"
build
wire_seeds
say "feeding ${targets[*]}"
passed=0 failed=0 running=0
trap 'jobs -p | xargs -r kill 2>/dev/null' EXIT
for target in "${targets[@]}"; do
    if [ "$running" -eq 2 ]; then
        if wait -n; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
        running=1
    fi
    run "$target" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
    if wait -n; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    running=$((running - 1))
done
for target in "${targets[@]}"; do cat "$work/$target.line"; done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
