#!/usr/bin/env bash
# Installs what the tests need, lints, builds, and runs every test. The last line says how many passed and failed.
#
#   deploy/check.sh           less than 20 minutes on two cores, where nothing is installed or built yet
#   deploy/check.sh --full    also what takes minutes each: 1,000 streams, rolling starts, the benchmark beside nginx, fuzzing
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=deploy/install.sh
. "$root/deploy/install.sh"

full='' limit=840     # seconds for the end-to-end tests
case ${1:-} in
'') ;;
--full) full=--full limit=3300 ;;
*)
    echo "usage: deploy/check.sh [--full]" >&2
    exit 2
    ;;
esac

results=$root/.build/results
mkdir -p "$results"
rm -rf "${results:?}"/*
times=() passed=0 failed=0

# part NAME COMMAND…: runs one part, says what it took, remembers a failure and goes on.
part() {
    local name=$1 begun=$SECONDS status=0
    shift
    say "$name"
    "$@" || status=$?
    times+=("$(printf '%4d s  %s%s' $((SECONDS - begun)) "$name" "$([ $status -eq 0 ] || echo '  FAILED')")")
    return $status
}

# count FILE…: adds the tests of these JUnit files to the sums.
count() {
    local numbers
    numbers=$(python3 - "$@" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree
passed = failed = 0
for name in sys.argv[1:]:
    for case in tree.parse(name).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None:
            passed += 1
print(passed, failed)
PYTHON
    )
    passed=$((passed + ${numbers% *}))
    failed=$((failed + ${numbers#* }))
}

# tests NAME FILE COMMAND…: a part that leaves a JUnit file. One that fails without a failed test, or leaves no file, is a failure.
tests() {
    local name=$1 file=$2 before=$failed status=0
    shift 2
    part "$name" "$@" || status=1
    if [ -s "$file" ]; then count "$file"; else status=1; fi
    [ $status -eq 0 ] || [ "$failed" -gt "$before" ] || failed=$((failed + 1))
}

# What went wrong, once more, since the end is what is read first.
failures() {
    local file
    for file in "$results"/swift.txt "$results"/busy.txt; do
        [ -s "$file" ] || continue
        grep -a -E '^(✘|±)|Fatal error|error:' "$file" | cut -c1-400 | head -40 || true
        # A run without its last line crashed, or was ended: what it printed last says where.
        grep -a -q -E '^[✔✘] Test run' "$file" || tail -n 5 "$file" | cut -c1-400
    done
    [ ! -s "$results/end-to-end.xml" ] || python3 - "$results/end-to-end.xml" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    for kind in ("failure", "error"):
        for found in case.findall(kind):
            print(f"{case.get('classname')}::{case.get('name')}: {' '.join((found.get('message') or '').split())[-400:]}")
PYTHON
}

finish() {
    [ "$failed" -eq 0 ] || { say "what failed" && failures; }
    echo
    printf '%s\n' "${times[@]}"
    echo
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

install() {
    need_packages libevent-dev libssl-dev libyaml-dev libsqlite3-dev pkg-config python3-venv curl gcc libc6-dev shellcheck \
        chromium chromium-driver fonts-dejavu-core \
        libhoel1.4 libiddawc1.1 liborcania2.3 librhonabwy1.1 libulfius2.7 libyder2.0 libjansson4 libconfig9 libcbor0.8 liboath0 libldap-2.5-0
    command -v glewlwyd >/dev/null || [ -x "$root/.build/tools/usr/bin/glewlwyd" ] || unpack glewlwyd
    compgen -G "$root/.build/tools/usr/share/cargo/registry/url-*/tests/urltestdata.json" >/dev/null || unpack librust-url-dev
    need_swift
    make_venv "$root/.build/venv/tests" "$root/Tests/EndToEnd/requirements.txt"
    local client
    for client in mcp-1.27:1.27 mcp-1.10:1.10 fastmcp:fastmcp provider:provider; do
        make_venv "$root/.build/venv/${client%:*}" "$root/Tests/EndToEnd/clients/requirements-${client#*:}.txt"
    done
    [ -n "$full" ] || return 0
    need_packages buildah debootstrap docker-compose iproute2 util-linux
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || need_packages nginx-light
    command -v promtool >/dev/null || [ -x "$root/.build/tools/usr/bin/promtool" ] || unpack prometheus
}

