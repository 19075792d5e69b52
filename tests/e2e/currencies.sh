#!/bin/bash
# Currency other than the account's base: the store's rate, else none, then a reject; never a guess.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mapping taxes.csv '*,*,*,*,*,20,T20,'
mug=$(line MUG 1 10.00)
rate() { printf '"currency":"%s","raw":{"store_default_currency_code":"%s","store_default_to_transactional_exchange_rate":%s}' "$@"; }
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug" "$(rate USD GBP '"1.2500000000"')"),
	$(order 3 a@x.example "$mug" "$(rate EUR GBP '"1.1627906977"')"), $(order 4 a@x.example "$mug" "$(rate EUR USD '"0.9"')"),
	$(order 5 a@x.example "$mug" "$(rate USD GBP null)")]"
run_store 0
expect_eq "base" "$(of_order 1 "currency, exchange_rate, fixed_rate, total")" "GBP|1000000|1|100000"
expect_eq "dollars" "$(of_order 2 "currency, exchange_rate, fixed_rate, total")" "USD|800000|1|100000"
expect_eq "euros" "$(of_order 3 "currency, exchange_rate")" "EUR|860000"
expect_eq "store's default is not the account's base, or no rate told: from currency-search" "$(of_order 4 "currency, exchange_rate") $(of_order 5 "currency, exchange_rate")" "EUR|860000 USD|800000"
expect_eq rejects "$(rejects)" ""
say "a currency that Brightpearl does not have is a reject"
put_order "$(order 6 a@x.example "$mug" "$(rate CHF GBP null)")"
run_store 65
expect_eq rejects "$(rejects)" "order:6 currency_rate"
