#!/bin/bash
# What should be a plain file is a named pipe, a folder, a device or a socket: refused before it is opened, by name; nothing hangs.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
make_store
run_store 0
cp -r "$store" "$work/fine"
pipe() { mkfifo "$1"; }
folder() { mkdir -p "$1/inside"; }
device() { ln -s /dev/zero "$1"; }
socket() { # listens for as long as it takes to make the file
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1" 2>/dev/null || mkfifo "$1"
}
fresh() { rm -rf "$store" && cp -r "$work/fine" "$store"; }
patience=40
for kind in pipe folder device socket; do
	say "$kind"
	while read -r code path command; do
		fresh
		mkdir -p "$(dirname "$store/$path")" && rm -rf "${store:?}/$path" && $kind "$store/$path"
		# shellcheck disable=SC2086
		run_store "$code" $command
		expect_has "what is told of $path" "$told$said" "$(basename "$path")"
	done <<-END
		78 mappings/settings.csv
		78 mappings/sku_keys.csv mappings check
		78 .env
		78 .env doctor
		73 data/lock
		73 data/lock retry
		73 data/pearlbridge.db
		73 data/pearlbridge.db status
		73 data/pearlbridge.db explain order 1
		73 data/pearlbridge.db-wal
		73 data/quota
		0 mappings/settings.csv init
	END
done
say "stamps, logs and marks of the open run"
for name in orders.load.log orders.transform.ok.tmp payments.load.off stop; do
	fresh
	fault api=brightpearl path=/order-service/sales-order/ kind=status_before arg=503 times=-1
	n=$((n + 1))
	put_order "$(order $((n + 10)) a@x.example "$(line MUG 1 10.00)")"
	run_store 75
	sql_sandbox "DELETE FROM fault"
	rm -f "$store/data/run/$name"
	mkfifo "$store/data/run/$name"
	code=0
	timeout -k 1 "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
	case $name in
	stop | payments*) expect_eq "code with $name" $code 0 ;;
	*.tmp) expect_eq "code with $name" $code 74 && expect_has "told of $name" "$(cat "$work/told" "$work/said")" "$name" ;;
	*) expect_eq "code with $name" $code 73 && expect_has "told of $name" "$(cat "$work/told" "$work/said")" "$name" ;;
	esac
	rm -f "$store/data/run/$name"
	later 3
	run_store 0
done
say "the mark of stop, left by whoever it was, is no reason to end"
mkfifo "$store/data/stop"
run_store 0
say "a place that cannot be read is no store in which nothing was run yet"
fresh
mv "$store/data" "$store/elsewhere" && touch "$store/data"
run_store 74 status
fresh
rm -rf "$store/mappings" && touch "$store/mappings"
run_store 64 status
store=$work/mistyped run_store 64 status
