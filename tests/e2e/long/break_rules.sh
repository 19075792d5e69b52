#!/bin/bash
# Take one rule out of the program at a time; its scenario must turn red.  break_rules.sh [NAME ...]
# (part of make break-it).  A rule is a file rules/NAME:
#
#   # what the rule says
#   scenario e2e/taxes.sh
#   patch jobs/orders/rate.sql s/one thing/another/
#
# `patch` is a file and a sed script for it, to the end of the line; there may be several.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree wrong=0 log=/dev/null

# The sources as they are: make builds again only what a patch touches.
fresh_tree() {
	mkdir -p "$tree"
	cp -r -p -u "$home"/{Makefile,run.sh,README.md,lib,jobs,mappings,tests} "$tree"
}

# Also keeps what it needs to put the file back.
apply_patch() { # FILE SED
	cp -p "$tree/$1" "$work/before" 2>/dev/null || { echo "no file $1" && return 1; }
	sed -i "$2" "$tree/$1"
	touched+=("$1")
	! cmp -s "$tree/$1" "$work/before" || { echo "the patch of $1 changes nothing" && return 1; }
}

break_rule() { # RULE FILE: 0 when its scenario notices
	local word rest scenario=''
	touched=()
	while read -r word rest; do
		case $word in
		scenario) scenario=$rest ;;
		patch) apply_patch "${rest%% *}" "${rest#* }" || return 2 ;;
		esac
	done <"$1"
	make -C "$tree" -s -j2 build sandbox || return 2
	! bash "$tree/tests/$scenario" "$tree/build"
}

restore() {
	local file
	for file in "${touched[@]}"; do cp "$home/$file" "$tree/$file"; done # younger than its object
}

[ $# -gt 0 ] || set -- $(cd "$here/rules" && ls)
fresh_tree
make -C "$tree" -s -j2 build sandbox || exit 1
for name; do
	log=$work/$name.log code=0
	break_rule "$here/rules/$name" >"$log" 2>&1 || code=$?
	restore
	if [ "$code" = 0 ]; then
		echo "ok      red without $name"
	else
		echo "FAILED  not red without $name" && tail -n 20 "$log" | sed 's/^/        /'
		wrong=$((wrong + 1))
	fi
done
[ "$wrong" = 0 ] || { echo "$wrong rules are not guarded by their scenario" && exit 1; }