# unpack PACKAGE: its files alone, in .build/tools; installing it would start a server.
unpack() {
    local folder
    say "fetching $1"
    folder=$(mktemp -d)
    (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download "$1")
    mkdir -p "$root/.build/tools"
    dpkg-deb -x "$folder/$1"_*.deb "$root/.build/tools"
    rm -rf "$folder"
}

lint() {
    swift format lint --strict --parallel --recursive Sources Tests Package.swift &&
        shellcheck -x deploy/*.sh deploy/container/*.sh .ci/run
}

build_tests() {
    swift build --build-tests --explicit-target-dependency-import-check error
}

# swift_tests SECONDS NAME OPTION…
swift_tests() {
    local seconds=$1 name=$2
    shift 2
    # A test that hangs is a failure, not a wait.
    timeout --kill-after=10 "$seconds" swift test --skip-build --xunit-output "$results/$name.xml" "$@" 2>&1 |
        tee "$results/$name.txt" | grep --line-buffered -E '^(✘|↳|error|fatal|Fatal|Crash|\*\*\*)|^✔ Test run|^◇ Test run'
}

build_release() {
    swift build -c release --static-swift-stdlib --product gatehouse
}

# Two files at a time; what measures, or makes load, has the machine for itself.
end_to_end() {
    local beside=(-n 2 --dist loadfile)
    [ -z "$full" ] || beside=("$full")
    PATH=$PATH:$root/.build/tools/usr/bin GATEHOUSE_BINARY=$root/.build/release/gatehouse PYTHONDONTWRITEBYTECODE=1 \
        timeout --kill-after=10 "$1" "$root/.build/venv/tests/bin/python" -m pytest -q --tb=short -c Tests/EndToEnd/pytest.ini \
        --junit-xml="$results/end-to-end.xml" "${beside[@]}" Tests/EndToEnd
}

# A minute of fuzzing in all: each of the eight targets for 15 seconds, two at a time. The choices are the same every time: what
# stops a landing is in its tree, and not in its luck. Long runs with other choices are made by hand.
fuzz() {
    deploy/fuzz.sh --seconds 15 --seed 1 | tee "$results/fuzz.txt"
}

# fuzz_tests: the part, whose targets count as tests.
fuzz_tests() {
    local status=0 sums
    part "fuzz" fuzz || status=1
    sums=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$results/fuzz.txt")
    [ -n "$sums" ] || sums="0 1"
    passed=$((passed + ${sums% *}))
    failed=$((failed + ${sums#* }))
    [ $status -eq 0 ] || [ "${sums#* }" -gt 0 ] || failed=$((failed + 1))
}

part "install" install
part "lint" lint || failed=$((failed + 1))
part "build with tests" build_tests || { failed=$((failed + 1)); finish; exit 1; }
# What hashes passwords and races databases would starve the tests of sockets beside it, whose times are short on purpose.
busy='^(AuthorizationServerTests|StorageTests)\.'
tests "Swift tests" "$results/swift-swift-testing.xml" swift_tests 600 swift --skip "$busy"
tests "Swift tests of stores and passwords" "$results/busy-swift-testing.xml" swift_tests 600 busy --filter "$busy"
part "build a release" build_release || { failed=$((failed + 1)); finish; exit 1; }
tests "end to end${full:+ (full)}" "$results/end-to-end.xml" end_to_end "$limit"
[ -z "$full" ] || fuzz_tests
finish
