#!/usr/bin/env bash
# Builds both images by their Containerfiles where there is no registry and no container engine, only Debian's packages and a Swift
# toolchain, and lays their file trees out to be looked at and run. Needs root, and no privilege that a container lacks.
#
#   deploy/container/build.sh DIR      leaves DIR/{base,gateway,desk} (file trees) and DIR/{gateway,desk}.json (what is said of them)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=deploy/install.sh
. "$root/deploy/install.sh"

[ $# -eq 1 ] || { echo "usage: deploy/container/build.sh DIR" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || die "building images without a container engine needs root"
mkdir -p "$1"
out=$(cd "$1" && pwd)
cache=$root/.build/container     # the bare systems, and the build folder of the gateway
mkdir -p "$cache/swift"
need_packages buildah debootstrap
need_swift
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
[ "$toolchain" != /usr ] || die "a Swift toolchain in /usr cannot be lent to a build"
mirror=http://deb.debian.org/debian

# Chroot isolation is what works without mounting cgroups; vfs is the storage that works on any file system.
images() { buildah --root "$out/storage" --runroot "$out/run" --storage-driver vfs "$@"; }

# --- bare systems instead of the images of a registry ----------------------------------------------------------------------------
# bare_system NAME PACKAGES: a minimal Debian with these packages too, kept as an archive.
bare_system() {
    local name=$1 packages=$2 home
    [ -s "$cache/$name.tar" ] && [ "$(cat "$cache/$name.packages" 2>/dev/null)" = "$packages" ] && return 0
    say "making a bare Debian: $name"
    home=$(mktemp -d "/tmp/gatehouse-$name.XXXXXX")     # debootstrap makes devices, which not every file system takes
    debootstrap --variant=minbase ${packages:+"--include=$packages"} bookworm "$home" "$mirror" >"$out/$name.log" 2>&1 ||
        { tail -n 20 "$out/$name.log" >&2; die "debootstrap failed"; }
    printf 'deb %s %s main\n' "$mirror" bookworm "$mirror" bookworm-updates "$mirror-security" bookworm-security >"$home/etc/apt/sources.list"
    # How this machine reaches the archive: proxies, clocks.
    apt-config dump | grep '^Acquire::' >"$home/etc/apt/apt.conf.d/90local" || true
    tar -C "$home" -cf "$cache/$name.tar" --one-file-system \
        --exclude='./dev/*' --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' .
    printf '%s' "$packages" >"$cache/$name.packages"
    rm -rf --one-file-system "$home"
}

# bare_image NAME [SETTING…]: the system as an image of that name.
bare_image() {
    local name=$1 container
    shift
    container=$(images from scratch)
    images add -q "$container" "$cache/$name.tar" / >/dev/null
    [ $# -eq 0 ] || images config "$@" "$container"
    images commit -q --rm "$container" "localhost/$name" >/dev/null
}

# What Swift's own image holds besides Swift, and what the demonstration's holds besides Python.
tools=binutils,ca-certificates,git,libc6-dev,libcurl4,libedit2,libgcc-12-dev,libncurses6,libsqlite3-0,libstdc++-12-dev,libxml2,libz3-4
tools+=,pkg-config,tzdata,zlib1g-dev,python3,python3-venv
bare_system base ''
bare_system tools "$tools"
bare_image base
bare_image tools --env "PATH=$toolchain/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# --- how this machine reaches packages -------------------------------------------------------------------------------------------
# Each build is lent only what it asks for packages by: a bundle of authorities that is lent to pip lies where Debian's package of them
# writes its own.
declare -A for_git=() for_pip=()
# lend BUILD PATH: the same path inside the build, read-only.
lend() { case $2 in /*) [ ! -e "$2" ] || printf -v "$1[$2]" %s "--volume=$2:$2:ro" ;; esac; }

rm -f "$out/gitconfig"
git config --file "$out/gitconfig" safe.directory '*'
while read -r key value; do
    git config --file "$out/gitconfig" --add "$key" "$value"
    place=${key#url.}
    lend for_git "${place%.insteadof}"
done < <(git config --get-regexp '^url\..*\.insteadof$' || true)

echo '[global]' >"$out/pip.conf"
while IFS='=' read -r key value; do
    printf '%s = %s\n' "$key" "$value" >>"$out/pip.conf"
    lend for_pip "$value"
done < <(python3 -m pip config list 2>/dev/null | sed -n "s/^\(global\|:env:\)\.\(cert\|find-links\|index-url\|extra-index-url\)='\(.*\)'$/\2=\3/p" | sort -u)

# --- the images ------------------------------------------------------------------------------------------------------------------
build() {
    images bud --isolation chroot --format docker "$@" "$root"
}

say "building the gateway's image"
build -f "$root/deploy/Containerfile" -t localhost/gateway --ignorefile "$root/.containerignore" \
    --build-arg SWIFT_IMAGE=localhost/tools --build-arg BASE_IMAGE=localhost/base \
    -v "$toolchain:$toolchain:ro" -v "$out/gitconfig:/etc/gitconfig:ro" -v "$cache/swift:/gatehouse/.build" "${for_git[@]}" >"$out/gateway.log" 2>&1 ||
    { tail -n 40 "$out/gateway.log" >&2; die "the gateway's image could not be built"; }
say "building the desk's image"
build -f "$root/deploy/demo/Containerfile" -t localhost/desk --ignorefile "$root/.containerignore" --build-arg PYTHON_IMAGE=localhost/tools \
    -v "$out/pip.conf:/etc/pip.conf:ro" "${for_pip[@]}" >"$out/desk.log" 2>&1 ||
    { tail -n 40 "$out/desk.log" >&2; die "the desk's image could not be built"; }

for name in base gateway desk; do
    container=$(images from "localhost/$name")
    # vfs keeps whole trees, so that a mounted one is only a folder.
    ln -sfn "$(images mount "$container")" "$out/$name"
    images inspect --type image "localhost/$name" >"$out/$name.json"
done
