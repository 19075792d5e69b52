#!/bin/bash
# Exit 0 means that every stage of the run wrote its row, whatever Make said: a Make that lies, made-up stamps, an exchanged database, Make's variables.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"
stages_now() { sql_store "SELECT count(*) FROM stage WHERE run_id = (SELECT max(id) FROM run)"; }
run_store 0
all=$(stages_now)

say "the stages of the program and of the Makefile hang together in the same way"
expect_eq "needs" "$(sed -n 's/^\$(call ok,\([a-z.]*\)): *\(.*\)/\1 \2/p' "$home/Makefile" | sed 's/\$(call ok,\|)\|\$(MAPPINGS\|  *$//g' | sed 's/  */ /g; s/ $//')" \
	"$(sed -n '/^const struct stage_entry/,/^};/p' "$home/jobs/stages.c" | grep -o '{"[a-z.]*", [a-z_]*, "[a-z. ]*"' | sed 's/{"\([a-z.]*\)", [a-z_]*, "\(.*\)"/\1 \2/; s/ $//')"

say "variables that Make obeys are dropped"
put_order "$(order 2 a@x.example "$(line MUG 1 10.00)")"
for variable in GNUMAKEFLAGS=-t GNUMAKEFLAGS=-n MAKEFLAGS=t MAKEFLAGS=-n MFLAGS=-n MAKELEVEL=7 MAKEFILES=/nowhere/x.mk SHELL=/bin/false VPATH=/ SAN='$(shell kill $$PPID)' POSIXLY_CORRECT=1 PEARLBRIDGE_JOBS='1 -n'; do
	export "${variable?}"
	run_store 0
	unset "${variable%%=*}"
	expect_eq "stages with $variable" "$(stages_now)" "$all"
done
expect_eq orders "$(orders_there)" "BC-1 BC-2"

say "a Make that says that all is well"
mkdir "$work/bin"
path=$PATH
put_order "$(order 3 a@x.example "$(line MUG 1 10.00)")"
printf '#!/bin/sh\nexit 0\n' >"$work/bin/make" && chmod +x "$work/bin/make"
PATH=$work/bin:$path run_store 75
expect_has "what is told" "$told" "the run is not complete: the database has no row of reference.extract, reference.transform, orders.extract"
expect_has "the run" "$said" "(exit 75)"
PATH=$work/bin:$path run_store 75 orders
expect_has "of a part" "$told" "no row of reference.extract"
expect_no "of a part" "$told" "reconcile"
say "one that is asked to end when all of it is done: it is complete"
cat >"$work/bin/make" <<-END
	#!/bin/bash
	PATH=$path
	make "\$@"
	kill -TERM \$PPID
	sleep 2
END
PATH=$work/bin:$path run_store 0
expect_eq "stages" "$(stages_now)" "$all"
put_order "$(order 4 a@x.example "$(line MUG 1 10.00)")"
say "one that makes stamps of its own after the first stages"
cat >"$work/bin/make" <<-END
	#!/bin/sh
	PATH=$path
	make "\$1" "\$2" "\$3" "\$4" data/run/orders.extract.ok
	for s in customers.extract customers.transform customers.load orders.transform orders.load; do touch "$store/data/run/\$s.ok"; done
	exec make "\$@"
END
PATH=$work/bin:$path run_store 75
expect_has "what is told" "$told" "orders.load"
run_store 0
expect_eq orders "$(orders_there)" "BC-1 BC-2 BC-3 BC-4"

say "the database is exchanged while the run is on: for none, for one of before"
sqlite3 "$store/data/pearlbridge.db" ".backup $work/before.db"
for with in '' "$work/before.db"; do
	n=$((n + 1))
	put_order "$(order $((n + 3)) a@x.example "$(line MUG 1 10.00)")"
	cat >"$work/bin/make" <<-END
		#!/bin/sh
		PATH=$path
		rm -f "$store"/data/pearlbridge.db*
		[ -z "$with" ] || cp "$with" "$store/data/pearlbridge.db"
		exec make "\$@"
	END
	PATH=$work/bin:$path run_store 75
	expect_has "what is told" "$told" "replaced"
	later 20
	run_store 0
	expect_eq "orders" "$(orders_there | wc -w)" $((n + 3))
	expect_exact
done

say "a stage by hand: only in a run, and it writes nothing but that run's stamps"
touch "$work/mine"
run_store 64 stage orders.load
run_store 64 stage orders.load "$work/mine"
mkdir "$work/elsewhere"
fault api=brightpearl path=/order-service/sales-order/ kind=status_before arg=503 times=-1
put_order "$(order 9 a@x.example "$(line MUG 1 10.00)")"
run_store 75
PEARLBRIDGE_RUN=1 run_store 75 stage orders.transform
expect_has "what is told" "$told" "run 1 is not open in this database"
sql_sandbox "DELETE FROM fault"
mv "$store/data/run" "$work/kept" && ln -s "$work/elsewhere" "$store/data/run"
run_store 73
expect_has "what is told" "$told" "data/run is no folder"
expect_eq "written elsewhere" "$(ls "$work/elsewhere")" ""
rm "$store/data/run" && mv "$work/kept" "$store/data/run"
later 3
run_store 0

say "a mended mapping that meets an outage: what this attempt met is told, not what the last one did"
sed -i 's/^Online shop/Nowhere shop/; s/,Online shop,/,Nowhere shop,/' "$store/mappings/sales.csv"
put_order "$(order 10 a@x.example "$(line MUG 1 10.00)")"
run_store 78
cp "$home/mappings/sales.csv" "$store/mappings/sales.csv"
fault api=bigcommerce path=/v2/orders kind=status_before arg=503 times=-1
run_store 75
sql_sandbox "DELETE FROM fault"
fault api=bigcommerce path=/v2/orders kind=status_before arg=403 times=-1
run_store 77
sql_sandbox "DELETE FROM fault"
run_store 0
expect_eq "orders" "$(of_order 10 1)" 1

say "a mended mapping and then a refused token: nothing of the attempt before is told, nor advised"
sed -i 's/^Online shop/Nowhere shop/; s/,Online shop,/,Nowhere shop,/' "$store/mappings/sales.csv"
run_store 78
cp "$home/mappings/sales.csv" "$store/mappings/sales.csv"
fault api=bigcommerce kind=status_before arg=401 times=-1
run_store 77
[[ $said$told != *complaint* ]] || bad "complaints that were mended are told: $said$told"
run_store 0 status
[[ $said != *complaint* ]] || bad "status tells complaints that were mended: $said"
expect_has "what is next" "$said" "next: mend the credentials"
sql_sandbox "DELETE FROM fault"
run_store 0

say "--only that is refused leaves no run open"
run_store 64 orders.load --only
expect_eq "open runs" "$(sql_store "SELECT count(*) FROM run WHERE state = 'open'")" 0

say "plan names nothing of a job that is off, whatever was planned before"
setting payments.enabled plan
put_order "$(order 11 a@x.example "$(line MUG 1 10.00)" '"payment_method":"Credit Card"')"
run_store 0 plan payments
setting payments.enabled no
run_store 0 plan payments
[[ $said != *"payments: would"* ]] || bad "plan names payments: $said"
