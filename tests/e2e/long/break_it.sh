#!/bin/bash
# Take away, one at a time, what makes loading exactly once; each time the sweep must turn red.
# break_it.sh BUILD-FOLDER (make break-it).  The sources are patched in a copy.
set -u
. "$(dirname "$0")/lib_sweep.sh"
home=$(cd "$here/../../.." && pwd)
sweep_begin "$1"
good=$build wrong=0

# A copy of the sources, changed by one sed script per file, and built.
patched() { # patched NAME FILE SED [FILE SED]...
	local tree=$work/$1
	shift
	mkdir "$tree"
	cp -r "$home"/{Makefile,lib,jobs,mappings} "$tree"
	for (( ; $#; )); do
		cp "$tree/$1" "$work/before"
		sed -i "$2" "$tree/$1"
		cmp -s "$tree/$1" "$work/before" && echo "--- the patch of $1 changes nothing" && exit 1
		shift 2
	done
	make -C "$tree" -s -j2 build >&2 || exit 1
	cp "$good/sandbox" "$tree/build/"
	build=$tree/build
}

# What is red here is what break_it wants.
expect() { # expect red|green WHAT FLAVOUR HURT [ARG]
	local out=$work/out
	bad=0
	SWEEP_LINES=1000 sweep "$3" 1 "${@:4}" >"$out"
	if { [ "$bad" = 0 ] && [ "$1" = green ]; } || { [ "$bad" -gt 0 ] && [ "$1" = red ]; }; then
		printf 'ok      %-5s %-34s %s\n' "$1" "$2" "$(tail -n 1 "$out")"
	else
		printf 'FAILED  not %s: %-29s %s\n' "$1" "$2" "$(tail -n 1 "$out")"
		wrong=$((wrong + 1))
	fi
	[ "$1" = green ] && return
	echo "           too many: $(grep -c '^> bp order' "$out") orders, $(grep -c '^> bp contact' "$out") contacts;" \
		"missing: $(grep -c '^< bp order' "$out") orders, $(grep -c '^< bp contact' "$out") contacts; first:" \
		"$(grep -m 1 '^---' "$out")"
}

shops() {
	rm -rf "$work"/{packs0,alone0}
	prepare alone0 load few "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))
	prepare packs0 load many "11 23" bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))
}

shops
expect green "as it is" alone0 reused drop_after
expect green "as it is" packs0 fault drop_after
export PEARLBRIDGE_TEST_POSTFIELDS=1
expect red "with POSTFIELDS" alone0 reused drop_after
unset PEARLBRIDGE_TEST_POSTFIELDS

patched no_claim lib/out.c '/^void out_claim/,/^{/s/^{/{\n\treturn;/'
shops
expect red "without the claim" alone0 crash
expect red "without the claim" packs0 fault drop_after

patched no_look_up \
	jobs/customers/load.c '/^static bool search/,/^}/s/contact = db_int(/contact = 0 * db_int(/' \
	jobs/orders/adopt.c '/^static bool keep_look_up/,/^}/s/WHERE payload ->> /WHERE 0 AND payload ->> /'
shops
expect red "without the look-up" alone0 crash
expect red "without the look-up" packs0 fault drop_after

patched no_patience lib/out.c 's/bool safe = refuses_repeats ||/bool safe = true || refuses_repeats ||/'
shops
expect red "without patience with the index" alone0 crash

echo "$wrong of these are not as they must be"
[ "$wrong" = 0 ]
