#!/bin/bash
# A store's path, its name and what lies in its folder: any sign works, a typo changes nothing and is told with its cure.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
put_order "$(order 1 a@x.example "$(line MUG 1 10.00)")"

say "a mistyped store or account: told by the variable, and the database is bound to neither"
make_store
for how in 401 404; do
	switch unknown_store $how
	for typo in BIGCOMMERCE_STORE_HASH=abc132 BRIGHTPEARL_ACCOUNT=pearltset; do
		name=${typo%%=*} right=$(sed -n "s/^${typo%%=*}=//p" "$store/.env")
		env_line "$name" "${typo#*=}"
		run_store $([ $how = 404 ] && echo 78 || echo 77)
		expect_has "what is told of $name by $how" "$told" "$name"
		env_line "$name" "$right"
	done
done
expect_eq "bound so far" "$(sql_store "SELECT count(*) FROM binding")" 0
run_store 0
expect_eq "bound by the first success" "$(sql_store "SELECT store_hash || ' ' || account FROM binding")" "abc123 pearltest"
env_line BRIGHTPEARL_ACCOUNT other
run_store 78
expect_has "of another account" "$told" "this database belongs to store and account abc123 and pearltest"
env_line BRIGHTPEARL_ACCOUNT pearltest

say "a mistyped command opens no run and names the near one"
runs=$(sql_store "SELECT count(*) FROM run")
for pair in stauts=status order.load=orders.load paymets=payments; do
	run_store 64 "${pair%=*}"
	expect_has "of ${pair%=*}" "$told" "did you mean \"${pair#*=}\"?"
done
run_store 64 orders stauts
expect_eq runs "$(sql_store "SELECT count(*) FROM run")" "$runs"

say "a folder that is not there, or is no store: 64 from every command, and nothing is made"
there=$store store=$work/nowhere
for command in '' status rejects retry explain plan reconcile doctor 'mappings check' orders 'order 1'; do
	run_store 64 $command
	expect_has "of '$command'" "$told" "there is no store at $store"
done
[ ! -e "$store" ] || bad "a folder was made"
mkdir "$store"
run_store 64 status
expect_has "of a folder that is no store" "$told" "has no mappings/"
expect_eq "what lies in it" "$(ls -A "$store")" ""

say "init makes what is missing above it"
store=$work/a/b/c
run_store 0 init
[ -f "$store/.env" ] && [ -f "$store/mappings/statuses.csv" ] || bad "init made no store"

say "strange files beside the mappings are named, and stop nothing"
store=$there
cp "$store/mappings/statuses.csv" "$store/mappings/statuses (1).csv"
touch "$store/mappings/Settings.csv.bak" "$store/mappings/~\$taxes.csv"
run_store 0
run_store 0 mappings check
expect_has "the check" "$said$told" "statuses (1).csv"
rm "$store"/mappings/{*\(1\)*,~*,*.bak}

say "any sign in the paths of store and program"
sign=$'a b&c;d\'e"f`g$(h)#i*j?k[l]m%n:o\\p=q,r\ns'
cp -r "$store" "$work/$sign"
store=$work/$sign
put_order "$(order 2 b@x.example "$(line MUG 1 10.00)")"
run_store 0
run_store 0 status
expect_eq "orders there" "$(orders_there)" "BC-1 BC-2"
mkdir -p "$work/p $sign/build" && cp "$build/pearlbridge" "$work/p $sign/build/" && cp "$home/Makefile" "$work/p $sign/"
put_order "$(order 3 c@x.example "$(line MUG 1 10.00)")"
code=0
"$work/p $sign/build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
expect_eq "exit code of a program in an odd place" "$code" 0
expect_eq "orders there" "$(orders_there)" "BC-1 BC-2 BC-3"
POSIXLY_CORRECT=1 GNUMAKEFLAGS=-t MAKEFILES=/nowhere run_store 0
expect_eq "stages that really ran" "$(sql_store "SELECT count(*) > 5 FROM stage WHERE run_id = (SELECT max(id) FROM run)")" 1

say "make sync by hand says what to call; run.sh works through a link"
(cd "$there" && mkdir -p data/run && ! make -s -f "$home/Makefile" sync) >"$work/told" 2>&1
expect_has "make sync" "$(<"$work/told")" ./run.sh
ln -s "$home/run.sh" "$work/pearl"
expect_has "run.sh through a link" "$("$work/pearl" --help 2>&1)" "usage: ./run.sh"
