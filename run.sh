#!/bin/bash
# The operator's one command.  Finds what is missing, builds, and hands over to the program;
# `./run.sh --help` lists what it can do.
set -eu
# a closed stream is as if it were /dev/null: it must not become the number of a file that is opened next
for stream in 0 1 2; do
	[ -e /dev/fd/$stream ] || case $stream in
	0) exec </dev/null ;;
	1) exec >/dev/null ;;
	2) exec 2>/dev/null ;;
	esac
done
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

# What the program needs, and what its checks need besides: Debian's package by what proves that it is
# there, a command or a C header.
program=(gcc=gcc make=make awk=mawk curl/curl.h=libcurl4-openssl-dev csv.h=libcsv-dev
	cjson/cJSON.h=libcjson-dev sqlite3.h=libsqlite3-dev utf8proc.h=libutf8proc-dev openssl/sha.h=libssl-dev)
sandbox=(sqlite3=sqlite3 microhttpd.h=libmicrohttpd-dev zlib.h=zlib1g-dev)
checks=(cmocka.h=libcmocka-dev clang-format=clang-format clang-tidy=clang-tidy shellcheck=shellcheck)

is_there() {
	case $1 in
	*.h) printf '#include <stddef.h>\n#include <%s>\n' "$1" | gcc -E -x c - >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# Install what is missing, after saying so; without the right to, print the line to run.
require() { # PROOF=PACKAGE ...
	local need=() as_root=() one
	for one; do
		is_there "${one%=*}" || need+=("${one#*=}")
	done
	[ ${#need[@]} -gt 0 ] || return 0
	need+=(libc6-dev)
	if [ "$(id -u)" != 0 ]; then
		if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
			echo "missing packages; run this once:  apt-get update && apt-get install ${need[*]}" >&2
			exit 69
		fi
		as_root=(sudo)
	fi
	echo "installing: ${need[*]}" >&2
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 &&
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >&2 || {
		echo "missing packages could not be installed; run this once:  apt-get update && apt-get install ${need[*]}" >&2
		exit 69
	}
}

# What an outer Make, or a habit, would say to ours: another folder, another file, only a list of what to do.
unset MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEFILES MAKELEVEL MAKE_RESTARTS MAKEOVERRIDES VPATH GPATH SUFFIXES B
[ "${1-}" = test ] || unset SAN

build() {
	make -C "$home" -s -j"$(nproc)" "$@" >&2 && return
	mkdir -p "$home/build" 2>/dev/null && [ -w "$home/build" ] || {
		echo "nothing can be written in $home/build: its owner, or root, must build it once: $home/run.sh --help" >&2
		exit 74
	}
	echo "Pearlbridge could not be built in $home; what the compiler says stands above" >&2
	exit 70
}

case "${1-}" in
test)
	require "${program[@]}" "${sandbox[@]}" "${checks[@]}"
	build build sandbox unit
	exec make -C "$home" -s check
	;;
demo)
	require "${program[@]}" "${sandbox[@]}"
	build build sandbox
	shift
	exec "$home/tests/demo.sh" "$@"
	;;
esac
[ -x "$home/build/pearlbridge" ] || require "${program[@]}"
build build
# messages print commands that can be pasted: this one, as it was called
case $0 in
*/*) export PEARLBRIDGE_CALLED=$0 ;;
*) export PEARLBRIDGE_CALLED=./$0 ;;
esac
exec "$home/build/pearlbridge" "$@"
