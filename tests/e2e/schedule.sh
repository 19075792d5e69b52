#!/bin/bash
# The systemd templates are well-formed; skipped where systemd is not installed.
set -eu
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if ! command -v systemd-analyze >/dev/null; then
	echo "skipped: no systemd-analyze"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$home"/jobs/schedule/pearlbridge@.* "$work"
# its example lines switched on, and a program that exists
sed -i -e 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' -e 's/^#LoadCredential/LoadCredential/' "$work/pearlbridge@.service"
for unit in service timer; do
	systemd-analyze verify "$work/pearlbridge@.$unit" 2>"$work/said" || { cat "$work/said"; exit 1; }
	if grep "pearlbridge@" "$work/said"; then
		exit 1
	fi
done
