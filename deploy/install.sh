# shellcheck shell=bash
# What the scripts beside this file share: say what is being done, install what is missing. Sourced, not run.

say() { printf '==> %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Installs the Debian packages that are missing. One run at a time: apt's own lock makes the others wait.
need_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "these packages are needed: ${missing[*]}"
    local -a as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "run this once as root, it installs: ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq || die "apt-get update failed"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        die "these packages could not be installed: ${missing[*]}"
}

need_swift() {
    command -v swift >/dev/null || die "Swift 6.3 is needed; swift.org says how to install it"
}

# make_venv HOME REQUIREMENTS: a virtual environment with exactly these requirements, made again when they changed.
make_venv() {
    local home=$1 requirements=$2 python
    if [ -x "$home/bin/python" ] && cmp -s "$requirements" "$home/installed.txt"; then
        return 0
    fi
    say "installing the Python packages of ${requirements#"$root/"}"
    for python in python3 /usr/bin/python3; do
        rm -rf "$home"
        mkdir -p "$(dirname "$home")"
        if "$python" -m venv "$home" >/dev/null 2>&1; then
            break
        fi
    done
    [ -x "$home/bin/pip" ] || die "python3 cannot make a virtual environment in $home"
    "$home/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" ||
        die "the packages of $requirements could not be installed"
    cp "$requirements" "$home/installed.txt"
}
