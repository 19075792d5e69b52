#!/bin/bash
# The token lacks a scope: 77, who refused and what it was for; once granted, the next run just works.
. "$(dirname "$0")/lib.sh"
start_sandbox
product 1 MUG
n=0
for scope in orders products information customers channels orders; do
	n=$((n + 1))
	make_store $n
	[ $scope != customers ] || mapping sales.csv '*,id:3,*,*,Wholesale,,,,,,,'
	sql_sandbox "INSERT OR IGNORE INTO bc_customer_group (id, name) VALUES (3, 'Trade')"
	put_order "$(order $n a@x.example "$(line MUG 1 10.00)" '"customer":{"id":9,"email":"a@x.example","first_name":"T","last_name":"R"}')"
	switch bc_denied_scopes $scope
	code=0
	timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || code=$?
	told=$(<"$work/told") said=$(<"$work/said")
	case $scope in
	orders) # nothing can be done without
		expect_eq "code without the scope $scope" "$code" 77
		expect_has "who refused" "$told$said" BigCommerce
		expect_no "no advice to rewrite the mappings" "$told$said" "write its id"
		expect_eq "orders" "$(of_order $n 1)" ""
		;;
	*) [[ " 0 65 77 78 " == *" $code "* ]] || bad "code without the scope $scope is $code: $said" 0 ;;
	esac
	switch bc_denied_scopes ''
	run_store 0
	expect_eq "the order after $scope was granted" "$(of_order $n 1)" 1
done
