#!/bin/bash
# The operator's one command.  Finds what is missing, builds, and hands over to the program;
# `./run.sh --help` lists what it can do.
set -eu
home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Packages by what proves that they are there.
packages() {
	local need=()
	for tool in gcc make awk; do
		command -v "$tool" >/dev/null || need+=("${tool/awk/mawk}")
	done
	for header in curl/curl.h:libcurl4-openssl-dev csv.h:libcsv-dev cjson/cJSON.h:libcjson-dev \
		sqlite3.h:libsqlite3-dev openssl/sha.h:libssl-dev "$@"; do
		printf '#include <stddef.h>\n#include <%s>\n' "${header%%:*}" |
			gcc -E -x c - >/dev/null 2>&1 || need+=("${header##*:}")
	done
	echo "${need[@]}"
}

# Install what is missing, after saying so; without the right to, print the line to run.
require() {
	local need as_root=()
	need=$(packages "$@")
	[ -n "$need" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
			echo "missing packages; run this once:  apt-get update && apt-get install $need libc6-dev" >&2
			exit 69
		fi
		as_root=(sudo)
	fi
	echo "installing: $need" >&2
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
	# shellcheck disable=SC2086
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need libc6-dev >&2
}

build() {
	make -C "$home" -s -j"$(nproc)" "$@" >&2
}

testing="cmocka.h:libcmocka-dev microhttpd.h:libmicrohttpd-dev zlib.h:zlib1g-dev"
case "${1-}" in
test)
	command -v sqlite3 >/dev/null && extra="" || extra="missing-sqlite3:sqlite3"
	# shellcheck disable=SC2086
	require $testing $extra
	make -C "$home" -s -j"$(nproc)" build sandbox unit >&2
	exec make -C "$home" -s check
	;;
demo)
	command -v sqlite3 >/dev/null && extra="" || extra="missing-sqlite3:sqlite3"
	# shellcheck disable=SC2086
	require $testing $extra
	build build sandbox
	shift
	exec "$home/tests/demo.sh" "$@"
	;;
esac
[ -x "$home/build/pearlbridge" ] || require
build build
exec "$home/build/pearlbridge" "$@"
