#!/bin/bash
# This machine's clock goes three hours ahead, then behind: what was just read is compared all the same.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
said_by() { date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ; } # a moment, seconds from now
for offset in -10800 10800; do
	switch clock_offset_s $offset
	n=$((n + 1))
	put_order "$(order $n a@x.example "$mug" "\"created\":\"$(said_by $((offset - 600)))\"")"
	run_store 0
	expect_eq "order $n" "$(of_order $n 1)" 1
	run_store 0 reconcile
	expect_has "clock $offset s away: both sides have it" "$said" "$n orders, sums equal, 0 differences"
done
